"""What a template looks like, and what was bound in it by pointing: cells to names, kept under its fingerprint.

The look is the sheets' names, the fixed texts and the merged cells. Years and quarters in texts are left out of it, so that
the form of the next quarter is known again.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from forms.template.grid import Grid
from forms.template.names import PLACEHOLDER, find
from forms.template.row_shifts import column_letters

Shape = dict[str, dict[str, str]]  # sheet → cell → text; merged areas under the empty text
Bound = dict[str, dict[str, str]]  # sheet → cell → text with placeholders

_CHANGING = re.compile(r"\d+|第[一二三四]季度|[一二三四]季度|[〇零一二三四五六七八九十]+年")
_MOST = 4000  # cells that are looked at: forms are small, long lists are not told apart by their rows
_ALIKE = 0.5


@dataclass(frozen=True)
class Difference:
    """One place where a template is not as it was: where, and how it reads before and now."""

    sheet: str
    cell: str
    before: str
    now: str

    def __str__(self) -> str:
        where = f"“{self.sheet}”{self.cell}"
        if not self.before:
            return f"{where}：原来没有，现在是“{self.now}”"
        return f"{where}：原来是“{self.before}”，现在" + (f"是“{self.now}”" if self.now else "没有了")


def shape_of(sheets: Mapping[str, Grid], bound: Bound) -> Shape:
    """Return a template's look; bound cells are no part of it, since they hold something else every quarter."""
    found: Shape = {}
    left = _MOST
    for name, sheet in sheets.items():
        texts: dict[str, str] = {}
        for row, column, cell in sheet.all_cells():
            where = f"{column_letters(column)}{row}"
            text = sheet.text(cell).strip()
            if text and left and where not in bound.get(name, {}) and not PLACEHOLDER.search(text):
                texts[where] = text
                left -= 1
        texts |= {f"合并 {ref}": "合并单元格" for ref in sheet.merges()}
        found[name] = texts
    return found


def fingerprint(shape: Shape) -> str:
    """Return the mark under which a template's binding is kept; equal for the same form of another quarter."""
    plain = {name: {k: _CHANGING.sub("#", v) for k, v in texts.items()} for name, texts in shape.items()}
    return hashlib.sha256(json.dumps(plain, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:32]


def differences(before: Shape, now: Shape, bound: Bound) -> list[Difference]:
    """Return where a template is not as it was when it was bound."""
    found = []
    for name in dict.fromkeys([*before, *now]):
        if name not in now:
            found.append(Difference(name, "整张表", name, ""))
        elif name not in before:
            found.append(Difference(name, "整张表", "", name))
        else:
            old, new = before[name], now[name]
            for where in dict.fromkeys([*old, *new]):
                a, b = old.get(where, ""), new.get(where, "")
                if where not in bound.get(name, {}) and _CHANGING.sub("#", a) != _CHANGING.sub("#", b):
                    found.append(Difference(name, where, a, b))
    return found


def alike(before: Shape, now: Shape) -> bool:
    """Tell whether two templates are the same form, one of them changed."""
    a, b = ({(n, _CHANGING.sub("#", v)) for n, texts in s.items() for v in texts.values()} for s in (before, now))
    return bool(a) and len(a & b) / len(a | b) >= _ALIKE


def dumps(content: Shape | Bound) -> str:
    """Return a binding or a look as it is kept."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True)


def loads(text: str) -> dict[str, dict[str, str]]:
    """Return what was kept."""
    found: dict[str, dict[str, str]] = json.loads(text)
    return found


def short(text: str) -> str:
    """Return a text with its names as a narrow cell can show them."""
    return PLACEHOLDER.sub(lambda found: f"［{found[1].rpartition('.')[2].strip()}］", text)


def repeats(text: str) -> bool:
    """Tell whether a text names an item of records: then its row is repeated."""
    return any((known := find(found[1])) is not None and known[0].repeats for found in PLACEHOLDER.finditer(text))


def asks_for_numbers(*bound: Bound) -> bool:
    """Tell whether a form names anything that is masked unless the whole of it is asked for."""
    texts = (text for sheets in bound for cells in sheets.values() for text in cells.values())
    names = (find(found[1]) for text in texts for found in PLACEHOLDER.finditer(text))
    return any(known is not None and known[1].masked for known in names)
