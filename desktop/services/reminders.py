"""How far ahead the program reminds, of what, when a report is due, and which quarter is worked on until then."""

import datetime as dt
from collections.abc import Iterable

from db.quarters import Period, Quarter
from db.queries.figures import ledger_begins
from db.rules.verdicts import Result
from db.storage.store import Store
from db.tasks.quarter_steps import steps_done
from db.year_days import REPORT, REPORT_DAYS, THEME, YearDay, days_of_year
from desktop.services import settings

DAYS_AHEAD = 30


def reminder_days() -> int:
    """Return how many days ahead something that ends is shown (1 to 365, usually 30)."""
    return settings.number("reminder_days", DAYS_AHEAD, 1, 365)


def report_days() -> int:
    """Return how many days after the quarter's end its report is due (0 to 90, usually 10)."""
    return settings.number("report_days", REPORT_DAYS, 0, 90)


def report_due(period: Period) -> dt.date:
    """Return the last day for a period's report."""
    return period.end + dt.timedelta(days=report_days())


def coming_days(today: dt.date, days: int, results: Iterable[Result]) -> list[YearDay]:
    """Return the days of the year from `today` to `days` later, both inside, that no verdict says are settled.

    Reports are told where the quarter stands, not here.
    """
    until, by_check = today + dt.timedelta(days=days), {r.clause.check: r for r in results if r.clause.check}
    found = [day for year in range(today.year, until.year + 1) for day in days_of_year(year)]
    return [
        day for day in found
        if today <= day.day <= until and day.kind != REPORT
        and not (day.day.year == today.year and _settled(day, by_check.get(day.check)))
    ]  # fmt: skip


def page_of_day(day: YearDay) -> str:
    """Return the page where a day is dealt with."""
    return "activity" if day.kind == THEME or day.check == "winter_campaign" else "work"


def _settled(day: YearDay, result: Result | None) -> bool:
    if result is None:
        return False
    if day.name:
        return bool(result.facts.get("days", {}).get(day.name) == "met")
    return (result.k or 0) >= day.enough if day.enough else (result.proposed or result.status) == "met"


def front_quarter(store: Store, today: dt.date) -> Quarter:
    """Return the quarter that is worked on: the one that has ended until its report is due or done, else today's."""
    ended, begins = Quarter.of(today).previous, ledger_begins(store)
    if today > report_due(ended) or begins is None or begins > ended.end:
        return Quarter.of(today)
    return Quarter.of(today) if steps_done(store, ended).keys() & {"submit", "archive"} else ended


def keep(name: str, days: int) -> None:
    """Remember ``reminder_days`` or ``report_days``."""
    settings.keep(name, days)
