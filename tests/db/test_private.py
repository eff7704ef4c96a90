"""What the program makes is this account's alone: by mode here, by access list on Windows."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from db import places, private
from db.records.entities import TOWNSHIP
from db.storage.store import Store
from db.tasks.backup import back_up
from tests.qa.office import AT
from tests.windows import is_wine

SID = "S-1-5-21-1-2-3-1001"


def test_the_access_list_lets_in_the_owner_alone_and_inherits_nothing() -> None:
    """SDDL: D = list, P = protected from the folder's, A = allow, FA = all of a file, OI and CI = for what is below."""
    assert private.descriptor(SID, folder=False) == f"D:P(A;;FA;;;{SID})"
    assert private.descriptor(SID, folder=True) == f"D:P(A;OICI;FA;;;{SID})"


def test_every_new_file_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On every system the same calls are made; elsewhere they have nothing to do."""
    asked: list[str] = []
    monkeypatch.setattr(private, "keep", lambda path: bool(asked.append(path.name)) or True)
    monkeypatch.setenv("BOAI_DATA", str(tmp_path / "data"))
    store, _ = Store.create(tmp_path / "台账.boai-db")
    with store:
        with store.operation("新增"):
            store.save(TOWNSHIP, {"name": "东街"})
        assert store.files is not None
        store.files.put(b"x")
        made = back_up(store, tmp_path / "a.boai-backup", AT)
    part, out = places.part_of(tmp_path / "名册.xlsx")
    out.close()
    Store.open(tmp_path / "台账.boai-db").close()
    for name in ("data", "台账.boai-db.new", "台账.boai-db", "台账.boai-db.mark", "台账.boai-db.files", part.name):
        assert name in asked, name
    assert any(name.startswith(f".{made.path.name}") for name in asked)
    assert any(name.startswith(".台账.boai-db.keys") for name in asked)


@pytest.mark.skipif(sys.platform == "win32", reason="modes are Unix's")
def test_modes_keep_others_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOAI_DATA", str(tmp_path / "data"))
    before = os.umask(0o077)
    try:
        Store.create(tmp_path / "data" / "台账.boai-db")[0].close()
    finally:
        os.umask(before)
    for path in (tmp_path / "data", *(tmp_path / "data").rglob("*")):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path


@pytest.mark.skipif(sys.platform != "win32" or is_wine(), reason="access lists are Windows', and icacls tells them")
def test_windows_lets_in_the_owner_alone(tmp_path: Path) -> None:  # pragma: no cover (Windows only)
    """As icacls tells it: one entry, none inherited."""
    file, folder = tmp_path / "文件.txt", tmp_path / "文件夹"
    file.write_text("x", encoding="utf-8")
    folder.mkdir()
    assert private.keep(file)
    assert private.keep(folder)
    (folder / "里面.txt").write_text("x", encoding="utf-8")
    for path in (file, folder, folder / "里面.txt"):
        told = subprocess.run(["icacls", str(path)], capture_output=True, check=True).stdout.decode(errors="replace")
        entries = [line for line in told.splitlines() if "(F)" in line or "(RX)" in line or "(M)" in line]
        assert len(entries) == 1, told
    assert "(I)" not in subprocess.run(["icacls", str(file)], capture_output=True, check=True).stdout.decode(
        errors="replace"
    )
    assert file.read_text(encoding="utf-8") == "x"
