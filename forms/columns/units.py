"""Amounts in another unit than ours, as the heading or a line above says: 万元, 分钟. Each number is given its unit."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from db.records.amounts import Hours, Money
from db.records.fields import Field
from db.records.kinds import Cell, Kind, cell_text, is_blank, number_text, plain

_NUMBER = re.compile(r"\d{1,12}(\.\d{1,6})?")
_UNIT = re.compile(r"[(\[【〔/](?:单位[:])?(?:人民币)?(万元|千元|百元|分钟)[)\]】〕]?$")
_ABOVE = re.compile(r"(?:金额)?单位[:](?:人民币)?(万元|千元|百元)")
_YUAN = {"万元": 10_000, "千元": 1_000, "百元": 100}


def give_units(
    rows: list[tuple[int, list[Cell]]],
    fields: Mapping[int, Field],
    headings: Sequence[str],
    above: Sequence[Sequence[Cell]],
) -> tuple[str, ...]:
    """Write its unit behind every bare number of a column that has another one than ours; return what is said of it.

    `fields` are those of the columns by their index. A number with its unit is no bare one: it may be read again.
    """
    notes = []
    for column, f in sorted(fields.items()):
        unit = _other_unit(headings[column] if column < len(headings) else "", above, f.kind)
        if not unit:
            continue
        for at, (number, row) in enumerate(rows):
            if column < len(row) and (cell := _with_unit(row[column], unit)) is not row[column]:
                rows[at] = (number, [*row[:column], cell, *row[column + 1 :]])
        notes.append(f"“{headings[column]}”的单位是{unit}，已换算")
    return tuple(notes)


def _other_unit(heading: str, above: Sequence[Sequence[Cell]], kind: Kind) -> str:
    if not isinstance(kind, Money | Hours):
        return ""
    found = _UNIT.search(plain(heading))
    if found is None and isinstance(kind, Money) and "元" not in heading:
        texts = (plain(c) for row in above for c in row if isinstance(c, str) and len(c) < 100)
        found = next((f for text in texts if (f := _ABOVE.search(text))), None)
    unit = found[1] if found else ""
    return unit if (unit == "分钟") == isinstance(kind, Hours) else ""


def _with_unit(cell: Cell, unit: str) -> Cell:
    if isinstance(cell, bool) or is_blank(cell):
        return cell
    text = number_text(cell) if isinstance(cell, int | float | Decimal) else plain(cell_text(cell)).replace(",", "")
    if not _NUMBER.fullmatch(text):
        return cell
    return f"{text}分钟" if unit == "分钟" else f"{number_text(Decimal(text) * _YUAN[unit])}元"
