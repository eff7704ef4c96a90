"""Whether this computer's clock can be right, by what the ledger knows; a doubt is said and blocks nothing."""

import datetime as dt

from db.queries.figures import ledger_begins
from db.queries.ledger_days import last_change, last_event
from db.storage.store import Store

_SLACK = dt.timedelta(minutes=10)  # clocks are set, and another computer's may be a little ahead
_FAR = dt.timedelta(days=31)
_DO = "没有改动任何内容；请核对电脑的日期和时间，不对的话改正后重新打开，否则当前季度、到期提醒和文件日期都会不对"


def clock_doubt(store: Store, now: dt.datetime) -> str | None:
    """Return what makes the clock doubtful at `now` (local time), or None.

    It is behind the last change of the ledger, or far before the ledger begins or the last thing on record happened.
    """
    changed = last_change(store)
    if changed is not None and now.astimezone() + _SLACK < changed:
        last = changed.astimezone()
        return f"电脑的时钟是 {now:%Y-%m-%d %H:%M}，早于台账最后一次改动（{last:%Y-%m-%d %H:%M}）。{_DO}"
    begins, event = ledger_begins(store), last_event(store)
    if event is not None and now.date() + _FAR < event:
        return f"电脑的日期是 {now:%Y-%m-%d}，而台账里已有 {event.isoformat()} 的记录。{_DO}"
    if begins is not None and now.date() + _FAR < begins:
        return f"电脑的日期是 {now:%Y-%m-%d}，早于台账的起点（{begins.isoformat()}）。{_DO}"
    return None
