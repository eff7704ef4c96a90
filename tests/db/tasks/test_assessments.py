"""Confirming, assessing, proving, and looking ahead."""

import datetime as dt
from pathlib import Path

import pytest

from db.errors import NotOurFile, UserError
from db.records.entities import ACTIVITY, INSURANCE_POLICY, OFFICE, VOLUNTEER, WORK_RECORD
from db.records.internal_entities import ATTACHMENT
from db.rules import register as rules
from db.rules.checks import check_office
from db.rules.verdicts import Result
from db.storage.attachment_files import FileBox, shown_name
from db.storage.store import Store
from db.tasks import attachments
from db.tasks.assessments import Assessment, assess, assess_many, confirm, draft, forecast, last_assessments

DAY = dt.date(2026, 9, 30)
TODAY = dt.date(2026, 10, 8)


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A county's ledger on disk."""
    path = tmp_path / "x.boai-db"
    with Store.create(path)[0] as store, store.operation("建立台账"):
        for item, content in (("name", "某县红十字会"), ("level", "县级")):
            store.save(OFFICE, {"item": item, "content": content})
    return path


def verdict(store: Store, clause: str, day: dt.date = DAY) -> Result:
    """Return the verdict on one clause."""
    return check_office(store, day, [c for c in rules.register() if c.id == clause])[0]


def join(store: Store, name: str, day: str) -> None:
    """Register a volunteer."""
    row = {
        "name": name,
        "id_type": "passport",
        "id_number": f"E{abs(hash((name, day)))}",
        "registered_on": day,
        "sources": "first_aider",
    }
    with store.operation(f"新增志愿者：{name}"):
        store.save(VOLUNTEER, row)


def test_a_proposal_counts_once_confirmed_and_lapses_with_the_figure(office: Path) -> None:
    with Store.open(office) as store:
        join(store, "甲", "2026-08-01")
        before = verdict(store, "Z34-3.2-1")
        assert before.status == "missing_evidence"
        assert before.proposed is not None
        after = confirm(store, "Z34-3.2-1", DAY, before.proposed, person="周敏", on=TODAY)
        assert after.status == before.proposed
        assert after.judgement is not None
        assert (after.judgement["person"], after.judgement["lapsed"]) == ("周敏", False)
        carried = verdict(store, "Z34-3.2-1", dt.date(2026, 12, 31))
        assert carried.status == before.proposed
        assert carried.judgement is not None
        assert carried.judgement["carried"] is True
        assert verdict(store, "Z34-3.2-1", dt.date(2026, 6, 30)).status != before.proposed  # never for earlier ones
        join(store, "乙", "2026-08-02")
        lapsed = verdict(store, "Z34-3.2-1")
        assert lapsed.status == "missing_evidence"
        assert lapsed.judgement is not None
        assert lapsed.judgement["lapsed"] is True
        store.undo()
        assert verdict(store, "Z34-3.2-1").status == before.proposed
        store.undo()
        assert verdict(store, "Z34-3.2-1").status == "missing_evidence"


def test_an_answer_for_a_quarter_ends_with_it(office: Path) -> None:
    with Store.open(office) as store:
        join(store, "甲", "2026-08-01")
        assert confirm(store, "Z34-2.1-1", DAY, "met", person="周敏", on=TODAY, reason="已核对").status == "met"
        join(store, "乙", "2026-08-02")
        assert verdict(store, "Z34-2.1-1").status == "met"  # what was proposed is still proposed
        assert verdict(store, "Z34-2.1-1", dt.date(2026, 12, 31)).status == "missing_evidence"


def test_what_lacks_data_can_be_overridden_with_a_reason(office: Path) -> None:
    with Store.open(office) as store:
        assert verdict(store, "B25-3.1-5").status == "missing_data"
        with pytest.raises(UserError, match="理由"):
            confirm(store, "B25-3.1-5", DAY, "not_applicable", person="周敏", on=TODAY)
        done = confirm(store, "B25-3.1-5", DAY, "not_applicable", person="周敏", on=TODAY, reason="没有血站")
        assert done.status == "not_applicable"


def test_an_override_ends_when_the_figure_of_what_does_not_apply_changes(office: Path) -> None:
    """No conditions, no team, and a reason for that; once a team is on record all the same, somebody is asked again."""
    later = dt.date(2026, 12, 31)
    with Store.open(office) as store:
        with store.operation("本会情况"):
            store.save(OFFICE, {"item": "can_form_emergency_donors", "content": "否"})
        assert verdict(store, "B25-3.1-5").status == "not_applicable"
        confirm(store, "B25-3.1-5", DAY, "explain", person="周敏", on=TODAY, reason="血站在邻县")
        assert verdict(store, "B25-3.1-5", later).status == "explain"
        with store.operation("工作记录"):
            store.save(WORK_RECORD, {
                "category": "other", "recorded_on": "2026-11-01", "title": "应急献血者队伍", "topics": "blood_donation",
                "subcategory": "应急献血者队伍",
            })  # fmt: skip
        found = verdict(store, "B25-3.1-5", later)
        assert (found.status, found.k) == ("not_applicable", 1)
        assert found.judgement is not None
        assert found.judgement["lapsed"]
        assert verdict(store, "B25-3.1-5").status == "explain"


def test_overriding_needs_a_reason_and_a_name(office: Path) -> None:
    with Store.open(office) as store:
        join(store, "甲", "2026-08-01")
        proposed = verdict(store, "Z34-2.1-1").proposed
        other = "explain" if proposed != "explain" else "partial"
        with pytest.raises(UserError, match="理由"):
            confirm(store, "Z34-2.1-1", DAY, other, person="周敏", on=TODAY)
        with pytest.raises(UserError, match="确认人"):
            confirm(store, "Z34-2.1-1", DAY, other, person=" ", on=TODAY, reason="另有安排")
        assert confirm(store, "Z34-2.1-1", DAY, other, person="周敏", on=TODAY, reason="另有安排").status == other
        with pytest.raises(UserError, match="鼓励"):
            confirm(store, "Z34-2.1-3", DAY, "not_met", person="周敏", on=TODAY, reason="没有")
        with pytest.raises(UserError, match="不需要确认"):
            confirm(store, "Z34-2.2-4", DAY, "met", person="周敏", on=TODAY, reason="有")
        with pytest.raises(UserError, match="没有编号"):
            confirm(store, "Z34-9", DAY, "met", person="周敏", on=TODAY)


def test_an_assessment_needs_words_a_name_and_for_done_a_proof(office: Path, tmp_path: Path) -> None:
    paper = tmp_path / "制度.pdf"
    paper.write_bytes(b"%PDF-1.4 invented")
    with Store.open(office) as store:
        clause = next(
            c.id for c in rules.register() if c.mode == "self" and c.source.key == "Z34" and c.levels["county"] == "yes"
        )
        assert verdict(store, clause).status == "missing_evidence"
        with pytest.raises(UserError, match="佐证"):
            assess(store, clause, DAY, "done", text="已制定", person="周敏", on=TODAY)
        with pytest.raises(UserError, match="情况说明"):
            assess(store, clause, DAY, "partly_done", text=" ", person="周敏", on=TODAY)
        proof = attachments.attach(store, paper, on=TODAY, effective_on=dt.date(2024, 3, 1))
        done = assess(store, clause, DAY, "done", text="已制定", person="周敏", on=TODAY, attachments=[proof])
        assert done.status == "met"
        assert done.judgement is not None
        assert done.judgement["attachments"] == 1
        assert assess(store, clause, DAY, "partly_done", text="还差一项", person="周敏", on=TODAY).status == "partial"
        store.undo()
        assert verdict(store, clause).status == "met"
        assert verdict(store, clause, dt.date(2026, 12, 31)).status == "met"  # for the year
        later = dt.date(2027, 3, 31)
        assert verdict(store, clause, later).status == "missing_evidence"
        assert draft(store, clause, later) == "已制定"
        assert draft(store, clause, DAY) == ""
        before = len(store.rows(ATTACHMENT))
        (tmp_path / "照片.jpg").write_bytes(b"photo")
        again = assess(
            store, clause, later, "done", text="已制定", person="周敏", on=TODAY, files=[tmp_path / "照片.jpg", paper]
        )
        assert (again.status, len(store.rows(ATTACHMENT))) == ("met", before + 1)
        store.undo()  # one step takes back rating, file and link
        assert (verdict(store, clause, later).status, len(store.rows(ATTACHMENT))) == ("missing_evidence", before)
        row = store.rows(ATTACHMENT)[0]
        assert (row["uploaded_on"], row["effective_on"]) == ("2026-10-08", "2024-03-01")


def test_attachments_are_kept_verified_and_unreadable_to_others(office: Path, tmp_path: Path) -> None:
    content = "发票 绝密内容".encode() * 100
    paper = tmp_path / "凭证.jpg"
    paper.write_bytes(content)
    with Store.open(office) as store:
        first = attachments.attach(store, paper, on=TODAY)
        assert attachments.attach(store, paper, on=TODAY) == first
        box = attachments.box_of(store)
        files = [p for p in box.folder.rglob("*") if p.is_file()]
        assert len(files) == 1
        assert "绝密内容".encode() not in files[0].read_bytes()
        copy = attachments.open_copy(store, first)
        assert copy.read_bytes() == content
        assert copy.name == "凭证.jpg"
        assert attachments.examine(store) == {"missing": [], "damaged": [], "extra": []}
        sealed = bytearray(files[0].read_bytes())
        sealed[20] ^= 1
        files[0].write_bytes(sealed)
        assert attachments.examine(store)["damaged"] == [files[0].name]
        with pytest.raises(NotOurFile, match="备份"):
            attachments.open_copy(store, first)
        attachments.attach(store, paper, on=TODAY)  # adding it again mends it
        assert attachments.examine(store) == {"missing": [], "damaged": [], "extra": []}
        files[0].unlink()
        assert attachments.examine(store)["missing"] == [files[0].name]
        box.put(b"other")
        assert len(attachments.examine(store)["extra"]) == 1
    assert not (box.folder / "open").exists()
    for bad in ("missing.pdf", "."):
        with Store.open(office) as store, pytest.raises(UserError, match="读不了"):
            attachments.attach(store, tmp_path / bad, on=TODAY)


@pytest.mark.parametrize(
    ("name", "shown"),
    [("../../etc/passwd", "passwd"), ("C:\\temp\\发票.jpg", "发票.jpg"), ("CON", "附件_CON"), ("nul.txt", "附件_nul.txt"), ("a:b?.pdf", "ab.pdf"),
     ("...", "附件"), ("名 字 .docx. ", "名 字 .docx"), ("x" * 300 + ".pdf", "x" * 116 + ".pdf")],
)  # fmt: skip
def test_no_name_leaves_the_folder(name: str, shown: str) -> None:
    assert shown_name(name) == shown


def test_a_hash_is_never_a_path(tmp_path: Path) -> None:
    box = FileBox(tmp_path / "x.boai-db", bytes(32))
    for bad in ("../../x", "", "A" * 64, "0" * 63):
        with pytest.raises(NotOurFile):
            box.get(bad)


def test_the_forecast_names_what_turns_and_when(office: Path) -> None:
    with Store.open(office) as store:
        with store.operation("x"):
            store.save(
                ACTIVITY,
                {
                    "code": "1",
                    "name": "宣传",
                    "category": "publicity",
                    "start_on": "2026-05-08",
                    "theme_day": "world_red_cross_day",
                },
            )
            store.save(INSURANCE_POLICY, {"policy_number": "P", "insurer": "甲", "product": "乙", "cover_mode": "named_list",
                                          "start_on": "2026-01-01", "end_on": "2026-12-31"})  # fmt: skip
        changes = {c.clause.id: c for c in forecast(store, dt.date(2026, 10, 10))}
        blood = changes["B25-3.1-4"]
        assert (blood.now.status, blood.then.status, blood.day) == ("in_progress", "not_met", dt.date(2026, 12, 31))
        talks = changes["B25-1-4"]
        assert (talks.now.status, talks.then.status, talks.day) == ("in_progress", "not_met", dt.date(2026, 12, 31))
        assert "Z34-2.2-4" not in changes
        second = {c.clause.id: c for c in forecast(store, dt.date(2026, 6, 1))}
        days = second["B25-4-1"]
        assert (days.now.status, days.then.status, days.day) == ("in_progress", "partial", dt.date(2026, 6, 29))
        assert forecast(store, DAY) == []


def test_last_years_words_are_kept_for_many_clauses_at_once(office: Path) -> None:
    """Rating, text and proof go with them, as one step that is undone as one; a refusal names the clause and writes nothing."""
    proof = office.parent / "办法.txt"
    proof.write_text("评选表彰办法", encoding="utf-8")
    year = dt.date(2027, 3, 31)
    with Store.open(office) as store:
        assess(store, "Z34-1-4", DAY, "done", text="已印发办法", person="李某", on=TODAY, files=[proof])
        assess(store, "Z34-1-5", DAY, "partly_done", text="正在修订", person="李某", on=TODAY)
        assert verdict(store, "Z34-1-4", year).status == "missing_evidence"
        last = last_assessments(store, year)
        assert (last["Z34-1-4"].rating, last["Z34-1-4"].text, last["Z34-1-4"].person) == ("done", "已印发办法", "李某")
        assert last_assessments(store, dt.date(2026, 3, 31)) == {}
        bare = Assessment("Z34-1-1", "done", "已落实")
        with pytest.raises(UserError, match=r"围绕党政中心工作开展志愿服务.*佐证材料"):
            assess_many(store, [last["Z34-1-5"], bare], year, person="周敏", on=year)
        assert verdict(store, "Z34-1-5", year).status == "missing_evidence"
        for said, person in (
            ([], "周敏"),
            ([last["Z34-1-5"]], " "),
            ([Assessment("Z34-1-1", "not_done", " ")], "周敏"),
        ):
            with pytest.raises(UserError):
                assess_many(store, said, year, person=person, on=year)
        assert assess_many(store, [last["Z34-1-4"], last["Z34-1-5"]], year, person="周敏", on=year) == 2
        now = verdict(store, "Z34-1-4", year)
        assert now.status == "met"
        assert now.judgement is not None
        assert (now.judgement["person"], now.judgement["attachments"], now.judgement["carried"]) == ("周敏", 1, False)
        assert verdict(store, "Z34-1-5", year).status == "partial"
        assert verdict(store, "Z34-1-4").judgement["person"] == "李某"  # type: ignore[index]
        store.undo()
        assert verdict(store, "Z34-1-4", year).status == verdict(store, "Z34-1-5", year).status == "missing_evidence"
