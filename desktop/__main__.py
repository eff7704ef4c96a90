"""The command `boai`, equally `python -m desktop`: subcommands without a screen, and the window without one.

Exit codes: 0 done, 1 done and something needs attention, 2 wrong use or bad input with nothing changed, 3 the data
file cannot be used, 4 a fault of the program. Results go to stdout, messages to stderr, both UTF-8 whatever the console's code page is.
"""

import argparse
import contextlib
import io
import multiprocessing
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from db import places
from db.errors import UserError
from desktop.services.system_libraries import missing_packages

_PR_SET_DUMPABLE = 4  # Linux: also keeps ptrace and /proc/…/mem from everybody but root
# Other words for argparse's own, which speak English.
_USAGE = "用法不对：{0}。输入 boai --help 查看用法"


class _Parser(argparse.ArgumentParser):
    """Argparse whose complaints are one Chinese sentence and exit code 2."""

    def error(self, message: str) -> NoReturn:
        for english, chinese in (
            ("the following arguments are required:", "缺少"), ("unrecognized arguments:", "不认识"),
            ("invalid choice:", "不能选"), ("expected one argument", "后面要有一项内容"),
            ("expected at least one argument", "后面至少要有一项内容"), ("argument ", "参数 "),
            ("choose from", "可选"), ("not allowed with", "不能同时用"), ("ambiguous option:", "不明确："),
        ):  # fmt: skip
            message = message.replace(english, chinese)
        raise UserError(_USAGE.format(message))


def parser() -> argparse.ArgumentParser:
    """Return the whole command line; each subcommand's function is its default `run`."""
    from desktop.cli import backup, chain, commands, editions, intake, levels, opening, self_test, year

    homes = {
        backup: ("backup", "restore", "unlock", "new-code", "operator", "verify"),
        chain: ("chain",),
        self_test: ("self-test",),
        year: ("certificate", "lists", "evidence"),
        editions: ("submit", "correct", "edition", "diff"),
        levels: ("package", "rollup", "receipt", "task", "new-task", "new-update"),
        intake: ("import",),
        opening: ("open",),
    }
    common = _Parser(add_help=False)
    common.add_argument("--db", type=Path, default=argparse.SUPPRESS, metavar="FILE", help="台账文件")
    common.add_argument("--password-file", type=Path, default=argparse.SUPPRESS, metavar="FILE", help="存有密码的文件")
    common.add_argument(
        "--recovery-code-file", type=Path, default=argparse.SUPPRESS, metavar="FILE", help="存有恢复码的文件，代替密码"
    )
    common.add_argument("--operator", default=argparse.SUPPRESS, metavar="NAME", help="操作人：历史里记下的经办人员")
    top = _Parser(prog="boai", description="博爱台账：县级红十字会志愿服务队伍台账", parents=[common])
    top.set_defaults(run=commands.window)
    subs = top.add_subparsers(metavar="命令", parser_class=_Parser)

    def command(name: str, text: str) -> argparse.ArgumentParser:
        made = subs.add_parser(name, help=text, description=text, parents=[common])
        # These names are taken: by the language, and by a module.
        function = f"{name}_" if name in ("import", "open", "rules") else name.replace("-", "_")
        home = next((m for m, names in homes.items() if name in names), commands)
        made.set_defaults(run=getattr(home, function))
        return made

    demo = command("demo", "做一个示例单位：导入、体检、生成报告，并打开窗口")
    demo.add_argument("--out", type=Path, metavar="DIR", help="放在哪个文件夹（默认为临时文件夹）")

    command("open", "打开台账，或把报送包、回执、任务包交给正在用的台账").add_argument(
        "file", type=Path, metavar="FILE"
    )

    init = command("init", "建立新的台账文件")
    init.add_argument("--name", required=True, help="单位名称")
    init.add_argument("--level", required=True, choices=("县级", "市级", "省级"), help="层级")
    init.add_argument("--code", default="", help="行政区划代码")

    template = command("template", "写出空白的导入表")
    template.add_argument("sheet", nargs="*", metavar="SHEET", help="工作表（默认全部）")
    template.add_argument("--out", type=Path, required=True, metavar="FILE.xlsx")

    taking = command("import", "导入文件，或一个文件夹、一个 .zip 里的全部文件")
    taking.add_argument("file", nargs="+", type=Path, metavar="FILE|FOLDER|ZIP")
    taking.add_argument("--sheet", action="append", default=[], metavar="NAME=KIND", help="指明某个工作表是哪一种表")
    taking.add_argument("--map", type=Path, metavar="FILE.json", help="列名对应关系")
    taking.add_argument(
        "--on-existing", default="更新", choices=("更新", "跳过", "补空", "报错"), help="遇到已有记录时"
    )
    taking.add_argument("--dry-run", action="store_true", help="只检查，不写入")
    taking.add_argument("--errors", type=Path, metavar="OUT.xlsx", help="没有导入的行写到这里")
    taking.add_argument("--strict", action="store_true", help="有一行不对就一行也不导入")
    taking.add_argument("--json", action="store_true")

    hours = command("chain", "把粘贴的接龙登记成服务时长")
    hours.add_argument("file", type=Path, metavar="FILE.txt")
    hours.add_argument("--team", required=True, metavar="NAME", help="哪支队伍的接龙：队伍名称")
    hours.add_argument("--on", required=True, metavar="YYYY-MM-DD", help="服务日期")
    hours.add_argument("--activity", metavar="NUMBER", help="活动编号")
    hours.add_argument("--hours", metavar="H", help="没写时长的按几小时")
    hours.add_argument("--dry-run", action="store_true", help="只看，不写入")
    hours.add_argument("--json", action="store_true")

    check = command("check", "合规体检")
    check.add_argument("--as-of", required=True, metavar="YYYY-MM-DD", help="考核日")
    check.add_argument("--clause", metavar="ID", help="只看一条")
    check.add_argument("--forecast", action="store_true", help="再列出到季末会变的条款")
    check.add_argument("--json", action="store_true")

    figures = command("figures", "一个季度、半年或全年的数字")
    figures.add_argument("period", metavar="PERIOD", help="例如 2026Q3、2026H1、2026")
    figures.add_argument("--as-of", metavar="YYYY-MM-DD", help="统计到这一天（默认到期末）")
    figures.add_argument("--json", action="store_true")

    report = command("report", "生成季度报告")
    report.add_argument("quarter", metavar="QUARTER", help="例如 2026Q3")
    report.add_argument("--out", type=Path, required=True, metavar="DIR")
    report.add_argument("--as-of", metavar="YYYY-MM-DD", help="统计到这一天（默认到期末，没有结束的到今天）")
    report.add_argument("--pdf", action="store_true")
    report.add_argument("--xlsx", action="store_true")
    report.add_argument("--docx", action="store_true", help="可编辑的文档")

    paper = command("paper", "生成一份表（花名册、保险情况表等）；不写名称则列出全部")
    paper.add_argument("name", nargs="?", metavar="NAME", help="表的名称，例如 保险情况表")
    paper.add_argument("--quarter", metavar="PERIOD", help="例如 2026Q3、2026H1 或 2026（默认为最近有记录的季度）")
    paper.add_argument("--team", metavar="TEAM", help="只做一支队伍：队伍名称")
    paper.add_argument("--person", nargs="+", metavar="PERSON", help="志愿者：姓名、志愿者网编号或台账中的编号")
    paper.add_argument("--out", type=Path, metavar="DIR")

    year.add_to(
        command("certificate", "出具志愿服务记录证明，编号并登记"),
        command("lists", "一年的名单：个人时长、二十小时、星级、表彰推荐、到期、公示"),
        command("evidence", "迎检包：每条要求的记录清单和佐证材料，编号成一个文件夹，有目录"),
    )

    export = command("export", "导出记录（默认脱敏）")
    export.add_argument("kind", nargs="+", metavar="KIND", help="表的名称，或“全部”")
    export.add_argument("--out", type=Path, required=True, metavar="FILE.xlsx")
    export.add_argument("--unmasked", action="store_true", help="导出完整号码（会记入历史）")
    export.add_argument("--reason", default="", help="导出完整号码的原因")

    fill = command("fill", "填上级发来的模板；不写模板则列出能用的名称")
    fill.add_argument("template", nargs="?", type=Path, metavar="TEMPLATE", help="上级的模板（.xlsx、.xlsm 或 .docx）")
    fill.add_argument("--quarter", metavar="PERIOD", help="例如 2026Q3、2026H1 或 2026（默认为最近有记录的季度）")
    fill.add_argument("--out", type=Path, metavar="FILE", help="写到哪个文件；与模板同一种格式")
    fill.add_argument("--anyway", action="store_true", help="模板与对应过的不一样，也照原来的对应填写")
    fill.add_argument("--unmasked", action="store_true", help="填写完整号码（会记入历史）")
    fill.add_argument("--reason", default="", help="填写完整号码的原因")

    notices = command("rules", "列出通知；--add 添加本地规则文件")
    notices.add_argument("--add", type=Path, action="append", metavar="FILE.toml", help="本省、本市、本县的规则文件")

    for name, text in (("submit", "报送：办完各步，冻结这一期"), ("correct", "更正报告：在已报送的旁边再冻结一版")):
        made = command(name, text)
        made.add_argument("period", metavar="PERIOD", help="例如 2026Q3、2026H1、2026")
        made.add_argument("--preparer", metavar="NAME", help="填表人")
        made.add_argument("--reviewer", metavar="NAME", help="审核人")
        made.add_argument("--head", metavar="NAME", help="负责人（签发）")
        made.add_argument("--on", metavar="DATE", help="报送日期（默认今天）")
        made.add_argument("--json", action="store_true")
        if name == "correct":
            made.add_argument("--reason", required=True, metavar="TEXT", help="更正的原因")
    again = command("edition", "原样写出已报送一版的文件")
    again.add_argument("period", metavar="PERIOD")
    again.add_argument("--number", type=int, metavar="N", help="第几版（默认最后一版）")
    again.add_argument("--out", type=Path, required=True, metavar="DIR")
    since = command("diff", "已报送的一版与现在（或另一版）有哪些不同")
    since.add_argument("period", metavar="PERIOD")
    since.add_argument("--from", dest="first", type=int, metavar="N", help="第几版（默认最后一版）")
    since.add_argument("--to", default="now", metavar="N|now")
    since.add_argument("--json", action="store_true")

    _levels(command)
    command("undo", "撤销上一次操作")

    safe = command("backup", "备份台账（含附件），并打开核对")
    safe.add_argument("--out", type=Path, metavar="FILE", help="备份文件（默认在数据文件夹的“备份”里）")
    safe.add_argument(
        "--second", nargs="?", const="", metavar="DIR", help="备份到第二处（U 盘或别处的文件夹）；不写则用上次的"
    )
    back = command("restore", "从备份恢复；原来的台账改名保留")
    back.add_argument("file", type=Path, metavar="FILE")
    back.add_argument("--another", action="store_true", help="备份是另一份台账的，也恢复")
    back.add_argument("--without-files", action="store_true", help="附件找不到，也恢复其余内容")
    command("new-code", "换一个恢复码；旧的从此打不开这份台账")
    own = command("operator", "经办人自己的密码；不写姓名则列出谁另设了密码")
    own.add_argument("name", nargs="?", metavar="NAME", help="经办人员的姓名")
    own.add_argument("--new-password-file", type=Path, metavar="FILE", help="存有这个人新密码的文件")
    own.add_argument("--remove", action="store_true", help="取消这个人自己的密码")
    command("unlock", "用恢复码打开并设新密码（--recovery-code-file）")
    command("self-test", "安装后自检：把主要的事做一遍，不动台账").add_argument("--out", type=Path, metavar="FILE.json")
    command("verify", "检查台账和附件是否完好").add_argument("--json", action="store_true")
    return top


def _levels(command: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """What goes up and comes down between the levels."""
    pack = command("package", "把已报送的一版做成报送包（.boai），附报送单")
    pack.add_argument("period", metavar="PERIOD")
    pack.add_argument("--number", type=int, metavar="N", help="第几版（默认最后一版）")
    pack.add_argument("--out", type=Path, required=True, metavar="FILE.boai|DIR")
    adding = command("rollup", "汇总下级的报送包")
    adding.add_argument("file", nargs="*", type=Path, metavar="FILE|DIR", help="报送包；不写则汇总台账里已收的")
    adding.add_argument("--out", type=Path, required=True, metavar="FILE.xlsx")
    adding.add_argument("--period", metavar="PERIOD", help="只汇总这一期（默认多数报送包的）")
    adding.add_argument("--deadline", metavar="DATE", help="报送期限（默认按下达的任务）")
    adding.add_argument("--receipts", type=Path, metavar="DIR", help="给收下的单位写回执，放在这个文件夹")
    adding.add_argument("--pdf", type=Path, metavar="FILE.pdf", help="再写出可以打印的一份")
    adding.add_argument("--public", action="store_true", help="打印的一份供公开：献血不足 3 人次的从略")
    adding.add_argument("--package", type=Path, metavar="DIR", help="把汇总结果签名上报，放在这个文件夹")
    adding.add_argument("--json", action="store_true")
    slip = command("receipt", "收上级的回执；--return 给下级发退回的回执")
    slip.add_argument("file", nargs="?", type=Path, metavar="FILE.boai")
    slip.add_argument("--return", dest="returned", metavar="OFFICE", help="退回哪个单位：名称或行政区划代码")
    slip.add_argument("--period", metavar="PERIOD")
    slip.add_argument("--remarks", default="", metavar="TEXT", help="意见")
    slip.add_argument("--person", default="", metavar="NAME", help="办理人")
    slip.add_argument("--out", type=Path, metavar="DIR")
    slip.add_argument("--json", action="store_true")
    taken = command("task", "收上级的任务包；--answer 答复")
    taken.add_argument("file", nargs="?", type=Path, metavar="FILE.boai", help="不写则列出收到的任务")
    taken.add_argument("--answer", metavar="NUMBER", help="答复哪一项：列出的序号")
    taken.add_argument("--form", metavar="NUMBER", help="取出哪一项的模板：列出的序号")
    taken.add_argument("--out", type=Path, metavar="DIR")
    taken.add_argument("--json", action="store_true")
    version = command("new-update", "给使用的单位写更新通知：新版本，或新通知的规则文件")
    version.add_argument("version", metavar="VERSION", help="版本号，例如 1.2.0")
    version.add_argument("--note", default="", metavar="TEXT", help="新在哪里")
    version.add_argument("--installer", type=Path, metavar="FILE", help="安装文件，与通知放在同一个文件夹")
    version.add_argument("--rules", type=Path, action="append", default=[], metavar="FILE.toml", help="规则文件")
    version.add_argument("--out", type=Path, required=True, metavar="DIR")
    given = command("new-task", "给下级下达任务：做成任务包")
    given.add_argument("period", metavar="PERIOD")
    given.add_argument("--title", required=True, metavar="TEXT", help="任务的名称")
    given.add_argument("--deadline", required=True, metavar="DATE", help="期限")
    given.add_argument("--note", default="", metavar="TEXT", help="说明")
    given.add_argument("--template", type=Path, metavar="FILE", help="要填的模板（.xlsx 或 .docx）")
    given.add_argument("--rules", type=Path, metavar="FILE.toml", help="规则文件")
    given.add_argument("--out", type=Path, required=True, metavar="FILE.boai|DIR")


def _speak_utf8() -> None:
    """Use UTF-8 on every console, also where the code page is GBK; a windowed program may have no streams at all."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 (lives as long as the program)
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _leave_no_core() -> None:
    """Let no picture of the memory, with rows and keys in it, be written where the process ends by a fault."""
    if sys.platform == "win32":  # pragma: no cover (Windows only): no error box, no report to Windows
        import ctypes

        ctypes.windll.kernel32.SetErrorMode(0x0001 | 0x0002)
    else:
        import resource

        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def asks_for_window(argv: Sequence[str]) -> bool:
    """Whether a command line asks for the window: nothing at all, a ledger, or a file that was opened with the program.

    Known without the parser, which loads half the program; what is wrong with the line is said by the parser later.
    """
    match argv:
        case [] | ["--db", _] | ["open", _] | ["--db", _, "open", _]:
            return True
        case [one]:
            return one.startswith("--db=") or one.lower().endswith((".boai", ".boai-db", ".boai-backup"))
    return False


def _keep_memory() -> None:
    """Let no other program of this account read the memory, in which rows and keys stand, where the system can be asked."""
    if sys.platform == "linux":
        import ctypes

        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    multiprocessing.freeze_support()  # old workbooks are read in a child; the packaged program starts itself for it
    _speak_utf8()
    os.umask(0o077)  # whatever is made from here on is this account's alone
    _leave_no_core()
    given = list(sys.argv[1:] if argv is None else argv)
    if asks_for_window(given) and not missing_packages(on_screen=True):
        from desktop.shell import splash

        splash.show()  # before the program itself is loaded, which takes longer than an empty window
    from db.storage import vault
    from db.storage.driver_errors import translate
    from desktop.cli import commands, opening

    places.forget()
    # No program that is started from here on, a viewer or a reader of old workbooks, is told the password.
    password = os.environ.pop("BOAI_PASSWORD", None)
    try:
        options = parser().parse_args(opening.given(given), argparse.Namespace(password=password))
        vault.protect(commands.ledger_file(options))
        return int(options.run(options))
    except UserError as error:
        print(str(error), file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        return 0
    except Exception as error:
        if isinstance(told := translate(error), UserError):
            print(str(told), file=sys.stderr)
            return told.exit_code
        raise
    except KeyboardInterrupt:
        print("已取消，没有保存这次操作的任何内容", file=sys.stderr)
        return 2
    finally:
        if password is not None:
            os.environ["BOAI_PASSWORD"] = password


def run() -> int:
    """Do what a console or a shortcut starts: a fault of ours is told by its places in the code, without a value."""
    from desktop.services import fault_report

    fault_report.install()
    _keep_memory()
    try:
        return main()
    except Exception as error:
        print(
            "程序出了一个没有料到的错误，这次操作没有完成，已经保存的内容没有变动。"
            f"下面没有任何人员信息，可以发给技术支持：\n{fault_report.report(error)}",
            file=sys.stderr,
        )
        return fault_report.EXIT


if __name__ == "__main__":
    sys.exit(run())
