"""A template as it is shown to the person who points at its cells: texts, merged areas, widths; no styles."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from forms.template.bindings import Bound
from forms.template.grid import Grid
from forms.template.parts import local, tag
from forms.template.row_shifts import box, column_letters
from forms.template.sheet import Sheet
from forms.template.template import Template
from forms.template.texts import plain_text
from forms.template.word_table import WordTable
from forms.template.word_template import WordTemplate

MOST_ROWS, MOST_COLUMNS = 300, 60
_USUAL_WIDTH = 8.4
_NARROWEST, _WIDEST = 15.0, 30.0  # a column of lines


@dataclass(frozen=True)
class SheetView:
    """A sheet to point at; rows and columns count from 1."""

    name: str
    rows: int
    columns: int
    cells: Mapping[tuple[int, int], str]
    merges: tuple[tuple[int, int, int, int], ...]
    widths: Mapping[int, float]  # in characters
    formulas: frozenset[tuple[int, int]]
    hidden: bool = False
    about: str = ""  # what stands over it, where its name says nothing
    places: frozenset[tuple[int, int]] | None = None  # the cells that there are, where not every one can be filled

    def is_place(self, row: int, column: int) -> bool:
        """Tell whether there is a cell that can be filled."""
        return self.places is None or (row, column) in self.places


def look(template: Template | WordTemplate) -> list[SheetView]:
    """Return what there is to see of a template."""
    if isinstance(template, WordTemplate):
        return [_look_at(sheet) for sheet in template.sheets.values()]
    return [_look(sheet) for sheet in template.sheets.values()]


def _look_at(sheet: Grid) -> SheetView:
    """A table or the lines of a document; there is no cell beside those that it has."""
    every = [(r, c, cell) for r, c, cell in sheet.all_cells() if r <= MOST_ROWS and c <= MOST_COLUMNS]
    cells = {(row, column): text for row, column, cell in every if (text := sheet.text(cell))}
    merges = tuple(m for m in map(box, sheet.merges()) if m[2] <= MOST_ROWS and m[3] <= MOST_COLUMNS)
    rows = max([r for r, _, _ in every] + [m[2] for m in merges], default=1)
    columns = max([c for _, c, _ in every] + [m[3] for m in merges], default=1)
    formulas: set[tuple[int, int]] = set()
    if isinstance(sheet, WordTable):
        widths = sheet.widths()
        formulas = {(row, column) for row, column, cell in every if sheet.calculates(cell)}
    else:
        widths = {column: _NARROWEST for column in range(1, columns + 1)}
        for (_, column), text in cells.items():
            widths[column] = min(_WIDEST, max(widths[column], sum(map(_width, text))))
    places = frozenset((row, column) for row, column, _ in every)
    about = "\n".join(sheet.above) if isinstance(sheet, WordTable) else ""
    return SheetView(sheet.name, rows, columns, cells, merges, widths, frozenset(formulas), about=about, places=places)


def _width(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WFA" else 1


def _look(sheet: Sheet) -> SheetView:
    cells, formulas = {}, set()
    for row, column, cell in sheet.all_cells():
        if row <= MOST_ROWS and column <= MOST_COLUMNS:
            if cell.find(tag("f")) is not None:
                formulas.add((row, column))
            if text := plain_text(sheet.shown(cell)):
                cells[row, column] = text
    merges = tuple(m for m in map(box, sheet.merges()) if m[2] <= MOST_ROWS and m[3] <= MOST_COLUMNS)
    corners = [*cells, *formulas, *((m[2], m[3]) for m in merges)]
    widths = {}
    for column in sheet.root.iter(tag("col")):
        if local(column.getparent()) == "cols" and column.get("width"):
            for n in range(int(column.get("min") or 1), min(int(column.get("max") or 1), MOST_COLUMNS) + 1):
                widths[n] = 0.0 if column.get("hidden") in ("1", "true") else float(column.get("width") or _USUAL_WIDTH)
    rows = min(MOST_ROWS, max([r for r, _ in corners], default=0) + 6)
    columns = min(MOST_COLUMNS, max([c for _, c in corners], default=0) + 2)
    return SheetView(sheet.name, rows, columns, cells, merges, widths, frozenset(formulas), sheet.hidden)


def written_names(template: Template | WordTemplate) -> Bound:
    """Return the placeholders that the template's maker wrote, by sheet and cell."""
    found: Bound = {}
    for name, sheet in template.sheets.items():
        for row, column, text in sheet.named():
            where = f"{column_letters(column)}{row}"
            found.setdefault(name, {})[where] = text if isinstance(template, WordTemplate) else plain_text(text)
    return found
