"""The only door to the data file: create, examine, open and close it. Nothing else in the program opens a database.

The file is SQLCipher throughout. While open it is in WAL mode with FULL synchronisation (no acknowledged row is lost
by a kill or a power cut); a clean close brings it back to one file.
"""

import json
import os
import secrets
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlcipher3.dbapi2 as driver
from platformdirs import user_data_path
from sqlite_utils import Database

from db.errors import DataFileError, DiskTrouble, InUse, Locked, NewerDatabase, NoDataFile, NotOurFile, UserError
from db.storage import keys
from db.storage.keys import Secret
from db.storage.migrations import MIGRATIONS

APPLICATION_ID = 0x426F4169  # "BoAi"
FORMAT = 1  # raised only where an older program must not even read the list of migrations
SUFFIX = ".boai-db"

_NETWORK_FILESYSTEMS = {"cifs", "smb3", "smbfs", "nfs", "nfs4", "ncpfs", "afs", "9p", "fuse.sshfs", "fuse.davfs"}


def data_folder() -> Path:
    """Return the folder that holds the ledger by default: ``BOAI_DATA``, or the user's own data folder."""
    given = os.environ.get("BOAI_DATA")
    return Path(given) if given else user_data_path("BoaiTaizhang", appauthor=False)


def default_file() -> Path:
    """Return the data file that is used where none is named."""
    return data_folder() / f"ledger{SUFFIX}"


def create(path: Path, password: str | None) -> tuple[Database, Secret]:
    """Make a new data file and open it; the secret is for showing its recovery code once.

    With a password the key is kept under it; without one, in a slot that this account alone can read.
    Raises `DataFileError` where a file stands there already, or where the place is not fit for a database.
    """
    if path.exists() or path.is_symlink():
        raise DataFileError(f"已有台账文件，没有覆盖：{path.name}。要另建一份，请换一个文件名")
    _check_place(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise DiskTrouble("不能在这个位置建立文件夹，没有改动任何数据；请换一个有写入权限的位置") from None
    secret, vault_id = Secret.new(), secrets.token_hex(8)
    # Built under another name and moved into place, so that a failure on the way leaves no half-made ledger.
    part = path.with_name(path.name + ".new")
    part.unlink(missing_ok=True)
    try:
        db = _connect(part, secret, "rwc")
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
            _write_id(path, vault_id)
        else:
            keys.write_password_slot(path, vault_id, secret, password)
        os.replace(part, path)
    except (OSError, driver.OperationalError):
        part.unlink(missing_ok=True)
        raise DiskTrouble("不能在这个位置写文件，没有改动任何数据；请检查磁盘空间和写入权限，或换一个位置") from None
    return _open(path, secret), secret


def _write_id(path: Path, vault_id: str) -> None:
    """A file without a password still says which account slot belongs to it."""
    keys._replace(keys.slot_file(path), json.dumps({"vault": vault_id}, indent=1).encode())


def set_password(path: Path, db: Database, secret: Secret, password: str) -> None:
    """Wrap the key of an open ledger under a new password; the recovery code stays what it is.

    Raises `DiskTrouble` where the key file cannot be written; the old password then still opens.
    """
    try:
        vault_id = str(db.execute("SELECT id FROM vault").fetchone()[0])
        keys.write_password_slot(path, vault_id, secret, password)
    except OSError:
        raise DiskTrouble("密码没有更换：写不了密码文件。原来的密码还有效，请检查磁盘后再试") from None


def examine(path: Path) -> dict[str, Any]:
    """Look at a file without opening it as a database: raise what is wrong, or return what its key file says.

    The answer has ``vault`` (id or None) and ``has_password``.
    """
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
    if size % 4096:
        raise NotOurFile(f"这不是博爱台账的文件，或者文件不完整：{path.name}。没有改动它，请从备份恢复或换一个文件")
    try:
        slot = json.loads(keys.slot_file(path).read_text(encoding="utf-8"))
        return {"vault": slot.get("vault"), "has_password": "sealed" in slot}
    except (OSError, ValueError, AttributeError):
        return {"vault": None, "has_password": False}


def unlock(path: Path, password: str | None = None, recovery_code: str | None = None) -> Secret:
    """Return the secret that opens a file: by recovery code, by password, or by this account's slot.

    Raises `Locked` with what is missing.
    """
    facts = examine(path)
    if recovery_code is not None:
        return Secret.from_code(recovery_code)
    if facts["has_password"]:
        if password is None:
            raise Locked("这份台账设有密码，请输入密码（或设置 BOAI_PASSWORD、使用 --password-file）")
        return keys.read_password_slot(path, password)
    if facts["vault"] and (secret := keys.read_account_slot(data_folder(), str(facts["vault"]))):
        return secret
    raise Locked("这台电脑的这个账号没有这份台账的钥匙。数据没有变动；请用恢复码打开，或回到原来的账号")


def open_file(path: Path, secret: Secret, read_only: bool = False) -> Database:
    """Open a data file for work; raise the `DataFileError` that says what is wrong with it.

    The bytes of a file that is refused, or that is opened `read_only`, are unchanged. A file that still has to be
    brought up to date is opened for writing in any case.
    """
    examine(path)
    probe = _connect(path, secret, "ro")
    try:
        ours = probe.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
        version = probe.execute("PRAGMA user_version").fetchone()[0]
        known = {m.name for m in MIGRATIONS._migrations}
        applied = {m.name for m in MIGRATIONS.applied(probe)}
    except driver.DatabaseError as error:
        raise _translate(error, path) from None
    finally:
        probe.close()
    if not ours:
        raise NotOurFile(f"这不是博爱台账的文件：{path.name}。没有改动它，请换一个文件")
    if version > FORMAT or applied - known:
        raise NewerDatabase("这份台账由更新版本的程序写成。数据没有变动；请安装最新版本后再打开")
    if read_only and applied == known:
        return _connect(path, secret, "ro")
    return _open(path, secret)


def _open(path: Path, secret: Secret) -> Database:
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
        raise _translate(error, path) from None
    return db


def open_memory() -> Database:
    """Open an empty in-memory database, for tests and the self-test; nothing of it reaches a disk."""
    connection = driver.connect(":memory:", check_same_thread=False)
    connection.execute("PRAGMA foreign_keys = ON")
    return Database(connection, execute_plugins=False)


def close(db: Database) -> None:
    """Close cleanly: the write-ahead log goes back into the one file, unless another program still reads it."""
    try:
        if db.execute("PRAGMA main.journal_mode").fetchone()[0] != "wal" or is_read_only(db):
            return
        db.execute("PRAGMA optimize")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        db.execute("PRAGMA journal_mode = DELETE").fetchone()
    except driver.DatabaseError:
        pass  # in use elsewhere: the log stays, and the next clean close folds it in
    finally:
        db.close()


def is_read_only(db: Database) -> bool:
    """Whether a connection was opened for reading alone."""
    return bool(db.execute("PRAGMA query_only").fetchone()[0])


def _connect(path: Path, secret: Secret, mode: str) -> Database:
    uri = f"file:{quote(path.resolve().as_posix())}?mode={mode}"
    if sys.platform == "win32":
        uri = f"file:///{quote(path.resolve().as_posix(), safe='/:')}?mode={mode}"
    try:
        connection = driver.connect(uri, uri=True, timeout=5, check_same_thread=False)
    except driver.DatabaseError as error:
        raise _translate(error, path) from None
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
        raise _translate(error, path) from None
    return Database(connection, execute_plugins=False)


def _translate(error: Exception, path: Path) -> UserError:
    """Turn a driver's error at opening into words."""
    text = str(error)
    if "file is not a database" in text or "malformed" in text or "disk image" in text:
        return NotOurFile(
            f"钥匙与文件对不上，或文件已损坏，或不是博爱台账的文件：{path.name}。没有改动它；"
            "请确认文件和密码（恢复码）是一套，或从备份恢复"
        )
    if "locked" in text or "busy" in text:
        return InUse(f"台账正被另一个程序使用：{path.name}。数据没有变动，请稍后再试")
    return DiskTrouble(f"打不开台账文件：{path.name}。数据没有变动，请检查磁盘空间和读写权限")


def _check_place(path: Path) -> None:
    """Refuse network shares: file locking is not reliable there, and a ledger could be lost."""
    if is_network_path(path):
        raise DataFileError(
            f"不能直接使用网络位置上的台账：{path.name}。数据没有变动；请复制到本机磁盘后再打开（备份可以放在网络位置）"
        )


def is_network_path(path: Path) -> bool:
    """Tell whether a path lies on another computer (UNC path, mapped drive, or a network file system)."""
    text = str(path)
    if text.startswith(("\\\\", "//")) and not text.startswith(("\\\\?\\", "\\\\.\\")):
        return True
    if sys.platform == "win32":  # pragma: no cover (Windows only)
        import ctypes

        drive = os.path.splitdrive(path.resolve())[0] + "\\"
        return bool(ctypes.windll.kernel32.GetDriveTypeW(drive) == 4)  # DRIVE_REMOTE
    return _filesystem(path) in _NETWORK_FILESYSTEMS


def _filesystem(path: Path) -> str:
    """Return the type of the file system that holds `path` (Linux), or an empty string."""
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    place = str(path.resolve())
    best, kind = "", ""
    for line in mounts:
        _, mount, filesystem, *_ = line.split(" ")
        mount = mount.replace("\\040", " ")
        if (place == mount or place.startswith(mount.rstrip("/") + "/")) and len(mount) >= len(best):
            best, kind = mount, filesystem
    return kind
