"""Every county of the country in one workbook: ``python -m tests.bench.national [--counties N] [--runs N] [--files KB] [--ledger]``.

Packages as the program writes them, of offices with up to 50 teams, with stand-ins of `--files` kilobytes for PDF and
workbook: 36 where the least possible is meant, 300 as an office's really are. The floor reads the same files and takes their
SHA-256; times are the processor's. What the program adds: unpacking, proving each signature, judging each value, adding up,
and one workbook of a row for each county. Totals must be those added up here while the packages were made. Memory is the
process's highest above what it had before. `--ledger` keeps all in a ledger of the level above.
"""

import argparse
import hashlib
import random
import resource
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

import openpyxl
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from db.rules.register import register
from db.storage import uids
from db.storage.store import Store
from desktop.services.rollup import files_in, roll_up
from desktop.services.rollup_papers import write_book
from desktop.services.signed_files import SUFFIX, sign
from forms.report.figure_labels import COLLECTED_LABELS, LABELS
from tests.bench._clocks import Seconds, now, since
from tests.offices.levels import TODAY, superior

COUNTIES = 2844
PERIOD = "2026Q3"
_SUMMED = ("members_start", "members_joined", "members_left", "members_end", "service_minutes", "service_person_times")
_MONEY = ("income_fen", "expense_fen", "income_ytd_fen", "expense_ytd_fen", "balance_fen")
_OTHERS = ("trainings", "training_person_times", "activities", "persons_end", "insured_end", "uninsured_end")
STATUSES = ("met", "not_met", "partial", "in_progress", "missing_data")


def county(
    dice: random.Random, number: int, key: Ed25519PrivateKey, teams: int, files_kb: int = 36
) -> tuple[bytes, dict[str, int]]:
    """Return an invented county's package, and what it reports for the office."""
    rows = []
    for n in range(teams):
        row: dict[str, Any] = {name: dice.randint(0, 60) for name in (*_SUMMED, *_OTHERS)}
        row |= {name: dice.randint(-500, 100_000) * 100 for name in _MONEY}
        rows.append({"uid": f"{number:05d}-{n:04d}", "team": f"第{n + 1}志愿服务队", "own_level": n % 3 > 0, **row})
    shared = {name: dice.randint(0, 10_000) for name in _MONEY}
    office: dict[str, int] = {name: dice.randint(0, 400) for name in LABELS}
    office |= {name: sum(row[name] for row in rows) for name in _SUMMED}
    office |= {name: sum(row[name] for row in rows) + shared[name] for name in _MONEY}
    office["persons_end"] = max((row["persons_end"] for row in rows), default=0)
    collected = {name: dice.randint(0, 90) for name in COLLECTED_LABELS}
    said = {
        "kind": "package", "office": f"第{number:04d}县红十字会", "office_uid": uids.new(), "code": f"{110000 + number}",
        "level": "county", "period": PERIOD, "edition": 1, "corrects": None, "reason": "", "as_of": "2026-09-30",
        "submitted_on": f"2026-10-{dice.randint(1, 28):02d}", "steps": {"prepare": "许文澜"}, "rules": "2026.1",
        "figures": {"office": office, "shared": shared, "teams": rows}, "collected": collected,
        "clauses": [
            {"clause": c.id, "title": c.title, "status": dice.choice(STATUSES), "k": dice.randint(0, 9), "n": 9, "listed": True}
            for c in register() if "county" in c.binds
        ],
        "log": {"number": 9, "seal": "00" * 32}, "edition_sha256": hashlib.sha256(str(number).encode()).hexdigest(),
        "task": "", "left_out": [],
    }  # fmt: skip
    files = [("报告.pdf", dice.randbytes(files_kb * 800)), ("汇总表.xlsx", dice.randbytes(files_kb * 200))]
    return sign(said, files, key), office | collected


def made(folder: Path, counties: int, seed: int = 5, files_kb: int = 36) -> dict[str, int]:
    """Write the packages; return the sum of each figure, added up here."""
    dice, total = random.Random(seed), dict[str, int]()
    for number in range(counties):
        key = Ed25519PrivateKey.from_private_bytes(dice.randbytes(32))
        content, office = county(dice, number, key, dice.randint(1, 50), files_kb)
        place = folder / f"{number % 31:02d}"  # a folder for each province
        place.mkdir(exist_ok=True)
        (place / f"{number:04d}{SUFFIX}").write_bytes(content)
        for name, value in office.items():
            total[name] = total.get(name, 0) + value
    return total


def floor(folder: Path) -> Seconds:
    """Read and hash the files."""
    start = now()
    for path in sorted(folder.rglob(f"*{SUFFIX}")):
        hashlib.sha256(path.read_bytes()).digest()
    return since(start)


def wrong(
    folder: Path, book: Path, total: dict[str, int], counties: int, store: Store | None = None
) -> tuple[list[str], Seconds]:
    """Add up into a workbook; return what is not as it was added up here, in the sums and in the workbook, and the time."""
    start = now()
    done = roll_up(files_in([folder]), None, TODAY, store)
    path = write_book(done, book, "", TODAY, None)
    took = since(start)
    sums = done.total | done.collected
    found = [name for name, value in total.items() if name != "volunteers_per_million" and sums.get(name) != value]
    found += [why for _, why in done.refused]
    if len(done.offices) != counties:
        found.append(f"{len(done.offices)} offices")
    rows = openpyxl.load_workbook(path, read_only=True, data_only=True)["各单位"].iter_rows(values_only=True)
    heads = next(rows)
    place, added = heads.index("本季收入（元）"), 0.0
    for row in rows:
        if row[1] == "合计":
            if round(float(str(row[place])) * 100) != total["income_fen"] or round(added * 100) != total["income_fen"]:
                found.append("the workbook's income")
            break
        added += float(str(row[place]))
    path.unlink()
    return found, took


def main() -> None:
    """Let floor and program take turns; print times, memory and ratios."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--counties", type=int, default=COUNTIES)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--files", type=int, default=36, metavar="KB")
    options.add_argument("--ledger", action="store_true")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "in")
        folder.mkdir()
        total = made(folder, given.counties, files_kb=given.files)
        size = sum(p.stat().st_size for p in folder.rglob(f"*{SUFFIX}"))
        print(f"{given.counties} packages, {size / 1e6:.0f} MB", flush=True)
        floor(folder)
        ratios, bad = [], list[str]()
        for run in range(given.runs):
            before, bare = _peak(), floor(folder)
            store = superior(Path(name, f"ledger{run}"), "总会", "", "000000") if given.ledger else None
            found, took = wrong(folder, Path(name, "out.xlsx"), total, given.counties, store)
            if store is not None:
                store.close()
            bad += found
            ratios.append(took[1] / bare[1])
            print(f"floor {bare[1]:.2f} s, program {took[1]:.2f} s of the processor ({took[0]:.2f} s by the clock), ratio {ratios[-1]:.1f}; "
                  f"memory +{_peak() - before:.0f} MB", flush=True)  # fmt: skip
        print(f"median ratio {statistics.median(ratios):.1f}; totals {'as added up apart' if not bad else bad[:5]}")
        sys.exit(bool(bad))


def _peak() -> float:
    """Return the highest memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
