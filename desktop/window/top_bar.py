"""The line over every page: its title and a fact, that all is saved, undo, search, the quarter, reminders, look and lock."""

from collections.abc import Callable

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QWidget

from desktop.pages.overview.reminders import Bell
from desktop.pages.system.find_everywhere import SearchBox
from desktop.shell.desk import Desk
from desktop.shell.widgets import Elided, button, fill, label

_NUMERALS = "一二三四"
# From so many logical pixels on: what stands there in full.
_ROOMY, _TIGHT = 900, 700


class TopBar(QFrame):
    """What gives way where there is little room: the fact is cut, the search box shrinks, a tick alone says 已自动保存."""

    def __init__(
        self, desk: Desk, window: QWidget, undo: Callable[[], object], redo: Callable[[], object],
        lock: Callable[[], object], turn_dark: Callable[[], object],
    ) -> None:  # fmt: skip
        super().__init__()
        self.setObjectName("plain")
        self.desk, self.theme = desk, desk.theme
        bar = QHBoxLayout(self)
        bar.setContentsMargins(20, 12, 16, 12)
        bar.setSpacing(10)
        self.title, self.fact = label("", "title"), Elided("", "fact")
        self.saved_icon, self.saved = label(), label("只读" if desk.read_only else "已自动保存", "saved")
        self.is_well = True  # what was changed last is on the disk
        theme = self.theme
        self.undo_button = button(theme, "", "undo", "quiet", "没有可以撤销的操作", undo)
        self.redo_button = button(theme, "", "redo", "quiet", "没有可以重做的操作", redo)
        self.search = SearchBox(desk, window)
        self.quarters = QComboBox()
        self.quarters.setAccessibleName("季度")
        for quarter in desk.quarters:
            self.quarters.addItem(f"{quarter.year} 年第{_NUMERALS[quarter.number - 1]}季度")
        self.quarters.setCurrentIndex(desk.quarters.index(desk.quarter))
        self.bell = Bell(desk)
        self.dark_button = button(theme, "", "moon", "quiet", "换成深色", turn_dark)
        self.lock_button = button(theme, "", "lock", "quiet", "锁定（Ctrl+L）", lock)
        bar.addWidget(self.title)
        bar.addWidget(self.fact, 1)
        fill(bar, (
            self.saved_icon, self.saved, self.undo_button, self.redo_button, self.search, self.quarters, self.bell,
            self.dark_button, self.lock_button,
        ))  # fmt: skip
        self._show_mode()
        theme.changed.connect(self._show_mode)

    def _show_mode(self) -> None:
        self.theme.dress(self.dark_button, "sun" if self.theme.dark else "moon")
        self.dark_button.setToolTip("换成浅色" if self.theme.dark else "换成深色")
        self.dark_button.setAccessibleName(self.dark_button.toolTip())

    def say_saved(self, text: str) -> None:
        """Say that all is saved, and when."""
        self._say(text, True)

    def say_not_saved(self) -> None:
        """Say that the last change did not reach the disk, until one does."""
        self._say("上一次没有保存成功", False)

    def _say(self, text: str, well: bool) -> None:
        self.saved.setText(text)
        self.saved_icon.setToolTip(text)
        if well != self.is_well:
            self.is_well = well
            self.saved.setProperty("role", "saved" if well else "error")
            self.saved.style().unpolish(self.saved)
            self.saved.style().polish(self.saved)
            self.lay_out()

    def lay_out(self) -> None:
        """Follow zoom and width."""
        px, wide = self.theme.px, self.width()
        roomy = wide >= px(_ROOMY)
        self.search.setFixedWidth(px(250 if roomy else 190 if wide >= px(_TIGHT) else 120))
        good = ("saved", "good") if self.is_well else ("warn", "bad")
        icon = ("eye", "warn") if self.desk.read_only else good
        self.saved_icon.setPixmap(self.theme.pixmap(*icon, px(16), self.devicePixelRatioF()))
        self.saved.setVisible(roomy or not self.is_well)
        self.saved_icon.setToolTip(self.saved.text())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give way, or take the room again."""
        super().resizeEvent(event)
        self.lay_out()
