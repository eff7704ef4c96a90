"""The first column of a table, which stays in view while the others are scrolled."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QTableView


class FrozenColumn(QTableView):
    """A second view of the first column, over the first view."""

    def __init__(
        self, over: QTableView, place: Callable[[], None], double_clicked: Callable[[QModelIndex], None]
    ) -> None:
        super().__init__(over)
        self.over = over
        self.setObjectName("frozen")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("")
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        over.verticalScrollBar().valueChanged.connect(self.verticalScrollBar().setValue)
        self.verticalScrollBar().valueChanged.connect(over.verticalScrollBar().setValue)
        over.horizontalScrollBar().valueChanged.connect(lambda _: place())
        self.doubleClicked.connect(double_clicked)
        self.hide()

    def follow(self) -> None:
        """Share model and selection with the view underneath."""
        self.setModel(self.over.model())
        self.setSelectionModel(self.over.selectionModel())
        for column in range(1, self.over.model().columnCount()):
            self.setColumnHidden(column, True)

    def stand(self) -> None:
        """Stand over the first column where the view is scrolled: at 5,138.00 of which only 138.00 is in view nobody
        sees what is missing, so half a column of numbers is covered whole.
        """
        over, wide = self.over, self.over.columnWidth(0)
        if self.columnWidth(0) != wide:
            self.setColumnWidth(0, wide)
        self.setVisible(over.horizontalScrollBar().value() > 0)
        frame, head = over.frameWidth(), over.horizontalHeader()
        self.setGeometry(frame, frame, wide + 1 + self._half(wide), over.viewport().height() + head.height())

    def _half(self, edge: int) -> int:
        """Return how much of a column of numbers is in view that begins left of the edge."""
        column = self.over.columnAt(edge)
        if column < 1 or self.over.columnViewportPosition(column) >= edge:
            return 0
        side = self.over.model().headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
        if not int(side or 0) & int(Qt.AlignmentFlag.AlignRight.value):
            return 0
        return self.over.columnViewportPosition(column) + self.over.columnWidth(column) - edge
