"""活动与时长: activities and service records, with 粘贴微信接龙."""

from PySide6.QtWidgets import QPushButton, QWidget

from db.records.entities import ACTIVITY, SERVICE_RECORD
from db.records.fields import Entity
from desktop.pages.service.attending import ActivityDialog
from desktop.pages.service.jielong import ChainDialog
from desktop.records.record_list import EntityPane
from desktop.records.record_page import EntityPage
from desktop.shell.desk import Desk
from desktop.shell.widgets import button


class ServingPane(EntityPane):
    """Activities or service records; both take a chain."""

    def __init__(
        self, desk: Desk, entity: Entity = ACTIVITY, in_team: bool = False, nest: QWidget | None = None
    ) -> None:
        super().__init__(desk, entity, in_team, nest)

    def extra_buttons(self) -> list[QPushButton]:
        """参加名单 and 粘贴接龙."""
        tip = "把微信接龙的文字变成服务时长"
        self.chain_button = button(self.theme, "粘贴接龙", "activity", "", tip, self.paste_chain)
        tip = "谁参加了、各几小时：勾选、取消，随时可以改"
        self.people_button = button(self.theme, "参加名单", "member", "", tip, self.attendance)
        return [self.people_button, self.chain_button] if self.entity is ACTIVITY else [self.chain_button]

    def add(self) -> None:
        """Enter an activity together with those who served."""
        if self.entity is not ACTIVITY:
            super().add()
            return
        team, given = self.team if self.in_team else None, self.start()
        self.dialog = self.desk.drafts.open(("activity", team), lambda: ActivityDialog(self.desk, None, team, given))

    def attendance(self) -> None:
        """Show who served in the activity chosen."""
        ids = self.chosen_ids()
        if len(ids) != 1:
            self.desk.say("先选中一次活动")
            return
        row = self.model.row(self.model.place(ids[0]))
        self.dialog = self.desk.drafts.open(("served", ids[0]), lambda: ActivityDialog(self.desk, row))

    def paste_chain(self) -> None:
        """Ask for a chain; the activity chosen in the list is the one it is for."""
        ids = self.chosen_ids() if self.entity is ACTIVITY else []
        activity = ids[0] if len(ids) == 1 else None
        self.dialog = self.desk.drafts.open(
            ("chain", activity, self.team), lambda: ChainDialog(self.desk, activity, self.team)
        )


class ServingPage(EntityPage):
    """Two lists as tabs."""

    key, title, icon, group, shortcut = "activity", "活动与时长", "activity", "台账", "7"
    records = (ACTIVITY, SERVICE_RECORD)

    def make_pane(self, entity: Entity) -> EntityPane:
        """Return the list of a record."""
        return (
            ServingPane(self.desk, entity, nest=self.stack)
            if entity in (ACTIVITY, SERVICE_RECORD)
            else super().make_pane(entity)
        )
