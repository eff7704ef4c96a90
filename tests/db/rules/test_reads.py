"""Each check names the tables it reads; one that reads another is found."""

import ast
import datetime as dt
import inspect
from collections import Counter
from pathlib import Path

import pytest

from db.records.entities import BY_NAME
from db.rules.checks import CHECKS, READS, all_clauses
from db.rules.checks.case import Case
from db.rules.register import register
from db.storage.store import Store
from desktop.services.importing import import_files
from tests.offices.builders import random_office
from tests.offices.workbook import write_workbook

ROOT = Path(__file__).resolve().parents[3]
_WITH_WORDS = (ast.Module, ast.ClassDef, ast.FunctionDef)
_READ = 20  # SQLITE_READ: what the driver's authorizer is told of each column that a statement reads
DAYS = (dt.date(2026, 3, 31), dt.date(2026, 12, 31))


def _documented(node: ast.Module | ast.ClassDef | ast.FunctionDef) -> bool:
    return bool(node.body) and isinstance(node.body[0], ast.Expr) and isinstance(node.body[0].value, ast.Constant)


def _tables_read(
    store: Store, name: str, clause: str, parameters: dict[str, object], day: dt.date, level: str
) -> set[str]:
    seen: set[str] = set()

    def note(action: int, table: str | None, *_: object) -> int:
        if action == _READ and table in BY_NAME:
            seen.add(str(table))
        return 0

    case = Case(store, day, level)
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
            for level in ("county", "city"):
                read = _tables_read(office, clause.check, clause.id, parameters, day, level)
                everything |= read
                if extra := read - READS[clause.check]:
                    more[clause.check] = sorted(extra)
    assert more == {}
    # What is named is read by some check: the watch is not blind. A deadline is asked for only where it can matter.
    assert everything | {"office_parameter"} == set().union(*READS.values())


def test_the_names_are_those_of_tables() -> None:
    assert set().union(*READS.values()) <= BY_NAME.keys()
    assert READS.keys() == CHECKS.keys()


def test_no_clause_number_stands_in_python() -> None:
    """Law is data: which clause it is, a check is told; no string of the program names one, documentation apart."""
    numbers = {clause.id for clause in register()}
    found = []
    for package in ("db", "forms", "desktop"):
        for path in sorted((ROOT / package).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            said = {id(n.body[0].value) for n in ast.walk(tree) if isinstance(n, _WITH_WORDS) and _documented(n)}
            found += [
                f"{path.relative_to(ROOT)}:{n.lineno}"
                for n in ast.walk(tree)
                if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in said
                and any(number in n.value for number in numbers)
            ]  # fmt: skip
    assert len(numbers) > 100
    assert found == []


def test_every_parameter_is_one_that_the_check_takes_and_none_is_left_out() -> None:
    """So a clause of a known shape is its table alone: what a check needs is named in the rule file, and nothing else."""
    for clause in register():
        if clause.check is not None:
            wanted = inspect.signature(CHECKS[clause.check]).parameters.values()
            names = {p.name for p in wanted if p.kind is p.KEYWORD_ONLY}
            assert clause.parameters.keys() == names, clause.id
            assert all(p.default is p.empty for p in wanted), clause.id
    shared = Counter(clause.check for clause in register() if clause.check is not None)
    assert sum(number > 1 for number in shared.values()) >= 5
