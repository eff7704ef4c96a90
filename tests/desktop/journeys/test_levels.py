"""From an empty city's ledger to a printed sum: counties made, reported, handed up, one corrected, in the real window."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog
from pytestqt.qtbot import QtBot

from db.quarters import Quarter
from db.records.entities import FUND_ENTRY, OFFICE
from db.records.internal_entities import RECEIVED
from db.storage.store import Store
from desktop.pages.reports.reports import ReportsPage
from desktop.pages.rollup.asking import GiveTaskDialog, ReturnDialog
from desktop.pages.rollup.rollup import MISSING, OFFICES, REFUSED, REPLACED, RollupPage
from desktop.records.submitting import SubmitDialog
from desktop.records.upward import IncomingDialog, MadeDialog, TasksDialog
from desktop.services import editions, settings
from desktop.services.signed_files import read_signed
from desktop.shell.theme import Theme
from desktop.window.app import build
from desktop.window.window import MainWindow
from tests.desktop.conftest import settle_window
from tests.desktop.hand import Hand
from tests.offices.levels import COUNTIES, PEOPLE, Q3, TODAY, county, whole

_Dialog = TypeVar("_Dialog", bound=QDialog)


class Office:
    """One office's window over its own ledger on the disk, and a hand."""

    def __init__(self, qtbot: QtBot, ledger: Path) -> None:
        self.qtbot = qtbot
        self.window: MainWindow = build(ledger, theme=Theme(), today=TODAY)
        self.window._may_lose = lambda labels: True  # type: ignore[method-assign]
        self.window.show()
        settle_window(qtbot, self.window)
        self.window.desk.set_quarter(Q3)
        self.settle()
        self.hand = Hand.over(self.window, self.settle)

    def settle(self) -> None:
        """Wait until nothing is queued."""
        settle_window(self.qtbot, self.window)

    def dialog(self, kind: type[_Dialog]) -> _Dialog:
        """The dialog of a kind that is open."""
        return [d for d in self.window.findChildren(kind) if d.isVisible()][-1]

    def do(self, work: Callable[[Store], Any]) -> Any:
        """Read from the window's own ledger."""
        got: list[Any] = []
        self.window.jobs.read(work, got.append)
        self.settle()
        return got[0]

    def close(self) -> None:
        """Close the window and its ledger."""
        self.settle()
        self.window.close()
        self.window.deleteLater()
        QApplication.sendPostedEvents()
        QApplication.processEvents()


@pytest.fixture
def reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that every window saves in; the finished files are stand-ins, which take no part in this."""
    folder = tmp_path / "报表"
    folder.mkdir()
    settings.keep("reports/folder", str(folder))
    monkeypatch.setattr(editions, "_files", lambda store, data: [("报告.pdf", b"%PDF-1.7"), ("报告.docx", b"PK")])
    return folder


def _hand_up(office: Office, *, reason: str = "") -> None:
    """Hand the quarter up, or a correction of it, and make the package, with clicks."""
    page = office.window.show_page("reports")
    assert isinstance(page, ReportsPage)
    office.settle()
    office.hand.click(page.handing_up.correct_button if reason else page.handing_up.submit_button)
    dialog = office.dialog(SubmitDialog)
    for step, name in PEOPLE.items():
        dialog.boxes[step].setEditText(name)
    if reason:
        dialog.reason.setPlainText(reason)
    office.hand.click(dialog.go)
    office.hand.click(page.handing_up.package_button)
    made = office.dialog(MadeDialog)
    assert made.files[0].is_file()
    made.accept()
    office.settle()


def _drop(office: Office, *paths: Path) -> None:
    for path in paths:
        office.hand.drop(office.window, str(path))


def test_from_an_empty_city_to_a_printed_sum(qapp: QApplication, qtbot: QtBot, tmp_path: Path, reports: Path) -> None:
    ledgers = []
    for n, (name, code) in enumerate(COUNTIES, 1):
        with county(tmp_path / code, name, code, income=n * 100_000) as store:
            assert store.path is not None
            ledgers.append(store.path)
    for ledger in ledgers:
        office = Office(qtbot, ledger)
        assert not office.window.entries["rollup"].isVisibleTo(office.window)
        _hand_up(office)
        office.close()
    packages = sorted(reports.glob("*.boai"))
    assert [p.name for p in packages] == sorted(f"{name}2026年第三季度报送包.boai" for name, _ in COUNTIES)
    assert len(list(reports.glob("*报送单.pdf"))) == 3

    city_ledger = tmp_path / "city" / "city.boai-db"
    city_ledger.parent.mkdir()
    with Store.create(city_ledger)[0] as store, store.operation("建立台账"):
        for item, content in (("name", "云溪市红十字会"), ("level", "市级"), ("division_code", "990100")):
            store.save(OFFICE, {"item": item, "content": content})
    city = Office(qtbot, city_ledger)
    assert city.window.entries["rollup"].isVisibleTo(city.window)
    page = city.window.show_page("rollup")
    assert isinstance(page, RollupPage)
    city.settle()
    assert page.empties[OFFICES].currentIndex() == 1  # type: ignore[attr-defined]
    city.hand.drop(page, str(reports))  # the whole folder
    assert [row[0] for row in page.tables_shown[OFFICES].rows] == [name for name, _ in COUNTIES]
    assert page.refused == []
    # what is compared by telephone stands here too: the fingerprint of each key, as on the office's own slip
    marks = {read_signed(path, keep=False).said["office"]: read_signed(path, keep=False).mark for path in packages}
    assert {row[0]: row[-1] for row in page.tables_shown[OFFICES].rows} == marks
    assert all("首次收到，请核对指纹" in row[-2] for row in page.tables_shown[OFFICES].rows)
    assert "3 个单位是第一次收，请打电话核对指纹" in city.window.toast.words.text()
    city.hand.click(page.return_button) if page.return_button.isEnabled() else None
    page.views[OFFICES].selectRow(1)
    city.hand.click(page.return_button)
    back = city.dialog(ReturnDialog)
    city.hand.click(back.go)
    assert back.isVisible()  # remarks are wanted
    back.remarks.setPlainText("收入请核对")
    city.hand.click(back.go)
    receipt = reports / f"{COUNTIES[1][0]}2026年第三季度回执（退回）.boai"
    assert receipt.is_file()
    assert page.tables_shown[OFFICES].rows[1][3] == "退回"
    city.close()

    second = Office(qtbot, ledgers[1])
    _drop(second, receipt)
    dialog = second.dialog(IncomingDialog)
    assert "收入请核对" in dict(dialog.incoming.lines).values()
    second.hand.click(dialog.go)
    shown = second.window.show_page("reports")
    assert isinstance(shown, ReportsPage)
    shown.reload()
    second.settle()
    assert "退回" in shown.handing_up.standing.text()
    second.window.jobs.write("补登", lambda s: s.save(FUND_ENTRY, whole(
        "fund_entry", entry_on="2026-08-01", direction="income", category="捐赠", amount_fen=7700)))  # fmt: skip
    second.settle()
    _hand_up(second, reason="补登一笔捐赠")
    assert shown.handing_up.standing.isHidden()
    second.close()

    city = Office(qtbot, city_ledger)
    page = city.window.show_page("rollup")
    assert isinstance(page, RollupPage)
    city.settle()
    _drop(city, reports / f"{COUNTIES[1][0]}2026年第三季度报送包（第2版）.boai")
    assert page.tables_shown[OFFICES].rows[1][1] == "第 2 版"
    assert any("收入" in row[2] and row[4] == "2,077.00" for row in page.tables_shown[REPLACED].rows)
    city.hand.drop(page, str(packages[0]))  # the same again: nothing new, nothing refused
    assert page.tables_shown[REFUSED].rows == []
    assert city.do(lambda s: s.count(RECEIVED)) == 4
    for button in (page.excel_button, page.pdf_button, page.public_button):
        city.hand.click(button)
    book = openpyxl.load_workbook(reports / "云溪市红十字会2026年第三季度下级上报汇总表.xlsx", data_only=True)
    rows = [[c.value for c in row] for row in book["各单位"].iter_rows()]
    assert rows[4][rows[0].index("本季收入（元）")] == 6077
    assert len(list(reports.glob("*汇总表*.pdf"))) == 2
    city.hand.click(page.on_button)
    city.dialog(MadeDialog).accept()
    assert (reports / "云溪市红十字会2026年第三季度汇总报送包.boai").is_file()
    city.hand.click(page.accept_button)
    assert {row[3] for row in page.tables_shown[OFFICES].rows} == {"收下"}
    assert page.tables_shown[MISSING].rows == []
    half = page.period.around[1] if isinstance(page.period, Quarter) else page.period
    page.choice.choose(half)  # quarters are not what a half-year waits for
    city.settle()
    assert page.tables_shown[OFFICES].rows == []
    _drop(city, packages[0])
    assert ["2026年第三季度的，不是2026年下半年的" in row[1] for row in page.tables_shown[REFUSED].rows] == [True]
    city.close()


def test_a_task_is_given_dropped_in_and_answered_with_two_clicks(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, reports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = tmp_path / "季报.xlsx"
    book = openpyxl.Workbook()
    book.active["A1"] = "{{合计.季末在队人数}}"
    book.save(form)
    city_ledger = tmp_path / "city.boai-db"
    with Store.create(city_ledger)[0] as store, store.operation("建立台账"):
        for item, content in (("name", "云溪市红十字会"), ("level", "市级"), ("division_code", "990100")):
            store.save(OFFICE, {"item": item, "content": content})
    city = Office(qtbot, city_ledger)
    page = city.window.show_page("rollup")
    assert isinstance(page, RollupPage)
    city.settle()
    city.hand.click(page.task_button)
    dialog = city.dialog(GiveTaskDialog)
    dialog.day.setText("2026-09-01")
    city.hand.click(dialog.go)
    assert "不晚于" in dialog.error.text()
    dialog.day.setText("2026-10-15")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(form), ""))
    dialog.choose("template", "")
    city.hand.click(dialog.go)
    city.dialog(MadeDialog).accept()
    city.close()
    (task,) = reports.glob("*任务包*.boai")

    with county(tmp_path / "a", *COUNTIES[0]) as store:
        ledger = store.path
    assert ledger is not None
    office = Office(qtbot, ledger)
    _drop(office, task)
    incoming = office.dialog(IncomingDialog)
    assert ("期限", "2026-10-15") in incoming.incoming.lines
    office.hand.click(incoming.go)
    shown = office.window.show_page("reports")
    assert isinstance(shown, ReportsPage)
    shown.reload()
    office.settle()
    assert shown.handing_up.tasks_button.text() == "上级任务（1）…"
    _hand_up(office)
    before = office.hand.clicks
    office.hand.click(shown.handing_up.tasks_button)
    office.hand.click(office.dialog(TasksDialog).answers[0])
    assert office.hand.clicks - before == 2
    assert office.dialog(MadeDialog).files[0].name == "安澜县红十字会2026年第三季度答复 2026年第三季度季报.boai"
    office.hand.key(Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    assert shown.handing_up.tasks_button.text() == "上级任务…"
    office.close()
