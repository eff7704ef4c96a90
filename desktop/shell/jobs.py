"""The one thread that owns the open ledger: work goes in, plain values come back to the main thread.

Work gets the store and returns plain values; it touches no widget. The main thread never has the connection.
"""

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from queue import PriorityQueue
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot

from db.errors import Cancelled, DiskTrouble, UserError
from db.records.entities import BY_NAME
from db.storage.keys import Secret
from db.storage.store import Operation, Store

ALL_TABLES = frozenset(BY_NAME)
_PIECE = 1000  # so many rows of a list are let go at once
Work = Callable[[Store], Any]
Then = Callable[[Any], None]


@dataclass(frozen=True)
class Memory:
    """What Ctrl+Z and Ctrl+Y would do now: titles, or None."""

    undo: str | None = None
    redo: str | None = None


@dataclass(eq=False)
class _Job:
    work: Work
    then: Then | None
    title: str | None  # an operation of this name is put around the work
    changes: bool  # the work changes rows in operations of its own
    failed: Callable[[Exception], None] | None
    key: object = None  # of several that wait under one key, only the last is run
    dropped: bool = False


@dataclass
class _Outcome:
    job: _Job
    value: Any = None
    error: Exception | None = None
    trace: str = ""
    touched: frozenset[str] = frozenset()
    memory: Memory | None = None


class _Thread(QThread):
    """Takes jobs from a queue, one after another, until it is given None."""

    done = Signal(object)

    def __init__(self, store: Store, parent: QObject) -> None:
        super().__init__(parent)
        self.store = store
        self.queue: PriorityQueue[tuple[int, int, _Job | None]] = PriorityQueue()

    def run(self) -> None:
        """Work until told to stop, then close the file."""
        while (job := self.queue.get()[2]) is not None:
            self.done.emit(_Outcome(job) if job.dropped else self._do(job))
        self.store.close()

    def _do(self, job: _Job) -> _Outcome:
        outcome = _Outcome(job)
        try:
            if job.title is not None:
                with self.store.operation(job.title) as operation:
                    outcome.value = job.work(self.store)
                outcome.touched = operation.touched
            else:
                outcome.value = job.work(self.store)
                if job.changes:
                    value = outcome.value
                    outcome.touched = value.touched if isinstance(value, Operation) else ALL_TABLES
        except Exception as error:  # every failure travels to the main thread, which knows what to do with it
            outcome.error, outcome.trace = error, traceback.format_exc(chain=False)
        if job.title is not None or job.changes:
            outcome.memory = self._memory()
        return outcome

    def _memory(self) -> Memory:
        undo, redo = self.store.undoable(), self.store.redoable()
        return Memory(undo[1] if undo else None, redo[1] if redo else None)


class _Beside(QThread):
    """Does one thing that needs no open store."""

    done = Signal(object)

    def __init__(self, job: _Job, work: Callable[[], Any], parent: QObject) -> None:
        super().__init__(parent)
        self._job, self._work = job, work

    def run(self) -> None:
        """Work, and hand on what came of it."""
        outcome = _Outcome(self._job)
        try:
            outcome.value = self._work()
        except Exception as error:  # as above
            outcome.error, outcome.trace = error, traceback.format_exc(chain=False)
        self.done.emit(outcome)


class Jobs(QObject):
    """Queues reads and writes, and tells the pages what changed."""

    data_changed = Signal(frozenset)  # names of the tables that a write touched
    written = Signal(str)  # the title of an operation that went in
    not_written = Signal()  # the disk did not take a change
    remembered = Signal(object)  # Memory
    failed = Signal(object)  # an exception that no caller took
    progressed = Signal(int, int)  # done, total: sent by long work through `report`
    busy = Signal()  # something was asked for that a person waits for
    idle = Signal()

    def __init__(self, store: Store, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.waiting = 0
        self.store_path, self.secret = store.path, store.secret  # None in memory
        self._beside: list[_Beside] = []
        self._cancelled = self._stopped = False
        self._number = 0  # of the last job: those of one rank are done in their order
        self._later: list[_Job] = []
        self._by_key: dict[object, _Job] = {}
        self._thread = _Thread(store, self)
        self._thread.done.connect(self._finish, Qt.ConnectionType.QueuedConnection)
        self._thread.start()
        self.change(lambda store: Operation(None, ""))  # what can be undone from earlier sessions

    def know_secret(self, secret: Secret) -> None:
        """Know the secret that opens the ledger from now on: it was given another."""
        self.secret = secret

    def read(
        self, work: Work, then: Then | None = None, failed: Callable[[Exception], None] | None = None, *,
        later: bool = False, key: object = None,
    ) -> None:  # fmt: skip
        """Run `work` off the main thread and hand its value to `then` on the main thread.

        `later`: everything else goes first. Of several reads that wait under one `key`, only the last is run.
        """
        self._put(_Job(work, then, None, False, failed, key), later)

    def write(
        self, title: str, work: Work, then: Then | None = None, failed: Callable[[Exception], None] | None = None
    ) -> None:
        """Run `work` inside one operation of this title: one line in the log, one step of undo."""
        self._put(_Job(work, then, title, True, failed))

    def change(self, work: Work, then: Then | None = None, failed: Callable[[Exception], None] | None = None) -> None:
        """Run work that opens its own operation (undo, redo, import)."""
        self._put(_Job(work, then, None, True, failed))

    def beside(
        self, work: Callable[[], Any], then: Then | None = None, failed: Callable[[Exception], None] | None = None
    ) -> None:
        """Run `work`, which opens what it needs itself, while everything else goes on: a backup.

        After `stop` nothing is begun: its thread would outlive the program.
        """
        if self._stopped:
            return
        self._beside = [thread for thread in self._beside if not thread.isFinished()]
        thread = _Beside(_Job(lambda store: None, then, None, False, failed), work, self)
        thread.done.connect(self._finish, Qt.ConnectionType.QueuedConnection)
        self._beside.append(thread)
        self.waiting += 1
        self.busy.emit()
        thread.start()

    def undo(self, operation_id: int | None = None, then: Then | None = None) -> None:
        """Take back an operation, by default the last."""
        self.change(lambda store: store.undo(operation_id), then)

    def redo(self, then: Then | None = None) -> None:
        """Do again what was undone last."""
        self.change(lambda store: store.redo(), then)

    def let_go(self, *lists: list[Any]) -> None:
        """Empty long lists that nobody needs any more, piece by piece: all at once would hold the window up."""

        def work(store: Store) -> None:
            for held in lists:
                while held:
                    del held[-_PIECE:]

        self.read(work, later=True)

    def report(self, done: int, total: int) -> None:
        """Called by long work on its own thread: shows how far it is; raises `Cancelled` once `cancel` was called."""
        if self._cancelled:
            raise Cancelled("已取消，没有写入任何内容")
        self.progressed.emit(done, total)

    def cancel(self) -> None:
        """Ask the long work that runs to stop; it rolls back whole."""
        self._cancelled = True

    def stop(self) -> None:
        """Finish what is queued, close the file and end the thread."""
        self._stopped = True
        for thread in self._beside:
            thread.wait()
        if self._thread.isRunning():
            for job in self._later:
                job.dropped = True
            self._thread.queue.put((2, 0, None))
            self._thread.wait()

    def _put(self, job: _Job, later: bool = False) -> None:
        self.waiting += 1
        self._cancelled = False
        if job.key is not None:
            if (older := self._by_key.get(job.key)) is not None:
                older.dropped = True
            self._by_key[job.key] = job
        if later:
            self._later.append(job)
        self._number += 1
        self._thread.queue.put((int(later), self._number, job))
        if not later:
            self.busy.emit()

    @Slot(object)
    def _finish(self, outcome: _Outcome) -> None:
        self.waiting -= 1
        job = outcome.job
        if job in self._later:
            self._later.remove(job)
        if job.key is not None and self._by_key.get(job.key) is job:
            del self._by_key[job.key]
        if outcome.memory is not None:
            self.remembered.emit(outcome.memory)
        if outcome.error is not None:
            outcome.error.__notes__ = [outcome.trace]
            if isinstance(outcome.error, DiskTrouble) and (job.changes or job.title is not None):
                self.not_written.emit()
            if job.failed is not None and isinstance(outcome.error, UserError) and _alive(job.failed):
                job.failed(outcome.error)
            else:
                self.failed.emit(outcome.error)
        elif not job.dropped:
            if outcome.touched and job.title:
                self.written.emit(job.title)  # first: what the one who asked says of it is said last and stays
            if job.then is not None and _alive(job.then):
                job.then(outcome.value)
            if outcome.touched:
                self.data_changed.emit(outcome.touched)
        if self.waiting <= len(self._later):  # what is left nobody waits for
            self.idle.emit()


def _alive(call: Callable[..., None]) -> bool:
    """Tell whether the widget that a callback belongs to is still there."""
    owner = getattr(call, "__self__", None)
    return not isinstance(owner, QObject) or shiboken6.isValid(owner)
