"""B25-1-3: the long plan and the plan of the year.

Readings chosen where the contract leaves room:

* A four-digit year is four digits with no digit on either side.
* A record whose 子类 is known stands for that alone when its 主题 is blank or its end is missing; one with another or
  no 子类 may stand for either, if its dates allow it: for the long plan begun and not over, for the plan of the year
  the right year and not over.
* A record whose 主题 is filled and has no 无偿献血 is left out, whatever its 子类.
* 有效期起 after as_of does not make a plan of the year something else: its year decides.
"""

import datetime as dt
import re

from tests.oracle.base import BLOOD, EARLIEST, LATEST, Office, Row, Verdict, day, months_before, rows, text, values

YEAR_PLANS = ("年度计划", "年度工作计划", "工作计划", "年计划")
LONG_PLANS = ("中长期发展规划", "中长期规划", "发展规划", "五年规划", "规划")


def year_of(row: Row) -> int:
    """Of 有效期起, else the one year in 标题, else of 日期."""
    since, on = day(row, "有效期起"), day(row, "日期")
    assert on is not None
    if since is not None:
        return since.year
    named = {int(year) for year in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", text(row, "标题"))}
    return named.pop() if len(named) == 1 else on.year


def not_over(row: Row, as_of: dt.date) -> bool:
    """有效期止 blank or >= as_of."""
    return (day(row, "有效期止") or LATEST) >= as_of


def begun(row: Row, as_of: dt.date) -> bool:
    """有效期起 blank or <= as_of."""
    return (day(row, "有效期起") or EARLIEST) <= as_of


def fits_year(row: Row, as_of: dt.date) -> bool:
    """Its dates make it a plan of the year."""
    return year_of(row) == as_of.year and not_over(row, as_of)


def fits_long(row: Row, as_of: dt.date) -> bool:
    """Its dates make it a long plan in force, where a missing end is taken for one to come."""
    return begun(row, as_of) and not_over(row, as_of)


def roles(row: Row, as_of: dt.date) -> set[str]:
    """What a record is (long, year, ended) or might be (long?, year?)."""
    kind, known = text(row, "子类"), bool(text(row, "主题"))
    if known and BLOOD not in values(row, "主题"):
        return set()
    found = set()
    may_be_long, may_be_year = kind not in YEAR_PLANS, kind not in LONG_PLANS
    if may_be_year and fits_year(row, as_of):
        found.add("year" if known and kind in YEAR_PLANS else "year?")
    if may_be_long and fits_long(row, as_of):
        sure = known and kind in LONG_PLANS and day(row, "有效期止") is not None
        found.add("long" if sure else "long?")
    until = day(row, "有效期止")
    if known and kind in LONG_PLANS and until is not None and months_before(as_of, 12) <= until < as_of:
        found.add("ended")
    return found


def could_be_both(known: set[str], unknown: list[set[str]]) -> bool:
    """Unknown records fill what is lacking, each standing for one thing."""
    lacking = [f"{part}?" for part in ("long", "year") if part not in known]
    if len(lacking) == 1:
        return any(lacking[0] in one for one in unknown)
    return any(
        "long?" in one and "year?" in other
        for place, one in enumerate(unknown)
        for second, other in enumerate(unknown)
        if place != second
    )


def b25_1_3(office: Office, as_of: dt.date) -> Verdict:
    """Long and year -> met; else what unknown records could make; else ended, the first quarter, one, none."""
    each = [
        roles(row, as_of)
        for row in rows(office, "工作记录")
        if text(row, "类别") == "规划计划" and (day(row, "日期") or LATEST) <= as_of
    ]
    known = {part for one in each for part in one if not part.endswith("?")}
    long, year, ended = "long" in known, "year" in known, "ended" in known
    k = long + year
    if k == 2:
        status = "met"
    elif could_be_both(known, [one for one in each if one & {"long?", "year?"}]):
        status = "missing_data"
    elif ended and year:
        status = "explain"
    elif (long or ended) and not year and (as_of.month, as_of.day) <= (3, 31):
        status = "in_progress"
    else:
        status = "partial" if k == 1 else "not_met"
    return Verdict(status, k, 2, {"long": long, "year": year, "ended": ended})
