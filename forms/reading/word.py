"""The tables of a Word document (.docx), as they stand when every tracked change is accepted.

Read by element names alone, whatever the namespace (transitional or strict). The part was bounded by the gate; the
parser loads nothing from elsewhere.
"""

from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from db.records.kinds import Cell
from forms.errors import FileTrouble
from forms.reading.document import Found, tables_of
from forms.reading.safety import damaged, too_big, xml_parts
from forms.reading.sheet_shape import Merge
from forms.reading.table import Table, Tick
from forms.reading.word_elements import (
    MARKS,
    MOST_COLUMNS,
    SYMBOLS,
    blocks,
    columns_of,
    first_of,
    is_on,
    local,
    shown,
    value,
)

_MAIN = "word/document.xml"
_MOST_TAGS = 2_500_000
_NOTE = "这是 Word 文档里的表格；行号是表格里的第几行"


def read_word(content: bytes, name: str, tick: Tick) -> list[Table]:
    """Return every table of a document, nested ones and those in text boxes too; `FileTrouble` where there is none."""
    parts = xml_parts(content, name, {_MAIN})
    document = parts.get(_MAIN)
    if document is None:
        raise damaged(name)
    if document.count(b"<") > _MOST_TAGS:
        raise too_big(name)
    tick()
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(document, parser)
    except etree.XMLSyntaxError:
        raise damaged(name) from None
    reader = _Reader(tick)
    reader.body(root)
    tables = tables_of(reader.found, name, _NOTE)
    if not tables:
        raise FileTrouble(
            f"这个 Word 文档里没有表格：{name}。没有导入任何内容；"
            "名单请做成表格再导入，接龙文字可以复制后粘贴到“接龙”里"
        )
    return tables


def not_word(name: str, what: str) -> FileTrouble:
    """Return the refusal of a document that Word and WPS open and save as .docx."""
    return FileTrouble(
        f"这是{what}，读不了：{name}。没有导入任何内容；请用 Word 或 WPS 打开它，"
        "点“文件”→“另存为”，类型选“Word 文档（.docx）”，再导入另存的文件"
    )


@dataclass
class _Text:
    """What a paragraph or cell says, whether each piece is struck through, and the text boxes in it."""

    pieces: list[tuple[str, bool]] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)

    def take(self, element: Any, struck: bool = False) -> None:
        for child in shown(element):
            name = local(child)
            if name == "r":
                look = first_of(child, "rPr")
                marks = {local(e): is_on(e) for e in look} if look is not None else {}
                if not marks.get("vanish"):
                    self.take(child, bool(marks.get("strike") or marks.get("dstrike")))
            elif name == "t":
                self.pieces.append((child.text or "", struck))
            elif name in MARKS:
                self.pieces.append((MARKS[name], struck))
            elif name == "sym":
                self.pieces.append((SYMBOLS.get((value(child, "char") or "").upper(), ""), struck))
            elif name == "checkBox":
                given = first_of(child, "checked")
                given = given if given is not None else first_of(child, "default")
                self.pieces.append(("☑" if given is not None and is_on(given) else "□", False))
            elif name == "txbxContent":
                self.boxes.append(child)
            else:
                self.take(child, struck)

    @property
    def text(self) -> str:
        return "".join(piece for piece, _ in self.pieces).strip()

    @property
    def is_struck(self) -> bool:
        said = [struck for piece, struck in self.pieces if piece.strip()]
        return bool(said) and all(said)


class _Reader:
    """Goes through a document and collects its tables in their order."""

    def __init__(self, tick: Tick) -> None:
        self.found: list[Found] = []
        self._tick = tick

    def body(self, element: Any) -> list[str]:
        """Read blocks one after the other; return the lines below the last table."""
        above: list[str] = []
        for block in blocks(element, {"p", "tbl"}):
            if local(block) == "p":
                above += self._paragraph(block)
            else:
                self._table(block, above)
                above = []
        return above

    def _paragraph(self, element: Any) -> list[str]:
        said = _Text()
        said.take(element)
        lines = [line for box in said.boxes for line in self.body(box)]
        return [*lines, *([said.text] if said.text else [])]

    def _table(self, element: Any, above: list[str]) -> None:
        self._tick()
        made = Found([], above)
        at = len(self.found)
        self.found.append(made)
        open_: dict[int, tuple[int, int]] = {}  # by its first column a cell that goes on below: first row, last column
        for line in blocks(element, {"tr"}):
            look = first_of(line, "trPr")
            if look is not None and (first_of(look, "del") is not None or first_of(look, "moveFrom") is not None):
                continue
            before = first_of(look, "gridBefore") if look is not None else None
            self._row(line, made, open_, columns_of(before) if before is not None else 0)
        for left, (top, right) in open_.items():
            _merge(made, top, left, len(made.rows), right)
        if len(self.found) > at + 1 and sum(c is not None for row in made.rows for c in row) <= 1:
            made.rows.clear()  # a frame around other tables

    def _row(self, line: Any, made: Found, open_: dict[int, tuple[int, int]], left: int) -> None:
        number = len(made.rows) + 1
        row: list[Cell] = [None] * left
        going: dict[int, tuple[int, int]] = {}
        for cell in blocks(line, {"tc"}):
            look = first_of(cell, "tcPr")
            marks = {local(e): e for e in look} if look is not None else {}
            if "cellDel" in marks or len(row) > MOST_COLUMNS:
                continue
            left, span = len(row), columns_of(marks.get("gridSpan"))
            said, struck = self._cell(cell)
            merge = marks.get("vMerge")
            if merge is not None and value(merge) != "restart" and left in open_ and not said:
                going[left] = open_.pop(left)
            else:
                if merge is not None:
                    going[left] = number, left + span - 1
                elif span > 1:
                    _merge(made, number, left, number, left + span - 1)
                if struck:
                    made.struck.add((number, left))
            row += [said or None, *([None] * (span - 1))]
        for first, (top, right) in open_.items():
            _merge(made, top, first, number - 1, right)
        open_.clear()
        open_ |= going
        made.rows.append(row)

    def _cell(self, cell: Any) -> tuple[str, bool]:
        """What a cell says; the tables inside are read by themselves."""
        lines, struck = [], []
        above: list[str] = []
        for block in blocks(cell, {"p", "tbl"}):
            if local(block) == "tbl":
                self._table(block, above)
                above = []
                continue
            said = _Text()
            said.take(block)
            more = [line for box in said.boxes for line in self.body(box)]
            if said.text:
                struck.append(said.is_struck)
            above += [line for line in (said.text, *more) if line]
            lines += [line for line in (said.text, *more) if line]
        return "\n".join(lines), bool(struck) and all(struck)


def _merge(made: Found, top: int, left: int, bottom: int, right: int) -> None:
    if bottom > top or right > left:
        made.merges.append(Merge(top, left, bottom, right))
