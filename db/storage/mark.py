"""The high-water mark: how far the log had come, kept outside the ledger, so that a shortened log or an old file is seen.

It lies beside the ledger and once more in the account's data folder. It is written after a change has been kept, never
before: it may be behind the ledger, after a power cut too, and never ahead. Two places in the file are written in turn,
a sector apart, so that a torn one leaves the other.
"""

import contextlib
import hmac
import os
from dataclasses import dataclass
from pathlib import Path

_SECTOR = 512
_LENGTH = 8 + 32 + 32  # number of the operation, its seal, and the HMAC over both


@dataclass(frozen=True)
class Mark:
    """The last operation that was kept: its number and its seal."""

    number: int
    seal: bytes


def places(ledger: Path, folder: Path, vault_id: str) -> tuple[Path, Path]:
    """Return where the marks of a ledger lie: beside it, and in the account's data `folder`."""
    return ledger.with_name(ledger.name + ".mark"), folder / "marks" / f"{vault_id}.mark"


def write(place: Path, key: bytes, mark: Mark) -> None:
    """Put a mark down; where that cannot be done nothing is lost but the watch."""
    content = mark.number.to_bytes(8, "big") + mark.seal
    content += hmac.digest(key, b"mark" + content, "sha256")
    with contextlib.suppress(OSError):
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
        descriptor = os.open(place, flags, 0o600)
        try:
            os.lseek(descriptor, _SECTOR * (mark.number % 2), os.SEEK_SET)
            os.write(descriptor, content)
        finally:
            os.close(descriptor)


def read(place: Path, key: bytes) -> Mark | None:
    """Return the highest mark in a file, or None where there is none that is ours and whole."""
    try:
        with place.open("rb") as source:
            content = source.read(2 * _SECTOR)
    except OSError:
        return None
    found = []
    for start in (0, _SECTOR):
        part = content[start : start + _LENGTH]
        if len(part) == _LENGTH and hmac.compare_digest(part[40:], hmac.digest(key, b"mark" + part[:40], "sha256")):
            found.append(Mark(int.from_bytes(part[:8], "big"), part[8:40]))
    return max(found, key=lambda m: m.number, default=None)


def replace(place: Path, key: bytes, mark: Mark) -> None:
    """Put a mark down in place of every earlier one, also a higher one: after a restore that was asked for."""
    with contextlib.suppress(OSError):
        place.unlink(missing_ok=True)
    write(place, key, mark)
