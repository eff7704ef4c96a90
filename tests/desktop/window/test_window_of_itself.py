"""What the window says of itself: where its words stand, what is saved, why a row was found, what a dialog waits for."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFrame, QListWidget, QWidget

from db.errors import DiskTrouble
from db.records.entities import TOWNSHIP
from db.storage.store import Store
from desktop.pages.insurance.renewing import RenewDialog
from desktop.pages.reports.reports import ReportsPage
from desktop.tables.cell_drawing import HIT
from desktop.window.window import MainWindow
from tests.desktop.conftest import Settle


def _within(made: QWidget, window: MainWindow) -> QRect:
    return QRect(made.mapTo(window, QPoint(0, 0)), made.size())


@pytest.mark.parametrize("zoom", [100, 150])
def test_what_is_said_covers_no_foot(window: MainWindow, settle: Settle, zoom: int) -> None:
    """Neither the sums under a list nor the links beside them, nor the status bar, at any size of the letters."""
    window.theme.set(zoom=zoom)
    window.resize(1366, 689)
    for key in ("volunteer", "team", "fund", "insurance"):
        page = window.show_page(key)
        settle()
        window.desk.say("已新增志愿者：李建华", undo=True)
        QApplication.processEvents()
        said = _within(window.toast, window)
        feet = [made for made in page.findChildren(QFrame, "foot") if made.isVisible()]
        assert feet
        for foot in (*feet, window.foot):
            assert not said.intersects(_within(foot, window)), key
    window.theme.set(zoom=100)


def test_what_the_disk_did_not_take_is_not_called_saved(window: MainWindow, settle: Settle) -> None:
    """Until the next change that it takes; in a small window too, where only the sign stands otherwise."""

    def full(store: Store) -> None:
        raise DiskTrouble("没有保存成功：磁盘已满")

    window.resize(900, 500)
    kept: list[Exception] = []
    window.jobs.write("新增街镇", full, failed=kept.append)
    settle()
    assert len(kept) == 1
    assert window.saved.isVisible()
    assert window.saved.text() == "上一次没有保存成功"
    assert window.saved.property("role") == "error"
    window.jobs.write("新增街镇：城关镇", lambda store: store.save(TOWNSHIP, {"name": "城关镇"}))
    settle()
    assert window.saved.text().startswith("已自动保存")
    assert window.saved.property("role") == "saved"
    assert not window.saved.isVisible()


def test_a_row_found_by_hidden_digits_shows_where(window: MainWindow, settle: Settle) -> None:
    """The stars that stand for them are marked; a row that was found by another cell has no such mark."""
    pane = window.show_page("volunteer").pane  # type: ignore[attr-defined]
    settle()
    model = pane.model
    phone = next(i for i, f in enumerate(model.fields) if f.name == "phone")
    model.find("002")  # of 13900000275, shown as 139****0275
    settle()
    assert model.rowCount() >= 1
    shown = model.index(0, phone)
    assert "002" not in shown.data()
    assert shown.data(HIT) == (len(shown.data()) - 6, 6)
    model.find("张雪")
    settle()
    assert model.index(0, phone).data(HIT) is None
    assert model.index(0, 0).data(HIT) == (0, 2)


def test_a_policy_without_its_number_says_so(window: MainWindow, settle: Settle) -> None:
    dialog = RenewDialog(window.desk, [1, 2])
    dialog.show()
    settle()
    dialog.save_button.click()
    QApplication.processEvents()
    assert dialog.isVisible()
    said = " ".join(made.text() for made in dialog.findChildren(type(dialog.error)) if made.isVisible())
    assert "保单号" in said
    assert "必须填写" in said or "请填写" in said
    dialog.close()


def test_a_chosen_line_is_flat_in_every_list(window: MainWindow, settle: Settle) -> None:
    """With and without the keys on it, as in the tables: one colour, no gradient."""
    page = window.show_page("reports")
    assert isinstance(page, ReportsPage)
    settle()
    for has_keys in (True, False):
        (page.choice if has_keys else window.search).setFocus()
        QApplication.processEvents()
        assert _colours(page.choice) == {window.theme.colour("sel").name()}


def _colours(view: QListWidget) -> set[str]:
    room = view.visualItemRect(view.currentItem())
    image = view.viewport().grab().toImage()
    return {image.pixelColor(room.right() - 6, y).name() for y in range(room.top() + 4, room.bottom() - 4)}


def test_every_window_bears_our_sign(qapp: QApplication) -> None:
    """Also what opens before the main window: the first run, the question for a password, a report of a fault."""
    assert not qapp.windowIcon().isNull()
    made = QFrame()
    assert not made.windowIcon().isNull()


def test_the_keys_reach_the_search_from_everywhere(window: MainWindow, settle: Settle) -> None:
    for key in ("overview", "settings", "reports"):
        window.show_page(key)
        settle()
        QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        QApplication.processEvents()
        assert window.search.hasFocus(), key
