"""The program from start to end: open a file, show the window, close."""

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLabel
from pytestqt.qtbot import QtBot

from db.storage.store import Store
from desktop.services import settings
from desktop.window import app, code_question, rescue
from desktop.window.opening import create_office
from desktop.window.window import MainWindow


@pytest.fixture(autouse=True)
def _hook(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(app, "_kept", list(app._kept))


def _windows() -> list[MainWindow]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow) and w.isVisible()]


def test_start_and_close(qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is opened, the person's look is taken up, and the file is one file again after closing."""
    monkeypatch.setenv("BOAI_DATA", str(tmp_path))
    path = tmp_path / "ledger.boai-db"
    store, _ = create_office(path, "安澜县红十字会", "县级", None)
    store.close()
    settings.keep("zoom", 110)
    monkeypatch.setattr(code_question.CodeQuestion, "exec", lambda question: seen.append("恢复码"))
    seen: list[str] = []
    for left in _windows():  # of a test before; it would be taken for ours, and the program ends with its last window
        left.close()

    def close() -> None:
        window = next(iter(_windows()), None)
        if window is None or window.jobs.waiting:  # a busy machine takes its time
            QTimer.singleShot(100, close)
            return
        seen.append(f"{window.windowTitle()} {window.theme.zoom}")
        window.close()

    def give_up() -> None:
        """A start that does not end is a failure that says what stood there, not a run that never ends."""
        seen.extend(f"{type(w).__name__} “{w.windowTitle()}”" for w in QApplication.topLevelWidgets() if w.isVisible())
        QApplication.exit(9)

    QTimer.singleShot(100, close)
    guard = QTimer()
    guard.setSingleShot(True)
    guard.timeout.connect(give_up)
    guard.start(30_000)
    code = app.run(path)
    guard.stop()
    assert (code, seen[2:]) == (0, [])
    assert seen == ["恢复码", "安澜县红十字会 · 博爱台账 110"]
    assert not path.with_name(path.name + "-wal").exists()
    with Store.open(path) as again:
        assert again.office()["name"] == "安澜县红十字会"


def test_an_older_file_put_back_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOAI_DATA", str(tmp_path / "data"))
    path = tmp_path / "ledger.boai-db"
    create_office(path, "安澜县红十字会", "县级", None)[0].close()
    old = path.read_bytes()
    with Store.open(path) as store:
        store.note("后来的一步")
    path.write_bytes(old)
    with Store.open(path) as store:
        assert [words[:9] for words in app.notices(store)] == ["打开的台账比这台电"]
    with Store.open(path) as store:
        assert app.notices(store) == []


def test_a_file_that_is_not_ours(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page that says why, and the exit code of the command line."""
    monkeypatch.setenv("BOAI_DATA", str(tmp_path / "data"))
    path = tmp_path / "ledger.boai-db"
    path.write_bytes(b"SQLite format 3\0" + bytes(4080))
    said: list[str] = []

    def close() -> None:
        page = QApplication.activeModalWidget()
        if not isinstance(page, rescue.Rescue):  # a busy machine takes its time
            QTimer.singleShot(100, close)
            return
        said.extend(each.text() for each in page.findChildren(QLabel))
        page.reject()

    QTimer.singleShot(100, close)
    assert app.run(path) == 3
    assert any("没有改动它" in words for words in said)
    assert path.read_bytes()[:15] == b"SQLite format 3"


def test_standard_buttons_are_chinese(qapp: QApplication, qtbot: QtBot) -> None:
    """Qt's own words are translated."""
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    qtbot.addWidget(box)
    assert "取消" in box.buttons()[0].text()
