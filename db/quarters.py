"""Quarters of the calendar year, the ledger's period of report."""

import datetime as dt
import re
from dataclasses import dataclass

from db.errors import UserError

_NUMERALS = "一二三四"


@dataclass(frozen=True, order=True)
class Quarter:
    """One quarter, e.g. ``Quarter(2026, 3)``: 2026-07-01 to 2026-09-30, both days inside."""

    year: int
    number: int

    @staticmethod
    def parse(text: str) -> "Quarter":
        """Read ``2026Q3``; raise `UserError` for anything else."""
        found = re.fullmatch(r"(\d{4})[Qq]([1-4])", text.strip())
        if not found or not 1900 <= int(found[1]) <= 2200:
            raise UserError("季度应写成 2026Q3 这样：四位年份、字母 Q、1 到 4")
        return Quarter(int(found[1]), int(found[2]))

    @staticmethod
    def of(day: dt.date) -> "Quarter":
        """Return the quarter a day lies in."""
        return Quarter(day.year, (day.month + 2) // 3)

    @property
    def start(self) -> dt.date:
        """The first day."""
        return dt.date(self.year, 3 * self.number - 2, 1)

    @property
    def end(self) -> dt.date:
        """The last day, which is the quarter's ``as_of``."""
        return self.next.start - dt.timedelta(days=1)

    @property
    def eve(self) -> dt.date:
        """The day before the first."""
        return self.start - dt.timedelta(days=1)

    @property
    def next(self) -> "Quarter":
        """The quarter after this one."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def previous(self) -> "Quarter":
        """The quarter before this one."""
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, 4)

    @property
    def last_year(self) -> "Quarter":
        """The same quarter of the year before."""
        return Quarter(self.year - 1, self.number)

    @property
    def label(self) -> str:
        """The quarter in words, as reports write it."""
        return f"{self.year}年第{_NUMERALS[self.number - 1]}季度"

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"
