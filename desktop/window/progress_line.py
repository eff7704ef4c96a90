"""The line of the status bar that shows long work: what is done of how much, and 取消."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from desktop.shell.jobs import Jobs
from desktop.shell.theme import Theme
from desktop.shell.widgets import button, label

SOON, LONG = 300, 2000  # milliseconds: before the first nothing is shown, after the second the bar


class BusyLine(QWidget):
    """Hidden while nothing runs, or only for a moment. Work that counts shows its count and can be cancelled."""

    def __init__(self, theme: Theme, jobs: Jobs) -> None:
        super().__init__()
        self.jobs = jobs
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        self.words = label("正在处理…")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(theme.px(120))
        self.bar.setAccessibleName("进度")
        self.cancel_button = button(theme, "取消", "", "small", "停下来，什么都不写入", self.cancel)
        for made in (self.words, self.bar, self.cancel_button):
            line.addWidget(made)
        self.soon, self.long = QTimer(self), QTimer(self)
        for timer, wait, then in ((self.soon, SOON, self.show), (self.long, LONG, self._show_bar)):
            timer.setSingleShot(True)
            timer.setInterval(wait)
            timer.timeout.connect(then)
        self.jobs.busy.connect(self._begin)
        self.jobs.idle.connect(self._end)
        self.jobs.progressed.connect(self._count)
        self._end()

    def _begin(self) -> None:
        if not self.soon.isActive() and not self.isVisible():
            self.soon.start()
            self.long.start()

    def _show_bar(self) -> None:
        if self.cancel_button.isHidden():  # nothing is counted: the bar only says that work goes on
            self.bar.setRange(0, 0)
        self.bar.show()

    def _count(self, done: int, total: int) -> None:
        """Work that says how far it is can also be told to stop."""
        self.words.setText(f"已处理 {done:,} / {total:,}")
        self.bar.setRange(0, max(1, total))
        self.bar.setValue(done)
        self.bar.show()
        self.cancel_button.show()

    def _end(self) -> None:
        self.soon.stop()
        self.long.stop()
        self.hide()
        self.words.setText("正在处理…")
        self.bar.hide()
        self.cancel_button.hide()

    def cancel(self) -> None:
        """Ask the work to stop; it rolls back whole."""
        self.words.setText("正在停下来…")
        self.cancel_button.hide()
        self.jobs.cancel()
