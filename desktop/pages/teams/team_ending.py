"""A team with members is to be deleted: where do they go?"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QComboBox, QRadioButton

from db.records.entities import TEAM
from db.records.kinds import Invalid
from db.tasks import teams
from desktop.services.short_names import short_name
from desktop.shell.desk import Desk
from desktop.shell.widgets import button, label, row
from desktop.tables.form_dialog import FormDialog
from desktop.tables.line_editors import DateEditor


class EndDialog(FormDialog):
    """Offers to end the team and keep its history, to move the members, or to drop their memberships."""

    def __init__(self, desk: Desk, card: Mapping[str, Any], cards: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(desk, "删除队伍", TEAM)
        self.team, self.name = int(card["id"]), str(card["name"])
        self.setMinimumWidth(desk.theme.px(460))
        column = self.column
        column.addWidget(
            label(f"“{self.name}”还有 {int(card['members']):,} 名队员，他们去哪里？", "heading", wrap=True)
        )
        self.dissolve = QRadioButton("队伍撤销，队员同一天退队，历史都留着（推荐）")
        self.day = DateEditor(TEAM["dissolved_on"], desk.theme, desk.today)
        self.day.setAccessibleName("撤销日期")
        self.day.setText(desk.today.isoformat())
        self.dissolve.toggled.connect(self.day.setEnabled)
        self.transfer = QRadioButton("删除这支队伍，队员转到：")
        self.drop = QRadioButton("删除这支队伍和队员的登记；志愿者本人还在")
        self.dissolve.setChecked(True)
        self.others = QComboBox()
        self.others.setAccessibleName("转到哪支队伍")
        for other in cards:
            if other["id"] != self.team:
                self.others.addItem(short_name(str(other["name"]), desk.office.get("name", "")), int(other["id"]))
        self.transfer.setEnabled(self.others.count() > 0)
        self.others.setEnabled(False)
        self.transfer.toggled.connect(self.others.setEnabled)
        column.addWidget(self.dissolve)
        on = row(label("哪一天"), self.day, None)
        on.setContentsMargins(desk.theme.px(22), 0, 0, 0)  # under the words that it belongs to
        column.addLayout(on)
        column.addLayout(row(self.transfer, self.others))
        column.addWidget(self.drop)
        self.why = label("", "hint", wrap=True)
        column.addWidget(self.why)
        self.foot(
            "之后可以用 Ctrl+Z 一次撤销。", button(desk.theme, "确定", "", "primary", "可以撤销"), self.save, enter=True
        )

        team = self.team
        self.desk.jobs.read(lambda store: teams.in_the_way(store, team), self._bound)

    def _bound(self, names: list[str]) -> None:
        """What would be refused cannot be chosen, and it is said why."""
        if names:
            for choice in (self.transfer, self.drop):
                choice.setEnabled(False)
            self.dissolve.setChecked(True)
            some = "、".join(names[:3]) + ("等" if len(names) > 3 else "")
            self.why.setText(f"台账里还有这支队伍的{some}记录，所以只能撤销，不能删除。")
            self.grow()

    def save(self) -> None:
        """Do what was chosen, as one operation."""
        team = self.team
        to = int(self.others.currentData()) if self.transfer.isChecked() else None
        if self.dissolve.isChecked():
            try:
                day = dt.date.fromisoformat(str(TEAM["dissolved_on"].kind.parse(self.day.cell())))
            except (Invalid, ValueError):
                self.say("请填写撤销日期，例如 2026-9-30")
                self.day.setFocus()
                return
            self.write(f"撤销队伍：{self.name}", lambda store: teams.dissolve(store, team, day))
        else:
            self.write(f"删除队伍：{self.name}", lambda store: teams.delete_team(store, team, to))
