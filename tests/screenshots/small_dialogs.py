"""The dialogs that ask one thing or show one answer, for `tests.screenshots.dialogs`: made with what the example holds."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtWidgets import QWidget

from db.records.entities import VOLUNTEER
from db.rules.verdicts import Result
from db.storage.store import Store
from desktop.pages.checks.assessing import AssessDialog
from desktop.pages.checks.confirming import ConfirmDialog
from desktop.pages.checks.inspecting import InspectionDialog
from desktop.pages.importing.founding import FoundingDialog
from desktop.pages.importing.receipts import ReceiptsDialog
from desktop.pages.insurance.policy_file import PolicyDialog
from desktop.pages.overview.quarter_steps import StepDialog, steps_of
from desktop.pages.rollup.asking import GiveTaskDialog, ReturnDialog
from desktop.pages.service.certificates import IssueDialog
from desktop.pages.system.about import AboutDialog
from desktop.pages.system.operator_passwords import OperatorPasswords
from desktop.pages.system.settings import NewCodeDialog
from desktop.pages.system.updates import UpdateDialog
from desktop.pages.teams.taking_out import TakeOutDialog
from desktop.records.block_dialogs import BatchDialog, PreviewDialog
from desktop.records.leaving import KeptDialog, LeaveDialog
from desktop.records.person import PersonDialog
from desktop.records.personal import ConsentDialog, EraseDialog
from desktop.records.submitting import DifferencesDialog, SubmitDialog
from desktop.records.upward import MadeDialog, TasksDialog
from desktop.services.receiving import Receipt
from desktop.shell.crash import CrashDialog
from desktop.tables.whole_numbers import PurposeDialog
from desktop.window.code_question import CodeQuestion
from desktop.window.rescue import Rescue
from desktop.window.window import MainWindow
from forms.reading.policy import Policy

Named = tuple[str, QWidget]
LONG = "安澜县第一中学红十字青少年志愿服务队"


def asked(window: MainWindow, folder: Path, results: list[Result], settle: Callable[[], None]) -> Iterator[Named]:
    """Open each; those that read something first are settled before they are handed out."""
    for name, made in (*_people(window), *_checks(window, results), *_files(window, folder), *_office(window, folder)):
        settle()
        yield name, made


def _people(window: MainWindow) -> Iterator[Named]:
    desk = window.desk
    yield "person", PersonDialog(desk, 1)
    yield "leave", LeaveDialog(desk, 1)
    yield "kept", KeptDialog(desk, [1, 2], "孟婷、马浩然", {"membership": [1, 2], "service_record": list(range(1, 40))})
    yield "take-out", TakeOutDialog(desk, [1, 2], "孟婷、马浩然", 1, LONG)
    yield "consent", ConsentDialog(desk, [1, 2, 3])
    yield "erase", EraseDialog(desk, [1, 2])
    yield "purpose", PurposeDialog(desk, "显示“志愿者”列表的完整号码")
    yield "certificate", IssueDialog(desk, {1: "孟婷（水上救援队）", 2: "马浩然"})
    yield "preview", PreviewDialog(
        window, window.theme, "新增 18 名队员，2 行有错", "依次填入：姓名、证件号码、手机号码、入队日期",
        ("类别", "粘贴的行", "姓名", "说明"), (10, 10, 14, 60),
        [("错误", "3", "李一山", "证件号码校验位不符，可能有一位抄错或两位颠倒，请照证件核对"), ("", "4", "赵二河", "")], "写入 18 人",
    )  # fmt: skip
    yield "batch", BatchDialog(window, window.theme, VOLUNTEER, {}, "5 名志愿者", "phone", desk.today)


def _checks(window: MainWindow, results: list[Result]) -> Iterator[Named]:
    desk = window.desk
    yield "assess", AssessDialog(desk, [r for r in results if r.clause.mode == "self"][:8])
    yield "confirm", ConfirmDialog(desk, [r for r in results if r.status == "missing_evidence"][:8])
    yield "inspection", InspectionDialog(desk, desk.quarter)
    step = steps_of(desk.quarter, results, {}, desk.today, False)[2]
    yield "step", StepDialog(desk, desk.quarter, step, {}, ("许文澜", "程秉澜"))


def _files(window: MainWindow, folder: Path) -> Iterator[Named]:
    desk, theme = window.desk, window.theme
    yield "founding", FoundingDialog(window, theme, [LONG, "社区关爱队", "助学队"], "安澜县红十字会")
    lines = [Receipt("七月名单.xlsx", "花名册", "", "第 2 张表没有认出来：没有姓名和证件号码两列", True),
             Receipt("照片.png", "图片", "", "不是表格，没有导入", False)]  # fmt: skip
    yield "receipts", ReceiptsDialog(window, theme, lines, True)
    values = {
        "policy_number": "LJGP20261201000777",
        "insurer": "澜江互助财产保险有限公司云州分公司",
        "start_on": "2026-12-01",
    }
    yield "policy", PolicyDialog(desk, "电子保单.pdf", b"", Policy(values, ("保费在两处写得不一样，没有填",)), None)
    made = [folder / "安澜县红十字会2026年第三季度报送包.boai", folder / "安澜县红十字会2026年第三季度报送单.pdf"]
    yield "made", MadeDialog(desk, "报送包已做好", made, "1234 5678 90AB CDEF", ("附件过大",))
    yield "submit", SubmitDialog(desk, desk.quarter)
    yield "correct", SubmitDialog(desk, desk.quarter, "第 1 版（2026-10-09）")
    yield "differences", DifferencesDialog(desk, "报送后的变更", [(LONG, "在队人数", "24", "22", "删除了 2 名队员")], 2)
    yield "tasks", TasksDialog(desk, desk.quarter)
    yield "give-task", GiveTaskDialog(desk, desk.quarter, dt.date(2026, 10, 10))
    yield "return", ReturnDialog(desk, ["安澜县红十字会", "云岭县红十字会"], lambda why, who: None)


def _office(window: MainWindow, folder: Path) -> Iterator[Named]:
    desk, theme = window.desk, window.theme
    yield "about", AboutDialog(desk)
    yield "updates", UpdateDialog(desk)
    yield "operators", OperatorPasswords(desk)
    yield "new-code", NewCodeDialog(desk, True)
    yield "crash", CrashDialog("desktop/pages/teams/teams.py:120\ndesktop/shell/jobs.py:70\n", window)
    from db.errors import Damaged

    yield "rescue", Rescue(theme, folder / "台账.boai-db", Damaged("台账文件损坏：第 3 页的校验不对。没有改动任何内容"))
    store, _ = Store.create(folder / f"问恢复码-{theme.zoom}-{theme.dark}-{window.width()}.boai-db")
    with store:
        yield "code-question", CodeQuestion(theme, store)
