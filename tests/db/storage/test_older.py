"""A ledger of an older program: read as it is, copied as it is, and brought up to date by who writes alone."""

import datetime as dt
import json
from pathlib import Path

import pytest

from db.records.entities import TOWNSHIP
from db.storage import lock, vault
from db.storage.keys import Secret
from db.storage.migrations import MIGRATIONS
from db.storage.store import Store
from db.tasks import backup, restoring
from db.tasks.verifying import verify, verify_file
from desktop.__main__ import main

STEPS = range(1, len(MIGRATIONS._migrations))
AT = dt.datetime(2026, 9, 20)


def old_ledger(path: Path, monkeypatch: pytest.MonkeyPatch, steps: int) -> Secret:
    """Make a ledger as the program of so many migrations left it, with a row that its log knows."""
    with monkeypatch.context() as older:
        older.setattr(MIGRATIONS, "_migrations", MIGRATIONS._migrations[:steps])
        opened, secret = vault.create(path, None)
        MIGRATIONS.apply(opened.db)
        with opened.db.atomic():
            has_uid = "uid" in opened.db["township"].columns_dict
            row = {"id": 1, "name": "旧"} | ({"uid": "u"} if has_uid else {})
            opened.db.execute(
                "INSERT INTO operation (kind, title, at) VALUES ('do', '旧', '2026-01-01T00:00:00+00:00')"
            )
            opened.db.execute(
                "INSERT INTO change (operation_id, record, row_id, after) VALUES (1, 'township', 1, ?)",
                [json.dumps(row, ensure_ascii=False)],
            )
            opened.db["township"].insert(row)
        vault.shut(opened)
    return secret


@pytest.mark.parametrize("steps", STEPS)
def test_reading_leaves_every_byte_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steps: int) -> None:
    """It migrated, however little was asked of it: an older program on another computer could open it no more."""
    path = tmp_path / "旧.boai-db"
    old_ledger(path, monkeypatch, steps)
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir() if p.is_file()}
    with Store.open(path, read_only=True) as store:
        assert store.read_only
        assert [row["name"] for row in store.rows(TOWNSHIP)] == ["旧"]
        assert [
            p.kind for p in verify(store) if p.grave and p.kind != "chain"
        ] == []  # its log had no seals of ours yet
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir() if p.is_file()} == before


def test_it_is_read_while_another_program_has_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "旧.boai-db"
    old_ledger(path, monkeypatch, 5)
    held = lock.hold(path)
    with Store.open(path, read_only=True) as store:
        assert store.count(TOWNSHIP) == 1
    lock.let_go(held)


def test_no_reading_command_changes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "旧.boai-db"
    old_ledger(path, monkeypatch, 5)
    before = path.read_bytes()
    for words in (["figures", "2026Q3"], ["verify"], ["rules"], ["task"], ["backup", "--out", str(tmp_path / "a.boai-backup")],
                  ["export", "街镇", "--out", str(tmp_path / "a.xlsx")]):  # fmt: skip
        assert main(["--db", str(path), *words]) in (0, 3 if words == ["verify"] else 0), capsys.readouterr()
        assert path.read_bytes() == before, words
    assert not list(tmp_path.glob("*升级前*"))


def test_a_damaged_page_of_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "旧.boai-db"
    secret = old_ledger(path, monkeypatch, 5)
    whole = bytearray(path.read_bytes())
    whole[vault.PAGE * 20 + 7] ^= 1
    path.write_bytes(whole)
    monkeypatch.setattr(vault, "CHECKED_WHOLE", 0)  # as of a large one
    kinds = {p.kind for p in verify_file(lambda: Store.open(path, read_only=True))}
    assert "page" in kinds
    assert secret.root


@pytest.mark.parametrize("steps", [4, 6, len(MIGRATIONS._migrations) - 1])
def test_its_backup_is_restored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steps: int) -> None:
    """What an older program backed up had fewer records: it was refused as a full disk."""
    path, there = tmp_path / "旧.boai-db", tmp_path / "new" / "新.boai-db"
    secret = old_ledger(path, monkeypatch, steps)
    made = backup.back_up_file(path, secret, tmp_path / "a.boai-backup", AT)
    restoring.restore(made.path, there, AT, lambda _: secret)
    with Store.open(there, recovery_code=secret.code()) as store:
        assert [row["name"] for row in store.rows(TOWNSHIP)] == ["旧"]
