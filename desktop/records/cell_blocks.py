"""Blocks of cells in and out of a list: copy, paste, one value for many rows, one cell; each change one operation."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from db.errors import Refused, UserError
from db.intake.guarded import take_in_guarded
from db.intake.importer import take_in
from db.intake.results import ImportResult, SheetResult
from db.intake.source_rows import SourceSheet
from db.records.entities import SERVICE_RECORD
from db.records.fields import Entity, Field, Row, is_date
from db.records.kinds import Cell, Ref, Refs, Value, is_blank
from db.storage.store import Store
from db.tasks.invariants import doubt_of
from desktop.records.block_dialogs import BatchDialog, Line, PreviewDialog
from desktop.records.derived_columns import ListModel
from desktop.records.past_quarters import touched_words
from desktop.records.pasted_rows import DayDialog, day_wanted, lines_of
from desktop.services import cell_changes
from desktop.services.cell_changes import Plan
from desktop.services.typed import with_year
from desktop.shell.clipboard import KEPT_SECONDS, secret_clipboard
from desktop.shell.desk import Desk
from desktop.tables import clipboard
from desktop.tables.grid import Grid
from desktop.tables.whole_numbers import log_use

Wanted = dict[int, dict[str, Cell]]


class Blocks(QObject):
    """What a list does with blocks of cells.

    It is told how a message calls a row (`name_of`), what a new row takes from the page (`given`, by heading) and
    whether the form holds changes of a row that are not saved (`in_form`).
    """

    opened = Signal(object)  # a dialog

    def __init__(
        self, desk: Desk, entity: Entity, grid: Grid, model: ListModel, noun: str, *, name_of: Callable[[Row], str],
        given: Callable[[], dict[str, Cell]], in_form: Callable[[int], bool],
    ) -> None:  # fmt: skip
        super().__init__(grid)
        self.desk, self.entity, self.jobs, self.grid, self.model, self.noun = desk, entity, desk.jobs, grid, model, noun
        self.name_of, self.given, self.in_form = name_of, given, in_form
        self.grid.cell_taken.connect(self.write_cell)

    def _count(self, number: int) -> str:
        return f"{number:,} {self.noun}"

    # Out

    def copy(self, headings: bool = False) -> None:
        """Copy the selected block as Excel takes it, masked as it is shown; cells not selected are blank."""
        ranges = self.grid.ranges()
        places, shown = self.grid.block()
        if self.grid.editing.is_open or not places or not shown:
            return
        texts, order = self.model.sheet.texts, self.model.order
        whole = len(ranges) == 1
        lines = []
        for place in places:
            text = texts[order[place]]
            held = None if whole else [r for r in ranges if r[0] <= place <= r[1]]
            lines.append(
                [text[c] if held is None or any(r[2] <= c <= r[3] for r in held) else "" for c in shown]
            )  # fmt: skip
        if headings:
            lines.insert(0, [self.model.fields[c].label for c in shown])
        block = clipboard.to_text(lines)
        cells = f"{len(places):,} 行、{len(shown)} 列" if len(places) * len(shown) > 1 else "1 格"
        said = f"已复制 {cells}{'，连同标题' if headings else ''}，可以粘贴到 Excel"
        sheet = self.model.sheet
        if numbers := 0 if sheet.masked else self._whole_numbers([order[place] for place in places], shown):

            def put() -> None:
                secret_clipboard().put(block)
                self.desk.say(f"{said}。里面有完整号码，{KEPT_SECONDS} 秒后从剪贴板清除")

            log_use(self.desk, "复制完整号码", f"{self.entity.label}名单", numbers, put)
            return
        QGuiApplication.clipboard().setText(block)
        stars = sheet.masked and any(self.model.fields[c].masked for c in shown)
        self.desk.say(said + ("；号码是遮住的" if stars else ""))

    def _whole_numbers(self, rows: list[int], columns: list[int]) -> int:
        """Count the cells whose text would be masked in a masked list."""
        sheet = self.model.sheet
        hiding = [self.model.fields[c] for c in columns if self.model.fields[c].hides]
        values = [(f, sheet.rows[n].get(f.name)) for n in rows for f in hiding]
        return sum(
            f.show(v, sheet.titles.get(f.name), True) != f.show(v, sheet.titles.get(f.name), False)
            for f, v in values
            if v is not None
        )

    # In

    def paste(self) -> None:
        """Paste what is on the clipboard: onto the cells from the current one, or as new rows."""
        if self.grid.editing.is_open:
            return
        text = QGuiApplication.clipboard().text()
        if not text.strip():
            self.desk.say("剪贴板里没有文字。请先在 Excel 或 WPS 里复制，再来粘贴")
            return
        lines = clipboard.from_text(text)
        headed = cell_changes.has_headings(self.entity, lines)
        places, _ = self.grid.block()
        if headed or not places:
            fields = self._fields_from(self.grid.first_pasted())
            self._paste_new(lines, fields, headed)
        else:
            self._paste_over(lines)

    def _fields_from(self, column: int) -> list[Field]:
        shown = self.grid.visible_columns()
        start = shown.index(column) if column in shown else 0
        return [self.model.fields[c] for c in shown[start:]]

    def _paste_over(self, lines: list[list[str]]) -> None:
        """Map every pasted cell to the row shown there now, before anything is written."""
        places, chosen = self.grid.block()
        if len(lines) == 1 and len(lines[0]) == 1:  # one cell fills all that are selected
            names = [n for c in chosen if (n := self.model.fields[c].name) in self.model.own]
            if not names:
                self.desk.say("这一列是程序从别的记录算出来的，不能粘贴")
                return
            wanted: Wanted = {self.model.id_at(p): dict.fromkeys(names, lines[0][0]) for p in places}
            left_out = ""
        else:
            fields = self._fields_from(chosen[0])
            times, rest = divmod(len(places), len(lines))
            if times > 1 and not rest and len(chosen) == len(lines[0]) and places[-1] - places[0] < len(places):
                lines = lines * times  # as in Excel: a block fills a selection that it fits into several times
            room = self.model.rowCount() - places[0]
            wanted = {
                self.model.id_at(places[0] + i): {
                    f.name: c for f, c in zip(fields, line, strict=False) if f.name in self.model.own
                }
                for i, line in enumerate(lines[:room])
            }
            more = []
            if computed := [f.label for f in fields[: len(lines[0])] if f.name not in self.model.own]:
                more.append(f"{'、'.join(computed)}是程序算出来的，没有粘贴")
            if len(lines) > room:
                more.append(
                    f"列表下面没有行了，多出的 {len(lines) - room:,} 行没有粘贴；要新增，请点列表的空白处再粘贴"
                )
            if len(lines[0]) > len(fields):
                more.append(f"右边没有列了，多出的 {len(lines[0]) - len(fields)} 列没有粘贴")
            left_out = "。".join(more)
        self.change("粘贴", wanted, left_out)

    def change(self, verb: str, wanted: Wanted, left_out: str = "") -> None:
        """Judge changes, show them where they concern more than one row or are doubtful, then write."""
        entity, today = self.entity, self.desk.today
        self.jobs.read(
            lambda store: cell_changes.judge(store, entity, wanted, today),
            lambda plan: self._judged(verb, wanted, plan, left_out),
        )

    def _judged(self, verb: str, wanted: Wanted, plan: Plan, left_out: str) -> None:
        if not plan.rows and not plan.troubles and not left_out:
            self.desk.say("内容都与原来相同，没有改动")
            return
        names = list(dict.fromkeys(n for cells in wanted.values() for n in cells))
        if len(wanted) == 1 and not plan.troubles and not left_out:
            self._write(verb, wanted, plan, names)
            return
        refused = len(plan.refused())
        head = f"将修改 {len(plan.rows):,} 行、{len(names)} 列"
        parts = [f"{plan.unchanged:,} 行与原来相同" if plan.unchanged else "",
                 f"{refused:,} 行有错，不会写入" if refused else "", left_out]  # fmt: skip
        dialog = PreviewDialog(
            self.grid.window(), self.desk.theme, head, "。".join(p for p in parts if p), ("类别", "记录", "列", "原来", "改为"),
            (8, 14, 12, 16, 30), self._lines(plan, names, wanted), f"修改 {self._count(len(plan.rows))}" if plan.rows else "",
            len(plan.troubles) + sum(after[n] != plan.before[int(after["id"] or 0)][n] for after in plan.rows for n in after),
        )  # fmt: skip
        dialog.accepted.connect(lambda: self._write(verb, wanted, plan, names))
        self.opened.emit(dialog)
        dialog.open()

    def _lines(self, plan: Plan, names: list[str], wanted: Wanted) -> list[Line]:
        masked, titles = self.model.sheet.masked, self.model.sheet.titles
        by_id = {i: self.model.row(p) for i in wanted if (p := self.model.place(i)) >= 0}
        lines: list[Line] = []
        for t in sorted(plan.troubles, key=lambda t: t.severity != "error"):
            f, there = self.entity[t.field], by_id.get(t.row_id)
            was = f.show(there[f.name], titles.get(f.name), masked) if there else ""
            word = "错误" if t.severity == "error" else "提醒"
            lines.append((word, self._place_name(t.row_id, there), f.label, was, t.reason))
        for after in plan.rows:
            row_id = int(after["id"] or 0)
            before = plan.before[row_id]
            for f in self.entity.fields:
                if after[f.name] != before[f.name]:
                    was, will = (f.show(r[f.name], titles.get(f.name), masked) for r in (before, after))
                    name = self._place_name(row_id, before)
                    lines.append(("修改", name, f.label, was or "（空）", will or "（清空）"))
            if len(lines) > 600:
                break
        return lines

    def _place_name(self, row_id: int, row: Row | None) -> str:
        place = self.model.place(row_id)
        name = self.name_of(row) if row else ""
        return f"第 {place + 1} 行 {name}" if place >= 0 else name

    def _write(self, verb: str, wanted: Wanted, plan: Plan, names: list[str]) -> None:
        sound = {int(r["id"] or 0) for r in plan.rows}
        kept = {i: cells for i, cells in wanted.items() if i in sound}
        if not kept:
            return
        entity, today = self.entity, self.desk.today
        if len(kept) == 1:
            some = f"：{self.name_of(plan.rows[0])}"
        else:
            some = f" {self._count(len(kept))}"
        columns = "、".join(entity[n].label for n in names[:3]) + ("等" if len(names) > 3 else "")
        past = touched_words(entity, [*plan.rows, *plan.before.values()], today)
        title = f"{verb}修改{entity.label}{some}（{columns}）{past}"
        self.jobs.write(title, lambda store: cell_changes.write(store, entity, kept, today))

    def fill_down(self, to: int | None = None) -> None:
        """The first row's cells fill the rows selected below it, or the rows down to a place; one row takes the one above."""
        places, columns = self.grid.block()
        if not places or not self.grid.editing.take():
            return
        first = places[0]
        if to is not None:
            places = list(range(first, to + 1))
        elif len(places) == 1:
            first = max(0, first - 1)
        names = [n for c in columns if (n := self.model.fields[c].name) in self.model.own]
        source = self.model.row(first)
        cells = {n: _cell_of(self.entity[n], source[n]) for n in names}
        if cells and (rows := [p for p in places if p != first]):
            self.change("填充", {self.model.id_at(p): dict(cells) for p in rows})

    # New rows

    def _paste_new(self, lines: list[list[str]], fields: list[Field], headed: bool) -> None:
        entity, today, given = self.entity, self.desk.today, self.given()

        def work(store: Store) -> SourceSheet:
            sheet = cell_changes.new_rows(store, entity, lines, fields, headed)
            assert isinstance(sheet.rows, list)
            for source in sheet.rows:  # what the page itself says, where the row does not
                source.cells.update({h: c for h, c in given.items() if is_blank(source.cells.get(h))})
                for f in entity.fields:
                    if is_date(f) and isinstance(cell := source.cells.get(f.label), str):
                        source.cells[f.label] = with_year(cell, today.year)
            return sheet

        self.jobs.read(work, self._ask_day)

    def _ask_day(self, sheet: SourceSheet) -> None:
        """Ask once for the day of all rows that need one and have none; then show what would be written."""
        assert isinstance(sheet.rows, list)
        rows = sheet.rows
        found = day_wanted(self.entity, rows)
        if found is None:
            self._check(sheet)
            return
        wanted, without = found
        dialog = DayDialog(self.desk, self.entity, wanted, self._count(without), self.grid.window())

        def go_on() -> None:
            for source in rows:
                if is_blank(source.cells.get(wanted.label)):
                    source.cells[wanted.label] = dialog.day
            self._check(sheet)

        dialog.accepted.connect(go_on)
        self.opened.emit(dialog)
        dialog.open()

    def _check(self, sheet: SourceSheet) -> None:
        today = self.desk.today
        self.jobs.read(
            lambda store: take_in(store, [sheet], title="", today=today, dry_run=True),
            lambda done: self._checked(sheet, done),
        )

    def _checked(self, sheet: SourceSheet, done: ImportResult) -> None:
        result = done.sheets[0]
        if result.added + result.updated == 1 and len(sheet.rows) == 1 and not result.problems and not sheet.unknown:
            self._take_in(sheet, result)
            return
        parts = [f"新增 {self._count(result.added)}"]
        if result.updated:
            parts.append(f"更新已有的 {self._count(result.updated)}")
        words = [f"{result.unchanged:,} 行台账里已有，不变" if result.unchanged else "",
                 f"{result.refused:,} 行有错，不会写入" if result.refused else "",
                 f"不认识的列没有粘贴：{'、'.join(sheet.unknown)}" if sheet.unknown else "", *sheet.notes]  # fmt: skip
        assert isinstance(sheet.rows, list)
        fields = {heading: f for heading, f, _ in self.entity.columns}
        headings, widths, lines = lines_of(sheet.rows, fields, result.problems)
        change = bool(result.added + result.updated)
        dialog = PreviewDialog(
            self.grid.window(), self.desk.theme, "将" + "，".join(parts), "。".join(w for w in words if w),
            headings, widths, lines, "，".join(parts) if change else "", len(sheet.rows),
        )  # fmt: skip
        dialog.accepted.connect(lambda: self._take_in(sheet, result))
        self.opened.emit(dialog)
        dialog.open()

    def _take_in(self, sheet: SourceSheet, result: SheetResult) -> None:
        parts = [f"新增 {self._count(result.added)}"] if result.added else []
        parts += [f"更新 {self._count(result.updated)}"] if result.updated else []
        title = f"粘贴{self.entity.label}：{'，'.join(parts)}"
        today = self.desk.today
        self.jobs.change(
            lambda store: take_in_guarded(
                store, self.entity, lambda: take_in(store, [sheet], title=title, today=today)
            ),
            lambda done: self.desk.say(f"已{title}", undo=done.operation is not None),
        )

    # One value for many rows; one cell

    def batch(self) -> None:
        """Ask for a field and a value, and give it to all the rows chosen."""
        ids = [self.model.id_at(p) for p in self.grid.places()]
        if len(ids) < 2 or not self.grid.editing.take():
            return
        now = self.grid.currentIndex()
        first = self.model.fields[now.column()].name if now.isValid() else ""
        titles = self.model.sheet.titles
        dialog = BatchDialog(
            self.grid.window(), self.desk.theme, self.entity, titles, self._count(len(ids)), first, self.desk.today
        )
        dialog.asked.connect(lambda name, cell: self.change("批量", {i: {name: cell} for i in ids}))
        self.opened.emit(dialog)
        dialog.open()

    def write_cell(self, row_id: int, name: str, cell: Cell) -> None:
        """Write one cell; what the ledger refuses comes back into its cell with the reason."""
        entity, today = self.entity, self.desk.today
        place = self.model.place(row_id)
        row = self.model.row(place) if place >= 0 else {}
        title = self.name_of(row) if row else ""
        if self.in_form(row_id):
            reason = "右边的表单里也在修改这一条，还没有保存；请先保存或取消表单，再改这一格"
            self._refused(row_id, name, cell, title, Refused(reason))
            return
        self.jobs.write(
            f"修改{entity.label}" + (f"：{title}" if title else "") + touched_words(entity, [row], today),
            lambda store: cell_changes.write_cell(store, entity, row_id, name, cell, today),
            self._written,
            lambda error: self._refused(row_id, name, cell, title, error),
        )

    def _written(self, row: Row | None) -> None:
        if row is None:
            return
        self.model.put(row)
        if self.entity is SERVICE_RECORD:
            number = int(row["id"] or 0)
            self.jobs.read(lambda store: doubt_of(store, number), self._doubt)

    def _doubt(self, words: str) -> None:
        if words:
            self.desk.say(words)

    def _refused(self, row_id: int, name: str, cell: Cell, title: str, error: Exception) -> None:
        if self.grid.reopen(row_id, name, cell, str(error)):
            return
        f = self.entity[name]
        typed = "" if f.masked or isinstance(cell, int) else f"所填的内容是：{cell or '（空）'}。"
        who = f"“{title}”的" if title else ""
        self.desk.complain(UserError(f"{who}“{f.label}”没有改成。{error}。{typed}原来的内容没有变动，请再改一次"))


def _cell_of(f: Field, value: Value) -> Cell:
    """Return a stored value as the cell that reads back as the same."""
    return value if isinstance(f.kind, Ref | Refs) else f.kind.to_cell(value)
