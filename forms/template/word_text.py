"""A paragraph of a document: what it says over all its stretches, the blanks left in it, and words put in their place.

A program cuts a text into stretches (runs) wherever it likes; names and blanks are looked for in the whole. What comes in
takes the look of where it begins. Read and written by element names alone, as the readers do.
"""

import copy
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from lxml import etree

from forms.reading.word_elements import SYMBOLS, first_of, is_on, local, shown, value
from forms.template.texts import FORBIDDEN

_MARKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_LINES = "_＿﹍﹎‗"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_OWN = ("p", "tbl", "txbxContent", "drawing", "pict", "object", "AlternateContent")  # each read by itself
_NO_LOOK = ("ins", "del", "moveFrom", "moveTo", "rPrChange")  # what a paragraph's mark has beside its look
# Each character is written as one letter: u a drawn line, w white space that is underlined or a form field, h what a
# content control shows until something is put in, s other white space; all else stands for itself, these letters as ·.
_KINDS = "uwhs"
_DRAWN = re.compile(r"h+|[uw][uws]*[uw]")
_DAY = re.compile(r"(?:(?<![uwhs])[uwhs]+|(?<!\d)\d{4}[uwhs]*)年[uwhs]+月[uwhs]+日")
_COLON = re.compile(r"(?<=[:：])(?:s*$|s{2,})", re.MULTILINE)
_LIKELY = re.compile(f"[{_LINES}:：年]")


class Stretch(NamedTuple):
    """Part of a paragraph from one character up to another: words, or a blank to be filled."""

    start: int
    end: int
    blank: bool
    drawn: bool = False  # the blank can be seen: a line, a field, a day to be completed


@dataclass
class _Piece:
    element: Any
    run: Any
    text: str
    open: bool  # white space in it is a blank
    hint: bool


class Paragraph:
    """One paragraph, as it is read when every tracked change is accepted."""

    def __init__(self, element: Any) -> None:
        self.element = element
        self._space = element.tag[: element.tag.index("}") + 1]
        self._read()

    def _read(self) -> None:
        self._pieces: list[_Piece] = []
        self._fields: list[
            bool | None
        ] = []  # of each field that is open, whether its result is typed in; None before it
        self._take(self.element, False)
        self.text = "".join(piece.text for piece in self._pieces)

    def _take(self, element: Any, hint: bool) -> None:
        for part in shown(element):
            name = local(part)
            if name == "r":
                self._run(part, hint)
            elif name == "sdt":
                look = first_of(part, "sdtPr")
                mark = first_of(look, "showingPlcHdr") if look is not None else None
                self._take(part, hint or (mark is not None and is_on(mark)))
            elif name not in _OWN:
                self._take(part, hint)

    def _run(self, run: Any, hint: bool) -> None:
        look = first_of(run, "rPr")
        marks = {local(e): value(e) for e in look} if look is not None else {}
        hidden, line = marks.get("vanish", "0"), marks.get("u")
        if hidden not in ("0", "false", "off"):
            return
        for part in shown(run):
            name = local(part)
            is_open = line not in (None, "none") or bool(self._fields and self._fields[-1])
            if name == "t":
                self._pieces.append(_Piece(part, run, part.text or "", is_open, hint))
            elif name in _MARKS and value(part, "type") not in ("page", "column"):
                self._pieces.append(_Piece(part, run, _MARKS[name], is_open, hint))
            elif name == "sym":
                sign = SYMBOLS.get((value(part, "char") or "").upper(), "")
                self._pieces.append(_Piece(part, run, sign, False, hint))
            elif name == "fldChar":
                self._field(part)
            elif name not in _OWN:
                self._take(part, hint)

    def _field(self, mark: Any) -> None:
        kind = value(mark, "fldCharType")
        if kind == "begin":
            self._fields.append(None if first_of(mark, "ffData") is not None else False)
        elif kind == "separate" and self._fields and self._fields[-1] is None:
            self._fields[-1] = True
        elif kind == "end" and self._fields:
            self._fields.pop()

    # What is read

    def _letters(self) -> str:
        made = []
        for piece in self._pieces:
            for c in piece.text:
                if piece.hint:
                    made.append("h")
                elif c in _LINES:
                    made.append("u")
                elif c.isspace() and c != "\n":
                    made.append("w" if piece.open else "s")
                else:
                    made.append("·" if c in _KINDS else c)
        return "".join(made)

    def _blanks(self) -> list[Stretch]:
        if not _LIKELY.search(self.text) and not any(piece.open or piece.hint for piece in self._pieces):
            return []
        letters = self._letters()
        found = [(*f.span(), True) for pattern in (_DAY, _DRAWN) for f in pattern.finditer(letters)]
        found += [(n, n + 1, True) for n, c in enumerate(self.text) if c == "\t" and letters[n] == "w"]
        found += [(*f.span(), False) for f in _COLON.finditer(letters)]
        taken = bytearray(len(letters) + 1)
        made = []
        for start, end, drawn in found:
            if not any(taken[start : max(end, start + 1)]) and not (start == end and start and taken[start - 1]):
                taken[start:end] = b"\x01" * (end - start)
                made.append(Stretch(start, end, True, drawn))
        return sorted(made)

    def stretches(self) -> list[Stretch]:
        """Return the words and the blanks of the paragraph, in order; white space between them is neither."""
        made: list[Stretch] = []
        at = 0
        for blank in [*self._blanks(), Stretch(len(self.text), len(self.text), False)]:
            if self.text[at : blank.start].strip():
                made.append(Stretch(at, blank.start, False))
            if blank.blank:
                made.append(blank)
            at = blank.end
        return made

    def said(self) -> str:
        """Return the words; nothing where there are blanks alone."""
        if not any(not s.blank for s in self.stretches()):
            return ""
        return "".join("" if piece.hint else piece.text for piece in self._pieces).strip()

    # What is written

    def put(self, stretch: Stretch, text: str) -> tuple[int, int, str]:
        """Return the change that puts words into a stretch: an underlined one keeps an edge, a gap before other words stays."""
        was = self.text[stretch.start : stretch.end]
        if stretch.blank and was and not was.strip():
            if stretch.drawn:
                text = f" {text} "
            elif self.text[stretch.end :].strip():
                text = f"{text}  "
        return stretch.start, stretch.end, text

    def rewrite(self, changes: Sequence[tuple[int, int, str]]) -> None:
        """Replace stretches by words, all at once; `changes` are (start, end, words) in order, none over another."""
        at = number = 0
        for piece in self._pieces:
            begin, at = at, at + len(piece.text)
            place, words, touched = begin, "", False
            while number < len(changes) and changes[number][0] < at:
                start, end, text = changes[number]
                if start >= begin:
                    words += piece.text[place - begin : start - begin] + text
                place, touched = max(place, min(end, at)), True
                if end > at:
                    break
                number += 1
            if touched:
                self._write(piece, words + piece.text[place - begin :])
        if number < len(changes) and changes[number][0] >= at:
            self._append("".join(text for _, _, text in changes[number:]))
        self._read()

    def clear(self) -> None:
        """Take all words out; pictures, marks and the look of the paragraph stay."""
        if self.text:
            self.rewrite([(0, len(self.text), "")])

    def _write(self, piece: _Piece, text: str) -> None:
        _settle(piece)
        element = piece.element
        if local(element) != "t":
            made = etree.Element(f"{self._space}t")
            element.addprevious(made)
            _drop(element)
            element = made
        lines = FORBIDDEN.sub("", text).split("\n")
        if not lines[0] and len(lines) == 1:
            _drop(element)
            return
        self._set(element, lines[0])
        for line in lines[1:]:
            for name in ("br", "t"):
                made = etree.Element(f"{self._space}{name}")
                element.addnext(made)
                element = made
            self._set(element, line)

    def _set(self, element: Any, text: str) -> None:
        element.text = text.replace("\t", " ")
        element.set(_SPACE, "preserve")

    def _append(self, text: str) -> None:
        """Put words at the end, as the last ones look or, where there are none, as the paragraph's mark does."""
        run = etree.Element(f"{self._space}r")
        last = self._pieces[-1] if self._pieces else None
        own = first_of(self.element, "pPr")
        mark = first_of(own, "rPr") if own is not None else None
        look = first_of(last.run, "rPr") if last is not None else mark
        if look is not None:
            made = copy.deepcopy(look)
            for part in list(made):
                if local(part) in _NO_LOOK:
                    made.remove(part)
            run.append(made)
        if last is not None:
            _settle(last)
            last.run.addnext(run)
        else:
            holder = next((e for e in self.element.iter() if local(e) == "sdtContent"), self.element)
            holder.append(run)
        element = etree.SubElement(run, f"{self._space}t")
        self._write(_Piece(element, run, "", False, False), text)


def _drop(element: Any) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _settle(piece: _Piece) -> None:
    """Let what is put into a content control stay: it is no hint any more, and no program fills it from elsewhere."""
    for holder in piece.element.iterancestors():
        if local(holder) != "sdt" or (look := first_of(holder, "sdtPr")) is None:
            continue
        for mark in list(look):
            if local(mark) in ("showingPlcHdr", "dataBinding"):
                look.remove(mark)
    if piece.hint and (look := first_of(piece.run, "rPr")) is not None:
        for mark in list(look):
            if local(mark) == "rStyle":
                look.remove(mark)
