"""The rows of a table that is to be imported, with what is wrong in which cell; a cell can be put right where it stands."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QCompleter, QLineEdit, QStyleOptionViewItem, QWidget

from db.intake.row_problems import RowProblem
from db.records.kinds import Cell, Invalid, cell_text, clean, is_blank
from desktop.services import import_draft
from desktop.services.import_draft import NO_CELL, Checked, Source
from desktop.shell.theme import Theme
from desktop.tables.cell_drawing import CellDelegate
from desktop.tables.record_model import TableView
from forms.shapes.cross_table import WHERE

Index = QModelIndex | QPersistentModelIndex
MARK = int(Qt.ItemDataRole.UserRole) + 20  # "bad" or "warn" behind a cell
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)


class CheckModel(QAbstractTableModel):
    """One table: row number, its imported columns, and the problems of each row in words."""

    typed = Signal(int, int, str)  # row number, column of the sheet, text

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.source: Source | None = None
        self.checked: Checked | None = None
        self.place = 0
        self.only_bad = True
        self.places: list[int] = []  # columns of the sheet
        self.rows: list[tuple[int, list[Cell]]] = []

    def show_table(self, source: Source, place: int, checked: Checked, only_bad: bool) -> None:
        """Show a table of a check."""
        self.beginResetModel()
        self.source, self.place, self.checked, self.only_bad = source, place, checked, only_bad
        p = source.proposal
        marked = {c for row in self.marks.values() for c in row if c != NO_CELL}
        chosen = [i for i, ours in enumerate(p.chosen) if ours] if p is not None else []
        rows = checked.rows[place]
        self.rows = [r for r in rows if r[0] in self.marks] if only_bad else rows
        # A column that is blank throughout has nothing to be looked at.
        chosen = [
            i for i in chosen if i in marked or any(i < len(r) and not is_blank(r[i]) for _, r in self.rows[:2000])
        ]
        where = {i for i, heading in enumerate(p.headings) if heading == WHERE} if p is not None else set()
        self.places = [*chosen, *sorted((marked | where) - set(chosen))]
        self.endResetModel()

    def forget(self) -> None:
        """Show nothing."""
        self.beginResetModel()
        self.source, self.checked, self.rows, self.places = None, None, [], []
        self.endResetModel()

    @property
    def marks(self) -> dict[int, dict[int, list[RowProblem]]]:
        """The problems of each row, by column."""
        return self.checked.marks[self.place] if self.checked is not None else {}

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """How many rows are shown."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        """Row number, columns, problems."""
        return 0 if parent.isValid() else len(self.places) + 2

    def problems(self, row: int) -> list[RowProblem]:
        """Everything said of a row, errors first."""
        found = [p for ps in self.marks.get(self.rows[row][0], {}).values() for p in ps]
        return sorted(found, key=lambda p: p.severity != "error")

    def problems_at(self, index: Index) -> list[RowProblem]:
        """What is said of a cell."""
        if not index.isValid() or not 0 < index.column() <= len(self.places):
            return []
        return self.marks.get(self.rows[index.row()][0], {}).get(self.places[index.column() - 1], [])

    def raw(self, index: Index) -> str:
        """The whole text of a cell as it stands in the file."""
        cells, column = self.rows[index.row()][1], self.places[index.column() - 1]
        cell = cells[column] if column < len(cells) else None
        if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= 10**14:
            return f"{cell:.5E}"  # as Excel shows it: the digits behind are not the real ones
        return clean(cell_text(cell))

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        """Return a cell's text, mark, and words."""
        if not index.isValid() or self.source is None:
            return None
        at, column = index.row(), index.column()
        if column == 0:
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            return str(self.rows[at][0]) if role == _DISPLAY else None
        if column > len(self.places):
            found = self.problems(at)
            if role in (_DISPLAY, Qt.ItemDataRole.ToolTipRole):
                glue = "；" if role == _DISPLAY else "\n"
                return glue.join(dict.fromkeys(p.reason for p in found))
            return None
        if role == MARK:
            found = self.problems_at(index)
            return None if not found else "bad" if any(p.severity == "error" for p in found) else "warn"
        if role == Qt.ItemDataRole.EditRole:
            return self.raw(index)
        if role == _DISPLAY:
            return self._shown(index)
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(p.reason for p in self.problems_at(index)) or self._stored(index)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            said = "；".join(p.reason for p in self.problems_at(index))
            return f"{self.headerData(column, Qt.Orientation.Horizontal)}：{self._shown(index)}{f'，{said}' if said else ''}"
        return None

    def _shown(self, index: Index) -> str:
        """A sound number is masked; one that is to be corrected is shown whole."""
        text = self.raw(index)
        f = import_draft.field_of(self.source, self.places[index.column() - 1]) if self.source else None
        if f is None or not f.masked or not text or self.problems_at(index):
            return text.replace("\n", " ")
        try:
            return f.kind.mask(f.kind.parse(text))
        except Invalid:
            return text

    def _stored(self, index: Index) -> str | None:
        """How a cell will be kept where that is another form of it."""
        column = self.places[index.column() - 1]
        cells = self.rows[index.row()][1]
        cell = cells[column] if column < len(cells) else None
        f = import_draft.field_of(self.source, column) if self.source else None
        if f is None or is_blank(cell) or f.masked:
            return None
        try:
            shown = f.kind.show(f.kind.parse(cell))
        except Invalid:
            return None
        return None if shown == clean(cell_text(cell)) else f"存为：{shown}"

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        """Return our heading of a column, with theirs as the tip."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < self.columnCount() or self.source is None:
            return None
        p = self.source.proposal
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section == 0 else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        if role not in (_DISPLAY, Qt.ItemDataRole.ToolTipRole):
            return None
        if section == 0:
            return "行号"
        if section > len(self.places):
            return "问题和改法"
        column = self.places[section - 1]
        if p is None or column >= len(p.chosen):
            return "队伍名称（分组行）"
        theirs = p.headings[column].replace("\n", " ")
        return p.chosen[column] or theirs if role == _DISPLAY else f"您的表头：{theirs or '（没有）'}"

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Cells of the file can be put right."""
        known = super().flags(index)
        p = self.source.proposal if self.source is not None else None
        inside = index.isValid() and 0 < index.column() <= len(self.places) and p is not None
        if inside and p is not None and self.places[index.column() - 1] < len(p.chosen):
            known |= Qt.ItemFlag.ItemIsEditable
        return known

    def setData(self, index: Index, value: Any, role: int = int(Qt.ItemDataRole.EditRole)) -> bool:
        """Hand over what was typed into a cell."""
        if role != Qt.ItemDataRole.EditRole or str(value) == self.raw(index):
            return False
        self.typed.emit(self.rows[index.row()][0], self.places[index.column() - 1], str(value))
        return True


class _Marked(CellDelegate):
    """Draws what is wrong: red or amber behind the cell and a wave under it."""

    def ground(self, index: Index) -> str:
        """Return the colour behind a cell."""
        mark = index.data(MARK)
        return f"{mark}_bg" if mark else "surface"

    def _plain(self, painter: QPainter, inner: QRect, text: str, index: Index) -> None:
        mark = index.data(MARK)
        last = index.column() == index.model().columnCount() - 1
        side = Qt.AlignmentFlag(index.data(Qt.ItemDataRole.TextAlignmentRole) or Qt.AlignmentFlag.AlignVCenter)
        tone = str(mark) if mark else "text2" if index.column() == 0 or last else "text"
        self._text(painter, inner, text, "body", tone, side)
        if mark:
            wide = min(max(self.metrics["body"].horizontalAdvance(text), self.theme.px(26)), inner.width())
            y = inner.center().y() + self.theme.px(11)
            painter.setPen(QPen(self.theme.colour(str(mark)), 1))
            step = max(2, self.theme.px(3))
            points = [QPoint(inner.x() + n * step, y + (step // 2 if n % 2 else 0)) for n in range(wide // step)]
            painter.drawPolyline(points)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A line over the cell, with the accepted words where there is a list of them."""
        made = QLineEdit(parent)
        made.setProperty("incell", True)
        model = index.model()
        assert isinstance(model, CheckModel)
        made.setAccessibleName(str(model.headerData(index.column(), Qt.Orientation.Horizontal)))
        if model.source is not None and model.checked is not None:
            words = import_draft.suggestions(model.source, model.places[index.column() - 1], model.checked)
            if words:
                completer = QCompleter(words, made)
                completer.setFilterMode(Qt.MatchFlag.MatchContains)
                completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
                made.setCompleter(completer)
        return made


class CheckTable(TableView):
    """The table of a check: typing starts an edit, F8 goes to the next problem."""

    behaviour = QAbstractItemView.SelectionBehavior.SelectItems

    def __init__(self, theme: Theme, model: CheckModel) -> None:
        super().__init__(theme, "检查结果", 34, freeze=True)
        assert self._frozen is not None
        # A delegate belongs to one view: two would both take what is typed.
        self._frozen_cells = self.make_delegate(34)
        self._frozen.setItemDelegate(self._frozen_cells)
        self.setModel(model)
        self.lines = model
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.EditKeyPressed | triggers.AnyKeyPressed | triggers.DoubleClicked)
        self.opened.connect(self._edit)

    def make_delegate(self, row_height: int) -> CellDelegate:
        """Return what draws the cells."""
        return _Marked(self.theme, row_height, self)

    def double_clicked(self, index: QModelIndex) -> None:
        """A double click edits; the view sees to it."""

    def _edit(self) -> None:
        index = self.currentIndex()
        # The Enter that ends an edit comes here too.
        if self.lines.flags(index) & Qt.ItemFlag.ItemIsEditable and self.state() != self.State.EditingState:
            self.edit(index)

    def fit(self) -> None:
        """Give the columns the widths of what stands in them."""
        model, metrics = self.lines, QFontMetrics(self.theme.font(14))
        self.setColumnWidth(0, self.theme.px(60))
        if self._frozen is not None:
            for column in range(1, model.columnCount()):
                self._frozen.setColumnHidden(column, True)
        for n in range(1, len(model.places) + 1):
            texts = [str(model.index(at, n).data() or "") for at in range(min(model.rowCount(), 60))]
            texts.append(str(model.headerData(n, Qt.Orientation.Horizontal)))
            wide = max(metrics.horizontalAdvance(t) for t in texts)
            self.setColumnWidth(n, min(max(wide + self.theme.px(24), self.theme.px(64)), self.theme.px(210)))

    def next_problem(self) -> None:
        """Go to the next marked cell, from the top again at the end."""
        model = self.lines
        rows, columns = model.rowCount(), model.columnCount()
        here = self.currentIndex()
        start = here.row() * columns + here.column() + 1 if here.isValid() else 0
        for n in range(rows * columns):
            at = (start + n) % (rows * columns)
            index = model.index(at // columns, at % columns)
            if index.data(MARK):
                self.setCurrentIndex(index)
                self.scrollTo(index)
                return
