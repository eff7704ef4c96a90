"""关于: the version, and the licence of every part of the program, with its text."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QVBoxLayout

import resources
from desktop.pages.system.updates import UpdateDialog
from desktop.services import licences
from desktop.shell.desk import Desk
from desktop.shell.flat_lists import flat_list
from desktop.shell.widgets import button, label, row

_OVERVIEW = "各部分的许可"


class AboutDialog(QDialog):
    """What the program is, and of what it is made."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("关于博爱台账")
        desk.fit(self, 760, 520)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        mark = label()
        mark.setPixmap(desk.theme.pixmap("mark", "text", desk.theme.px(36), self.devicePixelRatioF()))
        names = QVBoxLayout()
        names.setSpacing(1)
        names.addWidget(label("博爱台账", "title"))
        names.addWidget(label(f"第 {resources.VERSION} 版　数据只存在这台电脑上", "hint", selectable=True))
        head = row(mark, spacing=12)
        head.addLayout(names, 1)
        column.addLayout(head)
        words = "程序以 MIT 许可发布，使用下列组件，各按自己的许可发布。Qt 的库在程序的文件夹里，可以换成自己编译的。"
        column.addWidget(label(words, "dim", wrap=True))
        self.desk = desk
        self.parts = {part.name: part for part in licences.parts()}
        self.list = flat_list(desk.theme)
        self.list.setAccessibleName("组成部分")
        self.list.setFixedWidth(desk.theme.px(200))
        self.list.addItems([_OVERVIEW, *self.parts])
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName("许可")
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        middle = row(self.list, self.text, spacing=8)
        middle.setStretch(1, 1)
        column.addLayout(middle, 1)
        close = button(desk.theme, "关闭", "", "", "", self.close)
        look = button(desk.theme, "检查更新…", "refresh", "", "不设位置就不检查", self.look_for_update)
        for made in (look, close):
            made.setAutoDefault(False)
        column.addLayout(row(look, None, close))
        self.list.currentTextChanged.connect(self._show)
        self.list.setCurrentRow(0)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def look_for_update(self) -> UpdateDialog:
        """Ask where to look for an update."""
        dialog = UpdateDialog(self.desk)
        dialog.open()
        return dialog

    def _show(self, name: str) -> None:
        if name == _OVERVIEW:
            self.text.setPlainText("\n".join(f"{names}\n    {licence}" for names, licence in licences.summary()))
        else:
            self.text.setPlainText(self.parts[name].text())
