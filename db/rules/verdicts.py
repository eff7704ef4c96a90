"""Verdicts as plain data, for everything that shows them; how they come about is in `db.rules.checks`."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from db.records.statuses import STATUSES
from db.rules.register import Clause

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
    parameters: dict[str, Any]
    message: str
    items: tuple[Item, ...] = field(default=())
    proposed: str | None = None  # what the figure of a semi-automatic clause suggests
    judgement: dict[str, Any] | None = None  # who confirmed or assessed it: person, day, reason, lapsed, carried
    listed: bool = True  # False: reference, not for the office's level, or a notice of a later day; in no total
    is_later: bool = False  # a notice of a later day

    @property
    def figure(self) -> str:
        """The figure as one text; a person's confirmation lapses when it changes."""
        return figure_text(self.proposed, self.k, self.n, self.facts)

    @property
    def needs_work(self) -> bool:
        """Whether somebody should look at it now."""
        return self.status in NEEDS_WORK

    @property
    def is_breach(self) -> bool:
        """Whether a mandatory hard clause is not met."""
        return self.status == "not_met" and self.clause.strength == "mandatory" and self.clause.firmness == "hard"


def figure_text(proposed: str | None, k: int | None, n: int | None, facts: dict[str, Any]) -> str:
    """Return what a confirmation was given for: status and k of n, or the amounts of money where there is no such figure."""
    kept = {} if k is not None else {name: value for name, value in facts.items() if name.endswith(("_fen", "_yuan"))}
    return json.dumps([proposed, k, n, kept], ensure_ascii=False, sort_keys=True)


def summary(results: Iterable[Result]) -> dict[str, int]:
    """Count the listed verdicts by status, every status named."""
    counts = dict.fromkeys(STATUSES, 0)
    for result in results:
        counts[result.status] += result.listed
    return counts


@dataclass(frozen=True)
class Score:
    """The office's own aid, no rule of any notice: how much of what the ledger can judge is met, from 0 to 100."""

    points: int | None  # None where nothing can be judged
    met: int
    half: int
    counted: int

    @property
    def formula(self) -> str:
        """The score written out with its numbers."""
        return f"（达标 {self.met} ＋ 部分达标或推进中 {self.half} × 0.5）÷ 由台账判断的 {self.counted} 条 × 100"


# Verdicts that count: not the clauses that are not due, do not apply, are only recorded, or wait for a person's word.
_COUNTED = ("met", "partial", "in_progress", "not_met", "missing_data", "explain", "attention")


def score(results: Iterable[Result]) -> Score:
    """Return the score of the clauses that the ledger judges; self-assessed ones are left to people."""
    kept = [r.status for r in results if r.listed and r.clause.mode != "self" and r.status in _COUNTED]
    met, half = kept.count("met"), kept.count("partial") + kept.count("in_progress")
    return Score(round(100 * (met + half / 2) / len(kept)) if kept else None, met, half, len(kept))


def bound(results: Iterable[Result]) -> list[Result]:
    """Leave out the local notices of other places and other years."""
    return [r for r in results if not (r.clause.source.is_local and r.status == "not_applicable")]
