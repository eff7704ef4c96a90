"""Between the levels on the command line: packages, their roll-up, receipts and tasks."""

import argparse
import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from db.errors import UserError
from db.quarters import Period
from db.storage.store import Store
from desktop.cli import clock
from desktop.cli.commands import day_given, ledger_file, open_ledger, print_json

if TYPE_CHECKING:
    from desktop.services.rollup import RollUp


def package(options: argparse.Namespace) -> int:
    """Write a frozen edition as a signed package for the level above."""
    from desktop.services.packages import write_package  # late: it loads what writes papers

    period = Period.parse(options.period)
    with open_ledger(options) as store:
        made = write_package(store, period, options.out, options.number)
    print(f"已写出：{made.path}（{made.edition.words}）")
    print(f"已写出：{made.slip}")
    for name in made.left_out:
        print(f"注意：“{name}”里写有志愿者姓名或号码，没有放进报送包", file=sys.stderr)
    print(f"本会签名钥匙的指纹，请告知上级核对一次：{made.key}", file=sys.stderr)
    return 0


def rollup(options: argparse.Namespace) -> int:
    """Add packages up; in a ledger of the level above they are kept."""
    from desktop.services import rollup as adding
    from desktop.services import rollup_papers

    period = Period.parse(options.period) if options.period else None
    deadline, today = day_given(options.deadline, "期限") if options.deadline else None, clock.today()
    if not options.file and period is None:
        raise UserError("请写明报送包或文件夹；要汇总台账里已收的，请用 --period 写明期间")
    paths = adding.files_in(options.file) if options.file else []
    if not ledger_file(options).exists():
        done = adding.roll_up(paths, period, today)
        _write(options, done, "", today, deadline)
        return _told(options, done)
    with open_ledger(options, write=True) as store:
        above = store.office().get("level") in ("市级", "省级")
        if not above and (options.receipts or options.package):
            raise UserError("回执和汇总上报要在市级、省级的台账里做。没有改动任何内容")
        done = adding.roll_up(paths, period, today, store if above else None)
        maker = store.office().get("name", "") if above else ""
        deadline = deadline or (rollup_papers.deadline_of(store, done.period) if above else None)
        _write(options, done, maker, today, deadline)
        if options.receipts:
            _receipts(store, done, options.receipts, today)
        if options.package:
            path, key = rollup_papers.hand_on(store, done, options.package, today)
            print(f"已写出：{path}（指纹 {key}）", file=sys.stderr)
    return _told(options, done)


def _write(options: argparse.Namespace, done: "RollUp", maker: str, today: dt.date, deadline: dt.date | None) -> None:
    from desktop.services import rollup_papers

    path = rollup_papers.write_book(done, options.out, maker, today, deadline)
    print(f"已写出：{path}", file=sys.stderr if options.json else sys.stdout)
    if options.pdf:
        path = rollup_papers.write_paper(done, options.pdf, maker, today, deadline, public=options.public)
        print(f"已写出：{path}", file=sys.stderr if options.json else sys.stdout)


def _receipts(store: Store, done: "RollUp", folder: Path, today: dt.date) -> None:
    from desktop.services import receipts

    if fresh := receipts.unanswered(store, done.period):
        made = receipts.issue(store, done.period, fresh, receipts.ACCEPTED, "", store.actor, today, folder)
        print(f"已写出 {len(made)} 份回执：{folder}", file=sys.stderr)


def _told(options: argparse.Namespace, done: "RollUp") -> int:
    offices = [
        {"office": o.name, "code": o.code, "edition": o.edition, "key": "new" if o.new_key else "known", **o.figures}
        for o in done.offices
    ]
    for _, why in done.refused:
        print(why, file=sys.stderr)
    for name in done.missing:
        print(f"未报送：{name}", file=sys.stderr)
    if options.json:
        print_json({
            "period": str(done.period), "total": done.total, "collected": done.collected, "offices": offices,
            "clauses": done.clauses, "missing": done.missing,
            "refused": [{"file": name, "reason": why} for name, why in done.refused],
        })  # fmt: skip
    else:
        print(
            f"{done.period.label}：{len(done.offices)} 个单位，没有收 {len(done.refused)} 个文件，未报送 {len(done.missing)} 个"
        )
    return 1 if done.refused else 0


def receipt(options: argparse.Namespace) -> int:
    """Take in the superior's receipt, or return a package with remarks; exit 1 where this office's was returned."""
    from desktop.services import receipts

    if options.returned:
        return _give_back(options)
    if options.file is None:
        raise UserError("请写明回执文件（.boai）；退回下级的报送用 --return")
    with open_ledger(options, write=True) as store:
        stands, key, new = receipts.take_in(store, options.file, clock.today())
    if options.json:
        print_json(
            {"status": stands.status, "edition": stands.edition, "remarks": stands.remarks, "office": stands.office}
        )
    else:
        print(stands.words)
    if new:
        print(f"第一次收“{stands.office}”的文件，请打电话核对签名钥匙的指纹：{key}", file=sys.stderr)
    return 1 if stands.status == receipts.RETURNED else 0


def _give_back(options: argparse.Namespace) -> int:
    from desktop.services import receipts, rollup

    if not options.period or options.out is None:
        raise UserError("退回要用 --period 写明期间、--out 写明回执放在哪里。没有改动任何内容")
    period = Period.parse(options.period)
    with open_ledger(options, write=True) as store:
        wanted = {h.uid for h in rollup.kept(store, period) if options.returned in (h.name, h.code)}
        if len(wanted) != 1:
            raise UserError(f"{period.label}没有收过“{options.returned}”的报送包，没有发出回执")
        made = receipts.issue(
            store, period, [*wanted], receipts.RETURNED, options.remarks, options.person, clock.today(), options.out
        )
    print(f"已写出：{made[0]}")
    return 0


def task(options: argparse.Namespace) -> int:
    """Take in a signed task, list those that were taken in, or answer one."""
    from desktop.services import superior_tasks

    today = clock.today()
    with open_ledger(options, write=bool(options.file or options.answer)) as store:
        if options.file:
            taken = superior_tasks.take_in(store, options.file, today)
            print(
                f"已收下：{taken.title}（{taken.office}下达）"
                + (f"，添加规则 {taken.clauses} 条" if taken.clauses else "")
            )
            if taken.new_key:
                print(f"第一次收“{taken.office}”的文件，请打电话核对签名钥匙的指纹：{taken.key}", file=sys.stderr)
        listed = superior_tasks.tasks(store)
        if options.answer or options.form:
            if options.out is None:
                raise UserError("请用 --out 写明放在哪个文件夹")
            chosen = next((t for n, t in enumerate(listed, 1) if str(n) == (options.answer or options.form)), None)
            if chosen is None:
                raise UserError("没有这个序号的任务；boai task 列出收到的任务")
            if options.form:
                print(f"已写出：{superior_tasks.save_form(store, chosen.row, options.out)}")
                return 0
            path, key, left_out = superior_tasks.answer(store, chosen.row, options.out, today)
            for name in left_out:
                print(f"注意：“{name}”里写有志愿者姓名或号码，没有放进答复", file=sys.stderr)
            print(f"已写出：{path}（指纹 {key}）")
            return 0
    if options.json:
        print_json({"tasks": [
            {"number": t.number, "title": t.title, "office": t.office, "period": str(t.period),
             "deadline": t.deadline.isoformat(), "template": t.template, "rules": t.rules, "answered_on": t.answered_on}
            for t in listed
        ]})  # fmt: skip
        return 0
    for n, t in enumerate(listed, 1):
        done = f"已于 {t.answered_on} 答复" if t.answered_on else f"期限 {t.deadline}"
        print(f"{n}. {t.title}　{t.period.label}　{t.office}　{done}" + (f"　模板：{t.template}" if t.template else ""))
    return 0


def new_task(options: argparse.Namespace) -> int:
    """Sign a task for the offices below."""
    from desktop.services.superior_tasks import Asked, make_task

    asked = Asked(
        options.title, Period.parse(options.period), day_given(options.deadline, "期限"), options.note, options.template, options.rules
    )  # fmt: skip
    with open_ledger(options, write=True) as store:
        path, key = make_task(store, asked, clock.today(), options.out)
    print(f"已写出：{path}")
    print(f"本会签名钥匙的指纹，请告知下级核对一次：{key}", file=sys.stderr)
    return 0


def new_update(options: argparse.Namespace) -> int:
    """Sign what there is to know of a version for those who use the program, and rule files for new notices."""
    from desktop.services.updates import make_update

    with open_ledger(options) as store:
        path, key = make_update(
            store, options.version, options.note, options.installer, options.rules, clock.today(), options.out
        )
    print(f"已写出：{path}")
    print(f"签名钥匙的指纹，请告知使用的单位核对一次：{key}", file=sys.stderr)
    return 0
