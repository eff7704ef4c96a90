"""Before many cells change: what would change and what is wrong with it; and one value for many rows."""

import datetime as dt
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QStackedWidget, QVBoxLayout, QWidget

from db.records.fields import Entity
from db.records.kinds import Cell, Invalid
from desktop.services.cell_changes import value_of
from desktop.services.row_index import Titles
from desktop.shell.theme import Theme
from desktop.shell.widgets import button, label, resize_within, row
from desktop.tables.editors import ChoicesEditor, Editor, RefEditor, editor
from desktop.tables.record_model import TableView
from desktop.tables.text_model import Column, TextTable

Line = tuple[str, ...]
SHOWN_LINES = 500


def _column(heading: str, place: int) -> Column[Line]:
    """A column of lines of text; the first is drawn as a tag where it says 错误 or 提醒."""
    tone = (lambda line: {"错误": "bad", "提醒": "warn"}.get(line[0])) if place == 0 else None
    return Column(heading, lambda line: line[place], tone=tone)


class PreviewDialog(QDialog):
    """Says what would be written, what would not and why; its button carries the count."""

    def __init__(
        self, parent: QWidget, theme: Theme, head: str, words: str, headings: Line, widths: tuple[int, ...],
        lines: Sequence[Line], go: str, total: int = 0,
    ) -> None:  # fmt: skip
        """`total`: how many lines there are in all, where `lines` are the first ones."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("写入前核对")
        resize_within(self, parent, theme.px(840), theme.px(460))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 16)
        layout.setSpacing(10)
        self.head = label(head, "heading", wrap=True)
        self.words = label(words, "dim", wrap=True)
        columns = [_column(heading, place) for place, heading in enumerate(headings)]
        self.lines = TextTable(columns, self, lines[:SHOWN_LINES])
        self.view = TableView(theme, "将要写入的内容和问题", 34)
        self.view.setModel(self.lines)
        for column, units in enumerate(widths):
            self.view.show_width(column, units)
        layout.addWidget(self.head)
        if words:
            layout.addWidget(self.words)
        layout.addWidget(self.view, 1)
        if (every := max(total, len(lines))) > SHOWN_LINES:
            layout.addWidget(label(f"只列出前 {SHOWN_LINES} 行，共 {every:,} 行。", "hint"))
        self.go = button(theme, go or "没有可以写入的", "", "primary", "", self.accept)
        self.go.setEnabled(bool(go))
        self.go.setDefault(True)
        self.view.opened.connect(self.go.click)  # Enter, also while the list has the keys
        layout.addLayout(row(label("写入后可以用 Ctrl+Z 一次撤销。", "hint"), None,
                             button(theme, "取消", "", "", "什么也不写入（Esc）", self.reject), self.go))  # fmt: skip
        (self.go if go else self.view).setFocus()


class BatchDialog(QDialog):
    """批量修改: one field, one value, all the rows chosen."""

    asked = Signal(str, object)  # field, cell

    def __init__(
        self, parent: QWidget, theme: Theme, entity: Entity, titles: Titles, count: str, first: str, today: dt.date
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("批量修改")
        self.setMinimumWidth(theme.px(400))
        self.entity, self.theme, self.titles, self.today = entity, theme, titles, today
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 16)
        layout.setSpacing(8)
        layout.addWidget(label(f"把所选的 {count}改成同一个内容", "heading"))
        self.fields = QComboBox()
        self.fields.setAccessibleName("修改哪一项")
        self.fields.setMaxVisibleItems(16)
        for f in entity.fields:
            self.fields.addItem(f.label, f.name)
        self.places = QStackedWidget()
        self.editors: dict[str, Editor] = {}
        self.error = label("", "error", wrap=True)
        self.error.hide()
        layout.addWidget(label("修改哪一项", "dim"))
        layout.addWidget(self.fields)
        layout.addWidget(label("改成（空着就是清空）", "dim"))
        layout.addWidget(self.places)
        layout.addWidget(self.error)
        self.go = button(theme, f"修改 {count}", "", "primary", "", self.take)
        self.go.setDefault(True)
        layout.addSpacing(6)
        layout.addLayout(row(None, button(theme, "取消", "", "", "", self.reject), self.go))
        self.fields.currentIndexChanged.connect(lambda _: self._turn())
        self.fields.setCurrentIndex(max(0, self.fields.findData(first)))
        self._turn()

    def _turn(self) -> None:
        name = str(self.fields.currentData())
        if name not in self.editors:
            made = self.editors[name] = editor(self.entity[name], self.theme, self.today)
            if name in self.titles and isinstance(made, RefEditor | ChoicesEditor):
                made.set_titles(self.titles[name])
            made.set_value(None)
            made.edited.connect(self.error.hide)
            self.places.addWidget(made)
        self.places.setCurrentWidget(self.editors[name])
        self.error.hide()

    def cell(self) -> Cell:
        """Return what the rows are to hold."""
        return self.editors[str(self.fields.currentData())].cell()

    def take(self) -> None:
        """Hand over field and value, or say why the value cannot be taken."""
        f = self.entity[str(self.fields.currentData())]
        try:
            value = value_of(f, self.cell())
        except Invalid as error:
            self._say(str(error))
            return
        if value is None and f.required:
            self._say(f"“{f.label}”必须填写，不能清空")
            return
        self.accept()
        self.asked.emit(f.name, self.cell())

    def _say(self, reason: str) -> None:
        self.error.setText(reason)
        self.error.show()
