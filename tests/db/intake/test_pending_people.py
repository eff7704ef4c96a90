"""People without a number: kept, told apart, found again, completed, and exported and taken in again."""

from pathlib import Path

from db.records.entities import MEMBERSHIP, VOLUNTEER
from db.storage.store import Store
from desktop.services.importing import import_files
from tests.journeys.test_importing import TODAY, book, content, take
from tests.reading.people import number, team_rows

HEAD = ("队伍名称", "姓名", "身份证号", "出生日期", "手机号", "入队日期")
ROSTER = [
    HEAD,
    ("救护一队", "小明", None, "2015-05-01", None, "2021-03-01"),
    ("救护一队", "小明", None, "2016-05-01", None, "2021-03-01"),
    ("救护一队", "王奶奶", None, None, "13900000009", "2021-03-01"),
    ("救护一队", "没电话", None, None, None, "2021-03-01"),
]


def test_they_are_kept_told_apart_and_found_again(store: Store, tmp_path: Path) -> None:
    done = take(store, tmp_path, {"志愿服务队伍": team_rows(), "花名册": ROSTER})
    assert [(r["name"], r["id_type"], r["id_number"]) for r in store.rows(VOLUNTEER)] == [
        ("小明", "pending", None), ("小明", "pending", None), ("王奶奶", "pending", None),
    ]  # fmt: skip
    assert len(store.rows(MEMBERSHIP)) == 3
    assert done.result.refused == 2  # nobody can say who 没电话 is: no person, no member
    before = content(store)
    assert take(store, tmp_path, {"花名册": ROSTER}).result.changed == 0
    assert content(store) == before


def test_a_row_with_a_number_completes_the_one_meant(store: Store, tmp_path: Path) -> None:
    take(store, tmp_path, {"志愿服务队伍": team_rows(), "花名册": ROSTER})
    people = [("姓名", "证件号码", "手机号码", "登记日期"), ("王奶奶", number(3), "13900000009", "2021-03-01")]
    assert take(store, tmp_path, {"志愿者": people}).result.refused == 0
    found = {r["name"]: r for r in store.rows(VOLUNTEER)}
    assert len(store.rows(VOLUNTEER)) == 3
    assert (found["王奶奶"]["id_type"], found["王奶奶"]["id_number"]) == ("resident_id", number(3))


def test_what_is_exported_changes_nothing_when_it_comes_again(store: Store, tmp_path: Path) -> None:
    take(store, tmp_path, {"志愿服务队伍": team_rows(), "花名册": [ROSTER[0], ROSTER[1], ROSTER[3]]})
    before = content(store)
    path = tmp_path / "out.xlsx"
    head = [h for h, _, _ in VOLUNTEER.columns]
    rows = [
        [VOLUNTEER.by_name[f.name].kind.to_cell(r[f.name]) for f in VOLUNTEER.fields] for r in store.rows(VOLUNTEER)
    ]
    book(path, {"志愿者": [head, *rows]})
    done = import_files(store, [path], today=TODAY)
    assert (done.result.changed, done.result.refused) == (0, 0)
    assert content(store) == before


def test_hours_by_name_alone(store: Store, tmp_path: Path) -> None:
    """One member of the name: theirs; two, or none: refused."""
    take(store, tmp_path, {"志愿服务队伍": team_rows(), "花名册": ROSTER})
    head = ("姓名", "队伍名称", "服务日期", "时长")
    rows = [head, *[(name, "救护一队", "2026-07-05", 2) for name in ("王奶奶", "小明", "无此人")]]
    done = take(store, tmp_path, {"服务记录": [*rows, ("王奶奶", "献血宣传队", "2026-07-05", 2)]})
    (result,) = done.result.sheets
    assert (result.added, result.refused) == (1, 3)
    assert {p.row for p in result.problems if p.severity == "error"} == {3, 4, 5}
