"""One person: teams, posts, insurance by day, trainings and certificates, hours by year; to be read, printed, or left."""

import datetime as dt
from typing import Any

from PySide6.QtWidgets import QDialog, QGridLayout, QVBoxLayout

from db.errors import UserError
from db.quarters import Quarter
from db.queries.paper_rows import READS, Scope
from db.records.identity import GONE
from db.storage.store import Store
from desktop.records.leaving import leave
from desktop.records.personal import erase, record_consent
from desktop.services.reporting import paper_data, paper_pdf, quarter_data
from desktop.shell import printing
from desktop.shell.desk import Desk
from desktop.shell.widgets import Elided, button, clear, fill, label, row
from desktop.tables.text_table import Line, PlainModel, PlainView
from forms.papers.person_file import PAPER, READ, facts, sections

_HEADS = ("类别", "内容", "自", "至", "说明")
_WIDTHS = (12, 31, 11, 11, 32)


def open_person(desk: Desk, person: int) -> "PersonDialog":
    """Show what the ledger holds of one volunteer."""
    dialog = PersonDialog(desk, person)
    dialog.open()
    return dialog


class PersonDialog(QDialog):
    """Read at each change of the ledger, for today; the numbers are masked."""

    def __init__(self, desk: Desk, person: int) -> None:
        super().__init__(desk.window)
        self.desk, self.theme, self.person = desk, desk.theme, person
        self.setWindowTitle("本人情况")
        desk.fit(self, 860, 620)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 14, 20, 14)
        column.setSpacing(8)
        self.name, self.tag = label("", "title"), label()
        column.addLayout(row(self.name, self.tag, None))
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(20)
        self.grid.setVerticalSpacing(2)
        column.addLayout(self.grid)
        self.model = PlainModel(_HEADS, self)
        self.view = PlainView(self.theme, "本人情况", 32)
        self.view.setModel(self.model)
        for place, units in enumerate(_WIDTHS):
            self.view.show_width(place, units)
        column.addWidget(self.view, 1)
        self.leave_button = button(
            self.theme, "办理退出", "go", "", "不再是志愿者：日期、原因，队伍、职务和保险一起办", self.leave
        )
        edit = button(self.theme, "修改资料", "edit", "", "打开这名志愿者的表单", self.edit)
        self.print_button = button(self.theme, "打印", "print", "", "打印本人情况表", self.print)
        self.consent_button = button(
            self.theme, "记同意", "check", "", "本人在同意书上同意或撤回的事项", self.record_consent
        )
        self.erase_button = button(
            self.theme, "删除个人信息", "delete", "", "已退出的人：姓名和号码从台账中删除，不能撤销", self.erase
        )
        self.erase_button.hide()
        close = button(self.theme, "关闭", "", "primary", "关闭（Esc）", self.reject)
        close.setDefault(True)
        line = row(self.leave_button)
        fill(line, (edit, self.consent_button, self.print_button, self.erase_button, None, close))
        for made in (self.leave_button, edit, self.consent_button, self.print_button, self.erase_button):
            made.setAutoDefault(False)
        column.addLayout(line)
        self.dialog: QDialog | None = None
        desk.jobs.data_changed.connect(self._changed)
        self.finished.connect(self._closed)
        self.load()

    def _closed(self, _: int) -> None:
        self.desk.jobs.data_changed.disconnect(self._changed)
        self.deleteLater()

    def _changed(self, _: object) -> None:
        self.load()

    def load(self) -> None:
        """Read again."""
        scope = Scope(Quarter.of(self.desk.today), self.desk.today, person=self.person)
        self.desk.jobs.read(lambda store: {name: READS[name](store, scope) for name in READ}, self._show)

    def _show(self, rows: dict[str, list[dict[str, Any]]]) -> None:
        if not rows["person"]:
            self.reject()
            return
        known = rows["person"][0]
        self.name.setText(str(known["name"]))
        left = known["left_on"] is not None and str(known["left_on"]) <= self.desk.today.isoformat()
        self.tag.setText("已退出" if left else "在册")
        self.tag.setProperty("tone", "calm" if left else "good")
        self.tag.style().unpolish(self.tag)
        self.tag.style().polish(self.tag)
        self.leave_button.setEnabled(known["left_on"] is None)
        self.consent_button.setVisible(known["name"] != GONE)
        self.erase_button.setVisible(left and known["name"] != GONE)
        clear(self.grid)
        for i, (head, words) in enumerate(facts(known)):
            self.grid.addWidget(label(head, "hint"), i // 2, i % 2 * 2)
            self.grid.addWidget(Elided(words), i // 2, i % 2 * 2 + 1)
        for place in (1, 3):
            self.grid.setColumnStretch(place, 1)
        lines = []
        for head, found in sections(rows):
            for i, line in enumerate(found or [("没有登记", "", "", "")]):
                lines.append(Line(0, ("" if i else head, *(str(part) for part in line))))
        self.model.set_lines(lines)

    def edit(self) -> None:
        """Go to the volunteer's form."""
        self.accept()
        self.desk.open_records("volunteer", frozenset({self.person}))

    def leave(self) -> None:
        """Let the person leave."""
        self.dialog = leave(self.desk, self.person)

    def record_consent(self) -> None:
        """Enter what the person agreed to, or took back."""
        self.dialog = record_consent(self.desk, [self.person])

    def erase(self) -> None:
        """Erase who the person was."""
        self.dialog = erase(self.desk, [self.person])

    def print(self) -> None:
        """Print the person's paper."""
        person, today = self.person, self.desk.today

        def work(store: Store) -> tuple[bytes, str]:
            return person_paper(store, person, today)

        self.desk.jobs.read(work, self._print)

    def _print(self, made: tuple[bytes, str]) -> None:
        try:
            printing.print_pdf(self, *made)
        except UserError as error:
            self.desk.complain(error)


def person_paper(store: Store, person: int, today: dt.date) -> tuple[bytes, str]:
    """Return the paper of one volunteer as of today, and its title."""
    data = paper_data(store, PAPER, quarter_data(store, Quarter.of(today), today), person=person)
    return paper_pdf(PAPER, data), PAPER.full_title(data)
