"""The quarterly report on paper: the text in the layout of GB/T 9704, the team table and the self-check as annexes."""

from collections.abc import Iterator
from itertools import groupby

from db.records.numbers_in_text import starred
from db.rules.register import Source
from forms.pdf.document import Column, ReportDocument, TableRow
from forms.report import quarterly
from forms.report.figure_labels import shown
from forms.report.problem_text import due, in_quarters
from forms.report.quarterly import QuarterData
from forms.report.report_text import report_sections
from forms.report.situation import annexed, article, outcome, problems, situation, tight, whole_name

# (figure, heading, width in mm, group heading)
TEAM_COLUMNS = (
    ("persons_end", "在队（人）", 11, ""), ("members_joined", "入队", 11, "进出（人次）"),
    ("members_left", "退队", 11, "进出（人次）"), ("trainings", "期", 10, "培训"),
    ("training_person_times", "人次", 12, "培训"), ("training_minutes", "人学时", 14, "培训"),
    ("insured_end", "在保", 11, "保险（人）"), ("uninsured_end", "未保", 11, "保险（人）"),
    ("income_fen", "收入", 20, "经费（元）"), ("expense_fen", "支出", 20, "经费（元）"), ("balance_fen", "结余", 21, "经费（元）"),
    ("activities", "活动次数", 10, ""), ("service_minutes", "服务小时", 14, ""),
)  # fmt: skip


def quarterly_pdf(data: QuarterData, *, system_fonts: bool = True) -> tuple[bytes, tuple[str, ...]]:
    """Return the report's bytes and what is to be said of its fonts; raises `MissingGlyphs` before anything is set."""
    doc = ReportDocument(
        data.title, author=data.name, subject=str(data.quarter), issued_on=data.issued_on, veil=starred
    )
    doc.mark(data.mark)
    if data.letterhead is not None:
        doc.letterhead(data.letterhead.issuing_name, data.letterhead.doc_number, data.letterhead.signer)
    doc.title(data.subject if data.letterhead is not None else data.title)
    if data.parent:
        doc.addressee(f"{data.parent}：")
    for section in report_sections(data):
        if section.heading:
            doc.heading1(section.heading)
        for paragraph in section.paragraphs:
            doc.body(paragraph.text, lead=paragraph.lead, where=section.heading or "正文")
    names = quarterly.attachments(data)
    doc.attachments(names)
    doc.signature(data.name, quarterly.chinese_date(data.issued_on), sealed=True)
    if data.contact:
        doc.note(data.contact)
    team_annex(doc, data, names[0], number=1)
    _check_annex(doc, data, names[1])
    if data.letterhead is not None:
        doc.imprint(data.name, quarterly.chinese_date(data.issued_on), data.letterhead.copies_line)
    return doc.render(system_fonts=system_fonts), doc.font_notes


def team_annex(doc: ReportDocument, data: QuarterData, title: str, *, number: int | None = None) -> None:
    """Put the team table into a document: an annex with a number, or a paper of its own."""
    columns = [Column("序号", 7, "center", fit=True), Column("队伍名称", 40), Column("主要领域", 20, "center")]
    columns += [Column(label, width, "right", fit=True, group=group) for _, label, width, group in TEAM_COLUMNS]
    rows = []
    for line in quarterly.team_lines(data):
        name = f"{line.name}（{line.note}）" if line.note else line.name
        cells = [shown(key, line.figures[key]) if key in line.figures else "—" for key, *_ in TEAM_COLUMNS]
        if line.style == "row":
            rows.append(TableRow((line.number, name, line.domain, *cells), where=f"队伍“{line.name}”"))
        else:
            rows.append(TableRow((name, "", "", *cells), "total"))
    doc.annex(
        title, number=number, label=None if number else "", columns=columns, rows=rows, unit_left=f"填报单位：{data.name}（盖章）",
        unit_right=f"统计截止：{quarterly.chinese_date(data.as_of)}　单位：支、人、人次、期、人学时、元、次、小时", foot=quarterly.signers(data),
        notes=[f"{i}. {text}" for i, text in enumerate(quarterly.TEAM_NOTES, 1)],
    )  # fmt: skip


CHECK_HEADINGS = (("序号", 9), ("条款", 40), ("要求", 48), ("本会情况", 80), ("结果", 20), ("整改时限", 28))


def check_lines(data: QuarterData) -> Iterator[tuple[Source, list[tuple[str, ...]]]]:
    """Return annex 2: each notice, with number, article, requirement, situation, result and day for each clause."""
    wrong = {r.clause.id for r in problems(data.results)}
    number = 0
    listed = annexed(data.results, whole=data.lists_all)
    for source, results in groupby(listed, lambda r: r.clause.source):
        lines: list[tuple[str, ...]] = []
        for r in results:
            number += 1
            day = due(r, data) if r.clause.id in wrong else ""
            told = in_quarters(situation(r), r, data, whole=True)
            lines.append((str(number), article(r.clause), tight(r.clause.title), told, outcome(r), day))
        yield source, lines


def _check_annex(doc: ReportDocument, data: QuarterData, title: str) -> None:
    short = ("序号", "结果", "整改时限")  # set smaller sooner than broken
    columns = [
        Column(label, width, "center" if label in short else "left", fit=label in short)
        for label, width in CHECK_HEADINGS
    ]
    rows = []
    for source, lines in check_lines(data):
        rows.append(TableRow([whole_name(source), *[""] * (len(columns) - 1)], "group"))
        rows += [TableRow(line, where=f"条款“{line[2]}”") for line in lines]
    doc.annex(
        title, number=2, columns=columns, rows=rows, unit_left=f"填报单位：{data.name}（盖章）",
        unit_right=f"考核日：{quarterly.chinese_date(data.as_of)}", foot=quarterly.signers(data),
    )  # fmt: skip
