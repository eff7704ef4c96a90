"""Putting a backup's ledger in place: prepared beside the one that is there, opened and counted, then swapped.

Whatever stood there is moved aside; nothing is written over. Stopped anywhere, the next start has one of the two.
"""

import contextlib
import datetime as dt
import os
import shutil
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import sqlcipher3.dbapi2 as driver

from db.errors import DataFileError, DiskTrouble, NotOurFile, UserError
from db.storage import keys, lock, mark, swap, vault
from db.storage.attachment_files import FileBox
from db.storage.keys import Secret
from db.tasks import backup_file
from db.tasks.backup import count, log_end
from db.tasks.backup_file import FILES, LEDGER, MANIFEST, RULES, SLOT, Backup

_SPARE = 16 * 1024 * 1024  # bytes that are left free


def restore(
    path: Path, target: Path, at: dt.datetime, unlock: Callable[[Path], Secret] | None = None, *,
    another: bool = False, without_files: bool = False,
) -> Path | None:  # fmt: skip
    """Put a backup's ledger in place; return where the ledger that was there has gone, or None.

    The backup is read through, unpacked beside the ledger, and opened and counted there, with the secret that `unlock`
    finds for the unpacked file (without it: this account's own), before anything is moved. Attachments that the backup
    does not hold itself are taken from the library beside it, or from the ledger in place.
    `another`: also over a ledger of another id; `without_files`: also where attachments cannot be found.
    Raises `NotOurFile` for a damaged or forged backup, `Locked` without its key, `DataFileError` where the ledger in
    place is in use, `UserError` where it is another one or attachments lack, `DiskTrouble` where it cannot be written;
    the ledger in place is then as it was.
    """
    backup = backup_file.read(path)
    _refuse_another(backup, target, another)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        held = lock.hold(target)
    except OSError:
        raise DiskTrouble("没有恢复成功：这个位置不可写。没有改动任何数据") from None
    try:
        swap.settle(target)
        _check_space(backup, target.parent)
        work = swap.work_of(target)
        _unpack(path, work, target.name)
        prepared = work / target.name
        secret = (unlock or vault.unlock)(prepared)
        vault.fold_in(prepared, secret)
        vault._probe(prepared, secret)
        backup.check(secret.backup_key())
        if not _has(examined(prepared, secret), backup.counts) or _log_end(prepared, secret) != (
            backup.sequence,
            backup.seal,
        ):
            raise NotOurFile(f"这份备份里的台账与它的清单不符：{path.name}。没有改动任何数据，请换一份备份")
        _bring_files(backup, prepared, target, secret, without_files)
        there = target.exists()
        aside = name_aside(target, at, "恢复前")
        _forget_mark(prepared, secret)
        put_in_place(target, aside, secret, dict(backup.counts))
        return aside if there else None
    except (OSError, driver.OperationalError):
        raise DiskTrouble(
            "没有恢复成功：磁盘已满、不可写，或台账正被别的程序使用。原来的台账没有变动；请关闭程序后再试"
        ) from None
    finally:
        if not swap.is_pending(target):
            shutil.rmtree(swap.work_of(target), ignore_errors=True)
        lock.let_go(held)


def put_in_place(target: Path, aside: Path, secret: Secret, counts: dict[str, int]) -> None:
    """Swap what was prepared into place, and take it back unless it opens there with these counts. Under the lock."""
    swap.swap(target, aside)
    try:
        same = _has(examined(target, secret), counts)
    except (DataFileError, driver.DatabaseError):
        same = False
    if not same:
        swap.take_back(target)
        raise DiskTrouble("换上以后核对不符，已换回原来的台账；请检查磁盘后再试")
    swap.finish(target)


def name_aside(target: Path, at: dt.datetime, why: str) -> Path:
    """Return a free name for the ledger that goes aside: its own, the reason, the time."""
    stem = target.name.removesuffix(vault.SUFFIX)
    for number in range(100):
        again = f"-{number}" if number else ""
        aside = target.with_name(f"{stem}-{why}-{at:%Y%m%d-%H%M%S}{again}{vault.SUFFIX}")
        if not any(aside.with_name(aside.name + s).exists() for s in ("", *swap.BESIDE)):
            return aside
    raise DataFileError("同名的旧台账太多，没有继续。请先把它们移到别处")


def examined(ledger: Path, secret: Secret) -> dict[str, int]:
    """Return how many rows each record of a closed ledger has; raise `NotOurFile` where it is not whole."""
    db = vault._connect(ledger, secret, "ro")
    try:
        if db.execute("PRAGMA cipher_integrity_check").fetchall():
            raise NotOurFile(f"这份备份里的台账有损坏：{ledger.name}。没有改动任何数据，请换一份备份")
        return count(db)
    finally:
        db.close()


def _has(found: Mapping[str, int], counts: Mapping[str, int]) -> bool:
    """Whether a ledger has what was counted; an older program did not count every record that there is now."""
    return bool(counts) and all(found.get(name) == number for name, number in counts.items())


def _refuse_another(backup: Backup, target: Path, another: bool) -> None:
    standing = keys.read_slot(keys.slot_file(target)).get("vault") if target.exists() else None
    if standing is not None and standing != backup.vault and not another:
        raise UserError(
            f"这份备份是另一份台账的（{backup.office or '没有写单位'}），没有恢复，也没有改动。"
            "确实要换成它，请用 --another，或另指一个位置（--db）"
        )


def _check_space(backup: Backup, folder: Path) -> None:
    needed = sum(part.size for part in (*backup.parts.values(), *backup.attachments.values())) + _SPARE
    if shutil.disk_usage(folder).free < needed:
        raise DiskTrouble(f"磁盘空间不够，恢复要用 {needed // 1_000_000} MB。没有改动任何数据；请先腾出空间")


def _unpack(path: Path, work: Path, ledger: str) -> None:
    """Unpack a backup that was read through into an empty folder, under the ledger's own name."""
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True, mode=0o700)
    with zipfile.ZipFile(path) as file:
        for name in file.namelist():
            if name == MANIFEST:
                continue
            first, _, rest = name.partition("/")
            if not backup_file.is_ours(name) or f"{first}/" not in (FILES, RULES, f"{LEDGER}/", f"{SLOT}/"):
                raise NotOurFile(f"这份备份不完整或被改动过：{path.name}。没有改动任何数据，请换一份备份")
            place = work / (ledger + {LEDGER: "", SLOT: ".keys"}.get(first, f".{first}")) / rest
            place.parent.mkdir(parents=True, exist_ok=True)
            with file.open(name) as source, place.open("wb") as out:
                shutil.copyfileobj(source, out)
                out.flush()
                os.fsync(out.fileno())


def _log_end(ledger: Path, secret: Secret) -> tuple[int, str]:
    db = vault._connect(ledger, secret, "ro")
    try:
        return log_end(db)
    finally:
        db.close()


def _bring_files(backup: Backup, prepared: Path, target: Path, secret: Secret, without: bool) -> None:
    """Bring every attachment to the prepared ledger, from wherever it is whole; what lacked before may lack again."""
    box, standing = FileBox(prepared, secret.file_key()), FileBox(target, secret.file_key())
    lacking = 0
    for sha256, part in backup.attachments.items():
        for place in (box.place(sha256), backup_file.library_place(backup.path.parent, part), standing.place(sha256)):
            with contextlib.suppress(OSError, NotOurFile):
                box.take_over(sha256, place)
                break
        else:
            lacking += 1
    if lacking and not without:
        raise UserError(
            f"有 {lacking} 个附件找不到：备份文件旁边应有“{backup_file.LIBRARY}”文件夹。没有恢复，也没有改动任何数据；"
            "请连同它一起取来，或用 --without-files 只恢复其余内容"
        )


def _forget_mark(ledger: Path, secret: Secret) -> None:
    """What this account remembers of the ledger is about to be undone on purpose: the next change marks it anew."""
    db = vault._connect(ledger, secret, "ro")
    try:
        _, kept = mark.places(ledger, vault.data_folder(), vault.id_of(db))
    finally:
        db.close()
    kept.unlink(missing_ok=True)
