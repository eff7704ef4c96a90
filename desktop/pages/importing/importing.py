"""Import: choose or drop files, say which column is which, see what would happen, let the good rows in as one operation."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QFrame, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from db.errors import Cancelled, UserError
from db.intake.results import totals
from db.records.entities import SHEETS
from db.storage.store import Store
from db.tasks.column_mappings import remembered
from desktop.pages.importing.checking import CheckPanel
from desktop.pages.importing.matching import MatchPanel
from desktop.pages.importing.receipts import ReceiptsDialog
from desktop.pages.importing.steps import StepLine
from desktop.pages.importing.summary import Summary
from desktop.shell.desk import Desk
from desktop.shell.page import Page
from desktop.shell.theme import Theme
from desktop.shell.widgets import button, card, label, row, shortcut
from forms.output import write_whole
from forms.reading.files import ENDS
from forms.shapes.normalise import pasted_lists

if TYPE_CHECKING:
    from desktop.services.import_draft import Checked, Draft

FILES = ";;".join((f"能读取的文件 ({' '.join(f'*{end}' for end in (*ENDS, '.zip'))})", "所有文件 (*)"))
CHOOSE, MATCH, CHECK, DONE = range(4)


def tables_in(data: QMimeData) -> list[Path]:
    """Return the files of a drop that may hold a table, by their names, and the folders and archives."""
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return [path for path in paths if path.suffix.lower() in (*ENDS, ".zip") or path.is_dir()]


class TableDrops(QObject):
    """A table dropped on the window goes to 导入, whatever page is in view; a page that takes files itself has them."""

    dropped = Signal(list)  # paths

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take tables, leave everything else."""
        if isinstance(event, QDropEvent) and (paths := tables_in(event.mimeData())):
            event.acceptProposedAction()
            if event.type() == QEvent.Type.Drop:
                self.dropped.emit(paths)
            return True
        return False


class DropArea(QFrame):
    """Where an import begins: drop, choose or paste."""

    choose_asked, paste_asked, template_asked = Signal(), Signal(), Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("drop")
        inside = QVBoxLayout(self)
        inside.setContentsMargins(24, 24, 24, 24)
        inside.setSpacing(8)
        head = label("把 Excel、Word、PDF 等文件拖到这里", "heading")
        words = label(
            "可以一次放多个文件、一个文件夹或一个 .zip；按工作表名或表头自动认出是哪一类记录。\n"
            "也可以在 Excel 或 WPS 里复制一片格子，在这里按 Ctrl+V 粘贴。\n"
            "先检查，不会马上写入；错的行会说明在哪一行、哪一列、怎么改。",
            "dim", wrap=True,
        )  # fmt: skip
        for widget in (head, words):
            widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
        choose = button(theme, "选择文件", "folder", "primary", "", self.choose_asked.emit)
        paste = button(theme, "粘贴", "paste", "", "粘贴复制好的一片格子（Ctrl+V）", self.paste_asked.emit)
        template = button(
            theme, "下载导入模板", "table", "", "一个空的工作簿，每类记录一张表", self.template_asked.emit
        )
        self.theme, self.picture = theme, label()
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._draw()
        theme.changed.connect(self._draw)
        inside.addStretch(1)
        inside.addWidget(self.picture)
        inside.addWidget(head)
        inside.addWidget(words)
        inside.addSpacing(6)
        inside.addLayout(row(None, choose, paste, template, None))
        inside.addStretch(1)

    def _draw(self) -> None:
        self.picture.setPixmap(self.theme.pixmap("import", "accent", self.theme.px(48), self.devicePixelRatioF()))

    def show_over(self, over: bool) -> None:
        """Show that a file may be dropped."""
        self.setProperty("over", over)
        self.style().unpolish(self)
        self.style().polish(self)


class ImportPage(Page):
    """Choose, match, check, let in."""

    key, title, icon, group = "import", "导入数据", "import", "工具"
    tables = frozenset()
    hint = "先检查，再导入；导入后可以整批撤销"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.draft: Draft | None = None
        self.checked: Checked | None = None
        self.operation: int | None = None
        self.name = ""
        self._run = 0  # the job whose answer is waited for; an older one stops and is not listened to
        self._given_up = 0  # the job that a person stopped
        self.busy = False
        self.setAcceptDrops(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 0, 20, 12)
        layout.setSpacing(12)
        self.steps = StepLine(self.theme)
        tip = "文件夹或压缩包里的每个文件：是什么，导入了什么，剩下什么、为什么"
        self.receipts = button(self.theme, "收件清单", "table", "", tip, self.show_receipts)
        self.steps.add(self.receipts)
        self.steps.add(button(self.theme, "换一个文件", "folder", "", "", self.choose))
        self.steps.asked.connect(self._go_back)
        layout.addWidget(self.steps)
        self.stack = QStackedWidget()
        self.drop, self.match_panel = DropArea(self.theme), MatchPanel(self.theme)
        self.check_panel, self.summary = CheckPanel(self.theme, self.desk.today), Summary(self.theme)
        for panel in (self.drop, self.match_panel, self.check_panel, self.summary):
            self.stack.addWidget(panel)
        layout.addWidget(self.stack, 1)
        layout.addWidget(self._progress_line())
        self.words, self.go, self.save = self.check_panel.words, self.check_panel.go, self.check_panel.save
        for asked, call in (
            (self.drop.choose_asked, self.choose), (self.drop.paste_asked, self.paste),
            (self.drop.template_asked, self.template), (self.summary.undo_asked, self.take_back),
            (self.summary.save_asked, self.save_refused), (self.summary.again_asked, self.reset),
        ):  # fmt: skip
            asked.connect(call)
        self.match_panel.changed.connect(self._mapping_changed)
        self.match_panel.ready.connect(self._matched)
        self.check_panel.changed.connect(self.check)
        self.check_panel.back.connect(lambda: self._show(MATCH))
        self.check_panel.go_in.connect(self.let_in)
        self.check_panel.save_refused.connect(self.save_refused)
        self.jobs.progressed.connect(self._progress)
        shortcut("Ctrl+V", self, self._paste_key)
        shortcut("F8", self, self._next_problem)
        self._show(CHOOSE)

    def _progress_line(self) -> QFrame:
        made, inside = card((14, 6, 10, 6))
        self.doing = label("", "dim")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(220)
        self.stop = button(self.theme, "取消", "", "quiet", "停下来，不写入任何内容", self.cancel)
        inside.addLayout(row(self.doing, None, self.bar, self.stop))
        made.hide()
        self.working = made
        return made

    # Steps

    def load(self) -> None:
        """Nothing to read before a file is chosen."""
        if self.draft is None:
            self.tell("Excel、WPS、Word、PDF · 先检查再写入")

    def _show(self, step: int) -> None:
        draft, checked = self.draft, self.checked
        self.stack.setCurrentIndex(step)
        self.steps.setVisible(step != CHOOSE)
        self.receipts.setVisible(draft is not None and draft.given is not None and draft.given.bundled)
        self.receipts.setEnabled(checked is not None)
        columns = bad = warned = 0
        if draft is not None:
            columns = sum(sum(1 for c in s.proposal.chosen if c) for s in draft.taken() if s.proposal is not None)
        if draft is not None and checked is not None:
            bad = sum(checked.bad(n) for n in range(len(draft.sources)))
            warned = sum(checked.doubtful(n) for n in range(len(draft.sources)))
        said = [f"{n:,} 行{word}" for n, word in ((bad, "错误"), (warned, "提醒")) if n]
        confirm = draft.to_confirm() if draft is not None else 0
        self.steps.show_at(
            step,
            (
                self.name,
                "" if draft is None else f"{columns} 列{f' · {confirm} 列请确认' if confirm else ''}",
                "" if checked is None else " · ".join(said) or "全部通过",
                "没有写入" if step == DONE and self.operation is None else "导入后可整批撤销",
            ),
            DONE if step == DONE else CHECK if checked is not None else MATCH if draft is not None else CHOOSE,
            self.operation is not None,
        )

    def _go_back(self, step: int) -> None:
        if self.stack.currentIndex() == DONE:
            step = CHOOSE  # what went in is not matched or checked again
        if step == CHOOSE:
            self.reset()
        elif step == MATCH:
            self._show(MATCH)
        elif step == CHECK:
            self._matched()

    def reset(self) -> None:
        """Go back to choosing."""
        self._run += 1
        self._end()
        self.draft = self.checked = self.operation = None
        self.check_panel.model.forget()
        self._show(CHOOSE)
        self.load()

    # Files

    def choose(self) -> None:
        """Ask for files."""
        chosen, _ = QFileDialog.getOpenFileNames(self, "选择要导入的文件", str(self.desk.folder), FILES)
        if chosen:
            self.take([Path(c) for c in chosen])

    def take(self, paths: list[Path]) -> None:
        """Read these files."""
        if not paths:
            return
        self.desk.work_in(paths[0].parent)
        self.name = paths[0].name if len(paths) == 1 else f"{paths[0].name} 等 {len(paths)} 个文件"

        def work(store: Store, tell: Callable[[int, int], None]) -> "Draft":
            from desktop.services.import_draft import prepare
            from desktop.services.importing import team_names
            from desktop.services.receiving import hand_in

            given = hand_in(paths, lambda: tell(0, 1))
            return prepare(given.opened, remembered(store), team_names(store), given)

        self._work("正在读取…", work, self._opened, self._not_opened)

    def paste(self) -> None:
        """Take the block on the clipboard."""
        held = QGuiApplication.clipboard().mimeData()
        self.take_pasted(held.text(), held.html() if held.hasHtml() else "")

    def take_pasted(self, text: str, html: str = "") -> None:
        """Take a block of cells as if it were a sheet of a file."""
        self.name = "粘贴的内容"

        def work(store: Store, tell: Callable[[int, int], None]) -> "Draft":
            from desktop.services.import_draft import prepare
            from desktop.services.importing import team_names
            from forms.shapes.normalise import as_lists

            tables = as_lists([(self.name, table) for table in pasted_lists(text, html)])
            return prepare(tables, remembered(store), team_names(store))

        self._work("正在读取…", work, self._opened, self._not_opened)

    def _paste_key(self) -> None:
        if self.stack.currentIndex() in (CHOOSE, DONE):
            self.paste()

    def _next_problem(self) -> None:
        if self.stack.currentIndex() == CHECK:
            self.check_panel.view.next_problem()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Show that a file may be dropped."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self.drop.show_over(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """The file went away."""
        self.drop.show_over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the files."""
        self.drop.show_over(False)
        self.take([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])

    def template(self) -> None:
        """Ask where to put an empty workbook."""
        start = str(self.desk.folder / "博爱台账导入模板.xlsx")
        chosen, _ = QFileDialog.getSaveFileName(self, "保存导入模板", start, "Excel 工作簿 (*.xlsx)")
        if chosen:
            self.template_to(Path(chosen))

    def template_to(self, path: Path) -> None:
        """Write an empty workbook."""

        def work(store: Store) -> Path:
            from forms.excel.workbook import template

            return write_whole(path, template(SHEETS))

        self.jobs.read(work, self.desk.saved_file)

    # Work off the main thread

    def _work(
        self, words: str, work: Callable[[Store, Callable[[int, int], None]], Any], then: Callable[[Any], None],
        failed: Callable[[Exception], None], *, writes: bool = False,
    ) -> None:  # fmt: skip
        self._run += 1
        mine = self._run
        self.busy = True
        self.doing.setText(words)
        self.bar.setRange(0, 0)
        self.working.show()
        self.go.setEnabled(False)

        def tell(done: int, total: int) -> None:
            if self._run != mine or self._given_up == mine:
                raise Cancelled("已取消，没有写入任何内容")
            self.jobs.report(done, total)

        def answered(value: Any) -> None:
            if self._run == mine:
                self._end()
                then(value)

        def refused(error: Exception) -> None:
            if self._run == mine:
                self._end()
                failed(error)

        call = self.jobs.change if writes else self.jobs.read
        call(lambda store: work(store, tell), answered, refused)

    def cancel(self) -> None:
        """Stop what runs; nothing is written."""
        self._given_up = self._run

    def _progress(self, done: int, total: int) -> None:
        if self.busy and total > 1:
            self.bar.setRange(0, total)
            self.bar.setValue(done)

    def _end(self) -> None:
        self.busy = False
        self.working.hide()

    def _not_opened(self, error: Exception) -> None:
        if not isinstance(error, Cancelled):
            self.desk.complain(error)
        self.reset()

    def _opened(self, draft: "Draft") -> None:
        self.draft, self.checked = draft, None
        self.match_panel.show_draft(draft)
        rows = sum(len(s.table.rows) - (s.proposal.block.last + 1 if s.proposal else 0) for s in draft.sources)
        unread = len(draft.given.unread()) if draft.given is not None else 0
        self.tell(f"{self.name} · {rows:,} 行" + (f" · {unread} 个文件没有读，见收件清单" if unread else ""))
        if draft.taken() and not draft.to_confirm() and not draft.asks():
            self.check()  # nothing to ask: the check is shown at once, the columns beside it
        else:
            self._show(MATCH)

    def _mapping_changed(self) -> None:
        self.checked = None
        self._show(MATCH)

    def _matched(self) -> None:
        self.match_panel.confirm()
        if self.checked is None:
            self.check()
        else:
            self._show(CHECK)

    # Checking and writing

    def check(self) -> None:
        """See what would happen; writes nothing. What was asked for before and is not done yet is given up."""
        draft, today = self.draft, self.desk.today
        if draft is None:
            return

        def work(store: Store, tell: Callable[[int, int], None]) -> "Checked":
            from desktop.services.import_draft import check

            return check(store, draft, today, tell)

        self._work("正在检查…", work, self._show_check, self._not_checked)

    def _not_checked(self, error: Exception) -> None:
        if not isinstance(error, Cancelled):
            self.desk.complain(error)
        self._show(MATCH)

    def _show_check(self, checked: "Checked") -> None:
        assert self.draft is not None
        self.checked = checked
        self.check_panel.show_check(self.draft, checked, self.desk.office.get("name", ""))
        results = checked.done.result.sheets
        t = totals(results)
        people = next((s for s in results if s.kind == "volunteer" and s.added + s.updated), None)
        coming = t["added"] + t["updated"]
        only_people = people is not None and len(self.draft.taken()) == 1
        count = f"{people.added + people.updated:,} 人" if people is not None and only_people else f"{coming:,} 条"
        self.go.setText(f"导入 {count}")
        self.go.setAccessibleName(self.go.text())
        self.go.setEnabled(coming > 0)
        self.save.setEnabled(t["refused"] > 0)
        words = f"将新增 {t['added']:,} 条，更新 {t['updated']:,} 条，不变 {t['unchanged']:,} 条"
        if t["refused"]:  # the table counts rows; a row may hold several records
            bad = sum(checked.bad(n) for n in range(len(self.draft.sources)))
            words += f"；{bad:,} 行有错（{t['refused']:,} 条记录），留在错误清单"
        self.words.setText(f"{words}。还没有写入。")
        self._show(CHECK)

    def let_in(self) -> None:
        """Write the good rows as one operation."""
        draft, today = self.draft, self.desk.today
        if draft is None or self.busy:
            return

        def work(store: Store, tell: Callable[[int, int], None]) -> "Checked":
            from desktop.services.import_draft import let_in

            return let_in(store, draft, today, tell)

        self._work("正在导入…", work, self._written, self._not_written, writes=True)

    def _not_written(self, error: Exception) -> None:
        if isinstance(error, Cancelled):
            self.desk.say(str(error))
        else:
            self.desk.complain(error)
        self.go.setEnabled(True)

    def _written(self, checked: "Checked") -> None:
        self.checked = checked
        self.operation = checked.done.result.operation
        counted = [words for c in checked.done.counts if (words := c.words())]
        self.summary.show_results(checked.done.result.sheets, checked.read, counted=counted)
        self._show(DONE)
        self.tell("导入完成")
        t = totals(checked.done.result.sheets)
        if self.operation is not None:
            self.desk.say(f"已导入：新增 {t['added']:,} 条，更新 {t['updated']:,} 条", undo=True)

    def unsaved(self) -> list[str]:
        """Return that a list was read, looked at, and not let in."""
        return [self.title] if self.draft is not None and self.stack.currentIndex() in (MATCH, CHECK) else []

    def take_back(self) -> None:
        """Undo the import that was just made."""
        if self.operation is not None:
            self.summary.undo.setEnabled(False)
            self.jobs.undo(self.operation, self._taken_back)

    def _taken_back(self, operation: Any) -> None:
        self.operation = None
        self.desk.say(f"已{operation.title}")
        if self.checked is not None and self.stack.currentIndex() == DONE:
            self.summary.show_results(self.checked.done.result.sheets, self.checked.read, undone=True)

    def show_receipts(self) -> None:
        """Show what becomes of every file of a folder or an archive."""
        if self.checked is not None:
            done = self.stack.currentIndex() == DONE
            ReceiptsDialog(self, self.theme, self.checked.receipts, done).open()

    def save_refused(self) -> None:
        """Ask where to put the rows that did not go in."""
        start = str(self.desk.folder / f"{Path(self.name).stem}_错误清单.xlsx")
        chosen, _ = QFileDialog.getSaveFileName(self, "下载错误清单", start, "Excel 工作簿 (*.xlsx)")
        if chosen:
            self.save_refused_to(Path(chosen))

    def save_refused_to(self, path: Path) -> None:
        """Write the rows that did not go in, as they are corrected so far."""
        checked = self.checked
        if checked is None:
            return

        def work(store: Store) -> Path:
            from desktop.services.refused_rows import hand_back  # late: the writers take a while to load

            written = hand_back(store, checked.done.refused_tables, path)
            if written is None:
                raise UserError("没有要改的行，没有写出文件")
            return written

        self.jobs.read(work, self.desk.saved_file)
