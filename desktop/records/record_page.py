"""The page of any record, or of several as tabs."""

from collections.abc import Mapping

from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from db.records.fields import Entity
from db.records.kinds import Ref, Value
from desktop.records.record_list import EntityPane
from desktop.records.specs import spec
from desktop.shell.desk import Desk
from desktop.shell.page import Page


class EntityPage(Page):
    """The `records` of one page, each a tab."""

    front_hint = ""  # which keys do what in what stands before the lists
    hint = "F2 改这一格　Enter 表单　Ctrl+V 粘贴　Alt+↓ 筛选　Ctrl+Z 撤销"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        entities = self.records
        self.stack = QStackedWidget(self)
        front = self.make_front()
        self.front = len(front)
        self._asked, self._panes, self._is_narrow = list(entities), list[EntityPane](), False
        self.tables = frozenset(
            {e.name for e in entities} | {f.kind.entity for e in entities for f in e.refs if isinstance(f.kind, Ref)}
        ).union(*(b.tables for e in entities if (b := spec(e).beside) is not None and b.fields))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 0, 20, 12)
        layout.setSpacing(8)
        self.tabs = QTabBar()
        self.tabs.setAccessibleName("记录类别")
        self.tabs.setExpanding(False)
        self._counts: dict[int, str] = {}
        for title, widget in front:
            self.tabs.addTab(title)
            self.stack.addWidget(widget)
        for entity in entities:
            self.tabs.addTab(entity.label)
        if self.tabs.count() == 1:
            self.tabs.hide()
        self.tabs.currentChanged.connect(self._turn)
        layout.addWidget(self.tabs)
        layout.addWidget(self.stack, 1)

    def make_front(self) -> tuple[tuple[str, QWidget], ...]:
        """Return the tabs of another kind that stand before the records, each with its title."""
        return ()

    def make_pane(self, entity: Entity) -> EntityPane:
        """Return the list of a record."""
        return EntityPane(self.desk, entity, nest=self.stack)

    @property
    def panes(self) -> list[EntityPane]:
        """The lists; those that were not needed yet are made."""
        while self.prepare():
            pass
        return self._panes

    @property
    def made_panes(self) -> list[EntityPane]:
        """The lists that were made so far."""
        return self._panes

    def prepare(self) -> bool:
        """Make one more list; tell whether there was one to make."""
        if not self._asked:
            return False
        made = self.make_pane(self._asked.pop(0))
        made.counted.connect(lambda total, noun: self.count_changed(made, total, noun))
        made.status_changed.connect(self.status_changed)
        made.drawer.put_over(self._is_narrow)
        self._panes.append(made)
        self.stack.addWidget(made)
        return True

    @property
    def pane(self) -> EntityPane:
        """The pane in view; the first one while a tab of another kind is."""
        return self.panes[max(0, self.stack.currentIndex() - self.front)]

    def plain_list(self) -> EntityPane:
        """Turn to the plain list of a record, where the page shows it otherwise too; return it."""
        return self.pane

    @property
    def shows_pane(self) -> bool:
        """Whether a list is in view."""
        return self.stack.currentIndex() >= self.front

    def load(self) -> None:
        """Read all panes."""
        for pane in self.panes:
            pane.load()

    def select(self, entity: str, ids: frozenset[int]) -> None:
        """Turn to the record's tab and choose the rows."""
        for i, pane in enumerate(self.panes):
            if pane.entity.name == entity:
                self.tabs.setCurrentIndex(self.front + i)
                pane.select(ids)

    def add(self, entity: str, given: Mapping[str, Value]) -> None:
        """Turn to the record's tab and open an empty form that says already what is known."""
        for i, pane in enumerate(self.panes):
            if pane.entity.name == entity:
                self.tabs.setCurrentIndex(self.front + i)
                pane.add_with(given)

    def count_changed(self, pane: EntityPane, total: int, noun: str) -> None:
        """Show how many there are, on the tab and beside the title."""
        place = self._panes.index(pane) if pane in self._panes else -1
        if place < 0:
            return
        words = spec(pane.entity).counted
        self._counts[place] = words.format(n=total) if words else f"{pane.entity.label} {total:,} {noun}"
        self.tabs.setTabText(self.front + place, f"{pane.entity.label} {total:,}")
        self.tell_counts()

    def tell_counts(self) -> None:
        """Say beside the title how many there are."""
        self.tell(" · ".join(self._counts[i] for i in sorted(self._counts)))

    def narrow(self, narrow: bool) -> None:
        """In a narrow window the forms lie over their lists."""
        self._is_narrow = narrow
        for pane in self.made_panes:
            pane.drawer.put_over(narrow)

    def quarter_changed(self) -> None:
        """Lists that show one quarter show the other one."""
        for pane in self.made_panes:
            if pane.toolbar.only_quarter:
                pane.follow_quarter()
        if any(pane.model.beside is not None for pane in self.made_panes):  # judged on another day now
            self.stale = True
            if self.isVisible():
                self.arrive()

    def unsaved(self) -> list[str]:
        """Return the lists in which something was typed and not saved."""
        return [pane.entity.label for pane in self.made_panes if pane.unsaved()]

    def take_focus(self) -> None:
        """The list, or the form where one is open; the status bar says again what is selected."""
        if not self.shows_pane:
            if (front := self.stack.currentWidget()) is not None:
                front.setFocus()
            return
        self.pane.tell_selected()
        (self.pane.form.focus_first if self.pane.form_open else self.pane.view.setFocus)()

    def keys_now(self) -> str:
        """A list has the keys of a list, what stands before the lists its own."""
        return self.hint if self.front == 0 else self.front_hint if not self.shows_pane else EntityPage.hint

    def _turn(self, place: int) -> None:
        _ = self.panes
        self.stack.setCurrentIndex(place)
        self.hint_changed.emit(self.keys_now())
        if self.shows_pane:
            self.pane.tell_selected()
