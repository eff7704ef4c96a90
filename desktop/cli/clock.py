"""What time it is, for the command line; nothing else there reads the clock."""

import datetime as dt


def now() -> dt.datetime:
    """Return the time by this computer's clock."""
    return dt.datetime.now()


def today() -> dt.date:
    """Return the day by this computer's clock."""
    return now().date()
