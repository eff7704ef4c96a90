"""Which columns of a list a person wants to see, in which order and how wide: chosen once, remembered per record."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QAbstractListModel, QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from db.records.fields import Entity
from db.records.kinds import Choice as OneOf
from db.records.kinds import Date
from desktop.services import settings
from desktop.services.row_index import USUAL_MOST, columns, listed, width_of
from desktop.shell.theme import Theme
from desktop.shell.widgets import button, label, row
from desktop.tables.cell_drawing import Index
from desktop.tables.filter_header import TickList
from desktop.tables.grid import Grid
from desktop.tables.record_model import WIDEST

_LOOKED_AT = 500  # rows, for the widest text of a column
_FEW = 9.0  # half-width characters of the first column, where others are looked at
_WHOLE = 72.0  # half-width characters: no column takes more of a large screen


@dataclass
class Choice:
    """What was chosen for one record's list, by the names of its fields."""

    order: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)  # empty: what the declaration lists
    widths: dict[str, float] = field(default_factory=dict)  # drawn by hand, in half-width characters


def read(entity: Entity) -> Choice:
    """Return what was chosen earlier; fields that are no longer there are left out."""
    try:
        kept = json.loads(settings.text(f"columns/{entity.name}") or "{}")
        names = set(entity.by_name)
        widths = {str(n): float(w) for n, w in dict(kept.get("widths", {})).items() if n in names}
        return Choice([n for n in kept.get("order", []) if n in names], [n for n in kept.get("shown", []) if n in names],
                      widths)  # fmt: skip
    except (ValueError, TypeError, AttributeError):
        return Choice()  # a file that someone has changed by hand is no reason to stop


def write(entity: Entity, choice: Choice) -> None:
    """Remember what was chosen."""
    text = json.dumps({"order": choice.order, "shown": choice.shown, "widths": choice.widths}, ensure_ascii=True)
    settings.keep(f"columns/{entity.name}", text)


class ColumnKeeper(QObject):
    """Puts a grid's columns as they were chosen, and remembers every change that a person makes."""

    def __init__(self, grid: Grid) -> None:
        super().__init__(grid)
        self.grid, self.entity = grid, grid.records.entity
        self.fields = columns(self.entity)
        self.choice = read(self.entity)
        self._own = False  # a change of ours, not the person's
        self._widths: list[float] = []
        self._spread: dict[int, int] = {}  # in pixels, what the columns were given of the room there is
        self._beside: list[int] = []  # what is to be in view beside the first column
        self._whole: dict[int, int] = {}  # in pixels, what the widest ones would take
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(300)
        self._later.timeout.connect(lambda: write(self.entity, self.choice))
        header = grid.horizontalHeader()
        header.sectionResized.connect(lambda column, _, wide: self._widened(column, wide))
        header.sectionMoved.connect(lambda *_: self._moved())
        grid.viewport().installEventFilter(self)
        self.arrange()

    def names(self) -> list[str]:
        """Return the fields that are shown by choice or by declaration."""
        return self.choice.shown or [f.name for f in self.fields[: listed(self.entity)]]

    def arrange(self) -> None:
        """Show, hide and order the columns."""
        self._own = True
        header = self.grid.horizontalHeader()
        shown = {*self.names(), self.fields[0].name}
        places = {f.name: i for i, f in enumerate(self.fields)}
        order = [n for n in self.choice.order if n in places and n != self.fields[0].name]
        order = [self.fields[0].name, *order, *(n for n in places if n not in {*order, self.fields[0].name})]
        for visual, name in enumerate(order):
            header.moveSection(header.visualIndex(places[name]), visual)
        for column, f in enumerate(self.fields):
            header.setSectionHidden(column, f.name not in shown)
        # A last column of numbers, days or words of a list keeps its width: half a screen of it says nothing.
        last = self.fields[self.grid.visible_columns()[-1]]
        header.setStretchLastSection(not last.kind.numeric and not isinstance(last.kind, OneOf | Date))
        self._own = False

    def size(self, widths: list[float]) -> None:
        """Set the widths: those drawn by hand, else those that the texts need."""
        self._own, self._widths = True, widths
        for column, f in enumerate(self.fields):
            self.grid.show_width(column, self.choice.widths.get(f.name, self._usual(column)))
        header = self.grid.horizontalHeader()
        if not header.stretchLastSection():  # Qt counts what the last column once had until it is stretched again
            header.setStretchLastSection(True)
            header.setStretchLastSection(False)
        self._own, self._spread, self._whole = False, {}, self._whole_texts()
        self.spread()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the room that there is."""
        if event.type() == QEvent.Type.Resize:
            self.spread()
        return False

    def spread(self) -> None:
        """Where the columns need less than there is and none of them is drawn by hand, share out the rest.

        Texts that were cut come first; then all columns are wider alike, unless the last one takes what is left.
        """
        header, shown = self.grid.horizontalHeader(), self.grid.visible_columns()
        if self.choice.widths or not self._widths:
            return
        room = self.grid.viewport().width()
        wide = {column: self.grid.pixels(self._usual(column)) for column in shown}
        if self._beside:  # the first column gives them what they need, down to a few characters
            wanted = sum(wide[column] for column in self._beside if column in wide)
            wide[shown[0]] = min(wide[shown[0]], max(self.grid.pixels(_FEW), room - wanted))
        spare = room - sum(wide.values())
        for column, whole in sorted(self._whole.items(), key=lambda item: item[1]):
            if column in wide and spare > 0:
                more = min(spare, max(0, whole - wide[column]))
                wide[column] += more
                spare -= more
        if header.stretchLastSection():
            del wide[shown[-1]]
        else:
            factor = min(max(room / sum(wide.values()), 1.0), WIDEST)
            wide = {column: int(pixels * factor) for column, pixels in wide.items()}
        if wide == self._spread:
            return
        self._own, self._spread = True, wide
        for column, pixels in wide.items():
            self.grid.setColumnWidth(column, pixels)
        self._own = False

    def look_at(self, names: Sequence[str]) -> None:
        """Let these fields have room beside the first column for now, or (none) all columns their own again."""
        self._beside = [i for i, f in enumerate(self.fields) if f.name in names]
        self.spread()

    def _whole_texts(self) -> dict[int, int]:
        """Return how wide the columns would be that are as wide as a column is at first, with nothing cut."""
        model = self.grid.records
        rows = range(min(model.rowCount(), _LOOKED_AT))
        found = {}
        for column in self.grid.visible_columns():
            if self._widths and self._widths[column] >= USUAL_MOST:
                texts = [("",) * column + (str(model.index(row, column).data() or ""),) for row in rows]
                found[column] = self.grid.pixels(width_of(self.fields[column], column, texts, most=_WHOLE))
        return found

    def _usual(self, column: int) -> float:
        return (self._widths[column] if self._widths else 12.0) + 2 * self.grid.records.is_tag(column)

    def show(self, name: str, on: bool) -> None:
        """Show or hide a column."""
        names = [n for n in self.names() if n != name] + ([name] if on else [])
        self.choice.shown = [f.name for f in self.fields if f.name in {*names, self.fields[0].name}]
        self.arrange()
        self.size(self._widths)
        self._later.start()

    def reset(self) -> None:
        """Go back to the declared columns."""
        self.choice = Choice()
        self.arrange()
        self.size(self._widths)
        self._later.start()

    def flush(self) -> None:
        """Write at once what is still waiting."""
        if self._later.isActive():
            self._later.stop()
            write(self.entity, self.choice)

    def _moved(self) -> None:
        if self._own:
            return
        header = self.grid.horizontalHeader()
        self.choice.order = [self.fields[header.logicalIndex(i)].name for i in range(header.count())]
        self._later.start()

    def _widened(self, column: int, wide: int) -> None:
        # Only what a hand draws: the last column stretches by itself, and hiding sets a width of nothing.
        if self._own or not wide or not QApplication.mouseButtons() & Qt.MouseButton.LeftButton:
            return
        zoom = self.grid.theme.zoom / 100
        self.choice.widths[self.fields[column].name] = round((wide / zoom - 38) / 7, 1)
        self._later.start()


class _Names(QAbstractListModel):
    """The columns of a list, ticked where shown; the title is always shown."""

    def __init__(self, keeper: ColumnKeeper, parent: QWidget) -> None:
        super().__init__(parent)
        self.keeper = keeper
        self.fields = keeper.fields[1:]

    def rowCount(self, parent: Index | None = None) -> int:
        """How many columns there are to choose from."""
        return 0 if parent is not None and parent.isValid() else len(self.fields)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Return a label or its tick."""
        if not index.isValid():
            return None
        f = self.fields[index.row()]
        on = f.name in self.keeper.names()
        if role == Qt.ItemDataRole.DisplayRole:
            return f.label
        if role == Qt.ItemDataRole.UserRole:
            return ""
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if on else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{f.label}，{'显示' if on else '不显示'}"
        return None

    def toggle(self, place: int) -> None:
        """Show or hide one."""
        f = self.fields[place]
        self.keeper.show(f.name, f.name not in self.keeper.names())
        self.dataChanged.emit(self.index(place), self.index(place))


class ColumnPopup(QFrame):
    """列设置: a list of the columns to tick."""

    def __init__(self, parent: QWidget, theme: Theme, keeper: ColumnKeeper) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName("列设置")
        self.setFixedWidth(theme.px(250))
        self.keeper = keeper
        box = QVBoxLayout(self)
        box.setContentsMargins(10, 8, 10, 10)
        box.setSpacing(6)
        box.addWidget(label("显示哪些列", "strong"))
        self.list = TickList(theme, "要显示的列")
        self.names = _Names(keeper, self)
        self.list.setModel(self.names)
        self.list.toggled.connect(self.names.toggle)
        box.addWidget(self.list)
        box.addWidget(label("拖动表头可以换位置，拖表头的边可以改宽度，双击边为最合适的宽度。", "hint", wrap=True))
        box.addLayout(row(button(theme, "恢复默认", "", "", "", self._reset), None,
                          button(theme, "完成", "", "primary", "", self.close)))  # fmt: skip

    def _reset(self) -> None:
        self.keeper.reset()
        self.close()

    def open_at(self, place: QPoint) -> None:
        """Show with its right edge at a place."""
        self.adjustSize()
        room = self.screen().availableGeometry()
        self.move(max(room.left(), place.x() - self.width()), min(place.y(), room.bottom() - self.height()))
        self.show()
        self.list.setFocus()
