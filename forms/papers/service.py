"""志愿服务情况登记表（本会台账）: what the ledger holds of one volunteer's service.

It is a print of the ledger, not a certificate, and never calls itself one.
"""

import datetime as dt

from db.errors import UserError
from db.records.entities import BY_NAME
from forms.papers.paper import Paper, PaperData, text
from forms.pdf.document import Column, ReportDocument, TableRow
from forms.report.figure_labels import shown
from forms.report.quarterly import chinese_date

_VOLUNTEER, _MEMBERSHIP = BY_NAME["volunteer"], BY_NAME["membership"]

COLUMNS = (
    Column("序号", 10, "center", fit=True), Column("服务日期", 24, "center", fit=True), Column("队伍名称", 40),
    Column("活动或服务内容", 60), Column("时长（小时）", 22, "right", fit=True),
)  # fmt: skip


def fill(doc: ReportDocument, data: PaperData, title: str) -> None:
    """The volunteer and the sums on a page for the seal, then every record."""
    if not data.rows["person"]:
        raise UserError("台账里没有这名志愿者，没有写出任何文件")
    row = data.rows["person"][0]
    hours = _hours(row["minutes"])
    doc.title(f"{data.report.name}\n{PAPER.title}")
    doc.body(f"姓名：{row['name']}")
    doc.body(f"性别：{text(_VOLUNTEER['sex'].show(row['sex']))}")
    doc.body(
        f"证件：{_VOLUNTEER['id_type'].show(row['id_type'])} {_VOLUNTEER['id_number'].show(row['id_number'])}（已脱敏）"
    )
    doc.body(f"志愿者网编号：{text(row['platform_id'])}")
    doc.body(f"登记日期：{_day(row['registered_on'])}")
    for stay in data.rows["person_teams"]:
        role = _MEMBERSHIP["role"].show(stay["role"]) or "队员"
        until = f"{_day(stay['left_on'])}退队" if stay["left_on"] else "在队"
        doc.body(f"所在队伍：{stay['team']}，{role}，{_day(stay['joined_on'])}入队，{until}。")
    doc.body(f"截至{data.as_of}，本会台账登记该志愿者参加志愿服务{row['times']:,}次，服务时长合计{hours}小时。")
    if row["opening_minutes"]:
        until = f"（截至{_day(row['opening_until'])}）" if row["opening_until"] else ""
        total = _hours(row["minutes"] + row["opening_minutes"])
        doc.body(f"启用台账以前累计服务{_hours(row['opening_minutes'])}小时{until}，连同台账登记的共计{total}小时。")
    doc.body("本表按本会台账打印，供本会与志愿者本人核对。服务时长不含往返路途时间。")
    doc.signature(data.report.name, chinese_date(data.report.issued_on), sealed=True)
    _records(doc, data)


def _records(doc: ReportDocument, data: PaperData) -> None:
    rows = []
    for n, row in enumerate(data.rows["person_services"], 1):
        what = "：".join(part for part in dict.fromkeys((row["activity"], row["content"])) if part)
        rows.append(TableRow([str(n), row["served_on"], row["team"], text(what), _hours(row["service_minutes"])]))
        if row["is_last"]:
            rows.append(TableRow([f"{row['year']}年小计", "", "", "", _hours(row["year_minutes"])], "total"))
    if rows:
        rows.append(TableRow(["合计", "", "", "", _hours(data.rows["person"][0]["minutes"])], "total"))
    doc.annex(
        "服务记录", COLUMNS if rows else [Column("情况", 1, "center")], rows or [["没有登记服务记录"]], label="",
        unit_left=f"姓名：{data.person}", unit_right=f"统计截止：{data.as_of}", foot=["负责人：", "经办人：", "志愿者本人："],
        landscape=False,
    )  # fmt: skip


def _hours(minutes: int) -> str:
    return shown("service_minutes", minutes)


def _day(text_of_day: str) -> str:
    return chinese_date(dt.date.fromisoformat(text_of_day))


PAPER = Paper(
    "service", "志愿服务情况登记表（本会台账）", fill, reads=("person", "person_teams", "person_services"), by_person=True,
    reminder="这份表只反映本会台账，不代替按国家规定出具的证明",
)  # fmt: skip
