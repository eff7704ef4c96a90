"""A printable form on a worksheet, as government offices make them: title, who fills it in, headings, rows, sums, signatures.

No cell of the body is merged and every column has a code, so that a province can put the files of its counties together.
"""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from typing import Any
from unicodedata import east_asian_width

from db.records.kinds import Cell
from forms.excel.workbook import Book
from forms.report import quarterly
from forms.report.figure_labels import UNKNOWN, for_period
from forms.report.quarterly import QuarterData, signers

_GREY = "#F2F0EC"
_FORMATS = {"whole": "#,##0", "money": "#,##0.00", "hours": "#,##0.0", "day": "yyyy-mm-dd", "code": "@"}
_RIGHT, _CENTRED = frozenset(("whole", "money", "hours")), frozenset(("day", "code", "mark"))
_HEAVENLY = "甲乙丙丁戊己庚辛壬癸"


@dataclass(frozen=True)
class FormColumn:
    """A column: its code, heading, width in characters; `form` is text, code, day, whole, money, hours or mark.

    Neighbouring columns with one `group` get a common heading above their own.
    """

    code: str
    label: str
    width: float
    form: str = "text"
    group: str = ""


@dataclass(frozen=True)
class Sum:
    """A figure that the workbook works out itself: its formula, and what it comes to."""

    formula: str
    value: Cell


def letter(column: int) -> str:
    """Return the letters of a column counted from 0."""
    made = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        made = chr(65 + rest) + made
    return made


def number(name: str, value: int | None) -> float | int | str:
    """Return a figure as a workbook's number: money in 元, durations in hours; unknown as a dash."""
    if value is None:
        return UNKNOWN
    if name.endswith("_fen"):
        return float(Decimal(value) / 100)
    if name.endswith("_per_million"):
        return value / 1000  # shown in ‰
    return value / 60 if name.endswith("_minutes") else value


class Form:
    """A form under construction; `finish` puts the signatures under it."""

    def __init__(
        self, book: Book, name: str, title: str, data: QuarterData, columns: Sequence[FormColumn], *,
        unit: str = "", numbered: bool = False, landscape: bool = True, frozen: int = 2,
    ) -> None:  # fmt: skip
        """Begin a sheet. *numbered* adds the row of column numbers that statistical forms have."""
        in_words = [
            replace(c, label=for_period(c.label, data.quarter), group=for_period(c.group, data.quarter))
            for c in columns
        ]
        self._book, self._columns, self.name, self._data = book, in_words, name, data
        self._sheet = book.book.add_worksheet(name)
        self._last = len(columns) - 1
        self.keys: dict[str, int] = {}  # the row of each figure, where every figure has one
        for i, column in enumerate(columns):
            self._sheet.set_column(i, i, column.width)
        self._sheet.merge_range(0, 0, 0, self._last, title, book.style(font_size=18, bold=True, align="center"))
        self._sheet.set_row(0, 34)
        self._line(1, data, unit)
        self.row = self._headings(2, numbered)
        self.first = self.row  # of the body, counted from 0
        self._sheet.freeze_panes(self.row, frozen)
        self._sheet.repeat_rows(2, self.row - 1)
        self._page(landscape)

    @property
    def columns(self) -> Sequence[FormColumn]:
        """The columns."""
        return self._columns

    def column(self, code: str) -> str:
        """Return the letters of the column with a code."""
        return letter(next(i for i, c in enumerate(self._columns) if c.code == code))

    def _page(self, landscape: bool) -> None:
        sheet = self._sheet
        if landscape:
            sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.6, right=0.6, top=0.75, bottom=0.75)
        sheet.center_horizontally()
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C第 &P 页 共 &N 页")

    def _line(self, row: int, data: QuarterData, unit: str) -> None:
        """Who fills it in, as of when, in what units: one line in three parts."""
        parts = [
            (f"填报单位：{data.name}（盖章）", "left"),
            (f"统计截止：{quarterly.chinese_date(data.as_of)}{'（草稿）' if data.is_draft else ''}", "center"), (unit and f"单位：{unit}", "right"),
        ]  # fmt: skip
        widths = [c.width for c in self._columns]
        start, tall = 0, 21.0
        for n, (text, align) in enumerate(parts):
            end = start
            share = sum(widths) * (n + 1) / 3
            while end < self._last - (2 - n) and sum(widths[: end + 2]) <= share + widths[end + 1] / 2:
                end += 1
            end = self._last if n == 2 else end
            style = self._book.style(align=align, text_wrap=True)
            tall = max(tall, height([str(text)], [sum(widths[start : end + 1])]))
            if end > start:
                self._sheet.merge_range(row, start, row, end, text, style)
            else:
                self._sheet.write_string(row, start, text, style)
            start = end + 1
        self._sheet.set_row(row, tall)

    def _headings(self, row: int, numbered: bool) -> int:
        style = self._book.style(bold=True, border=1, align="center", bg_color=_GREY, text_wrap=True)
        deep = any(c.group for c in self._columns)
        start = 0
        for group, members in groupby(enumerate(self._columns), key=lambda item: item[1].group or f"\0{item[0]}"):
            inside = list(members)
            end = inside[-1][0]
            if group.startswith("\0"):
                if deep:
                    self._sheet.merge_range(row, start, row + 1, start, inside[0][1].label, style)
                else:
                    self._sheet.write_string(row, start, inside[0][1].label, style)
            else:
                if end > start:
                    self._sheet.merge_range(row, start, row, end, group, style)
                else:
                    self._sheet.write_string(row, start, group, style)
                for i, column in inside:
                    self._sheet.write_string(row + 1, i, column.label, style)
            start = end + 1
        for k in range(2 if deep else 1):
            self._sheet.set_row(row + k, 22)
        row += 2 if deep else 1
        if numbered:
            words = number = 0
            for i, column in enumerate(self._columns):
                if column.form in _RIGHT:
                    number += 1
                    text = str(number)
                else:
                    text = _HEAVENLY[words]
                    words += 1
                self._sheet.write_string(row, i, text, self._book.style(border=1, align="center", font_size=9))
            row += 1
        return row

    def add(
        self, cells: Sequence[Cell | Sum], *, strong: bool = False, tone: Mapping[int, str] | None = None,
        forms: Mapping[int, str] | None = None,
    ) -> int:  # fmt: skip
        """Add a row; return its number as formulas count (from 1).

        *tone* colours the text of some columns; *forms* are this row's own forms of some columns.
        """
        more: dict[str, Any] = {"bold": True, "bg_color": "#FAF8F5"} if strong else {}
        texts, widths = [], []
        for i, (cell, column) in enumerate(zip(cells, self._columns, strict=True)):
            shape = (forms or {}).get(i, column.form)
            align = "right" if column.form in _RIGHT else "center" if column.form in _CENTRED else "left"
            own = dict(more) | ({"font_color": tone[i], "bold": True} if tone and i in tone else {})
            if column.form == "text":
                own["text_wrap"] = True
            if column.form in _RIGHT and isinstance(cell, str):
                align = "center"  # a dash where the column does not apply
            style = self._book.style(border=1, align=align, num_format=_FORMATS.get(shape, "General"), **own)
            if isinstance(cell, Sum):
                self._sheet.write_formula(self.row, i, cell.formula, style, cell.value)
            elif column.form == "day" and isinstance(cell, str) and cell:
                self._book.put(self._sheet, self.row, i, dt.date.fromisoformat(cell), style)
            else:
                self._book.put(self._sheet, self.row, i, cell, style)
            if column.form == "text" and isinstance(cell, str):
                texts.append(cell)
                widths.append(column.width)
        self._sheet.set_row(self.row, height(texts, widths))
        self.row += 1
        return self.row

    def head(self, text: str) -> None:
        """Add a line over the whole width that says what the rows below it belong to; no merged cells hinder sorting."""
        for i in range(self._last + 1):
            sides = {"left": int(i == 0), "right": int(i == self._last), "top": 1, "bottom": 1}
            style = self._book.style(bold=True, align="left", bg_color="#FAF8F5", **sides)
            self._sheet.write(self.row, i, text if i == 0 else None, style)
        self._sheet.set_row(self.row, height([text], [sum(c.width for c in self._columns)]))
        self.row += 1

    def finish(self, notes: Sequence[str] = ()) -> None:
        """Put the signatures and the notes under the table; they are printed with it."""
        words = (*signers(self._data), "填表日期：")
        signed = ("\u3000" * 6).join(words)
        self._sheet.merge_range(self.row, 0, self.row, self._last, signed, self._book.style())
        self._sheet.set_row(self.row, 28)
        for n, text in enumerate((for_period(note, self._data.quarter) for note in notes), 1):
            style = self._book.style(font_size=10, text_wrap=True)
            self._sheet.merge_range(self.row + n, 0, self.row + n, self._last, f"{n}. {text}", style)
            self._sheet.set_row(self.row + n, height([text], [sum(c.width for c in self._columns)], 13.5))
        self._sheet.print_area(0, 0, self.row + len(notes), self._last)


def height(texts: Sequence[str], widths: Sequence[float], line: float = 15.0) -> float:
    """Return the height in points that wrapped texts need: no program is trusted to find it out on opening."""
    lines = 1
    for text, width in zip(texts, widths, strict=True):
        columns = sum(2 if east_asian_width(c) in "WFA" else 1 for c in text)
        lines = max(lines, math.ceil(columns * 1.08 / max(width - 1, 2)))
    return line * lines + 5
