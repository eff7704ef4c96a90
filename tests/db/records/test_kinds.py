"""Every kind of value: what people type, what Excel holds, what is refused and in which words."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.records.amounts import Count, Hours, Money
from db.records.entities import TEAM, VOLUNTEER, WORK_RECORD
from db.records.identity import check_digit, derived, number_problem
from db.records.kinds import Cell, Date, IdNumber, Invalid, Phone, Text, Uscc, cell_text, is_blank, yes_no

MARCH_5 = "2026-03-05"


@pytest.mark.parametrize(
    "cell",
    [
        dt.date(2026, 3, 5), dt.datetime(2026, 3, 5), dt.datetime(2026, 3, 5, 14, 30), "2026-03-05", "2026-3-5", "2026/3/5",
        "2026/03/05", "2026.3.5", "2026.03.05", "2026年3月5日", "2026年03月05日", "2026年3月5号", "20260305", 20260305, 20260305.0,
        "２０２６年３月５日", "２０２６-０３-０５", " 2026-03-05 ", "2026 年 3 月 5 日", "2026-03-05 00:00:00", "2026/3/5 0:00",
        "2026-03-05T00:00:00", "\u30002026.3.5", "\ufeff2026-03-05", "2026-03-05 10:23:11", "2026/3/5 9:05", "2026-03-05T08:00:00.000",
        "2026年3月5日（星期四）", "2026-03-05（星期四）", "2026.3.5上午", "2026年3月5日 周四", "２０２６年３月５日　９：３０",
    ],
)  # fmt: skip
def test_dates_that_are_read(cell: Cell) -> None:
    assert Date().parse(cell) == MARCH_5


@pytest.mark.parametrize(
    "cell", ["2026.3", "2026年3月", "2026-03", "2026/3", "202603", 202603, 2026.3, "２０２６年３月"]
)
def test_a_month_alone_is_never_guessed(cell: Cell) -> None:
    with pytest.raises(Invalid, match="只有年月"):
        Date().parse(cell)


@pytest.mark.parametrize(
    "cell",
    ["2026-02-30", "2026-13-01", "20260230", "26.3.5", "3/5/2026", "二〇二六年三月五日", "昨天", 46086, "46086", 0.5, True,
     dt.time(8, 0), "2026-3/5", "2026.3.5.", "2026-3-513:10", "2026-03-04T16:00:00.000Z", "2026-03-05 9:00-11:30",
     "2026-03-05 09:00:00 至 2026-03-06 11:30:00", "0000-01-01", 2026, "2026"],
)  # fmt: skip
def test_dates_that_are_refused(cell: Cell) -> None:
    with pytest.raises(Invalid):
        Date().parse(cell)


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)))
def test_a_date_comes_back_from_every_shape(day: dt.date) -> None:
    kind = Date()
    shapes = [day, day.isoformat(), f"{day.year}.{day.month}.{day.day}", f"{day.year}年{day.month}月{day.day}日",
              f"{day:%Y%m%d}", f"{day.year}/{day.month}/{day.day}"]  # fmt: skip
    assert {kind.parse(shape) for shape in shapes} == {day.isoformat()}
    assert kind.to_cell(day.isoformat()) == day


def test_names_are_the_same_however_they_stand_in_line() -> None:
    kind = VOLUNTEER["name"].kind
    for name in ("张三", "张　三", " 张  三 ", "张\n三"):
        assert kind.parse(name) == "张三"
    assert {kind.parse(n) for n in ("阿依·买买提", "阿依•买买提", "阿依 · 买买提")} == {"阿依·买买提"}
    assert kind.parse("John Smith") == "John Smith"
    assert kind.stand(["张三", "李四"])
    assert not any(kind.stand(["张三", name]) for name in ("李 四", "李　四", "阿依•买买提"))


def test_doubtful_dates() -> None:
    today = dt.date(2026, 11, 21)
    assert "1900" in str(Date().doubt("1899-12-31", today))
    assert Date().doubt("1900-01-01", today) is None
    assert Date().doubt("2027-11-21", today) is None
    assert Date().doubt("2027-11-23", today) is not None


@pytest.mark.parametrize(
    ("cell", "fen"),
    [
        (1409.5, 140950), (36000.1, 3600010), ("1,234.56", 123456), ("１，２３４．５６", 123456), ("¥1,234.5", 123450), ("12元", 1200),
        ("0.01", 1), (0.1 + 0.2, 30), (1409.5000000000002, 140950), ("1234.500", 123450), (Decimal("9.99"), 999), ("+5", 500),
        ("1,234,567.89", 123456789), (8192.41, 819241), ("人民币100元整", 10000), (10, 1000),
    ],
)  # fmt: skip
def test_money_that_is_read(cell: Cell, fen: int) -> None:
    assert Money(positive=True).parse(cell) == fen


@pytest.mark.parametrize(
    "cell",
    [12.345, "12.345", "1,23", "1,2345", "1.2万", "壹佰元", "12..3", True, dt.date(2026, 1, 1), "", "1e3", -5, 0, "-5"],
)
def test_money_that_is_refused(cell: Cell) -> None:
    with pytest.raises(Invalid):
        Money(positive=True).parse(cell)


@given(st.integers(0, 10**13))
def test_money_keeps_every_fen(fen: int) -> None:
    kind = Money()
    assert kind.parse(kind.show(fen)) == fen
    assert kind.parse(kind.to_cell(fen)) == fen
    assert kind.parse(float(fen) / 100) == fen


@given(st.integers(0, 60 * 1000))
def test_hours_keep_every_minute(minutes: int) -> None:
    kind = Hours()
    assert kind.parse(kind.to_cell(minutes)) == minutes
    assert kind.parse(float(kind.to_cell(minutes) or 0)) == minutes


@pytest.mark.parametrize(
    ("cell", "minutes"), [(0.5, 30), ("3小时", 180), ("1.5", 90), (16, 960), ("８", 480), ("0", 0), (0.1, 6)]
)
def test_hours_that_are_read(cell: Cell, minutes: int) -> None:
    assert Hours().parse(cell) == minutes


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [("150分钟", 150), ("90 分", 90), ("2小时30分", 150), ("1个小时 5分钟", 65), ("45min", 45), ("3:30", 210)],
)
def test_hours_written_with_minutes(cell: str, minutes: int) -> None:
    assert Hours().parse(cell) == minutes


@pytest.mark.parametrize("cell", ["半天", -1, "3:75", True])
def test_hours_that_are_refused(cell: Cell) -> None:
    with pytest.raises(Invalid):
        Hours().parse(cell)


@pytest.mark.parametrize(
    ("cell", "stored"),
    [
        (" 11010519491231002x ", "11010519491231002X"), ("１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X"),
        ("110105 19491231 002X", "11010519491231002X"), ("'11010519491231002X", "11010519491231002X"), ("h1234567890", "H1234567890"),
        ("\u200b11010519491231002X", "11010519491231002X"), (12345678, "12345678"),
    ],
)  # fmt: skip
def test_document_numbers_are_normalised(cell: Cell, stored: str) -> None:
    assert IdNumber().parse(cell) == stored


@pytest.mark.parametrize(
    "cell",
    [1.10101e17, 110101199003072900, 110101199003072, "1.10101E+17", "１.10101E+17", "110***********002X", "1" * 41],
)
def test_ruined_and_masked_numbers_are_refused(cell: Cell) -> None:
    with pytest.raises(Invalid) as caught:
        IdNumber().parse(cell)
    assert "1101" not in str(caught.value)


@pytest.mark.parametrize(
    ("number", "id_type", "sound"),
    [
        ("11010519491231002X", "resident_id", True), ("440524188001010014", "resident_id", True),
        ("110101199003072914", "resident_id", True), ("110101199003072915", "resident_id", False),
        ("110101199002302917", "resident_id", False), ("110105491231002", "resident_id", False),
        ("810000199408230021", "hk_mo_tw_residence", True), ("820000198801010014", "hk_mo_tw_residence", True),
        ("830000199201300022", "hk_mo_tw_residence", True), ("830000199201300023", "hk_mo_tw_residence", False),
        ("990123199003072912", "resident_id", None), ("E12345678", "passport", True), ("1", "passport", False),
        ("1101051949123100X2", "resident_id", False), ("11010519491231O02X", "resident_id", False),
    ],
)  # fmt: skip
def test_numbers_by_kind_of_document(number: str, id_type: str, sound: bool | None) -> None:
    if sound is None:  # an invented prefix is no reason: only the check digit decides
        number = number[:17] + check_digit(number[:17])
        sound = True
    assert (number_problem(number, id_type) is None) is sound


def test_sex_and_birth_follow_from_the_number() -> None:
    assert derived("11010519491231002X", "resident_id") == ("female", "1949-12-31")
    assert derived("440524188001010014", "resident_id") == ("male", "1880-01-01")
    assert derived("E12345678", "passport") is None


@given(
    st.integers(0, 10**6 - 1),
    st.dates(dt.date(1900, 1, 1), dt.date(2025, 1, 1)),
    st.integers(0, 999),
    st.integers(0, 16),
    st.integers(1, 9),
)
def test_one_wrong_digit_is_always_seen(area: int, birth: dt.date, serial: int, place: int, shift: int) -> None:
    body = f"{area:06d}{birth:%Y%m%d}{serial:03d}"
    number = body + check_digit(body)
    assert number_problem(number, "resident_id") is None
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert number_problem(wrong, "resident_id") is not None


@pytest.mark.parametrize(
    ("cell", "stored"),
    [
        ("13812345678", "13812345678"), (13812345678, "13812345678"), (13812345678.0, "13812345678"), ("138-1234-5678", "13812345678"),
        ("+86 138 1234 5678", "13812345678"), ("008613812345678", "13812345678"), ("8613812345678", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"), ("0575-86012345", "057586012345"), ("(0575)86012345", "057586012345"),
        ("+852 9123 4567", "+85291234567"), ("00853-66123456", "+85366123456"), ("+886912345678", "+886912345678"),
        ("13812345678（微信同号）", "13812345678"), ("手机：13812345678", "13812345678"),
    ],
)  # fmt: skip
def test_phones_that_are_read(cell: Cell, stored: str) -> None:
    assert Phone().parse(cell) == stored


@pytest.mark.parametrize("cell", ["1381234567", "12812345678", "138123456789", "无", "138****5678", 1.38e15])
def test_phones_that_are_refused(cell: Cell) -> None:
    with pytest.raises(Invalid):
        Phone().parse(cell)


@pytest.mark.parametrize("code", ["91330100799655058B", "9144030071526726XG", "13310117425001236G"])
def test_credit_codes(code: str) -> None:
    assert Uscc().parse(f" {code.lower()} ") == code
    for wrong in (
        code[:-1] + ("0" if code[-1] != "0" else "1"),
        code[:-1],
        code + "1",
        "I" + code[1:],
        12100000400000456,
    ):
        with pytest.raises(Invalid):
            Uscc().parse(wrong)


def test_choices() -> None:
    status = TEAM["team_type"].kind
    assert status.parse(" 三献 ") == "three_donations"
    with pytest.raises(Invalid, match="单一、三献、综合"):
        status.parse("双献")
    topics = WORK_RECORD["topics"].kind
    for text in (
        "无偿献血；志愿服务",
        "志愿服务;无偿献血",
        "无偿献血、志愿服务",
        "无偿献血,志愿服务",
        "志愿服务，无偿献血，无偿献血",
    ):
        assert topics.parse(text) == "blood_donation,volunteer_service"
    assert topics.show("blood_donation,volunteer_service") == "无偿献血；志愿服务"
    with pytest.raises(Invalid):
        topics.parse("无偿献血；别的")
    for cell, code in (
        ("是", "yes"),
        ("有", "yes"),
        ("√", "yes"),
        (1, "yes"),
        (True, "yes"),
        ("否", "no"),
        ("无", "no"),
        (0, "no"),
    ):
        assert yes_no().parse(cell) == code
    assert VOLUNTEER["sex"].kind.parse("女性") == "female"


def test_counts() -> None:
    assert [Count().parse(c) for c in (3, "3", "３", 3.0, "1,200", "25人", "30人次")] == [3, 3, 3, 3, 1200, 25, 30]
    for wrong in (3.5, -1, "三", True, "约30"):
        with pytest.raises(Invalid):
            Count().parse(wrong)


def test_text_and_blanks() -> None:
    assert Text().parse(" \u3000周兰明\u200b\x07 ") == "周兰明"
    assert Text().parse(13.0) == "13"
    with pytest.raises(Invalid, match="过长"):
        Text(5).parse("一二三四五六")
    assert [is_blank(c) for c in (None, "", " \u3000", "\u200b", 0, "0", False)] == [
        True,
        True,
        True,
        True,
        False,
        False,
        False,
    ]
    assert cell_text(dt.datetime(2026, 3, 5)) == "2026-03-05"


def test_masks_show_too_little_to_guess() -> None:
    assert IdNumber().mask("11010519491231002X") == "110*************2X"
    assert Phone().mask("13812345678") == "138****5678"
    assert IdNumber().mask("E1234") == "*****"
