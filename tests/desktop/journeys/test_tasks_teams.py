"""The tasks of a team's day, with real events and counted: one new member, a pasted roster, a training, a wrong delete."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from db.records.entities import ATTENDANCE, MEMBERSHIP, TRAINING, VOLUNTEER
from db.records.fields import Entity
from desktop.pages.teams.teams import TeamsPage
from desktop.pages.training.attendance import AttendanceDialog
from desktop.pages.training.training import TrainingPage
from desktop.records.block_dialogs import PreviewDialog
from desktop.window.window import MainWindow
from tests.desktop.conftest import Settle, id_number
from tests.desktop.hand import Hand

KEY = Qt.Key


def rows(window: MainWindow, settle: Settle, entity: Entity) -> list[Any]:
    """Return what the ledger holds."""
    found: list[Any] = []
    window.jobs.read(lambda store: store.rows(entity), found.extend)
    settle()
    return found


def _roster(count: int) -> str:
    """Return invented people as a block from a sheet."""
    surnames = "赵钱孙李周吴郑冯陈褚卫蒋沈"
    lines = ["姓名\t身份证号\t手机\t职务"]
    for i in range(count):
        name = surnames[i % 13] + ("小明" if i < 13 else "小芳")
        lines.append(f"{name}\t{id_number(200 + i, '19900101')}\t1990000{i:04d}\t队员")
    return "\n".join(lines)


def test_task_1_a_new_member(window: MainWindow, settle: Settle) -> None:
    """给水上救援队新增一名队员: 2 C + 3 F + 1 K."""
    hand = Hand(window, settle)
    hand.key(KEY.Key_2)
    page = window.pages["team"]
    assert isinstance(page, TeamsPage)
    place = next(i for i, line in enumerate(page.list.model.lines) if line.texts[0] == "水上救援队")
    hand.click_row(page.list.view, place)
    hand.click(page.one.members.toolbar.add_button)
    hand.field(id_number(90, "19900101"))
    assert "已识别" in page.one.members.entry.recognised.text()
    hand.field("钱小明")
    hand.field("19900001234")
    clicks, keys, fields = hand.took()
    assert clicks <= 2
    assert keys <= 1
    assert fields <= 3
    person = next(r for r in rows(window, settle, VOLUNTEER) if r["name"] == "钱小明")
    member = next(r for r in rows(window, settle, MEMBERSHIP) if r["volunteer_id"] == person["id"])
    assert (member["team_id"], member["joined_on"], person["phone"]) == (1, "2026-09-21", "19900001234")
    assert not page.one.members.entry.isVisible()
    window.undo()
    settle()
    assert len(rows(window, settle, VOLUNTEER)) == 4, "one operation made both"
    assert len(rows(window, settle, MEMBERSHIP)) == 4


def test_task_5_a_roster_is_pasted_into_a_team(window: MainWindow, settle: Settle) -> None:
    """从 Excel 粘贴 26 名队员到一支队伍: 2 C + 1 K, with a preview, as one operation."""
    hand = Hand(window, settle)
    QGuiApplication.clipboard().setText(_roster(26))
    hand.go("team")
    page = window.pages["team"]
    assert isinstance(page, TeamsPage)
    team = page.list.current()
    hand.key(KEY.Key_V)
    dialog = page.one.members.dialog
    assert isinstance(dialog, PreviewDialog)
    assert dialog.go.text() == "确认 26 人"
    hand.click(dialog.go)
    clicks, keys, fields = hand.took()
    assert clicks <= 2
    assert keys <= 1
    assert fields == 0
    assert sum(r["team_id"] == team for r in rows(window, settle, MEMBERSHIP)) == 28
    assert len(rows(window, settle, VOLUNTEER)) == 30
    window.undo()
    settle()
    assert len(rows(window, settle, VOLUNTEER)) == 4
    assert len(rows(window, settle, MEMBERSHIP)) == 4


def test_pasting_the_roster_again_adds_nobody(window: MainWindow, settle: Settle) -> None:
    """Who is a member already is said and left alone; a faulty number is named and kept out."""
    page = window.show_page("team")
    assert isinstance(page, TeamsPage)
    settle()
    lines = _roster(2).split("\n")
    lines[2] = lines[2].replace(id_number(201, "19900101"), "990123199001012990")
    QGuiApplication.clipboard().setText("\n".join(lines))
    page.one.members.paste()
    settle()
    dialog = page.one.members.dialog
    assert isinstance(dialog, PreviewDialog)
    assert dialog.go.text() == "确认 1 人"
    assert "1 行有错" in dialog.words.text()
    dialog.accept()
    settle()
    page.one.members.paste()
    settle()
    dialog = page.one.members.dialog
    assert isinstance(dialog, PreviewDialog)
    assert "1 人已经是本队队员" in dialog.words.text()
    assert not dialog.go.isEnabled()
    dialog.reject()


def test_task_7_a_training_with_twenty(window: MainWindow, settle: Settle) -> None:
    """登记一次培训，20 人到场: 5 C + 3 F; opened again, someone who came late is added."""
    page = window.show_page("team")
    assert isinstance(page, TeamsPage)
    settle()
    team = page.list.current()
    QGuiApplication.clipboard().setText(_roster(19))
    page.one.members.paste()
    settle()
    dialog = page.one.members.dialog
    assert isinstance(dialog, PreviewDialog)
    dialog.accept()
    settle()
    hand = Hand(window, settle)
    hand.go("training")
    page_of_trainings = window.pages["training"]
    assert isinstance(page_of_trainings, TrainingPage)
    hand.click(page_of_trainings.pane.toolbar.add_button)
    form = page_of_trainings.pane.dialog
    assert isinstance(form, AttendanceDialog)
    hand.field("心肺复苏复训", KEY.Key_Tab)
    hand.field("2026.9.20", KEY.Key_Tab)
    hand.field("4", KEY.Key_Tab)
    place = next(i for i, line in enumerate(form.lists.team_model.lines) if line.id == team)
    hand.click_row(form.lists.team_view, place)
    assert len(form.lists.model.ticked()) == 21
    hand.click_row(form.lists.view, 0)
    assert "到场 20 人" in form.lists.head.text()
    hand.click(form.save_button)
    clicks, keys, fields = hand.took()
    assert clicks <= 5
    assert keys == 0
    assert fields <= 3
    training = next(r for r in rows(window, settle, TRAINING) if r["name"] == "心肺复苏复训")
    assert (training["start_on"], training["class_minutes"], training["team_id"]) == ("2026-09-20", 240, team)
    came = [r for r in rows(window, settle, ATTENDANCE) if r["training_id"] == training["id"]]
    assert len(came) == 20
    again = AttendanceDialog(window.desk, training)
    again.open()
    settle()
    assert len(again.lists.model.ticked()) == 20
    absent = next(line for line in again.lists.model.every if not line.ticked)
    again.lists.model.tick([again.lists.model.place(absent.id)], True)
    again.save()
    settle()
    assert sum(r["training_id"] == training["id"] for r in rows(window, settle, ATTENDANCE)) == 21
    window.undo()
    window.undo()
    settle()
    assert all(r["name"] != "心肺复苏复训" for r in rows(window, settle, TRAINING))


def test_task_11_five_deleted_by_mistake(window: MainWindow, settle: Settle) -> None:
    """误删 5 人后恢复: 1 C or 1 K, without a question on the way."""
    page = window.show_page("team")
    assert isinstance(page, TeamsPage)
    settle()
    QGuiApplication.clipboard().setText(_roster(5))
    page.one.members.paste()
    settle()
    dialog = page.one.members.dialog
    assert isinstance(dialog, PreviewDialog)
    dialog.accept()
    settle()
    pane = window.show_page("membership").plain_list()  # type: ignore[attr-defined]
    settle()
    before = rows(window, settle, MEMBERSHIP)
    pane.view.choose(frozenset(int(r["id"]) for r in before[-5:]))
    hand = Hand.over(window, settle)
    pane.view.setFocus()
    QTest.keyClick(pane.view, KEY.Key_Delete)
    settle()
    assert len(rows(window, settle, MEMBERSHIP)) == len(before) - 5
    assert QApplication.activeModalWidget() is None
    hand = Hand.over(window, settle)
    hand.click(window.toast.button)
    assert hand.took() == (1, 0, 0)
    assert rows(window, settle, MEMBERSHIP) == before
    QTest.keyClick(pane.view, KEY.Key_Y, Qt.KeyboardModifier.ControlModifier)
    settle()
    hand = Hand.over(window, settle)
    hand.key(KEY.Key_Z)
    assert hand.took() == (0, 1, 0)
    assert rows(window, settle, MEMBERSHIP) == before
