"""Attachments: files that prove something, registered in the ledger and kept in its `FileBox`."""

import datetime as dt
from pathlib import Path

from db.errors import UserError
from db.records.fields import Row
from db.records.internal_entities import ATTACHMENT
from db.storage.attachment_files import LARGEST, FileBox, shown_name
from db.storage.store import Store


def box_of(store: Store) -> FileBox:
    """Return the ledger's files; raise `UserError` where it has none (a ledger in memory)."""
    if store.files is None:
        raise UserError("这份台账不在磁盘上，不能保存附件")
    return store.files


def keep_file(
    store: Store, path: Path, *, on: dt.date, effective_on: dt.date | None = None, note: str = ""
) -> tuple[int | None, Row]:
    """Copy a file in, without registering it: (id if it is registered already, the row to register otherwise).

    `on` is the day it is stored, `effective_on` the document's own date. Raises `UserError` where it cannot be read.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise UserError(f"文件过大（超过 {LARGEST // 1024 // 1024} MB），没有添加；请压缩或拆分后再试")
        content = path.read_bytes()
    except OSError:
        raise UserError(f"读不了文件：{path.name}。没有添加任何附件") from None
    if not content:
        raise UserError(f"文件是空的：{path.name}。没有添加任何附件")
    sha256, name = box_of(store).put(content), shown_name(path.name)
    there = store.query("SELECT id FROM attachment WHERE sha256 = ? AND name = ?", [sha256, name])
    return (int(there[0]["id"]) if there else None), {
        "name": name, "sha256": sha256, "size": len(content), "uploaded_on": on.isoformat(),
        "effective_on": effective_on.isoformat() if effective_on else None, "note": note.strip() or None,
    }  # fmt: skip


def attach(store: Store, path: Path, *, on: dt.date, effective_on: dt.date | None = None, note: str = "") -> int:
    """Copy a file in and register it as one operation; return the attachment's id.

    The same file under the same name is registered once.
    """
    there, row = keep_file(store, path, on=on, effective_on=effective_on, note=note)
    if there is not None:
        return there
    with store.operation(f"添加附件：{row['name']}"):
        return store.save(ATTACHMENT, row)


def keep_content(store: Store, name: str, content: bytes, *, on: dt.date, note: str = "") -> int:
    """Keep and register what came as bytes; return the attachment's id. Inside an operation only."""
    sha256, shown = box_of(store).put(content), shown_name(name)
    there = store.query("SELECT id FROM attachment WHERE sha256 = ? AND name = ?", [sha256, shown])
    return int(there[0]["id"]) if there else store.save(ATTACHMENT, {
        "name": shown, "sha256": sha256, "size": len(content), "uploaded_on": on.isoformat(), "effective_on": None,
        "note": note.strip() or None,
    })  # fmt: skip


def open_copy(store: Store, attachment_id: int) -> Path:
    """Return a plain copy of an attachment for the system's viewer."""
    rows = store.query("SELECT sha256, name FROM attachment WHERE id = ?", [attachment_id])
    if not rows:
        raise UserError("这份附件的记录已不存在，请刷新后再试")
    return box_of(store).release(str(rows[0]["sha256"]), str(rows[0]["name"]))


def examine(store: Store) -> dict[str, list[str]]:
    """Compare the files with the ledger: hashes that are ``missing``, ``damaged`` or ``extra``.

    A file that was registered once and taken back stays, so that it can be done again: it is not one too many.
    """
    known = {str(row["sha256"]) for row in store.query("SELECT DISTINCT sha256 FROM attachment")}
    found = box_of(store).examine(known)
    once = store.query(
        """SELECT DISTINCT json_extract(coalesce(after, before), '$.sha256') AS sha256 FROM change
            WHERE record = 'attachment'"""
    )
    return found | {"extra": sorted({*found["extra"]} - {str(row["sha256"]) for row in once})}
