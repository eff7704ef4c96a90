"""The sixteen computed clauses on each side of every boundary: the day before, the day, and the day after."""

from collections.abc import Callable

import pytest

from db.storage.store import Store
from tests.db.rules.test_boundary_cases import blood_team, consult, policy, status
from tests.offices.small import OFFICE, Desk

Case = tuple[str, Callable[[Desk], object], dict[str, str]]


def city(desk: Desk) -> None:
    desk.change("office", 2, item="level", content="市级")


def teams(desk: Desk, number: int, **more: object) -> None:
    for _ in range(number):
        desk.team(**more)


def member(desk: Desk, joined: str = "2020-01-01", platform: str | None = "V1", **more: object) -> int:
    person = desk.person(platform_id=platform)
    desk.join(blood_team(desk, **more), person, joined)
    return person


def party(desk: Desk, full: int, more: int, counted: str = "2026-01-01", **org: object) -> None:
    desk.team(full_party_members=full, probationary_party_members=more, party_counted_on=counted, **org)


def plan(desk: Desk, kind: str, start: str, end: str, topics: str = "blood_donation") -> None:
    desk.note("plan", "2024-01-01", subcategory=kind, valid_from=start, valid_until=end, topics=topics)


def duties(desk: Desk, leaders: int = 1, departments: int = 1, units: int = 1, **dates: str) -> None:
    for role, number in (("leader", leaders), ("lead_department", departments), ("responsible_unit", units)):
        for n in range(number):
            values = {"start_on": "2026-01-01"} | dates
            desk.add("responsibility", matter="blood_donation", role=role, holder=f"{role}{n}", **values)


def insured(desk: Desk) -> None:
    person = member(desk)
    desk.add("coverage", policy_id=policy(desk, "2026-07-01", "2026-09-30"), volunteer_id=person)


def insured_partly(desk: Desk) -> None:
    person = member(desk)
    desk.add(
        "coverage",
        policy_id=policy(desk, "2026-01-01", "2026-12-31"),
        volunteer_id=person,
        start_on="2026-07-01",
        end_on="2026-09-30",
    )


def theme(desk: Desk, day: str, on: str) -> None:
    desk.activity(on, "主题宣传", theme_day=day)


def class_(desk: Desk, on: str, topic: str = "yes", category: str = "first_aid") -> None:
    desk.training(on, category, has_blood_topic=topic)


def stock(desk: Desk, registered: str | None = "2026-07-01", **more: object) -> None:
    member(desk, platform_registered_on=registered, **more)


CASES: dict[str, Case] = {
    "the notice of 2022 takes effect": (
        "Z34-2.2-2",
        lambda d: d.team(),
        {"2022-07-03": "not_applicable", "2022-07-04": "met", "2022-07-05": "met"},
    ),
    "the notice of 2025 takes effect": (
        "B25-1-6",
        duties,
        {"2025-12-10": "not_applicable", "2025-12-11": "not_met", "2025-12-31": "not_met", "2026-01-01": "met"},
    ),
    "a domain": (
        "Z34-2.2-1",
        lambda d: d.team(established_on="2026-07-01"),
        {"2026-06-30": "not_applicable", "2026-07-01": "met", "2026-07-02": "met"},
    ),
    "one team": (
        "Z34-2.2-2",
        lambda d: d.team(established_on="2026-07-01", dissolved_on="2026-09-30"),
        {
            "2026-06-30": "not_met",
            "2026-07-01": "met",
            "2026-09-29": "met",
            "2026-09-30": "not_met",
            "2026-10-01": "not_met",
        },
    ),
    "two teams": ("Z34-2.2-4", lambda d: teams(d, 2), {"2026-09-30": "not_met"}),
    "three teams": ("Z34-2.2-4", lambda d: teams(d, 3), {"2026-09-30": "met"}),
    "four teams": ("Z34-2.2-4", lambda d: teams(d, 4), {"2026-09-30": "met"}),
    "three teams while they last": (
        "Z34-2.2-4",
        lambda d: teams(d, 3, dissolved_on="2026-09-30"),
        {"2026-09-29": "met", "2026-09-30": "not_met", "2026-10-01": "not_met"},
    ),
    "three teams but for a pause": (
        "Z34-2.2-4",
        lambda d: teams(d, 3, suspended_from="2026-07-01", suspended_until="2026-09-30"),
        {
            "2026-06-30": "met",
            "2026-07-01": "not_met",
            "2026-09-29": "not_met",
            "2026-09-30": "met",
            "2026-10-01": "met",
        },
    ),
    "a pause without an end": (
        "Z34-2.2-4",
        lambda d: teams(d, 3, suspended_from="2026-07-01"),
        {"2026-06-30": "met", "2026-07-01": "not_met", "2027-07-01": "not_met"},
    ),
    "sub-teams do not count": ("Z34-2.2-4", lambda d: teams(d, 3, parent_id=d.team()), {"2026-09-30": "not_met"}),
    "other offices' teams do not count": (
        "Z34-2.2-4",
        lambda d: teams(d, 3, managing_org=OFFICE + "分会"),
        {"2026-09-30": "not_met"},
    ),
    "a city need not have three": ("Z34-2.2-4", city, {"2026-09-30": "not_applicable"}),
    "disaster-prone for a time": (
        "Z34-2.2-5",
        lambda d: d.add("disaster_prone", start_on="2026-04-01", end_on="2026-07-01"),
        {
            "2026-03-31": "not_applicable",
            "2026-04-01": "not_met",
            "2026-06-30": "not_met",
            "2026-07-01": "not_applicable",
        },
    ),
    "a city's rescue team": (
        "Z34-2.2-5",
        lambda d: (city(d), d.team(primary_domain="emergency_rescue", established_on="2026-07-01")),
        {"2026-06-30": "not_met", "2026-07-01": "met", "2026-07-02": "met"},
    ),
    "rescue as another domain": (
        "Z34-2.2-5",
        lambda d: (city(d), d.team(other_domains="emergency_rescue", established_on="2026-07-01")),
        {"2026-06-30": "not_met", "2026-07-01": "explain"},
    ),
    "a city's blood team": (
        "Z34-2.2-6",
        lambda d: (city(d), d.team(other_domains="blood_donation", dissolved_on="2026-07-01")),
        {"2026-06-30": "explain", "2026-07-01": "not_met", "2026-07-02": "not_met"},
    ),
    "two full members and none": ("Z34-3.1-1", lambda d: party(d, 2, 0), {"2026-09-30": "not_applicable"}),
    "two full members and one": ("Z34-3.1-1", lambda d: party(d, 2, 1), {"2026-09-30": "explain"}),
    "three full members": ("Z34-3.1-1", lambda d: party(d, 3, 0), {"2026-09-30": "not_met"}),
    "counted on the day": (
        "Z34-3.1-1",
        lambda d: party(d, 3, 0, "2026-07-01"),
        {
            "2026-06-15": "missing_data",
            "2026-06-16": "not_met",
            "2026-07-01": "not_met",
            "2027-07-01": "not_met",
            "2027-07-02": "missing_data",
        },
    ),
    "a party organisation while it lasts": (
        "Z34-3.1-1",
        lambda d: party(d, 3, 0, party_org_founded_on="2026-07-01", party_org_ended_on="2026-09-30"),
        {"2026-06-30": "not_met", "2026-07-01": "met", "2026-09-29": "met", "2026-09-30": "not_met"},
    ),
    "registered on the day": (
        "Z34-3.4-1",
        lambda d: d.team(platform_registered_on="2026-07-01"),
        {"2026-06-30": "not_met", "2026-07-01": "met", "2026-07-02": "met"},
    ),
    "one of two registered": (
        "Z34-3.4-1",
        lambda d: (d.team(platform_registered_on="2026-07-01"), d.team()),
        {"2026-06-30": "not_met", "2026-07-01": "partial"},
    ),
    "both plans": (
        "B25-1-3",
        lambda d: (
            plan(d, "中长期发展规划", "2024-01-01", "2026-09-30"),
            plan(d, "年度计划", "2026-01-01", "2026-12-31"),
        ),
        {
            "2025-12-31": "not_applicable",
            "2026-01-01": "met",
            "2026-09-30": "met",
            "2026-10-01": "explain",
            "2026-12-31": "explain",
            "2027-01-01": "in_progress",
        },
    ),
    "an annual plan to come": (
        "B25-1-3",
        lambda d: plan(d, "中长期发展规划", "2024-01-01", "2028-12-31"),
        {
            "2026-03-30": "in_progress",
            "2026-03-31": "in_progress",
            "2026-04-01": "partial",
            "2027-03-30": "in_progress",
        },
    ),
    "a plan on something else": (
        "B25-1-3",
        lambda d: plan(d, "年度计划", "2026-01-01", "2026-12-31", "volunteer_service"),
        {"2026-03-30": "not_met"},
    ),
    "the second talk": (
        "B25-1-4",
        lambda d: consult(d, "2026-03-02", "2026-07-01"),
        {"2026-06-30": "in_progress", "2026-07-01": "met", "2026-12-31": "met", "2027-01-01": "in_progress"},
    ),
    "one talk": (
        "B25-1-4",
        lambda d: consult(d, "2026-03-02"),
        {"2025-12-31": "not_applicable", "2026-12-30": "in_progress", "2026-12-31": "not_met"},
    ),
    "duties while they last": (
        "B25-1-6",
        lambda d: duties(d, start_on="2026-07-01", end_on="2026-09-30"),
        {"2026-06-30": "not_met", "2026-07-01": "met", "2026-09-29": "met", "2026-09-30": "not_met"},
    ),
    "two departments": ("B25-1-6", lambda d: duties(d, departments=2), {"2026-09-30": "explain"}),
    "three units": ("B25-1-6", lambda d: duties(d, units=3), {"2026-09-30": "met"}),
    "no unit": ("B25-1-6", lambda d: duties(d, leaders=2, units=0), {"2026-09-30": "not_met"}),
    "classes from the notice's day": (
        "B25-2-4",
        lambda d: (class_(d, "2025-12-10", "no"), class_(d, "2025-12-11")),
        {"2025-12-11": "met", "2025-12-31": "met", "2026-01-01": "not_applicable"},
    ),
    "a class on the quarter's first day": (
        "B25-2-4",
        lambda d: class_(d, "2026-07-01", "no"),
        {
            "2026-06-30": "not_applicable",
            "2026-07-01": "not_met",
            "2026-09-30": "not_met",
            "2026-10-01": "not_applicable",
        },
    ),
    "one class of two": (
        "B25-2-4",
        lambda d: (class_(d, "2026-07-01", "no"), class_(d, "2026-07-02")),
        {"2026-07-01": "not_met", "2026-07-02": "partial"},
    ),
    "classes of another kind": (
        "B25-2-4",
        lambda d: class_(d, "2026-07-01", "no", "drill"),
        {"2026-09-30": "not_applicable"},
    ),
    "the county's blood team in time": (
        "B25-3.1-4",
        lambda d: d.join(blood_team(d, established_on="2026-12-31"), d.person(), "2026-12-31"),
        {
            "2025-12-31": "not_due",
            "2026-01-01": "in_progress",
            "2026-12-30": "in_progress",
            "2026-12-31": "met",
            "2027-01-01": "met",
        },
    ),
    "no blood team in time": (
        "B25-3.1-4",
        lambda d: None,
        {
            "2025-12-31": "not_due",
            "2026-01-01": "in_progress",
            "2026-12-30": "in_progress",
            "2026-12-31": "not_met",
            "2027-01-01": "not_met",
        },
    ),
    "one network": (
        "B25-3.2-2",
        lambda d: member(d, platform_registered_on="2026-07-01"),
        {"2026-06-30": "partial", "2026-07-01": "met", "2026-07-02": "met"},
    ),
    "nothing on the network": (
        "B25-3.2-2",
        lambda d: member(d, platform=None, platform_registered_on="2026-07-01"),
        {"2026-06-30": "not_met", "2026-07-01": "partial"},
    ),
    "the stock of the notice's day": (
        "B25-3.2-3",
        lambda d: stock(d, established_on="2025-12-11", joined="2025-12-11"),
        {"2026-06-30": "in_progress", "2026-07-01": "met"},
    ),
    "founded a day later": (
        "B25-3.2-3",
        lambda d: stock(d, established_on="2025-12-12"),
        {"2026-06-30": "not_applicable"},
    ),
    "a deadline that the office entered": (
        "B25-3.2-3",
        lambda d: (stock(d, None), d.add("office_parameter", clause="B25-3.2-3", name="deadline", day="2026-09-30")),
        {"2026-09-29": "in_progress", "2026-09-30": "in_progress", "2026-10-01": "not_met"},
    ),
    "a policy's own days": (
        "B25-3.3-4",
        insured,
        {"2026-06-30": "not_met", "2026-07-01": "met", "2026-09-30": "met", "2026-10-01": "not_met"},
    ),
    "a coverage's own days": (
        "B25-3.3-4",
        insured_partly,
        {"2026-06-30": "not_met", "2026-07-01": "met", "2026-09-30": "met", "2026-10-01": "not_met"},
    ),
    "no member yet": (
        "B25-3.3-4",
        lambda d: member(d, "2026-07-01"),
        {"2026-06-30": "not_applicable", "2026-07-01": "not_met"},
    ),
    "fourteen days before": (
        "B25-4-1",
        lambda d: theme(d, "world_red_cross_day", "2026-04-24"),
        {"2026-04-23": "not_due", "2026-04-24": "in_progress", "2026-06-28": "in_progress", "2026-06-29": "partial"},
    ),
    "fifteen days before": (
        "B25-4-1",
        lambda d: theme(d, "world_red_cross_day", "2026-04-23"),
        {"2026-05-07": "not_due", "2026-05-08": "in_progress", "2026-05-22": "in_progress", "2026-05-23": "explain"},
    ),
    "fourteen days after": (
        "B25-4-1",
        lambda d: theme(d, "world_red_cross_day", "2026-05-22"),
        {
            "2026-05-07": "not_due",
            "2026-05-08": "in_progress",
            "2026-05-22": "in_progress",
            "2026-06-13": "in_progress",
        },
    ),
    "fifteen days after": (
        "B25-4-1",
        lambda d: theme(d, "world_red_cross_day", "2026-05-23"),
        {"2026-05-22": "in_progress", "2026-05-23": "explain", "2026-06-28": "explain", "2026-06-29": "not_met"},
    ),
    "nothing at all": (
        "B25-4-1",
        lambda d: None,
        {
            "2025-12-31": "not_applicable",
            "2026-01-01": "not_due",
            "2026-05-07": "not_due",
            "2026-05-08": "in_progress",
            "2026-05-22": "in_progress",
            "2026-05-23": "not_met",
        },
    ),
    "all three days": (
        "B25-4-1",
        lambda d: (
            theme(d, "world_red_cross_day", "2026-05-08"),
            theme(d, "world_blood_donor_day", "2026-06-14"),
            theme(d, "world_marrow_donor_day", "2026-10-03"),
        ),
        {
            "2026-09-18": "in_progress",
            "2026-09-19": "in_progress",
            "2026-10-02": "in_progress",
            "2026-10-03": "met",
            "2026-12-31": "met",
            "2027-01-01": "not_due",
        },
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_on_each_side(name: str, store: Store) -> None:
    clause, fill, expected = CASES[name]
    desk = Desk(store)
    fill(desk)
    assert {day: status(desk, clause, day) for day in expected} == expected


def test_every_computed_clause_has_a_case() -> None:
    assert len({clause for clause, _, _ in CASES.values()}) == 16
