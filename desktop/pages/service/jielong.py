"""粘贴微信接龙: a pasted text becomes service hours; who is not clear is chosen by hand, nobody is guessed."""

import datetime as dt
import difflib
from collections import Counter
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout

from db.records.amounts import Hours
from db.records.entities import SERVICE_RECORD
from db.records.fields import Field
from db.records.kinds import Invalid, Ref, is_blank
from db.storage.store import Store
from db.tasks import service_hours
from db.tasks.daily_hours import DAY_DOUBT, DAY_LIMIT
from db.tasks.service_hours import Served
from desktop.services import chains
from desktop.services.short_names import short_name
from desktop.shell.desk import Desk
from desktop.shell.drafts import DraftDialog
from desktop.shell.widgets import button, label, row
from desktop.tables.editors import RefEditor, editor
from desktop.tables.text_table import Line, PlainModel, PlainView
from forms.reading.jielong import ASK, LEFT_OUT, Chain, Match, Person, match, read_chain, settle
from forms.reading.jielong import Line as Settled

_PERSON = Field("volunteer_id", "对应的人", Ref("volunteer", ("姓名", "name")))
_SAMPLE = "把微信群里的接龙整段复制，在这里按 Ctrl+V。例如：\n\n#接龙\n周六清洁家园\n1. 张三 3小时\n2. 李四 2.5h"


def _titles(facts: dict[str, Any]) -> dict[int, str]:
    """Return what people are chosen by: name, teams, and what tells people of one name apart; never two alike."""
    found: dict[int, str] = {}
    names = Counter(str(p["name"]) for p in facts["people"])
    for p in facts["people"]:
        words = "、".join(facts["teams"].get(t, "") for t in p["teams"]) or "不在任何队伍"
        tail = f"，手机尾号 {p['tail']}" if p["tail"] and names[p["name"]] > 1 else ""
        found[int(p["id"])] = f"{p['name']}（{words}{tail}）"
    seen: Counter[str] = Counter()
    for person, title in found.items():
        seen[title] += 1
        if seen[title] > 1:
            found[person] = f"{title[:-1]}，同名第 {seen[title]} 位）"
    return found


def _is_on(activity: dict[str, Any], day: str) -> bool:
    """Tell whether an activity was held on a day."""
    return str(activity["start_on"]) <= day <= str(activity["end_on"] or activity["start_on"])


class ChainDialog(DraftDialog):
    """Text on the left, who is meant on the right, and one button that writes."""

    def __init__(self, desk: Desk, activity: int | None = None, team: int | None = None) -> None:
        super().__init__(desk.window)
        self.desk, self.theme, self.team = desk, desk.theme, team
        self._asked = activity
        self._by_hand = False  # the activity was chosen in this dialog
        self.facts: dict[str, Any] = {"activities": [], "people": [], "teams": {}, "nicknames": {}}
        self.titles: dict[int, str] = {}  # people as they are chosen from
        self.known: set[int] = set()
        self.sums: dict[int, int] = {}
        self.chain = Chain()
        self.matches: list[Match] = []
        self.settled: list[Settled] = []
        self.chosen: dict[int, int | None] = {}  # by place: the person chosen by hand
        self.given: dict[int, int] = {}  # by place: minutes typed by hand
        self.left_out: set[int] = set()
        self.setWindowTitle("粘贴微信接龙")
        desk.fit(self, 1040, 620)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 14, 20, 14)
        column.setSpacing(8)
        column.addLayout(self._head())
        body = QHBoxLayout()
        body.setSpacing(12)
        self.text = QPlainTextEdit()
        self.text.setAccessibleName("接龙的文字")
        self.text.setPlaceholderText(_SAMPLE)
        self.text.setTabChangesFocus(True)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(150)
        self._typing.timeout.connect(self.read)
        self.text.textChanged.connect(self._typing.start)
        body.addWidget(self.text, 2)
        body.addLayout(self._right(), 5)
        column.addLayout(body, 1)
        self.words = label("", "dim", wrap=True)
        self.error = label("", "error", wrap=True)
        self.error.hide()
        column.addWidget(self.words)
        column.addWidget(self.error)
        self.save_button = button(self.theme, "写入", "tick", "primary", "写成服务记录（Ctrl+S）", self.save)
        self.save_button.setShortcut("Ctrl+S")
        paste = button(self.theme, "粘贴", "paste", "", "粘贴剪贴板里的接龙", self.paste)
        cancel = button(self.theme, "取消", "", "", "什么也不写入", self.give_up)
        for made in (self.save_button, paste, cancel):
            made.setAutoDefault(False)
        column.addLayout(row(paste, label("写入后可以用 Ctrl+Z 一次撤销。", "hint"), None, cancel, self.save_button))
        self.fill()
        self.text.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        """Read whom a chain may name and what it may be of; once more, where the dialog is opened again."""
        super().showEvent(event)
        day = self.desk.today
        self.desk.jobs.read(lambda store: service_hours.chain_facts(store, day), self._known)

    def _head(self) -> QHBoxLayout:
        self.activities = QComboBox()
        self.activities.setAccessibleName("哪次活动")
        self.activities.setMinimumWidth(self.theme.px(260))
        self.activities.currentIndexChanged.connect(lambda _: self._activity_chosen())
        self.activities.activated.connect(lambda _: self._picked())
        self.day = QLineEdit(self.desk.today.isoformat())
        self.day.setAccessibleName("服务日期")
        self.day.setMaximumWidth(self.theme.px(120))
        self.day.editingFinished.connect(self._ask_day)
        self.usual = QLineEdit("2")
        self.usual.setAccessibleName("没写时长的按几小时")
        self.usual.setMaximumWidth(self.theme.px(56))
        self.usual.textChanged.connect(lambda _: self.fill())
        line = row(
            label("活动", "dim"), self.activities, label("服务日期", "dim"), self.day, label("没写时长的按", "dim"), self.usual,
            label("小时", "dim"),
        )  # fmt: skip
        line.setStretchFactor(self.activities, 1)  # its names are long
        return line

    def _right(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(6)
        self.model = PlainModel(("接龙里写的", "对应的人", "时长", "说明"), self)
        self.view = PlainView(self.theme, "接龙里的人", 34)
        self.view.setModel(self.model)
        for place, units in enumerate((20, 20, 8, 24)):
            self.view.show_width(place, units)
        self.view.selectionModel().currentRowChanged.connect(lambda *_: self._show_one())
        self.model.ticks_changed.connect(self._ticked)
        self.model.ticks_changed.connect(self.touch)
        column.addWidget(self.view, 1)
        made = editor(_PERSON, self.theme, self.desk.today)
        assert isinstance(made, RefEditor)
        self.person = made
        self.person.activated.connect(lambda _: self._person_chosen())
        self.person.left.connect(self._person_chosen)
        self.minutes = QLineEdit()
        self.minutes.setAccessibleName("这一行的时长（小时）")
        self.minutes.setMaximumWidth(self.theme.px(70))
        self.minutes.editingFinished.connect(self._minutes_typed)
        self.who = label("选中一行，在这里改", "dim")
        line = row(self.who, self.person, self.minutes, label("小时", "dim"))
        line.setStretch(1, 1)
        column.addLayout(line)
        return column

    # Reading

    def _known(self, facts: dict[str, Any]) -> None:
        office = self.desk.office.get("name", "")
        self.facts = facts | {"teams": {i: short_name(name, office) for i, name in facts["teams"].items()}}
        if self.activities.count() and not self.another:
            self._asked = self.activities.currentData()
        self.activities.blockSignals(True)
        self.activities.clear()
        self.activities.addItem("不对应某次活动", None)
        for a in facts["activities"]:
            self.activities.addItem(f"{a['start_on']}　{a['name']}", int(a["id"]))
        self.activities.blockSignals(False)
        self.titles = _titles(self.facts)
        self.person.set_titles(self.titles)
        self._choose_activity()
        self.read()

    def _choose_activity(self) -> None:
        """Take the activity asked for, else the one whose name the text begins with, else the last before today.

        Where the title names a day, only an activity of that day is taken: none is better than another one's.
        """
        said, title = self._said_day(), self.chain.title
        activities = [a for a in self.facts["activities"] if said is None or _is_on(a, said)]
        wanted = self._asked if self._by_hand or self._asked in {int(a["id"]) for a in activities} else None
        self.another = self._asked is not None and wanted is None
        if wanted is None and not self._by_hand and title:
            ratio = {int(a["id"]): difflib.SequenceMatcher(None, title, str(a["name"])).ratio() for a in activities}
            best = max(ratio, key=lambda i: ratio[i], default=None)
            wanted = best if best is not None and ratio[best] >= 0.5 else None
        if wanted is None and not self._by_hand and said is None:
            past = [a for a in activities if str(a["start_on"]) <= self.desk.today.isoformat()]
            mine = [a for a in past if self.team and a["host_team_id"] == self.team]
            wanted = int((mine or past)[0]["id"]) if mine or past else None
        self.activities.setCurrentIndex(max(0, self.activities.findData(wanted)))
        self._activity_chosen()

    another = False  # the title names a day on which the activity asked for was not

    def _picked(self) -> None:
        """What a person chose here stands, whatever the text says."""
        self._by_hand, self.another = True, False
        self._asked = self.activities.currentData()
        self._tell()

    def _activity(self) -> dict[str, Any] | None:
        number = self.activities.currentData()
        return next((a for a in self.facts["activities"] if a["id"] == number), None)

    def _activity_chosen(self) -> None:
        found, said = self._activity(), self._said_day()
        if found is not None:
            self.day.setText(said if said is not None and _is_on(found, said) else str(found["start_on"]))
        elif said is not None:
            self.day.setText(said)
        self._ask_day()
        self.fill()

    def _said_day(self) -> str | None:
        """Return the day that the title names; without a year, the last one of that name that is over."""
        today = self.desk.today
        said = self.chain.day(today)
        if said is not None and said > today:
            said = self.chain.day(dt.date(today.year - 1, 12, 31))
        return said.isoformat() if said is not None else None

    def _ask_day(self) -> None:
        found = self._activity()
        number, day = (int(found["id"]) if found else None), self.day.text().strip()
        self.desk.jobs.read(lambda store: service_hours.day_facts(store, number, day), self._day_known)

    def _day_known(self, found: tuple[set[int], dict[int, int]]) -> None:
        self.known, self.sums = found
        self.fill()

    def paste(self) -> None:
        """Put what is on the clipboard in place of the text."""
        self.text.setPlainText(QGuiApplication.clipboard().text())
        self.text.document().setModified(True)
        self.read()

    def read(self) -> None:
        """Read the text again; what was chosen by hand for another text is forgotten."""
        self._typing.stop()
        before = self.chain.title
        self.chain = read_chain(self.text.toPlainText(), chains.known_words(self.facts, self._host()))
        self.chosen.clear()
        self.given.clear()
        self.left_out.clear()
        if self.chain.title != before and not self._by_hand:
            self._choose_activity()
        self.fill()

    def _host(self) -> int | None:
        found = self._activity()
        return (found["host_team_id"] if found else None) or self.team

    def _ours(self) -> list[int]:
        """Return the teams that hold the activity, the host first."""
        host, found = self._host(), self._activity()
        return [*([host] if host else []), *(chains.partners_of(found) if found else [])]

    def fill(self) -> None:
        """Match the names again and show what would be written."""
        host, ours = self._host(), set(self._ours())
        people = [
            Person(int(p["id"]), str(p["name"]), self.titles[int(p["id"])], not ours.isdisjoint(p["teams"]))
            for p in self.facts["people"]
        ]
        self.matches = match(self.chain.entries, people, self.facts["nicknames"].get(host, {}))
        self.settled = settle(self.chain, self.matches, None if self.chain.minutes else self._usual())
        seen: set[int] = set()
        lines = []
        for place, found in enumerate(self.matches):
            person = self._person(place)
            reason, tone = self._note(place, person, seen)
            if person is not None:
                seen.add(person)
            name = self._name(person) if person is not None else "？ 请选择" if found.options else "？ 没有找到"
            minutes = self._minutes(place)
            hours = Hours().show(minutes) if minutes is not None else "？"
            ticked = person is not None and tone != "bad" and place not in self.left_out
            lines.append(
                Line(place, (found.entry.text, name, hours, reason), tones={3: tone} if tone else {}, ticked=ticked)
            )
        kept = self.view.currentIndex().row()
        self.model.set_lines(lines)
        unclear = [i for i in range(len(lines)) if not lines[i].ticked]
        if lines:
            self.view.selectRow(kept if 0 <= kept < len(lines) else unclear[0] if unclear else 0)
        self._show_one()
        self._tell()

    def _name(self, person: int) -> str:
        found = next(p for p in self.facts["people"] if p["id"] == person)
        names = [self.facts["teams"].get(t, "") for t in found["teams"]]
        return f"{found['name']}（{'、'.join(names) or '不在任何队伍'}）"

    def _person(self, place: int) -> int | None:
        if place in self.chosen:
            return self.chosen[place]
        sure = self.matches[place].sure
        return sure.id if sure is not None else None

    def _minutes(self, place: int) -> int | None:
        if place in self.given:
            return self.given[place]
        entry = self.matches[place].entry
        if entry.unclear or entry.cancelled:
            return None
        if entry.minutes is None and entry.bare:
            return self.chain.minutes or self._usual()
        return entry.minutes

    def _usual(self) -> int | None:
        try:
            return int(Hours().parse(self.usual.text()) or 0) or None
        except Invalid:
            return None

    def _team_of(self, person: int) -> int | None:
        return chains.team_for(self.facts, person, self._host(), self._ours())

    def _note(self, place: int, person: int | None, seen: set[int]) -> tuple[str, str]:
        """Return what is to be said of a line and its tone; bad lines are not written."""
        found, minutes, line = self.matches[place], self._minutes(place), self.settled[place]
        by_hand = place in self.given or place in self.chosen
        if line.state == LEFT_OUT and not by_hand:
            return line.reason, "bad"
        if person is None:
            return found.reason or "请选择是谁", "warn"
        if line.state == ASK and line.match.sure is not None and not by_hand:
            return line.reason, "bad"
        if person in seen:
            return "接龙里写了两次，只写入一次", "bad"
        if person in self.known:
            return "这次活动已经登记过他的时长", "bad"
        if minutes is None or minutes == 0:
            return "没有写时长", "bad"
        if self._team_of(person) is None:
            return "不在任何队伍，时长没有队伍可记", "bad"
        total = self.sums.get(person, 0) + minutes
        if total > DAY_LIMIT:
            return f"当天合计 {Hours().show(total)} 小时，超过 24 小时", "bad"
        if total > DAY_DOUBT:
            return f"当天合计 {Hours().show(total)} 小时，请核对", "warn"
        notes = [found.entry.note] if found.entry.note else []
        if found.entry.extra:
            notes.append(f"另有 {found.entry.extra} 人没有写名字")
        if found.entry.minutes is None and place not in self.given:
            notes.append("没写时长，按标题里的" if self.chain.minutes else "没写时长，按默认")
        notes += [found.reason] if found.reason and found.sure is not None else []
        return "，".join(notes), ""

    # One line by hand

    def _show_one(self) -> None:
        place = self.view.currentIndex().row()
        one = 0 <= place < len(self.matches)
        self.person.setEnabled(one)
        self.minutes.setEnabled(one)
        if not one:
            return
        found = self.matches[place]
        self.who.setText(f"“{found.entry.names[0][:6]}”是：")
        self.person.blockSignals(True)
        ours = set(self._ours())
        near = {p.id: p.teams for p in found.options}  # then the teams' own members, then everybody
        members = [int(p["id"]) for p in self.facts["people"] if not ours.isdisjoint(p["teams"])]
        near |= {i: self.titles[i] for i in members if i not in near}
        self.person.set_titles(near | {i: title for i, title in self.titles.items() if i not in near})
        self.person.set_value(self._person(place))
        self.person.blockSignals(False)
        minutes = self._minutes(place)
        self.minutes.setText(Hours().show(minutes) if minutes is not None else "")

    def _person_chosen(self) -> None:
        place, cell = self.view.currentIndex().row(), self.person.cell()
        if not 0 <= place < len(self.matches) or not isinstance(cell, int) or cell == self._person(place):
            return
        self.chosen[place] = cell
        self.left_out.discard(place)
        self.fill()

    def _minutes_typed(self) -> None:
        place = self.view.currentIndex().row()
        if not 0 <= place < len(self.matches) or is_blank(self.minutes.text()):
            return
        try:
            minutes = int(Hours().parse(self.minutes.text()) or 0)
        except Invalid:
            return
        if minutes != self._minutes(place):
            self.given[place] = minutes
            self.fill()

    def _ticked(self) -> None:
        for line in self.model.every:
            if line.ticked:
                self.left_out.discard(line.id)
            elif self._person(line.id) is not None and line.tones.get(3) != "bad":
                self.left_out.add(line.id)
        QTimer.singleShot(0, self, self.fill)

    # Writing

    def served(self) -> list[Served]:
        """Return what would be written."""
        found = []
        for place in self.model.ticked():
            person, minutes = self._person(place), self._minutes(place)
            team = self._team_of(person) if person is not None else None
            if person is not None and team is not None and minutes:
                found.append(Served(person, team, minutes, self.chain.title or None))
        return found

    def _tell(self) -> None:
        ready, every = len(self.served()), len(self.matches)
        unclear = sum(self._person(i) is None for i in range(every))
        parts = [f"读到 {every:,} 人" if every else "", f"{unclear:,} 人还要您选是谁" if unclear else ""]
        if every and (said := self._said_day()) is not None and said != self.day.text().strip():
            day = dt.date.fromisoformat(said)
            parts.append(f"接龙的标题写的是 {day.month} 月 {day.day} 日，与上面的服务日期不是同一天，请核对")
        elif every and self.another:
            parts.append(
                "接龙写的不是列表里所选活动的日期，已按接龙的日期、不对应那次活动；要记在哪次活动上，请在上面选"
            )
        parts += [f"没有用到的行：{'；'.join(self.chain.rest[:3])}"] if self.chain.rest else []
        self.words.setText("。".join(p for p in parts if p))
        self.save_button.setText(f"写入 {ready:,} 人" if ready else "没有可以写入的")
        self.save_button.setEnabled(bool(ready))

    def save(self) -> None:
        """Write the hours, as one operation."""
        self.error.hide()
        try:
            day = str(SERVICE_RECORD["served_on"].kind.parse(self.day.text()))
        except Invalid as error:
            self._refused(error)
            self.day.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        found, served, today = self._activity(), self.served(), self.desk.today
        number = int(found["id"]) if found else None
        name = str(found["name"]) if found else day
        self.save_button.setEnabled(False)

        host, chosen = self._host(), self._nicknames()

        def work(store: Store) -> int:
            if host is not None:
                service_hours.remember_nicknames(store, host, chosen)
            return service_hours.write_service(store, served, number, day, today)

        self.desk.jobs.write(f"接龙登记时长 {len(served):,} 人：{name}", work, self._done, self._refused)

    def _nicknames(self) -> dict[str, int]:
        """Return whom a person chose for words that are nobody's name: asked once, and remembered for the team."""
        names = {str(p["name"]) for p in self.facts["people"]}
        asked = {i: p for i, p in self.chosen.items() if p is not None and self.matches[i].sure is None}
        return {e.names[0]: p for i, p in asked.items() if (e := self.matches[i].entry).names[0] not in names}

    def _done(self, _: int) -> None:
        self.accept()

    def _refused(self, error: Exception) -> None:
        self._tell()
        self.error.setText(str(error))
        self.error.show()
