"""The ledger's periods of report: quarters, half-years and years of the calendar."""

import datetime as dt
import re
from dataclasses import dataclass

from db.errors import UserError

_NUMERALS = "一二三四"
_HALVES = "上下"


@dataclass(frozen=True, order=True)
class Period:
    """Some months of one year: the `number`-th stretch of `months` months (3, 6 or 12), both end days inside.

    ``Period(2026, 3, 1)`` is the year 2026, ``Period(2026, 2, 6)`` its second half.
    """

    year: int
    number: int
    months: int = 3

    @staticmethod
    def parse(text: str) -> "Period":
        """Read ``2026Q3``, ``2026H1`` or ``2026``; raise `UserError` for anything else."""
        found = re.fullmatch(r"(\d{4})(?:[Qq]([1-4])|[Hh]([12]))?", text.strip())
        if not found or not 1900 <= int(found[1]) <= 2200:
            raise UserError("期间应写成 2026Q3（季度）、2026H1（上半年）或 2026（全年）这样")
        year = int(found[1])
        if found[2]:
            return Quarter(year, int(found[2]))
        return Period(year, int(found[3]), 6) if found[3] else Period(year, 1, 12)

    @property
    def start(self) -> dt.date:
        """The first day."""
        return dt.date(self.year, self.months * (self.number - 1) + 1, 1)

    @property
    def end(self) -> dt.date:
        """The last day, which is the period's ``as_of`` once it is over."""
        return self.next.start - dt.timedelta(days=1)

    @property
    def eve(self) -> dt.date:
        """The day before the first."""
        return self.start - dt.timedelta(days=1)

    def moved(self, steps: int) -> "Period":
        """Return the period so many of its own length later, or earlier."""
        each = 12 // self.months
        year, number = divmod(self.year * each + self.number - 1 + steps, each)
        return Quarter(year, number + 1) if self.months == 3 else Period(year, number + 1, self.months)

    @property
    def next(self) -> "Period":
        """The period after this one."""
        return self.moved(1)

    @property
    def previous(self) -> "Period":
        """The period before this one."""
        return self.moved(-1)

    @property
    def last_year(self) -> "Period":
        """The same period of the year before."""
        return self.moved(-12 // self.months)

    @property
    def quarters(self) -> "tuple[Quarter, ...]":
        """The quarters that it consists of, in order."""
        first = Quarter.of(self.start).number
        return tuple(Quarter(self.year, first + n) for n in range(self.months // 3))

    @property
    def label(self) -> str:
        """The period in words, as reports and file names write it."""
        if self.months == 12:
            return f"{self.year}年度"
        if self.months == 6:
            return f"{self.year}年{_HALVES[self.number - 1]}半年"
        return f"{self.year}年第{_NUMERALS[self.number - 1]}季度"

    def __str__(self) -> str:
        if self.months == 12:
            return str(self.year)
        return f"{self.year}{'H' if self.months == 6 else 'Q'}{self.number}"


class Quarter(Period):
    """One quarter, e.g. ``Quarter(2026, 3)``: 2026-07-01 to 2026-09-30, both days inside."""

    @staticmethod
    def parse(text: str) -> "Quarter":
        """Read ``2026Q3``; raise `UserError` for anything else."""
        if not re.fullmatch(r"\d{4}[Qq][1-4]", text.strip()):
            raise UserError("季度应写成 2026Q3 这样：四位年份、字母 Q、1 到 4")
        found = Period.parse(text)
        return Quarter(found.year, found.number)

    @staticmethod
    def of(day: dt.date) -> "Quarter":
        """Return the quarter a day lies in."""
        return Quarter(day.year, (day.month + 2) // 3)

    @property
    def around(self) -> tuple[Period, ...]:
        """The quarter, and the half-year and the year that it lies in."""
        return self, Period(self.year, (self.number + 1) // 2, 6), Period(self.year, 1, 12)

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
