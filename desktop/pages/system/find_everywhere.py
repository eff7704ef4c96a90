"""The search box of the window: finds people, teams, other records and clauses from a few letters, and opens them."""

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListView, QWidget

from db.records.entities import BY_NAME
from desktop.records import specs
from desktop.services import search
from desktop.services.search import Entry
from desktop.shell.desk import Desk
from desktop.shell.widgets import magnifier
from desktop.tables.cell_drawing import SUB, CellDelegate


class _Found(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.entries: list[Entry] = []

    def show(self, entries: list[Entry]) -> None:
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        entry = self.entries[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return entry.title
        if role == SUB:
            kind = "条款" if entry.code else BY_NAME[entry.entity].label if entry.id else ""
            return f"{kind} · {entry.note}" if kind and entry.note else kind or entry.note
        return None


class SearchBox(QLineEdit):
    """Type, arrow down, Enter."""

    def __init__(self, desk: Desk, over: QWidget) -> None:
        super().__init__()
        self.desk = desk
        self.setPlaceholderText("找人、队伍、条款　Ctrl+K")
        self.setAccessibleName("在全部记录中查找")
        self.setToolTip("姓名、拼音首字母、手机或证件号码的后几位（Ctrl+K）")
        self.setClearButtonEnabled(True)
        magnifier(desk.theme, self)
        self.index: list[Entry] | None = None
        self.asked = False
        self.hasty = False  # Enter was pressed before anything could be found
        self.model = _Found(self)
        self.over = over  # where the list of what is found lies
        self.popup = QListView(over)
        self.popup.setObjectName("popup")
        self.popup.setAccessibleName("查找结果")
        self.popup.setModel(self.model)
        self.popup.setItemDelegate(CellDelegate(desk.theme, 46, self.popup))
        self.popup.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.popup.setUniformItemSizes(True)
        self.popup.setMouseTracking(True)
        self.popup.clicked.connect(lambda index: self._open(index.row()))
        self.popup.hide()
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(80)
        self.timer.timeout.connect(self.look)
        self.textEdited.connect(lambda _: self.timer.start())
        self.textChanged.connect(lambda text: self.popup.hide() if not text else None)
        self.installEventFilter(self)

    def start(self) -> None:
        """Go to the box."""
        self.setFocus()
        self.selectAll()

    def forget(self) -> None:
        """Something changed: make the index again when it is next needed."""
        if self.index:
            self.desk.jobs.let_go(self.index)
        self.index = None

    def look(self) -> None:
        """Show what is found for the text; makes the index first where there is none."""
        if self.index is None:
            if not self.asked:
                self.asked = True
                self.desk.jobs.read(lambda store: search.build(store, specs.searched()), self._take)
            return
        found = search.find(self.index, self.text())
        if not found and self.text().strip():
            found = [Entry("", 0, f"没有找到“{self.text().strip()}”", "可以试试姓名、拼音首字母或号码后几位", "", "")]
        self.model.show(found)
        if not found:
            self.popup.hide()
            return
        width = max(self.width(), self.desk.theme.px(360))
        place = self.mapTo(self.over, QPoint(self.width() - width, self.height() + 4))
        height = min(len(found), 8) * self.desk.theme.px(46) + 4
        self.popup.setGeometry(place.x(), place.y(), width, height)
        self.popup.setCurrentIndex(self.model.index(0))
        self.popup.show()
        self.popup.raise_()

    def _take(self, index: list[Entry]) -> None:
        self.index, self.asked = index, False
        if self.text().strip():
            self.look()
            if self.hasty and self.popup.isVisible():
                self._open(0)
        self.hasty = False

    def _open(self, number: int) -> None:
        self.popup.hide()
        if 0 <= number < len(self.model.entries):
            entry = self.model.entries[number]
            if entry.code:
                self.clear()
                self.desk.open_clause(entry.code)
            elif entry.id:
                self.clear()
                self.desk.open_records(entry.entity, frozenset({entry.id}))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows move in the list, Enter opens, Escape leaves."""
        if event.type() == QEvent.Type.FocusOut:
            self.popup.hide()
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.popup.isVisible():
            step = 1 if key == Qt.Key.Key_Down else -1
            place = (self.popup.currentIndex().row() + step) % self.model.rowCount()
            self.popup.setCurrentIndex(self.model.index(place))
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.timer.isActive():
                self.timer.stop()
                self.look()
            if self.popup.isVisible():
                self._open(self.popup.currentIndex().row())
            else:
                self.hasty = self.asked
            return True
        if key == Qt.Key.Key_Escape:
            self.clear()
            self.popup.hide()
            if self.desk.page is not None:
                self.desk.page.setFocus()
            return True
        return False
