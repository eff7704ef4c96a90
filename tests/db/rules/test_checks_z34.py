"""The semi-automatic clauses of the 2022 notice, on teams and people: each figure and proposal, on both sides of every
day and threshold; and the registers of that notice and of the local paper, clause by clause."""

import datetime as dt
from typing import Any

import pytest

import db.rules.checks
from db.records.entities import BY_NAME
from db.rules.checks import check_office, people
from db.storage.store import Store
from tests.offices.small import CLAUSES, S24, Z34, Desk

Z34_IDS = (
    "0-1 0-2 0-3 1-1 1-2 1-3 1-4 1-5 1-6 2.1-1 2.1-2 2.1-3 2.2-1 2.2-2 2.2-3 2.2-4 2.2-5 2.2-6 2.3-1 2.3-2 3.1-1 3.1-2 "
    "3.1-3 3.1-4 3.2-1 3.2-2 3.2-3 3.2-4 3.2-5 3.2-6 3.2-7 3.2-8 3.3-1 3.3-2 3.3-3 3.3-4 3.3-5 3.3-6 3.4-1 3.4-2 3.4-3 "
    "4.1-1 4.1-2 4.1-3 4.1-4 4.2-1 4.2-2 4.2-3 4.2-4 4.3-1 4.3-2 4.3-3 4.3-4 5.1-1 5.1-2 5.2-1 5.2-2 5.3-1 5.3-2 5.3-3"
)
S24_IDS = (
    "0-1 1-1 1-2 1-3 1-4 1-5 2.1-1 2.1-2 2.1-3 2.1-4 2.1-5 2.2-1 2.2-2 2.2-3 2.2-4 2.2-5 2.2-6 2.2-7 2.2-8 2.3-1 2.3-2 "
    "2.3-3 2.3-4 2.3-5 2.3-6 2.3-7 2.3-8 2.3-9 2.3-10 2.3-11 2.3-12 2.3-13 2.3-14 2.3-15 2.3-16 2.3-17 2.4-1 2.4-2 2.4-3 "
    "2.4-4 2.4-5 2.4-6 2.4-7 2.4-8 2.4-9"
)


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


# The registers


@pytest.mark.parametrize(("clauses", "key", "ids"), [(Z34, "Z34", Z34_IDS), (S24, "S24", S24_IDS)])
def test_every_clause_of_the_notice_is_there(clauses: tuple[Any, ...], key: str, ids: str) -> None:
    assert sorted(c.id for c in clauses) == sorted(f"{key}-{part}" for part in ids.split())


def test_the_modes_are_counted() -> None:
    def counts(clauses: tuple[Any, ...]) -> tuple[int, ...]:
        return tuple(sum(c.mode == mode for c in clauses) for mode in ("auto", "semi", "self", "reference"))

    assert counts(Z34) == (7, 34, 15, 4)
    assert counts(S24) == (0, 13, 3, 29)


@pytest.mark.parametrize("clause", CLAUSES.values(), ids=lambda c: c.id)
def test_a_clause_is_whole(clause: Any) -> None:
    assert 0 < len("".join(clause.quotation.split())) <= 60
    assert all((clause.title, clause.article, clause.binds, clause.evidence, clause.message, clause.why, clause.fix))
    assert clause.record is None or clause.record in BY_NAME
    assert clause.check is None or clause.check in db.rules.checks.CHECKS
    for name, parameter in clause.parameters.items():
        if parameter.internal:
            assert "本会内部参考值" in clause.why, name


def test_nothing_internal_leads_to_a_breach_and_an_empty_ledger_formats(desk: Desk) -> None:
    for day in ("2026-06-30", "2026-12-31"):
        for result in check_office(desk.store, dt.date.fromisoformat(day), Z34):
            assert "{" not in result.message
            if result.clause.mode == "semi" and (
                result.clause.strength == "encouraged" or any(p.internal for p in result.clause.parameters.values())
            ):
                assert result.proposed not in ("not_met", "met"), result.clause.id


def test_before_the_notice_nothing_applies(desk: Desk) -> None:
    desk.team()
    assert desk.result("Z34-1-3", "2022-07-03").status == "not_applicable"
    assert desk.result("Z34-1-3", "2022-07-04").proposed == "in_progress"


def test_the_epidemic_clauses_are_history(desk: Desk) -> None:
    assert desk.result("Z34-2.3-1", "2023-01-07").status == "missing_evidence"
    assert desk.result("Z34-2.3-1", "2023-01-08").status == "not_applicable"


# Team by team


@pytest.mark.parametrize(
    ("clause", "category", "team"),
    [
        ("Z34-1-3", "guidance", {}),
        ("Z34-3.1-2", "party_activity", {"party_org_founded_on": "2026-06-30"}),
        ("Z34-3.4-2", "guidance", {"civil_reg_status": "qualified_unregistered"}),
        ("Z34-3.4-3", "guidance", {"civil_reg_status": "not_qualified"}),
    ],
)
def test_once_a_year_for_each_team(desk: Desk, clause: str, category: str, team: dict[str, str]) -> None:
    assert desk.says(clause, "2026-06-30") == ("not_applicable", 0, 0)
    a, b = desk.team(**team), desk.team(**team)
    desk.team(managing_org="青石中学", **team)
    desk.note(category, "2026-06-30", team_id=a, title="登记指导一")
    desk.note(category, "2025-12-31", team_id=b, title="登记指导二")
    desk.note(category, "2026-06-30")
    assert desk.says(clause, "2026-06-30") == ("in_progress", 1, 2)
    assert desk.says(clause, "2026-12-30") == ("in_progress", 1, 2)
    assert desk.says(clause, "2026-12-31") == ("attention", 1, 2)
    assert desk.result(clause, "2026-12-31").items[0].id == b
    desk.note(category, "2026-07-01", team_id=b, title="登记指导三")
    assert desk.says(clause, "2026-06-30") == ("in_progress", 1, 2)
    assert desk.says(clause, "2026-07-01") == ("met", 2, 2)
    assert desk.says(clause, "2027-01-01") == ("in_progress", 0, 2)


def test_party_organisations_count_while_they_stand(desk: Desk) -> None:
    desk.team(party_org_founded_on="2026-03-01", party_org_ended_on="2026-06-30")
    assert desk.says("Z34-3.1-2", "2026-02-28")[2] == 0
    assert desk.says("Z34-3.1-2", "2026-03-01")[2] == 1
    assert desk.says("Z34-3.1-2", "2026-06-29")[2] == 1
    assert desk.says("Z34-3.1-2", "2026-06-30")[2] == 0


def test_registration_needs_a_status_and_a_code(desk: Desk) -> None:
    team = desk.team()
    assert desk.says("Z34-3.4-2", "2026-06-30") == ("missing_data", 0, 0)
    assert desk.says("Z34-3.4-3", "2026-06-30") == ("missing_data", 0, 0)
    desk.change("team", team, civil_reg_status="registered")
    assert desk.says("Z34-3.4-2", "2026-06-30") == ("missing_data", 0, 1)
    desk.change("team", team, uscc="51330624MJ0000000X")
    assert desk.says("Z34-3.4-2", "2026-06-30")[0] == "missing_data"
    desk.change("team", team, uscc="91350100M000100Y43")
    assert desk.says("Z34-3.4-2", "2026-06-30") == ("met", 1, 1)
    assert desk.says("Z34-3.4-3", "2026-06-30") == ("not_applicable", 0, 0)
    other = desk.team(civil_reg_status="qualified_unregistered")
    desk.note("guidance", "2026-06-01", team_id=other, title="日常指导")
    assert desk.says("Z34-3.4-2", "2026-06-30") == ("in_progress", 1, 2)
    desk.team()
    assert desk.says("Z34-3.4-2", "2026-06-30") == ("missing_data", 1, 2)
    assert desk.says("Z34-3.4-2", "2026-12-31") == ("attention", 1, 2)


@pytest.mark.parametrize(
    ("clause", "words"),
    [("Z34-3.3-2", ("决策", "执行", "监督", "议事规则")), ("Z34-3.3-3", ("人员", "财务", "资产", "信息公开"))],
)
def test_four_rules_for_each_team(desk: Desk, clause: str, words: tuple[str, ...]) -> None:
    assert desk.says(clause, "2026-06-30") == ("not_applicable", 0, 0)
    a, b = desk.team(), desk.team()
    assert desk.says(clause, "2026-06-30") == ("not_met", 0, 2)
    last = [desk.note("document", "2026-01-01", team_id=a, subcategory=f"{word}制度") for word in words[:3]][-1]
    assert desk.says(clause, "2026-06-30") == ("partial", 0, 2)
    desk.note("document", "2026-01-01", team_id=a, subcategory=words[3])
    assert desk.says(clause, "2026-06-30") == ("partial", 1, 2)
    desk.note("document", "2026-01-01", team_id=b, subcategory="、".join(words), valid_from="2026-06-30")
    assert desk.says(clause, "2026-06-29") == ("partial", 1, 2)
    assert desk.says(clause, "2026-06-30") == ("met", 2, 2)
    desk.change("work_record", last, valid_until="2026-07-01")
    assert desk.says(clause, "2026-07-01") == ("met", 2, 2)
    assert desk.says(clause, "2026-07-02") == ("partial", 1, 2)


def test_basic_facts_are_disclosed(desk: Desk) -> None:
    a, clause = desk.team(), "Z34-3.3-4"
    assert desk.says(clause, "2026-06-30") == ("not_met", 0, 1)
    row = desk.note("disclosure", "2026-06-30", team_id=a, subcategory="基本情况", note="名称、负责人")
    assert desk.says(clause, "2026-06-29") == ("not_met", 0, 1)
    assert desk.says(clause, "2026-06-30") == ("partial", 0, 1)
    desk.change("work_record", row, note="名称、负责人、服务领域", valid_until="2026-07-31")
    assert desk.says(clause, "2026-07-31") == ("met", 1, 1)
    assert desk.says(clause, "2026-08-01") == ("not_met", 0, 1)


def test_finances_are_disclosed(desk: Desk) -> None:
    a, clause = desk.team(), "Z34-3.3-5"
    desk.team()
    desk.money("2025-12-31", 100)
    assert desk.says(clause, "2026-12-31") == ("not_applicable", 0, 0)
    desk.money("2026-03-01", 100, team_id=a)
    assert desk.says(clause, "2026-02-28") == ("not_applicable", 0, 0)
    assert desk.says(clause, "2026-12-30") == ("in_progress", 0, 1)
    assert desk.says(clause, "2026-12-31") == ("not_met", 0, 1)
    old = desk.money("2025-05-01", 100, team_id=a)
    assert desk.says(clause, "2026-03-01") == ("not_met", 0, 1)
    desk.note("disclosure", "2025-12-31", team_id=a, subcategory="财务收支")
    assert desk.says(clause, "2026-12-30") == ("in_progress", 0, 1)
    assert desk.says(clause, "2026-12-31") == ("attention", 0, 1)
    desk.note("disclosure", "2026-12-31", team_id=a, subcategory="2026年财务收支")
    assert desk.says(clause, "2026-12-31") == ("met", 1, 1)
    desk.money("2026-05-01", 100, team_id=desk.team())
    assert desk.says(clause, "2026-12-31") == ("partial", 1, 2)
    assert old


# People


def test_volunteers_join_and_leave(desk: Desk) -> None:
    clause = "Z34-2.1-1"
    assert desk.says(clause, "2026-06-30")[0] == "missing_data"
    desk.person("2026-03-31", left_on="2026-04-01")
    desk.person("2026-03-31")
    assert desk.says(clause, "2026-06-30") == ("explain", 0, None)
    assert desk.result(clause, "2026-06-30").facts == {"start": 2, "left": 1, "end": 1}
    desk.person("2026-06-30")
    assert desk.says(clause, "2026-06-29") == ("explain", 0, None)
    assert desk.says(clause, "2026-06-30") == ("met", 1, None)


@pytest.mark.parametrize(
    ("clause", "source", "nobody", "open_"),
    [("Z34-2.1-2", "fund_donor", "explain", "explain"), ("Z34-2.1-3", "blood_donor", "explain", "in_progress")],
)
def test_new_volunteers_by_source(desk: Desk, clause: str, source: str, nobody: str, open_: str) -> None:
    assert desk.says(clause, "2026-06-30")[0] == "missing_data"
    desk.person("2026-03-31", sources=source)
    assert desk.says(clause, "2026-06-30") == (nobody, 0, 0)
    blank = desk.person("2026-04-01")
    assert desk.says(clause, "2026-06-30") == ("missing_data", 0, 1)
    desk.change("volunteer", blank, sources="other")
    assert desk.says(clause, "2026-06-30") == (nobody, 0, 1)
    desk.person("2026-06-30", sources=f"other,{source}")
    assert desk.says(clause, "2026-06-29")[0] == open_
    assert desk.says(clause, "2026-06-30") == ("met", 1, 2)
    assert desk.result(clause, "2026-06-30").items == ()


def test_members_and_donors_are_asked_of_cities_and_counties(desk: Desk) -> None:
    desk.office("level", "省级")
    assert desk.result("Z34-2.1-2", "2026-06-30").status == "not_applicable"
    assert desk.result("Z34-2.1-2", "2026-06-30").proposed is None


def test_the_platform_is_used(desk: Desk) -> None:
    clause = "Z34-3.2-1"
    assert desk.says(clause, "2026-06-30") == ("missing_data", 0, 0)
    desk.team(platform_registered_on="2026-06-30")
    a = desk.person()
    assert desk.says(clause, "2026-06-29") == ("explain", 0, 1)
    assert desk.says(clause, "2026-06-30") == ("partial", 0, 1)
    desk.change("volunteer", a, platform_id="1")
    assert desk.says(clause, "2026-06-29") == ("partial", 1, 1)
    assert desk.says(clause, "2026-06-30") == ("met", 1, 1)


def test_details_are_verified(desk: Desk) -> None:
    clause = "Z34-3.2-3"
    a = desk.person()
    assert desk.says(clause, "2026-06-30") == ("missing_data", 0, 1)
    desk.change("volunteer", a, verified_on="2025-06-30")
    assert desk.says(clause, "2025-06-29")[0] == "missing_data"
    assert desk.says(clause, "2026-06-30") == ("met", 1, 1)
    assert desk.says(clause, "2026-07-01") == ("attention", 0, 1)
    desk.person()
    assert desk.says(clause, "2026-06-30") == ("attention", 1, 2)
    assert people.months_before(dt.date(2024, 2, 29), 12) == dt.date(2023, 2, 28)


def test_volunteers_and_backbone_are_trained(desk: Desk) -> None:
    clause = "Z34-3.2-4"
    one = desk.training("2026-01-01", "volunteer")
    desk.training("2025-12-31", "backbone")
    desk.training("2026-05-01", "backbone", person_times=9)
    person = desk.person()
    desk.add("attendance", training_id=one, volunteer_id=person)
    assert desk.says(clause, "2026-04-30") == ("in_progress", 1, 3)
    assert desk.says(clause, "2026-12-30") == ("in_progress", 2, 3)
    assert desk.says(clause, "2026-12-31") == ("attention", 2, 3)
    facts = desk.result(clause, "2026-12-31").facts
    assert (facts["person_times"], facts["persons"]) == (10, 1)
    desk.note("plan", "2026-01-01", title="年度培训计划", valid_until="2026-11-30")
    assert desk.says(clause, "2026-11-30") == ("met", 3, 3)
    assert desk.says(clause, "2026-12-01") == ("in_progress", 2, 3)


def test_backbone(desk: Desk) -> None:
    clause = "Z34-3.2-5"
    assert desk.says(clause, "2026-06-30") == ("not_applicable", 0, 0)
    a, _ = desk.team(), desk.team()
    person = desk.person()
    row = desk.join(a, person, left_on="2026-06-30")
    assert desk.says(clause, "2026-06-29") == ("missing_data", 0, 2)
    desk.change("membership", row, role="member")
    assert desk.says(clause, "2026-06-29") == ("explain", 0, 2)
    desk.change("membership", row, role="backbone")
    assert desk.says(clause, "2026-06-29") == ("met", 1, 2)
    assert desk.says(clause, "2026-06-30") == ("missing_data", 0, 2)


def test_retention(desk: Desk) -> None:
    clause = "Z34-3.2-6"
    young, a = desk.team(established_on="2026-01-01"), desk.team(established_on="2025-12-31")
    desk.join(young, desk.person(), "2026-01-01", left_on="2026-02-01")
    assert desk.says(clause, "2026-06-30") == ("not_applicable", 0, 0)
    rows = [desk.join(a, desk.person(), "2026-01-01") for _ in range(5)]
    desk.join(a, desk.person(), "2026-01-02", left_on="2026-03-01")
    assert desk.says(clause, "2026-06-30") == ("met", 1, 1)
    desk.change("membership", rows[0], left_on="2026-06-30")
    assert desk.result(clause, "2026-06-30").facts == {"still_there": 4, "then_there": 5}
    assert desk.says(clause, "2026-06-30") == ("met", 1, 1)
    desk.change("membership", rows[1], left_on="2026-07-01")
    assert desk.says(clause, "2026-06-30") == ("met", 1, 1)
    assert desk.says(clause, "2026-07-01") == ("attention", 0, 1)


def test_specialist_teams(desk: Desk) -> None:
    clause = "Z34-3.2-7"
    desk.team(primary_domain="blood_donation")
    assert desk.says(clause, "2026-06-30") == ("not_applicable", 0, 0)
    a = desk.team(primary_domain="emergency_rescue")
    person = desk.person()
    desk.join(a, person, "2026-06-30")
    desk.add("attendance", training_id=desk.training("2026-06-29", "skill"), volunteer_id=person)
    desk.add("attendance", training_id=desk.training("2026-06-30", "drill"), volunteer_id=person)
    row = desk.add(
        "attendance", training_id=desk.training("2026-06-30", "skill"), volunteer_id=person, result="absent"
    )  # fmt: skip
    assert desk.says(clause, "2026-12-30") == ("in_progress", 0, 1)
    assert desk.says(clause, "2026-12-31") == ("attention", 0, 1)
    desk.change("attendance", row, result="failed")
    assert desk.says(clause, "2026-06-29") == ("in_progress", 0, 1)
    assert desk.says(clause, "2026-06-30") == ("met", 1, 1)
    b = desk.team(primary_domain="elderly_care")
    desk.training("2026-07-01", "first_aid", team_id=b, person_times=0)
    assert desk.says(clause, "2026-07-01") == ("in_progress", 1, 2)
    desk.training("2026-07-01", "first_aid", team_id=b, person_times=3)
    assert desk.says(clause, "2026-07-01") == ("met", 2, 2)


def test_standards_and_certificates(desk: Desk) -> None:
    clause = "Z34-3.2-8"
    assert desk.says(clause, "2026-12-30") == ("in_progress", 0, 0)
    assert desk.says(clause, "2026-12-31") == ("explain", 0, 0)
    a = desk.training("2026-01-01", "skill")
    b = desk.training("2026-06-30", "first_aid", note="按国家标准")
    assert desk.says(clause, "2026-06-29") == ("explain", 0, 1)
    assert desk.says(clause, "2026-06-30") == ("partial", 1, 2)
    desk.change("training", a, note="依行业规程")
    assert desk.says(clause, "2026-06-30") == ("met", 2, 2)
    for until in ("2026-06-29", "2026-06-30", "2026-09-28", "2026-09-29"):
        desk.add("attendance", training_id=b, volunteer_id=desk.person(), certificate="救护员证", valid_until=until)
    facts = desk.result(clause, "2026-06-30").facts
    assert (facts["certificates"], facts["ending"]) == (3, 2)


def test_young_people(desk: Desk) -> None:
    clause = "Z34-4.2-4"
    desk.person()
    assert desk.says(clause, "2026-06-30") == ("missing_data", 0, 0)
    desk.person(birth_date="1990-06-30")
    assert desk.says(clause, "2026-06-29") == ("met", 1, 1)
    assert desk.says(clause, "2026-06-30") == ("explain", 0, 1)
    desk.person(birth_date="2012-06-30")
    assert desk.says(clause, "2026-06-29") == ("met", 1, 2)
    assert desk.says(clause, "2026-06-30") == ("met", 1, 2)
    desk.person("2026-06-30", birth_date="1960-01-01")
    assert desk.says(clause, "2026-06-30") == ("attention", 1, 3)
    assert desk.result(clause, "2026-06-30").items == ()
