"""A table of a document under work: its cells in rows and columns as workbooks have them, its rows repeated, its cells written."""

import copy
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from lxml import etree

from db.records.kinds import plain
from forms.errors import FileTrouble
from forms.reading.word_elements import MOST_COLUMNS, blocks, columns_of, first_of, local, value
from forms.template.names import PLACEHOLDER
from forms.template.row_shifts import column_letters
from forms.template.word_text import Paragraph

_LABELLED = "序号"
# What there is once in a document: a copy of a row has none of it.
_ONCE = frozenset(("bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd", "commentReference"))
_NUMBERS = ("paraId", "textId")


class _Placed(NamedTuple):
    """A cell where it stands; `kind` of merging downwards: begins, goes on, or none."""

    cell: Any
    column: int
    span: int
    kind: str


def paragraphs_of(cell: Any) -> list[Paragraph]:
    """Return the paragraphs of a cell; those of tables and text boxes in it are read by themselves."""
    return [Paragraph(element) for element in blocks(cell, {"p"})]


def copy_of(element: Any) -> Any:
    """Return a copy of a row or a paragraph for the same document: without marks that there may be once only."""
    made = copy.deepcopy(element)
    for part in list(made.iter()):
        name = local(part)
        if name in _ONCE or (name == "id" and local(part.getparent()) == "sdtPr"):
            part.getparent().remove(part)
            continue
        for mark in [k for k in part.attrib if k.rpartition("}")[2] in _NUMBERS]:
            del part.attrib[mark]
    return made


class WordTable:
    """A table; rows and columns count from 1. Columns are those of its grid, as cells that span several have it."""

    def __init__(self, element: Any, name: str, above: Sequence[str]) -> None:
        self.element, self.name = element, name
        self.above = tuple(above)  # the lines that stand over it, the nearest last
        self.rows: list[Any] = []
        for row in blocks(element, {"tr"}):
            look = first_of(row, "trPr")
            if look is None or (first_of(look, "del") is None and first_of(look, "moveFrom") is None):
                self.rows.append(row)
        self._placed = [self._place(row) for row in self.rows]
        self._texts: dict[Any, str] = {}

    def _place(self, row: Any) -> list[_Placed]:
        look = first_of(row, "trPr")
        before = first_of(look, "gridBefore") if look is not None else None
        column = 1 + (columns_of(before) if before is not None else 0)
        made = []
        for cell in blocks(row, {"tc"}):
            look = first_of(cell, "tcPr")
            marks = {local(e): e for e in look} if look is not None else {}
            if "cellDel" in marks or column > MOST_COLUMNS:
                continue
            span, merge = columns_of(marks.get("gridSpan")), marks.get("vMerge")
            kind = "" if merge is None else "begins" if value(merge) == "restart" else "goes on"
            made.append(_Placed(cell, column, span, kind))
            column += span
        return made

    # What is read

    @cached_property
    def _cells(self) -> list[dict[int, Any]]:
        """The cells of each row by column, without those that only carry on a merged one."""
        found: list[dict[int, Any]] = []
        above: dict[int, int] = {}
        for placed in self._placed:
            found.append(
                {p.column: p.cell for p in placed if not (p.kind == "goes on" and above.get(p.column) == p.span)}
            )
            above = {p.column: p.span for p in placed if p.kind}
        return found

    @cached_property
    def _merges(self) -> list[str]:
        made = []
        open_: dict[int, tuple[int, int]] = {}  # by its column a cell that goes on below: its first row, its width
        for number, placed in enumerate([*self._placed, []], 1):
            here = {p.column: p for p in placed}
            for column, (top, span) in list(open_.items()):
                same = here.get(column)
                if same is None or same.kind != "goes on" or same.span != span:
                    del open_[column]
                    if number - 1 > top or span > 1:
                        made.append(_area(top, column, number - 1, column + span - 1))
            for p in placed:
                if p.kind and p.column not in open_:
                    open_[p.column] = number, p.span
                elif not p.kind and p.span > 1:
                    made.append(_area(number, p.column, number, p.column + p.span - 1))
        return made

    def cells(self, row: int) -> Mapping[int, Any]:
        """Return the cells of a row by column."""
        return self._cells[row - 1] if 0 < row <= len(self._cells) else {}

    def all_cells(self) -> Iterator[tuple[int, int, Any]]:
        """Yield row, column and element of every cell."""
        for row, cells in enumerate(self._cells, 1):
            for column, cell in cells.items():
                yield row, column, cell

    def named(self) -> Iterator[tuple[int, int, str]]:
        """Yield row, column and text of every cell whose text names figures."""
        for row, column, cell in self.all_cells():
            if PLACEHOLDER.search(text := self.text(cell)):
                yield row, column, text

    def text(self, cell: Any) -> str:
        """Return the words in a cell, a line for each paragraph; nothing for one that holds blanks alone."""
        if cell not in self._texts:
            self._texts[cell] = "\n".join(filter(None, (p.said() for p in paragraphs_of(cell))))
        return self._texts[cell]

    def merges(self) -> list[str]:
        """Return the merged areas."""
        return self._merges

    def calculates(self, cell: Any) -> bool:
        """Tell whether a field in a cell works something out."""
        return bool(formula_fields(cell))

    @property
    def columns(self) -> int:
        """How many columns the grid has."""
        return max((p.column + p.span - 1 for placed in self._placed for p in placed), default=0)

    def widths(self) -> dict[int, float]:
        """Return the widths of the columns in characters of a workbook."""
        grid = first_of(self.element, "tblGrid")
        found = {}
        for column, part in enumerate(grid if grid is not None else (), 1):
            width = value(part, "w") or ""
            if width.isascii() and width.isdigit() and len(width) < 6:
                found[column] = int(width) / 112
        return found

    def is_spare(self, row: int, like: int, columns: frozenset[int]) -> bool:
        """Tell whether a row was prepared for one more copy of row `like`: laid out as it is, and empty where that is bound.

        Beside what is bound there may be numbers, but no words of its own: those make it a row of totals.
        """
        if not 0 < row <= len(self.rows):
            return False
        here, model = self._placed[row - 1], self._placed[like - 1]
        if [(p.column, p.span) for p in here] != [(p.column, p.span) for p in model]:
            return False
        for p, m in zip(here, model, strict=True):
            if p.column in columns and p.kind != m.kind:
                return False
            text, same = self.text(p.cell).strip(), self.text(m.cell).strip()
            free = text.isdecimal() and p.column not in columns
            if text and text != same and not free:
                return False
        return True

    # What is written

    def put(self, cell: Any, where: str, text: str) -> None:
        """Write words into a cell: into its one blank where it has words, else in place of all it says."""
        self._texts.pop(cell, None)
        paragraphs = paragraphs_of(cell)
        blanks = [(p, s) for p in paragraphs for s in p.stretches() if s.blank]
        if any(p.said() for p in paragraphs) and blanks:
            if len(blanks) > 1:
                raise FileTrouble(
                    f"“{self.name}”{where} 这一格里有 {len(blanks)} 处空，不知道填哪一处。没有写出任何文件；"
                    "请取消这一格的对应，在“文字”里逐处对应"
                )
            ((paragraph, stretch),) = blanks
            paragraph.rewrite([paragraph.put(stretch, text)])
            return
        spoken = next((p for p in paragraphs if p.text), paragraphs[0] if paragraphs else None)
        if spoken is None:
            raise FileTrouble(f"“{self.name}”{where} 这一格写不进文字。没有写出任何文件；请取消这一格的对应")
        spoken.rewrite([(0, len(spoken.text), text)])
        for other in paragraphs:
            if other is not spoken and other.text:
                other.clear()
                parent = other.element.getparent()
                if not any(local(e) in ("drawing", "pict", "object", "sectPr") for e in other.element.iter()):
                    parent.remove(other.element)

    def forget(self) -> None:
        """Read all texts anew: cells were written."""
        self._texts.clear()

    def repeat(self, first: int, block: int, last: int, count: int) -> list[list[dict[int, Any]]]:
        """Make room for `count` records in the rows from `first` to `last`, of which those up to `block` are one record's.

        Return the cells of each record, row by row, by column; at least as many records as there was room for. New rows come
        below the prepared ones.
        """
        models = [copy_of(row) for row in self.rows[first - 1 : block]]
        numbers = self._numbered(first, block, last)
        size = block - first + 1
        made = [
            [{p.column: p.cell for p in placed} for placed in self._placed[at : at + size]]
            for at in range(first - 1, last, size)
        ]
        after = self.rows[last - 1]
        for n in range(len(made), count):
            record = []
            for at, model in enumerate(models):
                row = copy.deepcopy(model)
                after.addnext(row)
                after = row
                placed = self._place(row)
                self._carry_on(placed, first, block, at)
                for p in placed if at == 0 else ():
                    if p.column in numbers:
                        self.put(p.cell, "", str(numbers[p.column] + n))
                record.append({p.column: p.cell for p in placed})
            made.append(record)
        return made

    def _numbered(self, first: int, block: int, last: int) -> dict[int, int]:
        """Return the columns that number the records by hand, and the first number."""
        found = {}
        for column, cell in self.cells(first).items():
            text = self.text(cell).strip()
            if not (text.isascii() and text.isdigit() and len(text) < 6):
                continue
            spares = [self._said(row, column) for row in range(block + 1, last + 1)]
            above = next(filter(None, (self._said(row, column) for row in range(first - 1, 0, -1))), "")
            if spares == [str(int(text) + n) for n in range(1, len(spares) + 1)] and (
                spares or (text == "1" and _LABELLED in plain(above))
            ):
                found[column] = int(text)
        return found

    def _said(self, row: int, column: int) -> str:
        cell = self.cells(row).get(column)
        return "" if cell is None else self.text(cell).strip()

    def _carry_on(self, placed: list[_Placed], first: int, block: int, at: int) -> None:
        """Let the cells of a new row that belong to one merged beyond a record carry it on."""
        for p in placed:
            if p.kind == "begins" and self._reaches(first + at, p.column) > block:
                mark = first_of(first_of(p.cell, "tcPr"), "vMerge")
                for name in list(mark.attrib):
                    del mark.attrib[name]
                for paragraph in paragraphs_of(p.cell):
                    paragraph.clear()

    def _reaches(self, row: int, column: int) -> int:
        """Return the last row of a cell that is merged downwards."""
        while row < len(self._placed) and any(p.column == column and p.kind == "goes on" for p in self._placed[row]):
            row += 1
        return row


def fill_from(cell: Any, model: Any) -> None:
    """Give a prepared cell what its model holds, its own look kept."""
    for part in list(cell):
        if local(part) != "tcPr":
            cell.remove(part)
    for part in model:
        if local(part) != "tcPr":
            cell.append(copy.deepcopy(part))


def formula_fields(element: Any) -> list[Any]:
    """Return the fields below an element that work something out: the marks that begin them."""
    found: list[Any] = []
    begun: list[Any] = []
    for part in element.iter(etree.Element):
        name = local(part)
        if name == "fldSimple" and (value(part, "instr") or "").lstrip().startswith("="):
            found.append(part)
        elif name == "fldChar":
            if value(part, "fldCharType") == "begin":
                begun.append(part)
            elif value(part, "fldCharType") == "end" and begun:
                begun.pop()
        elif name == "instrText" and begun and (part.text or "").lstrip().startswith("=") and begun[-1] not in found:
            found.append(begun[-1])
    return found


def _area(top: int, left: int, bottom: int, right: int) -> str:
    return f"{column_letters(left)}{top}:{column_letters(right)}{bottom}"
