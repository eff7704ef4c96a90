"""People, teams and days of the made-up lists: invented, with sound check digits."""

import datetime as dt
import random

from db.records.identity import check_digit

SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡郭何林高罗"
GIVEN = (
    "一民",
    "小满",
    "建国",
    "秋月",
    "雪梅",
    "立新",
    "志远",
    "芳",
    "伟",
    "秀英",
    "海燕",
    "冬至",
    "明",
    "丽华",
    "国强",
)
TEAMS = ("救护一队", "献血宣传队", "水上救援队", "心理援助队")
OFFICE = "江河县红十字会"


def number(n: int, female: bool = False) -> str:
    """Return a sound number that is nobody's."""
    day = dt.date(1960, 1, 1) + dt.timedelta(n * 97 % 15000)
    body = f"990101{day:%Y%m%d}{(n * 2 + (0 if female else 1)) % 1000:03d}"
    return body + check_digit(body)


def people(rng: random.Random, count: int) -> list[tuple[str, str]]:
    """Return different people: name and number."""
    start = rng.randrange(200)
    names = rng.sample([s + g for s in SURNAMES for g in GIVEN], count)
    return [(name, number(start + n)) for n, name in enumerate(names)]


def day(rng: random.Random, year: int = 2026, months: tuple[int, int] = (7, 9)) -> dt.date:
    """Return a day of some months, by default of the third quarter of 2026."""
    return dt.date(year, rng.randint(*months), rng.randint(1, 28))


def written(rng: random.Random, on: dt.date) -> object:
    """Return a day as somebody writes it."""
    return rng.choice((
        on, on.isoformat(), f"{on.year}.{on.month}.{on.day}", f"{on.year}/{on.month}/{on.day}", f"{on.year}年{on.month}月{on.day}日", f"{on:%Y%m%d}",
    ))  # fmt: skip


def team_rows(teams: tuple[str, ...] = TEAMS[:2]) -> list[list[object]]:
    """The sheet of teams."""
    head: list[object] = ["队伍名称", "主管单位", "主要领域", "成立日期"]
    return [head, *([name, OFFICE, "应急救护", "2020-01-01"] for name in teams)]


def people_rows(some: list[tuple[str, str]]) -> list[list[object]]:
    """The sheet of volunteers."""
    return [["姓名", "证件号码", "登记日期"], *([*p, "2021-03-01"] for p in some)]
