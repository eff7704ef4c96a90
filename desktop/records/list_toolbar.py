"""The buttons and the find box over a list."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from desktop.shell.folding import FoldingRow
from desktop.shell.theme import Theme
from desktop.shell.widgets import button, magnifier, rule


class ListToolbar(QWidget):
    """All that a list offers, or in a team's page (`small`) what there is room for; each button says what is asked.

    `extra` are the buttons that only this list has.
    """

    add_asked, edit_asked, delete_asked, paste_asked, import_asked = Signal(), Signal(), Signal(), Signal(), Signal()
    export_asked, print_asked, columns_asked = Signal(), Signal(), Signal()
    quarter_turned = Signal(bool)  # whether only the quarter's rows are wanted
    numbers_turned = Signal(bool)  # whether whole numbers are wanted
    typed = Signal(str)  # what is looked for, a moment after the last key

    def __init__(
        self, theme: Theme, name: str, word: str, extra: Sequence[QPushButton] = (), *, small: bool = False,
        imports: bool = True, quarters: bool = False, numbers: bool = False, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.theme, self.small, self.extra = theme, small, tuple(extra)
        self._widest = 230
        tip = "粘贴从 Excel 复制的内容（Ctrl+V）"
        self.add_button = button(
            theme, f"新增{word}", "add", "" if small else "primary", "新增一条（Ctrl+N）", self.add_asked.emit
        )
        self.edit_button = button(
            theme, "修改", "edit", "", "用表单修改（Enter）；选中多条时批量修改", self.edit_asked.emit
        )
        self.delete_button = button(theme, "删除", "delete", "", "删除所选（Delete），可以撤销", self.delete_asked.emit)
        self.paste_button = button(theme, "粘贴", "paste", "", tip, self.paste_asked.emit)
        self.import_button = button(theme, "导入", "import", "", "从 Excel 导入", self.import_asked.emit)
        self.export_button = button(theme, "导出", "export", "", "导出为 Excel（Ctrl+E）", self.export_asked.emit)
        self.print_button = button(theme, "打印", "print", "", "打印这张表（Ctrl+P）", self.print_asked.emit)
        self.quarter_button = button(theme, "本季度", "calendar", "quiet", "只显示右上角所选季度的记录")
        self.mask_button = button(theme, "显示号码", "eye", "quiet", "显示完整的证件号码和电话")
        self.columns_button = button(theme, "", "columns", "quiet", "列设置：显示哪些列", self.columns_asked.emit)
        for made, turned in ((self.quarter_button, self.quarter_turned), (self.mask_button, self.numbers_turned)):
            made.setCheckable(True)
            made.clicked.connect(turned)
        self.find_box = self._find_box(name)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(60)
        self._typing.timeout.connect(lambda: self.typed.emit(self.find_box.text()))
        self.find_box.textChanged.connect(lambda _: self._typing.start())
        for made, wanted in (
            (self.quarter_button, quarters and not small), (self.mask_button, numbers), (self.import_button, imports),
        ):  # fmt: skip
            if not wanted:
                made.hide()  # never shown before it has a parent: it would flash as a window of its own
        self.row = self._line()
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.row)
        self.size_parts()

    def _find_box(self, name: str) -> QLineEdit:
        made = QLineEdit()
        made.setPlaceholderText("查找" if self.small else "查找：文字或拼音首字母")
        made.setAccessibleName(f"在{name}中查找")
        made.setToolTip("查找：文字或拼音首字母（Ctrl+F）")
        made.setClearButtonEnabled(True)
        magnifier(self.theme, made)
        return made

    def _line(self) -> FoldingRow:
        ends = (self.quarter_button, self.mask_button, self.columns_button, self.find_box)
        if self.small:
            # The same acts in the same order as in the large one; what there is no room for is behind 更多.
            self.import_button.setParent(self)  # a page of its own, for the county
            self.import_button.hide()
            acts = (self.edit_button, self.delete_button, self.paste_button, self.export_button, self.print_button)
            made = FoldingRow(
                self.theme, (self.add_button, *self.extra, *acts, None, *ends),
                (*reversed(acts), self.mask_button, *reversed(self.extra)), 6,
            )  # fmt: skip
        else:
            least = (self.print_button, self.export_button, self.import_button, self.paste_button)
            made = FoldingRow(
                self.theme,
                (self.add_button, *self.extra, self.edit_button, self.delete_button, rule(True), self.paste_button,
                 self.import_button, self.export_button, self.print_button, None, *ends),
                (*least, *reversed(self.extra), self.delete_button, self.edit_button, self.quarter_button, self.mask_button),
            )  # fmt: skip
        made.line.setStretchFactor(self.find_box, 100)  # as wide as it may be, before the gap
        return made

    @property
    def only_quarter(self) -> bool:
        """Whether only the quarter's rows are wanted."""
        return self.quarter_button.isChecked()

    def show_all(self) -> None:
        """Nothing is looked for and no quarter is wanted any more; nobody is told."""
        self.find_box.clear()
        self._typing.stop()
        self.quarter_button.setChecked(False)

    def start_finding(self) -> None:
        """Go to the find box."""
        self.find_box.setFocus()
        self.find_box.selectAll()

    def set_chosen(self, some: bool) -> None:
        """Offer what is done to rows only where some are chosen."""
        self.edit_button.setEnabled(some)
        self.delete_button.setEnabled(some)

    def columns_corner(self) -> QPoint:
        """Return where on the screen 列设置 opens: under its button, right edges flush."""
        return self.columns_button.mapToGlobal(QPoint(self.columns_button.width(), self.columns_button.height() + 2))

    def widen_find(self, widest: int) -> None:
        """Let the find box become so many logical pixels wide."""
        self._widest = widest
        self.size_parts()

    def size_parts(self) -> None:
        """Follow zoom and width: in a narrow place the buttons do without their pictures."""
        px = self.theme.px
        self.find_box.setMinimumWidth(px(70 if self.small else 110))
        self.find_box.setMaximumWidth(px(self._widest))
        size = 0 if 0 < self.width() < px(640 if self.small else 1000) else px(18)  # words before pictures
        worded = (self.add_button, *self.extra, self.edit_button, self.delete_button, self.paste_button)
        for made in (*worded, self.import_button, self.export_button, self.print_button):
            if made.iconSize().width() != size:
                made.setIconSize(QSize(size, size))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow place the buttons do without their pictures."""
        super().resizeEvent(event)
        self.size_parts()
