"""Checks of the local paper for one district and the year 2024: blood targets, ceilings, reserves, publicity.

The targets bind the district and not the Red Cross, whose records may hold only part of the results: a shortfall asks
for an explanation and is never a breach of the office.
"""

from collections.abc import Mapping
from typing import Any

from db.rules.checks.case import Case, Finding
from db.rules.checks.guidance import listed, new_year, records_in_force, records_of_year, within_year

ML_PER_UNIT = 200
_DISTRICT = ("全区", "松江区")

# Which ways of donating add up to a target.
_SCOPES: Mapping[str, tuple[str, ...]] = {
    "S24-1-1": ("group", "street", "university"),
    "S24-1-3": ("group", "street"),
    "S24-1-5": ("university",),
    "S24-2.3-3": ("group",),
    "S24-2.3-12": ("street",),
}
# Whose number a ceiling is a share of.
_PEOPLE = {"S24-2.3-5": "employees", "S24-2.3-6": "unemployed_citizens"}


def _targets(case: Case) -> list[dict[str, Any]]:
    return case.query(
        "SELECT *, unit AS title FROM blood_target WHERE year = :year ORDER BY id", year=case.as_of.year
    )  # fmt: skip


def blood_collected(case: Case, clause: str, *, target: int) -> Finding:
    """Units of 200 ml collected since 1 January in the clause's ways of donating, against the target."""
    scopes = _SCOPES[clause]
    rows = case.query(
        "SELECT scope, ml FROM blood_result WHERE donated_on BETWEEN :first AND :as_of", first=new_year(case)
    )
    ml = [r["ml"] for r in rows if r["scope"] in scopes]
    k = sum(ml) // ML_PER_UNIT
    status = within_year(case, k >= target, "explain") if ml else "missing_data"
    entered = sum(t["target_units"] for t in _targets(case) if t["scope"] in scopes)
    return Finding(status, k, target, {"ml": sum(ml), "entered": entered})


def emergency_drill(case: Case, clause: str, *, target: int) -> Finding:
    """Units of the year's emergency donation drills; they are part of the city's task and never added to it."""
    rows = [r for r in records_of_year(case, "other") if "应急献血演练" in r["subcategory"]]
    units = [r["quantity"] for r in rows if r["quantity"] is not None]
    status = within_year(case, sum(units) >= target, "explain") if units else "missing_data"
    items = listed(
        "work_record", [r | {"status": "missing_data" if r["quantity"] is None else "met"} for r in rows]
    )  # fmt: skip
    return Finding(status, sum(units), target, items=items)


def mobilisation_stays_below(case: Case, clause: str, *, per_mille: int) -> Finding:
    """Units or townships whose planned number of persons stays within the ceiling, which is itself allowed."""
    people = _PEOPLE[clause]
    rows, halves = [], False
    for target in _targets(case):
        if target[people] is None:
            continue
        if target["planned_persons"] is None:
            halves = True
            continue
        within = target["planned_persons"] <= target[people] * per_mille // 1000
        rows.append(target | {"status": "met" if within else "explain"})
    k = sum(r["status"] == "met" for r in rows)
    if not rows:
        status = "missing_data" if halves else "not_applicable"
    else:
        status = "met" if k == len(rows) else "explain"
    return Finding(status, k, len(rows), items=listed("blood_target", rows))


def district_reserve(case: Case, clause: str, *, target: int) -> Finding:
    """The reserve entered for the whole district; it is never added up from the townships."""
    rows = [t for t in _targets(case) if t["unit"] in _DISTRICT and t["blood_reserve"] is not None]
    k = max((t["blood_reserve"] for t in rows), default=0)
    status = ("met" if k >= target else "explain") if rows else "missing_data"
    items = listed(
        "blood_target", [t | {"status": "met" if t["blood_reserve"] >= target else "explain"} for t in rows]
    )  # fmt: skip
    return Finding(status, k, target, items=items)


def township_reserves(case: Case, clause: str, *, target: int) -> Finding:
    """Townships with a reserve of enough units that was reported by the day."""
    targets = _targets(case)
    rows = []
    for township in case.query("SELECT id, name AS title FROM township ORDER BY id"):
        held = [t for t in targets if t["unit"] == township["title"] and t["blood_reserve"] is not None]
        done = any(t["blood_reserve"] >= target and (t["reserve_reported_on"] or "9999") <= case.day for t in held)
        rows.append(township | {"status": "met" if done else "explain" if held else "missing_data"})
    k = sum(r["status"] == "met" for r in rows)
    found = {r["status"] for r in rows}
    status = next((s for s in ("explain", "missing_data", "met") if s in found), "missing_data")
    missing = sum(r["status"] == "missing_data" for r in rows)
    return Finding(status, k, len(rows), {"missing": missing}, listed("township", rows))


def donation_days(case: Case, clause: str) -> Finding:
    """Activities of the year for blood donation on memorial days and holidays."""
    rows = case.query(
        """SELECT id, name AS title, 'met' AS status FROM activity
            WHERE start_on BETWEEN :first AND :as_of AND (theme_day IS NOT NULL OR topic LIKE '%节假日%')
              AND (category IN ('blood_recruitment', 'blood_booking', 'group_donation') OR name LIKE '%献血%'
                   OR topic LIKE '%献血%' OR theme_day = 'world_blood_donor_day') ORDER BY start_on, id""",
        first=new_year(case),
    )
    return Finding(within_year(case, bool(rows), "explain"), len(rows), None, items=listed("activity", rows))


def donation_trainings(case: Case, clause: str) -> Finding:
    """Trainings of the year for those who serve at donation: volunteers, backbone or skills, with blood as a topic."""
    rows = case.query(
        """SELECT id, name AS title, 'met' AS status FROM training
            WHERE start_on BETWEEN :first AND :as_of AND has_blood_topic = 'yes'
              AND category IN ('volunteer', 'backbone', 'skill') ORDER BY start_on, id""",
        first=new_year(case),
    )
    return Finding(within_year(case, bool(rows), "explain"), len(rows), None, items=listed("training", rows))


def emergency_donors(case: Case, clause: str) -> Finding:
    """Persons in the teams of emergency donors on record; the duty is the health authority's."""
    rows = [
        r | {"status": "missing_data" if r["quantity"] is None else "met"}
        for r in records_in_force(case, "other")
        if "应急献血者队伍" in r["subcategory"]
    ]
    k = sum(r["quantity"] or 0 for r in rows)
    status = ("met" if k else "missing_data") if rows else "recorded"
    return Finding(status, k, None, {"teams": len(rows)}, listed("work_record", rows))


CHECKS = (
    blood_collected,
    emergency_drill,
    mobilisation_stays_below,
    district_reserve,
    township_reserves,
    donation_days,
    donation_trainings,
    emergency_donors,
)
