"""信息公开表: a public notice of our own teams: name, leader, fields of service, money, and what was given.

Never a person's number or telephone; the office's own landline stands as the one to complain to.
"""

from collections.abc import Mapping
from typing import Any

from db.records.entities import BY_NAME
from forms.papers.paper import Paper, PaperData, sheet, text
from forms.pdf.document import Column, ReportDocument, TableRow
from forms.report.amounts import yuan
from forms.report.figure_labels import shown
from forms.report.quarterly import chinese_date, team_lines

_TEAM = BY_NAME["team"]

COLUMNS = (
    Column("序号", 10, "center", fit=True), Column("队伍名称", 50), Column("负责人", 20, "center"),
    Column("服务领域", 44), Column("收入", 24, "right", fit=True, group="本季（元）"),
    Column("支出", 24, "right", fit=True, group="本季（元）"), Column("收入", 24, "right", fit=True, group="本年累计（元）"),
    Column("支出", 24, "right", fit=True, group="本年累计（元）"), Column("季末结余（元）", 24, "right", fit=True),
)  # fmt: skip
_MONEY = ("income_fen", "expense_fen", "income_ytd_fen", "expense_ytd_fen", "balance_fen")


def fill(doc: ReportDocument, data: PaperData, title: str) -> None:
    """One line for each of our teams that stand, then in words what was given and who may be asked."""
    facts = {row["name"]: row for row in data.rows["public_teams"]}
    rows: list[TableRow] = []
    for line in team_lines(data.report):
        if line.style == "row" and line.name in facts:
            fact = facts[line.name]
            money = [shown(key, line.figures[key]) for key in _MONEY]
            cells = [str(len(rows) + 1), line.name, text(fact["team_leader"]), _domains(fact), *money]
            rows.append(TableRow(cells, where=f"队伍“{line.name}”"))
    given, report = data.rows["gifts"][0], data.report
    goods = f"接收捐赠物资折价{yuan(given['received_fen'])}元、发放折价{yuan(given['issued_fen'])}元"
    if not given["received_fen"] and not given["issued_fen"]:
        goods = "没有接收和发放捐赠物资"
    notes = [
        f"本年累计接受捐赠资金{yuan(given['income_fen'])}元、使用{yuan(given['expense_fen'])}元；{goods}。",
        f"公开日期：{chinese_date(report.issued_on)}。公开渠道：______________。",
        f"监督电话：{report.landline or '______________'}。欢迎社会各界监督。",
    ]
    sheet(
        doc, data, title, COLUMNS, rows, unit="元", notes=notes, nothing="目前没有本级管理的志愿服务队伍", public=True
    )


def _domains(fact: Mapping[str, Any]) -> str:
    names = [_TEAM["primary_domain"].show(fact["primary_domain"]), _TEAM["other_domains"].show(fact["other_domains"])]
    return "、".join(name.replace("；", "、") for name in names if name)


PAPER = Paper(
    "disclosure", "队伍信息公开表", fill, reads=("public_teams", "gifts"),
    reminder="公开前请确认：负责人本人已同意公开姓名",
)  # fmt: skip
