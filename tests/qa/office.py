"""What the trials share: an office of invented people in a folder of its own, and a look at what became of it."""

import argparse
import collections
import contextlib
import datetime as dt
import hashlib
import os
import shutil
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import resources
from db.errors import UserError
from db.records.entities import ENTITIES, TOWNSHIP
from db.rules.checks import CHECKS
from db.rules.local_packs import add_pack
from db.storage.store import Store
from db.tasks import backup
from db.tasks.attachments import attach
from db.tasks.verifying import Problem, verify
from tests.offices.small import Desk

AT = dt.datetime(2026, 9, 20)
ROOT = Path(__file__).parents[2]
Counts = collections.Counter[str]


@dataclass(frozen=True)
class Place:
    """A folder in which an office stands as it was made (`kept`) and is worked on (`work`); its recovery code."""

    folder: Path
    code: str

    @property
    def ledger(self) -> Path:
        return self.folder / "work" / "ledger.boai-db"

    def fresh(self) -> Path:
        """Put everything back as it was made; return the ledger."""
        shutil.rmtree(self.folder / "work", ignore_errors=True)
        shutil.copytree(self.folder / "kept", self.folder / "work")
        return self.ledger


@contextlib.contextmanager
def office() -> Iterator[Place]:
    """Make an office with a team, people, a file, a local pack, a backup, and something that can be undone."""
    before = {name: os.environ.get(name) for name in ("BOAI_DATA", "BOAI_PASSWORD")}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["BOAI_DATA"] = str(folder / "work" / "data")
        os.environ.pop("BOAI_PASSWORD", None)
        try:
            yield Place(folder, _make(folder))
        finally:
            for key, value in before.items():
                os.environ.pop(key, None)
                if value is not None:
                    os.environ[key] = value


def _make(folder: Path) -> str:
    work = folder / "work"
    work.mkdir()
    store, secret = Store.create(work / "ledger.boai-db")
    with store:
        desk = Desk(store)
        team = desk.team()
        for _ in range(12):
            desk.join(team, desk.person())
        (work / "凭证.txt").write_text("发票", encoding="utf-8")
        attach(store, work / "凭证.txt", on=AT.date())
        (folder / "另一张.txt").write_text("x", encoding="utf-8")  # what a trial attaches
        pack = folder / "AB26.toml"
        text = resources.path("rules/s24.toml").read_text(encoding="utf-8")
        pack.write_text(text.replace("S24", "AB26"), encoding="utf-8")
        add_pack(store, pack, dict(CHECKS))
        backup.back_up(store, work / "旧.boai-backup", AT)
        with store.operation("旧"):
            store.save(TOWNSHIP, {"name": "旧"})
    shutil.copytree(work, folder / "kept")
    return secret.code()


@dataclass(frozen=True)
class Look:
    """What a start finds: the content as one hash (None where it does not open), what it was told, or a fault of ours."""

    content: str | None
    problems: tuple[Problem, ...]
    refused: str = ""
    fault: str = ""

    @property
    def told(self) -> bool:
        """Whether a person hears of anything but a log that was folded in."""
        return bool(self.refused) or any(p.kind != "journal" for p in self.problems)


def look(ledger: Path, code: str | None) -> Look:
    """Open a ledger for reading, examine it and read it whole."""
    try:
        with Store.open(ledger, recovery_code=code, read_only=True) as store:
            problems = tuple(verify(store))
            return Look(content(store), problems)
    except UserError as error:
        return Look(None, (), refused=type(error).__name__)
    except Exception:  # what must never be
        return Look(None, (), fault=traceback.format_exc())


def content(store: Store) -> str:
    """Return one hash over every row of every record and of the log."""
    found = hashlib.sha256()
    for table in (*(e.name for e in ENTITIES), "operation", "change"):
        try:
            for row in store.db.execute(f"SELECT * FROM {table} ORDER BY id"):
                found.update(repr(row).encode())
        except UserError:
            found.update(b"damaged")
    return found.hexdigest()


def main(about: str | None, trial: Callable[[int, int, bool], Counts], usual: int) -> None:
    """Run a trial by hand: print what came of it; exit with 1 where something bad did, or in the control nothing."""
    options = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--n", type=int, default=usual)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--control", action="store_true", help="leave out what is tried: something bad must be found")
    given = options.parse_args()
    found = trial(given.n, given.seed, given.control)
    for what, number in sorted(found.items()):
        print(f"{what}: {number}")
    print(f"{sum(found.values())} trials, {bad(found)} bad{' (the control: must not be 0)' if given.control else ''}")
    sys.exit((bad(found) == 0) if given.control else (bad(found) > 0))


def bad(found: Counts) -> int:
    """Return how many outcomes were not as they must be."""
    return sum(number for what, number in found.items() if not what.startswith("good"))
