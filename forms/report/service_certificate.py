"""志愿服务记录证明 as PDF: person, service, training, praise, issuer; number, day, 负责人 and 经办人; the records as an annex.

民政部令第67号 (志愿服务记录与证明出具办法), with the content that 民发〔2015〕149号 recommends. The document's number stands whole:
that is what is certified; its issue is in the log.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from db.records.entities import BY_NAME
from forms.pdf.document import Column, ReportDocument, TableRow
from forms.report.figure_labels import shown
from forms.report.quarterly import chinese_date

TITLE = "志愿服务记录证明"
_VOLUNTEER = BY_NAME["volunteer"]
_FEW = 4  # years that the text tells one by one
COLUMNS = (
    Column("序号", 10, "center", fit=True), Column("服务日期", 26, "center", fit=True), Column("队伍名称", 40),
    Column("活动或服务内容", 56), Column("地点", 30), Column("时长（小时）", 22, "right", fit=True),
)  # fmt: skip


def certificate_pdf(content: Mapping[str, Any], *, system_fonts: bool = True) -> bytes:
    """Return a certificate as PDF from what the register keeps of it; raises `MissingGlyphs` before anything is set."""
    person, office = content["person"], content["office"]
    issued = dt.date.fromisoformat(content["issued_on"])
    doc = ReportDocument(
        f"{office['name']}{person['name']}{TITLE}", author=office["name"], subject=TITLE, issued_on=issued
    )
    if content.get("revoked_on"):
        doc.mark("已作废")
    doc.title(TITLE)
    doc.body(f"编号：{content['number']}")
    sex = _VOLUNTEER["sex"].show(person["sex"])
    doc.body(f"姓名：{person['name']}" + (f"　性别：{sex}" if sex else ""))
    doc.body(f"志愿者编号：{person['platform_id'] or '未在志愿者网注册'}")
    doc.body(f"证件：{_VOLUNTEER['id_type'].show(person['id_type'])}　{person['id_number'] or '证件待补'}")
    begin = f"自{_day(content['start_on'])}至" if content["start_on"] else "截至"
    doc.body(
        f"兹证明该志愿者{begin}{_day(content['end_on'])}，参加本会组织的志愿服务{content['times']:,}次，"
        f"服务时长合计{_hours(content['minutes'])}小时，具体记录见附表。"
    )
    _years(doc, content)
    doc.body(f"培训情况：{_trainings(content)}")
    doc.body("表彰奖励情况和评价情况：本会台账没有登记。")
    if content["reason"]:
        doc.body(f"本证明含没有附证明材料的服务记录，经负责人同意，原因：{content['reason']}。")
    doc.body("服务时长按实际服务时间计算，不含往返路途时间。")
    for words, there in (
        ("出具后台账中的服务记录有改动，请以本会重新核对的为准。", content.get("changed")),
        (
            f"本证明已于{_day(content['revoked_on'])}作废。" if content.get("revoked_on") else "",
            content.get("revoked_on"),
        ),
    ):
        if there:
            doc.body(words)
    signed = "　".join((f"负责人：{content['head'] or '＿＿＿＿'}", f"经办人：{content['handler'] or '＿＿＿＿'}"))
    doc.body(signed)
    if str(office.get("phone") or "").startswith("0"):  # a landline is the office's, a mobile number somebody's
        doc.body(f"联系电话：{office['phone']}")
    doc.signature(office["name"], chinese_date(issued), sealed=True)
    _annex(doc, content)
    return doc.render(system_fonts=system_fonts)


def _by_year(content: Mapping[str, Any]) -> dict[str, int]:
    """Return the minutes of each year, in order."""
    sums: dict[str, int] = defaultdict(int)
    for row in content["services"]:
        sums[str(row["served_on"])[:4]] += int(row["minutes"])
    return dict(sorted(sums.items()))


def _years(doc: ReportDocument, content: Mapping[str, Any]) -> None:
    """Tell a few years in the text; the annex has the sum of each where there are several."""
    sums = _by_year(content)
    if 1 < len(sums) <= _FEW:
        doc.body("其中：" + "，".join(f"{year}年{_hours(minutes)}小时" for year, minutes in sums.items()) + "。")


def _trainings(content: Mapping[str, Any]) -> str:
    if not content["trainings"]:
        return "本会台账没有登记。"
    said = []
    for row in content["trainings"]:
        hours = f"，{_hours(row['minutes'])}学时" if row["minutes"] else ""
        paper = f"，取得{row['certificate']}" if row["certificate"] else ""
        said.append(f"{_day(row['start_on'])}参加{row['name']}{hours}{paper}")
    return "；".join(said) + "。"


def _annex(doc: ReportDocument, content: Mapping[str, Any]) -> None:
    sums, rows = _by_year(content), list[TableRow]()
    for n, row in enumerate(content["services"], 1):
        rows.append(TableRow([str(n), row["served_on"], row["team"],
                  "：".join(dict.fromkeys(p for p in (row["activity"], row["content"]) if p)) or "—", row["place"] or "—",
                  _hours(row["minutes"])]))  # fmt: skip
        after = content["services"][n] if n < len(content["services"]) else None
        year = str(row["served_on"])[:4]
        if len(sums) > 1 and (after is None or str(after["served_on"])[:4] != year):
            rows.append(TableRow([f"{year}年小计", "", "", "", "", _hours(sums[year])], "total"))
    if rows:
        rows.append(TableRow(["合计", "", "", "", "", _hours(content["minutes"])], "total"))
    doc.annex(
        "服务记录", COLUMNS if rows else [Column("情况", 1, "center")], rows or [["没有附证明材料的服务记录"]], label="",
        unit_left=f"姓名：{content['person']['name']}", unit_right=f"证明编号：{content['number']}",
        foot=["经办人："], landscape=False,
    )  # fmt: skip


def _hours(minutes: int) -> str:
    return shown("service_minutes", minutes)


def _day(day: str) -> str:
    return chinese_date(dt.date.fromisoformat(day))
