"""Formulas of a filled form: what is worked out and stored, and what is left to the program that opens it."""

import io
from typing import Any

import openpyxl
import pytest

from forms.template import Template, Values
from tests.forms.template.test_template import book

TEAMS = Values(
    {},
    {"队伍": [
        {"name": "甲队", "persons_end": 40, "insured_end": 37, "balance_fen": 123450},
        {"name": "乙队", "persons_end": 0, "insured_end": 0, "balance_fen": 0},
        {"name": "丙队", "persons_end": 20, "insured_end": 20, "balance_fen": 100},
    ]},
)  # fmt: skip


def stored(formula: str) -> list[Any]:
    """Return what is stored for a formula of the repeated row, in each copy, and of the row of sums below it."""
    made = openpyxl.Workbook()
    made.active.append(
        ("{{队伍.名称}}", "{{队伍.季末在队人数}}", "{{队伍.季末在保人数}}", "{{队伍.季末结余}}", "=" + formula)
    )
    out = io.BytesIO()
    made.save(out)
    done = Template(out.getvalue(), "表.xlsx").fill(TEAMS).content
    sheet = book(done, data_only=True).active
    return [sheet.cell(n, 5).value for n in (1, 2, 3)]


@pytest.mark.parametrize(
    ("formula", "wanted"),
    [
        ("C1/B1", [0.925, None, 1]),
        ('IF(B1=0,"—",C1/B1)', [0.925, "—", 1]),
        ("IFERROR(ROUND(D1/B1,2),-1)", [30.86, -1, 0.05]),
        ('IF(C1>=B1,"全保",IF(C1>B1*0.9,"基本",ABS(C1-B1)))', ["基本", "全保", "全保"]),
        ('IF(A1="甲队",1,2)', [1, 2, 2]),
        ('IF(Z1="",B1,0)', [40, 0, 20]),
        ("IF(B1,5%*B1,0)", [2, 0, 1]),
        ("ROUND(-D1/3,1)", [-411.5, 0, -0.3]),
        ("IF(B1>5,,3)", [None, 3, None]),
        ('IF(A1>"乙",1,2)', [None, None, None]),
        ("A1*2", [None, None, None]),
        ("VLOOKUP(A1,A1:B1,2,FALSE)", [None, None, None]),
    ],
)
def test_a_row_s_own_formulas(formula: str, wanted: list[Any]) -> None:
    """What cannot be told for sure has no result, so that nobody reads an old one."""
    assert stored(formula) == [None if w is None else pytest.approx(w) if not isinstance(w, str) else w for w in wanted]


def test_sums_over_the_copies() -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.append(("{{队伍.名称}}", "{{队伍.季末在队人数}}", '=IF(B1=0,"—",B1*2)'))
    sums = (
        "SUBTOTAL(9,B1:B1)",
        "COUNTA(A1:A1)",
        "COUNT(C1:C1)",
        "AVERAGE(C1:C1)",
        "SUBTOTAL(9,B1:B2)",
        "SUBTOTAL(1,B1:B1)",
    )
    for n, formula in enumerate(sums, 2):
        sheet.cell(2, n, "=" + formula)
    out = io.BytesIO()
    made.save(out)
    done = book(Template(out.getvalue(), "表.xlsx").fill(TEAMS).content, data_only=True).active
    assert [done.cell(4, n).value for n in range(2, 8)] == [60, 3, 2, 60, None, None]
    assert done["C2"].value == "—"
