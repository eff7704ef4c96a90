"""What a long table on paper costs against its floor: ``python -m tests.bench.long_table [--runs N]``.

The floor is ReportLab's own LongTable with fixed widths and heights, which wraps nothing: the same 5,000 rows in the same
faces. Ours wraps, measures every row and draws a formal annex. All take turns; the ratio is the median of the pairs. There
are two floors: rows of 20 pt, and the very heights, margins and lines that ours found, so that it draws the same pages. Then
the time of a page at 20,000 rows against one at 1,000, and the whole paper as a person waits for it, fonts cut and all.
"""

import argparse
import datetime as dt
import io
import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import LongTable, SimpleDocTemplate

from forms.pdf.cell_text import SIZE
from forms.pdf.document import Column, ReportDocument, TableRow, _Press
from forms.pdf.fonts import FontSet, FontText
from forms.pdf.table_columns import Table
from forms.pdf.tables import Annex, AnnexLayout
from forms.pdf.typeset import MM
from tests.bench._clocks import now, since

HEADS = ("序号", "姓名", "性别", "队伍", "证件号码", "手机号码", "志愿者网编号", "入队日期", "季末在保", "备注")
WIDTHS = (10, 22, 10, 50, 42, 28, 32, 24, 16, 40)
FIT = frozenset((0, 4, 5, 6, 7))


class Cost(NamedTuple):
    """Seconds by the clock and of the processor, and how many pages were made."""

    clock: float
    processor: float
    pages: int


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


@dataclass(frozen=True)
class Look:
    """How a floor draws: the widths of its columns, the heights of its rows, the margins, its size of type."""

    widths: Sequence[float]
    heights: Sequence[float]
    margins: tuple[float, float, float, float]  # left, right, upper, lower
    size: float


def plain_look(count: int) -> Look:
    """Return rows of 20 pt in small type, as the goal was first measured."""
    return Look([w * 760 / sum(WIDTHS) for w in WIDTHS], [20.0] * (count + 1), (72, 72, 78, 78), 9)


def our_look(rows: Sequence[Sequence[str]], fonts: FontSet) -> Look:
    """Return the widths, heights and margins that our own layout finds for the rows."""
    layout = AnnexLayout(_annex(rows), fonts)
    measured = layout._measured
    edges = [*measured.boxes[0].rules, measured.width]
    widths = [b - a for a, b in pairwise([0.0, *edges])]
    heights = [measured.header.height, *(box.height for box in measured.boxes)]
    upper = 28 * MM + layout._band
    return Look(widths, heights, (35 * MM, 37 * MM, upper, 26 * MM), SIZE)


def floor(rows: Sequence[Sequence[str]], fonts: FontSet, look: Look) -> Cost:
    """Draw with ReportLab's table, nothing wrapped."""
    with fonts.registered():
        face = fonts.glyphs("table")["序"].font
        start = now()
        table = LongTable([HEADS, *rows], colWidths=look.widths, rowHeights=look.heights, repeatRows=1)
        table.setStyle([
            ("FONTNAME", (0, 0), (-1, -1), face), ("FONTSIZE", (0, 0), (-1, -1), look.size),
            ("GRID", (0, 0), (-1, -1), 0.5, "black"),
        ])  # fmt: skip
        left, right, upper, lower = look.margins
        doc = SimpleDocTemplate(
            io.BytesIO(), pagesize=landscape(A4), initialFontName=face,
            leftMargin=left, rightMargin=right, topMargin=upper - 6, bottomMargin=lower - 6,
        )  # fmt: skip
        doc.build([table])
        return Cost(*since(start), doc.page)


def _annex(rows: Sequence[Sequence[str]]) -> Annex:
    columns = [Column(h, w, fit=n in FIT) for n, (h, w) in enumerate(zip(HEADS, WIDTHS, strict=True))]
    table = Table(columns, [TableRow(row) for row in rows])
    return Annex("", "花名册", table, "填报单位：安澜县红十字会", "", ("负责人：", "审核人："), (), True)


def ours(rows: Sequence[Sequence[str]], fonts: FontSet) -> Cost:
    """Lay out and draw an annex."""
    with fonts.registered() as first:
        fonts.characters.clear()
        start = now()
        canvas = Canvas(io.BytesIO(), pageCompression=1, invariant=1, initialFontName=first)
        press = _Press(canvas, fonts)
        press.annex(_annex(rows))
        canvas.save()
        return Cost(*since(start), press.pages)


def whole(rows: Sequence[Sequence[str]]) -> tuple[float, int, int]:
    """Make the paper as the program does; return seconds, pages and bytes."""
    start = time.perf_counter()
    doc = ReportDocument("花名册", issued_on=dt.date(2026, 10, 8))
    columns = [Column(h, w, fit=n in FIT) for n, (h, w) in enumerate(zip(HEADS, WIDTHS, strict=True))]
    doc.annex("花名册", columns, rows, label="", unit_left="填报单位：安澜县红十字会", foot=["负责人：", "审核人："])
    content = doc.render(system_fonts=False)
    return time.perf_counter() - start, doc.page_count, len(content)


def _told(costs: Sequence[Cost]) -> str:
    clock, processor = (statistics.median(cost[k] for cost in costs) for k in (0, 1))
    return f"{clock:.2f} s, of the processor {processor:.2f} s, {costs[0].pages} pages"


def main() -> None:
    """Print the times and the ratios."""
    options = argparse.ArgumentParser()
    options.add_argument("--runs", type=int, default=5)
    runs = options.parse_args().runs
    rows = people(5000)
    fonts = fonts_for(rows)
    with fonts.registered():
        looks = plain_look(len(rows)), our_look(rows, fonts)
    rounds = [(ours(rows, fonts), *(floor(rows, fonts, look) for look in looks)) for _ in range(runs)]
    print(f"5,000 rows: {_told([each[0] for each in rounds])}")
    for n, what in enumerate(("rows of 20 pt", "our rows on our pages"), 1):
        clock, processor = (statistics.median(each[0][k] / each[n][k] for each in rounds) for k in (0, 1))
        print(
            f"floor of {what}: {_told([each[n] for each in rounds])}, "
            f"ratio {clock:.2f}, of the processor {processor:.2f} (goal 0.30)"
        )
    per_page = {}
    for count in (1000, 20000):
        some = people(count)
        faces = fonts_for(some)
        made = [ours(some, faces) for _ in range(max(3, runs // 2))]
        per_page[count] = statistics.median(c.processor / c.pages for c in made) * 1000
    print(
        f"a page: {per_page[1000]:.2f} ms at 1,000 rows, {per_page[20000]:.2f} ms at 20,000, "
        f"ratio {per_page[20000] / per_page[1000]:.2f} (goal 1.10)"
    )
    seconds, pages, size = whole(rows)
    print(f"the whole paper with its fonts: {seconds:.2f} s, {pages} pages, {size / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
