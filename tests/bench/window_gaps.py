"""How long the window does not answer over a large ledger: ``python -m tests.bench.window_gaps [options]``.

Opens the real window, goes through every page, types in find, sorts, scrolls, chooses everything, opens a form, and
changes a record. After each step it prints the longest time between two ticks of the event loop: what a person would
feel as a hang. The aim is 50 ms. Behind it stands the most processor time that the main thread itself took between two
ticks: on a machine that is busy with other things, that is the figure to go by.

--data FILE     a ledger of your own; otherwise an invented office of --people N volunteers (100,000)
--pages a,b,c   only these pages (the keys of `desktop.window.navigation`)
--where         print where the threads were whenever the main one stood still for longer than 50 ms; this looks into
                running threads, so now and then it ends the program
"""

import argparse
import faulthandler
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from db.records.entities import VOLUNTEER
from desktop.pages import PAGES
from desktop.pages.insurance.insurance import InsurancePage
from desktop.pages.money.funding import FundingPage
from desktop.pages.teams.teams import TeamsPage
from desktop.records.record_list import EntityPane
from desktop.records.record_page import EntityPage
from desktop.shell.theme import Theme
from desktop.window.app import application, build
from desktop.window.window import MainWindow

AIM = 50  # milliseconds
TICK = 5


class Watch(QObject):
    """Ticks, and keeps the longest time between two ticks."""

    def __init__(self, where: bool) -> None:
        super().__init__()
        self.where, self.worst, self._last = where, 0.0, time.perf_counter()
        self.work, self._worked = 0.0, time.thread_time()
        self.over = 0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(TICK)

    def _tick(self) -> None:
        now = time.perf_counter()
        self.worst = max(self.worst, now - self._last)
        worked = time.thread_time()
        self.work = max(self.work, worked - self._worked)
        self._last, self._worked = now, worked
        if self.where:
            faulthandler.dump_traceback_later(AIM / 1000, repeat=True, file=sys.stdout)

    def step(self, window: MainWindow, name: str, act: Callable[[], object], rest: float = 0.3) -> None:
        """Do one thing, wait until nothing is queued and a moment longer, and print the longest gap."""
        _wait(window, 0.1)
        self.worst, self._last = 0.0, time.perf_counter()
        self.work, self._worked = 0.0, time.thread_time()
        if self.where:
            print(f"-- {name}", flush=True)
        QTimer.singleShot(0, window, act)
        _wait(window, rest)
        self._tick()
        gap = self.worst * 1000 - TICK
        self.over += gap > AIM
        print(f"{'  ' if gap <= AIM else '! '}{gap:6.1f} ms, work {self.work * 1000:5.1f} ms  {name}", flush=True)


def _wait(window: MainWindow, seconds: float) -> None:
    loop, quiet = QEventLoop(), QTimer()
    start = [time.perf_counter()]

    def look() -> None:
        if window.jobs.waiting:
            start[0] = time.perf_counter()
        elif time.perf_counter() - start[0] > seconds:
            loop.quit()

    quiet.timeout.connect(look)
    quiet.start(10)
    QTimer.singleShot(120_000, loop.quit)
    loop.exec()
    quiet.stop()


def _list(watch: Watch, window: MainWindow, pane: EntityPane) -> None:
    """What a person does in a list."""
    name, view, bar = pane.entity.label, pane.view, pane.view.verticalScrollBar()
    for typed in ("w", "wa", "王", "王伟", ""):
        watch.step(window, f"{name}: find “{typed}”", lambda typed=typed: pane.toolbar.find_box.setText(typed))
    for order in (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder):
        watch.step(window, f"{name}: sort", lambda order=order: view.sortByColumn(1, order))
    watch.step(window, f"{name}: sort back", lambda: view.sortByColumn(-1, Qt.SortOrder.AscendingOrder))
    for _ in range(3):
        watch.step(window, f"{name}: scroll a page", lambda: bar.setValue(bar.value() + bar.pageStep()), 0.05)
    watch.step(window, f"{name}: scroll to the end", lambda: bar.setValue(bar.maximum()), 0.05)
    watch.step(window, f"{name}: choose all", view.selectAll)
    watch.step(window, f"{name}: choose one", lambda: view.selectRow(0))
    watch.step(window, f"{name}: funnel", lambda: view.open_funnel(1))
    for popup in QApplication.topLevelWidgets():
        if popup.windowType() == Qt.WindowType.Popup:
            popup.close()
    watch.step(window, f"{name}: form", pane.add)
    watch.step(window, f"{name}: close form", pane.close_form)


def _insurance(watch: Watch, window: MainWindow, page: InsurancePage) -> None:
    for made in reversed(page.chips):
        watch.step(window, f"在保情况: {made.text()}", made.click)
    page.chips[-1].click()
    for typed in ("w", "王", ""):
        watch.step(window, f"在保情况: find “{typed}”", lambda typed=typed: page.find_box.setText(typed))
    watch.step(window, "在保情况: tick all", lambda: page.tick(True))
    watch.step(window, "在保情况: untick all", lambda: page.tick(False))
    watch.step(window, "在保情况: a team", lambda: page.team.setCurrentIndex(1))
    watch.step(window, "在保情况: all teams", lambda: page.team.setCurrentIndex(0))


def _teams(watch: Watch, window: MainWindow, page: TeamsPage) -> None:
    for place in (5, 50):
        watch.step(window, "志愿队伍: choose", lambda place=place: page.list.view.selectRow(place))
    for typed in ("d", "第1", ""):
        watch.step(window, f"志愿队伍: find “{typed}”", lambda typed=typed: page.list.find_box.setText(typed))
    watch.step(window, "志愿队伍: plain list", page.show_list)
    watch.step(window, "志愿队伍: back", page.show_cards)


def walk(window: MainWindow, watch: Watch, wanted: set[str]) -> None:
    """Go through the pages."""
    for key, text in ((page.key, page.title) for page in PAGES):
        if wanted and key not in wanted:
            continue
        watch.step(window, f"{text}: open", lambda key=key: window.show_page(key), 1.0)
        page = window.pages[key]
        if isinstance(page, TeamsPage):
            _teams(watch, window, page)
            continue
        if isinstance(page, InsurancePage):
            _insurance(watch, window, page)
        if isinstance(page, EntityPage) and not isinstance(page, FundingPage):
            for place, pane in enumerate(page.panes):
                watch.step(
                    window,
                    f"{pane.entity.label}: tab",
                    lambda n=page.front + place, page=page: page.tabs.setCurrentIndex(n),
                )
                if pane.model.rowCount():
                    _list(watch, window, pane)
    if not wanted or "volunteer" in wanted:
        _change(watch, window)
    watch.step(window, "quarter before", lambda: window.quarters.setCurrentIndex(2), 1.0)
    watch.step(
        window, "find everywhere", lambda: (window.search.start(), window.search.setText("王伟"), window.search.look())
    )


def _change(watch: Watch, window: MainWindow) -> None:
    """Write one person anew, with the lists and 工作台 in memory; take it back."""
    page = window.show_page("volunteer")
    assert isinstance(page, EntityPage)
    row = page.pane.model.row(0)

    def work(store: object) -> None:
        own = {f.name: row[f.name] for f in VOLUNTEER.fields}
        store.save(VOLUNTEER, own | {"id": row["id"], "name": "王五"})  # type: ignore[attr-defined]

    watch.step(window, "志愿者: a change", lambda: window.jobs.write("改名", work), 1.0)
    watch.step(window, "志愿者: undo", window.undo, 1.0)
    watch.step(window, "工作台: again", lambda: window.show_page("overview"), 1.0)


def main() -> None:
    """Open the window, walk, and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data")
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--pages", default="")
    parser.add_argument("--where", action="store_true")
    options = parser.parse_args()
    application()
    with tempfile.TemporaryDirectory() as folder:
        if not options.data:
            from tests.offices.large import make

            os.environ["BOAI_DATA"] = str(Path(folder, "data"))
        path = Path(options.data) if options.data else make(Path(folder, "large.boai-db"), options.people)
        window = build(path, theme=Theme())
        window.resize(1366, 689)
        window.show()
        watch = Watch(options.where)
        watch.step(window, "nothing at all", lambda: None, 1.0)
        watch.step(window, "pages made ahead", window.prepare, 5.0)
        walk(window, watch, set(filter(None, options.pages.split(","))))
        faulthandler.cancel_dump_traceback_later()
        print(f"{watch.over} steps above {AIM} ms")
        window.close()


if __name__ == "__main__":
    main()
