"""What a cell's format says that its value does not: struck through, or shown with zeros in front.

The value readers show neither. The styles are looked at once; only where some style strikes through or shows zeros are
the sheets looked at again, by expressions over text that has passed the gate.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree

from db.records.kinds import Cell
from forms.reading.sheet_shape import column_index
from forms.reading.workbook_parts import workbook_parts

_ROW_OR_CELL = re.compile(rb"<(?:\w+:)?row\b([^>]*)>|<(?:\w+:)?c\b([^>]*?)(/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_ATTRIBUTE = re.compile(rb"\b(r|s|t)\s*=\s*[\"']([^\"']*)[\"']")
_REFERENCE = re.compile(rb"([A-Z]{1,3})(\d{1,7})")
_INDEX = re.compile(rb"<(?:\w+:)?v>\s*(\d{1,9})\s*</")
_NUMBER = re.compile(r"[0-9]{1,9}")
_ZEROS = re.compile(r"(?:\"[^\"]*\"|\\.|0|-)+")
_PART = re.compile(r"\"([^\"]*)\"|\\(.)|(0)|(-)")
_RUN = re.compile(rb"<(?:\w+:)?r>.*?</(?:\w+:)?r>", re.DOTALL)
_STRUCK = re.compile(rb"<(?:\w+:)?strike\b(?![^>]*val\s*=\s*[\"'](?:0|false))")


@dataclass(frozen=True)
class Styles:
    """The styles of a workbook that matter: by number the struck ones, and the formats that show zeros in front."""

    struck: frozenset[int] = frozenset()
    zeros: Mapping[int, str] = field(default_factory=dict)
    texts: frozenset[int] = frozenset()  # shared texts that are struck through from beginning to end

    def __bool__(self) -> bool:
        return bool(self.struck or self.zeros or self.texts)


@dataclass
class Looks:
    """The cells of one sheet by (row from 1, column from 0): the struck ones, and the format of those with zeros."""

    struck: set[tuple[int, int]] = field(default_factory=set)
    zeros: dict[tuple[int, int], str] = field(default_factory=dict)


def shows_zeros(code: str) -> bool:
    """Whether a format shows zeros in front: ``0000``, ``"JY"000``."""
    return _ZEROS.fullmatch(code) is not None and code.count("0") > 1


def shown_with_zeros(value: int, code: str) -> str:
    """Return a number as a format of zeros shows it: 7 by ``0000`` is 0007, by ``"JY"000`` JY007."""
    digits = list(str(value).rjust(sum(1 for p in _PART.finditer(code) if p[3]), "0"))
    spare = len(digits) - sum(1 for p in _PART.finditer(code) if p[3])
    found = []
    for part in _PART.finditer(code):
        if part[3]:
            found.append("".join(digits[: spare + 1]))
            digits, spare = digits[spare + 1 :], 0
        else:
            found.append(part[1] or part[2] or part[4] or "")
    return "".join(found)


def read_styles(archive: zipfile.ZipFile) -> Styles:
    """Return the styles that matter, none where there is no such part; raises as `workbook_parts` does."""
    parts = workbook_parts(archive)
    texts = _struck_texts(archive.read(parts.texts)) if parts.texts else set()
    styles = archive.read(parts.styles) if parts.styles else b""
    if not _STRUCK.search(styles) and b"00" not in styles:
        return Styles(texts=frozenset(texts))
    root = ElementTree.fromstring(styles)
    fonts = [_has_strike(font) for font in _below(root, "fonts", "font")]
    codes = {
        e.get("numFmtId", ""): e.get("formatCode", "").partition(";")[0] for e in _below(root, "numFmts", "numFmt")
    }
    zeros = {i: code for i, code in codes.items() if shows_zeros(code)}
    struck, shown = set(), {}
    for n, style in enumerate(_below(root, "cellXfs", "xf")):
        number = style.get("fontId") or "0"
        font = int(number) if _NUMBER.fullmatch(number) else len(fonts)  # a damaged style strikes nothing through
        if font < len(fonts) and fonts[font]:
            struck.add(n)
        if code := zeros.get(style.get("numFmtId", "")):
            shown[n] = code
    return Styles(frozenset(struck), shown, frozenset(texts))


def _below(root: ElementTree.Element, group: str, name: str) -> Iterable[ElementTree.Element]:
    for element in root:
        if element.tag.rpartition("}")[2] == group:
            return [e for e in element if e.tag.rpartition("}")[2] == name]
    return ()


def _has_strike(font: ElementTree.Element) -> bool:
    return any(e.tag.rpartition("}")[2] == "strike" and e.get("val", "1") not in ("0", "false", "off") for e in font)


def _struck_texts(shared: bytes) -> set[int]:
    """The shared texts whose every run is struck through, by their number."""
    if not _STRUCK.search(shared):
        return set()
    found = set()
    items = (e for e in ElementTree.fromstring(shared) if e.tag.rpartition("}")[2] == "si")
    for n, item in enumerate(items):
        runs = [e for e in item if e.tag.rpartition("}")[2] in ("r", "t")]
        if runs and all(_is_struck_run(run) for run in runs):
            found.add(n)
    return found


def _is_struck_run(run: ElementTree.Element) -> bool:
    return any(e.tag.rpartition("}")[2] == "rPr" and _has_strike(e) for e in run)


def read_looks(content: bytes, paths: Iterable[str]) -> dict[str, Looks]:
    """Return the looks of the sheets at some paths of a workbook, where anything matters."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        styles = read_styles(archive)
        there = set(archive.namelist())
        found = {}
        for path in [path for path in dict.fromkeys(paths) if path in there]:
            sheet = archive.read(path)
            if styles or _STRUCK.search(sheet):
                found[path] = _looks(sheet, styles)
        return found


def _looks(sheet: bytes, styles: Styles) -> Looks:
    looks, row, column = Looks(), 0, -1
    for found in _ROW_OR_CELL.finditer(sheet):
        if found[1] is not None:  # a row or a cell that does not say where it is follows the one before it
            own = dict(_ATTRIBUTE.findall(found[1])).get(b"r", b"")
            row, column = int(own) if own.isdigit() and len(own) < 10 else row + 1, -1
            continue
        has = dict(_ATTRIBUTE.findall(found[2]))
        number = has.get(b"s", b"0")
        style = int(number) if number.isdigit() and len(number) < 10 else 0
        place = _REFERENCE.fullmatch(has.get(b"r", b""))
        row, column = (int(place[2]), column_index(place[1])) if place else (row, column + 1)
        index = _INDEX.search(found[4] or b"") if styles.texts and has.get(b"t") == b"s" else None
        inline = has.get(b"t") == b"inlineStr" and _is_struck_inline(found[4] or b"")
        if style in styles.struck or inline or (index and int(index[1]) in styles.texts):
            looks.struck.add((row, column))
        if style in styles.zeros:
            looks.zeros[row, column] = styles.zeros[style]
    return looks


def _is_struck_inline(text: bytes) -> bool:
    """Whether every run of a text within its cell is struck through."""
    runs = _RUN.findall(text)
    return bool(runs) and all(_STRUCK.search(run) for run in runs)


def show_zeros(rows: list[tuple[int, list[Cell]]], looks: Looks) -> None:
    """Write whole numbers as their formats show them, in place."""
    by_row: dict[int, list[tuple[int, str]]] = {}
    for (number, column), code in looks.zeros.items():
        by_row.setdefault(number, []).append((column, code))
    for number, row in rows:
        for column, code in by_row.get(number, ()):
            cell = row[column] if column < len(row) else None
            if isinstance(cell, int) and not isinstance(cell, bool) and 0 <= cell < 10**15:
                row[column] = shown_with_zeros(cell, code)
