"""保险: who is covered on a day and who is not, renewed in one step; policies and coverages as lists beside it."""

import datetime as dt
from collections import Counter
from functools import partial
from itertools import compress
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from db.queries.derived import SOON
from db.records.entities import COVERAGE, INSURANCE_POLICY, VOLUNTEER
from db.records.fields import Field
from db.records.kinds import Date, Invalid
from db.storage.store import Store
from db.tasks import insurance
from desktop.pages.insurance import policy_file
from desktop.pages.insurance.renewing import cover_word, person_line, renew
from desktop.records.record_page import EntityPage
from desktop.shell.desk import Desk
from desktop.shell.folding import FoldingRow
from desktop.shell.garbage import put_aside
from desktop.shell.widgets import button, chip, label, magnifier, row
from desktop.tables.editors import editor
from desktop.tables.text_table import Line, PlainModel, PlainView
from forms.output import safe_name, write_whole

# What each button shows: the states, in words that a person looks for.
SHOWN = (
    ("需处理", ("none", "expired", "soon")), ("没有保险", ("none", "expired")), (f"{SOON} 天内到期", ("soon",)),
    ("在保", ("active", "soon")), ("全部", ("none", "expired", "soon", "active")),
)  # fmt: skip
_LISTED = (("姓名", 12), ("队伍", 36), ("手机号码", 16), ("保险到期", 14), ("状态", 12))
_DAY = Field("day", "看哪一天", Date())


class InsurancePage(EntityPage):
    """在保情况 first, then the two lists."""

    key, title, icon, group, shortcut = "insurance", "保险", "shield", "台账", "5"
    records = (INSURANCE_POLICY, COVERAGE)
    front_hint = "勾选要续保的人　Space 勾选　F2 改这一格　Ctrl+Z 撤销"

    def __init__(self, desk: Desk) -> None:
        self.people: list[dict[str, Any]] = []
        self.lines: list[Line] = []  # of the people, in their order
        self.known: list[str] = []  # the state of each
        self.by_team: dict[int, list[int]] = {}  # the places of each team's people
        self.states: tuple[str, ...] = SHOWN[0][1]
        super().__init__(desk)
        self.tables |= {"volunteer", "membership", "team"}
        self.tabs.setAccessibleName("保险的")

    def make_front(self) -> tuple[tuple[str, QWidget], ...]:
        """在保情况."""
        return (("在保情况", self._cover()),)

    def _cover(self) -> QFrame:
        frame = QFrame()
        column = QVBoxLayout(frame)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        theme = self.theme
        self.renew_button = button(theme, "续保", "shield", "primary", "给勾选的人登记保单，一次写好", self.renew)
        self.export_button = button(theme, "导出名单", "export", "", "把列出的人导出为 Excel", self.export)
        self.all_button = button(theme, "全勾", "", "link", "勾选列出的所有人", lambda: self.tick(True))
        self.none_button = button(theme, "全不勾", "", "link", "取消勾选", lambda: self.tick(False))
        made = editor(_DAY, theme, self.desk.today)
        assert isinstance(made, QLineEdit)
        self.day = made
        self.day.setMaximumWidth(theme.px(130))
        self.day.editingFinished.connect(self._day_typed)
        self.team = QComboBox()
        self.team.setAccessibleName("哪支队伍")
        self.team.setMinimumWidth(theme.px(150))
        self.team.addItem("全部队伍", None)
        self.team.currentIndexChanged.connect(lambda _: self.fill())
        self.chips = [chip(words, partial(self.show_only, states)) for words, states in SHOWN]
        self.chips[0].setChecked(True)
        self.error = label("", "error")
        self.error.hide()
        self.find_box = QLineEdit()
        self.find_box.setPlaceholderText("姓名、队伍或拼音首字母")
        self.find_box.setAccessibleName("查找")
        self.find_box.setClearButtonEnabled(True)
        magnifier(self.theme, self.find_box)
        self.find_box.setMinimumWidth(theme.px(200))
        self.find_box.setMaximumWidth(theme.px(230))
        self.policy_button = button(
            theme,
            "读电子保单…",
            "folder",
            "",
            "读出保险公司发来的 PDF 保单，核对后登记",
            lambda: policy_file.choose(self.desk),
        )
        acts = (self.renew_button, self.policy_button, self.export_button, self.all_button, self.none_button)
        when = (label("看哪一天", "dim"), self.day, label("队伍", "dim"), self.team)
        column.addWidget(FoldingRow(theme, (*acts, None, *when), tuple(reversed(acts[1:])), spacing=6))
        lower = row(*self.chips, self.error, self.find_box, spacing=6)
        lower.insertStretch(lower.count() - 1, 1)
        column.addLayout(lower)
        card = QFrame()
        card.setObjectName("card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.setSpacing(0)
        self.model = PlainModel(("姓名", "队伍", "保险到期", "状态"), self)
        self.find_box.textChanged.connect(self.model.find)
        self.view = PlainView(theme, "在保情况", 34)
        self.view.setModel(self.model)
        for place, units in enumerate((18, 44, 14, 14)):
            self.view.show_width(place, units)
        self.view.opened.connect(self._open)
        self.model.ticks_changed.connect(self._count)
        self.calm = label("", "dim", wrap=True)
        self.calm.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.inner = QStackedWidget()
        self.inner.addWidget(self.view)
        self.inner.addWidget(self.calm)
        inside.addWidget(self.inner, 1)
        foot = QFrame()
        foot.setObjectName("foot")
        line = QHBoxLayout(foot)
        line.setContentsMargins(12, 7, 12, 7)
        self.foot = label("", "dim")
        line.addWidget(self.foot)
        inside.addWidget(foot)
        column.addWidget(card, 1)
        return frame

    # Showing

    def load(self) -> None:
        """Read who is covered, and the list in view."""
        if not self.day.text():
            self.day.setText(self.desk.today.isoformat())
        day = self._day()
        if day is not None:
            self._ask(day)
        for pane in self.panes:
            pane.load()

    def _day(self) -> dt.date | None:
        try:
            found = dt.date.fromisoformat(str(Date().parse(self.day.text())))
        except Invalid as error:
            self.error.setText(str(error))
            self.error.show()
            return None
        self.error.hide()
        return found

    def _day_typed(self) -> None:
        if (day := self._day()) is not None:
            self.day.setText(day.isoformat())
            self._ask(day)

    def _ask(self, day: dt.date) -> None:
        office = self.desk.office.get("name", "")

        def work(store: Store) -> tuple[Any, ...]:
            people = insurance.cover_list(store, day)
            names: dict[int, str] = {}
            by_team: dict[int, list[int]] = {}
            for n, p in enumerate(people):
                names.update(zip(p["team_ids"], str(p["teams"] or "").split("、"), strict=False))
                for team in p["team_ids"]:
                    by_team.setdefault(team, []).append(n)
            lines = [person_line(p, office, False) for p in people]
            for line in lines:
                line.look_up()
            return people, lines, [p["state"] for p in people], by_team, sorted(names.items())

        self.jobs.read(work, self._show)

    def _show(self, found: tuple[Any, ...]) -> None:
        ticked = {line.id for line in self.lines if line.ticked}
        self.jobs.let_go(self.people, self.lines)
        self.people, self.lines, self.known, self.by_team, names = found
        put_aside(len(self.people))
        for line in self.lines if ticked else ():
            line.tick(line.id in ticked)
        kept = self.team.currentData()
        self.team.blockSignals(True)
        self.team.clear()
        self.team.addItem("全部队伍", None)
        for number, name in names:
            self.team.addItem(name, number)
        self.team.setCurrentIndex(max(0, self.team.findData(kept)) if kept is not None else 0)
        self.team.blockSignals(False)
        self.fill()

    def show_only(self, states: tuple[str, ...]) -> None:
        """Show the people in some states."""
        self.states = states
        self.fill()

    def fill(self) -> None:
        """Show the people who fit; those to be insured are ticked."""
        team = self.team.currentData()
        mine = range(len(self.people)) if team is None else self.by_team.get(team, ())
        lines, known = self.lines, self.known
        if team is not None:
            lines, known = [lines[n] for n in mine], [known[n] for n in mine]
        count = Counter(known)
        for made, (words, states) in zip(self.chips, SHOWN, strict=True):
            made.setText(f"{words} {sum(count[state] for state in states):,}")
        shown = list(compress(lines, map(frozenset(self.states).__contains__, known)))
        self.model.set_lines(shown)
        self.inner.setCurrentIndex(0 if shown else 1)
        if not mine:
            self.calm.setText("还没有队员。先登记队员，这里会显示谁没有保险。")
        elif not shown:
            self.calm.setText(f"没有要处理的：{self.day.text()} 队员都有保险，{SOON} 天内也没有到期的。")
        insured = count["active"] + count["soon"]
        rate = f"（{insured * 100 // len(mine)}%）" if mine else ""
        self.tell(f"{self.day.text()} 在队 {len(mine):,} 人，在保 {insured:,} 人{rate}")
        self._count()

    def _count(self) -> None:
        number = len(self.model.ticked())
        word = cover_word([line for line in self.model.lines if line.ticked] or self.model.lines)
        self.renew_button.setText(f"给 {number:,} 人{word}" if number else word)
        self.foot.setText(f"列出 {len(self.model.lines):,} 人　已勾选 {number:,} 人；没有勾选时，给列出的所有人{word}")
        self.renew_button.setEnabled(bool(self.model.lines))
        self.export_button.setEnabled(bool(self.model.lines))

    def tell_counts(self) -> None:
        """The sentence beside the title is that of 在保情况."""

    def quarter_changed(self) -> None:
        """The day in the box is the person's own."""

    def take_focus(self) -> None:
        """The keys go to the list in view."""
        if self.shows_pane:
            super().take_focus()
        else:
            self.view.setFocus()

    # What a person does

    def tick(self, on: bool) -> None:
        """Tick or untick everyone listed."""
        self.model.tick(range(len(self.model.lines)), on)

    def renew(self) -> None:
        """Insure those ticked, or everyone listed."""
        shown = {line.id for line in self.model.lines}
        people = [i for i in self.model.ticked() if i in shown] or [line.id for line in self.model.lines]
        if people:
            renew(self.desk, people, self.team.currentData())

    def _open(self) -> None:
        chosen = self.view.chosen()
        if chosen:
            self.desk.open_records("volunteer", frozenset(chosen[:1]))

    def export(self) -> None:
        """Ask where, and write the people listed as a workbook: no document numbers, phones masked."""
        words = next(w for w, states in SHOWN if states == self.states)
        name = safe_name(f"保险{words}名单_{self.day.text()}.xlsx".replace(" ", ""))
        chosen, _ = QFileDialog.getSaveFileName(self, "导出名单", str(self.desk.folder / name), "Excel 工作簿 (*.xlsx)")
        if chosen:
            self.export_to(Path(chosen))

    def export_to(self, path: Path) -> None:
        """Write the people listed."""
        shown = {line.id for line in self.model.lines}
        phone = VOLUNTEER["phone"]
        people, day = list(self.people), self._day() or self.desk.today
        title = f"{next(w for w, states in SHOWN if states == self.states)}的保险名单"

        def work(store: Store) -> Path:
            from forms.excel.name_list import name_list  # late: the writer takes a while to load

            lines = [(person_line(p, "").texts, phone.show(p["phone"])) for p in people if p["id"] in shown]
            rows = [(*texts[:2], number, *texts[2:]) for texts, number in lines]
            about = f"{day.isoformat()}　　共 {len(rows)} 人"
            return write_whole(path, name_list(store.office().get("name", ""), title, about, _LISTED, rows))

        self.jobs.change(work, self.desk.saved_file)
