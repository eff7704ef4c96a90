"""What a document's XML is made of, by element names alone, whatever the namespace (transitional or strict)."""

from collections.abc import Iterator
from typing import Any

MOST_COLUMNS = 256  # Word itself allows 63
# Taken out by a tracked change, or never shown: field codes, the reading above a character, what replaces a drawing.
UNSEEN = {"del", "moveFrom", "delText", "delInstrText", "instrText", "rt", "rPr", "pPr", "sdtPr", "tblPr", "tblGrid"}
MARKS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": " "}
SYMBOLS = {
    "F0FE": "☑",
    "F052": "☑",
    "F0FD": "☒",
    "F054": "☒",
    "F0FC": "√",
    "F050": "√",
    "F0A8": "□",
    "F0A3": "□",
    "F06F": "□",
}


def local(element: Any) -> str:
    """Return a name without its namespace; empty for comments and the like."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def value(element: Any, name: str = "val") -> str | None:
    """Return an attribute of some name."""
    return next((str(v) for k, v in element.attrib.items() if k.rpartition("}")[2] == name), None)


def is_on(element: Any) -> bool:
    """Tell whether a mark that is written is meant."""
    return value(element) not in ("0", "false", "off", "none")


def first_of(element: Any, name: str) -> Any:
    """Return the first child of a name, or None."""
    return next((e for e in element if local(e) == name), None)


def shown(element: Any) -> Iterator[Any]:
    """The children that are read; of two forms of a drawing the first."""
    if local(element) == "AlternateContent":
        choice = first_of(element, "Choice")
        yield from (
            () if (chosen := choice if choice is not None else first_of(element, "Fallback")) is None else (chosen,)
        )
        return
    for child in element:
        if local(child) not in UNSEEN:
            yield child


def blocks(element: Any, wanted: set[str]) -> Iterator[Any]:
    """The elements of some names below one, through content controls and tracked insertions."""
    for child in shown(element):
        if local(child) in wanted:
            yield child
        elif local(child) not in ("p", "tbl", "tr", "tc"):
            yield from blocks(child, wanted)


def columns_of(element: Any) -> int:
    """Return how many columns a mark says, one without it."""
    text = (value(element) if element is not None else None) or "1"
    return min(max(int(text), 1), MOST_COLUMNS) if text.isascii() and text.isdigit() and len(text) < 6 else 1
