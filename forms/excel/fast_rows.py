"""Long sheets: XlsxWriter makes the workbook with one row of each sheet, the other rows are streamed in after it.

Every style, width, filter and print setting is XlsxWriter's; what is written here are cells of known kinds, as text that
can never be a formula, as numbers, or as days. Twelve times as fast as writing each cell through the library.
"""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any

from db.records.kinds import Cell, Choice, Date, Kind, Value, cell_text

LONG = 2_000  # rows from which it is worth it
_LONGEST = 32767
_EPOCH = dt.date(1899, 12, 30)
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_ROW_2 = re.compile(rb'<row r="2"[^>]*>(.*?)</row>', re.DOTALL)
_STYLE = re.compile(rb'<c r="[A-Z]+2" s="(\d+)"')
_SPANS = re.compile(rb'<dimension ref="[^"]*"/>')
_CHUNK, _PACKED = 250, 12  # rows made at a time, to stay in the processor's cache; stretches packed at a time
_BETWEEN = "·"  # put between texts that are looked at together
_KEPT = 20_000  # values of one column that are remembered


@dataclass(frozen=True)
class LongColumn:
    """A column of a long sheet: the kind of its values, whether they are masked, and how a row gives one."""

    kind: Kind
    masked: bool
    value: Callable[[Any], Value]


@dataclass(frozen=True)
class LongSheet:
    """A sheet whose rows are streamed: its number in the workbook (from 1), its columns, all its rows."""

    number: int
    columns: Sequence[LongColumn]
    rows: Sequence[Any]


def stream(shell: bytes, sheets: Iterable[LongSheet]) -> bytes:
    """Return the workbook with the rows of long sheets in place of their one row each."""
    wanted = {f"xl/worksheets/sheet{s.number}.xml": s for s in sheets}
    if not wanted:
        return shell
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(shell)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info.filename)
            kept = zipfile.ZipInfo(info.filename, info.date_time)
            kept.compress_type, kept.external_attr = info.compress_type, info.external_attr
            if info.filename not in wanted:
                new.writestr(kept, content, compresslevel=6)
                continue
            kept._compresslevel = 1  # type: ignore[attr-defined]  # packing harder takes longer than all the rest
            with new.open(kept, "w") as part:
                _write(part, content, wanted[info.filename])
    return out.getvalue()


def _write(part: Any, content: bytes, sheet: LongSheet) -> None:
    """Write a sheet's part: what stands before its one row, all rows, what stands after."""
    found = _ROW_2.search(content)
    assert found is not None
    styles = [style.decode() for style in _STYLE.findall(found[1])]
    head = _SPANS.sub(b"", content[: found.start()])
    part.write(head)
    with ThreadPoolExecutor(1) as packing:  # zlib lets Python go on: one stretch is packed while the next is made
        under_way = None
        stretches = _stretches(sheet, styles)
        while lines := b"".join(islice(stretches, _PACKED)):
            if under_way:
                under_way.result()
            under_way = packing.submit(part.write, lines)
        if under_way:
            under_way.result()
    part.write(content[found.end() :])


def _stretches(sheet: LongSheet, styles: Sequence[str]) -> Iterator[bytes]:
    """Yield the rows of a sheet as they are written, some at a time."""
    writers = [_Writer(column, _letter(n), styles[n]) for n, column in enumerate(sheet.columns)]
    for start in range(0, len(sheet.rows), _CHUNK):
        rows = sheet.rows[start : start + _CHUNK]
        numbers = list(map(str, range(start + 2, start + 2 + len(rows))))
        form = '<row r="%s">'
        given: list[Sequence[str]] = [numbers]
        for writer in writers:
            cell, contents = writer.write(rows)
            form += cell
            given += [numbers, contents]
        line = f"{form}</row>".__mod__
        yield "".join(map(line, zip(*given, strict=True))).encode()


def _letter(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


class _Cells(dict[Value, str]):
    """What stands in a cell after its row's number, by value; made where it is asked for the first time."""

    def __init__(self, kind: Kind, masked: bool, style: str) -> None:
        super().__init__()
        self._kind, self._masked = kind, masked
        self._blank = self[None] = self[""] = f'" s="{style}"/>'
        self._text = f'" s="{style}" t="inlineStr"><is><t'
        self._number = f'" s="{style}"><v>'

    def __missing__(self, value: Value) -> str:
        found = self.make(value)
        if len(self) < _KEPT:
            self[value] = found
        return found

    def make(self, value: Value) -> str:
        """Return what stands in the cell of a value."""
        content: Cell = self._kind.mask(value) if self._masked else self._kind.to_cell(value)
        if content is None or content == "":
            return self._blank
        if isinstance(content, dt.date) and content.year >= 1900:
            return f"{self._number}{(content - _EPOCH).days}</v></c>"
        if isinstance(content, int | float | Decimal) and not isinstance(content, bool):
            return f"{self._number}{format(content, 'f') if isinstance(content, Decimal) else content}</v></c>"
        shown = cell_text(content)
        if _plain(shown):
            return f"{self._text}>{shown}</t></is></c>"
        shown = _ESCAPE.sub("_x005F_", _UNSAFE.sub("", shown))[:_LONGEST]
        shown = _escape(shown).replace("\r", "&#13;")
        return f'{self._text} xml:space="preserve">{shown}</t></is></c>'


def _plain(text: str) -> bool:
    """Tell whether a text can be written as it is."""
    return (
        text.isprintable() and "_x" not in text and text[:1] != " " != text[-1:] and len(text) <= _LONGEST
        and not any(mark in text for mark in "&<>")
    )  # fmt: skip


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _all_plain(texts: list[str]) -> list[str] | None:
    """Return texts as they are written, by one look at them all; None where they must be looked at one by one."""
    joined = _BETWEEN.join(texts)
    if (
        not joined.isprintable() or "_x" in joined or joined[:1] == " " or joined[-1:] == " "
        or f"{_BETWEEN} " in joined or f" {_BETWEEN}" in joined or max(map(len, texts), default=0) > _LONGEST
    ):  # fmt: skip
        return None
    if not any(mark in joined for mark in "&<>"):
        return texts
    escaped = _escape(joined).split(_BETWEEN)
    return escaped if len(escaped) == len(texts) else None


class _Writer:
    """Writes a column, a stretch of rows at a time."""

    def __init__(self, column: LongColumn, letter: str, style: str) -> None:
        self._column = column
        self._cells = _Cells(column.kind, column.masked, style)
        kind = column.kind
        self._few = isinstance(kind, Choice | Date) or kind.numeric  # values that come again
        self._before, self._after = f'" s="{style}" t="inlineStr"><is><t>', "</t></is></c>"
        self._form = f'<c r="{letter}%s%s'
        self._text_form = f'<c r="{letter}%s{self._before}%s{self._after}'

    def write(self, rows: Sequence[Any]) -> tuple[str, Sequence[str]]:
        """Return the form of these rows' cells, and what stands in it for each after the row's number."""
        column, cells = self._column, self._cells
        values = list(map(column.value, rows))
        if self._few:
            return self._form, list(map(cells.__getitem__, values))
        mask = column.kind.mask
        shown: list[Any] = [v if v is None else mask(v) for v in values] if column.masked else values
        before, after = self._before, self._after
        if column.masked or column.kind.sql == "TEXT":
            filled = [text for text in shown if text]
            written = _all_plain(filled)
            if written is not None and len(filled) == len(shown):
                return self._text_form, written
            if written is not None:
                blank, texts = cells[None], iter(written)
                return self._form, [f"{before}{next(texts)}{after}" if text else blank for text in shown]
        return self._form, [
            f"{before}{text}{after}" if isinstance(text, str) and text and _plain(text) else cells[value]
            for text, value in zip(shown, values, strict=True)
        ]
