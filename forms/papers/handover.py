"""工作人员交接清单: what the one who leaves hands to the one who comes, with lines for the signatures."""

from forms.papers.paper import Paper, PaperData, text
from forms.pdf.document import Column, ReportDocument, TableRow
from forms.report.quarterly import chinese_date

COLUMNS = (
    Column("序号", 10, "center", fit=True), Column("类别", 30), Column("内容", 80), Column("数量", 20, "right"), Column("已交接", 20, "center"),
)  # fmt: skip
# What no count tells.
BY_HAND = (
    ("密码", "台账密码（当面告知，不写在纸上）"),
    ("恢复码", "台账恢复码（在“设置”里换一个新的，旧的作废）"),
    ("备份", "最近一次备份的位置；第二处备份的 U 盘或文件夹"),
    ("纸质材料", "盖章的报表、佐证材料、保险单正本、证书存根"),
    ("账号", "中国红十字志愿者网等平台的管理账号"),
    ("往来", "上级、卫生健康部门、血站、各队队长的联系方式"),
)


def fill(doc: ReportDocument, data: PaperData, title: str) -> None:
    """Counts of the ledger, editions handed up, what is not met, and what is handed over by hand."""
    lines: list[tuple[str, str, str]] = [
        ("台账记录", str(row["label"]), f"{row['n']:,}") for row in data.rows["ledger_counts"] if row["n"]
    ]
    for row in data.rows["handed_up"]:
        lines.append(("已报送", f"{row['period']} 第{row['number']}版（校验值 {str(row['sha256'])[:12]}）", "1"))
    for result in data.report.results:
        if result.status == "not_met":
            lines.append(("未达标", f"{result.clause.id} {result.clause.title}", ""))
    for row in data.rows["ending_soon"]:
        if row["name"] == "":
            lines.append(("90天内到期", f"{row['ends_on']} {text(row['what'])}", ""))
    lines.extend((kind, words, "") for kind, words in BY_HAND)
    rows = [TableRow([str(n), kind, words, number, ""]) for n, (kind, words, number) in enumerate(lines, 1)]
    doc.annex(
        title, COLUMNS, rows, label="", unit_left=f"单位：{data.report.name}（盖章）",
        unit_right=f"统计截止：{data.as_of}　打印日期：{chinese_date(data.report.issued_on)}",
        foot=["移交人：", "接交人：", "监交人："], landscape=False,
        notes=["1. 交接双方逐项核对后在“已交接”栏打勾，一式三份，双方和本会各存一份。"],
    )  # fmt: skip


PAPER = Paper("handover", "工作人员交接清单", fill, reads=("ledger_counts", "handed_up", "ending_soon"))
