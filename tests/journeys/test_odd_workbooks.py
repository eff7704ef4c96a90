"""Workbooks that are sound but odd: other namespaces, lost parts, old formats, web pages; and ID numbers that survive LibreOffice."""

import datetime as dt
import io
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from db.records.entities import ENTITIES, VOLUNTEER
from db.storage.store import Store
from db.tasks.column_mappings import remember, remembered
from desktop.services.importing import import_files
from desktop.services.reporting import export_records
from forms.errors import FileTrouble
from forms.reading.clipboard import read_pasted
from forms.reading.files import read_tables
from tests.journeys.test_importing import TODAY
from tests.journeys.test_workbook_shapes import SHEET, packed, parts_of, under_windows_paths
from tests.journeys.workbook_shapes import HEAD, Rows, book, number, people, person

Parts = dict[str, bytes]
BOOK = "xl/workbook.xml"
BROKEN_AREA = '<definedName name="_xlnm.Print_Area" localSheetId="7">#REF!</definedName>'
CHINESE_DATE_FORMATS = (14, 22, 27, 30, 31, 36, 50, 57, 58)


def strict(parts: Parts) -> None:
    """The namespaces of strict OOXML."""
    for name in parts:
        parts[name] = (
            parts[name]
            .replace(b"schemas.openxmlformats.org/spreadsheetml/2006/main", b"purl.oclc.org/ooxml/spreadsheetml/main")
            .replace(b"schemas.openxmlformats.org/officeDocument/2006", b"purl.oclc.org/ooxml/officeDocument")
        )


def prefixed(parts: Parts) -> None:
    """Every element of the sheet in a named namespace."""
    parts[SHEET] = re.sub(rb"<(/?)(?!\?)(\w)", rb"<\1x:\2", parts[SHEET]).replace(b"xmlns=", b"xmlns:x=")


def moved(parts: Parts) -> None:
    """Everything in another folder."""
    for name in [n for n in parts if n.startswith("xl/")]:
        parts["office/" + name] = parts.pop(name)
    for name in parts:
        parts[name] = parts[name].replace(b"xl/", b"office/xl/")


def other_case(parts: Parts) -> None:
    """A part whose name differs in case from its relation."""
    parts["xl/Worksheets/Sheet1.xml"] = parts.pop(SHEET)


def cell(new: str, at: str = "A2") -> Callable[[Parts], None]:
    """Another cell of the sheet."""

    def change(parts: Parts) -> None:
        found, count = re.subn(rf'<c r="{at}"[^>]*>.*?</c>'.encode(), new.encode(), parts[SHEET])
        assert count == 1
        parts[SHEET] = found

    return change


def without(*names: str) -> Callable[[Parts], None]:
    """Parts lost."""
    return lambda parts: [parts.pop(n) for n in names] and None


def text(part: str, old: str, new: str) -> Callable[[Parts], None]:
    """Another text in a part."""

    def change(parts: Parts) -> None:
        parts[part] = re.sub(old.encode(), new.encode(), parts[part])

    return change


ODD: dict[str, Callable[[Parts], None]] = {
    "strict OOXML": strict, "a named namespace": prefixed, "another folder": moved, "another case": other_case,
    "no styles": without("xl/styles.xml"), "no content types": without("[Content_Types].xml"),
    "no root relations": without("_rels/.rels"),
    "cells without references": text(SHEET, r' r="[A-Z]+\d+"', ""), "rows without numbers": text(SHEET, r'<row r="\d+"', "<row"),
    "a byte order mark": lambda p: p.update({SHEET: b"\xef\xbb\xbf" + p[SHEET]}),
    "relative targets": text("xl/_rels/workbook.xml.rels", 'Target="/xl/', 'Target="'),
    "inline rich text with reading aid": cell(
        '<c r="A2" t="inlineStr"><is><r><t>张</t></r><r><t>三</t></r><rPh sb="0" eb="1"><t>zhang</t></rPh></is></c>'),
    "a formula's text": cell('<c r="A2" t="str"><f>"张"&amp;"三"</f><v>张三</v></c>'),
    "an ISO date": cell('<c r="D2" t="d"><v>2021-05-01T00:00:00</v></c>', "D2"),
    "a style that is not there": text(SHEET, 'r="D2"', 'r="D2" s="999"'),
    "a broken print area": text(BOOK, "</sheets>", f"</sheets><definedNames>{BROKEN_AREA}</definedNames>"),
    "a template": text("[Content_Types].xml", "sheet.main", "template.main"),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_odd_but_sound_workbooks_are_read(name: str, tmp_path: Path) -> None:
    parts = parts_of(book(tmp_path / "x.xlsx", [HEAD, *people(2)]))
    ODD[name](parts)
    (tmp_path / "表.xlsx").write_bytes(packed(parts))
    (table,) = read_tables(tmp_path / "表.xlsx")
    assert [n for n, _ in table.rows] == [1, 2, 3]
    first = list(table.rows[1][1])
    first[3] = str(first[3])[:10]
    assert first == list(person(0))


def test_nothing_but_charts_or_no_sheet_at_all(tmp_path: Path) -> None:
    parts = parts_of(book(tmp_path / "x.xlsx", [HEAD]))
    parts[BOOK] = re.sub(rb"<sheets>.*?</sheets>", b"<sheets/>", parts[BOOK])
    (tmp_path / "空.xlsx").write_bytes(packed(parts))
    made = xlsxwriter.Workbook(tmp_path / "图.xlsx")
    sheet, chart = made.add_worksheet("x"), made.add_chart({"type": "bar"})
    chart.add_series({"values": "=x!$A$1:$A$2"})
    made.add_chartsheet("图").set_chart(chart)
    sheet.hide()
    made.close()
    parts = parts_of(tmp_path / "图.xlsx")
    parts[BOOK] = re.sub(rb'<sheet name="x"[^>]*/>', b"", parts[BOOK])
    (tmp_path / "图.xlsx").write_bytes(packed(parts))
    for name in ("空.xlsx", "图.xlsx"):
        with pytest.raises(FileTrouble, match="没有工作表"):
            read_tables(tmp_path / name)


def test_both_readers_give_the_same(tmp_path: Path) -> None:
    """An Excel error in a corner sends the file to the thorough reader; nothing else may change by that."""
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = made.add_worksheet("名单")
    for i, form in enumerate(CHINESE_DATE_FORMATS):
        style = made.add_format()
        style.num_format = form
        sheet.write_number(0, i, 45231, style)
    for i, form in enumerate(("yyyy年m月d日", "[h]:mm", "h:mm", "0.00", "@", "m月d日")):
        sheet.write_number(1, i, 45231.5 if "h" in form else 45231, made.add_format({"num_format": form}))
    sheet.write_row(2, 0, ("a\r\nb", "  空格 ", True, 990123199003070012345, 0.1, 1e15, -3))
    sheet.write_rich_string(3, 0, made.add_format({"bold": True}), "张", "三", made.add_format())
    sheet.write_formula(3, 1, "=1+1", None, 2)
    sheet.write_formula(3, 2, '="x"', None, "x")
    sheet.merge_range(5, 0, 6, 1, "合")
    sheet.set_row(2, None, None, {"hidden": True})
    made.close()
    (tmp_path / "a.xlsx").write_bytes(out.getvalue())
    parts = parts_of(tmp_path / "a.xlsx")
    parts[SHEET] = parts[SHEET].replace(
        b"</sheetData>", b'<row r="9"><c r="A9" t="e"><v>#N/A</v></c></row></sheetData>'
    )
    (tmp_path / "b.xlsx").write_bytes(packed(parts))
    (fast,), (thorough,) = read_tables(tmp_path / "a.xlsx"), read_tables(tmp_path / "b.xlsx")
    assert thorough.rows.pop() == (9, ["#N/A"])

    def plain(cell: object) -> object:
        return cell.date() if isinstance(cell, dt.datetime) and cell.time() == dt.time() else cell

    assert [(n, [plain(c) for c in row]) for n, row in fast.rows] == [
        (n, [plain(c) for c in row]) for n, row in thorough.rows
    ]
    assert {plain(c) for c in fast.rows[0][1]} == {dt.date(2023, 11, 1)}
    assert (fast.notes, fast.merges) == (thorough.notes, thorough.merges)
    assert fast.rows[2][1][0] == "a\r\nb"


def test_a_web_page_under_a_workbooks_name(tmp_path: Path, store: Store) -> None:
    lines = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in [HEAD, *people(2)])
    page = f'<html><head><meta charset="gb2312"></head><body><table><tr><td colspan="4">花名册</td></tr>{lines}</table></body></html>'
    (tmp_path / "导出.xls").write_bytes(page.encode("gb18030"))
    done = import_files(store, [tmp_path / "导出.xls"], today=TODAY)
    assert [(s.kind, s.added) for s in done.result.sheets] == [("volunteer", 2)]
    assert "网页" in done.result.sheets[0].notes[0]


def test_a_pasted_block(tmp_path: Path) -> None:
    (table,) = read_pasted("姓名\t证件号码\r\n张三\t'990123199003070001\r\n\r\n李\"四\t2\t\r\n")
    assert table.rows == [(1, ["姓名", "证件号码"]), (2, ["张三", "990123199003070001"]), (4, ['李"四', "2"])]
    (table,) = read_pasted("x", "<table><tr><td rowspan=2>甲<td>1</tr><tr><td>2</tr></table>")
    assert table.rows == [(1, ["甲", "1"]), (2, [None, "2"])]
    assert [(m.top, m.bottom) for m in table.merges] == [(1, 2)]
    assert read_pasted("张三 1\n李四 2")[0].rows[1] == (2, ["李四", "2"])
    with pytest.raises(FileTrouble, match="没有表格"):
        read_pasted("只是一句话")


def test_an_old_workbook_that_hangs_or_breaks_its_reader_is_one_sentence(tmp_path: Path) -> None:
    source = (Path(__file__).parents[1] / "reference" / "roster.xls").read_bytes()
    for at in range(0, 4):
        broken = bytearray(source)
        broken[512 + at * 700 : 512 + at * 700 + 64] = b"\xff" * 64
        (tmp_path / "坏.xls").write_bytes(broken)
        start = time.monotonic()
        try:
            read_tables(tmp_path / "坏.xls")
        except FileTrouble as error:
            told = str(error)
        else:
            told = ""
        assert time.monotonic() - start < 20
        assert told == "" or "没有导入任何内容" in told


def test_a_sheet_of_empty_frames_and_another_programs_part_do_not_stand_in_the_way(tmp_path: Path) -> None:
    """A prepared sheet with borders and no values, and a data connection kept in UTF-16: both are everyday files."""
    made = xlsxwriter.Workbook(str(tmp_path / "x.xlsx"))
    frame = made.add_format({"border": 1})
    for name in ("空表", "志愿者"):
        sheet = made.add_worksheet(name)
        for r in range(3):
            for c in range(2):
                sheet.write_blank(r, c, None, frame)
    sheet.write_row(0, 0, ("姓名", "手机号码"))
    sheet.write_row(1, 0, ("张三", "13900000000"))
    made.close()
    parts = parts_of(tmp_path / "x.xlsx") | {
        "customXml/item1.xml": '<?xml version="1.0" encoding="utf-16"?><a/>'.encode("utf-16")
    }
    (tmp_path / "y.xlsx").write_bytes(packed(parts))
    empty, filled = read_tables(tmp_path / "y.xlsx")
    assert empty.rows == []
    assert filled.rows == [(1, ["姓名", "手机号码"]), (2, ["张三", "13900000000"])]


def test_a_workbook_packed_under_windows_paths_is_read(tmp_path: Path) -> None:
    parts = parts_of(book(tmp_path / "x.xlsx", [HEAD, *people(2)]))
    there = [packed(parts), under_windows_paths(parts)]
    assert b"xl\\workbook.xml" in there[1]
    read = []
    for content in there:
        (tmp_path / "y.xlsx").write_bytes(content)
        read.append(read_tables(tmp_path / "y.xlsx"))
    assert read[0] == read[1]
    assert len(read[0][0].rows) == 3


def test_an_old_workbook_with_a_password_is_named_as_such(tmp_path: Path) -> None:
    source = (Path(__file__).parents[1] / "reference" / "roster.xls").read_bytes()
    first_record = b"\xe1\x00\x02\x00"  # after the head of the stream, where FILEPASS stands in an encrypted one
    assert source.count(first_record) == 1
    (tmp_path / "锁.xls").write_bytes(source.replace(first_record, b"\x2f\x00\x02\x00"))
    with pytest.raises(FileTrouble, match="密码"):
        read_tables(tmp_path / "锁.xls")


def test_an_old_workbook_that_holds_a_word_document_is_a_workbook(tmp_path: Path) -> None:
    source = (Path(__file__).parents[1] / "reference" / "roster.xls").read_bytes()
    (tmp_path / "附.xls").write_bytes(source + "WordDocument".encode("utf-16-le"))
    assert read_tables(tmp_path / "附.xls") == read_tables(Path(__file__).parents[1] / "reference" / "roster.xls")


def test_reading_an_old_workbook_does_not_run_the_callers_main_again(tmp_path: Path) -> None:
    source = Path(__file__).parents[1] / "reference" / "roster.xls"
    script = tmp_path / "script.py"
    script.write_text(
        f"import sys\nsys.path.insert(0, {str(Path(__file__).parents[2])!r})\nprint('once')\n"
        f"from pathlib import Path\nfrom forms.reading.files import read_tables\nprint(len(read_tables(Path({str(source)!r}))))\n",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, check=False, timeout=60)
    assert done.stdout.split() == [b"once", b"1"], done.stderr.decode()


def test_a_mapping_file_may_name_columns_by_letter_and_leave_columns_out(tmp_path: Path, store: Store) -> None:
    rows: Rows = [("姓名", "号", "登记日期", "备注"), (person(0)[0], number(0), "2021-05-01", "不要")]
    path = book(tmp_path / "x.xlsx", rows)
    mapping = {"名单": {"kind": "志愿者", "columns": {"@B": "证件号码", "备注": ""}}}
    done = import_files(store, [path], today=TODAY, mapping=mapping)
    (row,) = store.rows(VOLUNTEER)
    assert (row["id_number"], row["note"]) == (number(0), None)
    assert done.result.sheets[0].unknown == ("备注",)


def test_what_was_confirmed_is_kept_once(store: Store) -> None:
    remember(store, {"abc": ("volunteer", {"号": "证件号码"})})
    remember(store, {"abc": ("volunteer", {"号": "证件号码"})})
    assert remembered(store) == {"abc": ("volunteer", {"号": "证件号码"})}
    remember(store, {"abc": ("volunteer", {"号": "手机号码"})})
    assert remembered(store) == {"abc": ("volunteer", {"号": "手机号码"})}
    assert store.undoable() is None  # nothing to take back


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("kind", ["xlsx", "xls", "csv"])
def test_no_digit_of_a_number_changes_on_the_way_through_libreoffice(kind: str, tmp_path: Path, store: Store) -> None:
    names = [f"张{chr(0x4E00 + i)}" for i in range(60)]
    rows: Rows = [HEAD, *[(names[i], number(i * 7), f"199{i:08d}", "2021-05-01") for i in range(60)]]
    import_files(store, [book(tmp_path / "x.xlsx", rows)], today=TODAY)
    before = {e.name: store.rows(e) for e in ENTITIES}
    out = export_records(store, [VOLUNTEER], tmp_path / "志愿者.xlsx", masked=False, reason="测试")
    folder = tmp_path / "再存"
    form = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,1" if kind == "csv" else kind
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", form, "--outdir", str(folder), str(out)],
        capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    (path,) = folder.iterdir()
    assert path.suffix == f".{kind}"
    again = import_files(store, [path], today=TODAY, kinds={read_tables(path)[0].sheet: "志愿者"})
    assert again.result.refused == 0
    assert again.result.changed == 0
    assert {e.name: store.rows(e) for e in ENTITIES} == before
    with Store.memory() as fresh:
        import_files(fresh, [path], today=TODAY, kinds={read_tables(path)[0].sheet: "志愿者"})
        assert [r["id_number"] for r in fresh.rows(VOLUNTEER)] == [r["id_number"] for r in store.rows(VOLUNTEER)]


def test_a_number_that_libreoffice_made_a_number_is_refused(tmp_path: Path, store: Store) -> None:
    """Whoever opens a CSV in a spreadsheet program and saves it has lost digits: that is said, never guessed."""
    made = openpyxl.Workbook()
    made.active.append(HEAD)
    made.active.append((person(0)[0], float(number(1)[:-1] + "0"), None, "2021-05-01"))
    made.save(tmp_path / "x.xlsx")
    done = import_files(store, [tmp_path / "x.xlsx"], today=TODAY)
    assert done.result.refused == 1
    assert "Excel" in done.result.sheets[0].problems[0].reason
