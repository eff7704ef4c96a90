"""Files into the ledger, the one way for command line and window: read, map, judge and write, and what was refused."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from db.errors import UserError
from db.intake.collecting import without_collecting
from db.intake.importer import ON_EXISTING, UPDATE, Decisions, take_in
from db.intake.results import ImportResult, SheetResult
from db.intake.source_rows import FileRows, SourceSheet
from db.records.amounts import Money
from db.records.entities import BY_NAME, TEAM, VOLUNTEER
from db.records.kinds import Cell, Date, cell_text
from db.storage.store import Store
from db.tasks.backup import back_up_before
from db.tasks.column_mappings import Memory, remembered
from desktop.services.founding import NEEDED, founding, named_teams, told
from desktop.services.refused_rows import RefusedTable, refused_tables
from forms.columns.constants import (
    can_number,
    fill,
    fill_blanks,
    fill_said,
    has_team_lines,
    number,
    options,
    say_said,
)
from forms.columns.date_suggestions import MONTH, SERIAL, YEAR, answered_day, unanswered
from forms.columns.guessing import by_content, is_certain, nearly, propose_kind
from forms.columns.headings import JOINED, bare, recognised, required
from forms.columns.map_file import check_ours, kind_of, rule_for, without_effect
from forms.columns.proposals import (
    CONTENT,
    FILLED,
    GUIDE_SHEET,
    SAID,
    Mapped,
    Proposal,
    carry_out,
    fed_by,
    heading_key,
    letters,
    propose,
)
from forms.columns.standing import is_of_leavers
from forms.columns.tallies import Tally, tally
from forms.columns.vocabulary import is_of_members, looks_like_strangers
from forms.errors import FileTrouble
from forms.excel import workbook
from forms.reading.bundles import Received, receive
from forms.reading.table import Note, Table
from forms.shapes.cross_table import WHERE
from forms.shapes.normalise import as_lists
from forms.shapes.reshaping import reshaped

_OPEN_DAYS = {
    MONTH: '只有年月；都按当月 1 日的话，--map 里写 "dates": {"month": "first"}',
    SERIAL: '像是 Excel 的日期序号；是的话 --map 里写 "dates": {"serial": true}',
    YEAR: '没有写年份；都是同一年的话，--map 里写 "dates": {"year": 年份}',
}
_MOST_TOLD = 5  # sheets of which it is said what they lack
_REMEDY = "缺的列可以在表里补上，也可以在窗口的“导入”里统一填写，或写在 --map 文件的 values 里"


@dataclass(frozen=True)
class Counts:
    """What a table holds and what of it went in: people, and money in 分."""

    sheet: str
    kind: str
    held: Tally
    taken: Tally

    def words(self) -> str:
        """Say both, where there is anything to count."""
        said = []
        if self.held.persons is not None:
            said.append(f"表中 {self.held.persons} 人，其中导入 {self.taken.persons} 人")
        if self.held.fen is not None:
            said.append(f"表中金额 {Money().show(self.held.fen)} 元，其中导入 {Money().show(self.taken.fen)} 元")
        return "；".join(said)


@dataclass
class Imported:
    """What an import did, and the tables it took the rows from."""

    result: ImportResult
    mapped: Sequence[Mapped] = ()
    ignored: tuple[str, ...] = ()  # sheets that are none of ours
    counts: Sequence[Counts] = ()

    @cached_property
    def refused_book(self) -> bytes | None:
        """The workbook of the rows that did not go in; None where all did."""
        return workbook.refused(self.refused_tables) if self.refused_tables else None

    @cached_property
    def refused_tables(self) -> list[RefusedTable]:
        """The rows that did not go in, table by table."""
        return refused_tables(self.mapped, self.result.sheets)


@dataclass
class Files:
    """What was read: the sheets that are ours, the file of each, and the names of those that are not."""

    mapped: list[Mapped]
    names: list[str]
    ignored: list[str]
    left: Sequence[tuple[str, str, str]] = ()  # sheets that are not ours: file, sheet and why


Opened = list[tuple[str, Table]]


def open_files(paths: Sequence[Path], tick: Callable[[], None] = lambda: None) -> Opened:
    """Read every sheet of some files, with the file's name; raise `UserError` where one cannot be used.

    `tick` is called now and then; it may raise to stop.
    """
    with without_collecting():
        received, _ = receive(paths, tick)
        return lists_of(received, tick)


def lists_of(received: Sequence[Received], tick: Callable[[], None] = lambda: None) -> Opened:
    """Return the tables of files that were handed in, made into lists."""
    return as_lists([(f.name, reshaped(table)) for f in received for table in f.tables], tick)


def team_names(store: Store) -> list[str]:
    """Return the names of the office's teams."""
    return [str(row["name"]) for row in store.rows(TEAM)]


def check_sheets(opened: Opened, kinds: Mapping[str, str]) -> None:
    """Raise `UserError` where a record was named for a sheet that no file has."""
    there = {table.sheet for _, table in opened}
    for name in kinds:
        if name not in there:
            raise UserError(f"文件里没有名为“{name}”的工作表。有这些：{'、'.join(sorted(there))}")


def map_files(
    opened: Opened,
    kinds: Mapping[str, str] | None = None,
    mapping: Mapping[str, Any] | None = None,
    memory: Memory | None = None,
    teams: Collection[str] = (),
    *,
    bundled: bool = False,
) -> Files:
    """Say which table feeds which record; raise `UserError` where none of them is ours. `teams` are those of the ledger.

    Of files that came `bundled` each is by itself: one that cannot be told is left, with the reason.
    """
    check_sheets(opened, kinds or {})
    found: list[Mapped] = []
    files: list[str] = []
    left: list[tuple[str, Table, str]] = []
    for file, table in opened:
        if not table.rows:
            continue  # a blank sheet beside the list
        rule = rule_for(mapping or {}, table.sheet)
        kind = (kinds or {}).get(table.sheet) or rule.get("kind")
        why = ""
        with without_collecting():
            try:
                mapped = _map(table, kind_of(kind) if kind else None, rule, memory, teams)
            except FileTrouble as trouble:
                if not bundled:
                    raise
                mapped, why = [], str(trouble)
            if (values := _of_teams(rule, mapped)) and (new := named_teams(mapped, teams)):
                mapped = [founding(new, values), *mapped]
        found += mapped
        files += [file] * len(mapped)
        if not mapped and heading_key(table.sheet) != GUIDE_SHEET:
            left.append((file, table, why))
    near = [
        (why, "") if why else _lacking(table, rule_for(mapping or {}, table.sheet).get("columns"))
        for _, table, why in (left if bundled else left[:_MOST_TOLD])
    ]
    told_left = [(f, t.sheet, text) for (f, t, _), (text, _) in zip(left, near, strict=False)]
    if bundled:
        near = near[:_MOST_TOLD]
        if not found:
            return Files([], [], [t.sheet for _, t, _ in left], told_left)
    said = [text for text, _ in near if text]
    entries = [entry for _, entry in near if entry]
    slips = without_effect(mapping, [table for _, table in opened]) if mapping else ()
    if not found:
        remedy = [f"{_REMEDY}，如 {entries[0]}"] if entries else []
        told_all = [f"{text}。" for text in (*said, *remedy, *slips)]
        raise UserError(
            f"没有认出可以导入的工作表，没有导入任何内容。{''.join(told_all)}"
            "请让工作表名或表头与模板一致（boai template），或用 --sheet 指明"
        )
    more = [*(f"{text}；没有导入" for text in said), *slips]
    if new := named_teams(found, teams):
        more.append(told(list(new)))
    found[0] = replace(found[0], notes=(*found[0].notes, *more))
    return Files(found, files, [table.sheet for _, table, _ in left], told_left)


def _of_teams(rule: Mapping[str, Any], mapped: Sequence[Mapped]) -> dict[str, str]:
    """What a rule says of teams that a list of people names: all that a new one needs."""
    values = rule.get("values", {})
    is_list = bool(mapped) and all(m.entity is not TEAM for m in mapped)
    return {h: str(values[h]) for h in NEEDED} if is_list and set(NEEDED) <= values.keys() else {}


def _map(
    table: Table, kind: str | None, rule: Mapping[str, Any], memory: Memory | None, teams: Collection[str]
) -> list[Mapped]:
    """Map one sheet; `rule` may rename its columns, and give one value for every row that has none of its own."""
    renamed, values = rule.get("columns"), rule.get("values", {})
    if kind != TEAM.name and set(NEEDED) <= values.keys():
        values = {h: v for h, v in values.items() if h not in NEEDED}  # of the teams that the list names
    named = [*(renamed or {}).values(), *values]
    check_ours(kind, named if kind else (renamed or {}).values())
    # Who names columns of a team or a policy wants them, too.
    own = {"", *(h for h, _, _ in BY_NAME[kind].readable)} if kind else set()
    try:
        proposals = propose(table, kind, renamed, memory, alone=own.issuperset(named))
    except UserError:
        if not named:
            raise
        proposals = []
    if proposals:
        said = [_with_said(p, teams) if kind or p.missing() else p for p in proposals]
        return [m for p in said for m in _taken(_filled(p, values), rule)]
    if not named:
        return _as_said(table, rule, teams)
    near = propose_kind(table, kind, renamed) if kind else nearly(table, renamed) or _certain(table)
    if near is None:
        return []
    near = _with_said(near, teams)
    if missing := _filled(near, values).missing():
        if kind:
            raise UserError(f"{_lacks(near, missing)}，没有导入任何内容。{_REMEDY}，如 {_entry(near, missing)}")
        return []
    return _taken(near, rule)


def _certain(table: Table) -> Proposal | None:
    """A list without headings of which every needed column is beyond doubt."""
    near = by_content(table)
    return near if near is not None and is_certain(near) else None


def _with_said(proposal: Proposal, teams: Collection[str]) -> Proposal:
    """Fill what the title says, number what has no numbers of its own, and say so. `teams` are the office's."""
    fill_said(proposal, "", teams)
    said = list(say_said(proposal))
    # A column called 编号 that only counts the rows may be meant for it after all: that is asked.
    known, words = recognised(proposal.kind), [bare(heading_key(h)) for h in proposal.headings]
    named = {known.get(word, "") for word in words}
    for heading in [h for h in proposal.missing() if h not in named and can_number(proposal, h)]:
        number(proposal, heading)
        said.append(Note(f"没有“{heading}”列，已由日期、名称和地点自动编号；同一张表再来一次还是同样的号"))
    return replace(proposal, hints=(*proposal.hints, *said))


def _taken(proposal: Proposal, rule: Mapping[str, Any]) -> list[Mapped]:
    """Take the rows as the columns were chosen, with what the rule answers for days and struck-through rows."""
    proposal = replace(proposal, keep_struck=rule.get("rows", {}).get("struck") == "keep")
    if answers := rule.get("dates"):
        rows = proposal.table.rows
        for i in [i for i, ours in enumerate(proposal.chosen) if ours in _days(proposal.kind)]:
            for at in range(proposal.block.last + 1, len(rows)):
                number, row = rows[at]
                if i < len(row) and (day := answered_day(row[i], answers)) is not None:
                    rows[at] = number, [*row[:i], day, *row[i + 1 :]]
    return carry_out(proposal)


def _days(kind: str) -> set[str]:
    return {h for e in fed_by(kind) for h, f, _ in e.readable if isinstance(f.kind, Date)}


def _open_days(m: Mapped, result: SheetResult) -> tuple[str, ...]:
    """Say which entry of a map answers days that were refused for how they are written."""
    days = {h: m.columns[h] for h, f, _ in m.entity.readable if isinstance(f.kind, Date) and h in m.columns}
    wrong = {(p.row, p.column) for p in result.problems if p.severity == "error" and p.column in days}
    if not wrong:
        return ()
    rows = dict(m.rows)
    counts = Counter((h, why) for number, h in wrong if (why := unanswered(_cell(rows.get(number, ()), days[h]))))
    return tuple(f"“{h}”列有 {n} 处{_OPEN_DAYS[why]}" for (h, why), n in sorted(counts.items()))


def _cell(row: Sequence[Cell], i: int) -> Cell:
    return row[i] if i < len(row) else None


def _as_said(table: Table, rule: Mapping[str, Any], teams: Collection[str]) -> list[Mapped]:
    """Map a sheet whose name or first lines say what its columns lack, as an insurer's list names its policy above."""
    near = nearly(table) or _certain(table)
    if near is None or _is_of_members(near):
        return []
    near = _with_said(near, teams)
    needed = required(BY_NAME[near.kind]) | {"队伍名称"}
    is_said = any(r in (SAID, FILLED) and h in needed for h, r in zip(near.chosen, near.reasons, strict=True))
    lines = [table.sheet, *(c for _, row in table.rows[: max(near.block.first, 0)] for c in row if isinstance(c, str))]
    if near.missing() == ["登记日期"] and "退出日期" in near.chosen and is_of_leavers(lines):
        return _taken(near, rule)  # all of them are on record, or refused
    is_said |= JOINED in near.chosen and has_team_lines(near)
    return _taken(near, rule) if (is_said or CONTENT in near.reasons) and not near.missing() else []


def _filled(proposal: Proposal, values: Mapping[str, str]) -> Proposal:
    """Give the rows of a table what the mapping says: a column that it lacks, or what is blank in one it has."""
    check_ours(proposal.kind, values)
    for heading, text in values.items():
        (fill_blanks if heading in proposal.chosen else fill)(proposal, heading, text)
    return proposal


def lacking(table: Table) -> str:
    """Say why a sheet is not taken for the record that it looks like; nothing where it looks like none."""
    return _lacking(table, None)[0]


def _lacking(table: Table, renamed: Mapping[str, str] | None) -> tuple[str, str]:
    """Say why a sheet is not taken for the record that it looks like, and which entry of a map answers what it lacks;
    nothing where it looks like none."""
    near = nearly(table, renamed) or by_content(table)
    if near is None or (near.kind == VOLUNTEER.name and not _says_when(near)):
        headings = near.headings if near is not None else [cell_text(c) for _, row in table.rows[:4] for c in row]
        above = near.table.rows[: max(near.block.first, 0)] if near is not None else []
        title = "".join([table.sheet, *(c for _, row in above for c in row if isinstance(c, str))])
        if stranger := looks_like_strangers(title, headings):
            return f"工作表“{table.sheet}”像是{stranger}，不是台账的记录，没有导入", ""
    if near is None:
        return "", ""
    fill_said(near, "", ())
    missing = near.missing()
    if near.kind == VOLUNTEER.name and JOINED in near.chosen and "队伍名称" not in near.chosen:
        missing.append("队伍名称")  # they joined a team, and it is not said which
    if missing:
        return _lacks(near, missing), _entry(near, missing)
    label = BY_NAME[near.kind].label
    if _is_of_members(near):
        return (
            f"工作表“{table.sheet}”像是红十字会员的名册，不是志愿者名单；其中有人是志愿者、确要导入的话，"
            f"请用 --sheet {table.sheet}={label} 指明，来源身份会记为“红十字会员”"
        ), ""
    return (
        f"工作表“{table.sheet}”像是“{label}”，但不认识的列太多，拿不准；是的话请用 --sheet {table.sheet}={label} 指明"
    ), ""


def _says_when(near: Proposal) -> bool:
    """Whether a heading gives the day of registration: a list of volunteers, whatever else it holds."""
    reasons = dict(zip(near.chosen, near.reasons, strict=True))
    return reasons.get("登记日期", CONTENT) != CONTENT


def _is_of_members(near: Proposal) -> bool:
    above = [c for _, row in near.table.rows[: max(near.block.first, 0)] for c in row if isinstance(c, str)]
    return near.kind == VOLUNTEER.name and is_of_members("".join((near.table.sheet, *near.headings, *above)))


def _lacks(near: Proposal, missing: Sequence[str]) -> str:
    label = BY_NAME[near.kind].label
    guessed = [f"{letters(i)} 列像“{h}”" for i, h in enumerate(near.chosen) if near.reasons[i] == CONTENT]
    looks = f"（{'、'.join(guessed)}）" if guessed else ""
    return f"工作表“{near.table.sheet}”像是“{label}”{looks}，但没有必填的“{'”“'.join(missing)}”列"


def _entry(near: Proposal, missing: Sequence[str]) -> str:
    """The entry of a map that would answer what a table lacks."""
    columns = {f"@{letters(i)}": h for i, h in enumerate(near.chosen) if near.reasons[i] == CONTENT}
    entry: dict[str, Any] = {"kind": BY_NAME[near.kind].label} | ({"columns": columns} if columns else {})
    entry["values"] = {heading: "／".join(options(near, heading)) or "…" for heading in missing}
    return json.dumps({near.table.sheet: entry}, ensure_ascii=False)


def import_files(store: Store, paths: Sequence[Path], on_existing: str = UPDATE, **options: Any) -> Imported:
    """Import files in one operation; raises `UserError` where a file cannot be used, and nothing has changed then.

    Takes `map_files`' options ``kinds`` and ``mapping`` and those of `import_read`, of which ``today`` is needed.
    """
    with without_collecting():
        received, bundled = receive(paths)
        read = map_files(
            lists_of(received), options.pop("kinds", None), options.pop("mapping", None), remembered(store),
            team_names(store), bundled=bundled,
        )  # fmt: skip
        return with_open_days(import_read(store, read, on_existing, **options))


def import_read(
    store: Store,
    read: Files,
    on_existing: str = UPDATE,
    *,
    today: dt.date,
    dry_run: bool = False,
    strict: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
    decisions: Decisions | None = None,
    hold_doubles: bool = False,
) -> Imported:
    """Import what was read from files in one operation; the options are those of `db.intake.importer.take_in`."""
    if on_existing not in ON_EXISTING:
        raise UserError(f"对已有记录只能选：{'、'.join(ON_EXISTING)}")
    mapped, files = read.mapped, read.names
    if not mapped:
        return Imported(ImportResult([]), ignored=tuple(read.ignored))
    sheets = [
        SourceSheet(
            m.table.sheet, m.entity, FileRows(m.rows, m.columns), source=file,
            unknown=tuple(h for h in m.unknown if h != WHERE), notes=m.notes, remarks=m.remarks, ends=m.ends,
        )
        for m, file in zip(mapped, files, strict=True)
    ]  # fmt: skip
    held = [tally(m.entity, m.columns, m.rows) for m in mapped]
    title = f"导入：{'、'.join(dict.fromkeys(files))}"
    if not dry_run:
        back_up_before(store, "导入")
    result = take_in(
        store, sheets, title=title if len(title) <= 60 else f"导入：{files[0]} 等 {len(set(files))} 个文件",
        today=today, on_existing=on_existing, dry_run=dry_run, strict=strict, progress=progress,
        decisions=decisions, hold_doubles=hold_doubles, compare=lambda judged: _compare(mapped, held, judged),
    )  # fmt: skip
    return Imported(result, mapped, tuple(read.ignored), _counts(mapped, held, result))


def with_open_days(done: Imported) -> Imported:
    """Say on the command line which entry of a map answers days that cannot be read; the window has a button for it."""
    done.result = replace(done.result, sheets=[
        replace(found, notes=(*found.notes, *more)) if (more := _open_days(m, found)) else found
        for m, found in zip(done.mapped, done.result.sheets, strict=True)
    ])  # fmt: skip
    return done


def _compare(mapped: Sequence[Mapped], held: Sequence[Tally], judged: ImportResult) -> None:
    """Let nothing be written where the money that would go in is not what the file holds, less the refused rows."""
    for m, file, result in zip(mapped, held, judged.sheets, strict=True):
        if file.fen is None:
            continue
        refused = result.refused_rows()
        left = tally(m.entity, m.columns, [r for r in m.rows if r[0] in refused]).fen or 0
        if file.fen - left != result.amount_fen:
            raise AssertionError(f"{result.kind}: {file.fen} held, {left} refused, {result.amount_fen} taken")


def _counts(mapped: Sequence[Mapped], held: Sequence[Tally], result: ImportResult) -> list[Counts]:
    """Return for every table what it holds and what of it went in."""
    return [
        Counts(
            m.table.sheet,
            m.entity.name,
            file,
            tally(m.entity, m.columns, m.rows, found.refused_rows()) if found.refused else file,
        )
        for m, file, found in zip(mapped, held, result.sheets, strict=True)
    ]
