"""Between the levels by command: exit codes, JSON, what is written and what is refused."""

import json
from pathlib import Path

import openpyxl
import pytest

from desktop.services.signed_files import sender
from tests.desktop.cli.test_command_line import Capture, run
from tests.offices.levels import COUNTIES, corrected, county, handed_up, superior


@pytest.fixture
def ledgers(tmp_path: Path) -> tuple[Path, Path]:
    """A county that has handed up, and the city above; both closed."""
    with handed_up(county(tmp_path / "county", *COUNTIES[0]), light=True) as store:
        mine = store.path
    with superior(tmp_path / "city") as city:
        theirs = city.path
    assert mine is not None
    assert theirs is not None
    return mine, theirs


def test_up_and_back_by_command(ledgers: tuple[Path, Path], tmp_path: Path, capsys: Capture) -> None:
    mine, theirs = ledgers
    package = tmp_path / "in" / "甲.boai"
    package.parent.mkdir()
    code, out, err = run(capsys, "package", "2026Q3", "--out", package, "--db", mine)
    assert code == 0
    assert "报送单.pdf" in out
    assert "指纹" in err
    assert run(capsys, "package", "2026Q2", "--out", package, "--db", mine)[0] == 2

    alone = tmp_path / "none.boai-db"
    code, out, _ = run(capsys, "rollup", package.parent, "--out", tmp_path / "a.xlsx", "--json", "--db", alone)
    told = json.loads(out)
    assert code == 0
    assert told["period"] == "2026Q3"
    assert (told["offices"][0]["code"], told["offices"][0]["key"]) == ("990123", "new")
    assert told["total"]["income_fen"] == told["offices"][0]["income_fen"] == 500_000
    assert (told["missing"], told["refused"]) == ([], [])

    (package.parent / "坏.boai").write_bytes(b"PK")
    back = tmp_path / "回执"
    back.mkdir()
    code, out, err = run(
        capsys, "rollup", package.parent, "--out", tmp_path / "b.xlsx", "--pdf", tmp_path / "b.pdf", "--public", "--receipts", back,
        "--package", tmp_path, "--json", "--db", theirs,
    )  # fmt: skip
    told = json.loads(out)
    assert code == 1  # one file was refused
    assert told["refused"][0]["file"] == "坏.boai"
    assert told["missing"] == ["临江县红十字会", "望山县红十字会", "未报县红十字会"]
    assert openpyxl.load_workbook(tmp_path / "b.xlsx").sheetnames[0] == "汇总"
    assert (tmp_path / "b.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "云溪市红十字会2026年第三季度汇总报送包.boai").is_file()

    (receipt,) = back.glob("*.boai")
    code, out, err = run(capsys, "receipt", receipt, "--db", mine)
    assert (code, "已收下" in out, "核对签名钥匙" in err) == (0, True, True)
    returned = run(
        capsys, "receipt", "--return", "990123", "--period", "2026Q3", "--out", tmp_path / "退", "--db", theirs
    )
    assert returned[0] == 2  # no remarks
    assert run(
        capsys, "receipt", "--return", "990123", "--period", "2026Q3", "--remarks", "请核对", "--out", tmp_path / "退", "--db", theirs,
    )[0] == 0  # fmt: skip
    (receipt,) = (tmp_path / "退").glob("*.boai")
    code, out, _ = run(capsys, "receipt", receipt, "--json", "--db", mine)
    assert (code, json.loads(out)["status"], json.loads(out)["remarks"]) == (1, "returned", "请核对")
    assert run(capsys, "receipt", package, "--db", mine)[0] == 2
    assert run(capsys, "rollup", "--period", "2026Q3", "--out", tmp_path / "c.xlsx", "--db", theirs)[0] == 0


def test_a_lower_edition_is_refused_by_command(ledgers: tuple[Path, Path], tmp_path: Path, capsys: Capture) -> None:
    from db.storage.store import Store

    mine, theirs = ledgers
    old, new = tmp_path / "旧.boai", tmp_path / "新.boai"
    assert run(capsys, "package", "2026Q3", "--out", old, "--db", mine)[0] == 0
    with Store.open(mine) as store:
        corrected(store, "更正")
        assert sender(store)["code"] == "990123"
    assert run(capsys, "package", "2026Q3", "--out", new, "--db", mine)[0] == 0
    code, out, err = run(capsys, "rollup", old, new, "--out", tmp_path / "a.xlsx", "--json", "--db", theirs)
    assert code == 1
    assert json.loads(out)["offices"][0]["edition"] == 2
    assert "已有更新的一版" in err


def test_a_task_down_and_its_answer_by_command(ledgers: tuple[Path, Path], tmp_path: Path, capsys: Capture) -> None:
    mine, theirs = ledgers
    form = tmp_path / "季报.xlsx"
    book = openpyxl.Workbook()
    book.active["A1"] = "{{合计.季末在队人数}}"
    book.save(form)
    code, out, _ = run(
        capsys, "new-task", "2026Q3", "--title", "三季度季报", "--deadline", "2026-10-15", "--template", form, "--out", tmp_path / "t.boai",
        "--db", theirs,
    )  # fmt: skip
    assert (code, "t.boai" in out) == (0, True)
    assert run(capsys, "task", tmp_path / "t.boai", "--db", mine)[0] == 0
    code, out, _ = run(capsys, "task", "--json", "--db", mine)
    (task,) = json.loads(out)["tasks"]
    assert (task["title"], task["deadline"], task["template"], task["answered_on"]) == (
        "三季度季报",
        "2026-10-15",
        "季报.xlsx",
        "",
    )
    assert run(capsys, "task", "--answer", "7", "--out", tmp_path, "--db", mine)[0] == 2
    code, out, _ = run(capsys, "task", "--answer", "1", "--out", tmp_path / "答", "--db", mine)
    assert code == 0
    assert len(list((tmp_path / "答").glob("*答复*.boai"))) == 1
    assert "已于" in run(capsys, "task", "--db", mine)[1]
    assert run(capsys, "task", "--form", "1", "--out", tmp_path / "表", "--db", mine)[0] == 0
    assert (tmp_path / "表" / "季报.xlsx").read_bytes() == form.read_bytes()
