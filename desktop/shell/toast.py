"""The line at the foot of the window that says what was done."""

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from desktop.shell.theme import Theme
from desktop.shell.widgets import label

_ABOVE = 92  # what the status bar and the foot of a list take


class Toast(QFrame):
    """A line at the foot of the window that says what was done, with 撤销; goes away by itself."""

    undo = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme, self.over = theme, parent
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
        self._waits = False
        self._waiting: tuple[str, bool] | None = None
        self.hide()

    def wait(self) -> None:
        """Go away, keep nothing of what was said, and say nothing until `go_on`."""
        self.words.clear()
        self.words.setToolTip("")
        self.hide()
        self._waits = True

    def go_on(self) -> None:
        """Say again what is to be said; what was to be said last meanwhile, at once."""
        self._waits = False
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self.say(*waiting)

    def say(self, text: str, undo: bool = False, seconds: int = 8) -> None:
        """Show a sentence."""
        if self._waits:
            self._waiting = text, undo
            return
        self.words.setText(text if len(text) <= 60 else text[:59] + "…")
        self.words.setToolTip(text)
        self.button.setVisible(undo)
        self.show()
        self.raise_()
        self.place()
        self.timer.start(seconds * 1000)

    def place(self) -> None:
        """Stand in the middle, above the status bar and the foot of a list."""
        self.adjustSize()
        over = self.over
        self.move((over.width() - self.width()) // 2, over.height() - self.height() - self.theme.px(_ABOVE))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in place when the window changes its size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.place()
        return False

    def _take_back(self) -> None:
        self.hide()
        self.undo.emit()
