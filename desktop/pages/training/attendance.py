"""登记培训: what it was, which teams were asked, and who came; saved as one operation, opened again at any time."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from db.records.choices import training_category
from db.records.entities import TRAINING
from db.records.fields import Row
from db.records.kinds import Value, is_blank
from db.storage.store import Store
from db.tasks import trainings
from desktop.records.tick_lists import Down, Team, TickLists
from desktop.services.short_names import short_name
from desktop.shell.desk import Desk
from desktop.shell.widgets import button
from desktop.tables.form_dialog import FormDialog

# field, line, place, width: what a training needs first
_FIELDS = (
    ("name", 0, 0, 4), ("start_on", 1, 0, 1), ("class_minutes", 1, 1, 1), ("category", 1, 2, 1), ("code", 1, 3, 1),
    ("place", 2, 0, 2), ("instructors", 2, 2, 1), ("has_blood_topic", 2, 3, 1),
)  # fmt: skip
_AWAY = {"absent": "缺席", "leave": "请假"}


class AttendanceDialog(FormDialog):
    """A training with two lists: the teams, and their members with a box each."""

    def __init__(
        self, desk: Desk, training: Row | None, team: int | None = None, given: Mapping[str, Value] | None = None
    ) -> None:
        """`given` is what a new training is known to say."""
        super().__init__(desk, "登记培训" if training is None else "参训名单", TRAINING)
        self.training = training
        self._first_team = team
        desk.fit(self, 860, 600)
        self.put_fields(_FIELDS)
        for name, made in self.editors.items():
            made.set_value((training or given or {}).get(name))
        self.editors["name"].left.connect(self._suggest)
        self.lists = TickLists(desk, "到场")
        self.lists.changed.connect(self._count)
        self.lists.touched.connect(self.touch)
        self.column.addWidget(self.lists, 1)
        save = button(self.theme, "保存", "tick", "primary", "培训和到场的人一次写好（Ctrl+S）")
        self.foot("保存后可以用 Ctrl+Z 一次撤销。", save, self.save, enter=False)
        self._ask()
        self.editors["name"].setFocus()

    def _suggest(self) -> None:
        """Take the category that the name speaks of; never the last one's, which would be wrong unnoticed."""
        if is_blank(self.editors["category"].cell()):
            self.editors["category"].set_value(training_category(str(self.editors["name"].cell() or "")))

    # Reading

    def _ask(self) -> None:
        number = int(self.training["id"] or 0) if self.training is not None else None
        day = self.desk.today
        if self.training is not None:
            day = dt.date.fromisoformat(str(self.training["start_on"]))

        def work(store: Store) -> dict[str, Any]:
            return {
                "teams": trainings.teams_with_members(store, day),
                "down": trainings.attendees(store, number) if number is not None else [],
                "code": trainings.next_code(store, day.year),
            }  # fmt: skip

        self.desk.jobs.read(work, self._show)

    def _show(self, found: dict[str, Any]) -> None:
        office = self.desk.office.get("name", "")
        if is_blank(self.editors["code"].cell()):
            self.editors["code"].set_value(found["code"])
        asked = {int(a["team_id"]) for a in found["down"] if a["team_id"] is not None}
        if self._first_team:
            asked.add(self._first_team)
        teams = {int(t["id"]): Team(short_name(str(t["name"]), office), t["members"]) for t in found["teams"]}
        down = {}
        for a in found["down"]:
            away = _AWAY.get(str(a["result"]), "")
            note = away or (f"证书 {a['certificate_number'] or a['certificate']}" if a["certificate"] else "")
            team = short_name(str(a["team_name"] or ""), office)
            down[int(a["volunteer_id"])] = Down(str(a["name"]), a["team_id"], team, note, not away)
        self.lists.show_lists(teams, sorted(asked), down, self.training is None)

    def _count(self) -> None:
        number = len(self.lists.model.ticked())
        self.save_button.setText(f"保存（{number:,} 人到场）" if number else "保存")

    # Writing

    def save(self) -> None:
        """Write the training and its list, or say what is wrong."""
        values = self.values()
        if values is None:
            return
        ticked = self.lists.team_model.ticked()
        if self.training is not None:
            values["id"] = self.training["id"]
        elif len(ticked) == 1:
            values["team_id"] = ticked[0]
        present, today = self.lists.present(), self.desk.today
        verb = "登记培训" if self.training is None else "修改培训"
        self.write(
            f"{verb}：{values['name']}（到场 {len(present):,} 人）",
            lambda store: trainings.save_training(store, values, present, today),
        )
