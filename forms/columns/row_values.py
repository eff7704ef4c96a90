"""What people write instead of a value: 同上 for the value of the row above, 长期 or 三年 for an end."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence

from db.records.entities import ATTENDANCE
from db.records.fields import Entity
from db.records.kinds import Cell, Date, Invalid, is_blank, plain
from forms.columns.headings import Found

_MARKS = ("同上", "〃", "″", '"', "''", "\u201d", "\u201c", "同前", "上同", "同上行", "同上一行", "ditto", "々")
_DITTO = frozenset(
    form for mark in _MARKS for form in (mark, f"({mark})", f"（{mark}）", f" {mark}", f"{mark} ", " ".join(mark))
)
_OPEN = re.compile("长期(有效)?|永久(有效)?|终身(有效)?|无(固定)?期限?|不限期?|长期有效")
_YEARS = re.compile(r"(?:有效期)?([一二两三四五六七八九十]|\d{1,2})(?:周?年)(?:有效|内有效)?")
_MONTH = re.compile(r"(\d{4})(?:[-/.](\d{1,2})|年(\d{1,2})月?)")
_RANGE = re.compile(r"(.+?)(?:至|到|—+|–|~|-{1,2}(?=\d{4}))(.+)")
_NUMBERS = {c: n for n, c in enumerate("一二三四五六七八九十", 1)} | {"两": 2}


def carry_down(rows: list[tuple[int, list[Cell]]], words: Sequence[str]) -> tuple[str, ...]:
    """Write for 同上 and 〃 the value of the row above, in place; say it once for each column."""
    counts: Counter[int] = Counter()
    marked = {i for _, row in rows if not _DITTO.isdisjoint(row) for i, cell in enumerate(row) if cell in _DITTO}
    for i in sorted(marked):
        above: Cell = None
        for at, (number, row) in enumerate(rows):
            cell = row[i] if i < len(row) else None
            if isinstance(cell, str) and cell in _DITTO and not is_blank(above):
                rows[at] = number, [*row[:i], above, *row[i + 1 :]]
                counts[i] += 1
            else:
                above = cell
    return tuple(
        f"“{words[i].strip() if i < len(words) else f'第 {i + 1} 列'}”列有 {n} 处写着“同上”之类，已按上一行的内容填写"
        for i, n in sorted(counts.items())
    )


def give_ends(rows: list[tuple[int, list[Cell]]], headers: Sequence[Found]) -> tuple[str, ...]:
    """Read what people write for the last day of something, in place: 长期, 三年, a month, from–to; say how it was read."""
    notes = []
    for header in headers:
        for heading, first in _end_headings(header.entity).items():
            if heading not in header.columns:
                continue
            column, start = header.columns[heading], header.columns.get(first, -1)
            told: dict[str, int] = {}
            for at, (number, row) in enumerate(rows):
                cell = row[column] if column < len(row) else None
                if not isinstance(cell, str) or is_blank(cell):
                    continue
                begun = row[start] if 0 <= start < len(row) else None
                found = _end(cell, begun, is_validity=header.entity is ATTENDANCE)
                if found is not None:
                    rows[at] = number, [*row[:column], found[0], *row[column + 1 :]]
                    told[found[1]] = told.get(found[1], 0) + 1
            notes += [f"“{heading}”列有 {n} 处{how}" for how, n in told.items()]
    return tuple(dict.fromkeys(notes))


def _end_headings(entity: Entity) -> dict[str, str]:
    """The headings of last days, each with that of its first day."""
    return {entity[end].label: entity[start].label for start, end in entity.spans}


def _end(cell: str, begun: Cell, *, is_validity: bool) -> tuple[str | None, str] | None:
    """Return (the day, how it was read), or None where a cell says a day itself or nothing that is understood."""
    text = re.sub(r"^(有效期)?(截?至|到|止于)|(止|前|到期)$", "", plain(cell)) or plain(cell)
    if _OPEN.fullmatch(text):
        return None, f"写着“{text}”，按没有终止日期处理"
    if not is_validity:
        return None
    if found := _YEARS.fullmatch(text):
        day = _parsed(begun)
        years = _NUMBERS.get(found[1]) or int(found[1])
        return (_less_a_day(_later(day, years)).isoformat(), f"写着“{text}”，从发证日期算起") if day else None
    if found := _MONTH.fullmatch(text):
        month = int(found[2] or found[3])
        if 1 <= month <= 12:
            after = dt.date(int(found[1]) + month // 12, month % 12 + 1, 1)
            return _less_a_day(after).isoformat(), "只写到月，按那个月的最后一天"
        return None
    if text != plain(cell) and (day := _parsed(text)):
        return day.isoformat(), "按写的那一天"
    if (found := _RANGE.fullmatch(text)) and (_parsed(found[1]) or _MONTH.fullmatch(found[1])):
        if last := _parsed(found[2]):
            return last.isoformat(), "写着起止两个日期，按后一个"
        return _end(found[2], None, is_validity=True)
    return None


def _parsed(cell: Cell) -> dt.date | None:
    try:
        return None if is_blank(cell) else dt.date.fromisoformat(str(Date().parse(cell)))
    except Invalid:
        return None


def _later(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return dt.date(day.year + years, 3, 1)


def _less_a_day(day: dt.date) -> dt.date:
    return day - dt.timedelta(1)
