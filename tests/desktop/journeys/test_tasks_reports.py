"""The tasks of the quarter's end and of the telephone, with real events and counted."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QPageSize
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from db.quarters import Quarter
from db.records.entities import COVERAGE, INSURANCE_POLICY
from desktop.pages.reports.reports import ReportsPage
from desktop.records.record_page import EntityPage
from desktop.records.upward import MadeDialog
from desktop.services import editions
from desktop.shell import printing
from desktop.window.window import MainWindow
from tests.desktop.conftest import TODAY, Settle
from tests.desktop.hand import Hand

KEY = Qt.Key


def _insure(window: MainWindow, settle: Settle) -> None:
    def work(store: Any) -> None:
        policy = store.save(INSURANCE_POLICY, {
            "policy_number": "LJGP01", "insurer": "某保险", "product": "意外险", "cover_mode": "named_list",
            "start_on": "2026-01-01", "end_on": "2026-12-31",
        })  # fmt: skip
        store.save(COVERAGE, {"policy_id": policy, "volunteer_id": 2})

    window.jobs.write("投保", work)
    settle()


@pytest.mark.parametrize("patient", [True, False])
def test_task_10_how_long_is_he_insured(window: MainWindow, settle: Settle, patient: bool) -> None:
    """电话里查王建国的保险到什么时候: Ctrl+K, wjg, Enter; also for one who does not wait for the list."""
    _insure(window, settle)
    hand = Hand(window, settle)
    hand.key(KEY.Key_K)
    QTest.keyClicks(window.search, "wjg")
    if patient:
        window.search.timer.setInterval(0)
        QApplication.processEvents()
        settle()
    QTest.keyClick(window.search, KEY.Key_Return)
    settle()
    assert (hand.clicks, hand.keys) == (0, 1)
    page = window.pages[window.desk.key]
    assert isinstance(page, EntityPage)
    row = page.pane.model.row(page.pane.view.places()[0])
    assert row["name"] == "王建国"
    shown = {page.pane.model.fields[c].label: c for c in range(page.pane.model.columnCount())}
    place = page.pane.view.places()[0]
    assert page.pane.model.index(place, shown["保险到期"]).data() == "2026-12-31"
    assert page.pane.model.index(place, shown["保险状态"]).data() == "在保"
    rect = page.pane.view.visualRect(page.pane.model.index(place, shown["保险到期"]))
    assert page.pane.view.viewport().rect().contains(rect), "the answer is in view without scrolling"


def test_task_4_print_the_report(
    window: MainWindow, settle: Settle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """生成本季度合规报告并打印: Ctrl+0, Ctrl+P, Enter."""
    target = tmp_path / "printed.pdf"

    class Paper(QPrinter):
        """A printer that keeps what it is given in a file."""

        def __init__(self, *args: Any) -> None:
            super().__init__(*args)
            self.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
            self.setOutputFileName(str(target))
            self.setPageSize(QPageSize(QPageSize.PageSizeId.A4))

    class Info:
        """A computer with one printer."""

        @staticmethod
        def availablePrinterNames() -> list[str]:
            return ["办公室打印机"]

        @staticmethod
        def defaultPrinterName() -> str:
            return "办公室打印机"

        @classmethod
        def printerInfo(cls, name: str) -> "Info":
            return cls()

        def supportedDuplexModes(self) -> list[QPrinter.DuplexMode]:
            return [QPrinter.DuplexMode.DuplexNone]

    monkeypatch.setattr(printing, "DPI", 60)
    monkeypatch.setattr(printing, "QPrinter", Paper)
    monkeypatch.setattr(printing, "QPrinterInfo", Info)
    monkeypatch.setattr("desktop.shell.print_dialog.QPrinterInfo", Info)
    hand = Hand(window, settle)
    hand.key(KEY.Key_0)
    pressed: list[str] = []
    closing: list[QWidget] = []

    def press_enter() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is not None and dialog not in closing:  # on a slow machine it is still there while it prints
            closing.append(dialog)
            pressed.append(dialog.windowTitle())
            QTest.keyClick(QApplication.focusWidget() or dialog, KEY.Key_Return)

    timer = QTimer()
    timer.timeout.connect(press_enter)
    timer.start(100)
    hand.key(KEY.Key_P)
    timer.stop()
    assert len(pressed) == 1
    assert (hand.clicks, hand.keys + len(pressed)) == (0, 3)
    assert target.read_bytes().startswith(b"%PDF")


def test_task_12_the_provincial_workbook(
    on_disk: Path, window: MainWindow, settle: Settle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """导出省级汇总表并生成报送包: Ctrl+0, 省级汇总表, 导出 Excel, 生成报送包; the quarter was handed up before."""
    quarter, names = Quarter(2026, 2), {"review": "林丽", "submit": "周敏"}
    monkeypatch.setattr(editions, "_files", lambda store, data: [("报告.pdf", b"%PDF-1.7"), ("报告.docx", b"PK")])
    window.desk.set_quarter(quarter)
    window.jobs.change(lambda store: editions.submit(store, quarter, names, on=TODAY, today=TODAY), lambda _: None)
    settle()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(tmp_path / "省级.xlsx"), ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: str(tmp_path))
    window.desk.documents = tmp_path
    hand = Hand(window, settle)
    hand.key(KEY.Key_0)
    page = window.pages["reports"]
    assert isinstance(page, ReportsPage)
    hand.clicks += _choose(page, "省级汇总表", settle)
    hand.click(page.excel_button)
    assert list(tmp_path.rglob("*.xlsx"))
    hand.click(page.handing_up.package_button)
    made = QApplication.activeModalWidget()
    assert isinstance(made, MadeDialog)
    assert all(path.is_file() for path in made.files)
    made.accept()
    assert hand.clicks <= 4
    assert hand.keys <= 1


def _choose(page: Any, title: str, settle: Settle) -> int:
    view = page.choice
    row = next(i for i in range(view.count()) if view.item(i).text().strip() == title)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
                     view.visualItemRect(view.item(row)).center())  # fmt: skip
    settle()
    return 1
