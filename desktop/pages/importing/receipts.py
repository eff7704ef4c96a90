"""收件清单: every file of a folder or an archive that was handed in, what is taken of it, and what is left and why."""

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from desktop.services.receiving import Receipt
from desktop.shell.theme import Theme
from desktop.shell.widgets import button, label, resize_within, row
from desktop.tables.record_model import TableView
from desktop.tables.text_model import Column, TextTable

COLUMNS: tuple[Column[Receipt], ...] = (
    Column("文件", lambda r: r.file),
    Column("导入", lambda r: r.taken or "—"),
    Column("没有导入的和原因", lambda r: r.left),
)


class ReceiptsDialog(QDialog):
    """Shows a line for every file; those that somebody should look at stand first."""

    def __init__(self, parent: QWidget, theme: Theme, receipts: Sequence[Receipt], done: bool) -> None:
        super().__init__(parent)
        self.setWindowTitle("收件清单")
        resize_within(self, parent, theme.px(860), theme.px(460))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 14)
        column.setSpacing(10)
        asks = sum(r.asks for r in receipts)
        words = f"共 {len(receipts):,} 个文件" + (
            f"，其中 {asks:,} 个有没导入的内容，列在前面" if asks else "，全部有着落"
        )
        column.addWidget(label(words, "strong", wrap=True))
        hint = "这是导入的结果。" if done else "还没有写入；这是按现在的对应关系检查的结果。"
        column.addWidget(label(hint, "hint", wrap=True))
        self.lines = TextTable(COLUMNS, self, sorted(receipts, key=lambda r: not r.asks))
        self.view = TableView(theme, "收件清单", 34)
        self.view.setModel(self.lines)
        for n, width in enumerate((250, 240, 310)):
            self.view.setColumnWidth(n, theme.px(width))
        self.whole = label("", "dim", wrap=True)  # of the line chosen: reasons are longer than a cell
        self.view.selectionModel().currentChanged.connect(lambda *_: self._show_whole())
        column.addWidget(self.view, 1)
        column.addWidget(self.whole)
        column.addLayout(row(None, button(theme, "关闭", "", "primary", "", self.accept)))
        if self.lines.rows:
            self.view.setCurrentIndex(self.lines.index(0, 0))

    def _show_whole(self) -> None:
        r = self.lines.rows[self.view.currentIndex().row()]
        self.whole.setText("；".join(part for part in (r.taken, r.left) if part))
