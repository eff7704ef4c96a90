"""Before the window: the first start, the password, and the recovery code that is shown once."""

from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)

from db.errors import Locked, UserError
from db.records.choices import LEVELS
from db.records.entities import OFFICE
from db.storage import swap, vault
from db.storage.keys import Secret
from db.storage.store import Store
from db.tasks.backup_file import SUFFIX
from desktop.services.signed_files import SUFFIX as SIGNED
from desktop.shell.clipboard import secret_clipboard
from desktop.shell.theme import Theme
from desktop.shell.widgets import SecretLine, button, label, row, rule
from forms.output import write_whole

FILES = f"博爱台账 (*{vault.SUFFIX})"
BACKUPS = f"博爱台账备份 (*{SUFFIX})"


def complain(parent: QWidget | None, error: UserError) -> None:
    """Show a sentence."""
    box = QMessageBox(QMessageBox.Icon.NoIcon, "博爱台账", str(error), parent=parent)
    box.addButton("知道了", QMessageBox.ButtonRole.AcceptRole)
    box.exec()


def check_given(path: Path) -> None:
    """Say, and raise `UserError`, where a file that somebody opened with the program is not there or not one of ours."""
    kind, words = path.suffix.lower(), ""
    if not path.exists() and not swap.is_pending(path):  # a restore that was stopped is finished when it is opened
        words = f"没有找到“{path.name}”：它可能已被移走、改名，或 U 盘没有插好。没有改动任何数据"
    elif kind == SUFFIX:
        words = "这是台账的备份，没有改动任何数据。要恢复，请打开博爱台账，在“设置”里点“从备份恢复”，再选这个文件"
    elif kind not in (vault.SUFFIX, SIGNED):
        words = f"“{path.name}”不是博爱台账的文件。能打开的有台账（{vault.SUFFIX}）和报送包、回执、任务包（{SIGNED}）"
    if words:
        error = UserError(words)
        complain(None, error)
        raise error


def create_office(path: Path, name: str, level: str, password: str | None) -> tuple[Store, str]:
    """Make a data file for an office; return the open store and the recovery code."""
    store, secret = Store.create(path, password)
    with store.operation("建立台账", "event"):
        for item, content in (("name", name), ("level", level)):
            store.save(OFFICE, {"item": item, "content": content})
    return store, secret.code()


class OfficeDialog(QDialog):
    """A dialog before the window: the mark, a title, and a line of words."""

    def __init__(self, theme: Theme, title: str, words: str, width: int = 460) -> None:
        super().__init__()
        self.theme = theme
        self.setWindowTitle("博爱台账")
        self.setMinimumWidth(theme.px(width))
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(24, 20, 24, 20)
        self.column.setSpacing(8)
        mark = label()
        mark.setPixmap(theme.pixmap("mark", "text", theme.px(40), self.devicePixelRatioF()))
        names = QVBoxLayout()
        names.setSpacing(1)
        names.addWidget(label(title, "title"))
        names.addWidget(label("志愿服务队伍的台账、体检与季报", "hint"))
        head = row(mark, spacing=12)
        head.addLayout(names, 1)
        self.column.addLayout(head)
        self.column.addSpacing(4)
        if words:
            self.column.addWidget(label(words, "dim", wrap=True))

    def field(self, text: str, secret: bool = False, hint: str = "") -> QLineEdit:
        """Add a labelled line."""
        made = SecretLine() if secret else QLineEdit()
        made.setAccessibleName(text)
        made.setPlaceholderText(hint)
        head = label(text, "dim")
        head.setBuddy(made)
        self.column.addWidget(head)
        self.column.addWidget(made)
        return made


class FirstRun(OfficeDialog):
    """Asks for the office's name and level; or opens a file that is there; or shows the example."""

    def __init__(self, theme: Theme, path: Path) -> None:
        super().__init__(theme, "开始使用博爱台账", "数据只存在这台电脑上，并且加密。以后都可以修改。")
        self.path = path
        self.store: Store | None = None
        self.chosen: Path | None = None
        self.backup: Path | None = None
        self.demo = False
        self.name = self.field("单位名称", hint="与公章一致，如：安澜县红十字会")
        head = label("层级", "dim")
        self.level = QComboBox()
        self.level.setAccessibleName("层级")
        for _, text in reversed(LEVELS):
            self.level.addItem(text)
        head.setBuddy(self.level)
        self.column.addWidget(head)
        self.column.addWidget(self.level)
        self.password = self.field("密码（可以不设；要设至少 8 个字符）", True, "不设密码时，只有这个电脑账号能打开")
        self.again = self.field("再输一遍密码", True)
        self.error = label("", "error", wrap=True)
        self.column.addWidget(self.error)
        self.go = button(theme, "建立台账", "tick", "primary", "", self.make_office)
        self.go.setDefault(True)
        self.column.addWidget(self.go)
        self.column.addSpacing(4)
        self.column.addWidget(rule())
        other = button(theme, "打开已有的台账文件", "folder", "link", "", self.choose)
        demo = button(theme, "先看演示数据", "eye", "link", "用虚构的单位和人员试一试", self.show_demo)
        back = button(theme, "从备份恢复", "undo", "link", "换了电脑，备份在 U 盘或别的文件夹", self.choose_backup)
        for made in (other, back, demo):
            made.setAutoDefault(False)
        self.column.addLayout(row(other, back, None, demo))

    def make_office(self) -> None:
        """Make the data file and show its recovery code."""
        name, password = self.name.text().strip(), self.password.text()
        if not name:
            self.error.setText("请填写单位名称")
            self.name.setFocus()
            return
        if password != self.again.text():
            self.error.setText("两次输入的密码不一样")
            self.again.setFocus()
            return
        try:
            self.store, code = create_office(self.path, name, self.level.currentText(), password or None)
        except UserError as error:
            self.error.setText(str(error))
            return
        RecoveryCode(self.theme, code, self.path, bool(password)).exec()
        self.accept()

    def choose(self) -> None:
        """Open another data file."""
        chosen, _ = QFileDialog.getOpenFileName(self, "打开台账文件", str(self.path.parent), FILES)
        if chosen:
            self.chosen = Path(chosen)
            self.accept()

    def choose_backup(self) -> None:
        """Begin with what a backup holds."""
        chosen, _ = QFileDialog.getOpenFileName(self, "从备份恢复", str(self.path.parent), BACKUPS)
        if chosen:
            self.backup = Path(chosen)
            self.accept()

    def show_demo(self) -> None:
        """Show the example office."""
        self.demo = True
        self.accept()


class RecoveryCode(OfficeDialog):
    """Shows the recovery code once; closes only after a person says that it is kept."""

    def __init__(self, theme: Theme, code: str, path: Path, has_password: bool) -> None:
        why = "忘记密码、换电脑或重装系统时" if has_password else "换电脑、换账号或重装系统时"
        words = (
            f"{why}，只有这串恢复码能打开台账。它只显示这一次，请抄下或打印，与公章一样保管。没有它，谁也不能恢复数据。"
        )
        super().__init__(theme, "请保管好恢复码", words, 520)
        self.code, self.folder = code, path.parent
        groups = code.split("-")
        shown = label("  ".join(groups[:4]) + "\n" + "  ".join(groups[4:]), "code", selectable=True)
        shown.setAccessibleName(f"恢复码 {code}")
        self.column.addWidget(shown)
        copy = button(theme, "复制", "copy", "", "", lambda: secret_clipboard().put(code))
        save = button(theme, "另存为文本文件", "export", "", "存到 U 盘，不要和台账放在一起", self.save)
        paper = button(theme, "打印", "print", "", "", self.print)
        self.column.addLayout(row(copy, save, paper, None))
        self.kept = QCheckBox("我已经把恢复码抄下、打印或存到别处")
        self.column.addWidget(self.kept)
        self.done_button = button(theme, "完成", "tick", "primary", "", self.accept)
        self.done_button.setEnabled(False)
        self.kept.toggled.connect(self.done_button.setEnabled)
        self.column.addWidget(self.done_button)

    def save(self) -> None:
        """Write the code into a text file."""
        chosen, _ = QFileDialog.getSaveFileName(self, "保存恢复码", "博爱台账恢复码.txt", "文本文件 (*.txt)")
        if chosen:
            try:
                write_whole(Path(chosen), f"博爱台账恢复码\n{self.code}\n".encode("utf-8-sig"))
            except UserError as error:
                complain(self, error)

    def print(self) -> None:
        """Print the code."""
        from desktop.shell import printing

        try:
            printing.print_table(self, "博爱台账恢复码", ["恢复码"], [60], [False], [[self.code]])
        except printing.NoPrinter:  # a code is not to be carried about as a PDF
            complain(self, UserError("这台电脑还没有安装打印机，没有打印。请抄下，或点“另存为文本文件”存到 U 盘"))
        except UserError as error:
            complain(self, error)

    def reject(self) -> None:
        """Escape and the corner button close it only once the code is kept."""
        if self.kept.isChecked():
            super().reject()


class AskKey(OfficeDialog):
    """Asks for the password or the recovery code of a data file, until `use` takes what was typed."""

    def __init__(self, theme: Theme, path: Path, why: str, has_password: bool, head: str = "打开台账") -> None:
        super().__init__(theme, head, path.name)
        self.path = path
        self.key: Secret | None = None
        self.failed: UserError | None = None
        self.secret = self.field("密码" if has_password else "恢复码", True)
        self.asked = next(made for made in self.findChildren(QLabel) if made.buddy() is self.secret)
        self.secret.setEchoMode(QLineEdit.EchoMode.Password if has_password else QLineEdit.EchoMode.Normal)
        self.by_code = QCheckBox("忘记密码，用恢复码打开")
        if not has_password:
            self.by_code.hide()
        self.by_code.toggled.connect(self._turn)
        self.column.addWidget(self.by_code)
        self.error = label("" if has_password else why, "error", wrap=True)
        self.column.addWidget(self.error)
        self.has_password = has_password
        go = button(theme, "打开", "lock", "primary", "", self.open)
        go.setDefault(True)
        leave = button(theme, "退出", "", "", "", self.reject)
        leave.setAutoDefault(False)
        self.column.addLayout(row(None, leave, go))

    def _turn(self, code: bool) -> None:
        """Ask for the other of the two; what was wrong with the first is no word on it."""
        self.asked.setText("恢复码" if code else "密码")
        self.secret.setAccessibleName(self.asked.text())
        self.error.clear()
        self.secret.clear()
        self.secret.setEchoMode(QLineEdit.EchoMode.Normal if code else QLineEdit.EchoMode.Password)
        self.secret.setPlaceholderText("8 组，每组 5 个字符" if code else "")
        self.secret.setFocus()

    def open(self) -> None:
        """Try what was typed."""
        code = self.by_code.isChecked() or not self.has_password
        try:
            self.use(self.secret.text(), code)
        except Locked as error:
            self.error.setText(str(error))
            self.secret.selectAll()
        except UserError as error:  # no word typed here helps: the caller knows what to do
            self.failed = error
            self.reject()
        else:
            self.secret.clear()
            self.accept()

    def use(self, typed: str, code: bool) -> None:
        """Take the key of the file; raises `Locked` where what was typed is not it, and what else is wrong with the file."""
        self.key = vault.unlock(self.path, None if code else typed, typed if code else None)


class Unlock(AskKey):
    """Opens the file with what was typed."""

    def __init__(self, theme: Theme, path: Path, why: str, has_password: bool, read_only: bool = False) -> None:
        super().__init__(theme, path, why, has_password)
        self.read_only = read_only
        self.store: Store | None = None

    def use(self, typed: str, code: bool) -> None:
        """Open the file."""
        self.store = Store.open(self.path, None if code else typed, typed if code else None, read_only=self.read_only)


def unlocked(theme: Theme, path: Path, read_only: bool = False) -> Store | None:
    """Open a data file, asking for what is missing; None where the person gave up."""
    try:
        return Store.open(path, read_only=read_only)
    except Locked as error:
        dialog = Unlock(theme, path, str(error), bool(vault.examine(path)["has_password"]), read_only)
        dialog.exec()
        if dialog.failed is not None:
            raise dialog.failed from None
        return dialog.store
