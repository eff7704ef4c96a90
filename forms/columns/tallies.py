"""What a list holds, counted apart from the way its rows go in: people and money, and the totals that it states itself."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from db.records.amounts import Money
from db.records.entities import FUND_ENTRY
from db.records.fields import Entity
from db.records.kinds import Cell, Invalid, is_blank
from forms.columns.headings import Found
from forms.reading.table import Note

_AMOUNTS = ("金额（元）", "收入（元）", "支出（元）")


@dataclass(frozen=True)
class Tally:
    """People and money of some rows; `persons` is None for lists of none, `fen` for those without amounts."""

    persons: int | None = None
    fen: int | None = None


def tally(
    entity: Entity,
    columns: Mapping[str, int],
    rows: Sequence[tuple[int, Sequence[Cell]]],
    without: Collection[int] = (),
) -> Tally:
    """Count the different people and add up the money of a list's rows, those of some numbers left out."""
    kept = [row for number, row in rows if number not in without] if without else [row for _, row in rows]
    persons = None
    if "姓名" in columns:
        places = [columns[h] for h in ("姓名", "证件号码", "出生日期", "手机号码") if h in columns]
        persons = len(_persons(kept, places))
    amounts = [columns[h] for h in _AMOUNTS if h in columns] if entity is FUND_ENTRY else []
    return Tally(persons, sum(_fen(row, i) for row in kept for i in amounts) if amounts else None)


def _persons(rows: Sequence[Sequence[Cell]], places: Sequence[int]) -> set[tuple[Cell, Cell]]:
    """By what people are told apart: a name with the first of number, birth date and phone that is there, as written."""
    name, *others = places
    found: set[tuple[Cell, Cell]] = set()
    first = others[0] if others else name
    for row in rows:
        width = len(row)
        if name < width and row[name]:
            told = row[first] if first < width else None
            if told is None:
                told = next((row[i] for i in others[1:] if i < width and row[i] is not None), None)
            found.add((row[name], told))
    return found


def _fen(row: Sequence[Cell], i: int) -> int:
    cell = row[i] if i < len(row) else None
    try:
        return 0 if is_blank(cell) else int(Money().parse(cell) or 0)
    except Invalid:
        return 0


def stated(
    headers: Sequence[Found], totals: Sequence[Sequence[Cell]], rows: Sequence[tuple[int, Sequence[Cell]]]
) -> list[Note]:
    """Say where the last line of totals states another sum of money than the rows have."""
    columns = headers[0].columns
    if headers[0].entity is not FUND_ENTRY or not totals:
        return []
    found = []
    for heading in _AMOUNTS:
        said = _fen(totals[-1], columns[heading]) if heading in columns else 0
        summed = sum(_fen(row, columns[heading]) for _, row in rows) if said else 0
        if said != summed and said:
            money = Money()
            text = f"表里的合计写着 {money.show(said)} 元，各行的“{heading}”相加是 {money.show(summed)} 元，请核对"
            found.append(Note(text, ask=True))
    return found
