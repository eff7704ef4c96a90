"""各人的密码: who works may have a password of their own, where the office wants it."""

from collections.abc import Callable

from PySide6.QtWidgets import QComboBox, QDialog, QVBoxLayout

from db.records.internal_entities import STAFF
from db.storage.keys import Secret
from db.storage.store import Store
from db.tasks import operators
from desktop.pages.system.new_password import NewPassword
from desktop.shell.desk import Desk
from desktop.shell.widgets import button, label, row


def people(store: Store) -> dict[str, bool]:
    """Return the people of the staff list, and whether each has a password of their own."""
    protected = operators.names(store)
    return {name: name in protected for name in sorted({str(row["name"]) for row in store.rows(STAFF)})}


class OperatorPasswords(QDialog):
    """Sets, changes and takes away the password of one person after another."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.window)
        self.desk = desk
        self.people: dict[str, bool] = {}
        self.setWindowTitle("各人的密码")
        self.setMinimumWidth(desk.theme.px(420))
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 18, 22, 18)
        column.setSpacing(8)
        words = "用自己的密码打开台账，操作历史里就记这个人；换人时也要输入。从经办人员里删去，他的密码就不能再用。"
        column.addWidget(label(words, "dim", wrap=True))
        self.who = QComboBox()
        self.who.setAccessibleName("经办人员")
        self.who.currentIndexChanged.connect(lambda _: self._show())
        self.state = label("", "hint")
        column.addLayout(row(self.who, self.state, None))
        self.typed = NewPassword()
        self.lines, self.error = self.typed.lines, self.typed.error
        column.addWidget(self.typed)
        self.drop = button(desk.theme, "取消这个人的密码", "", "link", "", self.remove)
        self.drop.setAutoDefault(False)
        leave = button(desk.theme, "关闭", "", "", "", self.reject)
        leave.setAutoDefault(False)
        self.go = button(desk.theme, "保存密码", "tick", "primary", "", self.save)
        self.go.setDefault(True)
        column.addLayout(row(self.drop, None, leave, self.go))
        self._ask()

    def _ask(self) -> None:
        self.desk.jobs.read(people, self._fill, self._refused)

    def _fill(self, found: dict[str, bool]) -> None:
        name, self.people = self.who.currentText(), found
        self.who.clear()
        self.who.addItems(list(found))
        self.who.setCurrentText(name)
        self._show()

    def _show(self) -> None:
        name = self.who.currentText()
        has = self.people.get(name, False)
        self.state.setText(("已设密码" if has else "没有设密码") if name else "还没有登记经办人员")
        self.go.setEnabled(bool(name))
        self.drop.setEnabled(has)

    def save(self) -> None:
        """Give the chosen person a password, or another one."""
        name = self.who.currentText()
        if (password := self.typed.taken()) is not None:
            self._do(lambda store: operators.set_password(store, name, password), f"“{name}”的密码已设置")

    def remove(self) -> None:
        """Take the chosen person's password away."""
        name = self.who.currentText()
        self._do(lambda store: operators.remove_password(store, name), f"“{name}”的密码已取消")

    def _do(self, work: Callable[[Store], None], words: str) -> None:
        for line in self.lines:
            line.clear()
        self.error.setText("")
        self.go.setEnabled(False)

        def change(store: Store) -> Secret | None:
            work(store)
            return store.secret

        def done(secret: Secret) -> None:
            self.desk.jobs.know_secret(secret)
            self.desk.say(words)
            self._ask()

        self.desk.jobs.read(change, done, self._refused)

    def _refused(self, error: Exception) -> None:
        self._show()
        self.typed.say(str(error))
