"""What lies around a sheet's cells in other parts, moved with its rows: pictures, notes, tables, charts, names."""

import re
from collections.abc import Mapping
from typing import Any

from lxml import etree

from forms.template.parts import Parts, local, tag
from forms.template.row_shifts import LAST_ROW, Moves, move_formula
from forms.template.sheet import Sheet

_NUMBERS = re.compile(r"\d+")
_SINGLE = re.compile(r"!\$?[A-Z]{1,3}\$?\d+$")
_DATA = frozenset(("cat", "val", "xVal", "yVal", "bubbleSize"))
_LINKS = ("textlink", "fmlaLink", "fmlaRange")
_POINT = 12700  # the units of drawings in a point


def move_around(parts: Parts, sheets: Mapping[str, Sheet], moves: Mapping[str, Moves]) -> None:
    """Bring every part that points into moved sheets to where things are now."""
    for named in parts.sheets:
        own = moves.get(named.name)
        if not own:
            continue
        for part in parts.related(named.part, "drawing"):
            _anchors(parts, part, own, sheets[named.name])
            _links(parts, part, moves, named.name)
        for part in parts.related(named.part, "vmlDrawing"):
            _shapes(parts, part, own)
        for part in parts.related(named.part, "ctrlProp"):
            _links(parts, part, moves, named.name)
        for kind in ("comments", "threadedComment", "pivotTable", "table"):
            for part in parts.related(named.part, kind):
                _references(parts, part, own, grow=kind == "table")
    for part in parts.names:
        if re.match(r"xl/(charts/[^/]+|pivotCache/pivotCacheDefinition\d+)\.xml$", part):
            _series(parts, part, moves)
    _names(parts, moves)


def _anchors(parts: Parts, part: str, own: Moves, sheet: Sheet) -> None:
    """Pictures and charts: moved with their cells; what is not to change size keeps it, what is not to move stays."""
    for anchor in list(parts.tree(part).iter()):
        if local(anchor) not in ("twoCellAnchor", "oneCellAnchor"):
            continue
        ends = {local(end): end for end in anchor if local(end) in ("from", "to")}
        places = {name: _place(end) for name, end in ends.items()}
        how = anchor.get("editAs", "twoCell")
        if local(anchor) == "twoCellAnchor" and len(ends) == 2 and how != "twoCell":
            start = own.row(places["from"][0] + 1) - 1, places["from"][1]
            if how == "absolute":
                start = _down(sheet, (0, 0), _deep(sheet, own, (0, 0), places["from"]))
            _put(ends["from"], start)
            _put(ends["to"], _down(sheet, start, _deep(sheet, own, places["from"], places["to"])))
            continue
        for name, end in ends.items():
            _put(end, (own.row(places[name][0] + 1) - 1, places[name][1]))
    parts.changed(part)


def _place(end: Any) -> tuple[int, int]:
    """Return a corner's row, counted from 0, and how far below that row's upper edge it lies."""
    found = {local(e): int(e.text or 0) for e in end}
    return found.get("row", 0), found.get("rowOff", 0)


def _put(end: Any, place: tuple[int, int]) -> None:
    for element in end:
        if local(element) in ("row", "rowOff"):
            element.text = str(place[local(element) == "rowOff"])


def _deep(sheet: Sheet, own: Moves, begin: tuple[int, int], end: tuple[int, int]) -> int:
    """Return how far one corner lay below another before the rows moved."""
    rows = sum(sheet.height(own.row(row + 1)) for row in range(begin[0], end[0]))
    return round(rows * _POINT) + end[1] - begin[1]


def _down(sheet: Sheet, begin: tuple[int, int], way: int) -> tuple[int, int]:
    """Return the corner that lies so far below another now."""
    row, left = begin[0], begin[1] + way
    while row < LAST_ROW - 1 and left >= (high := round(sheet.height(row + 1) * _POINT)):
        row, left = row + 1, left - high
    return row, left


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


def _links(parts: Parts, part: str, moves: Mapping[str, Moves], sheet: str) -> None:
    """Shapes and form controls that show or set a cell."""
    for element in parts.tree(part).iter(etree.Element):
        for mark in _LINKS:
            if element.get(mark):
                moved = move_formula(element.get(mark), moves, sheet)
                if moved != element.get(mark):
                    element.set(mark, moved)
                    parts.changed(part)


def _series(parts: Parts, part: str, moves: Mapping[str, Moves]) -> None:
    """What a chart or a pivot table is made of; a single cell is a range of one."""
    for element in list(parts.tree(part).iter()):
        if local(element) == "f" and element.text:
            before, text = element.text, element.text
            if _SINGLE.search(text) and any(local(e) in _DATA for e in element.iterancestors()):
                text = f"{text}:{text.rpartition('!')[2]}"
            moved = move_formula(text, moves, "")
            if moved != text:
                for kept in [e for e in element.getparent() if local(e) in ("strCache", "numCache")]:
                    element.getparent().remove(kept)
            _replace(parts, part, element, before if moved == text else moved)
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
