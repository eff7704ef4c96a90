"""Numbers of people that somebody typed into a text: found, and starred wherever numbers are not to be seen whole.

Taken for one is a resident's number of 18 characters whose check digit is right, or whose area and day of birth may be
(GB 11643-1999); one of 15 digits with such an area and day; a mobile number of the mainland. Full-width digits, and
spaces or dashes between the digits, make no difference. Numbers of policies, vouchers, certificates and bank cards
stay: they are of other lengths, follow letters, or hold no such day.
"""

import datetime as dt
import re
from operator import mul
from typing import Any

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK = "10X98765432"

DOUBT = "这里像是证件号码或手机号码，请填到专门的栏里；名单和公开的表会把它遮住"
_ROOM = r"[ \u3000\u00a0\-‐‑‒–—－]{0,2}"
_DIGIT = r"[0-9０-９]"
# A card of a bank is written in fours, and looked at as a whole.
_CARD = re.compile(
    rf"(?<![0-9０-９])({_DIGIT}{{4}}(?:[ \-]{_DIGIT}{{4}}){{3}}(?:[ \-]?{_DIGIT}{{1,3}})?)(?![0-9０-９])"
)
# Nothing is cut out of a longer number.
_NUMBERS = tuple(
    re.compile(
        rf"(?<![0-9０-９*])(?P<front>(?:[+＋]|00)?(?:86|８６){_ROOM})?"
        rf"(?P<number>{_DIGIT}(?:{_ROOM}{_DIGIT}){{{count}}}{end})(?![0-9０-９])"
    )
    for count, end in ((16, f"{_ROOM}[0-9０-９XxＸｘ]"), (14, ""), (10, ""))
)
_GAP = re.compile(r"[^0-9０-９]")
_MANY = re.compile(rf"(?:{_DIGIT}{_ROOM}){{11}}")
_HALF = {ord(full): half for full, half in zip("０１２３４５６７８９Ｘｘ", "0123456789XX", strict=True)} | {
    ord("x"): "X"
}
_WORD = re.compile(r"[A-Za-z]+[\-/]?$")
# Words before a number that is somebody's; behind other letters stands the number of a policy or a voucher.
_OF_SOMEBODY = {"tel", "phone", "mobile", "mob", "cell", "id", "sfz", "sj", "dh", "wx", "vx", "qq", "t", "m"}
# The first two digits: provinces, and permits of residents from Hong Kong, Macao and Taiwan.
_PROVINCES = set(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83".split()
)


def check_digit(body: str) -> str:
    """Return the check character for the first 17 digits of a number (GB 11643, ISO 7064 MOD 11-2)."""
    return CHECK[sum(map(mul, map(int, body), WEIGHTS)) % 11]


def starred(text: str) -> str:
    """Return a text with the persons' numbers in it starred: a document's as 3 + 2, a mobile one as 3 + 4 characters."""
    if not _MANY.search(text):
        return text
    parts = _CARD.split(text)
    for pattern in _NUMBERS:
        parts = [p if n % 2 and not _is_resident(_plain(p)) else _stars(p, pattern) for n, p in enumerate(parts)]
    return "".join(parts)


def starred_within(content: Any) -> Any:
    """Return texts, and lists and mappings of them to any depth, with the persons' numbers in them starred."""
    if isinstance(content, str):
        return starred(content)
    if isinstance(content, dict):
        return {key: starred_within(value) for key, value in content.items()}
    return [starred_within(value) for value in content] if isinstance(content, list | tuple) else content


def holds_number(text: str) -> bool:
    """Whether a person's number stands in a text."""
    return starred(text) != text


def _stars(text: str, pattern: re.Pattern[str]) -> str:
    made, start = "", 0
    while found := pattern.search(text, start):
        number = _plain(found["number"])
        word = _WORD.search(text, max(0, found.start() - 12), found.start())
        is_others = word is not None and word[0].rstrip("-/").lower() not in _OF_SOMEBODY
        if _is_sound(number) or (not is_others and _may_be(number)):
            tail = 4 if len(number) == 11 else 2
            made += (
                text[start : found.start("number")] + f"{number[:3]}{'*' * (len(number) - 3 - tail)}{number[-tail:]}"
            )
            start = found.end()
        else:  # one may begin behind the next gap
            gap = _GAP.search(text, found.start("number"))
            end = found.end() if gap is None else min(gap.end(), found.end())
            made, start = made + text[start:end], end
    return made + text[start:]


def _plain(number: str) -> str:
    return "".join(c for c in number.translate(_HALF) if c.isdigit() or c == "X")


def _is_resident(number: str) -> bool:
    return len(number) == 18 and (_is_sound(number) or _may_be(number))


def _is_sound(number: str) -> bool:
    return (
        len(number) == 18 and number[:17].isdigit() and number[6:8] in ("19", "20") and _is_day(number[6:14])
        and check_digit(number[:17]) == number[17]
    )  # fmt: skip


def _may_be(number: str) -> bool:
    """Whether it may be a mobile number, or a resident's with a slip in it or of the first generation."""
    if len(number) == 11:
        return number[0] == "1" and number[1] in "3456789"
    if number[:2] not in _PROVINCES:
        return False
    if len(number) == 15:
        return _is_day("19" + number[6:12])
    # Later years stand in numbers of vouchers and policies.
    return len(number) == 18 and "1920" <= number[6:10] <= "2015" and _is_day(number[6:14])


def _is_day(digits: str) -> bool:
    try:
        dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return True
