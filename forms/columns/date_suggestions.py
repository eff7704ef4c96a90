"""What somebody probably meant by a day that cannot be read as one: offered to a person, never taken by itself."""

import datetime as dt
import re

from db.records.kinds import Cell, Date, Invalid, cell_text, plain

MONTH, SERIAL, SHORT, WORDS = "month", "serial", "short", "words"

_EPOCH = dt.date(1899, 12, 30)
_AHEAD = 10  # a year of two digits lies this far ahead at most: policies and certificates end in years to come
_MONTH = re.compile(r"(\d{4})(?:[-/.](\d{1,2})|年(\d{1,2})月?|(\d{2}))")
_SHORT = re.compile(r"(\d{2})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
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


def _number(words: str) -> int:
    """Read 一 to 三十一."""
    tens, ten, ones = words.rpartition("十")
    return (int(_DIGITS[tens] if tens else 1) * 10 if ten else 0) + (int(_DIGITS[ones]) if ones else 0)
