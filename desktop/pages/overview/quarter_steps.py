"""The quarter's line 录入 → 体检 → 审核 → 打印报送 → 归档, and the dialog that marks a step."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
)

from db.quarters import Quarter
from db.records.internal_entities import QUARTER_STEP
from db.records.kinds import Date, Invalid
from db.rules.verdicts import Result
from db.tasks.quarter_steps import MAIN, archive, mark_step, reopen, unmark_step
from db.tasks.receipts import ACCEPTED, RETURNED, Standing
from desktop.records.submitting import SubmitDialog
from desktop.shell.desk import Desk
from desktop.shell.theme import Theme
from desktop.shell.widgets import button, label, row, rule
from desktop.tables.line_editors import DateEditor


@dataclass(frozen=True)
class Step:
    """One step as it is shown: its state is ``done``, ``passed`` (gone by undone), ``now`` or ``later``."""

    key: str
    title: str
    note: str
    state: str


def _day(day: dt.date) -> str:
    """Month and day in words; not by a date format, which Windows refuses with Chinese words in it."""
    return f"{day.month}月{day.day}日"


def steps_of(
    quarter: Quarter,
    results: Sequence[Result],
    done: Mapping[str, Mapping[str, Any]],
    due: dt.date,
    blank: bool = False,
) -> list[Step]:
    """Return the five steps. A marked step lets those before it go by: what is not met never blocks a report.

    `blank`: nothing at all was entered for the quarter, so that no clause can say that its data is there.
    """
    missing = sum(r.status == "missing_data" for r in results)
    unmet = sum(r.status == "not_met" for r in results)
    passed = {
        "entry": not missing and bool(results) and not blank,
        "check": not missing and not unmet and bool(results),
    }
    passed |= {step: step in done for step in MAIN}
    lacks = f"{missing} 条要求还缺数据" if missing else "需要的数据都有了" if results else "还没有数据"
    entered = "还没有录入本季度的培训、活动和收支" if blank else lacks
    notes = {
        "entry": entered,
        "check": f"还有 {unmet} 项未达标" if unmet else "没有未达标" if results else "",
        "review": f"{_day(due - dt.timedelta(days=5))}前", "submit": f"{_day(due)}截止", "archive": "报送之后",
    }  # fmt: skip
    for step, mark in done.items():
        notes[step] = f"{mark['person']} {_day(dt.date.fromisoformat(mark['done_on']))}"
    order = ("entry", "check", *MAIN)
    last = max((i for i, key in enumerate(order) if key in done), default=-1)
    now = next((i for i, key in enumerate(order) if i > last and not passed[key]), len(order))
    if last >= order.index("review") and "review" not in done:
        notes["review"] = "没有办理"
    titles = {"entry": "录入", "check": "体检", "review": "审核", "submit": "打印报送", "archive": "归档"}
    return [
        Step(key, titles[key], notes[key],
             "now" if i == now else "later" if i > now else "done" if passed[key] else "passed")
        for i, key in enumerate(order)
    ]  # fmt: skip


class StepButton(QAbstractButton):
    """A step: its number or a tick in a circle, its title and a note."""

    def __init__(self, theme: Theme, number: int, step: Step, last: bool, clicked: Callable[[], None]) -> None:
        super().__init__()
        self.theme, self.number, self.step, self.last = theme, number, step, last
        state = {"done": "已完成", "passed": "没有办完，已到后面的步骤", "now": "正在进行", "later": "还没到"}[
            step.state
        ]
        self.setAccessibleName(f"第 {number} 步 {step.title}，{state}，{step.note}")
        self.setToolTip(self.accessibleName())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(lambda _=False: clicked())

    def sizeHint(self) -> QSize:
        """Room for circle, title and note."""
        return QSize(self.theme.px(140), self.theme.px(46))

    def minimumSizeHint(self) -> QSize:
        """The note may be cut in a narrow window, and the tip has it; the title is always whole."""
        title = QFontMetrics(self.theme.font(14, True)).horizontalAdvance(self.step.title)
        return QSize(self.theme.px(43) + title, self.theme.px(46))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the step and the line to the next one."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        px, colour, state = self.theme.px, self.theme.colour, self.step.state
        size = px(28)
        circle = QRectF(px(4), (self.height() - size) / 2, size, size)
        ground = {"done": "chart3", "passed": "surface", "now": "primary", "later": "surface"}[state]
        painter.setPen(QPen(colour("line2" if ground == "surface" else ground), 2))
        painter.setBrush(colour(ground))
        painter.drawEllipse(circle)
        painter.setPen(colour("text2" if ground == "surface" else "on_primary"))
        painter.setFont(self.theme.font(14, True))
        painter.drawText(
            circle, Qt.AlignmentFlag.AlignCenter, {"done": "✓", "passed": "–"}.get(state, str(self.number))
        )
        left = circle.right() + px(9)
        painter.setFont(self.theme.font(14, state == "now"))
        painter.setPen(colour("text" if state != "later" else "text2"))
        metrics = painter.fontMetrics()
        title_width = metrics.horizontalAdvance(self.step.title)
        upper = QRectF(left, self.height() / 2 - px(21), self.width() - left, px(21))
        painter.drawText(upper, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.step.title)
        painter.setFont(self.theme.font(12))
        painter.setPen(colour("accent" if state == "now" else "text3"))
        room = self.width() - left - px(6)
        note = painter.fontMetrics().elidedText(self.step.note, Qt.TextElideMode.ElideRight, round(room))
        lower = QRectF(left, self.height() / 2, room, px(19))
        painter.drawText(lower, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, note)
        if not self.last:
            painter.setPen(QPen(colour("chart3" if state in ("done", "passed") else "line2"), 2))
            y = round(upper.center().y())
            if (start := left + title_width + px(9)) < self.width() - px(4):
                painter.drawLine(round(start), y, self.width() - px(4), y)
        if self.hasFocus():
            painter.setPen(QPen(colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), px(5), px(5))


class Stepper(QFrame):
    """The card with the five steps, the days left, and the one button for what comes next."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk, self.theme = desk, desk.theme
        self.setObjectName("card")
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 9, 16, 9)
        line.setSpacing(4)
        self.places = QHBoxLayout()
        self.places.setSpacing(2)
        line.addLayout(self.places, 1)
        line.addWidget(rule(True))
        left = QVBoxLayout()
        left.setContentsMargins(10, 0, 10, 0)
        left.setSpacing(0)
        self.days, self.words = label("", "days"), label("", "hint")
        left.addWidget(self.days)
        left.addWidget(self.words)
        line.addLayout(left)
        self.go = button(self.theme, "", "go", "primary")
        self.go.clicked.connect(lambda _=False: self._next())
        line.addWidget(self.go)
        self.steps: list[Step] = []
        self.lacking = False  # some clause lacks data
        self.buttons: list[StepButton] = []
        self.done: Mapping[str, Mapping[str, Any]] = {}
        self.people: Sequence[str] = ()

    def show_steps(self, results: Sequence[Result], done: Mapping[str, Mapping[str, Any]], people: Sequence[str],
                   due: dt.date, stands: Standing = Standing(), blank: bool = False) -> None:  # fmt: skip
        """Show where the quarter stands."""
        quarter, today = self.desk.quarter, self.desk.today
        self.done, self.people = done, people
        self.steps = steps_of(quarter, results, done, due, blank)
        self.lacking = any(r.status == "missing_data" for r in results)
        focused = next((i for i, b in enumerate(self.buttons) if b.hasFocus()), -1)
        for made in self.buttons:
            self.places.removeWidget(made)
            made.deleteLater()
        self.buttons = []
        for i, step in enumerate(self.steps):
            made = StepButton(self.theme, i + 1, step, i == len(self.steps) - 1, partial(self._open, step.key))
            self.places.addWidget(made)
            self.buttons.append(made)
            if i == focused:
                made.setFocus()
        left = (due - today).days
        submitted = "submit" in done
        if submitted:
            self.days.setText({RETURNED: "被退回", ACCEPTED: "已收下"}.get(stands.status, "已报送"))
            self.words.setText(stands.issued_on or f"{done['submit']['done_on']}")
        else:
            self.days.setText(f"{abs(left)} 天")
            self.words.setText("距报送截止" if left >= 0 else "已过报送期限")
        self.days.setToolTip(stands.words if submitted else "")
        self.days.setProperty("late", stands.status == RETURNED if submitted else left < 0)
        self.days.style().unpolish(self.days)
        self.days.style().polish(self.days)
        now = next((s for s in self.steps if s.state == "now"), None)
        texts = {"entry": "继续：补录数据", "check": "继续：处理体检问题", "review": "继续：审核", "submit": "继续：打印报送",
                 "archive": "继续：归档"}  # fmt: skip
        self.go.setAccessibleName(texts[now.key] if now else "看报告")
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the button says what comes next, and no more."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        words = self.go.accessibleName()
        self.go.setText(f" {words.removeprefix('继续：') if self.width() < self.theme.px(780) else words}")

    def _next(self) -> None:
        now = next((s for s in self.steps if s.state == "now"), None)
        self._open(now.key if now else "submit", forward=True)

    def _open(self, key: str, forward: bool = False) -> None:
        if key == "entry":
            self.desk.show_page("findings" if self.lacking else "import")
        elif key == "check":
            self.desk.show_page("findings")
        elif key == "submit" and forward:
            self.desk.show_page("reports")
        else:
            self.ask(key)

    def ask(self, key: str) -> QDialog:
        """Open the dialog that marks a step, or takes its mark back; a quarter that is over is handed up for good."""
        quarter = self.desk.quarter
        if key == "submit" and key not in self.done and quarter.end < self.desk.today:
            return self.desk.drafts.open(("submit", str(quarter), ""), lambda: SubmitDialog(self.desk, quarter))
        dialog = StepDialog(
            self.desk, self.desk.quarter, next(s for s in self.steps if s.key == key), self.done, self.people
        )
        dialog.open()
        return dialog


_MEANING = {
    "review": "看过数字和体检结果，确认可以报送。最好由填报人以外的一位来审核。",
    "submit": "报告已打印盖章并交上级，或报表已发出。未达标的要求会如实写在报告里，不影响报送。",
    "archive": "本季度的事办完了，材料已存档。归档以后，这一期的记录不能再改；要改，先解除归档并写明原因。",
}


class StepDialog(QDialog):
    """Asks who did a step and when."""

    def __init__(self, desk: Desk, quarter: Quarter, step: Step, done: Mapping[str, Mapping[str, Any]],
                 people: Sequence[str]) -> None:  # fmt: skip
        super().__init__(desk.window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.desk, self.quarter, self.step = desk, quarter, step
        self.setWindowTitle(f"{step.title} · {quarter.label}")
        self.setMinimumWidth(desk.theme.px(420))
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 18, 22, 18)
        column.setSpacing(9)
        column.addWidget(label(f"{quarter.label}　{step.title}", "heading"))
        column.addWidget(label(_MEANING[step.key], "dim", wrap=True))
        if step.key != "review" and "review" not in done:
            column.addWidget(label("这个季度还没有审核。可以先审核，也可以直接办理。", "warned", wrap=True))
        self.person = QComboBox()
        self.person.setEditable(True)
        self.person.addItems(list(people))
        self.person.setAccessibleName("办理人")
        self.day = DateEditor(QUARTER_STEP["done_on"], desk.theme, desk.today)
        self.day.setAccessibleName("办理日期")
        known = done.get(step.key)
        if known:
            self.person.setEditText(known["person"])
        elif not people:
            self.person.setEditText("")
        self.day.setText(known["done_on"] if known else desk.today.isoformat())
        for text, widget in (("办理人", self.person), ("办理日期", self.day)):
            head = label(text, "dim")
            head.setBuddy(widget)
            column.addWidget(head)
            column.addWidget(widget)
        self.error = label("", "error", wrap=True)
        column.addWidget(self.error)
        self.save = button(desk.theme, f"{step.title}完成", "tick", "primary", "", self._save)
        self.save.setDefault(True)
        cancel = button(desk.theme, "取消", "", "", "", self.reject)
        self.reason = QLineEdit()
        self.reason.setAccessibleName("解除归档的原因")
        closes = step.key == "archive"
        if closes and known is not None:
            head = label("解除归档的原因（必填，会记入历史）", "dim")
            head.setBuddy(self.reason)
            column.insertWidget(column.count() - 1, head)
            column.insertWidget(column.count() - 1, self.reason)
        words = "解除归档" if closes else f"撤回{step.title}"
        back = button(desk.theme, words, "undo", "", "", self._take_back)
        if known is None:
            back.hide()
        column.addLayout(row(back, None, cancel, self.save))

    def _save(self) -> None:
        name = self.person.currentText().strip()
        try:
            day = dt.date.fromisoformat(str(Date().parse(self.day.text())))
        except Invalid as error:
            self.error.setText(str(error))
            return
        if not name:
            self.error.setText("请填写办理人")
            return
        quarter, key = self.quarter, self.step.key
        title = f"{self.step.title}：{quarter.label}"
        if key == "archive":
            self.desk.jobs.change(
                lambda store: archive(store, quarter, person=name, on=day), lambda _: self.desk.say(f"已{title}")
            )
            self.accept()
            return
        self.desk.jobs.write(title, lambda store: mark_step(store, quarter, key, person=name, on=day))
        self.accept()

    def _take_back(self) -> None:
        quarter, key = self.quarter, self.step.key
        title, reason = f"撤回{self.step.title}：{quarter.label}", self.reason.text().strip()
        if key == "archive":
            if not reason:
                self.error.setText("请写明解除归档的原因")
                self.reason.setFocus()
                return
            told = f"已解除归档：{quarter.label}。原因记入了操作历史"
            self.desk.jobs.change(lambda store: reopen(store, quarter, reason), lambda _: self.desk.say(told))
            self.accept()
            return
        self.desk.jobs.write(title, lambda store: unmark_step(store, quarter, key))
        self.accept()
