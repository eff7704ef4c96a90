"""What the independent reading stands on: cells, time, who is active, who is a member, who is on the platform.

Readings chosen where the contract leaves room:

* A person is known by 证件号码 alone, because the other sheets carry no 证件类型.
* A row of 本会情况 with an empty 内容 is no row: it neither answers nor takes an answer back.
* Two teams of a tree are joined by 上级队伍 whatever the state of those between; only the 分队 itself must be founded
  and not dissolved. The team at the top is always of its tree.
* A coverage with one own date takes the missing one from its policy, and counts while both itself and the policy are
  in force. 被保险人 rows of 平台自动 policies never count by themselves.
"""

import calendar
import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

Value = str | int | float | dt.date | None
Row = dict[str, Value]
Office = dict[str, list[Row]]
"""Sheet name -> rows, each row heading -> value, exactly as the workbook has them."""

BLOOD, RESCUE = "无偿献血", "应急救援"
LEVELS = {"县级": "county", "市级": "city", "省级": "province"}
EARLIEST = dt.date.min
LATEST = dt.date.max
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Verdict:
    """What one clause comes to: its status, its figure and what lies behind it."""

    status: str
    k: int | None = None
    n: int | None = None
    facts: dict[str, object] = field(default_factory=dict)


# ---------------------------------------------------------------- values


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


def packed(words: str) -> str:
    """A text with all white space removed."""
    return "".join(words.split())


def values(row: Row, heading: str) -> set[str]:
    """A cell of several values."""
    return {part.strip() for part in re.split("[；;、,，]", text(row, heading)) if part.strip()}


def minutes_of(hours: Decimal | None) -> int:
    """Hours as whole minutes."""
    minutes = (hours or Decimal(0)) * 60
    assert minutes == int(minutes), hours
    return int(minutes)


def fen_of(row: Row) -> int:
    """金额 in 分."""
    fen = (number(row, "金额（元）") or Decimal(0)) * 100
    assert fen == int(fen), row
    return int(fen)


# ---------------------------------------------------------------- time


def active(row: Row, start: str, end: str, as_of: dt.date) -> bool:
    """§4: `start <= as_of` and (`end` empty or `end > as_of`)."""
    first, gone = day(row, start), day(row, end)
    return first is not None and first <= as_of and (gone is None or gone > as_of)


def in_force(first: dt.date, last: dt.date, as_of: dt.date) -> bool:
    """§4: both ends inclusive."""
    return first <= as_of <= last


def period_days(period: str) -> tuple[dt.date, dt.date]:
    """First and last day of 2026Q3, 2026H1 or 2026."""
    year, kind, place = int(period[:4]), period[4:5], int(period[5:] or 1)
    months = {"Q": 3, "H": 6, "": 12}[kind]
    last_month = months * place
    return (
        dt.date(year, last_month - months + 1, 1),
        dt.date(year, last_month, calendar.monthrange(year, last_month)[1]),
    )


def quarter_start(as_of: dt.date) -> dt.date:
    """First day of the quarter that a day lies in."""
    return dt.date(as_of.year, (as_of.month - 1) // 3 * 3 + 1, 1)


def year_start(as_of: dt.date) -> dt.date:
    """1 January of the year."""
    return dt.date(as_of.year, 1, 1)


def months_before(as_of: dt.date, months: int) -> dt.date:
    """The same day some months earlier; the month's last day where it is shorter."""
    year, month = divmod(as_of.year * 12 + as_of.month - 1 - months, 12)
    return dt.date(year, month + 1, min(as_of.day, calendar.monthrange(year, month + 1)[1]))


def within(row: Row, heading: str, first: dt.date, last: dt.date) -> bool:
    """A date cell filled and from first to last, both included."""
    on = day(row, heading)
    return on is not None and first <= on <= last


def theme_days(year: int) -> dict[str, dt.date]:
    """8 May, 14 June and the third Saturday of September."""
    saturdays = [dt.date(year, 9, d) for d in range(1, 31) if dt.date(year, 9, d).isoweekday() == 6]
    return {"世界红十字日": dt.date(year, 5, 8), "世界献血者日": dt.date(year, 6, 14), "世界骨髓捐献者日": saturdays[2]}


def record_in_force(record: Row, as_of: dt.date) -> bool:
    """A work record's validity, both ends inclusive; from its 日期 and open-ended where not given."""
    since = day(record, "有效期起") or day(record, "日期") or LATEST
    return in_force(since, day(record, "有效期止") or LATEST, as_of)


# ---------------------------------------------------------------- the office


def profile(office: Office, item: str, as_of: dt.date) -> str:
    """What 本会情况 holds of an item at a day: the latest answer given on or before it; blank 起始日期 is the beginning."""
    given = [
        (day(row, "起始日期") or EARLIEST, place, text(row, "内容"))
        for place, row in enumerate(rows(office, "本会情况"))
        if text(row, "项目") == item and text(row, "内容") and (day(row, "起始日期") or EARLIEST) <= as_of
    ]
    return max(given, default=(EARLIEST, 0, ""))[2]


def level(office: Office, as_of: dt.date) -> str:
    """county, city or province."""
    return LEVELS[profile(office, "层级", as_of)]


# ---------------------------------------------------------------- teams


def teams(office: Office) -> list[Row]:
    """All teams, 分队 too."""
    return rows(office, "志愿服务队伍")


def name_of_team(team: Row) -> str:
    """队伍名称."""
    return text(team, "队伍名称")


def names(some: Iterable[Row]) -> set[str]:
    """The names of teams."""
    return {name_of_team(team) for team in some}


def own_level(office: Office, team: Row, as_of: dt.date) -> bool:
    """主管单位 equal to 单位名称 with white space removed, or 主管单位类型 本级."""
    own = packed(profile(office, "单位名称", as_of))
    return packed(text(team, "主管单位")) == own or text(team, "主管单位类型") == "本级"


def exists(team: Row, as_of: dt.date) -> bool:
    """Founded and not dissolved, suspended or not."""
    return active(team, "成立日期", "撤销日期", as_of)


def suspended(team: Row, as_of: dt.date) -> bool:
    """Suspended at the day."""
    return active(team, "暂停起始日期", "暂停终止日期", as_of)


def team_active(team: Row, as_of: dt.date) -> bool:
    """§4: active by its dates, and not suspended."""
    return exists(team, as_of) and not suspended(team, as_of)


def founded_own_teams(office: Office, as_of: dt.date) -> list[Row]:
    """Own-level teams without 上级队伍 that are founded and not dissolved, suspended or not."""
    return [
        team
        for team in teams(office)
        if own_level(office, team, as_of) and not text(team, "上级队伍") and exists(team, as_of)
    ]


def base_teams(office: Office, as_of: dt.date) -> list[Row]:
    """Base: active own-level teams (no 上级队伍, active at as_of)."""
    return [team for team in founded_own_teams(office, as_of) if not suspended(team, as_of)]


def is_blood(team: Row) -> bool:
    """无偿献血 in 主要领域 or 其他领域, or 队伍类型 三献."""
    return BLOOD in values(team, "主要领域") | values(team, "其他领域") or text(team, "队伍类型") == "三献"


def blood_teams(office: Office, as_of: dt.date) -> list[Row]:
    """Blood team: one of the base."""
    return [team for team in base_teams(office, as_of) if is_blood(team)]


def subteams(office: Office, team: Row, as_of: dt.date) -> list[Row]:
    """Every 分队 below a team, at any depth, that is founded and not dissolved; those between may be either."""
    found: list[Row] = []
    above = {name_of_team(team)}
    left = [other for other in teams(office) if name_of_team(other) not in above]
    while children := [other for other in left if text(other, "上级队伍") in above]:
        above = names(children)
        left = [other for other in left if other not in children]
        found += children
    return [other for other in found if exists(other, as_of)]


def tree(office: Office, team: Row, as_of: dt.date) -> set[str]:
    """Names of the team and of the 分队 of its tree at a day."""
    return {name_of_team(team)} | names(subteams(office, team, as_of))


def trees(office: Office, some: Iterable[Row], as_of: dt.date) -> set[str]:
    """Names of all teams of some trees."""
    return {name for team in some for name in tree(office, team, as_of)}


def registered(team: Row, as_of: dt.date) -> bool:
    """志愿者网注册日期 <= as_of."""
    on = day(team, "志愿者网注册日期")
    return on is not None and on <= as_of


def registration_unknown(team: Row) -> bool:
    """A 志愿者网团体编号 without its date."""
    return bool(text(team, "志愿者网团体编号")) and day(team, "志愿者网注册日期") is None


# ---------------------------------------------------------------- people


@dataclass(frozen=True)
class Membership:
    """One effective membership: from `first` up to the day before `gone`."""

    person: str
    team: str
    first: dt.date
    gone: dt.date
    role: str

    def on(self, as_of: dt.date) -> bool:
        """It holds on the day."""
        return self.first <= as_of < self.gone


def memberships(office: Office) -> Iterator[Membership]:
    """Effective memberships: over on the earliest of 退队日期, 退出日期, 撤销日期; those that never were are left out."""
    left = {text(row, "证件号码"): day(row, "退出日期") for row in rows(office, "志愿者")}
    dissolved = {name_of_team(team): day(team, "撤销日期") for team in teams(office)}
    for row in rows(office, "队员"):
        person, team, first = text(row, "证件号码"), text(row, "队伍名称"), day(row, "入队日期")
        assert first is not None
        ends = (day(row, "退队日期"), left.get(person), dissolved.get(team))
        gone = min((end for end in ends if end is not None), default=LATEST)
        if gone > first:
            yield Membership(person, team, first, gone, text(row, "职务"))


def members(office: Office, some: set[str], as_of: dt.date) -> set[str]:
    """Persons with an effective membership in any of these teams at a day, each once."""
    return {one.person for one in memberships(office) if one.team in some and one.on(as_of)}


def tree_members(office: Office, team: Row, as_of: dt.date) -> set[str]:
    """*Member* of a team at a day: an effective membership in its tree of that day."""
    return members(office, tree(office, team, as_of), as_of)


def volunteers(office: Office, on: dt.date) -> list[Row]:
    """Registered and not left on a day."""
    return [row for row in rows(office, "志愿者") if active(row, "登记日期", "退出日期", on)]


def on_platform(person: Row, as_of: dt.date) -> bool:
    """志愿者网编号 filled, and 志愿者网注册日期 blank or <= the day."""
    return bool(text(person, "志愿者网编号")) and (day(person, "志愿者网注册日期") or EARLIEST) <= as_of


def platform_persons(office: Office, as_of: dt.date) -> set[str]:
    """Persons on the platform at a day."""
    return {text(row, "证件号码") for row in rows(office, "志愿者") if on_platform(row, as_of)}


# ---------------------------------------------------------------- cover


def policies_in_force(office: Office, as_of: dt.date) -> list[Row]:
    """Policies in force at as_of, whatever their 承保方式."""
    return [
        row
        for row in rows(office, "保险单")
        if in_force(day(row, "起始日期") or LATEST, day(row, "终止日期") or EARLIEST, as_of)
    ]


def covered(office: Office, on: dt.date, by_list: tuple[str, ...]) -> set[str]:
    """Persons covered on a day: by 被保险人 of policies of these 承保方式, and by 平台自动 who is on the platform."""
    current = {text(row, "保单号"): text(row, "承保方式") for row in policies_in_force(office, on)}
    found = platform_persons(office, on) if "平台自动" in current.values() else set()
    return found | {
        text(row, "证件号码")
        for row in rows(office, "被保险人")
        if current.get(text(row, "保单号")) in by_list
        and in_force(day(row, "保障起始日期") or EARLIEST, day(row, "保障终止日期") or LATEST, on)
    }


def insured(office: Office, as_of: dt.date) -> set[str]:
    """记名名单 by 被保险人; 平台自动 covers everyone on the platform; 按活动 never counts."""
    return covered(office, as_of, ("记名名单",))
