"""Regulations on Volunteer Service, article 17: every participant of a dangerous activity covered when serving."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

import resources
from db.records.entities import BY_NAME
from db.rules import register
from db.rules.checks import check_office
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
    return "activity", {
        "category": "drill", "start_on": start, "end_on": end, "has_risk": risk, "host_team_id": 1,
    }  # fmt: skip


def policy(mode: str, start: str, end: str) -> Fact:
    return "insurance_policy", {
        "insurer": "某公司", "product": "意外险", "cover_mode": mode, "start_on": start, "end_on": end,
    }  # fmt: skip


def named(policy_id: int, volunteer: int = 1, start: str | None = None, end: str | None = None) -> Fact:
    return "coverage", {"policy_id": policy_id, "volunteer_id": volunteer, "start_on": start, "end_on": end}


def took_part(volunteer: int = 1, of: int | None = 1, on: str = "2026-07-01") -> Fact:
    return "service_record", {
        "volunteer_id": volunteer, "team_id": 1, "activity_id": of, "served_on": on, "service_minutes": 60,
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


COVER = (policy("named_list", "2026-01-01", "2026-12-31"), named(1))
UNSAID = ("activity", {"category": "drill", "start_on": "2026-07-01", "has_risk": None})


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ((), "not_applicable"),
        ((activity(risk="no"), took_part()), "not_applicable"),
        ((activity(), took_part()), "not_met"),
        ((activity(), took_part(), *COVER), "met"),
        ((activity(), took_part(), policy("named_list", "2026-01-01", "2026-07-01"), named(1)), "met"),
        ((activity(), took_part(), policy("named_list", "2026-01-01", "2026-06-30"), named(1)), "not_met"),
        ((activity(), took_part(), policy("per_activity", "2026-07-01", "2026-07-01"), named(1)), "met"),
        ((activity(), took_part(2), policy("platform_auto", "2026-01-01", "2026-12-31")), "met"),
        ((activity(), took_part(1), policy("platform_auto", "2026-01-01", "2026-12-31")), "not_met"),
        # A blank is never the winning move.
        ((UNSAID, took_part(), *COVER), "missing_data"),
        ((activity(),), "missing_data"),
        ((activity(), took_part(), took_part(2, None), *COVER), "missing_data"),
        ((activity(), took_part(), took_part(1, None, "2026-07-02"), *COVER), "missing_data"),
        ((activity(), took_part(), took_part(1, None, "2026-07-03"), *COVER), "met"),
        ((activity(), took_part(), took_part(2), *COVER, UNSAID), "not_met"),
    ],
)
def test_blanks_never_win(store: Store, facts: tuple[Fact, ...], status: str) -> None:
    assert judge(store, *facts).status == status


def test_an_activity_of_a_rescue_team_that_does_not_say_is_doubtful(store: Store) -> None:
    plain = ("activity", {"category": "service", "start_on": "2026-07-01", "code": "A"})
    assert judge(store, plain).status == "not_applicable"
    hosted = ("activity", {"category": "service", "start_on": "2026-07-01", "host_team_id": 1, "code": "B"})
    assert judge(store, hosted).status == "missing_data"


def test_a_number_of_a_later_day_covers_nobody_before(store: Store) -> None:
    late = ("volunteer", {"id": 2, "platform_registered_on": "2026-07-02"})
    facts = (activity(), took_part(2), policy("platform_auto", "2026-01-01", "2026-12-31"))
    assert judge(store, *facts, late).status == "not_met"


def test_a_drill_among_the_trainings_is_shown_and_decides_nothing(store: Store) -> None:
    """It has no answer on danger to give, so it can neither win nor fail; a person sees it under the clause."""
    hour: dict[str, Any] = {"class_minutes": 60}
    drill = ("training", {"category": "drill", "start_on": "2026-07-10"} | hour)
    early = ("training", {"category": "drill", "start_on": "2026-06-30"} | hour)
    other = ("training", {"category": "skill", "start_on": "2026-07-10"} | hour)
    found = judge(store, drill, early, other)
    assert (found.status, found.facts["drills"]) == ("not_applicable", 1)
    assert [(i.record, i.status, i.title) for i in found.items] == [("training", "attention", "training0")]
    found = judge(store, activity(), took_part(), *COVER)
    assert (found.status, found.items[-1].record) == ("met", "training")
