"""A small table of ready texts, for lists that are no record's own: teams beside their page, people to insure, files."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QItemSelectionModel, QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from db.records.kinds import plain
from desktop.services import search
from desktop.shell.theme import Theme
from desktop.tables.cell_drawing import ROW_ID, SUB, TONE, CellDelegate, Index
from desktop.tables.record_model import TableView

BAR = SUB + 20  # a share of 100, drawn as a bar before the text
PICTURE = SUB + 21  # a picture or the name of an icon, drawn before the text
THUMB = 44, 40  # the room of a picture
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)


@dataclass
class Line:
    """One row: its id, the text of each column, and by column a second line, a tag's tone or a bar."""

    id: int
    texts: tuple[str, ...]
    subs: dict[int, str] = field(default_factory=dict)
    tones: dict[int, str] = field(default_factory=dict)
    bars: dict[int, int] = field(default_factory=dict)
    picture: QPixmap | str = ""  # before the first text; a word is an icon's name
    ticked: bool | None = None  # None: the row has no box
    words: str = ""  # what it is found by, once it was looked up
    keys: str = ""

    def tick(self, ticked: bool | None) -> None:
        """Tick the box, or clear it; None: the row has none."""
        self.ticked = ticked

    def say(self, *texts: str) -> None:
        """Say something else, column by column."""
        self.texts = texts

    def show(self, picture: QPixmap | str) -> None:
        """Show another picture before the first text."""
        self.picture = picture

    def look_up(self) -> str:
        """Make what the line is found by: its words, which are returned, and the pinyin initials of its first text."""
        self.words = plain(" ".join((*self.texts, *self.subs.values()))).lower()
        self.keys = " " + search.initials(self.texts[0])
        return self.words


class PlainModel(QAbstractTableModel):
    """Lines, found by words and pinyin initials; where lines have boxes, the first column carries them."""

    ticks_changed = Signal()

    def __init__(self, headings: Sequence[str], parent: QWidget, right: Sequence[int] = ()) -> None:
        super().__init__(parent)
        self.headings, self.right = tuple(headings), frozenset(right)
        self.every: list[Line] = []
        self.lines: list[Line] = []
        self.typed = ""

    def set_lines(self, lines: Sequence[Line], typed: str | None = None) -> None:
        """Show other lines; what is looked for stays, or is `typed`."""
        self.beginResetModel()
        self.typed = self.typed if typed is None else plain(typed).lower()
        self.every = list(lines)
        self.lines = self._found()
        self.endResetModel()

    def find(self, typed: str) -> None:
        """Show only the lines in which what was typed is found."""
        self.beginResetModel()
        self.typed = plain(typed).lower()
        self.lines = self._found()
        self.endResetModel()

    def _found(self) -> list[Line]:
        if not self.typed:
            return list(self.every)
        typed = self.typed
        every = self.every
        if not (typed.isascii() and typed.isalpha()):
            return [line for line in every if typed in (line.words or line.look_up())]
        initial = typed if len(typed) > 1 else f" {typed}"  # one letter begins a name
        return [line for line in every if typed in (line.words or line.look_up()) or initial in line.keys]

    def place(self, row_id: int) -> int:
        """Return where the line of this id is shown, or -1."""
        return next((i for i, line in enumerate(self.lines) if line.id == row_id), -1)

    def ticked(self) -> list[int]:
        """Return the ids whose box is ticked, shown or not."""
        return [line.id for line in self.every if line.ticked]

    def tick(self, places: Sequence[int], on: bool) -> None:
        """Tick or untick some of the lines shown."""
        for place in places:
            if self.lines[place].ticked is not None:
                self.lines[place].ticked = on
        if self.lines:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.lines) - 1, 0))
        self.ticks_changed.emit()

    # What Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """How many lines are shown."""
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        """How many columns there are."""
        return 0 if parent.isValid() else len(self.headings)

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        """Return a text, its second line, tone, bar or box."""
        if not index.isValid():
            return None
        line, column = self.lines[index.row()], index.column()
        text = line.texts[column]
        if role in (_DISPLAY, int(Qt.ItemDataRole.ToolTipRole)):
            return text
        if role == SUB:
            return line.subs.get(column)
        if role == TONE:
            return line.tones.get(column)
        if role == BAR:
            return line.bars.get(column)
        if role == PICTURE and column == 0:
            return line.picture or None
        if role == ROW_ID:
            return line.id
        if role == int(Qt.ItemDataRole.CheckStateRole) and column == 0 and line.ticked is not None:
            return Qt.CheckState.Checked if line.ticked else Qt.CheckState.Unchecked
        if role == int(Qt.ItemDataRole.AccessibleTextRole):
            box = "" if column or line.ticked is None else "，已勾选" if line.ticked else "，未勾选"
            return f"{self.headings[column]}：{text}{box}" + (f"，{s}" if (s := line.subs.get(column)) else "")
        if role == int(Qt.ItemDataRole.TextAlignmentRole):
            side = Qt.AlignmentFlag.AlignRight if column in self.right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        """Return a heading."""
        if orientation == Qt.Orientation.Horizontal and 0 <= section < len(self.headings):
            if role == _DISPLAY:
                return self.headings[section]
            if role == int(Qt.ItemDataRole.TextAlignmentRole) and section in self.right:
                return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None


class _Delegate(CellDelegate):
    """Draws bars and boxes too; the first column of two-line rows is bold."""

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        """Draw one cell, and the box before it."""
        state = index.data(int(Qt.ItemDataRole.CheckStateRole))
        if state is None:
            super().paint(painter, option, index)
            return
        px, whole = self.theme.px, QRect(option.rect)
        super().paint(painter, option, index)
        box = QRect(whole.x() + px(10), whole.center().y() - px(8), px(16), px(16))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = state == Qt.CheckState.Checked
        painter.setPen(self.theme.colour("primary" if on else "edge"))
        painter.setBrush(self.theme.colour("primary" if on else "surface"))
        painter.drawRoundedRect(box, 3, 3)
        if on:
            tick = self.theme.pixmap("tick", "on_primary", px(12), painter.device().devicePixelRatioF())
            painter.drawPixmap(box.x() + px(2), box.y() + px(2), tick)
        painter.restore()

    def _plain(self, painter: QPainter, inner: QRect, text: str, index: Index) -> None:
        if index.data(int(Qt.ItemDataRole.CheckStateRole)) is not None:
            super()._plain(painter, inner.adjusted(self.theme.px(26), 0, 0, 0), text, index)
            return
        if (picture := index.data(PICTURE)) is not None:
            wide = self._picture(painter, inner, picture)
            self._text(painter, inner.adjusted(wide, 0, 0, 0), text, "body", "text")
            return
        share = index.data(BAR)
        if share is None:
            super()._plain(painter, inner, text, index)
            return
        px = self.theme.px
        room = inner.width() - px(44)
        track = QRect(inner.x(), inner.center().y() - px(3), room, px(6))
        if room < px(20):  # no room for a bar: the number says it
            super()._plain(painter, inner, text, index)
            return
        self.bar(painter, track, share / 100, "bar" if share >= 100 else "chart2")
        side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        self._text(painter, inner, text, "body", "text", side)

    def _picture(self, painter: QPainter, inner: QRect, picture: QPixmap | str) -> int:
        """Draw what stands before a text in the middle of its room; return how much that takes."""
        px = self.theme.px
        room = QRect(inner.x(), inner.center().y() - px(THUMB[1]) // 2, px(THUMB[0]), px(THUMB[1]))
        if isinstance(picture, str):
            side = px(24)
            shown = self.theme.pixmap(picture, "text2", side, painter.device().devicePixelRatioF())
            painter.drawPixmap(room.center().x() - side // 2, room.center().y() - side // 2, shown)
        else:
            size = (
                picture.deviceIndependentSize()
                .toSize()
                .scaled(
                    room.size().boundedTo(picture.deviceIndependentSize().toSize()), Qt.AspectRatioMode.KeepAspectRatio
                )
            )
            place = QRect(room.center() - QPoint(size.width() // 2, size.height() // 2), size)
            painter.drawPixmap(place, picture)
            painter.setPen(self.theme.colour("line2"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(place.adjusted(0, 0, -1, -1))
        return room.width() + px(10)


class PlainView(TableView):
    """Shows a `PlainModel`. A click on a box (with `row_ticks`: on a row) ticks it; Space ticks the rows chosen."""

    def __init__(self, theme: Theme, name: str, row_height: int = 35, row_ticks: bool = False) -> None:
        super().__init__(theme, name, row_height)
        self.row_ticks = row_ticks

    def make_delegate(self, row_height: int) -> CellDelegate:
        """Return what draws the cells."""
        return _Delegate(self.theme, row_height, self)

    @property
    def plain(self) -> PlainModel:
        """The lines that are shown."""
        model = self.model()
        assert isinstance(model, PlainModel)
        return model

    def places(self) -> list[int]:
        """Return the rows that are selected, from top to bottom."""
        return sorted({index.row() for index in self.selectionModel().selectedRows()})

    def chosen(self) -> list[int]:
        """Return the ids of the rows selected."""
        return [self.plain.lines[p].id for p in self.places()]

    def mousePressEvent(self, event: Any) -> None:
        """A click on a box ticks or unticks that row alone."""
        place = event.position().toPoint()
        index = self.indexAt(place)
        boxed = index.isValid() and self.plain.lines[index.row()].ticked is not None
        if boxed and (self.row_ticks or index.column() == 0) and event.button() == Qt.MouseButton.LeftButton:
            left = self.columnViewportPosition(0)
            if self.row_ticks or place.x() - left <= self.theme.px(34):
                self._tick(index.row())
                return
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: Any) -> None:
        """A click on a picture opens what it is of."""
        super().mouseReleaseEvent(event)
        place = event.position().toPoint()
        index = self.indexAt(place)
        left = place.x() - self.columnViewportPosition(0)
        if (
            event.button() == Qt.MouseButton.LeftButton
            and index.data(PICTURE) is not None
            and 0 <= left - self.theme.px(10) <= self.theme.px(THUMB[0])
            and self.places() == [index.row()]
        ):
            self.opened.emit()

    def mouseDoubleClickEvent(self, event: Any) -> None:
        """Two quick clicks on a box are two clicks."""
        index = self.indexAt(event.position().toPoint())
        if self.row_ticks and index.isValid() and self.plain.lines[index.row()].ticked is not None:
            self._tick(index.row())
            return
        super().mouseDoubleClickEvent(event)

    def _tick(self, place: int) -> None:
        none = QItemSelectionModel.SelectionFlag.NoUpdate
        self.selectionModel().setCurrentIndex(self.plain.index(place, 0), none)
        self.plain.tick([place], not self.plain.lines[place].ticked)

    def keyPressEvent(self, event: Any) -> None:
        """Space ticks or unticks the rows chosen."""
        places = self.places()
        if event.key() == Qt.Key.Key_Space and places and self.plain.lines[places[0]].ticked is not None:
            self.plain.tick(places, not self.plain.lines[places[0]].ticked)
            return
        super().keyPressEvent(event)
