"""下级上报汇总表 as one workbook: totals, a row for each office, verdicts, who lacks, what was refused, what was replaced."""

from collections.abc import Sequence
from typing import Any

from db.records.statuses import STATUSES
from forms.excel.workbook import Book
from forms.report.figure_labels import UNKNOWN
from forms.report.rollup_data import COUNTED_TWICE, RollUpData
from forms.report.statistical_form import letter, number

_FIXED = ("序号", "单位", "行政区划代码", "版次", "报送日期", "说明")
_MANY = 400  # characters of a cell that names offices


def rollup_book(data: RollUpData) -> bytes:
    """Return the workbook. Money in 元, durations in hours, exact counts; a figure that nobody knows is a dash."""
    book = Book(data.title)
    styles = _Styles(book)
    _overview(book, data, styles)
    _offices(book, data, styles)
    _clauses(book, data, styles)
    _verdicts(book, data, styles)
    _list(book, styles, "未报送", (("单位", 36), ("联系人", 14), ("联系电话", 18)), data.missing)
    _list(book, styles, "没有收的", (("文件", 44), ("原因", 90)), data.refused)
    _list(
        book, styles, "更正前后", (("单位", 30), ("原版次", 9), ("现版次", 9), ("指标", 28), ("原报", 16), ("现报", 16)),
        data.replaced,
    )  # fmt: skip
    return book.done()


class _Styles:
    def __init__(self, book: Book) -> None:
        self.title = book.style(bold=True, font_size=16)
        self.head = book.style(bold=True, border=1, align="center", text_wrap=True, bg_color="#F2F0EC")
        self.text = book.style(border=1)
        self.wrapped = book.style(border=1, text_wrap=True)
        self.plain = book.style()
        self.whole, self.money, self.hours = (
            book.style(border=1, num_format=f, align="right") for f in ("#,##0", "#,##0.00", "#,##0.0")
        )
        self.strong = {
            f: book.style(border=1, bold=True, num_format=f, align="right", bg_color="#FAF8F5")
            for f in ("#,##0", "#,##0.00", "#,##0.0")
        }

    def of(self, name: str, strong: bool = False) -> Any:
        form = "#,##0.00" if name.endswith("_fen") else "#,##0.0" if name.endswith("_minutes") else "#,##0"
        if strong:
            return self.strong[form]
        return {"#,##0.00": self.money, "#,##0.0": self.hours, "#,##0": self.whole}[form]


def _sheet(book: Book, name: str, widths: Sequence[float], frozen: tuple[int, int]) -> Any:
    sheet: Any = book.book.add_worksheet(name)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(*frozen)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C第 &P 页 共 &N 页")
    return sheet


def _row(book: Book, sheet: Any, line: int, cells: Sequence[Any], style: Any) -> None:
    for column, cell in enumerate(cells):
        book.put(sheet, line, column, cell, style)


def _overview(book: Book, data: RollUpData, styles: _Styles) -> None:
    sheet = _sheet(book, "汇总", (6, 40, 18, 18, 18), (0, 0))
    sheet.write_string(0, 0, data.title, styles.title)
    maker = f"汇总单位：{data.maker}　" if data.maker else ""
    sheet.write_string(1, 0, f"{maker}汇总日期：{data.made_on}", styles.plain)
    line = 2
    for head, words in data.facts:
        sheet.merge_range(line, 0, line, 1, head, styles.head)
        sheet.merge_range(line, 2, line, 4, words[:_MANY] + ("…" if len(words) > _MANY else ""), styles.wrapped)
        sheet.set_row(line, 18 * min(12, 1 + len(words) // 26))
        line += 1
    line += 1
    before = f"上期（{data.offices_before} 个单位）" if data.before else "上期"
    _row(book, sheet, line, ("序号", "指标", "合计", before, "增减"), styles.head)
    for n, (name, label) in enumerate(data.labels.items(), 1):
        line += 1
        style, now, was = styles.of(name), data.total[name], data.before.get(name)
        book.put(sheet, line, 0, n, styles.text)
        book.put(sheet, line, 1, label + (" *" if name in data.incomplete else ""), styles.text)
        book.put(sheet, line, 2, number(name, now), styles.of(name, True))
        book.put(sheet, line, 3, number(name, was), style)
        if now is None or was is None:
            book.put(sheet, line, 4, UNKNOWN, style)
        else:
            sheet.write_formula(line, 4, f"=C{line + 1}-D{line + 1}", style, number(name, now - was))
    sheet.write_string(line + 1, 0, COUNTED_TWICE, styles.plain)


def _offices(book: Book, data: RollUpData, styles: _Styles) -> None:
    labels = data.labels
    sheet = _sheet(book, "各单位", (6, 30, 13, 6, 12, 24, *(12.0,) * len(labels)), (1, 2))
    sheet.repeat_rows(0)
    _row(book, sheet, 0, (*_FIXED, *labels.values()), styles.head)
    sheet.set_row(0, 46)
    columns = [(column, name, styles.of(name)) for column, name in enumerate(labels, len(_FIXED))]
    for line, office in enumerate(data.offices, 1):
        facts = (line, office.name, office.code, office.edition, office.submitted_on, "；".join(office.notes))
        _row(book, sheet, line, facts, styles.text)
        for column, name, style in columns:
            value = office.figures.get(name)
            if value is None:
                sheet.write_string(line, column, UNKNOWN, style)
            else:
                sheet.write_number(line, column, number(name, value), style)
    last = len(data.offices) + 1
    _row(book, sheet, last, ("", "合计", "", "", "", ""), styles.strong["#,##0"])
    for column, name, _ in columns:
        value, style = data.total[name], styles.of(name, True)
        if value is None or not data.offices:
            book.put(sheet, last, column, number(name, value), style)
        else:
            at = letter(column)
            sheet.write_formula(last, column, f"=SUM({at}2:{at}{last})", style, number(name, value))
    sheet.write_string(last + 1, 0, COUNTED_TWICE, styles.plain)


def _clauses(book: Book, data: RollUpData, styles: _Styles) -> None:
    used = data.statuses
    sheet = _sheet(book, "各条要求", (14, 44, *(11.0,) * len(used)), (1, 2))
    _row(book, sheet, 0, ("条款", "要求", *(f"{STATUSES[s]}（个）" for s in used)), styles.head)
    for line, (clause, title, counts) in enumerate(data.clauses, 1):
        _row(book, sheet, line, (clause, title), styles.text)
        for column, status in enumerate(used, 2):
            book.put(sheet, line, column, counts.get(status, 0), styles.whole)


def _verdicts(book: Book, data: RollUpData, styles: _Styles) -> None:
    clauses = [clause for clause, _, _ in data.clauses]
    sheet = _sheet(book, "各单位各条", (30, *(11.0,) * len(clauses)), (1, 1))
    _row(book, sheet, 0, ("单位", *clauses), styles.head)
    for line, office in enumerate(data.offices, 1):
        book.put(sheet, line, 0, office.name, styles.text)
        for column, clause in enumerate(clauses, 1):
            sheet.write_string(line, column, STATUSES.get(office.verdicts.get(clause, ""), ""), styles.text)


def _list(book: Book, styles: _Styles, name: str, headings: Sequence[tuple[str, float]], rows: Any) -> None:
    sheet = _sheet(book, name, [width for _, width in headings], (1, 0))
    _row(book, sheet, 0, [words for words, _ in headings], styles.head)
    for line, row in enumerate(rows, 1):
        _row(book, sheet, line, row, styles.wrapped)
    if not rows:
        sheet.write_string(1, 0, "没有", styles.text)
