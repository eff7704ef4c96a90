"""The subcommand `chain`: a pasted 接龙 into hours, as the dialog does; only what is certain is written."""

import argparse
from typing import Any

from db.errors import UserError
from db.records.amounts import Hours
from db.records.kinds import Invalid
from db.tasks import service_hours
from desktop.cli import clock
from desktop.cli.commands import day_given, open_ledger, print_json
from desktop.services import chains
from forms.reading.jielong import ASK, LEFT_OUT

_SAID = {"sure": "登记", "ask": "请核对", "left_out": "不登记"}


def chain(options: argparse.Namespace) -> int:
    """Read a chain from a text file and write the hours that are sure."""
    text, on, usual = _text(options), day_given(options.on), _minutes(options.hours)
    with open_ledger(options, write=not options.dry_run) as store:
        facts = service_hours.chain_facts(store, on)
        host = next((i for i, name in facts["teams"].items() if name == options.team.strip()), None)
        if host is None:
            raise UserError(f"没有名为“{options.team}”的队伍，没有写入。请核对队伍名称")
        activity = None
        if options.activity:
            activity = next((a for a in facts["activities"] if a["code"] == options.activity), None)
            if activity is None:
                raise UserError(f"没有编号为“{options.activity}”的活动，没有写入。请核对活动编号")
        number = int(activity["id"]) if activity else None
        title = chains.read(text, facts, host, usual, (set(), {})).chain.title[:200] or None
        day = service_hours.day_facts(store, number, on.isoformat(), title)
        found = chains.read(text, facts, host, usual, day)
        chains.check_day(found.chain, on)
        what = chains.served(found, facts, host)
        operation = None
        if not options.dry_run:
            operation = chains.write(store, what, number, on, clock.today(), str(activity["name"] if activity else on))
    return _tell(options, found, len(what) if operation is not None else 0, operation)


def _tell(options: argparse.Namespace, found: chains.Read, written: int, operation: int | None) -> int:
    lines: list[dict[str, Any]] = [
        {
            "text": line.match.entry.text, "person": line.match.sure.name if line.match.sure else None,
            "minutes": line.minutes, "state": line.state, "reason": line.reason,
        }
        for line in found.lines
    ]  # fmt: skip
    if options.json:
        print_json({"title": found.chain.title, "lines": lines, "written": written, "operation": operation})
    else:
        for line in lines:
            hours = f"{Hours().show(line['minutes'])} 小时" if line["minutes"] else ""
            said = "　".join(
                p for p in (line["person"] or line["text"], hours, _SAID[line["state"]], line["reason"]) if p
            )
            print(said)
        asked = sum(line["state"] == ASK for line in lines)
        left = sum(line["state"] == LEFT_OUT for line in lines)
        print(f"读到 {len(lines)} 条：写入 {written}，请核对 {asked}，不登记 {left}")
        if found.chain.rest:
            print(f"没有用到的行：{'；'.join(found.chain.rest[:5])}")
    return 1 if any(line["state"] == ASK for line in lines) else 0


def _text(options: argparse.Namespace) -> str:
    try:
        content = options.file.read_bytes()
    except OSError:
        raise UserError(f"读不了文件：{options.file.name}。没有写入；请核对文件名") from None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return str(content.decode(encoding))
        except UnicodeDecodeError:
            continue
    raise UserError(f"认不出文件的文字编码：{options.file.name}。没有写入；请另存为 UTF-8 的文本文件")


def _minutes(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        minutes = int(Hours().parse(text) or 0)
    except Invalid as error:
        raise UserError(f"--hours 不对：{error}") from None
    if not 0 < minutes <= 24 * 60:
        raise UserError("--hours 应大于 0、不超过 24")
    return minutes
