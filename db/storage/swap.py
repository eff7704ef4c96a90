"""A whole ledger takes another's place: prepared beside it, then moved, so that a stop anywhere leaves one of the two.

    <ledger>.restoring/   the new ledger with all that belongs to it, whole and examined
    <ledger>.intent       written before the first move, removed after the last: where the old one goes

While the intent lies there, the swap is not decided. The new ledger file is moved last: where it has been, the next start
finishes; where it has not, it takes everything back.
"""

import contextlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

from db import bounded, places
from db.errors import DiskTrouble

# What lies beside a ledger and goes where it goes. The ledger itself comes last into its place.
BESIDE = (".keys", ".keys.new", ".mark", ".files", ".rules", "-wal", "-shm", "-journal")


def work_of(ledger: Path) -> Path:
    """Return the folder in which a new ledger is prepared, under the old one's names."""
    return _named(ledger, ".restoring")


def is_pending(ledger: Path) -> bool:
    """Tell whether a swap was begun and not finished."""
    return _intent(ledger).exists()


def swap(ledger: Path, aside: Path) -> None:
    """Move what stands at `ledger` to `aside`, and what was prepared into its place.

    Raises OSError with all as it was. The swap stays undecided until `finish` or `take_back`.
    """
    prepared = work_of(ledger) / ledger.name
    plan = {
        "aside": aside.name,
        "old": [s for s in (*BESIDE, "") if _named(ledger, s).exists()],
        "new": [s for s in (*BESIDE, "") if _named(prepared, s).exists()],
    }
    part, file = places.part_of(_intent(ledger))
    with file as out:
        out.write(json.dumps(plan).encode())
        out.flush()
        os.fsync(out.fileno())
    os.replace(part, _intent(ledger))
    places.sync(ledger.parent)
    try:
        for suffix in plan["old"]:
            os.replace(_named(ledger, suffix), _named(aside, suffix))
        for suffix in plan["new"]:
            os.replace(_named(prepared, suffix), _named(ledger, suffix))
        places.sync(ledger.parent)
    except OSError:
        take_back(ledger)
        raise


def finish(ledger: Path) -> None:
    """The new ledger stands and was examined, or the old one is back: nothing is left to decide."""
    shutil.rmtree(work_of(ledger), ignore_errors=True)
    _intent(ledger).unlink(missing_ok=True)
    places.sync(ledger.parent)


def take_back(ledger: Path) -> None:
    """Put the old ledger back where it was, whole; raises OSError. May itself be stopped anywhere and begun again."""
    plan = _plan(ledger)
    prepared, aside = work_of(ledger) / ledger.name, ledger.with_name(str(plan["aside"]))
    for suffix in reversed(plan["new"]):  # the ledger file first: from then on it is known that all goes back
        if not _named(prepared, suffix).exists() and _named(ledger, suffix).exists():
            os.replace(_named(ledger, suffix), _named(prepared, suffix))
    for suffix in plan["old"]:
        if _named(aside, suffix).exists():
            os.replace(_named(aside, suffix), _named(ledger, suffix))
    places.sync(ledger.parent)
    finish(ledger)


def _plan(ledger: Path) -> dict[str, Any]:
    """Return what an intent file says; raise ValueError, KeyError or TypeError where it says anything else."""
    plan = bounded.json_of(_intent(ledger), 10_000)
    names = [*plan["old"], *plan["new"]]
    if Path(str(plan["aside"])).name != plan["aside"] or not set(names) <= {*BESIDE, ""}:
        raise ValueError
    return plan


def settle(ledger: Path) -> None:
    """Finish or take back a swap that was stopped; raises `DiskTrouble` where neither can be done now.

    What was only being prepared is removed. Under the ledger's lock, so that no other program is at it.
    """
    if not is_pending(ledger):
        shutil.rmtree(work_of(ledger), ignore_errors=True)
        places.sweep_of(ledger)
        for suffix in (".new", ".new-journal"):
            with contextlib.suppress(OSError):
                _named(ledger, suffix).unlink()
        return
    try:
        if (work_of(ledger) / ledger.name).exists():
            take_back(ledger)
        else:
            finish(ledger)
    except (OSError, ValueError, KeyError, TypeError):
        raise DiskTrouble("上次恢复没有做完，现在也接不上：磁盘不可写。两份台账都还在，请检查磁盘后再打开") from None


def _intent(ledger: Path) -> Path:
    return _named(ledger, ".intent")


def _named(ledger: Path, suffix: str) -> Path:
    return ledger.parent / (ledger.name + suffix)  # whatever is named as a ledger, also a folder
