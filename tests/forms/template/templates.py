"""Templates of different making, as offices above send them: each with the row that repeats and what stands around it."""

import datetime as dt
import io
import struct
import zipfile
import zlib
from dataclasses import dataclass, field

import openpyxl
import xlsxwriter
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import CellIsRule, DataBarRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.pagebreak import Break

_DAY = dt.datetime(2026, 1, 1)
TEAM_ROW = ("{{队伍.序号}}", "{{队伍.名称}}", "{{队伍.成立日期}}", "{{队伍.队员人数}}", "{{队伍.季末结余}}")


@dataclass(frozen=True)
class Case:
    """A template: its bytes, and by sheet the rows that repeat: (first row, rows of one record, spare rows, group)."""

    name: str
    content: bytes
    repeats: dict[str, list[tuple[int, int, int, str]]] = field(default_factory=dict)
    suffix: str = ".xlsx"


def _saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def picture() -> bytes:
    """Return a small PNG."""
    rows = b"".join(b"\x00" + bytes([200, 30 * y, 90]) * 8 for y in range(8))

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


_THIN = Border(*[Side("thin")] * 4)


def _form(sheet: object, first: int, row: tuple[str, ...] = TEAM_ROW) -> None:
    """A titled table with a two-row heading above the row that repeats and sums below it."""
    assert isinstance(sheet, openpyxl.worksheet.worksheet.Worksheet)
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=5)
    sheet["A1"] = "{{季度.名称}}志愿服务队伍情况表"
    sheet["A1"].font, sheet["A1"].alignment = Font("黑体", 18), Alignment("center", "center")
    sheet["A2"] = "填报单位：{{本会.单位名称}}（盖章）"
    for ref, text in (("A", "序号"), ("B", "队伍"), ("C", "成立日期"), ("D", "情况")):
        sheet[f"{ref}{first - 2}"] = text
    sheet.merge_cells(f"D{first - 2}:E{first - 2}")
    for ref in "ABC":
        sheet.merge_cells(f"{ref}{first - 2}:{ref}{first - 1}")
    sheet[f"D{first - 1}"], sheet[f"E{first - 1}"] = "人数", "结余"
    for column, text in enumerate(row, 1):
        cell = sheet.cell(first, column, text)
        cell.border, cell.fill = _THIN, PatternFill("solid", fgColor="FFF2CC" if column == 1 else "FFFFFF")
    sheet.cell(first, 3).number_format = "yyyy年m月d日"
    sheet.cell(first, 5).number_format = "#,##0.00"
    sheet.row_dimensions[first].height = 21.5
    sheet.row_dimensions[first + 1].height = 30
    sheet.cell(first + 1, 1, "合计").font = Font(bold=True)
    sheet.merge_cells(start_row=first + 1, end_row=first + 1, start_column=1, end_column=3)
    sheet.cell(first + 1, 4, f"=SUM(D{first}:D{first})")
    sheet.cell(first + 1, 5, f"=SUM(E{first})").number_format = "#,##0.00"
    sheet.cell(first + 3, 1, "单位负责人：　　审核人：　　填表人：{{本会.联系人}}")
    sheet.merge_cells(start_row=first + 3, end_row=first + 3, start_column=1, end_column=5)
    sheet.column_dimensions["B"].width = 31.5


def merged_headings() -> Case:
    """Merged title, two-row headings, heights, sums, signatures."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "情况表"
    _form(sheet, 5)
    other = book.create_sheet("填表说明")
    other["A1"], other["A2"] = "1. 本表按季填报。", 20260930
    return Case("merged headings", _saved(book), {"情况表": [(5, 1, 0, "队伍")]})


def picture_and_print() -> Case:
    """A picture under the table, a print area, repeated headings, page breaks, a header."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "附件 1"
    _form(sheet, 6)
    sheet.print_area = "A1:E9"
    sheet.print_title_rows = "4:5"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.oddHeader.left.text = "{{本会.单位名称}}"
    sheet.oddFooter.center.text = "第 &P 页 共 &N 页"
    sheet.row_breaks.append(Break(id=7))
    sheet.freeze_panes = "C6"
    image = Image(io.BytesIO(picture()))
    sheet.add_image(image, "B11")
    return Case("picture and print", _saved(book), {"附件 1": [(6, 1, 0, "队伍")]})


def rules_and_lists() -> Case:
    """Data validations and conditional formats on the repeated row, below it and beside it."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "表"
    _form(sheet, 5)
    listed = DataValidation("list", formula1='"是,否"', allow_blank=True)
    listed.add("F5")
    whole = DataValidation("whole", operator="between", formula1="0", formula2="$D$6")
    whole.add("G8:G9")
    for each in (listed, whole):
        sheet.add_data_validation(each)
    sheet.conditional_formatting.add("D5", CellIsRule("lessThan", ["$D$6/10"], fill=PatternFill(bgColor="FFC7CE")))
    sheet.conditional_formatting.add("E5:E6", DataBarRule("min", None, "max", None, "638EC6"))
    sheet["F5"].border = _THIN
    sheet["F4"], sheet["H1"] = "是否达标", "=E6/D6"
    return Case("rules and lists", _saved(book), {"表": [(5, 1, 0, "队伍")]})


def faces_and_notes() -> Case:
    """XlsxWriter: placeholders inside text of several faces, notes below the table, links, icon sets."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": _DAY})
    sheet = book.add_worksheet("培训")
    bold, red = book.add_format({"bold": True}), book.add_format({"font_color": "#C00000"})
    head = book.add_format({"border": 1, "align": "center", "bg_color": "#D9E1F2"})
    line = book.add_format({"border": 1})
    day = book.add_format({"border": 1, "num_format": "yyyy-mm-dd"})
    sheet.write_rich_string("A1", bold, "填报单位：", red, "{{本会.单位", bold, "名称}}", "（盖章）")
    sheet.merge_range("A2:D2", "{{季度.名称}}培训一览表", book.add_format({"align": "center", "font_size": 16}))
    sheet.write_row("A3", ["序号", "名称", "日期", "参训人次"], head)
    sheet.write("A4", "{{培训.序号}}", line)
    sheet.write("B4", "{{培训.培训名称}}（{{培训.培训编号}}）", line)
    sheet.write("C4", "{{培训.开始日期}}", day)
    sheet.write("D4", "{{培训.实际参训人次}}", line)
    sheet.write("A5", "合计", head)
    sheet.write_formula("D5", "=SUM(D4:D4)", line, 0)
    sheet.write_comment("D5", "与上季度核对")
    sheet.write_url("A7", "internal:'培训'!D5", string="看合计")
    sheet.conditional_format("D4:D4", {"type": "icon_set", "icon_style": "3_arrows"})
    sheet.set_row(4, 26)
    book.close()
    return Case("faces and notes", out.getvalue(), {"培训": [(4, 1, 0, "培训")]})


def names_and_chart() -> Case:
    """XlsxWriter: formulas on another sheet, defined names, a chart of the repeated rows."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": _DAY})
    total, sheet = book.add_worksheet("总表"), book.add_worksheet("2-队伍")
    sheet.write_row("A1", ["队伍", "收入", "支出", "差额"])
    sheet.write("A2", "{{队伍.名称}}")
    sheet.write("B2", "{{队伍.本年累计收入}}")
    sheet.write("C2", "{{队伍.本年累计支出}}")
    sheet.write_formula("D2", "=B2-C2", None, 0)
    sheet.write("A3", "合计")
    for column in "BCD":
        sheet.write_formula(f"{column}3", f"=SUM({column}2:{column}2)", None, 0)
    total.write("A1", "全部收入")
    total.write_formula("B1", "='2-队伍'!B3", None, 0)
    total.write_formula("B2", "=SUM('2-队伍'!D2:D2)+B1", None, 0)
    total.write("A4", "其中共用")
    total.write("B4", "{{共用.本年累计收入}}")
    book.define_name("合计收入", "='2-队伍'!$B$3")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"categories": "='2-队伍'!$A$2:$A$2", "values": "='2-队伍'!$B$2:$B$2"})
    sheet.insert_chart("F6", chart)
    book.close()
    return Case("names and chart", out.getvalue(), {"2-队伍": [(2, 1, 0, "队伍")]})


def table_and_sparklines() -> Case:
    """XlsxWriter: an Excel table over the repeated row, data bars of 2010 and small charts in cells."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": _DAY})
    sheet = book.add_worksheet("经费")
    sheet.write("A1", "{{本会.单位名称}}经费收支")
    columns = [{"header": h} for h in ("日期", "摘要", "金额", "走势")]
    sheet.add_table("A3:D4", {"columns": columns, "name": "收支", "autofilter": True})
    day = book.add_format({"num_format": "yyyy/m/d"})
    sheet.write("A4", "{{经费.日期}}", day)
    sheet.write("B4", "{{经费.摘要}}")
    sheet.write("C4", "{{经费.金额}}", book.add_format({"num_format": "#,##0.00"}))
    sheet.conditional_format("C4:C4", {"type": "data_bar", "data_bar_2010": True})
    sheet.add_sparkline("D4", {"range": "经费!C4:C4"})
    sheet.write("A6", "制表：")
    sheet.data_validation("C8", {"validate": "list", "source": "=$C$4:$C$4"})
    book.close()
    return Case("table and sparklines", out.getvalue(), {"经费": [(4, 1, 0, "经费")]})


def prepared_rows() -> Case:
    """Two tables on a sheet, each with rows prepared for the next records: numbers and lines, but no names."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "队伍名册"
    sheet["A1"] = "一、本级队伍"
    for first, group in ((3, "本级队伍"), (9, "其他队伍")):
        for column, text in enumerate(("序号", "名称", "人数"), 1):
            sheet.cell(first - 1, column, text)
        for n in range(3):
            for column in (1, 2, 3):
                sheet.cell(first + n, column).border = _THIN
            sheet.cell(first + n, 1, n + 1)
        sheet.cell(first, 2, f"{{{{{group}.名称}}}}")
        sheet.cell(first, 3, f"{{{{{group}.队员人数}}}}")
        sheet.cell(first + 3, 2, "小计")
        sheet.cell(first + 3, 3, f"=SUM(C{first}:C{first + 2})")
    sheet["A14"], sheet["C14"] = "总计", "=C6+C12"
    repeats = {"队伍名册": [(3, 1, 2, "本级队伍"), (9, 1, 2, "其他队伍")]}
    return Case("prepared rows", _saved(book), repeats)


def two_lines_each() -> Case:
    """Every record takes two rows, held together by merged cells; a label runs along the whole table."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "登记"
    sheet.merge_cells("A2:A5")
    sheet["A2"] = "保险情况"
    sheet["B2"], sheet["C2"] = "保单", "内容"
    sheet.merge_cells("B3:B4")
    sheet["B3"], sheet["C3"], sheet["C4"] = "{{保险.保单号}}", "{{保险.保险公司}}", "至 {{保险.终止日期}}"
    sheet["D3"], sheet["D4"] = "{{保险.季末在保人数}}", "=D3*2"
    sheet["C5"], sheet["D5"] = "合计", "=SUM(D3:D4)"
    sheet["A7"] = "说明：截至{{季度.截止日期大写}}"
    return Case("two lines each", _saved(book), {"登记": [(3, 2, 0, "保险")]})


def bare_xml() -> Case:
    """Written by hand: inline strings, cells without addresses, formulas shared between cells."""
    rows = (
        '<row r="1"><c t="inlineStr"><is><t>{{本会.单位名称}}</t></is></c></row>'
        '<row r="2"><c t="inlineStr"><is><t>{{队伍.名称}}</t></is></c><c t="inlineStr"><is><t>｛｛队伍．队员人数｝｝</t></is></c>'
        '<c><f>B2*10</f><v>0</v></c></row>'
        '<row r="3"><c r="A3" t="inlineStr"><is><t>合计</t></is></c><c r="B3"><f t="shared" ref="B3:C3" si="0">SUM(B2:B2)</f><v>0</v></c>'
        '<c r="C3"><f t="shared" si="0"/><v>0</v></c></row>'
    )  # fmt: skip
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    related = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    texts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
        f'ContentType="{kinds}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" '
        f'ContentType="{kinds}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="a" '
        f'Type="{related}/officeDocument" Target="/xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="b" '
        f'Type="{related}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{related}"><sheets><sheet name="手写" sheetId="1" '
        'r:id="b"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>',
    }  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in texts.items():
            made.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + text)
    return Case("bare xml", out.getvalue(), {"手写": [(2, 1, 0, "队伍")]})


def sums_so_far() -> Case:
    """Two tables with formulas in their rows: shares, sums so far, a balance carried forward; a row of totals like the others."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "经费"
    rows = {
        1: ("序号", "摘要", "金额", "累计", "余额"), 2: (None, "上期结余", None, None, 1000),
        3: (1, "{{经费.摘要}}", "{{经费.金额}}", "=SUM(C$3:C3)", "=E2+C3"), 4: ("合计", None, None, None, None),
        5: (None, "笔数", "=COUNTIF(C3,\">0\")", "=SUM(C3,D2)", "=SUMPRODUCT(C3,C3)"),
        7: (None, "{{队伍.名称}}", "{{队伍.队员人数}}", "=SUM(C$7:C7)", "=C7/MAX(1,C8)"), 8: (None, "合计", "=SUM(C7:C7)", None, None),
    }  # fmt: skip
    for number, cells in rows.items():
        for column, content in enumerate(cells, 1):
            sheet.cell(number, column, content).border = _THIN
    other = book.create_sheet("在保")
    other["A1"], other["B1"], other["A2"] = "{{队伍.名称}}", "=经费!C7*2", "合计"
    other["B2"] = "=SUM(B1:B1)"
    return Case(
        "sums so far", _saved(book), {"经费": [(3, 1, 0, "经费"), (7, 1, 0, "队伍")], "在保": [(1, 1, 0, "队伍")]}
    )


def drawn_text() -> Case:
    """XlsxWriter: names in a text box, a chart's title and a note; pictures that keep their size; arrays; rules on half a record."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": _DAY})
    sheet = book.add_worksheet("图")
    sheet.merge_range("A2:A3", "{{队伍.名称}}")
    sheet.write_column("B2", ["{{队伍.队员人数}}", "{{队伍.季末在保人数}}"])
    sheet.write_array_formula("C2:C2", "{=SUM(B2:B3*1)}", None, 0)
    sheet.data_validation("D3", {"validate": "list", "source": ["是", "否"]})
    sheet.write("A4", "合计")
    sheet.write_comment("A4", "截至{{季度.截止日期}}")
    for at, how in (("F1", 2), ("H1", 3)):
        sheet.insert_image(at, "图.png", {"image_data": io.BytesIO(picture()), "y_scale": 30, "object_position": how})
    sheet.insert_textbox("J3", "{{本会.单位名称}}")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=图!$B$2:$B$3"})
    chart.set_title({"name": "{{季度.名称}}人数"})
    sheet.insert_chart("F20", chart)
    sheet.set_header("&C&14{{合计.队员人数}}人")
    book.close()
    return Case("drawn text", out.getvalue(), {"图": [(2, 2, 0, "队伍")]})


def macros() -> Case:
    """A workbook with a macro part, single figures only."""
    book = openpyxl.Workbook()
    book.active["A1"] = "在队人数"
    book.active["B1"] = "{{合计.队员人数}}"
    book.active["B2"] = "{{合计.季末结余}}"
    book.active["B3"] = "{{季度.截止日期}}"
    plain, out = _saved(book), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "[Content_Types].xml":
                text = (
                    text.replace(b".sheet.main+xml", b".sheet.main+xml")
                    .replace(
                        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
                    )
                    .replace(
                        b"</Types>",
                        b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>',
                    )
                )
            new.writestr(name, text)
        new.writestr("xl/vbaProject.bin", b"\x00macro\x01" * 40)
    return Case("macros", out.getvalue(), {}, ".xlsm")


def all_cases() -> list[Case]:
    """Return every template that is made here."""
    return [
        merged_headings(), picture_and_print(), rules_and_lists(), faces_and_notes(), names_and_chart(),
        table_and_sparklines(), prepared_rows(), two_lines_each(), bare_xml(), sums_so_far(), drawn_text(), macros(),
    ]  # fmt: skip
