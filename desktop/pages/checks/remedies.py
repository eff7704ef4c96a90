"""From a finding to the record that puts it right, and back again once it is done."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QBoxLayout, QFrame

from db.rules.verdicts import NEEDS_WORK, Result
from db.storage.store import Store
from desktop.pages.insurance.renewing import renew
from desktop.shell.widgets import Page, button, label, row
from desktop.window.navigation import PAGE_OF

if TYPE_CHECKING:
    from desktop.window.window import MainWindow


# What is done about a finding, by the record that puts it right.
VERBS = {
    "insurance_policy": "去投保", "coverage": "去续保", "training": "登记培训", "fund_entry": "去记账", "volunteer": "去补录",
    "team": "去完善", "work_record": "去登记", "activity": "登记活动", "membership": "看队员", "service_record": "登记时长",
    "venue": "登记阵地", "blood_target": "填目标", "blood_result": "填完成", "responsibility": "填分工", "office": "去填写",
}  # fmt: skip


def verb(desk: "MainWindow", result: Result) -> str:
    """Return what the button of a finding says."""
    name = desk.page_name(result.clause.record)
    return VERBS.get(result.clause.record or "", f"去{name}" if name else "看条款")


def people_to_insure(result: Result) -> list[int]:
    """Return the volunteers that a finding on insurance names as not covered."""
    if result.clause.record != "coverage":
        return []
    return [i.id for i in result.items if i.record == "volunteer" and i.id is not None and i.status in NEEDS_WORK]


def handle(desk: "MainWindow", result: Result) -> None:
    """Open what a finding is about: a dialog over this page, its rows with a way back, or the clause itself."""
    people = people_to_insure(result)
    if people:
        renew(desk, people)
        return
    record = result.clause.record
    if record not in PAGE_OF:
        desk.show_page("findings").open_clause(result.clause.id)
        return
    ids = frozenset(i.id for i in result.items if i.record == record and i.id is not None and i.status != "met")
    origin = desk.key
    desk.open_records(record, ids)
    offer_return(desk, result, origin)


def offer_return(desk: "MainWindow", result: Result, origin: str) -> "ReturnStrip | None":
    """Show over the page in view what is being handled, with a way back; once it is done the way is gone by itself."""
    page = desk.pages[desk.key]
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
        name = self.desk.entries[origin].words
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
            self.desk.toast.say(f"已处理好：{self.result.clause.title}", undo=True)
            if self.desk.key in self.desk.pages and self.desk.pages[self.desk.key] is self.page:
                self.back()
            else:
                self.leave()
            return
        self.words.setText(f"还差一点：{left[0].message}")

    def _cannot(self, error: Exception) -> None:
        self.words.setText(str(error))
