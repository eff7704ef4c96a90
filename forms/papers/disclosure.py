"""队伍信息公开表: name, leader, fields of service, and money; never a number or a telephone."""

from collections.abc import Mapping
from typing import Any

from db.records.entities import BY_NAME
from forms.papers.paper import Paper, PaperData, sheet, text
from forms.pdf.document import Column, ReportDocument, TableRow
from forms.report.figure_labels import shown
from forms.report.quarterly import team_lines

_TEAM = BY_NAME["team"]

COLUMNS = (
    Column("序号", 10, "center", fit=True), Column("队伍名称", 50), Column("负责人", 20, "center"),
    Column("服务领域", 44), Column("收入", 24, "right", fit=True, group="本季（元）"),
    Column("支出", 24, "right", fit=True, group="本季（元）"), Column("收入", 24, "right", fit=True, group="本年累计（元）"),
    Column("支出", 24, "right", fit=True, group="本年累计（元）"), Column("季末结余（元）", 24, "right", fit=True),
)  # fmt: skip
_MONEY = ("income_fen", "expense_fen", "income_ytd_fen", "expense_ytd_fen", "balance_fen")


def fill(doc: ReportDocument, data: PaperData, title: str) -> None:
    """One line per team, then what the office shares and the sum."""
    facts = {row["name"]: row for row in data.rows["public_teams"]}
    rows = []
    for line in team_lines(data.report):
        money = [shown(key, line.figures[key]) for key in _MONEY]
        if line.style == "row":
            fact = facts[line.name]
            cells = [line.number, line.name, text(fact["team_leader"]), _domains(fact), *money]
            rows.append(TableRow(cells, where=f"队伍“{line.name}”"))
        else:
            rows.append(TableRow([line.name, "", "", "", *money], "total"))
    sheet(doc, data, title, COLUMNS, rows, unit="元")


def _domains(fact: Mapping[str, Any]) -> str:
    names = [_TEAM["primary_domain"].show(fact["primary_domain"]), _TEAM["other_domains"].show(fact["other_domains"])]
    return "、".join(name.replace("；", "、") for name in names if name)


PAPER = Paper(
    "disclosure", "队伍信息公开表", fill, reads=("public_teams",),
    reminder="公开前请确认：负责人本人已同意公开姓名",
)  # fmt: skip
