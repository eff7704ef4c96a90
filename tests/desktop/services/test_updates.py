"""News of a version: who signed it, what it may say, and that nothing is looked for where nothing was set."""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from db.errors import UserError
from db.rules.checks import CHECKS
from db.rules.local_packs import local_clauses
from db.storage.store import Store
from desktop.pages.system import updates as page
from desktop.pages.system.updates import UpdateDialog
from desktop.services import settings, updates
from desktop.services.signed_files import key_of, sign
from desktop.window.window import MainWindow
from tests.desktop.cli.test_command_line import Capture, run
from tests.desktop.services.test_levels import PACK
from tests.offices.levels import superior

TODAY = dt.date(2026, 11, 30)
Settle = Callable[[], None]


@pytest.fixture
def province(tmp_path: Path) -> Iterator[Store]:
    with superior(tmp_path / "省") as store:
        yield store


@pytest.fixture
def place(province: Store, tmp_path: Path) -> Path:
    """A folder with an installer, a rule file and what is signed of them."""
    folder = tmp_path / "共享"
    folder.mkdir()
    (folder / "boai-setup.exe").write_bytes(b"MZ installer")
    (tmp_path / "云溪.toml").write_text(PACK, encoding="utf-8")
    updates.make_update(
        province, "9.1", "年报的新表", folder / "boai-setup.exe", [tmp_path / "云溪.toml"], TODAY, folder
    )
    return folder


def test_what_is_signed_is_read_again(place: Path, province: Store) -> None:
    found = updates.read_update(place / updates.FILE)
    assert (found.version, found.note, found.issued_on) == ("9.1", "年报的新表", TODAY)
    assert found.is_newer
    assert found.office == province.office()["name"]
    assert updates.installer_of(found, place) == place / "boai-setup.exe"
    assert updates.clauses_in(province, found) == [("云溪.toml", 1)]


@pytest.mark.parametrize(("version", "newer"), [("0.1.0", False), ("0.1", False), ("0.0.9", False), ("0.1.1", True),
                                                ("0.10", True), ("1.0.0.0", True)])  # fmt: skip
def test_only_a_later_version_is_news(province: Store, tmp_path: Path, version: str, newer: bool) -> None:
    path, _ = updates.make_update(province, version, "", None, [], TODAY, tmp_path)
    assert updates.read_update(path).is_newer is newer


def test_another_key_is_refused(place: Path, province: Store, tmp_path: Path) -> None:
    found = updates.read_update(place / updates.FILE)
    assert not updates.is_known(province, found, "")
    assert updates.is_known(province, found, found.key)
    with superior(tmp_path / "别人", "别的红十字会") as other:
        path, _ = updates.make_update(other, "9.2", "", None, [], TODAY, tmp_path)
    with pytest.raises(UserError, match="不是认定的那一把"):
        updates.is_known(province, updates.read_update(path), found.key)


@pytest.mark.parametrize("change", ["longer", "other", "gone"])
def test_an_installer_that_is_not_the_signed_one_is_said(place: Path, change: str) -> None:
    found = updates.read_update(place / updates.FILE)
    path = place / "boai-setup.exe"
    if change == "gone":
        path.unlink()
    else:
        path.write_bytes(b"MZ installeR" if change == "other" else b"MZ installer and more")
    with pytest.raises(UserError, match="不在那里" if change == "gone" else "不一样，请不要打开"):
        updates.installer_of(found, place)


@pytest.mark.parametrize(("name", "value"), [
    ("version", "9"), ("version", "9.1; rm"), ("version", 9), ("note", None), ("note", "x" * 4001), ("issued_on", "2026-13-01"),
    ("installer", []), ("installer", {"name": "../a.exe", "bytes": 1, "sha256": "ab" * 32}),
    ("installer", {"name": "a.bat", "bytes": 1, "sha256": "ab" * 32}), ("installer", {"name": "a.exe"}), ("rules", ["没有.toml"]),
    ("rules", "x"), ("level", "moon"), ("office", ""), ("more", 1),
])  # fmt: skip
def test_a_signed_file_of_another_shape_is_refused(province: Store, tmp_path: Path, name: str, value: object) -> None:
    path, _ = updates.make_update(province, "9.1", "", None, [], TODAY, tmp_path)
    said = json.loads(updates.signed_update(path).text)
    kept = {k: v for k, v in said.items() if k not in ("form", "files")} | {name: value}
    path.write_bytes(sign(kept, [], key_of(province)))
    with pytest.raises(UserError, match="不合格式"):
        updates.read_update(path)


def test_one_wrong_rule_file_adds_none(province: Store, place: Path, tmp_path: Path) -> None:
    found = updates.read_update(place / updates.FILE)
    wrong = updates.Update(**{**vars(found), "rules": (*found.rules, ("坏.toml", b"x = 1"))})
    with pytest.raises(UserError, match="规则文件不对"):
        updates.take_rules(province, wrong)
    assert local_clauses(province, dict(CHECKS)) == ()
    assert updates.take_rules(province, found) == 1
    assert [c.id for c in local_clauses(province, dict(CHECKS))] == ["YX-1"]


def test_by_command(tmp_path: Path, capsys: Capture) -> None:
    with superior(tmp_path / "省") as store:
        ledger = store.path
    code, out, err = run(capsys, "new-update", "9.3", "--note", "新表", "--out", tmp_path, "--db", ledger)
    assert (code, "已写出" in out, "指纹" in err) == (0, True, True)
    assert updates.read_update(tmp_path / updates.FILE).version == "9.3"
    assert run(capsys, "new-update", "新", "--out", tmp_path, "--db", ledger)[0] == 2


def _words(dialog: UpdateDialog) -> str:
    return " ".join(made.text() for made in dialog.findChildren(QLabel))


def _press(dialog: UpdateDialog, text: str) -> None:
    next(made for made in dialog.findChildren(QPushButton) if made.text() == text).click()


def test_nothing_is_looked_for_by_itself(window: MainWindow, settle: Settle, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(page, "Fetching", lambda *a: asked.append(a))
    monkeypatch.setattr(updates, "read_update", asked.append)
    dialog = UpdateDialog(window.desk)
    assert dialog.place.text() == ""
    dialog.check()
    settle()
    assert asked == []
    assert "请先填" in dialog.error.text()
    dialog.close()


def test_a_folder_is_looked_into_and_the_key_is_kept(
    window: MainWindow, settle: Settle, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []
    monkeypatch.setattr(window.desk, "open_file", opened.append)
    dialog = UpdateDialog(window.desk)
    dialog.place.setText(str(place))
    dialog.check()
    settle()
    assert "第一次见到这把签名的钥匙" in _words(dialog)
    assert "打开安装文件所在的位置" not in [b.text() for b in dialog.findChildren(QPushButton) if b.isVisibleTo(dialog)]
    _press(dialog, "核对过，以后只认它")
    settle()
    assert settings.text("update/key") == updates.read_update(place / updates.FILE).key
    assert "有新版本：第 9.1 版" in _words(dialog)
    _press(dialog, "打开安装文件所在的位置")
    settle()
    assert opened == [place]

    with superior(tmp_path / "别人", "别的红十字会") as other:
        updates.make_update(other, "9.9", "", None, [], TODAY, place)
    dialog.check()
    settle()
    assert "不是认定的那一把" in dialog.error.text()
    assert not dialog.frame.isVisibleTo(dialog)
    dialog.close()


def test_an_address_is_asked_for_the_file_and_told_nothing(
    window: MainWindow, settle: Settle, place: Path, qtbot: object
) -> None:
    asked: list[tuple[str, str, dict[str, str]]] = []

    class Handler(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.command, unquote(self.path), dict(self.headers)))
            super().do_GET()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(place)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        dialog = UpdateDialog(window.desk)
        dialog.place.setText(f"http://127.0.0.1:{server.server_port}")
        dialog.check()
        qtbot.waitUntil(lambda: "9.1" in _words(dialog), timeout=5000)  # type: ignore[attr-defined]
        dialog.place.setText(f"http://127.0.0.1:{server.server_port}/none")
        dialog.check()
        qtbot.waitUntil(lambda: "没有取到文件" in dialog.error.text(), timeout=5000)  # type: ignore[attr-defined]
        dialog.close()
    finally:
        server.shutdown()
        server.server_close()
    assert [(verb, path) for verb, path, _ in asked] == [("GET", f"/{updates.FILE}"), ("GET", f"/none/{updates.FILE}")]
    assert asked[0][2]["User-Agent"] == "boai"
    assert {"Cookie", "Referer", "Authorization"}.isdisjoint(asked[0][2])
