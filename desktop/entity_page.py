"""The page of any record: buttons, find box, list and form, all from the declaration."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from db.errors import UserError
from db.fields import Entity, Row
from db.kinds import Ref
from desktop.edit_form import EditForm
from desktop.pages.exporting import ExportDialog
from desktop.pages.pieces import Page, button, card, label, row, rule
from desktop.table_model import Sheet, TableModel, TableView, load
from forms.output import safe_name

if TYPE_CHECKING:
    from desktop.window import MainWindow

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
        self.model = TableModel(entity, self)
        self.view = TableView(self.theme, f"{entity.label}列表", freeze=True)
        self.view.setModel(self.model)
        self.view.setSortingEnabled(True)
        # A last column of numbers keeps its width: numbers at the far edge are hard to follow from their row.
        self.view.horizontalHeader().setStretchLastSection(not self.model.fields[-1].kind.numeric)
        self.view.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.view.horizontalHeader().setSortIndicatorClearable(True)
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
        self.edit_button = button(theme, "修改", "edit", "", "修改所选的一条（F2）", self.edit)
        self.delete_button = button(theme, "删除", "delete", "", "删除所选（Delete），可以撤销", self.delete)
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
        self.find_box = QLineEdit()
        self.find_box.setPlaceholderText("查找：文字或拼音首字母")
        self.find_box.setAccessibleName(f"在{self.entity.label}中查找")
        self.find_box.setToolTip("查找（Ctrl+F）")
        self.find_box.setClearButtonEnabled(True)
        if not self.entity.sheet:
            self.import_button.hide()
        return row(
            self.add_button, self.edit_button, self.delete_button, rule(True), self.import_button, self.export_button,
            self.print_button, None, self.quarter_button, self.mask_button, self.find_box,
        )  # fmt: skip

    def _list(self) -> QFrame:
        frame, inside = card((1, 1, 1, 1), 0)
        inside.addWidget(self.view, 1)
        foot = QFrame()
        foot.setObjectName("foot")
        line = QHBoxLayout(foot)
        line.setContentsMargins(12, 7, 12, 7)
        self.count_label, self.sum_label = label("", "dim"), label("", "dim")
        line.addWidget(self.count_label)
        self.all_button = button(self.theme, "显示全部", "", "link", "", self.show_all)
        self.all_button.hide()
        line.addWidget(self.all_button)
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
        self.form.save_asked.connect(self._save)
        self.form.closed.connect(self.close_form)
        self.jobs.idle.connect(lambda: self.form.save_button.setEnabled(True))
        for keys, call in (
            ("Ctrl+N", self.add), ("F2", self.edit), ("Ctrl+F", self.find), ("Ctrl+E", self.export),
            ("Ctrl+P", self.print_list),
        ):  # fmt: skip
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(call)
        for keys, call in (("Delete", self.delete), ("Ctrl+C", self.copy)):
            shortcut = QShortcut(QKeySequence(keys), self.view)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(call)

    def _size(self) -> None:
        for column, units in enumerate(self.model.sheet.widths or [12] * len(self.model.fields)):
            self.view.show_width(column, units)
        self.form.setFixedWidth(self.theme.px(338))
        self.find_box.setFixedWidth(self.theme.px(230))

    # Showing

    def load(self) -> None:
        """Read the rows again; selection and place stay."""
        masked = self.masked
        self.jobs.read(lambda store: load(store, self.entity, masked), self._show)

    def _show(self, sheet: Sheet) -> None:
        chosen = self._wanted or frozenset(self.chosen_ids())
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
        self._choose(chosen, move=bool(self._wanted))
        self._wanted = frozenset()
        if self.form.isVisible():
            self.form.set_titles(sheet.titles)
        self._count()
        self._selected()

    def _choose(self, ids: frozenset[int], move: bool) -> None:
        places = [p for i in ids if (p := self.model.place(i)) >= 0]
        if not places:
            return
        wanted = QItemSelection()
        last = self.model.columnCount() - 1
        for place in places:
            wanted.select(self.model.index(place, 0), self.model.index(place, last))
        flags = QItemSelectionModel.SelectionFlag
        first = self.model.index(min(places), 0)
        self.view.selectionModel().setCurrentIndex(first, flags.NoUpdate)
        self.view.selectionModel().select(wanted, flags.ClearAndSelect)
        if move:
            self.view.scrollTo(first)

    def select(self, ids: frozenset[int]) -> None:
        """Show these rows: chosen, and alone if they are several."""
        self._wanted = ids
        self.quarter_button.setChecked(False)
        self.find_box.clear()
        self.model.limit(ids if len(ids) > 1 else None)
        self.load()

    def show_all(self) -> None:
        """Take away every restriction."""
        self.find_box.clear()
        self._typing.stop()
        self.model.typed = ""
        self.quarter_button.setChecked(False)
        self.model.limit(None)

    def follow_quarter(self) -> None:
        """Show the rows of the quarter chosen, or all."""
        self.model.limit(self._in_quarter() if self.quarter_button.isChecked() else None)

    def _in_quarter(self) -> frozenset[int]:
        first, last = self.desk.quarter.start.isoformat(), self.desk.quarter.end.isoformat()
        day = DAY_OF[self.entity.name]
        return frozenset(int(r["id"] or 0) for r in self.model.sheet.rows if first <= str(r[day]) <= last)

    def chosen_ids(self) -> list[int]:
        """Return the ids of the chosen rows, from top to bottom."""
        places = sorted({index.row() for index in self.view.selectionModel().selectedRows()})
        return [int(self.model.row(p)["id"] or 0) for p in places if p < len(self.model.order)]

    def _count(self) -> None:
        total, found = len(self.model.sheet.rows), self.model.rowCount()
        noun = NOUNS.get(self.entity.name, "条")
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
        places = sorted({index.row() for index in self.view.selectionModel().selectedRows()})
        self.edit_button.setEnabled(len(places) == 1)
        self.delete_button.setEnabled(bool(places))
        text = ""
        if places:
            text = f"已选 {len(places)} {NOUNS.get(self.entity.name, '条')}"
            if len(places) > 1:
                text += "".join(f"　{name}合计 {value}" for name, value in self.model.total(places)[:2])
        self.page.status_changed.emit(text)

    def _follow(self) -> None:
        """While a form shows a row unchanged, it goes with the cursor."""
        index = self.view.currentIndex()
        if self.form.isVisible() and self.form.before is not None and not self.form.dirty() and index.isValid():
            self.form.edit(self.model.row(index.row()), self.model.sheet.titles)
            self.view.setFocus()

    def _toggle_mask(self) -> None:
        self.masked = not self.mask_button.isChecked()
        self.load()

    def find(self) -> None:
        """Go to the find box."""
        self.find_box.setFocus()
        self.find_box.selectAll()

    def copy(self) -> None:
        """Copy the chosen rows as Excel takes them, masked as they are shown."""
        places = sorted({index.row() for index in self.view.selectionModel().selectedRows()})
        lines = [self.model.sheet.texts[self.model.order[p]] for p in places]
        text = "\n".join("\t".join(c.replace("\t", " ").replace("\n", " ") for c in line) for line in lines)
        QGuiApplication.clipboard().setText(text)
        self.desk.toast.say(f"已复制 {len(lines)} 行，可以粘贴到 Excel")

    # Changing

    def add(self) -> None:
        """Open an empty form."""
        self._open(None)

    def edit(self) -> None:
        """Open the form of the current row."""
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
        ids = self.chosen_ids()
        if not ids:
            return
        first = self.name_of(self.model.row(self.model.place(ids[0])))
        some = f"：{first}" if len(ids) == 1 and first else f" {len(ids)} {NOUNS.get(self.entity.name, '条')}"
        if self.form.isVisible():
            self.close_form()
        entity = self.entity
        self.jobs.write(f"删除{entity.label}{some}", lambda store: store.delete(entity, ids))

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

        titles = [f.label for f in self.model.fields]
        widths = [max(f.width, len(f.label) * 2) for f in self.model.fields]
        numeric = [f.kind.numeric for f in self.model.fields]
        lines = [self.model.sheet.texts[n] for n in self.model.order]
        try:
            printing.print_table(self, self.entity.label, titles, widths, numeric, lines)
        except UserError as error:
            self.desk.complain(error)


class EntityPage(Page):
    """One or several records under one title, each a tab."""

    hint = "Ctrl+N 新增　F2 修改　Delete 删除　Ctrl+F 查找　Ctrl+Z 撤销"

    def __init__(self, desk: "MainWindow", entities: tuple[Entity, ...]) -> None:
        super().__init__(desk)
        self.panes = [EntityPane(self, entity) for entity in entities]
        self.tables = frozenset(
            {e.name for e in entities} | {f.kind.entity for e in entities for f in e.refs if isinstance(f.kind, Ref)}
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 0, 20, 12)
        layout.setSpacing(8)
        self.tabs = QTabBar()
        self.tabs.setAccessibleName("记录类别")
        self.tabs.setExpanding(False)
        self.stack = QStackedWidget()
        self._counts: dict[int, str] = {}
        for pane in self.panes:
            self.tabs.addTab(pane.entity.label)
            self.stack.addWidget(pane)
        if len(entities) == 1:
            self.tabs.hide()
        self.tabs.currentChanged.connect(self._turn)
        layout.addWidget(self.tabs)
        layout.addWidget(self.stack, 1)

    @property
    def pane(self) -> EntityPane:
        """The pane in view."""
        return self.panes[self.stack.currentIndex()]

    def load(self) -> None:
        """Read all panes."""
        for pane in self.panes:
            pane.load()

    def select(self, entity: str, ids: frozenset[int]) -> None:
        """Turn to the record's tab and choose the rows."""
        for i, pane in enumerate(self.panes):
            if pane.entity.name == entity:
                self.tabs.setCurrentIndex(i)
                pane.select(ids)

    def count_changed(self, pane: EntityPane, total: int, noun: str) -> None:
        """Show how many there are, on the tab and beside the title."""
        place = self.panes.index(pane) if pane in getattr(self, "panes", ()) else -1
        if place < 0:
            return
        self._counts[place] = f"{pane.entity.label} {total:,} {noun}"
        if hasattr(self, "tabs"):
            self.tabs.setTabText(place, f"{pane.entity.label} {total:,}")
        self.tell(" · ".join(self._counts[i] for i in sorted(self._counts)))

    def quarter_changed(self) -> None:
        """Lists that show one quarter show the other one."""
        for pane in self.panes:
            if pane.quarter_button.isChecked():
                pane.follow_quarter()

    def take_focus(self) -> None:
        """The list, or the form where one is open."""
        (self.pane.form.focus_first if self.pane.form.isVisible() else self.pane.view.setFocus)()

    def _turn(self, place: int) -> None:
        self.stack.setCurrentIndex(place)
        self.pane._selected()
