"""Semi-automatic checks of the notice on blood donation that count people, classes and the blood teams' support."""

from typing import Any

from db.rules.checks.blood import IN_FORCE, ON_BLOOD
from db.rules.checks.blood_work import by_year_end, items_of, quarter_first, quarter_runs
from db.rules.checks.case import Case, Finding, judged
from db.rules.checks.universities import BLOOD_ENTRY, SPENT, yuan
from db.rules.verdicts import Item

_SOURCES = {
    "hsc_registrant": "造血干细胞入库", "body_organ_registrant": "器官捐献登记", "rescue_member": "救援队员",
    "first_aider": "救护员",
}  # fmt: skip
PRESENT = "(a.result IS NULL OR a.result NOT IN ('absent', 'leave'))"


def _new_year(case: Case) -> str:
    return f"{case.as_of.year}-01-01"


def _team_marks(case: Case) -> str:
    return ", ".join(str(t["id"]) for t in case.blood_teams) or "NULL"


def staff_and_money(case: Case, clause: str) -> Finding:
    """People appointed to, and money spent or planned in the year for, the work on blood donation."""
    staff = case.query(
        f"""SELECT id, title, coalesce(quantity, 1) AS persons FROM work_record
             WHERE category = 'appointment' AND {ON_BLOOD} AND {IN_FORCE} ORDER BY recorded_on, id"""
    )
    budget = case.query(
        f"""SELECT id, title FROM work_record WHERE category = 'plan' AND subcategory = '经费预算' AND {ON_BLOOD}
               AND {IN_FORCE} ORDER BY recorded_on, id"""
    )
    spent = int(
        case.query(
            f"""SELECT {SPENT} AS fen FROM fund_entry
                 WHERE entry_on BETWEEN :first AND :as_of AND (team_id IN ({_team_marks(case)}) OR {BLOOD_ENTRY})""",
            first=_new_year(case),
        )[0]["fen"]
    )
    persons = sum(s["persons"] for s in staff)
    k = (persons > 0) + (spent > 0 or bool(budget))
    facts = {"staff": persons, "spent_fen": spent, "spent_text": yuan(spent), "budgets": len(budget)}
    items = items_of("work_record", staff) + items_of("work_record", budget)
    return Finding(by_year_end(case, k, 2), k, 2, facts, items)


def class_reach(case: Case, clause: str) -> Finding:
    """Person-times that the quarter's first-aid classes with a part on blood donation reached."""
    rows = case.query(
        f"""SELECT t.id, t.name AS title, t.has_blood_topic = 'yes' AS is_blood, t.person_times,
                   count(a.id) AS listed, count(a.id) FILTER (WHERE {PRESENT}) AS present
              FROM training AS t LEFT JOIN attendance AS a ON a.training_id = t.id
             WHERE t.category = 'first_aid' AND t.start_on BETWEEN :first AND :as_of
             GROUP BY t.id ORDER BY t.start_on, t.id""",
        first=quarter_first(case),
    )
    if not rows:
        return Finding("not_applicable")
    classes = [r | {"reach": r["present"] if r["listed"] else r["person_times"]} for r in rows if r["is_blood"]]
    missing = [r for r in classes if r["reach"] is None]
    k = sum(r["reach"] or 0 for r in classes)
    if missing:
        status = "missing_data"
    elif k:
        status = "met"
    else:
        status = "in_progress" if quarter_runs(case) else "explain"
    facts = {"classes": len(rows), "blood_classes": len(classes), "missing": len(missing)}
    items = items_of("training", missing, "missing_data")
    items += items_of("training", [r for r in classes if r not in missing])
    return Finding(status, k, None, facts, items)


def new_blood_volunteers(case: Case, clause: str) -> Finding:
    """People who joined their first blood team in the quarter, and how many come from the four groups named."""
    rows = case.query(
        f"""SELECT ifnull(v.sources, '') AS sources FROM volunteer AS v JOIN membership AS m ON m.volunteer_id = v.id
             WHERE m.team_id IN ({_team_marks(case)})
             GROUP BY v.id HAVING min(m.joined_on) BETWEEN :first AND :as_of""",
        first=quarter_first(case),
    )
    sources = [set(r["sources"].split(",")) for r in rows]
    counts = {label: sum(code in found for found in sources) for code, label in _SOURCES.items()}
    k = sum(bool(found & _SOURCES.keys()) for found in sources)
    unknown = sum(not r["sources"] for r in rows)
    if k:
        status = "met"
    elif unknown:
        status = "missing_data"
    else:
        status = "in_progress" if quarter_runs(case) else "explain"
    text = "、".join(f"{label} {count}" for label, count in counts.items())
    return Finding(status, k, len(rows), {"kinds": counts, "kinds_text": text, "unknown": unknown})  # counts only


def blood_promoters(case: Case, clause: str) -> Finding:
    """Volunteers who are promoters of blood donation on the day."""
    rows = case.query(
        """SELECT DISTINCT v.id, v.name AS title FROM membership AS m JOIN volunteer AS v ON v.id = m.volunteer_id
            WHERE m.role = 'blood_promoter' AND m.joined_on <= :as_of AND (m.left_on IS NULL OR m.left_on > :as_of)
            ORDER BY v.id"""
    )
    return Finding("met" if rows else "attention", len(rows), None, items=items_of("volunteer", rows))


def volunteers_gave_blood(case: Case, clause: str) -> Finding:
    """Person-times that volunteers gave blood in the year, as totals the teams report."""
    rows = case.query(
        f"""SELECT quantity FROM work_record WHERE category = 'other' AND subcategory = '志愿者献血' AND {ON_BLOOD}
               AND recorded_on BETWEEN :first AND :as_of""",
        first=_new_year(case),
    )
    missing = sum(r["quantity"] is None for r in rows)
    k = sum(r["quantity"] or 0 for r in rows)
    status = "missing_data" if missing else "met" if k else "recorded"
    return Finding(status, k, None, {"reports": len(rows), "missing": missing})  # counts only


def platform_is_main(case: Case, clause: str) -> Finding:
    """The office has an account, and its blood teams a number, on the national volunteer platform."""
    account = bool(case.store.office().get("platform_account"))
    teams = [t | {"good": bool(t["platform_group_id"])} for t in case.blood_teams]
    k, n = account + sum(t["good"] for t in teams), 1 + len(teams)
    status = "met" if k == n else "partial" if k else "missing_data"
    facts = {"account_text": "已填" if account else "未填", "with_number": k - account, "teams": len(teams)}
    return Finding(status, k, n, facts, judged("team", teams))


def _team_by_team(case: Case, rows: list[dict[str, Any]], some: str, nothing: str, **facts: Any) -> Finding:
    k = sum(r["good"] for r in rows)
    items = [Item("team", r["id"], r["title"], "met" if r["good"] else "attention") for r in rows]
    items.sort(key=lambda item: item.status == "met")
    return Finding(by_year_end(case, k, len(rows), some=some, nothing=nothing), k, len(rows), facts, items)


def guidance_per_team(case: Case, clause: str, *, min_times: int) -> Finding:
    """Blood teams that were given guidance in the year."""
    found = case.query(
        """SELECT team_id, count(*) AS times FROM work_record
            WHERE category = 'guidance' AND recorded_on BETWEEN :first AND :as_of GROUP BY team_id""",
        first=_new_year(case),
    )
    times = {r["team_id"]: r["times"] for r in found}
    rows = [t | {"good": times.get(t["id"], 0) >= min_times} for t in case.blood_teams]
    return _team_by_team(case, rows, "attention", "attention")


def backbone_and_training(case: Case, clause: str, *, min_backbone: int, min_trainings: int) -> Finding:
    """Blood teams with backbone members on the day and trainings in the year."""
    backbone = {
        r["team_id"]: r["persons"]
        for r in case.query(
            """SELECT team_id, count(DISTINCT volunteer_id) AS persons FROM membership
                WHERE role = 'backbone' AND joined_on <= :as_of AND (left_on IS NULL OR left_on > :as_of)
                GROUP BY team_id"""
        )
    }
    trained = {
        r["team_id"]: r["trainings"]
        for r in case.query(
            f"""SELECT team_id, count(*) AS trainings FROM (
                    SELECT id, team_id FROM training WHERE start_on BETWEEN :first AND :as_of
                    UNION
                    SELECT t.id, a.team_id FROM training AS t JOIN attendance AS a ON a.training_id = t.id
                     WHERE t.start_on BETWEEN :first AND :as_of AND {PRESENT})
                WHERE team_id IS NOT NULL GROUP BY team_id""",
            first=_new_year(case),
        )
    }
    rows = []
    for t in case.blood_teams:
        has_backbone, has_training = (
            backbone.get(t["id"], 0) >= min_backbone,
            trained.get(t["id"], 0) >= min_trainings,
        )
        rows.append(t | {"good": has_backbone and has_training, "backbone": has_backbone, "trained": has_training})
    facts = {name: sum(r[name] for r in rows) for name in ("backbone", "trained")}
    return _team_by_team(case, rows, "attention", "attention", **facts)


def support_and_venue(case: Case, clause: str) -> Finding:
    """Blood teams that the Red Cross supported with money in the year and that have a venue on the day."""
    money = {
        r["team_id"]: r["fen"]
        for r in case.query(
            """SELECT team_id, sum(CASE WHEN direction = 'income' THEN amount_fen
                                        WHEN reverses_voucher IS NOT NULL THEN -amount_fen ELSE 0 END) AS fen
                 FROM fund_entry WHERE entry_on BETWEEN :first AND :as_of
                  AND fund_source IN ('rc_support', 'rc_service_project') GROUP BY team_id""",
            first=_new_year(case),
        )
    }
    housed = {
        r["team_id"]
        for r in case.query(
            "SELECT team_id FROM venue WHERE opened_on <= :as_of AND (closed_on IS NULL OR closed_on > :as_of)"
        )
    }
    rows = []
    for t in case.blood_teams:
        has_money, has_venue = money.get(t["id"], 0) > 0, t["id"] in housed
        rows.append(t | {"good": has_money and has_venue, "money": has_money, "venue": has_venue})
    facts = {name: sum(r[name] for r in rows) for name in ("money", "venue")}
    some = any(r["money"] or r["venue"] for r in rows)
    return _team_by_team(case, rows, "partial", "partial" if some else "explain", **facts)


def headquarters(case: Case, clause: str) -> Finding:
    """Headquarters of teams in use on the day."""
    rows = case.query(
        """SELECT id, name AS title FROM venue WHERE venue_type = 'team_headquarters'
              AND opened_on <= :as_of AND (closed_on IS NULL OR closed_on > :as_of) ORDER BY id"""
    )
    return Finding("met" if rows else "recorded", len(rows), None, items=items_of("venue", rows))


CHECKS = (
    staff_and_money,
    class_reach,
    new_blood_volunteers,
    blood_promoters,
    volunteers_gave_blood,
    platform_is_main,
    guidance_per_team,
    backbone_and_training,
    support_and_venue,
    headquarters,
)
