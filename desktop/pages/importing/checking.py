"""Step 3 of an import: what will go in and what will not, put right on the spot; and 疑似重复, which a person decides."""

import datetime as dt
from collections import Counter

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QInputDialog,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from db.intake.importer import FAIL, FILL, LEAVE, NEW, SAME, SKIP, UPDATE
from db.intake.row_problems import RowProblem
from desktop.pages.importing.check_table import CheckModel, CheckTable
from desktop.pages.importing.founding import FoundingDialog
from desktop.pages.importing.matching import TableList, inset
from desktop.services import import_draft
from desktop.services.import_draft import Checked, Draft, Source
from desktop.shell.folding import FoldingRow
from desktop.shell.theme import Theme
from desktop.shell.widgets import Tag, button, card, chip, label, make_primary, row, rule, scrolled
from forms.columns.date_suggestions import MONTH, SERIAL, SHORT, WORDS, YEAR

EXISTING = {
    UPDATE: "用表格里的内容更新", FILL: "只补空白的项", SKIP: "跳过，不改动", FAIL: "当作错误列出",
}  # fmt: skip

_DAYS = {
    MONTH: "只有年月的都补成 1 日", YEAR: "没写年份的都补上年份…", SERIAL: "日期序号都换成日期", SHORT: "两位年份都补成四位",
    WORDS: "中文日期都换成数字",
}  # fmt: skip
_LOW = 380  # where the panel is not as high, a row is explained cell by cell
HINT = "在格子里直接改，改对了就可以导入；也可以下载错误清单，在 Excel 里改好再导一次。"


class ReplaceDialog(QDialog):
    """One text for another in a whole column."""

    def __init__(self, parent: QWidget, theme: Theme, source: Source, column: int, old: str, words: list[str]) -> None:
        super().__init__(parent)
        p = source.proposal
        heading = p.headings[column] or p.chosen[column] if p is not None else ""
        self.setWindowTitle("批量替换")
        self.setMinimumWidth(theme.px(420))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        column_layout = QVBoxLayout(self)
        column_layout.setContentsMargins(20, 18, 20, 16)
        column_layout.setSpacing(10)
        count = import_draft.how_many(source, column, old)
        shown = old if old else "（空白）"
        column_layout.addWidget(label(f"“{heading}”列里有 {count:,} 格是“{shown}”，全部换成：", "", wrap=True))
        self.new = QComboBox()
        self.new.setEditable(True)
        self.new.setAccessibleName("换成")
        self.new.addItems([w for w in words if w != old])
        self.new.setCurrentText("")
        line = self.new.lineEdit()
        assert line is not None
        line.setPlaceholderText("选一个，或直接输入")
        column_layout.addWidget(self.new)
        column_layout.addWidget(label("只改这次要导入的内容，不改您的文件，也不改台账。", "hint", wrap=True))
        self.go = button(theme, f"替换 {count:,} 格", "", "primary", "", self.accept)
        column_layout.addLayout(row(None, button(theme, "取消", "", "", "", self.reject), self.go))
        self.new.setFocus()


class CheckPanel(QWidget):
    """The tables of a check at the left, the rows of one at the right."""

    changed = Signal()  # a cell, a rule or a decision is another one: judge again
    back = Signal()
    go_in = Signal()
    save_refused = Signal()

    def __init__(self, theme: Theme, today: dt.date) -> None:
        super().__init__()
        self.theme, self.today = theme, today
        self.office = ""
        self.why = ""  # why some days cannot be read, where it can be guessed what is meant
        self.open_days: Counter[str] = Counter()
        self.draft: Draft | None = None
        self.checked: Checked | None = None
        self.current = 0
        self.model = CheckModel(self)
        self.model.typed.connect(self._put_right)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(12)
        middle = QHBoxLayout()
        middle.setSpacing(12)
        middle.addWidget(self._left())
        middle.addWidget(self._right(), 1)
        whole.addLayout(middle, 1)
        whole.addWidget(self._foot())
        self._size()
        theme.changed.connect(self._size)

    def _left(self) -> QWidget:
        self.side, whole = card((1, 12, 1, 12), 8)
        whole.addLayout(inset(label("各张表", "strong")))
        self.tables = TableList(self.theme, "各张表的检查结果")
        self.tables.chosen.connect(self.show_table)
        whole.addWidget(self.tables, 1)
        area, inside = scrolled("遇到台账里已有的")  # where there is no room for all of it
        area.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        inside.setContentsMargins(12, 0, 10, 0)
        inside.setSpacing(4)
        whole.addWidget(area)
        inside.addWidget(button(self.theme, "看列的对应关系", "columns", "link", "", self.back.emit))
        inside.addWidget(rule())
        inside.addWidget(label("遇到台账里已有的", "strong"))
        self.rules = QButtonGroup(self)
        for n, (key, words) in enumerate(EXISTING.items()):
            choice = QRadioButton(words)
            choice.setProperty("rule", key)
            self.rules.addButton(choice, n)
            inside.addWidget(choice)
        self.rules.idClicked.connect(self._choose_rule)
        inside.addWidget(label("空白格不会抹掉已有的内容。", "hint", wrap=True))
        return self.side

    def _right(self) -> QWidget:
        made, inside = card((1, 10, 1, 1), 8)
        self.good, self.bad, self.warn = (Tag(self.theme, "", tone) for tone in ("good", "bad", "warn"))
        self.only_bad = chip("只看有问题", lambda: self._show_which(True))
        self.all = chip("全部", lambda: self._show_which(False))
        self.only_bad.setChecked(True)
        head = row(label("检查结果", "heading"), self.good, self.bad, self.warn, None, self.only_bad, self.all)
        head.setContentsMargins(14, 0, 12, 0)
        inside.addLayout(head)
        self.view = CheckTable(self.theme, self.model)
        self.view.selectionModel().currentChanged.connect(lambda *_: self._show_current())
        inside.addWidget(self.view, 1)
        self.empty = label("没有发现问题，可以直接导入。", "dim")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inside.addWidget(self.empty, 1)
        inside.addWidget(self._below())
        return made

    def _below(self) -> QWidget:
        """What is said of the current row, and what can be done about it."""
        made = QWidget()
        made.setObjectName("plain")
        column = QVBoxLayout(made)
        column.setContentsMargins(14, 2, 12, 8)
        column.setSpacing(4)
        self.said = label("", "dim", wrap=True)
        self.replace = button(self.theme, "批量替换", "edit", "link", "", self._replace)
        self.next = button(self.theme, "下一个问题 F8", "go", "link", "", self.view.next_problem)
        self.days = button(
            self.theme, "", "calendar", "link", "各表、各列一起改；只改这次要导入的内容，不改您的文件", self._put_days
        )
        self.found = button(
            self.theme, "", "team", "link", "名单里写到、台账里没有的队伍，随这次导入一起建立", self._found
        )
        column.addWidget(self.said)
        column.addWidget(
            FoldingRow(
                self.theme,
                (self.found, self.days, self.replace, None, self.next),
                (self.replace, self.days, self.found),
            )
        )
        self.deciding = QWidget()
        self.deciding.setObjectName("plain")
        self.everyone = QCheckBox("其余疑似重复也这样处理")
        same = button(self.theme, "同一人，更新", "", "", "用这一行更新台账里的那个人", lambda: self.decide(SAME))
        other = button(self.theme, "不是同一人，新增", "", "", "作为另一个人登记", lambda: self.decide(NEW))
        leave = button(self.theme, "先不导入", "", "", "这一行留在错误清单里", lambda: self.decide(LEAVE))
        self.same = same
        line = row(label("这个人：", "strong"), same, other, leave, self.everyone, None)
        line.setContentsMargins(0, 0, 0, 0)
        self.deciding.setLayout(line)
        column.addWidget(self.deciding)
        return made

    def _foot(self) -> QWidget:
        made, inside = card((14, 9, 14, 9))
        self.to_match = button(self.theme, "上一步", "left", "", "", self.back.emit)
        self.save = button(
            self.theme,
            "下载错误清单（Excel）",
            "export",
            "",
            "没通过的行，原样加上原因，改好再导入",
            self.save_refused.emit,
        )
        self.words = label("", "dim", wrap=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.go = button(self.theme, "导入", "tick", "primary", "", self.go_in.emit)
        line = row(self.to_match, self.save, self.words, self.go)
        line.setStretch(2, 1)
        inside.addLayout(line)
        return made

    def _size(self) -> None:
        self.side.setFixedWidth(self.theme.px(232))
        self.view.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """How much is said of a row depends on the room."""
        super().resizeEvent(event)
        if self.checked is not None:
            self._show_current()

    # Showing

    def show_check(self, draft: Draft, checked: Checked, office: str = "") -> None:
        """Show what a check found; the place in the table stays. `office` is its name, for teams that are founded."""
        self.office = office
        fresh = draft is not self.draft
        self.draft, self.checked = draft, checked
        self.open_days = import_draft.open_days(draft, checked, self.today)
        for choice in self.rules.buttons():
            choice.setChecked(choice.property("rule") == draft.on_existing)
        if fresh or self.current >= len(draft.sources):
            taken = [n for n, s in enumerate(draft.sources) if s.proposal is not None]
            self.current = next((n for n in taken if checked.marks[n]), taken[0] if taken else 0)
        self.show_table(self.current)

    def show_table(self, number: int) -> None:
        """Show one table of the check."""
        if self.draft is None or self.checked is None or not 0 <= number < len(self.draft.sources):
            return
        same = number == self.current and self.model.source is not None
        where = self.view.currentIndex()
        at = (
            (self.model.rows[where.row()][0], where.column())
            if same and where.isValid() and where.row() < len(self.model.rows)
            else None
        )
        scroll = self.view.verticalScrollBar().value()
        self.current = number
        self._list()
        source, checked = self.draft.sources[number], self.checked
        only = self.only_bad.isChecked()
        self.model.show_table(source, number, checked, only)
        self.view.fit()
        total, marked = len(checked.rows[number]), len(checked.marks[number])
        bad = checked.bad(number)
        self.good.setText(f"通过 {total - bad:,}")
        self.bad.setText(f"错误 {bad:,}")
        self.warn.setText(f"提醒 {marked - bad:,}")
        self.bad.setVisible(bad > 0)
        self.warn.setVisible(marked > bad)
        self.only_bad.setText(f"只看有问题 {marked:,}")
        self.all.setText(f"全部 {total:,}")
        self.view.setVisible(self.model.rowCount() > 0)
        self.empty.setVisible(self.model.rowCount() == 0)
        self.empty.setText("这张表不导入。" if source.proposal is None else "没有发现问题，可以直接导入。")
        if self.model.rowCount():
            self._return_to(at, scroll)
        self._show_current()

    def _return_to(self, at: tuple[int, int] | None, scroll: int) -> None:
        """Go back to the row where work went on, or to the one that took its place: to errors before warnings."""
        if at is None:
            self.view.next_problem()
            return
        numbers = [n for n, _ in self.model.rows]
        wrong = [i for i in range(len(numbers)) if any(p.severity == "error" for p in self.model.problems(i))]
        place = next((i for i in wrong if numbers[i] >= at[0]), wrong[0] if wrong else -1)
        if place < 0:
            place = next((i for i, n in enumerate(numbers) if n >= at[0]), len(numbers) - 1)
        self.view.verticalScrollBar().setValue(scroll)
        self.view.setCurrentIndex(self.model.index(place, min(at[1], self.model.columnCount() - 1)))

    def _list(self) -> None:
        assert self.draft is not None
        assert self.checked is not None
        lines = []
        for n, s in enumerate(self.draft.sources):
            if s.proposal is None:
                lines.append((s.title, "不导入"))
                continue
            total, bad = len(self.checked.rows[n]), self.checked.bad(n)
            words = f"{total:,} 行" + (f" · 错误 {bad:,}" if bad else " · 全部通过" if total else "")
            lines.append((s.title, words))
        self.tables.show_lines(lines, self.current)

    def _show_which(self, only_bad: bool) -> None:
        self.only_bad.setChecked(only_bad)
        self.all.setChecked(not only_bad)
        self.show_table(self.current)

    def _show_current(self) -> None:
        index = self.view.currentIndex()
        row_at = index.row() if index.isValid() and index.row() < self.model.rowCount() else -1
        found = self.model.problems(row_at) if row_at >= 0 else []
        here = self.model.problems_at(index)
        # Of the cell first, then of the whole row: the last column may be cut, or lie beyond the edge. In a low window
        # the rows need the room.
        low = self.height() < self.theme.px(_LOW)
        text = "；".join(dict.fromkeys(p.reason for p in ((here or found) if low else (*here, *found)))) or HINT
        alike = self.alike()
        if alike is not None and alike.alike and self.checked is not None:
            text += f"。台账里的是：{self.checked.people.get(alike.alike, '')}"
        self.said.setText(text)
        self.deciding.setVisible(alike is not None)
        self.same.setEnabled(alike is not None and bool(alike.alike))
        old = self.model.raw(index) if row_at >= 0 and self._editable(index) and not self._is_own(index) else None
        self.replace.setVisible(old is not None)
        if old is not None:
            short = old if len(old) <= 8 else old[:7] + "…"
            self.replace.setText(f"批量替换“{short}”" if old else "批量填写空白格")
        self.next.setVisible(any(self.model.marks))
        self._offer_days()
        new = self.checked.new_teams if self.checked is not None else []
        self.found.setVisible(bool(new))
        self.found.setText(f"一并建立 {len(new)} 支队伍…")
        # Without its teams a roster would leave everybody outside of them: that comes first.
        make_primary(self.theme, self.found, bool(new))
        make_primary(self.theme, self.go, not new)

    def _found(self) -> None:
        if self.draft is None or self.checked is None:
            return
        dialog = FoundingDialog(self, self.theme, self.checked.new_teams, self.office)
        dialog.accepted.connect(lambda: self.found_teams(dialog.values()))
        dialog.open()

    def found_teams(self, values: dict[str, str]) -> None:
        """Found the teams that the lists name, with what they have in common by our heading."""
        if self.draft is not None:
            self.draft.found(values)
            self.changed.emit()

    def _offer_days(self) -> None:
        """Offer to put all days right at once where all that is wrong with them is how they were written."""
        self.why = next((why for why in _DAYS if self.open_days[why]), "")
        self.days.setVisible(bool(self.why))
        if self.why:
            self.days.setText(f"{_DAYS[self.why]}（{self.open_days[self.why]:,} 格）")

    def _put_days(self) -> None:
        if self.why != YEAR:
            self.put_days(self.why)
            return
        dialog = QInputDialog(self)
        dialog.setWindowTitle("补上年份")
        dialog.setLabelText(f"有 {self.open_days[YEAR]:,} 格日期只有月和日。都是哪一年的？")
        dialog.setInputMode(QInputDialog.InputMode.IntInput)
        dialog.setIntRange(1950, self.today.year + 1)
        dialog.setIntValue(self.today.year)
        dialog.setOkButtonText("补上")
        dialog.setCancelButtonText("取消")
        dialog.intValueSelected.connect(lambda year: self.put_days(YEAR, year))
        dialog.open()

    def put_days(self, why: str, year: int = 0) -> None:
        """Put every day right that cannot be read for this reason, in all tables."""
        if self.draft is not None and self.checked is not None and why:
            import_draft.put_days(self.draft, self.checked, why, self.today, year)
            self.changed.emit()

    def _is_own(self, index: QModelIndex) -> bool:
        """Whether a column holds what every person has for himself: nothing to replace in bulk."""
        column = self.model.places[index.column() - 1]
        f = import_draft.field_of(self.model.source, column) if self.model.source is not None else None
        return f is None or f.masked or f.name == "id_number"

    def _editable(self, index: QModelIndex) -> bool:
        return bool(self.model.flags(index) & Qt.ItemFlag.ItemIsEditable)

    def alike(self) -> RowProblem | None:
        """The 疑似重复 of the current row that is still to be decided."""
        index = self.view.currentIndex()
        if not index.isValid() or index.row() >= self.model.rowCount():
            return None
        return next((p for p in self.model.problems(index.row()) if p.alike is not None), None)

    # Doing

    def _put_right(self, number: int, column: int, text: str) -> None:
        assert self.model.source is not None
        import_draft.put_right(self.model.source, number, column, text)
        self.changed.emit()

    def _choose_rule(self, number: int) -> None:
        if self.draft is not None:
            self.draft.meet_existing(list(EXISTING)[number])
            self.changed.emit()

    def decide(self, what: str) -> None:
        """Take a decision for the current row, or for every one that is still open."""
        problem = self.alike()
        if problem is None or self.draft is None or self.checked is None or self.model.source is None:
            return
        wanted = [problem]
        if self.everyone.isChecked():
            wanted += [
                p for ps in self.model.marks.values() for cell in ps.values() for p in cell
                if p.alike is not None and (p.alike or what != SAME)
            ]  # fmt: skip
        for each in wanted:
            import_draft.decide(self.draft, self.model.source, each, what)
        self.changed.emit()

    def _replace(self) -> None:
        index, source = self.view.currentIndex(), self.model.source
        if source is None or self.checked is None or not self._editable(index):
            return
        column, old = self.model.places[index.column() - 1], self.model.raw(index)
        words = import_draft.suggestions(source, column, self.checked)
        dialog = ReplaceDialog(self, self.theme, source, column, old, words)
        dialog.accepted.connect(lambda: self.replace_all(column, old, dialog.new.currentText()))
        dialog.open()

    def replace_all(self, column: int, old: str, new: str) -> None:
        """Write `new` for `old` in a column."""
        if self.model.source is not None and import_draft.replace_all(self.model.source, column, old, new):
            self.changed.emit()
