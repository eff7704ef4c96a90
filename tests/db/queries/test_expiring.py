"""What ends soon: the last day of each person's insurance and certificate, policies without a list, agreements."""

import datetime as dt

from db.queries.expiring import ending_people, endings
from db.records.entities import BY_NAME
from db.storage.store import Store
from tests.offices.small import Desk

DAY = dt.date(2026, 9, 1)


def _policy(desk: Desk, until: str, mode: str = "named_list", start: str = "2025-01-01") -> int:
    return desk.add(
        "insurance_policy", policy_number=desk.next(), insurer="某保险", product="意外险", cover_mode=mode,
        start_on=start, end_on=until,
    )  # fmt: skip


def _member(desk: Desk, team: int, policy: int | None = None, **more: object) -> int:
    person = desk.person()
    desk.join(team, person, **more)
    if policy is not None:
        desk.add("coverage", policy_id=policy, volunteer_id=person)
    return person


def test_both_ends_of_the_span_are_inside() -> None:
    """A policy that ends today, one that ends on the last day, one that ended yesterday, one a day too late."""
    with Store.memory() as store:
        desk = Desk(store)
        team = desk.team()
        for until in ("2026-08-31", "2026-09-01", "2026-10-01", "2026-10-02"):
            _member(desk, team, _policy(desk, until))
        found = endings(store, DAY)
        assert [(e.ends_on.isoformat(), e.days) for e in found] == [("2026-09-01", 0), ("2026-10-01", 30)]
        assert all(e.title == "意外险 1 人" for e in found)
        assert [e.ends_on.isoformat() for e in endings(store, DAY, 31)] == ["2026-09-01", "2026-10-01", "2026-10-02"]


def test_only_those_who_are_members_and_not_covered_longer() -> None:
    """Who has left, and who is covered by a later policy, does not end."""
    with Store.memory() as store:
        desk = Desk(store)
        team = desk.team()
        old, new = _policy(desk, "2026-09-10"), _policy(desk, "2027-09-10")
        _member(desk, team, old)
        _member(desk, team, old, left_on="2026-08-01")
        renewed = _member(desk, team, old)
        desk.add("coverage", policy_id=new, volunteer_id=renewed, start_on="2026-09-11")
        (end,) = endings(store, DAY)
        assert (end.title, end.record, end.ids) == ("意外险 1 人", "insurance_policy", frozenset({old}))
        assert len(ending_people(store, DAY)) == 1


def test_a_coverage_ends_with_its_policy() -> None:
    """A coverage written to outlive its policy ends with it; one that is shorter ends earlier."""
    with Store.memory() as store:
        desk = Desk(store)
        team = desk.team()
        policy = _policy(desk, "2026-09-20")
        for until in ("2026-12-31", "2026-09-05"):
            desk.add("coverage", policy_id=policy, volunteer_id=_member(desk, team), end_on=until)
        assert [p["ends_on"] for p in ending_people(store, DAY)] == ["2026-09-05", "2026-09-20"]


def test_certificates_policies_without_a_list_and_agreements() -> None:
    """The last certificate of a kind counts; a policy for all on the platform and an agreement stand by themselves."""
    with Store.memory() as store:
        desk = Desk(store)
        team = desk.team()
        person = _member(desk, team)
        for until in ("2026-09-10", "2026-09-12"):
            training = desk.training("2024-01-01", "first_aid")
            desk.add("attendance", training_id=training, volunteer_id=person, certificate="救护员证", valid_until=until)
        _policy(desk, "2026-09-20", "platform_auto")
        desk.note("cooperation", "2024-01-01", title="场地协议", valid_until="2026-09-30")
        found = endings(store, DAY)
        assert [(e.title, e.record) for e in found] == [
            ("救护员证 1 人", "attendance"), ("意外险", "insurance_policy"), ("场地协议", "work_record"),
        ]  # fmt: skip
        (row,) = ending_people(store, DAY)
        assert (row["what"], row["ends_on"], row["teams"]) == ("救护员证", "2026-09-12", "第1号")


def test_a_later_policy_of_the_platform_counts_as_one_by_name() -> None:
    """Whoever the platform covers longer is not on the list, nor a policy that another of its kind goes on from."""
    with Store.memory() as store:
        desk = Desk(store)
        team = desk.team()
        named = _policy(desk, "2026-09-10")
        _member(desk, team, named)
        on_it = _member(desk, team, named)
        store_row = dict(store.row(BY_NAME["volunteer"], on_it) or {})
        with store.operation("测试"):
            store.save(BY_NAME["volunteer"], store_row | {"platform_id": "P1"})
        first = _policy(desk, "2026-09-15", "platform_auto")
        assert [e.ids for e in endings(store, DAY)] == [frozenset({named}), frozenset({first})]
        assert [(p["ends_on"], p["what"]) for p in ending_people(store, DAY)] == [
            ("2026-09-10", "意外险"), ("2026-09-15", "意外险"),
        ]  # fmt: skip
        _policy(desk, "2027-09-15", "platform_auto", "2026-09-16")
        assert [e.ids for e in endings(store, DAY)] == [frozenset({named})]
        assert [p["ends_on"] for p in ending_people(store, DAY)] == ["2026-09-10"]
