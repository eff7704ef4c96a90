"""The check of the Regulations on Volunteer Service, article 17: insurance before activities with personal danger."""

from db.queries.conditions import covered_on_service
from db.rules.checks.case import COVERS, Case, Finding, Row, check
from db.rules.checks.items import items_of, listed
from db.rules.checks.periods import quarter_start


@check("activity", "team", "service_record", "volunteer", "training", *COVERS)
def risky_activities_are_insured(case: Case, clause: str) -> Finding:
    """Participants of the quarter's dangerous activities who are covered on the day they served.

    Doubtful are: an activity of a kind that is usually dangerous and does not say so, a dangerous one without any
    participant on record, and service of its host team on its days that names no activity, covered or not.
    A drill that stands among the trainings has no answer to give: it is shown, to be entered as an activity where
    there is danger, and decides nothing.
    """
    found = case.query(
        """SELECT a.id, a.name AS title, a.start_on, coalesce(a.end_on, a.start_on) AS end_on, a.host_team_id,
                  a.has_risk = 'yes' AS is_dangerous
             FROM activity AS a LEFT JOIN team AS t ON t.id = a.host_team_id
            WHERE a.start_on BETWEEN :first AND :as_of
              AND (a.has_risk = 'yes'
                   OR (a.has_risk IS NULL AND (a.category = 'drill' OR t.primary_domain = 'emergency_rescue')))
            ORDER BY a.start_on, a.id""",
        first=quarter_start(case),
    )
    dangerous = [a for a in found if a["is_dangerous"]]
    drills = items_of("training", _drills_among_trainings(case), "attention")
    if not found:
        return Finding("not_applicable", facts={"drills": len(drills)}, items=drills)
    served = _participants(case, dangerous)
    attended = {r["activity_id"] for r in served}
    empty = [a for a in dangerous if a["id"] not in attended]
    unsaid = [a for a in found if not a["is_dangerous"]]
    loose = _without_activity(case, dangerous)
    n = len(served)
    k = sum(bool(r["covered"]) for r in served)
    if k < n:
        status = "not_met"
    elif empty or unsaid or loose:
        status = "missing_data"
    else:
        status = "met"
    bare = {r["volunteer_id"]: {"id": r["volunteer_id"], "title": r["title"]} for r in served if not r["covered"]}
    items = listed("volunteer", [r | {"status": "not_met"} for _, r in sorted(bare.items())])
    items += listed("activity", [a | {"status": "missing_data"} for a in (*empty, *unsaid)])
    items += listed("service_record", [r | {"status": "missing_data"} for r in loose])
    facts = {
        "activities": len(dangerous), "uncovered": len(bare), "empty": len(empty), "unsaid": len(unsaid),
        "loose": len(loose), "drills": len(drills),
    }  # fmt: skip
    return Finding(status, k, n, facts, items + drills)


def _drills_among_trainings(case: Case) -> list[Row]:
    """Return the quarter's drills that are on record as trainings."""
    return case.query(
        """SELECT id, name AS title FROM training
            WHERE category = 'drill' AND start_on BETWEEN :first AND :as_of ORDER BY start_on, id""",
        first=quarter_start(case),
    )


def _participants(case: Case, activities: list[Row]) -> list[Row]:
    """Return the service records that name one of the activities: whose, and whether covered on that day."""
    marks = ", ".join(str(a["id"]) for a in activities) or "NULL"
    return case.query(
        f"""SELECT r.id, r.activity_id, r.volunteer_id, v.name AS title, {covered_on_service()} AS covered
              FROM service_record AS r JOIN volunteer AS v ON v.id = r.volunteer_id
             WHERE r.activity_id IN ({marks}) AND r.served_on <= :as_of ORDER BY r.activity_id, v.id, r.id"""
    )


def _without_activity(case: Case, activities: list[Row]) -> list[Row]:
    """Return service of an activity's host team on its days that names no activity."""
    rows = case.query(
        """SELECT r.id, v.name AS title, r.team_id, r.served_on
             FROM service_record AS r JOIN volunteer AS v ON v.id = r.volunteer_id
            WHERE r.activity_id IS NULL AND r.served_on <= :as_of AND r.served_on >= :first ORDER BY r.id""",
        first=quarter_start(case),
    )
    spans = [(a["host_team_id"], a["start_on"], a["end_on"]) for a in activities if a["host_team_id"] is not None]
    return [
        r for r in rows if any(r["team_id"] == team and start <= r["served_on"] <= end for team, start, end in spans)
    ]
