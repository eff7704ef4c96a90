"""The program, run on an office's workbook: the one place where the tests of agreement touch the product.

An office is written as a workbook and imported the ordinary way; then the program is asked for figures and verdicts in
the shapes of `boai figures --json` and `boai check --json`.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from db.errors import UserError
from db.quarters import Period
from db.queries.figures import period_figures
from db.queries.provincial import ProvinceTable, province_table
from db.rules.checks import check_office
from db.storage.store import Store
from db.tasks.assessments import assess, clause_of, confirm
from desktop.services.importing import import_files
from tests.offices.workbook import write_workbook
from tests.oracle.base import Office

TODAY = dt.date(2026, 11, 21)
"""The day of the import; no figure and no verdict may depend on it."""


@dataclass(frozen=True)
class Judged:
    """What the program says of one clause: `status` as computed or proposed, before any person has spoken."""

    status: str
    k: int | None
    n: int | None
    facts: dict[str, Any]
    listed: bool | None


class Program:
    """The program with one office in it."""

    def __init__(self, store: Store, refused: list[str]) -> None:
        self._store = store
        self.refused = refused
        """Rows that the import refused, as lines to read."""

    def figures(self, period: str) -> dict[str, Any]:
        """The figures of `2026Q3`, `2026H1` or `2026`, as of its last day."""
        return period_figures(self._store, Period.parse(period))

    def province(self, period: str) -> ProvinceTable:
        """The rows of 省级汇总表."""
        return province_table(self._store, Period.parse(period))

    def verdicts(self, day: dt.date) -> dict[str, Judged]:
        """Clause → what is computed or proposed at a day."""
        return {
            result.clause.id: Judged(
                result.status if result.proposed is None else result.proposed,
                result.k,
                result.n,
                dict(result.facts),
                getattr(result, "listed", None),
            )
            for result in check_office(self._store, day)
        }

    def counts(self, day: dt.date) -> dict[str, str]:
        """Clause → the status that counts at a day, with what people have said."""
        return {result.clause.id: result.status for result in check_office(self._store, day)}

    def say(self, clause: str, day: dt.date, status: str) -> str | None:
        """A person confirms or overrides a proposal, or rates a clause as 部分落实; returns why it was refused."""
        person = {"person": "某人", "on": day}
        try:
            if clause_of(self._store, clause).mode == "self":
                assess(self._store, clause, day, "partly_done", text="情况属实", **person)
            else:
                confirm(self._store, clause, day, status, reason="情况属实", **person)
        except UserError as refusal:
            return str(refusal)
        return None


@contextmanager
def running(office: Office, folder: Path, *, seed: int = 0, messy: bool = False) -> Iterator[Program]:
    """The program in memory, after the import of the office's workbook."""
    book = folder / f"office-{seed}.xlsx"
    write_workbook(office, book, messy=messy, seed=seed)
    with Store.memory() as store:
        done = import_files(store, [book], today=TODAY)
        yield Program(
            store,
            [
                f"{s.sheet} row {p.row} {p.column}: {p.reason}"
                for s in done.result.sheets
                for p in s.problems
                if p.severity == "error"
            ],
        )
