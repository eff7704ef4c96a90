"""Semi-automatic checks of the notice on blood donation that concern universities; without any, none of them applies."""

from db.queries.conditions import existing_team, standing_team
from db.rules.checks.blood import IN_FORCE, ON_BLOOD
from db.rules.checks.case import IS_BLOOD_TEAM, Case, Finding, Row, check
from db.rules.checks.items import count, items_of, listed, with_status, yuan
from db.rules.checks.periods import months_before, new_year, within_year

NAME = "coalesce(nullif(trim(counterpart), ''), title)"
_WORDS = "ifnull(o.category, '') || ' ' || ifnull(o.earmark, '') || ' ' || ifnull(o.summary, '')"
# Money for blood donation, with what was reversed netted under the words of what it reverses.
BLOOD_ENTRY = f"({_WORDS} LIKE '%献血%' OR {_WORDS} LIKE '%三献%')"
SPENT = """
    FROM netted_entry AS n JOIN fund_entry AS o ON o.id = n.counts_as
   WHERE n.direction = 'expense' AND NOT n.is_opening AND n.entry_on BETWEEN :first AND :last
"""
BLOOD_ACTIVITY = """
    (a.name || ' ' || ifnull(a.topic, '') LIKE '%献血%' OR a.name || ' ' || ifnull(a.topic, '') LIKE '%三献%')
"""
UNIVERSITIES = ("office", "work_record", "team")  # what `no_university` reads


def _named(case: Case, *subcategories: str) -> list[Row]:
    marks = ", ".join(f"'{word}'" for word in subcategories)
    return case.query(
        f"""SELECT min(id) AS id, {NAME} AS title FROM work_record
             WHERE category = 'university' AND subcategory IN ({marks}) AND {IN_FORCE} GROUP BY {NAME} ORDER BY 2"""
    )


def universities(case: Case) -> list[Row]:
    """Return the universities of the area, each once: those listed, and those whose Red Cross is."""
    return _named(case, "辖区高校", "高校红十字会")


def has_universities(case: Case) -> bool | None:
    """Whether there are universities in the area: what is on record proves it, else a person's answer decides.

    A record about one proves it from its day on, one that lists it (辖区高校) while it is in force; so does a
    university's team, suspended or not.
    """
    proofs = case.query(
        f"""SELECT 1 FROM work_record WHERE recorded_on <= :as_of
                AND (partner_kind = 'university'
                     OR (category = 'university' AND ifnull(subcategory, '') NOT IN ('辖区高校', '高校红十字会')))
            UNION ALL SELECT 1 FROM team AS t WHERE t.managing_kind = 'university' AND {existing_team()} LIMIT 1"""
    )
    return True if proofs or universities(case) else case.answer("has_universities")


def no_university(case: Case) -> Finding | None:
    """Return what it means that no university is listed, or nothing where one is."""
    if universities(case):
        return None
    known = has_universities(case)
    if known is False:
        return Finding("not_applicable", facts={"reason": "辖区内没有高校"})
    k = 0 if known else None  # there are some, and none is named: that is a figure
    return Finding("missing_data", k, k, {"question": "has_universities"})


@check(*UNIVERSITIES)
def university_teams(case: Case, clause: str) -> Finding:
    """University Red Cross societies that have a team for blood donation or the three donations."""
    if stop := no_university(case):
        return stop
    societies = _named(case, "高校红十字会")
    if not societies:
        return Finding("not_applicable", 0, 0, {"reason": "辖区内的高校没有登记红十字会"})
    teams = case.query(
        f"""SELECT t.managing_org FROM team AS t
             WHERE t.managing_kind = 'university' AND {IS_BLOOD_TEAM} AND {standing_team()}"""
    )
    rows = [
        s | {"status": "met" if any(s["title"] in t["managing_org"] for t in teams) else "not_met"} for s in societies
    ]
    k, n = count(rows), len(rows)
    return Finding("met" if k == n else "partial" if k else "explain", k, n, items=listed("work_record", rows))


@check(*UNIVERSITIES, "fund_entry")
def university_support(case: Case, clause: str) -> Finding:
    """Money and projects for universities' work on blood donation, this year against the same days of last year."""
    if has_universities(case) is not True and (stop := no_university(case)):
        return stop
    names = [u["title"] for u in universities(case)]
    before = months_before(case.as_of, 12)
    money, projects = _support(case, names, new_year(case), case.day)
    old_money, old_projects = _support(case, names, f"{before.year}-01-01", before.isoformat())
    if money <= 0 and not projects:
        status = within_year(case, False, "explain")
    elif old_money <= 0 and not old_projects:
        status = "explain"
    else:
        status = "explain" if money < old_money or len(projects) < len(old_projects) else "met"
    facts = {
        "money_fen": money, "old_money_fen": old_money, "money_text": yuan(money), "old_money_text": yuan(old_money),
        "old_projects": len(old_projects),
    }  # fmt: skip
    return Finding(status, len(projects), None, facts, items_of("work_record", projects))


def _support(case: Case, names: list[str], first: str, last: str) -> tuple[int, list[Row]]:
    entries = case.query(
        f"""SELECT ifnull(o.counterpart, '') AS counterpart, sum(n.amount_fen) AS fen {SPENT} AND {BLOOD_ENTRY}
             GROUP BY 1""",
        first=first,
        last=last,
    )
    projects = case.query(
        f"""SELECT id, title FROM work_record WHERE category = 'project' AND partner_kind = 'university' AND {ON_BLOOD}
               AND recorded_on BETWEEN :first AND :last ORDER BY recorded_on, id""",
        first=first,
        last=last,
    )
    return sum(e["fen"] for e in entries if any(name in e["counterpart"] for name in names)), projects


@check(*UNIVERSITIES)
def university_credit_rules(case: Case, clause: str) -> Finding:
    """Universities that count donating blood towards moral-education credits; the office is to encourage it."""
    if stop := no_university(case):
        return stop
    with_rule = {r["title"] for r in _named(case, "德育学分")}
    rows = [u | {"status": "met" if u["title"] in with_rule else "recorded"} for u in universities(case)]
    k = count(rows)
    return Finding("met" if k else "explain", k, len(rows), items=listed("work_record", rows))


@check(*UNIVERSITIES, "activity")
def university_activities(case: Case, clause: str) -> Finding:
    """Publicity for blood donation that university Red Cross societies held in the year; the office is to encourage it."""
    if has_universities(case) is not True and (stop := no_university(case)):
        return stop
    held = case.query(
        f"""SELECT a.id, a.name AS title FROM activity AS a JOIN team AS t ON t.id = a.host_team_id
             WHERE t.managing_kind = 'university' AND a.category = 'publicity' AND {BLOOD_ACTIVITY}
               AND a.start_on BETWEEN :first AND :as_of ORDER BY a.start_on, a.id""",
        first=new_year(case),
    )
    told = case.query(
        f"""SELECT id, title FROM work_record
             WHERE category = 'university' AND subcategory = '宣传活动' AND {ON_BLOOD}
               AND recorded_on BETWEEN :first AND :as_of ORDER BY recorded_on, id""",
        first=new_year(case),
    )
    items = listed("activity", with_status(held, "met")) + listed("work_record", with_status(told, "met"))
    return Finding(within_year(case, bool(items), "explain"), len(items), None, items=items)
