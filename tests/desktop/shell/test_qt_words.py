"""Qt's own dialogs speak Chinese too."""

import re
from pathlib import Path

from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton, QToolButton, QWidget

from desktop.window.app import application


def test_the_file_dialog_of_a_system_without_one_has_no_english_word(tmp_path: Path) -> None:
    """On Linux Qt shows its own; two of its labels have no Chinese in Qt 6.11."""
    application()
    dialog = QFileDialog(None, "打开", str(tmp_path), "表格 (*.xlsx)")
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.show()
    QApplication.processEvents()
    words = [
        words
        for widget in dialog.findChildren(QWidget)
        for words in (widget.text() if isinstance(widget, QLabel | QPushButton | QToolButton) else "", widget.toolTip())
        if words
    ]
    dialog.close()
    assert len(words) > 6
    assert [w for w in words if re.search("[A-Za-z]{3}", w)] == []
