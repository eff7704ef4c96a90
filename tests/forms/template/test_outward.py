"""A form that reaches for other files, data or programs is told of when it is filled; a link to click is not."""

import io
import zipfile

import docx
import openpyxl
import pytest
from openpyxl.packaging.relationship import Relationship
from openpyxl.workbook.external_link.external import ExternalBook, ExternalLink

from forms.template.outward import outward

_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _workbook() -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active["A1"] = '=HYPERLINK("http://x", "官网")'
    book.active["A2"].hyperlink = "http://www.redcross.org.cn"
    book.save(out)
    return out.getvalue()


def _document() -> bytes:
    made, out = docx.Document(), io.BytesIO()
    made.add_paragraph("{{本会.单位名称}}")
    made.save(out)
    return out.getvalue()


def _with(content: bytes, **parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        for name, text in parts.items():
            new.writestr(name.replace("__", "/").replace("_D_", "."), text)
    return out.getvalue()


def _relations(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" Type="{_TYPES}/{kind}" Target="{target}" '
        'TargetMode="&#69;xternal"/></Relationships>'
    )


def test_what_is_its_own_is_not_told() -> None:
    assert outward(_workbook()) == ()
    assert outward(_document()) == ()
    assert outward(_with(_document(), word___rels__footnotes_D_xml_D_rels=_relations("hyperlink", "http://x"))) == ()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "xl__externalLinks___rels__externalLink1_D_xml_D_rels",
            _relations("externalLinkPath", "file:///\\\\server\\x.xlsx"),
        ),
        (
            "xl__externalLinks__externalLink1_D_xml",
            '<externalLink><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>',
        ),
        ("xl__connections_D_xml", '<connections><connection id="1" name="x"/></connections>'),
        ("word___rels__settings_D_xml_D_rels", _relations("attachedTemplate", "http://server/x.dotm")),
        ("word___rels__other_D_xml_D_rels", _relations("image", "\\\\server\\share\\x.png")),
        (
            "word__footer1_D_xml",
            '<w:ftr xmlns:w="x"><w:instrText xml:space="preserve"> DDEAUTO c:\\x </w:instrText></w:ftr>',
        ),
        ("word__header1_D_xml", '<w:hdr xmlns:w="x"><w:fldSimple w:instr=" INCLUDETEXT \\\\s\\x "/></w:hdr>'),
    ],
)
def test_what_it_reaches_for_is_told(name: str, text: str) -> None:
    (told,) = outward(_with(_workbook() if name.startswith("xl") else _document(), **{name: text}))
    assert "1 处" in told


def test_a_link_as_excel_writes_it() -> None:
    book, out = openpyxl.Workbook(), io.BytesIO()
    link = ExternalLink()
    link.externalBook = ExternalBook(id="rId1")
    link.file_link = Relationship(
        type="externalLinkPath", Target="\\\\server\\别处.xlsx", TargetMode="External", Id="rId1"
    )
    book._external_links.append(link)
    book.save(out)
    assert len(outward(out.getvalue())) == 1
