"""Somebody else's workbook, filled: placeholders and bound cells get the quarter's values, all else stays as it is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from forms.errors import FileTrouble
from forms.template import names
from forms.template.bindings import Bound, Shape, shape_of
from forms.template.drawings import fill_drawn
from forms.template.names import PLACEHOLDER, Group, Item, Values
from forms.template.other_parts import move_around
from forms.template.parts import Parts, local, tag
from forms.template.recalculate import recalculate
from forms.template.row_shifts import Moves, Region, box, column_letters, split_cell
from forms.template.sheet import Sheet
from forms.template.styles import Styles
from forms.template.texts import Strings, plain_text
from forms.template.typed_names import NOBODY, typed_rows
from forms.template.units import in_unit, unit_behind, unit_beside

_MOST_NAMED = 12
_MOST_RECORDS = 100_000


class _Words(NamedTuple):
    """A text with placeholders: what they stand for, as written, group, item; and what nobody knows."""

    text: str
    found: tuple[tuple[str, Group, Item], ...]
    unknown: tuple[re.Match[str], ...]
    whole: bool  # one placeholder and nothing else: the cell takes numbers and days as such
    group: Group | None  # whose records the cell repeats for


@lru_cache(maxsize=4096)
def _words(text: str) -> _Words:
    matches = [(match, names.find(match[1])) for match in PLACEHOLDER.finditer(text)]
    found = tuple((match[0], *known) for match, known in matches if known is not None)
    unknown = tuple(match for match, known in matches if known is None)
    whole = len(found) == 1 and text.strip() == found[0][0]
    return _Words(text, found, unknown, whole, next((g for _, g, _ in found if g.repeats), None))


class _Cell(NamedTuple):
    """A cell to fill: its text, and whether it was bound by pointing."""

    row: int
    column: int
    words: _Words
    pointed: bool


@dataclass(frozen=True)
class Table:
    """Rows that repeat, once for each record of a group."""

    group: Group
    first: int
    block: int
    last: int
    columns: frozenset[int]


@dataclass(frozen=True)
class Filled:
    """A filled workbook: its bytes, how many cells and rows, what was not done, and which parts differ."""

    content: bytes
    cells: int
    records: dict[str, int]
    notes: tuple[str, ...]
    parts: frozenset[str] = field(default=frozenset())


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
        return {name: _tables(sheet, cells, self.name) for name, sheet, cells in self._bound(bound)}

    def _bound(self, bound: Bound) -> list[tuple[str, Sheet, list[_Cell]]]:
        """Return the cells to fill, sheet by sheet; raises `FileTrouble` naming what nobody knows."""
        unknown: list[str] = []
        made = []
        for name, sheet in self.sheets.items():
            texts = {(row, column): (plain_text(text), False) for row, column, text in sheet.named()}
            texts |= {split_cell(where): (text, True) for where, text in bound.get(name, {}).items()}
            cells = []
            for (row, column), (text, pointed) in sorted(texts.items()):
                words = _words(text)
                for match in words.unknown:
                    near = "、".join(names.near(match[1]))
                    hint = f"（是不是：{near}）" if near else ""
                    unknown.append(f"“{name}”{column_letters(column)}{row} 的 {match[0]}{hint}")
                if pointed:
                    sheet.ready(row, column)
                cells.append(_Cell(row, column, words, pointed))
            if cells:
                made.append((name, sheet, cells))
        if unknown:
            more = f"；还有 {len(unknown) - _MOST_NAMED} 处" if len(unknown) > _MOST_NAMED else ""
            raise FileTrouble(
                f"模板里有不认识的名称：{'；'.join(unknown[:_MOST_NAMED])}{more}。没有写出任何文件；"
                "请改成能用的名称再试，用 boai fill（不写模板）或在“填上级模板”中可以看到全部名称"
            )
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
        typed = {name: _typed(sheet, cells, values) for name, sheet, cells in work}
        tables = {
            name: _tables(sheet, [c for c in cells if c.row not in typed[name]], self.name)
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
            self._parts.bytes(), sum(len(c) for c in filled.values()), counted, (*self._left(), *_nobody(typed)),
            self._parts.written,
        )  # fmt: skip

    def _write(
        self,
        sheet: Sheet,
        cells: list[_Cell],
        tables: Sequence[Table],
        moves: Moves,
        values: Values,
        typed: Mapping[int, int],
    ) -> set[tuple[int, int]]:
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
        self, sheet: Sheet, cell: _Cell, place: tuple[int, int], number: int, values: Values, style: int = 0
    ) -> None:
        words = cell.words
        if words.whole:
            _, group, item = words.found[0]
            value = values.cell(group, item, number if group.repeats else 0)
            sheet.put(*place, in_unit(value, self._unit(sheet, cell, place, item)), style)
            return
        shown = {w: _in_text(words.text, w, g, i, number if g.repeats else 0, values) for w, g, i in words.found}
        here = sheet.cells(place[0]).get(place[1])
        if cell.pointed or here is None or not PLACEHOLDER.search(sheet.text(here)):
            sheet.put(*place, _substitute(words.text, shown), style)
            return

        def replace(text: str) -> str | None:
            found = next((w for w in shown if w in text), None)
            return None if found is None else text.replace(found, shown[found], 1)

        sheet.put_within(*place, replace)

    def _unit(self, sheet: Sheet, cell: _Cell, place: tuple[int, int], item: Item) -> str:
        """The unit of a cell's figure; asked once for all the rows that a cell repeats into."""
        key = sheet.name, cell.row, cell.column
        if key not in self._units:
            self._units[key] = unit_beside(sheet, *place, item.kind) if item.kind.numeric else ""
        return self._units[key]

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
        more = "等" if len(places) > _MOST_NAMED else ""
        listed = "、".join(places[:_MOST_NAMED])
        return [f"公式里的 {{{{…}}}} 没有填：{listed}{more}。请写成不带等号的文字"] if places else []


_SIZE = re.compile(r"&\d+$")
_HEADS = frozenset(("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"))


def _in_text(text: str, written: str, group: Group, item: Item, number: int, values: Values) -> str:
    """Return a figure as it stands within a text, in the unit that stands behind it."""
    unit = unit_behind(text, text.find(written) + len(written), item.kind)
    scaled = in_unit(values.cell(group, item, number), unit) if unit else None
    return (
        values.text(group, item, number)
        if scaled is None
        else f"{scaled:f}"
        if isinstance(scaled, Decimal)
        else str(scaled)
    )


def _typed(sheet: Sheet, cells: list[_Cell], values: Values) -> dict[int, int]:
    rows = {cell.row: cell.words.group.label for cell in cells if cell.words.group is not None}
    return typed_rows(sheet, rows, values.records) if rows else {}


def _nobody(typed: Mapping[str, Mapping[int, int]]) -> list[str]:
    """Say where a typed name is no team that the period knows."""
    places = [f"“{name}”第 {row} 行" for name, rows in typed.items() for row, n in rows.items() if n == NOBODY]
    more = "等" if len(places) > _MOST_NAMED else ""
    return [f"{'、'.join(places[:_MOST_NAMED])}{more}写的队伍不在台账里，没有填；请核对名称"] if places else []


def _substitute(text: str, shown: Mapping[str, str]) -> str:
    return PLACEHOLDER.sub(lambda found: shown[found[0]], text)


def _tables(sheet: Sheet, cells: list[_Cell], file: str) -> list[Table]:
    """Find the rows that repeat. Rows of one group that follow each other are one; equal ones are prepared copies."""
    groups: dict[int, Group] = {}
    texts: dict[int, dict[int, str]] = {}
    beside: dict[int, dict[int, str]] = {}  # single figures, by row
    for cell in cells:
        for _, group, _ in cell.words.found:
            if group.repeats and groups.setdefault(cell.row, group) is not group:
                raise FileTrouble(
                    f"“{sheet.name}”第 {cell.row} 行同时用了“{groups[cell.row].label}”和“{group.label}”：{file}。"
                    "没有写出任何文件；一行只能按一种记录重复，请分成两行"
                )
        held = texts if cell.words.group else beside
        held.setdefault(cell.row, {})[cell.column] = cell.words.text
    made: list[Table] = []
    done = 0
    for row in sorted(groups):
        if row <= done:
            continue
        group, block = groups[row], _block(sheet, row, texts[row])
        while block + 1 in groups and groups[block + 1] is group and texts[block + 1] != texts[row]:
            block += 1
        columns = frozenset(texts[row])
        last = block
        if block == row:
            while (
                groups.get(last + 1, group) is group
                and beside.get(last + 1, {}) == (beside.get(row, {}) if last + 1 in beside else {})
                and sheet.is_spare(last + 1, row, columns)
            ):
                last += 1
        made.append(Table(group, row, block, last, columns))
        done = last
    return made


def _block(sheet: Sheet, row: int, texts: Mapping[int, str]) -> int:
    """Return the last row that belongs to a repeated row: cells merged downwards from its placeholders."""
    last = row
    for ref in sheet.merges():
        top, left, bottom, _ = box(ref)
        if top == row and left in texts:
            last = max(last, bottom)
    return last


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
