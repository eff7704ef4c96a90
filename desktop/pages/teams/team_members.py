"""A team's members: three fields make one, a pasted roster makes many, and who leaves keeps the history."""

from dataclasses import replace
from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from db.intake.importer import FILL, take_in
from db.intake.results import ImportResult
from db.intake.source_rows import SourceRow, SourceSheet
from db.records.entities import MEMBERSHIP, VOLUNTEER
from db.records.fields import Entity, Row
from db.records.kinds import is_blank
from db.storage.store import Store
from db.tasks import members
from desktop.pages.insurance.renewing import renew
from desktop.pages.teams.person_finder import PersonFinder
from desktop.pages.teams.taking_out import TakeOutDialog
from desktop.pages.teams.team_quick_entry import QuickEntry
from desktop.records.block_dialogs import PreviewDialog
from desktop.records.pasted_rows import lines_of
from desktop.records.person import open_person
from desktop.records.quick_form import EntryPane
from desktop.shell.desk import Desk
from desktop.shell.widgets import button
from desktop.tables import clipboard
from forms.columns.pasted_people import JOINED, NUMBER, PHONE, ROLE, read_people

# What is asked of a new member: the person and the membership in one form.
NEW_MEMBER = Entity(
    "membership", "队员", title="name", key=("id_type", "id_number"), fields=(
        replace(VOLUNTEER["id_number"], nullable=False), VOLUNTEER["name"], replace(VOLUNTEER["phone"], help="按 Enter 保存"),
        MEMBERSHIP["role"], MEMBERSHIP["joined_on"], VOLUNTEER["id_type"],
    ),
)  # fmt: skip


class MembersPane(EntryPane):
    """The members of one team."""

    def __init__(self, desk: Desk, nest: QWidget | None = None) -> None:
        self.entries: dict[int, QuickEntry] = {}  # of each team, with what was typed and not written
        super().__init__(desk, MEMBERSHIP, NEW_MEMBER, "phone", "新增队员", nest)
        self.past_button = button(self.theme, "含已退队", "", "link", "也显示已经退队的人", self._toggle_past)
        self.past_button.hide()
        self.foot.insert(self.past_button)
        self.entry.save_asked.connect(self._enrol)
        self.entry.number_given.connect(self._look)
        number = self.entry.editors["id_number"]
        assert isinstance(number, QLineEdit)
        number.setPlaceholderText("或姓名、拼音、半个号码：找已登记的人")
        self.finder = PersonFinder(desk, number)
        self.finder.chosen.connect(self._join)
        self.entry.person_wanted.connect(lambda i: self.desk.open_records("volunteer", frozenset({i})))
        self.jobs.idle.connect(self._ready)

    def extra_buttons(self) -> list[QPushButton]:
        """续保, 移出 and 本人情况."""
        tip = "给所选的队员续保；没有选中的，就给没有保险和快到期的队员"
        self.renew_button = button(self.theme, "续保", "shield", "", tip, self.renew)
        many = button(self.theme, "快速录入", "table", "", "一行一人，连着录很多人", self.enter_many)
        self.out_button = button(
            self.theme, "移出", "go", "", "所选的人不再是本队队员，或转到另一支队伍；可以撤销", self.take_out
        )
        one = button(self.theme, "本人情况", "person", "", "所选的人的队伍、培训、保险、时长", self.open_person)
        return [many, self.renew_button, self.out_button, one]

    # One new member

    def add(self) -> None:
        """Open the form of a new member: number, name, phone."""
        self.put_form_away()
        self.finder.renew()
        self.entry.show()
        self.entry.edit(None, {}, {"joined_on": self.desk.today.isoformat(), "id_type": "resident_id"})

    def _look(self, id_type: str, number: str) -> None:
        day = self.desk.today
        self.jobs.read(lambda store: members.known_person(store, id_type, number, day), self._known)

    def _known(self, found: dict[str, Any] | None) -> None:
        self.entry.tell_known(found)
        if found is not None and self.team not in found["teams"]:
            self.entry.fill_blank("name", found["name"])
            self.entry.fill_blank("phone", found["phone"])

    def _join(self, person: int) -> None:
        """Somebody who is in the ledger joins as the form says: from its day, with its post."""
        team, today = self.team, self.desk.today
        row, problems = self.entry.judged()
        if team is None or any(p.field in ("joined_on", "role") for p in problems):
            return
        role, joined = str(row["role"]) if row["role"] else None, str(row["joined_on"])
        self.entry.saved()
        self.entry.edit(None, {}, {"joined_on": joined, "id_type": "resident_id"})
        self._again = False
        self.jobs.write(
            f"加入队伍（{self.team_name}）", lambda store: members.join(store, team, person, role, joined, today),
            self._enrolled, self.entry_refused,
        )  # fmt: skip

    def _enrol(self, record: Row, before: Row | None, go_on: bool) -> None:
        team, today = self.team, self.desk.today
        if team is None:
            return
        person = {name: record[name] for name in ("name", "id_type", "id_number", "phone")}
        role, joined = record["role"], str(record["joined_on"])
        self._again = go_on
        self.entry.save_button.setEnabled(False)
        self.jobs.write(
            f"新增队员：{record['name']}（{self.team_name}）",
            lambda store: members.enrol(store, team, person, str(role) if role else None, joined, today),
            self._enrolled, self.entry_refused,
        )  # fmt: skip

    _again = False

    def _enrolled(self, number: int) -> None:
        self._wanted = frozenset({number})
        self.entry.saved()
        if self._again:
            self.add()
        else:
            self.entry.hide()
            self.view.setFocus()

    def entry_refused(self, error: Exception) -> None:
        """Say in the form why the member was not taken."""
        self.entry.show_refusal(str(error))

    def _ready(self) -> None:
        self.entry.save_button.setEnabled(True)

    def unsaved(self) -> bool:
        """Tell whether something was typed and not saved."""
        entry = self.entry
        many = any(asked.used() for asked in self.entries.values())
        return super().unsaved() or many or bool(entry.drafts) or (not entry.isHidden() and entry.dirty())

    # Many at once

    def paste(self) -> None:
        """A pasted list of people is added to the team; anything else goes into the cells chosen."""
        lines = clipboard.from_text(QGuiApplication.clipboard().text())
        people, _ = read_people(lines)
        if not people or self.team is None:
            super().paste()
            return
        self.check_people(people)

    def enter_many(self) -> None:
        """Open 快速录入 for this team, with what was typed and not written the last time."""
        if self.team is None:
            return
        if self.team not in self.entries:
            self.entries[self.team] = QuickEntry(self.desk, self.team_name, self.check_people)
        self.dialog = self.entries[self.team]
        self.dialog.open()

    def check_people(self, people: list[dict[str, str]]) -> None:
        """Judge people by canonical heading, show what would be written, and write it when it is confirmed."""
        if self.team is None:
            return
        team, name, day = self.team, self.team_name, self.desk.today

        def work(store: Store) -> tuple[list[SourceSheet], ImportResult, int]:
            there = members.present_numbers(store, team, day)
            sheets, already = _sheets(people, name, day.isoformat(), there)
            return sheets, take_in(store, sheets, title="", today=day, on_existing=FILL, dry_run=True), already

        self.jobs.read(work, self._checked)

    def _checked(self, found: tuple[list[SourceSheet], ImportResult, int]) -> None:
        sheets, result, already = found
        persons, membership = result.sheets
        bad = persons.refused_rows()
        problems = [*persons.problems, *(p for p in membership.problems if p.row not in bad)]
        refused = len({p.row for p in problems if p.severity == "error"})
        words = [
            f"其中 {persons.added:,} 人是新登记的志愿者" if persons.added else "都是已登记的志愿者",
            f"{already:,} 人已经是本队队员，不变" if already else "",
            f"{refused:,} 行有错，不会写入" if refused else "",
        ]
        rows = [
            SourceRow(one.number, dict(one.cells) | {ROLE: two.cells.get(ROLE)})
            for one, two in zip(*(map(s.rows.__getitem__, range(len(s.rows))) for s in sheets), strict=True)
        ]
        fields = {h: VOLUNTEER[n] for h, n in (("姓名", "name"), ("证件号码", "id_number"), ("手机号码", "phone"))}
        headings, widths, lines = lines_of(rows, fields | {ROLE: MEMBERSHIP["role"]}, problems)
        count = membership.added
        asked = self.entries.get(self.team or 0)
        over = asked if asked is not None and asked.isVisible() else self
        dialog = PreviewDialog(
            over, self.theme, f"将新增 {count:,} 名队员到“{self.team_name}”", "。".join(w for w in words if w),
            headings, widths, lines, f"确认 {count:,} 人" if count else "", len(rows),
        )  # fmt: skip
        dialog.accepted.connect(lambda: self._take_in(sheets, count))
        self.dialog = dialog
        dialog.open()

    def _take_in(self, sheets: list[SourceSheet], count: int) -> None:
        title, day = f"新增队员 {count:,} 人（{self.team_name}）", self.desk.today
        self.jobs.change(
            lambda store: take_in(store, sheets, title=title, today=day, on_existing=FILL),
            lambda done: self._taken_in(title, done),
        )

    def _taken_in(self, title: str, done: ImportResult) -> None:
        self.desk.say(f"已{title}", undo=done.operation is not None)
        asked = self.entries.get(self.team or 0)
        if asked is not None and asked.isVisible():
            asked.written()

    # Those there

    def renew(self) -> None:
        """Insure the members chosen, or those whose insurance is missing or ends soon."""
        rows = [self.model.row(p) for p in self.view.places()]
        if not rows:
            rows = [r for r in self.model.sheet.rows if r["cover"] in ("none", "expired", "soon")]
        people = list(dict.fromkeys(int(r["volunteer_id"] or 0) for r in rows))
        if not people:
            self.desk.say("队员都有保险，30 天内也没有到期的。要给谁续保，先选中他")
            return
        self.dialog = renew(self.desk, people, self.team)

    def take_out(self) -> None:
        """Ask from which day the people chosen are no longer of the team, and whether they go to another one."""
        rows = [self.model.row(p) for p in self.view.places()]
        there = [r for r in rows if r["standing"] != "left"]
        if not there or self.team is None:
            self.desk.say("所选的人已经退队了" if rows else "先选中要移出的队员")
            return
        who = self.name_of(there[0]) if len(there) == 1 else f"{len(there):,} 人"
        ids, team, name = [int(r["id"] or 0) for r in there], self.team, self.team_name
        self.dialog = self.desk.drafts.open(
            ("take-out", team, tuple(ids)), lambda: TakeOutDialog(self.desk, ids, who, team, name)
        )

    def open_person(self) -> None:
        """Show all of the person chosen."""
        rows = [self.model.row(p) for p in self.view.places()]
        if len(rows) != 1:
            self.desk.say("先选中一个人")
            return
        self.dialog = open_person(self.desk, int(rows[0]["volunteer_id"] or 0))

    def _toggle_past(self) -> None:
        self.past = not self.past
        self.tell_past(self._gone)
        self.load()

    def tell_past(self, number: int) -> None:
        """Offer to show those who have left, or to leave them out again."""
        self._gone = number
        self.past_button.setVisible(number > 0)
        self.past_button.setText("只看现在的队员" if self.past else f"另有 {number:,} 人已退队")
        self.past_button.setAccessibleName(self.past_button.text())

    _gone = 0


def _sheets(
    people: list[dict[str, str]], team: str, today: str, there: set[str]
) -> tuple[list[SourceSheet], int]:  # fmt: skip
    """Return the rows for volunteers and memberships, and how many of the people are members already."""
    persons, memberships, already = [], [], 0
    for number, person in enumerate(people, 1):
        if (person.get(NUMBER) or "").replace(" ", "").upper() in there:
            already += 1
            continue
        joined = person.get(JOINED) or today
        cells = {h: person.get(h) for h in ("姓名", "证件类型", NUMBER, PHONE) if not is_blank(person.get(h))}
        persons.append(SourceRow(number, {**cells, "登记日期": joined}))
        memberships.append(
            SourceRow(
                number,
                {"队伍名称": team, "姓名": person.get("姓名"), NUMBER: person.get(NUMBER), ROLE: person.get(ROLE), JOINED: joined},
            )
        )  # fmt: skip
    return [
        SourceSheet(VOLUNTEER.label, VOLUNTEER, persons, source="粘贴"),
        SourceSheet(MEMBERSHIP.label, MEMBERSHIP, memberships, source="粘贴"),
    ], already
