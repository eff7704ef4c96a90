"""An import in the making, as the window shows it: tables, their columns, cells put right, and what each check found.

Plain values and no Qt: the page changes a draft, the job thread judges it. A check never writes.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

from db.errors import UserError
from db.intake.importer import SAME, UPDATE
from db.intake.row_problems import FOLLOWS, RowProblem
from db.records.entities import BY_NAME
from db.records.fields import Field
from db.records.kinds import Cell, Choice, Date, Ref, cell_text, clean, is_blank
from db.storage.store import Store
from db.tasks.column_mappings import Memory, remember
from desktop.services.founding import founding, named_teams
from desktop.services.importing import Files, Imported, Opened, import_read, lacking, team_names
from desktop.services.receiving import HandIn, Receipt
from forms.columns.constants import clear, fill_said
from forms.columns.date_suggestions import meant_by
from forms.columns.guessing import propose_all, propose_kind
from forms.columns.headings import required
from forms.columns.proposals import CONTENT, GUIDE_SHEET, SAID, Proposal, carry_out, fed_by, heading_key
from forms.reading.files import Table
from forms.reading.table import Note

Progress = Callable[[int, int], None]
Rows = list[tuple[int, list[Cell]]]  # each with its number in the sheet
_MOST_TOLD = 8  # files of which it is said why they were not read
NO_CELL = -1  # the column of a problem that no cell of the table shows


@dataclass
class Source:
    """One table of one file. Without a proposal it is not imported."""

    file: str
    table: Table
    proposal: Proposal | None = None
    guessed: Proposal | None = None  # as the program read it, to go back to
    teams: Collection[str] = ()  # of the office: a table may name one in its title

    def read_as(self, proposal: Proposal | None) -> None:
        """Take another reading; what the table's title says is filled in anew."""
        if self.proposal is not None:
            clear(self.proposal)
        self.proposal = proposal
        if proposal is not None:
            fill_said(proposal, self.file, self.teams)

    @property
    def title(self) -> str:
        """What a person calls it."""
        return self.table.sheet

    def to_confirm(self) -> int:
        """How many columns were guessed, are required and missing, or would be left out since another one is missing."""
        p = self.proposal
        if p is None:
            return 0
        written = {h for e in p.records() for h, _, _ in e.readable}
        waiting = sum(1 for h in p.chosen if h and h not in written)
        return p.reasons.count(CONTENT) + p.reasons.count(SAID) + len(p.missing()) + waiting


@dataclass
class Draft:
    """The tables of the files that were chosen, and what a person decided so far."""

    names: list[str]
    sources: list[Source]
    on_existing: str = UPDATE
    decisions: dict[tuple[str, str, int], str] = field(default_factory=dict)
    founding: dict[str, str] = field(default_factory=dict)  # what new teams that the lists name have in common
    given: HandIn | None = None  # the files as they were handed in

    def meet_existing(self, rule: str) -> None:
        """Decide what becomes of a row that is in the ledger already."""
        self.on_existing = rule

    def found(self, values: dict[str, str]) -> None:
        """Found the teams that the lists name and nobody has founded; `values` is what they have in common."""
        self.founding = values

    def taken(self) -> list[Source]:
        """The tables that are imported."""
        return [s for s in self.sources if s.proposal is not None]

    def to_confirm(self) -> int:
        """How many columns a person should look at before anything is checked."""
        return sum(s.to_confirm() for s in self.sources)

    def asks(self) -> bool:
        """Whether something was read from a table that a person should look at, though every column is sure: a year."""
        return any(isinstance(note, Note) and note.ask for s in self.taken() for note in s.table.notes)


def prepare(opened: Opened, memory: Memory, teams: Collection[str] = (), given: HandIn | None = None) -> Draft:
    """Make a draft of files that were read (of what was `given`); raise `UserError` where they hold no table at all.

    `teams` are the names of the office's teams: a table that has no column for the team may name one in its title.
    """
    sources = []
    for file, table in opened:
        if heading_key(table.sheet) == GUIDE_SHEET or not table.rows:
            continue
        found = propose_all(table, memory=memory)
        made = [Source(file, p.table, None, p, teams) for p in found] or [Source(file, table, teams=teams)]
        for source in made:
            put_back(source)
        sources += made
    if not sources:
        unread = given.unread() if given is not None else []
        why = "".join(f"\n{f.name}：{f.trouble}" for f in unread[:_MOST_TOLD])
        more = f"\n还有 {len(unread) - _MOST_TOLD} 个文件" if len(unread) > _MOST_TOLD else ""
        raise UserError(f"文件里没有可以导入的内容，没有导入任何东西。请核对是不是选错了文件{why}{more}")
    return Draft(list(dict.fromkeys(file for file, _ in opened)), sources, given=given)


def _copy(p: Proposal) -> Proposal:
    return Proposal(p.table, p.block, p.kind, list(p.headings), list(p.chosen), list(p.reasons), p.alone, p.hints)


def choose_kind(source: Source, kind: str) -> None:
    """Read a table as another record; without a kind it is not imported."""
    source.read_as(propose_kind(source.table, kind) if kind else None)


def put_back(source: Source) -> None:
    """Take the columns as the program read them."""
    source.read_as(_copy(source.guessed) if source.guessed is not None else None)


def choices(kind: str) -> list[tuple[str, list[tuple[str, bool]]]]:
    """Return what a column may be: (record, [(our heading, whether it is required)]), each heading once."""
    seen: set[str] = set()
    found = []
    for n, entity in enumerate(fed_by(kind)):
        needed = required(entity) if n == 0 else set()
        own = [(h, h in needed) for h, _, _ in entity.readable if h not in seen]
        seen |= {h for h, _ in own}
        if own:
            found.append((entity.label, own))
    return found


def examples(source: Source, column: int, most: int = 3) -> list[str]:
    """Return some different values of a column as they stand there."""
    p = source.proposal
    start = p.block.last + 1 if p is not None else 0
    found: dict[str, None] = {}
    for _, row in source.table.rows[start : start + 500]:
        cell = row[column] if column < len(row) else None
        if not is_blank(cell):
            found[hidden(clean(cell_text(cell)).replace("\n", " "))[:40]] = None
        if len(found) == most:
            break
    return list(found)


def hidden(text: str) -> str:
    """Return a text with long numbers masked: an example is no reason to show somebody's number."""
    return re.sub(r"\d{9,}[\dXx]?", lambda m: f"{m[0][:3]}****{m[0][-2:]}", text)


def field_of(source: Source, column: int) -> Field | None:
    """Return the field that a column feeds; for a reference, the field of the record it names."""
    p = source.proposal
    if p is None or not 0 <= column < len(p.chosen):
        return None
    for entity in fed_by(p.kind):
        for heading, f, target in entity.readable:
            if heading == p.chosen[column]:
                return BY_NAME[f.kind.entity][target] if isinstance(f.kind, Ref) and target else f
    return None


# Cells


def put_right(source: Source, number: int, column: int, text: str) -> None:
    """Write another text into a cell of a row."""
    rows = source.table.rows
    at = next(i for i, (n, _) in enumerate(rows) if n == number)
    row = [*rows[at][1], *[None] * (column + 1 - len(rows[at][1]))]
    row[column] = text if clean(text) else None
    rows[at] = (number, row)


def replace_all(source: Source, column: int, old: str, new: str) -> int:
    """Write `new` for `old` in a whole column below the headings; return how many cells that were."""
    p, count = source.proposal, 0
    start = p.block.last + 1 if p is not None else 0
    rows = source.table.rows
    for at in range(start, len(rows)):
        number, row = rows[at]
        if column < len(row) and clean(cell_text(row[column])) == clean(old):
            changed: list[Cell] = list(row)
            changed[column] = new if clean(new) else None
            rows[at] = (number, changed)
            count += 1
    return count


def how_many(source: Source, column: int, old: str) -> int:
    """Return how many cells of a column hold this text."""
    p = source.proposal
    rows = source.table.rows[p.block.last + 1 if p is not None else 0 :]
    return sum(1 for _, row in rows if column < len(row) and clean(cell_text(row[column])) == clean(old))


# Checking


@dataclass
class Checked:
    """What a check found: the counts, and for each table its rows and the problems of each, by column."""

    done: Imported
    rows: list[Rows]
    marks: list[dict[int, dict[int, list[RowProblem]]]]
    teams: list[str]
    people: dict[int, str]  # who a 疑似重复 may be, in words without a number
    receipts: list[Receipt] = field(default_factory=list)  # of every file, where a folder or an archive was handed in
    new_teams: list[str] = field(default_factory=list)  # that the lists name and nobody has founded

    def bad(self, source: int) -> int:
        """How many rows of a table are refused by a record they feed."""
        return sum(any(p.severity == "error" for ps in m.values() for p in ps) for m in self.marks[source].values())

    @property
    def read(self) -> int:
        """How many rows the tables have."""
        return sum(map(len, self.rows))

    def doubtful(self, source: int) -> int:
        """How many rows go in with a warning."""
        return len(self.marks[source]) - self.bad(source)


def open_days(draft: Draft, checked: Checked, today: dt.date) -> Counter[str]:
    """How many days cannot be read for each reason though it can be guessed what they mean."""
    return Counter(why for _, _, _, why, _ in _wrong_days(draft, checked, today, today.year))


def put_days(draft: Draft, checked: Checked, why: str, today: dt.date, year: int = 0) -> int:
    """Write what days that cannot be read for this reason seem to mean, in every column of days; return how many.

    `year`: that of the days that have none.
    """
    found = [w for w in _wrong_days(draft, checked, today, year or today.year) if w[3] == why]
    for source, at, column, _, day in found:
        number, row = source.table.rows[at]
        changed = list(row)
        changed[column] = day
        source.table.rows[at] = number, changed
    return len(found)


def _wrong_days(
    draft: Draft, checked: Checked, today: dt.date, year: int
) -> Iterator[tuple[Source, int, int, str, str]]:
    """Every day that cannot be read and may be meant: its table, the place of its row, its column, why, what is meant."""
    for source, marks in zip(draft.sources, checked.marks, strict=True):
        wrong = {c for row in marks.values() for c in row if c != NO_CELL}
        columns = {c for c in wrong if (f := field_of(source, c)) is not None and isinstance(f.kind, Date)}
        for at, (number, row) in enumerate(source.table.rows if columns else ()):
            for column in columns & marks.get(number, {}).keys():
                if column < len(row) and (meant := meant_by(row[column], today, year)) is not None:
                    yield source, at, column, *meant


def _files(draft: Draft, teams: Collection[str]) -> tuple[Files, list[int], list[str]]:
    """Return what the tables give, the source of each (-1: teams that are founded), and the teams nobody has founded."""
    mapped, names, of = [], [], []
    for n, source in enumerate(draft.sources):
        for m in carry_out(source.proposal) if source.proposal is not None else ():
            mapped.append(m)
            names.append(source.file)
            of.append(n)
    if not mapped:
        raise UserError("没有选定要导入的表，没有导入任何内容。请在“对应列”里选好每张表是哪一类记录")
    new = named_teams(mapped, teams)
    if new and draft.founding:
        mapped, names, of, new = [*mapped, founding(new, draft.founding)], [*names, names[0]], [*of, -1], {}
    unread = [s for s in draft.sources if s.proposal is None]
    left = [(s.file, s.title, lacking(s.table) or f"工作表“{s.title}”没有选定是哪一类记录") for s in unread]
    return Files(mapped, names, [s.title for s in unread], left), of, list(new)


def check(store: Store, draft: Draft, today: dt.date, progress: Progress) -> Checked:
    """See what would become of every row; writes nothing."""
    return _run(store, draft, today, progress, dry=True)


def let_in(store: Store, draft: Draft, today: dt.date, progress: Progress) -> Checked:
    """Write the good rows as one operation, and remember how the columns were read."""
    checked = _run(store, draft, today, progress, dry=False)
    kept = [s.proposal for s in draft.taken() if s.proposal is not None]
    remember(store, {p.shape: (p.kind, p.columns()) for p in kept if p.block.last >= 0})
    return checked


def _run(store: Store, draft: Draft, today: dt.date, progress: Progress, *, dry: bool) -> Checked:
    files, of, new_teams = _files(draft, team_names(store))
    done = import_read(
        store, files, draft.on_existing, dry_run=dry, today=today, progress=progress,
        decisions=dict(draft.decisions), hold_doubles=True,
    )  # fmt: skip
    rows: list[Rows] = [[] for _ in draft.sources]
    marks: list[dict[int, dict[int, list[RowProblem]]]] = [{} for _ in draft.sources]
    wanted: set[int] = set()
    for m, result, n in zip(files.mapped, done.result.sheets, of, strict=True):
        if n < 0:
            continue
        rows[n] = _together(rows[n], m.rows)
        own_errors = {
            p.row for r, k in zip(done.result.sheets, of, strict=True) if k == n for p in r.problems if is_cause(p)
        }
        for problem in result.problems:
            if problem.severity == "error" and not is_cause(problem) and problem.row in own_errors:
                continue  # the same row says already what is wrong with the person
            there = marks[n].setdefault(problem.row, {}).setdefault(m.columns.get(problem.column, NO_CELL), [])
            if all(p.reason != problem.reason for p in there):
                there.append(problem)
            if problem.alike:
                wanted.add(problem.alike)
    teams = team_names(store)
    people = {i: words for i in wanted if (words := _who(store, i))}
    receipts = draft.given.receipts(files, done) if draft.given is not None else []
    return Checked(done, rows, marks, teams, people, receipts, new_teams)


def _together(some: Rows, more: Rows) -> Rows:
    """The rows that two records take from one table, in their order; mostly they are the same ones."""
    known = {number for number, _ in some}
    new = [row for row in more if row[0] not in known]
    return sorted(some + new) if some and new else some or new


def is_cause(problem: RowProblem) -> bool:
    """Whether an error stands for itself, and does not follow from another row that was refused."""
    return problem.severity == "error" and problem.kind != FOLLOWS


def _who(store: Store, volunteer: int) -> str:
    row = store.row(BY_NAME["volunteer"], volunteer)
    if row is None:
        return ""
    f = BY_NAME["volunteer"]
    number = f["id_number"].kind.mask(row["id_number"])
    phone = f"，手机 {f['phone'].kind.mask(row['phone'])}" if row["phone"] else ""
    return f"{row['name']}（证件号码 {number}{phone}，{row['registered_on']} 登记）"


def decide(draft: Draft, source: Source, problem: RowProblem, what: str) -> None:
    """Keep what a person decided about a 疑似重复."""
    key = source.file, source.table.sheet, problem.row
    draft.decisions[key] = f"{SAME}:{problem.alike}" if what == SAME else what


def suggestions(source: Source, column: int, checked: Checked) -> list[str]:
    """Return what may stand in a column, where that is a list: the accepted words, or the teams there are."""
    f = field_of(source, column)
    if f is not None and isinstance(f.kind, Choice):
        return [label for _, label in f.kind.options]
    p = source.proposal
    if p is not None and p.chosen[column] in ("队伍名称", "面向队伍", "主办队伍", "上级队伍"):
        return checked.teams
    return []
