"""Between the levels: packages added up, receipts back, tasks down and their answers; each counts only once and for whom it is."""

import datetime as dt
import sys
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pypdf
import pytest

from db.errors import UserError
from db.records.entities import FUND_ENTRY, VOLUNTEER
from db.records.internal_entities import RECEIPT, RECEIVED, TEMPLATE_BINDING
from db.storage.store import Store
from db.tasks.receipts import task_deadline
from db.tasks.verifying import verify
from desktop.services import receipts, rollup_papers, superior_tasks
from desktop.services.packages import package_bytes, read_package, write_package
from desktop.services.rollup import RollUp, files_in, of_ledger, roll_up
from desktop.services.signed_files import key_of, sign
from desktop.services.superior_tasks import Asked
from desktop.services.templates import read_template, save_binding
from tests.forms.pdf.archival_check import faults
from tests.forms.template import documents as word
from tests.offices.levels import COUNTIES, Q3, TODAY, corrected, county, handed_up, superior, whole


class Levels:
    """Three counties that handed up, and the city above; all ledgers open."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.counties = [
            handed_up(county(folder / code, name, code, income=n * 100_000, blood=n != 2), light=True)
            for n, (name, code) in enumerate(COUNTIES, 1)
        ]
        self.city = superior(folder / "city")

    def packages(self, folder: Path) -> list[Path]:
        """Write the last package of each."""
        folder.mkdir(exist_ok=True)
        for n, store in enumerate(self.counties):
            (folder / f"{n}.boai").write_bytes(package_bytes(store, Q3)[0])
        return files_in([folder])

    def close(self) -> None:
        """Close the ledgers."""
        for store in (*self.counties, self.city):
            store.close()


@pytest.fixture
def levels(tmp_path: Path) -> Iterator[Levels]:
    made = Levels(tmp_path / "levels")
    yield made
    made.close()


def _again(store: Store, fen: int = 7700) -> None:
    """One county corrects what it reported."""
    with store.operation("补登"):
        row = whole("fund_entry", entry_on="2026-08-01", direction="income", category="捐赠", amount_fen=fen)
        store.save(FUND_ENTRY, row)
    corrected(store, "补登一笔捐赠")


def test_a_folder_is_added_up_with_and_without_a_ledger(levels: Levels, tmp_path: Path) -> None:
    files = levels.packages(tmp_path / "in")
    alone, kept = roll_up(files, None, TODAY), roll_up(files, None, TODAY, levels.city)
    for done in (alone, kept):
        assert done.refused == []
        assert done.total["income_fen"] == 600_000
        assert done.total["persons_end"] == 12
        assert [o.code for o in done.offices] == [code for _, code in COUNTIES]
    assert alone.missing == []
    assert (kept.missing, kept.to_call) == (["未报县红十字会"], [("未报县红十字会", "李会", "0990-5550199")])
    assert all(o.new_key for o in kept.offices)
    again = roll_up(files, None, TODAY, levels.city)
    assert not any(o.new_key for o in again.offices)
    assert levels.city.count(RECEIVED) == 3
    assert of_ledger(levels.city, Q3).total == kept.total
    assert verify(levels.city) == []


def test_blood_teams_verdicts_and_timeliness_upward(levels: Levels, tmp_path: Path) -> None:
    done = roll_up(levels.packages(tmp_path / "in"), None, TODAY, levels.city)
    assert done.blood_teams == ([COUNTIES[0][0], COUNTIES[2][0]], [COUNTIES[1][0]])
    assert done.clauses["B25-3.1-4"]["met"] == 2
    assert done.late(dt.date(2026, 10, 8)) == [name for name, _ in COUNTIES]
    assert done.late(dt.date(2026, 10, 9)) == []


def test_a_re_sent_edition_replaces_the_older_and_shows_what_changed(levels: Levels, tmp_path: Path) -> None:
    roll_up(levels.packages(tmp_path / "one"), None, TODAY, levels.city)
    _again(levels.counties[1])
    done = roll_up(levels.packages(tmp_path / "two"), None, TODAY, levels.city)
    assert done.total["income_fen"] == 607_700
    assert [o.edition for o in done.offices] == [1, 2, 1]
    (changed,) = done.replaced
    assert (changed.office, changed.old_edition, changed.edition) == (COUNTIES[1][0], 1, 2)
    assert ("income_fen", 200_000, 207_700) in changed.lines
    replay = roll_up(files_in([tmp_path / "one" / "1.boai"]), Q3, TODAY, levels.city)
    assert replay.total["income_fen"] == 607_700
    assert of_ledger(levels.city, Q3).total["income_fen"] == 607_700


@pytest.mark.parametrize("names", [("a", "b"), ("b", "a")])
def test_without_a_ledger_the_higher_edition_counts_in_any_order(
    levels: Levels, tmp_path: Path, names: tuple[str, str]
) -> None:
    store, folder = levels.counties[0], tmp_path / "in"
    folder.mkdir()
    (folder / f"{names[0]}.boai").write_bytes(package_bytes(store, Q3)[0])
    _again(store)
    (folder / f"{names[1]}.boai").write_bytes(package_bytes(store, Q3)[0])
    done = roll_up(files_in([folder]), None, TODAY)
    assert done.total["income_fen"] == 107_700
    assert [file for file, _ in done.refused] == [f"{names[0]}.boai"]
    assert "已有更新的一版" in done.refused[0][1]


def test_an_older_edition_after_a_newer_one_is_refused(levels: Levels, tmp_path: Path) -> None:
    old = levels.packages(tmp_path / "old")[0]
    _again(levels.counties[0])
    roll_up(levels.packages(tmp_path / "new"), None, TODAY, levels.city)
    done = roll_up([old], Q3, TODAY, levels.city)
    assert "已有更新的一版（第 2 版）" in done.refused[0][1]
    assert done.total["income_fen"] == 607_700


def test_another_key_another_content_the_own_package_and_a_level_not_below_are_refused(
    levels: Levels, tmp_path: Path
) -> None:
    first = levels.packages(tmp_path / "in")
    roll_up(first, None, TODAY, levels.city)
    said = {k: v for k, v in read_package(first[0]).said.items() if k not in ("form", "files")}
    forged = tmp_path / "forged.boai"
    forged.write_bytes(sign(said | {"edition": 9}, [], key_of(levels.counties[1])))
    assert "以前的签名钥匙" in roll_up([forged], Q3, TODAY, levels.city).refused[0][1]
    both = roll_up([first[0], forged], Q3, TODAY)
    assert [file for file, _ in both.refused] == ["0.boai", "forged.boai"]
    forged.write_bytes(sign(said | {"rules": "x", "edition_sha256": "0" * 64}, [], key_of(levels.counties[0])))
    assert "不同的内容" in roll_up([forged], Q3, TODAY, levels.city).refused[0][1]
    other = handed_up(county(tmp_path / "x", "别市红十字会", "990200", level="市级"), light=True)
    with other:
        forged.write_bytes(package_bytes(other, Q3)[0])
    assert "不是本会的下级" in roll_up([forged], Q3, TODAY, levels.city).refused[0][1]
    own = said | {"office_uid": read_package_uid(levels.city)}
    forged.write_bytes(sign(own, [], key_of(levels.city)))
    assert "是本会自己的" in roll_up([forged], Q3, TODAY, levels.city).refused[0][1]
    assert of_ledger(levels.city, Q3).total["income_fen"] == 600_000


def read_package_uid(store: Store) -> str:
    """The office's uid."""
    from desktop.services.signed_files import sender

    return sender(store)["office_uid"]


def test_another_period_is_refused_and_the_period_is_that_of_most(levels: Levels, tmp_path: Path) -> None:
    files = levels.packages(tmp_path / "in")
    handed_up(levels.counties[0], Q3.previous, light=True)
    earlier = tmp_path / "in" / "0000.boai"
    earlier.write_bytes(package_bytes(levels.counties[0], Q3.previous)[0])
    done = roll_up([earlier, *files], None, TODAY)
    assert (str(done.period), len(done.offices)) == ("2026Q3", 3)
    assert "2026年第二季度" in done.refused[0][1]
    roll_up([earlier], None, TODAY, levels.city)
    compared = roll_up(files, None, TODAY, levels.city)
    assert (len(compared.before), compared.total_before["persons_end"]) == (1, 4)


def test_a_sum_is_handed_on_in_the_same_form_and_counts_office_by_office(levels: Levels, tmp_path: Path) -> None:
    done = roll_up(levels.packages(tmp_path / "in"), None, TODAY, levels.city)
    path, _ = rollup_papers.hand_on(levels.city, done, tmp_path, TODAY)
    again, _ = rollup_papers.hand_on(levels.city, of_ledger(levels.city, Q3), tmp_path, TODAY + dt.timedelta(days=1))
    assert again == path  # nothing is new
    _again(levels.counties[2])
    with superior(tmp_path / "province", "云海省红十字会", "省级", "990000") as province:
        first = roll_up([path], None, TODAY, province)
        assert (len(first.offices), first.total["income_fen"]) == (3, 600_000)
        assert {o.via for o in first.offices} == {"云溪市红十字会"}
        assert "未报县红十字会（云溪市红十字会所属）" in first.missing
        assert first.titles["B25-3.1-4"]
        newer = roll_up(levels.packages(tmp_path / "later"), None, TODAY, levels.city)
        second, _ = rollup_papers.hand_on(levels.city, newer, tmp_path, TODAY)
        assert second.name.endswith("（第2版）.boai")
        both = roll_up([second, path], None, TODAY, province)
        assert both.total["income_fen"] == 607_700
        assert len(both.offices) == 3
        assert "已有更新的一版" in roll_up([path], Q3, TODAY, province).refused[0][1] if both.refused else True
        # A county that also comes alone, and newer, counts once.
        alone = tmp_path / "alone.boai"
        _again(levels.counties[0], 100)
        alone.write_bytes(package_bytes(levels.counties[0], Q3)[0])
        mixed = roll_up([alone], Q3, TODAY, province)
        assert (len(mixed.offices), mixed.total["income_fen"]) == (3, 607_800)


def test_workbook_and_paper_say_the_same_and_the_public_one_hides_few_donors(levels: Levels, tmp_path: Path) -> None:
    done = roll_up(levels.packages(tmp_path / "in"), None, TODAY, levels.city)
    donors = {"990123": (2, 400), "990124": (5, 1000), "990125": (9, 1800)}
    done.offices = [
        o.__class__(
            **{
                **vars(o),
                "collected": {**o.collected, "blood_person_times": donors[o.code][0], "blood_ml": donors[o.code][1]},
            }
        )
        for o in done.offices
    ]
    due = dt.date(2026, 10, 8)
    book = openpyxl.load_workbook(
        rollup_papers.write_book(done, tmp_path / "a.xlsx", "云溪市红十字会", TODAY, due), data_only=True
    )
    assert book.sheetnames == ["汇总", "各单位", "各条要求", "各单位各条", "未报送", "没有收的", "更正前后"]
    rows = [[c.value for c in row] for row in book["各单位"].iter_rows()]
    income = rows[0].index("本季收入（元）")
    assert [row[income] for row in rows[1:5]] == [1000, 2000, 3000, 6000]
    assert rows[1][rows[0].index("献血完成人次（人次）")] == 2  # exact counts go up
    assert book["未报送"]["C2"].value == "0990-5550199"
    said = " ".join(str(c.value) for row in book["汇总"].iter_rows() for c in row if c.value)
    assert "重复计算" in said
    assert "3 个县级红十字会中 2 个已建" in said
    words = {}
    for public in (False, True):
        path = rollup_papers.write_paper(done, tmp_path / f"{public}.pdf", "云溪市红十字会", TODAY, due, public=public)
        assert faults(path.read_bytes()) == []
        words[public] = "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)
    assert "从略" not in words[False]
    assert words[True].count("从略") >= 4  # two numbers of the county, and of one more that the sum would give back
    assert "0990-5550199" in words[False]
    assert "0990-5550199" not in words[True]


def test_a_receipt_goes_back_and_is_shown_against_the_submission(levels: Levels, tmp_path: Path) -> None:
    roll_up(levels.packages(tmp_path / "in"), None, TODAY, levels.city)
    uid, mine = read_package_uid(levels.counties[0]), levels.counties[0]
    (back,) = receipts.issue(levels.city, Q3, [uid], "returned", "收入请核对", "李会", TODAY, tmp_path)
    assert "回执（退回）" in back.name
    stands, key, new = receipts.take_in(mine, back, TODAY)
    assert (stands.status, new) == ("returned", True)
    assert "收入请核对" in stands.words
    assert key.count("-") == 7
    assert receipts.take_in(mine, back, TODAY)[0] == stands
    assert mine.count(RECEIPT) == 1
    with pytest.raises(UserError, match="不是给本会的"):
        receipts.take_in(levels.counties[1], back, TODAY)
    with pytest.raises(UserError, match="写明意见"):
        receipts.issue(levels.city, Q3, [uid], "returned", " ", "李会", TODAY, tmp_path)
    (good,) = receipts.issue(levels.city, Q3, [uid], "accepted", "", "李会", TODAY, tmp_path)
    assert receipts.take_in(mine, good, TODAY)[0].status == "accepted"
    with pytest.raises(UserError, match="已有更新的回执"):
        receipts.take_in(mine, back, TODAY)
    assert receipts.given(levels.city, Q3) == {(uid, 1): "accepted"}
    _again(mine)
    assert receipts.standing(mine, Q3).status == ""  # the correction waits for its own
    assert verify(mine) == []


def test_a_receipt_of_nothing_handed_up_or_by_another_key_is_refused(levels: Levels, tmp_path: Path) -> None:
    roll_up(levels.packages(tmp_path / "in"), None, TODAY, levels.city)
    uid, mine = read_package_uid(levels.counties[0]), levels.counties[0]
    (good,) = receipts.issue(levels.city, Q3, [uid], "accepted", "", "李会", TODAY, tmp_path)
    said = {k: v for k, v in receipts.read_receipt(good).said.items() if k not in ("form", "files")}
    wrong = tmp_path / "wrong.boai"
    wrong.write_bytes(sign(said | {"edition_sha256": "0" * 64}, [], key_of(levels.city)))
    with pytest.raises(UserError, match="没有这样一版"):
        receipts.take_in(mine, wrong, TODAY)
    receipts.take_in(mine, good, TODAY)
    wrong.write_bytes(sign(said | {"number": 2, "status": "returned", "remarks": "x"}, [], key_of(levels.counties[2])))
    with pytest.raises(UserError, match="以前的签名钥匙"):
        receipts.take_in(mine, wrong, TODAY)
    with pytest.raises(UserError, match="是回执，不是报送包"):
        read_package(good)


def test_a_sum_that_was_handed_on_has_receipts_of_its_own(levels: Levels, tmp_path: Path) -> None:
    """Also where the city's own package bears the same number."""
    roll_up(levels.packages(tmp_path / "in"), None, TODAY, levels.city)
    handed_up(levels.city, light=True)
    own = tmp_path / "own.boai"
    own.write_bytes(package_bytes(levels.city, Q3)[0])
    sent, _ = rollup_papers.hand_on(levels.city, of_ledger(levels.city, Q3), tmp_path, TODAY)
    with superior(tmp_path / "province", "云海省红十字会", "省级", "990000") as province:
        done = roll_up([own, sent], None, TODAY, province)
        assert (done.refused, len(done.offices)) == ([], 4)
        uid = read_package_uid(levels.city)
        assert receipts.unanswered(province, Q3) == [uid]
        both = receipts.issue(province, Q3, [uid], "accepted", "", "", TODAY, tmp_path / "r")
        assert len(both) == 2
        assert receipts.unanswered(province, Q3) == []
    for path in reversed(both):
        assert receipts.take_in(levels.city, path, TODAY)[0].status == "accepted"
    assert levels.city.count(RECEIPT) == 2
    assert receipts.standing(levels.city, Q3).edition == 1


PACK = """
[source]
key = "YX"
title = "云溪市通知"
issuer = "云溪市红十字会"
issued_on = 2026-01-01

[clause."YX-1"]
article = "一"
quotation = "原文"
title = "要求"
binds = ["county"]
strength = "mandatory"
firmness = "hard"
mode = "self"
levels = { province = "no", city = "no", county = "yes" }
period = "quarter"
topic = "teams"
effective_from = 2026-01-01
evidence = "team"
message = "自评"
why = "因"
fix = "改"
"""


def _form(path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active["A1"] = "单位"
    book.active["B1"] = "在队人数"
    book.save(path)
    return path


def test_a_task_comes_down_and_is_answered_from_the_saved_binding(levels: Levels, tmp_path: Path) -> None:
    rules = tmp_path / "YX.toml"
    rules.write_text(PACK, encoding="utf-8")
    form = _form(tmp_path / "季报.xlsx")
    asked = Asked("三季度季报", Q3, dt.date(2026, 10, 15), "请按时", form, rules)
    task, _ = superior_tasks.make_task(levels.city, asked, TODAY, tmp_path)
    mine = levels.counties[0]
    taken = superior_tasks.take_in(mine, task, TODAY)
    assert (taken.title, taken.office, taken.clauses, taken.new_key) == ("三季度季报", "云溪市红十字会", 1, True)
    assert superior_tasks.take_in(mine, task, TODAY).clauses == 0  # once
    (listed,) = superior_tasks.tasks(mine)
    assert (listed.deadline, listed.template, listed.handed_up) == (asked.deadline, "季报.xlsx", True)
    assert task_deadline(mine, Q3) == asked.deadline
    with pytest.raises(UserError, match="没有对应过"):
        superior_tasks.answer(mine, listed.row, tmp_path, TODAY)
    with mine.operation("对应"):
        save_binding(mine, read_template(form), {"Sheet": {"A2": "{{本会.单位名称}}", "B2": "{{合计.季末在队人数}}"}})
    out = tmp_path / "out"
    out.mkdir()
    path, _, left_out = superior_tasks.answer(mine, listed.row, out, TODAY)
    assert left_out == ()
    answer = read_package(path, keep=True)
    assert answer.said["task"] == listed.number
    (filled,) = [name for name in answer.files if name.startswith("季报")]
    (tmp_path / "filled.xlsx").write_bytes(answer.files[filled])
    cells = openpyxl.load_workbook(tmp_path / "filled.xlsx").active
    assert (cells["A2"].value, int(cells["B2"].value)) == (COUNTIES[0][0], 4)
    assert superior_tasks.tasks(mine)[0].answered_on == TODAY.isoformat()
    assert task_deadline(mine, Q3) is None
    assert roll_up([path], Q3, TODAY, levels.city).refused == []
    assert rollup_papers.deadline_of(levels.city, Q3) == asked.deadline
    assert mine.count(TEMPLATE_BINDING) == 1


def test_a_tasks_document_is_filled_and_no_volunteer_is_named_in_the_answer(levels: Levels, tmp_path: Path) -> None:
    """Its own line's blank and a list of members: the office is named, a volunteer is starred wherever the name stands."""
    mine = levels.counties[0]
    name = str(mine.rows(VOLUNTEER)[0]["name"])
    form = tmp_path / "季报.docx"
    form.write_bytes(
        word.document(
            word.para("填报单位：____"), word.para(word.run(f"联系人{name[:1]}"), word.run(f"{name[1:]}，核对")),
            word.table(word.row("队员", "", ""), word.row("{{队员.姓名}}", "", "")),
        )
    )  # fmt: skip
    task, _ = superior_tasks.make_task(levels.city, Asked("季报", Q3, dt.date(2026, 10, 15), "", form), TODAY, tmp_path)
    superior_tasks.take_in(mine, task, TODAY)
    (listed,) = superior_tasks.tasks(mine)
    assert superior_tasks.looked_at(mine, listed).ready
    path, _, _ = superior_tasks.answer(mine, listed.row, tmp_path, TODAY)
    answer = read_package(path, keep=True)
    (filled,) = [n for n in answer.files if n.startswith("季报")]
    assert filled == "季报（已填）.docx"
    shown = [c[0] for c in word.grid(answer.files[filled])[1:]]
    assert shown
    assert not any(str(row["name"]) in "".join(shown) for row in mine.rows(VOLUNTEER))
    assert name not in word.lines(answer.files[filled])[1]
    assert word.lines(answer.files[filled])[1] == f"联系人{name[0]}{'*' * (len(name) - 1)}，核对"


def test_a_task_that_is_wrong_is_neither_made_nor_taken_in(levels: Levels, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="不晚于"):
        superior_tasks.make_task(levels.city, Asked("季报", Q3, Q3.end), TODAY, tmp_path)
    with pytest.raises(UserError, match=r"\.xlsx 工作簿或 \.docx 文档"):
        superior_tasks.make_task(levels.city, Asked("季报", Q3, TODAY, "", tmp_path / "a.doc"), TODAY, tmp_path)
    bad = tmp_path / "坏.toml"
    bad.write_text("x = 1", encoding="utf-8")
    with pytest.raises(UserError, match="规则文件不对"):
        superior_tasks.make_task(levels.city, Asked("季报", Q3, TODAY, "", None, bad), TODAY, tmp_path)
    task, _ = superior_tasks.make_task(levels.city, Asked("季报", Q3, TODAY), TODAY, tmp_path)
    with pytest.raises(UserError, match="本会自己"):
        superior_tasks.take_in(levels.city, task, TODAY)
    said = {k: v for k, v in superior_tasks.read_task(task).said.items() if k not in ("form", "files")}
    evil = tmp_path / "evil.boai"
    evil.write_bytes(sign(said | {"template": "表.xlsx"}, [("表.xlsx", b"PK no workbook")], key_of(levels.city)))
    with pytest.raises(UserError):
        superior_tasks.take_in(levels.counties[0], evil, TODAY)
    assert superior_tasks.tasks(levels.counties[0]) == []
    superior_tasks.take_in(levels.counties[0], task, TODAY)
    evil.write_bytes(sign(said | {"number": "0190ffff-9999"}, [], key_of(levels.counties[1])))
    with pytest.raises(UserError, match="以前的签名钥匙"):
        superior_tasks.take_in(levels.counties[0], evil, TODAY)


def test_a_slip_goes_with_the_package_of_each_edition(levels: Levels, tmp_path: Path) -> None:
    made = write_package(levels.counties[0], Q3, tmp_path / "甲.boai")
    assert made.slip is not None
    assert made.slip.name == "甲报送单.pdf"
    assert faults(made.slip.read_bytes()) == []
    assert isinstance(roll_up([made.path], None, TODAY), RollUp)


@pytest.mark.skipif(sys.platform == "win32", reason="the measure of memory is not there")
def test_many_counties_add_up_to_what_was_added_up_apart(tmp_path: Path) -> None:
    """A sample; the country is ``python -m tests.bench.national``."""
    from tests.bench import national

    folder = tmp_path / "in"
    folder.mkdir()
    total = national.made(folder, 12, seed=8)
    assert national.wrong(folder, tmp_path / "out.xlsx", total, 12)[0] == []
    assert national.wrong(folder, tmp_path / "out.xlsx", total | {"income_fen": 1}, 12)[0] != []
