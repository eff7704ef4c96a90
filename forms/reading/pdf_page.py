"""One page of a PDF as tables: drawn ones by their lines, undrawn ones by the white between their columns.

A page is characters with a place. Which cell one belongs to is told by its middle; where a cell's text was broken into
lines for want of room the lines are put together again, and a break that somebody made stays one.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

Char = dict[str, Any]  # as pdfplumber tells it: text, x0, x1, top, bottom, size in points
Box = tuple[float, float, float, float]  # left, top, right, bottom

_NEAR = 2.0  # points within which two places are one
_THIN = 2.5  # a rectangle of less height is a line
UNKNOWN = "□"  # a character that the file draws and does not name
_NUMBERED = re.compile(r"\(cid:\d+\)")
# Some makers of PDFs name a radical where the character is meant that looks the same; a name must not differ by that.
_RADICALS = str.maketrans(
    {chr(n): k for n in range(0x2E80, 0x2FE0) if (k := unicodedata.normalize("NFKC", chr(n))) != chr(n)}
    | dict(
        zip(
            "⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳",
            "民虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙龟",
            strict=True,
        )
    )
)
_PAGE_NUMBER = re.compile(
    r"[-—–·第共,，/\\\s]*\d{1,4}\s*(页?[\s,，/\\共of]*\d{0,4}\s*页?)?[-—–·\s]*|Page\s*\d+.*", re.I
)


@dataclass
class Line:
    """A line of text outside drawn tables: its pieces, apart by white, each (left, right, text)."""

    top: float
    bottom: float
    pieces: list[tuple[float, float, str]]
    size: float

    @property
    def text(self) -> str:
        """All of it."""
        return " ".join(text for _, _, text in self.pieces)


@dataclass
class Drawn:
    """A drawn table: rows of texts, merged cells as (top, left, bottom, right) with rows from 1, struck-through cells."""

    box: Box
    edges: list[float]
    rows: list[list[str | None]]
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    struck: list[tuple[int, int]] = field(default_factory=list)


@dataclass
class PageText:
    """A page: its drawn tables from above to below, the lines outside them, and what could not be read."""

    tables: list[Drawn]
    lines: list[Line]
    height: float
    chars: int
    unknown: int  # characters without a name
    has_picture: bool
    turned: int  # characters that stand on their side, as those of a watermark do


def read_page(page: Any) -> PageText:
    """Read a page of pdfplumber's."""
    page = page.dedupe_chars(tolerance=1)
    standing = [_named(c) for c in page.chars if c["upright"]]
    turned = len(page.chars) - len(standing)
    tables: list[Drawn] = []
    free = standing
    for found in sorted(page.find_tables(), key=lambda t: (t.bbox[1], t.bbox[0])):
        cells: list[Box] = list(found.cells)
        if len({c[0] for c in cells}) < 2 or any(_inside(found.bbox, t.box) for t in tables):
            continue  # a frame around a text, or a table within a cell
        inside = [c for c in free if _holds(found.bbox, c)]
        if _goes_beyond(found.bbox, free):
            continue  # a table without lines at its sides: the white tells its columns
        free = [c for c in free if not _holds(found.bbox, c)]
        if inside:
            tables.append(_drawn(cells, found.bbox, inside, _strikes(page, found.bbox)))
    unknown = sum(UNKNOWN in str(c["text"]) for c in standing)
    return PageText(
        tables, _lines(free), float(page.height), len(standing), unknown, bool(page.images), turned
    )  # fmt: skip


def _named(char: Char) -> Char:
    text = _NUMBERED.sub(UNKNOWN, str(char["text"])).translate(_RADICALS)
    if any(unicodedata.category(c) == "Co" or c == "\ufffd" for c in text):
        text = UNKNOWN
    return {**char, "text": text}


def _holds(box: Box, char: Char) -> bool:
    x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])


def _goes_beyond(box: Box, chars: Iterable[Char]) -> bool:
    """Whether text stands beside a box, as high as it is."""
    beside = (c for c in chars if box[1] < (c["top"] + c["bottom"]) / 2 < box[3] and str(c["text"]).strip())
    return any(c["x1"] < box[0] or c["x0"] > box[2] for c in beside)


def _inside(box: Box, other: Box) -> bool:
    return all(a >= b - _NEAR for a, b in zip(box[:2], other[:2], strict=True)) and all(
        a <= b + _NEAR for a, b in zip(box[2:], other[2:], strict=True)
    )


def _strikes(page: Any, box: Box) -> list[Box]:
    """The level lines and thin bars within a box."""
    drawn = [*page.lines, *page.rects]
    level = ((d["x0"], d["top"], d["x1"], d["bottom"]) for d in drawn if d["bottom"] - d["top"] <= _THIN)
    return [b for b in level if b[2] - b[0] > _THIN and _inside(b, box)]


def _drawn(cells: list[Box], box: Box, chars: Iterable[Char], strikes: list[Box]) -> Drawn:
    left, top = _places(c[0] for c in cells), _places(c[1] for c in cells)
    rows: list[list[str | None]] = [[None] * len(left) for _ in top]
    made = Drawn(box, left, rows)
    placed: dict[Box, list[Char]] = {c: [] for c in cells}
    by_place = {(_at(top, c[1]), _at(left, c[0])): c for c in cells}
    spans: dict[tuple[int, int], Box] = {}
    for (row, column), cell in by_place.items():
        last_row, last_column = _at(top, cell[3] - 2 * _NEAR), _at(left, cell[2] - 2 * _NEAR)
        for r in range(row, last_row + 1):
            spans |= {(r, i): cell for i in range(column, last_column + 1)}
        if last_row > row or last_column > column:
            made.merges.append((row + 1, column, last_row + 1, last_column))
    for char in chars:
        x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
        if (own := spans.get((_at(top, y), _at(left, x)))) is not None:
            placed[own].append(char)
    edges = {y for c in cells for y in (c[1], c[3])}
    within = [s for s in strikes if all(abs((s[1] + s[3]) / 2 - y) > _NEAR for y in edges)]
    for (row, column), cell in by_place.items():
        if text := cell_text(placed[cell], cell[2]):
            rows[row][column] = text
            if within and _is_struck([c for c in placed[cell] if str(c["text"]).strip()], within):
                made.struck.append((row + 1, column))
    return made


def _places(found: Iterable[float]) -> list[float]:
    """Different places in their order; those that lie close together are one."""
    kept: list[float] = []
    for place in sorted(found):
        if not kept or place - kept[-1] > _NEAR:
            kept.append(place)
    return kept


def _at(places: Sequence[float], place: float) -> int:
    return max(bisect_right(places, place + _NEAR) - 1, 0)


def _is_struck(chars: list[Char], strikes: list[Box]) -> bool:
    """Whether lines go through the middle of most of the characters."""

    def through(c: Char) -> bool:
        height, x = c["bottom"] - c["top"], (c["x0"] + c["x1"]) / 2
        return any(
            s[0] <= x <= s[2] and c["top"] + 0.25 * height < (s[1] + s[3]) / 2 < c["bottom"] - 0.25 * height
            for s in strikes
        )

    return sum(map(through, chars)) > 0.8 * len(chars)


def _rows_of(chars: Iterable[Char]) -> list[list[Char]]:
    """Characters by the line they stand on, from above to below, each from left to right."""
    found: list[tuple[float, list[Char]]] = []
    for char in sorted(chars, key=lambda c: (c["top"] + c["bottom"]) / 2):
        middle = (char["top"] + char["bottom"]) / 2
        if found and middle - found[-1][0] < 0.5 * (char["bottom"] - char["top"]):
            found[-1][1].append(char)
        else:
            found.append((middle, [char]))
    return [sorted(line, key=lambda c: float(c["x0"])) for _, line in found]


def cell_text(chars: Iterable[Char], right: float) -> str:
    """Return what a cell says, the right edge of which is known."""
    text, full = "", False
    for line in _rows_of(chars):
        said = _joined(line)
        if not said:
            continue
        first = next(c for c in line if str(c["text"]).strip())
        wide = first["x1"] - first["x0"]
        last = max(float(c["x1"]) for c in line if str(c["text"]).strip())
        if text:
            both_latin = text[-1].isascii() and text[-1].isalpha() and said[0].isascii() and said[0].isalpha()
            text += ("" if full and not both_latin else "\n") + said
        else:
            text = said
        full = last + max(wide, float(first["size"])) * 1.05 >= right - _NEAR  # nothing more had room
    return text


def _joined(line: list[Char]) -> str:
    """The characters of a line, a space where there is white between them."""
    text = "".join(str(line[0]["text"])) if line else ""
    for before, char in pairwise(line):
        gap = char["x0"] - before["x1"]
        text += (" " if gap > 0.3 * char["size"] else "") + str(char["text"])
    return " ".join(text.split())


def _lines(chars: Iterable[Char]) -> list[Line]:
    made = []
    for line in _rows_of(c for c in chars if str(c["text"]).strip()):
        pieces: list[list[Char]] = [[line[0]]]
        for before, char in pairwise(line):
            if char["x0"] - before["x1"] > 0.9 * char["size"]:
                pieces.append([])
            pieces[-1].append(char)
        said = [(float(p[0]["x0"]), float(max(c["x1"] for c in p)), _joined(p)) for p in pieces]
        top, bottom = min(float(c["top"]) for c in line), max(float(c["bottom"]) for c in line)
        made.append(Line(top, bottom, said, max(float(c["size"]) for c in line)))
    return made


def is_page_number(text: str) -> bool:
    """Whether a line is the number of its page."""
    return bool(_PAGE_NUMBER.fullmatch(text.strip()))


def columns_of(lines: Sequence[Line]) -> list[float]:
    """Return where the columns of an undrawn table begin; nothing where its columns run into each other."""
    core = [line for line in lines if len(line.pieces) >= 3]
    if len(core) < 3:
        return []
    spans: list[list[float]] = []
    for left, right in sorted((left, right) for line in core for left, right, _ in line.pieces):
        if spans and left <= spans[-1][1]:
            spans[-1][1] = max(spans[-1][1], right)
        else:
            spans.append([left, right])
    starts = [left for left, _ in spans]
    for line in core:
        at = [bisect_right(starts, left) for left, _, _ in line.pieces]
        if len(set(at)) < len(at):
            return []
    return starts if len(starts) >= 3 else []


def undrawn_row(line: Line, starts: Sequence[float]) -> list[str | None]:
    """Put the pieces of a line into columns."""
    row: list[str | None] = [None] * len(starts)
    for left, right, text in line.pieces:
        at = max(bisect_right(starts, (left + right) / 2 if len(line.pieces) < 3 else left) - 1, 0)
        row[at] = text if row[at] is None else f"{row[at]} {text}"
    return row
