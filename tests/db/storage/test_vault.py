"""The one door to the data file: what it makes, what it opens, what it refuses, and that nothing readable is on disk."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver

from db.errors import Damaged, DataFileError, InUse, Locked, NewerDatabase, NoDataFile, NotOurFile
from db.records.entities import TOWNSHIP, VOLUNTEER
from db.storage import drives, keys, vault
from db.storage.keys import Secret
from db.storage.migrations import MIGRATIONS
from db.storage.store import Store
from db.tasks.verifying import verify

ROOT = Path(__file__).parents[3]
NAME = "中文 台账 #1?.boai-db" if sys.platform != "win32" else "中文 台账 #1.boai-db"


def make(path: Path, password: str | None = None) -> Secret:
    store, secret = Store.create(path, password)
    with store, store.operation("x"):
        store.save(TOWNSHIP, {"name": "独一无二的街镇名字"})
    return secret


def test_a_closed_ledger_is_one_file_and_opens_again(tmp_path: Path) -> None:
    path = tmp_path / NAME
    make(path)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([NAME, NAME + ".keys", NAME + ".mark"])
    with Store.open(path) as store:
        assert [r["name"] for r in store.rows(TOWNSHIP)] == ["独一无二的街镇名字"]
        assert store.db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert store.db.execute("PRAGMA synchronous").fetchone()[0] == 2
        assert store.db.execute("PRAGMA foreign_keys").fetchone()[0] == 1


def test_only_reading_leaves_every_byte(tmp_path: Path) -> None:
    path = tmp_path / NAME
    make(path)
    before = path.read_bytes()
    with Store.open(path, read_only=True) as store:
        assert len(store.rows(TOWNSHIP)) == 1
        with pytest.raises(driver.OperationalError, match="readonly"):
            store.db.execute("DELETE FROM township")
    assert path.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([NAME, NAME + ".keys", NAME + ".mark"])
    with Store.open(path) as writer, writer.operation("y"):
        writer.save(TOWNSHIP, {"name": "第二个"})
        with Store.open(path, read_only=True) as reader:
            assert len(reader.rows(TOWNSHIP)) == 1
    with Store.open(path, read_only=True) as store:
        assert len(store.rows(TOWNSHIP)) == 2


def test_nothing_readable_is_on_disk_even_while_open(tmp_path: Path) -> None:
    path = tmp_path / NAME
    store, secret = Store.create(path, "一个够长的好密码")
    with store:
        with store.operation("导入：秘密标题"):
            row = {
                "name": "独一无二的人",
                "id_type": "passport",
                "id_number": "E98765432",
                "registered_on": "2026-01-01",
            }
            store.save(VOLUNTEER, row | {"phone": "19900001234"})
        for file in tmp_path.iterdir():
            if os.name == "nt" and file.suffix.endswith("-shm"):
                continue
            content = file.read_bytes()
            for word in ("独一无二的人", "E98765432", "19900001234", "秘密标题", "volunteer", "SQLite format"):
                assert word.encode() not in content, (file.name, word)
            assert secret.root not in content
            assert secret.raw_key() not in content


def test_password_recovery_code_and_account(tmp_path: Path) -> None:
    path = tmp_path / NAME
    secret = make(path, "白鹿原上 1987")
    for wrong in (None, "", "白鹿原上 1988", "白鹿原上 1987 "):
        with pytest.raises(Locked):
            Store.open(path, wrong)
    Store.open(path, "白鹿原上 1987").close()
    Store.open(path, recovery_code=secret.code().lower().replace("-", " ")).close()
    keys.slot_file(path).unlink()
    Store.open(path, recovery_code=secret.code()).close()
    with pytest.raises(Locked):
        Store.open(path, "白鹿原上 1987")


def test_without_a_password_this_account_alone_opens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / NAME
    secret = make(path)
    (kept,) = (vault.data_folder() / "keys").iterdir()
    if os.name != "nt":
        assert kept.stat().st_mode & 0o777 == 0o600
    assert secret.root not in keys.slot_file(path).read_bytes()
    monkeypatch.setenv("BOAI_DATA", str(tmp_path / "another account"))
    with pytest.raises(Locked, match="恢复码"):
        Store.open(path)
    Store.open(path, recovery_code=secret.code()).close()


def test_every_typing_error_in_a_recovery_code_is_seen() -> None:
    code = Secret.new().code().replace("-", "")
    assert Secret.from_code(code).code().replace("-", "") == code
    for place in range(40):
        for other in "0123456789ABCDEFGHJKMNPQRSTVWXYZ":
            if other != code[place]:
                with pytest.raises(Locked):
                    Secret.from_code(code[:place] + other + code[place + 1 :])
    for place in range(39):
        if code[place] != code[place + 1]:
            with pytest.raises(Locked):
                Secret.from_code(code[:place] + code[place + 1] + code[place] + code[place + 2 :])


def test_tampered_slots_are_refused(tmp_path: Path) -> None:
    path = tmp_path / NAME
    make(path, "白鹿原上 1987")
    slot = json.loads(keys.slot_file(path).read_text(encoding="utf-8"))
    for name, value in (
        ("time", 1000),
        ("memory_kib", 16 * 1024 * 1024),
        ("time", 2),
        ("vault", "x"),
        ("sealed", "AAAA"),
        ("salt", 3),
    ):
        keys.slot_file(path).write_text(json.dumps(slot | {name: value}), encoding="utf-8")
        with pytest.raises(Locked):
            Store.open(path, "白鹿原上 1987")
    keys.slot_file(path).write_text(json.dumps(slot), encoding="utf-8")
    Store.open(path, "白鹿原上 1987").close()


def refused(path: Path, kind: type[Exception]) -> str:
    """Open a file that must be refused; return the sentence, and check that the file is untouched."""
    before = path.read_bytes() if path.is_file() else None
    around = sorted(p.name for p in path.parent.iterdir())
    with pytest.raises(kind) as caught:
        Store.open(path, recovery_code=Secret.new().code())
    assert (path.read_bytes() if path.is_file() else None) == before
    assert sorted(p.name for p in path.parent.iterdir()) == around
    assert caught.value.exit_code == 3
    return str(caught.value)


def test_what_is_no_ledger_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / NAME
    assert "没有找到" in refused(path, NoDataFile)
    path.write_bytes(b"")
    assert "空" in refused(path, NotOurFile)
    path.write_bytes(b"PK\x03\x04 not a ledger")
    assert "不是博爱台账" in refused(path, NotOurFile)
    path.write_bytes(os.urandom(8192))
    assert "没有改动" in refused(path, NotOurFile)
    path.unlink()
    plain = sqlite3.connect(path)
    plain.execute("CREATE TABLE x (y)")
    plain.commit()
    plain.close()
    assert "没有加密" in refused(path, NotOurFile)
    folder = tmp_path / "folder"
    folder.mkdir()
    assert "不是文件" in refused(folder, NotOurFile)


def test_another_programs_encrypted_file_is_refused(tmp_path: Path) -> None:
    path, secret = tmp_path / NAME, Secret.new()
    db = vault._connect(path, secret, "rwc")
    db.execute("CREATE TABLE x (y)")
    db.close()
    before = path.read_bytes()
    with pytest.raises(NotOurFile):
        Store.open(path, recovery_code=secret.code())
    assert path.read_bytes() == before


def test_a_newer_file_is_refused_and_unchanged(tmp_path: Path) -> None:
    for change in (
        "PRAGMA user_version = 99",
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('boai', 'm999', '')",
    ):
        path = tmp_path / f"{abs(hash(change))}.boai-db"
        secret = make(path)
        db = vault._connect(path, secret, "rw")
        with db.atomic():
            db.execute(change)
        db.close()
        before = path.read_bytes()
        with pytest.raises(NewerDatabase, match="更新版本"):
            Store.open(path)
        assert path.read_bytes() == before
        assert sorted(p.name for p in tmp_path.glob(f"{path.name}*")) == [
            path.name,
            path.name + ".keys",
            path.name + ".mark",
        ]


def test_create_never_overwrites_and_leaves_nothing_half_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / NAME
    make(path)
    before = path.read_bytes()
    with pytest.raises(DataFileError, match="没有覆盖"):
        Store.create(path)
    assert path.read_bytes() == before
    other = tmp_path / "other.boai-db"

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(keys, "write_account_slot", fail)
    with pytest.raises(DataFileError):
        Store.create(other)
    assert not list(tmp_path.glob("other*"))


def test_network_places_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / NAME
    make(path)
    monkeypatch.setattr(vault, "is_network_path", lambda _: True)
    with pytest.raises(DataFileError, match="网络"):
        Store.open(path)
    with pytest.raises(DataFileError, match="网络"):
        Store.create(tmp_path / "new.boai-db")


def test_network_places_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    assert drives.is_network_path(Path("//server/share/x.boai-db"))
    if sys.platform != "win32":
        monkeypatch.setattr(drives, "_filesystem", lambda _: "cifs")
        assert drives.is_network_path(Path("/mnt/x"))
        monkeypatch.setattr(drives, "_filesystem", lambda _: "ext4")
        assert not drives.is_network_path(Path("/mnt/x"))


def damage(path: Path, table: str) -> bytes:
    """Change a byte on the first page of a table or index; return what the file now holds."""
    with Store.open(path, read_only=True) as store:
        page = store.db.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", [table]).fetchone()[0]
    content = bytearray(path.read_bytes())
    content[(page - 1) * vault.PAGE + 99] ^= 1
    path.write_bytes(content)
    return bytes(content)


def test_a_changed_byte_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    """What can still be read is read; writing is refused with a sentence, and no byte changes."""
    path = tmp_path / NAME
    make(path)
    content = damage(path, "venue")
    with pytest.raises(Damaged, match="备份"):
        Store.open(path)
    with Store.open(path, read_only=True) as store:
        assert store.opened.damaged == 1
        with pytest.raises(Damaged), store.operation("x"):
            store.save(TOWNSHIP, {"name": "第二个"})
    assert path.read_bytes() == content


def test_damage_met_while_rows_are_fetched_is_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also in a file too large to be checked at each opening; from then on nothing is written into it."""
    path = tmp_path / NAME
    make(path)
    monkeypatch.setattr(vault, "CHECKED_WHOLE", 0)
    damage(path, "township_key")
    with Store.open(path, read_only=True) as reader, pytest.raises(Damaged):
        list(reader.db.execute("SELECT name FROM township ORDER BY name"))
    with Store.open(path) as writer:
        with pytest.raises(Damaged), writer.operation("y"):
            writer.save(TOWNSHIP, {"name": "第二个"})
        with pytest.raises(Damaged), writer.operation("z"):
            writer.save(TOWNSHIP, {"name": "新的"})


_KILLED = """
import os, sys
from pathlib import Path
from db.storage.store import Store
from db.records.entities import TOWNSHIP
store = Store.open(Path(sys.argv[1]))
with store.operation("y"):
    store.save(TOWNSHIP, {"name": "第二个"})
os._exit(9)
"""


def _killed(path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", _KILLED, str(path)], cwd=ROOT, check=False, capture_output=True)
    assert done.returncode == 9, done.stderr.decode()


@pytest.mark.parametrize("read_only", [True, False])
def test_what_a_kill_left_is_folded_in_before_anything_is_asked(tmp_path: Path, read_only: bool) -> None:
    """A log beside the file holds what was kept; a file that was cut while the log was folded in is mended by it."""
    path = tmp_path / NAME
    make(path)
    _killed(path)
    assert path.with_name(path.name + "-wal").stat().st_size > 0
    with path.open("ab") as file:
        file.write(b"torn")  # a checkpoint that was making the file longer
    with Store.open(path, read_only=read_only) as store:
        assert store.opened.healed
        assert [r["name"] for r in store.rows(TOWNSHIP)] == ["独一无二的街镇名字", "第二个"]
    assert not list(tmp_path.glob("*-wal"))


def test_a_file_that_its_log_makes_whole_is_no_cut_file(tmp_path: Path) -> None:
    """W11: a checkpoint that was making the file longer was stopped within a page; it was refused by its size."""
    path, left = tmp_path / NAME, tmp_path / "left"
    left.mkdir()
    store, secret = Store.create(path)
    with store.operation("新增"):
        for n in range(400):
            store.save(TOWNSHIP, {"name": f"镇{n}"})
    for suffix in ("", ".keys", "-wal"):
        shutil.copy(path.with_name(NAME + suffix), left / (NAME + suffix))
    store.close()
    cut = left / NAME
    cut.write_bytes(cut.read_bytes() + b"\0" * 700)
    assert cut.stat().st_size % vault.PAGE
    with Store.open(cut, recovery_code=secret.code(), read_only=True) as again:
        assert again.count(TOWNSHIP) == 400
        assert [p.kind for p in verify(again) if p.grave and p.kind != "key"] == []


def test_a_hot_journal_is_rolled_back(tmp_path: Path) -> None:
    """A kill while the journal mode changes leaves one; reading alone cannot roll it back."""
    path = tmp_path / NAME
    secret = make(path)
    db = vault._connect(path, secret, "rw")
    db.execute("PRAGMA cache_size = 1")
    db.execute("BEGIN IMMEDIATE")
    db.execute("UPDATE township SET name = 'x' WHERE 0")
    db.execute("CREATE TABLE half (x)")
    db.conn.executemany("INSERT INTO half VALUES (?)", [("x" * 900,)] * 200)
    hot = {p.name: p.read_bytes() for p in tmp_path.iterdir() if p.name.startswith(NAME)}
    db.conn.rollback()
    db.close()
    for name, content in hot.items():
        (tmp_path / name).write_bytes(content)
    assert NAME + "-journal" in hot
    with Store.open(path, read_only=True) as store:
        assert store.opened.healed
        assert [r["name"] for r in store.rows(TOWNSHIP)] == ["独一无二的街镇名字"]


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    """A second one is refused with a sentence, also in another process; who only reads is not in the way."""
    path = tmp_path / NAME
    make(path)
    with Store.open(path) as store:
        with pytest.raises(InUse, match="别处打开"):
            Store.open(path)
        done = subprocess.run([sys.executable, "-c", _KILLED, str(path)], cwd=ROOT, check=False, capture_output=True)
        assert b"InUse" in done.stderr
        with Store.open(path, read_only=True) as reader:
            assert len(reader.rows(TOWNSHIP)) == 1
        with store.operation("还能写"):
            store.save(TOWNSHIP, {"name": "第二个"})
    with Store.open(path, read_only=True), Store.open(path) as store:
        assert len(store.rows(TOWNSHIP)) == 2
    assert not list(tmp_path.glob("*.lock"))


def test_a_copy_is_kept_before_a_migration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The copy is the file as it was; a program that is not newer makes none."""
    path = tmp_path / NAME
    with monkeypatch.context() as older:
        older.setattr(MIGRATIONS, "_migrations", MIGRATIONS._migrations[:4])
        db, secret = vault.create(path, None)
        MIGRATIONS.apply(db.db)
        vault.shut(db)
    before = path.read_bytes()
    with Store.open(path) as store:
        assert len(store.query("SELECT * FROM ledger_fact")) == 0
    (kept,) = tmp_path.glob("*升级前-m004.boai-db")
    assert kept.read_bytes() == before
    assert secret.root
    Store.open(path).close()
    assert len(list(tmp_path.glob("*升级前*.boai-db"))) == 1
