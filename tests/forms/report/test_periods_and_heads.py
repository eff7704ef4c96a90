"""A period that still runs, half-years and years, 版记 under a red head, and long names that are not cut."""

import datetime as dt
import io
import re
from dataclasses import replace
from pathlib import Path

import openpyxl
import pdfplumber
import pytest
from docx import Document
from docx.shared import Pt

from db.errors import UserError
from db.quarters import Period, Quarter
from db.records.entities import BY_NAME
from db.storage.store import Store
from desktop.__main__ import main
from desktop.services.reporting import quarter_data, report_book, report_docx, report_pdf, wanting, write_report
from forms.papers import PaperData, paper_named
from forms.report.pdf import check_lines
from forms.report.problem_text import due
from forms.report.quarterly import Letterhead, QuarterData
from forms.report.report_text import report_sections
from forms.report.situation import problems
from forms.report.statistical_form import height
from tests.forms.report.test_quarterly import DAY, QUARTER, filled, pdf_text

MID = dt.date(2026, 8, 20)


def text_of(data: QuarterData) -> str:
    return "".join(p.text for s in report_sections(data) for p in s.paragraphs)


def test_a_running_quarter_is_a_draft_up_to_today_on_every_page(store: Store, tmp_path: Path) -> None:
    filled(store, tmp_path, 12)
    data = quarter_data(store, QUARTER, MID)
    assert (data.as_of, data.issued_on, data.is_draft) == (MID, MID, True)
    assert data.figures["as_of"] == "2026-08-20"
    assert "截至2026年8月20日，在册" in text_of(data)
    assert any("草稿" in words for words in wanting(data))
    with pdfplumber.open(io.BytesIO(report_pdf(data, system_fonts=False)[0])) as pdf:
        for page in pdf.pages:
            assert "草稿截至2026年8月20日" in re.sub(r"\s", "", page.extract_text())
    written = Document(io.BytesIO(report_docx(data)))
    assert "草稿" in written.sections[0].header.paragraphs[0].text
    assert "草稿" in written.sections[0].even_page_header.paragraphs[0].text
    summary = openpyxl.load_workbook(io.BytesIO(report_book(store, data)))["汇总表"]
    assert any("统计截止：2026年8月20日（草稿）" in str(c.value) for c in summary[2])
    final = quarter_data(store, QUARTER, DAY)
    assert (final.as_of, final.mark) == (QUARTER.end, "")
    assert "草稿" not in pdf_text(report_pdf(final, system_fonts=False)[0])


def test_a_period_that_has_not_begun_is_not_reported(store: Store, tmp_path: Path) -> None:
    filled(store, tmp_path, 12)
    with pytest.raises(UserError, match="还没有开始"):
        write_report(store, Quarter(2026, 4), tmp_path / "out", MID)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("period", "words"), [
    (Period(2026, 1, 6), ("关于2026年上半年红", "上半年", "上年末")), (Period(2026, 1, 12), ("关于2026年度红", "本年", "上年末")),
])  # fmt: skip
def test_half_years_and_years_have_their_own_words(
    period: Period, words: tuple[str, ...], store: Store, tmp_path: Path
) -> None:
    filled(store, tmp_path, 12)
    data = quarter_data(store, period, dt.date(2027, 1, 8))
    now = data.figures["office"]
    data = replace(data, before=dict(now), last_year=dict(now))
    text = data.title + text_of(data)
    assert all(word in text for word in words)
    assert not re.search("本季度[^有]|季末|上季", text.split("对照34号")[0])
    assert ("上年同期" in text) == (period.months != 12)
    assert report_pdf(data, system_fonts=False)[0]


def test_the_command_takes_a_half_year(ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Store.open(ledger) as store:
        filled(store, tmp_path, 2)
    out = tmp_path / "out"
    assert main(["--db", str(ledger), "report", "2025H1", "--pdf", "--out", str(out)]) == 0
    assert [p.name for p in out.iterdir()] == [f"{_office(ledger)}关于2025年上半年红十字志愿服务工作情况的报告.pdf"]


def _office(ledger: Path) -> str:
    with Store.open(ledger) as store:
        return store.office()["name"]


def test_a_red_head_has_its_imprint_at_the_end(store: Store, tmp_path: Path) -> None:
    filled(store, tmp_path, 12)
    white = quarter_data(store, QUARTER, DAY)
    red = replace(white, letterhead=Letterhead("青石县红十字会文件", "青红字〔2026〕18号", "李秀兰"))
    with pdfplumber.open(io.BytesIO(report_pdf(red, system_fonts=False)[0])) as pdf:
        last = re.sub(r"\s", "", pdf.pages[-1].extract_text())
        assert last.startswith(f"{white.name}2026年10月8日印发")
        first = re.sub(r"\s", "", pdf.pages[0].extract_text())
        assert f"李秀兰关于2026年第三季度红十字志愿服务工作情况的报告{white.parent}" in first
    assert "印发" not in pdf_text(report_pdf(white, system_fonts=False)[0]).replace("印发，以下简称", "").replace(
        "日印发）", ""
    )
    assert Document(io.BytesIO(report_docx(red))).paragraphs[-1].text.endswith("2026年10月8日印发")


def test_long_names_are_not_cut(store: Store, tmp_path: Path) -> None:
    """The line of who fills it in is as high as a name of three dozen characters needs."""
    filled(store, tmp_path, 12)
    data = quarter_data(store, QUARTER, DAY)
    long = replace(data, office=data.office | {"name": "石门土家族苗族自治县壶瓶山镇温泉度假区红十字会联合工作委员会"})
    sheet = openpyxl.load_workbook(io.BytesIO(report_book(store, long)))["汇总表"]
    words = str(sheet["A2"].value)
    assert words.endswith("（盖章）")
    merged = next(r for r in sheet.merged_cells.ranges if "A2" in r)
    width = sum(sheet.column_dimensions["ABCDEF"[n]].width for n in range(merged.size["columns"]))
    assert sheet["A2"].alignment.wrap_text
    assert sheet.row_dimensions[2].height >= height([words], [width]) > 21


def test_amounts_in_word_fit_their_columns(store: Store, tmp_path: Path) -> None:
    """No figure of the team table is wider than its cell, a digit being little over half as wide as it is high."""
    filled(store, tmp_path, 12)
    data = quarter_data(store, QUARTER, DAY)
    rich = {name: 123_456_789_00 if name.endswith("_fen") else value for name, value in data.figures["office"].items()}
    data = replace(data, figures=data.figures | {"office": rich})
    table = Document(io.BytesIO(report_docx(data))).tables[0]
    row = next(r for r in table.rows if r.cells[1].text == "合计")
    amounts = [c for c in row.cells if c.text == "123,456,789.00"]
    assert len(amounts) == 3
    for cell in amounts:
        size = cell.paragraphs[0].runs[0].font.size
        assert len(cell.text) * 0.55 * size.pt <= cell.width.pt - 3


def test_days_and_headings_are_not_broken(store: Store, tmp_path: Path) -> None:
    """A day in a narrow column stands on one line, on paper and in Word; a heading breaks before its unit alone."""
    filled(store, tmp_path, 12)
    data = quarter_data(store, QUARTER, DAY)
    assert problems(data.results)
    made = [report_pdf(data, system_fonts=False)[0]]
    made += [paper_named(name).render(PaperData(data), system_fonts=False) for name in ("self-check", "rectification")]
    for content in made:
        with pdfplumber.open(io.BytesIO(content)) as pdf:
            cells = [c for page in pdf.pages for t in page.extract_tables() for row in t for c in row if c]
        days = [c for c in cells if re.fullmatch(r"2026年12月\s*31日|2026年12\s*月31日|2026年12月31\s*日", c)]
        assert days
        assert not [c for c in days if "\n" in c]
    word = Document(io.BytesIO(report_docx(data)))
    heads = [c for row in word.tables[0].rows[:2] for c in row.cells]
    days = [c for row in word.tables[1].rows for c in row.cells if re.fullmatch(r"2026年\d+月\d+日", c.text)]
    assert {"在队\n（人）", "活动\n次数"} <= {c.text for c in heads}
    for cell in (*days, *(c for c in heads if "\n" in c.text)):
        size = cell.paragraphs[0].runs[0].font.size or Pt(9)
        wide = max(sum(0.55 if c.isascii() else 1 for c in line) for line in cell.text.split("\n"))
        assert wide * size.pt <= cell.width.pt - 3, cell.text


def test_what_belongs_to_a_winter_is_made_good_in_the_next(store: Store, tmp_path: Path) -> None:
    filled(store, tmp_path, 12)
    data = quarter_data(store, QUARTER, DAY)
    winter = next(r for r in data.results if r.clause.period == "winter_season")
    assert due(winter, data) == "2027年2月28日"
    for day, expected in (("2027-03-31", "2028年2月29日"), ("2027-01-31", "2027年2月28日")):
        assert due(winter, replace(data, as_of=dt.date.fromisoformat(day))) == expected
    yearly = next(r for r in data.results if r.clause.period == "calendar_year")
    assert due(yearly, data) == "2026年12月31日"


def test_papers_of_a_running_quarter_are_drafts_too(store: Store, tmp_path: Path) -> None:
    filled(store, tmp_path, 12)
    data = quarter_data(store, QUARTER, MID)
    paper = paper_named("team-table")
    assert "草稿" in pdf_text(paper.render(PaperData(data), system_fonts=False))


def test_a_half_year_shows_each_quarters_verdict_and_the_last_binds(store: Store, tmp_path: Path) -> None:
    """Of a quarter clause: both verdicts stand in annex 2, the result is the last one's, and 本季度 is that quarter by name."""
    filled(store, tmp_path, 12)
    with store.operation("培训"):
        for day, blood in (("2026-02-03", "yes"), ("2026-05-06", "no")):
            store.save(BY_NAME["training"], {
                "code": f"X{day}", "name": "救护员班", "category": "first_aid", "start_on": day, "class_minutes": 480,
                "has_blood_topic": blood, "person_times": 20,
            })  # fmt: skip
        others = [
            r["id"] for r in store.rows(BY_NAME["training"]) if r["category"] == "first_aid" and r["name"] != "救护员班"
        ]
        for row in store.rows(BY_NAME["training"]):
            if row["id"] in others:
                store.save(BY_NAME["training"], dict(row) | {"category": "other"})
    half = quarter_data(store, Period.parse("2026H1"), dt.date(2026, 7, 8))
    clause = next(r.clause for r in half.results if r.clause.id == "B25-2-4")
    line = next(line for _, lines in check_lines(half) for line in lines if line[2] == clause.title)
    assert line[3].endswith("（第一季度达标，第二季度未达标）")
    assert line[4] == "未达标"
    texts = "".join(p.text for s in report_sections(half) for p in s.paragraphs)
    assert "第二季度1期应急救护培训未纳入无偿献血科普内容" in texts
    assert "本季" not in texts
    one = quarter_data(store, Quarter(2026, 2), dt.date(2026, 7, 8))
    assert one.by_quarter == {}
    assert "本季度1期应急救护培训未" in "".join(p.text for s in report_sections(one) for p in s.paragraphs)
