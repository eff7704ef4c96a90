"""Reading a cell of somebody's sheet, and saying what is wrong with it without giving away anybody's number."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from db.records.fields import Entity, Field, Problem
from db.records.kinds import Cell, Invalid, Phone, Value, cell_text, clean, is_blank, plain

EXCEL_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"}


@dataclass(frozen=True)
class RowProblem:
    """What is wrong with one cell; `value` is masked and safe to print.

    `alike` is the id of the known volunteer that a 疑似重复 may be, 0 where it is a row of the same import; `kind` is
    `FOLLOWS` or empty.
    """

    row: int
    column: str
    severity: str
    value: str
    reason: str
    alike: int | None = None
    kind: str = ""


FOLLOWS = "follows"  # the kind of a problem that only follows from another row that was refused

# What people write where there is nothing to say; it means so only where it is no value and none is needed.
NOTHING = {"/", "\\", "-", "--", "—", "——", "无", "暂无", "没有", "空", "*", "n/a", "na"}


def read_cell(f: Field, cell: Cell) -> tuple[Value, str, str]:
    """Return (value, "", "") of a cell, or (None, what is to be said of it, how severe that is).

    A sign that stands for nothing is a blank where the field may be blank; that is said, never done silently.
    """
    if is_blank(cell):
        return None, "", ""
    if isinstance(cell, str) and cell.strip() in EXCEL_ERRORS:
        return None, "这一格是 Excel 的公式错误，请改成正确的内容", "error"
    try:
        return f.kind.parse(cell), "", ""
    except Invalid as error:
        if isinstance(cell, str) and (not f.required or f.nullable) and plain(cell).lower() in NOTHING:
            return None, f"写着“{clean(cell)}”，按空白处理", "warning"
        return None, str(error), "error"


@dataclass(frozen=True)
class InColumn(Problem):
    """A problem that belongs to one of the several columns of a reference."""

    column: str = ""


@dataclass(frozen=True)
class MaybeKnown(InColumn):
    """Somebody who may be known already; `alike` is the id."""

    alike: int = 0


@dataclass(frozen=True)
class UnknownRow(InColumn):
    """A reference to a row that is not there (yet)."""


@dataclass(frozen=True)
class RefusedRow(InColumn):
    """A reference to a row of the same import that was refused."""


def named(entity: Entity, number: int, cells: Mapping[str, Cell], problem: Problem) -> RowProblem:
    """Return a problem as it is told: with the row, the column and what stands there."""
    f = entity[problem.field]
    column = problem.column if isinstance(problem, InColumn) else f.columns[0][0]
    alike = problem.alike if isinstance(problem, MaybeKnown) else None
    value = safe_value(f, column, cells.get(column))
    kind = FOLLOWS if isinstance(problem, RefusedRow) else ""
    return RowProblem(number, column, problem.severity, value, problem.reason, alike, kind)


def safe_value(f: Field, column: str, cell: Cell) -> str:
    """Return a cell as it may be printed: numbers of documents and phones masked, long text cut."""
    text = clean(cell_text(cell))
    if isinstance(f.kind, Phone) and len(text) < 13:
        return f.kind.mask(text)
    if f.masked or column == "证件号码":
        return f"{text[:3]}{'*' * max(len(text) - 5, 0)}{text[-2:]}" if len(text) > 7 else "*" * len(text)
    text = re.sub(r"\d{9,}[\dXx]?", lambda m: m[0][:3] + "*" * (len(m[0]) - 5) + m[0][-2:], text)
    return text if len(text) <= 40 else text[:39] + "…"
