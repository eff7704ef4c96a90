"""The only door to the data file: create, examine, open and close it. Nothing else in the program opens a database.

The file is SQLCipher throughout. While open it is in WAL mode with FULL synchronisation (no acknowledged row is lost
by a kill or a power cut); a clean close brings it back to one file. What a kill left beside the file is folded in
before anything else is asked of it: only then do its size and its pages say something.
"""

import contextlib
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver
from filelock import FileLock
from platformdirs import user_data_path
from sqlite_utils import Database

from db import places, private
from db.errors import (
    Damaged,
    DataFileError,
    DiskTrouble,
    InUse,
    Locked,
    NewerDatabase,
    NoDataFile,
    NotOurFile,
    UserError,
    WrongPassword,
)
from db.storage import access, keys, lock, older, swap
from db.storage.driver_errors import MISFIT, Connection, at_opening
from db.storage.drives import as_uri, is_network_path
from db.storage.keys import Secret
from db.storage.migrations import MIGRATIONS

APPLICATION_ID = 0x426F4169  # "BoAi"
FORMAT = 1  # raised only where an older program must not even read the list of migrations
SUFFIX = ".boai-db"
PAGE = 4096  # bytes
CHECKED_WHOLE = 64 * 1024 * 1024  # bytes; up to this size every page is checked at each opening (about half a second)


@dataclass
class Opened:
    """A data file in use: its connection, the lock that keeps other writers away (None for one that only
    reads), whether something that a kill had left was folded in, how many pages are damaged, and whether the connection
    is to a copy in memory of what an older program wrote."""

    db: Database
    lock: FileLock | None
    healed: bool = False
    damaged: int = 0
    copied: bool = False


def data_folder() -> Path:
    """Return the folder that holds the ledger by default: ``BOAI_DATA``, or the user's own data folder."""
    given = os.environ.get("BOAI_DATA")
    return Path(given) if given else user_data_path("BoaiTaizhang", appauthor=False)


def protect(path: Path) -> None:
    """Keep a ledger, and what this account's data folder holds of all of them, from being written over by an output."""
    for own in (
        path,
        *(data_folder() / name for name in ("installation", "second-place.json", "keys", "marks", "tries")),
    ):
        places.protect(own)


def default_file() -> Path:
    """Return the data file that is used where none is named."""
    return data_folder() / f"ledger{SUFFIX}"


def create(path: Path, password: str | None) -> tuple[Opened, Secret]:
    """Make a new data file and open it; the secret is for showing its recovery code once.

    With a password (at least `keys.SHORTEST` characters) the key is kept under it; without one, in a slot that this
    account alone can read. Raises `UserError` for a password that is too short, `DataFileError` where a file stands
    there already, or where the place is not fit for a database.
    """
    if password is not None:
        keys.check_new(password)
    if path.exists() or path.is_symlink():
        raise DataFileError(f"已有台账文件，没有覆盖：{path.name}。要另建一份，请换一个文件名")
    left = [*_left_beside(path), swap.work_of(path), *path.parent.glob(f"{path.name.removesuffix(SUFFIX)}-恢复前-*")]
    if swap.is_pending(path) or any(p.exists() for p in left):
        raise DataFileError(
            f"这里有没做完的恢复，或留下的旧台账：{path.name}。没有新建，也没有改动；请先恢复或打开旧台账，或换一个文件名"
        )
    _check_place(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise DiskTrouble("不能在这个位置建立文件夹，没有改动任何数据；请换一个有写入权限的位置") from None
    held = _hold(path, read_only=False)
    try:
        secret = _make(path, password)
        return Opened(_open(path, secret), held), secret
    except BaseException:
        if held is not None:
            lock.let_go(held)
        raise


def _make(path: Path, password: str | None) -> Secret:
    secret, vault_id = Secret.new(), secrets.token_hex(8)
    # Built under another name and moved into place, so that a failure on the way leaves no half-made ledger.
    part = path.with_name(path.name + ".new")
    part.unlink(missing_ok=True)
    try:
        db = _connect(part, secret, "rwc")
        private.keep(part)
        try:
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            db.execute(f"PRAGMA user_version = {FORMAT}")
            db.execute("CREATE TABLE vault (id TEXT NOT NULL) STRICT")
            with db.atomic():
                db.execute("INSERT INTO vault VALUES (?)", [vault_id])
        finally:
            db.close()
        if password is None:
            keys.write_account_slot(data_folder(), vault_id, secret)
            keys.write_id(path, vault_id, secret)
        else:
            keys.write_password_slot(keys.slot_file(path), vault_id, secret, password, 1)
        os.replace(part, path)
    except (OSError, driver.OperationalError):
        part.unlink(missing_ok=True)
        raise DiskTrouble("不能在这个位置写文件，没有改动任何数据；请检查磁盘空间和写入权限，或换一个位置") from None
    return secret


def id_of(db: Database) -> str:
    """Return the id that a ledger has had since it was made."""
    return str(db.execute("SELECT id FROM vault").fetchone()[0])


def id_in(path: Path, secret: Secret) -> str:
    """Return the id of a closed ledger."""
    db = _connect(path, secret, "ro")
    try:
        return id_of(db)
    finally:
        db.close()


def copy_under(path: Path, secret: Secret, target: Path, new: Secret) -> None:
    """Copy a closed ledger to `target` under another secret; raises `UserError` as opening does."""
    source = _connect(path, secret, "rw")
    try:
        source.execute("VACUUM INTO ?", [str(target)])
    except driver.DatabaseError as error:
        raise at_opening(error, path) from None
    finally:
        source.close()
    copy = _connect(target, secret, "rw")
    try:
        copy.execute(f"PRAGMA rekey = \"x'{new.raw_key().hex()}'\"").fetchall()
    except driver.DatabaseError as error:
        raise at_opening(error, target) from None
    finally:
        copy.close()


def examine(path: Path) -> dict[str, Any]:
    """Look at a file without opening it as a database: raise what is wrong, or return what its key file says.

    The answer has ``vault`` (id or None), ``has_password``, ``key`` (which of an account's slots is its) and ``waits``
    (whether a change of password was not finished). A restore that was stopped is finished or taken back first.
    """
    if swap.is_pending(path):
        held = _hold(path, read_only=False)
        try:
            swap.settle(path)
        finally:
            if held is not None:
                lock.let_go(held)
    if not path.exists():
        raise NoDataFile(f"没有找到台账文件：{path.name}。请先用 boai init 建立，或用 --db 指明文件")
    if not path.is_file():
        raise NotOurFile(f"这不是文件：{path.name}。请用 --db 指明台账文件")
    _check_place(path)
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(16)
    except OSError:
        raise DiskTrouble(f"读不了这个文件：{path.name}。数据没有变动，请检查权限，或看看是否被别的程序占用") from None
    if size == 0:
        raise NotOurFile(f"这个文件是空的（0 字节）：{path.name}。没有改动它；请从备份恢复，或换一个文件")
    if head.startswith(b"SQLite format 3"):
        raise NotOurFile(f"这是没有加密的数据库，不是博爱台账的文件：{path.name}。没有改动它，请换一个文件")
    if size % PAGE and not _left_beside(path):
        raise NotOurFile(f"这不是博爱台账的文件，或者文件不完整：{path.name}。没有改动它，请从备份恢复或换一个文件")
    slot = keys.read_slot(keys.slot_file(path))
    waits = keys.waiting_slot(path).exists()
    vault_id = slot.get("vault")
    return {"vault": vault_id if isinstance(vault_id, str) else None, "has_password": "sealed" in slot or waits,
            "key": str(slot.get("key", "")), "waits": waits}  # fmt: skip


def unlock(path: Path, password: str | None = None, recovery_code: str | None = None) -> Secret:
    """Return the secret that opens a file: by recovery code, by password, or by this account's slot.

    Raises `Locked` with what is missing.
    """
    facts = examine(path)
    if recovery_code is not None:
        return Secret.from_code(recovery_code)
    kept = keys.read_account_slot(data_folder(), str(facts["vault"]), facts["key"]) if facts["vault"] else None
    if facts["has_password"] and not (facts["waits"] and password is None and kept is not None):
        if password is None:
            raise Locked("这份台账设有密码，请输入密码（或设置 BOAI_PASSWORD、使用 --password-file）")
        access.refuse_early(data_folder(), path)
        try:
            return keys.read_password_slot(path, password)
        except WrongPassword:
            access.was_wrong(data_folder(), path)
            raise
    if kept is not None:
        return kept
    raise Locked("这台电脑的这个账号没有这份台账的钥匙。数据没有变动；请用恢复码打开，或回到原来的账号")


def open_file(path: Path, secret: Secret, read_only: bool = False) -> Opened:
    """Open a data file for work; raise the `DataFileError` that says what is wrong with it.

    The bytes of a file that is refused, or that is opened `read_only`, are unchanged, unless a kill left something
    beside it: one of an older program is read from a copy in memory, as large as the file. A damaged one is opened
    `read_only` alone; for writing it raises `Damaged`.
    """
    protect(path)
    examine(path)
    held = _hold(path, read_only)
    try:
        if held is not None:
            swap.settle(path)
        healed = held is not None and _recover(path, secret)
        applied = _probe(path, secret)
        whole = held is not None and path.stat().st_size <= CHECKED_WHOLE  # a very large file is left to `boai verify`
        pages = damaged_pages(path, secret) if whole else 0
        if pages and not read_only:
            raise Damaged(
                f"台账文件有 {pages} 页已损坏，没有写入任何内容；还能查看。请从最近一份好的备份恢复：{path.name}"
            )
        if pages or read_only:
            copied = not pages and applied != _known()
            db = _in_memory(path, secret) if copied else _connect(path, secret, "ro")
            reading = Opened(db, None, healed, pages, copied)
            if held is not None:
                lock.let_go(held)  # who only reads keeps nobody out
            return reading
        if applied and applied != _known():
            older.keep(path, SUFFIX, max(applied))
        db = _open(path, secret)
        try:
            access.prove_whole(db)
            keys.settle_slot(path, access.generation(db))
            keys.keep_operator_slots(path, {who: o.generation for who, o in access.operators(db).items()})
        except BaseException:
            db.close()
            raise
        return Opened(db, held, healed)
    except BaseException as error:
        if held is not None:
            lock.let_go(held)
        raise (at_opening(error, path) if isinstance(error, driver.DatabaseError | OSError) else error) from None


def set_password(path: Path, db: Database, secret: Secret, password: str, take_up: Callable[[int], None]) -> None:
    """Wrap the key of an open ledger under a new password; the recovery code stays what it is.

    The slot is written beside the one that holds, then `take_up` lets the ledger know its generation in an operation:
    with that the new password holds, and whatever stops or fails before leaves the old one. Raises `UserError` for a
    password too short, `DiskTrouble` where the slot cannot be written, and what `take_up` raises.
    """
    keys.check_new(password)
    generation = access.generation(db) + 1
    try:
        keys.write_password_slot(
            keys.waiting_slot(path), id_of(db), secret, password, generation, keys.operator_slots(path)
        )
    except OSError:
        raise DiskTrouble("密码没有更换：写不了密码文件。原来的打开方式还有效，请检查磁盘后再试") from None
    try:
        take_up(generation)
    except BaseException:
        with contextlib.suppress(OSError):
            keys.waiting_slot(path).unlink()
        raise
    keys.settle_slot(path, generation)


def _known() -> set[str]:
    return {m.name for m in MIGRATIONS._migrations}


def _hold(path: Path, read_only: bool) -> FileLock | None:
    """Take the lock; None where one who only reads finds it held, or finds a folder that cannot be written."""
    wait = 0.0 if read_only and not path.with_name(path.name + "-journal").exists() else 2.0
    try:
        return lock.hold(path, wait)
    except InUse:
        if read_only:
            return None
        raise
    except OSError:
        if read_only:
            return None
        raise DiskTrouble(f"这个文件夹不能写入，只能查看：{path.name}。数据没有变动，请检查写入权限") from None


def _left_beside(path: Path) -> list[Path]:
    """Return what lies beside a file only while it is open, or where a program was stopped."""
    beside = (path.with_name(path.name + suffix) for suffix in ("-journal", "-wal"))
    return [p for p in beside if p.exists()]


def _recover(path: Path, secret: Secret) -> bool:
    """Fold in what a stopped program left, under the lock; return whether there was anything.

    A hot journal can only be rolled back by a connection that may write, and a write-ahead log may hold pages without
    which the file itself looks cut or damaged: so this comes before every other look.
    """
    left = [p for p in _left_beside(path) if p.stat().st_size]
    if not left:
        return False
    try:
        db = _connect(path, secret, "rw")
        try:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            db.execute("PRAGMA journal_mode = DELETE").fetchone()
        finally:
            db.close()
    except driver.OperationalError:
        return False  # a disk that cannot be written: opening for reading says what it can
    if path.stat().st_size % PAGE:
        raise NotOurFile(f"台账文件不完整：{path.name}。没有再改动它，请从备份恢复")
    return True


def fold_in(path: Path, secret: Secret) -> None:
    """Make one file of a ledger that was copied while it was open; raises `NotOurFile` where it is none."""
    db = _connect(path, secret, "rw")
    try:
        db.execute("PRAGMA journal_mode = DELETE").fetchone()
    except driver.DatabaseError as error:
        raise at_opening(error, path) from None
    finally:
        db.close()


def _probe(path: Path, secret: Secret) -> set[str]:
    """Return the names of the migrations a file has had; raise what makes it not ours, or too new."""
    probe = _connect(path, secret, "ro")
    try:
        ours = probe.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
        version = probe.execute("PRAGMA user_version").fetchone()[0]
        applied = {m.name for m in MIGRATIONS.applied(probe)}
        if ours:
            access.check(probe, secret)
    except driver.DatabaseError as error:
        raise at_opening(error, path) from None
    finally:
        probe.close()
    if not ours:
        raise NotOurFile(f"这不是博爱台账的文件：{path.name}。没有改动它，请换一个文件")
    if version > FORMAT or applied - _known():
        raise NewerDatabase("这份台账由更新版本的程序写成。数据没有变动；请安装最新版本后再打开")
    return applied


def damaged_pages(path: Path, secret: Secret) -> int:
    """Return how many pages of a file do not carry their own seal."""
    db = _connect(path, secret, "ro")
    try:
        return len(db.execute("PRAGMA cipher_integrity_check").fetchall())
    finally:
        db.close()


def _open(path: Path, secret: Secret) -> Database:
    private.keep_all([data_folder(), *(path.with_name(path.name + beside) for beside in ("", *swap.BESIDE))])
    db = _connect(path, secret, "rw")
    try:
        db.execute("PRAGMA journal_mode = WAL").fetchone()
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("PRAGMA trusted_schema = OFF")
        db.execute("PRAGMA cell_size_check = ON")
        db.execute("PRAGMA cache_size = -262144")  # the decrypted pages of a whole ledger stay in memory
    except driver.DatabaseError as error:
        db.close()
        raise at_opening(error, path) from None
    return db


def open_memory() -> Database:
    """Open an empty in-memory database, for tests and the self-test; nothing of it reaches a disk."""
    connection = driver.connect(":memory:", check_same_thread=False)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("CREATE TABLE vault (id TEXT NOT NULL) STRICT")
    connection.execute("INSERT INTO vault VALUES (?)", [secrets.token_hex(8)])
    connection.commit()
    return Database(connection, execute_plugins=False)


def shut(opened: Opened) -> None:
    """Close cleanly and let the next one in."""
    try:
        close(opened.db)
    finally:
        if opened.lock is not None:
            lock.let_go(opened.lock)


def close(db: Database) -> None:
    """Close cleanly: the write-ahead log goes back into the one file, unless another program still reads it."""
    try:
        if db.execute("PRAGMA main.journal_mode").fetchone()[0] != "wal" or is_read_only(db):
            return
        db.execute("PRAGMA optimize")
        busy = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if not busy:
            db.execute("PRAGMA journal_mode = DELETE").fetchone()
    except (driver.DatabaseError, UserError):
        pass  # in use elsewhere, or a disk in trouble: the log stays, and the next opening folds it in
    finally:
        db.close()


def is_read_only(db: Database) -> bool:
    """Whether a connection was opened for reading alone."""
    return bool(db.execute("PRAGMA query_only").fetchone()[0])


def _connect(path: Path, secret: Secret, mode: str) -> Database:
    try:
        connection = driver.connect(
            as_uri(path, mode), uri=True, timeout=5, check_same_thread=False, factory=Connection
        )
    except driver.DatabaseError as error:
        raise at_opening(error, path) from None
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.set_key(f"x'{secret.raw_key().hex()}'")
    connection.execute("PRAGMA cipher_compatibility = 4")
    if mode == "ro":
        connection.execute("PRAGMA query_only = ON")
    try:
        if mode != "rwc":
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except driver.DatabaseError as error:
        connection.close()
        raise at_opening(error, path) from None
    except Damaged as error:
        connection.close()
        raise NotOurFile(MISFIT.format(path.name)) from error
    return Database(connection, execute_plugins=False)


def _in_memory(path: Path, secret: Secret) -> Database:
    """Return the rows of a ledger in memory, where they can be brought up to date for somebody who only reads.

    Nothing of them reaches a disk, and no byte of the file changes.
    """
    connection = driver.connect(":memory:", uri=True, timeout=5, check_same_thread=False, factory=Connection)
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute("ATTACH ? AS file KEY ?", [as_uri(path, "ro"), f"x'{secret.raw_key().hex()}'"])
        connection.execute("SELECT sqlcipher_export('main', 'file')").fetchone()
        connection.execute("DETACH file")
    except BaseException:
        connection.close()
        raise
    return Database(connection, execute_plugins=False)


def _check_place(path: Path) -> None:
    """Refuse network shares: file locking is not reliable there, and a ledger could be lost."""
    if is_network_path(path):
        raise DataFileError(
            f"不能直接使用网络位置上的台账：{path.name}。数据没有变动；请复制到本机磁盘后再打开（备份可以放在网络位置）"
        )
