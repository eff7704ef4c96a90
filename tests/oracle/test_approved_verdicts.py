"""A change of rule never rewrites the past: the example office's verdicts on eight quarter-ends, against approved ones.

`python -m tests.oracle.test_approved_verdicts` writes the file anew; read the difference before you keep it. A verdict for
an earlier date may change only where it was wrong, and the message of the change must say so.
"""

import datetime as dt
import json
import tempfile
from pathlib import Path

from db.quarters import Quarter
from db.rules.checks import check_office
from db.storage.store import Store
from desktop.services.importing import import_files
from forms.excel.example import example_workbooks

APPROVED = Path(__file__).parent.parent / "reference" / "verdicts.json"
QUARTERS = [Quarter(year, number) for year in (2025, 2026) for number in (1, 2, 3, 4)]


def verdicts() -> dict[str, dict[str, list[object]]]:
    """Return day → clause → [status, proposed, k, n] of the example office."""
    with tempfile.TemporaryDirectory() as folder, Store.memory() as store:
        books = []
        for name, content in example_workbooks().items():
            books.append(Path(folder) / name)
            books[-1].write_bytes(content)
        import_files(store, books, today=dt.date(2026, 10, 8))
        return {
            quarter.end.isoformat(): {
                r.clause.id: [r.status, r.proposed, r.k, r.n] for r in check_office(store, quarter.end)
            }
            for quarter in QUARTERS
        }


def test_no_verdict_of_the_past_has_changed() -> None:
    approved = json.loads(APPROVED.read_text(encoding="utf-8"))
    now = verdicts()
    assert now.keys() == approved.keys()
    changed = [
        f"{day} {clause}: {found}, approved {approved[day].get(clause)}"
        for day, clauses in now.items()
        for clause, found in clauses.items()
        if approved[day].get(clause) != found
    ]
    assert changed == []
    assert all(now[day].keys() == approved[day].keys() for day in now)


if __name__ == "__main__":
    lines = json.dumps(verdicts(), ensure_ascii=False, indent=1)
    # One clause a line, so that a difference can be read.
    APPROVED.write_text(
        "{\n" + ",\n".join(
            f' "{day}": {{\n' + ",\n".join(f'  "{c}": {json.dumps(v)}' for c, v in clauses.items()) + "\n }"
            for day, clauses in json.loads(lines).items()
        ) + "\n}\n",
        encoding="utf-8",
    )  # fmt: skip
