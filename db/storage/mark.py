"""The high-water mark: how far the log had come, kept outside the ledger, so that a shortened log or an old file is seen.

It lies beside the ledger and once more in the account's data folder. It is written after a change has been kept, never
before: it may be behind the ledger, after a power cut too, and never ahead. Two places in the file are written in turn,
a sector apart, so that a torn one leaves the other.

The one beside the ledger follows every operation. The account's follows the first of a session, then every `EVERY`-th or
after `SECONDS`, and a clean close: a ledger put back together with its own mark is told, unless all it lacks are the last
operations of a session that was killed, fewer than `EVERY` and none older than `SECONDS`.
"""

import contextlib
import hmac
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_SECTOR = 512
_LENGTH = 8 + 32 + 32  # number of the operation, its seal, and the HMAC over both
EVERY, SECONDS = 16, 30.0


@dataclass(frozen=True)
class Mark:
    """The last operation that was kept: its number and its seal."""

    number: int
    seal: bytes


def places(ledger: Path, folder: Path, vault_id: str) -> tuple[Path, Path]:
    """Return where the marks of a ledger lie: beside it, and in the account's data `folder`."""
    return ledger.with_name(ledger.name + ".mark"), folder / "marks" / f"{vault_id}.mark"


class Watch:
    """The marks of one open ledger, as its operations move them on."""

    def __init__(self, places: Sequence[Path], key: bytes) -> None:
        self._places, self._key = places, key
        self._file: int | None = None  # the mark beside the ledger, kept open between operations
        self._last: Mark | None = None
        self._behind, self._since = EVERY, 0.0  # how many operations, and since when, the other marks do not know

    def follow(self, mark: Mark) -> None:
        """An operation was kept: move the marks on."""
        self._last = mark
        with contextlib.suppress(OSError):
            if self._file is None:
                self._file = _opened(self._places[0])
            _put(self._file, self._key, mark)
        self._behind += 1
        if self._behind > EVERY or time.monotonic() - self._since > SECONDS:
            self._behind, self._since = 1, time.monotonic()
            for place in self._places[1:]:
                write(place, self._key, mark)

    def let_go(self) -> None:
        """The ledger is about to be closed, or to be marked anew: all marks say the same, and none is open."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                os.close(self._file)
            self._file = None
        if self._last is not None:
            for place in self._places:
                write(place, self._key, self._last)
        self._last, self._behind = None, EVERY


def write(place: Path, key: bytes, mark: Mark) -> None:
    """Put a mark down; where that cannot be done nothing is lost but the watch."""
    with contextlib.suppress(OSError):
        file = _opened(place)
        try:
            _put(file, key, mark)
        finally:
            os.close(file)


def _opened(place: Path) -> int:
    flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    with contextlib.suppress(FileNotFoundError):
        return os.open(place, flags, 0o600)
    place.parent.mkdir(parents=True, exist_ok=True)
    return os.open(place, flags, 0o600)


def _put(file: int, key: bytes, mark: Mark) -> None:
    content = mark.number.to_bytes(8, "big") + mark.seal
    content += hmac.digest(key, b"mark" + content, "sha256")
    os.lseek(file, _SECTOR * (mark.number % 2), os.SEEK_SET)
    os.write(file, content)


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


def number_beside(ledger: Path) -> int | None:
    """Return how far the mark beside a ledger says its log had come, for who has no key to prove it; None without one."""
    try:
        with ledger.with_name(ledger.name + ".mark").open("rb") as source:
            content = source.read(2 * _SECTOR)
    except (OSError, ValueError):  # ValueError: a folder has no name to put another beside
        return None
    parts = [content[start : start + _LENGTH] for start in (0, _SECTOR)]
    numbers = [int.from_bytes(part[:8], "big") for part in parts if len(part) == _LENGTH]
    return max((n for n in numbers if n < 2**63), default=None)


def replace(place: Path, key: bytes, mark: Mark) -> None:
    """Put a mark down in place of every earlier one, also a higher one: after a restore that was asked for."""
    with contextlib.suppress(OSError):
        place.unlink(missing_ok=True)
    write(place, key, mark)
