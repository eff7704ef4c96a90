"""Numbers of people in free text: starred however they are written; what is not a person's stays."""

import datetime as dt

import pytest

from db.records.entities import TEAM
from db.records.identity import check_digit
from db.records.numbers_in_text import holds_number, starred

_BODY = "44052419880101001"
RESIDENT = _BODY + check_digit(_BODY)
FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
MOBILE = "13800001234"


def _spaced(number: str, *cuts: int, gap: str = " ") -> str:
    return gap.join(number[a:b] for a, b in zip((0, *cuts), (*cuts, len(number)), strict=True))


@pytest.mark.parametrize("written", [
    RESIDENT, RESIDENT.lower(), RESIDENT.translate(FULL_WIDTH), _spaced(RESIDENT, 6, 14), _spaced(RESIDENT, 6, 14, gap="-"),
    _spaced(RESIDENT, 4, 8, 12, 16), RESIDENT[:17] + ("1" if RESIDENT[17] != "1" else "2"), RESIDENT[:6] + RESIDENT[8:17],
    MOBILE, MOBILE.translate(FULL_WIDTH), _spaced(MOBILE, 3, 7), _spaced(MOBILE, 3, 7, gap="-"), "+86" + MOBILE, "0086 " + MOBILE,
])  # fmt: skip
@pytest.mark.parametrize(
    "around", ["{}", "联系人张三{}，有事找他", "tel:{}", "2026-09-21 {}", "{} 2026-09-21", "{0}、{0}", "ID{}"]
)
def test_a_persons_number_is_starred(written: str, around: str) -> None:
    """Whatever stands around it; and nothing more than its ends is left."""
    made = starred(around.format(written))
    assert "*" in made
    assert written not in made
    assert starred(made) == made


@pytest.mark.parametrize("text", [
    "PDAA202633010000012345", "PDAA13800001234", "JZ-2026-000123", "330117202603150001", "6222 0213 1380 0013 800",
    "6222021313800013800", "0571-88001234", "2026-03-01至2026-03-31", "红急2026第15012号", "91330100799655058B", "", "无",
])  # fmt: skip
def test_other_numbers_stay(text: str) -> None:
    """Policies, vouchers, certificates, cards of banks, landlines, days, codes of organisations."""
    assert starred(text) == text
    assert not holds_number(text)


def test_a_list_shows_it_starred_and_a_form_warns_of_it() -> None:
    """The text is taken as it is typed, with a warning; whoever may see numbers sees it whole."""
    field = TEAM["name"]
    typed = f"水上救援队{MOBILE}"
    assert field.show(typed) == "水上救援队138****1234"
    assert field.show(typed, masked=False) == typed
    _, problems = TEAM.parse({"name": typed}, dt.date(2026, 9, 21))
    assert [p.severity for p in problems if p.field == "name"] == ["warning"]
