"""Rows into the records behind a verdict, and the figures that are read off them alike in every check."""

from collections.abc import Iterable, Mapping
from typing import Any

from db.records.amounts import Money
from db.rules.checks.case import Case, Finding, Row
from db.rules.checks.periods import by_year_end
from db.rules.verdicts import Item

# The first item is what somebody should look at first.
_ORDER = (
    "not_met", "attention", "explain", "partial", "missing_data", "in_progress", "not_due", "recorded", "met",
    "not_applicable",
)  # fmt: skip


def listed(record: str, rows: Iterable[Row]) -> list[Item]:
    """Return items for rows with ``id``, ``title`` and their own ``status``; the worst come first."""
    items = [Item(record, row["id"], row["title"], row["status"]) for row in rows]
    return sorted(items, key=lambda item: _ORDER.index(item.status))


def with_status(rows: Iterable[Row], status: str) -> list[Row]:
    """Return rows that all have one status."""
    return [row | {"status": status} for row in rows]


def items_of(record: str, rows: Iterable[Row], status: str = "met") -> list[Item]:
    """Return rows with ``id`` and ``title`` as items of one status."""
    return listed(record, with_status(rows, status))


def count(rows: Iterable[Row], status: str = "met") -> int:
    """Count the rows of a status."""
    return sum(row["status"] == status for row in rows)


def ratio(record: str, rows: list[Row], **facts: Any) -> Finding:
    """Judge k of n: all is met; else an unknown row (``missing_data``) makes it unknown; none is not met.

    `rows` have a status each: met, not_met or missing_data. Nothing to judge is not applicable.
    """
    k, missing = count(rows), count(rows, "missing_data")
    if not rows:
        status = "not_applicable"
    elif k == len(rows):
        status = "met"
    else:
        status = "missing_data" if missing else "partial" if k else "not_met"
    return Finding(status, k, len(rows), {"missing": missing} | facts, listed(record, rows))


def known(value: Any, good: bool) -> str:
    """Return the status of something that is good or not, where `value` is known."""
    return "missing_data" if value is None else "met" if good else "not_met"


def names_any(text: str | None, words: Iterable[str]) -> bool:
    """Whether a text contains one of the words."""
    return any(word in (text or "") for word in words)


def kinds_text(counts: Mapping[str, int]) -> str:
    """Write how many there are of each kind."""
    return "、".join(f"{label} {number}" for label, number in counts.items())


def by_kind(
    case: Case, counts: dict[str, int], items: list[Item], nothing: str = "explain", late: str | None = None
) -> Finding:
    """Judge of how many kinds the year saw something; `late` stands for some kinds missing once the year is closed."""
    k = sum(number > 0 for number in counts.values())
    status = by_year_end(case, k, len(counts), some=late or "partial", nothing=nothing)
    return Finding(status, k, len(counts), {"kinds": counts, "kinds_text": kinds_text(counts)}, items)


def total_text(numbers: list[int | None], unit: str) -> str:
    """Write a total, and how many records lack their number: an unknown number is never 0."""
    there = [number for number in numbers if number is not None]
    unknown = len(numbers) - len(there)
    if numbers and not there:
        return "未填"
    return f"{sum(there)} {unit}" + (f"（另有 {unknown} 条未填）" if unknown else "")


def yuan(fen: int) -> str:
    """Write an amount of 分 in 元."""
    return f"{Money().show(fen)} 元"
