"""The filled cells of a form: which are labels, what stands behind a colon, and the areas that merged cells cover."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from db.records.kinds import Cell, cell_text, is_blank, plain
from forms.columns.rows import REASON_HEADING
from forms.reading.table import Table
from forms.shapes import form_labels as words

_LOOKED_AT = 40  # rows that show whether a sheet is a form
_FEW = 200  # rows; of longer sheets of forms this share has labels, while a list has headings and last lines alone
_SHARE = 0.2
_MOST_ROWS, _MOST_COLUMNS = 20_000, 80


@dataclass(frozen=True)
class Item:
    """A filled cell with the area it covers; `label` where it is read as one, with what stands behind its colon."""

    row: int
    left: int
    bottom: int
    right: int
    cell: Cell
    label: str = ""
    said: str | None = None

    @property
    def text(self) -> str:
        """The cell as it is read."""
        return cell_text(self.cell)

    @property
    def is_label(self) -> bool:
        """Whether it asks for something."""
        return bool(self.label)

    @property
    def is_open(self) -> bool:
        """Whether it ends with a colon, with room for its value behind it."""
        return plain(self.text).endswith(":")


Lines = list[tuple[int, list[Item]]]


def may_be_form(table: Table) -> bool:
    """A cheap look at the first rows: labels of ours in several of them, and more labels than one row of headings has."""
    if not 2 <= len(table.rows) <= _MOST_ROWS:
        return False
    looked = table.rows[:_LOOKED_AT]
    least = 2 if len(table.rows) < _FEW else len(looked) * _SHARE
    with_labels = 0
    for _, row in looked:
        if len(row) > _MOST_COLUMNS or REASON_HEADING in row:  # our own workbook of refused rows is a list
            return False
        with_labels += any(isinstance(c, str) and not c.isascii() and _is_sure(c) for c in row)
    return with_labels >= least


def _is_sure(text: str) -> bool:
    return (len(text) < 60 and words.is_known(text) and not words.is_answer(text)) or bool(words.inline(text))


def lines_of(table: Table) -> Lines:
    """The filled cells of each row with the areas they cover."""
    spans = {(m.top, m.left): m for m in table.merges[:5000]}
    lines = []
    for number, row in table.rows:
        items = []
        for i, cell in enumerate(row):
            if not is_blank(cell):
                merge = spans.get((number, i))
                items.append(Item(number, i, merge.bottom if merge else number, merge.right if merge else i, cell))
        if items:
            lines.append((number, list(_labelled(items))))
    return lines


def _labelled(items: Sequence[Item]) -> Iterator[Item]:
    """Say which cells of a row are labels; a cell of several labels becomes several."""
    before: Item | None = None  # a label that still waits for its value
    for item in items:
        made = [item]
        if isinstance(item.cell, str):
            waits = before is not None and item.left == before.right + 1
            said = words.inline(item.cell)
            if said and (before is None or not waits or before.is_open or words.is_label(said[0][0])):
                made = [_with(item, label, value) for label, value in said]
            elif words.is_label(item.cell) and not (waits and words.is_answer(item.cell)):
                made = [_with(item, item.cell, None)]
        yield from made
        last = made[-1]
        before = last if last.is_label and not last.said else None


def _with(item: Item, label: str, said: str | None) -> Item:
    return Item(item.row, item.left, item.bottom, item.right, item.cell, words.label_text(label), said or None)
