"""Rules about a person: document numbers, and the sex and birth date that follow from them (GB 11643-1999)."""

import datetime as dt
import re

from db.fields import Problem, Row

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"

# Kinds of document whose number has 18 characters with a check digit.
CHECKED_KINDS = {"resident_id", "hk_mo_tw_residence", "foreign_permanent"}


def check_digit(body: str) -> str:
    """Return the check character for the first 17 digits of a number (GB 11643, ISO 7064 MOD 11-2)."""
    return _CHECK[sum(int(d) * w for d, w in zip(body, _WEIGHTS, strict=True)) % 11]


def number_problem(number: str, id_type: str) -> str | None:
    """Return why `number` cannot be one of `id_type`, or None. No prefix is ever a reason."""
    if id_type not in CHECKED_KINDS:
        return None if len(number) >= 4 else "证件号码过短，请照证件核对"
    if id_type == "resident_id" and re.fullmatch(r"\d{15}", number):
        return "这是 15 位的第一代身份证号码，已停用；请填写 18 位号码"
    if len(number) != 18:
        return f"证件号码应为 18 位，现为 {len(number)} 位，请照证件核对"
    if not re.fullmatch(r"\d{17}[\dX]", number):
        return "证件号码应为 17 位数字加一位数字或 X，请照证件核对（注意字母 O 与数字 0）"
    if _birth(number) is None:
        return "证件号码中的出生日期不存在，请照证件核对"
    if check_digit(number[:17]) != number[17]:
        return "证件号码校验位不符，可能有一位抄错或两位颠倒，请照证件核对"
    return None


def _birth(number: str) -> str | None:
    try:
        return dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14])).isoformat()
    except ValueError:
        return None


def derived(number: str, id_type: str) -> tuple[str, str] | None:
    """Return (sex code, birth date) that follow from a valid number, or None for other kinds of document."""
    if id_type not in CHECKED_KINDS or number_problem(number, id_type):
        return None
    birth = _birth(number)
    assert birth is not None
    return ("male" if int(number[16]) % 2 else "female"), birth


def check_volunteer(row: Row) -> list[Problem]:
    """Check the number against its type; fill sex and birth date from it; a typed contradiction is an error."""
    number, id_type = str(row["id_number"]), str(row["id_type"])
    if reason := number_problem(number, id_type):
        return [Problem("id_number", reason)]
    problems = []
    if known := derived(number, id_type):
        for name, label, value in (("sex", "性别", known[0]), ("birth_date", "出生日期", known[1])):
            if row.get(name) is None:
                row[name] = value
            elif row[name] != value:
                problems.append(Problem(name, f"所填“{label}”与证件号码不一致，请核对是哪一个错了"))
        if known[1] < "1900":
            problems.append(Problem("id_number", "按证件号码已超过一百二十岁，请核对", "warning"))
    return problems
