"""A window over a small office in memory; every window is closed at the end of its test."""

import datetime as dt
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ["QT_QPA_PLATFORM"] = "offscreen"
if os.name == "nt":  # this platform does not ask Windows for its fonts, and warns where it finds none
    os.environ.setdefault("QT_QPA_FONTDIR", str(Path(os.environ.get("WINDIR", r"C:\Windows"), "Fonts")))

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db.records.entities import FUND_ENTRY, MEMBERSHIP, OFFICE, TEAM, TRAINING, VOLUNTEER
from db.records.identity import check_digit
from db.storage.store import Store
from desktop.shell.desk import Desk
from desktop.shell.theme import Theme
from desktop.window.app import application, build
from desktop.window.window import MainWindow

TODAY = dt.date(2026, 9, 21)
Settle = Callable[[], None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The offscreen platform warns of what a screen would do; that is no fault of ours."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support", extend=True))


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """The application, made the way the program makes it."""
    return application()


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path) -> None:
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path / "settings"))


def id_number(serial: int, birth: str = "19880412") -> str:
    """An invented resident number with a right check character."""
    body = f"990123{birth}{serial:03d}"
    return body + check_digit(body)


def fill(store: Store) -> None:
    """An office with two teams and four people, two of them of one name."""
    with store.operation("测试数据"):
        for item, content in (("name", "安澜县红十字会"), ("level", "县级")):
            store.save(OFFICE, {"item": item, "content": content})
        teams = [
            store.save(TEAM, _whole(TEAM, name=name, managing_org="安澜县红十字会", primary_domain=domain,
                                    established_on="2019-06-12"))
            for name, domain in (("水上救援队", "emergency_rescue"), ("无偿献血队", "blood_donation"))
        ]  # fmt: skip
        for i, name in enumerate(("张雪梅", "王建国", "曾乐", "王建国")):
            person = store.save(
                VOLUNTEER,
                _whole(VOLUNTEER, name=name, id_type="resident_id", id_number=id_number(20 + i), sex="female",
                       birth_date="1988-04-12", phone=f"1390000{i}275", registered_on=f"2020-0{i + 1}-05"),
            )  # fmt: skip
            store.save(
                MEMBERSHIP, _whole(MEMBERSHIP, team_id=teams[i % 2], volunteer_id=person, joined_on="2021-01-01")
            )
        store.save(TRAINING, _whole(TRAINING, code="PX01", name="应急救护培训", category="first_aid",
                                    start_on="2026-08-01", class_minutes=480))  # fmt: skip
        for direction, fen in (("income", 500000), ("expense", 123450)):
            store.save(FUND_ENTRY, _whole(FUND_ENTRY, entry_on="2026-07-10", direction=direction, category="办公",
                                          amount_fen=fen, summary="测试"))  # fmt: skip


def _whole(entity: Any, **values: Any) -> dict[str, Any]:
    return dict.fromkeys(entity.by_name) | values


def settle_desk(qtbot: QtBot, desk: Desk) -> None:
    """Wait until nothing is queued."""
    qtbot.waitUntil(lambda: desk.jobs.waiting == 0, timeout=20_000)
    QApplication.processEvents()
    qtbot.waitUntil(lambda: desk.jobs.waiting == 0, timeout=20_000)


def settle_window(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until nothing is queued."""
    settle_desk(qtbot, window.desk)


@pytest.fixture
def on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Attachments and packages need a ledger on disk: the window's store is made there."""
    monkeypatch.setattr(Store, "memory", staticmethod(lambda: Store.create(tmp_path / "台账.boai-db")[0]))
    monkeypatch.setenv("BOAI_DATA", str(tmp_path / "data"))
    return tmp_path


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot) -> Iterator[MainWindow]:
    """The window, shown, with everything loaded."""
    store = Store.memory()
    fill(store)
    made = build(None, store=store, theme=Theme(), today=TODAY)
    made._may_lose = lambda labels: True  # type: ignore[method-assign]
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    settle_window(qtbot, made)
    yield made
    if not made.jobs._thread.isFinished():
        settle_window(qtbot, made)
    made.close()
    made.deleteLater()
    QApplication.sendPostedEvents()
    QApplication.processEvents()


@pytest.fixture
def desk(qapp: QApplication, qtbot: QtBot) -> Iterator[Desk]:
    """A desk over the same office, and no window."""
    store = Store.memory()
    fill(store)
    theme = Theme()
    theme.apply()
    made = Desk(store, theme, TODAY)
    settle_desk(qtbot, made)
    yield made
    made.jobs.stop()
    made.deleteLater()
    QApplication.sendPostedEvents()
    QApplication.processEvents()


@pytest.fixture
def settle(window: MainWindow, qtbot: QtBot) -> Settle:
    """Wait until the window has nothing to do."""
    return lambda: settle_window(qtbot, window)
