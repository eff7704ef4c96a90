"""The year's papers on the command line: certificates of service, the lists of a year, and the 迎检包."""

import argparse
import sys
from pathlib import Path

from db.errors import UserError
from db.quarters import Period
from db.queries.paper_rows import person_named
from db.records.internal_entities import SERVICE_CERTIFICATE
from desktop.cli import clock
from desktop.cli.commands import day_given, open_ledger

# Short names of the lists, as people ask for them.
NAMES = {
    "个人时长": "person_hours", "二十小时": "to_register", "星级": "stars", "表彰推荐": "praise", "到期": "ending", "公示": "notice",
    "未成年": "minors", "任职": "posts",
}  # fmt: skip


def certificate(options: argparse.Namespace) -> int:
    """Issue a numbered certificate of service; exit 1 where it certifies nothing."""
    from desktop.services import year_papers

    today = clock.today()
    with open_ledger(options, write=True) as store:
        person = person_named(store, options.person)
        since = day_given(options.since, "起始日期") if options.since else None
        until = day_given(options.to, "截止日期") if options.to else today
        made = year_papers.issue(
            store, person, since, until, today, options.out, head=options.head, handler=options.handler, reason=options.unproven,
        )  # fmt: skip
        row = store.row(SERVICE_CERTIFICATE, made.id)
    print(f"已出具并登记：编号 {made.number}")
    print(f"已写出：{made.path}")
    if made.unproven and not options.unproven:
        print(
            f"注意：另有 {made.unproven} 条服务记录没有证明材料，没有计入；负责人同意计入的，用 --unproven 写明原因",
            file=sys.stderr,
        )
    print(
        "证明上有完整的证件号码，已记入历史；盖章前请公示（boai lists … 公示），公示期一般不少于 7 天", file=sys.stderr
    )
    return 0 if row is not None and row["minutes"] else 1


def lists(options: argparse.Namespace) -> int:
    """Write the lists of a year, each as PDF and Excel."""
    from desktop.services import year_papers
    from forms.papers import PAPERS

    period = Period.parse(options.period)
    unknown = [name for name in options.name if name not in NAMES]
    if unknown:
        raise UserError(f"没有这种名单：{'、'.join(unknown)}。可以写：{'、'.join(NAMES)}；没有写出任何文件")
    names = [NAMES[name] for name in options.name or NAMES]
    with open_ledger(options) as store:
        for path in year_papers.write_lists(
            store, [p for p in PAPERS if p.name in names], period, options.out, clock.today()
        ):
            print(f"已写出：{path}")
    return 0


def evidence(options: argparse.Namespace) -> int:
    """Write the 迎检包 of a period; exit 1 where a file is lost."""
    from desktop.services.inspection import FIRST, write_inspection

    with open_ledger(options, write=True) as store:
        made = write_inspection(
            store, Period.parse(options.period), options.out, clock.today(), masked=not options.unmasked,
            reason=options.reason, packed=options.zip,
        )  # fmt: skip
    for path in (made.folder, *([made.packed] if made.packed else ())):
        print(f"已写出：{path}")
    print(f"附件 {made.files} 份，原样复制，交出前请核对其中的个人信息；先打开“{FIRST}”", file=sys.stderr)
    for name in made.lost:
        print(f"文件缺失：{name}，目录里已标明", file=sys.stderr)
    return 1 if made.lost else 0


def add_to(
    certificate: argparse.ArgumentParser, lists: argparse.ArgumentParser, evidence: argparse.ArgumentParser
) -> None:
    """Give the three commands their options."""
    certificate.add_argument(
        "--person", required=True, metavar="PERSON", help="姓名、志愿者网编号、证件号码或台账中的编号"
    )
    certificate.add_argument("--from", dest="since", metavar="YYYY-MM-DD", help="从哪一天起（默认从最早的记录）")
    certificate.add_argument("--to", metavar="YYYY-MM-DD", help="到哪一天止（默认今天）")
    certificate.add_argument("--head", default="", metavar="NAME", help="负责人")
    certificate.add_argument("--handler", default="", metavar="NAME", help="经办人")
    certificate.add_argument("--unproven", default="", metavar="TEXT", help="连没有证明材料的记录也计入的原因")
    certificate.add_argument("--out", type=Path, required=True, metavar="DIR")
    lists.add_argument("period", metavar="PERIOD", help="例如 2026 或 2026Q3")
    lists.add_argument("name", nargs="*", metavar="NAME", help=f"{'、'.join(NAMES)}（默认全部）")
    lists.add_argument("--out", type=Path, required=True, metavar="DIR")
    evidence.add_argument("period", metavar="PERIOD", help="例如 2026Q3、2026H1 或 2026")
    evidence.add_argument("--zip", action="store_true", help="再写出一个压缩包")
    evidence.add_argument("--unmasked", action="store_true", help="清单里用完整号码（会记入历史）")
    evidence.add_argument("--reason", default="", metavar="TEXT", help="用完整号码的原因")
    evidence.add_argument("--out", type=Path, required=True, metavar="DIR", help="放在哪个文件夹")
