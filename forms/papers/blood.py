"""献血任务分解及进度: one table of street towns, units and universities: people, ceiling, plan, target, result, reserve.

200 ml are one 人份. A row of the whole area is a total and is never added to its parts. Fewer than three donors are not told
apart; where a single row of a sum is hidden, the smallest other one is hidden with it, so that no sum gives it back.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from db.records.choices import SCOPES
from db.rules.verdicts import Result
from forms.papers.paper import Paper, PaperData, sheet
from forms.pdf.document import Column, ReportDocument, TableRow
from forms.report.amounts import percent
from forms.report.report_fields import time_share
from forms.report.work_text import FEW, hidden_rows

_SCOPE = dict(SCOPES)
_HIDDEN = "从略"

COLUMNS = (
    Column("序号", 9, "center", fit=True), Column("街镇、单位、高校", 44), Column("口径", 12, "center"),
    Column("职工", 16, "right", fit=True, group="人数（人）"), Column("无工作单位", 18, "right", fit=True, group="人数（人）"),
    Column("上限", 15, "right", fit=True, group="动员（人）"), Column("拟动员", 15, "right", fit=True, group="动员（人）"),
    Column("目标（人份）", 19, "right", fit=True), Column("人次", 15, "right", fit=True, group="完成"),
    Column("人份", 15, "right", fit=True, group="完成"), Column("完成率", 16, "right", fit=True, group="完成"),
    Column("人份", 12, "right", fit=True, group="应急储备"), Column("上报日期", 22, "center", fit=True, group="应急储备"),
)  # fmt: skip
NOTES = (
    "1人份＝200毫升；折合只计整人份，合计按毫升合计折算，可能不等于各行之和。",
    "人次不足3的，以及能由合计推算出它的一行，写“从略”；合计照计。",
    "全区（县、市）一行是合计，不与街镇、单位、高校相加；没有下达目标的为“—”。",
)


def fill(doc: ReportDocument, data: PaperData, title: str) -> None:
    """List the units by way of donating, the sums of each, the sum of all, and the city's task with the drill."""
    rows: list[TableRow] = []
    lines, sums = data.rows["blood_lines"], data.rows["blood_totals"]
    ceilings = _ceilings(data.report.results)
    ways = [row for row in sums if row["scope"] is not None]
    untold = {ways[n]["scope"] for n in hidden_rows(ways)}
    for row in sums:
        if row["scope"] is None:
            rows += _tasks(data.report.results, is_hidden=bool(untold & {"group", "street"}))
            rows.append(_total("合计", row, ceilings, 0 < row["person_times"] < FEW))
            continue
        own = [line for line in lines if line["scope"] == row["scope"]]
        parts = [line for line in own if not line["is_whole"]]
        hidden = hidden_rows(parts)
        rows += [_line(n, line, n - 1 in hidden, ceilings) for n, line in enumerate(parts, 1)]
        rows.append(_total(f"{_SCOPE.get(row['scope'], row['scope'])}小计", row, ceilings, row["scope"] in untold))
    notes = [*NOTES, f"到统计截止日，全年时间已过{time_share(data.report)}。"]
    sheet(doc, data, title, COLUMNS, rows, unit="人、人次、人份", notes=notes, nothing="本年没有登记献血目标和完成情况")


def _ceilings(results: Sequence[Result]) -> dict[str, int]:
    """Return how many in a thousand may be mobilised, by the kind of people, where a notice says so."""
    return {
        str(r.parameters["people"]): int(r.parameters["per_mille"]) for r in results
        if r.clause.check == "mobilisation_stays_below" and r.parameters
    }  # fmt: skip


def _tasks(results: Sequence[Result], *, is_hidden: bool) -> list[TableRow]:
    """Return the city's task, of group and street donation alone, and the drill within it, where a notice sets them."""
    rows = []
    for r in results:
        is_task = r.clause.check == "blood_collected" and r.parameters.get("scopes") == ("group", "street")
        if not (is_task or (r.clause.check == "emergency_drill" and r.parameters)):
            continue
        label = "市政府任务（团体和街头）" if is_task else "其中应急献血演练"
        target, units = int(r.parameters["target"]), r.k or 0
        done = [_HIDDEN] * 2 if is_task and is_hidden else [_count(units), percent(units, target) if target else "—"]
        rows.append(TableRow([label, *[""] * 6, _count(target), "—", *done, "", ""], "total"))
    return rows


def _line(n: int, row: Mapping[str, Any], is_hidden: bool, ceilings: Mapping[str, int]) -> TableRow:
    cells = [
        str(n),
        row["unit"],
        _SCOPE.get(row["scope"], row["scope"]),
        *_people(row, ceilings),
        _count(row["target_units"]),
    ]
    cells += [_HIDDEN] * 3 if is_hidden else _done(row)
    return TableRow(
        [*cells, _count(row["blood_reserve"]), row["reserve_reported_on"] or "—"], where=f"献血“{row['unit']}”"
    )


def _total(label: str, row: Mapping[str, Any], ceilings: Mapping[str, int], is_hidden: bool = False) -> TableRow:
    done = [_HIDDEN] * 3 if is_hidden else _done(row)
    cells = [
        label,
        "",
        "",
        *_people(row, ceilings),
        _count(row["target_units"]),
        *done,
        _count(row["blood_reserve"]),
        "",
    ]
    return TableRow(cells, "total")


def _people(row: Mapping[str, Any], ceilings: Mapping[str, int]) -> list[str]:
    parts = [row[people] * share // 1000 for people, share in ceilings.items() if row.get(people) is not None]
    ceiling = sum(parts) if parts else None
    return [
        _count(row["employees"]),
        _count(row["unemployed_citizens"]),
        _count(ceiling),
        _count(row["planned_persons"]),
    ]


def _done(row: Mapping[str, Any]) -> list[str]:
    target, units = row["target_units"], row["units"]
    return [_count(row["person_times"]), _count(units), percent(units, target) if target else "—"]


def _count(number: int | None) -> str:
    return "—" if number is None else f"{number:,}"


PAPER = Paper("blood", "献血任务分解及进度表", fill, reads=("blood_lines", "blood_totals"))
