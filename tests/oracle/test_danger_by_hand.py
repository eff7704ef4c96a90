"""ZT-17 worked out by hand: who is covered before an activity with danger, and what is doubtful."""

import datetime as dt
from typing import Any

import pytest

from tests.oracle.base import Office, Row, Value
from tests.oracle.small import D, an_office, person, status, team

FIRST_DAY = D(2026, 7, 1)


def danger(**more: Value) -> Row:
    usual: Row = {
        "活动编号": "H",
        "活动类别": "志愿服务",
        "开始日期": D(2026, 7, 1),
        "结束日期": D(2026, 7, 2),
        "主办队伍": "甲队",
    }
    return usual | {"有人身危险": "是"} | more


def served(on: dt.date = FIRST_DAY, number: str | None = "H", who: str = "1", name: str = "甲队") -> Row:
    return {"证件号码": who, "队伍名称": name, "服务日期": on, "活动编号": number}


def danger_office(acts: list[Row], services: list[Row], mode: str = "按活动", **more: Any) -> Office:
    policy = {"保单号": "P", "承保方式": mode, "起始日期": D(2026, 7, 1), "终止日期": D(2026, 7, 1)}
    return an_office(
        **{
            "活动": acts,
            "服务记录": services,
            "保险单": [policy],
            "被保险人": [{"保单号": "P", "证件号码": "1"}],
            "志愿服务队伍": [team()],
            **more,
        }
    )


@pytest.mark.parametrize(
    ("acts", "services", "expected"),
    [
        ([danger()], [served()], "met"),
        ([danger()], [served(D(2026, 7, 2))], "not_met"),  # covered for the other day alone
        ([danger()], [served(who="2")], "not_met"),
        ([danger()], [], "missing_data"),
        ([danger()], [served(), served(number=None, who="2")], "missing_data"),  # office R
        ([danger()], [served(), served(number=None)], "missing_data"),  # doubtful though covered
        ([danger()], [served(), served(number=None, who="2", name="乙队")], "met"),
        ([danger()], [served(), served(D(2026, 7, 3), None, "2")], "met"),
        ([danger()], [served(who="2"), served(number=None)], "not_met"),
        ([danger(主办队伍=None)], [served(), served(number=None, who="2")], "met"),
        ([danger(), danger(活动编号="I")], [served()], "missing_data"),
        ([danger(有人身危险="否")], [served(who="2")], "not_applicable"),
        ([danger(有人身危险=None)], [], "not_applicable"),
        ([danger(有人身危险=None, 活动类别="演练")], [], "missing_data"),  # office A
        ([danger(有人身危险="否", 活动类别="演练")], [], "not_applicable"),
        ([danger(), danger(活动编号="I", 有人身危险=None, 活动类别="演练")], [served()], "missing_data"),
    ],
)
def test_cover_before_danger(acts: list[Row], services: list[Row], expected: str) -> None:
    assert status(danger_office(acts, services), "ZT-17", 2026, 9, 30) == expected


def test_a_rescue_team_with_a_blank_answer_is_doubtful() -> None:
    office = danger_office([danger(有人身危险=None)], [], 志愿服务队伍=[team(主要领域="应急救援")])
    assert status(office, "ZT-17", 2026, 9, 30) == "missing_data"
    side = danger_office([danger(有人身危险=None)], [], 志愿服务队伍=[team(其他领域="应急救援")])
    assert status(side, "ZT-17", 2026, 9, 30) == "not_applicable"


def test_danger_counts_up_to_the_day() -> None:
    office = danger_office([danger()], [served(), served(D(2026, 7, 2), who="2")])
    assert [status(office, "ZT-17", *day) for day in ((2026, 6, 30), (2026, 7, 1), (2026, 7, 2), (2026, 10, 1))] == [
        "not_applicable",
        "met",
        "not_met",
        "not_applicable",
    ]


@pytest.mark.parametrize(
    ("mode", "volunteer", "expected"),
    [
        ("平台自动", {"志愿者网编号": "V1"}, "met"),
        ("平台自动", {"志愿者网编号": "V1", "志愿者网注册日期": D(2026, 7, 2)}, "not_met"),
        ("平台自动", {}, "not_met"),
        ("记名名单", {}, "met"),
    ],
)
def test_every_way_of_cover_counts_before_danger(mode: str, volunteer: Row, expected: str) -> None:
    office = danger_office([danger()], [served()], mode, 志愿者=[person(**volunteer)])
    assert status(office, "ZT-17", 2026, 9, 30) == expected
