"""The subcommands: each opens the ledger, does one thing, prints for people or (with ``--json``) for programs."""

import argparse
import ctypes
import datetime as dt
import getpass
import json
import sys
from pathlib import Path
from typing import Any

from db import places
from db.errors import NoDataFile, NotOurFile, UserError
from db.quarters import Period
from db.queries.figures import office_level, period_figures
from db.queries.overview import latest_quarter
from db.queries.paper_rows import person_named, team_named
from db.records.entities import OFFICE, SHEETS
from db.records.kinds import Date, Invalid
from db.records.numbers_in_text import starred_within
from db.records.statuses import STATUSES
from db.rules import register
from db.rules.checks import CHECKS, Result, all_clauses, check_office, summary
from db.rules.local_packs import add_pack
from db.rules.verdicts import bound
from db.storage import vault
from db.storage.store import Store
from db.tasks import operators
from db.tasks.assessments import Change, forecast
from desktop.cli import clock
from desktop.cli.start import open_window
from desktop.services.account import account_name
from desktop.services.backups import choices, usual_places
from desktop.services.clock_doubts import clock_doubt
from desktop.services.judging import before_ledger
from forms.columns.map_file import kind_of
from forms.report.figure_labels import LABELS, shown

if sys.platform == "win32":  # pragma: no cover (Windows only)
    import msvcrt

_SHOWN_BACKUPS = 5


def ledger_file(options: argparse.Namespace) -> Path:
    return Path(getattr(options, "db", None) or vault.default_file())


def _password(options: argparse.Namespace) -> str | None:
    """Return the password given by file or environment; None where there is none."""
    place = getattr(options, "password_file", None)
    return password_in(place) if place is not None else getattr(options, "password", None) or None


def password_in(place: Path) -> str:
    """Return the password that a file holds in its first line."""
    try:
        return str(place.read_text(encoding="utf-8-sig").splitlines()[0])
    except (OSError, IndexError, UnicodeDecodeError):
        raise UserError(f"读不了密码文件：{place.name}。它应是只有一行密码的文本文件") from None


def at_terminal() -> bool:
    """Tell whether a person can answer. On Windows NUL, too, calls itself a terminal; only a console has a mode."""
    if sys.stdin is None or not sys.stdin.isatty():
        return False
    if sys.platform == "win32":  # pragma: no cover (Windows only)
        handle, mode = ctypes.c_void_p(msvcrt.get_osfhandle(sys.stdin.fileno())), ctypes.c_uint32()
        return bool(ctypes.windll.kernel32.GetConsoleMode(handle, ctypes.byref(mode)))
    return True


def new_password(options: argparse.Namespace) -> str:
    """Return the password to set: from the environment or a file, or typed twice at a terminal."""
    given = _password(options)
    if given is None and at_terminal():
        given = getpass.getpass("新密码（至少 8 个字符）：")
        if getpass.getpass("再输入一次：") != given:
            raise UserError("两次输入的密码不一样，没有更换")
    if given is None:
        raise UserError("请用 BOAI_PASSWORD 或 --password-file 给出新密码，没有更换")
    return given


def keys_for(options: argparse.Namespace, path: Path) -> tuple[str | None, str | None]:
    """Return (password, recovery code) for a file, as far as they are given or a person at a terminal types them."""
    place = getattr(options, "recovery_code_file", None)
    if place is not None:
        try:
            return None, str(place.read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError):
            raise UserError(f"读不了恢复码文件：{place.name}。它应是只有恢复码的文本文件") from None
    password = _password(options)
    if password is None and vault.examine(path)["has_password"] and at_terminal():
        password = getpass.getpass("密码：")
    return password, None


def open_ledger(options: argparse.Namespace, *, write: bool = False) -> Store:
    """Open the ledger, asking for a password only where a person sits at a terminal; only reading leaves it as it is."""
    path = ledger_file(options)
    try:
        password, code = keys_for(options, path)
        store = Store.open(path, password, code, read_only=not write)
    except (NotOurFile, NoDataFile):
        _tell_backups(path)
        raise
    if store.opened.damaged:
        print("台账文件有损坏，只能查看：运行 boai verify 可查看损坏之处，请从备份恢复", file=sys.stderr)
    if store.put_back:
        print("注意：台账比这台电脑上次看到的旧，或末尾的记录被截去；运行 boai verify 可查看", file=sys.stderr)
    doubt = clock_doubt(store, clock.now())
    if doubt:
        print(f"注意：{doubt}", file=sys.stderr)
    try:
        store.act_as(_operator(options, store))
    except BaseException:
        store.close()
        raise
    return store


def _operator(options: argparse.Namespace, store: Store) -> str:
    """Return who works: whose own password opened the ledger, or ``--operator``, or the computer's account."""
    own, wanted = operators.opened_by(store), getattr(options, "operator", None)
    if wanted is None or wanted == own:
        return own or account_name()
    if not operators.on_staff(store, wanted):
        raise UserError(f"经办人员里没有“{wanted}”。请先登记，或核对姓名")
    if wanted in operators.names(store):
        raise UserError(f"“{wanted}”另设了密码，请用那个密码打开（BOAI_PASSWORD 或 --password-file）")
    return str(wanted)


def _tell_backups(path: Path) -> None:
    """Say what the ledger that cannot be opened could be restored from."""
    found = choices(path, *usual_places(path))
    for choice in found[:_SHOWN_BACKUPS]:
        print(f"可以恢复的备份：{choice.words}\n    boai restore {choice.backup.path}", file=sys.stderr)
    if len(found) > _SHOWN_BACKUPS:
        print(f"还有 {len(found) - _SHOWN_BACKUPS} 份更早的备份", file=sys.stderr)


def print_json(content: Any) -> None:
    print(json.dumps(starred_within(content), ensure_ascii=False, indent=2))


def window(options: argparse.Namespace) -> int:
    """Open the window."""
    given = getattr(options, "db", None)
    return open_window(Path(given) if given else None)


def init(options: argparse.Namespace) -> int:
    """Make a new data file and print its recovery code once."""
    path, password = ledger_file(options), _password(options)
    name = options.name.strip()
    if not name:
        raise UserError("单位名称不能为空")
    store, secret = Store.create(path, password)
    with store, store.operation("建立台账", "event"):
        for item, content in (("name", name), ("level", options.level), ("division_code", options.code.strip())):
            if content:
                store.save(OFFICE, {"item": item, "content": content})
    print(f"已建立台账：{path}")
    print(f"恢复码（只显示这一次，请抄下或打印，锁在柜中）：{secret.code()}")
    if password is None:
        print("没有设密码：钥匙存放在只有这台电脑的这个账号能读取的位置；换电脑或账号时要用恢复码打开", file=sys.stderr)
    return 0


def template(options: argparse.Namespace) -> int:
    """Write empty import sheets."""
    from forms import output
    from forms.excel import workbook

    wanted = [kind_of(s) for s in options.sheet]
    entities = [e for e in SHEETS if not wanted or e.name in wanted]
    print(f"已写出：{output.write_whole(options.out, workbook.template(entities))}")
    return 0


def day_given(text: str, what: str = "日期") -> dt.date:
    """Return a day that was typed; raise `UserError`, which says what day it is, where it is none."""
    try:
        return dt.date.fromisoformat(str(Date().parse(text)))
    except Invalid as error:
        raise UserError(f"{what}不对：{error}") from None


def check(options: argparse.Namespace) -> int:
    """Evaluate every clause on a day."""
    as_of = day_given(options.as_of)
    with open_ledger(options) as store:
        clauses = all_clauses(store)
        if options.clause:
            clauses = tuple(c for c in clauses if c.id == options.clause)
            if not clauses:
                raise UserError(f"没有编号为 {options.clause} 的条款。可用 boai check 查看全部编号")
        results = check_office(store, as_of, clauses)
        office, level = store.office()["name"], office_level(store)
        begins = before_ledger(store, as_of)
        changes = forecast(store, as_of) if options.forecast else []
    if begins is not None:
        print(f"注意：考核日早于台账的起点（{begins}），没有台账记录；下面按现有记录照算，仅供参考", file=sys.stderr)
    counts = summary(results)
    if options.json:
        print_json({
            "office": office, "level": level, "as_of": as_of.isoformat(), "rules": register.VERSION, "summary": counts,
            "results": [_result_json(r) for r in results],
        } | ({"forecast": [_change_json(c) for c in changes]} if options.forecast else {}))  # fmt: skip
    else:
        print(f"{office}　考核日 {as_of}　规则版本 {register.VERSION}")
        results = results if options.clause else bound(results)  # other places' notices are for programs alone
        counts = summary(results)
        for r in results:
            print(f"[{STATUSES[r.status]}] {r.clause.id} {r.clause.title}")
            print(f"    {r.message}（{r.clause.citation}）")
        print("合计：" + "，".join(f"{STATUSES[s]} {n} 条" for s, n in counts.items() if n))
        for c in changes:
            before, after = (STATUSES[r.proposed or r.status] for r in (c.now, c.then))
            print(
                f"不再录入的话，{c.day} 起由“{before}”变为“{after}”：{c.clause.id} {c.clause.title}。{c.then.message}"
            )
        if options.forecast and not changes:
            print("到季末为止，不录入也没有条款会变")
    return 1 if any(r.is_breach for r in results) else 0


def _change_json(change: Change) -> dict[str, Any]:
    return {
        "clause": change.clause.id, "day": change.day.isoformat(), "from": change.now.proposed or change.now.status,
        "to": change.then.proposed or change.then.status,
        "message": change.then.message,
    }  # fmt: skip


def _result_json(r: Result) -> dict[str, Any]:
    return {
        "clause": r.clause.id, "source": r.clause.source.key, "article": r.clause.article,
        "strength": r.clause.strength, "firmness": r.clause.firmness, "mode": r.clause.mode, "status": r.status,
        "k": r.k, "n": r.n, "facts": r.facts, "parameters": r.parameters, "message": r.message,
        "quotation": r.clause.quotation, "title": r.clause.title, "why": r.clause.why,
        "parameter_values": [
            {"name": p.name, "label": p.label, "unit": p.unit, "value": value, "from": start.isoformat(),
             "checked_on": p.checked_on.isoformat(), "internal": p.internal}
            for p in r.clause.parameters.values() for start, value in p.values
            if r.parameters.get(p.name) == value
        ],
        "proposed": r.proposed, "judgement": r.judgement, "listed": r.listed,
        "items": [{"record": i.record, "id": i.id, "title": i.title, "status": i.status} for i in r.items],
    }  # fmt: skip


def figures(options: argparse.Namespace) -> int:
    """Print a period's figures, up to its last day or to the day given."""
    period = Period.parse(options.period)
    as_of = None if options.as_of is None else day_given(options.as_of)
    if as_of is not None and not period.start <= as_of <= period.end:
        raise UserError(f"--as-of 应在{period.label}之内（{period.start} 至 {period.end}）")
    with open_ledger(options) as store:
        found = period_figures(store, period, as_of)
    if options.json:
        print_json(found)
        return 0
    print(f"{period.label}（统计截止 {found['as_of']}）")
    for name, label in LABELS.items():
        if name in found["office"]:
            print(f"  {label}：{shown(name, found['office'][name])}")
    for team in found["teams"]:
        kind = "本级" if team["own_level"] else "其他"
        hours, balance = shown("service_minutes", team["service_minutes"]), shown("balance_fen", team["balance_fen"])
        print(
            f"{team['team']}（{kind}）：在队 {team['persons_end']} 人，在保 {team['insured_end']} 人，"
            f"参训 {team['training_person_times']} 人次，服务 {hours} 小时，结余 {balance} 元"
        )
    return 0


def report(options: argparse.Namespace) -> int:
    """Write the quarterly report."""
    from desktop.services.reporting import FORMATS, quarter_data, wanting, write_report

    period = Period.parse(options.quarter)
    formats = tuple(f for f in ("pdf", "xlsx", "docx") if getattr(options, f)) or FORMATS
    with open_ledger(options) as store:
        as_of = day_given(options.as_of, "截止日期") if options.as_of else None
        for words in wanting(quarter_data(store, period, clock.today(), as_of)):
            print(f"注意：{words}", file=sys.stderr)
        for path in write_report(store, period, options.out, clock.today(), formats, as_of):
            _tell_written(path)
    return 0


def _tell_written(path: Path) -> None:
    """Say where a file went, and that it went aside where the one that was meant is open."""
    from forms import output

    if output.went_aside(path):
        print(f"原来的文件正被别的程序打开，已另存为：{path.name}", file=sys.stderr)
    print(f"已写出：{path}")


def paper(options: argparse.Namespace) -> int:
    """Write one paper, or list them all."""
    from desktop.services.reporting import write_papers
    from forms.papers import PAPERS, paper_named

    if options.name is None:
        for each in PAPERS:
            limits = [word for word, is_so in (("可按队伍", each.by_team), ("按人", each.by_person)) if is_so]
            print(f"{each.name}　{each.title}" + (f"（{'、'.join(limits)}）" if limits else ""))
        return 0
    wanted = paper_named(options.name)
    if options.out is None:
        raise UserError("请用 --out 指明写到哪个文件夹，没有写出任何文件")
    given = Period.parse(options.quarter) if options.quarter else None
    with open_ledger(options) as store:
        quarter = given or latest_quarter(store)
        if quarter is None:
            raise UserError("台账里还没有记录，请用 --quarter 指明季度，例如 --quarter 2026Q3")
        team = team_named(store, options.team) if options.team else None
        persons = [person_named(store, words) for words in options.person or ()]
        for path in write_papers(store, [wanted], quarter, options.out, clock.today(), team=team, persons=persons):
            _tell_written(path)
    if wanted.reminder:
        print(wanted.reminder, file=sys.stderr)
    return 0


def fill(options: argparse.Namespace) -> int:
    """Fill somebody else's form, or list the names that it may use."""
    from desktop.services.templates import fill_file
    from forms.template import GROUPS

    if options.template is None:
        for group in GROUPS:
            about = f"（{'每条一行：' if group.repeats else ''}{group.about}）" if group.about else ""
            print(f"{group.label}{about}")
            print("    " + "　".join(f"{{{{{group.label}.{item.label}}}}}" for item in group.items))
        return 0
    if options.out is None:
        raise UserError("请用 --out 指明写到哪个文件，没有写出任何文件")
    places.protect(options.template)
    places.refuse(options.out)
    given = Period.parse(options.quarter) if options.quarter else None
    with open_ledger(options, write=options.unmasked) as store:
        quarter = given or latest_quarter(store)
        if quarter is None:
            raise UserError("台账里还没有记录，请用 --quarter 指明季度，例如 --quarter 2026Q3")
        done = fill_file(
            store, quarter, options.template, options.out, clock.today(), anyway=options.anyway, masked=not options.unmasked,
            reason=options.reason,
        )  # fmt: skip
    if done.aside:
        print(f"{options.out.name} 正被别的程序打开，已另存为：{done.path.name}", file=sys.stderr)
    print(f"已写出：{done.path}")
    counts = "，".join(f"{label} {n} 条" for label, n in done.filled.records.items())
    print(f"填了 {done.filled.cells} 格" + (f"；{counts}" if counts else ""))
    for note in done.filled.notes:
        print(note, file=sys.stderr)
    return 1 if done.filled.notes else 0


def rules_(options: argparse.Namespace) -> int:
    """List the notices in force, or add a local one."""
    with open_ledger(options, write=bool(options.add)) as store:
        for path in options.add or ():
            added = add_pack(store, path, dict(CHECKS))
            print(f"已添加本地规则：{added[0].source.title}，{len(added)} 条")
        counts: dict[str, int] = {}
        for clause in all_clauses(store):
            title = f"{clause.source.key}　{clause.source.title}"
            counts[title] = counts.get(title, 0) + 1
    for title, count in counts.items():
        print(f"{title}　{count} 条")
    return 0


def export(options: argparse.Namespace) -> int:
    """Write records with the import's own columns; whole numbers only with a reason, which is logged."""
    from desktop.services.reporting import export_records

    wanted = {kind_of(k) for k in options.kind if k not in ("全部", "all")}
    entities = [e for e in SHEETS if e.name in wanted or {"全部", "all"} & set(options.kind)]
    places.refuse(options.out)
    with open_ledger(options, write=options.unmasked) as store:
        path = export_records(store, entities, options.out, masked=not options.unmasked, reason=options.reason)
    print(f"已写出：{path}")
    return 0


def undo(options: argparse.Namespace) -> int:
    """Take back the last operation."""
    with open_ledger(options, write=True) as store:
        print(f"已{store.undo().title}")
    return 0


def demo(options: argparse.Namespace) -> int:
    """Make the example office, import it, check it, write its report, and open the window where a screen exists."""
    from desktop.cli.demo import run_demo

    return run_demo(options.out)
