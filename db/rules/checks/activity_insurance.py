"""The check of the Regulations on Volunteer Service, article 17: insurance before activities with personal danger."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from db.quarters import Quarter
from db.rules.checks.case import Case, Finding
from db.rules.verdicts import Item

Span = tuple[dt.date, dt.date]
_ONE_DAY = dt.timedelta(days=1)


def risky_activities_are_insured(case: Case, clause: str) -> Finding:
    """Participants of the quarter's dangerous activities who are covered on every day, as pairs with the activity."""
    activities = case.query(
        """SELECT id, name AS title, start_on, coalesce(end_on, start_on) AS end_on FROM activity
            WHERE has_risk = 'yes' AND start_on BETWEEN :first AND :as_of ORDER BY start_on, id""",
        first=Quarter.of(case.as_of).start.isoformat(),
    )
    if not activities:
        return Finding("not_applicable")
    marks = ", ".join(str(a["id"]) for a in activities)
    people = case.query(
        f"""SELECT DISTINCT r.activity_id, v.id, v.name AS title, v.platform_id
              FROM service_record AS r JOIN volunteer AS v ON v.id = r.volunteer_id
             WHERE r.activity_id IN ({marks}) ORDER BY r.activity_id, v.id"""
    )
    named = _named_spans(case, {p["id"] for p in people})
    platform = [
        _span(r["start_on"], r["end_on"])
        for r in case.query("SELECT start_on, end_on FROM insurance_policy WHERE cover_mode = 'platform_auto'")
    ]
    days = {a["id"]: _span(a["start_on"], a["end_on"]) for a in activities}
    bare = {}
    k = 0
    for p in people:
        spans = named[p["id"]] + (platform if p["platform_id"] is not None else [])
        if first_gap(days[p["activity_id"]], spans) is None:
            k += 1
        else:
            bare[p["id"]] = p["title"]
    attended = {p["activity_id"] for p in people}
    empty = [a for a in activities if a["id"] not in attended]
    n = len(people)
    if k < n:
        status = "partial" if k else "not_met"
    else:
        status = "missing_data" if empty else "met"
    items = [Item("volunteer", i, title, "not_met") for i, title in sorted(bare.items())]
    items += [Item("activity", a["id"], a["title"], "missing_data") for a in empty]
    facts = {"activities": len(activities), "uncovered": len(bare), "empty": len(empty)}
    return Finding(status, k, n, facts, items)


def first_gap(days: Span, spans: Iterable[Span]) -> dt.date | None:
    """Return the first of the days (both ends inside) that no span covers, or None."""
    day, last = days
    for start, end in sorted(spans):
        if start > day:
            break
        if end >= day:
            if end >= last:
                return None
            day = end + _ONE_DAY
    return day


def _named_spans(case: Case, persons: set[int]) -> dict[int, list[Span]]:
    """Return when each person is covered by name; for an activity, a policy for activities counts too."""
    found: dict[int, list[Span]] = defaultdict(list)
    for r in case.query(
        """SELECT c.volunteer_id, max(coalesce(c.start_on, p.start_on), p.start_on) AS start_on,
                  min(coalesce(c.end_on, p.end_on), p.end_on) AS end_on
             FROM coverage AS c JOIN insurance_policy AS p ON p.id = c.policy_id
            WHERE p.cover_mode IN ('named_list', 'per_activity')"""
    ):
        if r["volunteer_id"] in persons and r["start_on"] <= r["end_on"]:
            found[r["volunteer_id"]].append(_span(r["start_on"], r["end_on"]))
    return found


def _span(start: str, end: str) -> Span:
    return dt.date.fromisoformat(start), dt.date.fromisoformat(end)


CHECKS = (risky_activities_are_insured,)
