"""Files of other programs as bytes, each holding the same rows: what the tests of the readers and the fuzz are made of."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any
from xml.sax.saxutils import escape

import docx
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

Rows = Sequence[Sequence[object]]
ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"'
)
SHEET = 'xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"'


def shown(cell: object) -> str:
    """A cell as text."""
    return "" if cell is None else escape(str(cell))


def word(rows: Rows, title: str = "志愿者花名册") -> bytes:
    """A Word document with one table under a title."""
    made = docx.Document()
    made.add_paragraph(title)
    table = made.add_table(len(rows), max(len(r) for r in rows))
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            table.rows[r].cells[c].text = "" if value is None else str(value)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def packed(parts: dict[str, bytes | str]) -> bytes:
    """A zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


def flat_open_document(inside: str, styles: str = "", kind: str = "spreadsheet") -> str:
    """An OpenDocument as one piece of XML."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {ODF}><office:automatic-styles>{styles}'
        f"</office:automatic-styles><office:body><office:{kind}>{inside}</office:{kind}></office:body></office:document>"
    )


def open_document(inside: str, styles: str = "", kind: str = "spreadsheet") -> bytes:
    """An OpenDocument as it is packed."""
    return packed(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": flat_open_document(inside, styles, kind).replace(
                "office:document", "office:document-content"
            ),
            "META-INF/manifest.xml": "<manifest/>",
        }
    )


def open_document_table(rows: Rows, name: str = "花名册") -> str:
    """The rows as a table of an OpenDocument."""
    lines = (
        "".join(
            f'<table:table-cell office:value-type="string"><text:p>{shown(c)}</text:p></table:table-cell>' for c in row
        )
        for row in rows
    )
    body = "".join(f"<table:table-row>{line}</table:table-row>" for line in lines)
    return f'<table:table table:name="{name}">{body}</table:table>'


def xml_workbook(inside: str, styles: str = "") -> str:
    """A workbook as XML of 2003."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><?mso-application progid="Excel.Sheet"?>'
        f"<Workbook {SHEET}><Styles>{styles}</Styles>{inside}</Workbook>"
    )


def xml_sheet(rows: Rows, name: str = "花名册") -> str:
    """The rows as a sheet of XML of 2003."""
    lines = ("".join(f'<Cell><Data ss:Type="String">{shown(c)}</Data></Cell>' for c in row) for row in rows)
    return f'<Worksheet ss:Name="{name}"><Table>{"".join(f"<Row>{line}</Row>" for line in lines)}</Table></Worksheet>'


def page(rows: Rows, charset: str = "utf-8") -> str:
    """The rows as a web page."""
    lines = ("".join(f"<td>{shown(c)}</td>" for c in row) for row in rows)
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f'<html><head><meta charset="{charset}"></head><body><table>{body}</table></body></html>'


def page_archive(rows: Rows) -> bytes:
    """The rows as a web page with all its parts."""
    message = EmailMessage()
    message["Subject"] = "sheet"
    message.set_content("no table")
    message.add_related(page(rows, "gb2312"), subtype="html", charset="gb18030", cte="quoted-printable")
    content = message.as_bytes().replace(b'charset="gb18030"', b'charset="gb2312"')
    return content if content.lower().startswith(b"subject") else b"MIME-Version: 1.0\n" + content


@dataclass
class Drawing:
    """Pages of a PDF drawn by hand: texts at places in points from the upper left corner, and lines."""

    pages: list[list[tuple[float, float, str]]]
    lines: list[tuple[int, float, float, float, float]] = field(default_factory=list)  # page, x0, y0, x1, y1
    pictures: set[int] = field(default_factory=set)

    def write(self, password: str = "", **options: Any) -> bytes:
        """Return the file."""
        pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
        out = io.BytesIO()
        lock = StandardEncryption(password, ownerPassword="owner") if password else None
        canvas = Canvas(out, pagesize=(595, 842), encrypt=lock, **options)
        for n, texts in enumerate(self.pages):
            canvas.setFont("STSong-Light", 10)
            for x, y, text in texts:
                canvas.drawString(x, 842 - y, text)
            for page_, x0, y0, x1, y1 in self.lines:
                if page_ == n:
                    canvas.line(x0, 842 - y0, x1, 842 - y1)
            if n in self.pictures:
                canvas.drawImage(ImageReader(Image.new("L", (60, 60), 200)), 0, 0, 595, 842)
            canvas.showPage()
        canvas.save()
        return out.getvalue()


def pdf_table(
    pages: Sequence[Rows], title: str = "志愿者花名册", drawn: bool = True, widths: Sequence[float] = (), high: float = 20
) -> Drawing:  # fmt: skip
    """A table over some pages; a line break in a text is one on the page. Without `widths` the columns are 90 wide."""
    made = Drawing([])
    for n, rows in enumerate(pages):
        texts = [(200.0, 50.0, title), (280.0, 830.0, f"第 {n + 1} 页 共 {len(pages)} 页")]
        wide = list(widths) or [90.0] * len(rows[0])
        lefts = [30 + sum(wide[:i]) for i in range(len(wide) + 1)]
        for r, row in enumerate(rows):
            for left, value in zip(lefts, row, strict=False):
                for k, text in enumerate(("" if value is None else str(value)).split("\n")):
                    texts.append((left + 3, 70 + r * high + 13 + 11 * k, text))
        bottom = 70 + len(rows) * high
        if drawn:
            made.lines += [(n, lefts[0], 70 + r * high, lefts[-1], 70 + r * high) for r in range(len(rows) + 1)]
            made.lines += [(n, x, 70, x, bottom) for x in lefts]
        made.pages.append([t for t in texts if t[2]])
    return made


def pdf(rows: Rows, title: str = "志愿者花名册", drawn: bool = True) -> bytes:
    """A PDF with one table, 35 rows a page, the headings on every page."""
    pages = [[rows[0], *rows[at : at + 35]] for at in range(1, len(rows), 35)]
    wide = [20.0] * max(map(len, rows))
    for row in rows:
        for i, value in enumerate(row):
            text = str(value or "")
            wide[i] = max(wide[i], len(text) * (5 if text.isascii() else 10) + 20.0)
    return pdf_table(pages, title, drawn, wide).write()
