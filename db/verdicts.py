"""Verdicts as plain data, for everything that shows them; how they come about is in `db.checks`."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from db.rules import STATUSES, Clause

NEEDS_WORK = ("not_met", "partial", "missing_data", "missing_evidence", "explain", "attention")


@dataclass(frozen=True)
class Item:
    """One record behind a verdict, with its own status."""

    record: str
    id: int
    title: str
    status: str


@dataclass(frozen=True)
class Result:
    """The verdict on one clause: status, k of n where there is such a figure, and what it rests on."""

    clause: Clause
    status: str
    k: int | None
    n: int | None
    facts: dict[str, Any]
    parameters: dict[str, int]
    message: str
    items: tuple[Item, ...] = field(default=())

    @property
    def needs_work(self) -> bool:
        """Whether somebody should look at it now."""
        return self.status in NEEDS_WORK

    @property
    def is_breach(self) -> bool:
        """Whether a mandatory hard clause is not met."""
        return self.status == "not_met" and self.clause.strength == "mandatory" and self.clause.firmness == "hard"


def summary(results: Iterable[Result]) -> dict[str, int]:
    """Count the verdicts by status, every status named."""
    counts = dict.fromkeys(STATUSES, 0)
    for result in results:
        counts[result.status] += 1
    return counts
