"""Computed checks of the notice on blood donation that concern the office's own work: plans, talks, people, days."""

import datetime as dt
import re

from db.records.choices import THEME_DAYS
from db.rules.checks.case import COVERS, MEMBERS, Case, Finding, Row, check
from db.rules.checks.items import items_of, known, listed, ratio
from db.rules.checks.periods import months_before, new_year, quarter_first, year_end, year_is_closed
from db.year_days import theme_days

# A plan or project counts from its first day of validity (else the day it was recorded) to its last, both inside.
IN_FORCE = "coalesce(valid_from, recorded_on) <= :as_of AND (valid_until IS NULL OR valid_until >= :as_of)"
ON_BLOOD = "',' || ifnull(topics, '') || ',' LIKE '%,blood_donation,%'"
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def plan_year(plan: Row) -> int:
    """Return the year a plan of one year is for: of its first day, else the one in its title, else of its own day."""
    if plan["valid_from"] is not None:
        return int(plan["valid_from"][:4])
    named = set(_YEAR.findall(plan["title"]))
    return int(named.pop() if len(named) == 1 else plan["recorded_on"][:4])


@check("work_record")
def plans_include_blood(
    case: Case, clause: str, *, plan_month: int, plan_day: int, annual_words: tuple[str, ...],
    long_words: tuple[str, ...], months_ended: int,
) -> Finding:  # fmt: skip
    """A long-term plan and the plan of the year include blood donation; a blank never decides.

    A record whose 主题 or 子类 is blank, or a long plan without an end, may stand for one of the two, if its dates allow.
    """
    plans = case.query(
        """SELECT id, title, recorded_on, valid_from, valid_until, topics, replace(subcategory, ' ', '') AS kind
             FROM work_record WHERE category = 'plan' AND recorded_on <= :as_of ORDER BY recorded_on, id"""
    )
    recent = months_before(case.as_of, months_ended).isoformat()
    rows = []
    for p in plans:
        if p["topics"] is not None and "blood_donation" not in p["topics"].split(","):
            continue
        is_annual, is_long = p["kind"] in annual_words, p["kind"] in long_words
        lasts = p["valid_until"] is None or p["valid_until"] >= case.day
        may_be_year = not is_long and lasts and plan_year(p) == case.as_of.year
        begun = p["valid_from"] is None or p["valid_from"] <= case.day
        may_be_long = not is_annual and lasts and begun
        if p["topics"] is None or not (is_annual or is_long):
            kind = "unknown"
        elif is_annual:
            kind = "year" if may_be_year else ""
        elif may_be_long:
            kind = "long" if p["valid_until"] is not None else "unknown"
        else:
            kind = "ended" if begun and p["valid_until"] is not None and recent <= p["valid_until"] < case.day else ""
        rows.append(p | {"kind": kind, "may_be_year": may_be_year, "may_be_long": may_be_long})
    there = {kind: [r for r in rows if r["kind"] == kind] for kind in ("long", "year", "ended", "unknown")}
    long, year, ended = (bool(there[kind]) for kind in ("long", "year", "ended"))
    limit = dt.date(case.as_of.year, plan_month, plan_day)
    if long and year:
        status = "met"
    elif _could_be_whole(there["unknown"], long, year):
        status = "missing_data"
    elif ended and year:
        status = "explain"
    elif (long or ended) and not year and case.as_of <= limit:
        status = "in_progress"
    else:
        status = "partial" if long or year else "not_met"
    items = listed("work_record", [
        *(r | {"status": "met"} for r in (*there["long"], *there["year"])),
        *(r | {"status": "explain"} for r in there["ended"]),
        *(r | {"status": "missing_data"} for r in there["unknown"] if r["may_be_year"] or r["may_be_long"]),
    ])  # fmt: skip
    facts = {"long_term": len(there["long"]), "annual": len(there["year"]), "ended": len(there["ended"])}
    return Finding(status, long + year, 2, facts, items)


def _could_be_whole(unknown: list[Row], long: bool, year: bool) -> bool:
    """Whether unknown records could stand for what is missing, each for one."""
    longs, years = ({r["id"] for r in unknown if r[name]} for name in ("may_be_long", "may_be_year"))
    if long or year:
        return bool(years if long else longs)
    return bool(longs) and bool(years) and len(longs | years) > 1


@check("work_record")
def consultations_in_year(case: Case, clause: str, *, min_times: int) -> Finding:
    """Consultations with the health authority on blood donation, on different days of the calendar year."""
    rows = []
    for r in case.query(
        """SELECT id, title, recorded_on, partner_kind, topics FROM work_record
            WHERE category = 'consultation' AND recorded_on BETWEEN :first AND :as_of ORDER BY recorded_on, id""",
        first=new_year(case),
    ):
        partner, topics = r["partner_kind"], r["topics"]
        fits = (partner in (None, "health_authority"), topics is None or "blood_donation" in topics.split(","))
        if all(fits):
            rows.append(r | {"status": "met" if partner and topics else "missing_data"})
    days = {r["recorded_on"] for r in rows if r["status"] == "met"}
    k = len(days)
    doubtful = len({r["recorded_on"] for r in rows} - days)
    if k >= min_times:
        status = "met"
    elif not year_is_closed(case):
        status = "in_progress"
    else:
        status = "missing_data" if k + doubtful >= min_times else "not_met"
    facts = {"days_left": (year_end(case) - case.as_of).days, "doubtful": doubtful}
    return Finding(status, k, min_times, facts, listed("work_record", rows))


@check("responsibility")
def responsibilities_are_named(case: Case, clause: str) -> Finding:
    """One leader, one lead department and at least one responsible unit for blood donation."""
    rows = case.query(
        """SELECT id, holder AS title, role FROM responsibility
            WHERE matter = 'blood_donation' AND start_on <= :as_of AND (end_on IS NULL OR end_on > :as_of)
            ORDER BY id"""
    )
    held = {role: {"".join(r["title"].split()) for r in rows if r["role"] == role}
            for role in ("leader", "lead_department", "responsible_unit")}  # fmt: skip
    leaders, departments, units = (len(names) for names in held.values())
    if 0 in (leaders, departments, units):
        status = "not_met"
    else:
        status = "explain" if leaders > 1 or departments > 1 else "met"
    k = sum(1 for names in held.values() if names)
    facts = {"leaders": leaders, "departments": departments, "units": units}
    return Finding(status, k, 3, facts, items_of("responsibility", rows))


@check("training")
def first_aid_trainings_include_blood(case: Case, clause: str) -> Finding:
    """The quarter's first-aid trainings include the topic; those before the notice are not judged."""
    rows = case.query(
        """SELECT id, name AS title, has_blood_topic FROM training
            WHERE category = 'first_aid' AND start_on BETWEEN :first AND :as_of ORDER BY start_on, id""",
        first=quarter_first(case),
    )
    return ratio("training", [r | {"status": known(r["has_blood_topic"], r["has_blood_topic"] == "yes")} for r in rows])


@check(*MEMBERS, *COVERS)
def blood_members_are_insured(case: Case, clause: str) -> Finding:
    """Members of blood teams' trees have a coverage in force."""
    return ratio("volunteer", [m | {"status": known(True, bool(m["covered"]))} for m in case.blood_members])


@check("activity")
def theme_days_are_kept(case: Case, clause: str, *, window_days: int, kinds: tuple[str, ...]) -> Finding:
    """An activity of one of the kinds for each of the three days, within the window around it.

    An activity that bears the day and is of another kind is doubtful: it asks for an explanation.
    """
    window = dt.timedelta(days=window_days)
    days = theme_days(case.as_of.year)
    rows = case.query(
        """SELECT id, name AS title, theme_day, category, start_on FROM activity
            WHERE theme_day IS NOT NULL AND start_on BETWEEN :first AND :as_of ORDER BY start_on, id""",
        first=new_year(case),
    )
    statuses, items = {}, []
    for name, day in days.items():
        held = [r for r in rows if r["theme_day"] == name]
        right = [r for r in held if r["category"] in kinds]
        inside = [r for r in right if abs(dt.date.fromisoformat(r["start_on"]) - day) <= window]
        if inside:
            status = "met"
        elif case.as_of < day:
            status = "not_due"
        elif case.as_of <= day + window:
            status = "in_progress"
        else:
            status = "explain" if held else "not_met"
        statuses[name] = status
        items += [r | {"status": status} for r in (inside or held)]
    labels = dict(THEME_DAYS)
    words = {
        "met": "已办", "not_due": "未到期", "in_progress": "正在期内", "explain": "不在期内或类别不合，需说明",
        "not_met": "未办",
    }  # fmt: skip
    text = "，".join(f"{labels[name]}{words[status]}" for name, status in statuses.items())
    met = sum(s == "met" for s in statuses.values())
    facts = {"days": statuses, "days_text": text}
    return Finding(_year_status(list(statuses.values())), met, 3, facts, listed("activity", items))


def _year_status(days: list[str]) -> str:
    if "not_met" in days:
        return "partial" if "met" in days else "not_met"
    for status in ("explain", "in_progress"):
        if status in days:
            return status
    if all(s == "met" for s in days):
        return "met"
    return "in_progress" if "met" in days else "not_due"
