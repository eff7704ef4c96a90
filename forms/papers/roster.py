"""队员花名册: who is in which team on the quarter's last day, numbers masked."""

from itertools import groupby

from db.records.entities import BY_NAME
from forms.papers.paper import Paper, PaperData, sheet, text
from forms.pdf.document import Column, ReportDocument, TableRow
from forms.report.figure_labels import shown

_VOLUNTEER, _MEMBERSHIP = BY_NAME["volunteer"], BY_NAME["membership"]

# No day of birth and no age beside a masked number: together they would give the number away.
COLUMNS = (
    Column("序号", 10, "center", fit=True), Column("姓名", 22), Column("性别", 10, "center"), Column("职务", 26, "center"),
    Column("证件号码", 42, "center", fit=True), Column("手机号码", 28, "center", fit=True),
    Column("志愿者网编号", 32, "center", fit=True), Column("入队日期", 24, "center", fit=True),
    Column("季末在保", 16, "center"), Column("备注", 20),
)  # fmt: skip
NOTES = ("证件号码和手机号码已脱敏，完整号码只保存在台账中。", "同一人在几支队伍的，在各队分别列出；合计按一人计。")


def fill(doc: ReportDocument, data: PaperData, title: str) -> None:
    """List the members team by team; the sum counts persons."""
    rows: list[TableRow] = []
    for team, members in groupby(data.rows["roster"], lambda row: row["team"]):
        listed = list(members)
        rows.append(TableRow([f"{team}（{len(listed)}人）", *[""] * (len(COLUMNS) - 1)], "group"))
        for n, row in enumerate(listed, 1):
            cells = [
                str(n), row["name"], text(_VOLUNTEER["sex"].show(row["sex"])),
                text(_MEMBERSHIP["role"].show(row["role"])), _VOLUNTEER["id_number"].show(row["id_number"]),
                text(_VOLUNTEER["phone"].show(row["phone"])), text(row["platform_id"]), row["joined_on"],
                "是" if row["insured"] else "否", "",
            ]  # fmt: skip
            rows.append(TableRow(cells, where=f"队员“{row['name']}”"))
    if rows:
        f = data.figures
        summed = f"合计{shown('persons_end', f['persons_end'])}人，其中在保{shown('insured_end', f['insured_end'])}人"
        rows.append(TableRow([summed, *[""] * (len(COLUMNS) - 1)], "total"))
    sheet(doc, data, title, COLUMNS, rows, notes=NOTES, nothing="季末没有在队的队员")


PAPER = Paper(
    "roster", "队员花名册", fill, reads=("roster",), by_team=True,
    reminder="花名册有姓名和脱敏的号码，只供本会和上级使用，不要公开",
)  # fmt: skip
