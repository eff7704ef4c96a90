"""The verdicts on a day as screens and papers show them: none, with the reason, where the ledger cannot speak of it."""

import datetime as dt

from db.errors import UserError
from db.quarters import Quarter
from db.queries.figures import ledger_begins
from db.rules.checks import check_office
from db.rules.verdicts import Result, bound
from db.storage.store import Store


def before_ledger(store: Store, day: dt.date) -> dt.date | None:
    """Return the day on which the ledger begins, if that is after `day`: nothing is judged before it."""
    begins = ledger_begins(store)
    return begins if begins is not None and day < begins else None


def not_judged(begins: dt.date, what: str = "这一期") -> str:
    """Say that something lies before the ledger and is not judged."""
    return f"{what}早于台账的起点（{begins.isoformat()}），没有台账记录，不作判断"


def judged(store: Store, day: dt.date) -> tuple[list[Result], str]:
    """Return the verdicts that may bind the office on a day; or none, and why there are none."""
    begins = before_ledger(store, day)
    if begins is not None:
        return [], not_judged(begins, Quarter.of(day).label)
    try:
        return bound(check_office(store, day)), ""
    except UserError as error:
        return [], str(error)
