"""A ledger that does not open: why, what it could be restored from, and every way on from there."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QListWidgetItem, QMessageBox

from db.errors import Damaged, Locked, UserError
from db.storage import vault
from db.storage.keys import Secret
from db.storage.store import Store
from db.tasks import restoring
from desktop.services.backups import Choice, backup_folder, choices
from desktop.shell.desk import Desk
from desktop.shell.flat_lists import flat_list
from desktop.shell.theme import Theme
from desktop.shell.widgets import button, label, row
from desktop.window.opening import BACKUPS, FILES, AskKey, OfficeDialog, unlocked


class NotRestored(UserError):
    """The person gave up at the question for the key."""


class Rescue(OfficeDialog):
    """Says why a ledger does not open and lists its backups; `store` is what was opened in the end."""

    def __init__(self, theme: Theme, path: Path, reason: UserError) -> None:
        super().__init__(theme, "台账打不开", str(reason), 620)
        self.path = path
        self.store: Store | None = None
        self.column.addWidget(label("可以恢复的备份（新的在上）", "strong"))
        self.list = flat_list(theme)
        self.list.setAccessibleName("可以恢复的备份")
        self.list.setWordWrap(True)
        self.list.setMinimumHeight(theme.px(150))
        self.found: list[Choice] = choices(path)
        for choice in self.found:
            made = QListWidgetItem(choice.words)
            made.setToolTip(str(choice.backup.path.parent))
            made.setData(Qt.ItemDataRole.AccessibleTextRole, choice.words)
            self.list.addItem(made)
        self.column.addWidget(self.list)
        nothing = "常用的位置没有找到备份。备份若在 U 盘或别的文件夹，请点“另选备份文件”。"
        more = "恢复前会先打开核对。打不开的这份不会删除，改名留在原来的文件夹里。"
        self.column.addWidget(label(more if self.found else nothing, "hint", wrap=True))
        self.error = label("", "error", wrap=True)
        self.column.addWidget(self.error)
        self.go = button(theme, "从选中的备份恢复", "undo", "primary", "", self.restore_chosen)
        self.go.setEnabled(bool(self.found))
        if self.found:
            self.list.setCurrentRow(0)
        other_backup = button(theme, "另选备份文件…", "folder", "", "备份在 U 盘或别的文件夹", self.choose_backup)
        again = button(theme, "再试一次", "refresh", "", "例如关闭了占用它的程序，或插回了 U 盘", self.try_again)
        other = button(theme, "打开另一份台账…", "", "link", "", self.choose_ledger)
        look = button(theme, "只打开查看", "", "link", "什么也不写入；可以查看、导出和打印", self.look)
        look.setVisible(isinstance(reason, Damaged))
        leave = button(theme, "退出", "", "", "", self.reject)
        for each in (other_backup, again, other, look, leave):
            each.setAutoDefault(False)
        self.column.addLayout(row(self.go, other_backup, None, again))
        self.column.addLayout(row(other, look, None, leave))

    def restore_chosen(self) -> None:
        """Restore from the backup chosen in the list."""
        place = self.list.currentRow()
        if 0 <= place < len(self.found):
            self.restore(self.found[place].backup.path)

    def choose_backup(self) -> None:
        """Ask for a backup that lies elsewhere, and restore from it."""
        chosen, _ = QFileDialog.getOpenFileName(self, "从备份恢复", str(backup_folder()), BACKUPS)
        if chosen:
            self.restore(Path(chosen))

    def restore(self, backup: Path) -> None:
        """Put a backup in the ledger's place and open it, or say why not."""
        try:
            self.store = restored(self.theme, backup, self.path)
        except UserError as error:
            self.error.setText(str(error))
            return
        if self.store is not None:
            self.accept()

    def try_again(self) -> None:
        """Open the same ledger once more."""
        self._open(self.path)

    def look(self) -> None:
        """Open a damaged ledger for looking alone."""
        self._open(self.path, read_only=True)

    def choose_ledger(self) -> None:
        """Open another ledger this time; the one that does not open stays as it is."""
        chosen, _ = QFileDialog.getOpenFileName(self, "打开台账文件", str(self.path.parent), FILES)
        if chosen:
            self._open(Path(chosen))

    def _open(self, path: Path, read_only: bool = False) -> None:
        try:
            self.store = unlocked(self.theme, path, read_only)
        except UserError as error:
            self.error.setText(str(error))
            return
        if self.store is not None:
            self.accept()


def restored(theme: Theme, backup: Path, target: Path) -> Store | None:
    """Restore a backup over a ledger that is not open, asking for its key where this account has none; open it.

    None where the person gave up at the key. Raises the `UserError` that says why nothing was restored.
    """

    def key_of(unpacked: Path) -> Secret:
        try:
            return vault.unlock(unpacked)
        except Locked as error:
            ask = AskKey(theme, unpacked, str(error), bool(vault.examine(unpacked)["has_password"]), "备份的密码")
            ask.exec()
            if ask.failed is not None:
                raise ask.failed from None
            if ask.key is None:
                raise NotRestored("没有输入密码或恢复码，没有恢复，没有改动任何数据") from None
            return ask.key

    known: list[Secret] = []

    def once(unpacked: Path) -> Secret:
        known.append(key_of(unpacked))
        return known[-1]

    try:
        aside = restoring.restore(backup, target, Desk.now(), once, another=not target.exists())
    except NotRestored:
        return None
    words = "已从备份恢复，打开核对无误。" + (f"原来打不开的台账改名为：{aside.name}" if aside else "")
    box = QMessageBox(QMessageBox.Icon.NoIcon, "博爱台账", words)
    box.addButton("知道了", QMessageBox.ButtonRole.AcceptRole)
    box.exec()
    return Store.reopen(target, known[-1])


def rescued(theme: Theme, path: Path, error: UserError) -> Store | None:
    """Show the page of a ledger that does not open; return the store that was opened in the end, or None."""
    page = Rescue(theme, path, error)
    page.exec()
    return page.store
