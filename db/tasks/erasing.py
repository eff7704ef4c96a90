"""删除个人信息: who a person was goes, that somebody was there stays (个人信息保护法 articles 19 and 47).

Deleting the row would change every figure that was reported. So the volunteer becomes nobody: name, numbers, telephone,
guardian, notes and the day of birth are gone, from the rows and from the log; days, teams and hours stay. It cannot be undone.
Editions and certificates as they were issued, papers, and backups made before keep what they held: that is said beforehand.
"""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from db.errors import Refused
from db.records.entities import VOLUNTEER
from db.records.identity import GONE, PENDING
from db.records.internal_entities import NICKNAME
from db.storage.seal import ERASING
from db.storage.store import Store
from db.tasks.duplicates import links_to

_BLANK = ("id_number", "phone", "guardian", "guardian_phone", "verified_on", "note")


@dataclass(frozen=True)
class Left:
    """What still names somebody elsewhere, told in words before anything is erased."""

    name: str
    ready: str  # '' where it may be erased, else why not
    places: Sequence[str]  # texts of other records that hold the name
    kept: Sequence[str]  # what keeps the name for ever


def look(store: Store, person: int, today: dt.date) -> Left:
    """Return what erasing a volunteer would leave; raises `Refused` where there is no such volunteer."""
    row = store.row(VOLUNTEER, person)
    if row is None:
        raise Refused("这名志愿者已不在台账里。没有改动；请刷新后再试")
    name, left = str(row["name"]), row["left_on"]
    ready = "" if left is not None and str(left) <= today.isoformat() else "还没有退出"
    if name == GONE:
        ready = "已经删除过"
    kept = []
    for words, sql in (
        ("服务证明", "SELECT count(*) AS n FROM service_certificate WHERE volunteer_id = :person"),
        ("已报送的报告（不含队员名单）", "SELECT count(*) AS n FROM edition"),
    ):
        (found,) = store.query(sql, {"person": person})
        if found["n"]:
            kept.append(f"{words} {found['n']:,} 份")
    return Left(name, ready, _places(store, name), kept)


def _places(store: Store, name: str) -> list[str]:
    """Return where texts of teams, posts and trainings hold the name: whose it is there, only a person can say."""
    found = []
    for words, sql in (
        ("队伍的队长", "SELECT count(*) AS n FROM team WHERE team_leader = :name"),
        ("责任分工", "SELECT count(*) AS n FROM responsibility WHERE instr(holder, :name)"),
        ("培训的师资", "SELECT count(*) AS n FROM training WHERE instr(ifnull(instructors, ''), :name)"),
        (
            "收支的对方或摘要",
            "SELECT count(*) AS n FROM fund_entry WHERE instr(ifnull(counterpart, '') || ifnull(summary, ''), :name)",
        ),
    ):
        (row,) = store.query(sql, {"name": name})
        if row["n"]:
            found.append(f"{words} {row['n']:,} 处")
    return found


def erase(store: Store, people: Sequence[int], today: dt.date, reason: str) -> int:
    """Erase who these volunteers are, as one operation that is logged and not undone; return how many.

    Raises `Refused` where somebody has not left yet, is gone already, or no reason is given; then nothing is erased.
    """
    if not reason.strip():
        raise Refused("请写明为什么删除（例如：保存期满、本人要求）。没有删除任何内容")
    names = []
    for person in people:
        found = look(store, person, today)
        if found.ready:
            raise Refused(f"{found.name}{found.ready}，没有删除任何内容。还在册的人，请先办理退出")
        names.append(found.name)
    with store.operation(ERASING, "event", detail=f"{len(people)} 人，原因：{reason.strip()}") as operation:
        assert operation.id is not None
        for person, name in zip(people, names, strict=True):
            _forget(store, person, name, operation.id)
    return len(people)


def blanked(row: dict[str, Any]) -> dict[str, Any]:
    """Return a volunteer's row, as it stands or as the log kept it, without what tells who it is.

    Sex, days and 来源身份 stay, and of the birth the month; whoever was on the platform stays one who was.
    """
    made = row | {name: None for name in _BLANK if name in row}
    for name, value in (("name", GONE), ("id_type", PENDING)):
        if name in made:
            made[name] = value
    if made.get("birth_date"):
        made["birth_date"] = f"{str(made['birth_date'])[:7]}-01"
    if made.get("platform_id"):
        made["platform_id"] = GONE
    return made


def _forget(store: Store, person: int, name: str, erasing: int) -> None:
    row = store.query("SELECT * FROM volunteer WHERE id = ?", [person])[0]
    gone = blanked(row)
    store.save(VOLUNTEER, {f.name: gone[f.name] for f in VOLUNTEER.fields} | {"id": person})
    concerned = [("volunteer", "c.row_id = :person")]
    concerned += [("volunteer", f"c.row_id = {twin}") for twin in _twins(store, person, name)]
    for entity, link in links_to(VOLUNTEER):
        if entity is NICKNAME:
            store.delete(NICKNAME, [int(r["id"]) for r in store.query(
                f"SELECT id FROM nickname WHERE {link} = ?", [person])])  # fmt: skip
        elif "note" in entity.by_name:
            for noted in store.query(f"SELECT id FROM {entity.name} WHERE {link} = ? AND note IS NOT NULL", [person]):
                store.save(entity, {"id": noted["id"], "note": None})
        concerned.append((entity.name, f":person IN (c.before ->> '$.{link}', c.after ->> '$.{link}')"))
    for record, condition in concerned:
        changes = store.query(
            f"SELECT c.id, c.operation_id, c.before, c.after FROM change AS c WHERE c.record = '{record}' AND {condition}",
            {"person": person},
        )
        for change in changes:
            _blank_change(store, record, change, erasing)
        if changes:
            numbers = [
                {"id": n, "name": name, "gone": GONE, "erasing": erasing} for n in {c["operation_id"] for c in changes}
            ]
            store.db.conn.executemany(
                """UPDATE operation SET title = replace(title, :name, :gone), detail = replace(detail, :name, :gone),
                          erased_by = :erasing
                    WHERE id = :id AND id <> :erasing AND (instr(title, :name) OR instr(detail, :name))""",
                numbers,
            )


def _twins(store: Store, person: int, name: str) -> list[int]:
    """Return the rows, gone since, that were this person too: merged into this one, or deleted with the same number.

    A row of the name that went in an operation which changed this person, or that bore one of the person's numbers.
    """
    rows = store.query(
        """WITH mine AS (SELECT operation_id, before, after FROM change WHERE record = 'volunteer' AND row_id = :person),
                numbers AS (SELECT before ->> '$.id_number' AS n FROM mine UNION SELECT after ->> '$.id_number' FROM mine)
           SELECT DISTINCT c.row_id FROM change AS c
            WHERE c.record = 'volunteer' AND c.row_id NOT IN (SELECT id FROM volunteer)
              AND (coalesce(c.after, c.before) ->> '$.id_number' IN (SELECT n FROM numbers WHERE n IS NOT NULL)
                   OR (c.after IS NULL AND c.before ->> '$.name' = :name
                       AND c.operation_id IN (SELECT operation_id FROM mine)))""",
        {"person": person, "name": name},
    )
    return [int(row["row_id"]) for row in rows]


def _blank_change(store: Store, record: str, change: dict[str, Any], erasing: int) -> None:
    """Take the person out of one entry of the log; of the certificates' register the issued text stays, as on paper."""
    sides = {}
    for side in ("before", "after"):
        content = json.loads(change[side]) if change[side] else None
        if content is not None and record == "volunteer":
            content = blanked(content)
        elif content is not None and record == "nickname":
            content = content | {"word": GONE}
        elif content is not None and "note" in content:
            content = content | {"note": None}
        sides[side] = json.dumps(content, ensure_ascii=False, separators=(",", ":")) if content is not None else None
    if (sides["before"], sides["after"]) == (change["before"], change["after"]):
        return
    # Its own entries are sealed as they stand at its end; those of others keep the hash of what they were.
    other = erasing if change["operation_id"] != erasing else None
    store.db.execute(
        "UPDATE change SET before = ?, after = ?, erased_by = ? WHERE id = ?",
        [sides["before"], sides["after"], other, change["id"]],
    )
