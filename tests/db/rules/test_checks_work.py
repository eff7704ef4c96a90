"""The clauses on the office's own work, and those of the local paper for one district in 2024: each figure and
proposal, on both sides of every day and threshold."""

import datetime as dt

import pytest

from db.rules.checks import check_office
from db.storage.store import Store
from tests.offices.small import S24, Desk


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


@pytest.fixture
def songjiang_desk(store: Store) -> Desk:
    return Desk(store, "310117")


# The office's work


def test_townships(desk: Desk) -> None:
    clause = "Z34-1-2"
    assert desk.says(clause, "2026-06-30") == ("missing_data", 0, 0)
    desk.add("township", name="城关街道")
    desk.add("township", name="青石镇")
    assert desk.says(clause, "2026-06-30") == ("explain", 0, 2)
    desk.team(
        managing_org="城关街道办事处",
        managing_kind="township",
        established_on="2026-06-30",
        suspended_from="2026-07-01",
    )
    assert desk.says(clause, "2026-06-29") == ("explain", 0, 2)
    assert desk.says(clause, "2026-06-30") == ("partial", 1, 2)
    assert desk.result(clause, "2026-06-30").facts == {"grassroots": 1}
    desk.note("other", "2026-06-30", subcategory="基层组织", counterpart="青石镇红十字会")
    assert desk.says(clause, "2026-06-30") == ("met", 2, 2)
    assert desk.says(clause, "2026-07-01") == ("partial", 1, 2)


def test_domains(desk: Desk) -> None:
    clause = "Z34-2.2-3"
    desk.team(primary_domain="other", established_on="2026-06-30")
    assert desk.says(clause, "2026-06-30") == ("explain", 0, 6)
    desk.team(primary_domain="other", other_domains="elderly_care,humanitarian_aid", established_on="2026-07-01")
    desk.team(primary_domain="blood_donation", team_type="three_donations", established_on="2026-07-02")
    assert desk.says(clause, "2026-06-30") == ("explain", 0, 6)
    assert desk.says(clause, "2026-07-01") == ("met", 1, 6)
    assert desk.says(clause, "2026-07-02") == ("met", 4, 6)
    assert desk.result(clause, "2026-07-02").facts["gaps"] == "应急救援、应急救护"


def test_life_education(desk: Desk) -> None:
    desk.activity("2025-12-31", "生命教育课")
    desk.activity("2026-06-30", "救在身边+生命教育")
    desk.activity("2026-07-01", "课堂", topic="生命教育")
    desk.activity("2026-07-01", "养老服务日")
    for clause, n, nothing in (("Z34-4.1-2", None, "in_progress"), ("Z34-4.1-3", 5, "recorded")):
        assert desk.says(clause, "2026-06-29") == (nothing, 0, n)
        assert desk.says(clause, "2026-06-30") == ("met", 1, n)
    assert desk.says("Z34-4.1-2", "2026-07-01")[1] == 2
    assert desk.says("Z34-4.1-3", "2026-07-01")[1] == 1


def test_projects(desk: Desk) -> None:
    desk.note("project", "2025-01-01", valid_until="2026-01-01")
    assert desk.says("Z34-4.2-1", "2024-12-31") == ("explain", 0, None)
    assert desk.says("Z34-4.2-1", "2026-06-30") == ("met", 1, None)
    assert desk.says("Z34-4.2-1", "2027-01-01") == ("in_progress", 0, None)
    clause = "Z34-4.2-3"
    assert desk.says(clause, "2026-06-30") == ("not_applicable", 0, 0)
    desk.note("project", "2026-01-01", title="暖心行动", subcategory="示范项目")
    desk.money("2025-12-31", 100, "expense", earmark="暖心行动")
    assert desk.says(clause, "2026-12-30") == ("in_progress", 0, 1)
    assert desk.says(clause, "2026-12-31") == ("explain", 0, 1)
    desk.money("2026-06-30", 100, "expense", summary="支持暖心行动")
    assert desk.says(clause, "2026-06-29") == ("in_progress", 0, 1)
    assert desk.says(clause, "2026-06-30") == ("met", 1, 1)
    desk.note("project", "2026-07-01", title="护航行动", subcategory="创新示范")
    assert desk.says(clause, "2026-07-01") == ("in_progress", 1, 2)
    desk.note("award", "2026-07-01", note="护航行动获奖")
    assert desk.says(clause, "2026-07-01") == ("met", 2, 2)


def test_practice_centres(desk: Desk) -> None:
    clause = "Z34-4.3-1"
    assert desk.says(clause, "2026-06-30") == ("missing_data", 0, 0)
    desk.venue("practice_center", "县文明实践中心")
    assert desk.says(clause, "2026-06-30") == ("explain", 0, 1)
    desk.note("cooperation", "2026-06-30", counterpart="县文明实践中心", valid_until="2026-12-31")
    assert desk.says(clause, "2026-06-29") == ("explain", 0, 1)
    assert desk.says(clause, "2026-12-31") == ("met", 1, 1)
    assert desk.says(clause, "2027-01-01") == ("explain", 0, 1)
    desk.venue("practice_station", "东村站", "2026-07-01")
    assert desk.says(clause, "2026-07-01") == ("partial", 1, 2)


def test_venues(desk: Desk) -> None:
    clause = "Z34-4.3-2"
    desk.venue("safety_classroom", "旧教室", closed_on="2026-01-01")
    assert desk.says(clause, "2026-06-30") == ("missing_data", 0, 0)  # nobody said whether there are any
    answer = desk.add("office", item="has_venues", content="无")
    assert desk.says(clause, "2026-06-30") == ("not_applicable", 0, 0)
    desk.change("office", answer, content="有")
    assert desk.says(clause, "2026-06-30") == ("missing_data", 0, 0)
    desk.venue("safety_experience_hall", "生命体验馆")
    assert desk.says(clause, "2026-12-30") == ("in_progress", 0, 1)
    assert desk.says(clause, "2026-12-31") == ("explain", 0, 1)
    desk.activity("2026-06-30", "开放日", place="县生命体验馆一楼")
    assert desk.says(clause, "2026-06-29") == ("in_progress", 0, 1)
    assert desk.says(clause, "2026-06-30") == ("met", 1, 1)
    desk.venue("boai_home", "博爱家园")
    assert desk.says(clause, "2026-12-31") == ("partial", 1, 2)
    desk.training("2026-12-31", "first_aid", place="博爱家园")
    assert desk.says(clause, "2026-12-31") == ("met", 2, 2)


def test_volunteer_home(desk: Desk) -> None:
    clause = "Z34-4.3-4"
    assert desk.says(clause, "2026-06-30") == ("not_met", 0, 0)
    row = desk.venue("volunteer_home", "之家", "2026-06-30", closed_on="2026-08-01")
    assert desk.says(clause, "2026-06-29") == ("not_met", 0, 0)
    assert desk.says(clause, "2026-06-30") == ("missing_data", 0, 1)
    desk.change("venue", row, functions="办公、活动")
    assert desk.says(clause, "2026-06-30") == ("partial", 0, 1)
    desk.change("venue", row, functions="办公、活动、交流")
    assert desk.says(clause, "2026-07-31") == ("met", 1, 1)
    assert desk.says(clause, "2026-08-01") == ("not_met", 0, 0)


def test_meetings(desk: Desk) -> None:
    clause = "Z34-5.1-1"
    desk.note("meeting", "2026-06-01", topics="first_aid", subcategory="党组会")
    desk.note("meeting", "2026-06-01", topics="volunteer_service", subcategory="座谈会")
    assert desk.says(clause, "2026-12-30") == ("in_progress", 0, 1)
    assert desk.says(clause, "2026-12-31") == ("attention", 0, 1)
    desk.note("meeting", "2026-12-31", topics="first_aid,volunteer_service", subcategory="会长办公会")
    assert desk.says(clause, "2026-12-31") == ("met", 1, 1)
    assert desk.says(clause, "2027-01-01") == ("in_progress", 0, 1)


def test_support_and_outside_funds(desk: Desk) -> None:
    support, outside = "Z34-5.2-1", "Z34-5.2-2"
    assert desk.says(support, "2026-06-30")[0] == "not_applicable"
    assert desk.says(outside, "2026-06-30") == ("missing_data", 0, 5)
    a = desk.team()
    desk.money("2025-06-30", 1000, team_id=a, fund_source="rc_support")
    desk.money("2025-07-01", 500, team_id=a, fund_source="rc_support")
    assert desk.says(support, "2026-06-29")[0] == "missing_data"
    blank = desk.money("2026-06-30", 400, team_id=a)
    desk.money("2026-06-30", 999, team_id=a, fund_source="rc_support")
    assert desk.says(support, "2026-06-30")[0] == "explain"
    assert desk.says(outside, "2026-06-30") == ("missing_data", 0, 5)
    desk.change("fund_entry", blank, fund_source="other")
    assert desk.says(outside, "2026-06-30") == ("recorded", 0, 5)
    desk.money("2026-06-30", 1, team_id=a, fund_source="rc_support", voucher="记1")
    assert desk.says(support, "2026-06-30")[0] == "met"
    assert desk.says(support, "2026-07-01")[0] == "explain"
    assert desk.result(support, "2026-07-01").facts["before_yuan"] == "15.00"
    desk.money("2026-06-30", 1, "expense", team_id=a, fund_source="rc_support", reverses_voucher="记1")
    assert desk.says(support, "2026-06-30")[0] == "explain"
    desk.money("2026-06-30", 5, team_id=a, fund_source="donation", voucher="记2")
    assert desk.says(outside, "2026-06-29")[0] == "missing_data"
    assert desk.says(outside, "2026-06-30") == ("met", 1, 5)
    desk.money("2026-06-30", 5, "expense", team_id=a, fund_source="donation", reverses_voucher="记2")
    assert desk.says(outside, "2026-06-30") == ("recorded", 0, 5)


def test_positions(desk: Desk) -> None:
    clause = "Z34-5.3-1"
    desk.note("appointment", "2026-01-01", subcategory="顾问")
    assert desk.says(clause, "2026-06-30") == ("explain", 0, 3)
    desk.note("appointment", "2021-07-01", subcategory="理事会理事", valid_until="2026-06-30")
    assert desk.says(clause, "2026-06-30") == ("met", 1, 3)
    assert desk.says(clause, "2026-07-01") == ("explain", 0, 3)


def test_a_post_that_names_no_team_is_shown(desk: Desk) -> None:
    """The clause speaks of members of teams: the figure stays, and whose team nobody said stands beside it."""
    team = desk.team()
    desk.note("appointment", "2026-01-01", subcategory="监事", team_id=team)
    whole = desk.result("Z34-5.3-1", "2026-06-30")
    assert "没有写明所在队伍" not in whole.message
    assert [i.status for i in whole.items] == ["met"]
    desk.note("appointment", "2026-01-01", subcategory="理事")
    found = desk.result("Z34-5.3-1", "2026-06-30")
    assert (found.proposed, found.k) == ("met", 2)
    assert "理事 1 人，监事 1 人，其中 1 人没有写明所在队伍" in found.message
    assert [i.status for i in found.items] == ["attention", "met"]


@pytest.mark.parametrize(("clause", "category"), [("Z34-5.3-2", "nomination"), ("Z34-5.3-3", "own_media")])
def test_nominations_and_stories(desk: Desk, clause: str, category: str) -> None:
    desk.note(category, "2025-12-31", subcategory="队伍事迹，系统内")
    assert desk.says(clause, "2026-12-30") == ("in_progress", 0, None)
    assert desk.says(clause, "2026-12-31") == ("explain", 0, None)
    desk.note(category, "2026-12-31", subcategory="队伍事迹，系统内")
    assert desk.says(clause, "2026-12-31") == ("met", 1, None)


def test_a_story_is_named_as_one(desk: Desk) -> None:
    desk.note("own_media", "2026-06-30", subcategory="无偿献血科普")
    assert desk.says("Z34-5.3-3", "2026-06-30")[0] == "in_progress"


# One district in 2024


def test_only_that_district_in_that_year(desk: Desk) -> None:
    assert {r.status for r in check_office(desk.store, dt.date(2024, 6, 30), S24)} == {"not_applicable"}
    desk.office("division_code", "310117")
    for day in ("2023-12-31", "2025-01-01"):
        assert {r.status for r in check_office(desk.store, dt.date.fromisoformat(day), S24)} == {"not_applicable"}
    for day in ("2024-01-01", "2024-12-31"):
        found = check_office(desk.store, dt.date.fromisoformat(day), S24)
        assert {r.status for r in found if r.clause.mode == "reference"} == {"recorded"}
        assert {r.status for r in found if r.clause.mode == "self"} == {"missing_evidence"}
        assert not any(r.proposed in ("met", "not_met") for r in found)


@pytest.mark.parametrize(
    ("clause", "scopes", "target"),
    [
        ("S24-1-1", ("group", "street", "university"), 31270), ("S24-1-3", ("group", "street"), 23770),
        ("S24-1-5", ("university",), 7500), ("S24-2.3-3", ("group",), 15000), ("S24-2.3-12", ("street",), 8770),
    ],
)  # fmt: skip
def test_targets(songjiang_desk: Desk, clause: str, scopes: tuple[str, ...], target: int) -> None:
    desk = songjiang_desk

    def donated(on: str, ml: int, scope: str) -> None:
        desk.add("blood_result", donated_on=on, unit="甲", scope=scope, person_times=1, ml=ml)

    assert desk.says(clause, "2024-06-30") == ("missing_data", 0, target)
    for scope in {"group", "street", "university"} - set(scopes):
        donated("2024-06-01", 10**9, scope)
    donated("2023-12-31", 10**9, scopes[0])
    assert desk.says(clause, "2024-06-30")[0] == "missing_data"
    for scope in scopes:
        donated("2024-06-30", 100, scope)
    donated("2024-06-30", target * 200 - 100 * len(scopes) - 1, scopes[0])
    assert desk.says(clause, "2024-12-30") == ("in_progress", target - 1, target)
    assert desk.says(clause, "2024-12-31") == ("explain", target - 1, target)
    donated("2024-12-31", 1, scopes[-1])
    assert desk.says(clause, "2024-12-30")[0] == "in_progress"
    assert desk.says(clause, "2024-12-31") == ("met", target, target)


def test_the_drill(songjiang_desk: Desk) -> None:
    desk, clause = songjiang_desk, "S24-1-4"
    row = desk.note("other", "2024-06-30", subcategory="应急献血演练")
    assert desk.says(clause, "2024-06-30") == ("missing_data", 0, 400)
    desk.change("work_record", row, quantity=399)
    assert desk.says(clause, "2024-12-30") == ("in_progress", 399, 400)
    assert desk.says(clause, "2024-12-31") == ("explain", 399, 400)
    desk.change("work_record", row, quantity=400)
    assert desk.says(clause, "2024-06-29")[0] == "missing_data"
    assert desk.says(clause, "2024-06-30") == ("met", 400, 400)


@pytest.mark.parametrize(
    ("clause", "people_of", "count", "ceiling"),
    [("S24-2.3-5", "employees", 1015, 65), ("S24-2.3-6", "unemployed_citizens", 1039, 25)],
)
def test_ceilings(songjiang_desk: Desk, clause: str, people_of: str, count: int, ceiling: int) -> None:
    desk = songjiang_desk
    assert desk.says(clause, "2024-06-30") == ("not_applicable", 0, 0)
    row = desk.add("blood_target", year=2024, unit="甲", scope="group", target_units=1, **{people_of: count})
    assert desk.says(clause, "2024-06-30") == ("missing_data", 0, 1)
    for planned, expected in ((10, ("met", 1, 1)), (ceiling, ("met", 1, 1)), (ceiling + 1, ("explain", 0, 1))):
        desk.change("blood_target", row, planned_persons=planned)
        assert desk.says(clause, "2024-06-30") == expected


def test_reserves(songjiang_desk: Desk) -> None:
    desk, whole, each = songjiang_desk, "S24-2.3-7", "S24-2.3-8"
    assert desk.says(whole, "2024-06-30") == ("missing_data", 0, 400)
    assert desk.says(each, "2024-06-30") == ("missing_data", 0, 0)
    desk.add("township", name="甲镇")
    values = {"year": 2024, "scope": "group", "target_units": 0}
    row = desk.add("blood_target", unit="全区", blood_reserve=399, **values)
    town = desk.add("blood_target", unit="甲镇", blood_reserve=25, **values)
    assert desk.says(whole, "2024-06-30") == ("explain", 399, 400)
    desk.change("blood_target", row, blood_reserve=400)
    assert desk.says(whole, "2024-06-30") == ("met", 400, 400)
    assert desk.says(each, "2024-06-30") == ("explain", 0, 1)
    desk.change("blood_target", town, reserve_reported_on="2024-06-30")
    assert desk.says(each, "2024-06-29") == ("explain", 0, 1)
    assert desk.says(each, "2024-06-30") == ("met", 1, 1)
    desk.add("township", name="乙镇")
    assert desk.says(each, "2024-06-30") == ("missing_data", 1, 2)
    desk.change("blood_target", town, blood_reserve=24)
    assert desk.says(each, "2024-06-30") == ("explain", 0, 2)


def test_publicity_training_and_donors(songjiang_desk: Desk) -> None:
    desk = songjiang_desk
    days, training, donors = "S24-2.3-14", "S24-2.3-15", "S24-2.4-3"
    desk.activity("2024-01-01", "健康讲座", theme_day="world_red_cross_day")
    desk.activity("2024-01-01", "无偿献血宣传")
    desk.training("2024-01-01", "first_aid", has_blood_topic="yes")
    desk.training("2024-01-01", "volunteer", has_blood_topic="no")
    for clause in (days, training):
        assert desk.says(clause, "2024-12-30") == ("in_progress", 0, None)
        assert desk.says(clause, "2024-12-31") == ("explain", 0, None)
    desk.activity("2024-12-31", "节日献血", topic="节假日")
    desk.training("2024-12-31", "skill", has_blood_topic="yes")
    for clause in (days, training):
        assert desk.says(clause, "2024-12-31") == ("met", 1, None)
    assert desk.says(donors, "2024-06-30") == ("recorded", 0, None)
    row = desk.note("other", "2024-06-30", subcategory="应急献血者队伍", valid_until="2024-12-01")
    assert desk.says(donors, "2024-06-30") == ("missing_data", 0, None)
    desk.change("work_record", row, quantity=12)
    assert desk.says(donors, "2024-06-29") == ("recorded", 0, None)
    assert desk.says(donors, "2024-06-30") == ("met", 12, None)
    assert desk.says(donors, "2024-12-02") == ("recorded", 0, None)
