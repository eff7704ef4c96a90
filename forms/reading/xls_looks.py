"""What a cell's format in an .xls says that its value does not: struck through, or shown with zeros in front.

The records of the workbook stream are walked over (MS-XLS 2.4); runs of format within one text are not looked at.
Called where the parser runs, in a process of its own.
"""

import io
import struct
from collections.abc import Iterator

from forms.reading.cell_looks import Looks, Styles, shows_zeros

_FONT, _XF, _FORMAT, _SHEET, _EOF, _MULTIPLE = 0x31, 0xE0, 0x41E, 0x85, 0x0A, 0xBD
# Records of one cell, which begin with row, column and style: formula, number, label, boolean, number packed, shared text.
_CELLS = {0x06, 0x203, 0x204, 0x205, 0x27E, 0xFD, 0xD6}
_STRIKE = 0x08


def read_xls_looks(content: bytes) -> dict[str, Looks]:
    """Return the looks of the sheets by name, where anything matters; nothing where the stream cannot be walked over."""
    import olefile  # late: a window opens without it

    try:
        with olefile.OleFileIO(io.BytesIO(content)) as file:
            stream = next((n for n in ("Workbook", "Book") if file.exists(n)), None)
            if stream is None:
                return {}
            data = file.openstream(stream).read()
        styles, sheets = _globals(data)
        return {name: _looks(data, at, styles) for name, at in sheets.items()} if styles else {}
    except (OSError, ValueError, struct.error, IndexError, TypeError, AttributeError):
        return {}


def _records(data: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records from a place to the end of their part: (kind, content)."""
    while at + 4 <= len(data):
        kind, size = struct.unpack_from("<HH", data, at)
        yield kind, data[at + 4 : at + 4 + size]
        if kind == _EOF:
            return
        at += 4 + size


def _globals(data: bytes) -> tuple[Styles, dict[str, int]]:
    """The styles that matter, and where each sheet begins."""
    fonts: list[bool] = []
    formats: dict[int, str] = {}
    styles: list[tuple[int, int]] = []
    sheets: dict[str, int] = {}
    for kind, content in _records(data, 0):
        if kind == _FONT:
            fonts.append(bool(struct.unpack_from("<H", content, 2)[0] & _STRIKE))
        elif kind == _FORMAT:
            formats[struct.unpack_from("<H", content)[0]] = _text(content[2:], 2).partition(";")[0]
        elif kind == _XF:
            styles.append(struct.unpack_from("<HH", content))
        elif kind == _SHEET:
            sheets[_text(content[6:], 1)] = struct.unpack_from("<I", content)[0]
    struck = {n for n, (font, _) in enumerate(styles) if _is_struck(fonts, font)}
    zeros = {n: formats[f] for n, (_, f) in enumerate(styles) if f in formats and shows_zeros(formats[f])}
    return Styles(frozenset(struck), zeros), sheets


def _is_struck(fonts: list[bool], number: int) -> bool:
    place = number - 1 if number > 4 else number  # there is no font 4
    return place < len(fonts) and fonts[place]


def _text(content: bytes, wide: int) -> str:
    """A text after its length, which takes one or two bytes."""
    count = int.from_bytes(content[:wide], "little")
    body = content[wide + 1 :]
    return body[: 2 * count].decode("utf-16-le") if content[wide] & 1 else body[:count].decode("latin-1")


def _looks(data: bytes, at: int, styles: Styles) -> Looks:
    looks = Looks()
    for kind, content in _records(data, at):
        if kind in _CELLS:
            row, column, style = struct.unpack_from("<HHH", content)
            _note(looks, styles, row + 1, column, style)
        elif kind == _MULTIPLE:
            row, first = struct.unpack_from("<HH", content)
            for n in range((len(content) - 6) // 6):
                _note(looks, styles, row + 1, first + n, struct.unpack_from("<H", content, 4 + 6 * n)[0])
    return looks


def _note(looks: Looks, styles: Styles, row: int, column: int, style: int) -> None:
    if style in styles.struck:
        looks.struck.add((row, column))
    if style in styles.zeros:
        looks.zeros[row, column] = styles.zeros[style]
