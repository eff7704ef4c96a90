"""Rows of 省级汇总表 worked out by hand, and that what is dated later changes no earlier day."""

import datetime as dt
import random
from decimal import Decimal

import pytest

from tests.oracle.base import Office, Row
from tests.oracle.computed import check
from tests.oracle.edition_dice import turned_office
from tests.oracle.figures import figures
from tests.oracle.provincial import income_by_source, table, year_so_far
from tests.oracle.semi import proposals
from tests.oracle.small import D, an_office, branch, member, money, note, person, team


def test_teams_of_the_province() -> None:
    office = an_office(
        志愿服务队伍=[
            team(民政登记状态="已登记", 民政登记日期=D(2026, 7, 1), 志愿者网注册日期=D(2026, 6, 30)),
            team("乙队", 主要领域="人道救助", 队伍类型="三献", 民政登记状态="已登记", 主管单位="县人民医院"),
            branch(党组织成立日期=D(2026, 1, 1)),
            team("丙队", 主要领域="无偿献血", 暂停起始日期=D(2026, 1, 1)),
        ],
        活动=[{"开始日期": D(2026, 6, 1), "主办队伍": "甲一分队"}],
    )
    rows = table(office, "2026Q2")
    names = ("领域 应急救护", "领域 其他", "领域 无偿献血", "三献队伍")
    assert [rows[name] for name in names] == [1, 1, 0, 1]
    assert [rows[name] for name in ("志愿者网已登记", "民政已登记", "已设党组织", "有活动的")] == [1, 1, 1, 1]
    assert table(office, "2026Q3")["民政已登记"] == 2


def test_people_of_the_province() -> None:
    office = an_office(
        answers={"常住人口": "2000"},
        志愿服务队伍=[team(), team("乙队")],
        志愿者=[person(), person("2", 退出日期=D(2026, 5, 1)), person("3")],
        队员=[
            member(职务="队长"),
            member(name="乙队", 职务="骨干"),
            member("2", 职务="副队长"),
            member("3", 职务="队员"),
        ],
    )
    rows = table(office, "2026Q2")
    assert (rows["骨干人数"], rows["占常住人口（‰）"]) == (1, Decimal(1))
    assert table(an_office(), "2026Q2")["占常住人口（‰）"] is None


def test_certificates_and_reach() -> None:
    held: Row = {"培训类别": "应急救护培训", "开始日期": D(2026, 5, 1), "学时": 16, "含无偿献血科普": "是"}
    listed = [("1", "合格", "Z1"), ("2", "合格", None), ("3", "缺席", None), ("4", "不合格", None)]
    office = an_office(
        培训=[held | {"培训编号": "A"}, held | {"培训编号": "B", "参训人次": 30, "含无偿献血科普": None}],
        参训人员=[{"培训编号": "A", "证件号码": n, "结果": result, "证书编号": code} for n, result, code in listed],
    )
    rows = table(office, "2026Q2")
    assert [rows[name] for name in ("取证人数", "普及人次", "无偿献血科普期数")] == [1, 32, 1]


def test_a_whole_area_is_no_part() -> None:
    """Office sj: 31,270, not 42,590."""
    goals = (
        ("全区", "团体", 15000),
        ("全区", "街头", 8770),
        ("全区", "高校", 7500),
        ("甲镇", "团体", 9120),
        ("乙镇", "团体", 2200),
    )
    targets: list[Row] = [{"年度": 2024, "单位或街镇": unit, "口径": scope, "目标人份": n} for unit, scope, n in goals]
    assert table(an_office(献血目标=targets), "2024Q4")["目标人份"] == 31270
    assert table(an_office(献血目标=targets[3:]), "2024Q4")["目标人份"] == 11320


def test_money_by_source() -> None:
    """Office I: a reversed expense is no 未填来源 1,000.00 元."""
    entries = [
        money(1000, D(2026, 5, 1), "支出", 凭证号="1"),
        money(1000, D(2026, 5, 2), "收入", 冲销凭证号="1"),
        money(70, D(2026, 5, 3), 资金来源="捐赠"),
        money(900, D(2026, 4, 1), 科目="期初结余"),
    ]
    assert income_by_source(an_office(经费收支=entries), D(2026, 4, 1), D(2026, 6, 30)) == {"捐赠": 7000}


def test_goods_projects_and_the_year_so_far() -> None:
    goods: Row = {"日期": D(2026, 2, 1), "收发方向": "接收", "物资名称": "棉被", "数量": 3, "折价（元）": 99.9}
    running = note("项目", D(2026, 2, 1), 有效期止=D(2026, 6, 30))
    office = an_office(物资收发=[goods, goods], 工作记录=[running, note("项目", D(2026, 7, 1))])
    assert table(office, "2026Q2")["接收折价"] == 0
    assert year_so_far(office, D(2026, 6, 30))["接收折价"] == 19980
    assert [table(office, period)["在执行个数"] for period in ("2026Q2", "2026Q3")] == [1, 1]


def later(office: Office, as_of: dt.date, rng: random.Random) -> Office:
    """The office with values of a later day entered: counts beyond the tolerance, platform dates, answers."""
    after = as_of + dt.timedelta(days=rng.choice((16, 17, 90)))
    changed = {sheet: [dict(row) for row in rows] for sheet, rows in office.items()}
    for row in changed["志愿服务队伍"]:
        full = rng.randint(0, 9)
        changed["党员统计"].append(
            {"队伍名称": row["队伍名称"], "统计日期": after, "正式党员数": full, "预备党员数": 0}
        )
        if row["志愿者网团体编号"] is None and row["志愿者网注册日期"] is None:
            row["志愿者网注册日期"] = after
    for row in changed["志愿者"]:
        if row["志愿者网编号"] is None:
            row |= {"志愿者网编号": "V1", "志愿者网注册日期": after}
    for item in ("辖区内有无高校", "有无自有媒体", "有无红十字阵地"):
        changed["本会情况"].append({"项目": item, "内容": rng.choice("有无"), "起始日期": after})
    for item in ("是否灾害多发", "是否具备组建应急献血者队伍的条件"):
        changed["本会情况"].append({"项目": item, "内容": rng.choice("是否"), "起始日期": after})
    return changed


@pytest.mark.parametrize("seed", range(6))
def test_what_is_entered_later_moves_no_verdict_of_the_past(seed: int) -> None:
    office, rng = turned_office(seed), random.Random(seed)
    for year, quarter in ((y, q) for y in (2025, 2026) for q in (1, 2, 3, 4)):
        as_of = dt.date(year, 3 * quarter, 31 if quarter in (1, 4) else 30)
        edited = later(office, as_of, rng)
        assert check(edited, as_of) == check(office, as_of)
        before, after = proposals(office, as_of), proposals(edited, as_of)
        assert {clause: (before[clause], after[clause]) for clause in before if before[clause] != after[clause]} == {}
        assert figures(edited, f"{year}Q{quarter}") == figures(office, f"{year}Q{quarter}")
