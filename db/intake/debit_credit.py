"""Amounts that stand in two columns, as in a cash book: brought into one, with what the column says beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from db.intake.row_problems import NOTHING, InColumn
from db.records.amounts import Money
from db.records.fields import Entity, Sides
from db.records.kinds import Cell, Invalid, is_blank


@dataclass(frozen=True)
class Joined:
    """Columns of cells with the two sides brought together; `side` is the heading that each row's amount came from."""

    columns: Mapping[str, Sequence[Cell]]
    side: Sequence[str]
    wrong: Mapping[int, InColumn]  # rows with an amount on both sides, or on none


def join(entity: Entity, sides: Sides, columns: Mapping[str, Sequence[Cell]], count: int) -> Joined | None:
    """Bring the two sides of some rows together; None where there are no such columns."""
    there = [(heading, said, columns[heading]) for heading, said in sides.columns if heading in columns]
    if not there:
        return None
    named = "”和“".join(heading for heading, *_ in there)
    said: list[Cell] = []
    amounts: list[Cell] = []
    side: list[str] = []
    wrong = {}
    for n in range(count):
        filled = [(heading, word, cells[n]) for heading, word, cells in there if not _is_nothing(cells[n])]
        if len(filled) > 1:
            reason = f"“{named}”都填了金额；一行只能是一笔，请分成两行"
            wrong[n] = InColumn(sides.amount, reason, "error", filled[-1][0])
        elif not filled:
            reason = f"“{named}”都没有填金额，请填写其中一格；只有结转或余额的行请删去"
            if len(there) == 1:
                reason = f"“{named}”没有填金额，请填写；只有结转或余额的行请删去"
            wrong[n] = InColumn(sides.amount, reason, "error", there[0][0])
        # A row that is wrong says it once: its choice is as good as any, since it does not go in.
        heading, word, cell = filled[0] if len(filled) == 1 else (there[0][0], there[0][1], None)
        side.append(heading)
        said.append(word)
        amounts.append(cell)
    more = {entity[sides.choice].label: said, entity[sides.amount].label: amounts}
    return Joined({**columns, **more}, side, wrong)


def _is_nothing(cell: Cell) -> bool:
    """Whether a side is left empty: blank, a stroke, or a zero as bookkeepers write."""
    if is_blank(cell) or (isinstance(cell, str) and cell.strip() in NOTHING):
        return True
    try:
        return Money().parse(cell) == 0
    except Invalid:
        return False
