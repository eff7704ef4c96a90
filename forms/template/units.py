"""Units in other offices' forms: 万元 in a heading, beside the cell or behind the figure; the figure is given in it."""

import re
from decimal import Decimal

from db.records.amounts import Count, Hours, Money
from db.records.kinds import Cell, Kind, plain
from forms.template.grid import Grid
from forms.template.names import PLACEHOLDER

_LOOKED_UP = 80  # rows above that may hold a heading
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


def unit_beside(sheet: Grid, row: int, column: int, kind: Kind) -> str:
    """Return the unit that the label left of a cell, the heading above it or a line above the table gives it, or nothing."""
    left = next((text for at in range(column - 1, 0, -1) if (text := label_at(sheet, row, at))), "")
    if unit := _unit(left, kind):
        return unit
    above = range(row - 1, max(0, row - _LOOKED_UP), -1)
    heads = [text for at in above if (text := label_at(sheet, at, column))][:_HEADS]
    if unit := next((u for text in heads if (u := _unit(text, kind))), ""):
        return unit
    for at in above if isinstance(kind, Money) else ():
        for element in sheet.cells(at).values():
            if unit := unit_declared(sheet.text(element), kind):
                return unit
    return ""


def label_at(sheet: Grid, row: int, column: int) -> str:
    """Return the words in a cell, or in the merged one that covers it; nothing for figures and placeholders."""
    element = sheet.cells(row).get(column)
    text = sheet.text(element) if element is not None else ""
    if not text:
        element = sheet.covering(row, column)
        text = sheet.text(element) if element is not None else ""
    return "" if PLACEHOLDER.search(text) or not re.search(r"[\u4e00-\u9fff]", text) else text.strip()


def unit_behind(text: str, end: int, kind: Kind) -> str:
    """Return the unit that stands right behind a figure within a text."""
    found = _BEHIND.match(text, end)
    return found[1] if found and _fits(found[1], kind) else ""


def unit_before(text: str, start: int, kind: Kind) -> str:
    """Return the unit that a label within the text gives the figure behind it: ``收入（万元）：``."""
    return _unit(text[:start].rstrip(":： \u3000"), kind)


def unit_declared(text: str, kind: Kind) -> str:
    """Return the unit of sums that a line above a table declares, or nothing."""
    found = _DECLARED.search(plain(text)) if isinstance(kind, Money) else None
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
