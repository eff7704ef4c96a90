"""`boai import`: files, folders and archives into the ledger, and what became of them."""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from db import places
from db.errors import UserError
from db.intake.results import totals
from db.intake.row_problems import RowProblem
from db.records.entities import BY_NAME
from db.tasks.column_mappings import remembered
from desktop.cli import clock
from desktop.cli.commands import open_ledger, print_json
from desktop.services import importing
from desktop.services.receiving import Receipt, hand_in
from desktop.services.refused_rows import hand_back
from forms.columns.map_file import kind_of, read_map

_SHOWN_PROBLEMS = 20


def _progress() -> Callable[[int, int], None]:
    """Return a counter that shows itself on a terminal after two seconds."""
    started = time.monotonic()

    def show(done: int, total: int) -> None:
        if sys.stderr.isatty() and time.monotonic() - started > 2:
            print(f"\r已处理 {done}/{total} 行", end="" if done < total else "\n", file=sys.stderr, flush=True)

    return show


def import_(options: argparse.Namespace) -> int:
    """Import workbooks as one operation."""
    kinds = {}
    for rule in options.sheet:
        name, found, kind = rule.partition("=")
        if not found or not name or not kind:
            raise UserError("--sheet 应写成 工作表名=表，例如 --sheet 花名册=志愿者")
        kinds[name] = kind_of(kind)
    mapping = read_map(options.map) if options.map else None
    for file in options.file:
        places.protect(file)
    if options.errors:
        places.refuse(options.errors)  # before anything is taken in
    given = hand_in(options.file)  # before the ledger is touched
    importing.check_sheets(given.opened, kinds)
    with open_ledger(options, write=not options.dry_run) as store:
        read = importing.map_files(
            given.opened, kinds, mapping, remembered(store), importing.team_names(store), bundled=given.bundled
        )
        done = importing.import_read(
            store,
            read,
            options.on_existing,
            today=clock.today(),
            dry_run=options.dry_run,
            strict=options.strict,
            progress=_progress(),
        )
        done = importing.with_open_days(done)
        errors = (
            hand_back(store, done.refused_tables, options.errors, masked=options.dry_run) if options.errors else None
        )
    receipts = given.receipts(read, done) if given.bundled else []
    if options.json:
        print_json(_import_json(done, receipts))
    else:
        _tell_import(done, options)
        _tell_receipts(receipts)
    if errors:
        print(f"没有导入的行已写到：{errors}", file=sys.stderr)
    if options.strict and done.result.refused:
        print(f"有 {done.result.refused} 行不对，按要求一行也没有导入；台账没有变动", file=sys.stderr)
        return 2
    if given.bundled and not done.mapped:
        return 2
    return 1 if done.result.refused or any(r.asks for r in receipts) else 0


def _import_json(done: importing.Imported, receipts: Sequence[Receipt]) -> dict[str, Any]:
    sheets = [
        {
            "sheet": s.sheet, "kind": s.kind, "file": s.source, "rows": s.rows, "added": s.added, "updated": s.updated,
            "unchanged": s.unchanged, "refused": s.refused, "unknown_columns": list(s.unknown), "notes": list(s.notes),
            "problems": [
                {"row": p.row, "column": p.column, "severity": p.severity, "value": p.value, "reason": p.reason}
                for p in s.problems
            ],
            "counts": {"persons": [c.held.persons, c.taken.persons], "fen": [c.held.fen, c.taken.fen]},
        }
        for s, c in zip(done.result.sheets, done.counts, strict=True)
    ]  # fmt: skip
    found: dict[str, Any] = {"sheets": sheets, "operation": done.result.operation, "ignored_sheets": list(done.ignored)}
    if receipts:
        found["files"] = [{"file": r.file, "what": r.what, "taken": r.taken, "left": r.left} for r in receipts]
    return found


def _tell_receipts(receipts: Sequence[Receipt]) -> None:
    """Print what became of every file of a folder or an archive."""
    if receipts:
        print(f"收件清单（{len(receipts)} 个文件）：")
    for r in receipts:
        print(f"  {r.file}：{'；'.join(part for part in (r.taken, r.left) if part)}")


def _tell_import(done: importing.Imported, options: argparse.Namespace) -> None:
    names = [s.sheet for s in done.result.sheets]
    for s in done.result.sheets:
        # A roster that feeds several records has a line for each.
        name = f"{s.sheet}（{BY_NAME[s.kind].label}）" if names.count(s.sheet) > 1 else s.sheet
        print(f"{name}：读取 {s.rows} 行，新增 {s.added}，更新 {s.updated}，未变 {s.unchanged}，未导入 {s.refused}")
        if s.unknown:
            print(f"    不认识的列没有导入：{'、'.join(s.unknown)}")
        for note in s.notes:
            print(f"    {note}")
        errors = [p for p in s.problems if p.severity == "error"]
        doubts = [p for p in s.problems if p.severity != "error"]
        for p in errors[:_SHOWN_PROBLEMS]:
            print(f"    {_tell_problem(p)}")
        if len(errors) > _SHOWN_PROBLEMS:
            print(f"    还有 {len(errors) - _SHOWN_PROBLEMS} 处问题，请用 --errors 写出未导入的行")
        for p in doubts[:_SHOWN_PROBLEMS]:
            print(f"    提醒：{_tell_problem(p)}")
        if len(doubts) > _SHOWN_PROBLEMS:
            print(f"    还有 {len(doubts) - _SHOWN_PROBLEMS} 条提醒")
    for counted in done.counts:
        if words := counted.words():
            print(f"清点“{counted.sheet}”（{BY_NAME[counted.kind].label}）：{words}")
    if done.ignored:
        print(f"没有导入的工作表（不是台账的表）：{'、'.join(done.ignored)}")
    t = totals(done.result.sheets)
    parts = f"新增 {t['added']} + 更新 {t['updated']} + 未变 {t['unchanged']} + 未导入 {t['refused']}"
    print(f"合计：读取 {t['rows']} 行 = {parts}")
    if options.dry_run:
        print("这是预检，台账没有变动")
    elif done.result.operation is None and not (options.strict and t["refused"]):
        print("台账没有变化：文件中的内容都已在台账里" if not t["refused"] else "台账没有变化")


def _tell_problem(p: RowProblem) -> str:
    shown = f"（{p.value}）" if p.value else ""
    return f"第 {p.row} 行 {p.column}{shown}：{p.reason}"
