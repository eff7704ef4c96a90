"""登记培训: what it was, which teams were asked, and who came; saved as one operation, opened again at any time."""

import datetime as dt
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout

from db.records.entities import TRAINING
from db.records.fields import Row
from db.records.kinds import is_blank
from db.storage.store import Store
from db.tasks import trainings
from desktop.services.short_names import short_name
from desktop.shell.desk import Desk
from desktop.shell.widgets import button, label, row
from desktop.tables.form_dialog import FormDialog
from desktop.tables.text_table import Line, PlainModel, PlainView

# field, line, place, width: what a training needs first
_FIELDS = (
    ("name", 0, 0, 4), ("start_on", 1, 0, 1), ("class_minutes", 1, 1, 1), ("category", 1, 2, 1), ("code", 1, 3, 1),
    ("place", 2, 0, 2), ("instructors", 2, 2, 1), ("has_blood_topic", 2, 3, 1),
)  # fmt: skip
_AWAY = {"absent": "缺席", "leave": "请假"}


class AttendanceDialog(FormDialog):
    """A training with two lists: the teams, and their members with a box each."""

    def __init__(self, desk: Desk, training: Row | None, team: int | None = None) -> None:
        super().__init__(desk, "登记培训" if training is None else "参训名单", TRAINING)
        self.training = training
        self.teams: dict[int, dict[str, Any]] = {}
        self.down: dict[int, dict[str, Any]] = {}  # who is on the list already
        self._first_team = team
        desk.fit(self, 860, 600)
        self.put_fields(_FIELDS)
        for name, made in self.editors.items():
            made.set_value(training[name] if training is not None else None)
        lists = QHBoxLayout()
        lists.setSpacing(12)
        lists.addLayout(self._team_list(), 2)
        lists.addLayout(self._people_list(), 3)
        self.column.addLayout(lists, 1)
        save = button(self.theme, "保存", "tick", "primary", "培训和到场的人一次写好（Ctrl+S）")
        self.foot("保存后可以用 Ctrl+Z 一次撤销。", save, self.save, enter=False)
        self._count()
        self._ask()
        self.editors["name"].setFocus()

    def _team_list(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(5)
        head = label("选队伍：勾上就带出全部队员", "strong")
        head.setMinimumHeight(self.theme.px(32))  # as high as the line over the other list
        column.addWidget(head)
        self.team_model = PlainModel(("队伍", "人数"), self, right=(1,))
        self.team_view = PlainView(self.theme, "参训队伍", 34, row_ticks=True)
        self.team_view.setModel(self.team_model)
        self.team_view.show_width(0, 24)
        self.team_view.show_width(1, 8)
        self.team_model.ticks_changed.connect(self._fill_people)
        self.team_model.ticks_changed.connect(self.touch)
        column.addWidget(self.team_view, 1)
        return column

    def _people_list(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(5)
        self.head = label("到场的人：没来的去掉勾", "strong")
        self.find_box = QLineEdit()
        self.find_box.setPlaceholderText("查找姓名")
        self.find_box.setAccessibleName("在参训人员中查找")
        self.find_box.setMaximumWidth(self.theme.px(150))
        self.model = PlainModel(("姓名", "队伍", "说明"), self)
        self.find_box.textChanged.connect(self.model.find)
        all_button = button(self.theme, "全勾", "", "link", "勾选列出的所有人", lambda: self._tick_all(True))
        none_button = button(self.theme, "全不勾", "", "link", "取消列出的所有人", lambda: self._tick_all(False))
        for made in (all_button, none_button):
            made.setAutoDefault(False)
        column.addLayout(row(self.head, None, all_button, none_button, self.find_box))
        self.view = PlainView(self.theme, "参训人员", 32, row_ticks=True)
        self.view.setModel(self.model)
        for place, units in enumerate((16, 22, 14)):
            self.view.show_width(place, units)
        self.model.ticks_changed.connect(self._count)
        self.model.ticks_changed.connect(self.touch)
        column.addWidget(self.view, 1)
        return column

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
                "code": trainings.next_code(store, day.year), "category": trainings.last_category(store) or "volunteer",
            }  # fmt: skip

        self.desk.jobs.read(work, self._show)

    def _show(self, found: dict[str, Any]) -> None:
        office = self.desk.office.get("name", "")
        self.teams = {int(t["id"]): t | {"name": short_name(str(t["name"]), office)} for t in found["teams"]}
        self.down = {int(a["volunteer_id"]): a for a in found["down"]}
        for name in ("code", "category"):
            if is_blank(self.editors[name].cell()):
                self.editors[name].set_value(found[name])
        asked = {int(a["team_id"]) for a in found["down"] if a["team_id"] is not None}
        if self._first_team:
            asked.add(self._first_team)
        self.team_model.set_lines(
            [
                Line(i, (t["name"], f"{len(t['members'])} 人"), ticked=i in asked)
                for i, t in self.teams.items()
            ]
        )  # fmt: skip
        self._fill_people()

    def _fill_people(self) -> None:
        """List the members of the teams ticked and everyone who is down already; ticks made before stay."""
        ticks = {line.id: bool(line.ticked) for line in self.model.every}
        lines: dict[int, Line] = {}
        for person, a in self.down.items():
            away = _AWAY.get(str(a["result"]), "")
            note = away or (f"证书 {a['certificate_number'] or a['certificate']}" if a["certificate"] else "")
            texts = (str(a["name"]), short_name(str(a["team_name"] or ""), self.desk.office.get("name", "")), note)
            lines[person] = Line(person, texts, ticked=ticks.get(person, not away))
        for team in self.team_model.ticked():
            for person, name in self.teams[team]["members"].items():
                if person not in lines:
                    usual = self.training is None or not self.down
                    ticked = ticks.get(person, usual)
                    lines[person] = Line(person, (name, str(self.teams[team]["name"]), ""), ticked=ticked)
        self.model.set_lines(list(lines.values()))
        self._count()

    def _tick_all(self, on: bool) -> None:
        self.model.tick(range(len(self.model.lines)), on)

    def _count(self) -> None:
        number = len(self.model.ticked())
        every = len(self.model.every)
        self.head.setText(f"到场 {number:,} 人（共 {every:,} 人）" if every else "到场的人：没来的去掉勾")
        self.save_button.setText(f"保存（{number:,} 人到场）" if number else "保存")

    # Writing

    def present(self) -> dict[int, int | None]:
        """Return who came, each with the team asked."""
        found: dict[int, int | None] = {}
        ticked = self.team_model.ticked()
        for person in self.model.ticked():
            if person in self.down:
                found[person] = self.down[person]["team_id"]
            else:
                found[person] = next((t for t in ticked if person in self.teams[t]["members"]), None)
        return found

    def save(self) -> None:
        """Write the training and its list, or say what is wrong."""
        values = self.values()
        if values is None:
            return
        ticked = self.team_model.ticked()
        if self.training is not None:
            values["id"] = self.training["id"]
        elif len(ticked) == 1:
            values["team_id"] = ticked[0]
        present, today = self.present(), self.desk.today
        verb = "登记培训" if self.training is None else "修改培训"
        self.write(
            f"{verb}：{values['name']}（到场 {len(present):,} 人）",
            lambda store: trainings.save_training(store, values, present, today),
        )
