"""经费: every ledger with its balance, and beside them the entries of one; or all entries as one plain list."""

from functools import cached_property
from typing import Any

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QFrame, QHBoxLayout, QHeaderView, QStackedWidget, QVBoxLayout, QWidget

from db.records.amounts import Money
from db.records.entities import FUND_ENTRY
from db.tasks import money as ledger
from desktop.pages.money.funding_ledger import LedgerPane
from desktop.records.record_list import EntityPane
from desktop.records.record_page import EntityPage
from desktop.services.short_names import short_name
from desktop.shell.desk import Desk
from desktop.shell.page import Page
from desktop.shell.widgets import card, chip, label, row
from desktop.tables.text_table import Line, PlainModel, PlainView


class FundingPage(EntityPage):
    """Ledgers on the left, one on the right; 全部收支 is the plain list."""

    key, title, icon, group, shortcut = "fund", "经费", "money", "台账", "6"
    records = (FUND_ENTRY,)
    hint = "F2 改这一格　Ctrl+N 记一笔　Ctrl+V 粘贴　Ctrl+Z 撤销"

    def __init__(self, desk: Desk) -> None:
        Page.__init__(self, desk)
        self.tables = frozenset({"fund_entry", "fund_voucher", "team"})
        self.front = 1  # the first view is no list
        self._is_narrow = False
        self.stack = QStackedWidget(self)
        side, (self.frame, self.right) = QWidget(self.stack), card((16, 12, 16, 12), 8)
        self.frame.setParent(side)
        self.one = LedgerPane(desk, self.frame)
        self.one.status_changed.connect(self.status_changed)
        self.ledgers: list[dict[str, Any]] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 0, 20, 12)
        column.setSpacing(8)
        self.chips = [chip("按账本", lambda: self.turn(0)), chip("全部收支", lambda: self.turn(1))]
        self.sums = label("", "dim")
        column.addLayout(row(*self.chips, None, self.sums))
        self._side_by_side(side)
        self.stack.addWidget(side)
        column.addWidget(self.stack, 1)
        self.turn(0)
        self._size()
        self.one.entry.installEventFilter(self)
        self.theme.changed.connect(self._size)

    def _side_by_side(self, whole: QWidget) -> None:
        whole.setObjectName("plain")
        body = QHBoxLayout(whole)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(12)
        self.left, inside = card((1, 1, 1, 1), 0)
        self.model = PlainModel(("账本", "结余（元）"), self, right=(1,))
        self.view = PlainView(self.theme, "账本", 50)
        self.view.setModel(self.model)
        self.view.setSelectionMode(self.view.SelectionMode.SingleSelection)
        header = self.view.horizontalHeader()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        self.view.selectionModel().currentRowChanged.connect(lambda *_: self._choose())
        inside.addWidget(self.view, 1)
        foot = QFrame()
        foot.setObjectName("foot")
        line = QHBoxLayout(foot)
        line.setContentsMargins(12, 7, 12, 7)
        self.count = label("", "dim")
        line.addWidget(self.count)
        inside.addWidget(foot)
        self.name, self.balance = label("", "heading"), label("", "dim")
        self.right.addLayout(row(self.name, None, self.balance))
        self.right.addWidget(self.one, 1)
        body.addWidget(self.left)
        body.addWidget(self.frame, 1)

    def _size(self) -> None:
        px = self.theme.px
        usual = px(300 if self.width() >= px(1040) else 250)
        wide = max(usual, min(round(self.width() * 0.24), px(460)))  # whole names, where there is room
        self.left.setFixedWidth(wide)
        # While an entry is typed, amounts and balances are what is looked at.
        self.left.setVisible(self.one.entry.isHidden() or self.width() >= px(1400))
        self.view.setColumnWidth(1, self.theme.px(112))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The form of an entry came or went."""
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self._size()
        return False

    def resizeEvent(self, event: Any) -> None:
        """A narrow window leaves the ledgers less room."""
        super().resizeEvent(event)
        self._size()

    @cached_property
    def every(self) -> EntityPane:
        """The plain list of all entries; made at its first use."""
        made = EntityPane(self.desk, FUND_ENTRY, nest=self.stack)
        made.status_changed.connect(self.status_changed)
        made.drawer.put_over(self._is_narrow)
        self.stack.addWidget(made)
        return made

    @property
    def panes(self) -> list[EntityPane]:
        """The plain list, and that of one ledger."""
        return [self.every, self.one]

    @property
    def made_panes(self) -> list[EntityPane]:
        """Those that were made so far."""
        return self.panes if "every" in vars(self) else [self.one]

    def prepare(self) -> bool:
        """Make the plain list."""
        return len(self.made_panes) < len(self.panes)

    @property
    def pane(self) -> EntityPane:
        """The list in view."""
        return self.every if self.stack.currentIndex() else self.one

    @property
    def shows_pane(self) -> bool:
        """A list is always in view."""
        return True

    def plain_list(self) -> EntityPane:
        """Turn to the list of all entries."""
        self.turn(1)
        return self.every

    def load(self) -> None:
        """Read the ledgers and the list in view."""
        day = self.desk.as_of
        self.jobs.read(lambda store: ledger.ledgers(store, day), self._show)
        if self.stack.currentIndex() == 1:
            self.every.load()
        elif self.one.team is not None:
            self.one.load()

    def _show(self, found: list[dict[str, Any]]) -> None:
        self.ledgers = found
        money = Money().show
        chosen = self.one.team
        self.model.set_lines([self._line(one) for one in found])
        total = sum(int(one["balance_fen"]) for one in found)
        missing = sum(int(one["unproved"]) for one in found)
        day = self.desk.as_of.isoformat()
        self.tell(f"{sum(int(one['entries']) for one in found):,} 笔 · 截至 {day} 结余 {money(total)} 元")
        self.count.setText(f"共 {len(found):,} 本账　{self.desk.dated('结余')} {money(total)} 元")
        self.sums.setText(f"{missing:,} 笔还没有凭证" if missing else "")
        place = self.model.place(chosen) if chosen is not None else -1
        if place < 0:  # the ledger with most to do: entries without a voucher, else the first that is used
            used = sorted(found, key=lambda o: (-int(o["unproved"]), -int(o["entries"])))
            place = self.model.place(int(used[0]["id"]))
        self.view.selectRow(place)
        self._choose()

    def _line(self, one: dict[str, Any]) -> Line:
        entries, missing = int(one["entries"]), int(one["unproved"])
        sub = f"{entries:,} 笔" + (f" · {missing:,} 笔缺凭证" if missing else "") if entries else "还没有记账"
        name = short_name(str(one["name"]), self.desk.office.get("name", ""))
        return Line(int(one["id"]), (name, Money().show(one["balance_fen"])), {0: sub})

    def _choose(self) -> None:
        index = self.view.currentIndex()
        if not index.isValid() or index.row() >= len(self.model.lines):
            return
        line = self.model.lines[index.row()]
        self.name.setText(line.texts[0])
        self.balance.setText(f"{self.desk.dated('结余')} ¥ {line.texts[1]}")
        if line.id != self.one.team:
            self.one.set_team(line.id, line.texts[0])
            self.one.load()

    def turn(self, place: int) -> None:
        """Show the ledgers, or all entries in one list."""
        self.stack.setCurrentIndex(self.stack.indexOf(self.every) if place else 0)
        self.chips[place].setChecked(True)
        if place == 1:
            self.every.load()
        elif self.one.team is not None:
            self.one.load()
        if self.isVisible():
            self.pane.view.setFocus()

    def select(self, entity: str, ids: frozenset[int]) -> None:
        """Show some entries in the plain list."""
        self.turn(1)
        self.every.select(ids)

    def quarter_changed(self) -> None:
        """A list that shows one quarter shows the other one."""
        for pane in self.made_panes:
            if pane is not self.one and pane.toolbar.only_quarter:
                pane.follow_quarter()
        self.stale = True  # the balances are those of another day now
        if self.isVisible():
            self.arrive()

    def take_focus(self) -> None:
        """The keys go to the list in view."""
        self.pane.view.setFocus()
