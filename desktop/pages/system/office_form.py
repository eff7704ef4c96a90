"""本会情况 as a form: by topic, in a clerk's words, each item with what it is for and the clauses that it answers."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QMenu, QVBoxLayout, QWidget

import resources
from db.records.amounts import Count
from db.records.choices import ANSWERS, LEVELS
from db.records.fields import Field
from db.records.kinds import Choice, Date, Invalid, Kind, OfficeText, is_blank
from db.rules.register import Clause, register
from db.tasks.office_profile import Said, profile, write_profile
from desktop.shell.desk import Desk
from desktop.shell.widgets import button, card, label, row, scrolled, shortcut
from desktop.tables.editors import Editor, editor

_COUNTS, _DAYS = ("resident_population", "retention_years"), ("ledger_started_on",)
_NEEDED = ("name", "level")


@dataclass(frozen=True)
class Item:
    """One question of the form."""

    item: str
    ask: str
    why: str
    clauses: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:
        """How it is typed."""
        if self.item == "level":
            return Choice(tuple((words, words) for _, words in LEVELS))
        if self.item in ANSWERS:
            return Choice(tuple((words, words) for words in ANSWERS[self.item]))
        return Count() if self.item in _COUNTS else Date() if self.item in _DAYS else OfficeText()


@dataclass(frozen=True)
class Topic:
    """Some questions under one heading."""

    title: str
    note: str
    items: tuple[Item, ...]


@cache
def topics() -> tuple[Topic, ...]:
    """Return what is asked (`resources/office.toml`)."""
    read = tomllib.loads(resources.path("office.toml").read_text(encoding="utf-8"))
    return tuple(
        Topic(
            t["title"], t.get("note", ""),
            tuple(Item(i["item"], i["ask"], i["why"], tuple(i.get("clauses", ()))) for i in t["item"]),
        )
        for t in read["topic"]
    )  # fmt: skip


class _Line:
    """One question on the screen: its editor, since when a change holds, and what is wrong with it."""

    def __init__(self, form: "OfficeForm", item: Item) -> None:
        desk, theme = form.desk, form.theme
        self.item, self.said = item, Said(0, None)
        self.field = Field(item.item, item.ask, item.kind, required=item.item in _NEEDED)
        self.editor: Editor = editor(self.field, theme, desk.today)
        self.since = editor(Field("since", f"{item.ask}从哪天起变的", Date()), theme, desk.today)
        self.head = label(f"{item.ask}（必填）" if self.field.required else item.ask)
        self.head.setBuddy(self.editor)
        self.hint, self.error = label(item.why, "hint", wrap=True), label("", "error", wrap=True)
        ask = label("从哪天起变的（改正填错的就空着）", "dim", wrap=True)
        ask.setBuddy(self.since)
        self.when = QWidget()
        self.when.setObjectName("plain")
        line = row(ask, self.since)
        line.setStretch(0, 1)
        self.since.setFixedWidth(theme.px(140))
        self.when.setLayout(line)
        self.error.hide()
        self.when.hide()
        self.editor.edited.connect(form.touched)
        self.since.edited.connect(form.touched)

    def show(self, said: Said) -> None:
        """Show what the ledger holds."""
        self.said = said
        try:
            self.editor.set_value(None if said.content is None else self.field.kind.parse(said.content))
        except Invalid:
            self.editor.put_back(said.content)
        self.since.set_value(None)
        told = f"自 {said.since} 起；以前是：{said.before or '未填'}。" if said.since else ""
        self.hint.setText(told + self.item.why)
        self.tell()

    def content(self) -> str | None:
        """Return what is typed in the form it is kept in; raises `Invalid`."""
        cell = self.editor.cell()
        return None if is_blank(cell) else str(self.field.kind.parse(cell))

    @property
    def changed(self) -> bool:
        """Whether it says something else than the ledger."""
        try:
            return self.content() != self.said.content
        except Invalid:
            return True

    def tell(self, wrong: str = "") -> None:
        """Show what is wrong, and ask since when where something known changes."""
        self.error.setText(wrong)
        self.error.setVisible(bool(wrong))
        self.editor.set_wrong(bool(wrong))
        self.when.setVisible(self.changed and self.said.content is not None)


class OfficeForm(QWidget):
    """The tab; `show_rows` turns to the list of all that was ever said."""

    def __init__(self, desk: Desk, show_rows: Callable[[], None]) -> None:
        super().__init__()
        self.desk, self.theme = desk, desk.theme
        self.filling, self.fresh = False, True  # fresh: all that is read is shown, whatever stands there
        self.lines: dict[str, _Line] = {}
        clauses = {clause.id: clause for clause in register()}
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(10)
        area, inner = scrolled("本会情况")
        self.area = area
        self.grid = QGridLayout()
        self.grid.setSpacing(12)
        inner.addLayout(self.grid)
        inner.addStretch(1)
        self.cards = [self._topic(topic, clauses) for topic in topics()]
        whole.addWidget(area, 1)
        foot, inside = card((14, 8, 14, 8))
        self.words = label("", "dim", wrap=True)
        self.save_button = button(self.theme, "保存", "tick", "primary", "保存（Ctrl+S）", self.save)
        self.drop_button = button(self.theme, "不改了", "undo", "quiet", "回到台账里的内容", self.give_up)
        rows = button(self.theme, "看历次填写的内容", "history", "link", "每一项以前填过什么、从哪天起", show_rows)
        line = row(self.save_button, self.drop_button, self.words, rows)
        line.setStretch(2, 1)
        inside.addLayout(line)
        whole.addWidget(foot)
        self.setFocusProxy(self.lines["name"].editor)
        shortcut("Ctrl+S", self, self.save)
        self._columns = 0
        self._reflow(2)
        self.touched()

    def _topic(self, topic: Topic, clauses: dict[str, Clause]) -> QWidget:
        frame, inside = card((18, 14, 18, 14), 4)
        inside.addWidget(label(topic.title, "heading"))
        if topic.note:
            inside.addWidget(label(topic.note, "dim", wrap=True))
        for item in topic.items:
            made = self.lines[item.item] = _Line(self, item)
            inside.addSpacing(6)
            head = row(made.head, None)
            if item.clauses:
                head.addWidget(self._clauses([clauses[name] for name in item.clauses]))
            inside.addLayout(head)
            for widget in (made.editor, made.when, made.error, made.hint):
                inside.addWidget(widget)
        inside.addStretch(1)
        return frame

    def _clauses(self, found: list[Clause]) -> QWidget:
        """Make the way to the clauses that an item answers."""
        first = found[0]
        if len(found) == 1:
            return button(
                self.theme, f"{first.source.short or first.source.title} {first.article}", "", "link",
                f"回答的要求：{first.title}", partial(self.desk.open_clause, first.id),
            )  # fmt: skip
        made = button(self.theme, f"回答 {len(found)} 条要求", "", "link", "\n".join(c.title for c in found))
        menu = QMenu(made)
        for clause in found:
            action = menu.addAction(f"{clause.article}　{clause.title}")
            action.triggered.connect(lambda _=False, name=clause.id: self.desk.open_clause(name))
        made.setMenu(menu)
        return made

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cards stand beside each other where there is room."""
        super().resizeEvent(event)
        wide = self.width() / self.theme.px(1)
        self._reflow(1 if wide < 700 else 2 if wide < 1500 else 4)

    def _reflow(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for i, made in enumerate(self.cards):
            self.grid.removeWidget(made)
            self.grid.addWidget(made, i // columns, i % columns)
        for i in range(4):
            self.grid.setColumnStretch(i, 1 if i < columns else 0)

    # Showing

    def load(self) -> None:
        """Read what the ledger says."""
        day = self.desk.today
        self.desk.jobs.read(lambda store: profile(store, day), self._show, key=(self, "profile"))

    def _show(self, found: dict[str, Said]) -> None:
        self.filling = True
        for name, made in self.lines.items():
            said = found.get(name, Said(0, None))
            if self.fresh or not made.changed:
                made.show(said)
            else:  # typed here and not saved: it stays
                made.said = said
        self.filling = self.fresh = False
        self.touched()

    def touched(self) -> None:
        """Something was typed: say how much waits to be saved."""
        if self.filling:
            return
        for made in self.lines.values():
            made.tell()
        waiting = self.waiting()
        self.save_button.setEnabled(bool(waiting))
        self.drop_button.setEnabled(bool(waiting))
        asked = "、".join(self.lines[name].item.ask for name in waiting[:3]) + ("等" if len(waiting) > 3 else "")
        self.words.setText(f"改了 {len(waiting)} 项，还没有保存：{asked}" if waiting else "")

    def waiting(self) -> list[str]:
        """Return the items that say something else than the ledger."""
        return [name for name, made in self.lines.items() if made.changed]

    def go(self, item: str) -> None:
        """Give an item the keys, in view."""
        made = self.lines.get(item)
        if made is not None:
            made.editor.setFocus()
            self.area.ensureWidgetVisible(made.editor, 0, self.theme.px(60))

    def give_up(self) -> None:
        """Go back to what the ledger says."""
        self.filling = True
        for made in self.lines.values():
            made.show(made.said)
        self.filling = False
        self.touched()

    # Writing

    def save(self) -> None:
        """Write what was changed, as one operation; what cannot be read is marked and has the keys."""
        changes: dict[str, tuple[str | None, str | None]] = {}
        for name in self.waiting():
            made = self.lines[name]
            try:
                content = made.content()
                typed = made.since.cell() if made.said.content is not None else None
                since = None if is_blank(typed) else str(Date().parse(typed))
            except Invalid as error:
                made.tell(str(error))
                self.go(name)
                return
            if content is None and name in _NEEDED:
                made.tell("必须填写")
                self.go(name)
                return
            changes[name] = (content, since)
        if not changes:
            return
        day = self.desk.today
        asked = "、".join(self.lines[name].item.ask for name in changes)
        self.save_button.setEnabled(False)
        self.desk.jobs.write(
            f"修改本会情况：{asked}", lambda store: write_profile(store, changes, day), self._saved, self._refused
        )

    def _saved(self, _: object) -> None:
        self.fresh = True
        self.load()

    def _refused(self, error: Exception) -> None:
        self.save_button.setEnabled(True)
        self.desk.complain(error)
