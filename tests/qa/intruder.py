"""What somebody tries who has the files, and no password: ``python -m tests.qa.intruder [--n N] [--seed S] [--control]``.

Each way is tried on an office with a password, an old slot, a backup, an attachment and a local pack, and says what came
of it. Bad is whatever was read, changed or believed; what is known to remain is said as such, and stands with its reason
in docs/intruder.md. ``--n 0``: every way once. The control has the office as a plain database and a program that
believes what lies beside it.
"""

import base64
import contextlib
import io
import json
import os
import random
import shutil
import sqlite3
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver

import resources
from db import places
from db.errors import UserError
from db.records.entities import VOLUNTEER
from db.rules import local_packs
from db.rules.checks import all_clauses
from db.storage import keys, vault
from db.storage.keys import Secret
from db.storage.store import Store
from db.tasks import attachments, backup, renewing, restoring
from desktop.__main__ import main as program
from desktop.shell.desk import SHOWN
from tests.qa import hostile_files
from tests.qa.office import AT, Counts, Place, bad, look, main, office

PASSWORD, BEFORE, TEXT = "清明上河图2026", "白鹿原上 1987", "附件里的明文"
RUN = (
    ".exe .bat .cmd .com .scr .pif .lnk .url .html .htm .hta .js .jse .vbs .vbe .wsf .ps1 .msi .reg .cpl .jar .iso .img .chm .docm .xlsm"
    " .xlam .pptm .dll .inf .scf .library-ms .settingcontent-ms .appref-ms .desktop .sh .svg .mht .xml .zip .rar .7z"
).split()


@dataclass(frozen=True)
class Den:
    """The office as the intruder finds it, and what only its people know."""

    place: Place
    old: bytes  # the slot before the password was changed
    words: tuple[str, ...]  # names and numbers that are in it

    @property
    def ledger(self) -> Path:
        return self.place.ledger

    @property
    def folder(self) -> Path:
        return self.place.ledger.parent

    def backup(self) -> Path:
        return self.folder / "旧.boai-backup"


Way = Callable[[Den], str]
GOOD, REMAINS = "good", "good: known to remain"


def nothing_is_read(den: Den) -> str:
    """Look into every file for names and numbers, in every usual encoding; open what looks like a database."""
    signs = [word.encode(code) for word in den.words for code in ("utf-8", "utf-16-le", "gb18030")]
    for file in (p for p in den.folder.rglob("*") if p.is_file() and p.name != "凭证.txt"):
        if any(sign in file.read_bytes() for sign in signs):
            return f"readable in {file.name}"
        with (
            contextlib.suppress(sqlite3.DatabaseError, driver.DatabaseError),
            contextlib.closing(sqlite3.connect(file)) as db,
        ):
            if db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                return f"{file.name} is a plain database"
    return GOOD


def guessing_waits(den: Den) -> str:
    """Try wrong passwords one after another through the program."""
    refused = 0
    for n in range(8):
        with pytest.raises(UserError) as told:
            Store.open(den.ledger, f"不是这个密码{n}")
        refused += "请等" in str(told.value)
    return GOOD if refused == 3 else f"{8 - refused} tries without a wait"


def guessing_offline_costs(den: Den) -> str:
    """Try one with the slot alone, as a tool of one's own would."""
    start = time.process_time()
    with contextlib.suppress(UserError):
        keys.read_password_slot(den.ledger, "不是这个密码")
    return GOOD if time.process_time() - start > 0.05 else "a try costs nothing"


def the_slot_is_no_way_round(den: Den) -> str:
    """Take it away, empty it, make it cheap or dear, take another ledger's: the ledger must not open."""
    place = keys.slot_file(den.ledger)
    slot = json.loads(place.read_bytes())
    for changed in ({"vault": slot["vault"]}, slot | {"memory_kib": 8, "time": 1}, slot | {"memory_kib": 2**40}, slot | {"generation": 99},
                    slot | {"who": "x"}, slot | {"operators": [slot]}, slot | {"sealed": base64.b64encode(bytes(36)).decode()}, {}):  # fmt: skip
        place.write_text(json.dumps(changed), encoding="utf-8")
        start = time.monotonic()
        for password in (None, "不是这个密码"):
            shutil.rmtree(vault.data_folder() / "tries", ignore_errors=True)
            with contextlib.suppress(UserError), Store.open(den.ledger, password):
                return f"opens with a changed slot: {sorted(changed)}"
        if time.monotonic() - start > 10:
            return "a changed slot holds the computer up"
    place.unlink()
    with contextlib.suppress(UserError), Store.open(den.ledger):
        return "opens without its slot"
    return GOOD


def an_old_slot_is_refused(den: Den) -> str:
    """Put the slot of before back, with the password of before."""
    keys.slot_file(den.ledger).write_bytes(den.old)
    with contextlib.suppress(UserError), Store.open(den.ledger, BEFORE):
        return "an old slot opens"
    return GOOD


def an_old_slot_and_a_tool_of_ones_own(den: Den) -> str:
    """The root secret is the same until a new code is made: with another program it opens, and no longer after that."""
    keys.slot_file(den.ledger).write_bytes(den.old)
    secret = keys.read_password_slot(den.ledger, BEFORE)
    if not _opens(den.ledger, secret):
        return "good: not even that"
    den.place.fresh()
    with contextlib.closing(Store.open(den.ledger, PASSWORD)) as store:
        own = store.secret
    assert own is not None
    renewing.renew(den.ledger, own, AT, PASSWORD)
    return "a new code does not shut it out" if _opens(den.ledger, secret) else REMAINS


def no_link_is_followed(den: Den) -> str:
    """Put links to somebody's file and folder where the program keeps its own, then work."""
    mine, theirs = den.place.folder / "别人的.txt", den.place.folder / "别处"
    names = [
        ".files",
        ".files/open",
        ".keys",
        ".keys.new",
        ".mark",
        ".rules",
        ".lock",
        "-wal",
        "-journal",
        "-shm",
        ".intent",
        ".restoring",
    ]
    for name in names:
        den.place.fresh()
        shutil.rmtree(theirs, ignore_errors=True)
        theirs.mkdir()
        mine.write_text("别人的", encoding="utf-8")
        target = den.folder / f"{den.ledger.name}{name}"
        if target.is_dir():
            shutil.rmtree(target)
        target.unlink(missing_ok=True)
        target.parent.mkdir(exist_ok=True)
        target.symlink_to(theirs if name in (".files", ".files/open", ".rules", ".restoring") else mine)
        with contextlib.suppress(UserError), Store.open(den.ledger, PASSWORD) as store:
            (den.place.folder / "证.txt").write_text(TEXT, encoding="utf-8")
            number = attachments.attach(store, den.place.folder / "证.txt", on=AT.date())
            backup.back_up(store, den.place.folder / "新.boai-backup", AT)
            attachments.open_copy(store, number)
            store.set_password(PASSWORD + "2")
        left = "".join(p.read_text(encoding="utf-8", errors="replace") for p in theirs.rglob("*") if p.is_file())
        if mine.read_text(encoding="utf-8") != "别人的" or TEXT in left:
            return f"written through a link at {name}"
    return GOOD


def no_pack_is_believed(den: Den) -> str:
    """Put a pack of one's own into the folder; change the one that is there."""
    folder = den.folder / f"{den.ledger.name}.rules"
    text = resources.path("rules/s24.toml").read_text(encoding="utf-8")
    own = folder / "AB26.toml"
    before = own.read_bytes()
    for place, content in (
        (folder / "EV26.toml", text.replace("S24", "EV26")),
        (own, text.replace("S24", "AB26").replace("应", "可", 1)),
    ):
        place.write_text(content, encoding="utf-8")
        with Store.open(den.ledger, PASSWORD) as store, contextlib.suppress(UserError):
            all_clauses(store)
            return f"{place.name} is law"
        place.unlink()
        own.write_bytes(before)
    return GOOD


def attachments_are_bound(den: Den) -> str:
    """Change, swap and cut what is kept of attachments."""
    with Store.open(den.ledger, PASSWORD) as store:
        (den.place.folder / "二.txt").write_text("另一份", encoding="utf-8")
        attachments.attach(store, den.place.folder / "二.txt", on=AT.date())
        box = attachments.box_of(store)
        (one, two) = sorted(box.there())
        first, second = box.place(one).read_bytes(), box.place(two).read_bytes()
        for content in (
            second,
            first[:-1],
            b"",
            first[:12] + bytes(len(first) - 12),
            bytes([first[0] ^ 1]) + first[1:],
        ):
            box.place(one).write_bytes(content)
            with contextlib.suppress(UserError):
                box.get(one)
                return "a changed attachment is opened"
    return GOOD


def an_older_ledger_is_told(den: Den) -> str:
    """Put back the ledger of yesterday; then with the marks in both places taken away."""
    yesterday = den.ledger.read_bytes()
    with Store.open(den.ledger, PASSWORD) as store, store.operation("今天"):
        store.save(VOLUNTEER, {"name": "今天的人", "id_type": "pending", "registered_on": "2026-09-01"})
    den.ledger.write_bytes(yesterday)
    if not look(den.ledger, den.place.code).told:
        return "an older ledger is believed"
    for mark in (p for p in den.place.folder.rglob("*.mark") if "kept" not in p.parts):
        mark.unlink()
    return "good: told even then" if look(den.ledger, den.place.code).told else REMAINS


def a_forged_backup_is_refused(den: Den) -> str:
    """Another day, another office's ledger under this one's name, a manifest sealed by a key of one's own, escapes."""
    target = den.folder / "恢复" / "ledger.boai-db"
    other = den.place.folder / "other" / "ledger.boai-db"
    other.parent.mkdir(exist_ok=True)
    if not other.exists():
        with Store.create(other)[0] as store:
            backup.back_up(store, other.with_name("other.boai-backup"), AT)
    foreign = _parts(other.with_name("other.boai-backup"))
    sound = _parts(den.backup())
    about = json.loads(sound["manifest.json"])
    forged: dict[str, dict[str, bytes]] = {
        "another day": sound | {"manifest.json": json.dumps(about | {"made_at": "2030-01-01T00:00:00"}).encode()},
        "escapes": sound | {"manifest.json": json.dumps(about | {"office": "\x1b[2J"}).encode()},
        "another's ledger": sound | {"ledger.boai-db": foreign["ledger.boai-db"], "ledger.keys": foreign["ledger.keys"]},
        "another's whole": foreign | {"manifest.json": json.dumps(json.loads(foreign["manifest.json"]) | {"vault": about["vault"]}).encode()},
        "a name that leads out": sound | {"rules/../../x.toml": b"x"},
    }  # fmt: skip
    for name, parts in forged.items():
        file = den.folder / "伪造.boai-backup"
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            for part, content in parts.items():
                archive.writestr(part, content)
        with contextlib.suppress(UserError):
            restoring.restore(
                file, target, AT, lambda unpacked: vault.unlock(unpacked, None, den.place.code), another=True
            )
            return f"a forged backup is restored: {name}"
        if target.exists():
            return f"a forged backup left something: {name}"
    return GOOD


def hostile_files_are_sentences(den: Den) -> str:
    """Import every file that is made to do harm; fill those that are workbooks or documents as templates."""
    found = hostile_files.trial(0, 1)
    if bad(found):
        return next(what for what in found if not what.startswith("good"))
    for name, _, make, _ in hostile_files.cases():
        if not name.endswith((".xlsx", ".xlsm", ".docx", ".ods", ".xls")):
            continue
        form = den.place.folder / name
        form.write_bytes(make())
        said, out = io.StringIO(), den.place.folder / "填好.xlsx"
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            code = program(["--db", str(den.ledger), "--recovery-code-file", str(_code(den)), "fill", str(form),
                            "--quarter", "2026Q3", "--out", str(out)])  # fmt: skip
        form.unlink()
        out.unlink(missing_ok=True)
        if code not in (0, 1, 2):
            return f"a template ends in a fault: {name}"
    return GOOD


def nothing_runs_by_being_opened(den: Den) -> str:
    """Kinds of file that may run, under names that hide it."""
    shown = [end for end in RUN if end in SHOWN]
    hidden = [attachments.shown_name(f"账单\u202efdp{end}") for end in RUN]
    if shown or any("\u202e" in name for name in hidden):
        return f"opened at a click: {shown}"
    return GOOD


def who_works_as_the_same_account(den: Den) -> str:
    """Read the memory of a program that has the ledger open, as another program of the account may."""
    with Store.open(den.ledger, PASSWORD) as store:
        assert store.secret is not None
        root = store.secret.root
        return REMAINS if _in_memory(root) else "good: not found"


WAYS: dict[str, Way] = {
    way.__name__.replace("_", " "): way
    for way in (
        nothing_is_read, guessing_waits, guessing_offline_costs, the_slot_is_no_way_round, an_old_slot_is_refused,
        an_old_slot_and_a_tool_of_ones_own, no_link_is_followed, no_pack_is_believed, attachments_are_bound, an_older_ledger_is_told,
        a_forged_backup_is_refused, hostile_files_are_sentences, nothing_runs_by_being_opened, who_works_as_the_same_account,
    )
}  # fmt: skip
QUICK = [name for name in WAYS if "hostile" not in name and "link" not in name]


def trial(count: int, seed: int, control: bool = False) -> Counts:
    """Try `count` ways (all, where it is 0); return what came of each."""
    found = Counts()
    with _den() as den, pytest.MonkeyPatch.context() as careless:
        if control:
            careless.setattr(local_packs, "_known", lambda store: None)
            careless.setattr(places, "is_link", lambda path: False)
            with contextlib.closing(sqlite3.connect(den.place.folder / "kept" / "plain.db")) as plain, plain:
                plain.execute("CREATE TABLE volunteer (name)")
                plain.executemany("INSERT INTO volunteer VALUES (?)", [[word] for word in den.words])
        names = list(WAYS) if count == 0 else random.Random(seed).sample(QUICK, min(count, len(QUICK)))
        for name in ["nothing is read", "no pack is believed", "no link is followed"] if control else names:
            den.place.fresh()
            found[f"{WAYS[name](den)} ({name})"] += 1
    return found


@contextlib.contextmanager
def _den() -> Iterator[Den]:
    with office() as place:
        place.fresh()
        with Store.open(place.ledger, recovery_code=place.code) as store:
            store.set_password(BEFORE)
            words = tuple(
                str(row[n]) for row in store.rows(VOLUNTEER) for n in ("name", "id_number", "phone") if row[n]
            )
        old = keys.slot_file(place.ledger).read_bytes()
        with Store.open(place.ledger, BEFORE) as store:
            store.set_password(PASSWORD)
            backup.back_up(store, place.folder / "work" / "旧.boai-backup", AT)
        shutil.rmtree(place.folder / "kept")
        shutil.copytree(place.folder / "work", place.folder / "kept")
        yield Den(place, old, tuple(w for w in words if len(w) > 1))


def _code(den: Den) -> Path:
    file = den.place.folder / "code.txt"
    file.write_text(den.place.code, encoding="utf-8")
    return file


def _opens(ledger: Path, secret: Secret) -> bool:
    """Whether a tool of one's own reads a ledger with a secret."""
    with contextlib.closing(driver.connect(str(ledger))) as db:
        db.set_key(f"x'{secret.raw_key().hex()}'")
        with contextlib.suppress(driver.DatabaseError):
            return bool(db.execute("SELECT count(*) FROM volunteer").fetchone()[0])
    return False


def _parts(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _in_memory(secret: bytes) -> bool:
    """Whether bytes stand somewhere in this process's writable memory."""
    with (
        open("/proc/self/maps", encoding="ascii", errors="replace") as maps,
        open("/proc/self/mem", "rb", buffering=0) as memory,
    ):
        for line in maps:
            span, rights = line.split()[:2]
            if not rights.startswith("rw"):
                continue
            start, end = (int(x, 16) for x in span.split("-"))
            with contextlib.suppress(OSError, ValueError, OverflowError):
                memory.seek(start)
                if secret in memory.read(min(end - start, 64 * 1024**2)):
                    return True
    return False


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    main(__doc__, trial, 0)
