"""Checks on registration with the national volunteer platform (“一网管理”) of the blood teams."""

from typing import Any

from db.queries.conditions import existing_team, on_platform, present
from db.rules.checks.blood import IN_FORCE
from db.rules.checks.case import COVERS, MEMBERS, Case, Finding, Row, check
from db.rules.checks.items import count, known, listed
from db.rules.checks.periods import NOTICE_DAY, quarter_start
from db.rules.checks.teams import registration
from db.rules.verdicts import Item

# Each part of the network, and its measure word.
_UNITS = {"members": "人", "teams": "支", "projects": "个", "services": "条"}


def _parts_finding(parts: dict[str, list[Row]], **more: Any) -> tuple[dict[str, Any], list[str]]:
    """Return the facts of the parts, and the state of each that has anything: full, empty or between."""
    facts: dict[str, Any] = dict(more)
    states = []
    for name, rows in parts.items():
        k, n = count(rows), len(rows)
        facts[name] = [k, n]
        facts[f"{name}_text"] = f"{k} {_UNITS[name]}（共 {n} {_UNITS[name]}）" if n else "无"
        if n:
            states.append("full" if k == n else "empty" if k == 0 else "some")
    return facts, states


@check(*MEMBERS, *COVERS, "work_record", "service_record")
def one_network(case: Case, clause: str, *, channel_words: tuple[str, ...]) -> Finding:
    """Members, teams, projects and the quarter's service records of the blood teams' trees are on the platform."""
    if not case.blood_teams:
        return Finding("not_applicable")
    blood = case.marks(case.blood_teams)
    projects = case.query(
        f"""SELECT id, title, channel FROM work_record
             WHERE category = 'project' AND recorded_on <= :as_of AND {IN_FORCE} AND team_id IN ({blood}) ORDER BY id"""
    )
    services = case.query(
        f"""SELECT id, served_on AS title, is_synced FROM service_record
             WHERE served_on BETWEEN :first AND :as_of AND team_id IN ({blood})""",
        first=quarter_start(case),
    )
    parts = {
        "members": [m | {"status": known(True, bool(m["on_platform"]))} for m in case.blood_members],
        "teams": [t | {"status": registration(t, case.day)} for t in case.blood_teams],
        "projects": [
            p | {"status": known(p["channel"], any(word in (p["channel"] or "") for word in channel_words))}
            for p in projects
        ],
        "services": [s | {"status": known(s["is_synced"], s["is_synced"] == "yes")} for s in services],
    }
    facts, states = _parts_finding(parts)
    missing = sum(count(rows, "missing_data") for rows in parts.values())
    if all(state == "full" for state in states):
        status = "met"
    elif missing:
        status = "missing_data"
    else:
        status = "not_met" if all(state == "empty" for state in states) else "partial"
    return Finding(status, states.count("full"), len(states), facts | {"missing": missing}, _lacking(parts))


def _lacking(parts: dict[str, list[Row]]) -> list[Item]:
    records = {"teams": "team", "members": "volunteer", "projects": "work_record"}
    found = [
        item
        for name, record in records.items()
        for item in listed(record, [r for r in parts.get(name, []) if r["status"] != "met"])
    ]
    # Of service there may be very much: only what nobody can judge is named.
    unsaid = [r for r in parts.get("services", []) if r["status"] == "missing_data"]
    return found + listed("service_record", unsaid)


@check(*MEMBERS, "office_parameter")
def existing_stock_is_registered(case: Case, clause: str) -> Finding:
    """Blood teams and members that were there when the notice came, and still are, have registered."""
    there = case.base_then(NOTICE_DAY)
    teams = [t | {"status": registration(t, case.day)} for t in case.blood_teams if t["id"] in there]
    if not teams:
        return Finding("not_applicable")
    parts = {"teams": teams, "members": _members_of_both_days(case, teams)}
    facts, states = _parts_finding(parts, days_since=(case.as_of - NOTICE_DAY).days)
    if all(state == "full" for state in states):
        status = "met"
    elif count(teams, "missing_data"):
        status = "missing_data"
    else:
        status = "not_met" if _deadline_passed(case, clause) else "in_progress"
    k, n = (sum(facts[name][i] for name in parts) for i in (0, 1))
    return Finding(status, k, n, facts, _lacking(parts))


def _members_of_both_days(case: Case, teams: list[Row]) -> list[Row]:
    """Return the persons who were members of the same team's tree when the notice came and are today.

    The tree is that of each day: a 分队 that was founded later was in none then, whatever its
    members' days, and one that is dissolved by now was.
    """
    then = NOTICE_DAY.isoformat()
    pairs = case.query(
        f"""SELECT DISTINCT tree.top_id, m.volunteer_id AS id, v.name AS title, {on_platform()} AS on_platform,
                   {present(day=":then")} AND (tree.team_id = tree.top_id OR {existing_team(day=":then")}) AS was,
                   {present()} AND (tree.team_id = tree.top_id OR {existing_team()}) AS is_now
              FROM team_tree AS tree JOIN effective_membership AS m ON m.team_id = tree.team_id
              JOIN volunteer AS v ON v.id = m.volunteer_id
              JOIN team AS t ON t.id = tree.team_id
             WHERE tree.top_id IN ({", ".join(str(t["id"]) for t in teams)}) ORDER BY m.volunteer_id""",
        then=then,
    )
    was = {(p["top_id"], p["id"]) for p in pairs if p["was"]}
    now = {p["id"]: p for p in pairs if p["is_now"] and (p["top_id"], p["id"]) in was}
    return [p | {"status": known(True, bool(p["on_platform"]))} for p in now.values()]


def _deadline_passed(case: Case, clause: str) -> bool:
    """Whether a deadline that a superior set, and the office entered, lies before the day."""
    rows = case.query("SELECT day FROM office_parameter WHERE clause = :clause AND name = 'deadline'", clause=clause)
    return any(r["day"] < case.day for r in rows)
