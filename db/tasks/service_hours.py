"""Service hours of many people at one activity, written as one operation."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from db.errors import Refused
from db.queries.conditions import present
from db.records.entities import SERVICE_RECORD
from db.records.fields import Row
from db.records.internal_entities import NICKNAME
from db.storage.store import Store
from db.tasks.invariants import guarded


@dataclass(frozen=True)
class Served:
    """One person's time at an activity."""

    person: int
    team: int
    minutes: int
    content: str | None = None


def chain_facts(store: Store, day: dt.date) -> dict[str, Any]:
    """Return what a pasted chain is read against: ``activities`` (latest first), ``people`` with their teams, ``teams``,
    and the ``nicknames`` of each team (word → person).

    People are all volunteers that have not left, each with the ids of the teams of the day and the ``tail`` of the phone.
    """
    activities = store.query(
        """SELECT id, code, name, start_on, end_on, host_team_id, partner_team_ids FROM activity ORDER BY start_on DESC, id DESC LIMIT 300"""
    )
    people = store.query(
        f"""SELECT v.id, v.name, substr(v.phone, -4) AS tail, group_concat(m.team_id) AS teams FROM volunteer AS v
             LEFT JOIN effective_membership AS m ON m.volunteer_id = v.id AND {present()}
            WHERE v.left_on IS NULL OR v.left_on > :as_of GROUP BY v.id ORDER BY v.id""",
        {"as_of": day.isoformat()},
    )
    for p in people:
        p["teams"] = tuple(int(i) for i in str(p["teams"] or "").split(",") if i)
    teams = {int(t["id"]): str(t["name"]) for t in store.query("SELECT id, name FROM team ORDER BY id")}
    nicknames: dict[int, dict[str, int]] = {}
    for n in store.query("SELECT team_id, word, volunteer_id FROM nickname ORDER BY id"):
        nicknames.setdefault(int(n["team_id"]), {})[str(n["word"])] = int(n["volunteer_id"])
    return {"activities": activities, "people": people, "teams": teams, "nicknames": nicknames}


def day_facts(
    store: Store, activity: int | None, day: str, content: str | None = None
) -> tuple[set[int], dict[int, int]]:
    """Return who has hours at this activity on the day already, and every person's minutes of that day.

    Without an activity it is who has hours of the same `content`, if that is given.
    """
    known = store.query(
        """SELECT DISTINCT volunteer_id FROM service_record
            WHERE activity_id IS :activity AND served_on = :on_day AND (:activity IS NOT NULL OR content IS :content)""",
        {"activity": activity, "on_day": day, "content": content},
    )
    sums = store.query(
        "SELECT volunteer_id, sum(service_minutes) AS total FROM service_record WHERE served_on = ? GROUP BY volunteer_id",
        [day],
    )
    there = {int(r["volunteer_id"]) for r in known} if activity is not None or content else set()
    return there, {int(r["volunteer_id"]): int(r["total"]) for r in sums}


def write_service(store: Store, served: Sequence[Served], activity: int | None, day: str, today: dt.date) -> int:
    """Write one service record for each person; return how many. Inside an operation only; raises `Refused`."""
    with guarded(store, SERVICE_RECORD):
        for one in served:
            row: Row = dict.fromkeys(SERVICE_RECORD.by_name)
            row |= {
                "volunteer_id": one.person, "team_id": one.team, "activity_id": activity, "served_on": day,
                "service_minutes": one.minutes, "content": one.content,
            }  # fmt: skip
            wrong = [p.reason for p in SERVICE_RECORD.judge(row, today) if p.severity == "error"]
            if wrong:
                raise Refused("；".join(wrong))
            store.save(SERVICE_RECORD, row)
    return len(served)


def remember_nicknames(store: Store, team: int, chosen: Mapping[str, int]) -> None:
    """Keep whom a person chose for words that are no name (word → person). Inside an operation only."""
    known = {str(r["word"]): r for r in store.rows(NICKNAME) if r["team_id"] == team}
    for word, person in chosen.items():
        row = known.get(word, {"team_id": team, "word": word})
        if row.get("volunteer_id") != person:
            store.save(NICKNAME, row | {"volunteer_id": person})
