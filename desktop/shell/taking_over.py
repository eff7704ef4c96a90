"""Another person takes over at the keyboard: who has a password of their own types it, nobody else is asked."""

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QVBoxLayout

from db.storage.store import Store
from db.tasks import operators
from desktop.services.account import account_name
from desktop.shell.desk import Desk
from desktop.shell.widgets import SecretLine, button, label, row


def take_over(desk: Desk, name: str, left: Callable[[], None] = lambda: None) -> None:
    """Let a person work from now on, after their password where they have one; `left` is called where they gave up."""
    name = name.strip()

    def ask(store: Store) -> bool:
        needed = name in operators.names(store)
        if not needed:
            store.act_as(name or account_name())  # whatever is asked for after this is theirs
        return needed

    def asked(needed: bool) -> None:
        if not needed:
            desk.work_as(name)
            return
        dialog = TakingOver(desk, name)
        dialog.rejected.connect(left)
        dialog.open()

    desk.jobs.read(ask, asked)


class TakingOver(QDialog):
    """Asks for an operator's own password."""

    def __init__(self, desk: Desk, name: str) -> None:
        super().__init__(desk.window)
        self.desk, self.name = desk, name
        self.setWindowTitle("换人")
        self.setMinimumWidth(desk.theme.px(340))
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 18, 22, 18)
        column.setSpacing(8)
        head = label(f"“{name}”的密码", "dim")
        self.secret = SecretLine()
        self.secret.setAccessibleName(f"{name}的密码")
        head.setBuddy(self.secret)
        column.addWidget(head)
        column.addWidget(self.secret)
        self.error = label("", "error", wrap=True)
        column.addWidget(self.error)
        self.go = button(desk.theme, "换人", "tick", "primary", "", self.prove)
        self.go.setDefault(True)
        column.addLayout(row(None, button(desk.theme, "取消", "", "", "", self.reject), self.go))

    def prove(self) -> None:
        """Try what was typed."""
        typed = self.secret.text()
        self.secret.clear()
        self.go.setEnabled(False)
        self.desk.jobs.read(lambda store: operators.prove(store, self.name, typed), self._proved, self._refused)

    def _proved(self, _: object) -> None:
        self.desk.work_as(self.name)
        self.accept()

    def _refused(self, error: Exception) -> None:
        self.go.setEnabled(True)
        self.error.setText(str(error))
        self.adjustSize()
        self.secret.setFocus()
