"""The report's sentences, part by part: automatic ones built from the figures, and those a person has written instead.

The model is an official's report to the level above: what is 0 is said in words, what is unknown is left out or said to be
unknown. Numbers stand in a text as fields, ``⟦季末在队人数⟧``. What a person writes keeps them as fields, so no edited
sentence can say another number than the ledger. A part without text is not printed; the parts for own paragraphs have none.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from forms.report import work_text
from forms.report.problem_text import check_parts, plan
from forms.report.quarterly import QuarterData
from forms.report.report_fields import fields
from forms.report.situation import first_mention

__all__ = ["FIELD", "Paragraph", "Part", "Section", "fields", "fill_in", "parts", "report_sections"]

FIELD = re.compile(r"⟦([^⟦⟧]+)⟧")
_NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Part:
    """A paragraph of the report: its section, what begins it, its automatic text, fields of its own.

    `numbered` parts of a section are numbered （一）, （二） … as they are printed.
    """

    key: str
    section: str
    label: str
    text: str
    lead: str = ""
    own: Mapping[str, str] = field(default_factory=dict)
    numbered: bool = False


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
    number = 0
    for part in parts(data):
        text = fill_in(data.texts.get(part.key, part.text), known | dict(part.own)).strip()
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        if not lines:
            continue
        if not made or made[-1].heading.partition("、")[2] != part.section:
            at = sum(bool(s.heading) for s in made)
            made.append(Section(f"{_NUMERALS[at]}、{part.section}" if part.section else "", []))
            number = 0
        lead = part.lead
        if part.numbered:
            lead = f"（{_NUMERALS[number]}）{lead}"
            number += 1
        made[-1].paragraphs.extend(Paragraph(line, lead if n == 0 else "") for n, line in enumerate(lines))
    return made


def fill_in(text: str, known: Mapping[str, str]) -> str:
    """Return a text with its fields as the ledger has them; one that there is no longer is a dash."""
    return FIELD.sub(lambda found: known.get(found[1], "—"), text)


def parts(data: QuarterData) -> list[Part]:
    """Return the report's paragraphs with their automatic texts, in order."""
    work = "主要工作"
    made = [
        Part("opening", "", "开头", _opening(data)),
        Part("general", "基本情况", "基本情况", work_text.general(data)),
        Part("own.work", work, "自己补充的主要做法", ""),
    ]
    for key, label, write in (
        ("teams", "队伍建设", work_text.teams), ("members", "志愿者管理", work_text.volunteers),
        ("training", "教育培训", work_text.training), ("service", "志愿服务", work_text.service),
        ("insurance", "保险保障", work_text.insurance), ("blood", "无偿献血和三献工作", work_text.blood),
        ("money", "经费管理", work_text.money),
    ):  # fmt: skip
        made.append(Part(key, work, label, write(data), f"{label}。", numbered=True))
    made += [
        Part(p.key, p.section, p.label, p.text, p.lead, p.own)
        for p in (*check_parts(data), plan(data))
    ]  # fmt: skip
    made += [
        Part("own.plan", "下一步工作安排", "自己补充的下一步工作", ""),
        Part("closing", "", "结尾", "特此报告。"),
    ]
    return made


def _opening(data: QuarterData) -> str:
    sources = dict.fromkeys(
        r.clause.source for r in data.results if r.listed and not r.clause.source.key.startswith("ZT")
    )
    named = "和".join(first_mention(source) for source in sources) or "有关文件"
    return f"按照{named}要求，现将我会⟦季度⟧红十字志愿服务工作情况报告如下。"
