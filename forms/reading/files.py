"""Reading other people's files into plain tables of cells: the kind of file is told by its content, not by its name.

A reader answers cells as Python values (text, numbers, dates) and the row numbers a person sees in Excel.
Which table feeds which record is decided in `forms.columns.proposals`.
"""

import csv
import io
import re
from pathlib import Path

from db.records.kinds import Cell
from forms.errors import FileTrouble
from forms.reading.open_document import read_flat, read_open_document
from forms.reading.pdf_tables import read_pdf
from forms.reading.safe_xml import bare
from forms.reading.safety import ARCHIVE, MOST_BYTES, OPEN_DOCUMENT, WORD, WORKBOOK, package_kind
from forms.reading.table import Table, Tick, numbered
from forms.reading.texts import decoded
from forms.reading.web_page import is_archive_of_a_page, read_page, read_page_archive
from forms.reading.word import not_word, read_word
from forms.reading.xls import read_xls
from forms.reading.xlsx import read_xlsx
from forms.reading.xml_workbook import MARK, read_xml_workbook

__all__ = ["Table", "Tick", "read_tables"]

# The kinds of file that are read, by the ends that their names usually have.
ENDS = tuple(".xlsx .xlsm .xls .et .csv .txt .docx .pdf .ods .odt .fods .xml .htm .html .mht .mhtml".split())
READABLE = "Excel、WPS 表格、Word（.docx）、带文字的 PDF、OpenDocument、网页表格或 CSV 文件"
_PACKED = {WORKBOOK: read_xlsx, WORD: read_word, OPEN_DOCUMENT: read_open_document, ARCHIVE: read_xlsx}
_OPEN_DOCUMENT = "urn:oasis:names:tc:opendocument"
_ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)[\s>]")
_OLE = b"\xd0\xcf\x11\xe0"
_UNPACK = "请先解压，再把解压出来的文件夹拖进来"
_ORIGINAL = "请向制表人要 Excel 或 Word 原件；只有图片的，请照着录入导入模板"
_FOREIGN = {
    b"\x89PNG": ("图片", _ORIGINAL),
    b"\xff\xd8\xff": ("图片", _ORIGINAL),
    b"Rar!": ("压缩包（RAR）", _UNPACK),
    b"7z\xbc\xaf": ("压缩包（7z）", _UNPACK),
}


def read_tables(path: Path, tick: Tick = lambda: None) -> list[Table]:
    """Return every sheet of a file at a path; raise `FileTrouble` as `read_content` does.

    `tick` is called now and then while reading; it may raise `Cancelled`.
    """
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
    return read_content(content, path.name, tick)


def read_content(content: bytes, file: str, tick: Tick = lambda: None) -> list[Table]:
    """Return every sheet of a file of some name; raise `FileTrouble` with one sentence where it cannot be read."""
    path = Path(file)
    if not content:
        raise FileTrouble(f"文件是空的：{path.name}。没有导入任何内容")
    if content.startswith(b"PK"):
        return _PACKED[package_kind(content)](content, path.name, tick)
    if content.startswith(_OLE):
        return read_xls(content, path.name, tick)
    if b"%PDF-" in content[:1024]:
        return read_pdf(content, path.name, tick)
    if content.startswith(b"{\\rtf"):
        raise not_word(path.name, "RTF 文档")
    # Two bytes for each character or one: the signs by which a kind is known are the same.
    head = content[:4096].replace(b"\x00", b"").lstrip(b"\xff\xfe\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"<?xml"):
        return _read_xml(content, path, tick)
    if head.startswith((b"<html", b"<!doc", b"<tabl", b"<meta", b"<head", b"<style")):
        if tables := read_page(content, path.stem, path.name):
            return tables
        raise _no_table(path.name)
    if is_archive_of_a_page(head):
        return read_page_archive(content, path.stem, path.name)
    for start, (kind, advice) in _FOREIGN.items():
        if content.startswith(start):
            raise FileTrouble(f"这是{kind}，不是工作簿：{path.name}。没有导入任何内容；{advice}")
    return _read_csv(content, path)


def _read_xml(content: bytes, path: Path, tick: Tick) -> list[Table]:
    """The tables of a bare XML file: a workbook of 2003, an OpenDocument in one piece, or a page."""
    text = decoded(content, path.name)
    root = _ROOT.search(text[:20_000])
    kind = root[1].lower() if root else ""
    if kind == "workbook" and MARK in text[:20_000]:
        return read_xml_workbook(bare(text, path.name), path.name, tick)
    if kind == "document" and _OPEN_DOCUMENT in text[:20_000]:
        return read_flat(bare(text, path.name), path.name, tick)
    if kind == "html" and (tables := read_page(content, path.stem, path.name)):
        return tables
    if kind in ("package", "worddocument"):
        raise not_word(path.name, "XML 格式的 Word 文档")
    raise _no_table(path.name)


def _no_table(name: str) -> FileTrouble:
    return FileTrouble(
        f"这是网页或 XML 文件，里面没有认得出的表格：{name}。请在 Excel 或 WPS 中打开，另存为 .xlsx 再导入"
    )


def _read_csv(content: bytes, path: Path) -> list[Table]:
    text = decoded(content, path.name)
    if "\x00" in text:
        raise FileTrouble(f"认不出这个文件：{path.name}。没有导入任何内容；请选择 {READABLE}")
    head = text[:40_000].splitlines()[:20]
    declared = re.fullmatch(r"sep=(.)", head[0].strip("\ufeff ")) if head else None
    delimiter = declared[1] if declared else max(",\t;；|", key=lambda d: sum(line.count(d) for line in head))
    if not any(delimiter in line for line in head):
        raise FileTrouble(f"认不出这个文件里的表格：{path.name}。没有导入任何内容；请选择 {READABLE}")
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        rows = numbered(([_csv_cell(c) for c in row] for row in reader), path.name)
    except (csv.Error, TypeError, ValueError):
        raise FileTrouble(
            f"这个 CSV 文件读不下去：{path.name}。没有导入任何内容；请用 Excel 或 WPS 另存为 .xlsx 再导入"
        ) from None
    if text.count('"') % 2:
        _refuse_swallowed(rows, delimiter, path.name)
    return [Table(path.stem, rows[1:] if declared else rows)]


def _refuse_swallowed(rows: list[tuple[int, list[Cell]]], delimiter: str, name: str) -> None:
    """Refuse a file in which a quote that nothing closes has made one cell of many lines."""
    for number, row in rows:
        if any(isinstance(c, str) and "\n" in c and c.count(delimiter) >= c.count("\n") for c in row):
            raise FileTrouble(
                f"这个 CSV 文件第 {number} 行的双引号没有成对，它后面的各行连成了一格：{name}。没有导入任何内容；"
                "请在 Excel 或 WPS 里打开核对，另存为 .xlsx 再导入"
            )


def _csv_cell(text: str) -> Cell:
    """Excel people protect digits as ``="0123"``."""
    if not text.startswith(("=", " ")):
        return text
    found = re.fullmatch(r'="([^"]*)"', text.strip())
    return found[1] if found else text
