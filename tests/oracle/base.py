"""What the independent reading stands on: cells, time, who is active, who is a member, who is insured."""

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal

Value = str | int | float | dt.date | None
Row = dict[str, Value]
Office = dict[str, list[Row]]
"""Sheet name -> rows, each row heading -> value, exactly as the workbook has them."""

BLOOD, RESCUE = "无偿献血", "应急救援"
LEVELS = {"县级": "county", "市级": "city", "省级": "province"}
EARLIEST = dt.date.min
LATEST = dt.date.max


# ---------------------------------------------------------------- values and time


def rows(office: Office, sheet: str) -> list[Row]:
    """The rows of a sheet; a sheet that is not there has none."""
    return office.get(sheet, [])


def day(row: Row, heading: str) -> dt.date | None:
    """A date cell."""
    value = row.get(heading)
    assert value is None or isinstance(value, dt.date), (heading, value)
    return value


def number(row: Row, heading: str) -> Decimal | None:
    """A number cell, exactly as written."""
    value = row.get(heading)
    if value is None:
        return None
    assert isinstance(value, int | float), (heading, value)
    return Decimal(str(value))


def text(row: Row, heading: str) -> str:
    """A text cell; empty is an empty text."""
    value = row.get(heading)
    return "" if value is None else str(value)


def values(row: Row, heading: str) -> set[str]:
    """A cell of several values."""
    return {part.strip() for part in re.split("[；;、,，]", text(row, heading)) if part.strip()}


def active(row: Row, start: str, end: str, as_of: dt.date) -> bool:
    """§4: `start <= as_of` and (`end` empty or `end > as_of`)."""
    first, gone = day(row, start), day(row, end)
    return first is not None and first <= as_of and (gone is None or gone > as_of)


def in_force(first: dt.date, last: dt.date, as_of: dt.date) -> bool:
    """§4: both ends inclusive."""
    return first <= as_of <= last


def quarter_days(quarter: str) -> tuple[dt.date, dt.date]:
    """First and last day of a quarter written as 2026Q3."""
    year, number_ = int(quarter[:4]), int(quarter[5])
    first = dt.date(year, 3 * number_ - 2, 1)
    following = dt.date(year + 1, 1, 1) if number_ == 4 else dt.date(year, 3 * number_ + 1, 1)
    return first, following - dt.timedelta(days=1)


def quarter_start(as_of: dt.date) -> dt.date:
    """First day of the quarter that a day lies in."""
    return dt.date(as_of.year, (as_of.month - 1) // 3 * 3 + 1, 1)


def within(row: Row, heading: str, first: dt.date, last: dt.date) -> bool:
    """A date cell filled and from first to last, both included."""
    on = day(row, heading)
    return on is not None and first <= on <= last


def minutes_of(hours: Decimal | None) -> int:
    """Hours as whole minutes."""
    minutes = (hours or Decimal(0)) * 60
    assert minutes == int(minutes), hours
    return int(minutes)


def theme_days(year: int) -> dict[str, dt.date]:
    """8 May, 14 June and the third Saturday of September."""
    saturdays = [dt.date(year, 9, d) for d in range(1, 31) if dt.date(year, 9, d).isoweekday() == 6]
    return {"世界红十字日": dt.date(year, 5, 8), "世界献血者日": dt.date(year, 6, 14), "世界骨髓捐献者日": saturdays[2]}


def record_in_force(record: Row, as_of: dt.date) -> bool:
    """A work record's validity, both ends inclusive; from its 日期 and open-ended where not given."""
    since = day(record, "有效期起") or day(record, "日期") or LATEST
    return in_force(since, day(record, "有效期止") or LATEST, as_of)


# ---------------------------------------------------------------- who and which


def profile(office: Office, item: str) -> str:
    """A line of 本会情况."""
    return next((text(row, "内容") for row in rows(office, "本会情况") if text(row, "项目") == item), "")


def level(office: Office) -> str:
    """county, city or province."""
    return LEVELS[profile(office, "层级")]


def own_level(office: Office, team: Row) -> bool:
    """主管单位 equal to 单位名称."""
    return text(team, "主管单位") == profile(office, "单位名称")


def team_active(team: Row, as_of: dt.date) -> bool:
    """§4: active by its dates, and not suspended (a suspended team is not active)."""
    suspended = active(team, "暂停起始日期", "暂停终止日期", as_of)
    return active(team, "成立日期", "撤销日期", as_of) and not suspended


def base_teams(office: Office, as_of: dt.date) -> list[Row]:
    """Base: active own-level teams (主管单位 = the office, no 上级队伍, active at as_of)."""
    return [
        team
        for team in rows(office, "志愿服务队伍")
        if own_level(office, team) and not text(team, "上级队伍") and team_active(team, as_of)
    ]


def blood_teams(office: Office, as_of: dt.date) -> list[Row]:
    """Blood team: a base team with 无偿献血 in 主要领域 or 其他领域, or 队伍类型 三献."""
    return [
        team
        for team in base_teams(office, as_of)
        if BLOOD in values(team, "主要领域") | values(team, "其他领域") or text(team, "队伍类型") == "三献"
    ]


def names(teams: Iterable[Row]) -> set[str]:
    """The names of teams."""
    return {text(team, "队伍名称") for team in teams}


def member_now(membership: Row, as_of: dt.date) -> bool:
    """§4: a membership's activity depends on its own dates alone."""
    return active(membership, "入队日期", "退队日期", as_of)


def members(office: Office, teams: set[str], as_of: dt.date) -> set[str]:
    """Persons with an active membership in any of the teams, each once."""
    return {
        text(row, "证件号码")
        for row in rows(office, "队员")
        if text(row, "队伍名称") in teams and member_now(row, as_of)
    }


def with_platform_number(office: Office) -> set[str]:
    """Persons who have a 志愿者网编号."""
    return {text(row, "证件号码") for row in rows(office, "志愿者") if text(row, "志愿者网编号")}


def registered(team: Row, as_of: dt.date) -> bool:
    """志愿者网注册日期 <= as_of."""
    on = day(team, "志愿者网注册日期")
    return on is not None and on <= as_of


def policies_in_force(office: Office, as_of: dt.date) -> list[Row]:
    """Policies in force at as_of, whatever their 承保方式."""
    return [
        row
        for row in rows(office, "保险单")
        if in_force(day(row, "起始日期") or LATEST, day(row, "终止日期") or EARLIEST, as_of)
    ]


def insured(office: Office, as_of: dt.date) -> set[str]:
    """记名名单 by 被保险人; 平台自动 covers everyone with a 志愿者网编号; 按活动 never counts."""
    current = {text(row, "保单号"): row for row in policies_in_force(office, as_of)}
    covered: set[str] = set()
    if any(text(row, "承保方式") == "平台自动" for row in current.values()):
        covered |= with_platform_number(office)
    for row in rows(office, "被保险人"):
        policy = current.get(text(row, "保单号"))
        if policy is None or text(policy, "承保方式") != "记名名单":
            continue
        if in_force(day(row, "保障起始日期") or EARLIEST, day(row, "保障终止日期") or LATEST, as_of):
            covered.add(text(row, "证件号码"))
    return covered
