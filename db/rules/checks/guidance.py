"""Checks that go through the office's own teams and their work records: guidance, party life, rules, disclosure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from db.records.kinds import Invalid, Uscc
from db.rules.checks.blood import IN_FORCE
from db.rules.checks.case import Case, Finding
from db.rules.verdicts import Item

Row = dict[str, Any]

# The first item is what somebody should look at first.
_ORDER = ("not_met", "attention", "explain", "partial", "missing_data", "in_progress", "met", "not_applicable")

_RECORDS = """
    SELECT id, title, team_id, recorded_on, quantity, ifnull(subcategory, '') AS subcategory,
           ifnull(counterpart, '') AS counterpart, ifnull(note, '') AS note, ifnull(topics, '') AS topics
      FROM work_record WHERE category = :category AND
"""

# What a document's subcategory must name; any word of a group will do, and one document may name several.
_RULES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "Z34-3.3-2": (("决策",), ("执行",), ("监督",), ("议事规则",)),
    "Z34-3.3-3": (("人员",), ("财务",), ("物资", "资产"), ("信息公开",)),
}
_BASIC_FACTS = ("名称", "负责人", "领域")


def new_year(case: Case) -> str:
    """Return the first day of the calendar year, as it is stored."""
    return f"{case.as_of.year}-01-01"


def year_is_closed(case: Case) -> bool:
    """Whether the day is the last of its calendar year."""
    return (case.as_of.month, case.as_of.day) == (12, 31)


def within_year(case: Case, done: bool, late: str) -> str:
    """Judge what a calendar year should see: done is met, an open year is in progress, and a closed one `late`."""
    if done:
        return "met"
    return late if year_is_closed(case) else "in_progress"


def records_of_year(case: Case, category: str) -> list[Row]:
    """Return the work records of a category, dated from 1 January to the day."""
    sql = f"{_RECORDS} recorded_on BETWEEN :first AND :as_of ORDER BY recorded_on, id"
    return case.query(sql, category=category, first=new_year(case))


def records_in_force(case: Case, category: str) -> list[Row]:
    """Return the work records of a category that are in force on the day, both ends inside."""
    return case.query(f"{_RECORDS} {IN_FORCE} ORDER BY recorded_on, id", category=category)


def names_any(text: str, words: Iterable[str]) -> bool:
    """Whether a text contains one of the words."""
    return any(word in text for word in words)


def listed(record: str, rows: Iterable[Row]) -> list[Item]:
    """Return items for rows that carry their own ``status``; the worst come first."""
    items = [Item(record, row["id"], row["title"], row["status"]) for row in rows]
    return sorted(items, key=lambda item: _ORDER.index(item.status))


def _with_status(teams: list[Row], good: Iterable[int], lacking: str) -> list[Row]:
    done = set(good)
    return [team | {"status": "met" if team["id"] in done else lacking} for team in teams]


def _often_enough(records: list[Row], min_times: int) -> set[int]:
    """Return the teams that stand in at least `min_times` of the records."""
    times = Counter(r["team_id"] for r in records if r["team_id"] is not None)
    return {team for team, count in times.items() if count >= min_times}


def _yearly(case: Case, teams: list[Row], done: set[int]) -> Finding:
    """Judge teams that should each have something in the year; an internal habit, so its absence is attention."""
    k = sum(t["id"] in done for t in teams)
    status = within_year(case, k == len(teams), "attention") if teams else "not_applicable"
    lacking = "attention" if year_is_closed(case) else "in_progress"
    return Finding(status, k, len(teams), items=listed("team", _with_status(teams, done, lacking)))


def teams_are_guided(case: Case, clause: str, *, min_times: int) -> Finding:
    """Base teams with at least `min_times` guidance records in the calendar year."""
    return _yearly(case, case.base_teams, _often_enough(records_of_year(case, "guidance"), min_times))


def party_organisations_are_active(case: Case, clause: str, *, min_times: int) -> Finding:
    """Base teams with a party organisation on the day that held party activities in the calendar year."""
    teams = [
        t for t in case.base_teams
        if (t["party_org_founded_on"] or "9999") <= case.day and (t["party_org_ended_on"] or "9999") > case.day
    ]  # fmt: skip
    return _yearly(case, teams, _often_enough(records_of_year(case, "party_activity"), min_times))


def teams_have_rules(case: Case, clause: str) -> Finding:
    """Base teams with a document in force for each of the clause's four matters."""
    matters = _RULES[clause]
    documents = records_in_force(case, "document")
    rows = []
    for team in case.base_teams:
        named = [d["subcategory"] for d in documents if d["team_id"] == team["id"]]
        there = sum(any(names_any(name, words) for name in named) for words in matters)
        status = "met" if there == len(matters) else "partial" if there else "not_met"
        rows.append(team | {"status": status})
    return _team_by_team(rows)


def _team_by_team(rows: list[Row]) -> Finding:
    k = sum(r["status"] == "met" for r in rows)
    partly = sum(r["status"] == "partial" for r in rows)
    if not rows:
        status = "not_applicable"
    elif k == len(rows):
        status = "met"
    else:
        status = "partial" if k or partly else "not_met"
    return Finding(status, k, len(rows), {"partly": partly}, listed("team", rows))


def teams_are_disclosed(case: Case, clause: str) -> Finding:
    """Base teams whose name, leader and domain are all named by one disclosure in force."""
    found = [r for r in records_in_force(case, "disclosure") if "基本情况" in r["subcategory"]]
    rows = []
    for team in case.base_teams:
        notes = [r["note"] for r in found if r["team_id"] == team["id"]]
        whole = any(all(word in note for word in _BASIC_FACTS) for note in notes)
        rows.append(team | {"status": "met" if whole else "partial" if notes else "not_met"})
    return _team_by_team(rows)


def finances_are_disclosed(case: Case, clause: str, *, min_times: int) -> Finding:
    """Base teams with money moved this year that disclosed their finances this year, or ever."""
    moved = {r["team_id"]: r["first_on"] for r in case.query(
        """SELECT team_id, min(entry_on) AS first_on FROM fund_entry
            WHERE team_id IS NOT NULL AND entry_on <= :as_of
            GROUP BY team_id HAVING max(entry_on) >= :first""", first=new_year(case)
    )}  # fmt: skip
    known = case.query(
        """SELECT team_id, recorded_on FROM work_record
            WHERE category = 'disclosure' AND subcategory LIKE '%财务收支%' AND recorded_on <= :as_of"""
    )
    rows = []
    for team in (t for t in case.base_teams if t["id"] in moved):
        days = [r["recorded_on"] for r in known if r["team_id"] == team["id"]]
        if sum(day >= new_year(case) for day in days) >= min_times:
            status = "met"
        elif not days and (year_is_closed(case) or moved[team["id"]] < new_year(case)):
            status = "not_met"
        else:
            status = "attention" if year_is_closed(case) else "in_progress"
        rows.append(team | {"status": status})
    k, never = (sum(r["status"] == status for r in rows) for status in ("met", "not_met"))
    status = within_year(case, k == len(rows), "attention") if rows else "not_applicable"
    if never:
        status = "partial" if k else "not_met"
    return Finding(status, k, len(rows), {"never": never}, listed("team", rows))


def qualified_teams_register(case: Case, clause: str, *, min_times: int) -> Finding:
    """Base teams that may register: registered with a valid credit code, or guided towards it this year."""
    guided = _often_enough(
        [r for r in records_of_year(case, "guidance") if "登记" in f"{r['title']} {r['subcategory']}"], min_times
    )
    rows = []
    for team in case.base_teams:
        if team["civil_reg_status"] is None:
            status = "missing_data"
        elif team["civil_reg_status"] == "registered":
            status = "met" if _is_uscc(team["uscc"]) else "missing_data"
        elif team["civil_reg_status"] == "qualified_unregistered":
            lacking = "attention" if year_is_closed(case) else "in_progress"
            status = "met" if team["id"] in guided else lacking
        else:
            continue
        rows.append(team | {"status": status})
    return _by_registration(rows, [r for r in rows if r["civil_reg_status"] is not None])


def unqualified_teams_are_guided(case: Case, clause: str, *, min_times: int) -> Finding:
    """Base teams that may not register yet, with guidance records in the calendar year."""
    guided = _often_enough(records_of_year(case, "guidance"), min_times)
    teams = [t for t in case.base_teams if t["civil_reg_status"] == "not_qualified"]
    unknown = [t | {"status": "missing_data"} for t in case.base_teams if t["civil_reg_status"] is None]
    lacking = "attention" if year_is_closed(case) else "in_progress"
    return _by_registration(_with_status(teams, guided, lacking) + unknown, teams)


def _by_registration(rows: list[Row], counted: list[Row]) -> Finding:
    held = {r["status"] for r in rows}
    status = next((s for s in ("attention", "missing_data", "in_progress", "met") if s in held), "not_applicable")
    ids = {r["id"] for r in counted}
    k = sum(r["status"] == "met" for r in rows if r["id"] in ids)
    missing = sum(r["status"] == "missing_data" for r in rows)
    return Finding(status, k, len(counted), {"missing": missing}, listed("team", rows))


def _is_uscc(text: str | None) -> bool:
    try:
        return text is not None and bool(Uscc().parse(text))
    except Invalid:
        return False


CHECKS = (
    teams_are_guided,
    party_organisations_are_active,
    teams_have_rules,
    teams_are_disclosed,
    finances_are_disclosed,
    qualified_teams_register,
    unqualified_teams_are_guided,
)
