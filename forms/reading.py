"""Reading other people's files: .xlsx, .xls and .csv into plain tables of cells, sniffed by content, not by name.

A reader answers cells as Python values (text, numbers, dates) and the row numbers a person sees in Excel.
Which table feeds which record is decided in `forms.mapping`.
"""

import csv
import datetime as dt
import io
import math
import re
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import python_calamine

from db.kinds import Cell, is_blank
from forms.errors import FileTrouble
from forms.sheet_shape import MOST_ROWS, Merge, SheetShape
from forms.workbook_gate import MOST_BYTES, damaged, inspect, locked, too_big

MOST_AREA = 12_000_000  # cells kept of one file, blanks before the last one of a row included
_OLE = b"\xd0\xcf\x11\xe0"
_FOREIGN = {
    b"%PDF": "PDF 文件",
    b"{\\rtf": "文字文档",
    b"\x89PNG": "图片",
    b"\xff\xd8\xff": "图片",
    b"Rar!": "压缩包",
    b"7z\xbc\xaf": "压缩包",
}


@dataclass
class Table:
    """One sheet as it stands: rows of (number from 1, cells); blank rows are left out."""

    sheet: str
    rows: list[tuple[int, list[Cell]]]
    notes: tuple[str, ...] = ()
    merges: tuple[Merge, ...] = ()


def read_tables(path: Path) -> list[Table]:
    """Return every sheet of a file; raise `FileTrouble` with one sentence where it cannot be read."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise FileTrouble(f"文件过大：{path.name}。没有导入任何内容；请分成几个文件再导入")
        content = path.read_bytes()
    except FileNotFoundError:
        raise FileTrouble(f"没有找到文件：{path.name}。请核对文件名和所在的文件夹") from None
    except IsADirectoryError:
        raise FileTrouble(f"这是文件夹，不是文件：{path.name}。请选择其中的工作簿") from None
    except OSError:
        if path.is_dir():  # Windows calls it a lack of permission
            raise FileTrouble(f"这是文件夹，不是文件：{path.name}。请选择其中的工作簿") from None
        raise FileTrouble(f"读不了文件：{path.name}。它可能正被占用或没有权限；没有导入任何内容") from None
    if not content:
        raise FileTrouble(f"文件是空的：{path.name}。没有导入任何内容")
    if content.startswith(b"PK"):
        return _read_xlsx(content, path.name)
    if content.startswith(_OLE):
        return _read_xls(content, path.name)
    if content.lstrip()[:5].lower() in (b"<html", b"<!doc", b"<?xml", b"<tabl"):
        raise FileTrouble(
            f"这是网页或 XML 文件，不是工作簿：{path.name}。请在 Excel 或 WPS 中打开，另存为 .xlsx 再导入"
        )
    for start, kind in _FOREIGN.items():
        if content.startswith(start):
            raise FileTrouble(f"这是{kind}，不是工作簿：{path.name}。没有导入任何内容；请选择 .xlsx、.xls 或 .csv 文件")
    return _read_csv(content, path)


def _read_xlsx(content: bytes, name: str) -> list[Table]:
    shapes = inspect(content, name)
    try:
        return _sheets(content, shapes, name)
    except FileTrouble:
        raise
    except Exception:
        # openpyxl answers a damaged workbook with whatever its parser met; none of it is ours to report.
        raise damaged(name) from None


def _sheets(content: bytes, shapes: dict[str, SheetShape], name: str) -> list[Table]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # parts of a workbook that we do not read anyway
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        tables, area = [], 0
        try:
            for sheet in book.worksheets:
                notes = [] if sheet.sheet_state == "visible" else ["工作表是隐藏的，也已读取"]
                sheet.reset_dimensions()
                rows = _number(sheet.iter_rows(values_only=True), name, area)
                area += sum(len(row) for _, row in rows)
                shape = shapes.get(str(sheet._worksheet_path).lstrip("/"), SheetShape())
                notes += _hidden_notes(rows, shape)
                if shape.uncounted:
                    notes.append(
                        f"有 {shape.uncounted} 个公式没有计算结果，按空白处理；请用 Excel 打开并保存一次再导入"
                    )
                tables.append(Table(sheet.title, rows, tuple(notes), tuple(shape.merges)))
        finally:
            book.close()
    if not tables:
        raise damaged(name)
    return tables


def _hidden_notes(rows: list[tuple[int, list[Cell]]], shape: SheetShape) -> list[str]:
    """Say how much of what was read a person does not see in Excel."""
    notes = []
    hidden = [number for number, _ in rows if number in shape.hidden_rows]
    if hidden:
        notes.append(f"有 {len(hidden)} 行是隐藏的（从第 {hidden[0]} 行起），也已读取")
    if shape.hidden_columns:
        used = {i for _, row in rows for i, cell in enumerate(row) if not is_blank(cell)}
        columns = sum(1 for i in used if any(first <= i <= last for first, last in shape.hidden_columns[:500]))
        if columns:
            notes.append(f"有 {columns} 列是隐藏的，也已读取")
    return notes


def _number(rows: Iterable[Sequence[Any]], name: str, area: int = 0) -> list[tuple[int, list[Cell]]]:
    """Number rows as Excel does, leave out blank ones and the blanks at a row's end."""
    kept = []
    for number, row in enumerate(rows, 1):
        if number > MOST_ROWS:
            raise too_big(name)
        if not row:
            continue  # a million of them where one cell stands in a far corner
        width = len(row)
        while width and is_blank(row[width - 1]):
            width -= 1
        if not width:
            continue
        area += width
        if area > MOST_AREA:
            raise too_big(name)
        kept.append((number, [_sound(cell) for cell in row[:width]]))
    return kept


def _sound(cell: Any) -> Cell:
    """A duration becomes hours; a number that is none is an Excel error."""
    if isinstance(cell, dt.timedelta):
        return round(cell.total_seconds() / 3600, 6)
    if isinstance(cell, float) and not math.isfinite(cell):
        return "#NUM!"
    return cell if cell is None or isinstance(cell, str | int | float | dt.date | dt.time) else str(cell)


def _read_xls(content: bytes, name: str) -> list[Table]:
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise locked(name)
    if "WordDocument".encode("utf-16-le") in content:
        raise FileTrouble(f"这是 Word 文档，不是工作簿：{name}。没有导入任何内容；请把表格复制到 Excel 中另存为 .xlsx")
    broken = FileTrouble(
        f"这个 .xls 文件打不开，可能已损坏：{name}。没有导入任何内容；请用 Excel 或 WPS 另存为 .xlsx 再导入"
    )
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        tables, area = [], 0
        for meta in book.sheets_metadata:
            if str(meta.typ) != "SheetTypeEnum.WorkSheet":
                continue
            sheet = book.get_sheet_by_name(meta.name)
            area += (sheet.total_height + 1) * (sheet.total_width + 1)
            if area > MOST_AREA:
                raise too_big(name)
            rows = _number([_plain_numbers(r) for r in sheet.to_python(skip_empty_area=False)], name)
            notes = () if str(meta.visible) == "SheetVisibleEnum.Visible" else ("工作表是隐藏的，也已读取",)
            merges = tuple(
                Merge(top + 1, left, bottom + 1, right)
                for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
            )
            tables.append(Table(meta.name, rows, notes, merges))
        return tables
    except python_calamine.PasswordError:
        raise locked(name) from None
    except FileTrouble:
        raise
    except BaseException as error:
        # The parser's own panics are no ordinary exceptions.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise broken from None
        raise


def _plain_numbers(row: Sequence[Any]) -> list[Cell]:
    """The .xls reader gives every number as a float; whole ones become int again."""
    return [
        int(c) if isinstance(c, float) and c.is_integer() and abs(c) < 1e15 else (None if c == "" else c) for c in row
    ]


def _read_csv(content: bytes, path: Path) -> list[Table]:
    text = _decode(content, path.name)
    if "\x00" in text:
        raise FileTrouble(f"认不出这个文件：{path.name}。没有导入任何内容；请选择 .xlsx、.xls 或 .csv 文件")
    head = text[:40_000].splitlines()[:20]
    declared = re.fullmatch(r"sep=(.)", head[0].strip("\ufeff ")) if head else None
    delimiter = declared[1] if declared else max(",\t;；", key=lambda d: sum(line.count(d) for line in head))
    if not any(delimiter in line for line in head):
        raise FileTrouble(f"认不出这个文件里的表格：{path.name}。没有导入任何内容；请选择 .xlsx、.xls 或 .csv 文件")
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        rows = _number(([_csv_cell(c) for c in row] for row in reader), path.name)
    except (csv.Error, TypeError, ValueError):
        raise FileTrouble(
            f"这个 CSV 文件读不下去：{path.name}。没有导入任何内容；请用 Excel 或 WPS 另存为 .xlsx 再导入"
        ) from None
    return [Table(path.stem, rows[1:] if declared else rows)]


def _csv_cell(text: str) -> Cell:
    """Excel people protect digits as ``="0123"``."""
    if not text.startswith(("=", " ")):
        return text
    found = re.fullmatch(r'="([^"]*)"', text.strip())
    return found[1] if found else text


def _decode(content: bytes, name: str) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileTrouble(f"认不出文件的文字编码：{name}。没有导入任何内容；请用 Excel 或 WPS 另存为 .xlsx 再导入")
