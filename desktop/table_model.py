"""Rows of one record as a Qt table: loading, sorting, finding, and how a cell is drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from db.entities import BY_NAME
from db.fields import Entity, Field, Row
from db.kinds import Count, Hours, Money, Ref, plain
from db.store import Store
from desktop import search
from desktop.theme import Theme

Index = QModelIndex | QPersistentModelIndex
Titles = Mapping[str, Mapping[int, str]]
ROW_ID = int(Qt.ItemDataRole.UserRole)  # the id of the row
HIT = ROW_ID + 1  # (start, length) of what was looked for
TONE = ROW_ID + 2  # a tag: its tone
SUB = ROW_ID + 3  # a second line
GROUP = ROW_ID + 4  # a heading across the table


@dataclass(frozen=True)
class Sheet:
    """One record's rows as they are shown: made where the store is, used by the model."""

    rows: list[Row] = field(default_factory=list)
    texts: list[tuple[str, ...]] = field(default_factory=list)
    titles: Titles = field(default_factory=dict)
    words: list[str] = field(default_factory=list)  # what a find looks through
    keys: list[str] = field(default_factory=list)  # pinyin initials of the title
    masked: bool = True
    widths: list[float] = field(default_factory=list)  # of each column, in half-width characters


def columns(entity: Entity) -> list[Field]:
    """Return the fields a list shows: the title first, the others as declared."""
    listed = [f for f in entity.fields if f.listed]
    title = entity[entity.title]
    return [title, *(f for f in listed if f is not title)]


def ref_titles(store: Store, entity: Entity) -> dict[str, dict[int, str]]:
    """Return, for each field that refers to a record, its rows' titles, made different where two are the same."""
    return {f.name: _titles(store, f.kind) for f in entity.refs if isinstance(f.kind, Ref)}


def _titles(store: Store, kind: Ref) -> dict[int, str]:
    other = BY_NAME[kind.entity]
    rows = store.rows(other)
    main = kind.columns[0][1]
    found: dict[int, str] = {}
    seen: dict[str, int] = {}
    for row in rows:
        text = str(row[main] or "")
        if other.title != main:
            text = f"{text} {row[other.title] or ''}".strip()
        found[int(row["id"] or 0)] = text
        seen[text] = seen.get(text, 0) + 1
    for row in rows:
        number = int(row["id"] or 0)
        if seen[found[number]] > 1:
            tails = [other[n].show(row[n]) for _, n in kind.columns[1:]]
            found[number] += f"（{'，'.join(t for t in tails if t) or f'第 {number} 条'}）"
    seen.clear()
    for number, text in found.items():  # the same name and the same masked number
        seen[text] = seen.get(text, 0) + 1
        if seen[text] > 1:
            found[number] = f"{text}（第 {number} 条）"
    return found


def load(store: Store, entity: Entity, masked: bool = True) -> Sheet:
    """Read one record's rows and make every text; runs where the store is."""
    rows = store.rows(entity)
    titles = ref_titles(store, entity)
    shown = columns(entity)
    texts = [tuple(f.show(row[f.name], titles.get(f.name), masked) for f in shown) for row in rows]
    hidden = [f for f in entity.fields if f.masked]
    words = [
        plain(" ".join([*text, *(str(row[f.name] or "")[-6:] for f in hidden)])).lower()
        for text, row in zip(texts, rows, strict=True)
    ]
    keys = [search.initials(text[0]) for text in texts]
    widths = [
        min(34.0, max(_units(f.label) + 1, *(_units(text[i]) for text in texts[:2000]), 5)) if texts else 12.0
        for i, f in enumerate(shown)
    ]
    return Sheet(rows, texts, titles, words, keys, masked, widths)


def _units(text: str) -> float:
    """Return the width of a text in half-width characters; digits are a little wider than half a Chinese character."""
    return sum(2 if ord(c) > 0x2E80 else 1.15 for c in text)


class TableModel(QAbstractTableModel):
    """The rows of a `Sheet`, sorted and found by an index over them; it never fetches."""

    found_changed = Signal()

    def __init__(self, entity: Entity, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entity = entity
        self.fields = columns(entity)
        self.sheet = Sheet()
        self.order: list[int] = []
        self.typed = ""
        self.only: frozenset[int] | None = None
        self._sorted_by: tuple[int, Qt.SortOrder] | None = None

    # What Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """How many rows are shown."""
        return 0 if parent.isValid() else len(self.order)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        """How many columns there are."""
        return 0 if parent.isValid() else len(self.fields)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell's text, alignment, row id, hit, or name for a screen reader."""
        if not index.isValid():
            return None
        column = index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.sheet.texts[self.order[index.row()]][column]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(self.fields[column])
        if role == ROW_ID:
            return self.sheet.rows[self.order[index.row()]]["id"]
        if role == HIT:
            return self._hit(self.sheet.texts[self.order[index.row()]][column], column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.fields[column].label}：{self.sheet.texts[self.order[index.row()]][column]}"
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a column's label."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.fields):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.fields[section].label
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(self.fields[section])
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; a negative one means the declared order."""
        self._sorted_by = (column, order) if 0 <= column < len(self.fields) else None
        self._arrange()

    # What the page asks

    def set_sheet(self, sheet: Sheet) -> None:
        """Show other rows; find and sort stay as they are."""
        self.beginResetModel()
        self.sheet = sheet
        self.order = self._found()
        self.endResetModel()
        self.found_changed.emit()

    def find(self, typed: str) -> None:
        """Show only the rows in which what was typed is found."""
        self.typed = typed.strip()
        self._arrange()

    def limit(self, ids: frozenset[int] | None) -> None:
        """Show only these rows (None: all)."""
        self.only = ids
        self._arrange()

    def row(self, number: int) -> Row:
        """Return the row shown at a place."""
        return self.sheet.rows[self.order[number]]

    def place(self, row_id: int) -> int:
        """Return where the row of this id is shown, or -1."""
        return next((i for i, n in enumerate(self.order) if self.sheet.rows[n]["id"] == row_id), -1)

    def total(self, ids: Sequence[int] | None = None) -> list[tuple[str, str]]:
        """Return (label, sum) of each column that can be added up, over the rows shown or the places given."""
        kept = [self.row(i) for i in (range(len(self.order)) if ids is None else ids)]
        return [
            (f.label, f.show(sum(int(r[f.name] or 0) for r in kept)))
            for f in self.fields
            if isinstance(f.kind, Money | Hours) or (isinstance(f.kind, Count) and f.name != "year")
        ]

    def _arrange(self) -> None:
        self.layoutAboutToBeChanged.emit()
        kept = self.persistentIndexList()
        ids = [(i, i.column(), self.order[i.row()]) for i in kept]
        self.order = self._found()
        places = {n: i for i, n in enumerate(self.order)}
        for old, column, n in ids:
            new = self.index(places[n], column) if n in places else QModelIndex()
            self.changePersistentIndex(old, new)
        self.layoutChanged.emit()
        self.found_changed.emit()

    def _found(self) -> list[int]:
        sheet = self.sheet
        found = list(range(len(sheet.rows)))
        if self.only is not None:
            found = [i for i in found if sheet.rows[i]["id"] in self.only]
        if self.typed:
            found = [i for i in found if search.matches(self.typed, sheet.words[i], sheet.keys[i])]
        if self._sorted_by is not None:
            column, order = self._sorted_by
            f = self.fields[column]
            down = order == Qt.SortOrder.DescendingOrder
            blank = [i for i in found if sheet.rows[i][f.name] is None]
            full = [i for i in found if sheet.rows[i][f.name] is not None]
            if f.kind.numeric:
                full.sort(key=lambda i: int(sheet.rows[i][f.name] or 0), reverse=down)
            else:
                full.sort(key=lambda i: (sheet.texts[i][column].encode("gb18030"), i), reverse=down)
            found = full + blank  # blank cells come last either way
        return found

    def _hit(self, text: str, column: int) -> tuple[int, int] | None:
        if not self.typed:
            return None
        start = text.lower().find(self.typed.lower())
        if start >= 0:
            return start, len(self.typed)
        typed = self.typed.lower()
        if column == 0 and typed.isascii() and typed.isalpha():
            for n in range(len(text) - len(typed) + 1):
                if any(k == typed for k in search.initials(text[n : n + len(typed)]).split(" ")):
                    return n, len(typed)
        return None


def _alignment(f: Field) -> int:
    side = Qt.AlignmentFlag.AlignRight if f.kind.numeric else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)


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

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Rows have one height; columns are set by the view."""
        return QSize(self.theme.px(80), self.theme.px(self.row_height))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        colour = self.theme.colour
        rect = option.rect
        painter.save()
        group = index.data(GROUP)
        selected = bool(option.state & QStyle.StateFlag.State_Selected) and group is None
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver) and group is None
        painter.fillRect(
            rect, colour("sel" if selected else "surface2" if group else "hover" if hovered else "surface")
        )
        painter.setPen(colour("line"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        inner = rect.adjusted(self.theme.px(10), 0, -self.theme.px(10), 0)
        text = str(index.data() or "")
        if group is not None:
            self._text(painter, inner, text, "bold", "text")
            gap = self.metrics["bold"].horizontalAdvance(text) + self.theme.px(12)
            self._text(painter, inner.adjusted(gap, 0, 0, 0), str(group), "small", "text2")
        elif tone := index.data(TONE):
            self._tag(painter, inner, text, str(tone))
        elif sub := index.data(SUB):
            half = inner.height() // 2
            self._text(
                painter, QRect(inner.x(), inner.y() + self.theme.px(3), inner.width(), half), text, "body", "text"
            )
            lower = QRect(inner.x(), inner.y() + half, inner.width(), half - self.theme.px(3))
            self._text(painter, lower, str(sub), "small", "text2")
        else:
            self._plain(painter, inner, text, index)
        if option.state & QStyle.StateFlag.State_HasFocus and group is None:
            painter.setPen(QPen(colour("accent"), 2))
            painter.drawRect(rect.adjusted(1, 1, -2, -2))
        painter.restore()

    def _plain(self, painter: QPainter, inner: QRect, text: str, index: Index) -> None:
        kind = "bold" if index.column() == 0 and self.row_height < 46 else "body"
        side = Qt.AlignmentFlag(index.data(Qt.ItemDataRole.TextAlignmentRole) or Qt.AlignmentFlag.AlignVCenter)
        metrics = self.metrics[kind]
        if (hit := index.data(HIT)) is not None and side & Qt.AlignmentFlag.AlignLeft:
            left = inner.x() + metrics.horizontalAdvance(text[: hit[0]])
            width = metrics.horizontalAdvance(text[hit[0] : hit[0] + hit[1]])
            high = metrics.height()
            mark = QRect(left, inner.center().y() - high // 2, min(width, inner.right() - left), high)
            painter.fillRect(mark, self.theme.colour("mark"))
        if self.row_height >= 46 and metrics.horizontalAdvance(text) > inner.width():
            painter.setFont(self.fonts[kind])
            painter.setPen(self.theme.colour("text"))
            room = 2 * inner.width() - self.theme.px(30)
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
            painter.drawText(inner, int(side) | int(Qt.TextFlag.TextWrapAnywhere), shown)
            return
        self._text(painter, inner, text, kind, "text", side)

    def _text(
        self, painter: QPainter, rect: QRect, text: str, kind: str, tone: str,
        side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
    ) -> None:  # fmt: skip
        painter.setFont(self.fonts[kind])
        painter.setPen(self.theme.colour(tone))
        shown = self.metrics[kind].elidedText(text.replace("\n", " "), Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, int(side), shown)

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


TONE_ICONS = {"good": "tick", "warn": "warn", "bad": "close", "calm": "dash", "info": "clock"}


class TableView(QTableView):
    """A table as every list shows it; its first column stays in place when the others scroll (`freeze`)."""

    opened = Signal()  # Enter or double click on a row

    def __init__(self, theme: Theme, name: str, row_height: int = 35, freeze: bool = False) -> None:
        super().__init__()
        self.theme = theme
        self.setAccessibleName(name)
        self._frozen = _Frozen(self) if freeze else None
        self._cells = CellDelegate(theme, row_height, self)
        for view in filter(None, (self, self._frozen)):
            view.setItemDelegate(self._cells)
            view.setShowGrid(False)
            view.setMouseTracking(True)
            view.setWordWrap(False)
            view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
            view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
            view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
            view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
            view.verticalHeader().hide()
            view.horizontalHeader().setHighlightSections(False)
            view.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setTabKeyNavigation(False)
        self.horizontalHeader().setStretchLastSection(True)
        self.doubleClicked.connect(lambda _: self.opened.emit())
        self.horizontalHeader().sectionResized.connect(lambda *_: self._place())
        self._resize()
        theme.changed.connect(self._resize)

    def setModel(self, model: Any) -> None:
        """Set the model, on the frozen column too."""
        super().setModel(model)
        if self._frozen is not None:
            self._frozen.follow(self)
            self._place()

    def show_width(self, column: int, units: float) -> None:
        """Set a column's width in half-width characters."""
        self.setColumnWidth(column, self.theme.px(units * 7 + 26))

    def _resize(self) -> None:
        for view in filter(None, (self, self._frozen)):
            view.verticalHeader().setMinimumSectionSize(self.theme.px(self._cells.row_height))  # before the size itself
            view.verticalHeader().setDefaultSectionSize(self.theme.px(self._cells.row_height))
            view.horizontalHeader().setFixedHeight(self.theme.px(36))
        self._place()

    def _place(self) -> None:
        if self._frozen is None or self.model() is None:
            return
        width = self.columnWidth(0)
        self._frozen.setColumnWidth(0, width)
        bar = self.horizontalScrollBar()
        self._frozen.setVisible(bar.value() > 0)
        height = self.viewport().height() + self.horizontalHeader().height()
        self._frozen.setGeometry(self.frameWidth(), self.frameWidth(), width + 1, height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the frozen column in its place."""
        super().resizeEvent(event)
        self._place()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the row."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit()
            return
        super().keyPressEvent(event)


class _Frozen(QTableView):
    """A second view of the first column, over the first view."""

    def __init__(self, over: TableView) -> None:
        super().__init__(over)
        self.setObjectName("frozen")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("")
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        over.verticalScrollBar().valueChanged.connect(self.verticalScrollBar().setValue)
        self.verticalScrollBar().valueChanged.connect(over.verticalScrollBar().setValue)
        over.horizontalScrollBar().valueChanged.connect(lambda _: over._place())
        self.doubleClicked.connect(lambda _: over.opened.emit())
        self.hide()

    def follow(self, over: TableView) -> None:
        """Share model and selection with the view underneath."""
        self.setModel(over.model())
        self.setSelectionModel(over.selectionModel())
        for column in range(1, over.model().columnCount()):
            self.setColumnHidden(column, True)
