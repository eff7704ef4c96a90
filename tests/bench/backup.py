"""A backup of a large office and its restore on a computer that knows nothing of it: ``python -m tests.bench.backup [--people N]``.

Prints the seconds of each and whether every row came back (a hash over all of them and the log).
"""

import argparse
import datetime as dt
import os
import tempfile
import time
from pathlib import Path

from db.records.entities import VOLUNTEER
from db.records.fields import Row
from db.records.identity import check_digit
from db.storage import vault
from db.storage.store import Store
from db.tasks import backup, restoring
from tests.qa.office import AT, content


def main() -> None:
    """Measure it."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--people", type=int, default=50_000)
    people = options.parse_args().people
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["BOAI_DATA"] = str(folder / "data")
        store, secret = Store.create(folder / "台账.boai-db")
        with store:
            with store.operation("导入"):
                store.insert_many(VOLUNTEER, [person(n) for n in range(people)])
            before = content(store)
            start = time.perf_counter()
            made = backup.back_up(store, folder / "a.boai-backup", AT)
            done = time.perf_counter()
        os.environ["BOAI_DATA"] = str(folder / "elsewhere")
        place = folder / "new" / "台账.boai-db"
        again = time.perf_counter()
        restoring.restore(made.path, place, AT, lambda path: vault.unlock(path, recovery_code=secret.code()))
        with Store.open(place, recovery_code=secret.code(), read_only=True) as store:
            took = time.perf_counter() - again
            same = content(store) == before
        size = made.path.stat().st_size / 1e6
        print(f"{people} people, {size:.0f} MB: backup {done - start:.1f} s, restored and open {took:.1f} s")
        print(f"all rows equal: {same}")


def person(number: int) -> Row:
    """An invented volunteer."""
    birth = dt.date(1950, 1, 1) + dt.timedelta(days=number % 18_000)
    body = f"990987{birth:%Y%m%d}{number // 18_000:03d}"
    values: Row = {f.name: None for f in VOLUNTEER.fields}
    return values | {
        "id": number + 1, "name": f"甲{number}", "id_type": "resident_id", "id_number": body + check_digit(body),
        "registered_on": "2024-01-01", "birth_date": birth.isoformat(),
    }  # fmt: skip


if __name__ == "__main__":
    main()
