"""Handing a period up in the window: who did which step, what is still missing, and the edition that stays as it was."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from db.quarters import Period
from db.records.internal_entities import QUARTER_STEP
from db.records.kinds import Date, Invalid
from db.storage.store import Store
from db.tasks.quarter_steps import staff, steps_done
from desktop.records.upward import MadeDialog, TasksDialog, choose_signed, reports_folder
from desktop.shell.desk import Desk
from desktop.shell.widgets import button, fill, label, row, rule
from desktop.shell.work_dialog import WorkDialog
from desktop.tables.line_editors import DateEditor
from desktop.tables.record_model import TableView
from desktop.tables.text_model import Column, TextTable

PEOPLE = (("prepare", "填表人", "preparer"), ("review", "审核人", "reviewer"), ("sign", "负责人（签发）", "head"))
Cells = tuple[str, ...]
COLUMNS: tuple[Column[Cells], ...] = (
    Column("队伍", lambda c: c[0]), Column("指标或要求", lambda c: c[1]), Column("报送时", lambda c: c[2], right=True),
    Column("现在", lambda c: c[3], right=True), Column("原因", lambda c: c[4]),
)  # fmt: skip


class SubmitDialog(WorkDialog):
    """Asks who prepared, reviewed and signed, and when it was handed up; with `corrects`, why another edition is needed."""

    def __init__(self, desk: Desk, period: Period, corrects: str = "", then: Callable[[], None] | None = None) -> None:
        super().__init__(desk, "更正报告" if corrects else "报送", then)
        self.period, self.corrects = period, corrects
        self.setMinimumWidth(desk.theme.px(520))
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 18, 22, 18)
        column.setSpacing(9)
        column.addWidget(label(f"{period.label}　{self.windowTitle()}", "heading"))
        words = (
            "报送以后，这一期的数字、对照检查结果、文字和文件原样保存，以后随时可以再取出，一个字节也不变。"
            "台账还可以修改，改动会标为“报送后变更”。未达标的如实写在报告里，不影响报送。"
            "程序不会自己发出去：保存好以后生成报送包，由您交给上级。"
        )
        column.addWidget(label(f"更正的是：{corrects}。原来的一版不动。" if corrects else words, "dim", wrap=True))
        self.missing = label("", "warned", wrap=True)
        self.missing.hide()
        column.addWidget(self.missing)
        self.boxes: dict[str, QComboBox] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        for place, (step, text, _) in enumerate(PEOPLE):
            box = self.boxes[step] = QComboBox()
            box.setEditable(True)
            box.setAccessibleName(text)
            self._put(grid, text, box, place)
        self.day = DateEditor(QUARTER_STEP["done_on"], desk.theme, desk.today)
        self.day.setAccessibleName("报送日期")
        self.day.setText(desk.today.isoformat())
        self._put(grid, "报送日期", self.day, len(PEOPLE))
        column.addLayout(grid)
        column.addWidget(label("没有经过的步骤空着，报送版中记为“未经”。", "hint"))
        self.reason = QPlainTextEdit()
        self.reason.setAccessibleName("更正原因")
        self.reason.setMinimumHeight(desk.theme.px(36))  # in a low window
        self.reason.setMaximumHeight(desk.theme.px(70))
        if corrects:
            column.addWidget(label("更正原因（必填）", "dim"))
            column.addWidget(self.reason)
        column.addWidget(self.error)
        self.go = button(desk.theme, "更正并报送" if corrects else "报送", "tick", "primary", "", self.save)
        self.go.setDefault(not corrects)
        cancel = button(desk.theme, "取消", "", "", "什么也不写入", self.give_up)
        cancel.setAutoDefault(False)
        column.addLayout(row(None, cancel, self.go))
        self._ask()

    @staticmethod
    def _put(grid: QGridLayout, text: str, widget: QWidget, place: int) -> None:
        head = label(text, "dim")
        head.setBuddy(widget)
        grid.addWidget(head, 2 * (place // 2), place % 2)
        grid.addWidget(widget, 2 * (place // 2) + 1, place % 2)
        grid.setColumnStretch(place % 2, 1)

    def _ask(self) -> None:
        period, today = self.period, self.desk.today

        def work(store: Store) -> tuple[dict[str, list[str]], dict[str, str], list[str]]:
            from desktop.services.reporting import quarter_data, wanting  # late: they load slowly

            data = quarter_data(store, period, today)
            statuses = [r.status for r in data.results if r.listed]
            lacking, waiting = statuses.count("missing_data"), statuses.count("missing_evidence")
            told = wanting(data)
            told += [f"{lacking} 条要求还缺数据，补录见“合规体检”的“要补的数据”"] if lacking else []
            told += [f"{waiting} 条还没有人确认或自评，见“合规体检”的“待确认”“待自评”"] if waiting else []
            done = {step: str(mark["person"]) for step, mark in steps_done(store, period).items()}
            return {step: staff(store, role) for step, _, role in PEOPLE}, done, told

        self.desk.jobs.read(work, self._show)

    def _show(self, found: tuple[dict[str, list[str]], dict[str, str], list[str]]) -> None:
        names, done, told = found
        for step, box in self.boxes.items():
            box.addItems(names[step])
            # Who sits here is the one that prepared it, if the office has named them; the others are never guessed.
            mine = self.desk.operator if step == "prepare" and self.desk.operator in names[step] else ""
            box.setEditText(done.get(step, mine))
        self.missing.setText("\n".join(told))
        self.missing.setVisible(bool(told))
        self.resize_to_words()

    def resize_to_words(self) -> None:
        """As high as its sentences need at this width: Qt does not ask that of a window by itself."""
        column, around = self.layout(), self.parentWidget()
        assert column is not None
        need = column.totalHeightForWidth(self.width())
        if around is not None:  # no higher than the window, as long as all words are seen
            least = column.totalMinimumHeightForWidth(self.width())
            need = max(least, min(need, around.window().height() - 30))
        self.resize(self.width(), max(self.height(), need))

    def save(self) -> None:
        """Freeze the edition, or say what is wrong."""
        try:
            on = dt.date.fromisoformat(str(Date().parse(self.day.text())))
        except Invalid as error:
            self.error.setText(str(error))
            return
        reason = self.reason.toPlainText().strip()
        if self.corrects and not reason:
            self.error.setText("请写明更正原因")
            self.reason.setFocus()
            return
        people = {step: box.currentText().strip() for step, box in self.boxes.items()}
        period, today = self.period, self.desk.today

        def work(store: Store) -> str:
            from desktop.services.editions import submit

            done = submit(store, period, people, on, today, reason=reason)
            return "。".join((f"已报送并原样保存：{done.edition.words}", *done.warnings))

        self.change(work)


class DifferencesDialog(QDialog):
    """What is not as it was handed up, line by line."""

    def __init__(self, desk: Desk, title: str, lines: Sequence[Cells], records: int) -> None:
        super().__init__(desk.window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("与报送时的不同")
        desk.fit(self, 900, 520)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        column.addWidget(label(title, "heading", wrap=True))
        told = (
            f"{len(lines):,} 处数字或结果不同，涉及 {records:,} 条报送后变更的记录。"
            if lines or records
            else "没有变化。"
        )
        column.addWidget(label(told, "dim", wrap=True))
        self.table = TextTable(COLUMNS, self, lines)
        self.view = TableView(desk.theme, "与报送时的不同", 34)
        self.view.setModel(self.table)
        for place, units in enumerate((24, 30, 13, 13, 16)):
            self.view.show_width(place, units)
        column.addWidget(self.view, 1)
        column.addLayout(row(None, button(desk.theme, "关闭", "", "", "", self.accept)))


class HandingUp(QWidget):
    """Beside a report: hand it up; once it is, its files as they were, what changed since, and the correction."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("plain")
        self.desk = desk
        self.period: Period = desk.quarter
        self.edition_words = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        theme = desk.theme
        self.words = label("", "hint", wrap=True)
        self.submit_button = button(theme, "报送…", "tick", "", "办完各步，原样保存这一期", self.submit)
        self.files_button = button(
            theme, "已报送的文件…", "folder", "", "原样取出，与报送时一个字节不差", self.take_files
        )
        self.changes_button = button(theme, "与报送时的不同", "history", "", "", self.show_changes)
        self.correct_button = button(theme, "更正报告…", "edit", "", "在旁边再报送一版，写明原因", self.submit)
        self.standing = label("", "warned", wrap=True)
        self.standing.hide()
        self.package_button = button(
            theme, "生成报送包", "export", "", "签名的一个文件，发给上级；附报送单", self.make_package
        )
        self.tasks_button = button(theme, "上级任务…", "note", "", "", self.show_tasks)
        self.take_button = button(
            theme,
            "收上级的文件…",
            "import",
            "",
            "回执或任务包（.boai），也可以直接拖进窗口",
            self.take_files_from_above,
        )
        fill(column, (
            rule(), label("报送", "strong"), self.words, self.standing, self.submit_button, self.package_button,
            self.files_button, self.changes_button, self.correct_button, self.tasks_button, self.take_button,
        ))  # fmt: skip
        self.show_period(desk.quarter)

    def show_period(self, period: Period) -> None:
        """Show how far a period is."""
        self.period = period

        def work(store: Store) -> tuple[str, str, str, int]:
            from db.tasks.editions import editions
            from desktop.services.receipts import standing
            from desktop.services.superior_tasks import tasks

            found = editions(store, period)
            waiting = sum(not task.answered_on for task in tasks(store, period))
            return str(period), found[-1].words if found else "", standing(store, period).words, waiting

        self.desk.jobs.read(work, self._show)

    def _show(self, found: tuple[str, str, str, int]) -> None:
        if found[0] != str(self.period):
            return
        self.edition_words = found[1]
        self.standing.setText(found[2])
        self.standing.setVisible(bool(found[2]))
        self.tasks_button.setText(f"上级任务（{found[3]}）…" if found[3] else "上级任务…")
        running = self.period.end >= self.desk.today
        self.words.setText(
            found[1] or ("这一期还没有结束，结束后再报送" if running else "还没有报送；报送后在这里生成报送包")
        )
        self.submit_button.setVisible(not found[1])
        self.submit_button.setEnabled(not running and not self.desk.read_only)
        for made in (self.package_button, self.files_button, self.changes_button, self.correct_button):
            made.setVisible(bool(found[1]))

    def submit(self) -> SubmitDialog:
        """Hand up, or hand up a correction."""
        period, words = self.period, self.edition_words
        return self.desk.drafts.open(
            ("submit", str(period), words),
            lambda: SubmitDialog(self.desk, period, words, lambda: self.show_period(period)),
        )

    def make_package(self) -> None:
        """Sign the last edition as a package, with its 报送单, into the reports' folder; nothing is written over."""
        period, folder = self.period, reports_folder(self.desk)

        def work(store: Store) -> Any:
            from desktop.services.packages import write_package

            folder.mkdir(parents=True, exist_ok=True)
            return write_package(store, period, folder)

        def show(made: Any) -> None:
            files = [path for path in (made.path, made.slip) if path is not None]
            MadeDialog(self.desk, "报送包已做好", files, made.key, made.left_out).open()

        self.desk.jobs.read(work, show, self.desk.complain)

    def show_tasks(self) -> None:
        """Show what the superior asks for this period."""
        dialog = TasksDialog(self.desk, self.period)
        dialog.finished.connect(lambda _: self.show_period(self.period))
        dialog.open()

    def take_files_from_above(self) -> None:
        """Ask for a receipt or a task."""
        choose_signed(self.desk, self, lambda: self.show_period(self.period))

    def take_files(self) -> None:
        """Ask where, then write the files of the last edition."""
        chosen = QFileDialog.getExistingDirectory(self, "已报送的文件放在哪里", str(self.desk.folder))
        period = self.period
        if chosen:

            def work(store: Store) -> int:
                from pathlib import Path

                from desktop.services.editions import write_edition

                return len(write_edition(store, period, None, Path(chosen)))

            self.desk.jobs.read(work, lambda n: self.desk.say(f"已原样取出 {n} 个文件：{chosen}"))

    def show_changes(self) -> None:
        """Compare with now, and show it."""
        period = self.period

        def work(store: Store) -> tuple[list[Cells], int]:
            from desktop.services.editions import difference

            lines, changed = difference(store, period)
            return [line.cells for line in lines], len(changed)

        self.desk.jobs.read(work, self._open)

    def _open(self, found: tuple[list[Cells], int]) -> None:
        DifferencesDialog(self.desk, self.edition_words, *found).open()
