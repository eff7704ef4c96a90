"""Texts of a workbook as its XML holds them: shared or inline, of several faces, with escapes."""

import re
from collections.abc import Callable
from functools import cached_property
from typing import Any

from forms.template.names import PLACEHOLDER
from forms.template.parts import Parts, local, tag

_LONGEST = 32767
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_UNESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_T, _V = tag("t"), tag("v")


class Strings:
    """The workbook's shared texts."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._part = next(iter(parts.related(parts.workbook, "sharedStrings")), "")
        self._texts: dict[int, str] = {}

    @cached_property
    def items(self) -> list[Any]:
        """The elements of the texts, in order."""
        return list(self._parts.tree(self._part).iterchildren(tag("si"))) if self._part else []

    def text(self, number: int) -> str:
        """Return a text without its faces and its reading aids."""
        if number not in self._texts:
            self._texts[number] = joined(self.items[number])
        return self._texts[number]

    @cached_property
    def with_names(self) -> dict[str, str]:
        """The texts that have names of figures in them, by their number as cells write it."""
        if not self._part or not self._parts.may_hold_names(self._part):
            return {}
        texts = ((str(n), self.text(n)) for n in range(len(self.items)))
        return {n: text for n, text in texts if PLACEHOLDER.search(text)}


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


def joined(holder: Any) -> str:
    """Return the text of a shared or inline string."""
    if len(holder) == 1 and holder[0].tag == _T:  # as nearly every text is
        return holder[0].text or ""
    return "".join(t.text or "" for t in text_parts(holder))


def set_text(element: Any, text: str) -> None:
    """Put a text into an element as workbooks write it."""
    element.text = _ESCAPE.sub("_x005F_", FORBIDDEN.sub("", text))[:_LONGEST]
    if element.text != element.text.strip() or "\n" in element.text:
        element.set(_SPACE, "preserve")


def plain_text(text: str) -> str:
    """Return a workbook's text with its escapes undone."""
    return text if "_x" not in text else _UNESCAPE.sub(lambda found: chr(int(found[1], 16)), text)


def replace_across(
    parts: list[Any], change: Callable[[str], str | None], write: Callable[[Any, str], None] = set_text
) -> None:
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
                write(element, text[:start] + put + text[end:])
                put = ""
