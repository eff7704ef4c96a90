"""The first minutes: which quarter is in front, the steps of an empty ledger, the first team, leaving the example."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db.quarters import Quarter
from db.records.entities import MEMBERSHIP, OFFICE, TEAM
from db.storage.store import Store
from db.tasks.quarter_steps import mark_step
from desktop.pages.overview.first_steps import FirstSteps
from desktop.pages.overview.overview import OverviewPage
from desktop.pages.teams.teams import TeamsPage
from desktop.services.example import DATA_FILE
from desktop.services.reminders import front_quarter
from desktop.shell.theme import Theme
from desktop.window import app
from desktop.window.window import MainWindow
from tests.desktop.conftest import TODAY, Settle, fill, settle_window


def _close(qtbot: QtBot, window: MainWindow) -> None:
    settle_window(qtbot, window)
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents()


@pytest.fixture
def empty(qapp: QApplication, qtbot: QtBot) -> Iterator[MainWindow]:
    """The window over an office that has its name and level alone."""
    store = Store.memory()
    with store.operation("建立"):
        for item, content in (("name", "安澜县红十字会"), ("level", "县级")):
            store.save(OFFICE, {"item": item, "content": content})
    window = MainWindow(store, Theme(), TODAY)
    window._may_lose = lambda labels: True  # type: ignore[method-assign]
    window.show()
    settle_window(qtbot, window)
    yield window
    _close(qtbot, window)


@pytest.mark.parametrize(
    ("day", "wanted"),
    [("2026-09-30", 3), ("2026-10-01", 3), ("2026-10-10", 3), ("2026-10-11", 4)],
)
def test_a_quarter_stays_in_front_until_its_report_is_due(day: str, wanted: int) -> None:
    with Store.memory() as store:
        fill(store)
        assert front_quarter(store, dt.date.fromisoformat(day)) == Quarter(2026, wanted)


def test_a_quarter_that_is_done_or_before_the_ledger_is_not_in_front() -> None:
    day = dt.date(2026, 10, 5)
    with Store.memory() as store:
        assert front_quarter(store, day) == Quarter(2026, 4)
        fill(store)
        with store.operation("报送"):
            mark_step(store, Quarter(2026, 3), "submit", person="周敏", on=day)
        assert front_quarter(store, day) == Quarter(2026, 4)


def test_the_quarter_asked_for_is_read_first(qapp: QApplication, qtbot: QtBot) -> None:
    """What is under the title is of the quarter in the title, without anything being turned to again."""
    store = Store.memory()
    fill(store)
    window = MainWindow(store, Theme(), TODAY, Quarter(2026, 2))
    window.show()
    settle_window(qtbot, window)
    page = window.pages["overview"]
    assert isinstance(page, OverviewPage)
    assert window.top.quarters.currentText() == "2026 年第二季度"
    assert "二季度末" in window.fact.whole
    assert page.stepper.words.text()
    assert page.hours.bars
    _close(qtbot, window)


def test_an_empty_ledger_leads_on(empty: MainWindow, qtbot: QtBot) -> None:
    """Team, then its members: the form opens with what is known, asks five fields, and leads to the members."""
    page = empty.pages["overview"]
    assert isinstance(page, OverviewPage)
    steps = page.first_card
    assert isinstance(steps, FirstSteps)
    assert steps.isVisible()
    assert not page.body.isVisible()  # no score of nothing, and no empty cards
    steps._go("team")
    settle_window(qtbot, empty)
    teams = empty.pages["team"]
    assert isinstance(teams, TeamsPage)
    form = teams.every.form
    assert form.isVisible()
    assert form.editors["managing_org"].cell() == "安澜县红十字会"
    assert form.editors["established_on"].cell() == TODAY.isoformat()
    seen = [name for name, made in form.editors.items() if made.isVisibleTo(form)]
    assert seen == ["name", "managing_org", "primary_domain", "established_on", "team_leader"]
    form.editors["name"].setText("水上救援队")  # type: ignore[union-attr]
    form.editors["primary_domain"].set_value("emergency_rescue")
    form.save(False)
    settle_window(qtbot, empty)
    assert teams.stack.currentIndex() == 0
    assert teams.one.card is not None
    assert teams.one.card["name"] == "水上救援队"
    assert teams.one.members.isVisible()
    empty.show_page("overview")
    settle_window(qtbot, empty)
    assert steps.taken[TEAM.name]
    assert not steps.taken[MEMBERSHIP.name]


def test_a_folded_field_opens_where_it_is_wrong(empty: MainWindow, qtbot: QtBot) -> None:
    teams = empty.show_page("team")
    assert isinstance(teams, TeamsPage)
    teams.add_team()
    settle_window(qtbot, empty)
    form = teams.every.form
    form.editors["name"].setText("水上救援队")  # type: ignore[union-attr]
    form.editors["primary_domain"].set_value("emergency_rescue")
    form.editors["uscc"].setText("123")  # type: ignore[union-attr]
    assert not form.editors["uscc"].isVisibleTo(form)
    form.save(False)
    assert form.editors["uscc"].isVisibleTo(form)


def test_the_navigation_leads_back_from_the_plain_list(window: MainWindow, settle: Settle) -> None:
    teams = window.show_page("team")
    assert isinstance(teams, TeamsPage)
    settle()
    teams.show_list()
    window.show_page("team")
    settle()
    assert teams.stack.currentIndex() == 0


def test_the_example_can_be_left(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The example says what it is; from there the person's own ledger opens, and the example's window is gone."""
    monkeypatch.setenv("BOAI_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(app, "_kept", list(app._kept))
    example, own = tmp_path / DATA_FILE, tmp_path / "own.boai-db"
    for place in (example, own):
        store, _ = Store.create(place)
        fill(store)
        store.close()
    window = MainWindow(Store.open(example), Theme(), TODAY)
    window.show()
    settle_window(qtbot, window)
    assert window.desk.is_example
    monkeypatch.setattr(app, "_opened", lambda theme, path: (Store.open(own), "overview"))
    app.leave_example(window)
    assert not window.isVisible()
    mine = app._kept[-1]
    assert isinstance(mine, MainWindow)
    assert mine.jobs.store_path == own
    assert not mine.desk.is_example
    _close(qtbot, mine)
