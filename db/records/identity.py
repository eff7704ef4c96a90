"""Rules about a person: document numbers, and the sex and birth date that follow from them (GB 11643-1999)."""

import datetime as dt
import re
from collections.abc import Collection
from functools import lru_cache

from db.records.fields import Columns, Problem, Row
from db.records.kinds import Cell, Text, Value
from db.records.numbers_in_text import CHECK as _CHECK
from db.records.numbers_in_text import WEIGHTS as _WEIGHTS
from db.records.numbers_in_text import check_digit as check_digit

# Kinds of document whose number has 18 characters with a check digit.
CHECKED_KINDS = {"resident_id", "hk_mo_tw_residence", "foreign_permanent"}


_ROOM = re.compile(r"(?<=[\u3400-\u9fff\U00020000-\U0003ffff·])\s+(?=[\u3400-\u9fff\U00020000-\U0003ffff·])")
_DOT = re.compile(r"\s*[•・‧∙]\s*")


class PersonName(Text):
    """A person's name: the room that people put between its characters, so that names stand in line, is no part of it."""

    def parse(self, cell: Cell) -> Value:
        """Return the name with one kind of dot and without room between Chinese characters."""
        return _ROOM.sub("", _DOT.sub("·", str(super().parse(cell))))

    def stand(self, texts: Collection[str]) -> bool:
        """Whether all names are written plainly."""
        together = "".join(texts)
        return " " not in together and "\u3000" not in together and not _DOT.search(together) and super().stand(texts)


def number_problem(number: str, id_type: str) -> str | None:
    """Return why `number` cannot be one of `id_type`, or None. No prefix is ever a reason."""
    if _say(_area(number[:6]), _day(number[6:14]), _serial(number[14:17]), number[17:]):
        return None
    if id_type not in CHECKED_KINDS:
        return None if len(number) >= 4 else "证件号码过短，请照证件核对"
    if id_type == "resident_id" and re.fullmatch(r"\d{15}", number):
        return "这是 15 位的第一代身份证号码，已停用；请填写 18 位号码"
    if len(number) != 18:
        return f"证件号码应为 18 位，现为 {len(number)} 位{_likely(number)}，请照证件核对"
    if not re.fullmatch(r"\d{17}[\dX]", number):
        return f"证件号码应为 17 位数字加一位数字或 X{_likely(number) or '（注意字母 O 与数字 0）'}，请照证件核对"
    if _birth(number) is None:
        return f"证件号码中的出生日期不存在{_likely(number)}，请照证件核对"
    if check_digit(number[:17]) != number[17]:
        return f"证件号码校验位不符，{_likely(number)[1:] or '可能有一位抄错或两位颠倒'}，请照证件核对"
    return None


def _are_digits(text: str, count: int) -> bool:
    return len(text) == count and text.isascii() and text.isdigit()


def _weight(digits: str, start: int) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS[start:], strict=False))


# A number is weighed part by part: areas, days and serials repeat from person to person; each is weighed once.


@lru_cache(100_000)
def _area(digits: str) -> int | None:
    """Weigh a number's first six digits; None where they are none."""
    return _weight(digits, 0) if _are_digits(digits, 6) else None


@lru_cache(100_000)
def _day(digits: str) -> tuple[int, str] | None:
    """Weigh the eight digits of the day, and say which it is; None where they name no day."""
    born = _birth("." * 6 + digits) if _are_digits(digits, 8) else None
    return None if born is None else (_weight(digits, 6), born)


@lru_cache(1_000)
def _serial(digits: str) -> tuple[int, str] | None:
    """Weigh the last three digits before the check digit, and say whose they are; None where they are none."""
    return (_weight(digits, 14), "male" if int(digits) % 2 else "female") if _are_digits(digits, 3) else None


def _say(
    area: int | None, day: tuple[int, str] | None, serial: tuple[int, str] | None, last: str
) -> tuple[str, str] | None:
    """Return (sex code, birth date) as a number's parts say, if they are there and its check digit is right."""
    if area is None or day is None or serial is None or _CHECK[(area + day[0] + serial[0]) % 11] != last:
        return None
    return serial[1], day[1]


_LOOKALIKES = {
    "O": "0",
    "Q": "0",
    "D": "0",
    "I": "1",
    "L": "1",
    "|": "1",
    "!": "1",
    "Z": "2",
    "S": "5",
    "B": "8",
    "G": "6",
}


def slips(number: str) -> list[tuple[str, str]]:
    """Return the sound numbers that one usual slip may have spoiled: (the slip in words, the number meant).

    Two neighbours swapped, letters for digits, one digit too few or too many. The words never hold the number.
    """
    found: dict[str, str] = {}
    letters = [i for i, c in enumerate(number) if c in _LOOKALIKES]
    if letters and len(number) == 18:
        meant = "".join(_LOOKALIKES.get(c, c) for c in number)
        places = "、".join(str(i + 1) for i in letters)
        found[meant] = f"第 {places} 位可能是把数字写成了字母或符号"
    if len(number) == 18:
        for i in range(17):
            if number[i] != number[i + 1]:
                swapped = number[:i] + number[i + 1] + number[i] + number[i + 2 :]
                found.setdefault(swapped, f"第 {i + 1}、{i + 2} 位可能颠倒了")
    elif len(number) == 17:
        for i in range(18):
            for digit in "0123456789X" if i == 17 else "0123456789":
                longer = number[:i] + digit + number[i:]
                found.setdefault(longer, f"第 {i + 1} 位附近可能漏了一位数字")
    elif len(number) == 19:
        for i in range(19):
            found.setdefault(number[:i] + number[i + 1 :], f"第 {i + 1} 位附近可能多了一位")
    return [(words, meant) for meant, words in found.items() if _is_sound(meant)]


def _is_sound(number: str) -> bool:
    if not re.fullmatch(r"\d{17}[\dX]", number) or number[6:8] not in ("19", "20"):
        return False
    return _birth(number) is not None and check_digit(number[:17]) == number[17]


def _likely(number: str) -> str:
    """Name the slip where exactly one explains the number."""
    found = slips(number)
    return f"，{found[0][0]}" if len(found) == 1 else ""


def _birth(number: str) -> str | None:
    try:
        return dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14])).isoformat()
    except ValueError:
        return None


def derived(number: str, id_type: str) -> tuple[str, str] | None:
    """Return (sex code, birth date) that follow from a valid number, or None for other kinds of document."""
    if id_type not in CHECKED_KINDS or number_problem(number, id_type):
        return None
    return _follows(number)


def _follows(number: str) -> tuple[str, str]:
    """Sex and birth date of a number that is known to be sound."""
    return ("male" if int(number[16]) % 2 else "female"), f"{number[6:10]}-{number[10:12]}-{number[12:14]}"


def check_volunteer(row: Row) -> list[Problem]:
    """Check the number against its type; fill sex and birth date from it; a typed contradiction is an error."""
    number, id_type = str(row["id_number"]), str(row["id_type"])
    if reason := number_problem(number, id_type):
        return [Problem("id_number", reason)]
    problems = []
    if id_type in CHECKED_KINDS:
        known = _follows(number)
        for name, label, value in (("sex", "性别", known[0]), ("birth_date", "出生日期", known[1])):
            if row.get(name) is None:
                row[name] = value
            elif row[name] != value:
                problems.append(Problem(name, f"所填“{label}”与证件号码不一致，请核对是哪一个错了"))
        if known[1] < "1900":
            problems.append(Problem("id_number", "按证件号码已超过一百二十岁，请核对", "warning"))
    return problems


def look_over_volunteers(columns: Columns) -> set[int]:
    """Complete whole columns as `check_volunteer` does a row; return the places where it may have something to say."""
    numbers = [str(number) for number in columns["id_number"]]
    types, sexes, births = columns["id_type"], columns["sex"], columns["birth_date"]
    areas = [_area(number[:6]) for number in numbers]
    days = [_day(number[6:14]) for number in numbers]
    serials = [_serial(number[14:17]) for number in numbers]
    lasts = [number[17:] for number in numbers]
    parts = zip(types, areas, days, serials, lasts, sexes, births, strict=True)
    close = {
        n
        for n, (kind, area, day, serial, last, sex, born) in enumerate(parts)
        if area is None or day is None or serial is None or _CHECK[(area + day[0] + serial[0]) % 11] != last
        or (sex is not None and sex != serial[1]) or (born is not None and born != day[1])
        or day[1] < "1900" or kind not in CHECKED_KINDS
    }  # fmt: skip
    if None in sexes:
        columns["sex"] = [sex or (serial and serial[1]) for sex, serial in zip(sexes, serials, strict=True)]
    if None in births:
        columns["birth_date"] = [born or (day and day[1]) for born, day in zip(births, days, strict=True)]
    return close
