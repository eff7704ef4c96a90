"""B25-3.2-3: who was in a blood team's tree when the notice came and is today; the tree is that of each day."""

import datetime as dt

from db.rules.checks import check_office
from db.rules.register import register
from db.storage.store import Store
from tests.offices.small import Desk

DAY = dt.date(2026, 12, 31)
CLAUSES = [c for c in register() if c.id == "B25-3.2-3"]


def _members(store: Store) -> list[int]:
    (result,) = check_office(store, DAY, CLAUSES)
    return list(result.facts["members"])


def test_the_tree_is_that_of_each_day() -> None:
    """Moved from a 分队 that is dissolved since: counts. From one that was founded only later: does not."""
    with Store.memory() as store:
        desk = Desk(store)
        top = desk.team(primary_domain="blood_donation", platform_registered_on="2020-01-01")
        now = desk.team(parent_id=top)
        gone = desk.team(parent_id=top, dissolved_on="2026-06-01")
        later = desk.team(parent_id=top, established_on="2026-05-01")
        assert _members(store) == [0, 0]
        moved = desk.person()
        desk.join(gone, moved)
        desk.join(now, moved, "2026-06-01")
        assert _members(store) == [0, 1]
        early = desk.person()
        desk.join(later, early, left_on="2026-06-01")
        desk.join(now, early, "2026-06-01")
        assert _members(store) == [0, 1]
        on_it = desk.person(platform_id="P1")
        desk.join(top, on_it)
        assert _members(store) == [1, 2]
