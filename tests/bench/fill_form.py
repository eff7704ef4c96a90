"""What filling somebody's form costs against openpyxl: ``python -m tests.bench.fill_form [--runs N]``.

The floor loads the same one-page form of 30 rows with openpyxl, writes the same number of cells and saves. Both take turns;
the ratio is the median of the pairs.
"""

import argparse
import io
import statistics
import time

import openpyxl
from openpyxl.styles import Alignment, Border, Font, Side

from forms.filling import Template, Values

ROWS = 30


def form() -> bytes:
    """Return a form of one page: title, headings, thirty styled rows with names of figures, sums, signatures."""
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


def floor(content: bytes) -> float:
    """Load, write and save with openpyxl."""
    start = time.perf_counter()
    book = openpyxl.load_workbook(io.BytesIO(content))
    for row in book.active.iter_rows(min_row=3, max_row=2 + ROWS, min_col=2):
        for cell in row:
            cell.value = 1234.5
    book.active["A36"] = "填报单位：某县红十字会（盖章）"
    book.save(io.BytesIO())
    return time.perf_counter() - start


def ours(content: bytes, values: Values) -> float:
    """Fill it as the program does."""
    start = time.perf_counter()
    Template(content, "表.xlsx").fill(values)
    return time.perf_counter() - start


def main() -> None:
    """Print the times and the ratio."""
    options = argparse.ArgumentParser()
    options.add_argument("--runs", type=int, default=25)
    runs = options.parse_args().runs
    content = form()
    values = Values({"合计": {"balance_fen": 123450, "persons_end": 324}, "本会": {"name": "某县红十字会"}}, {})
    pairs = [(floor(content), ours(content, values)) for _ in range(runs)]
    a, b = (statistics.median(p[k] for p in pairs) * 1000 for k in (0, 1))
    ratio = statistics.median(y / x for x, y in pairs)
    print(f"a form of {ROWS} rows: openpyxl {a:.1f} ms, ours {b:.1f} ms, ratio {ratio:.2f} (goal 0.25)")


if __name__ == "__main__":
    main()
