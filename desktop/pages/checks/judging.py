"""What a person says of a clause: confirming a proposal, or assessing what no record can decide, with files as proof."""

import datetime as dt
from html import escape
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QFileDialog, QLineEdit, QPlainTextEdit, QVBoxLayout

from db.errors import UserError
from db.quarters import Quarter
from db.records.internal_entities import ATTACHMENT, EVIDENCE, SELF_ASSESSMENT
from db.records.kinds import Choice, Date, Invalid
from db.records.statuses import STATUSES
from db.rules.verdicts import Result
from db.storage.store import Store
from db.tasks.assessments import CONFIRMABLE, assess, confirm, draft
from desktop.shell.desk import Desk
from desktop.shell.drafts import DraftDialog
from desktop.shell.widgets import button, label, row


class JudgeDialog(DraftDialog):
    """Asks for a verdict, words and a name; semi-automatic clauses are confirmed, the others assessed."""

    def __init__(self, desk: Desk, result: Result) -> None:
        super().__init__(desk.window)
        self.desk, self.found, self.clause = desk, result, result.clause
        self.semi = self.clause.mode == "semi"
        self.files: list[Path] = []
        self.kept: list[int] = []
        self.setWindowTitle("确认结果" if self.semi else "填写自评")
        self.setMinimumWidth(desk.theme.px(480))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(6)
        column.addWidget(label(self.clause.title, "heading", wrap=True))
        column.addWidget(label(f"{self.clause.citation}　{Quarter.of(desk.as_of).label}", "hint", wrap=True))
        column.addWidget(label(result.message, wrap=True))
        if self.semi and result.proposed:
            column.addWidget(
                label(f"台账的建议：{STATUSES[result.proposed]}。改成别的结果，请写明理由。", "dim", wrap=True)
            )
        self.verdict = QComboBox()
        self.verdict.setAccessibleName("结果")
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.text.setMinimumHeight(desk.theme.px(60))  # it gives way where the sentences above need more lines
        self.person = QLineEdit()
        self._fill()
        fields = (
            ("结果", self.verdict), ("理由" if self.semi else "情况说明", self.text),
            ("确认人" if self.semi else "自评人", self.person),
        )  # fmt: skip
        for words, widget in fields:
            head = label(words, "dim")
            head.setBuddy(widget)
            widget.setAccessibleName(words)
            column.addWidget(head)
            column.addWidget(widget)
        if not self.semi:
            self.proof = label("还没有佐证材料；选“已落实”至少要有一份", "hint", wrap=True)
            self.proof.setTextFormat(Qt.TextFormat.RichText)  # links of ours; the names in them are escaped
            self.proof.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
            self.proof.linkActivated.connect(self.open_copy)
            self.proof.setAccessibleName("佐证材料")
            add = button(desk.theme, "添加佐证材料", "folder", "", "照片、扫描件或文件，加密存进台账", self.choose)
            beside = row(add, self.proof)
            beside.setStretchFactor(self.proof, 1)
            column.addLayout(beside)
            self.dated = QLineEdit()
            self.dated.setPlaceholderText("新添加的材料本身的日期，如 2026-03-05；可以不填")
            self.dated.setAccessibleName("材料日期")
            column.addWidget(self.dated)
        self.error = label("", "error", wrap=True)
        column.addWidget(self.error)
        self.save_button = button(desk.theme, "确认" if self.semi else "保存", "tick", "primary", "", self.save)
        cancel = button(desk.theme, "取消", "", "", "", self.give_up)
        cancel.setAutoDefault(False)
        column.addLayout(row(None, cancel, self.save_button))

    def _fill(self) -> None:
        said = self.found.judgement or {}
        if self.semi:
            for status in CONFIRMABLE:
                if status != "not_met" or self.clause.strength == "mandatory":
                    self.verdict.addItem(STATUSES[status], status)
            self._choose(self.found.proposed or self.found.status)
        else:
            kind = SELF_ASSESSMENT["rating"].kind
            assert isinstance(kind, Choice)
            for code, words in kind.options:
                self.verdict.addItem(words, code)
            self._choose(said.get("rating", "partly_done"))
        self.text.setPlainText(str(said.get("reason") or ""))
        self.person.setText(str(said.get("person") or self.desk.office.get("contact") or ""))
        if not self.semi:
            clause, day = self.clause.id, self.desk.as_of

            def work(store: Store) -> tuple[str, dict[int, str]]:
                names = {int(a["id"] or 0): str(a["name"]) for a in store.rows(ATTACHMENT)}
                quarter = str(Quarter.of(day))
                mine = [e for e in store.rows(EVIDENCE) if e["clause"] == clause and e["quarter"] == quarter]
                found = {int(e["attachment_id"] or 0): names[int(e["attachment_id"] or 0)] for e in mine}
                return draft(store, clause, day), found

            self.desk.jobs.read(work, self._known)

    def _choose(self, code: str) -> None:
        self.verdict.setCurrentIndex(max(0, self.verdict.findData(code)))

    def _known(self, found: tuple[str, dict[int, str]]) -> None:
        words, attachments = found
        self.kept, self._names = list(attachments), list(attachments.values())
        if words and not self.text.toPlainText():
            self.text.setPlainText(words)
        self._tell()

    _names: list[str] = []  # noqa: RUF012 (replaced, never changed)

    def showEvent(self, event: QShowEvent) -> None:
        """As high as its sentences need at this width: Qt does not ask that of a window by itself."""
        super().showEvent(event)
        column = self.layout()
        assert column is not None
        needed = column.heightForWidth(self.width())
        self.resize(self.width(), max(self.height(), needed))

    def choose(self) -> None:
        """Ask for files that prove it."""
        chosen, _ = QFileDialog.getOpenFileNames(self, "选择佐证材料", str(self.desk.folder))
        self.take([Path(c) for c in chosen])

    def take(self, files: list[Path]) -> None:
        """Add files that prove it."""
        self.files += files
        self._tell()

    def _tell(self) -> None:
        kept = [f'<a href="{i}">{escape(name)}</a>' for i, name in zip(self.kept, self._names, strict=True)]
        if kept or self.files:
            self.proof.setText("、".join(kept + [escape(f.name) for f in self.files]))

    def open_copy(self, attachment: str) -> None:
        """Open a file that proves it in the system's viewer, as a copy that is removed again."""
        from db.tasks import attachments

        self.desk.jobs.read(
            lambda store: attachments.open_copy(store, int(attachment)),
            self.desk.open_file,
        )

    def save(self) -> None:
        """Write what the person says; what is refused is said in the dialog."""
        clause, day, today = self.clause.id, self.desk.as_of, self.desk.today
        verdict, text, person = str(self.verdict.currentData()), self.text.toPlainText(), self.person.text()
        files, kept = list(self.files), list(self.kept)
        dated = "" if self.semi else self.dated.text()
        self.error.setText("")
        self.save_button.setEnabled(False)

        def work(store: Store) -> str:
            if self.semi:
                confirm(store, clause, day, verdict, person=person, on=today, reason=text)
                return "已确认"
            assess(
                store, clause, day, verdict, text=text, person=person, on=today, attachments=kept, files=files,
                files_dated=_day(dated),
            )  # fmt: skip
            return "已保存自评"

        self.desk.jobs.change(work, self._done, self._refused)
        self.desk.jobs.idle.connect(self._ready)

    def _ready(self) -> None:
        self.save_button.setEnabled(True)

    def _done(self, words: str) -> None:
        self.desk.say(f"{words}：{self.clause.title}", undo=True)
        self.accept()

    def _refused(self, error: Exception) -> None:
        self.error.setText(str(error))


def _day(text: str) -> dt.date | None:
    """Read the date of a document as people type it; raise `UserError` where it is none."""
    if not text.strip():
        return None
    try:
        return dt.date.fromisoformat(str(Date().parse(text)))
    except Invalid as error:
        raise UserError(f"材料日期不对：{error}") from None
