"""Keys: a password protects what it says, a change that failed has not happened, and guessing costs time."""

import json
import shutil
import subprocess
import sys
import time
import unicodedata
from pathlib import Path

import pytest

from db.errors import DiskTrouble, Locked, MustWait, UserError, WrongPassword
from db.storage import access, keys, vault
from db.storage.store import Store
from db.tasks.verifying import verify

ROOT = Path(__file__).parents[3]
OLD, NEW = "白鹿原上 1987", "三棵枣树 1988"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A closed ledger without a password."""
    place = tmp_path / "ledger.boai-db"
    Store.create(place)[0].close()
    return place


def account_slots() -> list[Path]:
    return list((vault.data_folder() / "keys").iterdir())


def set_to(path: Path, password: str, before: str | None = None) -> None:
    with Store.open(path, before) as store:
        store.set_password(password)


def test_with_a_password_this_account_alone_no_longer_opens(path: Path, tmp_path: Path) -> None:
    """Also where somebody puts the account's slot back and takes the password's slot off."""
    stripped, kept = keys.slot_file(path).read_bytes(), account_slots()[0]
    shutil.copy(kept, tmp_path / "slot")
    set_to(path, OLD)
    assert account_slots() == []
    shutil.copy(tmp_path / "slot", kept)
    keys.slot_file(path).write_bytes(stripped)
    for read_only in (False, True):
        with pytest.raises(Locked, match="设有密码"):
            Store.open(path, read_only=read_only)


def test_the_account_may_keep_its_slot_where_the_person_wants_it(path: Path) -> None:
    with Store.open(path) as store:
        store.set_password(OLD, keep_account=True)
    Store.open(path, OLD).close()
    keys.slot_file(path).write_text(json.dumps({"vault": json.loads(keys.slot_file(path).read_text())["vault"],
                                                "key": account_slots()[0].stem.split("-")[1]}))  # fmt: skip
    Store.open(path).close()


def test_an_old_slot_does_not_open_a_newer_ledger(path: Path) -> None:
    set_to(path, OLD)
    old = keys.slot_file(path).read_bytes()
    set_to(path, NEW, OLD)
    keys.slot_file(path).write_bytes(old)
    for password in (OLD, NEW):
        with pytest.raises(Locked):
            Store.open(path, password)


def test_a_newer_slot_opens_an_older_ledger(path: Path) -> None:
    """Who restores yesterday's file by hand knows today's password."""
    set_to(path, OLD)
    yesterday = path.read_bytes()
    set_to(path, NEW, OLD)
    path.write_bytes(yesterday)
    Store.open(path, NEW).close()


@pytest.mark.parametrize("where", ["slot", "log"])
def test_a_change_that_failed_has_not_happened(path: Path, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither where the slot cannot be written nor where the ledger cannot take it up."""
    set_to(path, OLD)
    with Store.open(path, OLD) as store, monkeypatch.context() as failing:

        def fail(*_: object, **__: object) -> None:
            raise OSError if where == "slot" else DiskTrouble("没有保存成功")

        failing.setattr(*((keys, "_replace", fail) if where == "slot" else (access, "put", fail)))
        with pytest.raises(DiskTrouble):
            store.set_password(NEW)
    assert not keys.waiting_slot(path).exists()
    with pytest.raises(WrongPassword):
        Store.open(path, NEW)
    Store.open(path, OLD).close()


_CHANGED = """
import os, sys
from pathlib import Path
from db.storage import keys, vault
from db.storage.store import Store
store = Store.open(Path(sys.argv[1]), sys.argv[2])
real, step = os.replace, int(sys.argv[4])
def stop(*a):
    global step
    step -= 1
    if step < 0: os._exit(9)
    return real(*a)
os.replace = stop
if step == 1:  # after the slot was written, before the ledger knows it
    import db.storage.access as access
    access.put = lambda *a: os._exit(9)
store.set_password(sys.argv[3])
print("changed", flush=True)
store.close()
"""


@pytest.mark.parametrize(("step", "holds"), [(0, OLD), (1, OLD), (2, NEW)])
def test_a_change_that_was_stopped_leaves_one_password(path: Path, step: int, holds: str) -> None:
    """Stopped before the slot stands, before the ledger knows it, and before it moves into place."""
    set_to(path, OLD)
    arguments = [str(path), OLD, NEW, str({0: 0, 1: 1, 2: 1}[step])]
    script = _CHANGED if step != 2 else _CHANGED.replace("if step == 1:", "if False:")
    done = subprocess.run([sys.executable, "-c", script, *arguments], cwd=ROOT, check=False, capture_output=True)
    assert done.returncode == 9, done.stderr.decode()
    other = NEW if holds == OLD else OLD
    for read_only in (True, False):
        with pytest.raises(Locked):
            Store.open(path, other, read_only=True)
        with Store.open(path, holds, read_only=read_only) as store:
            assert [p.kind for p in verify(store) if p.kind != "journal"] == []
    assert not keys.waiting_slot(path).exists()


def test_a_password_is_the_same_from_every_keyboard(path: Path) -> None:
    """Composed and decomposed, wide and narrow letters (NFKC)."""
    word = "café１２３４５"
    set_to(path, unicodedata.normalize("NFD", word))
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        Store.open(path, unicodedata.normalize(form, word)).close()


def test_a_slot_from_before_still_opens(path: Path) -> None:
    """Slots of the first form have no generation and took the password as it was typed."""
    import base64

    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    word, secret = unicodedata.normalize("NFD", "é短"), vault.unlock(path)
    head = {"vault": "x", "kdf": "argon2id", "time": 3, "memory_kib": 65536, "lanes": 4}
    sealed = AESGCM(keys._stretch(word, b"s" * 16, 3, 65536, 4)).encrypt(
        b"n" * 12, secret.root, json.dumps(head, sort_keys=True).encode()
    )
    slot = head | {k: base64.b64encode(v).decode() for k, v in
                   (("salt", b"s" * 16), ("nonce", b"n" * 12), ("sealed", sealed))}  # fmt: skip
    keys.slot_file(path).write_text(json.dumps(slot), encoding="utf-8")
    Store.open(path, word).close()


@pytest.mark.parametrize("word", ["", "1", " ", "1234567", "        ", "a" * 7 + " ", "\ud800" * 9])
def test_a_short_password_is_not_set(path: Path, tmp_path: Path, word: str) -> None:
    """Neither at the beginning nor later; nothing is left of the try."""
    with pytest.raises(UserError):
        Store.create(tmp_path / "other.boai-db", word)
    with Store.open(path) as store, pytest.raises(UserError):
        store.set_password(word)
    assert {p.name.split(".boai-db")[0] for p in tmp_path.iterdir()} == {"ledger"}
    Store.open(path).close()


def test_a_password_that_cannot_be_written_is_wrong(path: Path) -> None:
    set_to(path, OLD)
    with pytest.raises(WrongPassword):
        Store.open(path, "\ud800abc")


def test_wrong_passwords_cost_more_and_more_time(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the fifth on, also after a restart and also for the right one; the recovery code opens at once; it is logged."""
    with Store.open(path) as store:
        code = store.secret.code()  # type: ignore[union-attr]
        store.set_password(OLD)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)
    folder = vault.data_folder()
    for _ in range(access.FREE):
        with pytest.raises(WrongPassword):
            Store.open(path, NEW)
    waits = []
    for _ in range(8):
        with pytest.raises(MustWait) as caught:
            Store.open(path, OLD)
        waits.append(caught.value.seconds)
        now += waits[-1] + 1
        with pytest.raises(WrongPassword):
            Store.open(path, NEW)
    assert waits == [10, 20, 40, 80, 160, 300, 300, 300]
    now -= 10_000_000  # a clock set back is no lock for ever
    assert access.wait(folder, path) == access.LONGEST
    Store.open(path, recovery_code=code, read_only=True).close()
    with Store.open(path, OLD) as store:
        titles = [row["title"] for row in store.query("SELECT title FROM operation")]
        assert f"打开之前输错密码 {access.FREE + 8} 次" in titles
    with Store.open(path, OLD) as store:
        assert len(store.query("SELECT 1 FROM operation WHERE title LIKE '打开之前%'")) == 1


@pytest.mark.parametrize("content", [b"", b"{", b"[" * 5000, b'{"running": 1e999}', b'{"running": -3, "last": 0, "unlogged": 0}',
                                     b'{"running": 9, "last": "x", "unlogged": 1}', b" " * 5000])  # fmt: skip
def test_a_spoiled_count_locks_nobody_out(path: Path, content: bytes) -> None:
    set_to(path, OLD)
    with pytest.raises(WrongPassword):
        Store.open(path, NEW)
    (place,) = (vault.data_folder() / "tries").iterdir()
    place.write_bytes(content)
    Store.open(path, OLD).close()


SPOILED = [
    b"",
    b"[]",
    b"null",
    b"[" * 100_000,
    b'{"a":' * 50_000,
    b"\xff\xfe",
    b"9" * 1_000_000,
    b'{"sealed": 1, "time": 1e999}',
]


@pytest.mark.parametrize("number", range(len(SPOILED)))
def test_a_spoiled_slot_is_a_sentence(path: Path, number: int) -> None:
    set_to(path, OLD)
    keys.slot_file(path).write_bytes(SPOILED[number])
    with pytest.raises(Locked):
        Store.open(path, OLD)


@pytest.mark.parametrize(("name", "value"), [("memory_kib", 1024 * 1024), ("time", 1e999), ("time", True), ("salt", "AA=="),
                                             ("nonce", ""), ("sealed", "A" * 4000), ("generation", -1), ("vault", [1])])  # fmt: skip
def test_a_slot_asks_for_little(path: Path, name: str, value: object) -> None:
    """No value in it makes the program take long, take much memory, or stumble."""
    set_to(path, OLD)
    slot = json.loads(keys.slot_file(path).read_text(encoding="utf-8"))
    keys.slot_file(path).write_text(json.dumps(slot | {name: value}), encoding="utf-8")
    start = time.monotonic()
    with pytest.raises(Locked):
        Store.open(path, OLD)
    assert time.monotonic() - start < 5


def test_beginning_an_office_cannot_be_undone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from desktop.__main__ import main

    db = ["--db", str(tmp_path / "x.boai-db")]
    assert main([*db, "init", "--name", "安澜县红十字会", "--level", "县级"]) == 0
    assert main([*db, "undo"]) == 2
    with Store.open(tmp_path / "x.boai-db") as store:
        assert store.office()["name"] == "安澜县红十字会"
