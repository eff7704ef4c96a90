"""Making backups: the ledger as it is at one moment, its key slot, its attachments and local rules, as encrypted as they are.

A backup is copied through a connection of its own, within one read: whoever writes meanwhile writes on. It is opened,
checked and counted before it counts, and moved into place whole. Its form is in `db.tasks.backup_file`.
"""

import contextlib
import datetime as dt
import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver
from sqlite_utils import Database

from db import places
from db.errors import Damaged, DiskTrouble, NotOurFile, UserError
from db.records.entities import ENTITIES
from db.storage import access, keys, vault
from db.storage.attachment_files import FileBox
from db.storage.driver_errors import translate
from db.storage.keys import Secret
from db.storage.store import Store
from db.tasks import backup_file
from db.tasks.backup_file import FILES, LEDGER, LIBRARY, RULES, SLOT, SUFFIX, Backup, Part

KEPT_BEFORE = 5  # backups made before an import
_RECENT = 3600  # seconds; what is younger in the library may belong to a backup that is being made


def usual_folder() -> Path:
    """Return where backups go if nobody has chosen a place."""
    return vault.data_folder() / "备份"


def back_up(store: Store, path: Path, at: dt.datetime, *, shared: bool = False) -> Backup:
    """Write a backup of an open ledger and prove it; return what it says. Nothing is left where it fails.

    `shared`: the attachments go into the library beside `path`, each of them once for all backups there.
    Raises `DiskTrouble` where it cannot be written, `NotOurFile` where the ledger itself is damaged.
    """
    if store.path is None or store.secret is None:
        raise UserError("这份台账只在内存里，不能备份")
    return back_up_file(store.path, store.secret, path, at, shared=shared)


def back_up_file(ledger: Path, secret: Secret, path: Path, at: dt.datetime, *, shared: bool = False) -> Backup:
    """As `back_up`, of a ledger that another thread or program may be writing."""
    with _writing(path) as (copy, part):
        source = vault._connect(ledger, secret, "ro")
        try:
            source.execute("BEGIN")  # one read: the counts are those of what is copied
            counts = count(source)
            _copy(source, copy, secret)
        finally:
            source.close()
        db = vault._connect(copy, secret, "ro")
        try:
            _prove(db, counts)
            registered = {str(r[0]) for r in db.execute("SELECT DISTINCT sha256 FROM attachment").fetchall()}
            made = _about(db, path, at, counts)
            slot = _slot(ledger, access.generation(db))
        finally:
            db.close()
        sources = {LEDGER: copy, SLOT: slot, **_rules(ledger)}
        attachments, missing = {}, []
        for sha256, file, kept in _attachments(ledger, secret, registered):
            if kept is None:
                missing.append(sha256)
                continue
            attachments[sha256] = kept
            if shared:
                _keep(path.parent, kept, file)
            else:
                sources[f"{FILES}{sha256[:2]}/{sha256}"] = file
        return _put(made, path, part, sources, secret, attachments, tuple(missing))


def back_up_before(store: Store, what: str) -> Backup | None:
    """Keep the database as it is before something large is done to it (`what`, in a word); None for one in memory.

    It lies in the folder of that name beside the ledger, without the attachments, which stay where they are. The last `KEPT_BEFORE` are kept.
    """
    if store.path is None or store.secret is None:
        return None
    if store.undoable() is None:
        return None  # nothing was done yet that could be lost
    folder = store.path.parent / usual_folder().name
    stem = f"{what}前-"
    numbers = [int(n) for p in _named(folder, stem) if (n := p.name[len(stem) : -len(SUFFIX)]).isdigit()]
    path = folder / f"{stem}{max(numbers, default=0) + 1:06d}{SUFFIX}"
    store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    with _writing(path) as (copy, part):
        counts, whole = count(store.db), store.path
        if store.path.with_name(store.path.name + "-wal").stat().st_size:  # somebody reads: not all is in the file
            source = vault._connect(store.path, store.secret, "ro")
            try:
                _copy(source, copy, store.secret)
            finally:
                source.close()
            whole = copy
        made = _about(store.db, path, dt.datetime.now(), counts, database_only=True)
        registered = store.db.execute("SELECT DISTINCT sha256 FROM attachment").fetchall()
        sources = {LEDGER: whole, SLOT: keys.slot_file(store.path), **_rules(store.path)}
        attachments = {str(sha256): Part(str(sha256), 0) for (sha256,) in registered}
        done = _put(made, path, part, sources, store.secret, attachments, ())
    for old in _named(folder, stem)[:-KEPT_BEFORE]:
        with contextlib.suppress(OSError):
            old.unlink()
    return done


def _named(folder: Path, stem: str) -> list[Path]:
    return places.listed(folder, f"{stem}*{SUFFIX}")


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[tuple[Path, Path]]:
    """Give the names of a copy and of the unfinished backup; take both away, and say what went wrong in words."""
    places.refuse(path, backup=True)
    made_here: list[Path] = []
    try:
        for _ in range(2):
            file, out = places.part_of(path)
            out.close()
            made_here.append(file)
        yield made_here[0], made_here[1]
    except driver.DatabaseError as error:
        if isinstance(told := translate(error), Damaged):
            raise told from None
        raise DiskTrouble("没有备份成功：那个位置已满或不可写，或台账正忙。台账没有变动；请换一个位置再试") from None
    except OSError:
        raise DiskTrouble("没有备份成功：那个位置已满、不可写或不存在。台账没有变动；请换一个位置再试") from None
    finally:
        for old in (*made_here, *(f.with_name(f.name + s) for f in made_here for s in ("-journal", "-wal", "-shm"))):
            with contextlib.suppress(OSError):
                old.unlink(missing_ok=True)


def _copy(source: Database, copy: Path, secret: Secret) -> None:
    target = vault._connect(copy, secret, "rwc")
    try:
        source.conn.backup(target.conn)
        target.execute("PRAGMA journal_mode = DELETE").fetchone()
    finally:
        target.close()


def count(db: Database) -> dict[str, int]:
    """Return how many rows each record has, and the log; a ledger of an older program has fewer records."""
    there = set(db.table_names())
    return {
        name: int(db.execute(f"SELECT count(*) FROM {name}").fetchone()[0])
        for name in (*(e.name for e in ENTITIES), "operation", "change") if name in there
    }  # fmt: skip


def log_end(db: Database) -> tuple[int, str]:
    """Return the number of the last operation and its seal in hex: 0 and nothing for an empty log, no seal in one from
    before there were any."""
    last: dict[str, Any] = next(db.query("SELECT * FROM operation ORDER BY id DESC LIMIT 1"), {"id": 0})
    return int(last["id"]), (last.get("seal") or b"").hex()


def _prove(db: Database, counts: dict[str, int]) -> None:
    """Hold the copy against the ledger: pages, structure, and the number of rows of every record."""
    bad = db.execute("PRAGMA cipher_integrity_check").fetchall() or [
        row for row in db.execute("PRAGMA quick_check").fetchall() if row[0] != "ok"
    ]
    if bad or count(db) != counts:
        raise NotOurFile("台账的内容有损坏，没有生成新的备份；请保留以前的备份，并从最近一份好的备份恢复")


def _about(db: Database, path: Path, at: dt.datetime, counts: dict[str, int], *, database_only: bool = False) -> Backup:
    names = sorted(db.query("SELECT * FROM office WHERE item = 'name'"), key=lambda row: str(row.get("start_on") or ""))
    number, seal = log_end(db)
    return Backup(
        path, str(names[-1]["content"] or "")[:200] if names else "", at.replace(microsecond=0), vault.id_of(db), number,
        seal, database_only, counts, {}, {}, (),
    )  # fmt: skip


def _slot(ledger: Path, generation: int) -> Path:
    """Return the slot that fits what was copied: a change of password may be under way."""
    waiting = keys.waiting_slot(ledger)
    fits = waiting.exists() and keys.read_slot(waiting).get("generation") == generation
    return waiting if fits else keys.slot_file(ledger)


def _rules(ledger: Path) -> dict[str, Path]:
    folder = ledger.with_name(ledger.name + ".rules")
    return {
        RULES + file.name: file
        for file in places.listed(folder) if file.is_file() and backup_file.is_ours(RULES + file.name)
    }  # fmt: skip


def _attachments(ledger: Path, secret: Secret, registered: set[str]) -> Iterator[tuple[str, Path, Part | None]]:
    """Yield every attachment, read through: its hash, its file, and what is kept of it; None where it is lost."""
    box = FileBox(ledger, secret.file_key())
    for sha256 in sorted(registered | box.there()):
        try:
            sealed = box.sealed(sha256)
        except NotOurFile:
            if sha256 in registered:
                yield sha256, Path(), None
            continue
        yield sha256, box.place(sha256), Part(hashlib.sha256(sealed).hexdigest(), len(sealed))


def _keep(folder: Path, part: Part, file: Path) -> None:
    """Put an attachment into the library, unless it is there as it should be."""
    place = backup_file.library_place(folder, part)
    with contextlib.suppress(OSError):
        if backup_file.part_of(place) == part:
            return
    new, out = places.part_of(place)
    try:
        with out, file.open("rb") as source:
            shutil.copyfileobj(source, out)
            out.flush()
            os.fsync(out.fileno())
        if backup_file.part_of(new) != part:
            raise OSError
        os.replace(new, place)
    finally:
        with contextlib.suppress(OSError):
            new.unlink()


def _put(
    made: Backup, path: Path, part: Path, sources: dict[str, Path], secret: Secret, attachments: dict[str, Part],
    missing: tuple[str, ...],
) -> Backup:  # fmt: skip
    """Write the backup, read it back, and move it into place."""
    parts = {name: backup_file.part_of(file) for name, file in sources.items() if file.is_file()}
    done = Backup(**{**made.__dict__, "parts": parts, "attachments": attachments, "missing": missing})
    done = done.signed(secret.backup_key())
    backup_file.write(done, part, sources)
    # What is made before an import is proved when it is needed: nobody waits for it to be read again.
    if not done.database_only and backup_file.read(part).mac != done.mac:
        raise DiskTrouble("备份写出后与原件不同，没有保留；请检查磁盘，或换一个位置再试")
    with part.open("rb+") as written:
        os.fsync(written.fileno())
    os.replace(part, path)
    return done


def examine(path: Path) -> Backup:
    """Read a backup through and return what it says; raise `NotOurFile` where anything in it is not as it was."""
    return backup_file.read(path)


def found_in(folder: Path, secret: Secret | None = None) -> list[Backup]:
    """Return the backups of a folder, the newest first, by what they say; with a `secret`, that ledger's own alone.

    Raises `DiskTrouble` where the folder cannot be read."""
    found = []
    for path in places.listed(folder, f"*{SUFFIX}"):
        with contextlib.suppress(NotOurFile):
            backup = backup_file.read(path, through=False)
            if secret is not None:
                backup.check(secret.backup_key())
            found.append(backup)
    return sorted(found, key=lambda b: (b.sequence, b.made_at.replace(tzinfo=None)), reverse=True)


def thin(folder: Path, keep: int, secret: Secret) -> list[Path]:
    """Delete the oldest automatic backups of a folder beyond `keep`, never the last complete one; return what was deleted.

    The order is that of the names, which carry a running number: a clock set back deletes nothing new. What no backup
    of the folder needs any more leaves the library too.
    """
    try:
        made, known = places.listed(folder, f"自动备份-*{SUFFIX}"), found_in(folder, secret)
    except DiskTrouble:
        return []
    whole = {b.path for b in known if b.complete and not b.lacking()}
    last = max((i for i, path in enumerate(made) if path in whole), default=0)
    old = made[: min(max(0, len(made) - keep), last)]
    for path in old:
        with contextlib.suppress(OSError):
            path.unlink()
    _thin_library(folder)
    return old


def _thin_library(folder: Path) -> None:
    try:
        needed = {
            part.sha256
            for path in places.listed(folder, f"*{SUFFIX}")
            for part in backup_file.read(path, through=False).attachments.values()
        }
        kept = [file for part in places.listed(folder / LIBRARY, "??") for file in places.listed(part)]
    except (NotOurFile, DiskTrouble):
        return  # whatever a backup that cannot be read needs stays
    for file in kept:
        with contextlib.suppress(OSError):
            if file.name not in needed and time.time() - file.stat().st_mtime > _RECENT:
                file.unlink()


def next_automatic(folder: Path, at: dt.datetime) -> Path:
    """Return the name of the next automatic backup: a running number, then the day."""
    numbers = [p.name.split("-")[1] for p in places.listed(folder, f"自动备份-*{SUFFIX}")]
    number = max((int(n) for n in numbers if n.isdigit()), default=0) + 1
    return folder / f"自动备份-{number:06d}-{at:%Y%m%d-%H%M}{SUFFIX}"
