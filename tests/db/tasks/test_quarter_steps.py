"""Who reviewed, submitted and archived a quarter; the score; the quarter nobody finished."""

import datetime as dt

import pytest

from db.errors import UserError
from db.quarters import Quarter
from db.rules.checks import check_office
from db.rules.verdicts import bound, score
from db.storage.store import Store
from db.tasks.quarter_steps import last_unfinished, mark_step, staff, steps_done, unmark_step
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
        for step in ("review", "submit", "archive"):
            _mark(store, step)
        with store.operation("撤回"):
            unmark_step(store, Q3, "submit")
        assert set(steps_done(store, Q3)) == {"review"}


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
