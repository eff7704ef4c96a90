"""One name, one number: what window and papers say under a name of the register is that figure, in random offices."""

import datetime as dt
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pdfplumber
import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QTableView, QWidget
from pytestqt.qtbot import QtBot

from db.quarters import Quarter
from db.queries.figures import office_figures
from db.queries.provincial import province_table
from db.records.amounts import Money
from db.records.entities import BY_NAME
from db.storage.store import Store
from db.tasks.teams import team_cards
from desktop.pages import BY_KEY
from desktop.services.importing import import_files
from desktop.services.reporting import paper_data, paper_pdf, quarter_data
from desktop.shell.theme import Theme
from desktop.tables.charts import BarChart
from desktop.window.app import build
from desktop.window.window import MainWindow
from forms.papers import PAPERS
from forms.report.figure_labels import COLLECTED, COLLECTED_LABELS, LABELS, shown
from forms.report.figure_register import LISTED, MEANINGS, names
from tests.desktop.conftest import settle_window
from tests.offices.workbook import write_workbook
from tests.oracle.edition_dice import turned_office

TODAY = dt.date(2026, 8, 21)
# How window and papers write a figure: what stands before and after the number.
SAID = {
    "persons_end": r"在队(?:人数)?([\d,]+)人(?!次)", "members_end": r"(?<!曾)在队(?:人次)?([\d,]+)人次",
    "insured_end": r"在保([\d,]+)人(?!次)", "uninsured_end": r"合计未保([\d,]+)人", "balance_fen": r"结余(-?[\d,]+\.\d\d)元",
    "volunteers_end": r"(?<!新)登记(?:红十字)?志愿者([\d,]+)人", "teams_end": r"在册(?:红十字志愿服务)?队伍([\d,]+)支",
}  # fmt: skip


# And any name of the register with a number after it, in a sentence or in a label of its own.
BY_NAME_ALONE = {
    key: rf"(?<![一-鿿]){re.escape(name)}(?:（[^（）\n]*）)?[：\n]?(-?[\d,]+(?:\.\d+)?)(?![\d.]*[年月日-])"
    for key, name in names().items() if name != "分队"
}  # fmt: skip


def random_store(tmp_path: Path, seed: int) -> Store:
    """Return a random office's ledger in memory."""
    book = tmp_path / f"office-{seed}.xlsx"
    write_workbook(turned_office(seed), book, messy=False, seed=seed)
    store = Store.memory()
    import_files(store, [book], today=TODAY)
    return store


def texts(widget: QWidget) -> str:
    """Return every word that a widget shows or tells a screen reader, each on a line, without white space."""
    said = [w.text() for kind in (QLabel, QPushButton) for w in widget.findChildren(kind)]
    said += [w.accessibleName() for w in widget.findChildren(QWidget)]
    said += [getattr(w, "whole", "") for w in widget.findChildren(QLabel)]
    for view in widget.findChildren(QTableView):
        model = view.model()
        for row in range(min(model.rowCount(), 200) if model is not None else 0):
            cells = (str(model.index(row, column).data() or "") for column in range(model.columnCount()))
            said.append("\r".join(re.sub(r"\s", "", cell) for cell in cells))
    return "\n".join(re.sub(r"[^\S\r]", "", words) for words in said).replace("\r", "\n")


def wrong(words: str, figures: dict[str, int | None], found: set[str]) -> list[str]:
    """Return what is said under a name of the register that is another number; `found` takes the names that were said."""
    faults = []
    for name, pattern in (*SAID.items(), *BY_NAME_ALONE.items()):
        for number in re.findall(pattern, words):
            found.add(name)
            if number.replace(",", "") != shown(name, figures[name]).replace(",", ""):
                faults.append(f"{name}: {number}, the figure is {figures[name]}")
    return faults


@pytest.fixture(params=[3, 11])
def office(request: pytest.FixtureRequest, qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    """The window over a random office."""
    made = build(None, store=random_store(tmp_path, request.param), theme=Theme(), today=TODAY)
    made._may_lose = lambda labels: True  # type: ignore[method-assign]
    made.show()
    settle_window(qtbot, made)
    yield made
    made.close()
    made.deleteLater()
    QApplication.processEvents()


def test_the_register_is_whole() -> None:
    """Every figure has a name of its own and a meaning; every row of the province's table is in it."""
    assert set(names()) == set(MEANINGS) == set(LABELS) | set(COLLECTED_LABELS)
    assert {name for rows in COLLECTED.values() for name in rows} | {"income_ytd_fen", "expense_ytd_fen"} == set(
        MEANINGS
    )
    assert len(set(names().values())) == len(MEANINGS)
    assert all(MEANINGS.values())
    assert not set(LISTED) & set(names().values())


def test_what_the_window_says_is_the_figure(office: MainWindow, qtbot: QtBot) -> None:
    """Facts, cards, footers and charts of every page, on the running quarter and on a past one."""
    for quarter in (Quarter(2026, 3), Quarter(2026, 1)):
        check_quarter(office, qtbot, quarter)


def check_quarter(office: MainWindow, qtbot: QtBot, quarter: Quarter) -> None:
    """Read every page of one quarter."""
    desk = office.desk
    desk.set_quarter(quarter)
    settle_window(qtbot, office)
    known: dict[str, int] = {}

    def read(store: Store) -> dict[str, int | None]:
        known["登记过的志愿者"] = store.count(BY_NAME["volunteer"])
        known["曾在队"] = store.count(BY_NAME["membership"])
        known["列出"] = len(team_cards(store, desk.as_of))
        return office_figures(store, desk.quarter, desk.as_of) | province_table(store, desk.quarter, desk.as_of).now

    answers: list[dict[str, int | None]] = []
    office.jobs.read(read, answers.append)
    settle_window(qtbot, office)
    figures, found = answers[0], set[str]()
    for key in BY_KEY:
        page = office.show_page(key)
        if key == "insurance":  # its own day, which says itself
            page._ask(desk.as_of)  # type: ignore[attr-defined]
            settle_window(qtbot, office)
        if key == "reports":  # the province's table as it is previewed
            page.choice.setCurrentRow(1)  # type: ignore[attr-defined]
            settle_window(qtbot, office)
        settle_window(qtbot, office)
        words = f"{texts(page)}\n{re.sub(chr(32), '', office.fact.whole)}"
        if key in ("team", "fund"):  # one team stands beside the list, with its own figures
            words = re.sub(r"\s", "", office.fact.whole)
        assert wrong(words, figures, found) == [], key
        for name, number in known.items():
            for said in re.findall(rf"{name}([\d,]+){'支（含' if name == '列出' else '人'}", words):
                found.add(name)
                assert int(said.replace(",", "")) == number, (key, name)
        if key == "reports":
            rows = {*(COLLECTED_LABELS | LABELS).keys()} & found
            assert len(rows) >= 40, sorted(found)
        if key == "overview":
            charts = {chart.name: chart.accessibleName() for chart in page.findChildren(BarChart)}
            assert (
                f"{shown('service_minutes', figures['service_minutes'])}".split(".")[0]
                in charts["志愿服务时长（小时）"]
            )
            assert str(figures["training_person_times"]) in charts["培训人次"].replace(",", "")
            assert Money().show(figures["income_fen"] or 0) in charts["经费收支（元）"]
    assert {"persons_end", "members_end", "insured_end", "balance_fen", "登记过的志愿者", "曾在队", "列出"} <= found


@pytest.mark.parametrize("seed", [3])
def test_what_the_papers_say_is_the_figure(seed: int, tmp_path: Path) -> None:
    """Every paper of a random office: what stands under a name of the register, the office's totals."""
    with random_store(tmp_path, seed) as store:
        report = quarter_data(store, Quarter(2026, 1), TODAY)
        found = set[str]()
        for paper in PAPERS:
            # Every team's own balance stands in the list of money; sign-in sheets bear no number.
            if paper.by_person or paper.name in ("money", "sign-in"):
                continue
            content = paper_pdf(paper, paper_data(store, paper, report), system_fonts=False)
            with pdfplumber.open(io.BytesIO(content)) as pdf:
                words = re.sub(r"\s", "", "".join(page.extract_text() or "" for page in pdf.pages))
            assert wrong(words, report.figures["office"], found) == [], paper.title
        assert {"insured_end", "uninsured_end"} <= found
