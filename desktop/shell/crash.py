"""An unexpected error: a dialog, and a report that holds versions and places in the code, never a value of a row.

What ends the whole process (a fault in a library) leaves its places in a file, and is told at the next start.
"""

import faulthandler
import os
import sys
from pathlib import Path
from types import TracebackType
from typing import TextIO

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from db import bounded
from db.errors import UserError
from db.places import is_link
from desktop.services import fault_report
from desktop.services.fault_report import places, report, versions

FILE = "意外退出.txt"
_LONGEST = 1_000_000  # bytes
_shown: list[QDialog] = []  # one at a time; a reference keeps it open
_watched: list[TextIO] = []  # what a fault is written to must stay open
_WENT_ON = (
    "刚才的操作没有完成；已经保存的数据没有变动，可以继续使用。\n"
    "下面的错误报告只有程序版本和出错位置，不含任何人员信息，可以放心发给技术支持。"
)
_ENDED = (
    "台账已经检查过，退出前已经保存的内容都在；当时正在填、还没有保存的请重新填写。\n"
    "下面的错误报告只有程序版本和出错位置，不含任何人员信息，可以放心发给技术支持。"
)


def watch(folder: Path) -> str:
    """Let a fault that ends the process leave its places in `folder`; return those that the last one left, or nothing.

    Where nothing can be written there, nothing is watched: the program works without it.
    """
    path = folder / FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if is_link(path):  # nothing of somebody's is emptied through it
            path.unlink()
        left = bounded.read(path, _LONGEST).decode(errors="replace") if path.exists() else ""
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
        file = os.fdopen(os.open(path, flags, 0o600), "w", encoding="utf-8")
    except (OSError, ValueError):
        return ""
    faulthandler.enable(file)
    for older in _watched:
        older.close()
    _watched[:] = [file]
    found = places(left)
    return "\n".join([*versions(), found]) if left.strip() else ""


class CrashDialog(QDialog):
    """Says that something went wrong on our side, that data is safe, and offers the report."""

    def __init__(
        self, text: str, parent: QWidget | None = None, head: str = "程序出了一个没有料到的错误", words: str = _WENT_ON
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("程序出了错")
        self.setMinimumWidth(560)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.setContentsMargins(18, 18, 18, 18)
        title, said = QLabel(head), QLabel(words)
        title.setProperty("role", "heading")
        said.setWordWrap(True)
        self.text = QPlainTextEdit(text)
        self.text.setReadOnly(True)
        self.text.setAccessibleName("错误报告")
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for name, kind, call in (("复制报告", "", self._copy), ("继续使用", "primary", self.accept)):
            made = QPushButton(name)
            made.setProperty("kind", kind)
            made.clicked.connect(lambda _=False, call=call: call())
            buttons.addWidget(made)
        for widget in (title, said, self.text):
            layout.addWidget(widget)
        layout.addLayout(buttons)
        self.resize(580, 420)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())


def show(error: BaseException, parent: QWidget | None = None) -> None:
    """Show the dialog for an error that is our bug; a second one while it is open is only written to stderr."""
    sys.stderr.write(report(error) + "\n")
    if not _shown:
        _open(CrashDialog(report(error), parent))


def tell_of_last(text: str, parent: QWidget | None = None) -> None:
    """Say that the program ended by itself the last time, with the places that were left."""
    if text and not _shown:
        _open(CrashDialog(text, parent, "上次使用时程序意外退出", _ENDED))


def _open(dialog: CrashDialog) -> None:
    _shown.append(dialog)
    dialog.finished.connect(lambda _: _shown.clear())
    dialog.open()


def install() -> None:
    """Send every uncaught error of the main thread to the dialog; threads, logs and Qt's messages quote nothing."""
    fault_report.install()
    qInstallMessageHandler(_of_qt)

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if isinstance(error, KeyboardInterrupt):
            sys.stderr.write("已取消\n")
        elif isinstance(error, UserError):
            from PySide6.QtWidgets import QMessageBox

            QMessageBox.warning(None, "博爱台账", str(error))
        else:
            show(error)

    sys.excepthook = hook


def _of_qt(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """Qt's messages quote paths and what it was given: only that it could not go on is passed on."""
    if kind is QtMsgType.QtFatalMsg:
        sys.stderr.write("Qt: fatal\n")
