"""What every screen may know of the open ledger, how it speaks, and how it asks for another screen.

A page or a dialog is given a `Desk`, never the window: the window listens to the desk and shows. Where nobody listens
(a test of one page) the signals are simply heard by no one.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from db.quarters import Quarter
from db.records.entities import BY_NAME
from db.records.kinds import Text, Value
from db.rules.verdicts import Result
from db.storage.store import Store
from db.tasks import operators
from desktop.services import settings
from desktop.services.account import account_name
from desktop.services.example import DATA_FILE as EXAMPLE
from desktop.services.reminders import front_quarter
from desktop.shell.drafts import Drafts
from desktop.shell.jobs import Jobs
from desktop.shell.theme import Theme

# Files that a viewer only shows: papers, sheets without macros, pictures, sound and film.
SHOWN = frozenset(
    ".pdf .ofd .doc .docx .wps .wpt .rtf .txt .csv .xls .xlsx .et .ods .odt .odp .ppt .pptx .dps"
    " .jpg .jpeg .png .gif .bmp .tif .tiff .webp .heic .avif .mp3 .m4a .wav .amr .mp4 .mov .avi .mkv .3gp".split()
)
CHOICE = 13  # quarters that may be chosen: the next one, this one, and those before


class Desk(QObject):
    """The office, the day, the quarter, the person, the jobs and the look; and how to speak and to go elsewhere."""

    said = Signal(str, bool)  # a sentence, and whether 撤销 stands beside it
    failed = Signal(object)  # the exception: a `UserError` or a fault of ours
    page_asked = Signal(str)  # the key of a page
    records_asked = Signal(str, object)  # a record's name, and the ids to choose (frozenset[int])
    form_asked = Signal(str, object)  # a record's name, and what a new one is known to say, by field
    leave_asked = Signal()  # the example is to be left for the person's own ledger
    clause_asked = Signal(str)  # the id of a clause
    remedy_asked = Signal(object)  # the `Result` whose records are wanted
    unmet_counted = Signal(int)  # how many clauses are not met
    reminded = Signal(object)  # what 工作台 has read, for the bell
    reminding_changed = Signal()  # how far ahead is reminded
    backup_asked = Signal(object)  # the `Path` of a backup to be written
    second_asked = Signal(object)  # the `Path` of the folder where a second backup is to lie
    restore_asked = Signal(object)  # the `Path` of a backup to be put in place
    new_code_asked = Signal(str)  # another recovery code is wanted: the password, or nothing where there is none
    backed_up = Signal()
    operator_changed = Signal()
    quarter_changed = Signal()
    office_changed = Signal()

    def __init__(
        self, store: Store, theme: Theme, today: dt.date | None = None, window: QWidget | None = None,
        quarter: Quarter | None = None,
    ) -> None:  # fmt: skip
        """`quarter` is shown first; the one that is worked on, if none is named."""
        super().__init__(window)
        self.theme, self.window = theme, window  # the parent of dialogs
        self.place: QWidget | None = window  # where pages stand
        self.today = today or self.now().date()
        self.quarters = _choice(Quarter.of(self.today))
        self.quarter = quarter if quarter in self.quarters else front_quarter(store, self.today)
        self.office = store.office()
        self.read_only = store.read_only
        self.is_example = store.path is not None and store.path.name == EXAMPLE
        kept = settings.text("operator")
        if kept in operators.names(store):
            kept = ""  # who has a password of their own is not taken on trust
        self.operator = operators.opened_by(store) or kept or account_name()
        store.act_as(self.operator)
        self.jobs = Jobs(store, self)
        self.drafts = Drafts(self.say)
        self.documents = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or ".")
        # Where files are looked for; the one used last from then on.
        self.folder = self.documents if self.documents.is_dir() else Path.home()
        self.names: dict[str, str] = {}  # what the navigation calls each page, by its key
        self.page_of: dict[str, str] = {}  # the page of each record, by the record's name
        self.key, self.page = "", window  # the page in view
        self.purpose = ""  # what whole numbers are shown for, until the window locks or another person works
        self.jobs.failed.connect(self.failed)
        self.jobs.data_changed.connect(self._touched)

    @staticmethod
    def now() -> dt.datetime:
        """Return the time by this computer's clock, which nobody else in the window reads."""
        return dt.datetime.now()

    @property
    def as_of(self) -> dt.date:
        """The day that facts are judged on: the quarter's last, or today while it runs."""
        return min(self.today, self.quarter.end) if self.quarter.start <= self.today else self.quarter.end

    def dated(self, words: str) -> str:
        """Return the name of a figure with its day, where that is not today: beside it stands what was entered since."""
        return f"{self.as_of.month}月{self.as_of.day}日{words}" if self.as_of < self.today else words

    def set_quarter(self, quarter: Quarter) -> None:
        """Choose the quarter that lists and reports follow, if it is one of those that may be chosen."""
        if quarter != self.quarter and quarter in self.quarters:
            self.quarter = quarter
            self.quarter_changed.emit()

    def work_as(self, name: str) -> None:
        """Let the history name another person from now on."""
        self.operator = name.strip() or account_name()
        settings.keep("operator", name.strip())
        self.need_for("")
        operator = self.operator
        self.jobs.read(lambda store: store.act_as(operator))
        self.operator_changed.emit()

    def zoom_to(self, wanted: int) -> None:
        """Show everything at one of the sizes (percent), from now on."""
        if wanted != self.theme.zoom:
            self.theme.set(zoom=wanted)
            settings.keep("zoom", wanted)

    def set_dark(self, dark: bool) -> None:
        """Turn the dark look on or off, from now on."""
        if dark != self.theme.dark:
            self.theme.set(dark=dark)
            settings.keep("dark", dark)

    def need_for(self, purpose: str) -> None:
        """Know what whole numbers are shown for from now on; nothing: it is asked again."""
        self.purpose = purpose

    def _touched(self, tables: frozenset[str]) -> None:
        if "office" in tables:
            self.jobs.read(lambda store: store.office(), self._set_office)

    def _set_office(self, office: dict[str, str]) -> None:
        self.office = office
        self.office_changed.emit()

    # Speaking

    def say(self, text: str, undo: bool = False) -> None:
        """Say a sentence; with `undo`, 撤销 takes the last operation back."""
        self.said.emit(text, undo)

    def complain(self, error: Exception) -> None:
        """Say what went wrong."""
        self.failed.emit(error)

    def work_in(self, folder: Path) -> None:
        """Let the next file be looked for, or saved, in this folder."""
        self.folder = folder

    def saved_file(self, path: Path) -> None:
        """Say where a file went."""
        self.work_in(path.parent)
        self.say(f"已保存：{path.name}")

    def open_file(self, path: Path) -> None:
        """Show a file in the system's program for it, or a folder in its file window.

        What may run, or is of a kind we do not know, is shown in its folder only: a person opens it there, or not.
        """
        if not path.is_dir() and path.suffix.casefold() not in SHOWN:
            self.say(
                f"“{path.suffix or path.name}”这类文件可能带程序，没有直接打开；已打开它所在的文件夹，确认来源后再打开"
            )
            path = path.parent
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    @staticmethod
    def open_address(address: QUrl) -> None:
        """Show a page that a person named in the system's browser."""
        QDesktopServices.openUrl(address)

    def count_unmet(self, results: Sequence[Result]) -> None:
        """Let the navigation show how many clauses are not met."""
        self.unmet_counted.emit(sum(r.status == "not_met" for r in results))

    # Going elsewhere

    def stand_in(self, place: QWidget) -> None:
        """Let pages stand in this widget, from the moment they are made."""
        self.place = place

    def came_to(self, key: str, page: QWidget) -> None:
        """Know the page that is in view."""
        self.key, self.page = key, page

    def show_page(self, key: str) -> None:
        """Ask for a page."""
        self.page_asked.emit(key)

    def open_records(self, entity: str, ids: frozenset[int] = frozenset()) -> None:
        """Ask for a record's page with rows chosen."""
        self.records_asked.emit(entity, ids)

    def add_record(self, entity: str, given: Mapping[str, Value] | None = None) -> None:
        """Ask for an empty form of a record that says already what is known."""
        self.form_asked.emit(entity, dict(given or {}))

    def add_named(self, entity: str, name: str) -> None:
        """Ask for an empty form of a record that a person has called by a name which no row has."""
        title = BY_NAME[entity].title
        self.add_record(entity, {title: name} if isinstance(BY_NAME[entity][title].kind, Text) else {})

    def open_clause(self, clause_id: str) -> None:
        """Ask for a clause on 合规体检."""
        self.clause_asked.emit(clause_id)

    def handle(self, result: Result) -> None:
        """Ask for what puts a finding right."""
        self.remedy_asked.emit(result)

    def know_pages(self, names: Mapping[str, str], page_of: Mapping[str, str]) -> None:
        """Learn what the pages are called and which records they hold."""
        self.names, self.page_of = dict(names), dict(page_of)

    def page_name(self, record: str | None) -> str:
        """Return what the navigation calls the page of a record, or nothing."""
        return self.names.get(self.page_of.get(record or "", ""), "")

    def fit(self, dialog: QWidget, wide: int, high: int) -> None:
        """Give a dialog so many logical pixels, or what the window has."""
        wide, high = self.theme.px(wide), self.theme.px(high)
        if self.window is not None:
            wide, high = min(wide, self.window.width() - 40), min(high, self.window.height() - 30)
        dialog.resize(wide, high)


def _choice(quarter: Quarter) -> tuple[Quarter, ...]:
    found = [quarter.next]
    while len(found) < CHOICE:
        found.append(found[-1].previous)
    return tuple(found)
