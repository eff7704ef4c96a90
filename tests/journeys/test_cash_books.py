"""A cash book keeps its amounts in two columns, 收入 and 支出: each row becomes one entry, or says what is wrong with it."""

import io
from pathlib import Path

import openpyxl
import pytest

from db.records.entities import FUND_ENTRY
from db.records.kinds import Cell
from db.storage.store import Store
from db.tasks.column_mappings import remembered
from desktop.services import import_draft
from desktop.services.importing import Imported, import_files, open_files
from forms.columns.headings import required
from forms.columns.proposals import EXACT, SYNONYM, propose
from forms.reading.table import Table
from tests.journeys.test_importing import TODAY, book

HEAD = ("日期", "摘要", "科目", "收入", "支出", "余额")
BOOK: list[tuple[Cell, ...]] = [
    HEAD,
    ("2026-01-05", "爱心企业捐赠", "捐赠", 5000, None, 5000),
    ("2026-01-09", "买急救包", "物资", None, "1,200.50", 3799.5),
    ("2026-01-10", "退回零钱", "物资", "0.00", 20, 3779.5),
    ("2026-01-11", "会费", "会费", "30元", "-", 3809.5),
    ("合计", None, None, 5030, 1220.5, None),
]


def take(
    store: Store, tmp_path: Path, rows: list[tuple[Cell, ...]], sheet: str = "流水账", **options: object
) -> Imported:
    return import_files(store, [book(tmp_path / "账.xlsx", {sheet: rows})], today=TODAY, **options)


def entries(store: Store) -> list[tuple[object, object, object]]:
    return [(row["summary"], row["direction"], row["amount_fen"]) for row in store.rows(FUND_ENTRY)]


def test_each_side_becomes_its_direction(store: Store, tmp_path: Path) -> None:
    done = take(store, tmp_path, BOOK)
    (sheet,) = done.result.sheets
    assert (sheet.kind, sheet.rows, sheet.added, sheet.problems) == ("fund_entry", 4, 4, [])
    assert sheet.unknown == ("余额",)
    assert entries(store) == [
        ("爱心企业捐赠", "income", 500000), ("买急救包", "expense", 120050), ("退回零钱", "expense", 2000), ("会费", "income", 3000),
    ]  # fmt: skip
    again = take(store, tmp_path, BOOK)
    assert again.result.sheets[0].unchanged == 4


def test_both_or_none_is_an_error_at_its_column(store: Store, tmp_path: Path) -> None:
    rows: list[tuple[Cell, ...]] = [
        HEAD,
        ("2026-01-05", "两边都填", "捐赠", 5000, 30, 5000),
        ("2026-01-01", "上年结转", "结转", None, None, 800),
        ("2026-01-06", "写错", "捐赠", "五千", None, None),
        ("2026-01-07", "负数", "捐赠", None, -5, None),
        ("2026-01-08", "好的", "捐赠", 7, None, None),
    ]
    done = take(store, tmp_path, rows)
    (sheet,) = done.result.sheets
    assert (sheet.rows, sheet.added, sheet.refused) == (5, 1, 4)
    assert [(p.row, p.column, p.value) for p in sheet.problems] == [
        (2, "支出（元）", "30"), (3, "收入（元）", ""), (4, "收入（元）", "五千"), (5, "支出（元）", "-5"),
    ]  # fmt: skip
    assert sheet.problems[0].reason == "“收入（元）”和“支出（元）”都填了金额；一行只能是一笔，请分成两行"
    assert (
        sheet.problems[1].reason == "“收入（元）”和“支出（元）”都没有填金额，请填写其中一格；只有结转或余额的行请删去"
    )
    assert entries(store) == [("好的", "income", 700)]
    # The error workbook keeps the two columns; put right, it goes in whole.
    assert done.refused_book is not None
    again = openpyxl.load_workbook(io.BytesIO(done.refused_book)).worksheets[0]
    assert [again.cell(1, c).value for c in range(1, 6)] == list(HEAD[:5])
    assert [again.cell(2, c).comment is not None or again.cell(2, c).fill.fgColor.rgb != again["A2"].fill.fgColor.rgb for c in (4, 5)] == [
        False, True,
    ]  # fmt: skip
    again["D2"] = None
    again["E4"], again["D4"] = None, 50
    again["E5"] = 5
    again.delete_rows(3)
    path = tmp_path / "改好.xlsx"
    again.parent.save(path)
    fixed = import_files(store, [path], today=TODAY)
    assert [p for s in fixed.result.sheets for p in s.problems] == []
    assert fixed.result.changed == 3


def test_one_side_alone_is_enough(store: Store, tmp_path: Path) -> None:
    done = take(
        store,
        tmp_path,
        [
            ("日期", "科目", "支出金额（元）", "摘要"),
            ("2026-02-01", "物资", 12, "水"),
            ("2026-02-02", "物资", None, "无"),
        ],
    )
    assert entries(store) == [("水", "expense", 1200)]
    assert [p.reason for p in done.result.sheets[0].problems] == [
        "“支出（元）”没有填金额，请填写；只有结转或余额的行请删去"
    ]


@pytest.mark.parametrize(
    ("head", "row"),
    [
        (
            ("日期", "凭证号", "摘要", "科目", "借方金额", "贷方金额", "结余"),
            ("2026-01-05", "记1", "甲", "捐赠", None, 8, 1),
        ),
        (("序号", "日期", "科目", "摘要", "进账", "出账"), (1, "2026-01-05", "捐赠", "甲", None, 8)),
    ],
)
def test_other_words_for_the_two_sides(
    head: tuple[Cell, ...], row: tuple[Cell, ...], store: Store, tmp_path: Path
) -> None:
    take(store, tmp_path, [head, row])
    assert entries(store) == [("甲", "expense", 800)]


def test_a_group_head_above_the_two_sides(store: Store, tmp_path: Path) -> None:
    rows: list[tuple[Cell, ...]] = [
        ("2026年经费流水账",), ("日期", "科目", "摘要", "金额（元）", None), (None, None, None, "收入", "支出"),
        ("2026-01-05", "捐赠", "甲", 8, None), ("2026-01-06", "物资", "乙", None, 3),
    ]  # fmt: skip
    take(store, tmp_path, rows)
    assert entries(store) == [("甲", "income", 800), ("乙", "expense", 300)]


def test_a_column_of_amounts_goes_before_two_sides(store: Store, tmp_path: Path) -> None:
    rows: list[tuple[Cell, ...]] = [
        ("日期", "收支方向", "科目", "金额（元）", "收入", "支出"), ("2026-01-05", "收入", "捐赠", 8, 9, 10),
    ]  # fmt: skip
    done = take(store, tmp_path, rows)
    assert [(row["direction"], row["amount_fen"]) for row in store.rows(FUND_ENTRY)] == [("income", 800)]
    assert done.result.sheets[0].unknown == ("收入", "支出")


def test_a_map_file_names_the_two_sides(store: Store, tmp_path: Path) -> None:
    rows: list[tuple[Cell, ...]] = [
        ("日期", "科目", "来的", "去的"),
        ("2026-01-05", "捐赠", 8, None),
        ("2026-01-06", "物资", None, 3),
    ]
    mapping = {"*": {"kind": "经费收支", "columns": {"来的": "收入（元）", "@D": "支出（元）"}}}
    take(store, tmp_path, rows, mapping=mapping)
    assert [(row["direction"], row["amount_fen"]) for row in store.rows(FUND_ENTRY)] == [
        ("income", 800),
        ("expense", 300),
    ]


def test_the_window_offers_the_two_sides_and_lets_them_be_chosen(store: Store, tmp_path: Path) -> None:
    path = book(
        tmp_path / "账.xlsx",
        {"账": [("日期", "科目", "收入", "去的"), ("2026-01-05", "捐赠", 8, None), ("2026-01-06", "物资", None, 3)]},
    )
    draft = import_draft.prepare(open_files([path]), {})
    (source,) = draft.sources
    assert source.proposal is not None
    assert source.proposal.chosen[:3] == ["日期", "科目", "收入（元）"]
    assert source.proposal.missing() == []
    offered = dict(dict(import_draft.choices("fund_entry"))["经费收支"])
    assert (offered["收入（元）"], offered["支出（元）"], offered["收支方向"]) == (False, False, True)
    source.proposal.chosen[3] = "支出（元）"
    f = import_draft.field_of(source, 3)
    assert f is not None
    assert f.name == "amount_fen"
    checked = import_draft.let_in(store, draft, TODAY, lambda done, total: None)
    assert checked.done.result.changed == 2
    # What was confirmed is known the next time.
    (again,) = import_draft.prepare(open_files([path]), remembered(store)).sources
    assert again.proposal is not None
    assert again.proposal.chosen == ["日期", "科目", "收入（元）", "支出（元）"]


def test_the_reasons_and_what_is_required() -> None:
    (found,) = propose(Table("流水", [(n, list(row)) for n, row in enumerate(BOOK, 1)]))
    assert found.chosen == ["日期", "摘要", "科目", "收入（元）", "支出（元）", ""]
    assert found.reasons[3] in (EXACT, SYNONYM)
    assert required(FUND_ENTRY, found.chosen) == {"日期", "科目"}
    assert required(FUND_ENTRY) == {"日期", "科目", "收支方向", "金额（元）"}


EARMARKED = ("日期", "队伍名称", "科目", "收入", "支出", "定向用途", "摘要")


def test_earmarked_money_that_does_not_suffice_is_said_and_goes_in(store: Store, tmp_path: Path) -> None:
    rows: list[tuple[Cell, ...]] = [
        EARMARKED,
        ("2026-03-02", None, "物资", None, 60, "救生衣", "甲"),
        ("2026-03-01", None, "捐赠", 100, None, "救生衣", "乙"),
        ("2026-03-02", None, "物资", None, 50, "救生衣", "丙"),
        ("2026-03-03", None, "物资", None, 5, "救生衣", "丁"),
        ("2026-03-03", None, "物资", None, 6, None, "不定向"),
        ("2026-03-04", None, "捐赠", 5, None, "冲锋舟", "戊"),
    ]
    done = take(store, tmp_path, rows)
    (sheet,) = done.result.sheets
    assert (sheet.added, sheet.refused) == (6, 0)
    assert [(p.row, p.column, p.severity, p.value, p.reason) for p in sheet.problems] == [
        (
            4,
            "定向用途",
            "warning",
            "救生衣",
            "定向用途的钱到这一天不够，超支 10.00 元；请核对金额、日期和定向用途，或补录这项收入",
        )
    ]
    # An older gap is not said again; a larger one is. The income may come in another sheet of the same import.
    more: list[tuple[Cell, ...]] = [EARMARKED, ("2026-02-01", None, "捐赠", 10, None, "救生衣", "己")]
    assert take(store, tmp_path, more).result.sheets[0].problems == []
    again: list[tuple[Cell, ...]] = [EARMARKED, ("2026-05-01", None, "物资", None, 1, "救生衣", "庚")]
    assert [p.row for p in take(store, tmp_path, again).result.sheets[0].problems] == [2]
    both = {"六月": [EARMARKED, ("2026-06-02", None, "物资", None, 9, "雨衣", "辛")],
            "经费收支": [EARMARKED, ("2026-06-01", None, "捐赠", 9, None, "雨衣", "壬")]}  # fmt: skip
    done = import_files(store, [book(tmp_path / "两张.xlsx", both)], today=TODAY)
    assert [p for s in done.result.sheets for p in s.problems] == []
