"""The cells of imported rows into values, a batch of rows and a column at a time: what repeats is read once."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence

from db.fields import Entity, Field, Problem, Row
from db.kinds import Cell, Ref, Value
from db.row_problems import MOST_KNOWN, read_cell

# Cells that are equal are read alike, except for numbers of different types: 1, 1.0 and True are equal.
_REMEMBERED = {str, int, dt.date, dt.datetime, type(None)}


class RowReader:
    """Reads the rows of one record. References are left to whoever knows the other rows: they come as None."""

    def __init__(self, entity: Entity) -> None:
        self._entity = entity
        self._known: dict[str, dict[Cell, tuple[Value, str]]] = defaultdict(dict)

    def read(self, rows: Sequence[Mapping[str, Cell]]) -> list[tuple[Row, list[Problem]]]:
        """Return each row's values by field, None where blank or wrong, and what is wrong, in the order of fields."""
        problems: dict[int, list[Problem]] = defaultdict(list)
        columns: list[Sequence[Value]] = []
        for f in self._entity.fields:
            if isinstance(f.kind, Ref):
                columns.append([None] * len(rows))
                continue
            cells = [row.get(f.label) for row in rows]
            read = self._read_column(f, cells)
            columns.append([value for value, _ in read])
            for n, (_, reason) in enumerate(read):
                if reason:
                    problems[n].append(Problem(f.name, reason))
        names = list(self._entity.by_name)
        return [
            (dict(zip(names, values, strict=True)), problems.get(n, []))
            for n, values in enumerate(zip(*columns, strict=True))
        ]

    def _read_column(self, f: Field, cells: Sequence[Cell]) -> list[tuple[Value, str]]:
        """Return (value, why it cannot be read) of every cell."""
        if not _REMEMBERED.issuperset(map(type, cells)):
            return [read_cell(f, cell) for cell in cells]
        known = self._known[f.name]
        if len(known) > MOST_KNOWN:
            known.clear()
        for cell in set(cells).difference(known):
            known[cell] = (cell, "") if isinstance(cell, str) and f.kind.stands(cell) else read_cell(f, cell)
        return [known[cell] for cell in cells]
