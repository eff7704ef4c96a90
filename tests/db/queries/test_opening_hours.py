"""Hours served before the ledger stand in a person's all-time total, and in no period."""

import datetime as dt

from db.quarters import Period
from db.queries.figures import period_figures
from db.queries.paper_rows import Scope, person
from db.queries.provincial import province_table
from db.storage.store import Store
from tests.offices.small import Desk


def test_they_count_in_all_and_in_no_period() -> None:
    """120 hours of before and 2 of the quarter: the quarter has 2, the person's paper tells both apart."""
    with Store.memory() as store:
        desk = Desk(store)
        team = desk.team()
        who = desk.person("2026-01-01", opening_minutes=7200, opening_until="2026-06-30")
        desk.join(team, who, "2026-01-01")
        desk.add("service_record", volunteer_id=who, team_id=team, served_on="2026-07-05", service_minutes=120)
        for name in ("2026Q3", "2026H2", "2026"):
            figures = period_figures(store, Period.parse(name))
            assert figures["office"]["service_minutes"] == 120
            assert figures["teams"][0]["service_minutes"] == 120
        table = province_table(store, Period.parse("2026Q3"))
        assert (table.now["service_minutes"], table.year["service_minutes"]) == (120, 120)
        (row,) = person(store, Scope(Period.parse("2026Q3"), person=who))
        assert (row["minutes"], row["opening_minutes"], row["opening_until"]) == (120, 7200, "2026-06-30")
        (row,) = person(store, Scope(Period.parse("2026Q1"), dt.date(2026, 3, 31), person=who))
        assert (row["minutes"], row["opening_minutes"]) == (0, None)
