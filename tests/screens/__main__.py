"""Look at every page, tab and dialog at every size: ``python -m tests.screens [options]``.

--sizes 1366x689@125,…  window sizes in pixels with the zoom in percent (all if none is named)
--looks light,dark      the look (both)
--pages a,b             only these pages
--no-dialogs            pages and tabs alone
--pictures FOLDER       keep a picture of every screen, under the name that the list of flaws has

1920×1040 and 2560×1400 are what a screen of 1920×1080 or 2560×1440 leaves above the taskbar, 1366×689 what one of
1366×768 leaves below the title bar too; 1280×620 is 1920×1080 at 150 % of Windows, 900×500 the smallest window.

Every flaw is written as ``size look screen  kind  where``; the exit code tells whether there were any.
"""

import argparse
import datetime as dt
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication, QTabBar, QWidget

from desktop.pages import BY_KEY
from desktop.records.record_page import EntityPage
from desktop.services.example import QUARTER, make_demo
from desktop.shell.theme import Theme
from desktop.window.app import application, build
from desktop.window.window import MainWindow
from tests.screens.looking import Flaw, flaws
from tests.screenshots.__main__ import settle

SIZES = "900x500@100,1280x620@100,1366x689@100,1366x689@125,1366x689@150,1920x1040@100,2560x1400@100"


def tour(window: MainWindow, pages: set[str]) -> Iterator[tuple[str, QWidget]]:
    """Show one page and tab after another, each with its form where it has one; yield its name and what to look at."""
    for key in BY_KEY:
        if pages and key not in pages:
            continue
        page = window.show_page(key)
        settle(window, 0.05)
        window.toast.hide()
        tabs = [bar for bar in page.findChildren(QTabBar) if bar.isVisible() and bar.count() > 1]
        if not tabs:
            yield key, window
        for bar in tabs[:1]:
            for place in range(bar.count()):
                bar.setCurrentIndex(place)
                settle(window, 0.05)
                window.toast.hide()
                yield f"{key}-{place}", window
            bar.setCurrentIndex(0)
        if type(page) is EntityPage or key in ("volunteer", "membership", "work"):
            assert isinstance(page, EntityPage)
            page.pane.add()
            settle(window, 0.05)
            yield f"{key}-form", window
            page.pane.close_form()
            window.toast.hide()


def dialogs(window: MainWindow, folder: Path) -> Iterator[tuple[str, QWidget]]:
    """Open every dialog over the window, no larger than what there is."""
    from tests.screenshots.dialogs import opened

    kept = []
    for name, widget in opened(window, folder, lambda w: settle(w, 0.05)):
        if widget is not window:
            widget.show()
        settle(window, 0.05)
        window.toast.hide()
        kept.append(widget)
        yield name, widget
        if widget is not window:
            widget.hide()


def look(
    window: MainWindow, mark: str, folder: Path, pages: set[str], with_dialogs: bool, pictures: Path | None
) -> list[tuple[str, Flaw]]:
    """Return the flaws of every screen at the window's size, each with its mark."""
    found: list[tuple[str, Flaw]] = []
    for name, widget in _all(window, folder, pages) if with_dialogs else tour(window, pages):
        QApplication.processEvents()  # what came in last is laid out before anybody sees it
        halves = widget is window and window.width() >= 1920
        page = window.desk.page if halves and isinstance(window.desk.page, QWidget) else None
        found += [(f"{mark} {name}", flaw) for flaw in flaws(widget)]
        if page is not None:
            found += [(f"{mark} {name}", flaw) for flaw in flaws(page, halves=True) if flaw.kind == "empty"]
        if pictures is not None:
            pictures.mkdir(parents=True, exist_ok=True)
            widget.grab().save(str(pictures / f"{mark} {name}.png".replace(" ", "_")))
    return found


def _all(window: MainWindow, folder: Path, pages: set[str]) -> Iterator[tuple[str, QWidget]]:
    yield from tour(window, pages)
    yield from dialogs(window, folder)


def main() -> int:
    """Look, and list what is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default=SIZES)
    parser.add_argument("--looks", default="light,dark")
    parser.add_argument("--pages", default="")
    parser.add_argument("--no-dialogs", action="store_true")
    parser.add_argument("--pictures", type=Path)
    options = parser.parse_args()
    application()
    found: list[tuple[str, Flaw]] = []
    with tempfile.TemporaryDirectory() as folder:
        os.environ["BOAI_DATA"] = str(Path(folder, "data"))
        path = make_demo(Path(folder), dt.date(2026, 9, 21))
        for shade in options.looks.split(","):
            for size in options.sizes.split(","):
                (wide, high), zoom = (int(n) for n in size.split("@")[0].split("x")), int(size.split("@")[1])
                window = build(path, theme=Theme(dark=shade == "dark", zoom=zoom), today=dt.date(2026, 11, 29))
                window.desk.set_quarter(QUARTER)
                window.show()
                window.resize(wide, high)
                pages = set(filter(None, options.pages.split(",")))
                with_dialogs = not options.no_dialogs and not pages
                new = look(window, f"{size} {shade}", Path(folder), pages, with_dialogs, options.pictures)
                for mark, flaw in new:
                    print(f"{mark}  {flaw}", flush=True)
                found += new
                window._may_lose = lambda labels: True  # type: ignore[method-assign]
                window.close()
                window.deleteLater()
                QApplication.processEvents()
    print(f"{len(found)} flaws")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
