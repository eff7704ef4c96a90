"""A hand on mouse and keyboard that counts: clicks, key chords, and fields typed (with the Enter or Tab that leaves one)."""

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QTableView, QWidget

from desktop.window.window import MainWindow
from tests.desktop.conftest import Settle

CONTROL = Qt.KeyboardModifier.ControlModifier


class Hand:
    """Works the window as a person does and counts what it did."""

    def __init__(self, window: MainWindow, settle: Settle, start: str = "overview") -> None:
        """Begin on a page (工作台, where the counting of every task begins), or where the window is."""
        self.window, self.settle = window, settle
        self.clicks = self.keys = self.fields = 0
        window.activateWindow()  # a dialog that was closed leaves none active where there is no window manager
        if start:
            window.show_page(start)
        settle()

    @staticmethod
    def over(window: MainWindow, settle: Settle) -> "Hand":
        """Begin where the window is."""
        return Hand(window, settle, "")

    def click(self, widget: QWidget) -> None:
        """Click a button that is in view."""
        assert widget.isVisible(), widget
        assert widget.isEnabled(), widget
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        self.clicks += 1
        self.settle()

    def go(self, page: str) -> None:
        """Click an entry of the navigation."""
        self.click(self.window.entries[page])

    def click_row(self, view: QTableView, row: int, column: int = 0) -> None:
        """Click a row of a table, as far left as its box stands."""
        rect = view.visualRect(view.model().index(row, column))
        assert rect.isValid()
        place = rect.center()
        place.setX(rect.x() + 18)
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
        self.clicks += 1
        self.settle()

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = CONTROL) -> None:
        """Press a key chord where the keys go."""
        QTest.keyClick(QApplication.focusWidget() or self.window, key, held)
        self.keys += 1
        self.settle()

    def field(self, text: str, leave: Qt.Key = Qt.Key.Key_Return, into: QWidget | None = None) -> None:
        """Type into the field that has the keys (or goes to one by Tab) and leave it."""
        if into is not None:
            into.setFocus(Qt.FocusReason.TabFocusReason)
        widget = QApplication.focusWidget()
        line = widget.lineEdit() if isinstance(widget, QComboBox) else widget
        assert line is not None
        if isinstance(line, QLineEdit) and line.text():
            line.selectAll()
        if text.isascii():
            QTest.keyClicks(line, text)
        else:  # as an input method hands it over
            event = QInputMethodEvent()
            event.setCommitString(text)
            QApplication.sendEvent(line, event)
        QTest.keyClick(line, leave)
        self.fields += 1
        self.settle()

    def drop(self, widget: QWidget, path: str) -> None:
        """Drop a file; dragging it is no click and no key."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(path)])
        action, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
        left = Qt.MouseButton.LeftButton
        enter = QDragEnterEvent(widget.rect().center(), action, data, left, none)
        QApplication.sendEvent(widget, enter)
        assert enter.isAccepted()
        QApplication.sendEvent(widget, QDropEvent(QPointF(widget.rect().center()), action, data, left, none))
        self.settle()

    def took(self) -> tuple[int, int, int]:
        """Return clicks, key chords and fields."""
        return self.clicks, self.keys, self.fields
