"""The report's sentences, part by part: automatic ones built from the figures, and those a person has written instead.

Numbers stand in a text as fields, ``⟦季末在队人数⟧``. What a person writes keeps them as fields, so no edited sentence can
say another number than the ledger.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from db.records.amounts import Money
from db.records.choices import DOMAINS
from db.records.entities import BY_NAME
from db.records.kinds import Choice
from db.records.statuses import STATUSES
from db.rules.verdicts import Result, bound, summary
from forms.report.figure_labels import LABELS, shown
from forms.report.quarterly import QuarterData, chinese_date, involved, problems

FIELD = re.compile(r"⟦([^⟦⟧]+)⟧")
_DOMAIN = dict(DOMAINS)
_UNIT = re.compile(r"（(.*)）$")
_LOOSE = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef]) (?=\d)|(?<=[\d%]) (?=[\u3000-\u9fff\uff00-\uffef])")
_NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Part:
    """A paragraph of the report: the section it is in, what begins it, its automatic text, fields of its own."""

    key: str
    section: str
    label: str
    text: str
    lead: str = ""
    own: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Paragraph:
    """A paragraph as it is printed, and the phrase it begins with where that is to stand out."""

    text: str
    lead: str = ""


@dataclass(frozen=True)
class Section:
    """A numbered part of the report; the heading is empty before the first and after the last."""

    heading: str
    paragraphs: list[Paragraph]


def report_sections(data: QuarterData) -> list[Section]:
    """Return the report's text; a paragraph that a person emptied is left out, and a section without any."""
    known = fields(data)
    made: list[Section] = []
    for part in parts(data):
        text = fill_in(data.texts.get(part.key, part.text), known | dict(part.own)).strip()
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        if not lines:
            continue
        if not made or made[-1].heading.partition("、")[2] != part.section:
            number = sum(bool(s.heading) for s in made)
            made.append(Section(f"{_NUMERALS[number]}、{part.section}" if part.section else "", []))
        made[-1].paragraphs.extend(Paragraph(line, part.lead if n == 0 else "") for n, line in enumerate(lines))
    return made


def fill_in(text: str, known: Mapping[str, str]) -> str:
    """Return a text with its fields as the ledger has them; one that there is no longer is a dash."""
    return FIELD.sub(lambda found: known.get(found[1], "—"), text)


def fields(data: QuarterData) -> dict[str, str]:
    """Return every field of the report and what it shows."""
    office = data.figures["office"]
    found = {
        "本会名称": data.name, "季度": data.quarter.label, "截止日期": chinese_date(data.quarter.end),
        "队伍数": f"{office['teams_end']:,}", "本级队伍数": f"{office['teams_own_end']:,}",
        "其他单位队伍数": f"{office['teams_other_end']:,}", "分队数": f"{office['subteams_end']:,}",
        "暂停队伍数": f"{data.overview['suspended']:,}",
        "新成立队伍数": f"{office['teams_founded']:,}", "撤销队伍数": f"{office['teams_dissolved']:,}",
        "登记志愿者数": f"{office['volunteers_end']:,}", "新登记志愿者数": f"{office['volunteers_joined']:,}",
        "退出志愿者数": f"{office['volunteers_left']:,}", "有网站编号人数": f"{office['volunteers_network_end']:,}",
    }  # fmt: skip
    for name, label in LABELS.items():
        plain, unit = _UNIT.sub("", label), _UNIT.search(label)
        found[plain] = shown(name, office[name])
        for word, before in (("比上季度", data.before), ("比上年同期", data.last_year)):
            found[f"{plain}{word}"] = _change(name, office[name], before[name], unit[1] if unit else "")
    results = bound(data.results)
    found |= {
        "各领域队伍": "、".join(f"{_DOMAIN.get(d['domain'], d['domain'])}{d['n']}支" for d in data.overview["domains"]),
        "在保比例": f"{100 * office['insured_end'] / office['persons_end']:.1f}%" if office["persons_end"] else "—",
        "有效保险单": _policies(data),
        "即将到期保险单": "、".join(f"{p['policy_number']}（{p['end_on']}）" for p in data.overview["ending"]),
        "收入来源": _sources(data), "共用结余": shown("balance_fen", data.figures["shared"]["balance_fen"]),
        "自查条数": str(len(results)),
        "自查结果": "、".join(f"{STATUSES[s]}{n}条" for s, n in summary(results).items() if n),
        "问题条数": str(len(problems(data.results))),
        "待确认条数": str(sum(r.status == "missing_evidence" for r in results)),
    }  # fmt: skip
    return {name: _LOOSE.sub("", value) or "无" for name, value in found.items()}


def _change(name: str, now: int | None, before: int | None, unit: str) -> str:
    if now is None or before is None:
        return "无记录可比"
    if now == before:
        return "持平"
    return f"{'增加' if now > before else '减少'}{shown(name, abs(now - before))}{unit}"


def _policies(data: QuarterData) -> str:
    modes = BY_NAME["insurance_policy"]["cover_mode"].kind
    return "、".join(f"{modes.show(p['mode'])}{p['n']}份" for p in data.overview["policies"])


def _sources(data: QuarterData) -> str:
    kind = BY_NAME["fund_entry"]["fund_source"].kind
    assert isinstance(kind, Choice)
    labels = kind.labels | {"unknown": "未填来源"}
    return "、".join(
        f"{labels.get(s['source'], s['source'])}{Money().show(s['fen'])}元" for s in data.overview["sources"]
    )


def _against(name: str) -> str:
    """Return the phrase that compares a figure with the quarter before and the same quarter of last year."""
    return f"比上季度⟦{name}比上季度⟧，比上年同期⟦{name}比上年同期⟧"


def parts(data: QuarterData) -> list[Part]:
    """Return the report's paragraphs with their automatic texts, in order."""
    return [
        Part("opening", "", "开头", (
            "根据《关于进一步加强红十字志愿服务队伍建设的通知》（中红办字〔2022〕34号）等文件要求，"
            "现将本会⟦季度⟧红十字志愿服务队伍有关情况报告如下。"
        )),
        Part("general", "基本情况", "基本情况", (
            "截至⟦截止日期⟧，本会在册志愿服务队伍⟦队伍数⟧支，其中本级管理⟦本级队伍数⟧支、学校和基层组织等其他单位管理⟦其他单位队伍数⟧支；"
            "登记志愿者⟦登记志愿者数⟧人，在队⟦季末在队人数⟧人（同一人在几支队伍的按一人计）。"
            "本季度开展培训⟦培训期数⟧期、活动⟦活动次数⟧次，服务时长⟦服务时长⟧小时；经费收入⟦本季收入⟧元、支出⟦本季支出⟧元。"
        )),
        Part("teams", "队伍情况", "队伍", _teams(data)),
        Part("members", "志愿者情况", "队员和志愿者", (
            f"季末在队⟦季末在队人数⟧人，{_against('季末在队人数')}。"
            "按队员资格计，季初⟦季初在队⟧人次，本季入队⟦本季入队⟧人次、退队⟦本季退队⟧人次，季末⟦季末在队⟧人次。"
            "本季度新登记志愿者⟦新登记志愿者数⟧人，退出⟦退出志愿者数⟧人；"
            "登记志愿者中有⟦有网站编号人数⟧人已填写中国红十字志愿者网编号。"
        )),
        Part("service", "志愿者情况", "活动和服务", (
            f"本季度开展活动⟦活动次数⟧次，{_against('活动次数')}；参加服务⟦服务人数⟧人、⟦服务人次⟧人次，"
            f"服务时长⟦服务时长⟧小时，{_against('服务时长')}。"
        )),
        Part("training", "培训情况", "培训", _training(data)),
        Part("insurance", "保险情况", "保险", _insurance(data)),
        Part("money", "经费情况", "经费", _money(data)),
        Part("compliance", "合规情况", "逐条自查", (
            "按⟦截止日期⟧的台账对照有关通知逐条自查，共⟦自查条数⟧条：⟦自查结果⟧。逐条情况见附件2。"
        )),
        *_problems(data),
        Part("closing", "", "结尾", "特此报告。"),
    ]  # fmt: skip


def _teams(data: QuarterData) -> str:
    teams = data.figures["office"]
    text = "按主要领域分，⟦各领域队伍⟧。" if data.overview["domains"] else "目前没有在册的志愿服务队伍。"
    moves = [f"{word}⟦{name}⟧支" for name, word, key in (
        ("新成立队伍数", "新成立", "teams_founded"), ("撤销队伍数", "撤销", "teams_dissolved")) if teams[key]]  # fmt: skip
    text += f"本季度{'、'.join(moves)}。" if moves else "本季度没有新成立或撤销的队伍。"
    if teams["subteams_end"]:
        text += "另有分队⟦分队数⟧支，不单独计数。"
    if data.overview["suspended"]:
        text += "暂停活动的队伍⟦暂停队伍数⟧支，未计入上述支数。"
    return text


def _training(data: QuarterData) -> str:
    if not data.figures["office"]["trainings"]:
        return f"本季度没有开展培训，培训期数{_against('培训期数')}。"
    return (
        f"本季度开展培训⟦培训期数⟧期，{_against('培训期数')}；参训⟦参训人次⟧人次，{_against('参训人次')}，"
        "其中有名单的⟦参训人数⟧人；累计⟦培训人学时⟧人学时。"
    )


def _insurance(data: QuarterData) -> str:
    office = data.figures["office"]
    text = "季末有效保险单：⟦有效保险单⟧。" if data.overview["policies"] else "季末没有有效的保险单。"
    if office["persons_end"]:
        text += (
            "在队⟦季末在队人数⟧人中，在保⟦季末在保人数⟧人，占⟦在保比例⟧；未保⟦季末未保人数⟧人（按活动投保的不计入）。"
            f"在保人数{_against('季末在保人数')}。"
        )
    if office["policies_expiring_30d"]:
        text += "季末后三十天内到期的保险单⟦三十天内到期保单⟧份：⟦即将到期保险单⟧，将及时续保。"
    return text


def _money(data: QuarterData) -> str:
    text = (
        f"本季度收入⟦本季收入⟧元，{_against('本季收入')}；支出⟦本季支出⟧元，{_against('本季支出')}。"
        "本年累计收入⟦本年累计收入⟧元，支出⟦本年累计支出⟧元；季末结余⟦季末结余⟧元，其中本会共用⟦共用结余⟧元。"
    )
    return text + ("本季度收入按来源分：⟦收入来源⟧。" if data.overview["sources"] else "")


def _problems(data: QuarterData) -> list[Part]:
    section = "存在问题和整改安排"
    found = problems(data.results)
    made = [
        Part(
            f"problem.{r.clause.id}", section, f"问题：{r.clause.title}", _problem_text(r),
            _LOOSE.sub("", f"{n}．{r.clause.title}（{STATUSES[r.status]}）。"),
            {"情况": _LOOSE.sub("", f"{r.message}{involved(r)}"), "依据": r.clause.citation, "整改期限": due(r, data)},
        )
        for n, r in enumerate(found, 1)
    ]  # fmt: skip
    if any(r.status == "missing_evidence" for r in bound(data.results)):
        waiting = "另有⟦待确认条数⟧条尚待本会确认或补充佐证材料，不作为已落实上报。"
        made.append(Part("waiting", section, "待确认的条款", waiting))
    if found:
        text = "针对以上⟦问题条数⟧个问题，本会将逐条落实责任人，按上述时限抓紧整改，并在下一季度报告中说明整改结果。"
        made.append(Part("pledge", section, "整改的总体安排", text))
    elif not made:
        made.append(Part("pledge", section, "整改的总体安排", "逐条自查没有发现需要处理的问题。"))
    return made


def _problem_text(result: Result) -> str:
    if result.status == "explain":
        return "⟦情况⟧。依据⟦依据⟧。本会将于⟦整改期限⟧前说明原因并落实改进。"
    return "⟦情况⟧。依据⟦依据⟧。计划于⟦整改期限⟧前整改到位。"


def due(result: Result, data: QuarterData) -> str:
    """Return the day by which a problem is to be put right: the one set from above, else the end of next quarter."""
    day = result.parameters.get("deadline")
    late = str(day) if day and str(day) > data.quarter.end.isoformat() else data.quarter.next.end.isoformat()
    return chinese_date(type(data.quarter.end).fromisoformat(late[:10]))
