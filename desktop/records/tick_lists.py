"""Two lists side by side: teams to tick, and under the people of those teams a box each. For trainings and activities."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.shell.desk import Desk
from desktop.shell.widgets import button, label, row
from desktop.tables.text_table import Line, PlainModel, PlainView


@dataclass(frozen=True)
class Team:
    """A team that may be ticked, with its members of the day (id → name)."""

    name: str
    members: Mapping[int, str]


@dataclass(frozen=True)
class Down:
    """Somebody who is on the list already: name, for which team, what is said of them, whether they were there."""

    name: str
    team: int | None
    team_name: str
    note: str = ""
    ticked: bool = True


class TickLists(QWidget):
    """The teams at the left bring their members in at the right; ticks made before stay.

    `what` is what ticked people are called (到场, 参加); `notes` heads the last column.
    """

    changed = Signal()  # who is ticked
    touched = Signal()

    def __init__(self, desk: Desk, what: str, notes: str = "说明") -> None:
        super().__init__()
        self.setObjectName("plain")
        self.theme, self.what = desk.theme, what
        self.teams: dict[int, Team] = {}
        self.down: dict[int, Down] = {}
        self.is_new = True
        self.notes: dict[int, str] = {}  # what is said of people beside what they are down with
        both = QHBoxLayout(self)
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(12)
        both.addLayout(self._team_list(), 2)
        both.addLayout(self._people_list(notes), 3)

    def _team_list(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(5)
        head = label("选队伍：勾上就带出全部队员", "strong")
        head.setMinimumHeight(self.theme.px(32))  # as high as the line over the other list
        column.addWidget(head)
        self.team_model = PlainModel(("队伍", "人数"), self, right=(1,))
        self.team_view = PlainView(self.theme, f"{self.what}的队伍", 34, row_ticks=True)
        self.team_view.setModel(self.team_model)
        self.team_view.show_width(0, 24)
        self.team_view.show_width(1, 8)
        self.team_model.ticks_changed.connect(self.fill)
        self.team_model.ticks_changed.connect(self.touched)
        column.addWidget(self.team_view, 1)
        return column

    def _people_list(self, notes: str) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(5)
        self.head = label("", "strong")
        self.find_box = QLineEdit()
        self.find_box.setPlaceholderText("查找姓名")
        self.find_box.setAccessibleName(f"在{self.what}的人中查找")
        self.find_box.setMaximumWidth(self.theme.px(150))
        self.model = PlainModel(("姓名", "队伍", notes), self)
        self.find_box.textChanged.connect(self.model.find)
        all_button = button(self.theme, "全勾", "", "link", "勾选列出的所有人", lambda: self._tick_all(True))
        none_button = button(self.theme, "全不勾", "", "link", "取消列出的所有人", lambda: self._tick_all(False))
        for made in (all_button, none_button):
            made.setAutoDefault(False)
        column.addLayout(row(self.head, None, all_button, none_button, self.find_box))
        self.view = PlainView(self.theme, f"{self.what}的人", 32, row_ticks=True)
        self.view.setModel(self.model)
        for place, units in enumerate((16, 22, 14)):
            self.view.show_width(place, units)
        self.model.ticks_changed.connect(self._tell)
        self.model.ticks_changed.connect(self.touched)
        column.addWidget(self.view, 1)
        return column

    def show_lists(
        self, teams: Mapping[int, Team], asked: Sequence[int], down: Mapping[int, Down], is_new: bool
    ) -> None:
        """Show the teams, those `asked` ticked, and who is down; of a record that `is_new` all members are ticked."""
        self.teams, self.down, self.is_new = dict(teams), dict(down), is_new
        self.team_model.set_lines(
            [Line(i, (t.name, f"{len(t.members):,} 人"), ticked=i in asked) for i, t in self.teams.items()]
        )
        self.model.set_lines([])
        self.fill()

    def fill(self) -> None:
        """List the members of the teams ticked and everyone who is down already; ticks made before stay."""
        ticks = {line.id: bool(line.ticked) for line in self.model.every}
        lines: dict[int, Line] = {}
        for person, one in self.down.items():
            texts = (one.name, one.team_name, self.notes.get(person, one.note))
            lines[person] = Line(person, texts, ticked=ticks.get(person, one.ticked))
        usual = self.is_new or not self.down
        for team in self.team_model.ticked():
            for person, name in self.teams[team].members.items():
                if person not in lines:
                    texts = (name, self.teams[team].name, self.notes.get(person, ""))
                    lines[person] = Line(person, texts, ticked=ticks.get(person, usual))
        self.model.set_lines(list(lines.values()))
        self._tell()

    def say_of(self, notes: Mapping[int, str]) -> None:
        """Say something else of people in the last column."""
        self.notes = dict(notes)
        self.fill()

    def say_of_one(self, place: int, note: str) -> None:
        """Say something else of the person at a place of the list."""
        line = self.model.lines[place]
        self.notes[line.id] = note
        line.say(*line.texts[:2], note)
        self.model.dataChanged.emit(self.model.index(place, 2), self.model.index(place, 2))

    def _tick_all(self, on: bool) -> None:
        self.model.tick(range(len(self.model.lines)), on)

    def _tell(self) -> None:
        number, every = len(self.model.ticked()), len(self.model.every)
        said = f"{self.what} {number:,} 人（共 {every:,} 人）" if every else f"{self.what}的人：没来的去掉勾"
        self.head.setText(said)
        self.changed.emit()

    def present(self) -> dict[int, int | None]:
        """Return who is ticked, each with the team: the one they are down for, or the first ticked one that they are in."""
        teams = self.team_model.ticked()
        return {
            person: self.down[person].team
            if person in self.down
            else next((t for t in teams if person in self.teams[t].members), None)
            for person in self.model.ticked()
        }
