"""The quarterly report on paper: the text in the layout of GB/T 9704, the team table and the self-check as annexes."""

from db.records.statuses import STATUSES
from db.rules.verdicts import bound
from forms.pdf.document import Column, ReportDocument, TableRow
from forms.report import quarterly
from forms.report.figure_labels import shown
from forms.report.quarterly import QuarterData
from forms.report.report_text import report_sections

# (figure, heading, width in mm, group heading)
TEAM_COLUMNS = (
    ("persons_end", "季末", 11, "在队（人）"), ("members_joined", "入队", 11, "在队（人）"),
    ("members_left", "退队", 11, "在队（人）"), ("trainings", "期数", 10, "培训"),
    ("training_person_times", "人次", 12, "培训"), ("training_minutes", "学时", 14, "培训"),
    ("insured_end", "在保", 11, "保险（人）"), ("uninsured_end", "未保", 11, "保险（人）"),
    ("income_fen", "收入", 20, "经费（元）"), ("expense_fen", "支出", 20, "经费（元）"), ("balance_fen", "结余", 21, "经费（元）"),
    ("activities", "活动次数", 10, ""), ("service_minutes", "服务小时", 14, ""),
)  # fmt: skip


def quarterly_pdf(data: QuarterData, *, system_fonts: bool = True) -> tuple[bytes, tuple[str, ...]]:
    """Return the report's bytes and what is to be said of its fonts; raises `MissingGlyphs` before anything is set."""
    doc = ReportDocument(data.title, author=data.name, subject=str(data.quarter), issued_on=data.issued_on)
    if data.letterhead is not None:
        doc.letterhead(data.letterhead.issuing_name, data.letterhead.doc_number, data.letterhead.signer)
    doc.title(data.title)
    doc.addressee(f"{data.office.get('parent_org') or '上级红十字会'}：")
    for section in report_sections(data):
        if section.heading:
            doc.heading1(section.heading)
        for paragraph in section.paragraphs:
            doc.body(paragraph.text, lead=paragraph.lead, where=section.heading or "正文")
    names = quarterly.attachments(data)
    doc.attachments(names)
    doc.signature(data.name, quarterly.chinese_date(data.issued_on), sealed=True)
    team_annex(doc, data, names[0], number=1)
    _check_annex(doc, data, names[1])
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
        unit_right=f"统计截止：{quarterly.chinese_date(data.quarter.end)}", foot=signers(data),
        notes=[f"{i}. {text}" for i, text in enumerate(quarterly.TEAM_NOTES, 1)],
    )  # fmt: skip


def _check_annex(doc: ReportDocument, data: QuarterData, title: str) -> None:
    columns = [
        Column("序号", 9, "center", fit=True), Column("要求", 46), Column("依据", 62), Column("本会情况", 84),
        Column("结果", 24, "center", fit=True),
    ]  # fmt: skip
    rows = [
        TableRow((str(i), r.clause.title, r.clause.citation, r.message, STATUSES[r.status]))
        for i, r in enumerate(bound(data.results), 1)
    ]
    doc.annex(
        title, number=2, columns=columns, rows=rows, unit_left=f"填报单位：{data.name}（盖章）",
        unit_right=f"考核日：{quarterly.chinese_date(data.quarter.end)}", foot=signers(data),
    )  # fmt: skip


def signers(data: QuarterData) -> list[str]:
    """Return the places for names under a table."""
    # A landline is the office's; a mobile number is a person's and is written in by hand.
    phone = data.office.get("contact_phone") or ""
    phone = phone if phone.startswith("0") else ""
    return ["单位负责人：", "审核人：", f"填表人：{data.office.get('contact') or ''}", f"联系电话：{phone}"]
