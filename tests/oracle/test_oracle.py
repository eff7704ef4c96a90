"""The independent reading against cases worked out by hand, and the random offices against the rules for rows."""

import datetime as dt
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests import offices
from tests.office_workbook import KEYS, SHEETS, required, write_workbook
from tests.oracle import Office, Row, Value, check, figures, office_dice, theme_days

D = dt.date
LONG_AGO, NEW_YEAR = D(2024, 1, 1), D(2026, 1, 1)
OWN = "青石县红十字会"
SEEDS = range(40)


def an_office(level: str = "县级", **sheets: list[Row]) -> Office:
    """An office with the given rows; what a row leaves out is empty."""
    profile: list[Row] = [{"项目": "单位名称", "内容": OWN}, {"项目": "层级", "内容": level}]
    return {"本会情况": profile} | {
        sheet: [dict.fromkeys(SHEETS[sheet]) | row for row in rows] for sheet, rows in sheets.items()
    }


def team(name: str = "甲队", **more: Value) -> Row:
    return {"队伍名称": name, "主管单位": OWN, "主要领域": "应急救护", "成立日期": D(2020, 1, 1)} | more


def member(person: str = "1", name: str = "甲队", since: dt.date = LONG_AGO, gone: dt.date | None = None) -> Row:
    return {"队伍名称": name, "证件号码": person, "入队日期": since, "退队日期": gone}


def blood(name: str = "甲队", **more: Value) -> Row:
    return team(name, 主要领域="无偿献血", **more)


def status(office: Office, clause: str, *day: int) -> str:
    return check(office, D(*day))[clause].status


def test_the_end_of_a_team_is_the_first_day_it_no_longer_is() -> None:
    office = an_office(志愿服务队伍=[team(撤销日期=D(2026, 3, 31)), team("乙队"), team("丙队")])
    assert status(office, "Z34-2.2-4", 2026, 3, 30) == "met"
    assert status(office, "Z34-2.2-4", 2026, 3, 31) == "not_met"


def test_other_teams_sub_teams_and_suspended_teams_are_not_the_base() -> None:
    office = an_office(
        志愿服务队伍=[
            team(),
            team("乙队", 主管单位="县人民医院"),
            team("丙队", 上级队伍="甲队"),
            team("丁队", 暂停起始日期=D(2026, 3, 1), 暂停终止日期=D(2026, 4, 1)),
        ]
    )
    assert check(office, D(2026, 3, 31))["Z34-2.2-4"].k == 1
    assert check(office, D(2026, 4, 1))["Z34-2.2-4"].k == 2
    assert {line["team"]: line["own_level"] for line in figures(office, "2026Q1")["teams"]} == {
        "甲队": True,
        "乙队": False,
        "丙队": True,
        "丁队": True,
    }


def test_gates() -> None:
    office = an_office(志愿服务队伍=[team()])
    assert status(office, "Z34-2.2-2", 2022, 7, 3) == "not_applicable"
    assert status(office, "Z34-2.2-2", 2022, 7, 4) == "met"
    assert status(office, "B25-1-6", 2025, 12, 10) == "not_applicable"
    assert status(office, "B25-1-6", 2025, 12, 11) == "not_met"
    assert [status(office, "B25-1-3", *day) for day in ((2025, 12, 31), (2026, 1, 1))] == ["not_applicable", "not_met"]
    assert status(office, "Z34-2.2-6", 2026, 1, 1) == "not_applicable"
    assert status(an_office("市级"), "Z34-2.2-6", 2026, 1, 1) == "not_met"
    assert status(an_office("市级"), "B25-3.1-4", 2026, 1, 1) == "not_applicable"
    assert status(an_office(), "Z34-3.4-1", 2026, 1, 1) == "not_applicable"


def test_rescue_team_where_disasters_are_many() -> None:
    flag: list[Row] = [{"起始日期": D(2026, 1, 1), "终止日期": D(2026, 3, 31)}]
    side = an_office(志愿服务队伍=[team(其他领域="养老服务；应急救援")], 灾害多发认定=flag)
    assert status(side, "Z34-2.2-5", 2025, 12, 31) == "not_applicable"
    assert status(side, "Z34-2.2-5", 2026, 3, 30) == "explain"
    assert status(side, "Z34-2.2-5", 2026, 3, 31) == "not_applicable"
    assert status(an_office("市级", 志愿服务队伍=[team(主要领域="应急救援")]), "Z34-2.2-5", 2026, 1, 1) == "met"
    assert status(an_office("省级"), "Z34-2.2-5", 2026, 1, 1) == "not_applicable"


@pytest.mark.parametrize(
    ("full", "probationary", "counted", "organised", "expected"),
    [
        (3, None, D(2026, 3, 31), D(2026, 3, 31), "met"),
        (3, 0, D(2026, 3, 31), D(2026, 4, 1), "not_met"),
        (3, 0, D(2026, 4, 1), D(2026, 1, 1), "missing_data"),
        (None, 3, D(2026, 1, 1), None, "missing_data"),
        (2, None, D(2026, 1, 1), None, "missing_data"),
        (2, 1, D(2026, 1, 1), None, "explain"),
        (2, 1, D(2026, 1, 1), D(2026, 1, 1), "not_applicable"),
        (2, 0, D(2026, 1, 1), None, "not_applicable"),
        (3, 0, None, D(2026, 1, 1), "missing_data"),
    ],
)
def test_party_organisation(full: Value, probationary: Value, counted: Value, organised: Value, expected: str) -> None:
    office = an_office(
        志愿服务队伍=[team(正式党员数=full, 预备党员数=probationary, 党员数统计日期=counted, 党组织成立日期=organised)]
    )
    assert status(office, "Z34-3.1-1", 2026, 3, 31) == expected


def test_plans() -> None:
    def plan(kind: str, first: dt.date | None, last: dt.date | None, on: dt.date = NEW_YEAR) -> Row:
        return {
            "类别": "规划计划",
            "子类": kind,
            "主题": "应急救护；无偿献血",
            "日期": on,
            "有效期起": first,
            "有效期止": last,
        }

    long = plan("中长期发展规划", None, None)
    annual = plan("年度计划", D(2026, 1, 1), D(2026, 12, 31), D(2026, 2, 1))
    assert status(an_office(工作记录=[long, annual]), "B25-1-3", 2026, 12, 31) == "met"
    assert status(an_office(工作记录=[long]), "B25-1-3", 2026, 3, 30) == "in_progress"
    assert status(an_office(工作记录=[long]), "B25-1-3", 2026, 3, 31) == "partial"
    assert status(an_office(工作记录=[annual]), "B25-1-3", 2026, 1, 1) == "partial"
    assert status(an_office(工作记录=[annual]), "B25-1-3", 2027, 1, 1) == "not_met"


def test_consultations() -> None:
    def talk(on: dt.date, partner: str = "卫生健康行政部门", topic: str = "志愿服务；无偿献血") -> Row:
        return {"类别": "沟通会商", "日期": on, "对方类别": partner, "主题": topic}

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
    assert status(office, "B25-1-4", 2026, 12, 30) == "in_progress"
    assert check(office, D(2026, 12, 30))["B25-1-4"].k == 1
    assert status(office, "B25-1-4", 2026, 12, 31) == "met"
    office["工作记录"].pop()
    assert status(office, "B25-1-4", 2026, 12, 31) == "not_met"


def test_responsibility() -> None:
    def duty(kind: str, who: str, since: dt.date = LONG_AGO) -> Row:
        return {"事项": "无偿献血", "责任类别": kind, "姓名或单位": who, "起始日期": since}

    three = [duty("统筹负责会领导", "王立"), duty("机关牵头负责部门", "办公室"), duty("具体负责部门或单位", "业务科")]
    assert status(an_office(责任分工=three), "B25-1-6", 2026, 1, 1) == "met"
    assert status(an_office(责任分工=three[:2]), "B25-1-6", 2026, 1, 1) == "not_met"
    second = duty("统筹负责会领导", "陈平", D(2026, 1, 2))
    assert status(an_office(责任分工=[*three, second]), "B25-1-6", 2026, 1, 1) == "met"
    assert status(an_office(责任分工=[*three, second]), "B25-1-6", 2026, 1, 2) == "explain"


def test_blood_module_in_first_aid_classes() -> None:
    def lesson(on: dt.date, blood_module: str | None, kind: str = "应急救护培训") -> Row:
        return {"开始日期": on, "培训类别": kind, "含无偿献血科普": blood_module}

    office = an_office(
        培训=[
            lesson(D(2025, 12, 10), "否"),
            lesson(D(2025, 12, 11), "是"),
            lesson(D(2025, 12, 12), None, "演练"),
            lesson(D(2025, 12, 13), None),
            lesson(D(2026, 1, 1), "否"),
        ]
    )
    assert [
        status(office, "B25-2-4", *day) for day in ((2025, 12, 12), (2025, 12, 13), (2026, 1, 1), (2026, 4, 1))
    ] == ["met", "partial", "not_met", "not_applicable"]


def test_a_county_needs_a_blood_team_by_the_end_of_2026() -> None:
    office = an_office(志愿服务队伍=[team(其他领域="造血干细胞捐献")])
    days = ((2025, 12, 31), (2026, 1, 1), (2026, 12, 30), (2026, 12, 31))
    assert [status(office, "B25-3.1-4", *day) for day in days] == ["not_due", "in_progress", "in_progress", "not_met"]
    for kind in (team(队伍类型="三献"), team(其他领域="应急救援,无偿献血"), blood()):
        assert status(an_office(志愿服务队伍=[kind]), "B25-3.1-4", 2026, 12, 31) == "met"


def test_one_network() -> None:
    office = an_office(
        志愿服务队伍=[blood(志愿者网注册日期=D(2026, 3, 31))],
        队员=[member()],
        志愿者=[{"证件号码": "1", "志愿者网编号": "V1"}],
        工作记录=[{"类别": "项目", "队伍名称": "甲队", "日期": D(2026, 2, 1), "形式或渠道": "中国红十字志愿者网"}],
        服务记录=[{"队伍名称": "甲队", "证件号码": "1", "服务日期": D(2026, 3, 31), "志愿者网已同步": "否"}],
    )
    assert status(office, "B25-3.2-2", 2026, 3, 31) == "partial"
    assert status(office, "B25-3.2-2", 2026, 4, 1) == "met"
    assert check(office, D(2026, 3, 30))["B25-3.2-2"].facts == {
        "members": (1, 1),
        "teams": (0, 1),
        "projects": (1, 1),
        "services": (0, 0),
    }
    assert status(an_office(志愿服务队伍=[blood()]), "B25-3.2-2", 2026, 3, 31) == "not_met"


def test_stock_of_december_2025() -> None:
    office = an_office(
        志愿服务队伍=[blood(志愿者网注册日期=D(2026, 1, 1))],
        志愿者=[{"证件号码": "1"}],
        队员=[member("1", since=D(2025, 12, 12))],
    )
    assert status(office, "B25-3.2-3", 2025, 12, 31) == "in_progress"
    assert status(office, "B25-3.2-3", 2026, 1, 1) == "met"  # the member came a day too late to belong to the stock
    office["队员"][0]["入队日期"] = D(2025, 12, 11)
    assert status(office, "B25-3.2-3", 2026, 1, 1) == "in_progress"
    late = an_office(志愿服务队伍=[blood(成立日期=D(2025, 12, 12))])
    assert status(late, "B25-3.2-3", 2026, 1, 1) == "not_applicable"


def insured_office(mode: str, **own: Value) -> Office:
    policy: Row = {"保单号": "P", "承保方式": mode, "起始日期": D(2026, 1, 1), "终止日期": D(2026, 3, 31)}
    return an_office(
        志愿服务队伍=[blood()],
        队员=[member("1"), member("2")],
        保险单=[policy],
        志愿者=[{"证件号码": "1"}, {"证件号码": "2", "志愿者网编号": "V2"}],
        被保险人=[{"保单号": "P", "证件号码": "1", **own}],
    )


def test_insurance() -> None:
    named = insured_office("记名名单")
    days = ((2025, 12, 31), (2026, 1, 1), (2026, 3, 31), (2026, 4, 1))
    assert [status(named, "B25-3.3-4", *day) for day in days] == ["not_met", "partial", "partial", "not_met"]
    half = insured_office("记名名单", 保障起始日期=D(2026, 2, 1))
    assert [status(half, "B25-3.3-4", *day) for day in ((2026, 1, 31), (2026, 2, 1))] == ["not_met", "partial"]
    assert figures(insured_office("平台自动"), "2026Q1")["office"]["insured_end"] == 1
    assert status(insured_office("按活动"), "B25-3.3-4", 2026, 3, 31) == "not_met"


@pytest.mark.parametrize(
    ("end", "expected"), [(D(2026, 3, 30), 0), (D(2026, 3, 31), 1), (D(2026, 4, 30), 1), (D(2026, 5, 1), 0)]
)
def test_policies_about_to_end(end: dt.date, expected: int) -> None:
    office = an_office(保险单=[{"保单号": "P", "承保方式": "按活动", "起始日期": D(2026, 1, 1), "终止日期": end}])
    assert figures(office, "2026Q1")["office"]["policies_expiring_30d"] == expected


def test_theme_days() -> None:
    assert theme_days(2026)["世界骨髓捐献者日"] == D(2026, 9, 19)

    def held(theme: str, on: dt.date) -> Row:
        return {"纪念日": theme, "开始日期": on}

    first = held("世界红十字日", D(2026, 5, 22))
    assert status(an_office(), "B25-4-1", 2026, 5, 7) == "not_due"
    assert status(an_office(), "B25-4-1", 2026, 5, 22) == "in_progress"
    assert status(an_office(), "B25-4-1", 2026, 5, 23) == "not_met"
    assert status(an_office(活动=[first]), "B25-4-1", 2026, 5, 23) == "in_progress"
    assert status(an_office(活动=[first]), "B25-4-1", 2026, 6, 29) == "partial"
    assert status(an_office(活动=[held("世界红十字日", D(2026, 5, 23))]), "B25-4-1", 2026, 5, 23) == "explain"
    full = [first, held("世界献血者日", D(2026, 5, 31)), held("世界骨髓捐献者日", D(2026, 10, 3))]
    assert status(an_office(活动=full), "B25-4-1", 2026, 10, 2) == "in_progress"
    assert status(an_office(活动=full), "B25-4-1", 2026, 10, 3) == "met"


def test_membership_figures_reconcile_over_a_return() -> None:
    office = an_office(
        志愿服务队伍=[team()],
        队员=[member("1", gone=D(2026, 1, 1)), member("1", since=D(2026, 3, 31)), member("2", gone=D(2026, 4, 1))],
    )
    line = figures(office, "2026Q1")["office"]
    keys = ("members_start", "members_joined", "members_left", "members_end", "persons_end")
    assert [line[key] for key in keys] == [2, 1, 1, 2, 2]


def test_training_figures() -> None:
    office = an_office(
        志愿服务队伍=[team(), team("乙队"), team("丙队")],
        队员=[member("1"), member("1", "乙队"), member("2", "乙队")],
        培训=[
            {"培训编号": "A", "开始日期": D(2026, 3, 31), "学时": 1.5, "面向队伍": "丙队", "参训人次": 50},
            {"培训编号": "B", "开始日期": D(2026, 1, 1), "学时": 8, "面向队伍": "丙队", "参训人次": 12},
        ],
        参训人员=[
            {"培训编号": "A", "证件号码": "1"},
            {"培训编号": "A", "证件号码": "2", "实到学时": 0},
            {"培训编号": "A", "证件号码": "3", "队伍名称": "甲队", "结果": "缺席"},
        ],
    )
    result = figures(office, "2026Q1")

    def line(row: dict[str, int]) -> list[int]:
        return [row[f"training{key}"] for key in ("s", "_person_times", "_persons", "_minutes")]

    assert line(result["office"]) == [2, 14, 2, 90]
    assert [line(row) for row in result["teams"]] == [[1, 1, 1, 90], [1, 2, 2, 90], [1, 12, 0, 0]]


def test_money_figures() -> None:
    office = an_office(
        志愿服务队伍=[team()],
        经费收支=[
            {"日期": D(2025, 12, 31), "收支方向": "收入", "金额（元）": 1000},
            {"日期": D(2026, 3, 31), "队伍名称": "甲队", "收支方向": "收入", "金额（元）": 0.1},
            {"日期": D(2026, 4, 1), "队伍名称": "甲队", "收支方向": "支出", "金额（元）": 20.07},
            {"日期": D(2026, 7, 1), "收支方向": "支出", "金额（元）": 5},
        ],
    )
    result = figures(office, "2026Q2")
    keys = ("income_fen", "expense_fen", "income_ytd_fen", "expense_ytd_fen", "balance_fen")
    assert [result["office"][key] for key in keys] == [0, 2007, 10, 2007, 98003]
    assert [result["shared"][key] for key in keys] == [0, 0, 0, 0, 100000]
    assert [result["teams"][0][key] for key in keys] == [0, 2007, 10, 2007, -1997]


SPANS = (
    ("起始日期", "终止日期"),
    ("成立日期", "撤销日期"),
    ("暂停起始日期", "暂停终止日期"),
    ("党组织成立日期", "党组织撤销日期"),
    ("登记日期", "退出日期"),
    ("入队日期", "退队日期"),
    ("开始日期", "结束日期"),
    ("保障起始日期", "保障终止日期"),
    ("有效期起", "有效期止"),
    ("启用日期", "停用日期"),
    ("发证日期", "有效期至"),
)
REFERENCES = (
    ("队伍名称", "志愿服务队伍", "队伍名称"),
    ("上级队伍", "志愿服务队伍", "队伍名称"),
    ("面向队伍", "志愿服务队伍", "队伍名称"),
    ("主办队伍", "志愿服务队伍", "队伍名称"),
    ("证件号码", "志愿者", "证件号码"),
    ("培训编号", "培训", "培训编号"),
    ("保单号", "保险单", "保单号"),
    ("活动编号", "活动", "活动编号"),
    ("冲销凭证号", "经费收支", "凭证号"),
)


@pytest.mark.parametrize("seed", SEEDS)
def test_random_rows_break_no_rule(seed: int) -> None:
    office = offices.random_office(seed)
    people = {row["证件号码"]: row["姓名"] for row in office["志愿者"]}
    for sheet, rows in office.items():
        keys = Counter(tuple(row[heading] for heading in KEYS[sheet]) for row in rows)
        assert not [key for key, times in keys.items() if times > 1], sheet
        for row in rows:
            assert tuple(row) == SHEETS[sheet]
            assert all(row[heading] is not None for heading in required(sheet)), (sheet, row)
            for start, end in SPANS:
                assert row.get(start) is None or row.get(end) is None or row[start] <= row[end], (sheet, row)
            for heading, target, known in REFERENCES:
                assert row.get(heading) is None or row[heading] in {other[known] for other in office[target]}
            if "证件号码" in row:
                assert people[row["证件号码"]] == row["姓名"]
    hours: dict[tuple[Value, Value], float] = defaultdict(float)
    for row in office["服务记录"]:
        hours[row["证件号码"], row["服务日期"]] += row["服务时长（小时）"]
        assert row["服务时长（小时）"] * 2 == int(row["服务时长（小时）"] * 2)
    assert max(hours.values(), default=0) <= 24
    for row in office["经费收支"]:
        assert row["金额（元）"] > 0
        assert round(row["金额（元）"], 2) == row["金额（元）"]
    policies = {row["保单号"]: row for row in office["保险单"]}
    for row in office["被保险人"]:
        first, last = policies[row["保单号"]]["起始日期"], policies[row["保单号"]]["终止日期"]
        assert first <= (row["保障起始日期"] or first) <= (row["保障终止日期"] or last) <= last
    for row in office["志愿者"]:
        number = row["证件号码"]
        if row["证件类型"] in (None, "居民身份证", "港澳台居民居住证", "外国人永久居留身份证"):
            assert number[17] == office_dice.id_check_character(number[:17])
            assert row["出生日期"] in (None, dt.datetime.strptime(number[6:14], "%Y%m%d").date())
            assert row["性别"] in (None, "女男"[int(number[16]) % 2])


def test_check_characters_of_published_examples() -> None:
    assert id_check_character_of("11010519491231002X")
    assert id_check_character_of("440524188001010014")
    assert office_dice.uscc_check_character("91350100M000100Y4") == "3"


def id_check_character_of(number: str) -> bool:
    return office_dice.id_check_character(number[:17]) == number[17]


def test_random_offices_are_the_same_for_the_same_seed_and_reach_every_answer() -> None:
    assert offices.random_office(7) == offices.random_office(7)
    seen: dict[str, set[str]] = defaultdict(set)
    for seed in range(150):
        office = offices.random_office(seed)
        for as_of in offices.BOUNDARY_DATES[::3]:
            for clause, verdict in check(office, as_of).items():
                seen[clause].add(verdict.status)
        for quarter in offices.QUARTERS[:1]:
            figures(office, quarter)
    usual = {"met", "not_met", "not_applicable"}
    for clause, more in {
        "Z34-2.2-2": set(),
        "Z34-2.2-4": set(),
        "Z34-2.2-5": {"explain"},
        "Z34-2.2-6": set(),
        "Z34-3.1-1": {"missing_data", "explain"},
        "Z34-3.4-1": {"partial"},
        "B25-1-3": {"partial", "in_progress"},
        "B25-1-4": {"in_progress"},
        "B25-1-6": {"explain"},
        "B25-2-4": {"partial"},
        "B25-3.1-4": {"not_due", "in_progress"},
        "B25-3.2-2": {"partial"},
        "B25-3.3-4": {"partial"},
        "B25-4-1": {"partial", "explain", "in_progress", "not_due"},
    }.items():
        assert seen[clause] == usual | more, clause
    assert seen["B25-3.2-3"] == {"met", "in_progress", "not_applicable"}
    assert seen["Z34-2.2-1"] == {"met", "not_applicable"}


def test_a_clean_workbook_holds_the_rows(tmp_path: Path) -> None:
    office = offices.random_office(3)
    write_workbook(office, tmp_path / "clean.xlsx")
    book = load_workbook(tmp_path / "clean.xlsx")
    for sheet, rows in office.items():
        head, *body = book[sheet].iter_rows(values_only=True)
        back = [
            dict(zip(head, (cell.date() if isinstance(cell, dt.datetime) else cell for cell in line), strict=True))
            for line in body
            if any(cell is not None for cell in line)
        ]
        assert back == rows


def test_a_messy_workbook_has_as_many_rows_and_the_same_columns(tmp_path: Path) -> None:
    for seed in range(6):
        office = offices.random_office(seed)
        write_workbook(office, tmp_path / "messy.xlsx", messy=True, seed=seed)
        book = load_workbook(tmp_path / "messy.xlsx")
        assert set(book.sheetnames) == {sheet for sheet, rows in office.items() if rows}
        for sheet in book.sheetnames:
            lines = [
                [None if cell is None else str(cell) for cell in line]
                for line in book[sheet].iter_rows(values_only=True)
            ]
            heads = [{"".join((cell or "").split()) for cell in line} for line in lines]
            top = next(place for place, head in enumerate(heads) if set(required(sheet)) <= head)
            assert heads[top] <= {*SHEETS[sheet], "经办人签字"}
            assert len([line for line in lines[top + 1 :] if any(line)]) == len(office[sheet])
