"""One sheet of a template: its cells read, its rows repeated, its cells written; all in the part's own XML."""

import copy
import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from lxml import etree

from db.records.kinds import Cell
from forms.template.elements import day_number, empty, first_child, number_row, put_value, set_height
from forms.template.names import PLACEHOLDER
from forms.template.parts import Parts, SheetName, local, tag
from forms.template.row_shifts import (
    Moves,
    Region,
    box,
    column_letters,
    column_number,
    move_formula,
    references,
    shift_formula,
    split_cell,
)
from forms.template.styles import Styles
from forms.template.texts import Strings, child, joined, replace_across, set_text, text_parts, value_text

_REFERENCES = ("ref", "sqref", "topLeftCell", "activeCell", "r")
_FORMULAS = frozenset(("formula", "formula1", "formula2", "f"))
_C, _V, _F, _IS, _T = tag("c"), tag("v"), tag("f"), tag("is"), tag("t")
_KIND = ("t", "cm", "vm")
_NUMBERS = (int, float, Decimal)
_DIGITS = "0123456789"
_ALONE = frozenset(("mergeCell", "hyperlink"))  # inside a repeated row they are copied, not stretched


class Sheet:
    """A worksheet under work. Rows and columns count from 1."""

    def __init__(self, parts: Parts, named: SheetName, strings: Strings, styles: Styles) -> None:
        self.name, self.part, self.hidden = named.name, named.part, named.hidden
        self._parts, self._strings, self._styles = parts, strings, styles
        self._cells: dict[int, dict[int, Any]] = {}

    # Parsed where it is first asked for: most sheets of a workbook have nothing to fill.

    @cached_property
    def root(self) -> Any:
        """The sheet's part, parsed."""
        return self._parts.tree(self.part)

    @cached_property
    def data(self) -> Any:
        """The element that holds the rows; None where a sheet has none."""
        return self.root.find(tag("sheetData"))

    @cached_property
    def rows(self) -> dict[int, Any]:
        """The rows that are written in the part, by number."""
        found: dict[int, Any] = {}
        number = 0
        for row in self.data if self.data is not None else ():
            number = int(row.get("r") or number + 1)
            found[number] = row
        return found

    def cells(self, row: int) -> dict[int, Any]:
        """Return a row's cells by column."""
        if row not in self._cells:
            found: dict[int, Any] = {}
            column = 0
            for cell in self.rows.get(row, ()):
                if cell.tag == _C:
                    ref = cell.get("r")
                    letters = ref.rstrip(_DIGITS) if ref else ""
                    if letters.isalpha():  # as it should be
                        column = column_number(letters)
                    else:
                        column = split_cell(ref)[1] if ref else column + 1
                    found[column] = cell
            self._cells[row] = found
        return self._cells[row]

    def all_cells(self) -> Iterator[tuple[int, int, Any]]:
        """Yield row, column and element of every cell."""
        for row in list(self.rows):
            for column, cell in self.cells(row).items():
                yield row, column, cell

    def named(self) -> Iterator[tuple[int, int, str]]:
        """Yield row, column and text of every cell whose text names figures."""
        shared = self._strings.with_names
        if not self.may_hold_names() and (not shared or self._parts.shared_in(self.part).isdisjoint(shared)):
            return
        for row, column, cell in self.all_cells():
            kind = cell.get("t")
            if kind == "s":
                if (found := shared.get(value_text(cell))) is not None:
                    yield row, column, found
            elif kind == "inlineStr" and PLACEHOLDER.search(text := self.text(cell)):
                yield row, column, text

    def formulas(self) -> Iterator[tuple[int, int, Any, Any]]:
        """Yield row, column, cell and formula of every cell that calculates."""
        places: dict[Any, tuple[int, int]] = {}
        for formula in list(self.data.iter(_F)) if self.has_formulas() else ():
            cell = formula.getparent()
            place = split_cell(cell.get("r") or "A1")
            if self.cells(place[0]).get(place[1]) is not cell:  # without a reference of its own, or with a wrong one
                places = places or {c: (row, column) for row, column, c in self.all_cells()}
                place = places[cell]
            yield *place, cell, formula

    def may_hold_names(self) -> bool:
        """Tell whether the part itself may name figures; the shared texts are not looked at."""
        return self._parts.may_hold_names(self.part)

    def text(self, cell: Any) -> str:
        """Return the text of a text cell, unbroken by faces; empty for numbers and formulas."""
        kind = cell.get("t")
        if kind is None:
            return ""
        if kind == "s":
            value = value_text(cell)
            return self._strings.text(int(value)) if value and int(value) < len(self._strings.items) else ""
        if kind == "inlineStr" and (held := child(cell, _IS)) is not None:
            return joined(held)
        return ""

    def seen(self, cell: Any) -> str:
        """Return what a person sees in a cell, roughly: its text, or its number as it is stored."""
        return self.text(cell) or ("" if cell.get("t") == "s" else value_text(cell))

    def shown(self, cell: Any) -> str:
        """Return what a person sees in a cell, numbers and days as the cell's style writes them."""
        if cell.get("t") in (None, "n"):
            return self._styles.shown(int(cell.get("s") or 0), value_text(cell))
        return self.seen(cell)

    def style(self, row: int, column: int) -> int:
        """Return the style of a cell, 0 where there is none."""
        cell = self.cells(row).get(column)
        return int(cell.get("s") or 0) if cell is not None else 0

    def height(self, row: int) -> float:
        """Return a row's height in points."""
        element, usual = self.rows.get(row), self.root.find(tag("sheetFormatPr"))
        if element is not None and element.get("hidden") in ("1", "true"):
            return 0.0
        own = element.get("ht") if element is not None else None
        return float(own or (usual.get("defaultRowHeight") if usual is not None else None) or 15)

    def merges(self) -> list[str]:
        """Return the merged areas."""
        return [m.get("ref") for m in self.root.iter(tag("mergeCell")) if m.get("ref")]

    def is_spare(self, row: int, like: int, columns: frozenset[int]) -> bool:
        """Tell whether a row was prepared for one more copy of row `like`: as ruled, and empty where that is bound.

        Beside what is bound there may be numbers and formulas, but no words of its own: those make it a row of totals.
        """
        cells, model = self.cells(row), self.cells(like)
        if not cells or set_height(self.rows[row]) != set_height(self.rows[like]):
            return False
        for column in cells.keys() - columns:
            text, beside = self.text(cells[column]).strip(), model.get(column)
            if text and not text.isdecimal() and (beside is None or text != self.text(beside).strip()):
                return False
        for column in columns:
            cell = cells.get(column)
            if cell is None or not self._styles.as_ruled(int(cell.get("s") or 0), int(model[column].get("s") or 0)):
                return False
            same = bool(self.text(cell)) and self.text(cell) == self.text(model[column])  # copied down by its maker
            if (len(cell) and not same) or int(cell.get("s") or 0) == 0:
                return False
        return True

    def was_changed(self) -> None:
        """Say that the sheet is to be written anew."""
        self._parts.changed(self.part)

    # Moving

    def has_formulas(self) -> bool:
        """Tell whether any cell calculates."""
        if not self._parts.may_calculate(self.part):
            return False
        return self.data is not None and next(self.data.iter(_F), None) is not None

    def move(self, moves: Mapping[str, Moves]) -> None:
        """Put in the copies of repeated rows, and bring every reference of the sheet to where things are now."""
        own = moves.get(self.name)
        self.write_shared_formulas_out()
        models, numbers, ends = {}, {}, {}
        for region in own.regions if own else ():
            numbers[region] = self._numbered(region)
            ends[region] = self._own_formulas(region.last) if region.last > region.block else {}
            models[region] = [copy.deepcopy(self.rows[k]) for k in range(region.first, region.block + 1)]
        changed = bool(own)
        for row, element in self.rows.items():
            at = next((r for r in own.regions if r.first <= row <= r.last), None) if own else None
            if at and row > at.block:  # a prepared row: what its maker wrote in it stays as it is
                at = replace(at, block=at.last)
            changed |= self._move_formulas(element, moves, (at, 0) if at else None)
        if own:
            self._renumber(own)
            for region, rows in models.items():
                self._put_copies(region, rows, own, moves, numbers[region], ends[region])
        changed |= self._move_rest(own, moves)
        if changed:
            self._parts.changed(self.part)

    def write_shared_formulas_out(self) -> None:
        """Give every cell its own formula: copies and moved rows no longer lie as a shared one supposes."""
        masters: dict[str, tuple[int, int, str]] = {}
        for row, column, _, formula in self.formulas():
            if formula.get("t") != "shared":
                continue
            number = formula.get("si") or ""
            if formula.text:
                masters[number] = row, column, formula.text
            elif number in masters:
                first_row, first_column, text = masters[number]
                formula.text = shift_formula(text, row - first_row, column - first_column)
            for mark in ("t", "si", "ref"):
                formula.attrib.pop(mark, None)

    def _move_formulas(self, row: Any, moves: Mapping[str, Moves], where: tuple[Region, int] | None) -> bool:
        changed = False
        for formula in row.iter(tag("f")):
            own, ref = moves.get(self.name), formula.get("ref")
            if formula.text:
                place = formula.getparent().get("r")
                column = split_cell(place)[1] if place else 0
                moved = move_formula(formula.text, moves, self.name, where, column)
                changed |= moved != formula.text
                formula.text = moved
            if own and ref:
                down = where[1] + own.row(where[0].first) - where[0].first if where else None
                formula.set("ref", own.area(ref, grow=False) if down is None else shift_formula(ref, down, 0))
        return changed

    def _renumber(self, own: Moves) -> None:
        moved, cells = {}, {}
        for row, element in self.rows.items():
            here = own.row(row)
            cells[here] = self.cells(row)
            moved[here] = element
            number_row(element, here)
        self.rows, self._cells = moved, cells

    def carried(self, row: int) -> frozenset[int]:
        """Return the columns of a row that count on from the cell above: balances so far."""
        found = []
        for column, text in self._own_formulas(row).items():
            if (self.name, f"{column_letters(column)}{row - 1}") in references(text, self.name):
                found.append(column)
        return frozenset(found)

    def _own_formulas(self, row: int) -> dict[int, str]:
        """Return the formulas of a row by column that refer to no other sheet."""
        found = {}
        for column, cell in self.cells(row).items():
            formula = child(cell, _F)
            if formula is not None and formula.text and "!" not in formula.text and formula.get("t") != "array":
                found[column] = formula.text
        return found

    def _numbered(self, region: Region) -> dict[int, int]:
        """Return the columns that number the records by hand, and the first number: they are counted on in new rows."""
        found = {}
        for column, cell in self.cells(region.first).items():
            text = self.seen(cell).strip()
            if cell.find(_F) is not None or not (text.isascii() and text.isdigit()):
                continue
            spares = [self._seen_at(row, column) for row in range(region.block + 1, region.last + 1)]
            above = (self._seen_at(row, column) for row in range(region.first - 1, 0, -1))
            if spares == [str(int(text) + n) for n in range(1, len(spares) + 1)] and (
                spares or (text == "1" and "序号" in "".join(next(filter(None, above), "").split()))
            ):
                found[column] = int(text)
        return found

    def _seen_at(self, row: int, column: int) -> str:
        cell = self.cells(row).get(column)
        return "" if cell is None else self.seen(cell).strip()

    def _put_copies(
        self, region: Region, rows: list[Any], own: Moves, moves: Mapping[str, Moves], numbers: Mapping[int, int],
        ends: Mapping[int, str],
    ) -> None:  # fmt: skip
        size = region.block - region.first + 1
        end = replace(region, first=region.last, block=region.last)
        last = own.row(region.last)
        after = self.rows[last]
        for n in range(region.extra // size):
            for at, model in enumerate(rows):
                down = region.last - region.first + 1 + n * size
                element = copy.deepcopy(model)
                self._move_formulas(element, moves, (region, down))
                for formula in list(element.iter(_F)) if ends else ():
                    column = split_cell(formula.getparent().get("r"))[1]
                    if column in ends:  # as if the last of the prepared rows were filled down
                        formula.text = move_formula(ends[column], moves, self.name, (end, n + 1), column)
                here = last + 1 + n * size + at
                number_row(element, here)
                after.addnext(element)
                after = element
                self.rows[here] = element
                self._cells.pop(here, None)
                for column, first in numbers.items() if at == 0 else ():
                    is_text = self.cells(here)[column].get("t") in ("s", "inlineStr")
                    number = first + down // size
                    self.put(here, column, str(number) if is_text else number)

    def _move_rest(self, own: Moves | None, moves: Mapping[str, Moves]) -> bool:
        """Move what is not in cells: merges, formats, validations, links, breaks, the view."""
        changed = False
        merged = self.root.find(tag("mergeCells"))
        copies = self._merged_copies(own) if own and merged is not None else []
        done = self._move_sparklines(own) if own else set()
        for outer in self.root:
            if outer is self.data or not isinstance(outer.tag, str):
                continue
            for element in outer.iter(etree.Element):
                name = local(element)
                if element in done:
                    continue
                if name in _FORMULAS and element.text:
                    moved = move_formula(element.text, moves, self.name)
                    changed |= moved != element.text
                    element.text = moved
                if own is None:
                    continue
                for mark in _REFERENCES:
                    if element.get(mark):
                        element.set(mark, self._area(own, name, mark, element.get(mark)))
                if name == "sqref" and element.text:
                    element.text = own.areas(element.text)
                if (
                    name in ("from", "to")
                    and (row := next((e for e in element if local(e) == "row"), None)) is not None
                ):
                    row.text = str(own.row(int(row.text or 0) + 1) - 1)  # a form control's place
                if name == "brk" and local(element.getparent()) == "rowBreaks":
                    element.set("id", str(own.end(int(element.get("id") or 0))))
        for ref in copies:
            etree.SubElement(merged, tag("mergeCell"), ref=ref)
        if merged is not None and merged.get("count"):
            merged.set("count", str(len(merged)))
        return changed

    def _move_sparklines(self, own: Moves) -> set[Any]:
        """Give every copy of a repeated row its own small chart: one belongs to one cell. Return what was moved."""
        done: set[Any] = set()
        for spark in [e for e in self.root.iter(etree.Element) if local(e) == "sparkline"]:
            place = next((e for e in spark if local(e) == "sqref" and e.text), None)
            if place is None:
                continue
            top = box(place.text)[0]
            region = next((r for r in own.regions if r.first <= top <= r.block), None)
            if region is None:
                place.text = own.area(place.text, grow=False)
                done.add(place)
                continue
            size, base = region.block - region.first + 1, own.row(region.first) - region.first
            models = [copy.deepcopy(spark) for _ in range(region.extra // size)]
            downs = [base + region.last - region.first + 1 + n * size for n in range(len(models))]
            for made, down in ((spark, base), *zip(models, downs, strict=True)):
                for part in made:
                    if part.text and local(part) in ("f", "sqref"):
                        part.text = shift_formula(part.text, down, 0)
                        done.add(part)
            after = spark
            for made in models:
                after.addnext(made)
                after = made
        return done

    def _area(self, own: Moves, name: str, mark: str, refs: str) -> str:
        if mark in ("topLeftCell", "activeCell") or name == "selection":
            return " ".join(own.area(ref, grow=False) for ref in refs.split())
        if name in _ALONE:
            top, _, bottom, _ = box(refs)
            return own.area(refs, grow=not own.inside(top, bottom))
        return own.areas(refs)

    def _merged_copies(self, own: Moves) -> list[str]:
        """Return the merged areas that the new rows need, in their places."""
        found = []
        for region in own.regions:
            size = region.block - region.first + 1
            shift = own.row(region.first) - region.first
            for ref in self.merges():
                top, left, bottom, right = box(ref)
                if region.first <= top and bottom <= region.block:
                    for n in range(region.extra // size):
                        down = shift + region.last - region.first + 1 + n * size
                        area = f"{column_letters(left)}{top + down}:{column_letters(right)}{bottom + down}"
                        found.append(area)
        return found

    # Writing

    def put(self, row: int, column: int, content: Cell, like: int = 0) -> None:
        """Write one cell: text as text, numbers and days as numbers, None as nothing; its style stays."""
        cell = self._cell(row, column, like)
        empty(cell)
        marks = cell.attrib
        for mark in _KIND:
            marks.pop(mark, None)
        if isinstance(content, _NUMBERS) and not isinstance(content, bool):
            put_value(cell, format(content, "f") if isinstance(content, Decimal) else str(content))
        elif isinstance(content, dt.date) and content.year >= 1904 and self._takes_days(cell):
            put_value(cell, str(day_number(content, self._parts.from_1904)))
        elif content is not None and content != "":
            text = content.isoformat()[:10] if isinstance(content, dt.date) else str(content)
            cell.set("t", "inlineStr")
            set_text(etree.SubElement(first_child(cell, _IS), _T), text)
        self._parts.changed(self.part)

    def _takes_days(self, cell: Any) -> bool:
        """See to it that a cell shows its number as a day; False where its style makes a text of everything."""
        style = int(cell.get("s") or 0)
        if self._styles.is_text(style):
            return False
        shown = self._styles.day_style(style)
        if shown != style:
            cell.set("s", str(shown))
        return True

    def put_within(self, row: int, column: int, change: Callable[[str], str | None]) -> None:
        """Replace words in a text cell, whose faces stay; `change` returns None where nothing is to change."""
        cell = self._cell(row, column, 0)
        value = value_text(cell)
        held = self._strings.items[int(value)] if cell.get("t") == "s" and value else child(cell, _IS)
        holder = etree.Element(_IS)
        for part in held:
            if local(part) in ("t", "r"):
                holder.append(copy.deepcopy(part))
        empty(cell)
        cell.set("t", "inlineStr")
        cell.insert(0, holder)
        replace_across(text_parts(holder), change)
        self._parts.changed(self.part)

    def ready(self, row: int, column: int) -> None:
        """Make sure that a cell is there, blank where the sheet has none."""
        self._cell(row, column, 0)

    def _cell(self, row: int, column: int, like: int) -> Any:
        """Return a cell's element, made where there is none."""
        if row not in self.rows:
            element = etree.Element(tag("row"), r=str(row))
            before = max((r for r in self.rows if r < row), default=None)
            if before is None:
                self.data.insert(0, element)
            else:
                self.rows[before].addnext(element)
            self.rows[row] = element
            self._cells.pop(row, None)
        cells = self.cells(row)
        if column not in cells:
            made = etree.Element(tag("c"), r=f"{column_letters(column)}{row}")
            if like:
                made.set("s", str(like))
            earlier = max((c for c in cells if c < column), default=None)
            if earlier is None:
                self.rows[row].insert(0, made)
            else:
                cells[earlier].addnext(made)
            cells[column] = made
        return cells[column]
