"""What opens over the pages, for `tests.screenshots.__main__ --dialogs`: every dialog, every tab, the steps of an import."""

from collections.abc import Callable, Iterator
from pathlib import Path

from openpyxl import Workbook
from PySide6.QtWidgets import QDialog, QWidget

from db.records.entities import BY_NAME
from db.rules.verdicts import Result
from db.storage.store import Store
from desktop.pages.checks.findings import FindingsPage
from desktop.pages.checks.forecast import ForecastDialog
from desktop.pages.checks.judging import JudgeDialog
from desktop.pages.importing.importing import ImportPage
from desktop.pages.insurance.policy_file import PolicyDialog
from desktop.pages.insurance.renewing import RenewDialog
from desktop.pages.money.funding import FundingPage
from desktop.pages.money.funding_ledger import ReverseDialog, VoucherDialog
from desktop.pages.reports.reports import ReportsPage
from desktop.pages.service.attending import ActivityDialog
from desktop.pages.service.jielong import ChainDialog
from desktop.pages.system.help import HelpDialog
from desktop.pages.system.settings import PasswordDialog, SettingsPage
from desktop.pages.teams.team_ending import EndDialog
from desktop.pages.teams.team_quick_entry import QuickEntry
from desktop.pages.teams.teams import TeamsPage
from desktop.pages.training.attendance import AttendanceDialog
from desktop.pages.training.certificates import CertificateDialog
from desktop.records.export_dialog import ExportDialog
from desktop.records.record_page import EntityPage
from desktop.shell.print_dialog import PrintDialog
from desktop.window.opening import FirstRun, RecoveryCode, Unlock
from desktop.window.welcome import Welcome
from desktop.window.window import MainWindow
from forms.reading.policy import policy_of
from tests.forms.reading.test_policy import TWO
from tests.forms.template.documents import document
from tests.forms.template.test_word_template import BLANKS
from tests.screenshots.small_dialogs import asked

Settle = Callable[[MainWindow], None]
Named = tuple[str, QWidget]
CHAIN = "周六清洁家园\n1. 张晓明 3小时\n2. 王建国 2.5h\n3. 李某 4"


def messy_roster(path: Path) -> Path:
    """A workbook as offices have them: a sheet for each team, a title over the headings, wrong and short numbers."""
    book = Workbook()
    book.remove(book.active)
    for team, people in (
        ("水上救援队", (("李一山", "990123199001011234", "1990000000", "2021.5.6"),
                   ("赵二河", "99012319880412002", "199 0000 0001", "2020年3月"))),
        ("社区关爱队", (("钱三江", "990123198804120020", "19900000002", "20200101"), ("孙四海", None, "无", "去年"))),
    ):  # fmt: skip
        sheet = book.create_sheet(team)
        sheet.append([f"{team}人员名册"])
        sheet.append(["姓 名", "身份证号码", "联系方式", "入队时间", "备注"])
        for person in people:
            sheet.append([*person, ""])
    book.save(path)
    return path


def opened(window: MainWindow, folder: Path, settle: Settle) -> Iterator[Named]:
    """Open one thing after another; each is handed out once it is ready."""
    theme = window.theme
    yield from _first(window, folder)
    yield from _own(window, settle)
    yield from _over_lists(window, settle)
    yield from _findings(window, folder, settle)
    yield from _reports(window, folder, settle)
    yield from _import(window, folder, settle)
    yield "print", PrintDialog(window, theme, "季度合规报告", 19)


def _first(window: MainWindow, folder: Path) -> Iterator[Named]:
    theme = window.theme
    yield "first-run", FirstRun(theme, folder / "台账.boai-db")
    yield "code", RecoveryCode(theme, "ABCDE-FGHJK-LMNPQ-RSTUV-WXYZ2", folder / "台账.boai-db", True)
    yield "unlock", Unlock(theme, folder / "台账.boai-db", "", True)
    with Store.memory() as store:
        welcome = Welcome(theme, store)
        for place in range(3):
            yield f"welcome-{place}", welcome
            welcome.skip()


def _own(window: MainWindow, settle: Settle) -> Iterator[Named]:
    page = window.show_page("settings")
    assert isinstance(page, SettingsPage)
    for place in range(page.tabs.count()):
        page.tabs.setCurrentIndex(place)
        settle(window)
        yield f"settings-{place}", window
    yield "password", PasswordDialog(window.desk)
    for key in ("overview", "findings"):
        yield f"help-{key}", HelpDialog(window.desk, key)


def _over_lists(window: MainWindow, settle: Settle) -> Iterator[Named]:
    teams = window.show_page("team")
    settle(window)
    assert isinstance(teams, TeamsPage)
    for place in range(teams.one.tabs.count()):
        teams.one.tabs.setCurrentIndex(place)
        settle(window)
        yield f"team-{place}", window
    teams.one.tabs.setCurrentIndex(0)
    teams.one.members.add()
    settle(window)
    yield "team-member-form", window
    yield "quick-entry", QuickEntry(window.desk, "水上救援队", print)
    yield "team-ending", EndDialog(window.desk, teams.cards[0], teams.cards)
    yield "renew", RenewDialog(window.desk, [1, 2, 3])
    yield "policy", PolicyDialog(window.desk, "电子保单.pdf", b"", policy_of(TWO), None)
    chain = ChainDialog(window.desk, 1)
    chain.text.setPlainText(CHAIN)
    chain.read()
    yield "chain", chain
    training = window.show_page("training")
    settle(window)
    assert isinstance(training, EntityPage)
    row = training.pane.model.row(3)
    yield "attendance", AttendanceDialog(window.desk, row)
    yield "attendance-new", AttendanceDialog(window.desk, None)
    serving = window.show_page("activity")
    settle(window)
    assert isinstance(serving, EntityPage)
    for name, one in (("activity", serving.pane.model.row(3)), ("activity-new", None)):
        dialog = ActivityDialog(window.desk, one)
        settle(window)
        yield name, dialog
    yield "certificates", CertificateDialog(window.desk, row)
    yield "export", ExportDialog(window, BY_NAME["volunteer"], window.theme)
    money = window.show_page("fund")
    settle(window)
    assert isinstance(money, FundingPage)
    money.one.enter("expense")
    settle(window)
    yield "fund-entry", window
    entry = money.one.model.row(0)
    yield "voucher", VoucherDialog(window.desk, int(entry["id"] or 0), str(entry["summary"]))
    yield "reverse", ReverseDialog(window.desk, entry)
    for key in ("blood", "work", "venue", "insurance", "activity"):
        page = window.show_page(key)
        assert isinstance(page, EntityPage)
        for place in range(1, page.tabs.count()):
            page.tabs.setCurrentIndex(place)
            settle(window)
            yield f"{key}-{place}", window


def _findings(window: MainWindow, folder: Path, settle: Settle) -> Iterator[Named]:
    page = window.show_page("findings")
    settle(window)
    assert isinstance(page, FindingsPage)
    for place in (1, 3, 6):
        page.view.selectRow(place)
        settle(window)
        yield f"finding-{place}", window
    found = [line for line in page.model.lines if isinstance(line, Result)]
    for place in (2, 3):
        yield f"judge-{place}", JudgeDialog(window.desk, found[place])
    yield "forecast", ForecastDialog(window.desk)
    yield from asked(window, folder, page.results, lambda: settle(window))


def _reports(window: MainWindow, folder: Path, settle: Settle) -> Iterator[Named]:
    page = window.show_page("reports")
    settle(window)
    assert isinstance(page, ReportsPage)
    for call, name in ((page.edit_text, "report-text"), (page.edit_head, "letterhead")):
        call()
        settle(window)
        dialog = next(d for d in reversed(window.findChildren(QDialog)) if d.isVisible())
        yield name, dialog
        dialog.close()
    for place in range(1, page.choice.count()):
        page.choice.setCurrentRow(place)
        settle(window)
        yield f"report-{place}", window
    page.choice.setCurrentRow(2)
    page.filling.open(messy_roster(folder / "上级模板.xlsx"))
    settle(window)
    yield "filling", window
    path = folder / "上级模板.docx"
    path.write_bytes(document(*BLANKS))
    page.filling.open(path)
    settle(window)
    for tab in range(page.filling.tabs.count()):
        page.filling.tabs.setCurrentIndex(tab)
        page.filling.suggest_all()
        settle(window)
        yield f"filling-document-{tab}", window


def _import(window: MainWindow, folder: Path, settle: Settle) -> Iterator[Named]:
    page = window.show_page("import")
    assert isinstance(page, ImportPage)
    page.take([messy_roster(folder / "各队名册.xlsx")])
    settle(window)
    yield "import-1-match", window
    page.check()
    settle(window)
    yield "import-2-check", window
    page.let_in()
    settle(window)
    yield "import-3-done", window
    page.take_back()
    settle(window)
    page.reset()
