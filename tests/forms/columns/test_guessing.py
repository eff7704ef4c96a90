"""Columns told by what stands in them, and tables without headings."""

import datetime as dt

import pytest

from db.records.kinds import Cell
from forms.columns.guessing import looks_like, propose_all, propose_kind
from forms.columns.proposals import CONTENT, EXACT, carry_out
from forms.reading.table import Table
from tests.journeys.workbook_shapes import HEAD, NAMES, number, person

COLUMNS: dict[str, tuple[list[Cell], str]] = {
    "numbers": ([number(i) for i in range(9)], "证件号码"),
    "numbers with a fault among them": ([*[number(i) for i in range(9)], "缺"], "证件号码"),
    "numbers that Excel ruined": ([float(number(i)[:-1] + "0") for i in range(5)], ""),
    "phones": ([13900000000 + i for i in range(5)], "手机号码"),
    "phones with dashes": (["139-0000-0001", "+86 13900000002"], "手机号码"),
    "sexes": (["男", "女", "女", None], "性别"),
    "names": (list(NAMES), "姓名"),
    "a word again and again": (["水上队", "水上队", "山地队", "水上队", "山地队"], ""),
    "dates": ([dt.date(2024, 1, 2), "2024.1.3", "2024年1月4日"], "日期"),
    "months": (["2024.1", "2024.2"], ""),
    "serial numbers": ([1, 2, 3, 4], ""),
    "nothing": ([None, "", "  "], ""),
}  # fmt: skip


@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_is_told_by_its_content(name: str) -> None:
    cells, expected = COLUMNS[name]
    assert looks_like(cells) == expected


def test_a_list_of_people_without_headings() -> None:
    rows: list[tuple[int, list[Cell]]] = [(i + 1, list(person(i))) for i in range(4)]
    (found,) = propose_all(Table("Sheet1", rows))
    assert found.chosen == ["姓名", "证件号码", "手机号码", "登记日期"]
    assert set(found.reasons) == {CONTENT}
    (mapped,) = carry_out(found)
    assert [n for n, _ in mapped.rows] == [1, 2, 3, 4]
    assert mapped.header_row == 0


def test_a_heading_is_worth_more_than_a_guess() -> None:
    rows: list[tuple[int, list[Cell]]] = [(1, [*HEAD[:3], "哪天"]), *[(i + 2, list(person(i))) for i in range(3)]]
    (found,) = propose_all(Table("Sheet1", rows))
    assert found.reasons == [EXACT, EXACT, EXACT, CONTENT]
    assert found.chosen[3] == "登记日期"


def test_a_table_that_is_none_of_ours_is_read_as_what_a_person_says() -> None:
    rows: list[tuple[int, list[Cell]]] = [(1, ["甲", "乙"]), (2, ["某镇", "01"]), (3, ["某村", "02"])]
    assert propose_all(Table("别的", rows)) == []
    made = propose_kind(Table("别的", rows), "township")
    assert made.headings == ["甲", "乙"]
    assert made.missing() == ["名称"]
    made.chosen[0] = "名称"
    (mapped,) = carry_out(made)
    assert [mapped.cells(row) for _, row in mapped.rows] == [{"名称": "某镇"}, {"名称": "某村"}]
