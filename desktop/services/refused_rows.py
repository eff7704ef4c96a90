"""The rows of an import that did not go in: handed back as a workbook that is corrected and taken in again."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from db.intake.results import SheetResult
from db.records.kinds import Cell
from db.records.numbers_in_text import holds_number, starred
from db.storage.store import Store
from forms import output
from forms.columns.proposals import Mapped
from forms.excel import workbook

# (sheet, headings as written, rows: cells and {column index: reason})
RefusedTable = tuple[str, Sequence[str], Sequence[tuple[list[Cell], Mapping[int, str]]]]
# Headings under which numbers of people stand; what is shorter than this is none.
_NUMBERED, _SHORTEST = ("证件", "身份证", "证号", "电话", "手机", "联系方式", "号码"), 7


def refused_tables(mapped: Sequence[Mapped], results: Sequence[SheetResult]) -> list[RefusedTable]:
    """One sheet for every table with refused rows; a row that several records refuse stands there once."""
    tables: dict[int, tuple[Mapped, dict[int, dict[int, str]]]] = {}
    for m, result in zip(mapped, results, strict=True):
        _, reasons = tables.setdefault(id(m.table), (m, {}))
        for problem in result.problems:
            if problem.severity == "error":
                # A column that is missing altogether has no cell to mark: -1.
                column = m.columns.get(problem.column, -1)
                text = f"{problem.column}：{problem.reason}"
                there = reasons.setdefault(problem.row, {})
                if text not in there.get(column, ""):
                    there[column] = f"{there[column]}；{text}" if column in there else text
    parts: list[RefusedTable] = []
    for m, reasons in tables.values():
        # Rows of all the records of a table: the first of them need not hold every row.
        rows = {number: row for other in mapped if other.table is m.table for number, row in other.rows}
        refused = [(rows[number], reasons[number]) for number in sorted(reasons) if number in rows]
        if refused:
            parts.append((m.table.sheet, m.headings, refused))
    return parts


def hand_back(store: Store, tables: Sequence[RefusedTable], path: Path, *, masked: bool = False) -> Path | None:
    """Write the rows that did not go in; None where all went in.

    The values are whole, as they stand in the source, and that is logged with how many rows and why; `masked` writes
    stars instead (interfaces.md, ``--errors``). Raises `UserError` where the file cannot be written.
    """
    if not tables:
        return None
    if masked:
        tables = [(name, heads, [(_starred(heads, cells), why) for cells, why in rows]) for name, heads, rows in tables]
    book = workbook.refused(tables)
    if not masked:
        count = sum(len(rows) for _, _, rows in tables)
        store.note("写出未导入的行", f"{count:,} 行，号码完整；原因：退回未导入的行")
    return output.write_whole(path, book)


def _starred(headings: Sequence[str], cells: Sequence[Cell]) -> list[Cell]:
    """Return a row of a source with the numbers of people starred, whatever column they stand in."""
    shown: list[Cell] = []
    for n, cell in enumerate(cells):
        heading = headings[n] if n < len(headings) else ""
        text = str(cell).strip()
        named = any(word in heading for word in _NUMBERED) and sum(c.isdigit() for c in text) >= _SHORTEST
        if named and isinstance(cell, str | int | float):
            shown.append(f"{text[:3]}{'*' * max(4, len(text) - 5)}{text[-2:]}")
        elif isinstance(cell, str | int | float) and holds_number(text):
            shown.append(starred(text))
        else:
            shown.append(cell)
    return shown
