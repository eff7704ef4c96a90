"""Which table feeds which record, and which of its columns are ours: by the sheet's name, else by its headings."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import resources
from db.entities import BY_LABEL, BY_NAME, SHEETS
from db.fields import Entity
from db.kinds import Cell, cell_text, is_blank, plain
from forms.errors import FileTrouble
from forms.reading import Table

REASON_HEADING = "问题说明"  # the last column of an error workbook; never taken for data
GUIDE_SHEET = "填写说明"

_SEARCHED_ROWS = 40
_FOOT = re.compile(r"^(合计|总计|小计|填表人|制表人|审核人|单位负责人|负责人签字|填报人|说明|备注|注)([::].*)?$")


@dataclass
class Mapped:
    """A table whose headings were found. `columns` maps a canonical heading to the index of the column."""

    table: Table
    entity: Entity
    header_row: int
    headings: list[str]
    columns: dict[str, int]
    rows: list[tuple[int, list[Cell]]]
    unknown: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())

    def cells(self, row: Sequence[Cell]) -> dict[str, Cell]:
        """Return one row by canonical heading."""
        return {heading: row[i] if i < len(row) else None for heading, i in self.columns.items()}


def heading_key(text: str) -> str:
    """Return a heading as it is compared: half-width, no white space, no star for required columns."""
    return plain(text).strip("*:").replace("*", "")


def _bare(key: str) -> str:
    """A heading without the unit or the accepted values in brackets behind it."""
    return re.sub(r"\(.*\)$", "", key)


def _recognised(entity: Entity) -> dict[str, str]:
    """Every spelling of an entity's headings: compared form → canonical heading. Our own words win over others'."""
    found: dict[str, str] = {}
    ours = [heading for heading, _, _ in entity.columns]
    for heading, others in synonyms(entity.name).items():
        if heading in ours:
            found |= {heading_key(word): heading for word in others}
    for heading in ours:
        found[_bare(heading_key(heading))] = heading
    for heading in ours:
        found[heading_key(heading)] = heading
    return found


@cache
def synonyms(record: str) -> dict[str, list[str]]:
    """Return other offices' words for a record's headings: canonical heading → words."""
    content = tomllib.loads(resources.path("synonyms.toml").read_text(encoding="utf-8"))
    own = content.get(record, {})
    taken = {heading_key(word) for words in own.values() for word in words}
    for heading, words in content["any"].items():
        own[heading] = own.get(heading, []) + [word for word in words if heading_key(word) not in taken]
    return {str(heading): [str(word) for word in words] for heading, words in own.items()}


def find_header(
    table: Table, entity: Entity, renamed: Mapping[str, str] | None = None
) -> tuple[int, dict[str, int], list[str]] | None:
    """Find the heading row of `entity` in a table: (index of the row, columns, headings as written), or None.

    `renamed` gives canonical headings for other people's words. Half of the required headings must stand in one row,
    and at least two of ours, unless the record needs but one.
    """
    known = _recognised(entity)
    if renamed:
        known |= {heading_key(theirs): ours for theirs, ours in renamed.items()}
    required = {heading for heading, f, _ in entity.columns if f.required and f.default is None}
    best: tuple[int, int, dict[str, int], list[str]] | None = None
    for index, (_, row) in enumerate(table.rows[:_SEARCHED_ROWS]):
        headings = [cell_text(c) if not is_blank(c) else "" for c in row]
        columns: dict[str, int] = {}
        for i, text in enumerate(headings):
            key = heading_key(text)
            heading = known.get(key) or known.get(_bare(key))
            if heading and heading not in columns:
                columns[heading] = i
        hits = len(columns)
        enough = 2 * len(required & columns.keys()) >= len(required) and (hits >= 2 or required == columns.keys())
        if enough and (best is None or hits > best[0]):
            best = (hits, index, columns, headings)
    return None if best is None else best[1:]


def map_table(table: Table, kind: str | None = None, renamed: Mapping[str, str] | None = None) -> Mapped | None:
    """Map one table: by `kind` if given, by the sheet's name, or by the record whose headings fit best.

    Returns None for a table that is none of ours. Raises `FileTrouble` where the sheet is ours by name or by choice
    but no heading row can be found.
    """
    if heading_key(table.sheet) == GUIDE_SHEET or not table.rows:
        return None
    entity = BY_NAME.get(kind) or BY_LABEL.get(kind or "") if kind else BY_LABEL.get(heading_key(table.sheet))
    if entity is None:
        entity = _by_headings(table, renamed)
        if entity is None:
            return None
    header = find_header(table, entity, renamed)
    if header is None:
        required = "、".join(h for h, f, _ in entity.columns if f.required)
        raise FileTrouble(f"工作表“{table.sheet}”里没有找到表头。表头中至少要有：{required}")
    index, columns, headings = header
    rows, dropped = [], 0
    required_columns = [columns[h] for h, f, _ in entity.columns if f.required and h in columns]
    for number, row in table.rows[index + 1 :]:
        if _is_foot(row, required_columns):
            dropped += 1
        elif any(not is_blank(row[i]) for i in columns.values() if i < len(row)):
            rows.append((number, row))
    used = set(columns.values())
    guessed = [f"“{headings[i].strip()}”按“{ours}”" for ours, i in columns.items() if not _same(headings[i], ours)]
    unknown = tuple(h for i, h in enumerate(headings) if h and i not in used and heading_key(h) != REASON_HEADING)
    notes = table.notes + ((f"跳过 {dropped} 行合计或签字行",) if dropped else ())
    if guessed:
        notes += (f"按意思认出的列：{'、'.join(guessed)}",)
    return Mapped(table, entity, table.rows[index][0], headings, columns, rows, unknown, notes)


def _same(theirs: str, ours: str) -> bool:
    """Whether a heading is ours but for units and accepted values in brackets."""
    return _bare(heading_key(theirs)) == _bare(heading_key(ours))


def _is_foot(row: Sequence[Cell], required: Sequence[int]) -> bool:
    """A total or signature line: its first text says so and its required cells are mostly blank."""
    first = next((cell_text(c) for c in row if not is_blank(c)), "")
    blank = sum(1 for i in required if i >= len(row) or is_blank(row[i]))
    return bool(_FOOT.match(plain(first))) and 2 * blank >= len(required)


def _by_headings(table: Table, renamed: Mapping[str, str] | None) -> Entity | None:
    scored = []
    for entity in SHEETS:
        header = find_header(table, entity, renamed)
        if header is None:
            continue
        _, columns, headings = header
        required = {h for h, f, _ in entity.columns if f.required and f.default is None}
        strangers = sum(1 for h in headings if h) - len(columns)
        if required <= columns.keys() and 2 <= len(columns) >= strangers:
            scored.append((len(columns) - strangers, len(columns), entity))
    if not scored:
        return None
    scored.sort(key=lambda s: s[:2], reverse=True)
    if len(scored) > 1 and scored[0][:2] == scored[1][:2]:
        names = "”或“".join(e.label for _, _, e in scored[:2])
        raise FileTrouble(f"分不清工作表“{table.sheet}”是“{names}”。请把工作表改成其中一个名字，或用 --sheet 指明")
    return scored[0][2]
