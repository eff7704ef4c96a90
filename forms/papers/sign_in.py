"""签到表: one sheet for each day of each training of the quarter, with the names that are down for it and room for others."""

import datetime as dt

from db.errors import UserError
from forms.papers.paper import Paper, PaperData
from forms.pdf.document import Column, ReportDocument
from forms.report.quarterly import chinese_date

COLUMNS = (
    Column("序号", 12, "center", fit=True), Column("姓名", 22), Column("所在队伍", 60), Column("签到", 24),
    Column("签退", 24), Column("备注", 14),
)  # fmt: skip
SPARE = 5  # empty lines under the names
LEAST = 18  # lines of a sheet
MOST_DAYS = 31  # a longer training does not meet every day: one sheet for all of it


def fill(doc: ReportDocument, data: PaperData, title: str) -> None:
    """Add a sheet for every training; raises `UserError` where the quarter has none."""
    trainings = data.rows["trainings"]
    if not trainings:
        raise UserError(f"{data.report.quarter.label}没有登记培训，没有可打印的签到表。请先在“培训”中登记")
    for training in trainings:
        named = [row for row in data.rows["attendees"] if row["training_id"] == training["id"]]
        rows = [[str(n), row["name"], row["team"] or "", "", "", ""] for n, row in enumerate(named, 1)]
        for n in range(len(rows) + 1, max(LEAST, len(rows) + SPARE) + 1):
            rows.append([str(n), "", "", "", "", ""])
        days = _days(training["start_on"], training["end_on"])
        for n, day in enumerate(days, 1):
            which = f"（第{n}天）" if len(days) > 1 else ""
            doc.annex(
                f"{training['name']}签到表{which}", COLUMNS, rows, label="", landscape=False,
                unit_left=f"地点：{training['place'] or ''}", unit_right=f"日期：{day}",
                foot=["授课人：", "带班人：", "实到人数："],
                notes=[f"培训编号：{training['code']}　举办单位：{training['organiser'] or data.report.name}"],
            )  # fmt: skip


def _days(start: str, end: str | None) -> list[str]:
    """Return the days of a training in words; of a very long one, from when to when."""
    first = dt.date.fromisoformat(start)
    last = dt.date.fromisoformat(end) if end else first
    if (last - first).days >= MOST_DAYS:
        return [f"{chinese_date(first)}至{chinese_date(last)}"]
    return [chinese_date(first + dt.timedelta(days=n)) for n in range((last - first).days + 1)]


PAPER = Paper("sign-in", "培训签到表", fill, reads=("trainings", "attendees"), by_team=True)
