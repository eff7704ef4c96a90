"""For people who use keys alone, who see badly, or who are read to: names, sizes, focus, contrast, on every page."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QScrollBar,
    QTabBar,
    QWidget,
)

from desktop.pages import BY_KEY
from desktop.shell.theme import DARK, LIGHT, ZOOMS, Theme
from desktop.window.window import MainWindow
from tests.desktop.conftest import Settle

KEYS = list(BY_KEY)
LEAST = 24  # logical pixels that a target has in each direction


def _targets(window: MainWindow) -> Iterator[QWidget]:
    """What a person can reach: visible, enabled, and taking keys or clicks."""
    for made in window.findChildren(QWidget):
        if not made.isVisible() or isinstance(made, QScrollBar | QHeaderView):
            continue
        if made.parent() is not None and isinstance(made.parent(), QComboBox | QAbstractSpinBox):
            continue  # the inside of a control that has its own name
        if made.focusPolicy() != Qt.FocusPolicy.NoFocus or isinstance(made, QAbstractButton):
            yield made


def _says(made: QWidget) -> str:
    """What a screen reader would call it."""
    buddy = getattr(made, "text", None)
    return made.accessibleName() or (buddy() if isinstance(made, QAbstractButton | QLabel) and buddy else "")


def _forms(window: MainWindow, settle: Settle, key: str) -> Iterator[str]:
    """The page as it opens, and with the form of each of its lists."""
    page = window.show_page(key)
    settle()
    yield "page"
    while page.prepare():
        pass
    for pane in getattr(page, "panes", ()):
        if not pane.isVisible() and hasattr(page, "select"):
            page.select(pane.entity.name, frozenset())
            settle()
        if pane.isVisible():
            pane.add()
            settle()
            yield f"form of {pane.entity.name}"
            pane.close_form()


@pytest.mark.parametrize("key", KEYS)
def test_everything_reachable_has_a_name_and_is_large_enough(window: MainWindow, settle: Settle, key: str) -> None:
    """No focusable widget without a name, no target under 24 pixels, at the usual size."""
    for where in _forms(window, settle, key):
        for made in _targets(window):
            if isinstance(made, QAbstractScrollArea) and not isinstance(made, QAbstractItemView):
                what = made.accessibleName() or "scroll area"
            else:
                what = _says(made)
            told = f"{key}, {where}: {type(made).__name__} {made.objectName()} {made.size().toTuple()}"
            assert what.strip(), told
            if isinstance(made, QAbstractButton | QLineEdit | QComboBox | QTabBar | QAbstractSpinBox):
                assert min(made.width(), made.height()) >= LEAST, f"{told} {what}"


@pytest.mark.parametrize("key", KEYS)
def test_tab_goes_round_without_a_trap(window: MainWindow, settle: Settle, key: str) -> None:
    """From anywhere, Tab reaches the search box, and Shift+Tab goes back the same way."""
    window.show_page(key)
    settle()
    seen: list[QWidget] = []
    for _ in range(400):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        now = QApplication.focusWidget()
        assert now is not None
        if seen and now is seen[0]:
            break
        seen.append(now)
    else:
        raise AssertionError(f"{key}: Tab does not come round: {[type(w).__name__ for w in seen[-6:]]}")
    assert any(isinstance(w, QLineEdit) and "Ctrl+K" in w.placeholderText() for w in seen), key
    assert len(seen) == len({id(w) for w in seen}), f"{key}: a trap"
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backtab)
    assert QApplication.focusWidget() is seen[-1]


@pytest.mark.parametrize("key", KEYS)
def test_fits_the_smaller_screen(window: MainWindow, settle: Settle, key: str) -> None:
    """1280 × 620 logical pixels is what a laptop at 150 % leaves; a page never asks for more."""
    window.resize(1280, 620)
    window.show_page(key)
    settle()
    least = window.minimumSizeHint()
    assert least.width() <= 1280, (key, least)
    assert least.height() <= 620, (key, least)


@pytest.mark.parametrize("zoom", ZOOMS)
def test_nothing_breaks_at_any_size(window: MainWindow, settle: Settle, zoom: int) -> None:
    """Every size is taken up by every page that is open."""
    for key in ("volunteer", "findings", "overview"):
        window.show_page(key)
        settle()
    window.desk.zoom_to(zoom)
    settle()
    assert window.font().pixelSize() == -1 or window.theme.font().pixelSize() == round(14 * zoom / 100)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2 reckons it: 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


# (ink, ground, least): text 4.5, edges and graphics 3.
PAIRS = [
    *((ink, ground, 4.5) for ink in ("text", "text2") for ground in ("bg", "surface", "surface2", "nav", "hover", "sel")),
    *(("text3", ground, 4.5) for ground in ("surface", "surface2", "bg")),
    ("on_primary", "primary", 4.5), ("on_primary", "primary2", 4.5),
    *(("accent", ground, 4.5) for ground in ("surface", "bg")),
    *((tone, f"{tone}_bg", 4.5) for tone in ("good", "warn", "bad", "calm", "info")),
    *((tone, "surface", 4.5) for tone in ("good", "warn", "bad", "accent")),
    ("text", "mark", 4.5), ("toast_text", "toast", 4.5), ("toast_link", "toast", 4.5),
    *(("edge", ground, 3.0) for ground in ("surface", "bg")),
    *((chart, "surface", 3.0) for chart in ("chart1", "chart2", "chart3")),
]  # fmt: skip


@pytest.mark.parametrize("name", ["light", "dark"])
def test_contrast(name: str) -> None:
    """Every pair of ink and ground that the style sheet and the painters use."""
    colours = {"light": LIGHT, "dark": DARK}[name]
    low = [
        f"{ink} on {ground}: {found:.2f} < {least}"
        for ink, ground, least in PAIRS
        if (found := contrast(colours[ink], colours[ground])) < least
    ]
    assert not low


def test_the_reckoning_of_contrast() -> None:
    """Black on white is 21, a colour on itself is 1."""
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#27607F", "#27607F") == pytest.approx(1)


def test_both_themes_have_the_same_colours(qapp: QApplication) -> None:
    """No colour is missing in one of them, and no two themes are alike."""
    assert LIGHT.keys() == DARK.keys()
    assert Theme(dark=True).colour("bg") != Theme().colour("bg")
