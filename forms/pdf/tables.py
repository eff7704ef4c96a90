"""Tables of annexes: wrapping, and cutting into pages. Drawn directly; ReportLab's Table is not used.

A :class:`Table` is measured once: every cell becomes lines in its column, every row gets a height. Then rows are dealt
out to pages; the header stands on every page, a group label is never the last row of a page and a total row is never
alone on one. A row taller than a page goes on on the next. Lengths are points unless a name says ``mm``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import getitem
from typing import Any, NamedTuple

from forms.pdf.cell_text import SIZE, SMALLEST, STEP, CellSetter
from forms.pdf.fonts import FontSet, Role
from forms.pdf.table_columns import HEAD_PAD, PAD_X, Align, Column, Table, TableRow, column_widths
from forms.pdf.text_writer import Pen, Ready
from forms.pdf.typeset import (
    ASCENT,
    BODY,
    MM,
    PITCH,
    TEXT_HEIGHT,
    TEXT_WIDTH,
    TITLE,
    Line,
    Piece,
    break_lines,
    centred,
    letters,
)

_LEADING = 1.28  # em
_PAD_Y = 3.2
_UNIT_GAP = 5.0  # under the line above the table
_TITLE_GAP = 9.0
_FOOT_GAP = 9.0
_FOOT_LEADING = 1.35  # em
GRID = 0.5
BOX = 1.0


class Text(NamedTuple):
    """Lines inside a box of a row: x of the box, its width, how the lines stand in it."""

    x: float
    width: float
    lines: tuple[Line, ...]
    size: float
    role: Role
    align: Align


class Box(NamedTuple):
    """A measured row: the texts of its cells and the x of the vertical rules inside it."""

    height: float
    texts: tuple[Text, ...]
    rules: tuple[float, ...]
    kind: str


class Header(NamedTuple):
    """A measured header; each cell is (x, top, width, height, text) with top measured downwards."""

    height: float
    cells: tuple[tuple[float, float, float, float, Text], ...]


class Measured(NamedTuple):
    """A table laid out in a width, ready to be dealt out to pages."""

    width: float
    header: Header
    boxes: list[Box]


class Strip(NamedTuple):
    """The part of a table on one page: rows ``start``…``end`` of ``boxes``."""

    start: int
    end: int
    height: float


def measure_table(table: Table, fonts: FontSet, width: float) -> Measured:
    """Lay out all cells of *table* in *width* points."""
    setter = CellSetter(fonts)
    widths = column_widths(table, setter, width)
    edges = [0.0]
    for w in widths:
        edges.append(edges[-1] + w)
    known = [_Cells(column, edges[n], widths[n], setter) for n, column in enumerate(table.columns)]
    rules = tuple(edges[1:-1])
    boxes = []
    for row in table.all_rows():
        if row.kind == "data":
            texts = tuple(map(getitem, known, row.cells))
            boxes.append(Box(max(map(_height, texts)), texts, rules, row.kind))
        else:
            boxes.append(_box(row, table.columns, edges, setter))
    return Measured(width, _header(table.columns, edges, setter), boxes)


class _Cells(dict[str, Text]):
    """The cells of a column in data rows, by what is written in them; equal ones are set once."""

    def __init__(self, column: Column, x: float, width: float, setter: CellSetter) -> None:
        super().__init__()
        self._column, self._x, self._width, self._setter = column, x, width, setter

    def __missing__(self, content: str) -> Text:
        made = self[content] = _text(self._column, "table", content, self._x, self._width, self._setter)
        return made


def _text(column: Column, role: Role, content: str, x: float, width: float, setter: CellSetter) -> Text:
    room = width - 2 * PAD_X
    if line := setter.single(role, content, room):  # most cells
        return Text(x, width, (line,), SIZE, role, column.align)
    size, lines = setter.fitted(role, content, room) if column.fit else (SIZE, setter.wrapped(role, content, room))
    return Text(x, width, lines, size, role, column.align)


def _box(row: TableRow, columns: Sequence[Column], edges: list[float], setter: CellSetter) -> Box:
    """Measure a group's label or a row of totals."""
    if row.kind == "group":
        lines = setter.wrapped("table_head", row.cells[0], edges[-1] - 2 * PAD_X)
        text = Text(0.0, edges[-1], lines, SIZE, "table_head", "left")
        return Box(_height(text), (text,), (), row.kind)
    texts: list[Text] = []
    rules: list[float] = []
    n = 0
    while n < len(columns):
        last = n + 1
        if n == 0:
            while last < len(columns) and not row.cells[last].strip():
                last += 1
        column = columns[n] if last == n + 1 else replace(columns[n], align="center", fit=False)
        texts.append(_text(column, "table_head", row.cells[n], edges[n], edges[last] - edges[n], setter))
        if last < len(columns):
            rules.append(edges[last])
        n = last
    return Box(max(_height(text) for text in texts), tuple(texts), tuple(rules), row.kind)


def _height(text: Text) -> float:
    return max(SIZE, len(text.lines) * text.size) * _LEADING + 2 * _PAD_Y


def _header(columns: Sequence[Column], edges: list[float], setter: CellSetter) -> Header:
    """Labels in one level, or in two where columns have a group, and the row of column marks if there is one."""

    def cell(label: str, first: int, last: int) -> Text:
        width = edges[last] - edges[first]
        lines = setter.balanced("table_head", label, width - 2 * HEAD_PAD)
        return Text(edges[first], width, lines, SIZE, "table_head", "center")

    spans = []  # first column, one past the last, group
    for group, members in groupby(enumerate(columns), key=lambda item: item[1].group or f"\0{item[0]}"):
        inside = [n for n, _ in members]
        spans.append((inside[0], inside[-1] + 1, "" if group.startswith("\0") else group))
    single = [(n, cell(columns[n].label, n, n + 1)) for n, _, group in spans if not group]
    groups = [(first, last, cell(group, first, last)) for first, last, group in spans if group]
    under = [(n, cell(columns[n].label, n, n + 1)) for first, last, group in spans if group for n in range(first, last)]
    upper = max((_height(text) for _, _, text in groups), default=0.0)
    lower = max((_height(text) for _, text in under), default=0.0)
    both = max([upper + lower, *(_height(text) for _, text in single)])
    lower = both - upper if groups else 0.0
    cells = [(text.x, 0.0, text.width, both, text) for _, text in single]
    cells += [(text.x, 0.0, text.width, upper, text) for _, _, text in groups]
    cells += [(text.x, upper, text.width, lower, text) for _, text in under]
    cells.sort(key=lambda item: (item[0], item[1]))
    height = both
    if any(column.mark for column in columns):
        marks = [cell(column.mark, n, n + 1) for n, column in enumerate(columns)]
        deep = max(_height(text) for text in marks)
        cells += [(text.x, both, text.width, deep, text) for text in marks]
        height += deep
    return Header(height, tuple(cells))


def deal(measured: Measured, first: float, later: float, foot: float) -> list[Strip]:
    """Deal the rows out to pages with room for *first* points on the first page and *later* on the others.

    The last page keeps *foot* points free for what stands under the table. Rows taller than a page are split, so
    ``measured.boxes`` may grow. There is always at least one strip, also for a table without rows.

    Raises ``ValueError`` when header and foot leave less than a third of a page to the rows.
    """
    head, boxes = measured.header.height, measured.boxes
    if later - head - foot < later / 3:
        raise ValueError("header and notes of the table leave no room for its rows")
    whole = later - head - foot
    n = 0
    while n < len(boxes):  # rows that no page can hold
        boxes[n : n + 1] = _split(boxes[n], whole)
        n += 1
    strips: list[Strip] = []
    start = 0
    while True:
        room = (later if strips else first) - head
        end, used = start, 0.0
        while end < len(boxes) and used + boxes[end].height <= room + 1e-6:
            used += boxes[end].height
            end += 1
        if end == len(boxes) and used + foot > room + 1e-6 and end > start:
            end -= 1
        if end < len(boxes):
            end = _retreat(boxes, start, end)
        if strips:
            end = max(end, min(start + 1, len(boxes)))  # a lone row fits a later page; never stand still
        strips.append(Strip(start, end, sum(box.height for box in boxes[start:end])))
        start = end
        if start == len(boxes):
            return strips


def _retreat(boxes: list[Box], start: int, end: int) -> int:
    """Move the page break up so that a total is not parted from the row above it, nor a group label from its rows."""
    at = end
    while at > start and (boxes[at].kind == "total" or boxes[at - 1].kind == "group"):
        at -= 1
    return at if at > start else end


def _split(box: Box, whole: float) -> list[Box]:
    if box.height <= whole:
        return [box]
    fits = max(1, int((whole - 2 * _PAD_Y) / (SIZE * _LEADING)))
    count = max(len(text.lines) for text in box.texts)
    parts = []
    for k in range(0, count, fits):
        texts = tuple(text._replace(lines=text.lines[k : k + fits]) for text in box.texts)
        parts.append(box._replace(texts=texts, height=max(_height(text) for text in texts)))
    return parts


def place_lines(text: Text, height: float) -> list[tuple[float, float, Line]]:
    """Left end and baseline (from the top, downwards) of the lines of *text* in the middle of a box of *height*."""
    leading = text.size * _LEADING
    y = (height - leading * len(text.lines)) / 2 + (leading - text.size) / 2 + ASCENT * text.size
    placed = []
    for n, line in enumerate(text.lines):
        free = text.width - line.width
        shift = {"left": PAD_X, "center": free / 2, "right": free - PAD_X}[text.align]
        placed.append((text.x + shift, y + n * leading, line))
    return placed


@dataclass(frozen=True)
class Annex:
    """An annex: its caption (``附件1``), title, table, and the lines above and under the table."""

    label: str
    title: str
    table: Table
    unit_left: str
    unit_right: str
    foot: tuple[str, ...]
    notes: tuple[str, ...]
    landscape: bool


class AnnexLayout:
    """An annex laid out in pages; on a turned sheet in the portrait margins, turned with it (left 35, bottom 26 mm)."""

    def __init__(self, annex: Annex, fonts: FontSet) -> None:
        self._annex = annex
        self._fonts = fonts
        if annex.landscape:
            self._left, bottom, self._width, height = 35 * MM, 26 * MM, TEXT_HEIGHT, TEXT_WIDTH
        else:
            self._left, bottom, self._width, height = 28 * MM, 35 * MM, TEXT_WIDTH, TEXT_HEIGHT
        self._top = bottom + height
        self._measured = measure_table(annex.table, fonts, self._width)
        self._head = self._heading()
        last_row = max(row for row, _ in self._head)
        self._above = last_row * PITCH + TITLE + _TITLE_GAP
        self._band = SIZE + _UNIT_GAP if annex.unit_left or annex.unit_right else 0.0
        self._above_table = self._units()
        self._ready: dict[int, Ready | None] = {}  # by the identity of texts, which live as long as the layout
        self._foot = self._under()
        foot = _FOOT_GAP + len(self._foot) * SIZE * _FOOT_LEADING if self._foot else 0.0
        room = height - self._band
        self._strips = deal(self._measured, room - self._above, room, foot)

    @property
    def page_count(self) -> int:
        """Number of pages, at least one."""
        return len(self._strips)

    @property
    def corner(self) -> tuple[float, float]:
        """Upper left corner of the text area (x, y upwards)."""
        return self._left, self._top

    def draw(self, page: int, canvas: Any) -> None:
        """Draw page number *page* (from 0) on a ReportLab canvas of the right page size."""
        strip = self._strips[page]
        pen = Pen(canvas, self._fonts)
        y = self._top
        if page == 0:
            for row, piece in self._head:
                baseline = y - row * PITCH - ASCENT * piece.size
                pen.line(self._left + piece.x, baseline, piece.line, piece.role, piece.size)
            y -= self._above
        if strip.end > strip.start or not self._measured.boxes:
            if self._band:
                size, units = self._above_table
                for x, line in units:
                    pen.line(self._left + x, y - ASCENT * SIZE, line, "table", size)
                y -= self._band
            y = self._table(pen, canvas, strip, y)
        if page == len(self._strips) - 1:
            for n, items in enumerate(self._foot):
                baseline = y - _FOOT_GAP - n * SIZE * _FOOT_LEADING - ASCENT * SIZE
                for x, line in items:
                    pen.line(self._left + x, baseline, line, "table", SIZE)
        pen.finish()

    def _heading(self) -> list[tuple[int, Piece]]:
        """Caption on the first row of the grid, title from the third (GB/T 9704-2012, 7.3.7)."""
        annex, head, row = self._annex, [], 0
        if annex.label:
            text = letters(self._fonts, "heading1", annex.label)
            for line in break_lines(text, BODY, self._width, justify=False):
                head.append((row, Piece(0.0, line, "heading1", BODY)))
                row += 1
            row += 1
        titled = centred(self._fonts, annex.title, "title", TITLE, self._width)
        return head + [(row + n, pieces[0]) for n, pieces in enumerate(titled)]

    def _under(self) -> list[list[tuple[float, Line]]]:
        """Lines under the end of the table: signature places side by side, then the notes."""
        rows: list[list[tuple[float, Line]]] = []
        if self._annex.foot:
            slot = self._width / len(self._annex.foot)
            sets = [self._lines(text, slot - SIZE) for text in self._annex.foot]
            for k in range(max(len(lines) for lines in sets)):
                rows.append([(n * slot, lines[k]) for n, lines in enumerate(sets) if k < len(lines)])
        for note in self._annex.notes:
            rows += [[(0.0, line)] for part in note.split("\n") for line in self._lines(part, self._width)]
        return rows

    def _lines(self, text: str, width: float, size: float = SIZE) -> list[Line]:
        return break_lines(letters(self._fonts, "table", text.replace("\n", "")), size, width, justify=False)

    def _units(self) -> tuple[float, list[tuple[float, Line]]]:
        """The lines above the table, and the size in which they stand side by side."""
        size = SIZE
        while True:
            left = self._lines(self._annex.unit_left, 1e6, size)
            right = self._lines(self._annex.unit_right, 1e6, size)
            if sum(line.width for line in left + right) + size <= self._width or size <= SMALLEST:
                break
            size -= STEP
        return size, [(0.0, line) for line in left] + [(self._width - line.width, line) for line in right]

    def _table(self, pen: Pen, canvas: Any, strip: Strip, top: float) -> float:
        """Header and rows of one page; returns the y of the lower edge."""
        rules: list[tuple[float, float, float, float]] = []
        header, left, right = self._measured.header, self._left, self._left + self._width
        for x, down, cell_width, cell_height, text in header.cells:
            _write(pen, text, left, top - down, cell_height)
            if x > 0:
                rules.append((left + x, top - down, left + x, top - down - cell_height))
            if down > 0:
                rules.append((left + x, top - down, left + x + cell_width, top - down))
        y = top - header.height
        begun: dict[float, float] = {}  # x of a vertical rule and the y it began at
        parted: tuple[float, ...] = ()
        for box in self._measured.boxes[strip.start : strip.end]:
            rules.append((left, y, right, y))
            if box.rules is not parted:
                for at in [at for at in begun if at not in box.rules]:
                    rules.append((left + at, begun.pop(at), left + at, y))
                for at in box.rules:
                    begun.setdefault(at, y)
                parted = box.rules
            for text in box.texts:
                if len(text.lines) == 1:  # most cells
                    self._write(pen, text, y - box.height / 2)
                elif text.lines:
                    _write(pen, text, left, y, box.height)
            y -= box.height
        rules += [(left + at, since, left + at, y) for at, since in begun.items()]
        pen.finish()
        canvas.setLineWidth(GRID)
        canvas._code.append("".join(f"{a:.2f} {b:.2f} m {c:.2f} {d:.2f} l\n" for a, b, c, d in rules) + "S")
        canvas.setLineWidth(BOX)
        canvas.rect(left, y, right - left, top - y)
        return y

    def _write(self, pen: Pen, text: Text, middle: float) -> None:
        """Write a text of one line; equal cells share one, which is made ready when it comes for the second time."""
        known = id(text)
        if ready := self._ready.get(known):
            pen.put(ready, middle - (ASCENT - 0.5) * text.size)
            return
        x, width, (line,), size, role, align = text
        free = width - line.width
        x += self._left + (PAD_X if align == "left" else free / 2 if align == "center" else free - PAD_X)
        if known in self._ready:
            self._ready[known] = pen.ready(x, line, role, size)
        else:
            self._ready[known] = None
        pen.line(x, middle - (ASCENT - 0.5) * size, line, role, size)


def _write(pen: Pen, text: Text, left: float, top: float, height: float) -> None:
    for at, down, line in place_lines(text, height):
        pen.line(left + at, top - down, line, text.role, text.size)
