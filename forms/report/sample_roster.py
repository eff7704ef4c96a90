"""A roster as a Word document and as a PDF, for the test of an installed program: what is written here is read again."""

import datetime as dt
from collections.abc import Sequence
from io import BytesIO

from docx import Document

from forms.pdf.document import Column, ReportDocument

Rows = Sequence[Sequence[str]]


def word(rows: Rows) -> bytes:
    """Return a document with one table; the first row holds the headings."""
    document = Document()
    table = document.add_table(len(rows), len(rows[0]))
    for line, row in enumerate(rows):
        for column, text in enumerate(row):
            table.cell(line, column).text = text
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def pdf(rows: Rows, day: dt.date) -> bytes:
    """Return a PDF with one table, in the font that ships."""
    paper = ReportDocument("花名册", author="自检", subject="自检", issued_on=day)
    paper.annex("花名册", [Column(text, 30) for text in rows[0]], rows[1:], label="", landscape=False)
    return paper.render(system_fonts=False)
