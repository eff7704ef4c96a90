"""工作台: the quarter's figures at a glance, the state of the check, and what to handle first."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from db.entities import TEAM, VOLUNTEER
from db.errors import UserError
from db.kinds import Hours, Money
from db.rules import STATUSES
from db.store import Store
from db.verdicts import NEEDS_WORK
from desktop.pages.findings import order
from desktop.pages.pieces import Page, button, card, clear, label, row, rule, scrolled, tag

if TYPE_CHECKING:
    from desktop.window import MainWindow

_DAYS = "一二三四五六日"


def _figures(f: dict[str, int]) -> tuple[tuple[str, str, str, str], ...]:
    """Return (title, number, sentence, page) of each card."""
    hours, money = Hours().show, Money().show
    return (
        ("队员", f"{f['persons_end']:,}", f"本季入队 {f['members_joined']} 人次，退队 {f['members_left']} 人次", "membership"),
        ("在保", f"{f['insured_end']:,}", f"未在保 {f['uninsured_end']:,} 人；30 天内到期保单 {f['policies_expiring_30d']} 份", "insurance"),
        ("培训人次", f"{f['training_person_times']:,}", f"本季培训 {f['trainings']} 场，{hours(f['training_minutes'])} 人时", "training"),
        ("服务时长", hours(f["service_minutes"]), f"小时；活动 {f['activities']} 场，服务 {f['service_person_times']:,} 人次", "activity"),
        ("经费结余", money(f["balance_fen"]), f"元；本季收入 {money(f['income_fen'])}，支出 {money(f['expense_fen'])}", "fund"),
    )  # fmt: skip


class OverviewPage(Page):
    """The first page."""

    follows_quarter = True
    hint = "Ctrl+K 查找　Ctrl+Z 撤销　F5 刷新"

    def __init__(self, desk: "MainWindow") -> None:
        super().__init__(desk)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 0, 20, 12)
        area, inner = scrolled("工作台")
        inner.setSpacing(12)
        self.first_card = self._first_steps()
        inner.addWidget(self.first_card)
        self.cards = QGridLayout()
        self.cards.setSpacing(12)
        inner.addLayout(self.cards)
        lower = row(spacing=12)
        self.state_card, self.state = card((18, 14, 18, 14), 9)
        self.todo_card, self.todo = card((18, 14, 18, 12), 0)
        lower.addWidget(self.state_card)
        lower.addWidget(self.todo_card, 1)
        inner.addLayout(lower, 1)
        layout.addWidget(area)
        self._size()
        self.theme.changed.connect(self._size)

    def _size(self) -> None:
        self.state_card.setFixedWidth(self.theme.px(250))

    def _first_steps(self) -> QWidget:
        frame, inside = card((20, 18, 20, 18), 8)
        inside.addWidget(label("先把花名册放进来", "heading"))
        words = "可以从 Excel 一次导入（先检查，错的行不会进来），也可以一条一条新增。"
        inside.addWidget(label(words, "dim", wrap=True))
        bring = button(self.theme, "从 Excel 导入", "import", "primary", "", lambda: self.desk.show_page("import"))
        team = button(self.theme, "新增队伍", "add", "", "", lambda: self.desk.show_page("team").pane.add())
        office = button(self.theme, "填写本会情况", "edit", "", "", lambda: self.desk.show_page("settings"))
        inside.addLayout(row(bring, team, office, None))
        frame.hide()
        return frame

    def load(self) -> None:
        """Read the figures and run the check."""
        quarter, day = self.desk.quarter, self.desk.as_of

        def work(store: Store) -> dict[str, Any]:
            from db.checks import check_office
            from db.figures import quarter_figures
            from db.verdicts import bound

            found: dict[str, Any] = {"figures": quarter_figures(store, quarter)["office"], "why": "", "results": []}
            found["empty"] = not store.count(VOLUNTEER) and not store.count(TEAM)
            try:
                found["results"] = bound(check_office(store, day))
            except UserError as error:
                found["why"] = str(error)
            return found

        self.jobs.read(work, self._show)

    def _show(self, found: dict[str, Any]) -> None:
        today = self.desk.today
        self.tell(f"{today.month}月{today.day}日　星期{_DAYS[today.weekday()]}　·　{self.desk.quarter.label}")
        self.first_card.setVisible(found["empty"])
        clear(self.cards)
        for i, (title, number, words, page) in enumerate(_figures(found["figures"])):
            frame, inside = card((16, 12, 12, 12), 2)
            inside.addLayout(row(label(title, "dim"), None, self._open(page)))
            inside.addWidget(label(number, "big"))
            inside.addWidget(label(words, "hint", wrap=True))
            inside.addStretch(1)
            self.cards.addWidget(frame, 0, i)
            self.cards.setColumnStretch(i, 1)
        self.desk.count_unmet(found["results"])
        self._show_state(found["results"], found["why"])
        self._show_todo(found["results"], found["why"])

    def _open(self, page: str) -> QWidget:
        return button(self.theme, "查看", "", "link", "打开这一页", lambda: self.desk.show_page(page))

    def _show_state(self, results: list[Any], why: str) -> None:
        clear(self.state)
        self.state.addWidget(label("合规体检", "heading"))
        self.state.addWidget(label(f"按 {self.desk.as_of.isoformat()} 的数据", "hint"))
        for status in STATUSES:
            number = sum(r.status == status for r in results)
            if number:
                self.state.addLayout(row(tag(status), None, label(f"{number} 条", "strong")))
        if why:
            self.state.addWidget(label(why, "dim", wrap=True))
        self.state.addStretch(1)
        self.state.addWidget(
            button(self.theme, "查看全部条款", "check", "", "", lambda: self.desk.show_page("findings"))
        )

    def _show_todo(self, results: list[Any], why: str) -> None:
        clear(self.todo)
        waiting = [r for r in order(results) if r.status in NEEDS_WORK]
        note = label("未达标的排在前面，处理后自动消失" if waiting else "", "hint")
        self.todo.addLayout(row(label("先处理这几项", "heading"), note, None))
        self.todo.addSpacing(6)
        if not waiting:
            text = why or "没有需要处理的要求。可以到报表中心生成本季度报告。"
            self.todo.addWidget(label(text, "dim", wrap=True))
        for i, result in enumerate(waiting[:5]):
            if i:
                self.todo.addWidget(rule())
            words = QVBoxLayout()
            words.setSpacing(1)
            head = label(result.message, wrap=True)
            head.setToolTip(result.clause.title)
            words.addWidget(head)
            words.addWidget(label(f"{result.clause.title}　{result.clause.citation}", "hint", wrap=True))
            state = tag(result.status)
            state.setFixedWidth(self.theme.px(96))
            line = row(spacing=12)
            line.addWidget(state, 0, Qt.AlignmentFlag.AlignTop)
            line.setContentsMargins(0, 7, 0, 7)
            line.addLayout(words, 1)
            name = self.desk.page_name(result.clause.record)
            go = button(self.theme, f"去{name}" if name else "看条款")
            go.clicked.connect(lambda _=False, result=result: self.desk.handle(result))
            line.addWidget(go, 0, Qt.AlignmentFlag.AlignVCenter)
            self.todo.addLayout(line)
        self.todo.addStretch(1)
        if len(waiting) > 5:
            self.todo.addWidget(rule())
            more = f"全部 {len(waiting)} 项"
            self.todo.addLayout(
                row(None, button(self.theme, more, "", "link", "", lambda: self.desk.show_page("findings")))
            )
