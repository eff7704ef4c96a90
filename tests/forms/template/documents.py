"""Documents as offices above send them, made by hand: XML as Word, WPS and their users leave it."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from forms.reading.word_elements import local

MORE = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
)
LINE = '<w:u w:val="single"/>'


def run(text: str, look: str = "") -> str:
    """A stretch of text."""
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def para(*inside: str, look: str = "") -> str:
    """A paragraph; plain words become one stretch."""
    runs = "".join(part if part.startswith("<") or not part else run(part) for part in inside)
    return f"<w:p><w:pPr>{look}</w:pPr>{runs}</w:p>"


def cell(*inside: str, span: int = 1, merge: str = "") -> str:
    """A cell: words or paragraphs; `merge` is ``restart`` or ``continue``."""
    look = (f'<w:gridSpan w:val="{span}"/>' if span > 1 else "") + (f'<w:vMerge w:val="{merge}"/>' if merge else "")
    blocks = "".join(part if part.startswith("<w:p>") or part.startswith("<w:tbl>") else para(part) for part in inside)
    return f"<w:tc><w:tcPr>{look}</w:tcPr>{blocks or para()}</w:tc>"


def row(*cells: str) -> str:
    """A row of cells; words become one."""
    return f"<w:tr>{''.join(c if c.startswith('<w:tc>') else cell(c) for c in cells)}</w:tr>"


def table(*rows: str, columns: int = 3) -> str:
    """A table with borders."""
    grid = '<w:gridCol w:w="2400"/>' * columns
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}</w:tbl>'
    )


def box(*paragraphs: str, old: bool = True) -> str:
    """A text box in a stretch, with what older programs show in its place."""
    inside = "".join(paragraphs)
    fallback = f"<w:pict><v:shape><v:textbox><w:txbxContent>{inside}</w:txbxContent></v:textbox></v:shape></w:pict>"
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx><w:txbxContent>'
        f"{inside}</w:txbxContent></wps:txbx></w:drawing></mc:Choice>"
        + (f"<mc:Fallback>{fallback}</mc:Fallback>" if old else "")
        + "</mc:AlternateContent></w:r>"
    )


def document(*blocks: str, header: str = "", footer: str = "") -> bytes:
    """A document with some blocks, made from an ordinary one with styles and all."""
    made = docx.Document()
    body = made.element.body
    inside = parse_xml(f"<w:body {nsdecls('w')} {MORE}>{''.join(blocks)}</w:body>")
    for n, block in enumerate(list(inside)):
        body.insert(n, block)
    for place, words in ((made.sections[0].header, header), (made.sections[0].footer, footer)):
        if words:
            place.paragraphs[0].text = words
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def repacked(content: bytes, changed: Mapping[str, bytes | None]) -> bytes:
    """The same package with some parts changed or, where nothing is given, left out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in [*old.namelist(), *(n for n in changed if n not in old.namelist())]:
            part = changed[name] if name in changed else old.read(name)
            if part is not None:
                new.writestr(name, part)
    return out.getvalue()


def part(content: bytes, name: str = "word/document.xml") -> str:
    """A part of a package as text."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode()


def grid(content: bytes, number: int = 0) -> list[list[str]]:
    """The cells of a table as another program reads it: each merged one in every place that it covers."""
    made = docx.Document(io.BytesIO(content)).tables[number]
    return [[c.text for c in line.cells] for line in made.rows]


def lines(content: bytes) -> list[str]:
    """The paragraphs outside of tables."""
    return [p.text for p in docx.Document(io.BytesIO(content)).paragraphs]


def all_text(element: Any) -> str:
    """Everything that is written below an element."""
    return "".join(e.text or "" for e in element.iter() if local(e) == "t")


def saved(folder: Path, content: bytes, name: str = "上级表.docx") -> Path:
    """Write a document to disk."""
    path = folder / name
    path.write_bytes(content)
    return path
