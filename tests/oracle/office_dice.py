"""Chance for the random offices: days where an answer turns, numbers with right check characters, small choices."""

import datetime as dt
import random
from collections.abc import Sequence

from tests.oracle.base import Value, theme_days

QUARTERS = ("2025Q3", "2025Q4", "2026Q1", "2026Q2", "2026Q3", "2026Q4")
PERIODS = (*QUARTERS, "2025H2", "2026H1", "2026H2", "2025", "2026")
D = dt.date
ONE_DAY = dt.timedelta(days=1)
_QUARTER_STARTS = (
    D(2025, 10, 1),
    D(2026, 1, 1),
    D(2026, 4, 1),
    D(2026, 7, 1),
    D(2026, 10, 1),
    D(2027, 1, 1),
    D(2027, 4, 1),
)
_THEMES_2026 = tuple(theme_days(2026).values())
BOUNDARY_DATES: list[dt.date] = sorted(
    {
        D(2022, 7, 3),
        D(2022, 7, 4),
        D(2025, 12, 10),
        D(2025, 12, 11),
        D(2025, 12, 12),
        D(2026, 3, 30),
        D(2026, 3, 31),
        D(2026, 12, 30),
        D(2026, 12, 31),
        D(2027, 3, 30),
    }
    | {start + ONE_DAY * step for start in _QUARTER_STARTS[1:] for step in (-1, 0)}
    | {on + ONE_DAY * step for on in _THEMES_2026 for step in (-15, -14, -1, 0, 14, 15)}
)
"""Days to judge an office at: both sides of everything that can turn."""

JUDGED_DAYS = tuple(on for on in BOUNDARY_DATES if on.year > 2022)
"""Of these, the days on which the newer notices can turn."""

TURNING_DAYS: tuple[dt.date, ...] = tuple(
    sorted(
        {on + ONE_DAY * step for on in BOUNDARY_DATES if on.year > 2022 for step in (-1, 0, 1)}
        | {D(2025, 9, 30), D(2025, 10, 1), D(2027, 1, 2)}
    )
)
EXPIRY_DAYS = tuple(start + ONE_DAY * step for start in _QUARTER_STARTS for step in (-2, -1, 0, 28, 29, 30))

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂玲云萱喆堃翀骉"
_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def id_check_character(first17: str) -> str:
    """GB 11643 (ISO 7064 MOD 11-2) check character of the first seventeen digits."""
    total = sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(first17))
    return "10X98765432"[total % 11]


def uscc_check_character(first17: str) -> str:
    """GB 32100 check character of the first seventeen characters."""
    total = sum(_USCC.index(sign) * (3**place % 31) for place, sign in enumerate(first17))
    return _USCC[(31 - total % 31) % 31]


class Dice:
    """Small choices, all from one seeded generator."""

    def __init__(self, seed: int, scale: float) -> None:
        self.rng = random.Random(seed)
        self.scale = scale

    def chance(self, share: float) -> bool:
        """True in about this share of cases."""
        return self.rng.random() < share

    def count(self, low: int, high: int) -> int:
        """A number of things, its upper bound scaled."""
        return self.rng.randint(low, max(low, round(high * self.scale)))

    def early(self) -> dt.date:
        """A day from 2018 to mid 2025."""
        return D(2018, 1, 1) + ONE_DAY * self.rng.randrange(2800)

    def near(self) -> dt.date:
        """Mostly a day where something turns, else any day from 2025 to early 2027."""
        return self.rng.choice(TURNING_DAYS) if self.chance(0.75) else D(2025, 1, 1) + ONE_DAY * self.rng.randrange(830)

    def start(self, old: float = 0.5) -> dt.date:
        """The start of something: long ago in the share `old`, else near a turning day."""
        return self.early() if self.chance(old) else self.near()

    def after(self, first: dt.date, share: float = 1.0) -> dt.date | None:
        """An end not before its start (sometimes the same day), or none."""
        if not self.chance(share):
            return None
        if self.chance(0.05):
            return first
        later = [on for on in TURNING_DAYS if on >= first]
        return self.rng.choice(later) if later else first + ONE_DAY * self.rng.randrange(60)

    def maybe(self, *choices: Value) -> Value:
        """One of the values, or an empty cell."""
        return self.rng.choice([*choices, None])

    def several(self, choices: Sequence[str], most: int = 3) -> str | None:
        """Some of the values in one cell, or an empty cell."""
        return "；".join(self.rng.sample(choices, self.rng.randint(0, most))) or None

    def hours(self, most: int = 16) -> Value:
        """Half hours, whole ones mostly as int."""
        halves = self.rng.randint(1, most)
        return halves // 2 if halves % 2 == 0 and self.chance(0.7) else halves / 2

    def phone(self) -> str:
        """A mobile number."""
        return f"1{self.rng.choice('356789')}{self.rng.randrange(10**9):09d}"

    def person_name(self) -> str:
        """An invented name."""
        return self.rng.choice(_SURNAMES) + "".join(self.rng.sample(_GIVEN, self.rng.randint(1, 2)))
