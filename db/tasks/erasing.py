"""删除个人信息: who a person was goes, that somebody was there stays (个人信息保护法 articles 19 and 47).

Deleting the row would change every figure that was reported. So the volunteer becomes nobody: name, numbers, telephone,
guardian, notes and the day of birth are gone, from the rows and from the log; days, teams and hours stay. It cannot be undone.
Certificates that stand in the register, editions, papers, and backups made before keep what they held: that is said
beforehand. A certificate that was taken back stands in no register: the log loses it too.
"""

import datetime as dt
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from db.errors import Refused
from db.records.entities import ENTITIES, VOLUNTEER
from db.records.fields import Entity
from db.records.identity import GONE, PENDING
from db.records.internal_entities import NICKNAME
from db.records.kinds import Kept, Text
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
    name, ready = _ready(store, person, today)
    kept = []
    for words, sql in (
        ("服务证明", "SELECT count(*) AS n FROM service_certificate WHERE volunteer_id = :person"),
        (
            "培训证书的编号",
            "SELECT count(*) AS n FROM attendance WHERE volunteer_id = :person AND certificate_number IS NOT NULL",
        ),
        ("已报送的报告（不含队员名单）", "SELECT count(*) AS n FROM edition"),
    ):
        (found,) = store.query(sql, {"person": person})
        if found["n"]:
            kept.append(f"{words} {found['n']:,} {'个' if words.endswith('编号') else '份'}")
    names = [] if name == GONE else _Words.of(store, [person]).names
    return Left(name, ready, _places(store, person, names), kept)


def _ready(store: Store, person: int, today: dt.date) -> tuple[str, str]:
    """Return the name of a volunteer, and why they cannot be erased (nothing where they can)."""
    row = store.row(VOLUNTEER, person)
    if row is None:
        raise Refused("这名志愿者已不在台账里。没有改动；请刷新后再试")
    name, left = str(row["name"]), row["left_on"]
    if name == GONE:
        return name, "已经删除过"
    return name, "" if left is not None and str(left) <= today.isoformat() else "还没有退出"


@dataclass(frozen=True)
class _Words:
    """What a person was called and which numbers were theirs, now and before; the longest first."""

    names: Sequence[str]
    numbers: Sequence[str]

    @classmethod
    def of(cls, store: Store, people: Sequence[int]) -> "_Words":
        """Return the words that any entry of the log knows of these rows of one person."""
        sides = store.query(
            """SELECT before, after FROM change
                WHERE record = 'volunteer' AND row_id IN (SELECT value FROM json_each(?))""",
            [json.dumps(list(people))],
        )
        known = [json.loads(content) for row in sides for content in row.values() if content]
        names = {str(row["name"]) for row in known if row.get("name")} - {GONE}
        numbers = {str(row[f]) for row in known for f in ("id_number", "phone", "guardian_phone") if row.get(f)}
        return cls(*(sorted(words, key=len, reverse=True) for words in (names, numbers)))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        # A number in a text may be wide, or in groups; a name of one letter would be found in other words.
        wide = {ord(c): f"[{c}{c.lower()}{chr(ord(c) + 0xFEE0)}]" for c in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
        spelled = [
            r"[\s\-–—]*".join(c.translate(wide) if ord(c) in wide else re.escape(c) for c in n) for n in self.numbers
        ]
        return re.compile("|".join([*(re.escape(n) for n in self.names if len(n) > 1), *spelled]) or "(?!)")

    def out_of(self, text: str) -> str:
        """Return a text without them."""
        return self._pattern.sub(GONE, text)


def _texts(entity: Entity) -> list[str]:
    """Return the columns of a record that hold what somebody typed."""
    return [f.name for f in entity.fields if isinstance(f.kind, Text) and not isinstance(f.kind, Kept)]


def _places(store: Store, person: int, names: Sequence[str]) -> list[str]:
    """Return which records of others, or of nobody, hold one of the names: whose it is there, only a person can say."""
    found, links = [], dict(links_to(VOLUNTEER))
    for entity in ENTITIES:
        texts = [name for name in _texts(entity) if (entity, name) != (VOLUNTEER, "name")]
        if not texts:
            continue
        others = "id <> :person" if entity is VOLUNTEER else f"{links[entity]} <> :person" if entity in links else "1"
        asked = {f"name{n}": name for n, name in enumerate(names)}
        held = " OR ".join(f'instr("{text}", :{key})' for text in texts for key in asked)
        (row,) = store.query(
            f"""SELECT count(*) AS n FROM "{entity.name}" WHERE {others} AND ({held or "0"})""",
            {"person": person} | asked,
        )
        if row["n"]:
            found.append(f"“{entity.label}”里 {row['n']:,} 条")
    return found


def erase(store: Store, people: Sequence[int], today: dt.date, reason: str) -> int:
    """Erase who these volunteers are, as one operation that is logged and not undone; return how many.

    Raises `Refused` where somebody has not left yet, is gone already, or no reason is given; then nothing is erased.
    """
    if not reason.strip():
        raise Refused("请写明为什么删除（例如：保存期满、本人要求）。没有删除任何内容")
    for person in people:
        name, wrong = _ready(store, person, today)
        if wrong:
            raise Refused(f"{name}{wrong}，没有删除任何内容。还在册的人，请先办理退出")
    with store.operation(ERASING, "event", detail=f"{len(people)} 人，原因：{reason.strip()}") as operation:
        assert operation.id is not None
        for person in people:
            _forget(store, person, operation.id)
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


def _forget(store: Store, person: int, erasing: int) -> None:
    twins = _twins(store, person, _Words.of(store, [person]).names)
    words = _Words.of(store, [person, *twins])
    row = store.query("SELECT * FROM volunteer WHERE id = ?", [person])[0]
    gone = blanked(row)
    store.save(VOLUNTEER, {f.name: gone[f.name] for f in VOLUNTEER.fields} | {"id": person})
    people = json.dumps([person, *twins])
    concerned = {"volunteer": "c.row_id IN (SELECT value FROM json_each(:people))"}
    for entity, link in links_to(VOLUNTEER):
        if entity is NICKNAME:
            store.delete(NICKNAME, [int(r["id"]) for r in store.query(
                f"SELECT id FROM nickname WHERE {link} = ?", [person])])  # fmt: skip
        else:
            _forget_in_rows(store, entity, link, person, words)
        said = (f"c.{side} ->> '$.{link}' IN (SELECT value FROM json_each(:people))" for side in ("before", "after"))
        concerned[entity.name] = " OR ".join(c for c in (concerned.get(entity.name), *said) if c)
    for record, condition in concerned.items():
        changes = store.query(
            f"""SELECT c.id, c.operation_id, c.before, c.after FROM change AS c
                 WHERE c.record = '{record}' AND ({condition})""",
            {"people": people},
        )
        for change in changes:
            _blank_change(store, record, change, erasing, words)
        _forget_titles(store, {int(c["operation_id"]) for c in changes} - {erasing}, erasing, words)


def _forget_in_rows(store: Store, entity: Entity, link: str, person: int, words: _Words) -> None:
    """Take the person out of the texts of rows that are theirs."""
    texts = _texts(entity)
    if not texts:
        return
    names = list(dict.fromkeys((*(f.name for f in entity.fields), "id")))
    for row in store.query(f"SELECT {', '.join(names)} FROM {entity.name} WHERE {link} = ?", [person]):
        made = _emptied(entity.name, row, words)
        if made == row:
            continue
        while entity.key and store.query(  # two that differed in nothing but the name stay two
            f"SELECT 1 FROM {entity.name} WHERE id <> ? AND " + " AND ".join(f"{k} IS ?" for k in entity.key),
            [row["id"], *(made[k] for k in entity.key)],
        ):
            free = next(k for k in entity.key if k in texts)
            made[free] = f"{made[free]}·"
        store.save(entity, {k: made[k] for k in made if k == "id" or made[k] != row[k]})


def _forget_titles(store: Store, operations: set[int], erasing: int, words: _Words) -> None:
    for number in operations:
        (row,) = store.query("SELECT title, detail FROM operation WHERE id = ?", [number])
        title, detail = words.out_of(str(row["title"])), words.out_of(str(row["detail"]))
        if (title, detail) != (row["title"], row["detail"]):
            store.db.execute(
                "UPDATE operation SET title = ?, detail = ?, erased_by = ? WHERE id = ?",
                [title, detail, erasing, number],
            )


def _twins(store: Store, person: int, names: Sequence[str]) -> list[int]:
    """Return the rows, gone since, that were this person too: merged into this one, or deleted with the same number.

    A row of one of the names that went in an operation which changed this person, or that bore one of the numbers.
    """
    rows = store.query(
        """WITH mine AS (SELECT operation_id, before, after FROM change WHERE record = 'volunteer' AND row_id = :person),
                numbers AS (SELECT before ->> '$.id_number' AS n FROM mine UNION SELECT after ->> '$.id_number' FROM mine)
           SELECT DISTINCT c.row_id FROM change AS c
            WHERE c.record = 'volunteer' AND c.row_id NOT IN (SELECT id FROM volunteer)
              AND (coalesce(c.after, c.before) ->> '$.id_number' IN (SELECT n FROM numbers WHERE n IS NOT NULL)
                   OR (c.after IS NULL AND c.before ->> '$.name' IN (SELECT value FROM json_each(:names))
                       AND c.operation_id IN (SELECT operation_id FROM mine)))""",
        {"person": person, "names": json.dumps(list(names))},
    )
    return [int(row["row_id"]) for row in rows]


def _emptied(record: str, row: dict[str, Any], words: _Words) -> dict[str, Any]:
    """Return a row without the person, as it stands or as the log kept it; what a certificate says is not touched."""
    if record == "volunteer":
        return blanked(row)
    if record == "nickname":
        return row | {"word": GONE}
    kept = {"uid", "content"} if record == "service_certificate" else {"uid"}
    return {
        name: None if name == "note" else words.out_of(value) if isinstance(value, str) and name not in kept else value
        for name, value in row.items()
    }


def _blank_change(store: Store, record: str, change: dict[str, Any], erasing: int, words: _Words) -> None:
    """Take the person out of one entry of the log; a certificate that stands in the register keeps what it says."""
    sides = {}
    for side in ("before", "after"):
        content = json.loads(change[side]) if change[side] else None
        if content is not None:
            content = _emptied(record, content, words)
            if record == "service_certificate" and not store.query(
                "SELECT 1 FROM service_certificate WHERE uid = ?", [content.get("uid")]
            ):
                content |= {"content": "{}"}
        sides[side] = json.dumps(content, ensure_ascii=False, separators=(",", ":")) if content is not None else None
    if (sides["before"], sides["after"]) == (change["before"], change["after"]):
        return
    # Its own entries are sealed as they stand at its end; those of others keep the hash of what they were.
    other = erasing if change["operation_id"] != erasing else None
    store.db.execute(
        "UPDATE change SET before = ?, after = ?, erased_by = ? WHERE id = ?",
        [sides["before"], sides["after"], other, change["id"]],
    )
