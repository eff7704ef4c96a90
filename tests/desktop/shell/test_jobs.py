"""The one thread that owns the ledger: reads, writes, failures and the end."""

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db.errors import Refused
from db.records.entities import TOWNSHIP
from db.storage.store import Store
from desktop.shell.crash import CrashDialog, report
from desktop.shell.jobs import Jobs, Memory


@pytest.fixture
def jobs(qapp: QApplication, qtbot: QtBot) -> object:
    """Jobs over an empty ledger."""
    made = Jobs(Store.memory())
    qtbot.waitUntil(lambda: made.waiting == 0)
    yield made
    made.stop()


def test_write_tells_what_changed(jobs: Jobs, qtbot: QtBot) -> None:
    """A write comes back with its value, the tables it touched, and what can be undone."""
    found: list[object] = []
    memory: list[Memory] = []
    jobs.remembered.connect(memory.append)
    with qtbot.waitSignal(jobs.data_changed) as changed:
        jobs.write("新增街镇：城关镇", lambda store: store.save(TOWNSHIP, {"name": "城关镇"}), found.append)
    assert found == [1]
    assert changed.args == [frozenset({"township"})]
    assert memory[-1] == Memory(undo="新增街镇：城关镇")
    with qtbot.waitSignal(jobs.data_changed):
        jobs.undo()
    assert memory[-1].redo == "新增街镇：城关镇"


def test_long_lists_are_let_go_piece_by_piece(jobs: Jobs, qtbot: QtBot) -> None:
    """After everything else that was asked for; nobody is told to wait for it."""
    rows, others = list(range(5000)), [1]
    seen: list[int] = []
    jobs.let_go(rows, others, [])
    jobs.read(lambda store: len(rows), seen.append)
    qtbot.waitUntil(lambda: jobs.waiting == 0)
    assert seen == [5000] or seen == [0]  # the thread may have taken the first at once
    assert (rows, others) == ([], [])


def test_nothing_begins_beside_what_has_stopped(qapp: QApplication, qtbot: QtBot) -> None:
    """What came in after the end (a backup that was told of late) starts no thread that nobody waits for."""
    made, done = Jobs(Store.memory()), list[int]()
    made.beside(lambda: 1, done.append)
    made.stop()
    made.beside(lambda: 2, done.append)
    qtbot.wait(50)
    assert done == [1]
    assert made.waiting == 0


def test_a_refusal_goes_to_its_caller(jobs: Jobs, qtbot: QtBot) -> None:
    """A sentence for the user reaches the form that asked; nothing is kept."""
    refused: list[Exception] = []

    def twice(store: Store) -> None:
        for _ in range(2):
            store.save(TOWNSHIP, {"name": "城关镇"})

    jobs.write("新增街镇", twice, failed=refused.append)
    qtbot.waitUntil(lambda: jobs.waiting == 0)
    assert isinstance(refused[0], Refused)
    counts: list[int] = []
    jobs.read(lambda store: store.count(TOWNSHIP), counts.append)
    qtbot.waitUntil(lambda: bool(counts))
    assert counts == [0]


def test_a_bug_goes_to_the_crash_dialog_without_values(jobs: Jobs, qtbot: QtBot) -> None:
    """The report has places in the code, and nothing of a row."""
    with qtbot.waitSignal(jobs.failed) as failed:
        jobs.read(lambda store: {}["张雪梅 990123198804120020"])
    text = report(failed.args[0])
    assert "KeyError" in text
    assert "test_jobs.py" in text
    assert "张雪梅" not in text
    assert "990123" not in text
    dialog = CrashDialog(report(failed.args[0]))
    qtbot.addWidget(dialog)
    assert dialog.text.toPlainText() == text


def test_long_work_can_be_stopped(jobs: Jobs, qtbot: QtBot) -> None:
    """Cancelling raises inside the work, which rolls back whole."""
    import threading

    started, go = threading.Event(), threading.Event()
    said: list[Exception] = []

    def work(store: Store) -> None:
        store.save(TOWNSHIP, {"name": "城关镇"})
        jobs.report(1, 2)
        started.set()
        go.wait(5)
        jobs.report(2, 2)

    jobs.write("导入", work, failed=said.append)
    assert started.wait(5)
    jobs.cancel()
    go.set()
    qtbot.waitUntil(lambda: bool(said))
    assert "已取消" in str(said[0])
