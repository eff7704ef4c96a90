"""报表中心: the quarter's report as it will be printed, and the ways to take it out."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QComboBox, QCompleter, QFileDialog, QFrame, QHBoxLayout, QStackedWidget

from db.entities import TEAM, VOLUNTEER
from db.errors import UserError
from db.store import Store
from desktop.pages.pieces import Page, button, card, label, row, rule, scrolled

if TYPE_CHECKING:
    from desktop.window import MainWindow
    from forms.papers import Paper


class ReportsPage(Page):
    """Preview in the middle, output on the right."""

    follows_quarter = True
    hint = "Ctrl+P 打印　PgUp、PgDn 翻页"

    def __init__(self, desk: "MainWindow") -> None:
        super().__init__(desk)
        self.content = b""
        self.document: QPdfDocument | None = None
        self._kept: list[object] = []
        layout = QHBoxLayout(self)
        layout.setContentsMargins(20, 0, 20, 12)
        layout.setSpacing(12)
        frame, inside = card((1, 1, 1, 1), 0)
        self.name = label("季度合规报告", "heading")
        self.pages = label("", "dim")
        self.back = button(self.theme, "", "left", "small", "上一页", lambda: self.turn(-1))
        self.forth = button(self.theme, "", "right", "small", "下一页", lambda: self.turn(1))
        head = row(self.name, None, self.back, self.pages, self.forth)
        head.setContentsMargins(16, 8, 10, 8)
        inside.addLayout(head)
        inside.addWidget(rule())
        self.stack = QStackedWidget()
        self.words = label("", "dim", wrap=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words.setMargin(24)
        self.view = QPdfView(self)
        self.view.setPageMode(QPdfView.PageMode.MultiPage)
        self.view.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        self.view.setAccessibleName("报告预览")
        self.view.setFrameShape(QPdfView.Shape.NoFrame)
        self.view.pageNavigator().currentPageChanged.connect(lambda _: self._number())
        self.stack.addWidget(self.words)
        self.stack.addWidget(self.view)
        inside.addWidget(self.stack, 1)
        layout.addWidget(frame, 1)
        layout.addWidget(self._output())
        self.ready(False)
        self.theme.changed.connect(self._size)
        self._size()

    def _output(self) -> QFrame:
        from forms.papers import PAPERS  # late: they bring the whole of the PDF library

        self.panel, frame = card((16, 14, 4, 14), 0)
        area, inside = scrolled("报表与输出")
        inside.setContentsMargins(0, 0, 12, 0)
        inside.setSpacing(9)
        frame.addWidget(area)
        self.print_button = button(self.theme, "打印", "print", "primary", "打印（Ctrl+P）", self.print_report)
        self.pdf_button = button(self.theme, "导出 PDF", "report", "", "", lambda: self.export(("pdf",)))
        self.excel_button = button(self.theme, "导出 Excel", "table", "", "", lambda: self.export(("xlsx",)))
        self.word_button = button(
            self.theme, "导出 Word", "note", "", "可以再编辑的版本", lambda: self.export(("docx",))
        )
        self.both_button = button(
            self.theme, "三样都导出", "export", "", "", lambda: self.export(("pdf", "xlsx", "docx"))
        )
        self.folder_button = button(self.theme, "打开所在文件夹", "folder", "link", "", self._open_folder)
        self.folder_button.hide()
        self.done = label("", "dim", wrap=True)
        inside.addWidget(label("季度", "dim"))
        self.quarter_label = label("", "heading")
        inside.addWidget(self.quarter_label)
        self.day = label("", "hint", wrap=True)
        inside.addWidget(self.day)
        inside.addWidget(rule())
        self.choice = QComboBox()
        self.choice.setAccessibleName("报表")
        self.choice.addItem("季度合规报告", None)
        for paper in PAPERS:
            self.choice.addItem(paper.title, paper)
        self.choice.setMaxVisibleItems(16)
        self.choice.currentIndexChanged.connect(lambda _: self._choose())
        self.about = QComboBox()
        self.about.setEditable(True)
        self.about.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.about.completer().setFilterMode(Qt.MatchFlag.MatchContains)
        self.about.completer().setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.about.setAccessibleName("队伍或志愿者")
        self.about.activated.connect(lambda _: self.load())
        self.about.hide()
        for box in (self.choice, self.about):  # as wide as the panel, however long a name is
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(6)
        self.reminder = label("", "hint", wrap=True)
        self.reminder.hide()
        inside.addWidget(label("报表", "strong"))
        inside.addWidget(self.choice)
        inside.addWidget(self.about)
        inside.addWidget(self.reminder)
        inside.addWidget(label("输出", "strong"))
        for made in (self.print_button, self.pdf_button, self.excel_button, self.word_button, self.both_button):
            inside.addWidget(made)
        inside.addWidget(self.done)
        inside.addWidget(self.folder_button)
        inside.addWidget(rule())
        words = "预览就是打印的样子。未达标的条款如实写入，不会挡住打印。证件号码和电话都不会完整出现。"
        inside.addWidget(label(words, "hint", wrap=True))
        inside.addStretch(1)
        self.folder: Path | None = None
        shortcut = QShortcut(QKeySequence("Ctrl+P"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.print_report)
        return self.panel

    def _size(self) -> None:
        self.panel.setFixedWidth(self.theme.px(236))
        tone = self.theme.colour("bg")
        palette = self.view.palette()
        palette.setColor(palette.ColorRole.Dark, tone)
        self.view.setPalette(palette)

    def ready(self, ready: bool) -> None:
        """Allow output where there is a report."""
        outputs = (self.print_button, self.pdf_button, self.excel_button, self.word_button, self.both_button)
        for made in (*outputs, self.back, self.forth):
            made.setEnabled(ready)
        for made in outputs[2:]:  # the papers beside the report exist on paper alone
            made.setVisible(self.paper is None)
        self.stack.setCurrentIndex(1 if ready else 0)

    def load(self) -> None:
        """Make the report and show it."""
        quarter = self.desk.quarter
        self.quarter_label.setText(quarter.label)
        running = quarter.end > self.desk.today
        self.day.setText(f"数据截至 {quarter.end.isoformat()}" + ("；本季度还没有结束，数字还会变" if running else ""))
        self.tell(f"{quarter.label} · {'进行中' if running else '已结束'}")
        self.words.setText("正在生成报告…")
        self.ready(False)

        paper, about = self.paper, self.about.currentData() if self.about.isVisibleTo(self) else None
        self.name.setText(paper.title if paper else "季度合规报告")
        if paper is not None and paper.by_person and about is None:
            self.words.setText("请在右边选择或输入志愿者的姓名")
            return

        def work(store: Store) -> bytes:
            from desktop.reporting import paper_data, paper_pdf, quarter_data, report_pdf  # late: they load slowly

            report = quarter_data(store, quarter)
            if paper is None:
                return report_pdf(report)[0]
            team, person = (None, about) if paper.by_person else (about, None)
            return paper_pdf(paper, paper_data(store, paper, report, team=team, person=person))

        self.jobs.read(work, self._show, self._cannot)

    @property
    def paper(self) -> "Paper | None":
        """The paper that is chosen, or None for the quarterly report."""
        found: Paper | None = self.choice.currentData()
        return found

    def _choose(self) -> None:
        """Offer teams or volunteers where the paper is about one, then make it."""
        paper = self.paper
        self.reminder.setText(paper.reminder if paper else "")
        self.reminder.setVisible(bool(paper and paper.reminder))
        self.about.setVisible(bool(paper and (paper.by_team or paper.by_person)))
        self.about.clear()
        if paper is None or not (paper.by_team or paper.by_person):
            self.load()
            return
        by_person = paper.by_person

        def work(store: Store) -> list[tuple[str, int]]:
            entity = VOLUNTEER if by_person else TEAM
            rows = [(str(r["name"]), int(r["id"] or 0), str(r.get("platform_id") or "")) for r in store.rows(entity)]
            names = [name for name, *_ in rows]
            # Two people of one name are told apart by their number on the platform, or in the ledger.
            return [(f"{name}（{code or i}）" if names.count(name) > 1 else name, i) for name, i, code in rows]

        def show(found: list[tuple[str, int]]) -> None:
            self.about.clear()
            self.about.addItem("请选择志愿者" if by_person else "全部队伍", None)
            for name, row_id in found:
                self.about.addItem(name, row_id)
            self.load()

        self.jobs.read(work, show)

    def _cannot(self, error: Exception) -> None:
        self.words.setText(str(error))

    def _show(self, content: bytes) -> None:
        from desktop.printing import open_pdf

        self.content = content
        old, self._kept = self.document, []
        self.document, buffer = open_pdf(content, self)
        self._kept.append(buffer)
        self.view.setDocument(self.document)
        if old is not None:
            old.deleteLater()
        self.ready(True)
        self._number()

    def _number(self) -> None:
        if self.document is not None:
            self.pages.setText(f"{self.view.pageNavigator().currentPage() + 1} / {self.document.pageCount()}")

    def turn(self, step: int) -> None:
        """Go to another page."""
        assert self.document is not None
        wanted = max(0, min(self.document.pageCount() - 1, self.view.pageNavigator().currentPage() + step))
        self.view.pageNavigator().jump(wanted, QPointF())

    def print_report(self) -> None:
        """Print what is shown."""
        from desktop.printing import print_pdf

        if not self.content:
            return
        try:
            if print_pdf(self, self.content, f"{self.desk.quarter.label}合规报告"):
                self.desk.toast.say("已送到打印机")
        except UserError as error:
            self.desk.complain(error)

    def export(self, formats: tuple[str, ...]) -> None:
        """Ask for a folder and write the report into it."""
        chosen = QFileDialog.getExistingDirectory(self, "把报告保存到哪个文件夹", str(self.desk.folder))
        if chosen:
            self.export_to(Path(chosen), formats)

    def export_to(self, folder: Path, formats: tuple[str, ...]) -> None:
        """Write the report into a folder."""
        quarter, paper = self.desk.quarter, self.paper
        about = self.about.currentData() if self.about.isVisibleTo(self) else None

        def work(store: Store) -> list[Path]:
            from desktop.reporting import write_papers, write_report

            if paper is None:
                return write_report(store, quarter, folder, formats)
            if paper.by_person:
                return write_papers(store, [paper], quarter, folder, persons=[about])
            return write_papers(store, [paper], quarter, folder, team=about)

        self.jobs.read(work, self._written)

    def _written(self, files: list[Path]) -> None:
        self.folder = self.desk.folder = files[0].parent
        self.done.setText("已保存：\n" + "\n".join(path.name for path in files))
        self.folder_button.show()
        self.desk.toast.say(f"已保存 {len(files)} 个文件")

    def _open_folder(self) -> None:
        if self.folder is not None:
            self.desk.open_folder(self.folder)
