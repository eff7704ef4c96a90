"""List and form of any record: buttons, find box, list and form, all from the declaration."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QPoint, Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLineEdit, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from db.records.entities import SERVICE_RECORD
from db.records.fields import Entity, Row
from db.records.kinds import Cell, Value
from db.storage.store import Store
from db.tasks.invariants import doubt_of, guarded
from desktop.records import derived_columns, pane_parts
from desktop.records.cell_blocks import Blocks
from desktop.records.export_dialog import ExportDialog
from desktop.records.grid_menu import cell_menu
from desktop.records.pane_parts import DAY_OF
from desktop.services.row_index import Sheet
from desktop.tables.columns import ColumnKeeper, ColumnPopup
from desktop.tables.edit_form import EditForm
from desktop.tables.grid import Grid

if TYPE_CHECKING:
    from desktop.records.record_page import EntityPage


class EntityPane(QWidget):
    """List and form of one record. It belongs to an `EntityPage`, which may hold several as tabs.

    `in_team`: it shows the rows of one team (`set_team`) and gives new rows that team.
    """

    def __init__(self, page: "EntityPage", entity: Entity, in_team: bool = False, nest: QWidget | None = None) -> None:
        # Where it will stand: moved there later, all it holds is styled anew.
        super().__init__(page.nest if nest is None else nest)
        self.page, self.entity, self.in_team = page, entity, in_team
        self.team: int | None = None
        self.team_name = ""
        self.past = False  # rows that have ended are shown too
        self._drafts: dict[int | None, dict[Value, dict[str, Cell]]] = {}  # of every team's form
        self.desk, self.theme, self.jobs = page.desk, page.desk.theme, page.desk.jobs
        self.word = pane_parts.WORDS.get(entity.name, entity.label)
        self.masked = True
        self._wanted: frozenset[int] = frozenset()
        self._new_after_save = False
        self._held: Sheet | None = None  # rows that came while something was being typed
        self.dialog: QDialog | None = None  # the last one opened
        self.noun = pane_parts.NOUNS.get(entity.name, "条")
        self.seen = derived_columns.shown(entity, in_team)
        self.model = derived_columns.ListModel(entity, self.seen, self)
        self.model.jobs, self.model.office = self.jobs, self.desk.office.get("name", "")
        self.stack = QStackedWidget(self)
        self.frame = QFrame(self.stack)
        self.view = Grid(self.theme, f"{entity.label}列表", self.model, self.desk.today, self.frame)
        self.columns = ColumnKeeper(self.view)
        self.view.entity = entity  # what is typed is judged by the declared record
        self.blocks = Blocks(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addLayout(pane_parts.toolbar(self))
        body = self.body = QHBoxLayout()
        body.setSpacing(12)
        layout.addLayout(body, 1)
        body.addWidget(self.stack, 1)
        pane_parts.listing(self)
        self.stack.addWidget(self.frame)
        self.stack.addWidget(pane_parts.empty(self))
        self.drawer = pane_parts.Drawer(self)
        self._connect()
        if entity.name in DAY_OF and not in_team:  # what was entered last is looked at first
            day = [f.name for f in self.model.fields].index(DAY_OF[entity.name])
            self.view.sortByColumn(day, Qt.SortOrder.DescendingOrder)
        self._size()
        self.theme.changed.connect(self._size)

    # Names made by `pane_parts`.
    add_button: QPushButton
    edit_button: QPushButton
    delete_button: QPushButton
    paste_button: QPushButton
    import_button: QPushButton
    export_button: QPushButton
    print_button: QPushButton
    quarter_button: QPushButton
    mask_button: QPushButton
    columns_button: QPushButton
    find_box: QLineEdit
    extra: list[QPushButton]
    foot: QHBoxLayout

    @cached_property
    def form(self) -> EditForm:
        """The form of the record; made when it is first needed."""
        made = self.make_form()
        made.hide()
        made.drafts = self._drafts.setdefault(self.team, {})
        self.body.addWidget(made)
        made.save_asked.connect(self._save)
        made.closed.connect(self.close_form)
        made.number_given.connect(lambda kind, number: pane_parts.look_for(self, kind, number))
        made.person_wanted.connect(self._open_person)
        self.jobs.idle.connect(lambda: made.save_button.setEnabled(True))
        self._size_form(made)
        self.drawer.take(made)
        return made

    @property
    def has_form(self) -> bool:
        """Whether the form was made."""
        return "form" in vars(self)

    @property
    def form_open(self) -> bool:
        """Whether the form is in view."""
        return self.has_form and self.form.isVisible()

    def put_form_away(self) -> None:
        """Hide the form; what was typed stays as a draft."""
        if self.has_form:
            self.form.keep_draft()
            self.form.hide()

    def make_form(self) -> EditForm:
        """Return the form of the record."""
        return EditForm(self.entity, self.theme, self.desk.today, parent=self)

    def extra_buttons(self) -> list[QPushButton]:
        """Return what this list offers beside the usual."""
        return []

    def paste(self) -> None:
        """Paste what is on the clipboard."""
        self.blocks.paste()

    def set_team(self, team: int | None, name: str) -> None:
        """Show the rows of another team; what was typed for the last one stays as its draft."""
        if team == self.team:
            return
        self.put_form_away()
        self.team, self.team_name = team, name
        if self.has_form:
            self.form.drafts = self._drafts.setdefault(team, {})
        self.model.set_sheet(Sheet())
        self.show_all()

    def start(self) -> dict[str, Value]:
        """Return what a new row begins with."""
        name = pane_parts.TEAM_FIELD.get(self.entity.name)
        return {name: self.team or None} if self.in_team and name else {}

    def given_cells(self) -> dict[str, Cell]:
        """Return what a pasted row takes from the page where it says nothing itself, by heading."""
        name = pane_parts.TEAM_FIELD.get(self.entity.name)
        return {self.entity[name].columns[0][0]: self.team_name} if self.in_team and self.team and name else {}

    def _connect(self) -> None:
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(60)
        self._typing.timeout.connect(lambda: self.model.find(self.find_box.text()))
        self.find_box.textChanged.connect(lambda _: self._typing.start())
        self.model.found_changed.connect(self._count)
        self.view.opened.connect(self.edit)
        self.view.selectionModel().selectionChanged.connect(self._selected)
        self.view.selectionModel().currentRowChanged.connect(self._follow)
        self.view.editing.closed.connect(self._release)
        self.view.menu_asked.connect(lambda index, place: cell_menu(self, index, place))
        for keys, call in (
            ("Ctrl+N", self.add), ("Ctrl+F", self.find), ("Ctrl+E", self.export),
            ("Ctrl+P", self.print_list),
        ):  # fmt: skip
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(call)
        for keys, call in (
            ("Delete", self.delete), ("F2", self.view.edit_current), ("Ctrl+C", self.blocks.copy),
            ("Ctrl+Shift+C", lambda: self.blocks.copy(headings=True)), ("Ctrl+V", self.paste),
        ):  # fmt: skip
            shortcut = QShortcut(QKeySequence(keys), self.stack)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(call)

    def _size(self) -> None:
        self.columns.size(self.model.widths())
        pane_parts.squeeze(self)
        if self.has_form:
            self._size_form(self.form)
        self.find_box.setMinimumWidth(self.theme.px(70 if self.in_team else 110))
        self.find_box.setMaximumWidth(self.theme.px(230))

    def _size_form(self, form: EditForm) -> None:
        form.setFixedWidth(self.theme.px(300 if self.in_team else 338))

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
        masked, entity, seen, team, past, day = (
            self.masked, self.entity, self.seen, self.team, self.past, self.desk.as_of,
        )  # fmt: skip
        if self.in_team and team is None:
            return
        shown = bool(self.model.sheet.rows)
        if not shown and team is None:
            self.jobs.read(lambda store: derived_columns.beginning(store, entity, seen, masked), self._begun)

        # A long list that is on the screen is read again after everything else: the next change need not wait for it.
        def work(store: Store) -> tuple[int | None, Sheet]:
            sheet = derived_columns.read(store, entity, seen, masked, day, team, past)
            if self.model.sorted_by is not None:
                sheet.rank(*self.model.sorted_by)
            return team, sheet

        self.jobs.read(
            work,
            self._arrived,
            later=shown and len(self.model.sheet.rows) > derived_columns.MANY,
            key=self,
        )

    def _begun(self, part: Sheet | None) -> None:
        if part is not None and not self.model.sheet.rows and not self._wanted:
            self._show(part)

    def _arrived(self, found: tuple[int | None, Sheet]) -> None:
        if found[0] == self.team:
            self._show(found[1])

    def _show(self, sheet: Sheet) -> None:
        if self.view.editing.is_open:
            self._held = sheet  # shown as soon as the cell is done: what is being typed stays
            return
        self._held = None
        kept = self.view.keep()
        bar = self.view.verticalScrollBar().value()
        first = bool(sheet.rows) and (not self.model.sheet.rows or self.model.sheet.is_part)
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
        if self.form_open:
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
        sheet = self.model.sheet
        total, found = sheet.total, sheet.total if sheet.is_part else self.model.rowCount()
        noun = self.noun
        limited = found != total
        text = f"找到 {found:,} {noun}（共 {total:,} {noun}）" if limited else f"共 {total:,} {noun}"
        self.count_label.setText(text)
        self.all_button.setVisible(limited)
        pane_parts.tell_totals(self)
        self.page.count_changed(self, total, noun)

    def _selected(self, *_: object) -> None:
        places, columns = self.view.block()
        self.edit_button.setEnabled(bool(places))
        self.delete_button.setEnabled(bool(places))
        self.batch_button.setVisible(len(places) > 1)
        self.batch_button.setText(f"批量修改 {len(places):,} {self.noun}")
        pane_parts.tell_selected(self, places, columns)

    def _follow(self) -> None:
        """While a form shows a row unchanged, it goes with the cursor."""
        index = self.view.currentIndex()
        if self.form_open and self.form.before is not None and not self.form.dirty() and index.isValid():
            self.form.edit(self.model.row(index.row()), self.model.sheet.titles, focus=False)

    def toggle_mask(self) -> None:
        """Show numbers whole, or masked again."""
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
        self.form.edit(record, self.model.sheet.titles, self.start() if record is None else None)
        if not self.model.sheet.rows:  # titles come with the rows: an empty list has them too, once loaded
            self.load()

    def _open_person(self, person: int) -> None:
        self.close_form()
        self.select(frozenset({person}))

    def close_form(self) -> None:
        """Hide the form and go back to the row; what was typed and not saved stays as a draft."""
        if self.has_form and self.form.keep_draft():
            self.desk.toast.say("没有保存。填的内容还留着，再打开这一条就能接着填")
        if self.has_form:
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

        def work(store: Store) -> tuple[int, str]:
            with guarded(store, entity):
                number = store.save(entity, record)
            return number, doubt_of(store, number) if entity is SERVICE_RECORD else ""

        self.jobs.write(title, work, self._saved, self._refused)

    def _saved(self, found: tuple[int, str]) -> None:
        number, doubt = found
        if doubt:
            QTimer.singleShot(0, self, lambda: self.desk.toast.say(doubt))  # after the word that it is saved
        self._wanted = frozenset({number})
        if self._new_after_save:
            keep = {f.name: self.form.judged()[0][f.name] for f in self.entity.refs if f.name != self.entity.title}
            self.form.saved()
            self.form.edit(None, self.model.sheet.titles, keep | self.start())
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
        if self.form_open:
            self.close_form()
        entity = self.entity

        def work(store: Store) -> None:
            with guarded(store, entity):
                store.delete(entity, ids)

        self.jobs.write(f"删除{entity.label}{some}", work)

    def unsaved(self) -> bool:
        """Tell whether something was typed here and not saved; a cell that can be taken is taken."""
        self.view.editing.take()
        drafts = any(self._drafts.values())
        return bool(drafts or (self.form_open and self.form.dirty()) or self.view.editing.text())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow place the buttons do without their pictures."""
        super().resizeEvent(event)
        pane_parts.squeeze(self)

    def hideEvent(self, event: QHideEvent) -> None:
        """Remember the columns at once when the page goes out of view."""
        super().hideEvent(event)
        self.columns.flush()

    # Out

    def export(self) -> None:
        """Ask what to write, then where, then write this record's workbook."""
        dialog = ExportDialog(self, self.entity, self.theme)
        if (path := dialog.ask(self.desk.folder, self.desk.today)) is not None:
            self.export_to(path, dialog.masked(), dialog.reason())

    def export_to(self, path: Path, masked: bool, reason: str) -> None:
        """Write this record's workbook."""
        entity = self.entity

        def work(store: object) -> Path:
            from desktop.services.reporting import export_records  # late: the writers take a while to load

            return export_records(store, [entity], path, masked=masked, reason=reason)

        self.jobs.change(work, self.desk.saved_file)

    def print_list(self) -> None:
        """Print the rows as they are shown."""
        pane_parts.print_rows(self)
