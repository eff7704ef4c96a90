"""Step 4 of an import: what went in, in figures that add up, with the way back."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout

from db.intake.importer import SheetResult, totals
from db.records.entities import BY_NAME
from desktop.shell.widgets import Page, button, card, label, row
from desktop.tables.record_model import TONE, TableView

if TYPE_CHECKING:
    from desktop.pages.importing.importing import ImportPage


class LinesModel(QAbstractTableModel):
    """A plain table of texts; `tones` marks a column as tags."""

    def __init__(self, headings: tuple[str, ...], parent: Page, tone_column: int = -1) -> None:
        super().__init__(parent)
        self.headings, self.tone_column = headings, tone_column
        self.lines: list[tuple[str, ...]] = []
        self.tones: list[str] = []
        self.right: frozenset[int] = frozenset()

    def set_lines(self, lines: list[tuple[str, ...]], tones: list[str] | None = None) -> None:
        """Show other lines."""
        self.beginResetModel()
        self.lines, self.tones = lines, tones or []
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:
        """How many lines there are."""
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:
        """How many columns there are."""
        return 0 if parent.isValid() else len(self.headings)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return texts, sides and tones."""
        if not index.isValid():
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.lines[index.row()][index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.headings[index.column()]}：{self.lines[index.row()][index.column()]}"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._side(index.column())
        if role == TONE and index.column() == self.tone_column:
            return self.tones[index.row()]
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a column's heading."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.headings):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.headings[section]
        return self._side(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def _side(self, column: int) -> int:
        side = Qt.AlignmentFlag.AlignRight if column in self.right else Qt.AlignmentFlag.AlignLeft
        return int(side | Qt.AlignmentFlag.AlignVCenter)


class Summary(QFrame):
    """Step 4: what went in, adding up."""

    def __init__(self, page: "ImportPage") -> None:
        super().__init__()
        self.page = page
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        top, inside = card((18, 14, 16, 14), 8)
        self.head = label("", "heading", wrap=True)
        self.sum = label("", "dim", wrap=True)
        self.undo = button(page.theme, "撤销这次导入", "undo", "", "整批退回，台账回到导入以前", page.take_back)
        self.save = button(
            page.theme, "下载错误清单（Excel）", "export", "", "没通过的行，改好再导入", page.save_refused
        )
        self.again = button(page.theme, "继续导入", "import", "primary", "", page.reset)
        inside.addWidget(self.head)
        inside.addWidget(self.sum)
        inside.addLayout(row(self.again, self.save, self.undo, None))
        column.addWidget(top)
        made, inside = card((1, 1, 1, 1), 0)
        self.lines = LinesModel(("工作表", "记录", "读到", "新增", "更新", "不变", "未导入", "说明"), page)
        self.lines.right = frozenset({2, 3, 4, 5, 6})
        self.view = TableView(page.theme, "各工作表的结果", 34)
        self.view.setModel(self.lines)
        inside.addWidget(self.view)
        column.addWidget(made, 1)
        self._size()
        page.theme.changed.connect(self._size)

    def _size(self) -> None:
        for column, width in enumerate((170, 130, 80, 80, 80, 80, 80, 240)):
            self.view.setColumnWidth(column, self.page.theme.px(width))

    def show_results(self, results: list[SheetResult], rows: int, undone: bool = False) -> None:
        """Show the counts of an import of so many rows."""
        t = totals(results)
        changed = t["added"] + t["updated"]
        head = (
            f"已导入：新增 {t['added']:,} 条，更新 {t['updated']:,} 条" if changed else "台账没有变化：内容都已在台账里"
        )
        if not changed and t["refused"]:
            head = "台账没有变化"
        self.head.setText("已撤销这次导入，台账回到了导入以前" if undone else head)
        self.sum.setText(
            f"读到 {rows:,} 行"
            + (f"，一行可分出几类记录，共 {t['rows']:,} 条" if rows != t["rows"] else "")
            + f"：{t['rows']:,} = 新增 {t['added']:,} + 更新 {t['updated']:,} + 不变 {t['unchanged']:,} + 未导入 {t['refused']:,}"
            + ("。未导入的在错误清单里，改好后把它再导入一次即可" if t["refused"] else "")
        )
        self.undo.setEnabled(bool(changed) and not undone)
        self.save.setVisible(t["refused"] > 0)
        lines = []
        for s in results:
            notes = [*s.notes, *([f"没有用到的列：{'、'.join(s.unknown)}"] if s.unknown else [])]
            numbers = (s.rows, s.added, s.updated, s.unchanged, s.refused)
            lines.append((s.sheet, BY_NAME[s.kind].label, *(f"{n:,}" for n in numbers), "；".join(notes)))
        self.lines.set_lines(lines)
