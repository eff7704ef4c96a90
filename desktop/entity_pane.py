"""List and form of any record: buttons, find box, list and form, all from the declaration."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QPoint, Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from db.errors import UserError
from db.fields import Entity, Row
from desktop.blocks import Blocks
from desktop.columns import ColumnKeeper, ColumnPopup
from desktop.edit_form import EditForm
from desktop.grid import Grid
from desktop.grid_menu import cell_menu
from desktop.pages.exporting import ExportDialog
from desktop.pages.pieces import button, card, label, row, rule
from desktop.sheet import Sheet, load
from desktop.table_model import TableModel
from forms.output import safe_name

if TYPE_CHECKING:
    from desktop.entity_page import EntityPage

NOUNS = {"volunteer": "人", "team": "支", "membership": "人", "attendance": "人次", "coverage": "人"}
# The day that says which quarter a row belongs to; "只看本季度" goes by it.
DAY_OF = {
    "training": "start_on",
    "fund_entry": "entry_on",
    "activity": "start_on",
    "service_record": "served_on",
    "work_record": "recorded_on",
    "blood_result": "donated_on",
}
WORDS = {
    "team": "队伍", "membership": "队员", "insurance_policy": "保险单", "fund_entry": "收支", "disaster_prone": "认定",
    "responsibility": "分工", "office_parameter": "参数", "office": "项目", "venue": "阵地",
}  # fmt: skip


class EntityPane(QWidget):
    """List and form of one record. It belongs to an `EntityPage`, which may hold several as tabs."""

    def __init__(self, page: "EntityPage", entity: Entity) -> None:
        super().__init__()
        self.page, self.entity = page, entity
        self.desk, self.theme, self.jobs = page.desk, page.desk.theme, page.desk.jobs
        self.word = WORDS.get(entity.name, entity.label)
        self.masked = True
        self._wanted: frozenset[int] = frozenset()
        self._new_after_save = False
        self._held: Sheet | None = None  # rows that came while something was being typed
        self.dialog: QDialog | None = None  # the last one opened
        self.noun = NOUNS.get(entity.name, "条")
        self.model = TableModel(entity, self)
        self.view = Grid(self.theme, f"{entity.label}列表", self.model, self.desk.today)
        self.columns = ColumnKeeper(self.view)
        self.blocks = Blocks(self)
        self.form = EditForm(entity, self.theme, self.desk.today)
        self.form.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addLayout(self._toolbar())
        body = QHBoxLayout()
        body.setSpacing(12)
        self.stack = QStackedWidget()
        self.stack.addWidget(self._list())
        self.stack.addWidget(self._empty())
        body.addWidget(self.stack, 1)
        body.addWidget(self.form)
        layout.addLayout(body, 1)
        self._connect()
        self._size()
        self.theme.changed.connect(self._size)

    # Building

    def _toolbar(self) -> QHBoxLayout:
        theme = self.theme
        self.add_button = button(theme, f"新增{self.word}", "add", "primary", "新增一条（Ctrl+N）", self.add)
        self.edit_button = button(
            theme, "修改", "edit", "", "用表单修改（Enter）；选中多条时批量修改", self.edit_chosen
        )
        self.delete_button = button(theme, "删除", "delete", "", "删除所选（Delete），可以撤销", self.delete)
        self.paste_button = button(theme, "粘贴", "paste", "", "粘贴从 Excel 复制的内容（Ctrl+V）", self.blocks.paste)
        self.import_button = button(theme, "导入", "import", "", "从 Excel 导入", lambda: self.desk.show_page("import"))
        self.export_button = button(theme, "导出", "export", "", "导出为 Excel（Ctrl+E）", self.export)
        self.print_button = button(theme, "打印", "print", "", "打印这张表（Ctrl+P）", self.print_list)
        self.quarter_button = button(
            theme, "只看本季度", "calendar", "quiet", "只显示右上角所选季度的记录", self.follow_quarter
        )
        self.quarter_button.setCheckable(True)
        if self.entity.name not in DAY_OF:
            self.quarter_button.hide()
        self.mask_button = button(theme, "显示号码", "eye", "quiet", "显示完整的证件号码和电话", self._toggle_mask)
        self.mask_button.setCheckable(True)
        if not any(f.masked and f.listed for f in self.entity.fields):
            self.mask_button.hide()  # never shown before it has a parent: it would flash as a window of its own
        self.columns_button = button(theme, "", "columns", "quiet", "列设置：显示哪些列", self.choose_columns)
        self.find_box = QLineEdit()
        self.find_box.setPlaceholderText("查找：文字或拼音首字母")
        self.find_box.setAccessibleName(f"在{self.entity.label}中查找")
        self.find_box.setToolTip("查找（Ctrl+F）")
        self.find_box.setClearButtonEnabled(True)
        if not self.entity.sheet:
            self.import_button.hide()
        bar = row(
            self.add_button, self.edit_button, self.delete_button, rule(True), self.paste_button, self.import_button,
            self.export_button, self.print_button, None, self.quarter_button, self.mask_button, self.columns_button,
            self.find_box,
        )  # fmt: skip
        bar.setStretchFactor(self.find_box, 100)  # as wide as it may be, before the gap
        return bar

    def _list(self) -> QFrame:
        frame, inside = card((1, 1, 1, 1), 0)
        inside.addWidget(self.view, 1)
        foot = QFrame()
        foot.setObjectName("foot")
        line = QHBoxLayout(foot)
        line.setContentsMargins(12, 7, 12, 7)
        self.count_label, self.sum_label = label("", "dim"), label("", "dim")
        line.addWidget(self.count_label)
        self.all_button = button(self.theme, "清除条件", "", "link", "显示全部", self.show_all)
        self.batch_button = button(self.theme, "", "", "link", "把所选的各条改成同一个内容", self.blocks.batch)
        for made in (self.all_button, self.batch_button):
            made.hide()
            line.addWidget(made)
        line.addStretch(1)
        line.addWidget(self.sum_label)
        inside.addWidget(foot)
        return frame

    def _empty(self) -> QFrame:
        frame, inside = card()
        head = label(f"还没有{self.word}", "heading")
        words = label("可以一条一条新增，也可以从 Excel 一次导入。导入前会先检查，错的行不会进来。", "dim", wrap=True)
        for widget in (head, words):
            widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
        add = button(self.theme, f"新增{self.word}", "add", "primary", "", self.add)
        bring = button(self.theme, "从 Excel 导入", "import", "", "", lambda: self.desk.show_page("import"))
        if not self.entity.sheet:
            bring.hide()
        inside.addStretch(2)
        inside.addWidget(head)
        inside.addWidget(words)
        inside.addSpacing(8)
        inside.addLayout(row(None, add, bring, None))
        inside.addStretch(3)
        return frame

    def _connect(self) -> None:
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(120)
        self._typing.timeout.connect(lambda: self.model.find(self.find_box.text()))
        self.find_box.textChanged.connect(lambda _: self._typing.start())
        self.model.found_changed.connect(self._count)
        self.view.opened.connect(self.edit)
        self.view.selectionModel().selectionChanged.connect(self._selected)
        self.view.selectionModel().currentRowChanged.connect(self._follow)
        self.view.editing.closed.connect(self._release)
        self.view.menu_asked.connect(lambda index, place: cell_menu(self, index, place))
        self.form.save_asked.connect(self._save)
        self.form.closed.connect(self.close_form)
        self.jobs.idle.connect(lambda: self.form.save_button.setEnabled(True))
        for keys, call in (
            ("Ctrl+N", self.add), ("Ctrl+F", self.find), ("Ctrl+E", self.export),
            ("Ctrl+P", self.print_list),
        ):  # fmt: skip
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(call)
        for keys, call in (
            ("Delete", self.delete), ("F2", self.view.edit_current), ("Ctrl+C", self.blocks.copy),
            ("Ctrl+Shift+C", lambda: self.blocks.copy(headings=True)), ("Ctrl+V", self.blocks.paste),
        ):  # fmt: skip
            shortcut = QShortcut(QKeySequence(keys), self.stack)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(call)

    def _size(self) -> None:
        self.columns.size(self.model.sheet.widths)
        self.form.setFixedWidth(self.theme.px(338))
        self.find_box.setMinimumWidth(self.theme.px(130))
        self.find_box.setMaximumWidth(self.theme.px(230))

    def choose_columns(self) -> ColumnPopup:
        """Open 列设置."""
        popup = ColumnPopup(self, self.theme, self.columns)
        popup.open_at(
            self.columns_button.mapToGlobal(QPoint(self.columns_button.width(), self.columns_button.height() + 2))
        )
        return popup

    # Showing

    def load(self) -> None:
        """Read the rows again; selection and place stay."""
        masked = self.masked
        self.jobs.read(lambda store: load(store, self.entity, masked), self._show)

    def _show(self, sheet: Sheet) -> None:
        if self.view.editing.is_open:
            self._held = sheet  # shown as soon as the cell is done: what is being typed stays
            return
        self._held = None
        kept = self.view.keep()
        bar = self.view.verticalScrollBar().value()
        first = bool(sheet.rows) and not self.model.sheet.rows
        self.model.set_sheet(sheet)
        if self.quarter_button.isChecked():
            self.model.limit(self._in_quarter())
        if first:  # later loads keep the widths that a person has drawn
            self._size()
        self.view.verticalScrollBar().setValue(bar)
        self.stack.setCurrentIndex(0 if sheet.rows else 1)
        if self._wanted and not all(self.model.place(i) >= 0 for i in self._wanted):
            self.show_all()
        if self._wanted:
            self._choose(self._wanted)
        else:
            self.view.restore(kept)
        self._wanted = frozenset()
        if self.form.isVisible():
            self._renew_form()
        self._count()
        self._selected()

    def _renew_form(self) -> None:
        """An untouched form shows its row as it is now; where something was typed, only the references are renewed."""
        before = self.form.before
        place = self.model.place(int(before["id"] or 0)) if before is not None else -1
        if place >= 0 and not self.form.dirty() and self.model.row(place) != before:
            self.form.edit(self.model.row(place), self.model.sheet.titles, focus=False)
        else:
            self.form.set_titles(self.model.sheet.titles)

    def _release(self) -> None:
        if self._held is not None:
            QTimer.singleShot(0, self, self._show_held)

    def _show_held(self) -> None:
        if self._held is not None:
            self._show(self._held)

    def _choose(self, ids: frozenset[int]) -> None:
        places = [p for i in ids if (p := self.model.place(i)) >= 0]
        if not places:
            return
        last = self.model.columnCount() - 1
        wanted = QItemSelection()
        for place in places:
            wanted.select(self.model.index(place, 0), self.model.index(place, last))
        flags = QItemSelectionModel.SelectionFlag
        first = self.model.index(min(places), 0)
        self.view.selectionModel().setCurrentIndex(first, flags.NoUpdate)
        self.view.selectionModel().select(wanted, flags.ClearAndSelect)
        self.view.scrollTo(first)

    def select(self, ids: frozenset[int]) -> None:
        """Show these rows: chosen, and alone if they are several."""
        self._wanted = ids
        self.quarter_button.setChecked(False)
        self.find_box.clear()
        self.model.clear()
        self.model.limit(ids if len(ids) > 1 else None)
        self.load()

    def show_all(self) -> None:
        """Take away every restriction."""
        self.find_box.clear()
        self._typing.stop()
        self.quarter_button.setChecked(False)
        self.model.clear()

    def follow_quarter(self) -> None:
        """Show the rows of the quarter chosen, or all."""
        self.model.limit(self._in_quarter() if self.quarter_button.isChecked() else None)

    def _in_quarter(self) -> frozenset[int]:
        first, last = self.desk.quarter.start.isoformat(), self.desk.quarter.end.isoformat()
        day = DAY_OF[self.entity.name]
        return frozenset(int(r["id"] or 0) for r in self.model.sheet.rows if first <= str(r[day]) <= last)

    def chosen_ids(self) -> list[int]:
        """Return the ids of the chosen rows, from top to bottom."""
        return [self.model.id_at(p) for p in self.view.places()]

    def _count(self) -> None:
        total, found = len(self.model.sheet.rows), self.model.rowCount()
        noun = self.noun
        limited = found != total
        text = f"找到 {found:,} {noun}（共 {total:,} {noun}）" if limited else f"共 {total:,} {noun}"
        self.count_label.setText(text)
        self.all_button.setVisible(limited)
        sums = self.model.total() if self.entity.name != "fund_entry" else self._balance()
        self.sum_label.setText("　".join(f"{name}合计 {value}" for name, value in sums[:3]))
        self.page.count_changed(self, total, noun)

    def _balance(self) -> list[tuple[str, str]]:
        f = self.entity["amount_fen"]
        sums = dict.fromkeys(("income", "expense"), 0)
        for n in self.model.order:
            entry = self.model.sheet.rows[n]
            sums[str(entry["direction"])] += int(entry["amount_fen"] or 0)
        return [("收入", f.show(sums["income"])), ("支出", f.show(sums["expense"]))]

    def _selected(self, *_: object) -> None:
        places = self.view.places()
        self.edit_button.setEnabled(bool(places))
        self.delete_button.setEnabled(bool(places))
        self.batch_button.setVisible(len(places) > 1)
        self.batch_button.setText(f"批量修改 {len(places):,} {self.noun}")
        self.page.status_changed.emit(self._sums(places))

    def _sums(self, places: list[int]) -> str:
        """As in Excel: sum, average and count of what is selected."""
        if not places:
            return ""
        text = f"已选 {len(places):,} {self.noun}"
        columns = self.view.block()[1]
        numeric = [c for c in columns if self.model.can_add_up(c)]
        if len(places) > 1:
            for column in numeric[:2]:
                f = self.model.fields[column]
                values = [int(v) for p in places if (v := self.model.row(p)[f.name]) is not None]
                if values:
                    total, mean = f.show(sum(values)), f.show(round(sum(values) / len(values)))
                    text += f"　{f.label}：求和 {total}　平均 {mean}　计数 {len(values):,}"
        if len(columns) == 1 and not numeric and len(places) > 1:
            filled = sum(self.model.row(p)[self.model.fields[columns[0]].name] is not None for p in places)
            text += f"　计数 {filled:,}"
        return text

    def _follow(self) -> None:
        """While a form shows a row unchanged, it goes with the cursor."""
        index = self.view.currentIndex()
        if self.form.isVisible() and self.form.before is not None and not self.form.dirty() and index.isValid():
            self.form.edit(self.model.row(index.row()), self.model.sheet.titles, focus=False)

    def _toggle_mask(self) -> None:
        self.masked = not self.mask_button.isChecked()
        self.load()

    def find(self) -> None:
        """Go to the find box."""
        self.find_box.setFocus()
        self.find_box.selectAll()

    # Changing

    def add(self) -> None:
        """Open an empty form."""
        self._open(None)

    def edit_chosen(self) -> None:
        """Open the form of the row chosen, or ask for one value for several."""
        if len(self.view.places()) > 1:
            self.blocks.batch()
        else:
            self.edit()

    def edit(self) -> None:
        """Open the form of the current row."""
        if not self.view.editing.take():
            return
        index = self.view.currentIndex()
        if index.isValid() and index.row() < self.model.rowCount():
            self._open(self.model.row(index.row()))

    def _open(self, record: Row | None) -> None:
        self.form.show()
        self.form.edit(record, self.model.sheet.titles)
        if not self.model.sheet.rows:  # titles come with the rows: an empty list has them too, once loaded
            self.load()

    def close_form(self) -> None:
        """Hide the form and go back to the row; what was typed and not saved stays as a draft."""
        if self.form.keep_draft():
            self.desk.toast.say("没有保存。填的内容还留着，再打开这一条就能接着填")
        self.form.hide()
        self.view.setFocus()

    def name_of(self, record: Row) -> str:
        """Return how a message calls a row; never a number of a person."""
        f = self.entity[self.entity.title]
        text = f.show(record.get(f.name), self.model.sheet.titles.get(f.name))
        return text.split("（")[0]

    def _save(self, record: Row, before: Row | None, go_on: bool) -> None:
        if before is not None and all(before.get(k) == v for k, v in record.items()):
            self.form.saved()
            self.close_form()
            return
        name = self.name_of(record)
        title = f"{'修改' if before else '新增'}{self.entity.label}" + (f"：{name}" if name else "")
        self._new_after_save = go_on
        entity = self.entity
        self.form.save_button.setEnabled(False)
        self.jobs.write(title, lambda store: store.save(entity, record), self._saved, self._refused)

    def _saved(self, number: int) -> None:
        self._wanted = frozenset({number})
        if self._new_after_save:
            keep = {f.name: self.form.judged()[0][f.name] for f in self.entity.refs if f.name != self.entity.title}
            self.form.saved()
            self.form.edit(None, self.model.sheet.titles, keep)
        else:
            self.form.saved()
            self.close_form()

    def _refused(self, error: Exception) -> None:
        self.form.show_refusal(str(error))

    def delete(self) -> None:
        """Delete the chosen rows without a question; the toast takes it back."""
        if self.view.editing.is_open:
            return
        ids = self.chosen_ids()
        if not ids:
            return
        first = self.name_of(self.model.row(self.model.place(ids[0])))
        some = f"：{first}" if len(ids) == 1 and first else f" {len(ids)} {self.noun}"
        if self.form.isVisible():
            self.close_form()
        entity = self.entity
        self.jobs.write(f"删除{entity.label}{some}", lambda store: store.delete(entity, ids))

    def unsaved(self) -> bool:
        """Tell whether something was typed here and not saved; a cell that can be taken is taken."""
        self.view.editing.take()
        form = self.form
        return bool(form.drafts or (form.isVisible() and form.dirty()) or self.view.editing.text())

    def hideEvent(self, event: QHideEvent) -> None:
        """Remember the columns at once when the page goes out of view."""
        super().hideEvent(event)
        self.columns.flush()

    # Out

    def export(self) -> None:
        """Ask what to write, then where, then write this record's workbook."""
        dialog = ExportDialog(self, self.entity, self.theme)
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return
        name = safe_name(f"{self.entity.label}_{self.desk.today:%Y%m%d}.xlsx")
        chosen, _ = QFileDialog.getSaveFileName(
            self, "导出为 Excel", str(self.desk.folder / name), "Excel 工作簿 (*.xlsx)"
        )
        if chosen:
            self.export_to(Path(chosen), dialog.masked(), dialog.reason())

    def export_to(self, path: Path, masked: bool, reason: str) -> None:
        """Write this record's workbook."""
        entity = self.entity

        def work(store: object) -> Path:
            from desktop.reporting import export_records  # late: the writers take a while to load

            return export_records(store, [entity], path, masked=masked, reason=reason)

        self.jobs.change(work, self.desk.saved_file)

    def print_list(self) -> None:
        """Print the rows as they are shown."""
        from desktop import printing

        shown = self.view.visible_columns()
        fields = [self.model.fields[c] for c in shown]
        titles = [f.label for f in fields]
        widths = [max(f.width, len(f.label) * 2) for f in fields]
        numeric = [f.kind.numeric for f in fields]
        lines = [[self.model.sheet.texts[n][c] for c in shown] for n in self.model.order]
        try:
            printing.print_table(self, self.entity.label, titles, widths, numeric, lines)
        except UserError as error:
            self.desk.complain(error)
