"""What is seen within a blink of a start: a card that says the program is opening, while the program itself is loaded.

Nothing of the program is imported here but Qt, so that the card does not wait for what it stands in for.
"""

import sys

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QRect, Qt, QTimer
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

UNFINISHED = "boai_unfinished"  # on an application that the card made: its style and words are still to be set
_LONGEST = 400  # milliseconds that a start waits for the card at most
_LINGER = (
    60  # milliseconds that the card stays over the window that follows it, so that the desk does not flash through
)

_kept: list[QObject] = []  # what Qt does not own and must live as long as the program


class Splash(QWidget):
    """A card in the middle of the screen; it goes by itself when another window is shown."""

    def __init__(self) -> None:
        super().__init__(None, Qt.WindowType.SplashScreen | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setWindowTitle("博爱台账")
        self.is_drawn = False
        unit = self.fontMetrics().height()
        place = QRect(0, 0, unit * 24, unit * 9)
        if screen := self.screen():
            place.moveCenter(screen.availableGeometry().center())
        self.setGeometry(place)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the name and one line, in the system's own colours."""
        del event
        painter, palette = QPainter(self), self.palette()
        painter.fillRect(self.rect(), palette.base())
        painter.setPen(palette.mid().color())
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.setPen(palette.text().color())
        large = QFont(self.font())
        large.setPixelSize(self.fontMetrics().height() * 3 // 2)
        painter.setFont(large)
        middle = self.rect().center().y()
        painter.drawText(
            self.rect().adjusted(0, 0, 0, middle - self.height()),
            Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom,
            "博爱台账",
        )
        painter.setFont(self.font())
        painter.setPen(palette.placeholderText().color())
        painter.drawText(
            self.rect().adjusted(0, middle + self.fontMetrics().height() // 2, 0, 0),
            Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop,
            "正在打开…",
        )
        painter.end()
        self.is_drawn = True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Go when any other window is shown."""
        if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.leave()
        return False

    def leave(self) -> None:
        """Take the card away."""
        app = QApplication.instance()
        assert app is not None
        app.removeEventFilter(self)
        QTimer.singleShot(_LINGER, self, self.close)


def show() -> Splash:
    """Show the card, and return it when it is drawn; the application is made for it where there is none."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
        app.setApplicationName("博爱台账")
        app.setProperty(UNFINISHED, True)
        _kept.append(app)
    card, waited = Splash(), QElapsedTimer()
    _kept.append(card)
    card.show()
    app.installEventFilter(card)
    waited.start()
    while not card.is_drawn and waited.elapsed() < _LONGEST:
        app.processEvents()
    app.processEvents()
    return card
