"""The navigation: an entry for each page, with its word as long as there is room for one."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout

from desktop.shell.desk import Desk
from desktop.shell.page import Page
from desktop.shell.theme import Theme
from desktop.shell.widgets import label, rule, scrolled

NARROW = 1180  # logical pixels of the window below which words are small, and pages lay their forms over their lists
TINY = 800  # below which the navigation shows icons alone


class NavigationButton(QPushButton):
    """One entry of the navigation, and a number where something waits."""

    def __init__(self, theme: Theme, text: str, icon: str, keys: str = "") -> None:
        super().__init__()
        self.setObjectName("navigate")
        self.theme, self.words, self.badge, self.keys = theme, text, 0, keys
        self.setCheckable(True)
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        theme.dress(self, icon)
        self.set_room("wide")

    def set_room(self, room: str) -> None:
        """Show the word where there is room: ``wide`` beside the icon, ``narrow`` small beside it, ``tiny`` not at all."""
        self.setText("" if room == "tiny" else f" {self.words}")
        tip = (
            f"{self.words}（{self.keys}）"
            if self.keys and room == "tiny"
            else self.words
            if room == "tiny"
            else self.keys
        )
        self.setToolTip(tip)
        if self.property("room") != room:
            self.setProperty("room", room)
            self.style().unpolish(self)
            self.style().polish(self)
        size = self.theme.px(16 if room == "narrow" else 20)
        self.setIconSize(QSize(size, size))

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
        narrow = self.property("room") != "wide"
        size = self.theme.px(15 if narrow else 20)
        top = 0 if not self.text() else (self.height() - size) // 2
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


class Navigation(QFrame):
    """The product, the office, the entries in their groups, and 帮助 at the foot."""

    def __init__(
        self, desk: Desk, pages: Sequence[type[Page]], go: Callable[[str], object], help_asked: Callable[[], object]
    ) -> None:
        super().__init__()
        self.setObjectName("nav")
        self.theme = desk.theme
        self.entries: dict[str, NavigationButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 10, 8, 8)
        column.setSpacing(6)
        self.mark = label()
        self.product, self.office_label = label("博爱台账", "strong"), label("", "hint")
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self.product)
        names.addWidget(self.office_label)
        head = QHBoxLayout()
        head.setContentsMargins(4, 0, 0, 2)
        head.setSpacing(9)
        head.addWidget(self.mark)
        head.addLayout(names, 1)
        column.addLayout(head)
        area, inner = scrolled("导航")
        inner.setSpacing(0)
        group, chosen = QButtonGroup(self), ""
        for page in pages:
            if page.group != chosen:
                chosen = page.group
                inner.addSpacing(3)
                inner.addWidget(rule())
                inner.addSpacing(3)
            entry = NavigationButton(
                self.theme, page.title, page.icon, f"Ctrl+{page.shortcut}" if page.shortcut else ""
            )
            entry.clicked.connect(lambda _=False, key=page.key: go(key))
            group.addButton(entry)
            inner.addWidget(entry)
            self.entries[page.key] = entry
        inner.addStretch(1)
        column.addWidget(area, 1)
        self.help_button = NavigationButton(self.theme, "帮助", "help", "F1")
        self.help_button.setCheckable(False)
        self.help_button.clicked.connect(lambda _=False: help_asked())
        column.addWidget(self.help_button)

    def show_office(self, name: str) -> None:
        """Say whose ledger it is."""
        self.office_label.setText(name if len(name) <= 8 else name[:7] + "…")
        self.office_label.setToolTip(name)

    def lay_out(self, wide: int, ratio: float) -> None:
        """Follow the window's width in pixels, and the zoom."""
        px = self.theme.px
        room = "wide" if wide >= px(NARROW) or not wide else "narrow" if wide >= px(TINY) else "tiny"
        self.setFixedWidth(px({"wide": 168, "narrow": 116, "tiny": 60}[room]))
        for entry in (*self.entries.values(), self.help_button):
            entry.set_room(room)
        for widget in (self.product, self.office_label):
            widget.setVisible(room == "wide")
        self.mark.setPixmap(self.theme.pixmap("mark", "text", px(32), ratio))
