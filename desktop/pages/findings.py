"""合规体检: every clause with what is found, where it is written, how it was counted, and where to put it right."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QHeaderView, QStackedWidget, QVBoxLayout

from db.entities import BY_NAME
from db.rules import MODES, STATUSES, STRENGTHS, Clause
from db.verdicts import NEEDS_WORK, Result, bound
from desktop.pages.forecast import ForecastDialog
from desktop.pages.judging import JudgeDialog
from desktop.pages.pieces import (
    TONES,
    Page,
    button,
    card,
    chip,
    clear,
    label,
    row,
    rule,
    scrolled,
    tag,
)
from desktop.table_model import GROUP, SUB, TONE, TableView

if TYPE_CHECKING:
    from desktop.window import MainWindow

ASKED = ("missing_data", "missing_evidence", "explain", "attention", "partial")
OPEN = ("in_progress", "not_due", "recorded")
CHIPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("需处理", NEEDS_WORK), ("未达标", ("not_met",)), ("待补充", ASKED), ("达标", ("met",)), ("推进中", OPEN),
    ("不适用", ("not_applicable",)), ("全部", tuple(STATUSES)),
)  # fmt: skip


def where(clause: Clause) -> str:
    """Return article and document number in one short line."""
    number = f" · {clause.source.doc_number}" if clause.source.doc_number else ""
    return f"{clause.article}{number} · {STRENGTHS[clause.strength]}"


def order(results: list[Result]) -> list[Result]:
    """Return results as a person handles them: what is not met first, the rest as the notices have it."""
    ranks = {status: i for i, status in enumerate((*NEEDS_WORK, *OPEN, "met", "not_applicable"))}
    return sorted(results, key=lambda r: ranks[r.status])


class FindingsModel(QAbstractTableModel):
    """Results under the notices they come from."""

    HEADINGS = ("条款与要求", "当前情况", "状态")

    def __init__(self, parent: Page) -> None:
        super().__init__(parent)
        self.lines: list[Any] = []  # a Result, or (title, note) of a notice

    def set_results(self, shown: list[Result], every: list[Result]) -> None:
        """Show some of all results."""
        self.beginResetModel()
        self.lines = []
        for source in dict.fromkeys(r.clause.source for r in every):
            kept = [r for r in shown if r.clause.source == source]
            if kept:
                own = [r for r in every if r.clause.source == source]
                met = sum(r.status == "met" for r in own)
                note = f"{source.doc_number or ''}　达标 {met} 条，共 {len(own)} 条"
                self.lines.append((source.title, note.strip("　")))
                self.lines += order(kept)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:
        """How many lines there are."""
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:
        """Three columns."""
        return 0 if parent.isValid() else 3

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return texts and tones; a notice stands in the first column alone."""
        if not index.isValid():
            return None
        line, column = self.lines[index.row()], index.column()
        if isinstance(line, tuple):
            if role == Qt.ItemDataRole.DisplayRole:
                return line[0] if column == 0 else ""
            return (line[1] if column == 0 else "") if role == GROUP else None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            text = (line.clause.title, line.message, STATUSES[line.status])[column]
            return f"{self.HEADINGS[column]}：{text}" if role == Qt.ItemDataRole.AccessibleTextRole else text
        if role == SUB and column == 0:
            return where(line.clause)
        if role == TONE and column == 2:
            return TONES[line.status]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        """A notice's line cannot be chosen."""
        if index.isValid() and isinstance(self.lines[index.row()], tuple):
            return Qt.ItemFlag.ItemIsEnabled
        return super().flags(index)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a column's heading."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole and 0 <= section < 3:
            return self.HEADINGS[section]
        return None


class FindingsPage(Page):
    """The list of clauses and, beside it, one clause in full."""

    follows_quarter = True
    hint = "↑↓ 选择　Enter 去处理　F5 重新体检"

    def __init__(self, desk: "MainWindow") -> None:
        super().__init__(desk)
        self.results: list[Result] = []
        self.chosen: Result | None = None
        self.statuses = NEEDS_WORK
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 0, 20, 12)
        layout.setSpacing(10)
        again = button(self.theme, "重新体检", "refresh", "primary", "按现在的数据再算一遍（F5）", self.load)
        self.chips = []
        for name, statuses in CHIPS:
            made = chip(name, lambda statuses=statuses: self.show_only(statuses))
            made.setChecked(statuses is NEEDS_WORK)
            self.chips.append(made)
        ahead = button(self.theme, "会变的条款", "clock", "", "到季末为止，不再录入的话哪些条款会变", self.look_ahead)
        layout.addLayout(row(again, ahead, None, *self.chips, spacing=6))
        body = QHBoxLayout()
        body.setSpacing(12)
        self.model = FindingsModel(self)
        self.view = TableView(self.theme, "合规体检结果", 50)
        self.view.setModel(self.model)
        header = self.view.horizontalHeader()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Fixed)
        self.view.setColumnWidth(2, self.theme.px(118))
        self.view.setSelectionMode(self.view.SelectionMode.SingleSelection)
        self.view.selectionModel().currentRowChanged.connect(lambda *_: self._choose())
        self.view.opened.connect(self.handle)
        frame, inside = card((1, 1, 1, 1), 0)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.view)
        self.calm = label("", "dim", wrap=True)
        self.calm.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.stack.addWidget(self.calm)
        inside.addWidget(self.stack, 1)
        foot = QFrame()
        foot.setObjectName("foot")
        self.foot = label("", "dim")
        line = QHBoxLayout(foot)
        line.setContentsMargins(12, 7, 12, 7)
        line.addWidget(self.foot)
        inside.addWidget(foot)
        body.addWidget(frame, 1)
        panel, inner = card((0, 0, 0, 0), 0)
        self.panel = panel
        area, self.detail = scrolled("条款详情")
        self.detail.setContentsMargins(18, 14, 16, 14)
        self.detail.setSpacing(7)
        inner.addWidget(area, 1)
        body.addWidget(panel)
        layout.addLayout(body, 1)
        self._size()
        self.theme.changed.connect(self._size)

    def _size(self) -> None:
        self.panel.setFixedWidth(self.theme.px(338))
        self.view.setColumnWidth(2, self.theme.px(118))

    # Showing

    def load(self) -> None:
        """Run the check for the quarter chosen."""
        from db.checks import check_office

        day = self.desk.as_of
        self.foot.setText("正在体检…")
        self.jobs.read(lambda store: bound(check_office(store, day)), self._show, self._cannot)

    def look_ahead(self) -> None:
        """Show what changes until the quarter's end if nothing is entered."""
        ForecastDialog(self.desk).open()

    def _cannot(self, error: Exception) -> None:
        self._show([])
        self.calm.setText(str(error))
        self.foot.setText("还没有体检结果")

    def _show(self, results: list[Result]) -> None:
        self.results = results
        self.desk.count_unmet(results)
        for made, (name, statuses) in zip(self.chips, CHIPS, strict=True):
            made.setText(f"{name} {sum(r.status in statuses for r in results)}")
        met = sum(r.status == "met" for r in results)
        applies = sum(r.status != "not_applicable" for r in results)
        self.foot.setText(
            f"按 {self.desk.as_of.isoformat()} 的数据；适用 {applies} 条，达标 {met} 条。数据有变动时自动重算"
        )
        self.tell(f"{len({r.clause.source for r in results})} 个文件 · {len(results)} 条要求")
        self._fill()

    def show_only(self, statuses: tuple[str, ...]) -> None:
        """Show the results of some statuses."""
        self.statuses = statuses
        self._fill()

    def open_clause(self, clause_id: str) -> None:
        """Show one clause."""
        wanted = next((r for r in self.results if r.clause.id == clause_id), None)
        if wanted is None:
            self.chosen = None
            self._wanted = clause_id
            return
        if wanted.status not in self.statuses:
            self.chips[-1].click()
        self.chosen = wanted
        self._fill()

    _wanted = ""

    def _fill(self) -> None:
        if self._wanted and (found := [r for r in self.results if r.clause.id == self._wanted]):
            self.chosen, self._wanted = found[0], ""
        shown = [r for r in self.results if r.status in self.statuses]
        wanted = self.chosen.clause.id if self.chosen else ""
        self.model.set_results(shown, self.results)
        if self.results and not shown:
            done = self.statuses is NEEDS_WORK
            self.calm.setText("没有需要处理的要求。可以到报表中心生成本季度报告。" if done else "没有这一类的要求。")
        self.stack.setCurrentIndex(0 if shown else 1)
        self.view.clearSpans()
        places = [i for i, line in enumerate(self.model.lines) if not isinstance(line, tuple)]
        for i, line in enumerate(self.model.lines):
            if isinstance(line, tuple):
                self.view.setSpan(i, 0, 1, 3)
        place = next((i for i in places if self.model.lines[i].clause.id == wanted), places[0] if places else -1)
        if place >= 0:
            self.view.selectRow(place)
        self._choose()

    def _choose(self) -> None:
        index = self.view.currentIndex()
        line = self.model.lines[index.row()] if index.isValid() and index.row() < self.model.rowCount() else None
        self.chosen = None if line is None or isinstance(line, tuple) else line
        clear(self.detail)
        if self.chosen is not None:
            self._explain(self.chosen)
        else:
            self.detail.addWidget(label("选中左边一条，这里显示原文、算法和要处理的记录。", "dim", wrap=True))
        self.detail.addStretch(1)

    def _explain(self, result: Result) -> None:
        clause, add = result.clause, self.detail.addWidget
        add(label(clause.title, "heading", wrap=True))
        self.detail.addLayout(
            row(tag(result.status), label(f"{STRENGTHS[clause.strength]} · {MODES[clause.mode]}", "hint"), None)
        )
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(f"“{clause.quotation}”", "quote", wrap=True, selectable=True))
        words.addWidget(label(clause.citation, "source", wrap=True, selectable=True))
        self.detail.addLayout(words)
        add(label("怎么算的", "strong"))
        add(label(result.message, wrap=True, selectable=True))
        if result.n:
            add(label(f"现有 {result.k}，对照 {result.n}", "dim", wrap=True))
        for name, value in result.parameters.items():
            parameter = clause.parameters[name]
            start = [day for day, _ in parameter.values if day <= self.desk.as_of]
            since = f"，自 {start[-1].isoformat()} 起" if start else ""
            own = "，本程序内部约定" if parameter.internal else ""
            add(
                label(
                    f"{parameter.label}：{value} {parameter.unit}{since}{own}（{parameter.checked_on} 核对）",
                    "hint",
                    wrap=True,
                )
            )
        if result.items:
            add(rule())
            add(label(f"相关的 {len(result.items)} 项", "strong"))
            for item in sorted(result.items, key=lambda i: i.status not in NEEDS_WORK)[:30]:
                kind = BY_NAME[item.record].label if item.record in BY_NAME else ""
                link = button(self.theme, f"{item.title}", "", "link", f"打开这条{kind}")
                link.clicked.connect(
                    lambda _=False, item=item: self.desk.open_records(item.record, frozenset({item.id}))
                )
                link.setEnabled(item.id is not None and item.record in BY_NAME)
                state = label(STATUSES.get(item.status, item.status), "hint")
                self.detail.addLayout(row(link, None, state))
            if len(result.items) > 30:
                add(label(f"另有 {len(result.items) - 30} 项，点“去处理”查看", "hint"))
        self._judgement(result)
        if clause.why:
            add(rule())
            add(label("为什么", "strong"))
            add(label(clause.why, "dim", wrap=True))
        add(rule())
        add(label("怎么办", "strong"))
        add(label(clause.fix, wrap=True))
        if clause.record in BY_NAME:
            self.detail.addSpacing(4)
            words = f"去处理：{self.desk.page_name(clause.record)}"
            add(button(self.theme, words, "go", "primary" if result.status in NEEDS_WORK else "", "", self.handle))

    def _judgement(self, result: Result) -> None:
        """Say who confirmed or assessed it, and offer to do so."""
        mode, said = result.clause.mode, result.judgement
        if mode not in ("semi", "self") or result.status == "not_applicable":
            return
        self.detail.addWidget(rule())
        self.detail.addWidget(label("确认" if mode == "semi" else "自评", "strong"))
        if said:
            lapsed = "；后来数字变了，请重新确认" if said.get("lapsed") else ""
            words = f"{said['person']}，{said['on']}{lapsed}"
            self.detail.addWidget(
                label(words + (f"\n{said['reason']}" if said.get("reason") else ""), "dim", wrap=True)
            )
        elif mode == "semi" and result.proposed:
            self.detail.addWidget(label(f"台账的建议是“{STATUSES[result.proposed]}”，请核对后确认。", "dim", wrap=True))
        else:
            self.detail.addWidget(label("这一条台账算不出来，请如实填写情况。", "dim", wrap=True))
        verb = ("确认结果" if not said else "重新确认") if mode == "semi" else ("填写自评" if not said else "修改自评")
        self.detail.addWidget(button(self.theme, verb, "edit", "", "", self.judge))

    def judge(self) -> None:
        """Ask what the office says of this clause."""
        if self.chosen is not None:
            dialog = JudgeDialog(self.desk, self.chosen)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()

    def handle(self) -> None:
        """Open the records that this clause is about."""
        if self.chosen is not None:
            self.desk.handle(self.chosen)
