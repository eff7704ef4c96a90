"""Whole columns are looked over as rows are judged one by one; who is alike is found as by comparing with everybody."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from db.intake.source_rows import FileRows, SourceRow, SourceSheet
from db.records.entities import BLOOD_TARGET, FUND_ENTRY, INSURANCE_POLICY, MEMBERSHIP, VOLUNTEER
from db.records.fields import Columns, Entity, Row
from db.records.identity import check_digit
from db.records.kinds import Value
from db.tasks.duplicates import Alike

TODAY = dt.date(2026, 11, 21)
BODIES = ["99010119900101001", "99010118800101002", "99010120050228003", "99010119900230004"]
NUMBERS = [body + check_digit(body) for body in BODIES] + [BODIES[0] + "0", "E12345678", "123", "٩" * 18]
DAYS = ["1990-01-01", "2005-02-28", "1880-01-01", "2026-11-21", "2029-01-01", None]
VALUES: dict[str, list[Value]] = {
    "id_number": [*NUMBERS, None],
    "id_type": ["resident_id", "passport", "foreign_permanent", None],
    "sex": ["male", "female", None],
    "name": ["张三", None],
}


def _values(entity: Entity, name: str) -> list[Value]:
    if name in VALUES:
        return VALUES[name]
    return [1, 2, None] if entity[name].kind.sql == "INTEGER" else [*DAYS]


@given(
    st.data(), st.sampled_from([VOLUNTEER, INSURANCE_POLICY, BLOOD_TARGET, MEMBERSHIP, FUND_ENTRY]), st.integers(0, 6)
)
def test_what_is_not_returned_is_what_judging_leaves_alone(data: st.DataObject, entity: Entity, count: int) -> None:
    columns: Columns = {
        name: data.draw(st.lists(st.sampled_from(_values(entity, name)), min_size=count, max_size=count))
        for name in entity.by_name
    }
    rows: list[Row] = [{name: column[n] for name, column in columns.items()} for n in range(count)]
    close = entity.look_over(columns, count, TODAY)
    for n, row in enumerate(rows):
        problems = entity.judge(row, TODAY)
        if n in close:
            continue
        assert problems == []
        assert row == {name: column[n] for name, column in columns.items()}


def test_sound_people_are_not_looked_at_closely() -> None:
    row: Row = dict.fromkeys(VOLUNTEER.by_name) | {
        "name": "张三",
        "id_number": NUMBERS[0],
        "registered_on": "2020-01-01",
    }
    columns: Columns = {name: [value] * 2 for name, value in row.items()}
    assert VOLUNTEER.look_over(columns, 2, TODAY) == set()
    assert (columns["id_type"][1], columns["sex"][1], columns["birth_date"][1]) == ("resident_id", "male", "1990-01-01")


_PEOPLE = st.tuples(st.sampled_from("甲乙"), st.sampled_from(["1", "2", None]), st.sampled_from(["a", "b", None]))


@given(st.lists(st.tuples(st.booleans(), _PEOPLE), max_size=12))
def test_alike_are_those_of_one_name_with_one_phone_or_birth_date(people: list[tuple[bool, tuple[str, ...]]]) -> None:
    alike, known = Alike([]), []
    for place, (unless, (name, phone, born)) in enumerate(people, 1):
        row: Row = {"name": name, "phone": phone, "birth_date": born}
        wanted = None
        for field, label in (("phone", "手机号码"), ("birth_date", "出生日期")):
            same = [k for k in known if k[0]["name"] == name and row[field] is not None and k[0][field] == row[field]]
            wanted = wanted or (same and (*same[0], label)) or None
        assert alike.find(row) == wanted
        if unless:
            assert alike.add_unless_like(row, place) == (wanted is None)
        else:
            alike.add(row, place)
        if not unless or wanted is None:
            known.append((row, place))


def test_rows_of_a_file_are_the_rows_one_by_one() -> None:
    rows = [(3, ["张三", None, "男"]), (5, ["李四"]), (6, ["王五", "1", "女", "多"])]
    found = FileRows(rows, {"性别": 2, "姓名": 0, "备注": 9})
    alone = [
        SourceRow(3, {"性别": "男", "姓名": "张三", "备注": None}),
        SourceRow(5, {"性别": None, "姓名": "李四", "备注": None}),
        SourceRow(6, {"性别": "女", "姓名": "王五", "备注": None}),
    ]
    assert [found[n] for n in range(len(found))] == alone
    for source in (found, alone):
        sheet = SourceSheet("x", VOLUNTEER, source)
        assert sheet.numbers(1, 3) == [5, 6]
        columns = sheet.columns(0, 2)
        assert list(columns["姓名"]) == ["张三", "李四"]
        assert list(columns.get("备注", [None, None])) == [None, None]
        assert list(sheet.columns(1, 2).get("性别", [None])) == [None]
