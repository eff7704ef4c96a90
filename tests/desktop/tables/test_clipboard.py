"""Blocks on the clipboard, as Excel and WPS write and read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.tables.clipboard import from_text, to_text


def test_cells_with_tabs_quotes_and_breaks() -> None:
    """Excel quotes such a cell and doubles its quotes; a zero is not nothing."""
    block = [["张三", '他说"好"', "第一行\n第二行"], ["0", "", "a\tb"]]
    text = to_text(block)
    assert text == '张三\t"他说""好"""\t"第一行\n第二行"\r\n0\t\t"a\tb"'
    assert from_text(text) == block


@pytest.mark.parametrize(
    ("text", "block"),
    [
        ("张三\t女\r\n李四\t男\r\n", [["张三", "女"], ["李四", "男"]]),  # Excel ends with a break
        ("张三\n李四", [["张三"], ["李四"]]),
        ("张三\r李四\r", [["张三"], ["李四"]]),
        ("张三\t女\t\r\n李四\t男\t\r\n", [["张三", "女"], ["李四", "男"]]),  # a tab behind every line
        ("张三\t女\r\n李四", [["张三", "女"], ["李四", ""]]),  # lines of unlike length
        ("张三\r\n\r\n李四\r\n", [["张三"], [""], ["李四"]]),  # a blank cell in between stays in its place
        ('5" 绷带\t1', [['5" 绷带', "1"]]),  # a quote inside is a quote
        ("990123198804120020", [["990123198804120020"]]),
    ],
)
def test_what_programs_put_there(text: str, block: list[list[str]]) -> None:
    """Breaks, tabs at the end, short lines."""
    assert from_text(text) == block


@given(st.integers(1, 4).flatmap(lambda n: st.lists(st.lists(st.text(st.characters(exclude_characters="\x00\r",
       exclude_categories=["Cs"]), min_size=1), min_size=n, max_size=n), min_size=1)))  # fmt: skip
def test_any_block_comes_back(block: list[list[str]]) -> None:
    """What is copied is pasted as it was."""
    assert from_text(to_text(block)) == block
