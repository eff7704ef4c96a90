"""Two lines for a new password, read once both agree."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.errors import UserError
from db.storage import keys
from desktop.shell.widgets import SecretLine, label


class NewPassword(QWidget):
    """The password, once more, and what is wrong with them."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.lines = []
        for text in ("新密码（至少 8 个字符）", "再输一遍"):
            line = SecretLine()
            line.setAccessibleName(text)
            head = label(text, "dim")
            head.setBuddy(line)
            column.addWidget(head)
            column.addWidget(line)
            self.lines.append(line)
        self.error = label("", "error", wrap=True)
        column.addWidget(self.error)

    def say(self, words: str) -> None:
        """Say what is wrong, in as many lines as it takes: the dialog grows with it."""
        self.error.setText(words)
        QTimer.singleShot(0, self, self._fit)

    def _fit(self) -> None:
        dialog = self.window()
        if (whole := dialog.layout()) is not None:
            dialog.resize(dialog.width(), max(dialog.height(), whole.totalHeightForWidth(dialog.width())))

    def taken(self) -> str | None:
        """Return what was typed, or None after saying what is wrong with it."""
        first, second = (line.text() for line in self.lines)
        try:
            keys.check_new(first)
        except UserError as error:
            self.say(str(error))
            return None
        if first != second:
            self.say("两次输入的密码不一样")
            return None
        return first
