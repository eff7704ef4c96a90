"""Imported rows into the ledger: judged, matched by key, and written as one operation.

Nothing here reads a file: it takes the cells that a reader found (`SourceSheet`) and answers what became of every row.
Rows are judged alone first, then against what is known (references, keys, a person's hours on one day); the good ones
go in together, the bad ones are named with column and remedy. Source: data contract, sections 2 and 3.
"""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from db.entities import ENTITIES, SERVICE_RECORD, VOLUNTEER
from db.fields import Entity, Field, Problem, Row
from db.kinds import Cell, Invalid, Ref, Value, cell_text, clean, is_blank
from db.references import References, Unresolved
from db.store import Store

UPDATE, SKIP, FILL, FAIL = "更新", "跳过", "补空", "报错"
ON_EXISTING = (UPDATE, SKIP, FILL, FAIL)

EXCEL_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"}

DAY_LIMIT, DAY_DOUBT = 24 * 60, 12 * 60  # minutes of service by one person on one day


@dataclass
class SourceRow:
    """One row of somebody's sheet: its number there (from 1) and its cells by canonical heading."""

    number: int
    cells: dict[str, Cell]


@dataclass
class SourceSheet:
    """One sheet that feeds one record. `source` tells files apart; `unknown` are headings that are not ours."""

    sheet: str
    entity: Entity
    rows: list[SourceRow]
    source: str = ""
    unknown: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class RowProblem:
    """What is wrong with one cell; `value` is masked and safe to print."""

    row: int
    column: str
    severity: str
    value: str
    reason: str


@dataclass
class SheetResult:
    """What became of a sheet's rows: read = added + updated + unchanged + refused."""

    sheet: str
    kind: str
    source: str = ""
    rows: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    problems: list[RowProblem] = field(default_factory=list)
    unknown: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def refused_rows(self) -> set[int]:
        """The numbers of the rows that did not go in."""
        return {p.row for p in self.problems if p.severity == "error"}


@dataclass
class ImportResult:
    """What an import did; `operation` is the id one undo takes back, or None where nothing changed."""

    sheets: list[SheetResult]
    operation: int | None = None

    @property
    def refused(self) -> int:
        """How many rows did not go in."""
        return sum(s.refused for s in self.sheets)

    @property
    def changed(self) -> int:
        """How many rows were added or updated."""
        return sum(s.added + s.updated for s in self.sheets)


def take_in(
    store: Store,
    sheets: Sequence[SourceSheet],
    *,
    title: str,
    today: dt.date,
    on_existing: str = UPDATE,
    dry_run: bool = False,
    strict: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> ImportResult:
    """Judge all sheets in dependency order and write the good rows as one operation.

    `strict`: any refused row and nothing is written. `progress` may raise to stop; nothing is kept then.
    """
    plan = _Plan(store, today, on_existing)
    ranked = sorted(sheets, key=lambda s: ENTITIES.index(s.entity))
    total, done = sum(len(s.rows) for s in ranked), 0
    results = []
    for sheet in ranked:
        results.append(plan.judge(sheet))
        done += len(sheet.rows)
        progress(done, total)
    order = {id(s): i for i, s in enumerate(sheets)}
    paired = sorted(zip(ranked, results, strict=True), key=lambda pair: order[id(pair[0])])
    result = ImportResult([r for _, r in paired])
    if dry_run or (strict and result.refused):
        return result
    with store.operation(title) as operation:
        plan.write()
    result.operation = operation.id
    return result


class _Known:
    """The rows of one record as they will stand after the import, found by key."""

    def __init__(self, store: Store, entity: Entity) -> None:
        self.entity = entity
        self.rows: dict[tuple[Value, ...], Row] = {self.key(row): row for row in store.rows(entity)}
        self.seen: dict[tuple[Value, ...], tuple[str, int, Row]] = {}  # key → (source, row number, row) of this import
        self.first_new = self.next_id = store.next_id(entity)
        self.added: list[Row] = []
        self.updated: dict[int, Row] = {}

    def key(self, row: Row) -> tuple[Value, ...]:
        """Return the matching key; text is compared as it is stored."""
        return tuple(row.get(name) for name in self.entity.key)


class _Plan:
    def __init__(self, store: Store, today: dt.date, on_existing: str) -> None:
        self.store = store
        self.today = today
        self.on_existing = on_existing
        self.references = References(store)
        self.known: dict[str, _Known] = {}
        self.minutes: dict[tuple[Value, Value], int] | None = None

    def judge(self, sheet: SourceSheet) -> SheetResult:
        entity = sheet.entity
        known = self.known.setdefault(entity.name, _Known(self.store, entity))
        result = SheetResult(
            sheet.sheet, entity.name, sheet.source, len(sheet.rows), unknown=sheet.unknown, notes=sheet.notes
        )
        waiting = sheet.rows
        while waiting:
            later = []
            for source in waiting:
                if not self._take(sheet, known, source, result, final=False):
                    later.append(source)
            if len(later) == len(waiting):
                for source in later:
                    self._take(sheet, known, source, result, final=True)
                break
            waiting = later
        result.problems.sort(key=lambda p: p.row)
        return result

    def _take(self, sheet: SourceSheet, known: _Known, source: SourceRow, result: SheetResult, *, final: bool) -> bool:
        """Judge one row; False: it refers to a row of its own sheet that is still to come."""
        entity = known.entity
        row, problems = self._parse(entity, source.cells)
        own = {f.name for f in entity.refs if isinstance(f.kind, Ref) and f.kind.entity == entity.name}
        if not final and any(isinstance(p, _Unknown) and p.field in own for p in problems):
            return False
        bad = {p.field for p in problems}
        given: Row = {name: value for name, value in row.items() if value is not None}
        problems += [p for p in entity.judge(row, self.today) if p.field not in bad]
        outcome = "refused"
        if not any(p.severity == "error" for p in problems):
            outcome = self._match(sheet, known, source.number, row, given, problems)
        setattr(result, outcome, getattr(result, outcome) + 1)
        if outcome == "refused":
            self.references.refuse(entity, source.cells)
        result.problems += [_named(entity, source, p) for p in problems]
        return True

    def _parse(self, entity: Entity, cells: dict[str, Cell]) -> tuple[Row, list[Problem]]:
        row: Row = dict.fromkeys(entity.by_name)
        problems: list[Problem] = []
        for f in entity.fields:
            if isinstance(f.kind, Ref):
                try:
                    row[f.name] = self.references.find(f, cells)
                except Unresolved as error:
                    kind = _Unknown if error.unknown else _InColumn
                    problems.append(kind(f.name, str(error), "error", error.column))
                continue
            cell = cells.get(f.label)
            if is_blank(cell):
                continue
            if isinstance(cell, str) and cell.strip() in EXCEL_ERRORS:
                problems.append(Problem(f.name, "这一格是 Excel 的公式错误，请改成正确的内容"))
                continue
            try:
                row[f.name] = f.kind.parse(cell)
            except Invalid as error:
                problems.append(Problem(f.name, str(error)))
        return row, problems

    def _match(
        self, sheet: SourceSheet, known: _Known, number: int, row: Row, given: Row, problems: list[Problem]
    ) -> str:
        """Decide what happens to a sound row; returns the counter it belongs to."""
        entity = known.entity
        key = known.key(row)
        there = known.rows.get(key)
        first = next(name for name in entity.key if entity[name].default is None)  # the one to blame for a double
        if there is not None and entity is VOLUNTEER and there["name"] != row["name"]:
            problems.append(Problem("name", "这个证件号码已登记为另一个姓名；请核对姓名和号码是哪一个错了"))
            return "refused"
        source, earlier, as_read = known.seen.get(key, ("", 0, {}))
        if earlier and source == sheet.source:
            if as_read == row:
                problems.append(Problem(first, f"与第 {earlier} 行完全相同，只保留一条", "warning"))
                return "unchanged"
            names = "、".join(f"“{entity[n].label}”" for n in entity.key)
            problems.append(Problem(first, f"与第 {earlier} 行的{names}相同而其他内容不同；请留下正确的一行"))
            return "refused"
        if there is None:
            if not self._day_is_possible(entity, row, problems):
                return "refused"
            known.seen[key] = (sheet.source, number, dict(row))
            row["id"] = known.next_id
            known.next_id += 1
            known.added.append(row)
            known.rows[key] = row
            self.references.add(entity, row)
            return "added"
        known.seen[key] = (sheet.source, number, row)
        if self.on_existing == FAIL:
            problems.append(Problem(first, "台账中已有这条记录；如需更改，请选择“更新”后再导入"))
            return "refused"
        return self._merge(known, key, there, given, problems)

    def _merge(self, known: _Known, key: tuple[Value, ...], there: Row, given: Row, problems: list[Problem]) -> str:
        """Bring the given values into a row already there. A blank cell never wipes what is known."""
        if self.on_existing == SKIP:
            return "unchanged"
        fills = self.on_existing == FILL
        merged = there | {n: v for n, v in given.items() if not (fills and there.get(n) is not None)}
        found = [p for p in known.entity.judge(merged, self.today) if p.severity == "error"]
        if found:
            problems += found
            return "refused"
        if merged == there:
            return "unchanged"
        row_id = int(merged["id"] or 0)
        if row_id >= known.first_new:
            there.update(merged)  # added by another file of this same import
        else:
            known.rows[key] = known.updated[row_id] = merged
        return "updated"

    def _day_is_possible(self, entity: Entity, row: Row, problems: list[Problem]) -> bool:
        """A person's service on one day: over 24 hours is refused, over 12 hours is doubtful."""
        if entity is not SERVICE_RECORD:
            return True
        if self.minutes is None:
            self.minutes = defaultdict(int)
            for there in self.known[entity.name].rows.values():
                self.minutes[there["volunteer_id"], there["served_on"]] += int(there["service_minutes"] or 0)
        day = row["volunteer_id"], row["served_on"]
        total = self.minutes[day] + int(row["service_minutes"] or 0)
        if total > DAY_LIMIT:
            problems.append(Problem("service_minutes", "这个人同一天的服务时长合计超过 24 小时，请核对日期和时长"))
            return False
        if total > DAY_DOUBT:
            problems.append(Problem("service_minutes", "这个人同一天的服务时长合计超过 12 小时，请核对", "warning"))
        self.minutes[day] = total
        return True

    def write(self) -> None:
        for entity in ENTITIES:
            if known := self.known.get(entity.name):
                self.store.insert_many(entity, known.added)
                for row in known.updated.values():
                    self.store.save(entity, row)


@dataclass(frozen=True)
class _InColumn(Problem):
    """A problem that belongs to one of the several columns of a reference."""

    column: str = ""


@dataclass(frozen=True)
class _Unknown(_InColumn):
    """A reference to a row that is not there (yet)."""


def _named(entity: Entity, source: SourceRow, problem: Problem) -> RowProblem:
    f = entity[problem.field]
    column = problem.column if isinstance(problem, _InColumn) else f.columns[0][0]
    return RowProblem(
        source.number, column, problem.severity, safe_value(f, column, source.cells.get(column)), problem.reason
    )


def safe_value(f: Field, column: str, cell: Cell) -> str:
    """Return a cell as it may be printed: numbers of documents and phones masked, long text cut."""
    text = clean(cell_text(cell))
    if f.masked or column == "证件号码":
        return f"{text[:3]}{'*' * max(len(text) - 5, 0)}{text[-2:]}" if len(text) > 7 else "*" * len(text)
    text = re.sub(r"\d{9,}[\dXx]?", lambda m: m[0][:3] + "*" * (len(m[0]) - 5) + m[0][-2:], text)
    return text if len(text) <= 40 else text[:39] + "…"


def totals(results: Iterable[SheetResult]) -> dict[str, int]:
    """Add up the counters of several sheets."""
    names = ("rows", "added", "updated", "unchanged", "refused")
    kept = list(results)
    return {name: sum(getattr(r, name) for r in kept) for name in names}
