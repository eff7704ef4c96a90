"""The first run: people and notices are kept, each step can be skipped, and it ends where the person wants to begin."""

from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtPrintSupport import QPrinterInfo
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel

from db.errors import UserError
from db.storage.store import Store
from desktop.shell.theme import Theme
from desktop.window import app, opening
from desktop.window.opening import FirstRun, RecoveryCode, create_office
from desktop.window.welcome import Welcome
from tests.offices.small import Desk


def _shown(dialog: Welcome) -> str:
    return " ".join(made.text() for made in dialog.findChildren(QLabel) if made.isVisibleTo(dialog))


def test_people_and_facts_are_one_operation(qapp: QApplication) -> None:
    """Several names on one line, a known fact changed, one undo."""
    with Store.memory() as store:
        Desk(store)
        dialog = Welcome(Theme(), store)
        dialog.names["preparer"].setText("周敏、吴芳，周敏")
        dialog.names["reviewer"].setText("林丽")
        dialog.facts["division_code"].setText("310117")
        dialog.forward()
        assert [(r["name"], r["role"]) for r in store.query("SELECT name, role FROM staff ORDER BY id")] == [
            ("周敏", "preparer"), ("吴芳", "preparer"), ("林丽", "reviewer"),
        ]  # fmt: skip
        assert store.office()["division_code"] == "310117"
        assert "中红办字〔2022〕34号" in _shown(dialog)
        assert "松江区" in _shown(dialog)  # Songjiang's own notice binds this office
        store.undo()
        assert store.query("SELECT count(*) AS n FROM staff")[0]["n"] == 0
        assert store.office()["division_code"] == "330624"
        dialog.deleteLater()


def test_another_place_s_notice_is_not_listed(qapp: QApplication) -> None:
    """What can never bind this office is no news to it."""
    with Store.memory() as store:
        Desk(store)
        dialog = Welcome(Theme(), store)
        dialog.forward()
        assert "中红办字〔2022〕34号" in _shown(dialog)
        assert "松江区" not in _shown(dialog)
        dialog.deleteLater()


def test_going_back_keeps_nobody_twice(qapp: QApplication) -> None:
    """上一步 shows what was typed; going on again adds only who is new."""
    with Store.memory() as store:
        Desk(store)
        dialog = Welcome(Theme(), store)
        assert dialog.back_button.isHidden()
        dialog.names["preparer"].setText("周敏")
        dialog.forward()
        dialog.back_button.click()
        assert dialog.head.text() == "谁来填报和审核"
        dialog.names["preparer"].setText("周敏、吴芳")
        dialog.forward()
        assert [r["name"] for r in store.query("SELECT name FROM staff ORDER BY id")] == ["周敏", "吴芳"]
        dialog.deleteLater()


def test_every_step_can_be_skipped(qapp: QApplication) -> None:
    """Nothing is written, and the program begins as usual."""
    with Store.memory() as store:
        Desk(store)
        before = store.query("SELECT count(*) AS n FROM operation")
        dialog = Welcome(Theme(), store)
        dialog.skip()
        assert "适用的文件" in _shown(dialog)
        dialog.skip()
        dialog.skip()
        assert dialog.result() == Welcome.DialogCode.Accepted
        assert dialog.start == "overview"
        assert store.query("SELECT count(*) AS n FROM operation") == before
        dialog.deleteLater()


def test_a_wrong_notice_is_refused_in_words(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is named; nothing is added."""
    monkeypatch.setenv("BOAI_DATA", str(tmp_path / "data"))
    bad = tmp_path / "本市.toml"
    bad.write_text("x = 1", encoding="utf-8")
    store, _ = Store.create(tmp_path / "ledger.boai-db")
    with store:
        Desk(store)
        dialog = Welcome(Theme(), store)
        dialog.skip()
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: (str(bad), ""))
        dialog.add_notice()
        assert "本市.toml" in dialog.error.text()
        dialog.deleteLater()
    assert not (tmp_path / "ledger.boai-db.rules.register").exists() or not list(
        (tmp_path / "ledger.boai-db.rules.register").iterdir()
    )


def test_first_run_from_start_to_import(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Office, recovery code, people, and on to the import page."""
    monkeypatch.setenv("BOAI_DATA", str(tmp_path))
    seen: list[str] = []

    def act() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, RecoveryCode):
            dialog.kept.setChecked(True)
            dialog.done_button.click()
        elif isinstance(dialog, FirstRun):
            dialog.name.setText("青石县红十字会")
            QTimer.singleShot(50, act)
            dialog.go.click()
            QTimer.singleShot(50, act)
            return
        elif isinstance(dialog, Welcome):
            seen.append(dialog.head.text())
            dialog.names["preparer"].setText("周敏")
            dialog.next_button.click()
            dialog.next_button.click()
            dialog.begin("import")
        elif not seen:  # a busy machine takes its time
            QTimer.singleShot(50, act)

    QTimer.singleShot(50, act)
    store, start = app._opened(Theme(), tmp_path / "ledger.boai-db")
    assert store is not None
    with store:
        assert (seen, start) == (["谁来填报和审核"], "import")
        assert store.office()["name"] == "青石县红十字会"
        assert store.query("SELECT name FROM staff") == [{"name": "周敏"}]


def test_founding_the_ledger_is_never_undone(tmp_path: Path) -> None:
    """Ctrl+Z right after the first run finds nothing to take back: the office keeps its name."""
    store, _ = create_office(tmp_path / "台账.boai-db", "安澜县红十字会", "县级", None)
    with store:
        with pytest.raises(UserError, match="没有可以撤销"):
            store.undo()
        assert store.office()["name"] == "安澜县红十字会"


def test_a_code_that_cannot_be_printed_is_to_be_written_down(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a printer nobody is sent to a PDF that there is no button for."""
    said: list[str] = []
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", list)
    monkeypatch.setattr(opening, "complain", lambda _, error: said.append(str(error)))
    dialog = RecoveryCode(Theme(), "-".join(["ABCDE"] * 8), tmp_path / "x.boai-db", False)
    dialog.print()
    assert [("PDF" in words, "另存为文本文件" in words) for words in said] == [(False, True)]
    dialog.deleteLater()
