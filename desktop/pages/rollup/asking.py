"""What the roll-up asks: why an office's edition goes back, and what a task for the offices below is."""

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QDialog, QFileDialog, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from db.quarters import Period
from db.records.internal_entities import SUPERIOR_TASK
from db.records.kinds import Date, Invalid
from db.storage.store import Store
from db.tasks.quarter_steps import staff
from desktop.records.upward import MadeDialog, reports_folder
from desktop.shell.desk import Desk
from desktop.shell.drafts import DraftDialog
from desktop.shell.widgets import Elided, button, label, row
from desktop.tables.line_editors import DateEditor

_REPORTS = {3: "季报", 6: "报告", 12: "报告"}


class ReturnDialog(QDialog):
    """Asks for remarks and who returns it."""

    def __init__(self, desk: Desk, names: Sequence[str], then: Callable[[str, str], None]) -> None:
        super().__init__(desk.window)
        self.then = then
        self.setWindowTitle("退回")
        self.setMinimumWidth(desk.theme.px(460))
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 18, 22, 18)
        column.setSpacing(8)
        column.addWidget(label(f"退回：{'、'.join(names)}", "heading", wrap=True))
        words = "退回的版次仍计入合计，直到收到更正报告。写出的回执请发给报送单位，对方收下后会看到意见。"
        column.addWidget(label(words, "dim", wrap=True))
        column.addWidget(label("意见（必填）", "dim"))
        self.remarks = QPlainTextEdit()
        self.remarks.setAccessibleName("退回的意见")
        self.remarks.setMaximumHeight(desk.theme.px(90))
        column.addWidget(self.remarks)
        column.addWidget(label("办理人", "dim"))
        self.person = QComboBox()
        self.person.setEditable(True)
        self.person.setAccessibleName("办理人")
        self.person.setEditText(desk.operator)
        column.addWidget(self.person)
        self.error = label("", "error", wrap=True)
        column.addWidget(self.error)
        self.go = button(desk.theme, "退回", "undo", "primary", "", self.save)
        column.addLayout(row(None, button(desk.theme, "取消", "", "", "", self.reject), self.go))
        self.finished.connect(self.deleteLater)
        desk.jobs.read(lambda store: staff(store, "reviewer"), self._names)

    def _names(self, names: list[str]) -> None:
        text = self.person.currentText()
        self.person.addItems(names)
        self.person.setEditText(text)

    def save(self) -> None:
        """Hand on what was typed."""
        remarks = self.remarks.toPlainText().strip()
        if not remarks:
            self.error.setText("请写明意见")
            self.remarks.setFocus()
            return
        self.accept()
        self.then(remarks, self.person.currentText().strip())


class GiveTaskDialog(DraftDialog):
    """Asks what a task is called, by when, with which form and rules."""

    def __init__(self, desk: Desk, period: Period, due: dt.date) -> None:
        super().__init__(desk.window)
        self.desk, self.period = desk, period
        self.files: dict[str, Path | None] = {"template": None, "rules": None}
        self.setWindowTitle("下达任务")
        self.setMinimumWidth(desk.theme.px(500))
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 18, 22, 18)
        column.setSpacing(8)
        column.addWidget(label(f"{period.label}　下达任务", "heading"))
        words = "做成签名的任务包，用微信或邮件发给下级。下级收下后，期限出现在工作台，模板照上次的对应自动填好。"
        column.addWidget(label(words, "dim", wrap=True))
        self.name, self.note = QLineEdit(f"{period.label}{_REPORTS[period.months]}"), QPlainTextEdit()
        self.note.setMaximumHeight(desk.theme.px(64))
        self.day = DateEditor(SUPERIOR_TASK["deadline"], desk.theme, desk.today)
        self.day.setText(due.isoformat())
        fields: tuple[tuple[str, QWidget], ...] = (("任务的名称", self.name), ("期限", self.day), ("说明", self.note))
        for text, widget in fields:
            head = label(text, "dim")
            head.setBuddy(widget)
            widget.setAccessibleName(text)
            column.addWidget(head)
            column.addWidget(widget)
        self.shown: dict[str, Elided] = {}
        for key, words, ends in (
            ("template", "选模板…", "表格和文档 (*.xlsx *.docx)"),
            ("rules", "选规则文件…", "规则文件 (*.toml)"),
        ):
            shown = self.shown[key] = Elided("没有", "hint")
            choose = button(desk.theme, words, "folder", "", "", partial(self.choose, key, ends))
            line = row(choose, shown)
            line.setStretch(1, 1)
            column.addLayout(line)
        self.error = label("", "error", wrap=True)
        column.addWidget(self.error)
        self.go = button(desk.theme, "做成任务包", "tick", "primary", "", self.save)
        self.go.setDefault(True)
        cancel = button(desk.theme, "取消", "", "", "什么也不写入", self.give_up)
        cancel.setAutoDefault(False)
        column.addLayout(row(None, cancel, self.go))

    def choose(self, key: str, ends: str) -> None:
        """Ask for the form or the rules."""
        chosen, _ = QFileDialog.getOpenFileName(self, "选文件", str(self.desk.folder), ends)
        if chosen:
            self.put(key, Path(chosen))

    def put(self, key: str, path: Path) -> None:
        """Take a file along."""
        self.files[key] = path
        self.shown[key].say(path.name)
        self.touch()

    def save(self) -> None:
        """Sign it, or say what is wrong."""
        try:
            day = dt.date.fromisoformat(str(Date().parse(self.day.text())))
        except Invalid as error:
            self.error.setText(str(error))
            return
        title, note, files = self.name.text().strip(), self.note.toPlainText().strip(), dict(self.files)
        period, today, folder = self.period, self.desk.today, reports_folder(self.desk)
        self.go.setEnabled(False)

        def work(store: Store) -> tuple[Path, str]:
            from desktop.services.superior_tasks import Asked, make_task

            folder.mkdir(parents=True, exist_ok=True)
            return make_task(store, Asked(title, period, day, note, files["template"], files["rules"]), today, folder)

        self.desk.jobs.change(work, self._done, self._refused)

    def _done(self, made: tuple[Path, str]) -> None:
        self.accept()
        MadeDialog(self.desk, "任务包已做好", [made[0]], made[1]).open()

    def _refused(self, error: Exception) -> None:
        self.go.setEnabled(True)
        self.error.setText(str(error))
