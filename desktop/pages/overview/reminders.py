"""The bell in the top bar: how many things wait, and a list of them that leads to each."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout

from db.tasks.receipts import RETURNED
from desktop.services.reminders import page_of_day, reminder_days
from desktop.shell.desk import Desk
from desktop.shell.widgets import button, label, row, rule, scrolled

Reminder = tuple[str, str, Callable[[], Any]]  # words, a hint, and what opens it


class Bell(QPushButton):
    """Shows the number of reminders; pressed, the reminders."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk, self.theme = desk, desk.theme
        self.setProperty("kind", "quiet")
        desk.theme.dress(self, "bell")
        self.reminders: list[Reminder] = []
        self.popup: QFrame | None = None
        self._name()
        self.clicked.connect(lambda _=False: self.open())

    def _name(self) -> None:
        number = len(self.reminders)
        self.setToolTip(f"提醒：{number} 条" if number else "没有提醒")
        self.setAccessibleName(self.toolTip())
        self.update()

    def show_reminders(self, found: dict[str, Any]) -> None:
        """Take what 工作台 has read: what is not met, what ends soon, what is late."""
        desk, made = self.desk, list[Reminder]()
        late = found["late"]
        if late is not None:
            made.append((f"{late.label}还没有归档", "换到那个季度", lambda: desk.set_quarter(late)))
        due = found["due"]
        if "submit" not in found["done"] and 0 <= (due - desk.today).days <= reminder_days():
            words = f"{found['quarter'].label}报告 {due.month}月{due.day}日截止"
            made.append((words, "打开报表中心", lambda: desk.show_page("reports")))
        if found["standing"].status == RETURNED:
            made.append((found["standing"].words, "打开报表中心", lambda: desk.show_page("reports")))
        unmet = sum(r.status == "not_met" for r in found["results"])
        if unmet:
            made.append((f"{unmet} 条要求未达标", "打开合规体检", lambda: desk.show_page("findings")))
        for end in found["endings"]:
            words = f"{end.title} {end.ends_on.month}月{end.ends_on.day}日到期"
            made.append((words, f"还有 {end.days} 天　{end.note}", partial(desk.open_records, end.record, end.ids)))
        for day in found.get("coming", ()):
            words = f"{day.day.month}月{day.day.day}日 {day.what}"
            made.append((words, day.words, partial(desk.show_page, page_of_day(day))))
        self.reminders = made
        self._name()

    def forget(self) -> None:
        """Remind of nothing until it is told anew."""
        self.reminders = []
        self._name()

    def open(self) -> QFrame:
        """Show the reminders under the bell."""
        popup = self.popup = QFrame(self, Qt.WindowType.Popup)
        popup.setObjectName("popup")
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        popup.destroyed.connect(self._forget)
        column = QVBoxLayout(popup)
        column.setContentsMargins(14, 10, 10, 10)
        column.addLayout(row(label("提醒", "heading"), None))
        area, inner = scrolled("提醒")
        inner.setSpacing(2)
        for i, (words, hint, go) in enumerate(self.reminders):
            if i:
                inner.addWidget(rule())
            line = button(self.theme, words, "", "row", f"{words}：{hint}")
            line.clicked.connect(lambda _=False, go=go: self._go(go))
            inner.addWidget(line)
            inner.addWidget(label(hint, "hint"))
        if not self.reminders:
            inner.addWidget(label("没有要到期的，也没有未达标的。", "dim", wrap=True))
        inner.addStretch(1)
        column.addWidget(area)
        px = self.theme.px
        popup.setFixedSize(px(330), min(px(420), px(80) + max(1, len(self.reminders)) * px(52)))
        popup.move(self.mapToGlobal(QPoint(self.width() - popup.width(), self.height() + 2)))
        popup.show()
        first = popup.findChild(QPushButton)
        if first is not None:
            first.setFocus()
        return popup

    def _forget(self) -> None:
        self.popup = None

    def _go(self, go: Callable[[], Any]) -> None:
        if self.popup is not None:
            self.popup.close()
        go()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the number over the bell."""
        super().paintEvent(event)
        if not self.reminders:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        size = self.theme.px(16)
        box = QRect(self.width() - size - 1, 1, size, size)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.colour("warn_bg"))
        painter.drawEllipse(box)
        painter.setPen(self.theme.colour("warn"))
        painter.setFont(self.theme.font(10, True))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(min(len(self.reminders), 99)))
