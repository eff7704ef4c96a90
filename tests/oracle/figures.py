"""The independent reading of the figures (data.md §5): a quarter, a half-year or a year, each team and the office.

Readings chosen where the contract leaves room:

* Every team of the office has its line: dissolved, not yet founded, suspended and sub-teams too, in workbook order.
  `own_level` of a line goes by 主管单位 and 主管单位类型, also for a sub-team; it is that of as_of.
* An attendance that names a team counts there whether or not the person is its member; an attendance without a team
  whose person is in no team on that day counts for the office only.
* 实到学时 = 0 is a given value (0 minutes), not an empty cell.  参训人次 = 0 or empty counts nothing, so such a
  training is not in `trainings`.  A training with any 参训人员 row never uses 参训人次, even if all were absent.
* 面向队伍 names one team.  Service and activities go by their own columns, whoever has left since.
* A reversal is netted by its own direction, known or not what it reverses; 期初结余 goes by 科目 alone.
* `income_ytd_fen` begins on 1 January of the year of as_of.
* A volunteer who is registered and leaves within the period counts in both; leaving on the day of registration too.
* A comparison is null where the last day of the earlier period lies before the first record of the kind, or before
  台账启用日期; a period in the middle of which the ledger begins is compared.
"""

import datetime as dt
from typing import Any

from tests.oracle.base import (
    EARLIEST,
    LATEST,
    ONE_DAY,
    Membership,
    Office,
    Row,
    active,
    day,
    fen_of,
    insured,
    memberships,
    minutes_of,
    name_of_team,
    number,
    on_platform,
    own_level,
    period_days,
    policies_in_force,
    rows,
    team_active,
    teams,
    text,
    volunteers,
    within,
    year_start,
)

Figures = dict[str, int | None]
OPENING = "期初结余"


def membership_figures(some: list[Membership], first: dt.date, last: dt.date, cover: set[str]) -> Figures:
    """members_start/joined/left/end, persons_end, insured_end, uninsured_end over some memberships."""
    eve = first - ONE_DAY
    persons = {one.person for one in some if one.on(last)}
    start, end = sum(one.on(eve) for one in some), sum(one.on(last) for one in some)
    joined = sum(first <= one.first <= last for one in some)
    left = sum(first <= one.gone <= last for one in some)
    assert end == start + joined - left
    return {
        "members_start": start,
        "members_joined": joined,
        "members_left": left,
        "members_end": end,
        "persons_end": len(persons),
        "insured_end": len(persons & cover),
        "uninsured_end": len(persons - cover),
    }


def listed(office: Office, training: Row) -> list[Row]:
    """All 参训人员 rows of a training."""
    return [row for row in rows(office, "参训人员") if text(row, "培训编号") == text(training, "培训编号")]


def present(office: Office, training: Row) -> list[Row]:
    """参训人员 rows of a training but 缺席 and 请假."""
    return [row for row in listed(office, training) if text(row, "结果") not in ("缺席", "请假")]


def attended_teams(everyone: list[Membership], attendance: Row, on: dt.date) -> set[str]:
    """The teams an attendance counts for: the one it names, else every team of the person on that day."""
    named = text(attendance, "队伍名称")
    if named:
        return {named}
    return {one.team for one in everyone if one.person == text(attendance, "证件号码") and one.on(on)}


def training_figures(
    office: Office, everyone: list[Membership], first: dt.date, last: dt.date, team: str | None
) -> Figures:
    """trainings, training_person_times, training_persons, training_minutes of a team, or of the office (None)."""
    counted, by_name, person_times, minutes = 0, 0, 0, 0
    persons: set[str] = set()
    for training in rows(office, "培训"):
        start = day(training, "开始日期")
        if start is None or not first <= start <= last:
            continue
        here = [
            row for row in present(office, training) if team is None or team in attended_teams(everyone, row, start)
        ]
        heads = 0
        if not listed(office, training) and (team is None or text(training, "面向队伍") == team):
            heads = int(number(training, "参训人次") or 0)
        for row in here:
            persons.add(text(row, "证件号码"))
            own = number(row, "实到学时")
            minutes += minutes_of(own if own is not None else number(training, "学时"))
        person_times += len(here) + heads
        counted += bool(here) or heads > 0
        by_name += bool(here)
    unknown = counted > 0 and by_name == 0
    return {
        "trainings": counted,
        "training_person_times": person_times,
        "training_persons": None if unknown else len(persons),
        "training_minutes": None if unknown else minutes,
    }


def booked(entry: Row) -> tuple[str, int]:
    """Which total an entry belongs to, and by how much it moves it: a reversal lowers the other direction."""
    direction = text(entry, "收支方向")
    if text(entry, "冲销凭证号"):
        return ("支出" if direction == "收入" else "收入"), -fen_of(entry)
    return direction, fen_of(entry)


def is_opening(entry: Row) -> bool:
    """What an office had when its ledger began."""
    return text(entry, "科目") == OPENING


def net(entries: list[Row], direction: str, first: dt.date, last: dt.date) -> int:
    """Income or expense of these days in 分: reversals netted, 期初结余 left out."""
    return sum(
        fen
        for row in entries
        if not is_opening(row) and within(row, "日期", first, last)
        for where, fen in [booked(row)]
        if where == direction
    )


def money_figures(entries: list[Row], first: dt.date, last: dt.date) -> Figures:
    """Income and expense of the period and of the year so far, and the balance up to as_of, in 分."""
    ever = [row for row in entries if within(row, "日期", EARLIEST, last)]
    return {
        "income_fen": net(entries, "收入", first, last),
        "expense_fen": net(entries, "支出", first, last),
        "income_ytd_fen": net(entries, "收入", year_start(last), last),
        "expense_ytd_fen": net(entries, "支出", year_start(last), last),
        "balance_fen": sum(fen_of(row) if text(row, "收支方向") == "收入" else -fen_of(row) for row in ever),
    }


def work_figures(activities: list[Row], services: list[Row], first: dt.date, last: dt.date) -> Figures:
    """activities, service_minutes, service_person_times, service_persons of the period."""
    now = [row for row in services if within(row, "服务日期", first, last)]
    return {
        "activities": sum(within(row, "开始日期", first, last) for row in activities),
        "service_minutes": sum(minutes_of(number(row, "服务时长（小时）")) for row in now),
        "service_person_times": len(now),
        "service_persons": len({text(row, "证件号码") for row in now}),
    }


def expiring(office: Office, as_of: dt.date) -> int:
    """policies_expiring_30d: in force at as_of and ending no later than 30 days after it."""
    limit = as_of + 30 * ONE_DAY
    return sum((day(row, "终止日期") or LATEST) <= limit for row in policies_in_force(office, as_of))


def register_figures(office: Office, first: dt.date, last: dt.date) -> Figures:
    """teams_* and volunteers_* of the office."""
    tops = [team for team in teams(office) if not text(team, "上级队伍")]
    now = [own_level(office, team, last) for team in tops if team_active(team, last)]
    new = [own_level(office, team, last) for team in tops if within(team, "成立日期", first, last)]
    people = rows(office, "志愿者")
    return {
        "teams_end": len(now),
        "teams_own_end": sum(now),
        "teams_other_end": len(now) - sum(now),
        "subteams_end": sum(bool(text(team, "上级队伍")) and team_active(team, last) for team in teams(office)),
        "teams_founded": len(new),
        "teams_own_founded": sum(new),
        "teams_dissolved": sum(within(team, "撤销日期", first, last) for team in tops),
        "volunteers_end": len(volunteers(office, last)),
        "volunteers_joined": sum(within(row, "登记日期", first, last) for row in people),
        "volunteers_left": sum(within(row, "退出日期", first, last) for row in people),
        "volunteers_network_end": sum(on_platform(row, last) for row in volunteers(office, last)),
    }


def figures(office: Office, period: str, as_of: dt.date | None = None) -> dict[str, Any]:
    """The figures of a period as of its last day or an earlier one, in the shape of the JSON of the figures command."""
    first, last = period_days(period)
    last = min(last, as_of or last)
    cover, everyone = insured(office, last), list(memberships(office))

    def of(team: str | None) -> Figures:
        def mine(sheet: str, heading: str) -> list[Row]:
            return [row for row in rows(office, sheet) if team is None or text(row, heading) == team]

        return (
            membership_figures([one for one in everyone if team in (None, one.team)], first, last, cover)
            | training_figures(office, everyone, first, last, team)
            | money_figures(mine("经费收支", "队伍名称"), first, last)
            | work_figures(mine("活动", "主办队伍"), mine("服务记录", "队伍名称"), first, last)
        )

    shared = [row for row in rows(office, "经费收支") if not text(row, "队伍名称")]
    return {
        "period": period,
        "as_of": last.isoformat(),
        "office": of(None) | {"policies_expiring_30d": expiring(office, last)} | register_figures(office, first, last),
        "shared": money_figures(shared, first, last),
        "teams": [
            {
                "team": name_of_team(team),
                "own_level": own_level(office, team, last),
                **of(name_of_team(team)),
            }
            for team in teams(office)
        ],
    }


# ---------------------------------------------------------------- comparisons

BEGINS = {
    "teams": ("志愿服务队伍", "成立日期"),
    "volunteers": ("志愿者", "登记日期"),
    "members": ("队员", "入队日期"),
    "persons": ("队员", "入队日期"),
    "insured": ("保险单", "起始日期"),
    "trainings": ("培训", "开始日期"),
    "training": ("培训", "开始日期"),
    "income": ("经费收支", "日期"),
    "expense": ("经费收支", "日期"),
    "balance": ("经费收支", "日期"),
    "activities": ("活动", "开始日期"),
    "service": ("服务记录", "服务日期"),
}
"""First word of a figure's name → the sheet and the date by which its kind of record begins."""


def compared(office: Office, period: str, name: str) -> int | None:
    """An office figure of an earlier period to compare with: null where there was no such record, or no ledger, yet."""
    sheet, heading = BEGINS[name.split("_")[0]]
    last = period_days(period)[1]
    first_one = min((on for row in rows(office, sheet) if (on := day(row, heading)) is not None), default=LATEST)
    started = [
        on for row in rows(office, "本会情况") if text(row, "项目") == "台账启用日期" and (on := _date(row)) is not None
    ]
    if last < first_one or any(last < on for on in started):
        return None
    value: int | None = figures(office, period)["office"][name]
    return value


def _date(row: Row) -> dt.date | None:
    """A date that stands in 内容, as a date or as 2026-03-05."""
    value = row.get("内容")
    if isinstance(value, dt.date):
        return value
    return dt.date.fromisoformat(value) if isinstance(value, str) and value else None


__all__ = ["active", "booked", "compared", "figures", "is_opening", "listed", "net", "present"]
