"""Nothing readable on disk: ``python -m tests.qa.canary [--n N] [--seed S] [--control]``.

Twenty people with numbers that occur nowhere else; then one of the operations, killed before one of its file calls.
No file that is left, in the office's folder or in that of temporary files, may hold a number in any of the usual
encodings. The control keeps the same rows in a plain database beside it.
"""

import contextlib
import os
import random
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from db.records.identity import check_digit
from db.storage.store import Store
from tests.qa.office import Counts, Place, main, office
from tests.qa.operations import add_old_ledger, every_call, run, script

NUMBERS = tuple(f"990987{1960 + n}0{1 + n % 9}1{n % 8}{730 + n}" for n in range(20))
CANARIES = tuple(body + check_digit(body) for body in NUMBERS)


def trial(count: int, seed: int, control: bool = False, among: Sequence[str] = ()) -> Counts:
    """Kill `count` times; return how often nothing, or what, was found."""
    found, dice = Counts(), random.Random(seed)
    with office() as place, _temporary(place.folder / "work" / "temporary"):
        _plant(place, control)
        add_old_ledger(place)
        points = list(every_call(place, among))
        for operation, call in dice.choices(points, k=count):
            (place.folder / "work" / "temporary").mkdir(parents=True, exist_ok=True)
            run(
                place, script(operation), "-o", "/dev/null", "-e", f"trace={call.name}",
                "-e", f"inject={call.name}:signal=KILL:when={call.number}",
            )  # fmt: skip
            left = readable(place.folder / "work")
            found["good" if not left else f"readable in {', '.join(sorted(left))} ({operation})"] += 1
    return found


def readable(folder: Path) -> set[str]:
    """Return the names of the files that hold a canary as text."""
    signs = [number.encode(code) for number in CANARIES for code in ("ascii", "utf-16-le", "utf-16-be")]
    return {
        path.name for path in folder.rglob("*") if path.is_file() and any(sign in path.read_bytes() for sign in signs)
    }


def _plant(place: Place, control: bool) -> None:
    kept = place.folder / "kept"
    with Store.open(kept / "ledger.boai-db", recovery_code=place.code) as store, store.operation("放置"):
        rows = store.query("SELECT id FROM volunteer ORDER BY id")
        for row, number in zip(rows, CANARIES, strict=False):
            store.db.execute("UPDATE volunteer SET note = ? WHERE id = ?", [number, row["id"]])
    if control:
        with contextlib.closing(sqlite3.connect(kept / "plain.db")) as plain, plain:
            plain.execute("CREATE TABLE volunteer (note TEXT)")
            plain.executemany("INSERT INTO volunteer VALUES (?)", [[number] for number in CANARIES])


@contextlib.contextmanager
def _temporary(folder: Path) -> Iterator[None]:
    before = os.environ.get("TMPDIR")
    os.environ["TMPDIR"] = str(folder)
    try:
        yield
    finally:
        os.environ.pop("TMPDIR")
        if before is not None:
            os.environ["TMPDIR"] = before


if __name__ == "__main__":
    main(__doc__, trial, 20)
