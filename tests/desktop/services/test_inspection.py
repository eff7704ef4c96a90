"""迎检包: numbers as in the 目录, links that lead somewhere, nothing unmasked, nothing skipped or half done."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pypdf
import pytest

from db.errors import Cancelled, UserError
from db.quarters import Period
from db.records.internal_entities import FUND_VOUCHER, TEAM_FILE
from db.rules.checks import check_office
from db.storage.store import Store
from db.tasks import teams
from db.tasks.assessments import assess
from db.tasks.attachments import attach, box_of
from desktop.__main__ import main
from desktop.services.inspection import FIRST, Made, write_inspection
from desktop.services.reporting import paper_data, quarter_data
from forms.papers import paper_named
from forms.papers.book import paper_book
from forms.report.materials import clause_numbers, sections
from tests.desktop.conftest import id_number
from tests.forms.pdf.archival_check import faults
from tests.offices.small import Desk

DAY = dt.date(2026, 10, 8)
PERIOD = Period.parse("2026Q3")
PHONE = "13800138000"


def _filled(folder: Path) -> Store:
    store, _ = Store.create(folder / "台账.boai-db")
    desk = Desk(store)
    team = desk.team(name="青石县救援队")
    for n in (1, 2):
        person = desk.person(name=f"队员{n}", id_type="resident_id", id_number=id_number(n), phone=PHONE)
        desk.join(team, person)
    entry = desk.money("2026-08-02", 50_000, summary="募捐")
    clause = next(r.clause for r in check_office(store, PERIOD.end) if r.clause.mode == "self" and r.listed)
    proofs = []
    for name, words in (
        ("会议纪要.txt", "纪要"),
        (f"名单{PHONE}.txt", "名单"),
        ("照片.jpg", "照片"),
        ("照片二.jpg", "丢"),
    ):
        (folder / name).write_text(words, encoding="utf-8")
        proofs.append(attach(store, folder / name, on=DAY))
    assess(
        store, clause.id, PERIOD.end, "done", text="已办", person="某人", on=DAY, attachments=proofs[:2] + proofs[3:]
    )
    with store.operation("档案"):
        teams.add_files(store, TEAM_FILE, team, [folder / "照片.jpg"], DAY)
        teams.add_files(store, FUND_VOUCHER, entry, [folder / "照片.jpg"], DAY)
    lost = store.query("SELECT sha256 FROM attachment WHERE name = '照片二.jpg'")[0]["sha256"]
    box_of(store).place(lost).unlink()
    return store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with _filled(tmp_path_factory.mktemp("office")) as store:
        yield store


@pytest.fixture(scope="module")
def made(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return write_inspection(store, PERIOD, tmp_path_factory.mktemp("out"), DAY, packed=True)


def _words(path: Path) -> str:
    if path.suffix == ".pdf":
        return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(path.read_bytes())).pages)
    return path.read_bytes().decode("utf-8", "replace")


def test_every_link_leads_to_a_file_and_every_file_has_one(made: Made) -> None:
    page = (made.folder / FIRST).read_text(encoding="utf-8")
    linked = {unquote(place) for place in re.findall(r'href="([^"]+)"', page)}
    there = {p.relative_to(made.folder).as_posix() for p in made.folder.rglob("*") if p.is_file()}
    assert linked == there - {FIRST}
    assert all(len(name.encode()) <= 200 and not re.search(r'[<>:"\\|?*]', name) for name in there)
    assert "<script" not in page
    assert [faults(p.read_bytes()) for p in made.folder.rglob("*.pdf")] == [[]] * len(list(made.folder.rglob("*.pdf")))


def test_the_numbers_are_those_of_the_other_papers(store: Store, made: Made) -> None:
    data = quarter_data(store, PERIOD, DAY)
    evidence = paper_data(store, paper_named("evidence"), data)
    found = sections(data.results, evidence.rows["evidence"], evidence.rows["archive"])
    numbers = {m.number for section in found for m in section.materials}
    assert len(numbers) == sum(len(section.materials) for section in found)
    files = {p.name.partition(" ")[0] for p in made.folder.glob("*/*")}
    lost = {words.partition(" ")[0] for words in made.lost}
    assert files | lost == numbers
    assert not files & lost
    assert len(lost) == 1
    assert {"档-1", "凭-1"} <= files
    by_clause = clause_numbers(data.results)
    for section in found:
        if section.result is not None:
            assert section.number == str(by_clause[section.result.clause.id])
    own = _words(made.folder / "00 合规自查表.pdf")
    book = paper_book(paper_named("evidence"), evidence)
    assert book
    assert own
    printed = _words(made.folder / "00 佐证材料目录.pdf")
    assert "文件缺失" in printed
    assert all(number in printed for number in numbers)
    assert "文件缺失" in (made.folder / FIRST).read_text(encoding="utf-8")


def test_what_is_copied_is_what_was_kept(store: Store, made: Made) -> None:
    copies = {p.read_text(encoding="utf-8") for p in made.folder.glob("*/*") if p.suffix in (".txt", ".jpg")}
    assert copies == {"纪要", "名单", "照片"}
    assert made.files == 4
    assert made.packed is not None
    with zipfile.ZipFile(made.packed) as packed:
        assert {name: packed.read(name) for name in packed.namelist()} == {
            p.relative_to(made.folder.parent).as_posix(): p.read_bytes() for p in made.folder.rglob("*") if p.is_file()
        }


def test_numbers_of_people_need_a_reason(store: Store, made: Made, tmp_path: Path) -> None:
    secrets = (id_number(1), id_number(2), PHONE)
    for path in made.folder.rglob("*"):
        assert not any(secret in path.name for secret in secrets)
        if path.suffix in (".pdf", ".html"):
            assert not any(secret in _words(path) for secret in secrets)
    with pytest.raises(UserError, match="原因"):
        write_inspection(store, PERIOD, tmp_path, DAY, masked=False, reason="  ")
    assert not list(tmp_path.iterdir())
    whole = write_inspection(store, PERIOD, tmp_path, DAY, masked=False, reason="核对证件")
    assert any(id_number(1) in _words(p) for p in whole.folder.glob("*/*.pdf"))
    said = [row["detail"] for row in store.query("SELECT detail FROM operation WHERE title = '导出迎检包' ORDER BY id")]
    assert "已遮挡" in said[0]
    assert "核对证件" in said[-1]


def test_never_half_done_and_never_over_another(store: Store, made: Made, tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        if done == 2:
            raise Cancelled("已取消")

    with pytest.raises(Cancelled):
        write_inspection(store, PERIOD, tmp_path, DAY, progress=stop)
    assert not list(tmp_path.iterdir())
    before = {p: p.read_bytes() for p in made.folder.rglob("*") if p.is_file()}
    again = write_inspection(store, PERIOD, made.folder.parent, DAY)
    assert again.folder.name == made.folder.name + "_2"
    assert {p: p.read_bytes() for p in before} == before
    assert {p.relative_to(again.folder) for p in again.folder.rglob("*")} == {
        p.relative_to(made.folder) for p in made.folder.rglob("*")
    }
    with pytest.raises(UserError, match="不能写到"):
        write_inspection(store, PERIOD, Path(f"{store.path}.files"), DAY)


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _filled(tmp_path).close()
    given = ["evidence", "2026Q3", "--db", str(tmp_path / "台账.boai-db"), "--out", str(tmp_path / "出")]
    assert main([*given, "--unmasked"]) == 2
    assert not (tmp_path / "出").exists()
    assert main([*given, "--zip"]) == 1
    told = capsys.readouterr()
    assert "已写出" in told.out
    assert "文件缺失" in told.err
    assert {p.suffix for p in (tmp_path / "出").iterdir()} == {"", ".zip"}
