"""The quarterly report's content: what it is made of, and its table, for paper and Excel alike.

Nothing is counted here. Every number comes from the figures handed in, so paper, workbook, window and JSON agree.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from db.quarters import Quarter
from db.records.choices import DOMAINS
from db.rules.verdicts import NEEDS_WORK, Result, bound

_DOMAIN = dict(DOMAINS)


@dataclass(frozen=True)
class Letterhead:
    """What makes a report one with a red head: 发文机关标志, 发文字号, 签发人."""

    issuing_name: str
    doc_number: str
    signer: str


@dataclass(frozen=True)
class QuarterData:
    """Everything a quarter's papers are made of; all rows, no connection."""

    office: dict[str, str]
    quarter: Quarter
    figures: dict[str, Any]
    groups: dict[str, dict[str, Any]]
    before: dict[str, Any]  # the office's figures of the period before; None cannot be compared
    last_year: dict[str, Any]  # and of the same period last year
    overview: dict[str, Any]
    results: Sequence[Result]
    issued_on: dt.date
    texts: Mapping[str, str] = field(default_factory=dict)  # what a person wrote, by part of the report
    letterhead: Letterhead | None = None

    @property
    def name(self) -> str:
        """The office's name."""
        return self.office.get("name", "")

    @property
    def title(self) -> str:
        """The report's title."""
        return f"{self.name}{self.quarter.label}志愿服务队伍情况报告"


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


def problems(results: Sequence[Result]) -> list[Result]:
    """Return what is to be put right or explained, without what only waits for a confirmation or evidence."""
    return [r for r in bound(results) if r.status in NEEDS_WORK and r.status != "missing_evidence"]


def involved(result: Result) -> str:
    """Name the teams behind a problem; persons are counted, never named."""
    names = [i.title for i in result.items if i.record == "team" and i.status in NEEDS_WORK]
    if not names:
        return ""
    more = f"等{len(names)}支队伍" if len(names) > 4 else ""
    return f"，涉及{'、'.join(names[:4])}{more}"


def attachments(data: QuarterData) -> list[str]:
    """Return the titles of the annexes in order."""
    return [f"{data.quarter.label}志愿服务队伍情况表", f"{data.quarter.label}合规自查表"]


def team_lines(data: QuarterData) -> list[TeamLine]:
    """Return the team table: own-level teams, then other teams apart, then 本会共用 for money, then the total."""
    figures = data.figures["teams"]
    facts = {row["name"]: row for row in data.overview["listed"]}
    made: list[TeamLine] = []
    number = 0
    for own, group, label in ((True, "own", "本级队伍小计"), (False, "other", "其他队伍小计")):
        rows = [t for t in figures if t["own_level"] is own and _is_listed(t, facts[t["team"]])]
        for team in rows:
            number += 1
            fact = facts[team["team"]]
            made.append(
                TeamLine(str(number), team["team"], _DOMAIN.get(fact["primary_domain"], ""), team, _note(fact, data))
            )
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
    if fact["dissolved_on"] and fact["dissolved_on"] <= data.quarter.end.isoformat():
        notes.append("已撤销")
    return "、".join(notes)


TEAM_NOTES = (
    "人数按人计，同一人在几支队伍的，小计和合计只计一次，不等于各行之和。",
    "没有填写队伍的参训人员计入其当日所在的各支队伍，合计只计一次；没有主办队伍的活动只计入合计。",
    "未保人数不含按活动投保的保障。",
)
