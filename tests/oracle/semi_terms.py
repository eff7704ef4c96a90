"""Words that the independent reading of the semi-automatic clauses shares: periods, counts, records, decisions."""

import calendar
import datetime as dt
from collections.abc import Callable, Iterable

from tests.oracle.base import (
    BLOOD,
    Office,
    Row,
    active,
    day,
    number,
    quarter_days,
    quarter_start,
    record_in_force,
    rows,
    text,
    values,
    within,
)
from tests.oracle.computed import B25_DATE, Verdict

Check = Callable[[Office, dt.date], Verdict]
ONE_DAY = dt.timedelta(days=1)
NOT_APPLICABLE = "not_applicable"


# ---------------------------------------------------------------- time


def closed(as_of: dt.date) -> bool:
    """The year counts as closed on its last day."""
    return (as_of.month, as_of.day) == (12, 31)


def year_start(as_of: dt.date) -> dt.date:
    """1 January of the year."""
    return dt.date(as_of.year, 1, 1)


def in_year(row: Row, heading: str, as_of: dt.date) -> bool:
    """Dated from 1 January of the year of the day to the day."""
    return within(row, heading, year_start(as_of), as_of)


def quarter_end(as_of: dt.date) -> dt.date:
    """Last day of the quarter that a day lies in."""
    return quarter_days(f"{as_of.year}Q{(as_of.month + 2) // 3}")[1]


def blood_quarter_start(as_of: dt.date) -> dt.date:
    """First day that counts in the quarter under the notice of 2025."""
    return max(quarter_start(as_of), B25_DATE)


def months_before(as_of: dt.date, months: int) -> dt.date:
    """The same day some months earlier; the month's last day where it is shorter."""
    year, month = divmod(as_of.year * 12 + as_of.month - 1 - months, 12)
    return dt.date(year, month + 1, min(as_of.day, calendar.monthrange(year, month + 1)[1]))


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


def fen(entries: Iterable[Row]) -> int:
    """Sum of 金额 in 分."""
    return sum(int((number(row, "金额（元）") or 0) * 100) for row in entries)


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
    """Those whose 队伍名称 is the team."""
    return [row for row in records if text(row, "队伍名称") == text(team, "队伍名称")]


def present(office: Office, training: Row) -> list[Row]:
    """参训人员 rows of a training but 缺席 and 请假."""
    return [row for row in listed(office, training) if text(row, "结果") not in ("缺席", "请假")]


def listed(office: Office, training: Row) -> list[Row]:
    """All 参训人员 rows of a training."""
    return [row for row in rows(office, "参训人员") if text(row, "培训编号") == text(training, "培训编号")]


def venues(office: Office, as_of: dt.date, *kinds: str) -> list[Row]:
    """Active venues of these kinds, or of any."""
    return [
        row
        for row in rows(office, "阵地场所")
        if (not kinds or text(row, "类型") in kinds) and active(row, "启用日期", "停用日期", as_of)
    ]


# ---------------------------------------------------------------- decisions


def year_rule(done: bool, late: str, as_of: dt.date) -> str:
    """YEAR(done, late) of the page on the notice of 2022."""
    return "met" if done else late if closed(as_of) else "in_progress"


def blood_year(k: int, n: int, as_of: dt.date) -> Verdict:
    """YEAR(k, n) of the page on the notice of 2025."""
    if n == 0:
        return Verdict(NOT_APPLICABLE, k, n)
    return Verdict(year_rule(k >= n, "partial" if k else "explain", as_of), k, n)


def once_a_year(k: int, as_of: dt.date) -> Verdict:
    """YEAR(k, 1) where the figure has no n."""
    return Verdict(blood_year(k, 1, as_of).status, k)


def blood_year_internal(k: int, n: int, as_of: dt.date) -> Verdict:
    """YEAR-O(k, n): an internal threshold asks for attention at most."""
    if n == 0:
        return Verdict(NOT_APPLICABLE, k, n)
    return Verdict(year_rule(k >= n, "attention", as_of), k, n)


def first_that_applies(*choices: tuple[bool, str]) -> str:
    """The status of the first condition that holds."""
    return next(status for holds, status in choices if holds)
