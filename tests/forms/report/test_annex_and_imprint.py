"""What does not bind stands in annex 2 only where a person asks; 版记 names who has a copy; a period before the ledger."""

import io
import re
from pathlib import Path

import openpyxl
import pdfplumber
from docx import Document

from db.quarters import Quarter
from db.records.entities import BY_NAME
from db.storage.store import Store
from desktop.services.reporting import (
    LISTS_ALL,
    letterhead_of,
    quarter_data,
    report_book,
    report_docx,
    report_pdf,
    save_letterhead,
    save_text,
    wanting,
)
from forms.report.pdf import check_lines
from forms.report.quarterly import Letterhead
from forms.report.report_text import report_sections
from forms.report.situation import counted
from tests.forms.pdf.archival_check import faults
from tests.forms.report.test_quarterly import DAY, QUARTER, filled, pdf_text

COPIES = "安澜市红十字会，安澜县卫生健康局，安澜县教育局，共青团安澜县委员会，安澜县社会工作部，安澜县融媒体中心"


def test_what_does_not_bind_is_listed_where_asked(store: Store, tmp_path: Path) -> None:
    """In PDF, Word and workbook alike, with the reason and 不适用; the total of the text is the same; never a reference row."""
    filled(store, tmp_path, 12)
    plain = quarter_data(store, QUARTER, DAY)
    with store.operation("勾选"):
        save_text(store, QUARTER, LISTS_ALL, "列出")
    whole = quarter_data(store, QUARTER, DAY)
    few, all_ = ([line for _, lines in check_lines(data) for line in lines] for data in (plain, whole))
    assert len(few) == len(counted(plain.results))
    more = [line for line in all_ if line[4] == "不适用"]
    assert more
    assert len(all_) == len(few) + len(more)
    assert not [line for line in few if line[4] == "不适用"]
    for line in more:
        assert line[3]
        assert not re.search("请|自评|None|台账", line[3]), line
    titles = {r.clause.title for r in whole.results if r.clause.mode == "reference"}
    assert not titles & {line[2] for line in all_} - {
        r.clause.title for r in whole.results if r.clause.mode != "reference"
    }
    assert [line[0] for line in all_] == [str(n) for n in range(1, len(all_) + 1)]
    texts = [[p.text for s in report_sections(data) for p in s.paragraphs] for data in (plain, whole)]
    assert texts[0] == texts[1]
    printed = pdf_text(report_pdf(whole, system_fonts=False)[0])
    assert printed.count("不适用") >= len(more)
    cells = [c.text for row in Document(io.BytesIO(report_docx(whole))).tables[1].rows for c in row.cells]
    assert cells.count("不适用") == len(more)
    sheet = openpyxl.load_workbook(io.BytesIO(report_book(store, whole)))["合规"]
    assert sum(row[7] == "不适用" for row in sheet.iter_rows(values_only=True)) == len(more)


def test_who_has_a_copy_stands_in_the_imprint(store: Store, tmp_path: Path) -> None:
    """Kept with the red head and gone with it; on several lines where there are many, above 印发机关."""
    filled(store, tmp_path, 12)
    head = Letterhead("青石县红十字会文件", "青红字〔2026〕18号", "李秀兰", COPIES)
    with store.operation("红头"):
        save_letterhead(store, QUARTER, head)
    assert letterhead_of(store, QUARTER) == head
    data = quarter_data(store, QUARTER, DAY)
    content = report_pdf(data, system_fonts=False)[0]
    assert faults(content) == []  # one with a red head
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        page = pdf.pages[-1]
        lines = [re.sub(r"\s", "", line) for line in page.extract_text().splitlines()]
        rules = sorted({round(line["top"]) for line in page.lines})
    told = "".join(lines)
    assert told.startswith(f"抄送：{COPIES}。{data.name}2026年10月8日印发")
    assert len([line for line in lines if line]) == 4
    assert len(rules) == 3
    said = [p.text for p in Document(io.BytesIO(report_docx(data))).paragraphs][-2:]
    assert said == [f"抄送：{COPIES}。", f"{data.name}\t2026年10月8日印发"]
    with store.operation("白头"):
        save_letterhead(store, QUARTER, None)
    assert letterhead_of(store, QUARTER) is None
    assert "抄送" not in pdf_text(report_pdf(quarter_data(store, QUARTER, DAY), system_fonts=False)[0])


def test_a_period_before_the_ledger_is_not_judged_on_paper(store: Store, tmp_path: Path) -> None:
    """The report says so instead of a self-check, names no problem, and it is said before printing."""
    filled(store, tmp_path, 12)
    with store.operation("启用"):
        store.save(BY_NAME["office"], {"item": "ledger_started_on", "content": "2026-07-01"})
    data = quarter_data(store, Quarter(2026, 2), DAY)
    text = "".join(p.text for s in report_sections(data) for p in s.paragraphs)
    assert "本期早于台账起点（2026年7月1日），没有台账记录，未作对照检查。" in text
    assert "达标" not in text
    assert any("2026-07-01" in line for line in wanting(data))
    assert not [line for _, lines in check_lines(data) for line in lines]
    report_pdf(data, system_fonts=False)
    now = quarter_data(store, QUARTER, DAY)
    assert now.begins is None
    assert "逐条自查" in "".join(p.text for s in report_sections(now) for p in s.paragraphs)
