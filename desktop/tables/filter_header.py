"""The heading of a list with a funnel on every column, and what opens under a funnel."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPixmap, QPolygon
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHeaderView,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from db.records.fields import Field
from db.records.kinds import Invalid, Value, is_blank, plain
from desktop.services import search
from desktop.services.filters import Between, Filter, OneOf, by_span, has_several
from desktop.shell.theme import Theme
from desktop.shell.widgets import button, label, row
from desktop.tables.cell_drawing import Index
from desktop.tables.editors import editor
from desktop.tables.line_editors import LineEditor
from desktop.tables.record_model import TableModel

_SPELT = 5000
_MANY = 3000  # a column of more values is narrowed by a part of its text


class FunnelHeader(QHeaderView):
    """A heading that sorts on a click, filters by its funnel, and whose columns can be moved and fitted."""

    funnel_asked = Signal(int)

    def __init__(self, theme: Theme, filtered: Callable[[int], bool], leader: "FunnelHeader | None" = None) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.theme = theme
        self.filtered = filtered
        self.leader = leader or self  # whose sort arrow is shown
        self._pictures: dict[tuple[str, float], QPixmap] = {}
        self.setSectionsClickable(True)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        theme.changed.connect(self._restyle)
        self._restyle()

    def _restyle(self) -> None:
        self._pictures.clear()
        self.small = self.theme.font(13)
        self.metrics = QFontMetrics(self.small)
        self.viewport().update()

    def funnel_rect(self, section: int) -> QRect:
        """Return where a column's funnel stands: 24 pixels wide at least."""
        wide, edge = self.theme.px(24), 5  # the edge itself is for drawing the width
        right = self.sectionViewportPosition(section) + self.sectionSize(section) - edge
        return QRect(right - wide, 0, wide, self.height())

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Draw label, arrow and funnel."""
        theme, px = self.theme, self.theme.px
        painter.save()
        painter.fillRect(rect, theme.colour("surface2"))
        painter.setPen(theme.colour("line2"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.setPen(theme.colour("line"))
        painter.drawLine(rect.topRight(), rect.bottomRight() - QPoint(0, 1))
        on = self.filtered(section)
        size = px(15)
        box = QRect(rect.right() - px(25), rect.center().y() - size // 2, size, size)
        painter.drawPixmap(box.topLeft(), self._picture("accent" if on else "text3", painter))
        if on:
            self._dot(painter, box)
        arrow = px(12) if self.leader.sortIndicatorSection() == section else 0
        inner = rect.adjusted(px(10), 0, -px(28) - arrow, 0)
        painter.setFont(self.small)
        painter.setPen(theme.colour("text2"))
        words = str(self.model().headerData(section, Qt.Orientation.Horizontal) or "")
        side = Qt.AlignmentFlag(int(self.model().headerData(section, Qt.Orientation.Horizontal,
                                                            Qt.ItemDataRole.TextAlignmentRole)))  # fmt: skip
        shown = self.metrics.elidedText(words, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, int(side), shown)
        if arrow:
            up = self.leader.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder
            self._arrow(painter, QPoint(inner.right() + px(7), rect.center().y()), up)
        painter.restore()

    def _dot(self, painter: QPainter, box: QRect) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.colour("warn"))
        wide = self.theme.px(6)
        painter.drawEllipse(box.right() - wide // 2, box.top() - 2, wide, wide)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _arrow(self, painter: QPainter, middle: QPoint, up: bool) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.theme.colour("accent")))
        high, wide = self.theme.px(3), self.theme.px(4)
        tip = -high if up else high
        points = [middle + QPoint(-wide, -tip), middle + QPoint(wide, -tip), middle + QPoint(0, tip)]
        painter.drawPolygon(QPolygon(points))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _picture(self, tone: str, painter: QPainter) -> QPixmap:
        ratio = painter.device().devicePixelRatioF()
        if (tone, ratio) not in self._pictures:
            self._pictures[tone, ratio] = self.theme.pixmap("funnel", tone, self.theme.px(15), ratio)
        return self._pictures[tone, ratio]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press on the funnel opens it and does not sort."""
        place = event.position().toPoint()
        section = self.logicalIndexAt(place)
        if event.button() == Qt.MouseButton.LeftButton and section >= 0 and self.funnel_rect(section).contains(place):
            self.funnel_asked.emit(section)
            return
        super().mousePressEvent(event)


class _Values(QAbstractListModel):
    """The values of a column with how often each stands there; ticked or not."""

    def __init__(self, values: list[tuple[Value, str, int]], ticked: set[Value], parent: QWidget) -> None:
        super().__init__(parent)
        self.all = [(v, text or "（空白）", n, plain(text).lower()) for v, text, n in values]
        self.shown = self.all
        self.ticked = ticked

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """How many values are shown."""
        return 0 if parent.isValid() else len(self.shown)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Return a value's text, its count, or its tick."""
        if not index.isValid():
            return None
        value, text, count, _ = self.shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        if role == Qt.ItemDataRole.UserRole:
            return f"{count:,}"
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if value in self.ticked else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{text}，{count} 条，{'已选' if value in self.ticked else '未选'}"
        return None

    def find(self, typed: str) -> None:
        """Show only the values in which what was typed is found."""
        wanted = plain(typed).lower()
        self.beginResetModel()
        # Initials take a while to make: for a few thousand values at most, and only where letters were typed.
        letters = wanted.isascii() and wanted.isalpha() and len(self.all) <= _SPELT
        self.shown = [v for v in self.all if wanted in v[3] or (letters and wanted in search.initials(v[1]))]
        self.endResetModel()

    def toggle(self, place: int) -> None:
        """Tick or untick one."""
        self.ticked ^= {self.shown[place][0]}
        self.dataChanged.emit(self.index(place), self.index(place))

    def tick_shown(self, on: bool) -> None:
        """Tick or untick all that are shown."""
        shown = {v[0] for v in self.shown}
        self.ticked = self.ticked | shown if on else self.ticked - shown
        if self.shown:
            self.dataChanged.emit(self.index(0), self.index(len(self.shown) - 1))


class _TickDelegate(QStyledItemDelegate):
    """Draws a box, the value, and the count at the far side."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme
        self.font, self.small = theme.font(14), theme.font(12)
        self.metrics = QFontMetrics(self.font)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Lines have one height."""
        return QSize(self.theme.px(120), self.theme.px(28))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one line."""
        colour, px, rect = self.theme.colour, self.theme.px, option.rect
        painter.save()
        over = option.state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_HasFocus)
        painter.fillRect(rect, colour("hover" if over else "surface"))
        on = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        side = px(14)
        box = QRect(rect.x() + px(8), rect.center().y() - side // 2, side, side)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(colour("primary" if on else "edge"))
        painter.setBrush(colour("primary" if on else "surface"))
        painter.drawRoundedRect(box, 3, 3)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        if on:
            picture = self.theme.pixmap("tick", "on_primary", side, painter.device().devicePixelRatioF())
            painter.drawPixmap(box.topLeft(), picture)
        painter.setFont(self.small)
        painter.setPen(colour("text3"))
        right = rect.adjusted(0, 0, -px(10), 0)
        count = str(index.data(Qt.ItemDataRole.UserRole))
        painter.drawText(right, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), count)
        painter.setFont(self.font)
        painter.setPen(colour("text"))
        inner = rect.adjusted(px(30), 0, -px(20) - QFontMetrics(self.small).horizontalAdvance(count), 0)
        text = self.metrics.elidedText(str(index.data()).replace("\n", " "), Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), text)
        painter.restore()


class TickList(QListView):
    """A list whose lines are ticked by a click or with the space bar."""

    toggled = Signal(int)  # the place of a line

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.setObjectName("popup")
        self.setAccessibleName(name)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setItemDelegate(_TickDelegate(theme, self))
        self.setFixedHeight(theme.px(210))
        self.clicked.connect(lambda index: self.toggled.emit(index.row()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space ticks the line."""
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self.toggled.emit(self.currentIndex().row())
            return
        super().keyPressEvent(event)


class FunnelPopup(QFrame):
    """What opens under a funnel: the column's values to tick, or from and to."""

    def __init__(
        self, parent: QWidget, theme: Theme, model: TableModel, column: int, today: dt.date,
        counts: Counter[Value] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.theme, self.table, self.column, self.today = theme, model, column, today
        self.field: Field = model.fields[column]
        self.setAccessibleName(f"筛选：{self.field.label}")
        self.setFixedWidth(theme.px(250))
        box = QVBoxLayout(self)
        box.setContentsMargins(10, 8, 10, 10)
        box.setSpacing(6)
        box.addWidget(label(f"筛选：{self.field.label}", "strong"))
        now = model.filters.get(column)
        self.counts = Counter[Value]() if by_span(self.field) else model.counts(column) if counts is None else counts
        (self._span if by_span(self.field) else self._part if len(self.counts) > _MANY else self._list)(box, now)
        self.error = label("", "error", wrap=True)
        self.error.hide()
        box.addWidget(self.error)
        go = button(theme, "确定", "", "primary", "", self.take)
        clear = button(theme, "清除条件", "", "", "这一列不再筛选", lambda: self.set(None))
        clear.setEnabled(now is not None)
        box.addLayout(row(clear, None, go))

    def _list(self, box: QVBoxLayout, now: Filter | None) -> None:
        values = self.table.values(self.column, self.counts)
        known = {v[0] for v in values}
        ticked = set(now.values) & known if isinstance(now, OneOf) else known
        self.values = _Values(values, ticked, self)
        self.find_box = QLineEdit()
        self.find_box.setPlaceholderText("查找这一列的内容")
        self.find_box.setAccessibleName("查找这一列的内容")
        self.find_box.setClearButtonEnabled(True)
        self.find_box.textChanged.connect(self._find)
        self.whole = QCheckBox()
        self.whole.clicked.connect(lambda on: self.values.tick_shown(on))
        self.list = TickList(self.theme, f"{self.field.label}的内容")
        self.list.setModel(self.values)
        self.list.toggled.connect(self.values.toggle)
        self.values.dataChanged.connect(lambda *_: self._tell())
        for widget in (self.find_box, self.whole, self.list):
            box.addWidget(widget)
        self.first: QWidget = self.find_box
        self._tell()

    def _part(self, box: QVBoxLayout, now: Filter | None) -> None:
        self.find_box = QLineEdit()
        self.find_box.setPlaceholderText("内容里有这几个字")
        self.find_box.setAccessibleName("内容里有这几个字")
        self.blank = QCheckBox("只看没有填的")
        self.blank.setChecked(now == OneOf(frozenset({None})))
        words = f"这一列有 {len(self.counts):,} 种内容，不一一列出"
        for widget in (label(words, "hint", wrap=True), self.find_box, self.blank):
            box.addWidget(widget)
        self.first = self.find_box

    def _take_part(self) -> None:
        typed, column = plain(self.find_box.text()).lower(), self.column
        if self.blank.isChecked():
            self.set(OneOf(frozenset({None})))
        elif typed:
            found = (v for v in self.counts if v is not None and typed in plain(self.table.shown_as(column, v)).lower())
            self.set(OneOf(frozenset(found), has_several(self.field)))
        else:
            self.close()

    def _find(self, typed: str) -> None:
        """What is found is what 确定 shows, as in Excel."""
        if typed and self.values.ticked >= {v[0] for v in self.values.all}:
            self.values.ticked = set()
        self.values.find(typed)
        if typed:
            self.values.ticked = {v[0] for v in self.values.shown}
        self._tell()

    def _tell(self) -> None:
        shown = {v[0] for v in self.values.shown}
        self.whole.setText(f"全选（{len(shown):,} 种）")
        self.whole.setChecked(bool(shown) and shown <= self.values.ticked)

    def _span(self, box: QVBoxLayout, now: Filter | None) -> None:
        self.ends: list[LineEditor] = []
        for words, value in (("从", getattr(now, "low", None)), ("到", getattr(now, "high", None))):
            widget = editor(self.field, self.theme, self.today)
            assert isinstance(widget, LineEditor)
            widget.setAccessibleName(f"{self.field.label}：{words}")
            widget.set_value(value)
            self.ends.append(widget)
            box.addLayout(row(label(words, "dim"), widget))
        self.blank = QCheckBox("只看没有填的")
        self.blank.setChecked(isinstance(now, OneOf))
        box.addWidget(self.blank)
        self.first = self.ends[0]

    def take(self) -> None:
        """Narrow the column as chosen."""
        if len(self.counts) > _MANY:
            self._take_part()
        elif not by_span(self.field):
            everything = self.values.ticked >= {v[0] for v in self.values.all}
            self.set(None if everything else OneOf(frozenset(self.values.ticked), has_several(self.field)))
        elif self.blank.isChecked():
            self.set(OneOf(frozenset({None})))
        else:
            try:
                low, high = (self._end(widget) for widget in self.ends)
            except Invalid as error:
                self.error.setText(str(error))
                self.error.show()
                self.adjustSize()
                return
            self.set(None if low is None and high is None else Between(low, high))

    def _end(self, widget: LineEditor) -> Value:
        if is_blank(widget.text()):
            return None
        return 0 if self.field.kind.numeric and plain(widget.text()) == "0" else self.field.kind.parse(widget.text())

    def set(self, wanted: Filter | None) -> None:
        """Narrow the column, or not, and close."""
        self.table.set_filter(self.column, wanted)
        self.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes what is chosen; Escape leaves everything as it is."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.take()
            return
        super().keyPressEvent(event)

    def open_at(self, place: QPoint) -> None:
        """Show under a heading."""
        self.adjustSize()
        room = self.screen().availableGeometry()
        place.setX(max(room.left(), min(place.x(), room.right() - self.width())))
        place.setY(max(room.top(), min(place.y(), room.bottom() - self.height())))
        self.move(place)
        self.show()
        self.first.setFocus()
