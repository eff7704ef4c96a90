"""What a column is narrowed to, and the popup under a funnel."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from db.records.entities import FUND_ENTRY, TEAM, VOLUNTEER
from db.records.kinds import Value
from desktop.records.record_page import EntityPage, EntityPane
from desktop.services.filters import Between, OneOf, by_span, has_several
from desktop.tables import filter_header, record_model
from desktop.tables.filter_header import FunnelPopup
from desktop.window.window import MainWindow
from tests.desktop.conftest import Settle


def _pane(window: MainWindow, settle: Settle, key: str) -> EntityPane:
    page = window.show_page(key)
    settle()
    assert isinstance(page, EntityPage)
    return page.pane


def _names(pane: EntityPane) -> list[str]:
    return [str(pane.model.index(i, 0).data()) for i in range(pane.model.rowCount())]


def test_values_spans_and_blanks() -> None:
    """Both ends belong to a span; a blank fits no span; one of several codes is enough."""
    rows = [{"a": v} for v in ("2026-01-01", None, "2026-03-31", "2026-04-01")]
    assert Between("2026-01-01", "2026-03-31").keep(rows, range(4), "a") == [0, 2]
    assert Between(None, "2026-02-01").keep(rows, range(4), "a") == [0]
    assert OneOf(frozenset({None})).keep(rows, range(4), "a") == [1]
    several: list[dict[str, Value]] = [{"a": "x,y"}, {"a": "y"}, {"a": None}]
    assert OneOf(frozenset({"x", None}), True).keep(several, range(3), "a") == [0, 2]
    assert by_span(FUND_ENTRY["amount_fen"])
    assert by_span(VOLUNTEER["registered_on"])
    assert has_several(TEAM["other_domains"])
    assert not by_span(TEAM["name"])


def test_a_funnel_narrows_the_list(window: MainWindow, settle: Settle) -> None:
    """Alt+Down, find a value, Enter: the list shows it alone, the foot counts, 清除条件 shows all."""
    pane = _pane(window, settle, "volunteer")
    pane.view.setCurrentIndex(pane.model.index(1, 0))
    QTest.keyClick(pane.view, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    popup = QApplication.activePopupWidget()
    assert popup is not None
    values = [(popup.values.index(i).data(), popup.values.index(i).data(Qt.ItemDataRole.UserRole)) for i in range(3)]
    assert sorted(values) == [("张雪梅", "1"), ("曾乐", "1"), ("王建国", "2")]
    popup.find_box.setText("wjg")
    QTest.keyClick(popup.find_box, Qt.Key.Key_Return)
    assert _names(pane) == ["王建国", "王建国"]
    assert pane.foot.count_label.text() == "找到 2 人（共 4 人）"
    assert pane.view.horizontalHeader().filtered(0)  # type: ignore[attr-defined]
    assert "已筛选" in str(pane.model.headerData(0, Qt.Orientation.Horizontal, Qt.ItemDataRole.AccessibleTextRole))
    pane.load()
    settle()
    assert len(_names(pane)) == 2
    pane.foot.all_button.click()
    assert len(_names(pane)) == 4
    assert not pane.model.filters


def test_the_funnel_of_a_long_list_opens_when_it_is_counted(
    window: MainWindow, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window does not wait: the values are counted elsewhere."""
    pane = _pane(window, settle, "volunteer")
    monkeypatch.setattr(record_model, "_LONG", 2)
    assert pane.view.open_funnel(0) is None
    settle()
    (popup,) = pane.view.findChildren(FunnelPopup)
    assert [popup.values.index(i).data() for i in range(3)] == ["王建国", "曾乐", "张雪梅"]
    popup.close()


def test_ticks_and_all(window: MainWindow, settle: Settle) -> None:
    """Unticking one leaves the others; everything ticked is no condition; two funnels work together."""
    pane = _pane(window, settle, "volunteer")
    popup = pane.view.open_funnel(0)
    assert popup is not None
    texts = [str(popup.values.index(i).data()) for i in range(3)]
    index = popup.values.index(texts.index("王建国"))
    QTest.mouseClick(popup.list.viewport(), Qt.MouseButton.LeftButton, pos=popup.list.visualRect(index).center())
    assert not popup.whole.isChecked()
    popup.take()
    assert sorted(_names(pane)) == ["张雪梅", "曾乐"]
    days = next(i for i, f in enumerate(pane.model.fields) if f.name == "registered_on")
    popup = pane.view.open_funnel(days)
    assert popup is not None
    popup.ends[0].setText("2020年2月1日")
    popup.ends[1].setText("2020-13-01")
    popup.take()
    assert popup.error.isVisible()
    popup.ends[1].setText("2020.12.31")
    popup.take()
    assert _names(pane) == ["曾乐"]
    popup = pane.view.open_funnel(0)
    assert popup is not None
    assert popup.values.rowCount() == 2  # counted over what the other condition leaves
    popup.whole.click()
    popup.take()
    assert set(pane.model.filters) == {days}
    popup = pane.view.open_funnel(days)
    assert popup is not None
    popup.set(None)
    assert len(_names(pane)) == 4


def test_a_press_on_the_funnel_does_not_sort(window: MainWindow, settle: Settle) -> None:
    """Label sorts, funnel filters."""
    pane = _pane(window, settle, "volunteer")
    header = pane.view.horizontalHeader()
    zone = header.funnel_rect(1)  # type: ignore[attr-defined]
    assert zone.width() >= 24
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=zone.center())
    popup = QApplication.activePopupWidget()
    assert popup is not None
    assert header.sortIndicatorSection() == -1
    QTest.keyClick(popup, Qt.Key.Key_Escape)
    QApplication.processEvents()
    place = zone.center()
    place.setX(header.sectionViewportPosition(0) + 15)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert header.sortIndicatorSection() == 0


def test_a_column_of_very_many_values_is_narrowed_by_a_part(
    window: MainWindow, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are not listed; what is typed is looked for in the texts; nothing typed changes nothing."""
    monkeypatch.setattr(filter_header, "_MANY", 2)
    pane = _pane(window, settle, "volunteer")
    everyone = _names(pane)
    popup = pane.view.open_funnel(0)
    assert popup is not None
    assert not hasattr(popup, "list")
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert _names(pane) == everyone
    popup = pane.view.open_funnel(0)
    assert popup is not None
    popup.find_box.setText("建")
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert _names(pane) == ["王建国", "王建国"]
    popup = pane.view.open_funnel(0)
    assert popup is not None
    popup.blank.setChecked(True)
    popup.take()
    assert _names(pane) == []
    pane.show_all()
    assert _names(pane) == everyone
