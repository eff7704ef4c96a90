"""The few charts of the program, drawn with QPainter: bars of two series, a ring, and a bar towards a target.

Each carries its numbers in its accessible name: nothing is told by colour alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.shell.theme import Theme


class _Chart(QWidget):
    def __init__(self, theme: Theme, low: int) -> None:
        super().__init__()
        self.theme, self._low = theme, low
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self._resize)

    def _resize(self) -> None:
        self.updateGeometry()
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Low windows shrink a chart to where its numbers can still be read."""
        return QSize(self.theme.px(120), self.theme.px(self._low))

    def sizeHint(self) -> QSize:
        """A little more than the least."""
        return QSize(self.theme.px(220), self.theme.px(self._low + 24))

    def _painter(self) -> QPainter:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        return painter


@dataclass(frozen=True)
class Bar:
    """One group of a `BarChart`: a label, the value now and the pale one beside it, and the first one in words."""

    label: str
    now: float
    before: float
    text: str
    before_text: str = ""

    @property
    def beside(self) -> str:
        """The pale bar's number in words."""
        return self.before_text or f"{self.before:,g}"


class BarChart(_Chart):
    """Groups of two bars: the pale one for the year before (or the other series), the strong one with its number."""

    def __init__(self, theme: Theme, colour: str, pale: str, name: str) -> None:
        super().__init__(theme, 96)
        self.colour, self.pale, self.name = colour, pale, name
        self.bars: Sequence[Bar] = ()
        self.setAccessibleName(name)

    def show_bars(self, bars: Sequence[Bar], words: tuple[str, str] = ("本期", "去年同期")) -> None:
        """Show groups, the last of which is the present one."""
        self.bars = bars
        told = "；".join(f"{b.label} {words[0]} {b.text}，{words[1]} {b.beside}" for b in bars)
        self.setAccessibleName(f"{self.name}：{told}")
        self.setToolTip("\n".join(f"{b.label}　{words[0]} {b.text}　{words[1]} {b.beside}" for b in bars))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw axis, bars, labels and numbers."""
        if not self.bars:
            return
        painter, px, colour = self._painter(), self.theme.px, self.theme.colour
        small, strong = self.theme.font(12), self.theme.font(12, True)
        painter.setFont(small)
        high = painter.fontMetrics().height()
        floor = self.height() - high - px(6)
        top = high + px(4)
        most = max(max(b.now, b.before) for b in self.bars) or 1
        wide = self.width() / len(self.bars)
        thick = min(px(26), wide * 0.3)
        names = self._names(QFontMetrics(strong), wide)
        for i, bar in enumerate(self.bars):
            last = i == len(self.bars) - 1
            middle = wide * (i + 0.5)
            for value, left, name in (
                (bar.before, middle - thick - px(2), self.pale), (bar.now, middle + px(2), self.colour),
            ):  # fmt: skip
                tall = (floor - top) * max(0.0, value) / most
                if tall > 0:
                    self._bar(painter, QRectF(left, floor - max(tall, 2), thick, max(tall, 2)), name)
            painter.setFont(strong if last else small)
            painter.setPen(colour("text" if last else "text2"))
            tall = (floor - top) * max(0.0, bar.now) / most
            painter.drawText(self._over(painter.fontMetrics(), bar, middle, thick, floor - tall), 0, bar.text)
            painter.drawText(
                QRectF(middle - wide / 2, floor + px(4), wide, high), Qt.AlignmentFlag.AlignCenter, names[i]
            )
        painter.setPen(QPen(colour("line2"), 1))
        painter.drawLine(QPointF(0, floor + 0.5), QPointF(self.width(), floor + 0.5))

    def _over(self, metrics: QFontMetrics, bar: Bar, middle: float, thick: float, top: float) -> QRectF:
        """Return where a bar's number stands: over the middle of its bar, but never over the pale one beside it."""
        px, need = self.theme.px, metrics.horizontalAdvance(bar.text)
        left = max(middle + px(2) + thick / 2 - need / 2, middle + px(1) if bar.before > 0 else 0.0)
        return QRectF(min(left, self.width() - need), top - metrics.height() - px(2), need + 1, metrics.height())

    def _names(self, metrics: QFontMetrics, wide: float) -> list[str]:
        """Return the labels under the groups; where one has no room, all do without what stands before their last three."""
        names = [bar.label for bar in self.bars]
        if max(map(metrics.horizontalAdvance, names)) <= wide - self.theme.px(4):
            return names
        return [name[-3:] for name in names]

    def _bar(self, painter: QPainter, rect: QRectF, name: str) -> None:
        """A bar round at the top and square on the axis: clipped, so that no seam shows."""
        round_ = self.theme.px(3)
        painter.save()
        painter.setClipRect(rect)
        path = QPainterPath()
        path.addRoundedRect(rect.adjusted(0, 0, 0, round_ * 2), round_, round_)
        painter.fillPath(path, self.theme.colour(name))
        painter.restore()


class Ring(_Chart):
    """A ring of parts around a number."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__(theme, 116)
        self.name = name
        self.parts: Sequence[tuple[float, str]] = ()
        self.number, self.words = "", ""

    def show_parts(self, parts: Sequence[tuple[float, str]], number: str, words: str, told: str) -> None:
        """Show (size, colour) parts, a number in the middle with words under it; `told` is the accessible name."""
        self.parts, self.number = parts, number
        self.setAccessibleName(f"{self.name}：{told}")
        self.say(words)

    def say(self, words: str) -> None:
        """Show other words under the number."""
        self.words = words
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ring and the number."""
        painter, px, colour = self._painter(), self.theme.px, self.theme.colour
        side = min(self.width(), self.height()) - px(8)
        thick = px(13)
        box = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        ring = box.adjusted(thick / 2, thick / 2, -thick / 2, -thick / 2)
        total = sum(size for size, _ in self.parts)
        pen = QPen(colour("calm_bg"), thick)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.drawEllipse(ring)
        start = 90.0
        shown = [(size, name) for size, name in self.parts if size > 0]
        for size, name in shown:
            sweep = 360 * size / total
            gap = 2.0 if len(shown) > 1 else 0.0
            pen.setColor(colour(name))
            painter.setPen(pen)
            painter.drawArc(ring, round((start - gap / 2) * 16), round(-max(sweep - gap, 0.5) * 16))
            start -= sweep
        painter.setPen(colour("text"))
        painter.setFont(self.theme.font(34, True))
        high = painter.fontMetrics().height()
        middle = box.center().y()
        line = self.theme.px(16)
        upper = QRectF(box.x(), middle - (high + line) / 2, side, high)
        painter.drawText(upper, Qt.AlignmentFlag.AlignCenter, self.number)
        painter.setFont(self.theme.font(12))
        painter.setPen(colour("text2"))
        painter.drawText(
            QRectF(box.x(), upper.bottom() - px(2), side, line + px(4)), Qt.AlignmentFlag.AlignCenter, self.words
        )


class TargetBar(_Chart):
    """A bar from 0 to a target, with a tick where it should stand by now."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__(theme, 22)
        self.name = name
        self.share, self.pace = 0.0, 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """One line high."""
        return QSize(self.theme.px(120), self.theme.px(22))

    def show_share(self, share: float, pace: float, told: str) -> None:
        """Show how much of the target is reached, and how much of the time is over (both 0 to 1)."""
        self.share, self.pace = share, pace
        self.setAccessibleName(f"{self.name}：{told}，时间进度 {pace:.0%}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground, bar and tick."""
        painter, px, colour = self._painter(), self.theme.px, self.theme.colour
        thick, middle = px(9), self.height() / 2
        ground = QRectF(0, middle - thick / 2, self.width(), thick)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("calm_bg"))
        painter.drawRoundedRect(ground, thick / 2, thick / 2)
        part = QRectF(ground)
        part.setWidth(ground.width() * min(1.0, self.share))
        if part.width() >= thick:
            painter.setBrush(colour("chart3" if self.share >= self.pace else "chart2"))
            painter.drawRoundedRect(part, thick / 2, thick / 2)
        x = min(self.width() - 1.5, max(1.0, self.width() * self.pace))
        painter.setPen(QPen(colour("text"), px(2)))
        painter.drawLine(QPointF(x, middle - px(9)), QPointF(x, middle + px(9)))
