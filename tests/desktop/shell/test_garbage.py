"""Circular garbage is collected, and never by the job thread."""

import gc
import threading
import weakref
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop.shell.garbage import MANY, QUIET, Collector
from desktop.window.window import MainWindow
from tests.desktop.conftest import Settle


class _Ring:
    """Two of these hold each other."""

    other: Any = None


def _ring() -> weakref.ref[_Ring]:
    one, two = _Ring(), _Ring()
    one.other, two.other = two, one
    return weakref.ref(one)


def test_the_collector_collects_what_is_due(qapp: QApplication) -> None:
    """The automatic collection is off; a ring goes when its generation is due, and not before."""
    (collector,) = [c for c in qapp.children() if isinstance(c, Collector)]
    assert not gc.isenabled()
    gc.collect()
    ring = _ring()
    assert collector.look() is None
    assert ring() is not None
    kept = [[] for _ in range(collector.thresholds[0] + 50)]  # type: ignore[var-annotated]
    assert collector.look() is not None
    assert ring() is None
    del kept


def test_a_long_read_is_put_aside(qapp: QApplication) -> None:
    """Its data is not gone over again and again; it goes as soon as nobody holds it, and rings made later go too."""
    (collector,) = [c for c in qapp.children() if isinstance(c, Collector)]
    gc.collect()
    data = [_Ring() for _ in range(MANY + 1000)]
    gone = weakref.ref(data[5])
    try:
        assert collector.look() is None
        assert gc.get_freeze_count() > MANY
        del data
        assert gone() is None
        ring = _ring()
        gc.collect()
        assert ring() is None
    finally:
        gc.unfreeze()


@pytest.mark.parametrize("quiet", [False, True])
def test_what_was_put_aside_is_tidied_up(qapp: QApplication, quiet: bool) -> None:
    """A ring that was there when a long read was put aside goes with the program's turn to the background, or after a
    minute in which nothing was done; what is in use stays aside.
    """
    (collector,) = [c for c in qapp.children() if isinstance(c, Collector)]
    gc.collect()
    data = [_Ring() for _ in range(MANY + 1000)]
    ring = _ring()
    try:
        assert collector.look() is None
        assert gc.get_freeze_count() > MANY
        gc.collect()
        assert ring() is not None
        if quiet:
            for _ in range(QUIET + 10):
                collector.look()
        else:
            qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
        assert ring() is None
        assert gc.get_freeze_count() > MANY
        assert len(data) > MANY
    finally:
        gc.unfreeze()


def test_the_job_thread_never_collects(window: MainWindow, settle: Settle) -> None:
    """However much it makes."""
    threads: set[str] = set()

    def note(phase: str, info: dict[str, int]) -> None:
        threads.add(threading.current_thread().name)

    gc.callbacks.append(note)
    window.jobs.read(lambda store: [[i] for i in range(200_000)])
    settle()
    gc.callbacks.remove(note)
    assert threads <= {threading.main_thread().name}
