"""Trainings with those who came, and their certificates; each written as one operation."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from db.errors import Refused
from db.queries.conditions import present
from db.records.entities import ATTENDANCE, TRAINING
from db.records.fields import Row
from db.storage.store import Store
from db.tasks import numbering
from db.tasks.whole_row import whole_row

AWAY = ("absent", "leave")


def next_code(store: Store, year: int) -> str:
    """Return a training number that is not used yet."""
    return numbering.next_code(store, TRAINING, "PX", year)


def teams_with_members(store: Store, day: dt.date) -> list[dict[str, Any]]:
    """Return the teams that have members on a day: id, name, and the members' ids and names."""
    rows = store.query(
        f"""SELECT t.id AS team, t.name AS team_name, v.id, v.name FROM effective_membership AS m
             JOIN team AS t ON t.id = m.team_id JOIN volunteer AS v ON v.id = m.volunteer_id
            WHERE {present()}
            GROUP BY t.id, v.id ORDER BY t.id, v.id""",
        {"as_of": day.isoformat()},
    )
    found: dict[int, dict[str, Any]] = {}
    for r in rows:
        team = found.setdefault(int(r["team"]), {"id": int(r["team"]), "name": str(r["team_name"]), "members": {}})
        team["members"][int(r["id"])] = str(r["name"])
    return list(found.values())


def attendees(store: Store, training: int) -> list[dict[str, Any]]:
    """Return who is down for a training: attendance id, person, name, team, result, certificate."""
    return store.query(
        """SELECT a.id, a.volunteer_id, v.name, a.team_id, t.name AS team_name, a.result, a.certificate,
                  a.certificate_number, a.valid_until
             FROM attendance AS a JOIN volunteer AS v ON v.id = a.volunteer_id LEFT JOIN team AS t ON t.id = a.team_id
            WHERE a.training_id = ? ORDER BY a.team_id, a.id""",
        [training],
    )


def save_training(store: Store, training: Row, present: Mapping[int, int | None], today: dt.date) -> int:
    """Write a training and who was there (person → team); return its id. Inside an operation only.

    Who was there before and is not named now is taken off the list; a person marked absent stays as he is. Raises
    `Refused` where someone taken off holds a certificate of this training.
    """
    row = whole_row(store, TRAINING, training, today)
    number = store.save(TRAINING, row)
    known = {int(a["volunteer_id"]): a for a in attendees(store, number)}
    gone = [a for person, a in known.items() if person not in present and a["result"] not in AWAY]
    if held := [str(a["name"]) for a in gone if a["certificate"] is not None]:
        raise Refused(f"{'、'.join(held[:5])}已经发了这次培训的证书，不能取消到场。没有保存；请先清除证书")
    store.delete(ATTENDANCE, [int(a["id"]) for a in gone])
    for person, team in present.items():
        if person in known:
            if known[person]["result"] in AWAY:
                store.save(ATTENDANCE, {"id": known[person]["id"], "result": None})
            continue
        values: Row = dict.fromkeys(ATTENDANCE.by_name)
        store.save(ATTENDANCE, values | {"training_id": number, "volunteer_id": person, "team_id": team})
    return number


def series(first: str, count: int) -> list[str]:
    """Return certificate numbers from the first on, counting its last digits up; raise `Refused` where it has none."""
    found = re.fullmatch(r"(.*?)(\d+)(\D*)", first.strip())
    if found is None:
        raise Refused("证书编号里没有数字，不能依次编号。没有保存；请写成 AL2026-0001 这样")
    digits = found[2]
    return [f"{found[1]}{int(digits) + i:0{len(digits)}d}{found[3]}" for i in range(count)]


def last_certificate(store: Store, training: int) -> dict[str, Any]:
    """Return what the certificates issued last were called, and the highest number of that name."""
    rows = store.query(
        """SELECT certificate, certificate_number FROM attendance WHERE certificate IS NOT NULL
            ORDER BY training_id = ? DESC, certified_on DESC, id DESC LIMIT 1""",
        [training],
    )
    return rows[0] if rows else {"certificate": None, "certificate_number": None}


def certify(store: Store, ids: Sequence[int], name: str, first_number: str, on: str, until: str | None) -> None:
    """Give certificates to attendances in the order named: result passed, name, number, days. In an operation only.

    Raises `Refused` where a number is used already, or the end comes before the day of issue.
    """
    if until is not None and until < on:
        raise Refused("“有效期至”早于“发证日期”。没有保存，请核对这两个日期")
    numbers = series(first_number, len(ids)) if first_number.strip() else [None] * len(ids)
    for row_id, number in zip(ids, numbers, strict=True):
        if number is not None and store.query(
            "SELECT 1 FROM attendance WHERE certificate = ? AND certificate_number = ? AND id <> ?",
            [name, number, row_id],
        ):
            raise Refused(f"证书编号 {number} 已经发过了。没有保存；请换一个起始编号")
        store.save(ATTENDANCE, {
            "id": row_id, "result": "passed", "certificate": name, "certificate_number": number, "certified_on": on,
            "valid_until": until,
        })  # fmt: skip
