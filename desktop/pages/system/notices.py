"""Under the settings: the notices that the office is judged by, and adding a rule file to them."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QFrame, QVBoxLayout

from desktop.services import notices
from desktop.shell.desk import Desk
from desktop.shell.widgets import button, clear, label, row


class Notices(QFrame):
    """A card with a line for each notice."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.setObjectName("card")
        inside = QVBoxLayout(self)
        inside.setContentsMargins(18, 14, 18, 14)
        inside.setSpacing(8)
        inside.addWidget(label("适用的文件", "heading"))
        self.listed = QVBoxLayout()
        self.listed.setSpacing(6)
        inside.addLayout(self.listed)
        inside.addWidget(
            label("本省、本市、本县的通知写成规则文件以后，在这里添加；体检马上按它办。", "hint", wrap=True)
        )
        self.error = label("", "error", wrap=True)
        self.error.hide()
        inside.addWidget(self.error)
        self.add_button = button(desk.theme, "添加本地规则文件", "add", "", "", self.add)
        self.add_button.setEnabled(desk.jobs.store_path is not None and not desk.read_only)
        inside.addLayout(row(self.add_button, None))

    def load(self) -> None:
        """Read which they are."""
        self.desk.jobs.read(notices.notices, self._show, self._wrong)

    def _show(self, lines: list[str]) -> None:
        clear(self.listed)
        for line in lines:
            self.listed.addWidget(label(f"· {line}", wrap=True))

    def _wrong(self, error: Exception) -> None:
        self.error.setText(str(error))
        self.error.show()

    def add(self) -> None:
        """Ask for a rule file and take it in; a wrong one is refused in words."""
        chosen, _ = QFileDialog.getOpenFileName(self, "添加本地规则文件", str(self.desk.folder), notices.CHOOSE)
        if chosen:
            self.error.hide()
            self.desk.jobs.change(lambda store: notices.add_notice(store, Path(chosen)), self._added, self._wrong)

    def _added(self, count: int) -> None:
        self.load()
        self.desk.say(f"已添加规则 {count} 条")
