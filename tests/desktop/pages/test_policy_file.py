"""电子保单: the PDF fills the form of a policy, a person confirms it; nothing is written before, and no policy twice."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox

from db.records.entities import INSURANCE_POLICY
from desktop.pages.insurance.insurance import InsurancePage
from desktop.pages.insurance.policy_file import PolicyDialog
from desktop.window.window import MainWindow
from tests.desktop.conftest import Settle
from tests.forms.reading.test_policy import ONE, pages


def _rows(window: MainWindow, settle: Settle) -> list[dict[str, object]]:
    got: list[list[dict[str, object]]] = []
    window.jobs.read(lambda store: store.rows(INSURANCE_POLICY), got.append)  # type: ignore[arg-type]
    settle()
    return got[0]


@pytest.fixture
def read(window: MainWindow, settle: Settle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PolicyDialog:
    """The dialog over the policy of an insurer."""
    path = tmp_path / "保单.pdf"
    path.write_bytes(pages(*ONE.splitlines()))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    page = window.show_page("insurance")
    assert isinstance(page, InsurancePage)
    settle()
    page.policy_button.click()
    settle()
    found = QApplication.activeModalWidget()
    assert isinstance(found, PolicyDialog)
    return found


def test_a_policy_is_read_looked_through_and_saved_once(read: PolicyDialog, window: MainWindow, settle: Settle) -> None:
    assert {name: str(made.cell() or "") for name, made in read.editors.items()} == {
        "policy_number": "PEAC202633010000012345", "cover_mode": "记名名单", "insurer": "云海财产保险股份有限公司",
        "product": "团体人身意外伤害保险", "policyholder": "云水县红十字会", "start_on": "2026-01-01", "end_on": "2026-12-31",
        "sum_insured_fen": "100,000.00", "premium_fen": "3,000.00", "fund_source": "",
    }  # fmt: skip
    assert read.words.isHidden()
    assert _rows(window, settle) == []  # nothing before it is confirmed
    read.editors["premium_fen"].set_value(280_000)
    read.save_button.click()
    settle()
    (saved,) = _rows(window, settle)
    assert (saved["policy_number"], saved["premium_fen"], saved["sum_insured_fen"], saved["end_on"]) == (
        "PEAC202633010000012345", 280_000, 10_000_000, "2026-12-31",
    )  # fmt: skip
    assert read.saved_as == saved["id"]
    page = window.pages["insurance"]
    assert isinstance(page, InsurancePage)
    assert page.shows_pane  # the policy is shown in its list
    page.policy_button.click()
    settle()
    again = QApplication.activeModalWidget()
    assert isinstance(again, PolicyDialog)
    assert again.words.text().startswith("台账里已有这份保单：2026-01-01 至 2026-12-31")
    again.save_button.click()
    settle()
    assert "台账里已有这份保单" in again.error.text()
    again.give_up()
    assert len(_rows(window, settle)) == 1
    window.jobs.change(lambda store: store.undo())
    settle()
    assert _rows(window, settle) == []


def test_what_was_not_read_stands_blank_and_is_asked_for(
    read: PolicyDialog, window: MainWindow, settle: Settle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read.give_up()
    path = tmp_path / "另一份.pdf"
    path.write_bytes(pages("保险单号：PEAC202633010000099999", "保险期间：自2026年1月1日零时起至2027年1月1日零时止"))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    page = window.pages["insurance"]
    assert isinstance(page, InsurancePage)
    page.policy_button.click()
    settle()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, PolicyDialog)
    assert dialog.words.text().splitlines() == [
        "保险期间到 2027-01-01 零时为止，终止日期按含当日填的是 2026-12-31",
        "没有读到：保险公司、险种、投保人、每人保额、保费，请照保单补上",
        "承保方式请自己选",
    ]
    dialog.save_button.click()
    settle()
    assert "必须填写" in dialog.error.text()
    dialog.give_up()
    assert _rows(window, settle) == []


def test_the_pdf_is_kept_with_it_or_nothing_is(read: PolicyDialog, window: MainWindow, settle: Settle) -> None:
    """A ledger in memory has no place for files: the policy is not written without its file where that was asked for."""
    read.keep.setChecked(True)
    read.save_button.click()
    settle()
    assert "不能保存附件" in read.error.text()
    assert _rows(window, settle) == []
    read.keep.setChecked(False)
    read.save_button.click()
    settle()
    assert len(_rows(window, settle)) == 1


def test_a_file_that_is_no_policy_is_told(
    window: MainWindow, settle: Settle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "名单.pdf"
    path.write_bytes(b"no pdf")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    page = window.show_page("insurance")
    assert isinstance(page, InsurancePage)
    settle()
    page.policy_button.click()
    settle()
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    assert "这不是 PDF" in box.text()
    box.close()
