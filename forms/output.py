"""Finished bytes into a file: written whole or not at all, and never over a file that is open elsewhere."""

import contextlib
import datetime as dt
import os
import re
import shutil
import time
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path

from db import places
from forms.errors import FileTrouble

_BYTES = 240
_PIECE = 1 << 20  # bytes copied at once
_TRIES = (0.05, 0.1, 0.2, 0.4)  # seconds between attempts: virus scanners hold new files for a moment


def write_whole(path: Path, content: bytes) -> Path:
    """Write `content` to `path` through a temporary file in the same folder; return where it went.

    Where the target is held by another program (Excel, WPS), it goes beside it under a numbered name.
    Raises `FileTrouble` where the folder cannot be written, `UserError` where `path` is a ledger, a key, a backup or a
    file that is being read.
    """
    places.refuse(path)
    part = None
    try:
        part, file = places.part_of(path)
        with file as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        for target in (path, *(path.with_name(f"{path.stem} ({n}){path.suffix}") for n in range(2, 10))):
            if target is not path and (target.exists() or target.is_symlink()):
                continue
            if _move(part, target):
                return target
    except OSError:
        raise FileTrouble(f"写不了文件：{path.name}。请检查磁盘空间和文件夹的写入权限，或换一个位置") from None
    finally:
        if part is not None:
            with contextlib.suppress(OSError):
                part.unlink()
    raise FileTrouble(f"文件正被别的程序占用：{path.name}。请关闭它，或换一个文件名再试")


def write_beside(path: Path, content: bytes) -> Path:
    """Write as `write_whole`, but never over a file with other content: it stays, and this one gets a number."""
    places.refuse(path)
    for target in (path, *(path.with_name(f"{path.stem}_{n}{path.suffix}") for n in range(2, 1000))):
        if not target.exists() and not target.is_symlink():
            return write_whole(target, content)
        if target.is_file() and target.read_bytes() == content:
            return target
    raise FileTrouble(f"同名的文件太多，没有写出：{path.name}。请换一个文件夹，或删去旧的")


def folder_beside(path: Path, fill: Callable[[Path], None]) -> Path:
    """Let *fill* make what stands in a folder, then put it at `path` whole; where there is something, beside it with a number.

    Until then it lies hidden in the same place, and is taken away if anything goes wrong. Raises `FileTrouble` where it
    cannot be written, `UserError` where `path` belongs to a ledger, and whatever `fill` raises.
    """
    places.refuse(path)
    part = None
    try:
        part = places.part_folder(path)
        fill(part)
        for target in (path, *(path.with_name(f"{path.name}_{n}") for n in range(2, 1000))):
            if not target.exists() and not target.is_symlink() and _move(part, target):
                return target
    except OSError:
        raise FileTrouble(
            f"写不了文件夹：{path.name}。没有留下任何文件。请检查磁盘空间和写入权限，或换一个位置"
        ) from None
    finally:
        if part is not None:
            shutil.rmtree(part, ignore_errors=True)
    raise FileTrouble(f"写不了文件夹：{path.name}。没有留下任何文件。请换一个文件夹，或删去旧的")


def zip_beside(folder: Path, day: dt.date) -> Path:
    """Write a folder as .zip beside it, its files dated `day`; a number is added where the name is taken.

    Each file is read and written piece by piece. Raises `FileTrouble`.
    """
    target = next(
        place
        for n in range(1, 1000)
        if not (place := folder.with_name(f"{folder.name}{f'_{n}' if n > 1 else ''}.zip")).exists()
    )
    places.refuse(target)
    part = None
    try:
        part, file = places.part_of(target)
        with file, zipfile.ZipFile(file, "w") as packed:
            for path in sorted(p for p in folder.rglob("*") if p.is_file()):
                entry = zipfile.ZipInfo(path.relative_to(folder.parent).as_posix(), (*day.timetuple()[:3], 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o600 << 16
                with path.open("rb") as source, packed.open(entry, "w") as sink:
                    shutil.copyfileobj(source, sink, _PIECE)
        if _move(part, target):
            return target
    except OSError:
        raise FileTrouble(f"写不了压缩包：{target.name}。文件夹“{folder.name}”已经写好；请检查磁盘空间") from None
    finally:
        if part is not None:
            with contextlib.suppress(OSError):
                part.unlink()
    raise FileTrouble(f"写不了压缩包：{target.name}。文件夹“{folder.name}”已经写好")


def went_aside(path: Path) -> bool:
    """Tell whether a file went beside the one that was meant, because that one is open elsewhere."""
    return re.search(r" \([2-9]\)$", path.stem) is not None


def _move(part: Path, target: Path) -> bool:
    for wait in (*_TRIES, 0.0):
        try:
            os.replace(part, target)
            return True
        except PermissionError:
            time.sleep(wait)
    return False


def safe_name(text: str) -> str:
    """Return `text` without what Windows forbids in file names and what is not seen, at most 80 characters.

    Marks that turn the direction of writing would show another ending than the file has.
    """
    seen = "".join(c for c in re.sub(r"[\t\n\r]+", " ", text) if unicodedata.category(c)[0] != "C")
    name = re.sub(r'[<>:"/\\|?*]', "", seen).strip(" .")
    if re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)", name):
        name += "_"
    name = name[:80]
    while len(name.encode()) > _BYTES:  # file systems count bytes
        name = name[:-1]
    return name or "未命名"
