"""Every kind has a widget, and what a widget shows is read back as the same value."""

import inspect

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox
from pytestqt.qtbot import QtBot

from db.records import amounts, kinds
from db.records.entities import ENTITIES, MEMBERSHIP, TEAM, VOLUNTEER
from db.records.fields import Field
from desktop.shell.theme import Theme
from desktop.tables.editors import EDITORS, ChoicesEditor, RefEditor, editor
from desktop.tables.line_editors import DateEditor, LineEditor
from tests.desktop.conftest import TODAY


def test_every_kind_has_an_editor() -> None:
    """A kind without a widget would be found only when its form opens."""
    found = {
        k
        for module in (kinds, amounts)
        for _, k in inspect.getmembers(module, inspect.isclass)
        if issubclass(k, kinds.Kind)
    } - {
        kinds.Kind,
        kinds.Kept,
        kinds.OfficeText,
        amounts.Year,
    }  # the last three are typed as the text or number they are
    assert found == set(EDITORS)
    for e in ENTITIES:
        for f in e.fields:
            assert not set(EDITORS).isdisjoint(type(f.kind).__mro__), (
                f.label
            )  # a kind made from another one is typed as it


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (Field("a", "文字"), "水上救援"),
        (Field("a", "备注", kinds.LongText()), "第一行\n第二行"),
        (Field("a", "日期", kinds.Date()), "2026-09-01"),
        (Field("a", "金额", amounts.Money()), 1234567),
        (Field("a", "时长", amounts.Hours()), 90),
        (Field("a", "人数", amounts.Count()), 0),
        (Field("a", "数量", amounts.Quantity()), 2500),
        (Field("a", "电话", kinds.Phone()), "13900000275"),
        (TEAM["team_type"], "combined"),
        (TEAM["other_domains"], "first_aid,elderly_care"),
    ],
)
def test_value_comes_back(qtbot: QtBot, field: Field, value: object) -> None:
    """Shown and read again, a value is the same; nothing is nothing."""
    widget = editor(field, Theme(), TODAY)
    qtbot.addWidget(widget)
    widget.set_value(value)
    assert field.kind.parse(widget.cell()) == value
    widget.set_value(None)
    assert kinds.is_blank(widget.cell())


@pytest.mark.parametrize("typed", ["2026.9.1", "2026年9月1日", "20260901", "２０２６/9/1"])
def test_date_is_shown_in_its_normal_form(qtbot: QtBot, typed: str) -> None:
    """People type dates as they like; leaving the field shows the usual form."""
    widget = editor(VOLUNTEER["registered_on"], Theme(), TODAY)
    assert isinstance(widget, DateEditor)
    other = LineEditor(Field("b", "别的"), Theme())
    for w in (widget, other):
        qtbot.addWidget(w)
        w.show()
    widget.activateWindow()
    widget.setFocus()
    widget.setText(typed)
    widget.clearFocus()
    QApplication.processEvents()
    assert widget.text() == "2026-09-01"


def test_today_with_the_keys_of_excel(qtbot: QtBot) -> None:
    """Ctrl+; is today."""
    widget = DateEditor(VOLUNTEER["registered_on"], Theme(), TODAY)
    qtbot.addWidget(widget)
    widget.show()
    QTest.keyClick(widget, Qt.Key.Key_Semicolon, Qt.KeyboardModifier.ControlModifier)
    assert widget.text() == TODAY.isoformat()


def test_calendar_takes_a_day(qtbot: QtBot) -> None:
    """The calendar opens on the day typed and hands back the day clicked."""
    from PySide6.QtCore import QDate
    from PySide6.QtWidgets import QCalendarWidget

    widget = DateEditor(VOLUNTEER["registered_on"], Theme(), TODAY)
    qtbot.addWidget(widget)
    widget.show()
    widget.setText("2026.9.1")
    widget.open_calendar()
    calendar = widget.findChild(QCalendarWidget)
    assert calendar is not None
    assert calendar.selectedDate() == QDate(2026, 9, 1)
    calendar.clicked.emit(QDate(2026, 9, 3))
    assert widget.text() == "2026-09-03"


def test_several_choices_are_ticked(qtbot: QtBot) -> None:
    """Ticking boxes gives the words, in the list's own order."""
    widget = ChoicesEditor(TEAM["other_domains"], Theme())
    qtbot.addWidget(widget)
    widget.show()
    widget.open_list()
    boxes = {box.text(): box for box in widget.findChildren(QCheckBox)}
    boxes["养老服务"].setChecked(True)
    boxes["应急救护"].setChecked(True)
    assert widget.cell() == "应急救护；养老服务"
    assert widget.text() == "应急救护；养老服务"


def test_reference_offers_what_fits(qtbot: QtBot) -> None:
    """While a person types: the titles with these words or initials, not all of very many; one that is taken counts."""
    widget = RefEditor(MEMBERSHIP["volunteer_id"], Theme())
    qtbot.addWidget(widget)
    widget.set_titles({n: f"{'王李'[n % 2]}建国{n}" for n in range(1, 3000)} | {7: "张雪梅（990*************21）"})
    widget.show()
    completer = widget.completer()
    for typed, offered in (
        ("zxm", ["张雪梅（990*************21）"]),
        ("雪", ["张雪梅（990*************21）"]),
        ("无", []),
    ):
        widget.lineEdit().clear()
        event = QInputMethodEvent()
        event.setCommitString(typed)
        QApplication.sendEvent(widget.lineEdit(), event)
        model = completer.completionModel()
        assert [model.index(i, 0).data() for i in range(model.rowCount())] == offered, typed
    widget.lineEdit().clear()
    QTest.keyClicks(widget.lineEdit(), "WJG")
    model = completer.completionModel()
    assert [model.index(i, 0).data() for i in range(model.rowCount())] == [f"王建国{n}" for n in range(2, 102, 2)]
    assert completer.popup().isVisible()
    completer.activated[QModelIndex].emit(model.index(3, 0))
    assert (widget.currentText(), widget.currentIndex(), widget.cell()) == ("王建国8", 7, 8)


def test_reference_by_title_and_initials(qtbot: QtBot) -> None:
    """A title gives the id; initials that fit one title alone give that title; what names no row is refused."""
    widget = RefEditor(MEMBERSHIP["volunteer_id"], Theme())
    qtbot.addWidget(widget)
    widget.set_titles({1: "张雪梅", 2: "王建国（990*************21）", 3: "王建国（990*************37）"})
    widget.set_value(3)
    assert widget.cell() == 3
    widget.setEditText("zxm")
    widget.lineEdit().editingFinished.emit()
    assert widget.cell() == 1
    widget.setEditText("没有此人")
    widget.lineEdit().editingFinished.emit()
    with pytest.raises(kinds.Invalid):
        MEMBERSHIP["volunteer_id"].kind.parse(widget.cell())
