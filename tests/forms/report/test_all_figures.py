"""Every figure of a quarter, read back from the finished files: paper, workbook, Word and JSON say the same."""

import io
import json
import random
import re
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pdfplumber
import pypdf
import pytest

from db.storage.store import Store
from desktop.__main__ import main
from desktop.services.reporting import quarter_data, write_report
from forms.pdf.document import ReportDocument
from forms.pdf.typeset import CLOSE, OPEN
from forms.report.figure_labels import LABELS, shown
from forms.report.pdf import TEAM_COLUMNS
from forms.report.report_text import FIELD, fields, parts
from forms.report.workbook import KEY_SHEET, number
from tests.forms.report.test_quarterly import DAY, QUARTER, filled

_UNIT = re.compile(r"（.*）$")


def pattern(template: str) -> re.Pattern[str]:
    """Return what finds a part's fields in a text without blanks."""
    made, at, seen = "", 0, set()
    for found in FIELD.finditer(template):
        name = found[1]
        made += re.escape(re.sub(r"\s", "", template[at : found.start()]))
        # A field that stands twice must read the same twice.
        made += f"(?P=f{name})" if name in seen else f"(?P<f{name}>[^。]+?)"
        seen.add(name)
        at = found.end()
    return re.compile(made + re.escape(re.sub(r"\s", "", template[at:])))


def read_fields(text: str, templates: list[str]) -> dict[str, set[str]]:
    """Return what each field reads as in a printed text."""
    found: dict[str, set[str]] = {}
    at = 0
    for template in templates:
        match = pattern(template).search(text, at)
        assert match is not None, template
        at = match.end()
        for name, value in match.groupdict().items():
            found.setdefault(name[1:], set()).add(value)
    return found


@pytest.mark.parametrize("seed", [2, 12])
def test_all_files_say_the_same(seed: int, ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The text's figures and every cell of the team table, against `boai figures --json`."""
    with Store.open(ledger) as store:
        filled(store, tmp_path, seed)
        data = quarter_data(store, QUARTER, DAY)
        pdf_path, book_path, word_path = write_report(store, QUARTER, tmp_path / "out", DAY, ("pdf", "xlsx", "docx"))
    capsys.readouterr()
    assert main(["--db", str(ledger), "figures", "2026Q3", "--json"]) == 0
    truth = json.loads(capsys.readouterr().out)
    office = truth["office"]
    templates = [p.text for p in parts(data) if p.text and not p.own]
    known = fields(data)

    with pdfplumber.open(pdf_path) as pdf:
        printed = "".join(page.extract_text() or "" for page in pdf.pages)
        tables = [t for page in pdf.pages for t in page.extract_tables()]
    # Page numbers stand between lines of a sentence that runs over.
    printed = re.sub(r"—\s*\d+\s*—", "", re.sub(r"\s", "", printed))
    word = docx.Document(str(word_path))
    written = re.sub(r"\s", "", "".join(p.text for p in word.paragraphs))
    for text in (printed, written):
        found = read_fields(text, templates)
        checked = 0
        for name, label in LABELS.items():
            plain = _UNIT.sub("", label)
            if plain in found:
                assert found[plain] == {
                    shown(name, office[name]).replace(",", "").removesuffix(".00").removesuffix(".0")
                } or (name.endswith("_fen") and float(*found[plain]) == office[name] / 100), plain
                checked += 1
        assert checked >= 8
        assert all(values == {known[name]} for name, values in found.items())

    names = [t["team"] for t in truth["teams"]]
    wanted = {t["team"]: [shown(k, t[k]) for k, *_ in TEAM_COLUMNS] for t in truth["teams"]}
    wanted["合计"] = [shown(k, office[k]) for k, *_ in TEAM_COLUMNS]
    on_paper = {}
    for table in tables:
        for row in table:
            cells = [re.sub(r"\s", "", c or "") for c in row]
            label = re.sub(r"（.*）$", "", cells[1] if cells[1] else cells[0])
            if label in wanted and len(cells) == 3 + len(TEAM_COLUMNS):
                on_paper[label] = cells[3:]
    in_word = {}
    for row in word.tables[0].rows:
        cells = [c.text for c in row.cells]
        label = re.sub(r"（.*）$", "", cells[1])
        if label in wanted:
            in_word[label] = cells[3:]
    listed = [n for n in names if n in in_word]
    assert listed
    assert {n: on_paper[n] for n in (*listed, "合计")} == {n: wanted[n] for n in (*listed, "合计")}
    assert {n: in_word[n] for n in (*listed, "合计")} == {n: wanted[n] for n in (*listed, "合计")}

    book = openpyxl.load_workbook(book_path, data_only=True)
    codes: dict[str, str] = {
        r[3]: r[2] for r in book[KEY_SHEET].iter_rows(values_only=True) if r[:2] == ("column", "队伍")
    }
    rows: dict[Any, int] = {c.value: c.row for c in book["队伍"]["B"]}
    for name, figures in ((t["team"], t) for t in truth["teams"] if t["team"] in listed):
        for key, letters in codes.items():
            if key in figures:
                assert book["队伍"][f"{letters}{rows[name]}"].value == pytest.approx(number(key, figures[key])), (
                    name,
                    key,
                )
    summary = {r[1]: r[2] for r in book["汇总表"].iter_rows(min_row=5, values_only=True)}
    rows = {k: label for k, label in LABELS.items() if not k.endswith("_ytd_fen")}
    assert {k: pytest.approx(number(k, office[k])) for k in rows} == {k: summary[label] for k, label in rows.items()}


HAN = "的一是了我不人在他有这中大来上国个到说们为子和你地出会也时要就可以对生能而那得于着下自之年过发后作里"
OPENING, CLOSING = sorted(OPEN - {"￥"}), "，。、；：？！）》”’】"


def random_text(rng: random.Random, length: int) -> str:
    """Return Han, marks and numbers in no order that makes sense."""
    made: list[str] = []
    while sum(map(len, made)) < length:
        word = "".join(rng.choices(HAN, k=rng.randint(1, 7)))
        kind = rng.randrange(6)
        if kind == 0:
            word = rng.choice(OPENING) + word
        elif kind in (1, 2):
            word += "".join(rng.choices(CLOSING, k=rng.randint(1, 2)))
        elif kind == 3:
            word = f"{rng.randint(0, 10**9):,}{word}"
        made.append(word)
    return "".join(made)


def test_no_line_of_a_hundred_pages_breaks_a_rule() -> None:
    """Read back from the finished pages: no line begins with a closing mark or ends with an opening one."""
    rng = random.Random(20260930)
    doc = ReportDocument("随机文字", issued_on=DAY)
    for _ in range(370):
        doc.body(random_text(rng, rng.randint(120, 260)))
    content = doc.render(system_fonts=False)
    assert doc.page_count >= 100
    lines = 0
    for page in pypdf.PdfReader(io.BytesIO(content)).pages:
        for line in page.extract_text().splitlines():
            text = line.strip()
            if not text or re.fullmatch(r"—\s*\d+\s*—", text):
                continue
            lines += 1
            assert text[0] not in CLOSE, text
            assert text[-1] not in OPEN, text
    assert lines >= 21 * doc.page_count * 0.9
