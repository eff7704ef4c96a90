"""A locked window shows nothing and holds no rows; a second start brings the first one forward, or reads only."""

import datetime as dt
import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from db.records.entities import VOLUNTEER
from db.storage.store import Store
from desktop.records.record_page import EntityPage
from desktop.services import settings
from desktop.shell.theme import Theme
from desktop.window import app, locking, one_window, opening
from desktop.window.app import build
from desktop.window.window import MainWindow
from tests.desktop.conftest import fill, settle_window

TODAY = dt.date(2026, 9, 21)
PASSWORD = "清明上河图2026"


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BOAI_DATA", str(tmp_path / "data"))
    path = tmp_path / "data" / "台账.boai-db"
    path.parent.mkdir()
    store, secret = Store.create(path, PASSWORD)
    fill(store)
    store.close()
    (tmp_path / "code.txt").write_text(secret.code(), encoding="utf-8")
    return path


@pytest.fixture
def open_window(ledger: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[MainWindow]:
    made = build(None, store=Store.open(ledger, PASSWORD), theme=Theme(), today=TODAY)
    made._may_lose = lambda labels: True  # type: ignore[method-assign]
    made.show()
    settle_window(qtbot, made)
    yield made
    made.close()
    made.deleteLater()


def _lock(window: MainWindow, qtbot: QtBot) -> locking.LockPage:
    window.lock()
    qtbot.waitUntil(lambda: window.locker.is_locked)
    QApplication.sendPostedEvents(None, int(QEvent.Type.DeferredDelete))
    gc.collect()
    assert window.locker.page is not None
    return window.locker.page


def _words(widget: QWidget) -> str:
    found = [widget.windowTitle()]
    for child in (widget, *widget.findChildren(QWidget)):
        for name in ("text", "toolTip", "toPlainText", "accessibleName"):
            said = getattr(child, name, None)
            found.append(str(said()) if callable(said) else "")
        model = getattr(child, "model", None)
        model = model() if callable(model) else None
        if model is not None and hasattr(model, "rowCount"):
            for r in range(min(model.rowCount(), 50)):
                found += [str(model.index(r, c).data()) for c in range(model.columnCount())]
    return "\n".join(found)


def test_a_locked_window_holds_no_name_and_opens_where_it_was(open_window: MainWindow, qtbot: QtBot) -> None:
    open_window.show_page("volunteer")
    settle_window(qtbot, open_window)
    assert "张雪梅" in _words(open_window)
    page = _lock(open_window, qtbot)
    shown = _words(open_window)
    for name in ("张雪梅", "王建国", "水上救援队", "安澜"):
        assert name not in shown
    assert open_window.centralWidget().currentWidget() is page  # type: ignore[attr-defined]
    for keys in open_window.shortcuts:
        assert not keys.isEnabled()
    page.secret.setText("不是这个密码")
    page.go.click()
    settle_window(qtbot, open_window)
    assert open_window.locker.is_locked
    assert page.error.text()
    assert page.secret.text() == ""
    page.secret.setText(PASSWORD)
    page.go.click()
    settle_window(qtbot, open_window)
    assert not open_window.locker.is_locked
    assert "张雪梅" in _words(open_window)
    assert open_window.desk.key == "volunteer"


def test_what_was_taken_down_hears_nothing_afterwards(open_window: MainWindow, qtbot: QtBot) -> None:
    """Every page with its forms, gone with the lock; then work that ends, another size, another person."""
    for key in open_window.entries:
        page = open_window.show_page(key)
        settle_window(qtbot, open_window)
        if isinstance(page, EntityPage):
            page.pane.add()
            settle_window(qtbot, open_window)
            page.pane.close_form()
    page = _lock(open_window, qtbot)
    page.secret.setText(PASSWORD)
    page.go.click()
    settle_window(qtbot, open_window)
    assert not open_window.locker.is_locked
    open_window.desk.jobs.write("改名", lambda store: None)
    open_window.desk.zoom_to(125)
    open_window.desk.work_as("陈立")
    settle_window(qtbot, open_window)  # what a signal met that is gone would be raised here


def test_the_recovery_code_of_this_ledger_opens_it_and_no_other(
    open_window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    page = _lock(open_window, qtbot)
    other, secret = Store.create(tmp_path / "data" / "另一份.boai-db")
    other.close()
    page.by_code.click()
    page.secret.setText(secret.code())
    page.go.click()
    settle_window(qtbot, open_window)
    assert open_window.locker.is_locked
    page.secret.setText((tmp_path / "code.txt").read_text(encoding="utf-8"))
    page.go.click()
    settle_window(qtbot, open_window)
    assert not open_window.locker.is_locked


def test_what_was_typed_and_not_saved_is_there_after_the_password(open_window: MainWindow, qtbot: QtBot) -> None:
    page = open_window.show_page("volunteer")
    settle_window(qtbot, open_window)
    assert isinstance(page, EntityPage)
    page.pane.add()
    settle_window(qtbot, open_window)
    page.pane.form.editors["name"].put_back("周小舟")
    lock = _lock(open_window, qtbot)
    assert not page.isVisible()
    lock.secret.setText(PASSWORD)
    lock.go.click()
    settle_window(qtbot, open_window)
    again = open_window.show_page("volunteer")
    assert isinstance(again, EntityPage)
    assert again.pane.form.editors["name"].cell() == "周小舟"


def test_nobody_there_for_ten_minutes_locks_and_a_key_counts_anew(
    open_window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert locking.minutes() == 10
    assert open_window.watch._clock.remainingTime() > 9 * 60_000
    clock = open_window.watch._clock
    clock.setTimerType(Qt.TimerType.PreciseTimer)  # a coarse one may be a twentieth off
    clock.start(60_000)
    qtbot.wait(1300)
    assert clock.remainingTime() < 59_000
    qtbot.keyClick(open_window.windowHandle(), "a")
    assert clock.remainingTime() > 59_000
    open_window.watch.left.emit()
    qtbot.waitUntil(lambda: open_window.locker.is_locked)
    settings.keep("lock_minutes", 0)
    open_window.watch.begin()
    assert not open_window.watch._clock.isActive()


@pytest.mark.parametrize("sign", ["move", "dialog", "composing"])
def test_every_sign_of_a_person_counts(open_window: MainWindow, qtbot: QtBot, sign: str) -> None:
    """The mouse, a key in a dialog, and an input method that composes, of which no key is seen."""
    clock = open_window.watch._clock
    dialog = QDialog(open_window)
    line = QLineEdit(dialog)
    if sign != "move":
        dialog.show()
        qtbot.waitUntil(lambda: QGuiApplication.focusWindow() is dialog.windowHandle())
        line.setFocus()
    qtbot.wait(20)
    clock.setTimerType(Qt.TimerType.PreciseTimer)  # a coarse one may be a twentieth off
    clock.start(60_000)
    qtbot.wait(1300)
    assert clock.remainingTime() < 59_000
    if sign == "move":
        qtbot.mouseMove(open_window.windowHandle(), QPoint(30, 40))
    elif sign == "dialog":
        qtbot.keyClick(dialog.windowHandle(), "a")
    else:
        QApplication.sendEvent(line, QInputMethodEvent("zhong", []))
        QGuiApplication.inputMethod().update(Qt.InputMethodQuery.ImCursorRectangle)
    qtbot.wait(20)
    assert clock.remainingTime() > 9 * 60_000


def test_without_a_password_one_is_offered_once(qapp: QApplication, qtbot: QtBot, tmp_path: Path,
                                                monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setenv("BOAI_DATA", str(tmp_path))
    store, _ = Store.create(tmp_path / "台账.boai-db")
    fill(store)
    window = build(None, store=store, theme=Theme(), today=TODAY)
    said: list[str] = []
    window.desk.said.connect(lambda words, undo: said.append(words))
    settle_window(qtbot, window)
    for _ in range(2):
        window.watch.left.emit()
        settle_window(qtbot, window)
    assert not window.locker.is_locked
    assert sum("没有设密码" in words for words in said) == 1
    window.close()
    window.deleteLater()


def test_a_second_start_brings_the_first_window_forward(open_window: MainWindow, ledger: Path, qtbot: QtBot) -> None:
    assert not one_window.call(ledger.with_name("没有.boai-db"))
    answering = one_window.Answering(ledger, open_window)
    with qtbot.waitSignal(answering.called):
        assert one_window.call(ledger)
    assert app._held(Theme(), ledger) is None  # the other start ends here
    open_window.showMinimized()
    open_window.come_forward()
    assert not open_window.isMinimized()


def test_where_nobody_answers_it_is_read_only_and_said(
    ledger: Path, qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another account or another PC holds it: everything can be looked at, nothing is called saved."""
    holder = Store.open(ledger, PASSWORD)

    def exec_(dialog: opening.Unlock) -> int:
        dialog.secret.setText(PASSWORD)
        dialog.open()
        return 0

    monkeypatch.setattr(opening.Unlock, "exec", exec_)
    store = app._held(Theme(), ledger)
    assert store is not None
    assert store.read_only
    assert any("只读" in words for words in app.notices(store))
    window = build(None, store=store, theme=Theme(), today=TODAY)
    settle_window(qtbot, window)
    assert window.saved.text() == "只读"
    refused: list[Exception] = []
    window.jobs.write("改名", lambda s: s.save(VOLUNTEER, {"id": 1, "name": "甲"}), None, refused.append)
    settle_window(qtbot, window)
    assert "只能查看" in str(refused[0])
    assert window.saved.text() == "只读"
    window.close()
    window.deleteLater()
    holder.close()


def test_what_ends_behind_the_lock_is_said_after_it(open_window: MainWindow, qtbot: QtBot) -> None:
    """Long work goes on while nobody is there: what it says at its end may name people, and whoever passes by could read it."""
    page = _lock(open_window, qtbot)
    open_window.desk.say("已保存：张雪梅")
    dialog = QDialog(open_window)
    dialog.setWindowTitle("张雪梅的核对结果")
    dialog.open()
    settle_window(qtbot, open_window)
    assert "张雪梅" not in "".join(_words(w) for w in QApplication.topLevelWidgets() if w.isVisible())
    page.secret.setText(PASSWORD)
    page.go.click()
    settle_window(qtbot, open_window)
    assert dialog.isVisible()
    assert open_window.toast.isVisible()
    assert "张雪梅" in open_window.toast.words.text()
    dialog.close()


def test_closing_a_locked_window_names_nobody_and_loses_nothing(
    open_window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    pane = open_window.show_page("volunteer")
    settle_window(qtbot, open_window)
    assert isinstance(pane, EntityPage)
    pane.pane.add()
    settle_window(qtbot, open_window)
    pane.pane.form.editors["name"].put_back("周小舟")
    page = _lock(open_window, qtbot)
    asked: list[list[str]] = []
    monkeypatch.setattr(open_window, "_may_lose", lambda labels: bool(asked.append(labels)))
    assert not open_window.close()
    assert asked == []
    assert open_window.isVisible()
    assert "先解锁" in page.error.text()
    monkeypatch.setattr(open_window, "_may_lose", lambda labels: True)
    page.secret.setText(PASSWORD)
    page.go.click()
    settle_window(qtbot, open_window)
