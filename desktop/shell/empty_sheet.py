"""What stands in a list's place while it has no rows: its headings over empty lines, and before them what to do."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop.shell.theme import Theme
from desktop.shell.widgets import label, row

_HEAD, _LINE = 36, 35  # as high as in a list with rows
_LEAST = 280  # where there is less height, the words alone
_WIDEST = 2.0  # times the width that a heading needs


class EmptySheet(QFrame):
    """`headings` are the columns that the list will have: they tell what belongs in a row before there is one."""

    def __init__(
        self, theme: Theme, heading: str, words: str, *buttons: QWidget, headings: Sequence[str] = (),
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.theme, self.headings = theme, tuple(headings)
        self.setObjectName("card")
        if headings:
            self.setAccessibleDescription(f"每一行有：{'、'.join(headings)}")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 8, 16, 8)
        outer.addStretch(2)
        self.front = QFrame()
        self.front.setObjectName("plain")
        self.front.setMaximumWidth(theme.px(680))
        inside = QVBoxLayout(self.front)
        inside.setContentsMargins(24, 14, 24, 16)
        inside.setSpacing(8)
        for text, role in ((heading, "heading"), (words, "dim")):
            if text:  # what is shown before it has a place would be a window of its own
                made = label(text, role, wrap=True)
                made.setAlignment(Qt.AlignmentFlag.AlignCenter)
                inside.addWidget(made)
        if buttons:
            inside.addSpacing(8)
            inside.addLayout(row(None, *buttons, None))
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(self.front, 100)
        middle.addStretch(1)
        outer.addLayout(middle)
        outer.addStretch(3)
        theme.changed.connect(self._size)

    def _size(self) -> None:
        self.front.setMaximumWidth(self.theme.px(680))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the sheet, and the ground on which the words stand."""
        super().paintEvent(event)
        px, colour = self.theme.px, self.theme.colour
        if not self.headings or self.height() < px(_LEAST):
            return
        painter = QPainter(self)
        room = self.rect().adjusted(1, 1, -1, -1)
        head = QRect(room.x(), room.y(), room.width(), px(_HEAD))
        painter.fillRect(head, colour("surface2"))
        painter.setPen(colour("line"))
        for y in range(head.bottom() + px(_LINE), room.bottom(), px(_LINE)):
            painter.drawLine(room.x(), y, room.right(), y)
        self._draw_headings(painter, head)
        painter.setPen(colour("line2"))
        painter.drawLine(head.bottomLeft(), head.bottomRight())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(colour("surface"))
        painter.drawRoundedRect(self.front.geometry(), 8, 8)

    def _draw_headings(self, painter: QPainter, head: QRect) -> None:
        px, x = self.theme.px, head.x()
        painter.setFont(self.theme.font(13))
        metrics = painter.fontMetrics()
        needed = [metrics.horizontalAdvance(words) + px(38) for words in self.headings]
        factor = min(max(head.width() / sum(needed), 1.0), _WIDEST)
        for words, need in zip(self.headings, needed, strict=True):
            cell = QRect(x, head.y(), int(need * factor), head.height())
            if cell.right() > head.right():
                return
            painter.setPen(self.theme.colour("text2"))
            painter.drawText(cell.adjusted(px(10), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, words)
            painter.setPen(self.theme.colour("line"))
            painter.drawLine(cell.topRight(), cell.bottomRight())
            x = cell.right() + 1
