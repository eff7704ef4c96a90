"""The log proves itself: every operation is sealed over its content and over the seal before it, of the same origin.

    leaves = keyed hash of the operation's own fields, then one of each of its changes, 16 bytes each, in order
    seal   = HMAC-SHA256(key, seal of the origin's operation before, or nothing + uid + leaves)

The key comes from the root secret. The content of a change can be erased later: its leaf stays, so the chain holds.
The last seal lies outside the ledger too (`db.storage.mark`); without that nobody would notice a log cut at its end.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from sqlite_utils import Database

from db.records.entities import ENTITIES

_LEAF = 16  # bytes
# What a leaf is taken over: one text of each entry, made by the database, in which no two contents read alike.
OPERATION = "CAST(json_array(uid, origin, kind, target_id, title, detail, actor, at) AS BLOB)"
ERASING = "删除个人信息"  # the one operation by which the log may lose content
_BY_ERASING = f"erased_by IN (SELECT id FROM operation WHERE kind = 'event' AND title = '{ERASING}')"
_CHANGE = "CAST(json_array(record, row_id, before, after) AS BLOB)"


def seal(db: Database, key: bytes, operation_id: int) -> bytes:
    """Seal an operation, the last of its origin, inside its own transaction; return the seal."""
    uid, origin, operation = db.execute(
        f"SELECT uid, origin, {OPERATION} FROM operation WHERE id = ?", [operation_id]
    ).fetchone()
    changes = [change for _, change in changes_of(db, operation_id)]
    return seal_with(db, key, operation_id, uid, operation, changes, last_seal(db, origin, operation_id))


def seal_with(
    db: Database, key: bytes, operation_id: int, uid: str, operation: bytes, changes: Sequence[bytes], before: bytes
) -> bytes:
    """As `seal`, where the operation's entry, its changes and the seal before it are at hand already."""
    keyed = _keyed(key)
    leaves = _leaf(keyed, operation) + b"".join([_leaf(keyed, change) for change in changes])
    made = _link(key, before, uid, leaves)
    db.execute("UPDATE operation SET leaves = ?, seal = ? WHERE id = ?", [leaves, made, operation_id])
    return made


def changes_of(db: Database, operation_id: int) -> list[tuple[str, bytes]]:
    """Return the changes of an operation in order: (record, what its leaf is taken over)."""
    return db.execute(
        f"SELECT record, {_CHANGE} FROM change WHERE operation_id = ? ORDER BY id", [operation_id]
    ).fetchall()


def last_seal(db: Database, origin: str, before: int) -> bytes:
    """Return the last seal of an origin before an operation; nothing where there is none."""
    row = db.execute(
        "SELECT seal FROM operation WHERE origin = ? AND id < ? ORDER BY id DESC LIMIT 1", [origin, before]
    ).fetchone()
    return bytes(row[0]) if row and row[0] else b""


def seal_all(db: Database, key: bytes) -> None:
    """Seal a log from before there were seals, as it stands."""
    for (operation_id,) in db.execute("SELECT id FROM operation ORDER BY id").fetchall():
        seal(db, key, operation_id)


def broken(db: Database, key: bytes) -> list[str]:
    """Return what is wrong with the log, in words, the first broken link of each origin by its number."""
    found, last, stopped = [], dict[str, bytes](), set[str]()
    keyed = _keyed(key)
    changes = _changes(db, keyed)
    waiting: tuple[int, list[tuple[bytes, bool]]] | None = next(changes, None)
    rows = db.execute(
        f"SELECT id, leaves, seal, uid, origin, {OPERATION}, {_BY_ERASING} AND erased_by > id FROM operation ORDER BY id"
    ).fetchall()
    for number, leaves, sealed, uid, origin, operation, untitled in rows:
        there: list[tuple[bytes, bool]] = []
        while waiting is not None and waiting[0] <= number:
            if waiting[0] == number:
                there = waiting[1]
            waiting = next(changes, None)
        if origin in stopped:
            continue
        kept = [leaves[i : i + _LEAF] for i in range(0, len(leaves or b""), _LEAF)]
        wanted = [(_leaf(keyed, operation), bool(untitled)), *there]
        if len(kept) != len(wanted) or any(
            leaf != old and not erased for old, (leaf, erased) in zip(kept, wanted, strict=True)
        ):
            found.append(f"第 {number} 号操作的内容与写下时不同")
        elif sealed is None or not hmac.compare_digest(sealed, _link(key, last.get(origin, b""), uid, leaves)):
            found.append(f"第 {number} 号操作之前有操作被删去、插入或调换")
        else:
            last[origin] = sealed
            continue
        stopped.add(origin)
    return found


def strayed(db: Database) -> list[str]:
    """Return the records, in words, whose rows are not what the log says of them: changed, put in or taken out past it.

    Only columns that the log knows are compared: a later migration may have added others.
    """
    found = []
    for entity in ENTITIES:
        cursor = db.execute(
            f"""SELECT c.after, c.erased_by, t.* FROM "{entity.name}" AS t LEFT JOIN change AS c ON c.id =
                (SELECT max(id) FROM change WHERE record = '{entity.name}' AND row_id = t.id)"""
        )
        names = [c[0] for c in cursor.description][2:]
        wrong = sum(
            1 for after, erased, *row in cursor if not _agrees(after, erased, dict(zip(names, row, strict=True)))
        )
        gone = db.execute(
            f"""SELECT count(*) FROM (SELECT row_id, max(id) AS last FROM change WHERE record = '{entity.name}'
                  GROUP BY row_id) JOIN change AS c ON c.id = last
                 WHERE c.after IS NOT NULL AND c.row_id NOT IN (SELECT id FROM "{entity.name}")"""
        ).fetchone()[0]
        if wrong or gone:
            found.append(f"“{entity.label}”有 {wrong + gone} 条与历史记录不符")
    return found


def _agrees(after: str | None, erased: int | None, row: dict[str, Any]) -> bool:
    if after is None:
        return False
    return bool(erased) or all(row[name] == value for name, value in json.loads(after).items() if name in row)


def _changes(db: Database, keyed: "hashlib.blake2b") -> Iterator[tuple[int, list[tuple[bytes, bool]]]]:
    """Yield for each operation its changes in order: (leaf, whether its content was erased by a later operation)."""
    rows = db.execute(
        f"""SELECT operation_id, {_CHANGE},
                   {_BY_ERASING} AND erased_by > operation_id
              FROM change ORDER BY operation_id, id"""
    )
    for number, group in groupby(rows, key=lambda row: int(row[0])):
        yield number, [(_leaf(keyed, change), bool(erased)) for _, change, erased in group]


def _leaf(keyed: "hashlib.blake2b", entry: bytes) -> bytes:
    leaf = keyed.copy()
    leaf.update(entry)
    return leaf.digest()


def _keyed(key: bytes) -> "hashlib.blake2b":
    """Return the hash with the key taken in, of which every leaf is a copy: a log has very many."""
    return hashlib.blake2b(key=key, digest_size=_LEAF)


def _link(key: bytes, before: bytes, uid: str, leaves: bytes) -> bytes:
    return hmac.digest(key, before + uid.encode() + leaves, "sha256")
