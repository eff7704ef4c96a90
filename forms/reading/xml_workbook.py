"""XML Spreadsheet 2003: a workbook as one XML file, as systems export it under the name .xls or .xml."""

import datetime as dt
import re

from db.records.kinds import Cell
from forms.errors import FileTrouble
from forms.reading import safe_xml
from forms.reading.cell_looks import shown_with_zeros, shows_zeros
from forms.reading.safety import too_big
from forms.reading.sheet_rows import SheetRows, count, whole
from forms.reading.sheet_shape import MOST_COLUMNS, MOST_ROWS
from forms.reading.table import Table, Tick, sound
from forms.reading.xlsx import HIDDEN

MARK = "urn:schemas-microsoft-com:office:spreadsheet"
_UNSEEN = {"Comment", "PhoneticText"}
_NO_DAY = (dt.date(1899, 12, 31), dt.date(1899, 12, 30), dt.date(1904, 1, 1))  # a time without a day
_WHEN = re.compile(r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d)(?:\.\d+)?)?")


def read_xml_workbook(content: bytes, name: str, tick: Tick) -> list[Table]:
    """Return every sheet; raise `FileTrouble` with one sentence where it cannot be read."""
    reader = _Reader(name)
    safe_xml.parse(content, name, reader, tick)
    if not reader.sheets:
        raise FileTrouble(f"工作簿里没有工作表：{name}。没有导入任何内容；请在 Excel 或 WPS 中打开核对")
    return [sheet.table() for sheet in reader.sheets]


class _Reader:
    """Follows the elements of a workbook."""

    def __init__(self, name: str) -> None:
        self.sheets: list[SheetRows] = []
        self._name = name
        self._skipped = 0
        self._style = ""
        self._struck: set[str] = set()
        self._formats: dict[str, str] = {}
        self._column = 0  # the next one whose width is told
        self._row: dict[str, str] = {}
        self._cell: dict[str, str] = {}
        self._kind = ""
        self._texts: list[str] | None = None
        self._visible: list[str] | None = None

    def start(self, name: str, has: dict[str, str]) -> None:
        """An element begins."""
        if self._skipped or name in _UNSEEN:
            self._skipped += 1
        elif name == "Style":
            self._style = has.get("ID", "")
        elif name == "Font" and has.get("StrikeThrough") == "1" and not self.sheets:
            self._struck.add(self._style)
        elif name == "NumberFormat":
            self._formats[self._style] = has.get("Format", "")
        elif name == "Worksheet":
            self.sheets.append(SheetRows(has.get("Name", ""), self._name))
            self._column = 0
        elif self.sheets:
            self._in_sheet(name, has)

    def _in_sheet(self, name: str, has: dict[str, str]) -> None:
        sheet = self.sheets[-1]
        if name == "Column":
            first = count(has["Index"]) - 1 if "Index" in has else self._column
            last = first + (count(has["Span"]) if "Span" in has else 0)
            if has.get("Hidden") == "1" and len(sheet.shape.hidden_columns) < 1000:
                sheet.shape.hidden_columns.append((first, last))
            self._column = last + 1
        elif name == "Row":
            self._row = has
            if "Index" in has:
                sheet.number = max(sheet.number, count(has["Index"]))
                if sheet.number > MOST_ROWS:
                    raise too_big(self._name)
        elif name == "Cell":
            self._cell = has
            if "Index" in has:
                sheet.column = max(sheet.column, count(has["Index"]) - 1)
                if sheet.column >= MOST_COLUMNS:
                    raise too_big(self._name)
            self._texts, self._kind = None, ""
        elif name == "Data":
            self._kind, self._texts = has.get("Type", "String"), []
        elif name == "Visible":
            self._visible = []

    def data(self, text: str) -> None:
        """Text of a cell."""
        if self._skipped:
            return
        if self._texts is not None:
            self._texts.append(text)
        elif self._visible is not None:
            self._visible.append(text)

    def end(self, name: str) -> None:
        """An element ends."""
        if self._skipped:
            self._skipped -= 1
        elif not self.sheets:
            return
        elif name == "Cell":
            self._end_cell(self.sheets[-1])
        elif name == "Row":
            times = count(self._row["Span"]) + 1 if "Span" in self._row else 1
            self.sheets[-1].end_row(1, self._row.get("Hidden") == "1")
            self.sheets[-1].number += times - 1  # such rows are blank
        elif name == "Visible" and self._visible is not None:
            if "".join(self._visible).strip() in ("SheetHidden", "SheetVeryHidden"):
                self.sheets[-1].notes.append(HIDDEN)
            self._visible = None

    def _end_cell(self, sheet: SheetRows) -> None:
        has, style = self._cell, self._cell.get("StyleID", "")
        right = count(has["MergeAcross"]) + 1 if has.get("MergeAcross", "0") != "0" else 1
        down = count(has["MergeDown"]) + 1 if has.get("MergeDown", "0") != "0" else 1
        cell = self._value("".join(self._texts), style) if self._texts is not None else None
        sheet.put(cell, 1, right, down, style in self._struck)
        sheet.column += right - 1
        self._texts = None

    def _value(self, text: str, style: str) -> Cell:
        try:
            if self._kind == "Number":
                value = whole(float(text))
                code = self._formats.get(style, "").partition(";")[0]
                is_coded = isinstance(value, int) and value >= 0 and shows_zeros(code)
                return shown_with_zeros(int(value), code) if is_coded and isinstance(value, int) else sound(value)
            if self._kind == "Boolean":
                return text.strip() == "1"
            if self._kind == "DateTime" and (found := _WHEN.fullmatch(text.strip())):
                day, time = dt.date.fromisoformat(found[1]), dt.time.fromisoformat(found[2] or "00:00:00")
                if day in _NO_DAY:
                    return time
                return dt.datetime.combine(day, time) if time != dt.time() else day
        except ValueError:
            return text or None
        return text or None
