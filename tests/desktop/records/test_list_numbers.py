"""Whole numbers of people in a list: for a purpose, logged, for a minute on the clipboard, covered in forms and cells."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from db.records.entities import VOLUNTEER
from desktop.records.record_list import EntityPane
from desktop.records.record_page import EntityPage
from desktop.shell.clipboard import secret_clipboard
from desktop.tables.line_editors import LineEditor
from desktop.tables.whole_numbers import PurposeDialog
from desktop.window.window import MainWindow
from tests.desktop.conftest import Settle
from tests.desktop.journeys.test_tasks_teams import rows


@pytest.fixture
def pane(window: MainWindow, settle: Settle) -> EntityPane:
    page = window.show_page("volunteer")
    settle()
    assert isinstance(page, EntityPage)
    page.pane.select(frozenset({1}))
    settle()
    return page.pane


def logged(window: MainWindow, settle: Settle) -> list[tuple[str, str]]:
    """Return title and detail of what was noted, in order."""
    found: list[tuple[str, str]] = []
    window.jobs.read(
        lambda store: [
            (str(r["title"]), str(r["detail"]))
            for r in store.query("SELECT title, detail FROM operation WHERE kind = 'event' ORDER BY id")
        ],
        found.extend,
    )
    settle()
    return found


def answer(settle: Settle, purpose: str) -> None:
    """Choose a purpose where it is asked for."""
    dialog = next(w for w in QApplication.topLevelWidgets() if isinstance(w, PurposeDialog) and w.isVisible())
    assert not dialog.go.isEnabled()
    next(b for b in dialog.choices.buttons() if b.text() == purpose).setChecked(True)
    dialog.accept()
    settle()


def asked() -> bool:
    return any(isinstance(w, PurposeDialog) and w.isVisible() for w in QApplication.topLevelWidgets())


def line(pane: EntityPane, name: str) -> LineEditor:
    made = pane.form.editors[name]
    assert isinstance(made, LineEditor)
    return made


def test_numbers_are_shown_for_a_purpose_that_is_logged_and_asked_once(
    window: MainWindow, settle: Settle, pane: EntityPane
) -> None:
    whole = str(rows(window, settle, VOLUNTEER)[0]["id_number"])
    eye = pane.toolbar.mask_button
    eye.click()
    settle()
    assert asked()
    assert pane.masked
    assert not eye.isChecked()
    answer(settle, "办保险")
    assert not pane.masked
    assert eye.isChecked()
    assert any(whole in texts for texts in pane.model.sheet.texts)
    count = pane.model.rowCount()
    assert logged(window, settle)[-1] == ("查看完整号码", f"志愿者名单；{count} 条；用途：办保险")
    eye.click()
    settle()
    assert pane.masked
    eye.click()
    settle()
    assert not asked()
    assert not pane.masked
    assert [title for title, _ in logged(window, settle)].count("查看完整号码") == 2
    window.desk.work_as("另一个人")
    pane.toolbar.mask_button.click()
    settle()
    pane.toolbar.mask_button.click()
    settle()
    assert asked()  # another person has another purpose
    answer(settle, "核对证件")


def test_giving_up_shows_nothing_and_logs_nothing(window: MainWindow, settle: Settle, pane: EntityPane) -> None:
    before = logged(window, settle)
    pane.toolbar.mask_button.click()
    settle()
    next(w for w in QApplication.topLevelWidgets() if isinstance(w, PurposeDialog) and w.isVisible()).reject()
    settle()
    assert pane.masked
    assert not pane.toolbar.mask_button.isChecked()
    assert logged(window, settle) == before


def test_what_is_copied_whole_is_logged_and_leaves_the_clipboard(
    window: MainWindow, settle: Settle, pane: EntityPane
) -> None:
    whole = str(rows(window, settle, VOLUNTEER)[0]["id_number"])
    pane.view.selectAll()
    pane.blocks.copy()
    settle()
    assert whole not in QGuiApplication.clipboard().text()
    assert "***" in QGuiApplication.clipboard().text()
    pane.toolbar.mask_button.click()
    settle()
    answer(settle, "报上级")
    pane.view.selectAll()
    pane.blocks.copy()
    settle()
    assert whole in QGuiApplication.clipboard().text()
    people = rows(window, settle, VOLUNTEER)
    held = sum(bool(p[name]) for p in people for name in ("id_number", "phone"))
    assert logged(window, settle)[-1] == ("复制完整号码", f"志愿者名单；{held} 条；用途：报上级")
    secret_clipboard()._clock.timeout.emit()  # a minute later
    assert QGuiApplication.clipboard().text() == ""


def test_the_clipboard_is_left_alone_once_it_holds_something_else(window: MainWindow) -> None:
    secret_clipboard().put("12345")
    QGuiApplication.clipboard().setText("别的")
    secret_clipboard().wipe()
    assert QGuiApplication.clipboard().text() == "别的"


def test_a_form_covers_numbers_until_they_are_asked_for(window: MainWindow, settle: Settle, pane: EntityPane) -> None:
    person = rows(window, settle, VOLUNTEER)[0]
    pane.edit_chosen()
    settle()
    number, phone = line(pane, "id_number"), line(pane, "phone")
    assert "*" in number.text()
    assert "*" in phone.text()
    assert "*" in line(pane, "birth_date").text()
    assert not pane.form.recognised.isVisible()
    assert not pane.form.dirty()
    phone.whole_wanted.emit()
    settle()
    assert not asked()
    assert phone.text() == person["phone"]
    assert number.is_covered
    assert logged(window, settle)[-1] == ("查看完整号码", "志愿者；1 条；用途：打电话")
    number.whole_wanted.emit()
    settle()
    answer(settle, "核对证件")
    assert number.text() == person["id_number"]
    assert pane.form.recognised.isVisible()
    assert logged(window, settle)[-1] == ("查看完整号码", "志愿者；1 条；用途：核对证件")


def test_what_is_typed_into_stars_takes_their_place(window: MainWindow, settle: Settle, pane: EntityPane) -> None:
    before = rows(window, settle, VOLUNTEER)[0]
    pane.edit_chosen()
    settle()
    phone = line(pane, "phone")
    phone.setFocus()
    phone.setCursorPosition(4)
    QTest.keyClicks(phone, "13900000025")
    assert phone.text() == "13900000025"
    assert pane.form.dirty()
    pane.form.save(False)
    settle()
    now = rows(window, settle, VOLUNTEER)[0]
    assert now["phone"] == "13900000025"
    assert now["id_number"] == before["id_number"]


def test_one_key_empties_a_covered_number_and_saving_without_touching_keeps_it(
    window: MainWindow, settle: Settle, pane: EntityPane
) -> None:
    before = rows(window, settle, VOLUNTEER)[0]
    pane.edit_chosen()
    settle()
    pane.form.editors["note"].set_value("只改备注")
    pane.form.save(False)
    settle()
    now = rows(window, settle, VOLUNTEER)[0]
    assert now["note"] == "只改备注"
    assert (now["phone"], now["id_number"]) == (before["phone"], before["id_number"])
    pane.edit_chosen()
    settle()
    phone = line(pane, "phone")
    phone.setFocus()
    QTest.keyClick(phone, Qt.Key.Key_End)
    QTest.keyClick(phone, Qt.Key.Key_Backspace)
    assert phone.text() == ""
    assert phone.cell() == ""


def test_a_cell_covers_its_number_too(window: MainWindow, settle: Settle, pane: EntityPane) -> None:
    person = rows(window, settle, VOLUNTEER)[0]
    editing = pane.view.editing
    editing.open(pane.view.index_of(1, "phone"))
    assert isinstance(editing.widget, LineEditor)
    assert "*" in editing.widget.text()
    assert editing.text() == ""  # nothing was changed
    editing.widget.whole_wanted.emit()
    settle()
    assert editing.widget is not None
    assert editing.widget.text() == person["phone"]
    assert logged(window, settle)[-1] == ("查看完整号码", "志愿者；1 条；用途：打电话")
    editing.cancel()
    editing.open(pane.view.index_of(1, "phone"), "1")
    assert isinstance(editing.widget, LineEditor)
    assert editing.widget.text() == "1"
    editing.cancel()
