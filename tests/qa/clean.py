"""Ordinary sessions, one after another on the same ledger: ``python -m tests.qa.clean [--n N] [--seed S] [--control]``.

Each opens, does some of what people do (rows, undo, redo, files, backups, passwords, a program that is stopped), and
closes; then `verify` must have nothing to say. The control changes a row past the program after each: it must be told.
"""

import contextlib
import random
from pathlib import Path

from db.errors import UserError
from db.records.entities import TOWNSHIP
from db.storage import lock, vault
from db.storage.store import Store
from db.tasks import backup
from db.tasks.attachments import attach
from tests.qa.office import AT, Counts, look, main, office


def run(count: int, seed: int, control: bool = False) -> Counts:
    """Do `count` sessions; return how often each outcome was seen."""
    found, dice = Counts(), random.Random(seed)
    with office() as place:
        ledger, password = place.fresh(), None
        for number in range(count):
            if number % 100 == 99:
                ledger, password = place.fresh(), None  # the log grows: begin again
            password = _session(ledger, password, dice, number)
            if control:
                ledger = place.fresh()
                password = None
                db = vault._connect(ledger, vault.unlock(ledger, None, place.code), "rw")
                with db.atomic():
                    db.execute("DROP TRIGGER audit_township_update")
                    db.execute("UPDATE township SET name = name || 'x'")
                db.close()
            seen = look(ledger, place.code)
            what = seen.fault or seen.refused or ", ".join(p.kind for p in seen.problems if p.kind != "journal")
            found[f"false alarm: {what.splitlines()[-1]}" if what else "good"] += 1
    return found


def _session(ledger: Path, password: str | None, dice: random.Random, number: int) -> str | None:
    """Do a session; return the password that holds after it."""
    store = Store.open(ledger, password)
    for step in range(dice.randint(1, 6)):
        way = dice.randrange(8 if number % 20 else 9)
        if way < 3:
            with store.operation("新增"):
                store.save(TOWNSHIP, {"name": f"镇{number}-{step}"})
        elif way == 3:
            rows = store.rows(TOWNSHIP)
            if rows:
                with store.operation("改名"):
                    store.save(TOWNSHIP, dice.choice(rows) | {"name": f"改{number}-{step}"})
        elif way in (4, 5):
            with contextlib.suppress(UserError):
                (store.undo if way == 4 else store.redo)()
        elif way == 6:
            file = ledger.parent / "文件.txt"
            file.write_text(f"{number}-{step}", encoding="utf-8")
            attach(store, file, on=AT.date())
        elif way == 7:
            store.note("看过")
        else:
            backup.back_up(store, ledger.parent / "新.boai-backup", AT)
            password = "白鹿原上 1987"
            store.set_password(password)
    if number % 7 == 6:  # stopped: nothing is closed, only the lock is gone with its process
        store.db.close()
        assert store.opened.lock is not None
        lock.let_go(store.opened.lock)
    else:
        store.close()
    return password


if __name__ == "__main__":
    main(__doc__, run, 1000)
