"""移出: the members chosen are no longer of this team from a day on; some go to another team."""

import datetime as dt
from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QComboBox

from db.records.entities import MEMBERSHIP, TEAM
from db.storage.store import Store
from db.tasks import members
from desktop.services.short_names import short_name
from desktop.shell.desk import Desk
from desktop.shell.widgets import button, label
from desktop.tables.form_dialog import FormDialog


class TakeOutDialog(FormDialog):
    """Asks for the day, today unless another is typed, and for the team they go to, if they go to one."""

    def __init__(self, desk: Desk, ids: Sequence[int], who: str, team: int, team_name: str) -> None:
        super().__init__(desk, "移出队员", MEMBERSHIP)
        self.ids, self.who, self.team, self.team_name = list(ids), who, team, team_name
        self.setMinimumWidth(self.theme.px(440))
        self.column.addWidget(label(f"{who}移出“{team_name}”", "heading", wrap=True))
        self.put_fields([("left_on", 0, 0, 1)], {"left_on": "从哪一天起不再是本队队员（必填）"})
        self.column.addWidget(label("转到另一支队伍", "dim"))
        self.to = QComboBox()
        self.to.setAccessibleName("转到哪支队伍")
        self.to.addItem("不转到别的队", None)
        self.column.addWidget(self.to)
        self.column.addWidget(label("转队的，同一天在那支队伍入队；队长、副队长的职务不带过去。", "hint", wrap=True))
        save = button(self.theme, "移出", "go", "primary", "历史都留着，可以撤销")
        self.foot("保存后可以用 Ctrl+Z 一次撤销。", save, self.save, enter=True)
        self.editors["left_on"].set_value(desk.today.isoformat())
        desk.jobs.read(lambda store: {int(t["id"] or 0): str(t["name"]) for t in store.rows(TEAM)}, self._know)

    def _know(self, teams: Mapping[int, str]) -> None:
        office = self.desk.office.get("name", "")
        for number, name in teams.items():
            if number != self.team:
                self.to.addItem(short_name(name, office), number)

    def save(self) -> None:
        """Write it, or say what is wrong."""
        values = self.values(("left_on",))
        if values is None:
            return
        on, to, ids, today = (
            dt.date.fromisoformat(str(values["left_on"])),
            self.to.currentData(),
            self.ids,
            self.desk.today,
        )
        where = f"，转到{self.to.currentText()}" if to is not None else ""

        def work(store: Store) -> None:
            members.take_out(store, ids, on, int(to) if to is not None else None, today)

        self.write(f"移出队员：{self.who}（{self.team_name}{where}）", work)
