"""Checks that go through the office's own teams and their work records: guidance, party life, rules, disclosure."""

from collections import Counter
from collections.abc import Iterable

from db.records.kinds import Invalid, Uscc
from db.rules.checks.blood import IN_FORCE
from db.rules.checks.case import TEAMS, Case, Finding, Row, check
from db.rules.checks.items import count, listed, names_any, with_status
from db.rules.checks.periods import lacking, new_year, within_year, year_is_closed

_RECORDS = """
    SELECT id, title, team_id, recorded_on, quantity, ifnull(subcategory, '') AS subcategory,
           ifnull(counterpart, '') AS counterpart, ifnull(note, '') AS note, ifnull(topics, '') AS topics
      FROM work_record WHERE category = :category AND recorded_on <= :as_of AND
"""


def records_of_year(case: Case, category: str) -> list[Row]:
    """Return the work records of a category, dated from 1 January to the day."""
    sql = f"{_RECORDS} recorded_on >= :first ORDER BY recorded_on, id"
    return case.query(sql, category=category, first=new_year(case))


def records_in_force(case: Case, category: str) -> list[Row]:
    """Return the work records of a category that are in force on the day, both ends inside."""
    sql = _RECORDS.replace("recorded_on <= :as_of AND", "")
    return case.query(f"{sql} {IN_FORCE} ORDER BY recorded_on, id", category=category)


def often_enough(case: Case, records: Iterable[Row], min_times: int) -> set[int]:
    """Return the teams at the top whose trees stand in at least `min_times` of the records."""
    times = Counter(case.top_of[r["team_id"]] for r in records if r["team_id"] in case.top_of)
    return {team for team, number in times.items() if number >= min_times}


def _with_done(teams: Iterable[Row], done: set[int], status: str) -> list[Row]:
    return [team | {"status": "met" if team["id"] in done else status} for team in teams]


def yearly(case: Case, teams: list[Row], done: set[int]) -> Finding:
    """Judge teams that should each have something in the year; an internal habit, so its absence is attention."""
    k = sum(t["id"] in done for t in teams)
    status = within_year(case, k == len(teams), "attention") if teams else "not_applicable"
    rows = _with_done(teams, done, lacking(case, "attention"))
    return Finding(status, k, len(teams), items=listed("team", rows))


@check(*TEAMS, "work_record")
def teams_are_guided(case: Case, clause: str, *, min_times: int) -> Finding:
    """Base teams with at least `min_times` guidance records in the calendar year."""
    return yearly(case, case.base_teams, often_enough(case, records_of_year(case, "guidance"), min_times))


@check(*TEAMS, "work_record")
def party_organisations_are_active(case: Case, clause: str, *, min_times: int) -> Finding:
    """Base teams with a party organisation in their tree that held party activities in the calendar year."""
    with_one = {
        case.top_of.get(r["id"])
        for r in case.query(
            """SELECT id FROM team WHERE party_org_founded_on <= :as_of
                  AND (party_org_ended_on IS NULL OR party_org_ended_on > :as_of)"""
        )
    }
    unknown = {
        case.top_of.get(r["id"])
        for r in case.query(
            """SELECT id FROM team WHERE party_org_name IS NOT NULL AND party_org_founded_on IS NULL
                  AND (party_org_ended_on IS NULL OR party_org_ended_on > :as_of)"""
        )
    } - with_one
    teams = [t for t in case.base_teams if t["id"] in with_one]
    doubtful = with_status((t for t in case.base_teams if t["id"] in unknown), "missing_data")
    finding = yearly(case, teams, often_enough(case, records_of_year(case, "party_activity"), min_times))
    if doubtful:
        finding.status = "missing_data"
    finding.items += listed("team", doubtful)
    return finding


@check(*TEAMS, "work_record")
def teams_have_rules(case: Case, clause: str, *, matters: tuple[str, ...]) -> Finding:
    """Base teams with a document in force for each matter; one document may name several, and any word of one will do."""
    documents = records_in_force(case, "document")
    rows = []
    for team in case.base_teams:
        named = [d["subcategory"] for d in documents if d["team_id"] == team["id"]]
        there = sum(any(names_any(name, matter.split("|")) for name in named) for matter in matters)
        status = "met" if there == len(matters) else "partial" if there else "not_met"
        rows.append(team | {"status": status})
    return _team_by_team(rows)


def _team_by_team(rows: list[Row]) -> Finding:
    k, partly = count(rows), count(rows, "partial")
    if not rows:
        status = "not_applicable"
    elif k == len(rows):
        status = "met"
    else:
        status = "partial" if k or partly else "not_met"
    return Finding(status, k, len(rows), {"partly": partly}, listed("team", rows))


@check(*TEAMS, "work_record")
def teams_are_disclosed(case: Case, clause: str, *, basic_facts: tuple[str, ...]) -> Finding:
    """Base teams whose basic facts are all named by one disclosure in force."""
    found = [r for r in records_in_force(case, "disclosure") if "基本情况" in r["subcategory"]]
    rows = []
    for team in case.base_teams:
        notes = [r["note"] for r in found if r["team_id"] == team["id"]]
        whole = any(all(word in note for word in basic_facts) for note in notes)
        rows.append(team | {"status": "met" if whole else "partial" if notes else "not_met"})
    return _team_by_team(rows)


@check(*TEAMS, "fund_entry", "goods_entry", "work_record")
def finances_are_disclosed(case: Case, clause: str, *, min_times: int) -> Finding:
    """Base teams with money or goods moved this year, in their trees, that disclosed their finances this year, or ever."""
    moved: dict[int, list[str]] = {}
    for r in case.query(
        """SELECT team_id, entry_on FROM fund_entry
            WHERE team_id IS NOT NULL AND entry_on <= :as_of AND category <> '期初结余'
            UNION SELECT team_id, entry_on FROM goods_entry WHERE team_id IS NOT NULL AND entry_on <= :as_of"""
    ):
        if r["team_id"] in case.top_of:
            moved.setdefault(case.top_of[r["team_id"]], []).append(r["entry_on"])
    told: dict[int, list[str]] = {}
    for r in case.query(
        """SELECT team_id, recorded_on FROM work_record
            WHERE category = 'disclosure' AND subcategory LIKE '%财务收支%' AND recorded_on <= :as_of"""
    ):
        told.setdefault(r["team_id"], []).append(r["recorded_on"])
    first = new_year(case)
    rows = []
    for team in case.base_teams:
        days = moved.get(team["id"], [])
        if not days or max(days) < first:
            continue
        known = told.get(team["id"], [])
        if sum(day >= first for day in known) >= min_times:
            status = "met"
        elif not known and (year_is_closed(case) or min(days) < first):
            status = "not_met"
        else:
            status = lacking(case, "attention")
        rows.append(team | {"status": status})
    k, never = count(rows), count(rows, "not_met")
    status = within_year(case, k == len(rows), "attention") if rows else "not_applicable"
    if never:
        status = "partial" if k else "not_met"
    return Finding(status, k, len(rows), {"never": never}, listed("team", rows))


@check(*TEAMS, "work_record")
def qualified_teams_register(case: Case, clause: str, *, min_times: int) -> Finding:
    """Base teams that may register: registered with a valid credit code, or guided towards it this year."""
    guided = often_enough(
        case,
        [r for r in records_of_year(case, "guidance") if "登记" in f"{r['title']} {r['subcategory']}"],
        min_times,
    )
    rows = []
    for team in case.base_teams:
        if team["civil_reg_status"] is None:
            status = "missing_data"
        elif team["civil_reg_status"] == "registered":
            status = "met" if _is_uscc(team["uscc"]) else "missing_data"
        elif team["civil_reg_status"] == "qualified_unregistered":
            status = "met" if team["id"] in guided else lacking(case, "attention")
        else:
            continue
        rows.append(team | {"status": status})
    return _by_registration(rows, [r for r in rows if r["civil_reg_status"] is not None])


@check(*TEAMS, "work_record")
def unqualified_teams_are_guided(case: Case, clause: str, *, min_times: int) -> Finding:
    """Base teams that may not register yet, with guidance records in the calendar year."""
    guided = often_enough(case, records_of_year(case, "guidance"), min_times)
    teams = [t for t in case.base_teams if t["civil_reg_status"] == "not_qualified"]
    unknown = [t | {"status": "missing_data"} for t in case.base_teams if t["civil_reg_status"] is None]
    return _by_registration(_with_done(teams, guided, lacking(case, "attention")) + unknown, teams)


def _by_registration(rows: list[Row], counted: list[Row]) -> Finding:
    held = {r["status"] for r in rows}
    status = next((s for s in ("attention", "missing_data", "in_progress", "met") if s in held), "not_applicable")
    ids = {r["id"] for r in counted}
    k = sum(r["status"] == "met" for r in rows if r["id"] in ids)
    return Finding(status, k, len(counted), {"missing": count(rows, "missing_data")}, listed("team", rows))


def _is_uscc(text: str | None) -> bool:
    try:
        return text is not None and bool(Uscc().parse(text))
    except Invalid:
        return False
