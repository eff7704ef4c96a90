"""Long sheets: the same cells, styles and settings as short ones, however many rows there are."""

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest

from db.records.entities import FUND_ENTRY, TEAM, VOLUNTEER
from db.records.fields import Row
from forms.excel import fast_rows, workbook

ODD = [
    "=1+1",
    "<b>&amp;",
    "_x0041_",
    " 前后空 ",
    "第一行\n第二行",
    "a\x0bb",
    "𬭚",
    "\u3000",
    "0012",
    "x" * 40_000,
    "+86",
    '"引"',
    "a]]>b",
    "甲·<乙>",
]


def rows(count: int) -> list[Row]:
    """Volunteers and odd texts."""
    made = []
    for i in range(count):
        row: Row = dict.fromkeys(VOLUNTEER.by_name)
        row |= {
            "id": i + 1, "name": ODD[i % len(ODD)], "id_type": "passport", "id_number": f"<P&{i:07d}", "sex": "female",
            "registered_on": "2024-02-29" if i % 3 else "1899-12-31", "note": ODD[(i + 1) % len(ODD)] if i % 2 else None,
        }  # fmt: skip
        made.append(row)
    return made


@pytest.mark.parametrize("masked", [True, False])
def test_a_streamed_sheet_is_the_same_sheet(masked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cell by cell: value, kind, format, border; and widths, filter, frozen heading, print settings."""
    some, other = rows(60), dict.fromkeys(FUND_ENTRY.by_name)
    teams: list[Row] = [dict.fromkeys(TEAM.by_name) | {"id": 4, "name": "甲<队>"}]
    entries: list[Row] = [
        other | {"id": n, "entry_on": "2026-07-01", "amount_fen": 100 * n + 5, "direction": "income", "category": "办公",
                 "team_id": 4 if n % 2 else None}
        for n in range(50)
    ]  # fmt: skip
    parts, referred = [(VOLUNTEER, some), (FUND_ENTRY, entries)], {"team": {4: teams[0]}}
    short = workbook.export(parts, referred, masked=masked)
    monkeypatch.setattr(fast_rows, "LONG", 10)
    long = workbook.export(parts, referred, masked=masked)
    assert long == workbook.export(parts, referred, masked=masked)
    a, b = (openpyxl.load_workbook(io.BytesIO(c)) for c in (short, long))
    for sheet in a:
        there = b[sheet.title]
        assert there.max_row == sheet.max_row
        for row in sheet.iter_rows():
            for cell in row:
                twin = there[cell.coordinate]
                ours = twin.value.replace("_x005F_", "_") if isinstance(twin.value, str) else twin.value
                wanted = re.sub("_x00[01][0-9A-F]_", "", cell.value) if isinstance(cell.value, str) else cell.value
                assert ours == wanted, cell.coordinate  # XlsxWriter spells control characters out; nobody needs them
                assert (twin.number_format, twin.data_type) == (cell.number_format, cell.data_type), cell.coordinate
                assert repr(twin.border) == repr(cell.border)
                assert repr(twin.alignment) == repr(cell.alignment)
        assert there.auto_filter.ref == sheet.auto_filter.ref
        assert there.freeze_panes == sheet.freeze_panes
        assert there.print_title_rows == sheet.print_title_rows
        assert there.page_setup.orientation == sheet.page_setup.orientation
        assert {k: d.width for k, d in there.column_dimensions.items()} == {
            k: d.width for k, d in sheet.column_dimensions.items()
        }
    with zipfile.ZipFile(io.BytesIO(long)) as parts_of:
        assert b"<f>" not in parts_of.read("xl/worksheets/sheet1.xml")
        text = parts_of.read("xl/worksheets/sheet1.xml").decode()
        assert (re.search("&lt;P&amp;0000001", text) is None) == masked


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here")
def test_another_program_reads_a_long_sheet(tmp_path: Path) -> None:
    some = rows(fast_rows.LONG + 7)
    path = tmp_path / "长表.xlsx"
    path.write_bytes(workbook.export([(VOLUNTEER, some)], {}))
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "xlsx", "--outdir",
         str(tmp_path / "again"), str(path)],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    sheet = openpyxl.load_workbook(tmp_path / "again" / path.name).active
    assert sheet.max_row == len(some) + 1
    assert sheet["A4"].value == "_x0041_"
    assert sheet.cell(len(some) + 1, 1).value == ODD[(len(some) - 1) % len(ODD)].replace("\x0b", "")
