"""From a finding to the record that puts it right, and back again once it is done."""

from PySide6.QtWidgets import QBoxLayout, QFrame

from db.records.entities import BY_NAME
from db.rules.verdicts import NEEDS_WORK, Result
from db.rules.wanted import known_values
from db.storage.store import Store
from desktop.pages.insurance.renewing import renew
from desktop.services.remedies import people_to_insure, what_insuring_changes
from desktop.shell.desk import Desk
from desktop.shell.page import Page
from desktop.shell.widgets import button, label, row

# Where nothing is there yet, the button of a finding means a new one.
_NEW_ONES = frozenset({"work_record", "training", "activity", "venue", "blood_target", "blood_result"})


def handle(desk: Desk, result: Result) -> None:
    """Open what a finding is about: a dialog over this page, its rows with a way back, or the clause itself."""
    people = people_to_insure(result)
    if people:
        quarter, as_of, today = desk.quarter, desk.as_of, desk.today
        renew(desk, people, note=lambda store: what_insuring_changes(store, result, quarter, as_of, today))
        return
    record = result.clause.record
    if record is None or record not in desk.page_of:
        desk.open_clause(result.clause.id)
        return
    ids = frozenset(i.id for i in result.items if i.record == record and i.id is not None and i.status != "met")
    origin = desk.key
    given = known_values(result.clause)
    if not ids and (given or record in _NEW_ONES):  # nothing to put right: a new one is what is wanted
        day = BY_NAME[record].day
        desk.add_record(record, {day: desk.today.isoformat()} | given if day else given)
    else:
        desk.open_records(record, ids)
    offer_return(desk, result, origin)


def offer_return(desk: Desk, result: Result, origin: str) -> "ReturnStrip | None":
    """Show over the page in view what is being handled, with a way back; once it is done the way is gone by itself."""
    page = desk.page
    if not isinstance(page, Page):
        return None
    for strip in page.findChildren(ReturnStrip):
        strip.leave()
    if origin == desk.key or result.status not in NEEDS_WORK:
        return None
    return ReturnStrip(page, result, origin)


class ReturnStrip(QFrame):
    """A line over a page: which clause is being handled, and 返回."""

    def __init__(self, page: Page, result: Result, origin: str) -> None:
        super().__init__(page)
        self.setObjectName("card")
        self.page, self.desk, self.result, self.origin = page, page.desk, result, origin
        name = self.desk.names[origin]
        self.words = label(f"正在处理：{result.clause.title}。{result.clause.fix}", wrap=True)
        self.words.setToolTip(result.message)
        back = button(page.theme, f"返回{name}", "left", "", "回到刚才的地方（Alt+←）", self.back)
        back.setShortcut("Alt+Left")
        close = button(page.theme, "", "close", "small", "不再提示", self.leave)
        line = row(self.words, back, close, spacing=10)
        line.setStretch(0, 1)
        line.setContentsMargins(14, 6, 8, 6)
        self.setLayout(line)
        layout = page.layout()
        assert isinstance(layout, QBoxLayout)
        layout.insertWidget(0, self)
        self.desk.jobs.data_changed.connect(self._changed)

    def back(self) -> None:
        """Go back to where the finding was."""
        self.leave()
        self.desk.show_page(self.origin)

    def leave(self) -> None:
        """Take the line away."""
        if not self.isHidden():
            self.desk.jobs.data_changed.disconnect(self._changed)
        self.hide()
        self.deleteLater()

    def _changed(self, tables: frozenset[str]) -> None:
        """After a change, ask whether the clause is in order now."""
        clause, day = self.result.clause, self.desk.as_of

        def work(store: Store) -> list[Result]:
            from db.rules.checks import check_office

            return list(check_office(store, day, [clause]))

        self.desk.jobs.read(work, self._judged, self._cannot)

    def _judged(self, results: list[Result]) -> None:
        if self.isHidden() or not results:
            return
        left = [r for r in results if r.status in NEEDS_WORK]
        if not left:
            self.desk.say(f"已处理好：{self.result.clause.title}", undo=True)
            if self.desk.page is self.page:
                self.back()
            else:
                self.leave()
            return
        self.words.setText(f"还差一点：{left[0].message}")

    def _cannot(self, error: Exception) -> None:
        self.words.setText(str(error))
