"""A list printed in two or three columns of people or gifts: the same headings again beside themselves, made one list."""

from dataclasses import replace

from db.records.kinds import Cell, is_blank
from forms.columns.headings import SEARCHED_ROWS, bare, heading_key, is_serial, recognised, repeats, split
from forms.reading.sheet_shape import MOST_COLUMNS
from forms.reading.table import Note, Table
from forms.shapes.cross_table import WHERE

_KNOWN = ("volunteer", "fund_entry", "goods_entry", "service_record")
_FEWEST = 2  # headings of one record of ours that say that these are lists


def stacked(table: Table) -> Table:
    """Return such a table as one list, its halves below each other; a column says where each row stood.

    What is cut into whole tables of ours (`headings.split`) keeps its rows' numbers and is left to that.
    """
    for k, (number, row) in enumerate(table.rows[:SEARCHED_ROWS]):
        keys = [heading_key(c) if isinstance(c, str) and len(c) < 60 else "" for c in row]
        starts = repeats(keys)
        if len(starts) < 2 or not _is_ours(keys[starts[0] : starts[1]]) or len(split(table)) > 1:
            continue
        width = starts[1] - starts[0]
        rows: list[tuple[int, list[Cell]]] = [(i - k, list(r)) for i, (_, r) in enumerate(table.rows[:k])]
        rows.append((0, [*row[starts[0] : starts[1]], WHERE]))
        for start, end in zip(starts, [*starts[1:], MOST_COLUMNS], strict=True):
            for at, line in table.rows[k + 1 :]:
                cells = [*line[start : min(end, start + width)]]
                if _says(cells, keys[start : start + width]):
                    cells += [None] * (width - len(cells))
                    rows.append((len(rows) - k, [*cells, f"第 {at} 行，左起第 {starts.index(start) + 1} 组"]))
        said = f"同样的表头并排 {len(starts)} 组（第 {number} 行），已接成一列名单；“{WHERE}”一列写明原来的行"
        return replace(
            table, rows=rows, notes=(*table.notes, Note(said)), merges=(), struck=_moved(table, rows, starts)
        )
    return table


def _is_ours(keys: list[str]) -> bool:
    return any(
        sum(bool(k and (k in known or bare(k) in known)) for k in keys) >= _FEWEST for known in map(recognised, _KNOWN)
    )


def _says(cells: list[Cell], keys: list[str]) -> bool:
    """Whether a line says more in one half than the number that was printed before it was filled."""
    return any(not is_blank(c) and not (i < len(keys) and is_serial(keys[i])) for i, c in enumerate(cells))


def _moved(table: Table, rows: list[tuple[int, list[Cell]]], starts: list[int]) -> frozenset[tuple[int, int]]:
    """Where the cells stand now that are struck through."""
    if not table.struck:
        return frozenset()
    where = {str(row[-1]): n for n, row in rows if n > 0}
    found = set()
    for number, column in table.struck:
        group = max((g for g, s in enumerate(starts) if s <= column), default=-1)
        new = where.get(f"第 {number} 行，左起第 {group + 1} 组")
        if new is not None:
            found.add((new, column - starts[group]))
    return frozenset(found)
