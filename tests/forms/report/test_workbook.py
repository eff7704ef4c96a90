"""The workbook for the level above: its forms, its sums, and that nothing in it can surprise the one who opens it."""

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from db.records.entities import FUND_ENTRY, TEAM
from db.storage.store import Store
from desktop.services.reporting import quarter_data, report_book
from forms.report.figure_labels import LABELS, UNKNOWN
from forms.report.quarterly import team_lines
from forms.report.workbook import ADDITIVE, KEY_SHEET, number
from tests.forms.report.test_quarterly import DAY, QUARTER, filled

OFFICE = shutil.which("soffice")
SHEETS = ["汇总表", "队伍", "培训", "保险", "经费", "合规", "说明", KEY_SHEET]
# Known to every program since 2007, and calculated only when something changes.
PLAIN = {"SUM", "IF", "COUNT", "ROUND"}


def opened(content: bytes, **more: Any) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content), **more)


def made(store: Store, tmp_path: Path, seed: int) -> tuple[Any, bytes]:
    filled(store, tmp_path, seed)
    data = quarter_data(store, QUARTER, DAY)
    return data, report_book(store, data)


@pytest.mark.parametrize("seed", [2, 3, 7, 9, 12])
def test_stored_results_are_our_figures(seed: int, store: Store, tmp_path: Path) -> None:
    """Every sum has its result stored beside it, and it is the figure; no sum pretends to count persons."""
    data, content = made(store, tmp_path, seed)
    office, codes = data.figures["office"], {}
    stored, formulas = opened(content, data_only=True), opened(content)
    for row in stored[KEY_SHEET].iter_rows(values_only=True):
        if row[0] == "column":
            codes[row[1], row[3]] = row[2]
    lines = team_lines(data)
    for n, line in enumerate(lines, 6):
        for name, value in line.figures.items():
            if ("队伍", name) in codes:
                where = f"{codes['队伍', name]}{n}"
                assert stored["队伍"][where].value == pytest.approx(number(name, value)), where
                is_sum = str(formulas["队伍"][where].value).startswith("=")
                above = lines[n - 7].style == "row" if n > 6 else False
                expected = name in ADDITIVE and (line.style == "total" or (line.style == "subtotal" and above))
                assert is_sum == expected, where
    summary = {r[1]: r[2:8] for r in stored["汇总表"].iter_rows(min_row=5, values_only=True) if isinstance(r[0], int)}
    for name, label in LABELS.items():
        if name.endswith("_ytd_fen"):  # in the column of the year
            label = LABELS[name.replace("_ytd", "")]
            assert summary[label][5] == pytest.approx(number(name, office[name]))
            continue
        now, before = number(name, office[name]), number(name, data.before[name])
        assert summary[label][0] == pytest.approx(now)
        known = office[name] is not None and data.before[name] is not None
        assert summary[label][2] == (pytest.approx(now - before) if known else UNKNOWN)
    for sheet, sums in (("培训", {"person_times": "training_person_times", "minutes": "training_minutes"}),
                        ("经费", {"income_fen": "income_fen", "expense_fen": "expense_fen"})):  # fmt: skip
        row = next(r[0].row for r in stored[sheet].iter_rows() if r[0].value == "合计")
        for code, name in sums.items():
            assert stored[sheet][f"{codes[sheet, code]}{row}"].value == pytest.approx(
                number(name, office[name] or 0)
            ), name


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not here")
def test_another_program_calculates_the_same(store: Store, tmp_path: Path) -> None:
    """LibreOffice works every formula out anew and comes to what is stored."""
    assert OFFICE is not None
    _, content = made(store, tmp_path, 12)
    bare = io.BytesIO()  # without the stored results nothing can be taken over
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(bare, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", part) if "worksheets/" in name else part)
    path = tmp_path / "汇总.xlsx"
    path.write_bytes(bare.getvalue())
    subprocess.run(
        [OFFICE, "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "xlsx", "--outdir",
         str(tmp_path / "again"), str(path)],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    formulas, ours = opened(content), opened(content, data_only=True)
    theirs = opened((tmp_path / "again" / "汇总.xlsx").read_bytes(), data_only=True)
    count = 0
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    value = theirs[sheet.title][cell.coordinate].value
                    assert value == pytest.approx(ours[sheet.title][cell.coordinate].value), cell.coordinate
                    count += 1
    assert count > 40


def test_the_conventions_of_forms(store: Store, tmp_path: Path) -> None:
    """Title, who fills it in, repeated headings, one page wide, footers, print areas, frozen headings, no merged body."""
    data, content = made(store, tmp_path, 12)
    book = opened(content)
    assert book.sheetnames == SHEETS
    assert [s.sheet_state for s in book] == ["visible"] * 7 + ["hidden"]
    for name in SHEETS[:6]:
        sheet = book[name]
        merged = sorted(str(r) for r in sheet.merged_cells.ranges)
        assert any(r.startswith("A1:") for r in merged)
        assert str(sheet["A1"].value).startswith(data.quarter.label)
        assert str(sheet["A2"].value) == f"填报单位：{data.name}（盖章）"
        assert sheet.page_setup.paperSize == 9
        assert sheet.page_setup.orientation == ("portrait" if name == "汇总表" else "landscape")
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.oddFooter.center.text == "第 &P 页 共 &N 页"
        assert sheet.print_title_rows
        assert sheet.print_area
        body = int(str(sheet.freeze_panes).lstrip("ABCD"))
        end = next(r[0].row for r in sheet.iter_rows(min_row=body) if "单位负责人" in str(r[0].value or ""))
        for r in sheet.merged_cells.ranges:
            assert r.max_row < body or r.min_row >= end, (name, str(r))
        for row in sheet.iter_rows(min_row=body, max_row=end - 1):
            head = isinstance(row[0].value, str) and not any(c.value for c in row[1:])
            assert row[0].border.left.style == row[-1].border.right.style == "thin"
            assert all(c.border.top.style == "thin" if head else c.border.left.style == "thin" for c in row)
    assert [c.value for c in book["队伍"][5]][:5] == ["甲", "乙", "丙", "1", "2"]


def test_kinds_of_cells(store: Store, tmp_path: Path) -> None:
    """Numbers of things are text, days are days, and nothing a person typed is ever a formula."""
    filled(store, tmp_path, 12)
    team, entry = store.rows(TEAM)[0], next(r for r in store.rows(FUND_ENTRY) if str(r["entry_on"]) >= "2026-07")
    with store.operation("改"):
        store.save(TEAM, {"id": team["id"], "name": '=HYPERLINK("http://x","点")'})
        store.save(FUND_ENTRY, {"id": entry["id"], "voucher": "000123456789012345678", "summary": "+1-2"})
    content = report_book(store, quarter_data(store, QUARTER, DAY))
    book = opened(content)
    money = {c.value: c for row in book["经费"].iter_rows() for c in row}
    assert money["000123456789012345678"].number_format == "@"
    assert money["+1-2"].data_type == "s"
    assert any(getattr(c, "is_date", False) and c.number_format == "yyyy-mm-dd" for c in money.values())
    assert any(
        str(c.value).startswith("=HYPERLINK") and c.data_type == "s" for row in book["队伍"].iter_rows() for c in row
    )
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert set(re.findall(r"([A-Z][A-Z.]+)\(", cell.value)) <= PLAIN
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert not [n for n in parts.namelist() if "externalLink" in n or "metadata" in n]


def test_the_guide_says_which_totals_are_sums(store: Store, tmp_path: Path) -> None:
    """填表说明 names each column of 队伍 that is added up, and each that is not."""
    _, content = made(store, tmp_path, 3)
    book = opened(content)
    said = next(str(r[0]) for r in book["说明"].iter_rows(values_only=True) if "求和公式" in str(r[0]))
    summed, _, plain = said.partition("是求和公式")
    words = {
        "members": "在队人次",
        "person_times": "人次",
        "persons": "人数",
        "insured": "人数",
        "uninsured": "人数",
        "minutes": "",
        "fen": "经费",
    }
    total = next(r for r in book["队伍"].iter_rows(min_row=6) if r[1].value == "合计")
    columns = {r[2]: r[3] for r in book[KEY_SHEET].iter_rows(values_only=True) if r[:2] == ("column", "队伍")}
    named = {
        "training_person_times": "参训人次",
        "training_minutes": "人学时",
        "service_person_times": "服务人次",
        "service_minutes": "服务时长",
    }
    for cell in total[3:]:
        code = str(columns.get(cell.column_letter, ""))
        if cell.value is None or not code:
            continue
        word = named.get(code) or next(
            (w for end, w in words.items() if w and (code.startswith(end) or code.endswith(end))), ""
        )
        assert word in (summed if str(cell.value).startswith("=") else plain), code
