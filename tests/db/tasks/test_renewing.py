"""Another recovery code: the old one opens nothing that is written from then on, and a stop leaves one of the two."""

import datetime as dt
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver

from db.errors import DataFileError, DiskTrouble, InUse, NotOurFile, UserError
from db.records.entities import ENTITIES
from db.storage import access, keys, vault
from db.storage.keys import Secret
from db.storage.store import Store
from db.tasks import backup, renewing, restoring
from db.tasks.attachments import attach, open_copy
from db.tasks.verifying import verify
from desktop.services.access import ask_code, code_is_confirmed, confirm_code, ways_in
from tests.offices.small import Desk

AT, WORD = dt.datetime(2026, 9, 21), "白鹿原上 1987"
ROOT = Path(__file__).parents[3]


def _rows(store: Store) -> dict[str, list[dict[str, object]]]:
    return {e.name: store.rows(e) for e in ENTITIES}


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A closed ledger with a person, a file, and content that was erased from the log."""
    monkeypatch.setenv("BOAI_DATA", str(tmp_path / "data"))
    path = tmp_path / "办公室" / "ledger.boai-db"
    store, _ = Store.create(path)
    with store:
        desk = Desk(store)
        desk.join(desk.team(), desk.person())
        proof = tmp_path / "凭证.txt"
        proof.write_text("发票", encoding="utf-8")
        attach(store, proof, on=AT.date())
        with store.operation("删除个人信息", "event") as operation:
            store.db.execute(
                "UPDATE change SET before = NULL, after = '{}', erased_by = ? WHERE record = 'volunteer'",
                [operation.id],
            )
    return path


def test_the_old_code_opens_nothing_any_more(ledger: Path) -> None:
    """Rows, files and the proof of the log are what they were; the account's slot is the new secret's alone."""
    old = vault.unlock(ledger)
    with Store.open(ledger) as store:
        before = _rows(store)
    done = renewing.renew(ledger, old, AT)
    assert done.secret.code() != old.code()
    with pytest.raises(NotOurFile):
        Store.open(ledger, recovery_code=old.code())
    for code in (None, done.secret.code()):
        with Store.open(ledger, recovery_code=code) as store:
            assert _rows(store) == before
            assert open_copy(store, 1).read_text(encoding="utf-8") == "发票"
            assert verify(store) == []
            store.note("继续写")
    with Store.open(ledger) as store:
        assert verify(store) == []
        assert not store.put_back
    with Store.open(done.aside, recovery_code=old.code()) as store:
        assert _rows(store) == before
    assert old.root not in b"".join(p.read_bytes() for p in vault.data_folder().rglob("*.key"))
    again = renewing.renew(ledger, done.secret, AT + dt.timedelta(seconds=1))
    with Store.open(ledger, recovery_code=again.secret.code()) as store:
        assert verify(store) == []


def test_with_a_password(ledger: Path) -> None:
    """It is asked for, since the old slot wraps the old secret; an old slot put back opens nothing."""
    with Store.open(ledger) as store:
        store.set_password(WORD)
    secret, slot = vault.unlock(ledger, WORD), keys.slot_file(ledger).read_bytes()
    with pytest.raises(UserError, match="再给出密码"):
        renewing.renew(ledger, secret, AT)
    renewing.renew(ledger, secret, AT, WORD)
    with Store.open(ledger, WORD) as store:
        assert verify(store) == []
    keys.slot_file(ledger).write_bytes(slot)
    with pytest.raises(DataFileError):
        Store.open(ledger, WORD)


def test_what_cannot_be_done_changes_nothing(ledger: Path) -> None:
    secret = vault.unlock(ledger)
    with Store.open(ledger), pytest.raises(InUse):
        renewing.renew(ledger, secret, AT)
    (file,) = (p for p in ledger.with_name(ledger.name + ".files").rglob("*") if p.is_file())
    content = file.read_bytes()
    file.write_bytes(content[:-1])
    with pytest.raises(NotOurFile, match="附件"):
        renewing.renew(ledger, secret, AT)
    file.write_bytes(content)
    Store.open(ledger, recovery_code=secret.code()).close()
    assert not [p for p in ledger.parent.iterdir() if ".restoring" in p.name or ".intent" in p.name]


def test_a_backup_from_before_opens_by_the_code_of_then(ledger: Path, tmp_path: Path) -> None:
    with Store.open(ledger) as store:
        made = backup.back_up(store, tmp_path / "一.boai-backup", AT)
    old = vault.unlock(ledger)
    new = renewing.renew(ledger, old, AT).secret
    with pytest.raises(DataFileError):
        restoring.restore(made.path, ledger, AT, lambda _: new)
    restoring.restore(made.path, ledger, AT, lambda _: old)
    with Store.open(ledger, recovery_code=old.code()) as store:
        assert verify(store) == []


def test_all_that_is_swapped_in_was_flushed(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A power cut right after the swap keeps no byte that was not: local packs and attachments as well as the ledger."""
    pack = ledger.with_name(ledger.name + ".rules") / "AB26.toml"
    pack.parent.mkdir()
    pack.write_text("规则", encoding="utf-8")
    flushed, fsync = set[int](), os.fsync

    def told(descriptor: int) -> None:
        flushed.add(os.fstat(descriptor).st_ino)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", told)
    renewing.renew(ledger, vault.unlock(ledger), AT)
    assert pack.read_text(encoding="utf-8") == "规则"
    beside = [p for s in (".rules", ".files", ".keys") for p in [ledger.with_name(ledger.name + s)] if p.exists()]
    files = [f for p in beside for f in (p.rglob("*") if p.is_dir() else [p]) if f.is_file()]
    assert len(files) >= 3
    assert [f.name for f in files if f.stat().st_ino not in flushed] == []


_STOPPED = """
import datetime as dt, os, sys
from pathlib import Path
from db.storage import vault
from db.tasks import renewing
secret, left = vault.unlock(Path(sys.argv[1])), int(sys.argv[2])
def counted(name):
    real = getattr(os, name)
    def call(*args, **kwargs):
        global left
        left -= 1
        if left < 0:
            os._exit(9)
        return real(*args, **kwargs)
    setattr(os, name, call)
for name in ("replace", "unlink", "rmdir", "mkdir", "fsync"):
    counted(name)
renewing.renew(Path(sys.argv[1]), secret, dt.datetime(2026, 9, 21))
"""


def test_stopped_anywhere_the_next_start_has_one_of_the_two(ledger: Path, tmp_path: Path) -> None:
    """This account opens it either way. The control: some stops leave the old code, some the new."""
    with Store.open(ledger) as store:
        before = _rows(store)
    old = vault.unlock(ledger)
    places = (ledger.parent, vault.data_folder())
    for number, place in enumerate(places):
        shutil.copytree(place, tmp_path / "kept" / str(number))
    found = []
    for count in range(0, 400, 3):
        for number, place in enumerate(places):
            shutil.rmtree(place)
            shutil.copytree(tmp_path / "kept" / str(number), place)
        done = subprocess.run(
            [sys.executable, "-c", _STOPPED, str(ledger), str(count)], cwd=ROOT, check=False, capture_output=True
        )
        assert done.returncode in (0, 9), done.stderr.decode()
        with Store.open(ledger) as store:
            assert _rows(store) == before
            assert open_copy(store, 1).read_text(encoding="utf-8") == "发票"
            assert verify(store) == []
            assert store.secret is not None
            found.append(store.secret == old)
        if done.returncode == 0:
            break
    assert done.returncode == 0
    assert found.count(True) > 5
    assert found.count(False) > 1


def test_the_code_is_asked_for_until_part_of_it_was_typed_back(ledger: Path) -> None:
    """Wrong characters do not count; however they are typed, right ones do; a new code is asked for anew."""
    with Store.open(ledger) as store:
        assert store.secret is not None
        assert not code_is_confirmed(store)
        code, question = store.secret.code().replace("-", ""), ask_code()
        assert len(set(question.words)) == 4
        right = "".join(code[p] for p in question.places)
        wrong = right[:3] + ("2" if right[3] != "2" else "3")
        for typed in ("", right[:3], wrong, right + right[0]):
            assert not confirm_code(store, question, typed)
        assert not code_is_confirmed(store)
        assert confirm_code(store, question, f" {right[0].lower()}-{right[1]} {right[2:]}")
    with Store.open(ledger) as store:
        assert code_is_confirmed(store)
        secret = store.secret
    assert secret is not None
    renewing.renew(ledger, secret, AT)
    with Store.open(ledger) as store:
        assert not code_is_confirmed(store)
        assert store.secret is not None
        code = store.secret.code()
    Store.open(ledger, recovery_code=code).close()  # who has it all need not type part of it
    with Store.open(ledger) as store:
        assert code_is_confirmed(store)
    with Store.memory() as store:
        assert code_is_confirmed(store)


def test_how_a_ledger_may_be_opened(ledger: Path) -> None:
    assert (ways_in(ledger).password, ways_in(ledger).account, ways_in(ledger).wait) == (False, True, 0)
    with Store.open(ledger) as store:
        store.set_password(WORD)
    assert (ways_in(ledger).password, ways_in(ledger).account) == (True, False)
    for _ in range(access.FREE):
        with pytest.raises(DataFileError):
            Store.open(ledger, "不是这个密码")
    assert ways_in(ledger).wait > 0
    assert os.listdir(vault.data_folder() / "tries")


@pytest.mark.parametrize("what", ["renew", "restore"])
def test_a_disk_that_fails_is_a_sentence(
    ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """Wherever the driver meets it: the ledger in place stays, or is put back."""
    with Store.open(ledger) as store:
        made = backup.back_up(store, tmp_path / "一.boai-backup", AT)
        before = _rows(store)
    secret = vault.unlock(ledger)
    module = renewing if what == "renew" else restoring
    real = restoring.examined
    for number in range(1, 4):
        calls: list[Path] = []

        def fail(path: Path, secret: Secret, number: int = number, calls: list[Path] = calls) -> dict[str, int]:
            calls.append(path)
            if len(calls) == number:
                raise driver.OperationalError("disk I/O error")
            return real(path, secret)

        with monkeypatch.context() as failing:
            failing.setattr(restoring, "examined", fail)
            failing.setattr(module, "examined", fail)
            with pytest.raises(DiskTrouble):
                if what == "renew":
                    renewing.renew(ledger, secret, AT)
                else:
                    restoring.restore(made.path, ledger, AT)
        with Store.open(ledger) as store:
            assert store.secret == secret
            assert _rows(store) == before
        if what == "restore" and number == 2:
            break


def test_a_lock_that_cannot_be_made_is_a_sentence(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fails before anything was begun: the old code still opens."""
    secret = vault.unlock(ledger)

    def fail(_: Path, __: float = 0.0) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as failing:
        failing.setattr(renewing.lock, "hold", fail)
        with pytest.raises(DiskTrouble):
            renewing.renew(ledger, secret, AT)
    with Store.open(ledger) as store:
        assert store.secret == secret
