"""One sheet of a template: its cells read, its rows repeated, its cells written; all in the part's own XML."""

import copy
import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from lxml import etree

from db.kinds import Cell
from forms.filling.moving import (
    Moves,
    Region,
    box,
    column_letters,
    column_number,
    move_formula,
    shift_formula,
    split_cell,
)
from forms.filling.parts import Parts, SheetName, local, tag
from forms.filling.styles import Styles

_LONGEST = 32767
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_UNESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_REFERENCES = ("ref", "sqref", "topLeftCell", "activeCell", "r")
_FORMULAS = frozenset(("formula", "formula1", "formula2", "f"))
_C, _V, _F, _IS, _T = tag("c"), tag("v"), tag("f"), tag("is"), tag("t")
_CONTENT = frozenset((_V, _F, _IS))
_KIND = frozenset(("t", "cm", "vm"))
_NUMBERS = (int, float, Decimal)
_DIGITS = "0123456789"
_ALONE = frozenset(("mergeCell", "hyperlink"))  # inside a repeated row they are copied, not stretched


class Strings:
    """The workbook's shared texts."""

    def __init__(self, parts: Parts) -> None:
        found = parts.related(parts.workbook, "sharedStrings")
        self.items: list[Any] = list(parts.tree(found[0]).iterchildren(tag("si"))) if found else []
        self._texts: dict[int, str] = {}
        self._marked: dict[re.Pattern[str], dict[str, str]] = {}

    def text(self, number: int) -> str:
        """Return a text without its faces and its reading aids."""
        if number not in self._texts:
            self._texts[number] = _joined(self.items[number])
        return self._texts[number]

    def with_pattern(self, pattern: re.Pattern[str]) -> dict[str, str]:
        """Return the texts that have a pattern in them, by their number as cells write it."""
        if pattern not in self._marked:
            texts = ((str(n), self.text(n)) for n in range(len(self.items)))
            self._marked[pattern] = {n: text for n, text in texts if pattern.search(text)}
        return self._marked[pattern]


def text_parts(holder: Any) -> list[Any]:
    """Return the elements that hold the text of a shared or inline string, in order; phonetic runs are none of it."""
    found = []
    for child in holder:
        if local(child) == "t":
            found.append(child)
        elif local(child) == "r":
            found += [t for t in child if local(t) == "t"]
    return found


def child(element: Any, name: str) -> Any:
    """Return the first child of a name, or None; in a cell, several times as fast as lxml's search."""
    for found in element:
        if found.tag == name:
            return found
    return None


def value_text(cell: Any) -> str:
    """Return what is stored as a cell's value; empty where nothing is."""
    found = child(cell, _V)
    return "" if found is None else found.text or ""


def _joined(holder: Any) -> str:
    if len(holder) == 1 and holder[0].tag == _T:  # as nearly every text is
        return holder[0].text or ""
    return "".join(t.text or "" for t in text_parts(holder))


class Sheet:
    """A worksheet under work. Rows and columns count from 1."""

    def __init__(self, parts: Parts, named: SheetName, strings: Strings, styles: Styles) -> None:
        self.name, self.part = named.name, named.part
        self._parts, self._strings, self._styles = parts, strings, styles
        self.root = parts.tree(named.part)
        self.data = self.root.find(tag("sheetData"))
        self.rows: dict[int, Any] = {}
        number = 0
        for row in self.data if self.data is not None else ():
            number = int(row.get("r") or number + 1)
            self.rows[number] = row
        self._cells: dict[int, dict[int, Any]] = {}

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

    def marked(self, pattern: re.Pattern[str]) -> Iterator[tuple[int, int, str]]:
        """Yield row, column and text of every cell whose text has a pattern in it."""
        shared = self._strings.with_pattern(pattern)
        for row, column, cell in self.all_cells():
            kind = cell.get("t")
            if kind == "s":
                if (found := shared.get(value_text(cell))) is not None:
                    yield row, column, found
            elif kind == "inlineStr" and pattern.search(text := self.text(cell)):
                yield row, column, text

    def formulas(self) -> Iterator[tuple[int, int, Any, Any]]:
        """Yield row, column, cell and formula of every cell that calculates."""
        places = {}
        if self.has_formulas():
            for row, column, cell in self.all_cells():
                places[cell] = row, column
            for formula in list(self.data.iter(_F)):
                cell = formula.getparent()
                yield *places[cell], cell, formula

    def text(self, cell: Any) -> str:
        """Return the text of a text cell, unbroken by faces; empty for numbers and formulas."""
        kind = cell.get("t")
        if kind is None:
            return ""
        if kind == "s":
            value = value_text(cell)
            return self._strings.text(int(value)) if value and int(value) < len(self._strings.items) else ""
        if kind == "inlineStr" and (held := child(cell, _IS)) is not None:
            return _joined(held)
        return ""

    def seen(self, cell: Any) -> str:
        """Return what a person sees in a cell, roughly: its text, or its number as it is stored."""
        return self.text(cell) or ("" if cell.get("t") == "s" else value_text(cell))

    def style(self, row: int, column: int) -> int:
        """Return the style of a cell, 0 where there is none."""
        cell = self.cells(row).get(column)
        return int(cell.get("s") or 0) if cell is not None else 0

    def merges(self) -> list[str]:
        """Return the merged areas."""
        return [m.get("ref") for m in self.root.iter(tag("mergeCell")) if m.get("ref")]

    def is_spare(self, row: int, like: int, columns: frozenset[int]) -> bool:
        """Tell whether a row was prepared for one more copy of row `like`: as styled, and empty where that is bound."""
        cells, model = self.cells(row), self.cells(like)
        if not cells or self.rows[row].get("ht") != self.rows[like].get("ht"):
            return False
        for column in columns:
            cell = cells.get(column)
            if cell is None or cell.get("s") != model[column].get("s"):
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
        return self.data is not None and next(self.data.iter(tag("f")), None) is not None

    def move(self, moves: Mapping[str, Moves]) -> None:
        """Put in the copies of repeated rows, and bring every reference of the sheet to where things are now."""
        own = moves.get(self.name)
        self.write_shared_formulas_out()
        models = {}
        for region in own.regions if own else ():
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
                self._put_copies(region, rows, own, moves)
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
            _number_row(element, here)
        self.rows, self._cells = moved, cells

    def _put_copies(self, region: Region, rows: list[Any], own: Moves, moves: Mapping[str, Moves]) -> None:
        size = region.block - region.first + 1
        last = own.row(region.last)
        after = self.rows[last]
        for n in range(region.extra // size):
            for at, model in enumerate(rows):
                down = region.last - region.first + 1 + n * size
                element = copy.deepcopy(model)
                self._move_formulas(element, moves, (region, down))
                here = last + 1 + n * size + at
                _number_row(element, here)
                after.addnext(element)
                after = element
                self.rows[here] = element
                self._cells.pop(here, None)

    def _move_rest(self, own: Moves | None, moves: Mapping[str, Moves]) -> bool:
        """Move what is not in cells: merges, formats, validations, links, breaks, the view."""
        changed = False
        merged = self.root.find(tag("mergeCells"))
        copies = self._merged_copies(own) if own and merged is not None else []
        done = self._move_sparklines(own) if own else set()
        for child in self.root:
            if child is self.data or not isinstance(child.tag, str):
                continue
            for element in child.iter(etree.Element):
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
        _empty(cell)
        for mark in cell.keys():
            if mark in _KIND:
                del cell.attrib[mark]
        style = int(cell.get("s") or 0)
        if isinstance(content, dt.date) and not self._styles.is_text(style) and content.year >= 1904:
            shown = self._styles.day_style(style)
            if shown != style:
                cell.set("s", str(shown))
            _value(cell, str(day_number(content, self._parts.from_1904)))
        elif isinstance(content, _NUMBERS) and not isinstance(content, bool):
            _value(cell, format(content, "f") if isinstance(content, Decimal) else str(content))
        elif content is not None and content != "":
            text = content.isoformat()[:10] if isinstance(content, dt.date) else str(content)
            cell.set("t", "inlineStr")
            set_text(etree.SubElement(_first(cell, _IS), _T), text)
        self._parts.changed(self.part)

    def put_within(self, row: int, column: int, change: Callable[[str], str | None]) -> None:
        """Replace words in a text cell, whose faces stay; `change` returns None where nothing is to change."""
        cell = self._cell(row, column, 0)
        value = value_text(cell)
        held = self._strings.items[int(value)] if cell.get("t") == "s" and value else child(cell, _IS)
        holder = etree.Element(_IS)
        for part in held:
            if local(part) in ("t", "r"):
                holder.append(copy.deepcopy(part))
        _empty(cell)
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


def _empty(cell: Any) -> None:
    for part in list(cell):
        if part.tag in _CONTENT:
            cell.remove(part)


def _value(cell: Any, text: str) -> None:
    _first(cell, _V).text = text


def _first(cell: Any, name: str) -> Any:
    """Return a new first child of a cell."""
    made = etree.SubElement(cell, name)
    if len(cell) > 1:
        cell.insert(0, made)
    return made


def set_text(element: Any, text: str) -> None:
    """Put a text into an element as workbooks write it."""
    element.text = _ESCAPE.sub("_x005F_", _FORBIDDEN.sub("", text))[:_LONGEST]
    if element.text != element.text.strip() or "\n" in element.text:
        element.set(_SPACE, "preserve")


def plain_text(text: str) -> str:
    """Return a workbook's text with its escapes undone."""
    return _UNESCAPE.sub(lambda found: chr(int(found[1], 16)), text)


def replace_across(parts: list[Any], change: Callable[[str], str | None]) -> None:
    """Replace words in a text that lies in several elements; what comes in stands in the element where it began."""
    while True:
        whole = "".join(t.text or "" for t in parts)
        changed = change(whole)
        if changed is None:
            return
        before = 0
        while before < min(len(whole), len(changed)) and whole[before] == changed[before]:
            before += 1
        after = 0
        while after < min(len(whole), len(changed)) - before and whole[-1 - after] == changed[-1 - after]:
            after += 1
        put, at = changed[before : len(changed) - after], 0
        for element in parts:
            text = element.text or ""
            start, end = max(before - at, 0), min(len(whole) - after - at, len(text))
            at += len(text)
            if start <= len(text) and end >= start and (end > start or put):
                set_text(element, text[:start] + put + text[end:])
                put = ""


def day_number(day: dt.date, from_1904: bool = False) -> int:
    """Return a day as workbooks count them."""
    return (dt.date(day.year, day.month, day.day) - (dt.date(1904, 1, 1) if from_1904 else dt.date(1899, 12, 30))).days


def _number_row(row: Any, number: int) -> None:
    row.set("r", str(number))
    column = 0
    for cell in row:
        if local(cell) == "c":
            ref = cell.get("r")
            column = split_cell(ref)[1] if ref else column + 1
            cell.set("r", f"{column_letters(column)}{number}")
