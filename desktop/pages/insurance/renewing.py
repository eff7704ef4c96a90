"""续保: a policy number and a last day for the people chosen, written as one operation."""

import datetime as dt
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from PySide6.QtWidgets import QWidget

from db.records.entities import INSURANCE_POLICY
from db.records.fields import Row
from db.records.kinds import is_blank
from db.storage.store import Store
from db.tasks import insurance
from desktop.records.specs import COVER, COVER_TONES
from desktop.services.short_names import short_names
from desktop.shell.desk import Desk
from desktop.shell.widgets import button, label
from desktop.tables.form_dialog import FormDialog
from desktop.tables.text_table import Line, PlainModel, PlainView

_FIELDS = (  # field, line, place, width
    ("policy_number", 0, 0, 2), ("start_on", 0, 2, 1), ("end_on", 0, 3, 1), ("insurer", 1, 0, 2), ("product", 1, 2, 2),
)  # fmt: skip


def person_line(person: dict[str, Any], office: str = "", ticked: bool | None = None) -> Line:
    """Return one person with the state of the insurance, as lists show it."""
    teams = _team_words(str(person["teams"] or ""), office)
    return Line(
        int(person["id"]),
        (str(person["name"]), teams, str(person["until"] or ""), COVER.show(person["state"])),
        tones={3: COVER_TONES[person["state"]]}, ticked=ticked,
    )  # fmt: skip


def cover_word(lines: Sequence[Line]) -> str:
    """Return what insuring these people is called: 投保 for those who never were insured, 续保 for those who were."""
    were = {bool(line.texts[2]) for line in lines}
    return "续保" if were == {True} else "投保" if were == {False} else "续保、投保"


@lru_cache(4096)
def _team_words(teams: str, office: str) -> str:
    return short_names(teams.split("、"), office) if teams else "不在任何队伍"


Note = Callable[[Store], str]


def renew(desk: Desk, people: Sequence[int], team: int | None = None, note: Note | None = None) -> "RenewDialog":
    """Open the dialog for the people named; `note` reads what is to be known before anything is filled in."""
    return desk.drafts.open(("renew", tuple(people), team), lambda: RenewDialog(desk, people, team=team, note=note))


class RenewDialog(FormDialog):
    """Asks for the policy of the people named; those unticked are left out."""

    def __init__(
        self, desk: Desk, people: Sequence[int], parent: QWidget | None = None, team: int | None = None,
        note: Note | None = None,
    ) -> None:  # fmt: skip
        super().__init__(desk, "续保、投保", INSURANCE_POLICY, parent)
        self.people, self.team, self.read_note = list(people), team, note
        self.policy: Row | None = None  # the one already known by the number typed
        self.setMinimumWidth(self.theme.px(640))
        self.head = label("", "heading")
        self.column.addWidget(self.head)
        self.note = label("", "warned", wrap=True)
        self.note.hide()
        self.column.addWidget(self.note)
        self.model = PlainModel(("姓名", "队伍", "保险到期", "状态"), self)
        self.view = PlainView(self.theme, "要保的人", 34)
        self.view.setModel(self.model)
        for place, units in enumerate((14, 30, 12, 12)):
            self.view.show_width(place, units)
        self.view.setMinimumHeight(self.theme.px(150))
        self.model.ticks_changed.connect(self._count)
        self.model.ticks_changed.connect(self.touch)
        self.column.addWidget(self.view, 1)
        self.put_fields(_FIELDS, {name: INSURANCE_POLICY[name].label for name, *_ in _FIELDS[1:]})
        self.editors["policy_number"].left.connect(self._look)
        self.words = label("已按上一份保单填好，照新保单核对", "hint", wrap=True)
        self.error = label("", "error", wrap=True)
        self.error.hide()
        self.column.addWidget(self.words)
        self.foot(
            "保存后可以用 Ctrl+Z 一次撤销。",
            button(self.theme, "保存", "shield", "primary", "写进台账，可以撤销"),
            self.save,
            enter=True,
        )
        self.save_button.setEnabled(False)
        self._ask()
        self.editors["policy_number"].setFocus()

    def _ask(self) -> None:
        people, day, note = list(self.people), self.desk.today, self.read_note
        self.desk.jobs.read(
            lambda store: (
                insurance.cover_list(store, day, None, people), insurance.usual_policy(store, people),
                note(store) if note else "",
            ),
            self._show,
        )  # fmt: skip

    def _show(self, found: tuple[list[dict[str, Any]], Row | None, str]) -> None:
        persons, usual, note = found
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self.model.set_lines([person_line(p, self.desk.office.get("name", ""), True) for p in persons])
        day = self.desk.today.isoformat()
        ends = [str(p["until"]) for p in persons if p["state"] in ("soon", "active") and p["until"] >= day]
        # What holds still runs to its end; who has nothing is covered from today.
        start = dt.date.fromisoformat(min(ends)) + dt.timedelta(days=1) if len(ends) == len(persons) and ends else None
        start = start or self.desk.today
        end = _year_later(start)
        values = {"start_on": start.isoformat(), "end_on": end.isoformat()}
        if usual is not None:
            values |= {"insurer": str(usual["insurer"]), "product": str(usual["product"])}
        else:
            self.words.setText("台账里还没有保单，请照新保单填写")
        for name, value in values.items():
            if is_blank(self.editors[name].cell()):
                self.editors[name].set_value(value)
        self._count()

    def _count(self) -> None:
        number = len(self.model.ticked())
        self.head.setText(f"给这 {number:,} 人{self._word()}")
        self.setWindowTitle(self._word())
        self.save_button.setText(f"保存（{number:,} 人）" if number else "没有勾选")
        self.save_button.setEnabled(bool(number))

    def _word(self) -> str:
        return cover_word([line for line in self.model.every if line.ticked])

    def _look(self) -> None:
        """A number that is known already is that policy: its terms are shown and stand."""
        number = str(self.editors["policy_number"].cell() or "").strip()
        self.desk.jobs.read(lambda store: insurance.policy_named(store, number), self._found)

    def _found(self, policy: Row | None) -> None:
        self.policy = policy
        for name in ("insurer", "product"):
            self.editors[name].setEnabled(policy is None)
        if policy is None:
            return
        for name in ("insurer", "product", "end_on"):
            self.editors[name].set_value(policy[name])
        start = max(str(policy["start_on"]), str(self.editors["start_on"].cell() or ""))
        self.editors["start_on"].set_value(min(start, str(policy["end_on"])))
        self.words.setText(f"台账里已有这份保单：{policy['start_on']} 至 {policy['end_on']}，将把勾选的人加进名单")

    def save(self) -> None:
        """Write policy and coverages, or say what is wrong."""
        values = self.values([name for name, *_ in _FIELDS])
        if values is None:
            return
        start, end = str(values.pop("start_on")), str(values.pop("end_on"))
        people, day, team = self.model.ticked(), self.desk.today, self.team

        def work(store: Store) -> int:
            return insurance.renew(store, people, values, start, end, day, team)

        self.write(f"{self._word()} {len(people):,} 人", work)

    def refused(self, error: Exception) -> None:
        """Say why nothing was written."""
        super().refused(error)
        self._count()


def _year_later(day: dt.date) -> dt.date:
    """Return the last day of a year that begins on `day`."""
    try:
        return day.replace(year=day.year + 1) - dt.timedelta(days=1)
    except ValueError:  # 29 February
        return dt.date(day.year + 1, 2, 28)
