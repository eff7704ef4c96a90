"""The rows of a table below its headings: totals, repeated headings and group lines told apart, merged cells filled in."""

import re
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from db.records.amounts import Count, Hours, Money
from db.records.entities import COVERAGE, FUND_ENTRY, MEMBERSHIP, TEAM, VOLUNTEER
from db.records.fields import Entity, Remark
from db.records.kinds import Cell, cell_text, is_blank, plain
from forms.columns.headings import Found, bare, has_data, heading_key, match, recognised, required
from forms.columns.row_values import carry_down, give_ends
from forms.columns.standing import by_row, look
from forms.columns.tallies import stated
from forms.columns.units import give_units
from forms.errors import FileTrouble
from forms.reading.table import Table

REASON_HEADING = "问题说明"  # the last column of an error workbook; never taken for data
ROSTER = (VOLUNTEER, MEMBERSHIP, COVERAGE)  # what one row about a person may feed

_TOLD = (
    ("synonym", "按意思认出的列"), ("content", "按内容认出的列"), ("remembered", "上次这样对应的列"), ("chosen", "按指定对应的列"),
)  # fmt: skip
_MOST_FILLED = 3_000_000  # cells covered by merged ones
_FOOT = re.compile(
    r"^((本[页月季年]|本季度|本年度|收入|支出|全[县市区])?(合计|总计|小计|累计|共计|总和|汇总)(\d*人|\(.*\))?|说明|备注|注|以上[合共总]?计?\d+[人条名].{0,10}|年月日|共\d+[人条行]|第\d+页.*)([::].*)?$"
    r"|^(制表|审核|填报|填表|经办|复核|统计|录入|校对|审批)(人|者)?(签[字名])?[::]|^.{2,30}[(](盖章|公章|签章)[)]$"
    r"|^(填表人|制表人|审核人|填报人|经办人|复核人|单位负责人|负责人签字|负责人[:]|分管领导|填报单位|填报日期|填报时间|填表日期|制表日期|单位\(?盖章|\(?盖章)"
)
# A line of nothing but sums, wherever its word stands; and what a bookkeeper writes at the end of a month or a page.
_TOTAL = re.compile(r"[^::]{0,20}?(合计|总计|小计|累计|共计|总和|汇总|计数)(\d*人|\(.*\))?[::]?")
_CARRIED = re.compile(
    r"(本[日页月季年期]|本季度|本年度|全年)?(合计|累计|小计|总计|发生额)((及|和)?(累计|余额|合计))?|[承转]前页|过次页|[月季年]结"
)
_SUM = re.compile(r"[-+¥]?[\d,.]+(元|人|人次|小时|毫升|份|名|次)?|[-/—]+")
# Rows below the headings that show how to fill the table in.
_EXAMPLE = re.compile(r"[(【\[]?(填写|填报)?(示例|样例|范例|例)\d?([::)】\]].*)?")
_DEMAND = re.compile(
    r"必填|选填|可不填|填写|格式|下拉|^(万?元|小时|分钟|学时|人|人次|人份|岁|名|个|次|毫升|ml|年[-/.]?月[-/.]?日)$"
)
_SIGNED = re.compile(
    r"(单位|主要)?(填表|制表|审核|填报|经办|复核|负责|联系)人(签[字名])?[:]|(联系)?电话[:]|(填表|制表|填报|报送|上报)?(日期|时间)[:]|.{0,6}[(]?(盖章|公章|签字|签名)[):]"
)
_TEAM = "队伍名称"
_GROUP = re.compile(
    r"(?P<number>(第?[一二三四五六七八九十\d]{1,3}[、.::]|[((][一二三四五六七八九十\d]{1,3}[))]))?"
    r"(?P<said>(所属|所在)?(志愿服务)?(队伍|分组|组别|队名)(名称)?[:])?(?P<name>[^::,;]{2,30}?)([((](共|合计)?\d+[人名]?[))]|(共|合计)\d+[人名])?[:]?"
)
_TEAM_WORD = re.compile(r"(队|组|分会|协会|服务站|之家)$")


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
    remarks: Mapping[int, Sequence[Remark]] = field(default_factory=dict)  # by the number of the row
    ends: frozenset[int] = frozenset()  # the rows that only say when something ended that is there already

    def cells(self, row: Sequence[Cell]) -> dict[str, Cell]:
        """Return one row by canonical heading."""
        width = len(row)
        return {heading: row[i] if i < width else None for heading, i in self.columns.items()}


def take_rows(
    table: Table, headers: Sequence[Found], reasons: Sequence[str], *, keep_struck: bool = False
) -> list[Mapped]:
    """Take the data rows below the headings, once for all the records they feed.

    `reasons` says for each column why it is read as it is; a column taken by its meaning is told.
    """
    block = headers[0].block
    columns = {i for header in headers for i in header.columns.values()}
    needed = [i for h, i in headers[0].columns.items() if h in required(headers[0].entity)]
    repeats = {_keys(row) for _, row in table.rows[max(block.first, 0) : block.last + 1]}
    begins = {keys[0] for keys in repeats if keys}
    grouped = _Groups(headers, needed, len(headers[0].headings))
    main = headers[0]
    sums = [i for h, i in headers[0].columns.items() if headers[0].entity is FUND_ENTRY and h in ("摘要", "科目")]
    rows: list[tuple[int, list[Cell]]] = []
    feet = again = shown = 0
    totals: list[list[Cell]] = []
    below = table.rows[block.last + 1 :]
    if _are_plain_data(below, needed, repeats):
        rows, below = below, []
    for number, row in below:
        at, first = first_cell(row)
        if _is_foot(row, at, first, needed) or (sums and any(i < len(row) and _is_carried(row[i]) for i in sums)):
            feet += 1
            totals += [row] if is_total(row, at) else []
        elif _shows_how(row, first, is_top=number == below[0][0]):
            shown += 1
        elif (
            isinstance(first, str) and len(first) < 100 and _heads_again(row, heading_key(first), begins, repeats, main)
        ):
            again += 1
        elif grouped.names(row):
            continue
        elif at in columns or any(not is_blank(row[i]) for i in columns if i < len(row)):
            rows.append((number, grouped.fill(row)))
    headers = grouped.headers()
    columns = {i for header in headers for i in header.columns.values()}
    notes = table.notes + grouped.notes()
    if lost := sum(1 for _, row in table.rows[: max(block.first, 0)] if _is_full(row)):
        notes += (f"表头上方有 {lost} 行像是内容，没有读取；请核对",)
    if feet:
        notes += (f"跳过 {feet} 行合计或签字行",)
    if again:
        notes += (f"跳过 {again} 行重复的表头",)
    if shown:
        notes += (f"跳过 {shown} 行填写要求或示例",)
    notes += _fill_merged(table, headers, rows)
    words = headers[0].headings
    notes += carry_down(rows, words)
    above = [row for _, row in table.rows[: max(block.first, 0)]]
    left_out = frozenset(i for i, r in enumerate(reasons) if r == "chosen" and i not in columns)
    headers, standing = look(table, headers, rows, words, left_out, above, keep_struck)
    notes += (*standing.notes, *give_ends(rows, headers))
    fields = {i: f for header in reversed(headers) for h, f, _ in header.entity.readable for i in _at(header, h)}
    notes += give_units(rows, fields, words, above)
    notes += tuple(stated(headers, totals, rows))
    for code, said in _TOLD:
        told = [
            f"“{''.join(words[i].split()) or f'第 {i + 1} 列'}”按“{ours}”"
            for i, ours in {i: h for header in reversed(headers) for h, i in header.columns.items()}.items()
            if i < min(len(reasons), len(words))
            and reasons[i] == code
            and bare(heading_key(words[i])) != bare(heading_key(ours))
        ]
        if told:
            notes += (f"{said}：{'、'.join(told)}",)
    unknown = tuple(
        re.sub(r"\s*\n\s*", "", h) for i, h in enumerate(words)
        if h and i not in columns | standing.understood and heading_key(h) != REASON_HEADING and not _is_covered(i, words, columns, rows)
    )  # fmt: skip
    found = []
    for n, header in enumerate(headers):
        own, spared = _own_rows(header, headers, rows)
        more = (
            (f"{spared} 行没有填写“{header.entity.label}”的内容，这些行不生成“{header.entity.label}”",)
            if spared
            else ()
        )
        found.append(
            Mapped(
                table, header.entity, table.rows[block.last][0] if block.last >= 0 else 0, words, header.columns, own,
                () if n else unknown, more if n else notes + more, by_row(standing.remarks[header.entity.name]), standing.ends,
            )
        )  # fmt: skip
    return found


def _is_full(row: Sequence[Cell]) -> bool:
    """Whether a row above the headings is no title: it has days or long numbers among several cells."""
    return sum(not is_blank(c) for c in row) > 3 and has_data(row)


def _heads_again(
    row: Sequence[Cell], key: str, begins: Collection[str], repeats: Collection[tuple[str, ...]], header: Found
) -> bool:
    """Whether a row that begins with `key` is the headings once more, in the same words or in others."""
    if key in begins and _keys(row) in repeats:
        return True
    known = recognised(header.entity.name)
    if key not in known and bare(key) not in known:
        return False
    there = {
        h: heading_key(cell_text(row[i])) for h, i in header.columns.items() if i < len(row) and not is_blank(row[i])
    }
    return len(there) > 2 and all(h == (known.get(k) or known.get(bare(k))) for h, k in there.items())


def _at(header: Found, heading: str) -> list[int]:
    return [header.columns[heading]] if heading in header.columns else []


def _is_covered(i: int, words: Sequence[str], columns: Collection[int], rows: Sequence[tuple[int, list[Cell]]]) -> bool:
    """Whether a column without a cell only has a heading because the one on its left is merged into it."""
    return i - 1 in columns and words[i] == words[i - 1] and all(i >= len(row) or is_blank(row[i]) for _, row in rows)


def is_total(row: Sequence[Cell], at: int) -> bool:
    """Whether a row is a word for a total, of a group it may be, and sums; `at` is where its first cell stands."""
    first = row[at]
    if not isinstance(first, str) or not ("计" in first or "总" in first) or not _TOTAL.fullmatch(plain(first)):
        return False
    rest = [c for c in row[at + 1 :] if not is_blank(c)]
    return all(_SUM.fullmatch(plain(cell_text(c))) for c in rest)


def is_team_name(text: str) -> bool:
    """Whether a text reads like a team's name: it ends as those do, and has neither number nor mark."""
    return bool(re.fullmatch(r"[\u4e00-\u9fff]{3,20}", text) and _TEAM_WORD.search(text))


def is_team_line(row: Sequence[Cell]) -> bool:
    """Whether a row inside a table names the team of the rows below it."""
    texts = [c for c in row if not is_blank(c)]
    found = _GROUP.fullmatch(plain(texts[0])) if len(texts) == 1 and isinstance(texts[0], str) else None
    return found is not None and _TEAM_WORD.search(found["name"]) is not None


class _Groups:
    """Lines inside a table that name the team of the rows below: “二、水上救援队（12人）”."""

    def __init__(self, headers: Sequence[Found], needed: Sequence[int], width: int) -> None:
        self._headers = list(headers)
        self._needed = needed
        self._own = next((h.columns[_TEAM] for h in headers if _TEAM in h.columns), None)
        self._able = any(heading == _TEAM for h in headers for heading, _, _ in h.entity.columns) or any(
            h.entity is VOLUNTEER for h in headers
        )
        self._able = self._able and all(h.entity is not TEAM for h in headers)
        self._column = width if self._own is None else self._own
        self._name = ""
        self.lines = self.filled = 0

    def names(self, row: Sequence[Cell]) -> bool:
        """Whether a row is such a line; the rows that follow belong to the team it names."""
        if not self._able:
            return False
        filled = 0
        for i in self._needed:
            filled += i < len(row) and not is_blank(row[i])
            if filled > 1:
                return False
        texts = [c for c in row if not is_blank(c)]
        if len(texts) != 1 or not isinstance(texts[0], str) or len(texts[0]) > 40:
            return False
        found = _GROUP.fullmatch(plain(texts[0]))
        if not found or not (found["number"] or found["said"] or _TEAM_WORD.search(found["name"])):
            return False
        self._name = found["name"] if _TEAM_WORD.search(found["name"]) else ""
        self.lines += 1
        return True

    def fill(self, row: list[Cell]) -> list[Cell]:
        """Return a row with the team of its group, where it names none itself."""
        if not self._name or (self._column < len(row) and not is_blank(row[self._column])):
            return row
        self.filled += 1
        row = row + [None] * (self._column + 1 - len(row))
        row[self._column] = self._name
        return row

    def headers(self) -> list[Found]:
        """Return the headings, with the team's column where the table has none of its own."""
        if self._own is not None or not self.filled:
            return self._headers
        words = [*self._headers[0].headings, _TEAM]
        found = []
        for h in [*self._headers, *self._more()]:
            able = any(heading == _TEAM for heading, _, _ in h.entity.columns)
            columns = h.columns | ({_TEAM: self._column} if able else {})
            found.append(replace(h, columns=columns, headings=words))
        return [h for h in found if h.entity is found[0].entity or required(h.entity) <= h.columns.keys()]

    def _more(self) -> list[Found]:
        """The membership that the table feeds now that its team is known."""
        main = self._headers[0]
        if main.entity is not VOLUNTEER or any(h.entity is MEMBERSHIP for h in self._headers):
            return []
        return [match_record(main, MEMBERSHIP)]

    def notes(self) -> tuple[str, ...]:
        """Say what was done."""
        if not self.lines:
            return ()
        if not self.filled:
            return (f"跳过 {self.lines} 行分组标题",)
        return (f"{self.lines} 行分组标题作为“{_TEAM}”填到下面的 {self.filled} 行",)


def match_record(header: Found, entity: Entity) -> Found:
    """Read the same headings as another record."""
    other = match(header.block, entity)
    claims = {i: h for h, i in header.columns.items()}
    columns = {h: i for h, i in other.columns.items() if claims.get(i, h) == h}
    return Found(header.block, columns, header.headings, entity)


def _own_rows(
    header: Found, headers: Sequence[Found], rows: list[tuple[int, list[Cell]]]
) -> tuple[list[tuple[int, list[Cell]]], int]:
    """The rows that say anything about a record, and how many do not: not everyone has a team or a policy."""
    if len(headers) == 1 or header.entity is VOLUNTEER:
        return rows, 0
    others = {i for h in headers if h is not header for name, i in h.columns.items() if name in h.own}
    shared = {"姓名", "证件号码"} | ({"队伍名称"} if header.entity is COVERAGE else set())
    special = [
        i
        for h, i in header.columns.items()
        if h in header.own and h not in shared and (i not in others or h == "队伍名称")
    ]
    own = [(number, row) for number, row in rows if any(i < len(row) and not is_blank(row[i]) for i in special)]
    return own, len(rows) - len(own)


def _fill_merged(table: Table, headers: Sequence[Found], rows: list[tuple[int, list[Cell]]]) -> tuple[str, ...]:
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
        f = next(f for h, f, _ in entity.readable if h == heading)
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


def _are_plain_data(
    rows: Sequence[tuple[int, Sequence[Cell]]], needed: Sequence[int], repeats: set[tuple[str, ...]]
) -> bool:
    """Whether all rows are data, proved by column: what must be there are numbers and days, written in ASCII.

    No foot, no group line and no heading has those, so that none of a long list need be looked at by itself.
    """
    if len(needed) < 3 or any(key.isascii() for keys in repeats for key in keys):
        return False
    try:
        columns = [[row[i] for _, row in rows] for i in needed[1:]]
        together = ["".join(column) for column in columns]  # type: ignore[arg-type]
        return all(t.isascii() and t.isprintable() for t in together) and all(all(map(str.strip, c)) for c in columns)  # type: ignore[arg-type]
    except (IndexError, TypeError):  # a short row, or a cell that is no text
        return False


def _keys(row: Sequence[Cell]) -> tuple[str, ...]:
    return tuple(heading_key(cell_text(c)) for c in row if not is_blank(c))


def first_cell(row: Sequence[Cell]) -> tuple[int, Cell]:
    """Return where the first cell stands that is not blank, and the cell."""
    for i, cell in enumerate(row):
        if not is_blank(cell):
            return i, cell
    return -1, None


def _is_signed(cell: Cell) -> bool:
    if not isinstance(cell, str) or cell.isascii():  # as numbers and dates are; a signature's words are not
        return False
    return len(cell) < 100 and _SIGNED.match(plain(cell)) is not None


def _is_foot(row: Sequence[Cell], at: int, first: Cell, needed: Sequence[int]) -> bool:
    """A total or signature line: its first text says so, and its required cells are mostly blank or say so too."""
    if not isinstance(first, str) or len(first) > 200:
        return False
    if is_total(row, at):
        return True
    blank = 0
    for i in needed:
        blank += i == at or i >= len(row) or is_blank(row[i]) or _is_signed(row[i])
    return 2 * blank >= len(needed) and bool(_FOOT.match(plain(first)))


def _is_carried(cell: Cell) -> bool:
    return isinstance(cell, str) and len(cell) < 20 and _CARRIED.fullmatch(plain(cell)) is not None


def _shows_how(row: Sequence[Cell], first: Cell, *, is_top: bool) -> bool:
    """Whether a row shows how to fill the table in: an example that says so, or what is wanted below each heading."""
    if isinstance(first, str) and "例" in first and len(first) < 60 and _EXAMPLE.fullmatch(plain(first)):
        return True
    if not is_top:
        return False
    texts = [c for c in row if not is_blank(c)]
    if _counts_columns([plain(cell_text(c)) for c in texts]):
        return True
    if len(texts) < 2 or not all(isinstance(c, str) for c in texts):
        return False
    return 2 * sum(_DEMAND.search(plain(str(c))) is not None for c in texts) >= len(texts)


def _counts_columns(texts: Sequence[str]) -> bool:
    """Whether a row numbers the columns, as forms of the authorities do: 栏次, 甲, 乙, 1, 2, 3."""
    numbers = [t for t in texts if t not in ("栏次", "甲", "乙", "丙", "丁")]
    return len(texts) > 2 and len(numbers) > 1 and numbers == [str(n) for n in range(1, len(numbers) + 1)]
