"""志愿队伍: the teams, the worst first, and beside them everything of one team; or all teams as one plain list."""

from collections.abc import Mapping
from functools import cached_property, partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from db.records.entities import TEAM
from db.records.fields import Row
from db.records.kinds import Value
from db.storage.store import Store
from db.tasks import teams
from desktop.pages.teams.team_ending import EndDialog
from desktop.pages.teams.team_list import STATES, Board, Standing, TeamList, board, standings
from desktop.pages.teams.team_one import OneTeam
from desktop.records.record_list import EntityPane
from desktop.records.record_page import EntityPage
from desktop.services.judging import judged
from desktop.services.remedies import people_to_insure
from desktop.services.row_index import Sheet
from desktop.shell.desk import Desk
from desktop.shell.folding import FoldingRow
from desktop.shell.page import Page
from desktop.shell.widgets import button, card, chip, label, row, shortcut


class AllTeams(EntityPane):
    """Every team with all its columns; deleting one with members asks where they go."""

    ending_asked = Signal(int)  # the team
    founded = Signal(int)  # a team was made by the form
    _opening = False  # the form of the row that comes is wanted
    _is_new = False  # what is being saved is a new team

    def start(self) -> dict[str, Value]:
        """A new team is most often this office's, founded now."""
        ours: dict[str, Value] = {
            "managing_org": self.desk.office.get("name"), "established_on": self.desk.today.isoformat(),
        }  # fmt: skip
        return ours | super().start()

    def _save(self, record: Row, before: Row | None, go_on: bool) -> None:
        self._is_new = before is None and not go_on
        super()._save(record, before, go_on)

    def _saved(self, found: tuple[int, str]) -> None:
        super()._saved(found)
        if self._is_new:
            self.founded.emit(found[0])

    def open_row(self, team: int) -> None:
        """Show a team in the list and open its form as soon as it is there."""
        self._opening = True
        self.select(frozenset({team}))

    def _show(self, sheet: Sheet) -> None:
        super()._show(sheet)
        if self._opening and not self.view.editing.is_open:
            self._opening = False
            self.edit()

    def delete(self) -> None:
        """Delete the teams chosen; where one has members, ask first."""
        ids = self.chosen_ids()
        if len(ids) != 1 or self.view.editing.is_open:
            super().delete()
            return
        self.ending_asked.emit(ids[0])


class TeamsPage(EntityPage):
    """Teams on the left, one team on the right; the plain list of all teams behind a button."""

    key, title, icon, group, shortcut = "team", "志愿队伍", "team", "台账", "2"
    records = (TEAM,)
    hint = "↑↓ 切换队伍　Tab 进入右边　Ctrl+N 新增　Ctrl+V 粘贴队员　Ctrl+Z 撤销"
    follows_quarter = True

    def __init__(self, desk: Desk) -> None:
        Page.__init__(self, desk)
        self.tables = frozenset(
            {"team", "volunteer", "membership", "training", "attendance", "coverage", "insurance_policy", "fund_entry",
             "fund_voucher", "activity", "service_record", "work_record", "venue", "team_file", "office"}
        )  # fmt: skip
        self.front = 1  # the first view is no list
        self._counts: dict[int, str] = {}
        self._wanted_team = 0
        self.is_narrow = False
        self.stack = QStackedWidget(self)
        self.side, self.whole = QWidget(self.stack), QWidget(self.stack)
        self.one = OneTeam(desk, self.side)
        self.one.edit_asked.connect(self.edit_team)
        self.one.status_changed.connect(self.status_changed)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 0, 20, 12)
        column.setSpacing(10)
        self.list = TeamList(desk, self.side)
        self.list.chosen.connect(self._choose)
        self.chips = [chip("全部", lambda: self.show_only(""))]
        self.chips += [chip(words, partial(self.show_only, tone)) for tone, words in STATES]
        self.chips[0].setChecked(True)
        self._side_by_side()
        self._all()
        self.stack.addWidget(self.side)
        self.stack.addWidget(self.whole)
        self.stack.addWidget(self._empty())
        column.addWidget(self.stack, 1)
        shortcut("Ctrl+V", self.list, self._paste_members)
        shortcut("Ctrl+N", self.list, self.add_team)
        self._size()
        self.theme.changed.connect(self._size)

    # Building

    @cached_property
    def every(self) -> AllTeams:
        """The plain list of all teams; made at its first use."""
        made = AllTeams(self.desk, TEAM, nest=self.whole)
        made.status_changed.connect(self.status_changed)
        made.ending_asked.connect(self.end_team)
        made.founded.connect(self._go_to_members)
        made.drawer.put_over(self.is_narrow)
        self.whole_column.addWidget(made)
        return made

    @property
    def made_panes(self) -> list[EntityPane]:
        """The lists that were made."""
        return [*((self.every,) if "every" in vars(self) else ()), *self.one.panes]

    @property
    def panes(self) -> list[EntityPane]:
        """The same: a list that was not made yet has nothing to show."""
        return self.made_panes

    def prepare(self) -> bool:
        """Make one more list."""
        known = len(self.made_panes)
        return len([self.every, *self.one.panes]) > known or self.one.prepare()

    def _side_by_side(self) -> None:
        self.side.setObjectName("plain")
        column = QVBoxLayout(self.side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        theme = self.theme
        self.add_button = button(theme, "新增队伍", "add", "primary", "新增一支队伍（Ctrl+N）", self.add_team)
        self.delete_button = button(theme, "删除", "delete", "", "删除这支队伍", self.delete_team)
        self.list_button = button(theme, "全部队伍列表", "table", "", "像 Excel 那样看所有队伍和所有列", self.show_list)
        bring = button(theme, "导入", "import", "", "从 Excel 导入", lambda: self.desk.show_page("import"))
        out = button(theme, "导出", "export", "", "导出队伍表", lambda: self.every.export())
        acts = (self.add_button, self.delete_button, self.list_button, bring, out)
        column.addWidget(FoldingRow(theme, (*acts, None, *self.chips), tuple(reversed(acts[1:])), spacing=6))
        body = QHBoxLayout()
        body.setSpacing(12)
        body.addWidget(self.list)
        body.addWidget(self.one, 1)
        column.addLayout(body, 1)

    def _all(self) -> None:
        self.whole.setObjectName("plain")
        column = self.whole_column = QVBoxLayout(self.whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        back = button(self.theme, "返回队伍页", "left", "link", "左边选队伍，右边看这支队伍的全部", self.show_cards)
        column.addLayout(row(back, label("全部队伍：每格都可以直接改，也可以整块粘贴", "hint"), None))

    def _empty(self) -> QWidget:
        frame, inside = card()
        inside.addStretch(2)
        for words, role in (("还没有队伍", "heading"), ("先新增一支队伍，或从 Excel 一次导入队伍和花名册。", "dim")):
            inside.addLayout(row(None, label(words, role), None))
        inside.addSpacing(8)
        add = button(self.theme, "新增队伍", "add", "primary", "", self.add_team)
        bring = button(self.theme, "从 Excel 导入", "import", "", "", lambda: self.desk.show_page("import"))
        inside.addLayout(row(None, add, bring, None))
        inside.addStretch(3)
        return frame

    def _size(self) -> None:
        px = self.theme.px
        usual = px(400 if self.width() >= px(1120) else 330)
        self.list.setFixedWidth(
            max(usual, min(round(self.width() * 0.28), px(560)))
        )  # whole names, where there is room

    def resizeEvent(self, event: Any) -> None:
        """A narrow window leaves the list less room."""
        super().resizeEvent(event)
        self._size()

    # What a page is

    @property
    def pane(self) -> EntityPane:
        """The list of all teams: what other pages mean by the team's list."""
        return self.every

    @property
    def shows_pane(self) -> bool:
        """Whether the plain list is in view."""
        return self.stack.currentIndex() == 1

    def plain_list(self) -> EntityPane:
        """Turn to the list of all teams."""
        self.show_list()
        return self.every

    def load(self) -> None:
        """Read the teams, then what the check says of them."""
        day, office, known = self.desk.as_of, self.desk.office.get("name", ""), self.list.standings
        read: list[dict[str, Any]] = []

        def cards(store: Store) -> Board:
            read.extend(teams.team_cards(store, day))
            same = known.keys() == {int(c["id"]) for c in read}
            return board(read, known if same else standings(read, [], {}), office)

        self.jobs.read(cards, self._show_board)
        self.jobs.read(lambda store: board(read, _standings(store, day, read), office), self._show_standings)
        if self.stack.currentIndex() == 1:
            self.every.load()
        self.one.load()

    @property
    def cards(self) -> list[dict[str, Any]]:
        """The teams."""
        return self.list.board.cards

    def _show_standings(self, found: Board) -> None:
        self._show_board(found)
        self.list.start_at_worst()

    def _show_board(self, found: Board) -> None:
        members = sum(int(c["members"]) for c in found.cards)
        # The register's 在册队伍 counts neither 分队 nor teams that are suspended; the list shows them.
        self.tell(f"列出 {len(found.cards):,} 支（含分队和暂停的） · {self.desk.dated('在队')} {members:,} 人次")
        if self._wanted_team:
            self.list.choose(self._wanted_team)
        self.list.show_board(found)
        if self._wanted_team and self.list.model.place(self._wanted_team) >= 0:
            self.list.choose(self._wanted_team)
            self._wanted_team = 0
        counts = self.list.counts()
        self.chips[0].setText(f"全部 {len(self.cards):,}")
        for made, (tone, words) in zip(self.chips[1:], STATES, strict=True):
            made.setText(f"{words} {counts[tone]:,}")
        if self.stack.currentIndex() != 1:
            self.stack.setCurrentIndex(0 if self.cards else 2)
        self.one.renew(self.cards, self.list.standings)

    def select(self, entity: str, ids: frozenset[int]) -> None:
        """Show one team, or several in the plain list; rows of a tab are shown in it."""
        if len(ids) == 1 and self.stack.currentIndex() != 1:
            self._wanted_team = next(iter(ids))
            self.list.choose(self._wanted_team)
        else:
            self.show_list()
            self.every.select(ids)

    def narrow(self, narrow: bool) -> None:
        """Lists made later follow too."""
        self.is_narrow = narrow
        if "every" in vars(self):
            self.every.drawer.put_over(narrow)
        self.one.lay_forms(narrow)

    def quarter_changed(self) -> None:
        """The day that facts are judged on follows the quarter."""
        self.stale = True
        if self.isVisible():
            self.arrive()

    def take_focus(self) -> None:
        """The keys go to the teams, or to the plain list."""
        if self.stack.currentIndex() == 1:
            self.every.view.setFocus()
        else:
            self.list.take_keys()

    # What a person does

    def show_only(self, tone: str) -> None:
        """Show the teams of one tone."""
        self.list.show_only(tone)

    def keys_now(self) -> str:
        """All teams in one list have the keys of a list."""
        return EntityPage.hint if self.stack.currentIndex() == 1 else self.hint

    def show_list(self) -> None:
        """Show all teams with all columns."""
        self.stack.setCurrentIndex(1)
        self.hint_changed.emit(self.keys_now())
        self.every.load()
        self.every.view.setFocus()

    def show_cards(self) -> None:
        """Go back to the teams side by side with one team."""
        ids = self.every.chosen_ids()
        self.every.put_form_away()
        self.stack.setCurrentIndex(0 if self.cards else 2)
        self.hint_changed.emit(self.keys_now())
        if len(ids) == 1:
            self.list.choose(ids[0])
        self.list.take_keys()

    def add_team(self) -> None:
        """Open an empty form of a team; once it is saved, the team is shown, ready for its members."""
        self._back_to_cards = self.stack.currentIndex() != 1
        self.show_list()
        self.every.add()

    def add(self, entity: str, given: Mapping[str, Value]) -> None:
        """Open an empty form of a team."""
        self.add_team()

    _back_to_cards = False

    def _go_to_members(self, team: int) -> None:
        """A team that was just made is shown with its members: they come next."""
        if self._back_to_cards:
            self._wanted_team = team
            self.stack.setCurrentIndex(0)
            self.one.show_tab("membership")
            self.load()

    def come_again(self) -> None:
        """The navigation leads from the plain list back to the teams."""
        if self.stack.currentIndex() == 1 and not self.every.form_open:
            self.show_cards()

    def edit_team(self) -> None:
        """Open the form of the team chosen."""
        team = self.list.current()
        if team is not None:
            self.stack.setCurrentIndex(1)
            self.every.open_row(team)

    def delete_team(self) -> None:
        """Delete the team chosen, asking where its members go."""
        team = self.list.current()
        if team is not None:
            self.end_team(team)

    def end_team(self, team: int) -> None:
        """Delete a team: without a question where it has no members, else ask what becomes of them."""
        found = next((c for c in self.cards if c["id"] == team), None)
        if found is None or not found["members"]:
            name = str(found["name"]) if found is not None else ""
            self.jobs.write(f"删除队伍：{name}", lambda store: teams.delete_team(store, team, None))
            return
        dialog = EndDialog(self.desk, found, self.cards)
        self.every.know_dialog(dialog)
        dialog.open()

    def _choose(self, team: int) -> None:
        found = next((c for c in self.cards if c["id"] == team), None)
        standing = self.list.standings.get(team)
        self.delete_button.setEnabled(found is not None)
        self.one.show_team(found, standing)

    def _paste_members(self) -> None:
        """A roster pasted while a team is chosen goes into that team."""
        if self.list.current() is not None:
            self.one.show_tab("membership")
            self.one.members.paste()


def _standings(store: Store, day: Any, cards: list[dict[str, Any]]) -> dict[int, Standing]:
    """Run the check; return what its findings say of each team."""
    results, _ = judged(store, day)  # none where the office is not described yet: nothing can be said of its teams
    people = [p for r in results for p in people_to_insure(r)]
    return standings(cards, results, teams.teams_of(store, people, day))
