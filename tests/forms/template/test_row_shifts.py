"""Formulas of a template: what they refer to when rows are put in."""

import io
import zipfile

import openpyxl
import xlsxwriter
from openpyxl.styles import Border, Side

from forms.template import Template, Values
from forms.template.row_shifts import Moves, Region, box, move_formula, shift_formula
from tests.forms.template.test_template import book

ENTRIES = Values({}, {"经费": [{"summary": f"第{n}笔", "amount_fen": 10000 * n} for n in range(1, 7)]})


def test_references() -> None:
    """Formulas as people write them."""
    moves = {"甲": Moves([Region(5, 5, 5, 4)]), "B 表": Moves([Region(2, 2, 2, 1)])}
    for formula, moved in (
        ("SUM(C5:C5)", "SUM(C5:C9)"), ("SUM(C5)", "SUM(C5:C9)"), ("SUM(C3:C6)", "SUM(C3:C10)"), ("C5+C6", "C5+C10"),
        ("SUM($C$5:$C$5)/C$7", "SUM($C$5:$C$9)/C$11"), ('"C6"&C6', '"C6"&C10'), ("LOG10(C6)", "LOG10(C10)"),
        ("'B 表'!A3+甲!A6+丙!A6", "'B 表'!A4+甲!A10+丙!A6"), ("[1]甲!C6", "[1]甲!C6"), ("表1[列 C6]", "表1[列 C6]"),
        ("SUM(6:7)", "SUM(10:11)"), ("SUM(C:C)", "SUM(C:C)"), ("IF(A6>5,C5,YTD2026)", "IF(A10>5,C5,YTD2026)"),
    ):  # fmt: skip
        assert move_formula(formula, moves, "甲") == moved
    inside = Region(5, 5, 5, 4)
    assert move_formula("C5/C$6+$D5+SUM(E5:F5)", moves, "甲", (inside, 3)) == "C8/C$10+$D8+SUM(E8:F8)"
    assert shift_formula("A1+$B$2+C$3+SUM(D4:E5)", 2, 1) == "B3+$B$2+D$3+SUM(E6:F7)"


def test_references_of_a_repeated_row() -> None:
    """What a copy says of its own row, of the row above it, of all rows, and of the same record on another sheet."""
    region, below = Region(5, 5, 5, 4, "队伍"), Region(9, 9, 9, 2, "经费")
    other = Region(2, 2, 2, 4, "队伍")
    moves = {"甲": Moves([region, below]), "乙": Moves([other])}
    for formula, moved in (
        ("C5/C$6", "C8/C$10"), ("SUM(C$5:C5)", "SUM(C$5:C8)"), ("SUM(C$5:C$5)", "SUM(C$5:C$9)"), ("D4+C5", "D7+C8"),
        ("E4*C5", "E4*C8"), ("MAX(A$4:A4)+1", "MAX(A$4:A7)+1"), ("乙!B2*2", "乙!B5*2"), ("乙!B$2", "乙!B$2"),
    ):  # fmt: skip
        assert move_formula(formula, moves, "甲", (region, 3), 4) == moved
    assert move_formula("C9+D8", moves, "甲", (below, 1), 4) == "C14+D13"
    for formula, moved in (
        ("SUM(C5,D5)", "SUM(C5:C9,D5:D9)"), ("SUMIF(A5,\"x\",C5)", "SUMIF(A5:A9,\"x\",C5:C9)"), ("ROUND(C5,2)", "ROUND(C5,2)"),
        ("SUM(ROUND(C5,2))", "SUM(ROUND(C5,2))"),
    ):  # fmt: skip
        assert move_formula(formula, moves, "甲") == moved
    spares = {"甲": Moves([Region(3, 3, 6, 2)])}
    assert move_formula("F6", spares, "甲") == "F8"
    assert Moves([Region(3, 4, 4, 4)]).areas("D3 E3:E4 F4:G4") == "D3 D5 D7 E3:E8 F4:G4 F6:G6 F8:G8"


def test_nothing_is_moved_out_of_the_grid() -> None:
    moves = Moves([Region(5, 5, 5, 3)])
    assert moves.area("A1:XFD1048576") == "A1:XFD1048576"
    assert moves.areas("E1048574:E1048576 E7") == "E1048576:E1048576 E10"
    assert (moves.areas("A:XFD $B:$B 6:7"), box("$B:C")) == ("A:XFD $B:$B 9:10", (1, 2, 1048576, 3))
    assert move_formula("SUM(A6:A1048576)", {"表": moves}, "表") == "SUM(A9:A1048576)"


def test_a_copied_formula_takes_whole_columns_and_rows_along() -> None:
    assert shift_formula("SUM(F:G)+SUM($F:G)+其他!A:A", 2, 1) == "SUM(G:H)+SUM($F:H)+其他!B:B"
    assert shift_formula('SUM(3:4)&"A:B"&LOG10(A1)', 2, 1) == 'SUM(5:6)&"A:B"&LOG10(B3)'
    assert move_formula("SUM(F:G)", {"表": Moves([Region(5, 5, 5, 3)])}, "表") == "SUM(F:G)"


def test_a_balance_below_one_repeated_row_is_that_of_the_last_record() -> None:
    """The closing line and the cover say what is left in the end, not after the first entry."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "账"
    sheet.append(("期初", None, 500))
    sheet.append(("{{经费.摘要}}", "{{经费.金额}}", "=C1+B2"))
    sheet.append(("期末", "=B2", "=C2"))
    made.create_sheet("封面")["A1"] = "=账!C2"
    out = io.BytesIO()
    made.save(out)
    done = Template(out.getvalue(), "账.xlsx").fill(ENTRIES).content
    formulas, stored = book(done), book(done, data_only=True)
    assert [formulas["账"].cell(n, 3).value for n in (2, 3, 7, 8)] == ["=C1+B2", "=C2+B3", "=C6+B7", "=C7"]
    assert formulas["账"]["B8"].value == "=B2"  # no balance: as it was written
    assert formulas["封面"]["A1"].value == "=账!C7"
    assert stored["封面"]["A1"].value == stored["账"]["C8"].value == 500 + 100 * 21


def test_rows_beyond_the_prepared_ones_are_filled_down_from_the_last_of_them() -> None:
    """The first row counts on from the opening balance, far above; every other one from the row above it."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet["C1"] = 500
    sheet.append(("摘要", "金额", "余额"))
    sheet.append(("{{经费.摘要}}", "{{经费.金额}}", "=C1+B3"))
    sheet.append((None, None, "=C3+B4"))
    sheet.append((None, None, "=C4+B5"))
    sheet["C6"] = "=C5"
    for row in sheet["A3:C5"]:
        for cell in row:
            cell.border = Border(*[Side("thin")] * 4)
    out = io.BytesIO()
    made.save(out)
    done = Template(out.getvalue(), "账.xlsx").fill(ENTRIES).content
    wanted = ["=C1+B3", "=C3+B4", "=C4+B5", "=C5+B6", "=C6+B7", "=C7+B8", "=C8"]
    assert [book(done).active.cell(n, 3).value for n in range(3, 10)] == wanted
    assert book(done, data_only=True).active["C9"].value == 500 + 100 * 21


def test_a_table_s_own_total_loses_its_old_result() -> None:
    """It names a column of the table and no cell; programs count it anew when they open the form."""
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out)
    sheet = made.add_worksheet("表")
    columns = [{"header": "摘要", "total_string": "合计"}, {"header": "金额", "total_function": "sum"}]
    sheet.add_table("A1:B3", {"total_row": True, "columns": columns})
    sheet.write_row("A2", ("{{经费.摘要}}", "{{经费.金额}}"))
    made.close()
    done = Template(out.getvalue(), "表.xlsx").fill(ENTRIES).content
    assert book(done).active["B8"].value == "=SUBTOTAL(109,[金额])"
    assert book(done, data_only=True).active["B8"].value is None
    with zipfile.ZipFile(io.BytesIO(done)) as parts:
        assert b'fullCalcOnLoad="1"' in parts.read("xl/workbook.xml")
