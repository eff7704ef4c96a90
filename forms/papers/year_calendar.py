"""年历: what an office has to do and to think of in a year, day by day: theme days, reports, what ends."""

import datetime as dt

from forms.papers.paper import Paper, PaperData, sheet, text
from forms.pdf.document import Column, ReportDocument, TableRow

COLUMNS = (
    Column("月份", 18, "center"), Column("日期", 28, "center", fit=True), Column("事项", 90), Column("说明", 70), Column("办结", 16, "center"),
)  # fmt: skip


def third_saturday_of_september(year: int) -> dt.date:
    """Return 世界骨髓捐献者日 (WMDD)."""
    first = dt.date(year, 9, 1)
    return first + dt.timedelta(days=(5 - first.weekday()) % 7 + 14)


def days_of_year(year: int, report_days: int = 10) -> list[tuple[dt.date, str, str]]:
    """Return (day, what, words) of every year: theme days, plans and consultations, quarterly reports."""
    found = [
        (
            dt.date(year, 1, 31),
            "制定年度计划",
            "红十字志愿服务和无偿献血工作年度计划（中红办字〔2022〕34号；2025年12月联合通知）",
        ),
        (dt.date(year, 3, 5), "学雷锋纪念日", "组织志愿服务活动"),
        (dt.date(year, 5, 8), "世界红十字日", "主题宣传和志愿服务"),
        (dt.date(year, 5, 12), "全国防灾减灾日", "应急演练和知识普及"),
        (dt.date(year, 6, 14), "世界献血者日", "与卫生健康部门、血站共同宣传（2025年12月联合通知）"),
        (dt.date(year, 6, 30), "上半年会商", "与卫生健康部门、血站会商，一年不少于两次"),
        (third_saturday_of_september(year), "世界骨髓捐献者日", "9月第三个星期六"),
        (dt.date(year, 11, 15), "冬季献血动员", "冬季血液供应偏紧，提前安排"),
        (dt.date(year, 12, 5), "国际志愿者日", "总结宣传和表彰"),
        (dt.date(year, 12, 31), "下半年会商", "与卫生健康部门、血站会商，一年不少于两次"),
    ]
    for quarter, (month, after) in enumerate(((1, year), (4, year), (7, year), (10, year))):
        begin = dt.date(after, month, 1)
        name = "上年第四季度和全年" if quarter == 0 else f"第{'一二三'[quarter - 1]}季度"
        found.append((begin + dt.timedelta(days=report_days - 1), f"{name}报表截止", "在“报表中心”报送，报送后冻结"))
    return sorted(found, key=lambda f: (f[0], f[1]))


def fill(doc: ReportDocument, data: PaperData, title: str) -> None:
    """List the days of the period, and what ends soon, in order."""
    period = data.report.quarter
    lines = [f for f in days_of_year(period.year) if period.start <= f[0] <= period.end]
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


PAPER = Paper("calendar", "工作年历", fill, reads=("ending_soon",))
