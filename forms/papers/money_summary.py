"""经费收支汇总表: income, expense and balance of each team, the balances also in words."""

from forms.papers.paper import Paper, PaperData, sheet
from forms.pdf.document import Column, ReportDocument, TableRow
from forms.report.figure_labels import shown
from forms.report.quarterly import team_lines
from forms.words import rmb

COLUMNS = (
    Column("序号", 10, "center", fit=True), Column("队伍名称", 44), Column("上季结余", 24, "right", fit=True),
    Column("收入", 24, "right", fit=True, group="本季"), Column("支出", 24, "right", fit=True, group="本季"),
    Column("收入", 24, "right", fit=True, group="本年累计"), Column("支出", 24, "right", fit=True, group="本年累计"),
    Column("季末结余", 24, "right", fit=True), Column("季末结余（大写）", 56),
)  # fmt: skip
_MONEY = ("income_fen", "expense_fen", "income_ytd_fen", "expense_ytd_fen", "balance_fen")


def fill(doc: ReportDocument, data: PaperData, title: str) -> None:
    """One line per team, then the sub-totals, what the office shares, and the sum."""
    rows = []
    for line in team_lines(data.report):
        f = line.figures
        before = f["balance_fen"] - f["income_fen"] + f["expense_fen"]
        head = [line.number, line.name] if line.style == "row" else [line.name, ""]
        cells = [*head, shown("balance_fen", before), *(shown(key, f[key]) for key in _MONEY), rmb(f["balance_fen"])]
        rows.append(TableRow(cells, "data" if line.style == "row" else "total", where=f"队伍“{line.name}”"))
    f = data.figures
    notes = [
        f"本季收入合计（大写）：{rmb(f['income_fen'])}；本季支出合计（大写）：{rmb(f['expense_fen'])}。",
        "上季结余加本季收入减本季支出等于季末结余；没有归到队伍的收支列在“本会共用”。",
    ]
    sheet(doc, data, title, COLUMNS, rows, unit="元", notes=notes)


PAPER = Paper("money-summary", "经费收支汇总表", fill)
