"""The preview of a finished PDF: thumbnails, the pages as they will be printed, zoom, and search."""

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPixmap, QResizeEvent
from PySide6.QtPdf import QPdfDocument, QPdfSearchModel
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
)

from desktop.pages.reports.two_pages import TwoPages
from desktop.shell.theme import Theme
from desktop.shell.widgets import Elided, button, label, row, rule, shortcut

_STEP, _LEAST, _MOST = 1.2, 0.25, 4.0
Index = QModelIndex | QPersistentModelIndex


class Thumbnails(QAbstractListModel):
    """Small pictures of the pages, drawn when they come into view and kept."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.width = width
        self.document: QPdfDocument | None = None
        self._made: dict[int, QPixmap] = {}

    def show(self, document: QPdfDocument | None) -> None:
        """Take another document."""
        self.beginResetModel()
        self.document, self._made = document, {}
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """Return the number of pages."""
        return 0 if self.document is None or parent.isValid() else self.document.pageCount()

    def data(self, index: Index, role: int = 0) -> Any:
        """Return a page's number or its picture."""
        if role == Qt.ItemDataRole.DisplayRole:
            return str(index.row() + 1)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"第 {index.row() + 1} 页"
        if role == Qt.ItemDataRole.DecorationRole:
            return self._picture(index.row())
        return None

    def _picture(self, number: int) -> QPixmap:
        if number not in self._made:
            assert self.document is not None
            points = self.document.pagePointSize(number)
            scale = self.width / max(points.width(), points.height() * 0.707)
            size = QSize(max(1, round(points.width() * scale)), max(1, round(points.height() * scale)))
            drawn = self.document.render(number, size * 2)
            image = QImage(size * 2, QImage.Format.Format_RGB32)
            image.fill(Qt.GlobalColor.white)
            painter = QPainter(image)
            painter.drawImage(0, 0, drawn)
            painter.setPen(QColor("#C9C3BA"))
            painter.drawRect(image.rect().adjusted(0, 0, -1, -1))
            painter.end()
            picture = QPixmap.fromImage(image)
            picture.setDevicePixelRatio(2)
            self._made[number] = picture
        return self._made[number]


class ThumbnailPainter(QStyledItemDelegate):
    """Draws a page's picture with its number under it, framed where it is the one in view."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the room of one page."""
        return QSize(self.theme.px(84), self.theme.px(118))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one page."""
        picture = index.data(Qt.ItemDataRole.DecorationRole)
        size = picture.deviceIndependentSize().toSize()
        area = option.rect.adjusted(0, 4, 0, -self.theme.px(20))
        left = area.left() + (area.width() - size.width()) // 2
        top = area.top() + (area.height() - size.height()) // 2
        painter.save()
        painter.drawPixmap(left, top, picture)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(self.theme.colour("accent"), 2))
            painter.drawRect(left - 1, top - 1, size.width() + 2, size.height() + 2)
        painter.setPen(self.theme.colour("text2"))
        foot = option.rect.adjusted(0, option.rect.height() - self.theme.px(20), 0, 0)
        painter.drawText(foot, int(Qt.AlignmentFlag.AlignCenter), index.data())
        painter.restore()


class Preview(QFrame):
    """A card with a PDF in it. `show_pdf` takes bytes; `document` is what is shown, None before."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("card")
        self.theme = theme
        self.document: QPdfDocument | None = None
        self._kept: list[object] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addLayout(self._head())
        layout.addWidget(rule())
        self.thumbs = Thumbnails(theme.px(64))
        self.list = QListView()
        self.list.setModel(self.thumbs)
        self._painter = ThumbnailPainter(theme)
        self.list.setItemDelegate(self._painter)
        self.list.setUniformItemSizes(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setAccessibleName("页面缩略图")
        self.list.clicked.connect(lambda index: self.go(index.row()))
        self.view = QPdfView(self)
        self.view.setPageMode(QPdfView.PageMode.MultiPage)
        self.view.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        self.view.setAccessibleName("报告预览")
        self.view.setFrameShape(QPdfView.Shape.NoFrame)
        self.view.pageNavigator().currentPageChanged.connect(lambda _: self._number())
        self.found = QPdfSearchModel(self)
        self.found.countChanged.connect(self._counted)
        self.view.setSearchModel(self.found)
        self._search_places: list[int] = []
        self.pairs = TwoPages(theme)
        self.pairs.turned.connect(self.turn)
        self.view.pageNavigator().currentPageChanged.connect(self.pairs.go)
        body = QHBoxLayout()
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        body.addWidget(self.list)
        body.addWidget(rule(upright=True))
        self.shown = QStackedWidget()
        self.shown.addWidget(self.view)
        self.shown.addWidget(self.pairs)
        body.addWidget(self.shown, 1)
        layout.addLayout(body, 1)
        self._chosen = False  # a person has chosen how the pages are shown
        shortcut("Ctrl+F", self, self.search.setFocus)
        theme.changed.connect(self._size)
        self._size()

    def _head(self) -> QHBoxLayout:
        theme = self.theme
        self.name = Elided("", "heading")
        self.size_words = label("", "hint")
        self.size_words.setIndent(theme.px(6))
        self.pages = label("", "dim")
        self.back = button(theme, "", "left", "small", "上一页", lambda: self.turn(-1))
        self.forth = button(theme, "", "right", "small", "下一页", lambda: self.turn(1))
        self.smaller = button(theme, "", "dash", "small", "缩小", lambda: self.zoom(1 / _STEP))
        self.larger = button(theme, "", "add", "small", "放大", lambda: self.zoom(_STEP))
        self.fit = button(theme, "适合宽度", "", "small", "页面与窗口同宽", lambda: self.choose("width"))
        self.whole = button(theme, "整页", "", "small", "一次看一整页", lambda: self.choose("page"))
        self.both = button(theme, "两页", "", "small", "并排看两页", lambda: self.choose("pair"))
        self.search = QLineEdit()
        self.search.setPlaceholderText("查找")
        self.search.setToolTip("在预览中查找（Ctrl+F），Enter 找下一处")
        self.search.setAccessibleName("在预览中查找")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._look_for)
        self.search.returnPressed.connect(self.next_found)
        self.hits = label("", "hint")
        head = row(self.name, self.size_words, self.search, self.hits, self.back, self.pages, self.forth, self.smaller,
                   self.larger, self.fit, self.whole, self.both, spacing=4)  # fmt: skip
        head.setStretch(0, 1)
        head.setContentsMargins(14, 7, 8, 7)
        return head

    def _size(self) -> None:
        self.list.setFixedWidth(self.theme.px(96))
        self.search.setMinimumWidth(self.theme.px(48))  # it gives way where there is little room
        self.search.setMaximumWidth(self.theme.px(128))
        palette = self.view.palette()
        palette.setColor(palette.ColorRole.Dark, self.theme.colour("bg"))
        for made in (self.view, self.view.viewport()):  # what lies around the pages is the viewport's
            made.setPalette(palette)

    def show_pdf(self, content: bytes) -> None:
        """Show a finished PDF."""
        from desktop.shell.printing import open_pdf

        old = self.document
        self.document, buffer = open_pdf(content, self)
        self._kept = [buffer]
        self.thumbs.show(self.document)
        self.view.setDocument(self.document)
        self.pairs.show_document(self.document)
        self.found.setDocument(self.document)
        if old is not None:
            old.deleteLater()
        self.size_words.setText(f"A4 · {self.document.pageCount()} 页")
        self._number()

    def _number(self) -> None:
        if self.document is not None:
            page = self.view.pageNavigator().currentPage()
            self.pages.setText(f"{page + 1} / {self.document.pageCount()}")
            self.list.setCurrentIndex(self.thumbs.index(page))

    def turn(self, step: int) -> None:
        """Go some pages on or back."""
        if self.document is not None:
            if self.shown.currentWidget() is self.pairs:
                self.go(self.pairs.beside(step))
                return
            self.go(max(0, min(self.document.pageCount() - 1, self.view.pageNavigator().currentPage() + step)))

    def go(self, number: int) -> None:
        """Go to a page."""
        self.view.pageNavigator().jump(number, QPointF())

    def zoom(self, factor: float) -> None:
        """Show the pages larger or smaller."""
        if self.shown.currentWidget() is self.pairs:
            self.choose("width")
        self._chosen = True
        now = self.view.zoomFactor()
        if self.view.zoomMode() != QPdfView.ZoomMode.Custom and self.document is not None:
            points = self.document.pagePointSize(self.view.pageNavigator().currentPage())
            now = self.view.viewport().width() / max(1.0, points.width() * self.logicalDpiX() / 72)
        self.view.setZoomMode(QPdfView.ZoomMode.Custom)
        self.view.setZoomFactor(max(_LEAST, min(_MOST, now * factor)))

    def choose(self, how: str) -> None:
        """Show the pages as wide as there is room (``width``), one whole ``page``, or a ``pair`` of them."""
        self._chosen = True
        self._show_as(how)

    def _show_as(self, how: str) -> None:
        self.shown.setCurrentWidget(self.pairs if how == "pair" else self.view)
        mode = QPdfView.ZoomMode.FitInView if how == "page" else QPdfView.ZoomMode.FitToWidth
        self.view.setZoomMode(mode)
        self.pairs.go(self.view.pageNavigator().currentPage())

    def _look_for(self, words: str) -> None:
        if words.strip() and self.shown.currentWidget() is self.pairs:
            self._show_as("width")  # where what is found is marked
        self.found.setSearchString(words.strip())
        self.hits.setText("")
        self.view.setCurrentSearchResultIndex(-1)

    def _counted(self) -> None:
        count = self.found.rowCount(QModelIndex())
        self.hits.setText(f"{count} 处" if self.search.text().strip() else "")
        if count and self.view.currentSearchResultIndex() < 0:
            self.next_found()

    def next_found(self) -> None:
        """Go to the next place where the words stand."""
        count = self.found.rowCount(QModelIndex())
        if not count:
            self.hits.setText("没有找到" if self.search.text().strip() else "")
            return
        at = (self.view.currentSearchResultIndex() + 1) % count
        self.view.setCurrentSearchResultIndex(at)
        link = self.found.resultAtIndex(at)
        self.view.pageNavigator().jump(link.page(), link.location())
        self.hits.setText(f"{at + 1} / {count} 处")

    def ready(self, ready: bool) -> None:
        """Allow turning and zooming where there is something to see."""
        for widget in (self.back, self.forth, self.smaller, self.larger, self.fit, self.whole, self.both, self.search):
            widget.setEnabled(ready)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what a small window has no room for; where two whole pages can be read, begin with them."""
        super().resizeEvent(event)
        px = self.theme.px
        self.size_words.setVisible(self.width() > px(760))
        for made, least in ((self.smaller, 620), (self.larger, 620), (self.both, 560), (self.whole, 480)):
            made.setVisible(self.width() > px(least))
        if not self._chosen:
            self._show_as("pair" if self.width() >= px(1120) and self.height() >= px(760) else "width")
