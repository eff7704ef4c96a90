"""省级汇总表: every row with its four columns, the year so far, and relations whose formulas come to what they say."""

import datetime as dt
import io
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from db.quarters import Period
from db.storage.store import Store
from desktop.services.reporting import quarter_data, report_book
from forms.report.figure_labels import COLLECTED, UNKNOWN, label_of
from forms.report.province_form import COLUMNS, FAILED, PASSED, relations
from forms.report.quarterly import QuarterData
from forms.report.statistical_form import number
from tests.forms.report.test_quarterly import filled
from tests.offices.small import Desk

PERIODS = ("2026Q3", "2026H1", "2026")
TODAY = dt.date(2027, 1, 5)


def made(store: Store, period: str, today: dt.date = TODAY) -> tuple[QuarterData, Worksheet, dict[str, int]]:
    """Return the data, the sheet with its formulas, and the row of each figure."""
    data = quarter_data(store, Period.parse(period), today)
    content = report_book(store, data)
    book = openpyxl.load_workbook(io.BytesIO(content))
    rows = {
        r[3]: int(r[2]) for r in book["数据键"].iter_rows(values_only=True) if r[:2] == ("row", "汇总表")
    }  # fmt: skip
    sheet = openpyxl.load_workbook(io.BytesIO(content), data_only=True)["汇总表"]
    return data, sheet, rows


def worked_out(formula: str, values: dict[str, Any]) -> Any:
    """Work a formula of a relation out: IF, COUNT and ROUND over cells."""

    def count(*cells: Any) -> int:
        return sum(isinstance(cell, int | float) for cell in cells)

    found = re.fullmatch(
        r'IF\(COUNT\(([^)]*)\)=(\d+),IF\((.*?)(<=|=)0,"(.)","(.)"\),"(.)"\)', formula.removeprefix("=")
    )
    assert found, formula
    cells = [values[name] for name in found[1].split(",")]
    if count(*cells) != int(found[2]):
        return found[7]
    inner = re.sub(r"[A-Z]+\d+", lambda name: repr(values[name[0]]), found[3].replace("ROUND", "round"))
    difference = eval(inner, {"round": round})  # a formula of ours
    return found[5] if (difference <= 0 if found[4] == "<=" else difference == 0) else found[6]


@pytest.mark.parametrize("period", PERIODS)
def test_every_row_has_its_figures_and_every_relation_holds(store: Store, tmp_path: Path, period: str) -> None:
    """The cells are the figures; changes are differences; a formula comes to what is stored, and all relations pass."""
    filled(store, tmp_path, 12)
    data, sheet, rows = made(store, period)
    assert list(rows) == [name for names in COLLECTED.values() for name in names]
    for name, row in rows.items():
        assert sheet[f"B{row}"].value == label_of(name, data.quarter)
        for column, letter in COLUMNS:
            assert sheet[f"{letter}{row}"].value == pytest.approx(number(name, data.province[column][name])), name
        for letter, before in (("E", "before"), ("G", "last_year")):
            now, then = data.province["now"][name], data.province[before][name]
            known = now is not None and then is not None
            expected = number(name, now - then) if now is not None and then is not None else UNKNOWN
            assert sheet[f"{letter}{row}"].value == (pytest.approx(expected) if known else UNKNOWN)
    values = {c.coordinate: c.value for line in sheet.iter_rows() for c in line}
    passed = 0
    for relation in relations():
        for column, letter in COLUMNS:
            result = relation.result(data.province[column])
            assert worked_out(relation.formula(letter, rows), values) == result
            assert result in (PASSED, UNKNOWN), (relation.words, column)
            passed += result == PASSED
    assert passed > len(relations())
    first = next(c.row for c in sheet["B"] if str(c.value or "").startswith("审核关系"))
    assert [sheet[f"C{first + n}"].value for n in range(1, len(relations()) + 1)] == [
        relation.result(data.province["now"]) for relation in relations()
    ]


def test_a_relation_that_does_not_hold_says_so() -> None:
    """With one figure changed the formula and its result both fail; with one unknown both say that."""
    relation = relations()[2]
    rows = {name: n for n, name in enumerate(relation.names, 5)}
    figures: dict[str, int | None] = {"members_end": 9, "members_start": 5, "members_joined": 5, "members_left": 1}
    for end, expected in ((9, PASSED), (10, FAILED), (None, UNKNOWN)):
        figures["members_end"] = end
        values = {f"C{rows[name]}": UNKNOWN if value is None else value for name, value in figures.items()}
        assert relation.result(figures) == expected
        assert worked_out(relation.formula("C", rows), values) == expected


def test_the_year_so_far_and_what_was_not_kept(store: Store) -> None:
    """One donation, one consultation and one certificate a quarter: 本年累计 adds them; before the first there is a dash."""
    desk = Desk(store)
    team = desk.team(primary_domain="humanitarian_aid", established_on="2026-02-01")
    desk.add("office", item="resident_population", content="250,000")
    person = desk.person("2026-02-01")
    desk.join(team, person, "2026-02-01", role="backbone")
    for n, day in enumerate(("2026-02-10", "2026-05-10", "2026-08-10")):
        desk.add(
            "goods_entry", entry_on=day, direction="received", goods="被", unit="条", quantity_milli=1000, value_fen=100
        )
        desk.note("consultation", day, partner_kind="health_authority", topics="blood_donation")
        training = desk.training(day, "first_aid")
        desk.add("attendance", training_id=training, volunteer_id=person, result="passed",
                 certificate="救护员证", certificate_number=f"Z{n}")  # fmt: skip
    data, _, _ = made(store, "2026Q3")
    now, before, last, year = (data.province[column] for column in ("now", "before", "last_year", "year"))
    for name, (quarter, so_far) in {
        "goods_received_fen": (100, 300), "work_consultations": (1, 3), "training_certified": (1, 1),
        "trainings": (1, 3), "teams_domain_other": (1, 1), "members_backbone": (1, 1), "teams_founded": (0, 1),
    }.items():  # fmt: skip
        assert (now[name], before[name] if name != "teams_founded" else 0, year[name]) == (quarter, quarter, so_far), (
            name
        )
        assert last[name] is None, name
    assert now["volunteers_per_million"] == 4
    assert number("volunteers_per_million", 4) == 0.004
    assert now["blood_target_units"] is None


def test_headings_are_those_of_the_period(store: Store, tmp_path: Path) -> None:
    """No half-year or year speaks of a quarter, in any sheet."""
    filled(store, tmp_path, 3)
    for period, words in (("2026H1", ("上半年", "上年下半年")), ("2026", ("本年", "上年"))):
        data = quarter_data(store, Period.parse(period), TODAY)
        book = openpyxl.load_workbook(io.BytesIO(report_book(store, data)))
        assert tuple(c.value for c in book["汇总表"][3])[2:4] == words
        for name in ("汇总表", "队伍", "培训", "保险", "经费", "说明"):
            for row in book[name].iter_rows(values_only=True):
                for cell in row:
                    assert not re.search(r"[本上]季|季[末初]", str(cell or "")), (name, cell)
