"""Any spreadsheet an office has: shapes and faults with known answers, hostile files, and damaged ones at random."""

import io
import random
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from db.records.entities import COVERAGE, ENTITIES, MEMBERSHIP, VOLUNTEER
from db.records.fields import Entity
from db.storage.store import Store
from desktop.services.importing import Imported, import_files
from forms.errors import FileTrouble
from forms.reading.files import read_tables
from tests.journeys.office_shapes import SHAPES
from tests.journeys.test_importing import TODAY
from tests.journeys.test_importing import book as plain_book
from tests.journeys.workbook_shapes import HEAD, INSURED, KNOWN, ROSTER, book, member, number, people, person
from tests.qa.fuzz_import import judge, mutant, seeds


@pytest.fixture
def office(store: Store, tmp_path: Path) -> Store:
    """A ledger that holds two teams and a policy."""
    import_files(store, [plain_book(tmp_path / "known.xlsx", KNOWN)], today=TODAY)
    return store


def content(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    return {e.name: store.db.execute(f"SELECT * FROM {e.name} ORDER BY id").fetchall() for e in ENTITIES}


def counts(done: Imported) -> dict[str, tuple[int, int]]:
    """Kind → (added, refused); a second table of the same kind is named so."""
    found: dict[str, tuple[int, int]] = {}
    for s in done.result.sheets:
        assert s.rows == s.added + s.updated + s.unchanged + s.refused
        found[s.kind if s.kind not in found else f"{s.kind} 2"] = (s.added, s.refused)
    return found


def test_there_are_enough_shapes() -> None:
    assert len(SHAPES) >= 95


@pytest.mark.parametrize("name", SHAPES)
def test_shape(name: str, office: Store, tmp_path: Path) -> None:
    shape = SHAPES[name]
    expected = shape.expected
    before = content(office)
    path = shape.write(tmp_path)
    if expected.trouble:
        with pytest.raises(FileTrouble, match=expected.trouble) as caught:
            import_files(office, [path], today=TODAY)
        assert path.name in str(caught.value)
        assert content(office) == before
        return
    done = import_files(office, [path], today=TODAY)
    assert counts(done) == expected.counts
    problems = sorted({(p.row, p.column) for s in done.result.sheets for p in s.problems if p.severity == "error"})
    assert problems == sorted(expected.problems)
    notes = "\n".join(note for s in done.result.sheets for note in s.notes)
    for words in expected.notes:
        assert words in notes
    assert [u for s in done.result.sheets for u in s.unknown] == list(expected.unknown)
    assert sum(s.unchanged for s in done.result.sheets) == expected.unchanged
    assert len({s.sheet for s in done.result.sheets}) == 1
    if done.refused_book:
        told = openpyxl.load_workbook(io.BytesIO(done.refused_book))
        assert sum(s.max_row - 1 for s in told.worksheets) == len({row for row, _ in problems})
    again = import_files(office, [path], today=TODAY)
    assert again.result.changed == 0
    office.undo()
    assert (content(office) == before) is (done.result.changed > 0) or done.result.changed == 0


@pytest.mark.parametrize("hidden", ["19900000001", number(1)])
def test_notes_and_messages_name_no_personal_numbers(hidden: str, office: Store, tmp_path: Path) -> None:
    rows = [INSURED, (*member(1), "没有的保单", "2026-01-01", "2026-12-31"), (*member(1, "没有的队"), "", "", "")]
    done = import_files(office, [book(tmp_path / "x.xlsx", rows)], today=TODAY)
    said = [*(n for s in done.result.sheets for n in s.notes)]
    said += [p.reason + p.value for s in done.result.sheets for p in s.problems]
    assert done.result.refused == 2
    assert not any(hidden in text for text in said)


def test_a_refused_roster_row_is_corrected_and_imported_again(office: Store, tmp_path: Path) -> None:
    rows = [ROSTER, member(0), (*person(1)[:3], "2021.5", "水上救援队", "队员", "2022-01-01")]
    done = import_files(office, [book(tmp_path / "x.xlsx", rows)], today=TODAY)
    assert done.refused_book is not None
    told = openpyxl.load_workbook(io.BytesIO(done.refused_book))
    assert [c.value for c in told.active[1]] == [*ROSTER, "问题说明"]
    assert told.active.max_row == 2
    told.active["D2"] = "2021-05-01"
    told.save(tmp_path / "again.xlsx")
    again = import_files(office, [tmp_path / "again.xlsx"], today=TODAY)
    assert counts(again) == {"volunteer": (1, 0), "membership": (1, 0)}


def test_what_the_shapes_put_into_the_ledger(office: Store, tmp_path: Path) -> None:
    def taken(name: str, entity: Entity, *fields: str) -> list[tuple[object, ...]]:
        import_files(office, [SHAPES[name].write(tmp_path)], today=TODAY)
        rows = [tuple(row[f] for f in fields) for row in office.rows(entity)]
        office.undo()
        return rows

    phones = [("19900000000",), ("19900000001",)]
    assert taken("group heads over two rows", VOLUNTEER, "phone") == phones
    assert taken("three rows of headings below a title", VOLUNTEER, "phone") == phones
    guardians = taken("a guardian's name and phone below a group head", VOLUNTEER, "name", "phone", "guardian_phone")
    assert guardians == [("张三", None, "19900000099"), ("李四", None, "19900000099")]
    assert taken("an emergency contact is not the volunteer", VOLUNTEER, "name", "phone") == [
        ("张三", None),
        ("李四", None),
    ]
    assert len({team for (team,) in taken("a team merged over its members", MEMBERSHIP, "team_id")}) == 1
    dates = [("2026-01-01", "2026-12-31")]
    assert taken("policy dates below a group head", COVERAGE, "start_on", "end_on") == dates
    days = taken("dates in every shape", VOLUNTEER, "registered_on")
    assert days == [("2021-05-01",)] * 5


def test_a_chosen_record_is_the_only_one(office: Store, tmp_path: Path) -> None:
    path = book(tmp_path / "x.xlsx", [ROSTER, member(0)])
    assert counts(import_files(office, [path], today=TODAY, kinds={"名单": "志愿者"})) == {"volunteer": (1, 0)}


# Hostile files: small ones that would eat memory or time.

SHEET = "xl/worksheets/sheet1.xml"
Change = Callable[[dict[str, bytes]], None]


def parts_of(path: Path) -> dict[str, bytes]:
    """Unpack a workbook."""
    with zipfile.ZipFile(path) as archive:
        return {n: archive.read(n) for n in archive.namelist()}


def packed(parts: dict[str, bytes], doubled: str = "") -> bytes:
    """Pack a workbook, one of its parts twice if asked."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
        if doubled:
            with pytest.warns(UserWarning, match="Duplicate"):
                archive.writestr(doubled, parts[doubled])
    return out.getvalue()


def under_windows_paths(parts: dict[str, bytes]) -> bytes:
    """Pack a workbook under paths with backslashes; Python on Windows would put them right by itself."""
    content = packed(parts)
    for name in parts:
        content = content.replace(name.encode(), name.replace("/", "\\").encode())
    return content


def replace_in(part: str, old: bytes, new: bytes) -> Change:
    """A change of one part."""

    def change(parts: dict[str, bytes]) -> None:
        assert old in parts[part], old
        parts[part] = parts[part].replace(old, new, 1)

    return change


def put(part: str, new: bytes) -> Change:
    """A new part, or another content of one."""
    return lambda parts: parts.update({part: new})


def only(part: str) -> Change:
    """Nothing but one part."""

    def change(parts: dict[str, bytes]) -> None:
        parts.clear()
        parts[part] = b"<w/>"

    return change


_DTD = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'
_ROWS = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
HOSTILE: dict[str, tuple[Change, str]] = {
    "a document type in a sheet": (replace_in(SHEET, b"<worksheet", _DTD + b"<worksheet"), "文档类型"),
    "a document type far below": (replace_in(SHEET, b"<sheetData>", b"<sheetData>" + b" " * 9000 + _DTD), "文档类型"),
    "a document type in the styles": (replace_in("xl/styles.xml", b"<styleSheet", _DTD + b"<styleSheet"), "文档类型"),
    "another encoding": (put(SHEET, (_ROWS % b"").decode().encode("utf-16")), "编码异常"),
    "a row beyond the grid": (replace_in(SHEET, b'<row r="2"', b'<row r="4294967295"'), "超出 Excel"),
    "a row just beyond the grid": (replace_in(SHEET, b'<row r="2"', b'<row r="1048577"'), "超出 Excel"),
    "a cell beyond the grid": (replace_in(SHEET, b'r="B2"', b'r="XFE2"'), "超出 Excel"),
    "a column of many letters": (replace_in(SHEET, b'r="B2"', b'r="ZZZZZZ2"'), "超出 Excel"),
    "a row number in code": (replace_in(SHEET, b'<row r="2"', b'<row r="&#57;9999999"'), "超出 Excel"),
    "ten million rows": (put(SHEET, _ROWS % (b"<row/>" * 10_000_000)), "过大|超出"),
    "rows with too many cells": (put(SHEET, _ROWS % (b"<row>" + b"<c/>" * 5_000_000 + b"</row>")), "过大"),
    "200 MB of blanks": (put(SHEET, _ROWS % (b" " * 199_000_000)), "不正常"),
    "a shared string of 100 MB": (put("xl/sharedStrings.xml", b"<sst><si><t>" + b"x" * 100_000_000), "过大|不正常"),
    "an attribute of 2 MB": (put(SHEET, _ROWS % (b'<row a="' + b"xy" * 1_000_000 + b'"/>')), "不正常"),
    "350 MB in all": (lambda p: p.update({f"xl/media/{i}.bin": bytes(70_000_000) for i in range(5)}), "过大"),
    "a part outside": (put("../evil.xml", b"<a/>"), "越界"),
    "an absolute part": (put("/etc/evil.xml", b"<a/>"), "越界"),
    "a part under a Windows path": (put("xl\\..\\..\\evil.xml", b"<a/>"), "越界"),
    "a merged cell beyond the grid": (
        replace_in(SHEET, b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:XFD9999999"/></mergeCells>'), "超出",
    ),
    "formats without end": (put("xl/styles.xml", b"<styleSheet>" + b'<xf a="1"/>' * 200_000 + b"</styleSheet>"), "过大"),
    "no sheet part": (lambda p: p.pop(SHEET) and None, "打不开"),
    "a string that is not there": (put(SHEET, _ROWS % b'<row r="1"><c r="A1" t="s"><v>9</v></c></row>'), "打不开"),
    "a word document": (only("word/document.xml"), "Word"),
    "a binary workbook": (only("xl/workbook.bin"), "xlsb"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_workbooks_get_one_sentence_soon(name: str, tmp_path: Path) -> None:
    parts = parts_of(book(tmp_path / "x.xlsx", [HEAD, *people(2)]))
    change, words = HOSTILE[name]
    change(parts)
    path = tmp_path / "坏.xlsx"
    path.write_bytes(packed(parts))
    parts.clear()
    refused_in_bounds(path, words)


def refused_in_bounds(path: Path, words: str) -> None:
    """Read a file that must be refused, in less than 3 seconds and 300 MB."""
    start = time.monotonic()
    with pytest.raises(FileTrouble, match=words):
        read_tables(path)
    seconds = time.monotonic() - start
    tracemalloc.start()  # slows the reading down
    try:
        with pytest.raises(FileTrouble, match=words) as caught:
            read_tables(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert seconds < 3
    assert peak < 300 * 1024 * 1024
    assert "没有导入任何内容" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_doubled_and_locked_parts(tmp_path: Path) -> None:
    parts = parts_of(book(tmp_path / "x.xlsx", [HEAD, *people(2)]))
    path = tmp_path / "坏.xlsx"
    path.write_bytes(packed(parts, SHEET))
    refused_in_bounds(path, "重复的部件")
    raw = bytearray(packed(parts))
    at = raw.find(b"PK\x01\x02")
    raw[at + 8] |= 1
    path.write_bytes(raw)
    refused_in_bounds(path, "打开密码")


@pytest.mark.parametrize("dimension", ["A1:XFD1048576", "A1", "C3:D4"])
def test_a_lying_dimension_changes_nothing(dimension: str, tmp_path: Path) -> None:
    parts = parts_of(book(tmp_path / "x.xlsx", [HEAD, *people(2)]))
    honest = read_tables(tmp_path / "x.xlsx")
    parts[SHEET] = parts[SHEET].replace(b'ref="A1:D3"', f'ref="{dimension}"'.encode())
    (tmp_path / "y.xlsx").write_bytes(packed(parts))
    assert read_tables(tmp_path / "y.xlsx") == honest


def test_a_far_corner_costs_little(tmp_path: Path) -> None:
    rows = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    parts = parts_of(book(tmp_path / "x.xlsx", [HEAD]))
    parts[SHEET] = _ROWS % rows
    (tmp_path / "y.xlsx").write_bytes(packed(parts))
    start = time.monotonic()
    (table,) = read_tables(tmp_path / "y.xlsx")
    assert time.monotonic() - start < 3
    assert [number for number, _ in table.rows] == [1, 1_048_576]
    tracemalloc.start()
    read_tables(tmp_path / "y.xlsx")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 50 * 1024 * 1024


def test_macros_are_ignored(office: Store, tmp_path: Path) -> None:
    parts = parts_of(book(tmp_path / "x.xlsx", [HEAD, *people(2)]))
    parts["xl/vbaProject.bin"] = b"\xd0\xcf\x11\xe0" * 100
    (tmp_path / "宏.xlsm").write_bytes(packed(parts))
    assert counts(import_files(office, [tmp_path / "宏.xlsm"], today=TODAY)) == {"volunteer": (2, 0)}


# Damaged files, at random but always the same ones; thousands more by `python -m tests.qa.fuzz_import`.


def test_damaged_files_are_refused_or_read_but_never_half(office: Store, tmp_path: Path) -> None:
    before = content(office)
    # The old format and PDF have a process for each.
    sound = [s for s in seeds(tmp_path) if not s.startswith((b"\xd0\xcf", b"%PDF"))]
    path = tmp_path / "坏.xlsx"
    answers = []
    for i in range(300):
        path.write_bytes(mutant(random.Random(20261121 + i), sound))
        answers.append(judge(office, before, path))
    assert min(answers.count("read"), answers.count("refused")) > 60
    assert set(answers) == {"read", "refused"}
