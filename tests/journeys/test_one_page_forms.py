"""One-page registration forms of every layout become rows with the values that stand on them; lists are left alone."""

import io
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from db.records.entities import ENTITIES, VOLUNTEER
from db.records.kinds import Cell, cell_text
from db.storage.store import Store
from desktop.services.import_draft import check, let_in, prepare
from desktop.services.importing import import_files, map_files, open_files
from forms.reading.sheet_shape import Merge
from forms.reading.table import Table
from forms.shapes.cross_table import WHERE
from forms.shapes.form_labels import inline, ticked
from forms.shapes.normalise import as_lists
from tests.journeys.test_importing import TODAY
from tests.journeys.test_importing import book as plain_book
from tests.journeys.workbook_shapes import (
    HEAD,
    KNOWN,
    NAMES,
    ROSTER,
    Rows,
    book,
    member,
    merge,
    number,
    people,
)

ID, OTHER_ID = number(1), number(2)
PHONE, OTHER_PHONE = "19900000001", "19900000099"
ZHANG: dict[str, Cell] = {"姓名": "张三", "证件号码": ID, "手机号码": PHONE}
TITLE = ("红十字志愿者登记表",)
DIGITS: list[Cell] = [int(c) for c in ID]


def plain_form(i: int = 1, registered: str = "2026年3月5日") -> list[tuple[Cell, ...]]:
    """A form as most offices have it."""
    return [
        TITLE,
        ("姓  名", NAMES[i % 10], "性别", "", "照片"),
        ("身份证号", number(i), "民族", "汉族"),
        ("联系电话", f"199000{i:05d}", "登记时间", registered),
        ("家庭住址", "某县某路3号"),
    ]


def down(*forms: Sequence[tuple[Cell, ...]], gap: int = 1) -> list[tuple[Cell, ...]]:
    """Forms below each other."""
    rows: list[tuple[Cell, ...]] = []
    for form in forms:
        rows += [*([()] * gap if rows else []), *form]
    return rows


def values(rows: Rows, folder: Path, change: Callable[[Worksheet], None] | None = None) -> list[dict[str, Cell]]:
    """What a sheet of rows says, by our headings, without what is blank."""
    read = map_files(open_files([book(folder / "登记表.xlsx", rows, "Sheet1", change)]))
    main = read.mapped[0]
    return [{h: c for h, c in main.cells(row).items() if c is not None} for _, row in main.rows]


LAYOUTS: dict[str, tuple[Rows, Callable[[Worksheet], None] | None, list[dict[str, Cell]]]] = {
    "labels beside their values": (
        [TITLE, ("姓名", "张三", "性别", "男"), ("身份证号", ID, "电话", PHONE)], None, [ZHANG | {"性别": "男"}]),
    "one label in each row": ([("姓名", "张三"), ("身份证号码", ID), ("手机", PHONE)], None, [ZHANG]),
    "merged title and values": (
        [TITLE, ("姓名", "张三", "", "性别", "男", ""), ("身份证号", ID), ("联系电话", PHONE)],
        merge("A1:F1", "B2:C2", "E2:F2", "B3:F3", "B4:F4"), [ZHANG | {"性别": "男"}]),
    "merged labels": (
        [("姓名", "", "张三", "性别", "", "男"), ("身份证号", "", ID), ("联系电话", "", PHONE)],
        merge("A1:B1", "D1:E1", "A2:B2", "A3:B3"), [ZHANG | {"性别": "男"}]),
    "labels with spaces and line breaks": (
        [("姓    名", "张三", "性\n别", "男"), ("身份\n证号", ID), ("联 系 电 话", PHONE)], None, [ZHANG | {"性别": "男"}]),
    "labels with colons": ([("姓名：", "张三", "性别:", "女"), ("身份证号：", ID), ("电话：", PHONE)], None, [ZHANG | {"性别": "女"}]),
    "label and value in one cell": ([("姓名：张三", "性别：男"), (f"身份证号：{ID}", f"联系电话：{PHONE}")], None, [ZHANG | {"性别": "男"}]),
    "several labels in one cell": (
        [TITLE, ("姓  名：张三   性  别：男",), (f"身份证号：{ID}\n联系电话：_{PHONE}_",)], None, [ZHANG | {"性别": "男"}]),
    "a label with its colon and the value in the next cell": (
        [("姓名：", "张三"), ("身份证号：", ID), (f"电话：{PHONE}",)], None, [ZHANG]),
    "a digit in each cell": ([("姓名", "张三"), ("身份证号", *DIGITS), ("电话", PHONE)], None, [ZHANG]),
    "a digit in each cell, as text, and phone digits": (
        [("姓名", "张三"), ("身份证号", *ID), ("电话", *PHONE, "性别", "男")], None, [ZHANG | {"性别": "男"}]),
    "boxes to tick in one cell": ([("姓名", "张三", "性别", "□男 ☑女"), ("身份证号", ID), ("电话", PHONE)], None, [ZHANG | {"性别": "女"}]),
    "boxes to tick in cells of their own": (
        [("姓名", "张三", "性别", "√男", "□女"), ("身份证号", ID), ("电话", PHONE)], None, [ZHANG | {"性别": "男"}]),
    "a photograph, beside and merged": (
        [TITLE, ("姓名", "张三", "性别", "男", "贴\n照\n片\n处"), ("身份证号", ID, "", ""), ("电话", PHONE, "民族", "汉")],
        merge("E2:E4", "B3:D3"), [ZHANG | {"性别": "男"}]),
    "signatures and approval below": (
        [*plain_form(), ("本人签名：", "", "", "年   月   日"), ("单位意见", "同意\n（盖章）"), ("填表人：赵六", "", "审核人：")], None,
        [ZHANG | {"姓名": "李四", "登记日期": "2026年3月5日"}]),
    "free text of several lines and rows": (
        [("姓名", "张三", "电话", PHONE), ("身份证号", ID), ("备注", "第一行"), ("", "第二行"), ("", "第三行"), ("个人简历", "2001年\n2005年")],
        merge("A3:A5"), [ZHANG | {"备注": "第一行\n第二行\n第三行"}]),
    "labels above their values": (
        [TITLE, ("姓名", "性别", "民族"), ("张三", "男", "汉族"), ("身份证号", "联系电话", "学历"), (ID, PHONE, "本科")],
        merge("A1:C1"), [ZHANG | {"性别": "男"}]),
    "a wide label above its text": (
        [("姓名", "张三", "电话", PHONE), ("身份证号", ID), ("备注", "", "", ""), ("会游泳", "", "", "")],
        merge("A3:D3", "A4:D4"), [ZHANG | {"备注": "会游泳"}]),
    "forms below each other": (
        down(plain_form(1), plain_form(2), plain_form(3)), None,
        [{"姓名": NAMES[i], "证件号码": number(i), "手机号码": f"199000{i:05d}", "登记日期": "2026年3月5日"} for i in (1, 2, 3)]),
    "forms below each other without a gap, and the last one longer": (
        [*plain_form(1), *plain_form(2), ("特长", "游泳"), ("个人简历", "很长")], None,
        [{"姓名": "李四", "证件号码": ID, "手机号码": "19900000001", "登记日期": "2026年3月5日"},
         {"姓名": "王五", "证件号码": OTHER_ID, "手机号码": "19900000002", "登记日期": "2026年3月5日"}]),
    "what stands above the name belongs to its own form": (
        down([TITLE, ("登记时间：2026-03-05",), *plain_form(1)[1:3], ("电话", PHONE)],
             [TITLE, ("登记时间：2026-03-06",), *plain_form(2)[1:3], ("电话", OTHER_PHONE)]), None,
        [{"姓名": "李四", "证件号码": ID, "手机号码": PHONE, "登记日期": "2026-03-05"},
         {"姓名": "王五", "证件号码": OTHER_ID, "手机号码": OTHER_PHONE, "登记日期": "2026-03-06"}]),
    "two forms beside each other": (
        [(*TITLE, "", "", "", "", *TITLE), ("姓名", "张三", "性别", "男", "", "姓名", "李四", "性别", "女"),
         ("身份证号", ID, "电话", PHONE, "", "身份证号", OTHER_ID, "电话", OTHER_PHONE)], None,
        [ZHANG | {"性别": "男"}, {"姓名": "李四", "证件号码": OTHER_ID, "手机号码": OTHER_PHONE, "性别": "女"}]),
    "the phone of somebody else": (
        [("姓名", "张三", "性别", "男"), ("身份证号", ID), ("紧急联系人", "李四", "关系", "父子", "联系电话", OTHER_PHONE)], None,
        [{"姓名": "张三", "证件号码": ID, "性别": "男"}]),
    "a guardian": (
        [("姓名", "张三", "电话", PHONE), ("身份证号", ID), ("监护人", "李四", "联系电话", OTHER_PHONE)], None,
        [ZHANG | {"监护人姓名": "李四", "监护人电话": OTHER_PHONE}]),
    "heads at the left over several rows": (
        [("基本情况", "姓名", "张三", "性别", "男"), ("", "身份证号", ID, "民族", "汉"),
         ("紧急联系人", "姓名", "李四", "关系", "父子"), ("", "联系电话", OTHER_PHONE)],
        merge("A1:A2", "A3:A4"), [{"姓名": "张三", "证件号码": ID, "性别": "男"}]),
    "a small list of the family": (
        [("姓名", "张三", "电话", PHONE), ("身份证号", ID), ("家庭成员", "姓名", "关系", "联系电话"),
         ("", "李四", "父子", OTHER_PHONE), ("", "王五", "母子", OTHER_PHONE), ("备注", "无")],
        merge("A3:A5"), [ZHANG | {"备注": "无"}]),
    "a date in pieces": (
        [("姓名", "张三", "电话", PHONE), ("身份证号", ID), ("登记日期", 2026, "年", 3, "月", 5, "日")], None,
        [ZHANG | {"登记日期": "2026年3月5日"}]),
    "labels with hints": (
        [("*姓名", "张三", "联系电话（手机）", PHONE), ("身份证号（必填）", ID)], None, [ZHANG]),
    "labels with numbers, blank rows and columns": (
        [(), ("", "1.姓名", "张三"), (), ("", "2.身份证号", ID), (), ("", "3.联系电话", PHONE)], None, [ZHANG]),
    "a value that was left out": (
        [("姓名", "张三", "电话", PHONE), ("身份证号", ID, "", ""), ("备注", "", "爱好", "读书")], None, [ZHANG]),
    "an answer that is also a heading": (
        [("姓名", "张三", "职务", "队员"), ("身份证号", ID, "电话", PHONE), ("所属队伍", "水上救援队", "登记时间", "2026-03-05")], None,
        [ZHANG | {"登记日期": "2026-03-05"}]),
    "cards with colons, four on a page": (
        [("姓名：张三", "", "", "姓名：李四"), ("性别：男", "", "", "性别：女"), (f"身份证号：{number(1)}", "", "", f"身份证号：{number(2)}"), (),
         ("姓名：王五", "", "", "姓名：赵六"), ("性别：男", "", "", "性别：女"), (f"身份证号：{number(3)}", "", "", f"身份证号：{number(4)}")], None,
        [{"姓名": name, "性别": sex, "证件号码": number(i)} for name, sex, i in
         (("张三", "男", 1), ("王五", "男", 3), ("李四", "女", 2), ("赵六", "女", 4))]),
    "two answers without a mark": ([("姓名", "张三", "性别", "男", "女"), ("身份证号", ID), ("电话", PHONE)], None, [ZHANG | {"性别": "男 女"}]),
    "a list below whose headings are not all usual": (
        [("培训登记表",), ("培训名称", "初级班", "培训时间", "2026-03-05"), ("培训地点", "会议室", "学时", "16学时"),
         ("序号", "姓名", "小组", "电话"), (1, "张三", "一组", PHONE), (2, "李四", "二组", OTHER_PHONE)], None,
        [{"培训名称": "初级班", "开始日期": "2026-03-05", "地点": "会议室", "学时": "16学时", "培训编号": "PX20260305-50BB"}]),
    "everything at once": (
        [("", "", "", "", "编号：ZY-001"), ("某县红十字会应急救援队队员登记表",), ("个\n人\n信\n息", "姓 名", "张三", "性 别", "男", "贴照片"),
         ("", "出生年月", "1990年3月", "民 族", "汉"), ("", "身份证号", *ID), ("", "联系电话", PHONE, "登记时间", "2026年3月5日"),
         ("紧急联系人", "姓名", "李四", "关系", "父亲"), ("", "联系电话", OTHER_PHONE, "住址", "某路"),
         ("培训经历", "时间", "内容", "地点", "证书"), ("", "2025.3", "初级救护", "县城", "有"), ("", "2025.9", "水上救援", "市里", "有"),
         ("个人承诺", "本人自愿加入应急救援队，服从指挥。\n承诺人：张三"), ("队伍意见", "同意\n负责人签字："), ("第1页 共1页",)],
        merge("A3:A6", "A7:A8", "A9:A11", "B12:F12"), [ZHANG | {"性别": "男", "登记日期": "2026年3月5日"}]),
    "an activity of two days": (
        [("活动登记表",), ("活动名称", "义诊", "活动时间", "2026年3月5日至3月6日"), ("地点", "广场", "受益人数", "30人")], None,
        [{"活动名称": "义诊", "开始日期": "2026-03-05", "结束日期": "2026-03-06", "地点": "广场", "受众人次": "30人",
          "活动编号": "HD20260305-4E81"}]),
    "a team, its leader under a head": (
        [("志愿服务队登记表",), ("队伍名称", "水上救援队", "成立时间", "2020-01-01"), ("主管单位", "某县红十字会", "服务领域", "应急救援"),
         ("负责人", "姓名", "李四", "联系电话", PHONE), ("", "身份证号", ID, "职务", "主任"), ("队伍简介", "成立于……")],
        merge("A4:A5"), [{"队伍名称": "水上救援队", "成立日期": "2020-01-01", "主管单位": "某县红十字会", "主要领域": "应急救援",
                          "队长": "李四", "队长电话": PHONE}]),
    "an activity": (
        [("红十字志愿服务活动登记表",), ("活动名称", "学雷锋", "活动时间", "2026-03-05"), ("活动地点", "某广场", "活动类别", "□宣传 ☑志愿服务"),
         ("活动编号", "HD-1", "受益人数", "30"), ("活动内容", "义诊"), ("负责人签字：",)], None,
        [{"活动名称": "学雷锋", "开始日期": "2026-03-05", "地点": "某广场", "活动类别": "志愿服务", "活动编号": "HD-1", "受众人次": "30"}]),
    "a training": (
        [("培训登记表",), ("培训名称", "初级救护员班", "培训编号", "PX-1"), ("培训时间", "2026-03-05", "学时", 16),
         ("培训类别", "应急救护培训", "授课老师", "赵六")], None,
        [{"培训名称": "初级救护员班", "培训编号": "PX-1", "开始日期": "2026-03-05", "学时": 16, "培训类别": "应急救护培训", "授课师资": "赵六"}]),
}  # fmt: skip


@pytest.fixture
def office(store: Store, tmp_path: Path) -> Store:
    """A ledger that holds two teams and a policy."""
    import_files(store, [plain_book(tmp_path / "known.xlsx", KNOWN)], today=TODAY)
    return store


def rows_held(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    return {e.name: store.db.execute(f"SELECT * FROM {e.name} ORDER BY id").fetchall() for e in ENTITIES}


def test_there_are_enough_layouts() -> None:
    assert len(LAYOUTS) >= 30


@pytest.mark.parametrize("name", LAYOUTS)
def test_layout(name: str, tmp_path: Path) -> None:
    rows, change, expected = LAYOUTS[name]
    assert values(rows, tmp_path, change) == expected


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("□男 ☑女", "女"), ("☑男□女", "男"), ("男□ 女☑", "女"), ("男√ 女", "男"), ("√男 女", "男"), ("(√)男 ( )女", "男"),
        ("男（√）女（ ）", "男"), ("□√男 □女", "男"), ("■群众 □党员", "群众"), ("□男 □女", ""), ("☑男", "男"),
        ("□应急救护 ☑无偿献血 ☑其他___", "无偿献血；其他"), ("√", None), ("□同意", None), ("男", None), ("共青团员（）", None),
        ("男□√女", None),
    ],
)  # fmt: skip
def test_boxes(text: str, chosen: str | None) -> None:
    assert ticked(text) == chosen


def test_colons_inside_values() -> None:
    assert inline("时间：9:00-11:00 地点：广场") == [("时间", "9:00-11:00"), ("地点", "广场")]
    assert inline("见 https://a.b") == []
    assert inline("张三：你好") == []


def test_two_hundred_files_become_one_table(office: Store, tmp_path: Path) -> None:
    forms = {i: plain_form(i) for i in range(1, 201)}
    for i, form in forms.items():
        form[1] = ("姓名", f"欧阳{chr(0x4E00 + i)}", *form[1][2:])
    paths = [book(tmp_path / f"登记表{i:03}.xlsx", form, "Sheet1") for i, form in forms.items()]
    begun = time.process_time()
    draft = prepare(open_files(paths), {})
    assert time.process_time() - begun < 20
    assert len(draft.sources) == 1
    assert draft.sources[0].title == "志愿者"
    assert draft.to_confirm() == 0
    assert "共 200 份，来自 200 个文件" in draft.sources[0].table.notes[0]
    checked = let_in(office, draft, TODAY, lambda done, total: None)
    assert checked.done.result.changed == 200
    assert {row["id_number"] for row in office.rows(VOLUNTEER)} == {number(i) for i in range(1, 201)}
    assert [row[-1] for _, row in draft.sources[0].table.rows[1:4]] == [p.name for p in paths[:3]]
    assert import_files(office, paths, today=TODAY).result.changed == 0


def test_forms_on_sheets_of_one_file_and_what_is_said(office: Store, tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    for i in (1, 2, 3):
        sheet = made.create_sheet(f"第{i}张")
        for row in (
            plain_form(i) if i < 3 else [tuple(c if n % 2 == 0 else "" for n, c in enumerate(r)) for r in plain_form(i)]
        ):
            sheet.append([None if c == "" else c for c in row])
        if i == 2:
            sheet.append(["另外交了照片两张"])
    made.remove(made.worksheets[0])
    made.save(tmp_path / "登记表.xlsx")
    done = import_files(office, [tmp_path / "登记表.xlsx"], today=TODAY)
    (sheet_done,) = done.result.sheets
    assert (sheet_done.rows, sheet_done.added, sheet_done.refused) == (2, 2, 0)
    assert sheet_done.unknown == ("民族", "家庭住址")
    notes = "\n".join(sheet_done.notes)
    for said in ("按一页一份的登记表读取，共 2 份", "另有 1 份没有填写", "有 1 处文字前面没有栏目名", "第 2 份第 6 行"):
        assert said in notes
    (mapped,) = done.mapped
    assert mapped.headings[-1] == WHERE
    assert [row[-1] for _, row in mapped.rows] == ["工作表“第1张”", "工作表“第2张”"]


def test_a_refused_form_is_corrected_in_the_error_workbook(office: Store, tmp_path: Path) -> None:
    bad = plain_form(2, "2026年3月")
    path = book(tmp_path / "登记表.xlsx", down(plain_form(1), bad, plain_form(3)), "Sheet1")
    done = import_files(office, [path], today=TODAY)
    (sheet,) = done.result.sheets
    assert sheet.rows == 3 == sheet.added + sheet.refused
    assert [(p.row, p.column) for p in sheet.problems] == [(2, "登记日期")]
    assert done.refused_book is not None
    told = openpyxl.load_workbook(io.BytesIO(done.refused_book))
    heads = [c.value for c in told.active[1]]
    assert told.active.max_row == 2
    assert told.active.cell(2, heads.index(WHERE) + 1).value == "工作表“Sheet1” 第 7 行起"
    told.active.cell(2, heads.index("登记时间") + 1).value = "2026-03-05"
    told.save(tmp_path / "改好.xlsx")
    again = import_files(office, [tmp_path / "改好.xlsx"], today=TODAY)
    assert [(s.added, s.refused) for s in again.result.sheets] == [(1, 0)]
    assert len(office.rows(VOLUNTEER)) == 3


def test_nothing_is_written_by_a_check_and_all_is_undone(office: Store, tmp_path: Path) -> None:
    before = rows_held(office)
    path = book(tmp_path / "登记表.xlsx", plain_form(), "Sheet1")
    draft = prepare(open_files([path]), {})
    assert check(office, draft, TODAY, lambda done, total: None).done.result.changed == 1
    assert rows_held(office) == before
    import_files(office, [path], today=TODAY)
    office.undo()
    assert rows_held(office) == before


def test_messages_name_no_numbers(office: Store, tmp_path: Path) -> None:
    rows = [*plain_form(), ("某某", OTHER_ID), (PHONE,), (OTHER_PHONE,), ("负责人", "李四", OTHER_PHONE)]
    done = import_files(office, [book(tmp_path / "登记表.xlsx", rows, "Sheet1")], today=TODAY)
    said = [text for s in done.result.sheets for text in (*s.notes, *s.unknown, *(p.reason for p in s.problems))]
    assert any("没有栏目名" in text for text in said)
    assert not any(hidden in text for text in said for hidden in (ID, PHONE, OTHER_ID, OTHER_PHONE))


def test_an_id_number_kept_as_a_number_is_refused_and_a_short_one_too(office: Store, tmp_path: Path) -> None:
    for n, cells in enumerate(([int(ID)], DIGITS[:17], [*DIGITS[:5], "", *DIGITS[6:]])):
        rows = [("姓名", "张三", "登记日期", "2026-03-05"), ("身份证号", *cells), ("电话", PHONE)]
        done = import_files(office, [book(tmp_path / f"{n}.xlsx", rows, "Sheet1")], today=TODAY)
        assert [(s.added, s.refused, s.problems[0].column) for s in done.result.sheets] == [(0, 1, "证件号码")]


def test_forms_of_one_kind_become_one_table_whatever_their_words(tmp_path: Path) -> None:
    other = [
        ("姓名：王五", "手机：19900000002", f"联系电话：{OTHER_PHONE}"),
        (f"公民身份号码：{OTHER_ID}",),
        ("注册日期：2026-03-05",),
    ]
    paths = [
        book(tmp_path / "a.xlsx", plain_form(1), "a"),
        book(tmp_path / "b.xlsx", LAYOUTS["a team, its leader under a head"][0], "b", merge("A4:A5")),
        book(tmp_path / "c.xlsx", [*other, ("备注：其他",)], "c"),
        book(tmp_path / "d.xlsx", [HEAD, *people(2)], "名单"),
        book(tmp_path / "e.xlsx", plain_form(3), "e"),
    ]
    opened = open_files(paths)
    assert [(file, t.sheet, len(t.rows)) for file, t in opened] == [
        ("3 个文件里的登记表", "志愿者", 4), ("b.xlsx", "志愿服务队伍", 2), ("d.xlsx", "名单", 3),
    ]  # fmt: skip
    assert [n for _, t in opened[:2] for n, _ in t.rows[1:]] == [
        1,
        3,
        4,
        2,
    ]  # which form it is, of all that were chosen
    mapped = map_files(opened).mapped[0]
    cells = [mapped.cells(row) for _, row in mapped.rows]
    assert [c["证件号码"] for c in cells] == [ID, OTHER_ID, number(3)]
    assert [c["手机号码"] for c in cells] == ["19900000001", "19900000002", "19900000003"]
    assert [c["备注"] for c in cells] == [None, "其他", None]
    assert "联系电话（另）" in mapped.unknown


ORDINARY: dict[str, Rows] = {
    "a list of one person below lines with labels": [
        ("志愿者花名册",), ("填报单位：某县", "", "联系人：李四", "电话：0999-1234567"), HEAD, *people(1)],
    "a list without all that is required": [("联系人：李四", "电话：0999-1234567"), ("姓名", "性别", "电话"), ("张三", "男", PHONE)],
    "a list whose headings come again": [HEAD, *people(2), HEAD, *people(2, 2), ("填表人：某某", "联系电话：0999-1234567")],
    "two rows of headings": [
        ("姓名", "证件号码", "联系", "", "登记日期"), ("", "", "手机", "地址", ""), *[(*p[:3], "某街", p[3]) for p in people(2)]],
    "a roster": [ROSTER, *[member(i) for i in range(5)]],
    "the office's own page": KNOWN["本会情况"],
    "two rows of headings of one person": [
        ("某县红十字志愿者登记表",), ("联系电话：0999-1234567", "", "", "联系人：", "李四"), ("姓名", "基本情况", "", "联系方式", "登记日期"),
        ("", "民族", "学历", "手机", ""), ("张三", "汉族", "本科", PHONE, "2026-03-05"), ("填表人：赵六", "", "联系电话：0999-1234567")],
    "when and where above a list of people": [
        ("活动名称：学雷锋", "活动时间：2026-03-05"), ("地点：广场", "负责人：李四"),
        ("姓名", "单位", "电话"), ("张三", "某校", PHONE), ("李四", "某校", PHONE)],
    "teams in columns": [
        ("队伍名称", "水上救援队", "山地救援队"), ("主管单位", "某县红十字会", "某县红十字会"),
        ("主要领域", "应急救援", "养老服务"), ("成立日期", "2020-01-01", "2021-01-01")],
    "our own workbook of refused rows": [
        ("姓名", "性别(1男2女)", "出生日期", "证件号码", "问题说明"),
        ("张三", "1", "1990-03-07", ID, "性别：不是可选的内容，只能填：男、女"),
        ("李四", "2", "1990-03-08", OTHER_ID, "性别：不是可选的内容，只能填：男、女")],
    "a list of two columns": [("项目", "金额"), ("活动", 5), ("培训", 6)],
}  # fmt: skip


@pytest.mark.parametrize("name", ORDINARY)
def test_lists_are_left_alone(name: str, tmp_path: Path) -> None:
    opened = [("x", t) for t in (Table("名单", [(n, list(r)) for n, r in enumerate(ORDINARY[name], 1)]),)]
    assert as_lists(opened)[0][1] is opened[0][1]


def test_a_long_roster_pays_nothing(tmp_path: Path) -> None:
    rows: list[tuple[int, list[Cell]]] = [(1, list(ROSTER)), *((n, list(member(n % 10))) for n in range(2, 100_000))]
    opened = [("x", Table("名单", rows)), ("x", Table("名单", rows[:4000]))]
    as_lists(opened)
    begun = time.process_time()
    assert [t for _, t in as_lists(opened)] == [t for _, t in opened]
    assert time.process_time() - begun < 0.1


FIELDS: dict[str, tuple[tuple[str, ...], Cell]] = {
    "姓名": (("姓名", "姓  名", "志愿者姓名"), "欧阳小明"), "证件号码": (("身份证号", "公民身份号码", "证件号码"), ID),
    "手机号码": (("联系电话", "手机", "电话"), PHONE), "性别": (("性别", "性 别"), "女"),
    "登记日期": (("登记日期", "注册时间"), "2026-03-05"), "备注": (("备注",), "会开车"),
    "民族": (("民族",), "汉族"), "爱好": (("爱好",), "读书"), "工作单位": (("工作单位",), "某县医院"),
}  # fmt: skip


@settings(max_examples=150)
@given(st.data())
def test_wherever_the_labels_stand_the_row_is_the_same(data: st.DataObject) -> None:
    names = data.draw(st.permutations(list(FIELDS)))
    grid: list[tuple[int, list[Cell]]] = [(1, ["志愿者登记表"])] if data.draw(st.booleans()) else []
    merges: list[Merge] = []
    line = 2
    rest = list(names)
    while rest:
        count = data.draw(st.integers(1, 3))
        row: list[Cell] = [None] * data.draw(st.integers(0, 1))
        for name in rest[:count]:
            label = data.draw(st.sampled_from(FIELDS[name][0]))
            value = FIELDS[name][1]
            how = data.draw(st.sampled_from(("beside", "colon", "inside", "merged", "spread")))
            if how == "inside":
                row.append(f"{label}：{value}")
            elif how == "merged":
                merges.append(Merge(line, len(row) + 1, line, len(row) + 2))
                row += [label, value, None]
            elif how == "spread" and name in ("证件号码", "手机号码"):
                row += [label, *(int(c) if c.isdecimal() else c for c in str(value))]
            else:
                row += [label + "：" if how == "colon" else label, value]
        rest = rest[count:]
        grid.append((line, row))
        line += data.draw(st.integers(1, 3))
    if len([n for n, _ in grid]) - (grid[0][0] == 1) < 2:
        return  # all in one row: nothing tells it from the head of a list
    ((_, table),) = as_lists([("x.xlsx", Table("Sheet1", grid, (), tuple(merges)))])
    (mapped,) = map_files([("x.xlsx", table)]).mapped
    ((_, row_read),) = mapped.rows
    read = {h: cell_text(c) for h, c in mapped.cells(row_read).items()}
    assert read == {h: FIELDS[h][1] for h in read}
    assert read.keys() == {"姓名", "证件号码", "手机号码", "性别", "登记日期", "备注"}
    assert set(mapped.unknown) - {WHERE} == {"民族", "爱好", "工作单位"}


@settings(max_examples=60)
@given(st.data())
def test_several_forms_of_one_layout_with_blanks(data: st.DataObject) -> None:
    slots: list[list[tuple[str, str, str]]] = []
    rest = data.draw(st.permutations(list(FIELDS)))
    while rest:
        count = data.draw(st.integers(1, 3))
        slots.append(
            [
                (
                    n,
                    data.draw(st.sampled_from(FIELDS[n][0])),
                    data.draw(st.sampled_from(("beside", "inside", "merged"))),
                )
                for n in rest[:count]
            ]
        )
        rest = rest[count:]
    gap = data.draw(st.integers(0, 2))
    people_there = data.draw(st.integers(2, 4))
    grid: list[tuple[int, list[Cell]]] = []
    merges: list[Merge] = []
    expected = []
    line = 1
    for i in range(people_there):
        own: dict[str, Cell] = {
            "姓名": f"欧阳{NAMES[i][-1]}", "证件号码": number(i + 1), "手机号码": f"1990000000{i}", "性别": "男女"[i % 2],
            "登记日期": f"2026-03-0{i + 1}", "备注": f"第{i}人", "民族": "汉族", "爱好": "读书", "工作单位": "某县医院",
        }  # fmt: skip
        for name in data.draw(st.sets(st.sampled_from(["手机号码", "性别", "备注", "民族", "爱好", "工作单位"]))):
            own[name] = None
        grid.append((line, ["志愿者登记表"]))
        line += 1
        for slot in slots:
            row: list[Cell] = []
            for name, label, how in slot:
                value = own[name]
                if how == "inside":
                    row.append(f"{label}：{value or ''}")
                elif how == "merged":
                    merges.append(Merge(line, len(row) + 1, line, len(row) + 2))
                    row += [label, value, None]
                else:
                    row += [label, value]
            while row and row[-1] is None:
                row.pop()
            grid.append((line, row))
            line += 1
        line += gap
        expected.append({h: own[h] for h in ("姓名", "证件号码", "手机号码", "性别", "登记日期", "备注")})
    if len(slots) < 2:
        return
    ((_, table),) = as_lists([("x.xlsx", Table("Sheet1", grid, (), tuple(merges)))])
    (mapped,) = map_files([("x.xlsx", table)]).mapped
    assert [mapped.cells(row) for _, row in mapped.rows] == expected
