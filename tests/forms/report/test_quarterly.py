"""The quarter on paper and in Excel: the same figures as JSON, nothing personal, nothing left out."""

import datetime as dt
import io
import json
import re
from pathlib import Path

import openpyxl
import pdfplumber
import pytest

from db.errors import UserError
from db.quarters import Quarter
from db.queries.figures import period_figures
from db.records.entities import TEAM, VOLUNTEER
from db.storage.store import Store
from desktop.services.importing import import_files
from desktop.services.reporting import quarter_data, report_book, report_pdf, wanting, write_report
from forms.report.figure_labels import LABELS, shown
from forms.report.quarterly import team_lines
from forms.report.situation import counted, outcome
from forms.report.workbook import number
from tests.offices.builders import random_office
from tests.offices.workbook import write_workbook

DAY = dt.date(2026, 10, 8)
QUARTER = Quarter(2026, 3)


def filled(store: Store, tmp_path: Path, seed: int) -> None:
    """Put a random office into a store."""
    path = tmp_path / "office.xlsx"
    write_workbook(random_office(seed), path)
    import_files(store, [path], today=DAY)


def load(content: bytes, **more: bool) -> openpyxl.Workbook:
    """Open a workbook to look at it."""
    return openpyxl.load_workbook(io.BytesIO(content), **more)


def pdf_text(content: bytes) -> str:
    """Return the text of all pages without white space."""
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        return re.sub(r"\s", "", "".join(page.extract_text() or "" for page in pdf.pages))


@pytest.mark.parametrize("seed", [1, 4, 5, 8])
def test_paper_workbook_and_json_agree(seed: int, store: Store, tmp_path: Path) -> None:
    filled(store, tmp_path, seed)
    figures = period_figures(store, QUARTER)
    data = quarter_data(store, QUARTER, DAY)
    content, _ = report_pdf(data, system_fonts=False)
    text = pdf_text(content)
    office = figures["office"]
    for name in (
        "persons_end",
        "trainings",
        "training_person_times",
        "income_fen",
        "expense_fen",
        "balance_fen",
        "service_minutes",
    ):
        assert shown(name, office[name]) in text, name
    book = load(report_book(store, data))
    summary = {row[1].value: row[2].value for row in book["汇总表"].iter_rows(min_row=5) if row[1].value}
    for name, label in ((n, text) for n, text in LABELS.items() if not n.endswith("_ytd_fen")):
        assert summary[label] == pytest.approx(number(name, office[name])), name
    rows = list(load(report_book(store, data), data_only=True)["队伍"].iter_rows(min_row=6, values_only=True))
    lines = team_lines(data)
    for line, row in zip(lines, rows, strict=False):
        assert row[1] == line.name
        assert row[7] == line.figures.get("persons_end", "—")
        assert row[18] == pytest.approx(line.figures["balance_fen"] / 100)
    listed = {line.name for line in lines if line.style == "row"}
    silent = [t for t in figures["teams"] if t["team"] not in listed]
    assert all(not v for t in silent for k, v in t.items() if isinstance(v, int) and not isinstance(v, bool))
    total = next(line for line in lines if line.style == "total")
    money = sum(line.figures["balance_fen"] for line in lines if line.style == "subtotal")
    assert money == total.figures["balance_fen"]
    statuses = [row[7].value for row in book["合规"].iter_rows(min_row=4) if isinstance(row[0].value, int)]
    assert statuses == [outcome(r) for r in counted(data.results)]


def test_the_same_quarter_gives_the_same_bytes(store: Store, tmp_path: Path) -> None:
    filled(store, tmp_path, 4)
    data = [quarter_data(store, QUARTER, DAY) for _ in range(2)]
    assert report_pdf(data[0], system_fonts=False)[0] == report_pdf(data[1], system_fonts=False)[0]
    assert report_book(store, data[0]) == report_book(store, data[1])


def test_nobodys_numbers_are_on_paper(store: Store, tmp_path: Path) -> None:
    filled(store, tmp_path, 5)
    data = quarter_data(store, QUARTER, DAY)
    book = load(report_book(store, data))
    text = pdf_text(report_pdf(data, system_fonts=False)[0])
    text += json.dumps(
        [[c.value for c in row] for sheet in book for row in sheet.iter_rows()], ensure_ascii=False, default=str
    )
    for row in store.rows(VOLUNTEER):
        assert len(str(row["id_number"])) < 8 or str(row["id_number"]) not in text
        assert row["phone"] is None or str(row["phone"]) not in text


def test_an_empty_office_still_gets_its_report(store: Store) -> None:
    with store.operation("x"):
        from db.records.entities import OFFICE

        store.save(OFFICE, {"item": "name", "content": "某县红十字会"})
        store.save(OFFICE, {"item": "level", "content": "县级"})
    data = quarter_data(store, QUARTER, DAY)
    text = pdf_text(report_pdf(data, system_fonts=False)[0])
    assert "目前尚未建立红十字志愿服务队伍" in text
    assert "上级红十字会：" not in text, "no placeholder for whom it goes to"
    assert len(wanting(data)) == 2
    assert report_book(store, data)


def test_a_character_no_font_has_stops_the_report_and_is_named(store: Store, tmp_path: Path) -> None:
    filled(store, tmp_path, 5)
    row = store.rows(TEAM)[0]
    with store.operation("改名"):
        store.save(TEAM, {"id": row["id"], "name": "龘\ue123队"})
    with pytest.raises(UserError, match=r"U\+E123"):
        write_report(store, QUARTER, tmp_path / "out", DAY)
    assert not (tmp_path / "out").exists()


def test_a_target_that_is_open_elsewhere_gets_a_numbered_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    from forms import output

    monkeypatch.setattr(output, "_TRIES", ())
    real, target = os.replace, tmp_path / "名册.xlsx"
    target.write_bytes(b"old")

    def held(source: Path, to: Path) -> None:
        if to == target:
            raise PermissionError
        real(source, to)

    monkeypatch.setattr(os, "replace", held)
    assert output.write_whole(target, b"new") == tmp_path / "名册 (2).xlsx"
    assert target.read_bytes() == b"old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["名册 (2).xlsx", "名册.xlsx"]


@pytest.mark.parametrize("seed", [1, 2, 4, 7, 9, 12])
def test_the_teams_that_are_numbered_are_those_counted(seed: int, store: Store, tmp_path: Path) -> None:
    """Text and annex agree: the last number is 在册队伍; 分队, suspended and dissolved teams have a line without one."""
    filled(store, tmp_path, seed)
    data = quarter_data(store, QUARTER, DAY)
    rows = [line for line in team_lines(data) if line.style == "row"]
    numbers = [int(line.number) for line in rows if line.number]
    assert numbers == list(range(1, data.figures["office"]["teams_end"] + 1))
    assert all(line.note for line in rows if not line.number)
