"""Small parts that the pages share: buttons, labels, cards, chips, the toast, and the page they stand on."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from db.rules.register import STATUSES
from desktop.shell.jobs import ALL_TABLES
from desktop.shell.theme import Theme

if TYPE_CHECKING:
    from desktop.window.window import MainWindow

# How each status of a clause is shown.
TONES = {
    "met": "good", "partial": "warn", "not_met": "bad", "in_progress": "info", "not_due": "info",
    "not_applicable": "calm", "missing_data": "warn", "missing_evidence": "warn", "explain": "warn",
    "attention": "warn", "recorded": "calm",
}  # fmt: skip


def label(text: str = "", role: str = "", wrap: bool = False, selectable: bool = False) -> QLabel:
    """Make a label of a role that the style sheet knows."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        made.setProperty("role", role)
    made.setWordWrap(wrap)
    if selectable:
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


class Elided(QLabel):
    """A label of one line that ends in … where there is no room; the tip has all of it."""

    def __init__(self, text: str = "", role: str = "", tip: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        if role:
            self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.whole = ""
        self.say(text, tip)

    def say(self, text: str, tip: str = "") -> None:
        """Show another text."""
        self.whole = text
        self.setToolTip(tip or text)
        self.setAccessibleName(text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut anew."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.ensurePolished()
        cut = self.fontMetrics().elidedText(self.whole, Qt.TextElideMode.ElideRight, max(20, self.width()))
        if cut != self.text():
            self.setText(cut)


def tag(status: str) -> QLabel:
    """Make a status tag: word and colour (the mark stands in front of the word)."""
    made = QLabel(status_text(status))
    made.setProperty("tone", TONES[status])
    return made


_MARKS = {"good": "✓", "warn": "!", "bad": "✕", "calm": "–", "info": "…"}


def status_text(status: str) -> str:
    """Return a status in words with its mark."""
    return f"{_MARKS[TONES[status]]} {STATUSES[status]}"


def button(
    theme: Theme, text: str, icon: str = "", kind: str = "", tip: str = "", clicked: Callable[[], Any] | None = None
) -> QPushButton:
    """Make a push button; without text it needs a tip, which is also its name."""
    made = QPushButton(text)
    if kind:
        made.setProperty("kind", kind)
    if icon:
        theme.dress(made, icon, {"primary": "on_primary", "link": "accent"}.get(kind, "text2"))
    if tip:
        made.setToolTip(tip)
    made.setAccessibleName(text or tip)
    if clicked is not None:
        made.clicked.connect(lambda _=False: clicked())
    return made


def magnifier(theme: Theme, line: QLineEdit) -> None:
    """Show that something is looked for in a field."""
    glass = line.addAction(QIcon(), QLineEdit.ActionPosition.LeadingPosition)
    glass.setText("查找")
    glass.triggered.connect(line.setFocus)
    theme.dress(glass, "search", "text3")
    centre_icons(line)
    for made in line.findChildren(QToolButton):
        if glass in made.actions():
            made.setAccessibleName("查找")


class _Middle(QObject):
    """Keeps the buttons in a field at half its height: Qt places them for a size smaller than they have."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow every move of Qt's."""
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize) and isinstance(watched, QWidget):
            middle = (watched.parentWidget().height() - watched.height()) // 2
            if watched.y() != middle:
                watched.move(watched.x(), middle)
        return False


def centre_icons(line: QLineEdit) -> None:
    """Put the buttons that stand in a field at half its height."""
    keeper = _Middle(line)
    for made in line.findChildren(QToolButton):
        made.installEventFilter(keeper)


def chip(text: str, clicked: Callable[[], Any]) -> QPushButton:
    """Make a filter button that stays pressed."""
    made = QPushButton(text)
    made.setProperty("kind", "chip")
    made.setCheckable(True)
    made.setAutoExclusive(True)
    made.clicked.connect(lambda _=False: clicked())
    return made


def rule(upright: bool = False) -> QFrame:
    """Make a thin line."""
    made = QFrame()
    made.setObjectName("upright" if upright else "rule")
    return made


def card(margins: tuple[int, int, int, int] = (16, 14, 16, 14), spacing: int = 8) -> tuple[QFrame, QVBoxLayout]:
    """Make a white card and its layout."""
    made = QFrame()
    made.setObjectName("card")
    layout = QVBoxLayout(made)
    layout.setContentsMargins(*margins)
    layout.setSpacing(spacing)
    return made, layout


def row(*widgets: QWidget | None, spacing: int = 8) -> QHBoxLayout:
    """Put widgets side by side; None is stretch."""
    made = QHBoxLayout()
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(spacing)
    fill(made, widgets)
    return made


def fill(layout: QBoxLayout, widgets: Iterable[QWidget | QLayout | None]) -> None:
    """Add widgets and layouts in order; None is stretch."""
    for widget in widgets:
        if widget is None:
            layout.addStretch(1)
        elif isinstance(widget, QLayout):
            layout.addLayout(widget)
        else:
            layout.addWidget(widget)


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and destroy it."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            clear(inner)


def scrolled(name: str) -> tuple[QScrollArea, QVBoxLayout]:
    """Make a scrolling column and the layout of its content."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setAccessibleName(name)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.viewport().setAutoFillBackground(False)
    inner = QWidget()
    inner.setObjectName("plain")
    layout = QVBoxLayout(inner)
    layout.setContentsMargins(0, 0, 0, 0)
    area.setWidget(inner)
    inner.setAutoFillBackground(False)
    return area, layout


class Page(QWidget):
    """A screen of the window. It loads when it is shown and something it reads has changed."""

    fact_changed = Signal(str)
    status_changed = Signal(str)
    tables: frozenset[str] = ALL_TABLES  # what it reads
    follows_quarter = False
    hint = ""

    def __init__(self, desk: "MainWindow") -> None:
        super().__init__(desk.stack)  # at its place from the start: moved later, all that it holds is styled anew
        self.setObjectName("page")
        self.desk = desk
        self.theme = desk.theme
        self.jobs = desk.jobs
        self.fact = ""
        self.stale = True

    def load(self) -> None:
        """Ask for everything that is shown."""

    def arrive(self) -> None:
        """Called when the page comes into view."""
        if self.stale:
            self.stale = False
            self.load()

    def touched(self, tables: frozenset[str]) -> None:
        """Called after a write; loads again now or at the next arrival."""
        if tables & self.tables:
            self.stale = True
            if self.isVisible():
                self.arrive()

    def quarter_changed(self) -> None:
        """Called after another quarter was chosen."""
        if self.follows_quarter:
            self.stale = True
            if self.isVisible():
                self.arrive()

    def tell(self, fact: str) -> None:
        """Set the sentence beside the title."""
        self.fact = fact
        self.fact_changed.emit(fact)

    def take_focus(self) -> None:
        """Called when the page came into view: the keys go to it."""
        self.setFocus()

    def prepare(self) -> bool:
        """Make one more part ahead of its first use; tell whether there was one to make."""
        return False

    def narrow(self, narrow: bool) -> None:
        """Called when the window becomes narrow or wide again."""

    def select(self, entity: str, ids: frozenset[int]) -> None:
        """Show records of this page."""


class Toast(QFrame):
    """A line at the foot of the window that says what was done, with 撤销; goes away by itself."""

    undo = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("toast")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 6, 10, 6)
        layout.setSpacing(10)
        self.words = label()
        self.button = QPushButton("撤销")
        self.button.setAccessibleName("撤销刚才的操作")
        self.button.clicked.connect(self._take_back)
        layout.addWidget(self.words)
        layout.addWidget(self.button)
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.timeout.connect(self.hide)
        parent.installEventFilter(self)
        self.hide()

    def say(self, text: str, undo: bool = False, seconds: int = 8) -> None:
        """Show a sentence."""
        self.words.setText(text if len(text) <= 60 else text[:59] + "…")
        self.words.setToolTip(text)
        self.button.setVisible(undo)
        self.show()
        self.raise_()
        self.place()
        self.timer.start(seconds * 1000)

    def place(self) -> None:
        """Stand in the middle above the status bar."""
        self.adjustSize()
        over = self.parentWidget()
        self.move((over.width() - self.width()) // 2, over.height() - self.height() - 56)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in place when the window changes its size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.place()
        return False

    def _take_back(self) -> None:
        self.hide()
        self.undo.emit()
