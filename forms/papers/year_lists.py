"""The lists of a year: hours by person, who may be registered, grades, grounds for praise, what ends, what is certified.

They are lists for the office and the level above; names stand whole, numbers of people nowhere.
"""

from collections.abc import Mapping
from typing import Any

from forms.papers.paper import Paper, PaperData, sheet, text
from forms.pdf.document import Column, ReportDocument, TableRow
from forms.report.figure_labels import shown
from forms.report.quarterly import chinese_date

_NO = Column("序号", 10, "center", fit=True)
_NAME, _TEAMS = Column("姓名", 22), Column("所在队伍", 60)
GROUNDS = {
    "new_star": "本期达到{grade}星",
    "new_blood_star": "无偿献血志愿服务本期达到{grade}星",
    "most_hours": "本年服务时长居前十分之一",
}

HOURS = (
    _NO, _NAME, _TEAMS, Column("次数", 14, "right"), Column("本期时长", 20, "right", group="服务时长（小时）"),
    Column("其中有证明", 20, "right", group="服务时长（小时）"), Column("本年累计", 20, "right", group="服务时长（小时）"),
    Column("历年累计", 20, "right", group="服务时长（小时）"),
)  # fmt: skip
TWENTY = (
    _NO, _NAME, _TEAMS, Column("登记日期", 26, "center", fit=True), Column("本年时长（小时）", 24, "right"), Column("备注", 30),
)  # fmt: skip
STARS = (
    _NO, _NAME, _TEAMS, Column("星级", 16, "center"), Column("达到日期", 28, "center", fit=True),
    Column("累计时长（小时）", 24, "right"), Column("本期新达到", 20, "center"),
)  # fmt: skip
PRAISE = (
    _NO, _NAME, _TEAMS, Column("本年时长（小时）", 24, "right"), Column("历年时长（小时）", 24, "right"), Column("依据", 60),
)  # fmt: skip
ENDING = (
    _NO, Column("到期日", 26, "center", fit=True), Column("事项", 50), Column("号码或说明", 44), Column("姓名", 22), _TEAMS,
)  # fmt: skip
MINORS = (
    _NO,
    _NAME,
    _TEAMS,
    Column("年龄（周岁）", 22, "center"),
    Column("监护人", 26),
    Column("备注", 36),
)
POSTS = (
    _NO, Column("任职", 44), Column("姓名或标题", 56), Column("所在队伍", 48), Column("任职单位", 40),
    Column("任期", 44, "center", fit=True),
)  # fmt: skip
NOTICE = (_NO, _NAME, _TEAMS, Column("次数", 14, "right"), Column("拟证明时长（小时）", 26, "right"))


def hours_of(minutes: int | None) -> str:
    """Return minutes as hours with one decimal."""
    return shown("service_minutes", minutes or 0)


def _when(day: str) -> str:
    return day or "启用台账以前"


def person_hours(doc: ReportDocument, data: PaperData, title: str) -> None:
    """Who served in the period: hours then, since New Year and in all."""
    found = data.rows["person_hours"]
    rows: list[TableRow] = [
        TableRow([str(n), r["name"], text(r["teams"]), str(r["times"]), hours_of(r["minutes"]), hours_of(r["proven"]),
                  hours_of(r["year_minutes"]), hours_of(r["total"])])
        for n, r in enumerate(found, 1)
    ]  # fmt: skip
    if rows:
        sums = [sum(int(r[name]) for r in found) for name in ("times", "minutes", "proven", "year_minutes", "total")]
        rows.append(
            TableRow([f"合计{len(found)}人", "", "", f"{sums[0]:,}", *(hours_of(m) for m in sums[1:])], "total")
        )
    sheet(doc, data, title, HOURS, rows, notes=(
        "按服务记录统计，一人在几支队伍的服务合在一起；不含往返路途时间。", "历年累计含启用台账以前登记的时长（期初）。",
    ), nothing="本期没有登记服务记录")  # fmt: skip


def to_register(doc: ReportDocument, data: PaperData, title: str) -> None:
    """Who served enough this year and is not registered on the platform."""
    found = data.rows["to_register"]
    rows = [
        TableRow([str(n), r["name"], text(r["teams"]), r["registered_on"], hours_of(r["year_minutes"]), ""])
        for n, r in enumerate(found, 1)
    ]
    wanted = f"本年服务满{hours_of(found[0]['wanted'])}小时的标准：{found[0]['basis']}。" if found else ""
    notes = (wanted, "尚未注册：台账里没有志愿者网编号，或注册日期在统计截止以后。")
    sheet(doc, data, title, TWENTY, rows, notes=[n for n in notes if n], nothing="没有符合条件而尚未注册的志愿者")


def stars(doc: ReportDocument, data: PaperData, title: str) -> None:
    """Who has which grade since when; service in blood donation apart."""
    for read, name, note in (
        ("stars", title, "历年服务时长合计，含启用台账以前登记的时长；达到日期按服务日期逐日累计。"),
        (
            "blood_stars",
            "无偿献血志愿服务星级名单",
            "只计主要领域为无偿献血的队伍、献血招募和预约献血等活动的服务；启用台账以前的时长不计入。",
        ),
    ):
        rows = [
            TableRow([str(n), r["name"], text(r["teams"]), "★" * r["grade"], _when(r["reached_on"]), hours_of(r["total"]),
                      "是" if r["is_new"] else ""])
            for n, r in enumerate(data.rows[read], 1)
        ]  # fmt: skip
        sheet(doc, data, name, STARS, rows, notes=(note,), nothing="还没有达到一星的志愿者")


def praise(doc: ReportDocument, data: PaperData, title: str) -> None:
    """Whom the office may put forward, with the grounds."""
    rows = [
        TableRow([str(n), r["name"], text(r["teams"]), hours_of(r["year_minutes"]), hours_of(r["total"]), grounds(r)])
        for n, r in enumerate(data.rows["commendable"], 1)
    ]
    sheet(
        doc,
        data,
        title,
        PRAISE,
        rows,
        notes=("依据都来自本会台账；推荐谁由本会研究决定。",),
        nothing="没有可供推荐的人选",
    )


def grounds(row: Mapping[str, Any]) -> str:
    """Return the grounds of one candidate in words."""
    return "；".join(
        GROUNDS[kind].format(grade="一二三四五"[grade - 1] if grade else "") for kind, grade in row["grounds"]
    )


def ending(doc: ReportDocument, data: PaperData, title: str) -> None:
    """What ends within ninety days."""
    rows = [
        TableRow([str(n), r["ends_on"], text(r["what"]), text(r["number"]), text(r["name"]), text(r["teams"])])
        for n, r in enumerate(data.rows["ending_soon"], 1)
    ]
    sheet(
        doc,
        data,
        title,
        ENDING,
        rows,
        notes=("保险按每人最后一份保障列出，已续保的不列。",),
        nothing="90天内没有到期的事项",
    )


def notice(doc: ReportDocument, data: PaperData, title: str) -> None:
    """Whose proven hours may be certified, to hang out for seven days."""
    rows = [
        TableRow([str(n), r["name"], text(r["teams"]), str(r["times"]), hours_of(r["minutes"])])
        for n, r in enumerate(data.rows["to_certify"], 1)
    ]
    sheet(doc, data, title, NOTICE, rows, public=True, notes=(
        "以下人员可以凭有证明材料的服务记录申请志愿服务记录证明，现予公示，公示期一般不少于7天。",
        f"公示开始日期：{chinese_date(data.report.issued_on)}。有异议的可以在公示期内向{data.report.name}反映。",
    ), nothing="本期没有附证明材料的服务记录")  # fmt: skip


def minors(doc: ReportDocument, data: PaperData, title: str) -> None:
    """Volunteers under 18 and who is responsible for them; a guardian's telephone stands in the ledger alone."""
    rows = [
        TableRow([str(n), r["name"], text(r["teams"]), str(r["age"]), text(r["guardian"]),
                  "" if r["guardian"] else "未登记监护人"])
        for n, r in enumerate(data.rows["minors"], 1)
    ]  # fmt: skip
    notes = ("按统计截止日未满18周岁列出；没有出生日期的志愿者不在内。", "未成年人参加志愿服务应经监护人同意。")
    sheet(doc, data, title, MINORS, rows, notes=notes, nothing="没有未成年志愿者")


def posts(doc: ReportDocument, data: PaperData, title: str) -> None:
    """Who is a delegate, on the council or a supervisor on the day, as the work records have it."""
    rows = [
        TableRow([str(n), text(r["subcategory"]), r["title"], text(r["team"]), text(r["counterpart"]),
                  f"{r['valid_from'] or '—'}至{r['valid_until'] or '—'}"])
        for n, r in enumerate(data.rows["posts"], 1)
    ]  # fmt: skip
    sheet(doc, data, title, POSTS, rows, notes=("按统计截止日仍在任期内的任职记录列出。",), nothing="没有登记任职")


LISTS = (
    Paper("person_hours", "个人服务时长名单", person_hours, reads=("person_hours",)),
    Paper("to_register", "二十小时未注册名单", to_register, reads=("to_register",)),
    Paper("stars", "星级志愿者名单", stars, reads=("stars", "blood_stars")),
    Paper("praise", "表彰推荐名单", praise, reads=("commendable",)),
    Paper("ending", "到期名单", ending, reads=("ending_soon",)),
    Paper("minors", "未成年志愿者名单", minors, reads=("minors",)),
    Paper("posts", "代表理事监事任职名单", posts, reads=("posts",)),
    Paper(
        "notice", "服务时长公示名单", notice, reads=("to_certify",), reminder="公示名单有姓名，贴出前请确认本人同意公开"
    ),
)
