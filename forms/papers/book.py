"""A paper's tables as a workbook: the same columns and rows as on paper, each table a sheet."""

from collections.abc import Sequence
from typing import Any, cast

from db.records.amounts import MINUS
from forms.excel.workbook import Book, sheet_name
from forms.papers.paper import Paper, PaperData
from forms.pdf.document import Column, ReportDocument, TableRow


class _Tables:
    """Stands for the document that a paper is set in, and keeps its tables; what is no table is left to the paper."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, Sequence[Column], Sequence[TableRow | Sequence[str]], Sequence[str]]] = []

    def annex(
        self, title: str, columns: Sequence[Column], rows: Sequence[TableRow | Sequence[str]], *, notes: Sequence[str] = (),
        **_: Any,
    ) -> None:  # fmt: skip
        """Keep a table."""
        self.kept.append((title, columns, rows, notes))

    def __getattr__(self, name: str) -> Any:
        """Headings, paragraphs and signatures are no table."""
        return lambda *_, **__: None


def paper_book(paper: Paper, data: PaperData) -> bytes | None:
    """Return a paper's tables as .xlsx, or None where it has none; numbers of people in texts are starred."""
    title = paper.full_title(data)
    tables = _Tables()
    paper.fill(cast(ReportDocument, tables), data, title)
    if not tables.kept:
        return None
    book = Book(title)
    head = book.style(bold=True, border=1, align="center", valign="vcenter", text_wrap=True, bg_color="#F2F0EC")
    used: set[str] = set()
    for name, columns, rows, notes in tables.kept:
        sheet = book.book.add_worksheet(sheet_name(name if len(name) <= 31 else paper.title.split("（")[0], used))
        last = max(len(columns) - 1, 1)
        sheet.merge_range(0, 0, 0, last, name, book.style(bold=True, font_size=14, align="center"))
        sheet.merge_range(
            1, 0, 1, last, f"{data.report.name}　统计截止：{data.as_of}", book.style(font_color="#666666")
        )
        for n, column in enumerate(columns):
            words = f"{column.group}：{column.label}" if column.group else column.label
            sheet.write_string(2, n, words, head)
            sheet.set_column(n, n, max(6, min(48, round(column.width_mm * 0.55))))
        for line, row in enumerate(rows, 3):
            cells = row.cells if isinstance(row, TableRow) else row
            strong = isinstance(row, TableRow) and row.kind in ("total", "group")
            for n, text in enumerate(cells):
                align = columns[n].align if n < len(columns) else "left"
                _put(book, sheet, line, n, text, align, strong)
        for n, note in enumerate(notes, len(rows) + 4):
            sheet.merge_range(n, 0, n, last, note, book.style(font_color="#666666"))
        sheet.freeze_panes(3, 2)
    return book.done()


def _put(book: Book, sheet: Any, line: int, column: int, text: str, align: str, strong: bool) -> None:
    """Write one cell: what stands to the right and reads as a number is one, so that it can be summed."""
    plain = text.replace(",", "").replace(MINUS, "-")
    style: dict[str, Any] = {"border": 1, "align": align, "valign": "vcenter", "text_wrap": True, "bold": strong}
    if align == "right" and plain.replace(".", "", 1).removeprefix("-").isdigit() and len(plain) <= 15:
        places = len(plain.partition(".")[2])
        form = "#,##0" + ("." + "0" * places if places else "")
        sheet.write_number(line, column, float(plain), book.style(num_format=form, **style))
    else:
        book.put(sheet, line, column, text, book.style(**style))
