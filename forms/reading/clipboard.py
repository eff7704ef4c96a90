"""A block from the clipboard as a table: cells with tabs between as Excel and WPS copy them, or a table of a web page."""

import csv
import io
import re

from db.records.kinds import Cell
from forms.errors import FileTrouble
from forms.reading.html_tables import table_of, tables_of_page
from forms.reading.table import Table

NAME = "粘贴的内容"
_MOST_CELLS = 2_000_000
_MOST_SPAN = 1000


def read_pasted(text: str, html: str = "") -> list[Table]:
    """Return the tables of a pasted block; raise `FileTrouble` where there is none."""
    if "\t" in text:
        found = [_from_tabs(text)]
    elif "<table" in html.lower():
        found = tables_of_page(html, NAME)
    else:
        found = [_from_lines(text)]
    found = [t for t in found if t.rows]
    if not found:
        raise FileTrouble(
            "剪贴板里没有表格，没有导入任何内容。请在 Excel 或 WPS 中选中要导入的格子，复制后再粘贴到这里"
        )
    return found


def _from_tabs(text: str) -> Table:
    reader = csv.reader(io.StringIO(text.replace("\x00", ""), newline=""), dialect="excel-tab")
    lines: list[list[Cell]] = []
    try:
        for line in reader:
            lines.append([c.lstrip("'") if re.fullmatch(r"'\d+[\dXx]", c) else c for c in line])
    except csv.Error:
        raise FileTrouble("剪贴板里的内容读不下去，没有导入任何内容。请存成文件再导入") from None
    return table_of(lines, NAME)


def _from_lines(text: str) -> Table:
    """Lines of words as people type them in a chat: parted by commas, 、 or blanks, the same way on every line."""
    lines = [line.strip() for line in text.replace("\x00", "").splitlines() if line.strip()]
    for mark in (r"[,，]", r"[;；]", r"[、]", r"\s{2,}", r"\s+"):
        parts: list[list[Cell]] = [[part.strip() for part in re.split(mark, line)] for line in lines]
        if len(lines) > 1 and len({len(p) for p in parts}) == 1 and len(parts[0]) > 1:
            return table_of(parts, NAME)
    return Table(NAME, [])
