"""Dialogs that were closed with something typed and not saved: opened again, they are as they were left.

Esc and the cross only close one; who presses 取消 means to give up what was typed.
"""

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtWidgets import QDialog, QLineEdit, QPlainTextEdit, QPushButton, QTextEdit

from desktop.tables.text_table import PlainModel

if TYPE_CHECKING:
    from desktop.window.window import MainWindow

_Dialog = TypeVar("_Dialog", bound=QDialog)


class Unfinished:
    """Knows them by what they are about."""

    def __init__(self, desk: "MainWindow") -> None:
        self._desk = desk
        self._kept: dict[Hashable, QDialog] = {}

    def open(self, key: Hashable, make: Callable[[], _Dialog]) -> _Dialog:
        """Open a dialog, or the same one again where it was left with something typed."""
        kept = self._kept.pop(key, None)
        if kept is not None:
            kept.open()
            return kept  # type: ignore[return-value]
        dialog = make()
        for model in dialog.findChildren(PlainModel):
            model.ticks_changed.connect(lambda: dialog.setProperty("touched", True))
        for cancel in dialog.findChildren(QPushButton):
            if cancel.text() == "取消":
                cancel.clicked.disconnect()
                cancel.clicked.connect(lambda: self._give_up(dialog))
        dialog.rejected.connect(lambda: self._left(key, dialog))
        dialog.accepted.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def titles(self) -> list[str]:
        """Return what they are called."""
        return [dialog.windowTitle() for dialog in self._kept.values()]

    def _give_up(self, dialog: QDialog) -> None:
        dialog.setProperty("given_up", True)
        dialog.reject()

    def _left(self, key: Hashable, dialog: QDialog) -> None:
        if typed(dialog) and not dialog.property("given_up"):
            self._kept[key] = dialog
            self._desk.toast.say("没有保存。填的内容还留着，再打开就能接着填")
        else:
            dialog.deleteLater()


def typed(dialog: QDialog) -> bool:
    """Tell whether a person typed, or ticked, something in a dialog."""
    return bool(
        dialog.property("touched")
        or any(line.isModified() for line in dialog.findChildren(QLineEdit))
        or any(text.document().isModified() for text in dialog.findChildren(QPlainTextEdit))
        or any(text.document().isModified() for text in dialog.findChildren(QTextEdit))
    )
