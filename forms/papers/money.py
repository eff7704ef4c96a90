"""经费收支明细表: every entry of the quarter, team by team, with the quarter's sums and balances."""

from itertools import groupby

from db.records.entities import BY_NAME
from forms.papers.paper import Paper, PaperData, sheet, text, total
from forms.pdf.document import Column, ReportDocument, TableRow
from forms.report.figure_labels import shown
from forms.words import rmb

_ENTRY = BY_NAME["fund_entry"]

COLUMNS = (
    Column("序号", 12, "center", fit=True), Column("日期", 24, "center", fit=True), Column("凭证号", 24, "center", fit=True),
    Column("科目", 24), Column("资金来源", 28), Column("定向用途", 24), Column("对方单位", 34), Column("摘要", 50),
    Column("收入（元）", 26, "right", fit=True), Column("支出（元）", 26, "right", fit=True),
)  # fmt: skip


def fill(doc: ReportDocument, data: PaperData, title: str) -> None:
    """List the entries under their team; sums are the team's and the office's figures."""
    of_team = {t["team"]: t for t in data.report.figures["teams"]} | {None: data.report.figures["shared"]}
    rows: list[TableRow] = []
    for team, entries in groupby(data.rows["entries"], lambda row: row["team"]):
        name = team or "本会共用"
        rows.append(TableRow([name, *[""] * (len(COLUMNS) - 1)], "group"))
        for n, row in enumerate(entries, 1):
            amount = _ENTRY["amount_fen"].show(row["amount_fen"])
            cells = [
                str(n), row["entry_on"], text(row["voucher"]), row["category"],
                text(_ENTRY["fund_source"].show(row["fund_source"])), text(row["earmark"]), text(row["counterpart"]),
                text(row["summary"]), amount if row["direction"] == "income" else "",
                amount if row["direction"] == "expense" else "",
            ]  # fmt: skip
            rows.append(TableRow(cells, where=f"{name}{row['entry_on']}的收支"))
        rows.append(
            _sums(f"{name}小计（季末结余{shown('balance_fen', of_team[team]['balance_fen'])}元）", of_team[team])
        )
    f = data.figures
    if rows and not data.team:
        rows.append(_sums(f"合计（季末结余{shown('balance_fen', f['balance_fen'])}元）", f))
    notes = [
        f"本季收入（大写）：{rmb(f['income_fen'])}。",
        f"本季支出（大写）：{rmb(f['expense_fen'])}。",
        f"季末结余（大写）：{rmb(f['balance_fen'])}。",
    ]
    sheet(doc, data, title, COLUMNS, rows, unit="元", notes=notes, nothing="本季度没有登记收支")


def _sums(label: str, figures: dict[str, int]) -> TableRow:
    return total(COLUMNS, label, {
        "收入（元）": shown("income_fen", figures["income_fen"]), "支出（元）": shown("expense_fen", figures["expense_fen"]),
    })  # fmt: skip


PAPER = Paper("money", "经费收支明细表", fill, reads=("entries",), by_team=True)
