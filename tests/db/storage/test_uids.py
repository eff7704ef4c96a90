"""Ids for ever: every row and operation has one, whichever way it came in, and keeps it."""

import re
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver

from db.records.entities import ENTITIES, TOWNSHIP
from db.storage import schema, uids, vault
from db.storage.migrations import MIGRATIONS
from db.storage.store import Store
from tests.offices.large import make

UID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def _uids(store: Store, table: str) -> list[str]:
    return [uid for (uid,) in store.db.execute(f"SELECT uid FROM {table} ORDER BY id")]


def test_uids_are_of_version_7_and_rise() -> None:
    made = [*uids.many(5000), uids.new(), *uids.many(3)]
    assert all(UID.fullmatch(uid) for uid in made)
    assert made == sorted(set(made))


def test_uids_rise_when_the_clock_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    before = uids.new()
    monkeypatch.setattr("time.time_ns", lambda: 1)
    assert uids.new() > before


def test_every_row_and_operation_gets_one(tmp_path: Path) -> None:
    """By hand, by the thousand, and through the log; no two alike in the whole file."""
    with Store.open(make(tmp_path / "x.boai-db", 1500)) as store:
        with store.operation("一条"):
            store.save(TOWNSHIP, {"name": "甲镇"})
        every = [uid for e in ENTITIES for uid in _uids(store, e.name)] + _uids(store, "operation")
        assert len(every) > 7000
        assert all(UID.fullmatch(uid) for uid in every)
        assert len(set(every)) == len(every)


def test_a_row_keeps_its_uid(store: Store) -> None:
    with store.operation("新增"):
        row = store.save(TOWNSHIP, {"name": "甲镇"})
    (uid,) = _uids(store, "township")
    with store.operation("改名"):
        store.save(TOWNSHIP, {"id": row, "name": "乙镇", "uid": "x"})
    with store.operation("删除"):
        store.delete(TOWNSHIP, [row])
    store.undo()
    assert _uids(store, "township") == [uid]
    for _ in range(2):
        store.undo()
    store.redo()
    assert _uids(store, "township") == [uid]


def test_a_way_in_that_forgets_the_uid_is_refused(store: Store) -> None:
    with pytest.raises(driver.IntegrityError, match="CHECK"), store.db.atomic():
        store.db.execute("INSERT INTO operation (id, uid, kind, title, at) VALUES (1, 'a', 'do', '', '')")
        store.db.execute("INSERT INTO working VALUES (1)")
        store.db.execute("INSERT INTO township (name) VALUES ('甲镇')")


def test_rows_from_before_get_theirs_in_the_migration(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also what an operation of that time deleted, when it is undone."""
    db = vault.open_memory()
    MIGRATIONS.apply(db, stop_before="m005_ids_for_ever")
    db.execute("INSERT INTO operation (id, kind, title, at) VALUES (1, 'do', '删除街镇', '2026-01-01T00:00:00+00:00')")
    db.execute("INSERT INTO change (operation_id, record, row_id, before) VALUES (1, 'township', 7, ?)",
               ['{"id": 7, "name": "甲镇", "division_code": null}'])  # fmt: skip
    db.conn.executemany("INSERT INTO blood_target (id, year, unit, scope, target_units) VALUES (?, ?, 'x', 'x', 1)",
                        [(n, 2000 + n) for n in range(3)])  # fmt: skip
    db.conn.commit()
    store = Store(db)
    assert schema.drift(db) == []
    found = _uids(store, "blood_target")
    assert len(set(found)) == 3
    assert all(UID.fullmatch(uid) for uid in [*found, *_uids(store, "operation")])
    store.undo(1)
    assert [r["name"] for r in store.rows(TOWNSHIP)] == ["甲镇"]
    assert UID.fullmatch(_uids(store, "township")[0])
    store.redo()
    assert store.rows(TOWNSHIP) == []
    store.close()


def test_the_uid_is_no_field_of_any_form_or_sheet() -> None:
    assert all("uid" not in e.by_name for e in ENTITIES)


def test_the_log_names_the_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same one at each start of this account, another one elsewhere; a folder that is not writable is no obstacle."""
    path = tmp_path / "x.boai-db"
    made, secret = Store.create(path)
    made.close()

    def act() -> str:
        with Store.open(path, recovery_code=secret.code()) as store:
            store.note("看一看")
            return str(store.db.execute("SELECT origin FROM operation ORDER BY id DESC").fetchone()[0])

    here = act()
    assert UID.fullmatch(here)
    assert act() == here
    monkeypatch.setenv("BOAI_DATA", str(tmp_path / "another account"))
    there = act()
    assert there != here
    assert act() == there
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("BOAI_DATA", str(tmp_path / "file"))
    assert act() not in (here, there)
