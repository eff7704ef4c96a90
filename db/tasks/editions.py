"""Frozen editions: what was handed up for a period, with every figure, verdict, text and finished file as it was.

An edition is written once. Its manifest (canonical JSON) names each file by SHA-256; the manifest's own SHA-256 stands
in the operation that froze it, and so in the log's chain of seals.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from db.errors import Damaged, UserError
from db.quarters import Period
from db.queries.changes import changed_between
from db.storage import uids
from db.storage.changed import day_of
from db.storage.store import Store

TITLE = "报送冻结"
FORM = 1  # of the manifest


@dataclass(frozen=True)
class Edition:
    """One frozen edition: `log` is the last operation before it, by which later changes are told."""

    id: int
    uid: str
    period: str
    number: int
    log: int
    manifest: dict[str, Any]
    sha256: str

    @property
    def files(self) -> tuple[str, ...]:
        """The names of its files, in their order."""
        return tuple(str(f["name"]) for f in self.manifest["files"])

    @property
    def words(self) -> str:
        """What a person calls it."""
        kind = "更正报告" if self.manifest.get("corrects") else "报告"
        return f"{Period.parse(self.period).label}{kind}第 {self.number} 版，{self.manifest['submitted_on']} 报送"


def canonical(manifest: Mapping[str, Any]) -> bytes:
    """Return the one form of a manifest of which the SHA-256 is taken: UTF-8 JSON, keys sorted, no spaces."""
    return json.dumps(manifest, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def editions(store: Store, period: Period | None = None) -> list[Edition]:
    """Return the editions of a period, or all, the oldest first."""
    rows = store.query(
        """SELECT id, uid, period, number, operation_id, manifest, sha256 FROM edition
            WHERE ?1 IS NULL OR period = ?1 ORDER BY period, number""",
        [str(period) if period else None],
    )
    return [
        Edition(r["id"], r["uid"], r["period"], r["number"], r["operation_id"], json.loads(r["manifest"]), r["sha256"])
        for r in rows
    ]


def edition_of(store: Store, period: Period, number: int | None = None) -> Edition:
    """Return an edition of a period, by default its last; raises `UserError` where there is none."""
    found = [e for e in editions(store, period) if number in (None, e.number)]
    if not found:
        which = f"第 {number} 版" if number else "已报送的版本"
        raise UserError(f"{period.label}没有{which}。没有写出任何文件；报送用 boai submit {period}，或在报表中心办理")
    return found[-1]


@dataclass(frozen=True)
class Prepared:
    """An edition that is about to be frozen: its manifest with number and files, and what the log is to say of it."""

    period: str
    number: int
    manifest: bytes
    sha256: str
    files: tuple[tuple[str, bytes], ...]

    @property
    def detail(self) -> str:
        """What the operation that freezes it says: the chain of seals covers it."""
        return f"{self.period} 第 {self.number} 版 SHA-256 {self.sha256}"


def prepare(store: Store, period: Period, manifest: Mapping[str, Any], files: Sequence[tuple[str, bytes]]) -> Prepared:
    """Make a period's next edition ready; nothing is written."""
    number = len(editions(store, period)) + 1
    listed = [{"name": n, "sha256": hashlib.sha256(c).hexdigest(), "bytes": len(c)} for n, c in files]
    text = canonical({"form": FORM, **manifest, "period": str(period), "number": number, "files": listed})
    return Prepared(str(period), number, text, hashlib.sha256(text).hexdigest(), tuple(files))


def freeze(store: Store, prepared: Prepared, operation_id: int) -> None:
    """Keep a prepared edition for ever. Inside an operation only, whose detail is `prepared.detail`."""
    cursor = store.db.execute(
        "INSERT INTO edition (uid, period, number, operation_id, manifest, sha256) VALUES (?, ?, ?, ?, ?, ?)",
        [uids.new(), prepared.period, prepared.number, operation_id, prepared.manifest.decode(), prepared.sha256],
    )
    edition = int(cursor.lastrowid or 0)
    for name, content in prepared.files:
        store.db.execute(
            "INSERT INTO edition_file (uid, edition_id, name, sha256, content) VALUES (?, ?, ?, ?, ?)",
            [uids.new(), edition, name, hashlib.sha256(content).hexdigest(), content],
        )


def files_of(store: Store, edition: Edition) -> list[tuple[str, bytes]]:
    """Return the files of an edition, byte for byte; raises `Damaged` where one is not what the manifest says."""
    rows = {
        r["name"]: r["content"]
        for r in store.query("SELECT name, content FROM edition_file WHERE edition_id = ?", [edition.id])
    }
    found = []
    for each in edition.manifest["files"]:
        content = rows.get(each["name"])
        if content is None or hashlib.sha256(content).hexdigest() != each["sha256"]:
            raise Damaged(f"{edition.words}：文件“{each['name']}”与报送时不一致，没有写出。请从备份恢复")
        found.append((str(each["name"]), bytes(content)))
    return found


def head_of(store: Store, edition: Edition) -> dict[str, Any]:
    """Return the log's head when an edition was frozen: the operation's ``number`` and its ``seal`` (hex; none in memory)."""
    rows = store.query("SELECT seal FROM operation WHERE id = ?", [edition.log])
    return {"number": edition.log, "seal": bytes(rows[0]["seal"]).hex() if rows and rows[0]["seal"] else ""}


def untrue(store: Store) -> list[str]:
    """Return what is no longer as it was frozen, in words: a manifest, a file, or the log's word on an edition."""
    found = []
    for edition in editions(store):
        logged = store.query("SELECT detail FROM operation WHERE id = ?", [edition.log])
        if hashlib.sha256(canonical(edition.manifest)).hexdigest() != edition.sha256 or not (
            logged and edition.sha256 in logged[0]["detail"]
        ):
            found.append(f"{edition.words}：内容与报送时不一致")
            continue
        try:
            files_of(store, edition)
        except Damaged as error:
            found.append(str(error))
    return found


def frozen_before(store: Store, operation_id: int) -> list[str]:
    """Return the frozen periods that read what an operation changed: it is 报送后变更, and is said at once."""
    last = {e.period: e for e in editions(store)}
    if not last:
        return []
    touched = changed_between(store, operation_id - 1, operation_id)
    days = [day_of(store.db, c) or "0000-01-01" for c in touched]
    if not days:
        return []
    return [Period.parse(p).label for p, e in last.items() if e.log < operation_id and min(days) <= e.manifest["as_of"]]


def frozen_by_last(store: Store) -> list[str]:
    """Return, as `frozen_before`, the periods that the last operation touched."""
    found = store.query("SELECT max(id) AS id FROM operation WHERE kind <> 'event'")
    return frozen_before(store, int(found[0]["id"])) if found[0]["id"] else []
