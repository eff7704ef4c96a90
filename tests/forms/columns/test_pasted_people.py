"""A pasted list of people: headings decide, without them the cells do."""

from db.records.identity import check_digit
from forms.columns.pasted_people import read_people


def _number(serial: int) -> str:
    body = f"99012319900101{serial:03d}"
    return body + check_digit(body)


def test_headings_in_any_order_and_word() -> None:
    people, columns = read_people(
        [["联系电话", "姓名", "身份证号", "备注"], ["19900000001", "钱小明", _number(1), "甲"]]
    )
    assert people == [{"手机号码": "19900000001", "姓名": "钱小明", "证件号码": _number(1)}]
    assert columns == ["手机号码", "姓名", "证件号码"]


def test_cells_alone() -> None:
    rows = [
        ["1", "钱小明", _number(1), "19900000001", "骨干", "2026.9.1"],
        ["2", "孙小芳", _number(2), "", "队员", "2026-9-2"],
    ]
    people, _ = read_people(rows)
    assert people[0] == {
        "姓名": "钱小明", "证件号码": _number(1), "手机号码": "19900000001", "职务": "骨干", "入队日期": "2026.9.1"
    }  # fmt: skip
    assert "手机号码" not in people[1]


def test_what_is_no_roster_is_none() -> None:
    """Cells of a table without numbers are pasted as cells, not as people."""
    assert read_people([["骨干"], ["队员"]]) == ([], [])
    assert read_people([]) == ([], [])
    assert read_people([["钱小明", "19900000001"]]) == ([], [])


def test_a_passport_is_known_by_its_form() -> None:
    people, _ = read_people([["姓名", "证件号码"], ["钱小明", "E12345678"], ["孙小芳", _number(2)]])
    assert people[0]["证件类型"] == "护照"
    assert "证件类型" not in people[1]
