"""Damaged files by the thousand: ``python -m tests.qa.fuzz_import --n 10000 [--seed N] [--only KIND] [--keep FOLDER] [--control]``.

Each mutant is imported into an office that is known to the byte, in a worker process with a time and a memory limit.
Counted are: read, refused in one sentence, and what must never be: a crash, another exception, a partial import, more
than 20 seconds, more than 1 GiB. 300 of them run with the ordinary tests. The control gives workbooks to a library as it is.
"""

import argparse
import csv
import datetime as dt
import io
import multiprocessing
import random
import re
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

import xlsxwriter

from db.errors import UserError
from db.records.entities import ENTITIES
from db.storage.store import Store
from desktop.services.importing import import_files
from tests.forms.reading import containers
from tests.journeys.workbook_shapes import INSURED, KNOWN, Rows, book, member, merge, person

TODAY = dt.date(2026, 11, 21)
SECONDS, MEMORY = 20, 1024**3
REFERENCE = Path(__file__).parents[1] / "reference"
_TELLING = ("word/document.xml", "content.xml")  # parts that hold what is read
_MADE_AT = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_PDF_MADE_AT = re.compile(rb"\(D:\d{14}|<[0-9a-f]{32}>")
_JUNK = b'0123456789<>"/=&; \x00\xff'
_NUMBERS = [b"-1", b"0", b"65536", b"1048577", b"4294967295", b"99999999999999999999", b"1e308", b"NaN", b""]


Office = dict[str, list[tuple[object, ...]]]  # every row of every table
Judge = Callable[[Store, Office, Path], str]
KINDS = ("xlsx", "csv", "xls", "docx", "ods", "zip", "pdf", "html")
_SLOW = ("xls", "pdf")  # they take a process for each file


def seeds(folder: Path, only: str = "") -> list[bytes]:
    """Sound files of every kind that is read, or of one; the slow kinds are one in thirty or so."""
    found = {kind: [_still(content) for content in contents] for kind, contents in _seeds(folder).items()}
    if only:
        return found[only]
    return [c for kind, contents in found.items() for c in contents * (1 if kind in _SLOW else 6)]


def _seeds(folder: Path) -> dict[str, list[bytes]]:
    rows: Rows = [
        ("花名册",),
        INSURED,
        *[(*member(i), "PA-1", "2026-01-01", "2026-12-31") for i in range(6)],
        ("合计",),
    ]
    plain = book(folder / "seed.xlsx", rows, change=merge("A1:J1", "E3:E5")).read_bytes()
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    text = [out.getvalue().encode(code) for code in ("gb18030", "utf-8-sig", "utf-16")]
    head = [row for row in rows if len(row) > 1]
    document, sheet = containers.word(head), containers.open_document(containers.open_document_table(head))
    return {
        "xlsx": [plain, typed_book(rows)],
        "csv": text,
        "docx": [document],
        "ods": [sheet],
        "zip": [containers.packed({"名单/a.csv": text[0], "b.docx": document, "c.ods": sheet, "d.txt": "x"})],
        "html": [containers.page(head).encode()],
        "xls": [path.read_bytes() for path in sorted(REFERENCE.glob("*.xls"))],
        "pdf": [containers.pdf(head)],
    }


def typed_book(rows: Rows) -> bytes:
    """A workbook with what a plain one lacks: dates, formulas, errors, rich text, several sheets, hidden things."""
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True})
    for name in ("志愿者", "队员", "备用"):
        sheet = made.add_worksheet(name)
        for r, row in enumerate(rows):
            sheet.write_row(r, 0, row)
        sheet.write_datetime(3, 3, dt.datetime(2021, 5, 1), made.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_formula(4, 2, "=1/0", None, "#DIV/0!")
        sheet.write_formula(5, 2, "=1+1", None, 2)
        sheet.write_rich_string(6, 0, made.add_format({"bold": True}), "张", "三丰", made.add_format())
        sheet.merge_range(9, 0, 9, 3, "合计")
        sheet.set_row(5, None, None, {"hidden": True})
        sheet.set_column(20, 22, 8, None, {"hidden": True})
    made.add_chartsheet("图")
    made.close()
    return out.getvalue()


def damaged(rng: random.Random, content: bytes, most: int = 12) -> bytes:
    """Change one to `most` places."""
    found = bytearray(content)
    for _ in range(rng.randint(1, most)):
        if not found:
            break
        at = rng.randrange(len(found))
        way = rng.randrange(7)
        if way < 2:
            found[at] ^= 1 << rng.randrange(8)
        elif way == 2:
            found[at] = rng.choice(_JUNK)
        elif way == 3:
            del found[at : at + rng.randrange(1, 20)]
        elif way == 4:
            found[at:at] = found[at : at + rng.randrange(1, 60)]
        elif way == 5:
            numbers = [i for i in range(at, min(at + 200, len(found))) if 48 <= found[i] <= 57]
            if numbers:
                found[numbers[0] : numbers[0] + 1] = rng.choice(_NUMBERS)
        else:
            del found[at:]
    return bytes(found)


def packed(parts: dict[str, bytes]) -> bytes:
    """Pack a workbook."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _still(content: bytes) -> bytes:
    """Return a file without the moment at which it was made: the same seed gives the same mutants."""
    if content.startswith(b"%PDF"):
        return _PDF_MADE_AT.sub(lambda found: re.sub(rb"[0-9a-f]", b"0", found[0]), content)
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return packed({name: _MADE_AT.sub(b"2026-01-01T00:00:00Z", _still(part)) for name, part in parts.items()})


def mutant(rng: random.Random, sound: Sequence[bytes]) -> bytes:
    """One damaged file: bytes of the file, or of one of its parts, or a part lost, doubled or swapped."""
    content = rng.choice(sound)
    if not content.startswith(b"PK") or rng.random() < 0.2:
        return damaged(rng, content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    names = sorted(parts)
    way = rng.random()
    telling = [n for n in names if "sheet" in n.lower() or "styles" in n or n in _TELLING]
    name = rng.choice(telling if way < 0.6 and telling else names)
    if way < 0.85:
        parts[name] = damaged(rng, parts[name], 4 if rng.random() < 0.5 else 12)
    elif way < 0.9:
        del parts[name]
    elif way < 0.95:
        parts[name] = parts[rng.choice(names)]
    else:
        parts[name] = parts[name] * rng.randrange(2, 40)
    return packed(parts)


def content(store: Store) -> Office:
    """Every row of every table."""
    return {e.name: store.db.execute(f"SELECT * FROM {e.name} ORDER BY id").fetchall() for e in ENTITIES}


def judge(store: Store, before: Office, path: Path) -> str:
    """Import one file and take it back; return what became of it, or raise what must not be."""
    try:
        done = import_files(store, [path], today=TODAY)
    except UserError:
        assert content(store) == before, "a refused file left something behind"
        return "refused"
    for s in done.result.sheets:
        assert s.rows == s.added + s.updated + s.unchanged + s.refused, "the counts do not add up"
    assert done.refused_book is not None or not done.result.refused
    if done.result.operation is not None:
        store.undo()
    assert content(store) == before, "an undone import left something behind"
    return "read"


def office(folder: Path) -> Store:
    """A small office that is known to the byte."""
    import openpyxl

    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in KNOWN.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(folder / "known.xlsx")
    made.close()
    store = Store.memory()
    import_files(store, [folder / "known.xlsx"], today=TODAY)
    import_files(
        store, [book(folder / "people.xlsx", [("姓名", "证件号码", "手机号码", "登记日期"), person(9)])], today=TODAY
    )
    return store


def _plainly(store: Store, before: Office, path: Path) -> str:
    """Read a workbook with a library as it is: the control."""
    import openpyxl

    for sheet in openpyxl.load_workbook(path, read_only=True, data_only=True).worksheets:
        for _ in sheet.iter_rows(values_only=True):
            pass
    return "read"


def _worker(pipe: Connection, judged: Judge) -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY + 512 * 1024**2, MEMORY + 512 * 1024**2))  # with the interpreter
    with tempfile.TemporaryDirectory() as name:
        store, before = None, {}
        while (asked := pipe.recv()) is not None:
            mutated, ending = asked
            if store is None:
                store = office(Path(name))
                before = content(store)
            path = Path(name) / f"坏{ending}"
            path.write_bytes(mutated)
            try:
                answer = judged(store, before, path)
            except BaseException:
                answer, store = "BROKEN\n" + traceback.format_exc(), None
            pipe.send(answer)


class Hand:
    """A worker process that is started again when it dies or hangs."""

    def __init__(self, judged: Judge = judge) -> None:
        self._judged = judged
        self._start()

    def _start(self) -> None:
        spawn = multiprocessing.get_context("spawn")
        self.pipe, other = spawn.Pipe()
        self.process = spawn.Process(target=_worker, args=(other, self._judged))
        self.process.start()
        other.close()

    def try_one(self, mutated: bytes, ending: str = ".xlsx") -> tuple[str, float]:
        """Return what became of a file, and the seconds."""
        start = time.monotonic()
        try:
            self.pipe.send((mutated, ending))
            answer = self.pipe.recv() if self.pipe.poll(SECONDS + 10) else "TOO LONG"
        except (EOFError, OSError):
            answer = "CRASHED"
        seconds = time.monotonic() - start
        if answer in ("TOO LONG", "CRASHED"):
            self.process.kill()
            self.process.join()
            self._start()
        return ("TOO LONG" if seconds > SECONDS else answer), seconds

    def end(self) -> None:
        """Let the worker go."""
        self.pipe.send(None)
        self.process.join()


def main() -> int:
    """Run, print the counts; 1 where something happened that must not."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--n", "--count", dest="count", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--only", choices=KINDS, default="", help="one kind of file")
    options.add_argument("--control", action="store_true", help="without the gate: something must break")
    options.add_argument("--keep", type=Path, help="folder for the files that broke something")
    given = options.parse_args()
    counts: Counter[str] = Counter()
    slowest = 0.0
    with tempfile.TemporaryDirectory() as name:
        sound = seeds(Path(name), "xlsx" if given.control else given.only)
    hand = Hand(_plainly if given.control else judge)
    for n in range(given.count):
        mutated = mutant(random.Random(given.seed * 1_000_003 + n), sound)
        answer, seconds = hand.try_one(mutated)
        if n:
            slowest = max(slowest, seconds)
        word = answer.split("\n")[0]
        counts[word] += 1
        if word not in ("read", "refused") and not given.control:
            print(f"mutant {n} of seed {given.seed}: {answer}", flush=True)
            if given.keep:
                given.keep.mkdir(parents=True, exist_ok=True)
                (given.keep / f"{given.seed}-{n}.bin").write_bytes(mutated)
        if n % 1000 == 999:
            print(f"{n + 1} done: {dict(counts)}; slowest {slowest:.1f} s", flush=True)
    hand.end()
    print(f"{given.count} files: {dict(counts)}; slowest {slowest:.1f} s")
    broken = bool(set(counts) - {"read", "refused"})
    return int(broken != given.control)


if __name__ == "__main__":
    sys.exit(main())
