"""Other offices' forms: the quarter's values go in, everything else stays as it was, cell by cell."""

import datetime as dt
import io
import json
import os
import re
import shutil
import subprocess
import warnings
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Border, PatternFill, Side

from db.errors import UserError
from db.quarters import Quarter
from db.queries.template_rows import records
from db.records.entities import VOLUNTEER
from db.storage.store import Store
from desktop.__main__ import main
from desktop.services import templates
from desktop.services.reporting import quarter_data
from forms.errors import FileTrouble
from forms.template import GROUPS, Template, Values, all_names, quarter_values
from tests.forms.report.test_quarterly import filled as office
from tests.forms.template.templates import Case, all_cases, merged_headings, prepared_rows

DAY = dt.date(2026, 10, 8)
QUARTER = Quarter(2026, 3)
CASES = all_cases()
OFFICE = shutil.which("soffice")


@pytest.fixture(scope="module")
def values(tmp_path_factory: pytest.TempPathFactory) -> Values:
    """A random office's quarter."""
    with Store.memory() as store:
        office(store, tmp_path_factory.mktemp("office"), 12)
        return quarter_values(quarter_data(store, QUARTER, DAY), records(store, QUARTER))


def place(case: Case, sheet: str, row: int, values: Values) -> int:
    """Return where a row of the template stands in the filled form."""
    moved = row
    for first, size, spare, group in case.repeats.get(sheet, ()):
        last = first + size - 1 + spare
        if row > last:
            moved += max(0, len(values.records[group]) * size - (last - first + 1))
    return moved


def book(content: bytes, **more: Any) -> openpyxl.Workbook:
    """Open a workbook to look at it; the reader says what it does not know, which is no concern here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return openpyxl.load_workbook(io.BytesIO(content), **more)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_nothing_unbound_changes(case: Case, values: Values) -> None:
    """Every cell that holds no placeholder keeps value, style, size and merge, in its row or where that moved to."""
    done = Template(case.content, case.name + case.suffix).fill(values)
    before, after = book(case.content, rich_text=True), book(done.content, rich_text=True)
    assert before.sheetnames == after.sheetnames
    for sheet in before:
        now = after[sheet.title]
        looked = 0
        for row in sheet.iter_rows():
            for cell in row:
                there = now.cell(place(case, sheet.title, cell.row, values), cell.column)
                bound = re.search(r"[{｛]{2}", str(cell.value or "")) is not None
                if not bound and cell.data_type != "f":
                    spare = any(f < cell.row <= f + s for f, _, s, _ in case.repeats.get(sheet.title, ()))
                    assert there.value == cell.value or (spare and cell.value is None), (cell.coordinate, there.value)
                    looked += 1
                assert "{{" not in str(there.value or "")
                for part in ("font", "fill", "border", "alignment", "protection"):
                    assert repr(getattr(there, part)) == repr(getattr(cell, part)), (cell.coordinate, part)
                if not isinstance(there.value, dt.datetime) or isinstance(cell.value, dt.datetime):
                    assert there.number_format == cell.number_format, cell.coordinate
            old, new = sheet.row_dimensions.get(row[0].row), None
            new = now.row_dimensions.get(place(case, sheet.title, row[0].row, values))
            assert (old.height if old else None) == (new.height if new else None)
        assert {k: d.width for k, d in sheet.column_dimensions.items()} == {
            k: d.width for k, d in now.column_dimensions.items()
        }
        for what in ("orientation", "paperSize", "fitToWidth", "scale"):
            assert getattr(sheet.page_setup, what) == getattr(now.page_setup, what)
        assert sheet.page_margins == now.page_margins
        assert len(sheet._images) == len(now._images)
        assert len(sheet._charts) == len(now._charts)
        assert len(sheet.data_validations.dataValidation) == len(now.data_validations.dataValidation)
        assert len(sheet.conditional_formatting) == len(now.conditional_formatting)
        assert len(sheet.merged_cells.ranges) <= len(now.merged_cells.ranges)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_parts_that_hold_nothing_bound_are_the_same_bytes(case: Case, values: Values) -> None:
    done = Template(case.content, case.name + case.suffix).fill(values)
    with zipfile.ZipFile(io.BytesIO(case.content)) as old, zipfile.ZipFile(io.BytesIO(done.content)) as new:
        assert set(new.namelist()) <= set(old.namelist())
        lost = set(old.namelist()) - set(new.namelist())
        assert lost <= {"xl/calcChain.xml"}
        same = [name for name in new.namelist() if old.read(name) == new.read(name)]
        assert set(new.namelist()) - set(same) <= done.parts
        assert len(same) >= len(new.namelist()) // 2
    assert done.content == Template(case.content, case.name + case.suffix).fill(values).content


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_the_records_are_in_their_rows(case: Case, values: Values) -> None:
    """Every record stands in its own row, in order, in cells styled as the template's row."""
    done = Template(case.content, case.name + case.suffix).fill(values)
    before, after = book(case.content), book(done.content)
    for name, repeats in case.repeats.items():
        for first, size, _, group in repeats:
            start = place(case, name, first, values)
            for n, record in enumerate(values.records[group]):
                row = start + n * size
                shown = [str(after[name].cell(row, c).value) for c in range(1, 7)]
                title = record.get("name") or record.get("policy_number") or record.get("summary")
                assert any(str(title) in text for text in shown), (name, row, shown)
                for column in range(1, 6):
                    model, there = before[name].cell(first, column), after[name].cell(row, column)
                    if there.number_format == model.number_format:
                        assert repr(there.border) == repr(model.border)
    assert done.records == {g: len(values.records[g]) for r in case.repeats.values() for _, _, _, g in r}


def test_sums_grow_and_move_and_are_worked_out(values: Values) -> None:
    case = merged_headings()
    done = Template(case.content, "情况表.xlsx").fill(values)
    count = len(values.records["队伍"])
    sheet, stored = book(done.content)["情况表"], book(done.content, data_only=True)["情况表"]
    assert sheet.cell(5 + count, 4).value == f"=SUM(D5:D{4 + count})"
    assert sheet.cell(5 + count, 5).value == f"=SUM(E5:E{4 + count})"
    assert stored.cell(5 + count, 4).value == sum(t["persons_end"] for t in values.records["队伍"])
    assert stored.cell(5 + count, 5).value == pytest.approx(sum(t["balance_fen"] for t in values.records["队伍"]) / 100)
    merged = {str(r) for r in sheet.merged_cells.ranges}
    assert {f"A{5 + count}:C{5 + count}", f"A{7 + count}:E{7 + count}", "D3:E3", "A3:A4"} <= merged
    assert isinstance(sheet["C5"].value, dt.datetime)
    assert sheet["C5"].number_format == "yyyy年m月d日"
    assert [sheet.row_dimensions[r].height for r in (5, 4 + count, 5 + count)] == [21.5, 21.5, 30]


def test_what_lies_around_moves_along(values: Values) -> None:
    """Print areas, breaks, rules, lists, pictures, names, tables, charts, links."""
    made = {c.name: book(Template(c.content, c.name + c.suffix).fill(values).content) for c in CASES}
    teams = len(values.records["队伍"]) - 1
    sheet = made["picture and print"]["附件 1"]
    assert sheet.print_area == f"'附件 1'!$A$1:$E${9 + teams}"
    assert sheet.print_title_rows == "$4:$5"
    assert [b.id for b in sheet.row_breaks.brk] == [7 + teams]
    assert sheet.oddHeader.left.text == values.single["本会"]["name"]
    assert sheet._images[0].anchor._from.row == 10 + teams
    sheet = made["rules and lists"]["表"]
    lists = {str(d.sqref): d for d in sheet.data_validations.dataValidation}
    assert set(lists) == {f"F5:F{5 + teams}", f"G{8 + teams}:G{9 + teams}"}
    assert lists[f"G{8 + teams}:G{9 + teams}"].formula2 == f"$D${6 + teams}"
    rules = {str(c.sqref): c.rules[0] for c in sheet.conditional_formatting}
    assert rules[f"D5:D{5 + teams}"].formula == [f"$D${6 + teams}/10"]
    assert f"E5:E{6 + teams}" in rules
    assert sheet["H1"].value == f"=E{6 + teams}/D{6 + teams}"
    both = made["names and chart"]
    assert both.defined_names["合计收入"].attr_text == f"'2-队伍'!$B${3 + teams}"
    assert both["总表"]["B1"].value == f"='2-队伍'!B{3 + teams}"
    assert both["总表"]["B2"].value == f"=SUM('2-队伍'!D2:D{2 + teams})+B1"
    series = both["2-队伍"]._charts[0].series[0]
    assert series.val.numRef.f == f"'2-队伍'!$B$2:$B${2 + teams}"
    money = len(values.records["经费"]) - 1
    assert made["table and sparklines"]["经费"].tables["收支"].ref == f"A3:D{4 + money}"
    trainings = len(values.records["培训"]) - 1
    sheet = made["faces and notes"]["培训"]
    assert sheet.cell(5 + trainings, 4).comment is not None
    assert str(sheet.cell(7 + trainings, 1).hyperlink.ref) == f"A{7 + trainings}"


def test_every_copy_has_its_own_small_chart(values: Values) -> None:
    """One belongs to one cell; a table and its rules grow over all rows, a list below points to all of them."""
    case = next(c for c in CASES if c.name == "table and sparklines")
    more = Values(values.single, dict(values.records) | {"经费": list(values.records["经费"]) * 4})
    count = len(more.records["经费"])
    assert count >= 4
    content = Template(case.content, "t.xlsx").fill(more).content
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        text = parts.read("xl/worksheets/sheet1.xml").decode()
    assert re.findall(r"sparkline><xm:f>([^<]*)</xm:f><xm:sqref>([^<]*)<", text) == [
        (f"经费!C{n}:C{n}", f"D{n}") for n in range(4, 4 + count)
    ]
    sheet = book(content)["经费"]
    assert sheet.tables["收支"].ref == f"A3:D{3 + count}"
    rules = [str(c.sqref) for c in sheet.conditional_formatting]
    assert rules == [f"C4:C{3 + count}"]
    lists = sheet.data_validations.dataValidation[0]
    assert (str(lists.sqref), lists.formula1) == (f"C{7 + count}", f"$C$4:$C${3 + count}")


def test_formulas_in_repeated_rows_go_along_with_them(values: Values) -> None:
    """Sums so far and balances go on from row to row, in the second table of a sheet too, and across sheets."""
    case = next(c for c in CASES if c.name == "sums so far")
    more = Values(values.single, dict(values.records) | {"经费": list(values.records["经费"]) * 3})
    money, teams = len(more.records["经费"]), len(more.records["队伍"])
    made = book(Template(case.content, "t.xlsx").fill(more).content)
    sheet, foot = made["经费"], 3 + money
    assert [sheet.cell(3 + n, 1).value for n in range(money)] == list(range(1, money + 1))
    assert sheet.cell(foot, 1).value == "合计"
    assert [sheet.cell(2 + money, c).value for c in (4, 5)] == [
        f"=SUM(C$3:C{2 + money})",
        f"=E{1 + money}+C{2 + money}",
    ]
    assert [sheet.cell(foot + 1, c).value for c in (3, 4, 5)] == [
        f'=COUNTIF(C3:C{2 + money},">0")', f"=SUM(C3:C{2 + money},D2)", f"=SUMPRODUCT(C3:C{2 + money},C3:C{2 + money})",
    ]  # fmt: skip
    first = 6 + money
    for n in range(teams):
        row = first + n
        assert sheet.cell(row, 4).value == f"=SUM(C${first}:C{row})"
        assert sheet.cell(row, 5).value == f"=C{row}/MAX(1,C{first + teams})"
        assert made["在保"].cell(1 + n, 2).value == f"=经费!C{row}*2"


def test_drawn_text_is_filled_and_pictures_keep_their_size(values: Values) -> None:
    case = next(c for c in CASES if c.name == "drawn text")
    teams = len(values.records["队伍"])
    content = Template(case.content, "t.xlsx").fill(values).content
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        texts = {name: parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml")}
    assert not [name for name, text in texts.items() if "{{" in text and "sharedStrings" not in name]
    assert values.single["季度"]["label"] + "人数" in texts["xl/charts/chart1.xml"]
    assert f"图!$B$2:$B${1 + 2 * teams}" in texts["xl/charts/chart1.xml"]
    assert re.search(r"&amp;14 \d", texts["xl/worksheets/sheet1.xml"])
    assert re.findall(r'<f t="array" ref="([^"]*)">', texts["xl/worksheets/sheet1.xml"]) == [
        f"C{2 + 2 * n}" for n in range(teams)
    ]
    assert f'sqref="{" ".join(f"D{3 + 2 * n}" for n in range(teams))}"' in texts["xl/worksheets/sheet1.xml"]
    before, after = (_heights(c) for c in (case.content, content))
    assert len(before) == 2
    assert before == after


def _heights(content: bytes) -> list[float]:
    """Return how high each picture is that does not change size with its cells, in points."""
    found = []
    for image in book(content)["图"]._images:
        start, end = image.anchor._from, image.anchor.to
        found.append((end.row - start.row) * 15 + (end.rowOff - start.rowOff) / 12700)
    return found


def test_names_that_cannot_be_filled_are_told(values: Values) -> None:
    """Those in formulas are named with their cells; those of records in notes refuse the form."""
    made = openpyxl.Workbook()
    made.active["A1"], made.active["B2"] = "{{本会.单位名称}}", '="截至{{季度.截止日期}}"'
    out = io.BytesIO()
    made.save(out)
    assert Template(out.getvalue(), "t.xlsx").fill(values).notes == (
        "公式里的 {{…}} 没有填：“Sheet”B2。请写成不带等号的文字",
    )
    made.active["A1"].comment = Comment("{{队伍.名称}}", "省会")
    out = io.BytesIO()
    made.save(out)
    with pytest.raises(FileTrouble, match=r"批注里有不能用的名称：\{\{队伍.名称"):
        Template(out.getvalue(), "t.xlsx").fill(values)


def test_a_row_of_totals_that_looks_like_the_others_is_kept(values: Values) -> None:
    """Words or a figure of its own make it none of the prepared rows, whose colours may take turns."""
    made = openpyxl.Workbook()
    sheet = made.active
    rows = [
        ("{{队伍.名称}}", "{{队伍.队员人数}}", None),
        (None,) * 3,
        (None, None, "{{合计.队员人数}}"),
        ("填表人：", None, None),
    ]
    for number, cells in enumerate(rows, 1):
        for column, content in enumerate(cells, 1):
            cell = sheet.cell(number, column, content)
            cell.border = Border(top=Side("thin"))
            cell.fill = PatternFill("solid", fgColor="DDEBF7" if number % 2 else "FFFFFF")
    out = io.BytesIO()
    made.save(out)
    count = len(values.records["队伍"])
    filled = book(Template(out.getvalue(), "t.xlsx").fill(values).content).active
    assert filled.cell(count + 1, 3).value == values.single["合计"]["persons_end"]
    assert filled.cell(count + 2, 1).value == "填表人："
    assert filled.max_row == count + 2


def test_prepared_rows_are_used_before_new_ones_come(values: Values) -> None:
    case = prepared_rows()
    sheet = book(Template(case.content, "t.xlsx").fill(values).content, data_only=True)["队伍名册"]
    own, other = len(values.records["本级队伍"]), len(values.records["其他队伍"])
    end = 6 + max(0, own - 3)
    assert sheet.cell(end, 2).value == "小计"
    assert sheet.cell(end, 3).value == sum(t["persons_end"] for t in values.records["本级队伍"])
    last = sheet.max_row
    assert sheet.cell(last, 1).value == "总计"
    assert sheet.cell(last, 3).value == sum(t["persons_end"] for t in values.records["队伍"])
    assert last == 14 + max(0, own - 3) + max(0, other - 3)


def test_no_records_leave_an_empty_row(values: Values) -> None:
    case = merged_headings()
    none = Values(values.single, dict.fromkeys(values.records, ()))
    sheet = book(Template(case.content, "t.xlsx").fill(none).content, data_only=True)["情况表"]
    assert [sheet.cell(5, c).value for c in range(1, 6)] == [None] * 5
    assert sheet["A6"].value == "合计"
    assert sheet["D6"].value == 0


def test_unknown_names_are_told_with_what_was_meant(values: Values) -> None:
    made = openpyxl.Workbook()
    made.active["B2"] = "{{合计.队员数量}}"
    out = io.BytesIO()
    made.save(out)
    with pytest.raises(FileTrouble, match=r"B2 的 \{\{合计.队员数量\}\}（是不是：.*合计.季末在队人数"):
        Template(out.getvalue(), "t.xlsx").fill(values)
    made.active["B2"] = "{{队伍.名称}}{{培训.培训名称}}"
    out = io.BytesIO()
    made.save(out)
    with pytest.raises(FileTrouble, match="第 2 行同时用了"):
        Template(out.getvalue(), "t.xlsx").fill(values)
    with pytest.raises(FileTrouble, match="没有要填的位置"):
        made.active["B2"] = "空"
        out = io.BytesIO()
        made.save(out)
        Template(out.getvalue(), "t.xlsx").fill(values)
    with pytest.raises(FileTrouble, match="xls"):
        Template(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧表.xls")


def test_every_name_has_a_value_and_stands_in_the_document(values: Values) -> None:
    listed = set(re.findall(r"`([^`\s]+\.[^`\s]+)`", Path("docs/filling.md").read_text(encoding="utf-8")))
    assert listed == set(all_names())
    for group in GROUPS:
        for item in group.items:
            for n in range(len(values.records[group.label]) if group.repeats else 1):
                values.cell(group, item, n)
                values.text(group, item, n)
                if group.label not in ("本会", "队伍", "本级队伍", "其他队伍") or item.key in ("number", "persons_end"):
                    assert item.key in values.row(group, n), (group.label, item.label)


@pytest.fixture
def file(ledger: Path, tmp_path: Path) -> Path:
    """A ledger on disk with a random office."""
    with Store.open(ledger) as store:
        office(store, tmp_path, 4)
    return ledger


def test_the_command_fills_and_tells(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    template, out = tmp_path / "省表.xlsx", tmp_path / "上报.xlsx"
    template.write_bytes(merged_headings().content)
    assert main(["--db", str(file), "fill", str(template), "--quarter", "2026Q3", "--out", str(out)]) == 0
    assert "填了" in capsys.readouterr().out
    assert book(out.read_bytes())["情况表"]["A1"].value == "2026年第三季度志愿服务队伍情况表"
    assert main(["--db", str(file), "fill", str(template), "--quarter", "2026Q3", "--out", str(template)]) == 2
    assert main(["--db", str(file), "fill", str(template), "--out", str(tmp_path / "x.xlsm")]) == 2
    assert main(["fill"]) == 0
    assert "{{队伍.名称}}" in capsys.readouterr().out


def test_a_form_that_is_open_is_written_beside_it(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from forms import output

    monkeypatch.setattr(output, "_TRIES", ())
    template, out = tmp_path / "省表.xlsx", tmp_path / "上报.xlsx"
    template.write_bytes(merged_headings().content)
    out.write_bytes(b"open")
    real = os.replace

    def held(source: Path, to: Path) -> None:
        if to == out:
            raise PermissionError
        real(source, to)

    monkeypatch.setattr(os, "replace", held)
    assert main(["--db", str(file), "fill", str(template), "--quarter", "2026Q3", "--out", str(out)]) == 0
    assert "上报 (2).xlsx" in capsys.readouterr().err
    assert out.read_bytes() == b"open"


def test_whole_numbers_need_a_reason_and_leave_a_trace(file: Path, tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.active["A1"], made.active["B1"] = "{{队员.姓名}}", "{{队员.证件号码}}"
    template, out = tmp_path / "名册.xlsx", tmp_path / "填好.xlsx"
    made.save(template)
    with Store.open(file) as store:
        templates.fill_file(store, QUARTER, template, out, DAY)
        numbers = {str(r["id_number"]) for r in store.rows(VOLUNTEER)}
        assert not numbers & {str(c.value) for c in book(out.read_bytes()).active["B"]}
        with pytest.raises(UserError, match="原因"):
            templates.fill_file(store, QUARTER, template, out, DAY, masked=False)
        templates.fill_file(store, QUARTER, template, out, DAY, masked=False, reason="市会办理保险")
        shown = {str(c.value) for c in book(out.read_bytes()).active["B"]}
        assert shown <= numbers
        assert store.query("SELECT detail FROM operation ORDER BY id DESC LIMIT 1")[0]["detail"].endswith(
            "市会办理保险"
        )


def test_bound_cells_are_known_again_next_quarter(file: Path, tmp_path: Path) -> None:
    """Pointed at once, filled every quarter; a form that changed is told with its cells, and not filled unasked."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet["A1"], sheet["A2"], sheet["B2"], sheet["A4"] = "2026年第二季度统计表", "名称", "人数", "合计"
    sheet["B4"] = "=SUM(B3:B3)"
    first, next_one, other = (tmp_path / name for name in ("二季度.xlsx", "三季度.xlsx", "改版.xlsx"))
    made.save(first)
    sheet["A1"] = "2026年第三季度统计表"
    made.save(next_one)
    sheet["B2"] = "在保人数"
    sheet.merge_cells("A5:B5")
    made.save(other)
    bound = {"Sheet": {"A3": "{{队伍.名称}}", "B3": "{{队伍.队员人数}}"}}
    with Store.open(file) as store:
        with store.operation("对应模板"):
            templates.save_binding(store, templates.read_template(first), bound)
        known = templates.recognise(store, templates.read_template(next_one))
        assert known is not None
        assert (known.bound, known.differences) == (bound, ())
        out = tmp_path / "填好.xlsx"
        done = templates.fill_file(store, QUARTER, next_one, out, DAY)
        count = done.filled.records["队伍"]
        stored = book(out.read_bytes(), data_only=True).active
        assert stored.cell(3 + count, 2).value == sum(stored.cell(r, 2).value for r in range(3, 3 + count))
        with pytest.raises(UserError, match=r"“Sheet”B2：原来是“人数”，现在是“在保人数”"):
            templates.fill_file(store, QUARTER, other, tmp_path / "不写.xlsx", DAY)
        assert not (tmp_path / "不写.xlsx").exists()
        templates.fill_file(store, QUARTER, other, tmp_path / "照填.xlsx", DAY, anyway=True)
        with store.operation("再对应"):
            templates.save_binding(store, templates.read_template(first), bound | {"Sheet": {"A3": "{{队伍.名称}}"}})
        assert store.query("SELECT count(*) AS n FROM template_binding")[0]["n"] == 1
        json.loads(store.query("SELECT cells FROM template_binding")[0]["cells"])


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not here")
def test_another_program_opens_them_all_and_calculates_the_same(values: Values, tmp_path: Path) -> None:
    """LibreOffice opens every filled form, and its own results are the stored ones. It also makes two of the templates."""
    assert OFFICE is not None
    cases = list(CASES)
    for case in (merged_headings(), prepared_rows()):
        source = tmp_path / f"{case.name}.xlsx"
        source.write_bytes(case.content)
        made = _convert([source], tmp_path / "made")[0]
        cases.append(Case(f"{case.name} by LibreOffice", made.read_bytes(), case.repeats))
    paths = []
    for case in cases:
        path = tmp_path / f"filled {case.name}{case.suffix}"
        path.write_bytes(Template(case.content, path.name).fill(values).content)
        paths.append(path)
    for path, again in zip(paths, _convert(paths, tmp_path / "again"), strict=True):
        formulas, ours = book(path.read_bytes()), book(path.read_bytes(), data_only=True)
        theirs = book(again.read_bytes(), data_only=True)
        for sheet in formulas:
            for row in sheet.iter_rows():
                for cell in row:
                    a = ours[sheet.title][cell.coordinate].value
                    b = theirs[sheet.title][cell.coordinate].value
                    if isinstance(a, int | float) and not isinstance(a, bool):
                        assert b == pytest.approx(a), (path.name, cell.coordinate)
                    elif cell.data_type != "f" and not isinstance(a, dt.datetime):
                        assert (b or "") == (a or ""), (path.name, cell.coordinate)


def _convert(paths: list[Path], folder: Path) -> list[Path]:
    assert OFFICE is not None
    subprocess.run(
        [OFFICE, "--headless", f"-env:UserInstallation=file://{folder}-profile", "--convert-to", "xlsx", "--outdir",
         str(folder), *map(str, paths)],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    return [folder / f"{p.stem}.xlsx" for p in paths]
