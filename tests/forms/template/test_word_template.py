"""Superiors' documents: names and blanks get the quarter's values wherever Word left them; everything else stays."""

import io
import re
import zipfile

import docx
import pytest
from lxml import etree

from forms.errors import FileTrouble
from forms.reading.files import read_content
from forms.template import Filled, Values, WordTemplate
from forms.template.suggesting import suggest_all
from forms.template.view import SheetView, look, written_names
from tests.forms.template.documents import (
    LINE,
    all_text,
    box,
    cell,
    document,
    grid,
    lines,
    para,
    part,
    repacked,
    row,
    run,
    table,
)

TEAMS = [
    {"number": 1, "name": "救护一队", "persons_end": 8, "income_fen": 1_000_000, "established_on": "2024-03-05"},
    {"number": 2, "name": "献血宣传队", "persons_end": 5, "income_fen": 2_000_000, "established_on": "2025-01-10"},
    {"number": 3, "name": "水上救援队", "persons_end": 3, "income_fen": 0, "established_on": None},
]
VALUES = Values(
    {
        "合计": {"income_fen": 1_500_000, "service_minutes": 150, "persons_end": 12_500, "trainings": 4},
        "本会": {"name": "云水县红十字会", "contact": "林一"},
        "季度": {"label": "2026年第三季度", "issued": "2026-10-08", "end": "2026-09-30"},
    },
    {"队伍": TEAMS, "培训": [], "队员": [{"number": 1, "name": "林一", "phone": "13800138000"}]},
)


def fill(*blocks: str, bound: dict[str, dict[str, str]] | None = None, values: Values = VALUES, **more: str) -> Filled:
    return WordTemplate(document(*blocks, **more), "表.docx").fill(values, bound)


def views(*blocks: str, **more: str) -> dict[str, SheetView]:
    return {view.name: view for view in look(WordTemplate(document(*blocks, **more), "表.docx"))}


# Names that are written in the document


def test_a_name_cut_into_stretches_is_one_and_keeps_the_look_of_where_it_begins() -> None:
    bold = "<w:b/>"
    marks = '<w:proofErr w:type="spellStart"/>', '<w:bookmarkStart w:id="7" w:name="x"/><w:bookmarkEnd w:id="7"/>'
    done = fill(
        para("填报单位：", run("{", bold), marks[0], run("{本会."), marks[1], run("单位名称"), run("}}（盖章）"))
    )
    assert lines(done.content)[0] == "填报单位：云水县红十字会（盖章）"
    made = docx.Document(io.BytesIO(done.content)).paragraphs[0]
    assert [(r.text, bool(r.bold)) for r in made.runs if r.text] == [
        ("填报单位：", False), ("云水县红十字会", True), ("（盖章）", False),
    ]  # fmt: skip
    assert "bookmarkStart" in part(done.content)


def test_what_is_taken_out_by_a_change_is_not_read_and_what_is_put_in_is() -> None:
    gone = '<w:del w:id="1" w:author="x"><w:r><w:delText>{{本会.没有}}</w:delText></w:r></w:del>'
    come = f'<w:ins w:id="2" w:author="x">{run("{{本会.单位名称}}")}</w:ins>'
    done = fill(para(gone, come))
    assert lines(done.content)[0] == "" or "云水县红十字会" in part(done.content)
    assert "云水县红十字会" in part(done.content)
    assert "delText" in part(done.content)


def test_a_table_repeats_its_row_for_each_team_and_counts_on() -> None:
    done = fill(
        table(
            row("序号", "队伍", "成立日期"),
            row("1", "{{队伍.名称}}", "{{队伍.成立日期}}"),
            row(cell("合计", span=2), "{{合计.季末在队人数}}人"),
        )
    )
    assert grid(done.content) == [
        ["序号", "队伍", "成立日期"],
        ["1", "救护一队", "2024-03-05"], ["2", "献血宣传队", "2025-01-10"], ["3", "水上救援队", ""],
        ["合计", "合计", "12,500人"],
    ]  # fmt: skip
    assert done.records == {"队伍": 3}
    assert (done.cells, done.notes) == (7, ())


def test_prepared_rows_are_used_first_and_what_is_left_of_them_stays_blank() -> None:
    head, model, foot = (
        row("序号", "队伍", "人数"),
        row("1", "{{队伍.名称}}", "{{队伍.季末在队人数}}"),
        row("小计", "", "{{合计.季末在队人数}}"),
    )
    few = fill(table(head, model, row("2", "", ""), foot))
    assert [r[:2] for r in grid(few.content)[1:]] == [
        ["1", "救护一队"],
        ["2", "献血宣传队"],
        ["3", "水上救援队"],
        ["小计", ""],
    ]
    many = fill(table(head, model, *(row(str(n), "", "") for n in range(2, 6)), foot))
    assert [r[:2] for r in grid(many.content)[1:]] == [
        ["1", "救护一队"], ["2", "献血宣传队"], ["3", "水上救援队"], ["4", ""], ["5", ""], ["小计", ""],
    ]  # fmt: skip
    copied = fill(table(head, *[row("", "{{队伍.名称}}", "")] * 5, foot))
    assert [r[1] for r in grid(copied.content)[1:]] == ["救护一队", "献血宣传队", "水上救援队", "", "", ""]


def test_merged_cells_stay_merged_over_the_rows_that_come() -> None:
    """One over all rows grows; one of a record of two rows is copied; one to the right stays as wide."""
    done = fill(
        table(
            row(cell("队伍情况", merge="restart"), "{{队伍.名称}}", "{{队伍.季末在队人数}}"),
            row(cell(merge="continue"), "合计", "{{合计.季末在队人数}}"),
        )
    )
    assert [r[0] for r in grid(done.content)] == ["队伍情况"] * 4
    assert len(re.findall(r'w:vMerge w:val="restart"', part(done.content))) == 1
    (read,) = read_content(done.content, "填好.docx")
    assert [(m.top, m.left, m.bottom, m.right) for m in read.merges] == [(1, 0, 4, 0)]
    done = fill(
        table(
            row(cell("{{队伍.名称}}", merge="restart"), "人数", "{{队伍.季末在队人数}}"),
            row(cell(merge="continue"), "收入", "{{队伍.本季收入}}"),
        )
    )
    assert grid(done.content)[2:4] == [["献血宣传队", "人数", "5"], ["献血宣传队", "收入", "20,000.00"]]
    (read,) = read_content(done.content, "填好.docx")
    assert [(m.top, m.bottom) for m in read.merges] == [(1, 2), (3, 4), (5, 6)]


def test_a_row_in_a_content_control_and_a_frame_around_a_table() -> None:
    inside = row("{{队伍.序号}}", "{{队伍.名称}}", "")
    held = f'<w:sdt><w:sdtPr><w:id w:val="5"/></w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>'
    done = fill(table(row(cell("附表", table(row("序号", "队伍", "备注"), held), para()))))
    (inner,) = [t for t in read_content(done.content, "t.docx")]
    assert [list(c) for n, c in inner.rows if n > 0] == [
        ["序号", "队伍", "备注"], ["1", "救护一队"], ["2", "献血宣传队"], ["3", "水上救援队"],
    ]  # fmt: skip


def test_rows_with_typed_teams_take_their_own() -> None:
    done = fill(
        table(
            row("队伍", "人数", ""), row("献血宣传队", "{{队伍.季末在队人数}}", ""), row("救护一队", "{{队伍.季末在队人数}}", ""),
            row("某某队", "{{队伍.季末在队人数}}", ""),
        )
    )  # fmt: skip
    assert [r[:2] for r in grid(done.content)] == [
        ["队伍", "人数"],
        ["献血宣传队", "5"],
        ["救护一队", "8"],
        ["某某队", ""],
    ]
    assert any("“表1”第 4 行写的队伍不在台账里" in note for note in done.notes)


def test_lines_repeat_too_and_a_section_ends_after_the_last() -> None:
    section = '<w:sectPr><w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/></w:sectPr>'
    done = fill(
        para("各队情况："),
        para("{{队伍.序号}}．{{队伍.名称}}"),
        para("现有{{队伍.季末在队人数}}人，成立于{{队伍.成立日期}}。", look=section),
        para("完"),
    )
    assert lines(done.content)[:8] == [
        "各队情况：", "1．救护一队", "现有8人，成立于2024年3月5日。", "2．献血宣传队", "现有5人，成立于2025年1月10日。",
        "3．水上救援队", "现有3人，成立于。", "完",
    ]  # fmt: skip
    made = docx.Document(io.BytesIO(done.content))
    assert [
        p.text
        for p in made.paragraphs
        if p._p.pPr is not None and p._p.pPr.find(docx.oxml.ns.qn("w:sectPr")) is not None
    ] == ["现有3人，成立于。"]


def test_no_records_leave_an_empty_row_and_an_empty_line() -> None:
    done = fill(
        para("{{培训.培训名称}}，{{培训.地点}}"),
        table(row("培训", "地点", ""), row("{{培训.培训名称}}", "{{培训.地点}}", "")),
    )
    assert grid(done.content) == [["培训", "地点", ""], ["", "", ""]]
    assert lines(done.content)[0] == ""
    assert done.records == {"培训": 0}


def test_headers_footers_text_boxes_and_notes_are_filled() -> None:
    done = fill(
        para("正文", box(para("截至{{季度.截止日期}}"))), header="{{本会.单位名称}}", footer="填报于{{季度.填报日期}}"
    )
    text = part(done.content)
    assert text.count("截至2026年9月30日") == 2  # drawn twice, for old programs and new
    made = docx.Document(io.BytesIO(done.content)).sections[0]
    assert made.header.paragraphs[0].text == "云水县红十字会"
    assert made.footer.paragraphs[0].text == "填报于2026年10月8日"
    assert {"word/document.xml", "word/header1.xml", "word/footer1.xml"} == set(done.parts)
    with pytest.raises(FileTrouble, match="页眉页脚、文本框里不能用每条一行的名称"):
        fill(para("正文"), header="{{队伍.名称}}")
    with pytest.raises(FileTrouble, match="页眉页脚、文本框里不能用每条一行的名称"):
        fill(para(box(para("{{队伍.名称}}"))))


def test_figures_are_given_in_the_forms_unit() -> None:
    """In a heading, in a line over the table, behind the figure, in the label before it; days as documents write them."""
    assert (
        grid(fill(table(row("项目", "本季收入（万元）", ""), row("合计", "{{合计.本季收入}}", ""))).content)[1][1]
        == "1.5"
    )
    named = fill(table(row("项目", "{{季度.名称}}收入（万元）", ""), row("合计", "{{合计.本季收入}}", "")))
    assert grid(named.content)[1][1] == "1.5"
    over = fill(
        para("单位：万元"), table(row("项目", "收入", ""), row("合计", "{{合计.本季收入}}", "{{合计.季末在队人数}}"))
    )
    assert grid(over.content)[1][1:] == ["1.5", "12,500"]
    assert lines(fill(para("收入{{合计.本季收入}}万元")).content)[0] == "收入1.5万元"
    assert lines(fill(para("收入（万元）：{{合计.本季收入}}")).content)[0] == "收入（万元）：1.5"
    assert lines(fill(para("收入{{合计.本季收入}}元")).content)[0] == "收入15,000.00元"
    assert grid(fill(table(row("填报日期", "{{季度.填报日期}}", ""))).content)[0][1] == "2026年10月8日"


def test_a_text_of_several_lines_stands_in_several_lines() -> None:
    values = Values({"本会": {"name": "云水县\n红十字会 & <分会>\x07"}}, {})
    done = fill(para("{{本会.单位名称}}"), values=values)
    assert lines(done.content)[0] == "云水县\n红十字会 & <分会>"


def test_numbers_of_people_are_covered_unless_asked_for() -> None:
    blocks = table(row("姓名", "手机", ""), row("{{队员.姓名}}", "{{队员.手机号码}}", ""))
    assert grid(fill(blocks).content)[1][1] == "138****8000"
    whole = Values(VALUES.single, VALUES.records, masked=False)
    assert grid(fill(blocks, values=whole).content)[1][1] == "13800138000"


def test_fields_that_calculate_are_marked_and_said() -> None:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> =SUM(ABOVE) </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>0</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    done = fill(
        table(
            row("队伍", "人数", ""),
            row("{{队伍.名称}}", "{{队伍.季末在队人数}}", ""),
            row("合计", cell(para(field)), ""),
        )
    )
    assert done.notes == ("表格里用公式域算的格没有算：“表1”B3。请在 Word 或 WPS 里打开填好的文件，全选后按 F9 更新",)
    assert re.search(r'<w:fldChar w:fldCharType="begin" w:dirty="true"/>', part(done.content))


# What cannot be filled


def test_names_that_nobody_knows_are_told_with_their_places() -> None:
    with pytest.raises(
        FileTrouble, match=r"“表1”B1 的 \{\{合计.季末人数\}\}（是不是：.*；“文字”第 1 行 的 \{\{本会.名字"
    ):
        fill(para("{{本会.名字}}"), table(row("人数", "{{合计.季末人数}}", "")))
    with pytest.raises(FileTrouble, match="第 1 行同时用了“队伍”和“培训”"):
        fill(table(row("{{队伍.名称}}", "{{培训.培训名称}}", "")))
    with pytest.raises(FileTrouble, match="这一行同时用了“培训”和“队伍”"):
        fill(para("{{队伍.名称}}{{培训.培训名称}}"))
    with pytest.raises(FileTrouble, match="模板里没有要填的位置"):
        fill(para("没有"), table(row("没有", "", "")))


def test_a_name_that_is_not_whole_is_said_and_the_rest_is_filled() -> None:
    """Broken over two paragraphs, or without its end: it stays as it is, and is named with its place; a line break is none."""
    halves = cell(para("{{合计."), para("季末在队人数}}"))
    done = fill(para("{{本会.单位名称}}，{{合计.培训期数"), table(row("人数", halves, "{{合计.培训期数}}")))
    assert lines(done.content)[0] == "云水县红十字会，{{合计.培训期数"
    assert grid(done.content)[0] == ["人数", "{{合计.\n季末在队人数}}", "4"]
    assert done.notes == ("有的名称没有写在同一段里，或缺了括号，没有填：“表1”B1、“文字”第 1 行。请改好再填一次",)
    broken = run("{{合计.") + "<w:r><w:br/></w:r>" + run("季末在队人数}}")
    done = fill(table(row("人数", cell(para(broken)), "")))
    assert (grid(done.content)[0][1], done.notes) == ("12,500", ())


def test_names_within_a_repeated_row_that_are_nobodys_refuse_the_form() -> None:
    with pytest.raises(FileTrouble, match="里面的小表或文本框不能再写名称"):
        fill(table(row("{{队伍.名称}}", cell(table(row("{{合计.培训期数}}", "", "")), para()), "")))
    with pytest.raises(FileTrouble, match="里面的小表或文本框不能再写名称"):
        fill(table(row("{{队伍.名称}}", cell(para(box(para("{{合计.培训期数}}")))), "")))
    with pytest.raises(FileTrouble, match="挂在上面的文本框不能再写名称"):
        fill(para("{{队伍.名称}}", box(para("{{合计.培训期数}}"))))


def test_too_many_records_for_a_document_are_refused() -> None:
    many = Values({}, {"队员": [{"number": n, "name": "林一"} for n in range(200_000)]})
    with pytest.raises(
        FileTrouble, match=r"“队员”有 200000 条，填不进一张 Word 表格：表.docx。没有写出任何文件；请改用导出"
    ):
        fill(table(row("{{队员.序号}}", "{{队员.姓名}}", "")), values=many)


# What is pointed at


BLANKS = (
    para("填报单位：", run("          ", LINE), "（盖章）   填报日期：    年  月  日"),
    para("截至2026年9月30日，共有在队人数______人，本季收入____万元。"),
    table(
        row("联系人", "", "备注"),
        row("在队人数", "____", "电话：____"),
        row("培训期数（期）", cell("", span=2)),
        row(cell("填表人：____  审核人：____", span=3)),
    ),
)


def test_a_document_shows_its_tables_and_its_lines_cut_at_the_blanks() -> None:
    seen = views(*BLANKS, header="某省红十字会")
    assert list(seen) == ["表1", "文字", "页眉页脚"]
    assert seen["表1"].cells == {
        (1, 1): "联系人", (1, 3): "备注", (2, 1): "在队人数", (2, 3): "电话：____", (3, 1): "培训期数（期）",
        (4, 1): "填表人：____  审核人：____",
    }  # fmt: skip
    assert seen["表1"].merges == ((3, 2, 3, 3), (4, 1, 4, 3))
    assert not seen["表1"].is_place(3, 3)
    assert [seen["文字"].cells.get((1, c)) for c in range(1, 5)] == ["填报单位：", None, "（盖章）   填报日期：", None]
    assert [seen["文字"].cells.get((2, c)) for c in range(1, 6)] == [
        "截至2026年9月30日，共有在队人数", None, "人，本季收入", None, "万元。",
    ]  # fmt: skip
    assert not seen["文字"].is_place(1, 5)
    assert seen["页眉页脚"].cells == {(1, 1): "某省红十字会"}


def test_labels_beside_and_before_a_blank_say_what_it_is() -> None:
    seen = views(*BLANKS)
    assert suggest_all(seen["表1"]) == {"B1": "本会.联系人", "B2": "合计.季末在队人数", "B3": "合计.培训期数"}
    found = suggest_all(seen["文字"])
    assert {c: found[c] for c in ("B1", "D1", "B2", "D2")} == {
        "B1": "本会.单位名称", "D1": "季度.填报日期", "B2": "合计.季末在队人数", "D2": "合计.本季收入",
    }  # fmt: skip


def test_bound_blanks_and_cells_are_filled_and_the_words_around_them_stay() -> None:
    bound = {
        "表1": {"B1": "{{本会.联系人}}", "B2": "{{合计.季末在队人数}}", "C2": "{{本会.联系人}}", "B3": "{{合计.培训期数}}"},
        "文字": {"B1": "{{本会.单位名称}}", "D1": "{{季度.填报日期}}", "B2": "{{合计.季末在队人数}}", "D2": "{{合计.本季收入}}",
                 "B4": "{{本会.联系人}}"},
    }  # fmt: skip
    done = fill(*BLANKS, bound=bound)
    assert lines(done.content)[:2] == [
        "填报单位： 云水县红十字会 （盖章）   填报日期：2026年10月8日",
        "截至2026年9月30日，共有在队人数12,500人，本季收入1.5万元。",
    ]
    assert grid(done.content) == [
        ["联系人", "林一", "备注"], ["在队人数", "12,500", "电话：林一"], ["培训期数（期）", "4", "4"],
        ["填表人：林一  审核人：____"] * 3,
    ]  # fmt: skip
    assert re.search(
        r'<w:u w:val="single"/></w:rPr><w:t xml:space="preserve"> 云水县红十字会 </w:t>', part(done.content)
    )


def test_a_bound_cell_takes_the_look_that_was_set_for_it() -> None:
    look = '<w:rPr><w:rFonts w:eastAsia="仿宋"/><w:sz w:val="28"/></w:rPr>'
    done = fill(
        table(row("联系人", cell(para(look='<w:jc w:val="center"/>' + look)), "")),
        bound={"表1": {"B1": "{{本会.联系人}}"}},
    )
    assert re.search(
        r'<w:jc w:val="center"/>.*<w:r><w:rPr><w:rFonts w:eastAsia="仿宋"/><w:sz w:val="28"/></w:rPr><w:t[^>]*>林一',
        part(done.content),
    )


def test_bound_rows_repeat_and_bound_lines_too() -> None:
    done = fill(
        para("队伍：____，____人"),
        table(row("队伍", "人数", ""), row("", "", "")),
        bound={
            "表1": {"A2": "{{队伍.名称}}", "B2": "{{队伍.季末在队人数}}"},
            "文字": {"B1": "{{队伍.名称}}", "D1": "{{队伍.季末在队人数}}"},
        },
    )
    assert [r[:2] for r in grid(done.content)[1:]] == [["救护一队", "8"], ["献血宣传队", "5"], ["水上救援队", "3"]]
    assert lines(done.content)[:3] == ["队伍：救护一队，8人", "队伍：献血宣传队，5人", "队伍：水上救援队，3人"]


def test_content_controls_and_form_fields_are_blanks() -> None:
    control = (
        '<w:sdt><w:sdtPr><w:showingPlcHdr/><w:dataBinding w:xpath="/x" w:storeItemID="{1}"/></w:sdtPr><w:sdtContent>'
        f"{run('单击此处输入文字。', '<w:rStyle w:val=&quot;PlaceholderText&quot;/>'.replace('&quot;', chr(34)))}</w:sdtContent></w:sdt>"
    )
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:textInput/></w:ffData></w:fldChar></w:r>'
        '<w:r><w:instrText> FORMTEXT </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f'{run(chr(0x2002) * 5)}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    blocks = (para("联系人：", control), para("培训期数：", field, "期"))
    assert suggest_all(views(*blocks)["文字"]) == {"B1": "本会.联系人", "B2": "合计.培训期数"}
    done = fill(*blocks, bound={"文字": {"B1": "{{本会.联系人}}", "B2": "{{合计.培训期数}}"}})
    text = part(done.content)
    assert "联系人：林一" in all_text(etree.fromstring(text.encode()))
    assert re.search("培训期数： 4 期", all_text(etree.fromstring(text.encode())))
    assert not re.search('showingPlcHdr|dataBinding|PlaceholderText"/></w:rPr><w:t', text)


def test_what_was_bound_twice_or_is_not_there_refuses_the_form() -> None:
    with pytest.raises(FileTrouble, match="“表1”A4 这一格里有 2 处空，不知道填哪一处"):
        fill(*BLANKS, bound={"表1": {"A4": "{{本会.联系人}}"}})
    with pytest.raises(FileTrouble, match="同一格对应了两次：“表1”C2 和“文字”B3"):
        fill(*BLANKS, bound={"表1": {"C2": "{{本会.联系人}}"}, "文字": {"B3": "{{本会.联系人}}"}})
    with pytest.raises(FileTrouble, match="没有原来对应过的 C3 这一格"):
        fill(*BLANKS, bound={"表1": {"C3": "{{本会.联系人}}"}})
    with pytest.raises(FileTrouble, match="模板里没有原来对应过的“表2”"):
        fill(*BLANKS, bound={"表2": {"A1": "{{本会.联系人}}"}})


def test_a_blank_in_a_text_box_is_filled_in_both_of_its_forms() -> None:
    blocks = (para("正文", box(para("联系人：____"))),)
    assert suggest_all(views(*blocks)["文字"]) == {"B2": "本会.联系人"}
    done = fill(*blocks, bound={"文字": {"B2": "{{本会.联系人}}"}})
    assert part(done.content).count("联系人：林一") == 2


# The file


def test_everything_else_is_the_same_bytes_and_the_rest_of_the_document_the_same_elements() -> None:
    content = document(para("{{季度.名称}}情况"), *BLANKS, header="页眉", footer="第 页")
    done = WordTemplate(content, "表.docx").fill(VALUES)
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(io.BytesIO(done.content)) as new:
        assert old.namelist() == new.namelist()
        assert [n for n in new.namelist() if old.read(n) != new.read(n)] == ["word/document.xml"]
    assert done.parts == {"word/document.xml"}
    before, after = (etree.fromstring(part(c).encode()) for c in (content, done.content))
    said = next(e for e in before.iter() if e.text == "{{季度.名称}}情况")
    said.text = "2026年第三季度情况"
    assert etree.tostring(before, method="c14n") == etree.tostring(after, method="c14n")
    assert done.content == WordTemplate(content, "表.docx").fill(VALUES).content


def test_names_written_by_the_maker_are_listed() -> None:
    template = WordTemplate(
        document(para("{{季度.名称}}"), table(row("人数", "{{合计.季末在队人数}}人", "")), header="{{本会.单位名称}}"),
        "表.docx",
    )
    assert template.has_placeholders()
    assert written_names(template) == {
        "表1": {"B1": "{{合计.季末在队人数}}人"}, "文字": {"A1": "{{季度.名称}}"}, "页眉页脚": {"A1": "{{本会.单位名称}}"},
    }  # fmt: skip


def test_the_strict_form_of_documents_is_filled_too() -> None:
    plain = document(para("{{本会.单位名称}}"), table(row("人数", "{{合计.季末在队人数}}", "")))
    strict = part(plain).replace(
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    done = WordTemplate(repacked(plain, {"word/document.xml": strict.encode()}), "表.docx").fill(VALUES)
    (read,) = read_content(done.content, "t.docx")
    assert [list(c) for _, c in read.rows] == [["云水县红十字会"], ["人数", "12,500"]]


# Files that are none


def refused(content: bytes, match: str) -> None:
    with pytest.raises(FileTrouble, match=match) as found:
        WordTemplate(content, "来件.docx")
    assert "没有写出任何文件" in str(found.value)
    assert "来件.docx" in str(found.value)


def test_hostile_documents_are_refused_in_words() -> None:
    good = document(para("{{本会.单位名称}}"))
    text = part(good)
    head = text.index("<w:document")
    entity = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    refused(repacked(good, {"word/document.xml": (text[:head] + entity + text[head:]).encode()}), "文档类型声明")
    refused(repacked(good, {"word/header9.xml": f"{entity}<x/>".encode()}), "文档类型声明")
    refused(
        repacked(good, {"word/document.xml": text.replace("<w:body>", "<w:body>" + "<w:p/>" * 6_000_000).encode()}),
        "过大",
    )
    refused(
        repacked(good, {"word/document.xml": text.replace("<w:body>", "<w:body>" + "<w:p/>" * 400_001).encode()}),
        "过大",
    )
    refused(repacked(good, {"word/document.xml": text[: len(text) // 2].encode()}), "损坏")
    refused(repacked(good, {"word/document.xml": None}), "损坏")
    refused(
        repacked(good, {"word/document.xml": text.replace("<w:body>", "<w:body>" + "<w:p>" * 5_000).encode()}), "损坏"
    )
    refused(repacked(good, {"../x.xml": b"<x/>"}), "越界")
    refused(good[: len(good) // 2], "损坏")
    refused(b"", "损坏")
    refused(b"PK\x03\x04 no archive", "损坏")
    refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "另存为")


def test_a_workbook_under_a_documents_name_is_told() -> None:
    import openpyxl

    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    refused(out.getvalue(), "这不是 Word 文档")


def test_a_wide_grid_and_many_blanks_take_no_time() -> None:
    """Wide cells without number, blanks without end in one line: seconds at most, or refused."""
    wide = table(*(row(cell("x", span=256)) for _ in range(2_000)))
    refused(document(wide), "过大")
    many = para("填报单位：" + "____ ：  " * 20_000)
    assert len(views(many)["文字"].cells) <= 60
    nest = "<w:tbl><w:tr><w:tc>" * 200 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 200
    good = document(para("{{本会.单位名称}}"))
    refused(repacked(good, {"word/document.xml": part(good).replace("<w:body>", f"<w:body>{nest}").encode()}), "损坏")
