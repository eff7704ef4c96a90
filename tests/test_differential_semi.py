"""Random offices through real workbooks: what the product proposes against the tests' own reading of the pages.

As in `test_differential`, each office is written as a workbook and imported the ordinary way; then every semi-automatic
clause is judged on several days, and status, k and n are compared with `tests.oracle_semi`.
"""

import datetime as dt
from pathlib import Path

import pytest

from db.rules.checks import check_office
from db.rules.register import register
from db.rules.verdicts import Result
from db.storage.store import Store
from desktop.services.importing import import_files
from tests import oracle_semi
from tests.offices.builders import random_office
from tests.offices.workbook import write_workbook
from tests.semi_dice import enrich

OFFICES = 48


def differences(seed: int, folder: Path) -> list[str]:
    """Return every disagreement over one random office, as lines to read."""
    office = random_office(seed, scale=0.05 if seed % 5 == 4 else 1.0)
    days = enrich(office, seed)
    book = folder / f"office-{seed}.xlsx"
    write_workbook(office, book, messy=seed % 4 in (1, 2), seed=seed)
    clauses = [clause for clause in register() if clause.id in oracle_semi.CLAUSES]
    assert len(clauses) == len(oracle_semi.CLAUSES)
    with Store.memory() as store:
        done = import_files(store, [book], today=dt.date(2026, 11, 21))
        found = [
            f"seed {seed}: {s.sheet} row {p.row} {p.column}: {p.reason}"
            for s in done.result.sheets
            for p in s.problems
            if p.severity == "error"
        ]
        for day in days:
            expected = oracle_semi.verdicts(office, day)
            for result in check_office(store, day, clauses):
                found += _compare(f"seed {seed}: {day} {result.clause.id}", result, expected[result.clause.id])
    return found


def _compare(where: str, result: Result, verdict: oracle_semi.Verdict) -> list[str]:
    status = result.proposed if result.proposed is not None else result.status
    if status != verdict.status:
        return [f"{where}: {status} {result.k}/{result.n}, expected {verdict}"]
    if status == "not_applicable":
        return []
    wrong = {name: result.facts.get(name) for name, value in verdict.facts.items() if result.facts.get(name) != value}
    if (result.k, result.n) != (verdict.k, verdict.n) or wrong:
        return [f"{where}: {status} {result.k}/{result.n} {wrong}, expected {verdict}"]
    return []


@pytest.mark.parametrize("seed", range(OFFICES))
def test_random_office_agrees_with_the_independent_reading(seed: int, tmp_path: Path) -> None:
    assert differences(seed, tmp_path) == []
