"""Heading rows: other offices' words, one to three rows of headings, merged group heads, and several tables on a sheet."""

import datetime as dt
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property

import resources
from db.records.entities import ATTENDANCE, COVERAGE, MEMBERSHIP, SERVICE_RECORD, SHEETS, VOLUNTEER
from db.records.fields import Entity
from db.records.kinds import Cell, cell_text, is_blank, plain
from forms.reading.sheet_shape import Merge
from forms.reading.table import Table

SEARCHED_ROWS = 40
_SERIAL = ("序号", "序", "no", "no.", "行号", "顺序号", "项次", "名次", "排名")
JOINED = "入队日期"
_DEEPEST = 3  # rows of headings
_MOST_TABLES = 200  # on one sheet
_DATA = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?.{0,10}|[\d-]{7,20}X?", re.IGNORECASE)
_BEFORE = re.compile(
    r"^[★☆▲△※●■◆#]*([(\[【〔](必填|选填|必录)项?[)\]】〕])?"
    r"([(]?\d{1,2}[.、)]?(?=[^\d.年月日])|[一二三四五六七八九十]{1,3}、)?"
)
_BEHIND = re.compile(r"[(\[【〔].*[)\]】〕]$|/元$|(?<=[\u4e00-\u9fff])/?[a-z][a-z.]{2,}$")
_SIMPLIFIED = str.maketrans(
    "別證証號碼聯繫係電話隊時間註冊類編單總稱職務長訓練課學員險費額開結終備說領場點內動辦級黨發獻"
    "數標區劃鎮鄉願紅會護監國體構團組織記錄實憑據項來資與齡歲狀態啟機關歸屬農題報養責現計獲業處產貨幣應變範圍繳納參贈從師導審後週",
    "别证证号码联系系电话队时间注册类编单总称职务长训练课学员险费额开结终备说领场点内动办级党发献"
    "数标区划镇乡愿红会护监国体构团组织记录实凭据项来资与龄岁状态启机关归属农题报养责现计获业处产货币应变范围缴纳参赠从师导审后周",
)
_OTHER_PEOPLE = re.compile("紧急|监护|家属|家长|配偶")  # a name or phone below such a head is not the volunteer's own


def heading_key(text: str) -> str:
    """Return a heading as it is compared: half-width, small letters, simplified characters, no white space, no star."""
    key = plain(text).strip("*:?").replace("*", "")
    return key.lower() if key.isascii() else key.lower().translate(_SIMPLIFIED)


def bare(key: str) -> str:
    """A heading without its number, and without the unit, the accepted values or the English behind it."""
    return _BEHIND.sub("", _BEFORE.sub("", key))


@cache
def _content() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(resources.path("synonyms.toml").read_text(encoding="utf-8"))


@cache
def usual() -> frozenset[str]:
    """Return what lists of people usually say besides, as headings are compared."""
    return frozenset(heading_key(word) for word in _content()["person"]["usual"])


@cache
def synonyms(record: str) -> dict[str, list[str]]:
    """Return other offices' words for a record's headings: canonical heading → words."""
    content = _content()
    own = dict(content.get(record, {}))
    taken = {heading_key(word) for words in own.values() for word in words}
    for heading, words in content["any"].items():
        own[heading] = own.get(heading, []) + [word for word in words if heading_key(word) not in taken]
    return {str(heading): [str(word) for word in words] for heading, words in own.items()}


@cache
def recognised(record: str) -> dict[str, str]:
    """Every spelling of an entity's headings: compared form → canonical heading. Our own words win over others'."""
    entity = next(e for e in SHEETS if e.name == record)
    found: dict[str, str] = {}
    ours = [heading for heading, _, _ in entity.readable]
    for heading, others in synonyms(entity.name).items():
        if heading in ours:
            found |= {heading_key(word): heading for word in others}
    for heading in ours:
        found[bare(heading_key(heading))] = heading
    for heading in ours:
        found[heading_key(heading)] = heading
    return found


def is_serial(heading: str) -> bool:
    """Whether a heading only counts the rows."""
    return bare(heading_key(heading)) in _SERIAL


@cache
def _all_words() -> frozenset[str]:
    return frozenset(word for entity in SHEETS for word in recognised(entity.name))


def _known(renamed: Mapping[str, str] | None) -> frozenset[str]:
    return _all_words() | {heading_key(w) for w in renamed} if renamed else _all_words()


def required(entity: Entity, given: Collection[str] = ()) -> set[str]:
    """Return the headings without which a sheet cannot feed a record; `given` ones may stand for others."""
    needed = {heading for heading, f, _ in entity.columns if f.required and f.default is None}
    if entity.sides is not None and any(heading in given for heading, _ in entity.sides.columns):
        needed -= {entity[name].label for name in (entity.sides.choice, entity.sides.amount)}
    if entity is VOLUNTEER and JOINED in given:
        needed -= {"登记日期"}  # taken from there (data contract, section 2)
    # A name alone says who is meant where the team is known, or a phone or birth date beside it (the same section).
    in_team = "队伍名称" in given or (entity is ATTENDANCE and "培训编号" in given)
    if entity in (ATTENDANCE, SERVICE_RECORD, COVERAGE) and "姓名" in given and in_team:
        needed -= {"证件号码"}
    if entity is MEMBERSHIP and {"姓名", "队伍名称", JOINED} <= set(given):
        needed -= {"证件号码"}
    if entity is VOLUNTEER and JOINED in given and ("手机号码" in given or "出生日期" in given):
        needed -= {"证件号码"}
    return needed


def names_people(entity: Entity) -> bool:
    """Whether each row of a record is about one person, named and numbered."""
    return {"姓名", "证件号码"} <= required(entity)


def one_amount(entity: Entity, columns: dict[str, int]) -> dict[str, int]:
    """Leave out what says the same twice: two sides where there is a column of amounts, what they say where there is none."""
    if entity.sides is None:
        return columns
    choice, amount = entity[entity.sides.choice].label, entity[entity.sides.amount].label
    sides = {heading for heading, _ in entity.sides.columns}
    if not sides & columns.keys():
        return columns
    return {h: i for h, i in columns.items() if h not in (sides if amount in columns else {choice})}


@dataclass(frozen=True)
class Block:
    """One to three neighbouring rows that may be headings; `texts` are each column's, top to bottom."""

    first: int  # index of the first and of the last row among the table's rows
    last: int
    texts: tuple[tuple[str, ...], ...]

    @property
    def rank(self) -> tuple[int, int]:
        """Of blocks that say as much, the one with the greatest: what ends first, so that no row above is lost, then what
        begins last, so that no title is taken in."""
        return -self.last, self.first

    @cached_property
    def readings(self) -> list[list[tuple[str, str, str]]]:
        """Each column's readings that need no guess, then that of its last text: (text, compared form, bare form).

        Every record is looked for in every block: the forms are made once.
        """
        found = []
        for texts in self.texts:
            keys = [(text, heading_key(text)) for text in (*_whole(texts), *texts[-1:])]
            found.append([(text, key, bare(key)) for text, key in keys])
        return found


@dataclass(frozen=True)
class Header:
    """A heading block as one record reads it. `columns` maps a canonical heading to the index of the column."""

    block: Block
    columns: dict[str, int]
    headings: list[str]


@dataclass(frozen=True)
class Found(Header):
    """Headings and the record they are read as; some columns may be of another record, whose words on the row it needs."""

    entity: Entity = VOLUNTEER

    @cached_property
    def own(self) -> frozenset[str]:
        """The headings of the record itself."""
        return frozenset(h for h, _, _ in self.entity.readable)


def blocks(table: Table, searched: int = SEARCHED_ROWS) -> list[Block]:
    """Return every block of rows near the top that may be the headings. A block never cuts a merged cell in two."""
    rows = table.rows
    top = [m for m in table.merges if m.bottom - m.top < _DEEPEST and (m.bottom > m.top or m.right > m.left)]
    starts = {number for number, _ in rows[: searched + _DEEPEST]}
    top = [m for m in top if m.top in starts][:2000]
    found = []
    for first in range(min(searched, len(rows))):
        for last in range(first, min(first + _DEEPEST, len(rows))):
            if last > first and (rows[last][0] - rows[last - 1][0] > 2 or has_data(rows[last - 1][1])):
                break
            numbers = [number for number, _ in rows[first : last + 1]]
            beyond = rows[last + 1][0] if last + 1 < len(rows) else None
            inside = [m for m in top if m.top in numbers]
            if beyond is not None and any(m.bottom >= beyond for m in inside):
                continue
            if any(m.top < numbers[0] <= m.bottom for m in top):
                break
            lines = [_texts(row) for _, row in rows[first : last + 1]]
            _spread(lines, numbers, inside)
            width = max(len(line) for line in lines)
            columns = tuple(
                tuple(dict.fromkeys(line[i] for line in lines if i < len(line) and line[i])) for i in range(width)
            )
            found.append(Block(first, last, columns))
    return found


def has_data(row: Sequence[Cell]) -> bool:
    """Whether a row holds a day, or a number as long as those of documents and phones: it heads nothing."""
    return any(isinstance(c, dt.date) or (not is_blank(c) and _DATA.fullmatch(plain(cell_text(c)))) for c in row)


def _texts(row: Sequence[Cell]) -> list[str]:
    return ["" if is_blank(c) else cell_text(c) for c in row]


def _spread(lines: list[list[str]], numbers: Sequence[int], merges: Iterable[Merge]) -> None:
    """Write a merged cell's text into all the cells it covers."""
    for merge in merges:
        at = numbers.index(merge.top)
        text = lines[at][merge.left] if merge.left < len(lines[at]) else ""
        if not text:
            continue
        right = min(merge.right, merge.left + 200)
        for line, number in zip(lines, numbers, strict=True):
            if merge.top <= number <= merge.bottom:
                line.extend([""] * (right + 1 - len(line)))
                for i in range(merge.left, right + 1):
                    line[i] = line[i] or text


def match(block: Block, entity: Entity, renamed: Mapping[str, str] | None = None) -> Header:
    """Read a block as one record's headings: whole headings first, then the lowest under a group head.

    A column that was `renamed` comes before all others, and is taken for nothing else.
    """
    known = recognised(entity.name)
    columns: dict[str, int] = {}
    headings = [texts[-1] if texts else "" for texts in block.texts]
    passes = [known]
    if renamed:
        own = {h for h, _, _ in entity.readable}
        named = {heading_key(theirs): ours for theirs, ours in renamed.items()}
        passes = [{k: h for k, h in named.items() if h in own}, {k: h for k, h in known.items() if k not in named}]
    for words in passes:
        for i, readings in enumerate(block.readings):
            for text, key, bare_key in readings[:-1]:
                heading = words.get(key) or words.get(bare_key)
                if heading:
                    if heading not in columns and i not in columns.values():
                        columns[heading] = i
                        headings[i] = text
                    break
    used = set(columns.values())
    for i, texts in enumerate(block.texts):
        if len(texts) < 2 or i in used or any(_OTHER_PEOPLE.search(t) for t in texts[:-1]):
            continue
        _, key, bare_key = block.readings[i][-1]
        heading = next((h for words in passes if (h := words.get(key) or words.get(bare_key))), None)
        if heading and heading not in columns:
            columns[heading] = i
    return Header(block, one_amount(entity, columns), headings)


def _whole(texts: Sequence[str]) -> list[str]:
    """The readings of a column's heading that need no guess: alone, or group head and heading together."""
    if len(texts) < 2:
        return list(texts)
    parts = [plain(t) for t in texts]
    return ["".join(parts), "".join(parts[-2:])]


def find(
    table: Table, entity: Entity, renamed: Mapping[str, str] | None = None, among: Sequence[Block] | None = None
) -> Header | None:
    """Find the headings of `entity` in a table, or None.

    `renamed` gives canonical headings for other people's words. Half of the required headings must stand in one block,
    and at least two of ours, unless the record needs but one. Upper blocks win over lower ones, fewer rows over more.
    """
    best: Header | None = None
    for block in blocks(table) if among is None else among:
        found = match(block, entity, renamed)
        needed = required(entity, found.columns)
        hits = len(found.columns)
        enough = 2 * len(needed & found.columns.keys()) >= len(needed) and (hits >= 2 or needed == found.columns.keys())
        if enough and (best is None or _better(found, best)):
            best = found
    return best


def _better(one: Header, other: Header) -> bool:
    return (len(one.columns), *one.block.rank) > (len(other.columns), *other.block.rank)


def split(table: Table, renamed: Mapping[str, str] | None = None) -> list[Table]:
    """Return the tables of a sheet, those side by side first, then those below each other."""
    return [part for side in _side_by_side(table, renamed) for part in _split_down(side, renamed)]


def _side_by_side(table: Table, renamed: Mapping[str, str] | None) -> list[Table]:
    """Cut a sheet between tables that stand beside each other: the same headings again, or another record's.

    Every cell keeps its column; what belongs to another table is blank.
    """
    widest = max((len(row) for _, row in table.rows), default=0)
    for k, (_, row) in enumerate(table.rows[:SEARCHED_ROWS]):
        keys = [heading_key(cell_text(c)) if isinstance(c, str) and len(c) < 60 else "" for c in row]
        starts = repeats(keys) or _gaps(keys, [r for _, r in table.rows[k + 1 : k + 100]])
        if len(starts) < 2:
            continue
        ends = [*starts[1:], widest]
        spans = list(zip(starts, ends, strict=True))
        top = replace(table, rows=table.rows[: k + 6])
        if all(part.rows and _begins(part, renamed) for part in (_only(top, a, b, k) for a, b in spans)):
            parts = [_only(table, a, b, k) for a, b in spans]
            above = table.rows[:k]
            parts[0] = replace(parts[0], rows=above + parts[0].rows, notes=table.notes)
            return parts
    return [table]


def repeats(keys: Sequence[str]) -> list[int]:
    """Where a row of headings begins anew, if it is the same headings several times."""
    first = next((i for i, key in enumerate(keys) if key), None)
    if first is None:
        return []
    starts = [i for i, key in enumerate(keys) if key == keys[first]]
    ends = [*starts[1:], len(keys)]
    groups = [[key for key in keys[a:b] if key] for a, b in zip(starts, ends, strict=True)]
    return starts if len(starts) > 1 and len(groups[0]) > 1 and all(g == groups[0] for g in groups) else []


def _gaps(keys: Sequence[str], below: Sequence[Sequence[Cell]]) -> list[int]:
    """Where groups of headings begin that a wholly blank column parts."""
    blank = [not key and all(i >= len(row) or is_blank(row[i]) for row in below) for i, key in enumerate(keys)]
    starts = [i for i, is_gap in enumerate(blank) if not is_gap and (i == 0 or blank[i - 1])]
    return starts if len(starts) > 1 else []


def _only(table: Table, start: int, end: int, first: int) -> Table:
    """The columns from `start` to `end`, from a row on."""
    rows = []
    for number, row in table.rows[first:]:
        kept: list[Cell] = [*[None] * min(start, len(row)), *row[start:end]]
        while kept and is_blank(kept[-1]):
            kept.pop()
        if kept:
            rows.append((number, kept))
    merges = tuple(m for m in table.merges if start <= m.left < end)
    return replace(
        table, rows=rows, notes=(f"同一工作表右侧的另一个表（从第 {start + 1} 列起）",) if start else (), merges=merges
    )


def _split_down(table: Table, renamed: Mapping[str, str] | None) -> list[Table]:
    """Return the tables that stand below each other on a sheet, each with its own headings and row numbers.

    A new table begins after a blank row (or below a title line) where a whole set of headings of a record follows.
    """
    words = _known(renamed)
    rows = table.rows
    cuts = [0]
    for k in range(1, len(rows)):
        if len(cuts) >= _MOST_TABLES:
            break
        (above, line), (number, _) = rows[k - 1], rows[k]
        if not (number - above > 1 or _is_line(line)) or not _may_begin(rows, k, words):
            continue
        if _begins(replace(table, rows=rows[k : k + 6]), renamed):
            above_it = _header_of(table, rows[cuts[-1] : k], renamed)
            if above_it is not None:  # and no title lines alone
                least = cuts[-1] + above_it.block.last
                cuts.append(_with_title(rows, k, least, set(above_it.columns.values())))
    parts = [rows[a:b] for a, b in zip(cuts, [*cuts[1:], len(rows)], strict=True)]
    return [replace(table, rows=part, notes=table.notes if i == 0 else ()) for i, part in enumerate(parts)]


def _is_line(row: Sequence[Cell]) -> bool:
    """A title or a 填报单位 line: no more than two cells are filled."""
    filled = 0
    for cell in row:
        if cell is not None and ((isinstance(cell, str) and cell[:1].isalnum()) or not is_blank(cell)):
            filled += 1
            if filled > 2:
                return False
    return True


def _may_begin(rows: Sequence[tuple[int, Sequence[Cell]]], k: int, words: frozenset[str]) -> bool:
    """A cheap look: two of anybody's heading words in the first rows from `k`, and text only."""
    for number, row in rows[k : k + 3]:
        if number - rows[k][0] > 2:
            return False
        texts = [c for c in row if not is_blank(c)]
        if not all(isinstance(c, str) and len(c) < 60 for c in texts):
            return False
        hits = 0
        for text in texts:
            key = heading_key(str(text))
            hits += key in words or bare(key) in words
            if hits == 2:
                return True
    return False


def _begins(part: Table, renamed: Mapping[str, str] | None) -> bool:
    """Whether the first row begins headings with everything that some record requires, and they need that row."""
    words = _known(renamed)
    if not any(_words_in(block, words) >= 2 for block in blocks(part, 1)):
        return False  # what no record could be found in: most rows are people's, not headings
    among = blocks(part, _DEEPEST)
    for entity in SHEETS:
        found = find(part, entity, renamed, among)
        whole = found and len(found.columns) >= 2 and required(entity, found.columns) <= found.columns.keys()
        if found and whole and found.block.first == 0:
            return True
    return False


def _words_in(block: Block, words: frozenset[str]) -> int:
    """Return how many columns of a block any record could know."""
    return sum(any(key in words or bare_key in words for _, key, bare_key in readings) for readings in block.readings)


def _header_of(table: Table, rows: list[tuple[int, list[Cell]]], renamed: Mapping[str, str] | None) -> Header | None:
    """Return the headings of what stands above a cut, if it is a table of its own."""
    upper = replace(table, rows=rows[: SEARCHED_ROWS + _DEEPEST])
    among = blocks(upper)
    found = [header for entity in SHEETS if (header := find(upper, entity, renamed, among))]
    return max(found, key=lambda header: len(header.columns), default=None)


def _with_title(rows: Sequence[tuple[int, Sequence[Cell]]], k: int, least: int, columns: Collection[int]) -> int:
    """Move a cut up over the title lines that belong to the table below it.

    `least` is the row of the headings above, `columns` are those that they name: short rows of that table are no titles.
    """
    start = k
    while start - 1 > least and k - start < 3 and _is_line(rows[start - 1][1]):
        start -= 1
        if rows[start][0] - rows[start - 1][0] > 1:
            return start  # a blank row parts it from what stands above
    while start < k and _fills(rows[start][1], columns):
        start += 1
    return start


def _fills(row: Sequence[Cell], columns: Collection[int]) -> bool:
    there = [i for i, cell in enumerate(row) if not is_blank(cell)]
    return (
        len(there) > 1 and all(i in columns for i in there) and not any(":" in plain(cell_text(row[i])) for i in there)
    )
