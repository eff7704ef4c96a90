"""Words that the independent reading of the semi-automatic clauses shares: periods, counts, records, answers, decisions.

Readings chosen where the contract leaves room:

* What rolls up to the team at the top is what the contract names: members, service, trainings, money (and goods with
  it), guidance, party members and their organisation and its activities.  Rules, disclosures and places of a 分队 stay
  its own.  The tree is that of as_of, also for rows of an earlier day.
* An answer is asked for only where nothing on record proves the thing.  A university is proved by a work record of
  对方类别 高校 or 类别 高校 dated on or before the day (one that lists it, 辖区高校 or 高校红十字会, while valid), or a
  team of 主管单位类型 高校 that exists; own media by any 自有媒体发布 so dated; places by any active row of 阵地场所.
* 有 without anything on record is still something to be entered: `missing_data` where the clause counts such things.
"""

import datetime as dt
from collections.abc import Callable, Iterable

from tests.oracle.base import (
    BLOOD,
    Office,
    Row,
    Verdict,
    active,
    day,
    exists,
    months_before,
    number,
    period_days,
    profile,
    quarter_start,
    record_in_force,
    rows,
    teams,
    text,
    tree,
    values,
    within,
    year_start,
)
from tests.oracle.computed import B25_DATE

Check = Callable[[Office, dt.date], Verdict]
NOT_APPLICABLE = "not_applicable"


# ---------------------------------------------------------------- time


def closed(as_of: dt.date) -> bool:
    """The year counts as closed on its last day."""
    return (as_of.month, as_of.day) == (12, 31)


def in_year(row: Row, heading: str, as_of: dt.date) -> bool:
    """Dated from 1 January of the year of the day to the day."""
    return within(row, heading, year_start(as_of), as_of)


def quarter_end(as_of: dt.date) -> dt.date:
    """Last day of the quarter that a day lies in."""
    return period_days(f"{as_of.year}Q{(as_of.month + 2) // 3}")[1]


def quarter_open(as_of: dt.date) -> bool:
    """Before the last day of its quarter."""
    return as_of < quarter_end(as_of)


def blood_quarter_start(as_of: dt.date) -> dt.date:
    """First day that counts in the quarter under the notice of 2025."""
    return max(quarter_start(as_of), B25_DATE)


def year_so_far_and_last(as_of: dt.date) -> tuple[tuple[dt.date, dt.date], tuple[dt.date, dt.date]]:
    """This year up to the day, and last year up to the same day."""
    last = months_before(as_of, 12)
    return (year_start(as_of), as_of), (year_start(last), last)


# ---------------------------------------------------------------- cells


def whole(row: Row, heading: str) -> int:
    """A whole number, empty as 0."""
    return int(number(row, heading) or 0)


def filled(row: Row, heading: str) -> bool:
    """Something is in the cell."""
    return row.get(heading) is not None


def contains(row: Row, heading: str, *words: str) -> bool:
    """The cell contains one of the words."""
    return any(word in text(row, heading) for word in words)


def joined(row: Row, *headings: str) -> str:
    """Cells joined by a space."""
    return " ".join(text(row, heading) for heading in headings)


# ---------------------------------------------------------------- records


def notes(office: Office, kind: str, sub: str | None = None, sub_has: str | None = None) -> list[Row]:
    """WR(kind), perhaps with 子类 equal to `sub` or containing `sub_has`."""
    return [
        row
        for row in rows(office, "工作记录")
        if text(row, "类别") == kind
        and (sub is None or text(row, "子类") == sub)
        and (sub_has is None or sub_has in text(row, "子类"))
    ]


def year_notes(office: Office, kind: str, as_of: dt.date, **sub: str) -> list[Row]:
    """WR(kind) dated in the year."""
    return [row for row in notes(office, kind, **sub) if in_year(row, "日期", as_of)]


def valid_notes(office: Office, kind: str, as_of: dt.date, **sub: str) -> list[Row]:
    """WR(kind) in force."""
    return [row for row in notes(office, kind, **sub) if record_in_force(row, as_of)]


def begun_not_over_this_year(row: Row, as_of: dt.date) -> bool:
    """(有效期起, else 日期) <= as_of, and 有效期止 empty or >= 1 January."""
    since, until = day(row, "有效期起") or day(row, "日期"), day(row, "有效期止")
    return since is not None and since <= as_of and (until is None or until >= year_start(as_of))


def on_blood(records: Iterable[Row]) -> list[Row]:
    """Those whose 主题 has 无偿献血."""
    return [row for row in records if BLOOD in values(row, "主题")]


def of_team(records: Iterable[Row], team: Row) -> list[Row]:
    """Those whose 队伍名称 is the team itself."""
    return [row for row in records if text(row, "队伍名称") == text(team, "队伍名称")]


def of_tree(office: Office, records: Iterable[Row], team: Row, as_of: dt.date) -> list[Row]:
    """Those whose 队伍名称 is the team or a 分队 of its tree."""
    whole_tree = tree(office, team, as_of)
    return [row for row in records if text(row, "队伍名称") in whole_tree]


def venues(office: Office, as_of: dt.date, *kinds: str) -> list[Row]:
    """Active venues of these kinds, or of any."""
    return [
        row
        for row in rows(office, "阵地场所")
        if (not kinds or text(row, "类型") in kinds) and active(row, "启用日期", "停用日期", as_of)
    ]


# ---------------------------------------------------------------- answers


def answered(office: Office, item: str, as_of: dt.date) -> bool | None:
    """有/是, 无/否, or not answered."""
    return {"有": True, "是": True, "无": False, "否": False}.get(profile(office, item, as_of))


def name_of(row: Row) -> str:
    """对方单位, or 标题 where it is empty."""
    return text(row, "对方单位") or text(row, "标题")


def universities(office: Office, as_of: dt.date) -> set[str]:
    """The universities of the area, by name."""
    return {
        name_of(row) for kind in ("辖区高校", "高校红十字会") for row in valid_notes(office, "高校", as_of, sub=kind)
    }


def has_universities(office: Office, as_of: dt.date) -> bool | None:
    """What is on record proves it; else the answer."""
    told = any(
        within(row, "日期", dt.date.min, as_of)
        and (
            text(row, "对方类别") == "高校"
            or (text(row, "类别") == "高校" and text(row, "子类") not in ("辖区高校", "高校红十字会"))
        )
        for row in rows(office, "工作记录")
    )
    led = any(text(team, "主管单位类型") == "高校" and exists(team, as_of) for team in teams(office))
    return True if told or led or universities(office, as_of) else answered(office, "辖区内有无高校", as_of)


def has_own_media(office: Office, as_of: dt.date) -> bool | None:
    """What is on record proves it; else the answer."""
    told = any(within(row, "日期", dt.date.min, as_of) for row in notes(office, "自有媒体发布"))
    return True if told else answered(office, "有无自有媒体", as_of)


def without(there: bool | None) -> str | None:
    """The status where a thing is not there, or nobody has said so."""
    return {True: None, False: NOT_APPLICABLE, None: "missing_data"}[there]


def university_clause(check: Check) -> Check:
    """No university, or none known: before anything else."""

    def guarded(office: Office, as_of: dt.date) -> Verdict:
        status = without(has_universities(office, as_of))
        return Verdict(status) if status else check(office, as_of)

    return guarded


def without_venues(office: Office, as_of: dt.date) -> str:
    """The status where a clause finds no venue of its kinds: other kinds are on record, or the answer decides."""
    if venues(office, as_of) or answered(office, "有无红十字阵地", as_of) is False:
        return NOT_APPLICABLE
    return "missing_data"


# ---------------------------------------------------------------- decisions


def year_rule(done: bool, late: str, as_of: dt.date) -> str:
    """YEAR(done, late): done -> met; before 31 December -> in_progress; late."""
    return "met" if done else late if closed(as_of) else "in_progress"


def blood_year(k: int, n: int, as_of: dt.date) -> Verdict:
    """YEAR(k, n): on 31 December partial or explain."""
    if n == 0:
        return Verdict(NOT_APPLICABLE, k, n)
    return Verdict(year_rule(k >= n, "partial" if k else "explain", as_of), k, n)


def once_a_year(k: int, as_of: dt.date) -> Verdict:
    """YEAR(k, 1) where the figure has no n: nothing on 31 December is to be explained."""
    return Verdict(year_rule(k > 0, "explain", as_of), k)


def blood_year_internal(k: int, n: int, as_of: dt.date) -> Verdict:
    """YEAR-O(k, n): an internal threshold asks for attention at most."""
    if n == 0:
        return Verdict(NOT_APPLICABLE, k, n)
    return Verdict(year_rule(k >= n, "attention", as_of), k, n)


def by_count(k: int, otherwise: str, n: int | None = None) -> Verdict:
    """k > 0 -> met, else the other."""
    return Verdict("met" if k else otherwise, k, n)


def first_that_applies(*choices: tuple[bool, str]) -> str:
    """The status of the first condition that holds."""
    return next(status for holds, status in choices if holds)
