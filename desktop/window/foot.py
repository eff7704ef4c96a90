"""The foot of the window: what is chosen on the page, what runs, where the data lies, who works, and how large it is."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from desktop.shell.desk import Desk
from desktop.shell.widgets import Elided, button, fill, label
from desktop.window.operators import OperatorButton
from desktop.window.progress_line import BusyLine


class Foot(QFrame):
    """One line of labels and small buttons."""

    zoom_asked = Signal(int)  # larger, smaller; 0: the usual size

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("status")
        self.theme = desk.theme
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 0, 8, 0)
        line.setSpacing(8)
        self.chosen, self.hint = label(), Elided()
        self.kept = label("数据只在本机，已加密")
        self.busy = BusyLine(desk.theme, desk.jobs)
        self.operator = OperatorButton(desk)
        less = button(desk.theme, "－", "", "small", "缩小（Ctrl+-）", lambda: self.zoom_asked.emit(-1))
        more = button(desk.theme, "＋", "", "small", "放大（Ctrl+=）", lambda: self.zoom_asked.emit(1))
        self.size_button = button(desk.theme, "", "", "small", "回到 100%", lambda: self.zoom_asked.emit(0))
        line.addWidget(self.chosen)
        line.addWidget(self.hint, 1)
        fill(line, (self.busy, self.kept, self.operator))
        line.addSpacing(14)
        fill(line, (less, self.size_button, more))
        self.resize_text()

    def resize_text(self) -> None:
        """Follow the size of everything."""
        self.size_button.setText(f"缩放 {self.theme.zoom}%")
        self.setFixedHeight(self.theme.px(28))

    def say_chosen(self, text: str) -> None:
        """Say what is chosen on the page, or nothing."""
        self.chosen.setText(text)
        self.chosen.setVisible(bool(text))
