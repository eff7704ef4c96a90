"""The periods of clauses: the calendar year, the quarter, some months; and what a period that still runs means.

A check says what is there; these say whether that is late. Source: evaluation contract and each clause's ``period``.
"""

import calendar
import datetime as dt

from db.quarters import Quarter
from db.rules.checks.case import Case

NOTICE_DAY = dt.date(2025, 12, 11)  # of the joint notice on blood donation: what lies before it is not judged by it


def new_year(case: Case) -> str:
    """Return the first day of the calendar year, as it is stored."""
    return f"{case.as_of.year}-01-01"


def year_end(case: Case) -> dt.date:
    """Return the last day of the calendar year."""
    return dt.date(case.as_of.year, 12, 31)


def year_is_closed(case: Case) -> bool:
    """Whether the day is the last of its calendar year."""
    return case.as_of == year_end(case)


def lacking(case: Case, late: str) -> str:
    """Return what something is that the year should see and has not: in progress while it runs, `late` afterwards."""
    return late if year_is_closed(case) else "in_progress"


def within_year(case: Case, done: bool, late: str) -> str:
    """Judge what a calendar year should see: done is met, an open year is in progress, and a closed one `late`."""
    return "met" if done else lacking(case, late)


def by_year_end(case: Case, k: int, n: int, *, some: str = "partial", nothing: str = "explain") -> str:
    """Judge k of n to be done within the year: only its last day says what is missing."""
    if n == 0:
        return "not_applicable"
    return within_year(case, k >= n, some if k else nothing)


def quarter_start(case: Case) -> str:
    """Return the first day of the quarter, as it is stored."""
    return Quarter.of(case.as_of).start.isoformat()


def quarter_first(case: Case) -> str:
    """Return the first day of the quarter that counts for the joint notice: none before it."""
    return max(Quarter.of(case.as_of).start, NOTICE_DAY).isoformat()


def quarter_runs(case: Case) -> bool:
    """Whether the quarter has days left."""
    return case.as_of < Quarter.of(case.as_of).end


def within_quarter(case: Case, done: bool, late: str) -> str:
    """Judge what a quarter should see: done is met, a running quarter is in progress, an ended one `late`."""
    return "met" if done else "in_progress" if quarter_runs(case) else late


def months_before(day: dt.date, months: int) -> dt.date:
    """Return the same day some months earlier, or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
