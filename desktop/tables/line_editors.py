"""One line that a person types: a text, a number that may be covered with stars, a day."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QDate, QLocale, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QCalendarWidget, QCompleter, QFrame, QLineEdit, QVBoxLayout

from db.records.fields import Field
from db.records.kinds import Cell, Choice, Date, Invalid, Value, is_blank
from desktop.services import typed
from desktop.shell.theme import Theme
from desktop.shell.widgets import centre_icons

_ICON_ROOM = 28  # what an icon in a field takes, whatever the zoom


class Marked:
    """A widget that can be marked as holding something that cannot be taken."""

    def set_wrong(self, wrong: bool) -> None:
        """Mark or unmark the field."""
        widget: Any = self
        if bool(widget.property("bad")) != wrong:
            widget.setProperty("bad", wrong)
            widget.style().unpolish(widget)
            widget.style().polish(widget)


class LineEditor(Marked, QLineEdit):
    """One line of text; what was typed is shown in its normal form when the field is left.

    A number of a person may be covered: its stars stand in the field until its eye is pressed and answered by
    `uncover`, or something is typed, which takes the place of all of it.
    """

    edited = Signal()
    left = Signal()
    whole_wanted = Signal()

    def __init__(self, field: Field, theme: Theme) -> None:
        super().__init__()
        self.field = field
        self.theme = theme
        self._covered: Value = None
        self._stars = ""
        self._eye: QAction | None = None
        self.textEdited.connect(self._typed_over)
        self.setAccessibleName(field.label)
        if field.kind.hint and not isinstance(field.kind, Choice | Date):
            self.setToolTip(field.kind.hint)
        self.textChanged.connect(lambda _: self.edited.emit())

    def cell(self) -> Cell:
        """What the form hands to `Entity.parse`; a sum in a field of numbers is worked out."""
        if self._covered is not None:
            return self.field.kind.show(self._covered)
        return typed.worked_out(self.text()) if self.field.kind.numeric else self.text()

    def set_value(self, value: Value) -> None:
        """Show a stored value."""
        self._bare()
        self.setText("" if value is None else self.field.kind.show(value))
        self.setCursorPosition(0)

    def put_back(self, cell: Cell) -> None:
        """Show again what was typed but not saved."""
        if str(cell or "") != self.cell():
            self._bare()
            self.setText(str(cell or ""))

    @property
    def is_covered(self) -> bool:
        """Whether stars stand for the value."""
        return self._covered is not None

    def cover(self, value: Value) -> None:
        """Let stars stand for a stored value."""
        if value is None:
            return
        self._stars = self.field.show(value)
        self.setText(self._stars)
        self._covered = value  # after the text, which gives up what is covered
        self.setCursorPosition(0)
        if self._eye is None:
            self._eye = QAction(f"显示完整的{self.field.label}", self)
            self.theme.dress(self._eye, "eye")
            self._eye.triggered.connect(self.whole_wanted)
            self.addAction(self._eye, QLineEdit.ActionPosition.TrailingPosition)
            centre_icons(self)
        self._eye.setVisible(True)

    def uncover(self) -> None:
        """Show the value itself."""
        if self._covered is not None:
            self.set_value(self._covered)

    def _bare(self) -> None:
        self._covered = None
        if self._eye is not None:
            self._eye.setVisible(False)

    def setText(self, text: str | None, /) -> None:
        """Show another text; what was covered is given up for it."""
        self._bare()
        super().setText(text or "")

    def clear(self) -> None:
        """Take away what stands in the field, covered or not."""
        self._bare()
        super().clear()

    def _typed_over(self, now: str) -> None:
        """What is typed into the stars takes their place: nobody edits a number that is not seen."""
        if self._covered is None:
            return
        begin = end = 0
        room = min(len(now), len(self._stars))
        while begin < room and now[begin] == self._stars[begin]:
            begin += 1
        while end < room - begin and now[-1 - end] == self._stars[-1 - end]:
            end += 1
        self._bare()
        self.setText(now[begin : len(now) - end])

    def offer(self, words: Sequence[str]) -> None:
        """Offer words that were used before, while one of them is typed; nothing is filled in unasked."""
        completer = QCompleter(list(words), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setCompleter(completer)
        self.setPlaceholderText(f"如 {'、'.join(words[:3])}" if words else "")
        if words:
            self.setToolTip(f"用过的：{'、'.join(words[:12])}")

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show the normal form of what was typed."""
        super().focusOutEvent(event)
        if not self.is_covered and not is_blank(self.text()):
            try:
                shown = self.field.kind.show(self.field.kind.parse(self.cell()))
            except Invalid:
                shown = self.text()
            if shown != self.text() and not self.isReadOnly():
                self.setText(shown)
        self.left.emit()


class DateEditor(LineEditor):
    """A day: typed in any accepted form, chosen from a calendar, or today with Ctrl+;."""

    def __init__(self, field: Field, theme: Theme, today: dt.date) -> None:
        super().__init__(field, theme)
        self.today = today
        self.setPlaceholderText("年-月-日")
        self.setToolTip(f"{Date.hint}；11.20 即今年的这一天；Ctrl+; 填今天")
        action = QAction("打开日历", self)
        theme.dress(action, "calendar")
        action.triggered.connect(self.open_calendar)
        self.addAction(action, QLineEdit.ActionPosition.TrailingPosition)
        centre_icons(self)

    def minimumSizeHint(self) -> QSize:
        """A whole day and the calendar's icon have room, wherever the field stands."""
        least = super().minimumSizeHint()
        day = self.fontMetrics().horizontalAdvance("2028-08-28")
        return QSize(max(least.width(), day + _ICON_ROOM + self.theme.px(20)), least.height())

    def cell(self) -> Cell:
        """What the form hands to `Entity.parse`; a month and a day are of this year."""
        return typed.with_year(str(super().cell()), self.today.year)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+; is today, as in Excel; Alt+Down opens the calendar."""
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if control and event.key() in (Qt.Key.Key_Semicolon, Qt.Key.Key_Colon):
            self.setText(self.today.isoformat())
        elif event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.open_calendar()
        else:
            super().keyPressEvent(event)

    def open_calendar(self) -> None:
        """Show a calendar under the field."""
        popup = QFrame(self, Qt.WindowType.Popup)
        popup.setObjectName("popup")
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box = QVBoxLayout(popup)
        box.setContentsMargins(4, 4, 4, 4)
        calendar = QCalendarWidget(popup)
        calendar.setLocale(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        try:
            calendar.setSelectedDate(QDate.fromString(str(Date().parse(self.text())), Qt.DateFormat.ISODate))
        except Invalid:
            calendar.setSelectedDate(QDate.currentDate())

        def take(day: QDate) -> None:
            self.setText(day.toString(Qt.DateFormat.ISODate))
            popup.close()

        calendar.clicked.connect(take)
        calendar.activated.connect(take)
        box.addWidget(calendar)
        popup.adjustSize()
        place = self.mapToGlobal(QPoint(self.width() - popup.width(), self.height() + 2))
        room = self.screen().availableGeometry()
        place.setX(max(room.left(), place.x()))
        if place.y() + popup.height() > room.bottom():
            place.setY(self.mapToGlobal(QPoint(0, 0)).y() - popup.height() - 2)
        popup.move(place)
        popup.show()
        calendar.setFocus()
