"""The form for one record, made from its declaration: fields in a panel, problems under the fields, save and next."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from db.records.amounts import Count, Hours, Money
from db.records.entities import BY_NAME, VOLUNTEER
from db.records.fields import Entity, Field, Problem, Row
from db.records.identity import derived, number_problem
from db.records.kinds import (
    Cell,
    Choice,
    Choices,
    Date,
    IdNumber,
    Invalid,
    Kind,
    LongText,
    Phone,
    Ref,
    Refs,
    Value,
    is_blank,
)
from desktop.shell.theme import Theme
from desktop.shell.widgets import button, label, scrolled, shortcut
from desktop.tables.editors import ChoicesEditor, Editor, RefEditor, editor
from desktop.tables.form_fold import Fold, Topics
from desktop.tables.line_editors import LineEditor

_NARROW: tuple[type[Kind], ...] = (Date, Money, Hours, Count, Phone)
_NAMED = 12  # characters of a name on a button
Titles = Mapping[str, Mapping[int, str]]


def in_order(entity: Entity) -> list[Field]:
    """Return the fields as a form asks for them: a document number comes first, since it fills others."""
    first = [f for f in entity.fields if isinstance(f.kind, IdNumber)]
    return first + [f for f in entity.fields if f not in first]


def _short(field: Field) -> bool:
    """Tell whether a field needs half the panel only."""
    if len(field.label) > 9:
        return False
    if type(field.kind) is Choice:
        return max(len(text) for _, text in field.kind.options) <= 5
    return isinstance(field.kind, _NARROW) or (
        not isinstance(field.kind, Ref | Refs | Choices | LongText) and field.width <= 10
    )


# What was typed and not saved, by the row's id (None: a new one).
Drafts = dict[Value, dict[str, Cell]]


class EditForm(QFrame):
    """A panel that edits one row at a time. It asks to save; the page writes."""

    save_asked = Signal(object, object, bool)  # row, the row as it was (or None), go on with a new one
    closed = Signal()
    number_given = Signal(str, str)  # a sound document number was typed: its kind, and itself
    whole_wanted = Signal(bool)  # covered numbers are to be seen; True: telephones only
    person_wanted = Signal(int)  # the person who has that number already is to be opened
    row_wanted = Signal(str, str)  # a name was typed that no row of this record has: it is to be added

    def __init__(
        self,
        entity: Entity,
        theme: Theme,
        today: dt.date,
        last: str = "",
        parent: QWidget | None = None,
        drafts: Drafts | None = None,
        topics: Topics = (),
    ) -> None:
        """Make the form; Enter goes to the next field, and in the field `last` (or the very last) it saves.

        Where there are `topics`, the fields of those with a heading are folded under it.
        """
        super().__init__(parent)
        self.topics: Topics = topics or (("", tuple(f.name for f in in_order(entity))),)
        self.order = [entity[name] for _, names in self.topics for name in names]
        self.folds: dict[str, Fold] = {}  # by the fields in them
        self.last = last or self.order[-1].name
        self.setObjectName("card")
        self.entity = entity
        self.known_id = 0  # the person who has the number that was typed
        self.theme = theme
        self.today = today
        self.before: Row | None = None
        self.editors: dict[str, Editor] = {}
        self._heads: list[tuple[QLabel, Field]] = []
        self._errors: dict[str, QLabel] = {}
        self._adding: dict[str, QPushButton] = {}  # beside a name that no row has
        self._tried = False
        self._touched: set[str] = set()
        self._as_opened: dict[str, str] = {}
        self.drafts: Drafts = {} if drafts is None else drafts
        self._filling = False

        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(18, 12, 10, 6)
        self.title = label("", "heading")
        close = button(theme, "", "close", "small", "关闭（Esc）", self.close_form)
        head.addWidget(self.title, 1)
        head.addWidget(close)
        layout.addLayout(head)
        area, body = scrolled(f"{entity.label}表单")
        layout.addWidget(area, 1)  # while it is empty: moved later, all it holds is styled anew
        self.area = area
        body.setContentsMargins(18, 0, 14, 8)
        body.setSpacing(0)
        self.problem = label("", "error", wrap=True)
        self.problem.hide()
        body.addWidget(self.problem)
        self.kept = label("上次填了没有保存的内容在这里，接着填就行", "hint", wrap=True)
        self.kept.hide()
        body.addWidget(self.kept)
        for heading, names in self.topics:
            self._lay_out(body, heading, [entity[name] for name in names])
        self._dress_labels()
        theme.changed.connect(self._dress_labels)  # a method, which Qt lets go of with the form
        self.below = QVBoxLayout()  # for what belongs to the record and is no field of it
        body.addLayout(self.below)
        body.addStretch(1)
        foot = QFrame()
        foot.setObjectName("foot")
        line = QHBoxLayout(foot)
        line.setContentsMargins(18, 10, 14, 10)
        line.setSpacing(8)
        self.save_button = button(theme, "保存", "", "primary", "保存（Ctrl+S）", lambda: self.save(False))
        self.next_button = button(theme, "保存并新增下一条", "", "", "", lambda: self.save(True))
        cancel = button(theme, "取消", "", "quiet", "关闭，不保存（Esc）", self.close_form)
        line.addWidget(self.save_button)
        line.addWidget(self.next_button)
        line.addStretch(1)
        line.addWidget(cancel)
        layout.addWidget(foot)
        for keys, call in (("Ctrl+S", lambda: self.save(False)), ("Escape", self.close_form)):
            shortcut(keys, self, call)

    def _lay_out(self, body: QVBoxLayout, heading: str, fields: list[Field]) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        line, column = 0, 0
        around = body.parentWidget()
        assert around is not None
        if heading:
            fold = Fold(self.theme, heading, around)
            body.addWidget(fold)
            body, around = fold.body, fold.content
            self.folds.update({f.name: fold for f in fields})
        for i, field in enumerate(fields):
            short = _short(field)
            if column and not short:
                line, column = line + 1, 0
            follower = i + 1 < len(fields) and _short(fields[i + 1])
            wide = not short or (column == 0 and not follower)
            block = self._block(field, around)
            grid.addWidget(block, line, column, 1, 2 if wide else 1, Qt.AlignmentFlag.AlignTop)
            line, column = (line + 1, 0) if wide or column else (line, 1)
        body.addLayout(grid)

    def _block(self, field: Field, parent: QWidget) -> QWidget:
        block = QWidget(parent)
        block.setObjectName("plain")
        box = QVBoxLayout(block)
        box.setContentsMargins(0, 0, 0, 9)
        box.setSpacing(3)
        head = label("", "dim")
        head.setTextFormat(Qt.TextFormat.RichText)
        self._heads.append((head, field))
        widget = editor(field, self.theme, self.today)
        head.setBuddy(widget)
        error = label("", "error", wrap=True)
        error.hide()
        box.addWidget(head)
        box.addWidget(widget)
        if isinstance(field.kind, IdNumber):
            self.recognised = label("", "recognised")
            self.recognised.hide()
            self.known = label("", "error", wrap=True)
            self.known.hide()
            self.open_known = button(self.theme, "打开那个人", "go", "link", "打开有这个号码的志愿者")
            self.open_known.clicked.connect(lambda _=False: self.person_wanted.emit(self.known_id))
            self.open_known.hide()
            box.addWidget(self.recognised)
            line = QHBoxLayout()
            line.addWidget(self.known, 1)
            line.addWidget(self.open_known)
            box.addLayout(line)
        if field.help:
            box.addWidget(label(field.help, "hint", wrap=True))
        box.addWidget(error)
        if isinstance(field.kind, Ref) and field.kind.entity != self.entity.name:  # its own form is this one
            other = field.kind.entity
            adding = button(self.theme, "", "add", "link", "到它的页面新增；这里填的内容留着，回来接着填")
            adding.clicked.connect(lambda _=False: self.row_wanted.emit(other, str(widget.cell())))
            adding.hide()
            box.addWidget(adding)
            self._adding[field.name] = adding
        self.editors[field.name] = widget
        self._errors[field.name] = error
        widget.edited.connect(lambda name=field.name: self._edited(name))
        widget.left.connect(lambda name=field.name: self._left(name))
        if isinstance(widget, LineEditor):
            widget.returnPressed.connect(lambda name=field.name: self._entered(name))
            widget.whole_wanted.connect(lambda: self.whole_wanted.emit(isinstance(field.kind, Phone)))
        return block

    def _dress_labels(self) -> None:
        star = f' <span style="color:{self.theme.colour("bad").name()}">*</span>'
        for head, field in self._heads:
            head.setText(field.label + (star if field.required else ""))

    # Opening

    def edit(
        self, row: Row | None, titles: Titles, start: Mapping[str, Value] | None = None, *, focus: bool = True,
        covered: bool = False,
    ) -> None:  # fmt: skip
        """Show a row, or an empty form (with the values of `start`) for a new one; a draft comes back.

        `covered`: stars stand for the numbers of a person that the row holds.
        """
        self.keep_draft()
        self.before = dict(row) if row is not None else None
        self._tried = False
        self._touched.clear()
        self.show_refusal("")
        noun = self.entity.label
        self.title.setText(f"修改{noun}" if row is not None else f"新增{noun}")
        self.next_button.setVisible(row is None)
        self._filling = True
        for name, widget in self.editors.items():
            if name in titles and isinstance(widget, RefEditor | ChoicesEditor):
                widget.set_titles(titles[name])
            value = row.get(name) if row is not None else (start or {}).get(name, self.entity[name].default)
            widget.set_value(value)
            if covered and row is not None and self.entity[name].masked and isinstance(widget, LineEditor):
                widget.cover(value)
            self._say(name, [])
        self._as_opened = self._draft()
        self.show_known("", 0)
        draft = self.drafts.pop(self._key(), {})
        for name, cell in draft.items():
            self.editors[name].put_back(cell)
        self.kept.setVisible(bool(draft))
        self._filling = False
        self._recognise()
        self._tell_folds()
        self.area.verticalScrollBar().setValue(0)
        if focus:
            self.focus_first()

    def uncover(self, telephones: bool) -> None:
        """Show the covered numbers: all, or telephones only."""
        self._filling = True
        for widget in self.editors.values():
            if isinstance(widget, LineEditor) and (isinstance(widget.field.kind, Phone) or not telephones):
                widget.uncover()
        self._filling = False
        self._recognise()

    def focus_first(self) -> None:
        """Put the cursor into the first field."""
        first = self.editors[self.order[0].name]
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_titles(self, titles: Titles) -> None:
        """Renew the rows that references may take, keeping what was typed."""
        self._filling = True
        for name, widget in self.editors.items():
            if name in titles and isinstance(widget, RefEditor | ChoicesEditor):
                cell = widget.cell()
                widget.set_titles(titles[name])
                if isinstance(cell, int):
                    widget.set_value(cell)
        self._filling = False

    def dirty(self) -> bool:
        """Tell whether something was typed and not saved."""
        return bool(self._as_opened) and self._draft() != self._as_opened

    def keep_in(self, drafts: Drafts) -> None:
        """Keep what is typed and not saved with other drafts: another team's."""
        self.drafts = drafts

    def _key(self) -> Value:
        return self.before["id"] if self.before is not None else None

    def keep_draft(self) -> bool:
        """Put aside what was typed and not saved; it comes back when the same row is opened. Tell whether there was."""
        if not self.dirty():
            return False
        self.drafts[self._key()] = {name: w.cell() for name, w in self.editors.items()}
        self._as_opened = {}
        return True

    def saved(self) -> None:
        """What the form shows is in the ledger now: there is no draft of it."""
        self._as_opened = {}

    def _draft(self) -> dict[str, str]:
        return {name: str(w.cell() if w.cell() is not None else "") for name, w in self.editors.items()}

    # Judging

    def judged(self) -> tuple[Row, list[Problem]]:
        """Return the row as typed and its problems."""
        row, problems = self.entity.parse({name: w.cell() for name, w in self.editors.items()}, self.today)
        if row.get("id_number") is not None and row.get("id_type") is not None:
            # The number is judged as soon as it is there, not only once everything else is in order.
            reason = number_problem(str(row["id_number"]), str(row["id_type"]))
            if reason and all(p.field != "id_number" for p in problems):
                problems.append(Problem("id_number", reason))
        return row, sorted(problems, key=lambda p: list(self.editors).index(p.field))

    def allow_saving(self) -> None:
        """Let it be saved again: what was asked for last is done."""
        self.save_button.setEnabled(True)

    def save(self, go_on: bool) -> None:
        """Ask the page to save, or show every problem and go to the first."""
        self._tried = True
        row, problems = self.judged()
        self._show(problems)
        wrong = [p for p in problems if p.severity == "error"]
        if wrong:
            widget = self.editors[wrong[0].field]
            self._unfold(wrong[0].field)
            widget.setFocus(Qt.FocusReason.OtherFocusReason)
            self.area.ensureWidgetVisible(widget, 0, 40)
            return
        if self.before is not None:
            row["id"] = self.before["id"]
        self.show_refusal("")
        self.save_asked.emit(row, self.before, go_on)

    def _stand_on(self, row: Row) -> None:
        """Take the row as it is by now for what the person saw: fields that were not changed here follow it."""
        typed, before = self.judged()[0], self.before or {}
        self._filling = True
        for name, widget in self.editors.items():
            if typed[name] == before.get(name):
                covered = isinstance(widget, LineEditor) and widget.is_covered
                widget.set_value(row[name])
                if covered and isinstance(widget, LineEditor):
                    widget.cover(row[name])
        self._filling = False
        self.before = dict(row)

    def show_refusal(self, reason: str, now: Row | None = None) -> None:
        """Show why the ledger did not take the row; `now`: the row as others have written it by now."""
        if now is not None:
            self._stand_on(now)
        self.problem.setText(reason)
        self.problem.setVisible(bool(reason))

    def close_form(self) -> None:
        """Close without saving; what was typed is kept as a draft."""
        self.closed.emit()

    def _edited(self, name: str) -> None:
        if self._filling:
            return
        self._touched.add(name)
        if name in ("id_number", "id_type") and "id_number" in self.editors:
            self._recognise()
            self.show_known("", 0)
        if self._tried or self._errors[name].isVisible():
            self._show(self.judged()[1])

    def _left(self, name: str) -> None:
        if self._filling:
            return
        row, problems = self.judged()
        if name == "id_number" and name in self._touched and row[name] and all(p.field != name for p in problems):
            self.number_given.emit(str(row["id_type"]), str(row[name]))
        if not self._tried:  # before the first try to save, say only what is wrong with what was typed
            filled = {n for n in self._touched if not is_blank(self.editors[n].cell())}
            problems = [p for p in problems if p.field in filled]
        self._show(problems)

    def _entered(self, name: str) -> None:
        if name == self.last:
            self.save(False)
            return
        names = [f.name for f in self.order if (fold := self.folds.get(f.name)) is None or fold.is_open]
        if (place := names.index(name) + 1) < len(names):
            self.editors[names[place]].setFocus(Qt.FocusReason.TabFocusReason)
        else:  # the last one that can be seen
            self.save(False)

    def _unfold(self, name: str) -> None:
        if (fold := self.folds.get(name)) is not None:
            fold.turn(True)

    def _tell_folds(self) -> None:
        """Say of each topic how much of it is filled in, and open none: what is asked first stands in view."""
        for heading, names in self.topics:
            if heading:
                filled = sum(not is_blank(self.editors[name].cell()) for name in names)
                self.folds[names[0]].tell(filled)

    def show_known(self, words: str, person: int) -> None:
        """Say who has the number that was typed, with a way to open that person."""
        if "id_number" not in self.editors:
            return
        self.known_id = person
        self.known.setText(words)
        self.known.setVisible(bool(words))
        self.open_known.setVisible(bool(words))

    def tell_known(self, found: dict[str, Any] | None) -> None:
        """Say who else has the number that was typed: `id`, `name` and `teams` of a person, or None."""
        mine = int(self.before["id"] or 0) if self.before is not None else 0
        if found is None or found["id"] == mine:
            self.show_known("", 0)
            return
        teams = "、".join(found["teams"].values()) or "不在任何队伍"
        self.show_known(f"已有同号：{found['name']}（{teams}）", int(found["id"]))

    def fill_blank(self, name: str, value: Value) -> None:
        """Put a value into a field where nothing was typed."""
        if is_blank(self.editors[name].cell()) and value is not None:
            self.editors[name].set_value(value)

    def _show(self, problems: list[Problem]) -> None:
        for name in self.editors:
            self._say(name, [p for p in problems if p.field == name])

    def _say(self, name: str, problems: list[Problem]) -> None:
        error = self._errors[name]
        kind, typed = self.entity[name].kind, self.editors[name].cell()
        unknown = bool(problems) and isinstance(kind, Ref) and isinstance(typed, str)
        words = "；".join(p.reason for p in problems)
        if isinstance(kind, Ref) and unknown:
            noun = BY_NAME[kind.entity].label
            words = f"没有叫“{typed}”的{noun}。请从列表中选择，还没有登记的先新增"
        if isinstance(kind, Ref) and (adding := self._adding.get(name)) is not None:
            adding.setText(f"新增{BY_NAME[kind.entity].label}：{str(typed)[:_NAMED]}" if unknown else "")
            adding.setVisible(unknown)
        error.setText(words)
        error.setVisible(bool(problems))
        self.editors[name].set_wrong(any(p.severity == "error" for p in problems))

    def _recognise(self) -> None:
        """Fill sex and birth date from a valid number, and say so."""
        if "id_number" not in self.editors:
            return
        number, kind = self.editors["id_number"], self.editors["id_type"]
        assert isinstance(number, LineEditor)
        found = None
        try:
            code = VOLUNTEER["id_type"].kind.parse(kind.cell() or "居民身份证")
            if not number.is_covered:  # a birth date beside the stars would give the number away
                found = derived(str(VOLUNTEER["id_number"].kind.parse(number.text() or "0")), str(code))
        except Invalid:
            pass
        self.recognised.setVisible(found is not None)
        if found is None:
            return
        sex, birth = found
        day = dt.date.fromisoformat(birth)
        age = self.today.year - day.year - ((self.today.month, self.today.day) < (day.month, day.day))
        self.recognised.setText(f"已识别：{VOLUNTEER['sex'].show(sex)} · {birth} · {age} 岁")
        if "sex" in self.editors and ("id_number" in self._touched or "id_type" in self._touched):
            self._filling = True
            self.editors["sex"].set_value(sex)
            self.editors["birth_date"].set_value(birth)
            self._filling = False
