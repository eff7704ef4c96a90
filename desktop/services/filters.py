"""What a column may be narrowed to: some of its values, or a span of days or numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from db.records.fields import Field, Row
from db.records.kinds import Choices, Date, Value


@dataclass(frozen=True)
class OneOf:
    """Rows that hold one of these values; None is the blank cell. `several`: the cell holds codes joined by commas."""

    values: frozenset[Value]
    several: bool = False

    def keep(self, rows: Sequence[Row], found: Iterable[int], name: str) -> list[int]:
        """Return the rows of `found` that fit."""
        values = self.values
        if not self.several:
            return [i for i in found if rows[i][name] in values]
        return [i for i in found if not values.isdisjoint(parts(rows[i][name], True))]


@dataclass(frozen=True)
class Between:
    """Rows from one value to another, both included; None is open. Blank cells do not fit."""

    low: Value = None
    high: Value = None

    def keep(self, rows: Sequence[Row], found: Iterable[int], name: str) -> list[int]:
        """Return the rows of `found` that fit."""
        kept = [i for i in found if rows[i][name] is not None]
        if self.low is not None:
            kept = [i for i in kept if rows[i][name] >= self.low]  # type: ignore[operator]
        if self.high is not None:
            kept = [i for i in kept if rows[i][name] <= self.high]  # type: ignore[operator]
        return kept


@dataclass(frozen=True)
class Holds:
    """Rows in which one name stands among several."""

    one: str
    glue: str = "、"

    def keep(self, rows: Sequence[Row], found: Iterable[int], name: str) -> list[int]:
        """Return the rows of `found` that fit."""
        one, glue = self.one, self.glue
        return [i for i in found if (text := rows[i][name]) and one in str(text) and one in str(text).split(glue)]


Filter = OneOf | Between | Holds


def by_span(f: Field) -> bool:
    """Tell whether a column is narrowed by from and to, not by a list of its values."""
    return f.kind.numeric or isinstance(f.kind, Date)


def parts(value: Value, several: bool) -> Sequence[Value]:
    """Return what a cell counts as in the list of values."""
    return str(value).split(",") if several and value else (value,)


def has_several(f: Field) -> bool:
    """Tell whether one cell of a column may hold several values."""
    return isinstance(f.kind, Choices)
