"""The sheets of an .xlsx workbook that has passed the gate.

Calamine reads fast; where it cannot tell what a cell holds (Excel errors), where a far corner would cost memory, or
where it gives up, openpyxl reads. Both give the same rows.
"""

import io
import warnings
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

from db.errors import Cancelled
from db.records.kinds import Cell
from forms.errors import FileTrouble
from forms.reading.cell_looks import Looks, read_looks, show_zeros
from forms.reading.safety import BROKEN_ARCHIVE, damaged, inspect, with_plain_paths
from forms.reading.sheet_shape import SheetShape
from forms.reading.table import Table, Tick, hidden_notes, numbered, sound
from forms.reading.workbook_parts import workbook_parts

_MOST_DENSE = 6_000_000  # cells that may be held at once, blank ones included
_CHINESE_DATES = {*range(27, 32), 36, *range(50, 59)}  # built-in formats that every Chinese Excel shows as dates
HIDDEN = "工作表是隐藏的，也已读取"


def read_xlsx(content: bytes, name: str, tick: Tick) -> list[Table]:
    """Return every sheet of a workbook; raise `FileTrouble` with one sentence where it cannot be read."""
    content = with_plain_paths(content)
    shapes = inspect(content, name)
    tick()
    read = _fast if _is_plain(shapes) else _thorough
    tables = None
    for reader in dict.fromkeys((read, _thorough, _fast if _fits(shapes) else _thorough)):
        try:
            tables = reader(content, shapes, name, tick)
            break
        except (FileTrouble, Cancelled):
            raise
        except BaseException as error:
            # A damaged workbook is answered with whatever a parser met; calamine's own panics are no exceptions.
            if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
                raise
    if tables is None or (not tables and _has_lost_sheets(content, shapes)):
        raise damaged(name) from None
    if not tables:
        raise FileTrouble(
            f"工作簿里没有工作表（只有图表或宏表）：{name}。没有导入任何内容；请把数据放进普通的工作表再导入"
        )
    try:
        return _with_looks(tables, content)
    except (
        *BROKEN_ARCHIVE,
        ElementTree.ParseError,
    ):  # the values are there, but whether a row is struck through cannot be told
        raise damaged(name) from None


def _with_looks(tables: list[Table], content: bytes) -> list[Table]:
    """Say which cells are struck through, and write numbers with the zeros that their formats show."""
    paths = _sheet_paths(content)
    looks = read_looks(content, paths.values())
    made = []
    for table in tables:
        seen = looks.get(paths.get(table.sheet, ""), Looks())
        show_zeros(table.rows, seen)
        made.append(replace(table, struck=frozenset(seen.struck)))
    return made


def _has_lost_sheets(content: bytes, shapes: dict[str, SheetShape]) -> bool:
    """Whether the workbook lists sheets of which none is there."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        there = set(archive.namelist())
    try:
        paths = set(_sheet_paths(content).values())
    except (KeyError, ElementTree.ParseError):
        return True
    return bool(paths) and not paths & (there | shapes.keys())


def _fits(shapes: dict[str, SheetShape]) -> bool:
    return all(shape.area <= _MOST_DENSE for shape in shapes.values() if shape.cells)  # one is held at a time


def _is_plain(shapes: dict[str, SheetShape]) -> bool:
    return _fits(shapes) and not any(shape.errors for shape in shapes.values())


def _fast(content: bytes, shapes: dict[str, SheetShape], name: str, tick: Tick) -> list[Table]:
    import python_calamine  # late: a window opens without it

    paths = _sheet_paths(content)
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    tables, area = [], 0
    for meta in book.sheets_metadata:
        if str(meta.typ) != "SheetTypeEnum.WorkSheet":
            continue
        shape = shapes.get(paths.get(meta.name, ""))
        if shape is None:
            raise ValueError(meta.name)
        tick()
        sheet = book.get_sheet_by_name(meta.name)
        # Row by row: taken at once, they would keep the window from answering. Blank columns in front are left out.
        raw = sheet.iter_rows()
        before = [""] * sheet.start[1] if sheet.start else []
        rows = numbered((before + row for row in raw) if before else raw, name, area, tick, plain_row)
        area += sum(len(row) for _, row in rows)
        if shape.values and not rows and sheet.start is None:
            raise ValueError(meta.name)  # nothing where values stand: the other reader may know better
        visible = str(meta.visible) == "SheetVisibleEnum.Visible"
        tables.append(_table(meta.name, rows, shape, visible=visible))
    return tables


def _thorough(content: bytes, shapes: dict[str, SheetShape], name: str, tick: Tick) -> list[Table]:
    import openpyxl  # late: a window opens without it

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # parts of a workbook that we do not read anyway
        book: Any = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for i, style in enumerate(book._cell_styles):
            if style.numFmtId in _CHINESE_DATES:
                book._date_formats.add(i)
        tables, area = [], 0
        try:
            for sheet in book.worksheets:
                sheet.reset_dimensions()
                rows = numbered(sheet.iter_rows(values_only=True), name, area, tick)
                area += sum(len(row) for _, row in rows)
                shape = shapes[str(sheet._worksheet_path).lstrip("/")]  # a sheet the gate has not seen is none
                if shape.values and not rows and _fits(shapes):
                    raise ValueError(sheet.title)
                tables.append(_table(sheet.title, rows, shape, visible=sheet.sheet_state == "visible"))
        finally:
            book.close()
    return tables


def _table(title: str, rows: list[tuple[int, list[Cell]]], shape: SheetShape, *, visible: bool) -> Table:
    notes = [] if visible else [HIDDEN]
    notes += hidden_notes(rows, shape)
    if shape.uncounted:
        notes.append(f"有 {shape.uncounted} 个公式没有计算结果，按空白处理；请用 Excel 打开并保存一次再导入")
    return Table(title, rows, tuple(notes), tuple(shape.merges))


def plain_row(row: Sequence[Any]) -> list[Cell]:
    """Whole numbers, which calamine gives as floats, become int again; its blank text is nothing."""
    return [c or None if c.__class__ is str else _plain(c) for c in row]


def _plain(cell: Any) -> Cell:
    if cell.__class__ is float:
        return int(cell) if cell.is_integer() and abs(cell) < 1e15 else sound(cell)
    return sound(cell)


def _sheet_paths(content: bytes) -> dict[str, str]:
    """Return the part of each sheet by its name, as the workbook's relations say."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return workbook_parts(archive).sheets
