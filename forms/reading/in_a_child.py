"""A parser that is not ours, in a process of its own: it may use so much time and memory, and it may die alone.

The child gets the file through a pipe and answers with plain values, or with one word that says why it cannot.
"""

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

from forms.reading import windows_job
from forms.reading.table import Tick

SECONDS = 20
MEMORY = 1024 * 1024 * 1024
# The words of a child that has no answer.
BROKEN, BIG, LOCKED, SLOW = "broken", "big", "locked", "slow"


def answer_of(read: Callable[[bytes], Any], content: bytes, tick: Tick) -> Any:
    """Return what `read` answers of a file, or one of the words above; `read` is a plain function of a module."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    child = spawn.Process(target=_child, args=(theirs, read), daemon=True)
    with _main_left_alone():
        child.start()
    theirs.close()
    try:
        ours.send_bytes(content)
        for _ in range(SECONDS * 5):
            if ours.poll(0.2):
                return ours.recv()
            tick()
        return SLOW
    except (EOFError, OSError):
        return BROKEN  # the child is gone
    finally:
        ours.close()
        child.join(1)
        if child.is_alive():
            child.kill()
            child.join()


_starting = threading.Lock()


@contextmanager
def _main_left_alone() -> Iterator[None]:
    """Start a child that does not run the program's own main module again: it needs nothing of it."""
    main = sys.modules["__main__"]
    hidden = {name: getattr(main, name, None) for name in ("__spec__", "__file__")}
    with _starting:
        try:
            main.__spec__ = None
            main.__dict__.pop("__file__", None)
            yield
        finally:
            for name, value in hidden.items():
                if value is not None:
                    setattr(main, name, value)


def _child(pipe: Connection, read: Callable[[bytes], Any]) -> None:
    """The other process: read, answer, end."""
    _limit_memory()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # a parser that panics writes pages there
    try:
        answer = read(pipe.recv_bytes())
    except MemoryError:
        answer = BIG
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        answer = BROKEN
    pipe.send(answer)
    pipe.close()


def _limit_memory() -> None:
    """Take no more memory than agreed."""
    if sys.platform == "win32":
        windows_job.hold_self(MEMORY)
    else:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
