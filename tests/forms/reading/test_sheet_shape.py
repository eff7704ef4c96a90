"""The quick look at a sheet's XML sees what the close look sees, in every spelling that XML allows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.reading import sheet_shape
from forms.reading.sheet_shape import OutsideGrid, ShapeScanner

_SPELLINGS = ['{n}="{v}"', "{n}='{v}'", '{n} ="{v}"', '{n}= "{v}"', '{n}\t=\n"{v}"']
_GAPS = [" ", "\n", "\t", "  ", "\r\n", "\x0b", "\x0c"]


@given(
    st.lists(st.tuples(st.sampled_from(_GAPS), st.sampled_from(_SPELLINGS), st.from_regex("[A-Z]{0,2}[0-9]{1,7}|A&1")))
)
def test_the_quick_look_misses_no_unusual_reference(cells: list[tuple[str, str, str]]) -> None:
    text = "".join(f"<c{gap}{spelling.format(n='r', v=value)}/>" for gap, spelling, value in cells)
    piece = text.encode("utf-8", "replace")
    if sheet_shape._is_alike(piece):
        assert sheet_shape._UNUSUAL.search(piece) is None


@pytest.mark.parametrize("gap", ["", *_GAPS])
@pytest.mark.parametrize("spelling", _SPELLINGS)
@pytest.mark.parametrize(
    "start", ['<row r="2"', '<c r="A2"', '<c r="A2" t="s"', '<row r="2" hi="a>b"', '<row r="2" s="1"']
)
def test_a_second_reference_is_seen(start: str, gap: str, spelling: str) -> None:
    """A reader may take either; one that is far out would have it reserve memory without end."""
    piece = f'<row r="1"><c r="A1"/></row>{start}{gap}{spelling.format(n="r", v="ZZ9999999")}/>'.encode()
    assert not sheet_shape._is_alike(piece)
    with pytest.raises(OutsideGrid):
        ShapeScanner().feed(piece)


def test_what_nearly_all_programs_write_takes_the_quick_look() -> None:
    cells = '<row r="7" spans="1:3" s="1" x14ac:dyDescent="0.25"><c r="A7" s="1" t="s"><v>1</v></c><c r="Z7"/></row>'
    assert sheet_shape._is_alike(cells.encode())
    scanner = ShapeScanner()
    scanner.feed(f'<cols><col min="1" max="2"/></cols>{cells}<row r="8"/>'.encode())
    assert (scanner.shape.last_row, scanner.shape.last_column, scanner.shape.cells) == (7, 26, 2)


@pytest.mark.parametrize("gap", _GAPS)
@pytest.mark.parametrize("spelling", _SPELLINGS)
def test_every_spelling_is_measured(gap: str, spelling: str) -> None:
    scanner = ShapeScanner()
    scanner.feed(f"<row><c{gap}{spelling.format(n='r', v='AB12')}/><x:c/><c>1</c></row><cols/>".encode())
    assert (scanner.shape.last_row, scanner.shape.last_column, scanner.shape.cells) == (12, 28, 3)
    with pytest.raises(OutsideGrid):
        ShapeScanner().feed(f"<row{gap}{spelling.format(n='r', v='9999999')}/>".encode())
