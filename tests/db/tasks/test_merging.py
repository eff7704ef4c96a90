"""Merging two files on one person: nothing is lost, one undo brings everything back, and who was told apart stays so."""

import datetime as dt
import itertools
import random

import pytest

from db.errors import Refused
from db.records.entities import (
    ACTIVITY,
    ATTENDANCE,
    COVERAGE,
    ENTITIES,
    INSURANCE_POLICY,
    MEMBERSHIP,
    SERVICE_RECORD,
    TEAM,
    TRAINING,
    VOLUNTEER,
)
from db.records.fields import Entity
from db.records.identity import check_digit
from db.records.internal_entities import DISTINCT_PAIR
from db.storage.store import Store
from db.tasks.duplicates import groups, tell_apart
from db.tasks.merging import merge

DAY = dt.date(2026, 11, 21)


def content(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    return {e.name: store.db.execute(f"SELECT * FROM {e.name} ORDER BY id").fetchall() for e in ENTITIES}


def put(store: Store, entity: Entity, **values: object) -> int:
    """Save a whole row."""
    return store.save(entity, dict.fromkeys(entity.by_name) | values)  # type: ignore[arg-type]


def number(serial: int, born: str = "19900307") -> str:
    """Return a sound invented number."""
    body = f"990123{born}{serial:03d}"
    return body + check_digit(body)


def person(store: Store, serial: int, **values: object) -> int:
    """A volunteer."""
    base = {"name": "张三", "id_type": "resident_id", "id_number": number(serial), "birth_date": "1990-03-07",
            "registered_on": "2021-05-01"}  # fmt: skip
    return put(store, VOLUNTEER, **(base | values))


def day(rng: random.Random, start: int = 2020, years: int = 6) -> str:
    """A day out of few, so that clashes are common."""
    return dt.date(start + rng.randrange(years), rng.choice((1, 7)), 1).isoformat()


def office(store: Store, rng: random.Random) -> list[int]:
    """Three people with links that clash in every way."""
    with store.operation("准备"):
        teams = [
            put(store, TEAM, name=f"第{i}队", managing_org="某会", primary_domain="other", established_on="2019-01-01")
            for i in range(2)
        ]
        trainings = [
            put(store, TRAINING, code=f"P{i}", name="课", category="other", start_on="2026-01-01", class_minutes=60)
            for i in range(3)
        ]
        policies = [
            put(store, INSURANCE_POLICY, policy_number=f"B{i}", insurer="某公司", product="险", cover_mode="named_list",
                start_on="2026-01-01", end_on="2026-12-31") for i in range(2)
        ]  # fmt: skip
        event = put(store, ACTIVITY, code="H1", name="活动", category="service", start_on="2026-01-01")
        people = [person(store, 1, note="甲"), person(store, 3, phone="19900000001", sources="other"),
                  person(store, 5, left_on="2026-01-01", note="乙")]  # fmt: skip
        for who in people:
            made = set()
            for _ in range(rng.randint(0, 4)):
                team, joined = rng.choice(teams), day(rng)
                if (team, joined) not in made:
                    made.add((team, joined))
                    left = rng.choice([None, day(rng, 2022), joined])
                    left = None if left is not None and left < joined else left
                    role = rng.choice([None, "member", "team_leader"])
                    put(store, MEMBERSHIP, team_id=team, volunteer_id=who, joined_on=joined, left_on=left, role=role)
            for training in rng.sample(trainings, rng.randint(0, 3)):
                put(store, ATTENDANCE, training_id=training, volunteer_id=who, attended_minutes=rng.choice([None, 30, 60]),
                    result=rng.choice([None, "passed", "absent"]), certificate=rng.choice([None, "证甲", "证乙"]))  # fmt: skip
            for policy in policies:
                for start in rng.sample([None, "2026-02-01", "2026-06-01"], rng.randint(0, 3)):
                    end = rng.choice([None, "2026-07-01", "2026-08-01"])
                    put(store, COVERAGE, policy_id=policy, volunteer_id=who, start_on=start, end_on=end)
            for hours in rng.sample([60, 90, 120], rng.randint(0, 3)):
                put(store, SERVICE_RECORD, volunteer_id=who, team_id=teams[0], activity_id=rng.choice([None, event]),
                    served_on="2026-03-01", service_minutes=hours)  # fmt: skip
    return people


def days_in_teams(store: Store, people: list[int]) -> set[tuple[int, str]]:
    """(team, day) of the sampled days on which one of them was a member."""
    found = set()
    for row in store.rows(MEMBERSHIP):
        if row["volunteer_id"] in people:
            for n in range(0, 2700, 13):
                at = (dt.date(2019, 12, 31) + dt.timedelta(n)).isoformat()
                if str(row["joined_on"]) <= at and (row["left_on"] is None or str(row["left_on"]) > at):
                    found.add((int(row["team_id"] or 0), at))
    return found


def days_covered(store: Store, people: list[int]) -> set[str]:
    """The days of 2026 on which one of them was insured."""
    found = set()
    for row in store.rows(COVERAGE):
        if row["volunteer_id"] in people:
            for n in range(365):
                at = (dt.date(2026, 1, 1) + dt.timedelta(n)).isoformat()
                if str(row["start_on"] or "2026-01-01") <= at <= str(row["end_on"] or "2026-12-31"):
                    found.add(at)
    return found


def trainings_of(store: Store, people: list[int]) -> set[object]:
    """The trainings that one of them attended."""
    return {r["training_id"] for r in store.rows(ATTENDANCE) if r["volunteer_id"] in people}


def certificates(store: Store, people: list[int]) -> set[str]:
    """Every certificate of theirs."""
    return {
        w
        for r in store.rows(ATTENDANCE)
        if r["volunteer_id"] in people and r["certificate"]
        for w in str(r["certificate"]).split("；")
    }


@pytest.mark.parametrize("seed", range(20))
def test_nothing_is_lost_and_one_undo_brings_everything_back(seed: int, store: Store) -> None:
    rng = random.Random(seed)
    people = office(store, rng)
    keep, *others = rng.sample(people, 3)
    before = content(store)
    days, covered = days_in_teams(store, people), days_covered(store, people)
    minutes = sum(int(r["service_minutes"] or 0) for r in store.rows(SERVICE_RECORD))
    attended, papers = trainings_of(store, people), certificates(store, people)
    with store.operation("合并"):
        merge(store, keep, others)
    assert [r["id"] for r in store.rows(VOLUNTEER)] == [keep]
    assert days_in_teams(store, [keep]) == days
    assert days_covered(store, [keep]) == covered
    assert sum(int(r["service_minutes"] or 0) for r in store.rows(SERVICE_RECORD)) == minutes
    assert (trainings_of(store, [keep]), certificates(store, [keep])) == (attended, papers)
    row = store.rows(VOLUNTEER)[0]
    assert (row["phone"], row["left_on"], row["sources"]) == ("19900000001", None, "other")
    assert "甲" in str(row["note"])
    assert "乙" in str(row["note"])
    spans = sorted((r["team_id"], r["joined_on"], r["left_on"] or "9999") for r in store.rows(MEMBERSHIP))  # type: ignore[type-var]
    for (team, _, left), (next_team, joined, _) in itertools.pairwise(spans):
        assert team != next_team or left <= joined  # type: ignore[operator]
    store.undo()
    assert content(store) == before
    store.redo()
    store.undo()
    assert content(store) == before


def test_the_kept_person_may_take_the_other_number(store: Store) -> None:
    with store.operation("准备"):
        old = person(store, 1, id_number="990123900307001")
        new = person(store, 1)
    before = content(store)
    with store.operation("合并"):
        merge(store, old, [new], {"id_number": number(1)})
    assert [(r["id"], r["id_number"]) for r in store.rows(VOLUNTEER)] == [(old, number(1))]
    store.undo()
    assert content(store) == before
    with pytest.raises(Refused), store.operation("合并"):
        merge(store, old, [99])


def test_groups_say_why_and_forget_who_was_told_apart(store: Store) -> None:
    with store.operation("准备"):
        a = person(store, 1)
        b = person(store, 3)
        c = person(store, 1, name="李四", id_type="hk_mo_tw_residence", birth_date=None)
        d = person(store, 7, name="王五", id_number="990123900307007", birth_date=None, phone="19900000009")
        e = person(store, 7, name="王五", birth_date=None, phone="19900000008")
        f = person(store, 9, name="赵六", birth_date="1990-03-08", phone="19900000009")
    found = [(g.why, {r["id"] for r in g.rows}) for g in groups(store)]
    assert found == [
        ("证件号码相同", {a, c}), ("十五位与十八位号码对应", {d, e}), ("姓名和出生日期相同", {a, b}), ("手机号码相同", {d, f}),
    ]  # fmt: skip
    with store.operation("不是同一人"):
        tell_apart(store, [a, b], DAY)
        tell_apart(store, [f, d], DAY)
    assert [g.why for g in groups(store)] == ["证件号码相同", "十五位与十八位号码对应"]
    with store.operation("合并"):
        merge(store, e, [d])
    assert {(r["first_id"], r["second_id"]) for r in store.rows(DISTINCT_PAIR)} == {(a, b), (e, f)}
    store.undo()
    assert {(r["first_id"], r["second_id"]) for r in store.rows(DISTINCT_PAIR)} == {(a, b), (d, f)}
