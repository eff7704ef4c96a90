"""The main window: navigation, title bar, search, quarter, undo, status bar; the pages are in `desktop.pages`."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import (
    QCloseEvent,
    QIcon,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QButtonGroup,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QMessageBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from db.errors import UserError
from db.storage.store import Operation, Store
from db.tasks.editions import frozen_by_last
from desktop.pages import BY_KEY, PAGE_OF, PAGES
from desktop.pages.checks import remedies
from desktop.pages.checks.findings import FindingsPage
from desktop.pages.importing.importing import ImportPage, TableDrops
from desktop.pages.overview.reminders import Bell
from desktop.pages.system.find_everywhere import SearchBox
from desktop.pages.system.help import HelpDialog
from desktop.records.upward import SignedDrops
from desktop.shell import crash
from desktop.shell.desk import Desk
from desktop.shell.jobs import Memory
from desktop.shell.page import Page
from desktop.shell.theme import ZOOMS, Theme
from desktop.shell.toast import Toast
from desktop.shell.widgets import Elided, button, label, rule, scrolled
from desktop.window import preload
from desktop.window.backups import Keeper
from desktop.window.foot import Foot
from desktop.window.locking import Locker, Watch
from desktop.window.navigation import NARROW, NavigationButton, show_for

_NUMERALS = "一二三四"


class MainWindow(QMainWindow):
    """The window of one open ledger."""

    def __init__(self, store: Store, theme: Theme, today: dt.date | None = None) -> None:
        super().__init__()
        self.setObjectName("window")
        self.theme = theme
        self.desk = Desk(store, theme, today, self)
        self.desk.know_pages({page.key: page.title for page in PAGES}, PAGE_OF)
        self.jobs = self.desk.jobs
        self.pages: dict[str, Page] = {}
        self.entries: dict[str, NavigationButton] = {}
        self._narrow = False
        self.shortcuts: list[QShortcut] = []
        self._unsaid: list[Exception] = []  # while the window is locked
        self.setWindowTitle("博爱台账")
        self.setWindowIcon(QIcon(theme.pixmap("mark", "text", 64)))
        self._build()
        self._connect()
        self.resize(1366, 740)
        self.setMinimumSize(900, 500)
        self.drops = TableDrops(self)
        self.drops.dropped.connect(self._import)
        self.signed_drops = SignedDrops(self.desk, self)
        self.show_page("overview")

    # Building

    def _build(self) -> None:
        whole = QWidget()
        whole.setObjectName("window")
        outer = QVBoxLayout(whole)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._navigation())
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addLayout(self._top())
        self.stack = QStackedWidget()
        self.desk.stand_in(self.stack)
        right.addWidget(self.stack, 1)
        middle.addLayout(right, 1)
        outer.addLayout(middle, 1)
        self.foot = Foot(self.desk)
        outer.addWidget(self.foot)
        self.outside = QStackedWidget()
        self.outside.addWidget(whole)
        self.setCentralWidget(self.outside)
        self.toast = Toast(whole)

    def _navigation(self) -> QFrame:
        self.nav = QFrame()
        self.nav.setObjectName("nav")
        column = QVBoxLayout(self.nav)
        column.setContentsMargins(8, 10, 8, 8)
        column.setSpacing(6)
        self.mark = label()
        self.product, self.office_label = label("博爱台账", "strong"), label("", "hint")
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self.product)
        names.addWidget(self.office_label)
        head = QHBoxLayout()
        head.setContentsMargins(4, 0, 0, 2)
        head.setSpacing(9)
        head.addWidget(self.mark)
        head.addLayout(names, 1)
        column.addLayout(head)
        area, inner = scrolled("导航")
        inner.setSpacing(0)
        group, chosen = QButtonGroup(self), ""
        self.group_lines: list[QWidget] = []
        for page in PAGES:
            if page.group != chosen:
                chosen = page.group
                inner.addSpacing(3)
                self.group_lines.append(rule())
                inner.addWidget(self.group_lines[-1])
                inner.addSpacing(3)
            entry = NavigationButton(self.theme, page.title, page.icon)
            if page.shortcut:
                entry.setToolTip(f"Ctrl+{page.shortcut}")
            entry.clicked.connect(lambda _=False, key=page.key: self.show_page(key))
            group.addButton(entry)
            inner.addWidget(entry)
            self.entries[page.key] = entry
        inner.addStretch(1)
        column.addWidget(area, 1)
        self.help_button = NavigationButton(self.theme, "帮助", "help")
        self.help_button.setCheckable(False)
        self.help_button.clicked.connect(lambda _=False: self.help())
        column.addWidget(self.help_button)
        return self.nav

    def _top(self) -> QHBoxLayout:
        bar = QHBoxLayout()
        bar.setContentsMargins(20, 12, 16, 12)
        bar.setSpacing(10)
        self.title, self.fact = label("", "title"), Elided("", "fact")
        self.saved_icon, self.saved = label(), label("只读" if self.desk.read_only else "已自动保存", "saved")
        self.undo_button = button(self.theme, "", "undo", "quiet", "没有可以撤销的操作", self.undo)
        self.redo_button = button(self.theme, "", "redo", "quiet", "没有可以重做的操作", self.redo)
        self.search = SearchBox(self.desk, self)
        self.quarters = QComboBox()
        self.quarters.setAccessibleName("季度")
        for quarter in self.desk.quarters:
            self.quarters.addItem(f"{quarter.year} 年第{_NUMERALS[quarter.number - 1]}季度")
        self.quarters.setCurrentIndex(self.desk.quarters.index(self.desk.quarter))
        self.bell = Bell(self.desk)
        self.dark_button = button(self.theme, "", "moon", "quiet", "换成深色", self.toggle_dark)
        self._show_mode()
        self.lock_button = button(self.theme, "", "lock", "quiet", "锁定（Ctrl+L）", self.lock)
        bar.addWidget(self.title)
        bar.addWidget(self.fact, 1)
        bar.addWidget(self.saved_icon)
        bar.addWidget(self.saved)
        for widget in (
            self.undo_button,
            self.redo_button,
            self.search,
            self.quarters,
            self.bell,
            self.dark_button,
            self.lock_button,
        ):
            bar.addWidget(widget)
        return bar

    def _connect(self) -> None:
        jobs, desk = self.jobs, self.desk
        jobs.data_changed.connect(self._touched)
        jobs.written.connect(self._written)
        jobs.remembered.connect(self._remember)
        desk.said.connect(self.toast.say)
        desk.failed.connect(self.complain)
        desk.page_asked.connect(self.show_page)
        desk.records_asked.connect(self.open_records)
        desk.clause_asked.connect(self.open_clause)
        desk.remedy_asked.connect(lambda result: remedies.handle(desk, result))
        desk.unmet_counted.connect(self.entries["findings"].set_badge)
        desk.reminded.connect(self.bell.show_reminders)
        desk.quarter_changed.connect(self._show_quarter)
        desk.office_changed.connect(self._show_office)
        self.toast.undo.connect(self.undo)
        self.foot.zoom_asked.connect(self.zoom)
        self.quarters.currentIndexChanged.connect(lambda place: desk.set_quarter(desk.quarters[place]))
        self.theme.changed.connect(self._size)
        self.theme.changed.connect(self._show_mode)
        self.locker = Locker(desk, self.outside)
        self.locker.locked.connect(self._take_down)
        self.locker.unlocked.connect(self._bring_back)
        self.watch = Watch(self)
        self.watch.left.connect(self.locker.leave)
        self.keeper = Keeper(desk)
        self.keeper.told.connect(self.foot.kept.setText)
        self.keeper.restoring.connect(self._restore)
        desk.new_code_asked.connect(self._renew_code)
        for keys, call in (
            ("Ctrl+K", self.search.start), ("Ctrl+L", self.lock), ("Ctrl+Z", self.undo), ("Ctrl+Y", self.redo), ("Ctrl+Shift+Z", self.redo),
            ("Ctrl+=", lambda: self.zoom(1)), ("Ctrl++", lambda: self.zoom(1)), ("Ctrl+-", lambda: self.zoom(-1)),
            ("F5", self.refresh), ("F1", self.help),
            *((f"Ctrl+{p.shortcut}", partial(self.show_page, p.key)) for p in PAGES if p.shortcut),
        ):  # fmt: skip
            made = QShortcut(QKeySequence(keys), self)
            made.activated.connect(call)
            self.shortcuts.append(made)
        self._size()
        self._show_office()
        self.keeper.tell()

    def _size(self) -> None:
        px = self.theme.px
        self.foot.resize_text()
        narrow = self.width() < NARROW * self.theme.zoom / 100 and self.width() > 0
        self._narrow = narrow
        self.nav.setFixedWidth(px(60) if narrow else px(168))
        for entry in (*self.entries.values(), self.help_button):
            entry.set_narrow(narrow)
            entry.setIconSize(QSize(px(20), px(20)))
        for widget in (self.product, self.office_label):
            widget.setVisible(not narrow)
        self.search.setFixedWidth(px(250))
        ratio = self.devicePixelRatioF()
        self.mark.setPixmap(self.theme.pixmap("mark", "text", px(32), ratio))
        icon = ("eye", "warn") if self.desk.read_only else ("saved", "good")
        self.saved_icon.setPixmap(self.theme.pixmap(*icon, px(16), ratio))
        self.saved_icon.setVisible(not narrow)
        self.saved.setVisible(not narrow)
        for page in self.pages.values():
            page.narrow(narrow)

    # Pages

    def page(self, key: str) -> Page:
        """Return a page, made at its first use."""
        if key not in self.pages:
            made = BY_KEY[key](self.desk)
            made.fact_changed.connect(lambda fact, key=key: self._show_fact(key, fact))
            made.status_changed.connect(lambda text, key=key: self._show_status(key, text))
            self.pages[key] = made
            self.stack.addWidget(made)
            made.narrow(self._narrow)
        return self.pages[key]

    def prepare(self) -> None:
        """Make what was not looked at yet, while there is nothing else to do."""
        preload.prepare(self.desk, self.pages, self.page)

    def show_page(self, key: str) -> Page:
        """Bring a page into view."""
        page = self.page(key)
        self.desk.came_to(key, page)
        self.entries[key].setChecked(True)
        self.stack.setCurrentWidget(page)
        self.title.setText(self.entries[key].words)
        self._show_fact(key, page.fact)
        self._show_status(key, "")
        self.foot.hint.setText(page.hint)
        page.arrive()
        page.take_focus()
        return page

    def open_records(self, entity: str, ids: frozenset[int] = frozenset()) -> None:
        """Show a record's page with rows chosen."""
        page = self.show_page(PAGE_OF[entity])
        page.select(entity, ids)

    def open_clause(self, clause_id: str) -> None:
        """Show a clause on 合规体检."""
        page = self.show_page("findings")
        assert isinstance(page, FindingsPage)
        page.open_clause(clause_id)

    def _import(self, paths: list[Path]) -> None:
        page = self.show_page("import")
        assert isinstance(page, ImportPage)
        page.take(paths)

    def _show_fact(self, key: str, fact: str) -> None:
        if key == self.desk.key:
            self.fact.say(fact)

    def _show_status(self, key: str, text: str) -> None:
        if key == self.desk.key:
            self.foot.say_chosen(text)

    def refresh(self) -> None:
        """Load the page again (F5)."""
        self.pages[self.desk.key].reload()

    # Changes

    def _touched(self, tables: frozenset[str]) -> None:
        self.saved.setText(f"已自动保存 {self.desk.now():%H:%M}")
        for page in self.pages.values():
            page.touched(tables)
        self.search.forget()

    def _written(self, title: str) -> None:
        """Say what was done; where a period that was handed up reads it, that too."""
        self.desk.say(f"已{title}", undo=True)

        def also(periods: list[str]) -> None:
            if periods:
                self.desk.say(f"已{title}。报送后变更：{'、'.join(periods)}已报送，报送版不变", undo=True)

        self.jobs.read(frozen_by_last, also)

    def _show_office(self) -> None:
        name = self.desk.office.get("name") or "尚未填写单位名称"
        self.office_label.setText(name if len(name) <= 8 else name[:7] + "…")
        self.office_label.setToolTip(name)
        self.setWindowTitle(f"{name} · 博爱台账")
        show_for(self.entries, PAGES, self.desk.office.get("level", ""))

    def _remember(self, memory: Memory) -> None:
        for made, title, verb, keys in (
            (self.undo_button, memory.undo, "撤销", "Ctrl+Z"), (self.redo_button, memory.redo, "重做", "Ctrl+Y"),
        ):  # fmt: skip
            made.setEnabled(title is not None)
            made.setToolTip(f"{verb}：{title}（{keys}）" if title else f"没有可以{verb}的操作")
            made.setAccessibleName(made.toolTip())

    def undo(self) -> None:
        """Take back the last operation."""
        self.jobs.undo(then=lambda operation: self.desk.say(f"已{operation.title}"))

    def redo(self) -> None:
        """Do again what was taken back."""
        self.jobs.redo(then=lambda operation: self.desk.say(f"已{operation.title}"))

    def _show_quarter(self) -> None:
        self.quarters.setCurrentIndex(self.desk.quarters.index(self.desk.quarter))
        for page in self.pages.values():
            page.quarter_changed()

    # Messages

    def complain(self, error: Exception) -> None:
        """Say what went wrong: a sentence for the user's world, the crash dialog for ours; unlocked again, if need be."""
        if self.locker.is_locked:
            self._unsaid.append(error)
            return
        if isinstance(error, UserError):
            box = QMessageBox(QMessageBox.Icon.NoIcon, "博爱台账", str(error), parent=self)
            box.addButton("知道了", QMessageBox.ButtonRole.AcceptRole)
            box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            box.open()
        else:
            crash.show(error, self)

    def _restore(self, backup: Path) -> None:
        """Close the window and its ledger, then put the backup's ledger in place."""
        self._closed_for(lambda: self.keeper.put_in_place(backup))

    def _renew_code(self, password: str) -> None:
        """Close the window and its ledger, then give it another recovery code."""
        self._closed_for(lambda: self.keeper.renew_code(password))

    def _closed_for(self, work: Callable[[], None]) -> None:
        QApplication.setQuitOnLastWindowClosed(False)
        try:
            if self.close():
                work()
        finally:
            QApplication.setQuitOnLastWindowClosed(True)

    # Locking

    def lock(self) -> None:
        """Show nothing until the password is typed."""
        self.locker.lock()

    def come_forward(self) -> None:
        """Be in front: somebody has started the program once more."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized | Qt.WindowState.WindowActive)
        self.show()
        self.raise_()
        self.activateWindow()

    def _take_down(self) -> None:
        """Hold no rows: pages go, but those in which something was typed and not saved."""
        for key, page in list(self.pages.items()):
            if not page.unsaved():
                del self.pages[key]
                self.stack.removeWidget(page)
                page.deleteLater()
        self.desk.came_to(self.desk.key, self)
        self.search.forget()
        self.bell.forget()
        self.toast.forget()
        for each in (self.office_label, self.title):
            each.clear()
            each.setToolTip("")
        self.fact.say("")
        self.foot.say_chosen("")
        self._remember(Memory(None, None))
        self._let_keys(False)

    def _bring_back(self) -> None:
        self._let_keys(True)
        self.jobs.change(lambda store: Operation(None, ""))  # what can be undone
        self._show_office()
        self.show_page(self.desk.key)
        self.watch.begin()
        unsaid, self._unsaid = self._unsaid, []
        for error in unsaid:
            self.complain(error)

    def _let_keys(self, on: bool) -> None:
        for each in self.shortcuts:
            each.setEnabled(on)
        self.setAcceptDrops(on)

    # Help

    def help(self) -> HelpDialog:
        """Show what this page is for and which keys it knows (F1)."""
        dialog = HelpDialog(self.desk, self.desk.key)
        dialog.show()
        return dialog

    # Look

    def toggle_dark(self) -> None:
        """Switch between light and dark."""
        self.desk.set_dark(not self.theme.dark)

    def _show_mode(self) -> None:
        self.theme.dress(self.dark_button, "sun" if self.theme.dark else "moon")
        self.dark_button.setToolTip("换成浅色" if self.theme.dark else "换成深色")
        self.dark_button.setAccessibleName(self.dark_button.toolTip())

    def zoom(self, step: int) -> None:
        """Make everything larger or smaller; 0 is the usual size."""
        if step == 0:
            wanted = 100
        else:
            place = ZOOMS.index(self.theme.zoom) if self.theme.zoom in ZOOMS else 1
            wanted = ZOOMS[max(0, min(len(ZOOMS) - 1, place + step))]
        self.desk.zoom_to(wanted)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+S where nothing else takes it: no shortcut, since a form's own Ctrl+S would then be ambiguous."""
        if event.matches(QKeySequence.StandardKey.Save):
            self.keeper.save_point()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl and the wheel make everything larger or smaller."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and event.angleDelta().y():
            self.zoom(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show icons alone in the navigation of a narrow window."""
        super().resizeEvent(event)
        if (self.width() < NARROW * self.theme.zoom / 100) != self._narrow:
            QTimer.singleShot(0, self, self._size)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about what was typed and not saved; then finish what is queued and close the file."""
        open_ones = [name for page in self.pages.values() for name in page.unsaved()] + self.desk.drafts.titles()
        if open_ones and not self._may_lose(open_ones):
            event.ignore()
            return
        self.jobs.stop()
        self.watch.stop()
        super().closeEvent(event)

    def _may_lose(self, labels: list[str]) -> bool:
        text = f"还有填了没保存的内容：{'、'.join(labels)}。现在关闭，这些内容会丢失；已经保存的不受影响。"
        box = QMessageBox(QMessageBox.Icon.NoIcon, "博爱台账", text, parent=self)
        stay = box.addButton("返回去保存", QMessageBox.ButtonRole.RejectRole)
        leave = box.addButton("不保存，关闭", QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(stay)
        box.exec()
        return box.clickedButton() is leave
