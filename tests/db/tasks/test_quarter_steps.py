"""Who reviewed, submitted and archived a quarter; the score; the quarter nobody finished."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest

from db.errors import UserError
from db.quarters import Quarter
from db.records.entities import FUND_ENTRY, MEMBERSHIP, TEAM, VOLUNTEER
from db.rules.checks import check_office
from db.rules.verdicts import bound, score
from db.storage.store import Store
from db.tasks.quarter_steps import archive, last_unfinished, mark_step, reopen, staff, steps_done, unmark_step
from tests.offices.small import Desk

Q3 = Quarter(2026, 3)
DAY = dt.date(2026, 10, 9)


def _mark(store: Store, step: str, person: str = "周敏") -> None:
    with store.operation("办理"):
        mark_step(store, Q3, step, person=person, on=DAY)


def test_marks_are_rows_that_undo_takes_back() -> None:
    """Marked once more it is changed, not doubled; undo brings the first mark back."""
    with Store.memory() as store:
        Desk(store)
        _mark(store, "review")
        _mark(store, "review", "吴芳")
        assert steps_done(store, Q3)["review"]["person"] == "吴芳"
        store.undo()
        assert steps_done(store, Q3)["review"]["person"] == "周敏"
        assert steps_done(store, Q3.previous) == {}


def test_taking_a_mark_away_takes_the_later_ones() -> None:
    """A quarter whose review is withdrawn is not submitted either."""
    with Store.memory() as store:
        Desk(store)
        for step in ("prepare", "review", "submit"):
            _mark(store, step)
        with store.operation("撤回"):
            unmark_step(store, Q3, "review")
        assert set(steps_done(store, Q3)) == {"prepare"}


CLOSED: dict[str, Callable[[Desk, Store], object]] = {
    "an entry of its days": lambda d, s: d.add("fund_entry", entry_on="2026-08-01", direction="income", category="捐赠", amount_fen=1),
    "an entry moved out of its days": lambda d, s: s.save(FUND_ENTRY, {"id": 1, "entry_on": "2026-10-02"}),
    "an amount": lambda d, s: s.save(FUND_ENTRY, {"id": 1, "amount_fen": 2}), "an entry gone": lambda d, s: s.delete(FUND_ENTRY, [1]),
    "a training": lambda d, s: d.training("2026-08-02", "first_aid"), "a team that was there": lambda d, s: d.team(),
    "a member's day": lambda d, s: s.save(MEMBERSHIP, {"id": 1, "joined_on": "2026-09-01"}),
    "a member's leaving in its days": lambda d, s: s.save(MEMBERSHIP, {"id": 1, "left_on": "2026-09-01"}),
    "a member gone": lambda d, s: s.delete(MEMBERSHIP, [1]),
}  # fmt: skip
OPEN: dict[str, Callable[[Desk, Store], object]] = {
    "an entry of today": lambda d, s: d.add("fund_entry", entry_on="2026-10-02", direction="income", category="捐赠", amount_fen=1),
    "a telephone": lambda d, s: s.save(VOLUNTEER, {"id": 1, "phone": "13900000275"}),
    "a note on a team": lambda d, s: s.save(TEAM, {"id": 1, "note": "好"}),
    "a member's leaving later": lambda d, s: s.save(MEMBERSHIP, {"id": 1, "left_on": "2026-11-01"}),
    "a target of the year that runs": lambda d, s: d.add("blood_target", year=2026, unit="全县", scope="group", target_units=9),
}  # fmt: skip


@pytest.fixture
def archived() -> Iterator[tuple[Desk, Store]]:
    """A quarter that was archived."""
    with Store.memory() as store:
        desk = Desk(store)
        desk.join(desk.team(), desk.person())
        desk.add("fund_entry", entry_on="2026-07-10", direction="income", category="捐赠", amount_fen=100)
        archive(store, Q3, person="周敏", on=DAY)
        yield desk, store


def _do(store: Store, desk: Desk, change: Callable[[Desk, Store], object]) -> None:
    with store.operation("改"):
        change(desk, store)


@pytest.mark.parametrize("name", CLOSED)
def test_an_archived_period_is_closed_until_it_is_opened_with_a_reason(archived: tuple[Desk, Store], name: str) -> None:
    desk, store = archived
    before = store.query("SELECT max(id) AS id FROM operation")[0]["id"]
    with pytest.raises(UserError, match="已归档"):
        _try(store, desk, CLOSED[name])
    assert store.query("SELECT max(id) AS id FROM operation")[0]["id"] == before
    with pytest.raises(UserError, match="写明原因"):
        reopen(store, Q3, "  ")
    reopen(store, Q3, "补登漏记的一笔")
    assert "补登漏记的一笔" in store.query("SELECT detail FROM operation ORDER BY id DESC LIMIT 1")[0]["detail"]
    _try(store, desk, CLOSED[name])


def _try(store: Store, desk: Desk, change: Callable[[Desk, Store], object]) -> None:
    """A desk writes in operations of its own; what is saved by hand needs one."""
    try:
        change(desk, store)
    except AssertionError:
        _do(store, desk, change)


@pytest.mark.parametrize("name", OPEN)
def test_what_an_archived_period_does_not_read_goes_on(archived: tuple[Desk, Store], name: str) -> None:
    desk, store = archived
    _try(store, desk, OPEN[name])


def test_undo_does_not_reach_into_an_archived_period_nor_open_it(archived: tuple[Desk, Store]) -> None:
    _, store = archived
    with pytest.raises(UserError, match="已归档"):
        store.undo()
    assert "archive" in steps_done(store, Q3)
    with pytest.raises(UserError, match="解除归档"), store.operation("撤回"):
        unmark_step(store, Q3, "review")


def test_a_mark_needs_a_name() -> None:
    """Nothing is written without one."""
    with Store.memory() as store:
        Desk(store)
        with pytest.raises(UserError, match="办理人"):
            _mark(store, "review", "  ")
        assert steps_done(store, Q3) == {}


def test_the_quarter_nobody_finished() -> None:
    """Last quarter is named if something was recorded in it, until it is archived."""
    with Store.memory() as store:
        desk = Desk(store)
        assert last_unfinished(store, DAY) is None
        desk.training("2026-08-01", "first_aid")
        assert last_unfinished(store, DAY) == Q3
        assert last_unfinished(store, dt.date(2026, 9, 30)) is None
        _mark(store, "archive")
        assert last_unfinished(store, DAY) is None


def test_staff_of_a_role_come_first() -> None:
    """Everybody is offered, whoever has the role first, nobody twice."""
    with Store.memory() as store:
        desk = Desk(store)
        for name, role in (("周敏", "preparer"), ("吴芳", "reviewer"), ("周敏", "head")):
            desk.add("staff", name=name, role=role)
        assert staff(store, "reviewer") == ["吴芳", "周敏"]


def test_score_is_what_its_formula_says() -> None:
    """The points are the formula's, worked out from the verdicts once more."""
    with Store.memory() as store:
        desk = Desk(store)
        for _ in range(3):
            desk.team()
        results = bound(check_office(store, DAY))
        now = score(results)
        judged = [r.status for r in results if r.clause.mode != "self" and r.status not in (
            "not_applicable", "not_due", "recorded", "missing_evidence")]  # fmt: skip
        points = {"met": 1.0, "partial": 0.5, "in_progress": 0.5}
        assert now.points == round(100 * sum(points.get(s, 0) for s in judged) / len(judged))
        assert f"达标 {judged.count('met')} " in now.formula
        assert f"{len(judged)} 条" in now.formula
        assert score([]).points is None
