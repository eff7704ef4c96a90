"""A verdict in an official's words: where a clause stands, what the matter is, what is done about it.

The words come from the rule files (`problem`, `measure`, `message`) and from what people wrote; a hint to the person at the
screen, a prompt or the name of a field never comes from here.
"""

import re
from collections.abc import Sequence

from db.records.choices import THEME_DAYS
from db.records.numbers_in_text import starred
from db.records.statuses import STATUSES
from db.rules.register import Clause, Source
from db.rules.verdicts import Item, Result, bound

_LOOSE = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef]) +(?=\S)|(?<=\S) +(?=[\u3000-\u9fff\uff00-\uffef])")
_MONEY = re.compile(r"\d[\d,]*\.\d\d(?=元)")
_ARTICLE = re.compile(r"([一二三四五六七八九十]+)(（[一二三四五六七八九十]+）)?(?:（第(\d+)段）)?")
_FAILS = ("not_met", "partial")
_UNKNOWN = "基础信息不全，暂不能判断"
_DAYS = dict(THEME_DAYS)
# Words of the screen, and how paper says the same.
_PAPER = (
    (re.compile(r"[（(][^（）()]*本会内部参考值[^（）()]*[）)]"), ""), (re.compile("，三样都要有"), ""),
    (re.compile("[，；](?:信息待补|没有填|没有|有一部分|公开不全|从未公开)[^，；。]*的?(?:收入)? 0 [支人笔个]"), ""),
    (re.compile("；还没有队伍的领域：无"), ""), (re.compile("（0 条汇总）"), ""), (re.compile("；已过 [0-9]+ 天"), ""),
    (re.compile("其中 0 个有"), "均没有"), (re.compile("备注写明"), "写明"),
    (re.compile("没有填写的|没有填的"), "未明确的"), (re.compile("没有填写|没有填|未填"), "未明确"),
    (re.compile("已填"), "已开通"), (re.compile("已录入|录入的"), "现有"), (re.compile("没有录入"), "没有统计"),
    (re.compile("，请说明(是否符合要求)?"), ""), (re.compile("请说明"), "待说明"),
)  # fmt: skip


def tight(text: str) -> str:
    """Return a text on one line, without spaces beside Chinese characters, and amounts without noughts that say nothing.

    Numbers of people are starred first: without its space one would grow together with a digit before it (队3 １３９…).
    """
    return _MONEY.sub(
        lambda found: found[0].replace(",", "").removesuffix(".00"), _LOOSE.sub("", " ".join(starred(text).split()))
    ).strip()


def article(clause: Clause) -> str:
    """Write out which article it is: ``三（一）`` is 第三部分第（一）项, ``十七条`` is 第十七条."""
    if clause.article.endswith("条"):
        return clause.article if clause.article.startswith("第") else f"第{clause.article}"
    found = _ARTICLE.fullmatch(clause.article)
    if not found:
        return clause.article
    part, item, paragraph = found.groups()
    return f"第{part}部分" + (f"第{item}项" if item else "") + (f"第{paragraph}段" if paragraph else "")


def whole_name(source: Source) -> str:
    """Return a notice's full name with 文号, as a group of clauses is headed."""
    if source.title.endswith("）"):  # the title itself says that the text bears none
        return source.title
    number = source.doc_number or f"{_chinese(source)}印发"
    return f"《{source.title}》（{number}）"


def first_mention(source: Source) -> str:
    """Return a notice as a report names it first, with the short name that it has after that."""
    if source.title.endswith("）"):
        return source.short or source.title.partition("（")[0]
    after = f"，以下简称{source.short}" if source.short else ""
    if source.doc_number:
        return f"《{source.title}》（{source.doc_number}{after}）"
    return f"{source.issuer}《{source.title}》（{_chinese(source)}印发{after}）"


def _chinese(source: Source) -> str:
    return f"{source.issued_on.year}年{source.issued_on.month}月{source.issued_on.day}日"


def basis(clause: Clause) -> str:
    """Return a clause as the report's text cites it: the notice's short name and the article."""
    source = clause.source
    return f"{source.short or f'《{source.title}》'}{article(clause)}"


def citation(clause: Clause) -> str:
    """Return a clause as it is cited where nothing was named before: the full name with 文号, and the article."""
    return whole_name(clause.source) + article(clause)


def counted(results: Sequence[Result]) -> list[Result]:
    """Return the clauses that bind the office and are judged; what does not apply is none of them."""
    return [r for r in results if r.listed and r.status != "not_applicable"]


def annexed(results: Sequence[Result], *, whole: bool) -> list[Result]:
    """Return the clauses that annex 2 lists: those that are counted, and as a *whole* those that do not apply as well.

    What is for reference only, and notices of a later day, never stand on paper.
    """
    if not whole:
        return counted(results)
    counts = {r.clause.id for r in counted(results)}
    return [
        r for r in bound(results)
        if r.clause.id in counts or (r.status == "not_applicable" and r.clause.mode != "reference" and not r.is_later)
    ]  # fmt: skip


def problems(results: Sequence[Result]) -> list[Result]:
    """Return the duties that are not met, or in part only, hardest first; nothing that merely lacks data."""
    found = [r for r in counted(results) if r.status in _FAILS and r.clause.strength == "mandatory"]
    return sorted(found, key=lambda r: (_FAILS.index(r.status), r.clause.firmness != "hard"))


def explained(results: Sequence[Result]) -> list[Result]:
    """Return what is to be explained and for which a person gave the reason."""
    return [r for r in counted(results) if r.status == "explain" and said(r)]


def said(result: Result) -> str:
    """Return what a person wrote of the clause and still stands, without the full stop at its end."""
    judged = result.judgement
    if not judged or judged["lapsed"] or not judged["reason"]:
        return ""
    text = "；".join(line.strip(" 。；;") for line in str(judged["reason"]).splitlines() if line.strip(" 。；;"))
    return tight(text.replace("⟦", "").replace("⟧", ""))


def fault(result: Result) -> str:
    """State a problem in the clause's words; where its figure does not show it, a person having judged so, in general."""
    words, gap = _words(result), (result.n or 0) - (result.k or 0)
    none = result.k == 0 and result.clause.problem_none
    template = none or result.clause.problem or ""
    of_nothing = "{n}" in template and not result.n  # 0期中0期 says nothing
    left = [words[name] for name in re.findall(r"尚有\{(\w+)\}", template) if name != "gap"]
    shows_none = ("{gap}" in template and gap <= 0) or ("{lacking}" in template and not words["lacking"]) or 0 in left
    if not template or of_nothing or shows_none:
        return f"“{tight(result.clause.title)}”的要求尚未落实到位"
    said = tight(template.format(**words))
    return said.replace("均没有", "没有").replace("均未", "未") if none and result.n == 1 else said


def measure(result: Result) -> str:
    """Say what is done about a problem, verb first."""
    template, words = result.clause.measure or "", _words(result)
    if not template or ("{gap}" in template and (result.n or 0) <= (result.k or 0)):
        return "逐项落实该要求"
    return tight(template.format(**words))


def names(result: Result) -> str:
    """Name the teams whose own state is the reason, in brackets; persons are counted, never named."""
    of = _FAILS if result.status in _FAILS else (result.status,)
    wanted = {*of, "attention"} if result.clause.mode == "semi" else set(of)
    return _listed([i for i in result.items if i.record == "team" and i.status in wanted])


def names_without_data(result: Result) -> str:
    """Name the teams that cannot be judged for want of data, apart from those that fail."""
    return _listed([i for i in result.items if i.record == "team" and i.status == "missing_data"])


def _listed(items: Sequence[Item]) -> str:
    if not items:
        return ""
    titles = list(dict.fromkeys(item.title for item in items))
    return f"（{'、'.join(titles[:4])}{f'等{len(titles)}支' if len(titles) > 4 else ''}）"


def _words(result: Result) -> dict[str, object]:
    words: dict[str, object] = {"k": result.k, "n": result.n} | result.facts | result.parameters
    gap = (result.n or 0) - (result.k or 0)
    return words | {"gap": gap, "names": names(result), "lacking": _lacking(result)}


def _lacking(result: Result) -> str:
    """Write which of several things are not there."""
    if result.clause.lacks:
        found = [
            text.format(gap=short)
            for fact, text in result.clause.lacks.items()
            if (short := _short_by(result.facts[fact]))
        ]
        if not any("{gap}" in text for text in result.clause.lacks.values()) and len(found) > 1:
            return f"{'、'.join(found[:-1])}和{found[-1]}"
        return "、".join(found)
    kinds = result.facts.get("kinds") or result.facts.get("days") or {}
    return "、".join(_DAYS.get(kind, kind) for kind, there in kinds.items() if there in (0, "not_met"))


def _short_by(fact: int | Sequence[int]) -> int:
    """Return by how much something is short: 1 where it should be there and is not, else k of n."""
    return int(not fact) if isinstance(fact, int) else fact[1] - fact[0]


def situation(result: Result) -> str:
    """Return 本会情况: what a person wrote, else the figure in words."""
    if said(result):
        return said(result)
    if result.status == "not_applicable":
        return on_paper(str(result.facts.get("reason") or "不适用于本会"))
    if result.status == "missing_data":
        return _UNKNOWN + names_without_data(result)
    if result.clause.mode == "self":
        return "待本会自评"
    if result.status in _FAILS and result.clause.problem:
        return fault(result)
    return on_paper(_figure(result))


def _figure(result: Result) -> str:
    if result.status in result.clause.messages and result.status in ("explain", "in_progress"):
        return result.message
    try:
        return result.clause.message.format(**_words(result))
    except KeyError:  # a finding that has no such figure, as one for want of records
        return result.message


def outcome(result: Result) -> str:
    """Return the verdict as paper says it: what waits for a person says for what."""
    if result.status == "missing_data":
        return "待补充"
    if result.status != "missing_evidence":
        return STATUSES[result.status]
    if result.clause.mode == "self":
        return "待自评" if result.judgement is None else "待补材料"
    return "待确认"


def on_paper(message: str) -> str:
    """Return a message of the screen in the words of paper."""
    for pattern, words in _PAPER:
        message = pattern.sub(words, message)
    return tight(message)
