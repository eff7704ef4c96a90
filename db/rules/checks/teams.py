"""Checks on the teams themselves: how many, in which domains, with which organisation and registration."""

import datetime as dt
from typing import Any

from db.rules.checks.case import Case, Finding, judged, ratio
from db.rules.verdicts import Item


def _count(teams: list[dict[str, Any]], at_least: int) -> Finding:
    items = [Item("team", t["id"], t["title"], "met") for t in teams]
    return Finding("met" if len(teams) >= at_least else "not_met", len(teams), at_least, items=items)


def teams_have_a_domain(case: Case, clause: str) -> Finding:
    """Every base team has a primary domain."""
    rows = [t | {"good": bool(t["primary_domain"])} for t in case.base_teams]
    k = sum(t["good"] for t in rows)
    return Finding(ratio(k, len(rows)), k, len(rows), items=judged("team", rows))


def has_own_teams(case: Case, clause: str, *, min_teams: int) -> Finding:
    """The office manages at least `min_teams` teams of its own."""
    return _count(case.base_teams, min_teams)


def has_rescue_team(case: Case, clause: str, *, min_teams: int) -> Finding:
    """A rescue team stands, for a city, and for a county that is held to be disaster-prone on the day."""
    if case.level == "county":
        flagged = case.query(
            "SELECT id FROM disaster_prone WHERE start_on <= :as_of AND (end_on IS NULL OR end_on > :as_of)"
        )
        if not flagged:
            return Finding("not_applicable", facts={"reason": "考核日没有灾害多发的认定"})
    first = [t for t in case.base_teams if t["primary_domain"] == "emergency_rescue"]
    second = [t for t in case.base_teams if "emergency_rescue" in (t["other_domains"] or "").split(",")]
    finding = _count(first, min_teams)
    finding.facts["secondary"] = len(second)
    if finding.status == "not_met" and second:
        finding.status = "explain"
        finding.items = [Item("team", t["id"], t["title"], "explain") for t in second]
    return finding


def has_blood_team(case: Case, clause: str, *, min_teams: int) -> Finding:
    """A blood team, or one of the three donations, stands."""
    return _count(case.blood_teams, min_teams)


def county_blood_team(case: Case, clause: str, *, target_year: int) -> Finding:
    """A county has a blood team by the end of the target year; a city or province sees only its counties' aggregate."""
    if case.level != "county":
        return Finding("not_applicable")
    finding = _count(case.blood_teams, 1)
    end = dt.date(target_year, 12, 31)
    finding.facts["days_left"] = max((end - case.as_of).days, 0)
    if finding.status == "not_met" and case.as_of < end:
        finding.status = "not_due" if case.as_of.year < target_year else "in_progress"
    return finding


def party_organisations(case: Case, clause: str, *, min_members: int) -> Finding:
    """Teams with enough full party members have a party organisation; an unknown count is missing data, never 0."""
    items = []
    for t in case.base_teams:
        items.append(Item("team", t["id"], t["title"], _party_status(t, case.day, min_members)))
    by_status = {s: sum(i.status == s for i in items) for s in ("met", "not_met", "missing_data", "explain")}
    status = next(
        (s for s in ("not_met", "missing_data", "explain", "met") if by_status[s]),
        "not_applicable",
    )
    items.sort(key=lambda i: ("not_met", "missing_data", "explain", "met", "not_applicable").index(i.status))
    k, n = by_status["met"], by_status["met"] + by_status["not_met"]
    return Finding(
        status, k, n, facts={"missing": by_status["missing_data"], "explained": by_status["explain"]}, items=items
    )


def _party_status(team: dict[str, Any], day: str, min_members: int) -> str:
    counted, full, more = team["party_counted_on"], team["full_party_members"], team["probationary_party_members"]
    if counted is None or counted > day or full is None:
        return "missing_data"
    founded, ended = team["party_org_founded_on"], team["party_org_ended_on"]
    has_one = founded is not None and founded <= day and (ended is None or ended > day)
    if full >= min_members:
        return "met" if has_one else "not_met"
    if more is None:
        return "missing_data"
    return "explain" if full + more >= min_members and not has_one else "not_applicable"


def teams_are_registered(case: Case, clause: str) -> Finding:
    """Base teams are registered on the national platform by the day."""
    rows = [t | {"good": (t["platform_registered_on"] or "9999") <= case.day} for t in case.base_teams]
    k = sum(t["good"] for t in rows)
    return Finding(ratio(k, len(rows)), k, len(rows), items=judged("team", rows))


CHECKS = (
    teams_have_a_domain,
    has_own_teams,
    has_rescue_team,
    has_blood_team,
    party_organisations,
    teams_are_registered,
    county_blood_team,
)
