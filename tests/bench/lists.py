"""How fast a list of 100,000 people is: ``python -m tests.bench.lists [ROWS]``.

Each figure stands beside a floor that is measured alternately in the same run; what counts is the ratio.

* first rows on the screen, against the first 256 rows of plain SQLite in a C++ model, all columns of the record;
* a keystroke in find, worst of many, against ``LIKE '%…%'`` over the same texts: until the first rows can be drawn,
  until they are drawn, and until all rows are there (where very many are found, that is done after the drawing);
* a full repaint of the visible cells, against a C++ `QStandardItemModel` with Qt's own delegate;
* a sort, against sorting the bare keys.
"""

import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication, QTableView

from db.records.entities import VOLUNTEER
from db.storage.store import Store
from desktop.records import derived_columns
from desktop.services.row_index import whole
from desktop.shell.theme import Theme
from desktop.tables.grid import Grid
from desktop.tables.record_model import TableModel
from desktop.window.app import application
from tests.offices.large import make, people

ROUNDS = 7
LISTED = [f.name for f in VOLUNTEER.fields]  # the floor shows as many columns as the list has in the ledger
TYPED = ("王", "王伟", "wwf", "w", "zl", "138", "0275", "伟", "P00", "芳芳", "不在", "19900")


def _time(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def _told(name: str, ours: list[float], floor: list[float], worst: bool = False) -> None:
    take = max if worst else statistics.median
    ratio = statistics.median(a / b for a, b in zip(ours, floor, strict=True)) if not worst else max(ours) / max(floor)
    print(f"{name}: {take(ours):.1f} ms, floor {take(floor):.1f} ms, ratio {ratio:.2f} ({len(ours)} rounds)")


def first_rows(path: Path, plain: Path) -> None:
    """The first screen of a list that is not in memory yet."""
    ours, floor = [], []
    seen = derived_columns.shown(VOLUNTEER)
    with Store.open(path) as store:
        for _ in range(ROUNDS):
            model = TableModel(seen)
            grid = Grid(Theme(), "列表", model, None)  # type: ignore[arg-type]
            grid.resize(1100, 560)
            grid.show()
            QApplication.processEvents()

            def show(model: TableModel = model, grid: Grid = grid) -> None:
                part = derived_columns.beginning(store, VOLUNTEER, seen, True)
                assert part is not None
                model.set_sheet(part)
                grid.viewport().repaint()

            ours.append(_time(show))
            grid.deleteLater()
            floor.append(_time(lambda: _qt_query(plain)))
    _told("first rows", ours, floor)


def _qt_query(plain: Path) -> None:
    """Qt's query model cannot open an encrypted file, so its floor reads a plain one; a process of its own file."""
    view = QTableView()
    model = QStandardItemModel()
    db = sqlite3.connect(plain)
    for row in db.execute(f"SELECT {', '.join(LISTED)} FROM listed ORDER BY id LIMIT 256"):
        model.appendRow([QStandardItem("" if c is None else str(c)) for c in row])
    view.setModel(model)
    view.resize(1100, 560)
    view.show()
    view.viewport().repaint()
    view.deleteLater()
    db.close()


def keystrokes(model: TableModel, grid: Grid, plain: Path) -> None:
    """Every search of the list, and the same by SQL; the worst of all counts."""
    db = sqlite3.connect(plain)
    sql = "SELECT id FROM volunteer WHERE words LIKE '%' || ? || '%'"
    grid.resize(1100, 560)
    grid.show()
    QApplication.processEvents()
    first, drawn, whole, floor = [], [], [], []
    for typed in TYPED:
        rounds = []
        for _ in range(ROUNDS):
            shown = _time(lambda typed=typed: model.find(typed))
            drawing = _time(grid.viewport().repaint)
            rest = _time(model.find_rest)
            rounds.append(
                (shown, shown + drawing, shown + rest, _time(lambda typed=typed: db.execute(sql, [typed]).fetchall()))
            )
        for kept, times in zip((first, drawn, whole, floor), zip(*rounds, strict=True), strict=True):
            kept.append(statistics.median(times))
    model.find("")
    db.close()
    _told("worst keystroke, each by its median: first rows", first, floor, worst=True)
    _told("  first rows drawn", drawn, floor, worst=True)
    _told("  all rows, without the drawing", whole, floor, worst=True)


def repaints(model: TableModel, grid: Grid) -> None:
    """The visible cells drawn once more."""
    other, view = QStandardItemModel(), QTableView()
    for n in range(200):
        other.appendRow([QStandardItem(t) for t in model.sheet.texts[n]])
    view.setModel(other)
    for made in (grid, view):
        made.resize(1100, 560)
        made.show()
    QApplication.processEvents()
    ours, floor = [], []
    for _ in range(40):
        ours.append(_time(grid.viewport().repaint))
        floor.append(_time(view.viewport().repaint))
    _told("repaint", ours, floor)
    view.deleteLater()


def sorts(model: TableModel) -> None:
    """By name and by number."""
    rows = model.sheet.rows
    ours, floor = [], []
    for _ in range(ROUNDS):
        model.sheet._ranks.clear()  # what is sorted once is remembered
        ours.append(_time(lambda: model.sort(0, Qt.SortOrder.AscendingOrder)))
        floor.append(
            _time(lambda: sorted(range(len(rows)), key=[str(r["name"]).encode("gb18030") for r in rows].__getitem__))
        )
        model.sort(-1)
    _told("sort", ours, floor)


def main() -> None:
    """Measure and print."""
    application()
    Theme().apply()
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        os.environ["BOAI_DATA"] = folder
        path, plain = make(Path(folder, "large.boai-db"), rows), Path(folder, "plain.db")
        db = sqlite3.connect(plain)
        db.execute("CREATE TABLE volunteer (id INTEGER PRIMARY KEY, name, id_number, phone, platform_id, words)")
        db.executemany("INSERT INTO volunteer VALUES (?, ?, ?, ?, ?, ?)", (
            [p["id"], p["name"], p["id_number"], p["phone"], p["platform_id"],
             f"{p['name']} {p['phone']} {p['platform_id']} {p['id_number']}"]
            for p in people(rows)
        ))  # fmt: skip
        db.execute(f"CREATE TABLE listed (id INTEGER PRIMARY KEY, {', '.join(LISTED)})")
        marks = ", ".join("?" * (len(LISTED) + 1))
        first = ([p["id"], *(p.get(name) for name in LISTED)] for p in people(rows))
        db.executemany(f"INSERT INTO listed VALUES ({marks})", first)
        db.commit()
        db.close()
        first_rows(path, plain)
        model = TableModel(VOLUNTEER)
        with Store.open(path) as store:
            model.set_sheet(whole(VOLUNTEER, store.rows(VOLUNTEER), {}))
        grid = Grid(Theme(), "列表", model, None)  # type: ignore[arg-type]
        keystrokes(model, grid, plain)
        repaints(model, grid)
        sorts(model)
        grid.deleteLater()
        QApplication.processEvents()


if __name__ == "__main__":
    main()
