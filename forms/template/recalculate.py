"""Formulas that depend on what was filled: their stored results are worked out anew, or taken away.

Phones and mail programs show what is stored and calculate nothing, so sums, shares and plain cases are done here. What is
beyond that has no stored result afterwards, and is calculated when the workbook is opened.
"""

import re
from collections.abc import Collection, Mapping
from decimal import Decimal, InvalidOperation

from forms.template.formula import Beyond, Formula, Place, Value
from forms.template.parts import tag
from forms.template.row_shifts import box, references, without_references
from forms.template.sheet import Sheet
from forms.template.texts import child, plain_text, set_text, value_text

_F, _V = tag("f"), tag("v")
# A bracket names a table's column, but for one that names another file before a sheet.
_COLUMN_OF_TABLE = re.compile(r"\[(?![^\[\]]*\][^\s'\"!(),:;+\-*/^&=<>{}\[\]]*!)")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")


def recalculate(sheets: Mapping[str, Sheet], filled: Mapping[str, Collection[tuple[int, int]]]) -> bool:
    """Give every formula that depends on `filled` cells its result; tell whether there was one.

    `sheets` are those with formulas, and those that were filled.
    """
    formulas = _formulas(sheets)
    touched = _touched(formulas, filled)
    if not touched:
        return False
    reckoner = _Reckoner(sheets, {place: formulas[place] for place in touched})
    for name, row, column in touched:
        cell = sheets[name].cells(row)[column]
        result = reckoner.of((name, row, column))
        for value in cell.findall(_V):
            cell.remove(value)
        cell.attrib.pop("t", None)
        if result is not None:
            value = cell.makeelement(_V)
            if isinstance(result, str):
                cell.set("t", "str")
                set_text(value, result)
            else:
                value.text = format(result.normalize() + 0, "f")
            child(cell, _F).addnext(value)
        sheets[name].was_changed()
    return True


def _formulas(sheets: Mapping[str, Sheet]) -> dict[Place, str]:
    found = {}
    for sheet in sheets.values():
        if sheet.has_formulas():
            sheet.write_shared_formulas_out()
            for row, column, _, formula in sheet.formulas():
                plain = formula.get("t") in (None, "normal")
                found[sheet.name, row, column] = (formula.text or "") if plain else "INDIRECT()"
    return found


def _touched(formulas: Mapping[Place, str], filled: Mapping[str, Collection[tuple[int, int]]]) -> list[Place]:
    """Return the formulas that depend on filled cells, on each other, or on what cannot be seen here."""
    changed = {name: set(cells) for name, cells in filled.items()}
    needs = {place: references(text, place[0]) for place, text in formulas.items()}
    left = set(formulas)
    found: list[Place] = []
    while True:
        now = [
            place for place in left
            if _unseen(formulas[place])
            or any(_meets(changed.get(name or "", ()), ref) for name, ref in needs[place])
        ]  # fmt: skip
        if not now:
            return sorted(found)
        for place in now:
            left.discard(place)
            changed.setdefault(place[0], set()).add((place[1], place[2]))
        found += now


def _unseen(formula: str) -> bool:
    """Tell whether a formula uses names, tables or functions that reach cells without naming them."""
    if _COLUMN_OF_TABLE.search(_QUOTED.sub("", formula)):
        return True
    words = re.findall(r"[A-Za-z_\u0080-\uffff][\w.]*\(?", without_references(formula))
    return any(not w.endswith("(") and w.upper() not in ("TRUE", "FALSE") for w in words) or any(
        w.upper() in ("INDIRECT(", "OFFSET(") for w in words
    )


def _meets(cells: Collection[tuple[int, int]], ref: str) -> bool:
    if not cells:
        return False
    top, left, bottom, right = box(ref)
    if top == bottom and left == right:
        return (top, left) in cells
    return any(top <= row <= bottom and left <= column <= right for row, column in cells)


class _Reckoner:
    """Knows what stands in cells: what is stored, and what open formulas come to."""

    def __init__(self, sheets: Mapping[str, Sheet], open_formulas: Mapping[Place, str]) -> None:
        self._sheets = sheets
        self._open = open_formulas
        self._known: dict[Place, Decimal | str | None] = {}
        self._under_way: set[Place] = set()

    def of(self, place: Place) -> Decimal | str | None:
        """Return a formula's result, or None where it is beyond what is done here."""
        if place not in self._known:
            if place in self._under_way:
                return None  # it refers to itself
            self._under_way.add(place)
            try:
                self._known[place] = Formula(self._open[place], place[0], self).result()
            except (Beyond, InvalidOperation, RecursionError):
                self._known[place] = None
            self._under_way.discard(place)
        return self._known[place]

    def value(self, place: Place) -> Value:
        """Return a cell's number or text, None for a blank; raises `Beyond` for the unknown."""
        if place in self._open:
            if (found := self.of(place)) is None:
                raise Beyond
            return found
        if place[0] not in self._sheets:
            raise Beyond
        cell = self._sheets[place[0]].cells(place[1]).get(place[2])
        if cell is None or not len(cell):
            return None
        if cell.get("t") in ("s", "inlineStr", "str"):
            return plain_text(self._sheets[place[0]].seen(cell))
        if cell.get("t") in ("e", "b", "d"):
            raise Beyond
        text = value_text(cell)
        return Decimal(text) if text else None

    def values(self, sheet: str, ref: str) -> list[Value]:
        """Return what stands in the cells of a range that are not blank."""
        if sheet not in self._sheets:
            raise Beyond
        top, left, bottom, right = box(ref)
        found: list[Value] = []
        for row in self._sheets[sheet].rows:
            if top <= row <= bottom:
                for column in self._sheets[sheet].cells(row):
                    if left <= column <= right and (value := self.value((sheet, row, column))) is not None:
                        found.append(value)
        return found

    def is_sum(self, sheet: str, ref: str) -> bool:
        """Tell whether a range holds sub-totals, which further ones leave out."""
        top, left, bottom, right = box(ref)
        return any(
            "SUBTOTAL" in text.upper()
            for (name, row, column), text in self._open.items()
            if name == sheet and top <= row <= bottom and left <= column <= right
        )
