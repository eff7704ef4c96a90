"""本人情况表（本会台账）: all that the ledger holds of one volunteer, on the screen and on paper alike; numbers masked."""

from collections.abc import Mapping
from typing import Any

from db.errors import UserError
from db.records.entities import BY_NAME
from forms.papers.paper import Paper, PaperData, Rows, text
from forms.pdf.document import Column, ReportDocument, TableRow
from forms.report.figure_labels import shown

READ = (
    "person",
    "person_teams",
    "person_posts",
    "person_covers",
    "person_trainings",
    "person_years",
    "person_consents",
)
COLUMNS = (
    Column("内容", 62), Column("自", 22, "center", fit=True), Column("至", 22, "center", fit=True), Column("说明", 54),
)  # fmt: skip
_STATES = {"active": "在保", "expired": "已过期", "later": "未生效"}
Line = tuple[str, str, str, str]  # what, from, until, a note


def facts(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what is known of the volunteer, each with its heading; numbers masked, and no birth date beside them."""
    volunteer = BY_NAME["volunteer"]
    number = f"{volunteer['id_type'].show(row['id_type'])} {volunteer['id_number'].show(row['id_number'])}".strip()
    found = [
        ("性别", volunteer["sex"].show(row["sex"])), ("证件", number), ("手机号码", volunteer["phone"].show(row["phone"])),
        ("志愿者网编号", str(row["platform_id"] or "")), ("登记日期", str(row["registered_on"])),
        ("退出日期", str(row["left_on"] or "")), ("监护人", str(row["guardian"] or "")),
        ("来源身份", volunteer["sources"].show(row["sources"])),
    ]  # fmt: skip
    return [(head, words) for head, words in found if words]


def sections(rows: Mapping[str, Rows]) -> list[tuple[str, list[Line]]]:
    """Return teams, posts, insurance, trainings and hours of the volunteer, each a list of lines under its heading."""
    membership, duty, training = BY_NAME["membership"], BY_NAME["responsibility"], BY_NAME["attendance"]
    teams = [
        (r["team"], r["joined_on"], r["left_on"] or "", membership["role"].show(r["role"]) or "队员")
        for r in rows["person_teams"]
    ]
    posts = [
        (r["place"], r["start_on"], r["end_on"] or "", membership["role"].show(r["team_role"])) if r["place"] else
        (duty["matter"].show(r["matter"]), r["start_on"], r["end_on"] or "", duty["role"].show(r["duty"]))
        for r in rows["person_posts"]
    ]  # fmt: skip
    covers = [
        (
            f"{r['product']}（{r['insurer']}）",
            r["first_on"],
            r["last_on"],
            f"{_STATES[r['state']]}，保单 {r['policy_number']}",
        )
        for r in rows["person_covers"]
    ]
    trainings = []
    for r in rows["person_trainings"]:
        result = training["result"].show(r["result"])
        certificate = " ".join(str(part) for part in (r["certificate"], r["certificate_number"]) if part)
        note = "，".join(
            part for part in (f"{shown('training_minutes', r['minutes'])} 学时", result, certificate) if part
        )
        trainings.append((r["name"], r["start_on"], r["valid_until"] or "", note))
    years = [
        (f"{r['year']} 年", "", "", f"{shown('service_minutes', r['minutes'])} 小时，{r['times']:,} 次")
        for r in rows["person_years"]
    ]
    consent = BY_NAME["consent"]
    agreed = [
        (
            consent["matter"].show(r["matter"]),
            r["given_on"],
            r["withdrawn_on"] or "",
            f"{consent['given_by'].show(r['given_by'])}，{consent['form'].show(r['form'])}"
            + ("，已撤回" if r["withdrawn_on"] else ""),
        )
        for r in rows["person_consents"]
    ]
    return [
        ("队伍", teams), ("任职", posts), ("保险", covers), ("培训与证书", trainings),
        ("服务时长", years), ("个人信息同意", agreed),
    ]  # fmt: skip


def fill(doc: ReportDocument, data: PaperData, title: str) -> None:
    """What is known of the person, then every section with its lines."""
    if not data.rows["person"]:
        raise UserError("台账里没有这名志愿者，没有写出任何文件")
    rows = [TableRow(["本人", "", "", ""], "group")]
    rows += [TableRow([head, "", "", words]) for head, words in facts(data.rows["person"][0])]
    for head, lines in sections(data.rows):
        rows.append(TableRow([head, "", "", ""], "group"))
        rows += [TableRow([text(part) if i else part for i, part in enumerate(line)]) for line in lines]
        if not lines:
            rows.append(TableRow(["没有登记", "", "", ""]))
    doc.annex(
        title, COLUMNS, rows, label="", unit_left=f"姓名：{data.person}", unit_right=f"统计截止：{data.as_of}",
        foot=["本人核对（签名）：", "经办人：", "日期："], landscape=False,
        notes=["证件号码和手机号码已脱敏，完整号码只保存在台账中。", "培训与证书的“至”是证书的有效期。",
               "您可以查阅、复制、更正自己的信息，撤回同意，要求删除：向本会提出即可。"],
    )  # fmt: skip


PAPER = Paper(
    "person", "本人情况表（本会台账）", fill, reads=READ, by_person=True,
    reminder="这份表是本人的信息，只交本人核对，不要公开",
)  # fmt: skip
