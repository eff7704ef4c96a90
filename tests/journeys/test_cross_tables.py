"""Cross tables of hours, ticks and amounts become one row for each cell; a day is never made up, and lists are left alone."""

import datetime as dt
import io
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from db.errors import UserError
from db.records.entities import FUND_ENTRY, SERVICE_RECORD
from db.records.kinds import Cell
from db.storage.store import Store
from desktop.services.import_draft import check, let_in, prepare, put_days
from desktop.services.importing import import_files, open_files
from forms.columns.constants import fill, fillable
from forms.columns.date_suggestions import MONTH
from forms.columns.proposals import SAID
from forms.reading.table import Table
from forms.shapes.cross_table import WHERE
from forms.shapes.normalise import as_lists
from tests.journeys.test_importing import TODAY
from tests.journeys.test_importing import book as plain_book
from tests.journeys.workbook_shapes import KNOWN, NAMES, ROSTER, Rows, book, member, merge, number

TITLE = ("2026年志愿服务时长统计表",)
TEAM = "水上救援队"
WHO = ("姓名", "身份证号", "队伍")
FIRST, SECOND = ((NAMES[i], number(i), TEAM) for i in (0, 1))


def row(day: str, hours: Cell, who: tuple[str, ...] = FIRST, what: str | None = None) -> tuple[Cell, ...]:
    """What one cell says, in the order of the list that comes out."""
    return (*who, day, hours, what)


LAYOUTS: dict[str, tuple[Rows, Callable[[Worksheet], None] | None, str, list[tuple[Cell, ...]], tuple[str, ...]]] = {
    "days as words": (
        [TITLE, (*WHO, "3月5日", "3月12日"), (*FIRST, 2, 3), (*SECOND, "", "1.5小时")], None, "时长",
        [row("2026-03-05", 2), row("2026-03-12", 3), row("2026-03-12", "1.5小时", SECOND)], ("2026年取自表的标题",)),
    "real days": (
        [(*WHO, dt.date(2026, 3, 5), dt.date(2026, 3, 12)), (*FIRST, 2, 3)], None, "时长",
        [row("2026-03-05", 2), row("2026-03-12", 3)], ()),
    "whole days, then some without the year": (
        [(*WHO, "2026年3月5日", "3月12日", "2026-04-01"), (*FIRST, 2, 3, 4)], None, "时长",
        [row("2026-03-05", 2), row("2026-03-12", 3), row("2026-04-01", 4)], ()),
    "days with points, the year in the sheet's name": (
        [(*WHO, "3.5", "3.12"), (*FIRST, 2, 3)], None, "2026年上半年", [row("2026-03-05", 2), row("2026-03-12", 3)],
        ("2026年取自工作表名",)),
    "days as decimal numbers, one of them unclear": (
        [TITLE, (*WHO, 3.5, 3.1, 3.15), (*FIRST, 2, 9, 3)], None, "时长", [row("2026-03-05", 2), row("2026-03-15", 3)],
        ("E 列的表头认不出",)),
    "weekdays behind the days": (
        [TITLE, (*WHO, "3月5日（周四）", "3月12日星期四"), (*FIRST, 2, 3)], None, "时长",
        [row("2026-03-05", 2), row("2026-03-12", 3)], ()),
    "weekdays below the days": (
        [TITLE, (*WHO, "3月5日", "3月12日"), ("", "", "", "四", "四"), (*FIRST, 2, 3)], merge("A2:A3", "B2:B3", "C2:C3"), "时长",
        [row("2026-03-05", 2), row("2026-03-12", 3)], ()),
    "what was done, behind the days": (
        [TITLE, (*WHO, "3月5日学雷锋", "3月12日\n植树"), (*FIRST, 2, 3)], None, "时长",
        [row("2026-03-05", 2, what="学雷锋"), row("2026-03-12", 3, what="植树")], ()),
    "what was done, below the days": (
        [TITLE, (*WHO, "3.5", "3.12"), ("", "", "", "学雷锋", "植树"), (*FIRST, 2, 3)], None, "时长",
        [row("2026-03-05", 2, what="学雷锋"), row("2026-03-12", 3, what="植树")], ()),
    "what was done, above the days": (
        [TITLE, (*WHO, "学雷锋", "植树"), ("", "", "", "3月5日", "3月12日"), (*FIRST, 2, 3)], None, "时长",
        [row("2026-03-05", 2, what="学雷锋"), row("2026-03-12", 3, what="植树")], ()),
    "numbers of days below merged months": (
        [(*WHO, "2026年3月", "", "", "4月", "", ""), ("", "", "", 1, 2, 3, 1, 2, 3), (*FIRST, 2, "", 3, "", "", 4)],
        merge("D1:F1", "G1:I1", "A1:A2", "B1:B2", "C1:C2"), "时长",
        [row("2026-03-01", 2), row("2026-03-03", 3), row("2026-04-03", 4)], ()),
    "a month's numbers of days, the month in the title": (
        [("2026年3月志愿服务时长",), (*WHO, *range(1, 32)), (*FIRST, 2, *[None] * 29, 3)], None, "时长",
        [row("2026-03-01", 2), row("2026-03-31", 3)], ("2026年3月）取自表的标题",)),
    "totals, signatures, people who were away": (
        [TITLE, ("序号", *WHO, "3月5日", "3月12日", "合计"), (1, *FIRST, 2, "/", 2), (2, *SECOND, "", "", 0), ("", "合计", "", "", 2, 0, 2),
         ("填表人：某某", "", "", "", "审核人：某某")], None, "时长", [row("2026-03-05", 2)],
        ("“合计”是算出来的", "1 格写的是", "跳过 2 行", "有 1 行的格子全是空的")),
    "a team merged over its people": (
        [TITLE, ("队伍", "姓名", "身份证号", "3月5日", "3月12日"), (TEAM, *FIRST[:2], 2, 3), ("", *SECOND[:2], 1, "")], merge("A3:A4"), "时长",
        [row("2026-03-05", 2), row("2026-03-12", 3), row("2026-03-05", 1, SECOND)], ()),
    "lines that name the team": (
        [TITLE, ("姓名", "身份证号", "3月5日", "3月12日"), ("一、水上救援队（1人）",), (*FIRST[:2], 2, 3)], None, "时长",
        [row("2026-03-05", 2), row("2026-03-12", 3)], ()),
    "a cell that says neither": (
        [TITLE, (*WHO, "3月5日", "3月12日"), (*FIRST, "半天", 3)], None, "时长", [row("2026-03-05", "半天"), row("2026-03-12", 3)], ()),
}  # fmt: skip


@pytest.fixture
def office(store: Store, tmp_path: Path) -> Store:
    """A ledger that holds two teams, a policy and two volunteers."""
    import_files(store, [plain_book(tmp_path / "known.xlsx", KNOWN)], today=TODAY)
    import_files(store, [book(tmp_path / "people.xlsx", [ROSTER, member(0), member(1)])], today=TODAY)
    return store


def test_there_are_enough_layouts() -> None:
    assert len(LAYOUTS) >= 15


@pytest.mark.parametrize("name", LAYOUTS)
def test_layout(name: str, office: Store, tmp_path: Path) -> None:
    rows, change, sheet, expected, notes = LAYOUTS[name]
    done = import_files(office, [book(tmp_path / "统计.xlsx", rows, sheet, change)], today=TODAY)
    (mapped,) = done.mapped
    (result,) = done.result.sheets
    headings = ("姓名", "证件号码", "队伍名称", "服务日期", "服务时长（小时）", "服务内容")
    cells = [mapped.cells(r) for _, r in mapped.rows]
    assert [tuple(c.get(h) for h in headings) for c in cells] == expected
    for said in notes:
        assert said in "\n".join(result.notes)
    wrong = sum(r[4] == "半天" for r in expected)
    assert (result.kind, result.rows, result.added, result.refused) == (
        "service_record", len(expected), len(expected) - wrong, wrong,
    )  # fmt: skip
    assert WHERE not in result.unknown
    assert import_files(office, [tmp_path / "统计.xlsx"], today=TODAY).result.changed == 0


def test_a_year_that_was_taken_from_the_title_is_shown_first(tmp_path: Path) -> None:
    for name, asks in (("days as words", True), ("real days", False)):
        rows, change, sheet, _, _ = LAYOUTS[name]
        assert prepare(open_files([book(tmp_path / "统计.xlsx", rows, sheet, change)]), {}).asks() is asks


def test_where_each_row_was_read(tmp_path: Path) -> None:
    rows, change, sheet, _, _ = LAYOUTS["totals, signatures, people who were away"]
    ((_, table),) = open_files([book(tmp_path / "统计.xlsx", rows, sheet, change)])
    assert table.rows[-1][1][-1] == "第 3 行 E 列"
    assert [n for n, _ in table.rows] == [-2, -1, 0, 1]


def test_months_are_refused_until_a_person_says_which_day(office: Store, tmp_path: Path) -> None:
    rows = [("2026年各月服务时长",), (*WHO, "1月", "2月", "三月"), (*FIRST, 2, "", 4), (*SECOND, "", 3, "")]
    path = book(tmp_path / "按月.xlsx", rows, "时长")
    done = import_files(office, [path], today=TODAY)
    (result,) = done.result.sheets
    assert (result.added, result.refused) == (0, 3)
    assert {(p.column, p.reason) for p in result.problems} == {
        ("服务日期", "只有年月，没有日；请补上具体日期，如 2026-03-05")
    }
    assert any("横排是月份，没有写到哪一天，程序不会猜" in note for note in result.notes)
    draft = prepare(open_files([path]), {})
    checked = check(office, draft, TODAY, lambda done, total: None)
    assert put_days(draft, checked, MONTH, TODAY) == 3
    let_in(office, draft, TODAY, lambda done, total: None)
    assert {row["served_on"] for row in office.rows(SERVICE_RECORD)} == {"2026-01-01", "2026-03-01", "2026-02-01"}


@pytest.mark.parametrize(
    ("title", "days"),
    [("服务时长", ("3月5日", "3月6日")), ("2025年和2026年服务时长", ("3月5日", "3月6日")), ("2026年", ("12月5日", "1月6日")),
     ("某会〔2026〕3号附件", ("3月5日", "3月6日"))],
)  # fmt: skip
def test_a_year_is_never_made_up(title: str, days: tuple[str, str], office: Store, tmp_path: Path) -> None:
    done = import_files(
        office, [book(tmp_path / "表.xlsx", [(title,), (*WHO, *days), (*FIRST, 2, 3)], "表")], today=TODAY
    )
    (result,) = done.result.sheets
    assert (result.added, result.refused) == (0, 2)
    assert any("日期没有写年份，所以这些行没有导入" in note for note in result.notes)


def test_ticks_need_hours_from_a_person(office: Store, tmp_path: Path) -> None:
    rows = [("2026年3月签到表",), (*WHO, "3月5日", "3月12日"), (*FIRST, "√", "×"), (*SECOND, "√", "√")]
    path = book(tmp_path / "签到.xlsx", rows, "签到")
    with pytest.raises(UserError, match="“签到”像是“服务记录”，但没有必填的“服务时长（小时）”列"):
        import_files(office, [path], today=TODAY)
    draft = prepare(open_files([path]), {})
    proposal = draft.sources[0].proposal
    assert proposal is not None
    assert fillable(proposal) == ["服务时长（小时）"]
    assert "没有时长" in "".join(draft.sources[0].table.notes)
    fill(proposal, "服务时长（小时）", "2")
    assert let_in(office, draft, TODAY, lambda done, total: None).done.result.changed == 3
    assert {row["service_minutes"] for row in office.rows(SERVICE_RECORD)} == {120}


def test_activities_without_a_day_wait_for_one(office: Store, tmp_path: Path) -> None:
    rows = [("2026年志愿服务时长统计表",), (*WHO, "学雷锋", "植树", "合计"), (*FIRST, 2, 3, 5), (*SECOND, "", 1, 1)]
    done = import_files(office, [book(tmp_path / "时长.xlsx", rows, "时长")], today=TODAY)
    (result,) = done.result.sheets
    assert (result.rows, result.added, result.refused) == (3, 0, 3)
    assert {p.column for p in result.problems} == {"服务日期"}
    assert any("横排的是活动名称，没有日期" in note for note in result.notes)
    assert done.refused_book is not None
    told = openpyxl.load_workbook(io.BytesIO(done.refused_book))
    heads = [c.value for c in told.active[1]]
    assert [told.active.cell(n, heads.index("服务内容") + 1).value for n in (2, 3, 4)] == ["学雷锋", "植树", "植树"]
    for n in (2, 3, 4):
        told.active.cell(n, heads.index("服务日期") + 1).value = f"2026-03-0{n}"
    told.save(tmp_path / "改好.xlsx")
    assert import_files(office, [tmp_path / "改好.xlsx"], today=TODAY).result.changed == 3


def test_the_team_named_above_or_by_the_sheet_is_offered(office: Store, tmp_path: Path) -> None:
    rows = [("姓名", "身份证号", "2026年3月5日", "3月6日"), (*FIRST[:2], 2, 3)]
    paths = [
        book(tmp_path / "a.xlsx", [("水上救援队服务时长",), *rows], "时长"),
        book(tmp_path / "b.xlsx", rows, TEAM),
    ]
    for path in paths:
        (source,) = prepare(open_files([path]), {}, [TEAM, "山地救援队"]).sources
        assert source.proposal is not None
        assert dict(zip(source.proposal.chosen, source.proposal.reasons, strict=True))["队伍名称"] == SAID


def test_amounts_of_teams(office: Store, tmp_path: Path) -> None:
    rows = [
        ("2026年各队经费支出（元）",),
        ("队伍名称", "3月5日", "3月12日", "合计"),
        (TEAM, 200, 300.5, 500.5),
        ("合计", 200, 300.5, 500.5),
    ]
    path = book(tmp_path / "经费.xlsx", rows, "经费")
    mapping = {"*": {"values": {"收支方向": "支出", "科目": "活动费"}}}
    done = import_files(office, [path], today=TODAY, mapping=mapping)
    assert [(s.kind, s.added, s.refused) for s in done.result.sheets] == [("fund_entry", 2, 0)]
    assert [(row["entry_on"], row["amount_fen"]) for row in office.rows(FUND_ENTRY)] == [
        ("2026-03-05", 20000), ("2026-03-12", 30050),
    ]  # fmt: skip


def test_a_refused_cell_is_corrected_in_the_error_workbook(office: Store, tmp_path: Path) -> None:
    rows, change, sheet, _, _ = LAYOUTS["a cell that says neither"]
    done = import_files(office, [book(tmp_path / "统计.xlsx", rows, sheet, change)], today=TODAY)
    assert done.refused_book is not None
    told = openpyxl.load_workbook(io.BytesIO(done.refused_book))
    heads = [c.value for c in told.active[1]]
    assert told.active.max_row == 2
    assert told.active.cell(2, heads.index(WHERE) + 1).value == "第 3 行 D 列"
    told.active.cell(2, heads.index("服务时长（小时）") + 1).value = 4
    told.save(tmp_path / "改好.xlsx")
    again = import_files(office, [tmp_path / "改好.xlsx"], today=TODAY)
    assert [(s.added, s.refused) for s in again.result.sheets] == [(1, 0)]
    assert len(office.rows(SERVICE_RECORD)) == 2


ORDINARY: dict[str, Rows] = {
    "a roster": [ROSTER, member(0), member(1)],
    "a list of service": [("姓名", "证件号码", "队伍名称", "服务日期", "服务时长（小时）"), (*FIRST, "2026-03-05", 2)],
    "a roster with columns of days": [(*ROSTER, "3月5日", "3月12日"), (*member(0), 2, 3)],
    "days in the first row of content": [("姓名", "a", "b", "c"), (NAMES[0], "2026-03-05", "2026-03-06", "2026-03-07")],
    "marks of an examination": [("初级班成绩表",), ("姓名", "身份证号", "理论", "实操"), (*FIRST[:2], 9, 8)],
    "a roster with hours in its name": [("志愿服务时长",), (*ROSTER, "理论", "实操"), (*member(0), 9, 8)],
    "days of joining and leaving below": [
        ("志愿服务时长",), ("姓名", "入队", "退队"), ("张三", "2026-03-05", "2026-03-06"), ("李四", "2026-03-05", "2026-03-07")],
    "years": [("姓名", "身份证号", "2024", "2025"), (*FIRST[:2], 2, 3)],
    "amounts of nobody knows what": [("队伍名称", "3月5日", "3月12日"), (TEAM, 2, 3)],
}  # fmt: skip


@pytest.mark.parametrize("name", ORDINARY)
def test_lists_are_left_alone(name: str) -> None:
    table = Table("名单", [(n, list(r)) for n, r in enumerate(ORDINARY[name], 1)])
    assert as_lists([("x.xlsx", table)])[0][1] is table


def test_a_long_roster_pays_nothing() -> None:
    rows: list[tuple[int, list[Cell]]] = [(1, list(ROSTER)), *((n, list(member(n % 10))) for n in range(2, 5_000))]
    table = Table("名单", rows)
    as_lists([("x", table)])
    begun = time.process_time()
    assert as_lists([("x", table)])[0][1] is table
    assert time.process_time() - begun < 0.1
