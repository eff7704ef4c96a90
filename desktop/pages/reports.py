"""报表中心: the quarter's report as it will be printed, and the ways to take it out."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QStackedWidget

from db.errors import UserError
from db.store import Store
from desktop.pages.pieces import Page, button, card, label, row, rule

if TYPE_CHECKING:
    from desktop.window import MainWindow


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
        self.panel, inside = card((16, 14, 16, 14), 9)
        self.print_button = button(self.theme, "打印", "print", "primary", "打印（Ctrl+P）", self.print_report)
        self.pdf_button = button(self.theme, "导出 PDF", "report", "", "", lambda: self.export(("pdf",)))
        self.excel_button = button(self.theme, "导出 Excel", "table", "", "", lambda: self.export(("xlsx",)))
        self.both_button = button(self.theme, "两样都导出", "export", "", "", lambda: self.export(("pdf", "xlsx")))
        self.folder_button = button(self.theme, "打开所在文件夹", "folder", "link", "", self._open_folder)
        self.folder_button.hide()
        self.done = label("", "dim", wrap=True)
        inside.addWidget(label("季度", "dim"))
        self.quarter_label = label("", "heading")
        inside.addWidget(self.quarter_label)
        self.day = label("", "hint", wrap=True)
        inside.addWidget(self.day)
        inside.addWidget(rule())
        inside.addWidget(label("输出", "strong"))
        for made in (self.print_button, self.pdf_button, self.excel_button, self.both_button):
            inside.addWidget(made)
        inside.addWidget(self.done)
        inside.addWidget(self.folder_button)
        inside.addWidget(rule())
        words = "预览就是打印的样子。未达标的条款如实写入，不会挡住打印。报告里没有证件号码和电话。"
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
        for made in (self.print_button, self.pdf_button, self.excel_button, self.both_button, self.back, self.forth):
            made.setEnabled(ready)
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

        def work(store: Store) -> bytes:
            from desktop.reporting import quarter_data, report_pdf  # late: the writers take a while to load

            return report_pdf(quarter_data(store, quarter))[0]

        self.jobs.read(work, self._show, self._cannot)

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
        quarter = self.desk.quarter

        def work(store: Store) -> list[Path]:
            from desktop.reporting import write_report

            return write_report(store, quarter, folder, formats)

        self.jobs.read(work, self._written)

    def _written(self, files: list[Path]) -> None:
        self.folder = self.desk.folder = files[0].parent
        self.done.setText("已保存：\n" + "\n".join(path.name for path in files))
        self.folder_button.show()
        self.desk.toast.say(f"已保存 {len(files)} 个文件")

    def _open_folder(self) -> None:
        if self.folder is not None:
            self.desk.open_folder(self.folder)
