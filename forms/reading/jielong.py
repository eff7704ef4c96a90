"""WeChat 接龙: a pasted text read into people with hours, and the names matched to people.

People write as they like: full-width digits, emoji, notes in brackets, several names in a line, no hours at all. One
grammar reads a line (names, spans of times, durations, remarks, cancelling, each); what is not certain is shown and
asked, nobody is guessed.
"""

import datetime as dt
import difflib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from forms.reading.chain_text import HAN, Piece, cleaned, day_in, days_in, split_chain
from forms.reading.spoken_time import Stretch, clock_times, number, stretches

SURE, ASK, LEFT_OUT = "sure", "ask", "left_out"

_NAME = re.compile(rf"[{HAN}]{{1,8}}(?:·[{HAN}]{{1,10}})+|[{HAN}]{{2,}}|[A-Za-z][A-Za-z.'-]+(?: [A-Z][A-Za-z.'-]+)*")
# Room inside a name: 王 三, 王 三喜, 欧阳 修.
_APART = re.compile(
    rf"(?<![{HAN}])[{HAN}](?:\s+(?![约共各均半到])[{HAN}]){{1,3}}(?![{HAN}])|(?<![{HAN}])[{HAN}]\s+[{HAN}]{{2}}(?![{HAN}])"
    rf"|(?<![{HAN}])(?:欧阳|上官|司马|诸葛|司徒|夏侯|东方|皇甫|尉迟|公孙|慕容|令狐|长孙|宇文|端木|南宫|百里)\s+[{HAN}]{{1,2}}(?![{HAN}])"
)
_BRACKETS = re.compile(r"[(（\[【{]([^)）\]】}]*)[)）\]】}]")
_CANCELLED = re.compile(
    "取消|请假|病假|事假|不来|来不了|去不了|不去|不能[来去参到]|没来|没去|未到|没到|缺席|缺勤|未参加|不参加|没参加|没能|参加不了|来不成|去不成|放弃|退出"
    "|有事(?!业)|生病|临时有|改天|下次|作废|撤销|撤回|旷|爽约|鸽|(?<![a-z])(?:no\\s*show|absent|cancel(?:led|ed)?)(?![a-z])|×|(?:^|\\s)x(?:$|\\s)",
    re.IGNORECASE,
)
_NOT_CANCELLED = re.compile("没有?请假|不请假|未取消|没取消|取消请假|销假")
_DOUBT = re.compile(
    "[?]|可能|待定|大概|大约|左右|估计|差不多|约(?=[\\d一二两三四五六七八九十])|不确定|也许|多(?:个)?小时|[\\d一二三四五六七八九十]\\s*[-~—至到]\\s*[\\d一二三四五六七八九十]+\\s*个?小时"
    "|或者?(?=\\s*[\\d一二两三四])"
)
_INSTEAD = re.compile(rf"代(?![{HAN}]?[表理])|替|帮(?=[{HAN}]{{2,3}})|转给|换成|改成|→|->")
_SUM = re.compile(
    r"(?:累计|累积|共计|总计|合计|总共|共|目前|截至|本月|本年|今年|全年|一共|已有|总时长|总)\s*(?:服务|志愿|时长|为|[:：])*\s*$"
)
_EACH = re.compile(
    "每人|每位|各自?(?=\\s*[\\d一二两三四五六七八九十半])|均为?(?=\\s*[\\d一二两三四五六七八九十半])|都是?(?=\\s*[\\d一二两三四五六七八九十半])|人均"
)
_DAY_MARK = re.compile(
    "(?:周|星期|礼拜)[一二三四五六日天]|昨天|前天|明天|第[一二三四五六七]天|\\d{1,2}[日号](?!楼|门|线)"
)
_PART = re.compile("凌晨|早上|上午|中午|下午|晚上|晚|早")
_TAKEN_OFF = re.compile(r"(?:请假|早退|迟到|晚到|早走|离开|休息|扣除?|减去?)\s*(?:了|约)?\s*$")
_PLUS = re.compile(r"\+\s*(\d{1,2})(?!\d|\.)(?:\s*[人个位])?")
_LONG_NUMBER = re.compile(r"\+?\d[\d-]{5,}\d[Xx]?")
_COUNTED = re.compile(
    r"(?<![\d.])(?:\d+(?:\.\d+)?|[一二两三四五六七八九十百]+)\s*(?:分(?!钟)|本|元|块|个(?!半|小时|多)|份|人|位|名|岁|斤|箱|袋|瓶|次|场|包|张|件|号|楼|室|米|公里|km|kg|年|组|队|毫升|ml)",
    re.IGNORECASE,
)
_BARE = re.compile(r"(?<![\d.:+-])(\d{1,2}(?:\.\d{1,2})?)(?![\d:]|\.\d)")
_NOT_HOURS = re.compile(
    "成绩|考核|分数|得分|积分|捐款|捐赠|金额|人数|数量|领取|订|认领|尺码|年龄|打卡天数|座位|编号|排名"
)
# Words around a name that are no name, and say nothing against the hours.
_STOP = re.compile(
    "报名|参加|参与|签到|签退|已到|到场|到了|全程|上午|下午|晚上|早上|组长|队长|副队长|队员|志愿者|同志|老师|集合|收到|好的|谢谢|辛苦|今天|今日|本次|服务时长|志愿服务|服务|时长|共计|合计|完成|已完成|接龙|累计|累积|目前|截至|本月|本年|今年|全年|一共|总共|总计|总时长|各|每人|每位|均|都是"
)
_NOBODY = re.compile("全天|整天|半天|全程")  # a word alone that is how long, not who
_PARTLY = re.compile("[上下]午|晚上|早上|中午|半天|早退|晚到|迟到|早走")  # not the whole time
_SPLIT = re.compile(r"[、,，;；/&|+]|\s+|和(?=[\u4e00-\u9fff]{2})|与(?=[\u4e00-\u9fff]{2})")


@dataclass
class Entry:
    """One person of a chain: as written, the names it may mean (the likeliest first), minutes where they are given."""

    text: str
    names: list[str]
    minutes: int | None = None
    note: str = ""
    extra: int = 0  # persons without a name: +1
    cancelled: bool = False
    unclear: str = ""  # why the hours are not certain, in words
    bare: bool = False  # nothing but a name: the usual hours are meant


@dataclass
class Chain:
    """A chain as it was read; `rest` are lines that name nobody; `minutes` what the title gives everybody."""

    title: str = ""
    entries: list[Entry] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)
    minutes: int | None = None

    def day(self, like: dt.date | None = None) -> dt.date | None:
        """Return the day that the title names, in the year of `like` where it gives none."""
        return day_in(self.title, like)


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


@dataclass(frozen=True)
class Line:
    """What becomes of an entry: `state` is `SURE`, `ASK` or `LEFT_OUT`; minutes only where they are certain."""

    match: Match
    state: str
    minutes: int | None = None
    reason: str = ""


def read_chain(text: str, known: Collection[str] = ()) -> Chain:
    """Read a pasted chain. `known` are the names of people: in a line that has one, other words are remarks."""
    pieces = split_chain(text)
    names = {cleaned(name) for name in known}
    about = pieces.title
    chain = Chain(pieces.title, rest=list(pieces.rest), minutes=_usual(about))
    asks = bool(_NOT_HOURS.search(about))
    for piece in pieces.entries:
        entries = _entries(piece, names, about)
        if not entries and not chain.entries and pieces.title:  # 报名接龙, 服务3小时: the title goes on
            about = chain.title = f"{chain.title} {piece.text}"
            chain.minutes = _usual(about)
            continue
        if asks:
            for entry in entries:
                if entry.minutes is not None and _only_bare(entry.text):
                    entry.minutes, entry.unclear = None, "数字像是成绩或数量，不像时长"
        if entries and (piece.has_number or any(n in names for e in entries for n in e.names) or not names):
            chain.entries += entries
        else:
            chain.rest.append(piece.text)
    if (
        not chain.title
        and not names
        and len(chain.entries) > 1
        and len(chain.entries[0].names[0]) > 4
        and chain.entries[0].minutes is None
    ):
        chain.title = chain.entries.pop(0).text  # a heading such as 周六清洁家园活动, without any number
    return chain


def _usual(title: str) -> int | None:
    """The hours that a title gives everybody; none where it gives several."""
    found = {s.minutes for s in stretches(title)}
    return found.pop() if len(found) == 1 and not _DOUBT.search(title) else None


def _only_bare(text: str) -> bool:
    return not stretches(text)


# One line


@dataclass
class _Name:
    """A word of a line that may name somebody, and where it stands."""

    words: list[str]
    start: int
    end: int


def _entries(piece: Piece, known: Collection[str], title: str) -> list[Entry]:
    """Return the persons of one line with their hours."""
    found: list[Entry] = []
    text = _APART.sub(lambda m: "".join(m[0].split()), piece.text)
    for part in re.split(r"[;；。](?!\d)", text):
        if part.strip(" ,，、"):
            found += _part(part, known, title)
    if piece.hours and found:
        minutes = _field_minutes(piece.hours)
        for entry in found:
            entry.minutes, entry.bare = minutes, False
            entry.unclear = "" if minutes is not None else f"时长写着“{piece.hours[:12]}”，认不出来"
    if piece.struck:
        for entry in found:
            entry.cancelled = True
    return found


def _field_minutes(text: str) -> int | None:
    """The minutes of a field of hours: a bare number is hours."""
    if found := stretches(text):
        return sum(s.minutes for s in found)
    hours = number(text.strip())
    return round(hours * 60) if hours is not None and 0 < hours <= 24 else None


def _part(text: str, known: Collection[str], title: str) -> list[Entry]:
    plain = _LONG_NUMBER.sub(lambda m: m[0] if ":" in m[0] else " " * len(m[0]), text)
    times = _times(plain)
    blanked = _blank(plain, times)
    extra = sum(int(m[1]) for m in _PLUS.finditer(blanked))
    blanked = _PLUS.sub(lambda m: " " * len(m[0]), blanked)
    cancelled = bool(_CANCELLED.search(blanked)) and not _NOT_CANCELLED.search(blanked)
    inside = [m[1].strip() for m in _BRACKETS.finditer(blanked)]
    outside = _BRACKETS.sub(lambda m: " " * len(m[0]), blanked)
    names, words = _people(outside, known)
    aliases = [n for t in inside for n in _words(t) if not _CANCELLED.search(n)]
    if not names and aliases:
        names, aliases = [_Name(aliases, 0, len(text))], []
    if not names:
        return []
    leftover = _leftover(outside, names)
    bare_minutes = _bare(outside, names) if not times else None
    unclear = _unclear(plain, times, title, leftover)
    notes = [t for t in inside if t and not set(_words(t)) & set(known)] + words
    note = "，".join(dict.fromkeys(n for n in notes if n))
    written = " ".join(_LONG_NUMBER.sub(lambda m: m[0] if ":" in m[0] else "", text).split())
    entries = []
    for n, name in enumerate(names):
        own = _own(times, names, n) if bare_minutes is None else []
        minutes = sum(s.minutes for s in own) if own else bare_minutes
        nothing_else = (
            not leftover
            and not _PARTLY.search(outside)
            and not any(_STOP.sub("", t).strip() for t in inside)
            and not times
            and minutes is None
        )
        entry = Entry(written, list(name.words), minutes, note, cancelled=cancelled, unclear=unclear, bare=nothing_else)
        if len(names) > 1:
            entry.text = text[name.start : name.end].strip() or entry.text
        entries.append(entry)
    if len(entries) == 1:
        entries[0].names += [a for a in aliases if a not in entries[0].names]
    entries[-1].extra = extra
    return entries


def _times(text: str) -> list[Stretch]:
    """The stretches of time that count: no running totals, and no duration that only says again what its span says."""
    found = [s for s in stretches(text) if not _SUM.search(text[: s.start])]
    spans = [s for s in found if re.search(r"[:：点]", text[s.start : s.end])]
    durations = [s for s in found if s not in spans]
    total = sum(s.minutes for s in spans)
    if spans and durations and total == sum(s.minutes for s in durations):
        return durations
    return found


def _blank(text: str, times: Sequence[Stretch]) -> str:
    """Take all that says a time out of a text, in place."""
    for s in [*times, *stretches(text)]:
        text = text[: s.start] + " " * (s.end - s.start) + text[s.end :]
    return text


def _own(times: Sequence[Stretch], names: Sequence[_Name], n: int) -> list[Stretch]:
    """The stretches of one of several names: those up to the next name; who has none shares those of the next."""
    for k in range(n, len(names)):
        start = names[k].end if k else 0
        end = names[k + 1].start if k + 1 < len(names) else 10**9
        if found := [s for s in times if start <= s.start < end]:
            return found
    return []


def _words(text: str) -> list[str]:
    """Return what in a word may be a name: without the words that people put around it, and as it stands."""
    found = []
    for m in _NAME.finditer(text):
        bare = _STOP.sub("", m[0])
        if len(bare) >= 2:
            found += [bare, m[0]]
    return list(dict.fromkeys(found))


def _people(text: str, known: Collection[str]) -> tuple[list[_Name], list[str]]:
    """Return the words of a line that name people, and those that are remarks beside a known name."""
    counted = _COUNTED.sub(lambda m: " " * len(m[0]), text)
    tokens: list[_Name] = []
    joined: list[bool] = []  # whether a mark of a list stands before
    at = 0
    for m in [*_SPLIT.finditer(counted), None]:
        end = m.start() if m else len(counted)
        raw = counted[at:end]
        if words := _words(re.sub(r"\d+(?:\.\d+)?", " ", raw)):
            tokens.append(_Name(words, at, end))
            joined.append(bool(re.search(r"[、,，/&]|和|与", counted[max(0, at - 1) : at])))
        at = m.end() if m else end
    sure = [any(w in known for w in t.words) for t in tokens]
    if not any(sure):
        named = [t for t in tokens if not _CANCELLED.search(t.words[-1])] or tokens
        named = [t for t in named if not _EACH.fullmatch(t.words[-1]) and not _NOBODY.fullmatch(t.words[-1])]
        if known:  # nobody is known: the first word is the name, unless a list is written
            first = named[:1]
            named = first + [t for t in named[1:] if joined[tokens.index(t)] and len(t.words[0]) <= 4]
        return named, []
    people, words = [], []
    for n, token in enumerate(tokens):
        near = joined[n] or (n + 1 < len(tokens) and joined[n + 1])
        is_name = sure[n] or (
            near
            and len(token.words[0]) in (2, 3)
            and not _CANCELLED.search(token.words[-1])
            and token.words[0] == token.words[-1]
        )
        if is_name:
            people.append(token)
        else:
            words.append(token.words[-1])
    return people, words


def _leftover(text: str, names: Sequence[_Name]) -> str:
    """Return what a line says besides names and the usual words."""
    rest = text
    for name in names:
        rest = (
            rest[: name.start]
            + re.sub("|".join(map(re.escape, name.words)), "", rest[name.start : name.end]).ljust(name.end - name.start)
            + rest[name.end :]
        )
    return re.sub(r"[\s,，、.。:：;；!！~～\-—_()（）/|]+", "", _STOP.sub("", rest))


def _bare(text: str, names: Sequence[_Name]) -> int | None:
    """A number alone behind a name is hours; a number with a unit, or one of several, is none."""
    rest = _COUNTED.sub(lambda m: " " * len(m[0]), text)
    for start, end in clock_times(rest):
        rest = rest[:start] + " " * (end - start) + rest[end:]
    found = [m for m in _BARE.finditer(rest) if m.start() >= names[0].start]
    if len(found) != 1 or re.search(r"[A-Za-z\u4e00-\u9fff]", rest[found[0].end() : found[0].end() + 1]):
        return None
    hours = float(found[0][1])
    return round(hours * 60) if 0 < hours <= 24 else None


def _unclear(text: str, times: Sequence[Stretch], title: str, leftover: str) -> str:
    """Say why the hours of a line are not certain, or nothing."""
    if _INSTEAD.search(text):
        return "像是代别人或换人，请核对是谁"
    if times and _DOUBT.search(text):
        return "时长写得不确定，请核对"
    marks = {m[0] for m in _DAY_MARK.finditer(text)} | {str(d) for d in days_in(_blank_clock(text))}
    if len(marks) > 1 and times:
        return "分几天写的时长，请分开登记"
    dates = days_in(_blank_clock(text))
    own = day_in(title)
    if dates and times and (own is None or (own.month, own.day) != dates[0]):
        return "写着另一个日期，请核对是哪一天"
    if "昨天" in marks or "前天" in marks or "明天" in marks:
        return "写着另一天，请核对是哪一天"
    spans = [s for s in times if re.search(r"[:：点]", text[s.start : s.end])]
    if spans and len(spans) < len(times) and not _PART.search(text):
        return "起止时间和时长对不上，请核对"
    if any(_TAKEN_OFF.search(text[: s.start]) for s in times):
        return "有请假、迟到或扣除的时间，请核对"
    return ""


def _blank_clock(text: str) -> str:
    for s in stretches(text):
        text = text[: s.start] + " " * (s.end - s.start) + text[s.end :]
    return text


# Who is meant


def match(
    entries: Sequence[Entry], people: Sequence[Person], nicknames: Mapping[str, int] | None = None
) -> list[Match]:
    """Match every entry: members of the host team first, then everyone; exact names before nicknames (word → person).

    A name that two bear is never guessed.
    """
    by_name: dict[str, list[Person]] = {}
    for person in people:
        by_name.setdefault(cleaned(person.name), []).append(person)
    by_id = {person.id: person for person in people}
    called = {word: by_id[i] for word, i in (nicknames or {}).items() if i in by_id}
    return [_match(entry, by_name, called) for entry in entries]


def _match(entry: Entry, by_name: dict[str, list[Person]], called: Mapping[str, Person]) -> Match:
    for name in entry.names:
        if found := by_name.get(name):
            return _chosen(entry, found)
    for name in entry.names:
        if name in called:
            return Match(entry, [called[name]], called[name], "按以前选过的昵称")
    # The name stands inside a longer word: 关爱队张晓明, 张晓明妈妈.
    inside = [n for n in by_name if any(n in name for name in entry.names)]
    if inside:
        longest = max(len(n) for n in inside)
        found = [p for n in inside if len(n) == longest for p in by_name[n]]
        whole = _chosen(entry, found)
        if whole.sure is not None and any(
            name.endswith(whole.sure.name) and len(name) - len(whole.sure.name) >= 2 for name in entry.names
        ):
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


# What becomes of each


def settle(chain: Chain, matches: Sequence[Match], usual: int | None = None) -> list[Line]:
    """Say of every entry whether it is sure, asked about or left out.

    `usual` are the minutes of a line with nothing but a name; without it the title's. A person named twice is the line
    with hours.
    """
    given = usual if usual is not None else chain.minutes
    lines = [_line(m, given) for m in matches]
    places: dict[int, list[int]] = {}
    for n, line in enumerate(lines):
        if line.match.sure is not None and line.state != LEFT_OUT:
            places.setdefault(line.match.sure.id, []).append(n)
    for several in places.values():
        if len(several) > 1:
            _twice(lines, several)
    return lines


def _line(found: Match, given: int | None) -> Line:
    entry = found.entry
    if entry.cancelled:
        return Line(found, LEFT_OUT, None, "写着取消、请假或没来，不登记")
    if found.sure is None:
        return Line(found, ASK, entry.minutes if not entry.unclear else None, found.reason)
    if entry.unclear:
        return Line(found, ASK, None, entry.unclear)
    if entry.minutes is not None:
        if not 0 < entry.minutes <= 24 * 60:
            said = "时长超过 24 小时，请核对" if entry.minutes else "时长是 0，请核对"
            return Line(found, ASK, None, said)
        return Line(found, SURE, entry.minutes, entry.note)
    if entry.bare and given:
        return Line(found, SURE, given, "没写时长，按统一的时长")
    return Line(found, ASK, None, "没有写时长" if entry.bare else "写的内容里看不出时长，请核对")


def _twice(lines: list[Line], places: Sequence[int]) -> None:
    own = [n for n in places if lines[n].match.entry.minutes is not None and lines[n].state == SURE]
    different = {lines[n].minutes for n in own}
    if len(different) > 1 or (not own and any(lines[n].state == ASK for n in places)):
        for n in places:
            lines[n] = replace(lines[n], state=ASK, minutes=None, reason="写了两次，时长不一样，请核对")
        return
    kept = own[0] if own else places[0]
    for n in places:
        if n != kept:
            lines[n] = replace(lines[n], state=LEFT_OUT, minutes=None, reason="写了两次，按写了时长的一行登记一次")
