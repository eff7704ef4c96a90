"""A paper's tables as a workbook: every list has one, its numbers are numbers, and nobody's numbers are on one."""

import io

import openpyxl
import pytest

from db.storage.store import Store
from forms.papers import paper_named
from forms.papers.book import paper_book
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
