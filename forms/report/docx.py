"""The quarterly report as a document that can be edited: the PDF's text, and its tables on turned pages.

Styles follow GB/T 9704: 3号 仿宋 body, 黑体 headings, 2号 title. The fonts are named, not embedded; a computer without
one shows its own. The same input gives the same bytes.
"""

import datetime as dt
import zipfile
from collections.abc import Sequence
from io import BytesIO
from itertools import groupby
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from db.records.numbers_in_text import starred
from forms.pdf.document import red_head_size
from forms.pdf.typeset import MM, clean
from forms.report import quarterly
from forms.report.figure_labels import shown
from forms.report.pdf import CHECK_HEADINGS, TEAM_COLUMNS, check_lines
from forms.report.quarterly import Letterhead, QuarterData
from forms.report.report_text import report_sections
from forms.report.situation import whole_name

_TEAM_WIDTH = 9.0 + 40.0 + 20.0 + sum(width for _, _, width, _ in TEAM_COLUMNS)
PITCH = 28.95  # pt, 22 lines in 225 mm
_LONG, _SHORT = Mm(297), Mm(210)
_NAMES = {"title": "公文标题", "body": "公文正文", "flush": "公文主送", "table": "公文表格"}
_CENTRE, _RIGHT, _LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT


def quarterly_docx(data: QuarterData) -> bytes:
    """Return the report as .docx."""
    doc = Document()
    _properties(doc, data)
    _styles(doc)
    _page(doc.sections[0], landscape=False)
    doc.settings.odd_and_even_pages_header_footer = True
    if data.mark:
        for header in (doc.sections[0].header, doc.sections[0].even_page_header):
            header.paragraphs[0].text = data.mark
    _page_number(doc.sections[0].footer, _RIGHT)
    _page_number(doc.sections[0].even_page_footer, _LEFT)
    names = quarterly.attachments(data)
    _text(doc, data, names)
    _page(doc.add_section(WD_SECTION.NEW_PAGE), landscape=True)
    _team_table(doc, data, names[0])
    _page(doc.add_section(WD_SECTION.NEW_PAGE), landscape=True)
    _check_table(doc, data, names[1])
    if data.letterhead is not None:
        _imprint(doc, data, data.letterhead)
    out = BytesIO()
    doc.save(out)
    return _without_clock(out.getvalue())


def _said(text: str) -> str:
    """Return a text as others may read it."""
    return starred(clean(text))


def _text(doc: Any, data: QuarterData, names: Sequence[str]) -> None:
    if data.letterhead is not None:
        _red_head(doc, data.letterhead)
    about = f"关于{data.quarter.label}"
    first = about if data.letterhead is not None else data.name + about
    title = _paragraph(doc, first, "title")
    title.add_run().add_break()  # between whose and what, never inside a word
    title.add_run(_said(data.subject.removeprefix(about)))
    _paragraph(doc, "", "flush")
    if data.parent:
        _paragraph(doc, f"{data.parent}：", "flush")
    for section in report_sections(data):
        if section.heading:
            doc.add_paragraph(clean(section.heading), style="Heading 1")
        for paragraph in section.paragraphs:
            made = _paragraph(doc, "", "body")
            if paragraph.lead:
                _font(made.add_run(_said(paragraph.lead)), "楷体")
            made.add_run(_said(paragraph.text))
    _paragraph(doc, "", "body")
    for n, name in enumerate(names, 1):
        # Turnover lines stand under the name's first character.
        listed = _paragraph(doc, f"{'附件：' if n == 1 else ''}{n}.{name}", "body")
        listed.paragraph_format.left_indent = Pt(16 * 6)
        listed.paragraph_format.first_line_indent = Pt(-16 * (4 if n == 1 else 1))
        _characters(listed, None)
    for _ in range(3):  # room for the seal
        _paragraph(doc, "", "body").paragraph_format.keep_with_next = True
    day = quarterly.chinese_date(data.issued_on)
    width = sum(0.5 if c.isascii() else 1 for c in day)
    # The name stands over the middle of the date, which is four characters from the edge.
    for text, right in ((data.name, max(0.0, 4 + (width - len(data.name)) / 2)), (day, 4.0)):
        line = _paragraph(doc, text, "flush")
        line.alignment = _RIGHT
        line.paragraph_format.right_indent = Pt(16 * right)
        line.paragraph_format.keep_with_next = text != day
    if data.contact:
        _paragraph(doc, f"（{data.contact}）", "body")


def _red_head(doc: Any, head: Letterhead) -> None:
    """发文机关标志 in red, 发文字号 and 签发人 on one line, the red rule under them."""
    name = _paragraph(doc, "", "title")
    run = name.add_run(_said(head.issuing_name))
    size = red_head_size(head.issuing_name)
    run.font.size, run.font.color.rgb = Pt(size), RGBColor(0xFF, 0, 0)
    name.paragraph_format.space_before = Pt(99)  # 35 mm from the top of the text
    name.paragraph_format.line_spacing = Pt(size * 1.2)
    name.paragraph_format.space_after = Pt(2 * PITCH)
    line = _paragraph(doc, "", "flush")
    line.paragraph_format.left_indent = line.paragraph_format.right_indent = Pt(16)
    line.paragraph_format.tab_stops.add_tab_stop(Mm(156) - Pt(16), WD_TAB_ALIGNMENT.RIGHT)
    line.add_run(f"{_said(head.doc_number)}\t签发人：")
    _font(line.add_run(_said(head.signer)), "楷体")
    rule = _paragraph(doc, "", "flush")  # a paragraph of its own: the rule is as wide as the text
    rule.paragraph_format.line_spacing = Pt(11)  # 4 mm
    border, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for mark, value in (("val", "single"), ("sz", "12"), ("space", "0"), ("color", "FF0000")):
        bottom.set(qn(f"w:{mark}"), value)
    border.append(bottom)
    rule.paragraph_format.element.get_or_add_pPr().insert_element_before(
        border, "w:shd", "w:tabs", "w:wordWrap", "w:spacing", "w:ind", "w:jc"
    )
    for _ in range(2):
        _paragraph(doc, "", "flush")


def _imprint(doc: Any, data: QuarterData, head: Letterhead) -> None:
    """版记 between rules: 抄送机关 where there are any, 印发机关 and 印发日期."""
    _page(doc.add_section(WD_SECTION.NEW_PAGE), landscape=False)
    copies = head.copies_line
    line = _paragraph(doc, "", "flush")
    line.add_run(f"{_said(data.name)}\t{quarterly.chinese_date(data.issued_on)}印发").font.size = Pt(14)
    if copies:
        _ruled(line, ("bottom", "8"))
        above = line.insert_paragraph_before(clean(copies), line.style)
        above.paragraph_format.left_indent, above.paragraph_format.first_line_indent = Pt(56), Pt(-42)
        _ruled(above, ("top", "8"), ("bottom", "6"))
        above.runs[0].font.size = Pt(14)
    else:
        above = line
        _ruled(line, ("top", "8"), ("bottom", "8"))
    above.paragraph_format.space_before = Pt(20 * PITCH)  # down to the foot of the page
    line.paragraph_format.tab_stops.add_tab_stop(Mm(156) - Pt(14), WD_TAB_ALIGNMENT.RIGHT)
    line.paragraph_format.first_line_indent = Pt(14)


def _ruled(line: Any, *sides: tuple[str, str]) -> None:
    """Draw rules at some sides of a paragraph, each so many eighths of a point thick."""
    border = OxmlElement("w:pBdr")
    for side, thick in sides:
        edge = OxmlElement(f"w:{side}")
        for mark, value in (("val", "single"), ("sz", thick), ("space", "4"), ("color", "000000")):
            edge.set(qn(f"w:{mark}"), value)
        border.append(edge)
    line.paragraph_format.element.get_or_add_pPr().insert_element_before(
        border, "w:shd", "w:tabs", "w:wordWrap", "w:spacing", "w:ind", "w:jc"
    )


def _team_table(doc: Any, data: QuarterData, title: str) -> None:
    _annex_head(doc, 1, title)
    _unit_line(doc, data, "统计截止")
    widths = [9.0, 40.0, 20.0, *(width for _, _, width, _ in TEAM_COLUMNS)]
    table, scale = _table(doc, widths, 2), 225 / _TEAM_WIDTH
    for k, label in enumerate(("序号", "队伍名称", "主要领域")):
        _cell(table.cell(0, k).merge(table.cell(1, k)), label, _CENTRE, "黑体")
    for group, found in groupby(enumerate(TEAM_COLUMNS, 3), lambda column: column[1][3]):
        columns = [(k, label) for k, (_, label, *_) in found]
        if group:
            _cell(table.cell(0, columns[0][0]).merge(table.cell(0, columns[-1][0])), group, _CENTRE, "黑体")
        for k, label in columns:
            cell = table.cell(1, k) if group else table.cell(0, k).merge(table.cell(1, k))
            # The unit stands under its heading, and four characters stand two by two.
            words = label.replace("（", "\n（") if "（" in label else f"{label[:2]}\n{label[2:]}".strip()
            _cell(cell, words if len(label) > 3 else label, _CENTRE, "黑体", fit=widths[k] * scale)
    for line in quarterly.team_lines(data):
        cells = [shown(key, line.figures[key]) if key in line.figures else "—" for key, *_ in TEAM_COLUMNS]
        row = _row(table)
        name, font = f"{line.name}（{line.note}）" if line.note else line.name, ""
        if line.style == "row":
            for cell, text, align in zip(
                row, (line.number, name, line.domain), (_CENTRE, _LEFT, _CENTRE), strict=False
            ):
                _cell(cell, text, align)
        else:
            font = "黑体"
            _cell(row[0].merge(row[2]), name, _CENTRE, font)
        for cell, text, (*_, width, _group) in zip(row[3:], cells, TEAM_COLUMNS, strict=True):
            _cell(cell, text, _RIGHT, font, fit=width * scale)
    _foot(doc, data, [f"{i}. {note}" for i, note in enumerate(quarterly.TEAM_NOTES, 1)])


def _check_table(doc: Any, data: QuarterData, title: str) -> None:
    _annex_head(doc, 2, title)
    _unit_line(doc, data, "考核日")
    table = _table(doc, [width for _, width in CHECK_HEADINGS], 1)
    aligned = (_CENTRE, _LEFT, _LEFT, _LEFT, _CENTRE, _CENTRE)
    fits = [width if heading in ("序号", "结果", "整改时限") else 0.0 for heading, width in CHECK_HEADINGS]
    for cell, (label, _) in zip(table.rows[0].cells, CHECK_HEADINGS, strict=True):
        _cell(cell, label, _CENTRE, "黑体")
    for source, lines in check_lines(data):
        row = _row(table)
        _cell(row[0].merge(row[-1]), whole_name(source), _LEFT, "黑体")
        for line in lines:
            for cell, text, align, fit in zip(_row(table), line, aligned, fits, strict=True):
                _cell(cell, text, align, fit=fit)
    _foot(doc, data, [])


def _annex_head(doc: Any, number: int, title: str) -> None:
    _font(_paragraph(doc, "", "flush").add_run(f"附件{number}"), "黑体")
    _paragraph(doc, title, "title")


def _unit_line(doc: Any, data: QuarterData, what: str) -> None:
    whose = f"填报单位：{clean(data.name)}（盖章）"
    made = _tabbed(doc, [whose, f"{what}：{quarterly.chinese_date(data.as_of)}"])
    made.paragraph_format.tab_stops.add_tab_stop(Mm(225), WD_TAB_ALIGNMENT.RIGHT)


def _foot(doc: Any, data: QuarterData, notes: Sequence[str]) -> None:
    made = _tabbed(doc, quarterly.signers(data))
    made.paragraph_format.space_before = Pt(8)
    for n in (1, 2, 3):
        made.paragraph_format.tab_stops.add_tab_stop(Mm(225 * n / 4))
    for note in notes:
        _paragraph(doc, note, "table")


def _paragraph(doc: Any, text: str, style: str) -> Any:
    return doc.add_paragraph(clean(text), style=_NAMES[style])


def _tabbed(doc: Any, parts: Sequence[str]) -> Any:
    """Return a paragraph of parts, each at the next tab stop."""
    return doc.add_paragraph("\t".join(clean(part) for part in parts), style=_NAMES["table"])


def _table(doc: Any, widths: Sequence[float], head: int) -> Any:
    """Return a table that fills the page's width; its first *head* rows stand on every page, and no row is cut."""
    table = doc.add_table(rows=head, cols=len(widths), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(225 * width / sum(widths))
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "30")  # twentieths of a point: room for sums
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook")
    for row in table.rows:
        for mark in ("w:cantSplit", "w:tblHeader"):
            row._tr.get_or_add_trPr().append(OxmlElement(mark))
    return table


def _row(table: Any) -> Any:
    """Return the cells of a new row, which no page cuts."""
    row = table.add_row()
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    return row.cells


def _cell(cell: Any, text: str, align: Any, font: str = "", fit: float = 0) -> None:
    """Put a text into a cell; *fit* is the width in mm that it is not to outgrow: it is set smaller, never broken."""
    paragraph = cell.paragraphs[0]
    paragraph.style = _NAMES["table"]
    paragraph.alignment = align
    run = paragraph.add_run(_said(text))
    if fit:
        # A figure is half as wide as it is high, or a little more in a substitute font; a line is never wider.
        wide = max(sum(0.6 if c.isascii() else 1.05 for c in line) for line in text.split("\n"))
        size = min(9.0, max(5.0, int(2 * (fit - 1.6) * MM / max(0.6, wide)) / 2))
        if size < 9.0:
            run.font.size = Pt(size)
    if font:
        _font(run, font)


def _font(run: Any, name: str) -> None:
    run.font.name = name
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def _characters(paragraph: Any, count: int | None) -> None:
    """Indent the first line by *count* hundredths of a character (Word keeps to it in any font), or by none."""
    ind = paragraph.paragraph_format.element.get_or_add_pPr().get_or_add_ind()
    ind.set(qn("w:firstLineChars"), str(count or 0))


def _styles(doc: Any) -> None:
    normal = doc.styles["Normal"]
    _style(normal, "仿宋", 16)
    for key, name in _NAMES.items():
        style = doc.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        style.quick_style = True
        if key == "title":
            _style(style, "方正小标宋简体", 22)
            style.paragraph_format.alignment = _CENTRE
        elif key == "table":
            _style(style, "宋体", 9)
            style.paragraph_format.line_spacing = Pt(12)
            style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(1)
        elif key == "body":
            style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
            style.paragraph_format.first_line_indent = Pt(32)
            style.element.get_or_add_pPr().get_or_add_ind().set(qn("w:firstLineChars"), "200")
            _cut_long_numbers(style)
    heading = doc.styles["Heading 1"]
    _style(heading, "黑体", 16)
    heading.font.bold = False
    heading.font.color.rgb = None
    for colour in heading.element.rPr.findall(qn("w:color")):
        heading.element.rPr.remove(colour)
    heading.paragraph_format.first_line_indent = Pt(32)
    heading.paragraph_format.keep_with_next = True


def _cut_long_numbers(style: Any) -> None:
    """Let a line end inside a policy's number, rather than stretch the line before it."""
    wrap = OxmlElement("w:wordWrap")
    wrap.set(qn("w:val"), "0")
    # The schema wants the children in order; these are the ones our styles have after it.
    style.element.get_or_add_pPr().insert_element_before(wrap, "w:spacing", "w:ind", "w:jc")


def _style(style: Any, font: str, size: float) -> None:
    style.font.name = font
    style.font.size = Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), font)
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    form = style.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(PITCH)


def _page(section: Any, *, landscape: bool) -> None:
    """A4 with the standard's margins, turned with the sheet."""
    top, bottom, left, right = (28, 26, 35, 37) if landscape else (37, 35, 28, 26)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (_LONG, _SHORT) if landscape else (_SHORT, _LONG)
    section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
    section.left_margin, section.right_margin = Mm(left), Mm(right)
    section.header_distance = Mm(15)
    section.footer_distance = Mm(15 if landscape else 23)


def _page_number(footer: Any, align: Any) -> None:
    """— 1 — in 4号 宋体, one character from the edge."""
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.alignment = align
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(14)
    for text, kind in (("— ", ""), ("", "begin"), ("PAGE", "code"), ("", "end"), (" —", "")):
        run = paragraph.add_run("" if kind else text)
        run.font.size = Pt(14)
        _font(run, "宋体")
        if kind == "code":
            code = OxmlElement("w:instrText")
            code.text = text
            run._r.append(code)
        elif kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)


def _properties(doc: Any, data: QuarterData) -> None:
    core = doc.core_properties
    core.title, core.author, core.last_modified_by = clean(data.title), clean(data.name), clean(data.name)
    core.subject, core.comments, core.keywords, core.language = str(data.quarter), "", "", "zh-CN"
    core.created = core.modified = dt.datetime.combine(data.issued_on, dt.time())


def _without_clock(content: bytes) -> bytes:
    """Return the same file with every part dated alike; the clock of the computer is no part of a report."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
