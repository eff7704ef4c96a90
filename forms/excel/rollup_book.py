"""下级上报汇总表: a row for each office and the total, verdicts by clause, and who has not handed in."""

from collections.abc import Mapping, Sequence
from typing import Any

from db.records.statuses import STATUSES
from forms.excel.workbook import Book

Row = Mapping[str, Any]


def rollup_book(
    title: str, labels: Mapping[str, str], offices: Sequence[Row], total: Row, clauses: Mapping[str, Mapping[str, int]],
    missing: Sequence[str], refused: Sequence[tuple[str, str]],
) -> bytes:  # fmt: skip
    """Return the workbook: `offices` hold office, code, edition and figures; `labels` name the figures in order.

    Money is given in 元, durations in hours; a figure that nobody knows is a dash.
    """
    book = Book(title)
    head = book.style(bold=True, border=1, align="center", text_wrap=True, bg_color="#F2F0EC")
    text, number = book.style(border=1), book.style(border=1, num_format="#,##0.##", align="right")
    strong = book.style(border=1, bold=True, num_format="#,##0.##", align="right")
    sheet: Any = book.book.add_worksheet("汇总")
    sheet.merge_range(0, 0, 0, 8, title, book.style(bold=True, font_size=16, align="center"))
    headings = ("序号", "单位", "行政区划代码", "版次", "签名", *labels.values())
    for column, words in enumerate(headings):
        sheet.write_string(1, column, words, head)
        sheet.set_column(column, column, 28 if column == 1 else 12)
    sheet.set_row(1, 46)
    for line, office in enumerate(offices, 2):
        facts = (line - 1, office["office"], office["code"], office["edition"], "新" if office["key"] == "new" else "")
        for column, cell in enumerate(facts):
            book.put(sheet, line, column, cell, text)
        for column, name in enumerate(labels, len(facts)):
            book.put(sheet, line, column, _shown(name, office.get(name)), number)
    last = len(offices) + 2
    for column, cell in enumerate(("", "合计", "", "", "")):
        book.put(sheet, last, column, cell, strong)
    for column, name in enumerate(labels, 5):
        mark = "*" if name in total.get("incomplete", ()) else ""
        shown = _shown(name, total.get(name))
        book.put(sheet, last, column, f"{shown}{mark}" if mark else shown, strong)
    sheet.write_string(
        last + 1, 1, "人数按各单位上报相加，在几个单位登记的人重复计算；带 * 的有单位没有数据。", book.style()
    )
    sheet.freeze_panes(2, 2)
    _clauses(book, clauses, head, text, number)
    _list(book, "未报送", ("单位",), [(name,) for name in missing], head, text)
    _list(book, "没有收的", ("文件", "原因"), refused, head, text)
    return book.done()


def _shown(name: str, value: int | None) -> float | int | str:
    if value is None:
        return "—"
    return value / 100 if name.endswith("_fen") else round(value / 60, 1) if name.endswith("_minutes") else value


def _clauses(book: Book, clauses: Mapping[str, Mapping[str, int]], head: Any, text: Any, number: Any) -> None:
    sheet: Any = book.book.add_worksheet("各条要求")
    used = [s for s in STATUSES if any(s in counts for counts in clauses.values())]
    for column, words in enumerate(("条款", *(STATUSES[s] for s in used))):
        sheet.write_string(0, column, words, head)
        sheet.set_column(column, column, 14)
    for line, (clause, counts) in enumerate(clauses.items(), 1):
        book.put(sheet, line, 0, clause, text)
        for column, status in enumerate(used, 1):
            book.put(sheet, line, column, counts.get(status, 0), number)
    sheet.freeze_panes(1, 1)


def _list(book: Book, name: str, headings: Sequence[str], rows: Sequence[Sequence[str]], head: Any, text: Any) -> None:
    sheet: Any = book.book.add_worksheet(name)
    for column, words in enumerate(headings):
        sheet.write_string(0, column, words, head)
        sheet.set_column(column, column, 50)
    for line, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            book.put(sheet, line, column, cell, text)
