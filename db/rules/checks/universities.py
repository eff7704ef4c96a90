"""Semi-automatic checks of the notice on blood donation that concern universities; without any, none of them applies."""

import datetime as dt
from typing import Any

from db.rules.checks.blood import IN_FORCE, ON_BLOOD
from db.rules.checks.case import IS_BLOOD_TEAM, Case, Finding, judged
from db.rules.verdicts import Item

NAME = "coalesce(nullif(trim(counterpart), ''), title)"
BLOOD_ENTRY = """
    (ifnull(category, '') || ' ' || ifnull(earmark, '') || ' ' || ifnull(summary, '') LIKE '%献血%'
     OR ifnull(category, '') || ' ' || ifnull(earmark, '') || ' ' || ifnull(summary, '') LIKE '%三献%')
"""
BLOOD_ACTIVITY = """
    (a.name || ' ' || ifnull(a.topic, '') LIKE '%献血%' OR a.name || ' ' || ifnull(a.topic, '') LIKE '%三献%')
"""
SPENT = """
    coalesce(sum(CASE WHEN direction = 'expense' THEN amount_fen
                      WHEN reverses_voucher IS NOT NULL THEN -amount_fen ELSE 0 END), 0)
"""
NONE_HERE = {"reason": "没有登记辖区内的高校"}


def yuan(fen: int) -> str:
    """Write an amount of 分 in 元."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100:,}.{abs(fen) % 100:02d} 元"


def _named(case: Case, *subcategories: str) -> list[dict[str, Any]]:
    marks = ", ".join(f"'{word}'" for word in subcategories)
    return case.query(
        f"""SELECT min(id) AS id, {NAME} AS title FROM work_record
             WHERE category = 'university' AND subcategory IN ({marks}) AND {IN_FORCE} GROUP BY {NAME} ORDER BY 2"""
    )


def universities(case: Case) -> list[dict[str, Any]]:
    """Return the universities of the area, each once: those listed, and those whose Red Cross is."""
    return _named(case, "辖区高校", "高校红十字会")


def university_teams(case: Case, clause: str) -> Finding:
    """University Red Cross societies that have a team for blood donation or the three donations."""
    if not universities(case):
        return Finding("not_applicable", facts=NONE_HERE)
    societies = _named(case, "高校红十字会")
    if not societies:
        return Finding("not_applicable", facts={"reason": "辖区内的高校没有登记红十字会"})
    teams = case.query(
        f"""SELECT managing_org FROM team WHERE managing_kind = 'university' AND {IS_BLOOD_TEAM}
               AND established_on <= :as_of AND (dissolved_on IS NULL OR dissolved_on > :as_of)
               AND NOT (suspended_from IS NOT NULL AND suspended_from <= :as_of
                        AND (suspended_until IS NULL OR suspended_until > :as_of))"""
    )
    rows = [s | {"good": any(s["title"] in t["managing_org"] for t in teams)} for s in societies]
    k, n = sum(r["good"] for r in rows), len(rows)
    status = "met" if k == n else "partial" if k else "explain"
    return Finding(status, k, n, items=judged("work_record", rows))


def university_support(case: Case, clause: str) -> Finding:
    """Money and projects for universities' work on blood donation, this year against the same days of last year."""
    names = [u["title"] for u in universities(case)]
    if not names:
        return Finding("not_applicable", facts=NONE_HERE)
    day = case.as_of
    before = dt.date(day.year - 1, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)
    money, projects = _support(case, names, day)
    old_money, old_projects = _support(case, names, before)
    if money <= 0 and not projects:
        status = "in_progress" if day < dt.date(day.year, 12, 31) else "explain"
    elif old_money <= 0 and not old_projects:
        status = "explain"
    else:
        status = "explain" if money < old_money or len(projects) < len(old_projects) else "met"
    facts = {
        "money_fen": money, "old_money_fen": old_money, "money_text": yuan(money), "old_money_text": yuan(old_money),
        "old_projects": len(old_projects),
    }  # fmt: skip
    items = [Item("work_record", p["id"], p["title"], "met") for p in projects]
    return Finding(status, len(projects), None, facts, items)


def _support(case: Case, names: list[str], until: dt.date) -> tuple[int, list[dict[str, Any]]]:
    span = {"first": f"{until.year}-01-01", "last": until.isoformat()}
    entries = case.query(
        f"""SELECT ifnull(counterpart, '') AS counterpart, {SPENT} AS fen FROM fund_entry
             WHERE entry_on BETWEEN :first AND :last AND {BLOOD_ENTRY} GROUP BY 1""",
        **span,
    )
    projects = case.query(
        f"""SELECT id, title FROM work_record WHERE category = 'project' AND partner_kind = 'university' AND {ON_BLOOD}
               AND recorded_on BETWEEN :first AND :last ORDER BY recorded_on, id""",
        **span,
    )
    return sum(e["fen"] for e in entries if any(name in e["counterpart"] for name in names)), projects


def university_credit_rules(case: Case, clause: str) -> Finding:
    """Universities that count donating blood towards moral-education credits."""
    listed = universities(case)
    if not listed:
        return Finding("not_applicable", facts=NONE_HERE)
    with_rule = {r["title"] for r in _named(case, "德育学分")}
    rows = [u | {"good": u["title"] in with_rule} for u in listed]
    items = [Item("work_record", r["id"], r["title"], "met" if r["good"] else "recorded") for r in rows]
    k = sum(r["good"] for r in rows)
    items.sort(key=lambda item: item.status == "met")
    return Finding("met" if k else "recorded", k, len(rows), items=items)


def university_activities(case: Case, clause: str) -> Finding:
    """Publicity for blood donation that university Red Cross societies held in the year."""
    if not universities(case):
        return Finding("not_applicable", facts=NONE_HERE)
    first = f"{case.as_of.year}-01-01"
    held = case.query(
        f"""SELECT a.id, a.name AS title FROM activity AS a JOIN team AS t ON t.id = a.host_team_id
             WHERE t.managing_kind = 'university' AND a.category = 'publicity' AND {BLOOD_ACTIVITY}
               AND a.start_on BETWEEN :first AND :as_of ORDER BY a.start_on, a.id""",
        first=first,
    )
    told = case.query(
        f"""SELECT id, title FROM work_record
             WHERE category = 'university' AND subcategory = '宣传活动' AND {ON_BLOOD}
               AND recorded_on BETWEEN :first AND :as_of ORDER BY recorded_on, id""",
        first=first,
    )
    items = [Item("activity", r["id"], r["title"], "met") for r in held]
    items += [Item("work_record", r["id"], r["title"], "met") for r in told]
    return Finding("met" if items else "recorded", len(items), None, items=items)


CHECKS = (
    university_teams,
    university_support,
    university_credit_rules,
    university_activities,
)
