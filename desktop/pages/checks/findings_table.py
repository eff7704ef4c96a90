"""The clauses as a table: what is asked, what is found, its state, and a button that leads to where it is put right."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from db.records.statuses import STATUSES, STRENGTHS
from db.rules.register import Clause
from db.rules.verdicts import NEEDS_WORK, Result
from db.rules.wanted import Want
from desktop.services.remedies import order
from desktop.shell.widgets import TONES
from desktop.tables.cell_drawing import GROUP, SUB, TONE, CellDelegate, Index
from desktop.tables.record_model import TableView

VERB = 3  # the column of the buttons
_TEXTS = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole)
MET = GROUP + 30  # how many clauses of a notice are met, and how many there are


def where(clause: Clause) -> str:
    """Return article and document number in one short line."""
    number = f" · {clause.source.doc_number}" if clause.source.doc_number else ""
    return f"{clause.article}{number} · {STRENGTHS[clause.strength]}"


@dataclass(frozen=True)
class Group:
    """Lines under one heading; a notice says how many of its clauses are met, of all that are counted."""

    title: str
    note: str
    lines: Sequence[Result | Want]
    met: int | None = None
    every: int = 0


def by_notice(shown: Sequence[Result], every: Sequence[Result]) -> list[Group]:
    """Put results under the notices they come from; only listed clauses are counted."""
    made = []
    for source in dict.fromkeys(r.clause.source for r in every):
        kept = [r for r in shown if r.clause.source == source]
        own = [r for r in every if r.clause.source == source and r.listed]
        if kept:
            met = sum(r.status == "met" for r in own)
            made.append(Group(source.title, source.doc_number or "", order(kept), met, len(own)))
    return made


class FindingsModel(QAbstractTableModel):
    """Results and wanted data under their headings."""

    HEADINGS = ("条款与要求", "当前情况", "状态", "操作")

    def __init__(self, verb: Callable[[Result], str], parent: QWidget) -> None:
        """`verb` says what the button of a line says."""
        super().__init__(parent)
        self._verb = verb
        self.lines: list[Result | Want | Group] = []

    def set_groups(self, groups: Sequence[Group]) -> None:
        """Show groups, each with its heading."""
        self.beginResetModel()
        self.lines = []
        for group in groups:
            self.lines += [group, *group.lines]
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:
        """How many lines there are."""
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:
        """Four columns."""
        return 0 if parent.isValid() else len(self.HEADINGS)

    def verb(self, result: Result) -> str:
        """Return what the button of a line says; nothing where there is nothing to do."""
        return self._verb(result) if result.status in NEEDS_WORK else ""

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return texts and tones; a heading stands in the first column alone."""
        if not index.isValid():
            return None
        line, column = self.lines[index.row()], index.column()
        if isinstance(line, Group):
            return _heading(line, role) if column == 0 else "" if role in (*_TEXTS, GROUP) else None
        if isinstance(line, Want):
            status, sub = "missing_data", f"{len(line.clauses)} 条要求在等：{'、'.join(c.title for c in line.clauses)}"
            texts = (line.title, "、".join(line.fields), STATUSES[status], "去补")
        else:
            status, sub = line.status, where(line.clause)
            texts = (line.clause.title, line.message, STATUSES[status], self.verb(line))
        if role in _TEXTS:
            text = texts[column]
            return f"{self.HEADINGS[column]}：{text}" if role == Qt.ItemDataRole.AccessibleTextRole else text
        if role == SUB and column == 0:
            return sub
        if role == TONE and column == 2:
            return TONES[status]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        """A heading cannot be chosen."""
        if index.isValid() and isinstance(self.lines[index.row()], Group):
            return Qt.ItemFlag.ItemIsEnabled
        return super().flags(index)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a column's heading."""
        wanted = 0 <= section < len(self.HEADINGS)
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole and wanted:
            return self.HEADINGS[section]
        return None


def _heading(group: Group, role: int) -> Any:
    """Return what a group's heading says of itself."""
    if role == Qt.ItemDataRole.AccessibleTextRole:
        number = f"共 {len(group.lines)} 项" if group.met is None else f"达标 {group.met} 条，共 {group.every} 条"
        return "，".join(part for part in (group.title, group.note, number) if part)
    if role == GROUP:
        return group.note
    if role == MET:
        return None if group.met is None else (group.met, group.every)
    return group.title if role in _TEXTS else None


class _Delegate(CellDelegate):
    """Draws the last column's words as a button, and beside a notice how much of it is met."""

    def _group(self, painter: QPainter, inner: QRect, text: str, note: str, index: Index) -> None:
        px, found = self.theme.px, index.data(MET)
        if found is None:
            super()._group(painter, inner, text, note, index)
            return
        met, every = found
        words = f"{met}/{every} 达标"
        wide = self.metrics["small"].horizontalAdvance(words)
        right = QRect(inner.right() - wide, inner.y(), wide + 1, inner.height())
        track = QRect(right.x() - px(10) - px(90), inner.center().y() - px(3), px(90), px(6))
        wanted = self.metrics["bold"].horizontalAdvance(text) + self.metrics["small"].horizontalAdvance(note) + px(24)
        end = track.x()
        if inner.x() + wanted > end:  # no room for a bar: the number says it
            end = right.x()
        else:
            self.bar(painter, track, met / max(1, every), "bar")
        super()._group(painter, inner.adjusted(0, 0, end - px(12) - inner.right(), 0), text, note, index)
        self._text(painter, right, words, "small", "text2")

    def _plain(self, painter: QPainter, inner: QRect, text: str, index: Index) -> None:
        if index.column() != VERB or not text:
            super()._plain(painter, inner, text, index)
            return
        px = self.theme.px
        box = button_place(self, inner, text)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.theme.colour("line2"), 1))
        painter.setBrush(self.theme.colour("surface"))
        painter.drawRoundedRect(box, 5, 5)
        self._text(painter, box.adjusted(px(8), 0, -px(8), 0), text, "body", "accent")


def button_place(cells: CellDelegate, inner: QRect, text: str) -> QRect:
    """Return where the button of a cell stands."""
    px = cells.theme.px
    width = min(cells.metrics["body"].horizontalAdvance(text) + px(18), inner.width())
    return QRect(inner.x(), inner.center().y() - px(14), width, px(28))


class FindingsView(TableView):
    """The table; a click on a line's button asks to handle it."""

    handled = Signal()

    def make_delegate(self, row_height: int) -> CellDelegate:
        """Return what draws the cells."""
        return _Delegate(self.theme, row_height, self)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A button is pressed when the mouse is let go on it."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index.column() == VERB and event.button() == Qt.MouseButton.LeftButton:
            inner = self.visualRect(index).adjusted(self.theme.px(10), 0, -self.theme.px(10), 0)
            text = str(index.data() or "")
            if text and button_place(self._cells, inner, text).contains(event.position().toPoint()):
                self.handled.emit()
