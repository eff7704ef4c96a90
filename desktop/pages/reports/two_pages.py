"""Two whole pages of a report beside each other, a broad one alone: what a wide screen has room for."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtPdf import QPdfDocument
from PySide6.QtWidgets import QWidget

from desktop.shell.theme import Theme

_GAP = 14  # logical pixels between and around the pages
_KEPT = 6  # pages whose pictures are kept


class TwoPages(QWidget):
    """Draws the page in view and the one beside it; `turned` asks for the next or the last ones."""

    turned = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme, self.at = theme, 0
        self.document: QPdfDocument | None = None
        self.together: list[tuple[int, ...]] = []  # the pages that are seen at once
        self._made: dict[tuple[int, int, int], QImage] = {}
        self.setAccessibleName("报告预览，两页")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        theme.changed.connect(self.update)

    def show_document(self, document: QPdfDocument) -> None:
        """Show another document."""
        self.document, self.at, self.together = document, 0, []
        upright = [
            size.height() >= size.width() for size in map(document.pagePointSize, range(document.pageCount()))
        ]  # fmt: skip
        page = 0
        while page < len(upright):
            pair = upright[page] and page + 1 < len(upright) and upright[page + 1]
            self.together.append((page, page + 1) if pair else (page,))
            page += 1 + pair
        self._made.clear()
        self.update()

    def go(self, page: int) -> None:
        """Show the pages that are seen together with this one."""
        self.at = next((i for i, pages in enumerate(self.together) if page in pages), 0)
        self.update()

    def beside(self, step: int) -> int:
        """Return the first page so many views on or back."""
        return self.together[max(0, min(len(self.together) - 1, self.at + step))][0] if self.together else 0

    def places(self) -> list[tuple[int, QRect]]:
        """Return the pages in view, each with where it stands."""
        document = self.document
        if document is None or not self.together:
            return []
        gap = self.theme.px(_GAP)
        numbers = self.together[self.at]
        alone = document.pagePointSize(numbers[0]).width() > document.pagePointSize(numbers[0]).height()
        room = QSize(self.width() - 2 * gap if alone else (self.width() - 3 * gap) // 2, self.height() - 2 * gap)
        sizes = [
            document.pagePointSize(n).toSize().scaled(room, Qt.AspectRatioMode.KeepAspectRatio) for n in numbers
        ]  # fmt: skip
        left = (self.width() - sum(size.width() for size in sizes) - gap * (len(sizes) - 1)) // 2
        found = []
        for number, size in zip(numbers, sizes, strict=True):
            found.append((number, QRect(left, (self.height() - size.height()) // 2, size.width(), size.height())))
            left += size.width() + gap
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the pages on white, as they are printed."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.theme.colour("bg"))
        for number, rect in self.places():
            painter.fillRect(rect, Qt.GlobalColor.white)
            painter.drawImage(rect, self._picture(number, rect.size()))
            painter.setPen(QColor("#C9C3BA"))
            painter.drawRect(rect.adjusted(0, 0, -1, -1))

    def _picture(self, number: int, size: QSize) -> QImage:
        wanted = size * self.devicePixelRatioF()
        key = (number, wanted.width(), wanted.height())
        if key not in self._made:
            assert self.document is not None
            while len(self._made) >= _KEPT:
                self._made.pop(next(iter(self._made)))
            self._made[key] = self.document.render(number, wanted)
        return self._made[key]

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel turns the pages."""
        if event.angleDelta().y() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.turned.emit(-1 if event.angleDelta().y() > 0 else 1)
            event.accept()
        else:
            event.ignore()
