"""Texts that look like markup are shown as they stand: no picture of theirs is ever asked for."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from desktop.shell.theme import Theme
from desktop.shell.widgets import Elided, label, tag

# Bold and large, so that what is rendered has another size than what is shown as it stands.
HOSTILE = '<b>水上救援队</b><br><br><br><img src="file:///nowhere/canary.png" width="900" height="700">'


def labels_of(app: QApplication) -> list[QLabel]:
    """Every label there is, also those that Qt makes for tips."""
    return [w for w in app.allWidgets() if isinstance(w, QLabel) and "canary" in w.text()]


@pytest.fixture(autouse=True)
def _no_tip_left() -> Iterator[None]:
    yield
    QToolTip.hideText()


def test_a_tip_is_shown_as_it_stands(qtbot: QtBot, qapp: QApplication) -> None:
    """Whoever shows it: the label that Qt makes for it is plain before it is laid out."""
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    QToolTip.showText(QPoint(10, 10), HOSTILE, widget)
    (made,) = labels_of(qapp)
    assert made.textFormat() == Qt.TextFormat.PlainText
    assert made.height() < 700


def test_a_message_box_is_shown_as_it_stands(qtbot: QtBot, qapp: QApplication) -> None:
    """The words of a box, and those under them."""
    box = QMessageBox(QMessageBox.Icon.NoIcon, "博爱台账", HOSTILE)
    box.setInformativeText(HOSTILE)
    qtbot.addWidget(box)
    box.show()
    found = labels_of(qapp)
    assert len(found) == 2
    assert {made.textFormat() for made in found} == {Qt.TextFormat.PlainText}
    assert box.height() < 700


def test_a_label_is_shown_as_it_stands(qtbot: QtBot) -> None:
    """Ours, Qt's own, and one whose text comes after it was shown."""
    bare, late = QLabel(HOSTILE), QLabel()
    for made in (bare, late, label(HOSTILE), Elided(HOSTILE), tag(Theme(), "met")):
        qtbot.addWidget(made)
        made.show()
    late.setText(HOSTILE)
    assert bare.sizeHint().height() < 700
    assert late.sizeHint().height() < 700
    assert bare.textFormat() == late.textFormat() == Qt.TextFormat.PlainText


def test_the_pictures_of_a_label_would_be_asked_for(qtbot: QtBot) -> None:
    """The control: left to its guess the same text is rendered, in the size that it asks for."""
    bare = QLabel(HOSTILE)
    qtbot.addWidget(bare)
    bare.show()
    bare.setTextFormat(Qt.TextFormat.AutoText)
    assert bare.sizeHint().height() >= 700
