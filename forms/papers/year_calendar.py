"""年历: what an office has to do and to think of in a year, day by day: theme days, reports, what ends."""

import datetime as dt

from db.year_days import days_of_year
from forms.papers.paper import Paper, PaperData, sheet, text
from forms.pdf.document import Column, ReportDocument, TableRow

COLUMNS = (
    Column("月份", 18, "center"), Column("日期", 28, "center", fit=True), Column("事项", 90), Column("说明", 70), Column("办结", 16, "center"),
)  # fmt: skip


def fill(doc: ReportDocument, data: PaperData, title: str) -> None:
    """List the days of the period, and what ends soon, in order."""
    period = data.report.quarter
    lines = [(f.day, f.what, f.words) for f in days_of_year(period.year) if period.start <= f.day <= period.end]
    for row in data.rows["task_deadlines"]:
        day = dt.date.fromisoformat(str(row["deadline"]))
        if period.start <= day <= period.end:
            done = f"已于{row['answered_on']}答复" if row["answered_on"] else f"{row['office']}下达"
            lines.append((day, f"{row['title']}截止", done))
    for row in data.rows["ending_soon"]:
        day = dt.date.fromisoformat(str(row["ends_on"]))
        if row["name"] == "" and period.start <= day <= period.end:
            lines.append((day, f"{row['what']}到期", text(row["number"])))
    rows, month = [], 0
    for day, what, words in sorted(lines, key=lambda f: (f[0], f[1])):
        rows.append(TableRow([f"{day.month}月" if day.month != month else "", f"{day:%m-%d}", what, words, ""]))
        month = day.month
    sheet(doc, data, title, COLUMNS, rows, landscape=False, nothing="本期没有要办的事项",
          notes=("日期是一般的时间点；上级另有通知的，以通知为准。",))  # fmt: skip


PAPER = Paper("calendar", "工作年历", fill, reads=("ending_soon", "task_deadlines"))
