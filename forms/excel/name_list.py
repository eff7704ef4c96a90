"""A list of people to send round, as a workbook: who is insured, whose certificate ends. Phones come masked."""

import datetime as dt
from collections.abc import Sequence

from db.records.kinds import Cell
from forms.excel.workbook import Book

Columns = Sequence[tuple[str, int]]  # heading, width in characters


def name_list(office: str, title: str, about: str, columns: Columns, people: Sequence[Sequence[Cell]]) -> bytes:
    """Return the workbook: title, 填报单位 with `about`, headings, a numbered row for each of `people`.

    Dates become dates, everything else text. A4 landscape, the headings repeated, the names frozen.
    """
    book = Book(title)
    sheet = book.book.add_worksheet("名单")
    head = book.style(bold=True, border=1, align="center", bg_color="#EFECE6")
    text, number = book.style(border=1, num_format="@", text_wrap=True), book.style(border=1, align="center")
    date = book.style(border=1, align="center", num_format="yyyy-mm-dd")
    every = (("序号", 6), *columns)
    sheet.merge_range(0, 0, 0, len(columns), title, book.style(font_size=16, bold=True, align="center"))
    sheet.set_row(0, 30)
    sheet.merge_range(1, 0, 1, len(columns), f"填报单位：{office}　　{about}", book.style())
    for column, (name, width) in enumerate(every):
        sheet.set_column(column, column, width)
        book.put(sheet, 2, column, name, head)
    for i, person in enumerate(people):
        book.put(sheet, 3 + i, 0, i + 1, number)
        for column, cell in enumerate(person, 1):
            book.put(sheet, 3 + i, column, cell, date if isinstance(cell, dt.date) else text)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    sheet.freeze_panes(3, 2)
    sheet.set_footer("&C第 &P 页 共 &N 页")
    return book.done()
