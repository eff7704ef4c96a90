"""A quarter's tasks beyond the first twelve, with real events and counted, in one window that is opened once.

Each begins on 工作台 and leaves the ledger as it found it. A roster into an empty ledger has a window of its own.
"""

import datetime as dt
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLabel, QPushButton

from db.records.entities import BLOOD_RESULT, BLOOD_TARGET, FUND_ENTRY, MEMBERSHIP, OFFICE, TEAM, VOLUNTEER
from db.storage.store import Store
from desktop.pages.importing.founding import FoundingDialog
from desktop.pages.importing.importing import DONE, ImportPage
from desktop.pages.overview.quarter_steps import StepDialog
from desktop.pages.teams.taking_out import TakeOutDialog
from desktop.records.leaving import LeaveDialog
from desktop.shell.theme import Theme
from desktop.window.app import build
from desktop.window.window import MainWindow
from tests.desktop.conftest import TODAY, fill, id_number
from tests.desktop.hand import Hand

KEY = Qt.Key
Opened = Callable[..., "Task"]


class Task(Hand):
    """A hand in the shared window, from 工作台 on."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window, lambda: _settle(window))

    def wait(self, there: Callable[[], bool]) -> None:
        """Wait for what is read or written beside the window's own queue."""
        until = time.monotonic() + 20
        while not there() and time.monotonic() < until:
            self.settle()
        assert there()

    def rows(self, entity: Any) -> list[Any]:
        """Return what the ledger holds."""
        found: list[Any] = []
        self.window.jobs.read(lambda store: store.rows(entity), found.extend)
        self.settle()
        return found

    def page(self, key: str) -> Any:
        """Return a page, turned to with a click of the navigation."""
        self.go(key)
        return self.window.pages[key]

    def press(self, words: str, within: Any) -> None:
        """Click the button that says this."""
        self.click(next(b for b in within.findChildren(QPushButton) if b.isVisible() and b.text().strip() == words))

    def tab(self, bar: Any, place: int) -> None:
        """Click a tab."""
        QTest.mouseClick(bar, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, bar.tabRect(place).center())
        self.clicks += 1
        self.settle()

    def choose(self, box: QComboBox, place: int) -> None:
        """Choose from a list: a click that opens it and a click on the line count as one field."""
        box.setCurrentIndex(place)
        box.activated.emit(place)
        self.fields += 1
        self.settle()

    def at_most(self, clicks: int, fields: int = 0, keys: int = 0) -> None:
        """Hold the counts to the targets."""
        assert self.clicks <= clicks, self.took()
        assert self.fields <= fields, self.took()
        assert self.keys <= keys, self.took()


def _settle(window: MainWindow) -> None:
    until = time.monotonic() + 20
    for _ in range(2):
        while window.jobs.waiting and time.monotonic() < until:
            QApplication.processEvents()
            time.sleep(0.001)
        QApplication.processEvents()
    assert window.jobs.waiting == 0


def _opened(store: Store) -> MainWindow:
    made = build(None, store=store, theme=Theme(), today=TODAY)
    made._may_lose = lambda labels: True  # type: ignore[method-assign]
    made.resize(1366, 689)
    made.show()
    made.activateWindow()
    _settle(made)
    return made


def _closed(window: MainWindow) -> None:
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents()
    QApplication.processEvents()


@pytest.fixture(scope="module")
def shared(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MainWindow]:
    """The window over the small office."""
    folder = tmp_path_factory.mktemp("quarter")
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(folder / "settings"))
    before, os.environ["BOAI_DATA"] = os.environ.get("BOAI_DATA"), str(folder)
    store = Store.memory()
    fill(store)
    made = _opened(store)
    yield made
    _closed(made)
    if before is None:
        os.environ.pop("BOAI_DATA", None)
    else:
        os.environ["BOAI_DATA"] = before


@pytest.fixture
def task(shared: MainWindow) -> Task:
    """A hand on 工作台."""
    return Task(shared)


def test_task_2_an_ordinary_roster_into_an_empty_ledger(qapp: QApplication, tmp_path: Path) -> None:
    """把名册从 Excel 导入: 21 of 21 with at most six clicks; the teams that it names are founded on the way."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["序号", "姓名", "性别", "身份证号", "电话", "入队时间", "所在队伍"])
    for i in range(21):
        number, name = id_number(301 + 2 * i, "19850101"), f"赵{'一二三四五六七八九十百千万亿甲乙丙丁戊己庚'[i]}明"
        sheet.append(
            [i + 1, name, "男", number, f"1990000{i:04d}", "2023.5.1", "水上救援队" if i % 2 else "社区关爱队"]
        )
    path = tmp_path / "名册.xlsx"
    book.save(path)
    store = Store.memory()
    with store.operation("测试"):
        for item, content in (("name", "安澜县红十字会"), ("level", "县级")):
            store.save(OFFICE, {"item": item, "content": content})
    window = _opened(store)
    try:
        _bring_in(Task(window), path)
    finally:
        _closed(window)


def _bring_in(hand: Task, path: Path) -> None:
    page = hand.page("import")
    assert isinstance(page, ImportPage)
    panel = page.check_panel
    hand.drop(page, str(path))
    hand.wait(lambda: panel.found.isVisible())
    assert (panel.found.property("kind"), panel.go.property("kind")) == ("primary", "")
    hand.click(panel.found)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, FoundingDialog)
    hand.choose(dialog.domain, 1)
    hand.field("2020-01-01", KEY.Key_Tab, into=dialog.since)
    hand.click(dialog.go)
    hand.wait(lambda: "21" in panel.good.text())
    assert panel.go.property("kind") == "primary"
    hand.click(panel.go)
    hand.wait(lambda: page.stack.currentIndex() == DONE)
    assert len(hand.rows(VOLUNTEER)) == 21
    assert len(hand.rows(TEAM)) == 2
    assert sum(m["joined_on"] == "2023-05-01" for m in hand.rows(MEMBERSHIP)) == 21
    hand.at_most(clicks=4, fields=2)


def test_a_member_goes_to_another_team(task: Task) -> None:
    """一名队员转到另一支队伍: one act with its day, no number typed again."""
    page = task.page("team")
    place = next(i for i, line in enumerate(page.list.model.lines) if line.texts[0] == "水上救援队")
    task.click_row(page.list.view, place)
    task.click_row(page.one.members.view, 0)
    task.click(page.one.members.out_button)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, TakeOutDialog)
    task.choose(dialog.to, 1)
    task.click(dialog.save_button)
    members = [m for m in task.rows(MEMBERSHIP) if m["left_on"] or m["joined_on"] == TODAY.isoformat()]
    assert len(members) == 2
    assert members[0]["volunteer_id"] == members[1]["volunteer_id"]
    task.at_most(clicks=5, fields=1)
    task.window.undo()
    assert all(m["left_on"] is None for m in task.rows(MEMBERSHIP))


def test_somebody_leaves(task: Task) -> None:
    """有人退出: day and reason once, teams and posts with it."""
    page = task.page("volunteer")
    task.click_row(page.pane.view, 0)
    task.press("办理退出", page)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, LeaveDialog)
    task.choose(dialog.reason, 1)
    task.click(dialog.save_button)
    assert sum(r["left_on"] == TODAY.isoformat() for r in task.rows(VOLUNTEER)) == 1
    assert sum(m["left_on"] == TODAY.isoformat() for m in task.rows(MEMBERSHIP)) == 1
    task.at_most(clicks=4, fields=1)
    task.window.undo()
    assert all(r["left_on"] is None for r in task.rows(VOLUNTEER))


def test_all_about_one_person(task: Task) -> None:
    """看一个人的全部情况: found by letters, all of it on one sheet."""
    task.key(KEY.Key_K)
    QTest.keyClicks(task.window.search, "zxm")
    QTest.keyClick(task.window.search, KEY.Key_Return)
    task.settle()
    pane: Any = task.window.desk.page.pane  # type: ignore[union-attr]
    task.press("本人情况", pane)
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    assert "张雪梅" in " ".join(made.text() for made in dialog.findChildren(QLabel))
    dialog.close()
    task.at_most(clicks=1, keys=1)


def test_a_team_is_founded(task: Task) -> None:
    """新增一支队伍: five fields asked, the office and the day are there already."""
    page = task.page("team")
    task.click(page.add_button)
    form = page.pane.form
    form.editors["name"].setFocus()
    task.field("社区关爱队", KEY.Key_Tab)
    task.choose(form.editors["primary_domain"], 6)
    task.key(KEY.Key_S)
    made = [t for t in task.rows(TEAM) if t["name"] == "社区关爱队"]
    assert [t["managing_org"] for t in made] == ["安澜县红十字会"]
    task.at_most(clicks=2, fields=2, keys=1)
    task.window.undo()
    assert len(task.rows(TEAM)) == 2
    page.show_cards()


def test_blood_donation_is_entered(task: Task) -> None:
    """登记一次献血的结果: the form's fields in their order, Ctrl+S."""
    page = task.page("blood")
    task.tab(page.tabs, 1)
    task.click(page.pane.toolbar.add_button)
    form = page.pane.form
    typed = {"person_times": "52", "ml": "15,600"}
    wanted = [f for f in form.order if f.required]
    for f in wanted:
        made = form.editors[f.name]
        if isinstance(made, QComboBox):
            task.choose(made, 1)
        elif not made.text():
            task.field(typed.get(f.name, "2026.9.12"), KEY.Key_Tab, into=made)
    task.key(KEY.Key_S)
    (row,) = task.rows(BLOOD_RESULT)
    assert (row["person_times"], row["ml"]) == (52, 15600)
    task.at_most(clicks=3, fields=5, keys=1)
    task.window.undo()
    assert task.rows(BLOOD_RESULT) == task.rows(BLOOD_TARGET) == []


def test_which_entries_lack_a_voucher(task: Task) -> None:
    """哪些收支没有凭证: said at the top, the ledger with most of them in view."""
    page = task.page("fund")
    assert "2 笔还没有凭证" in page.sums.text()
    assert page.one.model.row(0)["proof"] == "none"
    task.at_most(clicks=1)


def test_an_entry_of_an_earlier_quarter_is_put_right(task: Task) -> None:
    """改上季度的一笔: in the cell, and it is said which quarter it counts in."""
    page = task.page("fund")
    view = page.one.view
    column = [f.name for f in page.one.model.fields].index("summary")
    view.setCurrentIndex(page.one.model.index(0, column))
    view.setFocus()
    task.key(KEY.Key_F2, Qt.KeyboardModifier.NoModifier)
    task.field("办公用品")
    assert any(r["summary"] == "办公用品" for r in task.rows(FUND_ENTRY))
    task.at_most(clicks=1, fields=1, keys=1)
    task.window.undo()
    assert all(r["summary"] == "测试" for r in task.rows(FUND_ENTRY))


def test_the_quarter_is_reviewed(task: Task) -> None:
    """标记审核: from the line of the quarter, a name, done."""
    page: Any = task.window.pages["overview"]
    task.click(page.stepper.buttons[2])
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, StepDialog)
    dialog.person.setFocus()
    task.field("周敏", KEY.Key_Tab)
    task.click(dialog.save)
    assert page.stepper.steps[2].note.startswith("周敏")
    task.at_most(clicks=2, fields=1)
    task.window.undo()
    task.settle()


def test_what_is_not_met_and_what_the_notice_says(task: Task) -> None:
    """哪条没达标、原文怎么写: one key, the worst first, its words beside it."""
    task.key(KEY.Key_9)
    page: Any = task.window.pages["findings"]
    assert page.model.rowCount() > 1
    words = " ".join(made.text() for made in page.findChildren(QLabel) if made.isVisible())
    assert "怎么算的" in words
    task.at_most(clicks=0, keys=1)


def test_the_superior_office_is_entered(task: Task) -> None:
    """填上级红十字会: asked in plain words, saved with Ctrl+S."""
    page = task.page("settings")
    task.tab(page.tabs, 1)
    task.field("云州市红十字会", KEY.Key_Tab, into=page.office.lines["parent_org"].editor)
    task.key(KEY.Key_S)
    assert any(r["item"] == "parent_org" and r["content"] == "云州市红十字会" for r in task.rows(OFFICE))
    task.at_most(clicks=2, fields=1, keys=1)
    task.window.undo()
    assert all(r["item"] != "parent_org" for r in task.rows(OFFICE))


def test_who_changed_what(task: Task) -> None:
    """谁改过什么: the history finds by a word."""
    page = task.page("history")
    task.field("测试数据", into=page.find_box)
    model = page.view.model()
    task.wait(lambda: [model.index(i, 0).data() for i in range(model.rowCount())] == ["测试数据"])
    task.at_most(clicks=1, fields=1)
    page.find_box.clear()


def test_a_roster_goes_out_as_excel(task: Task, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """把名单导出给别人: the list in view, numbers covered."""
    target = tmp_path / "名单.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(target), ""))
    task.key(KEY.Key_3)
    page: Any = task.window.pages["volunteer"]
    pressed: list[str] = []

    def press_enter() -> None:
        if (dialog := QApplication.activeModalWidget()) is not None:
            pressed.append(dialog.windowTitle())
            QTest.keyClick(QApplication.focusWidget() or dialog, KEY.Key_Return)

    timer = QTimer()
    timer.timeout.connect(press_enter)
    timer.start(50)
    task.click(page.pane.toolbar.export_button)
    timer.stop()
    assert len(pressed) <= 2
    task.wait(target.exists)
    assert target.stat().st_size > 1000
    task.at_most(clicks=2, keys=1)


def test_letters_are_made_larger(task: Task) -> None:
    """字太小: two keys, and back."""
    task.key(KEY.Key_Equal)
    assert task.window.theme.zoom > 100
    task.key(KEY.Key_Minus)
    assert task.window.theme.zoom == 100
    assert dt.date.fromisoformat(TODAY.isoformat()) == task.window.desk.today
