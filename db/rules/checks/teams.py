"""Checks on the teams themselves: how many, in which domains, with which organisation and registration."""

import datetime as dt
from collections.abc import Iterable

from db.rules.checks.case import MEMBERS, TEAMS, Case, Finding, Row, check
from db.rules.checks.items import count, items_of, known, listed, ratio
from db.rules.checks.periods import months_before


def _count(teams: list[Row], at_least: int) -> Finding:
    status = "met" if len(teams) >= at_least else "not_met"
    return Finding(status, len(teams), at_least, items=items_of("team", teams))


@check(*TEAMS)
def teams_have_a_domain(case: Case, clause: str) -> Finding:
    """Every base team has a primary domain."""
    return ratio("team", [t | {"status": known(True, bool(t["primary_domain"]))} for t in case.base_teams])


@check(*TEAMS)
def has_own_teams(case: Case, clause: str, *, min_teams: int) -> Finding:
    """The office manages at least `min_teams` teams of its own."""
    return _count(case.base_teams, min_teams)


@check(*TEAMS, "disaster_prone")
def has_rescue_team(case: Case, clause: str, *, min_teams: int) -> Finding:
    """A rescue team stands, for a city, and for a county that is held to be disaster-prone on the day.

    What is on record wins over the answer in 本会情况, which decides only where there is no record.
    """
    if case.level == "county" and (stop := _is_disaster_prone(case)):
        return stop

    def domains(team: Row) -> set[str]:
        return {team["primary_domain"], *(team["other_domains"] or "").split(",")}

    first = [t for t in case.base_teams if t["primary_domain"] == "emergency_rescue"]
    finding = _count(first, min_teams)
    doubtful = [t for t in case.own_teams if "emergency_rescue" in domains(t) and t not in first]
    finding.facts["secondary"] = len(doubtful)
    if finding.status == "not_met" and doubtful:
        finding.status = "explain"
        finding.items = items_of("team", doubtful, "explain")
    return finding


def _is_disaster_prone(case: Case) -> Finding | None:
    """Return why a county is not judged on the day, or nothing."""
    rows = case.query("SELECT start_on <= :as_of AND (end_on IS NULL OR end_on > :as_of) AS holds FROM disaster_prone")
    if any(r["holds"] for r in rows):
        return None
    if rows:
        return Finding("not_applicable", facts={"reason": "考核日没有灾害多发的认定"})
    answer = case.answer("is_disaster_prone")
    if answer is None:
        return Finding("missing_data", facts={"question": "is_disaster_prone"})
    return None if answer else Finding("not_applicable", facts={"reason": "本会情况中填写的是不属于灾害多发"})


def _founded_blood_team(case: Case) -> Finding:
    """A blood team was founded: one that works as such and has members, else one that asks for an explanation."""
    teams = [t for t in case.own_teams if t["is_blood"]]
    rows = []
    for t in teams:
        mainly = t["primary_domain"] == "blood_donation" or t["team_type"] == "three_donations"
        members = len(case.members([t]))
        good = mainly and members > 0 and not t["suspended"]
        rows.append(t | {"status": "met" if good else "explain", "members": members})
    k = count(rows)
    facts = {"founded": len(rows), "empty": sum(r["members"] == 0 for r in rows)}
    return Finding("met" if k else "explain" if rows else "not_met", k, 1, facts, listed("team", rows))


@check(*MEMBERS)
def has_blood_team(case: Case, clause: str) -> Finding:
    """A city or a province has founded a blood team, or one of the three donations."""
    return _founded_blood_team(case)


@check(*MEMBERS)
def county_blood_team(case: Case, clause: str, *, target_year: int) -> Finding:
    """A county has a blood team by the end of the target year; a city or province sees only its counties' aggregate."""
    if case.level != "county":
        return Finding("not_applicable")
    finding = _founded_blood_team(case)
    end = dt.date(target_year, 12, 31)
    finding.facts["days_left"] = max((end - case.as_of).days, 0)
    if finding.status == "not_met" and case.as_of < end:
        finding.status = "not_due" if case.as_of.year < target_year else "in_progress"
    return finding


@check(*TEAMS, "party_count")
def party_organisations(case: Case, clause: str, *, min_members: int, months_valid: int, days_after: int) -> Finding:
    """Teams with enough full party members have a party organisation; an unknown count is missing data, never 0.

    A count holds for `months_valid` months; one taken up to `days_after` days after the day serves where there is none.
    """
    counts = _party_counts(case, months_valid, days_after)
    parts: dict[int, list[Row]] = {t["id"]: [] for t in case.base_teams}
    for t in case.query("SELECT * FROM team ORDER BY id"):
        top = case.top_of.get(t["id"])
        if top in parts:
            parts[top].append(t)
    rows = []
    for t in case.base_teams:
        below = [counts.get(p["id"]) for p in parts[t["id"]] if p["id"] != t["id"]]
        status = _party_status(case.day, counts.get(t["id"]), below, parts[t["id"]], min_members)
        rows.append(t | {"status": status})
    status = next((s for s in ("not_met", "missing_data", "explain", "met") if count(rows, s)), "not_applicable")
    k, fails = count(rows), count(rows, "not_met")
    facts = {"missing": count(rows, "missing_data"), "explained": count(rows, "explain")}
    return Finding(status, k, k + fails, facts, listed("team", rows))


def _party_counts(case: Case, months_valid: int, days_after: int) -> dict[int, tuple[int, int]]:
    """Return each team's (full members, with probationary ones) that holds on the day; a team without is unknown."""
    rows = case.query(
        """SELECT team_id, counted_on, full_members, full_members + ifnull(probationary_members, 0) AS both
             FROM party_count WHERE counted_on BETWEEN :first AND :last ORDER BY counted_on""",
        first=months_before(case.as_of, months_valid).isoformat(),
        last=(case.as_of + dt.timedelta(days=days_after)).isoformat(),
    )
    found: dict[int, tuple[int, int]] = {}
    for r in rows:  # the latest up to the day, else the first after it
        if r["counted_on"] <= case.day or r["team_id"] not in found:
            found[r["team_id"]] = (r["full_members"], r["both"])
    return found


def _party_status(
    day: str, own: tuple[int, int] | None, below: list[tuple[int, int] | None], tree: Iterable[Row], least: int
) -> str:
    subs = [pair for pair in below if pair is not None]
    sums = (sum(full for full, _ in subs), sum(both for _, both in subs))
    full, both = (max((own or (0, 0))[i], sums[i]) for i in (0, 1))
    is_active, is_unknown = False, False
    for t in tree:
        founded, ended = t["party_org_founded_on"], t["party_org_ended_on"]
        is_over = ended is not None and ended <= day
        if founded is not None:
            is_active |= founded <= day and not is_over
        elif t["party_org_name"] and not is_over:
            is_unknown = True
    if is_active:
        return "met" if full >= least else "not_applicable"
    if full >= least:
        return "missing_data" if is_unknown else "not_met"
    if both >= least:
        return "missing_data" if is_unknown else "explain"
    return "missing_data" if own is None and not subs else "not_applicable"


def registration(team: Row, day: str) -> str:
    """Return whether a team is registered on the platform by a day: a number without a date is not known."""
    if team["platform_registered_on"] is None:
        return "missing_data" if team["platform_group_id"] else "not_met"
    return "met" if team["platform_registered_on"] <= day else "not_met"


@check(*TEAMS)
def teams_are_registered(case: Case, clause: str) -> Finding:
    """Base teams are registered on the national platform by the day."""
    return ratio("team", [t | {"status": registration(t, case.day)} for t in case.base_teams])
