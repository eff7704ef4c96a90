"""Sections three to five of the report: the self-check, what is wrong and by when it is put right, what comes next."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from db.records.choices import THEME_DAYS
from db.rules.verdicts import Result
from forms.report.quarterly import QuarterData, chinese_date
from forms.report.situation import basis, counted, explained, fault, measure, outcome, problems, said, tight

_SECTION = "存在问题和整改安排"
_MOST = 5  # of what comes next
_NUMERALS = "一二三四五"
_MONTHS = {"world_red_cross_day": 5, "world_blood_donor_day": 6, "world_marrow_donor_day": 9}  # of the theme days
_DAYS = dict(THEME_DAYS)


@dataclass(frozen=True)
class Piece:
    """A part of the report, as `forms.report.report_text.Part` takes it."""

    key: str
    section: str
    label: str
    text: str
    lead: str = ""
    own: Mapping[str, str] = field(default_factory=dict)


def check_parts(data: QuarterData) -> list[Piece]:
    """Return the self-check's sentence, each problem with basis, measure and day, and what is to be explained."""
    if data.begins is not None:
        text = "本期早于台账起点（⟦台账起点⟧），没有台账记录，未作对照检查。"
        return [Piece("compliance", "对照检查情况", "逐条自查", text, own={"台账起点": chinese_date(data.begins)})]
    results = counted(data.results)
    shorts = "和".join(dict.fromkeys(
        r.clause.source.short for r in results if r.clause.source.short
    )) or "有关文件"  # fmt: skip
    summary = f"对照{shorts}逐条自查，适用我会的要求共⟦自查条数⟧条：⟦自查结果⟧。逐条情况见附件2。"
    made = [Piece("compliance", "对照检查情况", "逐条自查", summary if results else "")]
    made += [_problem(n, r, data) for n, r in enumerate(_told_once(problems(data.results)), 1)]
    if not problems(data.results):
        made.append(Piece("none", _SECTION, "没有问题时的说法", "经自查，未发现不达标事项。"))
    for r in explained(data.results):
        own = {"事项": tight(r.clause.title), "说明": said(r)}
        made.append(Piece(f"explain.{r.clause.id}", _SECTION, f"说明：{r.clause.title}", "关于“⟦事项⟧”，⟦说明⟧。",
                          "（说明事项）", own))  # fmt: skip
    if any(r.status == "missing_data" for r in results):
        text = "另有⟦待补条数⟧项因基础信息不全，暂不能判断，将于⟦补齐期限⟧前补齐。"
        made.append(Piece("missing", _SECTION, "待补数据", text, own={"补齐期限": chinese_date(_next_month(data))}))
    made.append(Piece("own.problems", _SECTION, "自己补充的问题和整改", ""))
    return made


def in_quarters(words: str, result: Result, data: QuarterData, *, whole: bool = False) -> str:
    """Return what is said of a clause in the words of a longer period: which quarter is meant by 本季度.

    As a *whole*, what each quarter came to is said as well; the last one binds.
    """
    told = [(quarter, r) for quarter, r in data.by_quarter.get(result.clause.id, ()) if r.status != "not_applicable"]
    if not told:
        return words
    words = words.replace("本季度", told[-1][0]).replace("本季", told[-1][0])
    if not whole or len(told) < 2:
        return words
    return f"{words}（{'，'.join(f'{quarter}{outcome(r)}' for quarter, r in told)}）"


def _problem(number: int, result: Result, data: QuarterData) -> Piece:
    own = {
        "情况": in_quarters(fault(result), result, data),
        "依据": basis(result.clause),
        "整改措施": measure(result),
        "整改期限": due(result, data),
    }
    if said(result):
        own["说明"] = said(result)
    told = "⟦情况⟧。⟦说明⟧。" if said(result) else "⟦情况⟧。"
    text = f"{told}按照⟦依据⟧要求，拟于⟦整改期限⟧前⟦整改措施⟧。"
    return Piece(f"problem.{result.clause.id}", _SECTION, f"问题：{result.clause.title}", text, f"{number}．", own)


def due(result: Result, data: QuarterData) -> str:
    """Return the day by which a problem is to be put right: the one set from above, else the end of next quarter.

    What belongs to a winter is made good in the next one.
    """
    day = result.parameters.get("deadline")
    if result.clause.period == "winter_season":
        year = data.as_of.year + (data.as_of.month > 2)
        return chinese_date(dt.date(year, 3, 1) - dt.timedelta(days=1))
    late = str(day) if day and str(day) > data.as_of.isoformat() else _next_quarter_end(data).isoformat()
    return chinese_date(dt.date.fromisoformat(late[:10]))


def _next_quarter_end(data: QuarterData) -> dt.date:
    return data.quarter.quarters[-1].next.end


def _next_month(data: QuarterData) -> dt.date:
    """Return the last day of the month after the period's last day."""
    first = (data.as_of.replace(day=1) + dt.timedelta(days=62)).replace(day=1)
    return first - dt.timedelta(days=1)


def plan(data: QuarterData) -> Piece:
    """Return what comes next: what falls due, then what was named as a problem; at most five, each once."""
    wrong = problems(data.results)
    if data.figures["office"]["uninsured_end"]:  # said of all members already
        wrong = [r for r in wrong if r.clause.check != "blood_members_are_insured"]
    found = [*_falling_due(data), *(measure(r) for r in _told_once(wrong))]
    points = list(dict.fromkeys(found))[:_MOST]
    if not points:
        points = ["持续加强红十字志愿服务队伍建设和管理", "按计划开展培训和志愿服务活动"]
    own = {f"措施{n}": point for n, point in enumerate(points, 1) if re.search(r"\d", point)}
    said = [f"⟦措施{n}⟧" if f"措施{n}" in own else point for n, point in enumerate(points, 1)]
    if len(said) == 1:
        text = f"下一步，我会将{said[0]}。"
    else:
        text = "下一步，我会将：" + "；".join(f"{_NUMERALS[n]}是{point}" for n, point in enumerate(said)) + "。"
    return Piece("plan", "下一步工作安排", "下一步工作", text, own=own)


def _told_once(wrong: Sequence[Result]) -> list[Result]:
    """Leave out the lesser of two clauses on the number of teams: the greater one asks for what it does."""
    most = max((r.n or 0 for r in wrong if r.clause.check == "has_own_teams"), default=0)
    return [r for r in wrong if r.clause.check != "has_own_teams" or r.n == most]


def _falling_due(data: QuarterData) -> list[str]:
    office = data.figures["office"]
    found = []
    if not office["teams_end"]:
        found.append("组建红十字志愿服务队伍")
    if office["policies_expiring_30d"]:
        found.append("及时办理到期保险的续保")
    if office["uninsured_end"]:
        found.append("为未投保的在队志愿者补办保险")
    by_check = {r.clause.check: r for r in counted(data.results)}
    talks = by_check.get("consultations_in_year")
    if talks is not None and talks.status == "in_progress":
        found.append("与卫生健康行政部门完成年内会商")
    if "theme_days_are_kept" in by_check:
        last = _next_quarter_end(data)
        days = [
            _DAYS[name] for name, month in _MONTHS.items()
            if data.as_of < dt.date(last.year, month, 1) <= last
        ]  # fmt: skip
        if days:
            found.append(f"做好{'、'.join(days)}主题宣传活动")
    return found
