"""A long list that is proved plain by column loses and gains no row against a look at each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.records.kinds import Cell
from forms.columns import rows as table_rows
from forms.columns.proposals import Mapped, map_all
from forms.reading.table import Table

HEAD: list[Cell] = ["序号", "姓名", "证件号码", "登记日期", "备注"]
_FIRST = st.sampled_from([None, "1", 1, "合计", "填表人：", "序号", "一、水上救援队", "说明", " "])
_NAME = st.sampled_from(["张三", "合计", None, "姓名", "填表人：李四", "甲队"])
_NUMBER = st.sampled_from(["990101199001010011", "12", "证件号码", None, " ", "\x01", "审核人：", 12])
_DAY = st.sampled_from(["2020-01-01", "2020年1月1日", None, "登记日期", "日期：", "2020-01-02"])


def _taken(rows: list[tuple[int, list[Cell]]]) -> list[tuple[object, ...]]:
    made: list[Mapped] = map_all(Table("志愿者", [(1, HEAD), *rows]))
    return [(m.entity.name, m.rows, m.notes, m.columns) for m in made]


@given(st.lists(st.tuples(_FIRST, _NAME, _NUMBER, _DAY, st.sampled_from([None, "好"])), min_size=1, max_size=5))
def test_the_quick_look_changes_nothing(rows: list[tuple[Cell, ...]]) -> None:
    numbered = [(n, list(row)) for n, row in enumerate(rows, 2)]
    with pytest.MonkeyPatch.context() as patch:
        quick = _taken(numbered)
        patch.setattr(table_rows, "_are_plain_data", lambda rows, needed, repeats: False)
        assert quick == _taken(numbered)


def test_a_plain_list_takes_the_quick_look() -> None:
    rows: list[tuple[int, list[Cell]]] = [(n, [n, "合计", f"99010119900101{n:04d}", "2020-01-01"]) for n in range(2, 9)]
    assert table_rows._are_plain_data(rows, [1, 2, 3], {("姓名", "证件号码")})
    for spoiled in (
        [1, "张三"],
        [1, "张三", 12, "2020-01-01"],
        [1, "张三", "", "2020-01-01"],
        [1, "张三", "盖章", "2020-01-01"],
    ):
        assert not table_rows._are_plain_data([*rows, (9, spoiled)], [1, 2, 3], {("姓名", "证件号码")})
    assert not table_rows._are_plain_data(rows, [1, 2, 3], {("姓名", "ID")})
    assert not table_rows._are_plain_data(rows, [1, 2], {("姓名", "证件号码")})
