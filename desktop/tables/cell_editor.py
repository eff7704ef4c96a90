"""Typing in a cell: the editor over the cell, its keys, and why a value is not taken.

The editor stays open until its value is taken or given up, so nothing typed is lost when a list is read again.
"""

import datetime as dt
from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPlainTextEdit, QPushButton, QWidget

from db.records.fields import Entity, Field, Row
from db.records.kinds import Cell, Invalid, Phone
from desktop.services.cell_changes import changed, errors, value_of
from desktop.shell.widgets import label
from desktop.tables.cell_drawing import Index
from desktop.tables.editors import ChoiceEditor, ChoicesEditor, Editor, RefEditor, TextEditor, editor
from desktop.tables.line_editors import DateEditor, LineEditor
from desktop.tables.record_model import TableModel, TableView

_STAYS = (
    Qt.FocusReason.PopupFocusReason,
    Qt.FocusReason.ActiveWindowFocusReason,
    Qt.FocusReason.MenuBarFocusReason,
)
_STEPS = {
    Qt.Key.Key_Return: (1, 0), Qt.Key.Key_Enter: (1, 0), Qt.Key.Key_Tab: (0, 1), Qt.Key.Key_Backtab: (0, -1),
}  # fmt: skip


class CellEditor(QObject):
    """The one editor of a list. `over` returns what it stands on over a cell; values are judged by `entity`."""

    taken = Signal(int, str, object)  # row id, field, cell: sound as far as the list can tell
    closed = Signal()
    whole_wanted = Signal(bool)  # a covered number is to be seen; True: a telephone
    stepped = Signal(int, int)  # rows down, columns to the right: where to go on

    def __init__(
        self, grid: TableView, records: TableModel, entity: Entity, today: dt.date, over: Callable[[Index], QWidget]
    ) -> None:
        super().__init__(grid)
        self.grid, self.records, self.entity, self.today, self.over = grid, records, entity, today, over
        self.widget: Editor | None = None
        self.row: Row = {}
        self.field: Field | None = None
        self.composing = False  # an input method is at work and the grid still has the focus
        self.error = label("", "cellerror", wrap=True)
        self.error.setParent(grid)
        self.error.hide()
        for bar in (grid.horizontalScrollBar(), grid.verticalScrollBar()):
            bar.valueChanged.connect(lambda _: self.place())

    @property
    def is_open(self) -> bool:
        """Tell whether something is being typed."""
        return self.widget is not None

    def open(self, index: Index, typed: str | None = None, focus: bool = True) -> bool:
        """Put an editor over a cell: with its value, or with what was typed instead of it."""
        if not index.isValid() or not index.flags() & Qt.ItemFlag.ItemIsEditable or not self.take():
            return False
        model = self.records
        self.row, self.field = model.row(index.row()), model.fields[index.column()]
        widget = self.widget = editor(self.field, self.grid.theme, self.today)
        widget.setProperty("incell", True)
        titles = model.sheet.titles.get(self.field.name)
        if titles is not None and isinstance(widget, RefEditor | ChoicesEditor):
            widget.set_titles(titles)
        widget.set_value(self.row[self.field.name])
        if model.sheet.masked and self.field.masked and isinstance(widget, LineEditor):
            widget.cover(self.row[self.field.name])
            telephone = isinstance(self.field.kind, Phone)
            widget.whole_wanted.connect(lambda: self.whole_wanted.emit(telephone))
        widget.setParent(self.over(index))
        for part in self._parts():
            part.installEventFilter(self)
        self.place()
        widget.show()
        line = self._line()
        if typed is not None and line is not None:
            line.clear()
            if isinstance(line, QLineEdit):
                line.insert(typed)
            else:
                line.insertPlainText(typed)
        elif isinstance(line, QLineEdit):
            line.selectAll()
        if isinstance(widget, QComboBox):
            widget.activated.connect(lambda _: QTimer.singleShot(0, self, self.take))
        widget.edited.connect(lambda: self._tell(""))
        if focus:
            widget.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def reopen(self, index: Index, cell: Cell, reason: str) -> None:
        """Show again what the ledger did not take, and why."""
        if self.open(index) and self.widget is not None:
            self.widget.put_back(cell)
            self._tell(reason)

    def take(self, step: tuple[int, int] | None = None) -> bool:
        """Hand over what is typed and close; False: it cannot be taken, and the editor stays with the reason."""
        widget, f = self.widget, self.field
        if widget is None or f is None or not shiboken6.isValid(widget):
            return True
        if isinstance(widget, RefEditor):
            widget._settle()
        cell = widget.cell()
        try:
            after = changed(self.entity, self.row, {f.name: value_of(f, cell)})
        except Invalid as error:
            return self._refuse(str(error))
        if after != self.row:
            wrong = errors(self.entity, self.row, dict(after), [f.name], self.today)
            if wrong:
                return self._refuse("；".join(p.reason for p in wrong))
            self.taken.emit(int(self.row["id"] or 0), f.name, cell)
        self._close()
        if step is not None:
            self.stepped.emit(*step)
        return True

    def uncover(self) -> None:
        """Show the covered number."""
        if isinstance(self.widget, LineEditor):
            self.widget.uncover()

    def cancel(self) -> None:
        """Give up what was typed."""
        self._close()

    def text(self) -> str:
        """Return what is in the editor and differs from the cell; empty if nothing does."""
        if self.widget is None or self.field is None:
            return ""
        cell = self.widget.cell()
        try:
            return "" if value_of(self.field, cell) == self.row[self.field.name] else str(cell)
        except Invalid:
            return str(cell)

    def place(self) -> None:
        """Stand over the cell, wherever it has scrolled to."""
        if self.widget is None or self.field is None:
            return
        index = self.records.index_of(int(self.row["id"] or 0), self.field.name)
        if not index.isValid():
            return
        rect, px = self.grid.visualRect(index), self.grid.theme.px
        wide = px(150) if isinstance(self.widget, QComboBox | QPushButton | DateEditor) else px(110)
        wide = max(rect.width(), px(240) if isinstance(self.widget, TextEditor) else wide)
        room = self.grid.viewport().width()
        left = max(0, min(rect.left(), room - wide))
        high = px(84) if isinstance(self.widget, TextEditor) else rect.height()
        self.widget.setFixedHeight(high)
        self.widget.setGeometry(QRect(left, rect.top(), min(wide, room), high))
        self.widget.raise_()
        self._place_error()

    # Input methods: focus must not move while a word is being composed, or its first letters are lost

    def compose(self, index: Index, event: QInputMethodEvent) -> bool:
        """Take what an input method sends to the grid; False: there is nothing to type into."""
        if not self.composing:
            if not event.preeditString() and not event.commitString():
                return False
            if self.is_open or not self.open(index, "", focus=False):
                return False
            if isinstance(self.widget, ChoiceEditor | ChoicesEditor):
                self.cancel()
                return False
            self.composing = True
        if (line := self._line()) is not None:
            QApplication.sendEvent(line, event)
        if event.commitString() or not event.preeditString():
            self.composing = False
            if not event.commitString() and not self._typed():
                self.cancel()
            elif self.widget is not None:
                self.widget.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def line(self) -> QWidget | None:
        """Return the widget that characters go to."""
        return self._line() or self.widget

    def _typed(self) -> bool:
        line = self._line()
        return bool(line and (line.toPlainText() if isinstance(line, QPlainTextEdit) else line.text()))

    def _line(self) -> QLineEdit | QPlainTextEdit | None:
        """The part of the editor that takes characters; none in a box of choices."""
        widget = self.widget
        if isinstance(widget, RefEditor):
            return widget.line()
        return widget if isinstance(widget, QLineEdit | QPlainTextEdit) else None

    def _parts(self) -> list[QWidget]:
        assert self.widget is not None
        return [self.widget, *([self.widget.line()] if isinstance(self.widget, RefEditor) else [])]

    # Keys and focus

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter, Tab and Escape; and being left for another widget."""
        kind = event.type()
        if self.widget is None or kind not in (
            QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride, QEvent.Type.FocusOut,
        ):  # fmt: skip
            return False
        if isinstance(event, QFocusEvent):
            if event.reason() not in _STAYS:
                QTimer.singleShot(0, self, self._left)
            return False
        assert isinstance(event, QKeyEvent)
        key = Qt.Key(event.key())
        mine = key in _STEPS or key in (Qt.Key.Key_Escape, Qt.Key.Key_Delete)
        if kind == QEvent.Type.ShortcutOverride:
            if mine:
                event.accept()
            return False
        if key == Qt.Key.Key_Escape:
            self.cancel()
            return True
        if key not in _STEPS:
            return False
        down, right = _STEPS[key]
        if down and isinstance(self.widget, TextEditor) and event.modifiers() & (
            Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ControlModifier
        ):  # fmt: skip
            self.widget.insertPlainText("\n")
            return True
        back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier) and down
        self.take((-down, 0) if back else (down, right))
        return True

    def _left(self) -> None:
        now = QApplication.focusWidget()
        if self.widget is None or (now is not None and (now is self.widget or self.widget.isAncestorOf(now))):
            return
        if QApplication.activePopupWidget() is None:
            self.take()

    def _refuse(self, reason: str) -> bool:
        self._tell(reason)
        if self.widget is not None and self.widget.isVisible():
            self.widget.setFocus(Qt.FocusReason.OtherFocusReason)
        return False

    def _tell(self, reason: str) -> None:
        if self.widget is None:
            return
        self.widget.set_wrong(bool(reason))
        self.widget.setAccessibleDescription(reason)
        self.error.setText(reason)
        self.error.setVisible(bool(reason))
        self._place_error()

    def _place_error(self) -> None:
        if self.widget is None or not self.error.text():
            return
        px = self.grid.theme.px
        metrics = self.error.fontMetrics()
        wide = min(px(340), metrics.horizontalAdvance(self.error.text()) + px(24))
        self.error.setFixedWidth(wide)
        high = self.error.heightForWidth(wide)
        corner = self.widget.mapTo(self.grid, self.widget.rect().bottomLeft())
        under = corner.y() + 2
        if under + high > self.grid.height():
            under = corner.y() - self.widget.height() - high - 2
        self.error.setGeometry(max(0, min(corner.x(), self.grid.width() - wide)), under, wide, high)
        self.error.raise_()

    def _close(self) -> None:
        widget, self.widget, self.field, self.composing = self.widget, None, None, False
        self.error.setText("")
        self.error.hide()
        if widget is not None:
            had = widget.hasFocus() or any(w.hasFocus() for w in widget.findChildren(QWidget))
            for part in (widget, *widget.findChildren(QLineEdit)):
                part.removeEventFilter(self)
            widget.hide()
            widget.deleteLater()
            if had:
                self.grid.setFocus(Qt.FocusReason.OtherFocusReason)
            self.closed.emit()
