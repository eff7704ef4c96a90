"""Lists of blood donors by person: summed for each unit and day. The ledger keeps counts; the persons are not kept."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from db.records.kinds import Cell, cell_text, is_blank, plain
from forms.columns.headings import SEARCHED_ROWS, bare, heading_key
from forms.columns.rows import is_total
from forms.columns.standing import state_in
from forms.reading.table import Note, Table

_NAME = re.compile("姓名|献血者(姓名)?|献血人(员|姓名)?")
_AMOUNT = re.compile("(实际)?(献血|采血|全血)(总|毫升)?(量|数|毫升数?)?(ml)?|毫升数?|血量|ml|采集量")
_DAY = re.compile("(献血|采血|采集)(日期|时间|年月日)|日期|时间")
_UNIT = re.compile(
    "单位(或街镇)?(名称)?|(工作|所在|所属|献血)单位(名称)?|学校|街镇|乡镇(街道)?|街道(乡镇)?|镇街|院系|团体(名称)?"
)
_COUNTED = re.compile("人次|人数|献血人[次数]")
_ML = re.compile(r"(\d{2,4})(ml|毫升|cc)?", re.IGNORECASE)
_LEAST = 50  # fewer are units of blood, not millilitres


@dataclass
class _Sum:
    number: int
    persons: int = 0
    ml: int = 0


def sum_donors(table: Table) -> Table:
    """Return a list of donors by person as one of units and days; any other table as it is."""
    for k, (number, row) in enumerate(table.rows[:SEARCHED_ROWS]):
        keys = [bare(heading_key(c)) if isinstance(c, str) and len(c) < 30 else "" for c in row]
        name, amount, day, unit = (_first(keys, p) for p in (_NAME, _AMOUNT, _DAY, _UNIT))
        if name is None or amount is None or any(_COUNTED.fullmatch(key) for key in keys):
            continue
        made = _summed(table.rows[k + 1 :], name, amount, day, unit)
        if made is None:
            return table
        sums, persons, left = made
        columns = [(unit, "单位或街镇"), (day, "日期")]
        heads: list[Cell] = [*(ours for i, ours in columns if i is not None), "人次", "毫升数"]
        rows: list[tuple[int, list[Cell]]] = [*table.rows[:k], (number, heads)]
        rows += [(s.number, [*(c for c, (i, _) in zip(key, columns, strict=True) if i is not None), s.persons, s.ml])
                 for key, s in sums.items()]  # fmt: skip
        ml = sum(s.ml for s in sums.values())
        said = (
            f"这是按人登记的献血名单，已按单位和日期合计成 {len(sums)} 行（{persons} 人次，{ml} 毫升）；个人信息不保存"
        )
        if left:
            said += f"；另有 {left} 行没有献血量或写着未献，没有计入"
        return replace(table, rows=rows, notes=(*table.notes, Note(said, ask=True)), merges=())
    return table


def _first(keys: Sequence[str], pattern: re.Pattern[str]) -> int | None:
    return next((i for i, key in enumerate(keys) if key and pattern.fullmatch(key)), None)


def _summed(
    rows: Sequence[tuple[int, list[Cell]]], name: int, amount: int, day: int | None, unit: int | None
) -> tuple[dict[tuple[Cell, Cell], _Sum], int, int] | None:
    """Return (sums by unit and day, persons, rows that gave nothing); None where amounts are no millilitres."""
    sums: dict[tuple[Cell, Cell], _Sum] = {}
    persons = left = 0
    for number, row in rows:
        if is_blank(_at(row, name)) or _is_sum(row):
            continue
        text = plain(cell_text(_at(row, amount)))
        if (
            not text
            or text in ("/", "-", "—", "0")
            or any(state_in(cell_text(c), strict=True) for c in row if isinstance(c, str))
        ):
            left += 1
            continue
        found = _ML.fullmatch(text)
        if found is None or int(found[1]) < _LEAST:
            return None
        key = (_at(row, unit) if unit is not None else None), (_at(row, day) if day is not None else None)
        one = sums.setdefault(key, _Sum(number))
        one.persons, one.ml, persons = one.persons + 1, one.ml + int(found[1]), persons + 1
    return (sums, persons, left) if sums else None


def _is_sum(row: Sequence[Cell]) -> bool:
    at = next((i for i, c in enumerate(row) if not is_blank(c)), 0)
    return is_total(row, at)


def _at(row: Sequence[Cell], i: int) -> Cell:
    return row[i] if i < len(row) else None
