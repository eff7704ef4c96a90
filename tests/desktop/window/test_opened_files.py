"""A double click on one of our files: what the command line makes of it, and what the window does with it."""

import datetime as dt
import re
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import resources
from db.errors import UserError
from db.storage.store import Store
from desktop import __main__ as program
from desktop.cli import opening as command
from desktop.shell.theme import Theme
from desktop.window import app, one_window, opening
from desktop.window.app import build
from tests.desktop.conftest import fill, settle_window

PASSWORD = "清明上河图2026"


@pytest.mark.parametrize("name", ["台账.boai-db", "张三 的/任务.BOAI", "备份.boai-backup"])
def test_a_file_dropped_on_the_icon_is_opened(name: str) -> None:
    assert command.given([name]) == ("open", name)
    assert command.given(["open", name]) == ["open", name]
    assert command.given(["check"]) == ["check"]


@pytest.mark.parametrize(("name", "ledger"), [("a.boai-db", True), ("a.boai", False), ("a.txt", False)])
def test_the_command_says_which_ledger(
    name: str, ledger: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Path | None, Path]] = []
    monkeypatch.setattr(command, "open_window", lambda path, taking: asked.append((path, taking)) or 0)
    monkeypatch.chdir(tmp_path)
    assert program.main(["open", name]) == 0
    assert asked == [(tmp_path / name if ledger else None, tmp_path / name)]


@pytest.mark.parametrize(("name", "there", "words"), [
    ("没有.boai", False, "没有找到"), ("没有.boai-db", False, "没有找到"), ("a.boai-backup", True, "从备份恢复"),
    ("a.txt", True, "不是博爱台账的文件"),
])  # fmt: skip
def test_what_is_not_opened_is_said(
    name: str, there: bool, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(opening, "complain", lambda parent, error: said.append(str(error)))
    if there:
        (tmp_path / name).write_bytes(b"x")
    with pytest.raises(UserError, match=words):
        opening.check_given(tmp_path / name)
    assert words in said[0]


def test_a_file_comes_to_the_window_that_is_open(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Handed over by the second start; while the window is locked it waits, and nothing is shown."""
    monkeypatch.setenv("BOAI_DATA", str(tmp_path))
    ledger, broken = tmp_path / "台账.boai-db", tmp_path / "张三的 任务.boai"
    broken.write_bytes(b"PK")
    store, _ = Store.create(ledger, PASSWORD)
    fill(store)
    window = build(None, store=store, theme=Theme(), today=dt.date(2026, 9, 21))
    window._may_lose = lambda labels: True  # type: ignore[method-assign]
    complained: list[Exception] = []
    window.complain = complained.append  # type: ignore[method-assign]
    window.desk.failed.disconnect()
    window.desk.failed.connect(complained.append)
    settle_window(qtbot, window)
    answering = one_window.Answering(ledger, window)
    answering.handed.connect(window.take_file)
    with qtbot.waitSignal(answering.handed) as handed:
        assert app._held(Theme(), ledger, broken) is None
    assert handed.args == [broken]
    qtbot.waitUntil(lambda: bool(complained))
    assert "张三的 任务.boai" in str(complained[0])

    window.lock()
    qtbot.waitUntil(lambda: window.locker.is_locked)
    QApplication.sendPostedEvents(None, int(QEvent.Type.DeferredDelete))
    with qtbot.waitSignal(answering.handed):
        assert one_window.call(ledger, broken)
    qtbot.wait(50)
    assert len(complained) == 1
    page = window.locker.page
    assert page is not None
    page.tried.emit(PASSWORD, False)
    qtbot.waitUntil(lambda: not window.locker.is_locked)
    qtbot.waitUntil(lambda: len(complained) == 2)
    window.close()
    window.deleteLater()


def test_the_installer_registers_what_the_command_opens() -> None:
    script = resources.path("installer/boai.nsi").read_text(encoding="utf-8")
    registered = set(re.findall(r'!insertmacro OPENED_BY_US "([^"]+)"', script))
    assert registered == {".boai", ".boai-db"}
    assert set(re.findall(r'!insertmacro NO_MORE_OPENED_BY_US "([^"]+)"', script)) == registered
    assert """boai.exe" open "%1"'""" in script
