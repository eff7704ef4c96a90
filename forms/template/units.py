"""Units in other offices' forms: 万元 in a heading, beside the cell or behind the figure; the figure is given in it."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import islice

from db.records.amounts import Count, Hours, Money
from db.records.kinds import Cell, Kind, plain
from forms.template.grid import Grid
from forms.template.names import PLACEHOLDER
from forms.template.row_shifts import box

_LOOKED_UP = 80  # rows above that may hold a heading
_TALLEST, _WIDEST = 2000, 256  # of a merged area, so much is looked at
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_HEADS = 4  # labels above a cell that may be its headings
_UNIT = re.compile(
    r"[(\[【〔/]\s*(?:单位[:：]?)?(?:人民币)?(亿元|百万元|十万元|万元|千元|百元|元|分钟|小时|万人次|万人|千人|人次|人)\s*[)\]】〕]?\s*$"
    r"|^单位[:：](?:人民币)?(亿元|万元|千元|百元|元)$|(?<=[额入出余款费])(亿元|万元|千元)$"
)
_DECLARED = re.compile(
    r"(?<![报表送])单位[:：](?:(?:人次|人|支|期|个|项|件|小时)[、,，/和])*(?:人民币)?(亿元|百万元|万元|千元|百元|元)"
)
_BEHIND = re.compile(r"\s*(亿元|百万元|万元|千元|百元|分钟|万人次|万人)")
_MONEY = {"亿元": 8, "百万元": 6, "十万元": 5, "万元": 4, "千元": 3, "百元": 2, "元": 0}
_COUNT = {"万人次": 4, "万人": 4, "千人": 3, "人次": 0, "人": 0}


class Labels:
    """The words of a form as they stand before anything is written: looked up by place, each cell read once."""

    def __init__(self, sheet: Grid) -> None:
        self._sheet = sheet
        self._texts: dict[tuple[int, int], str] = {}
        self._heads: dict[int, _Found] = {}
        self._declared = _Found()

    @cached_property
    def _covered(self) -> dict[tuple[int, int], tuple[int, int]]:
        """The corner of each merged area by the places that it covers."""
        found: dict[tuple[int, int], tuple[int, int]] = {}
        for ref in self._sheet.merges():
            top, left, bottom, right = box(ref)
            bottom, right = min(bottom, top + _TALLEST), min(right, left + _WIDEST)
            found |= {(row, column): (top, left) for row in range(top, bottom + 1) for column in range(left, right + 1)}
        return found

    def at(self, row: int, column: int) -> str:
        """Return the words in a cell, or in the merged one that covers it; nothing for figures and names of figures."""
        text = self._seen(row, column)
        return "" if PLACEHOLDER.search(text) else text

    def _seen(self, row: int, column: int) -> str:
        if (row, column) not in self._texts:
            text = self._text(row, column)
            if not text and (corner := self._covered.get((row, column))) is not None:
                text = self._text(*corner)
            self._texts[row, column] = text.strip() if _CHINESE.search(PLACEHOLDER.sub("", text)) else ""
        return self._texts[row, column]

    def _text(self, row: int, column: int) -> str:
        element = self._sheet.cells(row).get(column)
        return self._sheet.text(element) if element is not None else ""

    def unit(self, row: int, column: int, kind: Kind) -> str:
        """Return the unit that the label left of a cell, the heading above it or a line above the table gives it, or nothing."""
        left = next((text for at in range(column - 1, 0, -1) if (text := self._seen(row, at))), "")
        if unit := _unit(left, kind):
            return unit
        top = max(0, row - _LOOKED_UP)
        heads = self._found(self._heads.setdefault(column, _Found()), top, row, lambda at: self._seen(at, column))
        if unit := next((u for text in islice(heads, _HEADS) if (u := _unit(text, kind))), ""):
            return unit
        return next(self._found(self._declared, top, row, self._declared_in), "") if isinstance(kind, Money) else ""

    def _found(self, known: "_Found", top: int, row: int, look: Callable[[int], str]) -> Iterator[str]:
        """Yield what stands in the rows above one, the nearest first; each row is looked at once."""
        if top > known.looked or top < known.top:  # far below what was looked at, or above it
            known.begin(top)
        for at in range(known.looked + 1, row):
            if text := look(at):
                known.rows.append(at)
                known.texts.append(text)
        known.looked = max(known.looked, row - 1)
        for n in range(bisect_left(known.rows, row) - 1, -1, -1):
            if known.rows[n] <= top:
                return
            yield known.texts[n]

    def _declared_in(self, row: int) -> str:
        texts = (self._sheet.text(element) for element in self._sheet.cells(row).values())
        return next((u for text in texts if text and (u := unit_declared(text))), "")


@dataclass
class _Found:
    """What was found so far in the rows below `top` down to `looked`: where, and the texts."""

    rows: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    top: int = 0
    looked: int = 0

    def begin(self, top: int) -> None:
        """Forget everything, and begin below a row."""
        self.rows, self.texts, self.top, self.looked = [], [], top, top


def unit_behind(text: str, end: int, kind: Kind) -> str:
    """Return the unit that stands right behind a figure within a text."""
    found = _BEHIND.match(text, end)
    return found[1] if found and _fits(found[1], kind) else ""


def unit_before(text: str, start: int, kind: Kind) -> str:
    """Return the unit that a label within the text gives the figure behind it: ``收入（万元）：``."""
    return _unit(text[:start].rstrip(":： \u3000"), kind)


def unit_declared(text: str) -> str:
    """Return the unit of sums that a line above a table declares, or nothing."""
    found = _DECLARED.search(plain(text)) if "单位" in text else None
    return found[1] if found else ""


def scales(unit: str) -> bool:
    """Tell whether a figure reads differently in a unit than in ours: 元, hours, persons."""
    return unit == "分钟" or bool(_MONEY.get(unit, _COUNT.get(unit, 0)))


def in_unit(value: Cell, unit: str) -> Cell:
    """Return an amount in 元, hours or persons in another unit, exactly."""
    if value is None or not unit or not isinstance(value, int | float | Decimal):
        return value
    if unit == "分钟":
        return int(Decimal(str(value)) * 60)
    power = _MONEY.get(unit, _COUNT.get(unit, 0))
    if not power:
        return value
    scaled = Decimal(str(value)).scaleb(-power)
    return scaled.quantize(Decimal(1)) if scaled == scaled.to_integral_value() else scaled.normalize()


def _unit(text: str, kind: Kind) -> str:
    found = _UNIT.search(plain(text)) if text else None
    unit = next((g for g in found.groups() if g), "") if found else ""
    return unit if _fits(unit, kind) else ""


def _fits(unit: str, kind: Kind) -> bool:
    if isinstance(kind, Money):
        return unit in _MONEY
    return unit in ("分钟", "小时") if isinstance(kind, Hours) else isinstance(kind, Count) and unit in _COUNT
