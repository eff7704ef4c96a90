"""What an import did, sheet by sheet."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from db.intake.row_problems import RowProblem


@dataclass
class SheetResult:
    """What became of a sheet's rows: read = added + updated + unchanged + refused."""

    sheet: str
    kind: str
    source: str = ""
    rows: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    problems: list[RowProblem] = field(default_factory=list)
    unknown: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    amount_fen: int = 0  # of the money in the rows that went in

    def refused_rows(self) -> set[int]:
        """The numbers of the rows that did not go in."""
        return {p.row for p in self.problems if p.severity == "error"}


@dataclass
class ImportResult:
    """What an import did; `operation` is the id one undo takes back, or None where nothing changed."""

    sheets: list[SheetResult]
    operation: int | None = None

    @property
    def refused(self) -> int:
        """How many rows did not go in."""
        return sum(s.refused for s in self.sheets)

    @property
    def changed(self) -> int:
        """How many rows were added or updated."""
        return sum(s.added + s.updated for s in self.sheets)


def totals(results: Iterable[SheetResult]) -> dict[str, int]:
    """Add up the counters of several sheets."""
    names = ("rows", "added", "updated", "unchanged", "refused")
    kept = list(results)
    return {name: sum(getattr(r, name) for r in kept) for name in names}
