"""Where rows go when rows are put into a sheet, and what that does to every reference to them.

A `Region` is a row (or a few rows that belong together) that is repeated, and the prepared empty rows under it. New rows
come under its last row. A range that ends in the repeated row grows over all its copies, so sums take them all in.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

_WIDEST, LAST_ROW = 16384, 1048576
_CELL = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)(\d+)")
_ROW = re.compile(r"(\$?)(\d+)")
_COLUMN = re.compile(r"(\$?)([A-Za-z]{1,3})")
# Strings are passed over; a reference may carry a sheet, quoted or not; brackets are tables' columns or other files.
_PATTERN = r""""(?:[^"]|"")*"
      |(?<![\w.$])(?P<sheet>(?:'(?:[^']|'')+'|(?:\[[^\]]*\])?[^\s'"!(),:;+\-*/^&=<>{}\[\]]+)!)?
       (?P<range>\$?[A-Za-z]{1,3}\$?\d+(?::\$?[A-Za-z]{1,3}\$?\d+)?|\$?\d+:\$?\d+COLUMNS)(?![\w.(!])
      |'(?:[^']|'')+'!|\[[^\]]*\]"""
_PARTS = re.compile(_PATTERN.replace("COLUMNS", ""), re.VERBOSE)
# Whole columns do not move when rows do; only a formula that is copied to another column takes them along.
_COPIED = re.compile(_PATTERN.replace("COLUMNS", r"|\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}"), re.VERBOSE)
_SUMMED = re.compile(
    r"(?:SUM|SUMIFS?|SUMPRODUCT|AVERAGE|AVERAGEIFS?|COUNT|COUNTA|COUNTBLANK|COUNTIFS?|MAX|MIN|PRODUCT|SUBTOTAL)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Region:
    """Rows `first` to `block` are repeated; empty rows prepared for copies go on to `last`; `extra` rows are put in.

    Regions of the same `group` hold the same records in the same order, also on different sheets. `carried` are the columns
    that count on from the row above, as a balance does: who refers to one from outside means the last record's.
    """

    first: int
    block: int
    last: int
    extra: int
    group: str = ""
    carried: frozenset[int] = frozenset()

    @property
    def size(self) -> int:
        """How many rows one record takes."""
        return self.block - self.first + 1


class Moves:
    """The new places of a sheet's rows."""

    def __init__(self, regions: Sequence[Region]) -> None:
        self.regions = sorted(regions, key=lambda r: r.first)

    def __bool__(self) -> bool:
        return any(r.extra for r in self.regions) or any(r.last > r.block for r in self.regions)

    def row(self, row: int) -> int:
        """Return where a row goes; a repeated row's first copy stays its own place, and nothing leaves the grid."""
        return min(row + sum([r.extra for r in self.regions if row > r.last]), LAST_ROW)

    def end(self, row: int, spares: bool = True) -> int:
        """Return the last row of a range that ended in `row`: over all copies where that was a repeated row.

        `spares` False: only where it was the last of the prepared rows; those may have a range of their own.
        """
        for r in self.regions:
            if row == r.last or (spares and row == r.block):
                return min(self.row(r.last) + r.extra, LAST_ROW)
        return self.row(row)

    def inside(self, first: int, last: int) -> bool:
        """Tell whether rows lie within one region."""
        return any(r.first <= first and last <= r.last for r in self.regions)

    def like(self, other: Region) -> Region | None:
        """Return the region that holds the same records as one of another sheet; None where none or more do."""
        found = [r for r in self.regions if other.group and (r.group, r.size) == (other.group, other.size)]
        return found[0] if len(found) == 1 else None

    def means_last(self, ref: str, inside: bool) -> bool:
        """Tell whether a cell stands for the last record: in the last of the prepared rows, or a balance seen from outside."""
        found = _CELL.fullmatch(ref)
        if found is None:
            return False
        row, column = int(found[4]), column_number(found[2])
        return any(
            r.block < r.last == row or (not inside and r.block == row and column in r.carried) for r in self.regions
        )

    def area(self, ref: str, grow: bool = True, spares: bool = False) -> str:
        """Return a plain reference such as ``B5:D9`` in its new place; a single cell grows where `grow` says so."""
        first, _, last = ref.partition(":")
        top, bottom = _CELL.fullmatch(first), _CELL.fullmatch(last or first)
        if top is None or bottom is None:
            rows = [_ROW.fullmatch(part) for part in (first, last)]
            if rows[0] is None or rows[1] is None:
                return ref
            return f"{rows[0][1]}{self.row(int(rows[0][2]))}:{rows[1][1]}{self.end(int(rows[1][2]), spares)}"
        a, b = int(top[4]), int(bottom[4])
        new_a, new_b = self.row(a), self.end(b, spares) if grow else self.row(b)
        begin, finish = f"{top[1]}{top[2]}{top[3]}{new_a}", f"{bottom[1]}{bottom[2]}{bottom[3]}{new_b}"
        return begin if not last and begin == finish else f"{begin}:{finish}"

    def areas(self, refs: str) -> str:
        """Return several references, parted by spaces, in their new places; a part of a record is found in every copy."""
        made = []
        for ref in refs.split():
            top, left, bottom, right = box(ref)
            region = next((r for r in self.regions if r.first <= top and bottom <= r.block), None)
            if region is None or bottom - top + 1 == region.size:
                made.append(self.area(ref))
                continue
            base = self.row(region.first) - region.first
            for down in range(base, base + region.last - region.first + 1 + region.extra, region.size):
                first = f"{column_letters(left)}{top + down}"
                made.append(first if ":" not in ref else f"{first}:{column_letters(right)}{bottom + down}")
        return " ".join(made)


def sheet_of(prefix: str) -> str | None:
    """Return the sheet named before an exclamation mark; None where it is in another file or over several sheets."""
    name = prefix.removesuffix("!")
    if "[" in name:
        return None
    return name[1:-1].replace("''", "'") if name.startswith("'") else name


def move_formula(
    formula: str, moves: Mapping[str, Moves], here: str, copy: tuple[Region, int] | None = None, column: int = 0
) -> str:
    """Return a formula with its references in their new places.

    `here` is the sheet of references without one. `copy` is given inside a repeated row: its region and how many rows
    further down the copy stands; there, what refers to the row itself goes along with it. `column` is the formula's own:
    what refers to the cell above it (a balance carried forward) goes along too.
    """

    def place(found: re.Match[str]) -> str:
        ref = found["range"]
        if ref is None:
            return found[0]
        prefix = found["sheet"] or ""
        name = sheet_of(prefix) if prefix else here
        moved = moves.get(name) if name is not None else None
        if moved is None or not possible(ref) or (prefix and formula[: found.start()].endswith(":")):
            return found[0]
        if copy is not None:
            region = copy[0] if name == here else moved.like(copy[0])
            if region and (along := _along(ref, region, copy[1], moved, column if name == here else 0)):
                return prefix + along
        if ":" not in ref and moved.means_last(ref, inside=copy is not None):
            return prefix + moved.area(f"{ref}:{ref}", spares=True).rpartition(":")[2]
        single = ":" not in ref
        grow = not single or _summed(formula[: found.start()], formula[found.end() :])
        return prefix + moved.area(ref, grow=grow, spares=True)

    return _PARTS.sub(place, formula)


def _summed(before: str, after: str) -> bool:
    """Tell whether a reference is a whole argument of a function that adds up, counts or compares many cells."""
    if before.rstrip()[-1:] not in ("(", ",") or after.lstrip()[:1] not in (")", ","):
        return False
    depth = 0
    for at in range(len(before) - 1, -1, -1):
        depth += (before[at] == ")") - (before[at] == "(")
        if depth < 0:
            return _SUMMED.search(before[:at]) is not None
    return False


def _along(ref: str, region: Region, down: int, own: Moves, column: int) -> str | None:
    """Return a reference that lies in the repeated rows, moved with the copy; None for any other."""
    down += own.row(region.first) - region.first
    cells = [_CELL.fullmatch(part) for part in ref.split(":")]
    made, along = [], False
    for at, found in enumerate(cells):
        if found is None:
            return None
        row = int(found[4])
        above = row == region.first - 1
        if (
            (not found[3] and region.first <= row <= region.block)
            or (not found[3] and above and len(cells) == 1 and column == column_number(found[2]))
            or (not found[3] and above and at == 1 and cells[0] and cells[0][3])
        ):
            along, new = True, row + down
        elif found[3] and len(cells) == 2:
            # One end stays, the other goes along: sums so far, or from here to the end.
            new = own.row(row) if at == 0 else own.end(row)
        else:
            return None
        made.append(f"{found[1]}{found[2]}{found[3]}{new}")
    return ":".join(made) if along else None


def shift_formula(formula: str, down: int, right: int) -> str:
    """Return a formula as it reads when its cell is copied so many rows down and columns to the right."""

    def place(found: re.Match[str]) -> str:
        if found["range"] is None or not possible(found["range"]):
            return found[0]
        made = []
        for part in found["range"].split(":"):
            if cell := _CELL.fullmatch(part):
                column = cell[2] if cell[1] else column_letters(column_number(cell[2]) + right)
                made.append(f"{cell[1]}{column}{cell[3]}{cell[4] if cell[3] else int(cell[4]) + down}")
            elif row := _ROW.fullmatch(part):
                made.append(part if row[1] else str(int(row[2]) + down))
            elif letters := _COLUMN.fullmatch(part):
                made.append(part if letters[1] else column_letters(column_number(letters[2]) + right))
        return (found["sheet"] or "") + ":".join(made)

    return _COPIED.sub(place, formula)


def references(formula: str, here: str) -> list[tuple[str | None, str]]:
    """Return (sheet, reference) of everything a formula refers to; the sheet is None for another file's."""
    found = []
    for match in _PARTS.finditer(formula):
        if match["range"] is not None and possible(match["range"]):
            found.append((sheet_of(match["sheet"]) if match["sheet"] else here, match["range"].replace("$", "")))
    return found


def without_references(formula: str) -> str:
    """Return what is left of a formula when its references and strings are taken out."""
    return _PARTS.sub(" ", formula)


def possible(ref: str) -> bool:
    """Tell whether what looks like a reference lies in Excel's grid (``TAB2026`` does not)."""
    for part in ref.split(":"):
        found = _CELL.fullmatch(part)
        if found is not None and (column_number(found[2]) > _WIDEST or not 0 < int(found[4]) <= LAST_ROW):
            return False
    return True


@lru_cache(maxsize=4096)
def column_number(letters: str) -> int:
    """Return 1 for A, 27 for AA."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


@lru_cache(maxsize=4096)
def column_letters(number: int) -> str:
    """Return A for 1, AA for 27."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def split_cell(ref: str) -> tuple[int, int]:
    """Return (row, column) of a cell such as ``$B$7``."""
    found = _CELL.fullmatch(ref)
    if found is None:
        raise ValueError(ref)
    return int(found[4]), column_number(found[2])


def box(ref: str) -> tuple[int, int, int, int]:
    """Return (first row, first column, last row, last column) of a reference, whole rows and columns from edge to edge."""
    first, _, last = ref.replace("$", "").partition(":")
    if first.isdigit():
        return int(first), 1, int(last or first), _WIDEST
    if first.isalpha():
        return 1, column_number(first), LAST_ROW, column_number(last or first)
    top, left = split_cell(first)
    bottom, right = split_cell(last or first)
    return top, left, bottom, right
