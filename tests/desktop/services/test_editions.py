"""What was handed up stays as it was: bytes, figures and verdicts; every later change is told with its cause."""

import datetime as dt
import hashlib
import random
from collections.abc import Iterator
from pathlib import Path

import docx
import openpyxl
import pypdf
import pytest

from db.errors import Damaged, UserError
from db.quarters import Period, Quarter
from db.queries.figures import period_figures
from db.records.entities import ACTIVITY, FUND_ENTRY, MEMBERSHIP, SERVICE_RECORD, TEAM, TRAINING, VOLUNTEER, WORK_RECORD
from db.records.fields import Entity, Row
from db.storage.store import Store
from db.tasks.editions import edition_of, editions, files_of, frozen_before, untrue
from db.tasks.quarter_steps import mark_step
from db.tasks.verifying import verify
from desktop.services.editions import difference, submit, write_edition
from tests.desktop.conftest import fill, id_number
from tests.forms.pdf.archival_check import faults

TODAY = dt.date(2026, 10, 12)
Q3 = Quarter(2026, 3)
PEOPLE = {"prepare": "许文澜", "review": "周敏", "sign": "王安"}


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.memory() as opened:
        fill(opened)
        yield opened


@pytest.fixture
def frozen(store: Store) -> Store:
    submit(store, Q3, PEOPLE, dt.date(2026, 10, 9), TODAY)
    return store


def _write(store: Store, entity: Entity, **values: object) -> int:
    with store.operation("改"):
        whole = values if "id" in values else dict.fromkeys(entity.by_name) | values
        return store.save(entity, whole)  # type: ignore[arg-type]


def test_the_files_are_the_same_bytes_whatever_is_changed_later(frozen: Store, tmp_path: Path) -> None:
    """A thousand edits later, in other folders: SHA-256 as the manifest has them."""
    before = {p.name: p.read_bytes() for p in write_edition(frozen, Q3, None, tmp_path / "a")}
    assert {Path(name).suffix for name in before} == {".pdf", ".xlsx", ".docx"}
    dice = random.Random(5)
    for n in range(1000):
        with frozen.operation("改"):
            frozen.save(VOLUNTEER, {"id": dice.randint(1, 4), "name": f"改名{n}"})
    after = {p.name: p.read_bytes() for p in write_edition(frozen, Q3, 1, tmp_path / "b")}
    assert after == before
    listed = {f["name"]: f["sha256"] for f in edition_of(frozen, Q3).manifest["files"]}
    assert {name: hashlib.sha256(content).hexdigest() for name, content in after.items()} == listed


def test_no_file_of_that_name_is_written_over(frozen: Store, tmp_path: Path) -> None:
    first = write_edition(frozen, Q3, None, tmp_path)
    first[0].write_bytes(b"other")
    again = write_edition(frozen, Q3, None, tmp_path)
    assert first[0].read_bytes() == b"other"
    assert again[0].stem == first[0].stem + "_2"
    assert again[1:] == first[1:]


def test_steps_are_recorded_as_they_were_and_never_ticked_by_themselves(store: Store) -> None:
    done = submit(store, Q3, {"prepare": "许文澜", "review": "许文澜"}, dt.date(2026, 10, 9), TODAY)
    assert done.edition.manifest["steps"] == {
        "prepare": "许文澜",
        "review": "许文澜",
        "sign": "未经",
        "submit": "许文澜",
    }
    assert any("同一个人" in words for words in done.warnings)
    assert any("签发" in words for words in done.warnings)
    steps = {r["step"]: r["person"] for r in store.query("SELECT step, person FROM quarter_step")}
    assert "sign" not in steps
    assert steps["submit"] == "许文澜"
    days = done.edition.manifest
    assert (days["as_of"], days["prepared_on"], days["submitted_on"]) == ("2026-09-30", "2026-10-12", "2026-10-09")


def test_the_papers_of_an_edition_bear_its_names_and_its_day(store: Store, tmp_path: Path) -> None:
    """Who filled in, reviewed and signed, and the day of handing up; a step that nobody did stays blank, in every file."""
    with store.operation("办理"):
        mark_step(store, Q3, "review", person="从前某", on=dt.date(2026, 10, 8))
    submit(store, Q3, PEOPLE | {"sign": ""}, dt.date(2026, 10, 9), TODAY)
    files = {p.suffix: p for p in write_edition(store, Q3, None, tmp_path)}
    book = openpyxl.load_workbook(files[".xlsx"])
    foot = [str(c.value) for sheet in book for row in sheet for c in row if "单位负责人" in str(c.value or "")]
    assert faults(files[".pdf"].read_bytes()) == []
    paper = "".join(page.extract_text() for page in pypdf.PdfReader(files[".pdf"]).pages)
    word = docx.Document(str(files[".docx"]))
    for text in (*foot, paper, "\n".join(p.text for p in word.paragraphs)):
        plain = "".join(text.split())
        assert "单位负责人：审核人：周敏填表人：许文澜" in plain
        assert "从前某" not in plain
    assert "2026年10月9日" in paper
    assert "2026年10月12日" not in paper


def test_a_running_period_and_a_second_time_are_refused(frozen: Store) -> None:
    with pytest.raises(UserError, match="还没有结束"):
        submit(frozen, Quarter(2026, 4), PEOPLE, TODAY, TODAY)
    with pytest.raises(UserError, match="更正报告"):
        submit(frozen, Q3, PEOPLE, TODAY, TODAY)
    with pytest.raises(UserError, match="还没有报送过"):
        submit(frozen, Quarter(2026, 2), PEOPLE, TODAY, TODAY, reason="数字有误")
    with pytest.raises(UserError, match="早于"):
        submit(frozen, Quarter(2026, 2), PEOPLE, dt.date(2026, 6, 1), TODAY)
    assert len(editions(frozen)) == 1


def test_an_edition_can_neither_be_changed_nor_undone(frozen: Store) -> None:
    assert frozen.undoable() is None or "报送" not in str(frozen.undoable())
    for sql in ("UPDATE edition SET manifest = '{}'", "DELETE FROM edition_file", "DELETE FROM edition"):
        with pytest.raises(Exception, match="never changed"):
            frozen.db.execute(sql)
    assert untrue(frozen) == []
    frozen.db.execute("DROP TRIGGER edition_file_update")
    frozen.db.execute("UPDATE edition_file SET content = X'00' WHERE id = 1")
    assert len(untrue(frozen)) == 1
    assert any("与报送时不一致" in p.what for p in verify(frozen))
    with pytest.raises(Damaged):
        files_of(frozen, edition_of(frozen, Q3))


def test_each_change_is_told_with_its_cause_down_to_the_record(frozen: Store) -> None:
    late = _write(
        frozen, FUND_ENTRY, entry_on="2026-08-01", direction="income", category="捐赠", amount_fen=10000, team_id=1
    )
    _write(frozen, TRAINING, id=1, class_minutes=60)
    with frozen.operation("删"):
        frozen.delete(MEMBERSHIP, [4])
    lines, changed = difference(frozen, Q3)
    assert {(c.record, c.cause) for c in changed} == {
        ("fund_entry", "late_entry"), ("training", "correction"), ("membership", "deletion"),
    }  # fmt: skip
    income = [line for line in lines if line.figure == "income_fen"]
    assert {line.team for line in income} == {None, "水上救援队"}
    assert all(line.causes == ("late_entry",) for line in income)
    assert all([c.id for c in line.records] == [late] for line in income)
    gone = next(line for line in lines if line.team == "无偿献血队" and line.figure == "persons_end")
    assert (gone.old, gone.new, gone.causes) == (2, 1, ("deletion",))
    assert not any(line.team == "水上救援队" and line.figure == "persons_end" for line in lines)


def test_what_is_put_back_or_lies_after_the_period_is_no_difference(frozen: Store) -> None:
    name = frozen.row(VOLUNTEER, 1)["name"]  # type: ignore[index]
    _write(frozen, VOLUNTEER, id=1, name="别名")
    _write(frozen, VOLUNTEER, id=1, name=name)
    _write(frozen, FUND_ENTRY, entry_on="2026-10-05", direction="income", category="捐赠", amount_fen=500)
    made = _write(frozen, WORK_RECORD, recorded_on="2026-08-05", category="meeting", title="会")
    with frozen.operation("删"):
        frozen.delete(WORK_RECORD, [made])
    assert difference(frozen, Q3) == ([], [])


def test_a_renamed_team_is_the_same_team(frozen: Store) -> None:
    _write(frozen, TEAM, id=1, name="水上应急救援队")
    lines, changed = difference(frozen, Q3)
    assert [line for line in lines if line.figure] == []
    assert [c.cause for c in changed] == ["correction"]


def test_a_correction_stands_beside_what_it_corrects(frozen: Store) -> None:
    _write(frozen, FUND_ENTRY, entry_on="2026-08-01", direction="income", category="捐赠", amount_fen=10000)
    done = submit(frozen, Q3, PEOPLE, TODAY, TODAY, reason="补登一笔捐赠")
    assert (done.edition.number, done.edition.manifest["corrects"]) == (2, 1)
    assert any("更正说明" in name for name in done.edition.files)
    assert difference(frozen, Q3) == ([], [])
    lines, changed = difference(frozen, Q3, 1, 2)
    assert {line.figure for line in lines if line.team is None and line.figure} >= {"income_fen"}
    assert [c.cause for c in changed] == ["late_entry"]
    assert edition_of(frozen, Q3, 1).manifest["figures"]["office"]["income_fen"] == 500000


def test_a_change_that_a_frozen_period_reads_is_said_at_once(frozen: Store) -> None:
    def last() -> int:
        return int(frozen.query("SELECT max(id) AS id FROM operation")[0]["id"])

    _write(frozen, FUND_ENTRY, entry_on="2026-08-01", direction="income", category="捐赠", amount_fen=100)
    assert frozen_before(frozen, last()) == ["2026年第三季度"]
    _write(frozen, FUND_ENTRY, entry_on="2026-10-11", direction="income", category="捐赠", amount_fen=100)
    assert frozen_before(frozen, last()) == []


def test_random_edits_are_all_told_and_nothing_else(frozen: Store) -> None:
    """Dice of every kind, undo among them: the list is what a comparison of the tables says, and figures agree."""
    dice, entities = random.Random(11), (VOLUNTEER, MEMBERSHIP, FUND_ENTRY, SERVICE_RECORD, ACTIVITY, WORK_RECORD)
    before = {e.name: {r["uid"]: r for r in frozen.rows(e)} for e in entities}
    for n in range(150):
        _dice_edit(frozen, dice, n)
    lines, changed = difference(frozen, Q3)
    expected = set()
    for entity in entities:
        now = {r["uid"]: r for r in frozen.rows(entity)}
        for uid in before[entity.name].keys() | now.keys():
            old, new = before[entity.name].get(uid), now.get(uid)
            if old != new and _first_day(entity, old, new) <= "2026-09-30":
                expected.add((uid, "late_entry" if old is None else "deletion" if new is None else "correction"))
    assert {(c.uid, c.cause) for c in changed} == expected
    was, now_ = edition_of(frozen, Q3).manifest["figures"]["office"], period_figures(frozen, Q3)["office"]
    assert {line.figure for line in lines if line.team is None and line.figure} == {f for f in was if was[f] != now_[f]}


def _first_day(entity: Entity, *sides: Row | None) -> str:
    name = entity.day or entity.spans[0][0]
    return min(str(side[name]) for side in sides if side is not None)


def _dice_edit(store: Store, dice: random.Random, n: int) -> None:
    day = (dt.date(2026, 7, 1) + dt.timedelta(days=dice.randrange(130))).isoformat()
    kind = dice.randrange(7)
    if kind == 0:
        _write(
            store, FUND_ENTRY, entry_on=day, direction="income", category="捐赠", amount_fen=dice.randint(1, 99) * 100
        )
    elif kind == 1:
        _write(store, SERVICE_RECORD, served_on=day, volunteer_id=dice.randint(1, 4), team_id=1, service_minutes=60)
    elif kind == 2:
        _write(
            store,
            ACTIVITY,
            code=f"H{n}",
            name="活动",
            category="service",
            start_on=day,
            host_team_id=dice.randint(1, 2),
        )
    elif kind == 3:
        _write(store, VOLUNTEER, id=dice.randint(1, 4), note=str(dice.randint(0, 2)))
    elif kind == 4:
        _write(store, VOLUNTEER, name="新人", id_type="resident_id", id_number=id_number(100 + n), registered_on=day)
    elif kind == 5 and (found := store.undoable()) is not None:
        store.undo(found[0])
    else:
        rows = store.rows(FUND_ENTRY)
        if rows:
            with store.operation("删"):
                store.delete(FUND_ENTRY, [int(dice.choice(rows)["id"] or 0)])


def test_half_years_and_years_are_handed_up_too(store: Store) -> None:
    done = submit(store, Period.parse("2026H1"), PEOPLE, dt.date(2026, 7, 8), TODAY)
    assert done.edition.manifest["as_of"] == "2026-06-30"
    assert editions(store, Period.parse("2026H1"))[0].words.startswith("2026年上半年")
