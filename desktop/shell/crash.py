"""An unexpected error: a dialog, and a report that holds versions and places in the code, never a value of a row."""

import platform
import sys
import traceback
from pathlib import Path
from types import TracebackType

from PySide6 import __version__ as qt_version
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from db.errors import UserError
from db.rules.register import VERSION

_shown: list[QDialog] = []  # one at a time; a reference keeps it open


def report(error: BaseException) -> str:
    """Return what a developer needs: versions, the kind of error, file, line and function of each step.

    The error's own text is left out, since it may quote a row.
    """
    lines = [
        f"系统：{platform.platform()}",
        f"Python {platform.python_version()}，Qt {qt_version}，规则库 {VERSION}",
        f"错误：{type(error).__module__}.{type(error).__name__}",
    ]
    for step in traceback.extract_tb(error.__traceback__):
        lines.append(f"  {Path(step.filename).name}:{step.lineno} {step.name}")
    return "\n".join(lines)


class CrashDialog(QDialog):
    """Says that something went wrong on our side, that data is safe, and offers the report."""

    def __init__(self, error: BaseException, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("程序出了错")
        self.setMinimumWidth(560)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.setContentsMargins(18, 18, 18, 18)
        head = QLabel("程序出了一个没有料到的错误")
        head.setProperty("role", "heading")
        words = QLabel(
            "刚才的操作没有完成；已经保存的数据没有变动，可以继续使用。\n"
            "下面的错误报告只有程序版本和出错位置，不含任何人员信息，可以放心发给技术支持。"
        )
        words.setWordWrap(True)
        self.text = QPlainTextEdit(report(error))
        self.text.setReadOnly(True)
        self.text.setAccessibleName("错误报告")
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for name, kind, call in (("复制报告", "", self._copy), ("继续使用", "primary", self.accept)):
            made = QPushButton(name)
            made.setProperty("kind", kind)
            made.clicked.connect(lambda _=False, call=call: call())
            buttons.addWidget(made)
        for widget in (head, words, self.text):
            layout.addWidget(widget)
        layout.addLayout(buttons)
        self.resize(580, 420)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())


def show(error: BaseException, parent: QWidget | None = None) -> None:
    """Show the dialog for an error that is our bug; a second one while it is open is only written to stderr."""
    sys.stderr.write(report(error) + "\n")
    if _shown:
        return
    dialog = CrashDialog(error, parent)
    _shown.append(dialog)
    dialog.finished.connect(lambda _: _shown.clear())
    dialog.open()


def install() -> None:
    """Send every uncaught error of the main thread to the dialog."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if isinstance(error, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        elif isinstance(error, UserError):
            from PySide6.QtWidgets import QMessageBox

            QMessageBox.warning(None, "博爱台账", str(error))
        else:
            show(error)

    sys.excepthook = hook
