"""People into teams: one operation makes the volunteer, or finds the known one, and the membership."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from db.errors import Refused
from db.queries.conditions import present
from db.records.entities import MEMBERSHIP, VOLUNTEER
from db.records.fields import Row
from db.records.kinds import clean
from db.storage.store import Store


def known_person(store: Store, id_type: str, number: str, day: dt.date) -> dict[str, Any] | None:
    """Return who has this document number: ``id``, ``name``, ``phone``, and the ``teams`` of that day by id."""
    found = store.query("SELECT id, name, phone FROM volunteer WHERE id_type = ? AND id_number = ?", [id_type, number])
    if not found:
        return None
    teams = store.query(
        f"""SELECT t.id, t.name FROM effective_membership AS m JOIN team AS t ON t.id = m.team_id
             WHERE m.volunteer_id = :person AND {present()} ORDER BY t.id""",
        {"person": found[0]["id"], "as_of": day.isoformat()},
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
        volunteer = int(known["id"])
        if known["phone"] is None and person.get("phone"):
            store.save(VOLUNTEER, {"id": volunteer, "phone": person["phone"]})
        return join(store, team, volunteer, role, joined_on, today)
    member: Row = dict.fromkeys(MEMBERSHIP.by_name)
    member |= {"team_id": team, "volunteer_id": volunteer, "role": role, "joined_on": joined_on}
    return store.save(MEMBERSHIP, member)


def present_numbers(store: Store, team: int, day: dt.date) -> set[str]:
    """Return the document numbers of a team's members of the day."""
    rows = store.query(
        f"""SELECT v.id_number FROM effective_membership AS m JOIN volunteer AS v ON v.id = m.volunteer_id
             WHERE m.team_id = :team AND {present()}""",
        {"team": team, "as_of": day.isoformat()},
    )
    return {str(r["id_number"]) for r in rows}


def join(store: Store, team: int, person: int, role: str | None, joined_on: str, today: dt.date) -> int:
    """Make a volunteer who is in the ledger a member of a team; return the membership's id. Inside an operation only.

    Raises `Refused` for a member of the team, or somebody who left.
    """
    row = store.row(VOLUNTEER, person)
    if row is None:
        raise Refused("这名志愿者已不在台账里。没有保存；请刷新后再试")
    if row["left_on"] is not None and str(row["left_on"]) <= joined_on:
        raise Refused(
            f"{row['name']}已于 {row['left_on']} 退出。没有加入；又回来了的，请先在志愿者的表单里清空“退出日期”"
        )
    there = store.query(
        f"""SELECT 1 FROM effective_membership AS m
             WHERE m.team_id = :team AND m.volunteer_id = :person AND {present()}""",
        {"team": team, "person": person, "as_of": max(today.isoformat(), joined_on)},
    )
    if there:
        raise Refused(f"{row['name']}已经是本队队员。没有保存，不用再加一次")
    member: Row = dict.fromkeys(MEMBERSHIP.by_name)
    return store.save(
        MEMBERSHIP, member | {"team_id": team, "volunteer_id": person, "role": role, "joined_on": joined_on}
    )


def counted_before(store: Store, ids: Sequence[int], day: dt.date) -> int:
    """Return how many of these memberships were effective on some day before `day`."""
    marks = ", ".join("?" * len(ids))
    found = store.query(
        f"SELECT count(*) AS n FROM effective_membership WHERE joined_on < ? AND id IN ({marks})",
        [day.isoformat(), *ids],
    )
    return int(found[0]["n"])


def find_people(store: Store, digits: str, most: int = 8) -> list[int]:
    """Return the volunteers in whose document number or phone these characters stand, the latest registered first."""
    rows = store.query(
        """SELECT id FROM volunteer WHERE instr(ifnull(id_number, ''), ?1) OR instr(ifnull(phone, ''), ?1)
            ORDER BY left_on IS NOT NULL, id DESC LIMIT ?2""",
        [clean(digits).upper(), most],
    )
    return [int(r["id"]) for r in rows]


def people_shown(store: Store, ids: Sequence[int], day: dt.date) -> list[dict[str, Any]]:
    """Return volunteers in the order of their ids given: id, name, id_number, phone, left_on, ``teams`` (names) on a day."""
    marks = ", ".join("?" * len(ids))
    rows = store.query(
        f"""SELECT v.id, v.name, v.id_number, v.phone, v.left_on,
                   (SELECT group_concat(t.name, '、') FROM effective_membership AS m JOIN team AS t ON t.id = m.team_id
                     WHERE m.volunteer_id = v.id AND m.joined_on <= ? AND m.ended_on > ?) AS teams
              FROM volunteer AS v WHERE v.id IN ({marks})""",
        [day.isoformat(), day.isoformat(), *ids],
    )
    found = {int(r["id"]): r for r in rows}
    return [found[i] for i in ids if i in found]


def take_out(store: Store, ids: list[int], on: dt.date, to: int | None = None, today: dt.date | None = None) -> None:
    """End memberships on a day, and begin others in the team `to` on that day where one is named.

    One that began on the day or later never was and is deleted; one that ended by then is left as it is. Inside an
    operation only. Raises `Refused` where somebody is a member of the other team.
    """
    for row_id in ids:
        row = store.row(MEMBERSHIP, row_id)
        if row is None or (row["left_on"] is not None and str(row["left_on"]) <= on.isoformat()):
            continue
        if to is not None:
            role = None if row["role"] in ("team_leader", "deputy_leader") else row["role"]
            join(store, to, int(row["volunteer_id"] or 0), str(role) if role else None, on.isoformat(), today or on)
        if str(row["joined_on"]) >= on.isoformat():
            store.delete(MEMBERSHIP, [row_id])
        else:
            store.save(MEMBERSHIP, {"id": row_id, "left_on": on.isoformat()})
