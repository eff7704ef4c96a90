"""What a sheet's XML says besides its values: merged cells, hidden rows and columns, formulas without a result.

The value reader shows none of this. A `ShapeScanner` is fed the text of one sheet part piece by piece while the gate
streams it, so that nothing is held in memory but what is found. Cells that lie outside Excel's grid are refused here.
"""

import re
from dataclasses import dataclass, field

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
MOST_CELLS = 4_000_000  # in the whole workbook, blank but formatted ones included
_MOST_MERGES = 50_000


@dataclass(frozen=True)
class Merge:
    """A merged range: rows as Excel numbers them, columns counted from 0, both ends inclusive."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass
class SheetShape:
    """What was found in one sheet part."""

    merges: list[Merge] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)  # (first, last), counted from 0
    uncounted: int = 0  # formulas without a stored result
    cells: int = 0
    values: bool = False  # some cell holds one; the others are there for their looks
    errors: bool = False  # cells that hold an Excel error
    last_row: int = 0  # the corner of what is used, by the references of the cells
    last_column: int = 0

    @property
    def area(self) -> int:
        """How many cells lie between the first and the corner."""
        return max(self.last_row, 1) * max(self.last_column, 1)


class OutsideGrid(ValueError):
    """A row or column number that no sheet can have."""


class TooMany(ValueError):
    """More rows or cells than can be read."""


_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^>]*)>")
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*?\bref\s*=\s*[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})[\"']")
_HIDDEN = re.compile(rb"\bhidden\s*=\s*[\"'](?:1|true)[\"']")
_NUMBER = re.compile(rb"\br\s*=\s*[\"'](\d+)[\"']")
_SPAN = re.compile(rb"\b(min|max)\s*=\s*[\"'](\d{1,6})[\"']")
# Readers do not ask for the space before an attribute.
# Only what may lie outside the grid is looked at: seven digits and more, three letters and more, or written in code.
_FAR = re.compile(
    rb"[\s\"']r\s*=\s*[\"'](?:([A-Za-z]*)(\d{7,})|([A-Za-z]{3,})(\d+)|[^\"']*[&.+-][^\"']*|\d+[eE][^\"']*)[\"']"
)
_UNCOUNTED = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>)\s*(<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)


_VALUE = re.compile(rb"<(?:\w+:)?(?:v(?:\s[^>]*)?>[^<]|is\b)")
_ERROR = re.compile(rb"[\s\"']t\s*=\s*[\"']e[\"']")
_REFERENCE = re.compile(rb"[\s\"']r\s*=\s*[\"']([A-Z]{1,3})(\d{1,7})[\"']")
# A reference that is neither a row's number nor a cell's up to Z99999 is looked at closely.
_UNUSUAL = re.compile(rb"[\s\"']r\s*=\s*[\"'](?![A-Z]?\d{1,5}[\"'])")
_CELL, _PREFIXED_CELL = re.compile(rb"<c[\s>/]"), re.compile(rb":c[\s>/]")
_SMALL_COLUMNS, _SMALL_ROWS = 26, 99_999
_FEW = 5_000  # cells that are measured one by one
# Nearly all programs write cells and rows alike, the reference first: these find one that is written otherwise, lies
# far, or has a second reference (which one a reader takes is its own affair).
_OTHER_CELL = re.compile(rb'<c(?! r="[A-Z]\d{1,5}"(?: [st]="\w*+")*+/?>|o)')
_OTHER_ROW = re.compile(rb'<row(?! r="\d{1,5}"(?: (?:s|[\w:]{2,}+)="[^"<]*+")*+/?>)')
# What is rare in a piece: an expression finds that sooner than `in` does.
_SAYS_ERROR, _SAYS_HIDDEN = re.compile(rb'="e"'), re.compile(rb"hidden")
_SAYS_MERGE, _SAYS_FORMULA = re.compile(rb"mergeCell"), re.compile(rb"<f")


class ShapeScanner:
    """Reads the shape from pieces of a sheet part; every piece ends at the end of a tag.

    With `guard` it only refuses what no sheet can hold, and finds out nothing about the cells.
    """

    def __init__(self, guard: bool = False) -> None:
        self.shape = SheetShape()
        self._guard = guard
        self._row = 0

    def feed(self, piece: bytes) -> None:
        """Take the next piece; raise `OutsideGrid` for what no sheet can hold."""
        alike = _is_alike(piece)
        unusual = not alike and _UNUSUAL.search(piece) is not None
        if unusual:
            for far in _FAR.finditer(piece):
                if not _inside(far[1] or far[3] or b"", far[2] or far[4] or b""):
                    raise OutsideGrid
        shape = self.shape
        if not self._guard:
            self._look(piece, alike, unusual)
        if alike:
            shape.cells += piece.count(b'<c r="')
        else:
            shape.cells += len(_CELL.findall(piece)) + len(_PREFIXED_CELL.findall(piece))
        if _SAYS_HIDDEN.search(piece):
            self._hidden(piece)
        else:  # rows with a number were looked at above
            self._row += piece.count(b'<row r="') if alike else piece.count(b"<row") + piece.count(b":row")
        if self._row > MOST_ROWS + 1000 or shape.cells > MOST_CELLS:
            raise TooMany
        if _SAYS_MERGE.search(piece):
            self._merges(piece)

    def _look(self, piece: bytes, alike: bool, unusual: bool) -> None:
        """Find what the reader of values does not see in cells: errors, formulas without a result, the corner."""
        shape = self.shape
        if not shape.errors and (not alike or _SAYS_ERROR.search(piece)):
            shape.errors = _ERROR.search(piece) is not None
        shape.values = shape.values or _VALUE.search(piece) is not None
        self._measure(piece, unusual)
        if _SAYS_FORMULA.search(piece) or (b":" in piece and b":f" in piece):
            shape.uncounted += sum(1 for c in _UNCOUNTED.finditer(piece) if not (c[2] and b'"str"' in c[1]))

    def _measure(self, piece: bytes, unusual: bool) -> None:
        """Find the corner of what is used; looked at closely only where it may lie far out."""
        shape = self.shape
        if shape.cells < _FEW or unusual:
            for letters, digits in set(_REFERENCE.findall(piece)):
                shape.last_row = max(shape.last_row, int(digits))
                shape.last_column = max(shape.last_column, column_index(letters) + 1)
        else:
            shape.last_row = max(shape.last_row, _SMALL_ROWS)
            shape.last_column = max(shape.last_column, _SMALL_COLUMNS)

    def _next(self, attributes: bytes) -> None:
        number = _NUMBER.search(attributes)
        self._row = int(number[1]) if number else self._row + 1

    def _hidden(self, piece: bytes) -> None:
        for found in _ROW.finditer(piece):
            self._next(found[1])
            if _HIDDEN.search(found[1]):
                self.shape.hidden_rows.add(self._row)
        for found in _COLUMN.finditer(piece):
            if _HIDDEN.search(found[1]):
                span = {name: int(value) for name, value in _SPAN.findall(found[1])}
                if b"min" in span and b"max" in span:
                    self.shape.hidden_columns.append((span[b"min"] - 1, span[b"max"] - 1))

    def _merges(self, piece: bytes) -> None:
        for found in _MERGE.finditer(piece):
            if len(self.shape.merges) >= _MOST_MERGES:
                raise TooMany
            left, top, right, bottom = column_index(found[1]), int(found[2]), column_index(found[3]), int(found[4])
            if max(top, bottom) > MOST_ROWS or max(left, right) >= MOST_COLUMNS or top < 1:
                raise OutsideGrid
            self.shape.merges.append(Merge(min(top, bottom), min(left, right), max(top, bottom), max(left, right)))


def _is_alike(piece: bytes) -> bool:
    """Whether every cell and row has one reference, in front, in quotes and near the corner: as nearly all have."""
    prefixed = b":" in piece and (_PREFIXED_CELL.search(piece) or b":row" in piece)
    return b"'" not in piece and not prefixed and not _OTHER_CELL.search(piece) and not _OTHER_ROW.search(piece)


def column_index(letters: bytes) -> int:
    """Return the index of a column, counted from 0."""
    index = 0
    for letter in letters.upper():
        index = index * 26 + letter - 64
    return index - 1


def _inside(letters: bytes, digits: bytes) -> bool:
    """Whether a reference lies in Excel's grid. One that is written in code has neither and does not."""
    if not digits or len(digits) > 7 or len(letters) > 3:
        return False
    return int(digits) <= MOST_ROWS and column_index(letters) < MOST_COLUMNS
