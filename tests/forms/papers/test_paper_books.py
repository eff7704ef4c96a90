"""A paper's tables as a workbook: every list has one, its numbers are numbers, and nobody's numbers are on one."""

import io

import openpyxl
import pytest

from db.storage.store import Store
from forms.excel.workbook import Book, sheet_name
from forms.papers import paper_named
from forms.papers.book import _Tables, paper_book
from forms.report.quarterly import QuarterData
from tests.forms.papers.test_papers import NAMES, data_of, office, report

__all__ = ["office", "report"]
PROSE = {"privacy-notice", "consent-form"}  # words to be read and signed: no table


@pytest.mark.parametrize("name", NAMES)
def test_every_list_is_a_workbook(office: Store, report: QuarterData, name: str) -> None:
    """Each table is a sheet under the paper's headings, with the rows of the paper."""
    content = paper_book(paper_named(name), data_of(office, name, report))
    if name in PROSE:
        assert content is None
        return
    assert content is not None
    book = openpyxl.load_workbook(io.BytesIO(content))
    for sheet in book.worksheets:
        headings = [cell.value for cell in sheet[3] if cell.value]
        assert headings, sheet.title
        assert sheet.max_row > 3


def test_no_number_is_in_a_title_a_note_or_the_properties() -> None:
    """Wherever in a workbook words stand, and in the name of a sheet."""
    tables = _Tables()
    tables.annex("第3期培训 13900001275 签到表", [], [], notes=["电话13900001275"])
    assert tables.kept == [("第3期培训 139****1275 签到表", [], [], ["电话139****1275"])]
    assert sheet_name("培训 13900001275", set()) == "培训 139____1275"
    book = Book("登记表 13900001275")
    book.book.add_worksheet("一")
    read = openpyxl.load_workbook(io.BytesIO(book.done()))
    assert read.properties.title == "登记表 139****1275"
