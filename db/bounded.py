"""Small files of anybody's making, read with a cap: a slot, a list of parts, a mapping never take the computer with them."""

import json
import re
from pathlib import Path
from typing import Any

# Control characters but tab and line breaks: none can be typed into a ledger.
_MARKS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def read(path: Path, largest: int) -> bytes:
    """Return the content of a file; raise ValueError beyond `largest` bytes, OSError where it cannot be read."""
    with path.open("rb") as file:
        content = file.read(largest + 1)
    if len(content) > largest:
        raise ValueError("too large")
    return content


def is_calm(content: Any) -> bool:
    """Tell whether no text in what JSON held, at any depth, has a character that commands a terminal."""
    if isinstance(content, str):
        return _MARKS.search(content) is None
    if isinstance(content, dict):
        return all(is_calm(key) and is_calm(value) for key, value in content.items())
    return all(is_calm(one) for one in content) if isinstance(content, list | tuple) else True


def json_of(path: Path, largest: int) -> dict[str, Any]:
    """Return the object that a JSON file of at most `largest` bytes holds; raise as `read` and `parse` do."""
    return parse(read(path, largest))


def parse(content: bytes, *, compared: bool = False) -> dict[str, Any]:
    """Return the object that JSON text holds; raise ValueError for anything else, however deep, long or wrong.

    `compared`: the caller writes the object anew and compares it with the text, by which a key that stands twice is seen.
    """
    try:
        hook = None if compared else _once
        found = json.loads(content.decode("utf-8-sig"), parse_constant=_refuse, object_pairs_hook=hook)
    except RecursionError:
        raise ValueError("too deep") from None
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found


def _refuse(word: str) -> None:
    raise ValueError(word)  # NaN and Infinity are no JSON


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found
