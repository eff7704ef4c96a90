"""People into teams: one operation makes the volunteer, or finds the known one, and the membership."""

import datetime as dt
from typing import Any

from db.errors import Refused
from db.records.entities import MEMBERSHIP, VOLUNTEER
from db.records.fields import Row
from db.storage.store import Store

_PRESENT = "m.joined_on <= :day AND (m.left_on IS NULL OR m.left_on > :day)"


def known_person(store: Store, id_type: str, number: str, day: dt.date) -> dict[str, Any] | None:
    """Return who has this document number: ``id``, ``name``, ``phone``, and the ``teams`` of that day by id."""
    found = store.query("SELECT id, name, phone FROM volunteer WHERE id_type = ? AND id_number = ?", [id_type, number])
    if not found:
        return None
    teams = store.query(
        f"""SELECT t.id, t.name FROM membership AS m JOIN team AS t ON t.id = m.team_id
             WHERE m.volunteer_id = :person AND {_PRESENT} ORDER BY t.id""",
        {"person": found[0]["id"], "day": day.isoformat()},
    )
    return found[0] | {"teams": {int(t["id"]): str(t["name"]) for t in teams}}


def enrol(store: Store, team: int, person: Row, role: str | None, joined_on: str, today: dt.date) -> int:
    """Make a member of a team, and the volunteer where the number is new; return the membership's id.

    `person` holds name, id_type, id_number and phone. A known person keeps what is known; a blank phone is filled.
    Raises `Refused`. Inside an operation only.
    """
    known = known_person(store, str(person["id_type"]), str(person["id_number"]), today)
    if known is None:
        row: Row = dict.fromkeys(VOLUNTEER.by_name) | dict(person) | {"registered_on": joined_on}
        wrong = [p.reason for p in VOLUNTEER.judge(row, today) if p.severity == "error"]
        if wrong:
            raise Refused("；".join(wrong))
        volunteer = store.save(VOLUNTEER, row)
    else:
        if known["name"] != person["name"]:
            raise Refused("这个证件号码已登记为另一个姓名。没有保存；请核对姓名和号码是哪一个错了")
        if team in known["teams"]:
            raise Refused(f"{known['name']}已经是本队队员。没有保存，不用再加一次")
        volunteer = int(known["id"])
        if known["phone"] is None and person.get("phone"):
            store.save(VOLUNTEER, {"id": volunteer, "phone": person["phone"]})
    member: Row = dict.fromkeys(MEMBERSHIP.by_name)
    member |= {"team_id": team, "volunteer_id": volunteer, "role": role, "joined_on": joined_on}
    return store.save(MEMBERSHIP, member)


def present_numbers(store: Store, team: int, day: dt.date) -> set[str]:
    """Return the document numbers of a team's members of the day."""
    rows = store.query(
        f"""SELECT v.id_number FROM membership AS m JOIN volunteer AS v ON v.id = m.volunteer_id
             WHERE m.team_id = :team AND {_PRESENT}""",
        {"team": team, "day": day.isoformat()},
    )
    return {str(r["id_number"]) for r in rows}


def take_out(store: Store, ids: list[int], on: dt.date) -> None:
    """End memberships on a day; one that began on it or later never was and is deleted. Inside an operation only."""
    for row_id in ids:
        row = store.row(MEMBERSHIP, row_id)
        if row is None:
            continue
        if str(row["joined_on"]) >= on.isoformat():
            store.delete(MEMBERSHIP, [row_id])
        else:
            store.save(MEMBERSHIP, {"id": row_id, "left_on": on.isoformat()})
