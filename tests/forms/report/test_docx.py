"""The report as .docx: the PDF's text word for word, in the styles and on the pages of the standard."""

import datetime as dt
import io
from pathlib import Path

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from db.quarters import Quarter
from db.records.entities import VOLUNTEER
from db.storage.store import Store
from desktop.services.importing import import_files
from desktop.services.reporting import quarter_data, write_report
from forms.report import quarterly
from forms.report.docx import quarterly_docx
from forms.report.pdf import check_lines
from forms.report.report_text import report_sections
from forms.report.situation import whole_name
from tests.offices.builders import random_office
from tests.offices.workbook import write_workbook

DAY = dt.date(2026, 10, 8)
QUARTER = Quarter(2026, 3)


@pytest.fixture
def filled(store: Store, tmp_path: Path) -> Store:
    """A random office."""
    write_workbook(random_office(5), tmp_path / "office.xlsx")
    import_files(store, [tmp_path / "office.xlsx"], today=DAY)
    return store


def test_text_tables_and_pages(filled: Store) -> None:
    data = quarter_data(filled, QUARTER, DAY)
    content = quarterly_docx(data)
    assert content == quarterly_docx(data)
    doc = Document(io.BytesIO(content))
    texts = [p.text for p in doc.paragraphs]
    assert texts[0].replace("\n", "") == data.title
    sections = report_sections(data)
    wanted = []
    for section in sections:
        wanted += [t for t in (section.heading, *(p.lead + p.text for p in section.paragraphs)) if t]
    assert [t for t in texts if t in set(wanted)] == wanted
    signed = texts.index(data.name)
    assert texts[signed + 1] == "2026年10月8日"
    teams, checks = doc.tables
    assert [row.cells[1].text for row in teams.rows[2:]] == [
        f"{line.name}（{line.note}）" if line.note else line.name for line in quarterly.team_lines(data)
    ]
    lines = [line for _, group in check_lines(data) for line in group]
    assert [tuple(c.text for c in row.cells) for row in checks.rows[1:] if row.cells[0].text.isdigit()] == lines
    assert [row.cells[0].text for row in checks.rows[1:] if not row.cells[0].text.isdigit()] == [
        whole_name(source) for source, _ in check_lines(data)
    ]
    first, *turned = doc.sections
    margins = (first.top_margin, first.bottom_margin, first.left_margin, first.right_margin)
    assert [round(m / Mm(1)) for m in margins if m] == [37, 35, 28, 26]
    assert len(turned) == 2
    assert all(s.orientation == WD_ORIENT.LANDSCAPE and round(s.page_width / Mm(1)) == 297 for s in turned)
    body = next(p for p in doc.paragraphs if p.text == sections[0].paragraphs[0].text).style
    assert body.base_style.font.size == Pt(16)
    assert body.base_style.element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋"
    assert doc.paragraphs[0].style.font.size == Pt(22)
    assert doc.core_properties.author == data.name
    assert doc.core_properties.comments == ""


def test_nobodys_numbers_are_in_it(filled: Store) -> None:
    doc = Document(io.BytesIO(quarterly_docx(quarter_data(filled, QUARTER, DAY))))
    text = "".join(p.text for p in doc.paragraphs)
    text += "".join(cell.text for table in doc.tables for row in table.rows for cell in row.cells)
    for row in filled.rows(VOLUNTEER):
        assert len(str(row["id_number"])) < 8 or str(row["id_number"]) not in text
        assert row["phone"] is None or str(row["phone"]) not in text


def test_it_is_written_beside_the_others_when_asked_for(filled: Store, tmp_path: Path) -> None:
    (path,) = write_report(filled, QUARTER, tmp_path / "out", DAY, ("docx",))
    assert path.name.endswith("关于2026年第三季度红十字志愿服务工作情况的报告.docx")
    assert path.read_bytes()[:2] == b"PK"
