"""What the second edition changed in the semi-automatic clauses, worked out by hand: trees, people, answers, money."""

import datetime as dt

import pytest

from tests.oracle.base import Office, Row, Value
from tests.oracle.register import REGISTER, listed
from tests.oracle.semi import proposals
from tests.oracle.small import (
    EVE,
    LAST,
    MID,
    D,
    an_office,
    answer,
    blood,
    branch,
    member,
    money,
    note,
    person,
    team,
)


def says(office: Office, clause: str, day: dt.date = MID) -> tuple[str, int | None, int | None]:
    return proposals(office, day)[clause]


def over(office: Office, clause: str) -> list[str]:
    """The day before the year's end, and its end."""
    return [says(office, clause, day)[0] for day in (EVE, LAST)]


# ---------------------------------------------------------------- the tree


def test_guidance_of_a_branch_is_guidance_of_its_team() -> None:
    """Office F."""
    given = [note("工作指导", 队伍名称="甲一分队")]
    office = an_office(志愿服务队伍=[blood(民政登记状态="不具备条件"), branch()], 工作记录=given)
    for clause in ("Z34-1-3", "B25-3.3-1", "Z34-3.4-3"):
        assert says(office, clause) == ("met", 1, 1)
    office["志愿服务队伍"][1]["撤销日期"] = MID
    assert says(office, "Z34-1-3") == ("in_progress", 0, 1)


def test_people_of_a_branch() -> None:
    """Office F: backbone, promoters, new members in the 分队 alone."""
    office = an_office(
        志愿服务队伍=[blood(), branch()],
        队员=[member(name="甲一分队", 职务="骨干"), member("2", "甲一分队", D(2026, 5, 1), 职务="无偿献血宣传员")],
        志愿者=[person(), person("2", 来源身份="救护员")],
        培训=[{"培训编号": "P", "培训类别": "骨干培训", "开始日期": D(2026, 3, 1), "面向队伍": "甲一分队"}],
    )
    assert says(office, "Z34-3.2-5") == ("met", 1, 1)
    assert says(office, "B25-3.3-3") == ("met", 1, 1)
    assert says(office, "B25-3.1-1") == ("met", 1, 1)
    assert says(office, "B25-3.1-2") == ("met", 1, None)


def test_money_of_a_branch() -> None:
    """Office sub: 50,000 元 on a 分队."""
    office = an_office(
        志愿服务队伍=[blood(), branch()],
        经费收支=[money(50000, D(2026, 3, 1), 队伍名称="甲一分队", 资金来源="红十字会支持")],
        阵地场所=[{"名称": "队部", "类型": "队部", "队伍名称": "甲队", "启用日期": D(2020, 1, 1)}],
    )
    assert says(office, "Z34-3.3-5", LAST) == ("not_met", 0, 1)
    assert says(office, "B25-3.3-5") == ("met", 1, 1)
    spent = money(10, D(2026, 3, 1), "支出", 队伍名称="甲一分队")
    assert says(an_office(志愿服务队伍=[blood(), branch()], 经费收支=[spent]), "B25-1-7") == ("in_progress", 1, 2)


def test_training_of_a_branch() -> None:
    held: Row = {"培训编号": "P", "培训类别": "应急救护培训", "开始日期": D(2026, 3, 1)}
    teams = [team(), branch()]

    def judged(training: Row, *listed_rows: Row) -> str:
        rows = [{"培训编号": "P"} | row for row in listed_rows]
        people = [member(name="甲一分队")]
        return says(an_office(志愿服务队伍=teams, 队员=people, 培训=[held | training], 参训人员=rows), "Z34-3.2-7")[0]

    assert judged({}, {"证件号码": "1"}) == "met"
    assert judged({}, {"证件号码": "2", "队伍名称": "甲一分队"}) == "met"
    assert judged({"面向队伍": "甲一分队", "参训人次": 5}) == "met"
    assert judged({}, {"证件号码": "2"}) == "in_progress"


def test_a_party_organisation_of_a_branch() -> None:
    teams = [team(), branch(党组织成立日期=D(2026, 1, 1))]
    assert says(an_office(志愿服务队伍=teams), "Z34-3.1-2") == ("in_progress", 0, 1)
    held = [note("党组织活动", 队伍名称="甲一分队")]
    assert says(an_office(志愿服务队伍=teams, 工作记录=held), "Z34-3.1-2") == ("met", 1, 1)
    assert says(an_office(志愿服务队伍=[team(党组织名称="党支部")]), "Z34-3.1-2")[0] == "missing_data"


# ---------------------------------------------------------------- people


def test_people_who_left_are_not_kept() -> None:
    """Office ret: all three left on 2026-02-01."""
    gone = [person(str(n), 退出日期=D(2026, 2, 1)) for n in range(3)]
    office = an_office(志愿服务队伍=[team()], 志愿者=gone, 队员=[member(str(n)) for n in range(3)])
    assert says(office, "Z34-3.2-6") == ("attention", 0, 1)
    assert says(office, "Z34-3.2-6", D(2026, 1, 31)) == ("met", 1, 1)


def test_moving_within_a_tree_is_staying() -> None:
    people = [member(gone=D(2026, 3, 1)), member(name="甲一分队", since=D(2026, 3, 1))]
    office = an_office(志愿服务队伍=[team(), branch()], 队员=people)
    assert says(office, "Z34-3.2-6") == ("met", 1, 1)


def test_a_membership_that_never_was_makes_nobody_old() -> None:
    rows = [member(since=D(2021, 1, 1), gone=D(2021, 1, 1)), member(since=D(2026, 5, 1))]
    office = an_office(志愿服务队伍=[blood()], 志愿者=[person(来源身份="救护员")], 队员=rows)
    assert says(office, "B25-3.1-1") == ("met", 1, 1)


def test_the_platform_from_its_day() -> None:
    late = person(志愿者网编号="V1", 志愿者网注册日期=D(2026, 7, 1))
    office = an_office(志愿者=[late, person("2", 志愿者网编号="V2")])
    assert says(office, "Z34-3.2-1") == ("partial", 1, 2)
    assert says(office, "Z34-3.2-1", D(2026, 7, 1)) == ("met", 2, 2)
    unknown = an_office(志愿者=[person()], 志愿服务队伍=[team(志愿者网团体编号="RC1")])
    assert says(unknown, "Z34-3.2-1") == ("missing_data", 0, 1)


# ---------------------------------------------------------------- answers


def test_what_is_on_record_answers_for_universities() -> None:
    """Office uni."""
    partner = note("合作", 对方类别="高校", 对方单位="江城学院")
    led = team(主管单位="江城学院", 主管单位类型="高校")
    for office in (an_office(工作记录=[partner]), an_office(志愿服务队伍=[led])):
        assert says(office, "B25-3.1-7")[0] == "missing_data"  # there are some, and none is named
        assert says(office, "B25-3.1-8")[0] == "in_progress"
        assert says(office, "B25-3.1-9")[0] == "missing_evidence"
    assert says(an_office(工作记录=[partner]), "B25-3.1-8", D(2026, 1, 31))[0] == "missing_data"


def test_a_dated_answer_changes_no_earlier_day() -> None:
    item = "辖区内有无高校"
    office = answer(an_office(answers={item: "无"}), item, "有", D(2026, 7, 1))
    assert says(office, "B25-3.1-8", MID)[0] == "not_applicable"
    assert says(office, "B25-3.1-8", D(2026, 7, 1))[0] == "in_progress"
    assert says(answer(an_office(), item, None), "B25-3.1-8")[0] == "missing_data"


def test_six_or_five_kinds_of_partners() -> None:
    five = [note("合作", 对方类别=kind) for kind in ("宣传", "教育", "共青团", "企业", "媒体")]
    assert says(an_office(工作记录=five), "B25-1-5", LAST) == ("missing_data", 5, 6)
    assert says(an_office(answers={"辖区内有无高校": "无"}, 工作记录=five), "B25-1-5", LAST) == ("met", 5, 5)
    assert says(an_office(answers={"辖区内有无高校": "有"}, 工作记录=five), "B25-1-5", LAST) == ("partial", 5, 6)
    assert says(an_office(工作记录=five[:4]), "B25-1-5", LAST) == ("partial", 4, 6)


def test_own_media() -> None:
    assert says(an_office(), "B25-4-4")[0] == "missing_data"
    assert says(an_office(answers={"有无自有媒体": "无"}), "B25-4-4")[0] == "not_applicable"
    coming = an_office(工作记录=[note("自有媒体发布", D(2026, 7, 1))])
    assert says(coming, "B25-4-4")[0] == "missing_data"


def test_places() -> None:
    other: Row = {"名称": "甲", "类型": "红十字志愿者之家", "启用日期": D(2020, 1, 1)}
    home = other | {"名称": "乙", "类型": "博爱家园"}
    for clause in ("B25-2-6", "Z34-4.3-2"):
        assert says(an_office(), clause)[0] == "missing_data"
        assert says(an_office(answers={"有无红十字阵地": "无"}), clause)[0] == "not_applicable"
        assert says(an_office(answers={"有无红十字阵地": "有"}), clause)[0] == "missing_data"
        assert says(an_office(阵地场所=[other]), clause)[0] == "not_applicable"
        assert says(an_office(阵地场所=[home]), clause)[:1] == ("in_progress",)


def test_emergency_donors_where_there_are_the_conditions() -> None:
    item = "是否具备组建应急献血者队伍的条件"
    kept = [note("其他", 子类="应急献血者队伍")]
    with_station = [note("合作", 对方类别="血站", 子类="应急献血者队伍")]
    assert says(an_office(), "B25-3.1-5")[0] == "missing_data"
    assert says(an_office(answers={item: "否"}), "B25-3.1-5")[0] == "not_applicable"
    assert says(an_office(answers={item: "是"}), "B25-3.1-5")[0] == "explain"
    assert says(an_office(answers={item: "是"}, 工作记录=kept), "B25-3.1-5")[0] == "met"
    assert says(an_office(answers={item: "是"}, 工作记录=with_station), "B25-3.1-5")[0] == "met"
    assert says(an_office(工作记录=kept), "B25-3.1-5")[0] == "met"


# ---------------------------------------------------------------- duties to encourage, levels


@pytest.mark.parametrize("clause", ["Z34-4.1-2", "Z34-4.2-1", "B25-3.1-6"])
def test_nothing_encouraged_is_to_be_explained_at_the_end(clause: str) -> None:
    assert over(an_office(), clause) == ["in_progress", "explain"]


def test_encouraging_universities_and_new_volunteers() -> None:
    there = {"辖区内有无高校": "有"}
    assert over(an_office(answers=there), "B25-4-9") == ["in_progress", "explain"]
    new = an_office(志愿者=[person(since=D(2026, 4, 1), 来源身份="其他")])
    assert [says(new, "Z34-2.1-3", day)[0] for day in (D(2026, 6, 29), MID)] == ["in_progress", "explain"]
    assert says(an_office("省级", 志愿者=[person()]), "Z34-2.1-3")[0] == "not_applicable"
    assert over(an_office(), "Z34-4.1-3") == ["recorded", "recorded"]
    assert over(an_office(), "B25-3.3-6") == ["recorded", "recorded"]
    assert over(an_office(), "B25-1-8") == ["recorded", "recorded"]


# ---------------------------------------------------------------- money


SUPPORT: Row = {"资金来源": "红十字会支持"}


def test_what_was_there_before_is_no_year_of_comparison() -> None:
    opening = money(900, D(2025, 12, 31), 科目="期初结余", **SUPPORT)
    assert says(an_office(经费收支=[opening, money(1, D(2026, 3, 1), **SUPPORT)]), "Z34-5.2-1")[0] == "not_applicable"
    assert says(an_office(经费收支=[opening | {"日期": D(2026, 1, 1)}]), "Z34-5.2-2")[:2] == ("missing_data", 0)
    assert says(an_office(志愿服务队伍=[team()], 经费收支=[opening | {"日期": D(2026, 1, 1)}]), "Z34-3.3-5", LAST)[
        0
    ] == ("not_applicable")


def test_a_reversed_expense_names_no_source() -> None:
    """Office I: no 1 笔队伍收入没有填资金来源."""
    entries = [money(5, D(2026, 3, 1), "支出", 凭证号="1"), money(5, D(2026, 3, 2), "收入", 冲销凭证号="1")]
    assert says(an_office(经费收支=entries), "Z34-5.2-2") == ("recorded", 0, 5)
    entries.append(money(5, D(2026, 3, 3)))
    assert says(an_office(经费收支=entries), "Z34-5.2-2")[0] == "missing_data"


def test_a_reversed_income_is_no_expense_on_blood() -> None:
    entries = [
        money(9, D(2026, 3, 1), 科目="无偿献血宣传", 凭证号="1"),
        money(9, D(2026, 3, 2), "支出", 科目="无偿献血宣传", 冲销凭证号="1"),
    ]
    assert says(an_office(经费收支=entries), "B25-1-7") == ("in_progress", 0, 2)


def test_donated_goods_are_movement() -> None:
    """A12: goods without money."""
    goods: Row = {"日期": D(2026, 3, 1), "队伍名称": "甲一分队", "收发方向": "接收", "物资名称": "棉被", "数量": 3}
    office = an_office(志愿服务队伍=[team(), branch()], 物资收发=[goods])
    assert says(office, "Z34-3.3-5", LAST) == ("not_met", 0, 1)


# ---------------------------------------------------------------- small ones


def test_a_longer_name_is_another_township() -> None:
    """Office TW."""
    towns: list[Row] = [{"名称": "石湖镇"}, {"名称": "小石湖镇"}]
    office = an_office(街镇=towns, 志愿服务队伍=[team("小石湖镇队")])
    assert says(office, "Z34-1-2") == ("partial", 1, 2)
    both = an_office(街镇=towns, 志愿服务队伍=[team("石湖镇、小石湖镇联队")])
    assert says(both, "Z34-1-2") == ("met", 2, 2)


@pytest.mark.parametrize(("post", "k"), [("法定代表人", 0), ("会员代表大会代表", 1), ("法定代表人、理事", 1)])
def test_a_legal_representative_is_no_delegate(post: str, k: int) -> None:
    assert says(an_office(工作记录=[note("任职", 子类=post)]), "Z34-5.3-1")[1] == k


@pytest.mark.parametrize(
    ("answers", "expected"),
    [(["是", "是"], "met"), (["是", "否"], "partial"), (["是", None], "missing_data"), (["否", "否"], "explain")],
)
def test_classes_reach_people_where_all_have_the_module(answers: list[str | None], expected: str) -> None:
    held: list[Row] = [
        {
            "培训编号": str(n),
            "培训类别": "应急救护培训",
            "开始日期": D(2026, 5, 1),
            "参训人次": 9,
            "含无偿献血科普": said,
        }
        for n, said in enumerate(answers)
    ]
    assert says(an_office(培训=held), "B25-2-5")[0] == expected


WINTER: Row = {"活动名称": "无偿献血宣传", "活动类别": "宣传", "开始日期": D(2026, 12, 5), "冬季宣传": "是"}


@pytest.mark.parametrize(
    ("changes", "running", "late"),
    [
        ({}, "met", "met"),
        ({"活动名称": "慰问老人"}, "in_progress", "explain"),
        ({"活动类别": "演练"}, "in_progress", "explain"),
        ({"活动名称": "冬季行动", "主题": "三献"}, "met", "met"),
        ({"冬季宣传": None}, "in_progress", "not_met"),
    ],
)
def test_a_visit_is_no_winter_campaign(changes: dict[str, Value], running: str, late: str) -> None:
    office = an_office(活动=[WINTER | changes])
    assert [says(office, "B25-4-10", day)[0] for day in (D(2027, 2, 28), D(2027, 3, 1))] == [running, late]


def test_units_that_left_their_number_blank() -> None:
    """Office sj3."""
    unit: Row = {"年度": 2024, "单位或街镇": "县医院", "口径": "团体", "职工人数": 1000, "拟动员人数": 65}
    blank = unit | {"单位或街镇": "县学院", "拟动员人数": None}
    code = {"行政区划代码": "310117"}
    day = D(2024, 6, 30)
    assert says(an_office(answers=code, 献血目标=[unit]), "S24-2.3-5", day) == ("met", 1, 1)
    assert says(an_office(answers=code, 献血目标=[unit, blank]), "S24-2.3-5", day) == ("missing_data", 1, 2)


def test_an_office_that_has_not_said_where_it_lies() -> None:
    """Office sj4."""
    office = an_office(answers={"行政区划代码": ""})
    assert says(office, "S24-1-1", D(2024, 6, 30))[0] == "missing_data"
    assert says(office, "S24-1-1", D(2025, 6, 30))[0] == "not_applicable"


# ---------------------------------------------------------------- what is listed


def test_what_is_in_the_totals() -> None:
    office, district = an_office(), an_office(answers={"行政区划代码": "310117"})

    def count(which: Office, day: dt.date) -> int:
        return sum(listed(which, clause, day) for clause in REGISTER)

    assert not listed(office, "Z34-0-2", MID)  # a reference
    assert not listed(office, "Z34-2.2-6", MID)  # does not bind a county
    assert not listed(office, "B25-1-3", D(2025, 12, 10))
    assert listed(office, "B25-1-3", D(2025, 12, 11))
    assert not listed(office, "S24-1-1", D(2024, 6, 30))
    assert listed(district, "S24-1-1", D(2024, 6, 30))
    assert not listed(district, "S24-1-1", D(2025, 6, 30))
    assert not listed(district, "S24-0-1", D(2024, 6, 30))
    assert count(office, D(2017, 11, 30)) == 0
    assert count(office, D(2017, 12, 1)) == 1
    # The register counts 57 rows of the notice of 2022 that bind a county, three of them references; and 53 of 2025.
    assert count(office, D(2025, 12, 10)) == 1 + 57 - sum(
        row.mode == "reference" and row.levels["county"] != "n" for name, row in REGISTER.items() if name[:3] == "Z34"
    )
