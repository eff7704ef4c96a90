"""快速录入: one line per person with fields that are always open, for many people at a time; Enter goes on."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCompleter, QDialog, QGridLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from db.records.entities import MEMBERSHIP, VOLUNTEER
from db.records.identity import derived, number_problem
from db.records.kinds import Choice, Invalid, plain
from desktop.shell.desk import Desk
from desktop.shell.widgets import button, label, row, scrolled
from forms.columns.pasted_people import JOINED, NAME, NUMBER, PHONE, ROLE

_COLUMNS = ((NUMBER, "身份证号"), (NAME, "姓名"), (PHONE, "手机"), (ROLE, "职务"), (JOINED, "入队日期"))
_USUAL = {ROLE: "队员", JOINED: "今天"}  # what a blank means; Enter leaves these out
_FIRST = 10  # lines to begin with; a new one comes when the last is used


class QuickEntry(QDialog):
    """Collects people of one team; hidden and shown again it still holds what was typed."""

    def __init__(self, desk: Desk, team_name: str, check: Callable[[list[dict[str, str]]], None]) -> None:
        super().__init__(desk.window)
        self.desk, self.theme, self.check = desk, desk.theme, check
        self.setWindowTitle("快速录入")
        desk.fit(self, 900, 560)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 14, 20, 14)
        column.setSpacing(8)
        column.addWidget(label(f"快速录入：{team_name}", "heading"))
        column.addWidget(label("一行一人，Enter 到下一格，填完一起核对、一次写入。职务和入队日期可以不填。", "dim"))
        area, inner = scrolled("快速录入的各行")
        self.area = area
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(8)
        self.grid.setVerticalSpacing(6)
        for place, (_, words) in enumerate(_COLUMNS):
            self.grid.addWidget(label(words, "dim"), 0, place + 1)
        for place, wide in ((1, 186), (2, 96), (3, 132), (4, 90), (5, 110), (6, 120)):
            self.grid.setColumnMinimumWidth(place, self.theme.px(wide))
        self.grid.setColumnStretch(6, 1)
        inner.addLayout(self.grid)
        inner.addStretch(1)
        column.addWidget(area, 1)
        self.lines: list[tuple[list[QLineEdit], QLabel]] = []
        self.save_button = button(self.theme, "核对", "tick", "primary", "先核对，再一次写入（Ctrl+S）", self.save)
        self.save_button.setShortcut("Ctrl+S")
        close = button(self.theme, "先关上", "", "", "填的内容还留着（Esc）", self.reject)
        for made in (self.save_button, close):
            made.setAutoDefault(False)
        column.addLayout(row(label("关上再打开，填的内容还在。", "hint"), None, close, self.save_button))
        for _ in range(_FIRST):
            self._add_line()
        self._count()
        self.lines[0][0][0].setFocus()

    def _add_line(self) -> None:
        number = len(self.lines) + 1
        fields = []
        for place, (heading, words) in enumerate(_COLUMNS):
            made = QLineEdit()
            made.setPlaceholderText(_USUAL.get(heading, ""))
            if heading == ROLE:
                role = MEMBERSHIP["role"].kind
                assert isinstance(role, Choice)
                made.setCompleter(QCompleter(list(role.labels), made))
            made.setAccessibleName(f"第 {number} 行{words}")
            made.returnPressed.connect(lambda line=number - 1, place=place: self._go_on(line, place))
            made.textChanged.connect(lambda _, line=number - 1: self._changed(line))
            self.grid.addWidget(made, number, place + 1)
            fields.append(made)
        state = label("", "hint", wrap=True)
        self.grid.addWidget(label(str(number), "hint"), number, 0)
        self.grid.addWidget(state, number, len(_COLUMNS) + 1)
        self.lines.append((fields, state))

    def _go_on(self, line: int, place: int) -> None:
        """Enter: the next field, and after the last the next person."""
        if place + 1 < len(_COLUMNS) and _COLUMNS[place + 1][0] not in _USUAL:
            following = self.lines[line][0][place + 1]
        else:
            if line + 1 == len(self.lines):
                self._add_line()
            following = self.lines[line + 1][0][0]
        following.setFocus(Qt.FocusReason.TabFocusReason)
        self.area.ensureWidgetVisible(following)

    def _changed(self, line: int) -> None:
        if line + 1 == len(self.lines) and any(f.text() for f in self.lines[line][0]):
            self._add_line()
        self._tell(line, strict=False)
        self._count()

    def _tell(self, line: int, strict: bool) -> bool:
        """Say what the number tells, or what is wrong; a line half typed is not complained of unless `strict`."""
        (number, name, phone, role, joined), state = self.lines[line]
        text = plain(number.text()).upper()
        reason = ""
        if (strict or len(text) >= 18) and text:
            reason = number_problem(text, "resident_id") or ""
        if strict and not reason:
            reason = "还没有身份证号" if not text else "还没有姓名" if not name.text().strip() else ""
            for f, field in (
                (phone, VOLUNTEER["phone"]),
                (role, MEMBERSHIP["role"]),
                (joined, MEMBERSHIP["joined_on"]),
            ):
                if not reason and f.text().strip():
                    try:
                        field.kind.parse(f.text())
                    except Invalid as error:
                        reason = str(error)
        known = derived(text, "resident_id") if not reason and len(text) == 18 else None
        state.setText(reason or (f"{VOLUNTEER['sex'].show(known[0])} · {known[1]}" if known else ""))
        state.setToolTip(state.text())
        self._dress(state, "error" if reason else "hint")
        return not reason

    def _dress(self, widget: QWidget, role: str) -> None:
        if widget.property("role") != role:
            widget.setProperty("role", role)
            widget.style().unpolish(widget)
            widget.style().polish(widget)

    def used(self) -> list[int]:
        """Return the lines in which something stands."""
        return [i for i, (fields, _) in enumerate(self.lines) if any(f.text().strip() for f in fields)]

    def _count(self) -> None:
        number = len(self.used())
        self.save_button.setText(f"核对 {number:,} 人" if number else "核对")
        self.save_button.setEnabled(bool(number))

    def save(self) -> None:
        """Hand the people over, or go to the first line that cannot be taken."""
        used = self.used()
        wrong = [i for i in used if not self._tell(i, strict=True)]
        if wrong:
            fields = self.lines[wrong[0]][0]
            fields[1 if fields[0].text() and not fields[1].text() else 0].setFocus()
            return
        self.check(
            [
                {heading: f.text().strip() for (heading, _), f in zip(_COLUMNS, self.lines[i][0], strict=True) if f.text()}
                for i in used
            ]
        )  # fmt: skip

    def written(self) -> None:
        """What was typed is in the ledger now."""
        for fields, _ in self.lines:
            for f in fields:
                f.clear()
        self.accept()
