"""Files that are opened and names that are written: nothing runs, and nothing hides its ending."""

from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from db.storage.attachment_files import shown_name
from desktop.shell.desk import Desk
from forms.output import safe_name


@pytest.mark.parametrize(
    ("name", "opened"),
    [("名单.xlsx", True), ("扫描件.PDF", True), ("现场.jpg", True)]
    + [(f"通知{ending}", False) for ending in (".bat", ".lnk", ".html", ".exe", ".xlsm", ".js", ".url", ".com", "")],
)
def test_only_what_a_viewer_shows_is_opened(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, opened: bool
) -> None:
    asked: list[str] = []
    said: list[str] = []

    def take(url: QUrl) -> bool:
        asked.append(url.toLocalFile())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", take)
    desk.said.connect(lambda text, _: said.append(text))
    (tmp_path / name).write_bytes(b"x")
    desk.open_file(tmp_path / name)
    assert asked == [str(tmp_path / name) if opened else str(tmp_path)]
    assert bool(said) is not opened


@pytest.mark.parametrize("mark", ["\u202e", "\u200f", "\u2066", "\u200b", "\ufeff", "\x07", "\x85", "\ud800"])
def test_names_hold_no_mark_that_is_not_seen(mark: str) -> None:
    assert safe_name(f"季报{mark}gnp.exe") == "季报gnp.exe"
    assert shown_name(f"季报{mark}gnp.exe") == "季报gnp.exe"


def test_a_name_fits_where_bytes_are_counted() -> None:
    assert len(safe_name("𠮷" * 300).encode()) <= 240
    assert safe_name("季\n报") == "季 报"
    assert safe_name("张雪梅 13900001275登记表") == "张雪梅 139××××1275登记表"
    assert safe_name("\u202e") == "未命名"
