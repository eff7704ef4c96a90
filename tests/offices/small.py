"""A small ledger that a test fills row by row, to ask what the clauses of the registers say of it."""

import datetime as dt
from typing import Any

import resources
from db.records.entities import BY_NAME
from db.rules.checks import check_office
from db.rules.register import load
from db.rules.verdicts import Result
from db.storage.store import Store

Z34 = load(resources.path("rules/z34.toml"))
S24 = load(resources.path("rules/s24.toml"))
CLAUSES = {clause.id: clause for clause in (*Z34, *S24)}
OFFICE = "青石县红十字会"


class Desk:
    """A small ledger that a test fills row by row."""

    def __init__(self, store: Store, division_code: str = "330624") -> None:
        self.store = store
        self.count = 0
        for item, content in (("name", OFFICE), ("level", "县级"), ("division_code", division_code)):
            if content:
                self.add("office", item=item, content=content)

    def add(self, entity: str, **values: Any) -> int:
        with self.store.operation("录入"):
            return self.store.save(BY_NAME[entity], values)

    def change(self, entity: str, row: int, **values: Any) -> None:
        self.add(entity, id=row, **values)

    def next(self) -> str:
        self.count += 1
        return f"第{self.count}号"

    def team(self, **more: Any) -> int:
        usual = {"managing_org": OFFICE, "primary_domain": "first_aid", "established_on": "2020-01-01"}
        return self.add("team", **({"name": self.next()} | usual | more))

    def person(self, registered_on: str = "2020-01-01", **more: Any) -> int:
        values = {"name": "某人", "id_type": "passport", "id_number": self.next(), "registered_on": registered_on}
        return self.add("volunteer", **(values | more))

    def join(self, team: int, person: int, joined_on: str = "2020-01-01", **more: Any) -> int:
        return self.add("membership", team_id=team, volunteer_id=person, joined_on=joined_on, **more)

    def note(self, category: str, on: str, **more: Any) -> int:
        return self.add("work_record", **({"category": category, "recorded_on": on, "title": self.next()} | more))

    def activity(self, on: str, name: str, **more: Any) -> int:
        values = {"code": self.next(), "name": name, "category": "publicity", "start_on": on}
        return self.add("activity", **(values | more))

    def training(self, on: str, category: str, **more: Any) -> int:
        values = {"code": self.next(), "name": "培训", "category": category, "start_on": on, "class_minutes": 60}
        return self.add("training", **(values | more))

    def money(self, on: str, fen: int, direction: str = "income", **more: Any) -> int:
        return self.add(
            "fund_entry", **({"entry_on": on, "direction": direction, "category": "活动", "amount_fen": fen} | more)
        )

    def venue(self, kind: str, name: str, opened_on: str = "2020-01-01", **more: Any) -> int:
        return self.add("venue", name=name, venue_type=kind, opened_on=opened_on, **more)

    def result(self, clause: str, day: str) -> Result:
        return check_office(self.store, dt.date.fromisoformat(day), [CLAUSES[clause]])[0]

    def says(self, clause: str, day: str) -> tuple[str | None, int | None, int | None]:
        found = self.result(clause, day)
        assert "{" not in found.message
        return found.proposed, found.k, found.n

    def office(self, item: str, content: str) -> None:
        row = self.store.query("SELECT id FROM office WHERE item = ?", [item])[0]["id"]
        self.change("office", row, content=content)
