"""Backups made from the window: by Ctrl+S, once a day, and the restore that closes it."""

import datetime as dt
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox

from db.errors import UserError
from db.tasks import backup as backups
from db.tasks.backup_file import Backup
from db.tasks.restoring import restore
from desktop.services import access
from desktop.services.backups import (
    back_up_by_itself,
    back_up_to_second,
    backs_up_by_itself,
    backup_folder,
    backup_words,
    last_backup,
    remember_backup,
)
from desktop.shell.desk import Desk
from desktop.window.opening import RecoveryCode, complain


class Keeper(QObject):
    """The window's backups: makes those that the desk is asked for."""

    told = Signal(str)  # what the status bar says of them
    restoring = Signal(object)  # the `Path` of a backup: the window is to be closed for it
    reopening = Signal()  # it is done, or could not be: the ledger in place is to be opened again

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.desk = desk
        desk.backup_asked.connect(self.back_up_to)
        desk.second_asked.connect(self.back_up_to_second)
        desk.restore_asked.connect(self.restore)

    def save_point(self) -> None:
        """Ctrl+S, by reflex: everything is saved already; a backup is made, and said."""
        if self.desk.read_only:
            self.desk.say("这份台账是只读打开的，没有要保存的改动")
        elif self.desk.jobs.store_path is None:
            self.desk.say("每次改动都已自动保存")
        else:
            self._back_up("每次改动都已自动保存；刚才又备份了一份")

    def daily(self) -> None:
        """Make the day's first backup in the background, if the person has not turned it off."""
        last, today = last_backup(), self.desk.now().date()
        if (
            self.desk.jobs.store_path is not None
            and not self.desk.is_example
            and not self.desk.read_only
            and backs_up_by_itself()
            and (last is None or last.date() != today)
        ):
            self._back_up("")

    def _back_up(self, words: str) -> None:
        at, folder = self.desk.now(), backup_folder()

        def done(_: object) -> None:
            self._remember(at)
            if words:
                self.desk.say(words)

        ledger, secret = self.desk.jobs.store_path, self.desk.jobs.secret
        assert ledger is not None
        assert secret is not None
        self.desk.jobs.beside(lambda: back_up_by_itself(ledger, secret, folder, at), done)

    def back_up_to(self, path: Path) -> None:
        """Write a backup to a place a person chose, and say so."""
        at = self.desk.now()

        ledger, secret = self.desk.jobs.store_path, self.desk.jobs.secret

        def done(made: Backup) -> None:
            self._remember(at)
            self.desk.saved_file(made.path)

        if ledger is None or secret is None:
            self.desk.complain(UserError("这份台账只在内存里，不能备份"))
        else:
            self.desk.jobs.beside(lambda: backups.back_up_file(ledger, secret, path, at), done)

    def back_up_to_second(self, folder: Path) -> None:
        """Write a backup to the second place, and say so."""
        at, ledger, secret = self.desk.now(), self.desk.jobs.store_path, self.desk.jobs.secret

        def done(made: Backup) -> None:
            self._remember(at)
            self.desk.say(f"已备份到第二处：{made.path.name}")

        if ledger is not None and secret is not None:
            self.desk.jobs.beside(lambda: back_up_to_second(ledger, secret, folder, at), done)

    def _remember(self, at: dt.datetime) -> None:
        remember_backup(at)
        self.tell()
        self.desk.backed_up.emit()

    def tell(self) -> None:
        """Say when the last backup was."""
        kept = f"　·　{backup_words(self.desk.now())}" if self.desk.jobs.store_path is not None else ""
        self.told.emit("演示数据，单位和人都是虚构的" if self.desk.is_example else f"数据只在本机，已加密{kept}")

    def restore(self, backup: Path) -> None:
        """Ask that the window be closed, for a ledger that is a file."""
        if self.desk.jobs.store_path is None:
            self.desk.complain(UserError("这份台账只在内存里，不能从备份恢复"))
        else:
            self.restoring.emit(backup)

    def renew_code(self, password: str) -> None:
        """Give the ledger, which is closed, another recovery code, show it, and go on."""
        ledger, secret = self.desk.jobs.store_path, self.desk.jobs.secret
        assert ledger is not None
        assert secret is not None
        try:
            made = access.renew_code(ledger, secret, self.desk.now(), password or None)
        except UserError as error:
            complain(None, error)
        else:
            self.desk.jobs.know_secret(made.secret)
            RecoveryCode(self.desk.theme, made.secret.code(), ledger, bool(password)).exec()
            words = (
                f"旧恢复码从此打不开这份台账。换之前的台账改名为：{made.aside.name}；它和以前的备份仍用旧恢复码，"
                "确认不再需要后请删去，并重新备份"
            )
            complain(None, UserError(words))
        self.reopening.emit()

    def put_in_place(self, backup: Path) -> None:
        """Put the backup's ledger in the place of this one, which is closed, and say so."""
        target, secret = self.desk.jobs.store_path, self.desk.jobs.secret
        assert target is not None
        assert secret is not None
        try:
            aside = restore(backup, target, self.desk.now(), lambda _: secret, another=True)
            words = "已从备份恢复。" + (f"原来的台账改名为：{aside.name}" if aside else "")
        except UserError as error:
            words = str(error)
        box = QMessageBox(QMessageBox.Icon.NoIcon, "博爱台账", words)
        box.addButton("知道了", QMessageBox.ButtonRole.AcceptRole)
        box.exec()
        self.reopening.emit()
