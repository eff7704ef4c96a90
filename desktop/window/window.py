"""The main window: navigation, title bar, search, quarter, undo, status bar; the pages are in `desktop.pages`."""

import datetime as dt
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import (
    QCloseEvent,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QMainWindow,
    QMessageBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from db.errors import UserError
from db.quarters import Quarter
from db.records.kinds import Value
from db.storage.store import Operation, Store
from db.tasks.editions import frozen_by_last
from desktop.pages import BY_KEY, PAGE_OF, PAGES
from desktop.pages.checks import remedies
from desktop.pages.checks.findings import FindingsPage
from desktop.pages.importing.importing import ImportPage, TableDrops
from desktop.pages.system.help import HelpDialog
from desktop.records.record_page import EntityPage
from desktop.records.upward import SignedDrops, take_signed
from desktop.shell import crash
from desktop.shell.desk import Desk
from desktop.shell.jobs import Memory
from desktop.shell.page import Page
from desktop.shell.theme import ZOOMS, Theme
from desktop.shell.toast import Toast
from desktop.window import preload
from desktop.window.backups import Keeper
from desktop.window.foot import Foot
from desktop.window.locking import Locker, Watch
from desktop.window.navigation import NARROW, Navigation, show_for
from desktop.window.top_bar import TopBar


class MainWindow(QMainWindow):
    """The window of one open ledger."""

    def __init__(
        self, store: Store, theme: Theme, today: dt.date | None = None, quarter: Quarter | None = None
    ) -> None:
        super().__init__()
        self.setObjectName("window")
        self.theme = theme
        self.desk = Desk(store, theme, today, self, quarter)
        self.desk.know_pages({page.key: page.title for page in PAGES}, PAGE_OF)
        self.jobs = self.desk.jobs
        self.pages: dict[str, Page] = {}
        self._narrow = False
        self.shortcuts: list[QShortcut] = []
        self._unsaid: list[Exception] = []  # while the window is locked
        self._untaken: list[Path] = []
        self.setWindowTitle("博爱台账")
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
        self.nav = Navigation(self.desk, PAGES, self.show_page, self.help)
        self.entries, self.office_label = self.nav.entries, self.nav.office_label
        middle.addWidget(self.nav)
        right = QVBoxLayout()
        right.setSpacing(0)
        self.top = TopBar(self.desk, self, self.undo, self.redo, self.lock, self.toggle_dark)
        self.title, self.fact, self.saved, self.search = self.top.title, self.top.fact, self.top.saved, self.top.search
        self.undo_button, self.redo_button = self.top.undo_button, self.top.redo_button
        self.quarters, self.bell = self.top.quarters, self.top.bell
        right.addWidget(self.top)
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
        self.toast = Toast(self.theme, whole)

    def _connect(self) -> None:
        jobs, desk = self.jobs, self.desk
        jobs.data_changed.connect(self._touched)
        jobs.written.connect(self._written)
        jobs.not_written.connect(self.top.say_not_saved)
        jobs.remembered.connect(self._remember)
        desk.said.connect(self.toast.say)
        desk.failed.connect(self.complain)
        desk.page_asked.connect(self.show_page)
        desk.records_asked.connect(self.open_records)
        desk.form_asked.connect(self.add_record)
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
        self.foot.resize_text()
        self._narrow = narrow = self._is_narrow()
        self.nav.lay_out(self.width(), self.devicePixelRatioF())
        self.top.lay_out()
        for page in self.pages.values():
            page.narrow(narrow)

    # Pages

    def page(self, key: str) -> Page:
        """Return a page, made at its first use."""
        if key not in self.pages:
            made = BY_KEY[key](self.desk)
            made.fact_changed.connect(lambda fact, key=key: self._show_fact(key, fact))
            made.status_changed.connect(lambda text, key=key: self._show_status(key, text))
            made.hint_changed.connect(lambda words, made=made: self._show_hint(made, words))
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
        if key == self.desk.key and page is self.desk.page:
            page.come_again()
        self.desk.came_to(key, page)
        self.entries[key].setChecked(True)
        self.stack.setCurrentWidget(page)
        self.title.setText(self.entries[key].words)
        self._show_fact(key, page.fact)
        self._show_status(key, "")
        self.foot.hint.say(page.keys_now())
        page.arrive()
        page.take_focus()
        return page

    def open_records(self, entity: str, ids: frozenset[int] = frozenset()) -> None:
        """Show a record's page with rows chosen."""
        page = self.show_page(PAGE_OF[entity])
        page.select(entity, ids)

    def add_record(self, entity: str, given: Mapping[str, Value]) -> None:
        """Open an empty form of a record on its page."""
        page = self.show_page(PAGE_OF[entity])
        if isinstance(page, EntityPage):
            page.add(entity, given)

    def open_clause(self, clause_id: str) -> None:
        """Show a clause on 合规体检."""
        page = self.show_page("findings")
        assert isinstance(page, FindingsPage)
        page.open_clause(clause_id)

    def _import(self, paths: list[Path]) -> None:
        page = self.show_page("import")
        assert isinstance(page, ImportPage)
        page.take(paths)

    def _show_hint(self, page: Page, words: str) -> None:
        if page is self.desk.page:
            self.foot.hint.say(words)

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
        self.top.say_saved(f"已自动保存 {self.desk.now():%H:%M}")
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
        self.nav.show_office(name)
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

    def take_file(self, path: Path) -> None:
        """Look what a signed file is that somebody opened with the program; unlocked again, if need be."""
        if self.locker.is_locked:
            self._untaken.append(path)
        else:
            take_signed(self.desk, [path])

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
        self.toast.wait()
        for each in (self.office_label, self.title):
            each.clear()
            each.setToolTip("")
        self.fact.say("")
        self.foot.say_chosen("")
        self._remember(Memory(None, None))
        self._let_keys(False)

    def _bring_back(self) -> None:
        self.toast.go_on()
        self._let_keys(True)
        self.jobs.change(lambda store: Operation(None, ""))  # what can be undone
        self._show_office()
        self.show_page(self.desk.key)
        self.watch.begin()
        unsaid, self._unsaid = self._unsaid, []
        for error in unsaid:
            self.complain(error)
        untaken, self._untaken = self._untaken, []
        if untaken:
            take_signed(self.desk, untaken)

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

    def _is_narrow(self) -> bool:
        return 0 < self.width() < self.theme.px(NARROW)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let what stands around the pages follow."""
        super().resizeEvent(event)
        self.nav.lay_out(self.width(), self.devicePixelRatioF())
        if self._is_narrow() != self._narrow:
            QTimer.singleShot(0, self, self._size)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about what was typed and not saved; then finish what is queued and close the file."""
        open_ones = [name for page in self.pages.values() for name in page.unsaved()] + self.desk.drafts.titles()
        if (
            open_ones and self.locker.page is not None
        ):  # whoever passes by is not told what it is, and loses nothing of it
            self.locker.page.refuse("还有填了没保存的内容，请先解锁，保存以后再关闭")
            event.ignore()
            return
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
