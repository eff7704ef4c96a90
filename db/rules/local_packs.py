"""Local packs: a province's or county's own notice as a register file beside the ledger, checked as strictly as ours.

A pack lies in ``<ledger>.rules/``; its form is in ``docs/local-rules.md``. It may use every check of the program by
name, with parameters of its own, and self-assessed and reference clauses; it brings no code.
"""

import contextlib
import hashlib
import inspect
import os
from collections.abc import Sequence
from pathlib import Path

from db import bounded, places
from db.errors import DiskTrouble, UserError
from db.rules.register import LARGEST, Clause, RegisterError, load, register
from db.storage import access
from db.storage.store import Store

_FACT = "rules:"  # before a pack's key: under it the ledger knows the SHA-256 of what was added


def folder_of(store: Store) -> Path | None:
    """Return where the ledger's packs lie, or None for a ledger in memory."""
    return None if store.files is None else store.files.folder.with_suffix(".rules")


def read_pack(path: Path, checks: dict[str, object], others: Sequence[Clause]) -> tuple[Clause, ...]:
    """Read one pack; raise `RegisterError` naming file and key, also for what only a whole register can tell.

    `others` are the clauses already there; `checks` the functions a pack may name.
    """
    clauses = load(path)
    taken, sources = {c.id for c in others}, {c.source.key for c in others}
    for clause in clauses:
        place = f"{path.name}: clause.{clause.id}"
        if clause.source.key in sources or clause.id in taken:
            raise RegisterError(f"{path.name}: source.key: {clause.source.key} is taken by another notice")
        if clause.check is not None:
            check_parameters(clause, checks, place)
    return clauses


def check_parameters(clause: Clause, checks: dict[str, object], place: str) -> None:
    """Raise `RegisterError` unless the clause's check exists and takes exactly its parameters."""
    function = checks.get(str(clause.check))
    if not callable(function):
        raise RegisterError(f"{place}.check: there is no check {clause.check!r}")
    wanted = {p.name for p in inspect.signature(function).parameters.values() if p.kind is p.KEYWORD_ONLY}
    if wanted != clause.parameters.keys():
        raise RegisterError(
            f"{place}.parameter: {clause.check} takes {sorted(wanted)}, not {sorted(clause.parameters)}"
        )


def local_clauses(store: Store, checks: dict[str, object]) -> tuple[Clause, ...]:
    """Return the clauses of every pack of this ledger; raise `UserError` naming the file and key that are wrong.

    A pack that the ledger does not know as it stands is none of its law: whoever can write the folder needs no password.
    """
    place = folder_of(store)
    found: list[Clause] = []
    known = _known(store)
    for path in sorted(place.glob("*.toml")) if place is not None else ():
        if known is not None and known.get(path.name) != _digest(path):
            raise UserError(
                f"本地规则文件不是用程序添加的，或添加后被改动过：{path.name}。没有采用，台账没有变动；"
                f"要用的，请核对来历后用 boai rules --add 重新添加；不用的，从“{path.parent.name}”文件夹移走"
            )
        try:
            found += read_pack(path, checks, [*register(), *found])
        except (RegisterError, OSError, UnicodeDecodeError) as error:
            raise UserError(
                f"本地规则文件不对：{path.name}（{error}）。台账没有变动；请改正文件，或从“{path.parent.name}”文件夹移走它"
            ) from None
    return tuple(found)


def _others(store: Store, checks: dict[str, object], new: str) -> list[Clause]:
    """Return the clauses of the packs beside one of this key, which may be added anew because its file was changed."""
    place, known, found = folder_of(store), _known(store), list[Clause]()
    for path in sorted(place.glob("*.toml")) if place is not None else ():
        if path.stem != new and (known is None or known.get(path.name) == _digest(path)):
            found += read_pack(path, checks, [*register(), *found])
    return found


def _known(store: Store) -> dict[str, str] | None:
    """Return the SHA-256 of each pack by its file's name, as the ledger keeps it; None where it is of an older form."""
    rows = access.rows_there(store.db, "SELECT name, value FROM ledger_fact WHERE name LIKE ?", [f"{_FACT}%"])
    return None if rows is None else {f"{str(name).removeprefix(_FACT)}.toml": str(value) for name, value in rows}


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(bounded.read(path, LARGEST)).hexdigest()
    except (OSError, ValueError):
        return ""


def checked(store: Store, path: Path, checks: dict[str, object]) -> tuple[str, tuple[Clause, ...], bytes]:
    """Check a pack; return its notice's key, its clauses and its bytes, or raise `UserError` with what is wrong with it."""
    try:
        new = load(path)[0].source.key  # a pack that is there already may be replaced by its next edition
        return new, read_pack(path, checks, [*register(), *_others(store, checks, new)]), bounded.read(path, LARGEST)
    except RegisterError as error:
        raise UserError(f"规则文件不对，没有添加：{error}") from None
    except (OSError, ValueError):
        raise UserError(f"读不了规则文件：{path.name}。没有添加") from None


def add_pack(store: Store, path: Path, checks: dict[str, object]) -> tuple[Clause, ...]:
    """Check a pack and copy it to the ledger; return its clauses. Nothing is copied where it is wrong."""
    place = folder_of(store)
    if place is None:
        raise UserError("这份台账不在磁盘上，不能添加本地规则")
    new, clauses, content = checked(store, path, checks)
    target, digest = place / f"{new}.toml", hashlib.sha256(content).hexdigest()
    try:
        part, file = places.part_of(target)
        with file as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        with store.operation("添加本地规则", "event", detail=f"{path.name}：{len(clauses)} 条，SHA-256 {digest}"):
            access.put(store.db, f"{_FACT}{new}", digest)
        os.replace(part, target)
        places.sync(place)
    except OSError:
        raise DiskTrouble("规则文件没有存进去：磁盘已满或不可写。台账没有变动") from None
    finally:
        with contextlib.suppress(OSError):
            part.unlink()
    return clauses


def strayed(store: Store) -> list[tuple[str, bool]]:
    """Return what is not as the log says of the packs beside the ledger, in words, and whether it weighs: one changed or
    put in past the program does, one taken away (which a person may do) does not."""
    place = folder_of(store)
    if place is None:
        return []
    known = _known(store) or {}
    found, there = [], sorted(place.glob("*.toml"))
    for path in there:
        digest = _digest(path)
        if path.name not in known:
            found.append((f"本地规则不是用程序添加的：{path.name}", True))
        elif digest != known[path.name]:
            found.append((f"本地规则与添加时不同：{path.name}", True))
    gone = known.keys() - {path.name for path in there}
    return found + [(f"添加过的本地规则已移走：{name}", False) for name in sorted(gone)]
