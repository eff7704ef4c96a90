"""整改清单: each problem with its basis and measure, and the day; who does it is written in by hand."""

from forms.papers.paper import Paper, PaperData, sheet
from forms.pdf.document import Column, ReportDocument, TableRow
from forms.report.problem_text import due, in_quarters
from forms.report.situation import basis, citation, counted, fault, measure, outcome, problems

COLUMNS = (
    Column("序号", 9, "center", fit=True), Column("问题", 62), Column("结果", 18, "center", fit=True), Column("依据", 40),
    Column("整改措施", 54), Column("责任人", 18), Column("完成时限", 28, "center", fit=True), Column("完成情况", 20),
)  # fmt: skip


def fill(doc: ReportDocument, data: PaperData, title: str) -> None:
    """List the report's problems; what cannot be judged yet is only counted."""
    results = counted(data.report.results)
    rows = [
        TableRow([
            str(n), in_quarters(fault(r), r, data.report), outcome(r), basis(r.clause) if r.clause.source.short else citation(r.clause),
            measure(r), "", due(r, data.report), "",
        ], where=f"条款“{r.clause.title}”")
        for n, r in enumerate(problems(results), 1)
    ]  # fmt: skip
    notes = ["责任人和完成情况由本会填注。"]
    missing = sum(r.status == "missing_data" for r in results)
    if missing:
        notes.append(f"另有{missing}项因基础信息不全，暂不能判断，补齐后再列。")
    waiting = sum(r.status == "missing_evidence" for r in results)
    if waiting:
        notes.append(f"另有{waiting}项待本会自评或补充材料。")
    sheet(doc, data, title, COLUMNS, rows, notes=notes, nothing="经自查，未发现需要整改的问题")


PAPER = Paper("rectification", "整改清单", fill)
