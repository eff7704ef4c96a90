"""A small sample of the walk over the screens, and that it sees what is wrong; all of it: ``python -m tests.screens``."""

import pytest
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from desktop.shell.folding import FoldingRow
from desktop.shell.theme import Theme
from desktop.shell.widgets import button
from desktop.window.window import MainWindow
from tests.desktop.conftest import Settle
from tests.screens.looking import flaws


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
    for key in ("overview", "volunteer", "team"):
        window.show_page(key)
        settle()
        window.toast.hide()
        QApplication.processEvents()
        assert [str(flaw) for flaw in flaws(window)] == [], key
    window.theme.set(zoom=100)


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
