"""Somebody else's document (.docx), filled: names and bound blanks get the quarter's values, all else stays as it is.

Its tables and its lines are sheets, so that it is pointed at, known again and filled as a workbook is. What was pointed at is
written into the document as a name first; from there on there are only names, whoever wrote them.
"""

import re
from collections.abc import Sequence
from typing import Any

from forms.errors import FileTrouble
from forms.reading import safety
from forms.reading.word_elements import blocks, first_of, local
from forms.template.bindings import Bound, Shape, shape_of
from forms.template.drawings import fill_drawn
from forms.template.grid import Grid
from forms.template.names import PLACEHOLDER, Values
from forms.template.package import Package, of_a_template
from forms.template.repeating import BoundCell, Filled, Unknown, nobody, words_of
from forms.template.row_shifts import column_letters, split_cell
from forms.template.word_filling import TableFilling, broken_notes, fill_line, repeat_lines, stale_notes, together
from forms.template.word_lines import Line, Lines, boxed, everywhere, lines_of
from forms.template.word_table import WordTable, paragraphs_of
from forms.template.word_text import Stretch

TEXT, HEADS = "文字", "页眉页脚"  # the sheets beside the tables
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST_TAGS = 400_000  # a form of twenty pages has some 40,000
_MOST_AREA = 400_000  # places in a table
_LINES_ABOVE = 3
_HALF = re.compile(r"[{｛]{2}|[}｝]{2}")


def as_docx(name: str, what: str) -> FileTrouble:
    """Return the refusal of a document that Word and WPS open and save as .docx."""
    return FileTrouble(
        f"模板是{what}，不能直接填：{name}。没有写出任何文件；请用 Word 或 WPS 打开它，"
        "点“文件”→“另存为”，类型选“Word 文档（.docx）”，再用另存的文件"
    )


def _gate(content: bytes, name: str, kept: dict[str, bytes]) -> None:
    kept.update(safety.xml_parts(content, name))


class Document(Package):
    """The parts of a document; its elements are nested only so deep as programs do it."""

    deep = False

    def __init__(self, content: bytes, name: str) -> None:
        """Open a document; raises `FileTrouble` where it is none, or larger than a form is."""
        if content[:8] == _OLE:
            raise as_docx(name, "旧的 .doc 格式，或设有打开密码（先去掉密码）")
        super().__init__(content, name, _gate)
        for part in self.parts_of_text():
            if self.count(part, b"<") > _MOST_TAGS:
                raise of_a_template(safety.too_big(name))

    def parts_of_text(self) -> list[str]:
        """Return the parts of XML in which texts may stand: paragraphs, notes, titles of charts."""
        return [
            part for part in self.names if part.endswith(".xml") and self.count(part, b":p") + self.count(part, b"<p")
        ]


class WordTemplate:
    """A document to be filled, read once."""

    def __init__(self, content: bytes, name: str) -> None:
        """Open a template; raises `FileTrouble` where it cannot be filled."""
        self.name = name
        self._parts = Document(content, name)
        self._main = self._parts.main
        body = first_of(self._parts.tree(self._main), "body")
        if body is None:
            raise FileTrouble(f"这不是 Word 文档：{name}。没有写出任何文件；请用 Word 或 WPS 打开后另存为 .docx 再试")
        self._tables: list[WordTable] = []
        self._lines: list[Line] = []
        self._walk(body, [])
        heads = [line for part in self._heads() for line in self._head_lines(part)]
        self.sheets: dict[str, Grid] = {table.name: table for table in self._tables}
        for title, lines in ((TEXT, self._lines), (HEADS, heads)):
            shown = [line for line in lines if line.paragraph.text.strip()]
            if shown:
                self.sheets[title] = Lines(title, shown)

    def _heads(self) -> list[str]:
        return sorted({p for kind in ("header", "footer") for p in self._parts.related(self._main, kind)})

    def _head_lines(self, part: str) -> list[Line]:
        root = self._parts.tree(part)
        return [line for paragraph in everywhere(root) for line in lines_of(paragraph, part)]

    def _walk(self, element: Any, above: list[str]) -> None:
        """Collect the tables and lines below the body or a cell; `above` are the lines over the next table."""
        for block in blocks(element, {"p", "tbl"}):
            if local(block) == "p":
                made = lines_of(block, self._main, repeats=True)
                self._lines += made
                above += filter(None, (line.paragraph.said() for line in made))
                continue
            self._table(block, above[-_LINES_ABOVE:])
            above.clear()

    def _table(self, element: Any, above: Sequence[str]) -> None:
        table = WordTable(element, f"表{len(self._tables) + 1}", above)
        if table.columns * len(table.rows) > _MOST_AREA:
            raise of_a_template(safety.too_big(self.name))
        self._tables.append(table)
        for _, _, cell in list(table.all_cells()):
            paragraphs = paragraphs_of(cell)
            blank = [s for p in paragraphs for s in p.stretches() if s.blank] if table.text(cell) else []
            if len(blank) > 1 or any(s.drawn for s in blank):
                self._lines += [Line(p, self._main, in_table=True) for p in paragraphs]
            for paragraph in paragraphs:
                self._lines += boxed(paragraph.element, self._main)
            for inner in blocks(cell, {"tbl"}):
                self._table(inner, ())

    # What it says

    def has_placeholders(self) -> bool:
        """Tell whether the template names its figures itself."""
        return any(True for sheet in self.sheets.values() for _ in sheet.named())

    def shape(self, bound: Bound) -> Shape:
        """Return the template's look apart from the bound cells."""
        return shape_of(self.sheets, bound)

    # Filling

    def fill(self, values: Values, bound: Bound | None = None) -> Filled:
        """Return the document filled. The template object is used up by it."""
        self._write_names(bound or {})
        unknown = Unknown()
        broken: list[str] = []
        cells = {table.name: _cells_of(table, unknown, broken) for table in self._tables}
        lines = self._named_lines(unknown, broken)
        unknown.refuse()
        tables = [TableFilling(t, cells[t.name], values, self.name) for t in self._tables if cells[t.name]]
        done = fill_drawn(self._parts, values)
        if broken and not (done or lines or tables):
            raise FileTrouble(f"{broken_notes(broken)[0]}（{self.name}）。没有写出任何文件")
        if not (done or lines or tables):
            raise FileTrouble(
                f"模板里没有要填的位置：{self.name}。没有写出任何文件；"
                "请在表格或文字里写 {{本会.单位名称}} 这样的名称，或在“填上级模板”中逐处指定"
            )
        counted: dict[str, int] = {}
        for table in tables:
            done += table.run()
            counted |= table.counted
            self._parts.changed(self._main)
        done += self._fill_lines(lines, values, counted)
        stale = [place for table in tables for place in table.stale]
        notes = (*broken_notes(broken), *stale_notes(stale), *nobody({t.table.name: t.typed for t in tables}))
        return Filled(self._parts.bytes(), done, counted, notes, self._parts.written)

    def _line_sheets(self) -> list[Lines]:
        return [sheet for sheet in self.sheets.values() if isinstance(sheet, Lines)]

    def _named_lines(self, unknown: Unknown, broken: list[str]) -> list[Line]:
        """Return the lines outside of tables that name figures."""
        found = []
        for sheet in self._line_sheets():
            for row, line in enumerate(sheet.lines, 1):
                text, where = line.paragraph.text, f"“{sheet.name}”第 {row} 行"
                if line.in_table:
                    continue
                if PLACEHOLDER.search(text):
                    unknown.take(words_of(text), where)
                    found.append(line)
                if _HALF.search(PLACEHOLDER.sub("", text)):
                    broken.append(where)
        return found

    def _write_names(self, bound: Bound) -> None:
        """Write what was pointed at into the document as names."""
        for name in bound:
            if name not in self.sheets:
                raise FileTrouble(f"模板里没有原来对应过的“{name}”：{self.name}。没有写出任何文件；请重新对应")
        touched: dict[Any, str] = {}
        for table in self._tables:
            for where, text in bound.get(table.name, {}).items():
                cell = self._bound_cell(table, where)
                touched |= {p.element: f"“{table.name}”{where}" for p in paragraphs_of(cell)}
                table.put(cell, where, text)
                self._parts.changed(self._main)
        for sheet in self._line_sheets():
            changes: dict[int, list[tuple[Stretch, str]]] = {}
            for where, text in bound.get(sheet.name, {}).items():
                line, number = self._bound_cell(sheet, where)
                row = split_cell(where)[0]
                if line.paragraph.element in touched:
                    raise FileTrouble(
                        f"同一格对应了两次：{touched[line.paragraph.element]} 和“{sheet.name}”{where}。没有写出任何文件；"
                        "请取消其中一处的对应"
                    )
                changes.setdefault(row, []).append((line.stretches[number], text))
            for row, found in changes.items():
                self._put_names(sheet.lines[row - 1], found)
        for table in self._tables:
            table.forget()

    def _bound_cell(self, sheet: Grid, where: str) -> Any:
        row, column = split_cell(where)
        cell = sheet.cells(row).get(column)
        if cell is None:
            raise FileTrouble(
                f"模板的“{sheet.name}”里没有原来对应过的 {where} 这一格：{self.name}。没有写出任何文件；请重新对应"
            )
        return cell

    def _put_names(self, line: Line, found: list[tuple[Stretch, str]]) -> None:
        changes = [line.paragraph.put(stretch, text) for stretch, text in sorted(found)]
        for paragraph in (line.paragraph, *line.twins):
            paragraph.rewrite(changes)
        self._parts.changed(line.part)

    def _fill_lines(self, lines: Sequence[Line], values: Values, counted: dict[str, int]) -> int:
        """Fill lines; those that name records stand once for each of them. Return how many were filled."""
        done, at = 0, 0
        while at < len(lines):
            line = lines[at]
            group = words_of(line.paragraph.text).group
            self._parts.changed(line.part)
            if group is None:
                for paragraph in (line.paragraph, *line.twins):
                    fill_line(paragraph, 0, values)
                done, at = done + 1, at + 1
                continue
            block = together(lines, at, self.name)
            records = values.records[group.label]
            done += repeat_lines([lines[n].paragraph for n in range(at, at + block)], values, len(records), self.name)
            counted[group.label] = len(records)
            at += block
        return done


def _cells_of(table: WordTable, unknown: Unknown, broken: list[str]) -> list[BoundCell]:
    """Return the cells of a table that name figures; where a name is not whole in one paragraph, its place goes to `broken`."""
    found = []
    for row, column, cell in table.all_cells():
        if not _HALF.search(text := table.text(cell)):
            continue
        where = f"“{table.name}”{column_letters(column)}{row}"
        paragraphs = [paragraph.text for paragraph in paragraphs_of(cell)]
        if any(PLACEHOLDER.search(each) for each in paragraphs):
            words = words_of(text)
            unknown.take(words, where)
            found.append(BoundCell(row, column, words, False))
        if any(_HALF.search(PLACEHOLDER.sub("", each)) for each in paragraphs):
            broken.append(where)
    return found
