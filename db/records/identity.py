"""Rules about a person: document numbers, and the sex and birth date that follow from them (GB 11643-1999)."""

import datetime as dt
import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import lru_cache

from db.records.fields import Columns, Problem, Row
from db.records.kinds import Cell, Invalid, Text, Value
from db.records.numbers_in_text import CHECK as _CHECK
from db.records.numbers_in_text import WEIGHTS as _WEIGHTS
from db.records.numbers_in_text import check_digit as check_digit

PENDING = "pending"  # the document is still to be seen
GONE = "（已删除）"  # the name of somebody whose personal data was erased
# Kinds of document whose number has 18 characters with a check digit.
CHECKED_KINDS = {"resident_id", "hk_mo_tw_residence", "foreign_permanent"}


_ROOM = re.compile(r"(?<=[\u3400-\u9fff\U00020000-\U0003ffff·])\s+(?=[\u3400-\u9fff\U00020000-\U0003ffff·])")
_DOT = re.compile(r"\s*[•・‧∙]\s*")


class PersonName(Text):
    """A person's name: the room that people put between its characters, so that names stand in line, is no part of it.

    What is surely no name is refused: digits, brackets, two names, words of leaving (data contract, section 3).
    """

    def parse(self, cell: Cell) -> Value:
        """Return the name with one kind of dot, one space between Latin words and none between Chinese characters."""
        name = _DOT.sub("·", unicodedata.normalize("NFKC", str(super().parse(cell))))
        joined = _ROOM.sub("", " ".join(name.split()))
        if joined != name and len(joined) > _LONGEST_JOINED and _HANS.fullmatch(joined):
            raise Invalid("这一格像是写了几个人；请一行写一个人")
        name = joined
        if reason := _no_name(name):
            raise Invalid(reason)
        return name

    def stand(self, texts: Collection[str]) -> bool:
        """Whether all names are written plainly."""
        together = "\n".join((*texts, ""))
        return _PLAIN_NAMES.fullmatch(together) is not None and not _NO_NAME.search(together)

    def doubt(self, value: Value, today: dt.date) -> str | None:
        """Warn of a name of which a character is missing, and of one so long that it may be two people's."""
        if value is not None and _MISSING.search(str(value)):
            return "姓名里有缺字（? 或 □），请照证件补正"
        if value is not None and len(str(value)) > 4 and _HANS.fullmatch(str(value)):
            return "姓名有五个字以上，请核对是不是一个人"
        return None

    def doubted(self, values: Iterable[Value], today: dt.date) -> set[Value]:
        """Return the names that `doubt` doubts; all of them are looked at at once."""
        names = {str(v) for v in set(values) if v is not None}
        together = "\n".join(names)
        if not _MISSING.search(together) and not _LONG.search(together):
            return set()
        return {name for name in names if self.doubt(name, today)}


_HAN = r"\u3400-\u9fff\U00020000-\U0003ffff〇"
_PLAIN_NAMES = re.compile(rf"(?:[{_HAN}]{{2,4}}\n)*+")
_LONG = re.compile(rf"[{_HAN}]{{5}}")
_HANS = re.compile(rf"[{_HAN}]+")
_MISSING = re.compile("[?□\ufffd]")
_NO_NAME = re.compile("已退|退队|退出|注销|清退|代签|代领|已故|去世|请假|缺席|未到|取消|合计|小计|总计|同上|不详|未知")
_SEPARATED = re.compile(rf"[、,;/&+|]|(?<=[{_HAN}]{{2}})[和与及](?=[{_HAN}]{{2}})")
_LONGEST_JOINED = 6


def _no_name(name: str) -> str:
    """Return why a text cannot be a person's name, or nothing."""
    if re.fullmatch(r"\+?[\d -]{7,}[Xx]?", name):
        return "这里是一个号码，不是姓名；请核对是不是填错了列"
    if any(c.isdigit() for c in name):
        return "姓名里有数字，请核对；序号、电话请写在别的列"
    if re.search(r"[()\[\]{}【】〔〕《》<>]", name):
        return "姓名里有括号；请只写姓名，职务和说明写在别的列"
    if _NO_NAME.search(name):
        return "姓名里有“已退”“代签”之类的字，不像姓名；请只写姓名，情况写在别的列"
    if _SEPARATED.search(name):
        return "这一格像是写了几个人；请一行写一个人"
    if not re.search(rf"[A-Za-z\u00c0-\u024f{_HAN}?□\ufffd]", name) and not any(c.isalpha() for c in name):
        return "这里没有姓名，请核对"
    return ""


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
        # A wrong digit is as likely as a swap that happens to explain it: the swap is never said to be what happened.
        return f"证件号码校验位不符，可能有一位抄错或两位颠倒{_likely(number).replace('可能颠倒了', '颠倒就对得上')}，请照证件核对"
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
    if row["id_number"] is None:
        return _check_pending(row)
    if row["id_type"] == PENDING:
        row["id_type"] = "resident_id"  # the number came with it
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


def _check_pending(row: Row) -> list[Problem]:
    """A person may be kept without a number who is told apart by birth date or phone (data contract, section 2)."""
    if row["id_type"] != PENDING:
        return [Problem("id_number", "“证件号码”必须填写；暂时没有的话，“证件类型”填“证件待补”")]
    if row.get("birth_date") is None and row.get("phone") is None:
        return [Problem("id_number", "没有证件号码，也没有出生日期和手机号码，分不清是谁；请补上其中一项")]
    return []


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
