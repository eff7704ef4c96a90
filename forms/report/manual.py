"""用户手册: its chapters, for the reader inside the program, and the paper.

What is done over several screens stands in `resources/manual/chapters.md`: `# title {key}` begins a chapter, `1. ` a step,
`- ` a point, anything else a paragraph; 【words】 are those of a button. What one screen is for stands in `resources/help.toml`.
"""

import datetime as dt
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import resources
from forms import words
from forms.pdf.document import ReportDocument

Kind = Literal["text", "step", "point"]
_HEAD = re.compile(r"# (?P<title>.+) \{(?P<key>\w+)\}")
_STEP = re.compile(r"\d+\. ")
BUTTON = re.compile(r"【([^】]+)】")
KEYS = "keys"


@dataclass(frozen=True)
class Chapter:
    """A chapter: the key by which it is asked for, its title, and its lines, each of a kind."""

    key: str
    title: str
    lines: tuple[tuple[Kind, str], ...]


@cache
def texts() -> dict[str, Any]:
    """Return the help of every page, by its key, and the list of ``keys``."""
    return tomllib.loads(resources.path("help.toml").read_text(encoding="utf-8"))


def tasks() -> tuple[Chapter, ...]:
    """Return the chapters of what is done over several screens."""
    made: list[tuple[str, str, list[tuple[Kind, str]]]] = []
    for line in resources.path("manual/chapters.md").read_text(encoding="utf-8").splitlines():
        if head := _HEAD.fullmatch(line):
            made.append((head["key"], head["title"], []))
        elif line.strip():
            kind: Kind = "step" if _STEP.match(line) else "point" if line.startswith("- ") else "text"
            made[-1][2].append((kind, line.split(" ", 1)[1] if kind != "text" else line))
    return tuple(Chapter(key, title, tuple(lines)) for key, title, lines in made)


def screens(names: Mapping[str, str]) -> tuple[Chapter, ...]:
    """Return a chapter for each screen, by key and name in the navigation's order, and the one on keys."""
    help_of = texts()
    pages = [
        Chapter(key, name, (("text", help_of[key]["for"]), *(("point", line) for line in help_of[key]["how"])))
        for key, name in names.items()
    ]
    keys = Chapter(KEYS, "快捷键", tuple(("point", f"{each['keys']}：{each['does']}") for each in help_of["keys"]))
    return (*pages, keys)


def manual_pdf(names: Mapping[str, str], day: dt.date) -> bytes:
    """Return the whole manual as PDF."""
    doc = ReportDocument("博爱台账用户手册", author="博爱台账", subject=f"第 {resources.VERSION} 版", issued_on=day)
    doc.title("博爱台账用户手册")
    doc.body(f"程序版本 {resources.VERSION}。先讲几件事怎么办，再讲每一页是做什么的。", where="用户手册")
    for number, chapter in enumerate(tasks(), 1):
        doc.heading1(f"{words.ordinal(number)}、{chapter.title}", where="用户手册")
        _lines(doc, chapter.lines)
    doc.heading1(f"{words.ordinal(number + 1)}、每一页", where="用户手册")
    for place, chapter in enumerate(screens(names), 1):
        doc.heading2(f"（{words.ordinal(place)}）{chapter.title}", where="用户手册")
        _lines(doc, chapter.lines)
    return doc.render()


def _lines(doc: ReportDocument, lines: Sequence[tuple[Kind, str]]) -> None:
    step = 0
    for kind, text in lines:
        step = step + 1 if kind == "step" else 0
        doc.body(f"{step}．{text}" if kind == "step" else text, where="用户手册")
