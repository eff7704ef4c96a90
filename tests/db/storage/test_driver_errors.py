"""A disk that fails outside an operation: in words as well, and of the driver's kind for whoever knows more."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver

from db.errors import DiskTrouble, InUse
from db.records.entities import TOWNSHIP
from db.storage import vault
from db.storage.driver_errors import translate
from db.storage.store import Store
from db.tasks.backup import back_up_before


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A ledger with something in its write-ahead log."""
    monkeypatch.setenv("BOAI_DATA", str(tmp_path / "data"))
    made, _ = Store.create(tmp_path / "ledger.boai-db")
    for number in range(40):
        with made.operation("新增"):
            made.save(TOWNSHIP, {"name": f"第{number}镇" + "甲" * 900})
    return made


@pytest.mark.skipif(sys.platform == "win32", reason="a limit on the size of files")
@pytest.mark.parametrize("act", [
    lambda store: store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone(), lambda store: back_up_before(store, "导入"),
])  # fmt: skip
def test_a_full_disk_before_an_operation_is_a_sentence(store: Store, act: Callable[[Store], object]) -> None:
    """The log does not go back into the file: an import's backup is asked for outside any operation."""
    import resource
    import signal

    assert store.path is not None
    before, soft = store.count(TOWNSHIP), resource.getrlimit(resource.RLIMIT_FSIZE)
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (store.path.stat().st_size, soft[1]))
        with pytest.raises(DiskTrouble) as told:
            act(store)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, soft)
        signal.signal(signal.SIGXFSZ, old)
    assert "磁盘" in str(told.value)
    store.close()
    with Store.open(store.path) as again:
        assert again.count(TOWNSHIP) == before


def test_what_is_held_elsewhere_is_a_sentence(store: Store) -> None:
    """Whoever catches the driver's kind still does, and the sentence comes through a second translation."""
    assert store.path is not None
    assert store.secret is not None
    other = vault._connect(store.path, store.secret, "rw")
    store.db.execute("PRAGMA busy_timeout = 1")
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(InUse) as told:
            store.db.execute("BEGIN IMMEDIATE")
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert isinstance(told.value, driver.OperationalError)
    assert isinstance(translate(told.value), InUse)
    store.close()
