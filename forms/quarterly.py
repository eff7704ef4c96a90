"""The quarterly report's content: its sentences and its table, built from figures and verdicts, for paper and Excel.

Nothing is counted here. Every number comes from the figures handed in, so paper, workbook, window and JSON agree.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from db.entities import BY_NAME, DOMAINS
from db.kinds import Choice, Money
from db.quarters import Quarter
from db.rules import STATUSES
from db.verdicts import NEEDS_WORK, Result, bound, summary
from forms.figure_labels import shown

_DOMAIN = dict(DOMAINS)


@dataclass(frozen=True)
class QuarterData:
    """Everything a quarter's papers are made of; all rows, no connection."""

    office: dict[str, str]
    quarter: Quarter
    figures: dict[str, Any]
    groups: dict[str, dict[str, int]]
    before: dict[str, int]  # the office's figures of the quarter before
    last_year: dict[str, int]  # and of the same quarter last year
    overview: dict[str, Any]
    results: Sequence[Result]
    issued_on: dt.date

    @property
    def name(self) -> str:
        """The office's name."""
        return self.office.get("name", "")

    @property
    def title(self) -> str:
        """The report's title."""
        return f"{self.name}{self.quarter.label}志愿服务队伍情况报告"


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, and the phrase it begins with where that is to stand out."""

    text: str
    lead: str = ""


@dataclass(frozen=True)
class Section:
    """A numbered part of the report."""

    heading: str
    paragraphs: list[Paragraph]


@dataclass(frozen=True)
class TeamLine:
    """One row of the team table; `figures` lacks the keys of columns that do not apply. `style`: row, subtotal, total."""

    number: str
    name: str
    domain: str
    figures: dict[str, int]
    note: str = ""
    style: str = "row"


def chinese_date(day: dt.date) -> str:
    """Write a day as official papers do, without leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"


def sections(data: QuarterData) -> list[Section]:
    """Return the report's text, section by section."""
    made = (_general, _teams, _volunteers, _training, _insurance, _money, _compliance, _problems)
    numerals = "一二三四五六七八九十"
    return [Section(f"{numerals[i]}、{s.heading}", s.paragraphs) for i, s in enumerate(make(data) for make in made)]


def opening(data: QuarterData) -> str:
    """Return the paragraph before the first heading."""
    return (
        f"根据《关于进一步加强红十字志愿服务队伍建设的通知》（中红办字〔2022〕34号）等文件要求，"
        f"现将本会{data.quarter.label}红十字志愿服务队伍有关情况报告如下。"
    )


def _change(now: int, before: int, unit: str) -> str:
    if now == before:
        return "持平"
    return f"{'增加' if now > before else '减少'}{abs(now - before):,}{unit}"


def _change_of(data: QuarterData, key: str, unit: str) -> str:
    now = data.figures["office"][key]
    return f"比上季度{_change(now, data.before[key], unit)}，比上年同期{_change(now, data.last_year[key], unit)}"


def _general(data: QuarterData) -> Section:
    f, teams, people = data.figures["office"], data.overview["teams"], data.overview["volunteers"]
    first = (
        f"截至{chinese_date(data.quarter.end)}，本会在册志愿服务队伍{teams['own'] + teams['other']}支，"
        f"其中本级管理{teams['own']}支、学校和基层组织等其他单位管理{teams['other']}支；"
        f"登记志愿者{people['active']:,}人，在队{f['persons_end']:,}人（同一人在几支队伍的按一人计）。"
    )
    second = (
        f"本季度开展培训{f['trainings']}期、活动{f['activities']}次，服务时长{shown('service_minutes', f['service_minutes'])}"
        f"小时；经费收入{shown('income_fen', f['income_fen'])}元、支出{shown('expense_fen', f['expense_fen'])}元。"
    )
    return Section("基本情况", [Paragraph(first + second)])


def _teams(data: QuarterData) -> Section:
    teams = data.overview["teams"]
    domains = "、".join(f"{_DOMAIN.get(d['domain'], d['domain'])}{d['n']}支" for d in data.overview["domains"])
    text = [f"按主要领域分，{domains}。" if domains else "目前没有在册的志愿服务队伍。"]
    moves = [f"{word}{teams[key]}支" for key, word in (("founded", "新成立"), ("dissolved", "撤销")) if teams[key]]
    text.append(f"本季度{'、'.join(moves)}。" if moves else "本季度没有新成立或撤销的队伍。")
    if teams["sub"]:
        text.append(f"另有分队{teams['sub']}支，不单独计数。")
    if teams["suspended"]:
        text.append(f"暂停活动的队伍{teams['suspended']}支，未计入上述支数。")
    return Section("队伍情况", [Paragraph("".join(text))])


def _volunteers(data: QuarterData) -> Section:
    f, people = data.figures["office"], data.overview["volunteers"]
    members = (
        f"季末在队{f['persons_end']:,}人，{_change_of(data, 'persons_end', '人')}。"
        f"按队员资格计，季初{f['members_start']:,}人次，本季入队{f['members_joined']:,}人次、"
        f"退队{f['members_left']:,}人次，季末{f['members_end']:,}人次。"
        f"本季度新登记志愿者{people['registered']:,}人，退出{people['left']:,}人；"
        f"登记志愿者中有{people['on_platform']:,}人已填写中国红十字志愿者网编号。"
    )
    service = (
        f"本季度参加服务{f['service_persons']:,}人、{f['service_person_times']:,}人次，"
        f"服务时长{shown('service_minutes', f['service_minutes'])}小时；开展活动{f['activities']}次，"
        f"{_change_of(data, 'activities', '次')}。"
    )
    return Section("志愿者情况", [Paragraph(members), Paragraph(service)])


def _training(data: QuarterData) -> Section:
    f = data.figures["office"]
    if not f["trainings"]:
        return Section("培训情况", [Paragraph(f"本季度没有开展培训，培训期数{_change_of(data, 'trainings', '期')}。")])
    text = (
        f"本季度开展培训{f['trainings']}期，{_change_of(data, 'trainings', '期')}；"
        f"参训{f['training_person_times']:,}人次，其中有名单的{f['training_persons']:,}人；"
        f"累计{shown('training_minutes', f['training_minutes'])}学时。"
    )
    return Section("培训情况", [Paragraph(text)])


def _insurance(data: QuarterData) -> Section:
    f = data.figures["office"]
    modes = BY_NAME["insurance_policy"]["cover_mode"].kind
    in_force = "、".join(f"{modes.show(p['mode'])}{p['n']}份" for p in data.overview["policies"])
    text = [f"季末有效保险单{in_force}。" if in_force else "季末没有有效的保险单。"]
    if f["persons_end"]:
        share = f"{100 * f['insured_end'] / f['persons_end']:.1f}%"
        text.append(
            f"在队{f['persons_end']:,}人中，在保{f['insured_end']:,}人，占{share}；未保{f['uninsured_end']:,}人"
            "（按活动投保的不计入）。"
        )
    if f["policies_expiring_30d"]:
        ending = "、".join(f"{p['policy_number']}（{p['end_on']}）" for p in data.overview["ending"])
        text.append(f"季末后三十天内到期的保险单{f['policies_expiring_30d']}份：{ending}。")
    return Section("保险情况", [Paragraph("".join(text))])


def _money(data: QuarterData) -> Section:
    f, shared = data.figures["office"], data.figures["shared"]
    first = (
        f"本季度收入{shown('income_fen', f['income_fen'])}元，支出{shown('expense_fen', f['expense_fen'])}元；"
        f"本年累计收入{shown('income_ytd_fen', f['income_ytd_fen'])}元，支出{shown('expense_ytd_fen', f['expense_ytd_fen'])}元；"
        f"季末结余{shown('balance_fen', f['balance_fen'])}元，其中本会共用{shown('balance_fen', shared['balance_fen'])}元。"
    )
    kind = BY_NAME["fund_entry"]["fund_source"].kind
    assert isinstance(kind, Choice)
    labels = kind.labels | {"unknown": "未填来源"}
    sources = "、".join(
        f"{labels.get(s['source'], s['source'])}{Money().show(s['fen'])}元" for s in data.overview["sources"]
    )
    return Section("经费情况", [Paragraph(first + (f"本季度收入按来源分：{sources}。" if sources else ""))])


def problems(results: Sequence[Result]) -> list[Result]:
    """Return what is to be put right or explained, without what only waits for a confirmation or evidence."""
    return [r for r in bound(results) if r.status in NEEDS_WORK and r.status != "missing_evidence"]


def _compliance(data: QuarterData) -> Section:
    results = bound(data.results)
    counts = summary(results)
    shown_counts = "、".join(f"{STATUSES[s]}{n}条" for s, n in counts.items() if n)
    text = f"按{chinese_date(data.quarter.end)}的台账对照有关通知逐条自查，共{len(results)}条：{shown_counts}。逐条情况见附件2。"
    return Section("合规情况", [Paragraph(text)])


def _problems(data: QuarterData) -> Section:
    found = problems(data.results)
    open_ends = sum(r.status == "missing_evidence" for r in bound(data.results))
    made = []
    for i, r in enumerate(found, 1):
        text = f"{r.message}{involved(r)}。依据{r.clause.citation}。"
        made.append(Paragraph(text, f"{i}．{r.clause.title}（{STATUSES[r.status]}）。"))
    if open_ends:
        made.append(Paragraph(f"另有{open_ends}条尚待本会确认或补充佐证材料，不作为已落实上报。"))
    if not made:
        return Section("存在问题", [Paragraph("逐条自查没有发现需要处理的问题。")])
    if found:
        made.append(
            Paragraph("针对以上问题，本会将逐条明确责任人和完成时限，抓紧整改，并在下一季度报告中说明整改情况。")
        )
    return Section("存在问题", made)


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
