"""What somebody probably meant by a day that cannot be read as one: offered to a person, never taken by itself."""

import datetime as dt
import re
from collections.abc import Mapping

from db.records.kinds import Cell, Date, Invalid, cell_text, is_blank, plain

MONTH, SERIAL, SHORT, WORDS, YEAR = "month", "serial", "short", "words", "year"

_EPOCH = dt.date(1899, 12, 30)
_AHEAD = 10  # a year of two digits lies this far ahead at most: policies and certificates end in years to come
_MONTH = re.compile(r"(\d{4})(?:[-/.](\d{1,2})|年(\d{1,2})月?|(\d{2}))")
_SHORT = re.compile(r"(\d{2})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_NO_YEAR = re.compile(r"(1[0-2]|0?[1-9])(?:月|[-/.])(3[01]|[12]\d|0?[1-9])[日号]?")
_WORDS = re.compile(
    r"([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月(?:([一二三四五六七八九十]{1,3})[日号])?"
)
_DIGITS = {c: str(i) for i, c in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}


def meant_day(cell: Cell, today: dt.date) -> tuple[str, str] | None:
    """Return (why it cannot be read, the day in ISO form), or None for a sound day and for what nobody can say."""
    text = plain(cell_text(cell))
    try:
        Date().parse(cell)
    except Invalid:
        pass
    else:
        return None
    try:
        if found := _MONTH.fullmatch(text):
            return MONTH, dt.date(int(found[1]), int(found[found.lastindex or 2]), 1).isoformat()
        if re.fullmatch(r"[2-5]\d{4}", text):
            return SERIAL, (_EPOCH + dt.timedelta(int(text))).isoformat()
        if found := _SHORT.fullmatch(text):
            latest = today.year + _AHEAD
            year = latest - (latest - int(found[1])) % 100
            return SHORT, dt.date(year, int(found[2]), int(found[3])).isoformat()
        if found := _WORDS.fullmatch(text):
            year = int("".join(_DIGITS[c] for c in found[1]))
            day = _number(found[3]) if found[3] else 1
            return WORDS if found[3] else MONTH, dt.date(year, _number(found[2]), day).isoformat()
    except ValueError:
        return None  # a month 13, a day 32
    return None


def meant_by(cell: Cell, today: dt.date, year: int) -> tuple[str, str] | None:
    """Return what `meant_day` does; a day without a year is one of `year`."""
    if unanswered(cell) == YEAR:
        day = answered_day(cell, {"year": year})
        return (YEAR, day) if day else None
    return meant_day(cell, today)


ANSWERS = ("month", "serial", "year")  # what a map may answer for all days of a sheet


def answered_day(cell: Cell, answers: Mapping[str, object]) -> str | None:
    """Return the day that a cell means as a person answered for all of them, or None where it is no such cell.

    ``month``: "first" (the first day of a month alone); ``serial``: true (44562 is 2022-01-01); ``year``: the year of
    days without one, as text (a number 3.1 may have been 3.10).
    """
    why = unanswered(cell)
    if why == MONTH and answers.get("month") == "first":
        found = meant_day(cell, dt.date.max.replace(year=2100))
        return found[1] if found else None
    if why == SERIAL and answers.get("serial") is True:
        found = meant_day(cell, dt.date.max.replace(year=2100))
        return found[1] if found else None
    if why == YEAR and isinstance(answers.get("year"), int):
        m = _NO_YEAR.fullmatch(plain(cell_text(cell)))
        assert m is not None
        try:
            return dt.date(int(str(answers["year"])), int(m[1]), int(m[2])).isoformat()
        except ValueError:
            return None
    return None


def unanswered(cell: Cell) -> str:
    """Return why a cell is no day and yet may be meant as one: `MONTH`, `SERIAL`, `YEAR`, or nothing."""
    if is_blank(cell) or isinstance(cell, dt.date | bool | dt.time):
        return ""
    if isinstance(cell, str) and len(cell) > 9:
        return ""  # a whole day, or no day at all
    text = plain(cell_text(cell))
    if isinstance(cell, str) and _NO_YEAR.fullmatch(text):
        return YEAR
    if re.fullmatch(r"[2-5]\d{4}", text):
        return SERIAL
    return MONTH if _MONTH.fullmatch(text) and _is_month(text) else ""


def _is_month(text: str) -> bool:
    found = _MONTH.fullmatch(text)
    return found is not None and 1900 <= int(found[1]) <= 2100 and 1 <= int(found[found.lastindex or 2]) <= 12


def _number(words: str) -> int:
    """Read 一 to 三十一."""
    tens, ten, ones = words.rpartition("十")
    return (int(_DIGITS[tens] if tens else 1) * 10 if ten else 0) + (int(_DIGITS[ones]) if ones else 0)
