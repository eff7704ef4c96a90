"""Step 2 of an import: which column of theirs is which of ours, with examples and the reason; a person may change it."""

from functools import partial
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QResizeEvent, QStandardItem, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QCompleter,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from db.records.entities import BY_NAME, SHEETS
from desktop.services import import_draft
from desktop.services.import_draft import Draft, Source
from desktop.shell.theme import Theme
from desktop.shell.widgets import Elided, Tag, button, card, clear, label, row, rule, scrolled
from desktop.tables.cell_drawing import SUB
from desktop.tables.record_model import TableView
from forms.columns.constants import LIKE, can_number, fill, fillable, number, options
from forms.columns.proposals import (
    CHOSEN,
    CONTENT,
    EXACT,
    FILLED,
    REMEMBERED,
    SAID,
    SYNONYM,
    Proposal,
    fed_by,
    letters,
)

Index = QModelIndex | QPersistentModelIndex
REASONS = {
    REMEMBERED: "上次这样对应", EXACT: "与本台账的列名一致", SYNONYM: "同一个意思的叫法",
    CONTENT: "按这一列的内容猜的", CHOSEN: "您选的", FILLED: "您统一填写的", SAID: "表名或表的上方写着，每行都填",
}  # fmt: skip
MOST_COLUMNS = 80
_NARROW = 860  # with less room the table of columns is drawn together


class Choice(QComboBox):
    """A list that the mouse wheel only turns where it was clicked first: scrolling past changes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMaxVisibleItems(18)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()


class _Names(QAbstractTableModel):
    """Names of tables with a second line."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[tuple[str, str]] = []

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """How many tables there are."""
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        """One."""
        return 0 if parent.isValid() else 1

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Return the name, or what is said of it."""
        if not index.isValid():
            return None
        name, said = self.lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return name
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{name}：{said}"
        return said if role == SUB else None


class TableList(TableView):
    """The tables of the files, with what is to be said of each."""

    chosen = Signal(int)

    def __init__(self, theme: Theme, name: str) -> None:
        self.names = _Names()
        super().__init__(theme, name, 48)
        self.names.setParent(self)
        self.setModel(self.names)
        self.horizontalHeader().hide()
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.selectionModel().currentRowChanged.connect(lambda now, _: self.chosen.emit(now.row()))

    def show_lines(self, lines: list[tuple[str, str]], current: int) -> None:
        """Show other lines; the choice is not told again."""
        model = self.selectionModel()
        model.blockSignals(True)
        if len(lines) == len(self.names.lines):
            self.names.lines = lines
            self.names.dataChanged.emit(self.names.index(0, 0), self.names.index(len(lines) - 1, 0))
        else:
            self.names.beginResetModel()
            self.names.lines = lines
            self.names.endResetModel()
        index = self.names.index(current, 0)
        model.setCurrentIndex(index, model.SelectionFlag.ClearAndSelect)
        model.blockSignals(False)
        self.scrollTo(index)
        self.viewport().update()


def inset(widget: QWidget) -> QHBoxLayout:
    """Give a heading its distance from the edge of a card whose list fills it."""
    made = row(widget, None)
    made.setContentsMargins(12, 0, 10, 0)
    return made


class MatchPanel(QWidget):
    """The columns of one table at a time."""

    changed = Signal()  # a mapping is another one
    ready = Signal()  # on to the check

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.draft: Draft | None = None
        self.current = 0
        self.combos: list[Choice] = []
        self.tags: list[Tag | Elided] = []
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(12)
        middle = QHBoxLayout()
        middle.setSpacing(12)
        self.left, inside = card((1, 12, 1, 1), 8)
        inside.addLayout(inset(label("文件里的表", "strong")))
        self.tables = TableList(theme, "文件里的表")
        self.tables.chosen.connect(self.show_table)
        inside.addWidget(self.tables, 1)
        middle.addWidget(self.left)
        right, inside = card((16, 12, 10, 10), 8)
        self.kind = Choice()
        self.kind.setAccessibleName("这张表是哪一类记录")
        self.kind.addItem("不导入这张表", "")
        for entity in SHEETS:
            self.kind.addItem(entity.label, entity.name)
        self.kind.activated.connect(lambda _: self._choose_kind())
        self.back = button(theme, "恢复自动", "refresh", "quiet", "回到程序自动认出的对应关系", self._put_back)
        self.feeds = label("", "dim", wrap=True)
        head = row(label("这张表是", "strong"), self.kind, self.feeds, self.back)
        head.setStretch(2, 1)
        inside.addLayout(head)
        self.read = label("", "dim", wrap=True)
        inside.addWidget(self.read)
        inside.addWidget(rule())
        inside.addWidget(self._filling())
        area, column = scrolled("各列的对应关系")
        self.grid_place = QVBoxLayout()
        column.addLayout(self.grid_place)
        column.addStretch(1)
        inside.addWidget(area, 1)
        middle.addWidget(right, 1)
        whole.addLayout(middle, 1)
        foot, inside = card((14, 9, 14, 9))
        self.words = label("", "dim", wrap=True)
        self.next = button(theme, "下一步：检查数据", "right", "primary", "", self.ready.emit)
        line = row(self.words, self.next)
        line.setStretch(0, 1)
        inside.addLayout(line)
        whole.addWidget(foot)
        self._is_narrow = False
        self._size()
        theme.changed.connect(self._size)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window every column of the table gives way: none of them ends beyond the edge."""
        super().resizeEvent(event)
        narrow = self.width() < self.theme.px(_NARROW)
        if narrow != self._is_narrow:
            self._is_narrow = narrow
            self._size()

    def _filling(self) -> QWidget:
        """For what the table has no column for and is the same in every row."""
        self.filling = QWidget()
        self.filling.setObjectName("plain")
        self.missing = Choice()
        self.missing.setAccessibleName("表里没有的列")
        self.value = QLineEdit()
        self.value.setAccessibleName("全部填为")
        self.value.returnPressed.connect(self.fill)
        go = button(self.theme, "填上", "tick", "", "这一列每行都填这个内容", self.fill)
        self.other = button(self.theme, "", "", "", "不必逐行填写", self.fill_otherwise)
        self.missing.currentIndexChanged.connect(lambda _: self._offer_more())
        self.everywhere = QCheckBox("各表都这样填")
        self.everywhere.setToolTip("别的表也没有这一列时，一起填上")
        self.value.setMinimumWidth(self.theme.px(60))
        line = row(label("表里没有", "dim"), self.missing, label("每行都填", "dim"), self.value, go)
        line.setStretch(3, 1)
        both = QVBoxLayout(self.filling)
        both.setContentsMargins(0, 0, 8, 0)
        both.setSpacing(6)
        both.addLayout(line)
        both.addLayout(row(self.other, self.everywhere, None))
        return self.filling

    def fill(self) -> None:
        """Give every row the value that was typed."""
        text = self.value.text().strip()
        for p in self._lacking():
            fill(p, str(self.missing.currentData()), text)
        self.value.clear()
        self._again()

    def fill_otherwise(self) -> None:
        """Give every row the day that it holds in the other column of days, or a number of our own."""
        heading = str(self.missing.currentData())
        for p in self._lacking():
            if can_number(p, heading):
                number(p, heading)
            elif LIKE.get(heading) in p.chosen:
                fill(p, heading, "", like=LIKE[heading])
        self._again()

    def _lacking(self, everywhere: bool | None = None) -> list[Proposal]:
        """The tables that get what is filled in: this one, and with `everywhere` all that lack the same column."""
        heading = str(self.missing.currentData() or "")
        wide = self.everywhere.isVisible() and self.everywhere.isChecked() if everywhere is None else everywhere
        sources = self.draft.taken() if wide and self.draft is not None else [self.source]
        found = [s.proposal for s in sources if s.proposal is not None and heading]
        return [p for p in found if p is self.source.proposal or (heading in fillable(p) and heading not in p.chosen)]

    def _offer_more(self) -> None:
        """Show what else can be done about the missing column: another day for it, the other tables at once."""
        heading = str(self.missing.currentData() or "")
        p = self.source.proposal if self.draft is not None else None
        other, numbers = LIKE.get(heading, ""), p is not None and can_number(p, heading)
        self.other.setText("自动编号" if numbers else f"与“{other}”相同")
        self.other.setAccessibleName(self.other.text())
        self.other.setVisible(numbers or (p is not None and bool(other) and other in p.chosen))
        words = [] if p is None else options(p, heading)
        hint = "例如 2026-01-01" if heading.endswith("日期") else f"可以填：{'、'.join(words)}" if words else ""
        self.value.setPlaceholderText(hint)
        self.value.setToolTip(hint)
        known = words or (list(self.source.teams) if heading == "队伍名称" and p is not None else [])
        self.value.setCompleter(QCompleter(known, self.value) if known else None)  # type: ignore[arg-type]  # None takes it away
        self.everywhere.setVisible(p is not None and len(self._lacking(True)) > 1)
        self.everywhere.setChecked(heading in LIKE or numbers)  # a team is seldom that of the next table

    def _size(self) -> None:
        self.left.setFixedWidth(self.theme.px(160 if self._is_narrow else 230))
        self.kind.setFixedWidth(self.theme.px(150))
        for made in self.findChildren(QWidget):
            if (wide := made.property("wide")) is not None:
                self._give(made, wide)

    def _give(self, made: QWidget, wide: tuple[int, int]) -> None:
        """Give a widget of the table its least width, which is another one in a narrow window."""
        made.setProperty("wide", wide)
        least = self.theme.px(wide[1] if self._is_narrow else wide[0])
        made.setMinimumWidth(least)
        if isinstance(made, Choice):
            made.setMaximumWidth(least)

    def show_draft(self, draft: Draft) -> None:
        """Show a draft, first the table that has something to confirm."""
        self.draft = draft
        self.left.setVisible(len(draft.sources) > 1)
        self.current = next((n for n, s in enumerate(draft.sources) if s.to_confirm()), 0)
        self.show_table(self.current)

    @property
    def source(self) -> Source:
        """The table that is shown."""
        assert self.draft is not None
        return self.draft.sources[self.current]

    def show_table(self, number: int) -> None:
        """Show the columns of a table."""
        if self.draft is None or not 0 <= number < len(self.draft.sources):
            return
        self.current = number
        p = self.source.proposal
        self.kind.setCurrentIndex(self.kind.findData(p.kind if p is not None else ""))
        clear(self.grid_place)
        self.combos, self.tags = [], []
        if p is not None:
            self.grid_place.addWidget(self._columns())
        else:
            rows = len(self.source.table.rows)
            text = f"没有认出这张表（{rows} 行），现在不会导入。如果它是台账的记录，请在上面选一类。"
            self.grid_place.addWidget(label(text, "dim", wrap=True))
        self._tell()

    def _columns(self) -> QWidget:
        p = self.source.proposal
        assert p is not None
        made = QWidget()
        made.setObjectName("plain")
        grid = QGridLayout(made)
        grid.setContentsMargins(0, 2, 8, 2)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        for n, text in enumerate(("您的表头", "里面的内容", "对应到", "", "为什么")):
            grid.addWidget(label(text, "hint"), 0, n)
        used = [
            i
            for i in range(len(p.headings))
            if p.headings[i] or p.chosen[i] or import_draft.examples(self.source, i, 1)
        ]
        ours = self._headings(p.kind, made)
        loose = Qt.AlignmentFlag.AlignVCenter
        tight = loose | Qt.AlignmentFlag.AlignLeft
        for line, i in enumerate(used[:MOST_COLUMNS], 1):
            heading = Elided(f"{letters(i)}　{p.headings[i].strip() or '（没有表头）'}".replace("\n", " "))
            self._give(heading, (130, 90))
            heading.setMaximumWidth(self.theme.px(210))
            shown = "、".join(import_draft.examples(self.source, i)) or "（空）"
            example = Elided(shown, "dim")
            self._give(example, (100, 50))
            combo = self._combo(ours, p.chosen[i])
            self._give(combo, (180, 138))
            combo.setAccessibleName(f"{heading.whole} 对应到")
            combo.activated.connect(partial(self._choose, i, combo))
            mark, why = Tag(self.theme), Elided("", "hint")
            self._give(why, (90, 44))
            mark.setProperty("column", i)
            why.setProperty("column", i)
            self.combos.append(combo)
            self.tags += [mark, why]
            for n, widget in enumerate((heading, example, combo, mark, why)):
                grid.addWidget(widget, line, n, tight if n == 3 else loose)
        for n, share in ((0, 2), (1, 3), (4, 3)):
            grid.setColumnStretch(n, share)
        self._mark()
        return made

    def _combo(self, headings: QStandardItemModel, chosen: str) -> Choice:
        combo = Choice()
        combo.setModel(headings)
        combo.setCurrentIndex(max(combo.findData(chosen), 0) if chosen else 0)
        return combo

    def _headings(self, kind: str, parent: QWidget) -> QStandardItemModel:
        """What a column may be: one list for all columns of a table."""
        model = QStandardItemModel(parent)
        lines: list[tuple[str, str | None]] = [("不导入", "")]
        for record, headings in import_draft.choices(kind):
            lines.append((f"— {record} —", None))
            lines += [(f"{heading}（必填）" if needed else heading, heading) for heading, needed in headings]
        for text, heading in lines:
            item = QStandardItem(text)
            item.setData(heading, Qt.ItemDataRole.UserRole)
            item.setEnabled(heading is not None)
            model.appendRow(item)
        return model

    def _mark(self) -> None:
        p = self.source.proposal
        if p is None:
            return
        written = {h for e in p.records() for h, _, _ in e.columns}
        for made in self.tags:
            i = int(made.property("column"))
            reason = p.reasons[i] if p.chosen[i] else ""
            waits = bool(p.chosen[i]) and p.chosen[i] not in written
            if isinstance(made, Elided):
                made.say("还缺别的列，见下面" if waits else REASONS.get(reason, "没有用到"))
                continue
            tone, text = ("warn", "请确认") if reason in (CONTENT, SAID) else ("good", "自动识别")
            tone, text = ("good", "已选定") if reason in (CHOSEN, FILLED) else (tone, text)
            tone, text = ("calm", "暂不写入") if waits else (tone, text) if p.chosen[i] else ("calm", "不导入")
            made.say(text, tone)
            made.setToolTip(REASONS.get(reason, ""))

    def _choose(self, column: int, combo: Choice, _: int = 0) -> None:
        p = self.source.proposal
        ours = combo.currentData()
        if p is None or ours is None:
            return
        for other, heading in enumerate(p.chosen):
            if ours and heading == ours and other != column:
                p.chosen[other], p.reasons[other] = "", CHOSEN
        p.chosen[column], p.reasons[column] = ours, CHOSEN
        self._again()

    def _again(self) -> None:
        focus = self.focusWidget()
        place = self.combos.index(focus) if isinstance(focus, Choice) and focus in self.combos else -1
        self.show_table(self.current)
        if 0 <= place < len(self.combos):
            self.combos[place].setFocus()
        self.changed.emit()

    def _choose_kind(self) -> None:
        import_draft.choose_kind(self.source, str(self.kind.currentData() or ""))
        self._again()

    def _put_back(self) -> None:
        import_draft.put_back(self.source)
        self._again()

    def _short(self) -> str:
        """Say what is missing for a record that some columns belong to."""
        p = self.source.proposal
        if p is None:
            return ""
        written = p.records()
        for entity in fed_by(p.kind):
            own = [
                h
                for h, _, _ in entity.columns
                if h in p.chosen and all(h not in {c for c, _, _ in e.columns} for e in written)
            ]
            lacks = [h for h, f, _ in entity.columns if f.required and f.default is None and h not in p.chosen]
            if entity not in written and own and lacks:
                return f"有“{'”“'.join(own)}”，还缺“{'”“'.join(lacks)}”，所以不写入“{entity.label}”；表里有的话请对应一下，没有就在上面统一填写。"
        return ""

    def confirm(self) -> None:
        """Going on confirms what was guessed."""
        for source in self.draft.sources if self.draft is not None else ():
            if source.proposal is not None:
                sure = {CONTENT: CHOSEN, SAID: FILLED}
                source.proposal.reasons[:] = [sure.get(r, r) for r in source.proposal.reasons]

    def _tell(self) -> None:
        assert self.draft is not None
        p = self.source.proposal
        said = self.source.table.notes  # how it was read, where it is no ordinary list
        self.read.setText("。".join((*said, "")))
        self.read.setVisible(bool(said))
        self.back.setEnabled(self.source.guessed is not None)
        lacking = [] if p is None else fillable(p)
        self.missing.clear()
        for heading in lacking:
            self.missing.addItem(heading, heading)
        self.filling.setVisible(bool(lacking))
        self._offer_more()
        self.feeds.setText("" if p is None else f"会写入：{'、'.join(e.label for e in p.records())}")
        lines = []
        for s in self.draft.sources:
            n = s.to_confirm()
            kind = "不导入" if s.proposal is None else BY_NAME[s.proposal.kind].label
            lines.append((s.title, f"{kind}{f' · {n} 列请确认' if n else ''}"))
        self.tables.show_lines(lines, self.current)
        missing = [
            (s.title, s.proposal.missing())
            for s in self.draft.taken()
            if s.proposal is not None and s.proposal.missing()
        ]
        if not self.draft.taken():
            text = "还没有选定要导入的表。"
        elif missing:
            named = "；".join(f"{title}：{'、'.join(m)}" for title, m in missing[:3])
            text = f"还没有对应到必填的列（{named}）。表里有的话请对应一下，没有就在上面统一填写；缺了它们，这些行都会列为错误。"
        elif n := sum(
            s.proposal.reasons.count(why) for s in self.draft.taken() if s.proposal for why in (CONTENT, SAID)
        ):
            text = f"有 {n} 列是按内容或表名猜的，请看一眼；点“下一步”就算确认，下次同样的表自动套用。"
        elif self.draft.to_confirm():
            text = ""
        else:
            text = "各列都对上了。不对的可以改；下次同样的表自动套用。"
        self.words.setText(text + self._short())
        self.next.setEnabled(bool(self.draft.taken()))
