"""PDFs as tables: by lines and by white, over pages, broken cells, what is struck through, scans and what is no table."""

import zlib
from pathlib import Path

import pytest

from forms.errors import FileTrouble
from forms.reading.document import tables_of
from forms.reading.files import read_tables
from forms.reading.pdf_tables import read_content
from forms.reading.sheet_shape import Merge
from forms.reading.table import Note, Table
from tests.forms.reading import containers as made

HEAD = ("姓名", "证件号码", "登记日期", "备注")
ROWS = [
    HEAD,
    ("张一民", "990101199001010001", "2026-03-05", "骨干"),
    ("李二妹", "990101199001010002", "2026-03-06", None),
]


def rows(content: bytes) -> list[Table]:
    """Read without a process of its own, which takes a second."""
    answer = read_content(content)
    assert not isinstance(answer, str), answer
    return tables_of(answer.found, "名单.pdf", "")


def body(table: Table) -> list[list[object]]:
    return [list(row) for number, row in table.rows if number > 0]


@pytest.mark.parametrize("drawn", [True, False], ids=["drawn", "undrawn"])
def test_a_table_over_pages_is_one(drawn: bool) -> None:
    people = [(f"王{'甲乙丙丁'[n % 4]}", f"99010119900101{n:04d}", "2026-03-05", "骨干") for n in range(80)]
    (table,) = rows(made.pdf([HEAD, *people], drawn=drawn))
    assert table.sheet == "志愿者花名册"
    assert [r for r in body(table) if r[0] != "姓名"] == [list(p) for p in people]


def test_a_table_that_goes_on_without_its_headings() -> None:
    (table,) = rows(made.pdf_table([ROWS, ROWS[1:]]).write())
    assert len(body(table)) == 5


def test_a_text_without_room_is_put_together_and_a_break_stays() -> None:
    pages = [[("姓名", "证件号码", "备注"), ("张一民\n李二妹", "99010119900\n1010001", "家住城东街\n道幸福社区")]]
    (table,) = rows(made.pdf_table(pages, widths=(60, 60, 60), high=40).write())
    assert body(table)[1] == ["张一民\n李二妹", "990101199001010001", "家住城东街道幸福社区"]


def test_what_is_struck_through_and_what_is_underlined() -> None:
    drawing = made.pdf_table([ROWS])
    drawing.lines += [(0, 32, 99.5, 65, 99.5), (0, 32, 125, 65, 125)]  # the second one lies below its name
    (table,) = rows(drawing.write())
    assert table.struck == frozenset({(2, 0)})


def test_a_table_without_lines_at_its_sides_loses_no_column() -> None:
    drawing = made.pdf_table([ROWS], widths=(60, 120, 80, 60))
    drawing.lines = [line for line in drawing.lines if line[2] != line[4] and 30 < line[1] < 350] + [
        line for line in drawing.lines if line[2] == line[4]
    ]
    (table,) = rows(drawing.write())
    assert [len(row) for row in body(table)] == [4, 4, 3]


def test_merged_cells() -> None:
    drawing = made.pdf_table([[("救护队", None, "姓名"), (None, None, "张一民"), ("李二妹", "2026", "骨干")]])
    drawing.lines = [
        line for line in drawing.lines if line not in ((0, 30.0, 90, 300.0, 90), (0, 120.0, 70, 120.0, 130))
    ]
    drawing.lines += [(0, 210, 90, 300, 90), (0, 120, 110, 120, 130)]
    (table,) = rows(drawing.write())
    assert table.merges == (Merge(1, 0, 2, 1),)
    assert body(table) == [["救护队", None, "姓名"], [None, None, "张一民"], ["李二妹", "2026", "骨干"]]


def test_a_radical_is_the_character_that_it_looks_like() -> None:
    (table,) = rows(made.pdf_table([[("姓名", "数"), ("⽅⼀民", "1"), ("⻢力", "2")]]).write())
    assert [r[0] for r in body(table)] == ["姓名", "方一民", "马力"]


def test_columns_that_run_into_each_other_are_not_guessed() -> None:
    lines = [(30.0, 100.0, "张一民"), (90.0, 100.0, "城东街道幸福社区二号楼三单元"), (300.0, 100.0, "骨干")]
    lines += [(30.0, 120.0, "李二妹"), (90.0, 120.0, "城西"), (200.0, 120.0, "队员"), (300.0, 120.0, "新")]
    lines += [(30.0, 140.0, "王三喜"), (90.0, 140.0, "城西"), (200.0, 140.0, "队员"), (300.0, 140.0, "新")]
    answer = read_content(made.Drawing([lines]).write())
    assert not isinstance(answer, str)
    assert answer.loose
    assert not answer.found


def refusal(folder: Path, content: bytes) -> str:
    path = folder / "名单.pdf"
    path.write_bytes(content)
    with pytest.raises(FileTrouble) as caught:
        read_tables(path)
    return str(caught.value)


def test_a_scan_is_said_to_be_one(tmp_path: Path) -> None:
    assert "扫描" in refusal(tmp_path, made.Drawing([[], []], pictures={0, 1}).write())


def test_pages_that_are_scans_are_named(tmp_path: Path) -> None:
    drawing = made.pdf_table([ROWS])
    drawing.pages.append([])
    drawing.pictures.add(1)
    (tmp_path / "名单.pdf").write_bytes(drawing.write())
    (table,) = read_tables(tmp_path / "名单.pdf")
    assert [str(n) for n in table.notes if isinstance(n, Note) and n.ask] == [
        "第 2 页是扫描的图片，没有文字，没有读出；请另外录入"
    ]


def test_a_locked_file_and_a_letter(tmp_path: Path) -> None:
    assert "密码" in refusal(tmp_path, made.pdf_table([ROWS]).write("secret"))
    assert "没有表格" in refusal(
        tmp_path, made.Drawing([[(50, 100, "关于报送名单的通知"), (50, 120, "各街道：")]]).write()
    )


def test_a_stream_that_grows_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    packing = zlib.compressobj(1)
    once = b"".join([*(packing.compress(bytes(10_000_000)) for _ in range(32)), packing.flush()])
    packed = zlib.compress(once, 1)
    head = b"%PDF-1.4\n1 0 obj <</Filter /FlateDecode>>\nstream\n"
    assert "过大" in refusal(tmp_path, head + once + b"\nendstream")
    twice = head.replace(b"/FlateDecode", b"[/FlateDecode /FlateDecode]")
    assert "过大" in refusal(tmp_path, twice + packed + b"\nendstream")
