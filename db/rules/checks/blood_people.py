"""Semi-automatic checks of the notice on blood donation that count people, classes and the blood teams' support."""

from typing import Any

from db.queries.conditions import active, attended, present
from db.rules.checks.blood import IN_FORCE, ON_BLOOD
from db.rules.checks.case import MEMBERS, TEAMS, Case, Finding, Row, check
from db.rules.checks.guidance import often_enough, records_of_year
from db.rules.checks.items import count, items_of, kinds_text, listed, yuan
from db.rules.checks.periods import by_year_end, new_year, quarter_first, within_quarter, within_year
from db.rules.checks.universities import BLOOD_ENTRY, SPENT

_SOURCES = {
    "hsc_registrant": "造血干细胞入库", "body_organ_registrant": "器官捐献登记", "rescue_member": "救援队员",
    "first_aider": "救护员",
}  # fmt: skip


@check(*TEAMS, "work_record", "fund_entry")
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
            f"""SELECT coalesce(sum(n.amount_fen), 0) AS fen {SPENT}
                   AND (n.team_id IN ({case.marks(case.blood_teams)}) OR {BLOOD_ENTRY})""",
            first=new_year(case),
            last=case.day,
        )[0]["fen"]
    )
    persons = sum(s["persons"] for s in staff)
    k = (persons > 0) + (spent > 0 or bool(budget))
    facts = {"staff": persons, "spent_fen": spent, "spent_text": yuan(spent), "budgets": len(budget)}
    items = items_of("work_record", staff) + items_of("work_record", budget)
    return Finding(by_year_end(case, k, 2), k, 2, facts, items)


@check("training", "attendance")
def class_reach(case: Case, clause: str) -> Finding:
    """Person-times that the quarter's first-aid classes with a part on blood donation reached."""
    rows = case.query(
        f"""SELECT t.id, t.name AS title, t.has_blood_topic, t.person_times,
                   count(a.id) AS listed, count(a.id) FILTER (WHERE {attended()}) AS present
              FROM training AS t LEFT JOIN attendance AS a ON a.training_id = t.id
             WHERE t.category = 'first_aid' AND t.start_on BETWEEN :first AND :as_of
             GROUP BY t.id ORDER BY t.start_on, t.id""",
        first=quarter_first(case),
    )
    if not rows:
        return Finding("not_applicable")
    classes = [
        r | {"reach": r["present"] if r["listed"] else r["person_times"]} for r in rows if r["has_blood_topic"] == "yes"
    ]
    missing = [r for r in classes if r["reach"] is None]
    k = sum(r["reach"] or 0 for r in classes)
    unsaid = [r for r in rows if r["has_blood_topic"] is None]
    if missing or unsaid:
        status = "missing_data"
    elif k:
        status = "met" if len(classes) == len(rows) else "partial"
    else:
        status = within_quarter(case, False, "explain")
    facts = {"classes": len(rows), "blood_classes": len(classes), "missing": len(missing)}
    items = items_of("training", [*missing, *unsaid], "missing_data")
    items += items_of("training", [r for r in classes if r not in missing])
    return Finding(status, k, None, facts, items)


@check(*MEMBERS)
def new_blood_volunteers(case: Case, clause: str) -> Finding:
    """People who joined their first blood team in the quarter, and how many come from the four groups named."""
    rows = case.query(
        f"""SELECT ifnull(v.sources, '') AS sources FROM volunteer AS v JOIN effective_membership AS m ON m.volunteer_id = v.id
             WHERE m.team_id IN ({case.marks(case.blood_teams)})
             GROUP BY v.id HAVING min(m.joined_on) BETWEEN :first AND :as_of""",
        first=quarter_first(case),
    )
    sources = [set(r["sources"].split(",")) for r in rows]
    counts = {label: sum(code in found for found in sources) for code, label in _SOURCES.items()}
    k = sum(bool(found & _SOURCES.keys()) for found in sources)
    unknown = sum(not r["sources"] for r in rows)
    status = "missing_data" if unknown and not k else within_quarter(case, k > 0, "explain")
    facts = {"kinds": counts, "kinds_text": kinds_text(counts), "unknown": unknown}
    return Finding(status, k, len(rows), facts)  # counts only


@check("membership", "volunteer", "team")
def blood_promoters(case: Case, clause: str) -> Finding:
    """Volunteers who are promoters of blood donation on the day."""
    rows = case.query(
        f"""SELECT DISTINCT v.id, v.name AS title
              FROM effective_membership AS m JOIN volunteer AS v ON v.id = m.volunteer_id
             WHERE m.role = 'blood_promoter' AND {present()} ORDER BY v.id"""
    )
    return Finding("met" if rows else "attention", len(rows), None, items=items_of("volunteer", rows))


@check("work_record")
def volunteers_gave_blood(case: Case, clause: str) -> Finding:
    """Person-times that volunteers gave blood in the year, as totals the teams report."""
    rows = case.query(
        f"""SELECT quantity FROM work_record WHERE category = 'other' AND subcategory = '志愿者献血' AND {ON_BLOOD}
               AND recorded_on BETWEEN :first AND :as_of""",
        first=new_year(case),
    )
    missing = sum(r["quantity"] is None for r in rows)
    k = sum(r["quantity"] or 0 for r in rows)
    status = "missing_data" if missing else within_year(case, k > 0, "explain")
    return Finding(status, k, None, {"reports": len(rows), "missing": missing})  # counts only


@check(*TEAMS)
def platform_is_main(case: Case, clause: str) -> Finding:
    """The office has an account, and its blood teams a number, on the national volunteer platform."""
    account = bool(case.office.get("platform_account"))
    teams = [t | {"status": "met" if t["platform_group_id"] else "not_met"} for t in case.blood_teams]
    k, n = account + count(teams), 1 + len(teams)
    status = "met" if k == n else "partial" if k else "missing_data"
    facts = {"account_text": "已填" if account else "未填", "with_number": k - account, "teams": len(teams)}
    return Finding(status, k, n, facts, listed("team", teams))


def _team_by_team(case: Case, rows: list[Row], some: str, nothing: str, **facts: Any) -> Finding:
    teams = [r | {"status": "met" if r["good"] else "attention"} for r in rows]
    k = count(teams)
    return Finding(
        by_year_end(case, k, len(rows), some=some, nothing=nothing), k, len(rows), facts, listed("team", teams)
    )  # fmt: skip


@check(*TEAMS, "work_record")
def guidance_per_team(case: Case, clause: str, *, min_times: int) -> Finding:
    """Blood teams that were given guidance in the year, themselves or a 分队 of theirs."""
    done = often_enough(case, records_of_year(case, "guidance"), min_times)
    return _team_by_team(case, [t | {"good": t["id"] in done} for t in case.blood_teams], "attention", "attention")


@check(*MEMBERS, "training", "attendance")
def backbone_and_training(case: Case, clause: str, *, min_backbone: int, min_trainings: int) -> Finding:
    """Blood teams with backbone members on the day and trainings in the year, in their trees."""
    trained = case.query(
        f"""SELECT DISTINCT team_id, id FROM (
                SELECT id, team_id FROM training WHERE start_on BETWEEN :first AND :as_of
                UNION
                SELECT t.id, a.team_id FROM training AS t JOIN attendance AS a ON a.training_id = t.id
                 WHERE t.start_on BETWEEN :first AND :as_of AND {attended()})
            WHERE team_id IS NOT NULL""",
        first=new_year(case),
    )
    rows = []
    for t in case.blood_teams:
        tree = case.tree_ids([t])
        persons = {m["volunteer_id"] for m in case.memberships if m["team_id"] in tree and m["role"] == "backbone"}
        trainings = {r["id"] for r in trained if r["team_id"] in tree}
        has = {"backbone": len(persons) >= min_backbone, "trained": len(trainings) >= min_trainings}
        rows.append(t | has | {"good": all(has.values())})
    facts = {name: sum(r[name] for r in rows) for name in ("backbone", "trained")}
    return _team_by_team(case, rows, "attention", "attention", **facts)


@check(*TEAMS, "fund_entry", "venue")
def support_and_venue(case: Case, clause: str) -> Finding:
    """Blood teams that the Red Cross supported with money in the year and that have a venue on the day."""
    money = case.query(
        """SELECT team_id, sum(amount_fen) AS fen FROM netted_entry
            WHERE direction = 'income' AND NOT is_opening AND entry_on BETWEEN :first AND :as_of
              AND fund_source IN ('rc_support', 'rc_service_project') GROUP BY team_id""",
        first=new_year(case),
    )
    housed = {
        r["team_id"]
        for r in case.query(f"SELECT v.team_id FROM venue AS v WHERE {active('v', 'opened_on', 'closed_on')}")
    }
    rows = []
    for t in case.blood_teams:
        tree = case.tree_ids([t])
        has_money, has_venue = sum(m["fen"] for m in money if m["team_id"] in tree) > 0, t["id"] in housed
        rows.append(t | {"good": has_money and has_venue, "money": has_money, "venue": has_venue})
    facts = {name: sum(r[name] for r in rows) for name in ("money", "venue")}
    some = any(r["money"] or r["venue"] for r in rows)
    return _team_by_team(case, rows, "partial", "partial" if some else "explain", **facts)


@check("venue")
def headquarters(case: Case, clause: str) -> Finding:
    """Headquarters of teams in use on the day."""
    rows = case.query(
        f"""SELECT v.id, v.name AS title FROM venue AS v WHERE v.venue_type = 'team_headquarters'
              AND {active("v", "opened_on", "closed_on")} ORDER BY v.id"""
    )
    return Finding("met" if rows else "recorded", len(rows), None, items=items_of("venue", rows))
