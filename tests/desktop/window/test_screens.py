"""A small sample of the walk over the screens, and that it sees what is wrong; all of it: ``python -m tests.screens``."""

import datetime as dt
from pathlib import Path

import pytest
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QStyle,
    QStyleOptionButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from db.records.entities import TEAM
from desktop.pages.checks.findings import FindingsPage
from desktop.pages.importing.importing import ImportPage
from desktop.pages.teams.team_quick_entry import QuickEntry
from desktop.shell.empty_sheet import EmptySheet
from desktop.shell.folding import FoldingRow
from desktop.shell.theme import ZOOMS, Theme
from desktop.shell.widgets import button, scrolled
from desktop.tables.line_editors import DateEditor
from desktop.window.window import MainWindow
from tests.desktop.conftest import Settle
from tests.screens.looking import flaws
from tests.screenshots.dialogs import messy_roster
from tests.screenshots.small_dialogs import asked


@pytest.mark.parametrize(("wide", "high", "zoom"), [(900, 500, 100), (1366, 689, 150)])
def test_nothing_is_cut_where_there_is_little_room(
    window: MainWindow,
    settle: Settle,
    wide: int,
    high: int,
    zoom: int,
) -> None:
    window.theme.set(zoom=zoom)
    window.resize(wide, high)
    for key in ("overview", "volunteer", "team", "insurance", "reports", "settings"):
        window.show_page(key)
        settle()
        window.toast.hide()
        QApplication.processEvents()
        assert [str(flaw) for flaw in flaws(window)] == [], key
    window.theme.set(zoom=100)


def test_the_columns_of_an_import_keep_within_a_small_window(
    window: MainWindow, settle: Settle, tmp_path: Path
) -> None:
    window.resize(900, 500)
    page = window.show_page("import")
    assert isinstance(page, ImportPage)
    page.take([messy_roster(tmp_path / "各队名册.xlsx")])
    settle()
    assert page.match_panel.combos
    QApplication.processEvents()
    assert [str(flaw) for flaw in flaws(window)] == []


def test_people_are_entered_in_a_small_window(window: MainWindow, settle: Settle) -> None:
    window.resize(900, 500)
    dialog = QuickEntry(window.desk, "水上救援队", print)
    dialog.show()
    settle()
    assert [str(flaw) for flaw in flaws(dialog)] == []
    dialog.close()


def test_a_list_without_rows_fills_a_large_screen(window: MainWindow, settle: Settle) -> None:
    """It is an empty sheet with the headings of its columns; the settings list the backups beneath."""
    window.resize(2560, 1400)
    for key in ("goods", "service_certificate", "rollup", "settings"):
        page = window.show_page(key)
        settle()
        window.toast.hide()
        QApplication.processEvents()
        assert [str(flaw) for flaw in flaws(page, halves=True) if flaw.kind == "empty"] == [], key
        sheet = next(made for made in page.findChildren(EmptySheet) if made.isVisible())
        assert "、" in sheet.accessibleDescription()


def test_what_is_wrong_is_seen(qapp: QApplication) -> None:
    whole = QWidget()
    cut = QLabel("这一句话放不下", whole)
    cut.setGeometry(0, 0, 30, 20)
    far = QPushButton("看不见", whole)
    far.setGeometry(290, 40, 80, 30)
    whole.resize(300, 200)
    whole.show()
    assert sorted(flaw.kind for flaw in flaws(whole)) == ["cut", "out"]
    cut.setToolTip("这一句话放不下")
    far.move(10, 40)
    assert flaws(whole) == []
    line = QLineEdit(whole)
    line.setPlaceholderText("也放不下的几个字")
    line.setGeometry(0, 80, 60, 30)
    area, _ = scrolled("只往下滚动")
    area.setParent(whole)
    area.setGeometry(0, 110, 100, 80)
    area.widget().setMinimumWidth(150)
    line.show()
    area.show()
    QApplication.processEvents()
    assert sorted(flaw.kind for flaw in flaws(whole)) == ["cut", "out"]
    line.setToolTip("也放不下的几个字")
    area.widget().setMinimumWidth(0)
    QApplication.processEvents()
    assert flaws(whole) == []
    line.hide()
    area.hide()
    assert [flaw.kind for flaw in flaws(whole, halves=True)] == ["empty", "empty"]
    whole.close()


def test_a_row_of_buttons_folds_and_unfolds(qapp: QApplication) -> None:
    """The least needed goes first; behind 更多 it can still be pressed; with room it is back."""
    theme, pressed = Theme(), list[str]()
    made = [
        button(theme, words, "", "", "", lambda words=words: pressed.append(words))
        for words in ("新增", "导入一批", "打印这些")
    ]
    row = FoldingRow(theme, (*made, None), tuple(reversed(made[1:])))
    around = QFrame()
    QHBoxLayout(around).addWidget(row)
    around.resize(1000, 60)
    around.show()
    QApplication.processEvents()
    assert not row.more.isVisible()
    row.resize(made[0].sizeHint().width() + made[1].sizeHint().width() + row.more.sizeHint().width() + 20, 40)
    assert [b.isVisible() for b in made] == [True, True, False]
    row._fill_menu()
    row.more.menu().actions()[0].trigger()
    assert pressed == ["打印这些"]
    row.resize(1000, 40)
    assert all(b.isVisible() for b in made)
    around.close()


@pytest.mark.parametrize("zoom", ZOOMS)
def test_small_parts_keep_their_shape_at_every_size(qapp: QApplication, zoom: int) -> None:
    """A radio button is round, an icon stands inside its field, a day is seen whole beside it."""
    theme = Theme(zoom=zoom)
    theme.apply()
    whole = QWidget()
    column = QVBoxLayout(whole)
    choice = QRadioButton("队伍撤销，队员同一天退队，历史都留着")
    day = DateEditor(TEAM["dissolved_on"], theme, dt.date(2026, 9, 21))
    day.setText("2026-11-29")
    line = QHBoxLayout()
    line.addWidget(choice)
    line.addWidget(day)
    column.addLayout(line)
    whole.resize(1, 1)
    whole.show()
    QApplication.processEvents()
    assert [str(flaw) for flaw in flaws(whole)] == []
    (icon,) = day.findChildren(QToolButton)
    assert day.rect().contains(icon.geometry())
    assert icon.width() >= 24
    assert icon.height() >= theme.px(24)
    option = QStyleOptionButton()
    choice.initStyleOption(option)
    box = choice.style().subElementRect(QStyle.SubElement.SE_RadioButtonIndicator, option, choice)
    image = choice.grab().toImage()
    top, corner = image.pixelColor(box.center().x(), box.top()), image.pixelColor(box.topLeft())
    assert corner.lightness() > top.lightness() + 60  # the line runs above the middle, not through the corner
    whole.close()
    Theme().apply()


@pytest.mark.parametrize(("wide", "high", "zoom"), [(900, 500, 100), (1366, 689, 150)])
def test_small_dialogs_are_whole_and_within_the_window(
    window: MainWindow, settle: Settle, tmp_path: Path, wide: int, high: int, zoom: int
) -> None:
    """Every one that asks one thing or shows one answer."""
    window.theme.set(zoom=zoom)
    window.resize(wide, high)
    page = window.show_page("findings")
    assert isinstance(page, FindingsPage)
    settle()
    for name, made in asked(window, tmp_path, page.results, settle):
        made.show()
        settle()
        QApplication.processEvents()
        assert [str(flaw) for flaw in flaws(made)] == [], name
        assert made.width() <= window.width(), name
        assert made.height() <= window.height(), name
        made.hide()
    window.theme.set(zoom=100)
