"""What a cell of somebody's form is likely to hold: the figure that the label left of it, or over it, names."""

import re

from db.records.kinds import plain
from forms.template.names import GROUPS, PLACEHOLDER
from forms.template.row_shifts import column_letters
from forms.template.view import SheetView

# Groups whose items stand alone in a form, the likeliest first.
_ALONE = ("合计", "概况", "本会", "季度")
_WORDS = (("季度", "季"), ("本期", "本季"), ("期末", "季末"), ("总人数", "人数"), ("总数", "数"), ("名称", ""))
_OURS = frozenset(("填报单位", "报送单位", "上报单位", "填表单位"))
_CLAUSES = re.compile(r"[，。；！？]")
_FURTHEST = 3  # cells to the left or over the one asked about


def suggest(view: SheetView, row: int, column: int) -> tuple[str, str] | None:
    """Return (label, name) for a cell (from 1) with nothing in it, or None where no label names a figure."""
    if (row, column) in view.cells or (row, column) in view.formulas or not view.is_place(row, column):
        return None
    places = [(row, column - n) for n in range(1, _FURTHEST + 1)] + [(row - n, column) for n in range(1, _FURTHEST + 1)]
    for place in places:
        text = view.cells.get(place, "")
        if text and not _is_number(text):
            if place[0] != row and PLACEHOLDER.search(text):
                return None  # a row prepared for more of the records above
            text = _last_words(text)
            name = named(text) if text else None
            if name is not None or place[0] == row:  # the nearest label of the row decides, whatever it says
                return (text, name) if name is not None else None
    return None


def suggest_all(view: SheetView) -> dict[str, str]:
    """Return a name for each cell (A1) of which a label says what it is; a name is proposed once."""
    found: dict[str, str] = {}
    for row in range(1, view.rows + 1):
        for column in range(1, view.columns + 1):
            if (one := suggest(view, row, column)) is not None and one[1] not in found.values():
                found[f"{column_letters(column)}{row}"] = one[1]
    return found


def _last_words(text: str) -> str:
    """Return what a text says right before a blank: behind the figure named last in it, and of a sentence its last part."""
    end = max((found.end() for found in PLACEHOLDER.finditer(text)), default=0)
    return _CLAUSES.split(text[end:].strip().rstrip("，。；"))[-1]


def named(label: str) -> str | None:
    """Return the figure or item that a label names: the same words, else the longest that stands within; None if none."""
    wanted = _bare(label)
    if wanted in _OURS:
        return "本会.单位名称"
    best: tuple[int, str] | None = None
    for group in (g for word in _ALONE for g in GROUPS if g.label == word):
        for item in group.items:
            ours = _bare(item.label)
            name = f"{group.label}.{item.label}"
            if ours == wanted:
                return name
            shorter, longer = sorted((ours, wanted), key=len)
            if len(shorter) >= 3 and shorter in longer and (best is None or len(shorter) > best[0]):
                best = len(shorter), name
    return best[1] if best is not None else None


def _bare(text: str) -> str:
    """Return a label without its unit in brackets, numbering and marks, in our words."""
    text = re.sub(r"[（(].*?[)）]|[:：*＊]|^[一二三四五六七八九十\d]+[、.．]|^(?:共有|现有|目前有)", "", plain(text))
    for theirs, ours in _WORDS:
        text = text.replace(theirs, ours)
    return text


def _is_number(text: str) -> bool:
    return plain(text).replace(",", "").replace(".", "").isdigit()
