"""An independent reading of the data and evaluation contract, over workbook rows in plain Python.

Nothing here looks at the program: an office is the rows of its workbook (`Office`), and the two answers are
`figures` (the quarter's figures) and `check` (the sixteen computed clauses).  It is slow and simple on purpose.

Readings chosen where the contract leaves room:

* A person is known by 证件号码 alone, because the other sheets carry no 证件类型.
* Every team of the office has its line in the figures: dissolved, not yet founded, suspended and sub-teams too, in
  workbook order.  A sub-team's members, money and hours are its own and are not added to the team above it.
* `own_level` in the figures is 主管单位 = 单位名称, also for a sub-team; the clauses' base leaves sub-teams out.
* `members_*` of the office are the sums over all memberships; `persons_end` counts each person once.
* Two rows of one person in one team that overlap are two memberships but one person, and an attendance without a
  team counts once for that team.
* An attendance that names a team counts there whether or not the person is its member; an attendance without a team
  whose person is in no team on that day counts for the office only.
* 实到学时 = 0 is a given value (0 minutes), not an empty cell.  参训人次 = 0 or empty counts nothing, so such a
  training is not in `trainings`.  A training with any 参训人员 row never uses 参训人次, even if all were absent.
* 面向队伍 names one team.
* A coverage with one own date takes the missing one from its policy, and counts while both itself and the policy are
  in force.  被保险人 rows of 平台自动 and 按活动 policies never count by themselves.
* A volunteer's 志愿者网编号 counts whatever its 志愿者网注册日期; a team's registration goes by its date alone.
* A volunteer's 退出日期 changes nothing by itself: membership goes by its own dates.
* A work record without 有效期起 counts from its 日期, without 有效期止 it is open-ended; both bounds are inclusive.
  With a 有效期起 its 日期 plays no part.
* 灾害多发认定 is a thing that is active or not: its 终止日期 is the first day it no longer holds.
* Responsibilities are counted by distinct 姓名或单位: the same leader written twice is one leader.
* Z34-3.1-1: the count is missing when 党员数统计日期 is empty or after as_of, when 正式党员数 is empty, or when 正式
  is below 3 and 预备党员数 is empty.  A 党组织 exists only with a 党组织成立日期.
* B25-3.2-3: teams that are blood teams at as_of and were active on 2025-12-11 as well; members are persons with one
  membership row active on both days.  No such member leaves that part out (the teams decide).
* The calendar-year rule of 2025 is for B25-1-3, B25-1-4 and B25-4-1.
* k and n are None for `not_applicable` and where the contract names no single ratio.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tests.oracle.base import (
    BLOOD,
    EARLIEST,
    LATEST,
    RESCUE,
    Office,
    Row,
    Value,
    active,
    base_teams,
    blood_teams,
    day,
    insured,
    level,
    member_now,
    members,
    minutes_of,
    names,
    number,
    own_level,
    policies_in_force,
    quarter_days,
    quarter_start,
    record_in_force,
    registered,
    rows,
    team_active,
    text,
    theme_days,
    values,
    with_platform_number,
    within,
)

__all__ = ["CLAUSES", "RATIO_CLAUSES", "Office", "Row", "Value", "Verdict", "check", "figures", "theme_days"]

Z34_DATE = dt.date(2022, 7, 4)
B25_DATE = dt.date(2025, 12, 11)
CALENDAR_YEAR_CLAUSES = ("B25-1-3", "B25-1-4", "B25-4-1")
RATIO_CLAUSES = ("Z34-2.2-1", "Z34-3.4-1", "B25-2-4", "B25-3.3-4")
"""Clauses whose k and n the contract itself fixes as a ratio."""


@dataclass(frozen=True)
class Verdict:
    """What one clause comes to: its status, its figure and what lies behind it."""

    status: str
    k: int | None = None
    n: int | None = None
    facts: dict[str, object] = field(default_factory=dict)


NOT_APPLICABLE = Verdict("not_applicable")


# ---------------------------------------------------------------- figures


def membership_figures(memberships: list[Row], first: dt.date, last: dt.date, covered: set[str]) -> dict[str, int]:
    """members_start/joined/left/end, persons_end, insured_end, uninsured_end over some memberships."""
    eve = first - dt.timedelta(days=1)
    persons = {text(row, "证件号码") for row in memberships if member_now(row, last)}
    result = {
        "members_start": sum(member_now(row, eve) for row in memberships),
        "members_joined": sum(within(row, "入队日期", first, last) for row in memberships),
        "members_left": sum(within(row, "退队日期", first, last) for row in memberships),
        "members_end": sum(member_now(row, last) for row in memberships),
        "persons_end": len(persons),
        "insured_end": len(persons & covered),
        "uninsured_end": len(persons - covered),
    }
    assert result["members_end"] == result["members_start"] + result["members_joined"] - result["members_left"]
    return result


def attended_teams(office: Office, attendance: Row, on: dt.date) -> set[str]:
    """The teams an attendance counts for: the one it names, else every team of the person on that day."""
    named = text(attendance, "队伍名称")
    if named:
        return {named}
    return {
        text(row, "队伍名称")
        for row in rows(office, "队员")
        if text(row, "证件号码") == text(attendance, "证件号码") and member_now(row, on)
    }


def training_figures(office: Office, first: dt.date, last: dt.date, team: str | None) -> dict[str, int]:
    """trainings, training_person_times, training_persons, training_minutes of a team, or of the office (None)."""
    counted, person_times, minutes = 0, 0, 0
    persons: set[str] = set()
    for training in rows(office, "培训"):
        start = day(training, "开始日期")
        if start is None or not first <= start <= last:
            continue
        everybody = [row for row in rows(office, "参训人员") if text(row, "培训编号") == text(training, "培训编号")]
        here = 0
        if not everybody and (team is None or text(training, "面向队伍") == team):
            here = int(number(training, "参训人次") or 0)
        for row in everybody:
            if text(row, "结果") in ("缺席", "请假"):
                continue
            if team is not None and team not in attended_teams(office, row, start):
                continue
            here += 1
            persons.add(text(row, "证件号码"))
            own = number(row, "实到学时")
            minutes += minutes_of(own if own is not None else number(training, "学时"))
        person_times += here
        counted += here > 0
    return {
        "trainings": counted,
        "training_person_times": person_times,
        "training_persons": len(persons),
        "training_minutes": minutes,
    }


def money_figures(entries: list[Row], first: dt.date, last: dt.date) -> dict[str, int]:
    """Income and expense of the quarter and of the year so far, and the balance up to as_of, in 分."""

    def total(direction: str, since: dt.date) -> int:
        picked = [row for row in entries if text(row, "收支方向") == direction and within(row, "日期", since, last)]
        fen = sum((number(row, "金额（元）") or Decimal(0)) * 100 for row in picked)
        assert fen == int(fen)
        return int(fen)

    new_year = dt.date(last.year, 1, 1)
    return {
        "income_fen": total("收入", first),
        "expense_fen": total("支出", first),
        "income_ytd_fen": total("收入", new_year),
        "expense_ytd_fen": total("支出", new_year),
        "balance_fen": total("收入", EARLIEST) - total("支出", EARLIEST),
    }


def work_figures(activities: list[Row], services: list[Row], first: dt.date, last: dt.date) -> dict[str, int]:
    """activities, service_minutes, service_person_times, service_persons of the quarter."""
    now = [row for row in services if within(row, "服务日期", first, last)]
    return {
        "activities": sum(within(row, "开始日期", first, last) for row in activities),
        "service_minutes": sum(minutes_of(number(row, "服务时长（小时）")) for row in now),
        "service_person_times": len(now),
        "service_persons": len({text(row, "证件号码") for row in now}),
    }


def expiring(office: Office, as_of: dt.date) -> int:
    """policies_expiring_30d: in force at as_of and ending no later than 30 days after it."""
    limit = as_of + dt.timedelta(days=30)
    return sum((day(row, "终止日期") or LATEST) <= limit for row in policies_in_force(office, as_of))


def figures(office: Office, quarter: str) -> dict[str, Any]:
    """The quarter's figures, in the shape of the JSON of the figures command."""
    first, last = quarter_days(quarter)
    covered = insured(office, last)

    def of(team: str | None) -> dict[str, int]:
        def mine(sheet: str, heading: str) -> list[Row]:
            return [row for row in rows(office, sheet) if team is None or text(row, heading) == team]

        return (
            membership_figures(mine("队员", "队伍名称"), first, last, covered)
            | training_figures(office, first, last, team)
            | money_figures(mine("经费收支", "队伍名称"), first, last)
            | work_figures(mine("活动", "主办队伍"), mine("服务记录", "队伍名称"), first, last)
        )

    return {
        "quarter": quarter,
        "as_of": last.isoformat(),
        "office": of(None) | {"policies_expiring_30d": expiring(office, last)},
        "shared": money_figures([row for row in rows(office, "经费收支") if not text(row, "队伍名称")], first, last),
        "teams": [
            {"team": text(team, "队伍名称"), "own_level": own_level(office, team), **of(text(team, "队伍名称"))}
            for team in rows(office, "志愿服务队伍")
        ],
    }


# ---------------------------------------------------------------- clauses


def ratio(k: int, n: int) -> Verdict:
    """k = n -> met; k = 0 -> not_met; else partial; a denominator of 0 -> not_applicable."""
    if n == 0:
        return NOT_APPLICABLE
    return Verdict("met" if k == n else "not_met" if k == 0 else "partial", k, n)


def at_least(k: int, n: int) -> Verdict:
    """k >= n -> met, else not_met."""
    return Verdict("met" if k >= n else "not_met", k, n)


def z34_2_2_1(office: Office, as_of: dt.date) -> Verdict:
    """Teams with a 主要领域 ÷ base teams: all -> met, else ratio."""
    base = base_teams(office, as_of)
    return ratio(sum(bool(text(team, "主要领域")) for team in base), len(base))


def z34_2_2_2(office: Office, as_of: dt.date) -> Verdict:
    """Base teams >= 1 -> met, else not_met."""
    return at_least(len(base_teams(office, as_of)), 1)


def z34_2_2_4(office: Office, as_of: dt.date) -> Verdict:
    """County: base teams >= 3 -> met, else not_met."""
    return at_least(len(base_teams(office, as_of)), 3)


def z34_2_2_5(office: Office, as_of: dt.date) -> Verdict:
    """City, or county 灾害多发: rescue as 主要领域 -> met; only as 其他领域 -> explain; none -> not_met."""
    flagged = any(active(row, "起始日期", "终止日期", as_of) for row in rows(office, "灾害多发认定"))
    if level(office) == "county" and not flagged:
        return NOT_APPLICABLE
    base = base_teams(office, as_of)
    primary = sum(text(team, "主要领域") == RESCUE for team in base)
    if primary == 0 and any(RESCUE in values(team, "其他领域") for team in base):
        return Verdict("explain", 0, 1)
    return at_least(primary, 1)


def z34_2_2_6(office: Office, as_of: dt.date) -> Verdict:
    """City, province: a blood team -> met, else not_met."""
    return at_least(len(blood_teams(office, as_of)), 1)


def party_state(team: Row, as_of: dt.date) -> str:
    """One team under Z34-3.1-1: missing, needed, absent, explain or nothing."""
    counted_on, full, probationary = day(team, "党员数统计日期"), number(team, "正式党员数"), number(team, "预备党员数")
    organised = active(team, "党组织成立日期", "党组织撤销日期", as_of)
    if counted_on is None or counted_on > as_of or full is None or (full < 3 and probationary is None):
        return "missing"
    if full >= 3:
        return "needed" if organised else "absent"
    return "explain" if full + (probationary or 0) >= 3 and not organised else "nothing"


def z34_3_1_1(office: Office, as_of: dt.date) -> Verdict:
    """Any needed 党组织 absent -> not_met; any missing -> missing_data; any explain -> explain; any needed -> met."""
    states = [party_state(team, as_of) for team in base_teams(office, as_of)]
    k, n = states.count("needed"), states.count("needed") + states.count("absent")
    worst_first = {"absent": "not_met", "missing": "missing_data", "explain": "explain", "needed": "met"}
    for state, status in worst_first.items():
        if state in states:
            return Verdict(status, k, n)
    return NOT_APPLICABLE


def z34_3_4_1(office: Office, as_of: dt.date) -> Verdict:
    """Base teams with 志愿者网注册日期 <= as_of ÷ base teams."""
    base = base_teams(office, as_of)
    return ratio(sum(registered(team, as_of) for team in base), len(base))


def b25_1_3(office: Office, as_of: dt.date) -> Verdict:
    """a = long-term plan, b = annual plan, each in force at as_of and naming 无偿献血 in 主题."""

    def plan(kind: str) -> bool:
        return any(
            text(row, "类别") == "规划计划"
            and text(row, "子类") == kind
            and BLOOD in values(row, "主题")
            and record_in_force(row, as_of)
            for row in rows(office, "工作记录")
        )

    a, b = plan("中长期发展规划"), plan("年度计划")
    if a and b:
        return Verdict("met", 2, 2)
    if a and as_of < dt.date(as_of.year, 3, 31):
        return Verdict("in_progress", 1, 2)
    return Verdict("partial" if a or b else "not_met", int(a or b), 2)


def b25_1_4(office: Office, as_of: dt.date) -> Verdict:
    """Distinct dates of counting consultations in the year up to as_of; >= 2 -> met; before 31 December in_progress."""
    dates = {
        day(row, "日期")
        for row in rows(office, "工作记录")
        if text(row, "类别") == "沟通会商"
        and text(row, "对方类别") == "卫生健康行政部门"
        and BLOOD in values(row, "主题")
        and within(row, "日期", dt.date(as_of.year, 1, 1), as_of)
    }
    if len(dates) >= 2:
        return Verdict("met", len(dates), 2)
    return Verdict("in_progress" if as_of < dt.date(as_of.year, 12, 31) else "not_met", len(dates), 2)


def b25_1_6(office: Office, as_of: dt.date) -> Verdict:
    """无偿献血, active: any kind 0 -> not_met; leaders or lead departments > 1 -> explain; else met."""
    kinds = {
        kind: len(
            {
                text(row, "姓名或单位")
                for row in rows(office, "责任分工")
                if text(row, "事项") == BLOOD
                and text(row, "责任类别") == kind
                and active(row, "起始日期", "终止日期", as_of)
            }
        )
        for kind in ("统筹负责会领导", "机关牵头负责部门", "具体负责部门或单位")
    }
    present = sum(count > 0 for count in kinds.values())
    if present < 3:
        return Verdict("not_met", present, 3, dict(kinds))
    crowded = kinds["统筹负责会领导"] > 1 or kinds["机关牵头负责部门"] > 1
    return Verdict("explain" if crowded else "met", present, 3, dict(kinds))


def b25_2_4(office: Office, as_of: dt.date) -> Verdict:
    """应急救护培训 of the quarter up to as_of, from 2025-12-11: those with 含无偿献血科普 = 是 ÷ all."""
    since = max(quarter_start(as_of), B25_DATE)
    classes = [
        row
        for row in rows(office, "培训")
        if text(row, "培训类别") == "应急救护培训" and within(row, "开始日期", since, as_of)
    ]
    return ratio(sum(text(row, "含无偿献血科普") == "是" for row in classes), len(classes))


def b25_3_1_4(office: Office, as_of: dt.date) -> Verdict:
    """County: a blood team -> met; none: before 2026 not_due, to 2026-12-30 in_progress, then not_met."""
    k = len(blood_teams(office, as_of))
    if k:
        return Verdict("met", k, 1)
    if as_of < dt.date(2026, 1, 1):
        return Verdict("not_due", 0, 1)
    return Verdict("in_progress" if as_of < dt.date(2026, 12, 31) else "not_met", 0, 1)


def b25_3_2_2(office: Office, as_of: dt.date) -> Verdict:
    """Four parts over the blood teams; a part with nothing is left out; all full -> met, all 0 -> not_met."""
    teams = blood_teams(office, as_of)
    if not teams:
        return NOT_APPLICABLE
    persons = members(office, names(teams), as_of)
    projects = [
        row
        for row in rows(office, "工作记录")
        if text(row, "类别") == "项目" and text(row, "队伍名称") in names(teams) and record_in_force(row, as_of)
    ]
    services = [
        row
        for row in rows(office, "服务记录")
        if text(row, "队伍名称") in names(teams) and within(row, "服务日期", quarter_start(as_of), as_of)
    ]
    parts = {
        "members": (len(persons & with_platform_number(office)), len(persons)),
        "teams": (sum(registered(team, as_of) for team in teams), len(teams)),
        "projects": (sum("志愿者网" in text(row, "形式或渠道") for row in projects), len(projects)),
        "services": (sum(text(row, "志愿者网已同步") == "是" for row in services), len(services)),
    }
    judged = [(k, n) for k, n in parts.values() if n]
    if all(k == n for k, n in judged):
        status = "met"
    else:
        status = "not_met" if all(k == 0 for k, _ in judged) else "partial"
    return Verdict(status, facts=dict(parts))


def b25_3_2_3(office: Office, as_of: dt.date) -> Verdict:
    """Blood teams and members active on 2025-12-11 and at as_of: all registered -> met, else in_progress."""
    teams = [team for team in blood_teams(office, as_of) if team_active(team, B25_DATE)]
    if not teams:
        return NOT_APPLICABLE
    persons = {
        text(row, "证件号码")
        for row in rows(office, "队员")
        if text(row, "队伍名称") in names(teams) and member_now(row, B25_DATE) and member_now(row, as_of)
    }
    parts = {
        "teams": (sum(registered(team, as_of) for team in teams), len(teams)),
        "members": (len(persons & with_platform_number(office)), len(persons)),
    }
    full = all(k == n for k, n in parts.values())
    return Verdict("met" if full else "in_progress", facts=dict(parts))


def b25_3_3_4(office: Office, as_of: dt.date) -> Verdict:
    """Members of blood teams with a coverage in force at as_of ÷ members."""
    persons = members(office, names(blood_teams(office, as_of)), as_of)
    return ratio(len(persons & insured(office, as_of)), len(persons))


def theme_day_state(office: Office, theme: str, on: dt.date, as_of: dt.date) -> str:
    """One day: met, not_due, in_progress, explain or not_met."""
    held = [
        start
        for row in rows(office, "活动")
        if text(row, "纪念日") == theme and (start := day(row, "开始日期")) is not None and start <= as_of
    ]
    if any(abs((start - on).days) <= 14 for start in held):
        return "met"
    if as_of < on:
        return "not_due"
    if as_of <= on + dt.timedelta(days=14):
        return "in_progress"
    return "explain" if any(start.year == on.year for start in held) else "not_met"


def b25_4_1(office: Office, as_of: dt.date) -> Verdict:
    """The year's three days together."""
    days = {theme: theme_day_state(office, theme, on, as_of) for theme, on in theme_days(as_of.year).items()}
    states = list(days.values())
    k = states.count("met")
    if "not_met" in states:
        status = "partial" if k else "not_met"
    elif "explain" in states:
        status = "explain"
    elif "in_progress" in states:
        status = "in_progress"
    elif k == 3:
        status = "met"
    else:
        status = "in_progress" if k else "not_due"
    return Verdict(status, k, 3, dict(days))


CLAUSES: dict[str, tuple[Callable[[Office, dt.date], Verdict], tuple[str, ...]]] = {
    "Z34-2.2-1": (z34_2_2_1, ("county", "city", "province")),
    "Z34-2.2-2": (z34_2_2_2, ("county", "city", "province")),
    "Z34-2.2-4": (z34_2_2_4, ("county",)),
    "Z34-2.2-5": (z34_2_2_5, ("county", "city")),
    "Z34-2.2-6": (z34_2_2_6, ("city", "province")),
    "Z34-3.1-1": (z34_3_1_1, ("county", "city", "province")),
    "Z34-3.4-1": (z34_3_4_1, ("county", "city", "province")),
    "B25-1-3": (b25_1_3, ("county", "city", "province")),
    "B25-1-4": (b25_1_4, ("county", "city", "province")),
    "B25-1-6": (b25_1_6, ("county", "city", "province")),
    "B25-2-4": (b25_2_4, ("county", "city", "province")),
    "B25-3.1-4": (b25_3_1_4, ("county",)),
    "B25-3.2-2": (b25_3_2_2, ("county", "city", "province")),
    "B25-3.2-3": (b25_3_2_3, ("county", "city", "province")),
    "B25-3.3-4": (b25_3_3_4, ("county", "city", "province")),
    "B25-4-1": (b25_4_1, ("county", "city", "province")),
}


def check(office: Office, as_of: dt.date) -> dict[str, Verdict]:
    """Every computed clause at a day: first the gate (notice date, level, calendar year), then the clause itself."""
    result = {}
    for clause, (decide, bound) in CLAUSES.items():
        before = as_of < (Z34_DATE if clause.startswith("Z34") else B25_DATE)
        too_early = clause in CALENDAR_YEAR_CLAUSES and as_of.year <= B25_DATE.year
        closed = before or too_early or level(office) not in bound
        result[clause] = NOT_APPLICABLE if closed else decide(office, as_of)
    return result
