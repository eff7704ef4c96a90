"""Backups: proved before they count, restored without overwriting, refused when a byte of them is not as it was."""

import datetime as dt
import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.errors import DataFileError, DiskTrouble, InUse, NotOurFile
from db.records.entities import ENTITIES, MEMBERSHIP
from db.storage import vault
from db.storage.store import Store
from db.tasks import backup
from db.tasks.attachments import attach, open_copy
from tests.offices.small import Desk

AT = dt.datetime(2026, 9, 21, 10, 24, 5)


def _rows(store: Store) -> dict[str, list[dict[str, object]]]:
    return {e.name: store.rows(e) for e in ENTITIES}


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A ledger with a person, a team and an attachment, closed."""
    monkeypatch.setenv("BOAI_DATA", str(tmp_path / "data"))
    path = tmp_path / "本地 #1" / "ledger.boai-db"
    store, _ = Store.create(path)
    with store:
        desk = Desk(store)
        desk.join(desk.team(), desk.person())
        proof = tmp_path / "凭证.txt"
        proof.write_text("发票", encoding="utf-8")
        attach(store, proof, on=AT.date())
    return path


def test_a_backup_brings_everything_back(ledger: Path, tmp_path: Path) -> None:
    """Ledger and attachments after a restore are those of the backup; what was there lies beside it, whole."""
    with Store.open(ledger) as store:
        made = backup.back_up(store, tmp_path / "一.boai-backup", AT)
        before = _rows(store)
        with store.operation("后来"):
            store.delete(MEMBERSHIP, [1])
        later = _rows(store)
    assert backup.examine(made.path).office == "青石县红十字会"
    aside = backup.restore(made.path, ledger, AT)
    assert aside is not None
    with Store.open(ledger) as store:
        assert _rows(store) == before
        assert open_copy(store, 1).read_text(encoding="utf-8") == "发票"
    with Store.open(aside) as store:
        assert _rows(store) == later
    left = {p.name for p in ledger.parent.iterdir()}
    assert not any(name.endswith((".part", ".restoring")) for name in left)


def test_a_restore_to_an_empty_place(ledger: Path, tmp_path: Path) -> None:
    """On another disk nothing stands in the way."""
    with Store.open(ledger) as store:
        made = backup.back_up(store, tmp_path / "一.boai-backup", AT)
        before = _rows(store)
    other = tmp_path / "别处" / "ledger.boai-db"
    assert backup.restore(made.path, other, AT) is None
    with Store.open(other) as store:
        assert _rows(store) == before


def test_nothing_personal_is_readable_in_a_backup(ledger: Path, tmp_path: Path) -> None:
    """The office's name stands in the list; nothing else of the ledger does."""
    with Store.open(ledger) as store:
        made = backup.back_up(store, tmp_path / "一.boai-backup", AT)
    content = made.path.read_bytes()
    for word in ("某人", "第1号", "发票", "凭证"):
        assert word.encode() not in content
    assert b"SQLite format 3" not in content


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
def test_a_changed_byte_is_found(ledger: Path, tmp_path: Path, place: float, flip: int) -> None:
    """Whatever byte is changed, the backup is refused, or it reads exactly as before (zip's own unused fields)."""
    path = tmp_path / "一.boai-backup"
    if not path.exists():
        with Store.open(ledger) as store:
            backup.back_up(store, path, AT)
    content = bytearray(path.read_bytes())
    content[int(place * len(content))] ^= flip
    other = tmp_path / "坏.boai-backup"
    other.write_bytes(content)
    try:
        found = backup.examine(other)
    except NotOurFile:
        return
    assert found.parts == backup.examine(path).parts


def test_a_damaged_backup_changes_nothing(ledger: Path, tmp_path: Path) -> None:
    """The ledger in place is as it was, byte for byte, and nothing is left lying about."""
    bad = tmp_path / "坏.boai-backup"
    bad.write_bytes(b"PK\x03\x04 nonsense")
    before = {p.name: p.read_bytes() for p in ledger.parent.iterdir() if p.is_file()}
    with pytest.raises(NotOurFile):
        backup.restore(bad, ledger, AT)
    assert {p.name: p.read_bytes() for p in ledger.parent.iterdir() if p.is_file()} == before


def test_names_in_a_backup_cannot_leave_the_folder(tmp_path: Path) -> None:
    """A part that names a place elsewhere is refused before anything is written."""
    for name in ("../x", "files/../../x", "C:/x", "files/a\\..\\x", "rules/../x.toml"):
        path = tmp_path / "evil.boai-backup"
        parts = {n: hashlib.sha256(b"x").hexdigest() for n in ("ledger.boai-db", name)}
        with zipfile.ZipFile(path, "w") as out:
            about = {"format": 1, "office": "", "made_at": AT.isoformat(), "parts": parts}
            out.writestr("manifest.json", json.dumps(about))
            for part in parts:
                out.writestr(part, b"x")
        with pytest.raises(NotOurFile):
            backup.examine(path)


def test_automatic_backups_are_thinned_by_their_number(ledger: Path, tmp_path: Path) -> None:
    """The newest stay, whatever the clock said when they were made."""
    folder = tmp_path / "备份"
    with Store.open(ledger) as store:
        days = [AT, AT + dt.timedelta(days=1), AT - dt.timedelta(days=900), AT + dt.timedelta(days=2)]
        made = [backup.back_up(store, backup.next_automatic(folder, day), day).path for day in days]
    other = folder / "手工.boai-backup"
    other.write_bytes(b"x")
    assert backup.thin(folder, 2) == made[:2]
    assert sorted(folder.iterdir()) == sorted([*made[2:], other])


def test_a_place_that_cannot_be_written(ledger: Path, tmp_path: Path) -> None:
    """One sentence, and no half-made file."""
    (tmp_path / "file").write_text("")
    with Store.open(ledger) as store, pytest.raises(DiskTrouble):
        backup.back_up(store, tmp_path / "file" / "一.boai-backup", AT)


_STOPPED = """
import datetime as dt, os, sys
from pathlib import Path
from db.tasks import backup
left = int(sys.argv[3])
def counted(name):
    real = getattr(os, name)
    def call(*args, **kwargs):
        global left
        left -= 1
        if left < 0:
            os._exit(9)
        return real(*args, **kwargs)
    setattr(os, name, call)
for name in ("replace", "unlink", "rmdir", "mkdir", "fsync", "open"):
    counted(name)
backup.restore(Path(sys.argv[1]), Path(sys.argv[2]), dt.datetime(2026, 9, 21))
"""


def test_a_restore_stopped_anywhere_leaves_one_of_the_two(ledger: Path, tmp_path: Path) -> None:
    """Stopped before every call that touches a folder: the next start has the old ledger or the new one, whole.

    The control: of all these stops, some find the old one and some the new one.
    """
    with Store.open(ledger) as store:
        made = backup.back_up(store, tmp_path / "一.boai-backup", AT)
        old = _rows(store)
        with store.operation("后来"):
            store.delete(MEMBERSHIP, [1])
        later = _rows(store)
    place = ledger.parent
    kept = tmp_path / "kept"
    shutil.copytree(place, kept)
    marks = vault.data_folder() / "marks"
    shutil.copytree(marks, tmp_path / "marks")
    found = []
    for count in range(200):
        shutil.rmtree(place)
        shutil.copytree(kept, place)
        shutil.copytree(tmp_path / "marks", marks, dirs_exist_ok=True)
        done = subprocess.run(
            [sys.executable, "-c", _STOPPED, str(made.path), str(ledger), str(count)],
            cwd=Path(__file__).parents[3], check=False, capture_output=True,
        )  # fmt: skip
        assert done.returncode in (0, 9), done.stderr.decode()
        with Store.open(ledger) as store:
            rows = _rows(store)
            assert rows in (old, later), count
            assert open_copy(store, 1).read_text(encoding="utf-8") == "发票"
            assert not store.put_back, count
        assert not [p for p in place.iterdir() if p.name.endswith((".restoring", ".intent", ".part"))]
        found.append("new" if rows == old else "old")
        if done.returncode == 0:
            break
    assert found[-1] == "new"
    assert found.count("old") > 10
    assert found.count("new") > 1


def test_a_log_left_behind_does_not_reach_the_restored_ledger(ledger: Path, tmp_path: Path) -> None:
    """A ledger that was moved away by hand has left its side files; they go aside, and a new office is not made over them."""
    with Store.open(ledger) as store:
        made = backup.back_up(store, tmp_path / "一.boai-backup", AT)
        before = _rows(store)
    ledger.unlink()
    ledger.with_name(ledger.name + "-wal").write_bytes(b"left over" * 1000)
    with pytest.raises(DataFileError, match="没有新建"):
        Store.create(ledger)
    backup.restore(made.path, ledger, AT)
    with Store.open(ledger) as store:
        assert _rows(store) == before


def test_a_restore_is_opened_before_it_counts(ledger: Path, tmp_path: Path) -> None:
    """Random bytes under a list that agrees with them are no ledger; the one in place stays."""
    with Store.open(ledger) as store:
        backup.back_up(store, tmp_path / "一.boai-backup", AT)
    with zipfile.ZipFile(tmp_path / "一.boai-backup") as source:
        parts = {n: source.read(n) for n in source.namelist() if n != "manifest.json"}
    parts["ledger.boai-db"] = os.urandom(8192)
    about = {"format": 1, "office": "", "made_at": AT.isoformat(),
             "parts": {n: hashlib.sha256(c).hexdigest() for n, c in parts.items()}}  # fmt: skip
    with zipfile.ZipFile(tmp_path / "假.boai-backup", "w") as out:
        out.writestr("manifest.json", json.dumps(about))
        for name, content in parts.items():
            out.writestr(name, content)
    before = {p.name: p.read_bytes() for p in ledger.parent.iterdir() if p.is_file()}
    with pytest.raises(NotOurFile):
        backup.restore(tmp_path / "假.boai-backup", ledger, AT)
    assert {p.name: p.read_bytes() for p in ledger.parent.iterdir() if p.is_file()} == before


def test_a_ledger_in_use_is_not_restored_over(ledger: Path, tmp_path: Path) -> None:
    with Store.open(ledger) as store:
        made = backup.back_up(store, tmp_path / "一.boai-backup", AT)
        with pytest.raises(InUse):
            backup.restore(made.path, ledger, AT)
        store.note("还在写")
