"""The cells of imported rows into values, a batch of rows and a column at a time: what repeats is read once."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence

from db.intake.debit_credit import join
from db.intake.row_problems import InColumn, read_cell
from db.records.entities import BY_NAME
from db.records.fields import Entity, Field, Problem
from db.records.kinds import Cell, Ref, Refs, Value

Said = tuple[str, str]  # what is to be said of a cell, and how severe it is

_MOST_KNOWN = 20_000  # different cells of one column that are remembered
_PLAIN = {str, type(None)}
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

    def read(
        self, columns: Mapping[str, Sequence[Cell]], count: int
    ) -> tuple[dict[str, Sequence[Value]], dict[int, list[Problem]]]:
        """Return the values of `count` rows by field, None where blank or wrong, and by row what is wrong with it.

        `columns` gives their cells by heading; the problems of a row come in the order of fields.
        """
        problems: dict[int, list[Problem]] = defaultdict(list)
        values: dict[str, Sequence[Value]] = {}
        sides = self._entity.sides
        joined = join(self._entity, sides, columns, count) if sides is not None else None
        if joined is not None:
            columns = joined.columns
        for f in self._entity.fields:
            cells = None if isinstance(f.kind, Ref | Refs) else columns.get(f.label)
            if cells is None:
                values[f.name] = [None] * count
                continue
            values[f.name], reasons = self._read_column(f, cells, self._known[f.name])
            if joined is None or sides is None or f.name != sides.amount:
                for n, (reason, severity) in reasons.items():
                    problems[n].append(Problem(f.name, reason, severity))
                continue
            for n, (reason, severity) in reasons.items():
                problems[n].append(InColumn(f.name, reason, severity, joined.side[n]))
            for n, problem in joined.wrong.items():
                problems[n].append(problem)
        return values, problems

    def read_reference(
        self, f: Field, columns: Mapping[str, Sequence[Cell]], count: int
    ) -> tuple[list[Sequence[Value]], set[int]]:
        """Return the values that name the row which a reference means, field by field, and where one cannot be read."""
        assert isinstance(f.kind, Ref)
        parts: list[Sequence[Value]] = []
        unread: set[int] = set()
        for heading, target in f.kind.columns:
            cells = columns.get(heading, [None] * count)
            values, reasons = self._read_column(BY_NAME[f.kind.entity][target], cells, self._known[heading])
            parts.append(values)
            unread.update(reasons)
        return parts, unread

    def _read_column(
        self, f: Field, cells: Sequence[Cell], known: _Known
    ) -> tuple[Sequence[Value], dict[int, Said]]:  # fmt: skip
        """Return the values of the cells, and by their place why some cannot be read."""
        types = set(map(type, cells))
        if types <= _PLAIN:
            texts = [cell for cell in cells if cell is not None] if type(None) in types else cells
            if f.kind.stand(texts):  # type: ignore[arg-type]
                return cells, {}  # type: ignore[return-value]
        if not types <= _REMEMBERED:
            read = [read_cell(f, cell) for cell in cells]
            return [value for value, *_ in read], {n: (said, how) for n, (_, said, how) in enumerate(read) if said}
        if len(known.values) > _MOST_KNOWN:
            known.values.clear()
            known.reasons.clear()
        for cell in set(cells).difference(known.values):
            known.values[cell], reason, severity = read_cell(f, cell)
            if reason:
                known.reasons[cell] = reason, severity
        values = list(map(known.values.__getitem__, cells))
        if not known.reasons:
            return values, {}
        return values, {n: known.reasons[cell] for n, cell in enumerate(cells) if cell in known.reasons}
