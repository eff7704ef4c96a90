"""The --map file: columns, values and records that a person names; a slip in it is said, never swallowed."""

import json
from pathlib import Path

import pytest

from db.errors import UserError
from db.records.entities import MEMBERSHIP, VOLUNTEER
from db.storage.store import Store
from desktop.services.importing import Imported, import_files
from forms.columns.map_file import read_map, rule_for
from tests.journeys.test_importing import TODAY, book
from tests.journeys.workbook_shapes import KNOWN, people, person

RENAMED = {"真名": "姓名", "号": "证件号码", "手提": "手机号码"}
PEOPLE = [("真名", "号", "手提"), *[p[:3] for p in people(2)]]


@pytest.fixture
def known(tmp_path: Path, store: Store) -> Store:
    """An office with teams."""
    import_files(store, [book(tmp_path / "known.xlsx", {k: list(v) for k, v in KNOWN.items()})], today=TODAY)
    return store


def take(store: Store, folder: Path, sheets: dict[str, list[tuple[object, ...]]], mapping: object) -> Imported:
    """Import a workbook by a mapping that was read from a file."""
    (folder / "map.json").write_text(json.dumps(mapping, ensure_ascii=False), encoding="utf-8")
    path = book(folder / "x.xlsx", sheets)  # type: ignore[arg-type]
    return import_files(store, [path], today=TODAY, mapping=read_map(folder / "map.json"))


def added(done: Imported) -> list[tuple[str, int]]:
    return [(s.kind, s.added) for s in done.result.sheets]


def notes(done: Imported) -> str:
    return "\n".join(n for s in done.result.sheets for n in s.notes)


def test_columns_and_values_without_a_record(known: Store, tmp_path: Path) -> None:
    rule = {"columns": RENAMED, "values": {"登记日期": "2024-01-01"}}
    assert added(take(known, tmp_path, {"Sheet1": PEOPLE}, {"Sheet1": rule})) == [("volunteer", 2)]
    assert [r["phone"] for r in known.rows(VOLUNTEER)] == ["19900000000", "19900000001"]


def test_a_record_with_columns_and_values(known: Store, tmp_path: Path) -> None:
    values = {"登记日期": "2024-01-01", "队伍名称": "山地救援队", "入队日期": "2024-02-01"}
    rule = {"kind": "志愿者", "columns": RENAMED, "values": values}
    assert added(take(known, tmp_path, {"Sheet1": PEOPLE}, {"Sheet1": rule})) == [("volunteer", 2), ("membership", 2)]
    assert {r["joined_on"] for r in known.rows(MEMBERSHIP)} == {"2024-02-01"}


def test_columns_by_their_letters_alone(known: Store, tmp_path: Path) -> None:
    rows = [("甲", "乙", "丙"), *[(p[0], p[1], p[3]) for p in people(2)]]
    rule = {"kind": "志愿者", "columns": {"@A": "姓名", "@B": "证件号码", "@C": "登记日期"}}
    assert added(take(known, tmp_path, {"Sheet1": rows}, {"*": rule})) == [("volunteer", 2)]
    assert {r["registered_on"] for r in known.rows(VOLUNTEER)} == {"2021-05-01"}


def test_a_named_column_comes_before_one_that_fits(known: Store, tmp_path: Path) -> None:
    rows = [("姓名", "真名", "证件号码", "登记日期"), ("小张", *person(0)[:2], "2021-05-01")]
    done = take(known, tmp_path, {"Sheet1": rows}, {"Sheet1": {"columns": {"真名": "姓名"}}})
    assert [r["name"] for r in known.rows(VOLUNTEER)] == [person(0)[0]]
    assert done.result.sheets[0].unknown == ("姓名",)


def test_what_is_said_of_every_sheet_holds_beside_what_is_said_of_one(known: Store, tmp_path: Path) -> None:
    mapping = {
        "*": {"columns": RENAMED, "values": {"登记日期": "2024-01-01", "队伍名称": "山地救援队"}},
        "乙": {"columns": {"手提": ""}, "values": {"登记日期": "2025-01-01"}},
    }
    assert rule_for(mapping, "乙")["columns"] == RENAMED | {"手提": ""}
    take(known, tmp_path, {"甲": PEOPLE[:2], "乙": [PEOPLE[0], PEOPLE[2]]}, mapping)
    assert [(r["name"], r["phone"], r["registered_on"]) for r in known.rows(VOLUNTEER)] == [
        (person(0)[0], "19900000000", "2024-01-01"), (person(1)[0], None, "2025-01-01"),
    ]  # fmt: skip


def test_a_value_never_writes_over_what_a_row_says(known: Store, tmp_path: Path) -> None:
    rows = [("姓名", "证件号码", "登记日期"), (*person(0)[:2], "2021-05-01"), (*person(1)[:2], None)]
    take(known, tmp_path, {"Sheet1": rows}, {"Sheet1": {"values": {"登记日期": "2024-01-01"}}})
    assert [r["registered_on"] for r in known.rows(VOLUNTEER)] == ["2021-05-01", "2024-01-01"]


def test_a_heading_or_sheet_that_is_not_there_is_said(known: Store, tmp_path: Path) -> None:
    rows = [("姓名", "证件号码", "登记日期"), (*person(0)[:2], "2021-05-01")]
    mapping = {"*": {"columns": {"手几": "手机号码", "姓名": "姓名", "@Z": "备注"}}, "Sheet 1": {"kind": "志愿者"}}
    said = notes(take(known, tmp_path, {"Sheet1": rows}, mapping))
    assert "对应关系里的“手几”“@Z”，表里没有这样的列" in said
    assert "对应关系里的工作表“Sheet 1”不在文件里" in said
    with pytest.raises(UserError, match="“真民”，表里没有这样的列"):
        take(known, tmp_path, {"Sheet1": PEOPLE}, {"*": {"columns": {"真民": "姓名"}}})


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"columns": {"号": "证件号"}}, "“证件号”不是本台账的列"),
        ({"kind": "志愿者", "columns": {"号": "保费（元）"}}, "“保费（元）”不是“志愿者”的列"),
        ({"kind": "志愿者", "values": {"登记日": "2024-01-01"}}, "“登记日”不是“志愿者”的列"),
        ({"kind": "志愿"}, "没有名为“志愿”的表"),
        ({"kind": ["志愿者"]}, "对应关系文件不对"),
        ({"column": {"号": "证件号码"}}, "不认识“column”"),
        ("志愿者", "对应关系文件不对"),
    ],
)
def test_a_slip_on_our_side_stops_the_import(rule: object, words: str, known: Store, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=words):
        take(known, tmp_path, {"Sheet1": PEOPLE}, {"Sheet1": rule})
    assert known.rows(VOLUNTEER) == []


def test_what_is_still_missing_is_named(known: Store, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="没有必填的“登记日期”列"):
        take(known, tmp_path, {"Sheet1": PEOPLE}, {"Sheet1": {"columns": RENAMED}})
    assert known.rows(VOLUNTEER) == []


def test_numbers_that_a_person_names_are_taken_though_they_only_count(known: Store, tmp_path: Path) -> None:
    rows = [
        ("编号", "活动名称", "活动类别", "活动时间"),
        (1, "甲", "宣传", "2026-03-05"),
        (2, "乙", "宣传", "2026-03-06"),
    ]
    with pytest.raises(UserError, match="没有必填的“活动编号”列"):
        take(known, tmp_path, {"Sheet1": rows}, {})
    done = take(known, tmp_path, {"Sheet1": rows}, {"*": {"columns": {"编号": "活动编号"}}})
    assert added(done) == [("activity", 2)]


def test_a_sheet_without_headings_is_told_what_it_must_have(store: Store, tmp_path: Path) -> None:
    path = book(tmp_path / "x.xlsx", {"甲": [("一", "二"), ("三", "四")]})
    with pytest.raises(UserError, match=r"表头中至少要有：姓名、证件号码、登记日期$"):
        import_files(store, [path], today=TODAY, kinds={"甲": "volunteer"})


HOSTILE = [b"[" * 100_000, b'{"a":' * 100_000, b"\xff", b" " * 2_000_000, b'{"*": {"kind": NaN}}', b'{"*": 1e999}', b"null", b"[]", b"",
           b'{"*": {}, "*": {}}', b'{"*": {"columns": ["a"]}}', b'{"*": {"columns": {"a": {"b": 1}}}}', b'{"*": {"kind": ["x"]}}']  # fmt: skip


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_a_hostile_map_is_a_sentence(tmp_path: Path, number: int) -> None:
    (tmp_path / "map.json").write_bytes(HOSTILE[number])
    with pytest.raises(UserError, match=r"map\.json"):
        read_map(tmp_path / "map.json")
