"""Backups made from the window: by Ctrl+S, once a day, and the restore that closes it."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox

from db.errors import UserError
from db.tasks import backup as backups
from desktop.cli.backup import back_up_by_itself
from desktop.cli.demo import DATA_FILE as EXAMPLE
from desktop.shell.theme import settings

if TYPE_CHECKING:
    from desktop.window.window import MainWindow


def backup_folder() -> Path:
    """Return where automatic backups go: the person's choice, or the usual place."""
    kept = str(settings().value("backup_folder") or "")
    return Path(kept) if kept else backups.usual_folder()


def backs_up_by_itself() -> bool:
    """Tell whether a backup is made once a day at the start."""
    return str(settings().value("backup_daily", "true")).lower() == "true"


def last_backup() -> dt.datetime | None:
    """Return when this person's program last made a backup."""
    try:
        return dt.datetime.fromisoformat(str(settings().value("backup_at") or ""))
    except ValueError:
        return None


def backup_words(now: dt.datetime) -> str:
    """Return when the last backup was, in words."""
    last = last_backup()
    if last is None:
        return "还没有备份"
    days = (now.date() - last.date()).days
    day = "今天" if days == 0 else "昨天" if days == 1 else f"{last.month}月{last.day}日"
    return f"最近备份 {day} {last:%H:%M}"


class Keeper(QObject):
    """The window's backups; `backed_up` is sent after each."""

    backed_up = Signal()

    def __init__(self, desk: "MainWindow") -> None:
        super().__init__(desk)
        self.desk = desk

    @property
    def is_example(self) -> bool:
        """Whether the ledger is the example office's, which nobody needs to keep."""
        path = self.desk.jobs.store_path
        return path is not None and path.name == EXAMPLE

    def save_point(self) -> None:
        """Ctrl+S, by reflex: everything is saved already; a backup is made, and said."""
        if self.desk.jobs.store_path is None:
            self.desk.toast.say("每次改动都已自动保存")
        else:
            self._back_up("每次改动都已自动保存；刚才又备份了一份")

    def daily(self) -> None:
        """Make the day's first backup in the background, if the person has not turned it off."""
        last, today = last_backup(), dt.datetime.now().date()
        if (
            self.desk.jobs.store_path is not None
            and not self.is_example
            and backs_up_by_itself()
            and (last is None or last.date() != today)
        ):
            self._back_up("")

    def _back_up(self, words: str) -> None:
        at, folder = dt.datetime.now(), backup_folder()

        def done(_: object) -> None:
            self.remember(at)
            if words:
                self.desk.toast.say(words)

        self.desk.jobs.read(lambda store: back_up_by_itself(store, folder, at), done)

    def back_up_to(self, path: Path, at: dt.datetime) -> None:
        """Write a backup to a place a person chose, and say so."""

        def done(made: backups.Backup) -> None:
            self.remember(at)
            self.desk.saved_file(made.path)

        self.desk.jobs.read(lambda store: backups.back_up(store, path, at), done)

    def remember(self, at: dt.datetime) -> None:
        """Keep and show that a backup was made."""
        settings().setValue("backup_at", at.isoformat(timespec="seconds"))
        self.show()
        self.backed_up.emit()

    def show(self) -> None:
        """Say in the status bar when the last backup was."""
        kept = f"　·　{backup_words(dt.datetime.now())}" if self.desk.jobs.store_path is not None else ""
        where = "演示数据，单位和人都是虚构的" if self.is_example else f"数据只在本机，已加密{kept}"
        self.desk.backup_label.setText(where)

    def restore(self, backup: Path) -> None:
        """Close the window and its ledger, then put the backup's ledger in place."""
        target = self.desk.jobs.store_path
        if target is None:
            self.desk.complain(UserError("这份台账只在内存里，不能从备份恢复"))
            return
        if not self.desk.close():
            return
        try:
            aside = backups.restore(backup, target, dt.datetime.now())
            words = "已从备份恢复。请再打开一次博爱台账。" + (f"原来的台账改名为：{aside.name}" if aside else "")
        except UserError as error:
            words = str(error)
        box = QMessageBox(QMessageBox.Icon.NoIcon, "博爱台账", words)
        box.addButton("知道了", QMessageBox.ButtonRole.AcceptRole)
        box.exec()
