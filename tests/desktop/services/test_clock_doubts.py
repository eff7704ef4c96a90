"""A clock that cannot be right is noticed and said, by window and command line; nothing is blocked."""

import datetime as dt
from pathlib import Path

import pytest

from db.storage.store import Store
from desktop.__main__ import main
from desktop.cli import clock
from desktop.services.clock_doubts import clock_doubt
from desktop.shell.desk import Desk as WindowDesk
from desktop.window.app import notices
from tests.offices.small import Desk


def test_a_clock_before_the_last_change() -> None:
    """Ten minutes are let pass; an hour is not."""
    with Store.memory() as store:
        assert clock_doubt(store, dt.datetime(1999, 1, 1)) is None  # a new ledger knows nothing
        Desk(store)
        now = dt.datetime.now()
        assert clock_doubt(store, now) is None
        assert clock_doubt(store, now - dt.timedelta(minutes=5)) is None
        said = clock_doubt(store, now - dt.timedelta(hours=1))
        assert said is not None
        assert "早于台账最后一次改动" in said


def test_a_clock_far_before_the_ledgers_days() -> None:
    """What happened a year ahead, and a beginning a year ahead; a month is no doubt, and plans may lie ahead."""
    ahead = (dt.datetime.now() + dt.timedelta(days=400)).date()
    for days, doubtful in ((20, False), (400, True)):
        with Store.memory() as store:
            desk = Desk(store)
            team = desk.team()
            desk.activity(ahead.isoformat(), "明年的宣传")
            assert clock_doubt(store, dt.datetime.now()) is None
            day = (dt.datetime.now() + dt.timedelta(days=days)).date().isoformat()
            desk.add("service_record", volunteer_id=desk.person(), team_id=team, served_on=day, service_minutes=60)
            said = clock_doubt(store, dt.datetime.now())
            assert (said is not None) is doubtful
            assert said is None or day in said
    with Store.memory() as store:
        desk = Desk(store)
        desk.add("office", item="ledger_started_on", content=ahead.isoformat())
        said = clock_doubt(store, dt.datetime.now())
        assert said is not None
        assert "早于台账的起点" in said


def test_window_and_command_line_say_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On stderr, the figures still on stdout; in the window among the notices at its start."""
    path = tmp_path / "x.boai-db"
    with Store.create(path)[0] as store:
        Desk(store)
    monkeypatch.setattr(clock, "now", lambda: dt.datetime(2009, 1, 1, 8, 0))
    monkeypatch.setattr(WindowDesk, "now", staticmethod(lambda: dt.datetime(2009, 1, 1, 8, 0)))
    assert main(["figures", "2026Q3", "--db", str(path)]) == 0
    out, err = capsys.readouterr()
    assert "2009-01-01 08:00" in err
    assert "时钟" not in out
    with Store.open(path) as store:
        assert any("2009-01-01 08:00" in words for words in notices(store))
