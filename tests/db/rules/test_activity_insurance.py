"""Regulations on Volunteer Service, article 17: every participant of a dangerous activity covered on each of its days."""

import datetime as dt
import itertools
from collections.abc import Iterator
from typing import Any

import pytest

import resources
from db.records.entities import BY_NAME
from db.rules import register
from db.rules.checks import check_office
from db.rules.checks.activity_insurance import first_gap
from db.rules.verdicts import Result
from db.storage.store import Store

(CLAUSE,) = register.load(resources.path("rules/insurance.toml"))
QUARTER_END = "2026-09-30"
Fact = tuple[str, dict[str, Any]]


@pytest.fixture
def store() -> Iterator[Store]:
    """An office with a team, and two volunteers: 甲 without, 乙 with a number on the platform."""
    with Store.memory() as made:
        with made.operation("测试"):
            made.save(BY_NAME["office"], {"item": "name", "content": "某县红十字会"})
            made.save(BY_NAME["office"], {"item": "level", "content": "县级"})
            made.save(
                BY_NAME["team"],
                {
                    "name": "救援队",
                    "managing_org": "某县红十字会",
                    "primary_domain": "emergency_rescue",
                    "established_on": "2020-01-01",
                },
            )
            for name, platform in (("甲", None), ("乙", "P1")):
                made.save(
                    BY_NAME["volunteer"],
                    {
                        "name": name,
                        "id_type": "passport",
                        "id_number": name,
                        "registered_on": "2020-01-01",
                        "platform_id": platform,
                    },
                )
        yield made


def activity(start: str = "2026-07-01", end: str | None = "2026-07-02", risk: str | None = "yes") -> Fact:
    return "activity", {"category": "drill", "start_on": start, "end_on": end, "has_risk": risk}


def policy(mode: str, start: str, end: str) -> Fact:
    return "insurance_policy", {
        "insurer": "某公司", "product": "意外险", "cover_mode": mode, "start_on": start, "end_on": end,
    }  # fmt: skip


def named(policy_id: int, volunteer: int = 1, start: str | None = None, end: str | None = None) -> Fact:
    return "coverage", {"policy_id": policy_id, "volunteer_id": volunteer, "start_on": start, "end_on": end}


def took_part(volunteer: int = 1, of: int | None = 1) -> Fact:
    return "service_record", {
        "volunteer_id": volunteer, "team_id": 1, "activity_id": of, "served_on": "2026-07-01", "service_minutes": 60,
    }  # fmt: skip


def judge(store: Store, *facts: Fact, day: str = QUARTER_END) -> Result:
    with store.operation("测试"):
        for serial, (record, values) in enumerate(facts):
            entity = BY_NAME[record]
            own: dict[str, Any] = {
                f.name: f"{record}{serial}" for f in entity.fields if f.name in ("code", "name", "policy_number")
            } | values
            store.save(entity, own)
    found = check_office(store, dt.date.fromisoformat(day), [CLAUSE])[0]
    assert "{" not in found.message
    return found


def figure(found: Result) -> tuple[str, int | None, int | None]:
    return found.status, found.k, found.n


def test_a_gap_of_one_day_between_two_policies(store: Store) -> None:
    found = judge(
        store, activity(), took_part(),
        policy("named_list", "2025-07-01", "2026-06-30"), named(1),
        policy("named_list", "2026-07-02", "2027-07-01"), named(2),
    )  # fmt: skip
    assert figure(found) == ("not_met", 0, 1)
    assert [(i.record, i.id, i.title, i.status) for i in found.items] == [("volunteer", 1, "甲", "not_met")]
    assert found.is_breach


def test_two_policies_back_to_back_cover_an_activity(store: Store) -> None:
    found = judge(
        store, activity(), took_part(),
        policy("named_list", "2026-07-02", "2027-07-01"), named(1),
        policy("named_list", "2025-07-01", "2026-07-01"), named(2),
    )  # fmt: skip
    assert figure(found) == ("met", 1, 1)
    assert found.items == ()


@pytest.mark.parametrize("mode", ["named_list", "per_activity"])
@pytest.mark.parametrize(
    ("first", "last", "status"),
    [
        ("2026-07-01", "2026-07-02", "met"),
        ("2026-07-02", "2026-07-02", "not_met"),
        ("2026-07-01", "2026-07-01", "not_met"),
        ("2026-06-01", "2026-08-01", "met"),
        ("2026-06-01", "2026-06-30", "not_met"),
        ("2026-07-03", "2026-08-01", "not_met"),
    ],
)
def test_both_days_of_a_policy_are_inside(store: Store, mode: str, first: str, last: str, status: str) -> None:
    assert judge(store, activity(), took_part(), policy(mode, first, last), named(1)).status == status


@pytest.mark.parametrize(
    ("start", "end", "status"),
    [
        (None, None, "met"),
        ("2026-07-01", "2026-07-02", "met"),
        ("2026-07-02", None, "not_met"),
        (None, "2026-07-01", "not_met"),
        ("2026-01-01", "2027-12-31", "met"),
    ],
)
def test_a_persons_own_dates(store: Store, start: str | None, end: str | None, status: str) -> None:
    facts = (policy("named_list", "2026-06-01", "2026-08-01"), named(1, 1, start, end))
    assert judge(store, activity(), took_part(), *facts).status == status


def test_own_dates_do_not_outlive_the_policy(store: Store) -> None:
    facts = (policy("named_list", "2026-06-01", "2026-07-01"), named(1, 1, "2026-06-01", "2026-12-31"))
    assert judge(store, activity(), took_part(), *facts).status == "not_met"


@pytest.mark.parametrize(
    ("mode", "is_named", "has_number"), list(itertools.product(("named_list", "platform_auto", "per_activity"), (False, True), (False, True)))
)  # fmt: skip
def test_who_is_covered_by_which_policy(store: Store, mode: str, is_named: bool, has_number: bool) -> None:
    volunteer = 2 if has_number else 1
    facts = [activity(), took_part(volunteer), policy(mode, "2026-01-01", "2026-12-31")]
    if is_named:
        facts.append(named(1, volunteer))
    covered = has_number if mode == "platform_auto" else is_named
    assert judge(store, *facts).status == ("met" if covered else "not_met")


def test_an_activity_without_an_end_has_one_day(store: Store) -> None:
    assert judge(store, activity(end=None), took_part(), policy("named_list", "2026-07-01", "2026-07-01"), named(1)).status == "met"  # fmt: skip


def test_days_after_the_day_of_judging_count_too(store: Store) -> None:
    facts = (activity(QUARTER_END, "2026-10-01"), took_part(), policy("named_list", QUARTER_END, QUARTER_END), named(1))
    assert judge(store, *facts).status == "not_met"


@pytest.mark.parametrize(
    ("start", "risk", "day", "status"),
    [
        ("2026-07-01", "yes", "2026-07-01", "not_met"),
        ("2026-07-02", "yes", "2026-07-01", "not_applicable"),
        ("2026-06-30", "yes", "2026-07-01", "not_applicable"),
        ("2026-06-30", "yes", "2026-06-30", "not_met"),
        ("2026-10-01", "yes", QUARTER_END, "not_applicable"),
        ("2026-07-01", "no", QUARTER_END, "not_applicable"),
        ("2026-07-01", None, QUARTER_END, "not_applicable"),
        ("2017-11-30", "yes", "2017-11-30", "not_applicable"),
        ("2017-12-01", "yes", "2017-12-01", "not_met"),
    ],
)
def test_which_activities_are_judged(store: Store, start: str, risk: str | None, day: str, status: str) -> None:
    assert judge(store, activity(start, None, risk), took_part(), day=day).status == status


# participants: 甲 is covered by name, 乙 is not; e = an activity without participants besides
@pytest.mark.parametrize(
    ("covered", "bare", "empty", "status", "k", "n"),
    [
        (False, False, False, "not_applicable", None, None),
        (False, False, True, "missing_data", 0, 0),
        (False, True, False, "not_met", 0, 1),
        (False, True, True, "not_met", 0, 1),
        (True, False, False, "met", 1, 1),
        (True, False, True, "missing_data", 1, 1),
        (True, True, False, "partial", 1, 2),
        (True, True, True, "partial", 1, 2),
    ],
)
def test_order_of_the_statuses(
    store: Store, covered: bool, bare: bool, empty: bool, status: str, k: int | None, n: int | None
) -> None:
    facts = [policy("named_list", "2026-01-01", "2026-12-31"), named(1)]
    if covered or bare:
        facts.append(activity())
    facts += [took_part(1)] * covered + [took_part(2)] * bare
    if empty:
        facts.append(activity("2026-08-01", None))
    found = judge(store, *facts)
    assert figure(found) == (status, k, n)
    expected = [("volunteer", "not_met")] * bare + [("activity", "missing_data")] * empty
    assert [(i.record, i.status) for i in found.items] == ([] if status == "not_applicable" else expected)


def test_pairs_are_counted_and_persons_listed_once(store: Store) -> None:
    twice = ("service_record", took_part()[1] | {"served_on": "2026-07-02"})
    found = judge(
        store, activity(), activity("2026-08-01", None), took_part(), twice, took_part(1, 2), took_part(2, None)
    )
    assert figure(found) == ("not_met", 0, 2)
    assert [i.id for i in found.items] == [1]
    assert found.facts == {"activities": 2, "uncovered": 1, "empty": 0}


def test_a_person_may_be_covered_by_the_platform_and_then_by_name(store: Store) -> None:
    facts = (policy("platform_auto", "2026-01-01", "2026-07-01"), policy("per_activity", "2026-07-02", "2026-07-02"))
    assert figure(judge(store, activity(), took_part(2), *facts, named(2, 2))) == ("met", 1, 1)


def test_first_gap_agrees_with_counting_days() -> None:
    first = dt.date(2026, 7, 1)
    days = [first + dt.timedelta(days=i) for i in range(-1, 4)]
    spans = [(a, b) for a in days for b in days if a <= b]
    for count in (0, 1, 2):
        for chosen in itertools.product(spans, repeat=count):
            wanted = next((d for d in days[1:4] if not any(a <= d <= b for a, b in chosen)), None)
            assert first_gap((days[1], days[3]), chosen) == wanted


def test_the_clause_is_whole() -> None:
    assert CLAUSE.citation == "《志愿服务条例》（国务院令第685号）第十七条"
    assert len(CLAUSE.quotation) <= 60
    assert (CLAUSE.id, CLAUSE.mode, CLAUSE.strength, CLAUSE.firmness) == ("ZT-17", "auto", "mandatory", "hard")
    assert set(CLAUSE.levels.values()) == {"yes"}
