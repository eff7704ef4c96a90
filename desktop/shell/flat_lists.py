"""Lists of lines whose chosen one is drawn as a table draws its chosen row: one colour, with and without the keys on it."""

from typing import Any

from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QListWidget, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.shell.theme import Theme


class FlatLines(QStyledItemDelegate):
    """Draws a chosen line; the style's own way, where the keys are on it, is a gradient."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme

    def paint(self, painter: QPainter, option: Any, index: Any) -> None:
        """Fill the line, let the style draw the rest as of one that is not chosen, and frame it where the keys are."""
        plain = QStyleOptionViewItem(option)
        chosen = bool(plain.state & QStyle.StateFlag.State_Selected)
        has_keys = bool(plain.state & QStyle.StateFlag.State_HasFocus)
        if chosen:
            painter.fillRect(plain.rect, self.theme.colour("sel"))
        plain.state &= ~(QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_HasFocus)
        super().paint(painter, plain, index)
        if has_keys:
            painter.setPen(self.theme.colour("accent"))
            painter.drawRect(plain.rect.adjusted(0, 0, -1, -1))


def flat_list(theme: Theme) -> QListWidget:
    """Make a list of lines."""
    made = QListWidget()
    made.setItemDelegate(FlatLines(theme, made))
    return made
