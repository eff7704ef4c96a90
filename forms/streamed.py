"""Long sheets: XlsxWriter makes the workbook with one row of each sheet, the other rows are streamed in after it.

Every style, width, filter and print setting is XlsxWriter's; what is written here are cells of known kinds, as text that
can never be a formula, as numbers, or as days. Twelve times as fast as writing each cell through the library.
"""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from db.kinds import Cell, Choice, Date, Kind, Value, cell_text

LONG = 2_000  # rows from which it is worth it
_LONGEST = 32767
_EPOCH = dt.date(1899, 12, 30)
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_ROW_2 = re.compile(rb'<row r="2"[^>]*>(.*?)</row>', re.DOTALL)
_STYLE = re.compile(rb'<c r="[A-Z]+2" s="(\d+)"')
_SPANS = re.compile(rb'<dimension ref="[^"]*"/>')
_CHUNK = 2_000
_KEPT = 20_000  # values of one column that are remembered

Written = Callable[[list[Value], int], list[str]]


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
    writers = [
        (_writer(column, _letter(n), styles[n]), column.value) for n, column in enumerate(sheet.columns)
    ]  # fmt: skip
    for start in range(0, len(sheet.rows), _CHUNK):
        rows = sheet.rows[start : start + _CHUNK]
        first = start + 2
        columns = [write([value(row) for row in rows], first) for write, value in writers]
        lines = [f'<row r="{n}">{"".join(cells)}</row>' for n, cells in enumerate(zip(*columns, strict=True), first)]
        part.write("".join(lines).encode())
    part.write(content[found.end() :])


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
        shown = shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
        return f'{self._text} xml:space="preserve">{shown}</t></is></c>'


def _plain(text: str) -> bool:
    """Tell whether a text can be written as it is."""
    return (
        text.isprintable() and "&" not in text and "<" not in text and "_x" not in text and text[:1] != " " != text[-1:]
        and len(text) <= _LONGEST
    )  # fmt: skip


def _writer(column: LongColumn, letter: str, style: str) -> Written:
    """Return what writes a stretch of a column: values and the number of the first row to cells."""
    kind, masked = column.kind, column.masked
    cells = _Cells(kind, masked, style)
    begin = f'<c r="{letter}'
    if not masked and (isinstance(kind, Choice | Date) or kind.numeric):

        def write(values: list[Value], first: int) -> list[str]:
            return [f"{begin}{n}{cells[v]}" for n, v in enumerate(values, first)]

        return write
    text = f'" s="{style}" t="inlineStr"><is><t>'

    def write_masked(values: list[Value], first: int) -> list[str]:
        mask = kind.mask
        return [
            f"{begin}{n}{text}{shown}</t></is></c>"
            if v is not None and _plain(shown := mask(v))
            else f"{begin}{n}{cells[v]}"
            for n, v in enumerate(values, first)
        ]

    def write_text(values: list[Value], first: int) -> list[str]:
        return [
            f"{begin}{n}{text}{v}</t></is></c>" if isinstance(v, str) and v and _plain(v) else f"{begin}{n}{cells[v]}"
            for n, v in enumerate(values, first)
        ]

    return write_masked if masked else write_text
