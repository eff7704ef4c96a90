"""The days a ledger knows of by itself: when it was last changed, and the last day on which something happened."""

import datetime as dt

from db.storage.store import Store


def last_change(store: Store) -> dt.datetime | None:
    """Return when the ledger was last changed, in UTC as the log has it; None for a new one."""
    at = store.query("SELECT max(at) AS at FROM operation")[0]["at"]
    return dt.datetime.fromisoformat(at) if at else None


def last_event(store: Store) -> dt.date | None:
    """Return the last day on record of what cannot lie ahead: somebody joined, served or gave blood, money moved."""
    day = store.query(
        """SELECT max(day) AS day FROM (
             SELECT max(joined_on) AS day FROM membership UNION ALL SELECT max(served_on) FROM service_record
             UNION ALL SELECT max(entry_on) FROM fund_entry UNION ALL SELECT max(donated_on) FROM blood_result)"""
    )[0]["day"]
    return dt.date.fromisoformat(day) if day else None
