"""A lost or shortened log, an older file put back: ``python -m tests.qa.logcut [--n N] [--seed S] [--control]``.

A session is left without a clean close (as a kill leaves it); then its write-ahead log is cut, changed, or taken away,
or the whole ledger is put back as it was before, with its own mark or without. Whatever was acknowledged and is gone
must be told; where nothing was touched, nothing may be. The control takes the marks away: losses must go unnoticed.
"""

import random
import shutil
from pathlib import Path

from db.records.entities import TOWNSHIP
from db.storage import lock
from db.storage.store import Store
from tests.qa.office import Counts, Place, look, main, office

WAYS = ("untouched", "cut", "changed", "taken away", "old file", "old file and mark")


def run(count: int, seed: int, control: bool = False) -> Counts:
    """Do `count` of them in turn; return how often each outcome was seen."""
    found, dice = Counts(), random.Random(seed)
    with office() as place:
        for number in range(count):
            way = WAYS[number % len(WAYS)]
            ledger = place.fresh()
            rows = _session(ledger, dice)
            _do(place, ledger, way, dice)
            if control:
                for mark in (ledger.with_name(ledger.name + ".mark"), *(ledger.parent / "data" / "marks").iterdir()):
                    mark.unlink()
            found[f"{_outcome(ledger, place.code, way, rows)}: {way}"] += 1
    return found


def _session(ledger: Path, dice: random.Random) -> int:
    """Write some rows and leave as a kill would; return how many towns there are."""
    store = Store.open(ledger)
    for number in range(dice.randint(20, 40)):
        with store.operation("新增"):
            store.save(TOWNSHIP, {"name": f"镇{number}"})
    rows = store.count(TOWNSHIP)
    left = ledger.parent.parent / "left"
    shutil.rmtree(left, ignore_errors=True)
    shutil.copytree(ledger.parent, left, ignore=shutil.ignore_patterns("*.lock", "*-shm"))
    store._watch._last = None  # type: ignore[union-attr]
    store.db.close()
    assert store.opened.lock is not None
    lock.let_go(store.opened.lock)
    shutil.rmtree(ledger.parent)
    shutil.copytree(left, ledger.parent)
    return rows


def _do(place: Place, ledger: Path, way: str, dice: random.Random) -> None:
    wal, kept = ledger.with_name(ledger.name + "-wal"), place.folder / "kept"
    content = wal.read_bytes()
    if way == "cut":
        wal.write_bytes(content[: dice.randrange(len(content))])
    elif way == "changed":
        changed = bytearray(content)
        changed[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
        wal.write_bytes(changed)
    elif way == "taken away":
        wal.unlink()
    elif way != "untouched":
        wal.unlink()
        for suffix in ("", ".mark") if way.endswith("mark") else ("",):
            shutil.copy(kept / (ledger.name + suffix), ledger.with_name(ledger.name + suffix))


def _outcome(ledger: Path, code: str, way: str, rows: int) -> str:
    seen = look(ledger, code)
    if seen.fault:
        return f"fault {seen.fault.splitlines()[-1][:80]}"
    if seen.refused:
        return "good, told" if way != "untouched" else f"false alarm: {seen.refused}"
    with Store.open(ledger, recovery_code=code, read_only=True) as store:
        lost = store.count(TOWNSHIP) < rows
    if lost:
        return "good, told" if seen.told else "silent loss"
    return "good, nothing lost" if not seen.told else f"false alarm: {seen.problems[0].kind}"


if __name__ == "__main__":
    main(__doc__, run, 1000)
