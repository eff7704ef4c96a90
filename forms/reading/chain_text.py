"""A pasted 接龙 as text: the last version of the chain in a whole chat, its title, and one piece of text for each entry.

Forms of small programs (姓名：… 电话：… 时长：…) become entries, too. What names nobody is kept, to be shown.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

HAN = r"\u3400-\u9fff\U00020000-\U0003ffff"
_CROSSES = str.maketrans(dict.fromkeys("❌✖✗✘☒❎🙅🚫", "×"))
_TICKS = "✅✔☑✓√"
# A number in front of an entry, never that of a date, a time or a count: 7月5日, 8:30, 7.5, 3人.
_NUMBERED = re.compile(
    rf"^\s*(?:[(\[【]\s*(?P<a>\d{{1,3}})\s*[)\]】]\s*[.、:]?|(?:no\.?\s*|第)?(?P<b>\d{{1,3}})\s*(?:号|位)?\s*(?:[.、,:;)\]】。]+(?!\d)|\.(?=1\d{{10}})"
    rf"|(?=[{HAN}(（A-Za-z](?<![月日号点时年个人名位元本份次度岁天小分级届期]))|\s+(?=[{HAN}(A-Za-z])|$)"
    rf"|(?P<c>[一二三四五六七八九十]{{1,3}})[、.])\s*(?P<body>.*)$",
    re.IGNORECASE,
)
_UNITS_AHEAD = re.compile(
    r"^\s*\d{1,4}(?:[月日号点时年个人名位元本份次度岁天分级届期]|周(?=[年次期内末])|小时|分钟|[:.]\d)"
)
_ASIDE = re.compile("^(备注|说明|注意?|要求|地点|时间|集合|联系人|温馨提示|提示|注意事项)[:：]")
_MARK = re.compile(r"^[#\[【]*\s*(?:群|微信)?接龙\s*[\]】]?\s*(?:[:：]\s*)?")
_CHAT = re.compile(
    r"^(?P<who>.{0,24}?)\s*[:：]?\s*(?:(?:20\d\d)[-/.年]\d{1,2}[-/.月]\d{1,2}日?|昨天|今天|星期[一二三四五六日天]|\d{1,2}月\d{1,2}日)\s*(?:[上下]午|凌晨|晚上)?\s*\d{1,2}:\d\d(?::\d\d)?\s*:?$"
)
_CHAT_SHORT = re.compile(rf"^[{HAN}A-Za-z·\-_ ]{{1,16}}\s+\d{{1,2}}:\d\d(?::\d\d)?$")
_EXAMPLE = re.compile(r"^\s*(?:\d{0,2}[.、]?\s*)?[(【]?(例如?|示例|格式|样例|模板)[)】]?\s*(?:[:：.、]|\s)")
_EMPTY = re.compile(r"^[.。·、,\-—_…\s]*$")
_FIELD = re.compile(
    r"(?P<key>姓名|名字|志愿者|您的姓名|真实姓名|参加人|电话|手机号?码?|联系电话|联系方式|服务时长|志愿时长|时长|小时数?|服务小时数?|时间|服务时间|备注|证件号码?|身份证号?码?|队伍|所属队伍|提交时间|提交人|昵称|性别|单位|地址|活动名称|序号)"
    r"\s*(?:[(（][^)）]{0,8}[)）])?\s*[:：]\s*(?P<value>.*?)(?=\s*(?:[,，;；|]|\s)\s*(?:姓名|名字|电话|手机|联系|服务时长|志愿时长|时长|小时|时间|服务时间|备注|证件|身份证|队伍|所属|提交|昵称|性别|单位|地址|序号)[^:：\s]{0,4}\s*(?:[(（][^)）]{0,8}[)）])?\s*[:：]|$)"
)
_NAME_KEYS = ("姓名", "名字", "志愿者", "您的姓名", "真实姓名", "参加人")
_TIME_KEYS = ("服务时长", "志愿时长", "时长", "小时", "小时数", "服务小时", "服务小时数", "时间", "服务时间")
_ROLL = re.compile(
    r"^(?:今日|本次|今天)?(?:参加|参与|服务|出勤|到场|签到|值班|在岗|志愿)?(?:人员|名单|志愿者|队员|成员)(?:名单)?\s*[:：]\s*"
)
_DAY = re.compile(
    r"(?:(?P<year>20\d\d)[年./-])?(?<!\d)(?P<month>1[0-2]|0?[1-9])(?:月|[./-](?=\d))(?P<day>3[01]|[12]\d|0?[1-9])(?!\d|[.:点时]|小时|h)[日号]?"
)


@dataclass
class Piece:
    """The text of one entry, with what it came with: the words of a form's field of hours, struck-through writing."""

    text: str
    hours: str = ""  # from a field of its own: a bare number there is hours
    struck: bool = False
    has_number: bool = True


@dataclass
class Pieces:
    """A chain as text: its title, its entries, and the lines that belong to none."""

    title: str = ""
    entries: list[Piece] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)


def cleaned(line: str) -> str:
    """Return a line with full-width forms narrowed, crosses made ×, and emoji taken out."""
    text = unicodedata.normalize("NFKC", line.translate(_CROSSES))
    kept = "".join(
        " " if unicodedata.category(c) in ("So", "Sk", "Cs", "Co", "Cn", "Cf", "Mn", "Me") or c in _TICKS else c
        for c in text
    )
    return kept.replace("•", "·").strip()


def split_chain(text: str) -> Pieces:
    """Split a pasted text; of several versions of a chain the last one counts."""
    lines = [(cleaned(line), "\u0336" in line or "\u0335" in line) for line in text.splitlines() if line.strip()]
    lines = [(line, struck) for line, struck in lines if line]
    messages = _messages(lines)
    blocks = [_block(message) for message in messages]
    chains = [b for b in blocks if b is not None]
    if not chains:
        return _plain([line for message in messages for line in message])
    last = chains[-1]
    others = [c for c in chains[:-1] if c.title and last.title and _key(c.title) != _key(last.title) and c.entries]
    if others:  # another chain altogether: shown, never mixed in
        last.rest += [f"另一个接龙“{title}”没有读取" for title in dict.fromkeys(c.title for c in others)]
    return last


def _key(title: str) -> str:
    return re.sub(r"\W", "", title)[:12]


def _messages(lines: Sequence[tuple[str, bool]]) -> list[list[tuple[str, bool]]]:
    """Cut a copied chat at the lines that name a sender, and at every mark of a chain."""
    found: list[list[tuple[str, bool]]] = [[]]
    in_chat = sum(1 for line, _ in lines if _CHAT.match(line)) > 0
    for line, struck in lines:
        if _CHAT.match(line) or (in_chat and _CHAT_SHORT.match(line)):
            found.append([])
        elif _MARK.match(line):
            found.append([(line, struck)])
        else:
            found[-1].append((line, struck))
    return _without_repeats([m for m in found if m])


def _without_repeats(messages: list[list[tuple[str, bool]]]) -> list[list[tuple[str, bool]]]:
    """Cut a message where the chain begins anew: the title comes again and the numbers start from one."""
    found = []
    for message in messages:
        title = next((line for line, _ in message if not _MARK.fullmatch(line)), "")
        starts = [i for i, (line, _) in enumerate(message) if line == title and not _number(line)]
        if len(starts) > 1:
            found += [message[a:b] for a, b in zip(starts, [*starts[1:], len(message)], strict=True)]
        else:
            found.append(message)
    return found


def _number(line: str) -> re.Match[str] | None:
    return None if _UNITS_AHEAD.match(line) else _NUMBERED.match(line)


def _block(message: Sequence[tuple[str, bool]]) -> Pieces | None:
    """Read a message that is a chain: it says so, or has numbered lines or a form's fields; None for other talk."""
    marked = bool(message) and _MARK.match(message[0][0]) is not None
    body = [(_MARK.sub("", line), struck) for line, struck in message[:1]] if marked else list(message[:1])
    lines = [(line, struck) for line, struck in [*body, *message[1:]] if line]
    fields = _forms(lines)
    if fields is not None:
        return fields
    numbers = [found for line, _ in lines if (found := _number(line))]
    if not numbers:
        return _plain(lines) if marked and len(lines) > 1 else None
    if not marked and len(numbers) < 2 and len(lines) > 3:
        return None
    return _numbered(lines)


def _numbered(lines: Sequence[tuple[str, bool]]) -> Pieces:
    """Take numbered lines; what follows without a number belongs to an empty entry, or is hours for the last one."""
    made = Pieces()
    titles = []
    last = 0
    for line, struck in lines:
        if _EXAMPLE.match(line):
            continue
        found = _number(line)
        body = found["body"] if found is not None else _next_body(line, last)
        if body is not None:
            last = int((found["a"] or found["b"] or 0) if found is not None else last + 1)
            made.entries.append(Piece("" if _EMPTY.match(body) else body, struck=struck))
        elif not made.entries:
            titles.append(line)
        elif _ASIDE.match(line):
            made.rest.append(line)
        elif not made.entries[-1].text:
            made.entries[-1].text = line
            made.entries[-1].struck |= struck
        elif _is_hours(line):
            made.entries[-1].text += f" {line}"
        elif re.search(r"每人|各(?=\d|[一二两三四五六七八九十半])", line) and len(line) < 20:
            titles.append(line)
        elif re.search(r"[:：]", line) or len(line) > 16 or not re.match(rf"[{HAN}A-Za-z]", line):
            made.rest.append(line)
        else:
            made.entries.append(Piece(line, struck=struck, has_number=False))
    made.entries = [e for e in made.entries if e.text]
    made.title = " ".join(titles)
    return made


def _next_body(line: str, last: int) -> str | None:
    """Return what follows the next number of the chain where hours come first: “4.2小时 赵四海” after entry 3."""
    found = re.match(r"\s*(\d{1,3})[.、](\d.*)$", line)
    return found[2] if found and last and int(found[1]) == last + 1 and re.search(f"[{HAN}]{{2}}", found[2]) else None


def _is_hours(line: str) -> bool:
    return (
        len(line) < 24
        and bool(
            re.fullmatch(
                r"[^\u4e00-\u9fff]*(?:[\d一二两三四五六七八九十半.,:：\-~—至到点分钟个小时hH上下午早晚次日、，\s]+)",
                line,
            )
        )
        and bool(re.search(r"\d|[一二两三四五六七八九十半]", line))
    )


def _plain(lines: Sequence[tuple[str, bool]]) -> Pieces:
    """Take lines without any number: a title where the first one is followed by others, then one entry each."""
    made = Pieces()
    lines = [(line, struck) for line, struck in lines if not _EXAMPLE.match(line) and not _MARK.fullmatch(line)]
    for n, (line, struck) in enumerate(lines):
        if _ROLL.match(line):
            made.entries.append(Piece(_ROLL.sub("", line), struck=struck))
        elif n == 0 and len(lines) > 1 and _is_title(line):
            made.title = line
        elif made.entries and _is_hours(line):
            made.entries[-1].text += f" {line}"
        else:
            made.entries.append(Piece(line, struck=struck))
    return made


def _is_title(line: str) -> bool:
    words = re.sub(rf"[^{HAN}]", "", line)
    return (
        bool(
            _DAY.search(line)
            or re.search(
                "活动|服务|清洁|义诊|值守|值班|登记|名单|接龙|报名|成绩|巡|宣传|培训|慰问|统计|时长|献血", line
            )
        )
        or len(words) > 6
    )


def _forms(lines: Sequence[tuple[str, bool]]) -> Pieces | None:
    """Read 姓名：… 时长：… as a small program or a form gives them, on one line or on several."""
    pairs = [[(m["key"], m["value"].strip()) for m in _FIELD.finditer(line)] for line, _ in lines]
    if not any(key in _NAME_KEYS for found in pairs for key, _ in found):
        return None
    made = Pieces()
    titles = []
    for (line, struck), found in zip(lines, pairs, strict=True):
        if not found:
            if not made.entries:
                titles.append(line)
            elif not (number := _number(line)) or number["body"]:
                made.rest.append(line)
            continue
        for key, value in found:
            if key in _NAME_KEYS:
                made.entries.append(Piece(value, struck=struck))
            elif not made.entries:
                continue
            elif key in _TIME_KEYS and not made.entries[-1].hours:
                made.entries[-1].hours = value
            elif key == "备注" and value:
                made.entries[-1].text += f"（{value}）"
    made.title = " ".join(t for t in titles if not _number(t) or _number(t)["body"])  # type: ignore[index]
    return made


def day_in(title: str, like: dt.date | None = None) -> dt.date | None:
    """Return the one day that a title names; without a year it is in that of `like`. None for no day or several."""
    found = {(m["year"], int(m["month"]), int(m["day"])) for m in _DAY.finditer(title)}
    if len(found) != 1:
        return None
    year, month, day = found.pop()
    try:
        return dt.date(int(year) if year else (like.year if like else 2000), month, day)
    except ValueError:
        return None


def days_in(text: str) -> list[tuple[int, int]]:
    """Return (month, day) of every date in a text."""
    return [(int(m["month"]), int(m["day"])) for m in _DAY.finditer(text)]
