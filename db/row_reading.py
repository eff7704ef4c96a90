"""The cells of imported rows into values, a batch of rows and a column at a time: what repeats is read once."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence

from db.fields import Entity, Field, Problem, Row
from db.kinds import Cell, Ref, Value
from db.row_problems import read_cell

Said = tuple[str, str]  # what is to be said of a cell, and how severe it is

_MOST_KNOWN = 20_000  # different cells of one column that are remembered
# Cells that are equal are read alike, except for numbers of different types: 1, 1.0 and True are equal.
_REMEMBERED = {str, int, dt.date, dt.datetime, type(None)}


class _Known:
    """What the different cells of one column were read as."""

    def __init__(self) -> None:
        self.values: dict[Cell, Value] = {}
        self.reasons: dict[Cell, Said] = {}  # why some cannot be read


class RowReader:
    """Reads the rows of one record. References are left to whoever knows the other rows: they come as None."""

    def __init__(self, entity: Entity) -> None:
        self._entity = entity
        self._known: dict[str, _Known] = defaultdict(_Known)

    def read(self, rows: Sequence[Mapping[str, Cell]]) -> list[tuple[Row, list[Problem]]]:
        """Return each row's values by field, None where blank or wrong, and what is wrong, in the order of fields."""
        problems: dict[int, list[Problem]] = defaultdict(list)
        columns: list[Sequence[Value]] = []
        for f in self._entity.fields:
            if isinstance(f.kind, Ref):
                columns.append([None] * len(rows))
                continue
            values, reasons = self._read_column(f, [row.get(f.label) for row in rows])
            columns.append(values)
            for n, (reason, severity) in reasons.items():
                problems[n].append(Problem(f.name, reason, severity))
        names = list(self._entity.by_name)
        return [
            (dict(zip(names, values, strict=True)), problems.get(n, []))
            for n, values in enumerate(zip(*columns, strict=True))
        ]

    def _read_column(self, f: Field, cells: Sequence[Cell]) -> tuple[list[Value], dict[int, Said]]:
        """Return the values of the cells, and by their place why some cannot be read."""
        if not _REMEMBERED.issuperset(map(type, cells)):
            read = [read_cell(f, cell) for cell in cells]
            return [value for value, *_ in read], {n: (said, how) for n, (_, said, how) in enumerate(read) if said}
        known = self._known[f.name]
        if len(known.values) > _MOST_KNOWN:
            known.values.clear()
            known.reasons.clear()
        different = set(cells)
        for cell in different.difference(known.values):
            if isinstance(cell, str) and f.kind.stands(cell):
                known.values[cell] = cell
                continue
            known.values[cell], reason, severity = read_cell(f, cell)
            if reason:
                known.reasons[cell] = reason, severity
        values = [known.values[cell] for cell in cells]
        if different.isdisjoint(known.reasons):
            return values, {}
        return values, {n: known.reasons[cell] for n, cell in enumerate(cells) if cell in known.reasons}
