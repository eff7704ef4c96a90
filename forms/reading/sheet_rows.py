"""A sheet that is told cell by cell: where each stands, how often it repeats, what it covers. Bounded on every side."""

from db.records.kinds import Cell, is_blank
from forms.reading.safety import too_big
from forms.reading.sheet_shape import MOST_COLUMNS, MOST_ROWS, Merge, SheetShape
from forms.reading.table import MOST_AREA, Table, hidden_notes

_MOST_MERGES = 50_000


class SheetRows:
    """Collects the rows of one sheet. `number` and `column` are where the next cell stands: from 1 and from 0."""

    def __init__(self, title: str, name: str) -> None:
        self.title = title
        self.notes: list[str] = []
        self.rows: list[tuple[int, list[Cell]]] = []
        self.merges: list[Merge] = []
        self.struck: set[tuple[int, int]] = set()
        self.shape = SheetShape()
        self.number, self.column = 1, 0
        self._name = name
        self._row: list[Cell] = []
        self._area = 0

    def put(self, cell: Cell, times: int = 1, right: int = 1, down: int = 1, struck: bool = False) -> None:
        """Put a cell, or several alike, at the next place; one that is merged covers so many columns and rows."""
        if not is_blank(cell):
            if self.column + times > MOST_COLUMNS or self.number > MOST_ROWS:
                raise too_big(self._name)
            self._row += [None] * (self.column - len(self._row)) + [cell] * times
            if struck:
                self.struck |= {(self.number, i) for i in range(self.column, self.column + times)}
        if (right > 1 or down > 1) and self.column < MOST_COLUMNS:
            if len(self.merges) >= _MOST_MERGES:
                raise too_big(self._name)
            end = min(self.column + right, MOST_COLUMNS) - 1
            self.merges.append(Merge(self.number, self.column, min(self.number + down - 1, MOST_ROWS), end))
        self.column += times

    def end_row(self, times: int = 1, hidden: bool = False) -> None:
        """End a row, or several alike; the next one begins below."""
        row, self._row = self._row, []
        if row:
            self._area += len(row) * times
            if self.number + times > MOST_ROWS + 1 or self._area > MOST_AREA:
                raise too_big(self._name)
            struck = [i for n, i in self.struck if n == self.number] if times > 1 else []
            for n in range(self.number, self.number + times):
                self.rows.append((n, list(row)))
                self.struck |= {(n, i) for i in struck}
                if hidden:
                    self.shape.hidden_rows.add(n)
        self.number += times
        self.column = 0

    def table(self) -> Table:
        """Return the sheet."""
        notes = (*self.notes, *hidden_notes(self.rows, self.shape))
        return Table(self.title, self.rows, notes, tuple(self.merges), frozenset(self.struck))


def whole(value: float) -> Cell:
    """Return a number as the readers of workbooks do: whole ones are integers as far as they are exact."""
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def count(text: str | None) -> int:
    """Return how often something repeats or how far it reaches; 1 where nothing sensible is said."""
    return max(int(text), 1) if text and text.isascii() and text.isdigit() and len(text) < 8 else 1
