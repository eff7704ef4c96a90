"""Workbooks into the ledger: what goes in, what is refused and why, twice the same file, and one undo for all."""

import csv
import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest

from db.errors import UserError
from db.intake.results import totals
from db.records.entities import BY_NAME, ENTITIES, FUND_ENTRY, MEMBERSHIP, OFFICE, TEAM, VOLUNTEER, WORK_RECORD
from db.records.identity import check_digit
from db.records.kinds import Cell
from db.storage.store import Store
from desktop.services.importing import Imported, import_files
from forms.excel import workbook
from forms.reading.files import read_tables
from tests.offices.builders import random_office
from tests.offices.workbook import write_workbook

TODAY = dt.date(2026, 11, 21)


def number(serial: int, born: str = "19900307") -> str:
    """Return a sound invented number."""
    body = f"990123{born}{serial:03d}"
    return body + check_digit(body)


A, B = number(1), number(3)
WRONG = A[:-1] + "0123456789X"[("0123456789X".index(A[-1]) + 1) % 11]
OFFICE_ROWS = [("项目", "内容"), ("单位名称", "某县红十字会"), ("层级", "县级")]
TEAM_HEAD = ("队伍名称", "主管单位", "主要领域", "成立日期", "上级队伍")
TEAM_ROWS = [TEAM_HEAD, ("水上救援队", "某县红十字会", "应急救援", "2020-01-01", None)]
PERSON_HEAD = ("姓名", "证件号码", "手机号码", "登记日期", "志愿者网编号")
PEOPLE = [PERSON_HEAD, ("张三", A, "19900000001", "2021-05-01", None), ("李四", B, None, "2022-05-01", "V1")]


def book(path: Path, sheets: Mapping[str, Sequence[Sequence[Cell]]]) -> Path:
    """Write a workbook of plain rows."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(path)
    made.close()
    return path


def take(store: Store, tmp_path: Path, sheets: Mapping[str, Sequence[Sequence[Cell]]], **options: object) -> Imported:
    """Import a workbook made of `sheets`."""
    return import_files(store, [book(tmp_path / "表.xlsx", sheets)], today=TODAY, **options)  # type: ignore[arg-type]


def errors(done: Imported) -> list[tuple[int, str, str]]:
    """Return (row, column, reason) of everything refused."""
    return [(p.row, p.column, p.reason) for s in done.result.sheets for p in s.problems if p.severity == "error"]


def content(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Everything in every table but the log."""
    return {e.name: store.db.execute(f"SELECT * FROM {e.name} ORDER BY id").fetchall() for e in ENTITIES}


@pytest.mark.parametrize("seed", range(6))
def test_twice_the_same_file_changes_nothing_and_one_undo_takes_it_back(
    seed: int, tmp_path: Path, store: Store
) -> None:
    path = tmp_path / "office.xlsx"
    write_workbook(random_office(seed, overlaps=False), path, messy=bool(seed % 2), seed=seed)
    empty = content(store)
    first = import_files(store, [path], today=TODAY)
    assert first.result.refused == 0
    full = content(store)
    assert full != empty
    second = import_files(store, [path], today=TODAY)
    assert second.result.operation is None
    assert second.result.changed == 0
    assert content(store) == full
    for s in second.result.sheets:
        assert s.rows == s.unchanged
    store.undo()
    assert content(store) == empty
    store.redo()
    assert content(store) == full


def test_sheets_are_taken_in_dependency_order(store: Store, tmp_path: Path) -> None:
    done = take(store, tmp_path, {
        "队员": [("队伍名称", "姓名", "证件号码", "入队日期"), ("水上救援队", "张三", A, "2022-01-01")],
        "志愿者": PEOPLE, "志愿服务队伍": TEAM_ROWS,
    })  # fmt: skip
    assert errors(done) == []
    assert [s.sheet for s in done.result.sheets] == ["队员", "志愿者", "志愿服务队伍"]
    assert len(store.rows(MEMBERSHIP)) == 1


def test_sub_teams_in_any_order_and_circles(store: Store, tmp_path: Path) -> None:
    rows = [TEAM_HEAD]
    rows += [(f"第{i}分队", "某县红十字会", "应急救援", "2020-01-01", f"第{i + 1}分队") for i in range(6)]
    rows += [("第6分队", "某县红十字会", "应急救援", "2020-01-01", None)]
    rows += [
        ("环甲", "某县红十字会", "应急救援", "2020-01-01", "环乙"),
        ("环乙", "某县红十字会", "应急救援", "2020-01-01", "环甲"),
    ]
    rows += [("自身", "某县红十字会", "应急救援", "2020-01-01", "自身")]
    done = take(store, tmp_path, {"志愿服务队伍": rows})
    assert [(row, column) for row, column, _ in errors(done)] == [(9, "上级队伍"), (10, "上级队伍"), (11, "上级队伍")]
    names = {r["id"]: r["name"] for r in store.rows(TEAM)}
    assert {r["name"]: names.get(r["parent_id"]) for r in store.rows(TEAM)}["第0分队"] == "第1分队"


FAULTS = {
    "an empty required cell": ("志愿者", (None, number(5), None, "2021-05-01", None), "姓名", "必须填写"),
    "a check digit": ("志愿者", ("王五", WRONG, None, "2021-05-01", None), "证件号码", "校验位"),
    "a number that Excel ruined": ("志愿者", ("王五", 110101199003072900, None, "2021-05-01", None), "证件号码", "Excel"),
    "an old number": ("志愿者", ("王五", "110105491231002", None, "2021-05-01", None), "证件号码", "15 位"),
    "another name for a known number": ("志愿者", ("张三丰", A, None, "2021-05-01", None), "姓名", "另一个姓名"),
    "a month": ("志愿者", ("王五", number(5), None, "2021.5", None), "登记日期", "只有年月"),
    "a phone": ("志愿者", ("王五", number(5), "1990000000", "2021-05-01", None), "手机号码", "11 位"),
    "a formula error": ("志愿者", ("王五", number(5), None, "#N/A", None), "登记日期", "公式错误"),
    "no such choice": ("志愿服务队伍", ("新队", "某县红十字会", "应急抢险", "2020-01-01", None), "主要领域", "只能填"),
    "no such team": ("志愿服务队伍", ("新队", "某县红十字会", "应急救援", "2020-01-01", "没有的队"), "上级队伍", "没有找到"),
    "the same team with other content": ("志愿服务队伍", ("水上救援队", "别的单位", "应急救援", "2020-01-01", None), "队伍名称", "第 2 行"),
    "no such level": ("本会情况", ("层级", "乡级"), "内容", "省级、市级、县级"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_names_row_column_and_remedy_and_nothing_else_suffers(name: str, store: Store, tmp_path: Path) -> None:
    sheet, row, column, words = FAULTS[name]
    sheets = {"本会情况": list(OFFICE_ROWS), "志愿服务队伍": list(TEAM_ROWS), "志愿者": list(PEOPLE)}
    if name == "no such level":
        sheets["本会情况"] = OFFICE_ROWS[:2]
    sheets[sheet] = [*sheets[sheet], row]
    done = take(store, tmp_path, sheets)
    ((at, where, reason),) = errors(done)
    assert (at, where) == (len(sheets[sheet]), column)
    assert words in reason
    assert A not in reason
    t = totals(done.result.sheets)
    assert t["rows"] == t["added"] + t["updated"] + t["unchanged"] + t["refused"]
    assert t["refused"] == 1
    assert t["added"] == t["rows"] - 1
    for s in done.result.sheets:
        for p in s.problems:
            assert not any(n in p.value for n in (A, B, number(5), "1990000000"))


def test_references_to_a_refused_row_say_so(store: Store, tmp_path: Path) -> None:
    people = [PERSON_HEAD, ("王五", number(5), None, "坏日期", None)]
    done = take(store, tmp_path, {
        "志愿服务队伍": TEAM_ROWS, "志愿者": people,
        "队员": [("队伍名称", "姓名", "证件号码", "入队日期"), ("水上救援队", "王五", number(5), "2022-01-01"),
                 ("水上救援队", "赵六", number(7), "2022-01-01")],
    })  # fmt: skip
    found = {row: reason for row, column, reason in errors(done) if column == "证件号码"}
    assert "那一行有错误" in found[2]
    assert "没有找到" in found[3]


def test_a_person_is_found_by_name_and_number_together(store: Store, tmp_path: Path) -> None:
    done = take(store, tmp_path, {
        "志愿服务队伍": TEAM_ROWS, "志愿者": PEOPLE,
        "队员": [("队伍名称", "姓名", "证件号码", "入队日期"), ("水上救援队", "李四", A, "2022-01-01"), ("水上救援队", None, A, "2022-01-01"),
                 ("水上救援队", "张三", f" {A.lower()} ", "2022-01-01")],
    })  # fmt: skip
    assert [(row, column) for row, column, _ in errors(done)] == [(2, "姓名"), (3, "姓名")]
    assert len(store.rows(MEMBERSHIP)) == 1


def test_what_to_do_with_rows_already_there(store: Store, tmp_path: Path) -> None:
    take(store, tmp_path, {"志愿者": PEOPLE})
    changed = [PERSON_HEAD, ("张三", A, "19900000009", "2021-05-01", "V9"), ("李四", B, None, "2022-05-01", None)]

    def phones_and_ids() -> list[tuple[object, object]]:
        return [(r["phone"], r["platform_id"]) for r in store.rows(VOLUNTEER)]

    start = phones_and_ids()
    assert take(store, tmp_path, {"志愿者": changed}, on_existing="跳过").result.changed == 0
    assert phones_and_ids() == start
    failed = take(store, tmp_path, {"志愿者": changed}, on_existing="报错")
    assert failed.result.refused == 2
    assert phones_and_ids() == start
    take(store, tmp_path, {"志愿者": changed}, on_existing="补空")
    assert phones_and_ids() == [("19900000001", "V9"), (None, "V1")]
    store.undo()
    done = take(store, tmp_path, {"志愿者": changed})
    assert (done.result.sheets[0].updated, done.result.sheets[0].unchanged) == (1, 1)
    # A blank cell never wipes what is known.
    assert phones_and_ids() == [("19900000009", "V9"), (None, "V1")]


def test_dry_run_and_strict_write_nothing(store: Store, tmp_path: Path) -> None:
    bad = [*PEOPLE, ("王五", "1", None, "2021-05-01", None)]
    assert take(store, tmp_path, {"志愿者": PEOPLE}, dry_run=True).result.sheets[0].added == 2
    assert take(store, tmp_path, {"志愿者": bad}, strict=True).result.refused == 1
    assert store.rows(VOLUNTEER) == []
    assert take(store, tmp_path, {"志愿者": PEOPLE}, strict=True).result.operation is not None


def test_a_stopped_import_leaves_nothing(store: Store, tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take(store, tmp_path, {"志愿者": PEOPLE}, progress=stop)
    assert store.rows(VOLUNTEER) == []
    assert store.undoable() is None


def test_service_of_one_day(store: Store, tmp_path: Path) -> None:
    head = ("姓名", "证件号码", "队伍名称", "服务日期", "服务时长（小时）", "服务内容")
    base = {"志愿服务队伍": TEAM_ROWS, "志愿者": PEOPLE}
    rows = [head, ("张三", A, "水上救援队", "2026-05-01", 12, "甲"), ("张三", A, "水上救援队", "2026-05-01", 0.5, "乙"),
            ("张三", A, "水上救援队", "2026-05-01", 11.5, "丙"), ("张三", A, "水上救援队", "2026-05-01", 0.1, "丁"),
            ("张三", A, "水上救援队", "2026-05-02", 24, "戊"), ("李四", B, "水上救援队", "2026-05-01", 24.5, "己")]  # fmt: skip
    done = take(store, tmp_path, base | {"服务记录": rows})
    assert [(row, column) for row, column, _ in errors(done)] == [(5, "服务时长（小时）"), (7, "服务时长（小时）")]
    doubts = [p.row for s in done.result.sheets for p in s.problems if p.severity == "warning"]
    assert doubts == [3, 4, 6]
    again = take(store, tmp_path, base | {"服务记录": [head, ("张三", A, "水上救援队", "2026-05-01", 1, "庚")]})
    assert len(errors(again)) == 1


def test_equal_entries_of_one_file_are_that_many(store: Store, tmp_path: Path) -> None:
    head = ("日期", "收支方向", "科目", "金额（元）", "凭证号", "摘要")
    rows = [head, ("2026-01-01", "收入", "捐赠", 100, None, "甲"), ("2026-01-01", "收入", "捐赠", 100, None, "甲"),
            ("2026-01-01", "收入", "捐赠", 100, "记-1", "甲"), ("2026-01-01", "支出", "捐赠", 100, None, "甲")]  # fmt: skip
    done = take(store, tmp_path, {"经费收支": rows})
    (result,) = done.result.sheets
    assert (result.added, result.unchanged, result.refused) == (4, 0, 0)
    again = take(store, tmp_path, {"经费收支": rows})
    assert (again.result.sheets[0].added, again.result.sheets[0].unchanged) == (0, 4)
    more = take(store, tmp_path, {"经费收支": [*rows, rows[1], ("2026-01-01", "收入", "捐赠", 100, None, "乙")]})
    (result,) = more.result.sheets
    assert (result.added, result.unchanged) == (2, 4)
    assert any("是否同一笔" in p.reason for p in result.problems)  # of another donor
    assert len(store.rows(FUND_ENTRY)) == 6


def test_a_meeting_span_corrects_the_day_of_joining(store: Store, tmp_path: Path) -> None:
    base = {"志愿服务队伍": TEAM_ROWS, "志愿者": PEOPLE}
    head = ("队伍名称", "姓名", "证件号码", "入队日期", "退队日期")
    first = take(store, tmp_path, base | {"队员": [head, ("水上救援队", "张三", A, "2022-03-01", None)]})
    assert first.result.refused == 0
    done = take(store, tmp_path, {"队员": [head, ("水上救援队", "张三", A, "2022-02-01", None)]})
    (result,) = done.result.sheets
    assert (result.added, result.updated) == (0, 1)
    assert "更正入队日期" in result.problems[0].reason
    assert [m["joined_on"] for m in store.rows(MEMBERSHIP)] == ["2022-02-01"]
    two = [head, ("水上救援队", "张三", A, "2020-01-01", "2021-01-01"), ("水上救援队", "张三", A, "2020-06-01", None)]
    (result,) = take(store, tmp_path, {"队员": two}).result.sheets
    assert (result.added, result.updated, result.refused) == (1, 1, 0)  # an earlier spell, and the one on record


def test_a_team_keeps_the_history_of_its_party_counts(store: Store, tmp_path: Path) -> None:
    head = (*TEAM_ROWS[0], "正式党员数", "党员数统计日期")
    for full, on in ((3, "2026-03-31"), (5, "2026-06-30"), (4, "2026-03-31")):
        done = take(store, tmp_path, {"志愿服务队伍": [head, (*TEAM_ROWS[1], full, on)]})
        assert done.result.refused == 0
    counts = {r["counted_on"]: r["full_members"] for r in store.rows(BY_NAME["party_count"])}
    assert counts == {"2026-03-31": 4, "2026-06-30": 5}
    (team,) = store.rows(TEAM)
    assert (team["full_party_members"], team["party_counted_on"]) == (5, "2026-06-30")  # the latest is shown
    again = take(store, tmp_path, {"志愿服务队伍": [head, (*TEAM_ROWS[1], 4, "2026-03-31")]})
    assert again.result.changed == 0
    undated = take(store, tmp_path, {"志愿服务队伍": [head, (*TEAM_ROWS[1], 9, None)]})
    assert [p.severity for p in undated.result.sheets[0].problems] == ["warning"]
    assert len(store.rows(BY_NAME["party_count"])) == 2


def test_refused_rows_come_back_and_go_in_once_corrected(store: Store, tmp_path: Path) -> None:
    rows = [("花名册", None, None, None, None), ("备注列", *PERSON_HEAD), ("x", "张三", A, None, dt.date(2021, 5, 1), None),
            ("y", "王五", number(5), "123", "2021.5", None), ("z", None, number(7), None, dt.date(2021, 5, 1), None)]  # fmt: skip
    done = take(store, tmp_path, {"志愿者": rows})
    assert done.refused_book is not None
    path = tmp_path / "未导入.xlsx"
    path.write_bytes(done.refused_book)
    made = openpyxl.load_workbook(path)
    sheet = made["志愿者"]
    assert [c.value for c in sheet[1]] == ["备注列", *PERSON_HEAD, "问题说明"]
    assert sheet.max_row == 3
    assert [c.value for c in sheet[2]][:5] == ["y", "王五", number(5), "123", "2021.5"]
    assert "手机号码" in sheet["G2"].value
    assert "只有年月" in sheet["G2"].value
    assert (
        sheet["D2"].fill.fgColor.rgb
        == sheet["E2"].fill.fgColor.rgb
        == sheet["B3"].fill.fgColor.rgb
        != sheet["B2"].fill.fgColor.rgb
    )
    sheet["D2"], sheet["E2"], sheet["B3"] = None, "2021-05-03", "赵六"
    made.save(path)
    made.close()
    again = import_files(store, [path], today=TODAY)
    assert again.result.refused == 0
    assert again.result.sheets[0].unknown == ("备注列",)
    assert [r["name"] for r in store.rows(VOLUNTEER)] == ["张三", "王五", "赵六"]


def test_export_and_import_again_changes_nothing(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "office.xlsx"
    write_workbook(random_office(3), path)
    import_files(store, [path], today=TODAY)
    full = content(store)
    from desktop.services.reporting import export_records

    entities = [e for e in ENTITIES if e.sheet]
    out = export_records(store, entities, tmp_path / "全部.xlsx", masked=False, reason="测试")
    again = import_files(store, [out], today=TODAY)
    assert again.result.refused == 0
    assert again.result.operation is None
    with Store.memory() as fresh:
        import_files(fresh, [out], today=TODAY)
        assert {k: len(v) for k, v in content(fresh).items()} == {k: len(v) for k, v in full.items()}
        second = export_records(fresh, entities, tmp_path / "再导出.xlsx", masked=False, reason="测试")
    rows = [t.rows for t in read_tables(out)]
    assert rows == [t.rows for t in read_tables(second)]
    masked = export_records(store, entities, tmp_path / "脱敏.xlsx")
    text = "".join(str(t.rows) for t in read_tables(masked))
    assert not any(str(r["id_number"]) in text for r in store.rows(VOLUNTEER) if len(str(r["id_number"])) > 9)
    people = next(t for t in read_tables(masked) if t.sheet == "志愿者").rows
    place = [str(c) for c in people[0][1]].index("出生日期")
    assert {str(row[place]).strip("*") for _, row in people[1:]} <= {"", "None"}  # no birth date beside a masked number
    refused = import_files(store, [masked], today=TODAY)
    assert refused.result.refused > 0
    assert any("脱敏" in reason for _, _, reason in errors(refused))
    assert content(store) == full


def test_exported_text_is_never_a_formula(store: Store, tmp_path: Path) -> None:
    with store.operation("x"):
        for i, text in enumerate(("=1+1", "+1", "-1", "@x", "=cmd|' /C calc'!A0", "http://x", "123")):
            store.save(
                WORK_RECORD, {"category": "other", "recorded_on": "2026-01-01", "title": f"{text}", "note": str(i)}
            )
    path = tmp_path / "x.xlsx"
    path.write_bytes(workbook.export([(WORK_RECORD, store.rows(WORK_RECORD))], {"team": {}}))
    sheet = openpyxl.load_workbook(path).active
    values = [sheet.cell(row, 3) for row in range(2, 9)]
    assert [c.value for c in values] == ["=1+1", "+1", "-1", "@x", "=cmd|' /C calc'!A0", "http://x", "123"]
    raw = openpyxl.load_workbook(path)
    assert all(c.data_type in ("s", "inlineStr") or not str(c.value).startswith("=") for c in raw.active["C"])
    import zipfile

    with zipfile.ZipFile(path) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_templates_are_read_back_as_empty_sheets(tmp_path: Path, store: Store) -> None:
    path = tmp_path / "模板.xlsx"
    entities = [e for e in ENTITIES if e.sheet]
    path.write_bytes(workbook.template(entities))
    done = import_files(store, [path], today=TODAY)
    assert [s.kind for s in done.result.sheets] == [e.name for e in entities]
    assert all(s.rows == 0 for s in done.result.sheets)
    assert all(s.unknown == () for s in done.result.sheets)
    made = openpyxl.load_workbook(path)
    for e in entities:
        assert [c.value for c in made[e.label][1]] == [heading for heading, _, _ in e.columns]
    people = made["志愿者"]
    assert people.column_dimensions["C"].number_format == "@" or people["C2"].number_format == "@"
    lists = {str(v.sqref): v.formula1 for v in made["志愿服务队伍"].data_validations.dataValidation}
    assert any("单一,三献,综合" in f for f in lists.values())
    assert people["C1"].comment is not None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_in_every_encoding(encoding: str, delimiter: str, tmp_path: Path, store: Store) -> None:
    path = tmp_path / "志愿者.csv"
    with path.open("w", encoding=encoding, newline="") as out:
        csv.writer(out, delimiter=delimiter).writerows(
            [PERSON_HEAD, ("张三堃", f'="{A}"', "199-0000-0001", "2021年5月1日", "")]
        )
    done = import_files(store, [path], today=TODAY)
    assert errors(done) == []
    assert store.rows(VOLUNTEER)[0]["id_number"] == A


def test_headings_decide_where_the_sheet_has_another_name(store: Store, tmp_path: Path) -> None:
    done = take(store, tmp_path, {"Sheet1": PEOPLE, "随便": [("甲", "乙"), (1, 2)]})
    assert done.result.sheets[0].kind == "volunteer"
    assert done.ignored == ("随便",)
    with pytest.raises(UserError, match="没有认出"):
        take(store, tmp_path, {"随便": [("甲", "乙"), (1, 2)]})
    mapped = take(store, tmp_path, {"名单": [("名字", "身份证", "入会"), ("王五", number(5), "2021-05-01")]}, kinds={"名单": "志愿者"},
                  mapping={"名单": {"columns": {"名字": "姓名", "身份证": "证件号码", "入会": "登记日期"}}})  # fmt: skip
    assert mapped.result.sheets[0].added == 1


def test_totals_and_signatures_below_are_skipped(store: Store, tmp_path: Path) -> None:
    rows = [*PEOPLE, ("合计", None, None, None, None), ("填表人：周敏", None, None, None, None)]
    done = take(store, tmp_path, {"志愿者": rows})
    assert errors(done) == []
    assert done.result.sheets[0].rows == 2
    assert "跳过 2 行" in done.result.sheets[0].notes[0]


def test_formulas_without_a_result_are_reported(store: Store, tmp_path: Path) -> None:
    done = take(store, tmp_path, {"志愿者": [PERSON_HEAD, ("张三", A, "=1+1", "2021-05-01", None)]})
    assert any("公式" in note for note in done.result.sheets[0].notes)


def test_the_1904_calendar(store: Store, tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    sheet = made.active
    sheet.title = "志愿者"
    sheet.append(PERSON_HEAD)
    sheet.append(("张三", A, None, dt.date(2021, 5, 1), None))
    made.save(tmp_path / "mac.xlsx")
    made.close()
    import_files(store, [tmp_path / "mac.xlsx"], today=TODAY)
    assert store.rows(VOLUNTEER)[0]["registered_on"] == "2021-05-01"


def test_the_office_is_updated_from_its_sheet(store: Store, tmp_path: Path) -> None:
    take(store, tmp_path, {"本会情况": [*OFFICE_ROWS, ("志愿者网单位账号", None)]})
    assert store.office()["level"] == "县级"
    take(store, tmp_path, {"本会情况": [("项目", "内容"), ("层级", "市级")]})
    assert store.office()["level"] == "市级"
    assert len(store.rows(OFFICE)) == 3


def test_the_old_excel_format(store: Store, tmp_path: Path) -> None:
    """The file was made by LibreOffice: a title row, a phone as a number, true dates, and one ruined ID number."""
    source = Path(__file__).parents[1] / "reference" / "roster.xls"
    done = import_files(store, [source], today=TODAY)
    assert done.result.sheets[0].kind == "volunteer"
    assert [(row, column) for row, column, _ in errors(done)] == [(5, "证件号码")]
    assert [(r["name"], r["phone"], r["registered_on"]) for r in store.rows(VOLUNTEER)] == [
        ("张三", "19900000001", "2021-05-01"), ("李四", None, "2022-05-01"),
    ]  # fmt: skip


def test_other_offices_words_are_understood_and_said(store: Store, tmp_path: Path) -> None:
    rows = [("序号", "志愿者姓名", "身份证号", "联系方式", "注册时间"), (1, "张三", A, "19900000001", "2021.5.1")]
    done = take(store, tmp_path, {"花名册": rows})
    (result,) = done.result.sheets
    assert (result.kind, result.added) == ("volunteer", 1)
    assert result.unknown == ("序号",)
    assert "“身份证号”按“证件号码”" in result.notes[0]
    assert store.rows(VOLUNTEER)[0]["phone"] == "19900000001"


def test_somebody_who_may_be_known_goes_in_with_a_warning(store: Store, tmp_path: Path) -> None:
    """Same name and phone, or same name and birth date, under another number: said, and by default another person."""
    take(store, tmp_path, {"志愿者": PEOPLE})
    rows = [
        PERSON_HEAD,
        ("张三", number(5, "19800101"), "19900000001", "2021-05-01", None),  # phone
        ("李四", number(7), None, "2022-05-01", None),  # birth date
        ("张三", number(9, "19700101"), "19900000003", "2021-05-01", None),  # name alone
        ("赵六", number(11, "19700102"), "19900000004", "2021-05-01", None),
        ("赵六", number(13, "19700103"), "19900000004", "2021-05-01", None),  # in the same file
        ("张三", None, "19900000001", "2021-05-01", None),  # without a number
    ]
    done = take(store, tmp_path, {"志愿者": rows})
    (result,) = done.result.sheets
    assert (result.rows, result.added, result.refused) == (6, 5, 1)
    doubts = {p.row: p for p in result.problems if p.severity == "warning"}
    assert set(doubts) == {2, 3, 6}
    assert "台账中已有同名、手机号码相同" in doubts[2].reason
    assert "出生日期相同" in doubts[3].reason
    assert "本次导入的第 5 行" in doubts[6].reason
    assert all("查重" in p.reason and p.column == "证件号码" for p in doubts.values())
    ((row, column, reason),) = errors(done)
    assert (row, column) == (7, "证件号码")
    assert "没有证件号码" in reason
    assert "同一人" in reason
    again = take(store, tmp_path, {"志愿者": rows})
    assert (again.result.changed, again.result.sheets[0].unchanged) == (0, 5)


def test_a_decision_is_taken_for_one_row(store: Store, tmp_path: Path) -> None:
    take(store, tmp_path, {"志愿者": PEOPLE})
    known = store.rows(VOLUNTEER)[0]
    rows = [
        PERSON_HEAD,
        ("张三", None, "19900000001", "2021-05-01", "V7"),
        ("张三", number(5), None, "2021-05-01", None),
    ]
    path = book(tmp_path / "表.xlsx", {"志愿者": rows})
    key = path.name, "志愿者"
    held = import_files(store, [path], today=TODAY, hold_doubles=True)
    assert held.result.refused == 2
    assert held.result.operation is None
    done = import_files(
        store, [path], today=TODAY, hold_doubles=True, decisions={(*key, 2): f"same:{known['id']}", (*key, 3): "leave"}
    )
    (result,) = done.result.sheets
    assert (result.updated, result.refused) == (1, 1)
    assert "先不导入" in result.problems[-1].reason
    after = store.rows(VOLUNTEER)
    assert len(after) == 2
    assert (after[0]["id_number"], after[0]["platform_id"]) == (A, "V7")
    new = import_files(store, [path], today=TODAY, hold_doubles=True, decisions={(*key, 3): "new"})
    assert new.result.sheets[0].added == 1


@pytest.mark.parametrize("on_existing", ["更新", "补空", "跳过"])
def test_the_same_person_under_another_number_keeps_to_the_rule(on_existing: str, store: Store, tmp_path: Path) -> None:
    take(store, tmp_path, {"志愿服务队伍": TEAM_ROWS, "志愿者": PEOPLE})
    known = store.rows(VOLUNTEER)[0]
    new = number(5, "19800101")
    sheets = {
        "志愿者": [PERSON_HEAD, ("张三", new, "19900000001", "2021-05-01", "V7")],
        "队员": [("队伍名称", "姓名", "证件号码", "入队日期"), ("水上救援队", "张三", new, "2022-01-01")],
    }
    path = book(tmp_path / "表.xlsx", sheets)
    decisions = {(path.name, "志愿者", 2): f"same:{known['id']}"}
    done = import_files(store, [path], on_existing, today=TODAY, decisions=decisions)
    assert done.result.refused == 0
    row = store.rows(VOLUNTEER)[0]
    expected = {"更新": (new, "1980-01-01", "V7"), "补空": (A, "1990-03-07", "V7"), "跳过": (A, "1990-03-07", None)}
    assert (row["id_number"], row["birth_date"], row["platform_id"]) == expected[on_existing]
    assert [m["volunteer_id"] for m in store.rows(MEMBERSHIP)] == [known["id"]]  # found by the new number


@pytest.mark.parametrize("sign", ["/", "-", "——", "无", "暂无", " N/A ", "／"])
def test_a_sign_for_nothing_is_a_blank_and_said(store: Store, tmp_path: Path, sign: str) -> None:
    """Where a date or a phone may be blank, a stroke means so, with a warning; where one is needed, it does not."""
    headings = ["姓名", "证件号码", "手机号码", "登记日期", "退出日期"]
    rows = [
        ["张雪梅", number(1), sign, "2026-01-05", sign],
        ["王建国", number(2), "13900000275", sign, None],
    ]
    done = take(store, tmp_path, {"志愿者": [headings, *rows]})
    sheet = done.result.sheets[0]
    assert (sheet.rows, sheet.added, sheet.refused) == (2, 1, 1)
    warned = [p for p in sheet.problems if p.severity == "warning"]
    assert sorted(p.column for p in warned) == ["手机号码", "退出日期"]
    assert all("按空白处理" in p.reason for p in warned)
    (person,) = store.rows(VOLUNTEER)
    assert (person["phone"], person["left_on"]) == (None, None)


def test_what_is_doubtful_beside_other_records_goes_in_with_a_word(store: Store, tmp_path: Path) -> None:
    team_head, person_head = (*TEAM_HEAD[:4], "撤销日期"), (*PERSON_HEAD[:2], "登记日期", "退出日期")
    done = take(store, tmp_path, {
        "志愿服务队伍": [team_head, ("水上救援队", "某县红十字会", "应急救援", "2022-01-01", "2025-01-01")],
        "志愿者": [person_head, ("张三", A, "2022-05-01", "2024-01-01"), ("李四", B, "2021-05-01", None)],
        "队员": [("队伍名称", "姓名", "证件号码", "入队日期"), ("水上救援队", "张三", A, "2022-03-01"),
                 ("水上救援队", "李四", B, "2021-06-01"), ("水上救援队", "李四", B, "2025-01-01")],
        "服务记录": [("姓名", "证件号码", "队伍名称", "服务日期", "服务时长（小时）"), ("张三", A, "水上救援队", "2022-04-30", 1),
                 ("张三", A, "水上救援队", "2023-12-31", 1), ("张三", A, "水上救援队", "2024-01-01", 1)],
        "保险单": [("保单号", "保险公司", "险种", "承保方式", "起始日期", "终止日期"),
                ("P1", "某公司", "意外险", "记名名单", "2026-01-01", "2026-12-31")],
        "被保险人": [("保单号", "姓名", "证件号码", "保障起始日期", "保障终止日期"), ("P1", "李四", B, "2026-01-01", "2027-01-01")],
    })  # fmt: skip
    said = {(s.kind, p.row, p.column) for s in done.result.sheets for p in s.problems if p.severity == "warning"}
    assert said == {
        ("membership", 2, "入队日期"), ("membership", 3, "入队日期"),
        ("service_record", 2, "服务日期"), ("service_record", 4, "服务日期"), ("coverage", 2, "保障终止日期"),
    }  # fmt: skip
    assert done.result.refused == 1  # the second membership of one person meets the first


def test_who_left_by_a_file_is_in_no_team_beyond(store: Store, tmp_path: Path) -> None:
    """And coming back revives nothing; the same file again changes nothing, also where it says a later day itself."""
    sheets = {
        "志愿服务队伍": [*TEAM_ROWS, ("献血队", "某县红十字会", "无偿献血", "2020-01-01", None)],
        "志愿者": [(*PERSON_HEAD, "退出日期"), (*PEOPLE[1], "2026-03-01"), (*PEOPLE[2], None)],
        "队员": [("队伍名称", "姓名", "证件号码", "入队日期", "退队日期"), ("水上救援队", "张三", A, "2022-01-01", None),
                 ("水上救援队", "李四", B, "2022-01-01", None), ("献血队", "张三", A, "2023-01-01", "2026-06-01")],
    }  # fmt: skip
    assert errors(take(store, tmp_path, sheets)) == []
    assert [r["left_on"] for r in store.rows(MEMBERSHIP)] == ["2026-03-01", None, "2026-06-01"]
    again = take(store, tmp_path, sheets)
    assert again.result.operation is None
    store.undo()
    assert store.rows(MEMBERSHIP) == []
