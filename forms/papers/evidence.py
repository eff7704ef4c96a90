"""佐证材料目录: what proves which clause, and the clauses that still lack proof."""

from itertools import groupby

from forms.papers.paper import Paper, PaperData, sheet, text
from forms.pdf.document import Column, ReportDocument, TableRow
from forms.report.situation import citation, counted

COLUMNS = (
    Column("序号", 10, "center", fit=True), Column("材料名称", 64), Column("材料日期", 24, "center", fit=True),
    Column("存入日期", 24, "center", fit=True), Column("说明或对应的条款", 60), Column("页数", 14), Column("存放位置", 28),
)  # fmt: skip


def fill(doc: ReportDocument, data: PaperData, title: str) -> None:
    """List the quarter's evidence under its clauses, then the clauses without any."""
    clauses = {r.clause.id: r.clause for r in data.report.results}
    rows: list[TableRow] = []
    n = 0
    for key, found in groupby(data.rows["evidence"], lambda row: row["clause"]):
        clause = clauses.get(key)
        rows.append(_group(f"{clause.title}（{citation(clause)}）" if clause else f"条款{key}"))
        for row in found:
            n += 1
            cells = [str(n), row["name"], text(row["effective_on"]), row["uploaded_on"], row["note"] or "", "", ""]
            rows.append(TableRow(cells, where=f"附件“{row['name']}”"))
    waiting = [r for r in counted(data.report.results) if r.status == "missing_evidence"]
    if waiting:
        rows.append(_group(f"尚待确认或补充佐证材料的条款（{len(waiting)}条，可在此注明材料名称）"))
        rows += [TableRow([str(i), "", "", "", f"{r.clause.title}（{citation(r.clause)}）", "", ""])
                 for i, r in enumerate(waiting, 1)]  # fmt: skip
    notes = ("页数和存放位置由本会填注。",)
    sheet(doc, data, title, COLUMNS, rows, notes=notes, nothing="本季度没有登记佐证材料")


def _group(label: str) -> TableRow:
    return TableRow([label, *[""] * (len(COLUMNS) - 1)], "group")


PAPER = Paper("evidence", "佐证材料目录", fill, reads=("evidence",))
