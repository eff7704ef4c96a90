"""到期人员名单: whose insurance or certificate ends soon, as a workbook to send round."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from db.kinds import Phone
from forms.workbook import Book

_COLUMNS = (
    ("序号", 6),
    ("姓名", 12),
    ("队伍", 30),
    ("到期事项", 22),
    ("保单号", 20),
    ("到期日期", 14),
    ("手机号码", 15),
)


def ending_list(office: str, people: Sequence[dict[str, Any]], day: dt.date, days: int) -> bytes:
    """Return the workbook of `db.expiring.ending_people`'s rows; phones are masked."""
    book = Book("到期人员名单")
    sheet = book.book.add_worksheet("到期人员名单")
    title = book.style(font_size=16, bold=True, align="center")
    head = book.style(bold=True, border=1, align="center", bg_color="#EFECE6")
    text, number = book.style(border=1, num_format="@", text_wrap=True), book.style(border=1, align="center")
    date = book.style(border=1, align="center", num_format="yyyy-mm-dd")
    last = len(_COLUMNS) - 1
    sheet.merge_range(0, 0, 0, last, f"{days}天内到期人员名单", title)
    sheet.set_row(0, 30)
    until = day + dt.timedelta(days=days)
    line = f"填报单位：{office}　　{day.isoformat()} 至 {until.isoformat()}　　共 {len(people)} 人次"
    sheet.merge_range(1, 0, 1, last, line, book.style())
    for column, (name, width) in enumerate(_COLUMNS):
        sheet.set_column(column, column, width)
        book.put(sheet, 2, column, name, head)
    for i, person in enumerate(people):
        ends = dt.date.fromisoformat(person["ends_on"])
        phone = Phone().mask(person["phone"]) if person["phone"] else None
        cells = (i + 1, person["name"], person["teams"], person["what"], person["number"], ends, phone)
        styles = (number, text, text, text, text, date, text)
        for column, (cell, style) in enumerate(zip(cells, styles, strict=True)):
            book.put(sheet, 3 + i, column, cell, style)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    sheet.freeze_panes(3, 2)
    sheet.set_footer("&C第 &P 页 共 &N 页")
    return book.done()
