"""合规体检: every clause with what is found, where it is written, how it was counted, and where to put it right."""

import datetime as dt
from collections import Counter
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
)

from db.quarters import Quarter
from db.records.entities import BY_NAME
from db.records.statuses import STATUSES, STRENGTHS
from db.rules.register import MODES
from db.rules.verdicts import NEEDS_WORK, Item, Result
from db.rules.wanted import Want, to_be_checked, wanted
from db.storage.store import Store
from desktop.pages.checks import remedies
from desktop.pages.checks.assessing import AssessDialog
from desktop.pages.checks.confirming import ConfirmDialog, figure_words
from desktop.pages.checks.findings_table import VERB, FindingsModel, FindingsView, Group, by_notice
from desktop.pages.checks.forecast import ForecastDialog
from desktop.pages.checks.inspecting import InspectionDialog
from desktop.pages.checks.judging import JudgeDialog
from desktop.pages.checks.past_quarters import PastQuarters, quarters_before
from desktop.records import specs
from desktop.services.judging import judged
from desktop.services.parameter_words import parameter_words
from desktop.services.remedies import OPEN, looks_back, order, people_to_insure
from desktop.services.short_names import short_name
from desktop.shell.desk import Desk
from desktop.shell.folding import FoldingRow
from desktop.shell.page import Page
from desktop.shell.widgets import Elided, button, card, chip, clear, label, row, rule, scrolled, shortcut, tag

FIRST = ("not_met", "partial", "explain", "attention")  # what is wrong, or has to be explained
FIRST_CHIP, DATA_CHIP, CONFIRM_CHIP, ASSESS_CHIP = "需处理", "要补的数据", "待确认", "待自评"


def chip_of(result: Result) -> str:
    """Return under which chip a result stands; 需处理, 要补的数据 and 全部 show more than what is theirs."""
    if result.status in FIRST:
        return FIRST_CHIP
    if result.status == "missing_data":
        return DATA_CHIP
    if result.status == "missing_evidence":
        return CONFIRM_CHIP if result.clause.mode == "semi" else ASSESS_CHIP
    if result.status in OPEN:
        return "推进中"
    return STATUSES[result.status]


CHIPS = (FIRST_CHIP, DATA_CHIP, CONFIRM_CHIP, ASSESS_CHIP, "达标", "推进中", "不适用", "全部")


_Checked = tuple[list[Result], list[Want], list[Want], str, list[Quarter]]


def _checked(store: Store, day: dt.date, quarter: Quarter) -> _Checked:
    """Return the verdicts, the data that they wait for, what is doubtful, why there are none, and the quarters before."""
    results, why = judged(store, day)
    doubts = to_be_checked(store, day, results) if results else []
    return results, wanted(store, results), doubts, why, quarters_before(store, quarter)


class FindingsPage(Page):
    """The list of clauses and, beside it, one clause in full."""

    key, title, icon, group, shortcut = "findings", "合规体检", "check", "合规", "9"
    follows_quarter = True
    hint = "↑↓ 选择　F8 下一个问题　Enter 去处理　F5 重新体检"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.results: list[Result] = []
        self.chosen: Result | None = None
        self.wants: list[Want] = []
        self.doubts: list[Want] = []
        self.why = ""  # why nothing is judged
        self.earlier: list[Quarter] = []
        self.past: PastQuarters | None = None
        self.shown = FIRST_CHIP
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 0, 20, 12)
        layout.setSpacing(10)
        again = button(self.theme, "重新体检", "refresh", "primary", "按现在的数据再算一遍（F5）", self.load)
        self.chips = []
        for name in CHIPS:
            made = chip(name, partial(self.show_only, name))
            made.setChecked(name == FIRST_CHIP)
            self.chips.append(made)
        ahead = button(self.theme, "会变的条款", "clock", "", "到季末为止，不再录入的话哪些条款会变", self.look_ahead)
        self.together = button(self.theme, "一起确认", "tick", "", "核对后把几条建议一次确认", self.confirm_together)
        self.together.hide()
        pack = button(self.theme, "迎检包…", "folder", "", "每条要求的记录清单和佐证材料，编号成一个文件夹", self.pack)
        foldable = (ahead, pack, *reversed(self.chips[1:]))
        layout.addWidget(FoldingRow(self.theme, (again, ahead, pack, self.together, None, *self.chips), foldable, 6))
        body = QHBoxLayout()
        body.setSpacing(12)
        self.model = FindingsModel(self.verb, self)
        self.view = FindingsView(self.theme, "合规体检结果", 50)
        self.view.setModel(self.model)
        header = self.view.horizontalHeader()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        for place in (2, VERB):
            header.setSectionResizeMode(place, QHeaderView.ResizeMode.Fixed)
        self.view.setSelectionMode(self.view.SelectionMode.SingleSelection)
        self.view.selectionModel().currentRowChanged.connect(lambda *_: self._choose())
        self.view.opened.connect(self.handle)
        self.view.handled.connect(self.handle)
        shortcut("F8", self, self.next_problem)
        self._asking = QTimer(self)  # while a person walks through the list, nothing is asked
        self._asking.setSingleShot(True)
        self._asking.setInterval(150)
        self._asking.timeout.connect(self._ask_history)
        frame, inside = card((1, 1, 1, 1), 0)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.view)
        self.calm = label("", "dim", wrap=True)
        self.calm.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.stack.addWidget(self.calm)
        inside.addWidget(self.stack, 1)
        foot = QFrame()
        foot.setObjectName("foot")
        self.foot = Elided("", "dim")
        line = QHBoxLayout(foot)
        line.setContentsMargins(12, 7, 12, 7)
        line.addWidget(self.foot)
        inside.addWidget(foot)
        body.addWidget(frame, 1)
        panel, inner = card((0, 0, 0, 0), 0)
        self.panel = panel
        self.area, self.detail = scrolled("条款详情")
        self.detail.setContentsMargins(18, 14, 16, 14)
        self.detail.setSpacing(7)
        inner.addWidget(self.area, 1)
        body.addWidget(panel)
        layout.addLayout(body, 1)
        self._size()
        self.theme.changed.connect(self._size)

    def _size(self) -> None:
        px = self.theme.px
        little = self.width() < px(900)  # then what is said beside the list is not said in it too
        self.panel.setFixedWidth(px(300 if little else 338))
        self.view.setColumnWidth(2, px(118))
        self.view.setColumnWidth(VERB, px(126))
        for place in (1, VERB):
            self.view.setColumnHidden(place, little)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the list keeps to what is asked and how it stands."""
        super().resizeEvent(event)
        self._size()

    # Showing

    def load(self) -> None:
        """Run the check for the quarter chosen."""
        day, quarter = self.desk.as_of, self.desk.quarter
        self.foot.say("正在体检…")
        self.jobs.read(lambda store: _checked(store, day, quarter), self._show, self._cannot)

    def look_ahead(self) -> None:
        """Show what changes until the quarter's end if nothing is entered."""
        ForecastDialog(self.desk).open()

    def pack(self) -> None:
        """Ask for which period the evidence is put together."""
        quarter = self.desk.quarter
        self.desk.drafts.open(("inspection", quarter), lambda: InspectionDialog(self.desk, quarter))

    def _cannot(self, error: Exception) -> None:
        self._show(([], [], [], str(error), []))

    def _show(self, found: _Checked) -> None:
        self.results, self.wants, self.doubts, self.why, self.earlier = found
        results = [r for r in self.results if r.listed]
        self.desk.count_unmet(results)
        own = Counter(chip_of(r) for r in results)
        own[FIRST_CHIP] += sum(r.status == "in_progress" for r in results)
        counts = dict.fromkeys(CHIPS, 0) | own | {DATA_CHIP: len(self.wants), "全部": len(results)}
        for made, name in zip(self.chips, CHIPS, strict=True):
            made.setText(f"{name} {counts[name]}")
        applies = sum(r.status != "not_applicable" for r in results)
        self.foot.say(
            f"按 {self.desk.as_of.isoformat()} 的数据；适用 {applies} 条，达标 {counts['达标']} 条。数据有变动时自动重算"
            if results else "没有体检结果"
        )  # fmt: skip
        self.tell(f"{len({r.clause.source for r in results})} 个文件 · {len(results)} 条要求")
        self._fill()

    def show_only(self, name: str) -> None:
        """Show what stands under a chip."""
        self.shown = name
        self._fill()

    def _groups(self) -> list[Group]:
        """Return what the chip chosen shows: what matters first, on top; data to be filled in as one list."""
        listed = [r for r in self.results if r.listed]
        data = Group(DATA_CHIP, f"{len(self.wants)} 项，补齐后才能判断", self.wants)
        if self.shown == FIRST_CHIP:
            first = order([r for r in listed if r.status in FIRST])
            due = order([r for r in listed if r.status == "in_progress"])
            groups = [Group("未达标、部分达标和要说明的", f"{len(first)} 条", first),
                      Group("在期限之内，到期前要办好", f"{len(due)} 条", due), data,
                      Group("待核对", "主管单位的名称与类型不一致，两者有一个是本级就按本级判断", self.doubts)]  # fmt: skip
        elif self.shown == DATA_CHIP:
            groups = [data]
        elif self.shown == "全部":
            apart = [r for r in self.results if not r.listed]
            groups = [*by_notice(listed, self.results),
                      Group("仅供参考、不计数的条款", f"{len(apart)} 条", apart)]  # fmt: skip
        else:
            groups = by_notice([r for r in listed if chip_of(r) == self.shown], self.results)
        return [group for group in groups if group.lines]

    def open_clause(self, clause_id: str) -> None:
        """Show one clause."""
        wanted = next((r for r in self.results if r.clause.id == clause_id), None)
        if wanted is None:
            self.chosen = None
            self._wanted = clause_id
            return
        self._choose_clause(wanted)
        self._fill()

    def _choose_clause(self, result: Result) -> None:
        """Make a clause the one that is shown; 全部 has it where the chip chosen has not."""
        self.chosen = result
        if not any(r is result for group in self._groups() for r in group.lines):
            self.shown = CHIPS[-1]
            self.chips[-1].setChecked(True)

    _wanted = ""

    def _fill(self) -> None:
        if self._wanted and (found := [r for r in self.results if r.clause.id == self._wanted]):
            self._wanted = ""
            self._choose_clause(found[0])
        groups = self._groups()
        wanted = self.chosen.clause.id if self.chosen else ""
        self._filling = True  # the clause chosen is explained once, at the end
        self.model.set_groups(groups)
        self.together.setVisible(self.shown in (CONFIRM_CHIP, ASSESS_CHIP) and bool(groups))
        self.together.setText("一起自评" if self.shown == ASSESS_CHIP else "一起确认")
        self.together.setToolTip("核对后把几条" + ("自评一次写完" if self.shown == ASSESS_CHIP else "建议一次确认"))
        if not groups:
            done = self.shown == FIRST_CHIP and self.results
            words = "没有需要处理的要求。可以到报表中心生成本季度报告。" if done else "没有这一类的要求。"
            self.calm.setText(self.why or words)
        self.stack.setCurrentIndex(0 if groups else 1)
        self.view.clearSpans()
        lines = self.model.lines
        places = [i for i, line in enumerate(lines) if not isinstance(line, Group)]
        for i, line in enumerate(lines):
            if isinstance(line, Group):
                self.view.setSpan(i, 0, 1, len(FindingsModel.HEADINGS))
        same = (i for i in places if isinstance(r := lines[i], Result) and r.clause.id == wanted)
        place = next(same, places[0] if places else -1)
        if place >= 0:
            self.view.selectRow(place)
        self._filling = False
        self._choose()

    _filling = False

    def _choose(self) -> None:
        if self._filling:
            return
        index = self.view.currentIndex()
        line = self.model.lines[index.row()] if index.isValid() and index.row() < self.model.rowCount() else None
        self.chosen = line if isinstance(line, Result) else None
        self.want = line if isinstance(line, Want) else None
        clear(self.detail)
        self.past = None
        if self.chosen is not None:
            self._explain(self.chosen)
            self._asking.start()
        elif self.want is not None:
            self._explain_want(self.want)
        else:
            self.detail.addWidget(label("选中左边一条，这里显示原文、算法和要处理的记录。", "dim", wrap=True))
        self.detail.addStretch(1)

    want: Want | None = None  # the line of data to be filled in that is chosen

    def _explain_want(self, want: Want) -> None:
        add = self.detail.addWidget
        add(label(want.title, "heading", wrap=True))
        self.detail.addLayout(row(tag(self.theme, "missing_data"), None))
        add(label("要填的", "strong"))
        add(label("、".join(want.fields) or "登记这样的记录", wrap=True))
        if want.titles and len(want.ids) > 3:
            add(label("、".join(want.titles[:30]) + ("等" if len(want.titles) > 30 else ""), "dim", wrap=True))
        add(rule())
        add(label(f"在等的 {len(want.clauses)} 条要求", "strong"))
        for clause in want.clauses:
            add(button(self.theme, clause.title, "", "row", clause.fix, partial(self.open_clause, clause.id)))
        add(button(self.theme, f"去补：{self.desk.page_name(want.record)}", "go", "primary", "", self.handle))

    def _explain(self, result: Result) -> None:
        clause, add = result.clause, self.detail.addWidget
        add(label(clause.title, "heading", wrap=True))
        self.detail.addLayout(
            row(
                tag(self.theme, result.status),
                label(f"{STRENGTHS[clause.strength]} · {MODES[clause.mode]}", "hint"),
                None,
            )
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
            told = parameter_words(clause, clause.parameters[name], value, self.desk.as_of)
            add(label(told, "hint", wrap=True))
        if result.items:
            add(rule())
            add(label(f"相关的 {len(result.items):,} 项", "strong"))
            for item in sorted(result.items, key=lambda i: i.status not in NEEDS_WORK)[:30]:
                kind = BY_NAME[item.record].label if item.record in BY_NAME else ""
                name = short_name(str(item.title), self.desk.office.get("name", ""))
                link = button(self.theme, name, "", "link", f"打开这条{kind}：{item.title}")
                link.clicked.connect(lambda _=False, item=item: self._open_item(result, item))
                link.setEnabled(item.id is not None and item.record in self.desk.page_of)
                state = label(STATUSES.get(item.status, item.status), "hint")
                self._shorten(link, state)
                self.detail.addLayout(row(link, None, state))
            if len(result.items) > 30:
                add(label(f"另有 {len(result.items) - 30} 项，点“去处理”查看", "hint"))
        self._judgement(result)
        add(rule())
        add(label("近四个季度", "strong"))
        wide = self.area.width() >= self.theme.px(330)
        self.past = PastQuarters(self.desk, self.earlier, result, wide)
        add(self.past)
        if clause.why:
            add(rule())
            add(label("为什么", "strong"))
            add(label(clause.why, "dim", wrap=True))
        add(rule())
        add(label("怎么办", "strong"))
        add(label(clause.fix, wrap=True))
        if clause.record in BY_NAME:
            self.detail.addSpacing(4)
            people = people_to_insure(result)
            verb = "补登保险" if looks_back(result) else "续保"
            go = f"给这 {len(people):,} 人{verb}" if people else f"去处理：{self.desk.page_name(clause.record)}"
            add(button(self.theme, go, "go", "primary" if result.status in NEEDS_WORK else "", "", self.handle))

    def _shorten(self, link: QPushButton, state: QLabel) -> None:
        """End a name in … where it and how it stands have not the room of one line."""
        for widget in (link, state):
            widget.setParent(self)
            widget.ensurePolished()
        margins, bar = self.detail.contentsMargins(), self.area.verticalScrollBar().sizeHint().width()
        room = (
            self.panel.width() - margins.left() - margins.right() - bar - state.sizeHint().width() - self.theme.px(16)
        )
        metrics = link.fontMetrics()
        frame = link.sizeHint().width() - metrics.horizontalAdvance(link.text())
        link.setText(metrics.elidedText(link.text(), Qt.TextElideMode.ElideRight, room - frame))

    def _ask_history(self) -> None:
        """Ask how the clause chosen stood at the end of the quarters before."""
        if self.chosen is not None and self.past is not None:
            self.past.ask()

    def next_problem(self) -> None:
        """Go to the next line that needs work, from the top again after the last (F8)."""
        lines, now = self.model.lines, self.view.currentIndex().row()
        places = [
            i for i, r in enumerate(lines)
            if isinstance(r, Want) or (isinstance(r, Result) and r.status in NEEDS_WORK)
        ]  # fmt: skip
        if not places:
            self.desk.say("这里没有需要处理的要求")
            return
        place = next((i for i in places if i > now), places[0])
        self.view.selectRow(place)
        self.view.scrollTo(self.model.index(place, 0))
        self.view.setFocus()

    def _is_said(self, result: Result) -> bool:
        """Tell whether the office itself is to say how a clause stands."""
        mode = result.clause.mode
        return mode == "self" or (mode == "semi" and result.status == "missing_evidence")

    def verb(self, result: Result) -> str:
        """Return what the button of a line says: what it takes to put it right."""
        if self._is_said(result):
            return "填写自评" if result.clause.mode == "self" else "去确认"
        return specs.verb_for(result, self.desk.page_name(result.clause.record))

    def _open_item(self, result: Result, item: Item) -> None:
        """Open one record that a clause is about, with a way back."""
        if item.id is not None:
            origin = self.desk.key
            self.desk.open_records(item.record, frozenset({item.id}))
            remedies.offer_return(self.desk, result, origin)

    def _judgement(self, result: Result) -> None:
        """Say who confirmed or assessed it, and offer to do so."""
        mode, said = result.clause.mode, result.judgement
        if mode not in ("semi", "self") or not result.listed or (mode == "semi" and result.proposed is None):
            return
        self.detail.addWidget(rule())
        self.detail.addWidget(label("确认" if mode == "semi" else "自评", "strong"))
        if said:
            words = f"{said['person']}，{said['on']}" + ("（沿用以前的答复）" if said["carried"] else "")
            if said["lapsed"] and mode == "self":
                words += "；后来这一条是否适用有了变化，请重新自评"
            elif said["lapsed"]:
                then = figure_words(said["figure"])
                words += f"；后来数字变了：当时{then}，现在{figure_words(result.figure)}。请重新确认"
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
            result, quarter = self.chosen, self.desk.quarter
            self.desk.drafts.open((result.clause.id, quarter), lambda: JudgeDialog(self.desk, result))

    def confirm_together(self) -> None:
        """Ask which of the proposals that wait are right as they stand, or what the office says of the rest."""
        chosen = self.shown
        waiting = order([r for r in self.results if r.listed and chip_of(r) == chosen])
        made = AssessDialog if chosen == ASSESS_CHIP else ConfirmDialog
        self.desk.drafts.open((chosen, self.desk.quarter), lambda: made(self.desk, waiting))

    def handle(self) -> None:
        """Open the records that this line is about, or ask what the office says of the clause."""
        if self.want is not None:
            origin = self.desk.key
            self.desk.open_records(self.want.record, frozenset(self.want.ids))
            for result in [r for r in self.results if r.clause in self.want.clauses][:1]:
                remedies.offer_return(self.desk, result, origin)
        if self.chosen is None:
            return
        if self._is_said(self.chosen) and self.chosen.status in NEEDS_WORK:
            self.judge()
        else:
            self.desk.handle(self.chosen)
