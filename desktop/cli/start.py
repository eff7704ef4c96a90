"""Starting the window from the command line, where the system has what Qt needs."""

from pathlib import Path

from db.errors import UserError
from db.quarters import Quarter
from desktop.services.system_libraries import missing_packages, told


def open_window(path: Path | None, quarter: Quarter | None = None, taking: Path | None = None) -> int:
    """Open the window, with a file to be taken in; raise `UserError` naming the system's libraries that are missing."""
    if packages := missing_packages(on_screen=True):
        raise UserError(told(packages))
    from desktop.window.app import run  # late: Qt is loaded for the window alone

    return run(path, quarter, taking)
