"""合规自查表: every clause that binds, grouped by notice, with its figure, the office's situation and the verdict."""

from itertools import groupby

from db.records.statuses import STATUSES, STRENGTHS
from db.rules.verdicts import Result, summary
from forms.papers.paper import Paper, PaperData, sheet
from forms.pdf.document import Column, ReportDocument, TableRow
from forms.report.materials import clause_numbers
from forms.report.problem_text import due, in_quarters
from forms.report.situation import article, counted, outcome, problems, situation, tight, whole_name

COLUMNS = (
    Column("序号", 9, "center", fit=True), Column("条款", 38), Column("要求", 44), Column("性质", 12, "center"),
    Column("数字", 16, "center", fit=True), Column("本会情况", 60), Column("结果", 18, "center", fit=True),
    Column("整改时限", 28, "center", fit=True), Column("确认人", 16, "center"),
)  # fmt: skip


def fill(doc: ReportDocument, data: PaperData, title: str) -> None:
    """List every clause that binds this office; the sum counts the verdicts."""
    results = counted(data.report.results)
    wrong = {r.clause.id for r in problems(results)}
    rows, numbers = list[TableRow](), clause_numbers(results)
    for source, found in groupby(results, lambda r: r.clause.source):
        rows.append(TableRow([whole_name(source), *[""] * (len(COLUMNS) - 1)], "group"))
        for r in found:
            rows.append(TableRow([
                str(numbers[r.clause.id]), article(r.clause), tight(r.clause.title), STRENGTHS[r.clause.strength], figure(r),
                in_quarters(situation(r), r, data.report, whole=True),
                outcome(r), due(r, data.report) if r.clause.id in wrong else "", _person(r),
            ], where=f"条款“{r.clause.title}”"))  # fmt: skip
    counts = "，".join(f"{STATUSES[s]}{n}条" for s, n in summary(results).items() if n)
    if rows:
        rows.append(TableRow([f"共{len(results)}条：{counts}", *[""] * (len(COLUMNS) - 1)], "total"))
    notes = ("“数字”为已达到的数与要求（或总数）之比，没有数字的条款为“—”。", "不适用本会的条款不列。")
    sheet(doc, data, title, COLUMNS, rows, notes=notes, nothing="没有适用本会的条款")


def figure(result: Result) -> str:
    """Return a verdict's figure as k/n, or a dash."""
    if result.k is None or result.n == 0 or result.status == "not_applicable":
        return "—"
    return f"{result.k:,}" if result.n is None else f"{result.k:,}/{result.n:,}"


def _person(result: Result) -> str:
    judged = result.judgement
    return str(judged["person"]) if judged and not judged["lapsed"] else ""


PAPER = Paper("self-check", "合规自查表", fill)
