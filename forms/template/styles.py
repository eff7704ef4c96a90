"""The workbook's number formats: which cells show days, and a look for a day where a cell has none."""

import copy
import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from lxml import etree

from forms.template.parts import Parts, tag

_BUILT_IN_DAYS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_NOT_CODE = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_BUILT_IN = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%"}
_NUMBER_CODE = re.compile(r"[#,]*0(?:\.(0+))?")
_LAST_DAY = 2_900_000
_DAY_CODE = 'yyyy"-"mm"-"dd'
TEXT = 49


class Styles:
    """Reads the style part; adds to it only where a day must go into a cell without a day's format."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._part = next(iter(parts.related(parts.workbook, "styles")), "")
        self._days: dict[int, bool] = {}
        self._made: dict[int, int] = {}

    @cached_property
    def _formats(self) -> list[Any]:
        found = self._parts.tree(self._part).find(tag("cellXfs")) if self._part else None
        return list(found) if found is not None else []

    @cached_property
    def _codes(self) -> dict[int, str]:
        forms = self._parts.tree(self._part).iter(tag("numFmt")) if self._part else ()
        return {int(form.get("numFmtId") or 0): form.get("formatCode") or "" for form in forms}

    def _number_format(self, style: int) -> int:
        return int(self._formats[style].get("numFmtId") or 0) if style < len(self._formats) else 0

    def as_ruled(self, style: int, other: int) -> bool:
        """Tell whether two cells are ruled and formatted alike; every second row may be of another colour."""
        if style == other or not max(style, other) < len(self._formats):
            return style == other
        one, two = self._formats[style], self._formats[other]
        return all((one.get(mark) or "0") == (two.get(mark) or "0") for mark in ("borderId", "numFmtId"))

    def is_text(self, style: int) -> bool:
        """Tell whether a cell of this style holds text whatever is typed (asked of days alone)."""
        number = self._number_format(style)
        return number == TEXT or self._codes.get(number) == "@"

    def is_day(self, style: int) -> bool:
        """Tell whether a cell of this style shows a number as a day."""
        if style not in self._days:
            number = self._number_format(style)
            code = _NOT_CODE.sub("", self._codes.get(number, "")).lower()
            self._days[style] = (
                number in _BUILT_IN_DAYS if number not in self._codes else bool(re.search("[ymd]", code))
            )
        return self._days[style]

    def shown(self, style: int, text: str) -> str:
        """Return a number nearly as a person sees it in a cell of this style: a day, its decimals and commas, a share."""
        try:
            value = Decimal(text)
        except InvalidOperation:
            return text
        if self.is_day(style):
            first = dt.date(1904, 1, 1) if self._parts.from_1904 else dt.date(1899, 12, 30)
            return (first + dt.timedelta(int(value))).isoformat() if 0 < value < _LAST_DAY else text
        number = self._number_format(style)
        code = _NOT_CODE.sub("", self._codes.get(number) or _BUILT_IN.get(number, "")).partition(";")[0]
        if not (form := _NUMBER_CODE.search(code)):
            return text
        comma = "," if "," in form[0] else ""
        return f"{value * 100 if '%' in code else value:{comma}.{len(form[1] or '')}f}{'%' if '%' in code else ''}"

    def day_style(self, style: int) -> int:
        """Return a style like this one that shows days; made once."""
        if self.is_day(style) or not self._formats:
            return style
        if style not in self._made:
            root = self._parts.tree(self._part)
            like = copy.deepcopy(self._formats[min(style, len(self._formats) - 1)])
            like.set("numFmtId", str(self._day_format(root)))
            like.set("applyNumberFormat", "1")
            holder = root.find(tag("cellXfs"))
            holder.append(like)
            self._formats.append(like)
            holder.set("count", str(len(self._formats)))
            self._made[style] = len(self._formats) - 1
            self._parts.changed(self._part)
        return self._made[style]

    def _day_format(self, root: Any) -> int:
        for number, code in self._codes.items():
            if code == _DAY_CODE:
                return number
        number = max([163, *self._codes]) + 1
        holder = root.find(tag("numFmts"))
        if holder is None:
            holder = etree.Element(tag("numFmts"))
            root.insert(0, holder)
        etree.SubElement(holder, tag("numFmt"), numFmtId=str(number), formatCode=_DAY_CODE)
        holder.set("count", str(len(holder)))
        self._codes[number] = _DAY_CODE
        return number
