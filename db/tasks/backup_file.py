"""What a backup is as a file: a plain zip whose first part, the manifest, says all of the others, sealed by the ledger's key.

    manifest.json     vault id, sequence and seal of the log's end, office, day, counts of every record, each part's and
                      each attachment's SHA-256 and size; HMAC-SHA256 over all of it
    ledger.boai-db    the ledger, as encrypted as it is         ledger.keys   its slot        rules/…   its local packs
    files/aa/<hash>   the attachments, where they are not in the `LIBRARY` beside the backup, each kept there once

Nothing in it is packed, so that no part is larger than the file is; whatever is not as the manifest says is refused.
"""

import datetime as dt
import hashlib
import hmac
import json
import re
import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from db import bounded, places
from db.errors import NotOurFile
from db.storage.attachment_files import shown_name

SUFFIX = places.BACKUP
FORMAT = 2
LEDGER, SLOT, FILES, RULES, MANIFEST = "ledger.boai-db", "ledger.keys", "files/", "rules/", "manifest.json"
LIBRARY = "附件库"
_PIECE = 1024 * 1024  # bytes copied at once
_LARGEST_MANIFEST, _MOST_PARTS, _LARGEST_RULES = 50_000_000, 200_000, 2_000_000  # bytes, parts, bytes
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Part:
    """One file in a backup: the SHA-256 of its bytes, and how many they are."""

    sha256: str
    size: int


@dataclass(frozen=True)
class Backup:
    """What a backup file says of itself."""

    path: Path
    office: str
    made_at: dt.datetime
    vault: str  # id of the ledger
    sequence: int  # the last operation in it
    seal: str  # of that operation, in hexadecimal
    database_only: bool  # made before an import: its attachments are those of the ledger in place
    counts: Mapping[str, int]  # record to number of rows
    parts: Mapping[str, Part]  # name in the file
    attachments: Mapping[str, Part]  # by the SHA-256 of the content: what is kept of it, encrypted
    missing: tuple[str, ...]  # attachments that were lost or damaged already when it was made
    mac: str = ""

    @property
    def complete(self) -> bool:
        """Whether it holds the ledger and every attachment that is registered in it."""
        return not self.missing and not self.database_only

    def lacking(self) -> list[str]:
        """Return the attachments that are neither in the file nor in the library beside it (by name and size)."""
        return [sha for sha, part in self.attachments.items()
                if f"{FILES}{sha[:2]}/{sha}" not in self.parts and not _is_there(library_place(self.path.parent, part), part)
                ]  # fmt: skip

    def signed(self, key: bytes) -> "Backup":
        """Return it with the seal that its manifest gets under the ledger's key (`Secret.backup_key`)."""
        return Backup(**{**self.__dict__, "mac": hmac.digest(key, _content(self), "sha256").hex()})

    def check(self, key: bytes) -> None:
        """Raise `NotOurFile` unless the manifest is as the ledger's own program wrote it."""
        if not hmac.compare_digest(self.mac.encode(), self.signed(key).mac.encode()):
            raise NotOurFile(
                f"这份备份的清单被改动过，或不是这份台账的：{self.path.name}。没有改动任何数据，请换一份备份"
            )


def library_place(folder: Path, part: Part) -> Path:
    """Return where the library of a folder keeps the bytes of an attachment."""
    return folder / LIBRARY / part.sha256[:2] / part.sha256


def _is_there(place: Path, part: Part) -> bool:
    try:
        return place.stat().st_size == part.size
    except OSError:
        return False


def _content(backup: Backup) -> bytes:
    about = {name: value for name, value in backup.__dict__.items() if name not in ("path", "mac")}
    about |= {
        "format": FORMAT, "made_at": backup.made_at.isoformat(timespec="seconds"), "missing": list(backup.missing),
        "parts": {name: asdict(part) for name, part in backup.parts.items()},
        "attachments": {name: asdict(part) for name, part in backup.attachments.items()},
    }  # fmt: skip
    return json.dumps(about, ensure_ascii=False, sort_keys=True, indent=1).encode()


def part_of(file: Path) -> Part:
    """Return what a file is in a manifest."""
    with file.open("rb") as source:
        return Part(hashlib.file_digest(source, "sha256").hexdigest(), file.stat().st_size)


def write(backup: Backup, place: Path, sources: Mapping[str, Path]) -> None:
    """Write a signed backup of these files to `place`; raises OSError."""
    about = json.loads(_content(backup)) | {"mac": backup.mac}
    with zipfile.ZipFile(place, "w", zipfile.ZIP_STORED) as out:
        out.writestr(MANIFEST, json.dumps(about, ensure_ascii=False, indent=1))
        for name in backup.parts:
            with sources[name].open("rb") as source, out.open(zipfile.ZipInfo(name), "w", force_zip64=True) as part:
                shutil.copyfileobj(source, part, _PIECE)


def read(path: Path, *, through: bool = True) -> Backup:
    """Read a backup: every part is there, nothing else, each of its size and, `through`, each as the manifest says.

    Whether the manifest is the ledger's own is for `Backup.check`. Raises `NotOurFile`.
    """
    damaged = NotOurFile(f"这份备份不完整或被改动过：{path.name}。没有改动任何数据，请换一份备份")
    try:
        with zipfile.ZipFile(path) as file:
            if file.getinfo(MANIFEST).file_size > _LARGEST_MANIFEST:
                raise damaged
            about = bounded.parse(_member(file, MANIFEST, damaged))
            if type(about["format"]) is not int or about["format"] > FORMAT:
                raise NotOurFile(f"这份备份由更新版本的程序写成：{path.name}。没有改动任何数据；请安装最新版本后再恢复")
            found = _of(path, about)
            there = file.namelist()
            if (
                sorted(there) != sorted([MANIFEST, *found.parts])
                or len(there) > _MOST_PARTS
                or LEDGER not in found.parts
            ):
                raise damaged
            if sum(part.size for part in found.parts.values()) > path.stat().st_size:
                raise damaged
            for name, part in found.parts.items():
                info = file.getinfo(name)
                if not is_ours(name) or info.file_size != part.size or info.compress_type != zipfile.ZIP_STORED:
                    raise damaged
                if name.startswith(RULES) and part.size > _LARGEST_RULES:
                    raise damaged
                if through:
                    with file.open(name) as source:
                        if hashlib.file_digest(source, "sha256").hexdigest() != part.sha256:  # type: ignore[arg-type]
                            raise damaged
            return found
    except FileNotFoundError:
        raise NotOurFile(f"没有找到备份文件：{path.name}") from None
    except (
        zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, OSError, NotImplementedError, RuntimeError,
        OverflowError, MemoryError, EOFError,
    ):  # fmt: skip
        raise damaged from None


def _member(file: zipfile.ZipFile, name: str, damaged: NotOurFile) -> bytes:
    if file.getinfo(name).compress_type != zipfile.ZIP_STORED:
        raise damaged
    with file.open(name) as source:
        return source.read(_LARGEST_MANIFEST)


def _of(path: Path, about: dict[str, Any]) -> Backup:
    """Take a manifest by its form; raises KeyError, ValueError, TypeError where it is none."""
    if about["format"] != FORMAT or about.keys() != {*Backup.__dataclass_fields__, "format"} - {"path"}:
        raise ValueError
    parts, attachments = (
        {str(name): Part(_hash(part["sha256"]), _count(part["size"])) for name, part in about[key].items()}
        for key in ("parts", "attachments")
    )
    for sha256 in (*attachments, *about["missing"]):
        _hash(sha256)
    return Backup(
        path, _text(about["office"]), dt.datetime.fromisoformat(about["made_at"]), _text(about["vault"]),
        _count(about["sequence"]), _text(about["seal"]), about["database_only"] is True,
        {str(name): _count(number) for name, number in about["counts"].items()}, parts, attachments,
        tuple(about["missing"]), _text(about["mac"]),
    )  # fmt: skip


def _hash(value: Any) -> str:
    if not isinstance(value, str) or not _HASH.fullmatch(value):
        raise ValueError
    return value


def _count(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 2**63:
        raise ValueError
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 500 or not bounded.is_calm(value):
        raise ValueError
    return value


def is_ours(name: str) -> bool:
    """Tell whether a part may be called so: no name leaves the folder it is put into, and none is a device's."""
    if name in (LEDGER, SLOT):
        return True
    if name.startswith(FILES):
        return re.fullmatch(r"files/([0-9a-f]{2})/\1[0-9a-f]{62}", name) is not None
    rest = name.removeprefix(RULES)
    return rest != name and "/" not in rest and shown_name(rest) == rest
