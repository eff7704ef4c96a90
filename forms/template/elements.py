"""Rows and cells of a sheet as elements: their numbers, their content taken out and put in."""

import datetime as dt
from typing import Any

from lxml import etree

from forms.template.parts import local, tag
from forms.template.row_shifts import column_letters, split_cell

_V = tag("v")
_CONTENT = frozenset((_V, tag("f"), tag("is")))


def empty(cell: Any) -> None:
    """Take a cell's content out; what else hangs on it stays."""
    for part in list(cell):
        if part.tag in _CONTENT:
            cell.remove(part)


def put_value(cell: Any, text: str) -> None:
    """Put a number into an empty cell as it is stored."""
    first_child(cell, _V).text = text


def first_child(cell: Any, name: str) -> Any:
    """Return a new first child of a cell."""
    made = etree.SubElement(cell, name)
    if len(cell) > 1:
        cell.insert(0, made)
    return made


def day_number(day: dt.date, from_1904: bool = False) -> int:
    """Return a day as workbooks count them."""
    return (dt.date(day.year, day.month, day.day) - (dt.date(1904, 1, 1) if from_1904 else dt.date(1899, 12, 30))).days


def set_height(row: Any) -> str | None:
    """Return the height a person gave a row; what programs measure is longer for rows with text."""
    return row.get("ht") if row.get("customHeight") in ("1", "true") else None


def number_row(row: Any, number: int) -> None:
    """Give a row and its cells another number."""
    row.set("r", str(number))
    column = 0
    for cell in row:
        if local(cell) == "c":
            ref = cell.get("r")
            column = split_cell(ref)[1] if ref else column + 1
            cell.set("r", f"{column_letters(column)}{number}")
