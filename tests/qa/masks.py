"""Numbers of people typed where they do not belong: ``python -m tests.qa.masks [--n OFFICES] [--seed S] [--control]``.

A random office gets, in every free text of every record, a resident's number and a mobile number in one of the forms in
which people write them. Then everything is written that can be written without a reason: report, papers, lists, the
export, the province's table, the evidence pack, a package, verdicts and figures as JSON, what the search shows. No such
number and no number of a volunteer may be read in any of it, in whatever way a file is taken apart. The control exports
with whole numbers.
"""

import contextlib
import datetime as dt
import io
import json
import random
import re
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pypdf

from db.errors import UserError
from db.quarters import Period, Quarter
from db.records.entities import ENTITIES, VOLUNTEER
from db.records.kinds import NumberName, Text
from db.records.numbers_in_text import check_digit
from db.storage.store import Store
from desktop.__main__ import main as command
from desktop.services import packages, reporting, search
from desktop.services.editions import submit
from desktop.services.importing import import_files
from desktop.services.inspection import write_inspection
from forms.papers import PAPERS
from tests.offices.workbook import write_workbook
from tests.oracle.edition_dice import turned_office
from tests.qa.office import Counts, main

TODAY = dt.date(2026, 10, 8)
QUARTER = Quarter(2026, 3)
# Ways in which people write a number; what comes out must not hold its digits in a row.
_WRITTEN = (
    "{id}", "身份证{id}", "{id_in_parts}", "{id_full}", "电话{phone}", "{phone_in_parts}", "+86 {phone}", "{phone_full}",
    "微信{phone}",
)  # fmt: skip
_FULL = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


def trial(count: int, seed: int, control: bool = False) -> Counts:
    """Try `count` offices; return how many outputs were good, or what could be read where."""
    found = Counts()
    for number in range(seed, seed + count):
        with tempfile.TemporaryDirectory() as name:
            for outcome in _office(Path(name), number, control):
                found[outcome] += 1
    return found


def _office(folder: Path, seed: int, control: bool) -> Iterator[str]:
    book, ledger, out = folder / "office.xlsx", folder / "ledger.boai-db", folder / "out"
    write_workbook(turned_office(seed), book, messy=False, seed=seed)
    dice = random.Random(seed)
    secret_numbers = _numbers(dice)
    code = folder / "code.txt"
    store, secret = Store.create(ledger)
    code.write_text(secret.code(), encoding="utf-8")
    with store:
        import_files(store, [book], today=TODAY)
        _plant(store, dice, secret_numbers)
        known = {*secret_numbers.values()} | {
            str(row[name]) for row in store.rows(VOLUNTEER) for name in ("id_number", "phone") if row[name]
        }
        out.mkdir()
        if control:
            reporting.export_records(store, ENTITIES, out / "完整.xlsx", masked=False, reason="对照")
        else:
            _write_all(store, out)
    if not control:
        for words in (("check", "2026-09-30", "--json"), ("figures", "2026Q3", "--json"), ("check", "2026-09-30")):
            said = io.StringIO()
            with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
                command([*words, "--db", str(ledger), "--recovery-code-file", str(code)])
            (out / f"{'-'.join(words)}.txt").write_text(said.getvalue(), encoding="utf-8")
    for file in sorted(p for p in out.rglob("*") if p.is_file()):
        name = file.relative_to(out).as_posix()
        read = "\n".join((_plain(name), *_texts(name, file.read_bytes())))
        seen = [n for n in known if n in read]
        yield f"a number can be read in {name.partition('/')[0]}" if seen else "good"


def _numbers(dice: random.Random) -> dict[str, str]:
    body = f"110101{dice.randint(1950, 2005)}0{dice.randint(1, 9)}1{dice.randint(0, 9)}{dice.randint(100, 999)}"
    return {"id": body + check_digit(body), "phone": f"139{dice.randint(10000000, 99999999)}"}


def _plant(store: Store, dice: random.Random, numbers: dict[str, str]) -> None:
    """Write a number into every free text of every row."""
    number, phone = numbers["id"], numbers["phone"]
    forms = numbers | {
        "id_in_parts": f"{number[:6]} {number[6:14]} {number[14:]}", "id_full": number.translate(_FULL),
        "phone_in_parts": f"{phone[:3]}-{phone[3:7]}-{phone[7:]}", "phone_full": phone.translate(_FULL),
    }  # fmt: skip
    with store.operation("试"):
        for entity in ENTITIES:
            for f in entity.fields:
                if isinstance(f.kind, Text) and f.kind.free and not isinstance(f.kind, NumberName):
                    written = " " + dice.choice(_WRITTEN).format(**forms)
                    column = f'"{f.name}"'
                    store._write(
                        f'UPDATE "{entity.name}" SET {column} = {column} || ? WHERE {column} IS NOT NULL', [[written]]
                    )
        reporting.save_text(store, QUARTER, "own.work", f"另有联系人电话{phone}。")


def _write_all(store: Store, out: Path) -> None:
    for period in (QUARTER, Period(2026, 1, 6)):
        reporting.write_report(store, period, out / f"报告{period}", TODAY)
        reporting.write_province(store, period, out / f"省表{period}", TODAY)
        write_inspection(store, period, out / f"迎检包{period}", TODAY, packed=True)
    people = [int(row["id"] or 0) for row in store.rows(VOLUNTEER)[:2]]
    for paper in PAPERS:
        for form in ("pdf", "xlsx"):
            with contextlib.suppress(UserError):  # one without tables, or without a training
                reporting.write_papers(
                    store, [paper], QUARTER, out / f"{paper.title}.{form}", TODAY, formats=(form,),
                    persons=people if paper.by_person else (),
                )  # fmt: skip
    reporting.export_records(store, ENTITIES, out / "导出.xlsx")
    entries = search.build(store, [(entity, ()) for entity in ENTITIES if entity.title])
    (out / "查找.txt").write_text("\n".join(f"{e.title} {e.note}" for e in entries), encoding="utf-8")
    submit(store, QUARTER, {"prepare": "王某", "review": "李某", "sign": "赵某"}, TODAY, TODAY)
    packages.write_package(store, QUARTER, out / "报送包.boai")


def _texts(name: str, content: bytes) -> Iterator[str]:
    """Yield all that can be read in a file, narrow, without white space and dashes."""
    if content.startswith(b"%PDF"):
        text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    elif zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for part in archive.namelist():
                yield _plain(part)
                yield from _texts(part, archive.read(part))
        return
    else:
        text = content.decode("utf-8", "replace")
        if name.endswith(".json"):
            text += json.dumps(json.loads(text), ensure_ascii=False)
        text = re.sub(r"<[^>]*>", "", text)
    yield _plain(text)


def _plain(text: str) -> str:
    return re.sub(r"[\s\-–—]", "", unicodedata.normalize("NFKC", text)).upper()


if __name__ == "__main__":
    main(__doc__, trial, 20)
