"""One team: its facts, what needs handling, and its tabs."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from db.records.amounts import Hours, Money
from db.records.entities import COVERAGE, TEAM
from db.records.internal_entities import TEAM_FILE
from db.tasks import teams
from desktop.pages.insurance.renewing import renew
from desktop.pages.money.funding_ledger import LedgerPane
from desktop.pages.service.serving import ServingPane
from desktop.pages.teams.team_list import WORDS, Standing
from desktop.pages.teams.team_members import MembersPane
from desktop.pages.training.training_pane import TrainingPane
from desktop.records import specs
from desktop.records.files_panel import FilesPanel
from desktop.records.record_list import EntityPane
from desktop.services.short_names import short_name
from desktop.shell.desk import Desk
from desktop.shell.widgets import Elided, Tag, button, clear, fill, label

TABS = (
    ("membership", "成员"), ("training", "培训"), ("coverage", "保险"), ("fund_entry", "经费"), ("activity", "活动"),
    ("team_file", "档案"),
)  # fmt: skip
_PARTS = ("members", "training", "coverage", "money", "activity", "files")  # the same, by their names here
_Pane = TypeVar("_Pane", bound=EntityPane)
_FILE_WORDS = "还没有档案。章程、批复、队旗照片、协议……点“添加档案”，或把文件拖到这里。"


class OneTeam(QFrame):
    """Shows one team; each tab reads when it is in view."""

    edit_asked = Signal()
    status_changed = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.stack = QStackedWidget(self)
        self.desk, self.theme = desk, desk.theme
        self.card: dict[str, Any] | None = None
        self.standing: Standing | None = None
        self._stale = {name for name, _ in TABS}
        self._is_low = self._is_narrow = False
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        self.name, self.tag_line = Elided("", "title"), QHBoxLayout()
        self.name.setMinimumWidth(60)
        self.edit_button = button(self.theme, "修改资料", "edit", "", "队伍的全部资料", self.edit_asked.emit)
        head = QHBoxLayout()
        head.addWidget(self.name, 1000)
        fill(head, (self.tag_line, None, self.edit_button))
        column.addLayout(head)
        self.facts = QHBoxLayout()
        self.facts.setSpacing(22)
        column.addLayout(self.facts)
        self.strip = QLabel()  # a label, since the style sheet colours labels by tone
        self.strip_line = QHBoxLayout(self.strip)
        self.strip_line.setContentsMargins(10, 3, 4, 3)
        column.addWidget(self.strip)
        self.tabs = QTabBar()
        self.tabs.setAccessibleName("这支队伍的")
        self.tabs.setExpanding(False)
        for _, words in TABS:
            self.tabs.addTab(words)
        self.tabs.currentChanged.connect(self._turn)
        column.addWidget(self.tabs)
        column.addWidget(self.stack, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a low window what stands over the lists moves together."""
        super().resizeEvent(event)
        px, column = self.theme.px, self.layout()
        low = self.height() < px(430)
        if column is None or low == self._is_low:
            return
        self._is_low = low
        column.setContentsMargins(px(16), px(6 if low else 12), px(16), px(6 if low else 12))
        column.setSpacing(px(3 if low else 8))
        self.lay_forms(self._is_narrow)
        QTimer.singleShot(0, self, lambda: self.show_team(self.card, self.standing))

    def lay_forms(self, narrow: bool) -> None:
        """In a low window the forms lie over all of the team, in a narrow one over their lists."""
        self._is_narrow = narrow
        for pane in self.panes:
            self._lay_forms_of(pane)

    def _lay_forms_of(self, pane: EntityPane) -> None:
        pane.drawer.put_over(self._is_low or self._is_narrow, self if self._is_low else None)

    # The tabs, each made when it is first turned to

    @cached_property
    def members(self) -> MembersPane:
        """Who belongs to the team."""
        return self._placed(MembersPane(self.desk, self.stack))

    @cached_property
    def training(self) -> TrainingPane:
        """The team's trainings."""
        return self._placed(TrainingPane(self.desk, in_team=True, nest=self.stack))

    @cached_property
    def coverage(self) -> EntityPane:
        """The members' insurance."""
        return self._placed(EntityPane(self.desk, COVERAGE, in_team=True, nest=self.stack))

    @cached_property
    def money(self) -> LedgerPane:
        """The team's money."""
        return self._placed(LedgerPane(self.desk, self.stack))

    @cached_property
    def activity(self) -> ServingPane:
        """The team's activities."""
        return self._placed(ServingPane(self.desk, in_team=True, nest=self.stack))

    @cached_property
    def files(self) -> FilesPanel:
        """The team's files."""
        made = FilesPanel(self.desk, TEAM_FILE, "档案", _FILE_WORDS)
        self.stack.addWidget(made)
        made.counted.connect(self._count_files)
        self._tell_team(made)
        return made

    def _placed(self, made: _Pane) -> _Pane:
        self.stack.addWidget(made)
        made.status_changed.connect(self.status_changed)
        self._lay_forms_of(made)
        self._tell_team(made)
        return made

    def _tell_team(self, made: EntityPane | FilesPanel) -> None:
        if self.card is None:
            return
        team, name = int(self.card["id"]), str(self.card["name"])
        if isinstance(made, EntityPane):
            made.set_team(team, name)
        else:
            made.belong_to(team, name)

    @property
    def panes(self) -> list[EntityPane]:
        """The lists that were made."""
        return [made for made in self._made() if isinstance(made, EntityPane)]

    def _made(self) -> list[EntityPane | FilesPanel]:
        return [vars(self)[name] for name in _PARTS if name in vars(self)]

    def prepare(self) -> bool:
        """Make one more tab; tell whether there was one to make."""
        name = next((name for name in _PARTS if name not in vars(self)), None)
        if name is not None:
            getattr(self, name)
        return name is not None

    # Showing

    def show_team(self, card: dict[str, Any] | None, standing: Standing | None) -> None:
        """Show another team, or the same one as it is now."""
        other = card is None or self.card is None or card["id"] != self.card["id"]
        self.card, self.standing = card, standing
        for widget in (self.strip, self.tabs, self.stack, self.edit_button):
            widget.setVisible(card is not None)
        clear(self.facts)
        self.facts.setSpacing(self.theme.px(22 if self.width() >= self.theme.px(660) else 10))
        clear(self.tag_line)
        if card is None:
            self._name("没有符合条件的队伍")
            return
        name = str(card["name"])  # whole where there is room: it is what the papers bear
        self._name(short_name(name, self.desk.office.get("name", "")) if self._is_low else name)
        self.name.setToolTip(name)
        self._tell_standing()
        self._tell_facts(card)
        if other:
            for made in self._made():
                self._tell_team(made)
            self._stale = {name for name, _ in TABS}
            self._load_tab()
            self._ask_counts()

    def _name(self, text: str) -> None:
        self.name.say(text)
        self.name.ensurePolished()
        self.name.setMaximumWidth(self.name.fontMetrics().horizontalAdvance(text) + 4)

    def renew(self, cards: Sequence[dict[str, Any]], standings: Mapping[int, Standing]) -> None:
        """Show again what is known of the team, where it is still among these."""
        if self.card is not None:
            found = next((c for c in cards if c["id"] == self.card["id"]), None)
            if found is not None:
                self.show_team(found, standings.get(int(found["id"])))

    def load(self) -> None:
        """Read the tab in view again, the others when they are turned to."""
        self._stale = {name for name, _ in TABS}
        if self.card is not None:
            self._load_tab()
            self._ask_counts()

    def _ask_counts(self) -> None:
        if self.card is None:
            return
        team, day = int(self.card["id"]), self.desk.as_of
        self.desk.jobs.read(lambda store: (team, teams.tab_counts(store, team, day)), self._show_counts)

    def _show_counts(self, found: tuple[int, dict[str, int]]) -> None:
        team, counts = found
        if self.card is None or team != self.card["id"]:
            return
        for place, (name, words) in enumerate(TABS):
            self.tabs.setTabText(place, f"{words} {counts[name]:,}")
        self.members.tell_past(counts["past"])

    def _count_files(self, number: int) -> None:
        self.tabs.setTabText(len(TABS) - 1, f"{TABS[-1][1]} {number:,}")

    def _load_tab(self) -> None:
        place = self.tabs.currentIndex()
        name, shown = TABS[place][0], getattr(self, _PARTS[place])
        self.stack.setCurrentWidget(shown)
        if name in self._stale:
            self._stale.discard(name)
            shown.load()

    def _turn(self, place: int) -> None:
        if self.card is not None:
            self._load_tab()

    def show_tab(self, name: str) -> None:
        """Turn to a tab by its record."""
        self.tabs.setCurrentIndex([n for n, _ in TABS].index(name))

    # Facts and what needs handling

    def _tell_facts(self, card: dict[str, Any]) -> None:
        leader = str(card["team_leader"] or "未填")
        phone = TEAM["leader_phone"].show(card["leader_phone"])
        left = card["team_leader"] and not card["leader_member"]
        backbone = f"（骨干 {card['backbone']}）" if card["backbone"] else ""
        kind = TEAM["primary_domain"].show(card["primary_domain"])
        # In a low window: one line, the headings in front of what does not speak for itself.
        low = self._is_low
        facts = (
            ("类别", "", f"{kind}{' · ' + TEAM['team_type'].show(card['team_type']) if card['team_type'] else ''}", ""),
            ("成立日期", "成立 ", str(card["established_on"]), ""),
            ("队长", "队长 ", f"{leader} {'' if low else phone}".strip() + ("（不在队员里）" if left else ""),
             "warn" if left else ""),
            ("在队", "在队 ", f"{card['members']:,} 人{backbone}", ""),
            ("本年时长", "本年 ", f"{Hours().show(card['year_minutes'])} 小时", ""),
            ("经费结余", "结余 ", f"¥ {Money().show(card['balance_fen'])}", ""),
        )  # fmt: skip
        if low:  # what there is no room for is cut at the end, not a little of each; the list of teams tells the kind
            order = ("队长", "在队", "经费结余", "本年时长", "成立日期") if left else (
                "在队", "队长", "经费结余", "本年时长", "成立日期",
            )  # fmt: skip
            said = {head: f"{short}{text}" for head, short, text, _ in facts}
            line = Elided("　".join(said[head] for head in order))
            if left:
                line.setProperty("tone", "warn")
            self.facts.addWidget(line, 1)
            return
        for head, _, text, tone in facts:
            block = QVBoxLayout()
            block.setSpacing(0)
            block.addWidget(label(head, "hint"))
            words = Elided(text)
            words.ensurePolished()
            wide = words.fontMetrics().horizontalAdvance(text) + 2
            words.setMinimumWidth(min(wide, self.theme.px(40)))
            words.setMaximumWidth(wide)
            if tone:
                words.setProperty("tone", tone)
                words.setToolTip("队长不在队员名单里：请登记为队员，或在“修改资料”里换人")
            block.addWidget(words)
            self.facts.addLayout(block, 10 * wide)
        self.facts.addStretch(1)

    def _tell_standing(self) -> None:
        standing = self.standing or Standing()
        clear(self.tag_line)
        self.tag_line.addWidget(Tag(self.theme, WORDS[standing.tone], standing.tone), 0, Qt.AlignmentFlag.AlignVCenter)
        if then := self.desk.dated(""):  # beside the facts stands, in the lists, what was entered since
            self.tag_line.addWidget(label(f"截至 {then}", "hint"), 0, Qt.AlignmentFlag.AlignVCenter)
        clear(self.strip_line)
        assert self.card is not None
        uncovered = sorted(self.card["uncovered"])
        if uncovered:
            self._tell_uncovered(standing, uncovered)
        elif standing.findings:
            finding = standing.findings[0]
            more = f"（还有 {len(standing.findings) - 1} 项）" if len(standing.findings) > 1 else ""
            record = finding.clause.record
            verb = button(self.theme, specs.verb_for(finding, self.desk.page_name(record)), "", "", finding.clause.fix)
            verb.clicked.connect(lambda _=False: self.desk.handle(finding))
            self._fill_strip(standing.tone, f"{finding.clause.title}{more}", finding.clause.citation, verb)
        self.strip.setVisible(bool(uncovered or standing.findings))

    def _tell_uncovered(self, standing: Standing, people: list[int]) -> None:
        finding = next((f for f in standing.findings if f.clause.record == "coverage"), None)
        basis = f"依据 {finding.clause.citation}" if finding else "志愿服务前应当有保险"
        go = button(
            self.theme, f"给这 {len(people):,} 人续保、投保", "shield", "", "登记保单，一次写好", self.renew_people
        )
        self._fill_strip(standing.tone, f"{self.desk.dated('')}{len(people):,} 名队员没有保险或已经过期", basis, go)

    def _fill_strip(self, tone: str, text: str, basis: str, go: QWidget) -> None:
        self._tone(self.strip, tone)
        words, source = Elided(text, "strong"), Elided(basis, "hint")
        self.strip_line.addWidget(words, 3)
        self.strip_line.addWidget(source, 2)
        self.strip_line.addWidget(go, 0, Qt.AlignmentFlag.AlignVCenter)
        self.strip.setMinimumHeight(self.theme.px(40))

    def _tone(self, widget: QLabel, tone: str) -> None:
        widget.setProperty("tone", tone)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.updateGeometry()

    def renew_people(self) -> None:
        """Insure the members without insurance."""
        if self.card is not None and self.card["uncovered"]:
            renew(self.desk, sorted(self.card["uncovered"]), int(self.card["id"]))
