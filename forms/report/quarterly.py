"""The quarterly report's content: what it is made of, and its table, for paper and Excel alike.

Nothing is counted here. Every number comes from the figures handed in, so paper, workbook, window and JSON agree.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from db.quarters import Period
from db.records.choices import DOMAINS
from db.rules.verdicts import Result

_DOMAIN = dict(DOMAINS)


@dataclass(frozen=True)
class Letterhead:
    """What makes a report one with a red head: 发文机关标志, 发文字号, 签发人; and who has a copy, in 版记."""

    issuing_name: str
    doc_number: str
    signer: str
    copies: str = ""

    @property
    def copies_line(self) -> str:
        """抄送 as 版记 prints it (GB/T 9704, 7.4.2), or nothing."""
        named = self.copies.strip().rstrip("。")
        return f"抄送：{named}。" if named else ""


@dataclass(frozen=True)
class QuarterData:
    """Everything a period's papers are made of, up to its last day or, while it runs, to `as_of`; all rows, no connection."""

    office: dict[str, str]
    quarter: Period
    as_of: dt.date
    figures: dict[str, Any]
    groups: dict[str, dict[str, Any]]
    before: dict[str, Any]  # the office's figures of the period before; None cannot be compared
    last_year: dict[str, Any]  # and of the same period last year
    overview: dict[str, Any]
    results: Sequence[Result]
    issued_on: dt.date
    facts: Mapping[str, Any] = field(default_factory=dict)  # the row of `db.queries.paper_rows.report_facts`
    blood: Mapping[str, Any] = field(default_factory=dict)  # the sum of all of `blood_totals`
    # What a province collects: now, before, last_year and year, each a count or figure by its name.
    province: Mapping[str, Mapping[str, int | None]] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)  # what a person wrote, by part of the report
    letterhead: Letterhead | None = None
    lists_all: bool = False  # annex 2 names what does not bind, too
    # Of a longer period, what a quarter clause came to in each of its quarters: by clause, the quarter in words and the verdict.
    by_quarter: Mapping[str, Sequence[tuple[str, Result]]] = field(default_factory=dict)
    # Who did the steps prepare, review and sign of this period, as far as that is known; an edition's are those given with it.
    signed: Mapping[str, str] = field(default_factory=dict)
    begins: dt.date | None = None  # the ledger's first day, where that is after this period: nothing is judged then

    @property
    def name(self) -> str:
        """The office's name."""
        return self.office.get("name", "")

    @property
    def parent(self) -> str:
        """The Red Cross above, to which the report goes; empty where it is not entered."""
        return (self.office.get("parent_org") or "").strip()

    @property
    def contact(self) -> str:
        """Who may be asked, as 附注 says it. A landline is the office's; a mobile number is a person's and is left out."""
        name, phone = self.office.get("contact") or "", self.landline
        return "，".join(part for part in (name and f"联系人：{name}", phone and f"电话：{phone}") if part)

    @property
    def landline(self) -> str:
        """The office's telephone, if it is no mobile number."""
        phone = self.office.get("contact_phone") or ""
        return phone if phone.startswith("0") else ""

    @property
    def subject(self) -> str:
        """The report's title without the office, as it stands under a red head."""
        return f"关于{self.quarter.label}红十字志愿服务工作情况的报告"

    @property
    def title(self) -> str:
        """The report's title."""
        return self.name + self.subject

    @property
    def is_draft(self) -> bool:
        """Whether the period still runs, so that its papers cannot be final."""
        return self.as_of < self.quarter.end

    @property
    def mark(self) -> str:
        """What every page of a running period bears, or nothing."""
        return f"草稿　截至{chinese_date(self.as_of)}" if self.is_draft else ""

    @property
    def words(self) -> "PeriodWords":
        """The words for the period and the ones that it is compared with."""
        return _period_words(self.quarter)


@dataclass(frozen=True)
class PeriodWords:
    """How a text calls a period, its end, and the periods before it.

    A year has no 上年同期 beside the year before; a half-year has no word for its end.
    """

    this: str
    end: str
    before: str
    before_end: str
    last_year: str


def _period_words(period: Period) -> PeriodWords:
    if period.months == 3:
        return PeriodWords("本季度", "季末", "上季度", "上季度末", "上年同期")
    if period.months == 12:
        return PeriodWords("本年", "年末", "上年", "上年末", "")
    if period.number == 1:
        return PeriodWords("上半年", "", "上年下半年", "上年末", "上年同期")
    return PeriodWords("下半年", "", "上半年", "上半年末", "上年同期")


@dataclass(frozen=True)
class TeamLine:
    """One row of the team table; `figures` lacks the keys of columns that do not apply. `style`: row, subtotal, total."""

    number: str
    name: str
    domain: str
    figures: dict[str, Any]
    note: str = ""
    style: str = "row"


def chinese_date(day: dt.date) -> str:
    """Write a day as official papers do, without leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"


def attachments(data: QuarterData) -> list[str]:
    """Return the titles of the annexes in order."""
    return [f"{data.quarter.label}红十字志愿服务队伍情况表", f"{data.quarter.label}合规自查表"]


def signers(data: QuarterData) -> list[str]:
    """Return the places for names under a table, with those who did the period's steps; nobody is put down as head unasked."""
    by = data.signed
    filled_in = by.get("prepare") or data.office.get("contact") or ""
    return [
        f"单位负责人：{by.get('sign', '')}", f"审核人：{by.get('review', '')}", f"填表人：{filled_in}",
        f"联系电话：{data.landline}",
    ]  # fmt: skip


def team_lines(data: QuarterData) -> list[TeamLine]:
    """Return the team table: own-level teams, then other teams apart, then 本会共用 for money, then the total.

    The teams of 在册队伍 are numbered; 分队, and teams that are suspended or no longer stand, have a line without one.
    """
    figures = data.figures["teams"]
    facts = {row["name"]: row for row in data.overview["listed"]}
    made: list[TeamLine] = []
    number = 0
    for own, group, label in ((True, "own", "本级队伍小计"), (False, "other", "其他队伍小计")):
        rows = [t for t in figures if t["own_level"] is own and _is_listed(t, facts[t["team"]])]
        for team in rows:
            fact = facts[team["team"]]
            note = _note(fact, data)
            number += not note
            place = "" if note else str(number)
            made.append(TeamLine(place, team["team"], _DOMAIN.get(fact["primary_domain"], ""), team, note))
        if rows:
            made.append(TeamLine("", label, "", data.groups[group], style="subtotal"))
    made.append(TeamLine("", "本会共用", "", data.figures["shared"], style="subtotal"))
    made.append(TeamLine("", "合计", "", data.figures["office"], style="total"))
    return made


def _is_listed(team: dict[str, Any], fact: dict[str, Any]) -> bool:
    """A team stands in the table while it existed in the quarter, or where it still has figures."""
    return bool(fact["in_quarter"]) or any(v for v in team.values() if isinstance(v, int) and not isinstance(v, bool))


def _note(fact: dict[str, Any], data: QuarterData) -> str:
    notes = []
    if fact["is_sub"]:
        notes.append("分队")
    if fact["suspended"]:
        notes.append("暂停")
    if fact["dissolved_on"] and fact["dissolved_on"] <= data.as_of.isoformat():
        notes.append("已撤销")
    elif not fact["in_quarter"]:  # it has figures, and its first day is yet to come
        notes.append("尚未成立")
    return "、".join(notes)


TEAM_NOTES = (
    "人数按人计，同一人在几支队伍的，小计和合计只计一次，不等于各行之和。",
    "未注明队伍的参训人员计入其当日所在的各支队伍，合计只计一次；没有主办队伍的活动只计入合计。",
    "未保人数不含按活动投保的保障。",
)
