"""Reports as PDF, measured with pdfplumber and pypdfium2 against GB/T 9704-2012."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pdfplumber
import pypdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.pdf.document import Column, ReportDocument, TableRow, paginate
from forms.pdf.fonts import MissingGlyphs
from forms.pdf.typeset import PITCH, ROWS, TEXT_WIDTH, Block, Line, Piece

MM = 72 / 25.4
NAME = "李𬭚"
ROOT = Path(__file__).parents[3]
LONG = (
    "截至2026年9月30日，全县共有志愿服务队伍14支、注册志愿者2,450人，其中应急救援队3支、人道救助队6支，"
    "本季度开展活动386场次，支出救助款物共计723,614.00元，紧紧围绕“三救”“三献”主责主业——扎实推进各项工作。"
)


def report(paragraphs: int = 8) -> ReportDocument:
    doc = ReportDocument("某某县红十字会志愿服务报告", author="某某县红十字会", issued_on=date(2026, 10, 8))
    doc.title("某某县红十字会2026年第三季度志愿服务队伍情况报告")
    doc.addressee("某某市红十字会：")
    doc.body("现将有关情况报告如下。")
    doc.heading1("一、基本情况")
    for n in range(paragraphs):
        doc.heading2(f"（{'一二三四五六七八九十'[n % 10]}）队伍情况")
        doc.body(LONG)
    doc.body(f"队员{NAME}等5人被评为五星志愿者。", lead="（末）骨干队员。")
    doc.attachments(["队伍情况表", "经费收支情况明细表（含上级红十字会拨付部分和社会捐赠定向使用部分）"])
    doc.signature("某某县红十字会", "2026年10月8日")
    return doc


def with_annex(rows: int = 60) -> ReportDocument:
    doc = report()
    doc.annex(
        "2026年第三季度志愿服务队伍情况表",
        [
            Column("序号", 10, "center", fit=True),
            Column("队伍名称", 60),
            Column("收入", 22, "right", fit=True, group="经费"),
            Column("支出", 22, "right", fit=True, group="经费"),
            Column("备注", 30),
        ],
        [
            TableRow(("甲类队伍",), "group"),
            *[(str(n), f"城关镇第{n}应急救援志愿服务队", "1,234.00", "567.89", "") for n in range(1, rows + 1)],
            TableRow(("合计", "", "74,040.00", "34,073.40", ""), "total"),
        ],
        number=1,
        unit_left="填报单位：某某县红十字会",
        unit_right="单位：元",
        foot=["单位负责人：", "审核人：", "填表人："],
        notes=["说明：本表按季填报。"],
    )
    return doc


@lru_cache(maxsize=1)
def rendered() -> bytes:
    return with_annex().render(system_fonts=False)


@contextmanager
def opened(data: bytes) -> Iterator[list[Any]]:
    with pdfplumber.open(BytesIO(data)) as pdf:
        yield pdf.pages


def text_of(data: bytes) -> str:
    """Text in drawing order, without white space."""
    with opened(data) as pages:
        return "".join("".join(c["text"] for c in page.chars) for page in pages).replace(" ", "")


def baselines(page: Any) -> list[float]:
    """Baselines of the 3号 text, upwards from the lower edge, top first."""
    return sorted({round(c["matrix"][5], 2) for c in page.chars if abs(c["size"] - 16) < 0.1}, reverse=True)


@lru_cache(maxsize=1)
def filled() -> bytes:
    """A report whose second page is full of text."""
    doc = ReportDocument("满页")
    for _ in range(16):
        doc.body(LONG)
    return doc.render(system_fonts=False)


def test_full_page_has_22_rows_between_the_margins() -> None:
    with opened(filled()) as pages:
        page = pages[1]
        assert (page.width, page.height) == pytest.approx((210 * MM, 297 * MM), abs=0.1)
        rows = baselines(page)
        assert len(rows) == ROWS
        assert [a - b for a, b in pairwise(rows)] == pytest.approx([PITCH] * 21, abs=0.05)
        assert 225 / 22 - 1 < PITCH / MM < 225 / 22 + 1
        x = [c["matrix"][4] for c in page.chars if abs(c["size"] - 16) < 0.1]
        assert min(x) == pytest.approx(28 * MM, abs=0.1)
        assert max(x) < (210 - 26) * MM


def test_ink_stands_at_the_edges_of_the_text_area() -> None:
    pdf = pypdfium2.PdfDocument(filled())
    try:
        image = pdf[1].render(scale=300 / 72).to_pil().convert("L").point(lambda v: 255 if v < 128 else 0)
    finally:
        pdf.close()
    per_mm = 300 / 25.4
    left, top, right, bottom = (v / per_mm for v in image.crop((0, 0, image.width, int(265 * per_mm))).getbbox())
    assert (left, top) == pytest.approx((28, 37), abs=1)
    assert (right, bottom) == pytest.approx((184, 262), abs=1.2)
    below = image.crop((0, int(265 * per_mm), image.width, image.height)).getbbox()
    # the number's dash begins 7 mm below the text area; the digit stands a little higher
    assert 265 + below[1] / per_mm == pytest.approx(267.5, abs=1.5)


def number_chars(page: Any) -> list[Any]:
    turned = page.width > page.height
    chars = [c for c in page.chars if c["text"].strip() and c["upright"] != turned]
    return chars if turned else [c for c in chars if abs(c["size"] - 14) < 0.1]


def test_page_numbers_are_right_on_odd_and_left_on_even_pages() -> None:
    with opened(rendered()) as pages:
        for n, page in enumerate(pages[:2], 1):
            chars = number_chars(page)
            assert "".join(c["text"] for c in chars) == f"—{n}—"
            if n % 2:
                assert chars[-1]["matrix"][4] + 14 == pytest.approx((210 - 26) * MM - 14, abs=0.3)
            else:
                assert chars[0]["matrix"][4] == pytest.approx(28 * MM + 14, abs=0.3)
            dash = chars[0]["matrix"][5] + 0.293 * 14
            assert dash == pytest.approx(28 * MM, abs=0.1)  # 35 − 7 mm above the lower edge


def test_annex_pages_are_turned_and_numbered_at_the_same_place() -> None:
    with opened(rendered()) as pages:
        wide = [page for page in pages if page.width > page.height]
        assert len(wide) >= 2
        for page in wide:
            chars = number_chars(page)
            assert "".join(c["text"] for c in chars) == f"—{page.page_number}—"
            a, _, _, d, x, y = chars[0]["matrix"]
            assert (a, d) == pytest.approx((0, 0), abs=0.01)  # turned by 90°
            portrait_x = 210 * MM - y
            if page.page_number % 2:
                assert portrait_x > 105 * MM
            else:
                assert portrait_x == pytest.approx(28 * MM + 14, abs=0.3)
            assert x == pytest.approx(28 * MM - 0.293 * 14, abs=0.1)
        first = wide[0].extract_text()
        assert first.startswith("附件1")
        for page in wide:
            text = page.extract_text()
            assert "队伍名称" in text
            assert "单位：元" in text
        assert "单位负责人" not in first
        assert "单位负责人" in wide[-1].extract_text()
        title = next(c for c in wide[0].chars if abs(c["size"] - 22) < 0.1)
        top = (210 - 28) * MM
        assert title["matrix"][5] == pytest.approx(top - 2 * PITCH - 0.88 * 22, abs=0.1)  # on the third row


def test_text_is_kept_in_order_with_rare_names() -> None:
    text = text_of(rendered())
    places = [text.index(part) for part in ("某某县红十字会2026", "某某市红十字会：", "一、基本情况", NAME, "附件：1.")]
    assert places == sorted(places)
    assert text.count("城关镇第") == 60
    found = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(rendered())).pages)
    assert NAME in found.replace(" ", "").replace("\n", "")


def test_every_font_is_embedded() -> None:
    names = set()
    for page in pypdf.PdfReader(BytesIO(rendered())).pages:
        for ref in page["/Resources"]["/Font"].values():
            font = ref.get_object()
            names.add(font["/BaseFont"])
            assert "/FontFile2" in font["/FontDescriptor"]
            assert "/ToUnicode" in font
    assert names
    assert b"Helvetica" not in rendered()
    assert not any("Helvetica" in name for name in names)


def test_properties_and_outline() -> None:
    reader = pypdf.PdfReader(BytesIO(rendered()))
    assert reader.metadata is not None
    assert reader.metadata.title == "某某县红十字会志愿服务报告"
    assert reader.metadata.author == "某某县红十字会"
    assert reader.metadata["/CreationDate"] == "D:20261008000000+08'00'"
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"
    outline = reader.outline
    assert outline[0]["/Title"] == "一、基本情况"
    assert outline[1][0]["/Title"] == "（一）队伍情况"
    assert outline[-1]["/Title"] == "附件1 2026年第三季度志愿服务队伍情况表"


def test_same_bytes_twice_and_in_another_process() -> None:
    code = (
        "import sys, hashlib; sys.path.insert(0, '.');"
        "from tests.forms.pdf.test_document import rendered; print(hashlib.sha256(rendered()).hexdigest())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Shanghai"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == hashlib.sha256(rendered()).hexdigest()
    assert with_annex().render(system_fonts=False) == rendered()


def test_missing_glyph_stops_the_report_and_names_the_place() -> None:
    doc = report(1)
    doc.annex("表", [Column("姓名", 10)], [("甲",), TableRow(("李\ue123",), where="队员编号7")], number=2)
    with pytest.raises(MissingGlyphs, match=r"U\+E123，在队员编号7“姓名”"):
        doc.render(system_fonts=False)


def test_empty_report_and_wrong_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="no content"):
        ReportDocument("空").render(system_fonts=False)
    with pytest.raises(ValueError, match="2 cells for 1 columns"):
        ReportDocument("错").annex("表", [Column("姓名", 10)], [("甲", "乙")])


def test_table_without_rows_and_very_tall_row() -> None:
    doc = ReportDocument("附表")
    doc.annex("空表", [Column("姓名", 10)], [], foot=["填表人："])
    doc.annex("长表", [Column("姓名", 10), Column("事迹", 20)], [("甲", "志愿服务" * 1500)], landscape=False)
    data = doc.render(system_fonts=False)
    assert text_of(data).count("愿") == 1500
    assert doc.page_count > 3


def test_header_of_a_statistical_form() -> None:
    doc = ReportDocument("附表")
    columns = [
        Column("项目名称及说明", 11, mark="甲"),
        Column("人数", 20, "right", fit=True, group="本季", mark="1"),
        Column("支\n出", 20, "right", fit=True, group="本季", mark="2"),
        Column("备注", 60, mark="3"),
    ]
    long_line = "统计期间：2026年第三季度，金额单位为元，" * 3
    doc.annex("表", columns, [("培训", "1", "2", "")], label="", unit_left=long_line, unit_right=long_line)
    with opened(doc.render(system_fonts=False)) as pages:
        chars = [c for c in pages[0].chars if c["upright"]]
    by_text = {c["text"]: c for c in chars if abs(c["size"] - 10.5) < 0.01}
    assert by_text["甲"]["top"] == pytest.approx(by_text["3"]["top"], abs=0.1)
    assert by_text["支"]["top"] < by_text["出"]["top"] < by_text["甲"]["top"]
    assert max(c["x1"] for c in chars) <= (297 - 37) * MM + 1
    head = [c for c in chars if c["text"] in "项目名称及说明"]
    assert len({round(c["top"]) for c in head}) == 2


def test_notes_longer_than_a_page_are_refused() -> None:
    doc = ReportDocument("附表")
    doc.annex("表", [Column("名", 10)], [("甲",)], notes=["说明"] * 40)
    with pytest.raises(ValueError, match="no room"):
        doc.render(system_fonts=False)


def test_row_too_tall_for_the_first_page_moves_to_the_next() -> None:
    doc = ReportDocument("附表")
    doc.annex("表", [Column("事迹", 10)], [("志愿\n" * 27,)])
    with opened(doc.render(system_fonts=False)) as pages:
        assert len(pages) == 2
        assert "志愿" not in pages[0].extract_text()
        assert "事迹" not in pages[0].extract_text()


def test_cells_shrink_and_do_not_wrap() -> None:
    doc = ReportDocument("附表")
    columns = [Column("金额", 20, "right", fit=True), Column("文", 200)]
    doc.annex("表", columns, [("123,456,789,012.00", "字" * 90), ("1.00", "字")])
    with opened(doc.render(system_fonts=False)) as pages:
        number = [c for c in pages[0].chars if c["text"] in "123456789,0." and c["upright"] and c["size"] < 10.4]
        assert "".join(c["text"] for c in number) == "123,456,789,012.00"
        assert len({round(c["matrix"][5], 1) for c in number}) == 1
        assert 7 <= number[0]["size"] < 10.5


def test_columns_that_need_less_give_to_those_that_would_break_their_cells() -> None:
    """A long team name stands on one line where the name and the number beside it need less than they were given."""
    columns = [Column("序号", 10, "center"), Column("姓名", 60), Column("队伍名称", 40), Column("签到", 60)]
    team = "安澜县红十字社区关爱志愿服务队"
    doc = ReportDocument("附表")
    doc.annex("表", columns, [(str(n), "孟婷", team, "") for n in (1, 23456)], landscape=False)
    with opened(doc.render(system_fonts=False)) as pages:
        assert pages[0].extract_text().count(team) == 2
        assert "23456" in pages[0].extract_text()
        edges = sorted({round(e["x0"]) for e in pages[0].edges if e["orientation"] == "v"})
        assert len(edges) == 5
        widths = [b - a for a, b in pairwise(edges)]
        assert abs(widths[3] - TEXT_WIDTH * 60 / 170) <= 1  # blank, to be signed in: it gives nothing
        assert widths[1] >= TEXT_WIDTH * 30 / 170 - 1  # nor does any other give more than half


@pytest.mark.parametrize("rows", range(10, 40))
def test_total_is_never_alone_on_a_page(rows: int) -> None:
    doc = ReportDocument("附表")
    lines: list[Any] = [(str(n), "名") for n in range(rows)]
    doc.annex(
        "表", [Column("序", 20), Column("名", 200)], [*lines, TableRow(("合计", "9"), "total")], foot=["填表人："]
    )
    with opened(doc.render(system_fonts=False)) as pages:
        last = pages[-1].extract_text()
        assert "合计" in last
        assert f"{rows - 1} 名" in last


def test_three_thousand_rows_are_quick() -> None:
    doc = with_annex(3000)
    start = time.process_time()
    doc.render(system_fonts=False)
    assert time.process_time() - start < 10


def block(rows: int, keep: bool = False) -> Block:
    piece = Piece(0, Line("字", (), 16), "body", 16)
    return Block(tuple((piece._replace(x=n),) for n in range(rows)), keep=keep, whole=keep)


SIGNATURE = Block(((), (), *block(2).rows, ()), whole=True)


@settings(max_examples=300)
@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(1, 30)), min_size=1, max_size=12),
    st.integers(0, 25),
)
def test_headings_and_signature_keep_company(parts: list[tuple[int, int]], listed: int) -> None:
    blocks = [b for headings, rows in parts for b in [*[block(1, keep=True)] * headings, block(rows)]]
    attachments = Block(((), *block(listed).rows)) if listed else None
    pages = paginate(blocks, attachments, SIGNATURE)
    drawn = [row for page in pages for _, row in page.rows if row]
    assert drawn == [row for b in (*blocks, attachments, SIGNATURE) if b for row in b.rows if row]
    keepers = {id(b.rows[0]) for b in blocks if b.keep}
    for page in pages:
        assert page.used <= ROWS
        assert [n for n, _ in page.rows] == sorted({n for n, _ in page.rows})
        assert id(page.rows[-1][1]) not in keepers
    assert sum(bool(row) for _, row in pages[-1].rows) > 2  # the signature's two rows and some text
    signature_rows = [row for row in SIGNATURE.rows if row]
    assert all(any(row is kept for _, kept in pages[-1].rows) for row in signature_rows)


def test_single_attachment_and_several_paragraphs() -> None:
    doc = ReportDocument("短")
    doc.body("第一段。\n\n第二段。")
    doc.attachments(["队伍情况表"])
    text = text_of(doc.render(system_fonts=False))
    assert text.startswith("第一段。第二段。附件：队伍情况表")


def test_signature_alone_and_unsealed() -> None:
    doc = ReportDocument("短")
    doc.signature("县红会", "2026年10月8日", sealed=False)
    with opened(doc.render(system_fonts=False)) as pages:
        chars = [c for c in pages[0].chars if abs(c["size"] - 16) < 0.1]
        name, day = next(c for c in chars if c["text"] == "县"), next(c for c in chars if c["text"] == "2")
        assert day["x0"] - name["x0"] == pytest.approx(2 * 15.785, abs=0.5)
