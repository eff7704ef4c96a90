"""The desk without any window: what it knows, how it speaks, and that a page needs nothing else."""

import datetime as dt
from pathlib import Path
from typing import Any

import shiboken6
from PySide6.QtWidgets import QDialog, QVBoxLayout
from pytestqt.qtbot import QtBot

from db.quarters import Quarter
from db.records.entities import OFFICE, TRAINING, VOLUNTEER
from desktop.pages.money.funding import FundingPage
from desktop.pages.system.history import HistoryPage
from desktop.records.record_page import EntityPage
from desktop.services import settings
from desktop.shell.desk import CHOICE, Desk
from desktop.shell.widgets import button
from tests.desktop.conftest import TODAY, settle_desk


def test_the_day_that_facts_are_judged_on(desk: Desk) -> None:
    """Today while the quarter runs, its last day before and after; only a quarter on offer can be chosen."""
    told = list[Quarter]()
    desk.quarter_changed.connect(lambda: told.append(desk.quarter))
    assert (desk.quarter, desk.as_of) == (Quarter(2026, 3), TODAY)
    desk.set_quarter(Quarter(2026, 2))
    assert desk.as_of == dt.date(2026, 6, 30)
    desk.set_quarter(Quarter(2026, 4))
    assert desk.as_of == dt.date(2026, 12, 31)
    desk.set_quarter(Quarter(2026, 4))
    desk.set_quarter(Quarter(1999, 1))
    assert told == [Quarter(2026, 2), Quarter(2026, 4)]
    assert len(desk.quarters) == CHOICE
    assert desk.quarters[1] == Quarter.of(TODAY)


def test_what_is_said_is_heard(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    """Sentences, faults and wishes to go elsewhere all come as signals."""
    heard = list[Any]()
    for signal in (desk.said, desk.failed, desk.page_asked, desk.records_asked, desk.clause_asked, desk.remedy_asked):
        signal.connect(lambda *what: heard.append(what))
    error = ValueError("测试")
    desk.say("好了", undo=True)
    desk.complain(error)
    desk.show_page("findings")
    desk.open_records("team", frozenset({1}))
    desk.open_clause("x")
    desk.saved_file(tmp_path / "表.xlsx")
    assert heard == [
        ("好了", True), (error,), ("findings",), ("team", frozenset({1})), ("x",), ("已保存：表.xlsx", False),
    ]  # fmt: skip
    assert desk.folder == tmp_path
    desk.jobs.read(lambda store: 1 // 0)
    settle_desk(qtbot, desk)
    assert isinstance(heard[-1][0], ZeroDivisionError)


def test_the_office_and_the_person_are_followed(desk: Desk, qtbot: QtBot) -> None:
    told = list[str]()
    desk.office_changed.connect(lambda: told.append(desk.office["name"]))
    row = {"item": "name", "content": "安澜市红十字会"}
    desk.jobs.write("改名", lambda store: store.save(OFFICE, store.rows(OFFICE)[0] | row))
    desk.work_as(" 李四 ")
    settle_desk(qtbot, desk)
    assert told == ["安澜市红十字会"]
    assert desk.operator == settings.text("operator") == "李四"
    actors = list[str]()
    desk.jobs.read(lambda store: store.actor, actors.append)
    settle_desk(qtbot, desk)
    assert actors == ["李四"]


def test_the_look_is_kept(desk: Desk) -> None:
    changed = list[int]()
    desk.theme.changed.connect(lambda: changed.append(desk.theme.zoom))
    desk.zoom_to(125)
    desk.zoom_to(125)
    desk.set_dark(True)
    assert changed == [125, 125]
    assert settings.number("zoom", 100, 90, 150) == 125
    assert settings.is_on("dark", False)


def test_names_of_pages_are_learnt(desk: Desk) -> None:
    assert desk.page_name("team") == ""
    desk.know_pages({"team": "志愿队伍"}, {"team": "team"})
    assert desk.page_name("team") == "志愿队伍"
    assert desk.page_name("nothing") == desk.page_name(None) == ""


def test_a_dialog_needs_no_window_to_fit_into(desk: Desk, qtbot: QtBot) -> None:
    dialog = QDialog(desk.window)
    qtbot.addWidget(dialog)
    desk.fit(dialog, 500, 300)
    assert (dialog.width(), dialog.height()) == (desk.theme.px(500), desk.theme.px(300))


class TwoLists(EntityPage):
    """A page made of its records alone."""

    records = (VOLUNTEER, TRAINING)


def test_pages_stand_on_a_desk_alone(desk: Desk, qtbot: QtBot) -> None:
    """Each is built, loads, and follows a change; nothing of a window is asked for."""
    volunteers = TwoLists(desk)
    funding, history = FundingPage(desk), HistoryPage(desk)
    for page in (volunteers, funding, history):
        qtbot.addWidget(page)
        desk.jobs.data_changed.connect(page.touched)
        page.show()
        page.arrive()
    settle_desk(qtbot, desk)
    assert volunteers.pane.model.rowCount() == 4
    assert "2 笔" in funding.fact
    selected = list[str]()
    volunteers.status_changed.connect(selected.append)
    volunteers.pane.view.selectAll()
    assert selected[-1].startswith("已选 4 人")
    trainings = volunteers.panes[1]
    trainings.view.choose([1])
    trainings.delete()
    settle_desk(qtbot, desk)
    assert trainings.model.rowCount() == 0
    assert history.model.index(0, 0).data() == "删除培训：应急救护培训"


def test_a_dialog_that_is_gone_does_not_stop_a_change_of_the_letters(desk: Desk) -> None:
    """Qt destroys a dialog and its buttons before Python lets go of them: what is left of them is not dressed again."""
    gone = QDialog()
    kept = button(desk.theme, "打印", "print")
    inside = button(desk.theme, "保存", "tick")
    QVBoxLayout(gone).addWidget(inside)
    shiboken6.delete(gone)
    assert not shiboken6.isValid(inside)
    desk.theme.set(zoom=125)
    assert kept.iconSize().width() == desk.theme.px(18)
    desk.theme.set(zoom=100)
    kept.deleteLater()
