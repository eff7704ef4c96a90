"""Rules that a single row cannot know of: earmarked money is never overspent, a person's day has 24 hours, who leaves
is in no team any more.

Typed, pasted and deleted rows are judged alike: as the ledger stands after the change, against how it stood before it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from db.errors import Refused
from db.records.amounts import Hours
from db.records.entities import FUND_ENTRY, SERVICE_RECORD, VOLUNTEER
from db.records.fields import Entity
from db.storage.store import Store
from db.tasks import leaving, money
from db.tasks.daily_hours import DAY_DOUBT, DAY_LIMIT


@contextmanager
def guarded(store: Store, entity: Entity) -> Iterator[None]:
    """Run a change of a record's rows inside an operation; raise `Refused` where it breaks a rule across rows."""
    if entity is FUND_ENTRY:
        gaps = money.earmark_gaps(store)
        yield
        money.refuse_overdrawn(store, gaps)
    elif entity is SERVICE_RECORD:
        long_days = days_over(store, DAY_LIMIT)
        yield
        for key, minutes in days_over(store, DAY_LIMIT).items():
            if minutes > long_days.get(key, 0):
                raise Refused(
                    f"这个人 {key[1]} 的服务时长合计 {Hours().show(minutes)} 小时，超过一天的 24 小时。没有保存，请核对日期和时长"
                )
    elif entity is VOLUNTEER:
        with leaving.ending_memberships(store):
            yield
    else:
        yield


def days_over(store: Store, minutes: int) -> dict[tuple[int, str], int]:
    """Return every day on which a person served longer: (person, day) → minutes."""
    rows = store.query(
        """SELECT volunteer_id, served_on, sum(service_minutes) AS total FROM service_record
            GROUP BY volunteer_id, served_on HAVING total > ?""",
        [minutes],
    )
    return {(int(r["volunteer_id"]), str(r["served_on"])): int(r["total"]) for r in rows}


def doubt_of(store: Store, row_id: int) -> str:
    """Return what is doubtful about the day of a service record that was just written, or nothing."""
    rows = store.query(
        """SELECT v.name, o.served_on, sum(o.service_minutes) AS total
             FROM service_record AS r JOIN volunteer AS v ON v.id = r.volunteer_id
             JOIN service_record AS o ON o.volunteer_id = r.volunteer_id AND o.served_on = r.served_on
            WHERE r.id = ? GROUP BY r.id""",
        [row_id],
    )
    if not rows or rows[0]["total"] <= DAY_DOUBT:
        return ""
    r = rows[0]
    return f"{r['name']} {r['served_on']} 的服务时长合计 {Hours().show(r['total'])} 小时，超过 12 小时，请核对"
