"""A dialog with fields of a record: read, checked, written as one operation, refused in place."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from db.records.fields import Entity, Row
from db.records.kinds import Invalid, is_blank
from db.storage.store import Store
from desktop.shell.desk import Desk
from desktop.shell.drafts import DraftDialog
from desktop.shell.widgets import button, label, row
from desktop.tables.editors import Editor, editor


class FormDialog(DraftDialog):
    """`column` holds what a subclass puts there; `foot` ends it with the place of errors, 取消 and the button that saves.

    A field that cannot be read, or that lacks, is marked and has the keys; what the ledger refuses is said above the
    buttons, and the dialog stays. After a write it closes.
    """

    def __init__(self, desk: Desk, title: str, entity: Entity, parent: QWidget | None = None) -> None:
        super().__init__(parent or desk.window)
        self.desk, self.theme, self.entity = desk, desk.theme, entity
        self.setWindowTitle(title)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(20, 14, 20, 14)
        self.column.setSpacing(8)
        self.editors: dict[str, Editor] = {}
        self.error = label("", "error", wrap=True)
        self.error.hide()
        self.save_button = QPushButton()

    def put_fields(
        self, places: Iterable[tuple[str, int, int, int]], labels: Mapping[str, str] | None = None
    ) -> QGridLayout:
        """Add an editor for each (field, line, place, width), under its label (or the one given); return their grid."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(3)
        for name, line, place, wide in places:
            f = self.entity[name]
            made = self.editors[name] = editor(f, self.theme, self.desk.today)
            head = label((labels or {}).get(name) or (f"{f.label}（必填）" if f.required else f.label), "dim")
            head.setBuddy(made)
            grid.addWidget(head, 2 * line, place, 1, wide)
            grid.addWidget(made, 2 * line + 1, place, 1, wide)
            for column in range(place, place + wide):
                grid.setColumnStretch(column, 1)
            made.edited.connect(self.error.hide)
        self.column.addLayout(grid)
        return grid

    def foot(self, words: str, save: QPushButton, work: Callable[[], None], enter: bool) -> None:
        """End the dialog: the place of errors, `words`, 取消, and the button that does `work` (by Enter too, or Ctrl+S)."""
        self.column.addWidget(self.error)
        self.save_button = save
        save.clicked.connect(lambda _=False: work())
        cancel = button(self.theme, "取消", "", "", "什么也不写入", self.give_up)
        cancel.setAutoDefault(False)
        save.setDefault(enter)
        if not enter:  # Enter in a field must not save half a list
            save.setAutoDefault(False)
            save.setShortcut("Ctrl+S")
        self.column.addLayout(row(label(words, "hint") if words else None, None, cancel, save))

    def grow(self) -> None:
        """Become as high as words need that came after the dialog was opened."""
        QTimer.singleShot(0, self, self._fit)

    def _fit(self) -> None:
        self.resize(self.width(), max(self.height(), self.column.totalHeightForWidth(self.width())))

    def values(self, required: Collection[str] = ()) -> Row | None:
        """Return what was typed by field, None for a blank one; or None after saying what cannot be read or lacks."""
        found: Row = {}
        for name, made in self.editors.items():
            f, cell = self.entity[name], made.cell()
            try:
                found[name] = None if is_blank(cell) else f.kind.parse(cell)
            except Invalid as error:
                self.wrong(name, f"“{f.label}”：{error}")
                return None
            if found[name] is None and (f.required or name in required):
                self.wrong(name, f"“{f.label}”必须填写")
                return None
        return found

    def write(self, title: str, work: Callable[[Store], Any]) -> None:
        """Write as one operation of this title; close when it is done, or say why it was refused."""
        self.save_button.setEnabled(False)
        self.desk.jobs.write(title, work, self._written, self.refused)

    def _written(self, _: object) -> None:
        self.accept()

    def refused(self, error: Exception) -> None:
        """Say why nothing was written; it may be tried again."""
        self.save_button.setEnabled(True)
        self.say(str(error))

    def wrong(self, name: str, reason: str) -> None:
        """Mark a field, give it the keys, and say what is wrong with it."""
        self.editors[name].set_wrong(True)
        self.editors[name].setFocus()
        self.say(reason)

    def say(self, reason: str) -> None:
        """Say what is wrong."""
        self.error.setText(reason)
        self.error.show()
