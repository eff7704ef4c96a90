"""WeChat 接龙: a pasted text read into names with hours, and the names matched to people.

People write as they like: full-width digits, emoji, notes in brackets, several names in a line, no hours at all. What
is not understood is kept and shown; nobody is guessed silently.
"""

import difflib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

_HAN = r"\u3400-\u9fff\U00020000-\U0003ffff"
_NUMBERED = re.compile(rf"^\s*(\d{{1,3}})\s*(?:[.、,,:;)\]】．。]+|(?=[{_HAN}(（])|\s(?=[{_HAN}]))\s*(.*)$")
_EXAMPLE = re.compile(r"^\s*(例|示例|格式)\s*[:：]?\s")
_NAME = re.compile(rf"[{_HAN}]{{1,8}}(?:·[{_HAN}]{{1,10}})+|[{_HAN}]{{2,}}")
_BRACKETS = re.compile(r"[(（\[【{]([^)）\]】}]*)[)）\]】}]")
_DIGITS = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_NUMBER = rf"(\d+(?:\.\d+)?|[{''.join(_DIGITS)}])"
_HOUR = r"(?:个\s*)?(?:小时|小時|钟头|钟|hours?|hrs?|h)(?![a-z])"
_SPAN = re.compile(r"(\d{1,2})[:：点](\d{2})?\s*分?\s*[-–—~～至到]\s*(\d{1,2})[:：点](\d{2})?\s*分?")
_MIXED = re.compile(rf"{_NUMBER}\s*{_HOUR}\s*{_NUMBER}\s*(?:分钟|分|min)", re.IGNORECASE)
_AND_HALF = re.compile(rf"{_NUMBER}\s*个半\s*(?:小时|小時|钟头|钟)|{_NUMBER}\s*(?:小时|小時)\s*半")
_HOURS = re.compile(rf"{_NUMBER}\s*{_HOUR}", re.IGNORECASE)
_HALF = re.compile(r"半\s*个?\s*(?:小时|小時|钟头|钟)")
_MINUTES = re.compile(rf"{_NUMBER}\s*(?:分钟|分|mins?)", re.IGNORECASE)
_BARE = re.compile(r"(?<![\d.+])(\d{1,2}(?:\.\d)?)(?![\d.:])")
_LONG_NUMBER = re.compile(r"\+?\d[\d-]{5,}\d")
_PLUS = re.compile(r"\+\s*(\d{1,2})(?!\d|\.)")
# Words around a name that are no name.
_STOP = re.compile(
    "报名|参加|参与|签到|已到|到场|到了|迟到|早退|请假|代报|全程|上午|下午|晚上|组长|队长|副队长|队员|志愿者|同志|老师|"
    "集合|家属|孩子|朋友|现场|路上|收到|好的|谢谢|辛苦"
)
_SPLIT = re.compile(r"[、,;/&|\s]+")


@dataclass
class Entry:
    """One person of a chain: as written, the names it may mean (the likeliest first), minutes where they are given."""

    text: str
    names: list[str]
    minutes: int | None = None
    note: str = ""
    extra: int = 0  # persons without a name: +1


@dataclass
class Chain:
    """A chain as it was read; `rest` are lines that name nobody."""

    title: str = ""
    entries: list[Entry] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Person:
    """Someone whom a name may mean; `host` is whether this is a member of the team that runs the activity."""

    id: int
    name: str
    teams: str = ""
    host: bool = False


@dataclass
class Match:
    """Whom an entry means: the persons to choose from, the likeliest first, and the one that is sure (or None)."""

    entry: Entry
    options: list[Person] = field(default_factory=list)
    sure: Person | None = None
    reason: str = ""


def cleaned(line: str) -> str:
    """Return a line with full-width forms narrowed and emoji taken out."""
    text = unicodedata.normalize("NFKC", line)
    kept = "".join(
        " " if unicodedata.category(c) in ("So", "Sk", "Cs", "Co", "Cn", "Cf", "Mn", "Me") else c for c in text
    )
    return kept.replace("•", "·").strip()


def read_chain(text: str) -> Chain:
    """Read a pasted chain."""
    chain = Chain()
    lines = [cleaned(line) for line in text.splitlines()]
    lines = [line for line in lines if line and not re.fullmatch(r"#?\s*接龙\s*", line)]
    numbered = any(_NUMBERED.match(line) for line in lines)
    started = False
    for line in lines:
        found = _NUMBERED.match(line)
        if _EXAMPLE.match(line):
            continue
        if numbered and found is None:
            if started:
                chain.rest.append(line)
            elif not chain.title:
                chain.title = re.sub(r"^#\s*接龙\s*", "", line).strip()
            continue
        started = True
        body = found[2] if found is not None else line
        entries = _entries(body)
        if entries:
            chain.entries += entries
        elif not numbered and not chain.entries and not chain.title:
            chain.title = line
        elif body:
            chain.rest.append(line)
    if not numbered and not chain.title and len(chain.entries) > 1 and len(chain.entries[0].names[0]) > 4:
        chain.title = chain.entries.pop(0).text  # a heading such as 周六清洁家园活动, without any number
    return chain


def minutes_in(text: str) -> tuple[int | None, str]:
    """Return the time that a text gives, in minutes, and the text without it."""
    if m := _SPAN.search(text):
        first, last = int(m[1]) * 60 + int(m[2] or 0), int(m[3]) * 60 + int(m[4] or 0)
        if 0 <= first < last <= 24 * 60:
            return last - first, _without(text, m)
    if m := _MIXED.search(text):
        return round(_number(m[1]) * 60 + _number(m[2])), _without(text, m)
    if m := _AND_HALF.search(text):
        return round(_number(m[1] or m[2]) * 60) + 30, _without(text, m)
    if m := _HALF.search(text):
        return 30, _without(text, m)
    if m := _HOURS.search(text):
        return round(_number(m[1]) * 60), _without(text, m)
    if m := _MINUTES.search(text):
        return round(_number(m[1])), _without(text, m)
    return None, text


def _without(text: str, m: re.Match[str]) -> str:
    return f"{text[: m.start()]} {text[m.end() :]}"


def _number(text: str) -> float:
    return float(_DIGITS[text]) if text in _DIGITS else float(text)


def _entries(body: str) -> list[Entry]:
    """Return the persons of one line; all of them have the hours given once, or each the hours after the name."""
    plain = _LONG_NUMBER.sub(" ", body)
    if _SPAN.search(body):
        plain = body
    pieces = [p for p in re.split(r"[;;。]|(?<=时)[、,](?=\s*[^\d\s])|(?<=h)[、,]", plain) if p.strip()]
    found: list[Entry] = []
    for piece in pieces:
        found += _piece(piece)
    if len(found) > 1 and sum(e.minutes is not None for e in found) == 1 and found[-1].minutes is not None:
        for entry in found:
            entry.minutes = found[-1].minutes
    return found


def _piece(piece: str) -> list[Entry]:
    minutes, rest = minutes_in(piece)
    extra = sum(int(m[1]) for m in _PLUS.finditer(rest))
    rest = _PLUS.sub(" ", rest)
    inside = [m[1].strip() for m in _BRACKETS.finditer(rest)]
    outside = _BRACKETS.sub(" ", rest)
    if minutes is None and (m := _BARE.search(outside)) is not None:
        minutes, outside = round(float(m[1]) * 60), _without(outside, m)
    parts = [part for part in _SPLIT.split(outside) if _names(part)]
    aliases = [name for text in inside for name in _names(text)]
    notes = [text for text in inside if text and not _names(text)] + [w for w in _STOP.findall(piece) if len(w) > 1]
    note = "，".join(dict.fromkeys(notes))
    if not parts and aliases:
        parts, aliases = aliases, []
    entries = [Entry(piece.strip(), _names(part), minutes, note) for part in parts]
    if entries:
        if len(entries) == 1:
            entries[0].names += [a for a in aliases if a not in entries[0].names]
        entries[-1].extra = extra
        for entry, part in zip(entries, parts, strict=True):
            if len(parts) > 1:
                entry.text = part
    return entries


def _names(text: str) -> list[str]:
    """Return what in a word may be a name: as it stands, and without the words that people put around it."""
    found = []
    for m in _NAME.finditer(text):
        bare = _STOP.sub("", m[0])
        if len(bare) >= 2:
            found += [bare, m[0]]
    return list(dict.fromkeys(found))


def match(entries: Sequence[Entry], people: Sequence[Person]) -> list[Match]:
    """Match every entry: members of the host team first, then everyone; a name that two bear is never guessed."""
    by_name: dict[str, list[Person]] = {}
    for person in people:
        by_name.setdefault(cleaned(person.name), []).append(person)
    return [_match(entry, by_name) for entry in entries]


def _match(entry: Entry, by_name: dict[str, list[Person]]) -> Match:
    for name in entry.names:
        if found := by_name.get(name):
            return _chosen(entry, found)
    # The name stands inside a longer word: 关爱队张晓明, 张晓明妈妈.
    inside = [n for n in by_name if any(n in name for name in entry.names)]
    if inside:
        longest = max(len(n) for n in inside)
        found = [p for n in inside if len(n) == longest for p in by_name[n]]
        whole = _chosen(entry, found)
        if whole.sure is not None and any(name.endswith(whole.sure.name) for name in entry.names):
            return whole
        return Match(entry, whole.options, None, "名字写在别的字里，请核对是不是这个人")
    close = [n for name in entry.names for n in _similar(name, by_name)]
    options = [p for n in dict.fromkeys(close) for p in sorted(by_name[n], key=lambda p: not p.host)]
    return Match(entry, options[:8], None, "没有找到这个名字" + ("，请从相近的人里选" if options else ""))


def _chosen(entry: Entry, found: list[Person]) -> Match:
    ranked = sorted(found, key=lambda p: not p.host)
    hosts = [p for p in ranked if p.host]
    if len(hosts) == 1 or len(ranked) == 1:
        return Match(entry, ranked, ranked[0])
    return Match(entry, ranked, None, f"有 {len(ranked)} 个同名的人，请选是哪一个")


def _similar(name: str, by_name: dict[str, list[Person]]) -> list[str]:
    """Return known names that differ in little: one character, or the order of them."""
    bare = name[:4]
    scored = [(difflib.SequenceMatcher(None, bare, n).ratio(), n) for n in by_name if set(n) & set(bare)]
    return [n for score, n in sorted(scored, reverse=True) if score >= 0.6][:6]
