"""佐证材料目录: what proves which clause, and the clauses that still lack proof.

In a 迎检包 the read ``places`` says where each material lies, and which files are lost.
"""

from itertools import groupby

from forms.papers.paper import Paper, PaperData, sheet, text
from forms.pdf.document import Column, ReportDocument, TableRow
from forms.report.materials import clause_numbers, sections
from forms.report.situation import article, counted, tight, whole_name

COLUMNS = (
    Column("序号", 14, "center", fit=True), Column("材料名称", 64), Column("材料日期", 24, "center", fit=True),
    Column("存入日期", 24, "center", fit=True), Column("说明或对应的条款", 66), Column("页数", 14), Column("存放位置", 36),
)  # fmt: skip


def fill(doc: ReportDocument, data: PaperData, title: str) -> None:
    """List the period's materials under their clauses, then the clauses without any."""
    results = data.report.results
    places = {str(row["number"]): row for row in data.rows.get("places", ())}
    rows, notice = list[TableRow](), ""
    for section in sections(results, data.rows["evidence"], data.rows["archive"]):
        heading = whole_name(section.result.clause.source) if section.result is not None else "其他材料"
        rows += [_group(heading)] if heading != notice else []
        notice = heading
        cited = f"（{article(section.result.clause)}）" if section.result is not None else ""
        rows.append(_group(f"{section.number}　{section.title}{cited}"))
        for one in section.materials:
            put = places.get(one.number, {})
            words = "；".join(part for part in (str(put.get("lost", "")), one.note) if part)
            cells = [one.number, one.name, text(one.day), text(one.kept_on), words, "", str(put.get("place", ""))]
            rows.append(TableRow(cells, where=f"附件“{one.name}”"))
    waiting, numbers = [r for r in counted(results) if r.status == "missing_evidence"], clause_numbers(results)
    if waiting:
        rows.append(_group(f"尚待确认或补充佐证材料的条款（{len(waiting)}条，可在此注明材料名称）"))
    for source, found in groupby(waiting, lambda r: r.clause.source):
        rows.append(_group(whole_name(source)))
        rows += [TableRow([str(numbers[r.clause.id]), "", "", "", f"{tight(r.clause.title)}（{article(r.clause)}）", "", ""])
                 for r in found]  # fmt: skip
    notes = ["序号的前一段是条款在合规自查表中的序号。"]
    notes += [] if places else ["页数和存放位置由本会填注。"]
    sheet(doc, data, title, COLUMNS, rows, notes=notes, nothing="本季度没有登记佐证材料")


def _group(label: str) -> TableRow:
    return TableRow([label, *[""] * (len(COLUMNS) - 1)], "group")


PAPER = Paper("evidence", "佐证材料目录", fill, reads=("evidence", "archive"))
