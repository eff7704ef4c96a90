"""保险情况表: the policies in force on the quarter's last day, the cover of each team, and who has none."""

from db.records.entities import BY_NAME
from forms.papers.paper import Paper, PaperData, sheet, text
from forms.pdf.document import Column, ReportDocument, TableRow
from forms.report.figure_labels import shown
from forms.report.quarterly import team_lines

_POLICY, _VOLUNTEER = BY_NAME["insurance_policy"], BY_NAME["volunteer"]

POLICY_COLUMNS = (
    Column("序号", 10, "center", fit=True), Column("保单号", 36, fit=True), Column("保险公司", 36), Column("险种", 30),
    Column("承保方式", 20, "center"), Column("起始日期", 22, "center", fit=True), Column("终止日期", 22, "center", fit=True),
    Column("名单在保（人）", 16, "right", fit=True), Column("每人保额（元）", 24, "right", fit=True),
    Column("保费（元）", 22, "right", fit=True), Column("经费来源", 20),
)  # fmt: skip
TEAM_COLUMNS = (
    Column("序号", 12, "center", fit=True), Column("队伍名称", 64), Column("季末在队（人）", 26, "right", fit=True),
    Column("在保（人）", 26, "right", fit=True), Column("未保（人）", 26, "right", fit=True),
)  # fmt: skip
UNCOVERED_COLUMNS = (
    Column("序号", 12, "center", fit=True), Column("姓名", 24), Column("所在队伍", 56),
    Column("手机号码", 30, "center", fit=True), Column("情况", 46),
)  # fmt: skip


def fill(doc: ReportDocument, data: PaperData, title: str) -> None:
    """Add the three tables: policies, teams (unless the paper is about one), members without cover."""
    policies = []
    for n, row in enumerate(data.rows["policies"], 1):
        persons = shown("persons", row["persons"]) if row["cover_mode"] == "named_list" else "—"
        cells = [
            str(n), row["policy_number"], row["insurer"], row["product"], _POLICY["cover_mode"].show(row["cover_mode"]),
            row["start_on"], row["end_on"], persons, text(_POLICY["sum_insured_fen"].show(row["sum_insured_fen"])),
            text(_POLICY["premium_fen"].show(row["premium_fen"])), text(row["fund_source"]),
        ]  # fmt: skip
        policies.append(TableRow(cells, where=f"保险单“{row['policy_number']}”"))
    notes = ("终止日期含当日。平台自动承保的没有名单，以志愿者网登记为准；按活动投保的不计入在保人数。",)
    sheet(doc, data, title, POLICY_COLUMNS, policies, notes=notes, nothing="季末没有有效的保险单")
    if not data.team:
        _teams(doc, data)
    _uncovered(doc, data)


def _teams(doc: ReportDocument, data: PaperData) -> None:
    rows = []
    for line in team_lines(data.report):
        if "persons_end" not in line.figures:
            continue
        numbers = [shown(key, line.figures[key]) for key in ("persons_end", "insured_end", "uninsured_end")]
        rows.append(TableRow([line.number, line.name, *numbers] if line.style == "row" else [line.name, "", *numbers],
                             "data" if line.style == "row" else "total"))  # fmt: skip
    notes = ("人数按人计，同一人在几支队伍的，小计和合计只计一次，不等于各行之和。",)
    sheet(doc, data, "各队伍在保情况", TEAM_COLUMNS, rows, notes=notes, landscape=False)


def _uncovered(doc: ReportDocument, data: PaperData) -> None:
    rows = []
    for n, row in enumerate(data.rows["uncovered"], 1):
        known = []
        if row["ended_on"]:
            known.append(f"保障已于{row['ended_on']}终止")
        if row["begins_on"]:
            known.append(f"新保障{row['begins_on']}起")
        cells = [str(n), row["name"], row["teams"], text(_VOLUNTEER["phone"].show(row["phone"])),
                 "；".join(known) or "没有投保记录"]  # fmt: skip
        rows.append(TableRow(cells, where=f"队员“{row['name']}”"))
    if rows:
        count = shown("uninsured_end", data.figures["uninsured_end"])
        rows.append(TableRow([f"合计未保{count}人", *[""] * (len(UNCOVERED_COLUMNS) - 1)], "total"))
    sheet(
        doc, data, "未在保队员名单", UNCOVERED_COLUMNS, rows, landscape=False, nothing="季末在队的队员都在保",
        notes=("手机号码已脱敏。",),
    )  # fmt: skip


PAPER = Paper(
    "insurance", "保险情况表", fill, reads=("policies", "uncovered"), by_team=True,
    reminder="表中有未在保队员的姓名，只供本会和上级使用，不要公开",
)  # fmt: skip
