"""No text of a ledger or a file is ever read as markup: Qt guesses, and a name like ``<img src="file:…">`` opens files.

Labels guess by themselves (`Qt.AutoText`), and so do all that stand on them: tips (from a widget, a table or a list) and
message boxes. Each is polished before it lays out its first text; there its guess is taken away. What is ours and
bears links or colours says so itself (`Qt.RichText`), with what it holds escaped.
"""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QLabel


class PlainText(QObject):
    """Takes the guess from every label of the application, Qt's own labels in tips and boxes too."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Make a label plain before it shows anything; everything goes its way."""
        if (
            event.type() == QEvent.Type.Polish
            and isinstance(watched, QLabel)
            and watched.textFormat() == Qt.TextFormat.AutoText
        ):
            watched.setTextFormat(Qt.TextFormat.PlainText)
        return False
