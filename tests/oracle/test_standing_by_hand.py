"""How long a person's answer stands, worked out by hand from evaluation.md."""

import datetime as dt
from typing import Any

import pytest

from tests.oracle.base import Office
from tests.oracle.small import D, an_office, member, note, person, team
from tests.oracle.standing import Standing, effective, proposal, say

Q1, Q2, Q3, Q4, NEXT = D(2026, 3, 31), D(2026, 6, 30), D(2026, 9, 30), D(2026, 12, 31), D(2027, 3, 31)
QUARTERS = (D(2025, 12, 31), Q1, Q2, Q3, Q4, NEXT)


def over(office: Office, clause: str, given: dt.date, status: str = "met") -> list[str]:
    said = [say(office, clause, given, status)]
    return [effective(office, clause, day, said).status for day in QUARTERS]


def test_without_an_answer_a_proposal_is_no_verdict() -> None:
    office = an_office(志愿服务队伍=[team()])
    assert proposal(office, "Z34-2.2-3", Q1).status == "met"
    assert effective(office, "Z34-2.2-3", Q1, []) == Standing("missing_evidence")
    assert effective(office, "Z34-1-1", Q1, []) == Standing("missing_evidence")
    assert effective(office, "B25-3.1-8", Q1, []) == Standing("missing_data")
    assert effective(office, "Z34-3.2-7", Q1, [say(office, "Z34-3.2-7", Q2, "met")]) == Standing("missing_evidence")


def test_a_point_in_time_clause_stands_while_its_figure_does() -> None:
    office = an_office(志愿服务队伍=[team()])
    waiting = "missing_evidence"
    assert over(office, "Z34-2.2-3", Q2) == [waiting, waiting, "met", "met", "met", "met"]
    office["志愿服务队伍"].append(
        office["志愿服务队伍"][0] | {"队伍名称": "乙队", "主要领域": "养老服务", "成立日期": Q3}
    )
    assert over(office, "Z34-2.2-3", Q2) == [waiting, waiting, "met", waiting, waiting, waiting]
    said = [say(office, "Z34-2.2-3", Q2, "met")]
    assert effective(office, "Z34-2.2-3", Q2, said) == Standing("met")
    assert effective(office, "Z34-2.2-3", D(2026, 8, 1), said) == Standing("met", carried=True)
    assert effective(office, "Z34-2.2-3", Q3, said) == Standing(waiting, changed=True)


def test_an_answer_within_its_quarter_counts_for_an_earlier_day_of_it() -> None:
    office = an_office(志愿服务队伍=[team()])
    assert effective(office, "Z34-2.2-3", D(2026, 4, 1), [say(office, "Z34-2.2-3", Q2, "met")]).status == "met"


def test_a_quarter_clause_is_answered_every_quarter() -> None:
    office = an_office(志愿者=[person()])
    assert over(office, "Z34-2.1-1", Q2, "explain")[1:4] == ["missing_evidence", "explain", "missing_evidence"]


def test_a_year_clause_once_a_year_while_its_proposal_stays() -> None:
    office = an_office(志愿服务队伍=[team()])
    waiting = "missing_evidence"
    # in_progress in the three first quarters, attention on 31 December
    assert over(office, "Z34-1-3", Q1, "explain") == [waiting, "explain", "explain", "explain", waiting, waiting]
    office["工作记录"] = [note("工作指导", D(2026, 5, 1), 队伍名称="甲队")]
    assert over(office, "Z34-1-3", Q1, "explain") == [waiting, "explain", waiting, waiting, waiting, waiting]
    assert over(office, "Z34-1-3", Q2) == [waiting, waiting, "met", "met", "met", waiting]


def test_a_figure_may_grow_within_the_year() -> None:
    held = [note("工作指导", D(2026, 2, 1), 队伍名称="甲队"), note("工作指导", D(2026, 5, 1), 队伍名称="乙队")]
    office = an_office(志愿服务队伍=[team(), team("乙队"), team("丙队")], 工作记录=held)
    assert over(office, "Z34-1-3", Q1, "explain")[1:4] == ["explain"] * 3


@pytest.mark.parametrize("clause", ["Z34-1-1", "Z34-1-4", "Z34-1-6", "B25-1-0"])
def test_an_assessment_ends_on_31_december(clause: str) -> None:
    assert over(an_office(), clause, Q2) == [*["missing_evidence"] * 2, "met", "met", "met", "missing_evidence"]


def test_a_winter_answer_ends_with_the_season() -> None:
    held = [{"活动名称": "无偿献血宣传", "活动类别": "宣传", "开始日期": D(2026, 12, 5), "冬季宣传": "是"}]
    office = an_office(活动=held)
    said = [say(office, "B25-4-10", Q4, "met")]

    def status(*day: int) -> str:
        return effective(office, "B25-4-10", D(*day), said).status

    assert [status(2026, 12, 31), status(2027, 2, 28), status(2027, 3, 1)] == ["met", "met", "missing_evidence"]
    own = [say(office, "B25-4-10", NEXT, "met")]
    assert effective(office, "B25-4-10", NEXT, own).status == "met"
    assert effective(office, "B25-4-10", D(2027, 4, 1), own).status == "missing_evidence"


@pytest.mark.parametrize(("clause", "now"), [("B25-3.3-6", "recorded"), ("Z34-3.2-6", "not_applicable")])
def test_what_is_not_applicable_or_missing_can_be_overridden(clause: str, now: str) -> None:
    office = an_office()
    assert proposal(office, clause, Q2).status == now
    assert effective(office, clause, Q2, [say(office, clause, Q2, "explain")]).status == "explain"
    missing = [say(office, "B25-3.1-8", Q2, "not_applicable")]
    assert effective(office, "B25-3.1-8", Q3, missing) == Standing("not_applicable", carried=True)
    rated = [say(office, "B25-3.1-9", Q2, "met")]
    assert effective(office, "B25-3.1-9", Q2, rated).status == "met"


def test_the_latest_answer_counts() -> None:
    office: Any = an_office(志愿服务队伍=[team()], 队员=[member()])
    said = [say(office, "Z34-2.2-3", Q1, "explain"), say(office, "Z34-2.2-3", Q3, "met")]
    assert [effective(office, "Z34-2.2-3", day, said).status for day in (Q1, Q2, Q3, Q4)] == [
        "explain",
        "explain",
        "met",
        "met",
    ]
