"""Files into the ledger, the one way for command line and window: read, map, judge and write, and what was refused."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from db.errors import UserError
from db.intake.collecting import without_collecting
from db.intake.importer import ON_EXISTING, UPDATE, Decisions, take_in
from db.intake.results import ImportResult, SheetResult
from db.intake.source_rows import FileRows, SourceSheet
from db.records.entities import BY_NAME
from db.storage.store import Store
from db.tasks.backup import back_up_before
from db.tasks.column_mappings import Memory, remembered
from forms.columns.constants import fill, fill_blanks, fill_said, say_said
from forms.columns.guessing import nearly, propose_kind
from forms.columns.map_file import check_ours, kind_of, rule_for, without_effect
from forms.columns.proposals import GUIDE_SHEET, SAID, Mapped, Proposal, carry_out, heading_key, propose
from forms.excel import workbook
from forms.reading.files import Table
from forms.shapes.cross_table import WHERE
from forms.shapes.normalise import as_lists, read_lists

_MOST_TOLD = 5  # sheets of which it is said what they lack
_REMEDY = "缺的列可以在表里补上，也可以在窗口的“导入”里统一填写，或写在 --map 文件的 values 里"


@dataclass
class Imported:
    """What an import did, and the tables it took the rows from."""

    result: ImportResult
    mapped: Sequence[Mapped] = ()
    ignored: tuple[str, ...] = ()  # sheets that are none of ours

    @cached_property
    def refused_book(self) -> bytes | None:
        """The workbook of the rows that did not go in; None where all did."""
        return _refused_book(self.mapped, self.result.sheets)


@dataclass
class Files:
    """What was read: the sheets that are ours, the file of each, and the names of those that are not."""

    mapped: list[Mapped]
    names: list[str]
    ignored: list[str]


Opened = list[tuple[str, Table]]


def open_files(paths: Sequence[Path], tick: Callable[[], None] = lambda: None) -> Opened:
    """Read every sheet of some files, with the file's name; raise `UserError` where one cannot be used.

    `tick` is called now and then; it may raise to stop.
    """
    with without_collecting():
        return as_lists([(path.name, table) for path in paths for table in read_lists(path, tick)], tick)


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
) -> Files:
    """Say which table feeds which record; raise `UserError` where none of them is ours."""
    check_sheets(opened, kinds or {})
    found: list[Mapped] = []
    files: list[str] = []
    left: list[Table] = []
    for file, table in opened:
        rule = rule_for(mapping or {}, table.sheet)
        kind = (kinds or {}).get(table.sheet) or rule.get("kind")
        with without_collecting():
            mapped = _map(table, kind_of(kind) if kind else None, rule, memory)
        found += mapped
        files += [file] * len(mapped)
        if not mapped and table.rows and heading_key(table.sheet) != GUIDE_SHEET:
            left.append(table)
    near = [_lacking(table, rule_for(mapping or {}, table.sheet).get("columns")) for table in left[:_MOST_TOLD]]
    said = [*filter(None, near)]
    slips = without_effect(mapping, [table for _, table in opened]) if mapping else ()
    if not found:
        remedy = [_REMEDY] if any("没有必填的" in text for text in said) else []
        told = [f"{text}。" for text in (*said, *remedy, *slips)]
        raise UserError(
            f"没有认出可以导入的工作表，没有导入任何内容。{''.join(told)}"
            "请让工作表名或表头与模板一致（boai template），或用 --sheet 指明"
        )
    more = (*(f"{text}；没有导入" for text in said), *slips)
    found[0] = replace(found[0], notes=(*found[0].notes, *more))
    return Files(found, files, [table.sheet for table in left])


def _map(table: Table, kind: str | None, rule: Mapping[str, Any], memory: Memory | None) -> list[Mapped]:
    """Map one sheet; `rule` may rename its columns, and give one value for every row that has none of its own."""
    renamed, values = rule.get("columns"), rule.get("values", {})
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
        return [m for p in proposals for m in carry_out(_filled(p, values))]
    if not named:
        return _as_said(table)
    near = propose_kind(table, kind, renamed) if kind else nearly(table, renamed)
    if near is None:
        return []
    if missing := _filled(near, values).missing():
        if kind:
            raise UserError(f"{_lacks(near, missing)}，没有导入任何内容。{_REMEDY}")
        return []
    return carry_out(near)


def _as_said(table: Table) -> list[Mapped]:
    """Map a sheet whose name or first lines say what its columns lack, as an insurer's list names its policy above."""
    near = nearly(table)
    if near is None:
        return []
    fill_said(near, "", ())
    near = replace(near, hints=(*near.hints, *say_said(near)))
    return carry_out(near) if SAID in near.reasons and not near.missing() else []


def _filled(proposal: Proposal, values: Mapping[str, str]) -> Proposal:
    """Give the rows of a table what the mapping says: a column that it lacks, or what is blank in one it has."""
    check_ours(proposal.kind, values)
    for heading, text in values.items():
        (fill_blanks if heading in proposal.chosen else fill)(proposal, heading, text)
    return proposal


def _lacking(table: Table, renamed: Mapping[str, str] | None) -> str:
    """Say why a sheet is not taken for the record that it looks like; nothing where it looks like none."""
    near = nearly(table, renamed)
    if near is None:
        return ""
    if missing := near.missing():
        return _lacks(near, missing)
    label = BY_NAME[near.kind].label
    return (
        f"工作表“{table.sheet}”像是“{label}”，但不认识的列太多，拿不准；是的话请用 --sheet {table.sheet}={label} 指明"
    )


def _lacks(near: Proposal, missing: Sequence[str]) -> str:
    return f"工作表“{near.table.sheet}”像是“{BY_NAME[near.kind].label}”，但没有必填的“{'”“'.join(missing)}”列"


def import_files(store: Store, paths: Sequence[Path], on_existing: str = UPDATE, **options: Any) -> Imported:
    """Import files in one operation; raises `UserError` where a file cannot be used, and nothing has changed then.

    Takes `map_files`' options ``kinds`` and ``mapping`` and those of `import_read`, of which ``today`` is needed.
    """
    with without_collecting():
        opened = open_files(paths)
        read = map_files(opened, options.pop("kinds", None), options.pop("mapping", None), remembered(store))
        return import_read(store, read, on_existing, **options)


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
    sheets = [
        SourceSheet(
            m.table.sheet, m.entity, FileRows(m.rows, m.columns), source=file,
            unknown=tuple(h for h in m.unknown if h != WHERE), notes=m.notes,
        )
        for m, file in zip(mapped, files, strict=True)
    ]  # fmt: skip
    title = f"导入：{'、'.join(dict.fromkeys(files))}"
    if not dry_run:
        back_up_before(store, "导入")
    result = take_in(
        store, sheets, title=title if len(title) <= 60 else f"导入：{files[0]} 等 {len(set(files))} 个文件",
        today=today, on_existing=on_existing, dry_run=dry_run, strict=strict, progress=progress,
        decisions=decisions, hold_doubles=hold_doubles,
    )  # fmt: skip
    return Imported(result, mapped, tuple(read.ignored))


def _refused_book(mapped: Sequence[Mapped], results: Sequence[SheetResult]) -> bytes | None:
    """One sheet for every table with refused rows; a row that several records refuse stands there once."""
    tables: dict[int, tuple[Mapped, dict[int, dict[int, str]]]] = {}
    for m, result in zip(mapped, results, strict=True):
        _, reasons = tables.setdefault(id(m.table), (m, {}))
        for problem in result.problems:
            if problem.severity == "error":
                # A column that is missing altogether has no cell to mark: -1.
                column = m.columns.get(problem.column, -1)
                text = f"{problem.column}：{problem.reason}"
                there = reasons.setdefault(problem.row, {})
                if text not in there.get(column, ""):
                    there[column] = f"{there[column]}；{text}" if column in there else text
    parts = []
    for m, reasons in tables.values():
        # Rows of all the records of a table: the first of them need not hold every row.
        rows = {number: row for other in mapped if other.table is m.table for number, row in other.rows}
        refused = [(rows[number], reasons[number]) for number in sorted(reasons) if number in rows]
        if refused:
            parts.append((m.table.sheet, m.headings, refused))
    return workbook.refused(parts) if parts else None
