"""检查更新 without a server: a small signed file in a folder or at an address that the office sets (`docs/package.md`).

It says which version there is, what is new, how to know its installer, and may hold rule files for new notices. Nothing is
looked for where nothing was set, nothing is sent, nothing is installed or added but by a person.
"""

import datetime as dt
import hashlib
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import resources
from db.errors import UserError
from db.rules.checks import CHECKS
from db.rules.local_packs import add_pack, checked
from db.storage.store import Store
from desktop.services.packages import LEVELS
from desktop.services.receipts import known_key
from desktop.services.signed_files import (
    SUFFIX,
    Signed,
    expect,
    fingerprint,
    key_of,
    read_signed,
    refused,
    sender,
    sign,
    sound,
)
from forms import output

FILE = f"博爱台账更新{SUFFIX}"
LARGEST = 8 << 20  # bytes of the signed file; the installer lies beside it
_VERSION = re.compile(r"\d{1,4}(\.\d{1,4}){1,3}")
_INSTALLER = re.compile(r"[^<>:\"/\\|?*\x00-\x1f]{1,100}\.(?:exe|zip|gz|xz)")
_HASH = re.compile(r"[0-9a-f]{64}")
_FIELDS = {"form", "kind", "office", "office_uid", "code", "level", "version", "note", "installer", "rules", "issued_on",
           "files"}  # fmt: skip


@dataclass(frozen=True)
class Update:
    """What a signed file says of a version; `installer` is a file's name, or empty; `rules` are files with their content."""

    version: str
    note: str
    issued_on: dt.date
    installer: str
    size: int
    sha256: str
    rules: tuple[tuple[str, bytes], ...]
    office: str
    office_uid: str
    key: str

    @property
    def mark(self) -> str:
        """The key's fingerprint, as people compare it."""
        return fingerprint(self.key)

    @property
    def is_newer(self) -> bool:
        """Whether it is of a later version than this program."""
        return _numbers(self.version) > _numbers(resources.VERSION)


def make_update(
    store: Store, version: str, note: str, installer: Path | None, rules: Sequence[Path], today: dt.date, folder: Path
) -> tuple[Path, str]:
    """Sign what is said of a version with this ledger's key; return the file, in `folder`, and the key's fingerprint.

    Raises `UserError` for a version that is none, an installer that cannot be read, a rule file that is wrong.
    """
    if not _VERSION.fullmatch(version):
        raise UserError(f"版本号应像 1.2.0：{version}。没有写出任何文件")
    files = []
    for path in rules:
        _, _, content = checked(store, path, dict(CHECKS))
        files.append((output.safe_name(path.stem) + path.suffix.lower(), content))
    said = {
        **sender(store), "kind": "update", "version": version, "note": note.strip(), "issued_on": today.isoformat(),
        "installer": _seen(installer) if installer else {}, "rules": [name for name, _ in files],
    }  # fmt: skip
    key = key_of(store)
    path = output.write_whole(folder / FILE, sign(said, files, key))
    return path, read_update(path).mark


def signed_update(path: Path) -> Signed:
    """Return the signed file that tells of a version, whole and sound; raise `UserError` with what is wrong with it."""
    try:
        large = path.stat().st_size > LARGEST
    except OSError:
        raise UserError(
            f"没有找到“{path.name}”，或读不了它。没有改动任何数据；请核对位置，或问给您这个位置的人"
        ) from None
    if large:
        raise refused(path, "文件过大")
    signed = read_signed(path)
    expect(path, signed, "update")
    sound(path, _is_sound(signed.said))
    return signed


def read_update(path: Path) -> Update:
    """Return what a signed file says of a version; raise as `signed_update` does."""
    signed = signed_update(path)
    said, seen = signed.said, signed.said["installer"]
    return Update(
        said["version"], said["note"], dt.date.fromisoformat(said["issued_on"]), seen.get("name", ""),
        seen.get("bytes", 0), seen.get("sha256", ""), tuple((n, signed.files[n]) for n in said["rules"]),
        said["office"], said["office_uid"], signed.key,
    )  # fmt: skip


def is_known(store: Store, update: Update, kept: str) -> bool:
    """Tell whether the key is the one that the office keeps, or that of a superior whose files it takes.

    False: it is the first one. Raises `UserError` where another key is known.
    """
    known = kept or known_key(store, update.office_uid)
    if known and known != update.key:
        raise UserError(
            f"签名的钥匙不是认定的那一把，不能相信这个文件，没有改动任何数据。认定的指纹是 {fingerprint(known)}，"
            f"这一份是 {update.mark}（{update.office}）。请打电话核对"
        )
    return bool(known)


def installer_of(update: Update, folder: Path) -> Path:
    """Return the installer beside the signed file, if it is the one that was signed; raise `UserError` if not."""
    path = folder / update.installer
    try:
        same = path.stat().st_size == update.size and _digest(path) == update.sha256
    except OSError:
        raise UserError(f"安装文件“{update.installer}”不在那里，或读不了。请问给您这个位置的人") from None
    if not same:
        raise UserError(f"安装文件“{update.installer}”与签名的不一样，请不要打开它，并告诉给您这个位置的人")
    return path


def clauses_in(store: Store, update: Update) -> list[tuple[str, int]]:
    """Return how many clauses each rule file holds; raise `UserError` for one that is wrong. Nothing is added."""
    with tempfile.TemporaryDirectory() as folder:
        return [(name, len(checked(store, path, dict(CHECKS))[1])) for name, path in _laid_out(update, Path(folder))]


def take_rules(store: Store, update: Update) -> int:
    """Add the rule files to the ledger; return how many clauses there are in them. All are looked at before any is added."""
    clauses_in(store, update)
    with tempfile.TemporaryDirectory() as folder:
        return sum(len(add_pack(store, path, dict(CHECKS))) for _, path in _laid_out(update, Path(folder)))


def _laid_out(update: Update, folder: Path) -> list[tuple[str, Path]]:
    found = []
    for number, (name, content) in enumerate(update.rules):
        path = folder / f"{number}.toml"
        path.write_bytes(content)
        found.append((name, path))
    return found


def _seen(installer: Path) -> dict[str, Any]:
    if not _INSTALLER.fullmatch(installer.name):
        raise UserError(f"安装文件应是 .exe、.zip、.gz 或 .xz：{installer.name}。没有写出任何文件")
    try:
        return {"name": installer.name, "bytes": installer.stat().st_size, "sha256": _digest(installer)}
    except OSError:
        raise UserError(f"读不了安装文件：{installer.name}。没有写出任何文件") from None


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _numbers(version: str) -> tuple[int, ...]:
    numbers = tuple(int(n) for n in version.split("."))
    return numbers + (0,) * (4 - len(numbers))


def _is_sound(said: dict[str, Any]) -> bool:
    try:
        seen = said["installer"]
        return (
            said.keys() == _FIELDS and all(type(said[n]) is str for n in ("office", "office_uid", "code", "note", "issued_on"))
            and bool(said["office"]) and len(said["note"]) <= 4000 and said["level"] in ("", *LEVELS)
            and _VERSION.fullmatch(said["version"]) is not None
            and dt.date.fromisoformat(said["issued_on"]).isoformat() == said["issued_on"]
            and type(said["rules"]) is list and sorted(said["rules"]) == sorted(f["name"] for f in said["files"])
            and all(type(n) is str and n.endswith(".toml") for n in said["rules"])
            and type(seen) is dict and (not seen or (
                seen.keys() == {"name", "bytes", "sha256"} and _INSTALLER.fullmatch(seen["name"]) is not None
                and type(seen["bytes"]) is int and _HASH.fullmatch(seen["sha256"]) is not None
            ))
        )  # fmt: skip
    except (KeyError, TypeError, AttributeError, ValueError):
        return False
