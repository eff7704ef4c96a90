"""The fields of the report's text: every number a sentence may show, by its name."""

import re

from db.records.choices import DOMAINS, THEME_DAYS
from db.records.entities import BY_NAME
from db.records.kinds import Choice
from db.rules.verdicts import Result, summary
from forms.report.amounts import both, change, percent, plain, rounded, yuan
from forms.report.figure_labels import LABELS
from forms.report.quarterly import QuarterData, chinese_date
from forms.report.situation import counted, problems

_DOMAIN = dict(DOMAINS)
_DAYS = dict(THEME_DAYS)
_UNIT = re.compile(r"（(.*)）$")
_ORDER = ("met", "partial", "not_met", "in_progress", "not_due", "explain", "attention", "recorded")
_WORDS = {
    "met": "达标", "partial": "部分达标", "not_met": "未达标", "in_progress": "推进中", "not_due": "未到期", "explain": "需说明",
    "attention": "需关注", "recorded": "仅作记录",
}  # fmt: skip
_WAITING = ("missing_data", "missing_evidence")
# Figures of a day, which are compared with the end of an earlier period; the others with the period.
_OF_A_DAY = ("_end", "members_start", "balance_fen", "_30d")


def fields(data: QuarterData) -> dict[str, str]:
    """Return every field of the report and what it shows; what has nothing to show says 无."""
    office, words, facts = data.figures["office"], data.words, data.facts
    largest = max(abs(office["income_fen"]), abs(office["expense_fen"]))
    found = {
        "本会名称": data.name, "季度": data.quarter.label, "截止日期": chinese_date(data.as_of),
        "队伍数": plain("", office["teams_end"]), "本级队伍数": plain("", office["teams_own_end"]),
        "其他单位队伍数": plain("", office["teams_other_end"]), "分队数": plain("", office["subteams_end"]),
        "暂停队伍数": plain("", data.overview["suspended"]), "新成立队伍数": plain("", office["teams_founded"]),
        "撤销队伍数": plain("", office["teams_dissolved"]), "登记志愿者数": plain("", office["volunteers_end"]),
        "新登记志愿者数": plain("", office["volunteers_joined"]), "退出志愿者数": plain("", office["volunteers_left"]),
        "有网站编号人数": plain("", office["volunteers_network_end"]),
    }  # fmt: skip
    for name, label in LABELS.items():
        title, unit = _UNIT.sub("", label), _UNIT.search(label)
        found[title] = plain(name, office[name])
        kept = name.endswith(_OF_A_DAY)
        before = words.before_end if kept else words.before
        measure = unit[1] if unit else ""
        found[f"{title}比上季度"] = change(name, office[name], data.before[name], before, measure)
        found[f"{title}比上年同期"] = change(
            name, office[name], data.last_year[name], words.last_year or "上年", measure
        )
        earlier = {before: data.before[name]} | ({words.last_year: data.last_year[name]} if words.last_year else {})
        found[f"{title}比较"] = both(name, office[name], earlier, measure)
    results = counted(data.results)
    found |= {
        "各领域队伍": "、".join(f"{_DOMAIN.get(d['domain'], d['domain'])}{d['n']}支" for d in data.overview["domains"]),
        "在保比例": percent(office["insured_end"], office["persons_end"]) if office["persons_end"] else "—",
        "注册比例": percent(office["volunteers_network_end"], office["volunteers_end"]) if office["volunteers_end"] else "—",
        "收入概数": rounded(office["income_fen"], largest), "支出概数": rounded(office["expense_fen"], largest),
        "有效保险单": _policies(data), "收入来源": sources(data), "单一来源": sources(data).rstrip("-0123456789.元"),
        "共用结余": yuan(data.figures["shared"]["balance_fen"] or 0),
        "新成立队伍": facts["founded"] or "", "撤销队伍": facts["dissolved"] or "", "服务群众": plain("", facts["audience"]),
        "未留名册期数": plain("", facts["headcounts"]), "应急救护培训期数": plain("", facts["first_aid"]),
        "取证人数": plain("", facts["certified"]), "会商次数": plain("", facts["consultations"]),
        "献血宣传场次": plain("", facts["publicity"]), "献血招募场次": plain("", facts["recruitment"]),
        "纪念日活动": theme_days(data), "献血目标人份": plain("", data.blood.get("target_units")),
        "献血完成人份": plain("", data.blood.get("units")),
        "献血完成比例": percent(data.blood["units"], data.blood["target_units"]) if data.blood.get("target_units") else "—",
        "时间进度": time_share(data),
        "自查条数": str(len(results)), "自查结果": _verdicts(results), "问题条数": str(len(problems(data.results))),
        "待确认条数": str(sum(r.status in _WAITING for r in results)),
        "待补条数": str(sum(r.status == "missing_data" for r in results)),
        "待说明条数": str(sum(r.status == "explain" for r in results)),
    }  # fmt: skip
    for result in data.results:
        if result.clause.check in ("party_organisations", "blood_members_are_insured", "guidance_per_team"):
            found |= _of_check(result)
    return {name: value or "无" for name, value in found.items()}


def _of_check(result: Result) -> dict[str, str]:
    """Fields that come from a verdict's figure."""
    k, n = plain("", result.k), plain("", result.n)
    return {
        "party_organisations": {"应设党组织队伍数": n, "已设党组织队伍数": k},
        "blood_members_are_insured": {"无偿献血队员数": n}, "guidance_per_team": {"无偿献血队伍数": n},
    }[str(result.clause.check)]  # fmt: skip


def figure_of(data: QuarterData, check: str) -> tuple[int, int] | None:
    """Return k and n of the clause that a check decides, or None where it does not apply."""
    for result in data.results:
        if result.clause.check == check and result.k is not None and result.n and result.status != "not_applicable":
            return result.k, result.n
    return None


def time_share(data: QuarterData) -> str:
    """Return how much of the year is over."""
    first = data.as_of.replace(month=1, day=1)
    whole = (first.replace(year=first.year + 1) - first).days
    return percent((data.as_of - first).days + 1, whole)


def theme_days(data: QuarterData) -> str:
    """Return the theme days that were marked in the period, with the number of activities."""
    marked = dict(day.split("=") for day in (data.facts["theme_days"] or "").split(",") if day)
    return "、".join(f"{_DAYS[day]}主题活动{n}场" for day, n in marked.items())


def _policies(data: QuarterData) -> str:
    modes = BY_NAME["insurance_policy"]["cover_mode"].kind
    return "、".join(f"{modes.show(p['mode'])}{p['n']}份" for p in data.overview["policies"])


def sources(data: QuarterData) -> str:
    """Return the period's income by source, the one that is not known last."""
    kind = BY_NAME["fund_entry"]["fund_source"].kind
    assert isinstance(kind, Choice)
    labels = kind.labels | {"unknown": "来源未注明"}
    rows = sorted(data.overview["sources"], key=lambda s: s["source"] == "unknown")
    return "、".join(f"{labels.get(s['source'], s['source'])}{yuan(s['fen'])}元" for s in rows)


def _verdicts(results: list[Result]) -> str:
    counts = summary(results)
    parts = [f"{_WORDS[status]}{counts[status]}条" for status in _ORDER if counts[status]]
    waiting = sum(counts[status] for status in _WAITING)
    return "，".join(parts + ([f"尚待本会自评或补充材料{waiting}条"] if waiting else []))
