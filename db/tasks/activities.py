"""Activities with those who served in them on a day; written as one operation."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from db.errors import Refused
from db.records.entities import ACTIVITY, SERVICE_RECORD
from db.records.fields import Row
from db.storage.store import Store
from db.tasks import numbering
from db.tasks.invariants import guarded
from db.tasks.service_hours import Served, write_service
from db.tasks.whole_row import whole_row


def next_code(store: Store, year: int) -> str:
    """Return an activity number that is not used yet."""
    return numbering.next_code(store, ACTIVITY, "HD", year)


def served_on(store: Store, activity: int, day: str) -> list[dict[str, Any]]:
    """Return who has hours at an activity on a day: volunteer_id, name, team_id, team_name, minutes, and how many records."""
    return store.query(
        """SELECT s.volunteer_id, v.name, min(s.team_id) AS team_id, t.name AS team_name,
                  sum(s.service_minutes) AS minutes, count(*) AS records
             FROM service_record AS s JOIN volunteer AS v ON v.id = s.volunteer_id JOIN team AS t ON t.id = s.team_id
            WHERE s.activity_id = ? AND s.served_on = ? GROUP BY s.volunteer_id ORDER BY min(s.team_id), min(s.id)""",
        [activity, day],
    )


def save_activity(
    store: Store, activity: Row, day: str, served: Mapping[int, tuple[int, int]], today: dt.date
) -> tuple[int, int]:
    """Write an activity and everybody's time at it on a day (person → team, minutes); return its id and how many served.

    Whoever had hours at it that day and is not named now loses them; other days stay. Inside an operation only. Raises
    `Refused` where a time is wrong, a day too long, or one person's hours stand in several records that day.
    """
    row = whole_row(store, ACTIVITY, activity, today)
    number = store.save(ACTIVITY, row)
    known = {int(r["volunteer_id"]): r for r in served_on(store, number, day)}
    new = [Served(p, team, minutes) for p, (team, minutes) in served.items() if p not in known]
    with guarded(store, SERVICE_RECORD):
        for person, there in known.items():
            ids = _records(store, number, day, person)
            if person not in served:
                store.delete(SERVICE_RECORD, ids)
            elif served[person][1] != there["minutes"]:
                if len(ids) > 1:
                    raise Refused(f"{there['name']}这一天有 {len(ids)} 条时长，没有保存；请到“服务记录”里逐条修改")
                store.save(SERVICE_RECORD, {"id": ids[0], "service_minutes": served[person][1]})
    write_service(store, new, number, day, today)
    return number, len(served)


def _records(store: Store, activity: int, day: str, person: int) -> list[int]:
    rows = store.query(
        "SELECT id FROM service_record WHERE activity_id = ? AND served_on = ? AND volunteer_id = ? ORDER BY id",
        [activity, day, person],
    )
    return [int(r["id"]) for r in rows]
