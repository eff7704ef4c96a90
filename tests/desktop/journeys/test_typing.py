"""What people type and paste as they do in Excel: half days, sums, filling down, a list without a day."""

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from db.records.entities import INSURANCE_POLICY
from desktop.pages.insurance.renewing import RenewDialog
from desktop.records.block_dialogs import PreviewDialog
from desktop.records.pasted_rows import DayDialog
from desktop.records.record_list import EntityPane
from desktop.records.record_page import EntityPage
from desktop.services.typed import with_year, worked_out
from desktop.window.window import MainWindow
from tests.desktop.conftest import Settle, id_number

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("11.20", "2026-11-20"), ("11/20", "2026-11-20"), ("３月5日", "2026-03-05"), ("1-2", "2026-01-02"), ("2.30", "2.30"),
     ("2025.3", "2025.3"), ("2026-03-05", "2026-03-05"), ("", "")],
)  # fmt: skip
def test_a_day_without_its_year_is_this_years(typed: str, meant: str) -> None:
    """A day that the calendar has not, and a month of a year, stay what they are: refused where they are read."""
    assert with_year(typed, 2026) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("=1+2", "3"), ("=12.5*4", "50"), ("＝（3+4）×2", "14"), ("=100/3", "33.33"), ("=1,200+50", "1250"), ("=-5+8", "3"),
     ("=1/0", "=1/0"), ("=A1+2", "=A1+2"), ("=9**9**9", "=9**9**9"), ("=__import__('os')", "=__import__('os')"),
     ("320.5", "320.5")],
)  # fmt: skip
def test_a_sum_is_worked_out(typed: str, meant: str) -> None:
    """Only plus, minus, times and divided by, of numbers; anything else is left to be refused."""
    assert worked_out(typed) == meant


def _pane(window: MainWindow, settle: Settle, key: str) -> EntityPane:
    page = window.show_page(key)
    assert isinstance(page, EntityPage)
    settle()
    pane = page.plain_list()
    settle()
    pane.view.setFocus()
    return pane


def _go(pane: EntityPane, place: int, name: str) -> None:
    column = next(i for i, f in enumerate(pane.model.fields) if f.name == name)
    pane.view.selectionModel().setCurrentIndex(
        pane.model.index(place, column), QItemSelectionModel.SelectionFlag.ClearAndSelect
    )


def _values(pane: EntityPane, name: str) -> list[object]:
    return [pane.model.row(i)[name] for i in range(pane.model.rowCount())]


def test_half_day_and_fill_down_in_a_list(window: MainWindow, settle: Settle) -> None:
    """11.20 is shown and kept with its year; Ctrl+D and the handle fill the rows below, and one undo takes it back."""
    pane = _pane(window, settle, "volunteer")
    _go(pane, 0, "registered_on")
    QTest.keyClicks(pane.view, "7.20")
    line = pane.view.editing.line()
    assert line is not None
    QTest.keyClick(line, Qt.Key.Key_Return)
    settle()
    assert _values(pane, "registered_on")[0] == "2026-07-20"
    before = _values(pane, "registered_on")
    _go(pane, 1, "registered_on")
    QTest.keyClick(pane.view, Qt.Key.Key_D, CONTROL)  # one row: what stands above
    settle()
    assert _values(pane, "registered_on")[1] == "2026-07-20"
    window.undo()
    settle()
    assert _values(pane, "registered_on") == before
    _go(pane, 0, "registered_on")
    handle = pane.handle
    assert handle.isVisible()
    QTest.mousePress(handle, Qt.MouseButton.LeftButton)
    down = handle.mapFrom(pane.view.viewport(), pane.view.visualRect(pane.model.index(2, 1)).center())
    QTest.mouseMove(handle, QPoint(3, down.y()))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(3, down.y()))
    settle()
    assert isinstance(pane.dialog, PreviewDialog)
    pane.dialog.accept()
    settle()
    assert _values(pane, "registered_on")[:3] == ["2026-07-20"] * 3


def test_a_list_of_people_without_a_day_asks_for_one(window: MainWindow, settle: Settle) -> None:
    """姓名, 证件号码 and 电话 pasted into 志愿者: one day for all; the preview shows every row with stars."""
    pane = _pane(window, settle, "volunteer")
    pane.view.selectionModel().clear()
    people = "\n".join(f"新人{'甲乙丙'[i % 3]}\t{id_number(60 + i)}\t1380000{i:04d}" for i in range(3))
    QGuiApplication.clipboard().setText(f"姓名\t身份证号\t电话\n{people}")
    pane.paste()
    settle()
    asked = pane.dialog
    assert isinstance(asked, DayDialog)
    asked.editors["registered_on"].setText("3.1")  # type: ignore[union-attr]
    asked.save()
    settle()
    preview = pane.dialog
    assert isinstance(preview, PreviewDialog)
    assert "新增 3 人" in preview.head.text()
    headings = [c.heading for c in preview.lines.columns]
    assert headings[:5] == ["类别", "粘贴的行", "姓名", "证件号码", "手机号码"]
    assert preview.lines.rows[0][4].startswith("138****")
    assert id_number(60) not in str(preview.lines.rows)
    preview.accept()
    settle()
    assert _values(pane, "registered_on")[-3:] == ["2026-03-01"] * 3


def test_the_preview_counts_every_row(window: MainWindow, settle: Settle) -> None:
    """600 rows: the first 500 are listed, and 600 is said."""
    pane = _pane(window, settle, "volunteer")
    pane.view.selectionModel().clear()
    rows = "\n".join(f"新人\t{id_number(100 + i)}\t2026-01-01" for i in range(700))
    QGuiApplication.clipboard().setText(f"姓名\t证件号码\t登记日期\n{rows}")
    pane.paste()
    settle()
    preview = pane.dialog
    assert isinstance(preview, PreviewDialog)
    labels = [w.text() for w in preview.findChildren(type(preview.head))]
    assert "只列出前 500 行，共 700 行。" in labels
    preview.reject()


def test_who_was_never_insured_is_not_renewed(window: MainWindow, settle: Settle) -> None:
    """投保, and an empty number says what is missing."""
    dialog = RenewDialog(window.desk, [1, 2])
    dialog.open()
    settle()
    assert (dialog.head.text(), dialog.windowTitle()) == ("给这 2 人投保", "投保")
    dialog.save()
    assert INSURANCE_POLICY["policy_number"].label in dialog.error.text()
    assert dialog.error.isVisible()
    dialog.reject()
    QApplication.processEvents()


def test_the_keys_stay_where_the_person_was(window: MainWindow, settle: Settle) -> None:
    """D9: after Delete the list has the keys, on the row that stands where the deleted one stood."""
    pane = _pane(window, settle, "fund")
    _go(pane, 0, "summary")
    pane.toolbar.delete_button.setFocus()
    pane.toolbar.delete_button.click()
    settle()
    assert pane.view.hasFocus()
    assert pane.view.currentIndex().row() == 0
    assert "（计入2026年第三季度）" not in window.toast.words.text()  # of this quarter


def test_a_change_of_a_past_quarter_says_so(window: MainWindow, settle: Settle) -> None:
    """D24: by cell, by form and by deleting; the quarter that is running is not named."""
    from db.records.entities import FUND_ENTRY
    from desktop.records.past_quarters import touched_words

    today = window.desk.today
    old, new = {"entry_on": "2025-02-03"}, {"entry_on": today.isoformat()}
    assert touched_words(FUND_ENTRY, [new], today) == ""
    assert touched_words(FUND_ENTRY, [old, new], today) == "（计入2025年第一季度）"
    assert touched_words(FUND_ENTRY, [old, {"entry_on": "2025-05-03"}], today) == "（计入2025年第二季度等 2 个季度）"
    assert touched_words(INSURANCE_POLICY, [{"start_on": "2025-05-03"}], today) == ""
