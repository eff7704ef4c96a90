"""A team's list with a short form of its own for what is entered most often there; its drafts stay with the team."""

from PySide6.QtWidgets import QWidget

from db.records.fields import Entity
from desktop.records.record_list import EntityPane
from desktop.shell.desk import Desk
from desktop.tables.edit_form import EditForm


class EntryPane(EntityPane):
    """A list in a team's page with `entry`, a form that asks only what differs each time.

    `again` is the button that brings a draft back; Enter in the field `last` saves.
    """

    def __init__(
        self, desk: Desk, entity: Entity, asked: Entity, last: str, again: str, nest: QWidget | None = None
    ) -> None:
        self.again = again
        super().__init__(desk, entity, in_team=True, nest=nest)
        self.entry = EditForm(asked, self.theme, self.desk.today, last=last, parent=self)
        self.entry.hide()
        self.entry.closed.connect(self.close_entry)
        self._resize_entry()
        self.drawer.take(self.entry)
        self.theme.changed.connect(self._resize_entry)

    def _resize_entry(self) -> None:
        self.entry.setFixedWidth(self.theme.px(300))

    def set_team(self, team: int | None, name: str) -> None:
        """Show another team; what was typed stays and is shown again with the form."""
        if team != self.team and self.entry.isVisible():
            self.entry.keep_draft()
            self.entry.hide()
        super().set_team(team, name)

    def close_entry(self) -> None:
        """Hide the form; what was typed and not saved stays as a draft, and that is said."""
        if self.entry.keep_draft():
            self.desk.say(f"没有保存。填的内容还留着，再点“{self.again}”就能接着填")
        self.entry.hide()
        self.view.setFocus()
