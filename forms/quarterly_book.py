"""The quarter's workbook: the report's own figures, team table and self-check, ready to print on A4 landscape."""

import math
from collections.abc import Sequence
from typing import Any
from unicodedata import east_asian_width

from db.kinds import Hours, Money
from db.rules import MODES, STATUSES, STRENGTHS
from db.verdicts import bound
from forms import quarterly
from forms.figure_labels import LABELS
from forms.quarterly import QuarterData
from forms.workbook import Book

_TEAM_COLUMNS = (
    ("members_start", "季初", "在队（人次）"), ("members_joined", "入队", "在队（人次）"),
    ("members_left", "退队", "在队（人次）"), ("members_end", "季末", "在队（人次）"), ("persons_end", "在队人数（人）", ""),
    ("trainings", "期数", "培训"), ("training_person_times", "人次", "培训"), ("training_persons", "人数", "培训"),
    ("training_minutes", "学时", "培训"), ("insured_end", "在保", "保险（人）"), ("uninsured_end", "未保", "保险（人）"),
    ("income_fen", "本季收入", "经费（元）"), ("expense_fen", "本季支出", "经费（元）"),
    ("income_ytd_fen", "本年收入", "经费（元）"), ("expense_ytd_fen", "本年支出", "经费（元）"),
    ("balance_fen", "季末结余", "经费（元）"), ("activities", "活动（次）", ""), ("service_persons", "人数", "服务"),
    ("service_person_times", "人次", "服务"), ("service_minutes", "小时", "服务"),
)  # fmt: skip


def number_cell(name: str, value: int) -> tuple[Any, str]:
    """Return a figure as a workbook's number and its format: money in 元, durations in hours."""
    if name.endswith("_fen"):
        return Money().to_cell(value), "#,##0.00"
    if name.endswith("_minutes"):
        return Hours().to_cell(value), "#,##0.0"
    return value, "#,##0"


def quarterly_book(data: QuarterData) -> bytes:
    """Return the workbook: 汇总表, 队伍情况表, 合规自查表, 说明."""
    book = Book(data.title)
    _summary(book, data)
    _teams(book, data)
    _checks(book, data)
    _guide(book, data)
    return book.done()


def _page(book: Book, name: str, widths: list[float], title: str, data: QuarterData, landscape: bool = True) -> Any:
    """Begin a printable sheet: merged title, the 填报单位 line, A4, one page wide."""
    sheet = book.book.add_worksheet(name)
    last = len(widths) - 1
    for i, width in enumerate(widths):
        sheet.set_column(i, i, width)
    sheet.merge_range(0, 0, 0, last, title, book.style(font_size=18, bold=True, align="center"))
    sheet.set_row(0, 32)
    half = last // 2
    sheet.merge_range(1, 0, 1, half, f"填报单位：{data.name}（盖章）", book.style())
    until = f"统计截止：{quarterly.chinese_date(data.quarter.end)}"
    sheet.merge_range(1, half + 1, 1, last, until, book.style(align="right"))
    sheet.set_row(1, 20)
    if landscape:
        sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.6, right=0.6, top=0.75, bottom=0.75)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C第 &P 页 共 &N 页")
    return sheet


def _summary(book: Book, data: QuarterData) -> None:
    sheet = _page(
        book, "汇总表", [6, 34, 18, 18, 18], f"{data.quarter.label}志愿服务队伍情况汇总表", data, landscape=False
    )
    head = book.style(bold=True, border=1, align="center", bg_color="#F2F0EC")
    for i, text in enumerate(("序号", "项目", "本季度", "上季度", "上年同期")):
        sheet.write_string(2, i, text, head)
    office = data.figures["office"]
    line = 3
    for n, (key, label) in enumerate(((k, v) for k, v in LABELS.items() if k in office), 1):
        book.put(sheet, line, 0, n, book.style(border=1, align="center"))
        book.put(sheet, line, 1, label, book.style(border=1))
        for i, figures in enumerate((office, data.before, data.last_year)):
            value, form = number_cell(key, figures[key])
            book.put(sheet, line, 2 + i, value, book.style(border=1, num_format=form, align="right"))
        line += 1
    _signers(book, sheet, line, 5)
    sheet.freeze_panes(3, 2)
    sheet.repeat_rows(2)


def _signers(book: Book, sheet: Any, line: int, columns: int) -> None:
    """One line for the signatures, across the sheet."""
    words = ("单位负责人：", "审核人：", "填表人：", "联系电话：")
    sheet.merge_range(line + 1, 0, line + 1, columns - 1, ("\u3000" * 8).join(words), book.style())
    sheet.set_row(line + 1, 24)


def _height(texts: Sequence[str], widths: Sequence[float]) -> float:
    """Return the height in points that wrapped texts need: no program is trusted to find it out on opening."""
    lines = 1
    for text, width in zip(texts, widths, strict=True):
        columns = sum(2 if east_asian_width(c) in "WFA" else 1 for c in text)
        lines = max(lines, math.ceil(columns * 1.08 / (width - 1)))
    return 15.0 * lines + 4


def _teams(book: Book, data: QuarterData) -> None:
    widths: list[float] = [6, 26, 18]
    widths += [14 if key.endswith("_fen") else 9 for key, *_ in _TEAM_COLUMNS] + [10]
    sheet = _page(book, "队伍情况表", widths, f"{data.quarter.label}志愿服务队伍情况表", data)
    head = book.style(bold=True, border=1, align="center", bg_color="#F2F0EC", text_wrap=True)
    for i, text in enumerate(("序号", "队伍名称", "主要领域")):
        sheet.merge_range(2, i, 3, i, text, head)
    start = 3
    while start < 3 + len(_TEAM_COLUMNS):
        group = _TEAM_COLUMNS[start - 3][2]
        end = start
        while group and end + 1 < 3 + len(_TEAM_COLUMNS) and _TEAM_COLUMNS[end - 2][2] == group:
            end += 1
        if group:
            sheet.merge_range(2, start, 2, end, group, head)
            for i in range(start, end + 1):
                sheet.write_string(3, i, _TEAM_COLUMNS[i - 3][1], head)
        else:
            sheet.merge_range(2, start, 3, start, _TEAM_COLUMNS[start - 3][1], head)
        start = end + 1
    note_column = 3 + len(_TEAM_COLUMNS)
    sheet.merge_range(2, note_column, 3, note_column, "备注", head)
    line = 4
    for row in quarterly.team_lines(data):
        strong: dict[str, Any] = {} if row.style == "row" else {"bold": True, "bg_color": "#FAF8F5"}
        book.put(
            sheet, line, 0, int(row.number) if row.number else None, book.style(border=1, align="center", **strong)
        )
        book.put(sheet, line, 1, row.name, book.style(border=1, text_wrap=True, **strong))
        book.put(sheet, line, 2, row.domain, book.style(border=1, text_wrap=True, **strong))
        for i, (key, *_) in enumerate(_TEAM_COLUMNS, 3):
            if key in row.figures:
                value, form = number_cell(key, row.figures[key])
                book.put(sheet, line, i, value, book.style(border=1, num_format=form, align="right", **strong))
            else:
                book.put(sheet, line, i, "—", book.style(border=1, align="center", **strong))
        book.put(sheet, line, note_column, row.note, book.style(border=1, **strong))
        sheet.set_row(line, _height((row.name, row.domain), widths[1:3]))
        line += 1
    _signers(book, sheet, line, note_column + 1)
    for i, text in enumerate(quarterly.TEAM_NOTES, 1):
        sheet.write_string(line + 2 + i, 0, f"{i}. {text}", book.style(font_size=10))
    sheet.freeze_panes(4, 2)
    sheet.repeat_rows(2, 3)


def _checks(book: Book, data: QuarterData) -> None:
    widths: list[float] = [6, 14, 30, 40, 34, 8, 10, 46, 12]
    sheet = _page(book, "合规自查表", widths, f"{data.quarter.label}合规自查表", data)
    head = book.style(bold=True, border=1, align="center", bg_color="#F2F0EC")
    for i, text in enumerate(("序号", "条款", "要求", "原文（摘）", "依据", "强度", "判定", "本会情况", "结果")):
        sheet.write_string(2, i, text, head)
    plain, centred = book.style(border=1, text_wrap=True), book.style(border=1, align="center")
    tones = {
        "met": "#2C6B46",
        "not_met": "#A63A2C",
        "partial": "#855300",
        "explain": "#855300",
        "missing_data": "#855300",
    }
    for n, r in enumerate(bound(data.results), 1):
        line = 2 + n
        book.put(sheet, line, 0, n, centred)
        texts = (r.clause.id, r.clause.title, r.clause.quotation, r.clause.citation, STRENGTHS[r.clause.strength],
                 MODES[r.clause.mode], r.message)  # fmt: skip
        for i, text in enumerate(texts, 1):
            book.put(sheet, line, i, text, plain)
        sheet.set_row(line, _height(texts, widths[1:8]))
        tone = book.style(border=1, align="center", bold=True, font_color=tones.get(r.status, "#645D54"))
        book.put(sheet, line, 8, STATUSES[r.status], tone)
    _signers(book, sheet, 3 + len(bound(data.results)), 9)
    sheet.freeze_panes(3, 2)
    sheet.repeat_rows(2)


def _guide(book: Book, data: QuarterData) -> None:
    sheet = book.book.add_worksheet("说明")
    sheet.set_column(0, 0, 100)
    quarter = data.quarter
    span = f"{quarterly.chinese_date(quarter.start)}至{quarterly.chinese_date(quarter.end)}"
    lines = [
        f"本表由台账生成，统计期间为{span}；“季末”指{quarterly.chinese_date(quarter.end)}。",
        "人数：每人只计一次。人次：按次数累计。两者不能相互替代。",
        "在队：入队日期不晚于当日，且没有退队或退队日期晚于当日。季末＝季初＋入队－退队。",
        "在保：当日有效的记名保障，或平台自动承保且已填志愿者网编号；按活动投保的不计入。",
        "参训：结果为缺席、请假的不计；没有参训人员名单的培训只计参训人次。",
        "经费：单位为元；冲销按相反方向计入。结余为截至季末的全部收入减全部支出。",
        *quarterly.TEAM_NOTES,
    ]
    for i, text in enumerate(lines):
        sheet.write_string(i, 0, f"{i + 1}. {text}", book.style(text_wrap=True))
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
