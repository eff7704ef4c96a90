"""What lies around a sheet's cells in other parts, moved with its rows: pictures, notes, tables, charts, names."""

import re
from collections.abc import Mapping
from typing import Any

from forms.filling.moving import Moves, move_formula
from forms.filling.parts import Parts, local, tag

_NUMBERS = re.compile(r"\d+")


def move_around(parts: Parts, moves: Mapping[str, Moves]) -> None:
    """Bring every part that points into moved sheets to where things are now."""
    for named in parts.sheets:
        own = moves.get(named.name)
        if not own:
            continue
        for part in parts.related(named.part, "drawing"):
            _anchors(parts, part, own)
        for part in parts.related(named.part, "vmlDrawing"):
            _shapes(parts, part, own)
        for kind in ("comments", "threadedComment", "table"):
            for part in parts.related(named.part, kind):
                _references(parts, part, own, grow=kind == "table")
    for part in parts.names:
        if re.match(r"xl/(charts/[^/]+|pivotCache/pivotCacheDefinition\d+)\.xml$", part):
            _formulas(parts, part, moves)
    _names(parts, moves)


def _anchors(parts: Parts, part: str, own: Moves) -> None:
    for anchor in parts.tree(part):
        for end in anchor:
            if local(end) in ("from", "to"):
                for row in end:
                    if local(row) == "row" and row.text:
                        row.text = str(own.row(int(row.text) + 1) - 1)
    parts.changed(part)


def _shapes(parts: Parts, part: str, own: Moves) -> None:
    """Old drawings: where a note's box stands, and which cell it belongs to."""
    for element in parts.tree(part).iter():
        name = local(element)
        if name == "Row" and element.text:
            element.text = str(own.row(int(element.text) + 1) - 1)
        elif name == "Anchor" and element.text:
            numbers = [int(n) for n in _NUMBERS.findall(element.text)]
            if len(numbers) == 8:
                for at in (2, 6):
                    numbers[at] = own.row(numbers[at] + 1) - 1
                element.text = ", ".join(str(n) for n in numbers)
    parts.changed(part)


def _references(parts: Parts, part: str, own: Moves, grow: bool) -> None:
    for element in parts.tree(part).iter():
        if isinstance(element.tag, str) and element.get("ref"):
            element.set("ref", own.area(element.get("ref"), grow=grow))
    parts.changed(part)


def _formulas(parts: Parts, part: str, moves: Mapping[str, Moves]) -> None:
    for element in parts.tree(part).iter():
        if local(element) == "f" and element.text:
            _replace(parts, part, element, move_formula(element.text, moves, ""))
        elif local(element) == "worksheetSource" and element.get("ref") and element.get("sheet") in moves:
            element.set("ref", moves[element.get("sheet")].area(element.get("ref")))
            parts.changed(part)


def _names(parts: Parts, moves: Mapping[str, Moves]) -> None:
    for element in parts.tree(parts.workbook).iter(tag("definedName")):
        if element.text:
            _replace(parts, parts.workbook, element, move_formula(element.text, moves, ""))


def _replace(parts: Parts, part: str, element: Any, text: str) -> None:
    if text != element.text:
        element.text = text
        parts.changed(part)
