"""Checks of the notice on blood donation that concern the office's own work: plans, talks, people, days, insurance."""

import datetime as dt

from db.quarters import Quarter
from db.records.entities import THEME_DAYS
from db.rules.checks.case import Case, Finding, judged, ratio
from db.rules.verdicts import Item

NOTICE_DAY = dt.date(2025, 12, 11)

# A plan or project counts from its first day of validity (else the day it was recorded) to its last, both inside.
IN_FORCE = "coalesce(valid_from, recorded_on) <= :as_of AND (valid_until IS NULL OR valid_until >= :as_of)"
ON_BLOOD = "',' || ifnull(topics, '') || ',' LIKE '%,blood_donation,%'"


def plans_include_blood(case: Case, clause: str, *, plan_month: int, plan_day: int) -> Finding:
    """A long-term plan and an annual plan in force include blood donation."""
    rows = case.query(
        f"""SELECT id, title, subcategory FROM work_record WHERE category = 'plan' AND {IN_FORCE} AND {ON_BLOOD}
             AND subcategory IN ('中长期发展规划', '年度计划') ORDER BY recorded_on, id"""
    )
    long_term = sum(r["subcategory"] == "中长期发展规划" for r in rows)
    annual = len(rows) - long_term
    k = (long_term > 0) + (annual > 0)
    status = ("not_met", "partial", "met")[k]
    if long_term and not annual and case.as_of < dt.date(case.as_of.year, plan_month, plan_day):
        status = "in_progress"
    items = [Item("work_record", r["id"], r["title"], "met") for r in rows]
    return Finding(status, k, 2, {"long_term": long_term, "annual": annual}, items)


def consultations_in_year(case: Case, clause: str, *, min_times: int) -> Finding:
    """Consultations with the health authority on blood donation, on different days of the calendar year."""
    rows = case.query(
        f"""SELECT id, title, recorded_on FROM work_record
             WHERE category = 'consultation' AND partner_kind = 'health_authority' AND {ON_BLOOD}
               AND recorded_on BETWEEN :first AND :as_of ORDER BY recorded_on, id""",
        first=f"{case.as_of.year}-01-01",
    )
    k = len({r["recorded_on"] for r in rows})
    end = dt.date(case.as_of.year, 12, 31)
    status = "met" if k >= min_times else "in_progress" if case.as_of < end else "not_met"
    items = [Item("work_record", r["id"], r["title"], "met") for r in rows]
    return Finding(status, k, min_times, {"days_left": (end - case.as_of).days}, items)


def responsibilities_are_named(case: Case, clause: str) -> Finding:
    """One leader, one lead department and at least one responsible unit for blood donation."""
    rows = case.query(
        """SELECT id, holder AS title, role FROM responsibility
            WHERE matter = 'blood_donation' AND start_on <= :as_of AND (end_on IS NULL OR end_on > :as_of)
            ORDER BY id"""
    )
    held = {role: {r["title"] for r in rows if r["role"] == role}
            for role in ("leader", "lead_department", "responsible_unit")}  # fmt: skip
    leaders, departments, units = (len(names) for names in held.values())
    if 0 in (leaders, departments, units):
        status = "not_met"
    else:
        status = "explain" if leaders > 1 or departments > 1 else "met"
    items = [Item("responsibility", r["id"], r["title"], "met") for r in rows]
    k = sum(1 for names in held.values() if names)
    return Finding(status, k, 3, {"leaders": leaders, "departments": departments, "units": units}, items)


def first_aid_trainings_include_blood(case: Case, clause: str) -> Finding:
    """The quarter's first-aid trainings include the topic; those before the notice are not judged."""
    rows = case.query(
        """SELECT id, name AS title, has_blood_topic = 'yes' AS good FROM training
            WHERE category = 'first_aid' AND start_on BETWEEN :first AND :as_of ORDER BY start_on, id""",
        first=max(Quarter.of(case.as_of).start, NOTICE_DAY).isoformat(),
    )
    k = sum(bool(r["good"]) for r in rows)
    return Finding(ratio(k, len(rows)), k, len(rows), items=judged("training", rows))


def blood_members_are_insured(case: Case, clause: str) -> Finding:
    """Members of blood teams have a coverage in force."""
    rows = case.blood_members
    k = sum(bool(r["covered"]) for r in rows)
    return Finding(ratio(k, len(rows)), k, len(rows), items=judged("volunteer", rows, "covered"))


def theme_days(year: int) -> dict[str, dt.date]:
    """Return the three days of a year: 8 May, 14 June, and the third Saturday of September."""
    september = dt.date(year, 9, 1)
    third_saturday = september + dt.timedelta(days=(5 - september.weekday()) % 7 + 14)
    return {
        "world_red_cross_day": dt.date(year, 5, 8),
        "world_blood_donor_day": dt.date(year, 6, 14),
        "world_marrow_donor_day": third_saturday,
    }


def theme_days_are_kept(case: Case, clause: str, *, window_days: int) -> Finding:
    """An activity for each of the three days, within the window around it."""
    rows = case.query(
        """SELECT id, name AS title, theme_day, start_on FROM activity
            WHERE theme_day IS NOT NULL AND start_on BETWEEN :first AND :as_of ORDER BY start_on, id""",
        first=f"{case.as_of.year}-01-01",
    )
    window = dt.timedelta(days=window_days)
    statuses, items = {}, []
    for name, day in theme_days(case.as_of.year).items():
        held = [r for r in rows if r["theme_day"] == name]
        inside = [r for r in held if abs(dt.date.fromisoformat(r["start_on"]) - day) <= window]
        if inside:
            status = "met"
        elif case.as_of < day:
            status = "not_due"
        elif case.as_of <= day + window:
            status = "in_progress"
        else:
            status = "explain" if held else "not_met"
        statuses[name] = status
        items += [Item("activity", r["id"], r["title"], status) for r in (inside or held)]
    labels = dict(THEME_DAYS)
    words = {
        "met": "已办",
        "not_due": "未到期",
        "in_progress": "正在期内",
        "explain": "不在期内，需说明",
        "not_met": "未办",
    }
    text = "，".join(f"{labels[name]}{words[status]}" for name, status in statuses.items())
    met = sum(s == "met" for s in statuses.values())
    return Finding(_year_status(list(statuses.values())), met, 3, {"days": statuses, "days_text": text}, items)


def _year_status(days: list[str]) -> str:
    if "not_met" in days:
        return "partial" if "met" in days else "not_met"
    for status in ("explain", "in_progress"):
        if status in days:
            return status
    if all(s == "met" for s in days):
        return "met"
    return "in_progress" if "met" in days else "not_due"


CHECKS = (
    plans_include_blood,
    consultations_in_year,
    responsibilities_are_named,
    first_aid_trainings_include_blood,
    blood_members_are_insured,
    theme_days_are_kept,
)
