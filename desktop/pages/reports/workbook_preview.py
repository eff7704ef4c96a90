"""A workbook as it will go out: its sheets side by side under tabs, to be looked at."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabBar, QTableWidget, QTableWidgetItem

from db.records.amounts import MINUS
from desktop.shell.theme import Theme
from desktop.shell.widgets import card, label

if TYPE_CHECKING:
    from forms.template.view import SheetView

_NARROWEST, _WIDEST, _A_CHARACTER = 24, 260, 7.5
_USUAL_WIDTH = 9.0
_MANY = 6  # columns
_A_WORD = 12  # characters: what is longer may be cut, it has a tip


def lay_out(grid: QTableWidget, view: "SheetView", theme: Theme) -> None:
    """Give a grid the sheet's rows, columns, widths and merged areas; what was in it is gone."""
    from forms.template.row_shifts import column_letters

    grid.clear()
    grid.clearSpans()
    grid.setRowCount(view.rows)
    grid.setColumnCount(view.columns)
    grid.setHorizontalHeaderLabels([column_letters(c) for c in range(1, view.columns + 1)])
    for column in range(view.columns):
        width = round(theme.px(_A_CHARACTER) * view.widths.get(column + 1, _USUAL_WIDTH))
        texts = [t for (_, c), t in view.cells.items() if c == column + 1 and len(t) <= _A_WORD]
        wanted = max((grid.fontMetrics().horizontalAdvance(t) for t in texts), default=0) + theme.px(18)
        if view.widths.get(column + 1) != 0.0:  # a hidden one stays so
            width = max(width, wanted)
        grid.setColumnWidth(column, max(theme.px(_NARROWEST), min(theme.px(_WIDEST), width)))
    for top, left, bottom, right in view.merges:
        if (bottom, right) != (top, left):
            grid.setSpan(top - 1, left - 1, bottom - top + 1, right - left + 1)


class WorkbookPreview:
    """The pane: tabs with the sheets' names, the sheet, and a line of words under it."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.views: Sequence[SheetView] = ()
        self.frame, inside = card((1, 1, 1, 8), 6)
        self.tabs = QTabBar()
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName("工作表")
        self.tabs.currentChanged.connect(self._show)
        self.grid = QTableWidget()
        self.grid.setAccessibleName("工作簿预览")
        self.grid.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.grid.setWordWrap(True)
        self.words = label("", "hint", wrap=True)
        self.words.setContentsMargins(12, 0, 12, 0)
        inside.addWidget(self.tabs)
        inside.addWidget(self.grid, 1)
        inside.addWidget(self.words)

    def show(self, views: Sequence["SheetView"], words: str) -> None:
        """Show the sheets that people see, the first of them in front."""
        self.views = [view for view in views if not view.hidden]
        self.words.setText(words)
        self.tabs.blockSignals(True)
        while self.tabs.count():
            self.tabs.removeTab(0)
        for view in self.views:
            self.tabs.addTab(view.name)
        self.tabs.blockSignals(False)
        self.tabs.setCurrentIndex(0)
        self._show(0)

    def _show(self, number: int) -> None:
        if not 0 <= number < len(self.views):
            return
        view = self.views[number]
        grid = self.grid
        lay_out(grid, view, self.theme)
        # What is written over many columns is centred outside of what is seen: it begins at the left here.
        corners = {(top, left) for top, left, _, right in view.merges if right - left < _MANY}
        for (row, column), text in view.cells.items():
            item = QTableWidgetItem(text)
            item.setToolTip(text)
            number_like = text.replace(",", "").replace(".", "").lstrip(f"-{MINUS}").removesuffix("%").isdigit()
            side = Qt.AlignmentFlag.AlignLeft
            if (row, column) in corners:
                side = Qt.AlignmentFlag.AlignHCenter
            elif number_like:
                side = Qt.AlignmentFlag.AlignRight
            item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            grid.setItem(row - 1, column - 1, item)
        grid.resizeRowsToContents()
        grid.setStyleSheet(f"QTableView {{ gridline-color: {self.theme.colour('line').name()}; }}")
        grid.scrollToTop()
