"""How far ahead the program reminds, when a quarter's report is due, and which quarter is worked on until then."""

import datetime as dt

from db.quarters import Period, Quarter
from db.queries.figures import ledger_begins
from db.storage.store import Store
from db.tasks.quarter_steps import steps_done
from desktop.services import settings

DAYS_AHEAD, REPORT_DAYS = 30, 10


def reminder_days() -> int:
    """Return how many days ahead something that ends is shown (1 to 365, usually 30)."""
    return settings.number("reminder_days", DAYS_AHEAD, 1, 365)


def report_days() -> int:
    """Return how many days after the quarter's end its report is due (0 to 90, usually 10)."""
    return settings.number("report_days", REPORT_DAYS, 0, 90)


def report_due(period: Period) -> dt.date:
    """Return the last day for a period's report."""
    return period.end + dt.timedelta(days=report_days())


def front_quarter(store: Store, today: dt.date) -> Quarter:
    """Return the quarter that is worked on: the one that has ended until its report is due or done, else today's."""
    ended, begins = Quarter.of(today).previous, ledger_begins(store)
    if today > report_due(ended) or begins is None or begins > ended.end:
        return Quarter.of(today)
    return Quarter.of(today) if steps_done(store, ended).keys() & {"submit", "archive"} else ended


def keep(name: str, days: int) -> None:
    """Remember ``reminder_days`` or ``report_days``."""
    settings.keep(name, days)
