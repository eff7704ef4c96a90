"""操作历史: every operation, what it changed (numbers masked), and taking any of them back."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QFont, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QHeaderView, QLineEdit, QPlainTextEdit, QVBoxLayout

from db.records.entities import BY_NAME
from db.records.fields import Field
from db.records.kinds import Date, Invalid, is_blank
from db.storage import history
from db.storage.store import Store
from desktop.services.row_index import Names, ref_titles
from desktop.shell.desk import Desk
from desktop.shell.page import Page
from desktop.shell.widgets import button, card, label, magnifier, row, rule, shortcut
from desktop.tables.line_editors import DateEditor
from desktop.tables.record_model import TableView
from desktop.tables.text_model import Column, TextTable

SHOWN = 40  # changes of one operation that are spelled out


def state(line: Mapping[str, Any]) -> tuple[str, str]:
    """Return the word and tone for an operation."""
    if line["kind"] == "do":
        return ("已撤销", "calm") if line["undone"] else ("已保存", "good")
    return {"undo": ("撤销", "info"), "redo": ("重做", "info")}.get(line["kind"], ("记录", "calm"))


def _when(line: Mapping[str, Any]) -> str:
    return dt.datetime.fromisoformat(line["at"]).astimezone().strftime("%Y-%m-%d %H:%M")


COLUMNS: tuple[Column[dict[str, Any]], ...] = (
    Column("操作", lambda line: str(line["title"])),
    Column("操作人", lambda line: str(line["actor"])),
    Column("时间", _when),
    Column("变动", lambda line: f"{line['changes']:,} 条"),
    Column("状态", lambda line: state(line)[0], tone=lambda line: state(line)[1]),
)


_KINDS = (
    ("各种操作", ("do", "undo", "redo", "event")), ("改动", ("do",)), ("撤销和重做", ("undo", "redo")),
    ("导出、备份等记录", ("event",)),
)  # fmt: skip

# What the program keeps for itself; its columns would say nothing to a person.
_REMEMBERED = {
    "column_mapping": "记住了这种表格的列怎么对应，下次导入自动照办",
    "template_binding": "记住了这份模板的格子怎么对应，下次填表自动照办",
}


def in_words(store: Store, operation_id: int) -> list[tuple[str, list[str]]]:
    """Return each change of an operation as a heading and its lines; numbers of people masked."""
    found: list[tuple[str, list[str]]] = []
    titles: dict[str, dict[str, Names]] = {}
    for change in history.changes_of(store.db, operation_id, SHOWN):
        entity = BY_NAME.get(change["record"])
        if entity is None:
            continue
        if entity.name in _REMEMBERED:
            found.append((_REMEMBERED[entity.name], []))
            continue
        known = titles.setdefault(entity.name, ref_titles(store, entity))
        before, after = change["before"] or {}, change["after"] or {}
        verb = "新增" if not before else "删除" if not after else "修改"
        f = entity[entity.title]
        name = f.show((after or before).get(f.name), known.get(f.name))
        lines = []
        for f in entity.fields:
            old, new = (f.show(side.get(f.name), known.get(f.name)) for side in (before, after))
            if before and after and before.get(f.name) != after.get(f.name):
                lines.append(f"{f.label}：{old or '（空）'} → {new or '（空）'}")
            elif not (before and after) and (old or new):
                lines.append(f"{f.label}：{old or new}")
        found.append((f"{verb}{entity.label}　{name}", lines))
    return found


class HistoryPage(Page):
    """The list of operations and, beside it, the changes of one."""

    key, title, icon, group = "history", "操作历史", "history", "工具"
    hint = "选中一条可看改了什么；“撤销这次操作”把它改回去"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 0, 20, 12)
        whole.setSpacing(10)
        whole.addLayout(self._filters())
        layout = QHBoxLayout()
        layout.setSpacing(12)
        whole.addLayout(layout, 1)
        self._is_narrow = False
        self.model = TextTable(COLUMNS, self)
        self.view = TableView(self.theme, "操作历史", 35)
        self.view.setModel(self.model)
        self.view.horizontalHeader().setStretchLastSection(False)
        self.view.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.view.setSelectionMode(self.view.SelectionMode.SingleSelection)
        self.view.selectionModel().currentRowChanged.connect(lambda *_: self._choose())
        frame, inside = card((1, 1, 1, 1), 0)
        inside.addWidget(self.view)
        layout.addWidget(frame, 1)
        self.panel, inner = card((0, 0, 0, 0), 0)
        head = QVBoxLayout()
        head.setContentsMargins(18, 14, 18, 10)
        head.setSpacing(8)
        self.name, self.note = label("", "heading", wrap=True), label("", "hint", wrap=True)
        self.back = button(
            self.theme, "撤销这次操作", "undo", "", "把这次操作改回去，后来的操作不受影响", self.take_back
        )
        for widget in (self.name, self.note, self.back):
            head.addWidget(widget)
        inner.addLayout(head)
        inner.addWidget(rule())
        self.changes = QPlainTextEdit()  # one text: hundreds of wrapped labels would not find their heights in time
        self.changes.setReadOnly(True)
        self.changes.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.changes.setAccessibleName("这次操作的变动")
        self.changes.document().setDocumentMargin(self.theme.px(14))
        inner.addWidget(self.changes, 1)
        layout.addWidget(self.panel)
        self._size()
        self.theme.changed.connect(self._size)

    def _filters(self) -> QHBoxLayout:
        """What is looked for, by whom, of which kind and on which day."""
        self.find_box = QLineEdit()
        self.find_box.setPlaceholderText("查找：操作、队伍，或志愿者姓名")
        self.find_box.setAccessibleName("在操作历史中查找")
        self.find_box.setClearButtonEnabled(True)
        magnifier(self.theme, self.find_box)
        self.by, self.kind = QComboBox(), QComboBox()
        self.by.setAccessibleName("操作人")
        self.by.addItem("所有人", None)
        self.kind.setAccessibleName("哪种操作")
        for words, kinds in _KINDS:
            self.kind.addItem(words, kinds)
        self.day = DateEditor(Field("at", "哪一天", Date()), self.theme, self.desk.today)
        self.day.setPlaceholderText("哪一天")
        self.day.setFixedWidth(self.theme.px(124))
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(200)
        self._typing.timeout.connect(self.load)
        for changed in (self.find_box.textChanged, self.by.currentIndexChanged, self.kind.currentIndexChanged,
                        self.day.textChanged):  # fmt: skip
            changed.connect(lambda *_: self._typing.start())
        shortcut("Ctrl+F", self, self.find_box.setFocus)
        line = row(self.find_box, self.by, self.kind, self.day, spacing=6)
        line.setStretch(0, 1)
        return line

    def asked(self) -> history.Asked:
        """Return which operations are wanted; a day that cannot be read bounds nothing."""
        since = until = ""
        try:
            if not is_blank(self.day.cell()):
                begin = dt.datetime.fromisoformat(str(Date().parse(self.day.cell()))).astimezone()
                since, until = (
                    at.astimezone(dt.UTC).isoformat(timespec="seconds") for at in (begin, begin + dt.timedelta(days=1))
                )
        except Invalid:
            pass
        return history.Asked(
            self.find_box.text(), self.by.currentData(), tuple(self.kind.currentData()), since, until
        )  # fmt: skip

    def _size(self) -> None:
        self.panel.setFixedWidth(self.theme.px(290 if self._is_narrow else 360))
        for column, width in enumerate((340, 78, 138, 76, 98) if self._is_narrow else (340, 90, 150, 84, 104)):
            self.view.setColumnWidth(column, self.theme.px(width))
        for column in (1, 3):  # who and how much: said beside the changes where there is no room
            self.view.setColumnHidden(column, self._is_narrow)

    def narrow(self, narrow: bool) -> None:
        """A narrow window leaves the changes less room: what was done must be readable."""
        self._is_narrow = narrow
        self._size()

    def load(self) -> None:
        """Read the operations."""
        asked = self.asked()
        self.jobs.read(
            lambda store: (history.trail(store.db, asked=asked), history.actors(store.db)), self._show, key=self
        )

    def _show(self, found: tuple[list[dict[str, Any]], list[str]]) -> None:
        lines, names = found
        for name in names:
            if self.by.findData(name) < 0:
                self.by.addItem(name, name)
        self.model.set_rows(lines)
        limited = self.asked() != history.Asked(kinds=_KINDS[0][1])
        none = "没有符合条件的操作" if limited else "还没有操作"
        self.tell(f"{'找到' if limited else '最近'} {len(lines):,} 次操作，都可以查看，多数可以撤销" if lines else none)
        if lines:
            self.view.selectRow(0)
        self._choose()

    def _line(self) -> dict[str, Any] | None:
        index = self.view.currentIndex()
        return self.model.rows[index.row()] if index.isValid() and index.row() < len(self.model.rows) else None

    def _choose(self) -> None:
        line = self._line()
        self.changes.clear()
        self.back.setVisible(line is not None and line["kind"] == "do" and not line["undone"] and line["changes"] > 0)
        self.name.setText(line["title"] if line else "没有选中操作")
        parts = (
            [line["detail"], *([line["actor"], f"变动 {line['changes']:,} 条"] if self._is_narrow else ())]
            if line
            else []
        )
        self.note.setText("　".join(part for part in parts if part))
        self.note.setVisible(bool(self.note.text()))
        if line is not None and line["changes"]:
            number = line["id"]
            self.jobs.read(lambda store: (number, line["changes"], in_words(store, number)), self._spell)

    def _spell(self, found: tuple[int, int, list[tuple[str, list[str]]]]) -> None:
        number, total, changes = found
        line = self._line()
        if line is None or line["id"] != number:
            return
        strong, plain = QTextCharFormat(), QTextCharFormat()
        strong.setFontWeight(QFont.Weight.DemiBold)
        plain.setForeground(self.theme.colour("text2"))
        self.changes.clear()
        cursor = self.changes.textCursor()
        for i, (head, lines) in enumerate(changes):
            cursor.insertText(("\n" if i else "") + head + "\n", strong)
            cursor.insertText("".join(f"{line}\n" for line in lines), plain)
        if total > len(changes):
            cursor.insertText(f"\n另有 {total - len(changes):,} 条变动没有列出", plain)
        self.changes.moveCursor(QTextCursor.MoveOperation.Start)

    def take_back(self) -> None:
        """Undo the operation chosen."""
        if (line := self._line()) is not None:
            self.jobs.undo(line["id"], lambda operation: self.desk.say(f"已{operation.title}"))
