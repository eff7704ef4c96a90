"""报表中心: which report, how it will look on paper, and the ways to take it out."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtPdf import QPdfDocument
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
)

from db.errors import UserError
from db.quarters import Period
from db.records.entities import TEAM, VOLUNTEER
from db.storage.store import Store
from desktop.pages.reports.filling import FillingPane
from desktop.pages.reports.preview import Preview
from desktop.pages.reports.workbook_preview import WorkbookPreview
from desktop.records.submitting import HandingUp
from desktop.records.upward import reports_folder
from desktop.services import settings
from desktop.shell.desk import Desk
from desktop.shell.flat_lists import flat_list
from desktop.shell.page import Page
from desktop.shell.period_choice import PeriodChoice
from desktop.shell.widgets import button, card, find_anywhere, label, rule, scrolled, shortcut
from forms import output

if TYPE_CHECKING:
    from forms.papers import Paper
    from forms.template.view import SheetView

_CHOICE = Qt.ItemDataRole.UserRole
_FOLDER = "reports/folder"
_WIDE = 1500  # with so much room the names of the reports are whole
_REPORTS = {3: "季度合规报告", 6: "半年合规报告", 12: "年度合规报告"}  # by months
_WORDS, _PREVIEW, _FILLING, _BOOK = range(4)
REPORT, BOOK, FILLING = "report", "book", "filling"
BOOK_WORDS = "数字与季度合规报告完全相同，合计带公式，A4 纸打印设置已做好。点“导出 Excel”保存，用 Excel 或 WPS 打开。"
_ROWS_SHOWN = "长的表在这里只显示前 {count} 行，导出的是全部。"


@dataclass(frozen=True)
class Shown:
    """What the preview needs: the PDF, how many clauses are not met, and what is to be known before printing."""

    content: bytes
    unmet: int | None = None
    wanting: tuple[str, ...] = ()
    lists_all: bool = False  # annex 2 names what does not bind, too


class ReportsPage(Page):
    """Reports on the left, preview in the middle, output on the right."""

    key, title, icon, group, shortcut = "reports", "报表中心", "report", "合规", "0"
    follows_quarter = True
    hint = "Ctrl+P 打印　Ctrl+E 导出 Excel　Ctrl+F 在预览中查找　PgUp、PgDn 翻页"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.content = b""
        self.folder: Path | None = None
        self._print_next = False  # Ctrl+P came before the preview was ready
        layout = QHBoxLayout(self)
        layout.setContentsMargins(20, 0, 20, 12)
        layout.setSpacing(12)
        self.preview = Preview(self.theme)
        self.filling = FillingPane(desk)
        frame, inside = card((24, 24, 24, 24), 0)
        self.words = label("", "dim", wrap=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inside.addWidget(self.words, 1)
        self.stack = QStackedWidget()
        self.book = WorkbookPreview(self.theme)
        for widget in (frame, self.preview, self.filling, self.book.frame):
            self.stack.addWidget(widget)
        layout.addWidget(self._choices())
        layout.addWidget(self.stack, 1)
        layout.addWidget(self._output())
        for keys, slot in (("Ctrl+P", self.print_report), ("Ctrl+E", lambda: self.export(("xlsx",)))):
            shortcut(keys, self, slot)
        self.ready(False)
        self.theme.changed.connect(self._size)
        self._size()

    def _choices(self) -> QFrame:
        from forms.papers import PAPERS  # late: they bring the whole of the PDF library

        self.left, inside = card((10, 12, 10, 12), 8)
        self.period_choice = PeriodChoice(self.desk)
        self.period_choice.chosen.connect(self.reload)
        self.day = label("", "hint", wrap=True)
        self.choice = flat_list(self.theme)
        self.choice.setAccessibleName("报表")
        self.choice.setFrameShape(QListWidget.Shape.NoFrame)
        self.choice.setIconSize(QSize(self.theme.px(18), self.theme.px(18)))
        for words, icon, data in (
            (_REPORTS[3], "report", REPORT), ("省级汇总表", "table", BOOK), ("填上级模板", "edit", FILLING),
            *((paper.title, "note", paper) for paper in PAPERS),
        ):  # fmt: skip
            item = QListWidgetItem(words)
            item.setData(_CHOICE, data)
            item.setToolTip(words)
            item.setSizeHint(QSize(0, self.theme.px(32)))
            item.setIcon(self.theme.icon(icon))
            self.choice.addItem(item)
        self.choice.setCurrentRow(0)
        self.choice.currentRowChanged.connect(lambda _: self._choose())
        self.about = QComboBox()
        self.about.setEditable(True)
        self.about.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        find_anywhere(self.about)
        self.about.setAccessibleName("队伍或志愿者")
        self.about.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.about.setMinimumContentsLength(6)
        self.about.activated.connect(lambda _: self.load())
        self.about.hide()
        self.reminder = label("", "hint", wrap=True)
        self.reminder.hide()
        inside.addWidget(self.period_choice)
        inside.addWidget(self.day)
        inside.addWidget(rule())
        inside.addWidget(self.choice, 1)
        inside.addWidget(self.about)
        inside.addWidget(self.reminder)
        return self.left

    def _output(self) -> QFrame:
        self.panel, frame = card((14, 14, 4, 14), 0)
        area, inside = scrolled("输出")
        inside.setContentsMargins(0, 0, 10, 0)
        inside.setSpacing(8)
        frame.addWidget(area)
        theme = self.theme
        self.print_button = button(theme, "打印", "print", "primary", "打印（Ctrl+P）", self.print_report)
        self.pdf_button = button(theme, "导出 PDF", "report", "", "", lambda: self.export(("pdf",)))
        self.excel_button = button(
            theme, "导出 Excel", "table", "", "同样的表和数字（Ctrl+E）", lambda: self.export(("xlsx",))
        )
        self.word_button = button(theme, "导出 Word", "note", "", "可以再编辑的版本", lambda: self.export(("docx",)))
        self.all_button = button(theme, "三样都导出", "export", "", "", lambda: self.export(("pdf", "xlsx", "docx")))
        self.text_button = button(theme, "修改文字…", "edit", "", "改写报告的段落，数字不变", self.edit_text)
        self.head_button = button(theme, "红头…", "report", "", "填写发文机关标志、发文字号、签发人", self.edit_head)
        self.annex_box = QCheckBox("附件2列出不适用的")
        self.annex_box.setToolTip("自查表平时只列适用本会的要求；勾选后，不适用的也列出并写明原因")
        self.annex_box.clicked.connect(self.list_all)
        self.done = label("", "dim", wrap=True)
        self.folder_button = button(theme, "打开所在文件夹", "folder", "link", "", self._open_folder)
        self.folder_button.hide()
        self.place = label("", "hint", wrap=True)
        self.place_button = button(theme, "换个文件夹…", "folder", "link", "", self.choose_folder)
        self.unmet = label("", "warned", wrap=True)
        self.unmet.hide()
        inside.addWidget(label("输出", "strong"))
        for made in (self.print_button, self.pdf_button, self.excel_button, self.word_button, self.all_button):
            inside.addWidget(made)
        inside.addWidget(self.place)
        inside.addWidget(self.place_button)
        self.handing_up = HandingUp(self.desk)
        inside.addWidget(self.handing_up)
        inside.addWidget(self.done)  # below: what is pressed next does not move
        inside.addWidget(self.folder_button)
        self.text_rule = rule()
        inside.addWidget(self.text_rule)
        self.text_words = label("报告文字", "strong")
        for widget in (self.text_words, self.text_button, self.head_button, self.annex_box, self.unmet):
            inside.addWidget(widget)
        inside.addWidget(rule())
        self.about_preview = label("", "hint", wrap=True)
        inside.addWidget(self.about_preview)
        inside.addStretch(1)
        self._tell_place()
        return self.panel

    def _size(self) -> None:
        px, names = self.theme.px, [self.choice.item(i).text() for i in range(self.choice.count())]
        whole = max(self.choice.fontMetrics().horizontalAdvance(name) for name in names) + px(76)
        self.left.setFixedWidth(max(px(206), whole) if self.width() >= px(_WIDE) else px(206))
        self.panel.setFixedWidth(self.theme.px(196))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A large screen shows the whole names of the reports."""
        super().resizeEvent(event)
        self._size()

    @property
    def period(self) -> Period:
        """The quarter, half-year or year that is reported on."""
        return self.period_choice.period

    @property
    def document(self) -> QPdfDocument | None:
        """What the preview shows."""
        return self.preview.document

    @property
    def chosen(self) -> Any:
        """What is chosen: one of the three above, or a paper."""
        item = self.choice.currentItem()
        return item.data(_CHOICE) if item else REPORT

    @property
    def paper(self) -> "Paper | None":
        """The paper that is chosen, or None for the report, the workbook and other offices' forms."""
        return None if isinstance(self.chosen, str) else self.chosen

    def ready(self, ready: bool) -> None:
        """Allow output where there is something to take out."""
        chosen = self.chosen
        report = chosen == REPORT
        self.preview.ready(ready)
        self.print_button.setEnabled(ready)
        self.pdf_button.setEnabled(ready)
        for made in (self.word_button, self.all_button):
            made.setEnabled(ready)
        self.excel_button.setEnabled(ready)
        self.excel_button.setVisible(self.paper is None or self.paper.of_people)
        alike = "" if chosen == BOOK else "预览就是打印的样子。"
        self.about_preview.setText(f"{alike}证件号码和电话都不会完整出现。")
        for widget in (
            self.word_button,
            self.all_button,
            self.text_rule,
            self.text_words,
            self.text_button,
            self.annex_box,
            self.head_button,
        ):
            widget.setVisible(report)
        self.handing_up.setVisible(report or chosen == BOOK)  # the sum goes up beside the report
        self.unmet.setVisible(report and ready and bool(self.unmet.text()))
        self.panel.setVisible(chosen != FILLING)
        shown = _BOOK if chosen == BOOK else _PREVIEW
        self.stack.setCurrentIndex(_FILLING if chosen == FILLING else shown if ready else _WORDS)

    def load(self) -> None:
        """Make what is chosen and show it."""
        period = self.period
        self.handing_up.show_period(period)
        today = self.desk.today
        running = period.end > today
        self.day.setText(
            f"数据截至 {min(today, period.end).isoformat()}" + ("；这一期还没有结束，数字还会变" if running else "")
        )
        self.tell(f"{period.label} · {'进行中' if running else '已结束'}")
        chosen, paper = self.chosen, self.paper
        self.choice.item(0).setText(_REPORTS[period.months])
        self.content = b""
        self.words.setText("正在生成…")
        self.ready(False)
        if chosen == FILLING:
            return
        if chosen == BOOK:
            self.jobs.read(lambda store: _sheets(store, period, today), self._show_book, self._cannot)
            return
        about = self.about.currentData() if self.about.isVisibleTo(self) else None
        self.preview.name.say(paper.title if paper else _REPORTS[period.months])
        if paper is not None and paper.by_person and about is None:
            self.words.setText("请在左边选择或输入志愿者的姓名")
            return

        def work(store: Store) -> Shown:
            from desktop.services.reporting import (  # late: they load slowly
                paper_data,
                paper_pdf,
                quarter_data,
                report_pdf,
                wanting,
            )
            from forms.report.situation import problems

            report = quarter_data(store, period, today)
            if paper is None:
                told = tuple(wanting(report))
                return Shown(report_pdf(report)[0], len(problems(report.results)), told, report.lists_all)
            team, person = (None, about) if paper.by_person else (about, None)
            return Shown(paper_pdf(paper, paper_data(store, paper, report, team=team, person=person)))

        self.jobs.read(work, self._show, self._cannot)

    def _choose(self) -> None:
        """Offer teams or volunteers where the paper is about one, then make it."""
        paper = self.paper
        self._print_next = False
        self.done.setText("")
        self.folder_button.hide()
        self.reminder.setText(paper.reminder if paper else "")
        self.reminder.setVisible(bool(paper and paper.reminder))
        self.about.setVisible(bool(paper and (paper.by_team or paper.by_person)))
        QTimer.singleShot(0, self, lambda: self.choice.scrollToItem(self.choice.currentItem()))  # it has less room now
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
        self._print_next = False
        self.words.setText(str(error))

    def _show(self, shown: Shown) -> None:
        if self.chosen in (BOOK, FILLING):
            return  # another choice was made meanwhile
        self.content = shown.content
        self.preview.show_pdf(shown.content)
        self.annex_box.setChecked(shown.lists_all)
        told = [f"有 {shown.unmet} 条未达标或部分达标，将如实写入报告"] if shown.unmet else []
        self.unmet.setText("\n".join((*shown.wanting, *told)))
        self._is_ready()

    def _show_book(self, made: "tuple[list[SheetView], bytes]") -> None:
        from forms.template.view import MOST_ROWS

        views, content = made

        if self.chosen != BOOK:
            return  # another choice was made meanwhile
        long = any(view.rows >= MOST_ROWS for view in views if not view.hidden)
        self.content = content
        self.book.show(views, BOOK_WORDS + (_ROWS_SHOWN.format(count=MOST_ROWS) if long else ""))
        self._is_ready()

    def _is_ready(self) -> None:
        self.ready(True)
        if self._print_next:
            self._print_next = False
            self.print_report()

    def turn(self, step: int) -> None:
        """Go to another page."""
        self.preview.turn(step)

    def print_report(self) -> None:
        """Print what is shown; where it is still being made, as soon as it is there."""
        from desktop.shell.printing import print_pdf

        if self.chosen == FILLING:
            self.desk.say("这一项是 Excel 表，请填好保存后在 Excel 或 WPS 里打印")
            return
        if not self.content:
            self._print_next = self.jobs.waiting > 0
            return
        title = self.paper.title if self.paper else "省级汇总表" if self.chosen == BOOK else "合规报告"
        try:
            if print_pdf(self, self.content, f"{self.period.label}{title}"):
                self.desk.say("已送到打印机")
        except UserError as error:
            self.desk.complain(error)

    # Words

    def edit_text(self) -> None:
        """Open the report's paragraphs."""
        period, today = self.period, self.desk.today

        def work(store: Store) -> tuple[Any, ...]:
            from desktop.services.reporting import quarter_data
            from forms.report.report_text import fields, parts

            data = quarter_data(store, period, today)
            return parts(data), fields(data), dict(data.texts)

        def show(found: tuple[Any, ...]) -> None:
            from desktop.pages.reports.report_editing import ReportTextDialog

            self.desk.drafts.open(("text", period), lambda: ReportTextDialog(self.desk, period, *found))

        self.jobs.read(work, show, self.desk.complain)

    def list_all(self, whole: bool) -> None:
        """Name in annex 2 what does not bind the office, or leave it out again."""
        period = self.period

        def work(store: Store) -> None:
            from desktop.services.reporting import LISTS_ALL, save_text

            save_text(store, period, LISTS_ALL, "列出" if whole else None)

        title = "附件2列出不适用的要求" if whole else "附件2只列适用的要求"
        self.jobs.write(f"{period.label}报告：{title}", work)

    def edit_head(self) -> None:
        """Open the red head."""
        period = self.period

        def work(store: Store) -> tuple[Any, str]:
            from desktop.services.reporting import letterhead_of

            return letterhead_of(store, period), store.office().get("name", "")

        def show(found: tuple[Any, str]) -> None:
            from desktop.pages.reports.report_editing import LetterheadDialog

            self.desk.drafts.open(("head", period), lambda: LetterheadDialog(self.desk, period, *found))

        self.jobs.read(work, show, self.desk.complain)

    # Files

    def target(self) -> Path:
        """Return the folder that reports are saved in."""
        return reports_folder(self.desk)

    def _tell_place(self) -> None:
        folder = self.target()
        self.place.setText(f"保存到：{folder.name}")
        self.place.setToolTip(str(folder))

    def choose_folder(self) -> None:
        """Ask for the folder that reports are saved in from now on."""
        start = self.target()
        chosen = QFileDialog.getExistingDirectory(
            self, "报表保存到哪个文件夹", str(start if start.is_dir() else self.desk.folder)
        )
        if chosen:
            settings.keep(_FOLDER, chosen)
            self._tell_place()

    def export(self, formats: tuple[str, ...]) -> None:
        """Write what is chosen into the folder."""
        if self.content:
            self.export_to(self.target(), formats)

    def export_to(self, folder: Path, formats: tuple[str, ...]) -> None:
        """Write what is chosen into a folder."""
        period, paper, today, is_book = self.period, self.paper, self.desk.today, self.chosen == BOOK
        about = self.about.currentData() if self.about.isVisibleTo(self) else None

        def work(store: Store) -> list[Path]:
            from desktop.services.reporting import write_papers, write_province, write_report

            if is_book:
                return write_province(store, period, folder, today, formats)
            if paper is None:
                return write_report(store, period, folder, today, formats)
            if paper.by_person:
                return write_papers(
                    store,
                    [paper],
                    period,
                    folder,
                    today,
                    persons=[] if about is None else [int(about)],
                    formats=formats,
                )
            return write_papers(store, [paper], period, folder, today, team=about, formats=formats)

        self.jobs.read(work, self._written, self.desk.complain)

    def _written(self, files: list[Path]) -> None:
        self.folder = files[0].parent
        aside = any(output.went_aside(path) for path in files)
        words = "已保存：\n" + "\n".join(path.name for path in files)
        if aside:
            words = f"原来的文件正在别的程序里打开，已另存为带编号的新文件。\n{words}"
        self.done.setText(words)
        self.folder_button.show()
        self.desk.say("原文件正打开着，已另存为新文件" if aside else f"已保存 {len(files)} 个文件")

    def _open_folder(self) -> None:
        if self.folder is not None:
            self.desk.open_file(self.folder)


def _sheets(store: Store, period: Period, today: dt.date) -> "tuple[list[SheetView], bytes]":
    """Make the workbook and return what there is to see of it, the very file that goes out, and its table on paper."""
    from desktop.services.reporting import province_paper, quarter_data, report_book  # late: they load slowly
    from forms.template import Template
    from forms.template.view import look

    data = quarter_data(store, period, today)
    return look(Template(report_book(store, data), "省级汇总表.xlsx")), province_paper(data)
