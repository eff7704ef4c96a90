"""登记活动: what it was, which teams held it, and who served how long; saved as one operation, opened again at any time."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QComboBox, QLineEdit

from db.errors import Refused
from db.records.amounts import Hours
from db.records.entities import ACTIVITY, SERVICE_RECORD, TEAM
from db.records.fields import Row
from db.records.kinds import Invalid, Refs, Value, is_blank
from db.storage.store import Store
from db.tasks import activities
from db.tasks.trainings import teams_with_members
from desktop.records.tick_lists import Down, Team, TickLists
from desktop.services.short_names import short_name
from desktop.shell.desk import Desk
from desktop.shell.widgets import button, label, row
from desktop.tables.form_dialog import FormDialog
from desktop.tables.line_editors import DateEditor

# field, line, place, width: what an activity needs first
_FIELDS = (
    ("name", 0, 0, 4), ("start_on", 1, 0, 1), ("end_on", 1, 1, 1), ("category", 1, 2, 1), ("code", 1, 3, 1),
    ("place", 2, 0, 2), ("audience", 2, 2, 1), ("has_risk", 2, 3, 1),
)  # fmt: skip


class ActivityDialog(FormDialog):
    """An activity with the teams that held it, and their members with a box and their hours each."""

    def __init__(
        self, desk: Desk, activity: Row | None, team: int | None = None, given: Mapping[str, Value] | None = None
    ) -> None:
        """`given` is what a new activity is known to say; `team` is the host of a new one."""
        super().__init__(desk, "登记活动" if activity is None else "参加名单", ACTIVITY)
        self.activity, self._first_team = activity, team
        self.given: dict[int, int] = {}  # minutes typed for one person
        self.known: dict[int, int] = {}  # minutes on record
        desk.fit(self, 900, 640)
        self.put_fields(_FIELDS)
        for name, made in self.editors.items():
            made.set_value((activity or given or {}).get(name))
        self._put_hours()
        self.lists = TickLists(desk, "参加", "时长")
        self.lists.changed.connect(self._count)
        self.lists.touched.connect(self.touch)
        self.lists.team_model.ticks_changed.connect(self._hosts)
        self.lists.view.selectionModel().selectionChanged.connect(lambda *_: self._show_one())
        self.column.addWidget(self.lists, 1)
        save = button(self.theme, "保存", "tick", "primary", "活动和参加的人、时长一次写好（Ctrl+S）")
        self.foot("保存后可以用 Ctrl+Z 一次撤销。", save, self.save, enter=False)
        self._read()
        self.editors["name"].setFocus()

    def _put_hours(self) -> None:
        self.host = QComboBox()
        self.host.setAccessibleName("主办队伍")
        self.host.setMinimumContentsLength(10)
        self.day = DateEditor(SERVICE_RECORD["served_on"], self.theme, self.desk.today)
        self.day.left.connect(self._ask_day)
        self.usual = QLineEdit()
        self.usual.setAccessibleName("每人时长（小时）")
        self.usual.setPlaceholderText("如 3")
        self.usual.textChanged.connect(self._tell_hours)
        self.one = QLineEdit()
        self.one.setAccessibleName("所选的人的时长（小时）")
        self.one.setEnabled(False)
        self.one.textEdited.connect(self._one_typed)
        for made in (self.usual, self.one):
            made.setMaximumWidth(self.theme.px(70))
        self.day.setMinimumWidth(self.theme.px(140))
        self.day.setMaximumWidth(self.theme.px(150))
        self.column.addLayout(
            row(
                label("主办队伍", "dim"), self.host, label("服务日期", "dim"), self.day, label("每人时长", "dim"), self.usual,
                label("小时；所选的人", "dim"), self.one, label("小时", "dim"), None,
            )
        )  # fmt: skip
        self.editors["start_on"].edited.connect(self._follow_day)

    # Reading

    def _follow_day(self) -> None:
        """Until another day is typed, hours are of the day on which the activity begins."""
        if not self.day.hasFocus() and not self.known:
            self.day.setText(str(self.editors["start_on"].cell() or ""))

    def _read(self) -> None:
        day = str(self.activity["start_on"]) if self.activity is not None else self.desk.today.isoformat()
        number = int(self.activity["id"] or 0) if self.activity is not None else 0
        if self.activity is not None or is_blank(self.day.cell()):
            self.day.set_value(day if self.activity is not None else None)

        def work(store: Store) -> dict[str, Any]:
            on = dt.date.fromisoformat(day)
            return {
                "teams": teams_with_members(store, on), "served": activities.served_on(store, number, day),
                "names": {int(r["id"] or 0): str(r["name"]) for r in store.rows(TEAM, names=("name",))},
                "code": activities.next_code(store, on.year),
            }  # fmt: skip

        self.desk.jobs.read(work, self._show)

    def _show(self, found: dict[str, Any]) -> None:
        office = self.desk.office.get("name", "")
        if is_blank(self.editors["code"].cell()):
            self.editors["code"].set_value(found["code"])
        asked = [self._first_team] if self._first_team else []
        if self.activity is not None:
            partners = ACTIVITY["partner_team_ids"].kind
            assert isinstance(partners, Refs)
            host = self.activity["host_team_id"]
            asked = [*([int(host)] if host else []), *partners.ids(self.activity["partner_team_ids"])]
        teams = {int(t["id"]): Team(short_name(str(t["name"]), office), t["members"]) for t in found["teams"]}
        for number in asked:
            teams.setdefault(number, Team(short_name(found["names"].get(number, ""), office), {}))
        self.lists.show_lists(teams, asked, self._down(found["served"]), self.activity is None)
        self._tell_hours()
        self._hosts()
        self.host.setCurrentIndex(max(0, self.host.findData(asked[0] if asked else None)))
        if self.activity is not None and not self.activity["host_team_id"]:
            self.host.setCurrentIndex(self.host.findData(None))

    def _ask_day(self) -> None:
        """Read who has hours on the day that was typed."""
        if self.activity is None:
            return
        number, day = int(self.activity["id"] or 0), self._day()
        if day:
            self.desk.jobs.read(lambda store: activities.served_on(store, number, day), self._other_day)

    def _other_day(self, served: list[dict[str, Any]]) -> None:
        self.given.clear()
        self.lists.show_lists(self.lists.teams, self.lists.team_model.ticked(), self._down(served), False)
        self._tell_hours()

    def _down(self, served: list[dict[str, Any]]) -> dict[int, Down]:
        office = self.desk.office.get("name", "")
        self.known = {int(r["volunteer_id"]): int(r["minutes"]) for r in served}
        return {
            int(r["volunteer_id"]): Down(str(r["name"]), int(r["team_id"]), short_name(str(r["team_name"]), office))
            for r in served
        }

    def _hosts(self) -> None:
        """Offer the ticked teams as hosts; the first one stays chosen."""
        before = self.host.currentData()
        ticked = self.lists.team_model.ticked()
        self.host.clear()
        for number in ticked:
            self.host.addItem(self.lists.teams[number].name, number)
        self.host.addItem("本会（不记到哪支队伍）", None)
        if before in ticked:
            self.host.setCurrentIndex(self.host.findData(before))

    # Hours

    def _day(self) -> str:
        try:
            return str(SERVICE_RECORD["served_on"].kind.parse(self.day.text()))
        except Invalid:
            return ""

    def minutes(self, person: int) -> int:
        """Return how long somebody served: as typed for them, as on record, or as everybody did; 0 is not said."""
        usual = _read_hours(self.usual.text())
        return self.given.get(person) or self.known.get(person, 0) or usual

    def _tell_hours(self) -> None:
        people = {p for t in self.lists.teams.values() for p in t.members} | set(self.lists.down)
        self.lists.say_of({p: self._said(p) for p in people})

    def _said(self, person: int) -> str:
        minutes = self.minutes(person)
        return Hours().show(minutes) if minutes else "—"

    def _show_one(self) -> None:
        people = self._selected()
        self.one.setEnabled(bool(people))
        self.one.setText(Hours().show(self.minutes(people[0])) if people and self.minutes(people[0]) else "")

    def _selected(self) -> list[int]:
        return self.lists.view.chosen()

    def _one_typed(self, text: str) -> None:
        places, people = self.lists.view.places(), self._selected()
        for person in people:
            if minutes := _read_hours(text):
                self.given[person] = minutes
            else:
                self.given.pop(person, None)
        for place, person in zip(places, people, strict=True):
            self.lists.say_of_one(place, self._said(person))
        self.touch()

    def _count(self) -> None:
        number = len(self.lists.model.ticked())
        self.save_button.setText(f"保存（{number:,} 人参加）" if number else "保存")

    # Writing

    def served(self, host: int | None) -> dict[int, tuple[int, int]]:
        """Return whom to write with team and minutes; raises `Refused` where somebody's time or team is not known."""
        found: dict[int, tuple[int, int]] = {}
        members = self.lists.teams[host].members if host in self.lists.teams else {}
        for person, team in self.lists.present().items():
            mine = host if person in members and person not in self.known else team
            if mine is None:
                raise Refused("有人不在勾选的队伍里，时长没有队伍可记；请先勾选他的队伍")
            if not self.minutes(person):
                raise Refused("请填每人时长（小时）；有人不一样的，选中那一行再填“所选的人”")
            found[person] = (mine, self.minutes(person))
        return found

    def save(self) -> None:
        """Write the activity with everybody's time, or say what is wrong."""
        values = self.values()
        if values is None:
            return
        host = self.host.currentData()
        partners = sorted(t for t in self.lists.team_model.ticked() if t != host)
        values |= {"host_team_id": host, "partner_team_ids": ",".join(map(str, partners)) or None}
        if self.activity is not None:
            values["id"] = self.activity["id"]
        try:
            served = self.served(host)
        except Refused as error:
            self.say(str(error))
            self.usual.setFocus()
            return
        day, today = self._day() or str(values["start_on"]), self.desk.today
        verb = "登记活动" if self.activity is None else "修改活动"
        self.write(
            f"{verb}：{values['name']}（{len(served):,} 人参加）",
            lambda store: activities.save_activity(store, values, day, served, today),
        )


def _read_hours(text: str) -> int:
    """Return minutes, or 0 where nothing or no duration is typed."""
    try:
        return int(Hours().parse(text) or 0) if text.strip() else 0
    except Invalid:
        return 0
