"""Times and durations as people write them: 8点半-11点半, 22:00-次日2:00, 十二小时, 一个小时四十分钟, 1，5小时.

One grammar for pasted chains and for cells. Nothing is guessed: 95分 is a score, 9点到 an arrival, 3本书 a count.
"""

import re
from dataclasses import dataclass

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
HAN_NUMBER = "[零〇一二两俩三四五六七八九十]{1,3}"
_NUM = rf"(?:\d{{1,3}}(?:[.,，·]\d{{1,2}})?|{HAN_NUMBER}(?:点[一二三四五六七八九]|半)?)"
_PART = "凌晨|清晨|早上|早晨|早|上午|中午|下午|午后|傍晚|晚上|晚|夜里|夜间|夜"
_CLOCK = (
    rf"(?P<{{0}}part>{_PART})?\s*(?P<{{0}}next>次日|第二天|翌日|隔天|次晨)?\s*(?P<{{0}}part2>{_PART})?\s*"
    rf"(?P<{{0}}hour>\d{{1,2}}|{HAN_NUMBER})\s*(?:[:：]\s*(?P<{{0}}minute>[0-5]\d)(?::[0-5]\d)?"
    rf"|[点时]\s*(?:(?P<{{0}}half>半)|(?P<{{0}}quarter>[一三123])刻|(?P<{{0}}min2>[0-5]?\d|{HAN_NUMBER})\s*分?|整|钟)?)"
)
_SPAN = re.compile(
    _CLOCK.replace("{0}", "a")
    + r"\s*(?:左右)?\s*(?:[-–—―~～－至到]+|签到\s*[,，、;；]?)\s*"
    + _CLOCK.replace("{0}", "b")
    + r"\s*(?:签退|结束|离开)?"
)
# 8-11点, 8点-11点, 下午2-5点: the first hour without its word
_SHORT_SPAN = re.compile(
    rf"(?P<part>{_PART})?\s*(?P<first>\d{{1,2}})\s*[-–—~～至到]\s*(?P<part2>{_PART})?\s*(?P<last>\d{{1,2}})\s*点(?P<half>半)?(?!\d)"
)
_TIME = re.compile(_CLOCK.replace("{0}", "a"))
_HOUR = r"(?:个\s*)?(?:多\s*)?(?:小时|小時|钟头|鐘頭|学时|课时|h(?:ours?|rs?)?(?![a-z]))"
_DURATION = re.compile(
    rf"(?P<half>半)\s*个?\s*(?:小时|小時|钟头|鐘頭)"
    rf"|(?P<h>{_NUM})\s*个半\s*(?:小时|小時|钟头|鐘頭)?"
    rf"|(?P<h2>{_NUM})\s*{_HOUR}\s*(?:(?P<and>半)(?!个)|[零又]?\s*(?P<m>\d{{1,3}}|[一二两三四五六七八九]?十?[一二三四五六七八九]?)\s*(?:分钟|分|min(?:utes?|s)?(?![a-z])))?"
    rf"|(?P<m2>\d{{1,3}}|{HAN_NUMBER})\s*(?:分钟|分鐘|min(?:utes?|s)?(?![a-z]))",
    re.IGNORECASE,
)  # fmt: skip


def number(text: str) -> float | None:
    """Read 12, 1.5, 1，5, 十二, 二十, 一点五 or 两半; None where it is no number."""
    text = text.strip()
    if re.fullmatch(r"\d+(?:[.,，·]\d+)?", text):
        return float(re.sub("[,，·]", ".", text))
    if text.endswith("半"):
        whole = number(text[:-1])
        return None if whole is None else whole + 0.5
    whole_text, dot, rest = text.partition("点")
    if dot:
        whole = number(whole_text)
        return None if whole is None or rest not in _DIGITS else whole + _DIGITS[rest] / 10
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return float(_DIGITS[text]) if text in _DIGITS else None
    if (tens and tens not in _DIGITS) or (ones and ones not in _DIGITS):
        return None
    return float((_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0))


@dataclass(frozen=True)
class Stretch:
    """A time that a text gives: minutes, and where in the text it stands."""

    minutes: int
    start: int
    end: int


def stretches(text: str) -> list[Stretch]:
    """Return every duration and every span of times in a text, in their order; none overlap."""
    found: list[Stretch] = []
    for m in _SPAN.finditer(text):
        minutes = _between(m)
        if minutes is not None:
            found.append(Stretch(minutes, m.start(), m.end()))
    for pattern, read in ((_SHORT_SPAN, _short), (_DURATION, _duration)):
        for m in pattern.finditer(text):
            minutes = read(m)
            if minutes is not None and all(m.end() <= f.start or f.end <= m.start() for f in found):
                found.append(Stretch(minutes, m.start(), m.end()))
    return sorted(found, key=lambda f: f.start)


def clock_times(text: str) -> list[tuple[int, int]]:
    """Return where times of the clock stand in a text: 8:25, 9点."""
    return [(m.start(), m.end()) for m in _TIME.finditer(text)]


def clock_time(text: str) -> int | None:
    """Return the minutes of the day of a text that is one time and nothing else."""
    m = _TIME.fullmatch(text.strip())
    return None if m is None else _minutes(m, "a")


def clock_span(text: str) -> int | None:
    """Return the minutes of a text that is one span of times, or several with the day they are on, and nothing else."""
    found = stretches(text)
    rest = text
    for f in reversed(found):
        rest = rest[: f.start] + rest[f.end :]
    if not found or re.sub(r"[\s,，、;；()（）。]|和|及", "", rest):
        return None
    return sum(f.minutes for f in found)


def _minutes(m: re.Match[str], which: str, like: str = "") -> int | None:
    """Return the minutes of the day; `like` is the part of the day that the time before it named."""
    hour = number(m[f"{which}hour"])
    if hour is None or hour > 24:
        return None
    half, quarter, minute = m[f"{which}half"], m[f"{which}quarter"], m[f"{which}minute"] or m[f"{which}min2"]
    minutes = 30 if half else 15 * int(number(quarter) or 0) if quarter else int(number(minute) or 0) if minute else 0
    part = m[f"{which}part"] or m[f"{which}part2"] or like
    if (
        part in ("下午", "午后", "傍晚", "晚上", "晚", "夜里", "夜间", "夜")
        and hour < 12
        and not (part.startswith("夜") and hour < 6)
    ) or (part == "中午" and hour < 5):
        hour += 12
    return int(hour * 60) + minutes if minutes < 60 else None


def _between(m: re.Match[str]) -> int | None:
    part = m["apart"] or m["apart2"] or ""
    start = _minutes(m, "a")
    own = m["bpart"] or m["bpart2"]
    like = part if not own and not m["bnext"] and part in ("下午", "午后", "晚上", "晚", "傍晚") else ""
    end = _minutes(m, "b", like)
    if start is None or end is None:
        return None
    if m["bnext"]:
        return end + 1440 - start if end + 1440 - start <= 1440 else None
    if end > start:
        return end - start
    if (
        not own
        and not part
        and start <= 12 * 60
        and end + 720 > start
        and end < 12 * 60
        and end + 720 - start <= 10 * 60
    ):
        return None  # 9点-5点: probably five in the afternoon, but nobody says so
    late = start >= 18 * 60 and end <= 10 * 60
    return end + 1440 - start if late and end != start else None


def _short(m: re.Match[str]) -> int | None:
    first, last = int(m["first"]) * 60, int(m["last"]) * 60 + (30 if m["half"] else 0)
    if m["part"] in ("下午", "晚上", "晚", "午后", "傍晚"):
        first += 720 if first < 720 else 0
        last += 720 if last < 720 and not m["part2"] else 0
    if m["part2"] in ("下午", "晚上", "晚", "午后", "傍晚") and last < 720:
        last += 720
    return last - first if 0 <= first < last <= 1440 else None


def _duration(m: re.Match[str]) -> int | None:
    if m["half"]:
        return 30
    if m["h"]:
        hours = number(m["h"])
        return None if hours is None else round(hours * 60) + 30
    if m["h2"]:
        hours = number(m["h2"])
        if hours is None:
            return None
        more = 30 if m["and"] else int(number(m["m"]) or 0) if m["m"] else 0
        return round(hours * 60) + more
    minutes = number(m["m2"])
    return None if minutes is None else round(minutes)
