"""The habits of Excel, with keys and mouse in the real window: type, move, copy, paste, take back."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit

from db.records.entities import VOLUNTEER
from desktop.records.block_dialogs import BatchDialog, PreviewDialog
from desktop.records.record_page import EntityPage, EntityPane
from desktop.tables.editors import ChoicesEditor, TextEditor
from desktop.window.window import MainWindow
from tests.desktop.conftest import Settle, id_number

KEY = Qt.Key
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def _pane(window: MainWindow, settle: Settle, key: str) -> EntityPane:
    page = window.show_page(key)
    settle()
    assert isinstance(page, EntityPage)
    pane = page.plain_list()
    settle()
    pane.view.setFocus()
    return pane


def _column(pane: EntityPane, name: str) -> int:
    return next(i for i, f in enumerate(pane.model.fields) if f.name == name)


def _go(pane: EntityPane, place: int, name: str) -> None:
    pane.view.setCurrentIndex(pane.model.index(place, _column(pane, name)))


def _texts(pane: EntityPane, name: str) -> list[str]:
    column = _column(pane, name)
    return [str(pane.model.index(i, column).data()) for i in range(pane.model.rowCount())]


def _stored(pane: EntityPane, name: str) -> dict[object, object]:
    return {r["id"]: r[name] for r in pane.model.sheet.rows}


def _line(pane: EntityPane) -> QLineEdit:
    line = pane.view.editing.line()
    assert isinstance(line, QLineEdit)
    return line


def _clip(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


def _accept(pane: EntityPane, settle: Settle) -> None:
    """Press the preview's button; the window has the keys again."""
    _preview(pane).go.click()
    settle()
    pane.window().activateWindow()
    pane.view.setFocus()
    QApplication.processEvents()


def _preview(pane: EntityPane) -> PreviewDialog:
    assert isinstance(pane.dialog, PreviewDialog)
    assert pane.dialog.isVisible()
    return pane.dialog


# Typing in cells


def test_f2_enter_down_and_escape(window: MainWindow, settle: Settle) -> None:
    """F2 begins with what is there, Enter takes it and goes down, Shift+Enter up, Escape gives it up."""
    pane = _pane(window, settle, "volunteer")
    _go(pane, 0, "platform_id")
    QTest.keyClick(pane.view, KEY.Key_F2)
    assert _line(pane).hasFocus()
    QTest.keyClicks(_line(pane), "A1")
    QTest.keyClick(_line(pane), KEY.Key_Return)
    settle()
    assert _texts(pane, "platform_id")[0] == "A1"
    assert pane.view.currentIndex().row() == 1
    assert pane.view.hasFocus()
    assert window.toast.words.text() == "已修改志愿者：张雪梅"
    QTest.keyClicks(pane.view, "B2")  # typing needs no F2
    QTest.keyClick(_line(pane), KEY.Key_Return, SHIFT)
    settle()
    assert _texts(pane, "platform_id")[:2] == ["A1", "B2"]
    assert pane.view.currentIndex().row() == 0
    QTest.keyClicks(pane.view, "XX")
    QTest.keyClick(_line(pane), KEY.Key_Escape)
    assert not pane.view.editing.is_open
    QTest.keyClick(pane.view, KEY.Key_Z, CONTROL)
    settle()
    assert _texts(pane, "platform_id")[:2] == ["A1", ""]
    QTest.keyClick(pane.view, KEY.Key_Y, CONTROL)
    settle()
    assert _texts(pane, "platform_id")[:2] == ["A1", "B2"]


def test_typing_on_while_the_ledger_writes(window: MainWindow, settle: Settle) -> None:
    """A column filled without waiting: each value lands in its own row, and the list read anew closes no editor."""
    pane = _pane(window, settle, "volunteer")
    _go(pane, 0, "platform_id")
    for n in range(4):
        QTest.keyClicks(pane.view, f"N{n}")
        if n < 3:
            QTest.keyClick(_line(pane), KEY.Key_Return)
    settle()
    assert pane.view.editing.is_open
    assert _line(pane).text() == "N3"
    assert pane._held is not None  # rows do not move under what is being typed
    assert _texts(pane, "platform_id")[:3] == ["N0", "N1", "N2"]
    QTest.keyClick(_line(pane), KEY.Key_Tab)
    settle()
    assert _texts(pane, "platform_id") == ["N0", "N1", "N2", "N3"]
    shown = pane.view.visible_columns()
    assert shown.index(pane.view.currentIndex().column()) == shown.index(_column(pane, "platform_id")) + 1


def test_two_cells_of_one_row_without_waiting(window: MainWindow, settle: Settle) -> None:
    """The second change does not take back the first."""
    pane = _pane(window, settle, "volunteer")
    _go(pane, 0, "left_on")
    QTest.keyClicks(pane.view, "20260105")
    QTest.keyClick(_line(pane), KEY.Key_Tab)
    QTest.keyClicks(pane.view, "N7")
    QTest.keyClick(_line(pane), KEY.Key_Backtab)
    settle()
    assert (_stored(pane, "left_on")[1], _stored(pane, "platform_id")[1]) == ("2026-01-05", "N7")
    window.open_records("team")
    settle()
    window.show_page("volunteer")
    assert window.foot.chosen.text() == "已选 1 人"


def test_a_bad_value_stays_with_its_reason(window: MainWindow, settle: Settle) -> None:
    """Nothing is saved and nothing is lost; the reason stands at the cell."""
    pane = _pane(window, settle, "volunteer")
    _go(pane, 0, "registered_on")
    QTest.keyClicks(pane.view, "2026-13-01")
    QTest.keyClick(_line(pane), KEY.Key_Return)
    assert pane.view.editing.is_open
    assert "没有这一天" in pane.view.editing.error.text()
    assert pane.view.editing.error.isVisible()
    assert pane.unsaved()
    QTest.mouseClick(pane.view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(30, 90))
    QApplication.processEvents()
    assert pane.view.editing.is_open
    assert _line(pane).text() == "2026-13-01"
    _line(pane).setText("2026年9月1日")
    assert not pane.view.editing.error.isVisible()
    QTest.keyClick(_line(pane), KEY.Key_Return)
    settle()
    assert _texts(pane, "registered_on")[0] == "2026-09-01"
    assert not pane.unsaved()


def test_the_row_is_judged_whole(window: MainWindow, settle: Settle) -> None:
    """A day before the other end of its span is refused in the cell."""
    pane = _pane(window, settle, "volunteer")
    _go(pane, 0, "left_on")
    QTest.keyClicks(pane.view, "2019-01-01")
    QTest.keyClick(_line(pane), KEY.Key_Return)
    assert "早于" in pane.view.editing.error.text()
    QTest.keyClick(_line(pane), KEY.Key_Escape)
    QTest.keyClick(pane.view, KEY.Key_Semicolon, CONTROL)
    assert len(_line(pane).text()) == 10
    QTest.keyClick(_line(pane), KEY.Key_Escape)


def test_a_masked_number_is_whole_while_typed(window: MainWindow, settle: Settle) -> None:
    """The editor covers the number until it is asked for; sex and birth date follow a new one; a double comes back to its cell."""
    pane = _pane(window, settle, "volunteer")
    _go(pane, 0, "id_number")
    QTest.keyClick(pane.view, KEY.Key_F2)
    assert "*" in _line(pane).text()
    assert pane.view.editing.text() == ""  # nothing was changed
    _line(pane).setText(id_number(31, "19701231"))
    QTest.keyClick(_line(pane), KEY.Key_Return)
    settle()
    assert _stored(pane, "birth_date")[1] == "1970-12-31"
    assert _stored(pane, "sex")[1] == "male"
    assert "*" in _texts(pane, "id_number")[0]
    QTest.keyClick(pane.view, KEY.Key_F2)
    assert "*" in _line(pane).text()
    _line(pane).setText(id_number(22))
    QTest.keyClick(_line(pane), KEY.Key_Return)
    settle()
    assert pane.view.editing.is_open
    assert "已有相同" in pane.view.editing.error.text()
    assert _line(pane).text() == id_number(22)
    assert _stored(pane, "id_number")[2] == id_number(21)
    QTest.keyClick(_line(pane), KEY.Key_Escape)
    settle()


def test_choices_and_references_in_the_cell(window: MainWindow, settle: Settle) -> None:
    """A double click opens the list of choices; a reference is found by initials."""
    pane = _pane(window, settle, "membership")
    index = pane.model.index(0, _column(pane, "role"))
    place = pane.view.visualRect(index).center()
    QTest.mouseClick(pane.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(pane.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    widget = pane.view.editing.widget
    assert isinstance(widget, QComboBox)
    widget.hidePopup()
    widget.setCurrentText("骨干")
    QTest.keyClick(widget, KEY.Key_Return)
    settle()
    assert _texts(pane, "role")[0] == "骨干"
    window.activateWindow()
    pane.view.setFocus()
    QApplication.processEvents()
    _go(pane, 0, "team_id")
    QTest.keyClick(pane.view, KEY.Key_F2)
    _line(pane).setText("wxxx")
    QTest.keyClick(_line(pane), KEY.Key_Return)
    assert pane.view.editing.is_open
    _line(pane).setText("wcxxd")
    QTest.keyClick(_line(pane), KEY.Key_Return)
    settle()
    assert _stored(pane, "team_id")[1] == 2


def test_several_choices_and_long_texts(window: MainWindow, settle: Settle) -> None:
    """Ticked words are taken with Enter; Alt+Enter breaks the line in a note; a hidden column is asked for first."""
    pane = _pane(window, settle, "team")
    pane.columns.show("note", True)
    _go(pane, 0, "other_domains")
    QTest.keyClick(pane.view, KEY.Key_F2)
    widget = pane.view.editing.widget
    assert isinstance(widget, ChoicesEditor)
    widget.put_back("养老服务；应急救护")
    QTest.keyClick(widget, KEY.Key_Return)
    settle()
    assert _texts(pane, "other_domains")[0] == "应急救护；养老服务"
    _go(pane, 0, "note")
    QTest.keyClicks(pane.view, "a")
    note = pane.view.editing.widget
    assert isinstance(note, TextEditor)
    QTest.keyClick(note, KEY.Key_Return, Qt.KeyboardModifier.AltModifier)
    QTest.keyClicks(note, "b")
    QTest.keyClick(note, KEY.Key_Tab)
    settle()
    assert _stored(pane, "note")[1] == "a\nb"


def test_the_menu_of_a_cell(window: MainWindow, settle: Settle) -> None:
    """The same words as keys and buttons; 只看 narrows to the value under the mouse."""
    pane = _pane(window, settle, "volunteer")
    _go(pane, 1, "name")
    menu = pane.open_menu(pane.view.currentIndex(), pane.view.mapToGlobal(QPoint(40, 90)))
    words = {a.text().split("\t")[0]: a for a in menu.actions()}
    assert {"改这一格", "打开表单", "复制", "粘贴", "删除 1 人", "清除条件"} <= set(words)
    words["只看“王建国”"].trigger()
    menu.close()
    assert _texts(pane, "name") == ["王建国", "王建国"]


def test_an_input_method_loses_no_letter(window: MainWindow, settle: Settle) -> None:
    """Composing starts in the grid: every preedit reaches the cell, focus moves once the word is there."""
    pane = _pane(window, settle, "volunteer")
    _go(pane, 0, "name")
    for preedit in ("z", "zh", "zhang"):
        QApplication.sendEvent(pane.view, QInputMethodEvent(preedit, []))
        assert pane.view.editing.is_open
        assert pane.view.hasFocus()
    done = QInputMethodEvent("", [])
    done.setCommitString("章雪")
    QApplication.sendEvent(pane.view, done)
    assert _line(pane).text() == "章雪"
    assert _line(pane).hasFocus()
    QTest.keyClick(_line(pane), KEY.Key_Return)
    settle()
    assert _texts(pane, "name")[0] == "章雪"
    QApplication.sendEvent(pane.view, QInputMethodEvent("w", []))
    QApplication.sendEvent(pane.view, QInputMethodEvent("", []))  # given up
    assert not pane.view.editing.is_open


def test_delete_still_removes_the_row_but_not_while_typing(window: MainWindow, settle: Settle) -> None:
    """Delete in a cell's editor is a key of the editor."""
    pane = _pane(window, settle, "volunteer")
    _go(pane, 0, "platform_id")
    QTest.keyClicks(pane.view, "A")
    QTest.keyClick(_line(pane), KEY.Key_Delete)
    QTest.keyClick(_line(pane), KEY.Key_Escape)
    settle()
    assert pane.model.rowCount() == 4


# Out


def test_copy_a_block(window: MainWindow, settle: Settle) -> None:
    """The block as it stands, masked; with headings on Ctrl+Shift+C."""
    pane = _pane(window, settle, "volunteer")
    first, last = pane.model.index(0, 0), pane.model.index(1, 1)
    pane.view.setCurrentIndex(first)
    for _ in range(1):
        QTest.keyClick(pane.view, KEY.Key_Right, SHIFT)
        QTest.keyClick(pane.view, KEY.Key_Down, SHIFT)
    QTest.keyClick(pane.view, KEY.Key_C, CONTROL)
    text = QGuiApplication.clipboard().text()
    assert [line.split("\t")[0] for line in text.splitlines()] == ["张雪梅", "王建国"]
    assert id_number(20) not in text
    assert last.data() in text
    QTest.keyClick(pane.view, KEY.Key_C, CONTROL | SHIFT)
    assert QGuiApplication.clipboard().text().splitlines()[0] == "姓名\t证件号码"
    window.desk.need_for("核对证件")
    pane.toolbar.mask_button.click()
    settle()
    QTest.keyClick(pane.view, KEY.Key_C, CONTROL)
    settle()
    assert id_number(20) in QGuiApplication.clipboard().text()


def test_a_copied_note_with_breaks_comes_back(window: MainWindow, settle: Settle) -> None:
    """Line breaks, tabs and quotes survive the way out and in."""
    pane = _pane(window, settle, "fund")
    note = '第一行\n第二行，"急"\t完'
    _go(pane, 0, "summary")
    _clip('"第一行\n第二行，""急""\t完"')
    QTest.keyClick(pane.view, KEY.Key_V, CONTROL)
    settle()
    assert _stored(pane, "summary")[1] == note
    QTest.keyClick(pane.view, KEY.Key_C, CONTROL)
    assert QGuiApplication.clipboard().text().replace("\r\n", "\n") == '"第一行\n第二行，""急""\t完"'


# In


def test_a_block_into_a_sorted_and_filtered_list(window: MainWindow, settle: Settle) -> None:
    """Rows are taken as shown before anything is written; one operation; one Ctrl+Z takes all back."""
    pane = _pane(window, settle, "volunteer")
    days = _column(pane, "registered_on")
    pane.view.sortByColumn(days, Qt.SortOrder.DescendingOrder)
    pane.toolbar.find_box.setText("wjg")
    pane.model.find("wjg")
    assert [pane.model.id_at(i) for i in range(2)] == [4, 2]
    before = _stored(pane, "registered_on")
    _go(pane, 0, "registered_on")
    _clip("2001-01-01\t\r\n2002.2.2\t2024-05-06\r\n")  # after the write the order is the other way round
    QTest.keyClick(pane.view, KEY.Key_V, CONTROL)
    settle()
    dialog = _preview(pane)
    assert dialog.head.text() == "将修改 2 行、2 列"
    assert dialog.go.text() == "修改 2 人"
    _accept(pane, settle)
    assert _stored(pane, "registered_on") == before | {4: "2001-01-01", 2: "2002-02-02"}
    assert _stored(pane, "left_on")[2] == "2024-05-06"
    assert "粘贴修改志愿者 2 人" in window.undo_button.toolTip()
    QTest.keyClick(pane.view, KEY.Key_Z, CONTROL)
    settle()
    assert _stored(pane, "registered_on") == before
    assert _stored(pane, "left_on")[2] is None


def test_the_preview_names_what_is_wrong(window: MainWindow, settle: Settle) -> None:
    """Bad rows are named with row and column and stay as they are; good ones go in; what does not fit is said."""
    pane = _pane(window, settle, "volunteer")
    _go(pane, 2, "phone")
    _clip("1390000\r\n13800001111\r\n13800002222\r\n")
    QTest.keyClick(pane.view, KEY.Key_V, CONTROL)
    settle()
    dialog = _preview(pane)
    assert "多出的 1 行没有粘贴" in dialog.words.text()
    assert "1 行有错" in dialog.words.text()
    assert dialog.go.text() == "修改 1 人"
    assert dialog.lines.rows[0][:3] == ("错误", "第 3 行 曾乐", "手机号码")
    _accept(pane, settle)
    assert _stored(pane, "phone")[3] == "13900002275"
    assert _stored(pane, "phone")[4] == "13800001111"


def test_doubles_are_found_before_writing(window: MainWindow, settle: Settle) -> None:
    """Two rows may not come to the same number."""
    pane = _pane(window, settle, "volunteer")
    _go(pane, 0, "id_number")
    _clip(f"{id_number(50)}\r\n{id_number(23)}")
    QTest.keyClick(pane.view, KEY.Key_V, CONTROL)
    settle()
    dialog = _preview(pane)
    assert "都相同" in dialog.lines.rows[0][-1]
    assert id_number(23) not in str(dialog.lines.rows)
    assert dialog.go.text() == "修改 1 人"
    dialog.reject()
    settle()
    assert _stored(pane, "id_number")[1] == id_number(20)


def test_one_cell_fills_the_selection(window: MainWindow, settle: Settle) -> None:
    """As in Excel: copy one, select many, paste."""
    pane = _pane(window, settle, "membership")
    column = _column(pane, "role")
    pane.view.setCurrentIndex(pane.model.index(0, column))
    for _ in range(2):
        QTest.keyClick(pane.view, KEY.Key_Down, SHIFT)
    _clip("骨干")
    QTest.keyClick(pane.view, KEY.Key_V, CONTROL)
    settle()
    _accept(pane, settle)
    assert _texts(pane, "role") == ["骨干", "骨干", "骨干", ""]
    _clip("队员\r\n副队长\r\n")  # two lines fill four
    pane.view.setCurrentIndex(pane.model.index(0, column))
    for _ in range(3):
        QTest.keyClick(pane.view, KEY.Key_Down, SHIFT)
    QTest.keyClick(pane.view, KEY.Key_V, CONTROL)
    settle()
    _accept(pane, settle)
    assert _texts(pane, "role") == ["队员", "副队长"] * 2


def test_new_rows_by_their_headings(window: MainWindow, settle: Settle) -> None:
    """A block with headings makes new rows in any order of columns; bad ones stay out and are named."""
    pane = _pane(window, settle, "volunteer")
    _go(pane, 1, "name")
    _clip(
        "证件号码\t登记日期\t姓名\t爱好\r\n"
        f"{id_number(60)}\t2024.5.1\t李建华\t下棋\r\n{id_number(61)}\t2024年5月\t赵小芳\t\r\n"
    )
    QTest.keyClick(pane.view, KEY.Key_V, CONTROL)
    settle()
    dialog = _preview(pane)
    assert dialog.head.text() == "将新增 1 人"
    assert "爱好" in dialog.words.text()
    assert dialog.lines.rows[0][:2] == ("错误", "第 3 行")
    assert dialog.lines.rows[0][-1].startswith("登记日期：")
    assert id_number(60) not in str(dialog.lines.rows)
    _accept(pane, settle)
    assert "李建华" in _texts(pane, "name")
    assert window.toast.words.text() == "已粘贴志愿者：新增 1 人"
    QTest.keyClick(pane.view, KEY.Key_Z, CONTROL)
    settle()
    assert "李建华" not in _texts(pane, "name")


def test_new_rows_where_nothing_is_selected(window: MainWindow, settle: Settle) -> None:
    """With nothing selected the columns are those in view; a person is named by the title alone where it is clear."""
    pane = _pane(window, settle, "membership")
    _go(pane, 1, "role")
    below = QPoint(20, pane.view.viewport().height() - 10)
    QTest.mouseClick(pane.view.viewport(), Qt.MouseButton.LeftButton, pos=below)
    assert pane.chosen_ids() == []
    _clip("张雪梅\t无偿献血队\t队员\t2024-01-01\r\n王建国\t无偿献血队\t队员\t2024-01-01\r\n")
    QTest.keyClick(pane.view, KEY.Key_V, CONTROL)
    settle()
    dialog = _preview(pane)
    assert dialog.head.text() == "将新增 1 人"
    assert "依次填入：姓名、队伍名称、职务、入队日期" in dialog.words.text()
    assert dialog.lines.rows[0][1] == "第 2 行"
    assert dialog.lines.rows[0][-1].startswith("证件号码：")
    _accept(pane, settle)
    assert pane.model.rowCount() == 5


def test_paste_into_an_empty_list(window: MainWindow, settle: Settle) -> None:
    """The first rows may come from the clipboard."""
    window.open_records("township")
    settle()
    page = window.pages[window.desk.key]
    assert isinstance(page, EntityPage)
    pane = page.pane
    _clip("名称\t区划代码\r\n城关镇\t990123100\r\n河西乡\t990123200\r\n")
    pane.toolbar.paste_button.click()
    settle()
    _accept(pane, settle)
    assert _texts(pane, "name") == ["城关镇", "河西乡"]


@pytest.mark.parametrize("text", ["", "  \r\n"])
def test_nothing_to_paste_is_said(window: MainWindow, settle: Settle, text: str) -> None:
    """An empty clipboard is no error."""
    pane = _pane(window, settle, "team")
    _clip(text)
    QTest.keyClick(pane.view, KEY.Key_V, CONTROL)
    assert "剪贴板里没有文字" in window.toast.words.text()


# Many rows


def test_one_value_for_several_rows(window: MainWindow, settle: Settle) -> None:
    """批量修改: field, value, one operation."""
    pane = _pane(window, settle, "membership")
    pane.view.setCurrentIndex(pane.model.index(0, _column(pane, "role")))
    assert not pane.foot.batch_button.isVisible()
    pane.view.selectAll()
    assert pane.foot.batch_button.text() == "批量修改 4 人"
    pane.foot.batch_button.click()
    dialog = pane.dialog
    assert isinstance(dialog, BatchDialog)
    assert dialog.fields.currentData() == "role"
    dialog.fields.setCurrentIndex(dialog.fields.findData("joined_on"))
    dialog.take()
    assert "必须填写" in dialog.error.text()
    dialog.editors["joined_on"].setText("2022.3.1")  # type: ignore[union-attr]
    dialog.take()
    settle()
    _accept(pane, settle)
    assert _texts(pane, "joined_on") == ["2022-03-01"] * 4
    assert "批量修改队员 4 人（入队日期）" in window.undo_button.toolTip()
    window.undo()
    settle()
    assert _texts(pane, "joined_on") == ["2021-01-01"] * 4


def test_sums_of_a_block(window: MainWindow, settle: Settle) -> None:
    """Sum, average and count of what is selected; the selection outlives a new reading of the list."""
    pane = _pane(window, settle, "fund")
    _go(pane, 0, "amount_fen")
    QTest.keyClick(pane.view, KEY.Key_Down, SHIFT)
    assert "求和 6,234.50　平均 3,117.25　计数 2" in window.foot.chosen.text()
    pane.load()
    settle()
    assert pane.view.block() == ([0, 1], [_column(pane, "amount_fen")])
    assert "求和 6,234.50" in window.foot.chosen.text()
    _go(pane, 0, "category")
    QTest.keyClick(pane.view, KEY.Key_Down, SHIFT)
    assert window.foot.chosen.text() == "已选 2 条　计数 2"


def test_the_form_follows_what_is_typed_in_the_list(window: MainWindow, settle: Settle) -> None:
    """An untouched form shows the new value; one with unsaved changes keeps them, and the cell waits."""
    pane = _pane(window, settle, "volunteer")
    _go(pane, 0, "platform_id")
    pane.edit()
    pane.view.setFocus()
    QTest.keyClicks(pane.view, "A1")
    QTest.keyClick(_line(pane), KEY.Key_Tab)
    settle()
    assert pane.form.editors["platform_id"].cell() == "A1"
    pane.form.editors["name"].setText("张雪")  # type: ignore[union-attr]
    _go(pane, 0, "platform_id")
    QTest.keyClicks(pane.view, "A2")
    QTest.keyClick(_line(pane), KEY.Key_Tab)
    settle()
    box = QApplication.activeModalWidget()
    if box is not None:
        box.close()
    else:
        assert "表单" in pane.view.editing.error.text()
        QTest.keyClick(_line(pane), KEY.Key_Escape)
    assert _stored(pane, "platform_id")[1] == "A1"
    assert pane.form.editors["name"].cell() == "张雪"
    assert VOLUNTEER["platform_id"].label == "志愿者网编号"
