"""Pictures of every page, to be looked at: ``python -m tests.screenshots OUTDIR [DATA_FILE] [PAGE…]``.

Without a data file the example office of `boai demo` is made in a temporary folder.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from desktop.app import application, build
from desktop.demo import QUARTER, make_demo
from desktop.pages.navigation import NAVIGATION
from desktop.theme import Theme
from desktop.window import MainWindow

SIZES = ((1366, 689), (1280, 620))


def settle(window: MainWindow, seconds: float = 0.3) -> None:
    """Wait until nothing is queued and a moment longer."""
    end = time.monotonic() + 30
    while window.jobs.waiting and time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.01)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.01)


def shoot(window: MainWindow, folder: Path, name: str) -> None:
    """Keep a picture of the window."""
    settle(window)
    window.grab().save(str(folder / f"{name}.png"))


def tour(window: MainWindow, folder: Path, size: tuple[int, int], mode: str, wanted: set[str]) -> None:
    """Take a picture of each page, and of forms and results."""
    window.resize(*size)
    window.show()
    mark = f"{mode}-{size[0]}"
    for key, _, _, _, records in NAVIGATION:
        if wanted and key not in wanted:
            continue
        page = window.show_page(key)
        settle(window, 0.8 if key == "reports" else 0.3)
        shoot(window, folder, f"{mark}-{key}")
        if records:
            pane = page.pane
            if pane.model.rowCount() > 2:
                pane.view.selectRow(2)
                pane.edit()
            else:
                pane.add()
            shoot(window, folder, f"{mark}-{key}-form")
            pane.close_form()
    window.toast.hide()


def main() -> None:
    """Take all pictures."""
    application()
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    rest = sys.argv[2:]
    if rest and Path(rest[0]).is_file():
        path = Path(rest.pop(0))
    else:
        path = make_demo(Path(tempfile.mkdtemp()))
    for mode in ("light", "dark"):
        window = build(path, theme=Theme(dark=mode == "dark"))
        window.set_quarter(QUARTER)
        for size in SIZES:
            tour(window, folder, size, mode, set(rest))
        window.close()
        window.deleteLater()
        QApplication.processEvents()


if __name__ == "__main__":
    main()
