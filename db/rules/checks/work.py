"""Checks on the office's own work: coverage, projects, venues, meetings, money, honours and stories."""

from collections.abc import Iterable

from db.queries.conditions import active, standing_team
from db.records.choices import DOMAINS
from db.rules.checks.case import TEAMS, Case, Finding, Row, check
from db.rules.checks.guidance import records_in_force, records_of_year
from db.rules.checks.items import count, listed, names_any, with_status, yuan
from db.rules.checks.periods import lacking, months_before, new_year, within_year

_FOCUS = DOMAINS[:6]  # the six domains that the notice names
_THREE = ("blood_donation", "hsc_donation", "body_organ_donation")
_OUTSIDE = ("gov_service_project", "rc_service_project", "gov_subsidy", "social_fund", "donation")


def unanswered(case: Case, item: str, reason: str, n: int | None = 0) -> Finding:
    """Return what it means that something is not on record: only a person's 无 makes a clause not applicable."""
    if case.answer(item) is False:
        return Finding("not_applicable", n, n, {"reason": reason})
    return Finding("missing_data", n, n, {"question": item})


def no_venue(case: Case) -> Finding:
    """Return what it means that none of the clause's kinds of venue is open: any other one answers that there are some."""
    if case.query(f"SELECT v.id FROM venue AS v WHERE {active('v', 'opened_on', 'closed_on')} LIMIT 1"):
        return Finding("not_applicable", 0, 0, {"reason": "本会没有这几类阵地"})
    return unanswered(case, "has_venues", "本会没有红十字阵地")


def _places(names: Iterable[str], text: str) -> set[str]:
    """Return which of the names stand in a text, the longer one where one holds another (小石湖镇 is not 石湖镇)."""
    found = set()
    for name in sorted(names, key=len, reverse=True):
        if name in text:
            found.add(name)
            text = text.replace(name, "\n")
    return found


@check("township", "team", "work_record")
def townships_are_covered(case: Case, clause: str) -> Finding:
    """Townships that an active team, or a grassroots organisation on record, names."""
    teams = case.query(
        f"SELECT t.name, t.managing_org, t.managing_kind FROM team AS t WHERE {standing_team()} ORDER BY t.id"
    )
    texts = [text for t in teams for text in (t["name"], t["managing_org"])]
    for record in records_in_force(case, "other"):
        if "基层组织" in record["subcategory"]:
            texts += [record["title"], record["counterpart"]]
    townships = case.query("SELECT id, name AS title FROM township ORDER BY id")
    named = {name for text in texts for name in _places([t["title"] for t in townships], text)}
    rows = [t | {"status": "met" if t["title"] in named else "explain"} for t in townships]
    k = count(rows)
    if not rows:
        status = "missing_data"
    elif k == len(rows):
        status = "met"
    else:
        status = "partial" if k else "explain"
    grassroots = sum(t["managing_kind"] not in (None, "own") for t in teams)
    return Finding(status, k, len(rows), {"grassroots": grassroots}, listed("township", rows))


def _met(rows: list[Row]) -> list[Row]:
    return with_status(rows, "met")


@check(*TEAMS)
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


def _life_activities(case: Case, word: str) -> list[Row]:
    rows = case.query(
        """SELECT id, name AS title, name || ' ' || ifnull(topic, '') AS words FROM activity
            WHERE start_on BETWEEN :first AND :as_of ORDER BY start_on, id""",
        first=new_year(case),
    )
    return [r for r in rows if word in r["words"]]


@check("activity")
def life_education(case: Case, clause: str, *, word: str) -> Finding:
    """Activities of the year with life education in their name or theme; the office is to encourage them."""
    rows = _life_activities(case, word)
    return Finding(
        within_year(case, bool(rows), "explain"), len(rows), None, items=listed("activity", _met(rows))
    )  # fmt: skip


@check("activity")
def life_education_campaigns(case: Case, clause: str, *, word: str, campaigns: tuple[str, ...]) -> Finding:
    """How many of the campaigns had an activity with life education in the year; others are encouraged, so nothing is only recorded."""
    rows = [r for r in _life_activities(case, word) if names_any(r["words"], campaigns)]
    counts = {name: sum(name in r["words"] for r in rows) for name in campaigns}
    k = sum(count > 0 for count in counts.values())
    text = "，".join(f"{name}{count}次" for name, count in counts.items())
    status = "met" if k else "recorded"
    return Finding(status, k, len(campaigns), {"text": text}, listed("activity", _met(rows)))


def _projects(case: Case) -> list[Row]:
    """Return the projects that ran on some day from 1 January to the day."""
    return case.query(
        """SELECT id, title, team_id, ifnull(subcategory, '') AS subcategory FROM work_record
            WHERE category = 'project' AND coalesce(valid_from, recorded_on) <= :as_of
              AND (valid_until IS NULL OR valid_until >= :first) ORDER BY recorded_on, id""",
        first=new_year(case),
    )


@check("work_record")
def projects_run(case: Case, clause: str) -> Finding:
    """Projects that ran in the year, and how many teams carry them; the office is to encourage them."""
    rows = _projects(case)
    teams = len({r["team_id"] for r in rows} - {None})
    return Finding(
        within_year(case, bool(rows), "explain"), len(rows), None, {"teams": teams}, listed("work_record", _met(rows))
    )


@check("work_record", "fund_entry")
def model_projects_are_supported(case: Case, clause: str) -> Finding:
    """Model projects of the year that money or an award of the year names."""
    money = case.query(
        """SELECT ifnull(earmark, '') || ' ' || ifnull(summary, '') AS words FROM fund_entry
            WHERE entry_on BETWEEN :first AND :as_of""",
        first=new_year(case),
    )
    texts = [r["words"] for r in money]
    texts += [f"{r['title']} {r['note']}" for r in records_of_year(case, "award")]
    open_one = lacking(case, "explain")
    rows = [
        p | {"status": "met" if any(p["title"] in text for text in texts) else open_one}
        for p in _projects(case)
        if "示范" in p["subcategory"]
    ]
    k = count(rows)
    status = within_year(case, k == len(rows), "explain") if rows else "not_applicable"
    return Finding(status, k, len(rows), items=listed("work_record", rows))


def _venues(case: Case, *kinds: str) -> list[Row]:
    rows = case.query(
        f"""SELECT v.id, v.name AS title, v.venue_type, ifnull(v.functions, '') AS functions FROM venue AS v
             WHERE {active("v", "opened_on", "closed_on")} ORDER BY v.id"""
    )
    return [r for r in rows if r["venue_type"] in kinds]


@check("venue", "work_record")
def practice_centres_are_joined(case: Case, clause: str) -> Finding:
    """Civilization practice centres, institutes and stations that a cooperation in force names."""
    texts = [f"{r['title']} {r['counterpart']}" for r in records_in_force(case, "cooperation")]
    rows = [
        v | {"status": "met" if any(v["title"] in text for text in texts) else "explain"}
        for v in _venues(case, "practice_center", "practice_institute", "practice_station")
    ]
    k = count(rows)
    if not rows:
        status = "missing_data"
    elif k == len(rows):
        status = "met"
    else:
        status = "partial" if k else "explain"
    return Finding(status, k, len(rows), items=listed("venue", rows))


@check("office", "venue", "activity", "training")
def venues_see_events(case: Case, clause: str) -> Finding:
    """Experience halls, classrooms and Boai homes at which an activity or a training of the year took place."""
    held = case.query(
        """SELECT place FROM activity WHERE place IS NOT NULL AND start_on BETWEEN :first AND :as_of
           UNION ALL SELECT place FROM training WHERE place IS NOT NULL AND start_on BETWEEN :first AND :as_of""",
        first=new_year(case),
    )
    open_one = lacking(case, "explain")
    rows = [
        v | {"status": "met" if any(v["title"] in r["place"] for r in held) else open_one}
        for v in _venues(case, "safety_experience_hall", "safety_classroom", "boai_home")
    ]
    k = count(rows)
    if not rows:
        return no_venue(case)
    status = within_year(case, k == len(rows), "partial" if k else "explain")
    return Finding(status, k, len(rows), items=listed("venue", rows))


@check("venue")
def volunteer_home_stands(case: Case, clause: str, *, functions: tuple[str, ...]) -> Finding:
    """A volunteers' home is open that serves as office, as a place for activities and for exchange."""
    rows = []
    for home in _venues(case, "volunteer_home"):
        if not home["functions"]:
            status = "missing_data"
        else:
            status = "met" if all(word in home["functions"] for word in functions) else "partial"
        rows.append(home | {"status": status})
    held = {r["status"] for r in rows}
    status = next((s for s in ("met", "partial", "missing_data") if s in held), "not_met")
    k = count(rows)
    return Finding(status, k, len(rows), items=listed("venue", rows))


@check("work_record")
def meetings_deal_with_teams(case: Case, clause: str, *, min_meetings: int, meeting_words: tuple[str, ...]) -> Finding:
    """Meetings of the leadership in the year with volunteer service on the agenda."""
    rows = [
        r for r in records_of_year(case, "meeting")
        if "volunteer_service" in r["topics"].split(",") and names_any(r["subcategory"], meeting_words)
    ]  # fmt: skip
    status = within_year(case, len(rows) >= min_meetings, "attention")
    return Finding(status, len(rows), min_meetings, items=listed("work_record", _met(rows)))


def _taken_in(case: Case, first: str, last: str) -> dict[str | None, int]:
    """Return what teams took in, by source, less what was reversed."""
    rows = case.query(
        """SELECT fund_source, sum(amount_fen) AS fen FROM netted_entry
            WHERE team_id IS NOT NULL AND direction = 'income' AND NOT is_opening AND entry_on BETWEEN :first AND :last
            GROUP BY fund_source""",
        first=first,
        last=last,
    )
    return {r["fund_source"]: int(r["fen"]) for r in rows}


def _bare_yuan(fen: int) -> str:
    return yuan(fen).removesuffix(" 元")


def _has_entries(case: Case, first: str, last: str) -> bool:
    rows = case.query(
        "SELECT id FROM netted_entry WHERE NOT is_opening AND entry_on BETWEEN :first AND :last LIMIT 1",
        first=first,
        last=last,
    )
    return bool(rows)


@check("fund_entry")
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
    facts = {"now_fen": now, "before_fen": before, "now_yuan": _bare_yuan(now), "before_yuan": _bare_yuan(before)}
    return Finding(status, facts=facts)


@check("fund_entry")
def teams_find_outside_funds(case: Case, clause: str) -> Finding:
    """From how many kinds of outside source teams took in money this year."""
    taken = _taken_in(case, new_year(case), case.day)
    amounts = {source: taken.get(source, 0) for source in _OUTSIDE}
    k = sum(fen > 0 for fen in amounts.values())
    rows = case.query(
        """SELECT id, coalesce(summary, category) AS title FROM fund_entry
            WHERE team_id IS NOT NULL AND direction = 'income' AND fund_source IS NULL
              AND reverses_voucher IS NULL AND category <> '期初结余' AND entry_on BETWEEN :first AND :as_of ORDER BY entry_on, id""",
        first=new_year(case),
    )
    blank = [r | {"status": "missing_data"} for r in rows]
    if k:
        status = "met"
    else:
        status = "missing_data" if blank or not _has_entries(case, new_year(case), case.day) else "recorded"
    facts = {"amounts_fen": amounts, "total_yuan": _bare_yuan(sum(amounts.values())), "unknown": len(blank)}
    return Finding(status, k, len(_OUTSIDE), facts, listed("fund_entry", blank))


@check("work_record")
def members_hold_positions(
    case: Case, clause: str, *, positions: tuple[str, ...], other_words: tuple[str, ...]
) -> Finding:
    """Members who are delegates, council members or supervisors on the day; `other_words` only look like one.

    A post counts wherever it is on record; one that names no team is shown, since the clause asks for members of teams.
    """
    rows = []
    for r in records_in_force(case, "appointment"):
        for word in other_words:
            r["subcategory"] = r["subcategory"].replace(word, "")
        if names_any(r["subcategory"], positions):
            rows.append(r)
    counts = [sum(word in r["subcategory"] for r in rows) for word in positions]
    facts: dict[str, int | str] = dict(zip(("delegates", "council", "supervisors"), counts, strict=True))
    loose = [r for r in rows if r["team_id"] is None]
    facts["loose_text"] = f"，其中 {len(loose)} 人没有写明所在队伍" if loose else ""
    items = listed("work_record", [r | {"status": "attention" if r["team_id"] is None else "met"} for r in rows])
    k = sum(count > 0 for count in counts)
    return Finding("met" if k else "explain", k, len(positions), facts, items)


@check("work_record")
def recorded_in_year(case: Case, clause: str, *, category: str, words: tuple[str, ...]) -> Finding:
    """Work records of the year of the kind that the clause names: nominations, or stories of good teams.

    `words` of the subcategory; none of them means any.
    """
    rows = [r for r in records_of_year(case, category) if not words or names_any(r["subcategory"], words)]
    facts = {"inside": sum("系统内" in r["subcategory"] for r in rows),
             "outside": sum("系统外" in r["subcategory"] for r in rows)}  # fmt: skip
    return Finding(
        within_year(case, bool(rows), "explain"), len(rows), None, facts, listed("work_record", _met(rows))
    )  # fmt: skip
