"""Tables of a document that is no workbook: the words above one are its title, and one that runs over pages is one."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from db.records.kinds import Cell, is_blank, plain
from forms.reading.safety import too_big
from forms.reading.sheet_shape import Merge
from forms.reading.table import MOST_AREA, Table

MOST_TABLES = 2_000
_LONGEST_TITLE = 80  # characters; longer lines are prose
_LONGEST_NAME = 31  # as a sheet's name may be
_MOST_ABOVE = 3  # lines above a table that may belong to it


@dataclass
class Found:
    """One table of a document: every row, blank ones too; rows of `merges` and `struck` count from 1."""

    rows: list[list[Cell]]
    above: list[str] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    struck: set[tuple[int, int]] = field(default_factory=set)
    follows: bool = False  # it goes on where the one before it ended, by its place on the page


def tables_of(found: Iterable[Found], name: str, note: str) -> list[Table]:
    """Return tables with titles as names; lines above a table stand over it as rows 0, -1 and so on."""
    made: list[Table] = []
    names: dict[str, int] = {}
    area = 0
    for each in _joined(found):
        area += sum(len(row) for row in each.rows)
        if area > MOST_AREA or len(made) >= MOST_TABLES:
            raise too_big(name)
        above = [line for line in each.above if len(line) <= _LONGEST_TITLE][-_MOST_ABOVE:]
        rows: list[tuple[int, list[Cell]]] = [(n - len(above) + 1, [line]) for n, line in enumerate(above)]
        for number, row in enumerate(each.rows, 1):
            while row and is_blank(row[-1]):
                row.pop()
            if row:
                rows.append((number, row))
        if not any(number > 0 for number, _ in rows):
            continue
        title = _title(above) or f"表{len(made) + 1}"
        names[title] = names.get(title, 0) + 1
        sheet = title if names[title] == 1 else f"{title} {names[title]}"
        made.append(Table(sheet, rows, (note,), tuple(each.merges), frozenset(each.struck)))
    return made


def _title(above: list[str]) -> str:
    """The longest of the lines above a table that is short enough for a name and no date or office beside a colon."""
    fit = [line for line in above if 1 < len(line) <= _LONGEST_NAME and ":" not in plain(line)]
    return max(fit, key=len, default="")


def _joined(found: Iterable[Found]) -> list[Found]:
    """Put tables together that go on: no words between, and the same headings again or the same columns on a new page."""
    made: list[Found] = []
    for each in found:
        if not each.rows:
            continue
        last = made[-1] if made else None
        if last is None or each.above or not last.rows:
            made.append(each)
            continue
        again = _heading_again(last, each)
        if not again and not each.follows:
            made.append(each)
            continue
        shift = len(last.rows)
        last.merges += [Merge(m.top + shift, m.left, m.bottom + shift, m.right) for m in each.merges if m.top > again]
        last.struck |= {(row + shift, column) for row, column in each.struck if row > again}
        last.rows += [*([[]] * again), *each.rows[again:]]
    return made


def _heading_again(last: Found, each: Found) -> int:
    """Return how many first rows of a table repeat those of the one before it."""
    count = 0
    for a, b in zip(last.rows[:4], each.rows[:4], strict=False):
        if _plain(a) != _plain(b) or not any(_plain(a)):
            break
        count += 1
    return count


def _plain(row: list[Cell]) -> list[str]:
    return [plain(str(c)) if c is not None else "" for c in row]
