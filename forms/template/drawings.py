"""Text that is drawn over the cells: names in text boxes, chart titles and notes are filled like those in page headers."""

import re
from typing import Any

from forms.errors import FileTrouble
from forms.template import names
from forms.template.names import PLACEHOLDER, Values
from forms.template.package import Package, local
from forms.template.texts import replace_across

_DRAWN = re.compile(r"(?:^|/)(?:drawing|chart|comments?|footnotes|endnotes)\d*\.xml$")
_HOLDERS = frozenset(("p", "text"))  # a paragraph of a drawing, the text of a note
_KEPT = frozenset(("strCache", "numCache"))


def fill_drawn(parts: Package, values: Values) -> int:
    """Fill single figures in drawn text; return how many places. Names of records cannot stand there."""
    count = 0
    for part in parts.names:
        if not _DRAWN.search(part) or not parts.may_hold_names(part):
            continue
        filled = sum(_fill(e, values) for e in list(parts.tree(part).iter()) if local(e) in _HOLDERS)
        if _forget(parts.tree(part)) or filled:
            parts.changed(part)
        count += filled
    return count


def _fill(holder: Any, values: Values) -> int:
    texts = [e for e in holder.iter() if local(e) == "t"]
    whole = "".join(t.text or "" for t in texts)
    shown = {}
    for match in PLACEHOLDER.finditer(whole):
        known = names.find(match[1])
        if known is None or known[0].repeats:
            raise FileTrouble(
                f"图形、图表、脚注或批注里有不能用的名称：{match[0]}。没有写出任何文件；那里只能用单个数字的名称，请改好再试"
            )
        shown[match[0]] = values.text(*known)

    def change(text: str) -> str | None:
        found = PLACEHOLDER.search(text)
        return None if found is None else text.replace(found[0], shown[found[0]].replace("{{", "{ {"), 1)

    if shown:
        replace_across(texts, change, _plain)
    return len(shown)


def _plain(element: Any, text: str) -> None:
    element.text = text


def _forget(chart: Any) -> bool:
    """Take away what a chart remembers of cells that held names; programs read the cells anew."""
    found = [e for e in chart.iter() if local(e) in _KEPT and PLACEHOLDER.search("".join(e.itertext()))]
    for kept in found:
        kept.getparent().remove(kept)
    return bool(found)
