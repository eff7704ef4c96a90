"""A sheet as plain rows of cells: what every reader gives, numbered as a person sees it in Excel."""

import datetime as dt
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from db.records.kinds import Cell, is_blank
from forms.reading.safety import too_big
from forms.reading.sheet_shape import MOST_ROWS, Merge, SheetShape

MOST_AREA = 12_000_000  # cells kept of one file, blanks before the last one of a row included
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")  # how a workbook writes characters that XML cannot hold

Tick = Callable[[], None]


class Note(str):
    """A sentence on how a table was read. What follows from it is said beside it, never looked for in its words.

    `ask`: a person should look at what was taken. `left_out`: the record that could not be read from the table.
    """

    ask: bool
    left_out: str

    def __new__(cls, text: str, *, ask: bool = False, left_out: str = "") -> "Note":
        made = super().__new__(cls, text)
        made.ask, made.left_out = ask, left_out
        return made


@dataclass
class Table:
    """One sheet as it stands: rows of (number from 1, cells); blank rows are left out."""

    sheet: str
    rows: list[tuple[int, list[Cell]]]
    notes: tuple[str, ...] = ()
    merges: tuple[Merge, ...] = ()
    struck: frozenset[tuple[int, int]] = frozenset()  # cells that are struck through: (number of the row, column)


def numbered(
    rows: Iterable[Sequence[Any]],
    name: str,
    area: int = 0,
    tick: Tick = lambda: None,
    convert: Callable[[Sequence[Any]], list[Cell]] | None = None,
) -> list[tuple[int, list[Cell]]]:
    """Number rows as Excel does, leave out blank ones and the blanks at a row's end."""
    kept = []
    convert = convert or sound_row
    for number, row in enumerate(rows, 1):
        if number > MOST_ROWS:
            raise too_big(name)
        if number % 2000 == 0:
            tick()
        if not row:
            continue  # a million of them where one cell stands in a far corner
        cells = convert(row)
        while cells and is_blank(cells[-1]):
            cells.pop()
        if cells:
            area += len(cells)
            if area > MOST_AREA:
                raise too_big(name)
            kept.append((number, cells))
    return kept


def sound_row(row: Sequence[Any]) -> list[Cell]:
    """Return a row of sound cells."""
    return [sound(cell) for cell in row]


def sound(cell: Any) -> Cell:
    """A duration becomes hours; a number that is none is an Excel error."""
    if isinstance(cell, dt.timedelta):
        return round(cell.total_seconds() / 3600, 6)
    if isinstance(cell, float) and not math.isfinite(cell):
        return "#NUM!"
    if isinstance(cell, str) and "_x" in cell:
        return _ESCAPED.sub(lambda m: chr(int(m[1], 16)), cell)
    return cell if cell is None or isinstance(cell, str | int | float | dt.date | dt.time) else str(cell)


def hidden_notes(rows: list[tuple[int, list[Cell]]], shape: SheetShape) -> list[str]:
    """Say how much of what was read a person does not see in Excel."""
    notes = []
    hidden = [number for number, _ in rows if number in shape.hidden_rows]
    if hidden:
        notes.append(f"有 {len(hidden)} 行是隐藏的（从第 {hidden[0]} 行起），也已读取")
    if shape.hidden_columns:
        used = {i for _, row in rows for i, cell in enumerate(row) if not is_blank(cell)}
        columns = sum(1 for i in used if any(first <= i <= last for first, last in shape.hidden_columns[:500]))
        if columns:
            notes.append(f"有 {columns} 列是隐藏的，也已读取")
    return notes
