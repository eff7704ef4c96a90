"""Words that try something, wherever a person may type or a file may bring them.

``python -m tests.qa.hostile_words [--n N] [--seed S] [--control]``: each goes through the find boxes, as a name and a remark into
the ledger and out as a workbook, as the name of a file, and through the stars for numbers. Nothing may raise but a
sentence, no workbook may hold a formula, no file may land outside its folder, no number may come out whole.
The control writes a workbook with a library's usual settings and a name as it was typed.
"""

import io
import random
import tempfile
from pathlib import Path

import openpyxl

from db.errors import UserError
from db.records.entities import TOWNSHIP, VOLUNTEER
from db.records.identity import check_digit
from db.records.kinds import Invalid
from db.records.numbers_in_text import starred
from db.storage.store import Store
from desktop.services.search import initials
from forms import output
from forms.excel import workbook
from tests.qa.office import Counts, main

SEEDS = (
    "=1+1", "=cmd|'/c calc'!A1", "+1-1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "=HYPERLINK(\"http://x\",\"y\")", "＝1",
    "<img src=file:///etc/passwd>", "<b>粗", "&lt;", "<script>", "${jndi:ldap://x}", "{{7*7}}", "%s%n", "{0.__class__}",
    "' OR 1=1 --", "\"; DROP TABLE volunteer; --", "%", "_", "\\", "*", "?", "[", "(((((", "a" * 5000, "\x00", "\x07", "\ud800",
    "\u202egnp.exe", "\u200b", "\ufeff", "\U0001f9d1\u200d\U0001f692", "e\u0301", "𠮷", "\u2028",
    "../../x", "..\\..\\x", "/etc/x", "C:\\x", "CON", "nul.txt",
    "a:b", "aux ", ". .", "~", "-rf", "--out", "NaN", "Infinity", "1e999", "0x41", "１２３", "十二", "2026-02-30",
)  # fmt: skip


def trial(count: int, seed: int, control: bool = False) -> Counts:
    """Try `count` words."""
    found, dice = Counts(), random.Random(seed)
    with tempfile.TemporaryDirectory() as name, Store.memory() as store:
        folder = Path(name, "里面")
        folder.mkdir()
        for _ in range(count):
            word = "".join(dice.choices(SEEDS, k=dice.choice((1, 1, 2, 3))))
            if dice.random() < 0.3:
                word = word[: dice.randint(0, len(word))] + number(dice) + dice.choice(SEEDS)
            try:
                found[_tried(word, store, folder, control)] += 1
            except UserError:
                found["good: a sentence"] += 1
            except Exception as error:  # what must never be
                found[f"traceback {type(error).__name__}"] += 1
    return found


def number(dice: random.Random) -> str:
    """Return an invented resident's number with a right check character."""
    body = f"990987{dice.randint(1950, 2010)}0{dice.randint(1, 9)}1{dice.randint(0, 9)}{dice.randint(100, 999)}"
    return body + check_digit(body)


def _tried(word: str, store: Store, folder: Path, control: bool) -> str:
    initials(word)
    row = dict.fromkeys(VOLUNTEER.by_name)
    for f in VOLUNTEER.fields:
        try:
            row[f.name] = f.kind.parse(word)
            f.show(row[f.name])
        except Invalid:
            continue
    try:
        note = TOWNSHIP["name"].kind.parse(word)
    except Invalid:
        note = None
    if note is not None:
        with store.operation("试"):
            known = store.query("SELECT id FROM township WHERE name = ?", [str(note)])
            number_of = (
                known[0]["id"] if known else store.save(TOWNSHIP, dict.fromkeys(TOWNSHIP.by_name) | {"name": note})
            )
        content = (
            _plain_book(str(note))
            if control
            else workbook.export([(TOWNSHIP, [store.row(TOWNSHIP, number_of) or {}])], {})
        )
        cells = [c for line in openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows() for c in line]
        if any(c.data_type == "f" for c in cells):
            return "a formula in a workbook"
    name = word if control else output.safe_name(word)
    path = output.write_beside(folder / f"{name}.txt", b"x") if not control else folder / f"{name}.txt"
    if path.resolve().parent != folder.resolve() or not set(path.name).isdisjoint("\u202e\u200b\ufeff\x00\x07"):
        return "a file outside, or with a mark that is not seen"
    if starred(starred(word)) != starred(word):
        return "stars that change again"
    return "good"


def _plain_book(text: str) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = "".join(c for c in text if c.isprintable())
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


if __name__ == "__main__":
    main(__doc__, trial, 1000)
