"""How a cell of any table is drawn: text with what was found in it, a second line, a tag, a group heading, the focus."""

import re

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.shell.theme import Theme
from desktop.shell.widgets import TONE_ICONS

Index = QModelIndex | QPersistentModelIndex
# What a model tells of a cell beside its text.
ROW_ID = int(Qt.ItemDataRole.UserRole)  # the id of the row
HIT = ROW_ID + 1  # (start, length) of what was looked for
TONE = ROW_ID + 2  # a tag: its tone
SUB = ROW_ID + 3  # a second line
GROUP = ROW_ID + 4  # a heading across the table

_STARS = re.compile(r"\*{4,}")
_DISPLAY, _ALIGNMENT = int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.TextAlignmentRole)
_MIDDLE, _LEFT = int(Qt.AlignmentFlag.AlignVCenter), int(Qt.AlignmentFlag.AlignLeft)
_SELECTED, _HOVERED = QStyle.StateFlag.State_Selected.value, QStyle.StateFlag.State_MouseOver.value
_FOCUSED = QStyle.StateFlag.State_HasFocus.value


def shortened(text: str, metrics: QFontMetrics, width: int) -> str:
    """Return a text that ends in … where there is no room for it.

    Of a number in stars the last characters stay: they tell people of one name apart.
    """
    if metrics.horizontalAdvance(text) <= width:
        return text
    if _STARS.search(text):
        return metrics.elidedText(_STARS.sub("…", text), Qt.TextElideMode.ElideMiddle, width)
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)


class CellDelegate(QStyledItemDelegate):
    """Draws every cell of every table: text with hit, second line, tag, group heading, focus frame."""

    def __init__(self, theme: Theme, row_height: int = 35, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.row_height = row_height
        self._refresh()
        theme.changed.connect(self._refresh)

    def _refresh(self) -> None:
        self.fonts = {"body": self.theme.font(14), "bold": self.theme.font(14, True), "small": self.theme.font(12)}
        self.metrics = {name: QFontMetrics(font) for name, font in self.fonts.items()}
        self._pad = self.theme.px(10)
        self._cut: dict[tuple[str, str, int], str] = {}  # texts as they fit a width: a repaint cuts none anew

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Rows have one height; columns are set by the view."""
        return QSize(self.theme.px(80), self.theme.px(self.row_height))

    def ground(self, index: Index) -> str:
        """Return the colour behind a cell that is neither selected nor under the mouse."""
        return "surface"

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        colour = self.theme.colour
        rect = option.rect
        painter.save()
        data = index.model().data  # asked directly: `index.data` goes through C++ and back, many times a cell
        group = data(index, GROUP)
        state = option.state.value  # a number: Python's flags cost more than the drawing
        selected = bool(state & _SELECTED) and group is None
        hovered = bool(state & _HOVERED) and group is None
        ground = "sel" if selected else "surface2" if group else "hover" if hovered else self.ground(index)
        painter.fillRect(rect, colour(ground))
        painter.setPen(colour("line"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        inner = rect.adjusted(self._pad, 0, -self._pad, 0)
        text = str(data(index, _DISPLAY) or "")
        if group is not None:
            self._group(painter, inner, text, str(group), index)
        elif tone := data(index, TONE):
            self._tag(painter, inner, text, str(tone))
        elif sub := data(index, SUB):
            half = inner.height() // 2
            self._text(
                painter, QRect(inner.x(), inner.y() + self.theme.px(3), inner.width(), half), text, "body", "text"
            )
            lower = QRect(inner.x(), inner.y() + half, inner.width(), half - self.theme.px(3))
            self._text(painter, lower, str(sub), "small", "text2")
        else:
            self._plain(painter, inner, text, index)
        if state & _FOCUSED and group is None:
            painter.setPen(QPen(colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)  # a tag leaves its own
            painter.drawRect(rect.adjusted(1, 1, -2, -2))
        painter.restore()

    def _group(self, painter: QPainter, inner: QRect, text: str, note: str, index: Index) -> None:
        self._text(painter, inner, text, "bold", "text")
        gap = self.metrics["bold"].horizontalAdvance(text) + self.theme.px(12)
        if gap < inner.width():
            self._text(painter, inner.adjusted(gap, 0, 0, 0), note, "small", "text2")

    def bar(self, painter: QPainter, track: QRect, share: float, tone: str) -> None:
        """Draw how much of something there is; `share` is of one."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.colour("line"))
        painter.drawRoundedRect(track, 3, 3)
        painter.setBrush(self.theme.colour(tone))
        painter.drawRoundedRect(QRect(track.x(), track.y(), round(track.width() * share), track.height()), 3, 3)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _plain(self, painter: QPainter, inner: QRect, text: str, index: Index) -> None:
        if not text:
            return
        kind = "bold" if index.column() == 0 and self.row_height < 46 else "body"
        side = int(index.model().data(index, _ALIGNMENT) or _MIDDLE)
        metrics = self.metrics[kind]
        if (hit := index.model().data(index, HIT)) is not None and side & _LEFT:
            left = inner.x() + metrics.horizontalAdvance(text[: hit[0]])
            width = metrics.horizontalAdvance(text[hit[0] : hit[0] + hit[1]])
            high = metrics.height()
            mark = QRect(left, inner.center().y() - high // 2, min(width, inner.right() - left), high)
            painter.fillRect(mark, self.theme.colour("mark"))
        if self.row_height >= 46 and metrics.horizontalAdvance(text) > inner.width():
            painter.setFont(self.fonts[kind])
            painter.setPen(self.theme.colour("text"))
            room = 2 * inner.width() - self.theme.px(36)
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
            painter.drawText(inner, side | int(Qt.TextFlag.TextWordWrap), shown)
            return
        self._text(painter, inner, text, kind, "text", side)

    def _text(
        self, painter: QPainter, rect: QRect, text: str, kind: str, tone: str,
        side: int = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter),
    ) -> None:  # fmt: skip
        painter.setFont(self.fonts[kind])
        painter.setPen(self.theme.colour(tone))
        wanted = (text, kind, rect.width())
        shown = self._cut.get(wanted)
        if shown is None:
            if len(self._cut) > 5000:
                self._cut.clear()
            shown, metrics = text.replace("\n", " "), self.metrics[kind]
            if len(shown) * metrics.height() > rect.width():  # no character is wider than high: most need no measuring
                shown = shortened(shown, metrics, rect.width())
            self._cut[wanted] = shown
        painter.drawText(rect, int(side), shown)  # some hand over a flag

    def _tag(self, painter: QPainter, inner: QRect, text: str, tone: str) -> None:
        metrics, pad = self.metrics["body"], self.theme.px(8)
        high, mark = metrics.height() + self.theme.px(5), self.theme.px(14)
        width = min(metrics.horizontalAdvance(text) + mark + 2 * pad + 3, inner.width())
        box = QRect(inner.x(), inner.center().y() - high // 2, width, high)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.colour(f"{tone}_bg"))
        painter.drawRoundedRect(box, 4, 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        picture = self.theme.pixmap(TONE_ICONS[tone], tone, mark, painter.device().devicePixelRatioF())
        painter.drawPixmap(box.x() + pad - 2, box.center().y() - mark // 2 + 1, picture)
        left = box.x() + pad + mark + 1
        self._text(painter, QRect(left, box.y(), box.right() - left, high), text, "body", tone)
