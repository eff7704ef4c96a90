"""The card of a start: there before the program is loaded, gone when a window is, and nothing is left undone by it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from desktop.__main__ import asks_for_window
from desktop.shell import splash

ROOT = Path(__file__).parents[3]


def test_it_is_drawn_and_goes_when_a_window_is_shown(qapp: QApplication, qtbot: QtBot) -> None:
    """It comes without a turn of the event loop, since none is run while the program is loaded."""
    card = splash.show()
    assert card.is_drawn
    assert card.isVisible()
    dialog = QDialog()
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: not card.isVisible())
    assert dialog.isVisible()


@pytest.mark.parametrize(("line", "wanted"), [
    ([], True), (["--db", "a.boai-db"], True), (["--db=a.boai-db"], True), (["open", "甲.boai"], True),
    (["D:\\甲.BOAI-DB"], True), (["甲.boai-backup"], True), (["check", "--as-of", "2026-09-30"], False),
    (["--help"], False), (["--db", "a.boai-db", "verify"], False), (["demo"], False), (["甲.xlsx"], False),
])  # fmt: skip
def test_which_starts_have_it(line: list[str], *, wanted: bool) -> None:
    """A command that prints its answer shows no card."""
    assert asks_for_window(line) == wanted


def _said(program: str) -> str:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    ).stdout.strip()


def test_the_program_is_loaded_after_it() -> None:
    """What takes a start's time comes later: the database, the readers of workbooks, the pages, the parser's commands."""
    loaded = _said(
        "import sys\nfrom desktop import __main__\nfrom desktop.shell import splash\n"
        "def show(): print(*sorted(sys.modules)); sys.exit()\n"
        "sys.argv = ['boai']\nsplash.show = show\n__main__.run()"
    ).split()
    assert "desktop.shell.splash" in loaded
    late = ("sqlite_utils", "cryptography", "openpyxl", "reportlab", "db.storage", "forms", "desktop.cli")
    assert not [m for m in loaded if m in late or m.startswith("desktop.pages")]


def test_an_application_made_for_it_gets_its_style_and_words() -> None:
    """As one that the window makes for itself."""
    looked = (
        "from desktop.window.app import application\nfrom PySide6.QtWidgets import QMessageBox\napp = application()\n"
        "box = QMessageBox(QMessageBox.Icon.NoIcon, '', '', QMessageBox.StandardButton.Cancel)\n"
        "print(type(app.style()).__name__, box.buttons()[0].text())"
    )
    assert _said("from desktop.shell import splash\ncard = splash.show()\n" + looked) == _said(looked)
