"""Words that say somebody is not, or is no longer; and those that look like them and say nothing of the kind."""

import pytest

from db.records.kinds import Cell
from forms.columns.proposals import map_all
from forms.columns.standing import ABSENT, CANCELLED, LEAVE, OFFICE, REMOVED, TEAM, state_in
from forms.reading.table import Table

HEAD: list[Cell] = ["队伍名称", "姓名", "证件号码", "入队日期", "登记日期"]
ROW: list[Cell] = ["甲队", "张三", "990101199001010011", "2021-03-01", "2021-03-01"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("已退队", TEAM), ("2025年3月退队", TEAM), ("因病退队", TEAM), ("已退队（搬家）", TEAM), ("注销", OFFICE), ("本人申请退出", OFFICE),
        ("去世", OFFICE), ("减员", REMOVED), ("2026-04-01退保", REMOVED), ("请假", LEAVE), ("因事请假", LEAVE), ("未到", ABSENT), ("缺席", ABSENT),
        ("作废", CANCELLED), ("未退队", ""), ("没有请假", ""), ("退役军人", ""), ("已退休", ""), ("骨干", ""), ("重新入队，原已退队", ""),
        ("保单未到期", ""), ("曾参加救援后请假半天后又参加了很多活动的老队员", ""),
    ],
)  # fmt: skip
def test_a_remark_counts_only_where_it_consists_of_such_words(text: str, kind: str) -> None:
    assert state_in(text, strict=True) == kind


def refused(heading: str, word: Cell, row: list[Cell] = ROW, sheet: str = "花名册", struck: bool = False) -> bool:
    """Whether a row with one more column is refused for every record it feeds."""
    table = Table(sheet, [(1, [*HEAD, heading]), (2, [*row, word])], struck=frozenset({(2, 1)} if struck else ()))
    mapped = map_all(table)
    said = [any(r.severity == "error" for r in m.remarks.get(2, ())) for m in mapped]
    assert len(set(said)) == 1
    return said[0]


@pytest.mark.parametrize(
    ("heading", "word", "wrong"),
    [
        ("状态", "在队", False), ("状态", "注销", True), ("状态", "待定", True), ("是否在队", "否", True), ("是否在队", "是", False),
        ("是否退队", "否", False), ("是否退队", "√", True), ("退队原因", "搬家", True), ("退队原因", "无", False), ("情况", "失联", True),
        ("政治面貌", "群众", False), ("工作单位", "退役军人事务局", False), ("审核结果", "未通过", True), ("爱好", "请勿打扰", False),
    ],
)  # fmt: skip
def test_a_column_that_is_none_of_ours_may_say_it(heading: str, word: str, wrong: bool) -> None:
    assert refused(heading, word) == wrong


def test_a_title_or_a_line_through_the_name_says_it_of_the_whole_row() -> None:
    assert refused("爱好", "书法", sheet="拟清退志愿者名单")
    assert refused("爱好", "书法", struck=True)
    assert not refused("爱好", "书法", sheet="志愿者加入退出登记表")


def test_a_day_ends_it() -> None:
    table = Table("花名册", [(1, [*HEAD, "状态", "离队时间"]), (2, [*ROW, "已退队", "2025-06-01"])])
    volunteer, member = map_all(table)
    assert not volunteer.remarks.get(2)
    assert not member.remarks.get(2)
    assert member.cells(member.rows[0][1])["退队日期"] == "2025-06-01"
