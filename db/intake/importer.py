"""Imported rows into the ledger: judged, matched by key, and written as one operation.

Nothing here reads a file: it takes the cells that a reader found (`SourceSheet`) and answers what became of every row,
judged alone first, then against what is known. Source: data contract, sections 2 and 3.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from itertools import repeat

from db.intake.collecting import without_collecting
from db.intake.column_parser import RowReader
from db.intake.doubts import Doubts, doubt_earmarks
from db.intake.known_rows import SPELLED, Key, Known
from db.intake.one_person import Days, first_of, register
from db.intake.references import References, Unresolved
from db.intake.results import ImportResult, SheetResult
from db.intake.row_problems import InColumn, MaybeKnown, RefusedRow, UnknownRow, named
from db.intake.source_rows import SourceRow, SourceSheet
from db.records.entities import ENTITIES, FUND_ENTRY, MEMBERSHIP, PARTY_COUNT, SERVICE_RECORD, TEAM, VOLUNTEER
from db.records.fields import Entity, Problem, Row
from db.records.identity import PENDING
from db.records.kinds import Cell, Ref, is_blank
from db.storage.store import Store
from db.tasks.daily_hours import ServiceDays
from db.tasks.duplicates import Alike, repeated
from db.tasks.leaving import ending_memberships

UPDATE, SKIP, FILL, FAIL = "更新", "跳过", "补空", "报错"
ON_EXISTING = (UPDATE, SKIP, FILL, FAIL)

# What a person decides about a 疑似重复: it is the known one, it is another, not now.
SAME, NEW, LEAVE = "same", "new", "leave"
Decisions = Mapping[tuple[str, str, int], str]  # by (file, sheet, row number)

_BATCH = 2000  # rows that are read at once


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
    decisions: Decisions | None = None,
    hold_doubles: bool = False,
    compare: Callable[[ImportResult], None] = lambda result: None,
) -> ImportResult:
    """Judge all sheets in dependency order and write the good rows as one operation.

    `compare` is told what would become of every row before anything is written; it may raise to stop.

    `strict`: any refused row and nothing is written. `progress` may raise to stop; nothing is kept then.
    `decisions` says what each 疑似重复 is; one that is not decided goes in with a warning, or waits (`hold_doubles`).
    """
    plan = _Plan(store, today, on_existing, decisions or {}, hold_doubles, Days(sheets))
    ranked = sorted(sheets, key=lambda s: ENTITIES.index(s.entity))
    total, done = sum(len(s.rows) for s in ranked), 0
    results = []
    for sheet in ranked:
        before = done
        with without_collecting():
            results.append(plan.judge(sheet, lambda n, before=before: progress(before + n, total + 1)))  # type: ignore[misc]
        done += len(sheet.rows)
        progress(done, total + 1)
    doubt_earmarks(plan.known.get(FUND_ENTRY.name), plan.books)
    order = {id(s): i for i, s in enumerate(sheets)}
    paired = sorted(zip(ranked, results, strict=True), key=lambda pair: order[id(pair[0])])
    result = ImportResult([r for _, r in paired])
    compare(result)
    if dry_run or (strict and result.refused):
        progress(total, total)
        return result
    with without_collecting(), store.operation(title) as operation, ending_memberships(store, undated=True):
        plan.write(lambda: progress(total, total + 1))
    result.operation = operation.id
    progress(total, total)
    return result


_Read = tuple[SourceRow, Row, list[Problem]]  # a row, what was read of it, and what cannot be


class _Plan:
    def __init__(
        self, store: Store, today: dt.date, on_existing: str, decisions: Decisions, hold_doubles: bool, person_days: Days
    ) -> None:  # fmt: skip
        self.decisions = decisions
        self.hold_doubles = hold_doubles
        self.alike: Alike | None = None
        self.store = store
        self.today = today
        self.on_existing = on_existing
        self.references = References(store)
        self.readers: dict[str, RowReader] = {}
        self.known: dict[str, Known] = {}
        self.doubts = Doubts(store, self.known)  # made anew for each sheet
        self.days: ServiceDays | None = None
        self.person_days = person_days
        self.books: list[tuple[SheetResult, int]] = []  # sheets of money, each with how many entries came before it

    def judge(self, sheet: SourceSheet, tick: Callable[[int], None]) -> SheetResult:
        """Judge the rows of a sheet; `tick` is told now and then how many are done."""
        entity = sheet.entity
        known = self.known.setdefault(entity.name, Known(self.store, entity))
        result = SheetResult(
            sheet.sheet, entity.name, sheet.source, len(sheet.rows), unknown=sheet.unknown, notes=sheet.notes
        )
        if entity is FUND_ENTRY:
            self.books.append((result, len(known.added)))
        waiting: list[_Read] = []
        self.doubts = Doubts(self.store, self.known)
        for start in range(0, len(sheet.rows), _BATCH):
            tick(start)
            waiting += self._judge_batch(sheet, known, start, result)
        while waiting:
            later = [read for read in waiting if not self._take(sheet, known, read, result, final=False)]
            if len(later) == len(waiting):
                for read in later:
                    self._take(sheet, known, read, result, final=True)
                break
            waiting = later
        result.problems.sort(key=lambda p: p.row)
        return result

    def _judge_batch(self, sheet: SourceSheet, known: Known, start: int, result: SheetResult) -> list[_Read]:
        """Judge a batch of rows by column, and one by one where that does not settle it; return those to judge later."""
        entity = known.entity
        reader = self.readers.setdefault(entity.name, RowReader(entity))
        count = min(_BATCH, len(sheet.rows) - start)
        cells = sheet.columns(start, start + count)
        read, unread = reader.read(cells, count)
        numbers = sheet.numbers(start, start + count)
        if entity is VOLUNTEER:
            register(self.person_days, read, cells, unread, known.rows)
        for n, said in sheet.remarked(numbers):
            unread.setdefault(n, []).append(InColumn(known.blamed, said.reason, said.severity, said.column))
        close = set(unread)
        for f in entity.refs:
            read[f.name], unfound = self.references.find_all(f, *reader.read_reference(f, cells, count))
            close |= unfound
        close.update(n for f in entity.many for n, cell in enumerate(cells.get(f.label, ())) if not is_blank(cell))
        columns = dict(read)
        close |= set(range(count)) if self.decisions else entity.look_over(columns, count, self.today)
        keys = list(zip(*(columns[name] for name in entity.key), strict=True))
        rows: list[Row] = list(map(dict, map(zip, repeat(tuple(columns)), zip(*columns.values(), strict=True))))
        people = self._known_alike() if entity is VOLUNTEER else None
        asked = set(range(count)) if entity.repeats else close | repeated(keys, known.rows)
        if entity is TEAM:
            asked |= {n for n, full in enumerate(columns["full_party_members"]) if full is not None}
        if entity in SPELLED:
            asked |= repeated(list(zip(*(columns[name] for name in entity.key[:2]), strict=True)), known.spells)
        if people is not None:
            asked |= people.named(columns["name"])
        days = self._service_days() if entity is SERVICE_RECORD else None
        if days is not None:
            asked |= days.crowded(columns)
        later, begin = [], 0
        unasked: list[int] = []  # places of rows that went in without a question
        for n in (*sorted(asked), count):
            if begin < n:  # nothing speaks against the rows up to the next one in question
                self._add(sheet, known, keys[begin:n], numbers[begin:n], rows[begin:n])
                unasked += range(begin, n)
                result.added += n - begin
                if people is not None:
                    people.add_new(rows[begin:n], numbers[begin:n])
                if days is not None:
                    days.add(rows[begin:n])
            begin = n + 1
            if n == count:
                break
            is_new = people is not None and n not in close and keys[n] not in known.rows
            if is_new and people is not None and people.add_unless_like(rows[n], numbers[n]):
                self._add(sheet, known, [keys[n]], [numbers[n]], [rows[n]])
                unasked.append(n)
                result.added += 1
                continue
            one = sheet.rows[start + n], {name: column[n] for name, column in read.items()}, unread.get(n, [])
            if n not in close:
                self._settle(sheet, known, one[0], rows[n], one[1], [], result)
            elif not self._take(sheet, known, one, result, final=False):
                later.append(one)
        self.doubts.tell(sheet, start, unasked, columns, result)
        return later

    def _take(self, sheet: SourceSheet, known: Known, read: _Read, result: SheetResult, *, final: bool) -> bool:
        """Judge one row; False: it refers to a row of its own sheet that is still to come."""
        entity = known.entity
        source, row, unread = read
        problems = self._follow(entity, source.cells, row, unread) if entity.refs or entity.many else unread
        if problems and not final:
            own = {f.name for f in entity.refs if isinstance(f.kind, Ref) and f.kind.entity == entity.name}
            if any(isinstance(p, UnknownRow) and p.field in own for p in problems):
                return False
        bad = {p.field for p in problems if p.severity == "error"}
        known_one = self._decided(entity, sheet, source, row) if self.decisions else None
        given = row.copy()
        problems = problems + [p for p in entity.judge(row, self.today, bad) if p.field not in bad]
        if entity is VOLUNTEER and row["id_number"] is None and "id_number" not in bad:
            self._suggest(row, problems)
        self._settle(sheet, known, source, row, given, problems, result, known_one)
        return True

    def _settle(
        self,
        sheet: SourceSheet,
        known: Known,
        source: SourceRow,
        row: Row,
        given: Row,
        problems: list[Problem],
        result: SheetResult,
        known_one: Row | None = None,
    ) -> None:
        """Decide what happens to a row that was judged, and count it."""
        entity = known.entity
        outcome = "refused"
        if not any(p.severity == "error" for p in problems):
            counted = self._without_party(row, given) if entity is TEAM else None
            outcome = self._match(sheet, known, source.number, row, given, problems, known_one)
            if counted is not None and outcome != "refused":
                team = known.rows[known.key(row)]["id"]
                outcome = self._count_party(sheet, source.number, team, counted, problems, outcome)
        if outcome != "refused":
            problems += self.doubts.of_row(entity, row)
            result.amount_fen += int(row.get("amount_fen") or 0)
        setattr(result, outcome, getattr(result, outcome) + 1)
        if outcome == "refused":
            self.references.refuse(entity, source.cells)
        result.problems += [named(entity, source.number, source.cells, p) for p in problems]

    def _without_party(self, row: Row, given: Row) -> Row | None:
        """Take the count of party members out of a team's row: it goes into the team's history."""
        assert PARTY_COUNT.latest is not None
        shown = PARTY_COUNT.latest.shown
        counted: Row = {ours: given.get(theirs) for ours, theirs in shown}
        for _, theirs in shown:
            row[theirs] = given[theirs] = None
        return counted if any(value is not None for value in counted.values()) else None

    def _count_party(
        self,
        sheet: SourceSheet,
        number: int,
        team: int | str | None,
        counted: Row,
        problems: list[Problem],
        outcome: str,
    ) -> str:
        """Write a count into the history of its team; return what became of the team's row as a whole."""
        if counted["counted_on"] is None or counted["full_members"] is None:
            is_undated = counted["counted_on"] is None
            name, what = ("party_counted_on", "统计日期") if is_undated else ("full_party_members", "正式党员数")
            problems.append(Problem(name, f"党员数没有“{what}”，这一项没有记入党员统计；请补填后再导入", "warning"))
            return outcome
        known = self.known.setdefault(PARTY_COUNT.name, Known(self.store, PARTY_COUNT))
        row = counted | {"team_id": team}
        key = known.key(row)
        there = known.rows.get(key)
        if there is None:
            self._add(sheet, known, [key], [number], [row])
        else:
            before = (there["full_members"], there["probationary_members"])
            if self._merge(known, key, there, row, []) != "updated":
                return outcome
            reason = f"更正 {counted['counted_on']} 的党员统计：原为正式 {before[0]} 人"
            problems.append(Problem("full_party_members", reason, "warning"))
        known.seen[key] = (sheet.source, sheet.sheet, number, row)
        return "updated" if outcome == "unchanged" else outcome

    def _follow(self, entity: Entity, cells: dict[str, Cell], row: Row, unread: list[Problem]) -> list[Problem]:
        """Put what the row refers to into it; return all that cannot be read of it, in the order of fields."""
        problems = list(unread)
        for f in (*entity.refs, *entity.many):
            try:
                row[f.name] = self.references.find(f, cells)
                problems += [self.references.told] if self.references.told else []
            except Unresolved as error:
                row[f.name] = None
                kind = UnknownRow if error.unknown else RefusedRow if error.follows else InColumn
                problems.append(kind(f.name, str(error), "error", error.column))
        order = list(entity.by_name)
        return sorted(problems, key=lambda p: order.index(p.field)) if len(problems) > 1 else problems

    def _match(
        self,
        sheet: SourceSheet,
        known: Known,
        number: int,
        row: Row,
        given: Row,
        problems: list[Problem],
        known_one: Row | None,
    ) -> str:
        """Decide what happens to a sound row; returns the counter it belongs to."""
        entity = known.entity
        key = known.take(sheet.source, row) if entity.repeats else known.key(row)
        there = known.rows.get(key)
        if there is None and entity in SPELLED and (spell := known.same_spell(row, ends=number in sheet.ends)):
            return self._correct(sheet, known, spell, number, given, problems)
        if there is None and entity is FUND_ENTRY:
            known.doubt_money(row, problems)
        if there is not None and entity is VOLUNTEER and there["name"] != row["name"]:
            problems.append(Problem("name", "这个证件号码已登记为另一个姓名；请核对姓名和号码是哪一个错了"))
            return "refused"
        source, title, earlier, as_read = known.earlier(key)
        is_same_sheet = (source, title) == (sheet.source, sheet.sheet)
        is_equal = as_read | {"id": None} == row | {"id": None}
        if earlier and there is not None and entity is VOLUNTEER and not (is_same_sheet and is_equal):
            where = f"第 {earlier} 行" if is_same_sheet else f"“{title}”第 {earlier} 行"
            where = where if source == sheet.source else f"{source} {where}"
            kept, said = first_of(entity, there, given, where)
            outcome = self._merge(known, key, there, kept, problems)
            problems += said if outcome != "refused" else []
            return "unchanged" if int(there["id"] or 0) >= known.first_new and outcome == "updated" else outcome
        if earlier and source == sheet.source:
            if is_equal:
                problems.append(Problem(known.blamed, f"与第 {earlier} 行完全相同，只保留一条", "warning"))
                return "unchanged"
            names = "、".join(f"“{entity[n].label}”" for n in entity.key)
            problems.append(Problem(known.blamed, f"与第 {earlier} 行的{names}相同而其他内容不同；请留下正确的一行"))
            return "refused"
        if there is None and known_one is None and entity is VOLUNTEER:
            known_one = self._completes(row, problems)
        if there is None and known_one is not None:
            return self._same(known, key, known_one, row, given, problems)
        if there is None and entity is VOLUNTEER and not self._is_another(sheet, number, row, problems):
            return "refused"
        if there is None:
            if self.days is not None and entity is SERVICE_RECORD and not self.days.take(row, problems):
                return "refused"
            self._add(sheet, known, [key], [number], [row])
            if self.alike is not None and entity is VOLUNTEER:
                self.alike.add(row, number)
            return "added"
        known.seen[key] = (sheet.source, sheet.sheet, number, row)
        if self.on_existing == FAIL:
            problems.append(Problem(known.blamed, "台账中已有这条记录；如需更改，请选择“更新”后再导入"))
            return "refused"
        return self._merge(known, key, there, given, problems)

    def _add(
        self, sheet: SourceSheet, known: Known, keys: Sequence[Key], numbers: Sequence[int],
        rows: Sequence[Row],
    ) -> None:  # fmt: skip
        """Take sound rows in as new ones."""
        for row_id, row in enumerate(rows, known.next_id):
            row["id"] = row_id
        known.next_id += len(rows)
        known.added += rows
        known.places += zip(repeat(sheet.source), repeat(sheet.sheet), numbers)
        known.rows.update(zip(keys, rows, strict=True))
        if known.entity in SPELLED:
            known.note_spells(rows)
        self.references.add(known.entity, rows)

    def _correct(
        self, sheet: SourceSheet, known: Known, there: Row, number: int, given: Row, problems: list[Problem]
    ) -> str:
        """Take a row as the membership or cover whose span it meets: another 入队日期 is a correction, and is said."""
        key = known.key(there)
        source, _, earlier, _ = known.earlier(key)
        if earlier and source == sheet.source:
            problems.append(
                Problem(known.blamed, f"与第 {earlier} 行是同一人的同一段时间，两段有重叠；请留下正确的一行")
            )
            return "refused"
        if self.on_existing == FAIL:
            problems.append(Problem(known.blamed, "台账中已有这条记录；如需更改，请选择“更新”后再导入"))
            return "refused"
        before = dict(there)
        known.seen[key] = (sheet.source, sheet.sheet, number, given)
        outcome = self._merge(known, key, there, given, problems)
        if outcome == "updated":
            now = known.rows[key]
            known.rows.setdefault(known.key(now), now)
            spells = known.spells[now[known.entity.key[0]], now[known.entity.key[1]]]
            spells[:] = [now if s["id"] == now["id"] else s for s in spells]
            if known.entity is MEMBERSHIP and now["joined_on"] != before["joined_on"]:
                problems.append(Problem("joined_on", f"更正入队日期：原为 {before['joined_on']}", "warning"))
        return outcome

    # People who may be known under another number

    def _known_alike(self) -> Alike:
        self.alike = self.alike or Alike(self.known[VOLUNTEER.name].rows.values())
        return self.alike

    def _service_days(self) -> ServiceDays:
        self.days = self.days or ServiceDays(self.known[SERVICE_RECORD.name].rows.values())
        return self.days

    def _decided(self, entity: Entity, sheet: SourceSheet, source: SourceRow, row: Row) -> Row | None:
        """Return the known person that a person said this row is; a number that is missing is taken from there."""
        if entity is not VOLUNTEER:
            return None
        decision = self.decisions.get((sheet.source, sheet.sheet, source.number), "")
        if not decision.startswith(SAME):
            return None
        wanted = int(decision.removeprefix(SAME).strip(":") or 0)
        there = next((r for r in self.known[entity.name].rows.values() if r["id"] == wanted), None)
        if there is not None and row["id_number"] is None:
            row["id_type"], row["id_number"] = there["id_type"], there["id_number"]
        return there

    def _is_another(self, sheet: SourceSheet, number: int, row: Row, problems: list[Problem]) -> bool:
        """Whether somebody who looks like a known person may go in as another one."""
        found = self._known_alike().find(row)
        if found is None:
            return True
        decision = self.decisions.get((sheet.source, sheet.sheet, number), "")
        if decision == NEW:
            return True
        there, place, why = found
        where = f"本次导入的第 {place} 行" if place else "台账中"
        said = f"疑似重复：{where}已有同名、{why}相同而证件号码不同的志愿者"
        alike = 0 if place else int(there["id"] or 0)
        if decision == LEAVE:
            problems.append(MaybeKnown("id_number", f"{said}；已按您的选择先不导入", "error", "证件号码", alike))
            return False
        if self.hold_doubles:
            remedy = "请决定是不是同一人" if not place else "请核对证件号码，或决定按另一人新增"
            problems.append(MaybeKnown("id_number", f"{said}；{remedy}", "error", "证件号码", alike))
            return False
        problems.append(
            MaybeKnown("id_number", f"{said}；已按另一人新增，如是同一人请在“查重”中合并", "warning", "证件号码", alike)
        )
        return True

    def _completes(self, row: Row, problems: list[Problem]) -> Row | None:
        """Return the one person whose number was still to come and whom this row completes."""
        there = self.references.names().pending(row) if row["id_number"] is not None else None
        if there is not None:
            problems.append(Problem("id_number", "补全了原来“证件待补”的同一个人，请核对", "warning"))
        return there

    def _suggest(self, row: Row, problems: list[Problem]) -> None:
        """A row without a number whose name and phone are known: a person may say that it is the same one."""
        found = self._known_alike().find(row)
        if found is None or found[1] or found[0]["id_type"] == PENDING:
            return
        reason = f"没有证件号码；疑似重复：台账中已有同名、{found[2]}相同的志愿者，如是同一人可以直接更新"
        problems[:] = [p for p in problems if p.field != "id_number"]
        problems.append(MaybeKnown("id_number", reason, "error", "证件号码", int(found[0]["id"] or 0)))

    def _same(self, known: Known, key: Key, there: Row, row: Row, given: Row, problems: list[Problem]) -> str:
        """Bring a row into the known person that it was said to be; later rows may name either number."""
        old = known.key(there)
        # What follows from the number goes with it.
        follows = {n: row[n] for n in ("id_type", "id_number", "sex", "birth_date") if row[n] is not None}
        outcome = self._merge(known, old, there, given | follows, problems)
        if outcome != "refused":
            now = known.rows[old]
            known.rows[key] = now
            now_also = now | {n: row[n] for n in known.entity.key} | {"name": row["name"]}
            self.references.add(known.entity, [now_also])
        return outcome

    def _merge(
        self,
        known: Known,
        key: Key,
        there: Row,
        given: Row,
        problems: list[Problem],
    ) -> str:
        """Bring the given values into a row already there. A blank cell never wipes what is known."""
        if self.on_existing == SKIP:
            return "unchanged"
        fills = self.on_existing == FILL
        merged = there | {n: v for n, v in given.items() if v is not None and not (fills and there.get(n) is not None)}
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

    def write(self, tick: Callable[[], None]) -> None:
        """Write everything that goes in; `tick` may raise to stop."""

        for entity in ENTITIES:
            if known := self.known.get(entity.name):
                for start in range(0, len(known.added), _BATCH):
                    tick()
                    self.store.insert_many(entity, known.added[start : start + _BATCH])
                for n, row in enumerate(known.updated.values()):
                    if n % _BATCH == 0:
                        tick()
                    self.store.save(entity, row)
