"""Operators with a password of their own, in the window: switching asks for it, the lock page takes it, nobody else is bothered."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from db.records.internal_entities import STAFF
from db.storage import keys
from db.storage.store import Store
from db.tasks import operators
from desktop.pages.system.operator_passwords import OperatorPasswords
from desktop.services import settings
from desktop.shell.taking_over import TakingOver, take_over
from desktop.shell.theme import Theme
from desktop.window.app import build
from desktop.window.window import MainWindow
from tests.desktop.conftest import TODAY, fill, settle_window

OFFICE_WORD, CHEN = "白鹿原上 1987", "三棵枣树 1988"


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(keys, "_TIME", 1)
    monkeypatch.setattr(keys, "_MEMORY_KIB", 8 * 1024)
    monkeypatch.setenv("BOAI_DATA", str(tmp_path / "data"))
    path = tmp_path / "台账.boai-db"
    store, _ = Store.create(path, OFFICE_WORD)
    with store:
        fill(store)
        with store.operation("登记"):
            for name, role in (("陈立", "head"), ("周敏", "preparer")):
                store.save(STAFF, {"name": name, "role": role})
        operators.set_password(store, "陈立", CHEN)
    return path


def opened(ledger: Path, word: str, qtbot: QtBot) -> Iterator[MainWindow]:
    made = build(None, store=Store.open(ledger, word), theme=Theme(), today=TODAY)
    made._may_lose = lambda labels: True  # type: ignore[method-assign]
    made.show()
    settle_window(qtbot, made)
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def office_window(ledger: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[MainWindow]:
    settings.keep("operator", "陈立")  # whom the last session left, perhaps
    yield from opened(ledger, OFFICE_WORD, qtbot)


def dialog_of(window: MainWindow, kind: type[QDialog]) -> QDialog:
    return next(d for d in window.findChildren(kind) if d.isVisible())


def test_switching_asks_only_who_has_a_password(office_window: MainWindow, qtbot: QtBot) -> None:
    window = office_window
    assert window.desk.operator != "陈立"  # not on trust
    take_over(window.desk, "周敏")
    settle_window(qtbot, window)
    assert window.desk.operator == "周敏"
    take_over(window.desk, "陈立")
    settle_window(qtbot, window)
    dialog = dialog_of(window, TakingOver)
    assert isinstance(dialog, TakingOver)
    for typed, name in ((OFFICE_WORD, "周敏"), (CHEN, "陈立")):
        assert dialog.isVisible()
        dialog.secret.setText(typed)
        dialog.prove()
        settle_window(qtbot, window)
        assert window.desk.operator == name
        assert dialog.secret.text() == ""
    assert not dialog.isVisible()


def test_the_lock_page_makes_them_the_operator(office_window: MainWindow, qtbot: QtBot) -> None:
    window = office_window
    for typed, name in ((CHEN, "陈立"), (OFFICE_WORD, None)):  # the office's password does not go on as somebody else
        window.lock()
        qtbot.waitUntil(lambda: window.locker.is_locked)
        assert window.locker.page is not None
        window.locker.page.tried.emit(typed, False)
        settle_window(qtbot, window)
        assert not window.locker.is_locked
        assert (window.desk.operator == "陈立") == (name is not None)


def test_it_is_set_and_taken_away_in_the_settings(office_window: MainWindow, qtbot: QtBot) -> None:
    window = office_window
    window.show_page("settings")
    settle_window(qtbot, window)
    dialog = window.pages["settings"].general.own_passwords()  # type: ignore[attr-defined]
    assert isinstance(dialog, OperatorPasswords)
    settle_window(qtbot, window)
    dialog.who.setCurrentText("周敏")
    assert not dialog.drop.isEnabled()
    for first, second in (("短", "短"), ("一条大河 1989", "一条大江 1989"), ("一条大河 1989",) * 2):
        assert not dialog.people["周敏"]
        for line, text in zip(dialog.lines, (first, second), strict=True):
            line.setText(text)
        dialog.save()
        settle_window(qtbot, window)
    assert dialog.people == {"周敏": True, "陈立": True}
    dialog.who.setCurrentText("陈立")
    dialog.remove()
    settle_window(qtbot, window)
    assert dialog.people == {"周敏": True, "陈立": False}
    dialog.reject()


def test_who_opens_by_their_own_is_named_at_the_foot(ledger: Path, qapp: QApplication, qtbot: QtBot) -> None:
    for window in opened(ledger, CHEN, qtbot):
        assert window.foot.operator.text() == "操作人 陈立"
