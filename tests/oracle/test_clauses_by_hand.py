"""The oracle's computed clauses against cases worked out by hand from evaluation.md, and boundary tests of clauses.md.

Letters and short names of offices are those of the findings that led to the second edition.
"""

import datetime as dt
from typing import Any

import pytest

from tests.oracle.base import Office, Row, Value
from tests.oracle.computed import check
from tests.oracle.small import (
    LONG_AGO,
    D,
    an_office,
    answer,
    blood,
    branch,
    member,
    note,
    person,
    status,
    team,
)

QUARTER_END = D(2026, 3, 31)


def over(office: Office, clause: str, *days: tuple[int, int, int]) -> list[str]:
    return [status(office, clause, *day) for day in days]


# ---------------------------------------------------------------- the base and its tree


def test_the_end_of_a_team_is_the_first_day_it_no_longer_is() -> None:
    office = an_office(志愿服务队伍=[team(撤销日期=D(2026, 3, 31)), team("乙队"), team("丙队")])
    assert over(office, "Z34-2.2-4", (2026, 3, 30), (2026, 3, 31)) == ["met", "not_met"]


def test_other_teams_sub_teams_and_suspended_teams_are_not_the_base() -> None:
    office = an_office(
        志愿服务队伍=[
            team(),
            team("乙队", 主管单位="县人民医院"),
            branch(name="丙队"),
            team("丁队", 暂停起始日期=D(2026, 3, 1), 暂停终止日期=D(2026, 4, 1)),
        ]
    )
    assert [check(office, day)["Z34-2.2-4"].k for day in (D(2026, 3, 31), D(2026, 4, 1))] == [1, 2]


def test_own_level_teams() -> None:
    """Office C: 主管单位类型 本级 makes a team of “县红会” own-level; white space in a name changes nothing."""
    rows = [
        team(主管单位="青石县　红十字会 "),
        team("乙队", 主管单位="县红会", 主管单位类型="本级"),
        team("丙队", 主管单位="县红十字会"),
    ]
    assert check(an_office(志愿服务队伍=rows), D(2026, 3, 31))["Z34-2.2-4"].k == 2


def test_gates() -> None:
    office = an_office(志愿服务队伍=[team()])
    assert over(office, "Z34-2.2-2", (2022, 7, 3), (2022, 7, 4)) == ["not_applicable", "met"]
    assert over(office, "B25-1-6", (2025, 12, 10), (2025, 12, 11)) == ["not_applicable", "not_met"]
    assert over(office, "B25-1-3", (2025, 12, 31), (2026, 1, 1)) == ["not_applicable", "not_met"]
    assert over(office, "B25-1-4", (2025, 12, 31), (2026, 1, 1)) == ["not_applicable", "in_progress"]
    assert status(office, "Z34-2.2-6", 2026, 1, 1) == "not_applicable"
    assert status(an_office("市级"), "Z34-2.2-6", 2026, 1, 1) == "not_met"
    assert status(an_office("市级"), "B25-3.1-4", 2026, 1, 1) == "not_applicable"
    assert status(an_office(), "Z34-3.4-1", 2026, 1, 1) == "not_applicable"
    danger = an_office("省级", 活动=[{"开始日期": D(2017, 11, 30), "有人身危险": "是", "活动编号": "H"}])
    assert over(danger, "ZT-17", (2017, 11, 30), (2017, 12, 1)) == ["not_applicable", "missing_data"]


def test_a_dated_level_holds_from_its_day() -> None:
    office = answer(an_office("县级"), "层级", "市级", D(2026, 4, 1))
    assert over(office, "Z34-2.2-6", (2026, 3, 31), (2026, 4, 1)) == ["not_applicable", "not_met"]


# ---------------------------------------------------------------- Z34-2.2-5


def test_rescue_team_where_disasters_are_many() -> None:
    flag: list[Row] = [{"起始日期": D(2026, 1, 1), "终止日期": D(2026, 3, 31)}]
    side = an_office(志愿服务队伍=[team(其他领域="养老服务；应急救援")], 灾害多发认定=flag)
    days = ((2025, 12, 31), (2026, 3, 30), (2026, 3, 31))
    assert over(side, "Z34-2.2-5", *days) == ["not_applicable", "explain", "not_applicable"]
    assert status(an_office("市级", 志愿服务队伍=[team(主要领域="应急救援")]), "Z34-2.2-5", 2026, 1, 1) == "met"
    assert status(an_office("省级"), "Z34-2.2-5", 2026, 1, 1) == "not_applicable"
    assert status(an_office(灾害多发认定=flag, 志愿服务队伍=[team()]), "Z34-2.2-5", 2026, 1, 1) == "not_met"


def test_disasters_by_answer_only_where_there_is_no_row() -> None:
    item = "是否灾害多发"
    assert status(an_office(), "Z34-2.2-5", 2026, 1, 1) == "missing_data"
    assert status(answer(an_office(), item, None), "Z34-2.2-5", 2026, 1, 1) == "missing_data"
    assert status(an_office(answers={item: "否"}), "Z34-2.2-5", 2026, 1, 1) == "not_applicable"
    assert status(an_office(answers={item: "是"}), "Z34-2.2-5", 2026, 1, 1) == "not_met"
    over_now: list[Row] = [{"起始日期": D(2025, 1, 1), "终止日期": D(2025, 6, 1)}]
    assert status(an_office(answers={item: "是"}, 灾害多发认定=over_now), "Z34-2.2-5", 2026, 1, 1) == "not_applicable"
    dated = answer(an_office(answers={item: "否"}), item, "是", D(2026, 4, 1))
    assert over(dated, "Z34-2.2-5", (2026, 3, 31), (2026, 4, 1)) == ["not_applicable", "not_met"]


@pytest.mark.parametrize("fields", [{"主要领域": "应急救援"}, {"其他领域": "应急救援"}])
def test_a_suspended_rescue_team_is_to_be_explained(fields: Row) -> None:
    paused = an_office("市级", 志愿服务队伍=[team(暂停起始日期=D(2026, 1, 1), **fields)])
    assert status(paused, "Z34-2.2-5", 2026, 1, 1) == "explain"
    gone = an_office("市级", 志愿服务队伍=[team(撤销日期=D(2026, 1, 1), **fields)])
    assert status(gone, "Z34-2.2-5", 2026, 1, 1) == "not_met"


# ---------------------------------------------------------------- registration on the platform


def test_registration_of_teams() -> None:
    """Office A: a number without its date is not 未达标."""
    known, unknown = team(志愿者网注册日期=D(2026, 3, 31)), team("乙队", 志愿者网团体编号="RC1")
    never, coming = team("丙队"), team("丁队", 志愿者网团体编号="RC2", 志愿者网注册日期=D(2026, 4, 1))

    def judged(*teams: Row) -> str:
        return status(an_office(志愿服务队伍=list(teams)), "Z34-3.4-1", 2026, 3, 31)

    assert judged(known) == "met"
    assert judged(unknown) == judged(known, unknown) == judged(never, unknown) == "missing_data"
    assert judged(known, never) == judged(known, coming) == "partial"
    assert judged(never) == judged(coming) == "not_met"
    verdict = check(an_office(志愿服务队伍=[known, unknown]), D(2026, 3, 31))["Z34-3.4-1"]
    assert (verdict.k, verdict.n) == (1, 2)


# ---------------------------------------------------------------- consultations, responsibilities, classes


def talk(on: dt.date, partner: str | None = "卫生健康行政部门", topic: str | None = "志愿服务；无偿献血") -> Row:
    return {"类别": "沟通会商", "日期": on, "对方类别": partner, "主题": topic}


def test_consultations() -> None:
    office = an_office(
        工作记录=[
            talk(D(2025, 12, 31)),
            talk(D(2026, 5, 1)),
            talk(D(2026, 5, 1)),
            talk(D(2026, 6, 1), "血站"),
            talk(D(2026, 6, 2), topic="志愿服务"),
            talk(D(2026, 12, 31)),
        ]
    )
    assert over(office, "B25-1-4", (2026, 12, 30), (2026, 12, 31)) == ["in_progress", "met"]
    assert check(office, D(2026, 12, 30))["B25-1-4"].k == 1
    office["工作记录"].pop()
    assert status(office, "B25-1-4", 2026, 12, 31) == "not_met"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([talk(D(2026, 3, 1), None), talk(D(2026, 5, 1), None)], "missing_data"),  # office B
        ([talk(D(2026, 3, 1)), talk(D(2026, 5, 1), topic=None)], "missing_data"),
        ([talk(D(2026, 3, 1)), talk(D(2026, 5, 1), None, None)], "missing_data"),
        ([talk(D(2026, 3, 1)), talk(D(2026, 3, 1), None)], "not_met"),  # one day
        ([talk(D(2026, 3, 1)), talk(D(2026, 5, 1), "血站", None)], "not_met"),
        ([talk(D(2026, 3, 1)), talk(D(2026, 5, 1), None, "志愿服务")], "not_met"),
        ([talk(D(2026, 3, 1)), talk(D(2026, 5, 1)), talk(D(2026, 6, 1), None)], "met"),
        ([talk(D(2026, 3, 1), None)], "not_met"),
    ],
)
def test_doubtful_consultations(rows: list[Row], expected: str) -> None:
    assert over(an_office(工作记录=rows), "B25-1-4", (2026, 12, 31))[0] == expected
    if expected != "met":
        assert status(an_office(工作记录=rows), "B25-1-4", 2026, 12, 30) == "in_progress"


def test_responsibility() -> None:
    def duty(kind: str, who: str, since: dt.date = LONG_AGO) -> Row:
        return {"事项": "无偿献血", "责任类别": kind, "姓名或单位": who, "起始日期": since}

    three = [duty("统筹负责会领导", "王五"), duty("机关牵头负责部门", "办公室"), duty("具体负责部门或单位", "业务科")]
    assert status(an_office(责任分工=three), "B25-1-6", 2026, 1, 1) == "met"
    assert status(an_office(责任分工=three[:2]), "B25-1-6", 2026, 1, 1) == "not_met"
    second = duty("统筹负责会领导", "陈平", D(2026, 1, 2))
    assert over(an_office(责任分工=[*three, second]), "B25-1-6", (2026, 1, 1), (2026, 1, 2)) == ["met", "explain"]
    spaced = duty("统筹负责会领导", "王 五", D(2025, 1, 1))
    assert status(an_office(责任分工=[*three, spaced]), "B25-1-6", 2026, 1, 1) == "met"
    departments = duty("机关牵头负责部门", "业务科")
    assert status(an_office(责任分工=[*three, departments]), "B25-1-6", 2026, 1, 1) == "explain"


def lesson(on: dt.date, blood_module: str | None, kind: str = "应急救护培训") -> Row:
    return {"开始日期": on, "培训类别": kind, "含无偿献血科普": blood_module}


def test_blood_module_in_first_aid_classes() -> None:
    office = an_office(
        培训=[
            lesson(D(2025, 12, 10), "否"),
            lesson(D(2025, 12, 11), "是"),
            lesson(D(2025, 12, 12), None, "演练"),
            lesson(D(2025, 12, 13), "否"),
            lesson(D(2026, 1, 1), "否"),
            lesson(D(2026, 4, 2), None),
        ]
    )
    days = ((2025, 12, 12), (2025, 12, 13), (2026, 1, 1), (2026, 4, 1), (2026, 4, 2))
    assert over(office, "B25-2-4", *days) == ["met", "partial", "not_met", "not_applicable", "missing_data"]


def test_a_blank_answer_outranks_a_known_no() -> None:
    """Offices A and fa: blank is unknown."""
    office = an_office(培训=[lesson(D(2026, 1, 5), "否"), lesson(D(2026, 1, 6), None), lesson(D(2026, 1, 7), "是")])
    verdict = check(office, D(2026, 3, 31))["B25-2-4"]
    assert (verdict.status, verdict.k, verdict.n) == ("missing_data", 1, 3)


# ---------------------------------------------------------------- a blood team


def with_people(*teams: Row, level: str = "县级") -> Office:
    return an_office(level, 志愿服务队伍=list(teams), 队员=[member(name=str(teams[-1]["队伍名称"]))])


def test_a_county_needs_a_blood_team_by_the_end_of_2026() -> None:
    office = with_people(team(其他领域="造血干细胞捐献"))
    days = ((2025, 12, 31), (2026, 1, 1), (2026, 12, 30), (2026, 12, 31))
    assert over(office, "B25-3.1-4", *days) == ["not_due", "in_progress", "in_progress", "not_met"]
    assert status(office, "B25-3.1-4", 2027, 3, 31) == "not_met"


@pytest.mark.parametrize(
    ("teams", "expected"),
    [
        ([blood()], "met"),
        ([team(队伍类型="三献")], "met"),
        ([team(其他领域="应急救援,无偿献血")], "explain"),  # office B
        ([blood(), branch()], "met"),  # office F: people in the 分队 alone
        ([blood(), branch(成立日期=D(2027, 1, 1))], "explain"),
        ([blood(), branch(撤销日期=D(2026, 12, 31))], "explain"),
        ([blood(), branch(暂停起始日期=D(2026, 1, 1))], "met"),
        ([blood(暂停起始日期=D(2026, 12, 30), 暂停终止日期=D(2027, 1, 2))], "explain"),  # office susp
        ([blood(撤销日期=D(2026, 12, 31))], "not_met"),
        ([blood(撤销日期=D(2027, 1, 1))], "met"),
        ([blood(成立日期=D(2026, 12, 31))], "met"),
        ([blood(成立日期=D(2027, 1, 1))], "not_met"),
        ([blood(主管单位="县人民医院")], "not_met"),
        ([team(), blood("甲一分队", 上级队伍="甲队")], "not_met"),
    ],
)
def test_what_makes_a_blood_team(teams: list[Row], expected: str) -> None:
    assert status(with_people(*teams), "B25-3.1-4", 2026, 12, 31) == expected
    assert status(with_people(*teams, level="市级"), "Z34-2.2-6", 2026, 12, 31) == expected


def test_a_blood_team_without_members_is_to_be_explained() -> None:
    assert status(an_office(志愿服务队伍=[blood()]), "B25-3.1-4", 2026, 12, 31) == "explain"
    left = an_office(志愿服务队伍=[blood()], 队员=[member()], 志愿者=[person(退出日期=D(2026, 12, 31))])
    assert over(left, "B25-3.1-4", (2026, 12, 30), (2026, 12, 31)) == ["met", "explain"]


# ---------------------------------------------------------------- the tree, seen through the insured


def insured_of(*teams: Row, members: list[Row], day: dt.date = QUARTER_END) -> tuple[str, int | None]:
    verdict = check(an_office(志愿服务队伍=list(teams), 队员=members), day)["B25-3.3-4"]
    return verdict.status, verdict.n


def test_members_of_every_depth_count_once() -> None:
    """Office F, and below it."""
    middle, low = branch(), branch("甲一分队", "甲一分队一组")
    rows = [member("1"), member("1", "甲一分队"), member("2", "甲一分队"), member("3", "甲一分队一组")]
    assert insured_of(blood(), middle, low, members=rows) == ("not_met", 3)
    assert insured_of(blood(), middle | {"撤销日期": D(2026, 1, 1)}, low, members=rows) == ("not_met", 2)
    assert insured_of(blood(), middle | {"成立日期": D(2027, 1, 1)}, low, members=rows) == ("not_met", 2)
    assert insured_of(blood(), middle, low | {"撤销日期": D(2026, 3, 31)}, members=rows) == ("not_met", 2)
    assert insured_of(blood(), middle, low | {"暂停起始日期": D(2026, 1, 1)}, members=rows) == ("not_met", 3)
    assert insured_of(blood(), members=[]) == ("not_applicable", None)


def insured_office(mode: str, **own: Value) -> Office:
    policy: Row = {"保单号": "P", "承保方式": mode, "起始日期": D(2026, 1, 1), "终止日期": D(2026, 3, 31)}
    return an_office(
        志愿服务队伍=[blood()],
        队员=[member("1"), member("2")],
        保险单=[policy],
        志愿者=[person("1"), person("2", 志愿者网编号="V2", 志愿者网注册日期=D(2026, 2, 1))],
        被保险人=[{"保单号": "P", "证件号码": "1", **own}],
    )


def test_insurance() -> None:
    named = insured_office("记名名单")
    days = ((2025, 12, 31), (2026, 1, 1), (2026, 3, 31), (2026, 4, 1))
    assert over(named, "B25-3.3-4", *days) == ["not_met", "partial", "partial", "not_met"]
    half = insured_office("记名名单", 保障起始日期=D(2026, 2, 1))
    assert over(half, "B25-3.3-4", (2026, 1, 31), (2026, 2, 1)) == ["not_met", "partial"]
    by_platform = insured_office("平台自动")
    assert over(by_platform, "B25-3.3-4", (2026, 1, 31), (2026, 2, 1)) == ["not_met", "partial"]
    assert status(insured_office("按活动"), "B25-3.3-4", 2026, 3, 31) == "not_met"


def test_a_gap_of_a_day_is_a_gap() -> None:
    spans = ((D(2026, 1, 1), D(2026, 6, 30)), (D(2026, 7, 2), D(2026, 12, 31)))
    policies: list[Row] = [
        {"保单号": f"P{n}", "承保方式": "记名名单", "起始日期": first, "终止日期": last}
        for n, (first, last) in enumerate(spans)
    ]
    office = an_office(
        志愿服务队伍=[blood()],
        队员=[member()],
        保险单=policies,
        被保险人=[{"保单号": f"P{n}", "证件号码": "1"} for n in (0, 1)],
    )
    assert over(office, "B25-3.3-4", (2026, 6, 30), (2026, 7, 1), (2026, 7, 2)) == ["met", "not_met", "met"]


def test_people_who_left_are_not_judged() -> None:
    """Office G: one of three left in March."""
    office = an_office(
        志愿服务队伍=[blood()],
        志愿者=[person("1"), person("2"), person("3", 退出日期=D(2026, 3, 10))],
        队员=[member(str(n)) for n in (1, 2, 3)],
        保险单=[{"保单号": "P", "承保方式": "记名名单", "起始日期": D(2026, 1, 1), "终止日期": D(2026, 12, 31)}],
        被保险人=[{"保单号": "P", "证件号码": str(n)} for n in (1, 2)],
    )
    assert over(office, "B25-3.3-4", (2026, 3, 9), (2026, 3, 10)) == ["partial", "met"]


# ---------------------------------------------------------------- one network


def network(**changes: Any) -> Office:
    sheets: dict[str, list[Row]] = {
        "志愿服务队伍": [blood(志愿者网注册日期=D(2026, 3, 31))],
        "队员": [member()],
        "志愿者": [person(志愿者网编号="V1")],
        "工作记录": [note("项目", 队伍名称="甲队", 形式或渠道="中国红十字志愿者网")],
        "服务记录": [{"队伍名称": "甲队", "证件号码": "1", "服务日期": D(2026, 3, 31), "志愿者网已同步": "是"}],
    }
    return an_office(**(sheets | changes))


def test_one_network() -> None:
    assert over(network(), "B25-3.2-2", (2026, 3, 30), (2026, 3, 31)) == ["partial", "met"]
    assert check(network(), D(2026, 3, 30))["B25-3.2-2"].facts == {
        "members": (1, 1),
        "teams": (0, 1),
        "projects": (1, 1),
        "services": (0, 0),
    }
    assert status(an_office(志愿服务队伍=[blood()]), "B25-3.2-2", 2026, 3, 31) == "not_met"
    assert status(an_office(志愿服务队伍=[team()]), "B25-3.2-2", 2026, 3, 31) == "not_applicable"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"志愿者": [person(志愿者网编号="V1", 志愿者网注册日期=D(2026, 4, 1))]}, "partial"),
        ({"志愿服务队伍": [blood(志愿者网团体编号="RC1")]}, "missing_data"),
        ({"工作记录": [note("项目", 队伍名称="甲队")]}, "missing_data"),
        ({"工作记录": [note("项目", 队伍名称="甲队", 形式或渠道="微信群")]}, "partial"),
        (
            {"工作记录": [note("项目", D(2026, 4, 1), 队伍名称="甲队", 有效期起=D(2026, 1, 1), 形式或渠道="微信群")]},
            "met",
        ),
        ({"工作记录": [note("项目", 队伍名称="甲队", 有效期止=D(2026, 3, 30), 形式或渠道="微信群")]}, "met"),
        ({"服务记录": [{"队伍名称": "甲队", "服务日期": D(2026, 3, 31)}]}, "missing_data"),
        ({"服务记录": [{"队伍名称": "甲队", "服务日期": D(2026, 3, 31), "志愿者网已同步": "否"}]}, "partial"),
        ({"服务记录": [{"队伍名称": "甲队", "服务日期": D(2025, 12, 31)}]}, "met"),
    ],
)
def test_each_part_of_the_network(changes: Any, expected: str) -> None:
    assert status(network(**changes), "B25-3.2-2", 2026, 3, 31) == expected


def test_a_branch_is_part_of_the_network() -> None:
    served = {"队伍名称": "甲一分队", "证件号码": "2", "服务日期": D(2026, 3, 31), "志愿者网已同步": "否"}
    rows = {
        "志愿服务队伍": [blood(志愿者网注册日期=D(2026, 1, 1)), branch()],
        "队员": [member(), member("2", "甲一分队")],
        "服务记录": [served],
    }
    facts = check(network(**rows), D(2026, 3, 31))["B25-3.2-2"].facts
    assert (facts["members"], facts["teams"], facts["services"]) == ((1, 2), (1, 1), (0, 1))


def test_stock_of_december_2025() -> None:
    office = an_office(
        志愿服务队伍=[blood(志愿者网注册日期=D(2026, 1, 1))], 志愿者=[person()], 队员=[member(since=D(2025, 12, 12))]
    )
    assert over(office, "B25-3.2-3", (2025, 12, 31), (2026, 1, 1)) == [
        "in_progress",
        "met",
    ]  # a day too late for the stock
    office["队员"][0]["入队日期"] = D(2025, 12, 11)
    assert status(office, "B25-3.2-3", 2026, 1, 1) == "in_progress"
    office["志愿者"][0]["退出日期"] = D(2026, 1, 1)
    assert status(office, "B25-3.2-3", 2026, 1, 1) == "met"
    late = an_office(志愿服务队伍=[blood(成立日期=D(2025, 12, 12))])
    assert status(late, "B25-3.2-3", 2026, 1, 1) == "not_applicable"
    unknown = an_office(志愿服务队伍=[blood(志愿者网团体编号="RC1")])
    assert status(unknown, "B25-3.2-3", 2026, 1, 1) == "missing_data"


# ---------------------------------------------------------------- theme days


def held(theme: str, on: dt.date, kind: str = "宣传") -> Row:
    return {"纪念日": theme, "开始日期": on, "活动类别": kind}


def test_theme_days() -> None:
    first = held("世界红十字日", D(2026, 5, 22))
    days = ((2026, 5, 7), (2026, 5, 22), (2026, 5, 23))
    assert over(an_office(), "B25-4-1", *days) == ["not_due", "in_progress", "not_met"]
    assert over(an_office(活动=[first]), "B25-4-1", (2026, 5, 23), (2026, 6, 29)) == ["in_progress", "partial"]
    assert status(an_office(活动=[held("世界红十字日", D(2026, 5, 23))]), "B25-4-1", 2026, 5, 23) == "explain"
    full = [first, held("世界献血者日", D(2026, 5, 31)), held("世界骨髓捐献者日", D(2026, 10, 3))]
    assert over(an_office(活动=full), "B25-4-1", (2026, 10, 2), (2026, 10, 3)) == ["in_progress", "met"]
    assert status(an_office(活动=[held("世界骨髓捐献者日", D(2026, 9, 5))]), "B25-4-1", 2026, 9, 5) == "partial"


@pytest.mark.parametrize("kind", ["演练", "其他"])
def test_a_dinner_is_no_theme_activity(kind: str) -> None:
    """Office J: a drill on the day is to be explained."""
    office = an_office(活动=[held("世界红十字日", D(2026, 5, 8), kind)])
    assert over(office, "B25-4-1", (2026, 5, 8), (2026, 5, 22), (2026, 5, 23)) == [
        "in_progress",
        "in_progress",
        "explain",
    ]
