"""Is the recovery code really kept? Four of its characters are typed back; until then it is asked at each start."""

from functools import partial

from PySide6.QtWidgets import QLineEdit

from db.storage.store import Store
from desktop.services import access
from desktop.shell.theme import Theme
from desktop.shell.widgets import button, label, row
from desktop.window.opening import OfficeDialog, RecoveryCode


class CodeQuestion(OfficeDialog):
    """Asks for four characters of the recovery code by their places; the code can be shown once more."""

    def __init__(self, theme: Theme, store: Store) -> None:
        words = (
            "恢复码是忘记密码、换电脑时打开台账的唯一办法。请拿出您抄下或打印的恢复码，填入下面几个位置上的字符，"
            "核对一次，以后不再问。"
        )
        super().__init__(theme, "核对一下恢复码", words, 700)
        self.store = store
        self.question = access.ask_code()
        self.boxes: list[QLineEdit] = []
        line = row(spacing=14)
        for place, words in enumerate(self.question.words):
            made = QLineEdit()
            made.setMaxLength(1)
            made.setFixedWidth(theme.px(44))
            made.setAccessibleName(words)
            made.textEdited.connect(partial(self._typed, place))
            head = label(words, "dim")
            head.setBuddy(made)
            head.setMinimumWidth(head.sizeHint().width())
            line.addLayout(row(head, made, spacing=6))
            self.boxes.append(made)
        line.addStretch(1)
        self.column.addLayout(line)
        self.error = label("", "error", wrap=True)
        self.column.addWidget(self.error)
        self.go = button(theme, "核对", "tick", "primary", "", self.check)
        self.go.setDefault(True)
        again = button(theme, "没有抄下，再显示一次", "eye", "", "", self.show_again)
        later = button(theme, "下次再核对", "", "", "下次打开时再问", self.reject)
        for each in (again, later):
            each.setAutoDefault(False)
        self.column.addLayout(row(again, None, later, self.go))
        self.boxes[0].setFocus()

    def _typed(self, place: int, text: str) -> None:
        if text and place < len(self.boxes) - 1:
            self.boxes[place + 1].setFocus()

    def check(self) -> None:
        """Compare what was typed."""
        if access.confirm_code(self.store, self.question, "".join(box.text() for box in self.boxes)):
            self.accept()
            return
        self.error.setText("对不上。请看清是第几组、第几个，再填一次；找不到恢复码，可以再显示一次，重新抄下")
        for box in self.boxes:
            box.clear()
        self.boxes[0].setFocus()

    def show_again(self) -> None:
        """Show the code once more, to be kept this time."""
        assert self.store.secret is not None
        assert self.store.path is not None
        RecoveryCode(self.theme, self.store.secret.code(), self.store.path, access.has_password(self.store)).exec()


def ask(theme: Theme, store: Store) -> None:
    """Ask for the recovery code of a ledger that is written into, if nobody has proved to have it."""
    if not store.read_only and not store.opened.damaged and not access.code_is_confirmed(store):
        CodeQuestion(theme, store).exec()
