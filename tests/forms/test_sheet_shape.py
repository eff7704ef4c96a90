"""The quick look at a sheet's XML sees what the close look sees, in every spelling that XML allows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms import sheet_shape
from forms.sheet_shape import OutsideGrid, ShapeScanner

_SPELLINGS = ['{n}="{v}"', "{n}='{v}'", '{n} ="{v}"', '{n}= "{v}"', '{n}\t=\n"{v}"']
_GAPS = [" ", "\n", "\t", "  ", "\r\n", "\x0b", "\x0c"]


@given(
    st.lists(st.tuples(st.sampled_from(_GAPS), st.sampled_from(_SPELLINGS), st.from_regex("[A-Z]{0,2}[0-9]{1,7}|A&1")))
)
def test_the_quick_look_misses_no_unusual_reference(cells: list[tuple[str, str, str]]) -> None:
    text = "".join(f"<c{gap}{spelling.format(n='r', v=value)}/>" for gap, spelling, value in cells)
    piece = text.encode("utf-8", "replace")
    if sheet_shape._is_plain(piece):
        quick, close = sheet_shape._UNUSUAL_PLAIN.search(piece), sheet_shape._UNUSUAL.search(piece)
        assert (quick is None) == (close is None)


@pytest.mark.parametrize("gap", _GAPS)
@pytest.mark.parametrize("spelling", _SPELLINGS)
def test_every_spelling_is_measured(gap: str, spelling: str) -> None:
    scanner = ShapeScanner()
    scanner.feed(f"<row><c{gap}{spelling.format(n='r', v='AB12')}/><x:c/><c>1</c></row><cols/>".encode())
    assert (scanner.shape.last_row, scanner.shape.last_column, scanner.shape.cells) == (12, 28, 3)
    with pytest.raises(OutsideGrid):
        ShapeScanner().feed(f"<row{gap}{spelling.format(n='r', v='9999999')}/>".encode())
