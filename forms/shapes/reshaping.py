"""Tables that are lists but not as ours are: a day in two columns, a span of days in one cell, records in columns.

Each is changed before anybody looks for its headings, and says so. What is not clearly one of these stays as it is.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from db.records.entities import SHEETS
from db.records.kinds import Cell, Date, Invalid, cell_text, is_blank, number_text, plain
from forms.columns.headings import SEARCHED_ROWS, bare, recognised
from forms.columns.headings import heading_key as key_of
from forms.reading.table import Note, Table
from forms.shapes.clock_spans import hours_of_spans
from forms.shapes.donors import sum_donors
from forms.shapes.party_lists import count_party_members
from forms.shapes.side_by_side import stacked

Rows = list[tuple[int, list[Cell]]]

_SAMPLE = 100  # rows below a heading that show what a column holds
_WHEN = re.compile("期间|期限|起止|时间|日期")
_DAY = r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?(?:[T\s]*\d{1,2}:\d\d(?::\d\d)?)?\s*(?:零时|0时|24时|二十四时)?"
_SPAN = re.compile(
    rf"{_DAY}\s*起?\s*(?:至|到|--?|—{{1,2}}|–|~)\s*"
    rf"(?:{_DAY}|(\d{{1,2}})\s*[-/.月]\s*(\d{{1,2}})\s*[日号]?|(\d{{1,2}})\s*[日号]?|\d{{1,2}}:\d\d(?::\d\d)?)\s*止?"
)
_DAYS = re.compile("(时间|日期)$")
_MONTH_DAY = re.compile(r"(1[0-2]|0?[1-9])(?:月|[-/.](?=\d+$))(3[01]|[12]\d|0?[1-9])[日号]?")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?=年|$)")
_WRITTEN = re.compile(
    "填报|填表|制表|报送|上报|打印|导出|截至|截止"
)  # a day on which the list was made, not what it is about
_MOST_LINES = 60  # lines of a table whose records stand in columns
_CARD = re.compile(r"\d{17}[\dXx]")


def reshaped(table: Table) -> Table:
    """Return a table as a plain list."""
    if len(table.rows) < 2:
        return table
    return count_party_members(sum_donors(_with_year(_one_day(_split_spans(hours_of_spans(stacked(_upright(table))))))))


def _upright(table: Table) -> Table:
    """Turn a list of people that stands on its side: one line for each heading, one column for each person."""
    if len(table.rows) > _MOST_LINES:
        return table
    lines = [row for _, row in table.rows if sum(not is_blank(c) for c in row) > 1]
    firsts = [next((i for i, c in enumerate(row) if not is_blank(c)), 0) for row in lines]
    if len(lines) < 3 or len(set(firsts)) > 1:
        return table
    known = recognised("volunteer")
    meant: dict[str | None, Sequence[Cell]] = {known.get(key_of(cell_text(row[firsts[0]]))): row for row in lines}
    numbers = [plain(cell_text(c)) for c in meant.get("证件号码", ())[firsts[0] + 1 :] if not is_blank(c)]
    if "姓名" not in meant or len(numbers) < 2 or not all(map(_CARD.fullmatch, numbers)):
        return table
    width = max(len(row) for row in lines)
    rows: Rows = []
    for i in range(firsts[0], width):
        row = [line[i] if i < len(line) else None for line in lines]
        if any(not is_blank(c) for c in row):
            rows.append((i + 1, row))
    note = "这张表是横排的（一列一个人），已转成一行一个人；行号是表里的第几列"
    return replace(table, rows=rows, notes=(*table.notes, note), merges=())


def _split_spans(table: Table) -> Table:
    """Give the end of a span of days (“2026.3.5-3.6”) a column of its own, at the right, where a record has such a one."""
    rows = list(table.rows)
    notes = []
    width = max(len(row) for _, row in rows)
    for k, (number, row) in enumerate(table.rows[:SEARCHED_ROWS]):
        for i, cell in enumerate(row):
            if not isinstance(cell, str) or len(cell) > 20 or not _WHEN.search(plain(cell)):
                continue
            below = [r[i] for _, r in rows[k + 1 : k + 1 + _SAMPLE] if i < len(r) and not is_blank(r[i])]
            if not any(map(_span, below)) or 2 * sum(_is_day(c) or _span(c) is not None for c in below) < len(below):
                continue
            ours = _span_of(row, plain(cell))
            if ours is None:
                continue
            head = [*rows[k][1], *[None] * (width - len(rows[k][1])), ours[1]]
            head[i] = ours[0] or cell
            rows[k] = (number, head)
            for at in range(k + 1, len(rows)):
                n, r = rows[at]
                if i < len(r) and (span := _span(r[i])):
                    rows[at] = (n, [*r[:i], span[0], *r[i + 1 :], *[None] * (width - len(r)), span[1]])
            notes.append(f"“{plain(cell)}”列有起止两个日期，止的那一天已另成一列“{ours[1]}”")
            width += 1
    return replace(table, rows=rows, notes=(*table.notes, *notes)) if notes else table


def _span_of(row: Sequence[Cell], heading: str) -> tuple[str, str] | None:
    """Return (our heading of the first day if theirs is not known, ours of the last day), or None.

    What the row of headings is about is the record that knows most of them.
    """
    keys = [key_of(cell_text(c)) for c in row if isinstance(c, str)]
    entity = max(SHEETS, key=lambda e: sum(1 for k in keys if k in (known := recognised(e.name)) or bare(k) in known))
    known = recognised(entity.name)
    there = {known.get(k) or known.get(bare(k)) for k in keys}
    key = bare(key_of(heading))
    for first, last in ((entity[a].label, entity[b].label) for a, b in entity.spans):
        if last in there:
            continue
        if known.get(key) == first:
            return "", last
        if known.get(f"{re.sub('起止', '', key)}起") == first or known.get(re.sub("起止", "", key)) == first:
            return first, last
    return None


def _is_day(cell: Cell) -> bool:
    try:
        Date().parse(cell)
    except Invalid:
        return False
    return True


def _span(cell: Cell) -> tuple[str, str] | None:
    if not isinstance(cell, str) or len(cell) > 60:
        return None
    found = _SPAN.fullmatch(unicodedata.normalize("NFKC", cell).strip())
    if found is None:
        return None
    year, month, day, year2, month2, day2, month3, day3, day4 = (int(g) if g else 0 for g in found.groups())
    try:
        first = dt.date(year, month, day)
        last = dt.date(year2 or year, month2 or month3 or month, day2 or day3 or day4 or day)
    except ValueError:
        return None
    return (first.isoformat(), last.isoformat()) if first <= last else None


def _one_day(table: Table) -> Table:
    """Put 月 and 日 together into a day, with 年 before them or the year that the heading above or the title names."""
    for k, (number, row) in enumerate(table.rows[:SEARCHED_ROWS]):
        keys = [plain(c) if isinstance(c, str) and len(c) < 10 else "" for c in row]
        month_at = next((i for i in range(len(keys) - 1) if keys[i : i + 2] == ["月", "日"]), None)
        if month_at is None:
            continue
        own_year = month_at > 0 and keys[month_at - 1] == "年"
        first, end = month_at - own_year, month_at + 2
        above = [r for _, r in table.rows[:k]]
        heads = [r[first] for r in above if first < len(r)]
        year = 0 if own_year else _year(heads) or _year([c for r in above for c in r] + [table.sheet])
        if not (own_year or year):
            return table
        named = [plain(h) for h in heads[-1:] if isinstance(h, str) and _WHEN.search(plain(h))] if own_year else []
        days = _days(table.rows[k + 1 :], first, end, year)
        if 2 * sum(1 for day in days if day and len(day) == 10) < max(sum(map(bool, days)), 1):
            continue  # not a list of days: the line for a date below a form, say
        rows = [(n, _without(r, first, end) if at == k - 1 else r) for at, (n, r) in enumerate(table.rows)]
        rows[k] = (
            number,
            [*row[:first], *named, *([] if named else ["日期"]), *[None] * (end - first - 1), *row[end:]],
        )
        for at, day in enumerate(days, k + 1):
            if day:
                n, r = rows[at]
                rows[at] = (n, [*r[:first], day, *[None] * (end - first - 1), *r[end:]])
        merges = tuple(m for m in table.merges if not (m.left == first and m.right == end - 1 and m.top <= number))
        said = Note("“年”“月”“日”三列已合成日期")
        if not own_year:
            said = Note(f"“月”“日”两列已合成日期，年份按表上的 {year} 年，请核对", ask=True)
        return replace(table, rows=rows, notes=(*table.notes, said), merges=merges)
    return table


def _days(rows: Rows, first: int, end: int, year: int) -> list[str | None]:
    """Return the day of each row, or as much as is known of it; empty where nothing is written, None where it is no day."""
    own_year = not year
    month = 0
    found: list[str | None] = []
    for _, r in rows:
        cells = [cell for cell in r[first:end] if not is_blank(cell)]
        numbers = [_number(r, i, 4 if own_year and i == first else 2) for i in range(first, end)]
        if len(cells) > sum(map(bool, numbers)):
            found.append(None)
            continue
        year = numbers[0] if own_year else year
        month, day = numbers[-2] or month, numbers[-1]
        known = f"{year}-{month}-{day}" if day else f"{year}年{month}月"
        found.append((_day(year, month, day) or known) if cells else "")
    return found


def _day(year: int, month: int, day: int) -> str | None:
    """Return a day; nothing where the calendar has none such."""
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return None


def _with_year(table: Table) -> Table:
    """Write the year that the title or the sheet's name gives before days of a month: “3月5日”, “3.5” as text."""
    rows = list(table.rows)
    notes = []
    for k, (_, row) in enumerate(table.rows[:SEARCHED_ROWS]):
        for i, cell in enumerate(row):
            if not isinstance(cell, str) or len(cell) > 20 or not _DAYS.search(key_of(cell)):
                continue
            below = [r[i] for _, r in rows[k + 1 : k + 1 + _SAMPLE] if i < len(r) and not is_blank(r[i])]
            if not below or 2 * sum(_month_and_day(c) is not None for c in below) < len(below):
                continue
            year = _year([c for _, r in table.rows[:k] for c in r] + [table.sheet])
            if not year:
                continue
            for at in range(k + 1, len(rows)):
                n, r = rows[at]
                found = _month_and_day(r[i]) if i < len(r) else None
                if found and (day := _day(year, *found)):
                    rows[at] = (n, [*r[:i], day, *r[i + 1 :]])
            notes.append(Note(f"“{plain(cell)}”列没有写年份，年份按表上的 {year} 年，请核对", ask=True))
    return replace(table, rows=rows, notes=(*table.notes, *notes)) if notes else table


def _month_and_day(cell: Cell) -> tuple[int, int] | None:
    """Read a day without its year; a number is none: 3.1 may have been 3.10."""
    found = _MONTH_DAY.fullmatch(plain(cell)) if isinstance(cell, str) and len(cell) < 12 else None
    return (int(found[1]), int(found[2])) if found else None


def _without(row: list[Cell], first: int, end: int) -> list[Cell]:
    return [None if first <= n < end else c for n, c in enumerate(row)]


def _year(cells: Sequence[Cell]) -> int:
    """Return the only year that some cells name, or 0."""
    texts = [plain(cell_text(c)) for c in cells if not is_blank(c)]
    years = {int(y) for text in texts if not _WRITTEN.search(text) for y in _YEAR.findall(text)}
    return years.pop() if len(years) == 1 else 0


def _number(row: Sequence[Cell], i: int, digits: int = 2) -> int:
    cell = row[i] if i < len(row) else None
    text = number_text(cell) if isinstance(cell, int | float) else plain(cell_text(cell))
    text = re.sub("[年月日]$", "", text)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else 0
