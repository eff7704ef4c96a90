"""下级汇总: what the offices below handed up for a period, taken in by dropping it here, added up, and answered."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from db.quarters import Period
from db.records.statuses import STATUSES
from db.storage.store import Store
from desktop.pages.rollup.asking import GiveTaskDialog, ReturnDialog
from desktop.records.upward import CHOOSE, SUFFIX, MadeDialog, PackageTaker, reports_folder
from desktop.services.reminders import report_due
from desktop.shell.desk import Desk
from desktop.shell.empty_sheet import EmptySheet
from desktop.shell.period_choice import PeriodChoice
from desktop.shell.widgets import Elided, button, card, label, row
from desktop.tables.record_model import TableView
from desktop.tables.text_model import Column, TextTable
from forms.report.figure_labels import UNKNOWN, shown

if TYPE_CHECKING:
    from forms.report.rollup_data import RollUpData

Cells = tuple[str, ...]
OFFICES, MISSING, TOTALS, CLAUSES, REPLACED, REFUSED = range(6)
_SHOWN = (
    ("teams_end", "队伍"), ("volunteers_end", "志愿者"), ("persons_end", "在队"), ("insured_end", "在保"),
    ("training_person_times", "参训人次"), ("activities", "活动"), ("service_minutes", "服务小时"),
    ("income_fen", "收入（元）"), ("expense_fen", "支出（元）"),
)  # fmt: skip
_COUNTED = ("met", "partial", "not_met", "in_progress", "missing_data")


def _cell(place: int) -> Callable[[Cells], str]:
    return lambda cells: cells[place]


def _columns(headings: Sequence[str], right: int) -> tuple[Column[Cells], ...]:
    """Columns of ready texts; from `right` on they hold numbers."""
    return tuple(Column(words, _cell(n), right=n >= right) for n, words in enumerate(headings))


@dataclass(frozen=True)
class Tab:
    """A table of the page: its title, headings, from which column on numbers stand, widths, and what an empty one says."""

    title: str
    headings: tuple[str, ...]
    right: int
    widths: tuple[int, ...]
    empty: str


TABS = (
    Tab("各单位", ("单位", "版次", "报送日期", "回执", *(words for _, words in _SHOWN), "说明", "签名钥匙的指纹"), 99,
        (24, 6, 12, 8, *(10,) * len(_SHOWN), 24, 44), "还没有收到这一期的报送包。把报送包或整个文件夹拖到这里。"),
    Tab("未报送", ("单位", "联系人", "联系电话"), 99, (34, 14, 20), "名单里的单位都报了（名单在“设置”的“下级单位”里）。"),
    Tab("合计", ("指标", "合计", "上期", "增减"), 1, (36, 18, 18, 18), "还没有数字。"),
    Tab("各条要求", ("条款", "要求", *(STATUSES[s] for s in _COUNTED), "其他"), 2, (14, 40, *(9,) * 6), "还没有数字。"),
    Tab("更正前后", ("单位", "版次", "指标", "原报", "现报"), 3, (28, 10, 30, 16, 16), "没有单位更正过。"),
    Tab("没有收的", ("文件", "原因"), 99, (36, 90), "这一次没有不收的文件。"),
)  # fmt: skip


def droppable(data: QMimeData) -> list[Path]:
    """Return the packages and the folders that are dragged."""
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return [path for path in paths if path.is_dir() or path.suffix.lower() == SUFFIX]


class RollupPage(PackageTaker):
    """Completeness above, the tables below, what can be done at the right of the title line."""

    key, title, icon, group = "rollup", "下级汇总", "team", "合规"
    levels = ("市级", "省级")
    tables = frozenset({"received", "receipt", "lower_office", "office", "superior_task"})
    follows_quarter = True
    hint = "把报送包或文件夹拖到这里　选中单位可以发回执"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.uids: list[str] = []
        self.refused: list[tuple[str, str]] = []
        self.setAcceptDrops(True)
        self.packages_given.connect(self.take)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 0, 20, 12)
        layout.setSpacing(8)
        layout.addWidget(self._top())
        self.tabs = QTabBar()
        self.tabs.setAccessibleName("下级汇总")
        self.tabs.setExpanding(False)
        self.stack = QStackedWidget()
        self.tables_shown: list[TextTable[Cells]] = []
        self.views: list[TableView] = []
        self.empties: list[QWidget] = []
        for tab in TABS:
            self._add(tab)
        self.tabs.currentChanged.connect(self._turn)
        layout.addWidget(self.tabs)
        layout.addWidget(self.stack, 1)
        self._allow()

    def _top(self) -> QWidget:
        frame, inside = card((14, 10, 14, 10), 6)
        theme = self.theme
        self.counted = label("", "heading")
        self.choice = PeriodChoice(self.desk)
        self.choice.chosen.connect(self._turn_to)
        self.take_button = button(
            theme, "收报送包…", "import", "primary", "选一些报送包；也可以拖进来", self.choose_files
        )
        self.folder_button = button(theme, "收整个文件夹…", "folder", "", "", self.choose_folder)
        self.task_button = button(
            theme, "下达任务…", "note", "", "期限、模板、规则，做成任务包发给下级", self.give_task
        )
        inside.addLayout(row(self.choice, self.counted, None, self.take_button, self.folder_button, self.task_button))
        self.missing, self.late, self.blood = Elided("", "dim"), Elided("", "dim"), Elided("", "dim")
        for words in (self.missing, self.late, self.blood):
            inside.addWidget(words)
        self.excel_button = button(
            theme, "导出 Excel", "table", "", "各单位、合计、各条要求，一个工作簿", lambda: self.export("xlsx")
        )
        self.pdf_button = button(theme, "导出 PDF", "report", "", "", lambda: self.export("pdf"))
        self.public_button = button(
            theme, "公开的一份", "report", "", "不足 3 人次的献血情况从略，不列联系人", lambda: self.export("public")
        )
        self.on_button = button(theme, "上报汇总", "export", "", "签名的一个文件，发给上级红十字会", self.hand_on)
        self.accept_button = button(
            theme, "发收下回执", "tick", "", "给选中的单位；没选就给还没发过的", self.accept_offices
        )
        self.return_button = button(theme, "退回…", "undo", "", "写明意见，退回选中的单位", self.return_offices)
        inside.addLayout(row(
            self.excel_button, self.pdf_button, self.public_button, self.on_button, None, self.accept_button, self.return_button,
        ))  # fmt: skip
        return frame

    def _add(self, tab: Tab) -> None:
        self.tabs.addTab(tab.title)
        place = QStackedWidget()
        columns = _columns(tab.headings, tab.right)
        if tab is TABS[OFFICES]:
            first, last = 4, 4 + len(_SHOWN)
            columns = tuple(Column(c.heading, c.text, right=first <= n < last) for n, c in enumerate(columns))
        model = TextTable(columns, self)
        view = TableView(self.theme, tab.title, 34)
        view.setModel(model)
        for n, units in enumerate(tab.widths):
            view.show_width(n, units)
        view.selectionModel().selectionChanged.connect(lambda *_: self._allow())
        frame, inside = card((1, 1, 1, 1), 0)
        inside.addWidget(view)
        place.addWidget(frame)
        heading, _, words = tab.empty.partition("。")
        place.addWidget(EmptySheet(self.theme, heading, words, headings=tab.headings))
        self.stack.addWidget(place)
        self.tables_shown.append(model)
        self.views.append(view)
        self.empties.append(place)

    def _turn(self, place: int) -> None:
        self.stack.setCurrentIndex(place)
        self._allow()

    # Showing

    @property
    def period(self) -> Period:
        """The quarter, half-year or year that is added up."""
        return self.choice.period

    def _turn_to(self) -> None:
        """Another kind of period was chosen: what was refused belongs to the one it was taken in for."""
        self.refused = []
        self.reload()

    @property
    def deadline(self) -> dt.date:
        """The day by which the offices below are to hand up, where no task says otherwise."""
        return report_due(self.period)

    def load(self) -> None:
        """Add up what the ledger has of the period."""
        period, today, due = self.period, self.desk.today, self.deadline
        refused = list(self.refused)

        def work(store: Store) -> tuple[Period, "RollUpData", list[str], dict[tuple[str, int], str]]:
            from desktop.services import receipts, rollup, rollup_papers  # late: they load slowly

            done = rollup.of_ledger(store, period)
            done.refused = refused
            data = rollup_papers.data_of(
                done, store.office().get("name", ""), today, rollup_papers.deadline_of(store, period) or due
            )
            return period, data, ["" if o.via else o.uid for o in done.offices], receipts.given(store, period)

        self.jobs.read(work, self._show, self.desk.complain)

    def quarter_changed(self) -> None:
        """What was refused belongs to the period it was taken in for."""
        self.refused = []
        super().quarter_changed()

    def _show(self, found: tuple[Period, "RollUpData", list[str], dict[tuple[str, int], str]]) -> None:
        period, data, self.uids, given = found
        if period != self.period:
            return
        self.tell(period.label)
        facts = dict(data.facts)
        self.counted.setText(f"已报送 {facts['已报送']}")
        self.missing.say(f"未报送：{facts['未报送']}")
        self.late.say(facts["是否及时"])
        self.blood.say(f"各县2026年建队：{facts['各县2026年建队']}" if "各县2026年建队" in facts else "")
        self.blood.setVisible(bool(self.blood.whole))
        for place, rows in enumerate(self._rows(data, given)):
            self.tables_shown[place].set_rows(rows)
            self.tabs.setTabText(
                place, f"{TABS[place].title} {len(rows):,}" if place not in (TOTALS, CLAUSES) else TABS[place].title
            )
            shown_place = self.empties[place]
            assert isinstance(shown_place, QStackedWidget)
            shown_place.setCurrentIndex(0 if rows else 1)
        self._allow()

    def _rows(self, data: "RollUpData", given: dict[tuple[str, int], str]) -> list[list[Cells]]:
        words = {"accepted": "收下", "returned": "退回"}
        offices: list[Cells] = [
            (o.name, f"第 {o.edition} 版", o.submitted_on, words.get(given.get((uid, o.edition), ""), "—"),
             *(shown(name, o.figures.get(name)) for name, _ in _SHOWN), "；".join(o.notes), o.mark)
            for o, uid in zip(data.offices, self.uids, strict=True)
        ]  # fmt: skip
        totals: list[Cells] = []
        for name, text in data.labels.items() if data.offices else ():
            now, was = data.total[name], data.before.get(name)
            change = UNKNOWN if now is None or was is None else shown(name, now - was)
            totals.append(
                (text + (" *" if name in data.incomplete else ""), shown(name, now), shown(name, was), change)
            )
        clauses: list[Cells] = []
        for clause, text, counts in data.clauses:
            rest = sum(n for status, n in counts.items() if status not in _COUNTED)
            clauses.append((clause, text, *(str(counts.get(s, 0)) for s in _COUNTED), str(rest)))
        replaced: list[Cells] = [(o, f"{a} → {b}", what, was, now) for o, a, b, what, was, now in data.replaced]
        return [offices, list(data.missing), totals, clauses, replaced, list(data.refused)]

    def _chosen(self) -> list[str]:
        """Return the uids of the offices that are chosen; those that another office handed on have none here."""
        rows = {index.row() for index in self.views[OFFICES].selectionModel().selectedIndexes()}
        return [self.uids[n] for n in sorted(rows) if n < len(self.uids) and self.uids[n]]

    def _allow(self) -> None:
        any_there, writing = bool(self.uids), not self.desk.read_only
        for made in (self.excel_button, self.pdf_button, self.public_button):
            made.setEnabled(any_there)
        self.on_button.setEnabled(any_there and writing)
        self.accept_button.setEnabled(any_there and writing)
        self.return_button.setEnabled(bool(self._chosen()) and writing)
        for made in (self.take_button, self.folder_button, self.task_button):
            made.setEnabled(writing)

    # Taking in

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Packages and folders may be dropped here."""
        if droppable(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take what was dropped."""
        if paths := droppable(event.mimeData()):
            event.acceptProposedAction()
            self.take(paths)

    def choose_files(self) -> None:
        """Ask for packages."""
        chosen, _ = QFileDialog.getOpenFileNames(self, "收报送包", str(self.desk.folder), CHOOSE)
        if chosen:
            self.take([Path(name) for name in chosen])

    def choose_folder(self) -> None:
        """Ask for a folder of packages."""
        chosen = QFileDialog.getExistingDirectory(self, "收整个文件夹的报送包", str(self.desk.folder))
        if chosen:
            self.take([Path(chosen)])

    def take(self, paths: Sequence[Path]) -> None:
        """Take packages in for the period that is chosen, and say what was refused."""
        period, today, report = self.period, self.desk.today, self.jobs.report

        def work(store: Store) -> tuple[int, list[tuple[str, str]], int]:
            from desktop.services.rollup import files_in, roll_up

            files = files_in(paths)
            done = roll_up(files, period, today, store, report)
            return len(files), done.refused, sum(o.new_key for o in done.offices)

        def show(found: tuple[int, list[tuple[str, str]], int]) -> None:
            count, self.refused, new = found
            told = f"读了 {count} 个文件，没有收 {len(self.refused)} 个" if self.refused else f"收了 {count} 个文件"
            told += "，原因在“没有收的”里" if self.refused else ""
            self.desk.say(told + (f"。{new} 个单位是第一次收，请打电话核对指纹，指纹在最右边一列" if new else ""))
            self.tabs.setCurrentIndex(REFUSED if len(self.refused) == count else OFFICES)
            self.reload()

        self.jobs.change(work, show, self.desk.complain)

    # Out

    def export(self, form: str) -> None:
        """Write the workbook or the paper into the reports' folder."""
        period, today, due, folder = self.period, self.desk.today, self.deadline, reports_folder(self.desk)

        def work(store: Store) -> Path:
            from desktop.services import rollup, rollup_papers

            done, maker = rollup.of_ledger(store, period), store.office().get("name", "")
            deadline = rollup_papers.deadline_of(store, period) or due
            name = f"{maker}{period.label}下级上报汇总表"
            folder.mkdir(parents=True, exist_ok=True)
            if form == "xlsx":
                return rollup_papers.write_book(done, folder / f"{name}.xlsx", maker, today, deadline)
            name += "（公开）" if form == "public" else ""
            return rollup_papers.write_paper(
                done, folder / f"{name}.pdf", maker, today, deadline, public=form == "public"
            )

        self.jobs.read(work, self.desk.saved_file, self.desk.complain)

    def hand_on(self) -> None:
        """Sign what was added up for the next level."""
        period, today, folder = self.period, self.desk.today, reports_folder(self.desk)

        def work(store: Store) -> tuple[Path, str]:
            from desktop.services import rollup, rollup_papers

            folder.mkdir(parents=True, exist_ok=True)
            return rollup_papers.hand_on(store, rollup.of_ledger(store, period), folder, today)

        def show(made: tuple[Path, str]) -> None:
            MadeDialog(self.desk, "汇总报送包已做好", [made[0]], made[1]).open()

        self.jobs.change(work, show, self.desk.complain)

    # Answering

    def accept_offices(self) -> None:
        """Give receipts to the offices chosen, else to all that have none yet."""
        self._issue(self._chosen(), "accepted", "", self.desk.operator)

    def return_offices(self) -> None:
        """Ask why, then return the editions of the offices chosen."""
        chosen = self._chosen()
        names = [str(self.tables_shown[OFFICES].rows[n][0]) for n, uid in enumerate(self.uids) if uid in chosen]
        if chosen:
            ReturnDialog(self.desk, names, lambda why, who: self._issue(chosen, "returned", why, who)).open()

    def _issue(self, uids: Sequence[str], status: str, remarks: str, person: str) -> None:
        period, today, folder = self.period, self.desk.today, reports_folder(self.desk)

        def work(store: Store) -> list[Path]:
            from desktop.services import receipts

            folder.mkdir(parents=True, exist_ok=True)
            chosen = list(uids) or receipts.unanswered(store, period)
            return receipts.issue(store, period, chosen, status, remarks, person, today, folder) if chosen else []

        def show(made: list[Path]) -> None:
            told = f"已写出 {len(made)} 份回执，在“{folder.name}”里，请发给下级" if made else "都已经发过回执"
            self.desk.say(told)

        self.jobs.change(work, show, self.desk.complain)

    def give_task(self) -> None:
        """Ask for a task and sign it."""
        period = self.period
        self.desk.drafts.open(("task", period), lambda: GiveTaskDialog(self.desk, period, self.deadline))
