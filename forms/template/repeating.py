"""What is filled in a form, whatever holds it: texts with names, cells, rows that repeat once for each record."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from forms.errors import FileTrouble
from forms.template import names
from forms.template.grid import Grid
from forms.template.names import PLACEHOLDER, Group, Item, Values
from forms.template.row_shifts import box
from forms.template.typed_names import NOBODY, typed_rows
from forms.template.units import in_unit, scales, unit_before, unit_behind

MOST_NAMED = 12  # places that are named in a message


class Words(NamedTuple):
    """A text with placeholders: what they stand for, as written, group, item; and what nobody knows."""

    text: str
    found: tuple[tuple[str, Group, Item], ...]
    unknown: tuple[re.Match[str], ...]
    whole: bool  # one placeholder and nothing else: the cell takes numbers and days as such
    group: Group | None  # whose records the cell repeats for


@lru_cache(maxsize=4096)
def words_of(text: str) -> Words:
    """Return what is to be filled in a text."""
    matches = [(match, names.find(match[1])) for match in PLACEHOLDER.finditer(text)]
    found = tuple((match[0], *known) for match, known in matches if known is not None)
    unknown = tuple(match for match, known in matches if known is None)
    whole = len(found) == 1 and text.strip() == found[0][0]
    return Words(text, found, unknown, whole, next((g for _, g, _ in found if g.repeats), None))


class BoundCell(NamedTuple):
    """A cell to fill: its text, and whether it was bound by pointing."""

    row: int
    column: int
    words: Words
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
    """A filled form: its bytes, how many cells and rows, what was not done, and which parts differ."""

    content: bytes
    cells: int
    records: dict[str, int]
    notes: tuple[str, ...]
    parts: frozenset[str] = field(default=frozenset())


@dataclass
class Unknown:
    """Names that nobody knows, with their places; they are collected, and refused all at once."""

    places: list[str] = field(default_factory=list)

    def take(self, words: Words, where: str) -> None:
        """Add what is not known in a text."""
        for match in words.unknown:
            near = "、".join(names.near(match[1]))
            self.places.append(f"{where} 的 {match[0]}" + (f"（是不是：{near}）" if near else ""))

    def refuse(self) -> None:
        """Raise `FileTrouble` where there are any."""
        if self.places:
            more = f"；还有 {len(self.places) - MOST_NAMED} 处" if len(self.places) > MOST_NAMED else ""
            raise FileTrouble(
                f"模板里有不认识的名称：{'；'.join(self.places[:MOST_NAMED])}{more}。没有写出任何文件；"
                "请改成能用的名称再试，用 boai fill（不写模板）或在“填上级模板”中可以看到全部名称"
            )


def in_text(text: str, at: int, written: str, group: Group, item: Item, number: int, values: Values) -> str:
    """Return the figure written at a place of a text as it stands there, in the unit behind it or before it."""
    unit = unit_behind(text, at + len(written), item.kind) or unit_before(text, at, item.kind)
    return said_in(unit, values, group, item, number)


def said_in(unit: str, values: Values, group: Group, item: Item, number: int) -> str:
    """Return a figure as words in a unit; as it is everywhere on paper where none is asked for."""
    if not scales(unit):
        return values.text(group, item, number)
    scaled = in_unit(values.cell(group, item, number), unit)
    return "" if scaled is None else f"{scaled:f}" if isinstance(scaled, Decimal) else str(scaled)


def rows_typed(sheet: Grid, cells: list[BoundCell], values: Values) -> dict[int, int]:
    """Return which record a row with a typed team takes, by its number."""
    rows = {cell.row: cell.words.group.label for cell in cells if cell.words.group is not None}
    return typed_rows(sheet, rows, values.records) if rows else {}


def nobody(typed: Mapping[str, Mapping[int, int]]) -> list[str]:
    """Say where a typed name is no team that the period knows."""
    places = [f"“{name}”第 {row} 行" for name, rows in typed.items() for row, n in rows.items() if n == NOBODY]
    more = "等" if len(places) > MOST_NAMED else ""
    return [f"{'、'.join(places[:MOST_NAMED])}{more}写的队伍不在台账里，没有填；请核对名称"] if places else []


def tables_of(sheet: Grid, cells: list[BoundCell], file: str) -> list[Table]:
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


def _block(sheet: Grid, row: int, texts: Mapping[int, str]) -> int:
    """Return the last row that belongs to a repeated row: cells merged downwards from its placeholders."""
    last = row
    for ref in sheet.merges():
        top, left, bottom, _ = box(ref)
        if top == row and left in texts:
            last = max(last, bottom)
    return last
