"""A form that is filled while its quarter runs shows what there is on the day, and nothing of later."""

import datetime as dt

from db.quarters import Quarter
from db.storage.store import Store
from desktop.services.templates import values_of
from tests.offices.small import Desk

RUNNING = dt.date(2026, 8, 15)


def test_a_running_quarter_is_told_up_to_today() -> None:
    """An entry, an activity, a member and a training that lie ahead of today are in no list of the form."""
    with Store.memory() as store:
        desk = Desk(store)
        team = desk.team()
        for day in ("2026-08-15", "2026-08-16"):
            desk.join(team, desk.person("2026-01-01"), day)
            desk.activity(day, "宣传")
            desk.training(day, "first_aid")
            desk.add("fund_entry", entry_on=day, direction="income", category="拨款", amount_fen=100)
        for today, number in ((RUNNING, 1), (dt.date(2026, 10, 8), 2)):
            rows = values_of(store, Quarter(2026, 3), today).records
            names = ("队员", "活动", "培训", "经费")
            assert {name: len(rows[name]) for name in names} == dict.fromkeys(names, number)
