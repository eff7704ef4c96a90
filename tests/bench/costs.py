"""What a large encrypted ledger costs a person: ``python -m tests.bench.costs [--people N] [--saves N]``.

Prints the seconds of one saved row (median, 95th of a hundred, the longest), of opening it by the secret that a window has
and by a password, and of a backup that is read back and proved. The limits of the design stand beside them: 20 ms, 1 s
(the password's own cost comes to it, which is wanted), 3 s.
"""

import argparse
import datetime as dt
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from db.records.entities import TOWNSHIP, VOLUNTEER
from db.storage.store import Store
from db.tasks import backup
from tests.bench.backup import person
from tests.qa.office import AT

PASSWORD = "清明上河图2026"
ROUNDS = 5


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--people", type=int, default=50_000)
    options.add_argument("--saves", type=int, default=500)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["BOAI_DATA"] = str(folder / "data")
        path = folder / "台账.boai-db"
        store, secret = Store.create(path, PASSWORD)
        with store.operation("导入"):
            store.insert_many(VOLUNTEER, [person(n) for n in range(given.people)])
        store.close()
        with Store.open(path, PASSWORD) as store:
            saves = sorted(_seconds(lambda n=n: _save(store, n)) for n in range(given.saves))
        print(f"save one row: median {statistics.median(saves) * 1000:.1f} ms, 95 of a hundred within "
              f"{saves[int(len(saves) * 0.95)] * 1000:.1f} ms, longest {saves[-1] * 1000:.1f} ms (20 ms)")  # fmt: skip
        opened = [_seconds(lambda: Store.reopen(path, secret).close()) for _ in range(ROUNDS)]
        print(
            f"open by the secret, and close: {statistics.median(opened):.2f} s (1 s); the file is {path.stat().st_size / 1e6:.0f} MB"
        )
        typed = [_seconds(lambda: Store.open(path, PASSWORD).close()) for _ in range(ROUNDS)]
        print(f"open by a password, and close: {statistics.median(typed):.2f} s")
        with Store.open(path, PASSWORD) as store:
            made = [
                _seconds(lambda n=n: backup.back_up(store, folder / f"{n}.boai-backup", AT + dt.timedelta(days=n)))
                for n in range(3)
            ]
        print(f"backup, read back and proved: {statistics.median(made):.2f} s (3 s)")


def _save(store: Store, number: int) -> None:
    with store.operation("试"):
        store.save(TOWNSHIP, {"name": f"镇{number}"})


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
