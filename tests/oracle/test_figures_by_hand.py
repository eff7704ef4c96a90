"""The oracle's figures against cases worked out by hand from data.md §4 and §5."""

import datetime as dt
from typing import Any

import pytest

from tests.oracle.base import Office, period_days, theme_days
from tests.oracle.figures import compared, figures
from tests.oracle.small import LONG_AGO, NEW_YEAR, OWN, D, an_office, answer, branch, member, money, person, team

QUARTER_END = D(2026, 3, 31)
MEMBERS = ("members_start", "members_joined", "members_left", "members_end", "persons_end")
MONEY = ("income_fen", "expense_fen", "income_ytd_fen", "expense_ytd_fen", "balance_fen")
TRAININGS = ("trainings", "training_person_times", "training_persons", "training_minutes")


def line(row: dict[str, Any], keys: tuple[str, ...]) -> list[int | None]:
    return [row[key] for key in keys]


def of_office(office: Office, period: str, keys: tuple[str, ...]) -> list[int | None]:
    return line(figures(office, period)["office"], keys)


def test_periods() -> None:
    assert period_days("2026Q3") == (D(2026, 7, 1), D(2026, 9, 30))
    assert period_days("2026H1") == (D(2026, 1, 1), D(2026, 6, 30))
    assert period_days("2026H2") == (D(2026, 7, 1), D(2026, 12, 31))
    assert period_days("2026") == (D(2026, 1, 1), D(2026, 12, 31))
    assert period_days("2028Q1")[1] == D(2028, 3, 31)
    assert theme_days(2026)["世界骨髓捐献者日"] == D(2026, 9, 19)


# ---------------------------------------------------------------- effective membership


def test_a_return_reconciles() -> None:
    office = an_office(
        志愿服务队伍=[team()],
        队员=[member(gone=D(2026, 1, 1)), member(since=D(2026, 3, 31)), member("2", gone=D(2026, 4, 1))],
    )
    assert of_office(office, "2026Q1", MEMBERS) == [2, 1, 1, 2, 2]


def test_a_person_who_left_is_no_member() -> None:
    """Offices G and ret: 退出日期 ends the membership on its day."""
    office = an_office(志愿服务队伍=[team()], 志愿者=[person(退出日期=D(2026, 2, 1))], 队员=[member()])
    assert of_office(office, "2026Q1", MEMBERS) == [1, 0, 1, 0, 0]
    assert of_office(office, "2026Q2", MEMBERS) == [0, 0, 0, 0, 0]


def test_a_dissolved_team_has_no_members() -> None:
    """Office E: its people are neither in 季末在队 nor in 未保."""
    office = an_office(志愿服务队伍=[team(撤销日期=D(2025, 6, 1)), team("乙队")], 队员=[member(), member("2", "乙队")])
    assert of_office(office, "2026Q1", (*MEMBERS, "insured_end", "uninsured_end")) == [1, 0, 0, 1, 1, 0, 1]
    assert of_office(office, "2025Q2", MEMBERS) == [2, 0, 1, 1, 1]


def test_a_suspension_ends_nothing() -> None:
    office = an_office(志愿服务队伍=[team(暂停起始日期=D(2026, 2, 1))], 队员=[member()])
    assert of_office(office, "2026Q1", MEMBERS) == [1, 0, 0, 1, 1]


@pytest.mark.parametrize(
    ("row", "volunteer", "its_team"),
    [
        (member(since=D(2026, 2, 1), gone=D(2026, 2, 1)), {}, {}),
        (member(since=D(2026, 2, 1)), {"退出日期": D(2026, 2, 1)}, {}),
        (member(since=D(2026, 2, 1)), {"退出日期": D(2026, 1, 5)}, {}),
        (member(since=D(2026, 2, 1)), {}, {"撤销日期": D(2025, 5, 5)}),
    ],
)
def test_a_membership_that_never_was(row: Any, volunteer: Any, its_team: Any) -> None:
    """Office L, joining after a team's end, too: it counts in no figure, not in joined and left either."""
    office = an_office(志愿服务队伍=[team(**its_team)], 志愿者=[person(**volunteer)], 队员=[row])
    assert of_office(office, "2026Q1", MEMBERS) == [0, 0, 0, 0, 0]


def test_begun_and_ended_within_counts_in_both() -> None:
    office = an_office(志愿服务队伍=[team()], 队员=[member(since=D(2026, 2, 1), gone=D(2026, 2, 2))])
    assert of_office(office, "2026Q1", MEMBERS) == [0, 1, 1, 0, 0]


def test_the_earliest_end_counts() -> None:
    office = an_office(
        志愿服务队伍=[team(撤销日期=D(2026, 5, 1))],
        志愿者=[person(退出日期=D(2026, 4, 1))],
        队员=[member(gone=D(2026, 3, 1))],
    )
    assert [of_office(office, f"2026Q{q}", MEMBERS)[2] for q in (1, 2)] == [1, 0]


def test_a_person_in_two_teams_is_one_person_and_two_memberships() -> None:
    office = an_office(志愿服务队伍=[team(), team("乙队")], 队员=[member(), member(name="乙队")])
    assert of_office(office, "2026Q1", MEMBERS) == [2, 0, 0, 2, 1]


# ---------------------------------------------------------------- the register


def test_teams_are_counted_apart() -> None:
    """Offices K and big: 本季度新成立 counts neither the 分队 nor, for own-level ones, other units' teams."""
    office = an_office(
        志愿服务队伍=[
            team(成立日期=D(2026, 2, 1)),
            team("乙队", 主管单位="县人民医院", 成立日期=D(2026, 2, 1)),
            branch(成立日期=D(2026, 2, 1)),
            team("丙队", 暂停起始日期=D(2026, 3, 1)),
            team("丁队", 撤销日期=D(2026, 3, 31)),
            branch(name="甲二分队", 撤销日期=D(2026, 3, 1)),
        ]
    )
    keys = ("teams_end", "teams_own_end", "teams_other_end", "subteams_end")
    assert of_office(office, "2026Q1", keys) == [2, 1, 1, 1]
    assert of_office(office, "2026Q1", ("teams_founded", "teams_own_founded", "teams_dissolved")) == [2, 1, 1]
    assert of_office(office, "2026Q2", ("teams_founded", "teams_own_founded", "teams_dissolved")) == [0, 0, 0]


def test_own_level_by_name_or_by_kind() -> None:
    office = an_office(
        志愿服务队伍=[
            team("甲队", 主管单位=" 青石县 红十字会"),
            team("乙队", 主管单位="县红会", 主管单位类型="本级"),
            team("丙队", 主管单位=OWN, 主管单位类型="学校"),
            team("丁队", 主管单位="县红会"),
        ]
    )
    assert [row["own_level"] for row in figures(office, "2026Q1")["teams"]] == [True, True, True, False]


def test_volunteers_of_the_register() -> None:
    office = an_office(
        志愿者=[
            person("1", D(2026, 1, 1), 志愿者网编号="V1"),
            person("2", D(2026, 3, 31), 志愿者网编号="V2", 志愿者网注册日期=D(2026, 4, 1)),
            person("3", 退出日期=D(2026, 3, 31), 志愿者网编号="V3"),
            person("4", 志愿者网注册日期=D(2026, 1, 1)),
            person("5", D(2026, 4, 1)),
        ]
    )
    keys = ("volunteers_end", "volunteers_joined", "volunteers_left", "volunteers_network_end")
    assert of_office(office, "2026Q1", keys) == [3, 2, 1, 1]
    assert of_office(office, "2026Q2", keys) == [4, 1, 0, 2]


# ---------------------------------------------------------------- cover


def policy(mode: str, first: dt.date = NEW_YEAR, last: dt.date = QUARTER_END) -> Any:
    return {"保单号": "P", "承保方式": mode, "起始日期": first, "终止日期": last}


@pytest.mark.parametrize(
    ("registered", "expected"), [(None, 1), (D(2026, 3, 31), 1), (D(2026, 4, 1), 0), (D(2026, 11, 2), 0)]
)
def test_a_platform_policy_covers_who_is_on_the_platform(registered: Any, expected: int) -> None:
    """Office N: a registration to come covers nobody."""
    office = an_office(
        志愿服务队伍=[team()],
        志愿者=[person(志愿者网编号="V1", 志愿者网注册日期=registered)],
        队员=[member()],
        保险单=[policy("平台自动")],
    )
    assert of_office(office, "2026Q1", ("insured_end", "uninsured_end")) == [expected, 1 - expected]


def test_a_list_covers_inside_its_policy_and_by_activity_never() -> None:
    def insured(mode: str, period: str, **own: Any) -> int | None:
        cover = [{"保单号": "P", "证件号码": "1", **own}]
        office = an_office(志愿服务队伍=[team()], 队员=[member()], 保险单=[policy(mode)], 被保险人=cover)
        return of_office(office, period, ("insured_end",))[0]

    assert insured("记名名单", "2026Q1") == 1
    assert insured("记名名单", "2026Q2") == 0
    assert insured("记名名单", "2026Q2", 保障终止日期=D(2026, 12, 31)) == 0
    assert insured("记名名单", "2026Q1", 保障终止日期=D(2026, 3, 30)) == 0
    assert insured("按活动", "2026Q1") == 0


@pytest.mark.parametrize(
    ("end", "expected"), [(D(2026, 3, 30), 0), (D(2026, 3, 31), 1), (D(2026, 4, 30), 1), (D(2026, 5, 1), 0)]
)
def test_policies_about_to_end(end: dt.date, expected: int) -> None:
    office = an_office(保险单=[policy("按活动", last=end)])
    assert of_office(office, "2026Q1", ("policies_expiring_30d",)) == [expected]


# ---------------------------------------------------------------- trainings


def test_attendance() -> None:
    office = an_office(
        志愿服务队伍=[team(), team("乙队"), team("丙队")],
        队员=[member(), member(name="乙队"), member("2", "乙队")],
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
    assert line(result["office"], TRAININGS) == [2, 14, 2, 90]
    assert [line(row, TRAININGS) for row in result["teams"]] == [[1, 1, 1, 90], [1, 2, 2, 90], [1, 12, None, None]]


def test_head_counts_alone_leave_persons_and_hours_unknown() -> None:
    """B5: 30 classes of 16 学时 known by head count are not 0.0 学时; nothing counted is 0."""
    held = [{"培训编号": "A", "开始日期": D(2026, 2, 1), "学时": 16, "参训人次": 40, "面向队伍": "甲队"}]
    office = an_office(志愿服务队伍=[team(), team("乙队")], 培训=held)
    result = figures(office, "2026Q1")
    assert line(result["office"], TRAININGS) == [1, 40, None, None]
    assert [line(row, TRAININGS) for row in result["teams"]] == [[1, 40, None, None], [0, 0, 0, 0]]
    assert of_office(office, "2026Q2", TRAININGS) == [0, 0, 0, 0]
    assert of_office(office, "2026H1", TRAININGS) == [1, 40, None, None]


def test_an_attendance_without_team_goes_by_effective_membership() -> None:
    office = an_office(
        志愿服务队伍=[team()],
        志愿者=[person(退出日期=D(2026, 2, 1))],
        队员=[member()],
        培训=[{"培训编号": "A", "开始日期": D(2026, 2, 1), "学时": 1}],
        参训人员=[{"培训编号": "A", "证件号码": "1"}],
    )
    result = figures(office, "2026Q1")
    assert line(result["office"], TRAININGS) == [1, 1, 1, 60]
    assert line(result["teams"][0], TRAININGS) == [0, 0, 0, 0]


# ---------------------------------------------------------------- money


def test_money_of_a_quarter_and_of_the_year_so_far() -> None:
    office = an_office(
        志愿服务队伍=[team()],
        经费收支=[
            money(1000, D(2025, 12, 31), 队伍名称=None),
            money(0.1, D(2026, 3, 31)),
            money(20.07, D(2026, 4, 1), "支出"),
            money(5, D(2026, 7, 1), "支出", 队伍名称=None),
        ],
    )
    result = figures(office, "2026Q2")
    assert line(result["office"], MONEY) == [0, 2007, 10, 2007, 98003]
    assert line(result["shared"], MONEY) == [0, 0, 0, 0, 100000]
    assert line(result["teams"][0], MONEY) == [0, 2007, 10, 2007, -1997]


def test_a_reversed_expense_lowers_expense_and_is_no_income() -> None:
    """Office I: true income 0."""
    office = an_office(
        经费收支=[
            money(1000, D(2026, 3, 1), "支出", 凭证号="1"),
            money(1000, D(2026, 3, 2), "收入", 冲销凭证号="1"),
        ]
    )
    assert of_office(office, "2026Q1", MONEY) == [0, 0, 0, 0, 0]


def test_a_reversal_counts_on_its_own_day() -> None:
    entries = [
        money(1000, D(2025, 12, 1), "支出", 凭证号="1"),
        money(1000, D(2026, 4, 1), "收入", 冲销凭证号="1"),
        money(300, D(2026, 2, 1), 凭证号="2"),
        money(100, D(2026, 4, 2), "支出", 冲销凭证号="2"),
    ]
    office = an_office(经费收支=entries)
    assert of_office(office, "2026Q1", MONEY) == [30000, 0, 30000, 0, -70000]
    assert of_office(office, "2026Q2", MONEY) == [-10000, -100000, 20000, -100000, 20000]
    assert of_office(office, "2026", MONEY)[:2] == [20000, -100000]


def test_a_reversal_of_an_unknown_entry_is_netted_too() -> None:
    office = an_office(经费收支=[money(70, D(2026, 2, 1), "支出", 冲销凭证号="2019-7")])
    assert of_office(office, "2026Q1", MONEY) == [-7000, 0, -7000, 0, -7000]


def test_the_opening_balance_is_in_the_balance_alone() -> None:
    """Office tiny: no 季末结余 of −35.50, and no income of this year."""
    opening = money(500, D(2026, 4, 30), 科目="期初结余", 队伍名称=None)
    office = an_office(经费收支=[opening, money(35.5, D(2026, 5, 2), "支出")])
    assert of_office(office, "2026Q2", MONEY) == [0, 3550, 0, 3550, 46450]
    assert of_office(office, "2026Q1", MONEY) == [0, 0, 0, 0, 0]
    owed = an_office(经费收支=[opening | {"收支方向": "支出"}])
    assert of_office(owed, "2026Q2", MONEY) == [0, 0, 0, 0, -50000]


def test_equal_entries_are_that_many() -> None:
    office = an_office(经费收支=[money(100, D(2026, 2, 1))] * 2)
    assert of_office(office, "2026Q1", MONEY)[0] == 20000


# ---------------------------------------------------------------- work, periods, comparisons


def test_service_and_activities() -> None:
    served = {"证件号码": "1", "队伍名称": "甲队", "服务时长（小时）": 1.5}
    office = an_office(
        志愿服务队伍=[team()],
        活动=[{"开始日期": D(2026, 3, 31), "主办队伍": "甲队", "参与队伍": "乙队"}, {"开始日期": D(2026, 4, 1)}],
        服务记录=[served | {"服务日期": day} for day in (D(2026, 1, 1), D(2026, 3, 31), D(2026, 4, 1))],
    )
    keys = ("activities", "service_minutes", "service_person_times", "service_persons")
    assert of_office(office, "2026Q1", keys) == [1, 180, 2, 1]
    assert of_office(office, "2026H1", keys) == [2, 270, 3, 1]
    assert line(figures(office, "2026H1")["teams"][0], keys) == [1, 270, 3, 1]


def test_hours_before_the_ledger_are_in_no_period() -> None:
    office = an_office(志愿者=[person(**{"期初服务时长（小时）": 120, "期初截至日期": D(2026, 1, 31)})])
    assert of_office(office, "2026", ("service_minutes", "service_persons")) == [0, 0]


def test_an_earlier_day_within_the_period() -> None:
    office = an_office(志愿服务队伍=[team()], 队员=[member(since=D(2026, 2, 1)), member("2", since=D(2026, 3, 1))])
    running = figures(office, "2026Q1", D(2026, 2, 28))
    assert (running["as_of"], line(running["office"], MEMBERS)) == ("2026-02-28", [0, 1, 0, 1, 1])


def test_what_did_not_exist_yet_is_not_compared() -> None:
    """The demo: no 增加 1,653.5 小时 against a year without a ledger."""
    office = an_office(
        志愿服务队伍=[team()],
        培训=[{"培训编号": "A", "开始日期": D(2026, 4, 1), "学时": 1, "参训人次": 3}],
        经费收支=[money(5, D(2026, 1, 1))],
    )
    assert compared(office, "2026Q1", "training_person_times") is None
    assert compared(office, "2026Q2", "training_person_times") == 3
    assert compared(office, "2026Q3", "training_person_times") == 0
    assert compared(office, "2025Q4", "teams_end") == 1
    assert compared(office, "2026Q1", "income_fen") == 500
    began = answer(office, "台账启用日期", "2026-04-01")
    assert compared(began, "2026Q1", "income_fen") is None
    assert compared(began, "2026Q2", "income_fen") == 0


def test_a_sub_team_has_its_own_line() -> None:
    office = an_office(志愿服务队伍=[team(), branch()], 队员=[member(name="甲一分队", since=LONG_AGO)])
    assert [row["members_end"] for row in figures(office, "2026Q1")["teams"]] == [0, 1]
