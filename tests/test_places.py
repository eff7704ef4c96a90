"""Nothing overwrites a ledger, its keys, a backup or the file being read, whatever name or link leads there."""

import datetime as dt
import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import resources
from db import places
from db.errors import UserError
from db.storage import vault
from db.storage.store import Store
from db.tasks import backup, restoring
from db.tasks.attachments import attach, open_copy
from desktop.__main__ import main
from forms.errors import FileTrouble
from forms.output import write_whole


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A ledger with a password, a backup, and links to both."""
    monkeypatch.setenv("BOAI_PASSWORD", "白鹿原上 1987")
    monkeypatch.setenv("BOAI_DATA", str(tmp_path / "data"))
    path = tmp_path / "ledger.boai-db"
    assert main(["--db", str(path), "init", "--name", "安澜县红十字会", "--level", "县级"]) == 0
    assert main(["--db", str(path), "backup", "--out", str(tmp_path / "一.boai-backup")]) == 0
    (tmp_path / "同一份备份").write_bytes((tmp_path / "一.boai-backup").read_bytes())
    if os.name != "nt":
        (tmp_path / "link.xlsx").symlink_to(path)
        os.link(path, tmp_path / "hard.xlsx")
        (tmp_path / "keys.xlsx").symlink_to(path.name + ".keys")
        (tmp_path / "folder").symlink_to(tmp_path)
    return path


AIMS = (
    "ledger.boai-db", "LEDGER.BOAI-DB", "ledger.boai-db.keys", "ledger.boai-db.mark", "ledger.boai-db-wal",
    "ledger.boai-db-journal", "ledger.boai-db.files/aa/x", "ledger.boai-db.rules/X.toml", "another.boai-db",
    "一.boai-backup", "同一份备份", "new.boai-backup", "link.xlsx", "hard.xlsx", "keys.xlsx", "folder/ledger.boai-db",
    "folder/../ledger.boai-db", "data/installation", "data/marks/x.mark", "data/tries/x.json", "data/keys/x",
)  # fmt: skip


@pytest.mark.parametrize("aim", AIMS)
def test_no_output_hits_what_is_kept(office: Path, aim: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each command that writes a file is refused with a sentence, and no byte changes."""
    folder = office.parent
    if os.name == "nt" and ("link" in aim or "hard" in aim or "keys.xlsx" in aim or "folder" in aim):
        pytest.skip("links need rights there")
    bad = folder / "坏.xlsx"
    bad.write_bytes(_bad_book())
    before = {p: p.read_bytes() for p in folder.iterdir() if p.is_file()}
    db, out = ["--db", str(office)], str(folder / aim)
    for command in (
        ["export", "全部", "--out", out], ["template", "--out", out], ["import", str(bad), "--errors", out],
        ["backup", "--out", out],
    ):  # fmt: skip
        if command[0] == "backup" and aim in ("一.boai-backup", "同一份备份", "new.boai-backup"):
            continue
        assert main([*db, *command]) == 2, command
        assert "没有改动" in capsys.readouterr().err
    ledger = {p for p in before if os.path.samefile(p, office)}  # which was opened for writing, and closed
    assert {p.name for p in before.keys() - ledger if p.read_bytes() != before[p]} == set()
    assert main([*db, "verify"]) == 0


def _bad_book() -> bytes:
    import io

    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "志愿者"
    sheet.append(["姓名", "证件类型", "证件号码", "登记日期"])
    sheet.append(["甲", "居民身份证", "123", "2026-01-01"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_source_is_not_written_over(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = office.parent / "坏.xlsx"
    bad.write_bytes(_bad_book())
    before = bad.read_bytes()
    assert main(["--db", str(office), "import", str(bad), "--errors", str(bad)]) == 2
    assert bad.read_bytes() == before
    assert main(["--db", str(office), "import", str(bad), "--errors", str(bad.with_name("错.xlsx"))]) == 1


def test_a_backup_takes_the_place_of_a_backup_alone(office: Path) -> None:
    db = ["--db", str(office)]
    book = office.parent / "名册.xlsx"
    assert main([*db, "export", "志愿者", "--out", str(book)]) == 0
    before = book.read_bytes()
    assert main([*db, "backup", "--out", str(book)]) == 2
    assert book.read_bytes() == before
    assert main([*db, "backup", "--out", str(office.parent / "一.boai-backup")]) == 0


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_no_link_is_followed_and_nobody_else_reads(tmp_path: Path) -> None:
    """A link laid where the unfinished file used to be leads nowhere; a target that is a link is replaced, not followed."""
    victim, target = tmp_path / "victim", tmp_path / "名册.xlsx"
    victim.write_bytes(b"dear")
    (tmp_path / ".名册.xlsx.part").symlink_to(victim)
    target.symlink_to(victim)
    assert write_whole(target, b"new") == target
    assert victim.read_bytes() == b"dear"
    assert not target.is_symlink()
    assert target.stat().st_mode & 0o077 == 0


def test_left_over_parts_are_swept(tmp_path: Path) -> None:
    part, file = places.part_of(tmp_path / "名册.xlsx")
    file.close()
    write_whole(tmp_path / "二.xlsx", b"x")
    assert part.exists()
    old = time.time() - 7200
    os.utime(part, (old, old))
    write_whole(tmp_path / "三.xlsx", b"x")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["三.xlsx", "二.xlsx"]


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FileTrouble):
        write_whole(tmp_path / "file" / "x.xlsx", b"x")


@pytest.mark.skipif(os.name == "nt", reason="rights are another matter there")
def test_what_is_made_is_this_accounts_alone(tmp_path: Path) -> None:
    """Whatever the account lets others see by default: ledger, keys, marks, backups, outputs, and their folders."""
    data, out = tmp_path / "data", tmp_path / "out"
    out.mkdir(mode=0o700)
    (tmp_path / "发票.txt").write_text("x")
    pack = tmp_path / "pack.toml"
    pack.write_text(
        resources.path("rules/s24.toml").read_text(encoding="utf-8").replace("S24", "AB26"), encoding="utf-8"
    )
    for command in (
        ["init", "--name", "安澜县红十字会", "--level", "县级"], ["rules", "--add", str(pack)],
        ["backup"], ["backup", "--second", str(out / "U盘")], ["export", "全部", "--out", str(out / "全部.xlsx")],
        ["template", "--out", str(out / "模板.xlsx")], ["new-code"],
    ):  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-c", "import os, sys; os.umask(0o022); from desktop.__main__ import main; sys.exit(main())", *command],
            cwd=Path(__file__).parents[1], env={**os.environ, "BOAI_DATA": str(data)}, check=False, capture_output=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr.decode()
    loose = [p for folder in (data, out) for p in folder.rglob("*") if p.stat().st_mode & 0o077]
    assert loose == []
    assert data.stat().st_mode & 0o077 == 0


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_no_guessable_name_is_written_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Links laid at every name that unfinished files once had: setting a password, attaching, adding rules, restoring."""
    monkeypatch.setenv("BOAI_DATA", str(tmp_path / "data"))
    path, victim = tmp_path / "ledger.boai-db", tmp_path / "victim"
    victim.write_bytes(b"dear")
    Store.create(path)[0].close()
    (tmp_path / "凭证.txt").write_text("发票", encoding="utf-8")
    digest = hashlib.sha256("发票".encode()).hexdigest()
    box = path.with_name(path.name + ".files") / digest[:2]
    box.mkdir(parents=True)
    aims = [
        box / f"{digest}.part",
        *(path.with_name(path.name + s) for s in (".keys.part", ".intent.part", ".keys.new.part")),
    ]
    for aim in aims:
        aim.symlink_to(victim)
    with Store.open(path) as store:
        attach(store, tmp_path / "凭证.txt", on=dt.date(2026, 9, 21))
        store.set_password("白鹿原上 1987")
        made = backup.back_up(store, tmp_path / "一.boai-backup", dt.datetime(2026, 9, 21))
    restoring.restore(made.path, path, dt.datetime(2026, 9, 21), lambda p: vault.unlock(p, "白鹿原上 1987"))
    assert victim.read_bytes() == b"dear"


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_no_plain_copy_of_an_attachment_follows_a_link(office: Path, tmp_path: Path) -> None:
    """Whoever can write the data folder needs no password to make one: to a share, or to a folder of theirs."""
    (tmp_path / "证.txt").write_text("秘密", encoding="utf-8")
    elsewhere = tmp_path / "别处"
    elsewhere.mkdir()
    with Store.open(office, "白鹿原上 1987") as store:
        number = attach(store, tmp_path / "证.txt", on=dt.date(2026, 9, 1))
        box = office.with_name(office.name + ".files")
        assert open_copy(store, number).read_text(encoding="utf-8") == "秘密"
        store.files.tidy()  # type: ignore[union-attr]
        (box / "open").symlink_to(elsewhere)
        with pytest.raises(UserError, match="指向别处的链接"):
            open_copy(store, number)
        (box / "open").unlink()
        box.rename(tmp_path / "真的")
        box.symlink_to(tmp_path / "真的")
        with pytest.raises(UserError, match="指向别处的链接"):
            open_copy(store, number)
    assert list(elsewhere.iterdir()) == []
