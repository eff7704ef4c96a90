"""Which table feeds which record, and which of its columns are ours: by the sheet's name, else by its headings.

One sheet may hold several tables, and one table of people may feed several records: the volunteer, the membership of a
team and the coverage by a policy. A record is taken only where all of its required columns are there.
"""

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from db.entities import BY_LABEL, BY_NAME, COVERAGE, ENTITIES, MEMBERSHIP, SHEETS, VOLUNTEER
from db.fields import Entity
from db.kinds import Cell, Count, Hours, Money, cell_text, is_blank, plain
from forms import headings as heads
from forms.errors import FileTrouble
from forms.headings import Header, heading_key, required, synonyms
from forms.reading import Table

__all__ = [
    "GUIDE_SHEET", "REASON_HEADING", "Mapped", "find_header", "heading_key", "map_all", "map_table", "synonyms",
]  # fmt: skip

REASON_HEADING = "问题说明"  # the last column of an error workbook; never taken for data
GUIDE_SHEET = "填写说明"

ROSTER = (VOLUNTEER, MEMBERSHIP, COVERAGE)  # what one row about a person may feed

_MOST_FILLED = 3_000_000  # cells covered by merged ones
_FOOT = re.compile(
    r"^((本[页月季年]|本季度|本年度|收入|支出|全[县市区])?(合计|总计|小计|累计|共计|总和)(\d*人|\(.*\))?|说明|备注|注|共\d+[人条行]|第\d+页.*)([::].*)?$"
    r"|^(填表人|制表人|审核人|填报人|经办人|复核人|单位负责人|负责人签字|分管领导|填报单位|填报日期|填报时间|填表日期|制表日期|单位\(?盖章|\(?盖章)"
)


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


def find_header(
    table: Table, entity: Entity, renamed: Mapping[str, str] | None = None
) -> tuple[int, dict[str, int], list[str]] | None:
    """Find the headings of `entity` in a table: (index of their last row, columns, headings as written), or None."""
    found = heads.find(table, entity, renamed)
    return None if found is None else (found.block.last, found.columns, found.headings)


def map_table(table: Table, kind: str | None = None, renamed: Mapping[str, str] | None = None) -> Mapped | None:
    """Map one table to one record: by `kind` if given, by the sheet's name, or by the headings that fit best.

    Returns None for a table that is none of ours. Raises `FileTrouble` where the sheet is ours by name or by choice
    but no heading row can be found.
    """
    if heading_key(table.sheet) == GUIDE_SHEET or not table.rows:
        return None
    header = _header(table, kind, renamed)
    return None if header is None else _mapped(table, [header], renamed)[0]


def map_all(table: Table, kind: str | None = None, renamed: Mapping[str, str] | None = None) -> list[Mapped]:
    """Map a sheet to all the records it feeds: every table on it, and every record a table of people gives.

    A record that was chosen (`kind`) is the only one its table feeds.
    """
    if heading_key(table.sheet) == GUIDE_SHEET or not table.rows:
        return []
    found = []
    for i, part in enumerate(heads.split(table, renamed)):
        header = _header(part, kind, renamed) if i == 0 else _lower_header(part, kind, renamed)
        if header is None:
            continue
        several, hints = ([header], ()) if kind else _records(header, renamed)
        mapped = _mapped(part, several, renamed)
        mapped[0].notes += hints
        if i:
            mapped[0].notes = (f"同一工作表下方的另一个表（表头在第 {mapped[0].header_row} 行）", *mapped[0].notes)
        found += mapped
    return found


@dataclass(frozen=True)
class _Found(Header):
    """Headings and the record they are read as."""

    entity: Entity = VOLUNTEER


def _as(entity: Entity, header: Header) -> _Found:
    return _Found(header.block, header.columns, header.headings, entity)


def _header(table: Table, kind: str | None, renamed: Mapping[str, str] | None) -> _Found | None:
    entity = BY_NAME.get(kind) or BY_LABEL.get(kind or "") if kind else BY_LABEL.get(heading_key(table.sheet))
    if entity is None:
        return _by_headings(table, renamed)
    header = heads.find(table, entity, renamed)
    if header is None:
        names = "、".join(h for h, f, _ in entity.columns if f.required)
        raise FileTrouble(f"工作表“{table.sheet}”里没有找到表头。表头中至少要有：{names}")
    return _as(entity, header)


def _lower_header(table: Table, kind: str | None, renamed: Mapping[str, str] | None) -> _Found | None:
    """A further table on a sheet: its headings say what it is; the sheet's name speaks for the first one alone."""
    found = _by_headings(table, renamed)
    return found if found is not None else _header(table, kind, renamed)


def _by_headings(table: Table, renamed: Mapping[str, str] | None) -> _Found | None:
    among = heads.blocks(table)
    scored = []
    for entity in SHEETS:
        header = heads.find(table, entity, renamed, among)
        if header is None:
            continue
        hits = len(header.columns)
        used = set(header.columns.values())
        if entity in ROSTER:
            used |= {i for other in ROSTER for i in heads.match(header.block, other, renamed).columns.values()}
        strangers = sum(1 for i, h in enumerate(header.headings) if h and i not in used)
        if required(entity) <= header.columns.keys() and 2 <= hits >= strangers:
            scored.append((hits - strangers, hits, _as(entity, header)))
    if not scored:
        return None
    scored.sort(key=lambda s: s[:2], reverse=True)
    if len(scored) > 1 and scored[0][:2] == scored[1][:2]:
        if scored[0][2].entity in ROSTER and scored[1][2].entity in ROSTER:
            return scored[0][2]  # the one sheet feeds both
        names = "”或“".join(s.entity.label for _, _, s in scored[:2])
        raise FileTrouble(f"分不清工作表“{table.sheet}”是“{names}”。请把工作表改成其中一个名字，或用 --sheet 指明")
    return scored[0][2]


def _records(header: _Found, renamed: Mapping[str, str] | None) -> tuple[list[_Found], tuple[str, ...]]:
    """Return all the records a table of people feeds, and what is missing for those it nearly feeds."""
    if header.entity not in ROSTER:
        return [header], ()
    taken = {header.entity.name: header}
    claims = {i: heading for heading, i in header.columns.items()}
    short: list[tuple[Entity, set[str], dict[str, int]]] = []
    for entity in ROSTER:
        if entity is header.entity:
            continue
        other = heads.match(header.block, entity, renamed)
        # A column means one thing: what the main record reads otherwise is not offered to another one.
        columns = {h: i for h, i in other.columns.items() if claims.get(i, h) == h}
        if missing := required(entity) - columns.keys():
            short.append((entity, missing, columns))
            continue
        taken[entity.name] = _Found(other.block, columns, other.headings, entity)
        claims = {i: h for h, i in columns.items()} | claims
    hints = []
    for entity, missing, columns in short:
        wasted = [h for h, i in columns.items() if i not in claims and h != "备注"]
        if wasted:
            lacks = "”“".join(h for h, _, _ in entity.columns if h in missing)
            hints.append(
                f"表中有“{'”“'.join(wasted)}”，但没有“{lacks}”列，所以没有导入“{entity.label}”；补上这一列后可以再导入一次"
            )
    return [taken[e.name] for e in ENTITIES if e.name in taken], tuple(hints)


def _mapped(table: Table, headers: Sequence[_Found], renamed: Mapping[str, str] | None) -> list[Mapped]:
    """Take the data rows below the headings, once for all the records they feed."""
    block = headers[0].block
    columns = {i for header in headers for i in header.columns.values()}
    needed = [i for h, i in headers[0].columns.items() if h in required(headers[0].entity)]
    repeats = {_keys(row) for _, row in table.rows[block.first : block.last + 1]}
    begins = {keys[0] for keys in repeats}
    rows, feet, again = [], 0, 0
    for number, row in table.rows[block.last + 1 :]:
        if _is_foot(row, needed):
            feet += 1
        elif _first_key(row) in begins and _keys(row) in repeats:
            again += 1
        elif any(not is_blank(row[i]) for i in columns if i < len(row)):
            rows.append((number, row))
    notes = table.notes
    if feet:
        notes += (f"跳过 {feet} 行合计或签字行",)
    if again:
        notes += (f"跳过 {again} 行重复的表头",)
    notes += _fill_merged(table, headers, rows)
    words = _words(headers)
    guessed = [
        f"“{words[i].strip()}”按“{ours}”"
        for i, ours in {i: h for header in reversed(headers) for h, i in header.columns.items()}.items()
        if heads.bare(heading_key(words[i])) != heads.bare(heading_key(ours))
    ]
    if guessed:
        notes += (f"按意思认出的列：{'、'.join(guessed)}",)
    unknown = tuple(h for i, h in enumerate(words) if h and i not in columns and heading_key(h) != REASON_HEADING)
    found = []
    for n, header in enumerate(headers):
        own, spared = _own_rows(header, headers, rows)
        more = (f"{spared} 行没有填写“{header.entity.label}”的内容，这些行不涉及",) if spared else ()
        found.append(
            Mapped(
                table, header.entity, table.rows[block.last][0], words, header.columns, own,
                () if n else unknown, more if n else notes + more,
            )
        )  # fmt: skip
    return found


def _words(headers: Sequence[_Found]) -> list[str]:
    """The headings as they are shown and written back: each in the form by which it was recognised."""
    words = list(headers[0].headings)
    for header in headers[1:]:
        for i in header.columns.values():
            words[i] = header.headings[i]
    first = headers[0]
    for i in first.columns.values():
        words[i] = first.headings[i]
    return words


def _own_rows(
    header: _Found, headers: Sequence[_Found], rows: list[tuple[int, list[Cell]]]
) -> tuple[list[tuple[int, list[Cell]]], int]:
    """The rows that say anything about a record, and how many do not: not everyone has a team or a policy."""
    if len(headers) == 1 or header.entity is VOLUNTEER:
        return rows, 0
    others = {i for h in headers if h is not header for i in h.columns.values()}
    shared = {"姓名", "证件号码"} | ({"队伍名称"} if header.entity is COVERAGE else set())
    special = [i for h, i in header.columns.items() if h not in shared and (i not in others or h == "队伍名称")]
    own = [(number, row) for number, row in rows if any(i < len(row) and not is_blank(row[i]) for i in special)]
    return own, len(rows) - len(own)


def _fill_merged(table: Table, headers: Sequence[_Found], rows: list[tuple[int, list[Cell]]]) -> tuple[str, ...]:
    """Write a vertically merged cell's value into the rows it covers; amounts and counts are never multiplied."""
    kinds = {i: (h, header.entity) for header in headers for h, i in header.columns.items()}
    numbers = [number for number, _ in rows]
    copied: set[int] = set()  # rows already made our own
    looked = 0
    filled: dict[str, int] = {}
    left_alone: dict[str, int] = {}
    for merge in table.merges:
        if merge.bottom == merge.top or merge.left not in kinds or not numbers or merge.bottom < numbers[0]:
            continue
        start, end = bisect_left(numbers, merge.top), bisect_left(numbers, merge.bottom + 1)
        if start >= len(numbers) or numbers[start] != merge.top or end - start < 2:
            continue
        heading, entity = kinds[merge.left]
        value = rows[start][1][merge.left] if merge.left < len(rows[start][1]) else None
        if is_blank(value):
            continue
        looked += end - start
        if looked > _MOST_FILLED:
            raise FileTrouble(
                f"工作表“{table.sheet}”的合并单元格互相重叠，读不出来。没有导入任何内容；请取消合并单元格，逐行填写后再导入"
            )
        f = next(f for h, f, _ in entity.columns if h == heading)
        amount = isinstance(f.kind, Money | Hours | Count)
        for at in range(start + 1, end):
            number, row = rows[at]
            if merge.left < len(row) and not is_blank(row[merge.left]):
                continue
            if amount:
                left_alone[heading] = left_alone.get(heading, 0) + 1
                continue
            if at not in copied:
                copied.add(at)
                row = list(row)
            row.extend([None] * (merge.left + 1 - len(row)))
            row[merge.left] = value
            rows[at] = (number, row)
            filled[heading] = filled.get(heading, 0) + 1
    notes = tuple(f"“{h}”列有合并单元格，已把合并的内容填到它所跨的其余 {n} 行" for h, n in filled.items())
    return notes + tuple(
        f"“{h}”列有合并单元格，跨的其余 {n} 行按空白处理；数量和金额不重复计入，请分行填写"
        for h, n in left_alone.items()
    )


def _keys(row: Sequence[Cell]) -> tuple[str, ...]:
    return tuple(heading_key(cell_text(c)) for c in row if not is_blank(c))


def _first_key(row: Sequence[Cell]) -> str:
    first = next((c for c in row if not is_blank(c)), None)
    return heading_key(first) if isinstance(first, str) and len(first) < 100 else ""


def _is_foot(row: Sequence[Cell], needed: Sequence[int]) -> bool:
    """A total or signature line: its first text says so and its required cells are mostly blank."""
    at, first = next(((i, c) for i, c in enumerate(row) if not is_blank(c)), (0, None))
    if not isinstance(first, str) or len(first) > 200:
        return False
    blank = sum(1 for i in needed if i == at or i >= len(row) or is_blank(row[i]))
    return 2 * blank >= len(needed) and bool(_FOOT.match(plain(first)))
