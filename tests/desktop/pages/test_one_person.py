"""One person in the window: all of a volunteer, leaving, joining by name, moving to another team, deleting."""

import datetime as dt
from typing import Any

import pytest
from PySide6.QtWidgets import QLineEdit

from db.records.entities import MEMBERSHIP, TEAM, VOLUNTEER
from db.records.identity import GONE
from db.records.internal_entities import CONSENT
from db.tasks.leaving import leave
from desktop.pages.people.volunteers import VolunteersPage, VolunteersPane
from desktop.pages.teams.taking_out import TakeOutDialog
from desktop.pages.teams.teams import TeamsPage
from desktop.records.leaving import KeptDialog, LeaveDialog
from desktop.records.person import PersonDialog, open_person, person_paper
from desktop.records.personal import ConsentDialog, EraseDialog
from desktop.window.window import MainWindow
from tests.desktop.conftest import TODAY, Settle
from tests.desktop.journeys.test_tasks_teams import rows


@pytest.fixture
def people(window: MainWindow, settle: Settle) -> VolunteersPane:
    page = window.show_page("volunteer")
    assert isinstance(page, VolunteersPage)
    settle()
    assert isinstance(page.pane, VolunteersPane)
    return page.pane


def _choose(pane: Any, *places: int) -> None:
    pane.view.choose(frozenset(pane.model.id_at(p) for p in places))


def test_all_of_a_person_is_shown_masked(window: MainWindow, people: VolunteersPane, settle: Settle) -> None:
    person = people.model.id_at(0)
    dialog = open_person(window.desk, person)
    settle()
    assert isinstance(dialog, PersonDialog)
    assert dialog.tag.text() == "在册"
    shown = [line.texts for line in dialog.model.lines]
    assert [texts[0] for texts in shown if texts[0]][:3] == ["队伍", "任职", "保险"]
    assert any("水上救援队" in texts[1] for texts in shown)
    number = str(people.model.row(0)["id_number"])
    assert not any(number in part for texts in shown for part in texts)
    made: list[tuple[bytes, str]] = []
    window.jobs.read(lambda store: person_paper(store, person, TODAY), made.append)
    settle()
    assert made[0][0].startswith(b"%PDF")
    dialog.reject()


def test_leaving_is_one_act(window: MainWindow, people: VolunteersPane, settle: Settle) -> None:
    """The day and the reason; the list tags who left, the filter tells them apart, the team has one less."""
    _choose(people, 0)
    name = str(people.model.row(0)["name"])
    people.leave()
    settle()
    dialog = people.dialog
    assert isinstance(dialog, LeaveDialog)
    assert "还在 1 支队伍" in dialog.teams.text()
    dialog.reason.setCurrentIndex(dialog.reason.findData("moved"))
    dialog.save()
    settle()
    left = next(r for r in rows(window, settle, VOLUNTEER) if r["name"] == name and r["left_on"])
    assert (left["left_on"], left["note"]) == (TODAY.isoformat(), "退出原因：迁往外地")
    people.standing.setCurrentIndex(people.standing.findData("left"))
    settle()
    assert people.model.rowCount() == 1
    assert people.model.index(0, people._column("standing")).data() == "已退出"
    people.standing.setCurrentIndex(people.standing.findData("now"))
    assert people.model.rowCount() == 3
    window.undo()
    settle()
    assert all(r["left_on"] is None for r in rows(window, settle, VOLUNTEER))


def test_deleting_somebody_with_a_history_offers_to_leave(
    window: MainWindow, people: VolunteersPane, settle: Settle
) -> None:
    """Nothing is deleted; the records are a click away, and so is 办理退出."""
    _choose(people, 0)
    people.delete()
    settle()
    dialog = people.dialog
    assert isinstance(dialog, KeptDialog)
    assert len(rows(window, settle, VOLUNTEER)) == 4
    dialog.leave_button.click()
    settle()
    assert isinstance(dialog.dialog, LeaveDialog)
    dialog.dialog.give_up()
    _choose(people, 1)
    people.delete()
    settle()
    again = people.dialog
    assert isinstance(again, KeptDialog)
    again._go("membership", [2])
    settle()
    assert window.desk.key == "membership"


@pytest.fixture
def team(window: MainWindow, settle: Settle) -> TeamsPage:
    page = window.show_page("team")
    assert isinstance(page, TeamsPage)
    settle()
    return page


@pytest.mark.parametrize("typed", ["王建国", "wjg", "90000"])
def test_somebody_known_joins_by_name_pinyin_or_part_of_a_number(
    window: MainWindow, team: TeamsPage, settle: Settle, typed: str
) -> None:
    pane = team.one.members
    before = {(r["team_id"], r["volunteer_id"]) for r in rows(window, settle, MEMBERSHIP)}
    pane.add()
    settle()
    line = pane.entry.editors["id_number"]
    assert isinstance(line, QLineEdit)
    line.setText(typed)
    pane.finder.look()
    settle()
    words = pane.finder.model.stringList()
    assert words
    assert "*" in words[0]
    here = {person for at, person in before if at == pane.team}
    pane.finder.take(next(i for i, person in enumerate(pane.finder.people) if person not in here))
    settle()
    settle()
    after = {(r["team_id"], r["volunteer_id"]) for r in rows(window, settle, MEMBERSHIP)}
    assert len(after - before) == 1
    assert not pane.entry.isVisible()


def test_moving_asks_for_a_day_and_a_team(window: MainWindow, team: TeamsPage, settle: Settle) -> None:
    pane = team.one.members
    _choose(pane, 0)
    pane.take_out()
    settle()
    dialog = pane.dialog
    assert isinstance(dialog, TakeOutDialog)
    dialog.editors["left_on"].setText("2026-08-01")  # type: ignore[union-attr]
    dialog.to.setCurrentIndex(1)
    moved_to = dialog.to.currentData()
    dialog.save()
    settle()
    found = [r for r in rows(window, settle, MEMBERSHIP) if "2026-08-01" in (r["left_on"], r["joined_on"])]
    assert sorted((r["team_id"] == moved_to, r["joined_on"]) for r in found) == [
        (False, "2021-01-01"), (True, "2026-08-01"),
    ]  # fmt: skip
    assert len(rows(window, settle, TEAM)) == 2


def test_deleting_who_counted_before_says_so(window: MainWindow, team: TeamsPage, settle: Settle) -> None:
    pane = team.one.members
    _choose(pane, 0)
    pane.delete()
    settle()
    assert "2026年第二季度及以前" in window.toast.words.toolTip()
    assert window.toast.button.isVisible()


def test_consent_is_entered_and_who_left_is_erased(window: MainWindow, people: VolunteersPane, settle: Settle) -> None:
    """By the dialogs: each matter apart, a reason, and no name afterwards; the office's figures stay."""
    _choose(people, 0)
    person, name = people.model.id_at(0), str(people.model.row(0)["name"])
    people.record_consent()
    settle()
    asked = people.dialog
    assert isinstance(asked, ConsentDialog)
    assert name in asked.head.text()
    asked.boxes["insurer"].setChecked(True)
    asked.save()
    settle()
    assert sorted(str(r["matter"]) for r in rows(window, settle, CONSENT)) == ["insurer", "processing"]
    people.erase()
    settle()
    refused = people.dialog
    assert isinstance(refused, EraseDialog)
    assert "还没有退出" in refused.error.text()
    assert not refused.save_button.isEnabled()
    refused.give_up()
    window.jobs.write("退出", lambda store: leave(store, person, dt.date(2022, 6, 1), "left"))
    settle()
    assert not people.due.isHidden()
    assert people.due.text() == "保存期满 1"
    people.due.click()
    settle()
    _choose(people, 0)
    people.erase()
    settle()
    dialog = people.dialog
    assert isinstance(dialog, EraseDialog)
    dialog.reason.setText("保存期满")
    dialog.save()
    settle()
    assert [str(r["name"]) for r in rows(window, settle, VOLUNTEER) if r["id"] == person] == [GONE]
    assert people.due.isHidden()
