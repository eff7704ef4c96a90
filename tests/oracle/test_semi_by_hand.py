"""The independent reading of the semi-automatic clauses against cases worked out by hand."""

import datetime as dt

import pytest

from tests.oracle.base import Office, Row, Value, months_before
from tests.oracle.semi import proposals, verdicts
from tests.oracle.semi_terms import quarter_end, year_so_far_and_last
from tests.oracle.small import EARLY, EVE, LAST, MID, D, an_office, member, money, note, person, team


def says(office: Office, clause: str, day: dt.date) -> tuple[str, int | None, int | None]:
    return proposals(office, day)[clause]


def act(kind: str = "宣传", on: dt.date = EARLY, **more: Value) -> Row:
    return {"活动名称": "无偿献血活动", "活动类别": kind, "开始日期": on} | more


# ---------------------------------------------------------------- time and gates


def test_days_of_last_year_and_months_before() -> None:
    assert months_before(D(2028, 2, 29), 12) == D(2027, 2, 28)
    assert months_before(D(2026, 12, 31), 12) == D(2025, 12, 31)
    assert months_before(D(2026, 1, 31), 2) == D(2025, 11, 30)
    assert year_so_far_and_last(D(2028, 2, 29))[1] == (D(2027, 1, 1), D(2027, 2, 28))
    assert [quarter_end(day) for day in (D(2026, 1, 1), D(2026, 6, 30), LAST)] == [D(2026, 3, 31), D(2026, 6, 30), LAST]


def test_gates() -> None:
    office = an_office(志愿服务队伍=[team()])
    assert says(office, "Z34-1-3", D(2022, 7, 3)) == ("not_applicable", None, None)
    assert says(office, "Z34-1-3", D(2022, 7, 4)) == ("in_progress", 0, 1)
    assert says(office, "B25-4-2", D(2025, 12, 10))[0] == "not_applicable"
    assert says(office, "B25-4-2", D(2025, 12, 11)) == ("in_progress", 0, 1)
    assert [says(office, "B25-4-3", day)[0] for day in (D(2025, 12, 31), D(2026, 1, 1))] == [
        "not_applicable",
        "in_progress",
    ]
    assert says(office, "B25-3.1-3", MID)[0] == "not_applicable"
    assert says(an_office("市级"), "B25-3.1-3", MID)[0] == "missing_data"
    assert says(an_office("省级", 志愿者=[person()]), "Z34-2.1-2", MID)[0] == "not_applicable"


def test_the_district_binds_its_county_in_its_year() -> None:
    def judged(level: str, code: str, year: int) -> str:
        return says(an_office(level, {"行政区划代码": code}), "S24-2.4-3", D(year, 6, 30))[0]

    assert judged("县级", "310117", 2024) == "recorded"
    assert judged("县级", "310117001", 2024) == "recorded"
    assert {judged("县级", "310118", 2024), judged("县级", "310117", 2025), judged("市级", "310117", 2024)} == {
        "not_applicable"
    }


# ---------------------------------------------------------------- the notice of 2022


def test_a_year_closes_on_its_last_day() -> None:
    office = an_office(志愿服务队伍=[team(), team("乙队")], 工作记录=[note("工作指导", D(2026, 1, 1), 队伍名称="甲队")])
    assert [says(office, "Z34-1-3", day) for day in (EVE, LAST)] == [("in_progress", 1, 2), ("attention", 1, 2)]
    assert says(office, "Z34-1-3", D(2027, 1, 1)) == ("in_progress", 0, 2)


def test_a_record_without_team_is_of_no_team() -> None:
    assert says(an_office(志愿服务队伍=[team()], 工作记录=[note("工作指导")]), "Z34-1-3", MID) == ("in_progress", 0, 1)


def test_three_donations_stand_for_three_domains() -> None:
    office = an_office(志愿服务队伍=[team(主要领域="其他", 队伍类型="三献", 其他领域="养老服务；人道救助")])
    assert says(office, "Z34-2.2-3", MID) == ("met", 4, 6)


@pytest.mark.parametrize(("verified", "status"), [(D(2025, 6, 29), "attention"), (D(2025, 6, 30), "met")])
def test_twelve_months_are_inclusive(verified: dt.date, status: str) -> None:
    assert says(an_office(志愿者=[person(信息核实日期=verified)]), "Z34-3.2-3", MID)[0] == status


def test_a_verification_to_come_counts_as_none() -> None:
    assert says(an_office(志愿者=[person(信息核实日期=D(2026, 7, 1))]), "Z34-3.2-3", MID)[0] == "missing_data"


def test_four_of_five_people_are_enough() -> None:
    people = [member(str(number)) for number in range(4)] + [member("5", 退队日期=D(2026, 3, 1))]
    assert says(an_office(志愿服务队伍=[team()], 队员=people), "Z34-3.2-6", MID) == ("met", 1, 1)
    fewer = [*people[1:], member("6", 退队日期=D(2026, 3, 1))]
    assert says(an_office(志愿服务队伍=[team()], 队员=fewer), "Z34-3.2-6", MID) == ("attention", 0, 1)
    young = an_office(志愿服务队伍=[team(成立日期=D(2026, 1, 1))], 队员=people)
    assert says(young, "Z34-3.2-6", MID)[0] == "not_applicable"


@pytest.mark.parametrize(
    ("listed", "training", "status"),
    [
        ([{"证件号码": "1", "队伍名称": "甲队"}], {}, "met"),
        ([{"证件号码": "1"}], {}, "met"),
        ([{"证件号码": "2"}], {}, "in_progress"),
        ([{"证件号码": "1", "队伍名称": "甲队", "结果": "缺席"}], {"面向队伍": "甲队", "参训人次": 5}, "in_progress"),
        ([], {"面向队伍": "甲队", "参训人次": 5}, "met"),
        ([], {"面向队伍": "甲队"}, "in_progress"),
    ],
)
def test_a_training_counts_for_a_team(listed: list[Row], training: Row, status: str) -> None:
    held: Row = {"培训编号": "P", "培训类别": "应急救护培训", "开始日期": D(2026, 3, 1)} | training
    office = an_office(
        志愿服务队伍=[team()], 队员=[member()], 培训=[held], 参训人员=[{"培训编号": "P"} | row for row in listed]
    )
    assert says(office, "Z34-3.2-7", MID)[0] == status


def test_several_papers_make_one_set_of_rules() -> None:
    papers = [note("制度文件", 队伍名称="甲队", 子类=sub) for sub in ("决策与执行", "监督", "议事规则")]
    assert says(an_office(志愿服务队伍=[team()], 工作记录=papers), "Z34-3.3-2", MID) == ("met", 1, 1)
    assert says(an_office(志愿服务队伍=[team()], 工作记录=papers[:2]), "Z34-3.3-2", MID) == ("partial", 0, 1)
    papers[0]["有效期止"] = D(2026, 6, 29)
    assert says(an_office(志愿服务队伍=[team()], 工作记录=papers), "Z34-3.3-2", MID) == ("partial", 0, 1)


def test_accounts_never_disclosed() -> None:
    now, before = money(1, D(2026, 3, 1)), money(1, D(2025, 12, 31))
    told = note("信息公开", D(2025, 5, 1), 队伍名称="甲队", 子类="年度财务收支")
    assert says(an_office(志愿服务队伍=[team()], 经费收支=[now]), "Z34-3.3-5", MID)[0] == "in_progress"
    assert says(an_office(志愿服务队伍=[team()], 经费收支=[now]), "Z34-3.3-5", LAST)[0] == "not_met"
    assert says(an_office(志愿服务队伍=[team()], 经费收支=[now, before]), "Z34-3.3-5", MID)[0] == "not_met"
    once = an_office(志愿服务队伍=[team()], 经费收支=[now, before], 工作记录=[told])
    assert [says(once, "Z34-3.3-5", day)[0] for day in (MID, LAST)] == ["in_progress", "attention"]


@pytest.mark.parametrize(
    ("birth", "k"), [(D(2012, 6, 30), 1), (D(2012, 7, 1), 0), (D(1990, 7, 1), 1), (D(1990, 6, 30), 0)]
)
def test_the_young_are_14_to_35(birth: dt.date, k: int) -> None:
    assert says(an_office(志愿者=[person(出生日期=birth)]), "Z34-4.2-4", MID)[1:] == (k, 1)


def test_a_birthday_on_29_february_is_reached_on_1_march() -> None:
    office = an_office(志愿者=[person(出生日期=D(2012, 2, 29))])
    assert [says(office, "Z34-4.2-4", D(2026, *day))[1] for day in ((2, 28), (3, 1))] == [0, 1]


def test_the_number_tells_the_birth_date() -> None:
    known = person("110101201003070000", 证件类型="居民身份证")
    assert says(an_office(志愿者=[known]), "Z34-4.2-4", MID) == ("met", 1, 1)


def test_money_taken_in_less_what_was_taken_back() -> None:
    support: Row = {"资金来源": "红十字会支持"}
    entries = [
        money(100, D(2025, 6, 30), **support),
        money(50, D(2025, 7, 1), **support),
        money(150, D(2026, 3, 1), **support),
        money(30, D(2026, 4, 1), "支出", **support),
        money(50, D(2026, 4, 1), "支出", 冲销凭证号="1", **support),
        money(999, D(2026, 4, 1), 队伍名称=None, **support),
    ]
    verdict = verdicts(an_office(经费收支=entries), MID)["Z34-5.2-1"]
    assert (verdict.status, verdict.facts) == ("met", {"now_fen": 10000, "before_fen": 10000})
    assert says(an_office(经费收支=entries[:2]), "Z34-5.2-1", MID)[0] == "missing_data"
    assert says(an_office(经费收支=entries[2:]), "Z34-5.2-1", MID)[0] == "not_applicable"


# ---------------------------------------------------------------- the notice of 2025


def test_universities_come_first() -> None:
    known = [note("高校", 子类="辖区高校", 对方单位="江城学院")]
    for clause in ("B25-3.1-7", "B25-3.1-8", "B25-3.3-7", "B25-3.4-3", "B25-4-9", "B25-3.1-9", "B25-4-8"):
        assert says(an_office(), clause, MID)[0] == "missing_data"
        assert says(an_office(answers={"辖区内有无高校": "无"}), clause, MID)[0] == "not_applicable"
    assert says(an_office(工作记录=known), "B25-3.1-7", MID) == ("not_applicable", 0, 0)
    assert says(an_office(工作记录=known), "B25-3.4-3", MID) == ("explain", 0, 1)
    assert says(an_office(工作记录=known), "B25-1-5", MID)[2] == 6


@pytest.mark.parametrize(
    "words", [{"活动名称": "敬老", "主题": "三献"}, {"活动名称": "献血"}, {"活动名称": "三献活动"}]
)
def test_a_blood_activity_by_name_or_topic(words: Row) -> None:
    assert says(an_office(活动=[act(on=MID) | words]), "B25-4-2", MID) == ("met", 1, 1)
    assert says(an_office(活动=[act(on=MID) | words | {"活动类别": "慰问"}]), "B25-4-2", MID) == ("attention", 0, 1)


def test_a_member_who_comes_back_is_not_new() -> None:
    blood = team(主要领域="无偿献血")
    back = [member(since=D(2026, 5, 1)), member(since=D(2021, 1, 1), 退队日期=D(2022, 1, 1))]
    office = an_office(志愿服务队伍=[blood], 志愿者=[person(来源身份="救护员")], 队员=back)
    assert says(office, "B25-3.1-1", MID) == ("explain", 0, 0)
    office["队员"].pop()
    assert says(office, "B25-3.1-1", MID) == ("met", 1, 1)
    office["队员"][0]["退队日期"] = D(2026, 6, 1)
    assert says(office, "B25-3.1-1", MID) == ("met", 1, 1)


def test_reach_of_a_training() -> None:
    held: Row = {"培训编号": "P", "培训类别": "应急救护培训", "开始日期": D(2026, 5, 1), "含无偿献血科普": "是"}
    away: Row = {"培训编号": "P", "证件号码": "1", "结果": "请假"}
    assert says(an_office(培训=[held]), "B25-2-5", MID) == ("missing_data", 0, None)
    assert says(an_office(培训=[held | {"参训人次": 9}]), "B25-2-5", MID) == ("met", 9, None)
    office = an_office(培训=[held | {"参训人次": 9}], 参训人员=[away])
    assert [says(office, "B25-2-5", day) for day in (D(2026, 6, 29), MID)] == [
        ("in_progress", 0, None),
        ("explain", 0, None),
    ]


def test_own_media_against_the_base() -> None:
    same, before = note("自有媒体发布", D(2025, 5, 1), 数量=2), note("自有媒体发布", D(2026, 3, 31), 数量=9)
    now = note("自有媒体发布", D(2026, 4, 1), 数量=3)
    assert says(an_office(工作记录=[same, before, now]), "B25-4-4", MID) == ("met", 3, 2)
    assert says(an_office(工作记录=[before, now]), "B25-4-4", MID) == ("explain", 3, 9)
    assert says(an_office(工作记录=[before, now]), "B25-4-4", D(2026, 6, 29)) == ("in_progress", 3, 9)
    assert says(an_office(工作记录=[now]), "B25-4-4", MID)[0] == "not_applicable"  # nothing to compare with
    assert says(an_office(工作记录=[same | {"主题": "其他"}, now]), "B25-4-4", MID) == ("met", 3, 0)


@pytest.mark.parametrize(
    ("held", "day", "status"),
    [
        (D(2026, 12, 1), D(2026, 12, 1), "met"),
        (D(2027, 2, 28), D(2027, 11, 30), "met"),
        (D(2026, 11, 30), D(2027, 2, 28), "in_progress"),
        (D(2026, 11, 30), D(2027, 3, 1), "explain"),
        (D(2026, 2, 28), D(2027, 3, 1), "not_met"),
        (D(2027, 3, 1), D(2027, 3, 1), "explain"),
        (D(2028, 2, 29), D(2028, 3, 31), "met"),
    ],
)
def test_the_winter_season(held: dt.date, day: dt.date, status: str) -> None:
    assert says(an_office(活动=[act(on=held, 冬季宣传="是")]), "B25-4-10", day)[0] == status


def test_problems_of_the_quarter() -> None:
    solved, old = note("问题", 有效期止=D(2026, 4, 1)), note("问题", 有效期止=D(2026, 3, 31))
    assert says(an_office(工作记录=[old]), "B25-5-2", MID) == ("recorded", 0, 0)
    assert says(an_office(工作记录=[solved, old]), "B25-5-2", MID) == ("met", 1, 1)
    assert says(an_office(工作记录=[solved, note("问题")]), "B25-5-2", MID) == ("in_progress", 1, 2)


# ---------------------------------------------------------------- the district


def district(**sheets: list[Row]) -> Office:
    return an_office(answers={"行政区划代码": "310117"}, **sheets)


def test_units_are_cut_once() -> None:
    done: list[Row] = [
        {"日期": D(2024, 1, 1), "口径": "高校", "毫升数": 1_499_900},
        {"日期": D(2024, 12, 30), "口径": "高校", "毫升数": 100},
    ]
    assert says(district(献血完成=done), "S24-1-5", D(2024, 12, 30)) == ("met", 7500, 7500)
    assert says(district(献血完成=done), "S24-1-5", D(2024, 12, 29)) == ("in_progress", 7499, 7500)
    assert says(district(献血完成=done[:1]), "S24-1-5", D(2024, 12, 31)) == ("explain", 7499, 7500)
    assert says(district(献血完成=done), "S24-2.3-3", D(2024, 12, 31))[0] == "missing_data"


@pytest.mark.parametrize(("asked", "staff", "status"), [(65, 1000, "met"), (66, 1000, "explain"), (65, 1015, "met")])
def test_the_ceiling_is_a_whole_number(asked: int, staff: int, status: str) -> None:
    goal: Row = {"年度": 2024, "单位或街镇": "县医院", "口径": "团体", "职工人数": staff, "拟动员人数": asked}
    assert says(district(献血目标=[goal]), "S24-2.3-5", D(2024, 6, 30))[0] == status
    alone = goal | {"拟动员人数": None}
    assert says(district(献血目标=[alone]), "S24-2.3-5", D(2024, 6, 30)) == ("missing_data", 0, 1)


def test_a_short_reserve_outranks_a_missing_one() -> None:
    def goal(town: str, kept: int, told: dt.date | None) -> Row:
        return {"年度": 2024, "单位或街镇": town, "应急血源储备人份": kept, "储备上报日期": told}

    towns: list[Row] = [{"名称": "甲镇"}, {"名称": "乙镇"}]
    good, day = goal("甲镇", 25, D(2024, 6, 30)), D(2024, 6, 30)
    assert says(district(街镇=towns, 献血目标=[good]), "S24-2.3-8", day) == ("missing_data", 1, 2)
    assert says(district(街镇=towns, 献血目标=[good]), "S24-2.3-8", D(2024, 6, 29)) == ("explain", 0, 2)
    assert says(district(街镇=towns, 献血目标=[good, goal("乙镇", 99, None)]), "S24-2.3-8", day) == ("explain", 1, 2)
