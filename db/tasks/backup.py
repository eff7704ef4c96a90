"""A backup is one file: a copy of the ledger, its key slot, its attachments and local rules, as encrypted as they are.

Every backup is opened and compared before it counts, and moved into place whole. A restore moves what was there aside;
it never overwrites a ledger.
"""

import contextlib
import datetime as dt
import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import sqlcipher3.dbapi2 as driver

from db import places
from db.errors import DataFileError, DiskTrouble, Locked, NotOurFile, UserError
from db.records.entities import ENTITIES
from db.storage import keys, lock, mark, swap, vault
from db.storage.keys import Secret
from db.storage.store import Store

SUFFIX = places.BACKUP
FORMAT = 1
_LEDGER, _SLOT, _FILES, _RULES, _MANIFEST = "ledger.boai-db", "ledger.keys", "files/", "rules/", "manifest.json"
_LARGEST_MANIFEST = 50_000_000


@dataclass(frozen=True)
class Backup:
    """What a backup file says of itself."""

    path: Path
    office: str
    made_at: dt.datetime
    parts: dict[str, str]  # name in the file to SHA-256


def usual_folder() -> Path:
    """Return where backups go if nobody has chosen a place."""
    return vault.data_folder() / "备份"


def back_up(store: Store, path: Path, at: dt.datetime) -> Backup:
    """Write a backup and prove it; return what it says. Nothing is left where it fails.

    Raises `DiskTrouble` where it cannot be written, `NotOurFile` where the ledger itself is damaged.
    """
    if store.path is None or store.secret is None:
        raise UserError("这份台账只在内存里，不能备份")
    places.refuse(path, backup=True)
    made_here: list[Path] = []
    try:
        for _ in range(2):
            file, out = places.part_of(path)
            out.close()
            made_here.append(file)
        copy, part = made_here
        store.db.execute("VACUUM INTO ?", [str(copy)])
        _prove(store, copy)
        made = _pack(store, copy, part, at)
        if _read(part).parts != made:
            raise DiskTrouble("备份写出后与原件不同，没有保留；请检查磁盘，或换一个位置再试")
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        os.replace(part, path)
    except (OSError, driver.OperationalError):
        raise DiskTrouble("没有备份成功：那个位置已满、不可写或不存在。台账没有变动；请换一个位置再试") from None
    finally:
        for old in (*made_here, *(file.with_name(file.name + "-journal") for file in made_here)):
            with contextlib.suppress(OSError):
                old.unlink(missing_ok=True)
    return Backup(path, store.office().get("name", ""), at, made)


def _prove(store: Store, copy: Path) -> None:
    """Open the copy and hold it against the ledger: pages, structure, and the number of rows of every record."""
    assert store.secret is not None
    db = vault._connect(copy, store.secret, "ro")
    try:
        bad = db.execute("PRAGMA cipher_integrity_check").fetchall() or [
            row for row in db.execute("PRAGMA quick_check").fetchall() if row[0] != "ok"
        ]
        tables = (*(e.name for e in ENTITIES), "operation", "change")
        counts = " UNION ALL ".join(f"SELECT count(*) FROM {table}" for table in tables)
        if bad or db.execute(counts).fetchall() != store.db.execute(counts).fetchall():
            raise NotOurFile("台账的内容有损坏，没有生成新的备份；请保留以前的备份，并从最近一份好的备份恢复")
    finally:
        db.close()


def _pack(store: Store, copy: Path, part: Path, at: dt.datetime) -> dict[str, str]:
    assert store.path is not None
    sources = {_LEDGER: copy, _SLOT: keys.slot_file(store.path)}
    for name, folder in ((_FILES, ".files"), (_RULES, ".rules")):
        root = store.path.with_name(store.path.name + folder)
        for file in sorted(root.rglob("*")) if root.is_dir() else ():
            if file.is_file() and not file.name.endswith(".part"):
                sources[name + file.relative_to(root).as_posix()] = file
    made = {name: _hash(file) for name, file in sources.items() if file.is_file()}
    about = {"format": FORMAT, "office": store.office().get("name", ""), "made_at": at.isoformat(timespec="seconds"),
             "parts": made}  # fmt: skip
    with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as out:
        out.writestr(_MANIFEST, json.dumps(about, ensure_ascii=False, indent=1))
        for name in made:
            out.write(sources[name], name)
    return made


def _hash(file: Path) -> str:
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _read(path: Path) -> Backup:
    """Read a backup through: every part is there, nothing else, and each is what the list says."""
    damaged = NotOurFile(f"这份备份不完整或被改动过：{path.name}。没有改动任何数据，请换一份备份")
    try:
        with zipfile.ZipFile(path) as file:
            if file.getinfo(_MANIFEST).file_size > _LARGEST_MANIFEST:
                raise damaged
            about = json.loads(file.read(_MANIFEST))
            if int(about["format"]) > FORMAT:
                raise NotOurFile("这份备份由更新版本的程序写成。没有改动任何数据；请安装最新版本后再恢复")
            parts = {str(k): str(v) for k, v in about["parts"].items()}
            if sorted(file.namelist()) != sorted([_MANIFEST, *parts]) or _LEDGER not in parts:
                raise damaged
            for name, wanted in parts.items():
                if not _is_ours(name):
                    raise damaged
                with file.open(name) as source:
                    if hashlib.file_digest(source, "sha256").hexdigest() != wanted:  # type: ignore[arg-type]
                        raise damaged
            return Backup(path, str(about["office"]), dt.datetime.fromisoformat(about["made_at"]), parts)
    except FileNotFoundError:
        raise NotOurFile(f"没有找到备份文件：{path.name}") from None
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, OSError, NotImplementedError):
        raise damaged from None


def _is_ours(name: str) -> bool:
    """No name may leave the folder it is put into."""
    if name in (_LEDGER, _SLOT):
        return True
    pieces = name.split("/")
    return pieces[0] in ("files", "rules") and len(pieces) in (2, 3) and all(
        p and p not in (".", "..") and not set(p) & set('\\:*?"<>|') for p in pieces
    )  # fmt: skip


def examine(path: Path) -> Backup:
    """Read a backup through and return what it says; raise `NotOurFile` where anything in it is not as it was."""
    return _read(path)


def restore(path: Path, target: Path, at: dt.datetime, unlock: Callable[[Path], Secret] | None = None) -> Path | None:
    """Put a backup's ledger in place; return where the ledger that was there has gone, or None.

    The backup is read through, unpacked beside the ledger, and opened and counted there, with the secret that `unlock`
    finds for the unpacked file (without it: if this account has its key), before anything is moved; stopped anywhere,
    the next start has one of the two ledgers.
    Raises `NotOurFile` for a damaged backup, `Locked` without its key, `DataFileError` where the ledger in place is in
    use, `DiskTrouble` where it cannot be written; the ledger in place is then as it was.
    """
    _read(path)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        held = lock.hold(target)
    except OSError:
        raise DiskTrouble("没有恢复成功：这个位置不可写。没有改动任何数据") from None
    try:
        swap.settle(target)
        _unpack(path, swap.work_of(target), target.name)
        prepared = swap.work_of(target) / target.name
        secret = _secret_of(prepared, unlock)
        counts = _examined(prepared, secret)
        there = [s for s in ("", *swap.BESIDE) if target.with_name(target.name + s).exists()]
        aside = _aside(target, at)
        _forget_mark(prepared, secret)
        swap.swap(target, aside)
        if _examined(target, secret) != counts:
            swap.take_back(target)
            raise DiskTrouble("恢复后核对不符，已换回原来的台账；请检查磁盘，或换一份备份")
        swap.finish(target)
        return aside if "" in there else None
    except OSError:
        raise DiskTrouble(
            "没有恢复成功：磁盘已满、不可写，或台账正被别的程序使用。原来的台账没有变动；请关闭程序后再试"
        ) from None
    finally:
        if not swap.is_pending(target):
            shutil.rmtree(swap.work_of(target), ignore_errors=True)
        lock.let_go(held)


def _unpack(path: Path, work: Path, ledger: str) -> None:
    """Unpack a backup that was read through into an empty folder, under the ledger's own name."""
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True, mode=0o700)
    with zipfile.ZipFile(path) as file:
        for name in file.namelist():
            if name == _MANIFEST:
                continue
            first, _, rest = name.partition("/")
            place = work / (ledger + {_LEDGER: "", _SLOT: ".keys"}.get(first, f".{first}")) / rest
            place.parent.mkdir(parents=True, exist_ok=True)
            with file.open(name) as source, place.open("wb") as out:
                shutil.copyfileobj(source, out)
                out.flush()
                os.fsync(out.fileno())


def _secret_of(ledger: Path, unlock: Callable[[Path], Secret] | None) -> Secret | None:
    if unlock is not None:
        return unlock(ledger)
    try:
        return vault.unlock(ledger)
    except Locked:
        return None


def _forget_mark(ledger: Path, secret: Secret | None) -> None:
    """What this account remembers of the ledger is about to be undone on purpose: the next change marks it anew."""
    if secret is not None:
        db = vault._connect(ledger, secret, "ro")
        try:
            _, kept = mark.places(ledger, vault.data_folder(), vault.id_of(db))
        finally:
            db.close()
        kept.unlink(missing_ok=True)


def _examined(ledger: Path, secret: Secret | None) -> list[int]:
    """Return how many rows each table of a closed ledger has (nothing without a key); raise `NotOurFile` where it is not
    whole."""
    if secret is None:
        return []
    db = vault._connect(ledger, secret, "ro")
    try:
        if db.execute("PRAGMA cipher_integrity_check").fetchall():
            raise NotOurFile(f"这份备份里的台账有损坏：{ledger.name}。没有改动任何数据，请换一份备份")
        tables = [
            r[0] for r in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        ]
        return [int(db.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]) for table in tables]
    finally:
        db.close()


def _aside(target: Path, at: dt.datetime) -> Path:
    stem = target.name.removesuffix(vault.SUFFIX)
    for number in range(100):
        again = f"-{number}" if number else ""
        aside = target.with_name(f"{stem}-恢复前-{at:%Y%m%d-%H%M%S}{again}{vault.SUFFIX}")
        if not any(aside.with_name(aside.name + s).exists() for s in ("", *swap.BESIDE)):
            return aside
    raise DataFileError("同名的旧台账太多，没有恢复。请先把它们移到别处")


def thin(folder: Path, keep: int) -> list[Path]:
    """Delete the oldest automatic backups of a folder beyond `keep`; return what was deleted.

    The order is that of the names, which carry a running number: a clock set back deletes nothing new.
    """
    made = sorted(folder.glob(f"自动备份-*{SUFFIX}"))
    old = made[: max(0, len(made) - keep)]
    for path in old:
        with contextlib.suppress(OSError):
            path.unlink()
    return old


def next_automatic(folder: Path, at: dt.datetime) -> Path:
    """Return the name of the next automatic backup: a running number, then the day."""
    numbers = [p.name.split("-")[1] for p in folder.glob(f"自动备份-*{SUFFIX}")]
    number = max((int(n) for n in numbers if n.isdigit()), default=0) + 1
    return folder / f"自动备份-{number:06d}-{at:%Y%m%d-%H%M}{SUFFIX}"
