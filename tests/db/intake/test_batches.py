"""Rows judged by column and in one go come out as they do one by one: the same counts, problems, rows and ids."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from db.intake.importer import take_in
from db.intake.references import References
from db.intake.results import ImportResult
from db.intake.source_rows import FileRows, SourceSheet
from db.records.entities import (
    ATTENDANCE,
    BY_NAME,
    COVERAGE,
    FUND_ENTRY,
    INSURANCE_POLICY,
    MEMBERSHIP,
    SERVICE_RECORD,
    TEAM,
    TRAINING,
    VOLUNTEER,
)  # fmt: skip
from db.records.fields import Columns, Entity, Field
from db.records.identity import check_digit
from db.records.kinds import Cell, Value
from db.storage.store import Store

TODAY = dt.date(2026, 11, 21)
BODIES = [f"99010119{y}0101{n:03d}" for y, n in ((90, 1), (88, 2), (75, 3), (90, 4), (60, 5))]
NUMBERS = [body + check_digit(body) for body in BODIES]
PEOPLE = list(zip(["张三", "李四", "王五", "张三", "赵六"], NUMBERS, strict=True))
OFFICE: Cell = "县红十字会"
DAY: list[Cell] = ["2026-03-05", "2026-03-05", "2026.3.6", dt.date(2026, 3, 7), "2026-02-30", "2026年3月", "2029-01-01"]
TEAMS: list[Cell] = ["一队", "二队", " 一队", "三队", "/", "#N/A", None]
# What may stand below each heading: the first three are sound.
CELLS: dict[Entity, dict[str, list[Cell]]] = {
    TEAM: {
        "队伍名称": ["一队", "二队", "三队", "四 队", None], "主管单位": [OFFICE], "主要领域": ["其他", "应急救护", "其他", "别的"],
        "上级队伍": [None, "一队", None, "三队", "五队"], "成立日期": DAY, "撤销日期": [None, None, None, *DAY],
    },
    VOLUNTEER: {
        "姓名": [], "证件号码": [*NUMBERS, NUMBERS[0][:-1] + "?", "V12345678", None], "登记日期": DAY,
        "手机号码": ["13900000000", "13900000001", None, "139"], "性别": [None, None, None, "男", "女", "不明"],
    },
    MEMBERSHIP: {
        "姓名": [], "证件号码": [], "队伍名称": TEAMS, "入队日期": DAY, "退队日期": [None, None, "2026-03-05", *DAY],
        "职务": [None, "队长", "队员", "干部"],
    },
    SERVICE_RECORD: {
        "姓名": [], "证件号码": [], "队伍名称": TEAMS, "服务日期": DAY, "服务时长（小时）": [2.5, 7, 6, 13, 25, "三"],
        "服务内容": [None, "甲", "乙"],
    },
    ATTENDANCE: {"姓名": [], "证件号码": [], "培训编号": ["P1", "P1", "P1", "P2", None], "队伍名称": [*TEAMS[1:], None]},
    COVERAGE: {
        "姓名": [], "证件号码": [], "保单号": ["B1", "B1", "B1", "B2"], "队伍名称": TEAMS,
        "保障起始日期": DAY, "保障终止日期": [None, "2026-12-31", None, *DAY],
    },
    FUND_ENTRY: {
        "队伍名称": [*TEAMS[:2], None, *TEAMS[2:]], "日期": DAY, "收支方向": ["收入", "支出"], "科目": ["补助"],
        "金额（元）": [100, 30.5, 7, "12.345"], "定向用途": ["献血", None, None], "凭证号": ["1", "2", None],
        "冲销凭证号": [None, None, "1", "2"],
    },
}  # fmt: skip


def _file(entity: Entity, headings: Sequence[str], *rows: Sequence[Cell], source: str = "先有的.xlsx") -> SourceSheet:
    found = FileRows([(n, list(row)) for n, row in enumerate(rows, 2)], {h: i for i, h in enumerate(headings)})
    return SourceSheet(entity.label, entity, found, source=source)


THERE = [
    _file(TEAM, ("队伍名称", "主管单位", "主要领域", "成立日期"), *([t, OFFICE, "其他", "2020-01-01"] for t in ("一队", "二队"))),
    _file(VOLUNTEER, ("姓名", "证件号码", "登记日期", "手机号码"), *([*who, "2020-01-01", "13900000000"] for who in PEOPLE[:3])),
    _file(
        TRAINING, ("培训编号", "培训名称", "培训类别", "开始日期", "学时"),
        ("P1", "急救", "应急救护培训", "2026-03-01", 4),
    ),
    _file(
        INSURANCE_POLICY, ("保单号", "保险公司", "险种", "承保方式", "起始日期", "终止日期"),
        ("B1", "某公司", "意外险", "记名名单", "2026-01-01", "2026-12-31"),
    ),
]  # fmt: skip


def _rows(data: st.DataObject, entity: Entity, source: str) -> SourceSheet:
    """Rows of a few people, teams and days, so that they often meet; a fault in some, so that sound ones follow."""
    rows: list[list[Cell]] = []
    for _ in range(data.draw(st.integers(0, 10))):
        sound = data.draw(st.integers(0, 5)) > 0
        cells = {
            h: data.draw(st.sampled_from(some[:3] if sound else some)) for h, some in CELLS[entity].items() if some
        }
        if "姓名" in CELLS[entity] and (sound or "证件号码" not in cells):
            # The fourth has the name of the first.
            cells["姓名"], cells["证件号码"] = data.draw(st.sampled_from(PEOPLE[: 5 if entity is VOLUNTEER else 3]))
        cells.setdefault("姓名", "张三")
        rows.append([cells[h] for h in CELLS[entity]])
    return _file(entity, list(CELLS[entity]), *rows, source=source)


def _one_by_one(entity: Entity, columns: Columns, count: int, today: dt.date) -> set[int]:
    return set(range(count))


def _nothing_found(
    references: References, f: Field, parts: Sequence[Sequence[Value]], unread: set[int]
) -> tuple[list[Value], set[int]]:
    count = len(parts[0])
    return [None] * count, set(range(count))


def _import(files: Sequence[Sequence[SourceSheet]], on_existing: str) -> tuple[list[Any], dict[str, list[Any]]]:
    said = []
    with Store.memory() as store:
        for sheets in files:
            result: ImportResult = take_in(store, sheets, title="导入", today=TODAY, on_existing=on_existing)
            said += [
                (s.kind, s.rows, s.added, s.updated, s.unchanged, s.refused, sorted(s.problems, key=repr))
                for s in result.sheets
            ]
        return said, {e.name: store.rows(e, names=e.by_name) for e in BY_NAME.values()}


@settings(max_examples=30)
@given(st.data(), st.sampled_from(["更新", "跳过", "补空", "报错"]), st.sampled_from([2, 2000]))
def test_batches_come_out_as_single_rows_do(data: st.DataObject, on_existing: str, batch: int) -> None:
    kinds = [VOLUNTEER, SERVICE_RECORD, *data.draw(st.lists(st.sampled_from(list(CELLS)), unique=True, max_size=3))]
    files = [[_rows(data, e, f"{n}.xlsx") for e in dict.fromkeys(kinds)] for n in range(data.draw(st.integers(1, 2)))]
    files.insert(0, THERE)
    with patch("db.intake.importer._BATCH", batch):
        together = _import(files, on_existing)
    with (
        patch.object(Entity, "look_over", _one_by_one),
        patch.object(References, "find_all", _nothing_found),
    ):
        assert _import(files, on_existing) == together
    for _, rows, *outcomes, _ in together[0]:
        assert rows == sum(outcomes)
