"""The buttons of the navigation."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

from desktop.shell.page import Page
from desktop.shell.theme import Theme

NARROW = 1180  # logical pixels below which the navigation shows icons only


class NavigationButton(QPushButton):
    """One entry of the navigation; shows its icon alone in a narrow window, and a number where something waits."""

    def __init__(self, theme: Theme, text: str, icon: str) -> None:
        super().__init__()
        self.setObjectName("navigate")
        self.theme, self.words, self.badge = theme, text, 0
        self.setCheckable(True)
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        theme.dress(self, icon)
        self.set_narrow(False)

    def set_narrow(self, narrow: bool) -> None:
        """Show or hide the word."""
        self.setText("" if narrow else f" {self.words}")
        self.setToolTip(self.words if narrow else "")

    def set_badge(self, number: int) -> None:
        """Show how many things wait."""
        self.badge = number
        self.setAccessibleName(f"{self.words}，{number} 项" if number else self.words)
        self.update()

    def sizeHint(self) -> QSize:
        """Comfortable where there is room."""
        return QSize(self.theme.px(60), self.theme.px(35))

    def minimumSizeHint(self) -> QSize:
        """Shrinks a little in a low window, never under what a mouse hits easily."""
        return QSize(self.theme.px(40), max(24, self.theme.px(21)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the number on top."""
        super().paintEvent(event)
        if not self.badge:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        narrow = not self.text()
        size = self.theme.px(15 if narrow else 20)
        top = 0 if narrow else (self.height() - size) // 2
        box = QRect(self.width() - size - (0 if narrow else self.theme.px(9)), top, size, size)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.colour("bad_bg"))
        painter.drawEllipse(box)
        painter.setPen(self.theme.colour("bad"))
        painter.setFont(self.theme.font(10 if narrow else 12, True))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(min(self.badge, 99)))


def show_for(entries: Mapping[str, NavigationButton], pages: Iterable[type[Page]], level: str) -> None:
    """Show the entries of the pages that an office of this level has."""
    for page in pages:
        entries[page.key].setVisible(not page.levels or level in page.levels)
