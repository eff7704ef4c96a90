"""What the driver says, in words: the one place where an error of SQLite becomes a sentence.

Every connection to a file is of the class here, so that a damaged page, a full disk or a stick that was pulled is told
in words wherever it is met, also while rows are fetched or before an operation begins, and never ends in a crash report.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver

from db.errors import Damaged, DiskTrouble, InUse, NotOurFile, Refused, UserError
from db.records.entities import BY_NAME

MISFIT = "钥匙与文件对不上，或文件已损坏，或不是博爱台账的文件：{}。没有改动它；请确认文件和密码（恢复码）是一套，或从备份恢复"
_BUSY = "台账正被另一个程序使用。数据没有变动，请稍后再试"
_TROUBLE = "读写台账文件时磁盘出了故障：已满、不可写或已经拔出。已经保存的数据没有变动；请检查磁盘后再试"
_ROWS = 1000  # fetched at once where rows are gone through one by one


class _DiskTrouble(DiskTrouble, driver.OperationalError):  # type: ignore[misc]
    """Trouble with the disk as the driver met it; whoever knows what was being done catches the driver's kind and says that."""


class _InUse(InUse, driver.OperationalError):  # type: ignore[misc]
    """A file that another program holds, as the driver met it."""


def at_opening(error: Exception, path: Path) -> UserError:
    """Turn an error of the driver or of the system at opening into words."""
    text = str(error)
    if "file is not a database" in text or "malformed" in text or "disk image" in text:
        return NotOurFile(MISFIT.format(path.name))
    if isinstance(error, InUse) or "locked" in text or "busy" in text:
        return InUse(f"台账正被另一个程序使用：{path.name}。数据没有变动，请稍后再试")
    return DiskTrouble(f"打不开台账文件：{path.name}。数据没有变动，请检查磁盘空间和读写权限")


def translate(error: Exception) -> UserError | Exception:
    """Turn a driver's error into words; an error that is our bug comes back as it is."""
    text = str(error)
    if text.startswith("UNIQUE constraint failed"):
        # Either "table.column, …" or "index 'table_key'" where the key has expressions.
        table = text.split("index '")[-1].split("_key'")[0] if "index '" in text else text.split(": ")[1].split(".")[0]
        entity = BY_NAME.get(table)
        if entity is not None:
            names = "、".join(f"“{entity[k].label}”" for k in entity.key)
            return Refused(f"已有相同的“{entity.label}”记录（{names}都相同）。没有保存，请核对或修改已有的那一条")
    if text.startswith("FOREIGN KEY constraint failed"):
        return Refused("有别的记录用到它，或它用到的记录已不存在。没有保存，请刷新后再试")
    if text.startswith("CHECK constraint failed"):
        return Refused("日期先后或金额不合规定。没有保存，请核对")
    return _of_the_file(error) or error


def _of_the_file(error: Exception) -> UserError | None:
    """Return what is wrong with the file or the disk, or None where the error says nothing of them."""
    name = str(getattr(error, "sqlite_errorname", ""))
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return InUse("台账正被另一个程序写入。没有保存，请稍后再试")
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return Damaged("台账文件已损坏，没有再写入任何内容。请从最近一份好的备份恢复；运行 boai verify 可查看损坏之处")
    if name.startswith(("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN")):
        return DiskTrouble("没有保存成功：磁盘已满、不可写或出了故障。原有数据没有变动；腾出空间或检查磁盘后再试")
    return None


def _told(error: Exception) -> Exception:
    """Return an error of the file or the disk in words, of the driver's kind still; any other as it is."""
    told, name = _of_the_file(error), getattr(error, "sqlite_errorname", "")
    if told is None or name == "SQLITE_READONLY":  # also a write where the program itself asked to read only: our bug
        return error
    if isinstance(told, Damaged):
        return told
    kind, words = (_InUse, _BUSY) if isinstance(told, InUse) else (_DiskTrouble, _TROUBLE)
    said: Exception = kind(words)
    said.sqlite_errorname = name  # type: ignore[attr-defined]
    return said


class Cursor(driver.Cursor):  # type: ignore[misc]
    """A cursor that tells damage as `Damaged`, and a disk or a lock in words; every other error stays the driver's own."""

    def execute(self, *args: Any) -> "Cursor":
        """Run one statement."""
        try:
            return super().execute(*args)  # type: ignore[no-any-return]
        except driver.DatabaseError as error:
            raise _told(error) from None

    def executemany(self, *args: Any) -> "Cursor":
        """Run one statement for many rows."""
        try:
            return super().executemany(*args)  # type: ignore[no-any-return]
        except driver.DatabaseError as error:
            raise _told(error) from None

    def fetchone(self) -> Any:
        """Return the next row, or None."""
        try:
            return super().fetchone()
        except driver.DatabaseError as error:
            raise _told(error) from None

    def fetchmany(self, *args: Any) -> list[Any]:
        """Return the next rows."""
        try:
            return super().fetchmany(*args)  # type: ignore[no-any-return]
        except driver.DatabaseError as error:
            raise _told(error) from None

    def fetchall(self) -> list[Any]:
        """Return all rows that are left."""
        try:
            return super().fetchall()  # type: ignore[no-any-return]
        except driver.DatabaseError as error:
            raise _told(error) from None

    def __iter__(self) -> Iterator[Any]:
        while rows := self.fetchmany(_ROWS):
            yield from rows


class Connection(driver.Connection):  # type: ignore[misc]
    """A connection whose cursors are of the class above."""

    def cursor(self, factory: type[driver.Cursor] = Cursor) -> driver.Cursor:
        """Return a new cursor."""
        return super().cursor(factory)
