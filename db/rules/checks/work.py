"""Checks on the office's own work: coverage, projects, venues, meetings, money, honours and stories."""

from collections.abc import Mapping

from db.records.entities import DOMAINS
from db.rules.checks.case import Case, Finding
from db.rules.checks.guidance import (
    Row,
    listed,
    names_any,
    new_year,
    records_in_force,
    records_of_year,
    within_year,
    year_is_closed,
)
from db.rules.checks.people import months_before
from db.rules.verdicts import Item

_FOCUS = DOMAINS[:6]  # the six domains that the notice names
_THREE = ("blood_donation", "hsc_donation", "body_organ_donation")
CAMPAIGNS = ("救在身边", "爱心相髓", "生命接力", "人道救助", "养老服务")
LIFE = "生命教育"
_MEETINGS = ("党组", "执委会", "执行委员会", "理事会", "办公会")
_HOME = ("办公", "活动", "交流")
_POSITIONS = ("代表", "理事", "监事")
_OUTSIDE = ("gov_service_project", "rc_service_project", "gov_subsidy", "social_fund", "donation")

# Work records of the year that a clause counts: the category, and the words of the subcategory (none: any).
_COUNTED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "Z34-5.3-2": ("nomination", ()),
    "Z34-5.3-3": ("own_media", ("事迹", "风采")),
}


def _met(rows: list[Row]) -> list[Row]:
    return [row | {"status": "met"} for row in rows]


def townships_are_covered(case: Case, clause: str) -> Finding:
    """Townships that an active team, or a grassroots organisation on record, names."""
    teams = case.query(
        """SELECT name, managing_org, managing_kind FROM team
            WHERE established_on <= :as_of AND (dissolved_on IS NULL OR dissolved_on > :as_of)
              AND NOT (suspended_from IS NOT NULL AND suspended_from <= :as_of
                       AND (suspended_until IS NULL OR suspended_until > :as_of))"""
    )
    texts = [text for t in teams for text in (t["name"], t["managing_org"])]
    for record in records_in_force(case, "other"):
        if "基层组织" in record["subcategory"]:
            texts += [record["title"], record["counterpart"]]
    rows = [
        t | {"status": "met" if any(t["title"] in text for text in texts) else "explain"}
        for t in case.query("SELECT id, name AS title FROM township ORDER BY id")
    ]
    k = sum(r["status"] == "met" for r in rows)
    if not rows:
        status = "missing_data"
    elif k == len(rows):
        status = "met"
    else:
        status = "partial" if k else "explain"
    grassroots = sum(t["managing_kind"] not in (None, "own") for t in teams)
    return Finding(status, k, len(rows), {"grassroots": grassroots}, listed("township", rows))


def teams_by_domain(case: Case, clause: str) -> Finding:
    """How many of the six domains have a base team; the notice does not ask for all of them."""
    held: dict[str, int] = {code: 0 for code, _ in _FOCUS}
    rows = []
    for team in case.base_teams:
        domains = {team["primary_domain"], *(team["other_domains"] or "").split(",")}
        if team["team_type"] == "three_donations":
            domains |= set(_THREE)
        for code in domains & held.keys():
            held[code] += 1
        if domains & held.keys():
            rows.append(team)
    k = sum(count > 0 for count in held.values())
    gaps = "、".join(label for code, label in _FOCUS if not held[code]) or "无"
    facts = {"domains": held, "gaps": gaps}
    return Finding("met" if k else "explain", k, len(_FOCUS), facts, listed("team", _met(rows)))


def _life_activities(case: Case) -> list[Row]:
    rows = case.query(
        """SELECT id, name AS title, name || ' ' || ifnull(topic, '') AS words FROM activity
            WHERE start_on BETWEEN :first AND :as_of ORDER BY start_on, id""",
        first=new_year(case),
    )
    return [r for r in rows if LIFE in r["words"]]


def life_education(case: Case, clause: str) -> Finding:
    """Activities of the year with life education in their name or theme."""
    rows = _life_activities(case)
    return Finding("met" if rows else "recorded", len(rows), None, items=listed("activity", _met(rows)))


def life_education_campaigns(case: Case, clause: str) -> Finding:
    """How many of the five campaigns had an activity with life education in the year."""
    rows = [r for r in _life_activities(case) if names_any(r["words"], CAMPAIGNS)]
    counts = {name: sum(name in r["words"] for r in rows) for name in CAMPAIGNS}
    k = sum(count > 0 for count in counts.values())
    text = "，".join(f"{name}{count}次" for name, count in counts.items())
    return Finding("met" if k else "recorded", k, len(CAMPAIGNS), {"text": text}, listed("activity", _met(rows)))


def _projects(case: Case) -> list[Row]:
    """Return the projects that ran on some day from 1 January to the day."""
    return case.query(
        """SELECT id, title, team_id, ifnull(subcategory, '') AS subcategory FROM work_record
            WHERE category = 'project' AND coalesce(valid_from, recorded_on) <= :as_of
              AND (valid_until IS NULL OR valid_until >= :first) ORDER BY recorded_on, id""",
        first=new_year(case),
    )


def projects_run(case: Case, clause: str) -> Finding:
    """Projects that ran in the year, and how many teams carry them."""
    rows = _projects(case)
    teams = len({r["team_id"] for r in rows} - {None})
    return Finding("met" if rows else "recorded", len(rows), None, {"teams": teams}, listed("work_record", _met(rows)))


def model_projects_are_supported(case: Case, clause: str) -> Finding:
    """Model projects of the year that money or an award of the year names."""
    money = case.query(
        """SELECT ifnull(earmark, '') || ' ' || ifnull(summary, '') AS words FROM fund_entry
            WHERE entry_on BETWEEN :first AND :as_of""",
        first=new_year(case),
    )
    texts = [r["words"] for r in money]
    texts += [f"{r['title']} {r['note']}" for r in records_of_year(case, "award")]
    lacking = "explain" if year_is_closed(case) else "in_progress"
    rows = [
        p | {"status": "met" if any(p["title"] in text for text in texts) else lacking}
        for p in _projects(case)
        if "示范" in p["subcategory"]
    ]
    k = sum(r["status"] == "met" for r in rows)
    status = within_year(case, k == len(rows), "explain") if rows else "not_applicable"
    return Finding(status, k, len(rows), items=listed("work_record", rows))


def _venues(case: Case, *kinds: str) -> list[Row]:
    rows = case.query(
        """SELECT id, name AS title, venue_type, ifnull(functions, '') AS functions FROM venue
            WHERE opened_on <= :as_of AND (closed_on IS NULL OR closed_on > :as_of) ORDER BY id"""
    )
    return [r for r in rows if r["venue_type"] in kinds]


def practice_centres_are_joined(case: Case, clause: str) -> Finding:
    """Civilization practice centres, institutes and stations that a cooperation in force names."""
    texts = [f"{r['title']} {r['counterpart']}" for r in records_in_force(case, "cooperation")]
    rows = [
        v | {"status": "met" if any(v["title"] in text for text in texts) else "explain"}
        for v in _venues(case, "practice_center", "practice_institute", "practice_station")
    ]
    k = sum(r["status"] == "met" for r in rows)
    if not rows:
        status = "missing_data"
    elif k == len(rows):
        status = "met"
    else:
        status = "partial" if k else "explain"
    return Finding(status, k, len(rows), items=listed("venue", rows))


def venues_see_events(case: Case, clause: str) -> Finding:
    """Experience halls, classrooms and Boai homes at which an activity or a training of the year took place."""
    held = case.query(
        """SELECT place FROM activity WHERE place IS NOT NULL AND start_on BETWEEN :first AND :as_of
           UNION ALL SELECT place FROM training WHERE place IS NOT NULL AND start_on BETWEEN :first AND :as_of""",
        first=new_year(case),
    )
    lacking = "explain" if year_is_closed(case) else "in_progress"
    rows = [
        v | {"status": "met" if any(v["title"] in r["place"] for r in held) else lacking}
        for v in _venues(case, "safety_experience_hall", "safety_classroom", "boai_home")
    ]
    k = sum(r["status"] == "met" for r in rows)
    if not rows:
        status = "not_applicable"
    else:
        status = within_year(case, k == len(rows), "partial" if k else "explain")
    return Finding(status, k, len(rows), items=listed("venue", rows))


def volunteer_home_stands(case: Case, clause: str) -> Finding:
    """A volunteers' home is open that serves as office, as a place for activities and for exchange."""
    rows = []
    for home in _venues(case, "volunteer_home"):
        if not home["functions"]:
            status = "missing_data"
        else:
            status = "met" if all(word in home["functions"] for word in _HOME) else "partial"
        rows.append(home | {"status": status})
    held = {r["status"] for r in rows}
    status = next((s for s in ("met", "partial", "missing_data") if s in held), "not_met")
    k = sum(r["status"] == "met" for r in rows)
    return Finding(status, k, len(rows), items=listed("venue", rows))


def meetings_deal_with_teams(case: Case, clause: str, *, min_meetings: int) -> Finding:
    """Meetings of the leadership in the year with volunteer service on the agenda."""
    rows = [
        r for r in records_of_year(case, "meeting")
        if "volunteer_service" in r["topics"].split(",") and names_any(r["subcategory"], _MEETINGS)
    ]  # fmt: skip
    status = within_year(case, len(rows) >= min_meetings, "attention")
    return Finding(status, len(rows), min_meetings, items=listed("work_record", _met(rows)))


# What teams took in, less what was reversed.
_TAKEN_IN = """
    SELECT fund_source, coalesce(sum(CASE direction WHEN 'income' THEN amount_fen ELSE -amount_fen END), 0) AS fen
      FROM fund_entry
     WHERE team_id IS NOT NULL AND (direction = 'income' OR reverses_voucher IS NOT NULL)
       AND entry_on BETWEEN :first AND :last GROUP BY fund_source
"""


def _taken_in(case: Case, first: str, last: str) -> dict[str | None, int]:
    return {r["fund_source"]: int(r["fen"]) for r in case.query(_TAKEN_IN, first=first, last=last)}


def _yuan(fen: int) -> str:
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def _has_entries(case: Case, first: str, last: str) -> bool:
    rows = case.query(
        "SELECT id FROM fund_entry WHERE entry_on BETWEEN :first AND :last LIMIT 1", first=first, last=last
    )
    return bool(rows)


def support_grows(case: Case, clause: str) -> Finding:
    """The office's support for teams from 1 January to the day, against the same days of the year before."""
    year = case.as_of.year
    now = _taken_in(case, new_year(case), case.day).get("rc_support", 0)
    last = months_before(case.as_of, 12).isoformat()
    before = _taken_in(case, f"{year - 1}-01-01", last).get("rc_support", 0)
    if not _has_entries(case, f"{year - 1}-01-01", f"{year - 1}-12-31"):
        status = "not_applicable"
    elif not _has_entries(case, new_year(case), case.day):
        status = "missing_data"
    else:
        status = "met" if now > 0 and now >= before else "explain"
    facts = {"now_fen": now, "before_fen": before, "now_yuan": _yuan(now), "before_yuan": _yuan(before)}
    return Finding(status, facts=facts)


def teams_find_outside_funds(case: Case, clause: str) -> Finding:
    """From how many kinds of outside source teams took in money this year."""
    taken = _taken_in(case, new_year(case), case.day)
    amounts = {source: taken.get(source, 0) for source in _OUTSIDE}
    k = sum(fen > 0 for fen in amounts.values())
    rows = case.query(
        """SELECT id, coalesce(summary, category) AS title FROM fund_entry
            WHERE team_id IS NOT NULL AND direction = 'income' AND fund_source IS NULL
              AND entry_on BETWEEN :first AND :as_of ORDER BY entry_on, id""",
        first=new_year(case),
    )
    blank = [r | {"status": "missing_data"} for r in rows]
    if k:
        status = "met"
    else:
        status = "missing_data" if blank or not _has_entries(case, new_year(case), case.day) else "recorded"
    facts = {"amounts_fen": amounts, "total_yuan": _yuan(sum(amounts.values())), "unknown": len(blank)}
    return Finding(status, k, len(_OUTSIDE), facts, listed("fund_entry", blank))


def members_hold_positions(case: Case, clause: str) -> Finding:
    """Team members who are delegates, council members or supervisors on the day."""
    rows = [r for r in records_in_force(case, "appointment") if names_any(r["subcategory"], _POSITIONS)]
    counts = [sum(word in r["subcategory"] for r in rows) for word in _POSITIONS]
    facts = dict(zip(("delegates", "council", "supervisors"), counts, strict=True))
    items: list[Item] = listed("work_record", _met(rows))
    k = sum(count > 0 for count in counts)
    return Finding("met" if k else "explain", k, len(_POSITIONS), facts, items)


def recorded_in_year(case: Case, clause: str) -> Finding:
    """Work records of the year of the kind that the clause names: nominations, or stories of good teams."""
    category, words = _COUNTED[clause]
    rows = [r for r in records_of_year(case, category) if not words or names_any(r["subcategory"], words)]
    facts = {"inside": sum("系统内" in r["subcategory"] for r in rows),
             "outside": sum("系统外" in r["subcategory"] for r in rows)}  # fmt: skip
    return Finding(
        within_year(case, bool(rows), "explain"), len(rows), None, facts, listed("work_record", _met(rows))
    )  # fmt: skip


CHECKS = (
    townships_are_covered,
    teams_by_domain,
    life_education,
    life_education_campaigns,
    projects_run,
    model_projects_are_supported,
    practice_centres_are_joined,
    venues_see_events,
    volunteer_home_stands,
    meetings_deal_with_teams,
    support_grows,
    teams_find_outside_funds,
    members_hold_positions,
    recorded_in_year,
)
