"""How long a roster of 100,000 people takes against its floor: ``python -m tests.bench.import_roster [--rows N] [--runs N]``.

The bare floor reads the same workbook with calamine and writes the same rows with one `executemany` into the same
schema, without judging or logging anything. The logged floor leaves the audit triggers on, without which the program
never writes a row; the guarded one also inspects the file before it is parsed, without which it never reads one: what
is above that floor is finding the table, judging and the rest of the program. Floors and program take turns; a ratio
is the median of the pairs.
"""

import argparse
import io
import random
import statistics
import tempfile
from pathlib import Path

import python_calamine
import xlsxwriter

from db.records.entities import VOLUNTEER
from db.records.identity import check_digit
from db.storage import uids
from db.storage.store import Store
from desktop.services.importing import import_files
from forms.reading.safety import inspect
from tests.bench._clocks import Seconds, now, since
from tests.journeys.test_importing import TODAY

HEAD = (
    "姓名", "证件类型", "证件号码", "性别", "出生日期", "手机号码", "登记日期", "志愿者网编号", "志愿者网注册日期", "来源身份",
    "监护人姓名", "监护人电话", "信息核实日期", "退出日期", "备注",
)  # fmt: skip
NAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"


def roster(path: Path, rows: int) -> None:
    """Write a believable roster of invented people."""
    rng = random.Random(7)
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("志愿者")
    sheet.write_row(0, 0, HEAD)
    for i in range(rows):
        born = f"{rng.randint(1955, 2006)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}"
        body = f"99{rng.randint(1000, 9999)}{born}{i % 1000:03d}"
        sex = "男" if int(body[16]) % 2 else "女"
        name = rng.choice(NAMES) + chr(0x4E00 + i % 900) + chr(0x4E00 + i // 900)
        sheet.write_row(
            i + 1, 0,
            (name, "居民身份证", body + check_digit(body), sex, f"{born[:4]}-{born[4:6]}-{born[6:]}", f"139{i:08d}",
             f"20{rng.randint(15, 25)}-0{rng.randint(1, 9)}-1{rng.randint(0, 9)}", f"V{i:07d}", "2024-05-01",
             "红十字会员；救护员", "", "", "2025-03-05", "", f"第 {i} 号"),
        )  # fmt: skip
    book.close()


def floor(content: bytes, *, logged: bool = False, guarded: bool = False) -> Seconds:
    """Read and write with nothing in between; `logged`: the audit triggers write too; `guarded`: after an inspection."""
    with Store.memory() as store:
        columns = [f.name for f in VOLUNTEER.fields]
        order = [columns.index(next(f.name for f in VOLUNTEER.fields if f.label == h)) for h in HEAD]
        store.db.execute("INSERT INTO operation (kind, title, at) VALUES ('do', 'floor', '2026-11-21')")
        store.db.execute("INSERT INTO working (operation_id) VALUES (1)")
        if not logged:
            for (name,) in store.db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                store.db.execute(f"DROP TRIGGER {name}")
        start = now()
        if guarded:
            inspect(content, "roster.xlsx")
        rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
        names = ", ".join(columns[i] for i in order)
        with store.db.atomic():
            marks = ", ".join("?" * len(order))
            blank_is_nothing = ([c or None for c in row] for row in rows[1:])
            with_uid = ((*row, uid) for row, uid in zip(blank_is_nothing, uids.many(len(rows) - 1), strict=True))
            store.db.conn.executemany(f"INSERT INTO volunteer ({names}, uid) VALUES ({marks}, ?)", with_uid)
        return since(start)


def program(path: Path) -> Seconds:
    """Import as the command line does."""
    with Store.memory() as store:
        start = now()
        done = import_files(store, [path], today=TODAY)
        seconds = since(start)
        assert done.result.refused == 0, done.result.sheets[0].problems[:3]
        return seconds


def main() -> None:
    """Print the times and the ratios."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--runs", type=int, default=3)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "roster.xlsx"
        roster(path, given.rows)
        content = path.read_bytes()
        rounds = [
            (floor(content), floor(content, logged=True), floor(content, logged=True, guarded=True), program(path))
            for _ in range(given.runs)
        ]
    names = ("bare floor", "logged floor", "guarded floor")
    for i, measure in ((0, "clock"), (1, "processor")):
        for *floors, high in rounds:
            print(f"{measure}: program {high[i]:.2f} s", end="")
            for name, low in zip(names, floors, strict=True):
                print(f"; {name} {low[i]:.2f} s, ratio {high[i] / low[i]:.2f}", end="")
            print()
    for at, name in enumerate(names):
        clock, processor = (statistics.median(r[-1][i] / r[at][i] for r in rounds) for i in (0, 1))
        print(f"{name}: median ratio {clock:.2f}, processor {processor:.2f}", end="; ")
    print(f"{given.rows:,} rows x {len(HEAD)} columns")


if __name__ == "__main__":
    main()
