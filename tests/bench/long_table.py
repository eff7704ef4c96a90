"""What a long table on paper costs against its floor: ``python -m tests.bench.long_table [--runs N]``.

The floor is ReportLab's own LongTable with fixed widths and heights, which wraps nothing: the same 5,000 rows in the same
faces. Ours wraps, measures every row and draws a formal annex. Both take turns; the ratio is the median of the pairs. Then
the time of a page at 20,000 rows against one at 1,000, and the whole paper as a person waits for it, fonts cut and all.
"""

import argparse
import datetime as dt
import io
import random
import statistics
import time
from collections.abc import Sequence

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import LongTable, SimpleDocTemplate

from forms.fonts import FontSet, FontText
from forms.page import Column, ReportDocument, TableRow, _Press
from forms.pdf_tables import Annex, Table

HEADS = ("序号", "姓名", "性别", "队伍", "证件号码", "手机号码", "志愿者网编号", "入队日期", "季末在保", "备注")
WIDTHS = (10, 22, 10, 50, 42, 28, 32, 24, 16, 40)
FIT = frozenset((0, 4, 5, 6, 7))


def people(count: int) -> list[tuple[str, ...]]:
    """Return rows of invented people, numbers masked as on every paper."""
    rng = random.Random(3)
    made = []
    for i in range(count):
        name = rng.choice("张王李赵陈杨黄周吴徐") + chr(0x4E00 + i % 700) + chr(0x5000 + i % 300)
        team = "安澜县红十字" + rng.choice(("水上救援队", "无偿献血志愿服务队", "社区关爱志愿服务队"))
        made.append((
            str(i + 1), name, rng.choice("男女"), team, f"990***********{i % 90:02d}", f"139****{i % 10000:04d}",
            f"ZJ{i:09d}", f"2024-{i % 12 + 1:02d}-{i % 28 + 1:02d}", rng.choice("是否"), "骨干" if i % 7 == 0 else "",
        ))  # fmt: skip
    return made


def fonts_for(rows: Sequence[Sequence[str]]) -> FontSet:
    """Return faces for the rows."""
    text = "".join(c for row in rows for c in row) + "".join(HEADS) + "花名册填报单位：安澜县红十字会负责人审核"
    return FontSet.build(
        [FontText(role, "表", text) for role in ("table", "table_head", "title", "heading1", "page_number")],
        system=False,
    )


def floor(rows: Sequence[Sequence[str]], fonts: FontSet) -> tuple[float, int]:
    """Draw with ReportLab's table, nothing wrapped; return seconds and pages."""
    with fonts.registered():
        face = fonts.glyphs("table")["序"].font
        start = time.perf_counter()
        widths = [w * 760 / sum(WIDTHS) for w in WIDTHS]
        table = LongTable([HEADS, *rows], colWidths=widths, rowHeights=[20.0] * (len(rows) + 1), repeatRows=1)
        table.setStyle([
            ("FONTNAME", (0, 0), (-1, -1), face), ("FONTSIZE", (0, 0), (-1, -1), 9), ("GRID", (0, 0), (-1, -1), 0.5, "black"),
        ])  # fmt: skip
        doc = SimpleDocTemplate(io.BytesIO(), pagesize=landscape(A4), initialFontName=face)
        doc.build([table])
        return time.perf_counter() - start, doc.page


def ours(rows: Sequence[Sequence[str]], fonts: FontSet) -> tuple[float, int]:
    """Lay out and draw an annex; return seconds and pages."""
    columns = [Column(h, w, fit=n in FIT) for n, (h, w) in enumerate(zip(HEADS, WIDTHS, strict=True))]
    with fonts.registered() as first:
        fonts.codes.clear()
        fonts.characters.clear()
        start = time.perf_counter()
        canvas = Canvas(io.BytesIO(), pageCompression=1, invariant=1, initialFontName=first)
        press = _Press(canvas, fonts)
        table = Table(columns, [TableRow(row) for row in rows])
        press.annex(Annex("", "花名册", table, "填报单位：安澜县红十字会", "", ("负责人：", "审核人："), (), True))
        canvas.save()
        return time.perf_counter() - start, press.pages


def whole(rows: Sequence[Sequence[str]]) -> tuple[float, int, int]:
    """Make the paper as the program does; return seconds, pages and bytes."""
    start = time.perf_counter()
    doc = ReportDocument("花名册", issued_on=dt.date(2026, 10, 8))
    columns = [Column(h, w, fit=n in FIT) for n, (h, w) in enumerate(zip(HEADS, WIDTHS, strict=True))]
    doc.annex("花名册", columns, rows, label="", unit_left="填报单位：安澜县红十字会", foot=["负责人：", "审核人："])
    content = doc.render(system_fonts=False)
    return time.perf_counter() - start, doc.page_count, len(content)


def main() -> None:
    """Print the times and the ratios."""
    options = argparse.ArgumentParser()
    options.add_argument("--runs", type=int, default=5)
    runs = options.parse_args().runs
    rows = people(5000)
    fonts = fonts_for(rows)
    pairs = []
    for _ in range(runs):
        a, fewer = floor(rows, fonts)
        b, pages = ours(rows, fonts)
        pairs.append((a, b))
    ratio = statistics.median(b / a for a, b in pairs)
    a, b = (statistics.median(p[k] for p in pairs) for k in (0, 1))
    print(
        f"5,000 rows: floor {a:.2f} s on {fewer} pages, ours {b:.2f} s on {pages} pages, ratio {ratio:.2f} (goal 0.30)"
    )
    print(f"a page: floor {a / fewer * 1000:.2f} ms, ours {b / pages * 1000:.2f} ms, ratio {ratio * fewer / pages:.2f}")
    per_page = {}
    for count in (1000, 20000):
        some = people(count)
        faces = fonts_for(some)
        seconds = [ours(some, faces) for _ in range(max(3, runs // 2))]
        per_page[count] = statistics.median(s / p for s, p in seconds) * 1000
    print(
        f"a page: {per_page[1000]:.2f} ms at 1,000 rows, {per_page[20000]:.2f} ms at 20,000, "
        f"ratio {per_page[20000] / per_page[1000]:.2f} (goal 1.10)"
    )
    seconds, pages, size = whole(rows)
    print(f"the whole paper with its fonts: {seconds:.2f} s, {pages} pages, {size / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
