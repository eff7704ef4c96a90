"""Eleven operations as a child process does them, saying what is done, and what must be true whatever stopped them."""

import json
import os
import re
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest

import desktop.services.reporting  # noqa: F401 (read once, before any fork)
from db.errors import UserError
from db.records.entities import TOWNSHIP
from db.storage import swap, vault
from db.storage.keys import Secret
from db.storage.migrations import MIGRATIONS
from db.storage.store import Store
from db.tasks import backup
from tests.qa.office import Place, look

CALLS = (
    "openat",
    "pwrite64",
    "write",
    "fsync",
    "fdatasync",
    "ftruncate",
    "unlink",
    "unlinkat",
    "rename",
    "mkdir",
    "rmdir",
)
READING = ("openat", "pread64", "read", "getdents64")
WORD = "白鹿原上 1987"
OWN = ("三棵枣树 1988", "一条大河 1989")
_HEAD = """
import contextlib, datetime as dt, os, shutil, sys
from pathlib import Path
from db.errors import UserError
from db.records.entities import BY_NAME, TOWNSHIP
from db.storage import vault
from db.storage.store import Store
from db.tasks import backup, renewing, restoring
shutil._USE_CP_SENDFILE = False  # so that what is written can be seen
ledger, folder = Path(sys.argv[1]), Path(sys.argv[2])
AT = dt.datetime(2026, 9, 21)
def said(what):
    with contextlib.suppress(OSError): os.write(1, (what + "\\n").encode())  # a fault that falls here: nobody has heard it
try:
"""
_TAIL = """
except UserError as error:
    said("refused: " + type(error).__name__)
"""
OPERATIONS = {
    "save": """
with Store.open(ledger) as store:
    for name in ("一", "二", "三"):
        with store.operation("新增"): store.save(TOWNSHIP, {"name": name})
        said("+" + name)
""",
    "import": """
with Store.open(ledger) as store:
    backup.back_up_before(store, "导入")
    with store.operation("导入"):
        for n in range(300): store.save(TOWNSHIP, {"name": f"批{n}"})
    said("+批0"); said("+批299")
""",
    "undo": """
with Store.open(ledger) as store:
    store.undo()
    said("-旧")
""",
    "backup": """
with Store.open(ledger) as store: made = backup.back_up(store, folder / "新.boai-backup", AT)
if made.complete: said("backup")  # one that lacks an attachment, which cannot be read for a moment, says so itself
with Store.open(ledger) as store:
    made = backup.back_up(store, folder / "备份" / "自动备份-000001-x.boai-backup", AT, shared=True)
if made.complete: said("shared")
""",
    "restore": """
restoring.restore(folder / "旧.boai-backup", ledger, AT)
said("restored")
""",
    "password": """
with Store.open(ledger) as store:
    store.set_password("白鹿原上 1987")
    said("password")
""",
    "own password": """
from db.records.internal_entities import STAFF
from db.tasks import operators
with Store.open(ledger) as store:
    store.set_password("白鹿原上 1987")
    with store.operation("登记"): store.save(STAFF, {"name": "陈立", "role": "head"})
    operators.set_password(store, "陈立", "三棵枣树 1988")
    said("own password")
    operators.set_password(store, "陈立", "一条大河 1989")
    said("another")
""",
    "attach": """
from db.tasks import attachments
with Store.open(ledger) as store:
    attachments.attach(store, folder.parent / "另一张.txt", on=AT.date())
    said("attached")
""",
    "export": """
from desktop.services.reporting import export_records
with Store.open(ledger) as store:
    export_records(store, [BY_NAME["volunteer"]], folder / "导出.xlsx")
    said("exported")
    export_records(store, [BY_NAME["volunteer"]], folder / "导出.xlsx", masked=False, reason="核对")
""",
    "migrate": """
with Store.open(folder / "old.boai-db") as store: said("migrated")
""",
    "new code": """
secret = vault.unlock(ledger)
said("renewing")
renewing.renew(ledger, secret, AT)
said("renewed")
""",
}
# What a program does that says "saved" too early, or writes over what is there: the trials must find these out.
CARELESS = {
    "save": """
with Store.open(ledger) as store:
    for name in ("一", "二", "三"):
        said("+" + name)
        with store.operation("新增"): store.save(TOWNSHIP, {"name": name})
""",
    "restore": """
import zipfile
with zipfile.ZipFile(folder / "旧.boai-backup") as file: content = file.read("ledger.boai-db")
with ledger.open("wb") as out:
    for at in range(0, len(content), 4096): out.write(content[at:at + 4096]); out.flush()
said("restored")
""",
}


def add_old_ledger(place: Place) -> None:
    """Put a ledger of an earlier release beside the office, with a row that its log knows."""
    path = place.folder / "kept" / "old.boai-db"
    with pytest.MonkeyPatch.context() as older:
        older.setattr(MIGRATIONS, "_migrations", MIGRATIONS._migrations[:4])
        older.setenv("BOAI_DATA", str(place.folder / "kept" / "data"))
        opened, secret = vault.create(path, None)
        MIGRATIONS.apply(opened.db)
        with opened.db.atomic():
            opened.db.execute("INSERT INTO operation (kind, title, at) VALUES ('do', '旧', '2026-01-01')")
            after = json.dumps({"id": 1, "name": "旧"}, ensure_ascii=False)
            opened.db.execute(
                "INSERT INTO change (operation_id, record, row_id, after) VALUES (1, 'township', 1, ?)", [after]
            )
            opened.db.execute("INSERT INTO township (id, name) VALUES (1, '旧')")
        vault.shut(opened)
    (place.folder / "old code").write_text(secret.code())


def script(operation: str, *, careless: bool = False) -> str:
    """Return the program of an operation."""
    body = (CARELESS if careless else OPERATIONS)[operation]
    return _HEAD + "".join(f"    {line}\n" for line in body.splitlines()) + _TAIL


@dataclass(frozen=True)
class Call:
    """One file call in the work folder: its name, how many of that name it and those before it are, whether it reads."""

    name: str
    number: int
    reads: bool = False


def run(place: Place, program: str, *strace: str) -> "subprocess.CompletedProcess[bytes]":
    """Run a program on a fresh office in a process of its own under strace; return how it ended, with what it said.

    The process is a fork of this one, which has read the whole program already: a start of Python takes longer than any
    of the operations. It waits until strace holds it, so calls are counted from its first statement on.
    """
    ledger = place.fresh()
    errors = place.folder / "errors"
    go, told = os.pipe(), os.pipe()
    child = os.fork()
    if not child:
        _be(program, ledger, go, told, errors)
    os.close(go[0])
    os.close(told[1])
    tracer = subprocess.Popen(
        ["strace", "-f", *strace, "-p", str(child)], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    assert tracer.stderr is not None
    first = tracer.stderr.readline()
    assert b"attached" in first, first
    os.write(go[1], b"x")
    os.close(go[1])
    with os.fdopen(told[0], "rb") as pipe:
        said = pipe.read()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    tracer.communicate()
    return subprocess.CompletedProcess(strace, status, said, errors.read_bytes() if errors.exists() else b"")


def _be(program: str, ledger: Path, go: tuple[int, int], told: tuple[int, int], errors: Path) -> NoReturn:
    """Be the process that runs a program, once it may go."""
    code = 1
    try:
        os.read(go[0], 1)
        for end in (*go, told[0]):
            os.close(end)
        os.dup2(told[1], 1)
        os.close(told[1])
        tempfile.tempdir = None  # as a start finds it
        sys.argv[1:] = [str(ledger), str(ledger.parent)]
        exec(compile(program, "operation", "exec"), {"__name__": "operation"})
        code = 0
    except BaseException:
        errors.write_text(traceback.format_exc(), encoding="utf-8")
    finally:
        os._exit(code)


def calls(place: Place, program: str, *, reading: bool = False) -> list[Call]:
    """Return the calls of a program that touch the office's folder and change something; with `reading`, those that read too."""
    log, seen, found = place.folder / "calls", dict[str, int](), []
    done = run(place, program, "-y", "-o", str(log), "-e", f"trace={','.join({*CALLS, *(READING if reading else ())})}")
    assert done.returncode == 0, done.stderr.decode()
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        if called := re.match(r"\d+\s+(\w+)\(", line):
            seen[called[1]] = seen.get(called[1], 0) + 1
            reads = called[1] in READING and (called[1] != "openat" or "O_RDONLY" in line)
            if str(place.folder / "work") in line and (reading or not reads):
                found.append(Call(called[1], seen[called[1]], reads))
    return found


def every_call(
    place: Place, among: Sequence[str] = (), *, careless: bool = False, reading: bool = False
) -> Iterator[tuple[str, Call]]:
    """Yield each call of each operation (`among` some of them), with `reading` those that read too."""
    for operation in CARELESS if careless else among or OPERATIONS:
        for call in calls(place, script(operation, careless=careless), reading=reading):
            yield operation, call


def verdict(place: Place, operation: str, said: Sequence[str]) -> str:
    """Return what the next start finds after an operation was stopped; "good" where all that was acknowledged is there."""
    ledger, code = place.ledger, place.code
    if operation == "migrate":
        ledger, code = ledger.parent / "old.boai-db", (place.folder / "old code").read_text()
    found = look(ledger, None if operation == "new code" else code)
    if found.fault:
        return f"fault of ours: {found.fault.splitlines()[-1][:100]}"
    if found.refused:
        return f"does not open: {found.refused}"
    if any(p.grave for p in found.problems):
        return f"false alarm: {', '.join(p.kind for p in found.problems)}"
    try:
        with Store.open(ledger, recovery_code=None if operation == "new code" else code) as store:
            names = {str(row["name"]) for row in store.rows(TOWNSHIP)}
            attached = store.query("SELECT count(*) AS n FROM attachment")[0]["n"]
            secret = store.secret
    except UserError as error:
        return f"does not open for writing: {type(error).__name__}"
    batch = sum(name.startswith("批") for name in names)
    lost = [s for s in said if s[:1] == "+" and s[1:] not in names] + [
        s for s in said if s[:1] == "-" and s[1:] in names
    ]
    if lost or ("旧" not in names and operation not in ("undo", "restore")):
        return "lost"
    if batch not in (0, 300):
        return "half an import"
    if swap.is_pending(ledger):
        return "an undecided swap"
    return _kept_word(place, operation, said, int(attached), secret)


def _own(ledger: Path, another: bool) -> None:
    """Open by an operator's own password: the one that was acknowledged, or one that may have been taken up since."""
    try:
        store = Store.open(ledger, OWN[1])
    except UserError:
        if another:
            raise
        store = Store.open(ledger, OWN[0])
    with store:
        assert store.actor == "陈立"


def _kept_word(place: Place, operation: str, said: Sequence[str], attached: int, secret: Secret | None) -> str:
    work = place.ledger.parent
    if "attached" in said and attached != 2:
        return "lost"
    if "restored" in said and attached != 1:
        return "lost"
    try:
        if "password" in said:
            Store.open(place.ledger, WORD).close()
        if "own password" in said:
            _own(place.ledger, "another" in said)
        for word, file in (("backup", "新.boai-backup"), ("shared", "备份/自动备份-000001-x.boai-backup")):
            if word in said:
                made = backup.examine(work / file)
                if not made.complete or made.lacking():
                    return "a backup without its files"
        backup.examine(work / "旧.boai-backup")
    except UserError as error:
        return f"lost: {type(error).__name__}"
    if "renewed" in said and secret is not None and secret.code() == place.code:
        return "lost"
    return "good"
