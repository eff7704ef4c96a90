"""The tables of a web page: from the clipboard, or from a file that a system exported under a workbook's name."""

import re
from html.parser import HTMLParser

from db.records.kinds import Cell, is_blank
from forms.errors import FileTrouble
from forms.reading.sheet_shape import Merge
from forms.reading.table import Table

_MOST_CELLS = 2_000_000
_MOST_SPAN = 1000


def table_of(lines: list[list[Cell]], name: str, merges: tuple[Merge, ...] = ()) -> Table:
    """Number lines as rows and leave out blank ones."""
    rows = []
    for number, line in enumerate(lines, 1):
        while line and is_blank(line[-1]):
            line.pop()
        if line:
            rows.append((number, line))
    return Table(name, rows, (), merges)


def tables_of_page(html: str, name: str) -> list[Table]:
    """Return the tables of a page, with the merged cells they have."""
    reader = _Tables()
    reader.feed(html[:50_000_000])
    reader.close()
    tables = reader.found
    return [
        table_of(lines, name if len(tables) == 1 else f"{name} {n}", tuple(merges))
        for n, (lines, merges) in enumerate(tables, 1)
    ]


class _Tables(HTMLParser):
    """Reads the tables of a page; one inside another counts as text of its cell."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[list[list[Cell]], list[Merge]]] = []
        self._depth = 0
        self._texts: list[str] | None = None
        self._span = (1, 1)
        self._cells = 0
        self._taken: dict[int, list[tuple[int, int]]] = {}  # row: from and to which column cells above reach down

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a table, a row or a cell."""
        if tag == "table":
            self._depth += 1
            if self._depth == 1:
                self.found.append(([], []))
                self._taken = {}
        if self._depth != 1:
            return
        if tag == "tr":
            self._end_cell()
            self.found[-1][0].append([])
        elif tag in ("td", "th"):
            self._end_cell()
            if not self.found[-1][0]:
                self.found[-1][0].append([])
            given = dict(attrs)
            self._span = _number(given.get("rowspan")), _number(given.get("colspan"))
            self._texts = []
        elif tag in ("br", "p", "div") and self._texts:
            self._texts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """End a cell or a table."""
        if self._depth == 1 and tag in ("td", "th", "tr", "table"):
            self._end_cell()
        if tag == "table" and self._depth:
            self._depth -= 1

    def handle_data(self, data: str) -> None:
        """Take the text of a cell."""
        if self._texts is not None:
            self._texts.append(re.sub(r"\s+", " ", data))

    def _end_cell(self) -> None:
        if self._texts is None:
            return
        text, self._texts = "".join(self._texts).strip(), None
        lines, merges = self.found[-1]
        at = len(lines) - 1
        line = lines[at]
        for start, end in sorted(self._taken.get(at, ())):
            if start <= len(line) < end:
                line.extend([None] * (end - len(line)))
        left, (down, right) = len(line), self._span
        self._cells += down * right
        if self._cells > _MOST_CELLS:
            raise FileTrouble("网页里的表格过大，没有导入任何内容。请在 Excel 或 WPS 中打开，另存为 .xlsx 再导入")
        line.append(text)
        line.extend([None] * (right - 1))
        for row in range(at + 1, at + down):
            self._taken.setdefault(row, []).append((left, left + right))
        if down > 1 or right > 1:
            merges.append(Merge(at + 1, left, at + down, left + right - 1))


def _number(text: str | None) -> int:
    return min(max(int(text), 1), _MOST_SPAN) if text and text.strip().isdigit() else 1
