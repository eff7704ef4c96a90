"""What findings lead to: whom to insure, and in which order a person handles them."""

import datetime as dt
from collections.abc import Sequence

from db.quarters import Quarter
from db.rules.verdicts import NEEDS_WORK, Result
from db.storage.store import Store
from db.tasks.insurance import uninsured_days

_TOLD = 5  # days that are named one by one
OPEN = ("in_progress", "not_due", "recorded")


def people_to_insure(result: Result) -> list[int]:
    """Return the volunteers that a finding on insurance names as not covered."""
    if result.clause.record != "coverage":
        return []
    return [i.id for i in result.items if i.record == "volunteer" and i.id is not None and i.status in NEEDS_WORK]


def looks_back(result: Result) -> bool:
    """Tell whether a finding on insurance is of days of service that are over: a new policy does not change it."""
    return result.clause.check == "risky_activities_are_insured"


def what_insuring_changes(store: Store, result: Result, quarter: Quarter, as_of: dt.date, today: dt.date) -> str:
    """Say of which day a finding on insurance is, where insuring people today comes too late for it; else nothing."""
    if looks_back(result):
        days = uninsured_days(store, people_to_insure(result), quarter.start, as_of)
        told = "；".join(f"{day(r['served_on'])}“{r['activity']}”：{r['name']}" for r in days[:_TOLD])
        return (
            f"看的是活动当天在不在保。不在保的：{told}{'等' if len(days) > _TOLD else ''}。"
            "当天有保险而没有登记的，起始日期填那天或更早；当天确实没有的，事后投保不改变这一条，请在报告中如实说明。"
        )
    if as_of < today:
        return (
            f"这一条看 {day(as_of.isoformat())}在不在保：起始日期在那以后的，不改变这个季度的结果，从以后的季度起才算。"
        )
    return ""


def day(written: object) -> str:
    """Return 2026-09-03 as 9月3日."""
    found = dt.date.fromisoformat(str(written))
    return f"{found.month}月{found.day}日"


def order(results: Sequence[Result]) -> list[Result]:
    """Return results as a person handles them: what is not met first, people without insurance before all else in it,
    then what is mandatory and hard; the rest as the notices have it.
    """
    ranks = {status: i for i, status in enumerate((*NEEDS_WORK, *OPEN, "met", "not_applicable"))}
    return sorted(results, key=lambda r: (ranks[r.status], not people_to_insure(r), not r.is_breach))
