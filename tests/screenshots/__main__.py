"""Pictures of every page, to be looked at: ``python -m tests.screenshots.__main__ OUT [options]``.

--data FILE         a ledger of your own; otherwise the example office of `boai demo`
--empty             a new office without any data
--people N          an invented office of N volunteers
--pages a,b,c       only these pages (the keys of `desktop.window.navigation`)
--sizes 1366x689,…  window sizes in logical pixels (both of the usual ones if none is named)
--looks light,dark,large   the theme, and the font at 125 % (light and dark if none is named)
--forms             with the form of each list open as well
--dialogs           what opens over the pages, every tab and the steps of an import (instead of the pages)
"""

import argparse
import datetime as dt
import os
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from desktop.pages import BY_KEY
from desktop.records.record_page import EntityPage
from desktop.services.example import QUARTER, make_demo
from desktop.shell.theme import Theme
from desktop.window.app import application, build
from desktop.window.window import MainWindow

SIZES = "1366x689,1280x620"


def settle(window: MainWindow, seconds: float = 0.3) -> None:
    """Wait until nothing is queued, and a moment longer; the window goes on drawing meanwhile."""
    loop = QEventLoop()
    watch = QTimer()
    watch.timeout.connect(lambda: window.jobs.waiting or loop.quit())
    watch.start(20)
    QTimer.singleShot(120_000, loop.quit)
    loop.exec()
    watch.stop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()


def shoot(window: MainWindow, folder: Path, name: str) -> None:
    """Keep a picture of the window."""
    window.grab().save(str(folder / f"{name}.png"))


def tour(window: MainWindow, folder: Path, mark: str, wanted: set[str], forms: bool) -> None:
    """Take a picture of each page, and of its form where asked for."""
    for key in BY_KEY:
        if wanted and key not in wanted:
            continue
        page = window.show_page(key)
        settle(window, 0.8 if key == "reports" else 0.3)
        window.toast.hide()
        shoot(window, folder, f"{mark}-{key}")
        if forms and isinstance(page, EntityPage):
            pane = page.pane
            pane.add()
            settle(window)
            shoot(window, folder, f"{mark}-{key}-form")
            pane.close_form()


def show_dialogs(window: MainWindow, out: Path, mark: str, folder: Path) -> None:
    """Take a picture of everything that opens over the pages."""
    from tests.screenshots.dialogs import opened

    kept = []  # until all are taken: what a job still tells of must be there
    for name, widget in opened(window, folder, settle):
        if widget is not window:
            widget.show()
        settle(window)
        window.toast.hide()
        kept.append(widget)
        widget.grab().save(str(out / f"{mark}-{name}.png"))
        if widget is not window:
            widget.hide()


def _ledger(options: argparse.Namespace, folder: Path) -> Path:
    if options.data:
        return Path(options.data)
    if options.empty:
        from desktop.window.opening import create_office

        store, _ = create_office(folder / "empty.boai-db", "安澜县红十字会", "县级", None)
        store.close()
        return folder / "empty.boai-db"
    if options.people:
        from tests.offices.large import make

        return make(folder / "large.boai-db", options.people)
    return make_demo(folder, dt.date(2026, 9, 21))


def main() -> None:
    """Take all pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--data")
    parser.add_argument("--empty", action="store_true")
    parser.add_argument("--people", type=int)
    parser.add_argument("--pages", default="")
    parser.add_argument("--sizes", default=SIZES)
    parser.add_argument("--looks", default="light,dark")
    parser.add_argument("--forms", action="store_true")
    parser.add_argument("--dialogs", action="store_true")
    options = parser.parse_args()
    application()
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        if not options.data:
            os.environ["BOAI_DATA"] = str(Path(folder, "data"))
        path = _ledger(options, Path(folder))
        for look in options.looks.split(","):
            window = build(path, theme=Theme(dark=look == "dark", zoom=125 if look == "large" else 100))
            window.desk.set_quarter(QUARTER)
            window.show()
            for size in options.sizes.split(","):
                wide, high = (int(n) for n in size.split("x"))
                window.resize(wide, high)
                mark = f"{look}-{wide}"
                if options.dialogs:
                    show_dialogs(window, options.out, mark, Path(folder))
                else:
                    tour(window, options.out, mark, set(filter(None, options.pages.split(","))), options.forms)
            window.close()
            window.deleteLater()
            QApplication.processEvents()


if __name__ == "__main__":
    main()
