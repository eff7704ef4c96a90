"""What filling somebody's form costs against openpyxl: ``python -m tests.bench.fill_form [--runs N]``.

The floor loads the same one-page form of 30 rows with openpyxl, writes the same number of cells and saves. Both take turns;
the ratio is the median of the pairs. Two forms are filled: a bare one of one sheet in which nearly every cell is bound, and
one as offices above send it: a cover, the form, how to fill it in, lists of codes, with looks, choices, notes and a picture.
"""

import argparse
import io
import statistics
import warnings

import openpyxl
import xlsxwriter
from openpyxl.styles import Alignment, Border, Font, Side

from forms.template import Template, Values
from forms.template.names import PLACEHOLDER
from tests.bench._clocks import Seconds, now, since
from tests.forms.template.templates import picture

ROWS = 30


def bare_form() -> bytes:
    """Return a form of one page and nothing beside it: title, headings, thirty styled rows with names of figures, sums, signatures."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.merge_cells("A1:F1")
    sheet["A1"] = "志愿服务情况统计表"
    sheet["A1"].font, sheet["A1"].alignment = Font("黑体", 18), Alignment("center")
    thin = Border(*[Side("thin")] * 4)
    for row in range(3, 3 + ROWS):
        for column in range(1, 7):
            cell = sheet.cell(row, column, f"第{row - 2}项" if column == 1 else None)
            cell.border = thin
            if column > 1:
                cell.value = "{{合计.季末结余}}" if column % 2 else "{{合计.季末在队人数}}"
                cell.number_format = "#,##0.00"
    sheet["B34"] = "=SUM(B3:B32)"
    sheet["A36"] = "填报单位：{{本会.单位名称}}（盖章）"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def office_form() -> bytes:
    """Return a form of one page as an office above sends it, with all that stands around the page."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    cover, page, how, codes = map(book.add_worksheet, ("封面", "附表1", "填报说明", "代码"))
    plain = {"font_name": "仿宋_GB2312", "font_size": 11, "valign": "vcenter"}
    title = book.add_format({"font_name": "方正小标宋简体", "font_size": 20, "align": "center"})
    head = book.add_format(
        plain | {"bold": True, "border": 1, "align": "center", "text_wrap": True, "bg_color": "#DDEBF7"}
    )
    text = book.add_format(plain | {"text_wrap": True})
    for row, line in enumerate(
        ("{{季度.名称}}志愿服务统计报表", "填报单位：{{本会.单位名称}}", "报出日期：{{季度.填报日期}}")
    ):
        cover.merge_range(4 + 3 * row, 0, 4 + 3 * row, 7, line, title if row == 0 else text)
    page.merge_range("A1:H1", "志愿服务情况统计表", title)
    page.write("A2", "填报单位：{{本会.单位名称}}（盖章）", text)
    page.write("H2", "单位：人、元", text)
    for column, heading in enumerate(("指标名称", "编码", "单位")):
        page.merge_range(2, column, 3, column, heading, head)
    page.merge_range("D3:F3", "数量", head)
    for column, heading in enumerate(("本季", "上季", "上年同期", "增减", "备注"), 3):
        page.write(3, column, heading, head)
    for row in range(4, 4 + ROWS):
        money = row % 3 == 0
        look = plain | {"border": 1, "bg_color": "#FFFFFF" if row % 2 else "#F7F7F7"}
        label = book.add_format(look | {"indent": row % 3})
        number = book.add_format(look | {"num_format": "#,##0.00" if money else "#,##0", "align": "right"})
        for column, said in enumerate((f"第{row - 3}项", f"{row - 3:03d}", "元" if money else "人")):
            page.write(row, column, said, label)
        for column, group in enumerate(("合计", "上季度", "上年同期"), 3):
            page.write(row, column, f"{{{{{group}.{'季末结余' if money else '季末在队人数'}}}}}", number)
        page.write_formula(row, 6, f"=D{row + 1}-E{row + 1}", number)
        page.write_blank(row, 7, None, label)
    for column in "DEF":
        page.write_formula(f"{column}{5 + ROWS}", f"=SUM({column}5:{column}{4 + ROWS})", head)
    page.write(f"A{7 + ROWS}", "单位负责人：　　　　审核人：　　　　填表人：{{本会.联系人}}", text)
    page.data_validation(f"H5:H{4 + ROWS}", {"validate": "list", "source": "=代码!$A$2:$A$61"})
    page.data_validation(f"D5:F{4 + ROWS}", {"validate": "decimal", "criteria": ">=", "value": 0})
    page.conditional_format(f"G5:G{4 + ROWS}", {"type": "cell", "criteria": "<", "value": 0, "format": head})
    page.conditional_format(f"D5:D{4 + ROWS}", {"type": "data_bar", "data_bar_2010": True})
    page.write_comment("D5", "季末在队的人，每人只计一次")
    page.insert_image("H1", "章.png", {"image_data": io.BytesIO(picture())})
    page.print_area(0, 0, 6 + ROWS, 7)
    page.repeat_rows(2, 3)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 1)
    page.set_column("A:A", 30)
    for row in range(25):
        how.write(row, 0, f"{row + 1}. 第{row + 1}项按季末的登记填报，口径见通知附件，数字须与台账一致。", text)
    for row in range(61):
        codes.write_row(row, 0, (f"类别{row}", f"{row:04d}", "其他队伍", row * 10), head if row == 0 else text)
    book.define_name("类别", "=代码!$A$2:$A$61")
    book.close()
    return out.getvalue()


def bound_cells(content: bytes) -> list[tuple[str, str]]:
    """Return sheet and place of the cells that name figures."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [
        (sheet.title, cell.coordinate)
        for sheet in book for row in sheet.iter_rows() for cell in row if PLACEHOLDER.search(str(cell.value or ""))
    ]  # fmt: skip


def floor(content: bytes, cells: list[tuple[str, str]]) -> Seconds:
    """Load, write and save with openpyxl."""
    start = now()
    book = openpyxl.load_workbook(io.BytesIO(content))
    for sheet, place in cells:
        book[sheet][place] = 1234.5
    book.save(io.BytesIO())
    return since(start)


def ours(content: bytes, values: Values) -> Seconds:
    """Fill it as the program does."""
    start = now()
    Template(content, "表.xlsx").fill(values)
    return since(start)


def main() -> None:
    """Print the times and the ratio."""
    options = argparse.ArgumentParser()
    options.add_argument("--runs", type=int, default=25)
    runs = options.parse_args().runs
    warnings.simplefilter("ignore", UserWarning)  # openpyxl says what it will lose
    figures = {"balance_fen": 123450, "persons_end": 324}
    office = {"name": "某县红十字会", "contact": "张三"}
    quarter = {"label": "2026年第三季度", "issued": "2026-10-08"}
    values = Values({"本会": office, "季度": quarter} | dict.fromkeys(("合计", "上季度", "上年同期"), figures), {})
    for name, content in (("a bare form", bare_form()), ("a form as offices send it", office_form())):
        cells = bound_cells(content)
        pairs = [(floor(content, cells), ours(content, values)) for _ in range(runs)]
        a, b = (statistics.median(p[k][0] for p in pairs) * 1000 for k in (0, 1))
        clock, processor = (statistics.median(y[i] / x[i] for x, y in pairs) for i in (0, 1))
        print(
            f"{name}, {ROWS} rows, {len(cells)} cells: openpyxl {a:.1f} ms, ours {b:.1f} ms, "
            f"ratio {clock:.2f} (goal 0.25), of the processor {processor:.2f}"
        )


if __name__ == "__main__":
    main()
