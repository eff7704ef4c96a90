"""Service given from a time to a time: made into a day and hours (data contract, section 3).

Two columns (开始时间 and 结束时间), or one cell (``2026-07-05 08:30~11:30``, 8点半-11点半). An end before its start is on the
next day. What is no time stays as it is, and is refused as everywhere.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace

from db.records.kinds import Cell, Date, Invalid, cell_text, is_blank
from forms.columns.headings import SEARCHED_ROWS, bare, heading_key, recognised
from forms.reading.spoken_time import clock_span, clock_time
from forms.reading.table import Note, Table

_FROM = re.compile(
    "(服务|活动|值班|值守|上岗|志愿服务|签到|项目)?(开始|起始|上班|到岗|签到|签入|起)(时间|时刻)?|签到|上岗时间|到岗时间"
)
_TO = re.compile(
    "(服务|活动|值班|值守|离岗|志愿服务|签退|项目)?(结束|终止|截止|下班|离岗|签退|签出|止)(时间|时刻)?|签退|离岗时间"
)
_BOTH = re.compile("(服务|活动|值班|值守|志愿服务|上岗)?(时间段?|起止时间|时段|起止)")
_OTHERS = re.compile("培训|课时|保险|发证|证书|聘|合同|费|金额")
_SAMPLE = 60


def hours_of_spans(table: Table) -> Table:
    """Return a list of service with days and hours where it gives times; any other table as it is."""
    known = recognised("service_record")
    for k, (_, row) in enumerate(table.rows[:SEARCHED_ROWS]):
        keys = [bare(heading_key(c)) if isinstance(c, str) and len(c) < 30 else "" for c in row]
        whole = {heading_key(c) for c in row if isinstance(c, str) and len(c) < 30}
        meant = {known.get(key) for key in {*keys, *whole} if key}
        if "姓名" not in meant or any(_OTHERS.search(key) for key in keys):
            continue
        below = [r for _, r in table.rows[k + 1 :]]
        first, last = _first(keys, _FROM), _first(keys, _TO)
        if "服务时长（小时）" in meant:
            has_days = "服务日期" in meant or first is None
            return table if has_days or first is None else _with_days(table, k, first)
        if first is not None and last is not None and _are_times(below, first) and _are_times(below, last):
            return _with_hours(table, k, first, last, has_day="服务日期" in meant)
        both = _first(keys, _BOTH)
        if both is not None and any(_in_one(_at(r, both)) for r in below[:_SAMPLE]):
            days = {i for i, key in enumerate(keys) if known.get(key) == "服务日期" and i != both}
            return _with_hours(table, k, both, None, has_day=bool(days))
    return table


def _first(keys: Sequence[str], pattern: re.Pattern[str]) -> int | None:
    return next((i for i, key in enumerate(keys) if key and pattern.fullmatch(key)), None)


def _at(row: Sequence[Cell], i: int) -> Cell:
    return row[i] if i < len(row) else None


def _are_times(rows: Sequence[Sequence[Cell]], i: int) -> bool:
    """Whether most cells of a column are times of a day, or days with a time."""
    cells = [c for r in rows[:_SAMPLE] if not is_blank(c := _at(r, i))]
    return bool(cells) and 2 * sum(_time(c) is not None for c in cells) >= len(cells)


def _time(cell: Cell) -> tuple[dt.date | None, int] | None:
    """Return (day, minutes of the day) of a cell, or None."""
    if isinstance(cell, dt.datetime):
        return cell.date(), cell.hour * 60 + cell.minute
    if isinstance(cell, dt.time):
        return None, cell.hour * 60 + cell.minute
    if isinstance(cell, float) and 0 <= cell < 1:
        return None, round(cell * 1440)
    if not isinstance(cell, str):
        return None
    text = cell.strip()
    found = re.fullmatch(r"(\d{4}[年/.-]\d{1,2}[月/.-]\d{1,2}日?)[T\s]*(.*)", text)
    day = _day(found[1]) if found else None
    minutes = clock_time(found[2] if found else text)
    return None if minutes is None or (found and day is None) else (day, minutes)


def _day(text: Cell) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(Date().parse(text)))
    except Invalid:
        return None


def _with_hours(table: Table, k: int, first: int, last: int | None, *, has_day: bool) -> Table:
    width = max(len(row) for _, row in table.rows)
    rows = list(table.rows)
    number, row = rows[k]
    more: list[Cell] = ["服务时长（小时）"] if has_day else ["服务时长（小时）", "服务日期"]
    heads = [*row, *[None] * (width - len(row)), *more]
    if last is None:
        heads[first] = f"起止（{row[first]}）"  # no day: it is read into the columns at the right
    rows[k] = number, heads
    count = 0
    for at in range(k + 1, len(rows)):
        number, row = rows[at]
        found = _span(_at(row, first), _at(row, last)) if last is not None else _in_one(_at(row, first))
        if found is None:
            continue
        day, minutes = found
        hours: Cell = f"{minutes // 60}小时{minutes % 60}分钟"
        rows[at] = number, [*row, *[None] * (width - len(row)), hours, *([] if has_day else [day and day.isoformat()])]
        count += 1
    note = Note(f"服务时长按起止时间算出（{count} 行），过了零点的算到第二天")
    return replace(table, rows=rows, notes=(*table.notes, note))


def _with_days(table: Table, k: int, first: int) -> Table:
    """Give the day of service a column of its own where the hours are there and only their beginning says the day."""
    days = {n: found[0] for n, r in table.rows[k + 1 :] if (found := _time(_at(r, first))) is not None and found[0]}
    if not days:
        return table
    width = max(len(row) for _, row in table.rows)
    rows = [(n, [*r, *[None] * (width - len(r)), days[n].isoformat()]) if n in days else (n, r) for n, r in table.rows]
    number, row = rows[k]
    rows[k] = number, [*row, *[None] * (width - len(row)), "服务日期"]
    return replace(table, rows=rows, notes=(*table.notes, Note(f"服务日期按“{cell_text(row[first])}”的日期")))


def _span(first: Cell, last: Cell) -> tuple[dt.date | None, int] | None:
    """Return (day, minutes) between two cells; an end without a day that lies before its start is on the next one."""
    start, end = _time(first), _time(last)
    if start is None or end is None:
        return None
    days = (end[0] - start[0]).days if start[0] and end[0] else 0
    minutes = end[1] - start[1] + 1440 * days
    if minutes < 0 and not (start[0] and end[0]):
        minutes += 1440
    return (start[0] or end[0], minutes) if 0 < minutes <= 1440 else None


def _in_one(cell: Cell) -> tuple[dt.date | None, int] | None:
    text = cell_text(cell).strip()
    if not re.search(r"[:：点]", text):
        return None
    found = re.match(r"\d{4}[年/.-]\d{1,2}[月/.-]\d{1,2}日?", text)
    minutes = clock_span(text[found.end() :] if found else text)
    return None if minutes is None else (_day(found[0]) if found else None, minutes)
