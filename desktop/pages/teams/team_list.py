"""The teams beside their page: name, share of insured members and how the check sees them, the worst first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QHeaderView, QLineEdit, QVBoxLayout, QWidget

from db.records.entities import TEAM
from db.rules.verdicts import NEEDS_WORK, Result
from desktop.services.remedies import people_to_insure
from desktop.services.short_names import short_name
from desktop.shell.desk import Desk
from desktop.shell.widgets import Elided, label, magnifier
from desktop.tables.text_table import Line, PlainModel, PlainView

STATES = (("bad", "未达标"), ("warn", "待补充"), ("good", "达标"))
_RANK = {tone: i for i, (tone, _) in enumerate(STATES)}
WORDS = dict(STATES)


@dataclass
class Standing:
    """How the check sees one team: its tone and the findings that name it, the worst first."""

    tone: str = "good"
    findings: list[Result] = field(default_factory=list)
    people: list[int] = field(default_factory=list)  # members whom a finding on insurance names


def standings(
    cards: Sequence[Mapping[str, Any]], results: Sequence[Result], teams_of: Mapping[int, frozenset[int]]
) -> dict[int, Standing]:
    """Return for each team what the findings say of it, directly or through its members' insurance."""
    found = {int(card["id"]): Standing() for card in cards}
    for result in sorted(results, key=lambda r: r.status != "not_met"):
        if result.status not in NEEDS_WORK:
            continue
        named = {i.id for i in result.items if i.record == "team" and i.status in NEEDS_WORK}
        for person in people_to_insure(result):
            for team in teams_of.get(person, frozenset()):
                if team in found and person not in found[team].people:
                    found[team].people.append(person)
                named.add(team)
        worst = {i.id: i.status for i in result.items if i.record == "team"}
        for team in named:
            if team not in found:
                continue
            standing = found[team]
            standing.findings.append(result)
            status = worst.get(team, result.status)
            tone = "bad" if result.status == "not_met" and status in ("not_met", result.status) else "warn"
            if _RANK[tone] < _RANK[standing.tone]:
                standing.tone = tone
    for card in cards:
        if card["uncovered"] and found[int(card["id"])].tone == "good":
            found[int(card["id"])].tone = "warn"
    return found


def share(card: Mapping[str, Any]) -> int | None:
    """Return the share of insured members in percent, rounded down: 100 means all of them."""
    return int(card["insured"]) * 100 // int(card["members"]) if card["members"] else None


@dataclass
class Board:
    """The teams, and the lines of their list, the worst first; made where the store is."""

    cards: list[dict[str, Any]] = field(default_factory=list)
    standings: dict[int, Standing] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)


def board(cards: list[dict[str, Any]], found: dict[int, Standing], office: str) -> Board:
    """Return the teams with the lines that are shown and found."""

    def rank(card: dict[str, Any]) -> tuple[int, int, int]:
        rate = share(card)
        return _RANK[found[int(card["id"])].tone], 101 if rate is None else rate, int(card["id"])

    return Board(cards, found, [_line(c, found[int(c["id"])].tone, office) for c in sorted(cards, key=rank)])


def _line(card: dict[str, Any], tone: str, office: str) -> Line:
    rate = share(card)
    leader = f" · 队长 {card['team_leader']}" if card["team_leader"] else ""
    sub = f"{TEAM['primary_domain'].show(card['primary_domain'])} · {int(card['members']):,} 人{leader}"
    words = "" if rate is None else f"{rate}%"
    bars = {} if rate is None else {1: rate}
    made = Line(int(card["id"]), (short_name(str(card["name"]), office), words, WORDS[tone]), {0: sub}, {2: tone}, bars)
    made.look_up()
    return made


class TeamList(QFrame):
    """Search box and table; `chosen` tells which team the page shows."""

    chosen = Signal(int)

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.desk, self.theme = desk, desk.theme
        self.board = Board()
        self.tone = ""
        self._keeping = False
        self._handled = False  # a person has chosen a team
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        self.find_box = QLineEdit()
        self.find_box.setPlaceholderText("队名、队长或拼音首字母")
        self.find_box.setAccessibleName("查找队伍")
        self.find_box.setClearButtonEnabled(True)
        magnifier(self.theme, self.find_box)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(120)
        self._typing.timeout.connect(self.fill)
        self.find_box.textChanged.connect(lambda _: self._typing.start())
        top = QHBoxLayout()
        top.setContentsMargins(10, 10, 10, 8)
        top.addWidget(self.find_box)
        column.addLayout(top)
        self.model = PlainModel(("队伍", "在保率", "体检"), self)
        self.view = PlainView(self.theme, "队伍", 50)
        self.view.setModel(self.model)
        self.view.setSelectionMode(self.view.SelectionMode.SingleSelection)
        header = self.view.horizontalHeader()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for place in (1, 2):
            header.setSectionResizeMode(place, QHeaderView.ResizeMode.Fixed)
        self.view.selectionModel().currentRowChanged.connect(lambda *_: self._choose())
        self.view.installEventFilter(self)
        self.view.viewport().installEventFilter(self)
        column.addWidget(self.view, 1)
        foot = QFrame()
        foot.setObjectName("foot")
        line = QHBoxLayout(foot)
        line.setContentsMargins(12, 7, 12, 7)
        self.count, self.sums = label("", "dim"), Elided("", "dim")
        self.sums.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self.count)
        line.addWidget(self.sums, 1)
        column.addWidget(foot)
        self._size()
        self.theme.changed.connect(self._size)

    def _size(self) -> None:
        self.view.setColumnWidth(1, self.theme.px(98 if self.width() >= self.theme.px(380) else 62))
        self.view.setColumnWidth(2, self.theme.px(96))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the share has no bar."""
        super().resizeEvent(event)
        self._size()

    @property
    def standings(self) -> dict[int, Standing]:
        """How the check sees each team."""
        return self.board.standings

    def show_board(self, board: Board) -> None:
        """Show the teams as they stand now; the one chosen stays chosen."""
        self.board = board
        self.fill()

    def start_at_worst(self) -> None:
        """Choose the first team: the worst, unless a person has chosen one already."""
        if not self._handled and self.model.lines:
            self.view.selectRow(0)

    def counts(self) -> dict[str, int]:
        """Return how many teams there are of each tone."""
        tones = [self.standings[int(c["id"])].tone for c in self.board.cards]
        return {tone: tones.count(tone) for tone, _ in STATES}

    def current(self) -> int | None:
        """Return the team chosen."""
        index = self.view.currentIndex()
        return self.model.lines[index.row()].id if index.isValid() and index.row() < len(self.model.lines) else None

    def choose(self, team: int) -> None:
        """Choose a team."""
        self._handled = True
        place = self.model.place(team)
        if place < 0:
            self.tone = ""
            self.find_box.clear()
            self._typing.stop()
            self.fill()
            place = self.model.place(team)
        if place >= 0:
            self.view.selectRow(place)
            self.view.scrollTo(self.model.index(place, 0))

    def show_only(self, tone: str) -> None:
        """Show the teams of one tone, or all of them where it is empty."""
        self.tone = tone
        self.fill()

    def fill(self) -> None:
        """Show the teams that fit the search and the tone."""
        kept = self.current()
        cards, lines = self.board.cards, self.board.lines
        shown = [c for c in cards if not self.tone or self.standings[int(c["id"])].tone == self.tone]
        self._keeping = True
        self.model.set_lines([n for n in lines if not self.tone or n.tones[2] == self.tone], self.find_box.text())
        self._keeping = False
        members = sum(int(c["members"]) for c in shown)
        insured = sum(int(c["insured"]) for c in shown)
        self.count.setText(f"列出 {len(self.model.lines):,} 支")
        rate = f"，在保率 {insured * 100 // members}%" if members else ""
        sums = f"{self.desk.dated('在队')} {members:,} 人次{rate}"
        self.sums.say(sums, f"{sums}\n按人次：一个人在几支队伍，各队都计一次")
        if self.model.lines:
            place = self.model.place(kept) if kept is not None else -1
            self.view.selectRow(max(place, 0))
        self._choose()

    def _choose(self) -> None:
        if not self._keeping:
            self.chosen.emit(self.current() or 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A key or a click in the list is a person's choice."""
        if event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.KeyPress):
            self._handled = True
        return False

    def take_keys(self) -> None:
        """The keys go to the list."""
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)
