"""A team with members is to be deleted: where do they go?"""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QComboBox, QRadioButton

from db.records.entities import TEAM
from db.tasks import teams
from desktop.services.short_names import short_name
from desktop.shell.desk import Desk
from desktop.shell.widgets import button, label, row
from desktop.tables.form_dialog import FormDialog


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
        self.dissolve = QRadioButton("队伍从今天起撤销，队员今天退队，历史都留着（推荐）")
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
        column.addLayout(row(self.transfer, self.others))
        column.addWidget(self.drop)
        column.addWidget(label("队伍如果还有培训、经费、活动等记录，就不能删除，只能撤销。", "hint", wrap=True))
        self.foot(
            "之后可以用 Ctrl+Z 一次撤销。", button(desk.theme, "确定", "", "primary", "可以撤销"), self.save, enter=True
        )

    def save(self) -> None:
        """Do what was chosen, as one operation."""
        team, day = self.team, self.desk.today
        to = int(self.others.currentData()) if self.transfer.isChecked() else None
        if self.dissolve.isChecked():
            self.write(f"撤销队伍：{self.name}", lambda store: teams.dissolve(store, team, day))
        else:
            self.write(f"删除队伍：{self.name}", lambda store: teams.delete_team(store, team, to))
