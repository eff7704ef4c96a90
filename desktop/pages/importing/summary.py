"""Step 4 of an import: what went in, in figures that add up, with the way back."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from db.intake.results import SheetResult, totals
from db.records.entities import BY_NAME
from desktop.shell.theme import Theme
from desktop.shell.widgets import button, card, label, row
from desktop.tables.record_model import TableView
from desktop.tables.text_model import Column, TextTable


def _notes(result: SheetResult) -> str:
    unused = [f"没有用到的列：{'、'.join(result.unknown)}"] if result.unknown else []
    return "；".join([*result.notes, *unused])


COLUMNS: tuple[Column[SheetResult], ...] = (
    Column("工作表", lambda s: s.sheet),
    Column("记录", lambda s: BY_NAME[s.kind].label),
    Column("读到", lambda s: f"{s.rows:,}", right=True),
    Column("新增", lambda s: f"{s.added:,}", right=True),
    Column("更新", lambda s: f"{s.updated:,}", right=True),
    Column("不变", lambda s: f"{s.unchanged:,}", right=True),
    Column("未导入", lambda s: f"{s.refused:,}", right=True),
    Column("说明", _notes),
)


class Summary(QFrame):
    """Step 4: what went in, adding up."""

    undo_asked, save_asked, again_asked = Signal(), Signal(), Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        top, inside = card((18, 14, 16, 14), 8)
        self.head = label("", "heading", wrap=True)
        self.sum = label("", "dim", wrap=True)
        self.undo = button(theme, "撤销这次导入", "undo", "", "整批退回，台账回到导入以前", self.undo_asked.emit)
        self.save = button(theme, "下载错误清单（Excel）", "export", "", "没通过的行，改好再导入", self.save_asked.emit)
        self.again = button(theme, "继续导入", "import", "primary", "", self.again_asked.emit)
        inside.addWidget(self.head)
        inside.addWidget(self.sum)
        inside.addLayout(row(self.again, self.save, self.undo, None))
        column.addWidget(top)
        made, inside = card((1, 1, 1, 1), 0)
        self.lines = TextTable(COLUMNS, self)
        self.view = TableView(theme, "各工作表的结果", 34)
        self.view.setModel(self.lines)
        inside.addWidget(self.view)
        column.addWidget(made, 1)
        self._size()
        theme.changed.connect(self._size)

    def _size(self) -> None:
        for column, width in enumerate((170, 130, 80, 80, 80, 80, 80, 240)):
            self.view.setColumnWidth(column, self.theme.px(width))

    def show_results(
        self, results: list[SheetResult], rows: int, undone: bool = False, counted: Sequence[str] = ()
    ) -> None:
        """Show the counts of an import of so many rows; `counted` says of people and money what the files hold."""
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
            + (f"。清点：{'；'.join(dict.fromkeys(counted))}" if counted else "")
        )
        self.undo.setEnabled(bool(changed) and not undone)
        self.save.setVisible(t["refused"] > 0)
        self.lines.set_rows(results)
