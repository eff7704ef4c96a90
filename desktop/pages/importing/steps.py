"""The line above an import: 选择文件 → 对应列 → 检查数据 → 完成; a step that was reached can be gone back to."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from desktop.shell.theme import Theme
from desktop.shell.widgets import label

STEPS = ("选择文件", "对应列", "检查数据", "完成")


class _Step(QPushButton):
    """One step: a circle with its number or a tick, its name and a line of facts."""

    def __init__(self, theme: Theme, number: int, name: str) -> None:
        super().__init__()
        self.setObjectName("step")
        self.setProperty("kind", "link")
        self.theme, self.number, self.name, self.fact, self.state = theme, number, name, "", "later"
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_state(self, state: str, fact: str, reachable: bool) -> None:
        """`state` is done, now or later."""
        self.state, self.fact = state, fact
        self.setEnabled(reachable)
        words = {"done": "已完成", "now": "正在进行", "later": "还没到"}[state]
        self.setAccessibleName(f"第 {self.number} 步 {self.name}，{words}{'，' + fact if fact else ''}")
        self.setToolTip(fact)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Room for both lines."""
        small, bold = self.theme.font(12), self.theme.font(14, True)
        from PySide6.QtGui import QFontMetrics

        wide = max(QFontMetrics(bold).horizontalAdvance(self.name), QFontMetrics(small).horizontalAdvance(self.fact))
        return QSize(self.theme.px(46) + min(wide, self.theme.px(170)), self.theme.px(42))

    def minimumSizeHint(self) -> QSize:
        """The name alone."""
        return QSize(self.theme.px(112), self.theme.px(42))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw circle and words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        px, colour = self.theme.px, self.theme.colour
        size = px(28)
        circle = QRect(px(2), (self.height() - size) // 2, size, size)
        fill = {"done": "bar", "now": "primary", "later": "surface"}[self.state]
        painter.setPen(QPen(colour("line2" if self.state == "later" else fill), 1.5))
        painter.setBrush(colour(fill))
        painter.drawEllipse(circle)
        if self.state == "done":
            inner = px(16)
            ratio = self.devicePixelRatioF()
            painter.drawPixmap(
                circle.center().x() - inner // 2 + 1, circle.center().y() - inner // 2 + 1,
                self.theme.pixmap("tick", "on_primary", inner, ratio),
            )  # fmt: skip
        else:
            painter.setPen(colour("on_primary" if self.state == "now" else "text2"))
            painter.setFont(self.theme.font(13, True))
            painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, str(self.number))
        left = circle.right() + px(9)
        room = self.width() - left
        painter.setPen(colour("text" if self.state != "later" else "text2"))
        painter.setFont(self.theme.font(14, self.state == "now"))
        half = self.height() // 2
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if not self.fact:
            painter.drawText(QRect(left, 0, room, self.height()), flags, self.name)
        else:
            painter.drawText(QRect(left, 0, room, half + px(2)), flags, self.name)
            painter.setFont(self.theme.font(12))
            painter.setPen(colour("accent" if self.state == "now" else "text2"))
            shown = painter.fontMetrics().elidedText(self.fact, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRect(left, half, room, half - px(1)), flags, shown)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour("accent"), 2))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 4, 4)


class StepLine(QFrame):
    """The four steps."""

    asked = Signal(int)  # a step to go back to

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("card")
        self.theme = theme
        self.steps: list[_Step] = []
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 8, 14, 8)
        line.setSpacing(10)
        for number, name in enumerate(STEPS, 1):
            if number > 1:
                bar = QFrame()
                bar.setObjectName("rule")
                line.addWidget(bar, 1)
            step = _Step(theme, number, name)
            step.clicked.connect(lambda _=False, n=number - 1: self.asked.emit(n))
            line.addWidget(step)
            self.steps.append(step)
        self.extra = label()
        self.extra.hide()
        theme.changed.connect(self._refresh)

    def _refresh(self) -> None:
        for step in self.steps:
            step.updateGeometry()
            step.update()

    def add(self, widget: QWidget) -> None:
        """Put a widget at the end of the line."""
        layout = self.layout()
        assert layout is not None
        layout.addWidget(widget)

    def show_at(self, now: int, facts: tuple[str, str, str, str], reached: int, wrote: bool = True) -> None:
        """Show which step is on, the facts under each, and up to which one may be gone back to.

        The last step is done where something was written; else it is where one stands.
        """
        for n, step in enumerate(self.steps):
            state = "done" if n < now or (n == now == 3 and wrote) else "now" if n == now else "later"
            step.show_state(state, facts[n], n <= reached and n != now)
