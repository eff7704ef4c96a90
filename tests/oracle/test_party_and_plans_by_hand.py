"""Z34-3.1-1 and B25-1-3 worked out by hand from evaluation.md."""

import datetime as dt

import pytest

from tests.oracle.base import Row, Value
from tests.oracle.computed import check
from tests.oracle.small import D, an_office, branch, note, status, team

# ---------------------------------------------------------------- party members


@pytest.mark.parametrize(
    ("full", "probationary", "counted", "organised", "expected"),
    [
        (3, None, D(2026, 3, 31), D(2026, 3, 31), "met"),
        (3, 0, D(2026, 3, 31), D(2026, 4, 1), "not_met"),
        (3, 0, D(2026, 4, 15), None, "not_met"),  # taken while the report was written
        (3, 0, D(2026, 4, 16), None, "missing_data"),
        (3, 0, D(2025, 3, 31), None, "not_met"),  # exactly twelve months old
        (3, 0, D(2025, 3, 30), None, "missing_data"),
        (2, 0, D(2021, 5, 1), None, "missing_data"),
        (None, 3, D(2026, 1, 1), None, "missing_data"),
        (2, None, D(2026, 1, 1), None, "not_applicable"),  # 预备 blank adds nothing
        (2, 1, D(2026, 1, 1), None, "explain"),
        (2, 1, D(2026, 1, 1), D(2026, 1, 1), "not_applicable"),
        (2, 0, D(2026, 1, 1), None, "not_applicable"),
        (0, 3, D(2026, 1, 1), None, "explain"),
        (3, 0, None, None, "missing_data"),  # a count without its date
        (3, 0, None, D(2026, 1, 1), "not_applicable"),  # an active organisation comes first
    ],
)
def test_party_organisation(full: Value, probationary: Value, counted: Value, organised: Value, expected: str) -> None:
    office = an_office(
        志愿服务队伍=[team(正式党员数=full, 预备党员数=probationary, 党员数统计日期=counted, 党组织成立日期=organised)]
    )
    assert status(office, "Z34-3.1-1", 2026, 3, 31) == expected


def counts(*rows: tuple[dt.date, int, int | None], name: str = "甲队") -> list[Row]:
    return [{"队伍名称": name, "统计日期": on, "正式党员数": full, "预备党员数": more} for on, full, more in rows]


@pytest.mark.parametrize(
    ("rows", "day", "expected"),
    [
        (counts((D(2026, 1, 5), 3, 0), (D(2026, 3, 5), 2, 0)), (2026, 3, 31), "not_applicable"),
        (counts((D(2026, 1, 5), 3, 0), (D(2026, 3, 5), 2, 0)), (2026, 3, 4), "not_met"),
        (counts((D(2026, 3, 5), 2, 0), (D(2026, 4, 5), 3, 0)), (2026, 3, 31), "not_applicable"),  # past before after
        (counts((D(2026, 4, 5), 2, 0), (D(2026, 4, 9), 3, 0)), (2026, 3, 31), "not_applicable"),  # the earliest after
        (counts((D(2026, 4, 5), 3, 0), (D(2026, 4, 9), 2, 0)), (2026, 3, 31), "not_met"),
        (counts((D(2024, 4, 5), 3, 0), (D(2026, 4, 9), 2, 0)), (2026, 3, 31), "not_applicable"),  # too old is none
        (counts((D(2026, 10, 8), 3, 0)), (2026, 9, 30), "not_met"),  # office D
        (counts((D(2026, 10, 8), 3, 0)), (2026, 9, 22), "missing_data"),
    ],
)
def test_dated_counts(rows: list[Row], day: tuple[int, int, int], expected: str) -> None:
    assert status(an_office(志愿服务队伍=[team()], 党员统计=rows), "Z34-3.1-1", *day) == expected


def test_a_later_count_changes_no_earlier_day() -> None:
    """Office drift."""
    early = counts((D(2026, 9, 1), 3, 0))
    late = [*early, *counts((D(2026, 12, 31), 0, 0))]
    for rows in (early, late):
        office = an_office(志愿服务队伍=[team(党组织成立日期=D(2026, 1, 1))], 党员统计=rows)
        assert status(office, "Z34-3.1-1", 2026, 9, 30) == "met"


def test_the_columns_of_the_team_are_one_of_its_counts() -> None:
    row = team(正式党员数=2, 预备党员数=0, 党员数统计日期=D(2026, 3, 1))
    office = an_office(志愿服务队伍=[row], 党员统计=counts((D(2026, 2, 1), 3, 0)))
    assert [status(office, "Z34-3.1-1", 2026, month, 28) for month in (2, 3)] == ["not_met", "not_applicable"]


def party(full: int, probationary: int | None = None) -> Row:
    return {"正式党员数": full, "预备党员数": probationary, "党员数统计日期": D(2026, 3, 1)}


@pytest.mark.parametrize(
    ("teams", "expected"),
    [
        ([team(), branch(**party(5))], "not_met"),  # office sub2
        ([team(**party(0)), branch(**party(2)), branch(name="甲二分队", **party(1))], "not_met"),
        ([team(**party(2)), branch(**party(2))], "not_applicable"),  # the larger, not both together
        ([team(**party(3)), branch(**party(1))], "not_met"),
        ([team(**party(2)), branch(**party(0, 3))], "explain"),  # each number for itself
        ([team(**party(2)), branch(), branch(name="甲二分队", **party(1))], "not_applicable"),
        ([team(), branch()], "missing_data"),
        ([team(**party(1)), branch()], "not_applicable"),
        ([team(), branch(**party(5), 党组织成立日期=D(2026, 3, 31))], "met"),
        ([team(**party(3), 党组织成立日期=D(2026, 1, 1), 党组织撤销日期=D(2026, 3, 31))], "not_met"),
        ([team(), branch(**party(5), 撤销日期=D(2026, 3, 31))], "missing_data"),
        ([team(), branch(**party(5), 暂停起始日期=D(2026, 1, 1))], "not_met"),
        ([team(), branch(撤销日期=D(2026, 1, 1)), branch("甲一分队", "甲一分队一组", **party(3))], "not_met"),
        ([team(**party(3), 党组织名称="党支部")], "missing_data"),  # office A: a name without its day
        ([team(**party(2, 1), 党组织名称="党支部")], "missing_data"),
        ([team(**party(2), 党组织名称="党支部")], "not_applicable"),
        ([team(**party(3)), branch(党组织名称="党支部")], "missing_data"),
        ([team(**party(3), 党组织名称="党支部"), branch(党组织成立日期=D(2026, 1, 1))], "met"),
        ([team(**party(3)), team("乙队")], "not_met"),  # office K: any fail outranks what is missing
        ([team(**party(3), 党组织成立日期=D(2026, 1, 1)), team("乙队")], "missing_data"),
        ([team(**party(2, 1)), team("乙队")], "missing_data"),
        ([team(**party(2, 1)), team("乙队", **party(3), 党组织成立日期=D(2026, 1, 1))], "explain"),
        ([team(**party(3), 主管单位="县人民医院")], "not_applicable"),
    ],
)
def test_party_members_of_a_tree(teams: list[Row], expected: str) -> None:
    assert status(an_office(志愿服务队伍=teams), "Z34-3.1-1", 2026, 3, 31) == expected


# ---------------------------------------------------------------- plans


JANUARY = D(2026, 1, 5)


def plan(kind: str | None, on: dt.date = JANUARY, **more: Value) -> Row:
    return note("规划计划", on, 子类=kind, 标题="安排", 主题="应急救护；无偿献血") | more


LONG = plan("中长期发展规划", D(2021, 5, 1), 有效期起=D(2021, 1, 1), 有效期止=D(2030, 12, 31))
YEAR = plan("年度计划", 有效期起=D(2026, 1, 1), 有效期止=D(2026, 12, 31))
ENDED = LONG | {"有效期止": D(2025, 12, 31)}


def planned(*rows: Row, day: tuple[int, int, int] = (2026, 9, 30)) -> str:
    return status(an_office(工作记录=list(rows)), "B25-1-3", *day)


def test_both_one_or_none() -> None:
    assert planned(LONG, YEAR) == "met"
    assert planned(LONG) == planned(YEAR) == "partial"
    assert planned() == "not_met"
    assert planned(LONG, YEAR | {"主题": "应急救护"}) == "partial"
    assert check(an_office(工作记录=[LONG]), D(2026, 9, 30))["B25-1-3"].k == 1


def test_a_blank_end_never_wins() -> None:
    """Office A: a 2025 annual plan and a 2016 十三五 plan, both with blank 有效期."""
    old_year = plan("年度计划", D(2025, 1, 10), 标题="2025年工作计划")
    thirteenth = plan("中长期发展规划", D(2016, 5, 1), 标题="十三五规划")
    assert planned(old_year, thirteenth) == "not_met"
    assert planned(old_year, thirteenth, day=(2026, 12, 31)) == "not_met"
    assert planned(thirteenth, YEAR) == "missing_data"


@pytest.mark.parametrize("kind", ["年度计划", "年度工作计划", "工作计划", "年计划"])
def test_names_of_the_year_plan(kind: str) -> None:
    """Office B."""
    assert planned(LONG, plan(kind)) == "met"


@pytest.mark.parametrize("kind", ["中长期发展规划", "中长期规划", "发展规划", "五年规划", "规划"])
def test_names_of_the_long_plan(kind: str) -> None:
    assert planned(LONG | {"子类": kind}, YEAR) == "met"


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (plan("年度计划", D(2025, 12, 20), 标题="2026年工作计划"), "met"),
        (plan("年度计划", D(2026, 1, 20), 标题="2025年工作计划"), "partial"),
        (plan("年度计划", D(2025, 12, 20), 标题="2026年重点工作（2026年印发）"), "met"),
        (plan("年度计划", D(2026, 1, 20), 标题="2025—2026年安排"), "met"),  # two years: that of 日期
        (plan("年度计划", D(2025, 12, 20), 标题="2025—2026年安排"), "partial"),
        (plan("年度计划", D(2026, 1, 20), 标题="安红〔2025〕3号", 有效期起=D(2026, 1, 1)), "met"),
        (plan("年度计划", D(2026, 1, 20), 标题="第12025号"), "met"),
        (plan("年度计划", D(2025, 12, 20), 有效期起=D(2026, 1, 1)), "met"),
        (plan("年度计划", D(2026, 1, 20), 有效期起=D(2025, 1, 1), 有效期止=D(2026, 12, 31)), "partial"),
        (plan("年度计划", D(2026, 1, 20), 有效期止=D(2026, 9, 29)), "partial"),
        (plan("年度计划", D(2026, 1, 20), 有效期止=D(2026, 9, 30)), "met"),
        (plan("年度计划", D(2026, 10, 1)), "partial"),  # a record of a day to come
    ],
)
def test_the_year_of_a_plan(year: Row, expected: str) -> None:
    assert planned(LONG, year) == expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([YEAR, LONG | {"有效期起": None}], "met"),
        ([YEAR, LONG | {"有效期起": D(2026, 10, 1)}], "partial"),
        ([YEAR, LONG | {"有效期止": None}], "missing_data"),
        ([YEAR, LONG | {"有效期起": D(2026, 10, 1), "有效期止": None}], "partial"),
        ([YEAR, plan("三年行动方案", D(2025, 1, 1))], "missing_data"),
        ([YEAR, plan(None, D(2025, 1, 1))], "missing_data"),
        ([YEAR, plan(None, D(2025, 1, 1), 有效期止=D(2026, 9, 29))], "partial"),
        ([YEAR, plan(None, D(2025, 1, 1), 有效期起=D(2026, 10, 1))], "partial"),
        ([YEAR, LONG | {"主题": None}], "missing_data"),
        ([YEAR, YEAR | {"主题": None, "标题": "另一份"}], "partial"),  # known as a year plan, no long one
        ([LONG, plan(None)], "missing_data"),
        ([LONG, plan(None, D(2025, 3, 1))], "partial"),  # not of the year
        ([LONG, YEAR | {"主题": None}], "missing_data"),
        ([LONG, LONG | {"有效期止": None, "标题": "又一份"}], "partial"),
        ([plan(None)], "not_met"),  # one record, one thing
        ([plan(None), plan(None, D(2026, 2, 2))], "missing_data"),
        ([plan(None), plan(None, D(2025, 2, 2))], "missing_data"),  # that of 2025 for long, the other for the year
        ([plan(None, D(2025, 2, 2)), plan(None, D(2025, 3, 3))], "not_met"),
        ([LONG | {"有效期止": None}, YEAR | {"主题": None}], "missing_data"),
        ([LONG, YEAR, plan(None)], "met"),
    ],
)
def test_unknown_records(rows: list[Row], expected: str) -> None:
    assert planned(*rows) == expected


@pytest.mark.parametrize(
    ("rows", "day", "expected"),
    [
        ([LONG], (2026, 3, 31), "in_progress"),  # g1: the quarter's last day is within
        ([LONG], (2026, 4, 1), "partial"),
        ([ENDED], (2026, 3, 31), "in_progress"),
        ([ENDED], (2026, 4, 1), "not_met"),
        ([ENDED, YEAR], (2026, 3, 31), "explain"),
        ([ENDED, YEAR], (2026, 12, 31), "explain"),  # twelve months to the day
        ([ENDED | {"有效期止": D(2025, 12, 30)}, YEAR], (2026, 12, 31), "partial"),
        ([LONG | {"有效期止": D(2026, 9, 30)}, YEAR], (2026, 9, 30), "met"),
        ([LONG | {"有效期止": D(2026, 9, 29)}, YEAR], (2026, 9, 30), "explain"),
        ([YEAR], (2026, 3, 31), "partial"),
        ([], (2026, 3, 31), "not_met"),
        ([ENDED, YEAR, plan(None, D(2025, 1, 1))], (2026, 3, 31), "missing_data"),
    ],
)
def test_the_end_of_a_long_plan(rows: list[Row], day: tuple[int, int, int], expected: str) -> None:
    assert planned(*rows, day=day) == expected
