"""Ledgers of an older program: kept as they are before they are brought up to date, or read from a copy in memory."""

import os
import shutil
from pathlib import Path

import sqlcipher3.dbapi2 as driver
from sqlite_utils import Database

from db import places
from db.errors import DiskTrouble
from db.storage import keys
from db.storage.driver_errors import Connection
from db.storage.drives import as_uri
from db.storage.keys import Secret


def keep(path: Path, suffix: str, last: str) -> None:
    """Copy a closed ledger as it is, before a writer brings it up to date: an older program still opens that.

    Its name says up to which migration (`last`) it had come. Raises `DiskTrouble`; the ledger is as it was then.
    """
    stem = path.name.removesuffix(suffix)
    kept = path.with_name(f"{stem}-升级前-{last.partition('_')[0]}{suffix}")
    if kept.exists():
        return
    try:
        for source, target in ((keys.slot_file(path), keys.slot_file(kept)), (path, kept)):
            if source.exists():
                part, file = places.part_of(target)
                with file as out, source.open("rb") as whole:
                    shutil.copyfileobj(whole, out)
                    out.flush()
                    os.fsync(out.fileno())
                os.replace(part, target)
    except OSError:
        raise DiskTrouble(
            "升级之前要先留一份原来的台账，没有写成，所以没有升级。数据没有变动；请腾出磁盘空间"
        ) from None


def in_memory(path: Path, secret: Secret) -> Database:
    """Return the rows of a ledger in memory, where they can be brought up to date for somebody who only reads.

    Nothing of them reaches a disk, and no byte of the file changes. Raises the driver's errors.
    """
    connection = driver.connect(":memory:", uri=True, timeout=5, check_same_thread=False, factory=Connection)
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")
        key = f"x'{secret.raw_key().hex()}'"
        connection.execute("ATTACH ? AS file KEY ?", [as_uri(path, "ro"), key])
        connection.execute("SELECT sqlcipher_export('main', 'file')").fetchone()
        connection.execute("DETACH file")
    except BaseException:
        connection.close()
        raise
    return Database(connection, execute_plugins=False)
