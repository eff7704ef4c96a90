"""The sheets of an .xls file. Its parser can abort the whole program, so it runs in a process of its own, with limits."""

import io
import re
from typing import Any

from forms.errors import FileTrouble
from forms.reading.cell_looks import Looks, show_zeros
from forms.reading.in_a_child import BIG, LOCKED, answer_of
from forms.reading.safety import locked, too_big
from forms.reading.sheet_shape import Merge
from forms.reading.table import MOST_AREA, Table, Tick, numbered
from forms.reading.word import not_word
from forms.reading.xls_looks import read_xls_looks
from forms.reading.xlsx import HIDDEN, plain_row

_DOCUMENTS = tuple(word.encode("utf-16-le") for word in ("WordDocument", "WpsDocument", "WPSTextDocument"))
_MOST_DENSE = 6_000_000
# The record FILEPASS, which stands at the start of an encrypted sheet stream, alone or after WRITEPROTECT (MS-XLS 2.4.117).
_HEAD = rb"\x09\x08(?:\x10\x00\x00\x06\x05\x00.{12}|\x08\x00\x00\x05\x05\x00.{4})"  # of today's .xls, and of that before 1997
_LOCKED = re.compile(_HEAD + rb"(?:\x86\x00\x00\x00)?\x2f\x00", re.DOTALL)

Raw = list[tuple[str, bool, list[tuple[int, int, int, int]], list[list[Any]], Looks]]


def read_xls(content: bytes, name: str, tick: Tick) -> list[Table]:
    """Return every sheet; raise `FileTrouble` with one sentence where it cannot be read."""
    if "EncryptedPackage".encode("utf-16-le") in content or _LOCKED.search(content):
        raise locked(name)
    answer: Raw | str = answer_of(_read, content, tick)
    if answer == LOCKED:
        raise locked(name)
    if answer == BIG:
        raise too_big(name)
    if isinstance(answer, str) and any(mark in content for mark in _DOCUMENTS):  # a workbook may hold one, too
        raise not_word(name, "旧格式的文字文档（.doc、.wps）")
    if isinstance(answer, str):
        raise FileTrouble(
            f"这个 .xls 文件打不开，可能已损坏：{name}。没有导入任何内容；请用 Excel 或 WPS 另存为 .xlsx 再导入"
        )
    tables = []
    for title, visible, merges, raw, looks in answer:
        rows = numbered(raw, name, 0, tick, plain_row)
        show_zeros(rows, looks)
        notes = () if visible else (HIDDEN,)
        tables.append(Table(title, rows, notes, tuple(Merge(*m) for m in merges), frozenset(looks.struck)))
    return tables


def _read(content: bytes) -> Raw | str:
    import python_calamine  # late: a window opens without it

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        found, area = [], 0
        looks = read_xls_looks(content)
        for meta in book.sheets_metadata:
            if str(meta.typ) != "SheetTypeEnum.WorkSheet":
                continue
            sheet = book.get_sheet_by_name(meta.name)
            area += (sheet.total_height + 1) * (sheet.total_width + 1)
            if area > min(MOST_AREA, _MOST_DENSE):
                return BIG
            merges = [(a + 1, b, c + 1, d) for (a, b), (c, d) in sheet.merged_cell_ranges or ()]
            visible = str(meta.visible) == "SheetVisibleEnum.Visible"
            found.append(
                (meta.name, visible, merges, sheet.to_python(skip_empty_area=False), looks.get(meta.name, Looks()))
            )
        return found
    except python_calamine.PasswordError:
        return LOCKED
