"""Amounts in words: the examples of both rules, and a reading back of any amount by another way."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from forms.words import LARGEST, rmb

# Amount in 分 and its words; where the rules allow several, the one with 整 and without an optional 零.
EXAMPLES = {
    0: "人民币零元整",
    5: "人民币伍分",
    50: "人民币伍角整",
    1000: "人民币壹拾元整",
    32504: "人民币叁佰贰拾伍元零肆分",
    101001: "人民币壹仟零壹拾元零壹分",
    140950: "人民币壹仟肆佰零玖元伍角整",
    168032: "人民币壹仟陆佰捌拾元叁角贰分",
    600714: "人民币陆仟零柒元壹角肆分",
    1500000: "人民币壹万伍仟元整",
    1640902: "人民币壹万陆仟肆佰零玖元零贰分",
    10001000: "人民币壹拾万零壹拾元整",
    10700053: "人民币壹拾万柒仟元伍角叁分",
    100000100: "人民币壹佰万零壹元整",
    2000030007: "人民币贰仟万零叁佰元零柒分",
    10000000000: "人民币壹亿元整",
    10000100000: "人民币壹亿零壹仟元整",
    -140950: "人民币负壹仟肆佰零玖元伍角整",
    10**15: "人民币壹拾万亿元整",
    100000000000001: "人民币壹万亿元零壹分",
}


@pytest.mark.parametrize(("fen", "words"), EXAMPLES.items())
def test_examples_of_the_rules(fen: int, words: str) -> None:
    assert rmb(fen) == words


def read(words: str) -> int:
    """Read an amount in words: places are added up, 万 and 亿 multiply what stands before them."""
    found = re.fullmatch(r"人民币(负?)(?:(.+)元)?零?(?:(.)角)?零?(?:(.)分)?(整?)", words)
    assert found, words
    sign, yuan, jiao, fen, whole = found.groups()
    assert bool(whole) != bool(fen), words
    digits = "零壹贰叁肆伍陆柒捌玖"
    value = sum(digits.index(d) * size for d, size in ((jiao, 10), (fen, 1)) if d)
    total = section = digit = 0
    for c in yuan or "":
        if c in digits:
            digit = digits.index(c)
        elif c in "拾佰仟":
            assert digit, words
            section, digit = section + digit * 10 ** ("拾佰仟".index(c) + 1), 0
        elif c == "万":
            total, section, digit = total + (section + digit) * 10**4, 0, 0
        else:
            assert c == "亿"
            total, section, digit = (total + section + digit) * 10**8, 0, 0
    value += (total + section + digit) * 100
    return -value if sign else value


@given(st.integers(-LARGEST + 1, LARGEST - 1) | st.integers(-(10**9), 10**9))
@example(LARGEST - 1)
def test_any_amount_reads_back(fen: int) -> None:
    words = rmb(fen)
    assert read(words) == fen
    assert "零零" not in words
    assert not re.search(r"零[万亿拾佰仟]", words)
    assert words.startswith("人民币")
    assert not re.search(r"(?<![壹贰叁肆伍陆柒捌玖])[拾佰仟]", words), "never 拾 without 壹"


@given(st.integers(0, LARGEST - 1), st.integers(0, LARGEST - 1))
def test_no_two_amounts_share_their_words(a: int, b: int) -> None:
    assert (rmb(a) == rmb(b)) == (a == b)


def test_too_large_an_amount_is_refused() -> None:
    with pytest.raises(ValueError, match="too large"):
        rmb(LARGEST)
