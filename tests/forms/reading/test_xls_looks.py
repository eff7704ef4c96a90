"""What an .xls strikes through or shows with zeros, as a person sees it."""

from pathlib import Path

from forms.reading.files import read_tables
from forms.reading.xls_looks import read_xls_looks

STRUCK = Path(__file__).parents[2] / "reference" / "struck.xls"


def test_struck_through_names_and_numbers_with_zeros() -> None:
    first, second = read_tables(STRUCK)
    assert first.struck == frozenset({(3, 0), (3, 1)})
    assert [row[1] for _, row in first.rows] == ["编号", "0007", "0012", "1234567"]
    assert second.struck == frozenset()


def test_what_is_no_workbook_has_no_looks() -> None:
    content = STRUCK.read_bytes()
    assert read_xls_looks(b"\xd0\xcf\x11\xe0" + bytes(4000)) == {}
    for at in range(512, len(content), 397):  # cut anywhere: no error, whatever is left of it
        read_xls_looks(content[:at])
