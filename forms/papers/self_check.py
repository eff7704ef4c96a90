"""合规自查表: every clause with its citation, its figure and the verdict."""

from db.records.statuses import STATUSES, STRENGTHS
from db.rules.verdicts import Result, bound, summary
from forms.papers.paper import Paper, PaperData, sheet
from forms.pdf.document import Column, ReportDocument, TableRow

COLUMNS = (
    Column("序号", 9, "center", fit=True), Column("要求", 42), Column("依据", 58), Column("性质", 12, "center"),
    Column("数字", 16, "center", fit=True), Column("本会情况", 66), Column("结果", 20, "center", fit=True),
    Column("确认人", 16, "center"),
)  # fmt: skip


def fill(doc: ReportDocument, data: PaperData, title: str) -> None:
    """List every clause that can concern this office; the sum counts the verdicts."""
    results = bound(data.report.results)
    rows = [
        TableRow([
            str(n), r.clause.title, r.clause.citation, STRENGTHS[r.clause.strength], figure(r), r.message,
            STATUSES[r.status], _person(r),
        ])
        for n, r in enumerate(results, 1)
    ]  # fmt: skip
    counts = "，".join(f"{STATUSES[s]}{n}条" for s, n in summary(results).items() if n)
    rows.append(TableRow([f"共{len(results)}条：{counts}", *[""] * (len(COLUMNS) - 1)], "total"))
    notes = ("“数字”为已达到的数与要求（或总数）之比，没有数字的条款为“—”。",)
    sheet(doc, data, title, COLUMNS, rows, notes=notes)


def figure(result: Result) -> str:
    """Return a verdict's figure as k/n, or a dash."""
    if result.k is None or result.status == "not_applicable":
        return "—"
    return f"{result.k:,}" if result.n is None else f"{result.k:,}/{result.n:,}"


def _person(result: Result) -> str:
    judged = result.judgement
    return str(judged["person"]) if judged and not judged["lapsed"] else ""


PAPER = Paper("self-check", "合规自查表", fill)
