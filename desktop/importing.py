"""Files into the ledger, the one way for command line and window: read, map, judge and write, and what was refused."""

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from db.column_memory import Memory, remembered
from db.entities import BY_LABEL, BY_NAME
from db.errors import UserError
from db.intake import (
    ON_EXISTING,
    UPDATE,
    Decisions,
    FileRows,
    ImportResult,
    SheetResult,
    SourceSheet,
    take_in,
    without_collecting,
)
from db.store import Store
from forms import workbook
from forms.guessing import nearly, propose_kind
from forms.mapping import GUIDE_SHEET, Mapped, carry_out, fed_by, heading_key, map_all, propose
from forms.reading import Table, read_tables
from forms.same_for_all import fill

_MOST_TOLD = 5  # sheets of which it is said what they lack


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


def read_map(path: Path) -> dict[str, Any]:
    """Read a ``--map`` file: ``{sheet or "*": {"kind": …, "columns": {their heading: ours}, "values": {ours: text}}}``."""
    wrong = UserError(
        f'对应关系文件不对：{path.name}。应为 JSON：{{工作表名: {{"kind": 表, "columns": {{对方列名: 本台账列名}}, '
        '"values": {本台账列名: 每行都填的内容}}}'
    )
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise UserError(f"没有找到对应关系文件：{path.name}") from None
    except (OSError, ValueError):
        raise wrong from None
    if not isinstance(content, dict):
        raise wrong
    for rule in content.values():
        for part in ("columns", "values"):
            given = rule.get(part, {}) if isinstance(rule, dict) else None
            if not isinstance(given, dict) or not all(isinstance(v, str) for v in given.values()):
                raise wrong
        if "kind" in rule:
            kind_of(rule["kind"])
    return content


def kind_of(text: str) -> str:
    """Return the record a person means by its English name or its sheet's name; raise `UserError` for neither."""
    entity = BY_NAME.get(text) or BY_LABEL.get(heading_key(str(text)))
    if entity is None or not entity.sheet:
        raise UserError(f"没有名为“{text}”的表。可用的表：{'、'.join(BY_LABEL)}")
    return entity.name


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
        return [(path.name, table) for path in paths for table in read_tables(path, tick)]


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
    found, files, ignored = [], [], []
    for file, table in opened:
        rule = dict((mapping or {}).get("*", {})) | dict((mapping or {}).get(table.sheet, {}))
        kind = (kinds or {}).get(table.sheet) or rule.get("kind")
        with without_collecting():
            mapped = _map(table, kind_of(kind) if kind else None, rule, memory)
        found += mapped
        files += [file] * len(mapped)
        if not mapped and table.rows and heading_key(table.sheet) != GUIDE_SHEET:
            ignored.append(table.sheet)
    if not found:
        near = "".join(_lacking(table) for _, table in opened[:_MOST_TOLD])
        raise UserError(
            f"没有认出可以导入的工作表，没有导入任何内容。{near}"
            "请让工作表名或表头与模板一致（boai template），或用 --sheet 指明"
        )
    return Files(found, files, ignored)


def _map(table: Table, kind: str | None, rule: Mapping[str, Any], memory: Memory | None) -> list[Mapped]:
    """Map one sheet; `rule` may give one value for every row where the sheet has no column for it."""
    values = rule.get("values")
    if not values:
        return map_all(table, kind, rule.get("columns"), memory)
    try:
        proposals = propose(table, kind, rule.get("columns"), memory)
    except UserError:
        proposals = []
    if not proposals:
        near = propose_kind(table, kind) if kind else nearly(table)
        proposals = [] if near is None else [near]
    for p in proposals:
        ours = {h for e in fed_by(p.kind) for h, _, _ in e.columns}
        if strange := [h for h in values if h not in ours]:
            raise UserError(
                f"对应关系里的“{'”“'.join(strange)}”不是“{BY_NAME[p.kind].label}”的列，没有导入任何内容。请核对列名"
            )
        for heading, text in values.items():
            fill(p, heading, text)
    return [m for p in proposals for m in carry_out(p)]


def _lacking(table: Table) -> str:
    """Say which required columns a sheet lacks for the record that it looks like."""
    near = nearly(table)
    missing = near.missing() if near is not None else []
    if near is None or not missing:
        return ""
    return (
        f"工作表“{table.sheet}”像是“{BY_NAME[near.kind].label}”，但没有必填的“{'”“'.join(missing)}”列："
        "请补上这一列，在窗口的“导入”里每行统一填写，或在 --map 文件的 values 里给出。"
    )


def import_files(store: Store, paths: Sequence[Path], on_existing: str = UPDATE, **options: Any) -> Imported:
    """Import files in one operation; raises `UserError` where a file cannot be used, and nothing has changed then.

    Takes `map_files`' options ``kinds`` and ``mapping`` and those of `import_read`.
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
    dry_run: bool = False,
    strict: bool = False,
    today: dt.date | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    decisions: Decisions | None = None,
    hold_doubles: bool = False,
) -> Imported:
    """Import what was read from files in one operation; the options are those of `db.intake.take_in`."""
    if on_existing not in ON_EXISTING:
        raise UserError(f"对已有记录只能选：{'、'.join(ON_EXISTING)}")
    mapped, files = read.mapped, read.names
    sheets = [
        SourceSheet(
            m.table.sheet, m.entity, FileRows(m.rows, m.columns), source=file, unknown=m.unknown, notes=m.notes
        )
        for m, file in zip(mapped, files, strict=True)
    ]  # fmt: skip
    title = f"导入：{'、'.join(dict.fromkeys(files))}"
    result = take_in(
        store, sheets, title=title if len(title) <= 60 else f"导入：{files[0]} 等 {len(set(files))} 个文件",
        today=today or dt.date.today(), on_existing=on_existing, dry_run=dry_run, strict=strict, progress=progress,
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
