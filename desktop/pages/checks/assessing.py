"""Rating many self-assessed clauses at once: what was said last stands in each line, to be read, changed and ticked."""

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from db.records.internal_entities import SELF_ASSESSMENT
from db.records.kinds import Choice
from db.rules.verdicts import Result
from db.storage.store import Store
from db.tasks.assessments import Assessment, assess_many, last_assessments
from desktop.shell.desk import Desk
from desktop.shell.drafts import DraftDialog
from desktop.shell.widgets import button, label, row, scrolled


class AssessDialog(DraftDialog):
    """A line for each clause that waits for the office's own word; those ticked are kept under one name, as one step."""

    def __init__(self, desk: Desk, results: Sequence[Result]) -> None:
        super().__init__(desk.window)
        self.desk = desk
        self.setWindowTitle("一起自评")
        desk.fit(self, 960, 620)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        column.addWidget(label(f"{len(results)} 条等待自评，核对后勾选", "heading"))
        words = "填过的条款已带出上次的结果、情况说明和佐证材料，情况有变化的直接改。选“已落实”要有佐证材料，请在条款里单独添加。"
        column.addWidget(label(words, "dim", wrap=True))
        self.last: Mapping[str, Assessment] = {}
        self.lines: list[tuple[QCheckBox, QComboBox, QPlainTextEdit, Result]] = []
        area, inner = scrolled("等待自评的条款")
        inner.addWidget(self._table(results))
        inner.addStretch(1)
        column.addWidget(area, 1)
        self.person = QLineEdit(str(desk.office.get("contact") or ""))
        self.person.setAccessibleName("自评人")
        head = label("自评人", "dim")
        head.setBuddy(self.person)
        column.addLayout(row(head, self.person))
        self.error = label("", "error", wrap=True)
        column.addWidget(self.error)
        filled = button(desk.theme, "勾选填过的", "", "", "勾选写了情况说明的条款", lambda: self.tick(True))
        none = button(desk.theme, "全不选", "", "", "", lambda: self.tick(False))
        cancel = button(desk.theme, "取消", "", "", "", self.give_up)
        self.save_button = button(desk.theme, "保存所选", "tick", "primary", "", self.save)
        for made in (filled, none, cancel):
            made.setAutoDefault(False)
        column.addLayout(row(filled, none, None, cancel, self.save_button))
        day = desk.as_of
        desk.jobs.read(lambda store: last_assessments(store, day), self._known)

    def _table(self, results: Sequence[Result]) -> QWidget:
        place = QWidget()
        place.setObjectName("plain")
        grid = QGridLayout(place)
        grid.setHorizontalSpacing(12)
        for column, words in enumerate(("条款", "结果", "情况说明")):
            grid.addWidget(label(words, "strong"), 0, column)
        kind = SELF_ASSESSMENT["rating"].kind
        assert isinstance(kind, Choice)
        for n, result in enumerate(results, 1):
            title = result.clause.title
            box = QCheckBox(title)
            box.setAccessibleName(f"自评：{title}")
            box.setToolTip(f"{result.clause.citation}\n{result.message}")
            rating = QComboBox()
            rating.setAccessibleName(f"结果：{title}")
            for code, words in kind.options:
                rating.addItem(words, code)
            rating.setCurrentIndex(rating.findData("partly_done"))
            box.clicked.connect(lambda _=False: self.touch())
            text = QPlainTextEdit()
            text.setAccessibleName(f"情况说明：{title}")
            text.setPlaceholderText(result.message)
            text.setTabChangesFocus(True)
            text.setFixedHeight(self.desk.theme.px(52))
            grid.addWidget(box, n, 0)
            grid.addWidget(rating, n, 1)
            grid.addWidget(text, n, 2)
            self.lines.append((box, rating, text, result))
        grid.setColumnStretch(2, 1)
        return place

    def _known(self, last: Mapping[str, Assessment]) -> None:
        """Put what was said last into the lines that nobody has typed into yet."""
        self.last = last
        for box, rating, text, result in self.lines:
            said = last.get(result.clause.id)
            if said is None or text.toPlainText():
                continue
            rating.setCurrentIndex(max(0, rating.findData(said.rating)))
            text.setPlainText(said.text)
            proofs = f"，佐证材料 {len(said.attachments)} 份" if said.attachments else ""
            box.setToolTip(f"{box.toolTip()}\n上次：{said.person}，{said.on}{proofs}")

    def tick(self, on: bool) -> None:
        """Tick the lines that say something, or none."""
        for box, _, text, _ in self.lines:
            box.setChecked(on and bool(text.toPlainText().strip()))

    def save(self) -> None:
        """Keep what is ticked; what is refused is said in the dialog."""
        said = [
            Assessment(
                result.clause.id, str(rating.currentData()), text.toPlainText(),
                known.attachments if (known := self.last.get(result.clause.id)) else (),
            )
            for box, rating, text, result in self.lines if box.isChecked()
        ]  # fmt: skip
        day, today, person = self.desk.as_of, self.desk.today, self.person.text()
        self.error.setText("")
        self.save_button.setEnabled(False)

        def work(store: Store) -> int:
            return assess_many(store, said, day, person=person, on=today)

        self.desk.jobs.change(work, self._done, self._refused)
        self.desk.jobs.idle.connect(self._ready)

    def _ready(self) -> None:
        self.save_button.setEnabled(True)

    def _done(self, number: int) -> None:
        self.desk.say(f"已保存 {number} 条自评", undo=True)
        self.accept()

    def _refused(self, error: Exception) -> None:
        self.error.setText(str(error))
