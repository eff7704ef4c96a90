"""Audit by trigger, and undo: one log read forwards is the audit trail, one operation read backwards is its undo.

Triggers write each change of a row, as JSON before and after, under the operation that runs. Outside an operation the
table ``working`` is empty, so the trigger breaks NOT NULL and the change fails: the log is complete by construction.
"""

import json
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from db.errors import Conflict
from db.records.entities import BY_NAME, ENTITIES
from db.records.kinds import clean
from db.storage import uids

_RUNNING = "(SELECT operation_id FROM working)"


def install_triggers(db: Database) -> None:
    """(Re)make the audit triggers from the real columns; a table that was transformed has lost its own."""
    standing = dict(db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall())
    for entity in ENTITIES:
        table = entity.name
        columns = [row[1] for row in db.execute(f'PRAGMA table_info("{table}")').fetchall()]
        old, new = (f"json_object({', '.join(f'{c!r}, {side}.{c}' for c in columns)})" for side in ("OLD", "NEW"))
        differs = " OR ".join(f"OLD.{c} IS NOT NEW.{c}" for c in columns)
        for event, row, before, after, when in (
            ("INSERT", "NEW", "NULL", new, ""),
            ("UPDATE", "OLD", old, new, f"WHEN {differs}"),
            ("DELETE", "OLD", old, "NULL", ""),
        ):
            name = f"audit_{table}_{event.lower()}"
            if event == "INSERT":
                # Every way in gives a uid; one that forgot would break the rule of `change` that something is there.
                after = f"CASE WHEN NEW.uid <> '' THEN {after} END"
            body = (
                f"CREATE TRIGGER {name} AFTER {event} ON {table} {when} BEGIN "
                f"INSERT INTO change (operation_id, record, row_id, before, after) "
                f"VALUES ({_RUNNING}, '{table}', {row}.id, {before}, {after}); END"
            )
            if standing.get(name) != body:
                db.execute(f"DROP TRIGGER IF EXISTS {name}")
                db.execute(body)


def undoable(db: Database) -> tuple[int, str] | None:
    """Return (id, title) of the last operation that stands, or None."""
    found = db.execute(
        """SELECT id, title FROM operation AS o WHERE kind = 'do' AND
           (SELECT count(*) FILTER (WHERE kind = 'undo') - count(*) FILTER (WHERE kind = 'redo')
              FROM operation WHERE target_id = o.id) = 0
           ORDER BY id DESC LIMIT 1"""
    ).fetchone()
    return (found[0], found[1]) if found else None


def redoable(db: Database) -> tuple[int, str] | None:
    """Return (id, title) of the operation undone last, unless something new was done since; or None."""
    found = db.execute(
        """SELECT o.id, o.title FROM operation AS u JOIN operation AS o ON o.id = u.target_id
           WHERE u.kind = 'undo'
             AND NOT EXISTS (SELECT 1 FROM operation WHERE kind = 'do' AND id > u.id)
             AND NOT EXISTS (SELECT 1 FROM operation WHERE kind = 'redo' AND target_id = o.id AND id > u.id)
           ORDER BY u.id DESC LIMIT 1"""
    ).fetchone()
    return (found[0], found[1]) if found else None


def stands(db: Database, operation_id: int) -> bool:
    """Tell whether an operation was done and is not undone at present."""
    undone = db.execute(
        "SELECT coalesce(sum(CASE kind WHEN 'undo' THEN 1 WHEN 'redo' THEN -1 ELSE 0 END), 0) "
        "FROM operation WHERE target_id = ?",
        [operation_id],
    ).fetchone()[0]
    return bool(undone == 0)


def take_back(db: Database, operation_id: int) -> frozenset[str]:
    """Write the inverse of every change of an operation, last change first; return the records touched.

    Runs inside another operation, which logs the inverse in turn. Raises `Conflict` where a row has changed since.
    """
    if db.execute(
        """SELECT 1 FROM operation WHERE id = :id AND erased_by IS NOT NULL
           UNION ALL SELECT 1 FROM change WHERE operation_id = :id AND erased_by IS NOT NULL""",
        {"id": operation_id},
    ).fetchone():
        raise Conflict("不能撤销：这次操作里有已经删除的个人信息，历史中不再保存。数据没有变动")
    changes = db.execute(
        "SELECT record, row_id, before, after FROM change WHERE operation_id = ? ORDER BY id DESC", [operation_id]
    ).fetchall()
    db.execute("PRAGMA defer_foreign_keys = ON")
    for record, row_id, before, after in changes:
        _put(db, record, row_id, json.loads(after) if after else None, json.loads(before) if before else None)
    broken = db.execute("PRAGMA foreign_key_check").fetchone()
    if broken:
        label = BY_NAME[broken[0]].label
        raise Conflict(f"不能撤销：后来的“{label}”记录用到了这次操作写入的内容。数据没有变动；请先处理那些记录")
    return frozenset(record for record, *_ in changes)


def _put(db: Database, record: str, row_id: int, found: dict[str, Any] | None, wanted: dict[str, Any] | None) -> None:
    cursor = db.execute(f'SELECT * FROM "{record}" WHERE id = ?', [row_id])
    values = cursor.fetchone()
    row = dict(zip((c[0] for c in cursor.description), values, strict=True)) if values else None
    if (row is None) != (found is None) or any(row[k] != v for k, v in (found or {}).items() if row and k in row):
        label = BY_NAME[record].label
        raise Conflict(f"不能撤销：有一条“{label}”记录后来又改动过。数据没有变动；请在历史中先撤销后来的改动")
    if wanted is None:
        db.execute(f'DELETE FROM "{record}" WHERE id = ?', [row_id])
    elif found is None:
        wanted.setdefault("uid", uids.new())  # written before rows had one
        names = ", ".join(f'"{k}"' for k in wanted)
        db.execute(f'INSERT INTO "{record}" ({names}) VALUES ({", ".join("?" * len(wanted))})', list(wanted.values()))
    else:
        sets = ", ".join(f'"{k}" = ?' for k in wanted)
        db.execute(f'UPDATE "{record}" SET {sets} WHERE id = ?', [*wanted.values(), row_id])


@dataclass(frozen=True)
class Asked:
    """Which operations are wanted: `words` stand in the title or the detail, or are the name of a volunteer whom it
    changed; done by `actor` (None: anybody); of `kinds`; between two moments (ISO, UTC; blank: no bound).
    """

    words: str = ""
    actor: str | None = None
    kinds: tuple[str, ...] = ("do", "undo", "redo", "event")
    since: str = ""
    until: str = ""


def actors(db: Database) -> list[str]:
    """Return everybody who is named in the log."""
    return [
        str(name) for (name,) in db.execute("SELECT DISTINCT actor FROM operation WHERE actor <> '' ORDER BY actor")
    ]


def trail(db: Database, limit: int = 500, asked: Asked = Asked()) -> list[dict[str, Any]]:
    """Return the last operations of those asked for, newest first: id, kind, title, detail, actor, at, changes, undone."""
    rows = db.execute(
        """SELECT o.id, o.kind, o.title, o.detail, o.actor, o.at,
                  (SELECT count(*) FROM change WHERE operation_id = o.id) AS changes,
                  (SELECT coalesce(sum(CASE kind WHEN 'undo' THEN 1 WHEN 'redo' THEN -1 ELSE 0 END), 0)
                     FROM operation WHERE target_id = o.id) AS undone
           FROM operation AS o
          WHERE o.kind IN (SELECT value FROM json_each(:kinds)) AND (:actor IS NULL OR o.actor = :actor)
            AND (:since = '' OR o.at >= :since) AND (:until = '' OR o.at < :until)
            AND (:words = '' OR instr(o.title, :words) OR instr(o.detail, :words) OR EXISTS (
                SELECT 1 FROM change AS c JOIN volunteer AS v ON v.name = :words
                 WHERE c.operation_id = o.id AND (
                     (c.record = 'volunteer' AND c.row_id = v.id)
                     OR json_extract(ifnull(c.after, c.before), '$.volunteer_id') = v.id)))
          ORDER BY o.id DESC LIMIT :limit""",
        {"words": clean(asked.words), "actor": asked.actor, "kinds": json.dumps(asked.kinds), "since": asked.since,
         "until": asked.until, "limit": limit},
    ).fetchall()  # fmt: skip
    names = ("id", "kind", "title", "detail", "actor", "at", "changes", "undone")
    return [dict(zip(names, row, strict=True)) for row in rows]


def changes_of(db: Database, operation_id: int, limit: int = 1000) -> list[dict[str, Any]]:
    """Return the row changes of one operation in order: record, row_id, before, after (dicts or None)."""
    rows = db.execute(
        "SELECT record, row_id, before, after FROM change WHERE operation_id = ? ORDER BY id LIMIT ?",
        [operation_id, limit],
    ).fetchall()
    return [
        {"record": record, "row_id": row_id, "before": json.loads(before) if before else None,
         "after": json.loads(after) if after else None}
        for record, row_id, before, after in rows
    ]  # fmt: skip
