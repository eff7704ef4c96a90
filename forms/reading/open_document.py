"""OpenDocument: sheets (.ods), tables of a text (.odt), and either as one XML file (.fods)."""

import datetime as dt
import re

from db.records.kinds import Cell
from forms.errors import FileTrouble
from forms.reading import safe_xml
from forms.reading.document import Found, tables_of
from forms.reading.safety import damaged, locked, xml_parts
from forms.reading.sheet_rows import SheetRows, count, whole
from forms.reading.table import Table, Tick, sound
from forms.reading.xlsx import HIDDEN

_CONTENT, _MANIFEST = "content.xml", "META-INF/manifest.xml"
_NOTE = "这是文字文档里的表格；行号是表格里的第几行"
# What is no content of a cell: comments, deleted text, the reading above characters, drawings' descriptions.
_UNSEEN = {"annotation", "tracked-changes", "ruby-text", "note", "desc", "title", "shapes", "deletion", "binary-data"}
_TIME = re.compile(r"-?PT(\d{1,6})H(\d{1,2})M(\d{1,2})(?:[.,]\d+)?S")
_MOST_TEXT = 1_000_000  # characters of one cell


def read_open_document(content: bytes, name: str, tick: Tick) -> list[Table]:
    """Return every sheet, or every table of a text; raise `FileTrouble` with one sentence where it cannot be read."""
    parts = xml_parts(content, name, {_CONTENT, _MANIFEST})
    if b"encryption-data" in parts.get(_MANIFEST, b""):
        raise locked(name)
    if _CONTENT not in parts:
        raise damaged(name)
    return read_flat(parts[_CONTENT], name, tick)


def read_flat(content: bytes, name: str, tick: Tick) -> list[Table]:
    """Return the tables of a document that is one piece of XML."""
    reader = _Reader(name)
    safe_xml.parse(content, name, reader, tick)
    tables = [sheet.table() for sheet in reader.sheets] if not reader.is_text else tables_of(reader.found, name, _NOTE)
    if not tables:
        raise FileTrouble(f"文件里没有表格：{name}。没有导入任何内容；请把名单放进表格再导入")
    return tables


class _Reader:
    """Follows the elements of a document."""

    def __init__(self, name: str) -> None:
        self.sheets: list[SheetRows] = []
        self.found: list[Found] = []
        self.is_text = False
        self._name = name
        self._skipped = 0  # how deep in something that is not read
        self._depth = 0  # how many tables deep
        self._style = ""
        self._of_column = 0
        self._struck: set[str] = set()  # names of styles
        self._hidden: set[str] = set()
        self._durations: set[str] = set()  # formats that show hours beyond the day
        self._format: dict[str, str] = {}
        self._row: dict[str, str] = {}
        self._cell: dict[str, str] | None = None
        self._texts: list[str] = []
        self._paragraphs = 0
        self._above: list[str] = []
        self._lines = 0  # paragraphs of a cell so far
        self._size = 0

    def start(self, name: str, has: dict[str, str]) -> None:
        """An element begins."""
        if self._skipped or name in _UNSEEN:
            self._skipped += 1
        elif name in ("p", "h"):
            self._paragraphs += 1
            if self._lines and self._paragraphs == 1:
                self._texts.append("\n")
            self._lines += 1
        elif name in ("s", "tab", "line-break") and self._paragraphs:
            self._texts.append("\n" if name == "line-break" else " " * min(count(has.get("c")), 100))
        elif name == "table":
            self._depth += 1
            if self._depth == 1:
                self._begin_table(has)
        elif self._depth == 1:
            self._in_table(name, has)
        elif not self._depth:
            self._before_tables(name, has)

    def _begin_table(self, has: dict[str, str]) -> None:
        made = SheetRows(has.get("name", ""), self._name)
        if has.get("style-name") in self._hidden:
            made.notes.append(HIDDEN)
        self.sheets.append(made)
        self._of_column = 0

    def _in_table(self, name: str, has: dict[str, str]) -> None:
        sheet = self.sheets[-1]
        if name == "table-column":
            times = count(has.get("number-columns-repeated"))
            if has.get("visibility", "visible") != "visible" and len(sheet.shape.hidden_columns) < 1000:
                sheet.shape.hidden_columns.append((self._of_column, self._of_column + times - 1))
            self._of_column += times
        elif name == "table-row":
            self._row = has
        elif name in ("table-cell", "covered-table-cell"):
            self._cell, self._texts, self._lines, self._size = has, [], 0, 0

    def _before_tables(self, name: str, has: dict[str, str]) -> None:
        if name == "text":
            self.is_text = True
        elif name == "style":
            self._style = has.get("name", "")
            if "data-style-name" in has:
                self._format[self._style] = has["data-style-name"]
        elif name == "text-properties" and has.get("text-line-through-style", "none") != "none":
            self._struck.add(self._style)
        elif name == "table-properties" and has.get("display") == "false":
            self._hidden.add(self._style)
        elif name == "time-style" and has.get("truncate-on-overflow") == "false":
            self._durations.add(has.get("name", ""))

    def data(self, text: str) -> None:
        """Text of a paragraph."""
        if self._paragraphs and not self._skipped and self._size < _MOST_TEXT:
            self._size += len(text)
            self._texts.append(text)

    def end(self, name: str) -> None:
        """An element ends."""
        if self._skipped:
            self._skipped -= 1
        elif name in ("p", "h"):
            self._paragraphs -= 1
            if not self._depth and not self._paragraphs:
                self._above += [text] if (text := "".join(self._texts).strip()) else []
                self._texts, self._lines, self._size = [], 0, 0
        elif name == "table":
            if self._depth == 1:
                self._end_table()
            self._depth -= 1
        elif self._depth == 1 and name == "table-row":
            hidden = self._row.get("visibility", "visible") != "visible"
            self.sheets[-1].end_row(count(self._row.get("number-rows-repeated")), hidden)
        elif self._depth == 1 and name in ("table-cell", "covered-table-cell") and self._cell is not None:
            self._end_cell(self._cell)
            self._cell, self._texts = None, []

    def _end_table(self) -> None:
        if not self.is_text:
            return
        sheet = self.sheets.pop()
        rows: list[list[Cell]] = [[] for _ in range(sheet.rows[-1][0] if sheet.rows else 0)]
        for number, row in sheet.rows:
            rows[number - 1] = row
        self.found.append(Found(rows, self._above, sheet.merges, sheet.struck))
        self._above = []

    def _end_cell(self, has: dict[str, str]) -> None:
        style = has.get("style-name", "")
        self.sheets[-1].put(
            self._value(has, "".join(self._texts), self._format.get(style, "") in self._durations),
            count(has.get("number-columns-repeated")),
            count(has.get("number-columns-spanned")),
            count(has.get("number-rows-spanned")),
            style in self._struck,
        )

    def _value(self, has: dict[str, str], text: str, is_duration: bool) -> Cell:
        kind = has.get("value-type", "")
        try:
            if kind in ("float", "percentage", "currency"):
                value = whole(float(has.get("value", "")))
                is_coded = isinstance(value, int) and re.fullmatch(r"0\d+", text) and int(text) == value
                return text if is_coded else sound(value)
            if kind == "date":
                day = dt.datetime.fromisoformat(has.get("date-value", "")[:19])
                return day if "T" in has["date-value"] else day.date()
            if kind == "boolean":
                return has.get("boolean-value") == "true"
            if kind == "time" and (found := _TIME.fullmatch(has.get("time-value", ""))):
                hours, minutes, seconds = (int(n) for n in found.groups())
                if hours < 24 and not is_duration:
                    return dt.time(hours, minutes, seconds)
                return sound(dt.timedelta(hours=hours, minutes=minutes, seconds=seconds))
        except ValueError:
            return text or None  # shown all the same
        return text or has.get("string-value") or None
