"""What findings lead to: whom to insure, and in which order a person handles them."""

from collections.abc import Sequence

from db.rules.verdicts import NEEDS_WORK, Result

OPEN = ("in_progress", "not_due", "recorded")


def people_to_insure(result: Result) -> list[int]:
    """Return the volunteers that a finding on insurance names as not covered."""
    if result.clause.record != "coverage":
        return []
    return [i.id for i in result.items if i.record == "volunteer" and i.id is not None and i.status in NEEDS_WORK]


def order(results: Sequence[Result]) -> list[Result]:
    """Return results as a person handles them: what is not met first, people without insurance before all else in it,
    then what is mandatory and hard; the rest as the notices have it.
    """
    ranks = {status: i for i, status in enumerate((*NEEDS_WORK, *OPEN, "met", "not_applicable"))}
    return sorted(results, key=lambda r: (ranks[r.status], not people_to_insure(r), not r.is_breach))
