"""The tables of a PDF that holds text. A scanned one is said to be a scan. Parsed in a process of its own.

A PDF has neither rows nor columns: what is read here is said to be so, and pages that hold a picture instead of text
are named.
"""

import io
import re
import zlib
from collections import Counter
from dataclasses import dataclass, field, replace

from db.records.kinds import Cell
from forms.errors import FileTrouble
from forms.reading.document import Found, tables_of
from forms.reading.in_a_child import BIG, BROKEN, LOCKED, SLOW, answer_of
from forms.reading.pdf_page import Drawn, Line, PageText, columns_of, is_page_number, read_page, undrawn_row
from forms.reading.safety import locked, too_big
from forms.reading.sheet_shape import Merge
from forms.reading.table import Note, Table, Tick

_MOST_BYTES = 100 * 1024 * 1024
_MOST_UNPACKED = 300 * 1024 * 1024
_MOST_PAGES = 300
_MOST_CHARS = 1_000_000
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
# A stream that is packed twice, and a way to pack that Excel, Word and WPS have not used for twenty years.
_TWICE = re.compile(rb"/(?:FlateDecode|Fl)\s*/(?:FlateDecode|Fl)\b|/LZWDecode|/RunLengthDecode\s*/RunLengthDecode")
_NOTE = "这是 PDF 里的表格，按页面上的位置读出；行号是表格里的第几行。请与原文件核对"
_ADVICE = "请向制表人要 Excel 或 Word 原件；只有纸面的，请照着录入导入模板"
_AT_EDGE = 0.12  # of a page's height: where what is printed on every page stands


@dataclass
class _Answer:
    """What the child says: tables in their order, and which pages could not be read as text."""

    found: list[Found] = field(default_factory=list)
    pictures: list[int] = field(default_factory=list)
    pages: int = 0
    chars: int = 0
    unknown: int = 0
    turned: int = 0
    loose: bool = False  # there is text in columns that run into each other


def read_pdf(content: bytes, name: str, tick: Tick) -> list[Table]:
    """Return every table of a PDF; raise `FileTrouble` with one sentence where there is none that can be read."""
    inspect_pdf(content, name)
    answer: _Answer | str = answer_of(read_content, content, tick)
    if isinstance(answer, str):
        raise trouble_of(answer, name)
    if not answer.chars:
        if answer.turned:
            raise FileTrouble(f"这个 PDF 里的文字是横过来的，读不出表格：{name}。没有导入任何内容；{_ADVICE}")
        if answer.pictures:
            raise FileTrouble(f"这是扫描的 PDF（每页是一张图片，没有文字）：{name}。没有导入任何内容；{_ADVICE}")
        raise FileTrouble(f"这个 PDF 里没有文字：{name}。没有导入任何内容；{_ADVICE}")
    if answer.unknown * 10 > answer.chars:
        raise FileTrouble(f"这个 PDF 里的文字读出来是乱码（缺少字体对照）：{name}。没有导入任何内容；{_ADVICE}")
    tables = tables_of(answer.found, name, _NOTE)
    if not tables:
        what = "的列挨在一起，分不清" if answer.loose else "里没有表格"
        raise FileTrouble(f"这个 PDF {what}：{name}。没有导入任何内容；{_ADVICE}")
    notes: list[str] = []
    if answer.pictures:
        pages = "、".join(map(str, answer.pictures[:10])) + ("等" if len(answer.pictures) > 10 else "")
        notes.append(Note(f"第 {pages} 页是扫描的图片，没有文字，没有读出；请另外录入", ask=True))
    if answer.loose:
        notes.append(Note("页面上另有成列的文字没有表格线，没有读出；请另外录入", ask=True))
    return [replace(t, notes=(*t.notes, *notes)) for t in tables]


def trouble_of(word: str, name: str) -> FileTrouble:
    """Return the refusal that a word of the child means."""
    if word == LOCKED:
        return locked(name)
    if word == BIG:
        return too_big(name)
    if word == SLOW:
        return FileTrouble(f"这个 PDF 太复杂，读了 20 秒还没有读完：{name}。没有导入任何内容；请分成几个文件再导入")
    return FileTrouble(f"这个 PDF 打不开，可能已损坏或没有传完：{name}。没有导入任何内容；请重新取得，或要 Excel 原件")


def inspect_pdf(content: bytes, name: str) -> None:
    """The gate: every packed stream is unpacked once, with a cap, before any parser sees the file."""
    if len(content) > _MOST_BYTES or _TWICE.search(content):
        raise too_big(name)
    left = _MOST_UNPACKED
    for found in _STREAM.finditer(content):
        if content[found.end() : found.end() + 1] not in (b"\x78", b"\x68", b"\x58", b"\x48"):
            continue  # not packed in the way that can grow
        unpacking = zlib.decompressobj()
        rest = content[found.end() : found.end() + 65536]
        at = found.end() + 65536
        try:
            while rest and not unpacking.eof:
                left -= len(unpacking.decompress(rest, min(left, 1 << 20) + 1))
                if left < 0:
                    raise too_big(name)
                rest = unpacking.unconsumed_tail
                if not rest:
                    rest, at = content[at : at + 65536], at + 65536
        except zlib.error:
            continue


def read_content(content: bytes) -> "_Answer | str":
    """In the child: open and read every page."""
    pages = pages_of(content)
    if isinstance(pages, str):
        return pages
    answer = _Answer(pages=len(pages), chars=sum(p.chars for p in pages))
    answer.unknown = sum(p.unknown for p in pages)
    answer.turned = sum(p.turned for p in pages)
    answer.pictures = [n for n, p in enumerate(pages, 1) if p.chars < 10 and p.has_picture]
    _leave_out_repeated(pages)
    _collect(pages, answer)
    return answer


def pages_of(content: bytes, first: int | None = None) -> "list[PageText] | str":
    """In the child: return what stands on every page, or on the first ones; or a word why it cannot be read."""
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfplumber.utils.exceptions import PdfminerException

    pages: list[PageText] = []
    try:
        with pdfplumber.open(io.BytesIO(content)) as pdf:
            if len(pdf.pages) > _MOST_PAGES:
                return BIG
            for page in pdf.pages[:first]:
                pages.append(read_page(page))
                if sum(p.chars for p in pages) > _MOST_CHARS:
                    return BIG
                page.close()
    except PdfminerException as error:
        return LOCKED if error.args and isinstance(error.args[0], PDFPasswordIncorrect) else BROKEN
    return pages


def _leave_out_repeated(pages: list[PageText]) -> None:
    """Leave out page numbers, and what is printed at the edge of every page after the first time."""

    def key(line: Line) -> tuple[str, int]:
        return re.sub(r"\d", "", line.text), round(line.top / 4)

    def at_edge(page: PageText, line: Line) -> bool:
        return line.top < _AT_EDGE * page.height or line.bottom > (1 - _AT_EDGE) * page.height

    seen: Counter[tuple[str, int]] = Counter()
    for page in pages:
        kept = []
        for line in page.lines:
            edge = at_edge(page, line)
            if edge and is_page_number(line.text):
                continue
            seen[key(line)] += edge
            if not edge or seen[key(line)] == 1:
                kept.append(line)
        page.lines = kept


def _collect(pages: list[PageText], answer: _Answer) -> None:
    """Put tables and the words above them in their order."""
    free = [line for page in pages if not page.tables for line in page.lines]
    starts = columns_of(free)
    last: Drawn | None = None
    was_undrawn = False
    above: list[str] = []
    for page in pages:
        if page.tables:
            last = _drawn_tables(page, answer, last, above)
            answer.loose |= sum(len(line.pieces) >= 3 for line in page.lines) >= 3
            above, was_undrawn = _below(page), False
            continue
        columns = starts or columns_of(page.lines)
        first = next((n for n, line in enumerate(page.lines) if len(line.pieces) >= 3), None)
        if not columns or first is None:
            answer.loose |= sum(len(line.pieces) >= 3 for line in page.lines) >= 3
            above += [line.text for line in page.lines]
            was_undrawn = False
            continue
        above += [line.text for line in page.lines[:first]]
        rows: list[list[Cell]] = [list(undrawn_row(line, columns)) for line in page.lines[first:]]
        answer.found.append(Found(rows, above, follows=was_undrawn and columns is starts))
        above, was_undrawn, last = [], True, None


def _drawn_tables(page: PageText, answer: _Answer, last: Drawn | None, above: list[str]) -> Drawn | None:
    """Add the drawn tables of a page; one with the columns of the last one of the page before goes on with it."""
    top = 0.0
    for n, table in enumerate(page.tables):
        lines = [line.text for line in page.lines if top <= line.top and line.bottom <= table.box[1] + 2]
        goes_on = n == 0 and last is not None and _alike(last.edges, table.edges)
        answer.found.append(_found(table, [*(above if n == 0 else []), *lines], goes_on))
        top, last = table.box[3] - 2, table
    return last


def _below(page: PageText) -> list[str]:
    end = page.tables[-1].box[3] - 2
    return [line.text for line in page.lines if line.top >= end]


def _found(table: Drawn, above: list[str], follows: bool) -> Found:
    rows: list[list[Cell]] = [list(row) for row in table.rows]
    return Found(rows, above, [Merge(*m) for m in table.merges], set(table.struck), follows)


def _alike(some: list[float], others: list[float]) -> bool:
    return len(some) == len(others) and all(abs(a - b) < 3 for a, b in zip(some, others, strict=True))
