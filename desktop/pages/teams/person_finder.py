"""In the form of a new member: somebody who is in the ledger already is found by name, pinyin or part of a number."""

from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QStringListModel, QTimer, Signal
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView

from db.records.entities import VOLUNTEER
from db.storage.store import Store
from db.tasks import members
from desktop.services import search
from desktop.services.search import Entry
from desktop.shell.desk import Desk

_MOST = 8
_WHOLE = 18  # a whole number is the form's own business


class PersonFinder(QObject):
    """Listens to a field; offers people under it, and says who was chosen."""

    chosen = Signal(int)

    def __init__(self, desk: Desk, line: QLineEdit) -> None:
        super().__init__(line)
        self.desk, self.line = desk, line
        self.entries: list[Entry] = []
        self.people: list[int] = []  # those offered, in their order
        self.model = QStringListModel(self)
        self.popup = QCompleter(self.model, self)
        self.popup.setWidget(line)
        self.popup.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.popup.setMaxVisibleItems(_MOST)
        self.list = QListView()
        self.list.setAccessibleName("已登记的人")
        self.popup.setPopup(self.list)
        self.popup.activated[QModelIndex].connect(self._take)  # type: ignore[index]
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(120)
        self.timer.timeout.connect(self.look)
        line.textEdited.connect(lambda _: self.timer.start())

    def renew(self) -> None:
        """Read who there is."""
        self.desk.jobs.read(lambda store: search.build(store, [(VOLUNTEER, ())]), self._know, key=(self, "people"))

    def _know(self, entries: list[Entry]) -> None:
        self.entries = [e for e in entries if e.id]

    def look(self) -> None:
        """Look for what was typed, and offer who fits."""
        typed = self.line.text().strip()
        digits = typed.isascii() and any(c.isdigit() for c in typed)
        if len(typed) < (4 if digits else 1) or len(typed) >= _WHOLE:
            self.list.hide()
            return
        near = [] if digits else [e.id for e in search.find(self.entries, typed, _MOST)]
        day = self.desk.today

        def work(store: Store) -> tuple[str, list[dict[str, Any]]]:
            ids = members.find_people(store, typed, _MOST) if digits else near
            return typed, members.people_shown(store, ids, day) if ids else []

        self.desk.jobs.read(work, self._offer, key=(self, "found"))

    def _offer(self, found: tuple[str, list[dict[str, Any]]]) -> None:
        typed, people = found
        if typed != self.line.text().strip():
            return
        self.people = [int(p["id"]) for p in people]
        self.model.setStringList([_words(p) for p in people])
        if people and self.line.isVisible():
            rect = self.line.rect()
            rect.setWidth(self.desk.theme.px(400))
            self.popup.complete(rect)
        else:
            self.list.hide()

    def _take(self, index: QModelIndex) -> None:
        place = index.row()
        if 0 <= place < len(self.people):
            person = self.people[place]
            QTimer.singleShot(0, self, lambda: self.chosen.emit(person))  # after Qt has put its text into the field

    def take(self, place: int) -> None:
        """Choose one of those offered."""
        self._take(self.model.index(place))


def _words(person: dict[str, Any]) -> str:
    """Say who it is, the number masked, and where: 赖敏　990***43　社区关爱队."""
    number = VOLUNTEER["id_number"].show(person["id_number"])
    state = f"已于 {person['left_on']} 退出" if person["left_on"] else str(person["teams"] or "不在任何队伍")
    return "　".join(part for part in (str(person["name"]), number, state) if part)
