"""The small square at the corner of what is selected: drawn down, the first row's cells fill the rows below, as in Excel."""

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QRubberBand, QWidget

from desktop.tables.grid import Grid

_SIZE = 7


class FillHandle(QWidget):
    """Stands at the lower right corner of the selected block; says down to which row it was drawn."""

    drawn = Signal(int)  # the place of the last row

    def __init__(self, grid: Grid) -> None:
        super().__init__(grid.viewport())
        self.grid = grid
        self.setFixedSize(_SIZE, _SIZE)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setToolTip("按住往下拖：下面的行填成一样（Ctrl+D）")
        self.band = QRubberBand(QRubberBand.Shape.Rectangle, grid.viewport())
        self._from = QRect()
        self._to = -1
        self.hide()
        grid.selectionModel().selectionChanged.connect(lambda *_: self.place())
        for bar in (grid.horizontalScrollBar(), grid.verticalScrollBar()):
            bar.valueChanged.connect(lambda _: self.place())
        grid.horizontalHeader().sectionResized.connect(lambda *_: self.place())
        grid.records.layoutChanged.connect(self.place)
        grid.records.modelReset.connect(self.place)

    def _block(self) -> QRect:
        """Return where the selected block stands in view; empty where there is none."""
        places, columns = self.grid.block()
        blocks = self.grid.ranges()
        if len(blocks) != 1 or not places or not columns or len(columns) == len(self.grid.visible_columns()):
            return QRect()
        model = self.grid.records
        first, last = model.index(places[0], columns[0]), model.index(places[-1], columns[-1])
        return self.grid.visualRect(first).united(self.grid.visualRect(last))

    def place(self) -> None:
        """Stand at the corner, or out of the way where nothing can be filled."""
        block = self._block()
        self.setVisible(not block.isEmpty())
        if not block.isEmpty():
            self.move(block.right() - _SIZE + 2, block.bottom() - _SIZE + 2)
            self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A square of the colour of what is chosen."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.grid.theme.colour("surface"))
        painter.fillRect(self.rect().adjusted(1, 1, 0, 0), self.grid.theme.colour("primary"))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to draw."""
        self._from, self._to = self._block(), -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show which rows would be filled."""
        at = self.mapTo(self.grid.viewport(), event.position().toPoint())
        row = self.grid.rowAt(max(0, min(at.y(), self.grid.viewport().height() - 2)))
        self._to = row if row >= 0 else self.grid.records.rowCount() - 1
        under = self.grid.visualRect(self.grid.records.index(self._to, self.grid.block()[1][0]))
        self.band.setGeometry(self._from.united(QRect(QPoint(self._from.left(), under.top()), under.size())))
        self.band.setVisible(under.bottom() > self._from.bottom())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Fill down to the row under the mouse."""
        self.band.hide()
        places = self.grid.block()[0]
        if places and self._to > places[-1]:
            self.drawn.emit(self._to)
