"""The recovery code is asked for until somebody has typed four of its characters back."""

import datetime as dt
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db.errors import UserError
from db.records.entities import VOLUNTEER
from db.storage.store import Store
from desktop.pages.system.settings import NewCodeDialog
from desktop.services import access
from desktop.shell.theme import Theme
from desktop.window import backups, code_question
from desktop.window.app import build
from tests.desktop.conftest import fill, settle_window


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("BOAI_DATA", str(tmp_path))
    made, _ = Store.create(tmp_path / "台账.boai-db")
    return made


def test_it_is_asked_until_it_is_right(qapp: QApplication, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[code_question.CodeQuestion] = []
    monkeypatch.setattr(code_question.CodeQuestion, "exec", lambda page: asked.append(page))
    code_question.ask(Theme(), store)
    code_question.ask(Theme(), store)
    assert len(asked) == 2
    page = asked[0]
    for box in page.boxes:
        box.setText("0")
    page.check()
    assert page.error.text()
    assert not access.code_is_confirmed(store)
    assert store.secret is not None
    code = store.secret.code().replace("-", "")
    for box, place in zip(page.boxes, page.question.places, strict=True):
        box.setText(code[place].lower())
    page.check()
    assert access.code_is_confirmed(store)
    code_question.ask(Theme(), store)
    assert len(asked) == 2
    store.close()


def test_the_places_are_named_as_on_the_paper(qapp: QApplication, store: Store) -> None:
    page = code_question.CodeQuestion(Theme(), store)
    assert len(page.boxes) == access.ASKED
    for box, place in zip(page.boxes, page.question.places, strict=True):
        assert box.accessibleName() == f"第 {place // 5 + 1} 组第 {place % 5 + 1} 个"
    store.close()


def test_another_code_opens_the_ledger_and_the_old_one_does_not(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The password is proved first; the window closes for it, and what stands there then opens by the new code alone."""
    monkeypatch.setenv("BOAI_DATA", str(tmp_path))
    path = tmp_path / "台账.boai-db"
    made, old = Store.create(path, "清明上河图2026")
    fill(made)
    window = build(None, store=made, theme=Theme(), today=dt.date(2026, 9, 21))
    window._may_lose = lambda labels: True  # type: ignore[method-assign]
    settle_window(qtbot, window)
    shown: list[str] = []
    monkeypatch.setattr(backups.RecoveryCode, "exec", lambda page: shown.append(page.code))
    monkeypatch.setattr(backups, "complain", lambda parent, error: shown.append(str(error)))
    dialog = NewCodeDialog(window.desk, True)
    dialog.password.setText("不是这个密码")
    dialog.save()
    settle_window(qtbot, window)
    assert dialog.error.text()
    assert not shown
    dialog.password.setText("清明上河图2026")
    with qtbot.waitSignal(window.keeper.reopening, timeout=20_000):
        dialog.save()
    assert "旧恢复码从此打不开" in shown[1]
    with pytest.raises(UserError):
        Store.open(path, recovery_code=old.code())
    with Store.open(path, recovery_code=shown[0]) as again:
        assert again.count(VOLUNTEER) == 4
    window.deleteLater()
