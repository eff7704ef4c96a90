"""What is made before it is asked for, piece by piece while there is nothing else to do: then it opens at once."""

import gc
from collections.abc import Callable
from importlib import import_module

from PySide6.QtCore import QTimer

from db.storage.store import Store
from desktop.pages import BY_KEY
from desktop.shell.desk import Desk
from desktop.shell.page import Page

_PAUSE = 150  # milliseconds between two pieces


def prepare(desk: Desk, pages: dict[str, Page], make: Callable[[str], Page]) -> None:
    """Load what writes and fills, then make every page that was not looked at yet."""
    import_module("desktop.shell.printing")  # with Qt's part of it, which the main thread loads
    desk.jobs.read(_load, lambda _: _make(desk, pages, make), later=True)


def _load(store: Store) -> None:
    """Load what the pages want at their first use, which takes longer than to make the pages."""
    for name in ("desktop.services.templates", "desktop.services.reporting", "forms.template.view", "forms.papers"):
        import_module(name)


def _make(desk: Desk, pages: dict[str, Page], make: Callable[[str], Page]) -> None:
    key = next((key for key in BY_KEY if key not in pages), None)
    go_on = desk.jobs.waiting or (key is not None and make(key))
    if go_on or any(page.prepare() for page in pages.values()):
        QTimer.singleShot(_PAUSE, desk, lambda: _make(desk, pages, make))
    else:
        gc.freeze()  # the pages stay: garbage is looked for among what is made from now on
