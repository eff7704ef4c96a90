"""献血目标进度表: target and result of each unit since New Year, 200 ml being one 人份."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from db.records.choices import SCOPES
from forms.papers.paper import Paper, PaperData, sheet
from forms.pdf.document import Column, ReportDocument, TableRow

_SCOPE = dict(SCOPES)
FEW = 3  # a count below it could be told to be somebody

COLUMNS = (
    Column("序号", 12, "center", fit=True), Column("单位或街镇", 52), Column("口径", 18, "center"),
    Column("目标（人份）", 26, "right", fit=True), Column("人次", 20, "right", fit=True),
    Column("采血量（毫升）", 28, "right", fit=True), Column("折合（人份）", 26, "right", fit=True),
    Column("完成率", 20, "right", fit=True), Column("还差（人份）", 24, "right", fit=True),
)  # fmt: skip
NOTES = (
    "1人份＝200毫升；折合只计整人份，合计按毫升合计折算，可能不等于各行之和。",
    "人次为1至2的，只写“<3”，不列采血量，以免从数字认出个人；合计照计。",
    "没有下达目标的为“—”。",
)


def fill(doc: ReportDocument, data: PaperData, title: str) -> None:
    """List the units by way of donating, the sums of each, then the sum of all."""
    rows: list[TableRow] = []
    lines, sums = data.rows["blood_lines"], data.rows["blood_totals"]
    for row in sums:
        if row["scope"] is None:
            rows.append(_total("合计", row))
            continue
        own = [line for line in lines if line["scope"] == row["scope"]]
        rows += [_line(n, line) for n, line in enumerate(own, 1)]
        if len(sums) > 2:
            rows.append(_total(f"{_SCOPE.get(row['scope'], row['scope'])}小计", row))
    year = data.report.quarter.year
    days = (data.report.quarter.end - dt.date(year - 1, 12, 31)).days
    share = 100 * days / (dt.date(year, 12, 31) - dt.date(year - 1, 12, 31)).days
    notes = [*NOTES, f"到统计截止日，全年时间已过{share:.1f}%。"]
    sheet(doc, data, title, COLUMNS, rows, notes=notes, nothing="本年没有登记献血目标和完成情况")


def _line(n: int, row: Mapping[str, Any]) -> TableRow:
    head = [str(n), row["unit"], _SCOPE.get(row["scope"], row["scope"]), _count(row["target_units"])]
    if 0 < row["person_times"] < FEW:
        return TableRow([*head, f"<{FEW}", "—", "—", "—", "—"], where=f"献血“{row['unit']}”")
    return TableRow([*head, *_done(row)], where=f"献血“{row['unit']}”")


def _total(label: str, row: Mapping[str, Any]) -> TableRow:
    return TableRow([label, "", "", _count(row["target_units"]), *_done(row)], "total")


def _done(row: Mapping[str, Any]) -> list[str]:
    target, units = row["target_units"], row["units"]
    share = f"{100 * units / target:.1f}%" if target else "—"
    missing = "—" if target is None else _count(max(0, target - units))
    return [_count(row["person_times"]), _count(row["ml"]), _count(units), share, missing]


def _count(number: int | None) -> str:
    return "—" if number is None else f"{number:,}"


PAPER = Paper("blood", "献血目标进度表", fill, reads=("blood_lines", "blood_totals"))
