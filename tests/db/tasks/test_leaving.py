"""退出: one act for the day, the reason, teams, posts and cover; who left is in no team when coming back."""

import datetime as dt

import pytest

from db.errors import Refused
from db.records.entities import BY_NAME, VOLUNTEER
from db.storage.store import Store
from db.tasks import leaving, members
from db.tasks.invariants import guarded
from tests.offices.small import Desk

DAY = dt.date(2026, 9, 21)


def _row(store: Store, entity: str, number: int) -> dict[str, object]:
    found = store.row(BY_NAME[entity], number)
    assert found is not None
    return dict(found)


@pytest.fixture
def desk(store: Store) -> Desk:
    """Somebody in two teams, leader of one, with a post and cover until the year's end."""
    made = Desk(store)
    person = made.person(name="孟婷")
    first = made.team(team_leader="孟婷", leader_phone="19900000001")
    made.join(first, person)
    made.join(made.team(), person, "2026-12-01")
    made.add("responsibility", matter="volunteer_service", role="leader", holder="孟婷", start_on="2025-01-01")
    policy = made.add(
        "insurance_policy", policy_number="P1", insurer="某保险", product="意外险", cover_mode="named_list",
        start_on="2026-01-01", end_on="2026-12-31",
    )  # fmt: skip
    made.add("coverage", policy_id=policy, volunteer_id=person)
    return made


def test_one_act_ends_everything_and_one_undo_brings_it_back(store: Store, desk: Desk) -> None:
    found = leaving.ties(store, 1, DAY)
    assert [len(part) for part in (found.teams, found.led, found.posts, found.covers)] == [2, 1, 1, 1]
    with store.operation("办理退出"):
        leaving.leave(store, 1, DAY, "died", covers=True)
    person = _row(store, "volunteer", 1)
    assert (person["left_on"], person["note"]) == ("2026-09-21", "退出原因：去世")
    assert [m["left_on"] for m in store.rows(BY_NAME["membership"])] == ["2026-09-21", "2026-12-01"]
    assert _row(store, "team", 1)["team_leader"] is None
    assert _row(store, "responsibility", 1)["end_on"] == "2026-09-21"
    assert _row(store, "coverage", 1)["end_on"] == "2026-09-20"
    with store.operation("回来"):
        store.save(VOLUNTEER, {"id": 1, "left_on": None})
    assert store.query("SELECT count(*) AS n FROM effective_membership WHERE ended_on > '2026-10-01'")[0]["n"] == 0
    store.undo()
    store.undo()
    assert _row(store, "team", 1)["team_leader"] == "孟婷"
    assert _row(store, "coverage", 1)["end_on"] is None


def test_posts_and_cover_may_stay(store: Store, desk: Desk) -> None:
    with store.operation("办理退出"):
        leaving.leave(store, 1, DAY, "left", posts=False)
    assert _row(store, "team", 1)["team_leader"] == "孟婷"
    assert _row(store, "coverage", 1)["end_on"] is None


def test_nobody_leaves_twice_or_before_the_registration(store: Store, desk: Desk) -> None:
    with pytest.raises(Refused, match="早于登记日期"), store.operation("办理退出"):
        leaving.leave(store, 1, dt.date(2019, 1, 1), "left")
    with store.operation("办理退出"):
        leaving.leave(store, 1, DAY, "left")
    with pytest.raises(Refused, match="已于 2026-09-21 退出"), store.operation("办理退出"):
        leaving.leave(store, 1, DAY, "left")


def test_a_day_typed_into_the_form_ends_the_memberships_too(store: Store, desk: Desk) -> None:
    with store.operation("修改志愿者"), guarded(store, VOLUNTEER):
        store.save(VOLUNTEER, {"id": 1, "left_on": DAY.isoformat()})
    assert [m["left_on"] for m in store.rows(BY_NAME["membership"])] == ["2026-09-21", "2026-12-01"]


def test_who_has_a_history_is_known_by_its_rows(store: Store, desk: Desk) -> None:
    other = desk.person(name="无记录")
    assert leaving.history_of(store, [1]) == {"membership": [1, 2], "coverage": [1]}
    assert leaving.history_of(store, [other]) == {}


def test_a_known_person_joins_and_is_moved(store: Store, desk: Desk) -> None:
    """The post of a leader does not move with the person; who left cannot join; nobody joins twice."""
    third = desk.team()
    with store.operation("改"):
        store.save(BY_NAME["membership"], {"id": 1, "role": "team_leader"})
    with store.operation("移出"):
        members.take_out(store, [1], dt.date(2026, 8, 1), third, DAY)
    rows = store.rows(BY_NAME["membership"])
    moved = next(r for r in rows if r["team_id"] == third)
    assert (moved["joined_on"], moved["role"]) == ("2026-08-01", None)
    assert next(r for r in rows if r["id"] == 1)["left_on"] == "2026-08-01"
    with pytest.raises(Refused, match="已经是本队队员"), store.operation("加入"):
        members.join(store, third, 1, None, "2026-09-01", DAY)
    with store.operation("办理退出"):
        leaving.leave(store, 1, DAY, "left")
    with pytest.raises(Refused, match="已于 2026-09-21 退出"), store.operation("加入"):
        members.join(store, third, 1, None, "2026-09-21", DAY)


def test_people_are_found_by_half_a_number(store: Store, desk: Desk) -> None:
    number = str(_row(store, "volunteer", 1)["id_number"])
    assert members.find_people(store, number) == [1]
    assert members.find_people(store, "没有这样的") == []
    assert members.people_shown(store, [1], DAY)[0]["teams"] == _row(store, "team", 1)["name"]


def test_a_namesake_keeps_what_is_known_by_name_alone(store: Store, desk: Desk) -> None:
    other = desk.person(name="孟婷")
    found = leaving.ties(store, 1, DAY)
    assert found.posts == []  # whose it is nobody can tell
    assert [t["id"] for t in found.led] == [1]  # the other one is not in that team
    desk.join(1, other)
    assert leaving.ties(store, 1, DAY).led == []
