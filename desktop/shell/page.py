"""What a screen of the window is: when it loads, what it says beside its title, and what it follows."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from db.records.fields import Entity
from desktop.shell.desk import Desk
from desktop.shell.jobs import ALL_TABLES


class Page(QWidget):
    """A screen of the window. It loads when it is shown and something it reads has changed.

    `key` is the name by which others ask for it, `title`, `icon` and `group` stand in the navigation, `shortcut` is
    pressed with Ctrl, `records` are those that are looked for here.
    """

    key, title, icon, group, shortcut = "", "", "", "", ""
    levels: tuple[str, ...] = ()  # of the offices that have it; empty: all
    records: tuple[Entity, ...] = ()

    fact_changed = Signal(str)
    status_changed = Signal(str)
    hint_changed = Signal(str)  # which keys do what, where that differs from part to part of the page
    tables: frozenset[str] = ALL_TABLES  # what it reads
    follows_quarter = False
    hint = ""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.place)  # at its place from the start: moved later, all that it holds is styled anew
        self.setObjectName("page")
        self.desk = desk
        self.theme = desk.theme
        self.jobs = desk.jobs
        self.fact = ""
        self.stale = True

    def load(self) -> None:
        """Ask for everything that is shown."""

    def showEvent(self, event: QShowEvent) -> None:
        """What was asked for while nothing could be seen yet is read now."""
        super().showEvent(event)
        if self.desk.page is self:
            self.arrive()

    def arrive(self) -> None:
        """Called when the page comes into view."""
        if self.stale:
            self.stale = False
            self.load()

    def come_again(self) -> None:
        """Called when the page is asked for while it is in view already: it shows itself as it begins."""

    def reload(self) -> None:
        """Load again, whether anything changed or not."""
        self.stale = True
        self.arrive()

    def touched(self, tables: frozenset[str]) -> None:
        """Called after a write; loads again now or at the next arrival."""
        if tables & self.tables:
            self.stale = True
            if self.isVisible():
                self.arrive()

    def quarter_changed(self) -> None:
        """Called after another quarter was chosen."""
        if self.follows_quarter:
            self.stale = True
            if self.isVisible():
                self.arrive()

    def tell(self, fact: str) -> None:
        """Set the sentence beside the title."""
        self.fact = fact
        self.fact_changed.emit(fact)

    def keys_now(self) -> str:
        """Return which keys do what in the part of the page that is in view."""
        return self.hint

    def unsaved(self) -> list[str]:
        """Return what was typed here and not saved, by what a person calls it."""
        return []

    def take_focus(self) -> None:
        """Called when the page came into view: the keys go to it."""
        self.setFocus()

    def prepare(self) -> bool:
        """Make one more part ahead of its first use; tell whether there was one to make."""
        return False

    def narrow(self, narrow: bool) -> None:
        """Called when the window becomes narrow or wide again."""

    def select(self, entity: str, ids: frozenset[int]) -> None:
        """Show records of this page."""
