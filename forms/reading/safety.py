"""The gate before the readers of packed files: every part is streamed once, with caps, before any parser sees it.

A legal file of two kilobytes can make a parser eat all memory. What passes here is bounded in size, holds no document
type and no part under a false name, and its cells lie in Excel's grid. Every refusal is one sentence.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Collection, Iterable
from typing import IO

from forms.errors import FileTrouble
from forms.reading.sheet_shape import MOST_CELLS, OutsideGrid, ShapeScanner, SheetShape, TooMany

MOST_BYTES = 300 * 1024 * 1024  # unpacked; a workbook of 100,000 rows has about 75 MB of XML
MOST_PART_BYTES = 200 * 1024 * 1024
_MOST_PARTS = 5_000
_MOST_RATIO, _RATIO_FROM = 250, 4 * 1024 * 1024  # a part may be packed so well only while it is small
_MOST_SMALL_PART = 32 * 1024 * 1024  # styles, relations and the like
_MOST_TOKEN = 512 * 1024  # between two ">": a full cell of 32,767 characters fits in code form
_MOST_FORMATS = 140_000
_PIECE = 256 * 1024
# What unpacking answers a damaged archive with.
BROKEN_ARCHIVE = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, OSError, EOFError, ValueError, KeyError,
           NotImplementedError, RuntimeError, OverflowError)  # fmt: skip

_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODING = re.compile(rb"<\?xml[^>]*\bencoding\s*=\s*[\"']([^\"']*)[\"']")
# What other programs keep in a workbook, often in another encoding: data connections, models. No reader opens it.
_UNREAD = ("customxml/", "xl/model/", "xl/customproperty")
_OTHER_FORMATS = {
    "xl/workbook.bin": "Excel 二进制工作簿（.xlsb）",
    "ppt/presentation.xml": "演示文稿",
}


def too_big(name: str) -> FileTrouble:
    """Return the refusal of a file that is too large when unpacked."""
    return FileTrouble(f"文件展开后过大：{name}。没有导入任何内容；请删去多余的空行空列，或分成几个文件")


def damaged(name: str) -> FileTrouble:
    """Return the refusal of a workbook that cannot be read."""
    return FileTrouble(
        f"文件打不开，可能已损坏或不完整：{name}。没有导入任何内容；请用 Excel、Word 或 WPS 打开后另存一份再试"
    )


def locked(name: str) -> FileTrouble:
    """Return the refusal of an encrypted workbook."""
    return FileTrouble(f"文件设有打开密码：{name}。没有导入任何内容；请先在 Excel、Word 或 WPS 中去掉密码再导入")


def _unsafe(name: str, what: str) -> FileTrouble:
    return FileTrouble(
        f"文件里{what}，为安全起见没有打开：{name}。没有导入任何内容；请用 Excel、Word 或 WPS 打开后另存一份再试"
    )


def inspect(content: bytes, name: str, kept: dict[str, bytes] | None = None) -> dict[str, SheetShape]:
    """Stream every part of a workbook; return the shape of each sheet part by its path, or raise `FileTrouble`.

    Who needs the parts and no shapes gives `kept`: every part of XML is put there, so that nothing is unpacked twice.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            _check_paths(parts, name)
            _check_workbook({p.filename for p in parts}, name)
            if len(parts) > _MOST_PARTS or sum(p.file_size for p in parts) > MOST_BYTES:
                raise too_big(name)
            shapes = {}
            cells = 0
            for part in parts:
                shape = _stream(archive, part, name, kept)
                if shape is not None:
                    shapes[part.filename] = shape
                    cells += shape.cells
                    if cells > MOST_CELLS:
                        raise too_big(name)
            return shapes
    except OutsideGrid:
        raise _unsafe(name, "有超出 Excel 范围的行号或列号") from None
    except TooMany:
        raise too_big(name) from None
    except BROKEN_ARCHIVE:
        raise damaged(name) from None


def xml_parts(content: bytes, name: str, wanted: Collection[str] | None = None) -> dict[str, bytes]:
    """Stream every part of a packed document that is no workbook; return the wanted ones, or all of XML, by their paths.

    The caps are those of workbooks. Raises `FileTrouble`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            _check_paths(parts, name)
            if len(parts) > _MOST_PARTS or sum(p.file_size for p in parts) > MOST_BYTES:
                raise too_big(name)
            kept: dict[str, bytes] = {}
            for part in parts:
                _stream(archive, part, name, kept if wanted is None or part.filename in wanted else None)
            return kept
    except (OutsideGrid, TooMany):
        raise too_big(name) from None
    except BROKEN_ARCHIVE:
        raise damaged(name) from None


def with_plain_paths(content: bytes) -> bytes:
    """Return a workbook whose parts were packed under Windows paths (``xl\\workbook.xml``) with the usual ones.

    Excel opens such files. The names keep their length, so that they are written over where they stand.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [p.orig_filename for p in archive.infolist()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, OverflowError):
        return content  # the gate says what is wrong with it
    if main_part(names) is None and main_part([n.replace("\\", "/") for n in names]) is not None:
        for name in names:
            if "\\" in name:
                content = content.replace(name.encode(), name.replace("\\", "/").encode())
    return content


WORKBOOK, WORD, OPEN_DOCUMENT, ARCHIVE = "workbook", "word", "open document", "archive"


def package_kind(content: bytes) -> str:
    """Say what a packed file is by the names of its parts; one that cannot be opened is left to the workbook's gate."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = {n.replace("\\", "/") for n in archive.namelist()}
    except BROKEN_ARCHIVE:
        return WORKBOOK
    if "[Content_Types].xml" in names or "xl/workbook.xml" in names:
        return WORD if "word/document.xml" in names else WORKBOOK
    if "content.xml" in names and ("mimetype" in names or "META-INF/manifest.xml" in names):
        return OPEN_DOCUMENT
    if any(n.startswith(("xl/", "ppt/")) for n in names):
        return WORKBOOK
    return WORD if "word/document.xml" in names else ARCHIVE


def main_part(names: Iterable[str]) -> str | None:
    """Return the part that lists the sheets: ``xl/workbook.xml``, or of that name elsewhere."""
    found = [n for n in names if re.fullmatch(r"workbook\d*\.xml", n.lower().rpartition("/")[2])]
    return min(found, key=lambda n: (not n.lower().startswith("xl/"), n), default=None)


def _check_paths(parts: list[zipfile.ZipInfo], name: str) -> None:
    names = {p.filename for p in parts}
    if len({n.lower() for n in names}) != len(parts):
        raise _unsafe(name, "有重复的部件")
    for part in names:
        steps = part.replace("\\", "/").split("/")
        if part.startswith(("/", "\\")) or ".." in steps or ":" in part:
            raise _unsafe(name, "有名字越界的部件")
    if any(p.flag_bits & 1 for p in parts):
        raise locked(name)


def _check_workbook(names: set[str], name: str) -> None:
    if main_part(names) is None:
        for part, kind in _OTHER_FORMATS.items():
            if part in names:
                raise FileTrouble(
                    f"这是{kind}，不是 .xlsx 工作簿：{name}。没有导入任何内容；"
                    "请用 Excel 或 WPS 把表格另存为 .xlsx 再导入"
                )
        raise FileTrouble(f"这不是 Excel 工作簿：{name}。没有导入任何内容；请选择 .xlsx、.xls 或 .csv 文件")


def _stream(
    archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str, kept: dict[str, bytes] | None
) -> SheetShape | None:  # fmt: skip
    """Check one part; return its shape where it is a sheet."""
    if part.file_size > MOST_PART_BYTES:
        raise too_big(name)
    path = part.filename.lower()
    with archive.open(part) as source:
        head = source.read(4096)
        if path.startswith(_UNREAD) or not _is_xml(head, name):
            _drain(source, part, len(head), name)
            return None
        is_sheet = b"worksheet" in head or path.startswith("xl/worksheets/sheet")
        scanner = ShapeScanner(guard=kept is not None) if is_sheet else None
        large = scanner is not None or b"<sst" in head or path.startswith("xl/sharedstrings") or path == "content.xml"
        size, formats, rest, more, ended = 0, 0, b"", head, False
        pieces = []
        while not ended:
            ended = not more  # what waited for more is looked at last
            size += len(more)
            if size > (MOST_PART_BYTES if large else _MOST_SMALL_PART):
                raise too_big(name)
            _check_ratio(size, part, name)
            if kept is not None:
                pieces.append(more)
            rest, piece = (b"", rest) if ended else _cut(rest + more)
            if len(rest) > _MOST_TOKEN:
                raise _unsafe(name, "有长得不正常的内容")
            if b"!" in piece and _DOCTYPE.search(piece):
                raise _unsafe(name, "有文档类型声明（正常的文件没有）")
            if scanner is not None:
                scanner.feed(piece)
            elif path.endswith("styles.xml"):
                formats += piece.count(b"<xf")
                if formats > _MOST_FORMATS:
                    raise too_big(name)
            more = source.read(_PIECE)
        if kept is not None:
            kept[part.filename] = b"".join(pieces)
        return scanner.shape if scanner is not None else None


def _cut(text: bytes) -> tuple[bytes, bytes]:
    """Cut at the end of a row, else of a cell, else of a tag: (what waits for more, what is whole)."""
    for mark in (b"</row>", b"</c>", b">"):
        at = text.rfind(mark)
        if at >= 0 and (mark == b">" or len(text) - at < _MOST_TOKEN // 2):
            return text[at + len(mark) :], text[: at + len(mark)]
    return text, b""


def _is_xml(head: bytes, name: str) -> bool:
    """Whether a part can be parsed at all; XML in an encoding that hides its text from the checks is refused."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00", b"\x00\x00\xfe\xff")):
        raise _unsafe(name, "有编码异常的内容")
    if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return False
    declared = _ENCODING.search(head)
    if declared and declared[1].lower() not in (b"utf-8", b"us-ascii", b"ascii", b"iso-8859-1", b"utf8"):
        raise _unsafe(name, "有编码异常的内容")
    return True


def _check_ratio(size: int, part: zipfile.ZipInfo, name: str) -> None:
    if size > _RATIO_FROM and size > _MOST_RATIO * max(part.compress_size, 1):
        raise too_big(name)


def _drain(source: IO[bytes], part: zipfile.ZipInfo, size: int, name: str) -> None:
    """Read a picture or macro to its end: its checksum is verified, its content is not used."""
    while more := source.read(_PIECE):
        size += len(more)
        _check_ratio(size, part, name)
