"""The example office: it goes in whole through the ordinary import, agrees with itself, and is believable."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import resources
from db.intake.importer import take_in
from db.intake.results import ImportResult
from db.intake.source_rows import SourceRow, SourceSheet
from db.records.entities import ENTITIES
from db.records.identity import check_digit
from db.storage.store import Store
from forms.columns.proposals import map_table
from forms.excel.example import example_sheets, example_workbooks
from forms.reading.files import read_tables
from tests.offices.example.__main__ import texts
from tests.oracle import Office, check, figures

D = dt.date
FIRST, LAST = D(2025, 10, 1), D(2026, 9, 30)
QUARTERS = ("2025Q4", "2026Q1", "2026Q2", "2026Q3")

Sheets = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def office() -> Sheets:
    return example_sheets()


@pytest.fixture(scope="module")
def books() -> dict[str, bytes]:
    return example_workbooks()


@pytest.fixture(scope="module")
def sources(books: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> list[SourceSheet]:
    """Every sheet of every workbook, read and mapped as the import does."""
    folder = tmp_path_factory.mktemp("example")
    found = []
    for name, content in books.items():
        path: Path = folder / name
        path.write_bytes(content)
        for table in read_tables(path):
            mapped = map_table(table)
            assert mapped is not None, (name, table.sheet)
            rows = [SourceRow(number, mapped.cells(cells)) for number, cells in mapped.rows]
            found.append(SourceSheet(table.sheet, mapped.entity, rows, name, mapped.unknown, mapped.notes))
    return found


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.memory() as opened:
        yield opened


def problems(result: ImportResult) -> list[tuple[Any, ...]]:
    return [(s.sheet, p.row, p.column, p.severity, p.reason) for s in result.sheets for p in s.problems]


def test_everything_goes_in_and_a_second_import_changes_nothing(store: Store, sources: list[SourceSheet]) -> None:
    first = take_in(store, sources, title="示例", today=LAST)
    assert first.refused == 0, problems(first)
    assert problems(first) == []
    assert all(not s.unknown and not s.notes for s in first.sheets)
    second = take_in(store, sources, title="再来一次", today=LAST)
    assert (second.changed, second.refused) == (0, 0)


def test_the_ledger_then_holds_exactly_the_rows(store: Store, sources: list[SourceSheet], office: Sheets) -> None:
    take_in(store, sources, title="示例", today=LAST)
    held = {e.label: store.count(e) for e in ENTITIES if e.sheet}
    counted = sum(row["正式党员数"] is not None for row in office["志愿服务队伍"])  # they go into their history
    assert held == {label: len(rows) for label, rows in office.items()} | {"党员统计": counted, "物资收发": 0}
    assert all(n for label, n in held.items() if label != "物资收发")


def test_the_files_also_go_in_one_after_another(store: Store, sources: list[SourceSheet]) -> None:
    for name in dict.fromkeys(s.source for s in sources):
        result = take_in(store, [s for s in sources if s.source == name], title=name, today=LAST)
        assert result.refused == 0, problems(result)


def test_the_same_office_comes_out_every_time(office: Sheets, books: dict[str, bytes]) -> None:
    assert example_sheets() == office
    assert example_workbooks() == books


def test_its_size(office: Sheets) -> None:
    assert len(office["志愿者"]) == 340
    assert 12 <= len(office["志愿服务队伍"]) <= 13
    assert 360 <= len(office["队员"]) <= 400
    assert 15 <= sum(row["退队日期"] is not None for row in office["队员"]) <= 30
    linked = sum(row["志愿者网编号"] is not None for row in office["志愿者"]) / 340
    assert 0.8 <= linked <= 0.92
    assert 850 <= len(office["服务记录"]) <= 1100
    assert 85 <= len(office["经费收支"]) <= 115
    assert len(office["活动"]) == 45


def test_nobody_can_be_real(office: Sheets) -> None:
    for row in office["志愿者"]:
        number = row["证件号码"]
        assert number.startswith("990123")
        assert check_digit(number[:17]) == number[17]
        phones = [row["手机号码"], row["监护人电话"]]
        assert all(p is None or p.startswith("1990000") for p in phones)
        born = row["出生日期"]
        age = LAST.year - born.year - ((LAST.month, LAST.day) < (born.month, born.day))
        assert 16 <= age <= 72
        assert (row["监护人姓名"] is not None) == (age < 18)
    assert len({row["证件号码"] for row in office["志愿者"]}) == 340
    assert {"欧阳堃", "翁翀", "苗㛃", "程𬭚"} <= {row["姓名"] for row in office["志愿者"]}


def stints(office: Sheets) -> dict[tuple[str, str], tuple[dt.date, dt.date]]:
    return {
        (row["证件号码"], row["队伍名称"]): (row["入队日期"], row["退队日期"] or dt.date.max) for row in office["队员"]
    }


def test_everybody_was_a_member_when_trained_or_serving(office: Sheets) -> None:
    known = stints(office)
    assert len(known) == len(office["队员"])
    starts = {row["培训编号"]: row["开始日期"] for row in office["培训"]}
    days = [(row, starts[row["培训编号"]]) for row in office["参训人员"]]
    days += [(row, row["服务日期"]) for row in office["服务记录"]]
    for row, day in days:
        joined, left = known[row["证件号码"], row["队伍名称"]]
        assert joined <= day < left


def test_teams_and_people_agree_in_time(office: Sheets) -> None:
    teams = {row["队伍名称"]: row for row in office["志愿服务队伍"]}
    people = {row["证件号码"]: row for row in office["志愿者"]}
    for row in office["队员"]:
        team, person = teams[row["队伍名称"]], people[row["证件号码"]]
        assert team["成立日期"] <= row["入队日期"] <= LAST
        assert row["退队日期"] is None or row["入队日期"] < row["退队日期"] <= (team["撤销日期"] or LAST)
        assert person["登记日期"] <= row["入队日期"]
        if team["撤销日期"]:
            assert row["退队日期"] == team["撤销日期"]
        if person["退出日期"]:
            assert row["退队日期"] is not None
            assert row["退队日期"] <= person["退出日期"]
    for name, team in teams.items():
        leaders = [row["姓名"] for row in office["队员"] if row["队伍名称"] == name and row["职务"] == "队长"]
        assert leaders == [team["队长"]]


def test_suspended_dissolved_and_new_teams_do_nothing_meanwhile(office: Sheets) -> None:
    teams = {row["队伍名称"]: row for row in office["志愿服务队伍"]}
    done = [(row["队伍名称"], row["服务日期"]) for row in office["服务记录"]]
    done += [(row["主办队伍"], row["开始日期"]) for row in office["活动"]]
    done += [(row["队伍名称"], row["日期"]) for row in office["经费收支"] if row["队伍名称"]]
    for name, day in done:
        team = teams[name]
        assert team["成立日期"] <= day < (team["撤销日期"] or dt.date.max)
        if team["暂停起始日期"]:
            assert not team["暂停起始日期"] <= day < team["暂停终止日期"]


def test_hours_are_possible(office: Sheets) -> None:
    days: Counter[tuple[str, dt.date]] = Counter()
    born = {row["证件号码"]: row["出生日期"] for row in office["志愿者"]}
    risky = {row["活动编号"]: row["开始日期"] for row in office["活动"] if row["有人身危险"] == "是"}
    starts = {row["活动编号"]: row["开始日期"] for row in office["活动"]}
    for row in office["服务记录"]:
        hours = row["服务时长（小时）"]
        assert hours > 0
        assert hours * 2 == int(hours * 2)
        days[row["证件号码"], row["服务日期"]] += hours
        assert row["活动编号"] is None or starts[row["活动编号"]] == row["服务日期"]
        if row["活动编号"] in risky:
            assert (row["服务日期"] - born[row["证件号码"]]).days >= 18 * 365.25
    assert max(days.values()) <= 12


def test_cover_stays_within_its_policy(office: Sheets) -> None:
    policies = {row["保单号"]: row for row in office["保险单"]}
    known = stints(office)
    for row in office["被保险人"]:
        policy = policies[row["保单号"]]
        start = row["保障起始日期"] or policy["起始日期"]
        end = row["保障终止日期"] or policy["终止日期"]
        assert policy["起始日期"] <= start <= end <= policy["终止日期"]
        joined, left = known[row["证件号码"], row["队伍名称"]]
        assert joined <= start
        assert end <= left


def test_money_never_runs_out_and_reversals_match(office: Sheets) -> None:
    balance: defaultdict[str, int] = defaultdict(int)
    earmarks: defaultdict[tuple[str, str], int] = defaultdict(int)
    vouchers = {row["凭证号"]: row for row in office["经费收支"]}
    assert len(vouchers) == len(office["经费收支"])
    for row in office["经费收支"]:
        fen = round(row["金额（元）"] * 100) * (1 if row["收支方向"] == "收入" else -1)
        team = row["队伍名称"] or ""
        balance[team] += fen
        assert balance[team] >= 0, row
        if row["定向用途"]:
            earmarks[team, row["定向用途"]] += fen
            assert earmarks[team, row["定向用途"]] >= 0
    (reversal,) = [row for row in office["经费收支"] if row["冲销凭证号"]]
    wrong = vouchers[reversal["冲销凭证号"]]
    assert (wrong["金额（元）"], wrong["收支方向"], reversal["收支方向"]) == (reversal["金额（元）"], "支出", "收入")


def test_nothing_lies_in_the_future(office: Sheets) -> None:
    ends = {"终止日期", "保障终止日期", "有效期至", "有效期止", "有效期起"}
    for label, rows in office.items():
        for row in rows:
            late = [h for h, v in row.items() if isinstance(v, dt.date) and v > LAST and h not in ends]
            assert not late, (label, row)


def test_what_it_says_of_the_office(office: Office) -> None:
    by_status: defaultdict[str, set[str]] = defaultdict(set)
    for clause, verdict in check(office, LAST).items():
        by_status[verdict.status].add(clause)
    assert by_status == {
        "met": {"Z34-2.2-1", "Z34-2.2-2", "Z34-2.2-4", "Z34-2.2-5", "B25-1-4", "B25-1-6", "B25-2-4", "B25-3.1-4",
                "B25-4-1"},
        "partial": {"Z34-3.4-1", "B25-1-3", "B25-3.2-2", "B25-3.3-4"},
        "not_met": {"Z34-3.1-1", "ZT-17"},  # one was on the platform two days after the drill
        "in_progress": {"B25-3.2-3"},
        "not_applicable": {"Z34-2.2-6"},
    }  # fmt: skip


def test_the_quarters_show_growth(office: Office) -> None:
    lines = [figures(office, quarter)["office"] for quarter in QUARTERS]
    for name in ("persons_end", "members_end", "activities", "service_minutes"):
        series = [line[name] for line in lines]
        assert series == sorted(series), name
        assert series[0] < series[-1]
    assert lines[-1]["policies_expiring_30d"] == 2
    assert 0 < lines[-1]["uninsured_end"] < lines[-1]["persons_end"] // 5


def test_the_rows_that_ship_are_what_their_maker_makes() -> None:
    for name, content in texts().items():
        assert resources.path(f"example/{name}").read_bytes() == content, f"{name}: python -m tests.offices.example"
    assert {p.name for p in resources.path("example").iterdir()} == set(texts())
