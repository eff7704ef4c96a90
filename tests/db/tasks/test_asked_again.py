"""From an office that answered everything in one quarter, the next quarter asks only for what changed."""

import datetime as dt
import json
from collections.abc import Iterator

import pytest

from db.rules.checks import check_office
from db.rules.verdicts import Result
from db.storage.store import Store
from db.tasks.assessments import assess, confirm_many
from desktop.services.example import make_store

Q2, Q3, Q4 = dt.date(2026, 6, 30), dt.date(2026, 9, 30), dt.date(2026, 12, 31)


@pytest.fixture
def example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store, _ = make_store(tmp_path_factory.mktemp("example"), Q3)
    yield store
    store.close()


def _waiting(store: Store, day: dt.date) -> list[Result]:
    return [r for r in check_office(store, day) if r.listed and r.status == "missing_evidence"]


@pytest.mark.parametrize(("answered", "then", "again"), [(Q2, Q3, 16), (Q3, Q4, 20)])
def test_only_what_changed_is_asked_again(example: Store, answered: dt.date, then: dt.date, again: int) -> None:
    """Of 80 answers of the example office 16 are asked again after its second quarter, and 20 after its third.

    These are its quarter clauses (nine at most), the winter's, and answers whose figure or proposal has changed.
    """
    waiting = _waiting(example, answered)
    assert len(waiting) == 80
    before = {r.clause.id: r for r in waiting}
    semi = [r.clause.id for r in waiting if r.clause.mode == "semi"]
    assert confirm_many(example, semi, answered, person="李萍", on=answered) == len(semi) == 58
    for r in waiting:
        if r.clause.mode == "self":
            assess(example, r.clause.id, answered, "partly_done", text="属实", person="李萍", on=answered)
    assert not _waiting(example, answered)
    asked = _waiting(example, then)
    assert len(asked) == again
    for r in asked:
        assert r.clause.mode == "semi"
        if r.clause.period in ("quarter", "winter_season"):
            continue
        old = before[r.clause.id]
        assert r.judgement is not None
        assert r.judgement["lapsed"]
        assert json.loads(r.judgement["figure"]) == json.loads(old.figure)
        if r.clause.period == "calendar_year":
            assert r.proposed != old.proposed
        else:
            assert (r.k, r.n) != (old.k, old.n)
    carried = [
        r for r in check_office(example, then) if r.judgement and r.judgement["carried"] and not r.judgement["lapsed"]
    ]
    assert len(carried) >= 80 - again - 3  # what no longer applies needs no answer
