"""Formulas that depend on what was filled: their stored results are worked out anew, or taken away.

Phones and mail programs show what is stored and calculate nothing, so sums and plain arithmetic are done here. What is
beyond that has no stored result afterwards, and is calculated when the workbook is opened.
"""

import re
from collections.abc import Collection, Mapping
from decimal import Decimal, DivisionByZero, InvalidOperation
from typing import Any

from forms.filling.moving import box, references, split_cell, without_references
from forms.filling.parts import tag
from forms.filling.sheet import Sheet

Place = tuple[str, int, int]  # sheet, row, column
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<function>[A-Za-z]+)\(|"
    r"(?P<ref>(?:(?:'(?:[^']|'')+'|[^\s'\"!(),:;+\-*/^&=<>{}\[\]]+)!)?\$?[A-Za-z]{1,3}\$?\d+(?::\$?[A-Za-z]{1,3}\$?\d+)?)|"
    r"(?P<mark>[-+*/(),%]))"
)


class _Beyond(Exception):
    """The formula needs more than is done here."""


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
        for value in cell.findall(tag("v")):
            cell.remove(value)
        cell.attrib.pop("t", None)
        if result is not None:
            value = cell.makeelement(tag("v"))
            value.text = format(result.normalize() + 0, "f")
            cell.find(tag("f")).addnext(value)
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
    """Works formulas out: numbers, + - * / and the plain sums."""

    def __init__(self, sheets: Mapping[str, Sheet], open_formulas: Mapping[Place, str]) -> None:
        self._sheets = sheets
        self._open = open_formulas
        self._known: dict[Place, Decimal | None] = {}
        self._under_way: set[Place] = set()

    def of(self, place: Place) -> Decimal | None:
        """Return a formula's result, or None where it is beyond what is done here."""
        if place not in self._known:
            if place in self._under_way:
                return None  # it refers to itself
            self._under_way.add(place)
            try:
                self._known[place] = _Formula(self._open[place], place[0], self).result()
            except (_Beyond, InvalidOperation, DivisionByZero, RecursionError):
                self._known[place] = None
            self._under_way.discard(place)
        return self._known[place]

    def number(self, place: Place) -> Decimal | None:
        """Return what a cell counts as: its number, None for a blank or text; raises `_Beyond` for the unknown."""
        if place in self._open:
            found = self.of(place)
            if found is None:
                raise _Beyond
            return found
        if place[0] not in self._sheets:
            raise _Beyond
        cell = self._sheets[place[0]].cells(place[1]).get(place[2])
        if cell is None or cell.get("t") in ("s", "inlineStr", "str"):
            return None
        if cell.get("t") in ("e", "b"):
            raise _Beyond
        text = cell.findtext(tag("v"))
        return Decimal(text) if text else None

    def is_text(self, place: Place) -> bool:
        """Tell whether a cell holds text."""
        cell = self._sheets[place[0]].cells(place[1]).get(place[2]) if place[0] in self._sheets else None
        return (
            cell is not None and cell.get("t") in ("s", "inlineStr", "str") and bool(self._sheets[place[0]].seen(cell))
        )

    def numbers(self, sheet: str, ref: str) -> list[Decimal]:
        """Return the numbers in a range."""
        if sheet not in self._sheets:
            raise _Beyond
        top, left, bottom, right = box(ref)
        found = []
        for row in self._sheets[sheet].rows:
            if top <= row <= bottom:
                for column in self._sheets[sheet].cells(row):
                    if left <= column <= right and (value := self.number((sheet, row, column))) is not None:
                        found.append(value)
        return found


class _Formula:
    """One formula, read from left to right."""

    def __init__(self, text: str, here: str, reckoner: _Reckoner) -> None:
        self._text, self._here, self._reckoner = text.strip(), here, reckoner
        self._at = 0
        self._next: re.Match[str] | None = None
        self._advance()

    def result(self) -> Decimal:
        """Return the value of the whole formula."""
        value = self._sum()
        if self._next is not None:
            raise _Beyond
        return value

    def _advance(self) -> Any:
        taken = self._next
        if self._at >= len(self._text.rstrip()):
            self._next = None
            return taken
        found = _TOKEN.match(self._text, self._at)
        if found is None:
            raise _Beyond
        self._next, self._at = found, found.end()
        return taken

    def _is(self, marks: str) -> bool:
        return self._next is not None and self._next["mark"] is not None and self._next["mark"] in marks

    def _sum(self) -> Decimal:
        value = self._product()
        while self._is("+-"):
            sign = self._advance()["mark"]
            value = value + self._product() if sign == "+" else value - self._product()
        return value

    def _product(self) -> Decimal:
        value = self._single()
        while self._is("*/"):
            sign = self._advance()["mark"]
            other = self._single()
            if sign == "/" and not other:
                raise _Beyond
            value = value * other if sign == "*" else value / other
        return value

    def _single(self) -> Decimal:
        if self._next is None:
            raise _Beyond
        if self._is("+-"):
            sign = self._advance()["mark"]
            return -self._single() if sign == "-" else self._single()
        token = self._advance()
        if token["number"]:
            value = Decimal(token["number"])
        elif token["ref"]:
            value = self._cell(token["ref"])
        elif token["function"]:
            value = self._function(token["function"].upper())
        elif token["mark"] == "(":
            value = self._sum()
            self._close()
        else:
            raise _Beyond
        while self._is("%"):
            self._advance()
            value /= 100
        return value

    def _close(self) -> None:
        if not self._is(")"):
            raise _Beyond
        self._advance()

    def _cell(self, ref: str) -> Decimal:
        if ":" in ref:
            raise _Beyond
        sheet, cell = self._split(ref)
        place = (sheet, *split_cell(cell))
        value = self._reckoner.number(place)
        if value is None and self._reckoner.is_text(place):
            raise _Beyond
        return value or Decimal(0)

    def _split(self, ref: str) -> tuple[str, str]:
        prefix, _, cell = ref.rpartition("!")
        name = prefix[1:-1].replace("''", "'") if prefix.startswith("'") else prefix
        return name or self._here, cell

    def _function(self, name: str) -> Decimal:
        found: list[Decimal] = []
        single: list[Decimal] = []
        while not self._is(")"):
            if self._next is not None and self._next["ref"] and self._ends_argument():
                token = self._advance()
                found += self._reckoner.numbers(*self._split(token["ref"].replace("$", "")))
            else:
                single.append(self._sum())
                found.append(single[-1])
            if self._is(","):
                self._advance()
        self._close()
        if name == "SUM":
            return sum(found, Decimal(0))
        if name == "COUNT":
            return Decimal(len(found))
        if name in ("MAX", "MIN"):
            return (max if name == "MAX" else min)(found, default=Decimal(0))
        if name == "AVERAGE" and found:
            return sum(found, Decimal(0)) / len(found)
        raise _Beyond

    def _ends_argument(self) -> bool:
        """Tell whether the reference that comes next is a whole argument."""
        return self._text[self._at :].lstrip()[:1] in (",", ")")
