"""Changes of many cells at once: read, judged row by row before anything is written, then written as one operation.

Runs where the store is. A cell names its field; a row is judged whole, with what the ledger holds at that moment.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from db.errors import Refused
from db.intake.source_rows import SourceRow, SourceSheet
from db.records.entities import BY_NAME, VOLUNTEER
from db.records.fields import Entity, Field, Problem, Row
from db.records.identity import derived
from db.records.kinds import Cell, Invalid, Ref, Refs, Value, cell_text, is_blank, plain, words_of
from db.storage.store import Store
from db.tasks.invariants import guarded
from desktop.services.row_index import ref_titles
from forms.columns.proposals import find_header, map_table
from forms.errors import FileTrouble
from forms.reading.files import Table

Cells = Mapping[int, Mapping[str, Cell]]  # row id → field → what is to stand there


@dataclass(frozen=True)
class Trouble:
    """Why a row is not taken, or doubtful."""

    row_id: int
    field: str
    reason: str
    severity: str = "error"


@dataclass
class Plan:
    """What a block of changes would do."""

    rows: list[Row] = field(default_factory=list)  # sound and different from what is there
    before: dict[int, Row] = field(default_factory=dict)
    troubles: list[Trouble] = field(default_factory=list)
    unchanged: int = 0

    def refused(self) -> set[int]:
        """The rows that are not taken."""
        return {t.row_id for t in self.troubles if t.severity == "error"}


class TitleFinder:
    """Finds the row that a typed or pasted title means."""

    def __init__(self, store: Store, entity: Entity) -> None:
        self._known: dict[str, dict[str, list[int]]] = {}
        for name, titles in ref_titles(store, entity).items():
            known = self._known[name] = {}
            for number, title in titles.items():
                known.setdefault(plain(title), []).append(number)
                if "（" in title:
                    known.setdefault(plain(title.split("（")[0]), []).append(number)

    def find(self, f: Field, cell: Cell) -> int | None:
        """Return the id, or None where no row or more than one has this title."""
        if isinstance(cell, int) and not isinstance(cell, bool):
            return cell
        found = self._known.get(f.name, {}).get(plain(cell_text(cell)), [])
        return found[0] if len(found) == 1 else None

    def find_several(self, f: Field, cell: Cell) -> str | None:
        """Return the ids that a cell of several titles names, as `Refs` stores them; None where one is not found."""
        ids = [self.find(f, word) for word in words_of(cell)]
        return None if None in ids else ",".join(map(str, ids))


def value_of(f: Field, cell: Cell, finder: TitleFinder | None = None) -> Value:
    """Return the stored value of a cell; raise `Invalid` with the reason."""
    if is_blank(cell):
        return None
    if isinstance(f.kind, Ref) and not isinstance(cell, int):
        number = finder.find(f, cell) if finder is not None else None
        if number is None:
            raise Invalid(f"没有找到这个{f.label}，或有几个同名的；请从列表中选择，或先新增")
        return number
    if isinstance(f.kind, Refs) and finder is not None:
        cell = finder.find_several(f, cell) or cell
    return f.kind.parse(cell)


def changed(entity: Entity, row: Row, values: Mapping[str, Value]) -> Row:
    """Return the row with other values; what follows from a person's number follows it."""
    after: Row = {**row, **values}
    if entity is VOLUNTEER and "id_number" in values and after["id_number"] and after["id_type"]:
        known = derived(str(after["id_number"]), str(after["id_type"]))
        for name, value in zip(("sex", "birth_date"), known or (), strict=False):
            if name not in values:
                after[name] = value
    return after


def errors(entity: Entity, before: Row, after: Row, names: Collection[str], today: dt.date) -> list[Problem]:
    """Complete `after` and return what forbids the change: all but faults that other cells of the row had before.

    Rows from an older office may be faulty; that must not keep a person from putting them right cell by cell.
    """
    found = [p for p in entity.judge(after, today) if p.severity == "error"]
    if not found:
        return []
    old = {(p.field, p.reason) for p in entity.judge(dict(before), today)}
    return [p for p in found if p.field in names or (p.field, p.reason) not in old]


def judge(store: Store, entity: Entity, cells: Cells, today: dt.date) -> Plan:
    """Read and judge all changes against the rows as they are now."""
    names = {name for row in cells.values() for name in row}
    there = {int(r["id"] or 0): r for r in store.rows(entity)}
    finder = TitleFinder(store, entity) if any(f.name in names for f in (*entity.refs, *entity.many)) else None
    plan = Plan()
    ends = {end for _, end in entity.spans}
    for row_id, wanted in cells.items():
        before = there.get(row_id)
        if before is None:
            plan.troubles.append(Trouble(row_id, entity.title, "这一条已经不在台账里了"))
            continue
        values: dict[str, Value] = {}
        wrong = False
        for name, cell in wanted.items():
            try:
                values[name] = value_of(entity[name], cell, finder)
            except Invalid as error:
                plan.troubles.append(Trouble(row_id, name, str(error)))
                wrong = True
        if wrong:
            continue
        after = changed(entity, before, values)
        if after == before:
            plan.unchanged += 1
            continue
        wrongs = errors(entity, before, after, wanted, today)
        plan.troubles += [Trouble(row_id, p.field, p.reason) for p in wrongs]
        for name in wanted:
            if doubt := entity[name].kind.doubt(after[name], dt.date.max if name in ends else today):
                plan.troubles.append(Trouble(row_id, name, doubt, "warning"))
        plan.before[row_id] = before
        if not wrongs:
            plan.rows.append(after)
    if names & set(entity.key):
        _refuse_doubles(entity, plan, there)
    return plan


def _refuse_doubles(entity: Entity, plan: Plan, there: Mapping[int, Row]) -> None:
    """Take out rows whose key would be another row's."""
    standing = {**there, **{int(r["id"] or 0): r for r in plan.rows}}
    count = Counter(tuple(r[k] for k in entity.key) for r in standing.values())
    double = [r for r in plan.rows if count[tuple(r[k] for k in entity.key)] > 1]
    names = "、".join(f"“{entity[k].label}”" for k in entity.key)
    plan.troubles += [Trouble(int(r["id"] or 0), entity.key[0], f"会与另一条记录的{names}都相同") for r in double]
    ids = {r["id"] for r in double}
    plan.rows = [r for r in plan.rows if r["id"] not in ids]


def write(store: Store, entity: Entity, cells: Cells, today: dt.date) -> list[Row]:
    """Judge again and write the sound rows; runs inside one operation. Return them."""
    plan = judge(store, entity, cells, today)
    with guarded(store, entity):
        for row in plan.rows:
            store.save(entity, row)
    return plan.rows


def write_cell(store: Store, entity: Entity, row_id: int, name: str, cell: Cell, today: dt.date) -> Row | None:
    """Change one cell inside an operation; return the row, or None where nothing differs. Raise `Refused`."""
    before = store.row(entity, row_id)
    if before is None:
        raise Refused("这一条已经不在台账里了。没有保存；请按 F5 刷新后再看")
    f = entity[name]
    try:
        finder = TitleFinder(store, entity) if isinstance(f.kind, Ref | Refs) and isinstance(cell, str) else None
        after = changed(entity, before, {name: value_of(f, cell, finder)})
    except Invalid as error:
        raise Refused(str(error)) from None
    if after == before:
        return None
    if wrong := errors(entity, before, after, [name], today):
        raise Refused("；".join(p.reason for p in wrong))
    with guarded(store, entity):
        store.save(entity, after)
    return after


# New rows


def has_headings(entity: Entity, lines: Sequence[Sequence[str]]) -> bool:
    """Tell whether the first line of a block is the record's own headings."""
    if len(lines) < 2:
        return False
    known = {plain(heading) for heading, _, _ in entity.columns} | {plain(f.label) for f in entity.fields}
    cells = [plain(c).strip("*") for c in lines[0] if c.strip()]
    if cells and all(c in known for c in cells):
        return True
    return find_header(Table(entity.label, [(1, list(lines[0]))]), entity) is not None


def new_rows(
    store: Store, entity: Entity, lines: Sequence[Sequence[str]], fields: Sequence[Field], headed: bool
) -> SourceSheet:
    """Return a block as rows to be taken in: by its headings, or by the columns it was pasted into."""
    if headed:
        try:
            mapped = map_table(Table(entity.label, [(i, list(line)) for i, line in enumerate(lines, 1)]), entity.name)
        except FileTrouble:
            mapped = None
        if mapped is None:
            raise Refused(
                "粘贴的内容有表头，但缺少必填的列，没有写入。"
                f"至少要有：{'、'.join(h for h, f, _ in entity.columns if f.required)}"
            )
        rows = [SourceRow(number, mapped.cells(row)) for number, row in mapped.rows]
        unknown, notes = mapped.unknown, mapped.notes
    else:
        rows = [
            SourceRow(i, {f.columns[0][0]: text for f, text in zip(fields, line, strict=False)})
            for i, line in enumerate(lines, 1)
            if any(text.strip() for text in line)
        ]
        wide = max((len(line) for line in lines), default=0)
        unknown = ()
        notes = (f"没有表头，依次填入：{'、'.join(f.label for f in fields[:wide])}",)
        if wide > len(fields):
            notes += (f"多出的 {wide - len(fields)} 列没有粘贴",)
    finder = TitleFinder(store, entity) if entity.refs else None
    for row in rows:
        for f in entity.refs:
            _spell_out(store, f, row.cells, finder)
    return SourceSheet(entity.label, entity, rows, source="粘贴", unknown=unknown, notes=notes)


def _spell_out(store: Store, f: Field, cells: dict[str, Cell], finder: TitleFinder | None) -> None:
    """A list shows a person in one column, a workbook in two: fill the others where the title is clear."""
    assert isinstance(f.kind, Ref)
    first = f.kind.columns[0][0]
    if finder is None or is_blank(cells.get(first)) or any(not is_blank(cells.get(h)) for h, _ in f.kind.columns[1:]):
        return
    number = finder.find(f, cells[first])
    found = store.row(BY_NAME[f.kind.entity], number) if number is not None else None
    if found is not None:
        cells.update({heading: found[target] for heading, target in f.kind.columns})
