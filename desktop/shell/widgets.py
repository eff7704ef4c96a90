"""Small parts that the pages share: buttons, labels, cards, chips and the rows they stand in."""

from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QHideEvent, QIcon, QKeySequence, QPainter, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QCompleter,
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

from db.records.statuses import STATUSES
from desktop.shell.theme import Theme

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


TONE_ICONS = {"good": "tick", "warn": "warn", "bad": "close", "calm": "dash", "info": "clock"}  # one mark for each tone


class Tag(QLabel):
    """A word on the ground of its tone, with the tone's mark in front of it: the tag that tables draw."""

    def __init__(self, theme: Theme, text: str = "", tone: str = "calm") -> None:
        super().__init__()
        self.theme, self.tone = theme, tone
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.say(text, tone)
        theme.changed.connect(self._resize)
        self._resize()

    def _resize(self) -> None:
        self.setIndent(self.theme.px(18))

    def say(self, text: str, tone: str = "") -> None:
        """Show another word, or another tone."""
        self.tone = tone or self.tone
        self.setText(text)
        if self.property("tone") != self.tone:
            self.setProperty("tone", self.tone)
            self.style().unpolish(self)
            self.style().polish(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the word, then its mark."""
        super().paintEvent(event)
        painter, side, room = QPainter(self), self.theme.px(14), self.contentsRect()
        picture = self.theme.pixmap(TONE_ICONS[self.tone], self.tone, side, self.devicePixelRatioF())
        painter.drawPixmap(room.x(), room.center().y() - side // 2 + 1, picture)


def tag(theme: Theme, status: str) -> Tag:
    """Make the tag of a status."""
    return Tag(theme, STATUSES[status], TONES[status])


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


def make_primary(theme: Theme, made: QPushButton, primary: bool) -> None:
    """Let a button stand out as the next step, or not any more."""
    kind = "primary" if primary else ""
    if (made.property("kind") or "") != kind:
        made.setProperty("kind", kind)
        theme.dress(made, str(made.property("icon_name")), "on_primary" if primary else "text2")
        made.style().unpolish(made)
        made.style().polish(made)


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
            around = watched.parentWidget()
            assert around is not None  # the field it stands in
            middle = (around.height() - watched.height()) // 2
            if watched.y() != middle:
                watched.move(watched.x(), middle)
        return False


def centre_icons(line: QLineEdit) -> None:
    """Put the buttons that stand in a field at half its height."""
    keeper = _Middle(line)
    for made in line.findChildren(QToolButton):
        made.installEventFilter(keeper)


class SecretLine(QLineEdit):
    """Takes a password or a recovery code; what was typed is gone as soon as the line is out of view."""

    def __init__(self, hidden: bool = True) -> None:
        super().__init__()
        if hidden:
            self.setEchoMode(QLineEdit.EchoMode.Password)

    def hideEvent(self, event: QHideEvent) -> None:
        """Forget what was typed, unless the whole window is only minimised."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.clear()


def chip(text: str, clicked: Callable[[], Any]) -> QPushButton:
    """Make a filter button that stays pressed."""
    made = QPushButton(text)
    made.setProperty("kind", "chip")
    made.setCheckable(True)
    made.setAutoExclusive(True)
    made.clicked.connect(lambda _=False: clicked())
    return made


def find_anywhere(box: QComboBox) -> None:
    """Let what is typed into a box find entries that hold it anywhere."""
    completer = box.completer()
    assert completer is not None  # an editable box has one
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)


def shortcut(keys: str, widget: QWidget, call: Callable[[], Any]) -> None:
    """Let keys do something while a widget, or one inside it, has the focus."""
    made = QShortcut(QKeySequence(keys), widget)
    made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    made.activated.connect(call)


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


def resize_within(dialog: QWidget, around: QWidget, wide: int, high: int) -> None:
    """Give a dialog a size in pixels, or what the window around it has."""
    room = around.window().size()
    dialog.resize(min(wide, room.width() - 40), min(high, room.height() - 30))


def room_for_words(dialog: QWidget) -> None:
    """Let a dialog be as high as its words need at its width: Qt opens it at the height of a width that it guesses."""
    whole = dialog.layout()
    if whole is not None and (need := whole.totalMinimumHeightForWidth(dialog.width())) > dialog.height():
        dialog.resize(dialog.width(), need)


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
