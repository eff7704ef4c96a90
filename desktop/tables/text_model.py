"""Rows of anything as a table of ready texts: a column says what it shows of a row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from desktop.tables.cell_drawing import TONE, Index

R = TypeVar("R")
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_TIP = int(Qt.ItemDataRole.ToolTipRole)
_SPOKEN = int(Qt.ItemDataRole.AccessibleTextRole)
_ALIGNMENT = int(Qt.ItemDataRole.TextAlignmentRole)


@dataclass(frozen=True)
class Column(Generic[R]):
    """Its heading, the text of a row, at which side it stands, and the tone of a row where it is drawn as a tag."""

    heading: str
    text: Callable[[R], str]
    right: bool = False
    tone: Callable[[R], str | None] | None = None


def side(right: bool) -> int:
    """Return how Qt is told that a text stands at the right or the left, at half its height."""
    where = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    return int(where | Qt.AlignmentFlag.AlignVCenter)


class TextTable(QAbstractTableModel, Generic[R]):
    """Rows that are shown and never changed in place."""

    def __init__(self, columns: Sequence[Column[R]], parent: QObject, rows: Sequence[R] = ()) -> None:
        super().__init__(parent)
        self.columns, self.rows = tuple(columns), list(rows)

    def set_rows(self, rows: Sequence[R]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """How many rows there are."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        """How many columns there are."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        """Return a text, its side or its tone."""
        if not index.isValid():
            return None
        row, column = self.rows[index.row()], self.columns[index.column()]
        if role in (_DISPLAY, _TIP):
            return column.text(row)
        if role == _SPOKEN:
            return f"{column.heading}：{column.text(row)}"
        if role == _ALIGNMENT:
            return side(column.right)
        return column.tone(row) if role == TONE and column.tone is not None else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        """Return a column's heading and its side."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        return column.heading if role == _DISPLAY else side(column.right) if role == _ALIGNMENT else None
