"""查重: people who may stand in the ledger twice, side by side; merged into one, or told apart for good."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from db.records.entities import VOLUNTEER
from db.records.fields import Row
from db.storage.store import Store
from db.tasks.duplicates import Group, groups, tell_apart
from db.tasks.merging import merge, merged_values
from desktop.shell.desk import Desk
from desktop.shell.page import Page
from desktop.shell.widgets import button, card, label, row
from desktop.tables.cell_drawing import CellDelegate
from desktop.tables.record_model import TableView
from desktop.tables.text_model import Column, TextTable

Index = QModelIndex | QPersistentModelIndex
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
MARK = int(Qt.ItemDataRole.UserRole) + 20


class CompareModel(QAbstractTableModel):
    """The fields of a group's people side by side, and what the merged one will have."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.group: Group | None = None
        self.keep = 0  # which of the people is kept
        self.values: Row = {}
        self.lines: list[str] = []

    def show_group(self, group: Group | None) -> None:
        """Show a group; the one with most links is kept unless a person chooses another."""
        self.group = group
        self.keep = 0
        if group is not None:
            longest = [len(str(r["id_number"])) == 18 for r in group.rows]
            self.keep = max(range(len(group.rows)), key=lambda n: (longest[n], group.links[n], -n))
        self.keep_person(self.keep)

    def keep_person(self, which: int) -> None:
        """Keep this one; the others' fields only fill its blanks."""
        self.beginResetModel()
        self.keep, self.values, self.lines = which, {}, []
        if self.group is not None:
            rows = self.group.rows
            self.values = merged_values(rows[which], [r for n, r in enumerate(rows) if n != which])
            self.lines = [f.name for f in VOLUNTEER.fields if any(r[f.name] is not None for r in rows)]
        self.endResetModel()

    def take(self, index: Index) -> None:
        """Let the merged person have this value."""
        if self.group is None or not 1 <= index.column() <= len(self.group.rows) or index.row() >= len(self.lines):
            return
        name = self.lines[index.row()]
        chosen = self.group.rows[index.column() - 1]
        names = ("id_type", "id_number", "sex", "birth_date") if name in ("id_type", "id_number") else (name,)
        for each in names:  # what follows from the number goes with it
            self.values[each] = chosen[each]
        self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """The fields that anybody has, and the number of links."""
        return 0 if parent.isValid() or self.group is None else len(self.lines) + 1

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        """The field, the people, the merged one."""
        return 0 if parent.isValid() else 2 + (len(self.group.rows) if self.group is not None else 0)

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        """Return a value as text; what differs is marked, and what is taken."""
        group = self.group
        if not index.isValid() or group is None:
            return None
        at, column = index.row(), index.column()
        last = column == len(group.rows) + 1
        if at == len(self.lines):
            texts = ["相关记录", *(f"{n:,} 条" for n in group.links), f"{sum(group.links):,} 条"]
            return texts[column] if role in (_DISPLAY, Qt.ItemDataRole.ToolTipRole) else None
        f = VOLUNTEER[self.lines[at]]
        if column == 0:
            return f.label if role == _DISPLAY else None
        value = self.values[f.name] if last else group.rows[column - 1][f.name]
        if role in (_DISPLAY, Qt.ItemDataRole.ToolTipRole):
            return f.show(value) or "—"
        if role == MARK and not last:
            differs = len({r[f.name] for r in group.rows}) > 1
            return ("good" if value == self.values[f.name] else "calm") if differs and value is not None else None
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        """Return who stands in a column."""
        if orientation != Qt.Orientation.Horizontal or role != _DISPLAY or self.group is None:
            return None
        if section == 0:
            return "项目"
        if section > len(self.group.rows):
            return "合并以后"
        return f"第 {section} 份{'（保留）' if section - 1 == self.keep else ''}"


class _Compared(CellDelegate):
    """Green behind what is taken, grey behind what is not."""

    def ground(self, index: Index) -> str:
        """Return the colour behind a cell."""
        mark = index.data(MARK)
        return f"{mark}_bg" if mark else "surface"


class _CompareView(TableView):
    def make_delegate(self, row_height: int) -> CellDelegate:
        """Return what draws the cells."""
        return _Compared(self.theme, row_height, self)


def _names(group: Group) -> str:
    return "、".join(dict.fromkeys(str(r["name"]) for r in group.rows))


COLUMNS: tuple[Column[Group], ...] = (Column("姓名", _names), Column("为什么", lambda g: g.why))


class DuplicatesPage(Page):
    """Groups at the left, one of them side by side at the right."""

    key, title, icon, group = "duplicates", "查重", "copy", "工具"
    tables = frozenset({"volunteer", "membership", "attendance", "coverage", "service_record", "distinct_pair"})
    hint = "合并和“不是同一人”都可以撤销"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.groups: list[Group] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 0, 20, 12)
        self.stack = QStackedWidget()
        empty, inside = card((24, 24, 24, 24))
        self.nothing = label("没有发现重复的志愿者。", "heading")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        more = label("同一个人有两份档案时（号码相同、姓名和出生日期相同、手机相同），会列在这里。", "dim", wrap=True)
        more.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inside.addStretch(1)
        inside.addWidget(self.nothing)
        inside.addWidget(more)
        inside.addStretch(1)
        self.stack.addWidget(empty)
        whole = QWidget()
        whole.setObjectName("plain")
        line = QHBoxLayout(whole)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        self.left, inside = card((1, 1, 1, 1), 0)
        self.lines = TextTable(COLUMNS, self)
        self.list = TableView(self.theme, "可能重复的人", 36)
        self.list.setModel(self.lines)
        self.list.selectionModel().currentChanged.connect(lambda *_: self._show_group())
        inside.addWidget(self.list)
        line.addWidget(self.left)
        line.addWidget(self._right(), 1)
        self.stack.addWidget(whole)
        layout.addWidget(self.stack)
        self._size()
        self.theme.changed.connect(self._size)

    def _right(self) -> QWidget:
        made, inside = card((1, 12, 1, 10), 8)
        self.head = label("", "heading")
        self.why = label("", "dim", wrap=True)
        top = QVBoxLayout()
        top.setContentsMargins(15, 0, 14, 0)
        top.setSpacing(2)
        top.addWidget(self.head)
        top.addWidget(self.why)
        inside.addLayout(top)
        self.model = CompareModel(self)
        self.view = _CompareView(self.theme, "逐项比较", 34)
        self.view.setModel(self.model)
        self.view.setSelectionBehavior(TableView.SelectionBehavior.SelectItems)
        self.view.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.view.clicked.connect(self.model.take)
        self.view.opened.connect(lambda: self.model.take(self.view.currentIndex()))
        inside.addWidget(self.view, 1)
        self.other = button(
            self.theme, "换一份保留", "refresh", "", "保留另一份档案，其余的并进去", self._keep_next
        )  # fmt: skip
        self.apart = button(self.theme, "不是同一人", "", "", "记住他们是不同的人，以后不再提示", self.tell_apart)
        self.go = button(self.theme, "合并成一个人", "tick", "primary", "", self.merge)
        self.words = label(
            "点一格，就用那一格的内容。队员、参训、保险、服务记录都会跟过去，一条不丢。", "dim", wrap=True
        )
        line = row(self.words, self.other, self.apart, self.go)
        line.setStretch(0, 1)
        line.setContentsMargins(15, 0, 14, 0)
        inside.addLayout(line)
        return made

    def _size(self) -> None:
        self.left.setFixedWidth(self.theme.px(330))
        self.list.setColumnWidth(0, self.theme.px(120))
        self._fit()

    def _fit(self) -> None:
        self.view.setColumnWidth(0, self.theme.px(120))
        for n in range(1, self.model.columnCount()):
            self.view.setColumnWidth(n, self.theme.px(178))

    def load(self) -> None:
        """Look for people who may be one."""
        self.jobs.read(groups, self._show)

    def _show(self, found: list[Group]) -> None:
        at = self.list.currentIndex().row()
        self.groups = found
        self.stack.setCurrentIndex(1 if found else 0)
        self.tell(f"{len(found):,} 组可能是同一个人" if found else "没有发现重复")
        self.lines.set_rows(found)
        if found:
            self.list.setCurrentIndex(self.lines.index(min(max(at, 0), len(found) - 1), 0))
        self._show_group()

    @property
    def shown(self) -> Group | None:
        """The group that is shown."""
        at = self.list.currentIndex().row()
        return self.groups[at] if 0 <= at < len(self.groups) else None

    def _show_group(self) -> None:
        group = self.shown
        self.model.show_group(group)
        self._fit()
        if group is None:
            return
        names = _names(group)
        self.head.setText(f"{names}：{len(group.rows)} 份档案")
        self.why.setText(f"{group.why}。是不是同一个人，请您决定。")

    def _keep_next(self) -> None:
        if self.shown is not None:
            self.model.keep_person((self.model.keep + 1) % len(self.shown.rows))

    def merge(self) -> None:
        """Make the people of the group one, as one operation."""
        group, keep = self.shown, self.model.keep
        if group is None:
            return
        ids = [int(r["id"] or 0) for r in group.rows]
        values = {n: v for n, v in self.model.values.items() if n != "id"}
        self.go.setEnabled(False)

        def work(store: Store) -> list[str]:
            return merge(store, ids[keep], [i for n, i in enumerate(ids) if n != keep], values)

        self.jobs.write(f"合并志愿者：{group.rows[keep]['name']}", work, self._merged, self._failed)

    def _merged(self, said: list[str]) -> None:
        self.go.setEnabled(True)
        self.words.setText("；".join(said) + "。" if said else "已合并，所有记录都跟了过来。")

    def _failed(self, error: Exception) -> None:
        self.go.setEnabled(True)
        self.desk.complain(error)

    def tell_apart(self) -> None:
        """Remember that the people of the group are different ones."""
        group, today = self.shown, self.desk.today
        if group is None:
            return
        ids = [int(r["id"] or 0) for r in group.rows]
        self.jobs.write("确认不是同一人", lambda store: tell_apart(store, ids, today))
