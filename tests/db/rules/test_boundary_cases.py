"""The thirty-two boundary cases of the contract, one test each, on ledgers of a few rows."""

import datetime as dt
from typing import Any

import pytest

from db.records.entities import BY_NAME
from db.rules.checks import check_office
from db.rules.register import register
from db.rules.verdicts import Result
from db.storage.store import Store
from db.tasks.assessments import assess
from tests.offices.small import Desk

CLAUSES = {clause.id: clause for clause in register()}
NEW_YEAR_EVE = "2026-12-31"
Figure = tuple[str, int | None, int | None]


def verdict(desk: Desk, clause: str, day: str) -> Result:
    """The verdict on one clause of any paper."""
    return check_office(desk.store, dt.date.fromisoformat(day), [CLAUSES[clause]])[0]


def says(desk: Desk, clause: str, day: str) -> Figure:
    """The status, proposed where a person has to confirm it, with k and n."""
    found = verdict(desk, clause, day)
    assert "{" not in found.message
    return found.proposed or found.status, found.k, found.n


def status(desk: Desk, clause: str, day: str) -> str:
    return says(desk, clause, day)[0]


def consult(desk: Desk, *days: str, **more: Any) -> None:
    """Consultations with the health authority on blood donation."""
    for day in days:
        usual = {"partner_kind": "health_authority", "topics": "blood_donation"}
        desk.note("consultation", day, **(usual | more))


def blood_team(desk: Desk, **more: Any) -> int:
    return desk.team(primary_domain="blood_donation", **more)


def policy(desk: Desk, start: str, end: str) -> int:
    return desk.add(
        "insurance_policy",
        policy_number=desk.next(),
        insurer="某公司",
        product="意外险",
        cover_mode="named_list",
        start_on=start,
        end_on=end,
    )


def two_policies_with_a_gap(desk: Desk, person: int) -> None:
    """One policy to 30 June 2026 and the next from 2 July, both naming the person."""
    for start, end in (("2025-07-01", "2026-06-30"), ("2026-07-02", "2027-07-01")):
        desk.add("coverage", policy_id=policy(desk, start, end), volunteer_id=person)


@pytest.fixture
def desk(store: Store) -> Desk:
    """A county's office with nothing but its name, level and code."""
    return Desk(store)


# The office's own teams


def test_case_01_third_team_established_on_the_day(desk: Desk) -> None:
    desk.team()
    desk.team()
    desk.team(established_on="2026-03-31")
    assert says(desk, "Z34-2.2-4", "2026-03-30") == ("not_met", 2, 3)
    assert says(desk, "Z34-2.2-4", "2026-03-31") == ("met", 3, 3)


def test_case_02_one_of_three_teams_dissolved_on_the_day(desk: Desk) -> None:
    desk.team()
    desk.team()
    desk.team(dissolved_on="2026-03-31")
    assert says(desk, "Z34-2.2-4", "2026-03-30") == ("met", 3, 3)
    assert says(desk, "Z34-2.2-4", "2026-03-31") == ("not_met", 2, 3)


def test_case_03_a_team_with_three_domains_is_one_team(desk: Desk) -> None:
    desk.team()
    desk.team(primary_domain="blood_donation", other_domains="hsc_donation,body_organ_donation")
    assert says(desk, "Z34-2.2-4", "2026-03-31") == ("not_met", 2, 3)


def test_case_04_school_teams_are_not_the_offices_own(desk: Desk) -> None:
    for _ in range(5):
        desk.team(managing_org="青石县第一中学", managing_kind="school")
    desk.team()
    desk.team()
    assert says(desk, "Z34-2.2-4", "2026-03-31") == ("not_met", 2, 3)
    desk.team()
    assert says(desk, "Z34-2.2-4", "2026-03-31") == ("met", 3, 3)


def test_case_05_no_rescue_team_where_disasters_are_rare(desk: Desk) -> None:
    desk.team()
    assert status(desk, "Z34-2.2-5", "2026-03-31") == "missing_data"  # nobody has answered
    desk.add("office", item="is_disaster_prone", content="否", start_on="2026-03-31")
    assert status(desk, "Z34-2.2-5", "2026-03-30") == "missing_data"
    assert status(desk, "Z34-2.2-5", "2026-03-31") == "not_applicable"


def test_case_06_disaster_prone_from_the_day_it_is_declared(desk: Desk) -> None:
    desk.add("disaster_prone", start_on="2026-04-01")
    desk.team(primary_domain="emergency_rescue")
    assert status(desk, "Z34-2.2-5", "2026-03-31") == "not_applicable"
    assert says(desk, "Z34-2.2-5", "2026-04-01") == ("met", 1, 1)


def test_case_07_first_aid_is_no_rescue(desk: Desk) -> None:
    desk.add("disaster_prone", start_on="2026-04-01")
    desk.team(primary_domain="first_aid")
    assert says(desk, "Z34-2.2-5", "2026-06-30") == ("not_met", 0, 1)


# Blood teams


def test_case_08_a_county_without_blood_team(desk: Desk) -> None:
    desk.team()
    assert status(desk, "Z34-2.2-6", "2026-06-30") == "not_applicable"
    assert says(desk, "B25-3.1-4", "2026-06-30") == ("in_progress", 0, 1)


def test_case_09_a_city_with_a_three_donations_team_only(desk: Desk) -> None:
    desk.office("level", "市级")
    team = desk.team(team_type="three_donations", primary_domain="hsc_donation")
    assert says(desk, "Z34-2.2-6", "2026-06-30") == ("explain", 0, 1)  # nobody is in it
    desk.join(team, desk.person())
    assert says(desk, "Z34-2.2-6", "2026-06-30") == ("met", 1, 1)
    assert "三献" in verdict(desk, "Z34-2.2-6", "2026-06-30").message


def test_case_10_the_county_blood_team_by_the_end_of_2026(desk: Desk) -> None:
    days = ("2025-12-31", "2026-09-30", "2026-12-31", "2027-03-31")
    expected = ["not_due", "in_progress", "not_met", "not_met"]
    assert [status(desk, "B25-3.1-4", day) for day in days] == expected
    desk.join(blood_team(desk, established_on="2026-12-31"), desk.person(), "2026-12-31")
    assert says(desk, "B25-3.1-4", NEW_YEAR_EVE) == ("met", 1, 1)


def test_case_11_a_marrow_team_is_no_blood_team(desk: Desk) -> None:
    desk.team(primary_domain="hsc_donation")
    assert says(desk, "B25-3.1-4", NEW_YEAR_EVE) == ("not_met", 0, 1)
    desk.office("level", "市级")
    assert says(desk, "Z34-2.2-6", NEW_YEAR_EVE) == ("not_met", 0, 1)


# Consultations with the health authority


def test_case_12_consultations_count_in_their_own_year(desk: Desk) -> None:
    consult(desk, "2025-12-20", "2026-01-05")
    assert says(desk, "B25-1-4", NEW_YEAR_EVE) == ("not_met", 1, 2)
    assert status(desk, "B25-1-4", "2025-12-31") == "not_applicable"


def test_case_13_two_consultations_on_one_day_are_one(desk: Desk) -> None:
    consult(desk, "2026-03-02", "2026-03-02")
    assert says(desk, "B25-1-4", "2026-03-31") == ("in_progress", 1, 2)


def test_case_14_consultations_with_the_blood_station_alone(desk: Desk) -> None:
    consult(desk, "2026-01-10", "2026-02-10", "2026-03-10", partner_kind="blood_station")
    assert says(desk, "B25-1-4", NEW_YEAR_EVE) == ("not_met", 0, 2)


def test_case_15_two_consultations_are_enough_already_in_spring(desk: Desk) -> None:
    consult(desk, "2026-01-10", "2026-02-10")
    assert says(desk, "B25-1-4", "2026-03-31") == ("met", 2, 2)


def test_case_16_one_consultation_with_92_days_left(desk: Desk) -> None:
    consult(desk, "2026-03-02")
    assert says(desk, "B25-1-4", "2026-09-30") == ("in_progress", 1, 2)
    assert verdict(desk, "B25-1-4", "2026-09-30").facts["days_left"] == 92


# Party organisations


def party_team(desk: Desk, full: int | None, probationary: int | None = 0) -> int:
    return desk.team(
        full_party_members=full,
        probationary_party_members=probationary,
        party_counted_on=None if full is None else "2026-01-01",
    )


def test_case_17_three_full_members_and_no_organisation(desk: Desk) -> None:
    team = party_team(desk, 3)
    assert says(desk, "Z34-3.1-1", "2026-03-31") == ("not_met", 0, 1)
    desk.change("team", team, party_org_founded_on="2026-03-31")
    assert says(desk, "Z34-3.1-1", "2026-03-31") == ("met", 1, 1)


def test_case_18_two_full_members_and_a_probationary_one(desk: Desk) -> None:
    party_team(desk, 2, 1)
    assert status(desk, "Z34-3.1-1", "2026-03-31") == "explain"


def test_case_19_two_full_members(desk: Desk) -> None:
    party_team(desk, 2)
    assert status(desk, "Z34-3.1-1", "2026-03-31") == "not_applicable"


def test_case_20_members_not_counted(desk: Desk) -> None:
    party_team(desk, None, None)
    assert status(desk, "Z34-3.1-1", "2026-03-31") == "missing_data"


def test_case_21_two_leaders_for_blood_work(desk: Desk) -> None:
    def name(role: str, holder: str) -> None:
        desk.add("responsibility", matter="blood_donation", role=role, holder=holder, start_on="2026-01-01")

    name("leader", "王立")
    name("lead_department", "业务科")
    name("responsible_unit", "志愿服务中心")
    assert says(desk, "B25-1-6", "2026-03-31") == ("met", 3, 3)
    name("leader", "陈平")
    assert says(desk, "B25-1-6", "2026-03-31") == ("explain", 3, 3)


# Insurance


def test_case_22_a_gap_of_one_day_between_two_policies(desk: Desk) -> None:
    person = desk.person()
    desk.join(blood_team(desk), person)
    two_policies_with_a_gap(desk, person)
    figures = [says(desk, "B25-3.3-4", day) for day in ("2026-06-30", "2026-07-01", "2026-07-02")]
    assert figures == [("met", 1, 1), ("not_met", 0, 1), ("met", 1, 1)]


def test_case_23_a_risky_activity_across_the_gap(desk: Desk) -> None:
    person, team = desk.person(), desk.team()
    two_policies_with_a_gap(desk, person)
    across = desk.activity("2026-07-01", "水上演练", end_on="2026-07-02", has_risk="yes")
    served: dict[str, Any] = {"volunteer_id": person, "team_id": team, "service_minutes": 60}
    desk.add("service_record", activity_id=across, served_on="2026-07-01", **served)
    assert says(desk, "ZT-17", "2026-09-30") == ("not_met", 0, 1)
    (row,) = desk.store.rows(BY_NAME["service_record"])
    desk.change("service_record", int(row["id"] or 0), served_on="2026-07-02")
    assert says(desk, "ZT-17", "2026-09-30") == ("met", 1, 1)


def test_case_24_no_team_has_three_party_members(desk: Desk) -> None:
    party_team(desk, 0)
    party_team(desk, 1, 1)
    party_team(desk, 2)
    assert says(desk, "Z34-3.1-1", "2026-03-31")[0] == "not_applicable"


# Days, classes, universities, units, winter


def test_case_25_marrow_donor_day_on_the_third_saturday_of_september(desk: Desk) -> None:
    desk.activity("2026-09-19", "骨髓捐献者日宣传", theme_day="world_marrow_donor_day")
    found = verdict(desk, "B25-4-1", "2026-09-30")
    assert found.facts["days"]["world_marrow_donor_day"] == "met"
    assert found.k == 1


def test_case_26_the_day_before_nothing_is_due(desk: Desk) -> None:
    days = ("2026-09-18", "2026-09-19")
    states = [verdict(desk, "B25-4-1", day).facts["days"]["world_marrow_donor_day"] for day in days]
    assert states == ["not_due", "in_progress"]


def test_case_27_no_first_aid_class_in_the_quarter(desk: Desk) -> None:
    desk.training("2026-03-31", "first_aid")
    desk.training("2026-04-01", "volunteer")
    assert status(desk, "B25-2-4", "2026-06-30") == "not_applicable"
    assert status(desk, "B25-2-4", "2026-03-31") == "missing_data"  # nobody said whether it had the topic
    (first, _) = desk.store.rows(BY_NAME["training"])
    desk.change("training", int(first["id"] or 0), has_blood_topic="no")
    assert status(desk, "B25-2-4", "2026-03-31") == "not_met"


UNIVERSITY_CLAUSES = ("B25-3.1-7", "B25-3.3-7", "B25-3.4-3", "B25-4-9")
RATED_UNIVERSITY_CLAUSES = ("B25-3.1-9", "B25-4-8")


@pytest.mark.parametrize("level", ["县级", "市级", "省级"])
def test_case_28_no_university_in_the_area(desk: Desk, level: str) -> None:
    desk.office("level", level)
    for clause in (*UNIVERSITY_CLAUSES, *RATED_UNIVERSITY_CLAUSES):
        assert status(desk, clause, "2026-06-30") == "missing_data"  # nobody has answered
    desk.add("office", item="has_universities", content="无")
    for day in ("2026-06-30", NEW_YEAR_EVE):
        assert {status(desk, clause, day) for clause in UNIVERSITY_CLAUSES} == {"not_applicable"}
        assert says(desk, "B25-1-5", day)[2] == 5  # the kind 高校 is left out
    for clause in RATED_UNIVERSITY_CLAUSES:
        assert CLAUSES[clause].mode == "self"
        on = dt.date(2026, 6, 30)
        assess(desk.store, clause, on, "not_applicable", text="辖区无高校", person="周敏", on=on)
        assert verdict(desk, clause, "2026-06-30").status == "not_applicable"
    desk.note("university", "2026-01-01", subcategory="辖区高校", counterpart="江城学院")
    assert status(desk, "B25-4-9", "2026-06-30") == "in_progress"


@pytest.mark.parametrize(("planned", "figure"), [(65, ("met", 1, 1)), (66, ("explain", 0, 1)), (10, ("met", 1, 1))])
def test_case_29_mobilisation_of_a_unit_of_a_thousand(store: Store, planned: int, figure: Figure) -> None:
    desk = Desk(store, division_code="310117")
    row = {"unit": "县医院", "scope": "group", "target_units": 100, "employees": 1000, "planned_persons": planned}
    desk.add("blood_target", year=2024, **row)
    assert says(desk, "S24-2.3-5", "2024-06-30") == figure
    assert status(desk, "S24-2.3-5", "2025-06-30") == "not_applicable"


def test_case_29_a_level_that_is_not_bound_is_not_asked_for_its_code(store: Store) -> None:
    desk = Desk(store, division_code="")
    assert status(desk, "S24-1-1", "2024-06-30") == "missing_data"  # a county's: it may be the one that is bound
    desk.office("level", "市级")
    assert status(desk, "S24-1-1", "2024-06-30") == "not_applicable"


def test_case_30_a_winter_activity_in_january(desk: Desk) -> None:
    desk.activity("2027-01-15", "冬季献血宣传", is_winter_campaign="yes")
    assert says(desk, "B25-4-10", "2027-01-14") == ("in_progress", 0, None)
    assert says(desk, "B25-4-10", "2027-03-31") == ("met", 1, None)


# Encouraged clauses, and the day before the notice


# Here the office is to encourage others: that is its own duty, and nothing on record asks for an explanation.
TO_ENCOURAGE = {"Z34-2.1-3", "Z34-4.1-2", "Z34-4.1-4", "Z34-4.2-1", "B25-3.1-6", "B25-3.4-3", "B25-4-9"}


def test_case_31_an_encouraged_clause_with_nothing_done_is_never_unmet(desk: Desk) -> None:
    desk.office("level", "市级")
    desk.person()
    desk.note("university", "2025-12-31", subcategory="辖区高校", counterpart="江城学院")
    encouraged = [c for c in CLAUSES.values() if c.strength == "encouraged" and c.source.key in ("Z34", "B25")]
    assert {c.mode for c in encouraged} >= {"semi"}
    for clause in encouraged:
        if clause.mode == "semi":
            expected = "explain" if clause.id in TO_ENCOURAGE else "recorded"
            assert status(desk, clause.id, NEW_YEAR_EVE) == expected, clause.id
        if clause.mode == "self":
            on = dt.date(2026, 12, 31)
            assess(desk.store, clause.id, on, "not_done", text="没有开展", person="周敏", on=on)
            assert verdict(desk, clause.id, NEW_YEAR_EVE).status == "recorded", clause.id


@pytest.mark.parametrize("level", ["县级", "市级", "省级"])
def test_case_32_the_day_before_the_notice_on_blood_donation(desk: Desk, level: str) -> None:
    desk.office("level", level)
    blood_team(desk, platform_registered_on="2020-01-01")
    consult(desk, "2025-01-10", "2025-02-10")
    blood = [clause for clause in CLAUSES.values() if clause.source.key == "B25"]
    before = check_office(desk.store, dt.date(2025, 12, 10), blood)
    assert {result.status for result in before} == {"not_applicable"}
    on_the_day = check_office(desk.store, dt.date(2025, 12, 11), blood)
    assert {result.status for result in on_the_day} > {"not_applicable"}
