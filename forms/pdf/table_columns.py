"""What a table on paper holds, and how wide its columns are. Lengths are points unless a name says ``mm``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from forms.pdf.cell_text import SIZE, SMALLEST, CellSetter

PAD_X = 2.5
HEAD_PAD = 1.2
_SHORT = 2  # letters of a heading that is never broken: 序号

Align = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Column:
    """A column of a table.

    ``width_mm`` is a share: all widths are scaled together to fill the text area. ``fit=True`` is for numbers, codes
    and dates: such cells never wrap but are set smaller, from 10.5 down to 7 pt; a column too narrow even then is
    widened at the cost of the others. Neighbouring columns with the same ``group`` get a common heading above
    their own. ``mark`` is the column's number in a statistical form (甲, 1, 2 …), shown in a row under the header.
    """

    label: str
    width_mm: float
    align: Align = "left"
    fit: bool = False
    group: str = ""
    mark: str = ""


@dataclass(frozen=True)
class TableRow:
    """A row. ``total`` is set in the header's face, its empty cells after the first joined to it; ``group`` is a label
    over the full width (only the first cell counts). ``where`` names the record in messages about missing glyphs.
    """

    cells: Sequence[str]
    kind: Literal["data", "total", "group"] = "data"
    where: str = ""


@dataclass(frozen=True)
class Table:
    """Columns and rows of one table; a row given as a plain sequence of strings is a data row."""

    columns: Sequence[Column]
    rows: Sequence[TableRow | Sequence[str]]

    def all_rows(self) -> list[TableRow]:
        """The rows as :class:`TableRow`, each with one cell per column. Raises ``ValueError`` on a wrong count."""
        rows = [row if isinstance(row, TableRow) else TableRow(row) for row in self.rows]
        for n, row in enumerate(rows, 1):
            if not row.cells or (row.kind != "group" and len(row.cells) != len(self.columns)):
                raise ValueError(f"row {n} has {len(row.cells)} cells for {len(self.columns)} columns")
        return rows


def column_widths(table: Table, setter: CellSetter, width: float) -> list[float]:
    """Return column widths filling *width*: the shares asked for, and what some do not need given to those that want it.

    A column that is wider than its longest cell and its heading gives away up to half of itself, to columns whose cells
    would be broken or set smaller. Blank ones are to be written in by hand and give nothing. ``fit`` columns get at least
    what their longest cell needs at 7 pt, and every one what a heading of two letters needs, whatever that costs the others.
    """
    total = sum(column.width_mm for column in table.columns)
    widths = [column.width_mm * width / total for column in table.columns]
    longest = _longest(table, setter)
    wanted, needed, least = [], [], []
    for column, own, need in zip(table.columns, widths, longest, strict=True):
        head = setter.natural("table_head", column.label) * SIZE
        whole = head + 2 * HEAD_PAD + 0.1 if len(column.label) <= _SHORT else 0.0
        least.append(max(2 * PAD_X + SIZE * 1.05, need * SMALLEST + 2 * PAD_X if column.fit else 0.0, whole))
        heading = head + SIZE
        wanted.append(need * SIZE + 2 * PAD_X if need else own)
        needed.append(max(wanted[-1] + SIZE / 2, min(heading, own), own / 2))
    wishes = [max(0.0, want - own) for want, own in zip(wanted, widths, strict=True)]
    spares = [max(0.0, own - need) if not wish else 0.0 for need, own, wish in zip(needed, widths, wishes, strict=True)]
    given = min(sum(wishes), sum(spares))
    if given:
        to, of = given / sum(wishes), given / sum(spares)
        widths = [own + wish * to - spare * of for own, wish, spare in zip(widths, wishes, spares, strict=True)]
    short = sum(max(0.0, low - w) for low, w in zip(least, widths, strict=True))
    spare = sum(max(0.0, w - low) for low, w in zip(least, widths, strict=True))
    if short <= 0 or spare <= 0:
        return widths
    share = min(1.0, short / spare)
    widths = [max(low, w - max(0.0, w - low) * share) for low, w in zip(least, widths, strict=True)]
    return [w * width / sum(widths) for w in widths]


def _longest(table: Table, setter: CellSetter) -> list[float]:
    """Return the width in em of the longest cell of every column, unbroken; what is written over several counts not."""
    rows = table.all_rows()
    found = [0.0] * len(table.columns)
    for n, cells in enumerate(zip(*(row.cells for row in rows if row.kind == "data"), strict=True)):
        found[n] = max(setter.at_most("table", text) for text in set(cells))
    for row in rows:
        if row.kind == "total":
            begin = 0 if len(row.cells) == 1 or row.cells[1].strip() else 1
            for n in range(begin, len(row.cells)):
                found[n] = max(found[n], setter.at_most("table_head", row.cells[n]))
    return found
