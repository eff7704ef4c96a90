"""Lists that are ours and lack something, and lists that only look like ours: what is asked, said and left alone."""

import io
from pathlib import Path

import openpyxl
import pytest

from db.errors import UserError
from db.records.entities import ACTIVITY, FUND_ENTRY, INSURANCE_POLICY, SERVICE_RECORD
from db.records.kinds import Cell
from db.storage.store import Store
from db.tasks.column_mappings import Memory
from desktop.services import import_draft
from desktop.services.import_draft import Draft, check, prepare
from desktop.services.importing import Imported, import_files, open_files
from forms.columns.constants import fill, fillable
from forms.columns.proposals import CONTENT, SAID
from forms.reading.table import Table
from forms.shapes.normalise import pasted_lists
from forms.shapes.reshaping import reshaped
from tests.journeys.test_importing import TODAY, book
from tests.journeys.workbook_shapes import HEAD, KNOWN, NAMES, Rows, number, people, person

NO_MEMORY: Memory = {}


@pytest.fixture
def known(tmp_path: Path, store: Store) -> Store:
    """An office with teams, a policy and three volunteers."""
    sheets = {**KNOWN, "志愿者": [HEAD, *people(3)]}
    import_files(store, [book(tmp_path / "known.xlsx", {k: list(v) for k, v in sheets.items()})], today=TODAY)
    return store


def take(store: Store, folder: Path, rows: Rows, sheet: str = "Sheet1") -> Imported:
    return import_files(store, [book(folder / "x.xlsx", {sheet: rows})], today=TODAY)


def draft_of(folder: Path, rows: Rows, sheet: str = "Sheet1") -> Draft:
    return prepare(open_files([book(folder / "x.xlsx", {sheet: rows})]), NO_MEMORY, ["水上救援队"])


PEOPLE: list[tuple[Cell, ...]] = [(NAMES[i], "女", number(i), f"1990000000{i}") for i in range(2)]
LISTS: dict[str, tuple[Rows, str, list[str]]] = {
    "those who were trained": (
        [("姓名", "性别", "身份证号", "电话", "是否合格", "证书编号", "备注"), *[(*p, "是", "A1", "") for p in PEOPLE]],
        "attendance", ["培训编号"],
    ),
    "what the training platform gives": (
        [("姓名", "性别", "证件类型", "证件号码", "手机号码", "证书编号", "发证日期"),
         *[(*p[:2], "身份证", *p[2:], "A1", "2026-03-20") for p in PEOPLE]],
        "attendance", ["培训编号"],
    ),
    "an insurer's form": (
        [("*姓名", "*性别（男/女）", "*证件号", "手机号", "*生效日期", "与投保人关系"), *[(*p, "2026-01-01", "其他") for p in PEOPLE]],
        "coverage", ["保单号"],
    ),
    "those who gave blood": (
        [("献血日期", "姓名", "性别", "身份证号", "电话", "献血量(ml)"), *[("2026-06-14", *p, 400) for p in PEOPLE]],
        "blood_result", ["单位或街镇", "口径"],  # summed for each day; the persons are not kept
    ),
    "activities that are only counted": (
        [("编号", "活动名称", "活动类别", "活动时间"), (1, "甲", "宣传", "2026-03-05"), (2, "乙", "慰问", "2026-03-06")],
        "activity", ["活动编号"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_what_a_list_lacks_is_asked(name: str, known: Store, tmp_path: Path) -> None:
    rows, kind, missing = LISTS[name]
    (source,) = draft_of(tmp_path, rows).sources
    assert source.proposal is not None
    assert (source.proposal.kind, source.proposal.missing()) == (kind, missing)
    assert CONTENT not in source.proposal.reasons
    with pytest.raises(UserError, match=f"没有必填的“{'”“'.join(missing)}”列。缺的列可以在表里补上"):
        take(known, tmp_path, rows)


@pytest.mark.parametrize(
    ("head", "more", "words"),
    [
        (("班级", "姓名", "身份证号", "家长电话"), "1班", "学生的名单"),
        (("工号", "姓名", "身份证号", "入职日期"), "001", "单位职工或工资的名单"),
        (("户号", "姓名", "身份证号", "与户主关系"), "1", "户籍或人口的名单"),
    ],
)
def test_a_list_that_is_none_of_ours_is_named_and_not_taken(
    head: tuple[str, ...], more: str, words: str, known: Store, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match=f"像是{words}，不是台账的记录"):
        take(known, tmp_path, [head, *[(more, p[0], p[2], "2020-01-01") for p in PEOPLE]])


def test_the_remedy_is_said_once_for_several_sheets(known: Store, tmp_path: Path) -> None:
    head = ("姓名", "身份证号", "电话")
    sheets = {name: [head, *[p[:3] for p in people(2)]] for name in ("甲", "乙")}
    with pytest.raises(UserError) as caught:
        import_files(known, [book(tmp_path / "x.xlsx", sheets)], today=TODAY)
    assert str(caught.value).count("像是“志愿者”") == 2
    assert str(caught.value).count("缺的列可以") == 1


def test_what_a_sheet_lacks_is_said_beside_one_that_goes_in(known: Store, tmp_path: Path) -> None:
    sheets = {"一": [HEAD, person(5)], "二": LISTS["an insurer's form"][0], "三": [("行标签", "计数"), ("甲", 1)]}
    done = import_files(known, [book(tmp_path / "x.xlsx", sheets)], today=TODAY)  # type: ignore[arg-type]
    assert done.ignored == ("二", "三")
    assert "工作表“二”像是“被保险人”，但没有必填的“保单号”列；没有导入" in done.result.sheets[0].notes


STRANGE = ("病种", "医疗费", "救助金额", "开户行", "账号", "家庭人口", "致贫原因")


@pytest.mark.parametrize("day", ["申请时间", "登记日期"])
def test_not_every_list_of_people_is_one_of_volunteers(day: str, known: Store, tmp_path: Path) -> None:
    rows = [("姓名", "身份证号", day, *STRANGE), *[(*person(i)[:2], "2026-03-05", *STRANGE) for i in range(2)]]
    with pytest.raises(
        UserError, match="像是“志愿者”，但不认识的列太多，拿不准；是的话请用 --sheet Sheet1=志愿者 指明"
    ):
        take(known, tmp_path, rows)
    draft = draft_of(tmp_path, rows)
    assert draft.to_confirm() == 1  # in the window a person is asked
    known_columns = [
        ("姓名", "身份证号", day, "民族", "学历", "住址", "特长", "紧急联系人电话"),
        (*person(4)[:2], "2026-03-05", *"12345"),
    ]
    assert take(known, tmp_path, known_columns).result.sheets[0].rows == 1
    told = [("大病志愿者花名册",), *rows]
    assert take(known, tmp_path, told).result.sheets[0].rows == 2


def test_two_days_alone_are_no_record(known: Store, tmp_path: Path) -> None:
    rows = [("项目名", "起始日期", "终止日期"), ("甲", "2026-01-01", "2026-12-31")]
    with pytest.raises(UserError, match="没有认出"):
        take(known, tmp_path, rows)


def test_a_total_is_none_after_every_row_was_given_something(known: Store, tmp_path: Path) -> None:
    rows = [("单位", "献血日期", "人次", "毫升数"), ("甲局", "2026-06-14", 25, 8200), ("合计", None, 25, 8200)]
    draft = draft_of(tmp_path, rows)
    proposal = draft.sources[0].proposal
    assert proposal is not None
    assert fillable(proposal) == ["口径"]
    fill(proposal, "口径", "团体")
    checked = check(known, draft, TODAY, lambda done, total: None)
    assert [(s.rows, s.added, s.refused) for s in checked.done.result.sheets] == [(1, 1, 0)]


def test_what_was_filled_in_is_no_longer_said_to_be_missing(known: Store, tmp_path: Path) -> None:
    draft = draft_of(tmp_path, [(*HEAD, "入队时间"), *[(*p, "2022-03-01") for p in people(2)]])
    proposal = draft.sources[0].proposal
    assert proposal is not None
    said = [n for s in check(known, draft, TODAY, lambda a, b: None).done.result.sheets for n in s.notes]
    assert any("没有“队伍名称”列，所以没有导入“队员”" in n for n in said)
    fill(proposal, "队伍名称", "水上救援队")
    checked = check(known, draft, TODAY, lambda a, b: None)
    assert [s.kind for s in checked.done.result.sheets] == ["volunteer", "membership"]
    assert not any("没有导入" in n for s in checked.done.result.sheets for n in s.notes)


def test_a_year_in_the_title_is_offered(tmp_path: Path) -> None:
    rows = [("2026年献血任务分解",), ("单位", "口径", "任务人数"), ("甲局", "团体", "50人")]
    (source,) = draft_of(tmp_path, rows).sources
    assert source.proposal is not None
    assert SAID in source.proposal.reasons
    assert source.proposal.missing() == []


def test_the_error_workbook_is_recognised_for_all_its_strangers(known: Store, tmp_path: Path) -> None:
    head = ("序号", "阵地名称", "类型", "地址", "建成时间", "负责人", "电话")
    done = take(known, tmp_path, [head, (1, "某站", "景区救护站", "x", "2021-07-01", "x", "x")], "阵地")
    assert done.refused_book is not None
    again = openpyxl.load_workbook(io.BytesIO(done.refused_book))
    again.active["C2"] = "队部"
    again.save(tmp_path / "again.xlsx")
    assert import_files(known, [tmp_path / "again.xlsx"], today=TODAY).result.changed == 1


def test_what_the_shapes_say(known: Store, tmp_path: Path) -> None:
    """Sums, hours and days as they stand in the ledger afterwards."""
    take(known, tmp_path, [("单位：万元",), ("日期", "收支方向", "科目", "金额", "摘要"), ("2026-01-05", "收", "拨款", 1.2, "a"),
                           ("2026-01-06", "支", "物资", "0.35", "b"), ("2026-01-07", "支", "物资", "300元", "c")])  # fmt: skip
    assert [r["amount_fen"] for r in known.rows(FUND_ENTRY)] == [1_200_000, 350_000, 30_000]
    take(
        known,
        tmp_path,
        [
            ("姓名", "身份证号", "队伍名称", "服务日期", "服务时长（分钟）"),
            (*person(0)[:2], "水上救援队", "2026-03-05", 90),
        ],
    )
    assert [r["service_minutes"] for r in known.rows(SERVICE_RECORD)] == [90]
    take(known, tmp_path, [("活动编号", "活动名称", "活动类别", "活动时间"), ("H1", "甲", "宣传", "2026.3.5-6"),
                           ("H2", "乙", "宣传", "2026.3.30至4.2"),
                           ("H3", "丙", "宣传", "2026-03-08 09:00:00 至 2026-03-08 11:30:00"), ("H4", "丁", "宣传", "2026.3.9")])  # fmt: skip
    assert [(r["start_on"], r["end_on"]) for r in known.rows(ACTIVITY)] == [
        ("2026-03-05", "2026-03-06"), ("2026-03-08", "2026-03-08"), ("2026-03-09", None), ("2026-03-30", "2026-04-02"),
    ]  # fmt: skip
    head = ("保单号", "保险公司", "险种", "承保方式", "保险期间", "每人保额（万元）")
    take(
        known, tmp_path, [head, ("PB", "某财险", "意外险", "记名名单", "2026年1月1日零时起至2026年12月31日24时止", 10)]
    )
    (row,) = [r for r in known.rows(INSURANCE_POLICY) if r["policy_number"] == "PB"]
    assert (row["start_on"], row["end_on"], row["sum_insured_fen"]) == ("2026-01-01", "2026-12-31", 10_000_000)


def test_a_journal_keeps_its_days(known: Store, tmp_path: Path) -> None:
    rows: Rows = [("2026年", None, "摘要", "科目", "收入", "支出"), ("月", "日"), (1, 5, "a", "捐赠", 10, None), (None, 9, "b", "物资", None, 3),
                  ("2月", "3日", "c", "会费", 1, None), (2, 30, "d", "会费", 1, None)]  # fmt: skip
    done = take(known, tmp_path, rows)
    assert [r["entry_on"] for r in known.rows(FUND_ENTRY)] == ["2026-01-05", "2026-01-09", "2026-02-03"]
    assert [(p.row, p.column) for p in done.result.sheets[0].problems] == [(6, "日期")]


def test_the_error_workbook_of_a_changed_unit_is_not_changed_twice(known: Store, tmp_path: Path) -> None:
    rows = [("日期", "收支方向", "科目", "金额（万元）"), ("2026.1", "收", "拨款", 1.2)]
    done = take(known, tmp_path, rows)
    assert done.refused_book is not None
    again = openpyxl.load_workbook(io.BytesIO(done.refused_book))
    assert [c.value for c in again.active[2]][:4] == ["2026.1", "收", "拨款", "12000元"]
    again.active["A2"] = "2026-01-05"
    again.save(tmp_path / "again.xlsx")
    import_files(known, [tmp_path / "again.xlsx"], today=TODAY)
    assert [r["amount_fen"] for r in known.rows(FUND_ENTRY)] == [1_200_000]


@pytest.mark.parametrize(
    "rows",
    [
        [HEAD, *people(3)],
        [
            ("姓名", "张三", "配偶姓名", "李四"),
            ("身份证号", number(0), "配偶身份证号", number(1)),
            ("电话", "1", "住址", "x"),
        ],
        [("日期", "摘要"), ("2026-03-05", "3月5日"), ("2026年", "月日")],
        [("月", "日"), (3, 5)],
        [
            ("2026年登记表",),
            ("姓名", "张三"),
            ("签名", "年", "月", "日"),
            ("意见", "同意", "盖章", "审核"),
            ("x", "y", "z", "v"),
        ],
        [("2026年", ""), ("月", "日", "x"), ("甲", "乙", "丙")],
        [("服务日期", "时长"), ("2026.3.5-3.6", 2)],
    ],
)
def test_what_is_no_such_shape_stays_as_it_is(rows: Rows) -> None:
    table = Table("表", [(n, list(row)) for n, row in enumerate(rows, 1)])
    assert reshaped(table) == table


def test_a_pasted_block_is_made_a_list_too() -> None:
    (table,) = pasted_lists(
        "活动编号\t活动名称\t活动类别\t活动时间\nH1\t甲\t宣传\t2026.3.5-3.6\nH2\t乙\t宣传\t2026.3.9"
    )
    assert table.rows[0][1][4] == "结束日期"
    assert table.rows[1][1][3:] == ["2026-03-05", "2026-03-06"]


def test_put_right_in_the_window_a_changed_column_stays_put_right(known: Store, tmp_path: Path) -> None:
    draft = draft_of(tmp_path, [("日期", "收支方向", "科目", "金额（万元）"), ("2026.1", "收", "拨款", 1.2)])
    (source,) = draft.sources
    for _ in range(2):
        assert check(known, draft, TODAY, lambda a, b: None).done.result.refused == 1
    import_draft.put_right(source, 2, 0, "2026-01-05")
    import_draft.let_in(known, draft, TODAY, lambda a, b: None)
    assert [r["amount_fen"] for r in known.rows(FUND_ENTRY)] == [1_200_000]
