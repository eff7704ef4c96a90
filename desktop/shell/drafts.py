"""Dialogs that were closed with something typed and not saved: opened again, they are as they were left.

Esc and the cross only close one; who presses 取消 means to give up what was typed.
"""

from collections.abc import Callable, Hashable
from typing import TypeVar

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QPlainTextEdit, QTextEdit

from desktop.shell.widgets import room_for_words


class DraftDialog(QDialog):
    """A dialog that knows whether something was typed or ticked in it, and whether it was given up."""

    touched = False  # something was ticked or chosen that no field tells
    given_up = False

    def showEvent(self, event: QShowEvent) -> None:
        """No word is cut, at any size of the letters."""
        super().showEvent(event)
        room_for_words(self)

    def touch(self) -> None:
        """Something was ticked."""
        self.touched = True

    def give_up(self) -> None:
        """取消: close, and forget what was typed."""
        self.given_up = True
        self.reject()

    def typed(self) -> bool:
        """Tell whether a person typed, or ticked, something."""
        return (
            self.touched
            or any(line.isModified() for line in self.findChildren(QLineEdit))
            or any(text.document().isModified() for text in self.findChildren(QPlainTextEdit))
            or any(text.document().isModified() for text in self.findChildren(QTextEdit))
        )


_Dialog = TypeVar("_Dialog", bound=DraftDialog)


class Drafts:
    """Knows those that were left by what they are about."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._kept: dict[Hashable, DraftDialog] = {}

    def open(self, key: Hashable, make: Callable[[], _Dialog]) -> _Dialog:
        """Open a dialog, or the same one again where it was left with something typed."""
        kept = self._kept.pop(key, None)
        if kept is not None:
            kept.open()
            return kept  # type: ignore[return-value]  # a key is always asked for with the same class
        dialog = make()
        dialog.rejected.connect(lambda: self._left(key, dialog))
        dialog.accepted.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def titles(self) -> list[str]:
        """Return what they are called."""
        return [dialog.windowTitle() for dialog in self._kept.values()]

    def _left(self, key: Hashable, dialog: DraftDialog) -> None:
        if dialog.typed() and not dialog.given_up:
            self._kept[key] = dialog
            self._say("没有保存。填的内容还留着，再打开就能接着填")
        else:
            dialog.deleteLater()
