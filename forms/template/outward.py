"""What a form reaches for outside itself: files, data and programs that Excel or Word fetch where it is opened.

All of it stays in a filled form, as everything that is not bound does. It came from somebody, so it is told.
"""

import io
import re
import zipfile

from lxml import etree

from forms.template.package import parse

_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# Fields of Word that fetch; of Excel, links to running programs and connections to data.
_FETCHES = re.compile(
    rb"<w:(?:instrText|fldSimple)\b[^>]*(?:>\s*|instr=\"\s*)(?:DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|LINK)\b"
)
_DATA = re.compile(rb"<(?:\w+:)?(?:connection|ddeLink|oleLink)\b")


def outward(content: bytes) -> tuple[str, ...]:
    """Return what is to be told of a form that has passed the gate: nothing where all of it is its own.

    A link that a person clicks is none: it fetches nothing by itself.
    """
    found = 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            lower = name.lower()
            if lower.endswith(".rels"):
                found += _fetched(archive.read(name))
            elif lower.startswith("word/") and lower.endswith(".xml"):
                found += len(_FETCHES.findall(archive.read(name)))
            elif lower.startswith("xl/externallinks/") or lower == "xl/connections.xml":
                found += len(_DATA.findall(archive.read(name)))
    if not found:
        return ()
    return (
        f"模板里有 {found} 处会去取别处的文件、数据或程序，填好的表里还在：用 Excel、Word 或 WPS 打开时可能会去取。"
        "请向发模板的单位核实；打开时提示更新链接或启用内容的，不要同意",
    )


def _fetched(relations: bytes) -> int:
    try:
        root = parse(relations)
    except etree.XMLSyntaxError:
        return 0
    return sum(
        1 for one in root.iter(_RELATIONSHIP)
        if one.get("TargetMode") == "External" and not (one.get("Type") or "").endswith("/hyperlink")
    )  # fmt: skip
