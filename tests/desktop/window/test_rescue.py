"""A ledger that does not open: the reason, the backups, and a restore that is opened before it is called done."""

import datetime as dt
import shutil
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox

from db.errors import UserError
from db.records.entities import VOLUNTEER
from db.storage.store import Store
from db.tasks.backup import back_up
from desktop.shell.theme import Theme
from desktop.window import app, opening, rescue
from tests.desktop.conftest import fill

PASSWORD = "清明上河图2026"
AT = dt.datetime(2026, 9, 21, 9, 30)


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A ledger with a backup beside it; four people in the backup, five in the ledger."""
    monkeypatch.setenv("BOAI_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(QMessageBox, "exec", lambda box: 0)
    path = tmp_path / "data" / "台账.boai-db"
    path.parent.mkdir()
    store, _ = Store.create(path, PASSWORD)
    fill(store)
    back_up(store, path.parent / "安澜备份.boai-backup", AT)
    with store.operation("新增志愿者"):
        store.save(
            VOLUNTEER, dict.fromkeys(VOLUNTEER.by_name) | {"name": "周小舟", "registered_on": "2026-09-22"} | _id()
        )
    store.close()
    return path


def _id() -> dict[str, str]:
    return {"id_type": "passport", "id_number": "E20260922"}


def _types(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    def exec_(dialog: opening.AskKey) -> int:
        dialog.secret.setText(typed)
        dialog.open()
        if dialog.error.text():
            dialog.reject()
        return 0

    monkeypatch.setattr(opening.AskKey, "exec", exec_)


def _break(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[:4096] = bytes(4096)
    path.write_bytes(content)


def test_the_page_says_why_and_what_a_backup_lacks(ledger: Path, qapp: QApplication) -> None:
    _break(ledger)
    page = rescue.Rescue(Theme(), ledger, UserError("文件已损坏"))
    assert len(page.found) == 1
    said = page.list.item(0).text()
    assert "2026-09-21 09:30" in said
    assert "志愿者 4 人" in said
    assert "之后的 1 次操作不在里面" in said
    assert page.go.isEnabled()


def test_a_ledger_that_does_not_open_is_restored_and_opened(
    ledger: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    _break(ledger)
    _types(monkeypatch, PASSWORD)

    def exec_(page: rescue.Rescue) -> int:
        page.restore_chosen()
        return 0

    monkeypatch.setattr(rescue.Rescue, "exec", exec_)
    store = app._held(Theme(), ledger)
    assert store is not None
    assert store.count(VOLUNTEER) == 4
    store.close()
    assert len(list(ledger.parent.glob("台账-恢复前-*.boai-db"))) == 1


def test_without_its_key_nothing_is_restored_and_nothing_changes(
    ledger: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    _break(ledger)
    before = ledger.read_bytes()
    _types(monkeypatch, "不是这个密码")
    page = rescue.Rescue(Theme(), ledger, UserError("文件已损坏"))
    page.restore_chosen()
    assert page.store is None
    assert ledger.read_bytes() == before


def test_a_damaged_backup_is_said_on_the_page(ledger: Path, qapp: QApplication) -> None:
    _break(ledger)
    page = rescue.Rescue(Theme(), ledger, UserError("文件已损坏"))
    bad = ledger.parent / "坏.boai-backup"
    bad.write_bytes(b"PK" + bytes(500))
    page.restore(bad)
    assert page.store is None
    assert page.error.text()


def test_a_new_computer_begins_with_the_stick(
    ledger: Path, tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The account has no key and there is no ledger yet: the backup's password, or the recovery code, opens it."""
    stick = tmp_path / "stick.boai-backup"
    shutil.copy(ledger.parent / "安澜备份.boai-backup", stick)
    monkeypatch.setenv("BOAI_DATA", str(tmp_path / "new"))
    _types(monkeypatch, PASSWORD)
    store = app._restored(Theme(), stick, tmp_path / "new" / "台账.boai-db")
    assert store is not None
    assert store.count(VOLUNTEER) == 4
    store.close()
