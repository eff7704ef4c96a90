"""OpenDocument, XML Spreadsheet 2003, web pages and texts: the values that a person sees, row by row."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.services.importing import import_files
from forms.errors import FileTrouble
from forms.reading.files import read_tables
from forms.reading.sheet_shape import Merge
from forms.reading.table import Table
from tests.forms.reading import containers as made
from tests.journeys.workbook_shapes import HEAD, person
from tests.qa.fuzz_import import TODAY, office

ROWS = [HEAD, *[tuple(map(str, person(i))) for i in range(3)]]
KINDS: dict[str, Callable[[], bytes]] = {
    "名单.docx": lambda: made.word(ROWS),
    "名单.ods": lambda: made.open_document(made.open_document_table(ROWS)),
    "名单.odt": lambda: made.open_document(made.open_document_table(ROWS), kind="text"),
    "名单.fods": lambda: made.flat_open_document(made.open_document_table(ROWS)).encode(),
    "名单.xls": lambda: made.xml_workbook(made.xml_sheet(ROWS)).encode(),
    "名单一.xls": lambda: made.xml_workbook(made.xml_sheet(ROWS)).replace("UTF-8", "UTF-16").encode("utf-16"),
    "名单二.xls": lambda: made.page(ROWS).encode(),
    "名单三.xls": lambda: made.page(ROWS, "gb2312").encode("gb18030"),
    "名单四.xls": lambda: made.page(ROWS).encode("utf-16"),
    "名单五.xls": lambda: ('<?xml version="1.0"?>' + made.page(ROWS)).encode(),
    "名单.pdf": lambda: made.pdf(ROWS),
    "名单一.pdf": lambda: made.pdf(ROWS, drawn=False),
    "名单.mht": lambda: made.page_archive(ROWS),
    "名单.txt": lambda: "\n".join("\t".join(map(str, r)) for r in ROWS).encode("gb18030"),
    "名单一.txt": lambda: "\n".join("\t".join(map(str, r)) for r in ROWS).encode("utf-16"),
    "名单二.txt": lambda: "\n".join("\t".join(map(str, r)) for r in ROWS).encode("utf-16-le"),
}


def read(folder: Path, content: bytes | str, name: str = "名单.xls") -> list[Table]:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_tables(path)


@pytest.mark.parametrize("name", KINDS)
def test_the_same_list_goes_in_from_every_kind_of_file(tmp_path: Path, name: str) -> None:
    store = office(tmp_path)
    path = tmp_path / name
    path.write_bytes(KINDS[name]())
    done = import_files(store, [path], today=TODAY)
    assert [(s.kind, s.added, s.refused) for s in done.result.sheets] == [("volunteer", 3, 0)]


OPEN_STYLES = (
    '<style:style style:name="off"><style:text-properties style:text-line-through-style="solid"/></style:style>'
    '<style:style style:name="gone"><style:table-properties table:display="false"/></style:style>'
    '<number:time-style style:name="N1" number:truncate-on-overflow="false"/>'
    '<style:style style:name="long" style:data-style-name="N1"/>'
)


def test_values_of_an_open_document(tmp_path: Path) -> None:
    def cell(kind: str, value: str, text: str, more: str = "") -> str:
        attribute = {"date": "date-value", "time": "time-value", "boolean": "boolean-value"}.get(kind, "value")
        return (
            f'<table:table-cell office:value-type="{kind}" office:{attribute}="{value}" {more}>'
            f"<text:p>{text}</text:p></table:table-cell>"
        )

    body = (
        '<table:table table:name="表" table:style-name="gone"><table:table-column/>'
        '<table:table-column table:visibility="collapse"/><table:table-row>'
        + cell("float", "7", "0007")
        + cell("float", "7", "7")
        + cell("float", "1.5", "1.50")
        + cell("float", "1.01234567890123E+019", "10123456789012300000")
        + cell("date", "2021-05-01", "2021年5月")
        + cell("date", "2021-05-01T08:30:00", "x")
        + cell("time", "PT08H30M00S", "8:30")
        + cell("time", "PT03H30M00S", "3:30", 'table:style-name="long"')
        + cell("time", "PT30H00M00S", "30:00")
        + cell("boolean", "true", "TRUE")
        + "</table:table-row>"
        '<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="2" '
        'office:value-type="string"><office:annotation><text:p>批注</text:p></office:annotation><text:p>甲<text:s text:c="2"/>乙</text:p>'
        "<text:p>丙</text:p></table:table-cell></table:table-row>"
        '<table:table-row table:visibility="collapse"><table:table-cell table:number-columns-spanned="2" '
        'table:number-rows-spanned="2" table:style-name="off"><text:p>合</text:p></table:table-cell>'
        "<table:covered-table-cell/><table:table-cell><text:p>尾</text:p></table:table-cell></table:table-row>"
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row></table:table>'
    )
    (found,) = read(tmp_path, made.open_document(body, OPEN_STYLES), "表.ods")
    assert found.rows == [
        (1, ["0007", 7, 1.5, 1.01234567890123e19, dt.date(2021, 5, 1), dt.datetime(2021, 5, 1, 8, 30),
             dt.time(8, 30), 3.5, 30.0, True]),
        (2, ["甲  乙\n丙"] * 2), (3, ["甲  乙\n丙"] * 2), (4, ["合", None, "尾"]),
    ]  # fmt: skip
    assert found.merges == (Merge(4, 0, 5, 1),)
    assert found.struck == {(4, 0)}
    assert len(found.notes) == 3  # a hidden sheet, a hidden row, a hidden column


def test_values_of_an_xml_workbook(tmp_path: Path) -> None:
    styles = '<Style ss:ID="off"><Font ss:StrikeThrough="1"/></Style><Style ss:ID="code"><NumberFormat ss:Format="0000"/></Style>'
    body = (
        '<Worksheet ss:Name="表"><Table><Column ss:Hidden="1"/>'
        '<Row ss:Index="3"><Cell ss:Index="2"><Data ss:Type="Number">12</Data><Comment><ss:Data>批注</ss:Data></Comment></Cell>'
        '<Cell ss:StyleID="code"><Data ss:Type="Number">7</Data></Cell>'
        '<Cell><Data ss:Type="DateTime">2021-05-01T00:00:00.000</Data></Cell>'
        '<Cell><Data ss:Type="DateTime">1899-12-31T08:30:00.000</Data></Cell></Row>'
        '<Row><Cell ss:MergeAcross="1" ss:MergeDown="1" ss:StyleID="off"><ss:Data ss:Type="String">张<B>三</B></ss:Data></Cell>'
        '<Cell><Data ss:Type="Boolean">1</Data></Cell></Row>'
        '<Row ss:Hidden="1"><Cell ss:Index="3"><Data ss:Type="Error">#N/A</Data></Cell></Row></Table>'
        "<WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions></Worksheet>"
    )
    (found,) = read(tmp_path, made.xml_workbook(body, styles))
    assert found.rows == [
        (3, [None, 12, "0007", dt.date(2021, 5, 1), dt.time(8, 30)]), (4, ["张三", None, True]), (5, [None, None, "#N/A"])
    ]  # fmt: skip
    assert found.merges == (Merge(4, 0, 5, 1),)
    assert found.struck == {(4, 0)}
    assert len(found.notes) == 3  # a hidden sheet, a hidden row, a hidden column


def test_a_text_document_has_titles_and_leaves_deleted_text_out(tmp_path: Path) -> None:
    inside = (
        "<text:tracked-changes><text:p>删去的</text:p></text:tracked-changes><text:p>水上救援队名单</text:p>"
        + made.open_document_table(ROWS)
    )
    (found,) = read(tmp_path, made.open_document(inside, kind="text"), "x.odt")
    assert found.sheet == "水上救援队名单"
    assert [n for n, _ in found.rows] == [0, 1, 2, 3, 4]


REPEATED = (
    '<table:table table:name="x"><table:table-row table:number-rows-repeated="{}"><table:table-cell '
    'table:number-columns-repeated="{}" office:value-type="string"><text:p>一</text:p></table:table-cell></table:table-row></table:table>'
)
DOCTYPE = '<?xml version="1.0"?><!DOCTYPE Workbook [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (made.open_document(REPEATED.format(1_000_000, 16_000)), "展开后过大"),
        (made.open_document(REPEATED.format(1, 9_999_999)), "展开后过大"),
        (made.open_document("<a>" * 3000), "损坏"),
        (made.packed({"mimetype": "x", "content.xml": b"\x01\x02", "META-INF/manifest.xml": "<a><encryption-data/></a>"}), "密码"),
        (DOCTYPE + "<Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>&x;</Workbook>", "文档类型声明"),
        (made.xml_workbook('<Worksheet><Table><Row ss:Index="9999999"/></Table></Worksheet>'), "展开后过大"),
        (made.xml_workbook('<Worksheet><Table><Row><Cell ss:Index="99999"/></Row></Table></Worksheet>'), "展开后过大"),
        (made.xml_workbook(made.xml_sheet(ROWS))[:-30], "损坏"),
        (made.xml_workbook(""), "没有工作表"),
        ('<?xml version="1.0"?><w:wordDocument xmlns:w="x"/>', ".docx"),
        ('<?xml version="1.0"?><other/>', "没有认得出的表格"),
        (b"MIME-Version: 1.0\nContent-Type: text/html\n\n<p>x</p>", "没有表格"),
    ],
)  # fmt: skip
def test_what_is_refused_by_a_sentence(tmp_path: Path, content: bytes | str, said: str) -> None:
    with pytest.raises(FileTrouble, match=said) as caught:
        read(tmp_path, content)
    assert "没有导入任何内容" in str(caught.value) or "另存为 .xlsx" in str(caught.value)
