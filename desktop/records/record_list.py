"""List and form of any record: buttons, find box, list and form, all from the declaration."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QMenu, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from db.records.entities import SERVICE_RECORD
from db.records.fields import Entity, Row
from db.records.kinds import Cell, Value
from db.storage.store import Store
from db.tasks import members
from db.tasks.edited_rows import ChangedElsewhere, save_edited
from db.tasks.invariants import doubt_of, guarded
from desktop.records import deleting, derived_columns, list_out
from desktop.records.cell_blocks import Blocks
from desktop.records.form_drawer import FormDrawer
from desktop.records.grid_menu import cell_menu
from desktop.records.list_foot import MANY, EmptyList, ListFoot, sums
from desktop.records.list_numbers import ListNumbers
from desktop.records.list_toolbar import ListToolbar
from desktop.records.past_quarters import touched_words
from desktop.records.specs import spec
from desktop.services.row_index import Sheet
from desktop.shell.desk import Desk
from desktop.shell.widgets import shortcut
from desktop.tables.cell_drawing import Index
from desktop.tables.columns import ColumnKeeper, ColumnPopup
from desktop.tables.edit_form import Drafts, EditForm
from desktop.tables.fill_handle import FillHandle
from desktop.tables.grid import Grid


class EntityPane(QWidget):
    """List and form of one record.

    `in_team`: it shows the rows of one team (`set_team`) and gives new rows that team. `nest` is where it will stand:
    moved there later, all that it holds would be styled anew.
    """

    counted = Signal(int, str)  # how many rows there are, and what one is called
    status_changed = Signal(str)  # what is selected and what it adds up to

    def __init__(self, desk: Desk, entity: Entity, in_team: bool = False, nest: QWidget | None = None) -> None:
        super().__init__(nest)
        self.entity, self.in_team = entity, in_team
        self.team: int | None = None
        self.team_name = ""
        self.past = False  # rows that have ended are shown too
        self._drafts: dict[int | None, Drafts] = {}  # of every team's form
        self.desk, self.theme, self.jobs = desk, desk.theme, desk.jobs
        self.word, self.noun = entity.word, entity.noun
        self.masked = True
        self._wanted: frozenset[int] = frozenset()
        self._new_after_save = False
        self._given: dict[str, Value] = {}  # what the next new row is known to say
        self._held: Sheet | None = None  # rows that came while something was being typed
        self.dialog: QDialog | None = None  # the last one opened
        self.seen = derived_columns.shown(entity, in_team)
        self.model = derived_columns.ListModel(entity, self.seen, self, self.jobs, desk.office.get("name", ""))
        self.stack = QStackedWidget(self)
        self.frame = QFrame(self.stack)
        self.view = Grid(self.theme, f"{entity.label}列表", self.model, self.desk.today, self.frame, judged_by=entity)
        self.handle = FillHandle(self.view)
        self.columns = ColumnKeeper(self.view)
        self.blocks = Blocks(
            desk, entity, self.view, self.model, self.noun, name_of=self.name_of, given=self.given_cells,
            in_form=self._is_in_form,
        )  # fmt: skip
        self.toolbar = ListToolbar(
            self.theme, entity.label, self.word, self.extra_buttons(), small=in_team, imports=bool(entity.sheet),
            quarters=bool(entity.day), numbers=any(f.masked and f.listed for f in self.seen.fields), parent=self,
        )  # fmt: skip
        self.foot = ListFoot(self.theme, self.noun, in_team, self.frame)
        self.numbers = ListNumbers(desk, entity.label, self.toolbar, self.view, self.set_masked)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self.toolbar)
        self.body = QHBoxLayout()
        self.body.setSpacing(12)
        layout.addLayout(self.body, 1)
        self.body.addWidget(self.stack, 1)
        self._fill_stack()
        self.drawer = FormDrawer(self.stack, self.body, self)
        self._connect()
        self._keys()
        if entity.day and not in_team:  # what was entered last is looked at first
            day = [f.name for f in self.model.fields].index(entity.day)
            self.view.sortByColumn(day, Qt.SortOrder.DescendingOrder)
        self._size()
        self.theme.changed.connect(self._size)

    def _fill_stack(self) -> None:
        self.frame.setObjectName("card")
        inside = QVBoxLayout(self.frame)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.setSpacing(0)
        inside.addWidget(self.view, 1)
        inside.addWidget(self.foot)
        self.empty = EmptyList(self.view, self.entity, self.word, self.in_team, self.stack)
        self.stack.addWidget(self.frame)
        self.stack.addWidget(self.empty)

    @cached_property
    def form(self) -> EditForm:
        """The form of the record; made when it is first needed."""
        drafts = self._drafts.setdefault(self.team, {})
        topics = spec(self.entity).topics
        made = EditForm(self.entity, self.theme, self.desk.today, parent=self, drafts=drafts, topics=topics)
        made.hide()
        self.body.addWidget(made)
        made.save_asked.connect(self._save)
        made.closed.connect(self.close_form)
        made.number_given.connect(self._look_for)
        made.person_wanted.connect(self._open_person)
        made.row_wanted.connect(self.desk.add_named)
        self.jobs.idle.connect(made.allow_saving)  # no lambda: it would outlive a page that the lock takes down
        self.numbers.serve(made)
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
            self.form.keep_in(self._drafts.setdefault(team, {}))
        self.model.set_sheet(Sheet())
        self.show_all()

    def start(self) -> dict[str, Value]:
        """Return what a new row begins with."""
        name, day, now = self.entity.team, spec(self.entity).today, self.desk.today
        begun: dict[str, Value] = {day: now.year if day == "year" else now.isoformat()} if day else {}
        return begun | ({name: self.team or None} if self.in_team and name else {}) | self._given

    def given_cells(self) -> dict[str, Cell]:
        """Return what a pasted row takes from the page where it says nothing itself, by heading."""
        name = self.entity.team
        return {self.entity[name].columns[0][0]: self.team_name} if self.in_team and self.team and name else {}

    def _connect(self) -> None:
        bar = self.toolbar
        for asked, call in (
            (bar.add_asked, self.add), (bar.edit_asked, self.edit_chosen), (bar.delete_asked, self.delete),
            (bar.paste_asked, self.paste), (bar.import_asked, self._go_importing), (bar.export_asked, self.export),
            (bar.print_asked, self.print_list), (bar.columns_asked, self.choose_columns),
            (bar.quarter_turned, self.follow_quarter),
            (bar.typed, self.model.find), (self.foot.all_asked, self.show_all),
            (self.foot.batch_asked, self.blocks.batch), (self.empty.add_asked, self.add),
            (self.empty.import_asked, self._go_importing), (self.blocks.opened, self.know_dialog), (self.handle.drawn, self.blocks.fill_down),
        ):  # fmt: skip
            asked.connect(call)
        self.model.found_changed.connect(self._count)
        self.view.opened.connect(self.edit)
        self.view.selectionModel().selectionChanged.connect(self.tell_selected)
        self.view.selectionModel().currentRowChanged.connect(self._follow)
        self.view.editing.closed.connect(self._release)
        self.view.menu_asked.connect(self.open_menu)

    def open_menu(self, index: Index, place: QPoint) -> QMenu:
        """Open the menu of a cell at a place on the screen."""
        return cell_menu(
            self.view, self.blocks, index, place, limited=self.foot.all_button.isVisible(), edit=self.edit,
            delete=self.delete, show_all=self.show_all,
        )  # fmt: skip

    def know_dialog(self, dialog: QDialog) -> None:
        """Know the dialog that was opened last over the list."""
        self.dialog = dialog

    def _go_importing(self) -> None:
        self.desk.show_page("import")

    def _keys(self) -> None:
        for keys, over, call in (
            ("Ctrl+N", self, self.add), ("Ctrl+F", self, self.toolbar.start_finding), ("Ctrl+E", self, self.export),
            ("Ctrl+P", self, self.print_list), ("Delete", self.stack, self.delete), ("Ctrl+V", self.stack, self.paste),
            ("F2", self.stack, self.view.edit_current), ("Ctrl+C", self.stack, self.blocks.copy),
            ("Ctrl+D", self.stack, self.blocks.fill_down),
            ("Ctrl+Shift+C", self.stack, lambda: self.blocks.copy(headings=True)),
        ):  # fmt: skip
            shortcut(keys, over, call)

    def _size(self) -> None:
        self.columns.size(self.model.widths())
        self.toolbar.size_parts()
        if self.has_form:
            self._size_form(self.form)

    def _size_form(self, form: EditForm) -> None:
        form.setFixedWidth(self.theme.px(300 if self.in_team else 338))

    def choose_columns(self) -> ColumnPopup:
        """Open 列设置."""
        popup = ColumnPopup(self, self.theme, self.columns)
        popup.open_at(self.toolbar.columns_corner())
        return popup

    # Showing

    def load(self) -> None:
        """Read the rows again; selection and place stay."""
        if self.in_team and self.team is None:
            return
        masked, entity, seen, team = self.masked, self.entity, self.seen, self.team
        past, day = self.past, self.desk.as_of
        shown = bool(self.model.sheet.rows)
        if not shown and team is None:
            self.jobs.read(lambda store: derived_columns.beginning(store, entity, seen, masked), self._begun)

        # A long list that is on the screen is read again after everything else: the next change need not wait for it.
        def work(store: Store) -> tuple[int | None, Sheet]:
            sheet = derived_columns.read(store, entity, seen, masked, day, team, past)
            if self.model.sorted_by is not None:
                sheet.rank(*self.model.sorted_by)
            return team, sheet

        later = shown and len(self.model.sheet.rows) > derived_columns.MANY
        self.jobs.read(work, self._arrived, later=later, key=self)

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
        if self.toolbar.only_quarter:
            self.model.limit(self._in_quarter())
        if first:  # later loads keep the widths that a person has drawn
            self._size()
        self.view.verticalScrollBar().setValue(bar)
        self.stack.setCurrentIndex(0 if sheet.rows else 1)
        if self._wanted and not all(self.model.place(i) >= 0 for i in self._wanted):
            self.show_all()
        if self._wanted:
            self.view.choose(self._wanted)
        else:
            self.view.restore(kept)
        self._wanted = frozenset()
        if self.form_open:
            self._renew_form()
        self._count()
        self.tell_selected()

    def _renew_form(self) -> None:
        """An untouched form shows its row as it is now; where something was typed, only the references are renewed."""
        before = self.form.before
        place = self.model.place(int(before["id"] or 0)) if before is not None else -1
        if place >= 0 and not self.form.dirty() and self.model.row(place) != before:
            self._fill(self.model.row(place))
        else:
            self.form.set_titles(self.model.sheet.titles)

    def _release(self) -> None:
        if self._held is not None:
            QTimer.singleShot(0, self, self._show_held)

    def _show_held(self) -> None:
        if self._held is not None:
            self._show(self._held)

    def select(self, ids: frozenset[int]) -> None:
        """Show these rows: chosen, and alone if they are several."""
        self._wanted = ids
        self.toolbar.show_all()
        self.model.clear()
        self.model.limit(ids if len(ids) > 1 else None)
        self.load()

    def show_all(self) -> None:
        """Take away every restriction."""
        self.toolbar.show_all()
        self.model.clear()

    def follow_quarter(self) -> None:
        """Show the rows of the quarter chosen, or all."""
        self.model.limit(self._in_quarter() if self.toolbar.only_quarter else None)

    def _in_quarter(self) -> frozenset[int]:
        first, last = self.desk.quarter.start.isoformat(), self.desk.quarter.end.isoformat()
        day = self.entity.day
        return frozenset(int(r["id"] or 0) for r in self.model.sheet.rows if first <= str(r[day]) <= last)

    def chosen_ids(self) -> list[int]:
        """Return the ids of the chosen rows, from top to bottom."""
        return [self.model.id_at(p) for p in self.view.places()]

    def _count(self) -> None:
        sheet = self.model.sheet
        total, found = sheet.total, sheet.total if sheet.is_part else self.model.rowCount()
        self.foot.count(found, total)
        self.foot.tell_totals(self.model, self.jobs)
        self.counted.emit(total, self.noun)

    def tell_selected(self, *_: object) -> None:
        """Say what is selected, and offer what can be done to it."""
        places, columns = self.view.block()
        self.toolbar.set_chosen(bool(places))
        self.foot.set_chosen(len(places))
        if len(places) <= MANY:
            self.status_changed.emit(sums(self.model, self.noun, places, columns))
            return
        self.status_changed.emit(f"已选 {len(places):,} {self.noun}")
        order = self.model.order

        def tell(text: str) -> None:
            if order is self.model.order and places == self.view.places():
                self.status_changed.emit(text)

        self.jobs.read(lambda store: sums(self.model, self.noun, places, columns), tell, key=(self, "selected"))

    def _follow(self) -> None:
        """While a form shows a row unchanged, it goes with the cursor."""
        index = self.view.currentIndex()
        if self.form_open and self.form.before is not None and not self.form.dirty() and index.isValid():
            self._fill(self.model.row(index.row()))

    def _fill(self, record: Row | None, focus: bool = False) -> None:
        start = self.start() if record is None else None
        self.form.edit(record, self.model.sheet.titles, start, focus=focus, covered=self.masked)

    def set_masked(self, masked: bool) -> None:
        """Read the rows again, masked or whole."""
        self.masked = masked
        self.load()

    # Changing

    def add(self) -> None:
        """Open an empty form."""
        self._open(None)

    def add_with(self, given: Mapping[str, Value]) -> None:
        """Open an empty form that says already what is known."""
        self._given = dict(given)
        self.add()
        self._given = {}

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
        self._fill(record, focus=True)
        if not self.model.sheet.rows:  # titles come with the rows: an empty list has them too, once loaded
            self.load()

    def _open_person(self, person: int) -> None:
        self.close_form()
        self.select(frozenset({person}))

    def _is_in_form(self, row_id: int) -> bool:
        """Tell whether the form holds changes of this row that are not saved."""
        before = self.form.before if self.form_open and self.form.dirty() else None
        return before is not None and before["id"] == row_id

    def _look_for(self, id_type: str, number: str) -> None:
        """Say in the form who else has the document number that was typed."""
        day = self.desk.today
        self.jobs.read(lambda store: members.known_person(store, id_type, number, day), self.form.tell_known)

    def close_form(self) -> None:
        """Hide the form and go back to the row; what was typed and not saved stays as a draft."""
        if self.has_form and self.form.keep_draft():
            self.desk.say("没有保存。填的内容还留着，再打开这一条就能接着填")
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
        past = touched_words(self.entity, [record, before or record], self.desk.today)
        title = f"{'修改' if before else '新增'}{self.entity.label}" + (f"：{name}" if name else "") + past
        self._new_after_save = go_on
        entity, today = self.entity, self.desk.today
        self.form.save_button.setEnabled(False)

        def work(store: Store) -> tuple[int, str]:
            with guarded(store, entity):
                number = save_edited(store, entity, before, record, today) if before else store.save(entity, record)
            return number, doubt_of(store, number) if entity is SERVICE_RECORD else ""

        self.jobs.write(title, work, self._saved, self._refused)

    def _saved(self, found: tuple[int, str]) -> None:
        number, doubt = found
        if doubt:
            QTimer.singleShot(0, self, lambda: self.desk.say(doubt))  # after the word that it is saved
        self._wanted = frozenset({number})
        if self._new_after_save:
            keep = {f.name: self.form.judged()[0][f.name] for f in self.entity.refs if f.name != self.entity.title}
            self.form.saved()
            self.form.edit(None, self.model.sheet.titles, keep | self.start())
        else:
            self.form.saved()
            self.close_form()

    def _refused(self, error: Exception) -> None:
        self.form.show_refusal(str(error), error.now if isinstance(error, ChangedElsewhere) else None)

    def delete(self) -> None:
        """Delete the chosen rows without a question; the toast takes it back."""
        ids = [] if self.view.editing.is_open else self.chosen_ids()
        if not ids:
            return
        rows = [self.model.row(self.model.place(i)) for i in ids]
        first, past = self.name_of(rows[0]), touched_words(self.entity, rows, self.desk.today)
        some = (f"：{first}" if len(ids) == 1 and first else f" {len(ids)} {self.noun}") + past
        self.close_form()
        deleting.delete_rows(self.desk, self.entity, ids, some, self.know_dialog)

    def unsaved(self) -> bool:
        """Tell whether something was typed here and not saved; a cell that can be taken is taken."""
        self.view.editing.take()
        typed = self.has_form and not self.form.isHidden() and self.form.dirty()
        return bool(any(self._drafts.values()) or typed or self.view.editing.text())

    def hideEvent(self, event: QHideEvent) -> None:
        """Remember the columns at once when the page goes out of view."""
        super().hideEvent(event)
        self.columns.flush()

    # Out

    def export(self) -> None:
        """Ask what to write, then where, then write this record's workbook."""
        list_out.export(self.desk, self.entity, self)

    def export_to(self, path: Path, masked: bool, reason: str) -> None:
        """Write this record's workbook."""
        list_out.export_to(self.desk, self.entity, path, masked, reason)

    def print_list(self) -> None:
        """Print the rows as they are shown."""
        self.numbers.print_list(self.masked)
