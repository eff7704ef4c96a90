"""What every test shares: a data folder of its own, and no screen."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from hypothesis import settings

from db.storage import vault
from db.storage.store import Store
from desktop.services.system_libraries import missing_packages, told

settings.register_profile("steady", deadline=None, max_examples=25)  # a slow machine never turns a run red
settings.load_profile("steady")


def pytest_configure() -> None:
    """Name what Qt would miss, instead of letting it abort in the middle of the run."""
    if packages := missing_packages(on_screen=False):
        pytest.exit(told(packages), returncode=2)


@pytest.fixture(scope="session", autouse=True)
def _memory_made_once() -> Iterator[None]:
    """A ledger in memory begins as a copy of one that was brought up to date once: that takes longer than most tests."""
    with Store.memory() as first, pytest.MonkeyPatch.context() as patch:

        def copied() -> Store:
            db = vault.open_memory()
            first.db.conn.backup(db.conn)
            return Store(db)

        patch.setattr(Store, "memory", staticmethod(copied))
        yield


@pytest.fixture(autouse=True)
def _own_data_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test touches the ledger or the keys of whoever runs it."""
    monkeypatch.setenv("BOAI_DATA", str(tmp_path_factory.mktemp("boai-data")))
    monkeypatch.delenv("BOAI_PASSWORD", raising=False)


@pytest.fixture
def store() -> Iterator[Store]:
    """An empty ledger in memory."""
    with Store.memory() as made:
        yield made


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """The path of a new, empty, encrypted ledger without a password."""
    path = tmp_path / "台账.boai-db"
    Store.create(path)[0].close()
    return path
