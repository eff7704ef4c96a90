"""整改清单: what is to be put right; who does it and by when is written in by hand."""

from collections.abc import Sequence

from db.records.statuses import STATUSES
from db.rules.verdicts import Result, bound
from forms.papers.paper import Paper, PaperData, sheet
from forms.pdf.document import Column, ReportDocument, TableRow
from forms.report.quarterly import involved, problems

COLUMNS = (
    Column("序号", 9, "center", fit=True), Column("问题", 58), Column("结果", 20, "center", fit=True), Column("依据", 46),
    Column("整改办法", 54), Column("责任人", 20), Column("完成时限", 20), Column("完成情况", 20),
)  # fmt: skip


def fill(doc: ReportDocument, data: PaperData, title: str) -> None:
    """List the report's problems, then what waits for a confirmation or evidence."""
    waiting = [r for r in bound(data.report.results) if r.status == "missing_evidence"]
    rows: list[TableRow] = []
    for label, results in (("需要整改或说明", problems(data.report.results)), ("需要确认或补充佐证材料", waiting)):
        if results:
            rows.append(TableRow([f"{label}（{len(results)}条）", *[""] * (len(COLUMNS) - 1)], "group"))
            rows += _lines(results)
    notes = ("责任人、完成时限和完成情况由本会填写。",)
    sheet(doc, data, title, COLUMNS, rows, notes=notes, nothing="逐条自查没有发现需要处理的问题")


def _lines(results: Sequence[Result]) -> list[TableRow]:
    return [
        TableRow([
            str(n), f"{r.clause.title}：{r.message}{involved(r)}", STATUSES[r.status], r.clause.citation, r.clause.fix,
            "", "", "",
        ])
        for n, r in enumerate(results, 1)
    ]  # fmt: skip


PAPER = Paper("rectification", "整改清单", fill)
