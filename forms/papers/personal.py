"""Papers on personal data: the notice, the form of consent, who has agreed to what, and whose data is due to be erased.

Content of the notice: 个人信息保护法 article 17; consent apart for giving to others, publishing and sensitive data: articles
23, 25, 29; guardians of children under fourteen: article 31.
"""

from collections.abc import Mapping
from typing import Any

from forms.papers.paper import Paper, PaperData, sheet, text
from forms.pdf.document import Column, ReportDocument, TableRow
from forms.report.quarterly import chinese_date

_MATTERS = (
    ("processing", "处理个人信息"), ("insurer", "保险"), ("superior", "上级"), ("publication", "公开"), ("medical", "医疗健康"),
)  # fmt: skip
CONSENTS = (
    Column("序号", 10, "center", fit=True), Column("姓名", 20), Column("所在队伍", 46),
    *(Column(label, 22, "center", fit=True, group="同意日期") for _, label in _MATTERS), Column("备注", 34),
)  # fmt: skip
ERASING = (
    Column("序号", 10, "center", fit=True), Column("姓名", 20), Column("曾在队伍", 50), Column("退出日期", 24, "center", fit=True),
    Column("到期日期", 24, "center", fit=True), Column("依据", 60), Column("处理意见", 30),
)  # fmt: skip


def notice(doc: ReportDocument, data: PaperData, title: str) -> None:
    """What is told before anything is asked: who, why, what, how long, to whom, and what one may ask for."""
    name, phone = data.report.name, str(data.report.office.get("contact_phone", ""))
    doc.title("红十字志愿者个人信息处理告知书")
    doc.body(
        f"{name}（以下简称本会）组织和管理红十字志愿服务，需要处理您的个人信息。依据《中华人民共和国个人信息保护法》，"
        "现将有关事项告知如下，供您阅读后签署同意书。"
    )
    years = data.rows["retention"][0]["years"]
    for heading, words in (
        ("一、谁在处理", f"{name}。" + (f"联系电话：{phone}。" if phone else "联系方式：______________。")),
        (
            "二、为什么处理",
            "登记志愿者和编入志愿服务队，记录培训和服务时长，办理志愿者保险，出具志愿服务记录证明，评定星级和推荐表彰，"
            "按规定统计上报（上报的是人数、次数等合计数）。",
        ),
        (
            "三、处理哪些信息",
            "必要的：姓名、性别、证件类型和号码、手机号码、登记日期；不满14周岁的，还有监护人姓名和电话。"
            "自愿的：出生日期、来源身份、志愿者网编号。参加服务后产生的：所在队伍、职务、培训、证书、保险和服务记录。",
        ),
        (
            "四、怎样处理和保存",
            f"保存在本会加密的台账中，只有经办人员可以使用，使用完整号码留有记录。您退出后保存{years}年，到期后删除；"
            "已经出具的证明和已经归档的文件按档案管理的规定保存。",
        ),
        (
            "五、提供给谁",
            "只在您单独同意后：为办理保险提供给承保的保险机构（姓名、证件号码、手机号码）；上级红十字会要求名单的，"
            "提供给上级红十字会；公示服务时长、公开表彰的，公开姓名、队伍和时长。不向其他任何人提供。",
        ),
        (
            "六、敏感信息",
            "证件号码用于核对身份和办理保险。献血、造血干细胞、遗体和人体器官捐献志愿登记等医疗健康信息，"
            "不满14周岁未成年人的信息，都是敏感个人信息，只在您（未成年人由监护人）单独同意后处理；不同意不影响参加其他服务。",
        ),
        (
            "七、您的权利",
            "您可以查阅、复制、更正、补充自己的信息，要求解释，撤回同意，要求删除。向本会提出，本会免费办理。"
            "不同意或者撤回“处理个人信息”的，本会无法为您登记和记录服务；其他事项不同意的，不影响登记。",
        ),
    ):
        doc.heading1(heading)
        doc.body(words)
    doc.signature(name, chinese_date(data.report.issued_on))


def consent_form(doc: ReportDocument, data: PaperData, title: str) -> None:
    """A form to tick and sign: each matter apart, and the guardian's line."""
    name = data.report.name
    doc.title("红十字志愿者个人信息处理同意书")
    doc.addressee(f"{name}：")
    doc.body(
        "我已阅读《红十字志愿者个人信息处理告知书》，对下列事项逐项作出决定（在同意的一项前打“√”，不同意的打“×”）："
    )
    for words in (
        "□ 同意贵会为组织志愿服务处理我的个人信息（必须同意才能登记）。",
        "□ 单独同意：为给我办理保险，向承保的保险机构提供我的姓名、证件号码和手机号码，并同意保险合同及保险金额。",
        "□ 单独同意：上级红十字会要求时，提供我的姓名、证件号码和服务情况。",
        "□ 单独同意：公示、公开我的姓名、所在队伍和服务时长。",
        "□ 单独同意：处理我的献血等医疗健康信息，用于表彰推荐。",
    ):
        doc.body(words)
    doc.body("我知道可以随时撤回同意，撤回以前的处理仍然有效。")
    for line in (
        "姓名（签名）：__________________", "证件号码：______________________", "监护人（不满14周岁的必填，签名）：______________",
        "监护人电话：__________________", "日期：________年____月____日",
    ):  # fmt: skip
        doc.body(line)
    doc.note(f"本同意书由{name}保存；需要复印件的，当场复印")


def consents(doc: ReportDocument, data: PaperData, title: str) -> None:
    """Who has agreed to what, and who has not been asked."""
    found = data.rows["consents"]
    rows: list[TableRow] = []
    for n, r in enumerate(found, 1):
        remark = ("监护人：" + str(r["guardian"]) if r["guardian"] else "不满14周岁，没有监护人") if r["child"] else ""
        if not r["processing"]:
            remark = "；".join(part for part in ("没有同意书", remark) if part)
        rows.append(TableRow([str(n), r["name"], text(r["teams"]), *(text(r[code]) for code, _ in _MATTERS), remark]))
    if rows:
        sums = [sum(1 for r in found if r[code]) for code, _ in _MATTERS]
        rows.append(TableRow([f"合计{len(found):,}人", "", "", *(f"{n:,}人" for n in sums), ""], "total"))
    sheet(doc, data, title, CONSENTS, rows, notes=(
        "在册志愿者在统计截止日有效的同意；已撤回的不列。", "没有同意书的，由本会补签后登记。",
    ), nothing="没有在册志愿者")  # fmt: skip


def to_erase(doc: ReportDocument, data: PaperData, title: str) -> None:
    """Whose data is due: to be looked at by the head, then erased or kept with a reason."""
    rows = [
        TableRow([str(n), r["name"], text(r["teams"]), r["left_on"], r["due_on"], _ground(r), ""])
        for n, r in enumerate(data.rows["to_erase"], 1)
    ]
    sheet(doc, data, title, ERASING, rows, notes=(
        "名单供负责人审定：同意删除的，在“志愿者”中选中后点“删除个人信息”；要继续保存的，写明理由。",
        "删除后队伍人数和服务时长不变，姓名、号码、电话不再保存；已出具的证明和已报送的报告不变。",
    ), nothing="没有保存期满的个人信息")  # fmt: skip


def _ground(row: Mapping[str, Any]) -> str:
    if row["case"] == "withdrawn":
        return f"本人已撤回同意（{row['basis']}）"
    return f"退出满{row['years']}年（{row['basis']}）"


LISTS = (
    Paper("privacy-notice", "个人信息处理告知书", notice, reads=("retention",), of_people=False),
    Paper("consent-form", "个人信息处理同意书", consent_form, of_people=False),
    Paper("consents", "个人信息同意情况名单", consents, reads=("consents",)),
    Paper("to-erase", "个人信息到期清理名单", to_erase, reads=("to_erase",)),
)
