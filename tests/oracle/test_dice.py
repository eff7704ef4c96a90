"""The random offices: their rows break no rule of the import, and they take every turn of the second edition."""

import datetime as dt
import itertools
import random
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.offices import builders as offices
from tests.offices.workbook import KEYS, SHEETS, required, write_workbook
from tests.oracle import office_dice, semi
from tests.oracle.base import Value
from tests.oracle.computed import CLAUSES
from tests.oracle.edition_dice import MANY_ENTRIES, turned_office
from tests.oracle.reach import row_turns, turns
from tests.oracle.semi import proposals
from tests.oracle.semi_dice import SPANS, enriched_office

SEEDS = range(30)
REACHED = 300
DAYS = 5
SEMI_REACHED = 120

REFERENCES = (
    ("队伍名称", "志愿服务队伍", "队伍名称"),
    ("上级队伍", "志愿服务队伍", "队伍名称"),
    ("面向队伍", "志愿服务队伍", "队伍名称"),
    ("主办队伍", "志愿服务队伍", "队伍名称"),
    ("证件号码", "志愿者", "证件号码"),
    ("培训编号", "培训", "培训编号"),
    ("保单号", "保险单", "保单号"),
    ("活动编号", "活动", "活动编号"),
)


@pytest.mark.parametrize("seed", SEEDS)
def test_random_rows_break_no_rule(seed: int) -> None:
    office = turned_office(seed)
    people = {row["证件号码"]: row["姓名"] for row in office["志愿者"]}
    for sheet, rows in office.items():
        keys = Counter(tuple(row[heading] for heading in KEYS[sheet]) for row in rows)
        assert sheet in MANY_ENTRIES or not [key for key, times in keys.items() if times > 1], sheet
        for row in rows:
            assert tuple(row) == SHEETS[sheet]
            assert all(row[heading] is not None for heading in required(sheet)), (sheet, row)
            for start, end in SPANS:
                assert row.get(start) is None or row.get(end) is None or row[start] <= row[end], (sheet, row)
            for heading, target, known in REFERENCES:
                assert row.get(heading) is None or row[heading] in {other[known] for other in office[target]}
            if "证件号码" in row:
                assert people[row["证件号码"]] == row["姓名"]
    hours: dict[tuple[Value, Value], float] = defaultdict(float)
    for row in office["服务记录"]:
        hours[row["证件号码"], row["服务日期"]] += row["服务时长（小时）"]
        assert row["服务时长（小时）"] * 2 == int(row["服务时长（小时）"] * 2)
    assert max(hours.values(), default=0) <= 24
    for row in office["经费收支"]:
        assert row["金额（元）"] > 0
        assert round(row["金额（元）"], 2) == row["金额（元）"]
        reversed_ = {other["收支方向"] for other in office["经费收支"] if other["凭证号"] == row["冲销凭证号"]}
        assert row["冲销凭证号"] is None or row["收支方向"] not in reversed_
    known = {row["队伍名称"]: row["党员数统计日期"] for row in office["志愿服务队伍"]}
    assert not [row for row in office["党员统计"] if row["统计日期"] == known[row["队伍名称"]]]
    spans = defaultdict(list)
    for row in sorted(office["队员"], key=lambda row: row["入队日期"]):
        spans[row["队伍名称"], row["证件号码"]].append((row["入队日期"], row["退队日期"]))
    for one in spans.values():  # no two memberships of a person in a team meet
        assert all(end is not None and end < start for (_, end), (start, _) in itertools.pairwise(one))
    policies = {row["保单号"]: row for row in office["保险单"]}
    for row in office["被保险人"]:
        first, last = policies[row["保单号"]]["起始日期"], policies[row["保单号"]]["终止日期"]
        assert first <= (row["保障起始日期"] or first) <= (row["保障终止日期"] or last) <= last
    for row in office["志愿者"]:
        number = row["证件号码"]
        if row["证件类型"] in (None, "居民身份证", "港澳台居民居住证", "外国人永久居留身份证"):
            assert number[17] == office_dice.id_check_character(number[:17])
            assert row["出生日期"] in (None, dt.datetime.strptime(number[6:14], "%Y%m%d").date())
            assert row["性别"] in (None, "女男"[int(number[16]) % 2])


def test_check_characters_of_published_examples() -> None:
    assert id_check_character_of("11010519491231002X")
    assert id_check_character_of("440524188001010014")
    assert office_dice.uscc_check_character("91350100M000100Y4") == "3"


def id_check_character_of(number: str) -> bool:
    return office_dice.id_check_character(number[:17]) == number[17]


STATUSES = {
    "Z34-2.2-1": "met",
    "Z34-2.2-2": "met not_met",
    "Z34-2.2-4": "met not_met",
    "Z34-2.2-5": "met not_met explain missing_data",
    "Z34-2.2-6": "met not_met explain",
    "Z34-3.1-1": "met not_met explain missing_data",
    "Z34-3.4-1": "met not_met partial missing_data",
    "B25-1-3": "met not_met partial explain in_progress missing_data",
    "B25-1-4": "met not_met in_progress missing_data",
    "B25-1-6": "met not_met explain",
    "B25-2-4": "met not_met partial missing_data",
    "B25-3.1-4": "met not_met explain in_progress not_due",
    "B25-3.2-2": "met not_met partial missing_data",
    "B25-3.2-3": "met in_progress missing_data",
    "B25-3.3-4": "met not_met partial",
    "B25-4-1": "met not_met partial explain in_progress not_due",
    "ZT-17": "met not_met missing_data",
}
"""What a computed clause may come to, besides `not_applicable`."""

TURNS = """
own level by name with white space / own level by 本级 with another name / own name with another kind
分队 of one level / 分队 of two levels / below a dissolved one / suspended 分队 in the tree / dissolved 分队
members in a 分队 of a blood team / blood team with members in its 分队 alone / suspended own team
team with a number and no date / membership ended by the person / membership ended by the team
membership kept through a suspension / membership that never was / membership before its team / rejoining
number without a date / number with a date to come / platform date on the day
several counts / count of exactly twelve months / count older than twelve months alone
count within fifteen days after / several counts within fifteen days after / count on the fifteenth day after
count on the sixteenth day after / count without a date / 分队 have more party members
own count unknown, 分队's known / 分队's sum of several / organisation without a date / organisation of a 分队 alone
organisation with too few / party state present / party state fail / party state missing / party state explain
party state nothing / plan: long / plan: long? / plan: year / plan: year? / plan: ended / plan without 主题
plan with another kind / year of a plan by its title / year plan that is over / 规划计划 of a day to come
项目 of a day to come / consultation without 对方类别 / consultation without 主题 / project without 形式或渠道
disaster by rows: True / disaster by rows: False / disaster by answer: True / disaster by answer: False
disaster by answer: None / rescue team suspended / class without an answer on blood / stock of 2025-12-11
service without an answer on the platform / theme activity, near / theme activity, elsewhere
doubtful theme activity, near / doubtful theme activity, elsewhere / drill without an answer on danger
rescue host without an answer on danger / danger without participants / danger with participants
participant of a day to come / service of the host without a number
goods / 期初结余 / 期初结余 as expense / reversal of expense / reversal of income / reversal of an unknown entry
reversal in a later quarter / equal entries / answer with a day / two answers / empty answer / head counts alone
"""


def test_the_dice_take_every_turn() -> None:
    """Each status of each computed clause, and each branch of the second edition, at least three times."""
    taken: Counter[str] = Counter()
    for seed in range(REACHED):
        office = turned_office(seed)
        taken.update(row_turns(office))
        for day in random.Random(seed).sample(offices.BOUNDARY_DATES, DAYS):
            taken.update(turns(office, day))
    wanted = {turn.strip() for line in TURNS.strip().splitlines() for turn in line.split(" / ")}
    statuses = {f"{clause} {status}" for clause, known in STATUSES.items() for status in known.split()}
    assert {turn: taken[turn] for turn in wanted | statuses if taken[turn] < 3} == {}
    assert STATUSES.keys() == CLAUSES.keys()
    # Nothing beside: a status that the contract does not know, or a branch that the list above forgot.
    assert set(taken) - wanted - statuses == {f"{clause} not_applicable" for clause in CLAUSES}


SEMI_BESIDE = {
    "Z34-1-2": "missing_data partial explain",
    "Z34-2.1-3": "missing_data in_progress explain",
    "Z34-3.1-2": "missing_data in_progress attention",
    "Z34-3.2-1": "missing_data partial explain",
    "Z34-3.3-5": "in_progress not_met partial attention",
    "Z34-4.1-2": "in_progress explain",
    "Z34-4.2-1": "in_progress explain",
    "Z34-4.3-2": "missing_data in_progress partial explain",
    "Z34-5.2-2": "missing_data recorded",
    "B25-1-5": "missing_data in_progress partial explain",
    "B25-2-5": "missing_data in_progress partial explain",
    "B25-2-6": "missing_data in_progress attention",
    "B25-3.1-5": "missing_data explain",
    "B25-3.1-6": "missing_data in_progress explain",
    "B25-3.1-7": "missing_data partial explain",
    "B25-3.1-8": "missing_data in_progress explain",
    "B25-3.3-7": "missing_data in_progress explain",
    "B25-3.4-3": "missing_data explain",
    "B25-4-4": "missing_data in_progress explain",
    "B25-4-9": "missing_data in_progress explain",
    "B25-4-10": "in_progress explain not_met",
    "S24-2.3-5": "missing_data explain",
    "S24-2.4-3": "missing_data recorded",
}
"""What the second edition made of some semi-automatic clauses, besides `met` and `not_applicable`."""


def test_the_dice_reach_both_sides_of_every_semi_automatic_clause() -> None:
    reached: dict[str, set[str]] = defaultdict(set)
    for seed in range(SEMI_REACHED):
        office, days = enriched_office(seed)
        for day in days:
            for clause, (status, _, _) in proposals(office, day).items():
                reached[clause].add(status)
    assert reached.keys() == semi.CLAUSES.keys()
    done = {clause: "missing_evidence" if clause in semi.SELF else "met" for clause in reached}
    one_sided = {c for c, found in reached.items() if done[c] not in found or found <= {"met", "not_applicable"}}
    assert one_sided == set()
    lacking = {c: set(wanted.split()) - reached[c] for c, wanted in SEMI_BESIDE.items()}
    assert {c: statuses for c, statuses in lacking.items() if statuses} == {}


@pytest.mark.parametrize("seed", range(6))
def test_enriched_rows_are_whole_and_their_keys_different(seed: int) -> None:
    for sheet, rows in enriched_office(seed)[0].items():
        assert all(set(row) == set(SHEETS[sheet]) for row in rows)
        assert all(row[heading] is not None for row in rows for heading in required(sheet))
        for row in rows:
            for start, end in SPANS:
                assert row.get(start) is None or row.get(end) is None or row[start] <= row[end], (sheet, row)
        marks = [tuple(row[heading] for heading in KEYS[sheet]) for row in rows]
        assert sheet in MANY_ENTRIES or len(marks) == len(set(marks)), sheet


def test_the_dice_are_loaded_the_same_way_each_time() -> None:
    assert enriched_office(5) == enriched_office(5)
    assert {enriched_office(seed)[1][-1] for seed in range(6)} == {
        dt.date(2024, 12, 31),
        dt.date(2026, 12, 31),
        dt.date(2028, 12, 31),
    }


def test_the_same_seed_gives_the_same_office() -> None:
    assert turned_office(7) == turned_office(7)


def test_a_clean_workbook_holds_the_rows(tmp_path: Path) -> None:
    office = offices.random_office(3)
    write_workbook(office, tmp_path / "clean.xlsx")
    book = load_workbook(tmp_path / "clean.xlsx")
    for sheet, rows in office.items():
        head, *body = book[sheet].iter_rows(values_only=True)
        back = [
            dict(zip(head, (cell.date() if isinstance(cell, dt.datetime) else cell for cell in line), strict=True))
            for line in body
            if any(cell is not None for cell in line)
        ]
        assert back == rows


def test_a_messy_workbook_has_as_many_rows_and_the_same_columns(tmp_path: Path) -> None:
    for seed in range(6):
        office = offices.random_office(seed)
        write_workbook(office, tmp_path / "messy.xlsx", messy=True, seed=seed)
        book = load_workbook(tmp_path / "messy.xlsx")
        assert set(book.sheetnames) == {sheet for sheet, rows in office.items() if rows}
        for sheet in book.sheetnames:
            lines = [
                [None if cell is None else str(cell) for cell in line]
                for line in book[sheet].iter_rows(values_only=True)
            ]
            heads = [{"".join((cell or "").split()) for cell in line} for line in lines]
            top = next(place for place, head in enumerate(heads) if set(required(sheet)) <= head)
            assert heads[top] <= {*SHEETS[sheet], "经办人签字"}
            assert len([line for line in lines[top + 1 :] if any(line)]) == len(office[sheet])
