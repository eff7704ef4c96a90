"""The example office of ``boai demo``: a year of an invented county, as the workbooks it would keep.

Its rows ship as text, one file for each sheet under ``resources/example``; the people in them do not exist, nor does the
division code of their numbers.
"""

import csv
import datetime as dt
from collections.abc import Sequence
from typing import Any

import resources
from db.records.entities import BY_LABEL
from db.records.kinds import Cell, Date, Kind, Ref, Refs
from forms.excel.workbook import NUMBER_FORMATS, Book

Row = dict[str, Cell]


# File → its sheets in order; a sheet with a title has it, and the reporting unit, above its headings.
FILES: dict[str, dict[str, str | None]] = {
    "队伍与责任分工.xlsx": {
        "本会情况": None, "灾害多发认定": None, "责任分工": "无偿献血和志愿服务工作责任分工",
        "志愿服务队伍": "红十字志愿服务队伍基本情况表",
    },
    "志愿者花名册.xlsx": {"志愿者": "红十字志愿者花名册", "队员": None},
    "培训台账.xlsx": {"培训": "红十字志愿者培训台账", "参训人员": None},
    "保险台账.xlsx": {"保险单": "志愿者保险台账", "被保险人": None},
    "经费台账.xlsx": {"经费收支": "志愿服务经费收支台账（2025年10月至2026年9月）"},
    "活动与服务时长.xlsx": {"活动": "志愿服务活动登记表", "服务记录": None},
    "无偿献血与工作记录.xlsx": {
        "工作记录": None, "阵地场所": "红十字志愿服务阵地一览表", "街镇": None,
        "献血目标": "2026年无偿献血目标分解表", "献血完成": None,
    },
}  # fmt: skip


def example_workbooks() -> dict[str, bytes]:
    """Return the example office's workbooks: file name → bytes, in an order in which they can be imported."""
    sheets = example_sheets()
    office = next(row["内容"] for row in sheets["本会情况"] if row["项目"] == "单位名称")
    found = {}
    for name, parts in FILES.items():
        book = Book(name.removesuffix(".xlsx"), masked=False)
        for label, title in parts.items():
            _lay_out(book, label, sheets[label], (title, f"填报单位：{office}") if title else ())
        found[name] = book.done()
    return found


def _lay_out(book: Book, label: str, rows: Sequence[Row], above: tuple[str, ...]) -> None:
    """One sheet as an office keeps it: only the columns it uses, under a title and the office's name or nothing."""
    kinds = _kinds(label)
    headings = [h for h in kinds if any(row.get(h) is not None for row in rows)]
    sheet: Any = book.book.add_worksheet(label)
    top = 0
    if above:
        head = book.style(bold=True, font_size=18, align="center")
        sheet.merge_range(0, 0, 0, len(headings) - 1, above[0], head)
        sheet.set_row(0, 32)
        book.put(sheet, 1, 0, above[1], book.style())
        top = 2
    head = book.style(bold=True, border=1, align="center", text_wrap=True, bg_color="#F2F0EC")
    for column, heading in enumerate(headings):
        kind = kinds[heading]
        sheet.write_string(top, column, heading, head)
        sheet.set_column(column, column, _width(heading, rows))
        align = "right" if kind.numeric else "left"
        style = book.style(num_format=NUMBER_FORMATS.get(type(kind), "@"), border=1, align=align)
        for line, row in enumerate(rows, top + 1):
            book.put(sheet, line, column, row[heading], style)
    sheet.freeze_panes(top + 1, 0)


def example_sheets() -> dict[str, list[Row]]:
    """Return every sheet of the example office that has rows: label → rows, a row being heading → cell."""
    return {label: _rows(label) for parts in FILES.values() for label in parts}


def _rows(label: str) -> list[Row]:
    kinds = _kinds(label)
    with resources.path(f"example/{BY_LABEL[label].name}.csv").open(encoding="utf-8", newline="") as file:
        return [{h: _cell(kinds[h], text) for h, text in row.items()} for row in csv.DictReader(file)]


def _cell(kind: Kind, text: str) -> Cell:
    if not text:
        return None
    if isinstance(kind, Date):
        return dt.date.fromisoformat(text)
    return float(text) if kind.numeric else text


def _kinds(label: str) -> dict[str, Kind]:
    """The kind of every column of a sheet; a column that names another record is text."""
    return {heading: Kind() if isinstance(f.kind, Ref | Refs) else f.kind for heading, f, _ in BY_LABEL[label].columns}


def _width(heading: str, rows: Sequence[Row]) -> float:
    longest = max((2 * len(str(row[heading])) for row in rows if isinstance(row[heading], str)), default=10)
    return float(min(max(longest if longest < 30 else longest * 0.7, 2 * len(heading) + 2, 11), 44))
