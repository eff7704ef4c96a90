"""The tables and lines of a document filled: one record after the other, values as a document writes them."""

import re
from collections.abc import Sequence
from typing import Any

from db.records.amounts import Money
from forms.errors import FileTrouble
from forms.reading.word_elements import first_of, local
from forms.template import names
from forms.template.names import PLACEHOLDER, Values
from forms.template.repeating import MOST_NAMED, BoundCell, Table, in_text, rows_typed, said_in, tables_of, words_of
from forms.template.row_shifts import column_letters
from forms.template.typed_names import NOBODY
from forms.template.units import Labels, unit_declared
from forms.template.word_lines import Line, has_words
from forms.template.word_table import WordTable, copy_of, fill_from, formula_fields, paragraphs_of
from forms.template.word_text import Paragraph

_MOST_NODES = 2_000_000  # elements that copies of a row may bring in
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


class TableFilling:
    """One table to be filled; whatever cannot be is refused when it is made."""

    def __init__(self, table: WordTable, cells: list[BoundCell], values: Values, file: str) -> None:
        self.table, self.cells, self.values, self.file = table, cells, values, file
        self.counted: dict[str, int] = {}
        self.stale: list[str] = []
        self.typed = rows_typed(table, cells, values)
        self.repeated = tables_of(table, [c for c in cells if c.row not in self.typed], file)
        labels = Labels(table)
        self.units = {(c.row, c.column): self._unit(labels, c) for c in cells}
        for each in self.repeated:
            self._refuse(each)

    def _unit(self, labels: Labels, cell: BoundCell) -> str:
        """The unit of a figure that stands alone in its cell: by the table's labels, else by the lines over the table."""
        if not cell.words.whole or not (kind := cell.words.found[0][2].kind).numeric:
            return ""
        beside = labels.unit(cell.row, cell.column, kind)
        above = reversed(self.table.above) if isinstance(kind, Money) else ()
        return beside or next((unit for text in above if (unit := unit_declared(text))), "")

    def run(self) -> int:
        """Fill the table; return how many cells."""
        inside = {row for t in self.repeated for row in range(t.first, t.last + 1)}
        alone = [(c, self.table.cells(c.row)[c.column]) for c in self.cells if c.row not in inside]
        self._dirty()
        done = sum(self._repeat(each) for each in self.repeated)
        for cell, element in alone:
            number = self.typed.get(cell.row, 0)
            self._write(element, cell, None if number == NOBODY else number)
        return done + len(alone)

    def _dirty(self) -> None:
        """Ask programs to work fields out anew, and remember where they stand."""
        for row, column, cell in self.table.all_cells():
            fields = formula_fields(cell)
            if fields:
                self.stale.append(f"“{self.table.name}”{column_letters(column)}{row}")
            for mark in fields:
                space = mark.tag[: mark.tag.index("}") + 1]
                mark.set(f"{space}dirty", "true")

    def _refuse(self, each: Table) -> None:
        """Refuse what a repeated row cannot hold: too many records, and names in the tables and text boxes within it."""
        label, rows = each.group.label, self.table.rows[each.first - 1 : each.block]
        count = len(self.values.records[label])
        if count * sum(1 for row in rows for _ in row.iter()) > _MOST_NODES:
            raise FileTrouble(
                f"“{label}”有 {count} 条，填不进一张 Word 表格：{self.file}。没有写出任何文件；请改用导出"
            )
        if any(has_words(e) for row in rows for e in row.iter() if local(e) in ("tbl", "txbxContent")):
            raise FileTrouble(
                f"“{self.table.name}”第 {each.first} 行要按“{label}”重复，里面的小表或文本框不能再写名称：{self.file}。"
                "没有写出任何文件；请把名称直接写在格子里"
            )

    def _repeat(self, each: Table) -> int:
        count = len(self.values.records[each.group.label])
        self.counted[each.group.label] = count
        cells = [c for c in self.cells if each.first <= c.row <= each.block]
        made = self.table.repeat(each.first, each.block, each.last, count)
        model = [{column: copy_of(cell) for column, cell in row.items()} for row in made[0]]
        room = (each.last - each.first + 1) // (each.block - each.first + 1)
        for n, record in enumerate(made):
            for cell in cells:
                at = cell.row - each.first
                element = record[at][cell.column]
                if 0 < n < min(room, count):
                    fill_from(element, model[at][cell.column])
                self._write(element, cell, n if n < count else None)
        return len(made) * len(cells)

    def _write(self, element: Any, cell: BoundCell, number: int | None) -> None:
        paragraphs = paragraphs_of(element)
        if number is None:
            for paragraph in paragraphs:
                paragraph.clear()
            return
        if cell.words.whole:
            _, group, item = cell.words.found[0]
            said = said_in(self.units[cell.row, cell.column], self.values, group, item, number if group.repeats else 0)
            said = said if group.repeats else _in_words(said)
            for paragraph in paragraphs:
                paragraph.rewrite([(*m.span(), said) for m in PLACEHOLDER.finditer(paragraph.text)])
            return
        for paragraph in paragraphs:
            fill_line(paragraph, number, self.values)


def fill_line(paragraph: Paragraph, number: int, values: Values) -> None:
    """Put values into the names of a paragraph; days are written as they are in a text."""
    changes = []
    for match in PLACEHOLDER.finditer(paragraph.text):
        known = names.find(match[1])
        if known is not None:
            group, item = known
            said = in_text(paragraph.text, match.start(), match[0], group, item, number if group.repeats else 0, values)
            changes.append((*match.span(), _in_words(said)))
    paragraph.rewrite(changes)


def _in_words(said: str) -> str:
    """Return a day as documents write it; anything else as it is."""
    day = _DAY.fullmatch(said)
    return f"{day[1]}年{int(day[2])}月{int(day[3])}日" if day else said


def together(lines: Sequence[Line], at: int, file: str) -> int:
    """Return how many lines from one on make up a record: those of its group that follow each other. Raises `FileTrouble`."""
    group = words_of(lines[at].paragraph.text).group
    end = at
    while end < len(lines):
        line = lines[end]
        found = {g.label for _, g, _ in words_of(line.paragraph.text).found if g.repeats}
        follows = end == at or _next_paragraph(lines[end - 1].paragraph.element) is line.paragraph.element
        if not found or group is None or group.label not in found or not follows:
            break
        if len(found) > 1:
            raise FileTrouble(
                f"“{line.paragraph.text[:20]}”这一行同时用了“{'”和“'.join(sorted(found))}”：{file}。"
                "没有写出任何文件；一行只能按一种记录重复，请分成两行"
            )
        if not line.repeats:
            raise FileTrouble(
                f"页眉页脚、文本框里不能用每条一行的名称：“{line.paragraph.text[:20]}”（{file}）。没有写出任何文件；"
                "那里只能用单个数字的名称，请改好再试"
            )
        end += 1
    return max(1, end - at)


def _next_paragraph(element: Any) -> Any:
    after = element.getnext()
    while after is not None and local(after) in ("bookmarkStart", "bookmarkEnd", "proofErr", ""):
        after = after.getnext()
    return after


def repeat_lines(paragraphs: list[Paragraph], values: Values, count: int, file: str) -> int:
    """Let some paragraphs stand once for each record; without records they are left empty."""
    if len(paragraphs) > 1 and len({p.text for p in paragraphs}) == 1:  # copies that the template's maker prepared
        for spare in paragraphs[1:]:
            spare.element.getparent().remove(spare.element)
        paragraphs = paragraphs[:1]
    inner = [e for p in paragraphs for e in p.element.iter() if local(e) == "txbxContent"]
    if any(has_words(e) for e in inner):
        raise FileTrouble(
            f"“{paragraphs[0].text[:20]}”这一行要逐条重复，挂在上面的文本框不能再写名称：{file}。没有写出任何文件；"
            "请把文本框移到别的段落"
        )
    if count * sum(1 for p in paragraphs for _ in p.element.iter()) > _MOST_NODES:
        raise FileTrouble(f"有 {count} 条，填不进一篇文字：{file}。没有写出任何文件；请改用导出")
    section = _taken_section(paragraphs[-1].element)
    models = [copy_of(p.element) for p in paragraphs]
    made = [paragraphs, *([Paragraph(copy_of(model)) for model in models] for _ in range(1, count))]
    after = paragraphs[-1].element
    for paragraph in (p for record in made[1:] for p in record):
        after.addnext(paragraph.element)
        after = paragraph.element
    if section is not None:
        _set_section(after, section)
    for n, record in enumerate(made):
        for paragraph in record:
            if n < count:
                fill_line(paragraph, n, values)
            else:
                paragraph.clear()
    return len(made) * len(paragraphs)


def _taken_section(element: Any) -> Any:
    """Take the end of a section out of a paragraph, and return it."""
    look = first_of(element, "pPr")
    section = first_of(look, "sectPr") if look is not None else None
    if section is not None:
        look.remove(section)
    return section


def _set_section(element: Any, section: Any) -> None:
    look = first_of(element, "pPr")  # the copy of one that held a section
    place = next((e for e in look if local(e) == "pPrChange"), None)
    if place is None:
        look.append(section)
    else:
        place.addprevious(section)


def broken_notes(places: Sequence[str]) -> list[str]:
    """Say where a name was not whole, and so was not filled."""
    said = f"有的名称没有写在同一段里，或缺了括号，没有填：{_listed(places)}。请改好再填一次"
    return [said] if places else []


def stale_notes(places: Sequence[str]) -> list[str]:
    """Say where fields were not worked out."""
    said = f"表格里用公式域算的格没有算：{_listed(places)}。请在 Word 或 WPS 里打开填好的文件，全选后按 F9 更新"
    return [said] if places else []


def _listed(places: Sequence[str]) -> str:
    return "、".join(places[:MOST_NAMED]) + ("等" if len(places) > MOST_NAMED else "")
