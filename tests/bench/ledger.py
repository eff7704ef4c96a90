"""What safety costs: unlock, open, save one row, import, close, beside another checkout of the program.

``python -m tests.bench.ledger --against FOLDER [--rounds N] [--rows N]``: FOLDER is a work tree of the commit to compare
with. Both programs run in a process of their own and take turns, in changing order; a ratio is the median of the pairs,
by the clock and of the processor: on a machine with other work the latter says more, and it leaves the disk out.
Without FOLDER both are this one: the ratios then say how much of a difference is the machine's.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.import_roster import roster

ROOT = Path(__file__).parents[2]
STEPS = ("unlock", "open", "save", "import", "close")

# Runs in either tree, so it knows only what both have.
_WORKER = """
import datetime as dt, json, os, sys, time
from pathlib import Path
folder, book = Path(sys.argv[1]), Path(sys.argv[2])
os.environ["BOAI_DATA"] = str(folder / "data")
from db.records.entities import TOWNSHIP
from db.storage import vault
from db.storage.store import Store
from desktop.services.importing import import_files
path, word, serial = folder / "ledger.boai-db", "白鹿原上 1987", 0
store, _ = Store.create(path, word)
import_files(store, [book], today=dt.date(2026, 11, 21))
store.close()
def clock(): return time.perf_counter(), time.process_time()
def since(start): return [b - a for a, b in zip(start, clock())]
def unlock():
    vault.unlock(path, word)
def opens():
    global store
    secret = vault.unlock(path, word)
    start = clock()
    code = secret.code()
    store = Store.open(path, recovery_code=code)
    return since(start)
def save():
    global serial
    times = []
    for _ in range(20):
        serial += 1
        start = clock()
        with store.operation("新增"): store.save(TOWNSHIP, {"name": f"镇{serial}"})
        times.append(since(start))
    return [sorted(each)[10] for each in zip(*times)]
def take():
    import_files(store, [book], today=dt.date(2026, 11, 21))
def close():
    store.close()
def clear():
    with store.operation("清空"): store._write("DELETE FROM volunteer WHERE id > ?", [[10]])
steps = {"unlock": unlock, "open": opens, "save": save, "import": take, "close": close, "clear": clear}
for line in sys.stdin:
    start = clock()
    told = steps[line.strip()]()
    print(json.dumps(told if told is not None else since(start)), flush=True)
"""


class _Side:
    def __init__(self, tree: Path, folder: Path, book: Path) -> None:
        folder.mkdir()
        self.process = subprocess.Popen(
            [sys.executable, "-c", _WORKER, str(folder), str(book)],
            cwd=tree, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def do(self, step: str) -> tuple[float, float]:
        """Take one step; return its seconds by the clock, and of the processor."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{step}\n")
        self.process.stdin.flush()
        wall, processor = json.loads(self.process.stdout.readline())
        return float(wall), float(processor)

    def end(self) -> None:
        """Let the process go."""
        self.process.communicate()


def main() -> None:
    """Print the times and the ratios."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--against", type=Path, default=ROOT)
    options.add_argument("--rounds", type=int, default=9)
    options.add_argument("--rows", type=int, default=2000)
    given = options.parse_args()
    session = ("unlock", "open", "save", "save", "save", "save", "import", "clear", "close")
    pairs: dict[str, list[tuple[tuple[float, float], tuple[float, float]]]] = {step: [] for step in session}
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        roster(place / "book.xlsx", given.rows)
        ours = _Side(ROOT, place / "ours", place / "book.xlsx")
        theirs = _Side(given.against.resolve(), place / "theirs", place / "book.xlsx")
        for number in range(given.rounds + 1):
            for step in session:
                order = (ours, theirs) if number % 2 else (theirs, ours)
                done = {side: side.do(step) for side in order}
                if number:  # the first round fills the caches
                    pairs[step].append((done[ours], done[theirs]))
        ours.end()
        theirs.end()
    for step in STEPS:
        told = []
        for clock in (0, 1):
            a, b = (statistics.median(pair[side][clock] for pair in pairs[step]) for side in (0, 1))
            ratio = statistics.median(mine[clock] / other[clock] for mine, other in pairs[step])
            told.append(f"{a * 1000:.2f} ms, against {b * 1000:.2f} ms, ratio {ratio:.2f}")
        print(f"{step}: {told[0]}; processor {told[1]}")


if __name__ == "__main__":
    main()
