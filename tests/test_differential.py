"""Random offices through real workbooks: the product's SQL against the tests' own reading of the contract.

Each office is written as a workbook (tidy or as people keep them), imported the ordinary way, and then every figure
of every quarter and every verdict on many days is compared with `tests.oracle`, which knows neither SQL nor the product.
"""

import datetime as dt
import random
from pathlib import Path

import pytest

from db.quarters import Quarter
from db.queries.figures import period_figures
from db.rules.checks import check_office
from db.rules.register import register
from db.storage.store import Store
from desktop.services.importing import import_files
from tests import oracle
from tests.offices.builders import BOUNDARY_DATES, QUARTERS, random_office
from tests.offices.workbook import write_workbook

OFFICES = 60


def differences(seed: int, folder: Path) -> list[str]:
    """Return every disagreement over one random office, as lines to read."""
    office = random_office(seed)
    book = folder / f"office-{seed}.xlsx"
    write_workbook(office, book, messy=seed % 2 == 1, seed=seed)
    with Store.memory() as store:
        done = import_files(store, [book], today=dt.date(2026, 11, 21))
        found = [
            f"seed {seed}: {s.sheet} row {p.row} {p.column}: {p.reason}"
            for s in done.result.sheets
            for p in s.problems
            if p.severity == "error"
        ]
        for quarter in QUARTERS:
            found += _figures(seed, store, office, quarter)
        days = random.Random(seed).sample(BOUNDARY_DATES, 14)
        for day in days:
            expected = oracle.check(office, day)
            for result in check_office(store, day, [c for c in register() if c.id in expected]):
                verdict = expected[result.clause.id]
                if result.status != verdict.status:
                    found.append(f"seed {seed}: {day} {result.clause.id}: {result.status}, expected {verdict.status}")
                judged = result.clause.id in oracle.RATIO_CLAUSES and result.status != "not_applicable"
                if judged and (result.k, result.n) != (verdict.k, verdict.n):
                    found.append(f"seed {seed}: {day} {result.clause.id}: {result.k}/{result.n}, expected {verdict}")
    return found


def _figures(seed: int, store: Store, office: oracle.Office, quarter: str) -> list[str]:
    ours, theirs = period_figures(store, Quarter.parse(quarter)), oracle.figures(office, quarter)
    found = []
    pairs = [("office", ours["office"], theirs["office"]), ("shared", ours["shared"], theirs["shared"])]
    mine = {t["team"]: t for t in ours["teams"]}
    if mine.keys() != {t["team"] for t in theirs["teams"]}:
        found.append(f"seed {seed}: {quarter}: teams differ")
    pairs += [(t["team"], mine.get(t["team"], {}), t) for t in theirs["teams"]]
    for name, got, expected in pairs:
        found += [
            f"seed {seed}: {quarter} {name} {key}: {got.get(key)}, expected {value}"
            for key, value in expected.items()
            if got.get(key) != value
        ]
        members = [got.get(f"members_{part}", 0) for part in ("start", "joined", "left", "end")]
        if members[0] + members[1] - members[2] != members[3]:
            found.append(f"seed {seed}: {quarter} {name}: members do not reconcile: {members}")
    return found


@pytest.mark.parametrize("seed", range(OFFICES))
def test_random_office_agrees_with_the_oracle(seed: int, tmp_path: Path) -> None:
    assert differences(seed, tmp_path) == []
