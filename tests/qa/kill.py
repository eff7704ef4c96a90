"""Kill real operations before a chosen file call, and see what the next start finds: ``python -m tests.qa.kill [--n N] [--seed S] [--control]``.

A first run under ``strace`` lists the calls that touch the data folder; every further run is killed before one of them.
The next start must open the ledger, with all that was acknowledged, and `verify` must find nothing grave. The control
leaves out what the start does with a hot journal or a left log: it must fail, or the kills do not bite.
"""

import argparse
import collections
import contextlib
import datetime as dt
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from db.errors import UserError
from db.records.entities import OFFICE, TOWNSHIP
from db.storage import vault
from db.storage.store import Store
from db.tasks import backup
from db.tasks.verifying import verify_file

CALLS = ("openat", "pwrite64", "write", "fsync", "fdatasync", "ftruncate", "unlink", "rename", "mkdir", "rmdir")
ROOT = Path(__file__).parents[2]
_HEAD = """
import datetime as dt, sys
from pathlib import Path
from db.records.entities import TOWNSHIP
from db.storage.store import Store
from db.tasks import attachments, backup, restoring
ledger, folder = Path(sys.argv[1]), Path(sys.argv[2])
AT = dt.datetime(2026, 9, 21)
def said(what): print(what, flush=True)
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
with Store.open(ledger) as store: backup.back_up(store, folder / "新.boai-backup", AT)
said("backup")
""",
    "restore": """
restoring.restore(folder / "旧.boai-backup", ledger, AT)
said("restored")
""",
    "password": """
with Store.open(ledger) as store: store.set_password("白鹿原上 1987")
said("password")
""",
    "attach": """
(folder / "凭证.txt").write_text("x")
with Store.open(ledger) as store: attachments.attach(store, folder / "凭证.txt", on=AT.date())
said("attached")
""",
}


def main() -> None:
    """Run, print what came of it, and exit with 1 where anything was lost (or, for the control, where nothing was)."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--n", type=int, default=100, help="kills; 0: every call of every operation")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--control", action="store_true")
    given = options.parse_args()
    if shutil.which("strace") is None:
        sys.exit("strace is needed")
    found = run(given.n, given.seed, control=given.control)
    for what, number in sorted(found.items()):
        print(f"{what}: {number}")
    bad = sum(number for what, number in found.items() if not what.startswith("good"))
    print(f"{sum(found.values())} kills, {bad} bad")
    sys.exit(bool(bad) != given.control)


def run(count: int, seed: int, *, control: bool = False) -> collections.Counter[str]:
    """Kill `count` times (0: at every call); return how often each outcome was seen."""
    found: collections.Counter[str] = collections.Counter()
    with tempfile.TemporaryDirectory() as name, own_environment(Path(name)):
        place = Path(name)
        secret = _prepare(place / "kept")
        points = [(operation, call, at) for operation in OPERATIONS for call, at in _points(place, operation)]
        dice = random.Random(seed)
        for operation, call, at in points if not count else dice.choices(points, k=count):
            said = _killed(place, operation, call, at)
            outcome = _outcome(place, operation, said, secret, control=control)
            found[outcome if outcome == "good" else f"{outcome} ({operation}, {call} {at})"] += 1
    return found


@contextlib.contextmanager
def own_environment(place: Path) -> Iterator[None]:
    """A data folder of its own inside `place`, for this process and its children."""
    before = os.environ.get("BOAI_DATA")
    os.environ["BOAI_DATA"] = str(place / "work" / "data")
    os.environ.pop("BOAI_PASSWORD", None)
    try:
        yield
    finally:
        os.environ.pop("BOAI_DATA")
        if before is not None:
            os.environ["BOAI_DATA"] = before


def _prepare(kept: Path) -> str:
    work = kept.parent / "work"
    work.mkdir()
    store, secret = Store.create(work / "ledger.boai-db")
    with store:
        with store.operation("建立台账"):
            store.save(OFFICE, {"item": "name", "content": "安澜县红十字会"})
        backup.back_up(store, work / "旧.boai-backup", dt.datetime(2026, 9, 20))
        with store.operation("旧"):
            store.save(TOWNSHIP, {"name": "旧"})
    shutil.copytree(work, kept)
    return secret.code()


def _fresh(place: Path) -> list[str]:
    shutil.rmtree(place / "work", ignore_errors=True)
    shutil.copytree(place / "kept", place / "work")
    return [str(place / "work" / "ledger.boai-db"), str(place / "work")]


def _points(place: Path, operation: str) -> list[tuple[str, int]]:
    """Return the calls of an operation that touch the data folder: (call, how many of its kind came before and this)."""
    arguments, log = _fresh(place), place / "calls"
    subprocess.run(
        ["strace", "-f", "-qq", "-y", "-o", str(log), "-e", f"trace={','.join(CALLS)}", sys.executable, "-c",
         _HEAD + OPERATIONS[operation], *arguments],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    seen: collections.Counter[str] = collections.Counter()
    points = []
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        if called := re.match(r"\d+\s+(\w+)\(", line):
            seen[called[1]] += 1
            if str(place / "work") in line and "O_RDONLY" not in line:
                points.append((called[1], seen[called[1]]))
    return points


def _killed(place: Path, operation: str, call: str, at: int) -> list[str]:
    done = subprocess.run(
        ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={at}",
         sys.executable, "-c", _HEAD + OPERATIONS[operation], *_fresh(place)],
        cwd=ROOT, check=False, capture_output=True,
    )  # fmt: skip
    return done.stdout.decode().splitlines()


def _outcome(place: Path, operation: str, said: list[str], code: str, *, control: bool) -> str:
    ledger = place / "work" / "ledger.boai-db"
    recover = vault._recover
    if control:
        vault._recover = lambda *_: False
    try:
        if any(p.grave for p in verify_file(lambda: Store.open(ledger, recovery_code=code, read_only=True))):
            return "told as damaged"
        with Store.open(ledger, recovery_code=code) as store:
            names = {str(r["name"]) for r in store.rows(TOWNSHIP)}
            batch = sum(name.startswith("批") for name in names)
    except UserError as error:
        return f"does not open: {type(error).__name__}"
    finally:
        vault._recover = recover
    lost = [s for s in said if s[0] == "+" and s[1:] not in names] + [s for s in said if s[0] == "-" and s[1:] in names]
    if lost or ("旧" not in names and operation not in ("undo", "restore")):
        return "lost"
    if batch not in (0, 300):
        return "half an import"
    if "password" in said:
        Store.open(ledger, "白鹿原上 1987").close()
    if "backup" in said:
        backup.examine(place / "work" / "新.boai-backup")
    return "good"


if __name__ == "__main__":
    main()
