"""导入数据: choose workbooks, see what would happen, then let the good rows in as one operation."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QComboBox, QFileDialog, QFrame, QHBoxLayout, QProgressBar, QStackedWidget, QVBoxLayout

from db.entities import BY_NAME, SHEETS
from db.errors import UserError
from db.intake import ON_EXISTING, ImportResult, totals
from db.store import Store
from desktop.pages.pieces import Page, button, card, label, row
from desktop.table_model import TONE, TableView
from forms.output import write_whole

if TYPE_CHECKING:
    from desktop.importing import Imported
    from desktop.window import MainWindow

FILES = "工作簿 (*.xlsx *.xlsm *.xls *.csv)"
EXISTING = {
    "更新": "用表格里的内容更新", "补空": "只补空白的项", "跳过": "跳过，不改动", "报错": "当作错误列出",
}  # fmt: skip


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


class DropArea(QFrame):
    """Takes workbooks that are dropped on it."""

    def __init__(self, page: "ImportPage") -> None:
        super().__init__()
        self.page = page
        self.setObjectName("drop")
        self.setAcceptDrops(True)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(24, 24, 24, 24)
        inside.setSpacing(8)
        head = label("把 Excel 文件拖到这里", "heading")
        words = label(
            "可以一次放多个文件、多张工作表；按工作表名或表头自动认出是哪一类记录。\n"
            "先检查，不会马上写入；错的行会说明在哪一行、哪一列、怎么改。",
            "dim", wrap=True,
        )  # fmt: skip
        for widget in (head, words):
            widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
        choose = button(page.theme, "选择文件", "folder", "primary", "", page.choose)
        template = button(page.theme, "下载导入模板", "table", "", "一个空的工作簿，每类记录一张表", page.template)
        picture = label()
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)

        def draw() -> None:
            picture.setPixmap(page.theme.pixmap("import", "accent", page.theme.px(48), self.devicePixelRatioF()))

        draw()
        page.theme.changed.connect(draw)
        inside.addStretch(1)
        inside.addWidget(picture)
        inside.addWidget(head)
        inside.addWidget(words)
        inside.addSpacing(6)
        inside.addLayout(row(None, choose, template, None))
        inside.addStretch(1)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Show that a file may be dropped."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self._over(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """The file went away."""
        self._over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the files."""
        self._over(False)
        self.page.take([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])

    def _over(self, over: bool) -> None:
        self.setProperty("over", over)
        self.style().unpolish(self)
        self.style().polish(self)


class ImportPage(Page):
    """Choose, check, let in."""

    tables = frozenset()
    hint = "先检查，再导入；导入后可以整批撤销"

    def __init__(self, desk: "MainWindow") -> None:
        super().__init__(desk)
        self.paths: list[Path] = []
        self.checked: Imported | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 0, 20, 12)
        layout.setSpacing(12)
        self.stack = QStackedWidget()
        self.stack.addWidget(DropArea(self))
        self.stack.addWidget(self._results())
        layout.addWidget(self.stack, 1)

    def _results(self) -> QFrame:
        whole = QFrame()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        top, inside = card((16, 10, 12, 10))
        self.files = label("", "strong", wrap=True)
        self.existing = QComboBox()
        self.existing.setAccessibleName("遇到已有记录")
        for key in ON_EXISTING:
            self.existing.addItem(EXISTING[key], key)
        self.existing.currentIndexChanged.connect(lambda _: self.check())
        other = button(self.theme, "换一个文件", "folder", "", "", self.reset)
        head = row(self.files, None, label("遇到已有记录", "dim"), self.existing, other)
        head.setStretch(0, 1)
        inside.addLayout(head)
        column.addWidget(top)
        sheets, inner = card((1, 1, 1, 1), 0)
        self.sheets = LinesModel(("工作表", "记录", "读到", "新增", "更新", "不变", "未通过", "说明"), self)
        self.sheets.right = frozenset({2, 3, 4, 5, 6})
        self.sheet_view = TableView(self.theme, "各工作表的检查结果", 34)
        self.sheet_view.setModel(self.sheets)
        inner.addWidget(self.sheet_view)
        column.addWidget(sheets, 2)
        problems, inner = card((1, 1, 1, 1), 0)
        self.problem_head = label("", "strong")
        line = row(self.problem_head, None)
        line.setContentsMargins(14, 8, 14, 8)
        inner.addLayout(line)
        self.problems = LinesModel(("工作表", "行", "列", "程度", "原来的内容", "问题和改法"), self, 3)
        self.problems.right = frozenset({1})
        self.problem_view = TableView(self.theme, "问题清单", 34)
        self.problem_view.setModel(self.problems)
        inner.addWidget(self.problem_view, 1)
        column.addWidget(problems, 3)
        foot, inside = card((14, 9, 14, 9))
        self.go = button(self.theme, "导入", "tick", "primary", "", self.let_in)
        self.save = button(
            self.theme, "另存错误清单", "export", "", "没通过的行，原样加上原因，改好再导入", self.save_refused
        )
        self.words = label("", "dim", wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(140)
        self.bar.hide()
        self.stop = button(self.theme, "取消", "", "quiet", "停下来，不写入任何内容", self.jobs.cancel)
        self.stop.hide()
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.words, 1)
        for made in (self.bar, self.stop, self.save, self.go):
            line.addWidget(made)
        inside.addLayout(line)
        column.addWidget(foot)
        self.jobs.progressed.connect(self._progress)
        self.jobs.idle.connect(self._end)
        self._size()
        self.theme.changed.connect(self._size)
        return whole

    def _size(self) -> None:
        for view, widths in (
            (self.sheet_view, (150, 120, 80, 80, 80, 80, 80, 200)),
            (self.problem_view, (130, 70, 130, 90, 180, 300)),
        ):
            for column, width in enumerate(widths):
                view.setColumnWidth(column, self.theme.px(width))

    def load(self) -> None:
        """Nothing to read before a file is chosen."""
        self.tell("Excel 或 CSV · 先检查再写入" if not self.paths else self.fact)

    # Files

    def choose(self) -> None:
        """Ask for files."""
        chosen, _ = QFileDialog.getOpenFileNames(self, "选择要导入的文件", str(self.desk.folder), FILES)
        if chosen:
            self.take([Path(c) for c in chosen])

    def take(self, paths: list[Path]) -> None:
        """Check these files."""
        if paths:
            self.paths = paths
            self.desk.folder = paths[0].parent
            self.files.setText("、".join(p.name for p in paths))
            self.check()

    def reset(self) -> None:
        """Go back to choosing."""
        self.paths, self.checked = [], None
        self.stack.setCurrentIndex(0)
        self.load()

    def template(self) -> None:
        """Ask where to put an empty workbook."""
        start = str(self.desk.folder / "博爱台账导入模板.xlsx")
        chosen, _ = QFileDialog.getSaveFileName(self, "保存导入模板", start, "Excel 工作簿 (*.xlsx)")
        if chosen:
            self.template_to(Path(chosen))

    def template_to(self, path: Path) -> None:
        """Write an empty workbook."""

        def work(store: Store) -> Path:
            from forms.workbook import template

            return write_whole(path, template(SHEETS))

        self.jobs.read(work, self.desk.saved_file)

    # Checking and writing

    def check(self) -> None:
        """See what would happen; writes nothing."""
        if self.paths:
            self._run(True, self._show)

    def let_in(self) -> None:
        """Write the good rows as one operation."""
        self._run(False, self._written)

    def _run(self, dry: bool, then: Any) -> None:
        paths, existing = list(self.paths), str(self.existing.currentData())
        self.go.setEnabled(False)
        self.save.setEnabled(False)
        self.words.setText("正在检查…" if dry else "正在导入…")
        self.stop.show()

        def work(store: Store) -> "Imported":
            from desktop.importing import import_files

            return import_files(store, paths, existing, dry_run=dry, progress=self.jobs.report)

        call = self.jobs.read if dry else self.jobs.change
        call(work, then, self._cannot)

    def _progress(self, done: int, total: int) -> None:
        self.bar.setVisible(done < total)
        self.bar.setRange(0, max(total, 1))
        self.bar.setValue(done)

    def _end(self) -> None:
        self.bar.hide()
        self.stop.hide()

    def _cannot(self, error: Exception) -> None:
        self._end()
        self.words.setText("")
        self.desk.complain(error)
        if self.checked is None:
            self.reset()
        else:
            self.go.setEnabled(self.checked.result.changed + self._addable() > 0)

    def _addable(self) -> int:
        counts = totals(self.checked.result.sheets) if self.checked else {}
        return counts.get("added", 0) + counts.get("updated", 0)

    def _show(self, found: "Imported") -> None:
        self._end()
        self.checked = found
        self.stack.setCurrentIndex(1)
        self._fill(found.result)
        counts = totals(found.result.sheets)
        coming = counts["added"] + counts["updated"]
        self.go.setText(f"导入 {coming:,} 行")
        self.go.setAccessibleName(self.go.text())
        self.go.setEnabled(coming > 0)
        self.save.setEnabled(found.refused_book is not None)
        words = f"读到 {counts['rows']:,} 行：新增 {counts['added']:,}，更新 {counts['updated']:,}，不变 {counts['unchanged']:,}"
        if counts["refused"]:
            words += f"；{counts['refused']:,} 行有错，留在错误清单里"
        self.words.setText(words + "。还没有写入。")
        self.tell(f"检查完毕 · {counts['rows']:,} 行")

    def _fill(self, result: ImportResult) -> None:
        lines = []
        for s in result.sheets:
            notes = [*s.notes]
            if s.unknown:
                notes.append(f"没有用到的列：{'、'.join(s.unknown)}")
            numbers = (s.rows, s.added, s.updated, s.unchanged, s.refused)
            lines.append((s.sheet, BY_NAME[s.kind].label, *(f"{n:,}" for n in numbers), "；".join(notes)))
        self.sheets.set_lines(lines)
        found = [(s.sheet, p) for s in result.sheets for p in s.problems]
        found.sort(key=lambda pair: pair[1].severity != "error")
        self.problems.set_lines(
            [
                (sheet, str(p.row), p.column, "错误" if p.severity == "error" else "提醒", p.value, p.reason)
                for sheet, p in found
            ],
            ["bad" if p.severity == "error" else "warn" for _, p in found],
        )
        errors = sum(p.severity == "error" for _, p in found)
        text = f"错误 {errors} 处，提醒 {len(found) - errors} 处" if found else "没有发现问题"
        self.problem_head.setText(text)

    def _written(self, found: "Imported") -> None:
        self._end()
        counts = totals(found.result.sheets)
        self.checked = found
        self._fill(found.result)
        self.go.setText("已导入")
        self.save.setEnabled(found.refused_book is not None)
        done = f"已导入：新增 {counts['added']:,} 行，更新 {counts['updated']:,} 行"
        self.words.setText(done + (f"；{counts['refused']:,} 行没有进来" if counts["refused"] else "") + "。")
        self.tell("导入完成")
        self.desk.toast.say(done, undo=found.result.operation is not None)

    def save_refused(self) -> None:
        """Ask where to put the rows that did not go in."""
        if self.checked is None or self.checked.refused_book is None:
            return
        start = str(self.desk.folder / f"{self.paths[0].stem}_错误清单.xlsx")
        chosen, _ = QFileDialog.getSaveFileName(self, "另存错误清单", start, "Excel 工作簿 (*.xlsx)")
        if chosen:
            try:
                self.desk.saved_file(write_whole(Path(chosen), self.checked.refused_book))
            except UserError as error:
                self.desk.complain(error)
