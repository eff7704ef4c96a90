"""Handing up on the command line: submit, correct, the files of an edition again, and what changed since."""

import argparse
import sys
from typing import Any

from db.errors import UserError
from db.quarters import Period
from db.tasks.editions import edition_of
from desktop.cli import clock
from desktop.cli.commands import day_given, open_ledger, print_json
from forms.report.figure_labels import LABELS


def submit(options: argparse.Namespace) -> int:
    """Take a period through its steps and freeze its edition."""
    return _freeze(options, "")


def correct(options: argparse.Namespace) -> int:
    """Freeze a new edition beside the last one, with the reason."""
    if not options.reason.strip():
        raise UserError("更正报告要用 --reason 写明原因，没有报送")
    return _freeze(options, options.reason)


def _freeze(options: argparse.Namespace, reason: str) -> int:
    from desktop.services import editions  # late: it loads what writes papers

    period, today = Period.parse(options.period), clock.today()
    on = day_given(options.on, "报送日期") if options.on else today
    people = {"prepare": options.preparer, "review": options.reviewer, "sign": options.head}
    with open_ledger(options, write=True) as store:
        done = editions.submit(store, period, {k: v or "" for k, v in people.items()}, on, today, reason=reason)
    for words in done.warnings:
        print(f"注意：{words}", file=sys.stderr)
    edition = done.edition
    told = {"period": edition.period, "edition": edition.number, "sha256": edition.sha256, "files": list(edition.files)}
    if reason:
        told["corrects"] = edition.manifest["corrects"]
    if options.json:
        print_json(told)
    else:
        print(f"已报送并冻结：{edition.words}；校验值 {edition.sha256}")
        print(f"原样的文件随时可取：boai edition {period} --number {edition.number} --out 文件夹")
    return 0


def edition(options: argparse.Namespace) -> int:
    """Write the files of a frozen edition, byte for byte."""
    from desktop.services import editions

    with open_ledger(options) as store:
        for path in editions.write_edition(store, Period.parse(options.period), options.number, options.out):
            print(f"已写出：{path}")
    return 0


def diff(options: argparse.Namespace) -> int:
    """Print what is not as it was handed up; exit 1 where there is any line."""
    from desktop.services import editions

    period = Period.parse(options.period)
    last = None if options.to == "now" else _number(options.to)
    with open_ledger(options) as store:
        first = options.first if options.first is not None else edition_of(store, period).number
        lines, changed = editions.difference(store, period, first, last)
    if options.json:
        print_json({
            "period": str(period), "from": first, "to": last if last is not None else "now",
            "lines": [_line(line) for line in lines], "records": [_record(c) for c in changed],
        })  # fmt: skip
    else:
        for line in lines:
            team, what, old, new, why = line.cells
            print(f"{team}　{what}：{old} → {new}（{why}，涉及 {len(line.records)} 条记录）")
        print(
            f"与第 {first} 版相比：{len(lines)} 处不同，{len(changed)} 条记录有变动" if lines or changed else "没有变化"
        )
    return 1 if lines else 0


def _number(text: str) -> int:
    if not text.isdecimal():
        raise UserError(f"--to 应写 now 或版次，如 2：{text}")
    return int(text)


def _line(line: Any) -> dict[str, Any]:
    return {
        "team": line.team, "figure": line.figure, "label": LABELS.get(line.figure or ""), "clause": line.clause,
        "old": line.old, "new": line.new, "causes": list(line.causes), "records": [_record(c) for c in line.records],
    }  # fmt: skip


def _record(changed: Any) -> dict[str, str]:
    return {"record": changed.record, "uid": changed.uid, "cause": changed.cause}
