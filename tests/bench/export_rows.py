"""What a workbook of 100,000 people costs against its floor: ``python -m tests.bench.export_rows [--rows N] [--runs N]``.

The floor is `csv.writer` over the same rows, as text; both get the rows in memory and take turns. The ratio is the median
of the pairs. The workbook has every style, filter and print setting of the export.
"""

import argparse
import csv
import io
import random
import resource
import statistics

from db.records.entities import VOLUNTEER
from db.records.fields import Row
from db.records.kinds import Date
from forms.excel import workbook
from tests.bench._clocks import Seconds, now, since


def people(count: int) -> list[Row]:
    """Return rows of invented people as the ledger keeps them."""
    rng = random.Random(5)
    made = []
    for i in range(count):
        row: Row = dict.fromkeys(VOLUNTEER.by_name)
        born = f"{rng.randint(1955, 2006)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
        row |= {
            "id": i + 1, "name": rng.choice("赵钱孙李周吴郑王") + chr(0x4E00 + i % 900), "id_type": "resident_id",
            "id_number": f"99{rng.randint(1000, 9999)}{born.replace('-', '')}{i % 10000:04d}", "sex": rng.choice(("male", "female")),
            "birth_date": born, "phone": f"139{i:08d}", "registered_on": f"20{rng.randint(15, 25)}-05-1{rng.randint(0, 9)}",
            "platform_id": f"V{i:07d}", "platform_registered_on": "2024-05-01", "note": f"第{i}号" + (" <甲&乙>" if i % 50 == 0 else ""),
        }  # fmt: skip
        for f in VOLUNTEER.fields:  # a roster that is kept well has something everywhere
            if row[f.name] is None:
                row[f.name] = (
                    "2026-03-05" if isinstance(f.kind, Date) else f"1380000{i % 10000:04d}" if f.masked else "甲乙"
                )
        made.append(row)
    return made


def floor(rows: list[Row]) -> Seconds:
    """Write the same rows as text."""
    start = now()
    writer = csv.writer(io.StringIO())
    names = [f.name for f in VOLUNTEER.fields]
    writer.writerow([f.label for f in VOLUNTEER.fields])
    writer.writerows([row[n] for n in names] for row in rows)
    return since(start)


def ours(rows: list[Row]) -> tuple[Seconds, int]:
    """Write the workbook; return seconds and bytes."""
    start = now()
    content = workbook.export([(VOLUNTEER, rows)], {})
    return since(start), len(content)


def main() -> None:
    """Print the times and the ratio."""
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--runs", type=int, default=5)
    given = options.parse_args()
    rows = people(given.rows)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    _, size = ours(rows)
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024  # before the floor takes any
    pairs = []
    for _ in range(given.runs):
        a = floor(rows)
        b, _ = ours(rows)
        pairs.append((a, b))
    a, b = (statistics.median(p[k][0] for p in pairs) for k in (0, 1))
    clock, processor = (statistics.median(b[i] / a[i] for a, b in pairs) for i in (0, 1))
    print(
        f"{given.rows:,} rows x {len(VOLUNTEER.fields)} columns: csv {a:.2f} s, workbook {b:.2f} s, {size / 2**20:.1f} MiB, "
        f"ratio {clock:.2f}, of the processor {processor:.2f} (goal 2.50), {more:.0f} MiB more memory"
    )


if __name__ == "__main__":
    main()
