"""What a form shows wherever it comes from: cells in rows and columns, counted from 1, some of them merged."""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol


class Grid(Protocol):
    """A sheet of a workbook, or a table or the lines of a document."""

    @property
    def name(self) -> str:
        """What it is called; bindings are kept under it."""

    def cells(self, row: int) -> Mapping[int, Any]:
        """Return the cells of a row by column."""

    def all_cells(self) -> Iterator[tuple[int, int, Any]]:
        """Yield row, column and element of every cell."""

    def named(self) -> Iterator[tuple[int, int, str]]:
        """Yield row, column and text of every cell whose text names figures."""

    def text(self, cell: Any) -> str:
        """Return the words in a cell; empty for figures that are stored as such."""

    def merges(self) -> list[str]:
        """Return the merged areas."""

    def is_spare(self, row: int, like: int, columns: frozenset[int]) -> bool:
        """Tell whether a row was prepared for one more copy of row `like`, whose `columns` are bound."""
