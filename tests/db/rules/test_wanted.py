"""The list of data that verdicts wait for: every clause that lacks some is on it, and leads to a field that exists."""

import datetime as dt
from pathlib import Path

import pytest

from db.records.entities import BY_NAME
from db.rules.checks import check_office
from db.rules.register import register
from db.rules.wanted import evidence_fields, wanted
from db.storage.store import Store
from desktop.services.importing import import_files
from tests.offices.workbook import write_workbook
from tests.oracle.program import TODAY
from tests.oracle.semi_dice import enriched_office

DAY = dt.date(2026, 12, 31)


def test_every_computed_clause_names_fields_that_exist() -> None:
    """`evidence` is what the list is made from: a record's field in it that there is not would be lost without a word."""
    for clause in register():
        if clause.check is not None:
            found = evidence_fields(clause)
            assert found, clause.id
            assert all(name in BY_NAME[record].by_name for record, names in found.items() for name in names)


@pytest.mark.parametrize("seed", range(3))
def test_every_clause_that_lacks_data_waits_on_the_list(seed: int, tmp_path: Path) -> None:
    """In random offices: each waiting clause stands on the list, each line names fields, and records that exist."""
    office, _ = enriched_office(seed)
    book = tmp_path / "office.xlsx"
    write_workbook(office, book, messy=False, seed=seed)
    with Store.memory() as store:
        import_files(store, [book], today=TODAY)
        results = check_office(store, DAY)
        wants = wanted(store, results)
        waiting = {r.clause.id for r in results if r.listed and r.status == "missing_data"}
        assert {clause.id for want in wants for clause in want.clauses} == waiting
        assert waiting
        for want in wants:
            assert want.fields, want
            assert want.clauses
            assert set(want.ids) <= {row["id"] for row in store.rows(BY_NAME[want.record])}


def test_a_line_names_the_record_and_the_blank_field(tmp_path: Path) -> None:
    """A first-aid training that does not say whether it has blood in it is named with that field, once for both clauses."""
    with Store.memory() as store:
        with store.operation("测试"):
            for item, content in (("name", "安澜县红十字会"), ("level", "县级")):
                store.save(BY_NAME["office"], {"item": item, "content": content})
            training = BY_NAME["training"]
            store.save(
                training,
                dict.fromkeys(training.by_name)
                | {"code": "PX1", "name": "救护班", "category": "first_aid", "start_on": "2026-11-02",
                   "class_minutes": 480, "person_times": 30},
            )  # fmt: skip
        results = check_office(store, DAY)
        wants = wanted(store, results)
        line = next(want for want in wants if want.record == "training")
        assert line.title == "培训：救护班"
        assert line.fields == ("含无偿献血科普",)
        assert {clause.id for clause in line.clauses} == {"B25-2-4", "B25-2-5"}
        asked = next(want for want in wants if "是否灾害多发" in want.fields)
        assert asked.record == "office"
        assert asked.title == "本会情况"


def test_a_new_record_says_what_its_clause_knows() -> None:
    """去登记: the category where the evidence names one, the sub-category where it is spelled out, none of several."""
    from dataclasses import replace

    from db.rules.register import register
    from db.rules.wanted import known_values

    clause = next(c for c in register() if c.record == "work_record")
    for evidence, known in (
        ("work_record(category=plan).topics", {"category": "plan"}),
        ("work_record(category=other, subcategory=基层组织)", {"category": "other", "subcategory": "基层组织"}),
        ("work_record(category=plan or document).topics", {}), ("work_record(category=document, visit).title", {}),
        ("work_record(category=plan), work_record(category=meeting)", {}), ("work_record.title", {}),
    ):  # fmt: skip
        assert known_values(replace(clause, evidence=evidence)) == known, evidence
