"""Checks of the local paper for one district and the year 2024: blood targets, ceilings, reserves, publicity.

The targets bind the district and not the Red Cross, whose records may hold only part of the results: a shortfall asks
for an explanation and is never a breach of the office.
"""

from db.queries.conditions import ML_PER_UNIT
from db.rules.checks.case import Case, Finding, Row, check
from db.rules.checks.guidance import records_in_force, records_of_year
from db.rules.checks.items import count, listed
from db.rules.checks.periods import new_year, within_year


def _targets(case: Case) -> list[Row]:
    return case.query(
        "SELECT *, unit AS title FROM blood_target WHERE year = :year ORDER BY id", year=case.as_of.year
    )  # fmt: skip


@check("blood_result", "blood_target")
def blood_collected(
    case: Case, clause: str, *, target: int, scopes: tuple[str, ...], whole: tuple[str, ...]
) -> Finding:
    """Units of 200 ml collected since 1 January in the clause's ways of donating, against the target.

    A target of the whole area (`whole`) is a total: it is never added to its parts.
    """
    rows = [
        r for r in case.query(
            "SELECT unit, scope, ml FROM blood_result WHERE donated_on BETWEEN :first AND :as_of", first=new_year(case)
        )
        if r["scope"] in scopes
    ]  # fmt: skip
    ml = sum(r["ml"] for r in rows)
    k = ml // ML_PER_UNIT
    entered = whole_or_parts([t for t in _targets(case) if t["scope"] in scopes], "target_units", whole)
    status = within_year(case, k >= target, "explain") if rows else "missing_data"
    return Finding(status, k, target, {"ml": ml, "entered": sum(entered.values())})


def whole_or_parts(rows: list[Row], name: str, whole: tuple[str, ...]) -> dict[str, int]:
    """Return the sum for each way of donating: of the rows of the whole area where there are any, else of the parts."""
    sums: dict[str, dict[bool, int]] = {}
    for r in rows:
        of = sums.setdefault(r["scope"], {})
        of[r["unit"] in whole] = of.get(r["unit"] in whole, 0) + (r[name] or 0)
    return {scope: of.get(True, of.get(False, 0)) for scope, of in sums.items()}


@check("work_record")
def emergency_drill(case: Case, clause: str, *, target: int) -> Finding:
    """Units of the year's emergency donation drills; they are part of the city's task and never added to it."""
    rows = [r for r in records_of_year(case, "other") if "应急献血演练" in r["subcategory"]]
    units = [r["quantity"] for r in rows if r["quantity"] is not None]
    status = within_year(case, sum(units) >= target, "explain") if units else "missing_data"
    items = listed(
        "work_record", [r | {"status": "missing_data" if r["quantity"] is None else "met"} for r in rows]
    )  # fmt: skip
    return Finding(status, sum(units), target, items=items)


@check("blood_target")
def mobilisation_stays_below(case: Case, clause: str, *, per_mille: int, people: str) -> Finding:
    """Units or townships whose planned number of persons stays within the ceiling, which is itself allowed.

    A unit whose planned number is blank is unknown. Targets are in 人份, which are not persons, and are not compared.
    """
    rows = []
    for target in _targets(case):
        if target[people] is None:
            continue
        planned = target["planned_persons"]
        within = planned is not None and planned <= target[people] * per_mille // 1000
        rows.append(target | {"status": "missing_data" if planned is None else "met" if within else "explain"})
    k = count(rows)
    status = next((s for s in ("missing_data", "explain", "met") if count(rows, s)), "not_applicable")
    return Finding(status, k, len(rows), {"missing": count(rows, "missing_data")}, listed("blood_target", rows))


@check("blood_target")
def district_reserve(case: Case, clause: str, *, target: int, whole: tuple[str, ...]) -> Finding:
    """The reserve entered for the whole district; it is never added up from the townships."""
    rows = [t for t in _targets(case) if t["unit"] in whole and t["blood_reserve"] is not None]
    k = max((t["blood_reserve"] for t in rows), default=0)
    status = ("met" if k >= target else "explain") if rows else "missing_data"
    items = listed(
        "blood_target", [t | {"status": "met" if t["blood_reserve"] >= target else "explain"} for t in rows]
    )  # fmt: skip
    return Finding(status, k, target, items=items)


@check("township", "blood_target")
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


@check("activity")
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


@check("training")
def donation_trainings(case: Case, clause: str) -> Finding:
    """Trainings of the year for those who serve at donation: volunteers, backbone or skills, with blood as a topic."""
    rows = case.query(
        """SELECT id, name AS title, 'met' AS status FROM training
            WHERE start_on BETWEEN :first AND :as_of AND has_blood_topic = 'yes'
              AND category IN ('volunteer', 'backbone', 'skill') ORDER BY start_on, id""",
        first=new_year(case),
    )
    return Finding(within_year(case, bool(rows), "explain"), len(rows), None, items=listed("training", rows))


@check("work_record")
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
