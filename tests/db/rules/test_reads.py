"""Each check names the tables it reads; one that reads another is found."""

import datetime as dt
from pathlib import Path

import pytest

from db.records.entities import BY_NAME
from db.rules.checks import CHECKS, READS, all_clauses
from db.rules.checks.case import Case
from db.storage.store import Store
from desktop.services.importing import import_files
from tests.offices.builders import random_office
from tests.offices.workbook import write_workbook

_READ = 20  # SQLITE_READ: what the driver's authorizer is told of each column that a statement reads
DAYS = (dt.date(2026, 3, 31), dt.date(2026, 12, 31))


def _tables_read(store: Store, name: str, clause: str, parameters: dict[str, object], day: dt.date) -> set[str]:
    seen: set[str] = set()

    def note(action: int, table: str | None, *_: object) -> int:
        if action == _READ and table in BY_NAME:
            seen.add(str(table))
        return 0

    case = Case(store, day, "county")
    store.db.conn.set_authorizer(note)
    try:
        CHECKS[name](case, clause, **parameters)
    finally:
        store.db.conn.set_authorizer(None)
    return seen


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Store:
    book = tmp_path_factory.mktemp("reads") / "office.xlsx"
    write_workbook(random_office(7, overlaps=False), book)
    store = Store.memory()
    import_files(store, [Path(book)], today=dt.date(2026, 11, 29))
    return store


def test_no_check_reads_a_table_that_it_does_not_name(office: Store) -> None:
    more, everything = {}, set[str]()
    for clause in all_clauses(office):
        if clause.check is None:
            continue
        for day in DAYS:
            parameters = {name: p.on(max(day, p.values[0][0])) for name, p in clause.parameters.items()}
            read = _tables_read(office, clause.check, clause.id, parameters, day)
            everything |= read
            if extra := read - READS[clause.check]:
                more[clause.check] = sorted(extra)
    assert more == {}
    # What is named is read by some check: the watch is not blind. A deadline is asked for only where it can matter.
    assert everything | {"office_parameter"} == set().union(*READS.values())


def test_the_names_are_those_of_tables() -> None:
    assert set().union(*READS.values()) <= BY_NAME.keys()
    assert READS.keys() == CHECKS.keys()
