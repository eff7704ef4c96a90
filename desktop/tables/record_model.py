"""Rows of one record as a Qt table: sorting, finding, filtering; and the view that shows any table."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from operator import itemgetter
from time import perf_counter
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QTableView,
    QWidget,
)

from db.records.amounts import Count, Hours, Money, figure
from db.records.fields import Entity, Field, Row
from db.records.kinds import Value, plain
from desktop.services import search
from desktop.services.filters import Filter, by_span, has_several, parts
from desktop.services.row_index import Sheet, columns
from desktop.shell.garbage import put_aside
from desktop.shell.jobs import Jobs
from desktop.shell.theme import Theme
from desktop.tables.cell_drawing import HIT, ROW_ID, CellDelegate, Index
from desktop.tables.frozen_column import FrozenColumn

_DISPLAY, _TIP = int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.ToolTipRole)
_MANY = 20_000
_LONG, _FIRST = 3000, 256  # a find in a list of more rows shows the first ones at once
_MOMENT = 0.01  # seconds that it looks on without a pause
_NO_CELL = Qt.ItemFlag.NoItemFlags
_CELL = (
    Qt.ItemFlag.ItemIsSelectable
    | Qt.ItemFlag.ItemIsEnabled
    | Qt.ItemFlag.ItemNeverHasChildren
    | Qt.ItemFlag.ItemIsEditable
)
_ALIGNMENT, _SPOKEN = int(Qt.ItemDataRole.TextAlignmentRole), int(Qt.ItemDataRole.AccessibleTextRole)


_TAIL = 6  # so many of a number's last characters are looked through while it is masked
WIDEST = 2.0  # times the width that a column needs: more would tear a row apart


class TableModel(QAbstractTableModel):
    """The rows of a `Sheet`, sorted and found by an index over them; it never fetches."""

    found_changed = Signal()

    def __init__(self, entity: Entity, parent: QWidget | None = None, jobs: Jobs | None = None) -> None:
        super().__init__(parent)
        self.entity = entity
        self.fields = columns(entity)
        self.sheet = Sheet()
        self.order: Sequence[int] = ()  # never changed in itself: it may be the order of all rows
        self.typed = ""
        self.only: frozenset[int] | None = None
        self.filters: dict[int, Filter] = {}  # by column
        self.jobs = jobs  # where a long list is sorted; at once, if there is none
        self.sorted_by: tuple[Field, bool] | None = None  # the column, and whether downwards
        self._ranked: Sequence[int] | None = None  # every row, in the order chosen: a find does not sort again
        self._at: Sequence[int] = ()  # where each row stands in that order
        self._places: dict[int, int] | None = None  # of a row's number, where it is shown
        self._sides = [_alignment(f) for f in self.fields]
        self._rest = QTimer(self)  # runs from a find of which only the first rows are shown until all are
        self._rest.setInterval(15)
        self._rest.timeout.connect(self._find_more)
        self._hits: list[int] = []  # what that find has brought so far
        self._going: Iterator[int] = iter(())

    # What Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """How many rows are shown."""
        return 0 if parent.isValid() else len(self.order)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        """How many columns there are."""
        return 0 if parent.isValid() else len(self.fields)

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        """Return a cell's text, alignment, row id, hit, or name for a screen reader."""
        if not index.isValid():
            return None
        column = index.column()
        if role in (_DISPLAY, _TIP):
            return self.sheet.texts[self.order[index.row()]][column]
        if role == _ALIGNMENT:
            return self._sides[column]
        if role == ROW_ID:
            return self.sheet.rows[self.order[index.row()]]["id"]
        if role == HIT:
            if not self.typed:
                return None
            n = self.order[index.row()]
            return self._hit(self.sheet.texts[n][column], column, self.sheet.rows[n])
        if role == _SPOKEN:
            return f"{self.fields[column].label}：{self.sheet.texts[self.order[index.row()]][column]}"
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Every cell can be typed into."""
        return _CELL if index.isValid() else _NO_CELL

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        """Return a column's label."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.fields):
            return None
        if role == _DISPLAY:
            return self.fields[section].label
        if role == _TIP:
            return "\n".join(filter(None, (self.fields[section].label, self.fields[section].help)))
        if role == _SPOKEN:
            return self.fields[section].label + ("（已筛选）" if section in self.filters else "")
        if role == _ALIGNMENT:
            return self._sides[section]
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; a negative one means the declared order."""
        wanted = 0 <= column < len(self.fields)
        self.sorted_by = by = (self.fields[column], order == Qt.SortOrder.DescendingOrder) if wanted else None
        sheet = self.sheet
        if self.jobs is None or by is None or len(sheet.rows) <= _LONG or sheet.is_ranked(*by):
            self._rank()
        else:
            self.jobs.read(
                lambda store: sheet.rank(*by),
                lambda _: self._rank() if by == self.sorted_by and sheet is self.sheet else None,
                key=(self, "sort"),
            )

    # What the page asks

    def set_sheet(self, sheet: Sheet) -> None:
        """Show other rows; find, filters and sort stay as they are."""
        self._rest.stop()
        before = self.sheet
        self.beginResetModel()
        self.sheet = sheet
        self._ranked = self._places = None
        self.order = self._found()
        self.endResetModel()
        self.found_changed.emit()
        if self.jobs is not None and before is not sheet:
            put_aside(len(sheet.rows))
            if len(before.rows) > _LONG:
                self.jobs.let_go(*before.lists())

    def put(self, row: Row) -> None:
        """Show one row as it is now; it keeps its place until the list is read again."""
        place = self.place(int(row["id"] or 0))
        if place < 0:
            return
        self.sheet.put(self.order[place], row)
        self.dataChanged.emit(self.index(place, 0), self.index(place, len(self.fields) - 1))

    def find(self, typed: str) -> None:
        """Show only the rows in which what was typed is found: of many in a long list the first ones at once,
        and all of them as soon as those are drawn.
        """
        self.typed = typed.strip()
        self._look()

    def _look(self) -> None:
        going = None
        if plain(self.typed) and len(self.sheet.rows) > _LONG and not (self.filters or self.only is not None):
            going = self.sheet.finder.going(self.typed, self._in_rank())
        if going is None:
            self._arrange()
        else:
            self._going = going
            self._hits = list(islice(going, _FIRST))
            # What is chosen stays chosen: it stands behind them until its own place is known.
            chosen = {self.order[i.row()] for i in self.persistentIndexList()}.difference(self._hits)
            self._arrange([*self._hits, *(self.sheet.finder.going(self.typed, sorted(chosen)) or ())])
            self._rest.start()

    def _find_more(self) -> None:
        """Go on for a moment: between two the window gets its turn."""
        end = perf_counter() + _MOMENT
        for n in self._going:
            self._hits.append(n)
            if perf_counter() > end:
                return
        self.find_rest()

    def find_rest(self) -> None:
        """Show all rows of a find of which only the first are shown yet."""
        if self._rest.isActive():
            self._arrange([*self._hits, *self._going])
            self.found_changed.emit()

    def limit(self, ids: frozenset[int] | None) -> None:
        """Show only these rows (None: all)."""
        self.only = ids
        self._arrange()

    def set_filter(self, column: int, wanted: Filter | None) -> None:
        """Narrow a column, or show all of it again."""
        self.filters.pop(column, None)
        if wanted is not None:
            self.filters[column] = wanted
        self._arrange()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, column, column)

    def clear(self) -> None:
        """Take away every restriction."""
        self.typed, self.only = "", None
        self.filters.clear()
        self._arrange()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.fields) - 1)

    def values(self, column: int, counts: Counter[Value]) -> list[tuple[Value, str, int]]:
        """Return (value, text, how many rows) of a column in the order of the texts."""
        found = [(value, self.shown_as(column, value), n) for value, n in counts.items()]
        return sorted(found, key=lambda v: (v[0] is None, v[1].encode("gb18030", "replace")))

    def counts(self, column: int) -> Counter[Value]:
        """Return how many rows hold each value of a column, counted over what the other restrictions leave."""
        name = self.fields[column].name
        found, counted = self._found(leave_out=column), Counter[Value]()
        for start in range(0, len(found), _MANY):  # between two of them the window gets its turn
            cells = map(itemgetter(name), map(self.sheet.rows.__getitem__, found[start : start + _MANY]))
            several = has_several(self.fields[column])
            counted.update((part for cell in cells for part in parts(cell, True)) if several else cells)
        return counted

    def shown_as(self, column: int, value: Value) -> str:
        """Return the text of a value of a column."""
        f = self.fields[column]
        return f.show(value, self.sheet.titles.get(f.name), self.sheet.masked)

    def row(self, number: int) -> Row:
        """Return the row shown at a place."""
        return self.sheet.rows[self.order[number]]

    def index_of(self, row_id: int, name: str) -> QModelIndex:
        """Return the cell of a row and field, if it is shown."""
        place = self.place(row_id)
        column = next(i for i, f in enumerate(self.fields) if f.name == name)
        return self.index(place, column) if place >= 0 else QModelIndex()

    def id_at(self, place: int) -> int:
        """Return the id of the row shown at a place."""
        return int(self.sheet.rows[self.order[place]]["id"] or 0)

    def place(self, row_id: int) -> int:
        """Return where the row of this id is shown, or -1."""
        n = self.sheet.numbers.get(row_id)
        if n is None:
            return -1
        if self.order is self._ranked:  # every row
            return self._at[n]
        if self._places is None:
            self._places = {n: i for i, n in enumerate(self.order)}
        return self._places.get(n, -1)

    def is_tag(self, column: int) -> bool:
        """Tell whether the cells of a column are tags, whose marks want room."""
        return False

    def is_slow_to_count(self, column: int) -> bool:
        """Tell whether the values of a column are to be counted where the store is."""
        return self.jobs is not None and len(self.sheet.rows) > _LONG and not by_span(self.fields[column])

    def can_add_up(self, column: int) -> bool:
        """Tell whether a sum of this column means anything."""
        f = self.fields[column]
        return isinstance(f.kind, Money | Hours) or (isinstance(f.kind, Count) and f.name not in ("year", "size"))

    def total(self, places: Sequence[int] | None = None) -> list[tuple[str, str]]:
        """Return (label, sum) of each column that can be added up, over the rows shown or the places given."""
        rows, order = self.sheet.rows, self.order
        summed = [f for i, f in enumerate(self.fields) if f.listed and self.can_add_up(i)]
        if not summed:
            return []
        kept = [rows[n] for n in order] if places is None else [rows[order[p]] for p in places]
        return [(f.label, added(f, sum(int(r[f.name] or 0) for r in kept))) for f in summed]

    def _arrange(self, given: list[int] | None = None) -> None:
        self._rest.stop()
        self.layoutAboutToBeChanged.emit()
        kept = self.persistentIndexList()
        ids = [(i, i.column(), self.order[i.row()]) for i in kept]
        self.order = self._found() if given is None else given
        self._places = None
        if ids:
            wanted = {n for _, _, n in ids}
            every = self.order is self._ranked
            places = {n: self._at[n] for n in wanted} if every else {
                n: i for i, n in enumerate(self.order) if n in wanted
            }  # fmt: skip
            for old, column, n in ids:
                new = self.index(places[n], column) if n in places else QModelIndex()
                self.changePersistentIndex(old, new)
        self.layoutChanged.emit()
        if given is None:
            self.found_changed.emit()

    def _found(self, leave_out: int = -1) -> Sequence[int]:
        rows = self.sheet.rows
        found = self._in_order(self.sheet.finder.find(self.typed)) if plain(self.typed) else self._in_rank()
        if self.only is not None:
            found = [i for i in found if rows[i]["id"] in self.only]
        for column, wanted in self.filters.items():
            if column != leave_out:
                found = wanted.keep(rows, found, self.fields[column].name)
        return found

    def _in_order(self, hits: list[int]) -> list[int]:
        """Put the rows found in the order chosen, without going through all rows where few were found."""
        if self.sorted_by is None:
            return hits
        ranked = self._in_rank()
        if len(hits) > len(ranked) // 4:
            return list(filter(set(hits).__contains__, ranked))
        return sorted(hits, key=self._at.__getitem__)

    def _in_rank(self) -> Sequence[int]:
        """Return every row in the order chosen; while a long list is being sorted, in the order it had."""
        if self._ranked is None:
            self._ranked = self._order()
        return self._ranked

    def _rank(self) -> None:
        self._ranked = self._order()
        self._look()

    def _order(self) -> Sequence[int]:
        if self.sorted_by is None:
            self._at = range(len(self.sheet.rows))
            return self._at
        self._at = self.sheet.places(*self.sorted_by)
        return self.sheet.rank(*self.sorted_by)

    def _hit(self, text: str, column: int, row: Row | None = None) -> tuple[int, int] | None:
        """Return where what was typed stands in a cell's text, and how long it is."""
        start = text.lower().find(self.typed.lower())
        if start >= 0:
            return start, len(self.typed)
        typed, f = self.typed.lower(), self.fields[column]
        if f.masked and self.sheet.masked:  # found by digits that stars stand for: the stars are marked
            hidden = str(row[f.name] or "")[-_TAIL:] if row is not None else ""
            return (max(0, len(text) - _TAIL), min(len(text), _TAIL)) if typed in hidden.lower() else None
        if column == 0 and typed.isascii() and typed.isalpha():
            for n in range(len(text) - len(typed) + 1):
                if any(k == typed for k in search.initials(text[n : n + len(typed)]).split(" ")):
                    return n, len(typed)
        return None


def added(f: Field, total: int) -> str:
    """Return a sum as it is shown, with a comma after every three digits."""
    return f.show(total) if isinstance(f.kind, Money | Hours) else figure(total)


def _alignment(f: Field) -> int:
    side = Qt.AlignmentFlag.AlignRight if f.kind.numeric else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)


class TableView(QTableView):
    """A table as every list shows it; its first column stays in place when the others scroll (`freeze`)."""

    opened = Signal()  # Enter or double click on a row
    behaviour = QAbstractItemView.SelectionBehavior.SelectRows

    def __init__(
        self, theme: Theme, name: str, row_height: int = 35, freeze: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setAccessibleName(name)
        self._frozen = FrozenColumn(self, self._place, lambda index: self.double_clicked(index)) if freeze else None
        self._units: dict[int, float] = {}  # the widths that the columns need, where they are given
        self._cells = self.make_delegate(row_height)
        for view in filter(None, (self, self._frozen)):
            if (header := self.make_header(view)) is not None:
                view.setHorizontalHeader(header)
            view.setItemDelegate(self._cells)
            view.setShowGrid(False)
            view.setMouseTracking(True)
            view.setWordWrap(False)
            view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
            view.setSelectionBehavior(self.behaviour)
            view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
            view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
            view.verticalHeader().hide()
            view.horizontalHeader().setHighlightSections(False)
            view.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setTabKeyNavigation(False)
        self.horizontalHeader().setStretchLastSection(True)
        self.doubleClicked.connect(self.double_clicked)
        self.horizontalHeader().sectionResized.connect(lambda *_: self._place())
        self.horizontalHeader().sectionResized.connect(lambda *_: self._drawn())
        self._resize()
        theme.changed.connect(self._resize)

    def make_delegate(self, row_height: int) -> CellDelegate:
        """Return what draws the cells."""
        return CellDelegate(self.theme, row_height, self)

    def make_header(self, view: QTableView) -> QHeaderView | None:
        """Return a header of another kind, or None for the usual one."""
        return None

    def double_clicked(self, index: QModelIndex) -> None:
        """A double click opens the row."""
        self.opened.emit()

    def setModel(self, model: Any) -> None:
        """Set the model, on the frozen column too."""
        super().setModel(model)
        if self._frozen is not None:
            self._frozen.follow()
            self._place()

    def show_width(self, column: int, units: float) -> None:
        """Set a column's width in half-width characters; with room to spare all of them are wider alike."""
        self._units[column] = units
        self.setColumnWidth(column, self.theme.px(units * 7 + 26))

    def spread(self) -> None:
        """Share what room there is among the columns, as long as nobody has drawn one wider or narrower."""
        model = self.model()
        if model is None or len(self._units) != model.columnCount():
            return
        need = {column: self.theme.px(units * 7 + 26) for column, units in self._units.items()}
        factor = min(max(self.viewport().width() / sum(need.values()), 1.0), WIDEST)
        for column, wide in need.items():
            self.setColumnWidth(column, int(wide * factor))

    def _drawn(self) -> None:
        if QApplication.mouseButtons() & Qt.MouseButton.LeftButton:
            self._units.clear()

    def _resize(self) -> None:
        for view in filter(None, (self, self._frozen)):
            view.verticalHeader().setMinimumSectionSize(self.theme.px(self._cells.row_height))  # before the size itself
            view.verticalHeader().setDefaultSectionSize(self.theme.px(self._cells.row_height))
            view.horizontalHeader().setFixedHeight(self.theme.px(36))
        self._place()

    def _place(self) -> None:
        if self._frozen is None or self.model() is None:
            return
        self._frozen.stand()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the frozen column in its place."""
        super().resizeEvent(event)
        self.spread()
        self._place()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the row."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit()
            return
        super().keyPressEvent(event)
