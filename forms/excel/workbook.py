"""Workbooks that go out: exports with the import's own columns, empty templates, and the rows that were refused.

XlsxWriter writes in memory (nothing of a roster reaches a temporary folder) and text never turns into a formula.
"""

import datetime as dt
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from operator import itemgetter
from typing import Any

from db.records.amounts import Count, Hours, Money
from db.records.entities import BY_NAME
from db.records.fields import Entity, Field, Row
from db.records.kinds import Cell, Choice, Choices, Date, Kind, Ref, Refs, Text, Value, cell_text
from db.records.numbers_in_text import starred
from forms.columns.proposals import GUIDE_SHEET, REASON_HEADING
from forms.excel import fast_rows

# A fixed day, so that the same data gives the same bytes.
_CREATED = dt.datetime(2026, 1, 1)
_LONGEST = 32767

NUMBER_FORMATS: dict[type[Kind], str] = {Date: "yyyy-mm-dd", Money: "#,##0.00", Hours: "0.0#", Count: "0"}


class Book:
    """A workbook under construction, with the house's styles; `done` returns its bytes."""

    def __init__(self, title: str, *, masked: bool = True) -> None:
        """Take the title; where `masked`, the numbers of people in texts are starred as they are written."""
        import xlsxwriter  # late: a window opens without it

        self._masked = masked
        self._out = io.BytesIO()
        self.book = xlsxwriter.Workbook(
            self._out,
            {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
        )
        self.book.set_properties(
            {"title": starred(title) if masked else title, "created": _CREATED, "author": "", "comments": ""}
        )
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def style(self, **properties: Any) -> Any:
        """Return a cell format, made once for each set of properties (XlsxWriter's names)."""
        base: dict[str, Any] = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
        wanted = base | properties
        return self._formats.setdefault(tuple(sorted(wanted.items())), None) or self._make(wanted)

    def _make(self, wanted: dict[str, Any]) -> Any:
        made = self._formats[tuple(sorted(wanted.items()))] = self.book.add_format(wanted)
        return made

    def put(self, sheet: Any, row: int, column: int, cell: Cell, style: Any) -> None:
        """Write one cell by its Python type; text is always text."""
        if cell is None or cell == "":
            sheet.write_blank(row, column, None, style)
        elif isinstance(cell, bool):
            sheet.write_string(row, column, cell_text(cell), style)
        elif isinstance(cell, int | float | Decimal):
            sheet.write_number(row, column, float(cell), style)
        elif isinstance(cell, dt.datetime | dt.date):
            day = cell if isinstance(cell, dt.datetime) else dt.datetime(cell.year, cell.month, cell.day)
            if day.year < 1900:
                sheet.write_string(row, column, day.date().isoformat(), style)
            else:
                sheet.write_datetime(row, column, day, style)
        else:
            text = starred(cell_text(cell)) if self._masked else cell_text(cell)
            sheet.write_string(row, column, text[:_LONGEST], style)

    def done(self) -> bytes:
        """Close the workbook and return it."""
        self.book.close()
        return self._out.getvalue()


def export(
    parts: Sequence[tuple[Entity, Sequence[Row]]],
    referred: Mapping[str, Mapping[int, Row]],
    *,
    masked: bool = True,
) -> bytes:
    """Return a workbook with one sheet per record, the import's own columns, ID numbers and phones masked.

    `referred` maps a record's name to its rows by id, for the columns of references.
    """
    book = Book("博爱台账导出", masked=masked)
    long = []
    for place, (entity, rows) in enumerate(parts, 1):
        sheet = book.book.add_worksheet(entity.label)
        _headings(book, sheet, entity)
        styles = [_body_style(book, f, target) for _, f, target in entity.columns]
        if len(rows) >= fast_rows.LONG:
            for i, style in enumerate(styles):
                sheet.write_blank(1, i, None, style)
            long.append(fast_rows.LongSheet(place, _long_columns(entity, referred, masked), rows))
        else:
            for number, row in enumerate(rows, 1):
                for i, (_, f, target) in enumerate(entity.columns):
                    book.put(sheet, number, i, _cell(f, target, row, referred, masked), styles[i])
        if rows:
            sheet.autofilter(0, 0, len(rows), len(entity.columns) - 1)
    return fast_rows.stream(book.done(), long)


def _long_columns(
    entity: Entity, referred: Mapping[str, Mapping[int, Row]], masked: bool
) -> list[fast_rows.LongColumn]:  # fmt: skip
    """Return the columns of a sheet with many rows."""
    made = []
    for _, f, target in entity.columns:
        if target is not None and isinstance(f.kind, Ref):
            other = BY_NAME[f.kind.entity][target]
            value = _of_other(f.name, referred[f.kind.entity], target)
            made.append(fast_rows.LongColumn(other.kind, masked and other.hides, value))
        elif isinstance(f.kind, Refs):
            made.append(fast_rows.LongColumn(Text(), masked, _of_others(f.name, f.kind, referred[f.kind.entity])))
        else:
            made.append(fast_rows.LongColumn(f.kind, masked and f.hides, itemgetter(f.name)))
    return made


def _of_other(name: str, rows: Mapping[int, Row], target: str) -> Callable[[Row], Value]:
    def value(row: Row) -> Value:
        other = rows.get(int(row[name] or 0))
        return None if other is None else other[target]

    return value


def _of_others(name: str, kind: Refs, rows: Mapping[int, Row]) -> Callable[[Row], Value]:
    def value(row: Row) -> Value:
        return "；".join(str(rows[i][kind.target]) for i in kind.ids(row[name]) if i in rows) or None

    return value


def _cell(f: Field, target: str | None, row: Row, referred: Mapping[str, Mapping[int, Row]], masked: bool) -> Cell:
    value = row[f.name]
    if target is not None and isinstance(f.kind, Ref):
        other = referred[f.kind.entity].get(int(value)) if value is not None else None
        if other is None:
            return None
        f, value = BY_NAME[f.kind.entity][target], other[target]
    if isinstance(f.kind, Refs):
        return _of_others(f.name, f.kind, referred[f.kind.entity])(row)
    if value is None:
        return None
    return f.kind.mask(value) if masked and f.hides else f.kind.to_cell(value)


def _headings(book: Book, sheet: Any, entity: Entity) -> None:
    needed = book.style(bold=True, bg_color="#DCE9F0", border=1, align="center", text_wrap=True)
    other = book.style(bold=True, bg_color="#F2F0EC", border=1, align="center", text_wrap=True)
    for i, (heading, f, target) in enumerate(entity.columns):
        sheet.write_string(0, i, heading, needed if f.required else other)
        kind = _kind(f, target)
        width = max(f.width, 2 * len(heading) + 2) if target != "id_number" else 22
        form = NUMBER_FORMATS.get(type(kind), "@")
        sheet.set_column(i, i, min(width, 40), book.style(num_format=form))
    sheet.set_row(0, 30)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _kind(f: Field, target: str | None) -> Kind:
    return BY_NAME[f.kind.entity][target].kind if target is not None and isinstance(f.kind, Ref) else f.kind


def _body_style(book: Book, f: Field, target: str | None) -> Any:
    kind = _kind(f, target)
    form = NUMBER_FORMATS.get(type(kind), "@")
    return book.style(num_format=form, border=1, align="right" if kind.numeric else "left")


def template(entities: Iterable[Entity]) -> bytes:
    """Return empty import sheets: headings with notes, drop-down lists, text format on number-like columns."""
    book = Book("博爱台账导入模板")
    kept = list(entities)
    for entity in kept:
        sheet = book.book.add_worksheet(entity.label)
        _headings(book, sheet, entity)
        for i, (heading, f, target) in enumerate(entity.columns):
            kind = _kind(f, target)
            note = "\n".join(_note(f, kind))
            if note:
                sheet.write_comment(0, i, note, {"x_scale": 1.6, "font_size": 10, "author": ""})
            labels = [label for _, label in kind.options] if type(kind) is Choice else []
            if labels and len(",".join(labels)) <= 255:
                sheet.data_validation(
                    1, i, 5000, i,
                    {"validate": "list", "source": labels, "error_title": heading,
                     "error_message": "请从下拉列表中选择", "input_message": ""},
                )  # fmt: skip
    guide = book.book.add_worksheet(GUIDE_SHEET)
    wrap, head = book.style(text_wrap=True, valign="top", border=1), book.style(bold=True, bg_color="#F2F0EC", border=1)
    guide.set_column(0, 0, 16)
    guide.set_column(1, 1, 22)
    guide.set_column(2, 2, 70)
    for i, text in enumerate(("工作表", "列", "说明")):
        guide.write_string(0, i, text, head)
    line = 1
    for entity in kept:
        for heading, f, target in entity.columns:
            note = "；".join(_note(f, _kind(f, target)))
            for i, text in enumerate((entity.label, heading, note)):
                guide.write_string(line, i, text, wrap)
            line += 1
    guide.freeze_panes(1, 0)
    return book.done()


def _note(f: Field, kind: Kind) -> list[str]:
    found = ["必填" if f.required and f.default is None else "选填"]
    if isinstance(kind, Choice):
        found.append(f"{'可多选，用；隔开' if isinstance(kind, Choices) else '只能填'}：{kind.hint}")
    elif kind.hint:
        found.append(kind.hint)
    if f.default is not None:
        found.append(f"空着即为：{f.kind.show(f.default)}")
    if f.help:
        found.append(f.help)
    return found


def refused(
    sheets: Sequence[tuple[str, Sequence[str], Sequence[tuple[list[Cell], Mapping[int, str]]]]],
) -> bytes:
    """Return the rows that did not go in, under their own sheets and columns, ready to be corrected and imported.

    `sheets`: (name, headings as written, rows), a row being its cells and {column index: reason} of the bad ones;
    index -1 holds reasons that belong to no column. The reasons stand in the last column.
    """
    book = Book("博爱台账导入未成功的行", masked=False)
    head = book.style(bold=True, bg_color="#F2F0EC", border=1, align="center", text_wrap=True)
    used: set[str] = set()
    for name, headings, rows in sheets:
        sheet = book.book.add_worksheet(sheet_name(name, used))
        last = len(headings)
        for i, text in enumerate([*headings, REASON_HEADING]):
            sheet.write_string(0, i, text, head)
            sheet.set_column(i, i, 60 if i == last else min(max(2 * len(text) + 2, 12), 30))
        for number, (cells, reasons) in enumerate(rows, 1):
            for i in range(last):
                cell = cells[i] if i < len(cells) else None
                form = "yyyy-mm-dd" if isinstance(cell, dt.date) else "@" if isinstance(cell, str) else "General"
                marked: dict[str, Any] = {"bg_color": "#FAE8E3", "font_color": "#A63A2C"} if i in reasons else {}
                book.put(sheet, number, i, cell, book.style(num_format=form, border=1, **marked))
            text = "；".join(dict.fromkeys(reasons.values()))
            sheet.write_string(number, last, text, book.style(text_wrap=True, border=1, font_color="#A63A2C"))
        sheet.freeze_panes(1, 0)
    return book.done()


def sheet_name(name: str, used: set[str]) -> str:
    """Return what Excel takes for the name of a sheet, another one than those `used`, and add it to them.

    Numbers of people in it are covered.
    """
    base = "".join("_" if c in "[]:*?/\\" else c for c in starred(name))[:31] or "Sheet"
    found, n = base, 2
    while found.lower() in used:
        found, n = f"{base[:27]}({n})", n + 1
    used.add(found.lower())
    return found
