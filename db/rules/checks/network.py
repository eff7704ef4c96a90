"""Checks on registration with the national volunteer platform (“一网管理”) of the blood teams."""

from typing import Any

from db.quarters import Quarter
from db.rules.checks.blood import IN_FORCE, NOTICE_DAY
from db.rules.checks.case import BASE_TEAMS, IS_BLOOD_TEAM, Case, Finding
from db.rules.verdicts import Item

Part = tuple[int, int]


def _text(part: Part, unit: str) -> str:
    return f"{part[0]}/{part[1]} {unit}" if part[1] else "无"


def _registered(team: dict[str, Any], day: str) -> bool:
    return (team["platform_registered_on"] or "9999") <= day


def one_network(case: Case, clause: str) -> Finding:
    """Members, teams, projects and the quarter's service records of the blood teams are on the platform."""
    if not case.blood_teams:
        return Finding("not_applicable")
    blood = f"(SELECT id FROM ({BASE_TEAMS}) WHERE {IS_BLOOD_TEAM})"
    projects = case.query(
        f"""SELECT id, title, ifnull(channel, '') LIKE '%志愿者网%' AS good FROM work_record
             WHERE category = 'project' AND {IN_FORCE} AND team_id IN {blood} ORDER BY id"""
    )
    services = case.query(
        f"""SELECT count(*) FILTER (WHERE is_synced = 'yes') AS k, count(*) AS n FROM service_record
             WHERE served_on BETWEEN :first AND :as_of AND team_id IN {blood}""",
        first=Quarter.of(case.as_of).start.isoformat(),
    )[0]
    parts: dict[str, Part] = {
        "members": (sum(m["platform_id"] is not None for m in case.blood_members), len(case.blood_members)),
        "teams": (sum(_registered(t, case.day) for t in case.blood_teams), len(case.blood_teams)),
        "projects": (sum(bool(p["good"]) for p in projects), len(projects)),
        "services": (services["k"], services["n"]),
    }
    counted = [p for p in parts.values() if p[1]]
    if all(k == n for k, n in counted):
        status = "met"
    else:
        status = "not_met" if all(k == 0 for k, _ in counted) else "partial"
    units = {"members": "人", "teams": "支", "projects": "个", "services": "条"}
    facts: dict[str, Any] = {name: list(p) for name, p in parts.items()}
    facts |= {f"{name}_text": _text(p, units[name]) for name, p in parts.items()}
    items = [Item("team", t["id"], t["title"], "not_met") for t in case.blood_teams if not _registered(t, case.day)]
    items += [Item("volunteer", m["id"], m["title"], "not_met") for m in case.blood_members if m["platform_id"] is None]
    items += [Item("work_record", p["id"], p["title"], "not_met") for p in projects if not p["good"]]
    return Finding(status, sum(k == n for k, n in counted), len(counted), facts, items)


def existing_stock_is_registered(case: Case, clause: str) -> Finding:
    """Blood teams and members that were there when the notice came, and still are, have registered."""
    there = {r["id"] for r in case.query(f"SELECT id FROM ({BASE_TEAMS.replace(':as_of', ':then')})", then=_then())}
    teams = [t for t in case.blood_teams if t["id"] in there]
    if not teams:
        return Finding("not_applicable")
    marks = ", ".join(str(t["id"]) for t in teams)
    members = case.query(
        f"""SELECT DISTINCT v.id, v.name AS title, v.platform_id FROM membership AS m
              JOIN volunteer AS v ON v.id = m.volunteer_id
             WHERE m.team_id IN ({marks}) AND m.joined_on <= :then AND (m.left_on IS NULL OR m.left_on > :then)
               AND m.joined_on <= :as_of AND (m.left_on IS NULL OR m.left_on > :as_of) ORDER BY v.id""",
        then=_then(),
    )
    team_part = (sum(_registered(t, case.day) for t in teams), len(teams))
    member_part = (sum(m["platform_id"] is not None for m in members), len(members))
    status = "met" if team_part[0] == team_part[1] and member_part[0] == member_part[1] else "in_progress"
    if status == "in_progress" and _deadline_passed(case, clause):
        status = "not_met"
    items = [Item("team", t["id"], t["title"], "not_met") for t in teams if not _registered(t, case.day)]
    items += [Item("volunteer", m["id"], m["title"], "not_met") for m in members if m["platform_id"] is None]
    facts: dict[str, Any] = {
        "teams": list(team_part), "members": list(member_part), "teams_text": _text(team_part, "支"),
        "members_text": _text(member_part, "人"), "days_since": (case.as_of - NOTICE_DAY).days,
    }  # fmt: skip
    return Finding(status, team_part[0] + member_part[0], team_part[1] + member_part[1], facts, items)


def _then() -> str:
    return NOTICE_DAY.isoformat()


def _deadline_passed(case: Case, clause: str) -> bool:
    """Whether a deadline that a superior set, and the office entered, lies before the day."""
    rows = case.query("SELECT day FROM office_parameter WHERE clause = :clause AND name = 'deadline'", clause=clause)
    return any(r["day"] < case.day for r in rows)


CHECKS = (
    one_network,
    existing_stock_is_registered,
)
