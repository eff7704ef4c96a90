"""Tables of Word documents: what Word shows when every change is accepted, cell by cell."""

import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from desktop.services.importing import import_files
from forms.errors import FileTrouble
from forms.reading.files import read_tables
from forms.reading.sheet_shape import Merge
from forms.reading.table import Table
from tests.journeys.workbook_shapes import HEAD, person
from tests.qa.fuzz_import import TODAY, office

W = nsdecls("w")


def cell(*inside: str, look: str = "") -> str:
    return f"<w:tc><w:tcPr>{look}</w:tcPr>{''.join(inside)}</w:tc>"


def run(text: str, look: str = "") -> str:
    return f"<w:r><w:rPr>{look}</w:rPr><w:t>{text}</w:t></w:r>"


def para(*inside: str) -> str:
    return f"<w:p>{''.join(inside)}</w:p>"


def words(*texts: str) -> str:
    return "".join(cell(para(run(t))) for t in texts)


def row(*cells: str, look: str = "") -> str:
    return f"<w:tr><w:trPr>{look}</w:trPr>{''.join(cells)}</w:tr>"


def table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


def document(folder: Path, *blocks: str) -> Path:
    made = docx.Document()
    body = made.element.body
    inside = parse_xml(
        f'<w:body {W} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">{"".join(blocks)}</w:body>'
    )
    for n, block in enumerate(list(inside)):
        body.insert(n, block)
    made.save(str(folder / "名单.docx"))
    return folder / "名单.docx"


def rows_of(found: Table) -> list[list[object]]:
    return [list(cells) for _, cells in found.rows]


def test_the_paragraph_above_is_the_title_and_rows_are_those_of_the_table(tmp_path: Path) -> None:
    path = document(
        tmp_path,
        para(run("关于报送名单的通知。" * 20)),
        para(run("水上救援队队员名单")),
        para(run("填报单位：某县红十字会")),
        table(row(words("姓名", "电话")), row(words("张三", "1")), row(words("", "")), row(words("李四", "2"))),
    )
    (found,) = read_tables(path)
    assert found.sheet == "水上救援队队员名单"
    assert [n for n, _ in found.rows] == [-1, 0, 1, 2, 4]
    assert rows_of(found)[2:] == [["姓名", "电话"], ["张三", "1"], ["李四", "2"]]


def test_merged_cells(tmp_path: Path) -> None:
    wide, down, on = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    path = document(
        tmp_path,
        table(
            row(cell(para(run("登记")), look=wide), words("备注")),
            row(cell(para(run("甲队")), look=down), words("张三", "一")),
            row(cell(para(), look=on), words("李四", "二")),
            row(words("王五"), look='<w:gridBefore w:val="1"/>'),
        ),
    )
    (found,) = read_tables(path)
    assert rows_of(found) == [["登记", None, "备注"], ["甲队", "张三", "一"], [None, "李四", "二"], [None, "王五"]]
    assert set(found.merges) == {Merge(1, 0, 1, 1), Merge(2, 0, 3, 0)}


def test_tracked_changes_are_read_as_accepted(tmp_path: Path) -> None:
    path = document(
        tmp_path,
        table(
            row(words("姓名", "电话")),
            row(
                cell(para("<w:del><w:r><w:delText>旧名</w:delText></w:r></w:del>", f"<w:ins>{run('张三')}</w:ins>")),
                cell(para("<w:moveFrom>" + run("1") + "</w:moveFrom>", f"<w:moveTo>{run('2')}</w:moveTo>")),
            ),
            row(words("走了的人", "9"), look='<w:del w:id="1" w:author="a"/>'),
            row(words("新来的人", "3"), look='<w:ins w:id="2" w:author="a"/>'),
        ),
    )
    (found,) = read_tables(path)
    assert rows_of(found) == [["姓名", "电话"], ["张三", "2"], ["新来的人", "3"]]


def test_controls_boxes_symbols_and_fields(tmp_path: Path) -> None:
    control = "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>"
    inside = "<w:txbxContent>{0}</w:txbxContent>"
    box = (
        f"<mc:AlternateContent><mc:Choice Requires='wps'>{inside}</mc:Choice>"
        f"<mc:Fallback>{inside}</mc:Fallback></mc:AlternateContent>"
    )
    symbol = '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>'
    field = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>' + run("7")
    path = document(
        tmp_path,
        para("<w:r>" + box.format(table(row(words("框里的", "表")), row(words("一", "二")))) + "</w:r>"),
        control.format(
            table(
                control.format(row(words("姓名"), control.format(cell(para(control.format(run("性别"))))))),
                row(cell(para(symbol, run("是"), run("藏", "<w:vanish/>"))), cell(para(field))),
                row(
                    cell(para("<w:r>" + box.format(para(run("框中"))) + "</w:r>")),
                    cell(para(run("甲")), para(run("乙"))),
                ),
            )
        ),
    )
    first, second = read_tables(path)
    assert rows_of(first) == [["框里的", "表"], ["一", "二"]]
    assert rows_of(second) == [["姓名", "性别"], ["☑是", "7"], ["框中", "甲\n乙"]]


def test_struck_through_cells_are_told(tmp_path: Path) -> None:
    off = run("李四", '<w:strike w:val="0"/>')
    path = document(
        tmp_path,
        table(row(words("姓名")), row(cell(para(run("张三", "<w:strike/>")))), row(cell(para(off)))),
    )
    (found,) = read_tables(path)
    assert found.struck == {(2, 0)}


def test_several_tables_nested_ones_and_one_that_goes_on(tmp_path: Path) -> None:
    head = row(words("姓名", "电话"), look="<w:tblHeader/>")
    path = document(
        tmp_path,
        para(run("名单")), table(head, row(words("张三", "1"))),
        para(), table(head, row(words("李四", "2"))),
        para(run("名单")), table(head, row(words("王五", "3"))),
        para(run("框")), table(row(cell(para(run("里面")), table(head, row(words("赵六", "4"))), para()))),
    )  # fmt: skip
    found = read_tables(path)
    assert [t.sheet for t in found] == ["名单", "名单 2", "里面"]
    assert found[0].rows == [(0, ["名单"]), (1, ["姓名", "电话"]), (2, ["张三", "1"]), (4, ["李四", "2"])]
    assert rows_of(found[2])[1:] == [["姓名", "电话"], ["赵六", "4"]]


def repacked(path: Path, name: str, part: bytes) -> Path:
    with zipfile.ZipFile(path) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for n, old in parts.items():
            archive.writestr(n, part if n == name else old)
    path.write_bytes(out.getvalue())
    return path


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "文档类型声明"),
        (b"<a>" + (b"<b>" + b" " * 99_000 + b"</b>") * 90 + b"</a>", "展开后过大"),
        (b"<a>" + b"<b/>" * 2_600_000 + b"</a>", "展开后过大"),
        (b"<a>" * 5000, "损坏"),
        (b"<a/>", "没有表格"),
    ],
)
def test_what_is_refused_by_a_sentence(tmp_path: Path, part: bytes, said: str) -> None:
    path = repacked(document(tmp_path, table(row(words("姓名")))), "word/document.xml", part)
    with pytest.raises(FileTrouble, match=said) as caught:
        read_tables(path)
    assert "没有导入任何内容" in str(caught.value)


def test_a_span_that_no_table_has_is_bounded(tmp_path: Path) -> None:
    wide = cell(para(run("甲")), look='<w:gridSpan w:val="99999"/>')
    (found,) = read_tables(document(tmp_path, table(row(*[wide] * 50), row(words("乙")))))
    assert max(len(r) for _, r in found.rows) < 600


def test_a_list_of_people_goes_in(tmp_path: Path) -> None:
    store = office(tmp_path)
    path = document(
        tmp_path,
        para(run("志愿者花名册")),
        table(row(words(*HEAD)), *[row(words(*map(str, person(i)))) for i in range(3)]),
    )
    done = import_files(store, [path], today=TODAY)
    assert [(s.sheet, s.added, s.refused) for s in done.result.sheets] == [("志愿者花名册", 3, 0)]


def test_one_page_forms_go_in(tmp_path: Path) -> None:
    store = office(tmp_path)
    blocks = []
    for i in range(2):
        name, card, phone, day = map(str, person(i))
        blocks += [
            para(run("志愿者登记表")),
            table(
                row(words("姓名", name, "民族", "汉族")),
                row(words("身份证号", card), words("联系电话", phone)),
                row(words("登记日期", day, "政治面貌", "群众")),
            ),
        ]
    done = import_files(store, [document(tmp_path, *blocks)], today=TODAY)
    assert [(s.kind, s.added, s.refused) for s in done.result.sheets] == [("volunteer", 2, 0)]
