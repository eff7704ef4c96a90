"""A team that is ours by the name of 主管单位 alone, or by its kind alone: a word at the import, and a line under 待核对."""

import datetime as dt
from pathlib import Path

from openpyxl import Workbook

from db.rules.checks import check_office
from db.rules.wanted import to_be_checked
from db.storage.store import Store
from desktop.services.importing import import_files

TODAY = dt.date(2026, 10, 8)
OFFICE = (("单位名称", "安澜县红十字会"), ("层级", "县级"))
TEAMS = (
    ("甲队", "安澜县红会", "本级", True), ("乙队", "安澜县红十字会", "学校", True), ("丙队", "安澜县 红十字会", "本级", False),
    ("丁队", "城关小学", "学校", False), ("戊队", "安澜县红十字会", None, False), ("己队", "县卫健局", None, False),
)  # fmt: skip


def _book(folder: Path, *, office: bool) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "志愿服务队伍"
    sheet.append(["队伍名称", "主管单位", "主管单位类型", "主要领域", "成立日期"])
    for name, org, kind, _ in TEAMS:
        sheet.append([name, org, kind, "应急救护", dt.date(2020, 1, 1)])
    if office:
        about = book.create_sheet("本会情况")
        about.append(["项目", "内容"])
        for row in OFFICE:
            about.append(row)
    path = folder / f"{office}.xlsx"
    book.save(path)
    return path


def _warned(store: Store, path: Path) -> list[int]:
    done = import_files(store, [path], today=TODAY)
    sheet = next(s for s in done.result.sheets if s.kind == "team")
    assert not [p for p in sheet.problems if p.severity == "error"]
    return [p.row for p in sheet.problems if "主管单位类型不一致" in p.reason]


def test_the_import_says_it_and_the_page_lists_it(tmp_path: Path) -> None:
    """With the office in the same file, and with one known before; all rows go in, and both teams count as ours."""
    expected = [n for n, (*_, doubtful) in enumerate(TEAMS, 2) if doubtful]
    with Store.memory() as store:
        assert _warned(store, _book(tmp_path, office=True)) == expected
        results = check_office(store, TODAY)
        (line,) = to_be_checked(store, TODAY, results)
        assert line.titles == ("甲队", "乙队")
        assert "Z34-2.2-4" in {clause.id for clause in line.clauses}
        own = next(r for r in results if r.clause.id == "Z34-2.2-4")
        assert own.k == 4
        assert _warned(store, _book(tmp_path, office=False)) == expected
        assert to_be_checked(store, dt.date(2019, 1, 1), results) == []
    with Store.memory() as store:
        assert _warned(store, _book(tmp_path, office=False)) == []  # nobody knows yet what the office is called
