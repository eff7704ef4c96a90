"""Every word of a document gone over: what may not leave the office is covered wherever it stands, also over stretches."""

import difflib
from collections.abc import Callable, Iterator

from forms.reading.word_elements import local
from forms.template.word_template import Document
from forms.template.word_text import Paragraph

_TEXTS = ("t", "delText", "instrText")


def covered(content: bytes, name: str, hide: Callable[[str], str]) -> bytes:
    """Return a document with each of its texts as `hide` gives it back; the same bytes where nothing is to be hidden.

    What a change has taken out and what is not shown is gone over too. Raises `FileTrouble`.
    """
    document = Document(content, name)
    for part in document.parts_of_text():
        for element in list(document.tree(part).iter()):
            if local(element) == "p":
                paragraph = Paragraph(element)
                changes = list(_changes(paragraph.text, hide(paragraph.text)))
                if changes:
                    paragraph.rewrite(changes)
                    document.changed(part)
            elif local(element) in _TEXTS and element.text and (text := hide(element.text)) != element.text:
                element.text = text
                document.changed(part)
    return document.bytes() if document.written else content


def _changes(before: str, after: str) -> Iterator[tuple[int, int, str]]:
    """Yield the stretches that differ: their places in the old text, and the new words."""
    if before == after:
        return
    if len(before) == len(after):  # as covering does it: character by character
        at = 0
        while at < len(before):
            end = at
            while end < len(before) and before[end] != after[end]:
                end += 1
            if end > at:
                yield at, end, after[at:end]
            at = end + 1
        return
    for kind, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            yield a, b, after[c:d]
