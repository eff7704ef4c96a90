"""保险名单: people with the state of their insurance on a day, as a workbook to send round."""

import datetime as dt
from collections.abc import Sequence

from forms.workbook import Book

_COLUMNS = (("序号", 6), ("姓名", 12), ("队伍", 36), ("手机号码", 16), ("保险到期", 14), ("状态", 12))


def cover_workbook(office: str, title: str, day: dt.date, people: Sequence[Sequence[str]]) -> bytes:
    """Return the workbook; `people` are ready texts in the order of the columns after 序号, phones masked."""
    book = Book(title)
    sheet = book.book.add_worksheet("名单")
    head = book.style(bold=True, border=1, align="center", bg_color="#EFECE6")
    text, number = book.style(border=1, num_format="@", text_wrap=True), book.style(border=1, align="center")
    last = len(_COLUMNS) - 1
    sheet.merge_range(0, 0, 0, last, title, book.style(font_size=16, bold=True, align="center"))
    sheet.set_row(0, 30)
    line = f"填报单位：{office}　　{day.isoformat()}　　共 {len(people)} 人"
    sheet.merge_range(1, 0, 1, last, line, book.style())
    for column, (name, width) in enumerate(_COLUMNS):
        sheet.set_column(column, column, width)
        book.put(sheet, 2, column, name, head)
    for i, person in enumerate(people):
        cells: tuple[int | str, ...] = (i + 1, *person)
        for column, cell in enumerate(cells):
            book.put(sheet, 3 + i, column, cell, text if column else number)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    sheet.freeze_panes(3, 2)
    sheet.set_footer("&C第 &P 页 共 &N 页")
    return book.done()
