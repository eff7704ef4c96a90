"""Volunteers' names out of what goes to the level above: a name in a typed text is starred behind its first character."""

import io
import re
import zipfile
from collections.abc import Iterable
from html import unescape
from xml.sax.saxutils import escape

from db.records.entities import TEAM, VOLUNTEER
from db.records.numbers_in_text import starred
from db.storage.store import Store

_LONGEST = 40
_TEXT = re.compile(r"(<(?:\w+:)?([tv])(?: [^>]*)?>)([^<]*)(</)")
_TEXTS = re.compile(r"xl/(?:sharedStrings|worksheets/[^/]+)\.xml")


class Names:
    """The names of everybody who is or was a volunteer, but for those that are part of a team's or the office's own name."""

    def __init__(self, store: Store) -> None:
        self._take(
            (str(r["name"]) for r in store.rows(VOLUNTEER, names=("name",))),
            [store.office().get("name", ""), *(str(r["name"]) for r in store.rows(TEAM, names=("name",)))],
        )

    def _take(self, names: Iterable[str], public: Iterable[str]) -> None:
        shown = "\n".join(public)
        self.known = {n for n in names if 2 <= len(n) <= _LONGEST and n not in shown}
        self.sizes = sorted({len(n) for n in self.known}, reverse=True)
        self.first = {n[0] for n in self.known}

    def hidden(self, text: str) -> str:
        """Return a text with names, ID numbers and mobile numbers in it starred."""
        made, at = "", 0
        while at < len(text):
            size = next((s for s in self.sizes if text[at : at + s] in self.known), 0) if text[at] in self.first else 0
            if size and _is_word(text, at, at + size):
                made, at = made + text[at] + "*" * (size - 1), at + size
            else:
                made, at = made + text[at], at + 1
        return starred(made)

    def found_in(self, texts: Iterable[str]) -> bool:
        """Tell whether a name or a number stands in any of the texts."""
        return any(self.hidden(text) != text for text in texts)

    def file(self, name: str, content: bytes) -> bytes:
        """Return a workbook or a document, told by its name, with the names and numbers in its texts starred."""
        if name.lower().endswith(".docx"):
            from forms.template.word_words import covered  # late: few forms are documents

            return covered(content, name, self.hidden)
        return self.book(content)

    def book(self, content: bytes) -> bytes:
        """Return a workbook of ours with the names and numbers in its texts starred; the same bytes where there are none."""

        def star(found: re.Match[str]) -> str:
            if found[2] == "v" and found[3].isascii():
                return found[0]  # a number, or where a text stands
            return found[1] + escape(self.hidden(unescape(found[3]))) + found[4]

        with zipfile.ZipFile(io.BytesIO(content)) as read:
            parts = [(info, read.read(info)) for info in read.infolist()]
        made = [
            (info, _TEXT.sub(star, part.decode()).encode() if _TEXTS.fullmatch(info.filename) else part)
            for info, part in parts
        ]
        if made == parts:
            return content
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as written:
            for info, part in made:
                written.writestr(zipfile.ZipInfo(info.filename, (1980, 1, 1, 0, 0, 0)), part, zipfile.ZIP_DEFLATED)
        return out.getvalue()


def _is_word(text: str, start: int, end: int) -> bool:
    """Latin letters stand for a name only as whole words; Chinese ones wherever they are."""

    def joined(left: str, right: str) -> bool:
        return left.isascii() and right.isascii() and left.isalnum() and right.isalnum()

    before = start > 0 and joined(text[start - 1], text[start])
    return not before and not (end < len(text) and joined(text[end - 1], text[end]))
