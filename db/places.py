"""Where nothing may be written: ledgers, what lies beside them, keys, backups, and files that are being read.

Every output, and every backup, asks here before it writes, and is written through the file made here: a new one, under
a name nobody can guess, for this account alone.
"""

import contextlib
import os
import re
import secrets
import shutil
import stat
import time
from pathlib import Path
from typing import BinaryIO

from db import private
from db.errors import UserError

BACKUP = ".boai-backup"
_LEDGER = ".boai-db"
# What lies beside a ledger is called as the ledger is, and then so.
_BESIDE = (
    ".keys",
    ".keys.new",
    ".mark",
    ".files",
    ".rules",
    ".lock",
    ".new",
    ".restoring",
    ".intent",
    "-wal",
    "-shm",
    "-journal",
)
_PART = re.compile(r"\..+\.[0-9a-f]{16}\.part")
_LINKS = (0xA0000003, 0xA000000C)  # IO_REPARSE_TAG_MOUNT_POINT, IO_REPARSE_TAG_SYMLINK
_OLD = 3600  # seconds after which an unfinished file is nobody's any more
_kept: set[Path] = set()


def protect(path: Path) -> None:
    """Keep a file, or all that a folder holds, from being written over by any output of this process: a ledger, or what is
    read."""
    _kept.add(Path(os.path.realpath(path)))


def forget() -> None:
    """Let go of every file that was kept: a new command begins."""
    _kept.clear()


def refuse(path: Path, *, backup: bool = False) -> None:
    """Raise `UserError` where writing to `path` would hit a ledger, what belongs to one, a backup or a file being read.

    A `backup` may take the place of a backup, and of nothing else. Links are followed for this; a second name of the
    same file (a hard link) counts as the file.
    """
    for place in {Path(os.path.abspath(path)), Path(os.path.realpath(path))}:
        over_another = place.exists() and _is_backup(place) != backup
        if _belongs_to_a_ledger(place) or _is_kept(place) or over_another or (_named_backup(place) and not backup):
            raise UserError(
                f"不能写到这个文件：{path.name}。它是台账、钥匙、备份或正在读取的文件，没有改动它；请换一个文件名"
            )


def _belongs_to_a_ledger(place: Path) -> bool:
    for part in (place, *place.parents):
        name = part.name.casefold()
        if name.endswith(_LEDGER) and not part.is_dir():
            return True
        for suffix in _BESIDE:
            bare = name.removesuffix(suffix)
            if bare != name and (bare.endswith(_LEDGER) or part.with_name(part.name[: -len(suffix)]) in _kept):
                return True
    # A ledger may be called anything; its keys lie beside it. The account's own keys and marks lie by themselves.
    return place.with_name(place.name + ".keys").exists() or place.suffix.casefold() in (".key", ".mark", ".keys")


def _named_backup(place: Path) -> bool:
    return place.name.casefold().endswith(BACKUP)


def _is_backup(place: Path) -> bool:
    """Tell by its beginning: the list of its parts comes first in a backup, and in no workbook or document."""
    try:
        with place.open("rb") as file:
            head = file.read(43)
    except OSError:
        return False
    return head.startswith(b"PK\x03\x04") and head[30:].startswith(b"manifest.json")


def _is_kept(place: Path) -> bool:
    if place in _kept or not _kept.isdisjoint(place.parents):
        return True
    with contextlib.suppress(OSError):
        there = place.stat()
        for kept in _kept:
            with contextlib.suppress(OSError):
                if os.path.samestat(there, kept.stat()):
                    return True
    return False


def is_link(path: Path) -> bool:
    """Tell whether a file or folder is another one's link: a symbolic one, or what Windows calls a junction."""
    try:
        found = os.lstat(path)
    except OSError:
        return False
    return stat.S_ISLNK(found.st_mode) or getattr(found, "st_reparse_tag", 0) in _LINKS


def part_of(path: Path) -> tuple[Path, BinaryIO]:
    """Make the unfinished file that will be moved to `path`: in the same folder, new, readable by this account alone.

    What a stopped program left unfinished in that folder is removed. Raises OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    sweep(path.parent)
    part = path.with_name(f".{path.name[:80]}.{secrets.token_hex(8)}.part")
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    file = os.fdopen(os.open(part, flags, 0o600), "w+b")
    private.keep(part)  # it keeps its rights where it is moved
    return part, file


def part_folder(path: Path) -> Path:
    """Make the unfinished folder that will be moved to `path`, as `part_of` makes a file. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sweep(path.parent)
    part = path.with_name(f".{path.name[:80]}.{secrets.token_hex(8)}.part")
    part.mkdir(mode=0o700)
    private.keep(part)
    return part


def sync(folder: Path) -> None:
    """Let what was made, moved and removed in a folder reach the disk, where a system can be asked to."""
    with contextlib.suppress(OSError, AttributeError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def sweep_of(ledger: Path) -> None:
    """Remove the unfinished files of a ledger and what lies beside it, of whatever age: for who holds its lock."""
    with contextlib.suppress(OSError):
        for file in ledger.parent.glob(".*.part"):
            if file.name.startswith(f".{ledger.name}") and _PART.fullmatch(file.name):
                with contextlib.suppress(OSError):
                    file.unlink()


def sweep(folder: Path) -> None:
    """Remove the unfinished files and folders of programs that were stopped an hour ago or more."""
    with contextlib.suppress(OSError):
        for file in folder.glob(".*.part"):
            if _PART.fullmatch(file.name) and time.time() - file.lstat().st_mtime > _OLD:
                with contextlib.suppress(OSError):
                    if file.is_dir() and not file.is_symlink():
                        shutil.rmtree(file)
                    else:
                        file.unlink()
