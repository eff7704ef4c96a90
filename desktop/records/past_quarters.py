"""Which quarter that is over a change touches: said with the change, since its figures may have been handed up."""

import datetime as dt
from collections.abc import Iterable

from db.quarters import Quarter
from db.records.fields import Entity, Row


def touched_words(entity: Entity, rows: Iterable[Row], today: dt.date) -> str:
    """Return the quarters before this one that rows belong to by their day, in brackets; nothing for the present one."""
    if not entity.day:
        return ""
    now = Quarter.of(today)
    days = {str(day) for row in rows if (day := row.get(entity.day)) is not None and str(day) < now.start.isoformat()}
    quarters = sorted({(q := Quarter.of(dt.date.fromisoformat(day))).start: q.label for day in days}.items())
    if not quarters:
        return ""
    more = f"等 {len(quarters)} 个季度" if len(quarters) > 1 else ""
    return f"（计入{quarters[-1][1]}{more}）"
