"""Confirming many proposals at once: each with what was said before and what the ledger finds now, side by side."""

import json
from collections.abc import Sequence

from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from db.records.statuses import STATUSES
from db.rules.verdicts import Result
from db.storage.store import Store
from db.tasks.assessments import confirm_many
from desktop.shell.desk import Desk
from desktop.shell.drafts import DraftDialog
from desktop.shell.widgets import button, label, row, scrolled, tag


def figure_words(figure: str) -> str:
    """Return a figure, as a confirmation keeps it, in words: the status proposed, k of n, amounts."""
    proposed, k, n, facts = json.loads(figure)
    parts = [f"“{STATUSES[proposed]}”"] if proposed in STATUSES else []
    if k is not None:
        parts.append(f"{k}" if n is None else f"{k}/{n}")
    parts += [f"{value} 元" for name, value in facts.items() if name.endswith("_yuan")]
    return " ".join(parts) or "没有数字"


class ConfirmDialog(DraftDialog):
    """A list of proposals; those ticked are confirmed as they are, under one name, as one step that can be undone."""

    def __init__(self, desk: Desk, results: Sequence[Result]) -> None:
        super().__init__(desk.window)
        self.desk = desk
        self.setWindowTitle("一起确认")
        desk.fit(self, 860, 600)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        column.addWidget(label(f"{len(results)} 条等待确认，核对后勾选", "heading"))
        words = "勾选的按台账的建议确认。结果与建议不同的，请在条款里单独确认并写明理由。"
        column.addWidget(label(words, "dim", wrap=True))
        area, inner = scrolled("等待确认的条款")
        self.boxes: list[tuple[QCheckBox, Result]] = []
        inner.addWidget(self._table(results))
        inner.addStretch(1)
        column.addWidget(area, 1)
        self.person = QLineEdit(str(desk.office.get("contact") or ""))
        self.person.setAccessibleName("确认人")
        head = label("确认人", "dim")
        head.setBuddy(self.person)
        column.addLayout(row(head, self.person))
        self.error = label("", "error", wrap=True)
        column.addWidget(self.error)
        every = button(desk.theme, "全选", "", "", "", lambda: self.tick(True))
        none = button(desk.theme, "全不选", "", "", "", lambda: self.tick(False))
        cancel = button(desk.theme, "取消", "", "", "", self.give_up)
        self.save_button = button(desk.theme, "确认所选", "tick", "primary", "", self.save)
        for made in (every, none, cancel):
            made.setAutoDefault(False)
        column.addLayout(row(every, none, None, cancel, self.save_button))

    def _table(self, results: Sequence[Result]) -> QWidget:
        place = QWidget()
        place.setObjectName("plain")
        grid = QGridLayout(place)
        grid.setHorizontalSpacing(12)
        for column, words in enumerate(("条款", "上次确认时", "现在", "台账的建议")):
            grid.addWidget(label(words, "strong"), 0, column)
        for n, result in enumerate(results, 1):
            box = QCheckBox(result.clause.title)
            box.setAccessibleName(f"确认：{result.clause.title}")
            box.setToolTip(result.clause.citation)
            said = result.judgement
            before = f"{figure_words(said['figure'])}　{said['person']}，{said['on']}" if said else "还没有确认过"
            grid.addWidget(box, n, 0)
            grid.addWidget(label(before, "dim", wrap=True), n, 1)
            grid.addWidget(label(result.message, wrap=True), n, 2)
            grid.addWidget(tag(self.desk.theme, result.proposed or result.status), n, 3)
            self.boxes.append((box, result))
        grid.setColumnStretch(2, 1)
        return place

    def tick(self, on: bool) -> None:
        """Tick all lines, or none."""
        for box, _ in self.boxes:
            box.setChecked(on)

    def save(self) -> None:
        """Confirm what is ticked; what is refused is said in the dialog."""
        wanted = [result.clause.id for box, result in self.boxes if box.isChecked()]
        day, today, person = self.desk.as_of, self.desk.today, self.person.text()
        self.error.setText("")
        self.save_button.setEnabled(False)

        def work(store: Store) -> int:
            return confirm_many(store, wanted, day, person=person, on=today)

        self.desk.jobs.change(work, self._done, self._refused)
        self.desk.jobs.idle.connect(self._ready)

    def _ready(self) -> None:
        self.save_button.setEnabled(True)

    def _done(self, number: int) -> None:
        self.desk.say(f"已确认 {number} 条", undo=True)
        self.accept()

    def _refused(self, error: Exception) -> None:
        self.error.setText(str(error))
