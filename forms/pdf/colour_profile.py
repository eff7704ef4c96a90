"""The colours of sRGB as an ICC profile, made from the published numbers: what a PDF/A names as its output intent.

Primaries, white and transfer curve are those of IEC 61966-2-1; the layout is that of a monitor profile of version 2
(ICC.1:2001-04). No file of anybody's is used.
"""

import struct
from functools import cache

_STEPS = 1024  # of the transfer curve
# XYZ of the primaries seen under D50, by the Bradford transform: the columns of the matrix from linear sRGB.
_PRIMARIES = {"r": (0.4360747, 0.2225045, 0.0139322), "g": (0.3850649, 0.7168786, 0.0971045), "b": (0.1430804, 0.0606169, 0.7141733)}  # fmt: skip
_D50 = (0.9642, 1.0, 0.8249)
_WORDS = "sRGB IEC61966-2.1"
_FREE = "Public domain"


@cache
def srgb_profile() -> bytes:
    """Return the profile, always the same bytes."""
    curve = struct.pack(">4s4xI", b"curv", _STEPS) + b"".join(
        struct.pack(">H", round(_linear(step / (_STEPS - 1)) * 65535)) for step in range(_STEPS)
    )
    parts: list[tuple[bytes, bytes]] = [
        (b"desc", _description(_WORDS)),
        (b"cprt", struct.pack(">4s4x", b"text") + _FREE.encode("ascii") + b"\0"),
        (b"wtpt", _xyz(*_D50)),
        *((f"{name}XYZ".encode(), _xyz(*value)) for name, value in _PRIMARIES.items()),
    ]
    tags, body, at = [], b"", 128 + 4 + 12 * (len(parts) + 3)
    for sign, content in parts:
        tags.append((sign, at + len(body), len(content)))
        body += content + bytes(-len(content) % 4)
    tags += [(sign, at + len(body), len(curve)) for sign in (b"rTRC", b"gTRC", b"bTRC")]  # one curve for all three
    body += curve + bytes(-len(curve) % 4)
    table = struct.pack(">I", len(tags)) + b"".join(struct.pack(">4sII", *tag) for tag in tags)
    return _header(128 + len(table) + len(body)) + table + body


def _linear(value: float) -> float:
    """Return the light of a value between 0 and 1 (IEC 61966-2-1, 5.2)."""
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _header(size: int) -> bytes:
    """Return the 128 bytes before the tags (ICC.1:2001-04, 6.1): a monitor's, RGB to XYZ under D50, dated 2000-01-01."""
    return struct.pack(
        ">I4sI4s4s4s6H4s4sI4s4sQI12s4s44x", size, b"\0\0\0\0", 0x02100000, b"mntr", b"RGB ", b"XYZ ", 2000, 1, 1, 0, 0, 0,
        b"acsp", b"\0\0\0\0", 0, b"\0\0\0\0", b"\0\0\0\0", 0, 0, struct.pack(">3i", *map(_fixed, _D50)), b"\0\0\0\0",
    )  # fmt: skip


def _fixed(value: float) -> int:
    return round(value * 65536)


def _xyz(*values: float) -> bytes:
    return struct.pack(">4s4x3i", b"XYZ ", *map(_fixed, values))


def _description(words: str) -> bytes:
    """Return the profile's name (6.5.17): ASCII, with no text in Unicode or for the Macintosh beside it."""
    return struct.pack(">4s4xI", b"desc", len(words) + 1) + words.encode("ascii") + bytes(1 + 4 + 4 + 2 + 1 + 67)
