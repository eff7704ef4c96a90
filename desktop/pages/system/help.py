"""F1: what the page in view is for, how the usual things are done there, and the keys; the texts are data."""

import tomllib
from functools import cache
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QVBoxLayout

import resources
from desktop.shell.desk import Desk
from desktop.shell.widgets import button, label, row, rule, scrolled


@cache
def texts() -> dict[str, Any]:
    """Return the help of every page, by its key, and the list of ``keys``."""
    return tomllib.loads(resources.path("help.toml").read_text(encoding="utf-8"))


class HelpDialog(QDialog):
    """Help on one page; it can stay open beside the work."""

    def __init__(self, desk: Desk, key: str) -> None:
        super().__init__(desk.window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = desk.names[key]
        self.setWindowTitle(f"帮助 · {title}")
        px = desk.theme.px
        self.resize(px(520), px(560))
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 18, 12, 14)
        area, inner = scrolled("帮助")
        inner.setSpacing(8)
        inner.setContentsMargins(0, 0, 12, 0)
        page = texts().get(key, {})
        inner.addWidget(label(title, "title"))
        inner.addWidget(label(page.get("for", ""), "", wrap=True, selectable=True))
        for line in page.get("how", ()):
            inner.addWidget(label(f"· {line}", "dim", wrap=True, selectable=True))
        inner.addSpacing(4)
        inner.addWidget(rule())
        inner.addWidget(label("快捷键", "heading"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(1, 1)
        for i, entry in enumerate(texts()["keys"]):
            grid.addWidget(label(entry["keys"], "strong"), i, 0)
            grid.addWidget(label(entry["does"], "dim", wrap=True), i, 1)
        inner.addLayout(grid)
        inner.addStretch(1)
        column.addWidget(area)
        close = button(desk.theme, "关闭", "", "", "", self.close)
        column.addLayout(row(None, close))
        close.setFocus()
