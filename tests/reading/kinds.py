"""Import made-up workbooks of every kind and compare with the known answers: ``python -m tests.reading.kinds --n 500``."""

import argparse
import datetime as dt
import json
import random
import sys
import tempfile
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.styles import Font

from db.errors import UserError
from db.quarters import Period
from db.queries.figures import period_figures
from db.records.entities import BY_NAME
from db.storage.store import Store
from desktop.services.importing import import_files
from tests.reading.made import KINDS, Made, Rows

TODAY = dt.date(2026, 10, 10)


def write(path: Path, sheets: dict[str, Rows], looks: dict[tuple[str, int, int], str]) -> Path:
    """Write a workbook; `looks` are strike or a number format by (sheet, row, column)."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    for (name, row, column), look in looks.items():
        cell = book[name].cell(row, column)
        if look == "strike":
            cell.font = Font(strike=True)
        else:
            cell.number_format = look
    book.save(path)
    book.close()
    return path


def found(made: Made, folder: Path) -> dict[str, Any]:
    """Import a case into a fresh ledger and return what became of it, as far as `made.right` asks."""
    answers: dict[str, Any] = {"trouble": False, "refused": 0}
    with Store.memory() as store:
        with store.operation("建立台账"):
            for item, content in (("name", "江河县红十字会"), ("level", "县级")):
                store.save(BY_NAME["office"], {"item": item, "content": content})
        for n, sheets in enumerate(made.files):
            looks = {(s, r, c): look for (file, s, r, c), look in made.looks.items() if file == n}
            path = write(folder / f"{n}.xlsx", sheets, looks)
            try:
                done = import_files(store, [path], today=TODAY, mapping=made.mapping)
                answers["refused"] = done.result.refused
            except UserError:
                answers["trouble"] = True
        answers |= period_figures(store, Period.parse("2026Q3"))["office"]
        answers |= {name: len(store.rows(BY_NAME[name])) for name in BY_NAME}
        answers |= _details(store)
    return {key: answers[key] for key in made.right}


def _details(store: Store) -> dict[str, Any]:
    people, entries = store.rows(BY_NAME["volunteer"]), store.rows(BY_NAME["fund_entry"])
    blood = store.rows(BY_NAME["blood_result"])
    return {
        "audience": sum(int(r["audience"] or 0) for r in store.rows(BY_NAME["activity"])),
        "voucher": next((r["voucher"] for r in entries), None),
        "valid_until": [r["valid_until"] for r in store.rows(BY_NAME["attendance"])],
        "ml": sum(int(r["ml"] or 0) for r in blood), "persons": sum(int(r["person_times"] or 0) for r in blood),
        "goods": sum(int(r["quantity_milli"] or 0) for r in store.rows(BY_NAME["goods_entry"])) // 1000,
        "sources": next((r["sources"] for r in people), None),
        "pending": sum(r["id_type"] == "pending" for r in people),
        "registered": next((r["registered_on"] for r in people), None),
    }  # fmt: skip


def run(count: int, seed: int = 0, only: str = "") -> list[str]:
    """Try `count` cases, kind after kind; return what was wrong."""
    wrong = []
    names = [only] if only else list(KINDS)
    with tempfile.TemporaryDirectory() as folder:
        for n in range(count):
            name = names[n % len(names)]
            made = KINDS[name](random.Random(f"{name}-{seed + n}"))
            got = found(made, Path(folder))
            if got != made.right:
                wrong.append(
                    f"{name} {seed + n}: {json.dumps(got, ensure_ascii=False, default=str)} is not {made.right}\n{made.files}"
                )
    return wrong


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", choices=["", *KINDS])
    options = parser.parse_args()
    wrong = run(options.n, options.seed, options.only)
    for text in wrong[:20]:
        print(text[:1500])
    print(f"{options.n} cases of {len(KINDS)} kinds, {len(wrong)} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
