"""Cross tables: days across the top, people or teams down the side, hours, ticks or amounts in the cells.

One becomes a list with a row for every cell that is filled in. A day that the headings do not give whole is not made up:
a year is taken where title, sheet or file names exactly one, a month alone stays a month and is refused as everywhere.
"""

import datetime as dt
import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from db.records.entities import FUND_ENTRY, SERVICE_RECORD, SHEETS
from db.records.fields import Entity
from db.records.kinds import Cell, cell_text, is_blank, number_text, plain
from forms.columns.constants import says_training
from forms.columns.headings import bare, heading_key, recognised
from forms.columns.proposals import letters, propose
from forms.columns.rows import is_team_line
from forms.errors import FileTrouble
from forms.reading.table import Note, Table
from forms.shapes.form_labels import is_usual

WHERE = "出处"  # the column that says where a row was read

_LOOKED_AT = 15  # rows that may hold the days
_MOST_ROWS, _MOST_COLUMNS, _MOST_CELLS = 5_000, 400, 200_000
_SAMPLE = 30  # rows below the days
_FEWEST, _FEWEST_NUMBERS = 2, 5  # columns of days; of days that are but numbers
_DAY = re.compile(r"(?:(\d{4})[年./-])?(\d{1,2})(?:月|[./-])(\d{1,2})[日号]?(?![\d./-])(.*)", re.DOTALL)
_MONTH = re.compile(r"(\d{4})[年./-](\d{1,2})月?份?|(?:(\d{4})年)?(\d{1,2}|[一二三四五六七八九十]{1,2})月份?")
_DAY_ALONE = re.compile(r"(\d{1,2})[日号]?")
_WEEKDAY = re.compile(r"[(]?(星期|周)[一二三四五六日天][)]?|^[(]?[一二三四五六日天][)]?$")
_TOTAL = re.compile(r".*(合计|总计|小计|累计|共计|总时长|总时数|总小时.*|总数|总次数|总额|平均.*|次数)([(].*[)])?")
_FOOT = re.compile(
    r"(本?[页月季年]?(合计|总计|小计|累计|共计|平均)|说明|备注|注|人数|总?人次)([::(].*)?|(填表|制表|审核|填报|经办|复核|统计|负责)人.*|共\d+人"
)
_LINE = re.compile(
    r"^第?[一二三四五六七八九十\d]{1,3}[、.:]|^[(][一二三四五六七八九十\d]{1,3}[)]|[(].*[)]$|:$"
)  # around a team's name
_NOT_THERE = frozenset("0 / \\ - -- — —— × ✗ ✘ x X 无 缺 缺席 缺勤 未到 未参加 没来 请假 假 事假 病假 否".split())
_TICKS = frozenset("√ ✓ ✔ ☑ 是 到 已到 出席 参加 已参加 签到 已签到 有 1".split())
_OF_MONEY = re.compile("经费|金额|支出|收入|费用|补贴|捐款|拨款|元")
_OF_PRESENCE = re.compile("签到|考勤|出勤|参加(活动)?情况|活动参与|服务(记录|情况)")
_OF_HOURS = re.compile("时长|小时|工时|时数")
_YEAR = re.compile(r"(?<![\d〔(\[])(20\d\d)(?=年|[./-]\d|$|[^\d〕)\]])")
_NUMBERS = {c: n for n, c in enumerate("一二三四五六七八九十", 1)} | {"十一": 11, "十二": 12}


@dataclass(frozen=True)
class _Day:
    """One column: the day its heading gives, as far as it gives one, and what happened then."""

    column: int
    year: int | None
    month: int | None
    day: int | None
    what: str = ""

    def text(self) -> str:
        """The day as it is written into the list: whole, or as far as it is known."""
        if self.year and self.month and self.day:
            return f"{self.year:04d}-{self.month:02d}-{self.day:02d}"
        year, day = (f"{self.year}年" if self.year else ""), (f"{self.day}日" if self.day else "")
        return f"{year}{self.month}月{day}" if self.month else day


@dataclass(frozen=True)
class _Cross:
    """Where everything stands: the rows of headings, the columns of days, and those that are about the person or team."""

    entity: Entity
    top: int  # index of the first row of headings, and of the first one below them
    start: int
    days: tuple[_Day, ...]
    side: dict[int, str]
    totals: tuple[str, ...]
    lost: tuple[int, ...]  # columns whose headings are neither
    notes: tuple[str, ...] = ()


def unfold(table: Table, file: str) -> Table:
    """Return a cross table as a list; any other table as it is."""
    cross = _find(table, file)
    if cross is None or _is_list(table):
        return table
    if cross.entity is SERVICE_RECORD and says_training(table, cross.top):
        return table  # ticks of those who were at a training
    return _Unfolding(table, cross, file).table()


def _is_list(table: Table) -> bool:
    """Whether the table is an ordinary list after all, with everything that a record needs."""
    try:
        found = propose(table)
    except FileTrouble:
        return False
    return any(not p.missing() for p in found)


# Finding it


def _find(table: Table, file: str) -> _Cross | None:
    if not 2 <= len(table.rows) <= _MOST_ROWS:
        return None
    for k, (_, row) in enumerate(table.rows[:_LOOKED_AT]):
        if len(row) > _MOST_COLUMNS:
            return None
        days = _days(row)
        if len(days) * len(table.rows) > _MOST_CELLS:
            return None
        if _are_months_over_days(table, k, days):
            continue
        if len(days) >= _FEWEST and (found := _around(table, file, k, days)) is not None:
            return found
    return next((c for k in range(min(_LOOKED_AT, len(table.rows))) if (c := _activities(table, file, k))), None)


def _are_months_over_days(table: Table, k: int, days: Sequence[_Day]) -> bool:
    """Whether a row of months has the days themselves below it."""
    if not days or any(d.day for d in days) or k + 1 >= len(table.rows):
        return False
    below = _days(table.rows[k + 1][1])
    return len(below) >= _FEWEST and all(d.day for d in below)


def _days(row: Sequence[Cell]) -> list[_Day]:
    """The columns of a row that are headed by days, months, or numbers of days; empty where they do not ascend."""
    found = [day for i, cell in enumerate(row) if (day := _day(i, cell)) is not None]
    if any(d.month for d in found):
        found = [d for d in found if d.month]
        if any(d.day for d in found):
            found = [d for d in found if d.day]
        return found
    numbers = [d.day or 0 for d in found]
    return found if len(found) >= _FEWEST_NUMBERS and all(b - a == 1 or b == 1 for a, b in pairwise(numbers)) else []


def _day(column: int, cell: Cell) -> _Day | None:
    """Read one heading as a day, a month, or the number of a day."""
    if isinstance(cell, dt.date):
        return _Day(column, cell.year, cell.month, cell.day)
    if isinstance(cell, bool) or is_blank(cell) or isinstance(cell, dt.time):
        return None
    text = number_text(cell) if isinstance(cell, int | float) else plain(cell_text(cell))
    if len(text) > 60 or (not text[0].isascii() and text[0] not in _NUMBERS):
        return None
    if found := _DAY_ALONE.fullmatch(text):
        return _Day(column, None, None, int(found[1])) if 1 <= int(found[1]) <= 31 else None
    if found := _MONTH.fullmatch(text):
        year, word = found[1] or found[3], found[2] or found[4]
        month = _NUMBERS.get(word) or (int(word) if word.isdecimal() else 0)
        return _Day(column, int(year) if year else None, month, None) if 1 <= month <= 12 else None
    found = _DAY.fullmatch(text)
    if found is None or (isinstance(cell, float) and found[3] in ("1", "2", "3")):  # 3.1 may be 3.10
        return None
    year, month, day = found[1] or None, int(found[2]), int(found[3])
    try:
        dt.date(int(year or 2000), month, day)
    except ValueError:
        return None
    return _Day(column, int(year) if year else None, month, day, _what(found[4]))


def _what(text: str) -> str:
    return _WEEKDAY.sub("", text).strip("()（）:：-—、,， \n")


def _around(table: Table, file: str, k: int, days: list[_Day]) -> _Cross | None:
    """Find whom the rows are about, beside, above or below the days, and put together what the headings say."""
    rows = table.rows
    for at in (k, k - 1, k + 1):
        if not 0 <= at < len(rows):
            continue
        for entity, name in ((SERVICE_RECORD, "姓名"), (FUND_ENTRY, "队伍名称")):
            known = recognised(entity.name)
            heads = rows[at][1]
            column = next((i for i, c in enumerate(heads) if _meaning(known, c) == name and not _is_answer(c)), None)
            if column is None or (at != k and not is_blank(_at(rows[k][1], column))):
                continue
            if any(d.column <= column for d in days):
                continue
            first, last = min(at, k), max(at, k)
            if last == k and _is_second_line(rows, k, column, days):
                last = k + 1
            if _holds_values([row for _, row in rows[last + 1 :]], days):
                return _put_together(table, file, entity, (first, k, last), column, days)
    return None


def _holds_values(rows: Sequence[Sequence[Cell]], days: Sequence[_Day]) -> bool:
    """Whether numbers or ticks stand below the days, and no days again: those would be a list's."""
    cells = [c for row in rows[:_SAMPLE] for d in days if not is_blank(c := _at(row, d.column))]
    texts = [plain(cell_text(c)) for c in cells]
    if any(isinstance(c, dt.date) for c in cells) or any((m := _DAY.match(t)) and (m[1] or "月" in t) for t in texts):
        return False
    return (
        2 * sum(t in _TICKS | _NOT_THERE or re.match(r"\d{1,6}(?!\d)", t) is not None for t in texts) >= len(texts) > 0
    )


def _is_second_line(rows: Sequence[tuple[int, list[Cell]]], k: int, column: int, days: Sequence[_Day]) -> bool:
    """Whether the row below the days still belongs to the headings: weekdays, or what was done on each day."""
    if k + 1 >= len(rows):
        return False
    row = rows[k + 1][1]
    cells = [c for d in days if not is_blank(c := _at(row, d.column))]
    words = [c for c in cells if isinstance(c, str) and plain(c) not in _TICKS | _NOT_THERE and not re.search(r"\d", c)]
    return is_blank(_at(row, column)) and bool(cells) and len(words) == len(cells)


def _put_together(
    table: Table, file: str, entity: Entity, lines: tuple[int, int, int], column: int, days: list[_Day]
) -> _Cross | None:
    first, k, last = lines
    rows = table.rows
    over = _over(table, k - 1, days) if k else {}
    months = {c: m for c, text in over.items() if (m := _day(c, text)) is not None and m.month and not m.day}
    if first == k and months:
        first = k - 1
    title = "".join(cell_text(c) for _, row in rows[:first] for c in row if isinstance(c, str))
    if entity is FUND_ENTRY and not _OF_MONEY.search(f"{title}{table.sheet}{file}"):
        return None
    whats = {c: t for c, t in over.items() if c not in months and first < k} if not months else {}
    whats |= {d.column: plain(cell_text(_at(rows[last][1], d.column))) for d in days} if last > k else {}
    made = [
        replace(
            d, month=d.month or (months[d.column].month if d.column in months else None),
            year=d.year or (months[d.column].year if d.column in months else None),
            what=d.what or _what(whats.get(d.column, "")),
        )
        for d in days
    ]  # fmt: skip
    made, notes = _dated(made, (("表的标题", title), ("工作表名", table.sheet), ("文件名", file.rpartition(".")[0])))
    if any(not d.month for d in made):
        return None
    return _Cross(entity, first, last + 1, tuple(made), *_sides(rows, first, last, {d.column for d in made}), notes)


def _sides(
    rows: Sequence[tuple[int, list[Cell]]], first: int, last: int, days: Container[int]
) -> tuple[dict[int, str], tuple[str, ...], tuple[int, ...]]:
    """The headings of the other columns: of the person's, of totals, and the columns whose headings are neither."""
    side: dict[int, str] = {}
    totals, lost = [], []
    for i in range(max(len(row) for _, row in rows[first : last + 1])):
        text = next((t for n in range(last, first - 1, -1) if (t := _heading(_at(rows[n][1], i)))), "")
        if i in days:
            continue
        if not text or text[0].isdecimal():
            lost.append(i)
        elif _TOTAL.fullmatch(plain(text)):
            totals.append(text)
        else:
            side[i] = text
    lost = [i for i in lost if any(not is_blank(_at(row, i)) for _, row in rows[last + 1 :])]
    return side, tuple(totals), tuple(lost)


def _activities(table: Table, file: str, k: int) -> _Cross | None:
    """Read a row of headings that names activities, without a day, where title, sheet or file speak of hours or attendance."""
    heads = table.rows[k][1]
    known = recognised(SERVICE_RECORD.name)
    who = next((i for i, c in enumerate(heads) if _meaning(known, c) == "姓名" and not _is_answer(c)), None)
    above = "".join(cell_text(c) for _, row in table.rows[:k] for c in row if isinstance(c, str))
    if who is None or not (
        _OF_HOURS.search(above + table.sheet + file) or _OF_PRESENCE.search(above + table.sheet + file)
    ):
        return None
    below = [row for _, row in table.rows[k + 1 :]]
    found = [
        _Day(i, None, None, None, text)
        for i, cell in enumerate(heads)
        if i > who and (text := _heading(cell)) and not _is_asked(text) and not _TOTAL.fullmatch(plain(text))
        and all(_is_value(c) for row in below[:_SAMPLE] if not is_blank(c := _at(row, i)))
        and any(not is_blank(_at(row, i)) for row in below)
    ]  # fmt: skip
    if len(found) < _FEWEST or len(found) * len(below) > _MOST_CELLS:
        return None
    note = "横排的是活动名称，没有日期，不知道是哪一天，所以这些行没有导入：请在表里把日期写在活动名称前（如 3月5日义诊），或在“服务日期”列补上"
    return _Cross(SERVICE_RECORD, k, k + 1, tuple(found), *_sides(table.rows, k, k, {d.column for d in found}), (note,))


def _is_asked(text: str) -> bool:
    """Whether a heading is about the person, and no activity's name."""
    return is_usual(text) or any(_meaning(recognised(e.name), text) for e in SHEETS)


def _is_value(cell: Cell) -> bool:
    """Whether a cell may be hours or says that somebody was there, or not."""
    text = plain(cell_text(cell))
    return text in _TICKS | _NOT_THERE or re.fullmatch(r"\d{1,2}(\.\d{1,2})?(个?小时|h|H)?", text) is not None


def _heading(cell: Cell) -> str:
    return "".join(cell_text(cell).split()) if isinstance(cell, str) else ""


def _over(table: Table, at: int, days: Sequence[_Day]) -> dict[int, str]:
    """What stands above each day, merged or written once for those that follow; nothing where it is a title."""
    number, row = table.rows[at]
    over: dict[int, str] = {}
    spans = {m.left: m.right for m in table.merges if m.top == number}
    places = {d.column for d in days}
    for i, cell in enumerate(row):
        if is_blank(cell) or i not in places:
            continue
        until = spans.get(i)
        if until is None:  # up to the next one that is filled
            until = next((j for j in range(i + 1, len(row)) if not is_blank(row[j])), max(places) + 1) - 1
        over |= {j: cell_text(cell) for j in places if i <= j <= until}
    return over if min(places) in over else {}


def _dated(days: list[_Day], sources: Sequence[tuple[str, str]]) -> tuple[list[_Day], tuple[str, ...]]:
    """Give the days a month and a year from where exactly one is named."""
    notes: list[str] = []
    if any(d.month is None for d in days):
        for where, text in sources:
            named = {(int(y), int(m)) for y, m in re.findall(r"(20\d\d)[年./-](\d{1,2})月?(?!\d)", plain(text))}
            if len(named) == 1:
                ((year, month),) = named
                days = [replace(d, year=d.year or year, month=d.month or month) for d in days]
                notes.append(f"横排的是几号；年和月（{year}年{month}月）取自{where}")
                break
    days = _carried(days)
    if all(d.year for d in days):
        return days, tuple(notes)
    falls = any((b.month or 0) < (a.month or 0) for a, b in pairwise(days))
    for where, text in sources:
        years = {int(y) for y in _YEAR.findall(plain(text))}
        if len(years) == 1 and not falls:
            (year,) = years
            notes.append(Note(f"日期没有写年份，{year}年取自{where}，请核对", ask=True))
            return [replace(d, year=d.year or year) for d in days], tuple(notes)
        if years:
            break
    return days, (
        *notes,
        "日期没有写年份，所以这些行没有导入：请在表的标题里写上年份（只写一个，如 2026年），再导入一次",
    )


def _carried(days: Sequence[_Day]) -> list[_Day]:
    """Give days without a year that of the day before, as people write 2025年12月5日, 12月9日."""
    made: list[_Day] = []
    for d in days:
        before = made[-1] if made else d
        goes_on = d.year is None and before.year is not None and (d.month or 0) >= (before.month or 0)
        made.append(replace(d, year=before.year) if goes_on else d)
    return made


# Reading it


class _Unfolding:
    """The cells of a cross table, one after the other."""

    def __init__(self, table: Table, cross: _Cross, file: str) -> None:
        self._source, self._cross = table, cross
        self._above = "".join(
            [
                table.sheet,
                file,
                *(cell_text(c) for _, row in table.rows[: cross.start] for c in row if isinstance(c, str)),
            ]
        )
        self._known = recognised(cross.entity.name)
        self._filled = self._merged()
        rows = [row for _, row in table.rows[cross.start :]]
        own = any(_meaning(self._known, text) == "队伍名称" for text in cross.side.values())
        self._lines = not own and any(map(is_team_line, rows))  # they name the team of the rows below
        self.away = self.feet = self.idle = 0

    def table(self) -> Table:
        """Return the list."""
        cross = self._cross
        cells = list(self._cells())
        ticks = cross.entity is SERVICE_RECORD and self._are_ticks([c for _, _, _, c in cells])
        amount = "到场" if ticks else "服务时长（小时）" if cross.entity is SERVICE_RECORD else "金额（元）"
        day = "服务日期" if cross.entity is SERVICE_RECORD else "日期"
        what = [("服务内容" if cross.entity is SERVICE_RECORD else "摘要")] if any(d.what for d in cross.days) else []
        headings = [*self._side_headings(), day, amount, *what, WHERE]
        # What stands above may name the team, and so may the sheet.
        above: list[list[Cell]] = [[self._source.sheet], *(row for _, row in self._source.rows[: cross.top])]
        rows: list[tuple[int, list[Cell]]] = [(n - len(above), row) for n, row in enumerate(above)]
        rows.append((0, list(headings)))
        for n, (number, side, d, cell) in enumerate(cells, 1):
            place = f"第 {number} 行 {letters(d.column)} 列"
            rows.append((n, [*side, d.text() or None, cell, *([d.what or None] if what else []), place]))
        return Table(self._source.sheet, rows, (*self._said(len(cells), ticks), *self._source.notes))

    def _side_headings(self) -> list[str]:
        """The headings of the person's columns; none of them may be read as the day, the hours or what was done."""
        own = {"服务日期", "服务时长（小时）", "服务内容", "日期", "金额（元）", "摘要"}
        found = [f"原表的{text}" if _meaning(self._known, text) in own else text for text in self._cross.side.values()]
        return [*found, "队伍名称"] if self._lines else found

    def _merged(self) -> dict[tuple[int, int], Cell]:
        """What merged cells of the side's columns say for the rows they cover."""
        rows = dict(self._source.rows)
        found: dict[tuple[int, int], Cell] = {}
        for merge in self._source.merges[:5000]:
            if merge.bottom > merge.top and merge.left in self._cross.side and merge.top in rows:
                value = _at(rows[merge.top], merge.left)
                found |= {
                    (n, merge.left): value for n in range(merge.top + 1, min(merge.bottom, merge.top + _MOST_ROWS) + 1)
                }
        return found

    def _cells(self) -> Iterator[tuple[int, list[Cell], _Day, Cell]]:
        """Yield (row, the person's columns, day, cell) of what is filled in."""
        cross, team = self._cross, ""
        who = "姓名" if cross.entity is SERVICE_RECORD else "队伍名称"
        name = next(i for i, text in cross.side.items() if _meaning(self._known, text) == who)
        for number, row in self._source.rows[cross.start :]:
            first = next((c for c in row if not is_blank(c)), None)
            if cross.entity is SERVICE_RECORD and is_team_line(row):
                team = _LINE.sub("", plain(cell_text(first)))
                continue
            said = [_at(row, name), first]
            if any(isinstance(c, str) and _FOOT.fullmatch(plain(c)) for c in said):
                self.feet += 1
                continue
            if heading_key(cell_text(_at(row, name))) == heading_key(cross.side[name]):
                continue  # the headings again
            side = [self._filled.get((number, i)) if is_blank(c := _at(row, i)) else c for i in cross.side]
            side += [team or None] if self._lines else []
            there = 0
            for d in cross.days:
                cell = _at(row, d.column)
                if is_blank(cell):
                    continue
                if plain(cell_text(cell)) in _NOT_THERE:
                    self.away += 1
                    continue
                there += 1
                yield number, side, d, cell
            self.idle += not there and not is_blank(_at(row, name))

    def _are_ticks(self, cells: Sequence[Cell]) -> bool:
        """Whether the cells say that somebody was there, and not for how long."""
        texts = [plain(cell_text(c)) for c in cells if c is not None]
        if not texts or any(t not in _TICKS for t in texts):
            return False
        return any(t != "1" for t in texts) or not _OF_HOURS.search(self._above)

    def _said(self, count: int, ticks: bool) -> list[str]:
        cross = self._cross
        who = "人" if cross.entity is SERVICE_RECORD else "队伍"
        across = "日期" if any(d.month for d in cross.days) else "活动"
        said = [
            f"横排是{across}、竖排是{who}的表，按每格一行读取，共 {count} 行；“{WHERE}”一列写明是哪一格",
            *cross.notes,
        ]
        if any(d.month and not d.day for d in cross.days):
            said.append(
                "横排是月份，没有写到哪一天，程序不会猜：请在表里改成具体日期；"
                "确认都算在当月 1 日的，可以在窗口里点“只有年月的都补成 1 日”"
            )
        if ticks:
            said.append("格子里只有到场的记号，没有时长：请统一填写“服务时长（小时）”，或把记号改成小时数")
        if self._lines:
            said.append("分组标题里的队伍名称已填到下面的行")
        if cross.totals:
            said.append(f"“{'”“'.join(cross.totals)}”是算出来的，没有读取")
        if cross.lost:
            columns = "、".join(letters(i) for i in cross.lost)
            said.append(
                f"{columns} 列的表头认不出（如 3.1，分不清是 3月1日还是 3月10日），没有读取；日期请写成 3月1日 这样"
            )
        if self.away:
            said.append(f"{self.away} 格写的是 0、/、×、请假等，按没有参加处理，没有读取")
        if self.feet:
            said.append(f"跳过 {self.feet} 行合计或签字行")
        if self.idle:
            said.append(f"有 {self.idle} 行的格子全是空的，没有读取")
        return said


def _is_answer(cell: Cell) -> bool:
    """Whether a cell is what stands in a list of members: 队员 is a post there, and no heading."""
    return isinstance(cell, str) and plain(cell) == "队员"


def _meaning(known: dict[str, str], cell: Cell) -> str:
    if not isinstance(cell, str) or len(cell) > 40:
        return ""
    key = heading_key(cell)
    return known.get(key) or known.get(bare(key)) or ""


def _at(row: Sequence[Cell], column: int) -> Cell:
    return row[column] if column < len(row) else None
