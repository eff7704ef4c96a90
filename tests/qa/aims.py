"""Outputs aimed at the ledger: ``python -m tests.qa.aims [--n N] [--seed S] [--control]``.

Every command that writes a file is aimed at the ledger, what lies beside it, keys, backups, the file being read, by
names in other letters, by links, by ways round. No byte of any of them may change, whatever the command says. The
control takes the one door away.
"""

import contextlib
import io
import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from db import places
from desktop.__main__ import main as program
from tests.qa.office import Counts, main, office

_NAMES = (
    "ledger.boai-db", "ledger.boai-db.keys", "ledger.boai-db.mark", "ledger.boai-db.files/x", "ledger.boai-db.rules/AB26.toml",
    "旧.boai-backup", "data/installation", "data/marks/x.mark", "other.boai-db", "ledger.boai-db-wal", "source.csv", "template.xlsx",
)  # fmt: skip
_SOURCES = ("source.csv", "template.xlsx")
_COMMANDS = (
    ("export", "志愿者", "--out"), ("export", "志愿者", "--unmasked", "--reason", "核对", "--out"), ("template", "--out"),
    ("backup", "--out"), ("import", "source.csv", "--errors"), ("fill", "template.xlsx", "--quarter", "2026Q3", "--out"),
)  # fmt: skip


def trial(count: int, seed: int, control: bool = False) -> Counts:
    """Aim `count` times; return how often each outcome was seen."""
    found, dice = Counts(), random.Random(seed)
    with office() as place, pytest.MonkeyPatch.context() as careless:
        if control:
            careless.setattr(places, "refuse", lambda *_, **__: None)
        for _ in range(count):
            work = place.fresh().parent
            (work / "source.csv").write_text("姓名,证件号码\n甲,1\n", encoding="utf-8")
            (work / "other.boai-db").write_bytes(b"somebody's")
            with _quiet():
                program(["template", "--out", str(work / "template.xlsx")])
            command, name = dice.choice(_COMMANDS), dice.choice(_NAMES)
            if name in _SOURCES and not {*_SOURCES} & {*command}:
                name = _NAMES[0]  # a file that is not read by this command may be written over: a person says so
            before = _kept(work)
            aim = _aim(work, name, dice)
            said = io.StringIO()
            try:
                with _quiet(said):
                    code = program(
                        ["--db", str(place.ledger), *(str(work / w) if "." in w else w for w in command), str(aim)]
                    )
            except Exception as error:  # what must never be
                found[f"fault {type(error).__name__}: {command[0]} at {name}"] += 1
                continue
            changed = [p for p, content in before.items() if not p.exists() or p.read_bytes() != content]
            allowed = command[0] == "backup" and name == "旧.boai-backup" and code in (0, 1)
            found["good" if not changed or allowed else f"changed: {command[0]} at {name}"] += 1
    return found


def _kept(work: Path) -> dict[Path, bytes]:
    """Return what must not change: all but what a session itself writes (the ledger's own pages, its marks)."""
    found = {p: p.read_bytes() for p in work.rglob("*") if p.is_file() and not p.is_symlink()}
    own = {work / "ledger.boai-db", work / "ledger.boai-db.mark"}
    return {p: content for p, content in found.items() if p not in own and p.parent.name not in ("marks", "备份")}


def _aim(work: Path, name: str, dice: random.Random) -> Path:
    way = dice.randrange(5)
    if way == 0:
        return work / name
    if way == 1:
        return work / "data" / ".." / name
    if way == 2:
        return work / name.upper().replace("旧", "旧")
    link = work / f"link{dice.randrange(1000)}.xlsx"
    target = work / name
    if way == 3 and target.is_file():
        os.link(target, link)
    else:
        link.symlink_to(target)
    return link


@contextlib.contextmanager
def _quiet(to: io.StringIO | None = None) -> Iterator[None]:
    with contextlib.redirect_stdout(to or io.StringIO()), contextlib.redirect_stderr(to or io.StringIO()):
        yield


if __name__ == "__main__":
    main(__doc__, trial, 500)
