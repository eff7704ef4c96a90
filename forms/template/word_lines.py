"""The lines of a document that stand outside its tables, each cut into words and blanks, as a sheet that can be pointed at.

A row is a paragraph; its columns are its words and its blanks in turn. A blank has a cell with nothing in it, so that the words
left of it say what belongs there, as in a table.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from forms.reading.word_elements import blocks, local, shown
from forms.template.names import PLACEHOLDER
from forms.template.word_text import Paragraph, Stretch


@dataclass
class Line:
    """A paragraph; `twins` say the same for programs that do not know how it is drawn.

    One of a table's cell is shown here for its blanks alone: what is filled in it, is filled with its row.
    """

    paragraph: Paragraph
    part: str
    twins: list[Paragraph] = field(default_factory=list)
    in_table: bool = False
    repeats: bool = False  # it may stand once for each record

    @cached_property
    def stretches(self) -> list[Stretch]:
        """The words and blanks of the line, as it came."""
        return self.paragraph.stretches()


class Lines:
    """Lines as a grid; rows and columns count from 1. A cell is (line, number of the stretch)."""

    def __init__(self, name: str, lines: list[Line]) -> None:
        self.name, self.lines = name, lines

    def cells(self, row: int) -> Mapping[int, Any]:
        """Return the words and blanks of a line by column."""
        if not 0 < row <= len(self.lines):
            return {}
        line = self.lines[row - 1]
        return {n: (line, n - 1) for n in range(1, len(line.stretches) + 1)}

    def all_cells(self) -> Iterator[tuple[int, int, Any]]:
        """Yield row, column and cell of all words and blanks."""
        for row in range(1, len(self.lines) + 1):
            for column, cell in self.cells(row).items():
                yield row, column, cell

    def named(self) -> Iterator[tuple[int, int, str]]:
        """Yield row, column and text of all words that name figures; those in tables are named there."""
        for row, column, cell in self.all_cells():
            if not cell[0].in_table and PLACEHOLDER.search(text := self.text(cell)):
                yield row, column, text

    def text(self, cell: Any) -> str:
        """Return words as they stand; nothing for a blank."""
        line, number = cell
        stretch = line.stretches[number]
        return "" if stretch.blank else line.paragraph.text[stretch.start : stretch.end].strip()

    def merges(self) -> list[str]:
        """Nothing is merged here."""
        return []

    def is_spare(self, row: int, like: int, columns: frozenset[int]) -> bool:
        """Lines are not prepared for others."""
        return False


def lines_of(paragraph: Any, part: str, *, repeats: bool = False, in_table: bool = False) -> list[Line]:
    """Return the line of a paragraph, and those of the text boxes that hang on it."""
    return [Line(Paragraph(paragraph), part, repeats=repeats, in_table=in_table), *boxed(paragraph, part)]


def boxed(element: Any, part: str) -> list[Line]:
    """Return the lines in text boxes below an element; what is drawn a second time for older programs are their twins."""
    found: list[Line] = []
    for child in element:
        name = local(child)
        if name == "AlternateContent":
            forms = [[line for line in boxed(form, part)] for form in child if local(form) in ("Choice", "Fallback")]
            first, *others = forms or [[]]
            for lines in others:
                if [line.paragraph.text for line in lines] == [line.paragraph.text for line in first]:
                    for line, twin in zip(first, lines, strict=True):
                        line.twins += [twin.paragraph, *twin.twins]
                else:
                    found += lines
            found += first
        elif name == "txbxContent":
            for paragraph in everywhere(child):
                found += lines_of(paragraph, part)
        elif name not in ("tbl", "p"):
            found += boxed(child, part)
    return found


def everywhere(element: Any) -> Iterator[Any]:
    """Yield every paragraph below an element, those in tables too; not those in text boxes."""
    for block in blocks(element, {"p", "tbl"}):
        if local(block) == "p":
            yield block
        else:
            for row in blocks(block, {"tr"}):
                for cell in blocks(row, {"tc"}):
                    yield from everywhere(cell)


def has_words(element: Any) -> bool:
    """Tell whether anything is shown below an element that names figures, in text boxes and inner tables too."""
    return PLACEHOLDER.search("".join(t.text or "" for t in _texts(element))) is not None


def _texts(element: Any) -> Iterator[Any]:
    for child in shown(element):
        if local(child) == "t":
            yield child
        else:
            yield from _texts(child)
