"""Whether garbage is looked for while very many rows are judged."""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Iterator[None]:
    """Judging makes millions of small objects that all live on: looking for garbage among them is a fifth of the time.

    In the window this runs beside the main thread, and when to collect is not ours to say there: it is left alone.
    """
    ours = gc.isenabled() and threading.current_thread() is threading.main_thread()
    if ours:
        gc.disable()
    try:
        yield
    finally:
        if ours:
            gc.enable()
