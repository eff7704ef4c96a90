"""Blocks of cells as Excel and WPS put them on the clipboard: lines of cells with tabs between, quoted where needed."""

import csv
import io
from collections.abc import Iterable, Sequence

from db.records.amounts import MINUS


def to_text(lines: Iterable[Sequence[str]]) -> str:
    """Return a block as Excel takes it; cells with tabs, quotes or line breaks are quoted."""
    return "\r\n".join("\t".join(_quoted(cell) for cell in line) for line in lines)


def _quoted(cell: str) -> str:
    if cell.startswith(MINUS) and cell[1:2].isdigit():
        cell = f"-{cell[1:]}"  # a number to Excel
    if any(c in cell for c in '\t"\r\n'):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def from_text(text: str) -> list[list[str]]:
    """Return the block on the clipboard, every line of one length; the break at the end is no line of its own."""
    text = text.replace("\x00", "")
    read = list(csv.reader(io.StringIO(text, newline=""), dialect="excel-tab"))
    lines = [line or [""] for line in read]
    while len(lines) > 1 and lines[-1] == [""]:
        lines.pop()
    wide = max((len(line) for line in lines), default=0)
    # Some programs put a tab behind every line: a last column that is blank throughout is none.
    if wide > 1 and all(len(line) < wide or line[-1] == "" for line in lines):
        trailing = all(line[-1] == "" for line in lines if len(line) == wide) and text.rstrip("\r\n").endswith("\t")
        wide -= int(trailing)
    return [(line + [""] * wide)[:wide] for line in lines]
