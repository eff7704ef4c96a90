"""The list of a record as a sheet: blocks of cells, typing in cells, funnels, and columns as the person likes them."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QTableView, QWidget

from db.records.fields import Entity
from db.records.kinds import Cell, Date, Value
from desktop.services.row_index import width_of
from desktop.shell.theme import Theme
from desktop.tables.cell_drawing import CellDelegate, Index
from desktop.tables.cell_editor import CellEditor
from desktop.tables.editors import ChoiceEditor, ChoicesEditor
from desktop.tables.filter_header import FunnelHeader, FunnelPopup
from desktop.tables.record_model import TableModel, TableView

Kept = tuple[tuple[int, int, int] | None, list[tuple[list[int], int, int]]]
_CLEAR = QItemSelectionModel.SelectionFlag.ClearAndSelect
_HELD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class _RowDelegate(CellDelegate):
    """Tints the rows that a selection touches, so that it is seen which records are meant."""

    def ground(self, index: Index) -> str:
        """Return the colour behind a cell."""
        grid = self.parent()
        assert isinstance(grid, Grid)
        chosen = grid.selectionModel()
        return "surface2" if chosen is not None and chosen.rowIntersectsSelection(index.row()) else "surface"


class Grid(TableView):
    """A list with the habits of a sheet. It shows a `TableModel` and writes nothing itself."""

    behaviour = QAbstractItemView.SelectionBehavior.SelectItems
    cell_taken = Signal(int, str, object)  # row id, field, cell
    menu_asked = Signal(QModelIndex, QPoint)  # cell, place on the screen

    def __init__(
        self, theme: Theme, name: str, model: TableModel, today: dt.date, parent: QWidget | None = None,
        judged_by: Entity | None = None,
    ) -> None:  # fmt: skip
        """`judged_by` is the declared record, where the list shows an entity with further columns."""
        self.records = model
        self._forwarding = False
        self._blank_column = -1  # where the blank space under the rows was clicked
        super().__init__(theme, name, freeze=True, parent=parent)
        self.entity: Entity = judged_by or model.entity
        self.setModel(model)
        self.editing = CellEditor(self, model, self.entity, today, self.over)
        self.editing.stepped.connect(self.step)
        self.editing.taken.connect(self.cell_taken)
        assert self._frozen is not None
        header = self.horizontalHeader()
        header.setSectionsMovable(True)
        header.setFirstSectionMovable(False)
        for view in (self, self._frozen):
            view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            view.customContextMenuRequested.connect(
                lambda place, view=view: self.menu_asked.emit(view.indexAt(place), view.viewport().mapToGlobal(place))
            )
        self._frozen.raise_()  # over the heading, which was made later
        first = self._frozen.horizontalHeader()
        first.sectionClicked.connect(self._sort_by_first)
        first.sectionResized.connect(lambda section, _, wide: self._widen_first(section, wide))
        header.sortIndicatorChanged.connect(lambda *_: first.viewport().update())
        model.headerDataChanged.connect(lambda *_: first.viewport().update())
        model.layoutChanged.connect(self.editing.place)
        header.sectionResized.connect(lambda *_: self.editing.place())
        self.selectionModel().selectionChanged.connect(lambda *_: self._repaint())
        self.setSortingEnabled(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setSortIndicatorClearable(True)

    # Building

    def make_delegate(self, row_height: int) -> CellDelegate:
        """Return what draws the cells."""
        return _RowDelegate(self.theme, row_height, self)

    def make_header(self, view: QTableView) -> QHeaderView:
        """Return a heading with funnels; the frozen column's shows the sort arrow of the other."""
        leader = None if view is self else self.horizontalHeader()
        assert leader is None or isinstance(leader, FunnelHeader)
        header = FunnelHeader(self.theme, lambda column: column in self.records.filters, leader)
        header.funnel_asked.connect(self.open_funnel)
        return header

    def _repaint(self) -> None:
        self.viewport().update()
        if self._frozen is not None:
            self._frozen.viewport().update()

    def _sort_by_first(self, section: int) -> None:
        header = self.horizontalHeader()
        up, down = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
        if header.sortIndicatorSection() != section:
            header.setSortIndicator(section, up)
        elif header.sortIndicatorOrder() == up:
            header.setSortIndicator(section, down)
        else:
            header.setSortIndicator(-1, up)

    def _widen_first(self, section: int, wide: int) -> None:
        if section == 0 and wide and self.columnWidth(0) != wide:
            self.setColumnWidth(0, wide)

    def over(self, index: Index) -> QWidget:
        """Return what a cell's editor stands on: the frozen column where that is in front."""
        frozen = self._frozen
        if frozen is not None and frozen.isVisible() and index.column() == 0:
            return frozen.viewport()
        return self.viewport()

    def sizeHintForColumn(self, column: int) -> int:
        """A double click on the edge of a heading fits the column to what it shows."""
        f, texts = self.records.fields[column], self.records.sheet.texts
        shown = [texts[n] for n in self.records.order[:2000]]
        return self.pixels(width_of(f, column, shown, most=80.0))

    def pixels(self, units: float) -> int:
        """Return the width of a column for a text of so many half-width characters."""
        return self.theme.px(units * 7 + 38)

    def show_width(self, column: int, units: float) -> None:
        """Set a column's width in half-width characters."""
        self.setColumnWidth(column, self.pixels(units))

    # Columns and blocks

    def visible_columns(self) -> list[int]:
        """Return the columns as they stand from left to right."""
        header = self.horizontalHeader()
        placed = (header.logicalIndex(i) for i in range(header.count()))
        return [c for c in placed if not header.isSectionHidden(c)]

    def ranges(self) -> list[tuple[int, int, int, int]]:
        """Return what is selected as (top, bottom, left, right); never cell by cell: all may be selected."""
        chosen = self.selectionModel().selection()
        found = (chosen.at(i) for i in range(chosen.size()))
        return [(r.top(), r.bottom(), r.left(), r.right()) for r in found]

    def places(self) -> list[int]:
        """Return the rows that the selection touches, from top to bottom."""
        rows = self.records.rowCount()
        if len(chosen := self.ranges()) == 1:  # all rows, often
            return list(range(chosen[0][0], min(chosen[0][1] + 1, rows)))
        found: set[int] = set()
        for top, bottom, _, _ in self.ranges():
            found.update(range(top, bottom + 1))
        return sorted(p for p in found if p < rows)

    def block(self) -> tuple[list[int], list[int]]:
        """Return rows and visible columns of the smallest block around the selection."""
        chosen = {c for _, _, left, right in self.ranges() for c in range(left, right + 1)}
        return self.places(), [c for c in self.visible_columns() if c in chosen]

    def index_of(self, row_id: int, name: str) -> QModelIndex:
        """Return the cell of a row and field, if it is shown."""
        return self.records.index_of(row_id, name)

    def keep(self) -> Kept:
        """Return current cell and selection by row ids, to be shown again when the rows are read anew."""
        now = self.currentIndex()
        current = (self.records.id_at(now.row()), now.column(), now.row()) if now.isValid() else None
        id_at = self.records.id_at
        blocks = [
            ([id_at(p) for p in range(top, bottom + 1)], left, right) for top, bottom, left, right in self.ranges()
        ]
        return current, blocks

    def restore(self, kept: Kept) -> None:
        """Select again what `keep` returned, as far as it is shown."""
        current, blocks = kept
        wanted = QItemSelection()
        for ids, left, right in blocks:
            places = sorted(p for i in ids if (p := self.records.place(i)) >= 0)
            start = 0
            for i in range(1, len(places) + 1):
                if i == len(places) or places[i] != places[i - 1] + 1:
                    first, last = self.records.index(places[start], left), self.records.index(places[i - 1], right)
                    wanted.select(first, last)
                    start = i
        if current is not None and (rows := self.records.rowCount()):
            place = self.records.place(current[0])
            place = min(current[2], rows - 1) if place < 0 else place  # of a row that is gone: what stands there now
            none = QItemSelectionModel.SelectionFlag.NoUpdate
            self.selectionModel().setCurrentIndex(self.records.index(place, current[1]), none)
        if not wanted.isEmpty():
            self.selectionModel().select(wanted, _CLEAR)

    def choose(self, ids: Iterable[int]) -> None:
        """Select the rows of these ids, as far as they are shown, and bring the first into view."""
        places = [p for i in ids if (p := self.records.place(i)) >= 0]
        if not places:
            return
        last = self.records.columnCount() - 1
        wanted = QItemSelection()
        for place in places:
            wanted.select(self.records.index(place, 0), self.records.index(place, last))
        first = self.records.index(min(places), 0)
        self.selectionModel().setCurrentIndex(first, QItemSelectionModel.SelectionFlag.NoUpdate)
        self.selectionModel().select(wanted, _CLEAR)
        self.scrollTo(first)

    def print_rows(self, title: str) -> None:
        """Print the rows and columns as they are shown; raises `UserError` where there is no printer."""
        from desktop.shell import printing  # late: what writes a PDF takes a while to load

        model, shown = self.records, self.visible_columns()
        fields = [model.fields[c] for c in shown]
        titles, widths = [f.label for f in fields], [max(f.width, len(f.label) * 2) for f in fields]
        lines = [[model.sheet.texts[n][c] for c in shown] for n in model.order]
        printing.print_table(self, title, titles, widths, [f.kind.numeric for f in fields], lines)

    def step(self, down: int, right: int) -> None:
        """Move the current cell, as far as there are cells."""
        now, shown = self.currentIndex(), self.visible_columns()
        if not now.isValid() or now.column() not in shown:
            return
        place = min(max(now.row() + down, 0), self.records.rowCount() - 1)
        column = shown[min(max(shown.index(now.column()) + right, 0), len(shown) - 1)]
        self.selectionModel().setCurrentIndex(self.records.index(place, column), _CLEAR)

    # Typing

    def edit_current(self) -> None:
        """Type in the current cell, beginning with what is there (F2)."""
        self.editing.open(self.currentIndex())

    def reopen(self, row_id: int, name: str, cell: Cell, reason: str) -> bool:
        """Show again what the ledger did not take; False where that cell is out of view or another is typed in."""
        index = self.index_of(row_id, name)
        if not index.isValid() or self.editing.is_open or not self.isVisible():
            return False
        self.selectionModel().setCurrentIndex(index, _CLEAR)
        self.editing.reopen(index, cell, reason)
        return True

    def double_clicked(self, index: QModelIndex) -> None:
        """A double click types in the cell; a list of choices opens at once."""
        if self.editing.open(index):
            if isinstance(self.editing.widget, ChoiceEditor):
                self.editing.widget.showPopup()
            elif isinstance(self.editing.widget, ChoicesEditor):
                self.editing.widget.open_list()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click under the last row takes every selection away: what is pasted then is new."""
        place = event.position().toPoint()
        super().mousePressEvent(event)
        if not self.indexAt(place).isValid() and event.button() == Qt.MouseButton.LeftButton:
            self.selectionModel().clear()
            self._blank_column = self.columnAt(place.x())

    def first_pasted(self) -> int:
        """Return the column that a block without headings begins at where it makes new rows."""
        now = self.currentIndex()
        column = now.column() if now.isValid() else self._blank_column
        return column if column in self.visible_columns() else 0

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Characters are typed into the cell; Alt+Down opens the funnel; Shift+Space takes the whole row."""
        if (line := self.editing.line()) is not None:  # typed faster than the focus moves
            if self._forwarding:  # the editor did not want it either
                event.ignore()
                return
            self._forwarding = True
            QApplication.sendEvent(line, event)
            self._forwarding = False
            return
        now, held = self.currentIndex(), event.modifiers()
        key, text = event.key(), event.text()
        control = bool(held & Qt.KeyboardModifier.ControlModifier)
        if key == Qt.Key.Key_Down and held & Qt.KeyboardModifier.AltModifier:
            self.open_funnel(now.column() if now.isValid() else 0)
        elif key == Qt.Key.Key_Space and held & Qt.KeyboardModifier.ShiftModifier and now.isValid():
            rows = QItemSelectionModel.SelectionFlag.Rows
            self.selectionModel().select(now, _CLEAR | rows)
        elif control and key in (Qt.Key.Key_Semicolon, Qt.Key.Key_Colon) and self._is_day(now):
            self.editing.open(now, self.editing.today.isoformat())
        elif now.isValid() and text and text.isprintable() and not text.isspace() and not held & _HELD:
            self.editing.open(now, text)
        else:
            super().keyPressEvent(event)

    def _is_day(self, index: Index) -> bool:
        return index.isValid() and isinstance(self.records.fields[index.column()].kind, Date)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """What an input method composes goes into the cell."""
        if not self.editing.compose(self.currentIndex(), event):
            event.ignore()

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> Any:
        """While a word is composed over a cell, its editor says where."""
        if self.editing.composing and (line := self.editing.line()) is not None:
            return line.inputMethodQuery(query)
        return super().inputMethodQuery(query)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep frozen column and editor in their places."""
        super().resizeEvent(event)
        if hasattr(self, "editing"):
            self.editing.place()

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Show a cell, and not behind the frozen column."""
        super().scrollTo(index, hint)
        if self._frozen is None or not index.isValid() or index.column() == 0:
            return
        bar = self.horizontalScrollBar()
        hidden = self.columnWidth(0) - self.columnViewportPosition(index.column())
        if bar.value() > 0 and hidden > 0:
            bar.setValue(bar.value() - hidden)

    # Funnels

    def open_funnel(self, column: int) -> FunnelPopup | None:
        """Open what is under a column's funnel: in a long list as soon as its values are counted."""
        model = self.records
        if not self.editing.take():
            return None
        if model.jobs is None or not model.is_slow_to_count(column):
            return self._show_funnel(column)
        model.jobs.read(
            lambda store: model.counts(column),
            lambda counts: self._show_counted(column, counts),
            key=(self, "funnel"),
        )
        return None

    def _show_counted(self, column: int, counts: Counter[Value]) -> None:
        if self.isVisible():
            self._show_funnel(column, counts)

    def _show_funnel(self, column: int, counts: Counter[Value] | None = None) -> FunnelPopup:
        popup = FunnelPopup(self, self.theme, self.records, column, self.editing.today, counts)
        header = self.horizontalHeader()
        left = max(0, header.sectionViewportPosition(column))
        popup.open_at(header.mapToGlobal(QPoint(left, header.height())))
        return popup
