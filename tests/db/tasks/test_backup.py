"""Backups: proved before they count, restored without overwriting, refused when a byte of them is not as it was."""

import concurrent.futures
import datetime as dt
import os
import shutil
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.errors import DataFileError, DiskTrouble, InUse, Locked, NotOurFile, UserError
from db.records.entities import ENTITIES, MEMBERSHIP
from db.storage import vault
from db.storage.store import Store
from db.tasks import backup, backup_file, restoring
from db.tasks.attachments import attach, open_copy
from db.tasks.backup_file import Backup
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
    aside = restoring.restore(made.path, ledger, AT)
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
    assert restoring.restore(made.path, other, AT) is None
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


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
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
        restoring.restore(bad, ledger, AT)
    assert {p.name: p.read_bytes() for p in ledger.parent.iterdir() if p.is_file()} == before


BAD_NAMES = (
    "../x", "files/../../x", "C:/x", "files/a\\..\\x", "rules/../x.toml", "rules/CON.toml", "rules/a/b.toml", "rules/", "/etc/x",
    "files/aa/" + "b" * 64, "files/aa/aa", "rules/x\u202e.toml:y", "ledger.boai-db/x", "manifest.json/x", "rules/nul", "rules/a. ",
)  # fmt: skip


@pytest.mark.parametrize("name", BAD_NAMES)
def test_names_in_a_backup_cannot_leave_the_folder(ledger: Path, tmp_path: Path, name: str) -> None:
    """A part that names a place elsewhere, or a device, is refused before anything is written, though signed."""
    with Store.open(ledger) as store:
        made = backup.back_up(store, tmp_path / "一.boai-backup", AT)
        assert store.secret is not None
        extra = tmp_path / "x"
        extra.write_bytes(b"x")
        forged = Backup(**{**made.__dict__, "parts": {**made.parts, name: backup_file.part_of(extra)}})
        forged = forged.signed(store.secret.backup_key())
    _pack(forged, tmp_path / "evil.boai-backup", made.path, {name: b"x"})
    with pytest.raises(NotOurFile):
        backup.examine(tmp_path / "evil.boai-backup")


def _pack(about: Backup, place: Path, like: Path, changed: dict[str, bytes], packing: int = zipfile.ZIP_STORED) -> None:
    """Write a backup that says `about`, with the parts of another and some `changed` ones."""
    folder = place.parent / f"{place.name}-parts"
    folder.mkdir()
    sources = {}
    with zipfile.ZipFile(like) as source:
        for number, name in enumerate(about.parts):
            sources[name] = folder / str(number)
            sources[name].write_bytes(changed[name] if name in changed else source.read(name))
    if packing == zipfile.ZIP_STORED:
        backup_file.write(about, place, sources)
        return
    backup_file.write(about, folder / "plain", sources)
    with zipfile.ZipFile(folder / "plain") as plain, zipfile.ZipFile(place, "w", packing) as out:
        for name in plain.namelist():
            out.writestr(name, plain.read(name))


def _parted(made: Backup, tmp_path: Path, **content: bytes) -> Backup:
    """The same backup, but some parts have other content, and the unsigned manifest says so."""
    parts = dict(made.parts)
    for name, new in content.items():
        file = tmp_path / f"new-{name}"
        file.write_bytes(new)
        parts[{"ledger": backup_file.LEDGER, "keys": backup_file.SLOT}[name]] = backup_file.part_of(file)
    return Backup(**{**made.__dict__, "parts": parts})


FORGERIES = {
    "another day": {"made_at": AT + dt.timedelta(days=100)},
    "another office": {"office": "别的红十字会"},
    "another ledger": {"vault": "0" * 16},
    "a later state": {"sequence": 999},
    "other counts": {"counts": {"volunteer": 9}},
    "attachments left out": {"attachments": {}},
    "no seal": {"mac": ""},
}


@pytest.mark.parametrize(
    "name", [*FORGERIES, "random bytes", "an empty ledger", "another office's", "packed", "a bomb"]
)
def test_a_forged_backup_is_refused_and_nothing_changes(ledger: Path, tmp_path: Path, name: str) -> None:
    with Store.open(ledger) as store:
        made = backup.back_up(store, tmp_path / "一.boai-backup", AT)
    bad, packing, changed = tmp_path / "假.boai-backup", zipfile.ZIP_STORED, dict[str, bytes]()
    if name in FORGERIES:
        about = Backup(**{**made.__dict__, **FORGERIES[name]})
    elif name == "another office's":
        other, _ = Store.create(tmp_path / "other.boai-db")
        with other:
            theirs = backup.back_up(other, tmp_path / "二.boai-backup", AT)
        with zipfile.ZipFile(theirs.path) as source:
            changed = {"ledger.boai-db": source.read("ledger.boai-db")}
        about = _parted(made, tmp_path, ledger=changed["ledger.boai-db"])
    elif name in ("packed", "a bomb"):
        packing = zipfile.ZIP_DEFLATED
        changed = {"ledger.boai-db": bytes(50_000_000)} if name == "a bomb" else {}
        about = _parted(made, tmp_path, ledger=changed["ledger.boai-db"]) if changed else made
    else:
        changed = {"ledger.boai-db": os.urandom(8192) if name == "random bytes" else b""}
        about = _parted(made, tmp_path, ledger=changed["ledger.boai-db"])
    _pack(about, bad, made.path, changed, packing)
    before = {p.name: p.read_bytes() for p in ledger.parent.iterdir() if p.is_file()}
    with pytest.raises(UserError):
        restoring.restore(bad, ledger, AT)
    assert {p.name: p.read_bytes() for p in ledger.parent.iterdir() if p.is_file()} == before
    restoring.restore(made.path, ledger, AT)


HOSTILE_MANIFESTS = [b"", b"[]", b"null", b"[" * 200_000, b'{"format": 1e999}', b'{"format": 2}', b"\xff", b'{"a":' * 100_000,
                     b'{"format": 2, "format": 2}', b'{"format": 99}', b'{"format": NaN}']  # fmt: skip


@pytest.mark.parametrize("number", range(len(HOSTILE_MANIFESTS)))
def test_a_hostile_manifest_is_a_sentence(tmp_path: Path, number: int) -> None:
    with zipfile.ZipFile(tmp_path / "x.boai-backup", "w") as out:
        out.writestr("manifest.json", HOSTILE_MANIFESTS[number])
        out.writestr("ledger.boai-db", b"x")
    with pytest.raises(NotOurFile):
        backup.examine(tmp_path / "x.boai-backup")


def test_a_backup_of_another_ledger_is_not_put_over_this_one(ledger: Path, tmp_path: Path) -> None:
    """Unless somebody says so."""
    other, _ = Store.create(tmp_path / "other" / "other.boai-db")
    with other:
        theirs = backup.back_up(other, tmp_path / "二.boai-backup", AT)
    with pytest.raises(UserError, match="另一份"):
        restoring.restore(theirs.path, ledger, AT)
    assert restoring.restore(theirs.path, ledger, AT, another=True) is not None


def test_attachments_are_kept_once_for_all_backups_of_a_folder(ledger: Path, tmp_path: Path) -> None:
    """What has not changed is not copied again; a restore finds it in the library, and says so where it is not there."""
    folder = tmp_path / "备份"
    with Store.open(ledger) as store:
        before = _rows(store)
        for day in range(3):
            at = AT + dt.timedelta(days=day)
            made = backup.back_up(store, backup.next_automatic(folder, at), at, shared=True)
            (kept,) = (folder / backup_file.LIBRARY).rglob("*/*")
            if day == 0:
                first = kept.stat()
            assert (kept.stat().st_mtime_ns, kept.stat().st_ino) == (first.st_mtime_ns, first.st_ino)
        assert not any(name.startswith("files/") for name in made.parts)
        assert made.complete
        kept.write_bytes(b"x")  # damaged: the next backup notices and mends it
        assert made.lacking()
        made = backup.back_up(store, backup.next_automatic(folder, at), at, shared=True)
        assert not made.lacking()
    elsewhere = tmp_path / "别处" / "ledger.boai-db"
    restoring.restore(made.path, elsewhere, AT)
    with Store.open(elsewhere) as store:
        assert _rows(store) == before
        assert open_copy(store, 1).read_text(encoding="utf-8") == "发票"
    kept.unlink()
    third = tmp_path / "第三处" / "ledger.boai-db"
    with pytest.raises(UserError, match="附件库"):
        restoring.restore(made.path, third, AT)
    assert not third.exists()
    restoring.restore(made.path, third, AT, without_files=True)
    restoring.restore(made.path, ledger, AT)  # the ledger in place has it still
    with Store.open(ledger) as store:
        assert open_copy(store, 1).read_text(encoding="utf-8") == "发票"


def test_automatic_backups_are_thinned_by_their_number(ledger: Path, tmp_path: Path) -> None:
    """The newest stay, whatever the clock said when they were made; the library keeps what a backup needs."""
    folder = tmp_path / "备份"
    with Store.open(ledger) as store:
        assert store.secret is not None
        days = [AT, AT + dt.timedelta(days=1), AT - dt.timedelta(days=900), AT + dt.timedelta(days=2)]
        made = [backup.back_up(store, backup.next_automatic(folder, day), day, shared=True).path for day in days]
        unneeded = folder / backup_file.LIBRARY / "aa" / ("aa" * 32)
        unneeded.parent.mkdir(exist_ok=True)
        unneeded.write_bytes(b"x")
        os.utime(unneeded, (1, 1))
        other = folder / "手工.boai-backup"
        other.write_bytes(b"x")
        assert backup.thin(folder, 3, store.secret) == made[:1]
        assert unneeded.exists()  # nobody knows what the backup needs that cannot be read
        other.unlink()
        assert backup.thin(folder, 2, store.secret) == made[1:2]
        assert not unneeded.exists()
    assert sorted(p for p in folder.iterdir() if p.is_file()) == made[2:]
    assert not any(backup.examine(p).lacking() for p in made[2:])


def test_thinning_never_goes_past_the_last_complete_one(ledger: Path, tmp_path: Path) -> None:
    """An attachment is lost: the backups since then say so, and the last that has it stays, however many follow."""
    folder = tmp_path / "备份"
    with Store.open(ledger) as store:
        assert store.secret is not None
        made = [backup.back_up(store, backup.next_automatic(folder, AT), AT, shared=True) for _ in range(2)]
        assert store.files is not None
        shutil.rmtree(store.files.folder)
        made += [backup.back_up(store, backup.next_automatic(folder, AT), AT, shared=True) for _ in range(4)]
        assert [b.complete for b in made] == [True, True, False, False, False, False]
        assert backup.thin(folder, 2, store.secret) == [made[0].path]
        assert backup.thin(folder, 1, store.secret) == []
    restoring.restore(made[1].path, ledger, AT)
    with Store.open(ledger) as store:
        assert open_copy(store, 1).read_text(encoding="utf-8") == "发票"


def test_saving_goes_on_while_a_backup_is_made(ledger: Path, tmp_path: Path) -> None:
    """By a reader, beside a writer, many times: each backup is whole, and each says how far the ledger had come."""
    stop = threading.Event()
    with Store.open(ledger) as store:
        assert store.secret is not None

        def make() -> list[Backup]:
            found = []
            with Store.open(ledger, read_only=True) as reader:
                for number in range(6):
                    found.append(backup.back_up(reader, tmp_path / f"{number}.boai-backup", AT))
            stop.set()
            return found

        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            making, saved = pool.submit(make), 0
            while not stop.is_set() and not making.done():
                store.note("还在写")
                saved += 1
            made = making.result()
    assert saved > 6
    assert made[0].sequence < made[-1].sequence
    for each in made:
        place = tmp_path / each.path.stem / "x.boai-db"
        restoring.restore(each.path, place, AT)
        with Store.open(place) as restored:
            assert restored.query("SELECT max(id) AS id FROM operation")[0]["id"] == each.sequence


def test_before_an_import_the_database_is_kept(ledger: Path, tmp_path: Path) -> None:
    """A restore of it brings the rows back and keeps the attachments that stand there."""
    with Store.open(ledger) as store:
        before = _rows(store)
        made = [backup.back_up_before(store, "导入") for _ in range(backup.KEPT_BEFORE + 2)]
        with store.operation("导入"):
            store.delete(MEMBERSHIP, [1])
    assert len(list((ledger.parent / "备份").iterdir())) == backup.KEPT_BEFORE
    last = made[-1]
    assert last is not None
    assert last.database_only
    assert not last.complete
    restoring.restore(last.path, ledger, AT)
    with Store.open(ledger) as store:
        assert _rows(store) == before
        assert open_copy(store, 1).read_text(encoding="utf-8") == "发票"


def test_a_backup_with_a_password_is_opened_before_it_counts(ledger: Path, tmp_path: Path) -> None:
    with Store.open(ledger) as store:
        store.set_password("白鹿原上 1987")
        made = backup.back_up(store, tmp_path / "一.boai-backup", AT)
    with pytest.raises(Locked):
        restoring.restore(made.path, ledger, AT)
    restoring.restore(made.path, ledger, AT, lambda unpacked: vault.unlock(unpacked, "白鹿原上 1987"))
    Store.open(ledger, "白鹿原上 1987").close()


def test_a_place_that_cannot_be_written(ledger: Path, tmp_path: Path) -> None:
    """One sentence, and no half-made file."""
    (tmp_path / "file").write_text("")
    with Store.open(ledger) as store, pytest.raises(DiskTrouble):
        backup.back_up(store, tmp_path / "file" / "一.boai-backup", AT)


_STOPPED = """
import datetime as dt, os, sys
from pathlib import Path
from db.tasks import restoring
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
restoring.restore(Path(sys.argv[1]), Path(sys.argv[2]), dt.datetime(2026, 9, 21))
"""


def test_a_restore_stopped_anywhere_leaves_one_of_the_two(ledger: Path, tmp_path: Path) -> None:
    """Stopped before every third call that touches a folder: the next start has the old ledger or the new one, whole.

    The control: of all these stops, some find the old one and some the new one. Every call: `python -m tests.qa.kill`.
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
    for count in range(0, 200, 3):
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
    assert found.count("old") > 3
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
    restoring.restore(made.path, ledger, AT)
    with Store.open(ledger) as store:
        assert _rows(store) == before


def test_a_ledger_in_use_is_not_restored_over(ledger: Path, tmp_path: Path) -> None:
    with Store.open(ledger) as store:
        made = backup.back_up(store, tmp_path / "一.boai-backup", AT)
        with pytest.raises(InUse):
            restoring.restore(made.path, ledger, AT)
        store.note("还在写")
