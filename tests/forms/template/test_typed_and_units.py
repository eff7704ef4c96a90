"""A superior's template whose team names are typed, and one that speaks in 万元: each row its own team, each figure its unit."""

import io

import openpyxl
import pytest

from forms.template import Template, Values

VALUES = Values(
    {"合计": {"income_fen": 1_500_000, "service_minutes": 150, "members_end": 12_500}, "共用": {"income_fen": 500_000}},
    {"队伍": [{"name": "救护一队", "members_end": 8, "income_fen": 1_000_000},
            {"name": "献血宣传队", "members_end": 5, "income_fen": 2_000_000},
            {"name": "水上救援队", "members_end": 3, "income_fen": 0}]},
)  # fmt: skip


def filled(rows: list[list[object]], merged: str = "") -> tuple[list[list[object]], tuple[str, ...]]:
    """Fill a template of some rows; return its cells and what is said."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if merged:
        book.active.merge_cells(merged)
    out = io.BytesIO()
    book.save(out)
    done = Template(out.getvalue(), "t.xlsx").fill(VALUES)
    made = openpyxl.load_workbook(io.BytesIO(done.content)).active
    return [[c.value for c in row] for row in made.iter_rows()], done.notes


def test_a_row_with_a_typed_team_takes_that_team() -> None:
    rows, _ = filled([["队伍名称", "人数"], ["献血宣传队", "{{队伍.季末在队}}"], ["救护一队", "{{队伍.季末在队}}"]])
    assert rows[1:] == [["献血宣传队", 5], ["救护一队", 8]]


def test_a_typed_name_that_is_no_team_stays_blank_and_is_said() -> None:
    rows, notes = filled([["队伍名称", "人数"], ["救护一队", "{{队伍.季末在队}}"], ["某某队", "{{队伍.季末在队}}"]])
    assert rows[1:] == [["救护一队", 8], ["某某队", None]]
    assert any("第 3 行写的队伍不在台账里" in note for note in notes)


def test_a_row_without_a_typed_name_repeats_as_before() -> None:
    rows, _ = filled([["队伍名称", "人数"], ["{{队伍.名称}}", "{{队伍.季末在队}}"]])
    assert rows[1:] == [["救护一队", 8], ["献血宣传队", 5], ["水上救援队", 3]]


@pytest.mark.parametrize(
    ("rows", "place", "expected"),
    [
        ([["本季收入（万元）", "{{合计.本季收入}}"]], (0, 1), 1.5),
        ([["本季收入(千元)"], ["{{合计.本季收入}}"]], (1, 0), 15),
        ([["单位：万元"], ["项目", "本季收入"], ["合计", "{{合计.本季收入}}"]], (2, 1), 1.5),
        ([["单位：人、万元"], ["项目", "本季收入"], ["合计", "{{合计.本季收入}}"]], (2, 1), 1.5),
        ([["填报单位：万元镇"], ["项目", "本季收入"], ["合计", "{{合计.本季收入}}"]], (2, 1), 15000),
        ([["本季收入（元）", "{{合计.本季收入}}"]], (0, 1), 15000),
        ([["本季收入", "{{合计.本季收入}}"]], (0, 1), 15000),
        ([["收入{{合计.本季收入}}万元"]], (0, 0), "收入1.5万元"),
        ([["收入（万元）：{{合计.本季收入}}"]], (0, 0), "收入（万元）：1.5"),
        ([["全部{{合计.季末在队}}人收入（万元）"], ["{{合计.本季收入}}"]], (1, 0), 1.5),
        ([["收入（元）：{{合计.本季收入}}"]], (0, 0), "收入（元）：15,000.00"),
        ([["服务时长（分钟）", "{{合计.服务时长}}"]], (0, 1), 150),
        ([["队员（万人）", "{{合计.季末在队}}"]], (0, 1), 1.25),
    ],
)
def test_a_figure_is_given_in_the_forms_unit(
    rows: list[list[object]], place: tuple[int, int], expected: object
) -> None:
    assert filled(rows)[0][place[0]][place[1]] == expected


def test_a_unit_over_merged_headings_holds_for_every_row_that_repeats() -> None:
    head: list[list[object]] = [["队伍", "经费（万元）", None], [None, "收入", "共用收入"]]
    rows, _ = filled([*head, ["{{队伍.名称}}", "{{队伍.本季收入}}", "{{共用.本季收入}}"]], "B1:C1")
    assert [row[1] for row in rows[2:]] == [1, 2, 0]
    assert rows[2][2] == 0.5


def test_headings_are_looked_for_eighty_rows_up_wherever_the_figure_stands() -> None:
    """A figure in the last row of the grid, one far below its heading, one just below another heading: each looked up once."""
    book = openpyxl.Workbook()
    places = {"A1": "收入（万元）", "A3": "{{合计.本季收入}}", "A500": "{{合计.本季收入}}", "A900": "收入（千元）",
              "A970": "{{合计.本季收入}}", "A985": "{{合计.本季收入}}", "A1048576": "{{合计.本季收入}}"}  # fmt: skip
    for place, text in places.items():
        book.active[place] = text
    out = io.BytesIO()
    book.save(out)
    made = openpyxl.load_workbook(io.BytesIO(Template(out.getvalue(), "t.xlsx").fill(VALUES).content)).active
    assert [made[p].value for p in ("A3", "A500", "A970", "A985", "A1048576")] == [1.5, 15000, 15, 15000, 15000]
