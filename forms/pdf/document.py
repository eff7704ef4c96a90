"""Formal reports as PDF in the layout of GB/T 9704-2012, with annex tables on turned pages.

The caller says what stands in the report; fonts, line breaks, page breaks and page numbers are found here. Strings are
collected first, every character is checked against the fonts, then the pages are set. Example::

    doc = ReportDocument("某某县红十字会2026年第三季度志愿服务队伍情况报告", author="某某县红十字会",
                         issued_on=date(2026, 10, 8))
    doc.title("某某县红十字会2026年第三季度\\n志愿服务队伍情况报告")    # the line end is optional
    doc.addressee("某某市红十字会：")
    doc.body("现将有关情况报告如下。")
    doc.heading1("一、队伍情况")
    doc.heading2("（一）基本情况")
    doc.body("截至2026年9月30日，……")
    doc.attachments(["2026年第三季度志愿服务队伍情况表"])
    doc.signature("某某县红十字会", "2026年10月8日", sealed=True)
    doc.annex("2026年第三季度志愿服务队伍情况表", number=1,
              columns=[Column("序号", 10, "center", fit=True), Column("队伍名称", 60),
                       Column("支出（元）", 24, "right", fit=True, group="经费")],
              rows=[("1", "城关镇应急救援队", "1,234.00"), TableRow(("合计", "", "1,234.00"), "total")],
              unit_left="填报单位：某某县红十字会", unit_right="单位：元",
              foot=["单位负责人：", "审核人：", "填表人："])
    data = doc.render()          # bytes; raises MissingGlyphs if a character cannot be printed
    doc.font_notes, doc.page_count

The file is one of PDF/A-2u (`archival`).
The same input with the same fonts gives the same bytes. ``render(system_fonts=False)`` uses the bundled fonts only.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from io import BytesIO
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from forms.pdf import archival, typeset
from forms.pdf.fonts import FontSet, FontText, MissingGlyphs, Role
from forms.pdf.shared_fonts import SharedFonts
from forms.pdf.table_columns import Column, Table, TableRow
from forms.pdf.tables import Annex, AnnexLayout
from forms.pdf.text_writer import Pen
from forms.pdf.typeset import (
    ASCENT,
    BODY,
    CELL,
    MM,
    PITCH,
    ROWS,
    TEXT_WIDTH,
    Block,
    Row,
    break_lines,
    clean,
    letters,
)  # fmt: skip

__all__ = ["Column", "MissingGlyphs", "ReportDocument", "TableRow"]

PAGE_WIDTH, PAGE_HEIGHT = 210 * MM, 297 * MM
LEFT, TOP, RIGHT, BOTTOM = 28 * MM, 37 * MM, 26 * MM, 35 * MM
NUMBER_SIZE = 14.0  # 4号
NUMBER_DROP = 7 * MM  # from the text area to the top of the dashes
# The red head: 发文机关标志 35 mm under the top of the text area, 发文字号 two lines below it, the rule 4 mm below that.
HEAD_DROP, RULE_DROP, RULE_WIDTH = 35 * MM, 4 * MM, 1.5
HEAD_ROWS = 10  # of the grid: the head, and the two blank lines above the title
_NUMBER_ROW = 7
_LARGEST_HEAD = 46.0
_RED = (1.0, 0.0, 0.0)
_MARK_SIZE, _MARK_DROP = 14.0, 20 * MM
_IMPRINT_RULE, _IMPRINT_THIN = 1.0, 0.7  # pt: 0.35 mm and 0.25 mm

_building = threading.Lock()  # ReportLab keeps fonts in tables of the process


def red_head_size(name: str) -> float:
    """Return the size of 发文机关标志: as large as the line allows."""
    return min(_LARGEST_HEAD, TEXT_WIDTH * 0.96 / max(1, len(name)))


@dataclass
class _TextPage:
    rows: list[tuple[int, Row]] = field(default_factory=list)
    outline: list[tuple[int, int, str]] = field(default_factory=list)  # row, level, text
    used: int = 0


class ReportDocument:
    """A report being put together; see the module's example. Texts may hold no markup."""

    def __init__(
        self,
        title: str,
        *,
        author: str = "",
        subject: str = "",
        issued_on: date | None = None,
        veil: Callable[[str], str] = str,
    ) -> None:
        """*title*, *author* and *subject* are the file's properties; *issued_on* its date (2000-01-01 if not given).

        *veil* is asked for every text as it is to be read by others.
        """
        self._veil = veil
        self._properties = (veil(clean(title)), veil(clean(author)), veil(clean(subject)))
        self._issued_on = issued_on
        self.texts: list[FontText] = []
        self._blocks: list[tuple[str, str, str]] = []  # kind, text, lead
        self._attachments: list[str] = []
        self._signature: tuple[str, str, bool] | None = None
        self._head: tuple[str, str, str] | None = None
        self._annexes: list[Annex] = []
        self._mark = ""
        self._note = ""
        self._imprint: tuple[str, str, str] | None = None
        self.font_notes: tuple[str, ...] = ()
        self.page_count = 0

    def letterhead(self, name: str, number: str, signer: str) -> None:
        """A red head: 发文机关标志, 发文字号 left and 签发人 right, a red rule. Without it the report has a white head."""
        self.texts.append(FontText("body", "签发人", "签发人："))
        self._head = (
            self._told("title", "发文机关标志", name).replace("\n", ""), self._told("body", "发文字号", number),
            self._told("heading2", "签发人", signer),
        )  # fmt: skip

    def mark(self, text: str) -> None:
        """What every page bears above its text: that this is a draft, and up to which day. Empty for none."""
        self._mark = self._told("heading1", "页眉", text) if text else ""

    def imprint(self, issuer: str, day: str, copies: str = "") -> None:
        """版记 at the end of the document: who has a copy, 印发机关 left and 印发日期 right, at the foot of the last page."""
        self._imprint = (
            self._told("body", "印发机关", issuer), self._told("body", "印发日期", f"{day}印发"),
            self._told("body", "抄送机关", copies).replace("\n", "") if copies else "",
        )  # fmt: skip

    def title(self, text: str, *, where: str = "标题") -> None:
        """2号 centred. ``\\n`` sets the line break; without it a fitting one is looked for."""
        self._add("title", self._told("title", where, text))

    def addressee(self, text: str, *, where: str = "主送机关") -> None:
        """主送机关, flush left, with its colon (``某某市红十字会：``)."""
        self._add("addressee", self._told("body", where, text).replace("\n", ""))

    def heading1(self, text: str, *, where: str = "") -> None:
        """``一、……`` in Hei on a line of its own; also an entry in the outline."""
        self._add("heading1", self._told("heading1", where or f"标题“{text}”", text).replace("\n", ""))

    def heading2(self, text: str, *, where: str = "") -> None:
        """``（一）……`` in Kai on a line of its own; also an entry in the outline."""
        self._add("heading2", self._told("heading2", where or f"标题“{text}”", text).replace("\n", ""))

    def body(self, text: str, *, lead: str = "", where: str = "") -> None:
        """A paragraph, or one per line of *text*. *lead* (``（一）……。``) begins it in Kai."""
        where = where or f"正文第{1 + sum(kind == 'body' for kind, _, _ in self._blocks)}段"
        lead = self._told("heading2", where, lead).replace("\n", "") if lead else ""
        for part in self._told("body", where, text).split("\n"):
            if part.strip() or lead:
                self._add("body", part, lead)
                lead = ""

    def attachments(self, names: Iterable[str], *, where: str = "附件说明") -> None:
        """The list under the text (``附件：1.……``), names without punctuation."""
        self.texts.append(FontText("body", where, "附件：.0123456789"))
        self._attachments = [self._told("body", where, name).replace("\n", "") for name in names]

    def signature(self, organisation: str, date_text: str, *, sealed: bool = True, where: str = "署名") -> None:
        """Name and date (``2026年10月8日``) under the text; *sealed* leaves room for a seal over both."""
        name = self._told("body", where, organisation).replace("\n", "")
        self._signature = (name, self._told("body", where, date_text).replace("\n", ""), sealed)

    def note(self, text: str) -> None:
        """附注 under the date, in round brackets (``联系人：…``)."""
        self._note = self._told("body", "附注", f"（{text}）")

    def annex(
        self,
        title: str,
        columns: Sequence[Column],
        rows: Iterable[TableRow | Sequence[str]],
        *,
        number: int | None = None,
        unit_left: str = "",
        unit_right: str = "",
        foot: Sequence[str] = (),
        notes: Sequence[str] = (),
        landscape: bool = True,
        label: str | None = None,
    ) -> None:
        """A table on pages of its own, headed ``附件1`` (or *label*; ``""`` for none) and its title.

        *unit_left* and *unit_right* stand above the table on every page; *foot* (signature places, evenly spaced) and
        *notes* (wrapped) under its end. Raises ``ValueError`` if a row has not one cell per column.
        """
        label = f"附件{number or ''}" if label is None else label
        here = label or "附表"
        self._told("heading1", here, label)
        made = [row if isinstance(row, TableRow) else TableRow(row) for row in rows]
        kept = []
        for n, row in enumerate(made, 1):
            role: Role = "table" if row.kind == "data" else "table_head"
            at = row.where or f"{here}第{n}行"
            cells = []
            for k, cell in enumerate(row.cells):
                name = columns[k].label if k < len(columns) else str(k + 1)
                cells.append(self._told(role, f"{at}“{name}”", cell) if cell else "")
            kept.append(TableRow(tuple(cells), row.kind, row.where))
        head = f"{here}表头"
        headed = tuple(
            replace(
                column,
                label=self._told("table_head", head, column.label),
                group=self._told("table_head", head, column.group),
                mark=self._told("table_head", head, column.mark),
            )
            for column in columns
        )
        table = Table(headed, kept)
        table.all_rows()
        rest = [self._told("table", f"{here}表外文字", text) for text in (unit_left, unit_right, *foot, *notes)]
        self._annexes.append(
            Annex(label, self._told("title", f"{here}标题", title), table, rest[0], rest[1],
                   tuple(rest[2 : 2 + len(foot)]), tuple(rest[2 + len(foot) :]), landscape)
        )  # fmt: skip

    def render(
        self, *, system_fonts: bool = True, prefer: Mapping[Role, str] | None = None, shared: SharedFonts | None = None
    ) -> bytes:
        """The finished file. *prefer* names a font family per role; *shared* are fonts that learned of this document.

        Raises :class:`forms.pdf.fonts.MissingGlyphs` before anything is set if a character has no glyph in any font, and
        ``ValueError`` if nothing was put into the report.
        Afterwards ``font_notes`` and ``page_count`` are set.
        """
        if not (self._blocks or self._signature or self._annexes):
            raise ValueError("the report has no content")
        fonts = shared.fonts() if shared else FontSet.build(self.texts, system=system_fonts, prefer=prefer)
        self.font_notes = fonts.notes
        out = BytesIO()
        with _building, fonts.registered() as first_font:
            name, author, subject = self._properties
            canvas = Canvas(
                out, pagesize=(PAGE_WIDTH, PAGE_HEIGHT), invariant=1, pageCompression=1, lang="zh-CN",
                initialFontName=first_font, pdfVersion=archival.VERSION,
            )  # fmt: skip
            canvas.setTitle(name)
            canvas.setAuthor(author)
            canvas.setSubject(subject)
            canvas.setCreator("博爱台账")
            if self._issued_on:
                archival.stamp(canvas, self._issued_on)
            archival.archive(canvas, self._issued_on)
            press = _Press(canvas, fonts, self._mark)
            for n, page in enumerate(self._text_pages(fonts)):
                press.text_page(page, self._head if n == 0 else None)
            for annex in self._annexes:
                press.annex(annex)
            if self._imprint:
                press.imprint(*self._imprint)
            self.page_count = press.pages
            canvas.save()
        return out.getvalue()

    def _told(self, role: Role, where: str, text: str) -> str:
        text = self._veil(clean(text).strip())
        self.texts.append(FontText(role, where, text.replace("\n", "")))
        return text

    def _add(self, kind: str, text: str, lead: str = "") -> None:
        self._blocks.append((kind, self._veil(text.strip()), self._veil(lead)))

    def _text_pages(self, fonts: FontSet) -> list[_TextPage]:
        blocks = []
        for kind, text, lead in self._blocks:
            if kind == "title":
                blocks.append(typeset.title(fonts, text))
            elif kind == "addressee":
                blocks.append(typeset.addressee(fonts, text))
            elif kind == "body":
                blocks.append(typeset.paragraph(fonts, text, lead=lead))
            else:
                blocks.append(typeset.heading(fonts, text, 1 if kind == "heading1" else 2))
        listed = typeset.attachments(fonts, self._attachments) if self._attachments else None
        signed = None
        if self._signature:
            name, day, sealed = self._signature
            signed = typeset.signature(fonts, name, day, sealed=sealed)
            if self._note:
                signed = signed._replace(rows=(*signed.rows, *typeset.paragraph(fonts, self._note).rows))
        return paginate([block for block in blocks if block.rows], listed, signed, HEAD_ROWS if self._head else 0)


def paginate(
    blocks: Sequence[Block], listed: Block | None, signed: Block | None, taken: int = 0
) -> list[_TextPage]:  # fmt: skip
    """Deal blocks out to pages of 22 rows, of which the first has *taken* rows less.

    A heading is never the last row of a page. Attachment list and signature stay together with at least two rows (or
    the whole) of the last paragraph, for which the paragraph is cut earlier than needed. Only when the list is
    too long for that does the signature stay with the list's last rows instead.
    """
    pages = [_TextPage(used=taken)]
    tail = [block for block in (listed, signed) if block]
    tail_rows = sum(len(block.rows) for block in tail) if signed else 0
    todo = list(blocks)
    if signed and listed and tail_rows > ROWS - 2:
        todo.append(listed)
        tail, tail_rows = [signed], len(signed.rows)
    start = 0
    while start < len(todo):
        stop = start
        while stop < len(todo) - 1 and todo[stop].keep:
            stop += 1
        chain, block = todo[start:stop], todo[stop]
        if not block.rows[0] and pages[-1].used >= ROWS - 1:
            block = block._replace(rows=block.rows[1:])  # no blank line at the edge of a page
        above, rows = sum(len(b.rows) for b in chain), len(block.rows)
        need = above + (rows if block.whole else min(2, rows))
        if pages[-1].used + need > ROWS and pages[-1].used:
            pages.append(_TextPage())
        after = tail_rows if stop == len(todo) - 1 else 0
        cut = _cut_for_tail(pages[-1].used + above, rows, after, block.whole)
        if cut == 0 and listed in tail and signed and above + rows + after > ROWS:  # no page holds them with headings
            todo.append(listed)
            tail, tail_rows, cut = [signed], len(signed.rows), None
        if cut == 0 and chain and pages[-1].used:
            pages.append(_TextPage())
            cut = _cut_for_tail(above, rows, after, block.whole)
        for kept in chain:
            _put(pages, kept, None)
        _put(pages, block, cut)
        start = stop + 1
    for block in tail:
        _put(pages, block, 0 if block.whole and pages[-1].used + len(block.rows) > ROWS else None)
    return pages if pages[0].used else []


def _cut_for_tail(used: int, rows: int, tail: int, whole: bool) -> int | None:
    """Row of a block before which to turn the page so that *tail* rows fit under its end; ``None`` if none is."""
    if not tail or (used + rows - 1) % ROWS + 1 + tail <= ROWS:
        return None
    moved = rows if whole else min(2, rows)
    return rows - moved if moved + tail <= ROWS else None


def _put(pages: list[_TextPage], block: Block, cut: int | None) -> None:
    for n, row in enumerate(block.rows):
        if n == cut and pages[-1].used:
            pages.append(_TextPage())
        page = pages[-1]
        if not row and page.used in (0, ROWS):
            continue  # no blank line at the edge of a page
        if page.used == ROWS:
            page = _TextPage()
            pages.append(page)
        if n == 0 and block.outline:
            page.outline.append((page.used, *block.outline))
        page.rows.append((page.used, row))
        page.used += 1


class _Press:
    """Draws pages on a ReportLab canvas, each with its number."""

    def __init__(self, canvas: Any, fonts: FontSet, mark: str = "") -> None:
        self._canvas = canvas
        self._mark = mark
        self._fonts = fonts
        self._level = -1
        self._entries = 0
        self.pages = 0

    def text_page(self, page: _TextPage, head: tuple[str, str, str] | None = None) -> None:
        """A portrait page of rows on the grid."""
        self._begin(landscape=False)
        if head:
            self._red_head(*head)
        top = PAGE_HEIGHT - TOP
        for row, level, text in page.outline:
            self._entry(text, level, LEFT, top - row * PITCH)
        pen = Pen(self._canvas, self._fonts)
        for number, row_pieces in page.rows:
            for piece in row_pieces:
                y = top - number * PITCH - ASCENT * piece.size
                pen.line(LEFT + piece.x, y, piece.line, piece.role, piece.size)
        pen.finish()
        self._end(landscape=False)

    def _red_head(self, name: str, number: str, signer: str) -> None:
        canvas, fonts = self._canvas, self._fonts
        top = PAGE_HEIGHT - TOP
        size = red_head_size(name)
        canvas.saveState()
        canvas.setFillColorRGB(*_RED)
        canvas.setStrokeColorRGB(*_RED)
        line = break_lines(letters(fonts, "title", name), size, PAGE_WIDTH, justify=False)[0]
        pen = Pen(canvas, fonts)
        pen.line(LEFT + (TEXT_WIDTH - line.width) / 2, top - HEAD_DROP - ASCENT * size, line, "title", size)
        pen.finish()
        below = top - _NUMBER_ROW * PITCH - BODY - RULE_DROP
        canvas.setLineWidth(RULE_WIDTH)
        canvas.line(LEFT, below, LEFT + TEXT_WIDTH, below)
        canvas.restoreState()
        y = top - _NUMBER_ROW * PITCH - ASCENT * BODY
        pen = Pen(canvas, fonts)
        pen.line(LEFT + CELL, y, break_lines(letters(fonts, "body", number), BODY, TEXT_WIDTH)[0], "body", BODY)
        words = break_lines(letters(fonts, "body", "签发人："), BODY, TEXT_WIDTH, cell=CELL)[0]
        who = break_lines(letters(fonts, "heading2", signer), BODY, TEXT_WIDTH, cell=CELL)[0]
        x = LEFT + TEXT_WIDTH - CELL - who.width
        pen.line(x, y, who, "heading2", BODY)
        pen.line(x - 4 * CELL, y, words, "body", BODY)
        pen.finish()

    def annex(self, annex: Annex) -> None:
        """The pages of an annex."""
        layout = AnnexLayout(annex, self._fonts)
        for n in range(layout.page_count):
            self._begin(annex.landscape)
            if n == 0:
                self._entry(f"{annex.label} {annex.title}".replace("\n", "").strip(), 0, *layout.corner)
            layout.draw(n, self._canvas)
            self._end(annex.landscape)

    def imprint(self, issuer: str, day: str, copies: str) -> None:
        """The last page, with 版记 standing on the bottom of the text area, one character in from both sides.

        GB/T 9704, 7.4: a thick rule above and below, a thin one between 抄送机关 and 印发机关.
        """
        self._begin(landscape=False)
        canvas, fonts = self._canvas, self._fonts
        measure = TEXT_WIDTH - 2 * NUMBER_SIZE
        told = break_lines(
            letters(fonts, "body", copies), NUMBER_SIZE, measure - 3 * NUMBER_SIZE, first_indent=-3 * NUMBER_SIZE,
            justify=False,
        ) if copies else []  # fmt: skip
        top = BOTTOM + PITCH * (1 + len(told))
        for y, wide in (
            (BOTTOM, _IMPRINT_RULE),
            (top, _IMPRINT_RULE),
            *([(BOTTOM + PITCH, _IMPRINT_THIN)] if told else []),
        ):
            canvas.setLineWidth(wide)
            canvas.line(LEFT, y, LEFT + TEXT_WIDTH, y)
        pen = Pen(canvas, fonts)
        drop = (PITCH - NUMBER_SIZE) / 2 + (1 - ASCENT) * NUMBER_SIZE
        for n, line in enumerate(told):  # turnover lines stand under the first name
            x = LEFT + NUMBER_SIZE * (4 if n else 1)
            pen.line(x, top - PITCH * (n + 1) + drop, line, "body", NUMBER_SIZE)
        for text, is_right in ((issuer, False), (day, True)):
            line = break_lines(letters(fonts, "body", text), NUMBER_SIZE, PAGE_WIDTH, justify=False)[0]
            x = LEFT + TEXT_WIDTH - NUMBER_SIZE - line.width if is_right else LEFT + NUMBER_SIZE
            pen.line(x, BOTTOM + drop, line, "body", NUMBER_SIZE)
        pen.finish()
        self._end(landscape=False)

    def _begin(self, landscape: bool) -> None:
        self.pages += 1
        size = (PAGE_HEIGHT, PAGE_WIDTH) if landscape else (PAGE_WIDTH, PAGE_HEIGHT)
        self._canvas.setPageSize(size)
        if self._mark:
            line = break_lines(letters(self._fonts, "heading1", self._mark), _MARK_SIZE, PAGE_WIDTH, justify=False)[0]
            pen = Pen(self._canvas, self._fonts)
            x = BOTTOM if landscape else LEFT
            pen.line(x, size[1] - _MARK_DROP, line, "heading1", _MARK_SIZE)
            pen.finish()

    def _end(self, landscape: bool) -> None:
        """Draw the number where it is on a portrait page of the bound report, also on turned pages."""
        canvas = self._canvas
        canvas.saveState()
        if landscape:
            canvas.translate(0, PAGE_WIDTH)
            canvas.rotate(-90)
        text = letters(self._fonts, "page_number", f"— {self.pages} —")
        line = break_lines(text, NUMBER_SIZE, PAGE_WIDTH, justify=False)[0]
        odd = self.pages % 2
        x = PAGE_WIDTH - RIGHT - NUMBER_SIZE - line.width if odd else LEFT + NUMBER_SIZE
        y = BOTTOM - NUMBER_DROP - self._fonts.ink_top("page_number", "—") * NUMBER_SIZE
        pen = Pen(canvas, self._fonts)
        pen.line(x, y, line, "page_number", NUMBER_SIZE)
        pen.finish()
        canvas.restoreState()
        canvas._doc.updateSignature("\n".join(canvas._code))  # the file's identifier is made from this
        canvas.showPage()

    def _entry(self, text: str, level: int, x: float, y: float) -> None:
        self._entries += 1
        key = f"p{self._entries}"
        self._level = min(level, self._level + 1)
        self._canvas.bookmarkHorizontal(key, x, y)
        self._canvas.addOutlineEntry(text, key, self._level)
