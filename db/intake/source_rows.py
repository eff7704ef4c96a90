"""The rows of somebody's sheet as an import takes them: one by one, or a batch of them by column."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import zip_longest

from db.records.fields import Entity, Remark
from db.records.kinds import Cell


@dataclass(slots=True)
class SourceRow:
    """One row of somebody's sheet: its number there (from 1) and its cells by canonical heading."""

    number: int
    cells: dict[str, Cell]


@dataclass(frozen=True, slots=True)
class FileRows:
    """The rows below a table's headings as they were read; `places` maps a canonical heading to the cell's index."""

    rows: Sequence[tuple[int, Sequence[Cell]]]
    places: Mapping[str, int]

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, at: int) -> SourceRow:
        number, row = self.rows[at]
        return SourceRow(number, {h: row[i] if i < len(row) else None for h, i in self.places.items()})

    def numbers(self, start: int, stop: int) -> list[int]:
        """Return the numbers of some rows."""
        return [number for number, _ in self.rows[start:stop]]

    def columns(self, start: int, stop: int) -> dict[str, Sequence[Cell]]:
        """Return the cells of some rows by canonical heading; short rows end in blanks."""
        columns = list(zip_longest(*[row for _, row in self.rows[start:stop]]))
        return {h: columns[i] for h, i in self.places.items() if i < len(columns)}


@dataclass
class SourceSheet:
    """One sheet that feeds one record. `source` tells files apart; `unknown` are headings that are not ours.

    `remarks` is what the reader found out about rows: a row with an error among them is refused.
    """

    sheet: str
    entity: Entity
    rows: list[SourceRow] | FileRows
    source: str = ""
    unknown: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    remarks: Mapping[int, Sequence[Remark]] = field(default_factory=dict)  # by the number of the row
    ends: Set[int] = frozenset()  # the rows that only say when something ended that is there already

    def numbers(self, start: int, stop: int) -> list[int]:
        """Return the numbers of some rows."""
        if isinstance(self.rows, FileRows):
            return self.rows.numbers(start, stop)
        return [row.number for row in self.rows[start:stop]]

    def columns(self, start: int, stop: int) -> dict[str, Sequence[Cell]]:
        """Return the cells of some rows by canonical heading; a heading that is missing is blank in all of them."""
        if isinstance(self.rows, FileRows):
            return self.rows.columns(start, stop)
        some = self.rows[start:stop]
        return {h: [row.cells.get(h) for row in some] for h in dict.fromkeys(h for row in some for h in row.cells)}

    def column(self, heading: str) -> list[Cell]:
        """Return the cells of all rows under one heading, blank where a row has none."""
        if isinstance(self.rows, FileRows):
            i = self.rows.places.get(heading)
            return [None if i is None or i >= len(row) else row[i] for _, row in self.rows.rows]
        return [row.cells.get(heading) for row in self.rows]

    def has(self, heading: str) -> bool:
        """Whether there is such a column."""
        return (
            heading in self.rows.places
            if isinstance(self.rows, FileRows)
            else any(heading in r.cells for r in self.rows)
        )

    def remarked(self, numbers: Sequence[int]) -> Iterator[tuple[int, Remark]]:
        """Yield (place among these rows, remark) of every remark on some rows."""
        for n, number in enumerate(numbers if self.remarks else ()):
            for said in self.remarks.get(number, ()):
                yield n, said
