"""What a table has no column for: found in the sheet's name or above the table, or given once for every row."""

import re
from pathlib import Path

import pytest

from db.errors import UserError
from db.records.entities import MEMBERSHIP, VOLUNTEER
from db.storage.store import Store
from desktop.services.import_draft import choose_kind, prepare, put_back
from desktop.services.importing import import_files, open_files
from forms.columns.constants import can_number, fill, fillable, number
from forms.columns.guessing import propose_all
from forms.columns.proposals import SAID
from tests.journeys.test_importing import TODAY, book
from tests.journeys.workbook_shapes import KNOWN, Rows, person

HEAD = ("序号", "姓名", "性别", "身份证号", "联系电话")
TEAMS = ("水上救援队", "应急救护队")


def people(n: int, *more: object) -> Rows:
    """Lines of a plain roster."""
    return [(i + 1, person(i)[0], None, person(i)[1], person(i)[2], *more) for i in range(n)]


@pytest.mark.parametrize(
    ("sheet", "above", "file", "team"),
    [
        ("应急救护队", [], "花名册", "应急救护队"),
        ("心理援助队", [], "花名册", "心理援助队"),  # unknown so far, but it reads like one
        ("Sheet1", [("某县红十字应急救护队队员花名册",)], "花名册", "应急救护队"),
        ("Sheet1", [("花名册",), ("队伍名称：水上救援队", None, "填报时间：2026年3月")], "花名册", "水上救援队"),
        ("Sheet1", [("队伍名称：", "水上救援队")], "花名册", "水上救援队"),
        ("Sheet1", [], "水上救援队2026", "水上救援队"),
        ("Sheet1", [("水上救援队、应急救护队花名册",)], "花名册", ""),  # which of the two, nobody can say
        ("Sheet1", [("花名册",)], "花名册", ""),
        ("2026年", [], "花名册", ""),
    ],
)
def test_the_team_of_a_roster_is_read_from_its_title(
    sheet: str, above: Rows, file: str, team: str, tmp_path: Path
) -> None:
    path = book(tmp_path / f"{file}.xlsx", {sheet: [*above, (*HEAD, "入队时间"), *people(3, "2023-05-01")]})
    (source,) = prepare(open_files([path]), {}, TEAMS).sources
    p = source.proposal
    assert p is not None
    assert p.kind == "volunteer"
    said = [p.chosen[i] for i, reason in enumerate(p.reasons) if reason == SAID]
    assert said == (["队伍名称"] if team else [])
    if team:
        column = p.chosen.index("队伍名称")
        assert [row[column] for _, row in p.table.rows[p.block.last + 1 :]] == [team] * 3
    assert p.missing() == []  # the day of registration is that of joining


def test_a_roster_with_group_lines_keeps_its_teams(tmp_path: Path) -> None:
    rows: Rows = [("应急救护队花名册",), HEAD, ("一、水上救援队",), *people(2), ("二、心理援助队",), *people(1)]
    (source,) = prepare(open_files([book(tmp_path / "x.xlsx", {"Sheet1": rows})]), {}, TEAMS).sources
    assert source.proposal is not None
    assert "队伍名称" not in source.proposal.chosen


def test_an_insurers_list_names_its_policy_above(tmp_path: Path) -> None:
    head: Rows = [("被保险人清单",), ("保单号：PA20260001", None, "保险期间：2026年1月1日至2026年12月31日")]
    rows = [
        *head,
        ("序号", "被保险人姓名", "证件类型", "证件号码"),
        *[(1, *person(i)[:1], "身份证", person(i)[1]) for i in range(2)],
    ]
    (source,) = prepare(open_files([book(tmp_path / "x.xlsx", {"清单": rows})]), {}).sources
    p = source.proposal
    assert p is not None
    assert (p.kind, p.missing()) == ("coverage", [])
    assert {row[p.chosen.index("保单号")] for _, row in p.table.rows[3:]} == {"PA20260001"}


def test_another_reading_takes_what_was_filled_out_again(tmp_path: Path) -> None:
    path = book(tmp_path / "x.xlsx", {"应急救护队": [HEAD, *people(2)]})
    (source,) = prepare(open_files([path]), {}, TEAMS).sources
    choose_kind(source, "venue")
    assert source.proposal is not None
    assert not any("应急救护队" in row for _, row in source.table.rows)
    put_back(source)
    assert sum("应急救护队" in row for _, row in source.table.rows) == 2


def test_one_day_may_serve_for_two(tmp_path: Path) -> None:
    path = book(tmp_path / "x.xlsx", {"应急救护队": [(*HEAD, "入队时间"), *people(2, "2023-05-01")]})
    table = open_files([path])[0][1]
    (p,) = propose_all(table)
    assert fillable(p) == ["队伍名称"]
    fill(p, "登记日期", "", like="入队日期")
    assert [row[p.chosen.index("登记日期")] for _, row in table.rows[1:]] == ["2023-05-01"] * 2
    assert p.missing() == []


def test_activities_without_numbers_get_the_same_ones_every_time(tmp_path: Path) -> None:
    rows: Rows = [
        ("日期", "活动名称", "活动类别", "地点"),
        ("2026-03-05", "慰问", "慰问", "敬老院"),
        ("2026.3.5", "慰问", "慰问", "福利院"),
        ("2026.3.5", "宣传", "宣传", None),
        ("某日", "演练", "演练", None),
    ]
    numbers = []
    for _ in range(2):
        table = open_files([book(tmp_path / "x.xlsx", {"活动": rows})])[0][1]
        (p,) = propose_all(table)
        assert can_number(p, "活动编号")
        number(p, "活动编号")
        column = p.chosen.index("活动编号")
        numbers.append([row[column] for _, row in p.table.rows[1:]])
    assert numbers[0] == numbers[1]
    *sound, wrong = numbers[0]
    assert all(re.fullmatch("HD20260305-[0-9A-F]{4}", str(code)) for code in sound)
    assert (len(set(sound)), wrong) == (3, None)


@pytest.fixture
def known(tmp_path: Path, store: Store) -> Store:
    """An office with teams."""
    import_files(store, [book(tmp_path / "known.xlsx", {k: list(v) for k, v in KNOWN.items()})], today=TODAY)
    return store


def test_a_map_file_may_give_what_every_row_has(tmp_path: Path, known: Store) -> None:
    path = book(tmp_path / "x.xlsx", {"Sheet1": [("花名册",), HEAD, *people(3)]})
    before = len(known.rows(VOLUNTEER))
    values = {"登记日期": "2024-01-01", "队伍名称": "山地救援队", "入队日期": "2024-02-01"}
    done = import_files(known, [path], today=TODAY, mapping={"Sheet1": {"values": values}})
    assert [(s.kind, s.added) for s in done.result.sheets] == [("volunteer", 3), ("membership", 3)]
    assert {r["registered_on"] for r in known.rows(VOLUNTEER)[before:]} == {"2024-01-01"}
    assert "2024-02-01" in {r["joined_on"] for r in known.rows(MEMBERSHIP)}
    with pytest.raises(UserError, match="“经费”不是“志愿者”的列"):
        import_files(known, [path], today=TODAY, mapping={"*": {"values": {"经费": "1"}}})


def test_what_a_sheet_lacks_is_said(tmp_path: Path, store: Store) -> None:
    path = book(tmp_path / "x.xlsx", {"Sheet1": [("花名册",), HEAD, *people(3)]})
    with pytest.raises(UserError, match="工作表“Sheet1”像是“志愿者”，但没有必填的“登记日期”列"):
        import_files(store, [path], today=TODAY)
