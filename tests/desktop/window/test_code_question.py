"""The recovery code is asked for until somebody has typed four of its characters back."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from db.storage.store import Store
from desktop.services import access
from desktop.shell.theme import Theme
from desktop.window import code_question


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
