"""Under the settings: the backups that this computer knows of, and what each of them lacks."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from desktop.services.backups import Choice, choices
from desktop.shell.desk import Desk
from desktop.shell.empty_sheet import EmptySheet
from desktop.shell.widgets import Elided, button, card, label, row
from desktop.tables.record_model import TableView
from desktop.tables.text_model import Column, TextTable


def _since(choice: Choice) -> str:
    return "" if choice.later is None else f"{choice.later:,} 次" if choice.later else "没有"


def _attached(choice: Choice) -> str:
    if choice.backup.database_only:  # made before an import
        return "不含，用现有的"
    lacking = choice.lacking + len(choice.backup.missing)
    return f"缺 {lacking:,} 个" if lacking else "齐全"


COLUMNS: tuple[Column[Choice], ...] = (
    Column("备份时间", lambda c: f"{c.backup.made_at:%Y-%m-%d %H:%M}"),
    Column("单位", lambda c: c.backup.office),
    Column("队伍", lambda c: f"{c.backup.counts.get('team', 0):,} 支", right=True),
    Column("志愿者", lambda c: f"{c.backup.counts.get('volunteer', 0):,} 人", right=True),
    Column("备份之后的操作", _since, right=True),
    Column("附件", _attached),
    Column("文件", lambda c: c.backup.path.name),
    Column("所在文件夹", lambda c: str(c.backup.path.parent)),
)
_WIDTHS = (18, 24, 10, 10, 16, 14, 34, 40)


class BackupList(QWidget):
    """The newest on top; the one chosen can be restored."""

    def __init__(self, desk: Desk, restore: Callable[[Path], None]) -> None:
        super().__init__()
        self.desk = desk
        self.setObjectName("plain")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(8)
        self.restore_button = button(
            desk.theme, "恢复选中的这一份", "undo", "", "台账回到那时的样子，恢复前会再问一次",
            lambda: restore(self.chosen()),
        )  # fmt: skip
        again = button(desk.theme, "重新查找", "refresh", "", "插上 U 盘以后再找一遍", self.load)
        words, told = (
            label("这台电脑上的备份", "heading"),
            Elided("新的在上；另放在 U 盘等处的，插上后也列在这里", "hint"),
        )
        head = row(words, told, self.restore_button, again)
        head.setStretch(1, 1)
        outer.addLayout(head)
        self.model = TextTable(COLUMNS, self)
        self.view = TableView(desk.theme, "这台电脑上的备份", 34)
        self.view.setModel(self.model)
        self.view.setSelectionMode(self.view.SelectionMode.SingleSelection)
        for column, units in enumerate(_WIDTHS):
            self.view.show_width(column, units)
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._allow())
        frame, inside = card((1, 1, 1, 1), 0)
        inside.addWidget(self.view)
        self.stack = QStackedWidget()
        self.stack.addWidget(frame)
        self.stack.addWidget(EmptySheet(
            desk.theme, "还没有找到备份", "点上面的“立即备份到…”先做一份；每天第一次打开时也会自动做一份。",
            headings=[column.heading for column in COLUMNS],
        ))  # fmt: skip
        self.stack.setCurrentIndex(1)
        outer.addWidget(self.stack, 1)
        self._size()
        desk.theme.changed.connect(self._size)
        self._allow()

    def _size(self) -> None:
        self.stack.setMinimumHeight(self.desk.theme.px(150))

    def load(self) -> None:
        """Look for backups beside all other work: a stick or a share may answer slowly."""
        if (ledger := self.desk.jobs.store_path) is not None:
            self.desk.jobs.beside(lambda: choices(ledger), self._show, lambda _: self._show([]))

    def _show(self, found: list[Choice]) -> None:
        self.model.set_rows(found)
        self.stack.setCurrentIndex(0 if found else 1)
        if found:
            self.view.selectRow(0)
        self._allow()

    def chosen(self) -> Path:
        """Return the file of the backup chosen."""
        return self.model.rows[self.view.currentIndex().row()].backup.path

    def _allow(self) -> None:
        self.restore_button.setEnabled(self.view.currentIndex().isValid() and not self.desk.read_only)
