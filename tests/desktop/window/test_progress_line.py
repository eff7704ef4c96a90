"""Long work: nothing is shown for a moment's work, a count and 取消 for what counts; cancelling leaves nothing behind."""

import threading
import time

from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from db.errors import UserError
from db.records.entities import TOWNSHIP
from db.storage.store import Store
from desktop.window.window import MainWindow
from tests.desktop.conftest import Settle


def test_short_work_shows_nothing(window: MainWindow, settle: Settle) -> None:
    """Most of what a person does is over before anything could be read."""
    shown: list[bool] = []
    window.jobs.read(lambda store: time.sleep(0.02), lambda _: shown.append(window.foot.busy.isVisible()))
    settle()
    assert shown == [False]


def test_long_work_counts_and_can_be_cancelled(qtbot: QtBot, window: MainWindow, settle: Settle) -> None:
    """The count grows, 取消 stops it, and what was written in between is taken back."""
    begun = threading.Event()

    def work(store: Store) -> None:
        for i in range(1000):
            store.save(TOWNSHIP, {"name": f"第{i}镇", "division_code": None})
            window.jobs.report(i, 1000)
            begun.set()
            time.sleep(0.01)

    refused: list[Exception] = []
    window.jobs.write("录入街镇", work, None, refused.append)
    qtbot.waitUntil(lambda: window.foot.busy.cancel_button.isVisible(), timeout=5000)
    assert begun.is_set()
    assert "/ 1,000" in window.foot.busy.words.text()
    window.foot.busy.cancel_button.click()
    settle()
    assert len(refused) == 1
    assert isinstance(refused[0], UserError)
    assert not window.foot.busy.isVisible()
    counts: list[int] = []
    window.jobs.read(lambda store: store.count(TOWNSHIP), counts.append)
    settle()
    assert counts == [0]


def test_work_in_the_background_is_not_waited_for(qtbot: QtBot, window: MainWindow, settle: Settle) -> None:
    """What was asked for goes first, and of two reads under one key the first is dropped."""
    order: list[str] = []
    hold = threading.Event()
    window.jobs.read(lambda store: hold.wait(5))
    window.jobs.read(lambda store: "later", order.append, later=True)
    window.jobs.read(lambda store: "old", order.append, key="list")
    window.jobs.read(lambda store: "new", order.append, key="list")
    window.jobs.read(lambda store: "asked", order.append)
    hold.set()
    settle()
    QTest.qWait(1)
    assert order == ["new", "asked", "later"]


def test_clauses_are_found_everywhere(window: MainWindow, settle: Settle) -> None:
    """Ctrl+K finds a clause by its words and opens it."""
    window.search.setText("党组织")
    window.search.look()
    settle()
    entry = next(e for e in window.search.model.entries if e.code)
    window.search._open(window.search.model.entries.index(entry))
    settle()
    assert window.desk.key == "findings"
    page = window.pages["findings"]
    assert page.chosen.clause.id == entry.code  # type: ignore[attr-defined]
