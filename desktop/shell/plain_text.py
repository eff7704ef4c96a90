"""No text of a ledger or a file is ever read as markup: Qt guesses, and a name like ``<img src="file:…">`` opens files.

Labels guess by themselves (`Qt.AutoText`), and so do all that stand on them: tips (from a widget, a table or a list) and
message boxes. Each is polished by the application's style before it lays out its first text; there its guess is taken
away. What is ours and bears links or colours says so itself (`Qt.RichText`), with what it holds escaped.
"""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QProxyStyle


class PlainStyle(QProxyStyle):
    """Fusion, as it is drawn everywhere, that takes the guess from every label, Qt's own in tips and boxes too.

    A style is asked once for each widget. A filter of the application would be asked for every event of every widget,
    and took a third of the time of the window's tests.
    """

    def __init__(self) -> None:
        super().__init__("Fusion")

    def polish(self, target: Any) -> Any:
        """Make a label plain before it shows anything; palettes, widgets and the application go their way."""
        if isinstance(target, QLabel) and target.textFormat() == Qt.TextFormat.AutoText:
            target.setTextFormat(Qt.TextFormat.PlainText)
        return super().polish(target)
