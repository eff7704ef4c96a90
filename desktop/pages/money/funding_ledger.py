"""One ledger: entries with the balance after each, 记一笔, vouchers dropped on it, and 冲销."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QPushButton, QVBoxLayout, QWidget

from db.records.entities import FUND_ENTRY
from db.records.fields import Entity, Row
from db.records.internal_entities import FUND_VOUCHER
from db.records.kinds import Value
from db.storage.store import Store
from db.tasks import money, teams
from desktop.records.files_panel import DropFrame, FilesPanel, dropped
from desktop.records.quick_form import EntryPane
from desktop.shell.desk import Desk
from desktop.shell.widgets import button, label, row
from desktop.tables.form_dialog import FormDialog
from desktop.tables.line_editors import LineEditor

_DIRECTIONS = {"expense": "支出", "income": "收入"}
# What is asked of a new entry: the three fields that always differ come first; the ledger and direction are known.
_ORDER = ("summary", "amount_fen", "entry_on", "category", "voucher", "fund_source", "earmark", "counterpart")
NEW_ENTRY = Entity(
    "fund_entry", "收支", title="summary", key=(), fields=tuple(
        replace(FUND_ENTRY[name], width=8 if name == "voucher" else FUND_ENTRY[name].width) for name in _ORDER
    ),
)  # fmt: skip


class LedgerPane(EntryPane):
    """The entries of one team, or of what the office shares."""

    def __init__(self, desk: Desk, nest: QWidget | None = None) -> None:
        self.direction = "expense"
        self.files: list[Path] = []
        super().__init__(desk, FUND_ENTRY, NEW_ENTRY, "category", "记一笔", nest)
        self.toolbar.add_button.hide()
        self.setAcceptDrops(True)
        self.entry.next_button.setText("保存并再记一笔")
        self.entry.below.addWidget(self._voucher_box())
        self.entry.save_asked.connect(self._save_entry)
        self.jobs.idle.connect(self.entry.allow_saving)

    def _voucher_box(self) -> DropFrame:
        box = DropFrame()
        box.files_dropped.connect(self.take_files)
        inside = QVBoxLayout(box)
        inside.setContentsMargins(10, 8, 10, 8)
        self.file_words = label("", "hint", wrap=True)
        choose = button(self.theme, "选择凭证", "note", "link", "发票、收据的照片或扫描件", self.choose_files)
        inside.addWidget(self.file_words)
        inside.addLayout(row(choose, None))
        self._tell_files()
        return box

    def extra_buttons(self) -> list[QPushButton]:
        """记一笔, 凭证 and 冲销."""
        self.spend_button = button(self.theme, "记一笔支出", "add", "primary", "Ctrl+N", lambda: self.enter("expense"))
        self.earn_button = button(self.theme, "记一笔收入", "add", "", "", lambda: self.enter("income"))
        self.voucher_button = button(self.theme, "凭证", "note", "", "看、加、移除所选这一笔的凭证", self.vouchers)
        tip = "记错的一笔不改不删：记一笔方向相反的把它抵掉"
        self.reverse_button = button(self.theme, "冲销", "undo", "", tip, self.reverse)
        return [self.spend_button, self.earn_button, self.voucher_button, self.reverse_button]

    # A new entry

    def add(self) -> None:
        """Enter an expense: what is entered most."""
        self.enter("expense")

    def enter(self, direction: str) -> None:
        """Open the form of a new entry."""
        if self.team is None:
            return
        self.put_form_away()
        if self.entry.isVisible() and direction == self.direction:
            self.entry.focus_first()
            return
        self.direction = direction
        self.entry.show()
        self.entry.edit(None, {}, {"entry_on": self.desk.today.isoformat()})
        self.entry.title.setText(f"记一笔{_DIRECTIONS[direction]}")
        QTimer.singleShot(0, self, self._show_amounts)
        team = self.team
        self.jobs.read(
            lambda store: (money.categories(store, direction), money.open_earmarks(store, team)),
            self._usual,
        )

    def _show_amounts(self) -> None:
        """Beside the form, amounts and balances are what is looked at."""
        balance = [f.name for f in self.model.fields].index("balance_fen")
        self.columns.look_at(("amount_fen", "balance_fen"))
        if self.model.rowCount():
            self.view.scrollTo(self.model.index(0, balance))

    def close_entry(self) -> None:
        """The columns have their own widths again."""
        super().close_entry()
        self.columns.look_at(())

    def _usual(self, found: tuple[list[str], list[tuple[str, int]]]) -> None:
        categories, earmarks = found
        category = self.entry.editors["category"]
        assert isinstance(category, LineEditor)
        category.offer(categories)
        show = FUND_ENTRY["amount_fen"].show
        left = "、".join(f"{name}余 {show(fen)} 元" for name, fen in earmarks)
        self.entry.editors["earmark"].setToolTip(f"定向的钱：{left}" if left else "这本账里没有定向的钱")

    def _save_entry(self, record: Row, before: Row | None, go_on: bool) -> None:
        values: Row = dict.fromkeys(FUND_ENTRY.by_name)
        values |= {name: record[name] for name in _ORDER}
        values |= {"direction": self.direction, "team_id": self.team or None}
        files, day = list(self.files), self.desk.today
        self._again = go_on
        self.entry.save_button.setEnabled(False)

        def work(store: Store) -> int:
            number = money.save_entry(store, values)
            if files:
                teams.add_files(store, FUND_VOUCHER, number, files, day)
            return number

        words = str(record["summary"] or record["category"])
        self.jobs.write(
            f"记一笔{_DIRECTIONS[self.direction]}：{words}（{self.team_name}）",
            work,
            self._entered,
            self._entry_refused,
        )

    _again = False

    def _entered(self, number: int) -> None:
        self._wanted = frozenset({number})
        self.files = []
        self._tell_files()
        self.entry.saved()
        self.entry.hide()
        if self._again:
            self.enter(self.direction)
        else:
            self.view.setFocus()

    def _entry_refused(self, error: Exception) -> None:
        self.entry.show_refusal(str(error))

    def unsaved(self) -> bool:
        """Tell whether something was typed and not saved."""
        entry = self.entry
        return super().unsaved() or bool(entry.drafts or self.files) or (not entry.isHidden() and entry.dirty())

    # Vouchers

    def choose_files(self) -> None:
        """Ask for vouchers of the new entry."""
        chosen, _ = QFileDialog.getOpenFileNames(self, "选择凭证", str(self.desk.folder))
        self.take_files([Path(c) for c in chosen])

    def take_files(self, paths: list[Path]) -> None:
        """Put vouchers with the entry that is being entered."""
        self.files += [p for p in paths if p not in self.files]
        self._tell_files()

    def _tell_files(self) -> None:
        names = "、".join(p.name for p in self.files)
        self.file_words.setText(f"凭证：{names}" if names else "把凭证的照片或文件拖到这里")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped on the ledger."""
        if dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Files go to the entry that is being entered, or to the one chosen."""
        paths = dropped(event)
        if not paths:
            return
        event.acceptProposedAction()
        if self.entry.isVisible():
            self.take_files(paths)
            return
        ids = self.chosen_ids()
        if len(ids) != 1:
            self.desk.say("先选中一笔收支，再把凭证拖进来")
            return
        entry, day = ids[0], self.desk.today
        name = self.name_of(self.model.row(self.model.place(entry)))
        some = paths[0].name if len(paths) == 1 else f"{len(paths)} 份"
        self.jobs.write(
            f"添加凭证：{some}（{name}）", lambda store: teams.add_files(store, FUND_VOUCHER, entry, paths, day)
        )

    def vouchers(self) -> None:
        """Show the vouchers of the entry chosen."""
        ids = self.chosen_ids()
        if len(ids) != 1:
            self.desk.say("先选中一笔收支")
            return
        self.dialog = VoucherDialog(self.desk, ids[0], self.name_of(self.model.row(self.model.place(ids[0]))))
        self.dialog.open()

    def reverse(self) -> None:
        """Ask for day and reason, then write the opposite of the entry chosen."""
        ids = self.chosen_ids()
        if len(ids) != 1:
            self.desk.say("先选中要冲销的一笔")
            return
        row = self.model.row(self.model.place(ids[0]))
        self.dialog = self.desk.drafts.open(("reverse", ids[0]), lambda: ReverseDialog(self.desk, row))

    def start(self) -> dict[str, Value]:
        """A new row belongs to this ledger."""
        return {"team_id": self.team or None}


class VoucherDialog(QDialog):
    """The vouchers of one entry."""

    def __init__(self, desk: Desk, entry: int, name: str) -> None:
        super().__init__(desk.window)
        self.setWindowTitle("凭证")
        self.resize(desk.theme.px(560), desk.theme.px(360))
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.addWidget(label(name or "这一笔", "heading", wrap=True))
        self.files = FilesPanel(desk, FUND_VOUCHER, "凭证", "还没有凭证。点“添加凭证”，或把照片拖到这里。")
        self.files.show_owner(entry, name)
        column.addWidget(self.files, 1)
        column.addLayout(row(None, button(desk.theme, "关闭", "", "", "", self.accept)))
        desk.jobs.data_changed.connect(self._changed)

    def _changed(self, tables: frozenset[str]) -> None:
        if "fund_voucher" in tables:
            self.files.load()


class ReverseDialog(FormDialog):
    """Asks when and why an entry is reversed."""

    def __init__(self, desk: Desk, entry: Row) -> None:
        super().__init__(desk, "冲销", FUND_ENTRY)
        self.entry = entry
        self.setMinimumWidth(desk.theme.px(440))
        show = {name: FUND_ENTRY[name].show(entry[name]) for name in ("entry_on", "direction", "amount_fen")}
        facts = f"{show['entry_on']}　{show['direction']}　{show['amount_fen']} 元　凭证号 {entry['voucher'] or '未填'}"
        self.column.addWidget(label(f"冲销：{entry['summary'] or entry['category']}", "heading", wrap=True))
        self.column.addWidget(label(facts))
        self.column.addWidget(
            label("将记一笔方向相反、金额相同的，注明冲销哪个凭证；原来的一笔留着不动。", "dim", wrap=True)
        )
        self.put_fields(
            [("entry_on", 0, 0, 1), ("voucher", 1, 0, 1), ("summary", 2, 0, 1)],
            {"entry_on": "冲销日期", "voucher": "冲销的凭证号（可以不填）", "summary": "原因"},
        )
        self.editors["entry_on"].set_value(desk.today.isoformat())
        self.foot("", button(desk.theme, "冲销", "undo", "primary", "可以撤销"), self.save, enter=True)
        self.editors["summary"].setFocus()

    def save(self) -> None:
        """Write the reversal."""
        values = self.values()
        if values is None:
            return
        number, on = int(self.entry["id"] or 0), str(values["entry_on"])
        voucher, reason = str(values["voucher"] or ""), str(values["summary"] or "")
        words = str(self.entry["summary"] or self.entry["category"])
        self.write(f"冲销：{words}", lambda store: money.reverse(store, number, voucher, on, reason))
