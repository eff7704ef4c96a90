"""Line breaking and the blocks of a report, without fonts or a PDF."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.pdf.fonts import Glyph
from forms.pdf.typeset import BODY, CELL, CLOSE, MEASURE, OPEN, Letter, Line, break_lines, clean

HAN = "的一是红十字会志愿服务队伍人员物资经费县乡镇村"


def plain(text: str, narrow_marks: bool = False) -> list[Letter]:
    """Letters of an imaginary face: full-width characters 1 em, others half an em."""
    out = []
    for char in text:
        wide = unicodedata.east_asian_width(char) in "WF" or (char in "“”—…" and not narrow_marks)
        out.append(Letter(char, Glyph("face", 1.0 if wide else 0.5)))
    return out


def body(text: str, **options: object) -> list[Line]:
    return break_lines(plain(text), BODY, MEASURE, first_indent=2 * CELL, cell=CELL, **options)  # type: ignore[arg-type]


def check_drawn(lines: list[Line]) -> None:
    """What is drawn is what is said, from left to right."""
    for line in lines:
        assert "".join(run.text for run in line.runs) == line.text
        assert [run.x for run in line.runs] == sorted(run.x for run in line.runs)


han = st.text(HAN, min_size=1, max_size=6)
tokens = st.one_of(
    han,
    st.builds(lambda mark, text: mark + text, st.sampled_from(sorted(OPEN)), han),
    st.builds(lambda text, marks: text + marks, han, st.text(sorted(CLOSE), min_size=1, max_size=2)),
    st.builds(lambda n, text: f"{n:,}{text}", st.integers(0, 10**10), han),
    st.builds(lambda mark, text: text + mark + text, st.sampled_from(["——", "……"]), han),
)


@settings(max_examples=150)
@given(st.lists(tokens, min_size=1, max_size=60))
def test_marks_and_measure(parts: list[str]) -> None:
    text = "".join(parts)
    lines = body(text)
    check_drawn(lines)
    assert "".join(line.text for line in lines) == text
    for n, line in enumerate(lines):
        room = MEASURE - (2 * CELL if n == 0 else 0)
        assert line.width <= room + 0.01
        if n:
            assert line.text[0] not in CLOSE
        if n < len(lines) - 1:
            assert line.text[-1] not in OPEN
            assert line.width == pytest.approx(room, abs=0.01)
            assert not (line.text[-1].isdigit() and lines[n + 1].text[0] in "0123456789,")
            assert not (line.text[-1] in "—…" and lines[n + 1].text[0] == line.text[-1])


@settings(max_examples=150)
@given(st.text(HAN + "，。（）《》“”—…0123456789,.abc/@ \u3000", max_size=200), st.floats(17, 500), st.booleans())
def test_anything_is_kept(text: str, measure: float, justify: bool) -> None:
    lines = break_lines(plain(text), BODY, measure, justify=justify)
    check_drawn(lines)
    assert "".join("".join(line.text for line in lines).split()) == "".join(text.split())
    assert all(line.width <= measure + 0.01 for line in lines if len(line.text) > 1)


def test_full_line_has_28_columns() -> None:
    lines = break_lines(plain("会" * 57), BODY, MEASURE, cell=CELL)
    assert [len(line.text) for line in lines] == [28, 28, 1]
    assert lines[0].runs[0].space == pytest.approx(CELL - BODY)


def test_last_line_is_natural() -> None:
    lines = body("红十字会" * 8)
    assert lines[-1].width == pytest.approx(len(lines[-1].text) * CELL)


def test_adjoining_marks_are_squeezed() -> None:
    (line,) = break_lines(plain("《甲》《乙》"), BODY, MEASURE)
    assert line.width == pytest.approx(5.5 * BODY)
    (line,) = break_lines(plain("甲”。"), BODY, MEASURE)
    assert line.width == pytest.approx(2.5 * BODY)


def test_narrow_marks_fill_a_cell() -> None:
    (line,) = break_lines(plain("甲“乙”——丙", narrow_marks=True), BODY, MEASURE)
    assert line.width == pytest.approx(7 * BODY)
    at = {run.text[:1]: run for run in line.runs}
    assert at["“"].x == pytest.approx(1.5 * BODY)  # opening marks stand at the right of their cell
    assert at["—"].scale == pytest.approx(200)  # dashes are stretched to meet


def test_number_longer_than_a_line_is_broken() -> None:
    lines = body("1" * 200)
    assert "".join(line.text for line in lines) == "1" * 200
    assert all(line.width <= MEASURE + 0.01 for line in lines)


def test_addresses_break_after_their_marks() -> None:
    lines = body(
        "请寄电子邮件到下列信箱地址" + "redcross-volunteer-office@county-redcross.example.gov.cn" + "并电话告知"
    )
    assert "".join(line.text for line in lines).startswith("请寄")
    assert lines[0].text[-1] in "-@."


def test_spaces_do_not_begin_or_end_lines() -> None:
    lines = body("red cross society of the county " * 8)
    assert len(lines) > 2
    assert all(line.text == line.text.strip() for line in lines)
    assert body("  \u3000 ") == []


def test_a_line_of_nothing_but_spaces_is_left_out() -> None:
    lines = break_lines(plain("甲" + "\u3000" * 40 + "乙"), BODY, 3 * BODY)
    assert [line.text for line in lines] == ["甲", "乙"]


def test_no_lone_character_at_the_end_of_a_cell() -> None:
    lines = break_lines(plain("棉被约六斤重"), 10.5, 52.5, justify=False)
    assert [line.text for line in lines] == ["棉被约六", "斤重"]


def test_clean() -> None:
    assert clean("甲\r\n乙\t丙\u00a0丁\u200b\ufe00\U000e0100") == "甲\n乙 丙 丁"
