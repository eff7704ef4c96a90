"""The independent reading of the clauses that are computed outright: sixteen of the notices, and ZT-17.

`check` answers for all of them at a day.  Readings chosen where the contract leaves room:

* Z34-2.2-5: rows of 灾害多发认定 win whatever their days, so a row that begins later makes an earlier day
  `not_applicable` (boundary test 6 says so).  A row's 终止日期 is the first day it no longer holds.
* B25-1-6: the same name written twice (white space aside) is one.
* B25-3.2-2: trees are those of as_of; service of a 分队 dissolved since is not looked at.
* B25-3.2-3: blood teams of as_of that were active (and not suspended) on 2025-12-11; their trees of the two days.  No
  such member leaves that part out (the teams decide).
* ZT-17: doubtful participants are those up to as_of, as participants are; cover by the platform's number asks for the
  number on the day of the record.
* k and n are None for `not_applicable` and where the contract names no single ratio.
"""

import datetime as dt
from collections.abc import Callable, Iterable

from tests.oracle.base import (
    BLOOD,
    ONE_DAY,
    RESCUE,
    Office,
    Row,
    Verdict,
    active,
    base_teams,
    blood_teams,
    covered,
    day,
    founded_own_teams,
    insured,
    is_blood,
    level,
    members,
    name_of_team,
    packed,
    platform_persons,
    profile,
    quarter_start,
    record_in_force,
    registered,
    registration_unknown,
    rows,
    suspended,
    team_active,
    teams,
    text,
    theme_days,
    tree_members,
    trees,
    values,
    within,
    year_start,
)
from tests.oracle.party import z34_3_1_1
from tests.oracle.plans import b25_1_3

Z34_DATE = dt.date(2022, 7, 4)
B25_DATE = dt.date(2025, 12, 11)
INSURANCE_DATE = dt.date(2017, 12, 1)
CALENDAR_YEAR_CLAUSES = ("B25-1-3", "B25-1-4", "B25-4-1")
RATIO_CLAUSES = ("Z34-2.2-1", "Z34-3.4-1", "B25-2-4", "B25-3.3-4")
"""Clauses whose k and n the contract itself fixes as a ratio."""

NOT_APPLICABLE = Verdict("not_applicable")


def ratio(states: Iterable[bool | None]) -> Verdict:
    """Ratio over what is known to be so, known not to be, or unknown (None): unknown ones count in n, never in k."""
    states = list(states)
    k, n = states.count(True), len(states)
    if n == 0:
        return NOT_APPLICABLE
    if k == n:
        return Verdict("met", k, n)
    return Verdict("missing_data" if None in states else "not_met" if k == 0 else "partial", k, n)


def at_least(k: int, n: int) -> Verdict:
    """k >= n -> met, else not_met."""
    return Verdict("met" if k >= n else "not_met", k, n)


def registration(team: Row, as_of: dt.date) -> bool | None:
    """Registered by as_of; unknown with a number and no date."""
    return None if registration_unknown(team) else registered(team, as_of)


def said(row: Row, heading: str) -> bool | None:
    """是, 否, or blank as unknown."""
    return text(row, heading) == "是" if text(row, heading) else None


# ---------------------------------------------------------------- the notice of 2022


def z34_2_2_1(office: Office, as_of: dt.date) -> Verdict:
    """Teams with a 主要领域 ÷ base teams."""
    return ratio(bool(text(team, "主要领域")) for team in base_teams(office, as_of))


def z34_2_2_2(office: Office, as_of: dt.date) -> Verdict:
    """Base teams >= 1 -> met, else not_met."""
    return at_least(len(base_teams(office, as_of)), 1)


def z34_2_2_4(office: Office, as_of: dt.date) -> Verdict:
    """County: base teams >= 3 -> met, else not_met."""
    return at_least(len(base_teams(office, as_of)), 3)


def disaster_prone(office: Office, as_of: dt.date) -> bool | None:
    """Rows win over the answer; neither: unknown."""
    flags = rows(office, "灾害多发认定")
    if flags:
        return any(active(row, "起始日期", "终止日期", as_of) for row in flags)
    return {"是": True, "否": False}.get(profile(office, "是否灾害多发", as_of))


def z34_2_2_5(office: Office, as_of: dt.date) -> Verdict:
    """City, or county 灾害多发: rescue as 主要领域 -> met; only as 其他领域, or suspended -> explain; none -> not_met."""
    if level(office, as_of) == "county":
        flagged = disaster_prone(office, as_of)
        if not flagged:
            return Verdict("missing_data", 0, 1) if flagged is None else NOT_APPLICABLE
    primary = sum(text(team, "主要领域") == RESCUE for team in base_teams(office, as_of))
    if primary:
        return Verdict("met", primary, 1)
    either = any(
        RESCUE in values(team, "主要领域") | values(team, "其他领域") for team in founded_own_teams(office, as_of)
    )
    return Verdict("explain" if either else "not_met", 0, 1)


def blood_team_founded(office: Office, as_of: dt.date) -> Verdict | None:
    """A proper blood team -> met; any founded one -> explain; none -> None."""
    founded = [team for team in founded_own_teams(office, as_of) if is_blood(team)]
    proper = sum(
        not suspended(team, as_of)
        and (text(team, "主要领域") == BLOOD or text(team, "队伍类型") == "三献")
        and bool(tree_members(office, team, as_of))
        for team in founded
    )
    if not founded:
        return None
    return Verdict("met" if proper else "explain", proper, 1)


def z34_2_2_6(office: Office, as_of: dt.date) -> Verdict:
    """City, province: as B25-3.1-4; none -> not_met."""
    return blood_team_founded(office, as_of) or Verdict("not_met", 0, 1)


def z34_3_4_1(office: Office, as_of: dt.date) -> Verdict:
    """Base teams with 志愿者网注册日期 <= as_of ÷ base teams."""
    return ratio(registration(team, as_of) for team in base_teams(office, as_of))


# ---------------------------------------------------------------- the notice of 2025


def b25_1_4(office: Office, as_of: dt.date) -> Verdict:
    """Distinct dates of consultations of the year; before 31 December in_progress; doubtful ones may make them two."""
    counting, doubtful = set(), set()
    for row in rows(office, "工作记录"):
        if text(row, "类别") != "沟通会商" or not within(row, "日期", year_start(as_of), as_of):
            continue
        asked = [
            text(row, "对方类别") == "卫生健康行政部门" if text(row, "对方类别") else None,
            BLOOD in values(row, "主题") if text(row, "主题") else None,
        ]
        if False not in asked:
            (doubtful if None in asked else counting).add(day(row, "日期"))
    k = len(counting)
    if k >= 2:
        status = "met"
    elif as_of < dt.date(as_of.year, 12, 31):
        status = "in_progress"
    else:
        status = "missing_data" if len(counting | doubtful) >= 2 else "not_met"
    return Verdict(status, k, 2)


def b25_1_6(office: Office, as_of: dt.date) -> Verdict:
    """无偿献血, active: any kind 0 -> not_met; leaders or lead departments > 1 -> explain; else met."""
    kinds = {
        kind: len(
            {
                packed(text(row, "姓名或单位"))
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
    return ratio(
        said(row, "含无偿献血科普")
        for row in rows(office, "培训")
        if text(row, "培训类别") == "应急救护培训" and within(row, "开始日期", since, as_of)
    )


def b25_3_1_4(office: Office, as_of: dt.date) -> Verdict:
    """County: a blood team; none: before 2026 not_due, to 2026-12-30 in_progress, then not_met."""
    if (found := blood_team_founded(office, as_of)) is not None:
        return found
    if as_of < dt.date(2026, 1, 1):
        return Verdict("not_due", 0, 1)
    return Verdict("in_progress" if as_of < dt.date(2026, 12, 31) else "not_met", 0, 1)


def b25_3_2_2(office: Office, as_of: dt.date) -> Verdict:
    """Four parts over the blood teams' trees; a part with nothing to count is left out."""
    tops = blood_teams(office, as_of)
    if not tops:
        return NOT_APPLICABLE
    whole = trees(office, tops, as_of)
    known = platform_persons(office, as_of)
    parts: dict[str, list[bool | None]] = {
        "members": [person in known for person in members(office, whole, as_of)],
        "teams": [registration(team, as_of) for team in tops],
        "projects": [
            "志愿者网" in text(row, "形式或渠道") if text(row, "形式或渠道") else None
            for row in rows(office, "工作记录")
            if text(row, "类别") == "项目"
            and text(row, "队伍名称") in whole
            and within(row, "日期", dt.date.min, as_of)
            and record_in_force(row, as_of)
        ],
        "services": [
            said(row, "志愿者网已同步")
            for row in rows(office, "服务记录")
            if text(row, "队伍名称") in whole and within(row, "服务日期", quarter_start(as_of), as_of)
        ],
    }
    every = [state for part in parts.values() for state in part]
    if all(every):
        status = "met"
    elif None in every:
        status = "missing_data"
    else:
        status = "partial" if True in every else "not_met"
    return Verdict(status, facts={name: (part.count(True), len(part)) for name, part in parts.items()})


def b25_3_2_3(office: Office, as_of: dt.date) -> Verdict:
    """Blood teams and members of 2025-12-11 and of as_of: all registered -> met; a date unknown -> missing_data."""
    stock = [team for team in blood_teams(office, as_of) if team_active(team, B25_DATE)]
    if not stock:
        return NOT_APPLICABLE
    persons = {
        person for team in stock for person in tree_members(office, team, B25_DATE) & tree_members(office, team, as_of)
    }
    states = [registration(team, as_of) for team in stock]
    if all(states) and persons <= platform_persons(office, as_of):
        return Verdict("met")
    return Verdict("missing_data" if None in states else "in_progress")


def b25_3_3_4(office: Office, as_of: dt.date) -> Verdict:
    """Members of blood teams' trees with a coverage in force at as_of ÷ members."""
    persons = members(office, trees(office, blood_teams(office, as_of), as_of), as_of)
    cover = insured(office, as_of)
    return ratio(person in cover for person in persons)


THEME_KINDS = ("宣传", "志愿服务", "献血招募", "预约献血", "团体献血", "慰问", "表彰")


def theme_day_state(office: Office, theme: str, on: dt.date, as_of: dt.date) -> str:
    """One day: met, not_due, in_progress, explain or not_met."""
    tagged = [
        (start, text(row, "活动类别") in THEME_KINDS)
        for row in rows(office, "活动")
        if text(row, "纪念日") == theme and (start := day(row, "开始日期")) is not None and start <= as_of
    ]
    if any(proper and abs((start - on).days) <= 14 for start, proper in tagged):
        return "met"
    if as_of < on:
        return "not_due"
    if as_of <= on + 14 * ONE_DAY:
        return "in_progress"
    return "explain" if any(start.year == as_of.year for start, _ in tagged) else "not_met"


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


# ---------------------------------------------------------------- insurance before activities with danger


def zt_17(office: Office, as_of: dt.date) -> Verdict:
    """Participants of the quarter's dangerous activities, covered on the day of their record; and what is doubtful."""
    rescue = {name_of_team(team) for team in teams(office) if text(team, "主要领域") == RESCUE}
    held = [row for row in rows(office, "活动") if within(row, "开始日期", quarter_start(as_of), as_of)]
    dangerous = [row for row in held if text(row, "有人身危险") == "是"]
    doubtful = sum(
        not text(row, "有人身危险") and (text(row, "活动类别") == "演练" or text(row, "主办队伍") in rescue)
        for row in held
    )
    if not dangerous and not doubtful:
        return NOT_APPLICABLE
    served = [row for row in rows(office, "服务记录") if within(row, "服务日期", dt.date.min, as_of)]
    good: list[bool] = []
    for act in dangerous:
        people = [row for row in served if text(row, "活动编号") == text(act, "活动编号")]
        for row in people:
            on = day(row, "服务日期")
            assert on is not None
            good.append(text(row, "证件号码") in covered(office, on, ("记名名单", "按活动")))
        first = day(act, "开始日期")
        assert first is not None
        doubtful += not people
        doubtful += sum(
            not text(row, "活动编号")
            and bool(text(act, "主办队伍"))
            and text(row, "队伍名称") == text(act, "主办队伍")
            and within(row, "服务日期", first, day(act, "结束日期") or first)
            for row in served
        )
    status = "not_met" if not all(good) else "missing_data" if doubtful else "met"
    return Verdict(status, sum(good), len(good), {"doubtful": doubtful})


# ---------------------------------------------------------------- all of them

ALL = ("county", "city", "province")
CLAUSES: dict[str, tuple[Callable[[Office, dt.date], Verdict], tuple[str, ...]]] = {
    "Z34-2.2-1": (z34_2_2_1, ALL),
    "Z34-2.2-2": (z34_2_2_2, ALL),
    "Z34-2.2-4": (z34_2_2_4, ("county",)),
    "Z34-2.2-5": (z34_2_2_5, ("county", "city")),
    "Z34-2.2-6": (z34_2_2_6, ("city", "province")),
    "Z34-3.1-1": (z34_3_1_1, ALL),
    "Z34-3.4-1": (z34_3_4_1, ALL),
    "B25-1-3": (b25_1_3, ALL),
    "B25-1-4": (b25_1_4, ALL),
    "B25-1-6": (b25_1_6, ALL),
    "B25-2-4": (b25_2_4, ALL),
    "B25-3.1-4": (b25_3_1_4, ("county",)),
    "B25-3.2-2": (b25_3_2_2, ALL),
    "B25-3.2-3": (b25_3_2_3, ALL),
    "B25-3.3-4": (b25_3_3_4, ALL),
    "B25-4-1": (b25_4_1, ALL),
    "ZT-17": (zt_17, ALL),
}


def notice_date(clause: str) -> dt.date:
    """The date of the notice that a clause belongs to."""
    return {"Z34": Z34_DATE, "B25": B25_DATE, "ZT": INSURANCE_DATE}[clause.split("-")[0]]


def check(office: Office, as_of: dt.date) -> dict[str, Verdict]:
    """Every computed clause at a day: first the gate (notice date, level, calendar year), then the clause itself."""
    result = {}
    for clause, (decide, bound) in CLAUSES.items():
        too_early = clause in CALENDAR_YEAR_CLAUSES and as_of.year <= B25_DATE.year
        closed = as_of < notice_date(clause) or too_early or level(office, as_of) not in bound
        result[clause] = NOT_APPLICABLE if closed else decide(office, as_of)
    return result
