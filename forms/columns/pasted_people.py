"""A pasted list of people: which column is what, by its heading or by what stands in it."""

import re
from collections.abc import Sequence

from db.records.choices import ID_TYPES
from db.records.entities import MEMBERSHIP, VOLUNTEER
from db.records.identity import number_problem
from db.records.kinds import Choice, Date, Invalid, Phone, plain

NAME, NUMBER, KIND, PHONE, ROLE, JOINED = "姓名", "证件号码", "证件类型", "手机号码", "职务", "入队日期"
_HEADINGS = {
    NAME: ("姓名", "名字", "队员", "队员姓名", "志愿者", "志愿者姓名"),
    NUMBER: ("证件号码", "证件号", "身份证号", "身份证号码", "身份证", "公民身份号码"),
    KIND: ("证件类型", "证件种类"),
    PHONE: ("手机号码", "手机", "手机号", "电话", "联系电话", "联系方式"),
    ROLE: ("职务", "队内职务", "身份"),
    JOINED: ("入队日期", "入队时间", "加入日期", "加入时间"),
}
_KNOWN = {plain(word): field for field, words in _HEADINGS.items() for word in words}
_SOME = 0.6  # the share of the filled cells that must fit before a column is taken for something


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"\d{15}|\d{17}[\dXx]", plain(text)))


def _reads(kind: Phone | Date | Choice, text: str) -> bool:
    try:
        kind.parse(text)
    except Invalid:
        return False
    return True


def _is_name(text: str) -> bool:
    return bool(re.fullmatch(r"[\u3400-\u9fff\U00020000-\U0003ffff·•]{2,16}", plain(text)))


def _share(cells: Sequence[str], fits: object) -> float:
    filled = [c for c in cells if c.strip()]
    return sum(bool(fits(c)) for c in filled) / len(filled) if filled else 0.0  # type: ignore[operator]


def read_people(lines: Sequence[Sequence[str]]) -> tuple[list[dict[str, str]], list[str]]:
    """Return the people of a pasted block by canonical heading, and what the columns were taken for (or why none).

    A first line of headings decides; without one the cells do: numbers, phones, names, roles, days of joining.
    """
    lines = [list(line) for line in lines if any(c.strip() for c in line)]
    if not lines:
        return [], []
    headings = [_KNOWN.get(plain(c).strip("*")) for c in lines[0]]
    headed = sum(h is not None for h in headings) >= 1 and not any(_is_number(c) for c in lines[0])
    body = lines[1:] if headed else lines
    if not headed:
        headings = _guess(body)
    if NAME not in headings or NUMBER not in headings:
        return [], []
    people = []
    for line in body:
        person = {h: c.strip() for h, c in zip(headings, line, strict=False) if h and c.strip()}
        number = plain(person.get(NUMBER, "")).upper()
        if KIND not in person and number and number_problem(number, "resident_id"):
            person |= _other_kind(number)
        people.append(person)
    return people, [h for h in headings if h]


def _other_kind(number: str) -> dict[str, str]:
    """Return the kind that a number has by its form where it is no resident's: only forms that leave no doubt."""
    labels = dict(ID_TYPES)
    if re.fullmatch(r"[EG]\d{8}|E[A-Z]\d{7}", number):
        return {KIND: labels["passport"]}
    if re.fullmatch(r"[HM]\d{8}", number):
        return {KIND: labels["hk_mo_permit"]}
    return {}


def _guess(body: Sequence[Sequence[str]]) -> list[str | None]:
    width = max(len(line) for line in body)
    columns = [[line[i] if i < len(line) else "" for line in body] for i in range(width)]
    role, phone, day = MEMBERSHIP["role"].kind, VOLUNTEER["phone"].kind, Date()
    assert isinstance(role, Choice)
    assert isinstance(phone, Phone)
    tests = (
        (NUMBER, _is_number), (PHONE, lambda c: _reads(phone, c)), (JOINED, lambda c: _reads(day, c)),
        (ROLE, lambda c: _reads(role, c)), (NAME, _is_name),
    )  # fmt: skip
    found: list[str | None] = [None] * width
    for name, fits in tests:
        shares = [_share(cells, fits) if found[i] is None else 0.0 for i, cells in enumerate(columns)]
        best = max(range(width), key=shares.__getitem__)
        if shares[best] >= _SOME:
            found[best] = name
    return found
