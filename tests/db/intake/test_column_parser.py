"""Cells read a column at a time are read as they are one by one, however often and in whatever company they come."""

import datetime as dt
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from db.intake.column_parser import RowReader
from db.intake.row_problems import read_cell
from db.records.entities import ATTENDANCE, FUND_ENTRY, VOLUNTEER
from db.records.fields import Entity, Problem
from db.records.identity import check_digit, number_problem
from db.records.kinds import Cell, Date, IdNumber, Kind, LongText, Phone, Ref, Text

CELLS: list[Cell] = [
    "2026-03-05", "2026-3-5", " 2026-03-05", "2026-02-30", "20260305", 20260305, 20260305.0, dt.date(2026, 3, 5), dt.datetime(2026, 3, 5),
    dt.datetime(2026, 3, 5, 14, 30), dt.time(8, 0), 1, 1.0, True, Decimal("1.0"), 0, False, -0.0, None, "", "\u3000", "\u200b",
    "#N/A", " #REF! ", "张三", " 张三 ", "张\u200b三", "男", "合格", "13900000000", "139 0000 0000", "１３９００００００００", "*",
]  # fmt: skip


@given(
    st.sampled_from([VOLUNTEER, FUND_ENTRY, ATTENDANCE]),
    st.lists(st.lists(st.sampled_from(CELLS), min_size=1, max_size=8), max_size=4),
)
def test_a_column_is_read_as_its_cells_are(entity: Entity, batches: list[list[Cell]]) -> None:
    reader = RowReader(entity)
    for batch in batches:
        columns, problems = reader.read({f.label: batch for f in entity.fields}, len(batch))
        for n, cell in enumerate(batch):
            alone = [(f, read_cell(f, cell)) for f in entity.fields if not isinstance(f.kind, Ref)]
            row = {name: column[n] for name, column in columns.items()}
            assert row == dict.fromkeys(entity.by_name) | {f.name: value for f, (value, *_) in alone}
            assert problems.get(n, []) == [Problem(f.name, said, how) for f, (_, said, how) in alone if said]


def test_a_column_of_more_different_cells_than_are_remembered() -> None:
    reader = RowReader(VOLUNTEER)
    for start in range(0, 50_000, 5_000):
        notes = [f"第 {n} 号" if n % 7 else "错\u200b的" for n in range(start, start + 5_000)]
        columns, problems = reader.read({"备注": notes, "登记日期": notes}, len(notes))
        assert list(columns["note"]) == [note.replace("\u200b", "") for note in notes]
        assert [[p.field for p in problems[n]] for n in range(len(notes))] == [["registered_on"]] * len(notes)


_SHAPES = st.one_of(
    st.text(max_size=12),
    st.text("0123456789X- １#\n张", max_size=20),
    st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|1[0-9]{10}|[0-9]{17}[0-9X]", fullmatch=True),
)


@given(st.sampled_from([Text(5), LongText(), Date(), Phone(), IdNumber(), Kind()]), st.lists(_SHAPES, max_size=3))
def test_texts_that_stand_are_what_would_be_stored(kind: Kind, texts: list[str]) -> None:
    if kind.stand(texts):
        assert [kind.parse(text) for text in texts] == texts
        assert "#N/A" not in texts


def test_plain_texts_stand() -> None:
    plain = [(Text(), "张三"), (Date(), "2026-03-05"), (Phone(), "13900000000"), (IdNumber(), "99" + "0" * 16)]
    assert all(kind.stand([text, text]) for kind, text in plain)
    other = [(Text(), " 张三"), (Text(), "#N/A"), (Text(), ""), (Date(), "2026-02-30"), (Date(), "20260305"),
             (Phone(), "1390000000"), (IdNumber(), "9" * 17)]  # fmt: skip
    assert not any(kind.stand([text]) or kind.stand(["1", text]) for kind, text in other)


def _one_by_one(number: str) -> bool:
    """The rule of GB 11643 read anew."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1)
    digits = [10 if c == "X" else int(c) for c in number]
    try:
        dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return sum(d * w for d, w in zip(digits, weights, strict=True)) % 11 == 1


@given(st.from_regex(r"[0-9]{6}(19|20)[0-9]{2}[01][0-9][0-3][0-9]{4}[0-9X]", fullmatch=True), st.booleans())
def test_numbers_are_weighed_as_the_standard_says(number: str, right: bool) -> None:
    if right:
        number = number[:17] + check_digit(number[:17])
    assert (number_problem(number, "resident_id") is None) == _one_by_one(number)
    assert number_problem(number, "passport") is None


def test_a_letter_among_the_digits_is_never_weighed() -> None:
    number = "99000019900101001" + check_digit("99000019900101001")
    assert number_problem(number, "resident_id") is None
    for place in range(17):
        for other in "XO²":
            assert number_problem(number[:place] + other + number[place + 1 :], "resident_id") is not None
