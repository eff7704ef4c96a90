"""Numbers of people seen or copied whole: only for a purpose, written into the log before they are shown.

Personal Information Protection Law (个人信息保护法) art. 6 and 51: no more than the purpose needs, and a record of it.
"""

from collections.abc import Callable

from PySide6.QtWidgets import QButtonGroup, QDialog, QLineEdit, QRadioButton, QVBoxLayout

from desktop.shell.desk import Desk
from desktop.shell.widgets import button, label, row

PURPOSES = ("核对证件", "办保险", "报上级", "打电话")
CALLING = PURPOSES[-1]


class PurposeDialog(QDialog):
    """Asks what whole numbers are needed for: one of the usual purposes, or words."""

    def __init__(self, desk: Desk, words: str) -> None:
        super().__init__(desk.window)
        self.setWindowTitle("号码用来做什么")
        self.setMinimumWidth(desk.theme.px(380))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 14)
        column.setSpacing(8)
        column.addWidget(label(words, wrap=True))
        self.choices = QButtonGroup(self)
        for n, purpose in enumerate((*PURPOSES, "其他")):
            choice = QRadioButton(purpose)
            self.choices.addButton(choice, n)
            column.addWidget(choice)
        self.other = QLineEdit()
        self.other.setPlaceholderText("写明用途")
        self.other.setAccessibleName("其他用途")
        self.other.setEnabled(False)
        column.addWidget(self.other)
        column.addWidget(label("用途、时间和条数会记入历史。锁定窗口或换人以前，同一用途不再问。", "hint", wrap=True))
        self.go = button(desk.theme, "显示", "eye", "primary", "", self.accept)
        self.go.setDefault(True)
        column.addLayout(row(None, button(desk.theme, "取消", "", "", "", self.reject), self.go))
        self.choices.idToggled.connect(lambda *_: self._tell())
        self.other.textChanged.connect(lambda _: self._tell())
        self._tell()

    def purpose(self) -> str:
        """Return the purpose chosen or typed; nothing where there is none yet."""
        chosen = self.choices.checkedId()
        return PURPOSES[chosen] if 0 <= chosen < len(PURPOSES) else self.other.text().strip() if chosen >= 0 else ""

    def _tell(self) -> None:
        other = self.choices.checkedId() == len(PURPOSES)
        self.other.setEnabled(other)
        if other and not self.other.text():
            self.other.setFocus()
        self.go.setEnabled(bool(self.purpose()))


def show_whole(desk: Desk, what: str, count: int, then: Callable[[], None], purpose: str = "") -> None:
    """Ask for the purpose once a session, log `what` and how many, and only then do `then`.

    `purpose` is given where it is plain by itself: one person's telephone is for a call.
    Where nothing can be logged (a ledger that is only looked at), nothing is shown, and why is said.
    """
    wanted = purpose or desk.purpose
    if wanted:
        _logged(desk, "查看完整号码", what, count, wanted, then)
        return
    dialog = PurposeDialog(desk, f"将显示{what}的完整证件号码和电话（{count:,} 条）。请先选用途：")

    def chosen() -> None:
        desk.need_for(dialog.purpose())
        _logged(desk, "查看完整号码", what, count, desk.purpose, then)

    dialog.accepted.connect(chosen)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def log_use(desk: Desk, title: str, what: str, count: int, then: Callable[[], None]) -> None:
    """Log that so many whole numbers are copied or printed, for the purpose they are shown for; then do `then`."""
    _logged(desk, title, what, count, desk.purpose, then)


def _logged(desk: Desk, title: str, what: str, count: int, purpose: str, then: Callable[[], None]) -> None:
    detail = f"{what}；{count:,} 条；用途：{purpose}"
    desk.jobs.read(lambda store: store.note(title, detail), lambda _: then())
