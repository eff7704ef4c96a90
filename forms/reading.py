"""Reading other people's files: .xlsx, .xls and .csv into plain tables of cells, sniffed by content, not by name.

A reader answers cells as Python values (text, numbers, dates) and the row numbers a person sees in Excel.
Which table feeds which record is decided in `forms.mapping`.
"""

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import python_calamine

from db.kinds import Cell, is_blank
from forms.errors import FileTrouble

MOST_BYTES = 300 * 1024 * 1024  # unpacked; a workbook of 100,000 rows has about 75 MB of XML
MOST_BLANK_ROWS = 5000  # after so many blank rows nothing more is expected


@dataclass
class Table:
    """One sheet as it stands: rows of (number from 1, cells); blank rows are left out."""

    sheet: str
    rows: list[tuple[int, list[Cell]]]
    notes: tuple[str, ...] = ()


def read_tables(path: Path) -> list[Table]:
    """Return every sheet of a file; raise `FileTrouble` with one sentence where it cannot be read."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise FileTrouble(f"没有找到文件：{path.name}。请核对文件名和所在的文件夹") from None
    except IsADirectoryError:
        raise FileTrouble(f"这是文件夹，不是文件：{path.name}。请选择其中的工作簿") from None
    except OSError:
        raise FileTrouble(f"读不了文件：{path.name}。它可能正被占用或没有权限；没有导入任何内容") from None
    if not content:
        raise FileTrouble(f"文件是空的：{path.name}。没有导入任何内容")
    if content.startswith(b"PK"):
        return _read_xlsx(content, path.name)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return _read_xls(content, path.name)
    if content.lstrip()[:5].lower() in (b"<html", b"<!doc", b"<?xml", b"<tabl"):
        raise FileTrouble(
            f"这是网页或 XML 文件，不是工作簿：{path.name}。请在 Excel 或 WPS 中打开，另存为 .xlsx 再导入"
        )
    return _read_csv(content, path)


def _read_xlsx(content: bytes, name: str) -> list[Table]:
    damaged = FileTrouble(
        f"工作簿打不开，可能已损坏或不完整：{name}。没有导入任何内容；请用 Excel 或 WPS 打开后另存一份再试"
    )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if sum(p.file_size for p in parts) > MOST_BYTES:
                raise FileTrouble(f"工作簿展开后过大：{name}。没有导入任何内容；请删去多余的空行空列，或分成几个文件")
            names = {p.filename for p in parts}
            if len(names) != len(parts):
                raise damaged
            if not any(n.lower().startswith("xl/workbook") for n in names):
                raise FileTrouble(f"这不是 Excel 工作簿：{name}。没有导入任何内容；请选择 .xlsx、.xls 或 .csv 文件")
            sheets = [n for n in names if n.startswith("xl/worksheets/") and n.endswith(".xml")]
            has_formulas = False
            for part in sheets:
                raw = archive.read(part)
                if b"<!DOCTYPE" in raw[:2048] or b"<!ENTITY" in raw[:2048]:
                    raise damaged
                has_formulas = has_formulas or b"<f>" in raw or b"<f " in raw
        return _sheets(content, has_formulas)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, KeyError, ValueError, TypeError, IndexError, AttributeError,
            OSError, SyntaxError, EOFError, NotImplementedError, RuntimeError):  # fmt: skip
        # openpyxl answers a damaged workbook with whatever its parser met; none of it is ours to report.
        raise damaged from None


def _sheets(content: bytes, has_formulas: bool) -> list[Table]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # parts of a workbook that we do not read anyway
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        formulas = openpyxl.load_workbook(io.BytesIO(content), read_only=True) if has_formulas else None
        tables = []
        for sheet in book.worksheets:
            notes = [] if sheet.sheet_state == "visible" else ["工作表是隐藏的，也已读取"]
            sheet.reset_dimensions()
            rows = _number(sheet.iter_rows(values_only=True))
            if formulas is not None:
                twin = formulas[sheet.title]
                twin.reset_dimensions()
                if empty := _uncounted(rows, _number(twin.iter_rows(values_only=True))):
                    notes.append(f"有 {empty} 个公式没有计算结果，按空白处理；请用 Excel 打开并保存一次再导入")
            tables.append(Table(sheet.title, rows, tuple(notes)))
        book.close()
        if formulas is not None:
            formulas.close()
    return tables


def _number(rows: Iterable[Sequence[Cell]]) -> list[tuple[int, list[Cell]]]:
    kept, blanks = [], 0
    for number, row in enumerate(rows, 1):
        if all(is_blank(cell) for cell in row):
            blanks += 1
            if blanks > MOST_BLANK_ROWS:
                break
            continue
        blanks = 0
        kept.append((number, list(row)))
    return kept


def _uncounted(values: list[tuple[int, list[Cell]]], formulas: list[tuple[int, list[Cell]]]) -> int:
    known = dict(values)
    return sum(
        1
        for number, row in formulas
        for i, cell in enumerate(row)
        if isinstance(cell, str) and cell.startswith("=")
        and (number not in known or i >= len(known[number]) or known[number][i] is None)
    )  # fmt: skip


def _read_xls(content: bytes, name: str) -> list[Table]:
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise FileTrouble(f"工作簿设有打开密码：{name}。没有导入任何内容；请先在 Excel 或 WPS 中去掉密码再导入")
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        tables = []
        for meta in book.sheets_metadata:
            if str(meta.typ) != "SheetTypeEnum.WorkSheet":
                continue
            rows = book.get_sheet_by_name(meta.name).to_python(skip_empty_area=False)
            tables.append(Table(meta.name, _number([_plain_numbers(row) for row in rows])))
        return tables
    except python_calamine.PasswordError:
        raise FileTrouble(
            f"工作簿设有打开密码：{name}。没有导入任何内容；请先在 Excel 或 WPS 中去掉密码再导入"
        ) from None
    except (python_calamine.CalamineError, ValueError, OSError):
        raise FileTrouble(f"这个 .xls 文件打不开，可能已损坏：{name}。请用 Excel 或 WPS 另存为 .xlsx 再导入") from None


def _plain_numbers(row: Sequence[Any]) -> list[Cell]:
    """The .xls reader gives every number as a float; whole ones become int again."""
    return [
        int(c) if isinstance(c, float) and c.is_integer() and abs(c) < 1e15 else (None if c == "" else c) for c in row
    ]


def _read_csv(content: bytes, path: Path) -> list[Table]:
    text = _decode(content, path.name)
    if "\x00" in text:
        raise FileTrouble(f"认不出这个文件：{path.name}。没有导入任何内容；请选择 .xlsx、.xls 或 .csv 文件")
    head = text.splitlines()[:20]
    delimiter = max(",\t;；", key=lambda d: sum(line.count(d) for line in head))
    if not any(delimiter in line for line in head):
        raise FileTrouble(f"认不出这个文件里的表格：{path.name}。没有导入任何内容；请选择 .xlsx、.xls 或 .csv 文件")
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        raise FileTrouble(
            f"这个 CSV 文件读不下去：{path.name}。没有导入任何内容；请用 Excel 或 WPS 另存为 .xlsx 再导入"
        ) from None
    return [Table(path.stem, _number([[_csv_cell(c) for c in row] for row in rows]))]


def _csv_cell(text: str) -> Cell:
    """Excel people protect digits as ``="0123"``."""
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
