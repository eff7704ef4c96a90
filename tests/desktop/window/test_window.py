"""The window as a person uses it: pages, forms, keys, undo, search, quarter, look."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QTableView
from pytestqt.qtbot import QtBot

from db.records.entities import ENTITIES, VOLUNTEER
from desktop.pages import BY_KEY, PAGE_OF
from desktop.records.export_dialog import ExportDialog
from desktop.records.leaving import KeptDialog
from desktop.records.record_page import EntityPage, EntityPane
from desktop.shell.theme import DARK, LIGHT
from desktop.tables.editors import RefEditor
from desktop.tables.line_editors import LineEditor
from desktop.window.window import MainWindow
from tests.desktop.conftest import Settle, id_number

CONTROL = Qt.KeyboardModifier.ControlModifier


def _pane(window: MainWindow, settle: Settle, key: str) -> EntityPane:
    page = window.show_page(key)
    settle()
    assert isinstance(page, EntityPage)
    pane = page.plain_list()
    settle()
    return pane


def _names(pane: EntityPane) -> list[str]:
    return [str(pane.model.index(i, 0).data()) for i in range(pane.model.rowCount())]


def _type(pane: EntityPane, **cells: str) -> None:
    for name, text in cells.items():
        widget = pane.form.editors[name]
        if isinstance(widget, RefEditor):
            widget.setEditText(text)
        elif isinstance(widget, QComboBox):
            widget.setCurrentText(text)
        elif isinstance(widget, QPlainTextEdit):
            widget.setPlainText(text)
        else:
            widget.setText(text)


def test_every_record_has_a_page() -> None:
    """No record can be declared and never be reached; what belongs to another record is kept beside it."""
    beside = {
        "attachment", "evidence", "confirmation", "self_assessment", "fund_voucher", "team_file", "letterhead",
        "report_text", "template_binding", "column_mapping", "distinct_pair", "quarter_step", "nickname", "received", "consent",
        "receipt", "superior_task",
    }  # fmt: skip
    assert set(PAGE_OF) | beside == {e.name for e in ENTITIES}


@pytest.mark.parametrize("key", list(BY_KEY))
def test_every_page_opens(window: MainWindow, settle: Settle, key: str) -> None:
    """Each page opens, loads and has a name on everything that takes the keys."""
    page = window.show_page(key)
    settle()
    while page.prepare():
        pass
    if isinstance(page, EntityPage):
        for pane in page.panes:
            page.select(pane.entity.name, frozenset())
            settle()
            pane.add()
            settle()
    kinds = (QAbstractButton, QLineEdit, QComboBox, QTableView)
    for widget in (w for kind in kinds for w in window.findChildren(kind)):
        if widget.isVisible() and widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
            named = widget.accessibleName() or getattr(widget, "text", lambda: "")()
            assert named or widget.parent().accessibleName(), widget
            if isinstance(widget, QAbstractButton):
                assert widget.height() >= 24, (widget.text(), widget.height())
    window.show_page("overview")
    settle()


def test_add_a_volunteer(window: MainWindow, settle: Settle) -> None:
    """Ctrl+N, the number fills sex and birth date, Ctrl+S saves, the list shows it, the toast takes it back."""
    pane = _pane(window, settle, "volunteer")
    QTest.keyClick(pane.view, Qt.Key.Key_N, CONTROL)
    assert pane.form.isVisible()
    assert pane.form.next_button.isVisible()
    _type(pane, id_number=id_number(31, "19701230"), name="李建华", registered_on="2026.9.1", phone="13912345678")
    assert pane.form.editors["birth_date"].cell() == "1970-12-30"
    assert pane.form.editors["sex"].cell() == "男"
    assert "55 岁" in pane.form.recognised.text()
    QTest.keyClick(pane.form, Qt.Key.Key_S, CONTROL)
    settle()
    assert _names(pane)[-1] == "李建华"
    assert not pane.form.isVisible()
    assert pane.chosen_ids() == [5]
    assert window.toast.isVisible()
    assert window.toast.words.text() == "已新增志愿者：李建华"
    window.toast.button.click()
    settle()
    assert "李建华" not in _names(pane)


def test_problems_stand_under_their_fields(window: MainWindow, settle: Settle) -> None:
    """A form with errors is not saved; every problem is shown and the first has the cursor."""
    pane = _pane(window, settle, "volunteer")
    pane.add()
    _type(pane, id_number="990123198804120021", name="李建华", phone="1390000", registered_on="")
    pane.form.save(False)
    assert pane.form.isVisible()
    assert "11 位" in pane.form._errors["phone"].text()
    assert "必须填写" in pane.form._errors["registered_on"].text()
    assert pane.form.editors["phone"].property("bad")
    settle()
    assert len(_names(pane)) == 4


def test_a_double_is_refused_in_the_form(window: MainWindow, settle: Settle) -> None:
    """What the ledger refuses is said in the form, and nothing typed is lost."""
    pane = _pane(window, settle, "volunteer")
    pane.add()
    _type(pane, id_number=id_number(20), name="李建华", registered_on="2026-09-01")
    pane.form.save(False)
    settle()
    assert pane.form.isVisible()
    assert "已有相同" in pane.form.problem.text()
    assert pane.form.editors["name"].cell() == "李建华"
    pane.form.close_form()


def test_save_and_next_keeps_the_team(window: MainWindow, settle: Settle) -> None:
    """保存并新增下一条 leaves an empty form with the same team."""
    pane = _pane(window, settle, "membership")
    pane.add()
    settle()
    _type(pane, team_id="无偿献血队", volunteer_id="张雪梅", joined_on="2026-01-01")
    pane.form.save(True)
    settle()
    assert len(_names(pane)) == 5
    assert pane.form.isVisible()
    assert pane.form.editors["team_id"].cell() == 2
    assert pane.form.editors["volunteer_id"].cell() is None


def test_change_a_row_and_escape(window: MainWindow, settle: Settle) -> None:
    """修改 opens the row; a change is seen in the list; Escape closes without saving and goes back to the row."""
    pane = _pane(window, settle, "team")
    pane.view.selectRow(0)
    pane.toolbar.edit_button.click()
    _type(pane, name="水上应急救援队")
    pane.form.save(False)
    settle()
    assert _names(pane) == ["水上应急救援队", "无偿献血队"]
    QTest.keyClick(pane.view, Qt.Key.Key_Return)
    assert pane.form.isVisible()
    _type(pane, name="不要保存")
    QTest.keyClick(pane.form.editors["name"], Qt.Key.Key_Escape)
    assert not pane.form.isVisible()
    assert pane.view.hasFocus()
    settle()
    assert _names(pane)[0] == "水上应急救援队"


def test_delete_is_taken_back_and_done_again(window: MainWindow, settle: Settle) -> None:
    """No question; Ctrl+Z brings the rows back, Ctrl+Y takes them away again."""
    pane = _pane(window, settle, "fund")
    pane.view.selectAll()
    QTest.keyClick(pane.view, Qt.Key.Key_Delete)
    settle()
    assert _names(pane) == []
    assert pane.stack.currentIndex() == 1
    assert "删除经费收支 2 条" in window.undo_button.toolTip()
    QTest.keyClick(window, Qt.Key.Key_Z, CONTROL)
    settle()
    assert len(_names(pane)) == 2
    assert "重做" in window.redo_button.toolTip()
    QTest.keyClick(window, Qt.Key.Key_Y, CONTROL)
    settle()
    assert _names(pane) == []


def test_a_refused_delete_is_explained(window: MainWindow, settle: Settle, qtbot: QtBot) -> None:
    """A person who is a member stays, and a sentence says why."""
    pane = _pane(window, settle, "volunteer")
    pane.view.selectRow(0)
    pane.delete()
    settle()
    box = QApplication.activeModalWidget()
    assert isinstance(box, KeptDialog)
    assert any("没有删除" in each.text() for each in box.findChildren(QLabel))
    box.close()
    assert len(_names(pane)) == 4


def test_find_in_the_list(window: MainWindow, settle: Settle, qtbot: QtBot) -> None:
    """Ctrl+F, then letters; the foot says how many of how many."""
    pane = _pane(window, settle, "volunteer")
    QTest.keyClick(pane.view, Qt.Key.Key_F, CONTROL)
    assert pane.toolbar.find_box.hasFocus()
    pane.toolbar.find_box.setText("wjg")
    qtbot.waitUntil(lambda: len(_names(pane)) == 2)
    assert pane.foot.count_label.text() == "找到 2 人（共 4 人）"
    pane.foot.all_button.click()
    assert len(_names(pane)) == 4


def test_search_everywhere(window: MainWindow, settle: Settle) -> None:
    """Ctrl+K finds a person by initials and opens the row."""
    QTest.keyClick(window, Qt.Key.Key_K, CONTROL)
    assert window.search.hasFocus()
    window.search.setText("zxm")
    window.search.look()
    settle()
    assert window.search.popup.isVisible()
    assert window.search.model.entries[0].title == "张雪梅"
    QTest.keyClick(window.search, Qt.Key.Key_Return)
    settle()
    assert window.desk.key == "volunteer"
    page = window.page("volunteer")
    assert isinstance(page, EntityPage)
    assert page.pane.chosen_ids() == [1]
    for typed, title in (("水上", "水上救援队"), ("2275", "曾乐"), ("PX01", "应急救护培训")):
        window.search.setText(typed)
        window.search.look()
        settle()
        assert window.search.model.entries[0].title == title
    window.search.clear()
    assert not window.search.popup.isVisible()


def test_sums_of_the_chosen_rows(window: MainWindow, settle: Settle) -> None:
    """As in Excel: choose rows, read the sum at the foot."""
    pane = _pane(window, settle, "fund")
    pane.view.selectAll()
    assert "6,234.50" in window.foot.chosen.text()
    assert pane.foot.sum_label.text() == "列出的收入合计 5,000.00　列出的支出合计 1,234.50"


def test_export_of_a_list(window: MainWindow, settle: Settle, tmp_path: Path) -> None:
    """The workbook is written, masked."""
    pane = _pane(window, settle, "volunteer")
    pane.export_to(tmp_path / "志愿者.xlsx", True, "")
    settle()
    assert (tmp_path / "志愿者.xlsx").stat().st_size > 1000
    assert "已保存" in window.toast.words.text()


def test_pages_are_made_ahead(window: MainWindow, qtbot: QtBot) -> None:
    """One after another while nothing is to be done; the page in view stays."""
    window.prepare()
    qtbot.waitUntil(lambda: set(window.pages) == set(window.entries), timeout=20_000)
    assert window.desk.key == "overview"
    assert window.stack.currentWidget() is window.pages["overview"]


def test_quarter_is_one_for_all(window: MainWindow, settle: Settle) -> None:
    """The quarter of today is chosen first; another one reloads the pages that follow it."""
    assert str(window.desk.quarter) == "2026Q3"
    assert window.desk.as_of == dt.date(2026, 9, 21)
    window.desk.set_quarter(window.desk.quarter.previous)
    settle()
    assert window.desk.as_of == dt.date(2026, 6, 30)
    assert "二季度末在队" in window.fact.whole


def test_zoom_and_theme(window: MainWindow, settle: Settle) -> None:
    """Everything grows with one factor; the colours change at once; the choice is kept."""
    pane = _pane(window, settle, "volunteer")
    high = pane.view.rowHeight(0)
    QTest.keyClick(window, Qt.Key.Key_Equal, CONTROL)
    QTest.keyClick(window, Qt.Key.Key_Equal, CONTROL)
    assert pane.view.rowHeight(0) == round(high * 1.25)
    assert window.foot.size_button.text() == "缩放 125%"
    window.foot.size_button.click()
    assert pane.view.rowHeight(0) == high
    assert set(LIGHT) == set(DARK)
    window.toggle_dark()
    assert window.palette().window().color().name().upper() == DARK["bg"]
    window.toggle_dark()
    window.resize(1100, 535)
    QApplication.processEvents()
    QApplication.processEvents()
    assert window.nav.width() == 116
    assert window.minimumSizeHint().width() <= 1100


def test_form_fits_a_low_window(window: MainWindow, settle: Settle) -> None:
    """The smallest screen we promise: the form's buttons are in view."""
    window.resize(1280, 620)
    pane = _pane(window, settle, "volunteer")
    pane.add()
    QApplication.processEvents()
    bottom = pane.form.save_button.mapTo(window, pane.form.save_button.rect().bottomLeft()).y()
    assert bottom < 620
    assert isinstance(pane.form.editors["name"], LineEditor)
    assert VOLUNTEER["name"].required


def test_what_was_typed_is_never_lost(window: MainWindow, settle: Settle, monkeypatch: pytest.MonkeyPatch) -> None:
    """Escape keeps a draft, which comes back with the same row and no other; closing the window asks first."""
    pane = _pane(window, settle, "membership")
    pane.add()
    settle()
    _type(pane, team_id="水上救援队", volunteer_id="张雪", joined_on="2026-0")
    pane.form.close_form()
    assert "没有保存" in window.toast.words.text()
    pane.view.selectRow(1)
    pane.edit()
    assert pane.form.editors["joined_on"].cell() == "2021-01-01"
    pane.form.close_form()
    asked: list[list[str]] = []
    monkeypatch.setattr(window, "_may_lose", lambda labels: bool(asked.append(labels)))
    assert not window.close()
    assert asked == [["队员"]]
    pane.add()
    assert pane.form.editors["joined_on"].cell() == "2026-0"
    assert pane.form.editors["volunteer_id"].cell() == "张雪"
    assert pane.form.editors["team_id"].cell() == 1
    _type(pane, volunteer_id="张雪梅", joined_on="2026-03-01")
    pane.form.save(False)
    settle()
    assert not pane.form.drafts
    pane.add()
    assert pane.form.editors["joined_on"].cell() == "2026-09-21"  # today, and nothing of what was typed
    assert pane.form.editors["volunteer_id"].cell() in ("", None)
    monkeypatch.setattr(window, "_may_lose", lambda labels: True)


def test_a_dialog_left_with_something_typed_is_as_it_was(
    window: MainWindow, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Escape in a dialog loses nothing: words and ticks are there again; without them it opens fresh."""
    pane = _pane(window, settle, "training")
    pane.view.selectRow(0)
    for touch in (False, True):
        pane.attendance()  # type: ignore[attr-defined]
        settle()
        dialog: Any = pane.dialog
        if touch:
            dialog.editors["place"].setFocus()
            QTest.keyClicks(dialog.editors["place"], "2F")
            dialog.lists.team_model.tick([0], True)
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        settle()
        assert not dialog.isVisible()
        assert window.desk.drafts.titles() == (["参训名单"] if touch else [])
    assert "没有保存" in window.toast.words.text()
    asked: list[list[str]] = []
    monkeypatch.setattr(window, "_may_lose", lambda labels: bool(asked.append(labels)))
    assert not window.close()
    assert asked == [["参训名单"]]
    pane.attendance()  # type: ignore[attr-defined]
    assert pane.dialog is dialog
    assert dialog.isVisible()
    assert dialog.editors["place"].cell() == "2F"
    assert dialog.lists.team_model.ticked() == [1]
    dialog.save()
    settle()
    assert window.desk.drafts.titles() == []
    assert pane.model.row(0)["place"] == "2F"
    monkeypatch.setattr(window, "_may_lose", lambda labels: True)


def test_who_presses_cancel_gives_up_what_was_typed(window: MainWindow, settle: Settle) -> None:
    """Also after Escape had kept it: the next dialog is a fresh one."""
    pane = _pane(window, settle, "training")
    pane.view.selectRow(0)
    for keep in (True, False):
        pane.attendance()  # type: ignore[attr-defined]
        settle()
        dialog: Any = pane.dialog
        if keep:
            QTest.keyClicks(dialog.editors["place"], "2F")
            QTest.keyClick(dialog, Qt.Key.Key_Escape)
        else:
            assert dialog.editors["place"].cell() == "2F"
            cancel = next(b for b in dialog.findChildren(QAbstractButton) if b.text() == "取消")
            QTest.mouseClick(cancel, Qt.MouseButton.LeftButton)
        settle()
        assert not dialog.isVisible()
    assert window.desk.drafts.titles() == []
    pane.attendance()  # type: ignore[attr-defined]
    settle()
    assert pane.dialog is not dialog
    assert pane.dialog.editors["place"].cell() == ""
    pane.dialog.reject()


def test_a_list_can_follow_the_quarter(window: MainWindow, settle: Settle) -> None:
    """只看本季度 shows the rows of the quarter at the top right."""
    pane = _pane(window, settle, "fund")
    pane.toolbar.quarter_button.click()
    assert pane.model.rowCount() == 2
    window.desk.set_quarter(window.desk.quarter.previous)
    settle()
    assert pane.model.rowCount() == 0
    assert pane.foot.count_label.text() == "找到 0 条（共 2 条）"
    pane.foot.all_button.click()
    assert pane.model.rowCount() == 2


def test_export_of_whole_numbers_needs_a_reason(window: MainWindow, qtbot: QtBot) -> None:
    """The button waits for the reason; masked is the default."""
    dialog = ExportDialog(window, VOLUNTEER, window.theme)
    qtbot.addWidget(dialog)
    go = next(b for b in dialog.findChildren(QAbstractButton) if b.text() == "导出")
    assert dialog.masked()
    assert go.isEnabled()
    dialog.whole.setChecked(True)
    assert not go.isEnabled()
    dialog.why.setText("办理保险")
    assert go.isEnabled()
    assert not dialog.masked()
    assert dialog.reason() == "办理保险"


def test_in_a_narrow_window_the_form_is_a_drawer(window: MainWindow, settle: Settle) -> None:
    """The list keeps its width, the form lies over its right part and saves as ever; wide again, it stands beside."""
    window.resize(1100, 620)
    QApplication.processEvents()
    settle()
    pane = _pane(window, settle, "volunteer")
    wide = pane.stack.width()
    pane.add()
    QApplication.processEvents()
    assert pane.form.isVisible()
    assert pane.stack.width() == wide
    assert pane.form.geometry().right() == pane.stack.geometry().right()
    assert pane.form.height() == pane.stack.height()
    window.resize(1366, 689)
    QApplication.processEvents()
    settle()
    assert pane.form.isVisible()
    assert pane.form.x() > pane.stack.geometry().right()
