"""A folder dropped on the import page, and on the command line: the good goes in, and every file stands on one list."""

import json
from pathlib import Path

import pytest

from db.records.entities import FUND_ENTRY
from db.storage.store import Store
from desktop.__main__ import main
from desktop.pages.importing.importing import CHECK, DONE, ImportPage
from desktop.pages.importing.receipts import ReceiptsDialog
from desktop.window.window import MainWindow
from tests.desktop.conftest import Settle
from tests.forms.reading import containers as made

MONEY = [("日期", "收支方向", "科目", "金额（元）", "对方单位"), ("2026-07-05", "收入", "捐赠收入", "100", "张一民")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Money twice, as a document and as a PDF made of it, a list of somebody else's, and a picture."""
    made_at = tmp_path / "报送材料"
    made_at.mkdir()
    (made_at / "经费.docx").write_bytes(made.word(MONEY, "经费收支"))
    (made_at / "经费.pdf").write_bytes(made.pdf(MONEY, "经费收支"))
    (made_at / "工资.csv").write_bytes("工号,姓名,岗位工资\n1,张一民,100\n2,李二妹,200".encode())
    (made_at / "照片.jpg").write_bytes(b"\xff\xd8\xff")
    return made_at


def test_a_folder_is_dropped(window: MainWindow, settle: Settle, folder: Path) -> None:
    page = window.show_page("import")
    assert isinstance(page, ImportPage)
    page.take([folder])
    settle()
    if page.stack.currentIndex() != CHECK:
        page.match_panel.ready.emit()
        settle()
    assert page.go.text() == "导入 1 条"
    assert page.receipts.isEnabled()
    page.show_receipts()
    (dialog,) = page.findChildren(ReceiptsDialog)
    lines = dialog.lines.rows
    assert [r.file.rpartition("/")[2] for r in lines] == ["工资.csv", "照片.jpg", "经费.docx", "经费.pdf"]
    assert "职工" in lines[0].left
    assert lines[2].taken == "经费收支：新增 1"
    assert "相同" in lines[3].left
    dialog.accept()
    page.let_in()
    settle()
    assert page.stack.currentIndex() == DONE


def test_a_folder_on_the_command_line(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOAI_PASSWORD", "twelve-letters")
    ledger = str(tmp_path / "a.boai-db")
    assert main(["--db", ledger, "init", "--name", "江河县红十字会", "--level", "县级"]) == 0
    capsys.readouterr()
    assert main(["--db", ledger, "import", str(folder), "--json"]) == 1  # not all of it went in
    files = json.loads(capsys.readouterr().out)["files"]
    assert {f["file"].rpartition("/")[2]: bool(f["taken"]) for f in files} == {
        "工资.csv": False, "照片.jpg": False, "经费.docx": True, "经费.pdf": False,
    }  # fmt: skip
    with Store.open(Path(ledger), "twelve-letters", None) as store:
        assert len(store.rows(FUND_ENTRY)) == 1
    (folder / "经费.docx").unlink()
    (folder / "经费.pdf").unlink()
    assert main(["--db", ledger, "import", str(folder)]) == 2
    assert "工资.csv" in capsys.readouterr().out
