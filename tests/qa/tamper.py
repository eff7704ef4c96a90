"""More than 55 ways of changing a ledger past the program: ``python -m tests.qa.tamper [--n N] [--seed S] [--control]``.

By somebody who has its key and another program: rows of every kind, the log, triggers, schema, the files beside it, an
older file put back. ``--n 0``: every way once. All must be told. The control looks at rows, log and schema no closer
than SQLite itself does: some must go unnoticed.
"""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from db.records.entities import ENTITIES
from db.storage import keys, schema, seal, vault
from db.storage.store import Store
from db.tasks import verifying
from tests.qa.office import Counts, Place, look, main, office

Way = Callable[[Place], None]


def _sql(*statements: str) -> Way:
    def change(place: Place) -> None:
        db = vault._connect(place.ledger, vault.unlock(place.ledger), "rw")
        for statement in statements:
            db.execute(statement)
        db.conn.commit()
        db.close()

    return change


_LOG = {
    "an operation reworded": "UPDATE operation SET title = 'X' WHERE id = 3",
    "another actor": "UPDATE operation SET actor = 'X' WHERE id = 3",
    "another day": "UPDATE operation SET at = '2020-01-01' WHERE id = 3",
    "another kind": "UPDATE operation SET kind = 'event' WHERE id = 2",
    "another origin": "UPDATE operation SET origin = 'x' WHERE id = 3",
    "another uid": "UPDATE operation SET uid = 'x' WHERE id = 3",
    "another detail": "UPDATE operation SET detail = 'X' WHERE id = 3",
    "a seal taken off": "UPDATE operation SET seal = NULL WHERE id = 3",
    "a seal copied": "UPDATE operation SET seal = (SELECT seal FROM operation WHERE id = 2) WHERE id = 3",
    "leaves taken off": "UPDATE operation SET leaves = NULL WHERE id = 3",
    "all seals taken off": "UPDATE operation SET seal = NULL, leaves = NULL",
    "a change taken out": "DELETE FROM change WHERE id = 3",
    "a change put in": "INSERT INTO change (operation_id, record, row_id, after) VALUES (2, 'township', 99, '{}')",
    "a change moved": "UPDATE change SET operation_id = 2 WHERE operation_id = 3",
    "a change reworded": "UPDATE change SET after = replace(after, '\"', ' \"') WHERE id = 3",
    "a change called erased": "UPDATE change SET erased_by = 1, after = '{}' WHERE id = 3",
    "an operation put in": "INSERT INTO operation (id, uid, origin, kind, title, at) "
    "SELECT 999, 'x', origin, 'event', 'X', at FROM operation LIMIT 1",
    "two operations swapped": "UPDATE operation SET id = CASE id WHEN 3 THEN 1003 ELSE id END",
    "the end cut off": "DELETE FROM operation WHERE id = (SELECT max(id) FROM operation)",
    "the whole log emptied": "DELETE FROM operation",
    "a trigger too many": "CREATE TRIGGER evil AFTER INSERT ON operation BEGIN SELECT 1; END",
    "a table too many": "CREATE TABLE evil (x)",
    "a view too many": "CREATE VIEW evil AS SELECT 1",
    "an index too few": "DROP INDEX township_key",
    "a column too many": "ALTER TABLE township ADD COLUMN evil TEXT",
}  # fmt: skip


def ways() -> dict[str, Way]:
    """Return every way by its name."""
    off = "PRAGMA foreign_keys = OFF"
    found = {name: _sql(off, statement) for name, statement in _LOG.items()}
    for entity in ENTITIES:
        table, column = entity.name, entity.fields[0].name
        if table in ("office", "team", "volunteer", "membership", "attachment", "township"):
            found[f"{table}: a row changed"] = _sql(
                f"DROP TRIGGER audit_{table}_update", f"UPDATE {table} SET uid = uid || 'x' WHERE id = 1"
            )
            found[f"{table}: a row taken out"] = _sql(
                off, f"DROP TRIGGER audit_{table}_delete", f"DELETE FROM {table} WHERE id = 1"
            )
            found[f"{table}: a row kept twice"] = _sql(
                f"DROP TRIGGER audit_{table}_insert", f"DROP INDEX IF EXISTS {table}_key", f"DROP INDEX IF EXISTS {table}_uid",
                f"CREATE TEMP TABLE t AS SELECT * FROM {table} WHERE id = 1", "UPDATE t SET id = 999", f"INSERT INTO {table} SELECT * FROM t",
            )  # fmt: skip
        if column and table in ("volunteer", "fund_entry", "activity"):
            for event in ("insert", "update", "delete"):
                found[f"{table}: no trigger on {event}"] = _sql(f"DROP TRIGGER audit_{table}_{event}")
        if table == "volunteer":
            found["a trigger that lies"] = _sql(
                "DROP TRIGGER audit_volunteer_update",
                "CREATE TRIGGER audit_volunteer_update AFTER UPDATE ON volunteer BEGIN SELECT 1; END",
            )
    return found | {
        "an old file put back": lambda place: _put_back(place, ""),
        "an old file and its mark put back": lambda place: _put_back(place, "", ".mark"),
        "a file lost": lambda place: shutil.rmtree(place.ledger.with_name(place.ledger.name + ".files")),
        "a file changed": _attachment,
        "a pack changed": lambda place: _pack(place).write_text(_pack(place).read_text("utf-8") + "\n# x", "utf-8"),
        "a pack put in": lambda place: shutil.copy(_pack(place), _pack(place).with_name("XX.toml")) and None,
        "a pack taken out": lambda place: _pack(place).unlink(),
        "the keys lost": lambda place: keys.slot_file(place.ledger).unlink(),
        "another ledger's keys": lambda place: keys.slot_file(place.ledger).write_text('{"vault": "00"}') and None,
        "a page put back": _old_page,
    }


def _put_back(place: Place, *suffixes: str) -> None:
    with Store.open(place.ledger) as store:
        for _ in range(20):
            store.note("后来")
    for suffix in suffixes:
        name = place.ledger.name + suffix
        shutil.copy(place.folder / "kept" / name, place.ledger.with_name(name))


def _attachment(place: Place) -> None:
    (file,) = (p for p in place.ledger.with_name(place.ledger.name + ".files").rglob("*") if p.is_file())
    file.write_bytes(file.read_bytes()[:-1] + b"x")


def _pack(place: Place) -> Path:
    return place.ledger.with_name(place.ledger.name + ".rules") / "AB26.toml"


def _old_page(place: Place) -> None:
    """A row's page as it was before, under the seal that it had then."""
    with Store.open(place.ledger, read_only=True) as store:
        page = store.db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'volunteer'").fetchone()[0]
        person = store.query("SELECT * FROM volunteer WHERE id = 1")[0]
    before = place.ledger.read_bytes()
    with Store.open(place.ledger) as store, store.operation("改"):
        from db.records.entities import VOLUNTEER

        store.save(VOLUNTEER, person | {"note": "改过"})
    start = (page - 1) * vault.PAGE
    content = bytearray(place.ledger.read_bytes())
    content[start : start + vault.PAGE] = before[start : start + vault.PAGE]
    place.ledger.write_bytes(content)


def trial(count: int, seed: int, control: bool = False) -> Counts:
    """Do `count` of the ways, by chance (0: every one once); return how often each outcome was seen."""
    found, dice, there = Counts(), random.Random(seed), ways()
    assert len(there) >= 55
    with office() as place, pytest.MonkeyPatch.context() as careless:
        if control:
            careless.setattr(seal, "broken", lambda *_: [])
            careless.setattr(seal, "strayed", lambda *_: [])
            careless.setattr(schema, "differences", lambda *_: [])
            careless.setattr(Store, "_passed", lambda *_: False)
            careless.setattr(verifying, "strayed", lambda *_: [])
        for name in dice.choices(sorted(there), k=count) if count else sorted(there):
            place.fresh()
            there[name](place)
            seen = look(place.ledger, place.code)
            if seen.fault:
                found[f"fault {seen.fault.splitlines()[-1][:80]}: {name}"] += 1
            else:
                found["good, told" if seen.told else f"silent: {name}"] += 1
    return found


if __name__ == "__main__":
    main(__doc__, trial, 0)
