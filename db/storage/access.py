"""Who may open a ledger: what it knows of its own keys, and what wrong passwords cost.

The ledger knows, inside its encryption, how often its password was set (the generation of the slot that opens it) and
whether one is required. Wrong passwords are counted in the account's data folder, by the salt at the file's beginning:
from the fifth on each costs a wait that doubles, also after a restart. The recovery code always opens at once.
"""

import contextlib
import json
import os
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver
from sqlite_utils import Database

from db import bounded, places
from db.errors import Damaged, Locked, MustWait
from db.storage.keys import Secret

FREE, FIRST, LONGEST = 5, 10, 300  # wrong passwords without a wait; seconds of the first wait, and of the longest
_OPERATOR = "operator:"  # what a fact about one is called, before what the slot says who it is
_SALT = 16  # bytes; SQLCipher's, in the clear, of each file its own


def fact(db: Database, name: str) -> str:
    """Return what the ledger knows of itself under a name; empty where nothing is said, the file is of an older form, or
    a damaged one that is looked at. Raises the driver's error where it cannot be read now."""
    rows = rows_there(db, "SELECT value FROM ledger_fact WHERE name = ?", [name])
    return str(rows[0][0]) if rows else ""


def rows_there(db: Database, sql: str, parameters: Sequence[str | int] = ()) -> list[Any] | None:
    """Return the rows of a read, None where its table is not there yet or damaged; no other trouble is an answer."""
    try:
        return db.execute(sql, parameters).fetchall()
    except Damaged:
        return None
    except driver.OperationalError as error:
        if getattr(error, "sqlite_errorname", "") != "SQLITE_ERROR":
            raise
        return None


def prove_whole(db: Database) -> None:
    """Raise `Damaged` where what a ledger knows of itself is damaged: for who writes, that is not the same as nothing."""
    for table in ("ledger_fact", "staff"):
        if db.execute("SELECT 1 FROM sqlite_master WHERE name = ?", [table]).fetchone():
            db.execute(f"SELECT * FROM {table}").fetchall()


def put(db: Database, name: str, value: str) -> None:
    """Keep a fact. Inside an operation only, which logs it."""
    db.execute("INSERT INTO ledger_fact (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
               [name, value])  # fmt: skip


def generation(db: Database) -> int:
    """Return which slot is the last that the ledger has taken up; 0 before the first."""
    kept = fact(db, "slot_generation")
    return int(kept) if kept.isdecimal() else 0


def log_key(db: Database, secret: Secret) -> bytes:
    """Return the key of the log's seals: of the first secret, which the ledger keeps when it is given another."""
    kept = fact(db, "log_key")
    return bytes.fromhex(kept) if kept else secret.log_key()


def sign_key(db: Database, secret: Secret) -> bytes:
    """Return the 32-byte seed of the office's signing key (Ed25519): of the first secret, as `log_key`."""
    kept = fact(db, "sign_key")
    return bytes.fromhex(kept) if kept else secret.sign_key()


@dataclass(frozen=True)
class Operator:
    """Somebody with a password of their own: the name, and which slot of theirs is the last."""

    name: str
    generation: int


def operators(db: Database) -> dict[str, Operator]:
    """Return who has a password of their own, by what their slots say they are. Who has left the staff has none.

    Raises as `fact` does."""
    rows = rows_there(
        db, "SELECT substr(name, ?), value FROM ledger_fact WHERE name LIKE ? || '%'", [len(_OPERATOR) + 1, _OPERATOR]
    )
    staff = {str(name) for (name,) in rows_there(db, "SELECT name FROM staff") or ()} if rows else set()
    found = {str(who): Operator(**json.loads(value)) for who, value in rows or ()}
    return {who: o for who, o in found.items() if o.name in staff}


def put_operator(db: Database, who: str, operator: Operator | None) -> None:
    """Keep the last slot of an operator, or with None that they have none. Inside an operation only, which logs it."""
    if operator is None:
        db.execute("DELETE FROM ledger_fact WHERE name = ?", [_OPERATOR + who])
    else:
        put(db, _OPERATOR + who, json.dumps(asdict(operator), ensure_ascii=False))


def gone(db: Database) -> list[str]:
    """Return whose password is still kept though they have left the staff."""
    kept = db.execute(
        "SELECT substr(name, ?) FROM ledger_fact WHERE name LIKE ? || '%'", [len(_OPERATOR) + 1, _OPERATOR]
    )
    return sorted({str(who) for (who,) in kept.fetchall()} - operators(db).keys())


def check(db: Database, secret: Secret) -> None:
    """Raise `Locked` unless the ledger lets itself be opened in the way that the secret was come by."""
    last = generation(db)
    if secret.by == "operator":
        known = operators(db).get(secret.who)
        if known is None:
            raise Locked("用这个密码的人已不在经办人员里，或密码已取消。数据没有变动；请用台账的密码，或用恢复码打开")
        if secret.generation != known.generation:
            raise Locked("这是以前的密码，或上次更换没有做完。数据没有变动；请用现在的密码，或用恢复码打开")
    if secret.by == "account" and fact(db, "password") == "required":
        raise Locked("这份台账设有密码，请输入密码（或设置 BOAI_PASSWORD、使用 --password-file）")
    if secret.by == "password" and secret.waits and secret.generation != last:
        raise Locked("上次更换密码没有做完，新密码没有起用。数据没有变动；请用原来的密码，或用恢复码打开")
    if secret.by == "password" and secret.generation < last:
        raise Locked("密码已经更换过，这是以前的密码和钥匙文件。数据没有变动；请用现在的密码，或用恢复码打开")


@dataclass
class _Wrong:
    """Wrong passwords: how many `running` since the last right one, when the `last` was (seconds since 1970), and how
    many no log has yet (`unlogged`)."""

    running: int = 0
    last: float = 0.0
    unlogged: int = 0


def wait(folder: Path, ledger: Path) -> int:
    """Return how many seconds must pass before a password is tried again; 0 where none need to."""
    known = _read(folder, ledger)
    if known.running < FREE:
        return 0
    needed = min(LONGEST, FIRST * 2 ** min(known.running - FREE, 10))
    passed = time.time() - known.last
    return (
        0 if passed >= needed else max(1, min(needed, round(needed - passed)))
    )  # a clock set back waits once, not for ever


def refuse_early(folder: Path, ledger: Path) -> None:
    """Raise `MustWait` while the wait after wrong passwords runs."""
    if seconds := wait(folder, ledger):
        raise MustWait(
            f"密码已连续输错 {_read(folder, ledger).running} 次，请等 {seconds} 秒再试。数据没有变动；用恢复码可以马上打开",
            seconds,
        )


def was_wrong(folder: Path, ledger: Path) -> None:
    """Count a wrong password."""
    known = _read(folder, ledger)
    _write(folder, ledger, _Wrong(known.running + 1, time.time(), known.unlogged + 1))


def was_right(folder: Path, ledger: Path) -> None:
    """The ledger was opened: the waits begin anew."""
    known = _read(folder, ledger)
    if known.running:
        _write(folder, ledger, _Wrong(0, known.last, known.unlogged))


def unlogged(folder: Path, ledger: Path) -> tuple[int, float]:
    """Return how many wrong passwords no log has yet, and when the last was (seconds since 1970)."""
    known = _read(folder, ledger)
    return known.unlogged, known.last


def was_logged(folder: Path, ledger: Path) -> None:
    """The wrong passwords are in the log now."""
    with contextlib.suppress(OSError):
        _place(folder, ledger).unlink()


def _place(folder: Path, ledger: Path) -> Path:
    with ledger.open("rb") as file:
        return folder / "tries" / f"{file.read(_SALT).hex()}.json"


def _read(folder: Path, ledger: Path) -> _Wrong:
    try:
        kept = bounded.json_of(_place(folder, ledger), 1000)
        found = _Wrong(int(kept["running"]), float(kept["last"]), int(kept["unlogged"]))
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return _Wrong()
    return found if min(found.running, found.unlogged) >= 0 else _Wrong()


def _write(folder: Path, ledger: Path, wrong: _Wrong) -> None:
    with contextlib.suppress(OSError):
        place = _place(folder, ledger)
        part, file = places.part_of(place)
        with file as out:
            out.write(json.dumps(asdict(wrong)).encode())
        os.replace(part, place)
