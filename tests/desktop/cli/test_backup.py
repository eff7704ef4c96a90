"""The commands backup, restore and verify, as a person or a script calls them."""

import datetime as dt
import json
import re
import shutil
from pathlib import Path

import pytest

from db.storage import vault
from db.storage.store import Store
from db.tasks import backup
from db.tasks.attachments import attach
from desktop.__main__ import main
from desktop.services.backups import choices


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new ledger in a folder of its own."""
    monkeypatch.setenv("BOAI_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("BOAI_PASSWORD", raising=False)
    path = tmp_path / "ledger.boai-db"
    assert main(["--db", str(path), "init", "--name", "安澜县红十字会", "--level", "县级"]) == 0
    return path


def test_there_and_back(ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A backup is written where it is asked for, or in the usual folder; a restore keeps what was there."""
    db = ["--db", str(ledger)]
    assert main([*db, "backup", "--out", str(tmp_path / "一.boai-backup")]) == 0
    assert main([*db, "backup"]) == 0
    assert len(list((tmp_path / "data" / "备份").iterdir())) == 1
    assert main([*db, "restore", str(tmp_path / "一.boai-backup")]) == 0
    assert "改名为" in capsys.readouterr().out
    assert len(list(tmp_path.glob("ledger-恢复前-*.boai-db"))) == 1
    assert main([*db, "verify", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"ok": True, "problems": []}


def test_wrong_use_changes_nothing(ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No such backup, and a file that is none."""
    other = tmp_path / "不是备份.boai-backup"
    other.write_text("x")
    before = ledger.read_bytes()
    for place in (other, tmp_path / "没有.boai-backup"):
        assert main(["--db", str(ledger), "restore", str(place)]) in (2, 3)
        assert capsys.readouterr().err.count("\n") == 1
    assert ledger.read_bytes() == before
    assert {p.name for p in tmp_path.iterdir()} == {
        "data",
        other.name,
        *(ledger.name + s for s in ("", ".keys", ".mark")),
    }


def test_verify_finds_a_damaged_page(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A changed byte is never taken for data."""
    content = bytearray(ledger.read_bytes())
    content[-2000] ^= 1
    ledger.write_bytes(content)
    capsys.readouterr()
    assert main(["--db", str(ledger), "verify", "--json"]) == 3
    found = json.loads(capsys.readouterr().out)
    assert not found["ok"]
    assert {p["kind"] for p in found["problems"]} == {"page"}
    for command in (["undo"], ["backup"], ["figures", "2026Q3"], ["check", "--as-of", "2026-09-30"]):
        assert main(["--db", str(ledger), *command]) in (0, 1, 3)
        assert "Traceback" not in capsys.readouterr().err


def test_verify_answers_whatever_is_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No file, an empty one, a foreign one: an answer each time."""
    path = tmp_path / "x.boai-db"
    for content in (None, b"", b"x" * 8192):
        if content is not None:
            path.write_bytes(content)
        assert main(["--db", str(path), "verify", "--json"]) == 3
        assert len(json.loads(capsys.readouterr().out)["problems"]) == 1


def test_a_new_computer_opens_by_the_code(
    ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the key a restore is refused and nothing is moved; the code restores, opens, and sets a password."""
    code = vault.unlock(ledger).code()
    assert main(["--db", str(ledger), "backup", "--out", str(tmp_path / "一.boai-backup")]) == 0
    monkeypatch.setenv("BOAI_DATA", str(tmp_path / "another"))
    other, codes = ["--db", str(tmp_path / "new" / "x.boai-db")], tmp_path / "恢复码.txt"
    codes.write_text(f"{code}\n", encoding="utf-8-sig")
    assert main([*other, "restore", str(tmp_path / "一.boai-backup")]) == 3
    assert "恢复码" in capsys.readouterr().err
    assert list((tmp_path / "new").iterdir()) == []
    by_code = ["--recovery-code-file", str(codes)]
    assert main([*other, *by_code, "restore", str(tmp_path / "一.boai-backup")]) == 0
    assert main([*other, "verify"]) == 3
    assert main([*other, *by_code, "verify"]) == 0
    assert main([*other, *by_code, "unlock"]) == 2
    monkeypatch.setenv("BOAI_PASSWORD", "白鹿原上 1987")
    assert main([*other, *by_code, "unlock"]) == 0
    assert main([*other, "verify"]) == 0
    monkeypatch.setenv("BOAI_PASSWORD", "白鹿原上 1988")
    assert main([*other, "verify"]) == 3
    assert main([*other, "--recovery-code-file", str(tmp_path / "none"), "verify"]) == 2


def test_a_backup_is_made_while_the_ledger_is_open(ledger: Path, tmp_path: Path) -> None:
    """A window holds it: the backup says how far it had come, and writing goes on."""
    with Store.open(ledger) as store:
        store.note("开着")
        assert main(["--db", str(ledger), "backup", "--out", str(tmp_path / "一.boai-backup")]) == 0
        store.note("还开着")
        sequence = store.query("SELECT max(id) AS id FROM operation")[0]["id"]
    assert backup.examine(tmp_path / "一.boai-backup").sequence == sequence - 1


def test_the_second_place_is_remembered(ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Asked for once, used again; the reminder stops."""
    db = ["--db", str(ledger)]
    assert main([*db, "backup", "--second"]) == 2
    assert main([*db, "backup"]) == 0
    assert "提醒" in capsys.readouterr().err
    assert main([*db, "backup", "--second", str(tmp_path / "U盘")]) == 0
    assert main([*db, "backup", "--second"]) == 0
    assert len(backup.found_in(tmp_path / "U盘")) == 2
    capsys.readouterr()
    assert main([*db, "backup"]) == 0
    assert capsys.readouterr().err == ""


def test_a_lost_attachment_is_said(ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "凭证.txt").write_text("发票", encoding="utf-8")
    with Store.open(ledger) as store:
        attach(store, tmp_path / "凭证.txt", on=dt.date(2026, 9, 21))
    shutil.rmtree(ledger.with_name(ledger.name + ".files"))
    assert main(["--db", str(ledger), "backup"]) == 1
    assert "1 个附件" in capsys.readouterr().err


def test_another_offices_backup_is_not_put_over_this_one(ledger: Path, tmp_path: Path) -> None:
    other = ["--db", str(tmp_path / "other.boai-db")]
    assert main([*other, "init", "--name", "别的县红十字会", "--level", "县级"]) == 0
    assert main([*other, "backup", "--out", str(tmp_path / "一.boai-backup")]) == 0
    before = ledger.read_bytes()
    assert main(["--db", str(ledger), "restore", str(tmp_path / "一.boai-backup")]) == 2
    assert ledger.read_bytes() == before
    assert main(["--db", str(ledger), "restore", "--another", str(tmp_path / "一.boai-backup")]) == 0


@pytest.mark.parametrize("password", [None, "白鹿原上 1987"])
def test_a_new_code(
    ledger: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    password: str | None,
) -> None:
    """The new one opens, the old one does not; a password stays what it was."""
    db, old, new = ["--db", str(ledger)], tmp_path / "旧.txt", tmp_path / "新.txt"
    old.write_text(vault.unlock(ledger).code(), encoding="utf-8")
    if password:
        monkeypatch.setenv("BOAI_PASSWORD", password)
        assert main([*db, "--recovery-code-file", str(old), "unlock"]) == 0
    capsys.readouterr()
    assert main([*db, "new-code"]) == 0
    found = re.search(r"(?:[0-9A-Z]{5}-){7}[0-9A-Z]{5}", capsys.readouterr().out)
    assert found
    new.write_text(found[0], encoding="utf-8")
    assert main([*db, "verify"]) == 0
    monkeypatch.delenv("BOAI_PASSWORD", raising=False)
    assert main([*db, "--recovery-code-file", str(new), "verify"]) == 0
    assert main([*db, "--recovery-code-file", str(old), "verify"]) == 3


def test_what_a_ledger_could_be_restored_from(ledger: Path, tmp_path: Path) -> None:
    """The newest first, with counts and what would be missing, without any key."""
    with Store.open(ledger) as store:
        first = backup.back_up(store, tmp_path / "一.boai-backup", dt.datetime(2026, 9, 20, 8, 30))
        store.note("后来")
        store.note("更后来")
        second = backup.back_up(store, tmp_path / "二.boai-backup", dt.datetime(2026, 9, 21))
    (tmp_path / "坏.boai-backup").write_bytes(b"x")
    found = choices(ledger, tmp_path)
    assert [(c.backup.path, c.later, c.lacking) for c in found] == [(second.path, 0, 0), (first.path, 2, 0)]
    assert found[1].words.startswith("2026-09-20 08:30")
    assert "之后的 2 次操作" in found[1].words
    ledger.unlink()
    ledger.with_name(ledger.name + ".mark").unlink()
    assert [c.later for c in choices(ledger, tmp_path)] == [None, None]


@pytest.mark.parametrize("content", [None, b"", b"x" * 8192])
def test_a_ledger_that_does_not_open_names_its_backups(
    ledger: Path, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    """The reason, the backups with day and counts and what would be missing, and the command that brings one back."""
    with Store.open(ledger) as store:
        store.note("一")
    assert main(["--db", str(ledger), "backup"]) == 0
    with Store.open(ledger) as store:
        store.note("二")
    if content is None:
        ledger.unlink()
    else:
        ledger.write_bytes(content)
    capsys.readouterr()
    assert main(["--db", str(ledger), "figures", "2026Q3"]) == 3
    err = capsys.readouterr().err
    assert "志愿者 0 人" in err
    assert "之后的 1 次操作" in err
    command = err.split("boai restore ")[1].splitlines()[0]
    assert main(["--db", str(ledger), "restore", command]) == 0
    assert main(["--db", str(ledger), "figures", "2026Q3"]) == 0
