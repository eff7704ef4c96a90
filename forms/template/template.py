"""Somebody else's workbook, filled: placeholders and bound cells get the quarter's values, all else stays as it is."""

import re
from collections.abc import Mapping, Sequence

from forms.errors import FileTrouble
from forms.template import names
from forms.template.bindings import Bound, Shape, shape_of
from forms.template.drawings import fill_drawn
from forms.template.names import PLACEHOLDER, Values
from forms.template.other_parts import move_around
from forms.template.parts import Parts, local, tag
from forms.template.recalculate import recalculate
from forms.template.repeating import (
    MOST_NAMED,
    BoundCell,
    Filled,
    Table,
    Unknown,
    in_text,
    nobody,
    rows_typed,
    tables_of,
    words_of,
)
from forms.template.row_shifts import Moves, Region, column_letters, split_cell
from forms.template.sheet import Sheet
from forms.template.styles import Styles
from forms.template.texts import Strings, plain_text
from forms.template.typed_names import NOBODY
from forms.template.units import Labels, in_unit

_MOST_RECORDS = 100_000


class Template:
    """A workbook to be filled, read once."""

    def __init__(self, content: bytes, name: str) -> None:
        """Open a template; raises `FileTrouble` where it cannot be filled."""
        self.name = name
        self._units: dict[tuple[str, int, int], str] = {}
        self._parts = Parts(content, name)
        strings, styles = Strings(self._parts), Styles(self._parts)
        self.sheets = {
            s.name: Sheet(self._parts, s, strings, styles) for s in self._parts.sheets if s.part in self._parts.names
        }

    def has_placeholders(self) -> bool:
        """Tell whether the template names its figures itself."""
        return any(True for sheet in self.sheets.values() for _ in sheet.named())

    def shape(self, bound: Bound) -> Shape:
        """Return the template's look apart from the bound cells."""
        return shape_of(self.sheets, bound)

    def tables(self, bound: Bound) -> dict[str, list[Table]]:
        """Return the rows that will repeat, by sheet."""
        return {name: tables_of(sheet, cells, self.name) for name, sheet, cells in self._bound(bound)}

    def _bound(self, bound: Bound) -> list[tuple[str, Sheet, list[BoundCell]]]:
        """Return the cells to fill, sheet by sheet; raises `FileTrouble` naming what nobody knows."""
        unknown = Unknown()
        made = []
        for name, sheet in self.sheets.items():
            texts = {(row, column): (plain_text(text), False) for row, column, text in sheet.named()}
            texts |= {split_cell(where): (text, True) for where, text in bound.get(name, {}).items()}
            cells = []
            for (row, column), (text, pointed) in sorted(texts.items()):
                words = words_of(text)
                unknown.take(words, f"“{name}”{column_letters(column)}{row}")
                if pointed:
                    sheet.ready(row, column)
                cells.append(BoundCell(row, column, words, pointed))
            if cells:
                made.append((name, sheet, cells))
        unknown.refuse()
        return made

    def fill(self, values: Values, bound: Bound | None = None) -> Filled:
        """Return the workbook filled. The template object is used up by it."""
        bound = bound or {}
        for name in bound:
            if name not in self.sheets:
                raise FileTrouble(f"模板里没有原来对应过的工作表“{name}”：{self.name}。没有写出任何文件；请重新对应")
        work = self._bound(bound)
        heads = self._heads(values) + fill_drawn(self._parts, values)
        if not work and not heads:
            raise FileTrouble(
                f"模板里没有要填的位置：{self.name}。没有写出任何文件；"
                "请在单元格里写 {{本会.单位名称}} 这样的名称，或在“填上级模板”中逐格指定"
            )
        typed = {name: rows_typed(sheet, cells, values) for name, sheet, cells in work}
        tables = {
            name: tables_of(sheet, [c for c in cells if c.row not in typed[name]], self.name)
            for name, sheet, cells in work
        }
        moves = {name: _moves(self.sheets[name], found, values) for name, found in tables.items()}
        moves = {name: m for name, m in moves.items() if m}
        formulas = any(sheet.has_formulas() for sheet in self.sheets.values())
        if moves:
            for sheet in self.sheets.values():
                sheet.move(moves)
            move_around(self._parts, self.sheets, moves)
            if formulas:
                self._parts.drop_calculation_chain()
        filled: dict[str, set[tuple[int, int]]] = {}
        for name, sheet, cells in work:
            filled[name] = self._write(sheet, cells, tables[name], moves.get(name) or Moves(()), values, typed[name])
        if formulas and recalculate(self.sheets, filled):
            self._parts.calculate_on_opening()
        counted = {t.group.label: len(values.records[t.group.label]) for found in tables.values() for t in found}
        return Filled(
            self._parts.bytes(), sum(len(c) for c in filled.values()), counted, (*self._left(), *nobody(typed)),
            self._parts.written,
        )  # fmt: skip

    def _write(
        self,
        sheet: Sheet,
        cells: list[BoundCell],
        tables: Sequence[Table],
        moves: Moves,
        values: Values,
        typed: Mapping[int, int],
    ) -> set[tuple[int, int]]:
        self._read_units(sheet, cells, moves)
        done = set()
        for cell in cells:
            table = next((t for t in tables if t.first <= cell.row <= t.last), None) if tables else None
            if table is None:
                place = moves.row(cell.row), cell.column
                if (number := typed.get(cell.row, 0)) == NOBODY:
                    sheet.put(*place, None)
                else:
                    self._write_cell(sheet, cell, place, number, values)
                done.add(place)
                continue
            if cell.row > table.block:
                continue  # a copy that the template's maker made; its row is filled with the others
            size = table.block - table.first + 1
            down = moves.row(table.first) - table.first
            style = sheet.style(cell.row + down, cell.column)
            for n in range(max(len(values.records[table.group.label]), (table.last - table.first + 1) // size)):
                place = cell.row + down + n * size, cell.column
                if n < len(values.records[table.group.label]):
                    self._write_cell(sheet, cell, place, n, values, style)
                elif n == 0 or sheet.cells(place[0]).get(cell.column) is not None:
                    sheet.put(*place, None)
                done.add(place)
        return done

    def _write_cell(
        self, sheet: Sheet, cell: BoundCell, place: tuple[int, int], number: int, values: Values, style: int = 0
    ) -> None:
        words = cell.words
        if words.whole:
            _, group, item = words.found[0]
            value = values.cell(group, item, number if group.repeats else 0)
            sheet.put(*place, in_unit(value, self._units.get((sheet.name, cell.row, cell.column), "")), style)
            return
        shown = {
            w: in_text(words.text, words.text.find(w), w, g, i, number if g.repeats else 0, values)
            for w, g, i in words.found
        }
        here = sheet.cells(place[0]).get(place[1])
        if cell.pointed or here is None or not PLACEHOLDER.search(sheet.text(here)):
            sheet.put(*place, _substitute(words.text, shown), style)
            return

        def replace(text: str) -> str | None:
            found = next((w for w in shown if w in text), None)
            return None if found is None else text.replace(found, shown[found], 1)

        sheet.put_within(*place, replace)

    def _read_units(self, sheet: Sheet, cells: list[BoundCell], moves: Moves) -> None:
        """Note the unit of each figure that stands alone in its cell, before anything is written."""
        labels = Labels(sheet)
        for cell in cells:
            if cell.words.whole and (kind := cell.words.found[0][2].kind).numeric:
                unit = labels.unit(moves.row(cell.row), cell.column, kind)
                self._units[sheet.name, cell.row, cell.column] = unit

    def _heads(self, values: Values) -> int:
        """Fill the placeholders of page headers and footers; return how many there were."""
        count = 0
        for sheet in self.sheets.values():
            for element in sheet.root.iterfind(f"{tag('headerFooter')}/*") if sheet.may_hold_names() else ():
                text = element.text if local(element) in _HEADS else None
                if text and PLACEHOLDER.search(text):
                    for match in PLACEHOLDER.finditer(text):
                        known = names.find(match[1])
                        if known is None or known[0].repeats:
                            raise FileTrouble(
                                f"“{sheet.name}”的页眉页脚里有不能用的名称：{match[0]}。没有写出任何文件；请改成单个数字的名称"
                            )
                        shown = values.text(*known).replace("&", "&&")
                        before = element.text.partition(match[0])[0]
                        if _SIZE.search(before) and shown[:1].isdigit():
                            shown = f" {shown}"  # else its digits would be read as those of the size of type
                        element.text = element.text.replace(match[0], shown, 1)
                    count += 1
                    sheet.was_changed()
        return count

    def _left(self) -> list[str]:
        """Say where names stand in formulas: those are calculated, not filled."""
        places = [
            f"“{sheet.name}”{column_letters(column)}{row}"
            for sheet in self.sheets.values()
            if sheet.may_hold_names()
            for row, column, _, formula in sheet.formulas()
            if PLACEHOLDER.search(formula.text or "")
        ]
        more = "等" if len(places) > MOST_NAMED else ""
        listed = "、".join(places[:MOST_NAMED])
        return [f"公式里的 {{{{…}}}} 没有填：{listed}{more}。请写成不带等号的文字"] if places else []


_SIZE = re.compile(r"&\d+$")
_HEADS = frozenset(("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"))


def _substitute(text: str, shown: Mapping[str, str]) -> str:
    return PLACEHOLDER.sub(lambda found: shown[found[0]], text)


def _moves(sheet: Sheet, tables: Sequence[Table], values: Values) -> Moves:
    regions = []
    for table in tables:
        size = table.block - table.first + 1
        count = len(values.records[table.group.label])
        if count > _MOST_RECORDS:
            raise FileTrouble(f"“{table.group.label}”有 {count} 条，填不进一张表。没有写出任何文件；请改用导出")
        extra = max(0, count * size - (table.last - table.first + 1))
        carried = sheet.carried(table.first)
        regions.append(Region(table.first, table.block, table.last, extra, table.group.label, carried))
    return Moves(regions)
