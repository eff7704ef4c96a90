"""培训情况表: the quarter's trainings and who took part, with the quarter's sums."""

from db.records.entities import BY_NAME
from forms.papers.paper import Paper, PaperData, sheet, text, total
from forms.pdf.document import Column, ReportDocument, TableRow
from forms.report.figure_labels import shown

_TRAINING = BY_NAME["training"]

COLUMNS = (
    Column("序号", 10, "center", fit=True), Column("培训编号", 22, "center", fit=True), Column("培训名称", 42),
    Column("类别", 20, "center"), Column("日期", 36, "center", fit=True), Column("地点", 24), Column("面向队伍", 30),
    Column("学时", 12, "right", fit=True), Column("参训人次", 14, "right", fit=True),
    Column("合格人数", 14, "right", fit=True), Column("人学时", 16, "right", fit=True),
)  # fmt: skip
NOTES = (
    "缺席和请假的不计入参训人次；未留存名册的按参训人次计，不计人学时。",
    "没有名单、也没有参训人次的培训照列，但不计入期数。",
)


def fill(doc: ReportDocument, data: PaperData, title: str) -> None:
    """List the trainings; the sums are the quarter's figures."""
    rows = []
    for n, row in enumerate(data.rows["trainings"], 1):
        last = row["end_on"] if row["end_on"] and row["end_on"] != row["start_on"] else ""
        cells = [
            str(n), row["code"], row["name"], _TRAINING["category"].show(row["category"]),
            row["start_on"] + (f"至{last[5:] if last[:4] == row['start_on'][:4] else last}" if last else ""),
            text(row["place"]), text(row["team"]), shown("class_minutes", row["class_minutes"]),
            shown("person_times", row["person_times"]), shown("passed", row["passed"]),
            shown("training_minutes", row["minutes"]),
        ]  # fmt: skip
        rows.append(TableRow(cells, where=f"培训“{row['name']}”"))
    if rows:
        f = data.figures
        rows.append(total(COLUMNS, f"合计{shown('trainings', f['trainings'])}期", {
            "参训人次": shown("training_person_times", f["training_person_times"]),
            "人学时": shown("training_minutes", f["training_minutes"]),
        }))  # fmt: skip
    sheet(doc, data, title, COLUMNS, rows, notes=NOTES, nothing="本季度没有登记培训")


PAPER = Paper("training", "培训情况表", fill, reads=("trainings",))
