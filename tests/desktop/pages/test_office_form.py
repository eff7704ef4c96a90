"""本会情况 as a form: every item asked once, with the clauses that ask for it; a change is one operation, from a day or always."""

import datetime as dt
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from db.records.choices import OFFICE_ITEMS
from db.records.entities import OFFICE
from db.rules.checks import all_clauses, check_office
from db.storage.store import Store
from desktop.pages.system.office_form import OfficeForm, topics
from desktop.shell.desk import Desk
from desktop.window.window import MainWindow
from tests.desktop.conftest import Settle, settle_desk
from tests.offices.small import Desk as Small


def _rows(desk: Desk, qtbot: QtBot) -> list[Any]:
    found: list[Any] = []
    desk.jobs.read(lambda store: store.rows(OFFICE), found.extend)
    settle_desk(qtbot, desk)
    return found


@pytest.fixture
def form(desk: Desk, qtbot: QtBot) -> OfficeForm:
    made = OfficeForm(desk, lambda: None)
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    made.load()
    settle_desk(qtbot, desk)
    return made


def test_every_item_is_asked_once() -> None:
    assert sorted(i.item for t in topics() for i in t.items) == sorted(code for code, _ in OFFICE_ITEMS)


def test_an_item_names_the_clauses_that_ask_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """What each check asks of the office is watched; what binds one place alone is asked by its code of every clause."""
    asked: dict[str, set[str]] = {}
    now = ""

    class Watched(dict[str, str]):
        def get(self, key: str, default: Any = None) -> Any:
            asked.setdefault(key, set()).add(now)
            return super().get(key, default)

    with Store.memory() as store:
        Small(store)
        plain = store.office()
        monkeypatch.setattr(Store, "office", lambda self, as_of=None: Watched({n: plain[n] for n in ("name", "level")}))
        for clause in all_clauses(store):
            now = clause.id
            check_office(store, dt.date(2026, 9, 30), [clause])
    named = {i.item: set(i.clauses) for t in topics() for i in t.items if i.clauses}
    assert {k: v for k, v in asked.items() if k not in ("name", "level", "division_code")} == named


def test_a_change_is_one_operation_and_may_begin_on_a_day(desk: Desk, form: OfficeForm, qtbot: QtBot) -> None:
    assert not form.save_button.isEnabled()
    lines = form.lines
    assert lines["name"].editor.cell() == "安澜县红十字会"
    lines["has_venues"].editor.put_back("有")
    lines["resident_population"].editor.put_back("452,318")
    assert form.waiting() == ["has_venues", "resident_population"]
    assert not lines["has_venues"].when.isVisible(), "nothing was said before"
    form.save()
    settle_desk(qtbot, desk)
    assert {(r["item"], r["content"]) for r in _rows(desk, qtbot)} >= {
        ("has_venues", "有"),
        ("resident_population", "452318"),
    }
    assert form.waiting() == []
    lines["has_venues"].editor.put_back("无")
    assert lines["has_venues"].when.isVisible()
    lines["has_venues"].since.put_back("2026-7-1")
    form.save()
    settle_desk(qtbot, desk)
    said = [(r["content"], r["start_on"]) for r in _rows(desk, qtbot) if r["item"] == "has_venues"]
    assert said == [("有", None), ("无", "2026-07-01")]
    assert "自 2026-07-01 起；以前是：有" in lines["has_venues"].hint.text()
    lines["has_venues"].editor.put_back("有")  # a slip put right stays where it stood
    form.save()
    settle_desk(qtbot, desk)
    said = [(r["content"], r["start_on"]) for r in _rows(desk, qtbot) if r["item"] == "has_venues"]
    assert said == [("有", None), ("有", "2026-07-01")]


def test_what_cannot_be_kept_is_said_beside_it(desk: Desk, form: OfficeForm, qtbot: QtBot) -> None:
    before = _rows(desk, qtbot)
    form.lines["resident_population"].editor.put_back("四十万")
    form.save()
    assert form.lines["resident_population"].error.isVisible()
    form.lines["resident_population"].editor.put_back("")
    form.lines["name"].editor.put_back("")
    form.save()
    assert "必须填写" in form.lines["name"].error.text()
    settle_desk(qtbot, desk)
    assert _rows(desk, qtbot) == before
    form.load()
    settle_desk(qtbot, desk)
    assert form.waiting() == ["name"], "what was typed stays until it is saved or given up"
    form.give_up()
    assert form.lines["name"].editor.cell() == "安澜县红十字会"


def test_the_page_shows_the_form_and_behind_it_the_list(window: MainWindow, settle: Settle) -> None:
    window.open_records("office")
    settle()
    page: Any = window.pages["settings"]
    assert page.stack.currentWidget() is page.office
    assert page.tabs.tabText(1) == "本会情况"
    assert not page.tabs.isTabVisible(2)
    window.add_record("office", {"item": "has_own_media"})
    assert page.office.lines["has_own_media"].editor.hasFocus()
    page.office.lines["contact"].editor.put_back("许文澜")
    assert page.unsaved() == ["本会情况"]
    page.office.give_up()
    page._show_rows()
    assert page.pane.entity is OFFICE
    assert page.tabs.isTabVisible(2)
