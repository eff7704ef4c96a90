"""设置: reminders, zoom and theme, backup, password; help on every page; the frame's keys."""

import datetime as dt
import re
import threading
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QMessageBox
from pytestqt.qtbot import QtBot

import resources
from db.quarters import Quarter
from db.records.entities import OFFICE, TRAINING
from db.records.internal_entities import STAFF
from db.storage import vault
from db.storage.store import Store
from db.tasks import backup
from db.tasks.backup_file import Backup
from desktop.pages import BY_KEY
from desktop.pages.system.help import HelpDialog
from desktop.pages.system.settings import SettingsPage
from desktop.services.backups import Choice
from desktop.services.reminders import reminder_days, report_due
from desktop.shell.theme import Theme
from desktop.window import app
from desktop.window.app import build
from desktop.window.window import MainWindow
from tests.desktop.conftest import TODAY, Settle, fill, settle_window
from tests.test_architecture import ROOT

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(window: MainWindow, settle: Settle) -> SettingsPage:
    made = window.show_page("settings")
    settle()
    assert isinstance(made, SettingsPage)
    return made


def test_reminders_are_kept(page: SettingsPage) -> None:
    """What is set is what 工作台 uses."""
    page.general.days.setValue(45)
    page.general.due.setValue(5)
    assert reminder_days() == 45
    assert report_due(Quarter(2026, 3)) == dt.date(2026, 10, 5)


def test_zoom_and_theme_follow_each_other(window: MainWindow, page: SettingsPage) -> None:
    """The box, Ctrl and the wheel, Ctrl+minus and the status bar show one size."""
    page.general.zoom.setCurrentIndex(page.general.zoom.findData(125))
    page.general.zoom.activated.emit(page.general.zoom.currentIndex())
    assert window.theme.zoom == 125
    assert window.foot.size_button.text() == "缩放 125%"
    wheel = QWheelEvent(
        QPointF(50, 50), QPointF(50, 50), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, CTRL,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(window, wheel)
    assert window.theme.zoom == 150
    window.foot.size_button.click()
    assert window.theme.zoom == 100
    assert page.general.zoom.currentData() == 100
    page.general.dark.setChecked(True)
    assert window.theme.dark
    window.toggle_dark()
    assert not page.general.dark.isChecked()


def test_the_keys_of_the_frame(window: MainWindow, settle: Settle) -> None:
    """Ctrl+0 is 报表中心, as the navigation says; F1 is help for the page in view; Ctrl+S is never an error."""
    QTest.keyClick(window, Qt.Key.Key_0, CTRL)
    settle()
    assert window.desk.key == "reports"
    QTest.keyClick(window, Qt.Key.Key_S, CTRL)
    settle()
    assert "已自动保存" in window.toast.words.text()
    QTest.keyClick(window, Qt.Key.Key_F1)
    QApplication.processEvents()
    (dialog,) = window.findChildren(HelpDialog)
    assert "报表中心" in dialog.windowTitle()
    dialog.close()


def test_every_page_has_help(window: MainWindow) -> None:
    """Each page of the navigation, and no page that is not there; all of it is shown."""
    texts = tomllib.loads(resources.path("help.toml").read_text(encoding="utf-8"))
    pages = BY_KEY.keys()
    assert pages <= texts.keys()
    assert texts.keys() - pages <= {"keys", "duplicates"}
    for key in sorted(pages):
        dialog = HelpDialog(window.desk, key)
        shown = " ".join(made.text() for made in dialog.findChildren(QLabel))
        assert all(line in shown for line in (texts[key]["for"], *texts[key]["how"]))
        dialog.close()


@pytest.fixture
def filed(qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    """A window over a ledger in a file; it goes with its test, since the program ends with its last window."""
    monkeypatch.setenv("BOAI_DATA", str(tmp_path / "data"))
    store, _ = Store.create(tmp_path / "ledger.boai-db")
    fill(store)
    made = build(None, store=store, theme=Theme(), today=TODAY)
    made.show()
    settle_window(qtbot, made)
    yield made
    if shiboken6.isValid(made) and made.isVisible():
        made.close()
        made.deleteLater()


def test_a_local_notice_is_added_after_the_first_start(qtbot: QtBot, filed: MainWindow, tmp_path: Path,
                                                       monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """What the first start lets somebody skip is in the settings: the list of notices, and adding to it."""
    filed.jobs.write("区划", lambda store: store.save(OFFICE, {"item": "division_code", "content": "990123"}))
    filed.show_page("findings")
    page = filed.show_page("settings")
    assert isinstance(page, SettingsPage)
    settle_window(qtbot, filed)
    card = page.general.notices
    shown = " ".join(made.text() for made in card.findChildren(QLabel))
    assert "中红办字〔2022〕34号　60 条" in shown
    assert "云州市" not in shown
    pack = re.search(r"```toml\n(.*?)```", (ROOT / "docs/local-rules.md").read_text(encoding="utf-8"), re.S)
    assert pack
    given = tmp_path / "意见.toml"
    given.write_text(pack[1], encoding="utf-8")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: (str(given), ""))
    card.add_button.click()
    settle_window(qtbot, filed)
    assert "已添加规则 1 条" in filed.toast.words.text()
    assert "云州市关于做好2026年红十字志愿服务工作的意见" in " ".join(made.text() for made in card.findChildren(QLabel))
    findings = filed.show_page("findings")
    settle_window(qtbot, filed)
    assert any(result.clause.source.key == "YZ26" for result in findings.results)  # type: ignore[attr-defined]
    given.write_text("x = 1", encoding="utf-8")
    card.add_button.click()
    settle_window(qtbot, filed)
    assert "意见.toml" in card.error.text()


def test_backups_from_the_window(qtbot: QtBot, filed: MainWindow, tmp_path: Path) -> None:
    """Ctrl+S and the day's first start each make one; the second start of a day makes none; the bar says when."""
    folder = tmp_path / "data" / "备份"
    assert "还没有备份" in filed.foot.kept.text()
    filed.keeper.daily()
    settle_window(qtbot, filed)
    assert len(list(folder.iterdir())) == 1
    assert "最近备份 今天" in filed.foot.kept.text()
    filed.keeper.daily()
    settle_window(qtbot, filed)
    assert len(list(folder.iterdir())) == 1
    filed.keeper.save_point()
    settle_window(qtbot, filed)
    assert [backup.examine(p).office for p in folder.iterdir()] == ["安澜县红十字会"] * 2
    filed.close()
    filed.deleteLater()


def _press(told: list[str], *buttons: str) -> None:
    """Press these buttons of the questions that will open one after another; keep what they say."""

    def look() -> None:
        for box in QApplication.topLevelWidgets():
            if isinstance(box, QMessageBox) and box.isVisible():
                told.append(box.text())
                next(b for b in box.buttons() if b.text() == buttons[0]).click()
                if buttons[1:]:
                    _press(told, *buttons[1:])
                return
        QTimer.singleShot(20, look)

    QTimer.singleShot(20, look)


def test_a_backup_is_restored(qtbot: QtBot, filed: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The question says which backup; 不恢复 changes nothing; 恢复 closes, puts it in place, keeps the other ledger."""
    kept, told = tmp_path / "旧的.boai-backup", list[str]()
    monkeypatch.setattr(filed.desk, "now", lambda: dt.datetime(2026, 9, 20, 10, 5))
    filed.desk.backup_asked.emit(kept)
    settle_window(qtbot, filed)
    filed.jobs.write("删除培训", lambda store: store.delete(TRAINING, [1]))
    page = filed.show_page("settings")
    settle_window(qtbot, filed)
    assert isinstance(page, SettingsPage)
    _press(told, "不恢复")
    page.general.ask_restore(kept)
    assert "安澜县红十字会，2026-09-20 10:05" in told[0]
    assert "备份之后又做过 1 次操作，恢复以后都没有了" in told[0]
    assert filed.isVisible()
    _press(told, "恢复", "知道了")
    page.general.ask_restore(kept)
    assert not filed.isVisible()
    assert told[-1].startswith("已从备份恢复")
    ledger = tmp_path / "ledger.boai-db"
    aside = next(p for p in tmp_path.glob("*.boai-db") if p != ledger)
    assert aside.name in told[-1]
    for path, trainings in ((ledger, 1), (aside, 0)):
        with Store.open(path) as store:
            assert store.count(TRAINING) == trainings


def test_the_backups_of_this_computer_are_listed(
    qtbot: QtBot, filed: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each says when, how much is in it and what it lacks; the one chosen is asked for as one from a file is."""
    page = filed.show_page("settings")
    settle_window(qtbot, filed)
    assert isinstance(page, SettingsPage)
    listed = page.general.backups
    assert not listed.model.rows
    assert not listed.restore_button.isEnabled()
    monkeypatch.setattr(filed.desk, "now", lambda: dt.datetime(2026, 9, 20, 10, 5))
    filed.desk.backup_asked.emit(tmp_path / "旧的.boai-backup")
    settle_window(qtbot, filed)
    filed.jobs.write("删除培训", lambda store: store.delete(TRAINING, [1]))
    settle_window(qtbot, filed)
    listed.load()
    settle_window(qtbot, filed)
    cells = [listed.model.index(0, n).data() for n in range(listed.model.columnCount())]
    assert cells[:6] == ["2026-09-20 10:05", "安澜县红十字会", "2 支", "4 人", "1 次", "齐全"]
    assert cells[6:] == ["旧的.boai-backup", str(tmp_path)]
    assert listed.restore_button.width() < listed.width() // 3
    before = Backup(**{**listed.model.rows[0].backup.__dict__, "database_only": True})
    listed._show([Choice(before, 0, 0)])  # one that was put aside before an import
    assert [listed.model.index(0, n).data() for n in (4, 5)] == ["没有", "不含，用现有的"]
    told = list[str]()
    _press(told, "不恢复")
    listed.restore_button.click()
    assert "2026-09-20 10:05" in told[0]
    filed.close()
    filed.deleteLater()


def test_after_a_restore_work_goes_on_without_a_restart(
    qtbot: QtBot, filed: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the ledger has a password: nobody is asked for what the window had already."""
    kept, told = tmp_path / "旧的.boai-backup", list[str]()
    filed.jobs.read(lambda store: store.set_password("白鹿原上 1987"))
    settle_window(qtbot, filed)
    filed.desk.backup_asked.emit(kept)
    settle_window(qtbot, filed)
    filed.jobs.write("删除培训", lambda store: store.delete(TRAINING, [1]))
    settle_window(qtbot, filed)
    monkeypatch.setattr(app, "_kept", [filed])
    filed.keeper.reopening.connect(lambda: app.reopen(filed))
    _press(told, "知道了")
    filed.keeper.restore(kept)
    assert told[0].startswith("已从备份恢复")
    (again,) = (w for w in app._kept if w is not filed)
    assert isinstance(again, MainWindow)
    assert again.isVisible()
    found: list[int] = []
    again.jobs.read(lambda store: store.count(TRAINING), found.append)
    settle_window(qtbot, again)
    assert found == [1]
    again.close()
    again.deleteLater()
    filed.deleteLater()


def test_saving_goes_on_while_the_window_makes_a_backup(
    qtbot: QtBot, filed: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is written meanwhile goes in before the backup is done, and the store's thread is not held up."""
    begun, going = threading.Event(), threading.Event()
    real = backup._prove

    def slow(*args: object) -> None:
        begun.set()
        assert going.wait(20)
        real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(backup, "_prove", slow)
    order: list[str] = []
    filed.desk.backed_up.connect(lambda: order.append("backup"))
    filed.desk.backup_asked.emit(tmp_path / "新的.boai-backup")
    assert begun.wait(20)
    filed.jobs.write(
        "删除培训", lambda store: store.delete(TRAINING, [1]), lambda _: (order.append("saved"), going.set())
    )
    qtbot.waitUntil(lambda: len(order) == 2, timeout=30_000)
    assert order == ["saved", "backup"]
    settle_window(qtbot, filed)
    assert backup.examine(tmp_path / "新的.boai-backup").counts["training"] == 1
    filed.close()
    filed.deleteLater()


def test_the_second_place_is_reminded_of_after_a_week(
    qtbot: QtBot, filed: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = filed.show_page("settings")
    settle_window(qtbot, filed)
    assert isinstance(page, SettingsPage)
    assert "U 盘" in page.general.second.text()
    monkeypatch.setattr(
        "desktop.pages.system.settings.QFileDialog.getExistingDirectory", lambda *_: str(tmp_path / "U盘")
    )
    monkeypatch.setattr(filed.desk, "now", lambda: dt.datetime(2026, 9, 20, 10, 5))
    page.general.back_up_to_second()
    settle_window(qtbot, filed)
    assert [b.office for b in backup.found_in(tmp_path / "U盘")] == ["安澜县红十字会"]
    assert page.general.second.text() == ""
    monkeypatch.setattr(filed.desk, "now", lambda: dt.datetime(2026, 9, 27, 10, 5))
    page.general.show_backup()
    assert "7 天" in page.general.second.text()
    filed.close()
    filed.deleteLater()


def test_a_broken_backup_is_not_restored(qtbot: QtBot, filed: MainWindow, tmp_path: Path) -> None:
    """It is said before anything is asked; the window and its ledger stay."""
    broken = tmp_path / "坏的.boai-backup"
    broken.write_bytes(b"PK nothing of ours")
    page = filed.show_page("settings")
    settle_window(qtbot, filed)
    assert isinstance(page, SettingsPage)
    told: list[str] = []
    _press(told, "知道了")
    page.general.ask_restore(broken)
    qtbot.waitUntil(lambda: bool(told))
    assert filed.isVisible()
    assert len(list(tmp_path.glob("*.boai-db"))) == 1
    filed.close()


def test_a_new_password_opens(qtbot: QtBot, filed: MainWindow, tmp_path: Path) -> None:
    """Too short and mistyped ones are refused; the new one opens, and the change is in the history."""
    page = filed.show_page("settings")
    assert isinstance(page, SettingsPage)
    dialog = page.general.change_password()
    for first, second, word in (("abcdefg", "abcdefg", "8 个"), ("abcdefgh", "abcdefgi", "不一样")):
        for line, text in zip(dialog.lines, (first, second), strict=True):
            line.setText(text)
        dialog.go.click()
        assert word in dialog.error.text()
    for line in dialog.lines:
        line.setText("abcdefgh")
    dialog.go.click()
    settle_window(qtbot, filed)
    assert filed.toast.words.text().startswith("密码已设置")  # there was none
    again = page.general.change_password()
    for line in again.lines:
        line.setText("abcdefgh")
    again.go.click()
    settle_window(qtbot, filed)
    assert filed.toast.words.text().startswith("密码已更换")
    filed.close()
    filed.deleteLater()
    path = tmp_path / "ledger.boai-db"
    assert vault.examine(path)["has_password"]
    with Store.open(path, "abcdefgh") as store:
        assert "设置密码" in [row["title"] for row in store.query("SELECT title FROM operation")]


def test_a_table_dropped_anywhere_goes_to_the_import(window: MainWindow, settle: Settle, tmp_path: Path) -> None:
    """Over any page; a picture is not taken."""
    table = tmp_path / "花名册.csv"
    table.write_text("姓名,证件号码\n", encoding="utf-8")
    window.show_page("overview")
    for name, taken in (("花名册.csv", True), ("照片.png", False)):
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(tmp_path / name))])
        place = QPointF(600, 300)
        entered = QDragEnterEvent(
            place.toPoint(), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        )
        entered.ignore()
        QApplication.sendEvent(window, entered)
        assert entered.isAccepted() is taken
        if taken:
            dropped = QDropEvent(
                place, Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
            )
            QApplication.sendEvent(window, dropped)
            settle()
            assert window.desk.key == "import"
            assert window.pages["import"].name == "花名册.csv"  # type: ignore[attr-defined]


def test_the_history_says_who(window: MainWindow, page: SettingsPage, settle: Settle) -> None:
    """The name set here stands beside what is done from now on; without one it is the computer account's."""
    assert window.desk.operator
    page.general.who.setEditText("周敏")
    page.general._name()
    settle()
    window.jobs.write("改一处", lambda store: store.save(STAFF, {"name": "吴芳", "role": "reviewer"}))
    settle()
    history = window.show_page("history")
    settle()
    model = history.model  # type: ignore[attr-defined]
    assert [model.index(0, c).data() for c in range(2)] == ["改一处", "周敏"]
    window.show_page("settings")
    settle()
    assert [page.general.who.itemText(i) for i in range(page.general.who.count())] == ["吴芳"]
