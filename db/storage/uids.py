"""Ids for ever: a row keeps its uid wherever it is taken, so that ledgers of one office can be joined later.

A row's number (``id``) is only this file's; the uid is a UUID of version 7 (RFC 9562, section 5.7), which sorts by time.
"""

import contextlib
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

_SHAPE = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_last = 0


def new() -> str:
    """Return a fresh uid, greater than every one this process has made: 36 characters in lower case."""
    global _last
    _last = max(_now(), _last + 1)
    return _of(_last, _tail())


def many(count: int) -> Iterator[str]:
    """Yield `count` fresh uids in order.

    The 12 bits after the version hold the fraction of the millisecond (RFC 9562, section 6.2, method 3); uids made
    within one tick, or after the clock was set back, count on from the last; those of one call share their random part.
    """
    global _last
    first = max(_now(), _last + 1)
    _last = first + count - 1
    tail = _tail()
    for i in range(first, first + count):
        yield _of(i, tail)


def _now() -> int:
    """Return the time as a uid begins with it: milliseconds since 1970, and 12 bits of the fraction."""
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    return milliseconds << 12 | (rest << 12) // 1_000_000


def _tail() -> int:
    """Return the last 64 bits: the variant, and 62 that nobody can guess."""
    return 2 << 62 | int.from_bytes(os.urandom(8), "big") >> 2


def _of(tick: int, tail: int) -> str:
    text = f"{tick >> 12 << 80 | 7 << 76 | (tick & 0xFFF) << 64 | tail:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def installation(folder: Path) -> str:
    """Return the id of this account's installation, which the log names as the origin of what is done here.

    It lies in the account's data folder; where that cannot be read or written, the id holds for this session alone.
    """
    place, made = folder / "installation", new()
    try:
        kept = place.read_text(encoding="ascii").strip()
        if _SHAPE.fullmatch(kept):
            return kept
    except (FileNotFoundError, UnicodeDecodeError):
        pass
    except OSError:
        return made  # it is there: whoever holds it now must not cost its name
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        part = place.with_name(f"{place.name}.{made}.part")
        with part.open("x", encoding="ascii") as out:
            out.write(made)
            out.flush()
            os.fsync(out.fileno())
        os.replace(part, place)
    return made
