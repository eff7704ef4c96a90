"""How far ahead the program reminds, and when a quarter's report is due: the person's choices, kept with the look."""

import datetime as dt

from db.quarters import Quarter
from desktop.services import settings

DAYS_AHEAD, REPORT_DAYS = 30, 10


def reminder_days() -> int:
    """Return how many days ahead something that ends is shown (1 to 365, usually 30)."""
    return settings.number("reminder_days", DAYS_AHEAD, 1, 365)


def report_days() -> int:
    """Return how many days after the quarter's end its report is due (0 to 90, usually 10)."""
    return settings.number("report_days", REPORT_DAYS, 0, 90)


def report_due(quarter: Quarter) -> dt.date:
    """Return the last day for a quarter's report."""
    return quarter.end + dt.timedelta(days=report_days())


def keep(name: str, days: int) -> None:
    """Remember ``reminder_days`` or ``report_days``."""
    settings.keep(name, days)
