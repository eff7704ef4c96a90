"""志愿者: the list with the conditions that are asked for most over it: team, insurance, first-aid certificate, no number yet."""

import datetime as dt

from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QLabel, QPushButton, QWidget

from db.quarters import Quarter
from db.queries import derived
from db.queries.paper_rows import Rows, Scope
from db.queries.personal_rows import to_erase
from db.records.entities import TEAM, VOLUNTEER
from db.records.fields import Entity
from db.records.identity import GONE, PENDING
from db.storage.store import Store
from desktop.records.leaving import leave
from desktop.records.person import open_person
from desktop.records.personal import erase, record_consent
from desktop.records.record_list import EntityPane
from desktop.records.record_page import EntityPage
from desktop.services.filters import Filter, Holds, OneOf
from desktop.services.short_names import short_name
from desktop.shell.desk import Desk
from desktop.shell.widgets import button, chip, label, row

_COVER = (
    ("全部状态", None), ("在保", ("active", "soon")), ("即将到期", ("soon",)), ("已过期", ("expired",)),
    ("未投保", ("none",)),
)  # fmt: skip
_PENDING = OneOf(frozenset({PENDING}))
_STANDING = (("全部", None), ("在册", "now"), ("已退出", "left"))
_AID = (("不限", ""), ("有效", "valid"), ("即将到期", "soon"), ("已过期", "ended"), ("没有", "none"))


def aid_state(until: str | None, as_of: dt.date) -> frozenset[str]:
    """Return what is true of a first-aid certificate on a day; one that ends soon is still valid."""
    if not until:
        return frozenset({"none"})
    if until < as_of.isoformat():
        return frozenset({"ended"})
    soon = until <= (as_of + dt.timedelta(days=derived.SOON)).isoformat()
    return frozenset({"valid", "soon"} if soon else {"valid"})


class VolunteersPane(EntityPane):
    """Conditions narrow the list as soon as they are chosen; they and the funnels of the columns are the same."""

    def __init__(self, desk: Desk, entity: Entity, nest: QWidget | None = None) -> None:
        super().__init__(desk, entity, nest=nest)
        self.teams, self.cover, self.aid = self._box("所在队伍"), self._box("保险状态"), self._box("急救证")
        self.standing = self._box("在册或已退出")
        for words, code in _STANDING:
            self.standing.addItem(words, code)
        self.standing.setPlaceholderText("按表头筛选")
        self._aid_ids: frozenset[int] | None = None
        self._due_ids: frozenset[int] = frozenset()
        self.teams.addItem("全部队伍")
        for words, wanted in _COVER:
            self.cover.addItem(words, wanted)
        for words, state in _AID:
            self.aid.addItem(words, state)
        self.teams.setPlaceholderText("按表头筛选")
        self.cover.setPlaceholderText("按表头筛选")
        self.reset = button(self.theme, "重置", "refresh", "quiet", "显示全部志愿者", self.show_all)
        find_box = self.toolbar.find_box
        find_box.setPlaceholderText("姓名、号码尾数或拼音首字母")
        found = row(self._head("查找", find_box), find_box)
        found.setStretchFactor(find_box, 100)
        found.addStretch(1)
        line = row()
        self.toolbar.widen_find(420)
        for words, box in (("在册", self.standing), ("队伍", self.teams), ("保险", self.cover), ("急救证", self.aid)):
            line.addWidget(self._head(words, box))
            line.addWidget(box)
        self.pending = chip("证件待补", self._only_pending)
        self.pending.setAutoExclusive(False)
        self.pending.setToolTip("没有证件号码的人：填上号码、改好证件类型，就补全了")
        self.pending.hide()
        line.addWidget(self.pending)
        self.due = chip("保存期满", self._show_due)
        self.due.setAutoExclusive(False)
        self.due.setCheckable(False)
        self.due.setToolTip("退出已久或撤回同意的人：选中后可以删除个人信息")
        self.due.hide()
        line.addWidget(self.due)
        self.erase_button = button(
            self.theme,
            "删除个人信息",
            "delete",
            "quiet",
            "选中的已退出的人：姓名和号码从台账中删除，不能撤销",
            self.erase,
        )
        self.erase_button.hide()
        line.addWidget(self.erase_button)
        line.addWidget(self.reset)
        line.addStretch(1)
        self.conditions = line
        self.lines = QBoxLayout(QBoxLayout.Direction.LeftToRight)  # under each other where there is little room
        self.lines.setSpacing(8)
        self.lines.addLayout(found, 1)
        self.lines.addLayout(line)
        whole = self.layout()
        assert whole is not None
        whole.insertLayout(1, self.lines)  # type: ignore[attr-defined]
        self.teams.currentIndexChanged.connect(lambda _: self._narrow("team_names", self._of_team()))
        self.standing.currentIndexChanged.connect(lambda _: self._narrow("standing", self._of_standing()))
        self.cover.currentIndexChanged.connect(lambda _: self._narrow("cover", self._of_cover()))
        self.aid.currentIndexChanged.connect(lambda _: self._ask_aid())
        self.model.found_changed.connect(self._follow_list)
        self.counted.connect(lambda *_: self._count_pending())
        self._size_conditions()
        self.theme.changed.connect(self._size_conditions)
        self._follow_list()

    def extra_buttons(self) -> list[QPushButton]:
        """本人情况 and 办理退出."""
        one = button(
            self.theme, "本人情况", "person", "", "所选的人的队伍、培训、保险、时长，可以打印", self.open_person
        )
        out = button(self.theme, "办理退出", "go", "", "所选的人不再是志愿者：日期、原因一次写好", self.leave)
        agreed = button(self.theme, "记同意", "check", "", "所选的人在同意书上同意的事项", self.record_consent)
        return [one, out, agreed]

    def _one(self) -> int | None:
        ids = self.chosen_ids()
        if len(ids) != 1:
            self.desk.say("先选中一个人")
            return None
        return ids[0]

    def open_person(self) -> None:
        """Show all of the person chosen."""
        if (person := self._one()) is not None:
            self.dialog = open_person(self.desk, person)

    def record_consent(self) -> None:
        """Enter what the people chosen agreed to."""
        if ids := self.chosen_ids():
            self.dialog = record_consent(self.desk, ids)
        else:
            self.desk.say("先选中一个人，或几个人")

    def leave(self) -> None:
        """Let the person chosen leave."""
        if (person := self._one()) is not None:
            self.dialog = leave(self.desk, person)

    def _box(self, name: str) -> QComboBox:
        made = QComboBox()
        made.setAccessibleName(f"只看：{name}")
        made.setMaxVisibleItems(16)
        made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        return made

    def _head(self, words: str, box: QWidget) -> QLabel:
        made = label(words, "dim")
        made.setBuddy(box)
        return made

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One line, or two."""
        super().resizeEvent(event)
        self._size_conditions()

    def _size_conditions(self) -> None:
        px = self.theme.px
        wide = self.width() >= max(px(1000), self.conditions.minimumSize().width() + px(260))
        self.lines.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        self.lines.setSpacing(8 if wide else 4)
        self.teams.setFixedWidth(px(190))
        self.cover.setFixedWidth(px(108))
        self.standing.setFixedWidth(px(90))
        self.aid.setFixedWidth(px(104))

    # What is chosen

    def _column(self, name: str) -> int:
        return next(i for i, f in enumerate(self.model.fields) if f.name == name)

    def _of_team(self) -> Filter | None:
        if self.teams.currentIndex() <= 0:
            return None
        name = self.teams.currentData()
        return OneOf(frozenset({None})) if name is None else Holds(str(name))

    def _of_cover(self) -> Filter | None:
        states = self.cover.currentData()
        return OneOf(frozenset(states)) if states else None

    def _of_standing(self) -> Filter | None:
        code = self.standing.currentData()
        return OneOf(frozenset({code})) if code else None

    def _narrow(self, name: str, wanted: Filter | None) -> None:
        if self.model.filters.get(self._column(name)) != wanted:
            self.model.set_filter(self._column(name), wanted)

    def _only_pending(self) -> None:
        self._narrow("id_type", _PENDING if self.pending.isChecked() else None)

    def _count_pending(self) -> None:
        """Offer those whose number is still to be seen, where there are any."""
        count = sum(r["id_type"] == PENDING and r["name"] != GONE for r in self.model.sheet.rows)
        self.pending.setText(f"证件待补 {count:,}")
        self.pending.setVisible(count > 0 or self.pending.isChecked())
        self._size_conditions()

    def _ask_aid(self) -> None:
        """Who has such a certificate is asked only when it is chosen: the list does not show it."""
        wanted, day = str(self.aid.currentData() or ""), self.desk.as_of
        if not wanted:
            self.model.limit(None)
            return

        def work(store: Store) -> tuple[str, frozenset[int]]:
            facts = derived.person_facts(store, day)
            return wanted, frozenset(i for i, f in facts.items() if wanted in aid_state(str(f["aid_until"] or ""), day))

        self.jobs.read(work, self._know_aid, key=(self, "aid"))

    def _know_aid(self, found: tuple[str, frozenset[int]]) -> None:
        if found[0] == self.aid.currentData():
            self._aid_ids = found[1]
            self.model.limit(found[1])

    def _follow_list(self) -> None:
        """Show what the list is narrowed to, however that came."""
        filters, only = self.model.filters, self.model.only
        with QSignalBlocker(self.teams):
            now = filters.get(self._column("team_names"))
            wanted = (self.teams.findData(now.one) if isinstance(now, Holds) else
                      self.teams.count() - 1 if now == OneOf(frozenset({None})) else -1)  # fmt: skip
            self.teams.setCurrentIndex(0 if now is None else wanted)
        with QSignalBlocker(self.cover):
            now = filters.get(self._column("cover"))
            same = (i for i, (_, states) in enumerate(_COVER) if states and now == OneOf(frozenset(states)))
            self.cover.setCurrentIndex(0 if now is None else next(same, -1))
        with QSignalBlocker(self.pending):
            self.pending.setChecked(filters.get(self._column("id_type")) == _PENDING)
        with QSignalBlocker(self.standing):
            now = filters.get(self._column("standing"))
            same = (i for i, (_, code) in enumerate(_STANDING) if code and now == OneOf(frozenset({code})))
            self.standing.setCurrentIndex(0 if now is None else next(same, -1))
        if self._aid_ids is not None and only is not self._aid_ids:  # the list was given other rows to show
            self._aid_ids = None
            with QSignalBlocker(self.aid):
                self.aid.setCurrentIndex(0)
        self.reset.setEnabled(bool(filters or only is not None or self.model.typed))

    def show_all(self) -> None:
        """Take away every restriction."""
        self._forget_aid()
        super().show_all()

    def select(self, ids: frozenset[int]) -> None:
        """Show these rows, whatever certificate they have."""
        self._forget_aid()
        super().select(ids)

    def _forget_aid(self) -> None:
        with QSignalBlocker(self.aid):
            self.aid.setCurrentIndex(0)

    # Following the ledger

    def load(self) -> None:
        """Read list and teams again; a certificate that is asked for is looked up again."""
        super().load()
        self.jobs.read(lambda store: [str(t["name"]) for t in store.rows(TEAM)], self._know_teams, key=(self, "teams"))
        scope = Scope(Quarter.of(self.desk.today), self.desk.today)
        self.jobs.read(lambda store: to_erase(store, scope), self._know_due, key=(self, "due"))
        if self.aid.currentIndex() > 0:
            self._ask_aid()

    def _know_due(self, rows: Rows) -> None:
        """Offer those whose data is due to be erased, where there are any."""
        self._due_ids = frozenset(int(row["id"]) for row in rows)
        self.due.setText(f"保存期满 {len(rows):,}")
        self.due.setVisible(bool(rows))
        self.erase_button.setVisible(bool(rows))
        self._size_conditions()

    def _show_due(self) -> None:
        self.select(self._due_ids)

    def erase(self) -> None:
        """Erase who the people chosen were."""
        if ids := self.chosen_ids():
            self.dialog = erase(self.desk, ids)
        else:
            self.desk.say("先选中要删除的人；点“保存期满”看到期的人")

    def _know_teams(self, names: list[str]) -> None:
        office = self.desk.office.get("name", "")
        with QSignalBlocker(self.teams):
            self.teams.clear()
            self.teams.addItem("全部队伍", "")
            for name in names:
                self.teams.addItem(short_name(name, office), name)
            self.teams.addItem("不在任何队伍", None)
        self._follow_list()


class VolunteersPage(EntityPage):
    """One list."""

    key, title, icon, group, shortcut = "volunteer", "志愿者", "person", "台账", "3"
    records = (VOLUNTEER,)

    def make_pane(self, entity: Entity) -> EntityPane:
        """Return the list of a record."""
        return VolunteersPane(self.desk, entity, self.stack) if entity is VOLUNTEER else super().make_pane(entity)
