"""Files that are made to do harm, each with what must be said of it: ``python -m tests.qa.hostile_files [--control]``.

Every one is read as an import reads it, in a process of its own: the sentence (or the number of rows) must be the one that
stands beside it, in at most a second of the processor and 64 MiB more than the process had; a parser in a child of its
own has three, since starting it is most of them. The control gives the workbooks to a library as it is, with the same limits.
"""

import io
import os
import random
import resource
import signal
import struct
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import xlsxwriter

from db.errors import UserError
from forms.reading.files import read_tables
from tests.forms.reading import containers
from tests.forms.reading.containers import packed
from tests.qa.office import Counts, main

ROWS = [("姓名", "手机号码"), ("王某", "13900000001"), ("李某", "13900000002")]
SECONDS, IN_A_CHILD, MEMORY = 1.0, 3.0, 64 * 1024
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LAUGHS = (
    "<!DOCTYPE l [<!ENTITY a 'ha'>"
    + "".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9))
    + "]>"
)
_XXE = "<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>"
BIG, DTD, ODD, TWICE, OUT, GRID = (
    "展开后过大",
    "文档类型声明",
    "长得不正常",
    "重复的部件",
    "名字越界",
    "超出 Excel 范围",
)
DAMAGED, LOCKED = "可能已损坏", "打开密码"

Case = tuple[str, str, Callable[[], bytes], str]


def _parts() -> dict[str, bytes]:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        made.add_worksheet("志愿者").write(0, 0, "姓名")
    with zipfile.ZipFile(out) as archive:
        return {n: archive.read(n) for n in archive.namelist()}


_SHEET = "xl/worksheets/sheet1.xml"


def _sheet(inside: str, head: str = "", dimension: str = "") -> bytes:
    text = f'<?xml version="1.0" encoding="UTF-8"?>{head}<worksheet xmlns="{_MAIN}">{dimension}<sheetData>{inside}</sheetData></worksheet>'
    return packed({**_parts(), _SHEET: text.encode()})


def _row(number: int | str, *cells: str) -> str:
    made = "".join(f'<c r="{chr(65 + i)}{number}" t="inlineStr"><is><t>{c}</t></is></c>' for i, c in enumerate(cells))
    return f'<row r="{number}">{made}</row>'


def _stuffed(
    name: str, unit: bytes, times: int, head: bytes = b"", tail: bytes = b"", parts: dict[str, bytes] | None = None
) -> bytes:
    """A packed file with one part that is very long when unpacked."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for other, content in (parts if parts is not None else _parts()).items():
            if other != name:
                archive.writestr(other, content)
        with archive.open(name, "w", force_zip64=True) as part:
            part.write(head)
            for _ in range(times):
                part.write(unit)
            part.write(tail)
    return out.getvalue()


_OPEN = f'<worksheet xmlns="{_MAIN}"><sheetData>'.encode()


def _with(*more: tuple[str, bytes]) -> bytes:
    """A sound workbook with more parts, of whatever names."""
    out = io.BytesIO(packed(dict(_parts())))
    with warnings.catch_warnings(), zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # a name that is there already is what is wanted
        for name, content in more:
            info = zipfile.ZipInfo("x")
            info.filename = name
            archive.writestr(info, content)
    return out.getvalue()


def _flagged() -> bytes:
    content = bytearray(packed(dict(_parts())))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.find(mark)
        while start >= 0:
            content[start + at] |= 1
            start = content.find(mark, start + 4)
    return bytes(content)


def _lying() -> bytes:
    """A part that says it is small."""
    content = bytearray(_stuffed(_SHEET, b" " * 1024**2, 260, _OPEN))
    at = content.rfind(_SHEET.encode()) - 46
    content[at + 24 : at + 28] = struct.pack("<I", 1000)
    return bytes(content)


def _ole(seed: int, stream: str = "") -> bytes:
    dice = random.Random(seed)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + stream.encode("utf-16-le") + dice.randbytes(20_000)


def _word(inside: str, head: str = "") -> bytes:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    text = f'<?xml version="1.0" encoding="UTF-8"?>{head}<w:document {space}><w:body>{inside}</w:body></w:document>'
    with zipfile.ZipFile(io.BytesIO(containers.word(ROWS))) as archive:
        parts: dict[str, bytes | str] = {n: archive.read(n) for n in archive.namelist()}
    return packed({**parts, "word/document.xml": text})


def _cell(text: str, more: str = "") -> str:
    return f"<w:tc><w:tcPr>{more}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"


def _nested(depth: int) -> str:
    return "<w:tbl><w:tr><w:tc>" * depth + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * depth


def _pdf(*objects: str, trailer: str = "") -> bytes:
    """A PDF of these objects, the first of them its catalogue."""
    out = b"%PDF-1.7\n"
    places = []
    for n, text in enumerate(objects, 1):
        places.append(len(out))
        out += f"{n} 0 obj\n{text}\nendobj\n".encode()
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode() + b"".join(
        f"{p:010} 00000 n \n".encode() for p in places
    )
    return out + f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer}>>\nstartxref\n{start}\n%%EOF".encode()


def _mail(depth: int) -> bytes:
    lines = ["MIME-Version: 1.0"]
    for n in range(depth):
        lines += [f'Content-Type: multipart/mixed; boundary="b{n}"', "", f"--b{n}"]
    return "\r\n".join([*lines, "Content-Type: text/html", "", "<table><tr><td>x</td></tr></table>"]).encode()


def _flat(attributes: str) -> bytes:
    """An OpenDocument with a cell that says it is there very often."""
    cell = f'<table:table-cell {attributes} office:value-type="string"><text:p>x</text:p></table:table-cell>'
    return containers.open_document(
        f'<table:table table:name="a"><table:table-row {attributes}>{cell}</table:table-row></table:table>'
    )


def _formats() -> bytes:
    return packed(
        {**_parts(), "xl/styles.xml": b"<styleSheet><cellXfs>" + b"<xf/>" * 200_000 + b"</cellXfs></styleSheet>"}
    )


def _indexed() -> bytes:
    row = '<Row ss:Index="2147483647"><Cell ss:Index="2147483647"><Data ss:Type="String">x</Data></Cell></Row>'
    sheet = f'<Worksheet ss:Name="a"><Table>{row}</Table></Worksheet>'
    return f'<?xml version="1.0"?><Workbook {containers.SHEET}>{sheet}</Workbook>'.encode()


def _long_ods() -> bytes:
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    parts = {"mimetype": kind, "META-INF/manifest.xml": b"<manifest/>"}
    return _stuffed("content.xml", SPACE, 260, b"<office:document-content>", parts=parts)


SPACE = b" " * 1024**2
_TYPES = {"[Content_Types].xml": b"<Types/>"}
_SOUND = "".join(_row(n + 1, *r) for n, r in enumerate(ROWS))
_FAR = _SOUND[: _SOUND.rindex("<row")] + '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
_COMMAND = '<row r="3"><c r="A3" t="str"><f>cmd|\'/C calc\'!A0</f><v>王</v></c></row>'
_WIDE = 'dimension ref="A1:XFD1048576"'
_CATALOGUE = "<< /Type /Catalog /Pages 2 0 R >>"
_HUGE_PAGE = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 1e30 1e30] >>"
_LAUNCH = "<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /Launch /F (/bin/touch) >> >>"


def _grown() -> Iterator[Case]:
    """Workbooks that take memory or time without end."""
    yield "spaces.xlsx", BIG, lambda: _stuffed(_SHEET, SPACE, 260, _OPEN), ""
    yield "rows.xlsx", BIG, lambda: _stuffed(_SHEET, b"<row/>" * 100_000, 400, _OPEN), ""
    text = f'<sst xmlns="{_MAIN}"><si><t>'.encode()
    yield "string.xlsx", ODD, lambda: _stuffed("xl/sharedStrings.xml", b"x" * 1024**2, 100, text), ""
    yield "attribute.xlsx", ODD, lambda: _sheet(f'<row r="1" spans="{"1" * 3_000_000}"/>'), ""
    yield "laughs.xlsx", DTD, lambda: _sheet(_row(1, "&j;"), _LAUGHS), ""
    large = f"<!DOCTYPE l [<!ENTITY a '{'x' * 50_000}'>]>"
    yield "quadratic.xlsx", DTD, lambda: _sheet(_row(1, "&a;" * 50_000), large), ""
    yield "corner.xlsx", "3", lambda: _sheet(_FAR), ""
    yield "row.xlsx", GRID, lambda: _sheet('<row r="4294967295"><c r="A4294967295"><v>1</v></c></row>'), ""
    yield "minus.xlsx", GRID, lambda: _sheet('<row r="-1"><c r="A-1"><v>1</v></c></row>'), ""
    yield "column.xlsx", GRID, lambda: _sheet('<row r="1"><c r="AAAA1"><v>1</v></c></row>'), ""
    yield "dimension.xlsx", "3", lambda: _sheet(_SOUND, "", f"<{_WIDE}/>"), ""
    yield "parts.xlsx", BIG, lambda: packed({**_parts(), **{f"x{n}": b"" for n in range(6000)}}), ""
    yield "formats.xlsx", BIG, _formats, ""
    yield "lying.xlsx", DAMAGED, _lying, ""


def _reaching() -> Iterator[Case]:
    """Workbooks that reach for other files, or whose parts lead out or hide."""
    yield "external.xlsx", DTD, lambda: _sheet(_row(1, "&y;"), _XXE), ""
    yield (
        "external-styles.xlsx",
        DTD,
        lambda: packed({**_parts(), "xl/styles.xml": f"{_XXE}<styleSheet/>".encode()}),
        "",
    )
    lower = _XXE.lower().encode() + b"<workbook/>"
    yield "external-lower.xlsx", DTD, lambda: packed({**_parts(), "xl/workbook.xml": lower}), ""
    wide = f"<?xml version='1.0'?>{_XXE}<worksheet/>".encode("utf-16")
    yield "utf16.xlsx", "编码异常", lambda: packed({**_parts(), _SHEET: wide}), ""
    odd = b"<?xml version='1.0' encoding='utf-7'?><worksheet/>"
    yield "utf7.xlsx", "编码异常", lambda: packed({**_parts(), _SHEET: odd}), ""
    yield "twice.xlsx", TWICE, lambda: _with((_SHEET, b"<worksheet/>")), ""
    yield "twice-case.xlsx", TWICE, lambda: _with((_SHEET.upper(), b"<worksheet/>")), ""
    for name, inside in (
        ("up", "../../../x"),
        ("up-windows", "xl\\..\\..\\x"),
        ("root", "/etc/cron.d/x"),
        ("drive", "C:x"),
    ):
        yield f"{name}.xlsx", OUT, partial(_with, (inside, b"x")), ""
    yield "macro.xlsm", "3", lambda: packed({**_parts(), "xl/vbaProject.bin": _ole(3), _SHEET: _sheet_part(_SOUND)}), ""
    yield "command.xlsx", "3", lambda: _sheet(_SOUND[: _SOUND.rindex("<row")] + _COMMAND), ""


def _others() -> Iterator[Case]:
    """Files that are locked, cut or something else than they say; texts and pages."""
    yield "flagged.xlsx", LOCKED, _flagged, ""
    yield "half.xlsx", DAMAGED, lambda: packed(dict(_parts()))[:3000], ""
    yield "index.xlsx", DAMAGED, lambda: _sheet('<row r="1"><c r="A1" t="s"><v>999999</v></c></row>'), ""
    yield "binary.xlsx", ".xlsb", lambda: packed({"xl/workbook.bin": b"x", **_TYPES}), ""
    yield "slides.xlsx", "演示文稿", lambda: packed({"ppt/presentation.xml": b"<p/>", **_TYPES}), ""
    yield "random.xls", DAMAGED, lambda: _ole(1), "child"
    yield "encrypted.xls", LOCKED, lambda: _ole(2, "EncryptedPackage"), "child"
    yield "nul.csv", "认不出", lambda: b"a,b\n" + b"\x00" * 100_000, ""
    yield "line.csv", "读不下去", lambda: ("姓名,备注\n王某," + "长" * 5_000_000 + "\n").encode(), ""
    yield "quote.csv", "双引号", lambda: ('姓名,电话\n"王某,1\n' + "李某,2\n" * 1000).encode(), ""
    yield "random.csv", "文字编码", lambda: random.Random(4).randbytes(300_000), ""
    yield "tables.html", "认得出的表格", lambda: b"<html>" + b"<table><tr><td>" * 50_000, ""
    spans = b"<td colspan=999999999 rowspan=999999999>x</td><td>y</td></tr><tr><td>z</td></tr>"
    yield "spans.html", "2", lambda: b"<html><table><tr>" + spans + b"</table>", ""
    page = f"<?xml version='1.0'?>{_LAUGHS}<html><table><tr><td>&j;</td></tr></table></html>"
    yield "page.html", "认得出的表格", page.encode, ""
    yield "parts.mht", "没有表格", lambda: _mail(500), ""
    yield "picture.xlsx", "图片", lambda: b"\x89PNG\r\n\x1a\n" + bytes(1000), ""
    yield "archive.xlsx", "RAR", lambda: b"Rar!\x1a\x07\x01\x00" + bytes(1000), ""
    yield "rich.docx", "RTF", lambda: b"{\\rtf1{\\object\\objocx}}", ""


def _documents() -> Iterator[Case]:
    """Word, OpenDocument, a workbook of one piece, PDF."""
    yield "spaces.docx", ODD, lambda: _stuffed("word/document.xml", SPACE, 60, b"<w:document>", parts=_TYPES), ""
    yield "external.docx", DTD, lambda: _word("<w:p/>", _XXE), ""
    yield "nested.docx", DAMAGED, lambda: _word(_nested(3000)), ""
    cells = _cell("姓名", '<w:gridSpan w:val="2147483647"/>') + _cell("电话")
    yield "span.docx", "1", lambda: _word(f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"), ""
    yield "often.ods", "1", lambda: _flat('table:number-columns-repeated="2147483647"'), ""
    yield "rows.ods", "1", lambda: _flat('table:number-rows-repeated="2147483647"'), ""
    yield "spaces.ods", BIG, _long_ods, ""
    flat = containers.flat_open_document("<table:table/>").replace("?>", f"?>{_XXE}", 1)
    yield "external.fods", DTD, flat.encode, ""
    yield "index.xml", "1", _indexed, ""
    pages = "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"
    yield "pages.pdf", "没有文字", lambda: _pdf(_CATALOGUE, pages), "child"
    many = "<< /Type /Pages /Kids [3 0 R] /Count 1000000000 >>"
    yield "many.pdf", "打不开", lambda: _pdf(_CATALOGUE, many, _HUGE_PAGE), "child"
    yield "launch.pdf", "没有文字", lambda: _pdf(_LAUNCH, "<< /Type /Pages /Kids [] /Count 0 >>"), "child"
    yield "half.pdf", "打不开", lambda: containers.pdf(ROWS)[:2000], "child"


def cases() -> list[Case]:
    """Return (name, what must be said or how many rows must be read, how it is made, whether in a child)."""
    return [*_grown(), *_reaching(), *_others(), *_documents()]


def _sheet_part(inside: str) -> bytes:
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{inside}</sheetData></worksheet>'.encode()


def trial(count: int, seed: int, control: bool = False) -> Counts:
    """Read `count` of the files (all, where it is 0); return how often the right thing was said in time."""
    found = Counts()
    every = [case for case in cases() if not control or case[0].endswith(".xlsx")]
    chosen = random.Random(seed).sample(every, count) if 0 < count < len(every) else every
    with tempfile.TemporaryDirectory() as name:
        for file, said, make, child in chosen:
            path = Path(name, file)
            path.write_bytes(make())
            found[_tried(path, said, child, control)] += 1
            path.unlink()
    return found


def _tried(path: Path, said: str, child: str, control: bool) -> str:
    """Read a file in a process of its own, and judge what it says, how long it takes and how much."""
    ours, theirs = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(ours)
        most = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize() + 2 * 1024**3
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        signal.alarm(10)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        answer = _read(path, control)
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        os.write(theirs, f"{grown}\n{answer}".encode())
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, encoding="utf-8", errors="replace") as pipe:
        told = pipe.read()
    _, _, used = os.wait4(process, 0)
    seconds = used.ru_utime + used.ru_stime  # its children's are in it
    if not told:
        return f"{path.name}: the process died or hung"
    grown, _, answer = told.partition("\n")
    if "!" in answer[:1]:
        return f"{path.name}: {answer}"
    if (answer != said) if said.isdigit() else (said not in answer):
        return f"{path.name}: {answer[:120]}"
    if seconds > (IN_A_CHILD if child else SECONDS):
        return f"{path.name}: {seconds:.1f} s"
    return "good" if int(grown) <= MEMORY else f"{path.name}: {int(grown) // 1024} MiB"


def _read(path: Path, control: bool) -> str:
    try:
        if control:
            import openpyxl

            book = openpyxl.load_workbook(path, read_only=True)
            return str(sum(1 for _ in book.worksheets[0].iter_rows()))
        return str(sum(len(table.rows) for table in read_tables(path)[:1]))
    except UserError as error:
        return str(error)
    except BaseException as error:
        return f"!{type(error).__name__}"


if __name__ == "__main__":
    main(__doc__, trial, 0)
